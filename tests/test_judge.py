"""The compiled judge finds what pyshacl finds, result by result; and a third engine finds the same.

Compared is all of a result: rule, severity, focus node, path, value, component. ``NAPGRAPH_MUTANTS`` sets how many
records with faults are made, ``NAPGRAPH_SEED`` from which seed; a run prints both.
"""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from random import Random
from string import ascii_lowercase

import pyoxigraph
import pyrudof
import pyshacl.constraints
import pytest
from pyoxigraph import Literal, NamedNode, Triple
from rdflib.plugins.sparql import processor
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery

from napgraph.checking.compile.rules import Compiler
from napgraph.checking.compile.shapes import ShapesGraph
from napgraph.checking.judge import Judge, compile_shapes
from napgraph.checking.reference import Reference, reference_results
from napgraph.checking.results import Result
from napgraph.checking.validate import Checker
from napgraph.errors import ShapeError, UnknownNameError
from napgraph.graph.files import read_turtle

from .chance import chance_graph
from .conftest import ALL, ROOT, examples
from .mutants import NAP, apart, mutants

FIXTURES = ROOT / "tests" / "shapes"
CASES = ROOT / "tests" / "judge"
FOLDERS = sorted(path.name for path in FIXTURES.iterdir() if path.is_dir())
MUTANTS = int(os.environ.get("NAPGRAPH_MUTANTS") or examples(2000))
SEED = os.environ.get("NAPGRAPH_SEED", "napgraph")
GROUP = 200
PART = NamedNode("http://purl.org/dc/terms/isPartOf")
"""The property of what is summed up: text in a sum makes pyshacl give up on all it was given."""


def triples(*paths: Path) -> list[Triple]:
    return [triple for path in paths for triple in read_turtle(path.read_bytes(), str(path))]


@cache
def ontology() -> list[Triple]:
    return triples(ROOT / "ontology" / "napgraph.ttl")


@cache
def lists() -> list[Triple]:
    """The code lists and sources that stand beside a fixture, as in test_shapes."""
    folders = (ROOT / "ontology" / "schemes", ROOT / "data" / "sources", ROOT / "tests" / "world" / "data" / "sources")
    return triples(
        *(path for folder in folders for path in sorted(folder.glob("*.ttl"))), *(ROOT / "data").glob("*.ttl")
    )


@cache
def shapes(folder: str) -> list[Triple]:
    """The shape files that the fixtures of a folder are checked with; tests/shapes/README.md says which."""
    names = {"hygiene", folder}
    return triples(*(path for path in (ROOT / "shapes").glob("*.ttl") if folder == "gate-full" or path.stem in names))


@cache
def judge(folder: str) -> Judge:
    return compile_shapes(shapes(folder), ontology(), lists())


@cache
def reference(folder: str) -> Reference:
    return Reference(shapes(folder), ontology(), lists())


def codes() -> Iterator[str]:
    """Yield codes in place of ``xaa`` and the like, so that many records can be judged as one."""
    return ("".join(letters) for letters in itertools.product("abcdefgh", ascii_lowercase, ascii_lowercase))


def same(found: Iterable[Result], expected: Iterable[Result]) -> None:
    """Assert equality, and show what differs and no more."""
    one, other = set(found), set(expected)
    assert (sorted(one - other), sorted(other - one)) == ([], [])


def test_no_rule_is_left_to_pyshacl() -> None:
    assert judge("gate-full").unknown == []
    assert compile_shapes(triples(ROOT / "tests" / "house.ttl"), [], []).unknown == []


@pytest.mark.oracle
@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("folder", FOLDERS)
def test_every_fixture(folder: str) -> None:
    paths = sorted((FIXTURES / folder).glob("*.ttl"))
    records = [apart(triples(path), code) for path, code in zip(paths, codes(), strict=False)]
    found = [result for record in records for result in judge(folder).results(record)]
    assert found
    same(found, reference(folder).results(itertools.chain(*records)))


@pytest.mark.oracle
@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("folder", ["data/jurisdictions", "tests/world/data/jurisdictions", "tests/awkward"])
def test_every_record(folder: str) -> None:
    paths = sorted((ROOT / folder).glob("*.ttl"))
    records = [triples(path) for path in paths]
    if folder.startswith("tests"):
        records = [apart(record, code) for record, code in zip(records, codes(), strict=False)]
    whole = list(dict.fromkeys(itertools.chain(*records)))
    same(judge("gate-full").results(whole), reference("gate-full").results(whole))


def groups() -> list[tuple[str, int, int]]:
    """Return folder, number and size of each group of mutants: most are of the folder with most rules."""
    small = MUTANTS // 40
    shares = dict.fromkeys(FOLDERS, small) | {"hygiene": MUTANTS - small * (len(FOLDERS) - 1)}
    return [
        (folder, number, min(GROUP, share - number * GROUP))
        for folder, share in shares.items()
        for number in range(-(-share // GROUP))
    ]


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pyshacl parse each query once, not for each focus node, and spare it the sentences about its results."""
    parsed: dict[str, object] = {}

    def translated(text: str, *others: object) -> object:
        if text not in parsed:
            parsed[text] = translateQuery(parseQuery(text), *others)  # type: ignore[arg-type]
        return parsed[text]

    monkeypatch.setattr(processor, "parseQuery", str)
    monkeypatch.setattr(processor, "translateQuery", translated)
    for component in pyshacl.constraints.ALL_CONSTRAINT_COMPONENTS:
        monkeypatch.setattr(component, "make_generic_messages", lambda *_: [])
        monkeypatch.setattr(component, "make_v_result_description", lambda *_, **__: "")


@pytest.mark.more
@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize(("folder", "number", "size"), groups(), ids=str)
def test_mutants(folder: str, number: int, size: int) -> None:
    """Records with faults, judged one by one by the compiled judge, and by pyshacl as one for the sake of time."""
    print(f"NAPGRAPH_SEED={SEED} NAPGRAPH_MUTANTS={MUTANTS}: {folder}, group {number}")
    random = Random(f"{SEED} {folder} {number}")
    paths = sorted((FIXTURES / folder).glob("*.ttl"))
    made = {code: random.choice(paths) for code in itertools.islice(codes(), size)}
    records = [apart(next(mutants(triples(path), random, 1)), code) for code, path in made.items()]
    summed = [record for record in records if any(triple.predicate == PART for triple in record)]
    given_up = compare(folder, summed) + compare(folder, [record for record in records if record not in summed])
    assert given_up <= len(summed)


@pytest.mark.oracle
@pytest.mark.usefixtures("hurried")
def test_mutants_of_whole_records() -> None:
    random = Random(f"{SEED} whole")
    paths = [*sorted((ROOT / "tests" / "awkward").glob("*.ttl")), *(ROOT / "tests" / "world" / "data").glob("*/x*.ttl")]
    records = [apart(next(mutants(triples(path), random, 1)), code) for path, code in zip(paths, codes(), strict=False)]
    assert sum(compare("gate-full", [record]) for record in records if len(record) > 500) <= 1
    assert compare("gate-full", [record for record in records if len(record) <= 500]) <= 3


def compare(folder: str, records: list[list[Triple]]) -> int:
    """Compare both judges on records; return on how many of them pyshacl gives up."""
    try:
        expected = reference(folder).results(dict.fromkeys(itertools.chain(*records)))
    except ShapeError:
        half = len(records) // 2
        return compare(folder, records[:half]) + compare(folder, records[half:]) if half else 1
    same((result for record in records for result in judge(folder).results(record)), expected)
    return 0


@cache
def case(name: str) -> tuple[Judge, Reference]:
    stated = triples(CASES / name)
    return compile_shapes(stated, [], []), Reference(stated, [], [])


@pytest.mark.more
@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("number", range(30 if ALL else 5))
@pytest.mark.parametrize("name", ["features.ttl", "left-out.ttl"])
def test_every_feature_on_graphs_made_by_chance(name: str, number: int) -> None:
    """A query over paths is judged without literals on them: rdflib takes one for any node, or for none."""
    compiled, by_pyshacl = case(name)
    record = chance_graph(Random(f"{SEED} {number}"))
    found, expected = compiled.results(record), by_pyshacl.results(record)
    linked = [triple for triple in record if triple.predicate not in LINKS or not isinstance(triple.object, Literal)]
    if len(linked) < len(record):
        same(compiled.results(linked), by_pyshacl.results(linked))
        found, expected = ([each for each in results if each.rule not in OVER_PATHS] for results in (found, expected))
    same(found, expected)


LINKS = {NamedNode(f"https://example.org/{name}") for name in "pqr"}
OVER_PATHS = {f"https://example.org/{name}" for name in ("asked", "asked-without-value")}


@pytest.mark.usefixtures("hurried")
def test_every_feature_is_known_and_finds_something() -> None:
    compiled, _ = case("features.ttl")
    assert compiled.unknown == []
    found = {result.component for number in range(20) for result in compiled.results(chance_graph(Random(number)))}
    silent = {NamedNode("http://www.w3.org/ns/shacl#PropertyConstraintComponent").value}
    known = {str(each.shacl_constraint_component) for each in pyshacl.constraints.ALL_CONSTRAINT_COMPONENTS}
    assert {name for name in known if name.startswith("http")} - silent <= found


def test_what_is_left_out_is_named() -> None:
    compiled, _ = case("left-out.ttl")
    assert [name.rpartition("/")[2] for name in compiled.unknown] == [
        "itself-below",
        "not-yet-known",
        "of-its-own",
        "other-parser",
        "query-for-anything",
        "query-in-a-shape",
        "query-of-a-path",
        "query-with-option",
        "query-with-this-bound",
        "query-with-this-in-a-group",
        "query-with-this-only-read",
        "query-with-this-too-early",
        "shares-a-reason",
        "turned-sequence",
    ]


@pytest.mark.oracle
@pytest.mark.usefixtures("hurried")
def test_this_has_its_value_in_every_group_of_a_query() -> None:
    """Each rule with $this only in a BIND or a nested group finds something, as pyshacl does."""
    compiled, by_pyshacl = case("left-out.ttl")
    record = chance_graph(Random(f"{SEED} this"))
    results = compiled.results(record)
    same(results, by_pyshacl.results(record))
    rules = {result.rule.rpartition("/")[2] for result in results}
    assert {name for name in rules if name.startswith("query-with-this")} == {
        "query-with-this-bound",
        "query-with-this-in-a-group",
        "query-with-this-only-read",
        "query-with-this-too-early",
    }


NUMBERS = ['"600"', '"1,250"^^xsd:decimal', '"NaN"^^xsd:double', '"six"@en', "[]"]
STATED = ["schema:value 600", "schema:value 1000", "nap:targetValue 50", "nap:targetValue 250"]


def without_number(value: str, stated: str) -> list[Triple]:
    """Return parts and totals, in which a word stands where a number is asked for."""
    path = FIXTURES / "hygiene" / "PlanElement-sum.invalid.ttl"
    text = "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n" + path.read_text(encoding="utf-8")
    return list(read_turtle(text.replace(stated, f"{stated.partition(' ')[0]} {value}", 1).encode(), str(path)))


@pytest.mark.parametrize("value", NUMBERS)
@pytest.mark.parametrize("stated", STATED)
def test_what_is_no_number_has_no_sum(value: str, stated: str) -> None:
    """The value is named and the sum left alone."""
    results = judge("hygiene").results(without_number(value, stated))
    amount = stated.startswith("schema")
    told = [(result.rule.rpartition("#")[2], result.focus.rpartition("/")[2]) for result in results]
    assert ("MonetaryAmount-value" if amount else "PlanElement-values") in {rule for rule, _ in told}
    assert ("PlanElement-sum", "budget-1" if amount else "target-1") not in told


@pytest.mark.oracle
@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("value", NUMBERS)
@pytest.mark.parametrize("stated", STATED)
def test_pyshacl_finds_no_sum_of_what_is_no_number(value: str, stated: str) -> None:
    record = without_number(value, stated)
    assert judge("hygiene").results(record) == reference("hygiene").results(record)


def test_a_record_leaves_no_trace_and_its_order_does_not_matter() -> None:
    one, other = (triples(FIXTURES / "hygiene" / f"PlanElement-{name}.invalid.ttl") for name in ("sum", "timeline"))
    alone = judge("hygiene").results(one)
    judge("hygiene").results(other)
    assert judge("hygiene").results([*one[::-1], *one]) == alone


def test_no_other_engine_is_imported() -> None:
    script = (
        "import sys; from napgraph.checking.validate import Checker;"
        f"report = Checker({str(ROOT)!r}).check_file({str(ROOT / 'tests/world/data/jurisdictions/xab.ttl')!r});"
        "print(len(report.findings), {'rdflib', 'pyshacl'} & set(sys.modules))"
    )
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    count, _, engines = shown.stdout.strip().partition(" ")
    assert (int(count) > 0, engines) == (True, "set()")


@pytest.mark.oracle
def test_both_engines_make_one_report() -> None:
    path = str(ROOT / "tests" / "world" / "data" / "jurisdictions" / "xab.ttl")
    one, other = (Checker(str(ROOT), engine=engine).check_file(path) for engine in ("compiled", "pyshacl"))
    assert one == other
    with pytest.raises(UnknownNameError, match="compiled"):
        Checker(str(ROOT), engine="complied")


def third_engine(stated: list[Triple], data: list[Triple]) -> set[tuple[str, str, str]]:
    """Return (shape, severity, focus node) as pyrudof finds it, nameless nodes as ``_:``. A session serves once."""
    session = pyrudof.Rudof(pyrudof.RudofConfig())
    written = [pyoxigraph.serialize(each, format=pyoxigraph.RdfFormat.N_TRIPLES) or b"" for each in (data, stated)]
    session.read_data(written[0].decode(), pyrudof.RDFFormat.NTriples)
    session.read_shacl(written[1].decode(), pyrudof.ShaclFormat.NTriples)
    report = session.validate_shacl(pyrudof.ShaclValidationMode.Native)
    return {_plain(str(each.source_shape), str(each.severity), str(each.focus_node)) for each in report.violations}


def _plain(rule: str, severity: str, focus: str) -> tuple[str, str, str]:
    rule, focus = ("_:" if text.startswith("_:") else text.strip("<>") for text in (rule, focus))
    return rule, severity, focus


QUERY = NamedNode("http://www.w3.org/ns/shacl#sparql")
WRONG = {
    "PlanElement-dueBy.invalid": ("dates.ttl", "PlanElement-dueBy", "plan/activity-2"),
    "ResponseDocument-recurrence.invalid": ("dates.ttl", "ResponseDocument-recurrence", "plan-2"),
}
"""Fixture -> the smallest example of what pyrudof gets wrong, the rule and the focus node of the result it misses."""


@pytest.mark.oracle
@pytest.mark.parametrize("folder", FOLDERS)
def test_a_third_engine_finds_the_same(folder: str) -> None:
    """All fixtures as one, without the queries, which are asked below."""
    paths = sorted((FIXTURES / folder).glob("*.ttl"))
    records = {path.stem: apart(triples(path), code) for path, code in zip(paths, codes(), strict=False)}
    stated = [triple for triple in shapes(folder) if triple.predicate != QUERY]
    compiled = compile_shapes(stated, ontology(), lists())
    found = third_engine(stated, [*lists(), *ontology(), *itertools.chain(*records.values())])
    told = {_plain("", "", str(triple.subject))[2] for record in records.values() for triple in record}
    expected, missed = set(), set()
    for name, record in records.items():
        results = {_plain(*result[:3]) for result in compiled.results(record)}
        expected |= results
        _, rule, focus = WRONG.get(name, ("", "?", "?"))
        missed |= {each for each in results if each[0].endswith(f"#{rule}") and each[2].endswith(f"/{focus}")}
    assert len(missed) == len(WRONG.keys() & records.keys())
    assert {each for each in found if each[2] in told} == expected - missed


@pytest.mark.oracle
@pytest.mark.parametrize("example", sorted({example for example, _, _ in WRONG.values()}))
def test_where_the_third_engine_is_wrong(example: str) -> None:
    stated = triples(CASES / "pyrudof" / example)
    expected = compile_shapes(stated, [], []).results(stated)
    assert len(expected) == 2
    same(expected, reference_results(stated, [], [], stated))
    assert third_engine(stated, stated) == set()


def queries() -> list[tuple[str, list[Triple]]]:
    """Return each rule in SPARQL with the shapes in which only this rule is aimed at anything."""
    graph = ShapesGraph(shapes("gate-full"))
    asked = [rule for rule in Compiler(graph).rules().known if rule.shape.queries]
    return [(rule.shape.name.rpartition("#")[2], graph.aimed({rule.node: rule.targets})) for rule in asked]


@pytest.mark.oracle
@pytest.mark.parametrize(("rule", "stated"), queries(), ids=[rule for rule, _ in queries()])
def test_a_third_engine_answers_each_query_the_same(rule: str, stated: list[Triple]) -> None:
    compiled = compile_shapes(stated, ontology(), lists())
    for path in sorted(FIXTURES.glob(f"*/{rule}.*.ttl")):
        record = triples(path)
        expected = {_plain(*result[:3]) for result in compiled.results(record)}
        assert third_engine(stated, [*lists(), *ontology(), *record]) == expected, path
        assert bool(expected) == path.name.endswith(".invalid.ttl")


@pytest.mark.oracle
def test_why_the_third_engine_is_asked_each_query_by_itself() -> None:
    stated = triples(CASES / "pyrudof" / "nameless.ttl")
    assert len(compile_shapes(stated, [], []).results(stated)) == 1
    with pytest.raises(pyrudof.RudofError, match="Error parsing query"):
        third_engine(stated, stated)


def test_a_text_where_a_link_belongs_asks_no_other_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """It took pyshacl longer than a check may take."""

    def never(*_: object) -> list[object]:
        raise AssertionError("pyshacl was asked")

    monkeypatch.setattr(Reference, "results", never)
    record = list(triples(ROOT / "tests" / "world" / "data" / "jurisdictions" / "xaa.ttl"))
    element_of = NamedNode(f"{NAP}elementOf")
    elements = {triple.object for triple in record if triple.predicate.value.endswith("#hasElement")}
    elements |= {triple.subject for triple in record if triple.predicate == element_of}
    assert elements
    record += [Triple(element, element_of, Literal("6")) for element in elements]  # type: ignore[arg-type]
    judge("gate-full").results(record)
