"""Why an endpoint gave no answer, or not the whole of one: what happened, whose fault it is, and what to do."""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import urllib.error
from typing import TYPE_CHECKING

from ..errors import EndpointError
from .transport import LARGEST, MovedError, TooLargeError, wait_asked

if TYPE_CHECKING:
    from .transport import Reply

FAULTS = {
    "address": "this is no address of an endpoint ({detail}). Write it in full, such as http://localhost:7878/query.",
    "refused": "nothing answers there (connection refused). Start the server, or correct the address.",
    "unknown-host": "there is no computer of this name. Check the spelling, and that you are connected.",
    "certificate": "its certificate cannot be trusted ({detail}). That is for its operator to mend.",
    "unreachable": "it cannot be reached ({detail}). Check the address and your connection.",
    "timeout": (
        "no whole answer came within {detail} s, so napgraph stopped waiting. The server is slow, or the question"
        " is large: ask for one jurisdiction (-c), or allow more time with --timeout."
    ),
    "moved": "it sends you to another address, {detail}, which was not followed. If you trust that one, name it.",
    "busy": "the server is busy{detail}. Nothing is wrong with the question: ask again later.",
    "rejected": (
        "the server does not take the question {detail}. The query may not be SPARQL 1.1, or the server reads it "
        "otherwise."
    ),
    "login": (
        "the server wants to know who asks{detail}. napgraph asks only what is open to all: ask its operator for "
        "an open endpoint."
    ),
    "not-found": (
        "there is nothing at this address{detail}. Endpoints often end in /sparql or /query: look it up with the "
        "operator."
    ),
    "too-long": "the server does not take a question of this length{detail}. Ask for fewer jurisdictions at once.",
    "failed": "the server failed{detail}. The fault is with the server: ask again later, or tell its operator.",
    "status": "the server gave no answer{detail}. The fault is with the server, or this is no SPARQL endpoint.",
    "page": "this is a web page and no SPARQL answer, perhaps a page to log in. Check the address with the operator.",
    "wrong-type": (
        "the answer is {detail} and no SPARQL JSON. Only an endpoint that speaks SPARQL 1.1 JSON can be used."
    ),
    "not-results": "the answer is no SPARQL result ({detail}). The fault is with the server, or this is no endpoint.",
    "cut-rows": (
        "the server cut the answer off at {detail} rows, so it is not whole and was not used. Ask for fewer "
        "jurisdictions at once, or have the operator raise the limit."
    ),
    "cut-time": (
        "the server stopped at its own time limit{detail}, so the answer is not whole and was not used. Ask for "
        "one jurisdiction (-c), or have the operator raise the limit."
    ),
    "cut-off": (
        "the answer broke off before its end, so it was not used. The fault is with the server or the connection:"
        " ask again."
    ),
    "too-large": "the answer is larger than {detail} MB and was not read further. Ask for fewer jurisdictions at once.",
    "denied": "the server does not let {detail}. Check the name and the password, and that it may write graphs.",
    "no-store": (
        "there is no graph store at this address{detail}. Oxigraph's ends in /store, Virtuoso's in "
        "/sparql-graph-crud-auth: name the right one with --graph-store."
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
    http.HTTPStatus.BAD_REQUEST: "rejected",
    http.HTTPStatus.UNPROCESSABLE_ENTITY: "rejected",
    http.HTTPStatus.UNAUTHORIZED: "login",
    http.HTTPStatus.FORBIDDEN: "login",
    http.HTTPStatus.PROXY_AUTHENTICATION_REQUIRED: "login",
    http.HTTPStatus.NOT_FOUND: "not-found",
    http.HTTPStatus.GONE: "not-found",
    http.HTTPStatus.METHOD_NOT_ALLOWED: "not-found",
    http.HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too-long",
    http.HTTPStatus.REQUEST_URI_TOO_LONG: "too-long",
    http.HTTPStatus.TOO_MANY_REQUESTS: "busy",
    http.HTTPStatus.SERVICE_UNAVAILABLE: "busy",
    http.HTTPStatus.GATEWAY_TIMEOUT: "cut-time",
}
_OUT_OF_TIME = re.compile(rb"operation has been cancelled|S1TAT|timed? ?out|time limit", re.IGNORECASE)
_TAIL = 4096
_SAID = 300
_JSON = ("application/sparql-results+json", "application/json")
_SERVER = 500


def fault(endpoint: str, key: str, detail: object = "") -> EndpointError:
    """Return the error for the reason ``key``, ready to raise."""
    return EndpointError(endpoint, key, FAULTS[key].format(detail=detail))


def of_exception(endpoint: str, error: Exception, seconds: float) -> EndpointError:  # noqa: PLR0911 - a table of kinds
    """Return the error for what went wrong on the way."""
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(reason, TimeoutError):
        return fault(endpoint, "timeout", f"{seconds:g}")
    if isinstance(reason, MovedError):
        return fault(endpoint, "moved", reason)
    if isinstance(reason, TooLargeError):
        return fault(endpoint, "too-large", LARGEST // 1024**2)
    if isinstance(reason, ConnectionRefusedError):
        return fault(endpoint, "refused")
    if isinstance(reason, socket.gaierror):
        return fault(endpoint, "unknown-host")
    if isinstance(reason, ssl.SSLError):
        return fault(endpoint, "certificate", getattr(reason, "verify_message", "") or reason.reason or reason)
    if isinstance(reason, (ConnectionError, http.client.HTTPException)):
        return fault(endpoint, "cut-off")
    if isinstance(reason, (ValueError, UnicodeError)):
        return fault(endpoint, "address", reason)
    return fault(endpoint, "unreachable", getattr(reason, "strerror", None) or reason)


def of_reply(endpoint: str, reply: Reply, name: str) -> EndpointError | None:
    """Return the error that the reply to ``name`` amounts to by status and headers; None where it may be an answer."""
    headers = reply.headers
    if state := headers.get("X-SQL-State"):
        return fault(endpoint, "cut-time" if state.startswith("S1T") else "failed", f" ({_words(state)})")
    if reply.status != http.HTTPStatus.OK:
        if reply.status >= _SERVER and _OUT_OF_TIME.search(reply.body):
            return fault(endpoint, "cut-time", said(reply))
        key = _STATUS.get(http.HTTPStatus(reply.status)) if _known(reply.status) else None
        key = key or ("failed" if reply.status >= _SERVER else "status")
        return fault(endpoint, key, f"{name}{said(reply)}" if key == "rejected" else said(reply))
    kind = headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind not in _JSON:
        html = "html" in kind or reply.body.lstrip()[:15].lower().startswith((b"<!doctype html", b"<html"))
        return fault(endpoint, "page") if html else fault(endpoint, "wrong-type", _words(kind) or "of no stated kind")
    return None


def of_content(endpoint: str, reply: Reply, problem: str) -> EndpointError:
    """Return the error for a reply that cannot be read as a SPARQL result."""
    if _OUT_OF_TIME.search(reply.body[-_TAIL:]):
        return fault(endpoint, "cut-time")
    body = reply.body.strip()
    if not reply.whole or (body.startswith(b"{") and not body.endswith(b"}")):
        return fault(endpoint, "cut-off")
    return fault(endpoint, "not-results", _words(problem))


def said(reply: Reply) -> str:
    """Return the status and the server's own words, if they are words and no page, to stand in a sentence."""
    wait = wait_asked(reply)
    kind = reply.headers.get("Content-Type", "")
    text = "" if "html" in kind or reply.body.lstrip().startswith(b"<") else _words(reply.body.decode(errors="replace"))
    parts = [str(reply.status), f"asks to wait {wait:.0f} s" if wait else "", text]
    return f" ({': '.join(filter(None, parts))})"


def _known(status: int) -> bool:
    return any(status == each for each in http.HTTPStatus)


def _words(text: str) -> str:
    """Return a stranger's text as one short line of characters that can be seen."""
    line = " ".join("".join(each if each.isprintable() else " " for each in text).split()).rstrip(".")
    return line if len(line) <= _SAID else f"{line[:_SAID]}…"
