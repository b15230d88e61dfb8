"""The engine behind an address: any SPARQL 1.1 endpoint, asked through SPARQLWrapper.

An answer is given whole or not at all: what was cut off, timed out or is no SPARQL answer becomes an EndpointError.
Asked is by GET or by a form, never by direct POST (Virtuoso 7.2.5 hangs on it), and only for JSON results.

Which graphs are asked: ``napgraph push`` loads two, :data:`~napgraph.query.layout.EVERYTHING` and
:data:`~napgraph.query.layout.STATED`, and notes their version beside them. Such an endpoint is asked about the one or
the other by ``default-graph-uri``, so that it does not matter what else it holds, or what it takes for its default
graph. Any other endpoint is asked about its default graph, which must hold everything stated and everything that
follows; questions about what is stated alone cannot be put to it.
"""

from __future__ import annotations

import http.client
import os
import re
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from . import faults
from .engine import TIMEOUT
from .layout import EVERYTHING, STATED
from .transport import MovedError, Reply, TooLargeError, send

if TYPE_CHECKING:
    from .results import ResultTable, Value

# Virtuoso calls a nameless resource nodeID://b1, which is no name of one; in a text a quotation mark is escaped.
_MADE_NAME = re.compile(rb'("type":\s*"bnode",\s*"value":\s*")nodeID://')
_LONGEST_ADDRESS = 2000
"""Characters of an address that every server and proxy takes; a longer question goes as a form."""


class Remote:
    """Answers from an endpoint. An :class:`Engine`; ``timeout`` is for one question, tries and pauses included."""

    def __init__(self, root: str, endpoint: str, timeout: float = TIMEOUT) -> None:
        self._root = root
        self.endpoint = checked_address(endpoint)
        self.timeout = timeout
        self._asked = datetime.now(UTC)

    @cached_property
    def version(self) -> str:
        """The version that the endpoint tells of its data; if none, its address and the time it was first asked."""
        if self._loaded:
            return str(self._loaded[0]["version"])
        return f"{self.endpoint}, asked {self._asked:%Y-%m-%d %H:%M} UTC"

    def answer(self, text: str, name: str, *, asserted: bool = False) -> ResultTable:
        """Return the answer to SPARQL ``text``; raises EndpointError where none came, or not the whole of it."""
        if self._loaded:
            return self._ask(text, name, STATED if asserted else EVERYTHING)
        if asserted:
            raise faults.fault(self.endpoint, "no-stated")
        return self._ask(text, name, None)

    @cached_property
    def _loaded(self) -> list[dict[str, Value]]:
        """What ``napgraph push`` noted of the graphs that it loaded; nothing where it did not."""
        from .catalogue import read_query

        query = read_query(os.path.join(self._root, "queries", "lookup", "pushed.rq"), "lookup")
        rows = self._ask(query.text, query.name, None).rows()
        if rows and not all(row["loaded"] for row in rows):
            raise faults.fault(self.endpoint, "unfinished")
        return rows

    def _ask(self, text: str, name: str, graph: str | None) -> ResultTable:
        return ask(self.endpoint, text, name, graph=graph, seconds=self.timeout)


def checked_address(endpoint: str) -> str:
    """Return an endpoint's address; raises EndpointError for what is none, or names a user and password."""
    try:
        parts = urlsplit(endpoint.strip())
        named = parts.hostname, parts.port
    except ValueError as error:
        raise faults.fault(endpoint, "address", error) from error
    if parts.scheme not in {"http", "https"} or not named[0]:
        raise faults.fault(endpoint, "address", "it does not begin with http:// or https://")
    if parts.username or parts.password:
        raise faults.fault(f"{parts.scheme}://{parts.hostname}", "address", "it holds a name or password")
    if any(not each.isprintable() or each.isspace() for each in endpoint.strip()):
        raise faults.fault(endpoint, "address", "it holds a space or an unseen character")
    return parts._replace(fragment="").geturl()


def ask(endpoint: str, text: str, name: str, *, graph: str | None, seconds: float) -> ResultTable:
    """Return the whole answer to a SELECT or ASK, about the default graph or the one named; raises EndpointError."""
    from .results import ResultTable

    reply = _reply(endpoint, text, graph, seconds)
    error = faults.of_reply(endpoint, reply, name)
    if error is not None:
        raise error
    answer = _read(reply.body)
    if not isinstance(answer, ResultTable):
        raise faults.of_content(endpoint, reply, answer)
    if not reply.whole:
        raise faults.fault(endpoint, "cut-off")
    most = reply.headers.get("X-SPARQL-MaxRows", "")
    if most and not (most.strip().isdecimal() and len(answer) < int(most)):
        raise faults.fault(endpoint, "cut-rows", most)
    return answer


def _read(content: bytes) -> ResultTable | str:
    """Return the answer, or what is wrong with it.

    Nothing is raised from here: an error would keep the half-read result, which its engine wants to be dropped by the
    thread that made it.
    """
    from pyoxigraph import QueryResultsFormat, parse_query_results

    from .results import ResultTable

    try:
        return ResultTable.of(parse_query_results(_MADE_NAME.sub(rb"\1", content), format=QueryResultsFormat.JSON))
    except (SyntaxError, ValueError) as problem:
        return getattr(problem, "msg", "") or str(problem)


def _reply(endpoint: str, text: str, graph: str | None, seconds: float) -> Reply:
    import SPARQLWrapper

    from .. import __version__

    address, _, rest = endpoint.partition("?")
    wrapper = SPARQLWrapper.SPARQLWrapper(address, returnFormat=SPARQLWrapper.JSON, agent=f"napgraph/{__version__}")
    wrapper.setOnlyConneg(True)
    wrapper.addCustomHttpHeader("Accept", "application/sparql-results+json")
    for name, value in parse_qsl(rest, keep_blank_values=True):
        wrapper.addParameter(name, value)
    if graph:
        wrapper.addParameter("default-graph-uri", graph)
    wrapper.setQuery(text)
    wrapper.queryType = SPARQLWrapper.SELECT  # it guesses, and takes a word of a comment for the kind of query
    request = wrapper._createRequest()
    if len(request.full_url) > _LONGEST_ADDRESS:
        wrapper.setMethod(SPARQLWrapper.POST)
        request = wrapper._createRequest()
    try:
        return send(request, seconds)
    except (OSError, ValueError, http.client.HTTPException, MovedError, TooLargeError) as error:
        raise faults.of_exception(endpoint, error, seconds) from error
