"""Requests a second with 8 clients, and their 99th percentile: ours against Oxigraph's own server, on the same graph.

Asked is the comparison of pillars over all plans, in the same text, and as a saved query. The servers take turns, each
under the same client, a process of its own: ``python -m benchmarks.serve PORT PATH SECONDS`` prints what it counted.
"""

from __future__ import annotations

import asyncio
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast
from urllib.parse import quote

from napgraph import KnowledgeGraph
from napgraph.query.engine import embedded

__all__ = ["rows"]

CLIENTS = 8
SECONDS = 20  # one answer takes most of one, and every client waits for its turn
QUERY = "pillars"


def rows(runs: int) -> list[tuple[str, str, str]]:
    """Measure the three in turn; medians of the runs."""
    kg = KnowledgeGraph.load()
    lines = [line.strip() for line in kg.queries.get(QUERY).text.splitlines()]
    # Without its comments: Oxigraph's server takes no address above 8 KB.
    asked = "?query=" + quote("\n".join(line for line in lines if not line.startswith("#")))
    with _ours() as port, _oxigraph(b"".join((*embedded(kg).asserted(), *embedded(kg).entailed()))) as other:
        targets = {"theirs": (other, f"/query{asked}"), "ours": (port, f"/sparql{asked}")}
        targets["saved"] = (port, f"/query/{QUERY}.csv")
        found: dict[str, list[tuple[float, float]]] = {name: [] for name in targets}
        for _ in range(runs + 1):
            for name, (at, path) in targets.items():
                command = [sys.executable, "-m", "benchmarks.serve", str(at), path, str(SECONDS)]
                found[name].append(tuple(json.loads(subprocess.check_output(command))))
    rate = {name: statistics.median(each[0] for each in some[1:]) for name, some in found.items()}
    late = {name: statistics.median(each[1] for each in some[1:]) for name, some in found.items()}

    def told(name: str) -> str:
        return f"{rate[name]:,.0f} a second, 99 % within {late[name] * 1000:.0f} ms"

    return [
        (f"Oxigraph's server, `{QUERY}` by {CLIENTS} clients", told("theirs"), ""),
        (
            "`napgraph serve`, the same",
            told("ours"),
            f"{rate['ours'] / rate['theirs']:.2f} of Oxigraph's; at least 0.80",
        ),
        (
            f"`napgraph serve`, `/query/{QUERY}.csv`",
            told("saved"),
            f"{rate['saved'] / rate['theirs']:.0f} times Oxigraph's; at least 10",
        ),
    ]


@contextmanager
def _ours() -> Iterator[int]:
    command = [sys.executable, "-m", "napgraph", "serve", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        told = re.search(r":(\d+)/", process.stderr.readline() if process.stderr else "")
        if not told:
            raise RuntimeError("the server did not start")
        try:
            yield int(told[1])
        finally:
            process.terminate()


@contextmanager
def _oxigraph(statements: bytes) -> Iterator[int]:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    command = [str(Path(sys.executable).parent / "oxigraph"), "serve", "--bind", f"127.0.0.1:{port}"]
    with tempfile.TemporaryFile() as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        address = f"http://127.0.0.1:{port}/store?default"
        request = urllib.request.Request(address, statements, {"content-type": "application/n-triples"}, method="PUT")
        until = time.monotonic() + 20
        while True:
            try:
                urllib.request.urlopen(request).close()  # noqa: S310
                break
            except OSError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)
        try:
            yield port
        finally:
            process.terminate()


class _Client(asyncio.Protocol):
    """One connection that asks again as soon as it is answered; only answers with status 200 and a length count."""

    def __init__(self, request: bytes, times: list[float]) -> None:
        self._request, self._times = request, times
        self._got = bytearray()
        self._length = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)
        self._ask()

    def _ask(self) -> None:
        self._got.clear()
        self._length = 0
        self._start = time.perf_counter()
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self._got += data
        if not self._length:
            head, end, _ = self._got.partition(b"\r\n\r\n")
            if not end:
                return
            if not head.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(head.decode())
            length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
            self._length = len(head) + 4 + int(length[1]) if length else -1
        whole = len(self._got) >= self._length if self._length > 0 else self._got.endswith(b"0\r\n\r\n")
        if whole:
            self._times.append(time.perf_counter() - self._start)
            self._ask()


async def _count(port: int, path: str, seconds: float) -> tuple[float, float]:
    times: list[float] = []
    request = (
        f"GET {path} HTTP/1.1\r\nhost: localhost\r\naccept: application/sparql-results+json, text/csv\r\n\r\n".encode()
    )
    loop = asyncio.get_running_loop()
    for _ in range(CLIENTS):
        await loop.create_connection(lambda: _Client(request, times), "127.0.0.1", port)
    await asyncio.sleep(seconds)
    return len(times) / seconds, statistics.quantiles(times, n=100)[-1]


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_count(int(sys.argv[1]), sys.argv[2], float(sys.argv[3])))))
