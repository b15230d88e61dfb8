"""Records of version 0.1: check says what they are, and convert carries them over to the terms of this version."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from napgraph import KnowledgeGraph
from napgraph.records.convert import carried_over
from napgraph.records.record import Record
from napgraph.validation.validator import Checker

from .conftest import ROOT, Run, turtle_record

OLD = sorted((ROOT / "tests" / "version-0.1").glob("*.ttl"))
COUNTRIES = [path for path in OLD if len(path.stem) == 3]


@pytest.mark.slow
@pytest.mark.parametrize("path", OLD, ids=lambda path: path.stem)
def test_a_record_of_0_1_is_named_as_such_and_conforms_when_it_is_carried_over(path: Path, tmp_path: Path) -> None:
    """Beside no record of the same country, which might say otherwise by now."""
    for folder in ("ontology", "shapes", "queries", "data/sources", "tests/world/data/sources"):
        target = folder.removeprefix("tests/world/")
        shutil.copytree(ROOT / folder, tmp_path / target, dirs_exist_ok=True)
    shutil.copy(ROOT / "data/international.ttl", tmp_path / "data")
    checker, old = Checker(str(tmp_path)), turtle_record(path)
    told = [each for each in checker.check_record(old).findings if each.severity == "Violation"]
    assert {each.name for each in told} == {"old-term"}
    assert all("version 0.1" in each.message and "--upgrade" in each.fix and each.nearest for each in told)
    new = Record(old.source, "turtle", carried_over(old.triples, str(ROOT)))
    report = checker.check_record(new)
    assert report.conforms, [each.message for each in report.findings if each.severity == "Violation"]
    assert report.documents
    assert carried_over(new.triples, str(ROOT)) == new.triples, "what is carried over stays as it is"


@pytest.mark.slow
def test_a_record_of_0_1_that_is_joined_is_carried_over_and_that_is_told(tmp_path: Path, napgraph: Run) -> None:
    """Asked as it stands, no query would know its terms: what it states would be told as absent."""
    old = (
        (ROOT / "tests/version-0.1/nor.ttl")
        .read_text(encoding="utf-8")
        .replace("/nor/", "/xaa/")
        .replace(":nor", ":xaa")
    )
    path, new = tmp_path / "old.ttl", tmp_path / "new.ttl"
    path.write_text(old, encoding="utf-8")
    assert napgraph("convert", str(path), str(new), "--upgrade").returncode == 0
    asked = ("compare", "pillars", "-c", "XAA", "--format", "csv", "--data")
    joined, carried = napgraph(*asked, str(path)), napgraph(*asked, str(new))
    assert joined.stdout == carried.stdout
    assert "partly or mentioned" in joined.stdout
    assert "is in the terms of version 0.1" in joined.stderr
    assert "version 0.1" not in carried.stderr


@pytest.mark.slow
def test_what_is_carried_over_answers_as_the_record_of_today_does(tmp_path: Path, napgraph: Run) -> None:
    """From the Toolkit alone; a wording that was read again since may be another."""
    for folder in ("ontology", "shapes", "queries", "data/sources"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copy(ROOT / "data/international.ttl", tmp_path / "data")
    (tmp_path / "data/jurisdictions").mkdir()
    for path in COUNTRIES:
        shown = napgraph("convert", str(path), str(tmp_path / "data/jurisdictions" / path.name), "--upgrade")
        assert shown.returncode == 0, shown.stderr
    asked = {"country": [path.stem.upper() for path in COUNTRIES], "source": "unodc-toolkit-2008"}
    graphs = KnowledgeGraph.load(tmp_path), KnowledgeGraph.load(ROOT)
    for name in ("pillars", "measures", "principles", "groups", "forms"):
        then, now = (
            {tuple((key, str(value)) for key, value in row.items() if key != "phrase") for row in answer.rows()}
            for answer in (graph.query(name, **asked) for graph in graphs)
        )
        assert then == now, name
        assert then
