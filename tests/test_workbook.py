"""The workbook: made from the files, filled as people fill it, and carried both ways with nothing lost."""

from __future__ import annotations

import io
import pickle
import re
import shutil
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import openpyxl
import pyoxigraph
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from napgraph.errors import IntakeError, NapgraphError
from napgraph.graph.files import read_file, read_turtle
from napgraph.project.language import LANGUAGES
from napgraph.records.convert import convert, same
from napgraph.records.limits import Limits
from napgraph.records.read import read
from napgraph.records.record import Record
from napgraph.records.workbook.cells import letters
from napgraph.records.workbook.csv import csv_files, zipped
from napgraph.records.workbook.model import Model, Sheet, fold, load, said
from napgraph.records.workbook.read import read_grids
from napgraph.records.workbook.tables import Filled, grids, lay_out
from napgraph.records.workbook.tables import example as shown
from napgraph.records.workbook.template import empty, workbook
from napgraph.records.workbook.write import fill, with_addresses
from napgraph.validation import check

from .conftest import ROOT, Run, examples
from .reader_notes import NOTES

MODEL = load(str(ROOT))
NAP = "https://w3id.org/napgraph/ont#"
XSD = "http://www.w3.org/2001/XMLSchema#"
RECORDS = sorted(
    [
        *(ROOT / "data" / "jurisdictions").glob("*.ttl"),
        *(ROOT / "tests" / "world" / "data" / "jurisdictions").glob("*.ttl"),
        *(ROOT / "tests" / "awkward").glob("*.ttl"),
        ROOT / "data" / "international.ttl",
    ]
)
SHEETS = [sheet for sheet in MODEL.sheets.values() if sheet.columns]
CELL_KINDS = {
    "id", "kind", "owner", "language", "text", "plain", "words", "either", "yes", "number", "scale", "date", "duration",
    "code", "reference", "part-of", "source", "about", "name", "place", "evidence", "iri", "degree",
}  # fmt: skip
Triples = list[pyoxigraph.Triple]
Book = openpyxl.Workbook


def record(path: Path) -> Triples:
    return list(read_turtle(path.read_bytes(), str(path)))


def again(triples: Triples, language: str | None = None) -> Triples:
    """Return the statements as they come back from rows in memory."""
    filled = fill(triples, MODEL, language)
    laid = lay_out(MODEL, filled, filled.shown, examples=False)
    return read_grids(grids(laid, ""), MODEL, "", "xlsx", []).triples


def xlsx(triples: Triples, language: str | None = None) -> bytes:
    filled = fill(triples, MODEL, language)
    return workbook(MODEL, filled, filled.shown, examples=False)


def taken(content: bytes, name: str = "plan.xlsx", limits: Limits | None = None) -> Record:
    return read(content, name=name, root=ROOT, limits=limits or Limits())


# A workbook typed by hand, as a new user does


@cache
def template(language: str) -> bytes:
    return workbook(MODEL, empty(MODEL, language, "xaa"), language, examples=True)


def typed(language: str = "en") -> Book:
    """Return the template with what was once claimed by default: the full text, and all that can be looked for."""
    book = openpyxl.load_workbook(io.BytesIO(template(language)))
    for name in ("document-extent", "document-examined"):
        column = MODEL.sheets["document"].column(name)
        assert column is not None
        cell(book, "document", name, language=language).value = shown(column, MODEL.sheets["document"], MODEL, language)
    return book


def cell(book: Book, sheet: str, column: str, record_number: int = 0, language: str = "en") -> Any:
    """Return the cell of a column in the record of that number, below (or behind) the example."""
    made = MODEL.sheets[sheet]
    position = [each.name for each in made.columns].index(column) + 1
    at = record_number + 3
    return book[said(made.labels, language)].cell(*((position, at) if made.down else (at, position)))


def put(book: Book, sheet: str, rows: list[dict[str, object]], language: str = "en") -> None:
    for number, row in enumerate(rows):
        for column, value in row.items():
            cell(book, sheet, column, number, language).value = value
        book[said(MODEL.sheets[sheet].labels, language)].sheet_state = "visible"  # as who fills it in has it


def content(book: Book) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


PLAN: dict[str, list[dict[str, object]]] = {
    "document": [
        {
            "document-id": "plan-2027-2031", "document-kind": "Strategy; Action plan", "document-status": "Adopted",
            "document-title": "National Plan 2027-2031\n[fr] Plan national 2027-2031", "document-start": 2027,
            "document-end": "2031", "adoption-act": "approved", "adoption-date": date(2026, 11, 19),
            "adoption-by": "Cabinet", "document-evidence": "p. 1", "document-address": "www.example.org/plan.pdf",
        }
    ],
    "goals": [
        {"kind": "Preamble", "evidence": "p. 2"},
        {"kind": "Background analysis", "evidence": "p. 2"},
        {"id": "G1", "goals-name": "Fewer are trafficked", "goals-pillar": "P1", "evidence": "p. 4"},
        {"id": "O1.1", "kind": "Specific objective", "goals-name": "A help line", "goals-goal": "g1",
         "evidence": "section 3, paragraph 2"},
        {"kind": "Priority", "goals-name": "Border regions", "goals-prioritises": "O1.1", "evidence": "p. 5"},
    ],
    "principles": [
        {"id": "P1", "principles-name": "Prevention", "themes": "Prevention", "themes-how": "word for word",
         "evidence": "p. 4"},
        {"id": "P2", "kind": "Principle", "principles-name": "Equality",
         "principles-close": "principle:non-discrimination", "evidence": "p. 3"},
    ],
    "activities": [
        {"id": "A1", "activities-name": "Open a help line", "activities-objective": "O1.1",
         "activities-lead": "Ministry of Justice", "activities-support": "IOM; Shelters", "start": "2027-02",
         "end": "2028", "themes": "Sensibilisation; capacity-building", "evidence": "p. 6; p. 7"},
        {"activities-name": "Train staff", "sub-activity": "A1", "evidence": "p. 6"},
        {"activities-name": "Train prosecutors", "activities-objective": "O1.1", "responsible": "Ministry of Justice",
         "start": "not stated in the plan", "evidence": "p. 8"},
    ],
    "budget": [
        {"budget-for": "A1", "budget-amount": "1250", "budget-currency": "EUR", "budget-printed": "thousands",
         "budget-year": 2027, "budget-funded": "Ministry of Justice", "evidence": "p. 9"},
        {"id": "Total", "budget-amount": 1250000, "budget-currency": "EUR", "evidence": "p. 9"},
    ],
    "indicators": [
        {"id": "I1", "indicators-name": "Calls answered", "indicators-for": "A1; G1; O1.1",
         "indicators-unit": "percent", "target-baseline": 0.5, "target-value": 90, "target-due": 2028,
         "evidence": "p. 10"},
    ],
    "monitoring": [
        {"monitoring-name": "Yearly review", "monitors": "plan-2027-2031", "every": "every year",
         "responsible": "Rapporteur", "evidence": "p. 11"},
        {"kind": "Cooperation with others", "monitoring-name": "Joint teams", "themes": "International cooperation",
         "cooperates-type": "Police", "evidence": "p. 12"},
    ],
    "bodies": [{"bodies-name": "Ministry of Justice", "bodies-type": "Ministry"}],
}  # fmt: skip


def plan() -> Book:
    book = typed()
    for sheet, rows in PLAN.items():
        put(book, sheet, rows)
    return book


def values(record_read: Record, subject: str, predicate: str) -> set[str]:
    return {
        str(triple.object)
        for triple in record_read.triples
        if str(triple.subject).endswith(f"/{subject}>") and str(triple.predicate).endswith(f"{predicate}>")
    }


def told(book: Book) -> list[tuple[str, str]]:
    """Return what is told of a workbook that was read: (key, cell)."""
    return [(note.key, f"{note.place.sheet}!{note.place.cell}") for note in taken(content(book)).notes]


# The model


def test_every_column_is_whole() -> None:
    known = {str(triple.subject) for triple in read_file(str(ROOT), "ontology/napgraph.ttl")}
    for sheet in SHEETS:
        assert sheet.kinds, sheet.name
        for column in sheet.columns:
            where = (sheet.name, column.name)
            assert column.kind in CELL_KINDS, where
            assert set(column.labels) == set(column.help) == set(LANGUAGES), where
            assert bool(column.codes) == (column.kind in {"code", "place"}), where
            assert bool(column.points) == (
                column.kind in {"reference", "part-of", "source", "about", "name", "place"}
            ), where
            assert column.writes or column.back or column.kind in {"id", "owner", "language", "degree"}, where
            for term in (*column.writes, *column.back):
                assert str(term) in known or not term.value.startswith(NAP), where
            for rule in column.rules:
                assert rule.startswith("https://w3id.org/napgraph/shapes#"), where


def test_every_rule_of_a_column_exists() -> None:
    rules = {
        triple.subject.value
        for path in (ROOT / "shapes").glob("*.ttl")
        for triple in record(path)
        if triple.predicate.value == "http://www.w3.org/ns/shacl#severity"
        and isinstance(triple.subject, pyoxigraph.NamedNode)
    }
    assert {rule for sheet in SHEETS for column in sheet.columns for rule in column.rules} <= rules


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_of_sheets_fit_a_spreadsheet(language: str) -> None:
    names = [said(sheet.labels, language) for sheet in MODEL.sheets.values()]
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert 0 < len(name) <= 31
        assert not set(name) & set("[]:*?/\\")


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_a_heading_means_one_column_in_every_language(sheet: Sheet) -> None:
    meant: dict[str, set[str]] = {}
    for column in sheet.columns:
        for label in column.labels.values():
            meant.setdefault(fold(label), set()).add(column.name)
    assert {label: columns for label, columns in meant.items() if len(columns) > 1} == {}


def test_a_goal_goes_by_its_common_names() -> None:
    """Objetivo and Objectif as Objective does; on the sheet of indicators, Meta is a target."""
    known = {sheet.name: {name: kind.name for kind in sheet.kinds for name in kind.names} for sheet in SHEETS}
    assert {known["goals"][fold(each)] for each in ("Objective", "Objectif", "Objetivo")} == {"objective"}
    assert {known["goals"][fold(each)] for each in ("Strategic goal", "Objetivo estratégico", "Meta")} == {"goal"}
    assert known["indicators"][fold("Meta")] == "target"


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_a_kind_is_named_once_on_its_sheet(sheet: Sheet) -> None:
    labels = [fold(label) for kind in sheet.kinds for label in kind.labels.values()]
    shared = {label for label in labels if labels.count(label) > 1}
    for label in shared:  # the same word in two languages, for the same kind
        assert len({kind.name for kind in sheet.kinds if label in map(fold, kind.labels.values())}) == 1, label


# The template


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_template_has_lists_help_and_an_example_that_is_never_read(language: str) -> None:
    made = workbook(MODEL, empty(MODEL, language, "KEN"), language, examples=True)
    book = openpyxl.load_workbook(io.BytesIO(made))
    assert book.sheetnames == [
        said(sheet.labels, language)
        for sheet in MODEL.sheets.values()
        if sheet.columns or sheet.name in {"read-me", "lists"}
    ]
    for sheet in SHEETS:
        page = book[said(sheet.labels, language)]
        for position, column in enumerate(
            [each for each in sheet.columns if not each.hosted and not each.for_programs], 1
        ):
            head: Any = page.cell(*((position, 1) if sheet.down else (1, position)))
            assert head.value.startswith(said(column.labels, language))
            assert head.comment.text == said(column.help, language)
            assert (MODEL.word("required", language) in head.value) == bool(column.needed)
        rules = {str(rule.formula1) for rule in page.data_validations.dataValidation}
        lists = [column for column in sheet.columns if column.kind == "code"]
        assert sum(said(MODEL.sheets["lists"].labels, language) in rule for rule in rules) >= min(1, len(lists))
    in_sight = [page.title for page in book if page.sheet_state == "visible"]
    assert in_sight[0] == said(MODEL.sheets["read-me"].labels, language)
    assert len(in_sight) <= 7
    page = book[said(MODEL.sheets["activities"].labels, language)]
    assert sum(not page.column_dimensions[letters(at)].hidden for at in range(1, page.max_column + 1)) <= 12
    start = book.worksheets[0]
    questions = [row[0].value for row in start.iter_rows(min_row=6, max_row=15)]
    assert questions == [said(column.labels, language) for column in MODEL.questions]
    links = {each.location for row in start.iter_rows() for each in [row[0].hyperlink] if each}
    assert {str(link).rpartition("!")[0].strip("'") for link in links} == {*in_sight[1:]}
    found = taken(made)
    assert found.notes == []
    assert {str(triple.subject) for triple in found.triples} == {"<https://w3id.org/napgraph/id/ken/document>"}


def test_no_cell_is_ever_a_formula() -> None:
    hostile = ["=1+1", "+1", "-1+2", "@SUM(A1)", '=HYPERLINK("http://x")', "\t=1", "=cmd|' /C calc'!A0"]
    nodes = [pyoxigraph.NamedNode(f"https://w3id.org/napgraph/id/xaa/plan/activity-{n}") for n in range(len(hostile))]
    cls, name = MODEL.kinds["activity"].cls, MODEL.sheets["activities"].columns[2].writes[0]
    triples = [pyoxigraph.Triple(node, MODEL.type, cls) for node in nodes]
    triples += [
        pyoxigraph.Triple(n, name, pyoxigraph.Literal(t, language="en")) for n, t in zip(nodes, hostile, strict=True)
    ]
    made = xlsx(triples)
    start, *others = openpyxl.load_workbook(io.BytesIO(made))
    for page in others:
        assert all(each.data_type != "f" for row in page.iter_rows() for each in row)
    formulas = [str(each.value) for row in start.iter_rows() for each in row if each.data_type == "f"]
    assert formulas  # they count and mirror cells, and hold nothing that was sent
    assert not [text for text in formulas if any(bad.strip() in text for bad in hostile[3:])]
    assert same(triples, taken(made).triples)
    filled = fill(triples, MODEL)
    sheets = csv_files(lay_out(MODEL, filled, "en", examples=False))
    for text in sheets.values():
        assert not re.search(rb"(?:^|[,\n])\"?[=+@\t]", text)
    assert same(triples, taken(zipped(sheets), "plan.zip").triples)


def test_a_new_code_shows_by_itself(tmp_path: Path) -> None:
    for folder in ("ontology", "shapes", "queries", "data"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    path = tmp_path / "ontology" / "schemes" / "status.ttl"
    block = path.read_text(encoding="utf-8").split("status:withdrawn")[1]
    path.write_text(
        path.read_text(encoding="utf-8") + "\nstatus:suspended" + block.replace('"Withdrawn"', '"Suspended"'),
        encoding="utf-8",
    )
    model = Model(str(tmp_path))
    book = openpyxl.load_workbook(io.BytesIO(workbook(model, empty(model, "en"), "en", examples=True)))
    assert "Suspended" in {each.value for row in book["Lists"].iter_rows() for each in row}


# Filled as people fill it


def test_a_plan_typed_by_hand_conforms(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(content(plan()))
    (report,) = check(path, root=ROOT)
    assert report.conforms, [(finding.place, finding.message) for finding in report.findings]
    found = taken(path.read_bytes())
    assert [note.key for note in found.notes] == []
    assert values(found, "plan-2027-2031", "title") == {
        '"National Plan 2027-2031"@en', '"Plan national 2027-2031"@fr'
    }  # fmt: skip
    assert values(found, "plan-2027-2031/activity-1", "about") == {
        "<https://w3id.org/napgraph/theme/awareness-raising>", "<https://w3id.org/napgraph/theme/capacity-building>"
    }  # fmt: skip
    assert values(found, "plan-2027-2031/activity-r5", "notStated") == {f"<{NAP}period>"}
    assert values(found, "plan-2027-2031/activity-1", "supportingBody") == {
        "<https://w3id.org/napgraph/body/iom>", "<https://w3id.org/napgraph/id/xaa/shelters>"
    }  # fmt: skip
    assert values(found, "plan-2027-2031/budget-r3", "isPartOf") == {
        "<https://w3id.org/napgraph/id/xaa/plan-2027-2031/total>"
    }
    assert f'"1250000"^^<{XSD}integer>' in {str(triple.object) for triple in found.triples}
    assert values(found, "plan-2027-2031/adoption", "date") == {f'"2026-11-19"^^<{XSD}date>'}
    assert same(found.triples, again(found.triples))


PLANTED: list[tuple[str, str, int, object]] = [
    ("document", "document-start", 0, "2027-ish"),
    ("activities", "themes", 0, "Awarness raising"),
    ("activities", "activities-objective", 0, "O9.9"),
    ("activities", "responsible", 2, None),
    ("activities", "end", 0, "03/04/2028"),
    ("budget", "budget-currency", 0, "Euro"),
    ("principles", "evidence", 0, None),
    ("indicators", "target-value", 0, "=45*2"),
    ("goals", "goals-name", 2, None),
    ("monitoring", "cooperates-type", 1, "Polise"),
]


def test_the_ten_questions_make_a_valid_record(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(template("en")))
    for column, value in {
        "document-kind": "Action plan", "document-title": "Plan", "document-start": 2027, "document-end": "2031",
        "adoption-act": "approved", "adoption-date": "2026-11-19",
        "document-extent": "Excerpt", "document-evidence": "p. 1",
    }.items():  # fmt: skip
        assert column in {each.name for each in MODEL.questions}
        cell(book, "document", column).value = value
    path = tmp_path / "plan.xlsx"
    path.write_bytes(content(book))
    (report,) = check(path, root=ROOT)
    assert report.conforms, [(finding.place, finding.message) for finding in report.findings]


def test_one_column_of_themes_says_how_closely_each_is_met() -> None:
    book = typed()
    names = "Prevention; capacity-building"
    cases: dict[str | None, list[str]] = {
        "word for word; in part": ["aboutExactly", "aboutBroadly"],
        "in part": ["aboutBroadly"] * 2,
        None: ["about"] * 2,
    }
    for number, how in enumerate([*cases, "closely", "in part; in part; in part"]):
        put_one = {"id": f"A{number}", "activities-name": "Train", "themes": names, "themes-how": how}
        for column, value in put_one.items():
            cell(book, "activities", column, number).value = value
    found = taken(content(book))
    for number, links in enumerate(cases.values()):
        themes = ("prevention", "capacity-building")
        meant = {
            (link, f"<https://w3id.org/napgraph/theme/{theme}>") for link, theme in zip(links, themes, strict=True)
        }
        made = {(link, each) for link in ("about", "aboutExactly", "aboutBroadly")
                for each in values(found, f"document/activity-{number}", f"#{link}")}  # fmt: skip
        assert made == meant
    where = f"{letters(1 + [each.name for each in MODEL.sheets['activities'].columns].index('themes-how'))}"
    degrees = [
        (note.key, note.place.cell, note.values["value"]) for note in found.notes if note.key == "unknown-degree"
    ]
    assert degrees == [
        ("unknown-degree", f"{where}6", "closely"), ("unknown-degree", f"{where}7", "in part; in part; in part")
    ]  # fmt: skip
    assert same(found.triples, again(found.triples))


def test_a_workbook_of_the_former_layout_is_read() -> None:
    heads = ["Id", "Name (required)", "Themes, word for word", "Themes, in part", "Evidence"]
    told: list[list[str | None]] = [
        ["Short name", "plan"],
        ["Jurisdiction (required)", "XAA"],
        ["Title as printed (required)", "Plan"],
    ]
    told += [["Extent of the source (required)", "Full text"], ["Examined for", "strategic"]]
    told += [["Profile", "Full submission"]]
    book = Book()
    pages: dict[str, list[list[str | None]]] = {"Read me": [["napgraph"]], "Document": told}
    example: list[str | None] = ["example", None, None, None, None, "A word under a heading that there was once"]
    plain: list[str | None] = ["A1", "Train", "Prevention", "capacity-building", "p. 1"]
    pages["Activities"] = [[*heads, "Heading of old"], example, plain]
    for title, lines in pages.items():
        page = book.create_sheet(title)
        for line in lines:
            page.append(line)
    del book["Sheet"]
    found = taken(content(book))
    assert [note.key for note in found.notes] == []
    assert values(found, "plan/activity-1", "aboutExactly") == {"<https://w3id.org/napgraph/theme/prevention>"}
    assert values(found, "plan/activity-1", "aboutBroadly") == {"<https://w3id.org/napgraph/theme/capacity-building>"}
    assert len(values(found, "xaa/plan", "sourceExtent")) == len(values(found, "xaa/plan", "conformsTo")) == 1


def test_an_empty_template_is_told_what_is_missing_and_nothing_that_nobody_wrote(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(workbook(MODEL, empty(MODEL, "en"), "en", examples=True))
    (report,) = check(path, root=ROOT)
    told = [f"{each.message} {each.fix}" for each in report.findings]
    assert any("to which country" in each for each in told)
    assert not [each for each in told if "zzz" in each.lower()]


def test_ten_planted_errors_give_ten_findings_with_their_cells(tmp_path: Path) -> None:
    book = plan()
    wanted = set()
    for sheet, column, number, value in PLANTED:
        at = cell(book, sheet, column, number)
        at.value = value
        wanted.add(f"{at.parent.title}!{at.coordinate}")
    # The body of an activity may stand in several columns; the first of them is named.
    wanted = {place.replace("Activities!L5", "Activities!D5") for place in wanted}
    path = tmp_path / "plan.xlsx"
    path.write_bytes(content(book))
    (report,) = check(path, root=ROOT)
    graves = [finding for finding in report.findings if finding.severity == "Violation"]
    places = [f"{finding.place.sheet}!{finding.place.cell}" for finding in graves if finding.place]
    assert sorted(places) == sorted(wanted)


def test_another_language_reads_the_same() -> None:
    book = typed("fr")
    put(
        book,
        "document",
        [{"document-kind": "Plan d'action", "document-title": "Plan", "document-status": "en vigueur"}],
        "fr",
    )
    put(
        book,
        "activities",
        [{"id": "A1", "activities-name": "Former", "every": "tous les 3 mois", "start": "non indiqué dans le plan"}],
        "fr",
    )
    found = taken(content(book))
    assert found.notes == []
    assert values(found, "plan/activity-1", "prefLabel") == {'"Former"@fr'}
    assert values(found, "plan/activity-1", "recurrence") == {f'"P3M"^^<{XSD}duration>'}
    assert values(found, "plan/activity-1", "notStated") == {f"<{NAP}period>"}
    assert values(found, "plan", "status") == {"<https://w3id.org/napgraph/status/in-force>"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("1 year", "P1Y"), ("every year", "P1Y"), ("yearly", "P1Y"), ("6 months", "P6M"), ("quarterly", "P3M"),
        ("every quarter", "P3M"), ("cada 2 años", "P2Y"), ("trimestriel", "P3M"), ("90 days", "P90D"),
        ("P1Y6M", "P1Y6M"), ("2 weeks", "P14D"),
    ],
)  # fmt: skip
def test_lengths_of_time_in_words(text: str, meant: str) -> None:
    book = typed()
    put(book, "activities", [{"id": "A1", "every": text}])
    assert values(taken(content(book)), "document/activity-1", "recurrence") == {f'"{meant}"^^<{XSD}duration>'}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("p. 12", {"page": '"12"'}),
        ("pág. 12-14", {"page": '"12-14"'}),
        ("page iv, paragraphe 3", {"page": '"iv"', "paragraph": f'"3"^^<{XSD}integer>'}),
        ("Annex B, para. 2, item 4", {"section": '"Annex B"@en', "listItem": f'"4"^^<{XSD}integer>'}),
    ],
)
def test_places_as_people_write_them(text: str, meant: dict[str, str]) -> None:
    book = typed()
    put(book, "activities", [{"id": "A1", "activities-name": "Train", "evidence": text}])
    found = taken(content(book))
    (passage,) = values(found, "document/activity-1", "evidence")
    for name, value in meant.items():
        assert value in values(found, passage.rpartition("/")[2].rstrip(">"), f"#{name}")
    assert same(found.triples, again(found.triples))


def test_a_hyphen_leaves_out_what_is_filled_in() -> None:
    book = typed()
    put(book, "activities", [{"id": "A1", "activities-name": "Train", "owner": "-"}])
    assert values(taken(content(book)), "document", "hasElement") == set()


def test_rows_of_several_documents_find_their_own() -> None:
    book = typed()
    put(book, "document", [{"document-id": "strategy"}, {"document-id": "plan", "document-implements": "strategy"}])
    cell(book, "document", "document-jurisdiction", 1).value = "XAA"
    put(book, "goals", [{"id": "G1", "owner": "strategy"}, {"id": "G1", "owner": "plan"}])
    put(book, "activities", [{"id": "A1", "owner": "plan", "activities-goal": "G1"}, {"id": "A2"}])
    put(book, "responsibilities", [{"responsibilities-for": "A1", "responsibilities-body": "Police"}])
    found = taken(content(book))
    assert values(found, "plan", "implements") == {"<https://w3id.org/napgraph/id/xaa/strategy>"}
    assert values(found, "plan/activity-1", "contributesTo") == {"<https://w3id.org/napgraph/id/xaa/plan/goal-1>"}
    assert values(found, "plan/activity-1", "hasResponsibility") == {
        "<https://w3id.org/napgraph/id/xaa/plan/responsibility-r3>"
    }
    assert [note.key for note in found.notes] == ["several-documents"]


# Excel's own traps


def one(column: str, value: object, form: str = "General", sheet: str = "activities") -> Book:
    book = typed()
    put(book, sheet, [{"id": "A1", column: value}])
    cell(book, sheet, column).number_format = form
    return book


def ends(found: Record) -> set[str]:
    return {str(triple.object) for triple in found.triples if triple.predicate.value.endswith("#endDate")}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("value", "form", "meant", "note"),
    [
        (datetime(2027, 3, 1), "yyyy-mm-dd", "2027-03-01", None),
        (datetime(2027, 3, 1), "mmm-yy", "2027-03", None),
        (datetime(2027, 1, 1), "yyyy", "2027", None),
        (datetime(1905, 7, 11), "yyyy-mm-dd", "2019", "year-in-date"),
        (2027, "General", "2027", None),
        ("2027", "@", "2027", None),
        (" 2027-03\u00a0", "@", "2027-03", None),
        (46447, "General", "2027-03-01", "serial-date"),
    ],
)
def test_dates(value: object, form: str, meant: str, note: str | None) -> None:
    book = one("end", value, form)
    found = taken(content(book))
    (written,) = ends(found)
    assert written.startswith(f'"{meant}"^^')
    assert [each.key for each in found.notes] == ([note] if note else [])


def test_the_calendar_of_1904() -> None:
    book = one("end", datetime(2027, 3, 1), "yyyy-mm-dd")
    book.epoch = CALENDAR_MAC_1904
    (written,) = ends(taken(content(book)))
    assert written.startswith('"2027-03-01"')
    book = one("end", 2019, "yyyy-mm-dd")
    book.epoch = CALENDAR_MAC_1904
    found = taken(content(book))
    assert ends(found) == {f'"2019"^^<{XSD}gYear>'}
    assert [note.key for note in found.notes] == ["year-in-date"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("value", "form", "meant", "note"),
    [
        (1250000, "General", f'"1250000"^^<{XSD}integer>', None),
        (1250000.5, "#,##0.00", f'"1250000.5"^^<{XSD}decimal>', None),
        ("1250000", "@", f'"1250000"^^<{XSD}integer>', None),
        ("1 250 000", "@", f'"1250000"^^<{XSD}integer>', "number-read"),
        ("1,250,000.50", "@", f'"1250000.50"^^<{XSD}decimal>', "number-read"),
        ("1.250.000,5", "@", f'"1250000.5"^^<{XSD}decimal>', "number-read"),
        ("0,5", "@", f'"0.5"^^<{XSD}decimal>', "number-read"),
        ("1,250", "@", '"1,250"', None),
        (0.6, "0%", f'"60"^^<{XSD}integer>', "percent-read"),
        ("about 90", "@", f'"90"^^<{XSD}integer>', "words-read"),
    ],
)
def test_numbers(value: object, form: str, meant: str, note: str | None) -> None:
    found = taken(content(one("target-value", value, form, "indicators")))
    assert {str(t.object) for t in found.triples if t.predicate.value == "https://schema.org/value"} == {meant}
    assert [each.key for each in found.notes] == ([note] if note else [])


@pytest.mark.parametrize(
    ("column", "sheet", "text", "cells"),
    [
        ("target-value", "indicators", "over 60", {"target-from": "60", "target-as-printed": "over 60"}),
        ("target-value", "indicators", "au moins 25", {"target-from": "25", "target-as-printed": "au moins 25"}),
        ("target-value", "indicators", "hasta 85", {"target-to": "85", "target-as-printed": "hasta 85"}),
        (
            "target-value",
            "indicators",
            "25 to 30",
            {"target-from": "25", "target-to": "30", "target-as-printed": "25 to 30"},
        ),
        ("gaps-count", "gaps", "über 130", {"count-from": "130", "count-as-printed": "über 130"}),
        ("start", "activities", "2018/19", {"start": "2018", "end": "2019", "printed": "2018/19"}),
        ("end", "activities", "Q3 2026", {"end": "2026-09", "printed": "Q3 2026"}),
        ("start", "activities", "3e trimestre 2026", {"start": "2026-07", "printed": "3e trimestre 2026"}),
        ("event-date", "events", "Q3 2026", {"event-start": "2026-07", "event-end": "2026-09", "printed": "Q3 2026"}),
        ("start", "activities", "three years", {"length": "P3Y", "printed": "three years"}),
        ("end", "activities", "tres años", {"length": "P3Y", "printed": "tres años"}),
    ],
)
def test_numbers_and_times_in_words_fill_their_cells(column: str, sheet: str, text: str, cells: dict[str, str]) -> None:
    found = taken(content(one(column, text, "@", sheet)))
    assert [note.key for note in found.notes if note.key != "unknown-row"] == ["words-read"]
    columns = {each.name: each for each in MODEL.sheets[sheet].columns}
    said_of = {(each.predicate, getattr(each.object, "value", "")) for each in found.triples}
    for name, value in cells.items():
        assert (columns[name].writes[0], value) in said_of, name


@pytest.mark.parametrize(
    ("column", "sheet", "text"),
    [
        ("target-value", "indicators", "over 1,250"),  # 1250 or 1.25
        ("target-value", "indicators", "many"),
        ("start", "activities", "2011/12"),  # a year or a month
        ("start", "activities", "autumn 2024"),
        ("target-due", "indicators", "Q3 2026"),  # no cells for a span
    ],
)
def test_words_that_could_be_several_are_left_to_be_asked_about(column: str, sheet: str, text: str) -> None:
    found = taken(content(one(column, text, "@", sheet)))
    assert "words-read" not in {note.key for note in found.notes}
    assert f'"{text}"' in {str(each.object) for each in found.triples}


def test_a_formula_counts_with_its_saved_value_and_is_told_without_one() -> None:
    book = one("comment", "=A1&A2")
    assert ("formula-without-value", "Activities!AH3") in [
        (key, re.sub("[A-Z]+3$", "AH3", where)) for key, where in told(book)
    ]
    made = content(one("end", 2027))
    parts = {
        entry: zipfile.ZipFile(io.BytesIO(made)).read(entry) for entry in zipfile.ZipFile(io.BytesIO(made)).namelist()
    }
    path = next(name for name, text in parts.items() if name.startswith("xl/worksheets") and b">2027<" in text)
    parts[path] = parts[path].replace(b"<v>2027</v>", b"<f>2026+1</f><v>2027</v>")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    found = taken(out.getvalue())
    assert ends(found) == {f'"2027"^^<{XSD}gYear>'}
    assert found.notes == []


def test_error_cells_are_told() -> None:
    book = one("end", "#REF!")
    cell(book, "activities", "end").data_type = "e"
    assert [key for key, _ in told(book)] == ["error-cell"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("budget-amount", None, "MonetaryAmount-stated"),
        ("budget-amount", "#REF!", "error-cell"),
        ("budget-amount", "=A1*2", "formula-without-value"),
        ("budget-currency", None, "MonetaryAmount-currency"),
    ],
)
def test_an_amount_that_is_missing_or_unread_is_told_once_at_its_own_cell(
    column: str, value: object, rule: str, tmp_path: Path
) -> None:
    book, path = plan(), tmp_path / "plan.xlsx"
    at = cell(book, "budget", column, 1)
    at.value = value
    path.write_bytes(content(book))
    (report,) = check(path, root=ROOT)
    (finding,) = [finding for finding in report.findings if finding.severity == "Violation"]
    assert (finding.name, finding.place and finding.place.cell) == (rule, at.coordinate)


def test_merged_cells_count_for_each_row() -> None:
    book = typed()
    put(book, "goals", [{"id": "O1", "kind": "Specific objective", "goals-name": "A help line"}])
    put(book, "activities", [{"id": f"A{n}", "activities-name": f"Do {n}"} for n in (1, 2, 3)])
    cell(book, "activities", "activities-objective").value = "O1"
    book["Activities"].merge_cells("C3:C5")
    found = taken(content(book))
    for n in (1, 2, 3):
        assert values(found, f"document/activity-{n}", "contributesTo") != set()
    assert [note.key for note in found.notes] == ["merged-cells"]


def test_hidden_rows_columns_and_sheets_are_read_and_told() -> None:
    book = typed()
    put(
        book,
        "activities",
        [{"id": "A1", "activities-name": "Do", "activities-support": "IOM"}, {"id": "A2", "activities-name": "Do"}],
    )
    page = book["Activities"]
    page.row_dimensions[4].hidden = True
    page.column_dimensions[cell(book, "activities", "activities-support").column_letter].hidden = True
    put(book, "bodies", [{"bodies-name": "Police"}])
    book["Bodies"].sheet_state = "hidden"
    found = taken(content(book))
    assert {note.key for note in found.notes} == {"hidden-rows", "hidden-columns", "hidden-sheet"}
    assert values(found, "document/activity-2", "type")
    assert values(found, "police", "prefLabel")


def test_a_row_named_total_is_the_stated_total_and_a_subtotal_is_not_read() -> None:
    book = typed()
    put(
        book,
        "budget",
        [
            {"words": "Shelters", "budget-amount": 10, "budget-currency": "EUR"},
            {"words": "Subtotal", "budget-amount": 10, "budget-currency": "EUR"},
            {"words": "Courts", "budget-amount": 5, "budget-currency": "EUR", "budget-part-of": "-"},
            {"words": "TOTAL", "budget-amount": 16, "budget-currency": "EUR"},
        ],
    )
    found = taken(content(book))
    assert [note.key for note in found.notes] == ["subtotal-row"]
    assert values(found, "document/budget-r3", "isPartOf") == {"<https://w3id.org/napgraph/id/xaa/document/total>"}
    assert values(found, "document/budget-r5", "isPartOf") == set()
    assert not any("r4" in str(triple.subject) for triple in found.triples)


@pytest.mark.slow
def test_text_cut_by_the_spreadsheet_is_told() -> None:
    book = one("comment", "x" * 32_767)
    assert [key for key, _ in told(book)] == ["cut-text"]


def test_moved_and_renamed_columns() -> None:
    book = plan()
    page = book["Activities"]
    page.move_range("B1:B5", cols=61)
    moved = taken(content(book))
    assert values(moved, "plan-2027-2031/activity-1", "prefLabel") == {'"Open a help line"@en'}
    page.cell(1, 63).value = "Nmae"
    (note,) = [note for note in taken(content(book)).notes if note.key == "unknown-column"]
    assert note.values == {"column": "Nmae", "count": "3", "nearest": "Name", "sheet": "Activities"}


def test_unknown_sheets_headings_and_versions_are_told() -> None:
    book = plan()
    book["Activities"].title = "Activites"
    book.create_sheet("Notes of mine")["A1"] = "x"
    page = book["Monitoring"]
    page.delete_rows(1)
    book["Start"]["E1"] = "napgraph 0.0.9"
    keys = [key for key, _ in told(book)]
    assert keys.count("unknown-sheet") == 2 or "unknown-sheet" in keys
    assert {"no-headings", "other-version"} <= set(keys)


def test_an_example_that_was_overwritten_is_told() -> None:
    book = typed()
    cell(book, "activities", "activities-name", -1).value = "Our own activity"
    assert told(book) == [("example-changed", "Activities!B2")]


def test_thousands_of_empty_formatted_rows_cost_nothing() -> None:
    book = one("activities-name", "Train")
    page = book["Activities"]
    for row in range(4, 4000):
        page.cell(row, 3).number_format = "@"
    found = taken(content(book))
    assert found.notes == []
    assert len([t for t in found.triples if str(t.object) == f"<{NAP}PlannedActivity>"]) == 1


def test_ids_twice_and_rows_that_are_not_there_are_told() -> None:
    book = typed()
    put(book, "activities", [{"id": "A1", "activities-name": "Do"}, {"id": "a1", "activities-name": "Do"}])
    put(book, "budget", [{"budget-for": "A9", "budget-amount": 1, "budget-currency": "EUR"}])
    put(book, "principles", [{"kind": "Pilar", "principles-name": "Prevention"}, {"kind": "Pillr"}])
    found = told(book)
    assert ("id-twice", "Activities!A4") in found
    assert ("unknown-row", "Budget!B3") in found
    assert ("unknown-kind", "Principles and pillars!B4") in found


def test_every_note_is_known() -> None:
    source = "".join(
        path.read_text(encoding="utf-8")
        for folder in ("records/workbook", "records")
        for path in (ROOT / "src" / "napgraph" / folder).glob("*.py")
    )
    made = set(re.findall(r"(?:tell|_tell|Note)\(\s*\"([a-z0-9-]+)\"", source))
    assert made <= set(NOTES)
    assert len(made) > 20


# What strangers send


def zip_of(parts: dict[str, bytes], **options: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", options.get("method", zipfile.ZIP_DEFLATED)) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def parts_of(made: bytes) -> dict[str, bytes]:
    archive = zipfile.ZipFile(io.BytesIO(made))
    return {name: archive.read(name) for name in archive.namelist()}


@cache
def bombs() -> dict[str, bytes]:
    made = parts_of(content(one("activities-name", "Train")))
    sheet = next(name for name, text in made.items() if name.startswith("xl/worksheets/sheet") and b"Train" not in text)
    shared = "xl/sharedStrings.xml"
    head = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>'
    space = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    row = b'<row r="1048576"><c r="XFD1048576" t="n"><v>1</v></c></row>'
    far = b"<worksheet " + space + b"><sheetData>" + row + b"</sheetData></worksheet>"
    return {
        "packed": zip_of(made | {shared: b"<sst>" + b"a" * 60_000_000 + b"</sst>"}),
        "ratio": zip_of(made | {"xl/media/image1.bin": b"\0" * 20_000_000}),
        "entries": zip_of(made | {f"xl/x{n}.xml": b"<x/>" for n in range(300)}),
        "entities": zip_of(made | {shared: head + b"<sst>&a;</sst>"}),
        "deep": zip_of(made | {shared: b"<a>" * 5000 + b"</a>" * 5000}),
        "far": zip_of(made | {sheet: far}),
        "no sheet list": zip_of({"xl/workbook.xml": b"<workbook/>"}),
        "cut": content(plan())[:20_000],
        "broken sheet": zip_of(made | {sheet: b"<worksheet><sheetData><row"}),
        "broken styles": zip_of(
            made | {"xl/styles.xml": b"<styleSheet><cellXfs><xf numFmtId='x'/></cellXfs></styleSheet>"}
        ),
    }


@pytest.mark.parametrize("name", list(bombs()))
def test_bombs_and_broken_workbooks_are_refused_in_words(name: str) -> None:
    with pytest.raises(IntakeError) as caught:
        taken(bombs()[name])
    assert "plan.xlsx" in str(caught.value)
    assert "Traceback" not in str(caught.value)


def test_a_document_type_in_any_part_is_refused_in_any_encoding() -> None:
    made = parts_of(content(one("activities-name", "Train")))
    text = '<?xml version="1.0" encoding="{}"?><!DOCTYPE a><a><row r="x"/></a>'
    for part, encoding in (("docProps/app.xml", "utf-8"), ("customXml/item1.xml", "utf-16")):
        with pytest.raises(IntakeError, match="a document type is declared") as caught:
            taken(zip_of(made | {part: text.format(encoding).encode(encoding)}))
        assert caught.value.key == "doctype"
    found = taken(zip_of(made | {"customXml/item1.xml": b'<a><row r="x"/></a>'}))
    assert found.notes == taken(content(one("activities-name", "Train"))).notes, "no sheet, so its rows are none"


def test_hostile_text_in_cells_is_only_text() -> None:
    book = typed()
    put(
        book,
        "activities",
        [{"id": "../../etc/passwd", "activities-name": "<script>", "activities-objective": "javascript:alert(1)"}],
    )
    found = taken(content(book))
    assert all("javascript" not in str(t.object) or isinstance(t.object, pyoxigraph.Literal) for t in found.triples)
    assert {str(t.subject) for t in found.triples if str(t.object) == f"<{NAP}PlannedActivity>"} == {
        "<https://w3id.org/napgraph/id/xaa/etc/passwd>"
    }


def test_a_record_pickles_with_its_places() -> None:
    found = taken(content(plan()))
    copied = pickle.loads(pickle.dumps(found))  # noqa: S301
    assert copied.triples == found.triples
    for triple in found.triples:
        assert copied.place(*triple) == found.place(*triple)
        assert found.place(*triple).cell


# CSV


def csv_plan() -> dict[str, bytes]:
    filled = fill(taken(content(plan())).triples, MODEL)
    return csv_files(lay_out(MODEL, filled, "en", examples=False))


def test_csv_from_a_folder_a_zip_and_a_french_spreadsheet(tmp_path: Path) -> None:
    wanted = taken(content(plan())).triples
    sheets = csv_plan()
    for name, text in sheets.items():
        (tmp_path / name).write_bytes(text)
    assert same(wanted, read(str(tmp_path), root=ROOT).triples)
    assert same(wanted, taken(zipped(sheets), "plan.zip").triples)
    import csv as module

    french = {}
    for name, text in sheets.items():
        rows = list(module.reader(io.StringIO(text.decode("utf-8-sig"))))
        out = io.StringIO()
        module.writer(out, delimiter=";").writerows(rows)
        french[name] = out.getvalue().encode("cp1252", errors="replace")  # as spreadsheets do with a sign it lacks
    assert b"(? needed)" in french["document.csv"]
    assert same(wanted, taken(zipped(french), "plan.zip").triples)


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ('strategy,"National plan,KEN\nplan,Another,KEN\n', 2),
        ('strategy,National plan,KEN\nplan,"Another,KEN\nplan,"Third",KEN\n', 3),
        ('strategy,"A ""quoted"" word,\nand a line",KEN\nplan,Another,"KEN\n', 4),
    ],
)
def test_a_quotation_mark_that_is_not_closed_is_told(tmp_path: Path, rows: str, line: int) -> None:
    (tmp_path / "document.csv").write_text(f"Kind of document,Title,Jurisdiction\n{rows}", encoding="utf-8")
    with pytest.raises(IntakeError, match="a quotation mark in this row") as error:
        read(tmp_path)
    assert (error.value.line, "the sheet document.csv is not closed" in error.value.problem) == (line, True)


def test_csv_places_are_lines() -> None:
    sheets = csv_plan()
    sheets["activities.csv"] = sheets["activities.csv"].replace(b"2027-02", b"soon")
    found = taken(zipped(sheets), "plan.zip")
    (wrong,) = [triple for triple in found.triples if str(triple.object) == '"soon"']
    assert found.place(*wrong).text == "plan.zip activities.csv:2:F"
    assert sheets["activities.csv"].decode("utf-8-sig").splitlines()[1].split(",").index("soon") == "ABCDEF".index("F")


# Both ways


def in_brackets(triples: Triples, addressed: Triples) -> Triples:
    """Return what ``with_addresses`` made of ``triples``, without the addresses and classes that it gave."""
    given = {t.subject for t in addressed} - {t.subject for t in triples}
    nameless = {node: pyoxigraph.BlankNode() for node in given}
    typed = {t.subject for t in addressed[: len(triples)] if t.predicate == MODEL.type}
    kept = [t for t in addressed if t.subject not in given or t.predicate != MODEL.type or t.subject in typed]
    return [pyoxigraph.Triple(nameless.get(s, s), p, nameless.get(o, o)) for s, p, o in kept]


@pytest.mark.slow
@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_nothing_is_lost(path: Path) -> None:
    triples = record(path)
    addressed = with_addresses(triples, MODEL)
    assert same(triples, in_brackets(triples, addressed)), "only addresses and classes are added"
    filled = fill(triples, MODEL)
    rest = [row for row in filled.statements if "/jurisdiction/" not in row[0]]  # a part of a state stands by itself
    assert rest == [], "every other statement of a record has a cell of its own"
    assert same(addressed, again(triples))


@pytest.mark.slow
@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_nothing_is_lost_in_a_file(path: Path) -> None:
    triples = record(path)
    made = taken(xlsx(triples))
    assert same(with_addresses(triples, MODEL), made.triples)
    assert [note.key for note in made.notes] == []


@pytest.mark.slow
@pytest.mark.parametrize("form", ["turtle", "json-ld", "rdf-xml"])
def test_every_data_file_comes_back_from_every_format(form: str) -> None:
    for path in RECORDS:
        made = convert(path, form, root=str(ROOT))
        assert made.named == 0
        assert isinstance(made.content, bytes)
        assert same(record(path), taken(made.content, path.stem).triples), path.stem


@pytest.mark.slow
def test_every_awkward_case_checks_clean_as_a_workbook(tmp_path: Path) -> None:
    paths = []
    for path in (ROOT / "tests" / "awkward").glob("*.ttl"):
        paths.append(tmp_path / f"{path.stem}.xlsx")
        paths[-1].write_bytes(xlsx(record(path)))
    assert len(paths) > 20
    for report in check(*paths, root=ROOT):
        assert report.conforms, (report.source, [finding.message for finding in report.findings])


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("stem", ["xaa", "xab", "xkx", "budget-by-source-and-year", "relative-deadline"])
def test_nothing_is_lost_in_any_language(stem: str, language: str) -> None:
    (path,) = [path for path in RECORDS if path.stem == stem]
    triples = record(path)
    addressed = with_addresses(triples, MODEL)
    assert same(addressed, taken(xlsx(triples, language)).triples)
    filled = fill(triples, MODEL, language)
    assert filled.statements == []
    sheets = csv_files(lay_out(MODEL, filled, language, examples=False))
    assert same(addressed, taken(zipped(sheets), "x.zip").triples)


AWKWARD_TEXT = st.one_of(
    st.sampled_from(
        ["-", "not stated in the plan", "example", "Total", "p. 12", "[fr] x", "a\n[fr] b", "a; b", " x ", "\u00a0x",
         "=1+1", "_x000D_", "\r", "a\r\nb", "\x01", "\x0b", "\t", "\\u0041", "<https://x.y/>", "_:b1", "x" * 33_000,
         "A1", "2027", "1,5", "IOM", "Ministry of Justice", "ﬁ", "e\u0301", "'", "'=x", ""]
    ),
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12),
)  # fmt: skip
BASE = "https://w3id.org/napgraph/id/xaa/"
NODES = st.sampled_from(
    [pyoxigraph.NamedNode(BASE + name) for name in (
        "plan", "plan-2", "plan/activity-1", "plan/activity-1-1", "plan/goal-1", "plan/objective-1", "plan/indicator-1",
        "plan/target-1", "plan/budget-1", "plan/total", "plan/adoption", "plan/copy-1", "plan/source",
        "plan/passage-p-1", "plan/responsibility-1", "plan-2/goal-1", "plan/term-1", "justice",
        "ministry-of-justice", "plan/A1", "a/b/c/d",
    )]
    + [pyoxigraph.NamedNode("https://w3id.org/napgraph/body/iom"), pyoxigraph.NamedNode("urn:x:y")]
)  # fmt: skip
CLASSES = [kind.cls for kind in MODEL.kinds.values()] + [part.cls for part in MODEL.parts.values()]
TERMS = sorted(
    {term for sheet in SHEETS for column in sheet.columns for term in (*column.writes, *column.back)}, key=str
)
LINKS = sorted(
    {kind.link for kind in MODEL.kinds.values() if kind.link}
    | {part.through for part in MODEL.parts.values()}
    | {MODEL.not_stated, MODEL.type},
    key=str,
)
CODES = [pyoxigraph.NamedNode(code.iri) for codes in MODEL.codes.values() for code in codes[:4]]
LITERALS = st.one_of(
    st.builds(pyoxigraph.Literal, AWKWARD_TEXT),
    st.builds(
        lambda text, tag: pyoxigraph.Literal(text, language=tag), AWKWARD_TEXT, st.sampled_from(["en", "fr", "pt-br"])
    ),
    st.builds(
        lambda text, kind: pyoxigraph.Literal(text, datatype=pyoxigraph.NamedNode(XSD + kind)),
        st.sampled_from(["1", "01", "1.0", "2027", "2027-03", "2027-03-01", "P1Y", "P12M", "-5", "x", "1000", "1e5"]),
        st.sampled_from(["integer", "decimal", "gYear", "gYearMonth", "date", "duration", "string", "boolean"]),
    ),
)
BLANK = st.sampled_from([pyoxigraph.BlankNode(f"n{n}") for n in range(4)])
PREDICATES = st.one_of(st.sampled_from(TERMS), st.sampled_from(LINKS), st.just(pyoxigraph.NamedNode("urn:p")))
OBJECTS = st.one_of(NODES, BLANK, LITERALS, st.sampled_from(CODES), st.sampled_from(CLASSES), st.sampled_from(TERMS))


@st.composite
def records(draw: Callable[..., Any]) -> Triples:
    """A record that is mostly well-formed, with anything at all in between."""
    made: Triples = []
    plan_node = pyoxigraph.NamedNode(f"{BASE}plan")
    if draw(st.booleans()):
        jurisdiction = MODEL.sheets["document"].column("document-jurisdiction")
        assert jurisdiction is not None
        made.append(pyoxigraph.Triple(plan_node, MODEL.type, MODEL.kinds["action-plan"].cls))
        code = pyoxigraph.NamedNode("https://w3id.org/napgraph/jurisdiction/xaa")
        made.append(pyoxigraph.Triple(plan_node, jurisdiction.writes[0], code))
    for node in draw(st.lists(NODES, max_size=6, unique=True)):
        kind = draw(st.sampled_from(list(MODEL.kinds.values())))
        made.append(pyoxigraph.Triple(node, MODEL.type, kind.cls))
        if kind.link and draw(st.booleans()):
            made.append(pyoxigraph.Triple(plan_node, kind.link, node))
        columns = MODEL.sheets[kind.sheet].columns
        for column in draw(st.lists(st.sampled_from(columns), max_size=5)):
            subject = node
            if column.part is not None:
                subject = pyoxigraph.BlankNode(f"{column.part.name}{len(made)}")
                made.append(pyoxigraph.Triple(node, column.part.through, subject))
                made.append(pyoxigraph.Triple(subject, MODEL.type, column.part.cls))
            for term in column.writes:
                choice = st.sampled_from([pyoxigraph.NamedNode(each.iri) for each in MODEL.choices(column)] or CODES)
                value = draw(st.one_of(OBJECTS, choice))
                made.append(pyoxigraph.Triple(subject, term, value))
    loose = st.builds(pyoxigraph.Triple, st.one_of(NODES, BLANK), PREDICATES, OBJECTS)
    made += draw(st.lists(loose, max_size=12))
    return list(dict.fromkeys(made))


DETAIL = next(kind.detail for kind in MODEL.kinds.values() if kind.detail)
CIRCLE = [pyoxigraph.BlankNode(name) for name in "aba"]


@given(triples=records(), language=st.sampled_from(LANGUAGES))
@example(triples=[pyoxigraph.Triple(CIRCLE[0], DETAIL, CIRCLE[0])], language="en")  # a detail of itself, in brackets
@example(triples=[pyoxigraph.Triple(one, DETAIL, other) for one, other in pairwise(CIRCLE)], language="en")
@settings(max_examples=examples(150), deadline=None)
def test_any_record_comes_back_from_rows(triples: Triples, language: str) -> None:
    assert same(with_addresses(triples, MODEL), again(triples, language))


@pytest.mark.slow
@given(triples=records())
@settings(max_examples=25, deadline=None)
def test_any_record_comes_back_from_a_workbook_and_from_csv(triples: Triples) -> None:
    filled = fill(triples, MODEL)
    triples = with_addresses(triples, MODEL)
    limits = Limits.of({"literal": "100000"})
    assert same(triples, taken(workbook(MODEL, filled, filled.shown, examples=False), limits=limits).triples)
    sheets = csv_files(lay_out(MODEL, filled, filled.shown, examples=False))
    assert same(triples, taken(zipped(sheets), "x.zip", limits).triples)


CELL_TEXT = st.one_of(
    AWKWARD_TEXT,
    st.sampled_from(
        ["A1", "G1; A1", "O1.1", "Prevention", "prevention; theme:shelter", "EUR", "1000", "thousands", "2027-03",
         "6 months", "Lead", "Goal", "Target", "p. 3; section 2", "xaa", "Ministry", "body:unodc",
         "plan", "document/A1", "https://x.y/z"]
    ),
    st.integers(0, 3000),
    st.floats(0, 1000, allow_nan=False),
)  # fmt: skip


@st.composite
def sheets_typed(draw: Callable[..., Any]) -> Filled:
    """Sheets in which anybody wrote anything."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for sheet in draw(st.lists(st.sampled_from(SHEETS), min_size=1, max_size=4, unique_by=lambda each: each.name)):
        names = st.sampled_from([column.name for column in sheet.columns])
        rows[sheet.name] = draw(st.lists(st.dictionaries(names, CELL_TEXT, max_size=6), max_size=4))
    return Filled("en", "en", rows, [])


@given(filled=sheets_typed())
@settings(max_examples=examples(150), deadline=None)
def test_what_anybody_types_comes_back(filled: Filled) -> None:
    """Workbook to statements to workbook to statements."""
    first = read_grids(grids(lay_out(MODEL, filled, "en", examples=False), ""), MODEL, "", "xlsx", [])
    assert same(first.triples, again(first.triples))


def test_what_no_sheet_holds_goes_to_the_other_statements(tmp_path: Path) -> None:
    path = tmp_path / "odd.ttl"
    path.write_text(
        '@prefix x: <https://example.org/> .\nx:a x:b [ x:c "t"@en , \'u\'^^x:d ] , <urn:e> , "  \\r\\n\\u0001" .\n',
        encoding="utf-8",
    )
    made = convert(str(path), "xlsx", root=str(ROOT))
    assert made.others == made.statements == 5
    assert isinstance(made.content, bytes)
    assert same(record(path), taken(made.content).triples)


def test_other_statements_are_read_by_any_name_of_their_sheet() -> None:
    triples = [pyoxigraph.Triple(pyoxigraph.NamedNode("urn:a"), pyoxigraph.NamedNode("urn:b"), pyoxigraph.Literal("c"))]
    sheets = csv_files(lay_out(MODEL, fill(triples, MODEL), "en", examples=False))
    for name in ("other.csv", "Other statements.csv", "Other_statements.csv", "other-statements.csv"):
        assert same(triples, taken(zipped({name: sheets["other.csv"]}), "x.zip").triples), name


def test_what_the_cells_cannot_say_rightly_is_said_by_other_statements(monkeypatch: pytest.MonkeyPatch) -> None:
    (path,) = [path for path in RECORDS if path.stem == "relative-deadline"]
    triples = record(path)
    monkeypatch.setattr("napgraph.records.workbook.write._ATTEMPTS", 0)
    filled = fill(triples, MODEL)
    assert filled.records == {}
    assert len(filled.statements) == len(triples)
    assert same(triples, again(triples))


# The command line


@pytest.mark.slow
def test_template_and_convert_on_the_command_line(napgraph: Run, tmp_path: Path) -> None:
    world = str(ROOT / "tests" / "world" / "data" / "jurisdictions" / "xaa.ttl")
    book = tmp_path / "plan.xlsx"
    assert napgraph("template", "-o", str(book), "--country", "KEN", "--lang", "es").returncode == 0
    assert openpyxl.load_workbook(book).sheetnames[1] == "Documento"
    for arguments in (["template", "-o", str(book), "--from", world], ["convert", world, str(book)]):
        filled = book.read_bytes()
        done = napgraph(*arguments)
        assert (done.returncode, book.read_bytes()) == (2, filled)
        assert "may have been filled in, so nothing was written" in done.stderr
    book.unlink()
    assert napgraph("template", "-o", str(book), "--from", world).returncode == 0
    chain = [
        "plan.ttl",
        "plan.zip",
        "plan.jsonld",
        "sheets/",
        "plan.rdf",
        "plan.nt",
        "plan.trig",
        "plan.nq",
        "back.xlsx",
    ]
    source = str(book)
    for name in chain:
        done = napgraph("convert", source, f"{tmp_path}/{name}")
        assert done.returncode == 0, done.stderr
        source = f"{tmp_path}/{name}"
    assert same(record(Path(world)), read(source, root=ROOT).triples)


@pytest.mark.parametrize(
    ("arguments", "said_so"),
    [
        (["template"], "--output"),
        (["template", "-o", "x.ttl"], "a template is a workbook"),
        (["template", "-o", "x.xlsx", "--country", "KEM"], "Did you mean KEN"),
        (["convert", "nowhere.ttl", "x.xlsx"], "cannot be read"),
        (["convert", "README.md", "x.xlsx"], "no format"),
        (["convert", "data/jurisdictions/nor.ttl", "x.docx"], "no format that can be written"),
        (["convert", "data/jurisdictions/nor.ttl", "/dev/null/x.xlsx"], "nothing was written"),
    ],
)
def test_what_cannot_be_done_is_said(napgraph: Run, arguments: list[str], said_so: str) -> None:
    done = napgraph(*arguments)
    assert done.returncode == 2
    assert said_so in done.stderr
    assert "Traceback" not in done.stderr


def test_convert_says_what_it_could_not_read(napgraph: Run, tmp_path: Path) -> None:
    book = plan()
    cell(book, "activities", "activities-name").value = "=1+1"
    (tmp_path / "plan.xlsx").write_bytes(content(book))
    done = napgraph("convert", str(tmp_path / "plan.xlsx"), str(tmp_path / "plan.ttl"))
    assert done.returncode == 1
    assert cell(book, "activities", "activities-name").coordinate == "B3"
    assert "plan.xlsx Activities!B3: " in done.stderr
    assert "=1+1" in done.stderr
    assert (tmp_path / "plan.ttl").exists()


def test_what_convert_says_cannot_steer_a_terminal(napgraph: Run, tmp_path: Path) -> None:
    path = tmp_path / "plan.jsonld"
    path.write_text('{"@id": "urn:x:s", "urn:x:p": 1, "k\u202e\\u001b[31m": 1}', encoding="utf-8")
    shown = napgraph("convert", str(path), str(tmp_path / "plan.nt")).stderr
    assert "means nothing here" in shown
    assert not {"\u202e", "\u001b"} & set(shown)


def test_errors_are_of_the_project(tmp_path: Path) -> None:
    with pytest.raises(NapgraphError):
        convert(str(tmp_path), "xlsx", root=str(ROOT))
