"""``napgraph timeline``: the periods of the documents and what happened to them, as a picture of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..tables.origins import key, marked
from .cells import padded
from .lenses import evidenced, lens_options, noted
from .options import (
    country_option,
    deliver,
    emit,
    form_of,
    format_option,
    graph_options,
    load,
    output_option,
    say,
    width,
    wrapped,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..compare.timeline import Timeline
    from ..tables.table import Value

__all__ = ["command"]

_LEGEND = "━ period   ┄ an end of it is not stated   ◆ event, day or month stated   ◇ event, only the year stated"


@click.command("timeline")
@country_option
@lens_options
@click.option("--evidence", is_flag=True, help="One row per period or event and the paragraph that states it.")
@format_option
@output_option
@graph_options
@click.pass_context
def command(
    context: click.Context,
    countries: tuple[str, ...],
    level: str | None,
    status: str | None,
    in_force: str | None,
    evidence: bool,
    form: str | None,
    output: str | None,
) -> None:
    """Show the periods that documents cover and the dated events, with their precision and open ends.

    \b
    napgraph timeline
    napgraph timeline -c DNK --evidence
    """
    line = load(context, countries).timeline(country=countries, level=level, status=status, in_force=in_force)
    form = form_of(form, output)
    table = line.evidence() if evidence else line.table()
    if form == "table":
        emit(evidenced(table, line.notes, width(), _statement) if evidence else _screen(line), output)
        return
    for note in line.notes:
        say(f"napgraph: {note}")
    deliver(table, form, output)


def _screen(line: Timeline) -> str:
    """Draw a line per document under the years, then list those of which no date is stated."""
    rows = line.table().rows
    dated = [row for row in rows if row["kind"] != "none" and (row["earliest"] or row["latest"])]
    years = [int(str(row[edge])[:4]) for row in dated for edge in ("earliest", "latest") if row[edge]]
    lines: list[str] = []
    if years:
        first, last = min(years), max(years)
        label = min(44, width() // 2)
        cells = max(1, (width() - label - 1) // (last - first + 1))
        lines += [" " * label + " " + _years(first, last, cells)]
        by_document: dict[tuple[str, str], list[Mapping[str, Value]]] = {}
        for row in dated:
            by_document.setdefault((str(row["document"]), f"{row['country']} {row['title']}"), []).append(row)
        for (document, name), group in by_document.items():
            short = _told_apart(name, document, [other for _, other in by_document], label - 1)
            short = marked(short, group[0]["title_origin"])
            lines.append(f"{padded(short, label)} {_bar(group, first, last, cells)}".rstrip())
            events = [f"{_mark(row)} {row['what']} {row['start']}" for row in group if row["kind"] == "event"]
            lines += wrapped("; ".join(events), 2, 4) if events else []
        lines += ["", *noted([line.say(_LEGEND)], width())]
    silent = [_name(row) for row in rows if row not in dated]
    if silent:
        lines += ["", *noted([line.say("No date is stated of: {silent}.", silent="; ".join(silent))], width())]
    if line.notes:
        lines += ["", *noted(line.notes, width())]
    marks = key((row["title_origin"] for row in rows), line.language)
    return "\n".join([*lines, *([""] if marks else []), *marks])


def _name(row: Mapping[str, Value]) -> str:
    return f"{row['country']} {marked(row['title'], row['title_origin'])}"


def _told_apart(name: str, document: str, names: list[str], most: int) -> str:
    """Return a name cut to ``most`` signs so that no other document has it: else with its end, or by its slug."""
    for head in (most - 1, most // 2):  # signs kept of the start; of the end as many as there is room for
        cut = [text if len(text) <= most else f"{text[:head]}…{text[len(text) + head + 1 - most :]}" for text in names]
        short = cut[names.index(name)]
        if cut.count(short) == 1:
            return short
    return f"{name[:3]} {document.rpartition('/')[2]}"[:most]


def _mark(row: Mapping[str, Value]) -> str:
    return "◇" if row["precision"] == "year" else "◆"


def _years(first: int, last: int, cells: int) -> str:
    step = -(-5 // cells)
    return "".join(f"{year:<{cells * step}}" for year in range(first, last + 1, step)).rstrip()


def _bar(rows: list[Mapping[str, Value]], first: int, last: int, cells: int) -> str:
    """Return the line of one document: its periods first, its events on them."""
    line = [" "] * ((last - first + 1) * cells)
    for row in sorted(rows, key=lambda each: each["kind"] == "event"):
        start = _place(row["earliest"], first, cells, 0)
        end = _place(row["latest"], first, cells, len(line) - 1)
        if row["kind"] == "event":
            middle = (start + end) // 2
            free = (place for place in range(middle, len(line)) if line[place] not in "◇◆")
            line[next(free, middle)] = _mark(row)
        else:
            line[start : end + 1] = ("┄" if row["open"] else "━") * (end + 1 - start)
    return "".join(line)


def _place(day: Value, first: int, cells: int, otherwise: int) -> int:
    """Return the column of a day, or ``otherwise`` where there is none."""
    if day is None:
        return otherwise
    year, month = int(str(day)[:4]), int(str(day)[5:7])
    return (year - first) * cells + (month - 1) * cells // 12


def _statement(row: Mapping[str, Value]) -> str:
    return f"{row['phrase']} ({marked(row['title'], row['title_origin'])}) [{row['where']}]"
