"""The ontology keeps the house style, every term of it earns its place, and the mapping tables are sound."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pyshacl
import pytest
import rdflib
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SKOS, VANN

from napgraph import KnowledgeGraph
from napgraph.graph.files import read_file
from napgraph.project.root import files_below
from napgraph.rdf.namespaces import prefixes
from napgraph.rdf.terms import as_graph

ONT = rdflib.URIRef("https://w3id.org/napgraph/ont")
NAP = "https://w3id.org/napgraph/ont#"
CARRYING_OVER = (
    "queries/describe/carried-over.rq",
    "shapes/messages/notes.toml",
    "tests/version-0.1/",
    "tests/test_upgrade.py",
)
"""The query that carries a record of 0.1 over, the words for what it cannot, and what it is tested with."""


def graph(root: Path, *paths: str) -> rdflib.Graph:
    return as_graph(triple for path in paths for triple in read_file(str(root), path))


@pytest.fixture(scope="module")
def ontology(root: Path) -> rdflib.Graph:
    return graph(root, *files_below(str(root), "ontology", (".ttl",)))


def test_house_style(root: Path, ontology: rdflib.Graph) -> None:
    conforms, _, text = pyshacl.validate(ontology, shacl_graph=graph(root, "tests/house.ttl"), inference="none")
    assert conforms, text


def test_house_style_can_fail(root: Path) -> None:
    broken = rdflib.Graph().parse(data=f"<{NAP}thing> <{RDFS.isDefinedBy}> <{ONT}> .", format="turtle")
    conforms, _, _ = pyshacl.validate(broken, shacl_graph=graph(root, "tests/house.ttl"), inference="none")
    assert not conforms


def test_header_is_what_a_catalogue_asks_for(ontology: rdflib.Graph) -> None:
    wanted = [
        DCTERMS.title, DCTERMS.description, DCTERMS.abstract, DCTERMS.license, DCTERMS.creator, DCTERMS.publisher,
        DCTERMS.created, DCTERMS.issued, DCTERMS.modified, DCTERMS.bibliographicCitation, DCTERMS.identifier,
        RDFS.seeAlso, VANN.preferredNamespacePrefix, VANN.preferredNamespaceUri, OWL.versionIRI, OWL.versionInfo,
    ]  # fmt: skip
    assert [str(predicate) for predicate in wanted if (ONT, predicate, None) not in ontology] == []
    assert (ONT, RDF.type, rdflib.URIRef("http://purl.org/vocommons/voaf#Vocabulary")) in ontology
    version = str(ontology.value(ONT, OWL.versionInfo))
    assert str(ontology.value(ONT, OWL.versionIRI)) == f"{ONT}/{version}"


def test_only_our_own_modules_are_imported(ontology: rdflib.Graph) -> None:
    ours = set(ontology.subjects(RDF.type, OWL.Ontology))
    assert set(ontology.objects(None, OWL.imports)) <= ours
    assert len(ours) == 4
    assert not list(ontology.triples((None, OWL.sameAs, None)))


def test_every_term_earns_its_place(root: Path, ontology: rdflib.Graph) -> None:
    """A term that no datum, shape, query or axiom uses does not exist."""
    terms = {str(term).rpartition("#")[2] for term in ontology.subjects(RDFS.isDefinedBy, None)}
    assert len(terms) > 140
    text = "".join(
        path.read_text(encoding="utf-8")
        for folder in ("data", "shapes", "queries", "ontology/schemes", "tests/world", "tests/shapes")
        for path in (root / folder).rglob("*")
        if path.suffix in {".ttl", ".rq"}
        and not path.name.endswith(".invalid.ttl")
        and not path.relative_to(root).as_posix().startswith(CARRYING_OVER)
    )
    for name in ("napgraph-rl.ttl", "profile-trafficking.ttl"):
        text += (root / "ontology" / name).read_text(encoding="utf-8")
    used = set(re.findall(r"\bnapt?:(\w+)", text))
    above = {
        str(term).rpartition("#")[2]
        for link in (RDFS.subClassOf, RDFS.subPropertyOf)
        for term in ontology.objects(None, link)
        if str(term).startswith(NAP)
    }
    assert terms - used - above == set()
    assert used - terms == set(), "a term that the ontology does not define"


def old_terms(root: Path) -> list[dict[str, str]]:
    """Return the rows of the table of terms."""
    with (root / "docs" / "terms-of-1.0.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def test_the_table_of_terms_agrees_with_the_ontology(root: Path, ontology: rdflib.Graph) -> None:
    """Each term of 0.1 has its fate there, and each term of today is kept, renamed, moved or new."""
    spaces = {"nap": NAP, "napt": NAP.replace("/ont#", "/tool#")}
    now = {str(term) for term in ontology.subjects(RDFS.isDefinedBy, None)}
    rows = old_terms(root)
    assert len({row["old"] for row in rows if row["old"]}) == len([row for row in rows if row["old"]]) > 200
    heirs = set()
    for row in rows:
        old, named = row["old"], re.findall(r"\b(napt?):(\w+)", row["new"])
        assert row["what"] in {"kept", "renamed", "moved", "merged", "cut", "dropped", "new"}, row
        assert (row["what"] == "kept") == (old == row["new"]), row
        assert (row["what"] == "new") == (not old), row
        assert {spaces[prefix] + name for prefix, name in named} <= now, row
        if old and row["what"] != "kept":
            assert old.replace("nap:", NAP) not in now, row
        heirs |= {spaces[prefix] + name for prefix, name in named}
    assert now - heirs == set()


def test_no_term_of_the_former_version_is_left(root: Path) -> None:
    """Only the table and what carries a former record over know them."""
    gone = {row["old"].removeprefix("nap:") for row in old_terms(root) if row["what"] not in {"kept", "new"}}
    assert len(gone) > 90
    folders = ("queries", "src", "tests", "benchmarks", "docs", "data", "shapes", "ontology", ".")
    kinds = {".ttl", ".rq", ".py", ".txt", ".md", ".ipynb", ".toml", ".json", ".jsonld", ".html", ".js", ".mjs"}
    found, read = {}, 0
    for folder in folders:
        paths = (root / folder).glob("*") if folder == "." else (root / folder).rglob("*")
        for path in paths:
            place = path.relative_to(root).as_posix()
            if path.suffix not in kinds or "node_modules" in path.parts or place.startswith(CARRYING_OVER):
                continue
            read += 1
            text = path.read_text(encoding="utf-8")
            used = set(re.findall(r"(?:\bnap:|napgraph/ont#)(\w+)", text)) & gone
            if used:
                found[place] = used
    assert read > 500
    assert found == {}


def test_every_code_that_is_used_is_defined(kg: KnowledgeGraph, root: Path, ontology: rdflib.Graph) -> None:
    schemes = {str(scheme) + "/" for scheme in ontology.subjects(RDF.type, SKOS.ConceptScheme)}
    assert len(schemes) == 23
    defined = {str(node) for node in ontology.subjects() if isinstance(node, rdflib.URIRef)}
    used = {str(value) for value in kg.graph().objects() if str(value).startswith(tuple(schemes))}
    table = prefixes(str(root))
    for path in [*root.glob("shapes/*.ttl"), *root.glob("queries/**/*.rq")]:
        for prefix, name in re.findall(r"(?<![\w:/#-])([a-z]+):([a-z][\w-]*)", path.read_text(encoding="utf-8")):
            if table.get(prefix, "").startswith(tuple(schemes)):
                used.add(table[prefix] + name)
    assert used - defined == set()


def test_labels_and_definitions_are_unique_within_a_scheme(ontology: rdflib.Graph) -> None:
    for scheme in ontology.subjects(RDF.type, SKOS.ConceptScheme):
        concepts = list(ontology.subjects(SKOS.inScheme, scheme))
        labels = [label for concept in concepts for label in ontology.objects(concept, SKOS.prefLabel)]
        assert len(labels) == len(set(labels)), scheme
        definitions = [str(ontology.value(concept, SKOS.definition)) for concept in concepts]
        assert len(definitions) == len(set(definitions)), scheme


def test_no_concept_is_broader_than_itself(ontology: rdflib.Graph) -> None:
    for concept in ontology.subjects(RDF.type, SKOS.Concept):
        above = list(ontology.objects(concept, SKOS.broader))
        assert concept not in {each for one in above for each in ontology.transitive_objects(one, SKOS.broader)}


def test_the_schemes_of_the_model_are_there(root: Path) -> None:
    names = {path.stem for path in (root / "ontology" / "schemes").glob("*.ttl")}
    assert names == {
        "act", "actor-type", "copy-kind", "coverage", "direction", "doctype", "extent", "feature", "form", "group",
        "jurisdiction", "level", "principle", "progress", "region", "role", "scope", "source-kind", "status", "theme",
        "tier", "timing", "wording",
    }  # fmt: skip


def test_mapping_tables_are_sound(root: Path, ontology: rdflib.Graph) -> None:
    defined = {str(node) for node in ontology.subjects() if isinstance(node, rdflib.URIRef)}
    tables = list((root / "ontology" / "mappings").glob("*.sssom.tsv"))
    assert len(tables) >= 5
    for path in tables:
        statements = list(read_file(str(root), path.relative_to(root).as_posix()))
        assert {triple.subject.value for triple in statements} <= defined, path  # type: ignore[union-attr]
        assert len(set(map(str, statements))) == len(statements) > 0, path
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
        for row in csv.DictReader(lines, delimiter="\t"):
            assert row["comment"].strip(), (path, row)
            assert row["mapping_justification"] == "semapv:ManualMappingCuration"


def test_one_version_in_one_place(root: Path, ontology: rdflib.Graph) -> None:
    import napgraph

    assert str(ontology.value(ONT, OWL.versionInfo)) == napgraph.__version__
    assert f"version: {napgraph.__version__}\n" in (root / "CITATION.cff").read_text(encoding="utf-8")
    assert f"## {napgraph.__version__} " in (root / "CHANGELOG.md").read_text(encoding="utf-8")
