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
_COLUMNS = 4  # plans side by side; earlier ones stand in a table of their own


class Bar(NamedTuple):
    """A plan on the line of time: its words, left edge and width in hundredths of the line, and what is not stated."""

    words: str
    left: float
    width: float
    opens: bool
    ends: bool
    row: int


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


def line(topics: Topics) -> tuple[list[Bar], list[tuple[int, float]], float]:
    """Return the plans on a line of time, the years at its ticks with their place, and the place of today."""
    known = [year for span in topics.spans.values() for year in span if year]
    first, last = min([_SPAN[0], *known]), max([_SPAN[1], *known]) + 1
    step = 100 / (last - first)
    bars, taken = list[Bar](), list[float]()
    for each in topics.editions:
        start, end = topics.spans[each.iri]
        begins, stops = start or end, end or start
        if begins is None or stops is None:
            continue
        left, width = (begins - first) * step, (stops + 1 - begins) * step
        row = next((row for row, right in enumerate(taken) if right <= left + step / 10), len(taken))
        taken[row : row + 1] = [left + width]
        bars.append(Bar(each.years, left, width, start is None, end is None, row))
    now = date.today()
    ticks = [(year, (year - first) * step) for year in range(first + -first % 5, last, 5)]
    return bars, ticks, (now.year + (now.month - 0.5) / 12 - first) * step


def bars(extent: object) -> int:
    """Return how many bars stand for how much of a document a source shows (code or IRI): 1 to 4, 0 where unknown."""
    code = slug(str(extent))
    return _EXTENTS.index(code) + 1 if code in _EXTENTS else 0


def page(context: PageContext, code: str, path: str) -> dict[str, Any]:
    """Return what the template of a country's page shows of the jurisdiction ``code`` (alpha-3)."""
    topics = Topics(code, context.gathered)
    rows = [(concept, _by_plan(said)) for concept, said in topics.themes()]
    return {
        "topics": topics,
        "lead": _lead(topics),
        "drawn": line(topics),
        "rows": rows,
        "groups": _groups(topics.editions),
        "used": {said.value for _, by_plan in rows for seen, _ in by_plan.values() for said in seen},
        "sources": [_source(context, number, read, path) for number, read in enumerate(topics.sources, 1)],
        "depths": {each.iri: _depth(context, topics, each.iri) for each in topics.editions},
        "silent": [(value, numbers, labels) for (value, numbers), labels in topics.silent().items()],
        "values": VALUES,
        "saying": SAYING,
        "near": [("All countries", "compare/pillars/")],
    }


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


def _lead(topics: Topics) -> str:
    number = len(topics.editions)
    if not number:
        return f"No plan of {topics.name} is recorded. That is unknown, not none."
    years = [year for span in topics.spans.values() for year in span if year]
    counted = "One plan is" if number == 1 else f"{number} plans are"
    told = f"{counted} recorded" + (f", from {min(years)} to {max(years)}." if years else ".")
    running = [each.years for each in topics.editions if "in force" in each.facts]
    if running:
        return f"{told} That of {running[-1]} runs today."
    return told if topics.runs else f"{told} No plan that runs today is recorded: unknown, not none."


def _depth(context: PageContext, topics: Topics, iri: str) -> tuple[int, str]:
    """Return how much the best source of a document shows, in bars and in words."""
    extents = {row["extent"] for rows in topics.sources for row in rows if row["document"] == iri}
    best = max(extents, key=bars, default="")
    return bars(best), depth(context.kg, best)


def _source(context: PageContext, number: int, rows: Sequence[Row], path: str) -> Source:
    first, kg = rows[0], context.kg
    iri, url = str(first["source"]), str(first["url"] or "")
    kinds = [context.name(f"{BASE}source-kind/{each}") for each in context.source_kinds.get(iri, [])[:1]]
    shows = [(kg.labels.get(str(row["document"]), ""), bars(row["extent"]), depth(kg, row["extent"])) for row in rows]
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
