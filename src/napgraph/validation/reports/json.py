"""A report as JSON: one object a file, one object a finding."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...project.messages import Catalogue
    from ..report import Finding, Report


def render(reports: Sequence[Report], catalogue: Catalogue) -> str:
    """Return the reports as a JSON list."""
    return json.dumps([plain(report, catalogue) for report in reports], ensure_ascii=False, indent=1) + "\n"


def plain(report: Report, catalogue: Catalogue) -> dict[str, object]:
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
            {
                "document": structure.document,
                "title": structure.title,
                "levels": [
                    {
                        "code": level.code,
                        "name": level.name,
                        "lower": level.lower,
                        "upper": level.upper,
                        "elements": [element._asdict() for element in level.elements],
                    }
                    for level in structure.levels
                ],
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
