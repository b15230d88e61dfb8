"""The page of each theme, principle, group and form of the axes: who says it, in which words, where and since when."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pyoxigraph

from ...compare.matrix import SAYING, VALUES, Comparison, Concept
from ...project import findings
from ...rdf.descriptions import Descriptions
from ...rdf.namespaces import BASE, slug
from ..context import PageContext

_SINCE = 2015  # the year that divides plans into earlier and later ones
_FIRST = 30  # plans that are shown at once
_WIDE, _SIDE = 640, 11  # of the picture of plans by year, and of a square in it


class Part(NamedTuple):
    """A part of a bar: the value, how many have it, and where it begins and how wide it is in hundredths."""

    value: str
    number: int
    left: float
    width: float


class Years(NamedTuple):
    """Plans by the year they start in: squares, the years and spans below them with their middle, and the height."""

    finding: str
    squares: list[tuple[float, int, str]]
    ticks: list[tuple[int, float]]
    spans: list[tuple[str, float]]
    height: int


def concept_of(context: PageContext, place: str) -> tuple[Comparison, Concept] | None:
    """Return the axis and the concept that the page at ``place`` is about, if it is one of an axis."""
    scheme, _, code = place.partition("/")
    if axis := context.themes.axes.get(scheme):
        found = context.gathered.axis(axis)
        return next(((found, each) for each in found.concepts if each.iri == f"{BASE}{scheme}/{code}"), None)
    return None


def page(context: PageContext, found: Comparison, concept: Concept, stated: Descriptions) -> dict[str, Any]:
    """Return what the template of a concept's page shows."""
    themes = context.themes
    values = themes.values(found, concept.code)
    said = themes.said(found, concept.code)
    national = [each for each in said if each.plan.country in themes.countries]
    return {
        "concept": concept,
        "axis": found.axis,
        "lead": _lead(concept.label, found.axis, Counter(values.values())),
        "texts": _texts(stated, concept.iri),
        "parts_of_bar": bar(values),
        "by_year": _by_year(context, found, concept),
        "where": values,
        "telling": [national[:_FIRST], national[_FIRST:]],
        "others": [each for each in said if each not in national],
        "quiet": {
            name: [code for code, value in values.items() if value == name]
            for name in VALUES
            if name not in SAYING and name in values.values()
        },
        "tree": _tree([each for each in found.concepts if each.code != found.unmapped], concept),
        "values": VALUES,
        "read": lambda each: (
            themes.read(each.plan.iri, each.wordings[0].evidence) if each.wordings else each.plan.depth
        ),
    }


def files(context: PageContext) -> Iterator[tuple[str, bytes]]:
    """Yield the page that leads to all of them."""
    themes, listed = context.themes, []
    for scheme, axis in sorted(themes.axes.items(), key=lambda each: list(each) not in [["theme", "pillars"]]):
        found = context.gathered.axis(axis)
        told = []
        for concept in (each for each in found.concepts if each.code != found.unmapped):
            values = themes.values(found, concept.code)
            told.append((concept, bar(values), sum(value in SAYING for value in values.values())))
        listed.append((str(context.schemes[BASE + scheme]["en"][0]["title"]), axis, told))
    yield context.page("themes.html", "themes/index.html", listed=listed, total=len(themes.countries), values=VALUES)


def bar(values: Mapping[str, str]) -> list[Part]:
    """Return the parts of a bar of the values of countries."""
    counts, made, left = Counter(values.values()), list[Part](), 0.0
    for value in (each for each in VALUES if counts[each]):
        width = 100 * counts[value] / len(values)
        made.append(Part(value, counts[value], left, width))
        left += width
    return made


def _lead(label: str, axis: str, counts: Mapping[str, int]) -> str:
    some, total = sum(counts.get(each, 0) for each in SAYING), sum(counts.values())
    what, verb = findings.lower(label), "show" if axis == "features" else "name"
    if not some:
        return f"No plan read so far {verb}s {what}."
    rest = "" if some == counts.get("stated", 0) else ", the others mention it or only a part of it"
    told = f"Plans of {some} of {total} countries {verb} {what}"
    return (
        f"{told}; those of {counts['stated']} state it{rest}."
        if counts.get("stated")
        else f"{told}, none as a part of its own."
    )


def _texts(stated: Descriptions, iri: str) -> dict[str, list[tuple[str, str]]]:
    """Return what is stated of a concept as text with its language, by the last part of each property."""
    made: dict[str, list[tuple[str, str]]] = {}
    for predicate, value in stated.of(pyoxigraph.NamedNode(iri)):
        if isinstance(value, pyoxigraph.Literal):
            made.setdefault(slug(predicate.value), []).append((value.value, value.language or ""))
    return made


def _tree(concepts: list[Concept], here: Concept) -> list[Concept]:
    """Return the topmost concepts, and under those above one the concepts beside and below it."""
    path, line = list[str](), list[list[str]]()
    for each in concepts:
        path = [*path[: each.depth], each.code]
        line.append(path)
    own = next(path for path, each in zip(line, concepts, strict=True) if each.code == here.code)
    return [
        each for path, each in zip(line, concepts, strict=True) if not each.depth or path[:-1] == own[: len(path) - 1]
    ]


def _by_year(context: PageContext, found: Comparison, concept: Concept) -> Years | None:
    themes = context.themes
    years, spans = themes.by_year(found, concept.code), themes.spans(found).get(concept.code, [])
    starts = [each.start for each in themes.plans.values() if each.start and each.country in themes.countries]
    if not years or not spans:
        return None
    first, last = min(starts), max(starts) + 1
    step = _WIDE / (last - first)
    highest = max(map(len, years.values())) * (_SIDE + 2)
    squares = [
        (round((year - first) * step, 1), highest - (row + 1) * (_SIDE + 2), value)
        for year, values in years.items()
        for row, value in enumerate(values)
    ]
    middles = [((int(str(row["start"])) + int(str(row["end"])) + 1) / 2 - first) * step for row in spans]
    told = [(f"{row['some']} of {row['all']}", round(x, 1)) for row, x in zip(spans, middles, strict=True)]
    ticks = [(year, round((year - first + 0.5) * step, 1)) for year in range(first + -first % 5, last, 5)]
    return Years(_over_time(spans, found.axis), squares, ticks, told, highest)


def _over_time(spans: list[dict[str, Any]], axis: str) -> str:
    """Return how the share of plans changed, or what the picture shows where they are too few or alike."""
    halves = []
    for later in (False, True):
        rows = [row for row in spans if (int(row["start"]) >= _SINCE) is later]
        halves.append((sum(int(row["some"]) for row in rows), sum(int(row["all"]) for row in rows)))
    before, since = halves
    rise, verb = findings.change(before, since), "show" if axis == "features" else "name"
    if rise is None or abs(rise) < findings.LEAD:
        return f"Plans that {verb} it, by the year in which they start"
    return f"{since[0]} of {since[1]} plans since {_SINCE} {verb} it, after {before[0]} of {before[1]} before"
