"""The graph in engines that others run: how long it takes to load, what it holds in memory, how soon it answers.

Each engine is a new server on this machine that holds nothing else, loaded by ``push`` and asked saved queries over
HTTP, all rows read. Beside them stands the store of napgraph itself, asked in its own process.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from napgraph import KnowledgeGraph
from napgraph.query.graph_store import Credentials, push
from tests import servers
from tests.serving import children_of

from .generate import write_root

__all__ = ["rows"]

SIZES = (200, 1000)
ASKED: dict[str, dict[str, str]] = {"pillars": {}, "action-sheet": {"country": "xab"}, "money": {}}
PATIENCE = 600
_TICKS = os.sysconf("SC_CLK_TCK")
_Rows = list[tuple[str, str, str]]


def rows(runs: int) -> _Rows:
    """Measure each engine with each number of plans; loading is done once."""
    made: _Rows = []
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            root = write_root(Path(folder, "root"), size)
            os.environ["NAPGRAPH_CACHE"] = str(Path(folder, "cache"))
            kg = KnowledgeGraph.load(root)
            kg.query("documents")
            made.append((f"{size:,} plans in the store of napgraph", _answers(kg, runs), ""))
            for name, engine, login in _engines():
                with engine(Path(tempfile.mkdtemp(dir=folder))) as base:
                    server, start = children_of(os.getpid())[-1], time.perf_counter()
                    push(kg, base, credentials=login, seconds=PATIENCE)
                    took = time.perf_counter() - start
                    far = KnowledgeGraph.load(root, endpoint=base, timeout=PATIENCE)
                    answers = _answers(far, runs)
                    held = f"{_memory(server):,.0f} MB; loaded in {took:.0f} s, {_spent(server):.0f} s CPU in all"
                    made.append((f"the same in {name}", answers, held))
    return made


def _engines() -> Iterator[tuple[str, Callable[[Path], AbstractContextManager[str]], Credentials | None]]:
    @contextmanager
    def oxigraph(_: Path) -> Iterator[str]:
        with servers.oxigraph() as base:
            yield f"{base}/query"

    @contextmanager
    def virtuoso(folder: Path) -> Iterator[str]:
        with servers.virtuoso(folder) as base:
            yield f"{base}/sparql"

    @contextmanager
    def fuseki(folder: Path) -> Iterator[str]:
        with servers.fuseki(folder) as base:
            yield f"{base}/query"

    yield "Oxigraph's server, in memory", oxigraph, None
    yield "Virtuoso, on disk", virtuoso, Credentials("dba", "dba")
    yield "Apache Jena Fuseki, in memory", fuseki, None


def _answers(kg: KnowledgeGraph, runs: int) -> str:
    """Return in words how long each question takes, the median of the runs after one."""
    told = []
    for name, values in ASKED.items():
        times = []
        for _ in range(runs + 1):
            start = time.perf_counter()
            kg.query(name, **values)
            times.append(time.perf_counter() - start)
        told.append(f"`{name}` {statistics.median(times[1:]) * 1000:,.0f} ms")
    return ", ".join(told)


def _memory(process: int) -> float:
    """Return the most memory that a process has held, in MB."""
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def _spent(process: int) -> float:
    """Return the CPU time of a process, in seconds."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS
