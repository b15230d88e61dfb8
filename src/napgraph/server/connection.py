"""A connection that a slow or rude client cannot hold: heads and pauses have a clock, heads a size, all a number.

A large answer is handed on in parts, so that a client who takes it slowly is told from one who does not take it. What
all clients have yet to take is bounded: beyond that, whoever has gone longest without taking anything is left.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from .http import EVERYWHERE, Refusal, told

if TYPE_CHECKING:
    import asyncio

    from starlette.types import ASGIApp, Message, Receive, Scope, Send
    from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

    from .metrics import Metrics
    from .settings import Settings

_MEGABYTE = 1000**2
_PART = 256 * 1024  # bytes of an answer that are handed on at a time


def connection(settings: Settings, metrics: Metrics) -> type[HttpToolsProtocol]:
    """Return the class of connections that keep to ``settings``; ``metrics`` are told what waits to be taken."""
    stalled: dict[_Connection, None] = {}
    words = "Bytes of answers whose clients take them slowly or not at all."
    metrics.watch_size("unsent", words, lambda: sum(each.unsent for each in stalled))
    return type("Connection", (_Connection,), {"settings": settings, "stalled": stalled, "left": metrics.left})


class _Connection(HttpToolsProtocol):
    settings: Settings
    stalled: dict[_Connection, None]  # those whose client has yet to take something, the longest first
    left: Callable[[str], None]  # counts a client that was left
    _clock: asyncio.TimerHandle | None = None
    _stalled: asyncio.TimerHandle | None = None
    _held = 0  # bytes of the large answer that is being handed on
    _head = _hosts = 0
    _large = False
    # Requests not answered: uvicorn tells the last alone that its client has gone.
    _cycles: tuple[RequestResponseCycle, ...] = ()

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.app = partial(self._in_parts, self.app)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > self.settings.connections:
            self._close(Refusal.later("There are too many connections. Try again in some seconds."))
        else:
            self._wind()

    def connection_lost(self, exc: Exception | None) -> None:
        for clock in (self._clock, self._stalled):
            if clock is not None:
                clock.cancel()
        self.stalled.pop(self, None)
        for cycle in self._cycles:
            cycle.disconnected = True
            cycle.message_event.set()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if not self.transport.is_closing() and self.parser is not None:
            super().data_received(data)

    def on_message_begin(self) -> None:
        self._head = self._hosts = 0
        self._wind()
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        self._weigh(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._weigh(len(name) + len(value) + 4)
        self._hosts += name.lower() == b"host"
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None
        if self._hosts > 1 or (not self._hosts and self.parser.get_http_version() == "1.1"):
            raise ValueError(self._hosts)  # RFC 9112: this is to be refused
        super().on_headers_complete()
        self._cycles = tuple(each for each in (*self._cycles, self.cycle) if each and not each.response_complete)

    def pause_writing(self) -> None:
        """Give up on a client that takes nothing, and on the longest such where there is too much for all."""
        super().pause_writing()
        self._stalled = self.loop.call_later(self.settings.send_seconds, self._leave, "slow")
        self.stalled[self] = None
        over = sum(each.unsent for each in self.stalled) - self.settings.unsent
        while over > 0 and len(self.stalled) > 1:
            longest = next(iter(self.stalled))
            over -= longest.unsent
            longest._leave("full")

    @property
    def unsent(self) -> int:
        """The memory that is held until the client has taken its answer."""
        return self.transport.get_write_buffer_size() + self._held

    def resume_writing(self) -> None:
        super().resume_writing()
        self.stalled.pop(self, None)
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None

    def _leave(self, reason: str) -> None:
        self.stalled.pop(self, None)
        type(self).left(reason)
        self.transport.abort()

    async def _in_parts(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Have the application answer; a large answer goes in parts, and has its time as a whole, too."""

        async def sending(message: Message) -> None:
            body = message.get("body", b"")
            if len(body) <= _PART:
                await send(message)
                return
            seconds = self.settings.send_seconds * max(1, len(body) / _MEGABYTE)
            clock = self.loop.call_later(seconds, self._leave, "slow")
            more = message.get("more_body", False)
            self._held = len(body)
            try:
                for start in range(0, len(body), _PART):
                    part, last = body[start : start + _PART], start + _PART >= len(body)
                    await send({"type": message["type"], "body": part, "more_body": more or not last})
            finally:
                self._held = 0
                clock.cancel()

        await app(scope, receive, sending)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 what the reader of HTTP says is for programmers
        if self._large:
            most = f"{self.settings.head / 1000:g} kB"
            self._close(Refusal(431, f"The head of a request is at most {most}. Send a long question by POST."))
        else:
            self._close(Refusal(400, "This is no request of HTTP."))

    def _weigh(self, size: int) -> None:
        self._head += size
        if self._head > self.settings.head:
            self._large = True
            raise ValueError(self._head)  # the reader of HTTP stops, and calls send_400_response

    def _wind(self) -> None:
        if self._clock is None:
            self._clock = self.loop.call_later(self.settings.head_seconds, self._late)

    def _late(self) -> None:
        self._clock = None
        words = f"The head of the request did not come within {self.settings.head_seconds:g} s."
        self._close(Refusal(408, words))

    def _close(self, error: Refusal) -> None:
        """Say why, and close; whoever does not read is not waited for."""
        if self.transport.is_closing():
            return
        content, headers = told(error)
        made: dict[str, Any] = {**EVERYWHERE, **headers, "content-length": len(content), "connection": "close"}
        lines = "".join(f"{name}: {value}\r\n" for name, value in made.items())
        self.transport.write(f"HTTP/1.1 {error.status} {error.title}\r\n{lines}\r\n".encode() + content)
        self.transport.close()
        self.loop.call_later(self.settings.send_seconds, self.transport.abort)
