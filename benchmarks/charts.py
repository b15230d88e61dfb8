"""Pictures: a heat map of 22 jurisdictions by 20 concepts as PNG, cold and once the packages are warm."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

from napgraph import KnowledgeGraph

__all__ = ["rows"]

ROOT = Path(__file__).resolve().parent.parent
JURISDICTIONS, CONCEPTS = 22, 20
BOUND = 2.0


def rows(runs: int) -> list[tuple[str, str, str]]:
    """Measure the drawing alone, from the comparison to the bytes of the file."""
    from napgraph.charts import saved
    from tests.pictures import Invented

    comparison = Invented(KnowledgeGraph.load(ROOT), JURISDICTIONS, CONCEPTS)
    times = []
    for _ in range(runs + 1):
        start = time.process_time()
        saved(comparison.chart(), "png")
        times.append(time.process_time() - start)
    cold, warm = times[0], statistics.median(times[1:])
    what = f"a heat map of {JURISDICTIONS} by {CONCEPTS} as PNG"
    return [
        (f"{what}, first in a process", f"{cold * 1000:.0f} ms", ""),
        (f"{what}, warm", f"{warm * 1000:.0f} ms", f"{warm / BOUND:.2f} of {BOUND:.0f} s; at most 1"),
    ]
