"""Comparisons, for each axis a matrix and its data, and pictures of all documents, each with its table."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

from ... import charts
from ...compare.gaps import completeness
from ...compare.matrix import VALUES, Comparison, axes, value_of
from ...errors import ParameterError
from ...knowledge_graph import KnowledgeGraph
from ...query.jurisdictions import codes_by_name
from ...rdf.namespaces import BASE, slug
from ...tables.origins import MARKS, MEANINGS
from ...tables.table import Table
from ...text import visible_in
from ..addresses import link, root_of
from ..context import PageContext, as_json, table_files

_LARGEST = 6000  # marks in one picture; with more it could not be read, and takes minutes to draw
_WORKBOOK = 5000  # rows of a table that is there as a workbook too, which takes far longer to write than CSV
_ROWS = 200  # rows of a table on its page; the file beside it holds all
_MAPPED = "pillars"
_LEADS = {"title": "document", "where": "evidence", "a_title": "a", "b_title": "b"}
"""Where the words of a column lead: to what another column holds, which is not shown beside it."""


def _nearest_first(kg: KnowledgeGraph, axis: str) -> Table:
    """Return the table of pairs that share something, the most similar first."""
    table = kg.similarity(axis).table()
    table.rows[:] = [row for row in table.rows if row["shared"]]
    table.rows.sort(key=lambda row: -float(row["similarity"] if row["similarity"] is not None else -1))
    return table


_VIEWS: tuple[tuple[str, str, str, Callable[[KnowledgeGraph], Table], Callable[..., Any]], ...] = (
    (
        *("timeline", "Time line"),
        "the periods of the documents and what happened to them, no more precise than the source is",
        *(lambda kg: kg.timeline().table(), charts.timeline),
    ),
    (
        *("gaps", "Gaps"),
        "how many goals, objectives and activities lack an activity, an indicator, a body, money or time",
        *(lambda kg: kg.gaps().table(), charts.intervals),
    ),
    (
        *("completeness", "Completeness"),
        "what share of the features that a plan should have its source shows, from the least to the most possible",
        *(completeness, charts.intervals),
    ),
    (
        *("bodies", "Bodies by role"),
        "which bodies, and kinds of bodies, draft, adopt, lead, support or are heard on the documents",
        *(lambda kg: kg.network().table(), charts.network),
    ),
    *(
        (
            *(f"similarity/{axis}", f"Likeness of {axis}"),
            f"which documents have {axis} in common, pair by pair, and which each lacks, where some are",
            *(partial(_nearest_first, axis=axis), charts.similarity),
        )
        for axis in ("pillars", "principles")
    ),
)
"""The folder of each view, its name, what it shows, its table, and what draws it."""
_MAPS = ("map/", "Maps", "what each jurisdiction's documents show of one theme, on a map of the world")


def files(context: PageContext) -> Iterator[tuple[str, bytes]]:
    """Yield the page, the data and the tables of each axis, and the page that leads to them."""
    kg, names, periods = context.kg, axes(context.kg), _periods(context)
    questions = {name: kg.queries.get(name).header["question"] for name in names}
    listed = [*((f"{place}/", words, told) for place, words, told, _, _ in _VIEWS), _MAPS]
    yield context.page("comparisons.html", "compare/index.html", axes=list(questions.items()), views=listed)
    for axis, question in questions.items():
        comparison = kg.compare(axis)
        path = f"compare/{axis}/index.html"
        shown, table = comparison.spoken() or comparison.concepts, comparison.table()
        pictures = drawn(context, Comparison.chart, comparison, len(shown) * len(comparison.subjects))
        yield context.page(
            "comparison.html",
            path,
            comparison=comparison,
            axes=names,
            question=question,
            concepts=shown,
            used={comparison.value(each.key, concept.code) for each in comparison.subjects for concept in shown},
            values=list(VALUES.values()),
            table=table,
            drawn=pictures,
            strict="strictness" in kg.queries.get(axis).parameters,
            kinds=_codes(context, "source-kind"),
            tiers=[each for each in _codes(context, "tier") if each[0] in context.recorded.values()],
        )
        for ending, content in pictures.items():
            yield f"compare/{axis}/{axis}{ending}", content
        yield f"compare/{axis}/data.json", _data(context, comparison, periods, path)
        yield from table_files(f"compare/{axis}/{axis}", table, workbook=True)
        yield from table_files(f"compare/{axis}/{axis}-evidence", comparison.evidence(), workbook=True)


def _codes(context: PageContext, scheme: str) -> list[tuple[str, str]]:
    """Return the codes of a list with their names, in the order of the list."""
    return [(slug(str(row["concept"])), str(row["label"])) for row in context.schemes[BASE + scheme]["en"]]


def _periods(context: PageContext) -> dict[str, dict[str, object]]:
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
    for row in context.kg.query("levels-and-statuses", tier="all"):
        if row["status"] and str(row["document"]) in found and slug(str(row["status"])) in {"draft", "proposed"}:
            found[str(row["document"])]["unsettled"] = True
    return found


def _data(context: PageContext, comparison: Comparison, periods: dict[str, dict[str, object]], path: str) -> bytes:
    """Return what the script of the page needs: documents, concepts, what is said, and what is silent."""
    kg = context.kg
    asked = kg.query(comparison.axis, tier="all")
    rows: list[dict[str, Any]] = [
        {**row, "document": str(row["document"])} for row in asked if row["concept"] and row["evidence"]
    ]
    silent: list[dict[str, Any]] = kg.query("silent-readings", axis=comparison.axis).rows()
    documents = list(dict.fromkeys(row["document"] for row in silent))
    passages = list(dict.fromkeys(str(row["evidence"]) for row in rows if row["evidence"]))
    kinds, sources = context.source_kinds, list(dict.fromkeys(row["source"] for row in silent))
    number = {iri: n for n, iri in enumerate(sources)}
    place, where = {iri: n for n, iri in enumerate(documents)}, {iri: n for n, iri in enumerate(passages)}
    country = {row["document"]: slug(str(row["country"])).upper() for row in silent}
    origins, named = kg.origins_of(documents), codes_by_name(kg.jurisdictions).items()
    places = dict.fromkeys(sorted(country.values()))
    called = ((name, codes & places.keys()) for name, codes in named)
    told = {
        "axis": comparison.axis,
        "marks": {origin: [mark, MEANINGS[origin]] for origin, mark in MARKS.items()},
        "values": {value.name: [value.sign, value.words] for value in VALUES.values()},
        "names": {code: kg.names[code] for code in places},
        "tiers": {code: context.recorded[code] for code in places},
        "sources": [[slug(iri), kinds.get(iri, [])] for iri in sources],
        "called": {name: code for name, codes in called for code in codes if len(codes) == 1},
        "concepts": [[each.code, each.label, each.depth] for each in comparison.concepts],
        "documents": [
            {"country": country[iri], "title": kg.labels[iri], "origin": origins.get(iri), "href": link(iri, path)}
            | periods.get(iri, {})
            for iri in documents
        ],
        "passages": [
            [kg.labels.get(iri, ""), link(iri, path), number.get(context.source_of.get(iri))] for iri in passages
        ],
        "said": [
            [
                place[row["document"]],
                slug(str(row["concept"])),
                value_of(row["value"]),
                *(row.get(key) for key in ("match", "phrase", "role")),
                where.get(str(row["evidence"])),
                row.get("origin"),
            ]
            for row in rows
        ],
        "silent": [
            [place[row["document"]], number[row["source"]], value_of(row["value"])]
            for row in silent
            if row["concept"] is None
        ],
        "silentOn": [
            [place[row["document"]], number[row["source"]], slug(row["concept"]), value_of(row["value"])]
            for row in silent
            if row["concept"] and row["document"] in place
        ],
        "version": kg.version[:12],
        "root": root_of(path),
    }
    return as_json(visible_in(told))


def views(context: PageContext) -> Iterator[tuple[str, bytes]]:
    """Yield a page for each view with its picture and tables, and a map for each theme that some plan names."""
    look = charts.Look(names=context.kg.names)
    for place, words, told, table_of, draw in _VIEWS:
        table = table_of(context.kg)
        pictures = drawn(context, partial(draw, look=look), table, len(table.rows))
        yield from _view(context, place, words, told, table, pictures, ())
    comparison = context.kg.compare(_MAPPED)
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


def _view(
    context: PageContext,
    place: str,
    title: str,
    told: str,
    table: Table,
    pictures: dict[str, bytes],
    choices: Sequence[tuple[str, str]],
) -> Iterator[tuple[str, bytes]]:
    """Yield the page of a view, its picture as files, and its table as CSV and workbook."""
    path, name = f"{place}/index.html", place.rpartition("/")[2]
    for ending, content in pictures.items():
        yield f"{place}/{name}{ending}", content
    workbook = len(table.rows) <= _WORKBOOK
    yield from table_files(f"{place}/{name}", table, workbook=workbook)
    shown = [column for column in table.columns if column.kind != "iri" or column.name not in _LEADS.values()]
    rows = [[_cell(context, column, row, path) for column in shown] for row in table.rows[:_ROWS]]
    given: dict[str, Any] = {"title": title, "told": told, "name": name, "table": table, "columns": shown, "rows": rows}
    yield context.page("view.html", path, drawn=bool(pictures), choices=choices, workbook=workbook, **given)


def _cell(context: PageContext, column: Any, row: dict[str, Any], path: str) -> tuple[str, str | None, bool]:
    """Return a value in words, where it leads, and whether it is a number."""
    value = row.get(column.name)
    if value is None:
        return "", None, False
    number = column.kind in {"integer", "decimal"}
    text = str(value).lower() if isinstance(value, bool) else str(column.codes.get(str(value), value))
    target = row.get(_LEADS.get(column.name, column.name if column.kind == "iri" else ""))
    if not isinstance(target, str):
        return text, None, number
    iri = target if target.startswith(("https://", "http://")) else f"{BASE}id/{target}"
    return (context.name(iri) if column.kind == "iri" else text), context.shown(iri, path), number
