"""Reports for people: the structure of each document, then what is wrong, where, and what to write.

The page needs nothing else: the digest of its ``report.css`` is all the style that its own policy allows.
"""

import base64
import os
from collections.abc import Iterator, Sequence
from functools import partial
from hashlib import sha256
from textwrap import wrap

from ...project.messages import Catalogue
from ...records.record import Location
from ...text import visible
from ..report import GRADES, Finding, Report, Structure

SIGNS = {"present": "●", "partly": "◐", "absent": "✗", "inapplicable": "–", "missing": "○", "silent": "·"}
SIGNS |= {"unlooked": "?"}
_MARKS = {"Violation": "✗", "Warning": "!", "Warning-note": "?", "Info": "·", "Info-note": "i"}
_WIDEST_PLACE = 28
_wrap = partial(wrap, break_long_words=False, break_on_hyphens=False)


def tiers(report: Report) -> Iterator[tuple[str, list[list[Finding]]]]:
    """Yield each grade that there is, with its findings; those of one rule with one fix are a list of their own."""
    for grade in GRADES:
        groups: dict[tuple[str, str], list[Finding]] = {}
        for finding in report.findings:
            if finding.grade == grade:
                groups.setdefault((finding.rule, finding.fix), []).append(finding)
        if groups:
            yield grade, list(groups.values())


def percent(lower: float, upper: float, catalogue: Catalogue) -> str:
    """Return the completeness of a level in words."""
    low, high = round(lower * 100), round(upper * 100)
    return catalogue.text("heading", "exact" if low == high else "completeness", lower=low, upper=high)


def there(structure: Structure, index: int, catalogue: Catalogue) -> str:
    """Return how many elements of a level are there."""
    elements = [each for each in structure.levels[index].elements if each.status != "inapplicable"]
    count = sum(each.status in {"present", "partly"} for each in elements)
    return catalogue.text("heading", "there", count=count, all=len(elements))


def words(finding: Finding, catalogue: Catalogue, *parts: str, gap: str = " ") -> str:
    """Return some parts of a finding (message, near, fix, asked) in words, those that there are."""
    near = finding.nearest and catalogue.text("word", "near", near=finding.nearest)
    asked = finding.asked and catalogue.text("word", "asked", passage=finding.asked)
    texts = {"message": finding.message, "near": near, "fix": finding.fix, "asked": asked}
    return gap.join(texts[part] for part in parts if texts[part])


def where(place: Location) -> str:
    """Return a place as briefly as it is clear: a cell without the workbook, else file and line."""
    return place.text.removeprefix(place.file).strip() if place.sheet else place.text


def render(reports: Sequence[Report], catalogue: Catalogue, width: int = 100) -> str:
    """Return the reports as text of at most ``width`` columns where words allow it."""
    return "\n\n\n".join("\n".join(_report(report, catalogue, max(width, 40))) for report in reports) + "\n"


def _report(report: Report, catalogue: Catalogue, width: int) -> list[str]:
    lines = [_plain(catalogue.text("heading", "title", source=report.source))]
    if not report.error:
        counts = {key: catalogue.counted(key, getattr(report, key)) for key in ("documents", "elements", "shared")}
        lines.append(catalogue.text("heading", "found-shared" if report.shared else "found", **counts))
    for structure in report.structures:
        lines += ["", *_structure(structure, catalogue, width)]
    for grade, groups in tiers(report):
        lines += ["", f"{catalogue.text('severity', grade)} ({sum(map(len, groups))})"]
        lines += _wrapped(catalogue.text("severity-note", grade), width, 2)
        for group in groups:
            one = group[0]
            lines += ["", *_wrapped(f"{one.title} [{one.name}]", width, 2)]
            lines += [line for finding in group for line in _finding(finding, catalogue, width)]
            lines += _wrapped(f"→ {words(one, catalogue, 'fix', 'asked')}", width, 4, 6)
    verdict = "unread" if report.error else "conforms" if report.conforms else "fails"
    return [*lines, "", *_wrapped(catalogue.text("heading", verdict, source=report.source), width, 0)]


def _structure(structure: Structure, catalogue: Catalogue, width: int) -> list[str]:
    lines = _wrapped(structure.title[:1].upper() + structure.title[1:], width, 0)
    for index, level in enumerate(structure.levels):
        share = percent(level.lower, level.upper, catalogue)
        lines += _wrapped(f"{level.name}: {there(structure, index, catalogue)}, {share}", width, 2)
        for status, sign in SIGNS.items():
            if names := [element.name for element in level.elements if element.status == status]:
                lines += _wrapped(f"{sign} {catalogue.text('status', status)}: {', '.join(names)}", width, 4, 6)
    return lines


def _finding(finding: Finding, catalogue: Catalogue, width: int) -> list[str]:
    place = _plain(where(finding.place)) if finding.place else ""
    told = words(finding, catalogue, "message", "near")
    if len(place) > _WIDEST_PLACE:
        return [f"    {place}", *_wrapped(told, width, 6)]
    return _wrapped(f"{place}  {told}", width, 4, 6)


def _wrapped(text: str, width: int, indent: int, then: int | None = None) -> list[str]:
    first, after = " " * indent, " " * (indent if then is None else then)
    lines = _wrap(visible(text), width, initial_indent=first, subsequent_indent=after)
    return [_plain(line) for line in lines]  # a no-break space holds until the lines are made


def _plain(text: str) -> str:
    return visible(text.replace("\xa0", " "))


def render_html(reports: Sequence[Report], catalogue: Catalogue) -> str:
    """Return the reports as one HTML page."""
    from ... import __version__
    from ...project.templates import templates  # which takes its time

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
    place = finding.place
    return where(place._replace(file=os.path.basename(place.file))) if place else ""
