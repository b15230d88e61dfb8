"""Load an engine elsewhere by the SPARQL 1.1 Graph Store HTTP Protocol, so that it answers as the files do.

Two graphs are sent (:mod:`napgraph.query.layout`), piece by piece, the first piece in place of what was there. A note
beside them tells their version and sizes, and at the end that all is there; until then the endpoint is not asked. So
a load that was broken off is gone on with where the count of a graph shows how far it came, if it was of the same
version, or begun anew.
"""

from __future__ import annotations

import http.client
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from ..errors import ParameterError
from . import faults
from .credentials import Credentials
from .endpoint import ask, checked_address
from .engine import embedded
from .layout import EVERYTHING, MANIFEST, STATED
from .pieces import pieces
from .transport import MovedError, TooLargeError, send

if TYPE_CHECKING:
    from .session import Session

SECONDS = 600.0
"""How long a piece, or a count, may take."""
_PIECE = 8_000_000
_STORES = {"/query": "/store", "/sparql": "/sparql-graph-crud-auth"}
_DONE = (http.HTTPStatus.OK, http.HTTPStatus.CREATED, http.HTTPStatus.NO_CONTENT)
_DENIED = (http.HTTPStatus.UNAUTHORIZED, http.HTTPStatus.FORBIDDEN)
_NO_STORE = (http.HTTPStatus.NOT_FOUND, http.HTTPStatus.METHOD_NOT_ALLOWED, http.HTTPStatus.NOT_IMPLEMENTED)


class Pushed(NamedTuple):
    """One graph after it was sent: its name, how many statements were sent in all and now, and how many it holds."""

    graph: str
    triples: int
    sent: int
    held: int


def graph_store(endpoint: str) -> str:
    """Return the address of the graph store that belongs to an endpoint of Oxigraph or Virtuoso.

    Raises ParameterError for another endpoint: no standard says where its graph store is.
    """
    for query, store in _STORES.items():
        if endpoint.endswith(query):
            return endpoint.removesuffix(query) + store
    raise ParameterError(
        f"{endpoint}: where the graph store of this endpoint is cannot be told from its address. Name it with "
        "--graph-store; its operator knows it."
    )


def push(
    kg: Session,
    endpoint: str,
    store: str | None = None,
    credentials: Credentials | None = None,
    *,
    seconds: float = SECONDS,
    size: int = _PIECE,
    tell: Callable[[str, int, int], None] = lambda *_: None,
) -> list[Pushed]:
    """Load the graph of ``kg`` into the engine behind ``endpoint``, and return what each graph holds then.

    ``store`` is the address of its graph store. ``tell`` is called with a graph, how many of its statements are there,
    and of how many. Raises EndpointError where the engine does not take a piece, or holds another number of
    statements than were sent; what was sent before stays, and the next call goes on from there.
    """
    return _Push(kg, endpoint, store, credentials, seconds).all(size, tell)


class _Push:
    def __init__(
        self, kg: Session, endpoint: str, store: str | None, credentials: Credentials | None, seconds: float
    ) -> None:
        self._kg, self._seconds = kg, seconds
        self._endpoint = checked_address(endpoint)
        self._store = checked_address(store or graph_store(self._endpoint))
        self._who = repr(credentials.user) if credentials else "someone without a name"
        self._handlers = credentials.handlers(self._store) if credentials else []
        self._graphs = _graphs(kg)

    def all(self, size: int, tell: Callable[[str, int, int], None]) -> list[Pushed]:
        noted = self._noted()
        sizes = {name: graph.size for name, graph in self._graphs.items()}
        resumed = set(noted) == {(name, whole, self._kg.version) for name, whole in sizes.items()}
        if resumed and all(noted.values()) and all(self._size(name) == whole for name, whole in sizes.items()):
            return [Pushed(name, whole, 0, whole) for name, whole in sizes.items()]
        self._note("")
        made = [self._graph(name, graph, size, tell, resumed=resumed) for name, graph in self._graphs.items()]
        self._note(datetime.now(UTC).isoformat(timespec="seconds"))
        return made

    def _graph(
        self, name: str, graph: _Graph, size: int, tell: Callable[[str, int, int], None], *, resumed: bool
    ) -> Pushed:
        there = self._size(name) if resumed else 0
        # Only what ends where a piece does can be gone on with.
        first = there if there and there in accumulate(map(len, pieces(graph.lines(), size))) else 0
        done = 0
        for part in pieces(graph.lines(), size):
            if done >= first:
                tell(name, done, graph.size)
                self._send("POST" if done else "PUT", name, b"\n".join([*part, b""]))
            done += len(part)
        tell(name, done, graph.size)
        held = self._size(name)
        if held != done:
            raise faults.fault(self._endpoint, "miscounted", f"{held} statements of {name}, and {done} were sent")
        return Pushed(name, done, done - first, held)

    def _size(self, graph: str) -> int:
        query = self._kg.queries.get("graph-size")
        rows = ask(self._endpoint, query.text, query.name, graph=graph, seconds=self._seconds).rows()
        return int(str(rows[0]["triples"]))

    def _noted(self) -> dict[tuple[object, ...], object]:
        query = self._kg.queries.get("pushed")
        rows = ask(self._endpoint, query.text, query.name, graph=None, seconds=self._seconds).rows()
        return {(row["graph"], row["triples"], row["version"]): row["loaded"] for row in rows}

    def _note(self, loaded: str) -> None:
        """Say of the graphs what they are to hold, and with a time that they hold it."""
        import pyoxigraph

        when = {"loaded": loaded} if loaded else {}
        notes = b""
        for name, graph in self._graphs.items():
            rows = self._kg.query("push-note", graph=name, triples=graph.size, version=self._kg.version, **when)
            triples = (pyoxigraph.Triple(*row.values()) for row in rows.terms())  # type: ignore[arg-type]
            notes += pyoxigraph.serialize(triples, format=pyoxigraph.RdfFormat.N_TRIPLES) or b""
        self._send("PUT", MANIFEST, notes)

    def _send(self, method: str, graph: str, content: bytes) -> None:
        from urllib.parse import quote

        from .. import __version__

        mark = "&" if "?" in self._store else "?"
        address = f"{self._store}{mark}graph={quote(graph, safe='')}"
        # N-Triples are Turtle, and there are servers that know only the latter by its name.
        headers = {"Content-Type": "text/turtle; charset=utf-8", "User-Agent": f"napgraph/{__version__}"}
        request = urllib.request.Request(address, data=content, method=method, headers=headers)  # noqa: S310 - checked
        try:
            reply = send(request, self._seconds, *self._handlers)
        except (OSError, ValueError, http.client.HTTPException, MovedError, TooLargeError) as error:
            raise faults.of_exception(self._store, error, self._seconds) from error
        if reply.status in _DONE:
            return
        if reply.status in _DENIED:
            raise faults.fault(self._store, "denied", f"{self._who} write{faults.said(reply)}")
        if reply.status in _NO_STORE:
            raise faults.fault(self._store, "no-store", faults.said(reply))
        raise faults.of_reply(self._store, reply, graph) or faults.fault(self._store, "status", faults.said(reply))


class _Graph(NamedTuple):
    """A graph to send: how many statements it has, and what gives them as lines of N-Triples, alike each time."""

    size: int
    lines: Callable[[], Iterable[bytes]]


def _graphs(kg: Session) -> dict[str, _Graph]:
    """Return what is stated, and everything; raises ParameterError for a graph elsewhere."""
    graph = embedded(kg)

    def stated() -> Iterator[bytes]:
        return (line for text in graph.asserted() for line in text.splitlines())

    def everything() -> Iterator[bytes]:
        yield from stated()
        yield from (line for text in graph.entailed() for line in text.splitlines())

    return {
        name: _Graph(sum(1 for _ in lines()), lines) for name, lines in ((STATED, stated), (EVERYTHING, everything))
    }
