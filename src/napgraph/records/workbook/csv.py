"""The sheets of the workbook as CSV files, read and written: a folder of them, or a zip.

Written in UTF-8 with a mark, so that spreadsheets read them right. A text that a spreadsheet would take for a formula
has a ' before it, which the reader takes away again.
"""

from __future__ import annotations

import codecs
import csv
import io
import os
import posixpath
import zipfile

from ...errors import IntakeError
from ..filter import TripleFilter
from ..limits import Limits
from ..numbers import number_readings
from ..record import Note, Record
from ..source import opened, read_bytes, unpacked
from .cells import Cell, Grid, Scalar
from .model import load
from .read import read_grids
from .tables import Laid

_MARKS = ",;\t|"
_GUARDED = tuple("=+-@\t\r'")


def read_csv_sheets(source: bytes | str, name: str, root: str, limits: Limits) -> Record:
    """Return the record of the CSV sheets in the zip ``source`` or the folder of that path.

    Raises IntakeError where a sheet cannot be read.
    """
    files = _in_folder(source, name, limits) if isinstance(source, str) else _in_zip(source, name, limits)
    notes: list[Note] = []
    grids = [_grid(content, name, title, notes, limits) for title, content in files.items()]
    sizes = [[max(positions) for positions in zip(*grid.cells, strict=True)] for grid in grids if grid.cells]
    if (area := sum(rows * columns for rows, columns in sizes)) > limits.cells:
        raise limits.exceeded("cells", area, name)
    filtered = TripleFilter(name, b"".join(files.values()), limits)
    return read_grids(grids, load(root), name, "csv", notes, filtered=filtered)


def _in_zip(content: bytes, name: str, limits: Limits) -> dict[str, bytes]:
    archive = opened(content, name, limits)
    found: dict[str, bytes] = {}
    for entry in archive.infolist():
        title = posixpath.basename(entry.filename)
        if title.lower().endswith(".csv") and not title.startswith(".") and "__MACOSX/" not in entry.filename:
            while title in found:
                title = f"_{title}"
            found[title] = unpacked(archive, entry, name)
    return found


def _in_folder(path: str, name: str, limits: Limits) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for entry in sorted(os.scandir(path), key=lambda each: each.name):
        if entry.name.lower().endswith(".csv") and not entry.name.startswith(".") and entry.is_file():
            if len(found) >= limits.entries:
                raise limits.exceeded("entries", None, name)
            found[entry.name] = read_bytes(entry.path, entry.path, limits)
            if (size := sum(map(len, found.values()))) > limits.bytes:
                raise limits.exceeded("bytes", size, name)
    if not found:
        raise IntakeError(name, "this is a folder without CSV sheets.", mend="Name the files in it.")
    return found


def _grid(content: bytes, name: str, title: str, notes: list[Note], limits: Limits) -> Grid:
    text, foreign = _decoded(content)
    lines: dict[int, int] = {}
    cells: dict[tuple[int, int], Cell] = {}
    grid = Grid(name, title, cells, lines)
    if foreign:
        notes.append(Note("csv-encoding", {"encoding": foreign}, grid.place()))
    first = "".join(text.lstrip("\r\n").split("\n", 1)[0].split('"')[::2])  # outside quotation marks
    mark = max(_MARKS, key=lambda each: (first.count(each), -_MARKS.index(each)))
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    line = 0
    old = csv.field_size_limit(max(limits.literal, 131_072))
    try:
        for row, values in enumerate(rows, 1):
            lines[row], line = line + 1, rows.line_num
            for column, value in enumerate(values, 1):
                if value:
                    is_guarded = value[0] == "'" and value[1:].startswith(_GUARDED)
                    cells[row, column] = Cell(value[1:] if is_guarded else value)
                    if len(cells) > limits.cells:
                        raise limits.exceeded("cells", None, name)
    except csv.Error as error:
        problem = f"the sheet {title} is no CSV here: {error}."
        mend = "A cell is too long, or a quotation mark does not end."
        raise IntakeError(name, problem, line=rows.line_num or None, mend=mend, key="syntax") from error
    finally:
        csv.field_size_limit(old)
    if begun := _unclosed(text, mark):
        problem = f"a quotation mark in this row of the sheet {title} is not closed, so that what follows is one cell."
        mend = 'Close it, take it out, or write it twice ("") where it belongs to the text.'
        raise IntakeError(name, problem, line=begun, mend=mend, key="syntax")
    return grid


def _unclosed(text: str, mark: str) -> int:
    """Return the line where the row begins of which a quotation mark takes in the rows below it; 0 for none."""
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    begun = 1
    try:
        for _ in rows:
            begun = rows.line_num + 1
    except csv.Error as error:
        return begun if rows.line_num > begun or "unexpected end" in str(error) else 0
    return 0


def _decoded(content: bytes) -> tuple[str, str]:
    """Return the text, and the name of its encoding where that is not UTF-8."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace"), "UTF-16"
    try:
        return content.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace"), "Windows-1252"


def csv_files(laid: list[Laid]) -> dict[str, bytes]:
    """Return name -> content of one CSV file for each sheet."""
    made = {}
    for each in laid:
        out = io.StringIO()
        csv.writer(out, lineterminator="\r\n").writerows(map(_guarded, line) for line in each.lines)
        made[f"{each.sheet.name}.csv"] = out.getvalue().encode("utf-8-sig")
    return made


def zipped(files: dict[str, bytes]) -> bytes:
    """Return ``files`` as a zip; the same files always give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _guarded(value: Scalar | None) -> str:
    if isinstance(value, float) and len(number_readings(str(value))) > 1:
        return f"{value}0"  # 420.125 might be thousands
    guarded = isinstance(value, str) and value.startswith(_GUARDED)
    return f"'{value}" if guarded else "" if value is None else str(value)
