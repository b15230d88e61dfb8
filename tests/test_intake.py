"""What strangers send is read by its content, refused in plain words, or told of: nothing is dropped unnamed."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import os
import socket
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
import rdflib.compare
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from napgraph import sandbox
from napgraph.errors import IntakeError, NapgraphError, ParameterError, UnknownNameError
from napgraph.rdf.datatypes import fault
from napgraph.rdf.namespaces import XSD
from napgraph.rdf.terms import to_rdflib
from napgraph.records.jsonld import CONTEXT
from napgraph.records.limits import Limits
from napgraph.records.read import read
from napgraph.records.record import Record
from napgraph.records.source import Source

from .conftest import examples
from .layouts import careless, turtle
from .reader_notes import NOTES

NAP = "https://w3id.org/napgraph/ont#"
HEAD = f"@prefix : <http://example.org/> .\n@prefix nap: <{NAP}> .\n@prefix xsd: <{XSD}> .\n"
FORMATS = {
    "turtle": ("plan.ttl", pyoxigraph.RdfFormat.TURTLE),
    "trig": ("plan.trig", pyoxigraph.RdfFormat.TRIG),
    "n-triples": ("plan.nt", pyoxigraph.RdfFormat.N_TRIPLES),
    "n-quads": ("plan.nq", pyoxigraph.RdfFormat.N_QUADS),
    "json-ld": ("plan.jsonld", pyoxigraph.RdfFormat.JSON_LD),
    "rdf-xml": ("plan.rdf", pyoxigraph.RdfFormat.RDF_XML),
}


def take(text: str | bytes, name: str = "plan.ttl", limits: Limits = Limits()) -> Record:  # noqa: B008
    record = read(text.encode() if isinstance(text, str) else text, name=name, limits=limits)
    for note in record.notes:
        assert note.values.keys() == set(NOTES[note.key]), note
    return record


def refusal(text: str | bytes, name: str = "plan.ttl", limits: Limits = Limits()) -> IntakeError:  # noqa: B008
    with pytest.raises(IntakeError) as caught:
        take(text, name, limits)
    assert str(caught.value).startswith(name)
    return caught.value


def told(record: Record) -> list[tuple[str, str]]:
    return [(note.key, note.place.text) for note in record.notes]


def graph(record: Record) -> rdflib.Graph:
    made = rdflib.Graph()
    for triple in record.triples:
        made.add(to_rdflib(triple))
    return made


@pytest.fixture(scope="module")
def plan(root: Path) -> bytes:
    return (root / "tests" / "world" / "data" / "jurisdictions" / "xab.ttl").read_bytes()


# What is read


@pytest.mark.parametrize("form", FORMATS)
def test_all_formats_give_the_same_graph(plan: bytes, form: str) -> None:
    name, writer = FORMATS[form]
    expected = take(plan)
    prefixes = {"nap": NAP, "skos": "http://www.w3.org/2004/02/skos/core#", "dcterms": "http://purl.org/dc/terms/"}
    for space in {triple.predicate.value for triple in expected.triples}:
        prefixes.setdefault(f"p{len(prefixes)}", space[: max(space.rfind("/"), space.rfind("#")) + 1])
    content = pyoxigraph.serialize(expected.triples, format=writer, prefixes=prefixes) or b""
    for given_name in (name, "input", "submission.txt"):
        record = take(content, given_name)
        plain = {"trig": "turtle", "n-quads": "n-triples"}  # what a file without graphs is, where its name is silent
        assert record.format == (form if given_name == name else plain.get(form, form))
        assert record.notes == []
        assert len(record.triples) == len(expected.triples)
        assert rdflib.compare.isomorphic(graph(record), graph(expected))


@pytest.mark.parametrize("form", FORMATS)
def test_path_pipe_bytes_and_byte_order_mark_make_no_difference(form: str, tmp_path: Path) -> None:
    name, writer = FORMATS[form]
    iri = pyoxigraph.NamedNode("http://example.org/é")
    triples = [pyoxigraph.Triple(iri, iri, pyoxigraph.Literal(text)) for text in ("Où", "計画")]
    content = pyoxigraph.serialize(triples, format=writer) or b""
    results = []
    for version in (content, b"\xef\xbb\xbf" + content):
        path = tmp_path / name
        path.write_bytes(version)
        program = "import napgraph.records.read as i; r = i.read('-', name='x'); print(r.format, r.triples, r.notes)"
        piped = subprocess.run([sys.executable, "-c", program], input=version, capture_output=True, check=True)
        results += [
            f"{record.format} {record.triples} {record.notes}"
            for record in (read(path), read(str(path)), read(version, name="x"), read(io.BytesIO(version), name="x"))
        ]
        with path.open("rb") as file:
            results.append(f"{form} {read(file).triples} []")
        results.append(piped.stdout.decode().strip())
    assert len(set(results) - {results[0]}) <= (1 if form in {"trig", "n-quads"} else 0), "a bare name claims less"
    assert len({result.partition(" ")[2] for result in results}) == 1


def test_a_named_pipe_is_read(tmp_path: Path) -> None:
    pipe = tmp_path / "plan.ttl"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_bytes((HEAD + ":s :p :o .").encode()))
    writer.start()
    assert len(read(pipe).triples) == 1
    writer.join()


@pytest.mark.parametrize("name", ["plan.ttl", "plan.trig", "plan.nt", "plan.jsonld", "plan.rdf", "plan", "plan.csv"])
@pytest.mark.parametrize("text", ["", " \n\t", "# only\n# comments", "\ufeff"])
def test_nothing_is_a_record_of_nothing(name: str, text: str) -> None:
    record = take(text, name)
    assert (record.triples, record.notes) == ([], [])
    assert take(HEAD).triples == []


def test_lexical_forms_and_order_are_kept() -> None:
    text = ':s :p "01"^^xsd:integer , 1.50 , "P12M"^^xsd:duration , "2024-01-01Z"^^xsd:date , "700"^^xsd:int , 1.50 .'
    record = take(HEAD + text)
    values = [t.object.value for t in record.triples if isinstance(t.object, pyoxigraph.Literal)]
    assert values == ["01", "1.50", "P12M", "2024-01-01Z", "700"]


def test_blank_nodes_of_two_files_never_meet() -> None:
    one, two = take(HEAD + "_:b1 :p _:b2 ."), take(HEAD + "_:b1 :p _:b2 , 1 .")
    other = take(HEAD + "_:b1 :p _:b2 .", "other.ttl")
    again = take(HEAD + "_:b1 :p _:b2 .")
    names = [{str(t.subject) for t in record.triples} for record in (one, two, other)]
    assert not names[0] & names[1]
    assert not names[0] & names[2]
    assert one.triples == again.triples, "the same file gives the same names"


def test_named_graphs_are_one_graph_and_that_is_said() -> None:
    text = ":g1 { :s :p 1 , 2 } GRAPH :g2 { :s :p 1 . _:b :p _:b } { _:b :p 3 }"
    record = take(HEAD + text, "plan.trig")
    assert len(record.triples) == 4
    assert told(record) == [("named-graphs", "plan.trig")]
    assert record.notes[0].values == {"graphs": "<http://example.org/g1> <http://example.org/g2>", "number": "2"}
    quads = '<urn:x:s> <urn:x:p> "a" <urn:x:g> .\n<urn:x:s> <urn:x:p> "a" .\n'
    assert told(take(quads, "plan.nq")) == [("named-graphs", "plan.nq")]
    node = {"@id": "urn:x:g", "@graph": [{"@id": "urn:x:s", "urn:x:p": "a"}]}
    assert told(take(json.dumps(node), "plan.jsonld")) == [("named-graphs", "plan.jsonld")]


# Names that are wrong for the content


@pytest.mark.parametrize(
    ("name", "text", "form"),
    [
        ("plan.ttl", '{"@id":"urn:x:s","urn:x:p":"a"}', "json-ld"),
        ("plan.json", HEAD + ":s :p :o .", "turtle"),
        ("plan.ttl", HEAD + ":g { :s :p :o }", "trig"),
        ("plan.nt", HEAD + ":s :p :o .", "turtle"),
        ("plan.nt", "<urn:x:s> <urn:x:p> <urn:x:o> <urn:x:g> .", "n-quads"),
        ("plan.rdf", "<urn:x:s> <urn:x:p> <urn:x:o> .", "n-triples"),
        ("plan.csv", HEAD + ":s :p :o .", "turtle"),
        ("plan.docx", HEAD + ":s :p :o .", "turtle"),
        (
            "plan.ttl",
            '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><r:Seq r:about="urn:x:s"/></r:RDF>',
            "rdf-xml",
        ),
    ],
)
def test_a_wrong_name_is_noticed(name: str, text: str, form: str) -> None:
    record = take(text, name)
    assert record.format == form
    assert record.notes[0].key == "wrong-name"
    assert record.notes[0].values["claimed"] == os.path.splitext(name)[1]
    assert record.triples


def archive(*names: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name in names:
            file.writestr(name, "x")
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF-1.7\n", "a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "an old Excel"),
        (gzip.compress(b"x"), "packed with gzip"),
        (b"BZh9", "packed with bzip2"),
        (b"\xfd7zXZ\x00", "packed with xz"),
        (b"Rar!\x1a\x07\x00", "RAR"),
        (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
        (b"{\\rtf1", "rich text"),
        (b"\x89PNG\r\n", "a picture"),
        (b"SQLite format 3\x00", "a database"),
        (archive("word/document.xml"), "a Word document"),
        (archive("xl/workbook.bin"), "a binary Excel workbook"),
        (archive("mimetype", "content.xml"), "OpenDocument"),
        (archive("plan.ttl"), "neither a workbook nor CSV"),
        (archive("a")[:-9], "damaged or was cut off"),
        (b"PK\x03\x04", "damaged or was cut off"),
        (b"<!DOCTYPE html>\n<html><body>Please log in", "a web page"),
        (b"<?xml version='1.0'?>\n<html xmlns='http://www.w3.org/1999/xhtml'>", "a web page"),
        (b"<!-- -->\n<HTML>", "a web page"),
        (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", "no RDF stands in it"),
        (b"SELECT * WHERE { ?s ?p ?o }", "a query"),
        (b"PREFIX a: <urn:x:>\nCONSTRUCT WHERE { ?s a:b ?o }", "a query"),
        (b"Dear colleagues, attached the plan", "in no format that is taken"),
        (b"goal,activity\n1,2\n", "in no format that is taken"),
        (b"\x00\x01\x02\x03" * 20, "no text file"),
        (bytes(range(1, 256)), "no text file"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",  # the time is packed into some contents
)
@pytest.mark.parametrize("name", ["plan.ttl", "plan.xlsx", "plan"])
def test_what_is_no_data_is_refused_with_what_to_do(content: bytes, words: str, name: str) -> None:
    error = refusal(content, name)
    assert words in error.problem
    assert error.mend


def test_one_sheet_alone_is_not_enough() -> None:
    assert "Put all CSV sheets" in refusal("goal,activity\n1,2\n", "activities.csv").mend


# Encodings


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("name", ["plan.ttl", "plan.jsonld", "plan.rdf"])
def test_other_encodings_are_named(encoding: str, name: str) -> None:
    error = refusal((HEAD + ":s :p 'é' .").encode(encoding), name)
    assert error.key == "encoding"
    assert "UTF-" in error.problem
    assert "Save it again as UTF-8" in error.mend


def test_bytes_that_are_not_utf_8_have_a_line() -> None:
    error = refusal((HEAD + "\n:s :p 'Côte' .").encode("cp1252"))
    assert (error.line, error.key) == (5, "encoding")
    assert "Windows-1252 (Latin-1), where it would be 'ô'" in error.problem
    cut = refusal((HEAD + ":s :p 'Cô").encode()[:-1])
    assert "cut off" in cut.problem
    nul = refusal(HEAD.encode() + b":s :p 'a\0b' .")
    assert (nul.line, nul.key) == (4, "encoding")
    declared = (
        '<?xml version="1.0" encoding="ISO-8859-1"?><r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>'
    )
    assert "ISO-8859-1" in refusal(declared, "plan.rdf").problem


# Mistakes of writing


@pytest.mark.parametrize(
    ("text", "line", "problem", "mend"),
    [
        (":s :p :o\n  :q :r .", 4, "before ':q' is not ended", "End this line with ' ;'"),
        (":s :p :o # why.\n\n# note\n:s2 :p :o .", 4, "before ':s2' is not ended", "' .'"),
        (':s :p "a # b" .\n\n\n# c\n:s2 :p :o\n# d\n\n:s3 :p :o .', 8, "before ':s3' is not ended", "' .'"),
        (":s :p :o ;\n:s2 :p :o .", 5, "':o' is one term too many", "must end in ' .' and not in ' ;'"),
        (":s :p :o ,\n:s2 :p :o .", 5, "':p' is one term too many", "not in ' ,'"),
        (":s :p :o", 4, "ends inside a block", "End it with ' .'"),
        (":s :p :o ;\n :q :r , .", 5, "a comma stands before '.'", "Delete the comma"),
        (":s :p ; :q :r .", 4, "a value is missing before ';'", "Write it"),
        (":s :p [ :q :r .", 4, "[ ... ] above should close", "']'"),
        (":s :p ( 1 2 .", 4, "a list ( ... ) is not closed", "')'"),
        (":s :p :o ] .", 4, "']' stands where a new block", "Delete it"),
        (':s :p "open .\n:q :r 1 .', 4, "is not closed", '"""'),
        (':s :p """open .\n:q :r 1 .', 4, "is not closed", '"""'),
        (":s :p <http://example.org/open .\n", 4, "is not closed", ">"),
        (':s :p "two\nlines" .', 4, "a line ends inside a text", '"""'),
        (':s :p "a "word" b" .', 4, "a text ends before 'word'", '\\"'),
        (":s :p \u201cx\u201d .", 4, "a typographic quote", "straight quotes"),
        (":s :p\u00a0:o .", 4, "U+00A0", "plain space"),
        (":s dct:title 'x' .", 4, "dct: is used but not declared", "@prefix dct: <http://purl.org/dc/terms/> ."),
        (":s skos:note 'x' .", 4, "skos: is used", "@prefix skos: <http://www.w3.org/2004/02/skos/core#> ."),
        (":s dcterm:x 'x' .", 4, "dcterm: is used", "Did you mean dcterms:"),
        (":s :p http://example.org/x .", 4, "without its brackets", "< >"),
        (":s :p <http://example.org/a b> .", 4, "holds a space", "%20"),
        (":s :p <plan-1> .", 4, "<plan-1> is no full IRI", "@base"),
        (":s :p <http://example.org/%zz> .", 4, "% that begins no code", "%25"),
        (":s :p 2007-05-31 .", 4, "2007-05 is no number", '"2007-05-31"^^xsd:date'),
        (":s :p yes .", 4, "'yes' is no value", "true"),
        (":s :p False .", 4, "'False' is no value", "false"),
        (":s A :T .", 4, "'A' is no property", "small 'a'"),
        (':s "title" "x" .', 4, "is no property", "prefix:name"),
        (':s :p "x"@en .\n:s :p "x"@englishlanguage .', 5, "no language tag", "@en"),
        (':s :p "x"@ .', 4, "language tag is missing", "@en"),
        (':s :p "x"@en_GB .', 4, "'en_GB' is no language tag", "@en-GB"),
        (':s :p "x"@en, "y"@pt_br_x .', 4, "'pt_br_x' is no language tag", "@pt-BR"),
        (':s :p "x"^^"y" .', 4, "is no datatype", "xsd:gYear"),
        (':s :p "\\q" .', 4, "\\q is no escape", "\\\\"),
        (':s :p "a \\u12 b" .', 4, "\\u12 is no escape", "four hexadecimal digits"),
        (':s :p "a \\uD83D\\uDE00" .', 4, "how JSON writes a character", "\U0001f600, or \\U0001F600."),
        (':s :p "a \\uDE00" .', 4, "half of a character", "the character itself"),
        (":s :p :a/b .", 4, "'/' cannot stand", "< >"),
        ("PREFIX x: <urn:x:> .", 4, "no dot at their end", "@prefix"),
        ("@prefix x <urn:x:> .", 4, "declaration of a prefix", "@prefix nap:"),
        (":s :p :o . .", 4, "'.' stands where a new block", "Delete it"),
        ("<< :a :b :c >> :p :o .", 4, "RDF 1.2", "Leave out"),
        (':s :p "x"@en--ltr .', 4, "RDF 1.2", "Leave out"),
        (":s :p <javascript:alert(1)> .", 4, "begins with 'javascript'", "https"),
        (":s :p 1 .\n:s <file:///etc/passwd> 1 .", 5, "begins with 'file'", "https"),
        (":s :p 1 ;\n a <nap:Plan> .", 5, "begins with 'nap'", "use no < >"),
        (":s :p <HTTPS://example.org/> .", 4, "begins with 'HTTPS'", "small letters"),
        (":s :p <http:x> .", 4, "names no host", "example.org"),
        (":s :p <http://example.org/\\u202Etxt> .", 4, "U+202E (right-to-left override)", "again"),
        (":s :p 1 ,\n<http://example.org/pl\u200ban> .", 5, "U+200B (zero width space)", "again"),
        (":s :p <http://example.org/\ue000> .", 4, "U+E000", "Correct"),
        (':s :p 1 ,\n"\\u0000" .', 5, "NUL", "Delete"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_the_way_to_mend_it(text: str, line: int, problem: str, mend: str) -> None:
    error = refusal(HEAD + text)
    assert error.line == line, error
    assert problem in error.problem, error
    assert mend in error.mend, error
    assert str(error) == f"plan.ttl:{line}: {error.problem} {error.mend}"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('{"@id":"urn:x:s",\n"urn:x:p":1,}', 2, "Delete a comma"),
        ('{"@id":"urn:x:s"\n"urn:x:p":1}', 2, "a comma is missing"),
        ('{"@id":"urn:x:s",\n"urn:x:p":1', 2, "cut off"),
        ("{'@id':'urn:x:s'}", 1, "straight double quotes"),
        ('{"@id":"urn:x:s" // note\n}', 1, "a comment"),
        ('{"@id":"urn:x:s",\n"urn:x:p":"a\nb"}', 2, "a line break"),
        ('{"@id":"urn:x:s",\n"urn:x:p":"\\x"}', 2, "backslash"),
        ('{"@id":"urn:x:s"}\n{"@id":"urn:x:t"}', 2, "one list"),
        ('{"@id":"urn:x:s",\n"urn:x:p":NaN}', 2, "/urn:x:p: NaN is no value"),
        ('{"@id":"urn:x:s","urn:x:p":{\n"@id":"urn:x:a","\\u0040id":"urn:x:b"}}', 2, "/urn:x:p/@id: the key '@id' "),
        ('{"@id":"urn:x:s",\n"urn:x:p":[[1],[2]]}', 2, "a list stands inside a list"),
        ('{"@id":"urn:x:s",\n"urn:x:p":"\\ud800"}', 2, "half of a character"),
        ('{"@context":"https://schema.org/",\n"name":"x"}', 1, "nothing is fetched"),
        ('{"@context":[{},\n"/etc/passwd"],"name":"x"}', 2, "nothing is fetched"),
        ('{"@context":{"a":"urn:x:a"},\n"a":{"@context":"https://example.org/c","a":1}}', 2, "nothing is fetched"),
        ('{"@context":{"a":{"@id":"urn:x:a",\n"@context":"https://example.org/c"}},"a":{}}', 2, "nothing is fetched"),
        ('{"@context":{"@version":1.1,\n"@import":"https://example.org/c"},"a":1}', 2, "nothing is fetched"),
        (
            '{"@context":{"l":{"@id":"urn:x:l","@container":"@list"}},\n"l":{"@set":["b","a"]}}',
            2,
            "where the context declares a list",
        ),
        ('{"title":"x"}', 1, "no context says what the key 'title' means"),
        ('[1, {"title":{"a":1}}]', 1, "no statement comes out"),
        ('{"@id":"plan-1",\n"urn:x:p":1}', 1, "'plan-1' is no full IRI"),
        ('{"@context":{"nap":"https://w3id.org/napgraph/"},\n"@type":"ActionPlan"}', 2, "'ActionPlan' is no full IRI"),
    ],
)  # fmt: skip
def test_mistakes_in_json(text: str, line: int, words: str) -> None:
    error = refusal(text, "plan.jsonld")
    assert words in str(error), error
    assert error.line == line, error


RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="urn:x:"'


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (f"<rdf:RDF {RDF}>\n<A>\n</B></rdf:RDF>", 3, "does not belong"),
        (f"<rdf:RDF {RDF}>\n<A rdf:about='urn:x:s'>\n", 3, "cut off"),
        (f"<rdf:RDF {RDF}>\n<a:A/></rdf:RDF>", 2, "no xmlns declares"),
        (f"<rdf:RDF {RDF}>\n<A><p>a & b</p></A></rdf:RDF>", 2, "bare < or &"),
        (f"<rdf:RDF {RDF}>\n<A><p>a &eacute; b</p></A></rdf:RDF>", 2, "entity"),
        (f"<rdf:RDF {RDF}>\n\n<A rdf:about='plan-1'/></rdf:RDF>", 3, "'plan-1' is no full IRI"),
        (f"<rdf:RDF {RDF}>\n\n<A rdf:about='urn:x:a b'/></rdf:RDF>", 3, "holds a space"),
        (f"<rdf:RDF {RDF}>\ntext</rdf:RDF>", 2, "not valid RDF/XML"),
        (f"<rdf:RDF {RDF}>\n<A rdf:about='javascript:alert(1)'/></rdf:RDF>", 2, "begins with 'javascript'"),
        (f"<!DOCTYPE rdf:RDF [\n<!ENTITY x 'y'>]><rdf:RDF {RDF}><A/></rdf:RDF>", 1, "a DOCTYPE"),
        (f"<?xml version='1.0'?>\n<!DOCTYPE rdf:RDF SYSTEM 'http://127.0.0.1/x'><rdf:RDF {RDF}/>", 2, "a DOCTYPE"),
    ],
)
def test_mistakes_in_rdf_xml(text: str, line: int, words: str) -> None:
    error = refusal(text, "plan.rdf")
    assert words in str(error), error
    assert error.line == line, error


def test_a_doctype_is_refused_in_utf_16_too() -> None:
    text = f"<!DOCTYPE rdf:RDF [<!ENTITY x 'y'>]><rdf:RDF {RDF}><A/></rdf:RDF>"
    assert refusal(text.encode("utf-16"), "plan.rdf").key == "encoding"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("<urn:x:s> <urn:x:p> <urn:x:o> .\n<urn:x:s> <urn:x:p> word .", 2, "'word' does not fit"),
        ("<urn:x:s> <urn:x:p> <urn:x:o> .\n<urn:x:s> <urn:x:p> <urn:x:o>", 2, "not complete"),
        ("<urn:x:s> <urn:x:p> <urn:x:o> .\n<rel> <urn:x:p> <urn:x:o> .", 2, "no full IRI"),
    ],
)
def test_mistakes_in_line_formats(text: str, line: int, words: str) -> None:
    for name in ("plan.nt", "plan.nq"):
        error = refusal(text, name)
        assert words in error.problem, error
        assert error.line == line, error


BAD = """
<urn:x:a> <urn:x:b> <urn:x:c>
<urn:x:a> <urn:x:b> .
<urn:x:a> .
<urn:x:a> <urn:x:b> "c" "d" .
<urn:x:a> "b" <urn:x:c> .
"a" <urn:x:b> <urn:x:c> .
<urn:x:a> _:b <urn:x:c> .
<urn:x:a> <urn:x:b> <urn:x:c> ,
<urn:x:a> <urn:x:b> <urn:x:c> ; ; .  x
<urn:x:a> = <urn:x:c> .
<urn:x:a> => <urn:x:c> .
@forall :x .
@keywords a .
<urn:x:a> is <urn:x:b> of <urn:x:c> .
<urn:x:a> <urn:x:b> {<urn:x:c> <urn:x:d> <urn:x:e>} .
<urn:x:a> <urn:x:b> "c"^^ .
<urn:x:a> <urn:x:b> "c"@1 .
<urn:x:a> <urn:x:b> "c"@en^^<urn:x:d> .
<urn:x:a> <urn:x:b> 'c" .
<urn:x:a> <urn:x:b> "\\a" .
<urn:x:a> <urn:x:b> "\\u00zz" .
<urn:x:a> <urn:x:b> "\\U00110000" .
<urn:x:a> <urn:x:b> <urn:x:\\u0020> .
<urn:x:a> <urn:x:b> <urn:x:\\u003E> .
<urn:x:a> <urn:x:b> <urn:x:{c}> .
<urn:x:a> <urn:x:b> <urn:x:c|d> .
<urn:x:a> <urn:x:b> <urn:x:c\\d> .
<urn:x:a> <urn:x:b> 123.abc .
<urn:x:a> <urn:x:b> 1e .
<urn:x:a> <urn:x:b> +-1 .
<urn:x:a> <urn:x:b> TRUE .
<urn:x:a> <urn:x:b> a:~b .
@prefix a: <urn:x:> . a:a% a:b a:c .
@prefix a: <urn:x:> . a:a%2x a:b a:c .
@prefix a: <urn:x:> . a:a a:b a:c-\\d .
@prefix a. : <urn:x:> .
@prefix a <urn:x:> .
@prefix a: .
@prefix a: <urn:x:>
@base .
@base "x" .
PREFIX a: <urn:x:> .
A <urn:x:b> <urn:x:c> .
<urn:x:a> <urn:x:b> ( 1 .
<urn:x:a> <urn:x:b> ) .
<urn:x:a> <urn:x:b> [ .
<urn:x:a> <urn:x:b> [ <urn:x:c> ] .
<urn:x:a> <urn:x:b> [ <urn:x:c> 1 } .
[ <urn:x:a> ] .
() .
_: <urn:x:b> <urn:x:c> .
_:a- . <urn:x:b> <urn:x:c> .
<urn:x:a> <urn:x:b> ?c .
<http://[::1> <urn:x:b> 1 .
<urn:x:a> <urn:x:b> <urn:x:%zz> .
""".strip().splitlines()


@pytest.mark.parametrize("text", BAD)
def test_bad_syntax_is_refused_with_a_line_in_plain_words(text: str) -> None:
    error = refusal(text)
    assert error.line == 1
    assert "Parser error" not in str(error)
    assert "TOKEN" not in str(error)


# Literals


@pytest.mark.parametrize(
    ("value", "datatype", "reason"),
    [
        ("2007-13-45", "date", "form"),
        ("2007-02-29", "date", "calendar"),
        ("2100-02-29", "date", "calendar"),
        ("2007-04-31T00:00:00", "dateTime", "calendar"),
        ("--02-30", "gMonthDay", "calendar"),
        ("2024-W05-1", "date", "form"),
        ("2007-5-31", "date", "form"),
        ("31.05.2007", "date", "form"),
        ("2007", "date", "form"),
        ("2007-05-31 14:30:00", "dateTime", "form"),
        ("2007-05-31T25:00:00", "dateTime", "form"),
        ("2007-05-31T14:30:00", "dateTimeStamp", "form"),
        ("202X", "gYear", "form"),
        ("07", "gYear", "form"),
        (" 2007", "gYear", "space"),
        ("2007\n", "gYear", "space"),
        ("2007-13", "gYearMonth", "form"),
        ("1_000", "integer", "form"),
        ("1,000", "integer", "form"),
        ("1.0", "integer", "form"),
        ("", "integer", "form"),
        ("\u0661\u0662", "integer", "form"),
        ("9" * 20_000, "integer", "digits"),
        ("9" * 20_000, "positiveInteger", "digits"),
        ("9" * 20_000 + "-01-01", "date", "digits"),
        ("700", "byte", "range"),
        ("-1", "nonNegativeInteger", "range"),
        ("0", "positiveInteger", "range"),
        ("1", "negativeInteger", "range"),
        ("4294967296", "unsignedInt", "range"),
        ("1e5", "decimal", "form"),
        ("NaN", "decimal", "form"),
        ("1,5", "decimal", "form"),
        ("1E999999999x", "double", "form"),
        ("inf", "double", "form"),
        ("yes", "boolean", "form"),
        ("True", "boolean", "form"),
        ("P", "duration", "form"),
        ("1 year", "duration", "form"),
        ("P1YT", "duration", "form"),
        ("not a uri <>", "anyURI", "form"),
        ("en_GB", "language", "form"),
        ("abc", "hexBinary", "form"),
        ("x", "datum", "datatype"),
    ],
)
def test_literals_that_are_not_of_their_datatype(value: str, datatype: str, reason: str) -> None:
    found = fault(value, XSD + datatype)
    assert found is not None
    assert found.reason == reason
    if reason in {"form", "calendar", "space"}:
        assert fault(found.example, XSD + datatype) is None, "the example is right"
    record = take(f"{HEAD}:s :p 1 ;\n  :q {pyoxigraph.Literal(value)}^^xsd:{datatype} .")
    assert told(record) == [("ill-typed", "plan.ttl:5")]
    assert record.notes[0].values["reason"] == reason
    assert len(record.notes[0].values["value"]) <= 80
    assert record.triples[-1].object == pyoxigraph.Literal(value, datatype=pyoxigraph.NamedNode(XSD + datatype))


@pytest.mark.parametrize(
    ("value", "datatype"),
    [
        ("2007-05-31", "date"), ("2008-02-29", "date"), ("2000-02-29Z", "date"), ("-0044-03-15", "date"),
        ("12007-01-01+14:00", "date"), ("2007-05-31T24:00:00", "dateTime"), ("2007-05-31T14:30:00.5-02:00", "dateTime"),
        ("2007", "gYear"), ("2007Z", "gYear"), ("2007-05", "gYearMonth"), ("--05", "gMonth"), ("---31", "gDay"),
        ("--02-29", "gMonthDay"), ("007", "integer"), ("-0", "nonNegativeInteger"), ("+5", "positiveInteger"),
        ("-128", "byte"), ("18446744073709551615", "unsignedLong"), (".5", "decimal"), ("5.", "decimal"),
        ("-1.50", "decimal"), ("1e5", "double"), ("INF", "double"), ("-INF", "float"), ("NaN", "float"),
        ("0", "boolean"), ("P1Y", "duration"), ("-P1DT2H", "duration"), ("PT0.5S", "duration"),
        ("P6M", "yearMonthDuration"),
        ("P30D", "dayTimeDuration"), ("a/b?c#d", "anyURI"), ("", "anyURI"), ("0fB7", "hexBinary"),
        ("TmFw", "base64Binary"),
        ("pt-BR", "language"), ("any\nthing", "string"), ("14:30:00Z", "time"),
    ],
)  # fmt: skip
def test_literals_that_are(value: str, datatype: str) -> None:
    assert fault(value, XSD + datatype) is None


@given(
    st.text(max_size=12), st.sampled_from(["integer", "decimal", "double", "boolean", "gYear", "duration", "anyURI"])
)
def test_what_is_taken_as_well_typed_is_so_elsewhere(value: str, datatype: str) -> None:
    if fault(value, XSD + datatype) is None and datatype != "anyURI":
        literal = rdflib.Literal(value, datatype=rdflib.URIRef(XSD + datatype))
        assert not literal.ill_typed


def test_texts_that_lost_something_are_told() -> None:
    text = ':s :p "Cote d\ufffdIvoire" ;\n :q "a\\u0085b" ;\n :r "Cafe\\u0301" ;\n :t "Café, \u202bx\u202c, 計画\\n" .'
    record = take(HEAD + text)
    assert told(record) == [
        ("damaged-text", "plan.ttl:4"), ("damaged-text", "plan.ttl:5"), ("decomposed-text", "plan.ttl:6"),
    ]  # fmt: skip
    assert record.triples[2].object == pyoxigraph.Literal("Cafe\u0301"), "told, and not rewritten"


JSON_TEXT = '{"@id": "urn:x:s",\n"urn:x:p": {"@value": "x", %s}}'


@pytest.mark.parametrize(
    ("name", "text", "line", "problem", "mend"),
    [
        ("plan.jsonld", JSON_TEXT % '"@language": "en_GB"', 2, "'en_GB' is no language tag", 'Write "en-GB".'),
        ("plan.jsonld", JSON_TEXT % '"@language": "ar", "@direction": "rtl"', 2, "direction", 'out "@direction".'),
        ("plan.jsonld", '{"@context": {"@language": "pt_BR"},\n"urn:x:p": "x"}', 1, "'pt_BR' is no", '"pt-BR"'),
        (
            "plan.jsonld",
            '{"@context": {"t": {"@id": "urn:x:t", "@container": "@language"}},\n"t": {"zh_Hans": "x"}}',
            2, "'zh_Hans' is no", '"zh-Hans"',
        ),
        ("plan.jsonld", '{"@id": "urn:x:s",\n"urn:x:p": "x \\ud83d"}', 2, "half of a character", "itself"),
        ("plan.rdf", f"<rdf:RDF {RDF}>\n<A><p xml:lang='en_GB'>x</p></A></rdf:RDF>", 2, "is no", 'xml:lang="en-GB"'),
        ("plan.rdf", f"<rdf:RDF {RDF}>\n<A rdf:about='plan-1'/></rdf:RDF>", 2, "is no full IRI", "xml:base"),
        ("plan.nt", '<urn:x:s> <urn:x:p> "x"@en_GB .', 1, "'en_GB' is no language tag", "Write it as @en-GB."),
        ("plan.nt", '<urn:x:s> <urn:x:p> "\\uD83D\\uDE00" .', 1, "two halves", "\\U0001F600"),
        ("plan.nt", "<plan-1> <urn:x:p> <urn:x:o> .", 1, "is no full IRI", "Write it out in full."),
    ],
)  # fmt: skip
def test_the_advice_fits_the_format(name: str, text: str, line: int, problem: str, mend: str) -> None:
    error = refusal(text, name)
    assert error.line == line
    assert problem in error.problem
    assert mend in error.mend


def test_two_halves_of_a_character_in_json_are_one() -> None:
    record = take('{"@id": "urn:x:s", "urn:x:p": "x \\ud83d\\ude00 \\\\ud83d"}', "plan.jsonld")
    assert record.triples[0].object == pyoxigraph.Literal("x \U0001f600 \\ud83d")


BUFFER = 16 * 1024**2


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "text", "line", "what"),
    [
        ("plan.ttl", HEAD + ':s :p "{}" .', 4, "a text"),
        ("plan.ttl", HEAD + "# {}\n:s :p 1 .", 4, "a comment"),
        ("plan.ttl", HEAD + ":s :{} 1 .", 4, "a word"),
        ("plan.nt", "<urn:x:s> <urn:x:p> <urn:x:o> .\n<urn:x:s> <urn:x:p> <urn:x:{}> .", 2, "an address"),
        ("plan.jsonld", '{{"@id": "urn:x:s",\n"urn:x:p": "{}"}}', 2, "a text"),
    ],
)
def test_what_is_longer_than_the_buffer_of_the_parser_is_told_so(name: str, text: str, line: int, what: str) -> None:
    error = refusal(text.format("x" * BUFFER), name)
    assert (error.key, error.line) == ("literal", line)
    assert error.problem.startswith(f"{what} of 16,777,2")
    assert "--limit" not in error.mend


# JSON-LD


def test_our_context_is_known_by_its_iri(root: Path) -> None:
    node = {
        "id": "https://w3id.org/napgraph/id/xaa/plan",
        "type": ["ActionPlan", "nap:Strategy"],
        "dcterms:title": {"@value": "Plan", "@language": "en"},
        "nap:status": "status:adopted",
        "dcterms:conformsTo": "profile:thin",
        "schema:value": 37,
        "order": "2",
        "hasElement": [{"id": "https://w3id.org/napgraph/id/xaa/plan/pillar-1", "type": "Pillar"}],
        "period": {"dcat:startDate": {"@value": "2006", "@type": "xsd:gYear"}},
    }
    shipped = json.loads((root / "ontology" / "context.jsonld").read_text(encoding="utf-8"))
    for context in (CONTEXT, [CONTEXT, {"x": "urn:x:"}], CONTEXT.replace("https", "http")):
        record = take(json.dumps({"@context": context} | node), "plan.jsonld")
        assert record.notes == []
        expected = rdflib.Graph().parse(data=json.dumps(shipped | node), format="json-ld")
        assert rdflib.compare.isomorphic(graph(record), expected)
    assert len(record.triples) == 11
    status = pyoxigraph.NamedNode(NAP + "status")
    assert record.place(record.triples[0].subject, status).text == "plan.jsonld:1#/nap:status"


def test_what_json_ld_would_drop_is_told_by_name() -> None:
    text = """{
 "@context": {"nap": "https://w3id.org/napgraph/ont#", "title": "http://purl.org/dc/terms/title",
   "ref": {"@id": "urn:x:ref", "@type": "@id"}, "gone": null, "id": "@id"},
 "id": "urn:x:s",
 "title": "kept",
 "tilte": "dropped",
 "gone": {"title": "dropped with what is above it"},
 "ref": ["urn:x:a", "not an IRI", "b"],
 "nap:hasElement": [
  {"id": "pillar one", "title": "of a node that has no IRI"},
  {"id": "urn:x:p", "@type": ["nap:Pillar", "Pilar"]}],
 "_:key": 1,
 "@unknown": 2,
 "urn:x:price": 1.50,
 "urn:x:many": 100000000000000000000000
}"""
    record = take(text, "plan.jsonld")
    found = {(note.key, note.place.pointer): note for note in record.notes}
    assert set(found) == {
        ("dropped-key", "/tilte"),
        ("dropped-key", "/gone"),
        ("dropped-iri", "/ref"),
        ("dropped-iri", "/nap:hasElement/0/id"),
        ("dropped-iri", "/nap:hasElement/1/@type"),
        ("dropped-key", "/_:key"),
        ("dropped-key", "/@unknown"),
        ("rewritten-number", "/urn:x:price"),
        ("rewritten-number", "/urn:x:many"),
    }
    lost = [(note.values["value"], note.place.line) for note in record.notes if note.key == "dropped-iri"]
    assert lost == [("not an IRI", 8), ("b", 8), ("pillar one", 10), ("Pilar", 11)]
    assert found["dropped-key", "/tilte"].values == {"key": "tilte", "near": "title"}
    assert found["dropped-key", "/tilte"].place.line == 6
    assert found["rewritten-number", "/urn:x:price"].values == {"written": "1.50", "read": "1.5E0"}
    pillar = next(triple for triple in record.triples if triple.object == pyoxigraph.NamedNode("urn:x:p"))
    assert record.place(*pillar).pointer == "/nap:hasElement/1"
    kept = next(triple for triple in record.triples if triple.object == pyoxigraph.Literal("kept"))
    assert record.place(*kept).text == "plan.jsonld:5#/title"


def test_the_one_term_of_the_same_name_is_offered_for_a_key_without_its_prefix() -> None:
    text = """{"@context": "https://w3id.org/napgraph/context.jsonld", "@id": "urn:x:s", "@type": "nap:ActionPlan",
 "conformsTo": "profile:thin"}"""
    (note,) = take(text, "plan.jsonld").notes
    assert note.values == {"key": "conformsTo", "near": "dcterms:conformsTo"}


def test_nothing_is_told_where_nothing_is_dropped() -> None:
    text = """{"@context": {"@vocab": "urn:x:", "many": {"@container": "@index"}, "by": {"@container": "@id"},
  "back": {"@reverse": "urn:x:forth"}, "in": "@nest", "data": {"@id": "urn:x:data", "@type": "@json"}},
 "@id": "urn:x:s", "empty": null, "none": [], "nobody": {}, "in": {"word": true},
 "many": {"one": 1, "two": "2"}, "by": {"urn:x:t": {"@type": "T"}}, "back": {"@id": "urn:x:u"},
 "data": {"any": [1.50, {"thing": null}], "text": "x"}, "only": {"@id": "urn:x:v"}, "@included": [{"a": "b"}]}"""
    record = take(text, "plan.jsonld")
    assert record.notes == []
    assert len(record.triples) == 10
    assert all(record.place(*triple).line for triple in record.triples)


def test_a_node_below_an_unknown_key_is_told_though_it_is_read_itself() -> None:
    nodes = {
        "@id": "urn:x:s",
        "urn:x:p": 1,
        "unknown": {"@id": "urn:x:t", "@type": "urn:x:T"},
        "other": {"@list": ["a"]},
    }
    record = take(json.dumps(nodes), "plan.jsonld")
    assert [note.place.pointer for note in record.notes] == ["/unknown", "/other"]


def test_an_address_that_no_reader_takes_is_told_and_left_out() -> None:
    record = take('{"@id": "urn:x:s",\n"urn:x:p": [{"@id": "http://[bad"}, {"@id": "urn:x:o"}]}', "plan.jsonld")
    assert [str(triple.object) for triple in record.triples] == ["<urn:x:o>"]
    assert [(note.key, note.values["value"], note.place.line) for note in record.notes] == [
        ("dropped-iri", "http://[bad", 2)
    ]


def test_numbers_that_follow_values_cannot_be_mistaken() -> None:
    text = json.dumps({"@id": "urn-napgraph:7", "urn:x:p": ["urn-napgraph:0", "urn-napgraph:x", "urn-napgraph-:1"]})
    error = refusal(text, "plan.jsonld")
    assert "begins with 'urn-napgraph'" in error.problem
    text = json.dumps({"@id": "urn:x:s", "urn:x:p": ["urn-napgraph:0", "urn-napgraph:x", "urn-napgraph-:1"]})
    assert [str(t.object) for t in take(text, "plan.jsonld").triples] == [
        '"urn-napgraph:0"', '"urn-napgraph:x"', '"urn-napgraph-:1"',
    ]  # fmt: skip


def leaves(value: object, *steps: str) -> Iterator[tuple[tuple[str, ...], object]]:
    """Yield every text, number, true, false and null with the JSON pointers that lead to it, the outermost first."""
    above = steps[-1] if steps else ""
    if isinstance(value, (dict, list)):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(inner, *steps, f"{above}/{str(key).replace('~', '~0').replace('/', '~1')}")
    else:
        yield steps, value


@pytest.mark.slow
@settings(max_examples=examples(200), deadline=None, suppress_health_check=list(HealthCheck))
@given(careless())
def test_every_value_comes_out_or_is_told(document: dict[str, object]) -> None:
    """Whatever keys and values are thrown together: no value is without a statement or a note at or above it."""
    text = json.dumps(document)
    try:
        record = take(text, "plan.jsonld")
    except IntakeError:
        return
    places = {record.place(*triple).pointer for triple in record.triples}
    for note in record.notes:
        above, _, key = note.place.pointer.rpartition("/")
        places.add(above if key in {"@id", "id"} else note.place.pointer)  # a node without a name is lost whole
    values = {term.value for triple in record.triples if not isinstance(term := triple.object, pyoxigraph.Triple)}
    for steps, leaf in leaves(document):
        keys = [step for step in steps[-1].split("/") if step and not step.isdecimal()]
        if keys[0] == "@context" or keys[-1] in {"@id", "id", "@type", "@language"} or leaf is None:
            continue
        said_elsewhere = str(leaf).lower().rpartition(":")[2]
        assert places.intersection(steps) or any(value.lower().endswith(said_elsewhere) for value in values)


def test_a_prefix_is_no_property() -> None:
    record = take(json.dumps({"@context": CONTEXT, "id": "urn:x:s", "status": "status:adopted"}), "plan.jsonld")
    assert told(record) == [("prefix-as-property", "plan.jsonld:1#/status")]
    assert record.notes[0].values == {"key": "status", "near": "nap:status"}


# Limits


def test_limits_are_given_in_words() -> None:
    limits = Limits.of(
        {"bytes": "50 MB", "json_depth": "10", "blank-nodes": "1,000", "memory": "1 GiB", "seconds": "2 min"}
    )
    assert limits == Limits()._replace(bytes=50_000_000, json_depth=10, blank_nodes=1000, memory=1024**3, seconds=120)
    with pytest.raises(UnknownNameError, match="Did you mean triples"):
        Limits.of({"triple": "5"})
    for wrong in ("", "0", "-1", "many", "5 MB"):
        with pytest.raises(ParameterError, match="needs an amount"):
            Limits.of({"triples": wrong})


LONG = "x" * 70_000


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "file", "text", "line"),
    [
        ("bytes", "plan.ttl", "#" * 21_000_000, None),
        ("literal", "plan.ttl", f'{HEAD}:s :p 1 ;\n :q "{LONG}" .', 5),
        ("literal", "plan.jsonld", '{"@id":"urn:x:s",\n"urn:x:p":"' + LONG + '"}', 2),
        ("literal", "plan.nt", f'<urn:x:s> <urn:x:p> "1" .\n<urn:x:s> <urn:x:p> "{LONG}" .', 2),
        ("literal", "plan.rdf", f"<rdf:RDF {RDF}>\n<A><p>{LONG}</p></A></rdf:RDF>", 2),
        ("iri", "plan.ttl", f"{HEAD}:s :p 1 ;\n :q <http://example.org/{LONG}> .", 5),
        ("nesting", "plan.ttl", f"{HEAD}:s :p {'[ :p ' * 70} 1 {']' * 70} .", None),
        ("nesting", "plan.ttl", f"{HEAD}:s :p {'(' * 100_000}{')' * 100_000} .", None),
        ("nesting", "plan.ttl", "[ :p " * 500_000, None),
        ("nesting", "plan.rdf", f"<rdf:RDF {RDF}>\n{'<A>' * 70}{'</A>' * 70}</rdf:RDF>", 2),
        ("json-depth", "plan.jsonld", '{"@id":"urn:x:s","urn:x:p":' * 70 + "1" + "}" * 70, None),
        ("json-depth", "plan.jsonld", "[" * 500_000, None),
        ("json-depth", "plan.jsonld", '{"a":' * 500_000, None),
        ("triples", "plan.nt", "".join(f'<urn:x:s> <urn:x:p> "{n}" .\n' for n in range(100_001)), 100_001),
        ("blank-nodes", "plan.ttl", HEAD + ":s :p [] .\n" * 5_001, 5_004),
        ("blank-nodes", "plan.ttl", HEAD + f":s :p ( {'1 ' * 5_001} ) .", 4),
    ],
)
def test_a_limit_says_what_it_is_and_how_to_raise_it(name: str, file: str, text: str, line: int | None) -> None:
    error = refusal(text, file)
    assert error.key == name
    assert f"the limit {name!r} (" in error.problem
    assert f"--limit {name}=" in error.mend
    assert error.line == line
    raised = error.mend.partition(f"--limit {name}=")[2].rstrip(".")
    if name in {"literal", "iri"}:
        assert take(text, file, Limits.of({name: raised})).triples


# Hostile and endless sources, in the limited child


def child(source: Source, name: str | None = None, seconds: float = 5) -> Record:
    return sandbox.run(
        lambda: read(source, name=name),
        seconds=seconds,
        memory=500 * 1000**2,
        source=name or str(source),
    )


def test_devices_folders_and_addresses(tmp_path: Path) -> None:
    with pytest.raises(IntakeError) as caught:
        child("/dev/zero")
    assert caught.value.key == "bytes"
    assert child("/dev/null").triples == []
    for source, words in (
        (tmp_path, "a folder without CSV sheets"),
        (tmp_path / "none.ttl", "cannot be read"),
        ("https://example.org/plan.ttl", "nothing is fetched"),
        ("@prefix a: <urn:x:> .\na:a a:b a:c .", "is text, not the name"),
        ("a\0b", "is text, not the name"),
    ):
        with pytest.raises(IntakeError, match=words):
            child(source)


def test_a_pipe_that_never_ends_is_stopped_by_the_clock(tmp_path: Path) -> None:
    pipe = tmp_path / "plan.ttl"
    os.mkfifo(pipe)
    keep_open = os.open(pipe, os.O_RDWR)
    try:
        os.write(keep_open, b"@prefix")
        with pytest.raises(IntakeError) as caught:
            child(pipe, seconds=0.2)
        assert caught.value.key == "overdue"
    finally:
        os.close(keep_open)


BOMB = "<!DOCTYPE r [<!ENTITY a0 'aaaaaaaaaa'>" + "".join(
    f"<!ENTITY a{n + 1} '{f'&a{n};' * 10}'>" for n in range(9)
) + f"]><rdf:RDF {RDF}><A><p>&a9;</p></A></rdf:RDF>"  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("plan.rdf", BOMB),
        ("plan.rdf", f"<rdf:RDF {RDF}>" + "<A>" * 100_000),
        ("plan.jsonld", '{"@id":"http://a","http://p":' * 6000 + "1" + "}" * 6000),
        ("plan.jsonld", '{"a":"' + '\\"' * 3_000_000),
        ("plan.jsonld", '{"@context": {' + ",".join(f'"t{n}":"t{n + 1}:x"' for n in range(5000)) + '}, "t0": 1}'),
        ("plan.jsonld", "{" + ",".join(f'"k{n}":{n}' for n in range(30_000)) + ',"@id":"urn:x:s","urn:x:p":1}'),
        ("plan.ttl", HEAD + ":s :p " + "[ :p " * 60_000),
        ("plan.ttl", '"' * 1_000_000),
        ("plan.ttl", "'''" + '"' * 1_000_000),
        ("plan.ttl", HEAD + "#" * 2_000_000 + "~"),
        ("plan.ttl", HEAD + ":s :p " + "\\" * 500_000),
        ("plan.ttl", "<" * 1_000_000),
        ("plan.ttl", "a." * 500_000),
        ("plan.nt", '<urn:x:s> <urn:x:p> "' + "\\" * 1_000_000),
        ("plan", "{ " * 500_000),
        ("plan", "(" + "a:" * 500_000),
        ("plan", " " * 2_000_000 + "x"),
        ("plan", "<!--" * 300_000),
        ("plan", "PREFIX a: <urn:x:>\n" * 50_000 + "SELECT"),
    ],
)
def test_hostile_files_end_in_a_refusal_within_the_clock(name: str, text: str) -> None:
    try:
        record = child(text.encode(), name)
    except IntakeError as error:
        assert error.key not in {"seconds", "overdue", "memory"}, error
    else:
        assert len(record.triples) < 2


def test_nothing_is_fetched() -> None:
    """Every way to point elsewhere is tried on a server of our own: nobody calls."""
    calls: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/x"
        for name, text in (
            ("plan.jsonld", f'{{"@context":"{address}","a":1}}'),
            ("plan.jsonld", f'{{"@context":["{address}"],"a":1}}'),
            ("plan.jsonld", f'{{"@context":{{"@import":"{address}"}},"a":1}}'),
            ("plan.jsonld", f'{{"@context":{{"a":{{"@id":"urn:x:a","@context":"{address}"}}}},"a":{{"b":1}}}}'),
            ("plan.jsonld", f'{{"@id":"urn:x:s","@included":{{"@context":"{address}"}}}}'),
            ("plan.rdf", f"<!DOCTYPE r SYSTEM '{address}'><rdf:RDF {RDF}/>"),
            ("plan.rdf", f"<!DOCTYPE r [<!ENTITY e SYSTEM '{address}'>]><rdf:RDF {RDF}><A><p>&e;</p></A></rdf:RDF>"),
            ("plan.ttl", f"@base <{address}> . <> <http://www.w3.org/2002/07/owl#imports> <{address}> ."),
        ):
            try:
                take(text, name)
            except IntakeError:
                continue
        with contextlib.suppress(TimeoutError):
            calls.append(server.accept())
    assert calls == []


# Anything at all


def survives(content: bytes, name: str) -> None:
    """Read it: a record, or an error in plain words."""
    try:
        record = take(content, name)
    except NapgraphError as error:
        assert isinstance(error, IntakeError)
        assert "Traceback" not in str(error)
        return
    for triple in record.triples[:50]:
        record.place(*triple)


ANY = settings(max_examples=examples(150), deadline=None, suppress_health_check=list(HealthCheck))
NAMES = st.sampled_from([name for name, _ in FORMATS.values()] + ["input"])


@ANY
@given(st.binary(max_size=200), NAMES)
def test_any_bytes(content: bytes, name: str) -> None:
    survives(content, name)


@ANY
@given(st.text(max_size=200), NAMES)
def test_any_text(text: str, name: str) -> None:
    survives(text.encode("utf-8", "surrogatepass"), name)


@ANY
@given(st.lists(st.sampled_from([
    ":s", ":p", "a", "<urn:x:o>", "<rel>", "_:b", "[", "]", "(", ")", "{", "}", ".", ";", ",", '"x"', "'y'", '"""',
    "@en", "^^", "xsd:date", "1", "1.5", "-1e5", "true", "@prefix", "PREFIX", "@base", "GRAPH", "<<", ">>", "{|", "|}",
    "~", "#", "\\", "%", "é", "\u202e", "\n", "<!DOCTYPE", "<rdf:RDF", "/>", ":", "null",
]), max_size=30), NAMES, st.booleans())  # fmt: skip
def test_any_tokens(tokens: list[str], name: str, head: bool) -> None:
    survives(((HEAD if head else "") + " ".join(tokens)).encode(), name)


@ANY
@given(turtle(), st.data())
def test_files_with_a_part_cut_out_or_doubled(drawn: tuple[str, dict[str, int]], data: st.DataObject) -> None:
    text, _ = drawn
    name, writer = data.draw(st.sampled_from(list(FORMATS.values())))
    content = text.encode()
    if data.draw(st.booleans()):
        content = pyoxigraph.serialize(take(content).triples, format=writer) or b""
    start = data.draw(st.integers(0, len(content)))
    end = min(len(content), start + data.draw(st.integers(0, 20)))
    survives(
        content[:start]
        + data.draw(st.sampled_from([b"", content[start:end] * 2, b"\xff", b'"', b"}"]))
        + content[end:],
        name,
    )


VALUES = st.recursive(
    st.sampled_from([None, True, 1, -0.0, 1e400, float("nan"), "x", "urn:x:a", "_:b", "@id", "rel", "\ud800"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([
        "@id", "@type", "@value", "@language", "@graph", "@list", "@set", "@context", "@reverse", "@index", "@included",
        "@nest", "@container", "@json", "@vocab", "@base", "@import", "id", "urn:x:p", "p", "_:k", "",
    ]), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@ANY
@given(VALUES)
def test_any_json(value: object) -> None:
    survives(json.dumps(value).encode(), "plan.jsonld")
