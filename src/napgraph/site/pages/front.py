"""The pages that a reader meets first: the home page, and the list of countries with their plans."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from ... import charts
from ...compare.matrix import VALUES
from ...compare.pictures import running
from ...project import findings
from ...rdf.namespaces import BASE, slug
from ...rdf.write import embeddable_json
from ...tables.origins import citation
from ..context import PageContext


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


def files(context: PageContext) -> Iterator[tuple[str, bytes]]:
    """Yield the home page and the list; what the first tells search engines, the page of the dataset has left."""
    kg, today = context.kg, date.today().isoformat()
    places = _places(context, "index.html", today)
    countries = [each for each in places if each.tier == "national"]
    day = findings.day_in_words("en", today)
    runs = [each for each in countries if each.state == "in-force"]
    years = [
        str(row[end])[:4]
        for row in kg.query("in-force", tier="all", answer=["yes", "possible", "no"])
        for end in ("start", "end")
        if row[end]
    ]
    yield context.page(
        "home.html",
        "index.html",
        documents=sum(each.documents for each in places),
        countries=countries,
        bodies=len(places) - len(countries),
        years=(min(years, default=""), max(years, default="")),
        runs=sorted(runs, key=lambda each: each.name),
        finding=findings.running("en", len(runs), len(countries), day) or f"Whose plan runs on {day}?",
        day=day,
        maps=_maps(context, countries),
        states=[
            (fill, words, sum(each.state == name for each in countries))
            for name, (fill, words) in charts.RUNNING.items()
        ],
        sources=len(context.readings.of_source),
        values=list(VALUES.values()),
        citation=citation(kg.root, kg.version),
        script=embeddable_json(context.for_search_engines),
    )
    yield context.page(
        "countries.html", "countries/index.html", places=_places(context, "countries/index.html", today), day=day
    )


def _places(context: PageContext, path: str, day: str) -> list[Place]:
    """Return the jurisdictions that have documents, by name, as the page at ``path`` links to them."""
    kg, counted = context.kg, dict[str, set[str]]()
    for row in kg.query("documents", tier="all"):
        counted.setdefault(slug(str(row["country"])).upper(), set()).add(str(row["document"]))
    runs = {str(row["country"]): row for row in running(kg, day, tier="all").rows}
    made = []
    for code, documents in counted.items():
        row, href = runs[code], context.shown(f"{BASE}jurisdiction/{code.lower()}", path)
        title, _, period = str(row["phrase"] or "").rpartition(" (")
        until = period.rstrip(")").rpartition(" – ")[2][:4]
        made.append(
            Place(
                code,
                kg.names.get(code, code),
                href,
                context.recorded[code],
                len(documents),
                str(row["value"]),
                title,
                until,
            )
        )
    return sorted(made, key=lambda each: each.name.casefold())


def _maps(context: PageContext, places: Sequence[Place]) -> list[tuple[int, int, list[Shape]]]:
    """Return the width, the height and the shapes of the maps of the world and of Europe."""
    found = charts.outlines_of(context.kg.numbers)
    by_outline = {id(found[each.code]): each for each in places if each.code in found}
    sizes, drawn = charts.outlines()
    made = []
    for number, (width, height) in enumerate(sizes):
        shapes, rest = list[Shape](), list[str]()
        for outline in drawn:
            path, place = outline.maps[number].path, by_outline.get(id(outline))
            if path and place:
                fill, words = charts.RUNNING[place.state]
                shapes.append(Shape(path, fill, place.href, f"{place.name}: {words}"))
            elif path:
                rest.append(path)
        made.append((width * 10, height * 10, [Shape("".join(rest), "none", None, ""), *shapes]))
    return made
