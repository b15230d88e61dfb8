"""The processes that answer, and who gets one when.

A question has a process for itself. One that takes longer than ``patience`` is long: it goes on at a lower priority
beside the others, and its place goes to the next, so that short questions never wait behind long ones. When there are
as many long ones as may be, one more is stopped and told so.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import signal
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, cast

from ..child import start
from .refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..child import Child

__all__ = ["Broken", "Workers"]

_SERVED = 10_000  # questions after which a process is replaced, so that nothing an engine leaves behind adds up
_AGAIN = 3  # how often a question is put to another process when somebody else killed its own
_NICE = 10
_QUESTION = "question"


class Broken(Refusal):
    """Each process that was at it was killed, or failed on a file: nothing is said against what was sent."""


class Workers:
    """At most ``quick`` processes at short questions and ``long`` at long ones, each within ``seconds`` and ``memory``.

    They are forked from this process as it is when they are started, and answer each message by ``function``. Use it
    in one event loop, in the main thread: the system ends a child with the thread that forked it.
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
        words: str = _QUESTION,
        stopped: Callable[[str, str], None] = lambda *_: None,
        served: int = _SERVED,
    ) -> None:
        self._function, self._quick, self._long = function, quick, long
        self._patience, self._seconds, self._memory, self._most = patience, seconds, memory, waiting
        self.words, self._served, self._stopped = words, served, stopped
        self._idle: list[Child] = []
        self._busy: set[Child] = set()
        self._taken = self._slow = 0
        self._queue: deque[asyncio.Future[None]] = deque()
        self._closed = False

    def fill(self) -> None:
        """Start processes ahead, so that nobody waits for one."""
        while not self._closed and len(self._idle) + self._taken < self._quick:
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
        return len(self._queue)

    @property
    def busy(self) -> int:
        """How many processes are at work."""
        return len(self._busy)

    async def ask(self, message: object) -> object:
        """Return what ``function(message)`` returns, raise what it raises, or a Refusal that says how it ended."""
        await self._enter()
        run = _Run(self)
        try:
            packed = pickle.dumps(message, 5)
            fresh = await run.answered(self._idle.pop() if self._idle else self._start(), packed)
            if run.kind in {"memory", "failed"} and not fresh:  # an earlier question may have led to it
                await run.answered(self._start(), packed)
            for _ in range(_AGAIN):
                if run.kind != "killed" or self._closed:
                    break
                await run.answered(self._start(), packed)
        finally:
            run.leave()
            self.fill()
        if run.kind == "done":
            return run.value
        if run.kind == "raised":
            raise cast("Exception", run.value)
        raise self._refusal(run.kind)

    async def _enter(self) -> None:
        """Wait for a place at the short questions, first come first served."""
        if self._taken < self._quick:
            self._taken += 1
            return
        if len(self._queue) >= self._most:
            raise Refusal.later("Too many questions are waiting. Try again in some seconds.")
        place = asyncio.get_running_loop().create_future()
        self._queue.append(place)
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():
                self._pass_on()
            else:
                with suppress(ValueError):  # its turn came in this moment, and was passed on
                    self._queue.remove(place)
            raise

    def _pass_on(self) -> None:
        """Give a place at the short questions to who waits longest."""
        while self._queue:
            place = self._queue.popleft()
            if not place.done():
                place.set_result(None)
                return
        self._taken -= 1

    def _start(self) -> Child:
        return start(self._function, None, self._memory, secluded=True)

    def _refusal(self, kind: str) -> Refusal:
        less = {
            "seconds": "Ask for less: name a country, add a LIMIT, or join the patterns by a variable they share.",
            "memory": "Ask for less: name a country, add a LIMIT, or leave out ORDER BY and DISTINCT.",
            "busy": "Try again later, or ask for less.",
        }
        if self.words != _QUESTION:
            less = dict.fromkeys(less, "Send it in smaller parts.") | {"busy": "Try again later."}
        if kind == "seconds":
            return Refusal.later(
                f"This {self.words} took longer than {self._seconds:g} s and was stopped. {less[kind]}", 60
            )
        if kind == "memory":
            words = f"This {self.words} needed more than {self._memory / 1000**2:.0f} MB of memory and was stopped."
            return Refusal.later(f"{words} {less[kind]}", 60)
        if kind == "killed":
            words = f"Each process that was at this {self.words} was stopped from outside, by the system it may be."
            return Broken.later(f"{words} {less['busy']}", 60)
        if kind == "failed" and self.words != _QUESTION:
            return Broken.later(
                f"The server failed on this {self.words}, and nothing is said against it. Try again later; if it fails "
                "again, please report it to napgraph.",
                60,
            )
        if kind == "busy":
            return Refusal.later(
                f"This {self.words} takes longer than {self._patience:g} s, and as many such are at work as there may "
                f"be. {less[kind]}",
                round(self._seconds),
            )
        return Refusal(
            400, f"The engine could not take this {self.words}. Write it with fewer brackets inside one another."
        )


class _Run:
    """One question on its way: its place, its process, and what came of it."""

    kind = ""
    value: object = None
    _child: Child
    _done: asyncio.Future[None]

    def __init__(self, pool: Workers) -> None:
        self._pool, self._long = pool, False

    async def answered(self, child: Child, message: bytes) -> bool:
        """Have ``child`` answer; return whether this was its first question."""
        pool, loop = self._pool, asyncio.get_running_loop()
        fresh = child.served == 0
        self._child, self._done = child, loop.create_future()
        pool._busy.add(child)
        child.ask(message, pool._seconds)
        clocks = [loop.call_later(pool._seconds, self._end, "seconds")]
        if not self._long:
            clocks.append(loop.call_later(pool._patience, self._turn_long))
        loop.add_reader(child.reads, self._step)
        if child.sending:
            loop.add_writer(child.writes, self._step)
        try:
            await self._done
        finally:
            for clock in clocks:
                clock.cancel()
            loop.remove_reader(child.reads)
            loop.remove_writer(child.writes)
            pool._busy.discard(child)
            self.kind, self.value = child.answer or ("gone", None)
            whole = self.kind in {"done", "raised", "nesting"}
            if not whole:
                pool._stopped(pool.words, self.kind)
            if not whole or self._long or child.served >= pool._served or pool._closed:
                child.stop()
            else:
                pool._idle.append(child)
        return fresh

    def leave(self) -> None:
        """Give the place back."""
        if self._long:
            self._pool._slow -= 1
        else:
            self._pool._pass_on()

    def _step(self) -> None:
        self._child.step()
        if not self._child.sending:
            asyncio.get_running_loop().remove_writer(self._child.writes)
        if self._child.answer is not None and not self._done.done():
            self._done.set_result(None)

    def _end(self, kind: str) -> None:
        if not self._done.done():
            self._child.answer = (kind, None)
            self._done.set_result(None)

    def _turn_long(self) -> None:
        """Move to the long questions, or end where there is no place."""
        pool = self._pool
        if self._done.done():
            return
        if pool._slow >= pool._long:
            self._end("busy")
            return
        pool._slow += 1
        self._long = True
        with suppress(OSError, AttributeError):
            os.setpriority(os.PRIO_PROCESS, self._child.pid, _NICE)
        pool._pass_on()
