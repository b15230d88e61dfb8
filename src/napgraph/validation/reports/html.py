"""A report as one page that needs nothing else: no script, no link outward, no picture from elsewhere.

The look is ``report.css``, put into the page; its digest is all the style that the page's own policy allows, so what
a record holds can neither run nor restyle anything. The filter works by style alone.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Sequence
from hashlib import sha256

from ...project.messages import Catalogue
from ...project.templates import templates
from ..report import GRADES, Finding, Report
from .groups import SIGNS, percent, there, tiers, where

_MARKS = {"Violation": "✗", "Warning": "!", "Warning-note": "?", "Info": "·", "Info-note": "i"}
_FOLDED_FROM = 12
_FEW = 4


def render(reports: Sequence[Report], catalogue: Catalogue) -> str:
    """Return the reports as one HTML page."""
    from ... import __version__

    if len(reports) == 1:
        title = catalogue.text("heading", "title", source=os.path.basename(reports[0].source))
    else:
        title = catalogue.text("heading", "titles", count=len(reports))
    pages = templates(__package__)
    style = pages.get_template("report.css").render()
    present = [grade for grade in GRADES if any(_counts(report)[grade] for report in reports)]
    return pages.get_template("report.html").render(
        reports=reports,
        catalogue=catalogue,
        words=catalogue.text,
        counted=catalogue.counted,
        title=title,
        style=style,
        digest=base64.b64encode(sha256(style.encode()).digest()).decode(),
        version=__version__,
        present=present,
        marks=_MARKS,
        signs=SIGNS,
        counts=_counts,
        tiers=tiers,
        there=there,
        percent=percent,
        where=_where,
        folded_from=_FOLDED_FROM,
        few=_FEW,
    )


def _counts(report: Report) -> dict[str, int]:
    grades = [finding.grade for finding in report.findings]
    return {grade: grades.count(grade) for grade in GRADES}


def _where(finding: Finding) -> str:
    """Return the place of a finding, the file by its name alone."""
    if finding.place is not None:
        finding = finding._replace(place=finding.place._replace(file=os.path.basename(finding.place.file)))
    return where(finding)
