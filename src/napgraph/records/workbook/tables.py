"""Rows laid out as sheets, the same for a workbook, for CSV files and for reading them again in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .grid import Cell, Grid
from .headings import example, heading
from .words import said

if TYPE_CHECKING:
    from .columns import Column, Sheet
    from .grid import Scalar
    from .model import Model


class Filled(NamedTuple):
    """What the sheets hold: per sheet its records as column -> cell, and the other statements as rows.

    ``language`` is that of texts without a mark, ``shown`` that of headings, codes and words.
    """

    language: str
    shown: str
    records: dict[str, list[dict[str, Scalar]]]
    statements: list[list[str]]


class Laid(NamedTuple):
    """One sheet laid out: its records, an example before them if asked for. ``down`` sheets have records as columns."""

    sheet: Sheet
    title: str
    columns: tuple[Column, ...]
    lines: list[list[Scalar | None]]
    examples: int

    def position(self, record: int, column: int) -> tuple[int, int]:
        """Return (row, column) of a record's cell, both from 1; ``record`` and ``column`` count from 0."""
        at = record + 2 + self.examples
        return (column + 1, at) if self.sheet.down else (at, column + 1)

    def record_at(self, row: int, column: int) -> tuple[int, int]:
        """Return (record, column) of a cell, from 0; the reverse of :meth:`position`."""
        if self.sheet.down:
            row, column = column, row
        return row - 2 - self.examples, column - 1


def lay_out(model: Model, filled: Filled, language: str, *, examples: bool) -> list[Laid]:
    """Return the sheets that hold records, in the model's order, and that of other statements if there are any."""
    made = [
        _laid(model, sheet, filled.records.get(sheet.name, []), language, examples=examples)
        for sheet in model.sheets.values()
        if sheet.columns
    ]
    if filled.statements:
        other = model.sheets["other"]
        head: list[Scalar | None] = [*model.page("statement-", language)]
        lines: list[list[Scalar | None]] = [list(line) for line in filled.statements]
        made.append(Laid(other, said(other.labels, language), (), [head, *lines], 0))
    return made


def grids(laid: list[Laid], source: str) -> list[Grid]:
    """Return the sheets as they would be found in a file."""
    made = []
    for each in laid:
        cells = {
            (row, column): Cell(value)
            for row, line in enumerate(each.lines, 1)
            for column, value in enumerate(line, 1)
            if value is not None and value != ""
        }
        made.append(Grid(source, each.title, cells))
    return made


def _laid(model: Model, sheet: Sheet, records: list[dict[str, Scalar]], language: str, *, examples: bool) -> Laid:
    lines: list[list[Scalar | None]] = [[heading(column, model, language) for column in sheet.columns]]
    if examples:
        lines.append([example(column, sheet, model, language) or None for column in sheet.columns])
    lines += [[record.get(column.name) for column in sheet.columns] for record in records]
    if sheet.down:
        lines = [list(line) for line in zip(*lines, strict=True)]
    return Laid(sheet, said(sheet.labels, language), sheet.columns, lines, int(examples))
