"""Reports as tables of findings: CSV, and JUnit XML for CI.

CSV has one row a finding: problem, file, place, level (error, warning, note), rule_id, rule_name, value, fix,
instructions. A cell that starts with = + - @, a tab or a line break has a ' before it, so that no spreadsheet takes it
for a formula; take it off when reading the file by program.

JUnit has a suite a file and a case a finding; only violations fail. It has no word for a warning: what should be
there, and what the source does not say, are cases that pass, with the words as their output.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET  # written, never read # nosec B405

from ...text import visible
from .groups import near

if TYPE_CHECKING:
    from ...project.messages import Catalogue
    from ..report import Finding, Report

COLUMNS = ("problem", "file", "place", "level", "rule_id", "rule_name", "value", "fix", "instructions")
LEVELS = {"Violation": "error", "Warning": "warning", "Info": "note"}
_RISKY = ("=", "+", "-", "@", "\t", "\n")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render_csv(reports: Sequence[Report], catalogue: Catalogue) -> str:  # noqa: ARG001
    """Return the findings of all reports as CSV with a line of headings."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for report in reports:
        writer.writerows([_safe(cell) for cell in row] for row in _rows(report))
    return out.getvalue()


def _rows(report: Report) -> list[tuple[str, ...]]:
    """Return the rows of one report, cells as they are."""
    return [
        (
            finding.message,
            finding.place.file if finding.place else report.source,
            inside(finding),
            LEVELS[finding.severity],
            finding.name,
            finding.title,
            finding.shown,
            finding.nearest,
            f"{finding.fix} ({finding.asked})" if finding.asked else finding.fix,
        )
        for finding in report.findings
    ]


def inside(finding: Finding) -> str:
    """Return the place within the file: ``41``, ``Activities!D7`` or ``#/@graph/0``."""
    if finding.place is None:
        return ""
    return finding.place.text.removeprefix(finding.place.file).lstrip(": ")


def _safe(cell: str) -> str:
    cell = visible(cell.replace("\r\n", "\n").replace("\r", "\n"))
    return f"'{cell}" if cell.startswith(_RISKY) else cell


def render_junit(reports: Sequence[Report], catalogue: Catalogue) -> str:
    """Return the reports as one document."""
    root = ET.Element("testsuites", name="napgraph check")
    totals = {"tests": 0, "failures": 0, "errors": 0}
    for report in reports:
        counts = _suite(root, report, catalogue)
        totals = {key: totals[key] + counts[key] for key in totals}
    root.attrib.update({key: str(count) for key, count in totals.items()})
    ET.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _suite(root: ET.Element, report: Report, catalogue: Catalogue) -> dict[str, int]:
    suite = ET.SubElement(root, "testsuite", name=_clean(report.source))
    cases = [_case(suite, report, finding, catalogue) for finding in report.findings]
    if not cases:
        ET.SubElement(suite, "testcase", name=catalogue.text("heading", "none"), classname=_clean(report.source))
    counts = {"tests": len(suite), "failures": cases.count("failure"), "errors": cases.count("error")}
    suite.attrib.update({key: str(count) for key, count in (counts | {"skipped": 0}).items()})
    return counts


def _case(suite: ET.Element, report: Report, finding: Finding, catalogue: Catalogue) -> str:
    place = finding.place.text if finding.place else report.source
    name = f"{finding.title} [{finding.name}] {place}"
    case = ET.SubElement(suite, "testcase", name=_clean(name), classname=_clean(report.source))
    case.set("file", _clean(finding.place.file if finding.place else report.source))
    if finding.place and finding.place.line:
        case.set("line", str(finding.place.line))
    words = "\n".join(filter(None, (finding.message, near(finding, catalogue), finding.fix, finding.asked)))
    kind = "error" if report.error else "failure" if finding.severity == "Violation" else "system-out"
    told = ET.SubElement(case, kind)
    told.text = _clean(words)
    if kind != "system-out":
        told.attrib.update({"message": _clean(finding.message), "type": finding.name})
    return kind


def _clean(text: str) -> str:
    return _NOT_XML.sub("�", text)
