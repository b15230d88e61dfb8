"""The W3C's tests of SPARQL 1.0 and 1.1, asked of the server: it loses none that its engine passes.

The suites are not kept here: they come with the source of rdflib, and ``NAPGRAPH_W3C`` names their folder. Each file of
data is a graph of one served dataset, and a question names the graphs that it is about as the protocol has it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import pyoxigraph
import pytest
import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple
from rdflib.collection import Collection
from rdflib.namespace import RDF, Namespace

from .serving import Server, running

FOLDER = os.environ.get("NAPGRAPH_W3C")
PARTS = ("dawg-data-r2", "sparql11")
BASE = "http://w3c.example/"
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
OTHERS = {"service", "entailment", "syntax-fed"}
"""What asks other servers, or has things follow: no engine of a plain endpoint does."""
NAMES = {"srx": "xml", "srj": "json", "tsv": "tsv", "csv": "csv"}
TYPES = {
    "xml": "application/sparql-results+xml",
    "json": "application/sparql-results+json",
    "tsv": "text/tab-separated-values",
    "csv": "text/csv",
    "nt": "application/n-triples",
}

pytestmark = [
    pytest.mark.oracle,
    pytest.mark.skipif(
        not FOLDER and not os.environ.get("CI"), reason="NAPGRAPH_W3C names no folder with the W3C's SPARQL tests"
    ),
]


class Case(NamedTuple):
    """One test: what is asked, of which graphs, and the file of the answer; ``kind`` is its class in the manifest."""

    name: str
    kind: str
    query: Path
    default: tuple[str, ...]
    named: tuple[str, ...]
    result: Path | None


def _iri(path: Path) -> str:
    return BASE + path.relative_to(FOLDER or "").as_posix()


def _cases() -> Iterator[Case]:
    for part in PARTS:
        for manifest in sorted(Path(FOLDER or "", part).glob("*/manifest.ttl")):
            if manifest.parent.name in OTHERS:
                continue
            graph = rdflib.Graph().parse(manifest, publicID=manifest.as_uri())
            for head in graph.objects(None, MF.entries):
                for entry in Collection(graph, head):
                    kind = str(graph.value(entry, RDF.type)).partition("#")[2]
                    action = graph.value(entry, MF.action)
                    if "Update" in kind or action is None or kind in {"ProtocolTest", "ServiceDescriptionTest"}:
                        continue
                    asked = graph.value(action, QT.query) or action
                    result = graph.value(entry, MF.result)
                    yield Case(
                        f"{manifest.parent.name}/{str(entry).partition('#')[2]}",
                        kind,
                        _path(asked),
                        tuple(sorted(_iri(_path(each)) for each in graph.objects(action, QT.data))),
                        tuple(sorted(_iri(_path(each)) for each in graph.objects(action, QT.graphData))),
                        None if result is None else _path(result),
                    )


def _path(node: object) -> Path:
    return Path(str(node).removeprefix("file://"))


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    assert FOLDER, "NAPGRAPH_W3C must name the folder of the suites"
    return list(_cases())


@pytest.fixture(scope="module")
def served(cases: list[Case], tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, pyoxigraph.Store]]:
    """A server of every file of data that a case asks, and a store of the same."""
    # A question may name its data itself, by FROM; so each file beside one that is asked is served.
    places = {case.query.parent for case in cases if case.kind == "QueryEvaluationTest"}
    store = pyoxigraph.Store()
    for path in sorted(path for place in places for path in place.rglob("*") if path.suffix in {".ttl", ".n3", ".rdf"}):
        form = RdfFormat.RDF_XML if path.suffix == ".rdf" else RdfFormat.TURTLE
        iri = _iri(path)
        try:
            quads = list(pyoxigraph.parse(path=path, format=form, base_iri=iri, rename_blank_nodes=True))
        except SyntaxError:
            continue
        store.extend(Quad(quad.subject, quad.predicate, quad.object, NamedNode(iri)) for quad in quads)
    file = tmp_path_factory.mktemp("w3c") / "all.nq"
    file.write_bytes(store.dump(format=RdfFormat.N_QUADS) or b"")
    with running("--dataset", str(file)) as server:
        yield server, store


def _text(case: Case) -> str:
    return f"BASE <{_iri(case.query)}>\n{case.query.read_text('utf-8')}"


def _format(case: Case) -> str:
    ending = case.result.suffix[1:] if case.result else ""
    return NAMES.get(ending, "xml")


def _ask(server: Server, case: Case, accept: str) -> tuple[int, str, bytes]:
    pairs = [("query", _text(case))]
    pairs += [("default-graph-uri", iri) for iri in case.default]
    pairs += [("named-graph-uri", iri) for iri in case.named]
    reply = server.ask(
        "/sparql", "POST", urlencode(pairs).encode(), content_type="application/x-www-form-urlencoded", accept=accept
    )
    return reply.status, reply.headers.get("content-type", "").partition(";")[0], reply.body


def _by_hand(store: pyoxigraph.Store, case: Case) -> tuple[str, bytes] | None:
    """Return what the engine answers, in the format of the expected answer, or None where it cannot."""
    given: dict[str, object] = {}
    if case.default or case.named:
        given = {
            "default_graph": [NamedNode(iri) for iri in case.default],
            "named_graphs": [NamedNode(iri) for iri in case.named],
        }
    try:
        answer = store.query(_text(case), **given)  # type: ignore[arg-type]
        if isinstance(answer, pyoxigraph.QueryTriples):
            return TYPES["nt"], answer.serialize(format=RdfFormat.N_TRIPLES) or b""
        form = {"xml": "XML", "json": "JSON", "tsv": "TSV", "csv": "CSV"}[_format(case)]
        made = answer.serialize(format=getattr(pyoxigraph.QueryResultsFormat, form))
    except (SyntaxError, ValueError, RuntimeError, OSError):
        return None
    return TYPES[_format(case)], made or b""


def _canonical(triples: Iterator[Triple] | list[Triple]) -> frozenset[str]:
    made = pyoxigraph.Dataset(Quad(triple.subject, triple.predicate, triple.object) for triple in triples)
    made.canonicalize(pyoxigraph.CanonicalizationAlgorithm.UNSTABLE)
    return frozenset(map(str, made))


def _known(kind: str, body: bytes, ordered: bool) -> object:
    """Return an answer so that equal ones are equal: a CSV as its lines, all else as a canonical graph."""
    if kind == TYPES["csv"]:
        head, *lines = body.decode().replace("\r\n", "\n").strip("\n").split("\n")
        return head, tuple(sorted(lines))
    if kind == TYPES["nt"]:
        return _canonical([quad.triple for quad in pyoxigraph.parse(body, format=RdfFormat.N_TRIPLES)])
    form = {TYPES["xml"]: "XML", TYPES["json"]: "JSON", TYPES["tsv"]: "TSV"}[kind]
    answer = pyoxigraph.parse_query_results(body, format=getattr(pyoxigraph.QueryResultsFormat, form))
    if isinstance(answer, pyoxigraph.QueryBoolean):
        return bool(answer)
    names = [variable.value for variable in answer.variables]
    triples = []
    for number, row in enumerate(answer):
        node = BlankNode()
        triples.append(Triple(node, NamedNode(f"{RS}row"), Literal(number if ordered else 0)))
        for name, value in zip(names, row, strict=True):
            if value is not None:
                triples.append(Triple(node, NamedNode(f"{RS}{name}"), value))
    return tuple(sorted(names)), len(triples), _canonical(triples)


def _expected(case: Case) -> object:
    """Return the expected answer as :func:`_known` does."""
    assert case.result is not None
    ordered = "order by" in case.query.read_text("utf-8").lower()
    ending = case.result.suffix[1:]
    if ending in NAMES:
        return _known(TYPES[NAMES[ending]], case.result.read_bytes(), ordered)
    form = "xml" if ending == "rdf" else "turtle"
    graph = rdflib.Graph().parse(case.result, format=form, publicID=_iri(case.result))
    kind = Namespace(RS)
    found = graph.value(None, RDF.type, kind.ResultSet)
    lines = graph.serialize(format="nt").encode()
    if found is None:
        return _known(TYPES["nt"], lines, ordered)
    boolean = graph.value(found, kind.boolean)
    if boolean is not None:
        return bool(boolean.toPython())  # type: ignore[attr-defined]
    names = tuple(sorted(str(each) for each in graph.objects(found, kind.resultVariable)))
    triples = []
    rows = list(graph.objects(found, kind.solution))
    indexed = [graph.value(row, kind["index"]) for row in rows]
    for row, index in zip(rows, indexed, strict=True):
        node = BlankNode()
        number = int(str(index)) - 1 if index is not None and ordered else 0
        triples.append(Triple(node, NamedNode(f"{RS}row"), Literal(number)))
        for binding in graph.objects(row, kind.binding):
            value, name = graph.value(binding, kind.value), graph.value(binding, kind.variable)
            text = f"<x:x> <x:x> {value.n3() if value is not None else ''} .".encode()
            term = next(iter(pyoxigraph.parse(text, format=RdfFormat.TURTLE))).object
            triples.append(Triple(node, NamedNode(f"{RS}{name}"), term))
    return names, len(triples), _canonical(triples)


def _is_right(case: Case, kind: str, body: bytes) -> bool:
    ordered = "order by" in case.query.read_text("utf-8").lower()
    try:
        return _known(kind, body, ordered) == _expected(case)
    except (SyntaxError, ValueError, KeyError):
        return False


def test_no_answer_of_the_engine_is_lost(cases: list[Case], served: tuple[Server, pyoxigraph.Store]) -> None:
    server, store = served
    asked = [case for case in cases if case.kind == "QueryEvaluationTest" and case.result is not None]
    lost, right = [], 0
    for case in asked:
        hand = _by_hand(store, case)
        if hand is None or not _is_right(case, *hand):
            continue
        status, kind, body = _ask(server, case, f"{hand[0]}, */*;q=0.1")
        if status == 200 and kind == hand[0] and _is_right(case, kind, body):
            right += 1
        else:
            lost.append((case.name, status, kind, body[:200]))
    assert not lost
    assert right > 0.85 * len(asked) > 0  # the engine writes numbers anew, which some answers do not


def test_syntax_is_taken_and_refused_as_the_engine_does(
    cases: list[Case], served: tuple[Server, pyoxigraph.Store]
) -> None:
    server, store = served
    asked = [case for case in cases if "SyntaxTest" in case.kind]
    lost, right = [], 0
    for case in asked:
        wanted = case.kind.startswith("Positive")
        try:
            store.query(_text(case))
            taken = True
        except SyntaxError:
            taken = False
        except (ValueError, RuntimeError, OSError):  # a function of somebody's own, which cannot be run
            continue
        if taken != wanted:
            continue
        status, _, body = _ask(server, case, "*/*")
        if status == (200 if wanted else 400):
            right += 1
        else:
            lost.append((case.name, status, body[:200]))
    assert not lost
    assert right > 0.95 * len(asked) > 0
