"""The application: which address is answered by what, and what every answer carries."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import Route

from ..errors import NapgraphError
from .check import check
from .endpoint import sparql
from .http import EVERYWHERE, Refusal, refusal, told
from .interface import openapi
from .metrics import METHODS, metrics
from .operation import health, ready
from .requests import Received
from .resources import resource
from .saved import saved
from .submissions import submission, submit

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from .host import Host

_CLOSED = "the handler is closed"  # what uvloop says of a connection that the client broke off a moment ago
_SOON = 0.1  # seconds after which uvicorn knows it, too
_WHOLE_SERVER = Response(status_code=204, headers={"allow": "GET, HEAD, POST, OPTIONS"})  # what OPTIONS * is told
_EVERYWHERE = [(name.encode(), value.encode()) for name, value in EVERYWHERE.items()]


def application(host: Host) -> ASGIApp:
    """Return the application that serves what ``host`` holds; its processes start and stop with it."""

    @asynccontextmanager
    async def running(_: Starlette) -> AsyncIterator[None]:
        host.start()
        with _reloaded_by_signal(host):
            yield
        await host.stop()

    received = Received()
    host.metrics.watch_size("received", "Bytes of bodies of requests that are not answered yet.", lambda: received.size)
    takes = [
        _route("/api/submissions", submit, read=False, send=True),
        _route("/api/submissions/{id}", submission),
    ]
    app = Starlette(
        routes=[
            _route("/sparql", sparql, send=True),
            _route("/query/{file:path}", saved),
            _route("/api/check", check, read=False, send=True),
            *(takes if host.receiving else ()),
            _route("/openapi.json", openapi),
            _route("/health", health),
            _route("/ready", ready),
            _route("/metrics", metrics),
            _route("/{path:path}", resource),
        ],
        lifespan=running,
        exception_handlers={
            NapgraphError: _refused,
            HTTPException: _failed,
            ClientDisconnect: _left,
            Exception: _failed,
        },
    )
    app.state.receiving, app.state.metrics, app.state.received = host.receiving, host.metrics, received
    return _Shell(app, host, received)


@contextmanager
def _reloaded_by_signal(host: Host) -> Iterator[None]:
    """Read the data again at SIGHUP."""
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGHUP, host.reload)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGHUP)


def _route(
    path: str, answer: Callable[[Request], Awaitable[Response]], *, read: bool = True, send: bool = False
) -> Route:
    """Return a route to ``read`` from or ``send`` to, which tells what it understands, to pages of other sites too."""
    methods = (*(("GET", "HEAD") if read else ()), *(("POST",) if send else ()), "OPTIONS")
    understood = {
        "allow": ", ".join(methods),
        "access-control-allow-methods": ", ".join(methods),
        "access-control-allow-headers": "accept, content-type, if-none-match",
        "access-control-max-age": "86400",
    }

    async def endpoint(request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=understood)
        if request.method not in methods:
            raise HTTPException(405, headers={"allow": understood["allow"]})
        return await answer(request)

    made = Route(path, endpoint)
    made.methods = None  # any: what is not understood is refused above
    return made


async def _refused(_: Request, error: Exception) -> Response:
    found = refusal(error)
    content, headers = told(found)
    return Response(content, found.status, headers)


async def _left(request: Request, _: Exception) -> Response:
    """Answer who went while their request came in: for the figures alone."""
    return await _refused(request, Refusal(400, "The client closed the connection."))


async def _failed(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        return await _refused(request, error)
    words = {
        404: f"There is nothing at {request.url.path}.",
        405: f"{request.method} is not understood at {request.url.path}.",
    }
    headers = {name.lower(): value for name, value in (error.headers or {}).items()}
    return await _refused(
        request, Refusal(error.status_code, words.get(error.status_code, error.detail), headers=headers)
    )


class _Shell:
    """What every answer carries, whoever gives it."""

    def __init__(self, app: ASGIApp, host: Host, received: Received) -> None:
        self._app, self._host, self._received = app, host, received

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with the service of now, add to the head of its answer, and write it down."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start, status, size = time.monotonic(), 500, 0

        async def sending(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                own = [*message.get("headers", ())]
                has = {name for name, _ in own}
                message["headers"] = own + [each for each in _EVERYWHERE if each[0] not in has]
                status = message["status"]
            else:
                size += len(message.get("body", b""))
            try:
                await send(message)
            except RuntimeError as error:
                if _CLOSED not in str(error):
                    raise
                await asyncio.sleep(_SOON)

        service = self._host.enter()
        scope.setdefault("state", {})["service"] = service
        whole = scope["path"] == "*" and scope["method"] == "OPTIONS"
        try:
            await (_WHOLE_SERVER if whole else self._app)(scope, receive, sending)
        finally:
            self._host.leave(service)
            self._received.leave(scope["state"])
            route, method = getattr(scope.get("route"), "path", ""), scope["method"]
            seconds = time.monotonic() - start
            self._host.metrics.request(route, method, status, seconds)
            self._host.log.request(method if method in METHODS else "other", route, status, seconds, size)
