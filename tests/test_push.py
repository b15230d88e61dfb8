"""Engines elsewhere, really run: loaded by the Graph Store Protocol, they answer every question as the files do."""

from __future__ import annotations

import base64
import http.server
import json
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, ClassVar

import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from napgraph import KnowledgeGraph, ResultTable
from napgraph.errors import EndpointError, ParameterError
from napgraph.graph.store import MemoryGraph
from napgraph.query.catalogue import Catalogue
from napgraph.query.engine import EmbeddedEngine, embedded
from napgraph.query.graph_store import Credentials, chunks, graph_store, push
from napgraph.query.results import Term, to_python

from . import servers
from .conftest import ROOT, Run, examples
from .test_remote import analyses

QUERIES = [query.name for query in Catalogue(str(ROOT))]
XSD = "http://www.w3.org/2001/XMLSchema#"
DBA = Credentials("dba", "dba")
PATIENCE = 1800  # seconds: Virtuoso takes minutes for some, on a machine that does other things too

# Saved queries that Virtuoso 7.2.5 does not answer as the others do, and why.
DEVIATES = {
    "structure-content": "its optimiser gives up or counts less where a UNION of paths of any length is counted",
}


def bag(answer: ResultTable) -> Counter[tuple[object, ...]]:
    """Return the rows by value: engines write 0.50 or 0.5, false or 0, and name the nameless, each in its own way."""
    return Counter(tuple(map(value, row.values())) for row in answer.terms())


def value(term: Term) -> object:
    """Return a term's value. Virtuoso 7.2.5 keeps of a duration only a number, of months or of seconds."""
    if isinstance(term, pyoxigraph.BlankNode):
        return "_:"
    if isinstance(term, pyoxigraph.Literal) and (lasts := re.fullmatch(r"P(\d+)([YMD])", term.value)):
        return str(float(lasts[1]) * {"Y": 12, "M": 1, "D": 86400}[lasts[2]])
    known = to_python(term)
    if isinstance(term, pyoxigraph.Literal) and isinstance(known, str) and re.fullmatch(r"\d+(\.\d+)?(e\+\d+)?", known):
        return str(float(known))
    return known


@pytest.fixture(scope="module")
def oxigraph(kg: KnowledgeGraph) -> Iterator[str]:
    with servers.oxigraph() as base:
        push(kg, f"{base}/query")
        yield f"{base}/query"


@pytest.fixture(scope="module")
def virtuoso(kg: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with servers.virtuoso(tmp_path_factory.mktemp("virtuoso")) as base:
        push(kg, f"{base}/sparql", credentials=DBA)
        yield f"{base}/sparql"


@pytest.fixture(scope="module")
def fuseki(kg: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with servers.fuseki(tmp_path_factory.mktemp("fuseki")) as base:
        push(kg, f"{base}/query")
        yield f"{base}/query"


def differing(kg: KnowledgeGraph, far: KnowledgeGraph, names: list[str], **values: Any) -> dict[str, str]:
    """Return what is told of each query that is answered in another way, or not at all."""
    found = {}
    for name in names:
        here = kg.query(name, **values)
        try:
            there = far.query(name, **values)
        except EndpointError as error:
            found[name] = str(error)
            continue
        if there.columns != here.columns or bag(there) != bag(here):
            found[name] = (
                f"{len(there)} rows for {len(here)}: {list((bag(there) - bag(here)) + (bag(here) - bag(there)))[:2]}"
            )
    return found


@pytest.mark.server
def test_oxigraphs_server_answers_every_saved_query_alike(kg: KnowledgeGraph, oxigraph: str) -> None:
    assert differing(kg, KnowledgeGraph.load(ROOT, endpoint=oxigraph, timeout=PATIENCE), QUERIES) == {}


@pytest.mark.server
def test_virtuoso_answers_every_saved_query_alike(kg: KnowledgeGraph, virtuoso: str) -> None:
    far = KnowledgeGraph.load(ROOT, endpoint=virtuoso, timeout=PATIENCE)
    found = differing(kg, far, QUERIES)
    assert found.keys() == DEVIATES.keys(), found
    some = [query.name for query in Catalogue(str(ROOT)) if "country" in query.parameters]
    assert differing(kg, far, some, country=["BRA", "FIN", "NOR"]) == {}
    near = [query.name for query in Catalogue(str(ROOT)) if "strictness" in query.parameters]
    assert differing(kg, far, near, strictness="close") == {}


@pytest.mark.server
def test_fuseki_answers_every_saved_query_alike(kg: KnowledgeGraph, fuseki: str) -> None:
    far = KnowledgeGraph.load(ROOT, endpoint=fuseki, timeout=PATIENCE)
    assert differing(kg, far, QUERIES) == {}
    some = [query.name for query in Catalogue(str(ROOT)) if "country" in query.parameters]
    assert differing(kg, far, some, country=["BRA", "FIN", "NOR"]) == {}
    near = [query.name for query in Catalogue(str(ROOT)) if "strictness" in query.parameters]
    assert differing(kg, far, near, strictness="close") == {}


@pytest.mark.server
@pytest.mark.parametrize("engine", [servers.virtuoso, servers.fuseki], ids=["virtuoso", "fuseki"])
def test_others_answer_alike_about_full_plans(
    engine: Callable[[Path], AbstractContextManager[str]], world: Path, tmp_path: Path
) -> None:
    kg = KnowledgeGraph.load(world)
    full = [
        query.name for query in Catalogue(str(ROOT)) if query.folder in {"plan", "profile"} or "scheme" in query.header
    ]
    assert {"action-sheet", "features", "priorities"} < set(full)
    with engine(tmp_path) as base:
        address = f"{base}/{'sparql' if engine is servers.virtuoso else 'query'}"
        push(kg, address, credentials=DBA)
        assert differing(kg, KnowledgeGraph.load(world, endpoint=address, timeout=PATIENCE), full) == {}


@pytest.mark.server
@pytest.mark.parametrize("engine", ["oxigraph", "virtuoso", "fuseki"])
def test_analyses_are_the_same(kg: KnowledgeGraph, engine: str, request: pytest.FixtureRequest) -> None:
    far = KnowledgeGraph.load(ROOT, endpoint=request.getfixturevalue(engine), timeout=PATIENCE)
    assert far.version == kg.version
    for here, there in zip(analyses(kg), analyses(far), strict=True):
        assert there.rows == here.rows
    assert far.show("NOR").plain() == kg.show("NOR").plain()


def sizes(kg: KnowledgeGraph) -> list[int]:
    """Return how many statements the two graphs are to hold."""
    graph = embedded(kg)
    stated, follows = (b"".join(text()).splitlines() for text in (graph.asserted, graph.entailed))
    return [len(set(stated)), len({*stated, *follows})]


@pytest.mark.server
def test_what_is_there_is_not_sent_again(kg: KnowledgeGraph, oxigraph: str) -> None:
    assert [(each.sent, each.held) for each in push(kg, oxigraph)] == [(0, size) for size in sizes(kg)]


@pytest.mark.server
@pytest.mark.parametrize("engine", ["oxigraph", "virtuoso"])
def test_a_load_that_was_broken_off_is_not_asked_and_begins_anew(
    kg: KnowledgeGraph, engine: str, tmp_path: Path
) -> None:
    class Stop(Exception):  # noqa: N818 - a person's Ctrl-C
        pass

    def stop(graph: str, done: int, of: int) -> None:
        if graph.endswith("everything") and done > of / 2:
            raise Stop

    with servers.oxigraph() if engine == "oxigraph" else servers.virtuoso(tmp_path) as base:
        endpoint = f"{base}/query" if engine == "oxigraph" else f"{base}/sparql"
        with pytest.raises(Stop):
            push(kg, endpoint, credentials=DBA, size=200_000, tell=stop)
        with pytest.raises(EndpointError, match="not loaded to the end"):
            KnowledgeGraph.load(ROOT, endpoint=endpoint).query("pillars")
        made = push(kg, endpoint, credentials=DBA, size=200_000)
        assert [(each.sent, each.held) for each in made] == [(size, size) for size in sizes(kg)]
        far = KnowledgeGraph.load(ROOT, endpoint=endpoint)
        assert bag(far.query("timeline")) == bag(kg.query("timeline")), "blank nodes are kept together"


@pytest.mark.server
def test_who_may_not_write_is_told_so(kg: KnowledgeGraph, virtuoso: str) -> None:
    other = MemoryGraph("of another version", b"", b"", ())
    with pytest.raises(EndpointError, match="does not let") as caught:
        push(KnowledgeGraph(kg.root, EmbeddedEngine(other)), virtuoso, credentials=Credentials("dba", "wrong-secret"))
    assert caught.value.fault == "denied"
    assert "wrong-secret" not in f"{caught.value} {Credentials('dba', 'wrong-secret')!r}"


def test_the_store_beside_an_endpoint() -> None:
    assert graph_store("http://localhost:7878/query") == "http://localhost:7878/store"
    assert graph_store("http://localhost:8890/sparql") == "http://localhost:8890/sparql-graph-crud-auth"
    assert graph_store("http://localhost:3030/plans/query") == "http://localhost:3030/plans/data"
    assert graph_store("http://localhost:3030/plans/sparql") == "http://localhost:3030/plans/data"
    repository = "http://localhost:7200/repositories/plans"
    assert graph_store(repository) == f"{repository}/rdf-graphs/service"
    for other in ("http://localhost/", "http://localhost/a/b/query", "http://localhost/endpoint"):
        with pytest.raises(ParameterError, match="--graph-store"):
            graph_store(other)


@pytest.mark.slow
def test_the_command_line_loads_and_says_what_is_there(napgraph: Run, kg: KnowledgeGraph, tmp_path: Path) -> None:
    with servers.oxigraph() as base:
        shown = napgraph("push", "--endpoint", f"{base}/query")
        assert shown.returncode == 0, shown.stderr
        _, every = sizes(kg)
        assert f"graph/everything: {every} statements, {every} of them sent now" in shown.stdout
        assert napgraph("show", "NOR", "--endpoint", f"{base}/query").stdout == napgraph("show", "NOR").stdout
        nowhere = napgraph("push", "--endpoint", f"{base}/query", "--graph-store", f"{base}/nothing")
        assert nowhere.returncode == 0, "nothing had to be sent"
    nobody = napgraph("push", "--endpoint", f"{base}/query", "--user", "me", env={"NAPGRAPH_PASSWORD": "secret"})
    assert nobody.returncode == 2
    assert "connection refused" in nobody.stderr
    assert "secret" not in nobody.stderr
    assert "set NAPGRAPH_PASSWORD" in napgraph("push", "--endpoint", f"{base}/query", "--user", "me").stderr
    file = str(tmp_path / "none")
    assert "cannot be read" in napgraph("push", "--endpoint", base, "--user", "me", "--password-file", file).stderr


class Closed(http.server.BaseHTTPRequestHandler):
    """An endpoint that answers everybody, and a store that asks for a name by basic authentication."""

    protocol_version = "HTTP/1.1"
    written: ClassVar[list[tuple[str, str]]] = []

    def do_GET(self) -> None:
        empty = "COUNT" not in self.path
        rows = [] if empty else [{"triples": {"type": "literal", "value": "7", "datatype": f"{XSD}integer"}}]
        head = ["graph", "triples", "version", "loaded"] if empty else ["triples"]
        body = json.dumps({"head": {"vars": head}, "results": {"bindings": rows}}).encode()
        self.answer(200, {"Content-Type": "application/sparql-results+json"}, body)

    def do_PUT(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        said = self.headers.get("Authorization", "")
        self.written.append((self.command, said))
        known = said == f"Basic {base64.b64encode(b'me:secret').decode()}"
        self.answer(204 if known else 401, {} if known else {"WWW-Authenticate": 'Basic realm="plans"'}, b"")

    def answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for each in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(*each)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Nothing on the screen."""


@pytest.mark.slow
def test_a_graph_on_disk_is_sent_as_the_files_are(napgraph: Run, kg: KnowledgeGraph, tmp_path: Path) -> None:
    store = str(tmp_path / "store")
    assert napgraph("build", "--store", store).returncode == 0
    with servers.oxigraph() as base:
        shown = napgraph("push", "--endpoint", f"{base}/query", "--store", store)
        assert shown.returncode == 0, shown.stderr
        stated, every = sizes(kg)
        assert f"graph/stated: {stated} statements" in shown.stdout
        assert f"graph/everything: {every} statements" in shown.stdout
        far = KnowledgeGraph.load(ROOT, endpoint=f"{base}/query")
        assert differing(kg, far, ["pillars", "network", "statements", "summary-of-jurisdictions"]) == {}
        assert [each.sent for each in push(kg, f"{base}/query")] == [0, 0]
    refused = napgraph("push", "--endpoint", f"{base}/query", "--store", str(tmp_path))
    assert (refused.returncode, "is no store" in refused.stderr) == (2, True)


def test_basic_authentication_and_a_count_that_is_wrong(kg: KnowledgeGraph) -> None:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Closed)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    endpoint = f"http://127.0.0.1:{server.server_address[1]}/query"
    try:
        with pytest.raises(EndpointError, match=r"holds 7 statements of .*stated, and [0-9]+ were sent"):
            push(kg, endpoint, credentials=Credentials("me", "secret"))
        assert [said.partition(" ")[0] for _, said in Closed.written] == ["", "Basic", "Basic"], "asked only once"
        with pytest.raises(EndpointError, match="does not let 'me' write"):
            push(kg, endpoint, credentials=Credentials("me", "other"))
    finally:
        server.shutdown()
        server.server_close()


TERMS = st.sampled_from(["<urn:a>", "<urn:b>", "_:a", "_:b", "_:c", "_:d"])


@given(
    lines=st.lists(st.tuples(TERMS, TERMS | st.just('"_:a"')), unique=True),
    size=st.integers(min_value=1, max_value=200),
)
@settings(max_examples=examples(300), deadline=None)
def test_pieces_hold_all_and_tear_nothing(lines: list[tuple[str, str]], size: int) -> None:
    written = [f"{subject} <urn:p> {value} .".encode() for subject, value in lines]
    made = list(chunks(written, size))
    assert Counter(line for piece in made for line in piece) == Counter(written)
    assert all(made)
    places = [{label for line in piece for label in re.findall(rb"(?<![\"])_:\w", line)} for piece in made]
    assert sum(map(len, places)) == len(set().union(*places)), "a nameless resource in two pieces"
    assert list(chunks(written, size)) == made


def test_a_piece_leaves_before_the_next_is_read() -> None:
    read: list[int] = []

    def lines() -> Iterator[bytes]:
        for number in range(100):
            read.append(number)
            yield f"<urn:s> <urn:p> <urn:{number}> .".encode()

    first = next(chunks(lines(), 200))
    assert len(read) == len(first) + 1 < 10
