"""What every address does with a request: negotiate, read it within limits, or say in one sentence why it does not."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Mapping, MutableMapping
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Network, ip_address
from typing import Any, NamedTuple, Self, TypeVar
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response
from werkzeug.datastructures import LanguageAccept, MIMEAccept
from werkzeug.http import parse_accept_header, parse_etags, parse_options_header

from ..errors import FolderError, NapgraphError, ServerError, UnknownNameError
from ..project.language import LANGUAGES

_Result = TypeVar("_Result")
FORM = "application/x-www-form-urlencoded"
BOM = "\ufeff"  # which some editors write before a text; it is no part of it
CLOSE = {"connection": "close"}
_HOUSEHOLD = 64  # bits of an address of IPv6 that its holder did not choose
_LINGER = 5  # seconds that a client may go on sending what is thrown away, so that it reads why
_MOST_FIELDS = 1000
_AS_JAVA_HAS_IT = re.compile(r"(q=)\.|(?<![^,\s])\*(?=\s*(?:[,;]|$))")  # "*; q=.2", what it sends if nothing is set
_TITLES = {
    400: "This request cannot be understood",
    401: "A token is needed",
    403: "Not allowed",
    404: "Not found",
    405: "Another method is needed",
    406: "No such format",
    408: "Too slow",
    413: "Too large",
    415: "Another media type is needed",
    422: "This file cannot be read",
    429: "Too many requests",
    431: "The head of the request is too large",
    500: "The server failed",
    503: "Not now",
}


class Problem(NapgraphError):  # noqa: N818 to its reader it is an answer
    """Why a request is not answered: a status, one sentence, and the headers that go with it."""

    def __init__(self, status: int, detail: str, *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status, self.headers = status, dict(headers or {})

    @classmethod
    def later(cls, detail: str, seconds: int = 10, status: int = 503) -> Self:
        """Return a problem that says when to come again."""
        return cls(status, detail, headers={"retry-after": str(seconds)})


def problem_response(error: Exception) -> Response:
    """Return the answer to a request that ended in ``error`` (RFC 9457), which says nothing of the server's insides."""
    problem = _problem(error)
    title = _TITLES.get(problem.status, "Not answered")
    document = {"title": title, "status": problem.status, "detail": str(problem)}
    headers = {"content-type": "application/problem+json", "cache-control": "no-store", **problem.headers}
    return Response(json.dumps(document, ensure_ascii=False).encode() + b"\n", problem.status, headers)


def _problem(error: Exception) -> Problem:
    if isinstance(error, Problem):
        return error
    if isinstance(error, UnknownNameError) and error.kind == "saved query":
        return Problem(404, str(error))
    if isinstance(error, FolderError):  # it names a folder of ours
        return Problem.later("The server cannot read its own files now. Try again later.", 60)
    if isinstance(error, ServerError):
        return Problem.later(str(error))
    if isinstance(error, NapgraphError):
        return Problem(400, str(error))
    return Problem(500, "The server failed on this request. That is a fault of napgraph: please report it.")


# Negotiation


def wanted(accept: str, offers: tuple[str, ...]) -> str:
    """Return which of ``offers``, media types, an ``Accept`` header wants most; on a tie the first.

    No header, or one that can be read in no part, is any format. Parameters such as a charset do not count. Raises
    Problem (406) where none is wanted.
    """
    found = _best(accept, offers)
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


@lru_cache(maxsize=1000)
def _best(accept: str, offers: tuple[str, ...]) -> str | None:
    standard = _AS_JAVA_HAS_IT.sub(lambda found: f"{found[1]}0." if found[1] else "*/*", accept)
    read = parse_accept_header(standard, MIMEAccept)
    asked = [(parse_options_header(value)[0].lower(), quality) for value, quality in read]
    asked = [(media, quality) for media, quality in asked if "/" in media]
    return MIMEAccept(asked).best_match(offers) if asked else offers[0]


# What came with a request


class Received:
    """How much memory the bodies of all requests take that are not answered yet."""

    def __init__(self) -> None:
        self.size = 0

    def add(self, request: Request, size: int) -> bool:
        """Count a part of a body; return whether there is room for it."""
        if self.size + size > request.state.service.settings.received:
            return False
        self.size += size
        request.state.received = getattr(request.state, "received", 0) + size
        return True

    def leave(self, state: MutableMapping[str, Any]) -> None:
        """Say that the body of the request with this state is held no longer."""
        self.size -= state.pop("received", 0)


class RequestContent(NamedTuple):
    """What came with a request: the parameters of its address, its media type with its options, and its body."""

    given: list[tuple[str, str]]
    media: str
    options: dict[str, str]
    body: bytes


async def read(request: Request, most: int) -> RequestContent:
    """Return what came with a request.

    Raises Problem: 413 for a body of more than ``most`` bytes, 408 for one that does not come, 503 for one that is too
    much together with all others, 415 for one that is packed, 400 for an address that is not UTF-8.
    """
    content = await _body(request, most, request.state.service.settings.body_seconds)
    media, options = parse_options_header(request.headers.get("content-type", ""))
    return RequestContent([*_parameters(request.scope["query_string"])], media.lower(), options, content)


async def _body(request: Request, most: int, seconds: float) -> bytes:
    if "content-length" not in request.headers and "transfer-encoding" not in request.headers:
        return b""
    too_large = Problem(413, f"At most {most / 1000**2:g} MB are taken here.", headers=CLOSE)
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise Problem(415, "A packed body is not taken: send it as it is, without Content-Encoding.", headers=CLOSE)
    announced = request.headers.get("content-length", "0")
    if announced.isdecimal() and int(announced) > most and "expect" in request.headers:
        raise too_large
    taken, size = [], 0
    received: Received = request.app.state.received
    problem: Problem | None = None
    try:
        async with asyncio.timeout(seconds) as clock:
            async for chunk in request.stream():
                size += len(chunk)
                if problem is None and size <= most and received.add(request, len(chunk)):
                    taken.append(chunk)
                elif problem is None:
                    words = "Too much is being sent by all clients together. Try again in some seconds."
                    full = Problem(503, words, headers={"retry-after": "10", **CLOSE})
                    problem = too_large if size > most else full
                    taken.clear()
                    received.leave(request.scope["state"])
                    clock.reschedule(asyncio.get_running_loop().time() + _LINGER)
    except TimeoutError:
        problem = problem or Problem(408, f"The body did not come within {seconds:g} s.", headers=CLOSE)
    if problem is not None:
        raise problem
    return b"".join(taken)


@lru_cache(maxsize=250)  # of at most the size of a head each
def _parameters(query_string: bytes) -> list[tuple[str, str]]:
    return pairs(query_string)


def pairs(text: bytes) -> list[tuple[str, str]]:
    """Return the names and values of a query string or a form; raises Problem (400) for what is no UTF-8."""
    try:
        return parse_qsl(
            utf8(text, "A parameter"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS
        )
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


# Who asks


async def while_connected(request: Request, answer: Awaitable[_Result]) -> _Result:
    """Return what ``answer`` gives; cancel it when the client goes. For a request whose body has been read."""
    asked = asyncio.ensure_future(answer)
    gone = asyncio.ensure_future(_gone(request))
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


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


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
