"""The page of a jurisdiction: its plans in words, by theme, with the sources and how much of each was read."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from ...compare.analysis import Row
from ...compare.matrix import SAYING, VALUES
from ...compare.overview import depth
from ...compare.topics import Edition, Said, Topics
from ...rdf.namespaces import BASE, slug
from ..addresses import link
from ..context import PageContext

_EXTENTS = ("bare-mention", "summary-paragraph", "excerpt", "full-text")
_SPAN = (2000, 2030)
_LABEL = 21  # hundredths of the line: the words of a plan on a phone
_NEAR = 3  # neighbours that are offered first
_COLUMNS = 4  # plans side by side; earlier ones stand in a table of their own


class Bar(NamedTuple):
    """A plan on the line of time: its words, left edge and width in hundredths of the line, and what is not stated.

    ``row`` is that of the bar and ``level`` that of its words, both from 0, so that none lies on another.
    """

    words: str
    left: float
    width: float
    opens: bool
    ends: bool
    row: int
    level: int


class Source(NamedTuple):
    """A source of the country's documents: its name, page and address, its host, and what it shows of which."""

    number: int
    name: str
    href: str | None
    address: str
    host: str
    kinds: str
    shows: list[tuple[str, int, str]]
    read: str


def line(topics: Topics) -> dict[str, Any]:
    """Return the plans on a line of time, the years at its ticks with their place, the place of today, and the gap.

    The gap is where nothing is recorded after the last plan: its left edge and width, or None.
    """
    known = [year for span in topics.spans.values() for year in span if year]
    first, last = min([_SPAN[0], *known]), max([_SPAN[1], *known]) + 1
    step = 100 / (last - first)
    bars, taken, named = list[Bar](), list[float](), list[float]()
    for each in topics.editions:
        start, end = topics.spans[each.iri]
        begins, stops = start or end, end or start
        if begins is None or stops is None:
            continue
        left, width = (begins - first) * step, (stops + 1 - begins) * step
        row = next((row for row, right in enumerate(taken) if right <= left + step / 10), len(taken))
        taken[row : row + 1] = [left + width]
        starts = min(left, 100 - _LABEL)
        level = next((level for level, right in enumerate(named) if right <= starts), len(named))
        named[level : level + 1] = [starts + _LABEL]
        bars.append(Bar(each.years, left, width, start is None, end is None, row, level))
    now = date.today()
    ticks = [(year, (year - first) * step) for year in range(first + -first % 5, last, 5)]
    today = (now.year + (now.month - 0.5) / 12 - first) * step
    since = max(taken, default=today)
    gap = (since, today - since) if since < today and not topics.runs else None
    return {"bars": bars, "rows": len(taken), "levels": len(named), "ticks": ticks, "today": today, "gap": gap}


def bars(extent: object) -> int:
    """Return how many bars stand for how much of a document a source shows (code or IRI): 1 to 4, 0 where unknown."""
    code = slug(str(extent))
    return _EXTENTS.index(code) + 1 if code in _EXTENTS else 0


def page(context: PageContext, code: str, path: str) -> dict[str, Any]:
    """Return what the template of a country's page shows of the jurisdiction ``code`` (alpha-3)."""
    topics = Topics(code, context.gathered)
    rows = [(concept, _by_plan(said)) for concept, said in topics.themes]
    conditions = {concept.code for concept, said in topics.themes if any(each.condition for each in said)}
    top = [(concept, by_plan) for concept, by_plan in rows if not concept.depth or concept.code in conditions]
    missing = [name for name in ("not-stated", "absent", "not-assessed") if topics.editions]
    unpriced = {
        name: [each.number for each in topics.editions if topics.value_of(each.number, "budget") == name]
        for name in missing
    }
    return {
        "topics": topics,
        "lead": topics.lead(),
        "drawn": line(topics),
        "top": top,
        "rest": [row for row in rows if row not in top],
        "groups": _groups(topics.editions),
        "used": {said.value for _, by_plan in rows for seen, _ in by_plan.values() for said in seen},
        "unpriced": {name: numbers for name, numbers in unpriced.items() if numbers},
        "conflicts": topics.conflicts(),
        "sources": [_source(context, topics, number, read, path) for number, read in enumerate(topics.sources, 1)],
        "depths": {each.iri: _depth(context, topics, each.iri) for each in topics.editions},
        "silent": [(value, numbers, labels) for (value, numbers), labels in topics.silent().items()],
        "values": VALUES,
        "saying": SAYING,
        **_near(context, topics),
    }


def _near(context: PageContext, topics: Topics) -> dict[str, Any]:
    """Return whom a country may be compared with: words and codes; and the neighbours of which nothing is recorded."""
    names, order, here = context.kg.names, context.regions, topics.code
    place = order.get(here)
    if place is None:
        return {"near": [], "unrecorded": []}
    plans = context.gathered.overview.plans
    recorded = sorted((code for code in plans if code != here and code in order), key=lambda code: names[code])
    region = [code for code in recorded if order[code] == place]
    near = sorted(recorded, key=lambda code: (order[code] != place, abs(order[code][0] - place[0])))[:_NEAR]
    found = [(", ".join(names[code] for code in near), near)]
    found += [(f"All of {context.name(place[1])}", region)] if len(region) > _NEAR else []
    if alike := context.alike.get(here):
        found.append((f"Most alike: {names[alike]}", [alike]))
    spans = [span for span in topics.spans.values() if span[0] and span[1]]
    if spans:
        first, last = spans[-1]
        same = [code for code in recorded if any(_meets(row, str(first), str(last)) for row in plans[code])]
        found += [(f"Plans of {first}–{last}", same)] if same else []
    others = sorted(names[code] for code in order if order[code] == place and code not in plans and code != here)
    return {"near": [(words, codes) for words, codes in found if codes], "unrecorded": others}


def _meets(row: Row, first: str, last: str) -> bool:
    """Return whether the stated period of a plan has a year in common with a span of years."""
    return bool(row["start"] and row["end"]) and str(row["start"])[:4] <= last and str(row["end"])[:4] >= first


def _groups(editions: Sequence[Edition]) -> list[Sequence[Edition]]:
    """Return the plans that stand side by side: the latest, then those before them."""
    return [editions[-_COLUMNS:], *([editions[:-_COLUMNS]] if len(editions) > _COLUMNS else [])]


def _by_plan(said: Sequence[Said]) -> dict[int, tuple[list[Said], list[Said]]]:
    """Return by plan what is seen at once, the nearest wording and whatever has terms, and the rest."""
    made = {}
    for number, group in groupby(said, key=lambda each: each.number):
        told = [*group]
        seen = [each for each in told if each.condition] or told[:1]
        made[number] = seen, [each for each in told if each not in seen]
    return made


def _depth(context: PageContext, topics: Topics, iri: str) -> tuple[int, str]:
    """Return how much the best source of a document shows, in bars and in words."""
    extents = {row["extent"] for rows in topics.sources for row in rows if row["document"] == iri}
    best = max(extents, key=bars, default="")
    return bars(best), depth(context.kg, best)


def _source(context: PageContext, topics: Topics, number: int, rows: Sequence[Row], path: str) -> Source:
    first, kg = rows[0], context.kg
    iri, url = str(first["source"]), str(first["url"] or "")
    kinds = [context.name(f"{BASE}source-kind/{each}") for each in context.source_kinds.get(iri, [])[:1]]
    numbers = {each.iri: each.years for each in topics.editions}
    shows = [
        (
            numbers.get(str(row["document"])) or kg.labels.get(str(row["document"]), ""),
            bars(row["extent"]),
            depth(kg, row["extent"]),
        )
        for row in rows
    ]
    host = urlsplit(url).netloc.removeprefix("www.")
    href = context.shown(iri, path)
    return Source(
        number,
        str(first["sourceTitle"]),
        href,
        link(url, path) or "",
        host,
        "; ".join(kinds),
        shows,
        str(first["readOn"] or ""),
    )
