"""What real plans say awkwardly is sayable, without text that somebody would have to read.

Each record of ``tests/awkward`` is read alike by two parsers, checks clean, and holds the value of its case as data.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from rdflib.compare import isomorphic

from napgraph import KnowledgeGraph
from napgraph.graph.files import read_file, read_turtle
from napgraph.graph.owlrl import entailed
from napgraph.project.root import files_below
from napgraph.rdf.terms import to_rdflib
from napgraph.validation.validator import Checker

from .conftest import ROOT, turtle_record

CASES = sorted((ROOT / "tests" / "awkward").glob("*.ttl"))
PREFIXES = "".join(
    f"PREFIX {prefix}: <{space}>\n"
    for prefix, space in re.findall(r"@prefix (\w+): <(.+)> \.", (ROOT / "ontology" / "prefixes.ttl").read_text())
)

# Case -> a pattern, and the rows that it must give: the value is there as a term, no text has to be read.
ANSWERS: dict[str, list[tuple[str, set[tuple[str, ...]]]]] = {
    "no-start": [("?plan nap:period [ dcat:endDate ?a ; nap:notStated ?b ]", {("2015", "startDate")})],
    "open-end": [("?s nap:period [ dcat:startDate ?a ; nap:timing ?b ]", {("2027-03-01", "open-ended")})],
    "ongoing": [
        ("?x nap:period [ nap:timing timing:ongoing ] . BIND(?x AS ?a)", {(f"activity-{n}",) for n in (1, 2, 3)})
    ],
    "recurrence": [
        (
            "?a nap:recurrence ?b",
            {("activity-1", "P3M"), ("activity-2", "P1Y"), ("monitoring-1", "P1Y")},
        ),
        ("?a nap:period [ nap:timing timing:regular ]", {("activity-3",)}),
    ],
    "horizons": [
        ("?x nap:period [ nap:timing timing:short-term ; nap:endsWithin ?a ] . BIND(?x AS ?b)",
         {("P2Y", "activity-1"), ("P2Y", "activity-2")}),
        ("?x nap:period [ nap:timing timing:medium-term ; nap:startsAfter ?a ; nap:endsWithin ?b ]",
         {("P2Y", "P5Y")}),
    ],
    "relative-deadline": [
        ("?x nap:period [ nap:endsWithin ?a ; nap:countedFrom ?b ]",
         {("P6M", "adoption"), ("P90D", "entry-into-force"), ("P1Y", "activity-2")}),
        ("?x nap:period [ nap:endsWithin ?a ; nap:notStated nap:countedFrom ]", {("P2M",)}),
    ],
    "roles": [
        ("?x nap:hasResponsibility [ nap:assignedTo ?a ; nap:responsibilityRole ?b ]",
         {("justice", "lead"), ("labour", "partner"), ("shelters", "support"), ("police", "support"),
          ("privacy", "consent")}),
    ],
    "classes-of-bodies": [
        ("?x nap:hasResponsibility [ nap:assignedTo ?a ; nap:responsibilityRole ?b ]",
         {("local-authority", "lead"), ("ngo", "support"), ("donor", "support")}),
    ],
    "strategy-and-plan": [("?a a nap:Strategy , nap:ActionPlan", {("strategy-and-plan",)})],
    "programme-in-strategy": [
        ("?a nap:implements ?s ; dcterms:isPartOf ?s ; nap:recurrence ?b . ?s a nap:Strategy",
         {("programme-2027", "P1Y")}),
    ],
    "sub-national": [
        ("?p a nap:ActionPlan ; nap:jurisdiction ?a . ?a dcterms:isPartOf ?b", {("xck-n", "xck")}),
        ("?a a nap:PlannedActivity ; dcterms:spatial/dcterms:isPartOf ?b", {("activity-1", "xck-n")}),
    ],
    "two-editions": [
        ("?a prov:wasRevisionOf ?b ; dcterms:title ?t . ?b dcterms:title ?t",
         {("plan-second-edition", "plan-first-edition")}),
    ],
    "amended": [
        ("?p nap:hasEvent [ nap:actType act:amended ; nap:date ?a ; nap:effectedBy ?b ]",
         {("2028-02-20", "decision-7")}),
    ],
    "budget-by-source-and-year": [
        ("?x dcterms:isPartOf ?total ; nap:fundedBy ?a ; nap:period/dcat:startDate ?b ; nap:amount/schema:value ?c",
         {("treasury", "2027", "450000"), ("treasury", "2028", "475500"), ("fund", "2027", "200000"),
          ("fund", "2028", "120000")}),
        ("?x nap:amount ?m . ?m schema:value ?a ; nap:printedIn ?unit . FILTER(?a > 1000000) BIND(?a / ?unit AS ?b)",
         {("1250000", "1250")}),
    ],
    "budget-range": [
        ("?x nap:amount ?m . ?m schema:minValue ?a . OPTIONAL { ?m schema:maxValue ?b }",
         {("1000000", "1500000"), ("0", "80000"), ("60000", "")}),
    ],
    "budget-currencies": [
        ("?x nap:amount ?m . ?m schema:value ?a ; schema:currency ?b",
         {("100000", "USD"), ("92500", "EUR"), ("60000", "EUR"), ("40000", "EUR"), ("21600", "USD"), ("15000", "XXX")}),
    ],
    "budget-source-without-amount": [
        ("?x nap:fundedBy ?a ; nap:notStated ?b . FILTER NOT EXISTS { ?x nap:amount ?m }",
         {("donor", "amount"), ("local-authority", "amount")}),
    ],
    "targets-by-year": [
        ("?x dcterms:isPartOf/schema:value ?a ; schema:value ?b ; nap:date ?c",
         {("300", "50", "2027"), ("300", "100", "2028"), ("300", "150", "2029")}),
        ("?i nap:hasTarget ?x . ?x schema:value ?a ; nap:date ?b"
         " FILTER NOT EXISTS { ?x dcterms:isPartOf|^dcterms:isPartOf ?y }",
         {("60", "2028"), ("100", "2029")}),
    ],
    "indicator-without-target": [("?a a nap:Indicator ; nap:notStated ?b", {("indicator-1", "hasTarget")})],
    "baseline-by-reference": [
        ("?x nap:evidence ?a ; nap:date ?b . ?y nap:hasBaseline ?x OPTIONAL { ?x schema:value ?c }",
         {("report-2019", "2019", ""), ("yearbook", "2026", "212")}),
    ],
    "direction-down": [
        ("?a nap:wantedDirection ?b", {("indicator-1", "down"), ("indicator-2", "unchanged")}),
    ],
    "several-objectives": [
        ("?x nap:contributesTo ?a . ?a nap:contributesTo ?b", {("objective-1", "goal-1"), ("objective-2", "goal-2")})
    ],
    "nested-activities": [
        ("?a nap:partOf+/nap:contributesTo ?b",
         {(f"activity-1-1{rest}", "objective-1") for rest in ("", "-1", "-2")}),
    ],
    "declared-counts": [
        ("?x nap:coverageOf ?a ; nap:feature ?b ; schema:value ?c",
         {("strategy", "measures", "130"), ("strategy", "strategic-goals", "12"),
          ("strategy", "indicators-per-goal", "24"), ("goal-1", "activities", "45")}),
    ],
    "titles-in-languages": [
        ("?p dcterms:title ?t BIND(LANG(?t) AS ?a)"
         " BIND(EXISTS { ?p dcterms:language ?own FILTER(?own = LANG(?t)) } AS ?b)",
         {("fr", "true"), ("ar", "true"), ("en", "false")}),
    ],
    "rejected-options": [
        ("?p nap:rejectsOption ?a . ?a nap:about ?b . OPTIONAL { ?a nap:alternativeTo ?c }",
         {("option-1", "victim-assistance", "objective-1"), ("option-2", "criminal-prosecution", "")}),
    ],
    "not-stated": [
        ("?a nap:notStated ?b . FILTER(?b IN (nap:period, nap:date, nap:unit, nap:fundedBy))",
         {("plan", "period"), ("adoption", "date"), ("activity-1", "period"), ("indicator-1", "unit"),
          ("budget-1", "fundedBy")}),
        ("?x nap:coverageOf ?p ; nap:feature ?a ; nap:coverageStatus ?b",
         {("guiding-principles", "absent"), ("priorities", "absent"), ("monitoring-and-evaluation", "absent"),
          ("international-cooperation", "not-applicable")}),
    ],
}  # fmt: skip


@cache
def statements(path: Path) -> tuple[pyoxigraph.Triple, ...]:
    return tuple(read_turtle(path.read_bytes(), str(path)))


def rows(store: pyoxigraph.Store, pattern: str) -> set[tuple[str, ...]]:
    """The values of ?a, ?b and ?c, each by the last part of its IRI or its lexical form; empty where unbound."""
    found = store.query(f"{PREFIXES}SELECT DISTINCT ?a ?b ?c WHERE {{ {pattern} }}")
    assert isinstance(found, pyoxigraph.QuerySolutions)
    wide = [tuple("" if value is None else re.sub(r"^.*[/#]", "", value.value) for value in row) for row in found]
    asked = len(set(re.findall(r"\?([abc])\b", pattern)))
    return {row[:asked] for row in wide}


def store(triples: Iterable[pyoxigraph.Triple]) -> pyoxigraph.Store:
    made = pyoxigraph.Store()
    made.extend(pyoxigraph.Quad(*triple) for triple in triples)
    return made


def test_every_case_is_asked() -> None:
    assert [path.stem for path in CASES] == sorted(ANSWERS)
    table = (ROOT / "tests" / "awkward" / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\]\(([a-z-]+)\.ttl\)", table)) == set(ANSWERS)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_two_parsers_read_the_same(path: Path) -> None:
    first, second = rdflib.Graph(), rdflib.Graph()
    for triple in statements(path):
        first.add(to_rdflib(triple))
    second.parse(data=path.read_text(encoding="utf-8"), format="turtle")
    assert isomorphic(first, second)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_value_is_there_as_data(path: Path) -> None:
    made = store(statements(path))
    for pattern, expected in ANSWERS[path.stem]:
        assert rows(made, pattern) == expected, pattern


@pytest.fixture(scope="module", params=["compiled", pytest.param("pyshacl", marks=pytest.mark.oracle)])
def checker(request: pytest.FixtureRequest) -> Checker:
    return Checker(str(ROOT), engine=request.param)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_it_checks_clean(path: Path, checker: Checker) -> None:
    report = checker.check_record(turtle_record(path))
    assert report.documents
    assert [finding for finding in report.findings if finding.severity != "Info"] == []
    told = {finding.focus for finding in report.findings if finding.rule.endswith("Element-sum")}
    total = "<https://w3id.org/napgraph/id/xcn/plan/budget-1>"
    assert told == ({total} if path.stem == "budget-by-source-and-year" else set())


def test_the_records_do_not_meet() -> None:
    """Each has a jurisdiction of its own, so all of them can be loaded together."""
    codes = [re.findall(r"^@base <.*/([\w-]+)/>", path.read_text(encoding="utf-8"), re.MULTILINE) for path in CASES]
    assert len({code for found in codes for code in found}) == len(CASES)


def derived(made: pyoxigraph.Store, name: str) -> list[pyoxigraph.Triple]:
    found = made.query((ROOT / "queries" / "build" / f"{name}.rq").read_text(encoding="utf-8"))
    assert isinstance(found, pyoxigraph.QueryTriples)
    return list(found)


def bounds(stem: str) -> set[tuple[str, ...]]:
    """What the build derives of the days of a record."""
    axioms = [triple for path in files_below(str(ROOT), "ontology", (".ttl",)) for triple in read_file(str(ROOT), path)]
    asserted = {*statements(ROOT / "tests" / "awkward" / f"{stem}.ttl"), *axioms}
    made = store({*asserted, *entailed(asserted)})
    for name in ("12-date-bounds", "13-deadline-bounds"):
        made.extend(pyoxigraph.Quad(*triple) for triple in derived(made, name))
    return rows(made, "?a a nap:PlannedActivity . VALUES ?b { nap:earliest nap:latest } ?a ?b ?c")


@pytest.mark.slow
def test_deadlines_become_days() -> None:
    assert bounds("relative-deadline") == {
        ("activity-1", "latest", "2027-09-15"),
        ("activity-2", "earliest", "2027-06-01"),
        ("activity-2", "latest", "2027-08-29"),
    }


@pytest.mark.slow
def test_horizons_become_days() -> None:
    assert bounds("horizons") == {
        ("activity-1", "latest", "2028-12-31"),
        ("activity-2", "latest", "2028-12-31"),
        ("activity-3", "earliest", "2029-01-01"),
        ("activity-3", "latest", "2031-12-31"),
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    ("origin", "duration", "day"),
    [
        ("2027-08-31", "P6M", "2028-02-29"),
        ("2028-02-29", "P1Y", "2029-02-28"),
        ("2027-12-31", "P1D", "2028-01-01"),
        ("1999-11-30", "P3M90D", "2000-05-29"),
        ("2027-01-31", "P1Y1M1D", "2028-03-01"),
    ],
)
def test_durations_are_added_as_in_a_calendar(origin: str, duration: str, day: str) -> None:
    text = f"""@prefix nap: <https://w3id.org/napgraph/ont#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
        <x:activity> nap:period [ nap:endsWithin "{duration}"^^xsd:duration ; nap:countedFrom <x:adoption> ] .
        <x:adoption> a nap:PolicyEvent ; nap:latest "{origin}"^^xsd:date ."""
    made = derived(store(read_turtle(text.encode(), "x")), "13-deadline-bounds")
    assert [str(triple.object) for triple in made] == [rdflib.Literal(day, datatype=rdflib.XSD.date).n3()]
    query = (ROOT / "queries" / "build" / "13-deadline-bounds.rq").read_text(encoding="utf-8")
    other = rdflib.Graph().parse(data=text).query(query).graph
    assert other is not None
    assert [str(value) for value in other.objects()] == [day]


@pytest.mark.slow
def test_a_rejected_option_is_no_content() -> None:
    kg = KnowledgeGraph.load(ROOT, data=[ROOT / "tests" / "awkward" / "rejected-options.ttl"])
    themes = kg.compare("pillars")
    shown = {each.code for each in themes.concepts if themes.cell("XCZ", each.code).value.name != "not-assessed"}
    assert shown == {"victim-assistance", "protection"}
