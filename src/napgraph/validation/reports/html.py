"""A report as one page that needs nothing else: no script, no link outward, no picture from elsewhere.

The look is ``report.css``, put into the page; its digest is all the style that the page's own policy allows, so what
a record holds can neither run nor restyle anything. The filter works by style alone.
"""

from __future__ import annotations

import base64
import os
from functools import cache
from hashlib import sha256
from html import escape
from typing import TYPE_CHECKING

from ...text import visible
from ..report import GRADES
from .groups import SIGNS, percent, there, tiers, where

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...project.messages import Catalogue
    from ..report import Element, Finding, Report, Structure
    from .groups import Group

__all__ = ["render"]

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
    style = _style()
    digest = base64.b64encode(sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'"
    return "\n".join(
        [
            "<!doctype html>",
            f'<html lang="{catalogue.language}">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="referrer" content="no-referrer">',
            f"<title>{_text(title)}</title>",
            f"<style>{style}</style>",
            "</head>",
            "<body>",
            "<header>",
            f"<h1>{_text(title)}</h1>",
            *(_head(reports[0], 0, catalogue) if len(reports) == 1 else _contents(reports, catalogue)),
            "</header>",
            "<main>",
            *(_filter(reports, catalogue)),
            *(line for index, report in enumerate(reports) for line in _file(report, index, len(reports), catalogue)),
            "</main>",
            f"<footer><p>{_text(catalogue.text('heading', 'made', version=__version__))}</p></footer>",
            "</body>",
            "</html>",
            "",
        ]
    )


@cache
def _style() -> str:
    with open(os.path.join(os.path.dirname(__file__), "report.css"), encoding="utf-8") as file:
        return file.read()


def _text(text: str) -> str:
    return escape(visible(text), quote=True)


def _head(report: Report, index: int, catalogue: Catalogue) -> list[str]:
    """Return the verdict and the numbers of one file."""
    kind = "unread" if report.error else "conforms" if report.conforms else "fails"
    words = catalogue.text("heading", f"verdict-{kind}")
    lines = [f'<p class="verdict {kind}">{"✓" if report.conforms else "✗"} {_text(words)}</p>']
    if not report.error:
        documents = catalogue.counted("documents", report.documents)
        elements = catalogue.counted("elements", report.elements)
        found = catalogue.text("heading", "found", documents=documents, elements=elements)
        lines.append(f'<p class="soft">{_text(found)}</p>')
    return [*lines, *_counts(report, index, catalogue)]


def _counts(report: Report, index: int, catalogue: Catalogue) -> list[str]:
    items = []
    for grade in GRADES:
        count, words = _count(report, grade), _text(catalogue.text("severity", grade))
        text = f"{_MARKS[grade]} <b>{count}</b> {words}"
        if count:
            items.append(f'<li><a href="#{grade}-{index}">{text}</a></li>')
        elif not grade.endswith("note"):
            items.append(f"<li>{text}</li>")
    return ['<ul class="counts">', *items, "</ul>"]


def _count(report: Report, grade: str) -> int:
    return sum(finding.grade == grade for finding in report.findings)


def _contents(reports: Sequence[Report], catalogue: Catalogue) -> list[str]:
    items = [
        f'<li><a href="#file-{index}">{_text(report.source)}</a>: {_text(_short(report, catalogue))}</li>'
        for index, report in enumerate(reports)
    ]
    return ["<nav>", "<ul>", *items, "</ul>", "</nav>"]


def _short(report: Report, catalogue: Catalogue) -> str:
    key = "unread" if report.error else "conforms" if report.conforms else "fails"
    numbers = [
        f"{catalogue.text('severity', grade)} {_count(report, grade)}" for grade in GRADES if _count(report, grade)
    ]
    return " · ".join([catalogue.text("heading", f"verdict-{key}"), *numbers])


def _filter(reports: Sequence[Report], catalogue: Catalogue) -> list[str]:
    present = [grade for grade in GRADES if any(_count(report, grade) for report in reports)]
    if len(present) < 2:  # noqa: PLR2004
        return []
    boxes = [
        f'<label><input type="checkbox" id="show-{grade}" checked> {_MARKS[grade]} '
        f"{_text(catalogue.text('severity', grade))}</label>"
        for grade in present
    ]
    return [
        f'<fieldset class="filter"><legend>{_text(catalogue.text("heading", "show"))}</legend>',
        *boxes,
        "</fieldset>",
    ]


def _file(report: Report, index: int, count: int, catalogue: Catalogue) -> list[str]:
    lines: list[str] = [f'<section id="file-{index}"' + (' class="file">' if count > 1 else ">")]
    if count > 1:
        lines += [f"<h2>{_text(report.source)}</h2>", *_head(report, index, catalogue)]
    if report.structures:
        lines.append(f"<h2>{_text(catalogue.text('heading', 'structure'))}</h2>")
        lines += [line for structure in report.structures for line in _structure(structure, catalogue)]
        lines.append(f'<p class="soft small">{_text(catalogue.text("heading", "structure-note"))}</p>')
    lines.append(f"<h2>{_text(catalogue.text('heading', 'findings'))}</h2>")
    if not report.findings:
        lines.append(f"<p>{_text(catalogue.text('heading', 'none'))}</p>")
    for grade, groups in tiers(report):
        lines += _tier(grade, groups, index, catalogue)
    return [*lines, "</section>"]


def _structure(structure: Structure, catalogue: Catalogue) -> list[str]:
    title = structure.title[:1].upper() + structure.title[1:]
    lines = ['<article class="card">', f"<h3>{_text(title)}</h3>", '<div class="levels">']
    for index, level in enumerate(structure.levels):
        words = f"{there(structure, index, catalogue)} · {percent(level.lower, level.upper, catalogue)}"
        lines += [
            '<section class="level">',
            f"<h4>{_text(level.name)}</h4>",
            _bar(level.lower, level.upper, words),
            f'<p class="soft small">{_text(words)}</p>',
            '<ul class="elements">',
            *(_element(element, catalogue) for element in level.elements),
            "</ul>",
            "</section>",
        ]
    return [*lines, "</div>", "</article>"]


def _bar(lower: float, upper: float, words: str) -> str:
    """Return a bar: what is there, then what is open, on a track."""
    low, high = round(lower * 100), round(upper * 100)
    return (
        f'<svg viewBox="0 0 100 6" preserveAspectRatio="none" role="img" aria-label="{_text(words)}">'
        f'<rect class="track" width="100" height="6"/><rect class="open" width="{high}" height="6"/>'
        f'<rect class="there" width="{low}" height="6"/></svg>'
    )


def _element(element: Element, catalogue: Catalogue) -> str:
    status = _text(catalogue.text("status", element.status))
    return (
        f'<li class="{element.status}"><span class="sign" aria-hidden="true">{SIGNS[element.status]}</span>'
        f'<span>{_text(element.name)}</span> <span class="status">{status}</span></li>'
    )


def _tier(grade: str, groups: list[Group], index: int, catalogue: Catalogue) -> list[str]:
    count = sum(len(group.findings) for group in groups)
    lines = [
        f'<section class="tier {grade}" id="{grade}-{index}">',
        f"<h3>{_MARKS[grade]} {_text(catalogue.text('severity', grade))} ({count})</h3>",
        f'<p class="soft">{_text(catalogue.text("severity-note", grade))}</p>',
    ]
    for group in groups:
        lines += _group(group, grade, catalogue)
    return [*lines, "</section>"]


def _group(group: Group, grade: str, catalogue: Catalogue) -> list[str]:
    count = len(group.findings)
    opened = " open" if grade == "Violation" or count < _FOLDED_FROM else ""
    asked = catalogue.text("word", "asked", passage=group.asked) if group.asked else ""
    write = [
        f'<div class="write"><b>{_text(catalogue.text("heading", "fix"))}</b><p>{_text(group.fix)}</p>',
        f'<p class="soft small">{_text(" · ".join(part for part in (asked, group.name) if part))}</p>',
        "</div>",
    ]
    found = ['<ul class="found">', *(_finding(finding, catalogue) for finding in group.findings), "</ul>"]
    return [
        f"<details{opened}>",
        f"<summary><h4>{_text(group.title)}</h4>"
        f'<span class="soft small">{_text(catalogue.counted("places", count))}</span></summary>',
        '<div class="inside">',
        *((*write, *found) if count > _FEW else (*found, *write)),
        "</div>",
        "</details>",
    ]


def _finding(finding: Finding, catalogue: Catalogue) -> str:
    place = finding.place
    if place is not None:
        finding = finding._replace(place=place._replace(file=os.path.basename(place.file)))
    near = ""
    if finding.nearest:
        near = f'<span class="near">{_text(catalogue.text("word", "near", near=finding.nearest))}</span>'
    return f'<li><span class="place">{_text(where(finding))}</span><span>{_text(finding.message)}{near}</span></li>'
