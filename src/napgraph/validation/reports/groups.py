"""Findings told together: those of one rule for which the same is to be written."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from ..report import GRADES

if TYPE_CHECKING:
    from ...project.messages import Catalogue
    from ..report import Finding, Report, Structure

SIGNS = {
    "present": "●",
    "partly": "◐",
    "absent": "✗",
    "inapplicable": "–",
    "missing": "○",
    "silent": "·",
    "unlooked": "?",
}


class Group(NamedTuple):
    """One rule, what to write, and where it was not met."""

    title: str
    name: str
    fix: str
    asked: str
    findings: list[Finding]


def tiers(report: Report) -> Iterator[tuple[str, list[Group]]]:
    """Yield each grade that there is, with its groups."""
    for grade in GRADES:
        told = groups([finding for finding in report.findings if finding.grade == grade])
        if told:
            yield grade, told


def groups(findings: list[Finding]) -> list[Group]:
    """Return findings in groups, in the order in which each group is first met."""
    first = {(finding.rule, finding.fix): index for index, finding in reversed(list(enumerate(findings)))}
    order = sorted(findings, key=lambda finding: first[finding.rule, finding.fix])
    made = []
    for _, together in groupby(order, key=lambda finding: (finding.rule, finding.fix)):
        members = list(together)
        one = members[0]
        made.append(Group(one.title, one.name, one.fix, one.asked, members))
    return made


def verdict(report: Report, catalogue: Catalogue) -> str:
    """Return the verdict on one file as a sentence."""
    key = "unread" if report.error else "conforms" if report.conforms else "fails"
    return catalogue.text("heading", key, source=report.source)


def percent(lower: float, upper: float, catalogue: Catalogue) -> str:
    """Return the completeness of a level in words."""
    low, high = round(lower * 100), round(upper * 100)
    key = "exact" if low == high else "completeness"
    return catalogue.text("heading", key, lower=low, upper=high)


def there(structure: Structure, index: int, catalogue: Catalogue) -> str:
    """Return how many elements of a level are there."""
    elements = [each for each in structure.levels[index].elements if each.status != "inapplicable"]
    count = sum(each.status in {"present", "partly"} for each in elements)
    return catalogue.text("heading", "there", count=count, all=len(elements))


def near(finding: Finding, catalogue: Catalogue) -> str:
    """Return which value is near, in words, or nothing."""
    return catalogue.text("word", "near", near=finding.nearest) if finding.nearest else ""


def asked(finding: Finding | Group, catalogue: Catalogue) -> str:
    """Return which passage asks for it, in words, or nothing."""
    return catalogue.text("word", "asked", passage=finding.asked) if finding.asked else ""


def where(finding: Finding) -> str:
    """Return the place of a finding as briefly as it is clear: a cell without the workbook, else file and line."""
    place = finding.place
    if place is None:
        return ""
    return place.text.removeprefix(place.file).strip() if place.sheet else place.text
