"""Files to graph: closure by owlrl, derived statements, the snapshot and its cache, and what goes wrong on the way."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from unittest.mock import patch

import pyoxigraph
import pytest
import rdflib

from napgraph import KnowledgeGraph
from napgraph.errors import FolderError, InconsistencyError, SourceFileError
from napgraph.files import write_whole
from napgraph.graph import files
from napgraph.graph.build import load_graph
from napgraph.graph.files import read_file, source_files
from napgraph.graph.owlrl import entailed
from napgraph.graph.store import MemoryGraph
from napgraph.query.engine import embedded
from napgraph.rdf.terms import from_rdflib, to_rdflib

NAP = "https://w3id.org/napgraph/ont#"
ASSIGNED = """@prefix actor: <https://w3id.org/napgraph/actor-type/> .
@prefix extent: <https://w3id.org/napgraph/extent/> .
@prefix feature: <https://w3id.org/napgraph/feature/> .
@prefix jur: <https://w3id.org/napgraph/jurisdiction/> .
@prefix nap: <https://w3id.org/napgraph/ont#> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix role: <https://w3id.org/napgraph/role/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@base <https://w3id.org/napgraph/id/xab/> .
<ministry> a org:Organization ; skos:prefLabel "Ministry of Examples"@en ; org:classification actor:ministry .
<plan> a nap:ActionPlan ; rdfs:label "Plan"@en ; nap:jurisdiction jur:xab ; nap:hasElement <plan/activity-1> ;
  nap:sourceExtent extent:excerpt ; nap:examinedFor feature:operational .
<plan/activity-1> a nap:PlannedActivity ; skos:prefLabel "Train officers"@en ; nap:hasResponsibility <plan/lead-1> .
<plan/lead-1> a nap:ResponsibilityAssignment ; nap:assignedTo <ministry> ; nap:responsibilityRole role:lead ;
  nap:evidence <https://w3id.org/napgraph/source/xab-plan/p-1> .
"""
NOR = "https://w3id.org/napgraph/id/nor/plan-2006-2009"


@pytest.fixture
def copy(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The four folders in a place where they may be changed, with few countries and a cache of their own."""
    for folder in ("ontology", "shapes", "queries"):
        shutil.copytree(root / folder, tmp_path / folder)
    (tmp_path / "data" / "jurisdictions").mkdir(parents=True)
    for name in ("nor.ttl", "nld.ttl"):
        shutil.copy(root / "data" / "jurisdictions" / name, tmp_path / "data" / "jurisdictions")
    shutil.copytree(root / "data" / "sources", tmp_path / "data" / "sources")
    monkeypatch.setenv("NAPGRAPH_CACHE", str(tmp_path / "cache"))
    return tmp_path


def has(kg: KnowledgeGraph, subject: str, predicate: str, value: str, *, asserted: bool = False) -> bool:
    store = embedded(kg).asserted_store if asserted else embedded(kg).store
    terms = [pyoxigraph.NamedNode(each if ":" in each else NAP + each) for each in (subject, predicate, value)]
    return any(store.quads_for_pattern(*terms))


@pytest.mark.slow
def test_asserted_and_entailed_are_kept_apart(kg: KnowledgeGraph) -> None:
    government = "https://w3id.org/napgraph/id/nor/government"
    assert has(kg, NOR, "adoptedBy", government)
    assert not has(kg, NOR, "adoptedBy", government, asserted=True)
    whole, stated = kg.graph(entailed=True), kg.graph()
    names = {str(graph.identifier) for graph in whole.graphs()}
    assert "https://w3id.org/napgraph/graph/nor" in names
    assert "https://w3id.org/napgraph/graph/entailed" in names
    assert len(whole) > len(stated) > 5000


def test_what_hangs_on_an_element_is_an_element_of_its_document(root: Path, tmp_path: Path) -> None:
    """By each link that the shape ``Element-document`` lets an element hang on another by."""
    shape = (root / "shapes" / "hygiene.ttl").read_text(encoding="utf-8").partition("\nnsh:Element-document\n")[2]
    links = re.findall(r"sh:inversePath (nap:\w+) \]", shape.partition("sh:minCount")[0])
    hanging = [link for link in links if link != "nap:hasElement"]
    assert {"nap:hasResponsibility", "nap:hasResourcePlan", "nap:hasIndicator", "nap:hasTarget"} <= set(hanging)
    path = tmp_path / "xaa.ttl"
    space = "https://w3id.org/napgraph/id/xaa/"
    path.write_text(
        f"@prefix nap: <{NAP}> .\n@base <{space}> .\n<plan> nap:hasElement <part> .\n"
        + "".join(f"<part> {link} <{link.partition(':')[2]}> .\n" for link in hanging),
        encoding="utf-8",
    )
    kg = KnowledgeGraph.load(root, data=[path])
    for link in hanging:
        assert has(kg, f"{space}plan", "hasElement", space + link.partition(":")[2]), link


def test_what_may_go_without_evidence_has_that_of_what_it_hangs_on(root: Path, tmp_path: Path) -> None:
    """By each link that the shape ``Record-evidence`` lets evidence come by."""
    shape = (root / "shapes" / "hygiene.ttl").read_text(encoding="utf-8").partition("\nnsh:Record-evidence\n")[2]
    links = re.findall(r"sh:inversePath (nap:\w+) \]", shape.partition("sh:minCount")[0])
    assert {"nap:hasIndicator", "nap:hasEvent", "nap:effectedBy"} <= set(links)
    path, space = tmp_path / "xaa.ttl", "https://w3id.org/napgraph/id/xaa/"
    passage = "https://w3id.org/napgraph/source/xaa-plan/p-1"
    path.write_text(
        f"@prefix nap: <{NAP}> .\n@base <{space}> .\n<part> nap:evidence <{passage}> .\n"
        + "".join(f"<part> {link} <{link.partition(':')[2]}> .\n" for link in links),
        encoding="utf-8",
    )
    kg = KnowledgeGraph.load(root, data=[path])
    for link in links:
        assert has(kg, space + link.partition(":")[2], "evidence", passage), link


def test_a_body_named_by_an_assignment_alone_is_seen(root: Path, tmp_path: Path) -> None:
    path = tmp_path / "xab.ttl"
    path.write_text(ASSIGNED, encoding="utf-8")
    kg = KnowledgeGraph.load(root, data=[path])
    rows = kg.query("network", country="XAB").rows()
    assert [(row["role"], row["name"]) for row in rows] == [("leads", "Ministry of Examples")]
    assert kg.compare("actors").cell("XAB", "ministry").value.words == "stated"


def test_each_file_is_a_named_graph_with_its_statements(kg: KnowledgeGraph, root: Path) -> None:
    whole, stated = kg.graph(), dict[str, set[object]]()
    for path, name in source_files(str(root)):
        stated.setdefault(name, set()).update(read_file(str(root), path))
    assert len(stated) > 46, "each file has its graph, but that the sources share one"
    for name, triples in stated.items():
        assert len(whole.graph(rdflib.URIRef(name))) == len(triples), name


@pytest.mark.oracle
def test_no_literal_takes_part_in_reasoning(root: Path) -> None:
    """Leaving literals out of owlrl's input must change nothing between resources: compared on one country."""
    import owlrl

    wanted = ("ontology/", "data/jurisdictions/bih")
    triples = {
        triple
        for path, _ in source_files(str(root))
        if path.startswith(wanted)
        for triple in read_file(str(root), path)
    }
    graph = rdflib.Graph()
    for triple in triples:
        graph.add(to_rdflib(triple))
    subjects = {subject for subject in graph.subjects() if isinstance(subject, rdflib.URIRef)}
    before = set(graph)
    with patch.dict(rdflib.term._toPythonMapping):  # owlrl leaves its own conversions of datatypes behind
        owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    general = {rdflib.OWL.Thing, rdflib.RDFS.Resource}
    full = {
        str(from_rdflib(triple))
        for triple in set(graph) - before
        if triple[0] in subjects
        and triple[0] != triple[2]
        and not isinstance(triple[2], rdflib.Literal)
        and triple[2] not in general
    }
    assert {str(triple) for triple in entailed(triples)} == full
    assert len(full) > 400


def test_an_activity_of_a_plan_is_no_element_of_the_strategy_it_serves() -> None:
    root = Path(__file__).parent.parent
    text = f"""
        @prefix nap: <{NAP}> .
        <urn:x:strategy> a nap:Strategy ; nap:hasElement <urn:x:goal> , <urn:x:objective> .
        <urn:x:goal> a nap:StrategicGoal ; nap:partOf <urn:x:pillar> .
        <urn:x:objective> a nap:SpecificObjective ; nap:contributesTo <urn:x:goal> .
        <urn:x:plan> a nap:ActionPlan ; nap:hasElement <urn:x:activity> .
        <urn:x:activity> a nap:PlannedActivity ; nap:contributesTo <urn:x:objective> .
        <urn:x:step> a nap:PlannedActivity ; nap:partOf <urn:x:activity> .
    """
    triples = [quad.triple for quad in pyoxigraph.parse(text.encode(), format=pyoxigraph.RdfFormat.TURTLE)]
    for name in ("napgraph.ttl", "napgraph-rl.ttl", "stubs.ttl"):
        triples += list(read_file(str(root), f"ontology/{name}"))
    found = {f"{each.subject} {each.predicate.value.removeprefix(NAP)} {each.object}" for each in entailed(triples)}
    assert "<urn:x:plan> hasElement <urn:x:step>" in found
    assert not {f"<urn:x:strategy> hasElement <urn:x:{part}>" for part in ("step", "activity")} & found


@pytest.mark.parametrize(
    "statement",
    [
        "<urn:x:bad> a nap:Pillar , nap:ActionPlan .",
        "<urn:x:bad> nap:supersedes <urn:x:other> . <urn:x:other> nap:supersedes <urn:x:bad> .",
        "<urn:x:bad> a nap:PolicyEvent , nap:Pillar .",
    ],
)
def test_a_contradiction_stops_the_build_and_names_the_resource(copy: Path, statement: str) -> None:
    (copy / "data" / "jurisdictions" / "xaa.ttl").write_text(f"@prefix nap: <{NAP}> .\n{statement}\n", encoding="utf-8")
    with pytest.raises(InconsistencyError, match="urn:x:bad"):
        KnowledgeGraph.load(copy)
    assert not list((copy / "cache").glob("*/manifest.json"))


def test_a_changed_file_is_noticed(copy: Path) -> None:
    first = KnowledgeGraph.load(copy)
    path = copy / "data" / "jurisdictions" / "nor.ttl"
    state = path.stat()
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("schema:value 37", "schema:value 38"), encoding="utf-8")
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    second = KnowledgeGraph.load(copy)
    assert first.version != second.version
    count = pyoxigraph.NamedNode("https://schema.org/value")
    stated = embedded(second).store.quads_for_pattern(None, count, pyoxigraph.Literal(38))
    assert NOR in {quad.subject.value.removesuffix("/coverage-measures") for quad in stated}  # type: ignore[union-attr]


@pytest.mark.slow
@pytest.mark.parametrize("damage", ["cut", "flip", "empty", "gone"])
@pytest.mark.parametrize("part", ["graph/*.sst", "stated/CURRENT", "entailed.nt.gz", "partitions.json.gz"])
def test_a_damaged_cache_is_made_again(copy: Path, damage: str, part: str, caplog: pytest.LogCaptureFixture) -> None:
    number = len(embedded(KnowledgeGraph.load(copy)).store)
    path = max((copy / "cache").glob(f"*/*/{part}"), key=lambda each: each.stat().st_size)
    content = path.read_bytes()
    if damage == "gone":
        path.unlink()
    else:
        middle = len(content) // 2
        flipped = content[:middle] + bytes([content[middle] ^ 255]) + content[middle + 1 :]
        path.write_bytes({"cut": content[:-4], "flip": flipped, "empty": b""}[damage])
    again = KnowledgeGraph.load(copy)
    assert "The cache was damaged, so the graph is built again." in caplog.text
    assert len(embedded(again).store) == number
    assert len(list((copy / "cache").glob("*/build-*"))) == 1
    assert not path.exists()
    caplog.clear()
    assert len(embedded(KnowledgeGraph.load(copy)).store) == number
    assert not caplog.text


@pytest.mark.slow
def test_what_is_open_is_not_swept_away(copy: Path) -> None:
    """A graph that somebody asks stays as it is, though its store was built anew meanwhile, or is old in the cache."""
    held = KnowledgeGraph.load(copy)
    record = copy / "data" / "jurisdictions" / "nld.ttl"
    text = record.read_text(encoding="utf-8")
    for number in range(6):
        record.write_text(f"{text}\n# {number}\n", encoding="utf-8")
        assert KnowledgeGraph.load(copy).version != held.version
    assert held.compare("pillars").documents > 0
    assert sum(1 for _ in embedded(held).asserted_store) > 1000
    assert len(b"".join(embedded(held).entailed())) > 1000


@pytest.mark.slow
def test_processes_that_build_at_once_do_not_break_each_other(copy: Path) -> None:
    command = [sys.executable, "-m", "napgraph", "--root", str(copy), "compare", "pillars", "--format", "csv"]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(4)]
    ended = [each.communicate() for each in running]
    assert {each.returncode for each in running} == {0}
    assert len({out for out, _ in ended}) == 1
    assert {err for _, err in ended} == {b""}
    KnowledgeGraph.load(copy)
    assert len(list((copy / "cache").glob("*/manifest.json"))) == 1


def test_a_cache_that_cannot_be_written_costs_only_time(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = copy / "blocked"
    blocked.write_text("a file, not a folder", encoding="utf-8")
    kept = KnowledgeGraph.load(copy)
    monkeypatch.setenv("NAPGRAPH_CACHE", str(blocked))
    kg = KnowledgeGraph.load(copy)
    assert isinstance(embedded(kg), MemoryGraph)
    assert len(embedded(kg).store) == len(embedded(kept).store) > 1000
    assert len(embedded(kg).asserted_store) == len(embedded(kept).asserted_store)
    assert kg.compare("pillars").table().rows == kept.compare("pillars").table().rows


def test_the_version_is_of_the_data_wherever_they_lie(copy: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Also where the code lies elsewhere, as in a wheel; another name of a file or another byte is another version."""
    elsewhere = tmp_path_factory.mktemp("deep") / "napgraph" / "_resources"
    for folder in ("ontology", "shapes", "queries", "data"):
        shutil.copytree(copy / folder, elsewhere / folder)
    version = files.fingerprint(str(copy))
    assert files.fingerprint(str(elsewhere)) == version
    assert files.code_digest(str(elsewhere)) == files.code_digest(str(copy))
    code = Path(files.__file__).parent
    modules = shutil.copytree(code, elsewhere.parent / "graph", ignore=shutil.ignore_patterns("__pycache__"))
    with patch.object(files, "__file__", str(modules / "files.py")):
        assert files.fingerprint(str(elsewhere)) == files.fingerprint(str(copy)) == version
        (modules / "closure.py").write_text("another", "utf-8")
        assert files.fingerprint(str(elsewhere)) != version
    record = elsewhere / "data" / "jurisdictions" / "nor.ttl"
    record.rename(record.with_name("nox.ttl"))
    assert files.fingerprint(str(elsewhere)) != version


@pytest.mark.slow
def test_old_stores_are_cleared_away(copy: Path) -> None:
    path = copy / "data" / "jurisdictions" / "nld.ttl"
    text = path.read_text(encoding="utf-8")
    for number in range(6):
        path.write_text(f"{text}\n# {number}\n", encoding="utf-8")
        load_graph(str(copy))
    assert len(list((copy / "cache").iterdir())) == 4


def test_a_broken_file_is_named_with_its_line(copy: Path) -> None:
    path = copy / "data" / "jurisdictions" / "nor.ttl"
    lines = path.read_text(encoding="utf-8").splitlines()
    number = next(at for at, line in enumerate(lines) if "schema:value 37 ;" in line)
    lines[number] = lines[number].replace(" ;", "")
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(SourceFileError) as caught:
        KnowledgeGraph.load(copy)
    assert caught.value.path == "data/jurisdictions/nor.ttl"
    assert caught.value.line in {number + 1, number + 2}
    assert "each line of a block ends in ' ;'" in str(caught.value)


def test_a_missing_folder_is_named(copy: Path) -> None:
    shutil.rmtree(copy / "ontology")
    with pytest.raises(FolderError, match="ontology"):
        KnowledgeGraph.load(copy)


def test_a_graph_over_no_files_is_refused(copy: Path) -> None:
    shutil.rmtree(copy / "data" / "jurisdictions")
    with pytest.raises(FolderError, match="no Turtle file"):
        KnowledgeGraph.load(copy)


def test_a_folder_that_vanishes_is_refused(copy: Path) -> None:
    kg = KnowledgeGraph.load(copy)
    shutil.rmtree(copy / "queries")
    with pytest.raises(FolderError, match="queries"):
        kg.query("pillars")


def test_a_bad_mapping_row_is_named_with_its_line(copy: Path) -> None:
    path = copy / "ontology" / "mappings" / "theme.sssom.tsv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines, lines[-1].replace("theme:", "thema:", 1)]) + "\n", encoding="utf-8")
    with pytest.raises(SourceFileError, match=rf"theme\.sssom\.tsv:{len(lines) + 1}: 'thema:"):
        KnowledgeGraph.load(copy)


def test_an_interrupted_write_leaves_no_partial_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "out.csv"
    path.write_text("old", encoding="utf-8")

    def fail(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(KeyboardInterrupt):
        write_whole(str(path), b"new" * 1000)
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_literal_keeps_its_form_after_a_validation() -> None:
    """Pyshacl switches rdflib's rewriting of literals on again; what is read next must not be touched by it."""
    import pyshacl

    pyshacl.validate(rdflib.Graph(), shacl_graph=rdflib.Graph())
    datatype = pyoxigraph.NamedNode("http://www.w3.org/2001/XMLSchema#duration")
    node = pyoxigraph.NamedNode("urn:x:a")
    triple = pyoxigraph.Triple(node, node, pyoxigraph.Literal("P2W", datatype=datatype))
    assert str(to_rdflib(triple)[2]) == "P2W"
