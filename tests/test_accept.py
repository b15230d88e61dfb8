"""Taking in submissions: what may come in, what is written, and that every instant finds the old state or the new."""

from __future__ import annotations

import errno
import io
import json
import multiprocessing
import os
import random
import re
import resource
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import cast

import pyoxigraph
import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib.namespace import RDF, SKOS

from napgraph import KnowledgeGraph, check
from napgraph.errors import FolderError, OutputError, SourceFileError
from napgraph.files import write_lock
from napgraph.graph.files import read_file, read_turtle
from napgraph.project import root as resources
from napgraph.rdf.descriptions import DEEPEST, Descriptions
from napgraph.rdf.namespaces import prefixes
from napgraph.rdf.terms import to_rdflib
from napgraph.rdf.write import SAFE_IRI, TurtleWriter, escaped
from napgraph.records.convert import convert
from napgraph.submissions.accept import LOCK, Acceptance, accept, said_of_others
from napgraph.submissions.merge import compose, content_of, root_of, verify, write
from napgraph.validation.recorded import Existing, merge, path_of, spaces
from napgraph.validation.validator import Checker

from .conftest import ROOT, Run, examples
from .mutants import mutants

HEAD = """\
@prefix act: <https://w3id.org/napgraph/act/> .
@prefix actor: <https://w3id.org/napgraph/actor-type/> .
@prefix copy: <https://w3id.org/napgraph/copy-kind/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix extent: <https://w3id.org/napgraph/extent/> .
@prefix feature: <https://w3id.org/napgraph/feature/> .
@prefix jur: <https://w3id.org/napgraph/jurisdiction/> .
@prefix nap: <https://w3id.org/napgraph/ont#> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix profile: <https://w3id.org/napgraph/profile/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix theme: <https://w3id.org/napgraph/theme/> .
@base <https://w3id.org/napgraph/id/CODE/> .
"""
PLAN = """
<SLUG> a nap:ActionPlan ; dcterms:title "National Plan of Action"@en ; nap:jurisdiction jur:CODE ;
    nap:hasEvent <SLUG/adoption> ; nap:hasElement <SLUG/pillar-1> ; nap:sourceExtent extent:summary-paragraph ;
    nap:examinedFor feature:operational , feature:cross-cutting , feature:good-plan , feature:content ;
    dcterms:conformsTo profile:summary ; nap:evidence <https://w3id.org/napgraph/source/CODE-report/p-1> .
<SLUG/pillar-1> a nap:Pillar ; skos:prefLabel "Prevention"@en ; nap:order 1 ; nap:aboutExactly theme:prevention ;
    nap:evidence <https://w3id.org/napgraph/source/CODE-report/p-1> .
<SLUG/adoption> a nap:PolicyEvent ; nap:actType act:adopted ; nap:performedBy <cabinet> ;
    nap:evidence <https://w3id.org/napgraph/source/CODE-report/p-1> .
"""
AROUND = """
<cabinet> a org:Organization ; skos:prefLabel "The Cabinet"@en ; org:classification actor:cabinet .
<https://w3id.org/napgraph/source/CODE-report> a nap:SourceDocument ; dcterms:title "A report"@en .
<https://w3id.org/napgraph/source/CODE-report/p-1> a nap:SourcePassage ; nap:section "One"@en ; nap:paragraph 1 ;
    oa:hasSource <https://w3id.org/napgraph/source/CODE-report> .
"""
TABLE = prefixes(str(ROOT))
FORK = multiprocessing.get_context("fork")


def record(more: str = "", code: str = "ken", slug: str = "plan-2026") -> bytes:
    """A small record that conforms, and ``more``."""
    return (HEAD + PLAN + AROUND + more).replace("CODE", code).replace("SLUG", slug).encode()


@pytest.fixture(scope="session")
def beginning(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The four folders with two jurisdictions, and the two invented ones among the codes."""
    made = tmp_path_factory.mktemp("beginning")
    for name in ("ontology", "shapes", "queries"):
        shutil.copytree(ROOT / name, made / name)
    shutil.copy(ROOT / "tests/world/ontology/schemes/jurisdiction-test.ttl", made / "ontology/schemes")
    (made / "data/jurisdictions").mkdir(parents=True)
    for name in ("nor", "nld"):
        shutil.copy(ROOT / f"data/jurisdictions/{name}.ttl", made / "data/jurisdictions")
    shutil.copytree(ROOT / "data/sources", made / "data/sources")
    shutil.copy(ROOT / "data/international.ttl", made / "data")
    return made


@pytest.fixture
def world(beginning: Path, tmp_path: Path) -> Path:
    """A copy of the beginning that a test may change."""
    return Path(shutil.copytree(beginning, tmp_path / "world"))


@pytest.fixture(scope="session")
def with_kenya(beginning: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Acceptance]:
    """A world into which a first plan of a new jurisdiction was taken, and what was said of it."""
    made = Path(shutil.copytree(beginning, tmp_path_factory.mktemp("kenya") / "world"))
    return made, accept(record(), root=made)


@pytest.fixture
def kenya(with_kenya: tuple[Path, Acceptance], tmp_path: Path) -> Path:
    """A copy of the world with the plan of Kenya."""
    return Path(shutil.copytree(with_kenya[0], tmp_path / "kenya"))


def test_an_update_shows_what_it_changes_and_keeps_what_others_entered(kenya: Path) -> None:
    """What is stated takes the place of what is recorded; parts, other statements and the former state stay."""
    path = kenya / path_of("ken")
    text = path.read_text(encoding="utf-8") + "# by hand\n"
    path.write_text(
        text.replace('"Prevention"@en', '"Prevention"@en ; <http://www.w3.org/2000/01/rdf-schema#comment> "Ours."@en'),
        encoding="utf-8",
    )
    before = path.read_text(encoding="utf-8")
    corrected = record(
        "<plan-2026> nap:hasElement <plan-2026/pillar-2> . <plan-2026/pillar-2> a nap:Pillar ; nap:order 2 ;"
        ' skos:prefLabel "Protection"@en ; nap:aboutExactly theme:protection ;'
        " nap:evidence <https://w3id.org/napgraph/source/ken-report/p-1> ."
    )
    corrected = corrected.replace(b"nap:hasElement <plan-2026/pillar-1> ; ", b"")
    corrected = corrected.replace(b'"National Plan of Action"@en', b'"National Plan of Action 2026"@en')
    corrected = corrected.replace(b'"Prevention"@en', b'"Preventing"@en')
    refused = accept(corrected, root=kenya)
    assert refused.outcome == "refused"
    assert len(refused.conflicts) == 2
    assert path.read_text(encoding="utf-8") == before
    shown = accept(corrected, root=kenya, update=True, dry_run=True)
    assert shown.outcome == "would be taken in", (shown.refusals, shown.report and shown.report.findings)
    taken = accept(corrected, root=kenya, update=True)
    assert taken.outcome == "taken in"
    assert taken.changes == shown.changes
    told = {each.iri.rpartition("/ken/")[2]: each for each in taken.changes}
    assert set(told) == {"plan-2026", "plan-2026/pillar-1"}
    assert told["plan-2026/pillar-1"].recorded == ['prefLabel: "Prevention"@en'] or "Prevention" in str(told)
    assert [len(told["plan-2026"].recorded), len(told["plan-2026"].submitted)] == [1, 2]
    after = path.read_text(encoding="utf-8")
    for kept in ("<plan-2026/pillar-1>", '"Ours."@en', "Preventing", "<plan-2026/pillar-2>", "# by hand"):
        assert kept in after
    assert '"Prevention"@en' not in after
    history = (kenya / taken.history).read_text(encoding="utf-8")
    assert taken.before in history
    assert shown.difference in history
    assert accept(corrected, root=kenya).outcome == "nothing to do"


def activities(*names: str) -> bytes:
    """The plan with activities as rows without an id have them: known by their number in the sheet."""
    parts = [
        f"<plan-2026> nap:hasElement <plan-2026/activity-r{number}> . <plan-2026/activity-r{number}> "
        f'a nap:PlannedActivity ; skos:prefLabel "{name}"@en ; '
        "nap:evidence <https://w3id.org/napgraph/source/ken-report/p-1> ."
        for number, name in enumerate(names, 3)
    ]
    return record("\n".join(parts))


def test_rows_that_moved_are_not_taken_for_those_that_stood_there(kenya: Path) -> None:
    """A row put in between would give each below it the statements of another."""
    assert accept(activities("Open a line", "Train judges"), root=kenya).outcome == "taken in"
    before = (kenya / path_of("ken")).read_bytes()
    moved = accept(activities("Hold lessons", "Open a line", "Train judges"), root=kenya, update=True)
    assert moved.outcome == "refused"
    (refusal,) = moved.refusals
    assert "Rows without an id moved (1), the first of them “Open a line”" in refusal.words
    assert (kenya / path_of("ken")).read_bytes() == before
    mended = accept(activities("Open a help line", "Train judges"), root=kenya, update=True)
    assert mended.outcome == "taken in"
    assert [each.name for each in mended.changes] == ["Open a line"]


@pytest.mark.slow
def test_a_correction_makes_no_second_plan_and_names_what_it_leaves_out(kenya: Path, napgraph: Run) -> None:
    period = "<SLUG> nap:period [ <http://www.w3.org/ns/dcat#endDate> {}^^<http://www.w3.org/2001/XMLSchema#gYear> ] ."
    ending = period.format('"2027"')
    assert accept(activities("Open a line", "Train judges"), root=kenya).outcome == "taken in"
    assert accept(record(ending), root=kenya, update=True).outcome == "taken in"
    edition = accept(record(period.format('"2031"'), slug="plan-2028"), root=kenya, update=True, dry_run=True)
    assert edition.outcome == "would be taken in"
    other = accept(record(ending, slug="programme-2026"), root=kenya, update=True, dry_run=True)
    assert other.outcome == "refused"
    assert "would be a new document" in other.refusals[0].words
    assert "write plan-2026 as its short name" in other.refusals[0].words
    assert accept(record(ending, slug="programme-2026"), root=kenya, dry_run=True).outcome == "would be taken in"
    path = kenya / "corrected.ttl"
    path.write_bytes(activities("Open a help line"))
    told = napgraph("--root", str(kenya), "accept", str(path), "--update")
    assert told.returncode == 0, told.stderr
    assert "Not in your file, and left as it is: 1 recorded part (Train judges)." in " ".join(told.stdout.split())
    assert "0 statements" not in told.stdout
    assert "Train judges" in (kenya / path_of("ken")).read_text(encoding="utf-8")


def test_a_bare_mention_of_a_body_contradicts_nothing(kenya: Path) -> None:
    mention = b'<cabinet> a org:Organization ; skos:prefLabel "the  cabinet"@fr .\n'
    text = record().replace(b'<cabinet> a org:Organization ; skos:prefLabel "The Cabinet"@en ; '
                            b"org:classification actor:cabinet .\n", mention)  # fmt: skip
    assert mention in text
    assert accept(text, root=kenya).outcome == "nothing to do"
    other = text.replace(b"the  cabinet", b"The Council")
    assert [each.iri[-7:] for each in accept(other, root=kenya).conflicts] == ["cabinet"]


SECOND = "plan-2030"
REFUSED = {
    "an unknown plan is replaced": "<plan-2030> nap:supersedes <plan-1999> .",
    "a resource of another": "<https://w3id.org/napgraph/id/nor/king> a org:Organization ; skos:prefLabel 'King'@en .",
    "an address with capitals": "<King> a org:Organization ; skos:prefLabel 'K'@en .",
    "a fact on what is recorded": "<cabinet> rdfs:comment 'It meets on Fridays.'@en .",
    "a term of the ontology": "<plan-2030> owl:sameAs <plan-2026> .",
    "a code of a list": "theme:prevention skos:prefLabel 'Other'@en .",
    "a language that is none": "<plan-2030> dcterms:alternative 'NAP'@english .",
    "a plan that is an event too": "<plan-2030> nap:performedBy <cabinet> .",
    "a nameless resource of two": "<plan-2030> rdfs:seeAlso _:a . <cabinet> rdfs:seeAlso _:a .",
}
TAKEN = (
    "<plan-2030> nap:supersedes <plan-2026> .",
    "<plan-2030/pillar-1> <http://www.w3.org/ns/prov#wasRevisionOf> <plan-2026/pillar-1> .",
    "<king> a org:Organization ; skos:prefLabel 'King'@en ; org:classification actor:cabinet .",
    "<cabinet> skos:altLabel 'Council'@en .",
    "<https://w3id.org/napgraph/body/unodc> a org:Organization .",
    "<https://w3id.org/napgraph/source/a-paper> a nap:SourceDocument ; dcterms:title 'A paper'@en .",
)
CLASSIFIED = " ; org:classification actor:cabinet"


def verdicts(sent: bytes, root: Path) -> tuple[bool, bool]:
    """What check and accept say of a record: whether it can be taken in."""
    (report,) = check(sent, root=root)
    return report.conforms, accept(sent, root=root, dry_run=True).accepted


@pytest.mark.slow
def test_what_can_be_taken_in_conforms(kenya: Path) -> None:
    assert verdicts(record("\n".join(TAKEN), slug=SECOND), kenya) == (True, True)


@pytest.mark.slow
@pytest.mark.parametrize("more", REFUSED.values(), ids=list(REFUSED))
def test_what_is_refused_does_not_conform(kenya: Path, more: str) -> None:
    assert verdicts(record(more, slug=SECOND), kenya) == (False, False)


@pytest.mark.slow
def test_check_foretells_of_a_recorded_plan_what_accept_does(kenya: Path) -> None:
    assert verdicts(record(), kenya) == (True, True), "it says the same"
    assert verdicts(record().replace(b"National Plan", b"Another Plan"), kenya) == (False, False)
    assert verdicts(record(code="kez"), kenya) == (False, False), "there is no such jurisdiction"
    assert verdicts(record() + record(code="uga"), kenya) == (False, False), "one file for each"
    (report,) = check(record().replace(b"National Plan", b"Another Plan"), root=kenya)
    (finding,) = [each for each in report.findings if each.severity == "Violation"]
    assert finding.name == "recorded-otherwise"
    assert "Another Plan" in finding.message


@pytest.mark.slow
def test_a_body_that_is_only_named_contradicts_nothing(kenya: Path) -> None:
    """It says less than is recorded; a word that is not recorded makes it a contradiction."""
    bare = record(slug=SECOND).replace(CLASSIFIED.encode(), b"")
    assert verdicts(bare, kenya) == (True, True)
    taken = accept(bare, root=kenya)
    assert taken.outcome == "taken in"
    text = (kenya / path_of("ken")).read_text(encoding="utf-8")
    assert text.count("actor:cabinet") == 1
    other = bare.replace(b'"The Cabinet"', b'"Cabinet"')
    assert verdicts(other, kenya) == (False, False)


@pytest.mark.slow
@pytest.mark.parametrize(
    "path",
    [ROOT / "tests/world/data/jurisdictions/xab.ttl"]
    + [ROOT / f"tests/awkward/{name}.ttl" for name in ("two-editions", "sub-national", "roles")],
    ids=lambda path: path.stem,
)
def test_check_and_accept_agree_on_every_record_of_the_tests(beginning: Path, path: Path) -> None:
    (report,) = check(path, root=beginning)
    assert report.conforms == accept(path, root=beginning, dry_run=True).accepted


@pytest.mark.slow
def test_a_part_of_a_country_comes_with_its_plan_and_no_listed_one_changes(kenya: Path) -> None:
    content = (ROOT / "tests/awkward/sub-national.ttl").read_bytes()
    assert accept(content, root=kenya).outcome == "taken in"
    assert b"jur:xck-n" in (kenya / path_of("xck-n")).read_bytes()
    assert accept(content, root=kenya).outcome == "nothing to do"
    listed = content.replace(b"xck-n", b"gbr-sct").replace(b"jur:xck ", b"jur:gbr ")
    assert verdicts(listed, kenya) == (False, False)


@pytest.mark.slow
def test_check_and_accept_agree_on_records_with_faults(beginning: Path) -> None:
    """Whatever is wrong with a record, made by chance: check finds a violation exactly where accept refuses it."""
    base, seen = list(read_turtle(record(), "ken.ttl")), set[bool]()
    for triples in [base, *mutants(base, random.Random("agree"), 36)]:  # the 33rd is excluded by the ontology alone
        content = pyoxigraph.serialize(triples, format=pyoxigraph.RdfFormat.TURTLE) or b""
        told = verdicts(content, beginning)
        assert told[0] == told[1], content.decode()
        seen.add(told[0])
    assert seen == {True, False}


def tree(root: Path) -> dict[str, bytes]:
    """Every file of the data folder, hidden ones too."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes() for path in (root / "data").rglob("*") if path.is_file()
    }


def described(text: bytes | str) -> Descriptions:
    return Descriptions(read_turtle(text.encode() if isinstance(text, str) else text, "text.ttl"))


def words(found: Acceptance) -> str:
    return " ".join(each.text for each in found.refusals)


# Taking in


def test_a_new_jurisdiction_gets_its_file(with_kenya: tuple[Path, Acceptance], beginning: Path) -> None:
    world, found = with_kenya
    assert (found.outcome, found.jurisdiction, found.name) == ("taken in", "KEN", "Kenya")
    (document,) = found.documents
    assert (document.name, document.profile) == ("National Plan of Action", "summary")
    assert (document.elements, document.passages, document.new) == (1, 1, True)
    assert found.before != found.after == KnowledgeGraph.load(world).version
    text = (world / "data/jurisdictions/ken.ttl").read_text(encoding="utf-8")
    assert text.startswith("# data/jurisdictions/ken.ttl: Kenya.\n# Order: ")
    assert described(text).all_told() == described(record()).all_told()
    blocks = [line for line in text.splitlines() if line.startswith(("<", "s:"))]
    assert blocks == [
        "<cabinet>",
        "<plan-2026>",
        "<plan-2026/adoption>",
        "<plan-2026/pillar-1>",
        "s:ken-report",
        "<https://w3id.org/napgraph/source/ken-report/p-1>",
    ]
    declared = [line.split()[1] for line in text.splitlines() if line.startswith("@prefix")]
    assert declared == sorted(declared)
    before, after = tree(beginning), tree(world)
    assert set(after) - set(before) == {"data/jurisdictions/ken.ttl"}
    assert all(after[path] == content for path, content in before.items())


def test_what_is_taken_in_is_compared_and_shown_at_once(napgraph: Run, with_kenya: tuple[Path, Acceptance]) -> None:
    root = str(with_kenya[0])
    assert "National Plan of Action" in napgraph("--root", root, "show", "KEN").stdout
    compared = json.loads(napgraph("--root", root, "compare", "pillars", "--format", "json").stdout)
    cells = {each["country"]: each["cells"] for each in compared["jurisdictions"]}
    assert set(cells) == {"KEN", "NLD", "NOR"}
    assert cells["KEN"]["prevention"]["value"] == "stated"
    assert check(root=root)[0].conforms


@pytest.mark.slow
def test_documents_are_added_at_the_end_and_nothing_else_changes(kenya: Path) -> None:
    path = kenya / "data/jurisdictions/ken.ttl"
    old = path.read_text(encoding="utf-8").replace("<plan-2026>\n", "# A remark of ours.\n<plan-2026>\n")
    path.write_text(old, encoding="utf-8")
    period = "<plan-2030> nap:period [ dcat:startDate '2030'^^xsd:gYear ] .\n"
    more = f"@prefix dcat: <{TABLE['dcat']}> .\n@prefix xsd: <{TABLE['xsd']}> .\n{period}"
    found = accept(record(more, slug="plan-2030"), root=kenya)
    assert found.outcome == "taken in"
    assert [(each.iri.rpartition("/")[2], each.new) for each in found.documents] == [("plan-2030", True)]
    new = path.read_text(encoding="utf-8")
    added = [f"@prefix {name}: <{TABLE[name]}> .\n" for name in ("dcat", "xsd")]
    kept = new.replace(added[0], "").replace(added[1], "")
    assert kept.startswith(old + "\n<plan-2030>\n")
    assert "\n<cabinet>" not in kept[len(old) :]
    assert [line.split()[1] for line in new.splitlines() if line.startswith("@prefix")] == sorted(
        line.split()[1] for line in new.splitlines() if line.startswith("@prefix")
    )


def test_the_same_again_is_nothing_to_do(kenya: Path) -> None:
    before = tree(kenya)
    found = accept(record(), root=kenya)
    assert (found.outcome, found.accepted, found.after) == ("nothing to do", True, "")
    assert not found.documents[0].new
    assert tree(kenya) == before


def test_other_content_is_a_difference_and_not_a_merge(kenya: Path, napgraph: Run, tmp_path: Path) -> None:
    before = tree(kenya)
    changed = record().replace(b"The Cabinet", b"Council of Ministers").replace(b"nap:order 1 ; ", b"nap:order 2 ; ")
    path = tmp_path / "changed.ttl"
    path.write_bytes(changed)
    shown = napgraph("--root", str(kenya), "accept", str(path), env={"COLUMNS": "200"})
    assert shown.returncode == 1, shown.stderr
    line = (
        changed.decode().splitlines().index(next(each for each in changed.decode().splitlines() if "Council" in each))
    )
    assert 'prefLabel: "The Cabinet"@en (only in the record)' in shown.stdout
    assert f'prefLabel: "Council of Ministers"@en ({path}:{line + 1})' in shown.stdout
    assert "- has order: 1 (xsd:integer) (only in the record)" in shown.stdout
    assert "Nothing was written." in shown.stdout
    assert tree(kenya) == before


def test_nothing_is_refused(world: Path) -> None:
    for text in (b"", b"<urn:x:a> <urn:x:b> <urn:x:c> .", record().replace(b"nap:ActionPlan", b"nap:ActoinPlan")):
        found = accept(text, root=world)
        assert not found.accepted
        assert "No document was found" in words(found)
    assert not (world / "data/jurisdictions/ken.ttl").exists()


@pytest.mark.slow
def test_what_does_not_conform_is_refused_with_its_findings(world: Path) -> None:
    found = accept(record().replace(b"extent:summary-paragraph", b"extent:sumary"), root=world)
    assert found.outcome == "refused"
    assert found.report is not None
    assert {each.severity for each in found.report.findings} >= {"Violation"}
    assert not (world / "data/jurisdictions/ken.ttl").exists()


@pytest.mark.slow
def test_a_dry_run_shows_the_change_and_writes_nothing(kenya: Path, napgraph: Run, tmp_path: Path) -> None:
    path = tmp_path / "ken.ttl"
    path.write_bytes(record(slug="plan-2030"))
    before = tree(kenya)
    shown = napgraph("--root", str(kenya), "accept", str(path), "--dry-run")
    assert shown.returncode == 0, shown.stdout + shown.stderr
    lines = shown.stdout.splitlines()
    assert "--- data/jurisdictions/ken.ttl" in lines
    assert "+<plan-2030>" in lines
    assert not [line for line in lines if line.startswith("-") and not line.startswith("---")]
    assert "nothing was written" in shown.stdout
    assert tree(kenya) == before


@pytest.mark.slow
def test_the_full_invented_plan_comes_in_whole(world: Path, napgraph: Run) -> None:
    path = ROOT / "tests/world/data/jurisdictions/xaa.ttl"
    shown = napgraph("--root", str(world), "accept", str(path), "--format", "json")
    assert shown.returncode == 0, shown.stdout + shown.stderr
    found = json.loads(shown.stdout)
    assert [each["profile"] for each in found["documents"]] == ["full-submission", "full-submission", "thin"]
    assert sum(each["elements"] for each in found["documents"]) > 80
    written = world / "data/jurisdictions/xaa.ttl"
    assert described(written.read_bytes()).all_told() == described(path.read_bytes()).all_told()
    assert "Exemplia" in napgraph("--root", str(world), "show", "XAA").stdout


@pytest.mark.slow
def test_a_workbook_says_what_its_turtle_says(kenya: Path, napgraph: Run, tmp_path: Path) -> None:
    source, book = tmp_path / "ken.ttl", tmp_path / "ken.xlsx"
    source.write_bytes(record())
    assert napgraph("--root", str(kenya), "convert", str(source), str(book)).returncode == 0
    assert accept(book, root=kenya).outcome == "nothing to do"
    source.write_bytes(record().replace(b"The Cabinet", b"Council of Ministers"))
    book.unlink()
    assert napgraph("--root", str(kenya), "convert", str(source), str(book)).returncode == 0
    (conflict,) = accept(book, root=kenya).conflicts
    ((_, place),) = conflict.submitted
    assert (place.sheet, place.cell[0]) == ("Bodies", "C")


# Further sources

TWO = (
    HEAD.replace("CODE", "nor")
    + """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix s: <https://w3id.org/napgraph/source/> .
@prefix schema: <https://schema.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
)
THIRD = """
<plan-2006-2009/reading/a-paper> a nap:Reading ; nap:readingOf <plan-2006-2009> ; nap:evidence s:a-paper ;
    nap:period [ dcat:startDate "2007"^^xsd:gYear ; dcat:endDate "2009-12"^^xsd:gYearMonth ] ;
    nap:sourceExtent extent:excerpt ; nap:examinedFor feature:content .
<plan-2006-2009> nap:hasElement <plan-2006-2009/goal-of-the-paper> .
<plan-2006-2009/goal-of-the-paper> a nap:StrategicGoal ; rdfs:label "Less demand"@en ; nap:evidence s:a-paper ;
    nap:aboutExactly theme:demand-reduction .
s:a-paper a nap:SourceDocument ; rdfs:label "A newspaper on the plan"@en ; schema:url <https://example.org/news> .
"""
SHORT = """
<plan-2006-2009> a nap:ActionPlan ; dcterms:title "A plan of its own"@en ; nap:jurisdiction jur:nor ;
    nap:sourceExtent extent:bare-mention ; dcterms:conformsTo profile:thin ; nap:evidence s:a-letter .
s:a-letter a nap:SourceDocument ; rdfs:label "A letter on the plan"@en .
"""


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the engine of this package judge in place of pyshacl, which finds the same (test_judge) and takes longer."""
    monkeypatch.setattr("napgraph.submissions.accept.Checker", lambda root, **_: Checker(root))


def verdicts_of(found: Acceptance) -> set[tuple[str, str, str, str]]:
    last = (str(each.about).rpartition("#")[2].rpartition("/")[2] for each in found.compared)
    return {(each.verdict, about, each.value, each.source) for about, each in zip(last, found.compared, strict=True)}


@pytest.mark.usefixtures("quick")
def test_a_further_source_is_recorded_beside_the_others(world: Path) -> None:
    """A third reading of a plan of Norway: what it says otherwise is kept on both sides, and told."""
    before = tree(world)
    sent = (TWO + THIRD).encode()
    (report,) = check(sent, root=world)
    assert report.conforms
    assert (report.documents, report.shared) == (1, 0)
    found = accept(sent, root=world)
    assert found.outcome == "taken in"
    assert verdicts_of(found) == {
        ("contradicts", "period", "2007", "a-paper"),
        ("agrees", "period", "2009-12", "a-paper"),
    }
    after = tree(world)
    changed = {path for path, content in after.items() if before.get(path) != content}
    assert changed == {"data/sources/a-paper.ttl", "data/jurisdictions/nor.ttl"}
    assert after["data/jurisdictions/nor.ttl"].startswith(before["data/jurisdictions/nor.ttl"])
    assert check(world / "data/sources/a-paper.ttl", root=world)[0].conforms
    starts = {str(row["start"]) for row in KnowledgeGraph.load(world).query("timeline", country="NOR")}
    assert {"2006", "2007"} <= starts
    assert accept(sent, root=world).outcome == "nothing to do"
    other = sent.replace(b'"2007"', b'"2008"')
    assert accept(other, root=world).outcome == "refused", "the same source cannot say two things"
    assert check(other, root=world)[0].conforms is False


@pytest.mark.usefixtures("quick")
def test_a_document_that_is_sent_from_another_source_becomes_a_reading(world: Path) -> None:
    sent = (TWO + SHORT).encode()
    assert check(sent, root=world)[0].conforms
    found = accept(sent, root=world)
    assert found.outcome == "taken in"
    assert {verdict for verdict, about, *_ in verdicts_of(found) if about == "title"} == {"contradicts"}
    stated = described((world / "data/jurisdictions/nor.ttl").read_bytes())
    plan = pyoxigraph.NamedNode("https://w3id.org/napgraph/id/nor/plan-2006-2009")
    old = described((ROOT / "data/jurisdictions/nor.ttl").read_bytes())
    assert stated.told(plan) == old.told(plan)
    reading = pyoxigraph.NamedNode(f"{plan.value}/reading/a-letter")
    assert {value.value for _, value in stated.of(reading) if isinstance(value, pyoxigraph.Literal)} == {
        "A plan of its own"
    }
    same = sent.replace(b"s:a-letter", b"<https://w3id.org/napgraph/source/unodc-toolkit-2008/tool-2.7/norway-1>", 1)
    assert accept(same, root=world, dry_run=True).conflicts, "the source that the record is from says otherwise"


@pytest.mark.slow
@pytest.mark.usefixtures("quick")
def test_rows_of_a_further_source_are_counted_on_after_those_that_are_recorded(world: Path) -> None:
    """Sheets number their rows by themselves: the first measure of a second source is not the first of the record."""
    plan = "https://w3id.org/napgraph/id/nor/plan-2006-2009"
    measure = """
<plan-2006-2009> nap:hasElement <plan-2006-2009/measure-1> .
<plan-2006-2009/measure-1> a nap:PlannedActivity ; skos:prefLabel "A telephone line"@en ; nap:evidence s:a-letter ;
    nap:hasIndicator <plan-2006-2009/indicator-1> .
<plan-2006-2009/indicator-1> a nap:Indicator ; skos:prefLabel "Calls"@en .
"""
    old = described((ROOT / "data/jurisdictions/nor.ttl").read_bytes())
    measures = [each for each in old.subjects if re.fullmatch(re.escape(plan) + r"/measure-\d+", each.value)]
    source = (TWO + SHORT + measure).encode()
    assert accept(source, root=world, dry_run=True).conflicts, "who writes an address means it"
    sent = io.BytesIO(cast("bytes", convert(source, "xlsx", root=str(world)).content))
    sent.name = "plan.xlsx"
    found = accept(sent, root=world)
    assert found.outcome == "taken in", (found.refusals, found.conflicts, found.report and found.report.findings)
    stated = described((world / "data/jurisdictions/nor.ttl").read_bytes())
    assert all(stated.told(each) == old.told(each) for each in measures)
    new = pyoxigraph.NamedNode(f"{plan}/measure-{len(measures) + 1}")
    assert new not in old
    assert pyoxigraph.Literal("A telephone line", language="en") in [value for _, value in stated.of(new)]
    sent.seek(0)
    assert accept(sent, root=world).outcome == "nothing to do"


@pytest.mark.slow
@pytest.mark.usefixtures("quick")
def test_a_source_speaks_for_no_jurisdiction(world: Path) -> None:
    source = THIRD[THIRD.index("s:a-paper a ") :]
    sent = (TWO + source).encode()
    (report,) = check(sent, root=world)
    assert (report.conforms, report.documents, report.shared) == (True, 0, 1)
    found = accept(sent, root=world)
    assert (found.outcome, found.jurisdiction, found.path) == ("taken in", "", str(world / "data/sources/a-paper.ttl"))
    assert accept(sent, root=world).outcome == "nothing to do"
    assert accept(sent.replace(b"newspaper", b"weekly"), root=world).conflicts


@pytest.mark.slow
@pytest.mark.usefixtures("quick")
def test_results_of_a_report_come_in(world: Path) -> None:
    report = """
<report-2010> a nap:Report ; rdfs:label "Report on the plan"@en ; nap:jurisdiction jur:nor ;
    nap:reportsOn <plan-2006-2009> ; nap:sourceExtent extent:excerpt ; nap:evidence s:a-paper ;
    nap:hasElement <report-2010/result-1> .
<report-2010/result-1> a nap:Result ; rdfs:label "The scheme was widened"@en ; nap:evidence s:a-paper ;
    nap:concerns <plan-2006-2009/measure-2> ; nap:progress <https://w3id.org/napgraph/progress/completed> .
"""
    sent = (TWO + report + THIRD[THIRD.index("s:a-paper a ") :]).encode()
    found = accept(sent, root=world)
    assert (found.outcome, [each.new for each in found.documents]) == ("taken in", [True])
    more = report.replace("result-1", "result-2").rpartition("<report-2010/result-2>")[2]
    again = (TWO + "<report-2010> nap:hasElement <report-2010/result-2> . <report-2010/result-2>" + more).encode()
    assert accept(again, root=world).outcome == "taken in", "an addition to a recorded document"
    nothing = again.replace(b"nap:concerns <plan-2006-2009/measure-2> ; ", b"").replace(b"result-2", b"result-3")
    assert not accept(nothing, root=world).accepted


# Whose resources


@pytest.mark.slow
@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("<https://w3id.org/napgraph/id/nor/plan-2006-2009> dcterms:title 'x'@en .", "speaks for 2 jurisdictions"),
        ("<https://w3id.org/napgraph/id/nor/police> a org:Organization .", "speaks for NOR"),
        ("theme:prevention skos:prefLabel 'x'@en .", "belongs to the code lists"),
        ("nap:Pillar skos:definition 'x'@en .", "belongs to the ontology"),
        ("<https://w3id.org/napgraph/shapes#Hygiene> skos:note 'x' .", "belongs to the rules"),
        ("<https://w3id.org/napgraph/body/unodc> rdfs:comment 'x'@en .", "belongs to the international bodies"),
        ("<https://w3id.org/napgraph/body/no-such> a org:Organization .", "belongs to the international bodies"),
        ("<https://w3id.org/napgraph/source/Ken> a nap:SourceDocument .", "belongs to another source"),
        ("<https://w3id.org/napgraph/source/../x> a nap:SourceDocument .", "belongs to another source"),
        ("<http://example.org/x> a nap:Pillar .", "belongs to somebody else"),
        ("<https://w3id.org/napgraph/id/kenya/x> a nap:Pillar .", "belongs to no jurisdiction"),
        ("<https://w3id.org/napgraph/id/ken/Plan> a nap:Pillar .", "cannot stand as an address"),
        ("<https://w3id.org/napgraph/id/ken/%2e%2e/nor> a nap:Pillar .", "cannot stand as an address"),
        ("<https://w3id.org/napgraph/id/ken/plän> a nap:Pillar .", "cannot stand as an address"),
        ("<cabinet> a skos:Concept .", "would change the code lists"),
        ("<cabinet> a nap:Jurisdiction .", "would change the code lists"),
        ("<cabinet> skos:inScheme <https://w3id.org/napgraph/theme> .", "would change the code lists"),
        ("<cabinet> skos:broader theme:prevention .", "would change the code lists"),
        ("<cabinet> owl:sameAs <https://w3id.org/napgraph/id/nor/government> .", "the meaning of terms"),
        ("<cabinet> rdfs:subClassOf nap:Pillar .", "the meaning of terms"),
        ("<cabinet> a owl:Class .", "the meaning of terms"),
        ("<cabinet> sh:targetClass nap:Pillar .", "would change the rules"),
        ("<plan-2026> nap:period _:a . <cabinet> nap:period _:a . _:a nap:order 1 .", "without a name"),
        ("[] nap:order 1 .", "without a name"),
        ("_:a nap:hasElement _:b . _:b nap:hasElement _:a .", "without a name"),
    ],
)
def test_only_its_own_resources_with_the_terms_there_are(world: Path, more: str, said: str) -> None:
    text = record(more)
    found = accept(text, root=world)
    assert not found.accepted
    assert said in words(found)
    lines = {each.place.line for each in found.refusals if each.place is not None and said in each.text}
    assert len(record().splitlines()) + 1 in lines
    assert not (world / "data/jurisdictions/ken.ttl").exists()


def test_the_jurisdiction_is_one_that_there_is(world: Path) -> None:
    assert "speaks for 2 jurisdictions (KEN, NOR)" in words(
        accept(record().replace(b"jur:ken", b"jur:nor"), root=world)
    )
    assert "There is no jurisdiction KEM. Did you mean KEN" in words(accept(record(code="kem"), root=world))
    assert "There is no jurisdiction ZQZ" in words(accept(record(code="zqz"), root=world))
    assert "not clear" in words(accept(record().replace(b"jur:ken", b'"KEN"'), root=world))


@pytest.mark.slow
def test_a_code_that_is_left_to_its_users_is_taken(world: Path, napgraph: Run) -> None:
    """ISO 3166-1 assigns none of XAA to XZZ: what is invented has such a code, and goes by it where it has no name."""
    assert accept(record(code="xqz"), root=world).outcome == "taken in"
    text = (world / "data/jurisdictions/xqz.ttl").read_text(encoding="utf-8")
    assert text.startswith("# data/jurisdictions/xqz.ttl: XQZ.")
    assert napgraph("--root", str(world), "show", "XQZ").stdout.startswith("XQZ")
    assert "XQZ" in napgraph("--root", str(world), "compare", "pillars", "-c", "XQZ", "--format", "csv").stdout


def test_many_refusals_are_told_in_short(world: Path) -> None:
    more = "".join(f"<http://example.org/{number}> a nap:Pillar .\n" for number in range(500))
    found = accept(record(more), root=world)
    assert len(found.refusals) < 30
    assert "more of this kind" in words(found)


@pytest.mark.slow
def test_what_would_follow_for_others_is_refused(world: Path) -> None:
    """A part placed in the plan of another, or a reading of that plan, would be one of theirs."""
    nor = "https://w3id.org/napgraph/id/nor/plan-2006-2009"
    evidence = "nap:evidence <https://w3id.org/napgraph/source/ken-report/p-1>"
    before = tree(world)
    for stated in (
        f"<plan-2026/part> a nap:Element ; rdfs:label 'x'@en ; nap:partOf <{nor}/pillar-1>",
        f"<plan-2026/reading/x> a nap:Reading ; nap:readingOf <{nor}> ; nap:sourceExtent extent:excerpt",
    ):
        assert not accept(record(f"{stated} ; {evidence} ."), root=world).accepted
    assert tree(world) == before


def test_conclusions_about_others_are_told_from_one_s_own() -> None:
    kind = str(RDF.type)
    plan, other, agent = (f"<https://w3id.org/napgraph/id/{each}>" for each in ("ken/plan", "nor/plan", "nor/police"))
    base = f"{other} <urn:p> _:a1 .\n".encode()
    own = f"{plan} <urn:p> {other} .\n_:x <urn:p> {other} .\n{other} <urn:p> _:b2 .\n".encode()
    assert said_of_others(base, own, "ken") == []
    typed = own + f"{agent} <{kind}> <http://www.w3.org/ns/prov#Agent> .\n".encode()
    assert said_of_others(base, typed, "ken") == []
    shared = "<https://w3id.org/napgraph/reference/icmpd-guidelines> <urn:has> <https://w3id.org/napgraph/id/ken/x> .\n"
    assert len(said_of_others(base, own + shared.encode(), "ken")) == 1
    reclassed = own + f"{agent} <{kind}> <https://w3id.org/napgraph/ont#Strategy> .\n".encode()
    assert len(said_of_others(base, reclassed, "ken")) == 1
    assert len(said_of_others(base, own + f"{other} <urn:q> {plan} .\n".encode(), "ken")) == 1
    assert len(said_of_others(base, own + f"{other} <urn:p> _:c .\n".encode(), "ken")) == 1
    assert len(said_of_others(base + f"{other} <urn:q> {plan} .\n".encode(), own, "ken")) == 1


@pytest.mark.slow
def test_what_contradicts_the_ontology_is_refused(kenya: Path) -> None:
    """The rules let it through, the reasoner does not: two plans that take each other's place."""
    text = record(slug="plan-a").decode() + PLAN.replace("CODE", "ken").replace("SLUG", "plan-b")
    text += "<plan-a> nap:supersedes <plan-b> . <plan-b> nap:supersedes <plan-a> ."
    before = tree(kenya)
    found = accept(text.encode(), root=kenya)
    assert not found.accepted
    assert tree(kenya) == before
    assert found.report is not None or "contradict the ontology" in words(found)


# The writing itself


def texts() -> st.SearchStrategy[str]:
    awkward = [
        '"',
        "\\",
        "\n",
        "\r",
        "\t",
        '""" .',
        "> . <x> <y> <z",
        "@en",
        "^^",
        "\x00",
        "\x1b[31m",
        "\u202e",
        "\ufeff",
    ]
    return st.text(st.characters(codec="utf-8"), max_size=12) | st.lists(
        st.sampled_from([*awkward, "a", "é", "𝄞", "\u2028", "'''", "#", "\\u0041"]), max_size=6
    ).map("".join)


def literals() -> st.SearchStrategy[pyoxigraph.Literal]:
    xsd = TABLE["xsd"]
    typed = st.tuples(
        st.sampled_from(["1", "+01", "1.50", ".5", "1.", "1e5", "true", "2026", "x y", "-0", ""]),
        st.sampled_from(["integer", "decimal", "boolean", "gYear", "double", "string", "date", "nonNegativeInteger"]),
    ).map(lambda pair: pyoxigraph.Literal(pair[0], datatype=pyoxigraph.NamedNode(xsd + pair[1])))
    tagged = st.tuples(texts(), st.sampled_from(["en", "en-gb", "zh-hant", "x-a1"])).map(
        lambda pair: pyoxigraph.Literal(pair[0], language=pair[1])
    )
    odd = texts().map(lambda text: pyoxigraph.Literal(text, datatype=pyoxigraph.NamedNode("urn:x:type-1.0")))
    return texts().map(pyoxigraph.Literal) | typed | tagged | odd


NODES = [
    pyoxigraph.NamedNode(iri)
    for iri in (
        "https://w3id.org/napgraph/id/ken/plan",
        "https://w3id.org/napgraph/id/ken/",
        "https://w3id.org/napgraph/id/ken/plan/",
        "https://w3id.org/napgraph/id/ken//nor",
        "https://w3id.org/napgraph/id/ken/../nor/plan",
        "https://w3id.org/napgraph/id/ken/a:b",
        "https://w3id.org/napgraph/id/ken/a.b.",
        "https://w3id.org/napgraph/id/nor/plan",
        "https://w3id.org/napgraph/theme/prevention",
        "https://w3id.org/napgraph/theme/a-",
        "https://w3id.org/napgraph/theme/",
        "https://w3id.org/napgraph/theme/a/b",
        "https://w3id.org/napgraph/theme/%41",
        "https://w3id.org/napgraph/ont#Pillar",
        "https://example.org/ö?x=1&y='(2)'#f;g,h",
        "mailto:a@example.org",
        "urn:x:y",
    )
]
PREDICATES = [
    pyoxigraph.NamedNode(iri)
    for iri in (str(RDF.type), str(SKOS.prefLabel), TABLE["nap"] + "order", TABLE["dcterms"] + "title", "urn:x:p.q")
]


@st.composite
def graphs(draw: st.DrawFn, code: str = "ken", prefix: str = "r") -> list[pyoxigraph.Triple]:
    """Statements about resources of a jurisdiction, with nameless resources in some of them."""
    made: list[pyoxigraph.Triple] = []

    def values(subject: pyoxigraph.NamedNode | pyoxigraph.BlankNode, depth: int) -> None:
        for _ in range(draw(st.integers(1, 3))):
            predicate = draw(st.sampled_from(PREDICATES))
            if depth < 3 and draw(st.integers(0, 4)) == 0:
                inner = pyoxigraph.BlankNode()
                made.append(pyoxigraph.Triple(subject, predicate, inner))
                if draw(st.booleans()):
                    values(inner, depth + 1)
            else:
                made.append(pyoxigraph.Triple(subject, predicate, draw(st.sampled_from(NODES) | literals())))

    for number in range(draw(st.integers(1, 4))):
        values(pyoxigraph.NamedNode(f"https://w3id.org/napgraph/id/{code}/{prefix}-{number}"), 0)
    return made


def added(content: bytes | None, triples: list[pyoxigraph.Triple], code: str = "ken") -> bytes:
    """What a file is after statements were added to it."""
    path = path_of(code)
    existing, sent = Existing.read(content, path), Descriptions(triples)
    new = merge(existing.descriptions, sent).new
    made = compose(existing, sent, new, TABLE, spaces(code)[0], f"# {path}: a test.")
    verify(made, path, (existing.descriptions, existing.descriptions.subjects), (sent, new))
    return made


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Parsing weird boolean")
@settings(max_examples=examples(300), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(first=graphs(prefix="a"), second=graphs(prefix="b"))
def test_graph_in_is_graph_out(first: list[pyoxigraph.Triple], second: list[pyoxigraph.Triple]) -> None:
    one = added(None, first)
    assert described(one).all_told() == Descriptions(first).all_told()
    two = added(one, second)
    assert described(two).all_told() == Descriptions([*first, *second]).all_told()
    strict = rdflib.Graph().parse(data=two, format="turtle")
    assert len(strict) == len({str(triple) for triple in read_turtle(two, "x")})
    lines = two.decode().split("\n")
    kept = iter(lines)
    assert all(line in kept for line in one.decode().split("\n")[:-1]), "old lines stay, in their order"
    assert b"\x00" not in two
    assert "\u202e" not in two.decode()
    assert b"\x1b" not in two


@pytest.mark.slow
def test_a_thousand_merges_of_two_jurisdictions_do_not_meet(tmp_path: Path) -> None:
    """Each file holds its own jurisdiction's statements, whoever writes and whatever is in them."""
    chance = random.Random(7)
    (tmp_path / "data/jurisdictions").mkdir(parents=True)
    sent: dict[str, list[pyoxigraph.Triple]] = {"ken": [], "uga": []}
    pool: list[pyoxigraph.Literal | pyoxigraph.NamedNode] = [
        pyoxigraph.Literal(text) for text in ('"> . <', "\\", "a\nb", '""" .')
    ]
    pool += NODES
    for number in range(1000):
        if number % 40 == 0:
            for code, triples in sent.items():
                triples.clear()
                (tmp_path / path_of(code)).unlink(missing_ok=True)
        code, other = chance.sample(["ken", "uga"], 2)
        untouched = content_of(str(tmp_path), path_of(other))
        subject = pyoxigraph.NamedNode(f"https://w3id.org/napgraph/id/{code}/r-{number}")
        values = [chance.choice(pool), chance.choice(pool)]
        triples = with_inner(subject, pyoxigraph.BlankNode("b1"), chance.choice(PREDICATES), values)
        path = path_of(code)
        content = added(content_of(str(tmp_path), path), triples, code)
        write(str(tmp_path), path, content, partial(same, content))
        sent[code] += with_inner(subject, pyoxigraph.BlankNode(), triples[0].predicate, values)
        written = content_of(str(tmp_path), path)
        assert written is not None
        assert described(written).all_told() == Descriptions(sent[code]).all_told()
        assert content_of(str(tmp_path), path_of(other)) == untouched


def with_inner(
    subject: pyoxigraph.NamedNode,
    inner: pyoxigraph.BlankNode,
    predicate: pyoxigraph.NamedNode,
    values: list[pyoxigraph.Literal | pyoxigraph.NamedNode],
) -> list[pyoxigraph.Triple]:
    return [
        pyoxigraph.Triple(subject, predicate, values[0]),
        pyoxigraph.Triple(subject, PREDICATES[3], inner),
        pyoxigraph.Triple(inner, PREDICATES[2], values[1]),
    ]


def same(one: bytes, other: bytes) -> None:
    assert one == other


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# only a remark",
        "# head\n\n@prefix nap: <https://w3id.org/napgraph/ont#> .\n@prefix other: <urn:x:> .\nother:a nap:order 1 .",
        "@base <https://w3id.org/napgraph/id/ken/> .\n<old> <urn:x:p> 1 . # the end",
        "PREFIX theme: <urn:mine:>\ntheme:x theme:y theme:z .\n",
        "@prefix nap: <urn:first:> .\nnap:x nap:y 1 .\n@prefix nap: <urn:second:> .\nnap:x nap:y 2 .\n",
        "<urn:x:a> <urn:x:b> '''\n@prefix act: <urn:q:> .\n''' .\n",
        "\ufeff# with a mark\r\n@prefix nap: <https://w3id.org/napgraph/ont#> .\r\n\r\n<urn:x:a> nap:order 1 .\r\n",
        "@prefix xsd: <urn:other:> .\n@prefix rdf: <urn:other:> .\n<urn:x:a> a xsd:b .\n",
        "<urn:x:a> <urn:x:b> [ <urn:x:c> 'x' ] , [ <urn:x:c> 'x' ] .",
    ],
)
def test_what_people_wrote_stays_byte_for_byte(text: str) -> None:
    new = list(read_turtle(record(), "x.ttl"))
    content = added(text.encode(), new).decode()
    assert described(content).all_told() == {**described(text).all_told(), **Descriptions(new).all_told()}
    own = text.rstrip("\n").split("\n") if text else []
    assert [line for line in content.split("\n") if line.strip() not in PREFIX_LINES or line in own][: len(own)] == own
    assert ("\r\n" in content) == ("\r\n" in text)
    assert "\n" not in content.replace("\r\n", "") or "\r\n" not in text


RECORDS = [
    path
    for folder_name in ("data/jurisdictions", "tests/world/data/jurisdictions", "tests/awkward")
    for path in sorted((ROOT / folder_name).glob("*.ttl"))
]


@pytest.mark.slow
@pytest.mark.parametrize("path", RECORDS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_record_of_the_project_can_be_written(path: Path) -> None:
    triples = list(read_turtle(path.read_bytes(), path.name))
    (code,) = {
        triple.subject.value.split("/id/")[1][:3]
        for triple in triples
        if isinstance(triple.subject, pyoxigraph.NamedNode) and "/id/" in triple.subject.value
    }
    assert described(added(None, triples, code)).all_told() == Descriptions(triples).all_told()


PREFIX_LINES = {"", *(f"@prefix {prefix}: <{space}> ." for prefix, space in TABLE.items())}


def test_a_file_that_cannot_be_kept_as_it_is_is_named() -> None:
    with pytest.raises(SourceFileError, match="without a name"):
        Existing.read(b"<urn:x:a> <urn:x:b> _:c . <urn:x:d> <urn:x:b> _:c .", "ken.ttl")
    with pytest.raises(OutputError, match="did not say what was checked"):
        verify(b"<urn:x:a> <urn:x:b> 1 .", "ken.ttl", (described("<urn:x:a> <urn:x:b> 2 ."), [NODES[0]]))
    with pytest.raises(OutputError, match="could not be read again"):
        verify(b"<urn:x:a", "ken.ttl")


def test_nameless_resources_belong_to_one_statement() -> None:
    deep = "<urn:x:a> <urn:x:b> " + "[ <urn:x:b> " * DEEPEST + "1" + " ]" * DEEPEST + " ."
    assert described(deep).tangled == []
    assert described(deep.replace("1", "[]")).tangled != []
    far = "<urn:x:a> <urn:x:b> " + "[ <urn:x:b> " * 3000 + "1" + " ]" * 3000 + " ."
    assert len(described(far).tangled) == 3000 - DEEPEST
    fan = described("<urn:x:a> <urn:x:b> " + " , ".join(["[]"] * 5000) + " .")
    assert fan.tangled == []
    assert fan.told(pyoxigraph.NamedNode("urn:x:a")) == frozenset({("<urn:x:b> [  ]", 5000)})


@pytest.mark.parametrize("mark", ["<", ">", '"', " ", "\n", "{", "}", "|", "^", "`", "\\", "\x00", "\u202e", "\u2066"])
def test_no_address_can_close_its_brackets(mark: str) -> None:
    assert SAFE_IRI.fullmatch(f"https://example.org/{mark}x") is None
    try:
        node = pyoxigraph.NamedNode(f"https://example.org/{mark}x")
    except ValueError:
        return
    with pytest.raises(ValueError, match="no address"):
        TurtleWriter(TABLE, None).block(node, Descriptions([pyoxigraph.Triple(node, PREDICATES[0], NODES[0])]))


def test_what_cannot_be_seen_is_shown() -> None:
    assert escaped("a\x1b[31m\u202eb\n") == "a\\u001B[31m\\u202Eb\\u000A".replace("\\u000A", "\\n")


# Any instant, any two, any fault


def statements(number: int) -> list[pyoxigraph.Triple]:
    subject = pyoxigraph.NamedNode(f"https://w3id.org/napgraph/id/ken/r-{number}")
    return [pyoxigraph.Triple(subject, PREDICATES[1], pyoxigraph.Literal(f"{number} {'x' * 2000}", language="en"))]


def append_for_ever(root: str, first: int) -> None:
    path, number = path_of("ken"), first
    while True:
        append(root, path, number)
        number += 1


def append(root: str, path: str, number: int) -> None:
    with write_lock(os.path.join(root, "data", LOCK), 60, f"number {number}"):
        content = added(content_of(root, path), statements(number))
        write(root, path, content, partial(same, content))


def numbers(root: Path) -> list[int]:
    content = content_of(str(root), path_of("ken"))
    found = described(content or b"")
    assert all(found.told(subject) for subject in found.subjects)
    made = [int(subject.value.rpartition("-")[2]) for subject in found.subjects]
    for number in made:
        (subject,) = {triple.subject for triple in statements(number)}
        assert found.told(subject) == Descriptions(statements(number)).told(subject)  # type: ignore[arg-type]
    return made


@pytest.mark.slow
def test_a_kill_at_any_instant_leaves_the_old_or_the_new(tmp_path: Path) -> None:
    (tmp_path / "data/jurisdictions").mkdir(parents=True)
    chance = random.Random(3)
    rounds = grown = 0
    while rounds < 60 or (grown <= 60 and rounds < 6000):  # on a busy machine some are killed before they write
        rounds += 1
        done = numbers(tmp_path)
        if len(done) > 60:
            (tmp_path / path_of("ken")).unlink()
            done = []
        child = FORK.Process(target=append_for_ever, args=(str(tmp_path), len(done)))
        child.start()
        time.sleep(chance.random() * 0.12)
        child.kill()
        child.join()
        assert child.exitcode == -signal.SIGKILL
        after = numbers(tmp_path)
        assert after == list(range(len(after)))
        assert len(after) >= len(done)
        grown += len(after) - len(done)
    assert grown > 60, "the children got to write"
    append(str(tmp_path), path_of("ken"), len(numbers(tmp_path)))
    assert [path.name for path in (tmp_path / "data").rglob("*") if path.is_file()] == ["ken.ttl"]


@pytest.mark.slow
def test_a_kill_of_the_whole_command_leaves_the_old_or_the_new(beginning: Path, tmp_path: Path) -> None:
    chance = random.Random(5)
    source = tmp_path / "ken.ttl"
    source.write_bytes(record())
    whole = described(record()).all_told()
    for number in range(4):
        world = Path(shutil.copytree(beginning, tmp_path / f"world-{number}"))
        before = tree(world)
        command = [sys.executable, "-m", "napgraph", "--root", str(world), "accept", str(source)]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as child:
            time.sleep(chance.random() * 4)
            child.kill()
        after = tree(world)
        assert {path: after.get(path) for path in before} == before
        if "data/jurisdictions/ken.ttl" in after:
            assert described(after["data/jurisdictions/ken.ttl"]).all_told() == whole


def append_some(root: str, which: list[int]) -> None:
    for number in which:
        append(root, path_of("ken"), number)


def test_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    (tmp_path / "data/jurisdictions").mkdir(parents=True)
    shares = [list(range(start, 60, 3)) for start in range(3)]
    children = [FORK.Process(target=append_some, args=(str(tmp_path), share)) for share in shares]
    for child in children:
        child.start()
    for child in children:
        child.join(600)
        assert child.exitcode == 0
    assert sorted(numbers(tmp_path)) == list(range(60))


@pytest.mark.slow
def test_two_commands_at_once_both_land(world: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "napgraph", "--root", str(world), "accept"]
    running = []
    for slug in ("plan-2026", "plan-2030"):
        path = tmp_path / f"{slug}.ttl"
        path.write_bytes(record(slug=slug))
        running.append(subprocess.Popen([*command, str(path)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT))
    for child in running:
        said, _ = child.communicate(timeout=600)
        assert child.returncode == 0, said.decode()
    found = described((world / "data/jurisdictions/ken.ttl").read_bytes())
    both = described(record(slug="plan-2026") + record(slug="plan-2030"))
    assert found.all_told() == both.all_told()


def test_the_second_is_refused_by_name_when_the_first_does_not_end(tmp_path: Path) -> None:
    with write_lock(str(tmp_path / LOCK), 0, "taking in first\x1b[31m.ttl"):
        with (
            pytest.raises(OutputError, match=rf"process {os.getpid()}, since .*, taking in first\[31m\.ttl") as caught,
            write_lock(str(tmp_path / LOCK), 0.3, "second"),
        ):
            pass
        assert "\x1b" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []
    with write_lock(str(tmp_path / LOCK), 0, "third"):
        pass


def hold(path: str, ready: Callable[[], None]) -> None:
    with write_lock(os.path.join(path, LOCK), 0, "holding"):
        ready()
        time.sleep(600)


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    ready = FORK.Event()
    child = FORK.Process(target=hold, args=(str(tmp_path), ready.set))
    child.start()
    assert ready.wait(600)
    child.kill()
    child.join()
    assert (tmp_path / LOCK).exists()
    with write_lock(str(tmp_path / LOCK), 5, "next"):
        pass
    assert not (tmp_path / LOCK).exists()


def test_a_full_disk_changes_nothing(kenya: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = tree(kenya)
    real = os.fsync

    def full(handle: int) -> None:
        if stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(errno.ENOSPC, "No space left on device")
        real(handle)

    monkeypatch.setattr(os, "fsync", full)
    path = path_of("ken")
    content = added(content_of(str(kenya), path), statements(1))
    with pytest.raises(OutputError, match=r"nothing was written here \(No space left on device\); what was there"):
        write(str(kenya), path, content, partial(same, content))
    assert tree(kenya) == before


def write_with_little_room(root: str) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
    try:
        append(root, path_of("ken"), 1)
    except OutputError as error:
        sys.exit(7 if "nothing was written" in str(error) else 1)


def test_no_room_while_writing_changes_nothing(kenya: Path) -> None:
    before = tree(kenya)
    child = FORK.Process(target=write_with_little_room, args=(str(kenya),))
    child.start()
    child.join(30)
    assert child.exitcode == 7
    assert tree(kenya) == before


def write_as_nobody(root: str) -> None:
    if os.geteuid() == 0:
        os.seteuid(65534)
    try:
        append(root, path_of("ken"), 1)
    except OutputError as error:
        sys.exit(7 if "cannot be written to" in str(error) else 1)


def test_a_folder_that_cannot_be_written_to_is_named(kenya: Path) -> None:
    before = tree(kenya)
    (kenya / "data").chmod(0o555)
    child = FORK.Process(target=write_as_nobody, args=(str(kenya),))
    child.start()
    child.join(30)
    (kenya / "data").chmod(0o755)
    assert child.exitcode == 7
    assert tree(kenya) == before


def test_a_file_that_is_broken_is_named_and_left(kenya: Path) -> None:
    path = kenya / "data/jurisdictions/ken.ttl"
    path.write_bytes(path.read_bytes().replace(b" ;\n.", b"\n;;", 1) + b"<")
    before = tree(kenya)
    with pytest.raises(SourceFileError, match=r"data/jurisdictions/ken\.ttl:\d+:"):
        accept(record(slug="plan-2030"), root=kenya)
    assert tree(kenya) == before


@pytest.mark.slow
def test_a_record_that_does_not_conform_is_told_from_the_submission(kenya: Path) -> None:
    path = kenya / "data/jurisdictions/ken.ttl"
    path.write_bytes(path.read_bytes().replace(b"act:adopted", b"actor:cabinet", 1))
    before = tree(kenya)
    found = accept(record(slug="plan-2030"), root=kenya)
    assert not found.accepted
    assert "ken.ttl holds <https://w3id.org/napgraph/id/ken/plan-2026/adoption>" in words(found)
    assert tree(kenya) == before


@pytest.mark.parametrize("kind", ["link", "dangling link", "folder", "pipe"])
def test_only_a_plain_file_is_added_to(kenya: Path, tmp_path: Path, kind: str) -> None:
    path = kenya / "data/jurisdictions/ken.ttl"
    elsewhere = tmp_path / "elsewhere.ttl"
    shutil.move(path, elsewhere)
    content = elsewhere.read_bytes()
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to(elsewhere if kind == "link" else tmp_path / "nowhere")
    with pytest.raises(OutputError, match="plain file"):
        content_of(str(kenya), path_of("ken"))
    assert elsewhere.read_bytes() == content


def test_data_that_came_with_the_installation_are_not_written_to(world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "_SHIPPED", str(world))
    with pytest.raises(FolderError, match="Make a folder of your own once, by copying this one"):
        accept(record(), root=world)
    assert root_of(world, None, writing=False) == str(world)


def test_the_data_folder_may_be_named(world: Path, tmp_path: Path) -> None:
    assert root_of(None, world / "data", writing=True) == str(world)
    with pytest.raises(FolderError, match="this is no data folder"):
        root_of(None, tmp_path, writing=True)
    (tmp_path / "data").mkdir()
    with pytest.raises(FolderError, match="cannot be found"):
        root_of(None, tmp_path / "data", writing=True)


@pytest.mark.slow
def test_an_empty_data_folder_is_a_good_place_to_begin(beginning: Path, tmp_path: Path) -> None:
    world = tmp_path / "empty"
    for name in ("ontology", "shapes", "queries"):
        shutil.copytree(beginning / name, world / name)
    (world / "data").mkdir()
    found = accept(record(), root=world)
    assert found.outcome == "taken in", found
    assert [path.name for path in (world / "data").rglob("*.ttl")] == ["ken.ttl"]


def test_the_command_ends_with_a_status_and_plain_words(napgraph: Run, world: Path, tmp_path: Path) -> None:
    path = tmp_path / "ken.ttl"
    path.write_bytes(record("<http://example.org/x> a nap:Pillar ."))
    shown = napgraph("--root", str(world), "accept", str(path))
    assert (shown.returncode, shown.stderr) == (1, "")
    assert "belongs to somebody else" in shown.stdout
    assert shown.stdout.endswith("Nothing was written.\n")
    for arguments, said in (
        (["accept", str(tmp_path / "nowhere.ttl")], "nowhere.ttl"),
        (["accept", str(path), "--limit", "bytes"], "NAME=VALUE"),
        (["accept", str(path), "--limit", "bites=1"], "Did you mean bytes"),
        (["accept", str(path), "--limit", "bytes=10"], "limit"),
        (["accept", str(path), "--data", str(tmp_path)], "no data folder"),
        (["accept"], "FILE"),
    ):
        shown = napgraph("--root", str(world), *arguments)
        assert (shown.returncode, shown.stdout) == (2, ""), shown
        assert said in shown.stderr
        assert "Traceback" not in shown.stderr


# Where a submission may come from


def test_every_country_and_area_of_the_standard_is_there() -> None:
    made = rdflib.Graph()
    for triple in read_file(str(ROOT), "ontology/schemes/jurisdiction.ttl"):
        made.add(to_rdflib(triple))
    nap = rdflib.Namespace(TABLE["nap"])
    concepts = set(made.subjects(RDF.type, nap.Jurisdiction))
    codes: dict[str, list[str]] = {}
    for concept in concepts:
        for notation in made.objects(concept, SKOS.notation):
            assert isinstance(notation, rdflib.Literal)
            codes.setdefault(str(notation.datatype).rpartition("#")[2], []).append(str(notation))
            if notation.datatype == nap.Alpha3:
                assert str(concept) == f"https://w3id.org/napgraph/jurisdiction/{str(notation).lower()}"
        languages = {getattr(label, "language", "") for label in made.objects(concept, SKOS.prefLabel)}
        assert languages >= {"en", "fr", "es"}, concept
    assert {kind: len(values) for kind, values in codes.items()} == {
        "Alpha3": 249, "Alpha2": 249, "M49": 248, "UserAssignedCode": 2, "None": 5,
    }  # fmt: skip
    assert all(len(values) == len(set(values)) for values in codes.values())
    assert len(concepts) == 255  # with a part of a state and four communities of states
    order = [
        line
        for line in (ROOT / "ontology/schemes/jurisdiction.ttl").read_text("utf-8").splitlines()
        if line.startswith("jur:")
    ]
    # A part stands after its state, a body above the states after all of them.
    assert order == sorted(order, key=lambda line: (not re.fullmatch(r"jur:[a-z]{3}(-[a-z]+)?", line), line))


def test_only_jurisdictions_with_documents_are_compared(kg: KnowledgeGraph, napgraph: Run) -> None:
    assert len(kg.query("jurisdictions")) == 255
    for axis in ("pillars", "features", "measures"):
        states = (ROOT / "data" / "jurisdictions").glob("???.ttl")
        assert kg.compare(axis).jurisdictions == sorted(path.stem.upper() for path in states)
    assert kg.show("KEN").plain()["plans"] == kg.show("KEN").plain()["others"] == []
    alone = napgraph("compare", "pillars", "-c", "KEN", "--format", "csv")
    assert (alone.returncode, alone.stdout) == (2, "")
    assert "no document of KEN Kenya is recorded" in alone.stderr
    beside = napgraph("compare", "pillars", "-c", "KEN", "-c", "NOR")
    assert beside.returncode == 0
    assert "no document of KEN Kenya is recorded" in beside.stderr
