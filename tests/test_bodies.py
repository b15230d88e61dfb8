"""Every body that a record names for a document is in the network and on the axis of actors, in the role it has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from napgraph import KnowledgeGraph
from napgraph.query.engine import embedded
from napgraph.rdf.namespaces import prefixes

from .conftest import ROOT, Run, write_world
from .test_action_sheet import written

# A plan in which each body hangs on something else, and none has a second tie.
TIES = """
<b1> a org:Organization ; skos:prefLabel "B1"@fr ; org:classification actor:ministry ; org:subOrganizationOf <b9> .
<b2> a org:Organization ; skos:prefLabel "B2"@fr ; org:classification actor:police .
<b3> a org:Organization ; skos:prefLabel "B3"@fr ; org:classification actor:judiciary .
<b4> a org:Organization ; skos:prefLabel "B4"@fr ; org:classification actor:parliament .
<b5> a org:Organization ; skos:prefLabel "B5"@fr ; org:classification actor:committee .
<b6> a org:Organization ; skos:prefLabel "B6"@fr ; org:classification actor:private-sector .
<b7> a org:Organization ; skos:prefLabel "B7"@fr ; org:classification actor:donor .
<b8> a org:Organization ; skos:prefLabel "B8"@fr ; org:classification actor:un-agency .
<b9> a org:Organization ; skos:prefLabel "B9"@fr ; org:classification actor:head-of-government .
<plan> a nap:ActionPlan ; dcterms:title "Plan national"@fr ; nap:jurisdiction jur:xaa ;
  nap:sourceExtent extent:full-text ; nap:examinedFor feature:operational , feature:content ;
  dcterms:conformsTo profile:summary ; nap:evidence <source/p> ; nap:coordinatedBy <b7> ; nap:hasCopy <plan/copy> ;
  nap:hasEvent <plan/approval> ; nap:hasEvent <plan/amendment> ; nap:hasElement <plan/a> , <plan/m> .
<plan/copy> a nap:DocumentCopy ; dcterms:publisher <b8> ; nap:copyKind copy:full-text ; nap:evidence <source/p> .
<plan/approval> a nap:PolicyEvent ; nap:actType act:approved ; nap:sourceVerb "a approuvé"@fr ;
  nap:performedBy <b4> ; nap:evidence <source/p> .
<plan/amendment> a nap:PolicyEvent ; nap:actType act:amended ; nap:performedBy <b6> ; nap:evidence <source/p> .
<plan/a> a nap:PlannedActivity ; skos:prefLabel "Former les juges"@fr ; nap:evidence <source/p> ;
  nap:hasResponsibility <plan/r> ; nap:hasResourcePlan <plan/money> .
<plan/r> a nap:ResponsibilityAssignment ; nap:assignedTo <b1> ; nap:responsibilityRole role:lead ;
  nap:evidence <source/p> .
<plan/money> a nap:Budget ; nap:fundedBy <b2> ; nap:fundedBy actor:donor ; nap:evidence <source/p> .
<plan/m> a nap:MonitoringMechanism ; nap:monitors <plan> ; nap:responsibleBody <b3> ; nap:hasResponsibility <plan/r2> ;
  nap:evidence <source/p> .
<plan/r2> a nap:ResponsibilityAssignment ; nap:assignedTo <b5> ; nap:evidence <source/p> .
<source> a nap:SourceDocument ; dcterms:title "Plan national"@fr ; dcterms:language "fr" .
<source/p> a nap:SourcePassage ; oa:hasSource <source> ; nap:paragraph 1 .
"""


@pytest.fixture(scope="module")
def ties(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    return KnowledgeGraph.load(ROOT, data=[str(written(TIES, tmp_path_factory.mktemp("ties") / "ties.ttl"))])


@pytest.fixture(scope="module", params=["bundled", "world", "ties"])
def graph(
    request: pytest.FixtureRequest, kg: KnowledgeGraph, ties: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory
) -> KnowledgeGraph:
    if request.param == "bundled":
        return kg
    return ties if request.param == "ties" else KnowledgeGraph.load(write_world(tmp_path_factory.mktemp("bodies")))


def test_each_body_has_the_role_of_its_tie(ties: KnowledgeGraph) -> None:
    rows = [row for row in ties.network(country=["XAA"]).rows() if row["body"]]
    assert sorted((row["body_name"], row["role"], row["verb"]) for row in rows) == [
        ("B1", "leads", None),
        ("B2", "funds", None),
        ("B3", "monitors", None),
        ("B4", "approves", "a approuvé"),
        ("B5", "monitors", None),
        ("B6", "amends", None),
        ("B7", "coordinates", None),
        ("B8", "publishes a copy", None),
        ("B9", "is the parent body", None),
    ]
    kinds = [(row["body_class"], row["role"]) for row in ties.network(country=["XAA"]).rows() if not row["body"]]
    assert kinds == [("Donor", "funds")]


@pytest.mark.slow
def test_what_a_body_is_on_the_axis_is_what_the_network_says(graph: KnowledgeGraph) -> None:
    """Everything asserted of a document, its events, parts and copies that leads to a body is in both."""
    named: set[tuple[str, str]] = set()
    store = embedded(graph).store
    iris = dict(prefixes(graph.root))
    found = store.query((ROOT / "tests" / "bodies-of-documents.rq").read_text(encoding="utf-8"), prefixes=iris)
    for row in found:  # type: ignore[union-attr]
        named.add((row["document"].value, row["body"].value))
    assert len(named) >= 9
    network = {(str(row["document"]), str(row["body"])) for row in graph.query("network", tier="all") if row["body"]}
    assert named <= network
    axis = {(str(row["document"]), str(row["phrase"])) for row in graph.query("actors", tier="all") if row["concept"]}
    assert {(document, graph.labels[body]) for document, body in named} <= axis


def test_every_act_has_a_role(kg: KnowledgeGraph) -> None:
    text = (Path(kg.root) / "queries" / "build" / "14-roles.rq").read_text(encoding="utf-8")
    named = set(re.findall(r'\((act:[a-z-]+) "', text))
    assert named == {f"act:{code}" for code in kg.codes("act")}


@pytest.mark.slow
def test_the_terminal_shows_the_act_and_the_verb(napgraph: Run) -> None:
    done = napgraph("network", "-c", "BRA", "-c", "NOR", "-c", "HRV")
    assert done.returncode == 0, done.stderr
    assert 'issues ("issued"): Government of Norway' in done.stdout
    assert 'releases ("released"): National Committee' in done.stdout
    assert "is the parent body: Brazilian Ministry of Justice; Special Secretariats" in done.stdout
    assert "publishes a copy: UNODC" in done.stdout


def test_a_body_that_is_only_in_an_assignment_is_seen(ties: KnowledgeGraph) -> None:
    features = {
        str(row["concept"]).rpartition("/")[2]: str(row["value"]).rpartition("/")[2]
        for row in ties.query("features", country="XAA")
    }
    assert (features["actors"], features["responsible-and-resourced"]) == ("described", "described")
    lead = [row["name"] for row in ties.query("lead-bodies", country="XAA")]
    assert lead == ["B1"]
    answers = {row["question"]: row["answer"] for row in ties.query("element-parts", country="XAA") if row["element"]}
    assert answers["body"] == "stated"
    said = {row["aspect"]: row["words"] for row in ties.query("action-sheet", country="XAA")}
    assert (said["leads"], said["is funded by"]) in {("B1", "B2"), ("B1", "Donor")}


@pytest.mark.slow
def test_a_network_of_one_role(napgraph: Run, kg: KnowledgeGraph) -> None:
    """Who coordinates, in all countries, is one command, in the reader's words too."""
    rows = kg.network(role="coordinates").rows()
    assert {row["role"] for row in rows} == {"coordinates"}
    assert {("DNK", "minister for ligestilling"), ("AUS", "Attorney-General's Department")} <= {
        (row["country"], row["body_name"]) for row in rows
    }
    french = napgraph("network", "--role", "coordonne", "--lang", "fr", "-c", "DNK")
    assert "coordonne: minister for ligestilling" in french.stdout
    wrong = napgraph("network", "--role", "coordinate")
    assert wrong.returncode == 2
    assert "Did you mean coordinates" in wrong.stderr
