"""The site: the bundled data as a folder, without pictures and with them, and a second run that finds all as it is.

Then invented plans of about 12,500 and 25,000 resources, from a graph on disk, on two cores: time as a clock shows it,
and the most memory that a process takes.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from napgraph import KnowledgeGraph

from .check import spent
from .generate import write_root

__all__ = ["rows"]

ROOT = Path(__file__).resolve().parent.parent
PLANS = (80, 165)
LARGE = 180.0
FLAT = 1.3


def rows(runs: int) -> list[tuple[str, str, str]]:  # noqa: ARG001
    """Measure each once: a run takes seconds, and its time hardly varies beside that."""
    from napgraph.site.build import publish_site

    kg = KnowledgeGraph.load(ROOT)
    made = []
    with tempfile.TemporaryDirectory() as folder:
        for what, pictures, bound in (
            ("the site of the bundled data, without pictures", False, 60),
            ("the same with pictures", True, 60),
            ("the same again, nothing changed", True, 5),
        ):
            start = time.process_time()
            done = publish_site(kg, f"{folder}/public", pictures=pictures)
            took = time.process_time() - start
            told = f"{done.files} files, {done.written} written; {took / bound:.2f} of {bound} s; at most 1"
            made.append((what, f"{took:.1f} s", told))
    return [*made, *_large()]


def _large() -> list[tuple[str, str, str]]:
    command = [sys.executable, "-m", "napgraph", "--root"]
    with tempfile.TemporaryDirectory() as folder:
        memory = []
        for plans in PLANS:
            root, store, public = (f"{folder}/{plans}-{part}" for part in ("root", "store", "public"))
            write_root(Path(root), plans)
            start = time.monotonic()
            built, _ = spent([*command, root, "build", "--store", store])
            used, most = spent([*command, root, "site", "-o", public, "--store", store, "--jobs", "2"])
            took = time.monotonic() - start
            memory.append(most)
    told = f"build and site {built + used:.0f} s CPU; {took / LARGE:.2f} of {LARGE:.0f} s; at most 1"
    growth = memory[1] / memory[0]
    return [
        (f"the site of {PLANS[1]} invented plans, graph on disk, two cores, by the clock", f"{took:.0f} s", told),
        ("its memory", f"{memory[1]:.0f} MB", f"{growth:.2f} times that of half as many; at most {FLAT:g}"),
    ]
