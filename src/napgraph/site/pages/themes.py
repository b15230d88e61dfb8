"""The page of each theme, principle, group and form of the axes: who says it, in which words, where and since when."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from ...compare.matrix import SAYING, VALUES, Comparison, Concept
from ...project import findings
from ...rdf.descriptions import Descriptions
from ...rdf.namespaces import BASE
from ..context import PageContext
from .documents import about

_SINCE = 2015  # the year that divides plans into earlier and later ones
_FIRST = 30  # plans that are shown at once
_WIDE, _SIDE = 640, 13  # of the picture of plans by year, and of a square in it with its gap


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
    values, said = themes.values(found, concept.code), themes.said(found, concept.code)
    national = [each for each in said if each.plan.country in themes.countries]
    silent = [name for name in VALUES if name not in SAYING and name in values.values()]
    return {
        "concept": concept,
        "axis": found.axis,
        "lead": _lead(concept.label, found.axis, Counter(values.values())),
        "texts": about(stated, concept.iri),
        "parts_of_bar": bar(values),
        "by_year": _by_year(context, found, concept),
        "where": values,
        "telling": [national[:_FIRST], national[_FIRST:]],
        "others": [each for each in said if each not in national],
        "quiet": {name: [code for code, value in values.items() if value == name] for name in silent},
        "tree": _tree([each for each in found.concepts if each.code != found.unmapped], concept),
    }


def files(context: PageContext) -> Iterator[tuple[str, bytes]]:
    """Yield the page that leads to all of them."""
    themes, listed = context.themes, []
    for scheme, axis in sorted(themes.axes.items(), key=lambda each: list(each) not in [["theme", "pillars"]]):
        found, told = context.gathered.axis(axis), []
        for concept in (each for each in found.concepts if each.code != found.unmapped):
            values = themes.values(found, concept.code)
            told.append((concept, bar(values), sum(value in SAYING for value in values.values())))
        listed.append((str(context.schemes[BASE + scheme]["en"][0]["title"]), axis, told))
    yield context.page("themes.html", "themes/index.html", listed=listed, total=len(themes.countries))


def bar(values: Mapping[str, str]) -> list[tuple[str, int, float, float]]:
    """Return a bar of the values of countries: each value, how many have it, its left edge and width in hundredths."""
    counts, made, left = Counter(values.values()), list[tuple[str, int, float, float]](), 0.0
    for value in (each for each in VALUES if counts[each]):
        made.append((value, counts[value], left, 100 * counts[value] / len(values)))
        left += made[-1][-1]
    return made


def _lead(label: str, axis: str, counts: Counter[str]) -> str:
    some, total = sum(counts[each] for each in SAYING), counts.total()
    what, verb = findings.lower(label), "show" if axis == "features" else "name"
    if not some:
        return f"No plan read so far {verb}s {what}."
    rest = "" if some == counts["stated"] else ", the others mention it or only a part of it"
    state = f"; those of {counts['stated']} state it{rest}." if counts["stated"] else ", none as a part of its own."
    return f"Plans of {some} of {total} countries {verb} {what}{state}"


def _tree(concepts: list[Concept], here: Concept) -> list[Concept]:
    """Return the topmost concepts, and under those above one the concepts beside and below it."""
    path, paths = list[str](), dict[Concept, list[str]]()
    for each in concepts:
        path = [*path[: each.depth], each.code]
        paths[each] = path
    return [each for each, path in paths.items() if not each.depth or path[:-1] == paths[here][: len(path) - 1]]


def _by_year(context: PageContext, found: Comparison, concept: Concept) -> dict[str, Any] | None:
    """Return the plans by the year they start in: squares, the years and spans below with their middle, the height."""
    themes = context.themes
    years, spans = themes.by_year(found, concept.code), themes.spans(found).get(concept.code, [])
    starts = [each.start for each in themes.plans.values() if each.start and each.country in themes.countries]
    if not years or not spans:
        return None
    first, last = min(starts), max(starts) + 1
    step, height = _WIDE / (last - first), max(map(len, years.values())) * _SIDE
    middles = [((int(str(row["start"])) + int(str(row["end"])) + 1) / 2 - first) * step for row in spans]
    return {
        "finding": _over_time(spans, found.axis),
        "squares": [
            (round((year - first) * step, 1), height - (row + 1) * _SIDE, value)
            for year, values in years.items()
            for row, value in enumerate(values)
        ],
        "ticks": [(year, round((year - first + 0.5) * step, 1)) for year in range(first + -first % 5, last, 5)],
        "spans": [(f"{row['some']} of {row['all']}", round(x, 1)) for row, x in zip(spans, middles, strict=True)],
        "height": height,
    }


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
