"""What every address does with a request: negotiate, read it within limits, or say in one sentence why it does not."""

import asyncio
import json
import re
from collections.abc import Awaitable, Mapping
from functools import lru_cache
from http import HTTPStatus
from ipaddress import IPv4Address, IPv6Network, ip_address
from typing import NamedTuple, Self, TypeVar
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from werkzeug.datastructures import LanguageAccept, MIMEAccept
from werkzeug.http import parse_accept_header, parse_etags, parse_options_header

from ..errors import FolderError, NapgraphError, ServerError, UnknownNameError
from ..project.language import LANGUAGES

_Result = TypeVar("_Result")
FORM = "application/x-www-form-urlencoded"
BOM = "\ufeff"  # which some editors write before a text; it is no part of it
CLOSE = {"connection": "close"}
UNKEPT = {"cache-control": "no-store"}
_HOUSEHOLD = 64  # bits of an address of IPv6 that its holder did not choose
_LINGER = 5  # seconds that a client may go on sending what is thrown away, so that it reads why
_MOST_FIELDS = 1000
_AS_JAVA_HAS_IT = re.compile(r"(q=)\.|(?<![^,\s])\*(?=\s*(?:[,;]|$))")  # "*; q=.2", what it sends if nothing is set


class Problem(NapgraphError):  # noqa: N818 to its reader it is an answer
    """Why a request is not answered: a status, one sentence, and the headers that go with it."""

    def __init__(self, status: int, detail: str, *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status, self.headers = status, dict(headers or {})

    @classmethod
    def later(cls, detail: str, seconds: int = 10, status: int = 503, headers: Mapping[str, str] | None = None) -> Self:
        """Return a problem that says when to come again."""
        return cls(status, detail, headers={"retry-after": str(seconds), **(headers or {})})

    def response(self) -> Response:
        """Return the answer that says so (RFC 9457)."""
        title = HTTPStatus(self.status).phrase
        document = {"title": title, "status": self.status, "detail": str(self)}
        headers = {"content-type": "application/problem+json", **UNKEPT, **self.headers}
        return Response(json.dumps(document, ensure_ascii=False).encode() + b"\n", self.status, headers)


async def problem_response(request: Request, error: Exception) -> Response:
    """Return the answer to a request that ended in ``error``, which says nothing of the server's insides."""
    if isinstance(error, Problem):
        problem = error
    elif isinstance(error, HTTPException):
        path, status = request.url.path, error.status_code
        words = {404: f"There is nothing at {path}.", 405: f"{request.method} is not understood at {path}."}
        headers = {name.lower(): value for name, value in (error.headers or {}).items()}
        problem = Problem(status, words.get(status, error.detail), headers=headers)
    elif isinstance(error, ClientDisconnect):  # for the figures alone
        problem = Problem(400, "The client closed the connection.")
    elif isinstance(error, FolderError):  # it names a folder of ours
        problem = Problem.later("The server cannot read its own files now. Try again later.", 60)
    elif isinstance(error, ServerError):
        problem = Problem.later(str(error))
    elif isinstance(error, NapgraphError):
        is_missing = isinstance(error, UnknownNameError) and error.kind == "saved query"
        problem = Problem(404 if is_missing else 400, str(error))
    else:
        problem = Problem(500, "The server failed on this request. That is a fault of napgraph: please report it.")
    return problem.response()


@lru_cache(maxsize=1000)
def wanted(accept: str, offers: tuple[str, ...]) -> str:
    """Return which of ``offers`` an ``Accept`` header (none: any) wants most, on a tie the first, or raise Problem."""
    standard = _AS_JAVA_HAS_IT.sub(lambda found: f"{found[1]}0." if found[1] else "*/*", accept)
    read = parse_accept_header(standard, MIMEAccept)
    asked = [(parse_options_header(value)[0].lower(), quality) for value, quality in read]
    asked = [(media, quality) for media, quality in asked if "/" in media]
    found = MIMEAccept(asked).best_match(offers) if asked else offers[0]
    if found is None:
        raise Problem(406, f"This can be had as {', '.join(dict.fromkeys(offers))}, none of which was asked for.")
    return found


def accept_of(request: Request) -> str:
    """Return the ``Accept`` of a request, empty where it has none."""
    return ", ".join(request.headers.getlist("accept"))


def language_of(request: Request, default: str) -> str:
    """Return which of our languages the ``Accept-Language`` of a request wants most, else ``default``."""
    asked = parse_accept_header(", ".join(request.headers.getlist("accept-language")), LanguageAccept)
    return asked.best_match(LANGUAGES) or default if asked else default


def has(request: Request, tag: str) -> bool:
    """Whether a client has, by its ``If-None-Match``, what the strong ``tag`` stands for."""
    known = request.headers.get("if-none-match")
    return known is not None and parse_etags(known).contains_weak(tag.strip('"'))


class RequestContent(NamedTuple):
    """What came with a request: the parameters of its address, its media type with its options, and its body."""

    given: list[tuple[str, str]]
    media: str
    options: dict[str, str]
    body: bytes


async def read(request: Request, most: int) -> RequestContent:
    """Return what came with a request; what is too large or too much is received and thrown away first.

    Raises Problem: 413 for a body of more than ``most`` bytes, 408 for one that does not come, 503 for one that is too
    much together with all others, 415 for one that is packed, 400 for an address that is not UTF-8.
    """
    headers, settings, held = request.headers, request.state.service.settings, request.app.state.supervisor
    too_large = Problem(413, f"At most {most / 1000**2:g} MB are taken here.", headers=CLOSE)
    is_packed = headers.get("content-encoding", "identity").lower() != "identity"
    if is_packed and ("content-length" in headers or "transfer-encoding" in headers):
        raise Problem(415, "A packed body is not taken: send it as it is, without Content-Encoding.", headers=CLOSE)
    announced = headers.get("content-length", "0")
    if announced.isdecimal() and int(announced) > most and "expect" in headers:
        raise too_large
    seconds, taken, size = settings.body_seconds, bytearray(), 0
    problem: Problem | None = None
    try:
        async with asyncio.timeout(seconds) as clock:
            async for chunk in request.stream():
                size += len(chunk)
                if problem is None and size <= most and held.received + len(chunk) <= settings.received:
                    taken += chunk
                    held.received += len(chunk)
                    request.state.received = size
                elif problem is None:
                    words = "Too much is being sent by all clients together. Try again in some seconds."
                    problem = too_large if size > most else Problem.later(words, headers=CLOSE)
                    taken.clear()
                    held.received -= request.scope["state"].pop("received", 0)
                    clock.reschedule(asyncio.get_running_loop().time() + _LINGER)
    except TimeoutError:
        problem = problem or Problem(408, f"The body did not come within {seconds:g} s.", headers=CLOSE)
    if problem is not None:
        raise problem
    media, options = parse_options_header(headers.get("content-type", ""))
    return RequestContent(pairs(request.scope["query_string"]), media.lower(), options, bytes(taken))


def pairs(text: bytes) -> list[tuple[str, str]]:
    """Return the names and values of a query string or a form; raises Problem (400) for what is no UTF-8."""
    try:
        content = utf8(text, "A parameter")
        return parse_qsl(content, keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except UnicodeDecodeError as error:
        raise Problem(400, "A parameter is not UTF-8 text.") from error
    except ValueError as error:
        raise Problem(400, f"There are more than {_MOST_FIELDS} parameters.") from error


def utf8(content: bytes, what: str) -> str:
    """Return ``content`` as text, without the byte order mark; raises Problem (400) for what is no UTF-8."""
    try:
        return content.decode("utf-8").removeprefix(BOM)
    except UnicodeDecodeError as error:
        raise Problem(400, f"{what} is not UTF-8 text (byte {error.start}).") from error


async def while_connected(request: Request, answer: Awaitable[_Result]) -> _Result:
    """Return what ``answer`` gives; cancel it when the client goes. For a request whose body has been read."""

    async def left() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass

    asked, gone = asyncio.ensure_future(answer), asyncio.ensure_future(left())
    try:
        await asyncio.wait({asked, gone}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        gone.cancel()
        if not asked.done():
            asked.cancel()
            await asyncio.wait({asked})
    if asked.cancelled():
        raise Problem(400, "The client closed the connection.")
    return asked.result()


@lru_cache(maxsize=1000)
def household(host: str) -> str:
    """Return who asks, as far as an address tells: of IPv6 the network that one household has."""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:  # whatever the web server before this one calls it
        return host
    if isinstance(address, IPv4Address):
        return host
    return str(address.ipv4_mapped or IPv6Network((address, _HOUSEHOLD), strict=False))
