"""A server in a process of its own, as a user starts it, and a client that says exactly what it is told to."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import NamedTuple
from urllib.parse import urlencode

__all__ = ["Reply", "Server", "running"]

_PATIENCE = 60  # seconds until a server that says nothing is given up


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
    """A running server: its port and its process."""

    port: int
    process: subprocess.Popen[str]
    said: str

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    def children(self) -> list[int]:
        """Return the processes that the server has started."""
        path = f"/proc/{self.process.pid}/task/{self.process.pid}/children"
        with open(path, encoding="utf-8") as file:
            return [int(pid) for pid in file.read().split()]

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


@contextmanager
def running(*arguments: str, before: tuple[str, ...] = ()) -> Iterator[Server]:
    """Run ``napgraph serve`` at a free port until the end of the block; ``before`` stands before ``serve``."""
    command = [sys.executable, "-m", "napgraph", *before, "serve", "--port", "0", *arguments]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=os.environ | {"COLUMNS": "100"}) as process:
        assert process.stderr is not None
        said = process.stderr.readline()
        found = re.search(r":(\d+)/sparql$", said.strip())
        if not found:
            process.kill()
            raise AssertionError(said + process.stderr.read())
        said += process.stderr.readline()
        try:
            yield Server(int(found[1]), process, said)
        finally:
            process.terminate()
            try:
                process.wait(20)
            finally:
                process.kill()
