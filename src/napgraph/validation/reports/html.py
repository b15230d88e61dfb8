"""A report as one page that needs nothing else: no script, no link outward, no picture from elsewhere.

The look is ``report.css``, put into the page; its digest is all the style that the page's own policy allows, so what
a record holds can neither run nor restyle anything. The filter works by style alone.
"""

import base64
import os
from collections.abc import Sequence
from hashlib import sha256

from ...project.messages import Catalogue
from ...project.templates import templates
from ..report import GRADES, Finding, Report
from .text import SIGNS, percent, there, tiers, where

_MARKS = {"Violation": "✗", "Warning": "!", "Warning-note": "?", "Info": "·", "Info-note": "i"}


def render(reports: Sequence[Report], catalogue: Catalogue) -> str:
    """Return the reports as one HTML page."""
    from ... import __version__

    if len(reports) == 1:
        title = catalogue.text("heading", "title", source=os.path.basename(reports[0].source))
    else:
        title = catalogue.text("heading", "titles", count=len(reports))
    pages = templates(__package__)
    style = pages.get_template("report.css").render()
    given = {"reports": reports, "catalogue": catalogue, "title": title, "style": style, "version": __version__}
    given |= {"digest": base64.b64encode(sha256(style.encode()).digest()).decode(), "marks": _MARKS, "signs": SIGNS}
    given |= {"present": [grade for grade in GRADES if any(_counts(report)[grade] for report in reports)]}
    made = {"counts": _counts, "tiers": tiers, "there": there, "percent": percent, "where": _where}
    return pages.get_template("report.html").render(given, **made)


def _counts(report: Report) -> dict[str, int]:
    grades = [finding.grade for finding in report.findings]
    return {grade: grades.count(grade) for grade in GRADES}


def _where(finding: Finding) -> str:
    """Return the place of a finding, the file by its name alone."""
    if finding.place is not None:
        finding = finding._replace(place=finding.place._replace(file=os.path.basename(finding.place.file)))
    return where(finding)
