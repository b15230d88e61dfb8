"""A table as a workbook of three sheets (data, codebook, about), in which no cell is a formula.

Line ends are those of spreadsheets, control marks are shown as signs, and an empty text is an empty cell.
"""

import io
import math
import re
from collections.abc import Sequence
from html import escape
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
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
    cells = [[row.get(name) for name in names] for row in table.rows]
    data, filled = _sheet(book, "data", names, cells, wrap=False)
    if names:
        data.auto_filter.ref = f"A1:{get_column_letter(len(names))}{len(table.rows) + 1}"
    codes = (each.codes.items() for each in table.columns)
    words = ["\n".join(code if code == words else f"{code} = {words}" for code, words in each) for each in codes]
    codebook = [[each.name, each.kind, each.words, told] for each, told in zip(table.columns, words, strict=True)]
    rows = [filled, _sheet(book, "codebook", ["column", "kind", "meaning", "codes"], codebook)[1]]
    rows.append(_sheet(book, "about", ["what", "text"], _about(table, cut))[1])
    book.properties.title = visible(table.about.title)
    book.properties.creator = "napgraph"
    book.properties.version = table.about.version or None
    out = io.BytesIO()
    book.save(out)
    return undated(out.getvalue(), rows)


def undated(content: bytes, rows: Sequence[str] = ()) -> bytes:
    """Return the workbook without the time it was made at, and with further ``rows`` of each sheet (XML)."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as made, ZipFile(out, "w", ZIP_DEFLATED) as kept:
        for name in made.namelist():
            part = made.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*", rb"\g<1>1980-01-01T00:00:00Z", part)
            elif rows and (sheet := re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", name)):
                part = part.replace(b"</sheetData>", rows[int(sheet[1]) - 1].encode() + b"</sheetData>")
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
) -> tuple[Any, str]:
    """Return a sheet with frozen, bold heads, and its rows as XML: openpyxl takes ten times as long to write them."""
    sheet: Any = book.create_sheet(title)  # its type leaves out what it takes over from a whole sheet
    sheet.freeze_panes = "A2"
    letters = [get_column_letter(place) for place, _ in enumerate(heads, 1)]
    for letter, column in zip(letters, zip(heads, *rows, strict=True), strict=True):
        width = max((len(line) for value in column for line in text(value).splitlines()), default=0)
        sheet.column_dimensions[letter].width = min(max(width, _NARROWEST), _WIDEST) + 2
    told, number = (WriteOnlyCell(sheet) for _ in range(2))
    told.quotePrefix = True
    styles = []
    for bold in (True, False):
        told.font = Font(name="Calibri", size=11, bold=bold)
        if wrap and not bold:
            told.alignment = number.alignment = Alignment(wrap_text=True, vertical="top")
        styles.append(told.style_id)
    made = [[_cell(letter, 1, head, styles[0], 0) for letter, head in zip(letters, heads, strict=True)]]
    made += [
        [_cell(letter, place, value, styles[1], number.style_id) for letter, value in zip(letters, row, strict=True)]
        for place, row in enumerate(rows, 2)
    ]
    return sheet, "".join(f'<row r="{place}">{"".join(row)}</row>' for place, row in enumerate(made, 1))


def _cell(letter: str, row: int, value: Value, words: int, number: int) -> str:
    """Return the cell that holds a value as XML, in the style of ``words`` or ``number``; nothing for nothing."""
    if value is None or value == "":
        return ""
    place = f'<c r="{letter}{row}" s="'
    if isinstance(value, (bool, int, float)) and math.isfinite(value) and abs(value) <= _EXACT:
        return f'{place}{number}" t="{"b" if isinstance(value, bool) else "n"}"><v>{value:.16g}</v></c>'
    told = visible(text(value).replace("\r\n", "\n").replace("\r", "\n"))[:_LONGEST]
    return f'{place}{words}" t="inlineStr"><is><t xml:space="preserve">{escape(told, quote=False)}</t></is></c>'
