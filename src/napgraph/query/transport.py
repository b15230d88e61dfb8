"""One question or one upload over HTTP, within a time that counts for all of it, a size, and no way to another host."""

from __future__ import annotations

import email.utils
import http.client
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import suppress
from typing import IO, TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from email.message import Message

LARGEST = 256 * 1024 * 1024
"""Bytes of an answer that are read at most."""
_ERROR_TEXT = 64 * 1024
_CHUNK = 1 << 16
_BUSY = (http.HTTPStatus.TOO_MANY_REQUESTS, http.HTTPStatus.SERVICE_UNAVAILABLE)
_TRIES = 4
_FIRST_PAUSE = 0.5  # seconds, doubled with each try


class Reply(NamedTuple):
    """What a server answered; ``whole`` tells whether as much came as it announced."""

    status: int
    headers: Message
    body: bytes
    whole: bool


class MovedError(Exception):
    """The server sends to another address, where nobody asked to go."""


class TooLargeError(Exception):
    """More came than is taken."""


class _SameHost(urllib.request.HTTPRedirectHandler):
    """Follows a redirect of a GET within the host that was named; another one is for the user to decide."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        before, after = urllib.parse.urlsplit(req.full_url), urllib.parse.urlsplit(newurl)
        upgraded = (before.scheme, after.scheme) == ("http", "https") and before.hostname == after.hostname
        same = (before.scheme, before.netloc) == (after.scheme, after.netloc)
        if req.get_method() != "GET" or not (same or upgraded):
            raise MovedError(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def send(request: urllib.request.Request, seconds: float, *others: urllib.request.BaseHandler) -> Reply:
    """Return the reply to ``request``, tried again while the server says that it is busy, all within ``seconds``.

    ``others`` are more handlers of urllib, such as those that authenticate. Raises TimeoutError, MovedError,
    TooLargeError, or OSError and HTTPException as urllib does.
    """
    end = time.monotonic() + seconds
    pause = _FIRST_PAUSE
    for left in reversed(range(_TRIES)):
        reply = _within(request, end, others)
        asked = wait_asked(reply)
        rest = pause if asked is None else asked
        if reply.status not in _BUSY or not left or time.monotonic() + rest >= end:
            break
        time.sleep(rest)
        pause *= 2
    return reply


def wait_asked(reply: Reply) -> float | None:
    """Return the seconds that the server asks to wait (``Retry-After``, RFC 9110 section 10.2.3), if it does."""
    text = reply.headers.get("Retry-After", "").strip()
    if text.isdecimal():
        return float(text)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(text).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return None


def _within(request: urllib.request.Request, end: float, others: tuple[urllib.request.BaseHandler, ...]) -> Reply:
    """Return the reply, or raise TimeoutError at ``end``.

    A time limit of a socket starts anew with every byte, so that a server which sends one a second never meets it.
    So the exchange runs in a thread, and is left to itself when its time is over.
    """
    made: list[Reply | BaseException] = []

    def exchange() -> None:
        try:
            made.append(_exchange(request, end, others))
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            made.append(error)

    thread = threading.Thread(target=exchange, daemon=True)
    thread.start()
    thread.join(max(0.0, end - time.monotonic()))
    if not made:
        raise TimeoutError
    if isinstance(made[0], BaseException):
        raise made[0]
    return made[0]


def _exchange(request: urllib.request.Request, end: float, others: tuple[urllib.request.BaseHandler, ...]) -> Reply:
    opener = urllib.request.build_opener(_SameHost, *others)
    left = max(0.001, end - time.monotonic())
    try:
        response = opener.open(request, timeout=left)
    except urllib.error.HTTPError as error:
        with error, suppress(http.client.HTTPException, OSError):
            return Reply(error.code, error.headers, error.read(_ERROR_TEXT), whole=True)
        return Reply(error.code, error.headers, b"", whole=False)
    with response:
        body, whole = _read(response, end)
        return Reply(response.status, response.headers, body, whole)


def _read(response: http.client.HTTPResponse, end: float) -> tuple[bytes, bool]:
    content = bytearray()
    try:
        while chunk := response.read1(_CHUNK):
            content += chunk
            if len(content) > LARGEST:
                raise TooLargeError
            if time.monotonic() > end:
                raise TimeoutError
    except (http.client.IncompleteRead, ConnectionError):
        return bytes(content), False
    announced = response.headers.get("Content-Length", "")
    return bytes(content), not announced.isdecimal() or len(content) == int(announced)
