"""Checking submissions, against pyshacl with the same shapes, ontology, code lists and files on the same machine.

``python -m benchmarks.check FILE...`` judges each file by both engines in one warm process, and prints as JSON the CPU
time that each takes for a file and whether they find the same. pyshacl is measured on a sample, since it takes
seconds for each.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph
from pyoxigraph import Triple

from napgraph.graph.files import read_turtle

from .generate import write

__all__ = ["rows", "spent"]

ROOT = Path(__file__).resolve().parent.parent
SUBMISSIONS = 1000
SAMPLE = 10


def rows(runs: int) -> list[tuple[str, str, str]]:
    """Compare one file cold, and many in a row."""
    with tempfile.TemporaryDirectory() as folder:
        files = [str(path) for path in write(Path(folder, "submissions"), SUBMISSIONS)]
        one, other = _cold(Path(folder), files[0], runs)
        total, _ = spent(_napgraph(files))
        each = total / SUBMISSIONS
        warm = json.loads(subprocess.check_output([sys.executable, "-m", "benchmarks.check", *files[:SAMPLE]]))
    finds = "same findings" if warm["same"] else "OTHER FINDINGS"
    return [
        ("`pyshacl`, one submission, cold", f"{other * 1000:.0f} ms", ""),
        (
            "`napgraph check`, the same",
            f"{one * 1000:.0f} ms",
            f"{one / other:.2f} of pyshacl; at most 0.20",
        ),
        (f"pyshacl, warm, per submission (sample of {SAMPLE})", f"{warm['pyshacl'] * 1000:.0f} ms", ""),
        (
            f"`napgraph check`, {SUBMISSIONS} submissions, per submission",
            f"{each * 1000:.1f} ms",
            f"{warm['pyshacl'] / each:.0f} times as fast as pyshacl warm; at least 50",
        ),
        (
            "the validator alone, warm, per submission",
            f"{warm['compiled'] * 1000:.1f} ms",
            f"{warm['pyshacl'] / warm['compiled']:.0f} times as fast; {finds}",
        ),
    ]


def _cold(folder: Path, file: str, runs: int) -> tuple[float, float]:
    """Return the CPU time of both commands on one file, medians, the commands taking turns."""
    data, shapes = folder / "data.ttl", folder / "shapes.ttl"
    _write(data, [*_read([Path(file)]), *_lists()])
    _write(shapes, _read((ROOT / "shapes").glob("*.ttl")))
    ontology = str(ROOT / "ontology" / "napgraph.ttl")
    pyshacl = [sys.executable, "-m", "pyshacl", "-s", str(shapes), "-e", ontology, str(data)]
    times = [(spent(_napgraph([file]))[0], spent(pyshacl)[0]) for _ in range(runs + 1)]
    one, other = (statistics.median(each) for each in zip(*times[1:], strict=True))
    return one, other


def _napgraph(files: list[str]) -> list[str]:
    return [sys.executable, "-m", "napgraph", "check", *files]


def spent(command: list[str]) -> tuple[float, float]:
    """Return the CPU time in seconds and the peak memory in MB of a command and what it starts."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in {0, 1}:
        raise RuntimeError(f"{command[:4]} ended with {process.returncode}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def _lists() -> list[Triple]:
    """Return what a submission may point to: code lists and international bodies; its sources are its own."""
    data = [path for path in (ROOT / "data").glob("**/*.ttl") if path.parent.name not in {"jurisdictions", "sources"}]
    return _read([*(ROOT / "ontology" / "schemes").glob("*.ttl"), *data])


def _read(paths: Iterable[Path]) -> list[Triple]:
    return [triple for path in sorted(paths) for triple in read_turtle(path.read_bytes(), str(path))]


def _write(path: Path, triples: list[Triple]) -> None:
    path.write_bytes(pyoxigraph.serialize(triples, format=pyoxigraph.RdfFormat.TURTLE) or b"")


def _warm(files: list[str]) -> dict[str, float | bool]:
    from napgraph.validation.pyshacl import PyshaclValidator
    from napgraph.validation.shacl import Validator

    records = [_read([Path(file)]) for file in files]
    context = (_read((ROOT / "shapes").glob("*.ttl")), _read([ROOT / "ontology" / "napgraph.ttl"]), _lists())
    times, found = [], []
    for engine in (Validator(*context), PyshaclValidator(*context)):
        engine.results(records[0])
        each = []
        for record in records:
            start = time.process_time()
            found.append(engine.results(record))
            each.append(time.process_time() - start)
        times.append(statistics.median(each))
    return {"compiled": times[0], "pyshacl": times[1], "same": found[: len(files)] == found[len(files) :]}


if __name__ == "__main__":
    print(json.dumps(_warm(sys.argv[1:])))
