"""A sheet as it was found: its filled cells, and where each of them is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from ..record import Place

Scalar = str | int | float | bool | date


class Cell(NamedTuple):
    """What a cell holds; ``shown`` tells how it is shown where that matters: year, month, percent or number."""

    value: Scalar
    shown: str = ""


class Grid(NamedTuple):
    """One sheet of a file: cells by (row, column), both from 1.

    ``separate`` is set where the sheet is a file of its own: then places are told by line, and ``lines`` gives the
    line on which each row begins.
    """

    source: str
    name: str
    cells: Mapping[tuple[int, int], Cell]
    separate: bool = False
    lines: Mapping[int, int] | None = None

    def place(self, row: int = 0, column: int = 0) -> Place:
        """Return the place of a cell, of a row's first cell, or of the sheet."""
        if not row:
            return Place(self.source, sheet=self.name)
        if self.separate:
            line = (self.lines or {}).get(row, row)
            return Place(self.source, line=line, sheet=self.name, cell=letters(column or 1))
        return Place(self.source, sheet=self.name, cell=f"{letters(column or 1)}{row}")


def letters(column: int) -> str:
    """Return the letters of a column: 1 is A, 27 is AA."""
    made = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        made = chr(65 + rest) + made
    return made
