"""Someone's own query and own files: what is wrong with a query is said where it is, and files join the graph."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from napgraph import KnowledgeGraph
from napgraph.errors import InconsistencyError, IntakeError, QueryError
from napgraph.query.text import check, has_service_or_from
from napgraph.rdf.namespaces import BASE, prefixes

from .conftest import ROOT, Run, examples

PREFIXES = prefixes(str(ROOT))
NAP = f"PREFIX nap: <{PREFIXES['nap']}>\n"
PLAN = "tests/world/data/jurisdictions/xaa.ttl"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("SELECT ?s WHERE { ?s nap1:x ?o }", "mine.rq:1:22: the prefix nap1: is not declared. Did you mean nap:?"),
        (NAP + "SELECT ?s\nWHERE {\n  ?s nap:x ?o ;\n     nap1:y ?z }", "mine.rq:5:6: the prefix nap1: is not"),
        ("SELECT ?s WHERE { ?s skos:member ?o }", "Add the line: PREFIX skos: <http://www.w3.org/2004/02/skos/core#>"),
        ("# zz1:x\nSELECT ?s { ?s ?p 'zz2:x' ; zz3:x <zz4:x> }", "mine.rq:2:29: the prefix zz3: is not declared"),
        ("SELECT ?s WHERE { ?s ?p }", "mine.rq:1:26: this is not valid SPARQL: something is wrong or missing after"),
        ("ASK {\n  ?s ?p ?o", "mine.rq:2:"),
        ("SELECT ?s { ?s ?p ?o } GROUP BY ?p", "SELECT names a variable that GROUP BY leaves no single value of"),
        ("SELEC * { ?s ?p ?o }", "mine.rq:1:1: 'SELEC' begins no query. Did you mean SELECT?"),
        (NAP + "FIND * { ?s ?p ?o }", "mine.rq:2:1: 'FIND' begins no query."),
        ("", "there is no query in this file"),
        ("# only a comment", "there is no query in this file"),
        (NAP + "CONSTRUCT WHERE { ?s nap:x ?o }", "CONSTRUCT makes a graph, not a table"),
        ("describe <urn:a>", "DESCRIBE makes a graph, not a table"),
        ("INSERT DATA { <urn:a> <urn:b> <urn:c> }", "INSERT changes a graph, and napgraph only asks"),
        ("WITH <urn:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", "WITH changes a graph"),
        ("SELECT * FROM <file:///etc/hostname> { ?s ?p ?o }", "FROM is not run"),
        ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", "SERVICE is not run"),
        ("SELECT * { ?s ?p ?o } SERVICE", "SERVICE is not run"),
        ("SELECT * { ?s ?p 5SERVICE <http://127.0.0.1:1/> { ?a ?b ?c } }", "SERVICE is not run"),
        ("SELECT * { ?s ?p ?o FILTER(?s<?p)SERVICE?o{?a?b?c}FILTER(?s>?p) }", "SERVICE is not run"),
        ("SELECT * { ?s ?p a:o\\'x. SERVICE <http://127.0.0.1:1/> { ?a ?b 'x' } }", "SERVICE is not run"),
        ("PREFIX : <http://127.0.0.1:1/> SELECT * { SERVICE:x { ?a ?b ?c } }", "SERVICE is not run"),
        ("PREFIX : <http://127.0.0.1:1/> SELECT * { ?s ?p true.SERVICE:x { ?a ?b ?c } }", "SERVICE is not run"),
        ("SELECT * { ?s ?p a:x.y.SERVICE <http://127.0.0.1:1/> { ?a ?b ?c } }", "SERVICE is not run"),
    ],
)
def test_what_is_wrong_with_a_query_is_said_where_it_is(text: str, words: str) -> None:
    with pytest.raises(QueryError) as caught:
        check(text, "mine.rq", PREFIXES)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?from ?service1 'SERVICE' ; <urn:FROM> \"a FROM b\"@fromage } # SERVICE",
        "PREFIX from: <urn:x> SELECT * { ?s from:service from:a.SERVICE , _:service }",
        "PREFIX a: <urn:a> PREFIX service: <urn:s> ASK { ?s a:x.service ?o , _:a.b.service ; service:x a:b..service }",
        "BASE <urn:service> PREFIX : <urn:from> ASK { ?s :from '''\nSERVICE ' FROM''' }",
    ],
)
def test_a_name_is_no_keyword(text: str) -> None:
    check(text, "mine.rq", PREFIXES)


PIECES = [
    "?a",
    "<urn:a>",
    "'x'",
    '"""y"z"""',
    "a:b",
    "a:b.c",
    "a:",
    "_:b.c",
    "5",
    "true",
    ".",
    "{",
    "}",
    "<",
    "\\'",
    "# c\n",
]


@given(
    before=st.lists(st.sampled_from(PIECES)),
    glue=st.sampled_from(["", " ", "\n"]),
    place=st.sampled_from([" SILENT <http://127.0.0.1:1/>", "<http://127.0.0.1:1/>", ":x", " SILENT:x.y", "a:x", "?a"]),
)
@settings(max_examples=examples(300), deadline=None)
@example(before=["a:b", ".", "a:b", "."], glue="", place=" SILENT <http://127.0.0.1:1/>")
@example(before=["true", "."], glue="", place=":x")
def test_what_the_engine_would_fetch_is_seen(before: list[str], glue: str, place: str) -> None:
    """Whatever stands before it: where the engine reads SERVICE as the keyword, so do we."""
    call = f"SERVICE{place} {{ ?q ?r ?t }}"
    text = f"PREFIX : <http://127.0.0.1:1/> PREFIX a: <urn:a> SELECT * {{ ?s ?p {glue.join(before)}{glue}{call} }}"
    try:
        pyoxigraph.Store().query(text)
    except (SyntaxError, OSError):
        return
    try:
        pyoxigraph.Store().query(text.replace("SERVICE", "XERVICE"))
    except SyntaxError:
        assert has_service_or_from(text) == "SERVICE"


def test_no_rows_are_explained(napgraph: Run, tmp_path: Path) -> None:
    query = tmp_path / "mine.rq"
    query.write_text(
        f'{NAP}PREFIX xsd: <{PREFIXES["xsd"]}>\nSELECT ?s\nWHERE {{ ?s nap:budgt ?o , "1"^^xsd:byte }}',
        encoding="utf-8",
    )
    shown = napgraph("query", str(query))
    assert shown.returncode == 0
    assert shown.stderr.splitlines()[0] == "0 rows"
    assert shown.stderr.splitlines()[1].startswith("nap:budgt (line 4) is not used in the data; close: nap:")
    assert len(shown.stderr.splitlines()) == 2
    query.write_text(f"{NAP}SELECT ?s WHERE {{ ?s nap:jurisdiction nap:Strategy }}", encoding="utf-8")
    assert napgraph("query", str(query)).stderr == "0 rows\n"


def test_a_query_of_ones_own_that_is_wrong_ends_with_two(napgraph: Run, tmp_path: Path) -> None:
    query = tmp_path / "mine.rq"
    query.write_text("SELECT ?s WHERE { ?s nap1:x ?o }", encoding="utf-8")
    shown = napgraph("query", str(query))
    assert (shown.returncode, shown.stdout) == (2, "")
    assert shown.stderr == "napgraph: mine.rq:1:22: the prefix nap1: is not declared. Did you mean nap:?\n"


@pytest.fixture(scope="module")
def joined() -> KnowledgeGraph:
    return KnowledgeGraph.load(ROOT, data=[str(ROOT / PLAN)])


def test_a_file_joins_the_graph_with_what_follows_from_it(kg: KnowledgeGraph, joined: KnowledgeGraph) -> None:
    assert "XAA" not in kg.compare("pillars").jurisdictions
    comparison = joined.compare("pillars")
    assert {*kg.compare("pillars").jurisdictions, "XAA"} == set(comparison.jurisdictions)
    assert comparison.cell("AUS", "prevention").value == kg.compare("pillars").cell("AUS", "prevention").value
    assert joined.show("XAA").editions
    assert len(joined.query("action-sheet", country="XAA")), "lead bodies and dates are derived"
    assert joined.version != kg.version


@pytest.mark.slow
def test_the_same_from_a_workbook(joined: KnowledgeGraph, tmp_path: Path) -> None:
    from napgraph.records.convert import convert

    book = tmp_path / "plan.xlsx"
    content = convert(str(ROOT / PLAN), "xlsx", root=str(ROOT)).content
    assert isinstance(content, bytes)
    book.write_bytes(content)
    again = KnowledgeGraph.load(ROOT, data=[book])
    assert again.compare("pillars").table().rows == joined.compare("pillars").table().rows
    assert again.query("action-sheet").to_csv() == joined.query("action-sheet").to_csv()


@pytest.mark.slow
def test_the_graph_of_rdflib_holds_the_file(joined: KnowledgeGraph) -> None:
    import rdflib

    dataset = joined.graph()
    bodies = rdflib.URIRef(f"{BASE}id/xaa/cabinet")
    assert [str(each[3]) for each in dataset.quads((bodies, rdflib.RDF.type, None, None))] == [f"{BASE}graph/data-1"]


@pytest.mark.slow
def test_the_command_line_joins_files(napgraph: Run, tmp_path: Path) -> None:
    query = tmp_path / "mine.rq"
    query.write_text(f"{NAP}SELECT ?d WHERE {{ ?d nap:jurisdiction <{BASE}jurisdiction/xaa> }}", encoding="utf-8")
    shown = napgraph("query", str(query), "--data", str(ROOT / PLAN), "--format", "csv")
    assert shown.returncode == 0, shown.stderr
    assert len(list(csv.reader(io.StringIO(shown.stdout)))) > 1
    assert "jurisdiction/xaa> (line 2) is not used in the data" in napgraph("query", str(query)).stderr
    both = napgraph("compare", "pillars", "-c", "NOR", "-c", "XAA", "--data", str(ROOT / PLAN))
    assert "2 jurisdictions" in both.stdout


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.ttl", "# nothing", "nothing is stated here"),
        ("broken.ttl", "<a> <b> .", "broken.ttl:1"),
        ("missing.ttl", None, "cannot be read"),
    ],
)
def test_a_file_that_cannot_join_is_refused(tmp_path: Path, name: str, content: str | None, words: str) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(IntakeError, match=words):
        KnowledgeGraph.load(ROOT, data=[path])


def test_a_file_that_contradicts_the_ontology_is_told_so(tmp_path: Path) -> None:
    path = tmp_path / "plan.ttl"
    path.write_text(f"<urn:x> a <{PREFIXES['nap']}PolicyInstrument>, <{PREFIXES['nap']}Element> .", encoding="utf-8")
    with pytest.raises(InconsistencyError, match="urn:x"):
        KnowledgeGraph.load(ROOT, data=[path])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("nap:juristdiction", "nap:jurisdiction"),  # one letter more
        ("nap:juridsiction", "nap:jurisdiction"),  # two swapped
        ("nap:jurisdicton", "nap:jurisdiction"),  # one missing
        ("nap:jurrisdiction", "nap:jurisdiction"),  # one doubled
        ("nap:JURISDICTIONS", "nap:Jurisdiction"),
        ("nap:jurisdictions", "nap:jurisdiction"),
        ("nap:examinedfor", "nap:examinedFor"),
        ("nap:hasElemnt", "nap:hasElement"),
        ("nap:haselements", "nap:hasElement"),
        ("nap:ActionPlans", "nap:ActionPlan"),
        ("skos:preflabel", "skos:prefLabel"),
        ("nap:prefLabel", "skos:prefLabel"),  # another's prefix
        ("<http://purl.org/dc/terms/jurisdiction>", "nap:jurisdiction"),
        ("theme:prevenion", "theme:prevention"),
    ],
)
def test_the_nearest_term_is_the_one_that_was_meant(
    kg: KnowledgeGraph, tmp_path: Path, written: str, meant: str
) -> None:
    path = tmp_path / "own.rq"
    heads = "".join(f"PREFIX {each}: <{prefixes(kg.root)[each]}>\n" for each in ("nap", "skos", "theme"))
    use = f"?a ?b {written}" if written.startswith("theme:") else f"?a {written} ?b"
    path.write_text(f"{heads}SELECT * WHERE {{ {use} }}", encoding="utf-8")
    (unknown,) = kg.unknown_terms(str(path))
    assert (unknown.written, unknown.near[0]) == (written, meant)


def test_a_misspelt_term_is_told_although_there_is_a_row(napgraph: Run, tmp_path: Path) -> None:
    """A count of nothing, a term that is optional and an ASK have an answer that hides the mistake."""
    for text in (
        "SELECT (COUNT(*) AS ?n) { ?s nap:jurisdictoin ?o }",
        "SELECT ?s ?o { ?s a nap:ActionPlan OPTIONAL { ?s nap:jurisdictoin ?o } } LIMIT 1",
        "ASK { ?s nap:jurisdictoin ?o }",
    ):
        query = tmp_path / "mine.rq"
        query.write_text(f"PREFIX nap: <https://w3id.org/napgraph/ont#>\n{text}", encoding="utf-8")
        assert "nap:jurisdictoin (line 2) is not used in the data; close: nap:jurisdiction" in (
            napgraph("query", str(query)).stderr
        ), text
