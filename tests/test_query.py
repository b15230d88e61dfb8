"""Saved queries and their parameters: values become terms and never change the query around them."""

from __future__ import annotations

import json
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.algebra import traverse

from napgraph import KnowledgeGraph, ResultTable
from napgraph.errors import NapgraphError, ParameterError, QueryError, UnknownNameError, nearest
from napgraph.query.catalogue import SavedQuery, bind, read_query

from .conftest import examples

KINDS = ("jurisdiction", "theme", "date", "integer", "text", "iri", "one of a | b")
PREVENTION = "https://w3id.org/napgraph/theme/prevention"
HOSTILE = 'x" } ?s ?p ?o . { ?a ?b "y'


def saved(kind: str) -> SavedQuery:
    return SavedQuery("try", "", {"param-x": f"{kind}; a value"}, "SELECT ?s WHERE { VALUES ?x { UNDEF } ?s ?p ?x }")


def patterns(text: str) -> int:
    """Count the triple patterns of a query, as rdflib parses it."""
    count = 0

    def visit(node: object) -> None:
        nonlocal count
        triples = getattr(node, "triples", None) if getattr(node, "name", "") == "BGP" else None
        count += len(triples or [])

    traverse(prepareQuery(text).algebra, visitPre=visit)
    return count


@pytest.mark.slow
@given(kind=st.sampled_from(KINDS), value=st.text())
@example(kind="text", value=HOSTILE)
@example(kind="iri", value="urn:x> . ?s ?p ?o . <urn:y")
@example(kind="jurisdiction", value="nor> } { ?s ?p ?o")
@settings(max_examples=examples(10_000), deadline=None)
def test_no_value_changes_the_query(kg: KnowledgeGraph, kind: str, value: str) -> None:
    query = saved(kind)
    try:
        text = bind(query, {"x": value}, kg.meant, kg.seen).text
    except NapgraphError:
        return
    if kind == "text" and len(value) < 40:
        solutions = pyoxigraph.Store().query(text)
        assert isinstance(solutions, pyoxigraph.QuerySolutions)
    assert text.startswith("SELECT ?s WHERE { VALUES ?x { ")
    assert text.endswith(" } ?s ?p ?x }")
    inside = text.removeprefix("SELECT ?s WHERE { VALUES ?x { ").removesuffix(" } ?s ?p ?x }")
    (quad,) = pyoxigraph.parse(f"<urn:s> <urn:p> {inside} .".encode(), format=pyoxigraph.RdfFormat.N_TRIPLES)
    assert str(quad.object) == inside


@pytest.mark.parametrize("value", [HOSTILE, "\\u0022 } ?s ?p ?o", "\n}", "'''", "\\"])
def test_the_number_of_patterns_stays(kg: KnowledgeGraph, value: str) -> None:
    assert patterns(bind(saved("text"), {"x": value}, kg.meant, kg.seen).text) == 1


def test_unset_parameters_mean_all(kg: KnowledgeGraph) -> None:
    query = kg.queries.get("pillars")
    assert bind(query, {}, kg.meant, kg.seen).text == query.text
    assert bind(query, {"country": []}, kg.meant, kg.seen).text == query.text
    assert bind(query, {"country": None}, kg.meant, kg.seen).text == query.text


def test_several_values(kg: KnowledgeGraph) -> None:
    both = {row["country"] for row in kg.query("pillars", country=["NOR", "aus"])}
    assert both == {f"https://w3id.org/napgraph/jurisdiction/{code}" for code in ("nor", "aus")}


@pytest.mark.parametrize("value", ["prevention", "theme:prevention", PREVENTION, " Prevention "])
def test_a_concept_by_code_prefix_or_iri(kg: KnowledgeGraph, value: str) -> None:
    assert f"<{PREVENTION}>" in bind(saved("theme"), {"x": value}, kg.meant, kg.seen).text


def test_unknown_names_get_the_nearest(kg: KnowledgeGraph) -> None:
    with pytest.raises(UnknownNameError, match="Did you mean prevention"):
        bind(saved("theme"), {"x": "preventoin"}, kg.meant, kg.seen)
    with pytest.raises(ParameterError, match="no parameter 'y'"):
        bind(saved("theme"), {"y": "prevention"}, kg.meant, kg.seen)
    with pytest.raises(ParameterError, match="has no parameters"):
        kg.query("jurisdictions", country="NOR")
    assert nearest("PILLAR", ["pillars", "principles"]) == ["pillars"]


def test_a_parameter_needs_slots_that_are_alike() -> None:
    header = {"param-x": "text; a value"}
    for text in ("SELECT * { }", "SELECT * { { VALUES ?x { UNDEF } } UNION { VALUES ?x { 1 } } }"):
        with pytest.raises(QueryError, match="needs a slot"):
            _ = SavedQuery("try", "", header, text).parameters
    both = SavedQuery("try", "", header, "SELECT * { { VALUES ?x { UNDEF } } UNION { VALUES ?x { UNDEF } } }")
    assert both.parameters["x"].default == "UNDEF"
    assert both.with_slot("x", "1").text == "SELECT * { { VALUES ?x { 1 } } UNION { VALUES ?x { 1 } } }"


@pytest.mark.slow
def test_every_saved_query_is_documented_and_parses_twice(kg: KnowledgeGraph) -> None:
    assert len(kg.queries) > 40
    for query in kg.queries:
        assert {"summary", "question", "columns", "tags"} <= set(query.header), query.name
        prepareQuery(query.text)
        assert query.text.startswith("#+ summary: "), query.name
        if query.folder != "lookup":
            assert kg.query(query.name).columns == query.columns, query.name


@pytest.mark.slow
def test_build_queries_parse_twice(root: Path) -> None:
    paths = list((root / "queries" / "build").glob("*.rq"))
    assert len(paths) >= 4
    for path in paths:
        query = read_query(str(path), "build")
        assert {"summary", "description"} <= set(query.header)
        prepareQuery(query.text)
        pyoxigraph.Store().query(query.text)


def test_tables_keep_types_and_formats(kg: KnowledgeGraph) -> None:
    table = kg.query("measure-counts", country="NOR", source="unodc-toolkit-2008")
    assert isinstance(table, ResultTable)
    assert 37 in table.rows()[0].values()
    assert table.to_csv().splitlines()[0] == ",".join(table.columns)
    assert table.to_tsv().splitlines()[0] == "\t".join(f"?{name}" for name in table.columns)
    assert len(table) == len(list(table)) == len(list(table.terms()))


def test_a_triple_term_is_written_out_in_every_format(kg: KnowledgeGraph, tmp_path: Path) -> None:
    """Also one inside another, and the direction of a text; through the file of a user as a program writes it."""
    path = tmp_path / "mine.rq"
    inner = 'TRIPLE(<x:a>, <x:b>, STRLANGDIR("c", "ar", "rtl"))'
    path.write_text(f"SELECT (TRIPLE(<x:a>, <x:b>, {inner}) AS ?t) {{}}", "utf-8-sig")
    words = '<<( <x:a> <x:b> <<( <x:a> <x:b> "c"@ar--rtl )>> )>>'
    table = kg.query(str(path))
    assert table.rows() == [{"t": words}]
    assert table.to_tsv() == f"?t\n{words}\n"
    value = json.loads(table.to_json())["results"]["bindings"][0]["t"]["value"]
    assert value["object"]["value"]["object"] == {
        "type": "literal",
        "value": "c",
        "xml:lang": "ar",
        "its:dir": "rtl",
    }
    for name in ("a.csv", "a.tsv", "a.json", "a.md", "a.html", "a.xlsx", "a.dta", "a.parquet"):
        table.table().save(tmp_path / name)
        assert (tmp_path / name).stat().st_size
    assert words in (tmp_path / "a.md").read_text("utf-8").replace("&lt;", "<")
