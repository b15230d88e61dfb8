"""What is measured with: invented plans that conform, differ from each other and are the same for a seed."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.generate import submission, write_root
from benchmarks.plans import CODES
from napgraph import KnowledgeGraph, check
from napgraph.graph.files import read_file, source_files
from napgraph.rdf.namespaces import invented

pytestmark = pytest.mark.slow

PLANS = 6


def test_a_generated_root_conforms_and_can_be_compared(tmp_path: Path) -> None:
    root = write_root(tmp_path / "one", PLANS, seed=3)
    paths = [path for path, _ in source_files(str(root)) if path.startswith("data/jurisdictions/")]
    assert [path[-7:-4] for path in paths] == CODES[:PLANS]
    for path in paths:
        (report,) = check(root / path)
        assert report.conforms, report.findings
        assert 850 < len(set(read_file(str(root), path))) < 1150
    rows = KnowledgeGraph.load(root).compare("pillars").table().rows
    assert len(rows) == PLANS
    assert len({str(list(row.values())[1:]) for row in rows}) == PLANS


def test_a_seed_makes_the_same_plans_and_another_makes_others(tmp_path: Path) -> None:
    one, same, other = (write_root(tmp_path / name, 2, seed) for name, seed in (("a", 1), ("b", 1), ("c", 2)))
    for code in CODES[:2]:
        texts = [(root / "data" / "jurisdictions" / f"{code}.ttl").read_text("utf-8") for root in (one, same, other)]
        assert texts[0] == texts[1] != texts[2]


def test_more_plans_than_codes_are_versions_and_every_code_is_one_for_users() -> None:
    assert len(set(CODES)) == len(CODES)
    assert all(invented(code) for code in CODES)
    first, later = ({str(each.subject) for each in submission(number)} for number in (0, len(CODES)))
    assert any(subject.endswith(f"/{CODES[0]}/plan-1>") for subject in first)
    assert any(subject.endswith(f"/{CODES[0]}/plan-2>") for subject in later)
