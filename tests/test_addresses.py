"""Addresses that are dead or were not read are listed, by the record; --fetch asks a server of the test here."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator

import pytest

from napgraph.query.addresses import ask, ask_each

from .conftest import Run


class _Answers(http.server.BaseHTTPRequestHandler):
    """Answers by path: /gone with 404, /no-head refuses HEAD alone, /moved leads to /here."""

    def do_HEAD(self) -> None:
        status = {"/gone": 404, "/no-head": 405, "/moved": 302, "/shut": 403}.get(self.path, 200)
        if self.path == "/no-head" and self.command == "GET":
            status = 200
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/here")
        self.end_headers()

    do_GET = do_HEAD  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def web() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize(
    ("path", "answer"),
    [("/here", ""), ("/no-head", ""), ("/moved", ""), ("/gone", "404 Not Found"), ("/shut", "403 Forbidden")],
)
def test_an_address_answers_or_what_came_instead_is_said(web: str, path: str, answer: str) -> None:
    assert ask(web + path, 5) == answer
    assert ask(web.removeprefix("http://") + path, 5) == answer  # as printed


def test_what_cannot_be_reached_is_no_answer(web: str) -> None:
    assert ask("http://127.0.0.1:9/", 5).startswith("no answer: ")
    assert ask("ftp://127.0.0.1/x", 5) == "no address of the web"
    assert ask("http://127.0.0.1:nine/", 5).startswith("no answer: ")
    assert list(ask_each([f"{web}/gone", f"{web}/here"], 5)) == ["404 Not Found", ""]


def test_addresses_that_were_not_read_are_listed(napgraph: Run) -> None:
    done = napgraph("links", "-c", "NOR", "-c", "MEX", "--format", "json")
    assert done.returncode == 1
    rows = json.loads(done.stdout)["rows"]
    states = {row["address"].partition("?")[0].rpartition("/")[2] or row["address"]: row["state"] for row in rows}
    assert "read" not in states.values()
    assert {"not-found", "not-read", "read-elsewhere"} <= set(states.values())
    assert napgraph("links", "-c", "KAZ").returncode == 0
    assert napgraph("links", "-c", "XZZ").returncode == 2


def test_addresses_are_asked_only_when_told_to(napgraph: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def answer(addresses: list[str], _seconds: float) -> Iterator[str]:
        asked.extend(addresses)
        return iter(["404 Not Found", *[""] * (len(addresses) - 1)])

    monkeypatch.setattr("napgraph.query.addresses.ask_each", answer)
    assert napgraph("links", "-c", "KAZ").returncode == 0
    assert asked == []
    done = napgraph("links", "-c", "KAZ", "--fetch", "--format", "json")
    assert done.returncode == 1
    assert [row["came"] for row in json.loads(done.stdout)["rows"]] == ["404 Not Found"]
    assert len(asked) == 2
