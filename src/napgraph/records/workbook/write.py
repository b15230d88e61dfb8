"""From statements to rows: what the sheets can hold goes into them, the rest statement by statement.

The cells are written in good hope, then read again, and what was read is compared with what was to be said: a cell
that says too much is emptied, and what no cell says goes to the other statements. So nothing is lost and nothing
added, whatever the record holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

import pyoxigraph

from .selection import Chosen, Told
from .encode import Encoder
from .read import read_grids
from .rows import NOTHING
from .statements import write_statement
from .tables import Filled, grids, lay_out

if TYPE_CHECKING:
    from ..record import Place
    from .answers import Node, Term
    from .selection import WrittenRow
    from .grid import Scalar
    from .model import Model
    from .tables import Laid

_ROUNDS = 60
_CELL = re.compile(r"([A-Z]+)([0-9]+)")


def fill(triples: Iterable[pyoxigraph.Triple], model: Model, language: str | None = None) -> Filled:
    """Return the rows that say exactly what ``triples`` say.

    ``language`` is that of headings, codes and words; texts in the record's own most frequent language stand without
    a mark. Raises OutputError for a statement about a statement.
    """
    told = Told(list(dict.fromkeys(triples)))
    shown = language or (told.spoken if told.spoken in model.sheets["document"].labels else "en")
    return _Writer(told, model, shown).fill()


class _Writer:
    """One record on its way into rows."""

    def __init__(self, told: Told, model: Model, language: str) -> None:
        self._told, self._model, self._language = told, model, language
        self._chosen = Chosen(told, model)
        self._encoder = Encoder(told, self._chosen, model, language)
        self._rows = self._chosen.rows

    def fill(self) -> Filled:
        """Write the cells, and mend them until they say no more than the record."""
        for row in self._rows.values():
            self._encoder.write(row)
        for node in self._encoder.passages:  # the reader makes these of what stands in the cells
            self._rows.pop(node, None)
        missing = None
        for _ in range(_ROUNDS):
            missing = self._mend()
            if missing is not None:
                break
        if missing is None:
            self._rows.clear()
            missing = self._told.triples
        labels: dict[pyoxigraph.BlankNode, str] = {}
        string = pyoxigraph.Literal("").datatype.value
        return self._filled([write_statement(triple, labels, string) for triple in missing])

    def _mend(self) -> list[pyoxigraph.Triple] | None:
        """Read the cells again; empty those that say too much, or return what no cell says."""
        laid = lay_out(self._model, self._filled([]), self._language, examples=False)
        record = read_grids(grids(laid, ""), self._model, "", "xlsx", [])
        nameless = self._nameless(record.triples)
        wanted = set(self._told.triples)
        read = {_renamed(triple, nameless): triple for triple in record.triples}
        rows: dict[str, list[WrittenRow]] = {}
        for row in self._rows.values():
            rows.setdefault(row.sheet, []).append(row)
        changed = False
        for triple, own in read.items():
            if triple not in wanted:
                changed |= self._empty(record.place(*own), laid, rows)
        missing = [triple for triple in self._told.triples if triple not in read]
        torn = set(nameless.values())
        for subject, _, value in missing:
            changed |= self._free([node for node in torn if node in {subject, value}])
        return None if changed else missing

    def _nameless(self, triples: list[pyoxigraph.Triple]) -> dict[Node, Node]:
        """Return the nameless resources that were read with those of the record that they stand for."""
        read = Told(triples)
        made: dict[Node, Node] = {}
        for node, row in self._rows.items():
            own = {name: each for name, each in row.within.items() if isinstance(each, pyoxigraph.BlankNode)}
            for name, each in own.items():
                through = self._model.parts[name].through
                possible = [
                    value
                    for value in read.get(node, through)
                    if isinstance(value, pyoxigraph.BlankNode) and value not in made
                ]
                possible.sort(key=lambda value: -len(_said(read, value) & _said(self._told, each)))
                if possible:
                    made[possible[0]] = each
        return made

    def _empty(self, place: Place, laid: list[Laid], rows: dict[str, list[WrittenRow]]) -> bool:
        """Empty the cell that says too much; a hyphen where it was empty; drop the row where that does not help."""
        each = next((each for each in laid if each.title == place.sheet), None)
        match = _CELL.fullmatch(place.cell)
        if each is None or match is None:
            return False
        letters = 0
        for sign in match[1]:
            letters = letters * 26 + ord(sign) - 64
        number, position = each.record_at(int(match[2]), letters)
        row, column = rows[each.sheet.name][number], each.columns[position]
        if column.kind in {"id", "kind", "language"} or row.record.get(column.name) == NOTHING:
            self._rows.pop(row.node, None)
        else:
            row.record[column.name] = NOTHING
        return True

    def _free(self, nodes: list[Node]) -> bool:
        """Take nameless resources out of their rows: part of what is said of them does not fit there."""
        changed = False
        for row in self._rows.values() if nodes else ():
            for name in [name for name, node in row.within.items() if node in nodes]:
                del row.within[name]
                for column in self._chosen.columns(row):
                    if column.part is not None and column.part.name == name:
                        row.record.pop(column.name, None)
                changed = True
        return changed

    def _filled(self, statements: list[list[str]]) -> Filled:
        records: dict[str, list[dict[str, Scalar]]] = {}
        for row in self._rows.values():
            records.setdefault(row.sheet, []).append(row.record)
        return Filled(self._told.spoken, self._language, records, statements)


def _said(told: Told, node: Node) -> set[tuple[pyoxigraph.NamedNode, Term]]:
    return {(predicate, value) for predicate, values in told.values.get(node, {}).items() for value in values}


def _renamed(triple: pyoxigraph.Triple, names: dict[Node, Node]) -> pyoxigraph.Triple:
    subject, value = names.get(triple.subject, triple.subject), names.get(triple.object, triple.object)  # type: ignore[arg-type]
    return pyoxigraph.Triple(subject, triple.predicate, value)
