"""A report as a table of problems, one row a finding.

Columns: problem, file, place, level, rule_id, rule_name, value, fix, instructions. A cell that starts with = + - @,
a tab or a line break has a ' before it, so that no spreadsheet takes it for a formula; take it off when reading the
file by program. Levels are error, warning and note.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...text import visible

if TYPE_CHECKING:
    from ...project.messages import Catalogue
    from ..report import Finding, Report

COLUMNS = ("problem", "file", "place", "level", "rule_id", "rule_name", "value", "fix", "instructions")
LEVELS = {"Violation": "error", "Warning": "warning", "Info": "note"}
_RISKY = ("=", "+", "-", "@", "\t", "\n")


def render(reports: Sequence[Report], catalogue: Catalogue) -> str:  # noqa: ARG001
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
