"""From sheets to statements, each with its cell.

A cell that says something makes a statement, or is told. What is filled in by itself (the kind of a row, its link to
its document, the evidence of what stands within it) can be left out with a hyphen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

import pyoxigraph

from ...project.language import LANGUAGES
from ..filter import TripleFilter
from ..record import Location, Locations, Note, Record, name_of_term
from .answers import Answers
from .cells import Grid, Node, Term, as_text, scaled
from .model import Column, Model, Part, fold
from .rows import Row, Rows
from .statements import read_statement
from .tables import tables

_Entry = tuple["Column", "list[Term] | None"]


def read_grids(
    grids: list[Grid],
    model: Model,
    source: str,
    form: str,
    notes: list[Note],
    *,
    from_1904: bool = False,
    filtered: TripleFilter | None = None,
) -> Record:
    """Return the record that the sheets hold; what cannot be read is added to ``notes``.

    What comes from strangers goes through ``filtered``, which raises IntakeError at a limit.
    """
    told: set[tuple[str, Location, tuple[str, ...]]] = set()

    def tell(key: str, place: Location, **values: str) -> None:
        if (key, place, tuple(values.values())) not in told:
            told.add((key, place, tuple(values.values())))
            notes.append(Note(key, values, place))

    reader = _Reader(grids, model, tell, from_1904=from_1904)
    reader.read()
    triples, values = list(reader.triples), list(reader.triples.values())
    places = Locations(values, [reader.subjects[name_of_term(triple.subject)] for triple in triples])
    cells = reader.cells
    if filtered is not None:
        filtered.add(pyoxigraph.Quad(*triple) for triple in triples)
        notes += filtered.notes(values.__getitem__)
        pairs = zip(triples, filtered.triples, strict=True)
        named = {name_of_term(old.subject): name_of_term(new.subject) for old, new in pairs}
        cells = {(named.get(subject, subject), name): place for (subject, name), place in cells.items()}
        triples = filtered.triples
    return Record(source, form, triples, notes, places, cells=cells, headings=reader.headings)


class _Reader:
    """One reading of a workbook."""

    def __init__(self, grids: list[Grid], model: Model, tell: Callable[..., None], *, from_1904: bool) -> None:
        self._model, self._tell = model, tell
        read, self._other = tables(grids, model, tell)
        self.headings = {where: labels for table in read for where, labels in table.headings().items()}
        self._rows = Rows(model, tell)
        self._rows.read(read)
        self._answers = Answers(self._rows, model, tell, self._say, from_1904=from_1904)
        self.triples: dict[pyoxigraph.Triple, Location] = {}
        self.subjects: dict[str, Location] = {}
        self.cells: dict[tuple[str, str], Location] = {}

    def read(self) -> None:
        """Read all rows, then the other statements."""
        rows = list(self._rows.by_iri.values())
        for row in rows:
            self.subjects[name_of_term(row.iri)] = row.place()
            for column in row.sheet.columns:
                self._remember(row.iri, column, row.place(column.name))
        for row in rows:
            self._row(row)
        if self._other is not None:
            self._statements(self._other)

    def _say(
        self, subject: Node, predicate: pyoxigraph.NamedNode, value: Term, place: Location, origin: Location
    ) -> None:
        self.triples.setdefault(pyoxigraph.Triple(subject, predicate, value), place)
        self.subjects.setdefault(name_of_term(subject), origin)

    def _remember(self, node: Node, column: Column, place: Location) -> None:
        """Note where each property and each rule of a column has its cell, filled or not."""
        through = [column.part.through.value] if column.part else []
        for name in (*(each.value for each in column.writes), *through, *column.rules):
            self.cells.setdefault((name_of_term(node), name), place)

    def _row(self, row: Row) -> None:
        place = row.place(row.sheet.name_of("kind"))
        for kind in row.kinds:
            self._say(row.iri, self._model.type, kind.cls, place, row.place())
        self._link(row)
        parts: dict[str, list[_Entry]] = defaultdict(list)
        for column in row.sheet.columns:
            values = self._answers.values(row, column)
            if values is not None and not values:
                continue
            if column.part is not None and all(kind.cls != column.part.cls for kind in row.kinds):
                parts[column.part.name].append((column, values))
            else:
                self._state(row, row.iri, column, values)
        for name, entries in parts.items():
            self._within(row, self._model.parts[name], entries)

    def _link(self, row: Row) -> None:
        """Tie a row to its documents, unless a cell does so or a hyphen says not to."""
        kind, place = row.kinds[0], row.place(row.sheet.name_of("owner"))
        for owner in row.owners if kind.below and row.linked else ():
            if kind.link is not None:
                self._say(owner.iri, kind.link, row.iri, place, owner.place())
            elif kind.back is not None:
                about = [each.name for each in row.sheet.columns if kind.back in each.writes]
                if not any(row.text(name) for name in about):
                    self._say(row.iri, kind.back, owner.iri, place, row.place())

    def _state(self, row: Row, subject: Node, column: Column, values: list[Term] | None) -> None:
        place = row.place(column.name)
        if values is None:
            for predicate in (*column.writes, *column.back)[:1]:
                self._say(subject, self._model.not_stated, predicate, place, row.place())
            return
        for value in values:
            for predicate in column.writes:
                self._say(subject, predicate, value, place, row.place())
            for predicate in column.back:
                if isinstance(value, pyoxigraph.Literal):
                    self._answers.unknown(row, column, value.value)
                else:
                    self._say(value, predicate, subject, place, place)

    # what stands within a row

    def _within(self, row: Row, part: Part, entries: list[_Entry]) -> None:
        """State what stands within a row: one resource, one for each value, or the row where nothing else is said."""
        if all(column.loose or not values for column, values in entries):
            for column, values in entries:
                if column.loose:
                    self._state(row, row.iri, column, values)
            entries = [entry for entry in entries if not entry[0].loose]
        stated = [(column, values) for column, values in entries if values]
        if part.each and stated:
            column, each = stated[0]
            for number, value in enumerate(each, 1):
                self._state(row, self._begin(row, part, row.place(column.name), number), column, [value])
        elif stated:
            self._state_part(row, part, self._begin(row, part, row.place(stated[0][0].name), 0), entries)
        elif entries:
            self._say(row.iri, self._model.not_stated, part.through, row.place(entries[0][0].name), row.place())

    def _state_part(self, row: Row, part: Part, node: Node, entries: list[_Entry]) -> None:
        factor = next((values[0] for column, values in entries if column.kind == "scale" and values), None)
        for column, values in entries:
            scale = factor if column.kind == "number" else None
            self._state(row, node, column, values and [scaled(each, scale) for each in values])
        for column in (*(each for each, _ in entries), *(each for each in row.sheet.columns if each.part == part)):
            self._remember(node, column, row.place(column.name))

    def _begin(self, row: Row, part: Part, place: Location, number: int) -> Node:
        node: Node = nameless(f"{part.name}{number or ''}", row.sheet.name, row.record)
        if part.word:
            address = row.part_address(part, number)
            while address in self._rows.by_iri:
                address += "-within"
            node = pyoxigraph.NamedNode(address)
        self._say(row.iri, part.through, node, place, row.place())
        self._say(node, self._model.type, part.cls, place, place)
        if part.fixed is not None:
            self._say(node, *part.fixed, place, place)
        if part.link is not None:
            for owner in row.owners if row.linked else ():
                self._say(owner.iri, part.link, node, place, owner.place())
        evidence = row.sheet.column(row.sheet.name_of("evidence")) if part.word else None
        if evidence is not None:
            self._remember(node, evidence, row.place(evidence.name))
            for passage in self._answers.values(row, evidence) or ():
                self._say(node, evidence.writes[0], passage, place, place)
        return node

    # other statements

    def _statements(self, grid: Grid) -> None:
        lines: dict[int, dict[int, str]] = defaultdict(dict)
        for (row, column), cell in sorted(grid.cells.items()):
            lines[row][column] = cell.value if isinstance(cell.value, str) else as_text(cell.value)
        labels: dict[str, pyoxigraph.BlankNode] = {}
        heads = {fold(self._model.page("statement-subject", language)[0]) for language in LANGUAGES}
        for number, line in lines.items():
            triple = read_statement(line, labels, self._rows.address)
            origin = grid.place(number, 1)
            if triple is not None:
                self.triples.setdefault(triple, grid.place(number, 3))
                self.subjects.setdefault(name_of_term(triple.subject), origin)
            elif fold(line.get(1, "")) not in heads:
                self._tell("unread-statement", origin, value=" ".join(line.values())[:200])


def nameless(part: str, sheet: str, record: int) -> pyoxigraph.BlankNode:
    """Return the blank node that stands for a part within a record, which is a row or a column of a sheet."""
    return pyoxigraph.BlankNode(f"{sheet}-{record}-{part}")
