"""An endpoint answers as the files do, and what is no whole answer is never taken for one."""

from __future__ import annotations

import http.server
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any, ClassVar

import pytest

from napgraph import KnowledgeGraph, ResultTable
from napgraph.errors import EndpointError, ParameterError
from napgraph.query.catalogue import Catalogue
from napgraph.query.endpoint import ask
from napgraph.tables.table import Table

from . import servers
from .conftest import ROOT, Run

QUERIES = [query.name for query in Catalogue(str(ROOT))]
PLANS = ("dnk/former-action-plan", "dnk/action-plan-2007-2010")


def bag(answer: ResultTable) -> Counter[tuple[str, ...]]:
    """Return the rows as they are compared: nameless resources have no name that two engines share."""
    return Counter(
        tuple("_:" if str(term).startswith("_:") else str(term) for term in row.values()) for row in answer.terms()
    )


@pytest.fixture(scope="module")
def far(server: str) -> KnowledgeGraph:
    return KnowledgeGraph.load(ROOT, endpoint=f"{server}/query")


@pytest.mark.server
@pytest.mark.parametrize("name", QUERIES)
def test_an_endpoint_answers_every_saved_query_alike(kg: KnowledgeGraph, far: KnowledgeGraph, name: str) -> None:
    if kg.queries.get(name).header.get("graph") == "asserted":
        with pytest.raises(EndpointError, match="does not keep what is stated apart"):
            far.query(name)
        return
    here, there = kg.query(name), far.query(name)
    assert there.columns == here.columns
    assert bag(there) == bag(here)


def analyses(kg: KnowledgeGraph) -> Iterator[Table]:
    for axis in ("pillars", "principles", "features", "actors", "groups", "forms", "measures"):
        yield kg.compare(axis).table()
    yield kg.compare("pillars", in_force="2006-07-01", match="close", by="document").evidence()
    yield kg.timeline().table()
    yield kg.similarity("pillars").table()
    yield kg.gaps().table()
    yield kg.diff(*PLANS).table()
    yield kg.network().table()


@pytest.mark.server
def test_analyses_over_an_endpoint_are_the_same(kg: KnowledgeGraph, far: KnowledgeGraph) -> None:
    for here, there in zip(analyses(kg), analyses(far), strict=True):
        assert there.names == here.names
        assert there.rows == here.rows
        assert there.about.queries == here.about.queries


@pytest.mark.server
def test_the_version_is_what_is_known_of_it(far: KnowledgeGraph, server: str) -> None:
    assert far.version.startswith(f"{server}/query, asked 2")
    assert far.version in far.query("pillars").table().about.citation


@pytest.mark.server
def test_the_command_line_asks_an_endpoint(napgraph: Run, server: str) -> None:
    asked = ("compare", "principles", "-c", "BIH", "--endpoint", f"{server}/query", "--timeout", "30")
    assert napgraph(*asked).stdout == napgraph(*asked[:4]).stdout
    wrong = napgraph("show", "NOR", "--endpoint", f"{server}/nothing")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "there is nothing at this address (404" in wrong.stderr
    assert "name one with --endpoint" in napgraph("show", "NOR", "--timeout", "3").stderr


@pytest.mark.server
def test_a_query_that_the_server_does_not_take_is_said_so(server: str) -> None:
    with pytest.raises(EndpointError, match=r"does not take the question mine \(400: ") as caught:
        ask(f"{server}/query", "SELECT ?x WHERE { ?x }", "mine", graph=None, seconds=10)
    assert caught.value.fault == "rejected"


@pytest.mark.server
def test_a_long_question_goes_as_a_form(far: KnowledgeGraph, kg: KnowledgeGraph) -> None:
    everyone = sorted(kg.names) * 160  # 1.8 million characters
    assert bag(far.query("reports", country=everyone)) == bag(kg.query("reports", country=everyone))


GOOD = {"head": {"vars": ["x"]}, "results": {"bindings": [{"x": {"type": "literal", "value": "1"}}] * 3}}
TEXT = json.dumps(GOOD).encode()
DRIPS = 3000
JSON = {"Content-Type": "application/sparql-results+json"}


class Hostile(http.server.BaseHTTPRequestHandler):
    """Answers by path as servers do that are down, busy, closed, cut short, or something else altogether."""

    protocol_version = "HTTP/1.1"
    asked: ClassVar[Counter[str]] = Counter()
    dripped = 0

    ANSWERS: ClassVar[dict[str, tuple[int, dict[str, str], bytes]]] = {
        "good": (200, JSON, TEXT),
        "plain-json": (200, {"Content-Type": "application/json; charset=utf-8"}, TEXT),
        "busy": (429, {"Retry-After": "3600"}, b"slow down"),
        "down": (503, {"Retry-After": "Fri, 31 Dec 2100 23:59:59 GMT"}, b""),
        "rejected": (400, {"Content-Type": "text/plain"}, b"line 1: no\x1b[31m such\nthing"),
        "login": (401, {"WWW-Authenticate": 'Basic realm="x"', "Content-Type": "text/html"}, b"<h1>Log in</h1>"),
        "forbidden": (403, {}, b""),
        "gone": (404, {"Content-Type": "text/html"}, b"<h1>Not found</h1>"),
        "too-long": (414, {}, b""),
        "failed": (500, {"Content-Type": "text/plain"}, b"NullPointerException"),
        "server-time": (500, {"Content-Type": "text/plain"}, b"Virtuoso S1TAT Error: timeout"),
        "proxy-time": (504, {}, b""),
        "odd": (299, JSON, TEXT),
        "page": (200, {"Content-Type": "text/html"}, b"<!DOCTYPE html><title>Log in</title>"),
        "hidden-page": (200, {"Content-Type": "text/plain"}, b"\n <html>Log in</html>"),
        "csv": (200, {"Content-Type": "text/csv"}, b"x\n1\n"),
        "xml": (200, {"Content-Type": "application/sparql-results+xml"}, b"<sparql/>"),
        "other-json": (200, {"Content-Type": "application/json"}, b'{"error": "no"}'),
        "empty": (200, JSON, b""),
        "cut-rows": (200, JSON | {"X-SPARQL-MaxRows": "3"}, TEXT),
        "not-cut": (200, JSON | {"X-SPARQL-MaxRows": "4"}, TEXT),
        "sql-time": (200, JSON | {"X-SQL-State": "S1TAT"}, TEXT),
        "cancelled": (200, JSON, TEXT[:-12] + b"The SPARQL operation has been cancelled"),
        "truncated": (200, JSON, TEXT[:-5]),
        "file": (302, {"Location": "file:///etc/hostname"}, b""),
        "same": (303, {"Location": "/good"}, b""),
        "round": (302, {"Location": "/round"}, b""),
        "bomb": (
            200,
            {"Content-Type": "application/sparql-results+xml"},
            b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>',
        ),
    }

    def do_GET(self) -> None:
        name = self.path[1:].partition("?")[0]
        Hostile.asked[name] += 1
        if hasattr(self, f"answer_{name.replace('-', '_')}"):
            getattr(self, f"answer_{name.replace('-', '_')}")()
            return
        status, headers, body = self.ANSWERS[name]
        self.answer(status, headers | {"Content-Length": str(len(body))}, body)

    def answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for each in headers.items():
            self.send_header(*each)
        self.end_headers()
        self.wfile.write(body)

    def answer_recovers(self) -> None:
        """Busy twice, then well."""
        busy = Hostile.asked["recovers"] < 3
        body = b"" if busy else TEXT
        self.answer(503 if busy else 200, JSON | {"Retry-After": "0", "Content-Length": str(len(body))}, body)

    def answer_elsewhere(self) -> None:
        """To another name of the same computer, which is another host."""
        port = self.connection.getsockname()[1]
        self.answer(302, {"Location": f"http://localhost:{port}/good", "Content-Length": "0"}, b"")

    def answer_broken(self) -> None:
        self.answer(200, JSON | {"Content-Length": "5000"}, TEXT)
        self.close_connection = True

    def answer_broken_chunks(self) -> None:
        self.answer(200, JSON | {"Transfer-Encoding": "chunked"}, b"%x\r\n%s\r\n" % (len(TEXT), TEXT))
        self.close_connection = True

    def answer_silent(self) -> None:
        self.close_connection = True

    def answer_drip(self) -> None:
        self.answer(200, JSON | {"Content-Length": str(DRIPS)}, b"")
        self.drip(b" " * DRIPS)

    def answer_drip_head(self) -> None:
        self.drip(b"HTTP/1.1 200 OK\r\nX-Slow: " + b"y" * DRIPS)

    def drip(self, content: bytes) -> None:
        """Send a byte every tenth of a second: no single wait is long."""
        self.close_connection = True
        for byte in content:
            try:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
            except OSError:
                return
            Hostile.dripped += 1
            time.sleep(0.1)

    def log_message(self, *_: Any) -> None:
        """Nothing on the screen."""


@pytest.fixture(scope="module")
def hostile() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hostile)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def question(address: str, seconds: float = 10) -> ResultTable:
    return ask(address, "SELECT ?x WHERE { ?x ?y ?z }", "mine", graph=None, seconds=seconds)


@pytest.mark.parametrize("path", ["good", "plain-json", "not-cut", "same", "recovers", "good?key=a&key=b"])
def test_whole_answers_are_taken(hostile: str, path: str) -> None:
    assert len(question(f"{hostile}/{path}")) == 3


@pytest.mark.parametrize(
    ("path", "fault", "words"),
    [
        ("busy", "busy", "(429: asks to wait 3600 s: slow down). Nothing is wrong with the question: ask again later."),
        ("down", "busy", "(503: asks to wait "),
        ("rejected", "rejected", "the question mine (400: line 1: no [31m such thing)."),
        ("login", "login", "wants to know who asks (401)."),
        ("forbidden", "login", "(403)"),
        ("gone", "not-found", "nothing at this address (404). Endpoints often end in /sparql"),
        ("too-long", "too-long", "(414)"),
        ("failed", "failed", "(500: NullPointerException). The fault is with the server"),
        ("server-time", "cut-time", "its own time limit"),
        ("proxy-time", "cut-time", "its own time limit (504)"),
        ("odd", "status", "(299"),
        ("page", "page", "a web page and no SPARQL answer"),
        ("hidden-page", "page", "a web page and no SPARQL answer"),
        ("csv", "wrong-type", "the answer is text/csv"),
        ("xml", "wrong-type", "application/sparql-results+xml"),
        ("bomb", "wrong-type", "application/sparql-results+xml"),
        ("other-json", "not-results", "no SPARQL result"),
        ("empty", "not-results", "no SPARQL result"),
        ("cut-rows", "cut-rows", "cut the answer off at 3 rows"),
        ("sql-time", "cut-time", "its own time limit (S1TAT)"),
        ("cancelled", "cut-time", "its own time limit, so the answer is not whole"),
        ("truncated", "cut-off", "broke off before its end"),
        ("broken", "cut-off", "broke off before its end"),
        ("broken-chunks", "cut-off", "broke off before its end"),
        ("silent", "cut-off", "broke off before its end"),
        ("elsewhere", "moved", "it sends you to another address, http://localhost:"),
        ("file", "status", "(302)"),
        ("round", "status", "(302)"),
    ],
)
def test_what_is_no_whole_answer_is_told_from_one(hostile: str, path: str, fault: str, words: str) -> None:
    with pytest.raises(EndpointError) as caught:
        question(f"{hostile}/{path}")
    assert caught.value.fault == fault
    assert caught.value.endpoint in str(caught.value)
    assert words in str(caught.value)
    assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize("path", ["drip", "drip-head"])
def test_the_time_counts_for_the_whole_exchange(hostile: str, path: str) -> None:
    """A byte every tenth of a second would take five minutes; the one second allowed ends it, however busy all is."""
    Hostile.dripped = 0
    with pytest.raises(EndpointError, match="no whole answer came within 1 s"):
        question(f"{hostile}/{path}", 1)
    assert Hostile.dripped < DRIPS / 2


def test_an_answer_without_end_is_not_read_to_it(hostile: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("napgraph.query.endpoint.MAX_BYTES", 10)
    with pytest.raises(EndpointError, match="was not read further"):
        question(f"{hostile}/good")


def test_a_busy_server_is_asked_again_and_not_for_ever(hostile: str) -> None:
    Hostile.asked.clear()
    assert len(question(f"{hostile}/recovers")) == 3
    assert Hostile.asked["recovers"] == 3
    with pytest.raises(EndpointError):
        question(f"{hostile}/busy")
    assert Hostile.asked["busy"] == 1, "it asks for an hour, which nobody waits"


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("http://127.0.0.1:{port}/", "refused"),
        ("http://no-such-computer.invalid/sparql", "unknown-host"),
        ("https://127.0.0.1:{hostile}/good", "certificate"),
        ("localhost:7878/query", "address"),
        ("file:///etc/hostname", "address"),
        ("http:///query", "address"),
        ("http://127.0.0.1:seven/query", "address"),
        ("http://user:secret@127.0.0.1/query", "address"),
        ("http://127.0.0.1/a b", "address"),
        ("", "address"),
    ],
)
def test_addresses_where_no_endpoint_is(hostile: str, address: str, fault: str) -> None:
    named = address.format(port=servers.free_port(), hostile=hostile.rpartition(":")[2])
    with pytest.raises(EndpointError) as caught:
        KnowledgeGraph.load(ROOT, endpoint=named, timeout=300).query("pillars")
    assert caught.value.fault == fault
    assert "secret" not in str(caught.value)


def test_files_are_not_joined_to_an_endpoint() -> None:
    with pytest.raises(ParameterError, match="not to an endpoint"):
        KnowledgeGraph.load(ROOT, endpoint="http://127.0.0.1/", data=["plan.ttl"])
