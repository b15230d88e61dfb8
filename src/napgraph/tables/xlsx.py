"""A table as a workbook of three sheets: data, codebook, about.

A number is a number and everything else a text, whatever it starts with: no cell is a formula. Line ends are those of
spreadsheets, control marks are shown as U+FFFD, and an empty text is an empty cell, for a workbook knows no other.
"""

from __future__ import annotations

import io
import math
import re
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from .kinds import text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from .table import Table, Value

__all__ = ["undated", "workbook"]

_LONGEST = 32_767
_EXACT = 10**15  # a spreadsheet counts with 15 digits
_WIDEST, _NARROWEST = 60, 8


def workbook(table: Table) -> bytes:
    """Return the workbook; a text longer than a cell can hold is cut, and the about sheet says so."""
    from openpyxl import Workbook

    book = Workbook()
    data = book.worksheets[0]
    data.title = "data"
    rows = [[row.get(name) for name in table.names] for row in table.rows]
    cut = sum(isinstance(value, str) and len(value) > _LONGEST for row in rows for value in row)
    _fill(data, table.names, rows, wrap=False)
    if table.names:
        data.auto_filter.ref = data.dimensions
    _fill(book.create_sheet("codebook"), ["column", "kind", "meaning", "codes"], _codebook(table))
    _fill(book.create_sheet("about"), ["what", "text"], _about(table, cut))
    _described(book, table)
    out = io.BytesIO()
    book.save(out)
    return undated(out.getvalue())


def undated(content: bytes) -> bytes:
    """Return the workbook without the time it was made at: the same table makes the same file."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as made, ZipFile(out, "w", ZIP_DEFLATED) as kept:
        for name in made.namelist():
            part = made.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*", rb"\g<1>1980-01-01T00:00:00Z", part)
            kept.writestr(ZipInfo(name), part, ZIP_DEFLATED)
    return out.getvalue()


def _codebook(table: Table) -> list[list[Value]]:
    return [
        [
            column.name,
            column.kind,
            column.words,
            "\n".join(code if code == words else f"{code} = {words}" for code, words in column.codes.items()),
        ]
        for column in table.columns
    ]


def _about(table: Table, cut: int) -> list[list[Value]]:
    about = table.about
    entries: list[tuple[str, str]] = [
        ("title", about.title),
        ("question", about.question),
        *((f"parameter {name}", value) for name, value in about.parameters.items()),
        ("rows", str(len(table))),
        ("data version", about.version),
        *(("source", source) for source in about.sources),
        ("how to cite", about.citation),
        ("licence", about.licence),
        *(("note", note) for note in about.notes),
        *((f"query {name}", told) for name, told in about.queries.items()),
    ]
    if cut:
        words = "1 text is" if cut == 1 else f"{cut} texts are"
        entries.append(
            ("note", f"{words} longer than a cell can hold and cut here; the other formats hold them whole.")
        )
    return [[name, value] for name, value in entries if value]


def _fill(sheet: Worksheet, heads: Sequence[str], rows: Iterable[Sequence[Value]], *, wrap: bool = True) -> None:
    """Write the rows under frozen, bold heads."""
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    bold, top = Font(name="Calibri", size=11, bold=True), Alignment(wrap_text=wrap, vertical="top")
    widths = [len(head) for head in heads]
    for place, head in enumerate(heads, 1):
        _write(sheet, 1, place, head)
        sheet.cell(1, place).font = bold
    for number, row in enumerate(rows, 2):
        for place, value in enumerate(row, 1):
            if value is None or value == "":
                continue
            _write(sheet, number, place, value)
            if wrap:
                sheet.cell(number, place).alignment = top
            longest = max(map(len, text(value).splitlines()), default=0)
            widths[place - 1] = max(widths[place - 1], longest)
    for place, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(place)].width = min(max(width, _NARROWEST), _WIDEST) + 2
    sheet.freeze_panes = "A2"


def _write(sheet: Worksheet, number: int, place: int, value: Value) -> None:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    cell = sheet.cell(number, place)
    if isinstance(value, (bool, int, float)) and math.isfinite(value) and abs(value) <= _EXACT:
        cell.value = value
        return
    told = text(value).replace("\r\n", "\n").replace("\r", "\n")
    cell.value = ILLEGAL_CHARACTERS_RE.sub("�", told)[:_LONGEST]
    cell.data_type = "s"
    cell.quotePrefix = True


def _described(book: Workbook, table: Table) -> None:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book.properties.title = ILLEGAL_CHARACTERS_RE.sub("�", table.about.title)
    book.properties.creator = "napgraph"
    if table.about.version:
        book.properties.version = table.about.version
