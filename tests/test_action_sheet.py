"""Every form of time, of money and of responsibility that the shapes allow has its row on the action sheet."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from napgraph import KnowledgeGraph

from .conftest import ROOT

AWKWARD = ROOT / "tests" / "awkward"

# Ranges of money, a sum in thousands, means without a sum, and bodies that are named only in an assignment.
FORMS = """
<justice> a org:Organization ; skos:prefLabel "Ministère de la Justice"@fr ; org:classification actor:ministry .
<plan> a nap:ActionPlan ; dcterms:title "Plan national"@fr ; nap:jurisdiction jur:xaa ;
  nap:sourceExtent extent:full-text ; nap:examinedFor feature:operational ; dcterms:conformsTo profile:summary ;
  nap:hasElement <plan/a> , <plan/b> , <plan/c> ; nap:evidence <source/p> .
<plan/a> a nap:PlannedActivity ; skos:prefLabel "Former les juges"@fr ; nap:order 1 ; nap:evidence <source/p> ;
  nap:hasResponsibility <plan/r1> , <plan/r2> ; nap:hasResourcePlan <plan/m1> , <plan/m2> ;
  nap:period [ dcat:endDate "2031"^^xsd:gYear ] .
<plan/r1> a nap:ResponsibilityAssignment ; nap:assignedTo actor:ministry ; nap:evidence <source/p> .
<plan/r2> a nap:ResponsibilityAssignment ; nap:assignedTo <justice> ; nap:responsibilityRole role:overall ;
  nap:evidence <source/p> .
<plan/m1> a nap:Budget ; nap:evidence <source/p> ; nap:fundedBy actor:donor ;
  nap:amount [ schema:minValue 0 ; schema:maxValue 80000 ; schema:currency "EUR" ;
    nap:printedIn 1000 ] .
<plan/m2> a nap:ResourcePlan ; skos:prefLabel "Deux formateurs"@fr ; nap:evidence <source/p> .
<plan/b> a nap:PlannedActivity ; skos:prefLabel "Ouvrir un registre"@fr ; nap:order 2 ; nap:evidence <source/p> ;
  nap:notStated nap:hasResponsibility , nap:recurrence , nap:hasResourcePlan , nap:hasIndicator .
<plan/c> a nap:PlannedActivity ; skos:prefLabel "Tenir le registre"@fr ; nap:order 3 ; nap:evidence <source/p> ;
  nap:period [ nap:startsAfter "P1Y"^^xsd:duration ; nap:countedFrom <plan> ] .
<source> a nap:SourceDocument ; dcterms:title "Plan national"@fr ; dcterms:language "fr" .
<source/p> a nap:SourcePassage ; oa:hasSource <source> ; nap:paragraph 1 .
"""


def written(text: str, path: Path) -> Path:
    """Write a record of the invented country xaa with every prefix of the project; return its path."""
    prefixes = (ROOT / "ontology" / "prefixes.ttl").read_text(encoding="utf-8")
    lines = [line for line in prefixes.splitlines() if line.startswith("@prefix")]
    path.write_text("\n".join([*lines, "@base <https://w3id.org/napgraph/id/xaa/> .", text]), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def forms(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    names = ("budget-by-source-and-year", "horizons", "relative-deadline", "roles", "recurrence", "ongoing")
    own = written(FORMS, tmp_path_factory.mktemp("forms") / "forms.ttl")
    return KnowledgeGraph.load(ROOT, data=[str(own), *(str(AWKWARD / f"{name}.ttl") for name in names)])


def sheet(kg: KnowledgeGraph, activity: str) -> list[tuple[object, ...]]:
    """The rows of one activity: aspect, answer, value by the last part of its IRI, words and part."""
    rows = [row for row in kg.query("action-sheet") if str(row["activity"]).endswith(f"/{activity}")]
    return [(row["aspect"], row["answer"], *(last(row[name]) for name in ("value", "words", "part"))) for row in rows]


def last(value: object) -> str:
    return "" if value is None else re.sub(r"^https.*[/#]", "", str(value))


@pytest.mark.slow
def test_time_that_is_counted_has_its_rows(forms: KnowledgeGraph) -> None:
    named = [row for row in sheet(forms, "xce/plan/activity-3") if row[1] == "stated"]
    assert named == [
        ("starts after", "stated", "P2Y", "", "medium-term"),
        ("is due within", "stated", "P5Y", "", "medium-term"),
        ("is counted from", "stated", "plan", "National Action Plan against Trafficking in Persons", "medium-term"),
        ("is timed", "stated", "medium-term", "Medium term", "medium-term"),
    ]
    counted = [row for row in sheet(forms, "xcf/plan/activity-2") if row[1] == "stated"]
    assert counted == [
        ("starts after", "stated", "P1M", "", ""),
        ("is due within", "stated", "P90D", "", ""),
        ("is counted from", "stated", "entry-into-force", "Entered into force", ""),
    ]
    repeated = [row for row in sheet(forms, "xcd/plan/activity-2") if row[1] == "stated"]
    assert [row[:3] for row in repeated] == [
        ("starts", "stated", "2027"),
        ("is due", "stated", "2030"),
        ("is repeated every", "stated", "P1Y"),
    ]
    assert [row[:3] for row in sheet(forms, "xcc/plan/activity-2") if row[1] == "stated"] == [
        ("starts", "stated", "2027-02"),
        ("is timed", "stated", "ongoing"),
    ]


def test_money_by_source_and_year_has_its_rows(forms: KnowledgeGraph) -> None:
    rows = [row for row in sheet(forms, "xcn/plan/activity-1") if row[4]]
    second = [row for row in rows if row[4] == "budget-1-2"]
    assert second == [
        ("has means", "stated", "475500", "EUR", "budget-1-2"),
        ("has means printed in units of", "stated", "1000", "EUR", "budget-1-2"),
        ("has means from", "stated", "2028", "", "budget-1-2"),
        ("has means until", "stated", "2028", "", "budget-1-2"),
        ("is funded by", "stated", "treasury", "Ministry of Finance of Nordania", "budget-1-2"),
    ]
    sums = [row[2] for row in rows if row[0] == "has means"]
    assert sums == ["1250000", "450000", "475500", "200000", "120000"]


def test_ranges_kinds_and_means_without_a_sum_have_their_rows(forms: KnowledgeGraph) -> None:
    assert sheet(forms, "xaa/plan/a") == [
        ("leads", "stated", "ministry", "Ministry", "r1"),
        ("supports", "absent", "", "", ""),
        ("answers for the whole", "stated", "justice", "Ministère de la Justice", "r2"),
        ("is due", "stated", "2031", "", ""),
        ("has means", "stated", "m2", "Deux formateurs", "m2"),
        ("has means of at least", "stated", "0", "EUR", "m1"),
        ("has means of at most", "stated", "80000", "EUR", "m1"),
        ("has means printed in units of", "stated", "1000", "EUR", "m1"),
        ("is funded by", "stated", "donor", "Donor", "m1"),
        ("is measured by", "absent", "", "", ""),
    ]


def test_the_queries_of_plans_never_contradict(forms: KnowledgeGraph) -> None:
    # Activity b says that it leaves four things open. Activity c says when it starts, and not when it ends.
    aspects = {
        "responsible body": "leads",
        "timeline": "is due",
        "resources": "has means",
        "indicator": "is measured by",
    }
    questions = {"responsible body": "body", "timeline": "timeline", "indicator": "indicator"}
    missing = {(str(row["element"]), row["missing"]): row["answer"] for row in forms.query("missing-parts")}
    parts = {(str(row["element"]), row["question"]): row["answer"] for row in forms.query("element-parts")}
    lines = {(str(row["activity"]), row["aspect"]): row["answer"] for row in forms.query("action-sheet")}
    checked = 0
    for (element, lack), answer in missing.items():
        if (element, aspects[str(lack)]) in lines:
            assert lines[element, aspects[str(lack)]] == answer, (element, lack)
            checked += 1
        if lack in questions:
            assert parts[element, questions[str(lack)]] == answer, (element, lack)
    assert checked > 10
    own = "https://w3id.org/napgraph/id/xaa/plan/b"
    assert {missing[own, lack] for lack in aspects} == {"absent"}


def test_a_kind_of_body_leads(forms: KnowledgeGraph) -> None:
    rows = [row for row in forms.query("lead-bodies") if str(row["country"]).endswith("/xaa")]
    assert [(row["body"], row["name"], row["class"], row["activities"], row["withoutSupport"]) for row in rows] == [
        (None, None, "Ministry", 1, 1)
    ]


def test_features_see_kinds_of_bodies_and_sums_without_a_budget(forms: KnowledgeGraph) -> None:
    shown = {
        str(row["concept"]).rpartition("/")[2]: str(row["value"]).rpartition("/")[2]
        for row in forms.query("features", country="XAA")
    }
    assert shown["responsibilities"] == "partly-described"
    assert shown["responsible-and-resourced"] == "described"
    assert shown["actors"] == "described"
    assert shown["timelines"] == "partly-described"
    assert shown["budget"] == "described"
