"""The processes that answer, and who gets one when.

A question has a process for itself. One that computes longer than ``patience`` is long: it goes on at a lower priority
beside the others, and its place goes to the next, so that short questions never wait behind long ones. When there are
as many long ones as may be, one is stopped and told so: the latest of the client who has most of them, where that makes
their numbers more alike, else the one that came.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import cast

from ..sandbox import Worker
from .http import Refusal
from .turns import Turns

_SERVED = 10_000  # questions after which a process is replaced, so that nothing an engine leaves behind adds up
_AGAIN = 3  # how often a question is put to another process when somebody else killed its own
_NICE = 10
_BUSY = 3  # how many times its patience a question may take by the clock until it counts as long
_QUESTION = "question"
_SMALLER = "Send it in smaller parts."
_NESTED = "Write it with fewer brackets inside one another."
_LESS: dict[str | tuple[str, str], str] = {
    (_QUESTION, "seconds"): "Ask for less: name a country, add a LIMIT, or join the patterns by a variable they share.",
    (_QUESTION, "memory"): "Ask for less: name a country, add a LIMIT, or leave out ORDER BY and DISTINCT.",
    (_QUESTION, "busy"): "Try again later, or ask for less.",
    "busy": "Try again later.",
    "overdue": "Try again later.",
    "killed": "Try again later.",
    "failed": "Try again later; if it fails again, please report it to napgraph.",
}


class Broken(Refusal):
    """Each process that was at it was killed, or failed on a file: nothing is said against what was sent."""


class Workers:
    """At most ``quick`` processes at short questions and ``long`` at long ones.

    Each has ``seconds`` of computing, ``wall`` by the clock, and ``memory``. One more is at short questions while
    a client who has none at work would else wait. They are forked from this process as it is when they are started, and
    answer each message by ``function``. Use it in one event loop, in the main thread: the system ends a child with the
    thread that forked it.
    """

    def __init__(
        self,
        function: Callable[[object], object],
        *,
        quick: int,
        long: int,
        patience: float,
        seconds: float,
        memory: int,
        waiting: int,
        wall: float,
        wait: float | None = None,
        words: str = _QUESTION,
        stopped: Callable[[str, str], None] = lambda *_: None,
        served: int = _SERVED,
    ) -> None:
        self._function, self._quick, self._long = function, quick, long
        self._patience, self._seconds, self._memory = patience, seconds, memory
        self._wall = wall
        self._turns = Turns(quick, waiting, wait)
        self.words, self._served, self._stopped = words, served, stopped
        self._idle: list[Worker] = []
        self._busy: set[Worker] = set()
        self._slow: list[_Run] = []
        self._closed = False

    def fill(self) -> None:
        """Start processes ahead, so that nobody waits for one."""
        while not self._closed and len(self._idle) + self._turns.taken < self._quick:
            self._idle.append(self._start())

    def close(self) -> None:
        """Stop every process, whatever it is doing."""
        self._closed = True
        for child in self._busy:
            os.kill(child.pid, signal.SIGKILL)  # whoever waits for it hears of it
        while self._idle:
            self._idle.pop().stop()

    @property
    def pids(self) -> list[int]:
        """The processes that there are now."""
        return [child.pid for child in [*self._idle, *self._busy]]

    @property
    def waiting(self) -> int:
        """How many questions wait for a process."""
        return self._turns.waiting

    @property
    def busy(self) -> int:
        """How many processes are at work."""
        return len(self._busy)

    async def ask(self, message: object, who: str = "") -> object:
        """Return what ``function(message)`` returns, raise what it raises, or a Refusal that says how it ended.

        ``who`` asks: those who do take turns.
        """
        await self._turns.enter(who)
        return await self._answer(message, _Run(self, who))

    async def probe(self, message: object) -> object:
        """Return as :meth:`ask` does, at a place of its own that no question can have."""
        return await self._answer(message, _Run(self, None))

    async def _answer(self, message: object, run: _Run) -> object:
        try:
            fresh = await run.answered(self._idle.pop() if self._idle else self._start(), message)
            if run.kind in {"memory", "failed"} and not fresh:  # an earlier question may have led to it
                await run.answered(self._start(), message)
            for _ in range(_AGAIN):
                if run.kind != "killed" or self._closed:
                    break
                await run.answered(self._start(), message)
        finally:
            run.leave()
            self.fill()
        if run.kind == "done":
            return run.value
        if run.kind == "raised":
            raise cast("Exception", run.value)
        raise self._refusal(run.kind)

    def _start(self) -> Worker:
        return Worker(self._function, self._memory, untrusted=True)

    def _refusal(self, kind: str) -> Refusal:
        this, seconds = f"This {self.words}", self._seconds
        made, words, later = {
            "seconds": (Refusal, f"{this} used more than {seconds:g} s of computing time and was stopped.", 60),
            "overdue": (
                Broken,
                f"The server is busy: after {self._wall:g} s this {self.words} was stopped.",
                60,
            ),
            "memory": (
                Refusal,
                f"{this} needed more than {self._memory / 1000**2:.0f} MB of memory and was stopped.",
                60,
            ),
            "killed": (
                Broken,
                f"Each process that was at this {self.words} was stopped from outside, by the system it may be.",
                60,
            ),
            "busy": (
                Refusal,
                f"{this} takes longer than {self._patience:g} s, and as many such are at work as there may be.",
                round(seconds),
            ),
            "failed": (Broken, f"The server failed on this {self.words}, and nothing is said against it.", 60),
        }.get(kind, (Refusal, "", 0))
        if not words or (kind == "failed" and self.words == _QUESTION):
            return Refusal(400, f"The engine could not take this {self.words}. {_NESTED}")
        return made.later(f"{words} {_LESS.get((self.words, kind)) or _LESS.get(kind, _SMALLER)}", later)


class _Run:
    """One question on its way: its place, its process, and what came of it."""

    kind = ""
    value: object = None
    _child: Worker
    _done: asyncio.Future[None]
    _clock: asyncio.TimerHandle

    def __init__(self, pool: Workers, who: str | None) -> None:
        self._pool, self.who, self._long = pool, who, False

    async def answered(self, child: Worker, message: object) -> bool:
        """Have ``child`` answer; return whether this was its first question."""
        pool, loop = self._pool, asyncio.get_running_loop()
        fresh = child.served == 0
        self._child, self._done = child, loop.create_future()
        pool._busy.add(child)
        before = child.computed()
        child.ask((message,), pool._seconds)
        end = loop.call_later(pool._wall, self._end, "overdue")
        since = loop.time()
        self._clock = end if self._long else loop.call_later(pool._patience, self._turn_long, before, since)
        loop.add_reader(child.connection.fileno(), self._step)
        if child.sending:
            loop.add_writer(child.connection.fileno(), self._step)
        try:
            await self._done
        finally:
            end.cancel()
            self._clock.cancel()
            loop.remove_reader(child.connection.fileno())
            loop.remove_writer(child.connection.fileno())
            pool._busy.discard(child)
            self.kind, self.value = child.answer or ("gone", None)
            whole = self.kind in {"done", "raised", "nesting"}
            if not whole:
                pool._stopped(pool.words, self.kind)
            spare = len(pool._idle) + pool._turns.taken + (self.who is None) <= pool._quick + 1
            if not whole or self._long or not spare or child.served >= pool._served or pool._closed:
                child.stop()
            else:
                pool._idle.append(child)
        return fresh

    def leave(self) -> None:
        """Give the place back."""
        if self in self._pool._slow:
            self._pool._slow.remove(self)
        if self.who is not None and not self._long:
            self._pool._turns.leave(self.who)

    def _step(self) -> None:
        self._child.step()
        if not self._child.sending:
            asyncio.get_running_loop().remove_writer(self._child.connection.fileno())
        if self._child.answer is not None and not self._done.done():
            self._done.set_result(None)

    def _end(self, kind: str) -> None:
        if not self._done.done():
            self._child.answer = (kind, None)
            self._done.set_result(None)

    def _turn_long(self, before: float, since: float) -> None:
        """Move to the long questions, or end where there is no place; later, where a busy machine was in the way."""
        pool, loop = self._pool, asyncio.get_running_loop()
        if self._done.done() or self.who is None:
            return
        left = pool._patience - (self._child.computed() - before)
        if left > 0 and loop.time() < since + _BUSY * pool._patience:
            self._clock = loop.call_later(max(left, pool._patience / 10), self._turn_long, before, since)
            return
        if len(pool._slow) >= pool._long and not self._displaces():
            self._end("busy")
            return
        pool._slow.append(self)
        self._long = True
        with suppress(OSError, AttributeError):
            os.setpriority(os.PRIO_PROCESS, self._child.pid, _NICE)
        pool._turns.leave(self.who)

    def _displaces(self) -> bool:
        """End the latest long question of who has most of them, if that is two more than the client of this has."""
        slow = self._pool._slow
        counts = Counter(run.who for run in slow)
        most, number = counts.most_common(1)[0]
        if number <= counts[self.who] + 1:
            return False
        last = next(run for run in reversed(slow) if run.who == most)
        slow.remove(last)
        last._end("busy")
        return True
