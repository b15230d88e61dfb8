"""The processes that answer, and who gets one when: clients take turns, and long questions give up their place."""

import asyncio
import os
import signal
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import cast

from ..sandbox import BROKEN, Worker
from .http import Problem

_AGAIN = 3  # how often a question is put to another process when somebody else killed its own
_NICE = 10
_BUSY = 3  # how many times its short seconds a question may take by the clock until it counts as long
_QUESTION = "question"
_NESTED = "The engine could not take this {}. Write it with fewer brackets inside one another."


class Broken(Problem):
    """Each process that was at it was killed, or failed on a file: nothing is said against what was sent."""


_ENDS = {
    "seconds": "This {work} used more than {seconds:g} s of computing time and was stopped.",
    "memory": "This {work} needed more than {megabytes:.0f} MB of memory and was stopped.",
    "busy": "This {work} takes longer than {short:g} s, and as many such are at work as there may be.",
    "overdue": "The server is busy: after {wall:g} s this {work} was stopped.",
    "killed": "Each process that was at this {work} was stopped from outside, by the system it may be.",
    "failed": "The server failed on this {work}, and nothing is said against it.",
}
_ADVICE = dict.fromkeys(("busy", "overdue", "killed"), "Try again later.") | {
    "seconds": "Send it in smaller parts.",
    "memory": "Send it in smaller parts.",
    "failed": "Try again later; if it fails again, please report it to napgraph.",
}
_OF_A_QUESTION = {
    "seconds": "Ask for less: name a country, add a LIMIT, or join the patterns by a variable they share.",
    "memory": "Ask for less: name a country, add a LIMIT, or leave out ORDER BY and DISTINCT.",
    "busy": "Try again later, or ask for less.",
}


class Turns:
    """The places of a pool, and who waits for one: at most ``most`` in all, each at most ``seconds``, in one loop.

    Clients take turns. One has at most ``places`` at a time, and there is one place more, for another client.
    """

    def __init__(self, places: int, most: int, seconds: float | None) -> None:
        self._places, self._most, self._seconds = places, most, seconds
        self._held: Counter[str] = Counter()
        self._queue: dict[str, list[asyncio.Future[None]]] = {}  # by client; whose turn is next comes first

    @property
    def taken(self) -> int:
        """How many places are taken."""
        return self._held.total()

    @property
    def waiting(self) -> int:
        """How many wait for a place."""
        return sum(not place.done() for places in self._queue.values() for place in places)

    async def enter(self, who: str) -> None:
        """Wait for a place, to be given back by :meth:`leave`; raises Problem (503)."""
        if self._has_place(who):
            self._held[who] += 1
            return
        if self.waiting >= self._most:  # the latest of whoever has most waiting is refused: maybe the one who comes
            self._forget_done()
            full = Problem.later("Too many questions are waiting. Try again in some seconds.")
            largest = max(self._queue, key=lambda each: len(self._queue[each]), default=who)
            if len(self._queue.get(largest, ())) <= len(self._queue.get(who, ())) + 1:
                raise full
            self._queue[largest].pop().set_exception(full)
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queue.setdefault(who, []).append(place)
        try:
            async with asyncio.timeout(self._seconds):
                await place
        except (TimeoutError, asyncio.CancelledError) as error:
            if not place.cancelled() and place.exception() is None:  # its turn came in this moment
                self.leave(who)
            if isinstance(error, TimeoutError):
                words = f"the turn of this one did not come within {self._seconds:g} s. Try again in half a minute."
                raise Problem.later(f"So many questions are waiting that {words}", 30) from error
            raise

    def leave(self, who: str) -> None:
        """Give a place back, to whose turn it is."""
        self._held -= Counter((who,))
        self._forget_done()
        for other in self._queue:
            if self._has_place(other):
                place, *later = self._queue.pop(other)
                if later:  # the next turn of this client comes after those of the others
                    self._queue[other] = later
                self._held[other] += 1
                place.set_result(None)
                return

    def _has_place(self, who: str) -> bool:
        return self.taken <= self._places and self._held.get(who, 0) < self._places

    def _forget_done(self) -> None:
        """Forget who has gone, was refused or waited too long."""
        waiting = ((who, [place for place in places if not place.done()]) for who, places in self._queue.items())
        self._queue = {who: places for who, places in waiting if places}


@dataclass(eq=False)
class _Run:
    """A question at work: who asks it, the process that answers, and whether it is one of the long ones."""

    who: str | None
    child: Worker = field(init=False)
    is_long: bool = False
    woken: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(eq=False, kw_only=True)
class Workers:
    """At most ``quick`` processes at short questions and ``long`` at long ones.

    Each has ``seconds`` of computing, ``wall`` by the clock, and ``memory`` in bytes; it is replaced after ``most``
    questions. ``waiting`` questions wait, each ``wait`` seconds. ``work`` is what they are called, and ``stopped`` is
    told of each that ended otherwise, and why. Use it in one event loop, in the main thread: the system ends a child
    with the thread that forked it.
    """

    function: Callable[..., object]
    quick: int
    long: int
    short_seconds: float
    seconds: float
    memory: int
    waiting: int
    wall: float
    stopped: Callable[[str, str], None]
    wait: float | None = None
    work: str = _QUESTION
    most: int = 10_000

    def __post_init__(self) -> None:
        self.turns = Turns(self.quick, self.waiting, self.wait)
        self.idle: list[Worker] = []
        self.busy: set[Worker] = set()
        self.slow: list[_Run] = []
        self.closed = False

    def fill(self) -> None:
        """Start processes ahead, so that nobody waits for one."""
        while not self.closed and len(self.idle) + self.turns.taken < self.quick:
            self.idle.append(self._start())

    def close(self) -> None:
        """Stop every process, whatever it is doing."""
        self.closed = True
        for child in self.busy:
            os.kill(child.pid, signal.SIGKILL)  # whoever waits for it hears of it
        while self.idle:
            self.idle.pop().stop()

    async def run(self, message: object, who: str | None = "") -> object:
        """Return what ``function(message)`` returns, raise what it raises, or a Problem that says how it ended.

        ``who`` asks: those who do take turns; None has a place of its own that no question can have. A ``message`` that
        can be called is awaited when it is its turn.
        """
        if who is not None:
            await self.turns.enter(who)
        run, chances = _Run(who), _AGAIN
        try:
            task = await message() if callable(message) else message
            run.child = self.idle.pop() if self.idle else self._start()
            while True:
                is_fresh = run.child.served == 0
                kind, value = await self._ask(run, task)
                is_lost = (kind == "killed" and chances) or (kind in {"memory", "failed"} and not is_fresh)
                if not is_lost or self.closed:
                    break
                run.child, chances = self._start(), chances - (kind == "killed")
        finally:
            if run in self.slow:
                self.slow.remove(run)
            if who is not None and not run.is_long:
                self.turns.leave(who)
            self.fill()
        if kind == "done":
            return value
        if kind == "raised":
            raise cast("Exception", value)
        is_question = self.work == _QUESTION
        if kind not in _ENDS or (kind == "failed" and is_question):
            raise Problem(400, _NESTED.format(self.work))
        amounts = {"seconds": self.seconds, "megabytes": self.memory / 1000**2, "short": self.short_seconds}
        words = _ENDS[kind].format(work=self.work, wall=self.wall, **amounts)
        advice = (_OF_A_QUESTION if is_question and kind in _OF_A_QUESTION else _ADVICE)[kind]
        made = Broken if kind in BROKEN else Problem
        raise made.later(f"{words} {advice}", round(self.seconds) if kind == "busy" else 60)

    def _start(self) -> Worker:
        return Worker(self.function, self.memory, untrusted=True)

    async def _ask(self, run: _Run, message: object) -> tuple[str, object]:
        """Have the process of a run answer; return how that ended, as Worker has it, busy or gone, and the answer."""
        child, loop = run.child, asyncio.get_running_loop()
        number, since, before = child.connection.fileno(), loop.time(), child.computed()
        end, look = since + self.wall, since + self.short_seconds
        self.busy.add(child)
        child.ask((message,), self.seconds)
        loop.add_reader(number, run.woken.set)
        if child.sending:
            loop.add_writer(number, run.woken.set)
        try:
            while child.answer is None:
                has_limit = not run.is_long and run.who is not None
                with suppress(TimeoutError):
                    async with asyncio.timeout_at(min(end, look) if has_limit else end):
                        await run.woken.wait()
                run.woken.clear()
                child.step()
                if not child.sending:
                    loop.remove_writer(number)
                now = loop.time()
                if child.answer is None and now >= end:
                    child.answer = "overdue", None
                elif child.answer is None and has_limit and now >= look:
                    left = self.short_seconds - (child.computed() - before)
                    if left > 0 and now < since + _BUSY * self.short_seconds:  # a busy machine was in the way
                        look = now + max(left, self.short_seconds / 10)
                    else:
                        self._turn_long(run)
        finally:
            loop.remove_reader(number)
            loop.remove_writer(number)
            self.busy.discard(child)
            kind, value = child.answer or ("gone", None)
            is_whole = kind in {"done", "raised", "nesting"}
            if not is_whole:
                self.stopped(self.work, kind)
            spare = len(self.idle) + self.turns.taken + (run.who is None) <= self.quick + 1
            if is_whole and spare and not run.is_long and child.served < self.most and not self.closed:
                self.idle.append(child)
            else:
                child.stop()
        return kind, value

    def _turn_long(self, run: _Run) -> None:
        """Move a run to the long ones or, where there is no place, end it or the latest of who has two more of them."""
        if len(self.slow) >= self.long:
            counts, ended = Counter(each.who for each in self.slow), run
            most, number = counts.most_common(1)[0]
            if number > counts[run.who] + 1:
                ended = next(each for each in reversed(self.slow) if each.who == most)
                self.slow.remove(ended)
            ended.child.answer = "busy", None
            ended.woken.set()
            if ended is run:
                return
        self.slow.append(run)
        run.is_long = True
        with suppress(OSError, AttributeError):
            os.setpriority(os.PRIO_PROCESS, run.child.pid, _NICE)
        self.turns.leave(str(run.who))
