"""A server in a process of its own, as a user starts it, and a client that says exactly what it is told to."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

__all__ = ["Reply", "Server", "children_of", "running"]

_PATIENCE = 600  # seconds until a server that says nothing is given up


class Reply(NamedTuple):
    """What came back: status, headers by their names in lower case, and the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def rows(self) -> list[dict[str, str]]:
        """The bindings of an answer in JSON, values only."""
        bindings = json.loads(self.body)["results"]["bindings"]
        return [{name: term["value"] for name, term in row.items()} for row in bindings]

    @property
    def detail(self) -> str:
        """What a refusal says."""
        assert self.headers["content-type"] == "application/problem+json", self
        told = json.loads(self.body)
        assert told["status"] == self.status
        return str(told["detail"])


class Server(NamedTuple):
    """A running server: its port, its process, and the file that it writes its words to."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def said(self) -> str:
        """What it has said so far."""
        return self.log.read_text(encoding="utf-8")

    def children(self) -> list[int]:
        """Return the processes that the server has started."""
        return children_of(self.process.pid)

    def ask(
        self,
        path: str,
        method: str = "GET",
        body: bytes | None = None,
        **headers: str,
    ) -> Reply:
        """Send one request; ``content_type="..."`` and the like are headers."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, named)
            answer = connection.getresponse()
            return Reply(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def query(self, text: str, accept: str = "application/json", **parameters: str) -> Reply:
        """Ask SPARQL by a form, the way without a limit on its length."""
        body = urlencode({"query": text, **parameters}).encode()
        return self.ask("/sparql", "POST", body, content_type="application/x-www-form-urlencoded", accept=accept)


def children_of(pid: int) -> list[int]:
    """Return the processes that a process has started; none where it has ended."""
    try:
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


@contextmanager
def running(*arguments: str, root: Path | None = None) -> Iterator[Server]:
    """Run ``napgraph serve`` at a free port, over the four folders in ``root``, until the end of the block."""
    before = ["--root", str(root)] if root else []
    command = [sys.executable, "-m", "napgraph", *before, "serve", "--port", "0", *arguments]
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        with log.open("wb") as file:
            process = subprocess.Popen(command, stderr=file, env=os.environ | {"COLUMNS": "100"})
        server = Server(0, process, log)
        try:
            yield server._replace(port=_port(server))
        finally:
            process.terminate()
            try:
                process.wait(_PATIENCE)
            finally:
                process.kill()
                process.wait()


def _port(server: Server) -> int:
    """Wait until a server has said all that it says at its start."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        found = re.search(r":(\d+)/sparql\b.*\n.*network", server.said)
        if found:
            return int(found[1])
        if server.process.poll() is not None:
            break
        time.sleep(0.01)
    server.process.kill()
    raise AssertionError(server.said)
