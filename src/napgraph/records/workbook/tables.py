"""Sheets by their headings: which column is what in any language, wherever it stands; and rows laid out as sheets."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from ...errors import nearest
from ...project.language import LANGUAGES
from ...rdf.namespaces import slug
from ..record import Place
from .cells import Cell, Grid, Scalar, Tell, as_text, items, letters
from .model import Column, Model, Sheet, Texts, fold, said


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


_SEARCHED = 12  # lines in which headings are looked for
_UNREAD = ("read-me", "lists", "findings")


class Table(NamedTuple):
    """A sheet whose headings were found: per record (a row, or a column where ``down``) its filled cells."""

    sheet: Sheet
    grid: Grid
    columns: dict[str, int]
    records: dict[int, dict[str, Cell]]
    down: bool

    def place(self, record: int, column: str = "") -> Place:
        """Return the place of a record's cell, also of an empty one, or of its first cell."""
        position = self.columns.get(column) or min(self.columns.values())
        return self.grid.place(position, record) if self.down else self.grid.place(record, position)

    def headings(self) -> Iterator[tuple[tuple[str, str], Texts]]:
        """Yield for each column that is there the sheet and the letters (or the line) it stands in, and its labels."""
        for column in self.sheet.columns:
            position = self.columns.get(column.name)
            if position is not None:
                yield (self.grid.name, str(position) if self.down else letters(position)), column.labels


def heading(column: Column, model: Model, language: str) -> str:
    """Return the heading of a column, with the word for what is required."""
    text = said(column.labels, language)
    return f"{text} ({model.word(column.needed, language)})" if column.needed else text


def example(column: Column, sheet: Sheet, model: Model, language: str) -> str:
    """Return what the example shows in a column: codes and kinds by their labels, the id as the word example."""
    if column.kind == "id":
        return model.word("example", language)
    if column.kind == "kind" and not column.examples:
        return said(sheet.kinds[0].labels, language)
    texts = items(said(column.examples, language))
    if column.kind == "kind":
        texts = [said(model.kinds[text].labels, language) for text in texts]
    elif column.kind == "code":
        labels = {slug(code.iri): said(code.labels, language) for code in model.choices(column)}
        texts = [labels.get(text, text) for text in texts]
    return "; ".join(texts)


def tables(grids: list[Grid], model: Model, tell: Tell) -> list[Table]:
    """Return the sheets that are known, in the model's order; what is not known is told."""
    names = {fold(text): sheet for sheet in model.sheets.values() for text in (*sheet.labels.values(), sheet.name)}
    found: dict[str, Table] = {}
    for grid in grids:
        sheet = names.get(fold(grid.name.removesuffix(".csv").replace("_", " ").replace("-", " ")))
        sheet = sheet or names.get(fold(grid.name.removesuffix(".csv")))
        if sheet is not None and (sheet.name in _UNREAD or sheet.name == "other"):
            continue
        if sheet is None or sheet.name in found:
            if grid.cells:
                labels = [text for known in model.sheets.values() for text in known.labels.values()]
                near = nearest(grid.name, labels, 1)
                tell("unknown-sheet", grid.place(), sheet=grid.name, nearest=near[0] if near else "")
            continue
        table = _table(grid, sheet, model, tell)
        if table is not None:
            found[sheet.name] = table
    return [found[name] for name in model.sheets if name in found]


def other_statements(grids: list[Grid], model: Model) -> Grid | None:
    """Return the sheet of other statements."""
    names = {fold(text) for text in (*model.sheets["other"].labels.values(), "other", "other statements")}
    return next((grid for grid in grids if fold(grid.name.removesuffix(".csv").replace("-", " ")) in names), None)


def _table(grid: Grid, sheet: Sheet, model: Model, tell: Tell) -> Table | None:
    known = _known(sheet, model)
    lines: Counter[tuple[bool, int]] = Counter()
    for (row, column), cell in grid.cells.items():
        if (row <= _SEARCHED or column <= _SEARCHED) and _bare(cell, model) in known:
            lines[False, row] += row <= _SEARCHED
            lines[True, column] += column <= _SEARCHED
    if not lines or max(lines.values()) < min(2, len(known)):
        if grid.cells:
            tell("no-headings", grid.place(), sheet=grid.name, headings=_some(sheet, model))
        return None
    down, line = max(lines, key=lambda each: (lines[each], each[0] == sheet.down, -each[1]))
    columns: dict[str, int] = {}
    positions: dict[int, str] = {}
    strange: dict[int, str] = {}
    for (row, column), cell in sorted(grid.cells.items()):
        at, position = (column, row) if down else (row, column)
        if at != line:
            continue
        name = known.get(_bare(cell, model))
        if name and name not in columns:
            columns[name], positions[position] = position, name
        else:
            strange[position] = as_text(cell.value)
    records, lost = _records(grid, positions, line, down=down)
    for position, count in sorted(lost.items()):
        place = grid.place(position, line) if down else grid.place(line, position)
        _tell_lost(place, strange.get(position, ""), position, count, sheet, model, tell)
    return Table(sheet, grid, columns, records, down)


def _records(
    grid: Grid, positions: dict[int, str], line: int, *, down: bool
) -> tuple[dict[int, dict[str, Cell]], Counter[int]]:
    """Return the cells behind the heading line by record, and how many stand where no heading is known."""
    records: dict[int, dict[str, Cell]] = {}
    lost: Counter[int] = Counter()
    for (row, column), cell in sorted(grid.cells.items(), key=lambda each: each[0][::-1] if down else each[0]):
        record, position = (column, row) if down else (row, column)
        if record <= line or as_text(cell.value) == "":
            continue
        name = positions.get(position)
        if name is None:
            lost[position] += 1
        else:
            records.setdefault(record, {})[name] = cell
    return records, lost


def _tell_lost(place: Place, text: str, position: int, count: int, sheet: Sheet, model: Model, tell: Tell) -> None:
    column = text or letters(position)
    labels = [said(each.labels, language) for each in sheet.columns for language in LANGUAGES]
    near = nearest(_plain(text, model), labels, 1) if text else []
    key = "unknown-column" if text else "no-heading"
    tell(key, place, column=column, count=str(count), nearest=near[0] if near else "", sheet=place.sheet)


def _known(sheet: Sheet, model: Model) -> dict[str, str]:
    """Return folded heading -> column, in every language; a heading of today wins over one of old."""
    made: dict[str, str] = {}
    for column in sheet.columns:
        for text in (*column.labels.values(), column.name):
            made.setdefault(_plain(text, model), column.name)
    for column in sheet.columns:
        for text in column.others:
            made.setdefault(_plain(text, model), column.name)
    return made


def _bare(cell: Cell, model: Model) -> str:
    return _plain(cell.value, model) if isinstance(cell.value, str) else ""


def _plain(text: str, model: Model) -> str:
    """Return a heading as it is compared: without the word for what is required, stars and colons."""
    folded = fold(text)
    note = re.search(r"\s*[(\[]([^()\[\]]*)[)\]]\s*\*?$", folded)
    if note and note[1] in model.said_as("required") | model.said_as("expected"):
        folded = folded[: note.start()]
    return folded.strip(" *:")


def _some(sheet: Sheet, model: Model) -> str:
    return ", ".join(said(column.labels, "en") for column in sheet.columns[:4]) if model else ""
