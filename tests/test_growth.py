"""No query is written in a form whose cost grows faster than the data.

A time cannot be asserted, so looked at are the text, and how often each step of the engine's plan is taken over few
plans and over many, which comes out the same in every run; ``make bench`` measures the times.
"""

from __future__ import annotations

import json
import math
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.generate import write_root
from napgraph import KnowledgeGraph
from napgraph.query.engine import embedded

from .conftest import ROOT

pytestmark = pytest.mark.slow

QUERIES = sorted((ROOT / "queries").rglob("*.rq"))
_WORDS = re.compile(r'"[^"\n]*"|<[^<>\s]*>|#[^\n]*')

OXIGRAPH = str(Path(sys.executable).parent / "oxigraph")
FEW, MANY = 4, 16
TIMES = MANY / FEW
ROOM = 2
"""What is linear grows four times from few plans to many, what is quadratic sixteen times: eight lies between."""
NOISE = 150
"""What one plan in ten holds may stand in none of the few: so much is let pass whatever it was."""


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Few plans and many, on disk, where Oxigraph's own command explains how it answers."""
    folder = tmp_path_factory.mktemp("growth")
    made = []
    for plans in (FEW, MANY):
        graph = embedded(KnowledgeGraph.load(write_root(folder / f"root-{plans}", plans)))
        file, store = folder / f"{plans}.nt", folder / f"store-{plans}"
        file.write_bytes(b"".join((*graph.asserted(), *graph.entailed())))
        load = [OXIGRAPH, "load", "--location", str(store), "--file", str(file), "--lenient"]
        subprocess.run(load, check=True, capture_output=True)
        made.append(store)
    return made[0], made[1]


def steps(store: Path, text: str) -> Counter[str]:
    """Return how many rows each step of the plan that answers a query makes or goes through; the answer is ``""``."""
    explained = store.with_suffix(".json")
    form = "nt" if re.search(r"^CONSTRUCT\b", text, re.MULTILINE) else "tsv"
    asked = ["--location", str(store), "--query", text, "--results-format", form]
    told = ["--explain-file", str(explained), "--stats"]
    subprocess.run([OXIGRAPH, "query", *asked, *told], check=True, capture_output=True)
    plan = json.loads(explained.read_text("utf-8"))["plan"]
    counted = Counter({"": plan["number of results"]})
    waiting = [plan]
    while waiting:
        step = waiting.pop()
        waiting += step["children"]
        rows = step["number of results"]
        if re.search(r"keys = (\)|,)", step["name"]):  # each row of one side is set against each of the other
            rows = max(rows, math.prod(below["number of results"] for below in step["children"]))
        counted[named(step["name"])] += rows
    return counted


def named(step: str) -> str:
    """Return the name of a step without what differs from run to run: made-up variables, and the order of keys."""
    step = re.sub(r"\?[0-9a-f]{30,32}\b", "?made-up", step)
    return re.sub(r"(?<=keys = )\?[^),]*(, \?\w+)*", lambda keys: ", ".join(sorted(keys[0].split(", "))), step)


def overgrown(stores: tuple[Path, Path], text: str) -> list[str]:
    """Return the steps of a query that grow far faster than both the plans and the answer."""
    few, many = (steps(store, text) for store in stores)
    allowed = ROOM * max(TIMES, many[""] / max(few[""], 1))
    most = max(few.values())  # what a step is held to that the engine names or places otherwise over few plans
    return [
        f"{step}: {few[step]} rows over {FEW} plans, {rows} over {MANY}"
        for step, rows in many.items()
        if rows > allowed * few.get(step, most) + NOISE
    ]


def test_no_saved_query_grows_faster_than_the_plans(stores: tuple[Path, Path]) -> None:
    found = {path.stem: overgrown(stores, path.read_text(encoding="utf-8")) for path in QUERIES}
    assert {name: told for name, told in found.items() if told} == {}


PREFIXES = "PREFIX nap: <https://w3id.org/napgraph/ont#>\nPREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"


@pytest.mark.parametrize(
    ("slow", "fast"),
    [
        pytest.param(
            "?document nap:hasElement ?part FILTER NOT EXISTS { ?goal a nap:StrategicGoal ; nap:hasIndicator ?part }",
            "?document nap:hasElement ?part MINUS { ?goal a nap:StrategicGoal ; nap:hasIndicator ?part }",
            id="asked anew for every row",
        ),
        pytest.param(
            "?document nap:jurisdiction ?place { ?document nap:hasElement ?part } UNION { BIND(nap:none AS ?part) }",
            "?document nap:jurisdiction ?place { ?document nap:hasElement ?part } "
            "UNION { ?document nap:jurisdiction ?any BIND(nap:none AS ?part) }",
            id="joined by nothing",
        ),
        pytest.param(
            "?document nap:jurisdiction ?place ; nap:sourceExtent ?extent "
            "{ ?document nap:hasElement ?part . ?part a nap:PlannedActivity } UNION { ?document nap:hasEvent ?part }",
            "?document nap:jurisdiction ?place ; nap:sourceExtent ?extent { SELECT ?document ?part WHERE { { ?document "
            "nap:hasElement ?part . ?part a nap:PlannedActivity } UNION { ?document nap:hasEvent ?part } } }",
            id="gone through for each document",
        ),
    ],
)
def test_slow_forms_are_found_by_their_steps(stores: tuple[Path, Path], slow: str, fast: str) -> None:
    assert overgrown(stores, f"{PREFIXES}SELECT ?document ?part WHERE {{ {slow} }}")
    assert not overgrown(stores, f"{PREFIXES}SELECT ?document ?part WHERE {{ {fast} }}")


def correlated(text: str) -> list[str]:
    """Return what stands in each NOT EXISTS or EXISTS of a query that holds more than one pattern, or a path.

    Oxigraph asks such a group anew for every row, and goes through all that it matches each time: on 1,000 plans
    minutes for what MINUS, which is one join, answers in a fifth of a second.
    """
    text = _WORDS.sub("<x>", text)
    found = []
    for start in re.finditer(r"\bEXISTS\s*\{", text):
        depth, end = 1, start.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        body = text[start.end() : end - 1].strip().rstrip(".").strip()
        if re.search(r"[.;{|]|\S/\S|[*+](?=\s)", body):
            found.append(body)
    return found


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_nothing_is_asked_anew_for_every_row(path: object) -> None:
    assert correlated(path.read_text(encoding="utf-8")) == []  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "body",
    [
        "?a nap:x ?b . ?b nap:y ?c",
        "?a nap:x/nap:y ?c .",
        "?a nap:x ?b ; nap:y ?c",
        "?a skos:broader* ?b",
        "{ ?a nap:x ?b } UNION { ?a nap:y ?b }",
    ],
)
def test_the_forms_are_recognised(body: str) -> None:
    assert correlated(f'SELECT ?a WHERE {{ ?a nap:z "EXISTS {{" . FILTER NOT EXISTS {{ {body} }} }}')
    assert not correlated(f"SELECT ?a WHERE {{ ?a nap:z ?z MINUS {{ {body} }} }}")
    assert not correlated("SELECT ?a WHERE { ?a nap:z ?z FILTER NOT EXISTS { ?a nap:x ?b . } }")
