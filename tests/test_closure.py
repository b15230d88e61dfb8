"""What follows, drawn by compiled rules part by part: the same as owlrl draws from all statements at once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.generate import write_root
from napgraph import KnowledgeGraph
from napgraph.errors import AxiomError, InconsistencyError, ParameterError
from napgraph.graph.build import build, load_graph, partitions
from napgraph.graph.files import read_content, source_files
from napgraph.graph.owlrl import SinglePartition
from napgraph.graph.partitions import Partitions
from napgraph.graph.store import StoredGraph, latest_partitions
from napgraph.rdf.namespaces import prefixes

from .conftest import ROOT

TABLE = prefixes(str(ROOT))
HEAD = "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in TABLE.items()) + "@prefix x: <urn:x:> .\n"
AXIOMS = ("ontology/napgraph.ttl", "ontology/napgraph-rl.ttl", "ontology/stubs.ttl")
COUNTRY = "data/jurisdictions/{}.ttl"


def statements(root: str | Path, path: str) -> Iterator[pyoxigraph.Triple]:
    for quad in pyoxigraph.parse(path=str(Path(root, path)), format=pyoxigraph.RdfFormat.TURTLE):
        yield quad.triple


def terms() -> tuple[list[str], list[str]]:
    """Return the classes and the properties that the axioms of the ontology speak of."""
    spaces = tuple(TABLE[prefix] for prefix in ("owl", "rdfs", "rdf", "xsd"))
    classes, properties = set(), set()
    for path in AXIOMS:
        for subject, predicate, value in statements(ROOT, path):
            name = predicate.value.rpartition("#")[2]
            for term in (subject, value):
                if isinstance(term, pyoxigraph.NamedNode) and not term.value.startswith(spaces):
                    if name in {"subClassOf", "disjointWith", "domain", "range"}:
                        classes.add(str(term))
                    if name in {"subPropertyOf", "inverseOf", "propertyChainAxiom", "first"}:
                        properties.add(str(term))
    properties -= {str(pyoxigraph.NamedNode(TABLE["rdf"] + "nil"))}
    return sorted(classes), sorted(properties - classes)


CLASSES, PROPERTIES = terms()
VALUES = [f"<{TABLE[prefix]}{name}>" for prefix, name in (("level", "strategic"), ("doctype", "strategy"))]


def core() -> bytes:
    """Return the statements of the ontology that owlrl has rules for, which it reads in a tenth of the time."""
    wanted = tuple(TABLE[prefix] for prefix in ("owl", "rdfs", "rdf"))
    notes = ("#label", "#comment", "#isDefinedBy", "#versionInfo", "#versionIRI")
    found = [
        each
        for path in AXIOMS
        for each in statements(ROOT, path)
        if each.predicate.value.startswith(wanted) and not each.predicate.value.endswith(notes)
    ]
    broader = pyoxigraph.NamedNode(TABLE["skos"] + "broader")
    codes = [pyoxigraph.NamedNode(f"urn:x:{name}") for name in ("shared-1", "shared-2", "shared-3")]
    found += [pyoxigraph.Triple(one, broader, other) for one, other in pairwise(codes)]
    return pyoxigraph.serialize(found, format=pyoxigraph.RdfFormat.TURTLE) or b""


CORE = core()


def both(files: dict[str, bytes], root: Path) -> tuple[set[str] | str, set[str] | str]:
    """Return what follows from the files by parts and by owlrl, or the contradictions that each finds."""

    def all_of(parts: Partitions | SinglePartition) -> set[str] | str:
        try:
            found = list(parts)
        except InconsistencyError as error:
            return str(error)
        lines = [line for part in found for line in part.entailed.decode().splitlines()]
        assert len(lines) == len(set(lines))
        return set(lines)

    paths = sorted(files)
    ours = all_of(Partitions(str(root), paths, files.__getitem__, None))
    return ours, all_of(SinglePartition(str(root), paths, files.__getitem__))


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root without build queries."""
    root = tmp_path_factory.mktemp("bare")
    (root / "queries" / "build").mkdir(parents=True)
    return root


NODES = [f"<urn:x:{name}>" for name in ("a", "b", "c", "d", "e", "f", "shared-1", "shared-2", "shared-3")]
LINE = st.one_of(
    st.tuples(st.sampled_from(NODES), st.sampled_from(PROPERTIES), st.sampled_from(NODES + VALUES)),
    st.tuples(st.sampled_from(NODES), st.just("a"), st.sampled_from(CLASSES)),
)


@pytest.mark.oracle
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=st.lists(st.lists(LINE, min_size=2, max_size=12), min_size=1, max_size=4))
def test_random_statements_have_the_consequences_that_owlrl_draws(
    files: list[list[tuple[str, str, str]]], bare: Path
) -> None:
    """Spread over files that may speak of each other's nodes, so that some must be closed together."""
    texts = {
        COUNTRY.format(f"xa{'abcd'[number]}"): "".join(f"{' '.join(line)} .\n" for line in lines).encode()
        for number, lines in enumerate(files)
    }
    ours, theirs = both({"ontology/core.ttl": CORE, **texts}, bare)
    assert ours == theirs


def content_of(root: Path) -> dict[str, bytes]:
    return {path: read_content(str(root), path) for path, _ in source_files(str(root))}


@pytest.mark.oracle
def test_the_bundled_data_have_the_consequences_that_owlrl_draws(root: Path, tmp_path: Path) -> None:
    """With what the build queries make of them, run jurisdiction by jurisdiction and over all at once."""
    ours, theirs = both(content_of(root), root)
    assert ours == theirs
    generated = write_root(tmp_path, 3, seed=5)
    ours, theirs = both(content_of(generated), generated)
    assert ours == theirs
    assert len(ours) > 8000


def test_what_the_build_queries_make_of_several_countries_is_kept_whole(bare: Path, tmp_path: Path) -> None:
    """A resource that a query makes belongs to the country it leads to, or to each of those that it leads to."""
    shutil.copytree(bare, tmp_path, dirs_exist_ok=True)
    query = "CONSTRUCT { <urn:x:all> <urn:x:counts> ?plan . ?of <urn:x:of> ?plan . ?plan <urn:x:told> ?of } WHERE { "
    query += "?plan a <urn:x:Plan> BIND(IRI(CONCAT(STR(?plan), '/of')) AS ?of) }"
    path = tmp_path / "queries" / "build" / "made.rq"
    files = {COUNTRY.format(f"xa{code}"): f"{HEAD}x:{code} a x:Plan .".encode() for code in "abc"}
    for text in (query, query.replace("<urn:x:all> <urn:x:counts> ?plan .", "")):
        path.write_text(text, "utf-8")
        ours, theirs = both({"ontology/core.ttl": CORE, **files}, tmp_path)
        assert ours == theirs
        assert "<urn:x:b/of> <urn:x:of> <urn:x:b> ." in ours


def test_every_kind_of_axiom_draws_a_consequence(bare: Path) -> None:
    """Each rule by itself, so that the random ones need not hit it."""
    data = f"""{HEAD}
        x:p rdfs:subPropertyOf x:q . x:q rdfs:subPropertyOf x:p , x:r . x:i owl:inverseOf x:j .
        x:t a owl:TransitiveProperty . x:asym a owl:AsymmetricProperty .
        x:r rdfs:domain x:C ; rdfs:range x:D . x:C rdfs:subClassOf x:E . x:E rdfs:subClassOf x:C .
        x:h owl:propertyChainAxiom ( x:p x:t ) .
        x:D rdfs:subClassOf x:E . x:D a owl:Class . x:p a owl:ObjectProperty . rdfs:comment rdfs:label "note" .
    """
    facts = f"""{HEAD}
        x:1 x:p x:2 . x:2 x:t x:3 . x:3 x:t x:4 . x:5 x:j x:4 . x:6 a x:D . x:7 x:t x:6 . x:8 x:r x:v . x:9 x:asym x:8 .
        x:8 x:t [ a x:D ] . x:4 x:i x:9 .
    """
    ours, theirs = both({"ontology/o.ttl": data.encode(), COUNTRY.format("xaa"): facts.encode()}, bare)
    assert ours == theirs
    lines = set(ours)
    names = "".join(lines).replace("urn:x:", "")
    for told in ("<1> <h> <4>", "<1> <r> <2>", "<2> <t> <4>", "<4> <i> <5>", "<2> <http://www.w3.org/1999/02/22-rdf-"):
        assert told in names


LINKED = {
    "a chain over two countries": (
        "x:plan a nap:ActionPlan ; nap:hasElement <urn:x:activity> .",
        "<urn:x:step> a nap:PlannedActivity ; nap:partOf <urn:x:activity> . <urn:x:activity> rdfs:label 'a' .",
    ),
    "a chain over a node that neither describes": (
        "x:one nap:partOf x:two .",
        "x:three nap:hasElement x:two .",
    ),
    "what one says of a node that all share": (
        "x:plan nap:hasElement x:part ; nap:jurisdiction x:shared-3 .",
        "x:shared-3 skos:broader x:shared-4 .",
    ),
    "one plan in two files": ("x:plan a nap:ActionPlan .", "x:plan nap:hasElement x:pillar . x:pillar a nap:Pillar ."),
    "both conclude the same of a shared node": (
        "x:one prov:wasAssociatedWith x:shared-1 .",
        "x:two prov:wasAssociatedWith x:shared-1 . x:shared-1 a prov:Agent .",
    ),
}


@pytest.mark.oracle
@pytest.mark.parametrize("texts", LINKED.values(), ids=LINKED.keys())
def test_what_needs_two_countries_follows(texts: tuple[str, str], bare: Path) -> None:
    files = {COUNTRY.format(f"xa{'ab'[at]}"): f"{HEAD}{text}".encode() for at, text in enumerate(texts)}
    ours, theirs = both({"ontology/core.ttl": CORE, **files}, bare)
    assert ours == theirs


@pytest.mark.oracle
@pytest.mark.parametrize(
    "texts",
    [
        ("x:a nap:supersedes x:b .", "x:b nap:supersedes x:a ."),
        ("x:shared-1 a nap:Pillar .", "x:shared-1 a nap:ActionPlan ."),
        ("x:one prov:wasAttributedTo x:two .", "x:one prov:wasAssociatedWith x:two ."),
        ("x:a a nap:Pillar , nap:ActionPlan . x:b nap:supersedes x:b .", "x:c a skos:Collection , skos:Concept ."),
    ],
)
def test_a_contradiction_is_found_where_owlrl_finds_it(texts: tuple[str, str], bare: Path) -> None:
    files = {COUNTRY.format(f"xa{'ab'[at]}"): f"{HEAD}{text}".encode() for at, text in enumerate(texts)}
    ours, theirs = both({"ontology/core.ttl": CORE, **files}, bare)
    assert ours == theirs
    assert "contradict the ontology" in str(ours)


@pytest.mark.parametrize(
    "statement",
    [
        "x:a owl:sameAs x:b .",
        "x:p a owl:FunctionalProperty .",
        "x:p a owl:SymmetricProperty .",
        "x:C owl:equivalentClass x:D .",
        "x:C owl:unionOf ( x:D x:E ) .",
        "x:p owl:propertyDisjointWith x:q .",
        "[ owl:onProperty x:p ; owl:allValuesFrom x:C ] rdfs:subClassOf x:D .",
        "[ owl:onProperty x:p ; owl:maxCardinality 1 ] rdfs:subClassOf x:D .",
        "[ owl:onProperty x:p ; owl:hasValue x:v ] rdfs:subClassOf x:D .",
        "x:C rdfs:subClassOf [ owl:onProperty x:p ; owl:hasValue 'text' ] .",
        "[ owl:onProperty x:p ; owl:someValuesFrom x:C ] rdfs:subClassOf x:D .",
        "x:p owl:inverseOf [ rdfs:label 'nameless' ] .",
        "x:p rdfs:subPropertyOf rdfs:subClassOf .",
        "x:C rdfs:subClassOf owl:TransitiveProperty .",
        "x:p owl:propertyChainAxiom ( x:q ) .",
        "x:p owl:propertyChainAxiom ( x:q x:r x:s ) .",
        "x:p owl:propertyChainAxiom rdf:nil .",
        "x:p owl:propertyChainAxiom x:list . x:list rdf:first x:q ; rdf:rest x:list .",
        "x:a a owl:Nothing .",
    ],
)
@pytest.mark.parametrize("path", ["ontology/more.ttl", COUNTRY.format("xaa")])
def test_an_axiom_that_is_not_compiled_is_refused(statement: str, path: str, bare: Path) -> None:
    files = {"ontology/core.ttl": CORE, path: f"{HEAD}{statement}".encode()}
    with pytest.raises(AxiomError, match="NAPGRAPH_REASONER=owlrl"):
        list(Partitions(str(bare), sorted(files), files.__getitem__, None))


@pytest.mark.oracle
def test_an_axiom_in_a_country_s_file_holds_for_all(bare: Path) -> None:
    files = {
        COUNTRY.format("xaa"): f"{HEAD}x:a x:p x:b .".encode(),
        COUNTRY.format("xab"): f"{HEAD}x:p rdfs:subPropertyOf nap:supersedes .".encode(),
    }
    ours, theirs = both({"ontology/core.ttl": CORE, **files}, bare)
    assert ours == theirs
    assert any("precededBy" in line for line in ours)


@pytest.fixture
def few(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A root with three countries and a cache of its own."""
    made = write_root(tmp_path / "root", 3)
    monkeypatch.setenv("NAPGRAPH_CACHE", str(tmp_path / "cache"))
    shutil.copy(root / "data" / "jurisdictions" / "nor.ttl", made / "data" / "jurisdictions")
    return made


def keys(root: Path) -> list[str]:
    return [each.key for each in partitions(str(root), cached=latest_partitions())]


@pytest.mark.slow
def test_a_change_costs_the_country_that_it_is_in(few: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = keys(few)
    load_graph(str(few))
    path = few / COUNTRY.format("nor")
    path.write_text(path.read_text("utf-8").replace("schema:value 37", "schema:value 38"), "utf-8")
    second = keys(few)
    assert len(set(first) - set(second)) == 1
    known = latest_partitions()
    assert known is not None
    assert sum(known.texts(key) is None for key in second) == 1
    built = build(str(few))
    monkeypatch.setenv("NAPGRAPH_CACHE", str(few / "another"))
    assert build(str(few)) == built


@pytest.mark.slow
def test_countries_that_are_linked_and_parted_again(few: Path) -> None:
    """Whatever is kept from one state to the next, the graph is that of the files as they are."""
    path = few / COUNTRY.format("xab")
    text = path.read_text("utf-8")
    link = "\n<plan-1> nap:supersedes <https://w3id.org/napgraph/id/xaa/plan-1> .\n"
    for content in (text, text + link, text + "\n# noted\n" + link, text):
        path.write_text(content, "utf-8")
        now = load_graph(str(few))
        assert isinstance(now, StoredGraph)
        files = content_of(few)
        fresh = list(Partitions(str(few), sorted(files), files.__getitem__, None))
        assert b"".join(now.asserted()) == b"".join(part.asserted for part in fresh)
        assert b"".join(now.entailed()) == b"".join(part.entailed for part in fresh)
        assert len(now.store) == sum(part.asserted.count(b"\n") + part.entailed.count(b"\n") for part in fresh)
        assert any(len(part.paths) == 2 for part in fresh[1:]) == (link in content)


@pytest.mark.oracle
def test_owlrl_can_be_chosen_and_gives_the_same_answers(few: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for code in ("xaa", "xab", "xac"):
        (few / COUNTRY.format(code)).unlink()
    ours = KnowledgeGraph.load(few)
    monkeypatch.setenv("NAPGRAPH_REASONER", "owlrl")
    theirs = KnowledgeGraph.load(few)
    assert ours.version != theirs.version
    assert ours.compare("pillars").table().rows == theirs.compare("pillars").table().rows
    monkeypatch.setenv("NAPGRAPH_REASONER", "magic")
    with pytest.raises(ParameterError, match="can be 'compiled' or 'owlrl'"):
        KnowledgeGraph.load(few)
