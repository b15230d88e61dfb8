"""Saved queries in memory, against rdflib and against the engine called by hand, and how they grow with the plans.

rdflib is asked each query once, in a process of its own that is ended when it has used ``LIMIT`` seconds of CPU time:
such a query counts with that time, which is less than it would take. At the larger size rdflib is asked a sample, from
quick to slow, of what it answers within ``QUICK`` seconds at the smaller one, since it takes minutes for a query and
gigabytes for the graph.
"""

from __future__ import annotations

import gc
import math
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sized
from pathlib import Path
from typing import NamedTuple

import pyoxigraph
import rdflib

from napgraph import KnowledgeGraph
from napgraph.graph.store import GRAPH
from napgraph.query.catalogue import SavedQuery
from napgraph.query.engine import embedded
from napgraph.query.results import to_python
from napgraph.rdf.terms import as_graph

from .check import spent
from .generate import write_root

__all__ = ["rows"]

FEW, MANY, STORED = 22, 1000, 200
LIMIT = {FEW: 10, MANY: 120}
QUICK, SAMPLE = 1.0, 6
"""Seconds that a query of the sample may take rdflib over few plans, and how many are asked over many."""
MATRIX = Path(__file__).with_name("matrix.rq")
_PAIRS = {"similarity-of-plans", "shared-concepts"}
"""Queries over pairs of plans, whose answers grow with the square of the plans."""
BOUND = 1.1
"""The exponent that the time of a query may grow with."""
_LOOK = "trafficking-scope"
"""The query that only looks up one property of each element: its growth is that of the machine's memory."""


def rows(runs: int) -> list[tuple[str, str, str]]:
    """Measure in memory over few plans and many, and on disk; over many plans each query is asked twice."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["NAPGRAPH_CACHE"] = str(Path(folder, "cache"))
        kg = KnowledgeGraph.load(write_root(Path(folder, "few"), FEW))
        queries = [query for query in kg.queries if "graph" not in query.header]
        few = _all(kg, queries, runs)
        graph = _as_rdflib(kg)
        slow = {query.name: _limited(lambda query=query: list(graph.query(query.text)), FEW) for query in queries}  # type: ignore[misc]
        made = [_against_rdflib(FEW, few, slow), _by_hand(kg, queries, runs)]
        made.append(_matrix(Path(folder), runs))
        quick = [query for query in queries if query.name not in _PAIRS and (slow[query.name] or LIMIT[FEW]) < QUICK]
        kg = KnowledgeGraph.load(write_root(Path(folder, "many"), MANY))
        len(embedded(kg).store)  # loaded now, and not with the first question
        asked = [query for query in queries if query.name not in _PAIRS]
        many = _all(kg, asked, 2)  # once more, since the first time clears up what the query before held
        graph = _as_rdflib(kg)
        # Evenly from quick to slow, without those that ask what does not grow with the plans.
        grown = [query for query in quick if many[query.name].seconds > 10 * few[query.name].seconds]
        grown.sort(key=lambda query: slow[query.name] or LIMIT[FEW])
        chosen = grown[len(grown) // SAMPLE - 1 :: len(grown) // SAMPLE]
        slow = {query.name: _limited(lambda query=query: list(graph.query(query.text)), MANY) for query in chosen}  # type: ignore[misc]
    return [*made, _against_rdflib(MANY, many, slow), *_growth(few, many)]


class _Asked(NamedTuple):
    """A query's least time, and how many rows its answer has."""

    seconds: float
    rows: int


def _all(kg: KnowledgeGraph, queries: list[SavedQuery], runs: int) -> dict[str, _Asked]:
    made = {}
    for query in queries:
        rows: list[int] = []
        seconds = _least(lambda query=query, rows=rows: rows.append(len(_ask(kg, query))), runs)  # type: ignore[misc]
        made[query.name] = _Asked(seconds, rows[0])
    return made


def _ask(kg: KnowledgeGraph, query: SavedQuery) -> Sized:
    return kg.query(query.name).rows()


def _as_rdflib(kg: KnowledgeGraph) -> rdflib.Graph:
    graph = as_graph(quad.triple for quad in embedded(kg).store)
    next(iter(graph.query(MATRIX.read_text("utf-8"))))  # the first question builds rdflib's grammar
    gc.freeze()  # what is there is not gone through again for what a query makes
    return graph


def _least(run: Callable[[], object], runs: int) -> float:
    times = []
    for _ in range(runs):
        gc.collect()  # what an answer before left behind is not cleared within this one
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return min(times)


def _limited(run: Callable[[], object], plans: int) -> float | None:
    """Return the time of ``run`` in a process of its own, or None where it had to be ended."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        resource.setrlimit(resource.RLIMIT_CPU, (LIMIT[plans], LIMIT[plans]))
        os.write(write, str(_least(run, 1)).encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as told:
        found = told.read()
    os.waitpid(child, 0)
    return float(found) if found else None


def _against_rdflib(plans: int, ours: Mapping[str, _Asked], theirs: Mapping[str, float | None]) -> tuple[str, str, str]:
    taken = {name: found or LIMIT[plans] for name, found in theirs.items()}
    ratios = sorted(taken[name] / ours[name].seconds for name in taken)
    total = sum(ours[name].seconds for name in taken)
    stopped = sum(found is None for found in theirs.values())
    return (
        f"{len(taken)} saved queries in memory, {plans:,} plans",
        f"{total * 1000:.0f} ms; rdflib {sum(taken.values()):.1f} s",
        f"rdflib {sum(taken.values()) / total:.0f} times, at least 20; median {statistics.median(ratios):.0f}, least "
        f"{ratios[0]:.1f}; {stopped} ended at {LIMIT[plans]} s",
    )


def _by_hand(kg: KnowledgeGraph, queries: list[SavedQuery], runs: int) -> tuple[str, str, str]:
    """Compare with the engine called by hand on the same graph, its answers turned into the same rows."""
    store = embedded(kg).store
    ours = theirs = 0.0
    for query in queries:
        one, other = _in_turn(lambda query=query: _ask(kg, query), lambda query=query: _hand(store, query.text), runs)  # type: ignore[misc]
        ours, theirs = ours + one, theirs + other
    return (
        f"{len(queries)} saved queries in memory, {FEW} plans",
        f"{ours * 1000:.0f} ms",
        f"{ours / theirs:.2f} of pyoxigraph by hand; at most 1.1",
    )


def _in_turn(one: Callable[[], object], other: Callable[[], object], runs: int) -> tuple[float, float]:
    times = [(_least(one, 1), _least(other, 1)) for _ in range(runs)]
    return min(first for first, _ in times), min(second for _, second in times)


def _hand(store: pyoxigraph.Store, text: str) -> object:
    answer = store.query(text)
    if not isinstance(answer, pyoxigraph.QuerySolutions):
        return bool(answer)
    names = [variable.value for variable in answer.variables]
    return [dict(zip(names, map(to_python, row), strict=True)) for row in answer]


def _matrix(folder: Path, runs: int) -> tuple[str, str, str]:
    """Ask a question of somebody's own over the plans in a built store, and the same of its database by hand."""
    root, store = write_root(folder / "stored", STORED), folder / "store"
    spent([sys.executable, "-m", "napgraph", "--root", str(root), "build", "--store", str(store)])
    kg = KnowledgeGraph.load(root, store=store)
    opened = pyoxigraph.Store.read_only(str(next(store.glob(f"*/{GRAPH}"))))
    text = MATRIX.read_text("utf-8")
    if kg.query(str(MATRIX)).rows() != _hand(opened, text):
        raise RuntimeError("the store and its database give different answers")
    ours, theirs = _in_turn(lambda: kg.query(str(MATRIX)).rows(), lambda: _hand(opened, text), runs)
    return (
        f"a matrix over the plans themselves, `--store`, {STORED} plans",
        f"{ours * 1000:.0f} ms",
        f"{ours / theirs:.2f} of pyoxigraph by hand on the same database; at most 1.1",
    )


def _growth(few: Mapping[str, _Asked], many: Mapping[str, _Asked]) -> list[tuple[str, str, str]]:
    def exponent(before: float, after: float) -> float:
        return math.log(after / before, MANY / FEW)

    grown = {name: exponent(few[name].seconds, many[name].seconds) for name in many}
    # An answer without rows grows as one of one row: such a query is held to the bound alone.
    answers = {name: exponent(max(few[name].rows, 1), max(many[name].rows, 1)) for name in many}
    most = sorted(grown, key=lambda name: grown[name] - max(answers[name], 1), reverse=True)[:5]
    before, after = sum(few[name].seconds for name in many), sum(each.seconds for each in many.values())
    over = [name for name in grown if grown[name] > BOUND]
    faster = sum(grown[name] > max(BOUND, answers[name] + BOUND - 1) for name in over)
    return [
        (
            f"{len(many)} saved queries in memory, from {FEW} to {MANY:,} plans",
            f"{before:.2f} to {after:.1f} s",
            f"exponent {exponent(before, after):.2f}, at most {BOUND}; {len(over)} above that, {faster} of them where "
            "the answer does not grow so fast",
        ),
        *(
            (
                f"query `{name}`, from {FEW} to {MANY:,} plans",
                f"{few[name].seconds * 1000:.1f} to {many[name].seconds * 1000:.0f} ms",
                f"exponent {grown[name]:.2f}, of its rows {answers[name]:.2f}"
                + "; it looks once at each element" * (name == _LOOK),
            )
            for name in (_LOOK, *(each for each in most if each != _LOOK))
        ),
    ]


if __name__ == "__main__":
    for row in rows(3):
        print("| " + " | ".join(row) + " |")
