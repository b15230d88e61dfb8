"""The application: which address is answered by what, what every answer carries, and what outlives a change of data."""

import asyncio
import json
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager, suppress
from functools import partial
from http import HTTPMethod
from importlib.resources import files
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .. import __version__
from ..errors import NapgraphError
from . import handlers, resources, submissions
from .http import CLOSE, UNKEPT, Problem, problem_response
from .metrics import Metrics
from .service import Service
from .settings import Log
from .sparql import GRAPHS, TABLES

_EVERYWHERE = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "cross-origin",
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "etag, link, retry-after",
    "content-security-policy": "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
}
_HEADERS = [(name.encode(), value.encode()) for name, value in _EVERYWHERE.items()]
_CLOSED = "the handler is closed"  # what uvloop says of a connection that the client broke off a moment ago
_PIECE = 64 * 1024  # bytes of an answer that are sent at a time: what a client does not take is not handed on
_SOON = 0.1  # seconds after which uvicorn knows it, too


class Supervisor:
    """Gives each request the service that is current when it comes, and keeps that until it is answered."""

    connections: Collection[object] = ()  # those that are open
    queue: submissions.SubmissionQueue | None = None
    received = 0  # bytes of the bodies of requests that are not answered yet
    unsent = 0  # bytes of the answers that are being sent
    _reloading: asyncio.Task[None]

    def __init__(self, make: Callable[[], Service], log: Log, metrics: Metrics) -> None:
        self._make, self.log, self.metrics = make, log, metrics
        self._running: Counter[Service] = Counter()
        self.changed = asyncio.Event()  # to be set when there are other data to read
        metrics.received.set_function(lambda: self.received)
        metrics.unsent.set_function(lambda: self.unsent)
        self._serve(make())

    def _serve(self, service: Service) -> None:
        """Have requests answered by ``service`` from now on."""
        self.service = service
        self.metrics.data.info({"version": service.kg.version})
        for pool in service.pools:
            self.metrics.waiting.labels(pool.work).set_function(partial(getattr, pool.turns, "waiting"))
            self.metrics.busy.labels(pool.work).set_function(pool.busy.__len__)

    def start(self) -> None:
        """Start the processes, and from now on read the data again when they have changed."""
        self._reloading = asyncio.ensure_future(self._reload())
        for pool in self.service.pools:
            pool.fill()
        if self.queue is not None:
            self.queue.start()

    async def stop(self) -> None:
        """Stop the processes."""
        self._reloading.cancel()
        for pool in {pool for service in (self.service, *self._running) for pool in service.pools}:
            pool.close()
        if self.queue is not None:
            await self.queue.stop()

    @contextmanager
    def current(self) -> Iterator[Service]:
        """Give the service of now for one request; a service of older data ends with its last."""
        service = self.service
        self._running[service] += 1
        try:
            yield service
        finally:
            self._running[service] -= 1
            self._retire(service)

    def _retire(self, service: Service) -> None:
        if service is not self.service and not self._running[service]:
            del self._running[service]
            for pool in service.pools:
                pool.close()

    async def _reload(self) -> None:
        """Read the data when they have changed, and serve them once that went well."""
        while await self.changed.wait():
            self.changed.clear()
            start, before = time.monotonic(), self.service
            thread = ThreadPoolExecutor(1, "reload")  # which has ended before processes are forked
            try:
                service = await asyncio.get_running_loop().run_in_executor(thread, self._make)
                thread.shutdown()
                for pool in service.pools:
                    pool.fill()
            except Exception as error:  # noqa: BLE001 whatever is wrong with the new data, the old are served
                words = str(error) if isinstance(error, NapgraphError) else f"{type(error).__name__}: {error}"
                self.metrics.reloads.labels("failed").inc()
                self.log.event("reload-failed", f"The data were not changed. What is there now: {words}", level="error")
                continue
            finally:
                thread.shutdown(wait=False)
            self._serve(service)
            self._retire(before)
            if self.queue is not None:
                self.queue.woken.set()
            self.metrics.reloads.labels("done").inc()
            version, seconds = service.kg.version, round(time.monotonic() - start, 3)
            self.log.event("reloaded", f"Serving data version {version[:12]}.", version=version, seconds=seconds)


def application(supervisor: Supervisor) -> ASGIApp:
    """Return the application that serves what ``supervisor`` holds; its processes start and stop with it."""

    @asynccontextmanager
    async def running(_: Starlette) -> AsyncIterator[None]:
        loop = asyncio.get_running_loop()
        supervisor.start()
        loop.add_signal_handler(signal.SIGHUP, supervisor.changed.set)
        try:
            yield
        finally:
            loop.remove_signal_handler(signal.SIGHUP)
            await supervisor.stop()

    taken_in = [
        _route("/api/submissions", submissions.submit, "POST"),
        _route("/api/submissions/{id}", submissions.submission, "GET", "HEAD"),
    ]
    app = Starlette(
        routes=[
            _route("/sparql", resources.sparql, "GET", "HEAD", "POST"),
            _route("/query/{file:path}", resources.saved, "GET", "HEAD"),
            _route("/api/check", submissions.check, "POST"),
            *(taken_in if supervisor.queue else ()),
            _route("/openapi.json", openapi, "GET", "HEAD"),
            _route("/health", health, "GET", "HEAD"),
            _route("/ready", ready, "GET", "HEAD"),
            _route("/metrics", metrics, "GET", "HEAD"),
            _route("/{path:path}", resources.resource, "GET", "HEAD"),
        ],
        lifespan=running,
        exception_handlers=dict.fromkeys((NapgraphError, HTTPException, ClientDisconnect, Exception), problem_response),
    )
    app.state.supervisor = supervisor
    return _shell(app, supervisor)


def _route(path: str, answer: Callable[[Request], Awaitable[Response]], *methods: str) -> Route:
    """Return a route that tells which ``methods`` it understands, to pages of other sites too."""
    allowed = ", ".join((*methods, "OPTIONS"))
    understood = {
        "allow": allowed,
        "access-control-allow-methods": allowed,
        "access-control-allow-headers": "accept, content-type, if-none-match",
        "access-control-max-age": "86400",
    }

    async def endpoint(request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=understood)
        if request.method not in methods:
            raise HTTPException(405, headers={"allow": allowed})
        return await answer(request)

    made = Route(path, endpoint)
    made.methods = None  # any: what is not understood is refused above
    return made


def _shell(app: ASGIApp, supervisor: Supervisor) -> ASGIApp:
    """Return ``app`` with what every answer carries, whoever gives it, and what is refused whatever the address."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with the service of now, and write it down."""
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        start, sending = time.monotonic(), _Sending(scope, receive, send, supervisor)
        try:
            with supervisor.current() as service, suppress(_NotTaken):
                scope.setdefault("state", {})["service"] = service
                await (_at_once(scope, service, len(supervisor.connections)) or app)(scope, receive, sending)
        finally:
            supervisor.received -= scope["state"].pop("received", 0)
            supervisor.unsent -= sending.held
            route, method = getattr(scope.get("route"), "path", ""), scope["method"]
            method, seconds = method if method in HTTPMethod.__members__ else "other", time.monotonic() - start
            supervisor.metrics.requests.labels(route, method, sending.status).inc()
            supervisor.metrics.seconds.labels(route).observe(seconds)
            supervisor.log.request(method, route, sending.status, seconds, sending.size)

    return answer


class _NotTaken(Exception):  # noqa: N818 nobody is told
    """A client takes nothing of its answer: it is left."""


class _Sending:
    """Sends an answer: its head with what every answer carries, its body in pieces, within the bound on memory.

    ``held`` are the bytes that it holds until it is sent, ``size`` those sent so far.
    """

    def __init__(self, scope: Scope, receive: Receive, send: Send, supervisor: Supervisor) -> None:
        self._scope, self._receive, self._send, self._supervisor = scope, receive, send, supervisor
        self.status, self.size, self.held, self._refused = 500, 0, 0, False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self._begin(message)
            return
        body, more = message.get("body", b""), message.get("more_body", False)
        for at in range(0, len(body) or 1, _PIECE) if not self._refused else ():
            piece, rest = body[at : at + _PIECE], more or at + _PIECE < len(body)
            self.size += len(piece)
            await self._pass({"type": message["type"], "body": piece, "more_body": rest})

    async def _begin(self, message: Message) -> None:
        """Send the head, or refuse to: a large answer where others hold all the memory there is for them."""
        given = dict(message.get("headers", ()))
        length, most = int(given.get(b"content-length", b"0")), self._scope["state"]["service"].settings.unsent
        if length > _PIECE and self._supervisor.unsent + length > most:
            words = "Too many answers are waiting to be taken. Try again in some seconds."
            await Problem.later(words, headers=CLOSE).response()(self._scope, self._receive, self)
            self._refused = True
            return
        self.held, self.status = length, message["status"]
        self._supervisor.unsent += length
        message["headers"] = [*message.get("headers", ()), *(each for each in _HEADERS if each[0] not in given)]
        await self._pass(message)

    async def _pass(self, message: Message) -> None:
        """Send a part; raises _NotTaken for a client that takes nothing for too long."""
        try:
            async with asyncio.timeout(self._scope["state"]["service"].settings.send_seconds):
                await self._send(message)
        except TimeoutError as error:
            raise _NotTaken from error
        except RuntimeError as error:
            if _CLOSED not in str(error):
                raise
            await asyncio.sleep(_SOON)


def _at_once(scope: Scope, service: Service, connections: int) -> Response | None:
    """Return the answer to what asks for no address, or to a request that is refused by its head."""
    settings, headers = service.settings, scope["headers"]
    if connections > settings.connections:
        words = "There are too many connections. Try again in some seconds."
        return Problem.later(words, headers=CLOSE).response()
    size = len(scope["raw_path"]) + len(scope["query_string"])
    if size + sum(len(name) + len(value) + 4 for name, value in headers) > settings.head:
        words = f"The head of a request is at most {settings.head / 1000:g} kB. Send a long question by POST."
        return Problem(431, words, headers=CLOSE).response()
    hosts = sum(name == b"host" for name, _ in headers)
    if hosts > 1 or (not hosts and scope["http_version"] == "1.1"):  # RFC 9112: this is to be refused
        return Problem(400, "This is no request of HTTP.", headers=CLOSE).response()
    if scope["path"] == "*" and scope["method"] == "OPTIONS":
        return Response(status_code=204, headers={"allow": "GET, HEAD, POST, OPTIONS"})
    return None


async def health(_: Request) -> Response:
    """``/health``: answer as long as the process does."""
    return JSONResponse({"status": "alive"}, headers=UNKEPT)


async def ready(request: Request) -> Response:
    """``/ready``: answer when a worker does; raises Problem (503) while none does."""
    service: Service = request.state.service
    if not await service.is_ready():
        raise Problem.later("The processes that answer questions do not answer now. Try again in some seconds.", 2)
    return JSONResponse({"status": "ready", "version": service.kg.version}, headers=UNKEPT)


async def metrics(request: Request) -> Response:
    """``/metrics``: answer with every figure, in the format that was asked for."""
    content, media = request.app.state.supervisor.metrics.export(request.headers.get("accept", ""))
    return Response(content, headers={"content-type": media, **UNKEPT})


async def openapi(request: Request) -> Response:
    """``/openapi.json``: OpenAPI 3.1 from a file beside this one, with a list from here for each ``$name``."""
    service: Service = request.state.service
    listed: dict[str, Any] = {
        "$version": __version__,
        "$queries": list(service.kinds),
        "$forms": list(handlers.FORMS),
        "$profiles": service.profiles,
        "$reports": list(handlers.REPORTS),
        "$languages": list(handlers.REPORT_LANGUAGES),
        "$answers": {each: {} for each in (*TABLES, *GRAPHS)},
        "$tables": {each.partition(";")[0]: {} for each in handlers.FORMS.values()},
        "$checks": {each: {} for each in handlers.REPORTS},
    }

    def filled(node: dict[str, Any]) -> dict[str, Any]:
        return {key: listed.get(value, value) if isinstance(value, str) else value for key, value in node.items()}

    made = json.loads(files(__package__).joinpath("openapi.json").read_text(encoding="utf-8"), object_hook=filled)
    if request.app.state.supervisor.queue is None:
        made["paths"] = {path: each for path, each in made["paths"].items() if not path.startswith("/api/submissions")}
    return Response(json.dumps(made, ensure_ascii=False, indent=1), media_type="application/json")
