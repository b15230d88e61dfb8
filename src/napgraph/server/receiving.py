"""Submissions received, kept and checked while the server runs; whoever decides on them does so elsewhere."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, TypeVar, cast

from ..errors import FolderError, IntakeError, NapgraphError, ServerError
from ..sandbox import WALL
from ..submissions.inbox import Inbox
from ..submissions.review import Verdict, judge
from .http import Refusal
from .workers import Broken, Workers

if TYPE_CHECKING:
    from ..records.limits import Limits
    from ..submissions.inbox import State, Token
    from .log import Log
    from .metrics import Metrics

_R = TypeVar("_R")
_AGAIN, _MOST_AGAIN = 60, 3600  # seconds until what could not be checked is tried again; they double
_PAUSES = [0.2 * 2**number for number in range(8)]  # 51 s in all
_MOST_AT_ONCE = 4  # submissions of one sender that are checked at a time
_ALL = 10**9  # submissions that wait to be checked: each is on disk
_SERVED = 50  # submissions after which the process that checks is replaced
_TIMES = 70  # the judge of record and the reasoner may take so many times as long as reading


class Receiving:
    """The inbox of a running server: at most ``most`` submissions of a jurisdiction wait.

    Senders take turns, whatever number of submissions each has waiting; each has one checked at a time or, on a machine
    with more than two processors, as many as leave one for another sender.
    """

    def __init__(self, inbox: Inbox, root: str, limits: Limits, most: int, log: Log, metrics: Metrics) -> None:
        try:
            self._lock = inbox.open()
        except NapgraphError as error:
            raise ServerError(str(error)) from error
        self.inbox, self._most, self._log, self._metrics = inbox, most, log, metrics
        self._disk = ThreadPoolExecutor(1, "inbox")  # writing waits for the disk, and no question waits with it
        seconds = limits.seconds * _TIMES
        self._workers = Workers(
            partial(_judged, inbox, root),
            quick=max(1, min(_MOST_AT_ONCE, (os.cpu_count() or 1) - 1)),
            long=1,
            patience=seconds,
            seconds=seconds,
            wall=seconds * WALL,
            memory=limits.memory,
            waiting=_ALL,
            words="submission",
            stopped=metrics.stopped,
            served=_SERVED,
        )
        self._woken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._checks: dict[str, asyncio.Task[None]] = {}

    def start(self) -> None:
        """Check what waits, and from now on what comes."""
        self._task = asyncio.ensure_future(self._work())

    async def stop(self) -> None:
        """Stop checking, whatever is at work: it is checked after the next start. What is being written is written."""
        if self._task is not None:
            tasks = {self._task, *self._checks.values()}
            for task in tasks:
                task.cancel()
            self._workers.close()
            await asyncio.wait(tasks)
        self._disk.shutdown()
        self._lock.release()

    def wake(self) -> None:
        """Try again what could not be checked."""
        self._woken.set()

    async def keep(self, token: Token, name: str, content: bytes) -> tuple[State, bool]:
        """Keep a submission, and return it and whether it is new; raises Refusal, with nothing kept."""
        try:
            if await self._do(self.inbox.waiting, token.jurisdiction) >= self._most:
                raise Refusal.later(
                    f"{self._most} submissions for {token.jurisdiction} wait already. Send it when some are decided.",
                    3600,
                    429,
                )
            state, new = await self._do(self.inbox.keep, token.jurisdiction, token.submitter, name, content)
        except FolderError as error:
            self._log.event("submission-failed", f"A submission could not be kept: {error.__cause__}.", level="error")
            raise Refusal.later(
                f"Nothing was kept of this submission: the server could not write it down ({error.__cause__}). "
                "Send it again later.",
                600,
            ) from error
        if new:
            self._tell(state.id, state.state)
            self.wake()
        return state, new

    async def find(self, identity: str) -> State | None:
        """Return a submission, if there is one."""
        return await self._do(self.inbox.find, identity)

    async def find_token(self, token: str) -> Token | None:
        """Return what a token allows, None for one that is not known."""
        return await self._do(self.inbox.find_token, token)

    async def _do(self, function: Callable[..., _R], *arguments: object, **named: object) -> _R:
        return await asyncio.get_running_loop().run_in_executor(self._disk, partial(function, *arguments, **named))

    async def _work(self) -> None:
        """Begin the check of what came, in the order in which it did: the workers see to turns."""
        while True:
            self._woken.clear()
            for identity, sender in await self._unchecked():
                if identity not in self._checks:
                    self._checks[identity] = asyncio.ensure_future(self._settled(identity, sender))
            await self._woken.wait()

    async def _unchecked(self) -> list[tuple[str, str]]:
        try:
            return await self._do(self.inbox.unchecked)
        except FolderError as error:
            self._log.event("inbox-failed", f"The inbox could not be read: {error}", level="error")
            return []

    async def _settled(self, identity: str, sender: str) -> None:
        """Check a submission until its sender has an answer, after pauses that grow or when new data are read."""
        again = _AGAIN
        try:
            while not await self._checked(identity, sender):
                with suppress(TimeoutError):
                    async with asyncio.timeout(again):
                        await self._woken.wait()
                again = min(2 * again, _MOST_AGAIN)
        finally:
            del self._checks[identity]

    async def _verdict(self, identity: str, sender: str) -> Verdict:
        """Have a submission checked; a check that broke off begins again, after a pause that grows.

        Raises Broken or IntakeError when each did.
        """
        for pause in _PAUSES:
            try:
                return cast("Verdict", await self._workers.ask(identity, sender))
            except (Broken, IntakeError):
                await asyncio.sleep(pause)
        return cast("Verdict", await self._workers.ask(identity, sender))

    async def _checked(self, identity: str, sender: str) -> bool:
        """Check one submission; return whether its sender has an answer now."""
        try:
            try:
                found = await self._verdict(identity, sender)
            except Broken:
                raise
            except Refusal as error:  # it takes too long, too much memory, or broke the reader
                found = Verdict(False, str(error), [])
            await self._do(self.inbox.checked, identity, found.words, found.findings, conforms=found.conforms)
        except Exception as error:  # noqa: BLE001 whatever it is, the next one is checked
            words = f"Submission {identity} could not be checked, and will be again: {error}"
            self._log.event("submission-unchecked", words, level="error", id=identity)
            return False
        self._tell(identity, "checked" if found.conforms else "returned")
        return True

    def _tell(self, identity: str, state: str) -> None:
        self._metrics.submission(state)
        self._log.event("submission", f"Submission {identity} {state}.", id=identity, state=state)


def _judged(inbox: Inbox, root: str, identity: object) -> Verdict:
    return judge(inbox, str(identity), root)
