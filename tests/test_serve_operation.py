"""What an operator needs: a server that says how it is, on a real server and its real processes."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator

import pytest

from .serving import Reply, Server, running


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running() as made:
        yield made


def until(server: Server, path: str, status: int, seconds: float = 30) -> Reply:
    """Ask until the answer has this status."""
    end = time.monotonic() + seconds
    while True:
        answer = server.ask(path)
        if answer.status == status:
            return answer
        assert time.monotonic() < end, answer
        time.sleep(0.05)


def test_it_is_alive_and_ready(server: Server) -> None:
    assert json.loads(server.ask("/health").body) == {"status": "alive"}
    answer = server.ask("/ready")
    assert (answer.status, answer.headers["cache-control"]) == (200, "no-store")
    assert json.loads(answer.body)["version"][:12] in server.said


def test_it_is_not_ready_while_its_workers_stand_still_and_ready_when_they_move(server: Server) -> None:
    children = server.children()
    for pid in children:
        os.kill(pid, signal.SIGSTOP)
    try:
        answer = until(server, "/ready", 503)
        assert int(answer.headers["retry-after"]) > 0
        assert "do not answer" in answer.detail
        assert server.ask("/health").status == 200
    finally:
        for pid in set(children) & set(server.children()):
            os.kill(pid, signal.SIGCONT)
    until(server, "/ready", 200)
