"""Sheets by their headings: which column is what in any language, wherever it stands; and rows laid out as sheets."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from ...errors import nearest
from ...rdf.namespaces import slug
from ..record import Location
from .cells import Cell, Grid, Scalar, Tell, as_text, items, letters
from .model import Column, Model, Sheet, fold, said

_SEARCHED = 12  # lines in which headings are looked for


class Filled(NamedTuple):
    """Per sheet its records as column -> cell, and other statements; ``shown`` is the language of headings."""

    language: str
    shown: str
    records: dict[str, list[dict[str, Scalar]]]
    statements: list[list[str]]


class Laid(NamedTuple):
    """One sheet laid out: its records, an example before them if asked for. ``down`` sheets have records as columns."""

    sheet: Sheet
    columns: list[Column]
    title: str
    lines: list[list[Scalar | None]]
    examples: int

    def filled(self) -> Iterator[tuple[tuple[int, int], Scalar]]:
        """Yield (row, column), both from 1, and the value of each cell that is not empty."""
        for row, line in enumerate(self.lines, 1):
            yield from (((row, at), value) for at, value in enumerate(line, 1) if value is not None and value != "")


def lay_out(model: Model, filled: Filled, language: str, *, examples: bool) -> list[Laid]:
    """Return the sheets that hold records, in the model's order, and that of other statements if there are any."""
    needs = {"": ""} | {need: f" ({model.word(need, language)})" for need in ("required", "expected")}
    made = []
    for sheet in (each for each in model.sheets.values() if each.columns):
        columns = [each for each in sheet.columns if not each.hosted and not (examples and each.for_programs)]
        lines: list[list[Scalar | None]] = [[said(each.labels, language) + needs[each.needed] for each in columns]]
        if examples:
            lines.append([example(column, sheet, model, language) or None for column in columns])
        records = [together(sheet, record, language) for record in filled.records.get(sheet.name, [])]
        lines += [[record.get(each.name) for each in columns] for record in records]
        if sheet.down:
            lines = [list(line) for line in zip(*lines, strict=True)]
        made.append(Laid(sheet, columns, said(sheet.labels, language), lines, int(examples)))
    if filled.statements:
        other = model.sheets["other"]
        lines = [[*line] for line in (model.page("statement-", language), *filled.statements)]
        made.append(Laid(other, [], said(other.labels, language), lines, 0))
    return made


def together(sheet: Sheet, record: dict[str, Scalar], language: str) -> dict[str, Scalar]:
    """Return a record with the values of columns without a place of their own in the cell beside, graded there."""
    made = dict(record)
    for degrees, (host, *hosted) in sheet.graded():
        if any(record.get(each.name) for each in hosted):
            texts = [(text, each) for each in (host, *hosted) for text in items(as_text(made.pop(each.name, "")))]
            words = [said(each.degree, language) for _, each in texts]
            made[host.name] = "; ".join(text for text, _ in texts)
            made[degrees.name] = "; ".join(words if len({*words}) > 1 else words[:1])
    return made


def grids(laid: list[Laid], source: str) -> list[Grid]:
    """Return the sheets as they would be found in a file."""
    return [Grid(source, each.title, {at: Cell(value) for at, value in each.filled()}) for each in laid]


def example(column: Column, sheet: Sheet, model: Model, language: str) -> str:
    """Return what the example shows in a column: codes and kinds by their labels, the id as the word example."""
    if column.kind == "id":
        return model.word("example", language)
    texts = items(said(column.examples, language))
    if column.kind == "kind":
        texts = [said(kind.labels, language) for kind in map(model.kinds.get, texts or [sheet.kinds[0].name]) if kind]
    elif column.kind == "code":
        labels = {slug(code.iri): said(code.labels, language) for code in model.choices(column)}
        texts = [labels.get(text, text) for text in texts]
    return "; ".join(texts)


def titles(sheet: Sheet) -> list[str]:
    """Return what a sheet is called in any language, today or before."""
    return [*sheet.others, *sheet.labels.values()]


class Table(NamedTuple):
    """A sheet whose headings were found: per record (a row, or a column where ``down``) its filled cells."""

    sheet: Sheet
    grid: Grid
    columns: dict[str, int]
    records: dict[int, dict[str, Cell]]
    down: bool

    def place(self, record: int, column: str = "") -> Location:
        """Return the place of a record's cell, also of an empty one, or of its first cell."""
        position = self.columns.get(column) or min(self.columns.values())
        return self.grid.place(position, record) if self.down else self.grid.place(record, position)


def tables(grids: list[Grid], model: Model, tell: Tell) -> tuple[list[Table], Grid | None]:
    """Return the sheets that are known, in their order, and that of other statements; what is not known is noted."""
    names = {fold(text): sheet for sheet in model.sheets.values() for text in (*titles(sheet), sheet.name)}
    found: dict[str, Table] = {}
    other: Grid | None = None
    for grid in grids:
        title = grid.name.removesuffix(".csv")
        sheet = names.get(fold(title.replace("_", " ").replace("-", " "))) or names.get(fold(title))
        if sheet is not None and sheet.name == "other":
            other = other or grid
        elif sheet is not None and sheet.name not in found:
            if sheet.name not in ("read-me", "lists", "findings") and (table := _table(grid, sheet, model, tell)):
                found[sheet.name] = table
        elif grid.cells:
            labels = [text for known in model.sheets.values() for text in known.labels.values()]
            tell("unknown-sheet", grid.place(), sheet=grid.name, nearest="".join(nearest(grid.name, labels, 1)))
    return [found[name] for name in model.sheets if name in found], other


def _table(grid: Grid, sheet: Sheet, model: Model, tell: Tell) -> Table | None:
    # in every language; a heading of today wins over one of old
    labels = [(text, each.name) for each in sheet.columns for text in each.labels.values()]
    names = [(text, each.name) for each in sheet.columns for text in (each.name, *each.others)]
    known = {_plain(text, model): name for text, name in reversed(labels + names)}
    lines: Counter[tuple[bool, int]] = Counter()
    for at, cell in grid.cells.items():
        if min(at) <= _SEARCHED and _plain(cell.value, model) in known:
            lines.update((down, line) for down, line in enumerate(at) if line <= _SEARCHED)  # type: ignore[misc]
    if not lines or max(lines.values()) < min(2, len(known)):
        if grid.cells:
            some = [said(column.labels, "en") for column in sheet.columns[:4]]
            tell("no-headings", grid.place(), sheet=grid.name, headings=", ".join(some))
        return None
    down, line = max(lines, key=lambda each: (lines[each], each[0] == sheet.down, -each[1]))
    records: dict[int, dict[int, Cell]] = defaultdict(dict)
    for at, cell in sorted(((at[::-1] if down else at), cell) for at, cell in grid.cells.items()):
        if at[0] >= line and (at[0] == line or as_text(cell.value)):
            records[at[0]][at[1]] = cell
    heads = records.pop(line)
    named = [(known.get(_plain(head.value, model)), position) for position, head in heads.items()]
    columns = {name: position for name, position in reversed(named) if name}  # the first of that name counts
    own = {position: name for name, position in columns.items()}
    hosted = {each.name: columns[each.beside] for each in sheet.columns if each.hosted and each.beside in columns}
    ids = ((row, row.get(columns.get("id", 0), Cell(""))) for row in records.values())
    read = [row for row, cell in ids if fold(as_text(cell.value)) not in model.said_as["example"]]
    lost = Counter(position for row in read for position in row if position not in own)
    for position, count in sorted(lost.items()):
        place = grid.place(position, line) if down else grid.place(line, position)
        head = heads.get(position, Cell(""))
        text = as_text(head.value)
        near = "".join(nearest(_plain(head.value, model), [text for text, _ in labels], 1)) if text else ""
        key, column = ("unknown-column", text) if text else ("no-heading", letters(position))
        tell(key, place, column=column, count=str(count), nearest=near, sheet=place.sheet)
    rows = {record: {own[at]: cell for at, cell in row.items() if at in own} for record, row in records.items()}
    return Table(sheet, grid, hosted | columns, {record: row for record, row in rows.items() if row}, bool(down))


def _plain(heading: Scalar, model: Model) -> str:
    """Return a heading as it is compared: without the word for what is required, stars and colons."""
    folded = fold(heading) if isinstance(heading, str) else ""
    note = re.search(r"\s*[(\[][●?]?\s*([^()\[\]]*)[)\]]\s*\*?$", folded)  # a sign that Windows-1252 lacks becomes a ?
    if note and {note[1], f"● {note[1]}"} & (model.said_as["required"] | model.said_as["expected"]):
        folded = folded[: note.start()]
    return folded.strip(" *:")
