"""The page of a jurisdiction: its plans in words, by theme, with the sources and how much of each was read."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

from ...compare.analysis import Row
from ...compare.topics import Said, Topics
from ..context import PageContext

_SPAN = (2000, 2030)
_LABEL = 21  # hundredths of the line: the words of a plan on a phone
_NEAR = 3  # neighbours that are offered first
_COLUMNS = 4  # plans side by side; earlier ones stand in a table of their own
_SILENT = ("not-stated", "absent", "not-assessed")


def line(topics: Topics) -> dict[str, Any]:
    """Return the plans on a line of time, the years at its ticks with their place, the place of today, and the gap.

    Places are in hundredths of the line. ``row`` is that of a bar and ``level`` that of its words, both from 0, so that
    none lies on another. The gap is where nothing is recorded after the last plan: its left edge and width, or None.
    """
    known = [year for span in topics.spans.values() for year in span if year]
    first, last = min([_SPAN[0], *known]), max([_SPAN[1], *known]) + 1
    step = 100 / (last - first)
    bars, taken, named = list[dict[str, Any]](), list[float](), list[float]()
    for each in topics.editions:
        start, end = each.span
        begins, stops = start or end, end or start
        if begins is None or stops is None:
            continue
        left, width = (begins - first) * step, (stops + 1 - begins) * step
        row = next((row for row, right in enumerate(taken) if right <= left + step / 10), len(taken))
        taken[row : row + 1] = [left + width]
        starts = min(left, 100 - _LABEL)
        level = next((level for level, right in enumerate(named) if right <= starts), len(named))
        named[level : level + 1] = [starts + _LABEL]
        bars.append({"words": each.years, "left": left, "width": width, "row": row, "level": level})
        bars[-1]["loose"] = start is None or end is None
    now = date.today()
    ticks = [(year, (year - first) * step) for year in range(first + -first % 5, last, 5)]
    today = (now.year + (now.month - 0.5) / 12 - first) * step
    since = max(taken, default=today)
    gap = (since, today - since) if since < today and not topics.runs else None
    return {"bars": bars, "rows": len(taken), "levels": len(named), "ticks": ticks, "today": today, "gap": gap}


def page(context: PageContext, code: str, path: str) -> dict[str, Any]:
    """Return what the template of a country's page shows of the jurisdiction ``code`` (alpha-3)."""
    topics, overview = Topics(code, context.gathered), context.gathered.overview
    rows = [(concept, _by_plan(said)) for concept, said in topics.themes()]
    terms = {concept.code for concept, said in topics.themes() if any(each.condition for each in said)}
    top = [row for row in rows if not row[0].depth or row[0].code in terms]
    budgets = {each.number: topics.value_of(each.number, "budget") for each in topics.editions}
    unpriced = {name: [number for number, value in budgets.items() if value == name] for name in _SILENT}
    called, sources = {each.iri: each.years for each in topics.editions}, list[dict[str, Any]]()
    for number, read in enumerate(topics.sources, 1):
        told = context.source(str(read[0]["source"]), path) | {"number": number, "read": read[0]["readOn"] or ""}
        titles = ((called.get(str(row["document"])) or str(row["title"]), row["extent"]) for row in read)
        sources.append(told | {"shows": [(title, *context.read(extent)) for title, extent in titles]})
    return {
        "topics": topics,
        "drawn": line(topics),
        "top": top,
        "rest": [row for row in rows if row not in top],
        "groups": [each for each in (topics.editions[-_COLUMNS:], topics.editions[:-_COLUMNS]) if each] or [[]],
        "used": {said.value for _, by_plan in rows for seen, _ in by_plan.values() for said in seen},
        "unpriced": {name: numbers for name, numbers in unpriced.items() if numbers},
        "sources": sources,
        "depths": {each.iri: context.read(overview.extent(each.iri)) for each in topics.editions},
        **_near(context, topics),
    }


def _near(context: PageContext, topics: Topics) -> dict[str, Any]:
    """Return whom a country may be compared with: words and codes; and the neighbours of which nothing is recorded."""
    names, order, here, plans = context.kg.names, context.regions, topics.code, context.gathered.overview.plans
    if here not in order:
        return {"near": [], "unrecorded": []}
    place = order[here]
    recorded = sorted((code for code in plans if code != here and code in order), key=names.__getitem__)
    region = [code for code in recorded if order[code] == place]
    near = sorted(recorded, key=lambda code: (order[code] != place, abs(order[code][0] - place[0])))[:_NEAR]
    found = [(", ".join(names[code] for code in near), near)]
    found += [(f"All of {context.name(place[1])}", region)] if len(region) > _NEAR else []
    if alike := context.alike.get(here):
        found.append((f"Most alike: {names[alike]}", [alike]))
    if spans := [(str(first), str(last)) for first, last in topics.spans.values() if first and last]:
        first, last = spans[-1]
        same = [code for code in recorded if any(_meets(row, first, last) for row in plans[code])]
        found += [(f"Plans of {first}–{last}", same)]
    others = sorted(names[code] for code in order if order[code] == place and code not in plans and code != here)
    return {"near": [(words, codes) for words, codes in found if codes], "unrecorded": others}


def _meets(row: Row, first: str, last: str) -> bool:
    """Return whether the stated period of a plan has a year in common with a span of years."""
    return bool(row["start"] and row["end"]) and str(row["start"])[:4] <= last and str(row["end"])[:4] >= first


def _by_plan(said: Sequence[Said]) -> dict[int, tuple[list[Said], list[Said]]]:
    """Return by plan what is seen at once, the nearest wording and whatever has terms, and the rest."""
    made = {}
    for number, group in groupby(said, key=lambda each: each.number):
        told = [*group]
        seen = [each for each in told if each.condition] or told[:1]
        made[number] = seen, [each for each in told if each not in seen]
    return made
