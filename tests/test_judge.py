"""The check's own engine finds what pyshacl finds, result by result; and other engines find the same.

Compared is all of a result: rule, severity, focus node, path, value, component. ``NAPGRAPH_MUTANTS`` sets how many
records with faults are made, ``NAPGRAPH_SEED`` from which seed; a run prints both.
"""

from __future__ import annotations

import itertools
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from random import Random
from string import ascii_lowercase

import pyoxigraph
import pyrudof
import pyshacl.constraints
import pyshacl_turbo
import pytest
import rdflib
import shacl
from pyoxigraph import BlankNode, Literal, NamedNode, Triple
from rdflib.plugins.sparql import processor
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery

import napgraph.validation.pyshacl
from napgraph.errors import ShapeError, UnknownNameError
from napgraph.graph.files import read_turtle
from napgraph.validation.pyshacl import PyshaclValidator
from napgraph.validation.report import Result
from napgraph.validation.shacl import SH, TYPE, Validator
from napgraph.validation.validator import Checker

from .chance import chance_graph
from .conftest import ALL, ROOT, Run, examples, turtle_record
from .mutants import NAP, apart, mutants

FIXTURES = ROOT / "tests" / "shapes"
CASES = ROOT / "tests" / "judge"
RECORDS = ["data/jurisdictions", "tests/world/data/jurisdictions", "tests/awkward"]
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
    """The code lists, sources and profiles of subjects that stand beside a fixture, as in test_shapes."""
    folders = (ROOT / "ontology" / "schemes", ROOT / "data" / "sources", ROOT / "tests" / "world" / "data" / "sources")
    paths = [path for folder in folders for path in sorted(folder.glob("*.ttl"))]
    return triples(*paths, *(ROOT / "data").glob("*.ttl"), *(ROOT / "ontology").glob("profile-*.ttl"))


@cache
def shapes(folder: str) -> list[Triple]:
    """The shape files that the fixtures of a folder are checked with; tests/shapes/README.md says which."""
    names = {"hygiene", folder}
    return triples(*(path for path in (ROOT / "shapes").glob("*.ttl") if folder == "gate-full" or path.stem in names))


@cache
def validator(folder: str) -> Validator:
    return Validator(shapes(folder), ontology(), lists())


@cache
def reference(folder: str) -> PyshaclValidator:
    return PyshaclValidator(shapes(folder), ontology(), lists())


def codes() -> Iterator[str]:
    """Yield codes in place of ``xaa`` and the like, so that many records can be judged as one."""
    return ("".join(letters) for letters in itertools.product("abcdefgh", ascii_lowercase, ascii_lowercase))


def same(found: Iterable[Result], expected: Iterable[Result]) -> None:
    """Assert equality, and show what differs and no more."""
    one, other = set(found), set(expected)
    assert (sorted(one - other), sorted(other - one)) == ([], [])


@pytest.mark.oracle
@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("folder", FOLDERS)
def test_every_fixture(folder: str) -> None:
    paths = sorted((FIXTURES / folder).glob("*.ttl"))
    records = [apart(triples(path), code) for path, code in zip(paths, codes(), strict=False)]
    found = [result for record in records for result in validator(folder).results(record)]
    assert found
    same(found, reference(folder).results(itertools.chain(*records)))


@pytest.mark.oracle
@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("folder", RECORDS)
def test_every_record(folder: str) -> None:
    whole = together(folder)
    same(validator("gate-full").results(whole), reference("gate-full").results(whole))


def together(folder: str) -> list[Triple]:
    """Return all records of a folder as one."""
    records = [triples(path) for path in sorted((ROOT / folder).glob("*.ttl"))]
    if folder.startswith("tests"):
        records = [apart(record, code) for record, code in zip(records, codes(), strict=False)]
    return list(dict.fromkeys(itertools.chain(*records)))


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
    """Records with faults, judged one by one by the own engine, and by pyshacl as one for the sake of time."""
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
    same((result for record in records for result in validator(folder).results(record)), expected)
    return 0


@cache
def features() -> tuple[Validator, PyshaclValidator]:
    stated = triples(CASES / "features.ttl")
    return Validator(stated, [], []), PyshaclValidator(stated, [], [])


@pytest.mark.slow
@pytest.mark.more
@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("number", range(60 if ALL else 10))
def test_every_feature_on_graphs_made_by_chance(number: int) -> None:
    """A query over paths is judged without literals on them: rdflib takes one for any node, or for none."""
    own, by_pyshacl = features()
    record = chance_graph(Random(f"{SEED} {number}"))
    found, expected = own.results(record), by_pyshacl.results(record)
    linked = [triple for triple in record if triple.predicate not in LINKS or not isinstance(triple.object, Literal)]
    if len(linked) < len(record):
        same(own.results(linked), by_pyshacl.results(linked))
        found, expected = ([each for each in results if each.rule not in OVER_PATHS] for results in (found, expected))
    same(found, expected)


LINKS = {NamedNode(f"https://example.org/{name}") for name in "pqr"}
OVER_PATHS = {f"https://example.org/{name}" for name in ("asked", "asked-without-value")}


def test_every_feature_finds_something() -> None:
    own, _ = features()
    found = {result.component for number in range(20) for result in own.results(chance_graph(Random(number)))}
    names = {each.removeprefix(SH).removesuffix("ConstraintComponent") for each in found}
    constraints = {name[0].upper() + name[1:] for name in used() & CONSTRAINTS}
    assert names == constraints - {"QualifiedValueShape"} | {"QualifiedMinCount", "SPARQL"}
    rules = {result.rule for number in range(60) for result in own.results(chance_graph(Random(number)))}
    asked = {str(triple.subject).strip("<>") for triple in triples(CASES / "features.ttl") if triple.predicate == QUERY}
    assert asked <= rules


@cache
def used() -> set[str]:
    """The properties of SHACL that the project's shapes use, by their names."""
    stated = triples(*(ROOT / "shapes").glob("*.ttl"))
    return {t.predicate.value.removeprefix(SH) for t in stated if t.predicate.value.startswith(SH)}


CONSTRAINTS = {
    *("class", "datatype", "nodeKind", "minCount", "maxCount", "minExclusive", "minInclusive", "maxExclusive"),
    *(
        "maxInclusive",
        "minLength",
        "maxLength",
        "pattern",
        "languageIn",
        "uniqueLang",
        "equals",
        "disjoint",
        "lessThan",
    ),
    *("lessThanOrEquals", "not", "and", "or", "xone", "node", "qualifiedValueShape", "closed", "hasValue", "in"),
}


def test_whatever_property_of_shacl_the_shapes_do_not_use_is_refused_by_name() -> None:
    """All that shapes use is supported, and nothing else: in a shape, in one below it and in one without a target."""
    rule, below = NamedNode("https://example.org/rule"), BlankNode()
    aimed = [
        Triple(rule, TYPE, NamedNode(SH + "NodeShape")),
        Triple(rule, NamedNode(SH + "targetClass"), NamedNode("https://example.org/A")),
    ]
    held = [Triple(rule, NamedNode(SH + "not"), below)]
    for name in sorted(str(each) for each in [*rdflib.SH.__annotations__, *rdflib.SH._extras] if each[0].islower()):
        for node, others in ((rule, aimed), (below, [*aimed, *held]), (rule, aimed[:1])):
            stated = [*others, Triple(node, NamedNode(SH + name), Literal("x"))]
            if name in used():
                with suppress(ShapeError):
                    Validator(stated, [], [])
                continue
            with pytest.raises(ShapeError, match=rf"The shape <https://example.org/rule> uses sh:{name}, which"):
                Validator(stated, [], [])
    assert CONSTRAINTS - used() == {
        *("maxExclusive", "maxInclusive", "languageIn", "equals", "lessThan", "and", "xone", "closed"),
    }


def left_out() -> dict[str, tuple[str, list[Triple]]]:
    """Return name -> construct and statements of each shape that is refused."""
    about: dict[object, list[Triple]] = {}
    for triple in triples(CASES / "left-out.ttl"):
        about.setdefault(triple.subject, []).append(triple)
    found = {}
    for node, stated in about.items():
        own = list(stated)
        for triple in own:
            own += [each for each in about.get(triple.object, []) if each not in own]
        for triple in stated:
            if triple.predicate == NamedNode(f"{rdflib.RDFS}comment"):
                assert isinstance(triple.object, Literal)
                found[str(node)] = (triple.object.value, own)
    return found


@pytest.mark.parametrize("name", left_out())
def test_what_is_left_out_is_refused_by_name(name: str) -> None:
    construct, stated = left_out()[name]
    with pytest.raises(ShapeError) as refused:
        Validator(stated, [], [])
    assert str(refused.value).startswith(f"The shape {name} uses "), refused.value
    assert construct in str(refused.value)
    assert str(refused.value).endswith("Write the rule without it, or check with the engine pyshacl.")


def test_shapes_that_cannot_be_supported_stop_the_command_with_a_sentence(tmp_path: Path, napgraph: Run) -> None:
    for folder in ("ontology", "data", "queries", "shapes"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    with open(tmp_path / "shapes" / "principles.ttl", "a", encoding="utf-8") as file:
        file.write("\nnsh:own a sh:NodeShape ; sh:targetClass nap:ActionPlan ; sh:closed true .\n")
    record = str(ROOT / "tests" / "world" / "data" / "jurisdictions" / "xab.ttl")
    shown = napgraph("--root", str(tmp_path), "check", record)
    assert shown.returncode == 2, shown.stdout
    assert "<https://w3id.org/napgraph/shapes#own> uses sh:closed, which this check does not support" in shown.stderr


NUMBERS = ['"600"', '"1,250"^^xsd:decimal', '"NaN"^^xsd:double', '"six"@en', "[]"]
AMOUNTS = ["schema:value 600", "schema:value 1000"]
STATED = [*AMOUNTS, "schema:value 50", "schema:value 250"]


def without_number(value: str, stated: str) -> list[Triple]:
    """Return parts and totals, in which a word stands where a number is asked for."""
    path = FIXTURES / "hygiene" / "Element-sum.invalid.ttl"
    text = "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n" + path.read_text(encoding="utf-8")
    return list(read_turtle(text.replace(stated, f"{stated.partition(' ')[0]} {value}", 1).encode(), str(path)))


@pytest.mark.parametrize("value", NUMBERS)
@pytest.mark.parametrize("stated", STATED)
def test_what_is_no_number_has_no_sum(value: str, stated: str) -> None:
    """The value is named and the sum left alone."""
    results = validator("hygiene").results(without_number(value, stated))
    amount = stated in AMOUNTS
    told = [(result.rule.rpartition("#")[2], result.focus.rpartition("/")[2]) for result in results]
    in_words = value.endswith("@en") and not amount  # a target may be told in words: nothing is wrong with it
    assert in_words or ("MonetaryAmount-value" if amount else "Element-values") in {rule for rule, _ in told}
    assert ("Element-sum", "budget-1" if amount else "target-1") not in told


@pytest.mark.oracle
@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("value", NUMBERS)
@pytest.mark.parametrize("stated", STATED)
def test_pyshacl_finds_no_sum_of_what_is_no_number(value: str, stated: str) -> None:
    record = without_number(value, stated)
    assert validator("hygiene").results(record) == reference("hygiene").results(record)


def test_a_record_leaves_no_trace_and_its_order_does_not_matter() -> None:
    one, other = (triples(FIXTURES / "hygiene" / f"Element-{name}.invalid.ttl") for name in ("sum", "period"))
    alone = validator("hygiene").results(one)
    validator("hygiene").results(other)
    assert validator("hygiene").results([*one[::-1], *one]) == alone


def test_no_other_engine_is_imported() -> None:
    script = (
        "import sys; from napgraph.records.read import read; from napgraph.validation.validator import Checker;"
        f"record = read({str(ROOT / 'tests/world/data/jurisdictions/xab.ttl')!r}, root={str(ROOT)!r});"
        f"report = Checker({str(ROOT)!r}).check_record(record);"
        "print(len(report.findings), {'rdflib', 'pyshacl'} & set(sys.modules))"
    )
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    count, _, engines = shown.stdout.strip().partition(" ")
    assert (int(count) > 0, engines) == (True, "set()")


@pytest.mark.oracle
def test_both_engines_make_one_report() -> None:
    record = turtle_record(ROOT / "tests" / "world" / "data" / "jurisdictions" / "xab.ttl")
    one, other = (Checker(str(ROOT), engine=engine).check_record(record) for engine in ("compiled", "pyshacl"))
    assert one == other
    with pytest.raises(UnknownNameError, match="compiled"):
        Checker(str(ROOT), engine="complied")


Row = tuple[str, ...]


def rows(results: Iterable[Result]) -> set[Row]:
    """Return all of each result but its path, nameless nodes as ``_:``."""
    return {_row(each.rule, each.severity, each.focus, each.value, each.component) for each in results}


def _row(*texts: str) -> Row:
    return tuple("_:" if text.startswith("_:") else text for text in texts)


def by_shacl(folder: str, record: list[Triple]) -> set[Row]:
    """Return what the engine ``shacl`` finds; it gives nameless nodes names of its own."""
    asked = shacl.Shapes.from_text(lines(shapes(folder)), "ntriples")
    report = asked.validate_turtle(lines([*record, *lists(), *ontology()]))
    own = {_row(str(triple.subject)) for triple in record}
    return {
        _row(each.source_shape.strip("<>"), each.severity, each.focus_node, each.value or "", each.component_iri)
        for each in report.results
        if each.source_shape and _row(each.focus_node) in own
    }


def by_turbo(folder: str, record: list[Triple]) -> set[Row]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(napgraph.validation.pyshacl, "pyshacl", pyshacl_turbo)
        return rows(reference(folder).results(record))


def lines(stated: Iterable[Triple]) -> str:
    return (pyoxigraph.serialize(stated, format=pyoxigraph.RdfFormat.N_TRIPLES) or b"").decode()


ENGINES = pytest.mark.parametrize("engine", [by_shacl, by_turbo])


@pytest.mark.oracle
@ENGINES
@pytest.mark.parametrize("folder", FOLDERS)
def test_other_engines_find_the_same_in_fixtures(folder: str, engine: Callable[[str, list[Triple]], set[Row]]) -> None:
    paths = sorted((FIXTURES / folder).glob("*.ttl"))
    records = [apart(triples(path), code) for path, code in zip(paths, codes(), strict=False)]
    expected = {row for record in records for row in rows(validator(folder).results(record))}
    assert engine(folder, list(itertools.chain(*records))) == expected


@pytest.mark.oracle
@ENGINES
@pytest.mark.parametrize("folder", RECORDS)
def test_other_engines_find_the_same_in_records(folder: str, engine: Callable[[str, list[Triple]], set[Row]]) -> None:
    whole = together(folder)
    assert engine("gate-full", whole) == rows(validator("gate-full").results(whole))


SOUND = r'[+-]?[0-9]+"|[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)"\^\^<[^>]*#decimal>'
LOOSE = re.compile(rf'"(?!{SOUND}).*"\^\^<[^>]*#(integer|decimal)>')
"""Numbers of which rdflib, and so pyshacl, takes some that XSD does not have, such as ``1_000``."""


@pytest.mark.oracle
@pytest.mark.parametrize("folder", FOLDERS)
def test_another_engine_finds_the_same_in_mutants(folder: str) -> None:
    """But for what is said of numbers that rdflib reads and XSD does not."""
    random = Random(f"{SEED} turbo {folder}")
    paths = sorted((FIXTURES / folder).glob("*.ttl"))
    made = ((next(mutants(triples(random.choice(paths)), random, 1)), code) for code in codes())
    records = [apart(record, code) for record, code in itertools.islice(made, GROUP)]
    expected = {row for record in records for row in rows(validator(folder).results(record))}
    found = by_turbo(folder, list(dict.fromkeys(itertools.chain(*records))))
    assert {row for row in found ^ expected if not LOOSE.fullmatch(row[3])} == set()


def third_engine(stated: list[Triple], data: list[Triple]) -> set[tuple[str, str, str]]:
    """Return (shape, severity, focus node) as pyrudof finds it, nameless nodes as ``_:``. A session serves once."""
    session = pyrudof.Rudof(pyrudof.RudofConfig())
    session.read_data(lines(data), pyrudof.RDFFormat.NTriples)
    session.read_shacl(lines(stated), pyrudof.ShaclFormat.NTriples)
    report = session.validate_shacl(pyrudof.ShaclValidationMode.Native)
    return {_plain(str(each.source_shape), str(each.severity), str(each.focus_node)) for each in report.violations}


def _plain(rule: str, severity: str, focus: str) -> tuple[str, str, str]:
    rule, focus = ("_:" if text.startswith("_:") else text.strip("<>") for text in (rule, focus))
    return rule, severity, focus


QUERY, PROPERTY = NamedNode(f"{SH}sparql"), NamedNode(f"{SH}property")
WRONG = {
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
    own = Validator(stated, ontology(), lists())
    found = third_engine(stated, [*lists(), *ontology(), *itertools.chain(*records.values())])
    told = {_plain("", "", str(triple.subject))[2] for record in records.values() for triple in record}
    expected, missed = set(), set()
    for name, record in records.items():
        results = {_plain(*result[:3]) for result in own.results(record)}
        expected |= results
        _, rule, focus = WRONG.get(name, ("", "?", "?"))
        missed |= {each for each in results if each[0].endswith(f"#{rule}") and each[2].endswith(f"/{focus}")}
    assert len(missed) == len(WRONG.keys() & records.keys())
    assert {each for each in found if each[2] in told} == expected - missed


@pytest.mark.oracle
@pytest.mark.parametrize("example", sorted({example for example, _, _ in WRONG.values()}))
def test_where_the_third_engine_is_wrong(example: str) -> None:
    stated = triples(CASES / "pyrudof" / example)
    expected = Validator(stated, [], []).results(stated)
    assert len(expected) == 2
    same(expected, PyshaclValidator(stated, [], []).results(stated))
    assert third_engine(stated, stated) == set()


def queries() -> list[tuple[str, list[Triple]]]:
    """Return each rule in SPARQL with the shapes in which only this rule is aimed at anything."""
    stated = shapes("gate-full")
    aimed = [triple for triple in stated if triple.predicate.value.startswith(f"{SH}target")]
    found = []
    for rule in dict.fromkeys(triple.subject for triple in stated if triple.predicate == QUERY):
        above = {triple.subject for triple in stated if triple.predicate == PROPERTY and triple.object == rule} | {rule}
        targets = [Triple(rule, t.predicate, t.object) for t in aimed if t.subject in above]
        found.append((str(rule).strip("<>").rpartition("#")[2], [t for t in stated if t not in aimed] + targets))
    return found


@pytest.mark.oracle
@pytest.mark.parametrize(("rule", "stated"), queries(), ids=[rule for rule, _ in queries()])
def test_a_third_engine_answers_each_query_the_same(rule: str, stated: list[Triple]) -> None:
    own = Validator(stated, ontology(), lists())
    for path in sorted(FIXTURES.glob(f"*/{rule}.*.ttl")):
        record = triples(path)
        expected = {_plain(*result[:3]) for result in own.results(record)}
        assert third_engine(stated, [*lists(), *ontology(), *record]) == expected, path
        assert bool(expected) == path.name.endswith(".invalid.ttl")


@pytest.mark.oracle
def test_why_the_third_engine_is_asked_each_query_by_itself() -> None:
    stated = triples(CASES / "pyrudof" / "nameless.ttl")
    assert len(Validator(stated, [], []).results(stated)) == 1
    with pytest.raises(pyrudof.RudofError, match="Error parsing query"):
        third_engine(stated, stated)


def test_a_text_where_a_link_belongs_changes_no_other_answer() -> None:
    """In a SPARQL path a literal is an end from which nothing leads on."""
    record = together("tests/awkward")
    element_of = NamedNode(f"{NAP}elementOf")
    elements = {triple.object for triple in record if triple.predicate.value.endswith("#hasElement")}
    elements |= {triple.subject for triple in record if triple.predicate == element_of}
    with_texts = record + [Triple(element, element_of, Literal("6")) for element in elements]  # type: ignore[arg-type]
    found, expected = (validator("gate-full").results(triples) for triples in (with_texts, record))
    assert elements
    assert expected
    # That the link is written at all, though it is derived, is found of each, and nothing else.
    derived = [result for result in found if result.rule.endswith("#Record-derived")]
    assert {result.focus for result in derived} == {str(element) for element in elements}
    same([result for result in found if result not in derived], expected)
