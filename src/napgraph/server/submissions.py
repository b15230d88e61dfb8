"""``/api/submissions``: a file is handed in, under a token, kept, and checked; its sender learns what became of it."""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import TypeVar, cast

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..errors import FolderError, IntakeError, NapgraphError, ServerError
from ..records.limits import Limits
from ..sandbox import WALL
from ..submissions.inbox import Inbox, State, Token
from ..submissions.review import ReviewResult, judge
from .http import UNKEPT, Problem, read
from .metrics import Metrics
from .settings import Log
from .uploads import read_upload
from .workers import Broken, Workers

_R = TypeVar("_R")
_SHORTEST, _LONGEST = 0.2, 3600.0  # seconds until a check that broke off begins again; they double
_TOLD = 60  # seconds from which on the log tells of a pause
_MOST_AT_ONCE = 4  # submissions of one sender that are checked at a time
_ALL = 10**9  # submissions that wait to be checked: each is on disk
_CHECKED = 50  # submissions after which the process that checks is replaced
_TIMES = 70  # the judge of record and the reasoner may take so many times as long as reading


async def submit(request: Request) -> Response:
    """Keep what was sent, and answer with the receipt: 201, or 200 where the same was sent before."""
    token = await _token(request)
    content, name, _ = await read_upload(request)
    queue: SubmissionQueue = request.app.state.supervisor.queue
    state, new = await queue.keep(token, name, content)
    headers = {**UNKEPT, "location": f"/api/submissions/{state.id}"}
    return JSONResponse(state._asdict(), 201 if new else 200, headers)


async def submission(request: Request) -> Response:
    """Answer with the state of a submission, to a token for its jurisdiction."""
    token = await _token(request)
    queue: SubmissionQueue = request.app.state.supervisor.queue
    state = await queue.do(queue.inbox.find, request.path_params["id"])
    if state is None or state.jurisdiction != token.jurisdiction:
        raise Problem(404, f"There is no such submission for {token.jurisdiction}.")
    return JSONResponse(state._asdict(), headers=UNKEPT)


async def _token(request: Request) -> Token:
    """Return what the token of a request allows; raises Problem (401), with what is sent thrown away."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    queue: SubmissionQueue = request.app.state.supervisor.queue
    found = await queue.do(queue.inbox.find_token, token.strip()) if kind.lower() == "bearer" else None
    if found is None:
        with suppress(Problem):  # so that the sender reads why
            await read(request, 0)
        words = "A submission needs a token that is valid here: send the header 'Authorization: Bearer TOKEN'."
        raise Problem(401, words, headers={"www-authenticate": 'Bearer realm="napgraph"'})
    return found


class SubmissionQueue:
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
            function=partial(judge, inbox, root=root),
            quick=max(1, min(_MOST_AT_ONCE, (os.cpu_count() or 1) - 1)),
            long=1,
            short_seconds=seconds,
            seconds=seconds,
            wall=seconds * WALL,
            memory=limits.memory,
            waiting=_ALL,
            stopped=metrics.stopped,
            work="submission",
            most=_CHECKED,
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
        """Keep a submission, and return it and whether it is new; raises Problem, with nothing kept."""
        code, most = token.jurisdiction, self._most
        try:
            if await self.do(self.inbox.waiting, code) >= most:
                words = f"{most} submissions for {code} wait already. Send it when some are decided."
                raise Problem.later(words, 3600, 429)
            state, new = await self.do(self.inbox.keep, code, token.submitter, name, content)
        except FolderError as error:
            why = error.__cause__
            self._log.event("submission-failed", f"A submission could not be kept: {why}.", level="error")
            words = f"Nothing was kept of this submission: the server could not write it down ({why})."
            raise Problem.later(f"{words} Send it again later.", 600) from error
        if new:
            self._report(state.id, state.state)
            self.wake()
        return state, new

    async def do(self, function: Callable[..., _R], *arguments: object, **named: object) -> _R:
        """Return what ``function``, which waits for the disk, returns."""
        return await asyncio.get_running_loop().run_in_executor(self._disk, partial(function, *arguments, **named))

    async def _work(self) -> None:
        """Begin the check of what came, in the order in which it did: the workers see to turns."""
        while True:
            self._woken.clear()
            try:
                waiting = await self.do(self.inbox.unchecked)
            except FolderError as error:
                self._log.event("inbox-failed", f"The inbox could not be read: {error}", level="error")
                waiting = []
            for identity, sender in waiting:
                if identity not in self._checks:
                    self._checks[identity] = asyncio.ensure_future(self._check(identity, sender))
            await self._woken.wait()

    async def _check(self, identity: str, sender: str) -> None:
        """Check a submission until its sender has an answer, after pauses that double or when new data are read."""
        pause = _SHORTEST
        try:
            while True:
                try:
                    try:
                        found = cast("ReviewResult", await self._workers.run(identity, sender))
                    except Broken:
                        raise
                    except Problem as error:  # it takes too long, too much memory, or broke the reader
                        found = ReviewResult(False, str(error), [])
                    await self.do(self.inbox.checked, identity, found.words, found.findings, conforms=found.conforms)
                    break
                except Exception as error:  # noqa: BLE001 whatever it is, the next one is checked
                    if not isinstance(error, (Broken, IntakeError)):
                        pause = max(pause, _TOLD)
                    if pause >= _TOLD:
                        words = f"Submission {identity} could not be checked, and will be again: {error}"
                        self._log.event("submission-unchecked", words, level="error", id=identity)
                with suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await self._woken.wait()
                pause = min(2 * pause, _LONGEST)
        finally:
            del self._checks[identity]
        self._report(identity, "checked" if found.conforms else "returned")

    def _report(self, identity: str, state: str) -> None:
        self._metrics.submissions.labels(state).inc()
        self._log.event("submission", f"Submission {identity} {state}.", id=identity, state=state)
