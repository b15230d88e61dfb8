"""Measure everything that is promised, side by side in one run: ``python -m benchmarks [RUNS] [PART...]``.

RUNS is 5 unless it is given; a part is named by its module, such as ``closure``, or ``start_up``. Of one part alone the
rows are printed without their head.
"""

from __future__ import annotations

import gzip
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from . import batch, charts, check, closure, engines, queries, serve, site, stores

ROOT = Path(__file__).resolve().parent.parent
NAPGRAPH = [sys.executable, "-m", "napgraph"]


def cpu(command: list[str], environment: dict[str, str]) -> float:
    """Return the user and system time of one run of ``command``, in seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def in_turn(commands: dict[str, list[str]], runs: int, environment: dict[str, str]) -> dict[str, float]:
    """Return the median of each command, the commands taking turns so that all see the same machine."""
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(runs + 1):
        for name, command in commands.items():
            times[name].append(cpu(command, environment))
    return {name: statistics.median(found[1:]) for name, found in times.items()}


def start_up(runs: int) -> list[tuple[str, str, str]]:
    """Compare a warm start of ``compare pillars`` with importing the engine, and with the plain script."""
    with tempfile.TemporaryDirectory() as cache:
        environment = os.environ | {"NAPGRAPH_CACHE": cache}
        cold = cpu([*NAPGRAPH, "compare", "pillars"], environment)
        (packed,) = Path(cache).glob("*/*/entailed.nt.gz")
        entailed = Path(cache, "entailed.nt")
        entailed.write_bytes(gzip.decompress(packed.read_bytes()))
        commands = {
            "import": [sys.executable, "-c", "import pyoxigraph"],
            "napgraph": [*NAPGRAPH, "compare", "pillars"],
            "plain": [sys.executable, "-m", "benchmarks.plain", str(entailed), str(ROOT)],
        }
        found = in_turn(commands, runs, environment)
    bound = 3 * found["import"] + 0.1
    return [
        ("`import pyoxigraph`", f"{found['import'] * 1000:.0f} ms", ""),
        ("`napgraph compare pillars`, cache empty", f"{cold * 1000:.0f} ms", ""),
        (
            "`napgraph compare pillars`, cache warm",
            f"{found['napgraph'] * 1000:.0f} ms",
            f"{found['napgraph'] / bound:.2f} of the bound (3 × import + 0.1 s); at most 1",
        ),
        (
            "the same table by a plain script with rdflib",
            f"{found['plain'] * 1000:.0f} ms",
            f"{found['plain'] / found['napgraph']:.1f} times napgraph; at least 10",
        ),
    ]


PARTS: tuple[Callable[[int], list[tuple[str, str, str]]], ...] = (
    start_up,
    closure.rows,
    stores.rows,
    queries.rows,
    check.rows,
    batch.rows,
    charts.rows,
    site.rows,
    serve.rows,
    engines.rows,
)


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed package has its bytecode
    named = {part.__name__ if part is start_up else part.__module__.rpartition(".")[2]: part for part in PARTS}
    parts = sys.argv[2:] or list(named)
    if len(parts) == 1:
        _print(named[parts[0]], runs)
        return
    packages = ", ".join(f"{name} {version(name)}" for name in ("pyoxigraph", "rdflib", "owlrl", "pyshacl"))
    print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} processors; {packages}.")
    print(f"CPU time (user and system), medians of {runs} runs after one that is not counted, in turn.\n")
    print("| what | CPU time | ratio |\n| --- | --- | --- |", flush=True)
    for name in parts:
        # In a process of its own: the system counts the memory of whoever starts a command as the command's own.
        subprocess.run([sys.executable, "-m", "benchmarks", str(runs), name], check=True)


def _print(part: Callable[[int], list[tuple[str, str, str]]], runs: int) -> None:
    for row in part(runs):
        print("| " + " | ".join(row) + " |", flush=True)


if __name__ == "__main__":
    main()
