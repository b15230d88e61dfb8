"""The ontology is OWL 2 DL and means something, says the OWL API with the reasoner HermiT: ``tests/owl``.

Maven fetches both by their coordinates, and keeps them, so that a second run needs no network.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterable

import pyoxigraph
import pytest
from pyoxigraph import Literal, NamedNode, Triple

from napgraph.graph.files import read_file, source_files
from napgraph.project.root import files_below

from . import servers
from .conftest import ROOT

pytestmark = [pytest.mark.oracle, pytest.mark.slow]

OWL = "http://www.w3.org/2002/07/owl#"
ONT = "https://w3id.org/napgraph/ont"
Findings = dict[str, list[str]]


@pytest.fixture(scope="module")
def jars(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The class path of the OWL API and HermiT."""
    return servers.maven("owl", tmp_path_factory.mktemp("owl") / "jars")


@pytest.fixture(scope="module")
def owl_check(jars: str, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Iterable[Triple]], Findings]:
    """Return what checks triples as one ontology: kind of finding -> findings."""

    def check(triples: Iterable[Triple]) -> Findings:
        path = tmp_path_factory.mktemp("owl") / "merged.ttl"
        path.write_bytes(pyoxigraph.serialize(triples, format=pyoxigraph.RdfFormat.TURTLE) or b"")
        program = str(ROOT / "tests" / "owl" / "OwlCheck.java")
        command = ["java", "-cp", jars, program, str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        found: Findings = {}
        for line in done.stdout.splitlines():
            kind, _, text = line.partition("\t")
            found.setdefault(kind, []).append(text)
        return found

    return check


def merged(paths: Iterable[str]) -> list[Triple]:
    """Return the triples of some files as those of one ontology: one header, and nothing imported."""
    made = []
    for path in paths:
        for triple in read_file(str(ROOT), path):
            other_header = triple.subject != NamedNode(ONT) and triple.object == NamedNode(OWL + "Ontology")
            version = triple.subject != NamedNode(ONT) and triple.predicate == NamedNode(OWL + "versionIRI")
            if not other_header and not version and triple.predicate != NamedNode(OWL + "imports"):
                made.append(triple)
    return made


@pytest.fixture(scope="module")
def ontology() -> list[Triple]:
    triples = merged(files_below(str(ROOT), "ontology", (".ttl",)))
    assert len(triples) > 5000
    return triples


def test_the_ontology_is_owl_2_dl_and_every_class_can_have_members(
    ontology: list[Triple], owl_check: Callable[[Iterable[Triple]], Findings]
) -> None:
    found = owl_check(ontology)
    assert int(found.pop("axioms")[0]) > 500
    assert found == {"consistent": ["true"]}


def test_the_data_agree_with_the_ontology(
    ontology: list[Triple], owl_check: Callable[[Iterable[Triple]], Findings]
) -> None:
    """Resources and links, without literals: dates of a year alone are no datatype of OWL."""
    paths = [path for path, _ in source_files(str(ROOT)) if path.startswith("data/")]
    data = [triple for triple in merged(paths) if not isinstance(triple.object, Literal)]
    assert len(data) > 15_000
    found = owl_check([*ontology, *data])
    assert found["consistent"] == ["true"]
    assert "empty" not in found


@pytest.mark.parametrize(
    ("mistake", "kind"),
    [
        ("nap:Strategy owl:disjointWith nap:PolicyInstrument .", "empty"),
        ("nap:Pillar a owl:Class , owl:DatatypeProperty . nap:order a owl:ObjectProperty .", "violation"),
        ("<urn:x> a nap:Element , nap:ResponseDocument .", "consistent"),
    ],
)
def test_a_mistake_is_found(
    mistake: str, kind: str, ontology: list[Triple], owl_check: Callable[[Iterable[Triple]], Findings]
) -> None:
    head = f"@prefix nap: <{ONT}#> .\n@prefix owl: <{OWL}> .\n"
    wrong = [quad.triple for quad in pyoxigraph.parse((head + mistake).encode(), format=pyoxigraph.RdfFormat.TURTLE)]
    found = owl_check([*ontology, *wrong])
    assert found.get(kind, []) not in ([], ["true"])
