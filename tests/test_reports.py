"""The reports: each format is what its readers expect, and none lets what a file holds do more than be read."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import jsonschema
import junitparser
import openpyxl
import pyshacl
import pytest
import rdflib
from rdflib.compare import isomorphic
from rdflib.namespace import RDF, SH

from napgraph.graph.files import read_file, read_turtle
from napgraph.rdf.terms import to_rdflib
from napgraph.records.record import Location
from napgraph.records.workbook.cells import letters
from napgraph.records.workbook.model import load
from napgraph.validation import check
from napgraph.validation.report import Element, Finding, Level, Report, Structure
from napgraph.validation.reports import FORMATS, render
from napgraph.validation.reports.data import COLUMNS

from .conftest import ROOT, Run

SHAPES = "https://w3id.org/napgraph/shapes#"
WORLD = ROOT / "tests" / "world" / "data" / "jurisdictions" / "xaa.ttl"
MISTAKES = [
    ('"2031-12"^^xsd:gYearMonth', '"2031-ish"^^xsd:gYearMonth'),
    ("nap:aboutExactly theme:prevention", "nap:aboutExactly theme:preventoin"),
    ("nap:status status:in-force", "nap:status cov:absent"),
    ('"Support to survivors"@en', '"Support <script>alert(1)</script> =1+1"'),
    ("a nap:Preamble ;", "a nap:Preambel ;"),
    ("    nap:order 3 ;\n", '    nap:order "third" ;\n'),
]
HOSTILE = [
    '=HYPERLINK("http://evil.example/","x")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "<script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "' autofocus onfocus='alert(1)",
    "<a href='javascript:alert(1)'>x</a>",
    "](javascript:alert(1)) {0} [x",
    "]]>&bull;&#x3c;",
    "\x1b[31mred\x07\x00",
    "\u202egnp.exe",
    "𝔘𝔫𝔦 \ud800 x".encode("utf-8", "replace").decode(),
]


def broken(text: str) -> str:
    text = text.replace("@prefix dcat:", "@prefix cov: <https://w3id.org/napgraph/coverage/> .\n@prefix dcat:", 1)
    for right, wrong in MISTAKES:
        assert right in text
        text = text.replace(right, wrong, 1)
    return text


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("reports") / "plan.ttl"
    path.write_text(broken(WORLD.read_text(encoding="utf-8")), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def found(plan: Path) -> Report:
    (report,) = check(plan, root=ROOT)
    return report


@cache
def hostile(language: str = "en") -> Report:
    """A report in which every text that a sender has a hand in is hostile."""
    findings = [
        Finding(
            severity,
            f"{SHAPES}Record-prose",
            "<https://w3id.org/napgraph/id/xaa/plan>",
            "<https://w3id.org/napgraph/id/xaa/x>",
            "",
            text,
            text,
            Location(text, 3, "/" + text),
            text,
            "http://www.w3.org/ns/shacl#DatatypeConstraintComponent",
            text,
            text,
            text,
            text,
        )
        for text in HOSTILE
        for severity in ("Violation", "Warning", "Info")
    ]
    elements = [Element("preamble", text, "present") for text in HOSTILE]
    structure = Structure(HOSTILE[0], HOSTILE[6], [Level("strategic", HOSTILE[7], 0.2, 0.8, elements)])
    return Report(HOSTILE[6], findings, 1, 3, [structure], language=language)


class Page(HTMLParser):
    """What a browser would make of a page: its elements, and what each may do."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def page(report: Report) -> Page:
    return Page(render([report], "html", str(ROOT)).decode())


# What is found, in order


def test_findings_have_place_sentence_repair_and_rule(found: Report, plan: Path) -> None:
    lines = plan.read_text(encoding="utf-8").splitlines()
    for _, wrong in MISTAKES:
        number = next(index for index, line in enumerate(lines, 1) if wrong.strip() in line)
        assert any(each.place and each.place.line == number for each in found.findings), wrong
    for finding in found.findings:
        assert finding.message.endswith(".")
        assert finding.fix
        assert finding.title
        assert finding.place is not None
    ranks = ["Violation", "Warning", "Info"]
    order = [(ranks.index(each.severity), each.place.line or 0) for each in found.findings if each.place]
    assert order == sorted(order)


def test_each_mistake_is_told_once(found: Report) -> None:
    names = [finding.name for finding in found.findings if finding.severity == "Violation"]
    assert sorted(names) == sorted(
        [
            "PeriodOfTime-endDate",
            "Record-about",
            "ResponseDocument-status",
            "Record-prefLabel-language",
            "unknown-class",
            "Element-order",
        ]
    )


def test_the_structure_is_that_of_the_toolkit(found: Report) -> None:
    strategy = next(each for each in found.structures if "Strategy" in each.title)
    assert [level.name for level in strategy.levels] == [
        "Strategic level",
        "Guiding principles",
        "Six features of good plans",
    ]
    status = {element.feature: element.status for element in strategy.levels[0].elements}
    assert status["preamble"] == "missing"
    assert status["strategic-goals"] == "present"
    assert (strategy.levels[0].lower, strategy.levels[0].upper) == (0.8, 0.8)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("document", "code", "interval"),
    [
        ("nor/plan-2006-2009", "operational", (0.67, 1.0)),
        ("nor/plan-2006-2009", "good-plan", (0.67, 1.0)),
        ("nor/plan-2011-2014", "operational", (0.0, 1.0)),
        ("nld/action-plan", "operational", (0.0, 1.0)),
    ],
)
def test_completeness_is_a_range(document: str, code: str, interval: tuple[float, float]) -> None:
    (report,) = check(ROOT / "data" / "jurisdictions" / f"{document.partition('/')[0]}.ttl", root=ROOT)
    (structure,) = [each for each in report.structures if each.document.endswith(f"/id/{document}")]
    (level,) = [each for each in structure.levels if each.code == code]
    assert (level.lower, level.upper) == interval


def test_an_absent_part_is_told_from_a_missing_one(tmp_path: Path) -> None:
    record = ROOT / "tests" / "world" / "data" / "jurisdictions" / "xab.ttl"
    (report,) = check(record, root=ROOT)
    statuses = {element.status for each in report.structures for level in each.levels for element in level.elements}
    assert {"present", "partly", "absent", "missing"} <= statuses
    gone = record.read_text(encoding="utf-8").replace("cov:absent", "cov:not-applicable")
    (tmp_path / "xab.ttl").write_text(gone, encoding="utf-8")
    (other,) = check(tmp_path / "xab.ttl", root=ROOT)
    statuses = {element.status for each in other.structures for level in each.levels for element in level.elements}
    assert "inapplicable" in statuses


def test_what_stands_in_a_pillar_is_there_as_what_stands_in_the_plan_is(tmp_path: Path) -> None:
    record = ROOT / "tests" / "world" / "data" / "jurisdictions" / "xab.ttl"
    graph = rdflib.Graph().parse(record)
    nap = rdflib.Namespace("https://w3id.org/napgraph/ont#")
    pillar = next(graph.subjects(RDF.type, nap.Pillar))
    document = next(graph.subjects(nap.hasElement, pillar))
    elements = [each for each in graph.objects(document, nap.hasElement) if each != pillar]
    moved = [each for each in elements if not list(graph.objects(each, nap.partOf))]
    assert len(moved) > 5
    for element in moved:
        graph.remove((document, nap.hasElement, element))
        graph.add((element, nap.partOf, pillar))
    graph.serialize(tmp_path / "xab.ttl")
    before, after = (
        {
            (each.document, level.code): [(element.feature, element.status) for element in level.elements]
            for report in check(path, root=ROOT)
            for each in report.structures
            for level in each.levels
        }
        for path in (record, tmp_path / "xab.ttl")
    )
    assert after == before


# Formats


def test_text_fits_the_terminal(found: Report) -> None:
    for width in (60, 100):
        lines = render([found], "text", str(ROOT), width=width).decode().splitlines()
        wide = [line for line in lines if len(line) > width and found.source not in line]
        assert wide == []
    text = render([hostile()], "text", str(ROOT)).decode()
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_repeated_findings_are_told_together() -> None:
    (report,) = check(ROOT / "data" / "jurisdictions" / "nor.ttl", root=ROOT)
    text = render([report], "text", str(ROOT)).decode()
    assert text.count("[PlannedActivity-responsibility]") == 1
    assert text.count("has no\n") + text.count("has no responsible") >= 1
    results = [each for each in report.results if each.rule.endswith("#PlannedActivity-responsibility")]
    assert len([each for each in report.findings if each.name == "PlannedActivity-responsibility"]) == len(results) > 3
    assert text.count("Name the body that has to carry it out") == 1


def test_json_holds_everything(found: Report) -> None:
    (content,) = json.loads(render([found], "json", str(ROOT)))
    assert content["conforms"] is False
    assert len(content["findings"]) == len(found.findings)
    first = content["findings"][0]
    assert first["place"]["text"].startswith(found.source)
    assert {"message", "fix", "nearest", "rule", "severity", "level", "asked"} <= set(first)
    assert content["structures"][0]["levels"][0]["elements"]


def test_csv_has_the_columns_of_a_problem_table_and_no_formula(found: Report) -> None:
    rows = list(csv.DictReader(io.StringIO(render([found], "csv", str(ROOT)).decode())))
    assert tuple(rows[0]) == COLUMNS
    assert {row["level"] for row in rows} <= {"error", "warning", "note"}
    (theme,) = [row for row in rows if row["rule_id"] == "Record-about"]
    assert (theme["value"], theme["fix"]) == ("theme:preventoin", "theme:prevention")
    cells = [cell for row in csv.reader(io.StringIO(render([hostile()], "csv", str(ROOT)).decode())) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert f"'{HOSTILE[0]}" in cells


def test_csv_says_so_in_its_documentation(napgraph: Run) -> None:
    from napgraph.validation.reports import data as module

    assert "has a ' before it" in (module.__doc__ or "")
    assert "has a '" in " ".join(napgraph("check", "--help").stdout.split())


def test_html_runs_nothing_and_leads_nowhere() -> None:
    shown = page(hostile())
    tags = {tag for tag, _ in shown.tags}
    assert not tags & {"script", "img", "iframe", "object", "embed", "link", "base", "form", "video", "audio"}
    for tag, attributes in shown.tags:
        assert not [
            name for name in attributes if name.startswith("on") or name in {"style", "src", "srcdoc", "action"}
        ]
        if "href" in attributes:
            assert re.fullmatch(r"#[\w-]+", attributes["href"] or ""), (tag, attributes)
    text = "".join(shown.words)
    for each in HOSTILE[6:13]:
        assert each in text, "what the sender wrote is shown as it is"


def test_html_allows_only_its_own_style(found: Report) -> None:
    import base64
    from hashlib import sha256

    text = render([found], "html", str(ROOT)).decode()
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    digest = base64.b64encode(sha256(style.encode()).digest()).decode()
    policy = next(attributes["content"] for tag, attributes in Page(text).tags if "http-equiv" in attributes)
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'"
    assert "url(" not in style
    assert "@import" not in style
    assert "prefers-color-scheme: dark" in style
    assert "@media print" in style


def test_html_has_signs_with_words_a_filter_and_the_structure_first(found: Report) -> None:
    shown = page(found)
    text = "".join(shown.words)
    assert text.index("Strategic level") < text.index("What to write")
    assert "missing" in text
    boxes = {attributes.get("id") for tag, attributes in page(hostile()).tags if tag == "input"}
    assert boxes == {"show-Violation", "show-Warning", "show-Info"}
    levels = [tag for tag, _ in shown.tags if tag in {"h1", "h2", "h3", "h4"}]
    for before, after in pairwise(levels):
        assert int(after[1]) - int(before[1]) <= 1, "headings go down one level at a time"
    assert shown.tags[0] == ("html", {"lang": "en"})
    names = {finding.name for finding in found.findings}
    headlines = re.findall("<summary>.*?</summary>", render([found], "html", str(ROOT)).decode())
    assert headlines
    assert not [each for each in headlines if any(name in each for name in names)], "a rule is named below, not above"


def test_html_of_many_files_lists_them_first(found: Report) -> None:
    text = render([found, hostile()], "html", str(ROOT)).decode()
    links = [attributes["href"] for tag, attributes in Page(text).tags if tag == "a"]
    assert links[:2] == ["#file-0", "#file-1"]


def test_xlsx_without_a_workbook_is_a_sheet_of_findings_without_formulas() -> None:
    book = openpyxl.load_workbook(io.BytesIO(render([hostile()], "xlsx", str(ROOT))))
    (sheet,) = book.worksheets
    assert [cell.value for cell in sheet[1]][:4] == ["How grave", "File", "Place", "What is wrong"]
    assert sheet.max_row == 1 + 3 * len(HOSTILE)
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s"}
    assert sheet["D2"].value == HOSTILE[0]


def test_xlsx_shows_whole_sentences(found: Report) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(render([found], "xlsx", str(ROOT)))).worksheets[0]
    for number in range(2, sheet.max_row + 1):
        for letter in "ABCDEFGHI":
            cell, lines = sheet[f"{letter}{number}"], (sheet.row_dimensions[number].height or 0) // 15
            assert cell.alignment.wrap_text
            assert len(str(cell.value or "")) <= sheet.column_dimensions[letter].width * lines


def test_xlsx_of_a_workbook_is_the_sender_s_own_with_cells_marked() -> None:
    own = openpyxl.Workbook()
    sheet = own.active
    assert sheet is not None
    sheet.title = "Activities"
    sheet["D7"], sheet["B2"] = "Ministry", "=1+1"
    content = io.BytesIO()
    own.save(content)
    finding = hostile().findings[0]._replace(place=Location("plan.xlsx", sheet="Activities", cell="D7"))
    other = finding._replace(message="Second.", severity="Warning")
    report = Report("plan.xlsx", [finding, other], 1, 1, format="xlsx")
    made = render([report], "xlsx", str(ROOT), original=lambda _: content.getvalue())
    book = openpyxl.load_workbook(io.BytesIO(made))
    assert book.sheetnames == ["Findings", "Activities"]
    cell = book["Activities"]["D7"]
    assert cell.value == "Ministry"
    assert cell.fill.start_color.rgb == "00F7C6C2", "the graver of two gives the colour"
    assert cell.comment is not None
    assert HOSTILE[0] in cell.comment.text
    assert "Second." in cell.comment.text
    assert book["Activities"]["B2"].value == "=1+1", "what the sender wrote stays"
    link = book["Findings"]["C2"].hyperlink
    assert link is not None
    assert link.location == "'Activities'!D7"
    assert {cell.data_type for row in book["Findings"].iter_rows() for cell in row if cell.value} == {"s"}


def test_sarif_is_valid_and_stable(found: Report, plan: Path) -> None:
    schema = json.loads((ROOT / "tests" / "sarif.schema.json").read_text(encoding="utf-8"))
    logs = []
    for report in (found, hostile(), check("nowhere.ttl", root=ROOT)[0]):
        log = json.loads(render([report], "sarif", str(ROOT)))
        jsonschema.validate(log, schema, format_checker=jsonschema.FormatChecker())
        logs.append(log["runs"][0])
    (again,) = check(plan, root=ROOT)
    second = json.loads(render([again], "sarif", str(ROOT)))["runs"][0]
    assert [each["partialFingerprints"] for each in logs[0]["results"]] == [
        each["partialFingerprints"] for each in second["results"]
    ]
    theme = next(each for each in logs[0]["results"] if each["ruleId"] == "Record-about/Node")
    line = theme["locations"][0]["physicalLocation"]["region"]["startLine"]
    assert "preventoin" in plan.read_text(encoding="utf-8").splitlines()[line - 1]
    for each in logs[0]["results"]:
        assert logs[0]["tool"]["driver"]["rules"][each["ruleIndex"]]["id"] == each["ruleId"]
    assert "](" not in json.dumps([each["message"] for each in logs[1]["results"]])
    assert logs[2]["invocations"] == [{"executionSuccessful": False}]


def test_junit_is_read_by_a_parser(found: Report) -> None:
    suites = junitparser.JUnitXml.fromstring(render([found, hostile()], "junit", str(ROOT)))
    first, second = list(suites)
    assert first.failures == sum(each.severity == "Violation" for each in found.findings)
    assert first.tests == len(found.findings)
    assert second.failures == len(HOSTILE)
    cases = [case for case in first if case.result]
    assert cases[0].result[0].message == found.findings[0].message
    good = Report("good.ttl", [], 1, 1)
    assert [suite.failures for suite in junitparser.JUnitXml.fromstring(render([good], "junit", str(ROOT)))] == [0]


@pytest.mark.oracle
def test_turtle_is_the_report_of_shacl(found: Report, plan: Path) -> None:
    """Without our words and with the severities of the shapes it is the report that pyshacl writes."""
    ours = rdflib.Graph().parse(data=render([found], "turtle", str(ROOT)), format="turtle")
    assert (None, SH.conforms, rdflib.Literal(False)) in ours
    results = list(ours.objects(None, SH.result))
    assert len(results) == len(found.results) + len([each for each in found.findings if "/rule/" in each.rule])
    for result in results:
        for predicate in (SH.focusNode, SH.resultSeverity, SH.sourceShape, SH.sourceConstraintComponent):
            assert len(list(ours.objects(result, predicate))) == 1
    told = {(each.rule, each.component) for each in found.results}
    assert isomorphic(reduced(ours, told), reduced(theirs(plan), told))


def theirs(plan: Path) -> rdflib.Graph:
    def graph(paths: list[Path]) -> rdflib.Graph:
        made = rdflib.Graph()
        for path in paths:
            for triple in read_file(str(ROOT), path.relative_to(ROOT).as_posix()):
                made.add(to_rdflib(triple))
        return made

    folders = ("ontology/schemes", "data/sources")
    data = graph([path for folder in folders for path in (ROOT / folder).glob("*.ttl")])
    data += graph([ROOT / "data/international.ttl", ROOT / "ontology/profile-trafficking.ttl"])
    own = [to_rdflib(triple) for triple in read_turtle(plan.read_bytes(), "plan.ttl")]
    for statement in own:
        data.add(statement)
    shapes = graph(sorted((ROOT / "shapes").glob("*.ttl")))
    _, report, _ = pyshacl.validate(
        data, shacl_graph=shapes, ont_graph=graph([ROOT / "ontology" / "napgraph.ttl"]), inference="none"
    )
    assert isinstance(report, rdflib.Graph)
    subjects = {statement[0] for statement in own}
    for result in list(report.subjects(RDF.type, SH.ValidationResult)):
        if report.value(result, SH.focusNode) not in subjects or (None, SH.detail, result) in report:
            report.remove((result, RDF.type, None))
    return report


def reduced(graph: rdflib.Graph, told: set[tuple[str, str]]) -> rdflib.Graph:
    """Return the results of the rules in ``told``, without words and severity, nameless focus nodes as one."""
    made = rdflib.Graph()
    for result in graph.subjects(RDF.type, SH.ValidationResult):
        shape, component = graph.value(result, SH.sourceShape), graph.value(result, SH.sourceConstraintComponent)
        if (str(shape), str(component)) not in told:
            continue
        node = rdflib.BNode()
        for predicate in (SH.focusNode, SH.value, SH.sourceShape, SH.sourceConstraintComponent, SH.resultPath):
            for value in graph.objects(result, predicate):
                plain = rdflib.RDF.nil if isinstance(value, rdflib.BNode) else value
                made.add((node, predicate, plain))
    return made


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "fr", "es"])
@pytest.mark.parametrize("form", FORMATS)
def test_every_format_takes_every_language_and_a_file_that_cannot_be_read(form: str, language: str) -> None:
    refused = check("nowhere.ttl", root=ROOT, lang=language)[0]
    content = render([hostile(language), refused, Report("good.ttl", [], 1, 0, language=language)], form, str(ROOT))
    assert content
    if form != "xlsx":
        assert "nowhere.ttl" in content.decode()


# The workbook


MODEL = load(str(ROOT))


def spot(sheet: str, column: str, record: int = 0) -> tuple[str, str]:
    """Return the sheet and the cell of a column in a record of a workbook without an example."""
    made = MODEL.sheets[sheet]
    number = [each.name for each in made.columns].index(column) + 1
    across, down = (record + 2, number) if made.down else (number, record + 2)
    return made.labels["en"], f"{letters(across)}{down}"


PLANTED = {
    spot("document", "document-jurisdiction"): ("Norvege", "ResponseDocument-jurisdiction", "Norway"),
    spot("document", "document-status", 2): ("In forse", "ResponseDocument-status", "In force"),
    spot("goals", "evidence", 2): (None, "Record-evidence", ""),
    spot("activities", "start"): ("2027-ish", "PeriodOfTime-startDate", "2027"),
    spot("activities", "activities-objective", 1): ("O99", "Element-contributesTo", ""),
    spot("activities", "activities-name", 2): (None, "Record-prefLabel", ""),
    spot("responsibilities", "responsibilities-role"): ("Boss", "ResponsibilityAssignment-responsibilityRole", ""),
    spot("budget", "budget-currency"): ("Euro", "MonetaryAmount-currency", "EUR"),
    spot("indicators", "target-value"): ("sixty", "Element-values", ""),
    spot("principles", "themes"): ("Preventoin", "Record-about", "Prevention"),
}


@pytest.fixture(scope="module")
def workbook(napgraph: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook of a complete plan."""
    path = tmp_path_factory.mktemp("workbook") / "plan.xlsx"
    made = napgraph("template", "-o", str(path), "--from", str(WORLD))
    assert made.returncode == 0, made.stderr
    return path


@pytest.mark.slow
def test_ten_planted_errors_are_ten_findings_in_their_cells(napgraph: Run, workbook: Path, tmp_path: Path) -> None:
    assert napgraph("check", str(workbook)).returncode == 0
    book, path = openpyxl.load_workbook(workbook), tmp_path / "planted.xlsx"
    for (sheet, cell), (value, _, _) in PLANTED.items():
        book[sheet][cell] = value
    book.save(path)
    (report,) = check(path, root=ROOT)
    told = {
        (each.place.sheet, each.place.cell): (each.name, each.nearest)
        for each in report.findings
        if each.place is not None
    }
    assert told == {where: (rule, nearest) for where, (_, rule, nearest) in PLANTED.items()}
    assert len(report.findings) == len(PLANTED)
    order = [each.place.sheet for each in report.findings if each.place]
    assert order == sorted(order, key=book.sheetnames.index)
    for finding in report.findings:
        assert not re.search(r"\b(nap|skos|dcterms|cov|theme|xsd):|RDF", finding.message + finding.fix), finding


@pytest.mark.slow
def test_a_workbook_that_comes_back_with_its_marks_is_read_again(napgraph: Run, workbook: Path, tmp_path: Path) -> None:
    book, path = openpyxl.load_workbook(workbook), tmp_path / "plan.xlsx"
    sheet, start = spot("activities", "start")
    right = book[sheet][start].value
    book[sheet][start] = "2027-ish"
    book.save(path)
    marked, mended = tmp_path / "marked.xlsx", tmp_path / "mended.xlsx"
    assert napgraph("check", str(path), "-o", str(marked), "--lang", "fr").returncode == 1
    book = openpyxl.load_workbook(marked)
    assert book.sheetnames[0] == "Constats"
    assert book[sheet][start].comment is not None
    book[sheet][start] = right
    book.save(mended)
    assert napgraph("check", str(mended), "-o", str(marked)).returncode == 0
    assert openpyxl.load_workbook(marked)[sheet][start].comment is None


# The command


@pytest.mark.slow
def test_exit_statuses(napgraph: Run, plan: Path, tmp_path: Path) -> None:
    good = str(ROOT / "data" / "jurisdictions" / "nor.ttl")
    assert napgraph("check", good).returncode == 0
    assert napgraph("check", good, str(plan)).returncode == 1
    mixed = napgraph("check", good, str(plan), str(tmp_path / "nowhere.ttl"))
    assert mixed.returncode == 2
    assert "cannot be read" in mixed.stderr
    assert "nor.ttl conforms." in mixed.stdout
    assert "plan.ttl does not conform." in mixed.stdout.replace("\n", " ")


def test_each_file_has_its_own_result_in_order_whatever_the_jobs(napgraph: Run, plan: Path) -> None:
    files = [
        str(ROOT / "data" / "jurisdictions" / "nor.ttl"),
        str(plan),
        str(ROOT / "data" / "jurisdictions" / "nld.ttl"),
    ]
    shown = napgraph("check", *files, "--jobs", "2", "--format", "json")
    assert [report["source"] for report in json.loads(shown.stdout)] == files
    assert shown.stderr == "", "a progress bar is for terminals"


@pytest.mark.slow
def test_a_folder_stands_for_the_files_in_it_and_lines_are_written_one_by_one(
    napgraph: Run, plan: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "sent"
    (folder / "later").mkdir(parents=True)
    for name in ("b.ttl", "a.ttl", "later/c.ttl", ".hidden.ttl", "picture.png"):
        shutil.copy(plan, folder / name)
    (folder / "a.ttl").write_text("no Turtle", encoding="utf-8")
    wanted = [str(folder / name) for name in ("a.ttl", "b.ttl", "later/c.ttl")]
    shown = napgraph("check", str(folder), "--format", "jsonl")
    lines = [json.loads(line) for line in shown.stdout.splitlines()]
    assert [line["source"] for line in lines] == wanted
    assert [bool(line["error"]) for line in lines] == [True, False, False]
    assert shown.returncode == 2
    assert lines == json.loads(napgraph("check", str(folder), "--format", "json").stdout)
    written = tmp_path / "findings.jsonl"
    assert napgraph("check", str(folder), "-o", str(written)).returncode == 2
    assert written.read_text("utf-8") == shown.stdout
    assert [report.source for report in check(folder, root=ROOT)] == wanted


@pytest.mark.slow
def test_the_ending_of_the_output_chooses_the_format(napgraph: Run, plan: Path, tmp_path: Path) -> None:
    for ending, start in ((".html", b"<!doctype html>"), (".xlsx", b"PK"), (".sarif", b"{"), (".xml", b"<?xml")):
        path = tmp_path / f"report{ending}"
        assert napgraph("check", str(plan), "-o", str(path)).returncode == 1
        assert path.read_bytes().startswith(start)
    assert napgraph("check", str(plan), "--format", "xlsx").returncode == 2


def test_a_sentence_in_another_language(napgraph: Run, plan: Path) -> None:
    shown = napgraph("check", str(plan), "--lang", "es")
    assert "Hay que corregirlo" in shown.stdout
    assert "¿Quiso decir theme:prevention?" in " ".join(shown.stdout.split())


def test_limits_are_taken_and_told(napgraph: Run, plan: Path) -> None:
    small = napgraph("check", str(plan), "--limit", "bytes=1kB")
    assert small.returncode == 2
    assert "--limit bytes=" in small.stderr
    assert "needs NAME=VALUE" in napgraph("check", str(plan), "--limit", "bytes").stderr
    assert "Did you mean bytes" in napgraph("check", str(plan), "--limit", "byte=1").stderr


def test_python_takes_paths_bytes_and_open_files(plan: Path) -> None:
    with plan.open("rb") as file:
        reports = check(plan, plan.read_bytes(), file, root=ROOT, jobs=2)
    assert len({len(report.findings) for report in reports}) == 1
    assert [report.conforms for report in reports] == [False] * 3


@pytest.mark.server
@pytest.mark.skipif(shutil.which("chromium") is None, reason="no browser here")
def test_the_page_is_drawn_without_a_word_on_the_console(found: Report, tmp_path: Path) -> None:
    import subprocess

    path = tmp_path / "report.html"
    path.write_bytes(render([found], "html", str(ROOT)))
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--v=0"]
    picture = tmp_path / "report.png"
    done = subprocess.run(
        [*command, "--window-size=390,900", f"--screenshot={picture}", path.as_uri()],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert picture.stat().st_size > 10_000
    assert "CONSOLE" not in done.stderr
