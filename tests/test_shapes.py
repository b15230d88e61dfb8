"""Every rule is seen to fire and to stay silent: the set (rule, severity, focus node) of each fixture.

Asked is the package's own engine; that pyshacl finds the same in each, result by result, is shown by ``test_judge``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import Triple
from rdflib.namespace import RDF, SH

from napgraph.graph.files import read_turtle
from napgraph.rdf.terms import as_graph
from napgraph.validation.pyshacl import PyshaclValidator
from napgraph.validation.report import Result
from napgraph.validation.shacl import Validator
from napgraph.validation.validator import Checker

from .conftest import ROOT, Run, turtle_record

NSH = "https://w3id.org/napgraph/shapes#"
FIXTURES = ROOT / "tests" / "shapes"
WORLD = ROOT / "tests" / "world"
Found = set[tuple[str, str, str]]


def graph(*paths: Path) -> rdflib.Graph:
    return as_graph(triples(*paths))


def triples(*paths: Path) -> list[Triple]:
    return [triple for path in paths for triple in read_turtle(path.read_bytes(), str(path))]


@cache
def material(folder: str) -> tuple[list[Triple], list[Triple], list[Triple]]:
    """The shapes that the fixtures of a folder are checked with, the ontology, and the lists beside a fixture.

    tests/shapes/README.md says which.
    """
    names = {"hygiene", folder}
    shapes = (path for path in (ROOT / "shapes").glob("*.ttl") if folder == "gate-full" or path.stem in names)
    folders = (ROOT / "ontology" / "schemes", ROOT / "data" / "sources", WORLD / "data" / "sources")
    lists = [path for each in folders for path in sorted(each.glob("*.ttl"))]
    lists += sorted((ROOT / "ontology").glob("profile-*.ttl"))
    return triples(*shapes), triples(ROOT / "ontology" / "napgraph.ttl"), triples(*lists)


@cache
def validator(folder: str) -> Validator:
    return Validator(*material(folder))


@cache
def reference(folder: str) -> PyshaclValidator:
    return PyshaclValidator(*material(folder))


def shortened(results: Iterable[Result]) -> Found:
    return {
        (each.rule.removeprefix(NSH), each.severity, "_:" if each.focus.startswith("_:") else each.focus.strip("<>"))
        for each in results
    }


def expected(path: Path) -> Found:
    lines = re.findall(r"^#> nsh:(\S+) (\w+) (\S+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {(rule, severity, "_:" if focus.startswith("_:") else focus) for rule, severity, focus in lines}


def rules() -> dict[str, str]:
    """Return rule -> file for every rule: what has a severity."""
    return {
        str(rule).removeprefix(NSH): path.stem
        for path in (ROOT / "shapes").glob("*.ttl")
        for rule in graph(path).subjects(SH.severity, None)
        if isinstance(rule, rdflib.URIRef)
    }


def test_every_rule_has_a_fixture_that_fires_it_and_one_that_does_not() -> None:
    known = rules()
    assert len(known) > 100
    for rule, stem in known.items():
        invalid, valid = (FIXTURES / stem / f"{rule}.{kind}.ttl" for kind in ("invalid", "valid"))
        assert valid.is_file(), valid
        assert rule in {found[0] for found in expected(invalid)}, invalid
        assert expected(valid) == set()
    fixtures = {(path.parent.name, path.name.split(".")[0]) for path in FIXTURES.glob("*/*.ttl")}
    assert fixtures == {(stem, rule) for rule, stem in known.items()}


@pytest.mark.slow
@pytest.mark.parametrize("path", sorted(FIXTURES.glob("*/*.ttl")), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_fixture(path: Path) -> None:
    assert shortened(validator(path.parent.name).results(triples(path))) == expected(path)


def test_every_rule_says_what_it_asks_in_three_languages_and_where_it_comes_from() -> None:
    whole = graph(*(ROOT / "shapes").glob("*.ttl"))
    passages = {str(each) for each in graph(*(ROOT / "data" / "sources").glob("*.ttl")).subjects(RDF.type, None)}
    for rule, stem in rules().items():
        node = rdflib.URIRef(NSH + rule)
        assert {getattr(name, "language", None) for name in whole.objects(node, SH.name)} == {"en", "fr", "es"}, rule
        assert list(whole.objects(node, SH.description)), rule
        assert list(whole.objects(node, SH.group)), rule
        cited = {str(each) for each in whole.objects(node, rdflib.DCTERMS.source)}
        assert cited <= passages, rule
        assert cited or stem in {"hygiene", "gate-full", "plausible"}, rule


@pytest.mark.slow
def test_every_file_of_the_data_conforms() -> None:
    """Each by itself, as its sender would check it; what is left are questions, counted by kind."""
    checker = Checker(str(ROOT))
    left: Counter[str] = Counter()
    for path in sorted((ROOT / "data").rglob("*.ttl")):
        report = checker.check_record(turtle_record(path))
        assert report.conforms, (path, [each.message for each in report.findings if each.severity == "Violation"])
        assert report.documents or report.shared
        left.update(each.name for each in report.findings if each.severity == "Warning")
    assert left == WARNINGS


WARNINGS = {"Pillar-mapping": 5, "PrincipleStatement-principle": 4, "Plausible-period": 5}
"""What the data leave open, rightly: a pillar that names no theme, a principle outside the list, work after a plan."""


def test_every_shacl_term_exists() -> None:
    known = {str(SH) + name for name in [*SH.__annotations__, *SH._extras]}
    whole = graph(*(ROOT / "shapes").glob("*.ttl"))
    used = {str(term) for triple in whole for term in triple if str(term).startswith(str(SH))}
    assert used - known == set()


@pytest.mark.slow
def test_severity_follows_profile_and_extent(tmp_path: Path) -> None:
    """A plan without principles: not asked of a thin record, a gap, a finding, a violation."""
    text = (FIXTURES / "principles" / "PolicyInstrument-principles.invalid.ttl").read_text(encoding="utf-8")
    source = (WORLD / "data" / "sources" / "world.ttl").read_text(encoding="utf-8")
    cases = {
        ("thin", "bare-mention"): None,
        ("summary", "bare-mention"): "Info",
        ("summary", "summary-paragraph"): "Info",
        ("summary", "full-text"): "Warning",
        ("full-submission", "full-text"): "Violation",
    }
    for (profile, extent), severity in cases.items():
        path = tmp_path / f"{profile}-{extent}.ttl"
        changed = text.replace("profile:summary", f"profile:{profile}").replace("extent:full-text", f"extent:{extent}")
        path.write_text(changed + source, encoding="utf-8")
        report = Checker(str(ROOT)).check_record(turtle_record(path))
        told = {each.severity for each in report.findings if each.rule.endswith("PolicyInstrument-principles")}
        assert told == ({severity} if severity else set()), (profile, extent)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("record", "profile", "status"),
    [
        ("data/jurisdictions/nld.ttl", "thin", 0),
        ("data/jurisdictions/nld.ttl", "full-submission", 1),
        ("tests/world/data/jurisdictions/xaa.ttl", "full-submission", 0),
        ("tests/world/data/jurisdictions/xab.ttl", "summary", 0),
        ("tests/world/data/jurisdictions/xab.ttl", "full-submission", 1),
    ],
)
def test_records_conform_to_the_profile_they_reach(napgraph: Run, record: str, profile: str, status: int) -> None:
    shown = napgraph("check", str(ROOT / record), "--profile", profile)
    assert shown.returncode == status, shown.stdout + shown.stderr


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["Preamble", "BackgroundAnalysis", "StrategicGoal", "Budget", "PrincipleStatement"])
def test_a_complete_submission_without_one_part_fails(tmp_path: Path, kind: str) -> None:
    text = (WORLD / "data" / "jurisdictions" / "xaa.ttl").read_text(encoding="utf-8")
    path = tmp_path / "xaa.ttl"
    path.write_text(text.replace(f"a nap:{kind} ;", "a nap:CooperationCommitment ;"), encoding="utf-8")
    assert not Checker(str(ROOT)).check_record(turtle_record(path)).conforms


@pytest.mark.parametrize("engine", [validator, pytest.param(reference, marks=pytest.mark.oracle)])
def test_the_gate_closes_in_plain_shacl(engine: Callable[[str], Validator | PyshaclValidator], tmp_path: Path) -> None:
    """An engine that knows no profiles finds the same by shapes/gate-full.ttl."""
    path = tmp_path / "nld.ttl"
    text = (ROOT / "data" / "jurisdictions" / "nld.ttl").read_text(encoding="utf-8")
    path.write_text(text.replace("profile:thin", "profile:full-submission"), encoding="utf-8")

    def gates(record: Path) -> set[str]:
        results = shortened(engine("gate-full").results(triples(record)))
        return {rule for rule, severity, _ in results if severity == "Violation"}

    assert {"Gate-ActionPlan", "Gate-PolicyInstrument"} <= gates(path)
    assert not gates(ROOT / "data" / "jurisdictions" / "nld.ttl")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("start", "rule"),
    [
        ('"abcd"^^xsd:gYear', "PeriodOfTime-startDate"),
        ('"2007-13-45"^^xsd:date', "PeriodOfTime-startDate"),
        ('"2032"^^xsd:gYear', "PeriodOfTime-order"),
        ('"2099-05"^^xsd:gYearMonth', "PeriodOfTime-order"),
    ],
)
def test_lexical_traps_are_closed(tmp_path: Path, start: str, rule: str) -> None:
    text = (WORLD / "data" / "jurisdictions" / "xaa.ttl").read_text(encoding="utf-8")
    path = tmp_path / "xaa.ttl"
    path.write_text(re.sub(r'(?<=dcat:startDate )"[^"]+"\^\^xsd:\w+', start, text, count=1), encoding="utf-8")
    report = Checker(str(ROOT)).check_record(turtle_record(path))
    assert rule in {finding.rule.removeprefix(NSH) for finding in report.findings if finding.severity == "Violation"}
