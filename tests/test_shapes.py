"""Every rule is seen to fire and to stay silent: the set (rule, severity, focus node) of each fixture, by pyshacl."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pyshacl
import pytest
import rdflib
from rdflib.namespace import RDF, SH

from napgraph.checking.validate import Checker
from napgraph.graph.files import read_turtle
from napgraph.graph.terms import as_graph

from .conftest import ROOT, Run

NSH = "https://w3id.org/napgraph/shapes#"
FIXTURES = ROOT / "tests" / "shapes"
WORLD = ROOT / "tests" / "world"
Found = set[tuple[str, str, str]]


def graph(*paths: Path) -> rdflib.Graph:
    return as_graph(triple for path in paths for triple in read_turtle(path.read_bytes(), str(path)))


@cache
def shapes(folder: str) -> rdflib.Graph:
    """The shape files that the fixtures of a folder are checked with; tests/shapes/README.md says which."""
    if folder == "gate-full":
        return graph(*(ROOT / "shapes").glob("*.ttl"))
    return graph(*{ROOT / "shapes" / "hygiene.ttl", ROOT / "shapes" / f"{folder}.ttl"})


@cache
def around() -> tuple[rdflib.Graph, rdflib.Graph]:
    """The code lists and sources that stand beside a fixture, and the ontology."""
    folders = (ROOT / "ontology" / "schemes", ROOT / "data" / "sources", WORLD / "data" / "sources")
    lists = graph(*(path for folder in folders for path in folder.glob("*.ttl")))
    return lists, graph(ROOT / "ontology" / "napgraph.ttl")


def judge(folder: str, path: Path) -> Found:
    lists, ontology = around()
    data = graph(path)
    own = set(data.subjects())
    for triple in lists:
        data.add(triple)
    _, results, _ = pyshacl.validate(data, shacl_graph=shapes(folder), ont_graph=ontology, inference="none")
    assert isinstance(results, rdflib.Graph)
    found: Found = set()
    for node in results.subjects(RDF.type, SH.ValidationResult):
        focus = results.value(node, SH.focusNode)
        if focus in own and (None, SH.detail, node) not in results:
            rule = str(results.value(node, SH.sourceShape)).removeprefix(NSH)
            severity = str(results.value(node, SH.resultSeverity)).rpartition("#")[2]
            found.add((rule, severity, "_:" if isinstance(focus, rdflib.BNode) else str(focus)))
    return found


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


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("*/*.ttl")), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_fixture(path: Path) -> None:
    assert judge(path.parent.name, path) == expected(path)


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


def test_every_shacl_term_exists() -> None:
    known = {str(SH) + name for name in [*SH.__annotations__, *SH._extras]}
    whole = graph(*(ROOT / "shapes").glob("*.ttl"))
    used = {str(term) for triple in whole for term in triple if str(term).startswith(str(SH))}
    assert used - known == set()


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
        report = Checker(str(ROOT)).check_file(str(path))
        told = {each.severity for each in report.findings if each.rule.endswith("PolicyInstrument-principles")}
        assert told == ({severity} if severity else set()), (profile, extent)


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


@pytest.mark.parametrize("kind", ["Preamble", "BackgroundAnalysis", "StrategicGoal", "Budget", "PrincipleStatement"])
def test_a_complete_submission_without_one_part_fails(tmp_path: Path, kind: str) -> None:
    text = (WORLD / "data" / "jurisdictions" / "xaa.ttl").read_text(encoding="utf-8")
    path = tmp_path / "xaa.ttl"
    path.write_text(text.replace(f"a nap:{kind} ;", "a nap:CooperationCommitment ;"), encoding="utf-8")
    assert not Checker(str(ROOT)).check_file(str(path)).conforms


def test_the_gate_closes_in_plain_shacl(tmp_path: Path) -> None:
    """An engine that knows no profiles finds the same by shapes/gate-full.ttl."""
    path = tmp_path / "nld.ttl"
    text = (ROOT / "data" / "jurisdictions" / "nld.ttl").read_text(encoding="utf-8")
    path.write_text(text.replace("profile:thin", "profile:full-submission"), encoding="utf-8")
    gates = {rule for rule, severity, _ in judge("gate-full", path) if severity == "Violation"}
    assert {"Gate-ActionPlan", "Gate-PolicyInstrument"} <= gates
    assert not {
        rule
        for rule, severity, _ in judge("gate-full", ROOT / "data" / "jurisdictions" / "nld.ttl")
        if severity == "Violation"
    }


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
    report = Checker(str(ROOT)).check_file(str(path))
    assert rule in {finding.rule.removeprefix(NSH) for finding in report.findings if finding.severity == "Violation"}
