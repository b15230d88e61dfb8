"""A report for the terminal: the structure of each document, then what is wrong, where, and what to write."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import TYPE_CHECKING

from ...text import visible
from .groups import SIGNS, asked, near, percent, there, tiers, verdict, where

if TYPE_CHECKING:
    from ...project.messages import Catalogue
    from ..report import Finding, Report, Structure
    from .groups import Group

_WIDEST_PLACE = 28


def render(reports: Sequence[Report], catalogue: Catalogue, width: int = 100) -> str:
    """Return the reports as text of at most ``width`` columns where words allow it."""
    return "\n\n\n".join("\n".join(_report(report, catalogue, max(width, 40))) for report in reports) + "\n"


def _report(report: Report, catalogue: Catalogue, width: int) -> list[str]:
    lines = [_plain(catalogue.text("heading", "title", source=report.source))]
    if not report.error:
        documents = catalogue.counted("documents", report.documents)
        elements = catalogue.counted("elements", report.elements)
        lines.append(catalogue.text("heading", "found", documents=documents, elements=elements))
    for structure in report.structures:
        lines += ["", *_structure(structure, catalogue, width)]
    for grade, groups in tiers(report):
        count = sum(len(group.findings) for group in groups)
        lines += ["", f"{catalogue.text('severity', grade)} ({count})"]
        lines += _wrapped(catalogue.text("severity-note", grade), width, 2)
        for group in groups:
            lines += ["", *_group(group, catalogue, width)]
    return [*lines, "", *_wrapped(verdict(report, catalogue), width, 0)]


def _structure(structure: Structure, catalogue: Catalogue, width: int) -> list[str]:
    title = structure.title[:1].upper() + structure.title[1:]
    lines = _wrapped(title, width, 0)
    for index, level in enumerate(structure.levels):
        lines += _wrapped(
            f"{level.name}: {there(structure, index, catalogue)}, {percent(level.lower, level.upper, catalogue)}",
            width,
            2,
        )
        for status, sign in SIGNS.items():
            names = [element.name for element in level.elements if element.status == status]
            if names:
                lines += _wrapped(f"{sign} {catalogue.text('status', status)}: {', '.join(names)}", width, 4, 6)
    return lines


def _group(group: Group, catalogue: Catalogue, width: int) -> list[str]:
    lines = _wrapped(f"{group.title} [{group.name}]", width, 2)
    for finding in group.findings:
        lines += _finding(finding, catalogue, width)
    return [*lines, *_wrapped(f"→ {group.fix} {asked(group, catalogue)}".rstrip(), width, 4, 6)]


def _finding(finding: Finding, catalogue: Catalogue, width: int) -> list[str]:
    place = _plain(where(finding))
    words = f"{finding.message} {near(finding, catalogue)}".rstrip(" ")
    if len(place) > _WIDEST_PLACE:
        return [f"    {place}", *_wrapped(words, width, 6)]
    return _wrapped(f"{place}  {words}", width, 4, 6)


def _wrapped(text: str, width: int, indent: int, then: int | None = None) -> list[str]:
    lines = wrap(
        visible(text),
        width,
        initial_indent=" " * indent,
        subsequent_indent=" " * (indent if then is None else then),
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [_plain(line) for line in lines]  # a no-break space holds until the lines are made


def _plain(text: str) -> str:
    return visible(text.replace("\xa0", " "))
