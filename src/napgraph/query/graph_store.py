"""Load an engine elsewhere by the SPARQL 1.1 Graph Store HTTP Protocol, so that it answers as the files do.

A note beside the two graphs (:mod:`.endpoint`) gives version and sizes, and at the end that all is there.
"""

import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from http.client import HTTPMessage
from itertools import chain
from typing import NamedTuple
from urllib.parse import quote, urlsplit
from urllib.request import Request

import pyoxigraph

from ..errors import ParameterError
from ..graph.partitions import grouped
from . import endpoint as sparql
from .engine import embedded
from .results import Value
from .session import Session

SECONDS = 600.0
"""How long a chunk, or a count, may take."""
_CHUNK = 8_000_000
_REASONS = {401: "denied", 403: "denied", 404: "no-store", 405: "no-store", 501: "no-store"}


class Credentials(NamedTuple):
    """A user's name and password; the password is shown nowhere."""

    user: str
    password: str

    def __repr__(self) -> str:
        return f"<Credentials of {self.user}>"


class _Digest(urllib.request.HTTPDigestAuthHandler):
    """Remembers how the server asked who writes, and says it at once with the next request.

    A server that is sent much by someone it does not know closes the connection, before its question can be read.
    """

    _asked: dict[str, str] | None = None

    def http_error_auth_reqed(self, auth_header: str, host: str, req: Request, headers: HTTPMessage) -> None:
        scheme, _, rest = headers.get(auth_header, "").partition(" ")
        if scheme.lower() == "digest":
            self._asked = urllib.request.parse_keqv_list([*filter(None, urllib.request.parse_http_list(rest))])
        return super().http_error_auth_reqed(auth_header, host, req, headers)

    def http_request(self, request: Request) -> Request:
        if self._asked and (header := self.get_authorization(request, self._asked)):
            request.add_unredirected_header(self.auth_header, f"Digest {header}")
        return request

    https_request = http_request


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows nothing: what is written goes where the user said."""

    def redirect_request(self, *_: object) -> None:
        return None


class LoadedGraph(NamedTuple):
    """One graph after it was loaded: its name, how many triples were sent now, and how many the engine holds."""

    graph: str
    sent: int
    held: int


def graph_store(endpoint: str) -> str:
    """Return the address of the graph store beside an endpoint of Oxigraph, Virtuoso, Fuseki, GraphDB or RDF4J.

    Raises ParameterError for another endpoint: no standard says where its graph store is.
    """
    base, _, last = endpoint.rstrip("/").rpartition("/")
    *above, _ = urlsplit(endpoint).path.strip("/").split("/")
    if above[-1:] == ["repositories"]:
        return f"{base}/{last}/rdf-graphs/service"  # GraphDB, RDF4J
    if len(above) == 1 and last in {"query", "sparql"}:
        return f"{base}/data"  # Fuseki: /DATASET/query
    if not above and last in {"query", "sparql"}:
        return f"{base}/{'store' if last == 'query' else 'sparql-graph-crud-auth'}"  # Oxigraph, Virtuoso
    problem = "where its graph store is cannot be told from this address. Name it with --graph-store"
    raise ParameterError(f"{endpoint}: {problem}; its operator knows it.")


def push(
    kg: Session,
    endpoint: str,
    store: str | None = None,
    credentials: Credentials | None = None,
    *,
    seconds: float = SECONDS,
    size: int = _CHUNK,
    tell: Callable[[str, int, int], None] = lambda *_: None,
) -> list[LoadedGraph]:
    """Load the graph of ``kg`` into the engine behind ``endpoint``, and return what each graph holds then.

    ``store`` is the address of its graph store; ``tell`` is called with a graph, its triples there, and of how many.
    Raises EndpointError where a chunk is not taken, or another number of triples is held; the next call begins anew.
    """
    graph, endpoint = embedded(kg), sparql.checked_address(endpoint)
    send = _sender(sparql.checked_address(store or graph_store(endpoint)), credentials, seconds)
    lines: dict[str, Callable[[], Iterable[bytes]]] = {
        sparql.ASSERTED_GRAPH: lambda: _lines(graph.asserted()),
        sparql.FULL_GRAPH: lambda: chain(_lines(graph.asserted()), _lines(graph.entailed())),
    }
    sizes = {name: sum(1 for _ in made()) for name, made in lines.items()}

    def answer(name: str, graph: str | None = None) -> list[dict[str, Value]]:
        return sparql.ask(endpoint, kg.queries.get(name).text, name, graph=graph, seconds=seconds).rows()

    def held(name: str) -> int:
        return int(str(answer("graph-size", name)[0]["triples"]))

    def note(**loaded: str) -> None:
        """Say of the graphs what they are to hold, and with a time ``loaded`` that they hold it."""
        asked = (kg.query("push-note", graph=name, triples=sizes[name], version=kg.version, **loaded) for name in sizes)
        stated = [pyoxigraph.Triple(*row.values()) for rows in asked for row in rows.terms()]  # type: ignore[arg-type]
        send("PUT", sparql.MANIFEST, pyoxigraph.serialize(stated, format=pyoxigraph.RdfFormat.N_TRIPLES) or b"")

    noted = {(row["graph"], row["triples"], row["version"]) for row in answer("pushed") if row["loaded"]}
    wanted = {(name, size, kg.version) for name, size in sizes.items()}
    if noted == wanted and all(held(name) == size for name, size in sizes.items()):
        return [LoadedGraph(name, 0, sizes[name]) for name in sizes]
    note()
    for name, made in lines.items():
        sent = 0
        for chunk in chunks(made(), size):
            tell(name, sent, sizes[name])
            send("POST" if sent else "PUT", name, b"\n".join([*chunk, b""]))
            sent += len(chunk)
        tell(name, sent, sizes[name])
        if (found := held(name)) != sent:
            raise sparql.endpoint_error(endpoint, "miscounted", f"{found} statements of {name}, and {sent} were sent")
    note(loaded=datetime.now(UTC).isoformat(timespec="seconds"))
    return [LoadedGraph(name, sizes[name], sizes[name]) for name in sizes]


def _lines(texts: Iterable[bytes]) -> Iterator[bytes]:
    return (line for text in texts for line in text.splitlines())


def _sender(address: str, credentials: Credentials | None, seconds: float) -> Callable[[str, str, bytes], None]:
    """Return what sends N-Triples to a graph of a store by a method, and raises EndpointError if they are not taken."""
    handlers: list[urllib.request.BaseHandler] = [_NoRedirect()]
    if credentials:
        known = urllib.request.HTTPPasswordMgrWithPriorAuth()
        known.add_password(None, address, *credentials)
        handlers += [_Digest(known), urllib.request.HTTPBasicAuthHandler(known)]
    opener = urllib.request.build_opener(*handlers)

    def send(method: str, graph: str, content: bytes) -> None:
        from .. import __version__

        target = f"{address}{'&' if '?' in address else '?'}graph={quote(graph, safe='')}"
        # N-Triples are Turtle, and there are servers that know only the latter by its name.
        headers = {"Content-Type": "text/turtle; charset=utf-8", "User-Agent": f"napgraph/{__version__}"}
        request = Request(target, data=content, method=method, headers=headers)  # noqa: S310 - checked
        try:
            with opener.open(request, timeout=seconds):
                return
        except urllib.error.HTTPError as error:
            reply = sparql.reply_of(error)
        except Exception as error:
            raise sparql.of_exception(address, error, seconds) from error
        if to := reply.headers.get("Location"):
            raise sparql.endpoint_error(address, "moved", to)
        reason = _REASONS.get(reply.status)
        if reason is None:
            raise sparql.of_status(address, reply, graph)
        who = repr(credentials.user) if credentials else "someone without a name"
        what = f"{who} write" if reason == "denied" else ""
        raise sparql.endpoint_error(address, reason, what + sparql.status_text(reply))

    return send


def chunks(lines: Iterable[bytes], size: int) -> Iterator[list[bytes]]:
    """Yield lines of N-Triples in lists of about ``size`` bytes each, in an order that depends on them alone.

    A server renames the blank nodes of each upload, so triples tied by one stay in one chunk; these come last.
    """
    blank: dict[bytes, list[bytes]] = {}
    ties = []

    def groups() -> Iterator[list[bytes]]:
        for line in lines:
            subject, _, rest = line.split(b" ", 2)
            names = [term for term in (subject, rest.removesuffix(b" .")) if term.startswith(b"_:")]
            if names:
                blank.setdefault(names[0], []).append(line)
                ties.append((names[0], names[-1]))
            else:
                yield [line]
        for group in grouped(blank, ties):
            yield [line for name in group for line in blank[name]]

    chunk: list[bytes] = []
    filled = 0
    for group in groups():
        length = sum(map(len, group)) + len(group)
        if chunk and filled + length > size:
            yield chunk
            chunk, filled = [], 0
        chunk += group
        filled += length
    if chunk:
        yield chunk
