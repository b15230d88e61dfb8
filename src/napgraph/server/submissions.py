"""What is sent in: files to be checked at ``/api/check``, submissions under a token at ``/api/submissions``."""

import asyncio
import base64
import io
import json
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import TypeVar, cast

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from werkzeug.formparser import FormDataParser

from ..errors import FolderError, IntakeError, NapgraphError, ServerError
from ..rdf.formats import ending_of_media
from ..records.limits import Limits
from ..sandbox import WALL
from ..submissions.inbox import Inbox, ReviewResult, State, Token, judge
from .handlers import REPORT_LANGUAGES, REPORTS, Submission
from .http import FORM, UNKEPT, Problem, RequestContent, accept_of, pairs, read, wanted
from .metrics import Metrics
from .service import Service
from .settings import Log
from .workers import Broken, Workers

_R = TypeVar("_R")
_SHORTEST, _LONGEST = 0.2, 3600.0  # seconds until a check that broke off begins again; they double
_TOLD = 60  # seconds from which on the log tells of a pause
_MOST_AT_ONCE = 4  # submissions of one sender that are checked at a time
_ALL = 10**9  # submissions that wait to be checked: each is on disk
_CHECKED = 50  # submissions after which the process that checks is replaced
_TIMES = 70  # the judge of record and the reasoner may take so many times as long as reading
# The names of the fields are those of the EU Interoperability Test Bed.
FIELDS = ("contentToValidate", "contentSyntax", "embeddingMethod")
_MULTIPART = "multipart/form-data"
_MOST_PARTS = 20
_LONGEST_NAME = 100


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


async def check(request: Request) -> Response:
    """``/api/check``: answer with the report; raises Problem, 422 for a file that cannot be read."""
    service: Service = request.state.service
    content, name, given = await read_upload(request, ("validationType", "reportSyntax", "locale"))
    language = given.get("locale", "").partition("-")[0].lower() or REPORT_LANGUAGES[0]
    if language not in REPORT_LANGUAGES:
        raise Problem(400, f"Reports are written in {', '.join(REPORT_LANGUAGES)}, not in {given['locale']!r}.")
    media = given.get("reportSyntax") or wanted(accept_of(request), tuple(REPORTS))
    if media not in REPORTS:
        raise Problem(400, f"A report can be had as {', '.join(REPORTS)}, not as {media!r}.")
    answer = await service.ask(request, Submission(content, name, given.get("validationType") or None, language, media))
    return Response(answer.content, media_type=answer.media, headers={"vary": "accept", **UNKEPT})


async def read_upload(request: Request, allowed: Sequence[str] = ()) -> tuple[bytes, str, dict[str, str]]:
    """Return the file of a request, what to call it, and the other fields, ``allowed`` among them; raises Problem."""
    service: Service = request.state.service
    most = service.limits.bytes
    sent = await read(request, most * 2)  # BASE64 takes a third more
    given = dict(sent.given)
    name, content = given.pop("name", ""), sent.body
    is_form = sent.media in {_MULTIPART, FORM}
    if sent.media == _MULTIPART:
        fields, files = _parts(sent)
        given |= fields
        if files:
            (name, content), is_form = files[0], False
    elif sent.media == FORM:
        given |= dict(pairs(content))
    elif sent.media == "application/json" and b'"contentToValidate"' in content:  # and no record in JSON-LD itself
        given |= _object(content)
    else:
        given.setdefault("contentSyntax", sent.media)
    if "contentToValidate" in given:
        content = _embedded(given["contentToValidate"], given.get("embeddingMethod", "STRING").upper())
    elif is_form:
        raise Problem(400, "There is no file here: send one, or 'contentToValidate'.")
    if not content:
        raise Problem(400, "There is no file here: what was sent is empty.")
    known = (*FIELDS, *allowed)
    if odd := sorted(given.keys() - set(known)):
        raise Problem(400, f"There is no field {odd[0]!r}. The fields are {', '.join(known)}.")
    if len(content) > most:
        raise Problem(413, f"At most {most / 1000**2:g} MB are taken here.")
    ending = ending_of_media(given.get("contentSyntax", "").partition(";")[0].strip().lower())
    shown = name.replace("\\", "/").rpartition("/")[2][:_LONGEST_NAME]
    return content, "".join(filter(str.isprintable, shown)) or f"submission{ending}", given


def _embedded(content: str, how: str) -> bytes:
    if how == "STRING":
        return content.encode("utf-8", "replace")
    if how == "URL":
        raise Problem(400, "Nothing is fetched here: send the content itself, by embeddingMethod STRING or BASE64.")
    if how != "BASE64":
        raise Problem(400, f"The embeddingMethod is STRING or BASE64, not {how!r}.")
    try:
        return base64.b64decode("".join(content.split()), validate=True)
    except ValueError as error:
        raise Problem(400, f"contentToValidate is not BASE64: {error}") from error


def _parts(sent: RequestContent) -> tuple[dict[str, str], list[tuple[str, bytes]]]:
    """Return the fields of a form, and the name and content of its file, if there is one."""
    size = len(sent.body)
    # Never a file on disk.
    reader = FormDataParser(lambda *_, **__: io.BytesIO(), size, max_form_parts=_MOST_PARTS, silent=False)
    try:
        _, fields, found = reader.parse(io.BytesIO(sent.body), _MULTIPART, size, sent.options)
    except Exception as error:  # whatever its reader says of it
        raise Problem(400, "This form cannot be read: it is not as multipart/form-data has it.") from error
    files = [(file.filename or "", file.stream.read()) for _, file in found.items(multi=True)]
    if len(files) > 1:
        raise Problem(400, "Send one file at a time.")
    return dict(fields.items()), files


def _object(content: bytes) -> dict[str, str]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Problem(400, "This is not valid JSON.") from error
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise Problem(400, "Send one JSON object whose values are texts.")
    return found


class SubmissionQueue:
    """The inbox of a running server: at most ``most`` submissions of a jurisdiction wait; senders take turns."""

    def __init__(self, inbox: Inbox, root: str, limits: Limits, most: int, log: Log, metrics: Metrics) -> None:
        try:
            self._lock = inbox.open()
        except NapgraphError as error:
            raise ServerError(str(error)) from error
        self.inbox, self._most, self._log, self._metrics = inbox, most, log, metrics
        self._disk = ThreadPoolExecutor(1, "inbox")  # writing waits for the disk, and no question waits with it
        seconds = limits.seconds * _TIMES
        self._workers = Workers(
            function=partial(judge, root=root),
            quick=max(1, min(_MOST_AT_ONCE, (os.cpu_count() or 1) - 1)),  # one is left for another sender
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
        self.woken = asyncio.Event()  # to be set when there is something to check, or to check again
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
            self.woken.set()
        return state, new

    async def do(self, function: Callable[..., _R], *arguments: object, **named: object) -> _R:
        """Return what ``function``, which waits for the disk, returns."""
        return await asyncio.get_running_loop().run_in_executor(self._disk, partial(function, *arguments, **named))

    async def _work(self) -> None:
        """Begin the check of what came, in the order in which it did: the workers see to turns."""
        while True:
            self.woken.clear()
            try:
                waiting = await self.do(self.inbox.unchecked)
            except FolderError as error:
                self._log.event("inbox-failed", f"The inbox could not be read: {error}", level="error")
                waiting = None
            for identity, sender in waiting or ():
                if identity not in self._checks:
                    self._checks[identity] = asyncio.ensure_future(self._check(identity, sender))
            with suppress(TimeoutError):  # what could not be read is read again, though nothing new comes
                async with asyncio.timeout(_TOLD if waiting is None else None):
                    await self.woken.wait()

    async def _check(self, identity: str, sender: str) -> None:
        """Check a submission until its sender has an answer, after pauses that double or when new data are read."""
        pause = _SHORTEST

        async def sent() -> tuple[State, bytes]:  # a fork of this process must not open what a thread of it may hold
            return await self.do(self.inbox.get, identity), await self.do(self.inbox.content, identity)

        try:
            while True:
                try:
                    try:
                        found = cast("ReviewResult", await self._workers.run(sent, sender))
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
                        await self.woken.wait()
                pause = min(2 * pause, _LONGEST)
        finally:
            del self._checks[identity]
        self._report(identity, "checked" if found.conforms else "returned")

    def _report(self, identity: str, state: str) -> None:
        self._metrics.submissions.labels(state).inc()
        self._log.event("submission", f"Submission {identity} {state}.", id=identity, state=state)
