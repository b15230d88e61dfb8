"""What the data must and must not say: the counts of the source, and the traps that a hasty reader falls into."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pyoxigraph
import pytest
from rdflib import BNode, Dataset, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, RDF, RDFS, SKOS, XSD
from rdflib.term import Node

from napgraph import KnowledgeGraph
from napgraph.graph.files import source_files
from napgraph.query.engine import embedded
from napgraph.rdf.namespaces import prefixes

NAP = Namespace("https://w3id.org/napgraph/ont#")
ID = Namespace("https://w3id.org/napgraph/id/")
THEME = Namespace("https://w3id.org/napgraph/theme/")
ELI = Namespace("http://data.europa.eu/eli/ontology#")
TOOLKIT = "https://w3id.org/napgraph/source/unodc-toolkit-2008"
"""Where an assertion is about what this source says, the resources are those that it bears out."""


@pytest.fixture(scope="module")
def graph(kg: KnowledgeGraph) -> Dataset:
    return kg.graph()


def documents(kg: KnowledgeGraph) -> dict[str, str]:
    """Return document -> alpha-3 code, from the closure."""
    nap = str(NAP)
    store = embedded(kg).store
    found = {}
    for quad in store.quads_for_pattern(
        None, pyoxigraph.NamedNode(str(RDF.type)), pyoxigraph.NamedNode(nap + "ResponseDocument")
    ):
        for link in store.quads_for_pattern(quad.subject, pyoxigraph.NamedNode(nap + "jurisdiction"), None):
            found[quad.subject.value] = link.object.value.rpartition("/")[2].upper()  # type: ignore[union-attr]
    return found


def borne_out(graph: Dataset, node: Node, source: str = TOOLKIT) -> bool:
    return any(str(evidence).startswith(source) for evidence in graph.objects(node, NAP.evidence))


def in_toolkit(kg: KnowledgeGraph, graph: Dataset) -> dict[str, str]:
    """Return document -> alpha-3 code, of the documents that the Toolkit tells of."""
    return {iri: code for iri, code in documents(kg).items() if borne_out(graph, URIRef(iri))}


def only(graph: Dataset, subject: Node, predicate: URIRef) -> Node:
    values = list(graph.objects(subject, predicate))
    assert len(values) == 1, (subject, predicate, values)
    return values[0]


def events(graph: Dataset, document: Node) -> dict[str, str]:
    """Return act -> date of a document's events, as the Toolkit tells them."""
    nodes = [event for event in graph.objects(document, NAP.hasEvent) if borne_out(graph, event)]
    return {
        str(only(graph, event, NAP.actType)).rpartition("/")[2]: str(graph.value(event, NAP.date) or "")
        for event in nodes
    }


def adoptions(graph: Dataset, document: Node) -> list[Node]:
    """Return the events by which a document was adopted, whatever source tells of them."""
    act = URIRef("https://w3id.org/napgraph/act/adoption")
    kinds = set(graph.transitive_subjects(SKOS.broader, act))
    assert len(kinds) > 4
    return [event for event in graph.objects(document, NAP.hasEvent) if graph.value(event, NAP.actType) in kinds]


def period(graph: Dataset, document: URIRef) -> tuple[object, object]:
    node = only(graph, document, NAP.period)
    assert isinstance(node, (URIRef, BNode))
    return graph.value(node, DCAT.startDate), graph.value(node, DCAT.endDate)


def test_each_file_speaks_for_its_jurisdiction(kg: KnowledgeGraph, root: Path) -> None:
    """Its documents are those that the file describes, no more and no fewer."""
    found: dict[str, int] = Counter(code.lower() for code in documents(kg).values())
    files = {path.stem: path.read_text(encoding="utf-8") for path in (root / "data" / "jurisdictions").glob("*.ttl")}
    kind = r"a nap:(?:Strategy|ActionPlan|PolicyInstrument|Report|ResponseDocument)\b.*\n"
    pattern = re.compile(rf"^<[^>]+>\n    {kind}(?:    .*\n)*?    nap:jurisdiction ", re.MULTILINE)
    written = {code: len(pattern.findall(text)) for code, text in files.items()}
    assert found == written
    assert len(found) >= 46
    assert sum(found.values()) >= 262


def test_22_jurisdictions_and_37_documents_of_the_toolkit(kg: KnowledgeGraph, graph: Dataset) -> None:
    found = in_toolkit(kg, graph)
    assert len(found) == 37
    assert len(set(found.values())) == 22
    several = {code: number for code, number in Counter(found.values()).items() if number != 1}
    two = ("ALB", "BIH", "BRA", "KHM", "DNK", "ISR", "XKX", "THA", "GBR")
    assert several == dict.fromkeys(two, 2) | {"COL": 3, "HRV": 3, "GRC": 3}


def test_every_document_element_event_and_copy_has_evidence(kg: KnowledgeGraph) -> None:
    rows = kg.query("parts").rows()
    nodes = {str(row["document"]) for row in rows} | {str(row["part"]) for row in rows if row["part"]}
    assert len(nodes) > 200
    store = embedded(kg).store
    evidence = pyoxigraph.NamedNode(str(NAP.evidence))
    assert [
        node for node in nodes if not any(store.quads_for_pattern(pyoxigraph.NamedNode(node), evidence, None))
    ] == []


def test_jurisdictions_without_an_address(kg: KnowledgeGraph, graph: Dataset) -> None:
    found = in_toolkit(kg, graph)
    with_copy = {
        found[str(document)]
        for document, copy in graph.subject_objects(NAP.hasCopy)
        if str(document) in found and borne_out(graph, copy)
    }
    assert set(found.values()) - with_copy == {"BGD", "COL", "ISR", "NLD"}


def test_croatias_seven_areas_belong_to_the_yearly_plan(graph: Dataset) -> None:
    hrv = [each for each in graph.subjects(RDF.type, NAP.Pillar) if str(each).startswith(str(ID.hrv))]
    pillars = [each for each in hrv if borne_out(graph, each)]
    assert len(pillars) == 7
    owners = {document for pillar in pillars for document in graph.subjects(NAP.hasElement, pillar)}
    assert len(owners) == 1
    assert (owners.pop(), DCTERMS.type, URIRef("https://w3id.org/napgraph/doctype/operational-plan")) in graph


def test_bangladeshs_2001_dates_the_core_group(graph: Dataset) -> None:
    plan = ID["bgd/action-plan-children"]
    assert events(graph, plan) == {"established": "2001", "drafted": "", "consulted": ""}
    assert not adoptions(graph, plan)


@pytest.mark.parametrize("document", ["bra/national-action-plan", "mmr/plan-2007-2011"])
def test_proposed_plans_are_not_adopted(graph: Dataset, document: str) -> None:
    assert not adoptions(graph, ID[document])
    assert str(only(graph, ID[document], NAP.status)).endswith("/status/proposed")


def test_links_to_other_works_are_not_copies_of_the_plan(graph: Dataset) -> None:
    kinds = {
        str(document).rpartition("/id/")[2][:3]: str(only(graph, copy, NAP.copyKind)).rpartition("/")[2]
        for document, copy in graph.subject_objects(NAP.hasCopy)
        if isinstance(copy, URIRef) and "/id/" in str(document) and borne_out(graph, copy)
    }
    assert {code: kind for code, kind in kinds.items() if kind not in {"complete", "summary"}} == {
        "idn": "within-another-work",
        "mda": "within-another-work",
        "bra": "about-page",
        "mmr": "about-page",
    }


def test_israels_priorities_belong_to_the_august_plan(graph: Dataset) -> None:
    owners = {
        document
        for each in graph.subjects(RDF.type, NAP.Priority)
        if borne_out(graph, each)
        for document in graph.subjects(NAP.hasElement, each)
    }
    assert len(owners) == 1
    (plan,) = owners
    assert events(graph, plan)["dated"] == "2007-08"


def test_dates_that_stand_only_in_an_address_are_not_recorded(graph: Dataset) -> None:
    for document in (ID["aus/action-plan"], ID["bih/operational-plan"]):
        assert (document, NAP.evidence, None) in graph
        assert not list(graph.objects(document, NAP.period))
        assert "".join(events(graph, document).values()) == ""
    assert "".join(events(graph, ID["nor/plan-2006-2009"]).values()) == ""


def test_a_year_is_recorded_only_where_a_paragraph_prints_it(graph: Dataset, source: str) -> None:
    without_addresses = re.sub(r"<?(?:https?://|www\.)\S+", "", source)
    years = set(re.findall(r"(?:19|20)\d\d", without_addresses))
    checked = 0
    for predicate in (NAP.date, DCAT.startDate, DCAT.endDate, DCTERMS.issued):
        for subject, value in graph.subject_objects(predicate):
            named = (subject, *graph.subjects(None, subject))
            if any(borne_out(graph, node) for node in named):
                assert str(value)[:4] in years, (subject, value)
                checked += 1
    assert checked > 50


def test_thailands_policy_and_plan_are_two(graph: Dataset, kg: KnowledgeGraph) -> None:
    found = [URIRef(iri) for iri, code in in_toolkit(kg, graph).items() if code == "THA"]
    kinds = {str(only(graph, document, RDF.type)).rpartition("#")[2] for document in found}
    assert kinds == {"ActionPlan", "PolicyInstrument"}


def test_viet_nams_support_is_for_victims_from_abroad(graph: Dataset) -> None:
    label = Literal("Support for women and children from other countries who are victims of traffickers", lang="en")
    pillar = only_subject(graph, SKOS.prefLabel, label)
    assert (pillar, NAP.about, URIRef("https://w3id.org/napgraph/group/foreign-victims")) in graph
    assert (pillar, NAP.aboutExactly, None) not in graph


def only_subject(graph: Dataset, predicate: URIRef, value: Literal) -> URIRef:
    (subject,) = graph.subjects(predicate, value)
    assert isinstance(subject, URIRef)
    return subject


def test_bosnia_and_kosovo_share_concepts_not_wording(graph: Dataset) -> None:
    def principles(code: str) -> list[URIRef]:
        return [
            node
            for node in graph.subjects(RDF.type, NAP.PrincipleStatement)
            if isinstance(node, URIRef) and str(node).startswith(f"{ID}{code}")
        ]

    bih, xkx = principles("bih/"), principles("xkx/action-plan/")
    assert (len(bih), len(xkx)) == (6, 5)
    wording = [{str(graph.value(node, SKOS.prefLabel)) for node in nodes} for nodes in (bih, xkx)]
    assert not wording[0] & wording[1]
    links = (NAP.about, NAP.aboutExactly)
    concepts = [
        {str(value).rpartition("/")[2] for node in nodes for link in links for value in graph.objects(node, link)}
        for nodes in (bih, xkx)
    ]
    assert concepts[0] & concepts[1] == {
        "human-rights-based-approach",
        "civil-society-participation",
        "interdisciplinary-cooperation",
        "sustainability",
    }


def test_moldova_and_finland_share_a_day(graph: Dataset) -> None:
    for document in ("mda/national-action-plan", "fin/action-plan"):
        assert events(graph, ID[document])["approved"] == "2005-08-25"


def test_denmarks_former_plan_has_an_end_only(graph: Dataset) -> None:
    former = ID["dnk/former-action-plan"]
    assert period(graph, former) == (None, Literal("2006", datatype=XSD.gYear))
    assert [str(new).rpartition("/")[2] for new in graph.subjects(NAP.supersedes, former)] == ["action-plan-2007-2010"]


def test_the_law_of_colombia_has_a_number_and_no_date(graph: Dataset) -> None:
    laws = [node for node in graph.subjects(ELI.number, None) if str(node).startswith(str(ID.col))]
    laws = [law for law in laws if borne_out(graph, law)]
    assert [str(graph.value(law, ELI.number)) for law in laws] == ["985/2005"]
    assert not [date for law in laws for date in graph.objects(law, ELI.date_document)]


def test_kosovo_is_named_with_care(graph: Dataset) -> None:
    kosovo = URIRef("https://w3id.org/napgraph/jurisdiction/xkx")
    assert Literal("Kosovo (under UN Security Council resolution 1244 (1999))", lang="en") in set(
        graph.objects(kosovo, SKOS.prefLabel)
    )
    assert {
        str(code.datatype).rpartition("#")[2]
        for code in graph.objects(kosovo, SKOS.notation)
        if isinstance(code, Literal)
    } == {"UserAssignedCode"}


def test_the_netherlands_record_is_thin(kg: KnowledgeGraph, graph: Dataset, root: Path) -> None:
    """What one source says of a plan that it only names is written in the lines of a page, and nothing repeats it."""
    rows = [row for row in kg.query("parts", country="NLD") if borne_out(graph, URIRef(str(row["document"])))]
    assert {kg.labels[str(row["document"])] for row in rows} == {"Action Plan to Combat Human Trafficking"}
    parts = [URIRef(str(row["part"])) for row in rows if row["part"]]
    assert [[*graph.objects(part, RDF.type)] for part in parts if borne_out(graph, part)] == [[NAP.PolicyEvent]]
    text = (root / "data" / "jurisdictions" / "nld.ttl").read_text(encoding="utf-8")
    head, mark, later = text.partition("\n# What other sources say")
    assert mark
    used = set(re.findall(r"(?<![\w<])([a-z]+):", re.sub(r"@prefix.*", "", head)))
    lines = [line for line in head.splitlines() if not (found := re.match(r"@prefix (\w+):", line)) or found[1] in used]
    assert 20 < len(lines) <= 45
    assert "\n<action-plan" not in later


def test_the_file_to_copy_is_the_thinnest(root: Path) -> None:
    """CONTRIBUTING and the page of the data name the shortest file, so that nobody begins with a long one."""
    paths = (root / "data" / "jurisdictions").glob("*.ttl")
    lengths = {path.name: len(path.read_bytes().splitlines()) for path in paths}
    thinnest = min(lengths, key=lambda name: lengths[name])
    assert f"(copy `{thinnest}`)" in (root / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert f"(jurisdictions/{thinnest})" in (root / "data" / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("2005-10", "2005-10-31"),
        ("2000-02", "2000-02-29"),
        ("1900-02", "1900-02-28"),
        ("2007", "2007-12-31"),
        ("2005-08-25", "2005-08-25"),
    ],
)
def test_bounds_of_dates(root: Path, first: str, second: str) -> None:
    kind = {4: "gYear", 7: "gYearMonth", 10: "date"}[len(first)]
    store = pyoxigraph.Store()
    text = f'<urn:x:event> <{NAP.date}> "{first}"^^<{XSD[kind]}> .'
    store.load(text.encode(), format=pyoxigraph.RdfFormat.N_TRIPLES)
    made = store.query((root / "queries" / "build" / "12-date-bounds.rq").read_text(encoding="utf-8"))
    assert isinstance(made, pyoxigraph.QueryTriples)
    latest = [triple.object.value for triple in made if triple.predicate.value == str(NAP.latest)]
    assert latest == [second]


def test_nothing_outside_a_file_s_own_jurisdiction_is_described_in_it(kg: KnowledgeGraph, root: Path) -> None:
    whole = kg.graph()
    for path, name in source_files(str(root)):
        if path.startswith("data/jurisdictions/"):
            code = Path(path).stem
            subjects = {subject for subject in whole.graph(URIRef(name)).subjects() if isinstance(subject, URIRef)}
            assert subjects
            own = (f"{ID}{code}/", f"https://w3id.org/napgraph/source/{code}-")
            assert {str(subject) for subject in subjects if not str(subject).startswith(own)} == set(), path


def test_every_prefix_is_that_of_the_table(root: Path) -> None:
    table = prefixes(str(root))
    pattern = re.compile(r"^(?:@prefix|PREFIX)\s+(\w*):\s+<([^>]+)>", re.MULTILINE)
    checked = 0
    for path in [*root.glob("*/**/*.ttl"), *root.glob("queries/**/*.rq")]:
        if ".venv" in path.parts:
            continue
        declared = pattern.findall(path.read_text(encoding="utf-8"))
        assert declared or path.name == "prefixes.ttl" or path.suffix == ".rq", path  # a query may need none
        own = {(prefix, space) for prefix, space in declared if not space.startswith("https://example.org/")}
        assert {(prefix, space) for prefix, space in own if table.get(prefix) != space} == set(), path
        checked += 1
    assert checked > 60


@pytest.mark.slow
def test_every_file_reads_the_same_in_two_parsers(root: Path) -> None:
    from rdflib import Graph

    checked = 0
    for path in [*root.glob("*/**/*.ttl")]:
        if ".venv" in path.parts or "broken" in path.name:
            continue
        content = path.read_bytes()
        strict = {str(quad.triple) for quad in pyoxigraph.parse(content, format=pyoxigraph.RdfFormat.TURTLE)}
        other = Graph().parse(data=content, format="turtle")
        assert len(strict) == len(other), path
        checked += 1
    assert checked > 60


def test_labels_are_tagged(graph: Dataset) -> None:
    for predicate in (SKOS.prefLabel, SKOS.altLabel, SKOS.definition, RDFS.label, RDFS.comment, DCTERMS.title):
        untagged = [
            (subject, text) for subject, text in graph.subject_objects(predicate) if not getattr(text, "language", None)
        ]
        assert untagged == []
