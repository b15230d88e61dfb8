"""The site: the bundled data as a folder, without pictures and with them, and a second run that finds all as it is."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from napgraph import KnowledgeGraph

__all__ = ["rows"]

ROOT = Path(__file__).resolve().parent.parent
BOUND = 20.0


def rows(runs: int) -> list[tuple[str, str, str]]:  # noqa: ARG001
    """Measure each once: a run takes seconds, and its time hardly varies beside that."""
    from napgraph.publish.site import publish_site

    kg = KnowledgeGraph.load(ROOT)
    made = []
    with tempfile.TemporaryDirectory() as folder:
        for what, pictures in (
            ("the site of the bundled data, without pictures", False),
            ("the same with pictures", True),
            ("the same again, nothing changed", True),
        ):
            start = time.process_time()
            done = publish_site(kg, f"{folder}/public", pictures=pictures)
            took = time.process_time() - start
            told = f"{done.files} files, {done.written} written; {took / BOUND:.2f} of {BOUND:.0f} s; at most 1"
            made.append((what, f"{took:.1f} s", told))
    return made
