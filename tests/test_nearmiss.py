"""Near-misses: a misspelt term, code, prefix or namespace is found and the right one offered; nothing is told twice."""

from __future__ import annotations

import re
import sys
from functools import cache
from pathlib import Path

import pytest

from napgraph.graph.files import read_turtle
from napgraph.validation.labels import fold
from napgraph.validation.report import Finding, Report
from napgraph.validation.validator import Checker

from .conftest import ROOT, turtle_record

WORLD = ROOT / "tests" / "world" / "data" / "jurisdictions" / "xaa.ttl"
TEXT = WORLD.read_text(encoding="utf-8")
PILLARS = ", ".join(f"<strategy-2027-2031/pillar-{number}>" for number in (1, 2, 3)).replace(",", " ,")
RECORDS = [*sorted((ROOT / "data" / "jurisdictions").glob("*.ttl")), *sorted(WORLD.parent.glob("*.ttl"))]
RECORDS += sorted((ROOT / "tests" / "shapes").glob("*/*.valid.ttl"))


@cache
def checker() -> Checker:
    return Checker(str(ROOT))


def report(text: str) -> Report:
    return checker().check_record(turtle_record("plan.ttl", text))


def missed(found: Report) -> list[Finding]:
    return [finding for finding in found.findings if "/rule/" in finding.rule]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("right", "wrong", "rule", "nearest"),
    [
        ("a nap:ActionPlan", "a nap:ActonPlan", "unknown-class", "nap:ActionPlan"),
        ("a nap:ActionPlan", "a nap:actionPlan", "unknown-class", "nap:ActionPlan"),
        ("a nap:Pillar", "a nap:hasTarget", "misplaced-term", ""),
        ("a nap:Pillar", "a nap:jurisdiction", "misplaced-term", "nap:Jurisdiction"),
        ("nap:hasElement", "nap:Pillar", "misplaced-term", ""),
        ("nap:hasIndicator", "nap:hasIndicatro", "unknown-property", "nap:hasIndicator"),
        ("nap:hasIndicator", "nap:hasindicator", "unknown-property", "nap:hasIndicator"),
        ("nap:hasIndicator", "dcterms:hasIndicator", "borrowed-term", "nap:hasIndicator"),
        ("nap:hasIndicator", "<http://example.org/terms#hasIndicator>", "borrowed-term", "nap:hasIndicator"),
        ("skos:prefLabel", "skos:preflabel", "unknown-property", "skos:prefLabel"),
        ("dcterms:title", "dcterms:titel", "unknown-property", "dcterms:title"),
        ("theme:prevention", "theme:preventoin", "Record-about", "theme:prevention"),
        ("theme:prevention", "theme:Prevention", "Record-about", "theme:prevention"),
        ("theme:prevention", "theme:sensibilisation", "Record-about", "theme:awareness-raising"),
        ("actor:cabinet", "actor:cabinets", "Organization-classification", "actor:cabinet"),
        ("jur:xaa", "jur:XAA", "ResponseDocument-jurisdiction", "jur:xaa"),
        ("jur:xaa", "jur:norway", "ResponseDocument-jurisdiction", "jur:nor"),
        ("profile:full-submission", "profile:full", "ResponseDocument-conformsTo", "profile:full-submission"),
        ('"Prevention"@en', '"Prevention"@english', "unknown-language-tag", "@en"),
        ('"Prevention"@en', '"Prevention"@eng', "unknown-language-tag", "@en"),
        ('"Prevention"@en', '"Prevention"@en-UK', "unknown-language-tag", "@en-GB"),
        ('"Prevention"@en', '"Prevention"@xq', "unknown-language-tag", ""),
        ('dcterms:language "en"', 'dcterms:language "eng"', "unknown-language-code", "en"),
        ('dcterms:language "en"', 'dcterms:language "English"', "Record-language", '"en"'),
        ('dcterms:language "en"', 'dcterms:language "en_GB"', "Record-language", '"en-GB"'),
        ('"Prevention"@en', '"Prеvention"@en', "mixed-scripts", "Prevention"),
        ("^^xsd:gYearMonth", "^^xsd:gYearmonth", "PeriodOfTime-endDate", '"2031-12"^^xsd:gYearMonth'),
        (
            "@prefix nap: <https://w3id.org",
            "@prefix nap: <http://w3id.org",
            "wrong-namespace",
            "https://w3id.org/napgraph/ont#",
        ),
        (
            "@prefix theme: <https://w3id.org",
            "@prefix theme: <http://w3id.org",
            "wrong-namespace",
            "https://w3id.org/napgraph/theme/",
        ),
        ("napgraph/ont#", "napgraph/ontology#", "wrong-namespace", "https://w3id.org/napgraph/ont#"),
        ("napgraph/ont#", "napgraph/ont/", "wrong-namespace", "https://w3id.org/napgraph/ont#"),
        ("<https://schema.org/", "<http://schema.org/", "wrong-namespace", "https://schema.org/"),
        ("core#> .", "core/> .", "wrong-namespace", "http://www.w3.org/2004/02/skos/core#"),
        (
            "<strategy-2027-2031/pillar-1> ,",
            "<strategy-2027-2031/Pillar-1> ,",
            "ResponseDocument-hasElement",
            "<strategy-2027-2031/pillar-1>",
        ),
        (
            "<strategy-2027-2031/pillar-1> ,",
            "<strategy-2027-2031/pіllar-1> ,",
            "ResponseDocument-hasElement",
            "<strategy-2027-2031/pillar-1>",
        ),
    ],
)
def test_the_right_one_is_offered(right: str, wrong: str, rule: str, nearest: str) -> None:
    assert right in TEXT
    found = report(TEXT.replace(right, wrong, 1))
    told = [finding for finding in found.findings if finding.name == rule]
    assert told, [finding.name for finding in found.findings]
    assert nearest in {finding.nearest for finding in told}
    assert found.conforms == all(finding.severity != "Violation" for finding in found.findings)
    if rule != "mixed-scripts":
        assert not found.conforms


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("a nap:ActionPlan", "a nap:ActonPlan"),
        ("a nap:StrategicGoal ;", "a nap:StrategicGaol ;"),
        ("nap:evidence <", "nap:evidnce <"),
        ("nap:hasElement <strategy", "nap:hasElemnt <strategy"),
        ("@prefix nap: <https://w3id.org", "@prefix nap: <http://w3id.org"),
        ("nap:hasElement\n", "nap:hasElment\n"),
        (PILLARS, f"( {PILLARS.replace(',', '')} )"),
        (
            PILLARS,
            "[ {0}#_1> {1} ; {0}#_2> {2} , {3} ]".format(
                "<http://www.w3.org/1999/02/22-rdf-syntax-ns", *PILLARS.split(" , ")
            ),
        ),
        ("<coordinator>\n    a", "nap:Strategy rdfs:seeAlso nap:Report .\n\n<coordinator>\n    a"),
        ("<coordinator>\n    a", "<coordination> nap:coordinatedBy <coordinator> .\n\n<coordinator>\n    a"),
    ],
)
def test_what_follows_from_a_near_miss_is_not_told_beside_it(right: str, wrong: str) -> None:
    assert right in TEXT
    found = report(TEXT.replace(right, wrong, 1))
    violations = [finding for finding in found.findings if finding.severity == "Violation"]
    assert len(violations) == 1, [(finding.name, finding.message) for finding in violations]
    assert violations[0] in missed(found)


def test_an_entry_that_says_of_no_kind_is_told_once() -> None:
    """A rule that finds it wrong where it is pointed to says enough; where none does, no rule has looked at it."""
    bare = TEXT.replace(
        "<strategy-2027-2031/background>\n    a nap:BackgroundAnalysis ;", "<strategy-2027-2031/background>"
    )
    assert "no-kind" not in {finding.name for finding in report(bare).findings}
    alone = '\n<strategy-2027-2031/measure> skos:prefLabel "Shelters"@en ; nap:responsibleBody <coordinator> .\n'
    (finding,) = missed(report(TEXT + alone))
    assert (finding.name, finding.message) == (
        "no-kind",
        "It is not said what the entry “Shelters” is, so no rule was applied to it.",
    )


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("jur:xaa", '"https://w3id.org/napgraph/jurisdiction/xaa"'),
        ("extent:full-text", '"extent:full-text"'),
        ("profile:full-submission", '"profile:full-submission"'),
        ("theme:prevention", '"theme:prevention"'),
    ],
)
def test_an_address_in_quotes_is_told_as_that(right: str, wrong: str) -> None:
    assert right in TEXT
    told = [finding for finding in report(TEXT.replace(right, wrong, 1)).findings if finding.severity == "Violation"]
    (finding,) = [finding for finding in told if finding.nearest == right]
    assert "where the address itself is needed" in finding.message


def test_a_document_without_an_address_is_told_so() -> None:
    found = report(TEXT.replace("<strategy-2027-2031>", "_:strategy"))
    (finding,) = [finding for finding in found.findings if finding.name == "ResponseDocument-iri"]
    assert finding.message.endswith("has no address of its own.")


def test_the_results_are_kept_whole() -> None:
    """The SHACL report leaves nothing out: what a near-miss explains is only not told to people."""
    found = report(TEXT.replace("nap:evidence <", "nap:evidnce <", 1))
    assert [result for result in found.results if result.rule.endswith("Record-evidence")]
    assert not [finding for finding in found.findings if finding.name == "Record-evidence"]


def test_one_wrong_prefix_is_one_finding() -> None:
    found = report(TEXT.replace("@prefix nap: <https://w3id.org", "@prefix nap: <http://w3id.org", 1))
    (finding,) = missed(found)
    assert re.search(r"Uses: \d{3}", finding.message)
    assert found.documents == 0
    assert not found.conforms


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<http://example.org/a> <http://example.org/b> 1 .",
        "@prefix org: <http://www.w3.org/ns/org#> .\n[] a org:Site .",
        '@prefix schema: <http://schema.org/> .\n[] a schema:Dataset ; schema:name "National plan" .',
    ],
)
def test_a_file_about_nothing_known_does_not_conform(text: str) -> None:
    found = report(text)
    assert [finding.name for finding in found.findings if finding.name != "wrong-namespace"] == ["nothing-known"]
    assert not found.conforms


@pytest.mark.slow
@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.name)
def test_a_right_record_has_no_near_miss(path: Path) -> None:
    found = checker().check_record(turtle_record(path))
    assert [finding.message for finding in missed(found) if finding.name != "nothing-known"] == []


@pytest.mark.parametrize(
    "added",
    [
        '<strategy-2027-2031> <http://purl.org/dc/terms/rightsHolder> "x"@en .',
        '<strategy-2027-2031> <http://www.w3.org/2004/02/skos/core#changeNote> "x"@en .',
        '<strategy-2027-2031> <http://example.org/terms#order> "x"@en .',
        "<strategy-2027-2031> a <http://www.w3.org/ns/prov#Bundle> .",
        '<strategy-2027-2031> <http://example.org/x> "5"^^<http://www.w3.org/2001/XMLSchema#unsignedInt> .',
        '<strategy-2027-2031> <http://example.org/x> "μ-opioid, Δt, α und Привет"@en .',
        "<strategy-2027-2031> <http://example.org/x> <https://Example.org/A> , <https://example.org/a> .",
    ],
)
def test_other_vocabularies_and_scripts_are_left_alone(added: str) -> None:
    assert missed(report(f"{TEXT}\n{added}\n")) == []


@pytest.mark.parametrize(
    "other",
    [
        "https://w3id.org/napgraph/id/xaa/plan",
        "http://w3id.org/napgraph/id/xaa/plan",
        "https://W3ID.org/napgraph/id/xaa/plan",
        "https://w3id.org:443/napgraph/id/xaa/plan",
        "https://www.w3id.org/napgraph/id/xaa/plan/",
        "https://w3id.org/napgraph/id/xaa/x/../plan",
        "https://w3id.org/napgraph/id/x%61a/plan",
        "https://w3id.org/napgraph/id/xaa/plаn",
        "https://w3id.org/napgraph/id/xaa/pl\u200ban",
    ],
)
def test_nine_spellings_of_one_address_look_the_same(other: str) -> None:
    assert fold(other) == fold("https://w3id.org/napgraph/id/xaa/plan")


def test_what_is_wrong_everywhere_is_told_so_often_and_then_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("napgraph.validation.findings._MOST", 3)
    found = report(TEXT.replace("nap:evidence <", "nap:evidnce <").replace("nap:order ", 'nap:order "one" , '))
    names = [finding.name for finding in found.findings]
    assert names.count("unknown-property") == 3
    assert names.count("Element-order") >= 3
    more = {finding.message for finding in found.findings if finding.name == "more-of-it"}
    assert any(re.match("“Unknown property”: [0-9]+ more places", message) for message in more), more
    assert len([result for result in found.results if result.rule.endswith("Element-order")]) > 3


def test_looking_for_near_misses_costs_little() -> None:
    """Counted are calls of functions, which no other work of the machine changes."""
    from napgraph.validation.near_misses import near_misses

    known = checker().labels
    triples = list(read_turtle(TEXT.encode(), "plan.ttl"))
    near_misses(triples, known)
    calls = 0

    def count(*_: object) -> None:
        nonlocal calls
        calls += 1

    sys.setprofile(count)
    try:
        near_misses(triples, known)
    finally:
        sys.setprofile(None)
    assert 0 < calls < 100 * len(triples)
