"""A report as JUnit XML, for CI: a suite a file, a case a finding; only what needs mending fails.

JUnit has no word for a warning: what should be there, and what the source does not say, are cases that pass, with the
words as their output.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET  # written, never read # nosec B405

if TYPE_CHECKING:
    from ...project.messages import Catalogue
    from ..report import Finding, Report

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(reports: Sequence[Report], catalogue: Catalogue) -> str:
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
    near = catalogue.text("word", "near", near=finding.nearest) if finding.nearest else ""
    words = "\n".join(part for part in (finding.message, near, finding.fix, finding.asked) if part)
    kind = "error" if report.error else "failure" if finding.severity == "Violation" else "system-out"
    told = ET.SubElement(case, kind)
    told.text = _clean(words)
    if kind != "system-out":
        told.attrib.update({"message": _clean(finding.message), "type": finding.name})
    return kind


def _clean(text: str) -> str:
    return _NOT_XML.sub("�", text)
