"""Saved queries answer as was read from the source by hand, through the command line."""

from __future__ import annotations

import json
import re
import shlex
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pyoxigraph
import pytest

from napgraph import KnowledgeGraph
from napgraph.query.catalogue import Catalogue, SavedQuery
from napgraph.query.engine import embedded
from napgraph.rdf.namespaces import BASE, prefixes

from .conftest import ROOT, Run

QUERIES = list(Catalogue(str(ROOT)))
CHECKS = [query for query in QUERIES if query.folder == "check"]

# Something wrong for each check to find.
FAULTS = {
    "concepts-without-definition": "theme:x a skos:Concept ; skos:inScheme <https://w3id.org/napgraph/theme> .",
    "deprecated-in-use": "nap:x owl:deprecated true . <urn:x> nap:x <urn:y> .",
    "unknown-concepts": "<urn:x> nap:about theme:x .",
    "unlinked-elements": "<urn:x> a nap:Element .",
    "unused-terms": 'nap:x rdfs:isDefinedBy <https://w3id.org/napgraph/ont> ; nap:displayLabel "x"@en .',
}


class Golden(NamedTuple):
    """One golden file: its name, the command, whether it is about the invented world, why, columns and rows."""

    name: str
    command: list[str]
    world: bool
    why: str
    columns: list[str]
    rows: list[list[str]]


def read_golden(path: Path) -> Golden:
    lines = path.read_text(encoding="utf-8").splitlines()
    notes = [line for line in lines if line.startswith("#")]
    columns, *rows = [line.split("\t") for line in lines if not line.startswith("#")]
    why = " ".join(note.removeprefix("# why: ") for note in notes if note.startswith("# "))
    command = shlex.split(notes[0].removeprefix("#> "))
    return Golden(path.name.removesuffix(".tsv"), command, "#> world" in notes, why, columns, rows)


GOLDEN = [read_golden(path) for path in sorted((ROOT / "tests" / "golden").glob("*.tsv"))]


def number(text: str) -> str:
    return f"{Decimal(text).normalize():f}"


def cell(value: dict[str, str] | None, table: dict[str, str]) -> str:
    """Return a value of SPARQL JSON as golden files write it: IRIs below id/ or by prefix, numbers without zeros."""
    if value is None:
        return ""
    text = value["value"]
    if value.get("datatype", "").endswith(("#integer", "#decimal")):
        return number(text)
    if value["type"] != "uri":
        return text
    if text.startswith(f"{BASE}id/"):
        return text.removeprefix(f"{BASE}id/")
    fitting = [(len(space), prefix, space) for prefix, space in table.items() if text.startswith(space)]
    _, prefix, space = max(fitting, default=(0, "", ""))
    return f"{prefix}:{text.removeprefix(space)}" if prefix else text


@pytest.mark.slow
@pytest.mark.parametrize("golden", GOLDEN, ids=[golden.name for golden in GOLDEN])
def test_the_command_line_gives_the_golden_answer(
    golden: Golden, kg: KnowledgeGraph, world: Path, napgraph: Run
) -> None:
    root = ["--root", str(world)] if golden.world else []
    done = napgraph(*root, *golden.command[1:], "--format", "json")
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    assert set(golden.columns) <= set(answer["head"]["vars"])
    table = prefixes(kg.root)
    found = [[cell(row.get(name), table) for name in golden.columns] for row in answer["results"]["bindings"]]
    assert found == golden.rows


@pytest.mark.parametrize("golden", GOLDEN, ids=[golden.name for golden in GOLDEN])
def test_golden_files_say_why_and_are_named_by_their_query(golden: Golden) -> None:
    assert golden.command[:2] == ["napgraph", "query"]
    assert golden.command[2] == golden.name.partition(".")[0]
    assert len(golden.why) > 40
    assert golden.rows
    assert all(len(row) == len(golden.columns) for row in golden.rows)


def test_every_query_has_a_golden_file() -> None:
    answered = {golden.command[2] for golden in GOLDEN}
    asked = {query.name for query in QUERIES if query.folder not in {"lookup", "check"}}
    assert len(asked) > 40
    assert asked == answered


@pytest.mark.parametrize("query", QUERIES, ids=[query.name for query in QUERIES])
def test_headers_tell_the_truth(query: SavedQuery) -> None:
    answer = pyoxigraph.Store().query(query.text)
    assert isinstance(answer, pyoxigraph.QuerySolutions)
    assert [variable.value for variable in answer.variables] == query.columns
    assert query.header["summary"]
    assert query.header["question"].endswith("?")
    declared = {key.removeprefix("param-") for key in query.header if key.startswith("param-")}
    assert set(query.parameters) == declared
    assert all(parameter.kind and parameter.words for parameter in query.parameters.values())
    if query.folder not in {"check", "lookup"}:  # a number leads to its passage
        behind = next((each for each in QUERIES if each.name == query.header.get("behind")), query)
        assert "evidence" in behind.columns
    if query.folder == "check":
        assert query.columns == ["entity", "property", "value"]
        assert query.header["severity"] in {"Violation", "Warning", "Info"}
        assert query.header["solution"]


@pytest.mark.parametrize("query", CHECKS, ids=[query.name for query in CHECKS])
def test_checks_find_nothing_wrong(query: SavedQuery, kg: KnowledgeGraph) -> None:
    found = [str(row["entity"]) for row in kg.query(query.name)]
    if query.name == "unused-terms":  # a query does not see the shapes and the other queries; here they are read too
        files = [*(ROOT / "shapes").rglob("*.ttl"), *(ROOT / "queries").rglob("*.rq")]
        used = set(re.findall(r"\bnap:\w+", "\n".join(path.read_text(encoding="utf-8") for path in files)))
        used |= {"nap:approximate"}  # for what no record says as yet
        found = [term for term in found if term.replace(f"{BASE}ont#", "nap:") not in used]
    assert found == []


def count(store: pyoxigraph.Store, query: SavedQuery) -> int:
    answer = store.query(query.text)
    assert isinstance(answer, pyoxigraph.QuerySolutions)
    return sum(1 for _ in answer)


@pytest.mark.parametrize("query", CHECKS, ids=[query.name for query in CHECKS])
def test_checks_find_what_is_wrong(query: SavedQuery, kg: KnowledgeGraph) -> None:
    store = pyoxigraph.Store()
    store.bulk_extend(embedded(kg).store)
    before = count(store, query)
    head = "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in prefixes(kg.root).items())
    store.load((head + FAULTS[query.name]).encode(), format=pyoxigraph.RdfFormat.TURTLE)
    assert count(store, query) == before + 1
