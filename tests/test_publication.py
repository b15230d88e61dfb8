"""What describes the dataset and the ontology, held against the rules of those who read it: DCAT-AP and FAIR checks."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pyoxigraph
import pyshacl
import pytest
import rdflib
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SH

from napgraph import KnowledgeGraph
from napgraph.graph.files import read_file, source_files
from napgraph.rdf.namespaces import BASE
from napgraph.rdf.terms import as_graph
from napgraph.site.describe import Describer
from napgraph.site.model import Model

from .conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

RULES = ROOT / "tests" / "publication"
VOID = rdflib.Namespace("http://rdfs.org/ns/void#")
DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")
DATASET = rdflib.URIRef(f"{BASE}dataset")
ONTOLOGY = rdflib.URIRef(f"{BASE}ont")


@cache
def stated() -> frozenset[pyoxigraph.Triple]:
    return frozenset(triple for file in source_files(str(ROOT)) for triple in read_file(str(ROOT), file.path))


@pytest.fixture(scope="module")
def described(kg: KnowledgeGraph) -> list[pyoxigraph.Triple]:
    files = [("dumps/all.nq.gz", "everything", "application/n-quads", "RDF_N_QUADS", 1234)]
    graphs = [(f"{BASE}graph/nor", "graph/nor.nt", "Norway", 100)]
    return Describer(kg, "https://example.org/plans/", stated()).dataset("Cite so.", files, graphs)


def findings(data: rdflib.Graph, shapes: rdflib.Graph) -> set[tuple[str, str]]:
    """Return the shape and path of each finding; a shape without name is told by the one above it."""
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, advanced=False)
    assert isinstance(report, rdflib.Graph)
    found = set()
    for node in report.subjects(RDF.type, SH.ValidationResult):
        shape: Any = report.value(node, SH.sourceShape)
        while isinstance(shape, rdflib.BNode):
            shape = next(shapes.subjects(None, shape))
        found.add((str(shape).rpartition("/")[2], str(report.value(node, SH.resultPath))))
    return found


def test_the_dataset_conforms_to_dcat_ap(described: list[pyoxigraph.Triple]) -> None:
    shapes = rdflib.Graph().parse(RULES / "dcat-ap-3.0.0.jsonld", format="json-ld")
    data = as_graph(described)
    for kind in (DCAT.Catalog, DCAT.Dataset, DCAT.Distribution):
        assert set(data.subjects(RDF.type, kind)), kind
    assert findings(data, shapes) == set()
    data.remove((DATASET, DCTERMS.title, None))
    data.remove((None, DCAT.accessURL, None))
    assert {path for _, path in findings(data, shapes)} == {str(DCTERMS.title), str(DCAT.accessURL)}


@pytest.mark.slow
def test_the_counts_are_those_of_the_files(described: list[pyoxigraph.Triple]) -> None:
    told, data = as_graph(described), as_graph(stated())
    assert int(str(told.value(DATASET, VOID.triples))) == len(data)
    assert int(str(told.value(DATASET, VOID.distinctSubjects))) == len(set(data.subjects()))
    assert int(str(told.value(DATASET, VOID.properties))) == len(set(data.predicates()))
    by_class = {
        str(told.value(part, VOID["class"])): int(str(told.value(part, VOID.entities)))
        for part in told.objects(DATASET, VOID.classPartition)
    }
    kinds = [kind for kind in set(data.objects(None, RDF.type)) if isinstance(kind, rdflib.URIRef)]
    assert by_class == {str(kind): len(set(data.subjects(RDF.type, kind))) for kind in kinds}
    by_property = {
        str(told.value(part, VOID.property)): int(str(told.value(part, VOID.triples)))
        for part in told.objects(DATASET, VOID.propertyPartition)
    }
    uses = [str(predicate) for predicate in data.predicates()]
    assert by_property == {predicate: uses.count(predicate) for predicate in set(uses)}


def test_every_saved_query_is_an_example_with_its_text(kg: KnowledgeGraph) -> None:
    describer = Describer(kg, BASE, [])
    for query in kg.queries:
        example = as_graph(describer.example(f"{BASE}query/{query.name}", query))
        (text,) = example.objects(None, SH["select"])
        assert str(text) == query.text.strip()
        assert set(example.objects(None, RDF.type)) == {SH.SPARQLExecutable, SH.SPARQLSelectExecutable}
        assert any(example.objects(None, RDFS.comment)), query.name


def test_the_ontology_passes_the_fair_checks_that_need_no_host() -> None:
    shapes = rdflib.Graph().parse(RULES / "fair.ttl")
    names = {str(shape).rpartition("/")[2] for shape in shapes.subjects(RDF.type, SH.NodeShape)}
    assert len(names) == 15
    triples = list(read_file(str(ROOT), "ontology/napgraph.ttl"))
    assert findings(as_graph(triples), shapes) == set()
    bare = as_graph(triples)
    for predicate in set(bare.predicates(ONTOLOGY)) | {RDFS.label, RDFS.subClassOf}:
        bare.remove((None, predicate, None)) if predicate != RDF.type else bare.remove((ONTOLOGY, RDF.type, None))
    bare.remove((None, rdflib.SKOS.definition, None))
    assert {name for name, _ in findings(bare, shapes)} == names - {"PURL1"}
    assert OWL.Ontology not in set(bare.objects(ONTOLOGY, RDF.type))


def test_drawings_show_every_link_of_their_class(kg: KnowledgeGraph) -> None:
    model = Model(kg)
    drawings = model.drawings({"from": "{hub}: {what}", "to": "{what}"})
    assert [made.words for made in drawings][:2] == ["response document", "element"]
    for made in drawings:
        sides: dict[int, list[tuple[int, int]]] = {}
        for each in (*made.left, *made.right):
            sides.setdefault(each.x, []).append((each.y, each.y + each.height))
            assert each.words in made.told
        for places in sides.values():  # no box covers another, none leaves the drawing
            assert all(one[1] <= other[0] for one, other in pairwise(places))
            assert places[0][0] >= 0
            assert places[-1][1] <= made.height
    linked = {(box.words, name) for box in drawings[0].right for name in box.properties}
    assert {("jurisdiction", "has jurisdiction"), ("element", "has element")} <= linked


def told_of(made: Any) -> Iterator[str]:
    """Yield every name in a drawing."""
    for box in (*made.left, *made.right):
        yield from (box.words, *box.properties)


def test_every_language_has_the_same_words_and_every_rule_and_term(kg: KnowledgeGraph) -> None:
    import tomllib

    folder = ROOT / "src" / "napgraph" / "site"
    words = tomllib.loads((folder / "words.toml").read_text(encoding="utf-8"))
    for kind, spoken in words.items():
        assert len({frozenset(each) for each in spoken.values()}) == 1, kind
        assert set(spoken) <= set(words["every"]), kind
    for language, parts in words["foot"].items():
        assert {name: set(part) for name, part in parts.items()} == {
            name: set(part) for name, part in words["foot"]["en"].items()
        }, language
    model = Model(kg)
    english = {term.label for term in model.terms.values()}
    for language in set(words["ont/"]) - {"en"}:
        named = model.terms_in(language)
        assert set(named) == set(model.terms), language
        drawn = {name for made in model.drawings(words["ont/"][language], language) for name in told_of(made)}
        same = {term.label for term in named.values()} & english  # such as a word that both languages have
        assert drawn & english <= same, language
        for kind in ("class", "property"):
            labels = [[term.label for term in each.values() if term.kind == kind] for each in (named, model.terms)]
            assert len(set(labels[0])) == len(set(labels[1])), language
    assert {row["language"] for row in model._rows("rule-pages")} == set(words["shapes/"])
    rules = [{rule.iri for each in model.rule_sets(language) for rule in each.rules} for language in words["shapes/"]]
    assert len(rules[0]) > 100
    assert rules[0] == rules[1] == rules[2]
    (strategic,) = (each for each in model.rule_sets("en") if each.heading == "Strategic level")
    assert all(rule.passages for rule in strategic.rules)
