"""The core is free of its subject: with other lists and axes, all works with no line changed.

The subject is women, peace and security: ``tests/wps`` holds its profile, its lists and a small invented plan. The
queries, the shapes and the code are those of the project; of its ontology, the lists of trafficking stay away.
``tests/sectors`` adds an axis to the subject of the project itself.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import openpyxl
import pytest

from napgraph import KnowledgeGraph, check
from napgraph.errors import UnknownNameError

from .conftest import ROOT, Run

OWN = ("theme", "principle", "group", "form", "scope")


@pytest.fixture(scope="module")
def wps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project folder of the other subject."""
    folder = tmp_path_factory.mktemp("wps")
    away = [f"{name}.ttl" for name in OWN] + ["profile-trafficking.ttl", "mappings"]
    shutil.copytree(ROOT / "ontology", folder / "ontology", ignore=shutil.ignore_patterns(*away))
    for part in ("queries", "shapes"):
        (folder / part).symlink_to(ROOT / part)
    shutil.copytree(ROOT / "tests" / "wps", folder, dirs_exist_ok=True)
    return folder


@pytest.fixture(scope="module")
def graph(wps: Path) -> KnowledgeGraph:
    return KnowledgeGraph.load(wps)


def test_plans_are_compared_by_the_lists_of_the_subject(graph: KnowledgeGraph) -> None:
    def stated(axis: str) -> dict[str, str]:
        made = graph.compare(axis, match="close")
        cells = {concept.label: made.cell("XAA", concept.code).value.name for concept in made.concepts}
        return {label: value for label, value in cells.items() if not value.startswith("not-")}

    words = {"Mediation and negotiation": "stated", "Participation": "in-other-words"}
    assert stated("pillars") == words | {"Relief and recovery": "stated"}
    assert stated("measures") == words
    assert stated("principles") == {"Do no harm": "stated"}
    assert stated("groups") == {"Women in uniform": "partly", "Displaced women": "stated"}
    assert graph.compare("pillars").cell("XAA", "participation").value.name == "stated"  # the wider concept


def test_an_axis_that_the_subject_has_not_is_none(graph: KnowledgeGraph) -> None:
    with pytest.raises(UnknownNameError) as refused:
        graph.compare("forms")
    assert "pillars" in str(refused.value)
    assert "forms" not in str(refused.value).partition("The axes are")[2]


def test_every_saved_query_answers(graph: KnowledgeGraph) -> None:
    asked = [query.name for query in graph.queries]
    answers = {name: len(graph.query(name)) for name in asked}
    assert len(asked) > 100
    for name in (
        "pillars",
        "measures",
        "principles",
        "document-readings",
        "phrase-mappings",
        "unique-pillars",
        "named-concepts",
    ):
        assert answers[name], name
    plan = "https://w3id.org/napgraph/id/xaa/plan-2027-2030"
    labels = {str(row["label"]) for row in graph.query("document-elements", document=plan) if row["label"]}
    assert labels == {"Mediation and negotiation", "Relief and recovery", "Do no harm"}


def test_a_question_takes_codes_of_the_subject(graph: KnowledgeGraph) -> None:
    rows = list(graph.query("addressing-theme", theme="mediation"))
    assert {str(row["phrase"]) for row in rows} >= {"Women at the table", "Train women officers as mediators"}
    with pytest.raises(UnknownNameError, match="mediation"):
        graph.query("addressing-theme", theme="mediatoin")


def test_the_shapes_check_a_plan_of_the_subject(wps: Path, tmp_path: Path) -> None:
    plan = wps / "data" / "jurisdictions" / "xaa.ttl"
    (report,) = check(plan, root=wps)
    assert report.conforms, report.findings
    wrong = tmp_path / "xaa.ttl"
    text = plan.read_text(encoding="utf-8")
    wrong.write_text(text.replace("wpst:mediation ;", "<https://w3id.org/napgraph/theme/prevention> ;", 1), "utf-8")
    (report,) = check(wrong, root=wps)
    assert not report.conforms
    abroad = tmp_path / "abroad.ttl"
    abroad.write_text(text.replace("wpst:mediation ;", "wpst:alliances ;", 1), "utf-8")
    missing = [
        any("cooperation" in each.message for each in check(path, root=wps)[0].findings) for path in (plan, abroad)
    ]
    assert missing == [True, False], "the subject says by which concept cooperation is shown"


@pytest.mark.slow
def test_the_workbook_offers_the_lists_of_the_subject(wps: Path, napgraph: Run, tmp_path: Path) -> None:
    plan, sheet, back = wps / "data" / "jurisdictions" / "xaa.ttl", tmp_path / "plan.xlsx", tmp_path / "back.ttl"
    assert napgraph("--root", str(wps), "convert", str(plan), str(sheet)).returncode == 0
    cells = {cell.value for page in openpyxl.load_workbook(sheet) for row in page.iter_rows() for cell in row}
    assert {"Mediation and negotiation", "Do no harm", "Women in uniform"} <= cells
    assert "Awareness-raising" not in cells
    assert napgraph("--root", str(wps), "convert", str(sheet), str(back)).returncode == 0
    text = back.read_text(encoding="utf-8")
    assert "https://example.org/wps/theme/mediation" in text
    assert "https://example.org/wps/principle/do-no-harm" in text


@pytest.mark.slow
def test_the_site_has_pages_of_the_subject(wps: Path, napgraph: Run, tmp_path: Path) -> None:
    done = napgraph("--root", str(wps), "site", "-o", str(tmp_path / "site"))
    assert done.returncode == 0, done.stderr
    pages = {path.relative_to(tmp_path / "site").as_posix(): path for path in (tmp_path / "site").rglob("*.html")}
    assert not [name for name in pages if "compare/forms" in name]
    (plan,) = [path for name, path in pages.items() if name.startswith("id/xaa/plan-2027-2030/index")]
    assert "Women, Peace and Security" in plan.read_text(encoding="utf-8")
    assert "Mediation and negotiation" in pages["compare/pillars/index.html"].read_text(encoding="utf-8")
    for name in ("themes", "search"):
        assert "Relief and recovery" in pages[f"{name}/index.html"].read_text(encoding="utf-8"), name


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments",
    [
        ["compare", "pillars", "--evidence"], ["show", "XAA"], ["timeline"], ["gaps", "-c", "XAA"], ["network"],
        ["similarity", "pillars", "--by", "document"], ["query", "action-sheet", "-c", "XAA"], ["queries"],
        ["links"], ["template", "-o", "{folder}/plan.xlsx"],
    ],
    ids=lambda arguments: arguments[0],
)  # fmt: skip
def test_the_commands_work(arguments: list[str], wps: Path, napgraph: Run, tmp_path: Path) -> None:
    done = napgraph("--root", str(wps), *(each.replace("{folder}", str(tmp_path)) for each in arguments))
    assert done.returncode == 0, done.stderr
    assert done.stdout or list(tmp_path.iterdir())


def sectors_in(path: Path) -> set[str]:
    """Return the sectors that a file names."""
    return set(re.findall(r"\bsector[:/](\w+)", path.read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def sectors(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project folder with one axis more, made as ``docs/architecture.md`` says."""
    folder = tmp_path_factory.mktemp("sectors")
    for part in ("ontology", "queries", "shapes"):
        shutil.copytree(ROOT / part, folder / part)
    shutil.copytree(ROOT / "tests" / "world" / "ontology", folder / "ontology", dirs_exist_ok=True)
    shutil.copytree(ROOT / "tests" / "sectors", folder, dirs_exist_ok=True)
    of_forms = (ROOT / "queries" / "compare" / "forms.rq").read_text(encoding="utf-8")
    query = of_forms.replace("axis:forms", "axis:sectors").replace('"forms"', '"sectors"')
    query = query.replace("#+ scheme: form\n", "#+ scheme: sector\n")
    (folder / "queries" / "compare" / "sectors.rq").write_text(query, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def with_sectors(sectors: Path) -> KnowledgeGraph:
    return KnowledgeGraph.load(sectors, lang="es")


def test_a_new_axis_is_compared(with_sectors: KnowledgeGraph, sectors: Path, napgraph: Run) -> None:
    def values(match: str, **chosen: str) -> dict[str, str]:
        made = with_sectors.compare("sectors", match=match, **chosen)
        return {concept.label: made.cell("XAA", concept.code).value.name for concept in made.concepts}

    said = {"Agricultura y pesca": "stated", "Pesca": "stated", "Construcción": "partly"}
    assert {label: values("broad")[label] for label in said} == said
    assert {label: values("broad", source="xaa-plan-2027")[label] for label in said} == said
    assert {label: values("close")[label] for label in said} == said | {"Agricultura y pesca": "in-other-words"}
    assert with_sectors.compare("sectors").title == "Sectores"
    assert with_sectors.compare("features").cell("XAA", "sectors").value.name == "stated"
    done = napgraph("--root", str(sectors), "compare", "sectors", "--by", "year", "--from", "2027", "--to", "2027")
    assert "Building" in done.stdout, done.stderr
    refused = napgraph("--root", str(sectors), "compare", "sector")
    assert "sectors" in refused.stderr.partition("The axes are")[2]


def test_a_plan_is_checked_by_the_list_of_a_new_axis(sectors: Path, tmp_path: Path) -> None:
    plan, wrong = sectors / "data" / "jurisdictions" / "xaa.ttl", tmp_path / "xaa.ttl"
    text = plan.read_text(encoding="utf-8")
    wrong.write_text(text.replace("sector:building", "sector:bulding"), encoding="utf-8")
    told = [[each.message for each in check(path, root=sectors)[0].findings] for path in (plan, wrong)]
    assert len(told[1]) > len(told[0])
    assert ["bulding" in " ".join(each) for each in told] == [False, True]


@pytest.mark.slow
def test_the_workbook_and_the_site_have_a_new_axis(sectors: Path, napgraph: Run, tmp_path: Path) -> None:
    plan, sheet, back = sectors / "data" / "jurisdictions" / "xaa.ttl", tmp_path / "plan.xlsx", tmp_path / "back.ttl"
    for source, target in ((plan, sheet), (sheet, back)):
        assert napgraph("--root", str(sectors), "convert", str(source), str(target)).returncode == 0
    book = openpyxl.load_workbook(sheet)
    fields = {row[0]: row[1] for row in book["Document"].iter_rows(values_only=True)}
    heads, first, *_ = book["Activities"].iter_rows(values_only=True)
    assert fields["Sectors"] == "Fishing"
    assert dict(zip(heads, first, strict=True))["Sectors"] == "Building"
    assert sectors_in(back) == sectors_in(plan) == {"fishing", "building"}
    done = napgraph("--root", str(sectors), "site", "-o", str(tmp_path / "site"))
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "site" / "compare" / "sectors" / "index.html").read_text(encoding="utf-8")
    assert "Fishing" in page
    assert "Plan on work at sea" in page
