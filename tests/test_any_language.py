"""Any language in: a plan in French, Arabic, British English or two languages gives the rows of its English twin."""

from __future__ import annotations

import json
import random
import re
import shutil
from html.parser import HTMLParser
from itertools import chain
from pathlib import Path

import pyoxigraph
import pytest

from napgraph import KnowledgeGraph
from napgraph.compare.analysis import View
from napgraph.compare.lists import completeness
from napgraph.compare.matrix import axes
from napgraph.query.results import Results
from napgraph.server.handlers import RequestHandler, Saved
from napgraph.server.sparql import in_memory
from napgraph.site.context import PageContext
from napgraph.site.pages import comparison, dataset, resources
from napgraph.tables.table import Table

from .conftest import ROOT

PLAN = ROOT / "tests" / "world" / "data" / "jurisdictions" / "xaa.ttl"
MARKS = {"en": "", "en-gb": "", "fr": "é·", "ar": "ش·"}
"""What stands before each text of a twin, by its language: a row is that of the English twin once it is taken away."""
TWINS = {
    "french": ["fr"],
    "arabic": ["ar"],
    "british": ["en-GB"],
    "english-and-french": ["en", "fr"],
    "french-and-arabic": ["fr", "ar"],
}


def twin(languages: list[str]) -> bytes:
    """Return the plan with each of its English texts in ``languages`` instead, its statements in random order."""
    triples = list(pyoxigraph.parse(path=PLAN))
    sources = {triple.object for triple in triples if triple.predicate.value.endswith("#hasSource")}
    lines: list[str] = []
    for triple in triples:
        value = triple.object
        if isinstance(value, pyoxigraph.Literal) and value.language == "en":
            texts = [pyoxigraph.Literal(MARKS[each.lower()] + value.value, language=each) for each in languages]
        elif triple.predicate.value.endswith("/terms/language") and triple.subject in sources:
            texts = [pyoxigraph.Literal(languages[0].partition("-")[0])]
        else:
            texts = [value]
        lines += [f"{triple.subject} {triple.predicate} {text} .\n" for text in texts]
    random.Random(0).shuffle(lines)
    return "".join(lines).encode()


def plain(value: object) -> object:
    """Return a value of a row without the marks of its language."""
    text = value.value if isinstance(value, pyoxigraph.Literal) else value
    for mark in MARKS.values():
        text = text.replace(mark, "") if mark and isinstance(text, str) else text
    return str(text)


def rows(answer: Results | Table) -> list[dict[str, object]]:
    """Return the rows of an answer or a table, in an order that no text decides."""
    found = answer.rows if isinstance(answer, Table) else answer.terms()
    return sorted(({name: plain(value) for name, value in row.items()} for row in found), key=str)


def root_of(folder: Path, languages: list[str]) -> Path:
    """Make a root whose only plan is the twin in ``languages``."""
    for part in ("ontology", "shapes", "queries"):
        shutil.copytree(ROOT / part, folder / part)
    for part in ("sources", "jurisdictions"):
        (folder / "data" / part).mkdir(parents=True)
    shutil.copy(ROOT / "data" / "international.ttl", folder / "data")
    shutil.copy(ROOT / "data" / "sources" / "unodc-toolkit-2008.ttl", folder / "data" / "sources")  # which it cites
    (folder / "data" / "jurisdictions" / "xaa.ttl").write_bytes(twin(languages))
    return folder


@pytest.fixture(scope="module")
def english(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    return KnowledgeGraph.load(root_of(tmp_path_factory.mktemp("english"), ["en"]))


@pytest.fixture(scope="module", params=TWINS)
def other(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> KnowledgeGraph:
    return KnowledgeGraph.load(root_of(tmp_path_factory.mktemp(request.param), TWINS[request.param]))


@pytest.mark.slow
def test_every_saved_query_has_the_rows_of_the_english_twin(english: KnowledgeGraph, other: KnowledgeGraph) -> None:
    told = 0
    different = []
    for query in english.queries:
        if query.folder in {"build", "describe", "lookup", "check"} or query.header.get("graph") == "shapes":
            continue
        given = {"country": ["XAA"]} if "country" in query.parameters else {}
        expected = rows(english.query(query.name, **given))
        found = rows(other.query(query.name, **given))
        told += len(expected)
        if found != expected:
            different.append(query.name)
    assert different == []
    assert told > 500


def analyses(kg: KnowledgeGraph) -> dict[str, list[dict[str, object]]]:
    """Return the rows of every analysis of the plan, by what was asked."""
    only = ["XAA"]
    made = {}
    for axis in axes(kg):
        for by in ("country", "document"):
            compared = kg.compare(axis, by=by, country=only)
            made[f"compare {axis} by {by}"] = rows(compared.table())
            made[f"evidence of {axis} by {by}"] = rows(compared.evidence())
        made[f"cells of {axis}"] = rows(kg.compare(axis, country=only).cells())
    for axis in ("pillars", "principles"):
        made[f"similarity {axis}"] = rows(kg.similarity(axis, country=only).table())
        made[f"behind similarity {axis}"] = rows(kg.similarity(axis, country=only).evidence())
    difference = kg.diff("xaa/strategy-2027-2031", "xaa/plan-2027-2028")
    for name, found in (
        ("timeline", kg.timeline(country=only)),
        ("gaps", kg.gaps(country=only)),
        ("network", kg.network(country=only)),
        ("diff", difference),
    ):
        made[name] = rows(found.table())
        made[f"behind {name}"] = rows(found.evidence())
    made["completeness"] = rows(completeness(kg, View(kg, country=["XAA"])))
    return made


@pytest.mark.slow
def test_every_analysis_has_the_rows_of_the_english_twin(english: KnowledgeGraph, other: KnowledgeGraph) -> None:
    expected, found = analyses(english), analyses(other)
    assert [name for name in expected if not expected[name]] == []
    assert [name for name in expected if found[name] != expected[name]] == []


def test_a_jurisdiction_is_shown_as_its_english_twin_is(english: KnowledgeGraph, other: KnowledgeGraph) -> None:
    expected, found = told(english), told(other)
    assert len(expected) > 300
    assert found == expected


def told(kg: KnowledgeGraph) -> list[str]:
    """Return what is stated of each document and part, and on what they are silent, without the marks of language."""
    rows = kg.statements(country=["XAA"]).table().rows
    names = ("element", "kind", "property", "concept", "value", "match", "source", "where")
    said = {" | ".join(str(plain(row[name])) for name in names) for row in rows}
    return sorted(said | {f"{of} {labels}" for of, labels in kg.show("XAA").silent().items()})


def pages(kg: KnowledgeGraph) -> dict[str, bytes]:
    """Return the files of the site that tell of the plan: its resources, the comparisons, the questions."""
    context = PageContext(kg, "https://example.org/", pictures=False)
    (own,) = [paths for paths in context.sources if paths[0].startswith("data/jurisdictions/")]
    return dict(chain(resources.files(context, own), comparison.files(context), dataset.questions(context)))


@pytest.mark.slow
def test_the_site_has_the_pages_and_tables_of_the_english_twin(english: KnowledgeGraph, other: KnowledgeGraph) -> None:
    expected, found = pages(english), pages(other)
    assert len(expected) > 500
    assert found.keys() == expected.keys()
    tables = [path for path in expected if path.endswith(".csv")]
    assert len(tables) > 40
    for path in tables:
        lines = [sorted(str(plain(text.decode())).split("\n")) for text in (expected[path], found[path])]
        assert without_languages(lines[0]) == without_languages(lines[1]), path


def without_languages(lines: list[str]) -> list[str]:
    return [re.sub(r",(en-gb|en-GB|en|fr|ar)\b", ",", line) for line in lines]


class Texts(HTMLParser):
    """The attributes of the elements of a page, with the text that stands in each."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.found: list[tuple[dict[str, str | None], str]] = []
        self._open: list[dict[str, str | None]] = []
        self.feed(content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"meta", "link", "input", "img", "br"}:
            self._open.append(dict(attrs) | {"tag": tag})

    def handle_endtag(self, _: str) -> None:
        self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._open and data.strip():
            self.found.append((self._open[-1], data.strip()))


@pytest.mark.slow
def test_a_text_in_another_language_than_its_page_says_so(other: KnowledgeGraph) -> None:
    made = pages(other)
    page = Texts(made["id/xaa/strategy-2027-2031/index.html"])
    own = [(attributes, text) for attributes, text in page.found if plain(text) != text]
    own = [each for each in own if each[0]["tag"] not in {"title", "script"}]
    tags = {str(attributes.get("lang")) for attributes, _ in own}
    spoken = {tag for tag in ("fr", "ar") if any(text.startswith(MARKS[tag]) for _, text in page.found)}
    assert tags >= spoken
    assert [each for each in own if each[0].get("dir") != "auto"] == []


@pytest.mark.slow
def test_the_server_answers_as_for_the_english_twin(english: KnowledgeGraph, other: KnowledgeGraph) -> None:
    expected, found = served(english), served(other)
    assert [name for name in SERVED if len(expected[name]) < 2] == []
    assert [name for name in SERVED if found[name] != expected[name]] == []


SERVED = ("documents", "pillars", "timeline", "action-sheet", "network", "completeness")


def served(kg: KnowledgeGraph) -> dict[str, list[str]]:
    """Return the rows that the server gives of some saved queries, in an order that no text decides."""
    handler = RequestHandler(*in_memory(kg), 10**9)
    made = {}
    for name in SERVED:
        told = json.loads(handler(Saved(name, (), "json")).content)["rows"]
        made[name] = sorted(str({key: plain(row[key]) for key in row if not key.endswith("_lang")}) for row in told)
    return made
