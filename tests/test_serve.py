"""The endpoint keeps to the SPARQL 1.1 Protocol: each way of asking, media type, dataset and error of its text."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode
from xml.etree import ElementTree as ET

import pyoxigraph
import pytest

from napgraph import KnowledgeGraph

from .conftest import ROOT, Run
from .serving import Server, running

FORM = "application/x-www-form-urlencoded"
TEXT = "application/sparql-query"
ASK = "ASK { ?s ?p ?o }"
NORWAY = "https://w3id.org/napgraph/graph/nor"
ISRAEL = "https://w3id.org/napgraph/graph/isr"
TABLES = {
    "application/sparql-results+json": b'{"head"',
    "application/sparql-results+xml": b"<?xml",
    "text/csv": b"n\r\n1\r\n",
    "text/tab-separated-values": b"?n\n1\n",
    "application/json": b'{"head"',
    "application/xml": b"<?xml",
}
GRAPHS = {
    "text/turtle": pyoxigraph.RdfFormat.TURTLE,
    "application/n-triples": pyoxigraph.RdfFormat.N_TRIPLES,
    "application/rdf+xml": pyoxigraph.RdfFormat.RDF_XML,
    "application/ld+json": pyoxigraph.RdfFormat.JSON_LD,
    "application/trig": pyoxigraph.RdfFormat.TRIG,
    "application/n-quads": pyoxigraph.RdfFormat.N_QUADS,
    "application/json": pyoxigraph.RdfFormat.JSON_LD,
    "application/xml": pyoxigraph.RdfFormat.RDF_XML,
}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running() as made:
        yield made


def media(headers: object) -> str:
    return str(headers["content-type"]).partition(";")[0]  # type: ignore[index]


# How a question is asked


def test_query_by_get(server: Server) -> None:
    answer = server.ask(f"/sparql?query={quote(ASK)}")
    assert (answer.status, json.loads(answer.body)["boolean"]) == (200, True)


def test_query_by_form(server: Server) -> None:
    body = urlencode({"query": ASK}).encode()
    for kind in (FORM, f"{FORM}; charset=UTF-8", FORM.upper()):
        answer = server.ask("/sparql", "POST", body, content_type=kind)
        assert (answer.status, json.loads(answer.body)["boolean"]) == (200, True)


def test_query_direct(server: Server) -> None:
    for kind in (TEXT, f"{TEXT}; charset=utf-8"):
        answer = server.ask("/sparql", "POST", ASK.encode(), content_type=kind)
        assert (answer.status, json.loads(answer.body)["boolean"]) == (200, True)


def test_text_beyond_ascii_comes_whole_by_every_way(server: Server) -> None:
    text = 'SELECT ?n { BIND("Côte d\'Ivoire, 人身取引 + & = %" AS ?n) }'
    answers = [
        server.ask(f"/sparql?query={quote(text)}"),
        server.ask(f"/sparql?{urlencode({'query': text})}"),
        server.ask("/sparql", "POST", urlencode({"query": text}).encode(), content_type=FORM),
        server.ask("/sparql", "POST", text.encode(), content_type=TEXT),
    ]
    assert [answer.rows for answer in answers] == [[{"n": "Côte d'Ivoire, 人身取引 + & = %"}]] * 4


def test_head_is_get_without_its_body(server: Server) -> None:
    path = f"/sparql?query={quote(ASK)}"
    got, head = server.ask(path), server.ask(path, "HEAD")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == str(len(got.body))


def test_options_tells_the_methods_and_lets_pages_of_other_sites_ask(server: Server) -> None:
    answer = server.ask("/sparql", "OPTIONS", origin="https://example.org", access_control_request_method="POST")
    assert answer.status == 204
    assert answer.headers["allow"] == "GET, HEAD, POST, OPTIONS"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "content-type" in answer.headers["access-control-allow-headers"]
    assert "POST" in answer.headers["access-control-allow-methods"]
    for path in (f"/sparql?query={quote(ASK)}", "/sparql?query=no", "/query/pillars.csv"):
        assert server.ask(path, origin="https://example.org").headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("path", ["/sparql", "/query/pillars.csv", "/health", "/ready", "/openapi.json"])
def test_head_tells_the_length_of_what_get_gives(server: Server, path: str) -> None:
    got, head = server.ask(path), server.ask(path, "HEAD")
    assert (head.status, head.body) == (got.status, b"")
    assert head.headers["content-length"] == str(len(got.body))


def test_options_of_the_whole_server_tells_the_methods_that_there_are(server: Server) -> None:
    answer = server.ask("*", "OPTIONS")
    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers["allow"] == "GET, HEAD, POST, OPTIONS"
    assert server.ask("*", "GET").status in {400, 404}


def test_one_byte_order_mark_before_a_question_is_no_part_of_it(server: Server) -> None:
    mark = "\ufeff"
    answers = [
        server.ask(f"/sparql?query={quote(mark + ASK)}"),
        server.ask("/sparql", "POST", urlencode({"query": mark + ASK}).encode(), content_type=FORM),
        server.ask("/sparql", "POST", mark.encode() + urlencode({"query": ASK}).encode(), content_type=FORM),
        server.ask("/sparql", "POST", (mark + ASK).encode(), content_type=TEXT),
    ]
    assert [(answer.status, json.loads(answer.body)["boolean"]) for answer in answers] == [(200, True)] * 4
    tags = [server.ask(f"/sparql?query={quote(text)}").headers["etag"] for text in (ASK, mark + ASK)]
    assert tags[0] == tags[1]
    update = (mark + "CLEAR ALL").encode()
    assert server.ask("/sparql", "POST", update, content_type="application/sparql-update").status == 403
    assert server.ask("/sparql", "POST", (2 * mark + ASK).encode(), content_type=TEXT).status == 400


# What it is asked of


COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
NAMES = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g"


def both_ways(server: Server, text: str, *dataset: tuple[str, str]) -> list[dict[str, str]]:
    """Ask by GET, by form, and directly with the dataset in the address: the answer must be one."""
    given = urlencode(dataset)
    asked = urlencode([("query", text), *dataset])
    answers = [
        server.ask(f"/sparql?{asked}"),
        server.ask("/sparql", "POST", asked.encode(), content_type=FORM),
        server.ask(f"/sparql?{given}", "POST", text.encode(), content_type=TEXT),
    ]
    assert [answer.status for answer in answers] == [200] * 3
    rows = [answer.rows for answer in answers]
    assert rows[0] == rows[1] == rows[2]
    return rows[0]


@pytest.fixture(scope="module")
def sizes(kg: KnowledgeGraph) -> dict[str, set[str]]:
    """The statements of some graphs, as the files have them (blank nodes left out of account: they have none)."""
    from napgraph.graph.files import read_file, source_files

    return {name: {str(triple) for triple in read_file(kg.root, path)} for path, name in source_files(kg.root)}


def test_without_a_dataset_everything_is_asked_once(server: Server, kg: KnowledgeGraph) -> None:
    from napgraph.query.engine import embedded

    graph = embedded(kg)
    lines = b"".join((*graph.asserted(), *graph.entailed())).splitlines()
    assert both_ways(server, COUNT) == [{"n": str(len(set(lines)))}]


def test_one_default_graph(server: Server, sizes: dict[str, set[str]]) -> None:
    assert both_ways(server, COUNT, ("default-graph-uri", NORWAY)) == [{"n": str(len(sizes[NORWAY]))}]
    assert both_ways(server, NAMES, ("default-graph-uri", NORWAY)) == []


def test_several_default_graphs_are_merged_and_no_statement_counts_twice(
    server: Server, sizes: dict[str, set[str]]
) -> None:
    names = [NORWAY, ISRAEL, NORWAY]
    dataset = [("default-graph-uri", name) for name in names]
    assert both_ways(server, COUNT, *dataset) == [{"n": str(len(sizes[NORWAY] | sizes[ISRAEL]))}]
    text = COUNT.replace("{", f"FROM <{NORWAY}> FROM <{ISRAEL}> {{")
    assert both_ways(server, text) == [{"n": str(len(sizes[NORWAY] | sizes[ISRAEL]))}]


def test_named_graphs(server: Server, sizes: dict[str, set[str]]) -> None:
    assert {row["g"] for row in both_ways(server, NAMES)} == {name for name in sizes if sizes[name]}
    dataset = [("named-graph-uri", NORWAY), ("named-graph-uri", ISRAEL)]
    assert both_ways(server, NAMES, *dataset) == [{"g": ISRAEL}, {"g": NORWAY}]
    assert both_ways(server, COUNT, *dataset) == [{"n": "0"}]


@pytest.mark.parametrize(
    "pattern",
    [
        "{ GRAPH ?g { ?s ?p ?o } }",
        "{graph?g{?s?p?o}}",
        "{ GrApH#\n?g { ?s ?p ?o } }",
        "{ BIND(1 AS ?n)GRAPH?g{ ?s ?p ?o } }",
        "{ { SELECT ?g { GRAPH ?g { ?s ?p ?o } } } }",
        "{ VALUES ?n { 1 }GRAPH ?g { ?s ?p ?o } }",
        "{ ?none <x:none> 1 } UNION { GRAPH ?g { ?s ?p ?o } }",
    ],
)
def test_named_graphs_are_asked_however_they_are_written(
    server: Server, sizes: dict[str, set[str]], pattern: str
) -> None:
    """A question that names no graph is asked of a store without them, which takes less time."""
    rows = server.query(f"SELECT DISTINCT ?g {{ {pattern} }}").rows
    assert {row["g"] for row in rows} == {name for name in sizes if sizes[name]}


def test_default_and_named_graphs_together(server: Server, sizes: dict[str, set[str]]) -> None:
    dataset = [("default-graph-uri", NORWAY), ("named-graph-uri", ISRAEL)]
    assert both_ways(server, COUNT, *dataset) == [{"n": str(len(sizes[NORWAY]))}]
    assert both_ways(server, NAMES, *dataset) == [{"g": ISRAEL}]
    several = [*dataset, ("default-graph-uri", ISRAEL)]
    assert both_ways(server, NAMES, *several) == [{"g": ISRAEL}]


def test_the_dataset_of_the_request_goes_before_that_of_the_query(server: Server, sizes: dict[str, set[str]]) -> None:
    text = COUNT.replace("{", f"FROM <{ISRAEL}> {{")
    assert both_ways(server, text) == [{"n": str(len(sizes[ISRAEL]))}]
    assert both_ways(server, text, ("default-graph-uri", NORWAY)) == [{"n": str(len(sizes[NORWAY]))}]


def test_from_named_of_the_query(server: Server) -> None:
    text = NAMES.replace("{ GRAPH", f"FROM NAMED <{ISRAEL}> {{ GRAPH")
    assert both_ways(server, text) == [{"g": ISRAEL}]


def test_from_by_prefixes_is_merged_too(server: Server, sizes: dict[str, set[str]]) -> None:
    text = "PREFIX g: <https://w3id.org/napgraph/graph/> SELECT (COUNT(*) AS ?n) FROM g:nor FROM g:isr FROM NAMED g:isr"
    assert both_ways(server, f"{text} {{ ?s ?p ?o }}") == [{"n": str(len(sizes[NORWAY] | sizes[ISRAEL]))}]
    assert both_ways(server, f"{text} {{ GRAPH ?g {{ ?s ?p ?o }} }}") == [{"n": str(len(sizes[ISRAEL]))}]


def test_a_graph_that_is_not_here_is_empty(server: Server) -> None:
    assert both_ways(server, COUNT, ("default-graph-uri", "http://example.org/none")) == [{"n": "0"}]
    assert both_ways(server, "SELECT (COUNT(*) AS ?n) FROM <http://example.org/none> { ?s ?p ?o }") == [{"n": "0"}]


@pytest.mark.parametrize("name", ["no iri", "http://a/{b}", "file:///etc/hostname", "FILE:/etc/hostname"])
def test_a_graph_that_cannot_be_is_refused(server: Server, name: str) -> None:
    for key in ("default-graph-uri", "named-graph-uri"):
        answer = server.query(COUNT, **{key: name})
        assert answer.status == 400
        assert name in answer.detail or "IRI" in answer.detail


# How it is answered


@pytest.mark.parametrize("kind", TABLES)
def test_formats_of_a_table(server: Server, kind: str) -> None:
    answer = server.query("SELECT ?n { BIND(1 AS ?n) }", accept=kind)
    assert (answer.status, media(answer.headers)) == (200, kind)
    assert answer.body.startswith(TABLES[kind])
    assert "accept" in answer.headers["vary"].lower()


@pytest.mark.parametrize("kind", TABLES)
def test_formats_of_a_truth(server: Server, kind: str) -> None:
    answer = server.query(ASK, accept=kind)
    assert (answer.status, media(answer.headers)) == (200, kind)
    assert b"true" in answer.body


@pytest.mark.parametrize("kind", GRAPHS)
@pytest.mark.parametrize("text", ["CONSTRUCT WHERE { ?s a ?c }", "DESCRIBE <https://w3id.org/napgraph/id/nor>"])
def test_formats_of_a_graph(server: Server, kind: str, text: str) -> None:
    answer = server.query(text, accept=kind)
    assert (answer.status, media(answer.headers)) == (200, kind)
    found = {str(quad.triple) for quad in pyoxigraph.parse(answer.body, format=GRAPHS[kind])}
    lines = server.query(text, accept="application/n-triples").body.splitlines()
    assert len(found) == len(lines) == len(set(lines))


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("", "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("text/*", "text/csv"),
        ("text/csv;q=0.5, application/sparql-results+xml;q=0.9", "application/sparql-results+xml"),
        ("application/sparql-results+json;q=0, */*;q=0.1", "application/sparql-results+xml"),
        ("text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8", "application/xml"),
        ("text/turtle, text/tab-separated-values;q=0.1", "text/tab-separated-values"),
        ("text/csv; charset=utf-8", "text/csv"),
        ("application/SPARQL-results+XML", "application/sparql-results+xml"),
        ("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", "application/sparql-results+json"),  # Java's own
        ("text/csv;q=.9, application/sparql-results+xml;q=.1", "text/csv"),
        ("*", "application/sparql-results+json"),
        (",;", "application/sparql-results+json"),
    ],
)
def test_accept(server: Server, accept: str, kind: str) -> None:
    assert media(server.query("SELECT ?n { BIND(1 AS ?n) }", accept=accept).headers) == kind


@pytest.mark.parametrize(
    ("text", "accept"),
    [("SELECT * {}", "text/turtle"), (ASK, "image/png"), ("CONSTRUCT WHERE { ?s ?p ?o }", "text/csv")],
)
def test_a_format_that_does_not_fit_is_406(server: Server, text: str, accept: str) -> None:
    answer = server.query(text, accept=accept)
    assert answer.status == 406
    assert "application/" in answer.detail


def test_values_come_whole_in_every_format(server: Server) -> None:
    """Also a bare carriage return in XML, which a reader of XML would take for a line feed."""
    value = "a\rb\r\nc\td\"e'<&>,;é\\"
    text = f"SELECT ?v {{ BIND({json.dumps(value, ensure_ascii=False)} AS ?v) }}"
    found = {kind: server.query(text, accept=kind).body for kind in TABLES}
    assert json.loads(found["application/json"])["results"]["bindings"][0]["v"]["value"] == value
    (told,) = ET.fromstring(found["application/xml"]).iter("{http://www.w3.org/2005/sparql-results#}literal")  # noqa: S314
    assert told.text == value
    assert list(csv.reader(io.StringIO(found["text/csv"].decode(), newline="")))[1] == [value]
    triple = server.query(
        f"CONSTRUCT {{ <x:a> <x:b> ?v }} {{ BIND({json.dumps(value)} AS ?v) }}", accept="application/rdf+xml"
    )
    (quad,) = pyoxigraph.parse(triple.body, format=pyoxigraph.RdfFormat.RDF_XML)
    assert isinstance(quad.object, pyoxigraph.Literal)
    assert quad.object.value == value


def test_a_triple_term_and_a_direction_come_whole(server: Server) -> None:
    text = 'SELECT (TRIPLE(<x:a>, <x:b>, "c") AS ?t) (STRLANGDIR("d", "ar", "rtl") AS ?d) {}'
    (row,) = json.loads(server.query(text).body)["results"]["bindings"]
    assert row["t"]["type"] == "triple"
    assert row["t"]["value"]["object"] == {"type": "literal", "value": "c"}
    assert row["d"]["its:dir"] == "rtl"
    assert b'<<( <x:a> <x:b> "c" )>>\t"d"@ar--rtl' in server.query(text, "text/tab-separated-values").body
    assert b"<triple>" in server.query(text, "application/sparql-results+xml").body
    graph = "PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> CONSTRUCT { <x:r> rdf:reifies ?t } "
    for kind in GRAPHS:
        answer = server.query(graph + "{ BIND(TRIPLE(<x:a>, <x:b>, <x:c>) AS ?t) }", kind)
        assert answer.status == 200 or answer.detail


def test_all_columns_come_in_the_order_of_the_query(server: Server) -> None:
    for text, columns in {
        "SELECT * { ?z <x:p> ?a ; <x:q> ?m }": ["z", "a", "m"],
        "PREFIX select: <x:> SELECT DISTINCT * { VALUES (?b $a) { (1 2) } }": ["b", "a"],
        "SELECT ?b ?a { ?a <x:p> ?b }": ["b", "a"],
        "SELECT * { { SELECT * { ?y <x:p> ?x } } }": ["y", "x"],
    }.items():
        assert json.loads(server.query(text).body)["head"]["vars"] == columns


def test_a_graph_holds_each_statement_once(server: Server) -> None:
    text = "CONSTRUCT { <x:a> <x:b> <x:c> } { VALUES ?n { 1 2 3 } }"
    assert server.query(text, accept="application/n-triples").body == b"<x:a> <x:b> <x:c> .\n"


@pytest.mark.slow
def test_who_has_an_answer_is_told_so_until_the_data_or_the_question_change(server: Server) -> None:
    paths = [f"/sparql?query={quote(text)}" for text in (COUNT, NAMES)]
    tags = [server.ask(path).headers["etag"] for path in paths]
    assert len(set(tags)) == 2
    for path, tag in zip(paths, tags, strict=True):
        assert server.ask(path, if_none_match=tag).status == 304
        assert server.ask(path, "HEAD", if_none_match=f'"other", {tag}').status == 304
        assert server.ask(path, if_none_match='"other"').status == 200
        assert server.ask(path, if_none_match=tag, accept="text/csv").status == 200
        assert "etag" not in server.ask("/sparql", "POST", COUNT.encode(), content_type=TEXT).headers
    with running("--data", str(ROOT / "tests/world/data/jurisdictions/xaa.ttl")) as other_data:
        assert other_data.ask(paths[0], if_none_match=tags[0]).status == 200


@pytest.mark.parametrize("function", ["NOW()", "rand()", "UUID()", "STRUUID()"])
def test_what_is_otherwise_each_time_has_no_tag(server: Server, function: str) -> None:
    path = f"/sparql?query={quote(f'SELECT ?n {{ BIND({function} AS ?n) }}')}"
    first = server.ask(path)
    assert "etag" not in first.headers
    assert server.ask(path).body != first.body


# What is refused


def test_a_query_that_cannot_be_read_is_400_with_its_line(server: Server) -> None:
    answer = server.query("SELECT * {\n ?s ?p }")
    assert answer.status == 400
    assert "not valid SPARQL" in answer.detail
    assert "2:" in answer.detail


@pytest.mark.parametrize(
    ("method", "path", "kind", "body", "status", "words"),
    [
        ("GET", f"/sparql?query={quote(ASK)}&query={quote(ASK)}", "", b"", 400, "several"),
        ("GET", "/sparql?default-graph-uri=http://a/b", "", b"", 400, "missing"),
        ("GET", "/sparql?query=", "", b"", 400, "not valid SPARQL"),
        ("GET", "/sparql?query=ASK%20%7B%20%22%FF%22%20%3Fp%20%3Fo%7D", "", b"", 400, "UTF-8"),
        ("POST", "/sparql", FORM, b"", 400, "missing"),
        ("POST", "/sparql", FORM, b"query=ASK+%7B%7D&query=ASK+%7B%7D", 400, "several"),
        ("POST", "/sparql?query=ASK+%7B%7D", FORM, b"query=ASK+%7B%7D", 400, "several"),
        ("POST", "/sparql?query=ASK+%7B%7D", TEXT, b"ASK {}", 400, "several"),
        ("POST", "/sparql", TEXT, 'ASK { "é" ?p ?o }'.encode("latin-1"), 400, "UTF-8"),
        ("POST", "/sparql", FORM, b"query=%FF", 400, "UTF-8"),
        ("POST", "/sparql", FORM, b"a=&" * 2000, 400, "parameters"),
        ("POST", "/sparql", TEXT, b"", 400, "not valid SPARQL"),
        ("POST", "/sparql", "", b"ASK {}", 415, TEXT),
        ("POST", "/sparql", "text/plain", b"ASK {}", 415, TEXT),
        ("POST", "/sparql", f"{TEXT}; charset=UTF-16", "ASK {}".encode("utf-16"), 415, "UTF-8"),
        ("POST", "/sparql", "application/json", b'{"query": "ASK {}"}', 415, TEXT),
        ("POST", "/sparql", "application/sparql-update", b"CLEAR ALL", 403, "not changed"),
        ("POST", "/sparql", FORM, b"update=CLEAR+ALL", 403, "not changed"),
        ("GET", "/sparql?update=CLEAR+ALL", "", b"", 403, "not changed"),
        ("POST", "/sparql", TEXT, b"CLEAR ALL", 400, "not valid SPARQL"),
        ("POST", "/sparql", TEXT, b"LOAD <http://example.org/>", 400, "not valid SPARQL"),
        ("POST", "/sparql", TEXT, b"INSERT DATA { <x:a> <x:b> <x:c> }", 400, "not valid SPARQL"),
        ("POST", "/sparql", TEXT, b"ASK FROM <file:///etc/hostname> { ?s ?p ?o }", 400, "no file is read"),
        ("POST", "/sparql", TEXT, b"ASK FROM NAMED <file:///etc/hostname> {}", 400, "no file is read"),
        ("PUT", "/sparql", TEXT, b"ASK {}", 405, "PUT"),
        ("DELETE", "/sparql", "", b"", 405, "DELETE"),
        ("PATCH", "/sparql", TEXT, b"ASK {}", 405, "PATCH"),
        ("PROPFIND", "/sparql", TEXT, b"", 405, "PROPFIND"),
        ("GET", "/nothing", "", b"", 404, "/nothing"),
    ],
)
def test_errors(server: Server, method: str, path: str, kind: str, body: bytes, status: int, words: str) -> None:
    answer = server.ask(path, method, body or None, **({"content_type": kind} if kind else {}))
    assert answer.status == status, answer
    assert words in answer.detail
    if status == 405:
        assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD", "POST", "OPTIONS"}


def test_a_packed_body_is_refused(server: Server) -> None:
    answer = server.ask("/sparql", "POST", b"x", content_type=TEXT, content_encoding="gzip")
    assert answer.status == 415


# What the endpoint says of itself


@pytest.mark.parametrize("kind", ["text/turtle", "application/rdf+xml", "application/ld+json", "application/n-triples"])
def test_service_description(server: Server, kind: str, sizes: dict[str, set[str]]) -> None:
    answer = server.ask("/sparql", accept=kind)
    assert (answer.status, media(answer.headers)) == (200, kind)
    made = pyoxigraph.Store()
    made.load(answer.body, format=GRAPHS[kind])
    found = made.query("""
        PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>
        SELECT ?endpoint (COUNT(?name) AS ?n) {
          ?service a sd:Service ; sd:endpoint ?endpoint ; sd:supportedLanguage sd:SPARQL11Query ;
            sd:defaultDataset [ a sd:Dataset ; sd:defaultGraph [ a sd:Graph ] ; sd:namedGraph ?entry ] .
          ?entry sd:name ?name ; sd:graph [ a sd:Graph ]
        } GROUP BY ?endpoint""")
    assert [(row["endpoint"].value, row["n"].value) for row in found] == [  # type: ignore[union-attr]
        (f"{server.url}/sparql", str(sum(map(bool, sizes.values()))))
    ]


def test_every_answer_is_safe_to_show(server: Server) -> None:
    for path in ("/sparql", f"/sparql?query={quote(ASK)}", "/sparql?query=x", "/nothing", "/query/pillars.html"):
        headers = server.ask(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "script-src" not in headers["content-security-policy"]
        assert "server" not in headers


# Other graphs than that of the files


@pytest.mark.slow
def test_a_graph_on_disk_answers_as_the_files_do(server: Server, tmp_path: Path, napgraph: Run) -> None:
    """The same statements, graphs and tags."""
    built = napgraph("build", "--store", str(tmp_path / "store"))
    assert built.returncode == 0, built.stderr
    with running("--store", str(tmp_path / "store")) as other:
        for text in (COUNT, NAMES, "SELECT ?s ?p { ?s ?p ?o FILTER(ISIRI(?s)) } ORDER BY ?s ?p LIMIT 1000"):
            assert other.query(text).rows == server.query(text).rows
        for path in ("/query/pillars.csv", "/query/lists.csv"):
            one, two = server.ask(path), other.ask(path)
            assert (one.headers["etag"], one.body) == (two.headers["etag"], two.body)


@pytest.mark.slow
def test_a_file_of_ones_own_is_a_graph_beside_the_others(server: Server) -> None:
    with running("--data", str(ROOT / "tests/world/data/jurisdictions/xaa.ttl")) as other:
        names = [row["g"] for row in other.query(NAMES).rows]
        (new,) = set(names) - {row["g"] for row in server.query(NAMES).rows}
        text = "SELECT ?s { ?s a <https://w3id.org/napgraph/ont#PolicyInstrument> }"
        more = {row["s"] for row in other.query(text).rows} - {row["s"] for row in server.query(text).rows}
        assert more
        assert both_ways(other, COUNT, ("default-graph-uri", new))[0]["n"] != "0"
        assert other.ask("/query/pillars.csv?country=XAA").status == 200


def test_a_graph_behind_an_address_is_not_served(server: Server, napgraph: Run) -> None:
    done = napgraph("serve", "--port", "0", "--endpoint", f"{server.url}/sparql")
    assert done.returncode == 2
    assert "loaded from its files" in done.stderr


@pytest.mark.slow
def test_a_file_of_rdf_is_asked_alone_its_graphs_as_they_are(tmp_path: Path, napgraph: Run) -> None:
    data = tmp_path / "data.trig"
    data.write_text("<x:a> <x:p> 1 . <x:g> { <x:b> <x:p> 2 } <x:h> { <x:b> <x:p> 2 . <x:c> <x:p> 3 }", encoding="utf-8")
    with running("--dataset", str(data)) as other:
        assert other.query(COUNT).rows == [{"n": "1"}]
        assert "etag" not in other.ask(f"/sparql?query={quote(COUNT)}").headers  # its version is not known
        assert other.query(NAMES).rows == [{"g": "x:g"}, {"g": "x:h"}]
        both = [("default-graph-uri", "x:g"), ("default-graph-uri", "x:h")]
        assert both_ways(other, COUNT, *both) == [{"n": "2"}]
        assert other.ask("/query/pillars.csv").status == 200
    data.write_text("<x:a> <x:p>\n <x:q> <x:r> .", encoding="utf-8")
    for path, words in ((data, "data.trig:2"), (tmp_path / "none.nq", "cannot be read"), (tmp_path / "a.b", "ending")):
        done = napgraph("serve", "--port", "0", "--dataset", str(path))
        assert done.returncode == 2
        assert words in done.stderr
        assert "Traceback" not in done.stderr
