"""A table as a workbook of three sheets (data, codebook, about), in which no cell is a formula.

Line ends are those of spreadsheets, control marks are shown as signs, and an empty text is an empty cell.
"""

import io
import math
import re
from collections.abc import Sequence
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from ..text import visible
from .columns import TableData, Value, text

_LONGEST = 32_767
_EXACT = 10**15  # a spreadsheet counts with 15 digits
_WIDEST, _NARROWEST = 60, 8


def workbook(table: TableData) -> bytes:
    """Return the workbook; a text longer than a cell can hold is cut, and the about sheet says so."""
    book = Workbook(write_only=True)  # a large table is not held as cells
    names = table.names
    cut = sum(isinstance(row.get(name), str) and len(str(row[name])) > _LONGEST for row in table.rows for name in names)
    data = _sheet(book, "data", names, [[row.get(name) for name in names] for row in table.rows], wrap=False)
    if names:
        data.auto_filter.ref = f"A1:{get_column_letter(len(names))}{len(table.rows) + 1}"
    codes = (each.codes.items() for each in table.columns)
    words = ["\n".join(code if code == words else f"{code} = {words}" for code, words in each) for each in codes]
    codebook = [[each.name, each.kind, each.words, told] for each, told in zip(table.columns, words, strict=True)]
    _sheet(book, "codebook", ["column", "kind", "meaning", "codes"], codebook)
    _sheet(book, "about", ["what", "text"], _about(table, cut))
    book.properties.title = visible(table.about.title)
    book.properties.creator = "napgraph"
    book.properties.version = table.about.version or None
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


def _about(table: TableData, cut: int) -> list[list[Value]]:
    about = table.about
    entries = [
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
    words = "1 text is" if cut == 1 else f"{cut} texts are"
    note = f"{words} longer than a cell can hold and cut here; the other formats hold them whole." if cut else ""
    return [[name, value] for name, value in (*entries, ("note", note)) if value]


def _sheet(
    book: Workbook, title: str, heads: Sequence[str], rows: Sequence[Sequence[Value]], *, wrap: bool = True
) -> Any:
    """Write a sheet of the rows under frozen, bold heads."""
    sheet: Any = book.create_sheet(title)  # its type leaves out what it takes over from a whole sheet
    sheet.freeze_panes = "A2"
    for place, column in enumerate(zip(heads, *rows, strict=True), 1):
        width = max((len(line) for value in column for line in text(value).splitlines()), default=0)
        sheet.column_dimensions[get_column_letter(place)].width = min(max(width, _NARROWEST), _WIDEST) + 2
    # A cell is written when its row is, so that one for each column, and for numbers one more, serves all rows.
    texts, numbers = ([WriteOnlyCell(sheet) for _ in heads] for _ in range(2))
    for cell in texts:
        cell.quotePrefix = True
        cell.font = Font(name="Calibri", size=11, bold=True)
    sheet.append([_filled(cell, cell, head) for cell, head in zip(texts, heads, strict=True)])
    for cell in texts:
        cell.font = Font(name="Calibri", size=11)
    if wrap:
        for cell in (*texts, *numbers):
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for row in rows:
        sheet.append([_filled(word, number, value) for word, number, value in zip(texts, numbers, row, strict=True)])
    return sheet


def _filled(words: Cell, number: Cell, value: Value) -> Cell | None:
    """Return the cell that holds a value: ``number``, or ``words`` for a text; none for nothing."""
    if value is None or value == "":
        return None
    if isinstance(value, (bool, int, float)) and math.isfinite(value) and abs(value) <= _EXACT:
        number.value = value
        return number
    told = text(value).replace("\r\n", "\n").replace("\r", "\n")
    words.value = visible(told)[:_LONGEST]
    words.data_type = "s"
    return words
