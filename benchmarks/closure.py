"""What follows from 22, 1,000 and 10,000 plans: by owlrl, by the compiled rules, and with what the build queries make.

``python -m benchmarks.closure WHAT ROOT`` prints the CPU time in seconds and the peak memory in MB as JSON. Reading the
files is not counted for ``owlrl`` and ``compiled``, and is for ``build`` and ``change``.
"""

from __future__ import annotations

import json
import math
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from napgraph.graph.build import build, load_graph, partitions
from napgraph.graph.closure import Closure, refuse_unknown
from napgraph.graph.files import JURISDICTIONS, read_content, read_file, source_files
from napgraph.graph.owlrl import entailed
from napgraph.graph.partitions import Statements, read_lines

from .generate import write_root

__all__ = ["rows"]

SIZES = (22, 1000, 10000)
BOUND, GROWTH = 100, 1.1


def rows(runs: int) -> list[tuple[str, str, str]]:
    """Compare the engines at the smallest size, and how ours grows; above 22 plans each is measured once."""
    with tempfile.TemporaryDirectory() as folder:
        roots = {plans: write_root(Path(folder, str(plans)), plans) for plans in SIZES}
        few = roots[SIZES[0]]
        owlrl, _ = _measured("owlrl", few)
        closed = {plans: _median("compiled", root, runs if root == few else 1) for plans, root in roots.items()}
        # How the whole build grows on to 10,000 plans stands with the stores.
        built = {plans: _median("build", roots[plans], runs if plans == SIZES[0] else 1) for plans in SIZES[:2]}
        changed = {plans: _measured("change", roots[plans])[0] for plans in SIZES[:2]}
    ratio = owlrl / closed[SIZES[0]][0]
    found = [
        (f"owlrl, {SIZES[0]} plans (once)", _time(owlrl), ""),
        (f"compiled rules, {SIZES[0]} plans", _time(closed[SIZES[0]][0]), f"{ratio:.0f} times; at least {BOUND}"),
    ]
    found += [_grown("compiled rules", closed, plans) for plans in SIZES[1:]]
    found.append((f"the graph built in parts, {SIZES[0]} plans", _time(built[SIZES[0]][0]), _memory(built[SIZES[0]])))
    found += [_grown("the graph built in parts", built, plans) for plans in SIZES[1:] if plans in built]
    for plans, spent in changed.items():
        share = f"{spent / built[plans][0]:.2f} of building all"
        found.append((f"the graph after one jurisdiction of {plans:,} plans changed (once)", _time(spent), share))
    return found


def _grown(what: str, found: dict[int, tuple[float, float]], plans: int) -> tuple[str, str, str]:
    few = SIZES[0]
    exponent = math.log(found[plans][0] / found[few][0]) / math.log(plans / few)
    grown = f"exponent {exponent:.2f}, at most {GROWTH}; {_memory(found[plans])}"
    return f"{what}, {plans:,} plans (once)", _time(found[plans][0]), grown


def _time(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 10 else f"{seconds:.0f} s"  # noqa: PLR2004


def _memory(found: tuple[float, float]) -> str:
    return f"peak memory {found[1]:.0f} MB"


def _median(what: str, root: Path, runs: int) -> tuple[float, float]:
    found = [_measured(what, root) for _ in range(runs)]
    return statistics.median(each[0] for each in found), max(each[1] for each in found)


def _measured(what: str, root: Path) -> tuple[float, float]:
    command = [sys.executable, "-m", "benchmarks.closure", what, str(root)]
    with tempfile.TemporaryDirectory() as cache:
        found = json.loads(subprocess.check_output(command, env=os.environ | {"NAPGRAPH_CACHE": cache}))
    return found["seconds"], found["memory"]


def _owlrl(root: str) -> float:
    triples = [triple for path, _ in source_files(root) for triple in read_file(root, path)]
    start = time.process_time()
    entailed(triples)
    return time.process_time() - start


def _compiled(root: str) -> float:
    """Close every file, one at a time in memory."""
    spent = 0.0
    paths = [path for path, _ in source_files(root)]
    shared = [path for path in paths if not path.startswith(JURISDICTIONS)]
    below: Closure | None = None
    for group in (shared, *([path] for path in paths if path.startswith(JURISDICTIONS))):
        lines = [line for path in group for line in read_lines(read_content(root, path), path)]
        start = time.process_time()
        stated = Statements(lines)
        refuse_unknown(stated.resource_triples, stated.written, stated.subjects)
        closure = (
            Closure(below.axioms, stated.resource_triples, below)
            if below
            else Closure.of_shared(stated.resource_triples)
        )
        below = below or closure
        closure.contradictions()
        closure.new_lines(stated.resource_triples, stated.subjects)
        spent += time.process_time() - start
    return spent


def _build(root: str) -> float:
    start = time.process_time()
    for _ in partitions(root):
        pass
    return time.process_time() - start


def _change(root: str) -> float:
    load_graph(root)
    path = next(Path(root, JURISDICTIONS).glob("*.ttl"))
    path.write_text(path.read_text("utf-8") + "\n# changed\n", "utf-8")
    start = time.process_time()
    build(root)
    return time.process_time() - start


if __name__ == "__main__":
    measure = {"owlrl": _owlrl, "compiled": _compiled, "build": _build, "change": _change}[sys.argv[1]]
    seconds = measure(sys.argv[2])
    print(json.dumps({"seconds": seconds, "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
