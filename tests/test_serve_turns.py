"""Clients take turns: whatever one of them has waiting, another is answered before the most of it."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from http.client import HTTPConnection
from pathlib import Path

import pytest

from napgraph.server.http import Problem
from napgraph.server.workers import Turns
from napgraph.submissions.inbox import Inbox

from .serving import Reply, Server, running

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
SMALL = "SELECT (1 AS ?x) {}"
ONE, OTHER = "127.0.0.2", "127.0.0.3"


# The order itself


def run(test: Callable[[], Coroutine[None, None, None]]) -> None:
    asyncio.run(test())


async def settle() -> None:
    """Let everything run that can."""
    for _ in range(20):
        await asyncio.sleep(0)


class Asked:
    """Clients that enter, and the order in which they did."""

    def __init__(self, turns: Turns) -> None:
        self.turns = turns
        self.entered: list[str] = []
        self.tasks: list[asyncio.Task[None]] = []

    async def come(self, *names: str) -> None:
        for name in names:
            self.tasks.append(asyncio.ensure_future(self._enter(name)))
            await settle()

    async def _enter(self, name: str) -> None:
        await self.turns.enter(name[0])
        self.entered.append(name)

    async def leave(self, *names: str) -> None:
        for name in names:
            self.turns.leave(name[0])
            await settle()

    def refused(self) -> list[int]:
        return [number for number, task in enumerate(self.tasks) if task.done() and task.exception() is not None]


def test_a_client_finds_a_place_while_another_has_all_that_it_may_have() -> None:
    async def test() -> None:
        asked = Asked(Turns(2, 100, None))
        await asked.come(*[f"a{number}" for number in range(40)], "b0")
        assert asked.entered == ["a0", "a1", "b0"]
        assert (asked.turns.taken, asked.turns.waiting) == (3, 38)
        await asked.leave("b0")
        assert asked.entered == ["a0", "a1", "b0"]  # a has two, and the place beside them is for others
        await asked.leave("a0")
        assert asked.entered[3:] == ["a2"]

    run(test)


def test_those_who_wait_take_turns_and_each_keeps_its_order() -> None:
    async def test() -> None:
        asked = Asked(Turns(1, 100, None))
        await asked.come("x0", "y0", "a0", "a1", "a2", "b0", "b1", "c0")
        for _ in range(6):
            await asked.leave(asked.entered[-1])
        assert asked.entered == ["x0", "y0", "a0", "b0", "c0", "a1", "b1", "a2"]

    run(test)


def test_where_all_places_to_wait_are_taken_the_latest_of_the_largest_makes_room() -> None:
    async def test() -> None:
        asked = Asked(Turns(1, 3, None))
        await asked.come("x0", "y0", "a0", "a1", "a2", "b0")
        assert asked.refused() == [4]
        await asked.come("a3", "c0", "d0")
        assert asked.refused() == [3, 4, 6, 8]
        error = asked.tasks[4].exception()
        assert isinstance(error, Problem)
        assert (error.status, int(error.headers["retry-after"]) > 0) == (503, True)
        await asked.leave("x0", "y0", "a0")
        assert asked.entered[2:] == ["a0", "b0", "c0"]

    run(test)


def test_who_goes_or_waits_too_long_leaves_no_trace() -> None:
    async def test() -> None:
        turns = Turns(1, 100, None)
        asked = Asked(turns)
        await asked.come("x0", "y0", "a0", "a1", "b0")
        asked.tasks[2].cancel()
        await settle()
        assert turns.waiting == 2
        turns.leave("x")  # whose place goes to a1, which goes in the same moment
        asked.tasks[3].cancel()
        await settle()
        assert asked.entered == ["x0", "y0", "b0"]
        assert (turns.taken, turns.waiting) == (2, 0)
        await asked.leave("y0", "b0")
        assert turns.taken == 0

        both = Asked(Turns(1, 100, None))
        await both.come("x0", "y0", "a0", "b0")
        both.tasks[2].cancel()
        both.turns.leave("x")  # a0 goes in the same moment, before it could say so
        await settle()
        assert both.entered == ["x0", "y0", "b0"]
        assert (both.turns.taken, both.turns.waiting) == (2, 0)

        late = Asked(Turns(1, 100, 0.0))
        await late.come("a0", "b0", "a1")
        with pytest.raises(Problem, match="did not come within 0 s"):
            await late.tasks[2]
        assert late.turns.waiting == 0

    run(test)


# With a server


def ask(server: Server, source: str, text: str = ENDLESS, **headers: str) -> Reply:
    """Ask from one of the addresses that this machine has for itself."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=300, source_address=(source, 0))
    try:
        told = {"content-type": "application/sparql-query", "accept": "application/json"} | headers
        connection.request("POST", "/sparql", text.encode(), told)
        answer = connection.getresponse()
        return Reply(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
    finally:
        connection.close()


def figure(server: Server, name: str) -> float:
    lines = server.ask("/metrics").body.decode().splitlines()
    return float(next((line.rpartition(" ")[2] for line in lines if line.startswith(f"{name} ")), 0))


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def long_ones(server: Server) -> int:
    """Return how many processes of the server have the lower priority of long questions."""
    found = 0
    for pid in server.children():
        with suppress(ProcessLookupError):
            found += os.getpriority(os.PRIO_PROCESS, pid) > os.getpriority(os.PRIO_PROCESS, server.process.pid)
    return found


def limits(*values: str) -> list[str]:
    return [word for value in values for word in ("--limit", value)]


def test_a_client_with_40_questions_waiting_keeps_nobody_from_an_answer(small: Path) -> None:
    """Not one of the forty is answered before those of the other and the probes are."""
    given = limits("workers=1", "long=1", "patience=60", "seconds=60", "wait-seconds=600")
    with ThreadPoolExecutor(40) as pool, running(*given, root=small) as server:
        waiting = [pool.submit(ask, server, ONE) for _ in range(40)]
        until(lambda: figure(server, 'napgraph_waiting{work="question"}') == 39)
        for _ in range(5):
            assert ask(server, OTHER, SMALL).rows == [{"x": "1"}]
            assert server.ask("/ready").status == 200
            assert server.ask("/health").status == 200
        assert not any(each.done() for each in waiting)
        assert figure(server, 'napgraph_waiting{work="question"}') == 39
        server.process.kill()
        for each in waiting:
            with suppress(OSError):
                each.result()


def test_who_waits_too_long_is_told_when_to_come_again(small: Path) -> None:
    given = limits("workers=1", "patience=60", "seconds=60", "wait-seconds=0.2")
    with ThreadPoolExecutor(1) as pool, running(*given, root=small) as server:
        first = pool.submit(ask, server, ONE)
        until(lambda: figure(server, 'napgraph_busy{work="question"}') == 1)
        answer = ask(server, ONE)
        assert (answer.status, int(answer.headers["retry-after"]) > 0) == (503, True)
        assert "did not come within 0.2 s" in answer.detail
        assert not first.done()
        server.process.kill()
        with suppress(OSError):
            first.result()


def test_no_client_has_all_places_of_long_questions_while_another_needs_one(small: Path) -> None:
    """The latest of whoever has most of them ends, and the first goes on beside that of the other client."""
    given = limits("workers=1", "long=2", "patience=0.1", "seconds=60")
    with ThreadPoolExecutor(3) as pool, running(*given, root=small) as server:
        waiting: list[Future[Reply]] = []
        for number, source in enumerate((ONE, ONE, OTHER)):
            waiting.append(pool.submit(ask, server, source))
            until(lambda number=number: long_ones(server) > min(number, 1))  # type: ignore[misc]
        until(lambda: any(each.done() for each in waiting))
        answer = waiting[1].result()
        assert answer.status == 503
        assert "as many such are at work as there may be" in answer.detail
        assert not waiting[0].done()
        assert not waiting[2].done()
        server.process.kill()
        for each in (waiting[0], waiting[2]):
            with suppress(OSError):
                each.result()


def test_a_household_of_ipv6_is_one_client_and_a_mapped_address_its_own(small: Path) -> None:
    """The web server before this one tells the addresses."""
    with (
        ThreadPoolExecutor(1) as pool,
        running(*limits("per-client=1", "patience=60", "seconds=60"), root=small) as server,
    ):
        for first, same, other in (
            ("2001:db8::1", "2001:db8::ffff", "2001:db8:0:1::1"),
            ("::ffff:192.0.2.1", "192.0.2.1", "::ffff:192.0.2.2"),
        ):
            busy = figure(server, 'napgraph_busy{work="question"}')
            waiting = pool.submit(ask, server, "127.0.0.1", **{"x-forwarded-for": first})
            until(lambda busy=busy: figure(server, 'napgraph_busy{work="question"}') == busy + 1)  # type: ignore[misc]
            assert ask(server, "127.0.0.1", SMALL, **{"x-forwarded-for": same}).status == 429
            assert ask(server, "127.0.0.1", SMALL, **{"x-forwarded-for": other}).status == 200
            until(lambda waiting=waiting: killed(server, waiting))  # type: ignore[misc]
            assert waiting.result().status == 503


def killed(server: Server, waiting: Future[Reply]) -> bool:
    """Kill the processes of a server once more; return whether the question has its answer."""
    for pid in server.children():
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return waiting.done()


def test_the_inbox_checks_senders_in_turn(small: Path, tmp_path: Path) -> None:
    """A file that came after thirty of another sender is not checked after them."""
    inbox = Inbox(str(tmp_path / "inbox"))
    inbox.make()
    for number in range(30):
        inbox.keep("KEN", "Many", "a.ttl", f"# {number}\n<x:a> <x:b> .".encode())
    state, _ = inbox.keep("UGA", "One", "b.ttl", b"<x:a> <x:b> .")
    assert {sender for _, sender in inbox.unchecked()} == {"KEN Many", "UGA One"}
    with running("--inbox", inbox.folder, "--log", "json", root=small) as server:
        until(lambda: inbox.get(state.id).state == "returned")
        until(lambda: state.id in server.said)
        told = [json.loads(line) for line in server.said.splitlines() if '"submission"' in line]
    order = [each["id"] for each in told if each["event"] == "submission"]
    assert order.index(state.id) < 15
    assert re.fullmatch(r"uga-[0-9a-f]{32}", state.id)
