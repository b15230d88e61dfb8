"""The home page, the lists of countries by region and of plans by year, and the page of each jurisdiction."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from ... import charts
from ...compare import pictures
from ...compare.analysis import Row, View, code_of
from ...compare.overview import years
from ...compare.pictures import running
from ...compare.themes import Plan
from ...compare.topics import Said, Topics
from ...project import findings
from ...project.language import counted
from ...rdf.namespaces import slug
from ...rdf.write import embeddable_json
from ...tables.columns import grouped
from ...text import without_accents
from ..context import PageContext

_UNITS, _NEAR = (10, 8), 3  # the world and Europe here: tenths of a pixel, and the fewest of these between two points
_NEWS = 6
_SPAN = (2000, 2030)
_LABEL = 21  # hundredths of the line: the words of a plan on a phone
_NEIGHBOURS = 3  # neighbours that are offered first
_COLUMNS = 4  # plans side by side; earlier ones stand in a table of their own
_SILENT = ("not-stated", "absent", "not-assessed")
_Place = dict[str, Any]
"""A jurisdiction in a list: code, name, tier, number of documents, and its plan that runs or began last."""


def files(context: PageContext) -> Iterator[tuple[str, bytes]]:
    """Yield the home page and the lists; what the first tells search engines, the page of the dataset has left."""
    kg, today = context.kg, date.today().isoformat()
    places, plans = _places(context, today), context.gathered.overview.plans
    countries = [each for each in places if each["tier"] == "national"]
    codes = [each["code"] for each in countries]
    day = findings.day_in_words("en", today)
    runs = [each for each in countries if each["state"] == "in-force"]
    known = [str(row[end])[:4] for rows in plans.values() for row in rows for end in ("start", "end") if row[end]]
    # What to search for: a country with many documents, the themes of a question, and a plan that runs.
    most = max(runs, key=lambda each: each["documents"], default=None)
    latest = max((each for each in runs if each is not most), key=lambda each: each["until"], default=None)
    plan = [f"{latest['name']} {latest['until']}"] if latest else []
    over = [each["code"] for each in countries if each["state"] == "ended" and each["code"] in plans]
    ended = {code: max(str(row["end"] or row["last"] or "") for row in plans[code]) for code in over}
    yield context.page(
        "home.html",
        "index.html",
        places=places,
        years=(min(known, default=""), max(known, default="")),
        runs=runs,
        finding=findings.running("en", len(runs), len(countries), day) or f"Whose plan runs on {day}?",
        day=day,
        maps=context.maps(codes, _UNITS, _NEAR),
        states=charts.RUNNING,
        tries=[*([most["name"]] if most else []), "reflection period", "who leads", *plan],
        questions=pictures.asked(context.gathered, codes, ended, today),
        news=_news(context),
        script=embeddable_json(context.for_search_engines),
    )
    path, there = "countries/index.html", {each["code"] for each in places}
    silent = [
        {"code": code, "name": name}
        for code, name in sorted(kg.names.items(), key=lambda each: without_accents(each[1]))
        if code not in there and context.country(code, path).href
    ]
    regions, others = _regions(context, places), _regions(context, silent)
    yield context.page("countries.html", path, places=places, regions=regions, silent=others, day=day)
    yield context.page("years.html", "countries/years/index.html", spans=_by_year(context), day=day)


def _places(context: PageContext, day: str) -> list[_Place]:
    """Return the jurisdictions that have documents, by name."""
    made, view = list[_Place](), View(context.kg, every_tier=True)
    runs = {str(row["country"]): row for row in running(context.kg, view, day).rows}
    for rows in grouped(context.kg.query("documents", tier="all"), "country").values():
        code = code_of(rows[0])
        title, _, period = str(runs[code]["phrase"] or "").rpartition(" (")
        until = period.rstrip(")").rpartition(" – ")[2][:4].strip("…")
        told: _Place = {"code": code, "name": context.kg.names.get(code, code), "tier": context.recorded[code]}
        told |= {"documents": len(grouped(rows)), "state": str(runs[code]["value"]), "plan": title, "until": until}
        made.append(told)
    return sorted(made, key=lambda each: without_accents(each["name"]).casefold())


def _regions(context: PageContext, places: Sequence[_Place]) -> list[tuple[str, str, list[_Place]]]:
    """Return the regions in the order of their list, each with its code, name and jurisdictions; then the others."""
    order, found = context.regions, dict[str, list[_Place]]()
    for each in sorted(places, key=lambda each: order.get(each["code"], (10**6, ""))[0]):
        found.setdefault(order.get(each["code"], (0, ""))[1], []).append(each)
    rest = "Regional bodies and parts of countries"
    return [(slug(iri) or "bodies", context.name(iri) if iri else rest, listed) for iri, listed in found.items()]


def _news(context: PageContext) -> list[dict[str, Any]]:
    """Return the documents that were read last, those of which most was recorded first, and what was read of each."""
    kg, found = context.kg, dict[tuple[str, int, str], tuple[list[Row], list[Row]]]()
    for iri, rows in (pair for each in context.gathered.readings.values() for pair in grouped(each).items()):
        if day := max(str(row["readOn"] or "") for row in rows):
            new = [row for row in rows if str(row["readOn"]) == day]
            found[day, sum(int(str(row["parts"])) for row in new), iri] = rows, new
    made = []
    for day, parts, iri in sorted(found, key=lambda each: each[:2], reverse=True)[:_NEWS]:
        rows, new = found[day, parts, iri]
        sources = counted("en", len(new), "{count} source", "{count} sources")
        told = counted("en", parts, "{count} statement recorded", "{count} statements recorded")
        read = max(context.read(row["extent"]) for row in new)[1]
        period = next((years(kg, row["start"], row["end"]) for row in rows if row["start"] or row["end"]), "")
        words = f"{'added' if len(new) == len(rows) else 'read again'}, from {sources}: {read}; {told}"
        said = {"name": kg.names[code_of(rows[0])], "what": period or context.name(iri), "words": words}
        said |= {"language": "" if period else kg.foreign.get(iri, "")}
        made.append(said | {"iri": iri, "day": findings.day_in_words("en", day)})
    return made


def _by_year(context: PageContext) -> list[tuple[str, list[tuple[str, Plan, bool]]]]:
    """Return the plans by the year in which they start, or last to, each with its country and whether it runs."""
    found = dict[str, list[tuple[str, Plan, bool]]]()
    for row in (row for rows in context.gathered.overview.plans.values() for row in rows):
        plan = context.themes.plans[str(row["document"])]
        told = context.kg.names[plan.country], plan, row["answer"] == "yes"
        found.setdefault(str(plan.start or row["end"] or "")[:4], []).append(told)
    return [
        (year, sorted(plans, key=lambda each: without_accents(each[0])))
        for year, plans in sorted(found.items(), reverse=True)
    ]


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


def country(context: PageContext, code: str, path: str) -> dict[str, Any]:
    """Return what the template of a country's page shows of the jurisdiction ``code`` (alpha-3)."""
    topics, overview = Topics(code, context.gathered), context.gathered.overview
    rows = [(concept, _by_plan(said)) for concept, said in topics.themes]
    terms = {concept.code for concept, said in topics.themes if any(each.condition for each in said)}
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
    near = sorted(recorded, key=lambda code: (order[code] != place, abs(order[code][0] - place[0])))[:_NEIGHBOURS]
    found = [(", ".join(names[code] for code in near), near)]
    found += [(f"All of {context.name(place[1])}", region)] if len(region) > _NEIGHBOURS else []
    if alike := context.alike.get(here):
        found.append((f"Most alike: {names[alike]}", [alike]))
    others = sorted(names[code] for code in order if order[code] == place and code not in plans and code != here)
    return {"near": [(words, codes) for words, codes in found if codes], "unrecorded": others}


def _by_plan(said: Sequence[Said]) -> dict[int, tuple[list[Said], list[Said]]]:
    """Return by plan what is seen at once, the nearest wording and whatever has terms, and the rest."""
    made = {}
    for number, group in groupby(said, key=lambda each: each.number):
        told = [*group]
        seen = [each for each in told if each.condition] or told[:1]
        made[number] = seen, [each for each in told if each not in seen]
    return made
