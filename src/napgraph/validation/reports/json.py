"""A report as JSON, one object a file and one a finding; as JSON lines, each file on a line of its own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...project.messages import Catalogue
    from ..report import Finding, Report


def render(reports: Sequence[Report], catalogue: Catalogue) -> str:
    """Return the reports as a JSON list."""
    return json.dumps([_plain(report, catalogue) for report in reports], ensure_ascii=False, indent=1) + "\n"


def render_lines(reports: Sequence[Report], catalogue: Catalogue) -> str:
    """Return each report on a line, so that many can be written as they come."""
    return "".join(json.dumps(_plain(report, catalogue), ensure_ascii=False) + "\n" for report in reports)


def _plain(report: Report, catalogue: Catalogue) -> dict[str, object]:
    """Return a report as JSON has it."""
    return {
        "source": report.source,
        "format": report.format,
        "language": report.language,
        "conforms": report.conforms,
        "error": report.error or None,
        "documents": report.documents,
        "elements": report.elements,
        "structures": [
            structure._asdict()
            | {
                "levels": [
                    {key: getattr(level, key) for key in ("code", "name", "lower", "upper")}
                    | {"elements": [element._asdict() for element in level.elements]}
                    for level in structure.levels
                ]
            }
            for structure in report.structures
        ],
        "findings": [_finding(finding, catalogue) for finding in report.findings],
    }


def _finding(finding: Finding, catalogue: Catalogue) -> dict[str, object]:
    place = finding.place
    return finding._asdict() | {
        "level": catalogue.text("severity", finding.grade),
        "place": None if place is None else place._asdict() | {"text": place.text},
    }
