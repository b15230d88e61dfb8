"""Damaged files of every format end in a report or in a refusal, in time and within the memory that is allowed.

``NAPGRAPH_DAMAGED`` sets how many files are made, ``NAPGRAPH_SEED`` from which seed; a failure names the file's number.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from napgraph.records.convert import convert
from napgraph.validation import check
from napgraph.validation.report import Report

from .conftest import ROOT
from .damage import damaged

pytestmark = pytest.mark.more

COUNT = int(os.environ.get("NAPGRAPH_DAMAGED", "2400"))
SEED = os.environ.get("NAPGRAPH_SEED", "napgraph")
FORMS = {
    "turtle": ".ttl",
    "trig": ".trig",
    "n-triples": ".nt",
    "n-quads": ".nq",
    "json-ld": ".jsonld",
    "rdf-xml": ".rdf",
    "xlsx": ".xlsx",
    "csv": ".zip",
}
BREAKDOWNS = ("failed on this file", "Traceback", "Error:", "needed more memory")
RECORDS = [ROOT / "tests" / "world" / "data" / "jurisdictions" / "xaa.ttl", ROOT / "tests" / "awkward" / "horizons.ttl"]


@pytest.fixture(scope="module")
def sound() -> dict[str, bytes]:
    """Two records in every format."""
    made = {}
    for path in RECORDS:
        for form, ending in FORMS.items():
            content = convert(path.read_bytes(), form, name=path.name, root=str(ROOT)).content
            assert isinstance(content, bytes)
            made[path.stem + ending] = content
    return made


def ends_well(report: Report) -> bool:
    """Whether a report says something about the file, and not that the reader broke on it."""
    if not report.error:
        return report.documents > 0 or not report.conforms
    return not any(
        word in report.error for word in ("failed on this file", "Traceback", "Error:", "needed more memory")
    )


@pytest.mark.slow
def test_sound_files_are_told_apart_from_damaged_ones(sound: dict[str, bytes]) -> None:
    assert len(sound) == len(RECORDS) * len(FORMS)
    for name, content in sound.items():
        (report,) = check(content, root=ROOT)
        assert not report.error, name
        assert report.documents, name


def test_every_damaged_file_ends_in_a_report_or_a_refusal(sound: dict[str, bytes], tmp_path: Path) -> None:
    print(f"{COUNT} damaged files from the seed {SEED!r}")
    paths = []
    for number, (name, content) in enumerate(damaged(sound, SEED, COUNT)):
        path = tmp_path / f"{number:05}-{name}"
        path.write_bytes(content)
        paths.append(path)
    reports = check(*paths, jobs=os.cpu_count() or 1, root=ROOT)
    assert [report.source for report in reports] == [str(path) for path in paths]
    broken = [(report.source, report.error) for report in reports if not ends_well(report)]
    assert not broken, f"seed {SEED!r}: {broken[:5]}"
    refused = sum(bool(report.error) for report in reports)
    assert COUNT // 10 < refused < COUNT - COUNT // 10, refused
