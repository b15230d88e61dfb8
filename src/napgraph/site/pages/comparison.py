"""Comparisons, a matrix and its data for each axis; pictures of all documents; and who says each concept, and how."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from itertools import groupby
from types import MappingProxyType
from typing import Any

from ... import charts
from ...compare.analysis import Row, View, short_iri
from ...compare.lists import completeness
from ...compare.matrix import SAYING, VALUES, Comparison, Concept, axes, nearness, value_of
from ...compare.themes import Column
from ...errors import ParameterError
from ...knowledge_graph import KnowledgeGraph
from ...project import findings
from ...query.jurisdictions import codes_by_name
from ...rdf.descriptions import Descriptions
from ...rdf.namespaces import BASE, slug
from ...tables.table import Table
from ...text import visible_in
from ..addresses import link, root_of
from ..context import PageContext, as_json, table_files
from .documents import about

_LARGEST = 6000  # marks in one picture; with more it could not be read, and takes minutes to draw
_WORKBOOK = 5000  # rows of a table that is there as a workbook too, which takes far longer to write than CSV
_ROWS = 200  # rows of a table on its page; the file beside it holds all
_MAPPED = "pillars"
_SINCE = 2015  # the year that divides plans into earlier and later ones
_FIRST = 30  # plans that are shown at once
_WIDE, _SIDE = 640, 13  # of the picture of plans by year, and of a square in it with its gap
_Choices = Sequence[tuple[str, str]]
_LEADS = {"title": "document", "where": "evidence", "a_title": "a", "b_title": "b"}
"""Where the words of a column lead: to what another column holds, which is not shown beside it."""


def _nearest_first(kg: KnowledgeGraph, axis: str) -> Table:
    """Return the table of pairs that share something, the most similar first."""
    table = kg.similarity(axis).table()
    table.rows[:] = [row for row in table.rows if row["shared"]]
    table.rows.sort(key=lambda row: -float(row["similarity"] if row["similarity"] is not None else -1))
    return table


_VIEWS: dict[str, tuple[Callable[[KnowledgeGraph], Table], Callable[..., Any]]] = {
    "timeline": (lambda kg: kg.timeline().table(), charts.timeline),
    "gaps": (lambda kg: kg.gaps().table(), charts.intervals),
    "completeness": (lambda kg: completeness(kg, View(kg)), charts.intervals),
    "bodies": (lambda kg: kg.network().table(), charts.network),
    "similarity/pillars": (partial(_nearest_first, axis="pillars"), charts.similarity),
    "similarity/principles": (partial(_nearest_first, axis="principles"), charts.similarity),
}
"""By folder the table of each view, and what draws it."""


def files(context: PageContext) -> Iterator[tuple[str, bytes]]:
    """Yield the page, the data and the tables of each axis, and the page that leads to them."""
    kg, themes, names, view = context.kg, context.themes, axes(context.kg), View(context.kg)
    tabs = {name: words for name, words in context.words["axes"]["en"].items() if name in names}
    tabs |= {name: kg.name_of_axis(name).capitalize() for name in names if name not in tabs}
    questions = [(name, words, kg.queries.get(name).header["question"]) for name, words in tabs.items()]
    yield context.page("comparisons.html", "compare/index.html", axes=questions)
    dated = periods(context)
    for axis, _, question in questions:
        comparison = Comparison(kg, axis, "broad", "country", view)
        comparison.take(context.gathered.axis(axis))
        # The columns of the themes are followed by how a plan is built.
        columns = themes.columns(context.gathered.axis(axis)) + (themes.built() if axis == _MAPPED else [])
        path, table = f"compare/{axis}/index.html", comparison.table()
        pictures = drawn(context, Comparison.chart, comparison, len(columns) * len(comparison.subjects))
        yield context.page(
            "comparison.html",
            path,
            axis=axis,
            tabs=tabs,
            question=question,
            columns=columns,
            heads=[(above, [*each]) for above, each in groupby(columns, key=lambda each: (each.above, each.shown))],
            table=table,
            drawn=bool(pictures),
            pictured=_pictured(axis, pictures),
            lists={name: context.scheme(name) for name in ("source-kind", "tier")},
            **_matrix(context, columns, path),
        )
        yield from ((f"compare/{axis}/{axis}{ending}", content) for ending, content in pictures.items())
        yield f"compare/{axis}/data.json", data(context, axis, columns, dated, path)
        yield from table_files(f"compare/{axis}/{axis}", table, workbook=True)
        yield from table_files(f"compare/{axis}/{axis}-evidence", comparison.evidence(), workbook=True)


def _matrix(context: PageContext, columns: Sequence[Column], path: str) -> dict[str, Any]:
    """Return the rows by region with the latest plan of each that could be read, their sums, and who is left out."""
    themes, names = context.themes, context.kg.names
    found = {each.axis: context.gathered.axis(each.axis) for each in columns}
    groups, unread, used = list[dict[str, Any]](), list[str](), set[str]()
    for name, codes in themes.groups.items():
        lines = list[dict[str, Any]]()
        for code in sorted(codes, key=names.__getitem__):
            plan, row = themes.latest[code], list[tuple[str, str | None]]()
            for each in columns if plan.depth > 1 else ():
                value = found[each.axis].shown(plan.iri, each.concept.code)[0]
                known = found[each.axis].cell(short_iri(plan.iri), each.concept.code) if value in SAYING else None
                said = min(known.evidence, key=nearness, default=None) if known else None
                row.append((value, link(str(said["evidence"]), path) if said else None))
            if row:
                lines.append({"code": code, "called": context.country(code, path), "plan": plan, "cells": row})
            elif code in themes.countries:
                unread.append(code)
            used |= {value for value, _ in row}
        counts = [sum(each["cells"][number][0] in SAYING for each in lines) for number in range(len(columns))]
        groups += [{"name": name, "lines": lines, "counts": counts}] if lines else []
    national = [each for each in groups if each["lines"][0]["code"] in themes.countries]
    total = sum(len(each["lines"]) for each in national)
    sums = [sum(each["counts"][number] for each in national) for number in range(len(columns))]
    of_axis = [(each, number) for each, number in zip(columns, sums, strict=True) if each.axis == columns[0].axis]
    named = {each.concept.label: number for each, number in of_axis if each.shown}
    starts = [each["plan"].start for group in national for each in group["lines"] if each["plan"].start]
    return {
        "groups": national,
        "bodies": [each for each in groups if each not in national],
        "unread": unread,
        "used": used,
        "total": total,
        "sums": sums,
        "span": (min(starts, default=""), max(starts, default="")),
        "finding": findings.most_named("en", named, total),
    }


def periods(context: PageContext) -> dict[str, dict[str, object]]:
    """Return the days between which each document may have been in force, and what of it the sources leave open."""
    kg, found = context.kg, dict[str, dict[str, object]]()
    endless = {
        str(row["document"]) for row in kg.query("timeline", tier="all") if slug(str(row["timing"])) == "open-ended"
    }
    for row in kg.query("in-force", tier="all", answer=["yes", "possible", "no"]):
        document, first, last = str(row["document"]), row["first"], row["last"]
        if last and not row["end"]:  # until the day before the next document of its line
            last = (date.fromisoformat(str(last)) - timedelta(1)).isoformat()
        found[document] = {"first": first, "last": last, "endless": document in endless}
        found[document]["unsettled"] = not row["start"] or not (row["end"] or document in endless)
    for row in kg.query("levels-and-statuses", tier="all"):
        if str(row["document"]) in found and slug(str(row["status"])) in {"draft", "proposed"}:
            found[str(row["document"])]["unsettled"] = True
    return found


def data(
    context: PageContext, axis: str, columns: Sequence[Column], periods: dict[str, dict[str, object]], path: str
) -> bytes:
    """Return what the script of the page needs: documents, concepts, what is said, and what each silence means."""
    kg, themes, source_of = context.kg, context.themes, context.gathered.source_of
    silent: dict[str, list[dict[str, Any]]] = {
        name: kg.query("silent-readings", axis=name).rows() for name in {each.axis: 0 for each in columns}
    }
    order = {iri: number for number, iri in enumerate(themes.plans)}
    documents = sorted(dict.fromkeys(row["document"] for row in silent[axis]), key=lambda iri: order.get(str(iri), -1))
    sources = list(dict.fromkeys(row["source"] for row in silent[axis]))
    country = {row["document"]: slug(str(row["country"])).upper() for row in silent[axis]}
    place, number = ({iri: n for n, iri in enumerate(each)} for each in (documents, sources))
    passages, lists = dict[str, int](), dict[str, int]()
    origins, places = kg.origins_of(documents), dict.fromkeys(sorted(country.values()))
    called = ((name, codes & places.keys()) for name, codes in codes_by_name(kg.jurisdictions).items())

    def told(name: str) -> dict[str, Any]:
        """Return what is said on an axis, and what its silence means: of each reading, with a list of exceptions."""
        found, said, held = context.gathered.axis(name), list[list[Any]](), list[list[Any]]()
        for (_, concept), rows in found.evidence_of(documents):
            for row in rows:
                document, element, evidence = (str(row[key]) for key in ("document", "element", "evidence"))
                where = passages.setdefault(evidence, len(passages))
                part = element.removeprefix(f"{document}/") if element.startswith(f"{document}/") else None
                words = [row.get(key) for key in ("match", "phrase", "role")]
                said.append([place[document], concept, value_of(row["value"]), *words, where, row.get("origin"), part])
                said[-1] += [kg.foreign[element]] if row.get("origin") and element in kg.foreign else []
        listed, on = [row for row in silent[name] if row["source"] in number], dict[tuple[int, int], dict[str, str]]()
        for row in (row for row in listed if row["concept"]):
            exceptions = on.setdefault((place[row["document"]], number[row["source"]]), {})
            exceptions[slug(str(row["concept"]))] = value_of(row["value"])
        for row in (row for row in listed if not row["concept"]):
            reading = place[row["document"]], number[row["source"]]
            but = lists.setdefault(json.dumps(on[reading], sort_keys=True), len(lists)) if reading in on else None
            held.append([*reading, value_of(row["value"]), but, themes.read(str(row["document"]), str(row["source"]))])
        concepts = [[each.code, each.label, each.depth] for each in found.concepts]
        return {"axis": name, "concepts": concepts, "said": said, "silent": held}

    made = told(axis)
    if built := [each.concept for each in columns if each.axis != axis]:
        also, codes = told(columns[-1].axis), {each.code for each in built}
        also["concepts"] = [[each.code, each.label, each.depth] for each in built]
        also["said"] = [row for row in also["said"] if row[1] in codes]
        made["also"] = also
    shared: dict[str, Any] = {
        "values": {value.name: [value.sign, value.words] for value in VALUES.values()},
        "names": {code: kg.names[code] for code in places},
        "tiers": {code: context.recorded[code] for code in places},
        "groups": [[name, sorted(codes, key=kg.names.__getitem__)] for name, codes in themes.groups.items()],
        "sources": [
            [slug(iri), context.source_kinds.get(iri, []), kg.labels.get(iri, ""), link(iri, path)] for iri in sources
        ],
        "called": {name: code for name, codes in called for code in codes if len(codes) == 1},
        "documents": [
            {"key": short_iri(iri), "country": country[iri], "title": kg.labels[iri], "origin": origins.get(iri)}
            | {"href": link(iri, path)}
            | ({"years": plan.years, "depth": plan.depth, "plan": 1} if (plan := themes.plans.get(iri)) else {})
            | periods.get(iri, {})
            for iri in documents
        ],
        "passages": [[kg.labels.get(iri, ""), link(iri, path), number.get(source_of.get(iri))] for iri in passages],
        "lists": [json.loads(each) for each in lists],
        "version": kg.version[:12],
        "root": root_of(path),
    }
    return as_json(visible_in(shared | made))


def views(context: PageContext) -> Iterator[tuple[str, bytes]]:
    """Yield a page for each view with its picture and tables, and a map for each theme that some plan names."""
    look = charts.Look(names=context.kg.names)
    called, shows = context.words["views"]["en"], context.words["shows"]["en"]
    for place, (table_of, draw) in _VIEWS.items():
        table = table_of(context.kg)
        pictures = drawn(context, partial(draw, look=look), table, len(table.rows))
        yield from _view(context, place, called[place], shows[place], table, pictures, ())
    comparison = context.kg.compare(_MAPPED)
    comparison.take(context.gathered.axis(_MAPPED))
    themes = [concept for concept in comparison.spoken() if concept.depth == 0]
    choices = [(f"map/{theme.code}/", theme.label) for theme in themes]
    told = "What the documents of each jurisdiction show of one theme: the most that any of them does."
    for theme in themes:
        cells = comparison.cells()
        cells.rows = [row for row in cells.rows if row["concept"] == theme.code]
        pictures = drawn(context, comparison.map, theme.code, len(cells.rows))
        yield from _view(context, f"map/{theme.code}", f"Map: {theme.label}", told, cells, pictures, choices)
    yield context.page("maps.html", "map/index.html", told=told, choices=choices)


def drawn(context: PageContext, draws: Callable[[Any], Any], told: Any, marks: int) -> dict[str, bytes]:
    """Return a picture by the endings of its files; nothing where none is wanted, or there is none or far too much."""
    if not context.pictures or not 0 < marks <= _LARGEST:
        return {}
    try:
        svg, png = charts.svg_and_png(draws(told))
    except ParameterError:  # such as a time line of documents without a date
        return {}
    return {".svg": svg, ".png": png}


def _pictured(name: str, pictures: Mapping[str, bytes]) -> tuple[str, int, int] | None:
    """Return the name of a picture and its size in CSS pixels, as the page that shows it needs them."""
    size = re.search(rb'viewBox="0 0 ([\d.]+) ([\d.]+)"', pictures.get(".svg", b""))
    return (name, round(float(size[1])), round(float(size[2]))) if size else None


def _view(
    context: PageContext, place: str, title: str, told: str, table: Table, pictures: dict[str, bytes], choices: _Choices
) -> Iterator[tuple[str, bytes]]:
    """Yield the page of a view, its picture as files, and its table as CSV and workbook."""
    path, name, workbook = f"{place}/index.html", place.rpartition("/")[2], len(table.rows) <= _WORKBOOK
    yield from ((f"{place}/{name}{ending}", content) for ending, content in pictures.items())
    yield from table_files(f"{place}/{name}", table, workbook=workbook)
    columns, rows = cells_of(context, table, path, _ROWS, _LEADS)
    given: dict[str, Any] = {"title": title, "told": told, "name": name, "table": table, "columns": columns}
    given |= {"rows": rows, "pictured": _pictured(name, pictures), "choices": choices, "workbook": workbook}
    yield context.page("view.html", path, **given)


def cells_of(
    context: PageContext, table: Table, path: str, most: int, leads: Mapping[str, str] = MappingProxyType({})
) -> tuple[list[str], list[list[tuple[str, str | None, bool]]]]:
    """Return the columns and first rows of a table as the page at ``path`` shows them.

    Of each value the words, where they lead, and whether it is a number. By ``leads`` the words of a column lead to
    what another one holds, which is not shown then; the address of a resource is shown as its name and leads there.
    """
    shown = [each for each in table.columns if each.kind != "iri" or each.name not in leads.values()]

    def cell(column: Any, row: Row) -> tuple[str, str | None, bool]:
        value, target = row.get(column.name), row.get(leads.get(column.name, column.name))
        if value is None:
            return "", None, False
        words = str(value).lower() if isinstance(value, bool) else str(column.codes.get(str(value), value))
        named = isinstance(value, str) and (column.kind == "iri" or value.startswith(("https://", "http://")))
        if not isinstance(target, str) or not (named or column.name in leads):
            return words, None, isinstance(value, (int, float)) and not isinstance(value, bool)
        iri = target if target.startswith(("https://", "http://")) else f"{BASE}id/{target}"
        return context.name(iri) if named else words, context.shown(iri, path), False

    rows = [[cell(each, row) for each in shown] for row in table.rows[:most]]
    return [each.name for each in shown], rows


def concept_of(context: PageContext, place: str) -> tuple[Comparison, Concept] | None:
    """Return the axis and the concept that the page at ``place`` is about, if it is one of an axis."""
    axis = context.themes.axes.get(place.partition("/")[0])
    found = context.gathered.axis(axis) if axis else None
    return next(((found, each) for each in found.concepts if each.iri == BASE + place), None) if found else None


def concept(context: PageContext, found: Comparison, concept: Concept, stated: Descriptions) -> dict[str, Any]:
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


def concepts(context: PageContext) -> Iterator[tuple[str, bytes]]:
    """Yield the page that leads to all of them."""
    themes, listed = context.themes, []
    for axis in sorted(themes.axes.values(), key=lambda each: each != "pillars"):
        found, told = context.gathered.axis(axis), []
        for concept in (each for each in found.concepts if each.code != found.unmapped):
            values = themes.values(found, concept.code)
            told.append((concept, bar(values), sum(value in SAYING for value in values.values())))
        listed.append((str(context.scheme(told[0][0].iri.split("/")[-2])[0]["title"]), axis, told))
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
