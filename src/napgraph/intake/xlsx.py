"""Read a workbook: its sheets as grids of cells, and what its program did to them that their sender cannot see.

Nothing in it is run or fetched: formulas count with the value that was saved with them, macros and links not at all.
"""

from __future__ import annotations

import datetime
import posixpath
import re
import warnings
from hashlib import blake2b
from io import BytesIO
from typing import TYPE_CHECKING

from ..errors import IntakeError
from ..records.gate import Gate, Spot
from ..records.record import Note, Place
from ..workbook.cells import LONGEST
from ..workbook.grid import Cell, Grid, letters
from ..workbook.model import load
from ..workbook.read import read_grids
from ..workbook.words import fold
from .archive import opened, unpacked
from .sheet_xml import guard, look, relations, sheet_list

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterable, Iterator

    from ..records.limits import Limits
    from ..records.record import Record
    from ..workbook.model import Model
    from .sheet_xml import Look

__all__ = ["gate_for", "read_workbook"]

_UNREADABLE = "Open it in a spreadsheet program, save it anew as .xlsx, and send that."
_COLOURS = re.compile(r"\[[^\]]*\]|\"[^\"]*\"|\\.|_.")
_VERSION = re.compile(r"napgraph ([0-9]+\.[0-9]+\.[0-9]+)")


def read_workbook(content: bytes, name: str, root: str, limits: Limits) -> Record:
    """Return the record that a workbook holds; raises IntakeError where it cannot be read."""
    archive = opened(content, name, limits)
    looks, notes = _looks(archive, name, limits), list[Note]()
    if any("vbaproject" in path.lower() for path in archive.namelist()):
        notes.append(Note("macros", {}, Place(name)))
    model = load(root)
    grids, from_1904 = _grids(content, name, looks, notes)
    _tell_version(grids, model, notes)
    return read_grids(grids, model, name, "xlsx", notes, from_1904=from_1904, gate=gate_for(content, name, limits))


def gate_for(content: bytes, name: str, limits: Limits) -> Gate:
    """Return the gate through which the statements of sheets go."""
    label = blake2b(content, digest_size=6).hexdigest()
    return Gate(name, f"b{label}", limits, lambda _, __: Spot())


def _looks(archive: zipfile.ZipFile, name: str, limits: Limits) -> dict[str, Look]:
    """Look through every part before the values are read; return sheet -> what was seen."""
    parts = {entry.filename: entry for entry in archive.infolist()}
    for path, entry in parts.items():
        if path.lower().endswith((".xml", ".rels", ".vml")):
            guard(unpacked(archive, entry, name), name, limits)
    workbook, related = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
    if workbook not in parts or related not in parts:
        raise IntakeError(name, "this file is no whole workbook.", mend=_UNREADABLE)
    targets = relations(unpacked(archive, parts[related], name), name)
    looks, area = {}, 0
    for title, part in sheet_list(unpacked(archive, parts[workbook], name), name).items():
        path = posixpath.normpath(posixpath.join("xl", targets.get(part, ""))).lstrip("/")
        path = path if path in parts else targets.get(part, "").lstrip("/")
        if path in parts:
            looks[title] = look(unpacked(archive, parts[path], name), name)
            area += looks[title].last[0] * looks[title].last[1]
    if area > limits.cells:
        raise limits.exceeded("cells", area, name)
    return looks


def _grids(content: bytes, name: str, looks: dict[str, Look], notes: list[Note]) -> tuple[list[Grid], bool]:
    import openpyxl
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    grids = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
            for sheet in book.worksheets:
                seen = looks.get(sheet.title)
                if seen is None:
                    continue
                rows = sheet.iter_rows(max_row=max(seen.last[0], 1), max_col=max(seen.last[1], 1))
                grid = Grid(name, sheet.title, _cells(rows, seen, name, sheet.title, notes))
                if sheet.sheet_state != "visible" and grid.cells:
                    notes.append(Note("hidden-sheet", {"sheet": sheet.title}, grid.place()))
                _tell_hidden(grid, seen, notes)
                grids.append(grid)
            from_1904 = book.epoch == CALENDAR_MAC_1904
    except IntakeError:
        raise
    except Exception as error:  # the library raises whatever a damaged part makes of it
        raise IntakeError(name, "this workbook cannot be read.", mend=_UNREADABLE) from error
    return grids, from_1904


def _cells(
    rows: Iterable[tuple[object, ...]], seen: Look, name: str, title: str, notes: list[Note]
) -> dict[tuple[int, int], Cell]:
    cells: dict[tuple[int, int], Cell] = {}
    grid = Grid(name, title, cells)
    for row, line in enumerate(rows, 1):
        for column, found in enumerate(line, 1):
            value = getattr(found, "value", None)
            if value is None:
                continue
            if getattr(found, "data_type", "") == "e":
                notes.append(Note("error-cell", {"value": str(value)}, grid.place(row, column)))
            elif isinstance(value, str) and len(value) >= LONGEST:
                notes.append(Note("cut-text", {"length": f"{LONGEST:,}"}, grid.place(row, column)))
                cells[row, column] = Cell(value)
            else:
                cells[row, column] = _cell(value, str(getattr(found, "number_format", "") or ""))
    for (row, column), formula in seen.formulas.items():
        if (row, column) not in cells:
            notes.append(Note("formula-without-value", {"formula": formula}, grid.place(row, column)))
    for merged in seen.merged:
        _spread(merged, cells, seen.last, grid, notes)
    return cells


def _cell(value: object, form: str) -> Cell:
    if isinstance(value, (datetime.date, datetime.datetime)):
        plain = _COLOURS.sub("", form).lower()
        shown = "" if "d" in plain else "month" if "m" in plain else "year" if "y" in plain else ""
        return Cell(value, shown)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return Cell(value, "percent" if "%" in _COLOURS.sub("", form) else "")
    return Cell(value if isinstance(value, (str, bool)) else str(value))


def _spread(
    merged: tuple[int, int, int, int],
    cells: dict[tuple[int, int], Cell],
    last: tuple[int, int],
    grid: Grid,
    notes: list[Note],
) -> None:
    """Read the value of cells merged downwards for each of their rows."""
    top, left, bottom, right = merged
    if (top, left) not in cells:
        return
    for row in range(top + 1, min(bottom, last[0]) + 1):
        cells[row, left] = cells[top, left]._replace(shown="merged")
    if bottom > top:
        span = f"{letters(left)}{top}:{letters(right)}{bottom}"
        notes.append(
            Note("merged-cells", {"range": span, "value": str(cells[top, left].value)[:80]}, grid.place(top, left))
        )


def _tell_hidden(grid: Grid, seen: Look, notes: list[Note]) -> None:
    filled_rows = {row for row, _ in grid.cells}
    rows = sorted(filled_rows.intersection(seen.hidden_rows))
    if rows:
        notes.append(Note("hidden-rows", {"rows": ", ".join(_spans(rows))}, grid.place(rows[0], 1)))
    filled = sorted({column for _, column in grid.cells})
    columns = [column for column in filled if any(low <= column <= high for low, high in seen.hidden_columns)]
    if columns:
        told = ", ".join(letters(column) for column in columns)
        notes.append(Note("hidden-columns", {"columns": told}, grid.place(1, columns[0])))


def _spans(numbers: list[int]) -> Iterator[str]:
    start = previous = numbers[0]
    for number in [*numbers[1:], -1]:
        if number != previous + 1:
            yield str(start) if start == previous else f"{start}-{previous}"
            start = number
        previous = number


def _tell_version(grids: list[Grid], model: Model, notes: list[Note]) -> None:
    from .. import __version__

    titles = {fold(text) for text in model.sheets["read-me"].labels.values()}
    for grid in grids:
        if fold(grid.name) in titles:
            found = (_VERSION.search(str(cell.value)) for cell in grid.cells.values())
            versions = {match[1] for match in found if match}
            if versions and __version__ not in versions:
                values = {"version": versions.pop(), "current": __version__}
                notes.append(Note("other-version", values, grid.place()))
