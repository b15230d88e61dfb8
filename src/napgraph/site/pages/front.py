"""The pages that a reader meets first: the home page, and the lists of countries by region and of plans by year."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from ... import charts
from ...compare import pictures
from ...compare.analysis import Row
from ...compare.matrix import VALUES
from ...compare.overview import depth, years
from ...compare.pictures import running
from ...project import findings
from ...project.language import counted
from ...rdf.namespaces import BASE, slug
from ...rdf.write import embeddable_json
from ...tables.columns import grouped
from ...tables.origins import citation
from ...text import without_accents
from ..addresses import link
from ..context import PageContext
from .countries import bars

_UNITS, _NEAR = (7, 6), 3  # the world and Europe here: tenths of a pixel, and the fewest of these between two points
_NEWS = 6


class Place(NamedTuple):
    """A jurisdiction in a list: code, name, page, tier, number of documents, and its plan that runs or began last."""

    code: str
    name: str
    href: str | None
    tier: str
    documents: int
    state: str
    plan: str
    until: str


class Shape(NamedTuple):
    """An outline on a map: its path, how it is filled, and of a jurisdiction with documents its page and words."""

    path: str
    fill: str
    href: str | None
    words: str


class Plan(NamedTuple):
    """A plan in the list by years: its country, page, title with language, period, how much was read and its state."""

    country: str
    href: str | None
    title: str
    language: str | None
    period: str
    depth: tuple[int, str]
    runs: bool


class News(NamedTuple):
    """A document that was read on a day: its jurisdiction, period or title with language, page, and what was read."""

    day: str
    name: str
    what: str
    language: str | None
    href: str | None
    words: str


def files(context: PageContext) -> Iterator[tuple[str, bytes]]:
    """Yield the home page and the lists; what the first tells search engines, the page of the dataset has left."""
    kg, today = context.kg, date.today().isoformat()
    places = _places(context, "index.html", today)
    countries = [each for each in places if each.tier == "national"]
    day = findings.day_in_words("en", today)
    runs = [each for each in countries if each.state == "in-force"]
    plans = context.gathered.overview.plans
    known = [str(row[end])[:4] for rows in plans.values() for row in rows for end in ("start", "end") if row[end]]
    ended = {
        each.code: max(str(row["end"] or row["last"] or "") for row in plans[each.code])
        for each in countries
        if each.state == "ended" and each.code in plans
    }
    yield context.page(
        "home.html",
        "index.html",
        documents=sum(each.documents for each in places),
        countries=countries,
        bodies=len(places) - len(countries),
        years=(min(known, default=""), max(known, default="")),
        runs=runs,
        finding=findings.running("en", len(runs), len(countries), day) or f"Whose plan runs on {day}?",
        day=day,
        maps=_maps(context, countries),
        states=[
            (name, fill, words, sum(each.state == name for each in countries))
            for name, (fill, words) in charts.RUNNING.items()
        ],
        sources=len(context.readings.of_source),
        tries=_tries(runs),
        questions=pictures.asked(context.gathered, [each.code for each in countries], ended, today),
        news=_news(context),
        values=list(VALUES.values()),
        citation=citation(kg.root, kg.version),
        script=embeddable_json(context.for_search_engines),
    )
    path = "countries/index.html"
    places = _places(context, path, today)
    there = {each.code for each in places}
    silent = [
        Place(code, name, href, "", 0, "", "", "")
        for code, name in sorted(kg.names.items(), key=lambda each: without_accents(each[1]))
        if code not in there and (href := context.shown(f"{BASE}jurisdiction/{code.lower()}", path))
    ]
    yield context.page(
        "countries.html",
        path,
        places=places,
        regions=_regions(context, places),
        silent=_regions(context, silent),
        day=day,
    )
    yield context.page(
        "years.html", "countries/years/index.html", spans=_by_year(context, "countries/years/index.html"), day=day
    )


def _tries(runs: Sequence[Place]) -> list[str]:
    """Return what to search for: a country with many documents, the themes of a question, and a plan that runs."""
    most = max(runs, key=lambda each: each.documents, default=None)
    latest = max((each for each in runs if each is not most), key=lambda each: each.until, default=None)
    plan = [f"{latest.name} {latest.until}"] if latest else []
    return [*([most.name] if most else []), "reflection period", "who leads", *plan]


def _places(context: PageContext, path: str, day: str) -> list[Place]:
    """Return the jurisdictions that have documents, by name, as the page at ``path`` links to them."""
    kg, counts = context.kg, dict[str, set[str]]()
    for row in kg.query("documents", tier="all"):
        counts.setdefault(slug(str(row["country"])).upper(), set()).add(str(row["document"]))
    runs = {str(row["country"]): row for row in running(kg, day, tier="all").rows}
    made = []
    for code, documents in counts.items():
        row, href = runs[code], context.shown(f"{BASE}jurisdiction/{code.lower()}", path)
        title, _, period = str(row["phrase"] or "").rpartition(" (")
        until = period.rstrip(")").rpartition(" – ")[2][:4].strip("…")
        name, tier, state = kg.names.get(code, code), context.recorded[code], str(row["value"])
        made.append(Place(code, name, href, tier, len(documents), state, title, until))
    return sorted(made, key=lambda each: without_accents(each.name).casefold())


def _regions(context: PageContext, places: Sequence[Place]) -> list[tuple[str, str, list[Place]]]:
    """Return the regions in the order of their list, each with its code, name and jurisdictions; then the others."""
    order = context.regions
    found: dict[str, list[Place]] = {}
    for each in sorted(places, key=lambda each: order.get(each.code, (10**6, ""))[0]):
        found.setdefault(order.get(each.code, (0, ""))[1], []).append(each)
    rest = "Regional bodies and parts of countries"
    return [(slug(iri) or "bodies", context.name(iri) if iri else rest, listed) for iri, listed in found.items()]


def _maps(context: PageContext, places: Sequence[Place]) -> list[tuple[int, int, list[Shape]]]:
    """Return the width, the height and the shapes of the maps of the world and of Europe."""
    found = charts.outlines_of(context.kg.numbers)
    by_outline = {id(found[each.code]): each for each in places if each.code in found}
    sizes, drawn = charts.outlines()
    made = []
    for number, (width, height) in enumerate(sizes):
        shapes, rest = list[Shape](), list[str]()
        for outline in drawn:
            path, place = charts.coarse(outline.maps[number].path, _UNITS[number], _NEAR), by_outline.get(id(outline))
            if path and place:
                fill, words = charts.RUNNING[place.state]
                shapes.append(Shape(path, fill, place.href, f"{place.name}: {words}"))
            elif path:
                rest.append(path)
        scale = 10 / _UNITS[number]
        made.append((round(width * scale), round(height * scale), [Shape("".join(rest), "none", None, ""), *shapes]))
    return made


def _news(context: PageContext) -> list[News]:
    """Return the documents that were read last, those of which most was recorded first."""
    kg, found = context.kg, dict[str, list[Row]]()
    for rows in context.gathered.readings.values():
        found |= grouped(rows)
    last = {iri: max(str(row["readOn"] or "") for row in rows) for iri, rows in found.items()}
    found = {iri: rows for iri, rows in found.items() if last[iri]}
    parts = {
        iri: sum(int(str(row["parts"])) for row in rows if str(row["readOn"]) == last[iri])
        for iri, rows in found.items()
    }
    made = []
    for iri in sorted(found, key=lambda iri: (last[iri], parts[iri]), reverse=True)[:_NEWS]:
        rows = [row for row in found[iri] if str(row["readOn"]) == last[iri]]
        new = "added" if len(rows) == len(found[iri]) else "read again"
        sources = counted("en", len(rows), "{count} source", "{count} sources")
        best = depth(kg, max((row["extent"] for row in rows), key=bars))
        told = counted("en", parts[iri], "{count} statement recorded", "{count} statements recorded")
        period = next((years(kg, row["start"], row["end"]) for row in found[iri] if row["start"] or row["end"]), "")
        day = findings.day_in_words("en", last[iri])
        name = kg.names[slug(str(rows[0]["country"])).upper()]
        language = None if period else kg.foreign.get(iri)
        period = period or context.name(iri)
        made.append(
            News(
                day, name, period, language, context.shown(iri, "index.html"), f"{new}, from {sources}: {best}; {told}"
            )
        )
    return made


def _by_year(context: PageContext, path: str) -> list[tuple[str, list[Plan]]]:
    """Return the plans by the year in which they start or which they last to, the latest first; the undated last."""
    kg, overview, found = context.kg, context.gathered.overview, dict[str, list[Plan]]()
    for code, rows in overview.plans.items():
        for row in rows:
            iri, start = str(row["document"]), row["start"] or (row["first"] if row["basis"] == "act" else None)
            read = bars(overview.extent(iri)), depth(kg, overview.extent(iri))
            period = years(kg, start, row["end"])
            title, language = str(row["title"]), kg.foreign.get(iri)
            plan = Plan(kg.names[code], link(iri, path), title, language, period, read, row["answer"] == "yes")
            found.setdefault(str(start or row["end"] or "")[:4], []).append(plan)
    return [
        (year, sorted(plans, key=lambda each: without_accents(each.country)))
        for year, plans in sorted(found.items(), reverse=True)
    ]
