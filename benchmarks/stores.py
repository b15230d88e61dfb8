"""The graph on disk: building it, opening it again, and comparing over it, however many plans it holds."""

from __future__ import annotations

import math
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import pyoxigraph

from napgraph import KnowledgeGraph
from napgraph.compare.matrix import axes
from napgraph.graph.build import stated_quads
from napgraph.graph.files import source_files
from napgraph.graph.store import load

from .check import spent
from .generate import write_root

__all__ = ["rows"]

SIZES = (22, 1000, 10000)
LOADED = 1000
NAPGRAPH = [sys.executable, "-m", "napgraph"]
_LOAD = [sys.executable, "-m", "benchmarks.stores"]


def rows(runs: int) -> list[tuple[str, str, str]]:
    """Measure each number of plans; a build is run once, being a thing of minutes, the rest ``runs`` times."""
    made: list[tuple[str, str, str]] = []
    with tempfile.TemporaryDirectory() as folder:
        os.environ["NAPGRAPH_CACHE"] = str(Path(folder, "cache"))
        # In a process of its own: building the graph here would count as the memory of each command.
        names = subprocess.check_output([*_LOAD, "axes"], text=True).split()
        bundled = {axis: _median([*NAPGRAPH, "compare", axis], runs)[0] for axis in names}
        builds: dict[int, float] = {}
        for plans in SIZES:
            root, store = str(write_root(Path(folder, f"root-{plans}"), plans)), str(Path(folder, f"store-{plans}"))
            builds[plans], peak = spent([*NAPGRAPH, "--root", root, "build", "--store", store])
            told = f"{peak:.0f} MB"
            if len(builds) > 1:
                few = list(builds)[-2]
                told += f"; exponent {math.log(builds[plans] / builds[few], plans / few):.2f} from {few:,}, at most 1.1"
            made.append((f"`napgraph build --store`, {plans:,} plans (once)", f"{builds[plans]:.1f} s", told))
            if plans == LOADED:
                made += _loads(root, folder, runs)
            made += _compared(plans, ["--root", root], ["--store", store], bundled, builds[plans], runs)
    return made


def _median(command: list[str], runs: int) -> tuple[float, float]:
    """Return the median of the CPU time, in seconds, and the largest peak of memory, in MB."""
    found = [spent(command) for _ in range(runs + 1)][1:]
    return statistics.median(each for each, _ in found), max(each for _, each in found)


def _loads(root: str, folder: str, runs: int) -> list[tuple[str, str, str]]:
    """Compare loading the files of a root, each into its graph, with the engine's bulk load of the same files."""
    times: dict[str, list[float]] = {"ours": [], "hand": []}
    for number in range(min(runs, 3)):
        for how, found in times.items():
            found.append(spent([*_LOAD, how, root, str(Path(folder, f"{how}-{number}"))])[0])
    ours, hand = (statistics.median(found) for found in times.values())
    return [
        (f"the files of {LOADED:,} plans loaded on disk by pyoxigraph, each in bulk", f"{hand:.1f} s", ""),
        ("the same by napgraph", f"{ours:.1f} s", f"{ours / hand:.2f} times; at most 1.3"),
    ]


def _compared(
    plans: int, root: list[str], store: list[str], bundled: dict[str, float], built: float, runs: int
) -> list[tuple[str, str, str]]:
    found = {axis: _median([*NAPGRAPH, *root, "compare", axis, *store], runs) for axis in bundled}
    worst = max(bundled, key=lambda axis: found[axis][0] / bundled[axis])
    few = ["-c", "XAA", "-c", "XAB"]
    narrowed = {axis: _median([*NAPGRAPH, *root, "compare", axis, *store, *few], 1) for axis in bundled}
    most = max(bundled, key=lambda axis: narrowed[axis][0])
    return [
        (
            f"`napgraph compare --store` on the axis that takes longest ({worst}), {plans:,} plans",
            f"{found[worst][0] * 1000:.0f} ms",
            f"{found[worst][0] / bundled[worst]:.1f} times the bundled data, at most 5; "
            f"{built / found[worst][0]:.0f} times faster than the build, at least 20; "
            f"{max(peak for _, peak in found.values()):.0f} MB, at most 200",
        ),
        (
            f"the same for two jurisdictions, with their wording ({most}), {plans:,} plans (once)",
            f"{narrowed[most][0] * 1000:.0f} ms",
            f"{max(peak for _, peak in narrowed.values()):.0f} MB",
        ),
    ]


def _load(how: str, root: str, folder: str) -> None:
    if how == "ours":
        load(pyoxigraph.Store(folder), (content for _, content in stated_quads(root))).flush()
        return
    store = pyoxigraph.Store(folder)
    for path, name in source_files(root):
        if path.endswith(".ttl"):  # the engine knows no mapping tables; there are a handful
            store.bulk_load(path=str(Path(root, path)), to_graph=pyoxigraph.NamedNode(name))
    store.flush()


if __name__ == "__main__":
    if sys.argv[1:] == ["axes"]:
        print(*axes(KnowledgeGraph.load()))
    else:
        _load(*sys.argv[1:])
