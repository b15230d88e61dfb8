"""A connection that a slow or rude client cannot hold: heads and pauses have a clock, heads a size, all a number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from .refusals import EVERYWHERE, Refusal, told

if TYPE_CHECKING:
    import asyncio

    from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

    from .settings import Settings

__all__ = ["connection"]

_PART = 1000**2  # bytes of an answer that a client has its time for


def connection(settings: Settings) -> type[HttpToolsProtocol]:
    """Return the class of connections that keep to ``settings``."""
    return type("Connection", (_Connection,), {"settings": settings, "stalled": {}})


class _Connection(HttpToolsProtocol):
    settings: Settings
    stalled: dict[_Connection, None]  # those whose client has yet to take something, the longest first
    _clock: asyncio.TimerHandle | None = None
    _stalled: asyncio.TimerHandle | None = None
    _head = _hosts = 0
    _large = False
    # Requests not answered: uvicorn tells the last alone that its client has gone.
    _cycles: tuple[RequestResponseCycle, ...] = ()

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
        """Give up on a client that does not take what it asked for, and on the longest where there are too many."""
        super().pause_writing()
        seconds = self.settings.send_seconds * max(1, self._unsent / _PART)
        self._stalled = self.loop.call_later(seconds, self.transport.abort)
        self.stalled[self] = None
        over = sum(each._unsent for each in self.stalled) - self.settings.unsent
        while over > 0 and len(self.stalled) > 1:
            longest = next(iter(self.stalled))
            over -= longest._unsent
            del self.stalled[longest]
            longest.transport.abort()

    @property
    def _unsent(self) -> int:
        return self.transport.get_write_buffer_size()

    def resume_writing(self) -> None:
        super().resume_writing()
        self.stalled.pop(self, None)
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None

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
