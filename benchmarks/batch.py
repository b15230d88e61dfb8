"""A folder of submissions checked on every processor, findings streamed to a file: time and memory by their number."""

from __future__ import annotations

import math
import sys
import tempfile
import time
from pathlib import Path

from .check import spent
from .generate import write

__all__ = ["rows"]

SIZES = (250, 1000, 10000)
GROWTH = 1.1


def rows(_: int) -> list[tuple[str, str, str]]:
    """Measure each number once: the largest takes minutes."""
    found: dict[int, tuple[float, float, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        files = write(Path(folder, "all"), SIZES[-1])
        for count in SIZES:
            some = Path(folder, str(count))
            some.mkdir()
            for file in files[:count]:
                (some / file.name).symlink_to(file)
            command = [sys.executable, "-m", "napgraph", "check", str(some), "-o", str(Path(folder, f"{count}.jsonl"))]
            start = time.perf_counter()
            found[count] = (*spent(command), time.perf_counter() - start)
            if len(Path(folder, f"{count}.jsonl").read_bytes().splitlines()) != count:
                raise RuntimeError(f"not every submission of {count} has its line")
    (least, few, _wall), *_rest = found.values()
    return [
        (
            f"`napgraph check FOLDER`, {count:,} submissions, per submission (once)",
            f"{cpu / count * 1000:.1f} ms",
            f"{count / wall:.0f} a second; exponent {_exponent(cpu / least, count):.2f}, at most {GROWTH}; "
            f"peak memory {memory:.0f} MB, {memory / few:.2f} times that of {SIZES[0]}",
        )
        for count, (cpu, memory, wall) in found.items()
    ]


def _exponent(ratio: float, count: int) -> float:
    return math.log(ratio) / math.log(count / SIZES[0]) if count != SIZES[0] else 1.0
