"""Nothing that a text holds steers a terminal, breaks a picture or a workbook, or turns the direction of a page."""

from __future__ import annotations

import io
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook

from napgraph import KnowledgeGraph
from napgraph.site.context import PageContext
from napgraph.site.pages import comparison, resources
from napgraph.text import visible, visible_in

from .conftest import Run, root_with

UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
NAME = r"Pre\u001B[31m\u0007vention \u009Bx \u202Etnesba\u202C \u2066y"
SHOWN = "Pre␛[31m␇vention ⟪U+009B⟫x ⟪U+202E⟫tnesba⟪U+202C⟫ ⟪U+2066⟫y"
RECORD = f"""\
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix nap: <https://w3id.org/napgraph/ont#> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@base <https://w3id.org/napgraph/id/xaq/> .

<plan> a nap:ActionPlan ; dcterms:title "{NAME}"@en ; nap:jurisdiction <https://w3id.org/napgraph/jurisdiction/xaq> ;
    nap:period [ dcat:startDate "2027"^^xsd:gYear ; dcat:endDate "2031"^^xsd:gYear ] ;
    nap:hasElement <plan/pillar-1> ; nap:responsibleBody <office> ;
    nap:sourceExtent <https://w3id.org/napgraph/extent/excerpt> ;
    dcterms:conformsTo <https://w3id.org/napgraph/profile/summary> ;
    nap:evidence <https://w3id.org/napgraph/source/xaq-plan/p-1> .
<plan/pillar-1> a nap:Pillar ; skos:prefLabel "{NAME}"@en ;
    nap:aboutExactly <https://w3id.org/napgraph/theme/prevention> ;
    nap:evidence <https://w3id.org/napgraph/source/xaq-plan/p-1> .
<office> a org:Organization ; skos:prefLabel "{NAME}"@en .
<https://w3id.org/napgraph/source/xaq-plan> a nap:SourceDocument ; dcterms:title "{NAME}"@en ; dcterms:language "en" .
<https://w3id.org/napgraph/source/xaq-plan/p-1> a nap:SourcePassage ;
    oa:hasSource <https://w3id.org/napgraph/source/xaq-plan> ; nap:section "{NAME}"@en ; nap:paragraph 1 .
"""


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("steering") / "plan.ttl"
    path.write_text(RECORD, encoding="utf-8")
    return str(path)


@pytest.fixture(scope="module")
def steering(record: str) -> KnowledgeGraph:
    return KnowledgeGraph.load(data=[record])


def test_signs() -> None:
    assert visible("a\tb\nc\x00\x1b\r\x7f\x85\u202e\u2028\uffff") == "a\tb\nc␀␛␍␡⟪U+0085⟫⟪U+202E⟫⟪U+2028⟫⟪U+FFFF⟫"
    assert visible("خطة\u200f 2020 – é 𝄞 计划") == "خطة\u200f 2020 – é 𝄞 计划"
    assert visible_in({"a\x07": ["\x1b", 1, None, ("\x00",)]}) == {"a␇": ["␛", 1, None, ["␀"]]}


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [
        "compare pillars -c XAQ",
        "compare pillars -c XAQ --evidence",
        "compare pillars -c XAQ --by document",
        "compare pillars -c XAQ --format html",
        "compare pillars -c XAQ --format markdown --evidence",
        "show XAQ",
        "timeline -c XAQ",
        "gaps -c XAQ",
        "network -c XAQ --format markdown",
        "similarity pillars -c XAQ -c AUS",
        "query documents -c XAQ",
        "check",
    ],
)
def test_no_terminal_is_steered(napgraph: Run, record: str, command: str) -> None:
    given = [record] if command == "check" else ["--data", record]
    shown = napgraph(*command.split(), *given)
    assert shown.returncode in {0, 1}, shown.stderr
    assert UNSEEN.findall(shown.stdout + shown.stderr) == []
    if command.split(maxsplit=1)[0] in {"compare", "show"} and "--format" not in command:
        assert "␛[31m␇vention" in shown.stdout


def test_what_a_message_quotes_is_shown(napgraph: Run, tmp_path: Path) -> None:
    path = tmp_path / "broken.ttl"
    path.write_text("<urn:x:\x1b[31m> \u202ea .\n", encoding="utf-8")
    for arguments in (["check", str(path)], ["compare", "pillars", "--data", str(path)], ["sh\x1b[31mow\u202e"]):
        told = napgraph(*arguments)
        assert told.returncode == 2
        assert UNSEEN.findall(told.stdout + told.stderr) == []


@pytest.mark.slow
def test_programs_get_the_text_as_it_is(napgraph: Run, record: str) -> None:
    exact = NAME.encode().decode("unicode_escape")
    assert exact in napgraph("query", "documents", "-c", "XAQ", "--data", record, "--format", "csv").stdout


def test_a_workbook_holds_signs(steering: KnowledgeGraph, tmp_path: Path) -> None:
    path = tmp_path / "pillars.xlsx"
    steering.compare("pillars", country=["XAQ"]).evidence().save(path)
    texts = [str(cell) for row in load_workbook(path)["data"].iter_rows(values_only=True) for cell in row if cell]
    assert SHOWN in texts
    assert [text for text in texts if UNSEEN.search(text)] == []


@pytest.mark.slow
@pytest.mark.parametrize("picture", ["heat-map", "timeline", "network", "intervals"])
def test_pictures_hold_signs(steering: KnowledgeGraph, picture: str) -> None:
    from napgraph import charts
    from napgraph.compare.analysis import View
    from napgraph.compare.lists import completeness

    made = {
        "heat-map": lambda: steering.compare("pillars", country=["XAQ", "AUS"]).chart(),
        "timeline": lambda: steering.timeline(country=["XAQ"]).chart(),
        "network": lambda: steering.network(country=["XAQ", "NOR"]).chart(),
        "intervals": lambda: charts.intervals(completeness(steering, View(steering, country=["XAQ"]))),
    }[picture]()
    drawn, page = (charts.saved(made, form)[0].decode() for form in ("svg", "html"))
    ElementTree.parse(io.StringIO(drawn))  # noqa: S314
    assert UNSEEN.findall(drawn) == []
    assert UNSEEN.findall(page) == []
    assert r"\u001b" not in page
    assert charts.saved(made, "png")[0].startswith(b"\x89PNG")


@pytest.mark.slow
def test_pages_hold_signs(tmp_path: Path) -> None:
    root = root_with(tmp_path / "root", "nld", "nor")
    (root / "data" / "jurisdictions" / "xaq.ttl").write_text(RECORD, encoding="utf-8")
    context = PageContext(KnowledgeGraph.load(root), "https://example.org/", pictures=False)
    made = dict(resources.files(context, ["data/jurisdictions/xaq.ttl"])) | dict(comparison.files(context))
    pages = {path: content.decode() for path, content in made.items() if path.endswith((".html", "/data.json"))}
    assert len(pages) > 10
    for path, page in pages.items():
        assert UNSEEN.findall(page) == [], path
        told = re.sub(r"(?s)<script type=\"application/ld\+json\">.*?</script>", "", page)  # for programs: exact
        assert r"\u001b" not in told, path
    assert sum(SHOWN in page for page in pages.values()) > 3
