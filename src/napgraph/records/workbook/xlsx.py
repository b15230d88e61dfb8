"""Read a workbook: its sheets as grids of cells, and what its sender cannot see; nothing is run or fetched."""

import datetime
import re
import warnings
import zipfile
from collections.abc import Iterator
from io import BytesIO
from itertools import groupby
from typing import Any
from xml.etree.ElementTree import Element  # the type alone: defusedxml reads # nosec B405

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from ... import __version__
from ...errors import IntakeError
from ..filter import TripleFilter
from ..limits import Limits
from ..record import Location, Note, Record
from ..source import opened, unpacked
from .cells import LONGEST, Cell, Grid, letters
from .model import fold, load
from .read import read_grids
from .tables import titles

_KEPT = 3  # elements that are nearer to the outermost are emptied, so that no part is all in memory
_HEADS = 2  # rows of a sheet of the template: headings and the example
_SHOWN = 60  # characters of a formula
_COLOURS = re.compile(r"\[[^\]]*\]|\"[^\"]*\"|\\.|_.")
_VERSION = re.compile(r"napgraph ([0-9]+\.[0-9]+\.[0-9]+)")


class SheetState:
    """What the library passes over: formulas without a value by (row, column), merged (left, top, right, bottom)."""

    def __init__(self) -> None:
        self.last_row = self.last_column = 0
        self.formulas: dict[tuple[int, int], str] = {}
        self.merged: list[tuple[int, int, int, int]] = []
        self.hidden_rows: set[int] = set()
        self.hidden_columns: list[range] = []


def read_workbook(content: bytes, name: str, root: str, limits: Limits) -> Record:
    """Return the record that a workbook holds; raises IntakeError where it cannot be read."""
    archive = opened(content, name, limits)
    notes: list[Note] = []
    if any("vbaproject" in path.lower() for path in archive.namelist()):
        notes.append(Note("macros", {}, Location(name)))
    model = load(root)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            quiet = {fold(text) for each in ("read-me", "lists") for text in titles(model.sheets[each])}
            grids, from_1904 = _grids(content, archive, name, limits, notes, quiet)
    except IntakeError:
        raise
    except DefusedXmlException as error:
        problem = "a document type is declared inside this workbook, which no spreadsheet program writes."
        raise IntakeError(name, problem, mend="Open and save it anew.", key="doctype") from error
    except Exception as error:  # the library raises whatever a damaged part makes of it
        mend = "Open it in a spreadsheet program, save it anew as .xlsx, and send that."
        raise IntakeError(name, "this workbook cannot be read.", mend=mend) from error
    starts = {fold(text) for text in titles(model.sheets["read-me"])}
    for grid in (each for each in grids if fold(each.name) in starts):
        versions = {found for cell in grid.cells.values() for found in _VERSION.findall(str(cell.value))}
        if versions and __version__ not in versions:
            notes.append(Note("other-version", {"version": versions.pop(), "current": __version__}, grid.place()))
    filtered = TripleFilter(name, content, limits)
    return read_grids(grids, model, name, "xlsx", notes, from_1904=from_1904, filtered=filtered)


def _grids(
    content: bytes, archive: zipfile.ZipFile, name: str, limits: Limits, notes: list[Note], quiet: set[str]
) -> tuple[list[Grid], bool]:
    """Return the sheets, and whether days count from 1904; what the library passes over is looked for in the XML.

    The sheets of the names ``quiet`` say nothing of a plan; a hidden one that only has headings is of the template.
    """
    import openpyxl
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    # Its other mode fails on charts and pivots that it does not know.
    book: Any = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
    sheets = {sheet._worksheet_path: sheet for sheet in book.worksheets}
    inside = {each.filename: each for each in archive.infolist()}
    parts = [path for path in inside if path.lower().endswith((".xml", ".rels", ".vml")) or path in sheets]
    unzipped = ((path, unpacked(archive, inside[path], name)) for path in parts)
    states = {path: _sheet_state(part, name, limits, is_sheet=path in sheets) for path, part in unzipped}
    grids, area = [], 0
    for path, sheet in sheets.items():
        state = states[path]
        area += state.last_row * state.last_column
        if area > limits.cells:
            raise limits.exceeded("cells", area, name)
        cells: dict[tuple[int, int], Cell] = {}
        grid = Grid(name, sheet.title, cells)
        rows = sheet.iter_rows(max_row=max(state.last_row, 1), max_col=max(state.last_column, 1))
        for found in (found for row in rows for found in row if found.value is not None):
            at = found.row, found.column
            if found.data_type == "e":
                notes.append(Note("error-cell", {"value": str(found.value)}, grid.place(*at)))
                continue
            if isinstance(found.value, str) and len(found.value) >= LONGEST:
                notes.append(Note("cut-text", {"length": f"{LONGEST:,}"}, grid.place(*at)))
            cells[at] = _cell(found.value, str(found.number_format or ""))
        if fold(sheet.title) in quiet:
            grids.append(grid)
            continue
        notes += _spread(cells, state, grid)
        if sheet.sheet_state != "visible" and any(row > _HEADS for row, _ in cells):
            notes.append(Note("hidden-sheet", {"sheet": sheet.title}, grid.place()))
        if hidden := sorted({row for row, _ in cells} & state.hidden_rows):
            notes.append(Note("hidden-rows", {"rows": ", ".join(_spans(hidden))}, grid.place(hidden[0], 1)))
        if hidden := sorted({at for _, at in cells if any(at in each for each in state.hidden_columns)}):
            notes.append(Note("hidden-columns", {"columns": ", ".join(map(letters, hidden))}, grid.place(1, hidden[0])))
        grids.append(grid)
    return grids, book.epoch == CALENDAR_MAC_1904


def _elements(part: bytes, name: str, limits: Limits) -> Iterator[Element]:
    """Yield each element when it ends; raises DefusedXmlException, and IntakeError for too deep a part."""
    depth = 0
    for event, element in iterparse(BytesIO(part), ("start", "end"), forbid_dtd=True):
        depth += 1 if event == "start" else -1
        if depth > limits.nesting:
            raise limits.exceeded("nesting", depth, name)
        if event == "end":
            yield element
            if depth < _KEPT:
                element.clear()


def _sheet_state(part: bytes, name: str, limits: Limits, *, is_sheet: bool) -> SheetState:
    """Look through a part; in a sheet for what the library passes over: formulas without a value, what is hidden."""
    from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries

    state = SheetState()
    row = 0
    for element in _elements(part, name, limits):
        tag = element.tag.rpartition("}")[2] if is_sheet else ""
        is_hidden = element.get("hidden") in ("1", "true") and not int(element.get("outlineLevel", 0))  # else grouped
        if tag == "row":
            row, column = int(element.get("r", row + 1)), 0
            state.hidden_rows |= {row} if is_hidden else set()
            for cell in element:
                at = cell.get("r")
                row, column = coordinate_to_tuple(at) if at else (row, column + 1)
                inside = {child.tag.rpartition("}")[2]: "".join(child.itertext()) for child in cell}
                is_filled = bool(cell.get("t") == "str" or inside.get("v") or inside.get("is"))
                if is_filled or "f" in inside:
                    state.last_row, state.last_column = max(state.last_row, row), max(state.last_column, column)
                if not is_filled and "f" in inside:
                    state.formulas[row, column] = f"={inside['f'][:_SHOWN]}"
        elif tag == "col" and is_hidden:
            state.hidden_columns.append(range(int(element.get("min", 0)), int(element.get("max", 0)) + 1))
        elif tag == "mergeCell":
            state.merged.append(range_boundaries(element.get("ref", "")))  # type: ignore[arg-type]
    return state


def _spread(cells: dict[tuple[int, int], Cell], state: SheetState, grid: Grid) -> Iterator[Note]:
    """Give cells merged downwards their value in each of their rows; yield what to tell of them and of formulas."""
    for at, formula in state.formulas.items():
        if at not in cells:
            yield Note("formula-without-value", {"formula": formula}, grid.place(*at))
    for left, top, right, bottom in state.merged:
        if (first := cells.get((top, left))) and bottom > top:
            for row in range(top + 1, min(bottom, state.last_row) + 1):
                cells[row, left] = first._replace(shown="merged")
            span = f"{letters(left)}{top}:{letters(right)}{bottom}"
            yield Note("merged-cells", {"range": span, "value": str(first.value)[:80]}, grid.place(top, left))


def _cell(value: object, form: str) -> Cell:
    if isinstance(value, (str, bool)):
        return Cell(value)
    form = _COLOURS.sub("", form).lower()
    if isinstance(value, (datetime.date, datetime.datetime)):
        return Cell(value, "" if "d" in form else "month" if "m" in form else "year" if "y" in form else "")
    return Cell(value, "percent" if "%" in form else "") if isinstance(value, (int, float)) else Cell(str(value))


def _spans(numbers: list[int]) -> Iterator[str]:
    for _, run in groupby(enumerate(numbers), key=lambda each: each[1] - each[0]):
        first, *rest = (number for _, number in run)
        yield f"{first}-{rest[-1]}" if rest else str(first)
