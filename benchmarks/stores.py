"""The graph on disk: building it, opening it again, comparing over it, and how queries grow with the plans.

``python -m benchmarks.stores [PLANS...]`` prints the rows for other numbers of plans than the 22, 200 and 1,000 that
``make bench`` takes; with 10,000 it runs for hours.
"""

from __future__ import annotations

import math
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from napgraph import KnowledgeGraph
from napgraph.graph.build import parts

from .check import spent
from .generate import write_root

__all__ = ["rows"]

SIZES = (22, 200, 1000)
NAPGRAPH = [sys.executable, "-m", "napgraph"]
_SKIPPED = {"similarity-of-plans", "shared-concepts"}
"""Queries over pairs of plans, whose answers grow with the square of the plans."""


def rows(runs: int, sizes: Sequence[int] = SIZES) -> list[tuple[str, str, str]]:
    """Measure each number of plans; a build is run once, being a thing of minutes, the rest ``runs`` times."""
    made: list[tuple[str, str, str]] = []
    grown: list[tuple[int, dict[str, float]]] = []
    with tempfile.TemporaryDirectory() as folder:
        os.environ["NAPGRAPH_CACHE"] = str(Path(folder, "cache"))
        bundled = statistics.median(spent([*NAPGRAPH, "compare", "pillars"])[0] for _ in range(runs + 1))
        for plans in sizes:
            root, store = write_root(Path(folder, f"root-{plans}"), plans), str(Path(folder, f"store-{plans}"))
            made += _size(plans, str(root), store, bundled, runs)
            grown.append((plans, _queries(KnowledgeGraph.load(root, store=store), runs)))
    return made + _growth(grown)


def _size(plans: int, root: str, store: str, bundled: float, runs: int) -> list[tuple[str, str, str]]:
    build, peak = spent([*NAPGRAPH, "--root", root, "build", "--store", store])
    ask = [*NAPGRAPH, "--root", root, "compare", "pillars", "--store", store]
    compared = [spent(ask) for _ in range(runs + 1)][1:]
    again, memory = statistics.median(each for each, _ in compared), max(each for _, each in compared)
    raw = _bulk_load(root)
    return [
        (f"`napgraph build --store`, {plans:,} plans (once)", f"{build:.1f} s", f"{peak:.0f} MB at most"),
        (f"pyoxigraph's bulk load of the same statements, {plans:,} plans (once)", f"{raw:.1f} s", ""),
        (
            f"`napgraph compare pillars --store`, {plans:,} plans",
            f"{again * 1000:.0f} ms",
            f"{again / bundled:.1f} times the bundled data, at most 5; {build / again:.0f} times faster than the "
            f"build, at least 20; {memory:.0f} MB, at most 200",
        ),
    ]


def _bulk_load(root: str) -> float:
    """Return the time of loading a file with everything stated and everything that follows, by hand and in one call."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "all.nt")
        with path.open("wb") as file:
            for part in parts(root):
                file.write(part.asserted + part.entailed)
        code = "import sys, pyoxigraph; pyoxigraph.Store(sys.argv[1]).bulk_load(path=sys.argv[2], lenient=True)"
        return spent([sys.executable, "-c", code, str(Path(folder, "store")), str(path)])[0]


def _queries(kg: KnowledgeGraph, runs: int) -> dict[str, float]:
    """Return the time of each saved query over the merged graph."""
    asked = [query for query in kg.queries if "graph" not in query.header and query.name not in _SKIPPED]
    return {query.name: _median(lambda name=query.name: kg.query(name).rows(), runs) for query in asked}  # type: ignore[misc]


def _median(run: Callable[[], object], runs: int) -> float:
    times = []
    for _ in range(runs):
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return statistics.median(times)


def _growth(grown: Sequence[tuple[int, dict[str, float]]]) -> list[tuple[str, str, str]]:
    """Return the queries that grow most from the last but one number of plans to the last, with their exponents."""
    (few, before), (many, after) = grown[-2:]
    exponents = {name: math.log(after[name] / before[name], many / few) for name in after}
    most = sorted(exponents, key=exponents.__getitem__, reverse=True)
    made = [
        (
            f"all saved queries, from {few:,} to {many:,} plans",
            f"{sum(before.values()):.1f} to {sum(after.values()):.1f} s",
            f"exponent {math.log(sum(after.values()) / sum(before.values()), many / few):.2f}; at most 1.1",
        )
    ]
    return made + [
        (
            f"query `{name}`, from {few:,} to {many:,} plans",
            f"{before[name] * 1000:.0f} to {after[name] * 1000:.0f} ms",
            f"exponent {exponents[name]:.2f}; at most 1.1",
        )
        for name in most[:5]
    ]


if __name__ == "__main__":
    for row in rows(3, [int(each) for each in sys.argv[1:]] or SIZES):
        print("| " + " | ".join(row) + " |")
