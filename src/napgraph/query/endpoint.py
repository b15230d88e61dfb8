"""The engine behind an address: any SPARQL 1.1 endpoint, asked through SPARQLWrapper, for whole answers in JSON.

Asked is by GET or by a form, never by direct POST (Virtuoso 7.2.5 hangs on it). An endpoint that ``napgraph push``
loaded is asked about one of its two graphs by ``default-graph-uri``, each of them complete, as blank nodes are the same
only inside one graph. Any other is asked about its default graph, which must hold all that is stated and follows.
"""

import email.message
import email.utils
import http.client
import math
import os
import re
import socket
import ssl
import threading
import time
import urllib.error
from ast import literal_eval
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from datetime import UTC, datetime
from functools import cached_property
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from pyoxigraph import QueryResultsFormat, parse_query_results

from ..errors import EndpointError
from ..rdf.namespaces import BASE
from .catalogue import read_query
from .engine import ENDPOINT_TIMEOUT
from .results import Results, Value

FULL_GRAPH = f"{BASE}graph/everything"
"""All that is stated and all that follows from it: what questions are put to."""
ASSERTED_GRAPH = f"{BASE}graph/stated"
"""Only what the files state: what questions with ``#+ graph: asserted`` are put to."""
MANIFEST = f"{BASE}graph/manifest"
"""The version of the two, their counts, and when they were loaded whole."""
MAX_BYTES = 256 * 1024 * 1024
"""Bytes of an answer that are read at most."""
_LONGEST_ADDRESS = 2000
"""Characters of a question that every server and proxy takes in an address; a longer one goes as a form."""
_PAUSES = (0.5, 1, 2, math.inf)  # seconds before a busy server is asked again
_CHUNK = 1 << 16
_TAIL = 4096
_WORDS = 300
_JSON = ("application/sparql-results+json", "application/json")
_OUT_OF_TIME = re.compile(rb"operation has been cancelled|S1TAT|timed? ?out|time limit", re.IGNORECASE)
# Virtuoso calls a blank node nodeID://b1, which is no name of one; in a text a quotation mark is escaped.
_MADE_NAME = re.compile(rb'("type":\s*"bnode",\s*"value":\s*")nodeID://')

ERRORS = {
    "address": "this is no address of an endpoint ({detail}). Write it in full, such as http://localhost:7878/query.",
    "refused": "nothing answers there (connection refused). Start the server, or correct the address.",
    "unknown-host": "host name not found. Check the spelling and your connection.",
    "certificate": "its certificate is not trusted ({detail}). Its operator has to fix that.",
    "unreachable": "it cannot be reached ({detail}). Check the address and your connection.",
    "timeout": "no whole answer came within {detail} s. Ask for one jurisdiction (-c), or allow more: --timeout.",
    "moved": "it sends you to another address, {detail}, which was not asked for. If you trust that one, name it.",
    "busy": "the server is busy{detail}. Nothing is wrong with the question: ask again later.",
    "rejected": "the server does not take the question {detail}. It may not be SPARQL 1.1, or is read otherwise.",
    "login": "the server wants to know who asks{detail}. Ask its operator for an endpoint that is open to all.",
    "not-found": "there is nothing at this address{detail}. Endpoints often end in /sparql or /query.",
    "too-long": "the server does not take a question of this length{detail}. Ask for fewer jurisdictions at once.",
    "failed": "the server failed{detail}. The fault is with the server: ask again later, or tell its operator.",
    "status": "the server gave no answer{detail}. The fault is with the server, or this is no SPARQL endpoint.",
    "page": "this is a web page and no SPARQL answer, perhaps a page to log in. Check the address with the operator.",
    "wrong-type": "the answer is {detail} and no SPARQL 1.1 JSON, which an endpoint must give to be asked.",
    "not-results": "the answer is no SPARQL result ({detail}). The fault is with the server, or this is no endpoint.",
    "cut-rows": "the server cut the answer off at {detail} rows: it is not used. Ask for fewer jurisdictions at once.",
    "cut-time": "the server stopped at its own time limit{detail}, so the answer is not whole. Ask for less (-c).",
    "cut-off": "the answer broke off before its end, so it was not used. Ask again, or tell the server's operator.",
    "too-large": "the answer is larger than {detail} MB and was not read further. Ask for fewer jurisdictions at once.",
    "denied": "the server does not let {detail}. Check the name and the password, and that it may write graphs.",
    "no-store": (
        "there is no graph store at this address{detail}. Oxigraph's ends in /store, Virtuoso's in "
        "/sparql-graph-crud-auth, Fuseki's in /data: name the right one with --graph-store."
    ),
    "miscounted": "it holds {detail}, so it was not marked as loaded. Run the same again.",
    "unfinished": "this endpoint was not loaded to the end. Its operator must run 'napgraph push' again.",
    "no-stated": (
        "this endpoint does not keep what is stated apart from what follows from it, and this question is about "
        "what is stated. Its operator can load it with 'napgraph push'."
    ),
}
"""Each reason with its sentence; ``detail`` is what the server or the system said, where it said something."""

_STATUS = {
    **dict.fromkeys((400, 422), "rejected"),
    **dict.fromkeys((401, 403, 407), "login"),
    **dict.fromkeys((404, 405, 410), "not-found"),
    **dict.fromkeys((413, 414), "too-long"),
    **dict.fromkeys((429, 503), "busy"),
    504: "cut-time",
}
_EXCEPTIONS = {
    TimeoutError: "timeout",
    ConnectionRefusedError: "refused",
    socket.gaierror: "unknown-host",
    ssl.SSLError: "certificate",
    ConnectionError: "cut-off",
    http.client.HTTPException: "cut-off",
    ValueError: "address",
    Exception: "unreachable",
}
"""The reason by kind of exception, the first that fits."""


def endpoint_error(endpoint: str, key: str, detail: object = "") -> EndpointError:
    """Return the error for the reason ``key``, ready to raise."""
    return EndpointError(endpoint, key, ERRORS[key].format(detail=detail))


class Reply(NamedTuple):
    """What a server answered; ``whole`` tells whether as much came as it announced."""

    status: int
    headers: email.message.Message
    body: bytes
    whole: bool = True


class EndpointEngine:
    """Answers from an endpoint. An :class:`Engine`; ``timeout`` is for one question, tries and pauses included."""

    def __init__(self, root: str, endpoint: str, timeout: float = ENDPOINT_TIMEOUT) -> None:
        self._root = root
        self.endpoint = checked_address(endpoint)
        self.timeout = timeout
        self._asked = datetime.now(UTC)

    @cached_property
    def version(self) -> str:
        """The version that the endpoint gives of its data; if none, its address and the time it was first asked."""
        if self._loaded:
            return str(self._loaded[0]["version"])
        return f"{self.endpoint}, asked {self._asked:%Y-%m-%d %H:%M} UTC"

    def answer(self, text: str, name: str, *, asserted: bool = False) -> Results:
        """Return the answer to SPARQL ``text``; raises EndpointError where none came, or not the whole of it."""
        if asserted and not self._loaded:
            raise endpoint_error(self.endpoint, "no-stated")
        graph = (ASSERTED_GRAPH if asserted else FULL_GRAPH) if self._loaded else None
        return ask(self.endpoint, text, name, graph=graph, seconds=self.timeout)

    @cached_property
    def _loaded(self) -> list[dict[str, Value]]:
        """What ``napgraph push`` noted of the graphs that it loaded; nothing where it did not."""
        query = read_query(os.path.join(self._root, "queries", "lookup", "pushed.rq"), "lookup")
        rows = ask(self.endpoint, query.text, query.name, graph=None, seconds=self.timeout).rows()
        if rows and not all(row["loaded"] for row in rows):
            raise endpoint_error(self.endpoint, "unfinished")
        return rows


def checked_address(endpoint: str) -> str:
    """Return an endpoint's address; raises EndpointError for what is none, or names a user and password."""
    try:
        parts = urlsplit(endpoint.strip())
        named = parts.hostname, parts.port
    except ValueError as error:
        raise endpoint_error(endpoint, "address", error) from error
    if parts.scheme not in {"http", "https"} or not named[0]:
        raise endpoint_error(endpoint, "address", "it does not begin with http:// or https://")
    if parts.username or parts.password:
        raise endpoint_error(f"{parts.scheme}://{parts.hostname}", "address", "it holds a name or password")
    if any(not each.isprintable() or each.isspace() for each in endpoint.strip()):
        raise endpoint_error(endpoint, "address", "it holds a space or an unseen character")
    return parts._replace(fragment="").geturl()


def ask(endpoint: str, text: str, name: str, *, graph: str | None, seconds: float) -> Results:
    """Return the whole answer to a SELECT or ASK, about the default graph or the one named; raises EndpointError.

    Asked is again while the server says that it is busy, all within ``seconds``.
    """
    end = time.monotonic() + seconds
    for pause in _PAUSES:
        try:
            reply = _within(end, lambda: _exchange(endpoint, text, graph, end))
        except EndpointError:
            raise
        except Exception as error:
            raise of_exception(endpoint, error, seconds) from error
        wait = _wait_asked(reply)
        rest = pause if wait is None else wait
        if _STATUS.get(reply.status) != "busy" or time.monotonic() + rest >= end:
            break
        time.sleep(rest)
    if reply.status != http.HTTPStatus.OK:
        raise of_status(endpoint, reply, name)
    return _read_answer(endpoint, reply)


def _within(end: float, exchange: Callable[[], Reply]) -> Reply:
    """Return the reply, or raise TimeoutError at ``end``: then the thread of the exchange is left to itself.

    The time limit of a socket starts anew with every byte, so a server that sends one a second never meets it.
    """
    made: Future[Reply] = Future()

    def run() -> None:
        try:
            made.set_result(exchange())
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            made.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return made.result(max(0.0, end - time.monotonic()))


def _exchange(endpoint: str, text: str, graph: str | None, end: float) -> Reply:
    """Put a question once, and read the reply to its end."""
    import SPARQLWrapper
    from SPARQLWrapper.SPARQLExceptions import SPARQLWrapperException

    from .. import __version__

    address, _, rest = endpoint.partition("?")
    wrapper = SPARQLWrapper.SPARQLWrapper(address, returnFormat=SPARQLWrapper.JSON, agent=f"napgraph/{__version__}")
    wrapper.setOnlyConneg(True)
    wrapper.addCustomHttpHeader("Accept", "application/sparql-results+json")
    for name, value in (*parse_qsl(rest, keep_blank_values=True), *([("default-graph-uri", graph)] if graph else [])):
        wrapper.addParameter(name, value)
    wrapper.setQuery(text)
    wrapper.queryType = SPARQLWrapper.SELECT  # it guesses, and takes a word of a comment for the kind of query
    if len(text) > _LONGEST_ADDRESS:
        wrapper.setMethod(SPARQLWrapper.POST)
    wrapper.setTimeout(max(1, int(end - time.monotonic())))  # of each read; the exchange ends with _within
    try:
        response = wrapper.query().response
    except urllib.error.HTTPError as error:
        return reply_of(error)
    except SPARQLWrapperException as error:  # of a status of its own, with the answer as Python writes bytes
        if not isinstance(error.__context__, urllib.error.HTTPError):
            raise
        body = str(error).partition("\nResponse:\n")[2]
        return Reply(error.__context__.code, error.__context__.headers, literal_eval(body) if body else b"")
    with response:
        asked, came = urlsplit(address), urlsplit(response.geturl())
        if asked.hostname != came.hostname or (asked.scheme, came.scheme) == ("https", "http"):
            raise endpoint_error(address, "moved", response.geturl())
        return _read(address, response, end)


def _read(address: str, response: http.client.HTTPResponse, end: float) -> Reply:
    content, announced = bytearray(), response.headers.get("Content-Length", "")
    try:
        while chunk := response.read1(_CHUNK):
            content += chunk
            if len(content) > MAX_BYTES:
                raise endpoint_error(address, "too-large", MAX_BYTES // 1024**2)
            if time.monotonic() > end:
                raise TimeoutError
        whole = not announced.isdecimal() or len(content) == int(announced)
    except (http.client.IncompleteRead, ConnectionError):
        whole = False
    return Reply(response.status, response.headers, bytes(content), whole)


def reply_of(error: urllib.error.HTTPError) -> Reply:
    """Return an answer of another status than 200."""
    with error, suppress(OSError, http.client.HTTPException):
        return Reply(error.code, error.headers, error.read(_CHUNK))
    return Reply(error.code, error.headers, b"")


def _read_answer(endpoint: str, reply: Reply) -> Results:
    """Return the answer, if it is one and all of it came; raises EndpointError."""
    headers, body = reply.headers, reply.body.strip()
    if state := headers.get("X-SQL-State"):
        raise endpoint_error(endpoint, "cut-time" if state.startswith("S1T") else "failed", f" ({_words(state)})")
    kind = headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind not in _JSON:
        html = "html" in kind or body[:15].lower().startswith((b"<!doctype html", b"<html"))
        raise endpoint_error(endpoint, "page" if html else "wrong-type", _words(kind) or "of no stated kind")
    answer = _parsed(reply.body)
    if isinstance(answer, str):
        cut = not reply.whole or (body.startswith(b"{") and not body.endswith(b"}"))
        key = "cut-time" if _OUT_OF_TIME.search(body[-_TAIL:]) else "cut-off" if cut else "not-results"
        raise endpoint_error(endpoint, key, _words(answer) if key == "not-results" else "")
    if not reply.whole:
        raise endpoint_error(endpoint, "cut-off")
    most = headers.get("X-SPARQL-MaxRows", "").strip()
    if most and not (most.isdecimal() and len(answer) < int(most)):
        raise endpoint_error(endpoint, "cut-rows", most)
    return answer


def _parsed(content: bytes) -> Results | str:
    """Return the answer, or what is wrong: an error would keep the result, which only this thread may drop."""
    try:
        return Results.of(parse_query_results(_MADE_NAME.sub(rb"\1", content), format=QueryResultsFormat.JSON))
    except (SyntaxError, ValueError) as problem:
        return getattr(problem, "msg", "") or str(problem)


def of_exception(endpoint: str, error: Exception, seconds: float) -> EndpointError:
    """Return the error for what went wrong on the way."""
    problem = error.reason if isinstance(error, urllib.error.URLError) else error
    key = next((key for kind, key in _EXCEPTIONS.items() if isinstance(problem, kind)), "unreachable")
    telling = (getattr(problem, name, "") for name in ("verify_message", "reason", "strerror"))
    return endpoint_error(endpoint, key, f"{seconds:g}" if key == "timeout" else next(filter(None, telling), problem))


def of_status(endpoint: str, reply: Reply, name: str) -> EndpointError:
    """Return the error for a reply to ``name`` of another status than 200."""
    failed = reply.status >= http.HTTPStatus.INTERNAL_SERVER_ERROR
    late = reply.headers.get("X-SQL-State", "").startswith("S1T") or (failed and _OUT_OF_TIME.search(reply.body))
    key = "cut-time" if late else _STATUS.get(reply.status) or ("failed" if failed else "status")
    return endpoint_error(endpoint, key, (name if key == "rejected" else "") + status_text(reply))


def status_text(reply: Reply) -> str:
    """Return the status and the server's own words, if they are words and no page, to stand in a sentence."""
    wait = _wait_asked(reply)
    page = "html" in reply.headers.get("Content-Type", "") or reply.body.lstrip().startswith(b"<")
    text = "" if page else _words(reply.body.decode(errors="replace"))
    parts = [str(reply.status), f"asks to wait {wait:.0f} s" if wait else "", text]
    return f" ({': '.join(filter(None, parts))})"


def _wait_asked(reply: Reply) -> float | None:
    """Return the seconds that the server asks to wait (``Retry-After``, RFC 9110 section 10.2.3), if it does."""
    text = reply.headers.get("Retry-After", "").strip()
    if text.isdecimal():
        return float(text)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(text).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return None


def _words(text: str) -> str:
    """Return a stranger's text as one short line of characters that can be seen."""
    line = " ".join("".join(each if each.isprintable() else " " for each in text).split()).rstrip(".")
    return line if len(line) <= _WORDS else f"{line[:_WORDS]}…"
