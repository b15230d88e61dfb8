"""Comparisons, for each axis a matrix and its data, and pictures of all documents, each with its table."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import groupby
from typing import Any, NamedTuple

from ... import charts
from ...compare.analysis import View, short_iri
from ...compare.lists import completeness
from ...compare.matrix import SAYING, VALUES, Comparison, axes, nearness
from ...compare.themes import Column, Plan
from ...errors import ParameterError
from ...knowledge_graph import KnowledgeGraph
from ...project import findings
from ...rdf.namespaces import BASE, slug
from ...tables.table import Table
from ..addresses import link
from ..context import PageContext, table_files
from . import cells

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


_NAMES = {
    "pillars": "Themes and build",
    "principles": "Principles",
    "groups": "Groups of people",
    "forms": "Forms of exploitation",
    "actors": "Who is involved",
    "measures": "Measures",
    "features": "What a plan has",
}
"""What the tabs call the axes, in their order; another axis goes by its name, after these."""


class Line(NamedTuple):
    """A row of a matrix: a jurisdiction, its page, the plan that is shown, and a value and a link for each column."""

    code: str
    name: str
    href: str | None
    plan: Plan
    cells: list[tuple[str, str | None]]


class Group(NamedTuple):
    """The rows of a region, or of what is no country, and how many of them name the concept of each column."""

    name: str
    lines: list[Line]
    counts: list[int]


def files(context: PageContext) -> Iterator[tuple[str, bytes]]:
    """Yield the page, the data and the tables of each axis, and the page that leads to them."""
    kg, names, view = context.kg, axes(context.kg), View(context.kg)
    tabs = {name: words for name, words in _NAMES.items() if name in names}
    tabs |= {name: context.kg.name_of_axis(name).capitalize() for name in names if name not in tabs}
    listed = [*((f"{place}/", words, told) for place, words, told, _, _ in _VIEWS), _MAPS]
    questions = [(name, words, kg.queries.get(name).header["question"]) for name, words in tabs.items()]
    yield context.page("comparisons.html", "compare/index.html", axes=questions, views=listed)
    periods = cells.periods(context)
    for axis, _, question in questions:
        comparison = Comparison(kg, axis, "broad", "country", view)
        comparison.take(context.gathered.axis(axis))
        path = f"compare/{axis}/index.html"
        table, columns = comparison.table(), _columns(context, axis)
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
            drawn=pictures,
            values=VALUES,
            strict="strictness" in kg.queries.get(axis).parameters,
            kinds=_codes(context, "source-kind"),
            tiers=[each for each in _codes(context, "tier") if each[0] in context.recorded.values()],
            **_matrix(context, columns, path),
        )
        for ending, content in pictures.items():
            yield f"compare/{axis}/{axis}{ending}", content
        yield f"compare/{axis}/data.json", cells.data(context, axis, columns, periods, path)
        yield from table_files(f"compare/{axis}/{axis}", table, workbook=True)
        yield from table_files(f"compare/{axis}/{axis}-evidence", comparison.evidence(), workbook=True)


def _columns(context: PageContext, axis: str) -> list[Column]:
    """Return the columns of an axis; those of the themes are followed by how a plan is built."""
    columns = context.themes.columns(context.gathered.axis(axis))
    return columns + (context.themes.built() if axis == _MAPPED else [])


def _matrix(context: PageContext, columns: Sequence[Column], path: str) -> dict[str, Any]:
    """Return the rows by region with the latest plan of each that could be read, their sums, and who is left out."""
    themes, found = context.themes, {each.axis: context.gathered.axis(each.axis) for each in columns}
    groups, unread, used = list[Group](), list[Line](), set[str]()
    for name, codes in themes.groups.items():
        lines = list[Line]()
        for code in sorted(codes, key=context.kg.names.__getitem__):
            plan, row = themes.latest[code], list[tuple[str, str | None]]()
            for each in columns if plan.depth > 1 else ():
                value = found[each.axis].shown(plan.iri, each.concept.code)[0]
                known = found[each.axis].cell(short_iri(plan.iri), each.concept.code) if value in SAYING else None
                said = min(known.evidence, key=nearness, default=None) if known else None
                row.append((value, link(str(said["evidence"]), path) if said else None))
            href = context.shown(f"{BASE}jurisdiction/{code.lower()}", path)
            (lines if row else unread).append(Line(code, context.kg.names[code], href, plan, row))
            used |= {value for value, _ in row}
        if lines:
            counts = [sum(each.cells[number][0] in SAYING for each in lines) for number in range(len(columns))]
            groups.append(Group(name, lines, counts))
    national = [each for each in groups if each.lines[0].code in themes.countries]
    total = sum(len(each.lines) for each in national)
    sums = [sum(each.counts[number] for each in national) for number in range(len(columns))]
    named = {
        each.concept.label: number
        for each, number in zip(columns, sums, strict=True)
        if each.shown and each.axis == columns[0].axis
    }
    starts = [each.plan.start for group in national for each in group.lines if each.plan.start]
    return {
        "groups": national,
        "bodies": [each for each in groups if each not in national],
        "unread": [each for each in unread if each.code in themes.countries],
        "used": used,
        "total": total,
        "sums": sums,
        "span": (min(starts, default=""), max(starts, default="")),
        "finding": findings.most_named("en", named, total),
    }


def _codes(context: PageContext, scheme: str) -> list[tuple[str, str]]:
    """Return the codes of a list with their names, in the order of the list."""
    return [(slug(str(row["concept"])), str(row["label"])) for row in context.schemes[BASE + scheme]["en"]]


def views(context: PageContext) -> Iterator[tuple[str, bytes]]:
    """Yield a page for each view with its picture and tables, and a map for each theme that some plan names."""
    look = charts.Look(names=context.kg.names)
    for place, words, told, table_of, draw in _VIEWS:
        table = table_of(context.kg)
        pictures = drawn(context, partial(draw, look=look), table, len(table.rows))
        yield from _view(context, place, words, told, table, pictures, ())
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
