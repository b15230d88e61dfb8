"""The application: which address is answered by what, and what every answer carries."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from ..errors import NapgraphError
from .checks import check
from .endpoint import sparql
from .interface import openapi
from .operation import health, ready
from .refusals import Refusal, refusal, told
from .resources import resource
from .saved import saved

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from .service import Service

__all__ = ["application"]

_METHODS = ["GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT"]
_EVERYWHERE = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"cross-origin"),
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"etag, link, retry-after"),
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; "
        b"base-uri 'none'; form-action 'self'",
    ),
]


def application(service: Service) -> ASGIApp:
    """Return the application that serves ``service``; its processes start and stop with it."""

    @asynccontextmanager
    async def running(_: Starlette) -> AsyncIterator[None]:
        service.start()
        try:
            yield
        finally:
            service.stop()

    app = Starlette(
        routes=[
            _route("/sparql", sparql, send=True),
            _route("/query/{file:path}", saved),
            _route("/api/check", check, read=False, send=True),
            _route("/openapi.json", openapi),
            _route("/health", health),
            _route("/ready", ready),
            _route("/{path:path}", resource),
        ],
        lifespan=running,
        exception_handlers={NapgraphError: _refused, HTTPException: _failed, Exception: _failed},
    )
    app.state.service = service
    return _Shell(app)


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

    return Route(path, endpoint, methods=_METHODS)


async def _refused(_: Request, error: Exception) -> Response:
    found = refusal(error)
    content, headers = told(found)
    return Response(content, found.status, headers)


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

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and add to the head of its answer."""

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = [*message.get("headers", ())]
                has = {name for name, _ in own}
                message["headers"] = own + [each for each in _EVERYWHERE if each[0] not in has]
            await send(message)

        await self._app(scope, receive, sending if scope["type"] == "http" else send)
