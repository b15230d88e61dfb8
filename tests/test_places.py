"""Every statement has its place: the line of its own value, in any layout; in JSON the value itself."""

from __future__ import annotations

import json
import pickle
import re
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import HealthCheck, given, settings

from napgraph.errors import IntakeError
from napgraph.records.locations import SCANS, LineReader, _lines_by_parser, statement_offsets
from napgraph.records.read import read
from napgraph.records.record import Location, Record

from .conftest import examples
from .layouts import json_ld, rdf_xml, trig, turtle

EX = "http://example.org/"
MANY = settings(max_examples=examples(150), deadline=None, suppress_health_check=list(HealthCheck))
KNOWN = re.compile(r"v\d+(?:\.x)?|\d+\.0e0|-\d+")


def agree(text: str, lines: dict[str, int], form: str, parser: pyoxigraph.RdfFormat) -> None:
    """Compare the lines that the scan gives with those that were written down, statement by statement."""
    content = text.encode()
    quads = list(pyoxigraph.parse(content, format=parser))
    values, subjects = SCANS[form](content)
    assert len(values) == len(subjects) == len(quads)
    for line, quad in zip(values, quads, strict=True):
        known = None if isinstance(quad.object, pyoxigraph.Triple) else KNOWN.search(quad.object.value)
        if known and known[0] in lines:
            assert line == lines[known[0]], quad


@MANY
@given(turtle())
def test_turtle_in_any_layout(drawn: tuple[str, dict[str, int]]) -> None:
    agree(*drawn, "turtle", pyoxigraph.RdfFormat.TURTLE)


@MANY
@given(trig())
def test_trig_in_any_layout(drawn: tuple[str, dict[str, int]]) -> None:
    agree(*drawn, "trig", pyoxigraph.RdfFormat.TRIG)


@MANY
@given(rdf_xml())
def test_rdf_xml_in_any_layout(drawn: tuple[str, dict[str, int]]) -> None:
    agree(*drawn, "rdf-xml", pyoxigraph.RdfFormat.RDF_XML)


@MANY
@given(turtle())
def test_blank_nodes_stand_at_their_bracket(drawn: tuple[str, dict[str, int]]) -> None:
    text, _ = drawn
    objects, _ = statement_offsets(text)
    for offset, quad in zip(objects, pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.TURTLE), strict=True):
        if isinstance(quad.object, pyoxigraph.BlankNode) and not quad.predicate.value.endswith("#rest"):
            assert text[offset] in "[(_"


def resolve(document: object, pointer: str) -> object:
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        document = document[int(key)] if isinstance(document, list) else document[key]  # type: ignore[index]
    return document


@MANY
@given(json_ld())
def test_json_ld_in_any_shape(document: object) -> None:
    text = json.dumps(document, indent=1)
    record = read(text.encode(), name="plan.jsonld")
    assert record.notes == []
    for triple in record.triples:
        place = record.place(*triple)
        value = resolve(document, place.pointer)
        known = "" if isinstance(triple.object, pyoxigraph.Triple) else triple.object.value.removeprefix(EX)
        if known.startswith("v"):
            line = text.splitlines()[(place.line or 0) - 1]
            if isinstance(value, dict):
                value = value.get("@value") or value.get("@id") or value.get("id")
            if isinstance(value, list):  # what is no object stands where its key stands
                assert known in {str(each).removeprefix(EX).removeprefix("ex:") for each in value}
                assert json.dumps(place.pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~")) in line
            else:
                assert str(value).removeprefix(EX).removeprefix("ex:") == known
                assert known in line
        node = resolve(document, record.place(triple.subject).pointer)
        if isinstance(triple.subject, pyoxigraph.NamedNode) and isinstance(node, dict):
            assert str(node.get("id")).removeprefix("ex:") == triple.subject.value.removeprefix(EX)


def test_nodes_without_a_name_and_lists_have_places_of_their_own() -> None:
    text = """{"@id": "urn:x:s",
 "urn:x:p": [{"urn:x:q": "1"},
  {"urn:x:q": "1"}, {}],
 "urn:x:l": {"@list": [{"urn:x:q": "1"}, "a"]},
 "@reverse": {"urn:x:r": {"urn:x:q": "1"}},
 "@type": ["urn:x:T",
  "urn:x:U"]}"""
    record = read(text.encode(), name="plan.jsonld")
    assert record.notes == []
    found = {record.place(*triple).text.partition(":")[2] for triple in record.triples}
    assert found == {
        "2#/urn:x:p/0", "2#/urn:x:p/0/urn:x:q", "3#/urn:x:p/1", "3#/urn:x:p/1/urn:x:q", "3#/urn:x:p/2",
        "4#/urn:x:l/@list", "4#/urn:x:l/@list/0", "4#/urn:x:l/@list/0/urn:x:q",
        "5#/@reverse/urn:x:r", "5#/@reverse/urn:x:r/urn:x:q", "6#/@type",
    }  # fmt: skip
    nodes = {record.place(triple.subject).pointer for triple in record.triples}
    assert nodes == {"", "/urn:x:p/0", "/urn:x:p/1", "/urn:x:l/@list", "/urn:x:l/@list/0", "/@reverse/urn:x:r"}


TEXT = f"""# a comment
@prefix : <{EX}> .

:plan a :Plan ;
    :title "one"@en , "deux"@fr ,
        "tres"@es ;
    :text \"\"\"first
second\"\"\" , "after" ;
    :period [
        :start "2006" ;
        :end "2009" ] ;
    :list ( 3
        4 ) .
:other :plan :plan .
:other :plan :plan , 1 .
"""


def lines(record: Record) -> list[int | None]:
    return [record.place(*triple).line for triple in record.triples]


def test_the_line_is_the_values_own() -> None:
    record = read(TEXT.encode(), name="plan.ttl")
    by_value = {
        triple.object.value: record.place(*triple).line
        for triple in record.triples
        if isinstance(triple.object, pyoxigraph.Literal)
    }
    assert by_value == {
        "one": 5, "deux": 5, "tres": 6, "first\nsecond": 7, "after": 8, "2006": 10, "2009": 11, "3": 12, "4": 13,
        "1": 15,
    }  # fmt: skip


def test_a_place_is_as_exact_as_the_question() -> None:
    record = read(TEXT.encode(), name="plan.ttl")
    plan, other, title = (pyoxigraph.NamedNode(EX + name) for name in ("plan", "other", "title"))
    assert record.place(plan, title, pyoxigraph.Literal("tres", language="es")).line == 6
    assert record.place(plan, title).line == 5
    assert record.place(plan, title, pyoxigraph.Literal("not there")).line == 5
    assert record.place(plan, other).line == record.place(plan).line == 4
    assert record.place(pyoxigraph.NamedNode(EX + "Plan")).line == 4, "only pointed to"
    assert record.place(title) == Location("plan.ttl"), "not a node of the file"
    period = next(t.object for t in record.triples if t.predicate.value == EX + "period")
    assert record.place(period).line == 9
    assert [record.place(*t).line for t in record.triples if t.subject == other] == [14, 15], "said twice, kept once"


@pytest.mark.parametrize(("name", "form"), [("a.nt", "n-triples"), ("a.nq", "n-quads")])
def test_line_formats(name: str, form: str) -> None:
    graph = f" <{EX}g>" if form == "n-quads" else ""
    text = f'# one\n\n<{EX}s> <{EX}p> "a\\nb"{graph} .\n  \n<{EX}s> <{EX}p> <{EX}o>{graph} . # c\r\n_:x <{EX}p> "c" .'
    record = read(text.encode(), name=name)
    assert (record.format, lines(record)) == (form, [3, 5, 6])
    assert record.place(pyoxigraph.NamedNode(EX + "s")).line == 3


def test_where_a_scan_does_not_agree_the_parser_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    content = TEXT.encode()
    exact, _ = SCANS["turtle"](content)
    fed, subjects = _lines_by_parser(content, "turtle")
    assert len(fed) == len(exact)
    assert all(0 <= late - line <= 2 for late, line in zip(fed, exact, strict=True)), "where the statement ends"
    assert set(subjects) <= set(fed)
    monkeypatch.setattr("napgraph.records.locations.SCANS", {"turtle": lambda _: ([1], [1])})
    assert lines(read(content, name="plan.ttl"))[:3] == [4, 5, 5]


def test_a_line_longer_than_the_parser_asks_for_comes_in_parts() -> None:
    long = "x" * 100_000
    content = f'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n<!-- {long} -->\n<a/></rdf:RDF>'
    with pytest.raises(IntakeError) as caught:
        read(content.encode(), name="plan.rdf")
    assert caught.value.line == 3
    fed = LineReader(f"one\n{long}\nthree".encode())
    parts = [(len(fed.read(8192)), fed.line) for _ in range(16)]
    assert parts[:3] == [(4, 1), (8192, 2), (8192, 2)]
    assert parts[-2:] == [(5, 3), (0, 3)]


def test_a_record_pickles_with_its_places(root: Path) -> None:
    for source in (
        root / "tests" / "world" / "data" / "jurisdictions" / "xaa.ttl",
        b'{"@id":"urn:x:y","urn:x:p":["z"]}',
    ):
        record = read(source, name=None if isinstance(source, Path) else "x.jsonld")
        again: Record = pickle.loads(pickle.dumps(record))  # noqa: S301
        assert (again.source, again.format, again.triples, again.notes) == (
            record.source, record.format, record.triples, record.notes,
        )  # fmt: skip
        assert [again.place(*triple) for triple in again.triples] == [
            record.place(*triple) for triple in record.triples
        ]


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (Location("plan.ttl"), "plan.ttl"),
        (Location("plan.ttl", 41), "plan.ttl:41"),
        (Location("plan.jsonld", 9, "/@graph/0/title"), "plan.jsonld:9#/@graph/0/title"),
        (Location("plan.jsonld", None, "/@graph/0"), "plan.jsonld#/@graph/0"),
        (Location("plan.xlsx", sheet="Activities", cell="D7"), "plan.xlsx Activities!D7"),
        (Location("plan.xlsx", sheet="Activities"), "plan.xlsx Activities"),
        (Location("plan.zip", 7, sheet="activities.csv", cell="D"), "plan.zip activities.csv:7:D"),
    ],
)
def test_places_in_words(place: Location, text: str) -> None:
    assert place.text == text


def test_a_record_of_another_reader_brings_its_own_places() -> None:
    from napgraph.records.record import Locations

    node, predicate = pyoxigraph.NamedNode("urn:x:a"), pyoxigraph.NamedNode("urn:x:p")
    triple = pyoxigraph.Triple(node, predicate, pyoxigraph.Literal("1"))
    cell, row = Location("p.xlsx", sheet="S", cell="B2"), Location("p.xlsx", sheet="S", cell="A2")
    record = Record("p.xlsx", "xlsx", [triple], [], Locations([cell], [row]))
    assert record.place(*triple) == cell
    assert record.place(node) == row
    assert pickle.loads(pickle.dumps(record)).place(*triple) == cell  # noqa: S301
    assert Record("p.xlsx", "xlsx", [triple]).place(*triple) == Location("p.xlsx")
