"""What reading a file gives: its statements, each with its place, and what the sender should know about it.

A place is worked out when it is first asked for: a file in which nothing is wrong never pays for it. The sentences of
the notes are the report's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

import pyoxigraph

Subject = pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Triple
Term = Subject | pyoxigraph.Literal


class Location(NamedTuple):
    """Where something stands: the file, and as much of line, JSON pointer, sheet and cell as is known."""

    file: str
    line: int | None = None
    pointer: str = ""
    sheet: str = ""
    cell: str = ""

    @property
    def text(self) -> str:
        """The place as people and editors write it.

        ``plan.ttl:41``, ``plan.jsonld:9#/@graph/0/title``, ``plan.xlsx Activities!D7`` or
        ``plan.zip activities.csv:7:D``.
        """
        if self.sheet:
            inside = f"{self.sheet}:{self.line}" if self.line else self.sheet
            cell = f"{':' if self.line else '!'}{self.cell}" if self.cell else ""
            return f"{self.file} {inside}{cell}"
        line = f":{self.line}" if self.line else ""
        return f"{self.file}{line}{'#' + self.pointer if self.pointer else ''}"


class Note(NamedTuple):
    """Something to tell the sender that no shape can see, such as a name that is wrong for the content.

    ``KEYS`` lists every ``key`` with the names of its ``values``.
    """

    key: str
    values: dict[str, str]
    place: Location


class Locations(NamedTuple):
    """Per statement the place of its value, and the place where its subject begins to be described."""

    values: Sequence[Location]
    subjects: Sequence[Location]


class Record:
    """The statements of one file, in its order, each once; blank nodes bear names that no other file has.

    Lexical forms are exactly as written. ``format`` is turtle, trig, n-triples, n-quads, json-ld, rdf-xml, xlsx or
    csv. ``places`` gives the places of ``triples``, one by one, or is a function that does; to outlive its process
    it must pickle. Where sheets were read, ``cells`` has the cell of each property, and of each rule that belongs to a
    column, by subject and property or rule, also where it is empty; ``headings`` are by sheet and column or line.
    """

    def __init__(
        self,
        source: str,
        format: str,  # noqa: A002
        triples: list[pyoxigraph.Triple],
        notes: list[Note] | None = None,
        places: Locations | Callable[[], Locations] | None = None,
        cells: Mapping[tuple[str, str], Location] | None = None,
        headings: Mapping[tuple[str, str], Mapping[str, str]] | None = None,
    ) -> None:
        self.source, self.format, self.triples = source, format, triples
        self.notes = notes or []
        self._places, self._cells, self._headings = places, cells or {}, headings or {}

    def heading(self, place: Location) -> Mapping[str, str]:
        """Return the heading of a cell by language, or nothing for a place that has none."""
        column = place.cell.rstrip("0123456789")
        line = place.cell.removeprefix(column) or str(place.line)
        return self._headings.get((place.sheet, column)) or self._headings.get((place.sheet, line)) or {}

    def place(self, subject: Term, predicate: Term | None = None, value: Term | None = None) -> Location:
        """Return the most exact place known of a statement, of a subject's first such statement, or of a subject.

        A subject that is only pointed to stands where it is first pointed to; what the file does not hold at all has
        the place of the file. ``predicate`` may be a rule, whose findings belong to a column.
        """
        places, by_subject = self._index
        numbers = by_subject.get(subject, ())
        if not places.values:
            origin = found = Location(self.source)
        elif not numbers:
            at = next((number for number, triple in enumerate(self.triples) if triple.object == subject), None)
            origin = found = Location(self.source) if at is None else places.values[at]
        else:
            origin = places.subjects[numbers[0]]
            stated = [number for number in numbers if self.triples[number].predicate == predicate]
            exact = [number for number in stated if self.triples[number].object == value] or stated
            found = places.values[exact[0]] if exact else origin
        if predicate is None or found != origin:
            return found
        return self._cells.get((name_of_term(subject), name_of_term(predicate)), found)

    @cached_property
    def _index(self) -> tuple[Locations, dict[Term, list[int]]]:
        """The places, none where they are not known, and the positions of each subject's statements."""
        places = self._places() if callable(self._places) else self._places
        by_subject: dict[Term, list[int]] = {}
        for number, triple in enumerate(self.triples):
            by_subject.setdefault(triple.subject, []).append(number)
        return places or Locations([], []), by_subject

    def __getstate__(self) -> dict[str, object]:
        """Statements travel as N-Triples: fifty times faster than term by term."""
        lines = pyoxigraph.serialize(self.triples, format=pyoxigraph.RdfFormat.N_TRIPLES)
        return {name: value for name, value in self.__dict__.items() if name != "_index"} | {"triples": lines}

    def __setstate__(self, state: dict[str, object]) -> None:
        self.__dict__.update(state)
        lines: bytes = state["triples"]  # type: ignore[assignment]
        self.triples = [quad.triple for quad in pyoxigraph.parse(lines, format=pyoxigraph.RdfFormat.N_TRIPLES)]

    def __repr__(self) -> str:
        return f"<Record {self.source}: {len(self.triples)} statements, {len(self.notes)} notes>"


def name_of_term(term: object) -> str:
    """Return an IRI or the name of a blank node, without signs around it; anything else as it is written."""
    return term.value if isinstance(term, (pyoxigraph.NamedNode, pyoxigraph.BlankNode)) else str(term)


class NoteKind(NamedTuple):
    """How grave a note is where nothing else is said, and the names of the values that its sentence can use."""

    severity: str
    values: tuple[str, ...]


KEYS = {
    "wrong-name": NoteKind("Warning", ("claimed", "found")),
    "named-graphs": NoteKind("Warning", ("graphs", "number")),
    "ill-typed": NoteKind("Violation", ("value", "datatype", "reason", "example")),
    "damaged-text": NoteKind("Warning", ("value", "character")),
    "decomposed-text": NoteKind("Warning", ("value",)),
    "not-to-be-taken": NoteKind("Violation", ("value",)),
    "recorded-otherwise": NoteKind("Violation", ("value", "resource", "count")),
    "dropped-key": NoteKind("Violation", ("key", "near")),
    "dropped-iri": NoteKind("Violation", ("value", "near")),
    "dropped-value": NoteKind("Violation", ("key",)),
    "rewritten-number": NoteKind("Warning", ("written", "read")),
    "prefix-as-property": NoteKind("Violation", ("key", "near")),
    "unknown-sheet": NoteKind("Violation", ("sheet", "nearest")),
    "no-headings": NoteKind("Violation", ("sheet", "headings")),
    "unknown-column": NoteKind("Violation", ("column", "count", "nearest", "sheet")),
    "no-heading": NoteKind("Violation", ("column", "count", "nearest", "sheet")),
    "example-changed": NoteKind("Violation", ("value",)),
    "hidden-sheet": NoteKind("Info", ("sheet",)),
    "hidden-rows": NoteKind("Info", ("rows",)),
    "hidden-columns": NoteKind("Info", ("columns",)),
    "merged-cells": NoteKind("Info", ("range", "value")),
    "formula-without-value": NoteKind("Violation", ("formula",)),
    "error-cell": NoteKind("Violation", ("value",)),
    "cut-text": NoteKind("Violation", ("length",)),
    "year-in-date": NoteKind("Info", ("value", "year")),
    "serial-date": NoteKind("Info", ("value", "date")),
    "percent-read": NoteKind("Info", ("text", "value")),
    "number-read": NoteKind("Info", ("text", "value")),
    "unknown-language": NoteKind("Violation", ("value", "used", "nearest")),
    "read-as-language": NoteKind("Warning", ("value", "text", "nearest")),
    "language-in-brackets": NoteKind("Warning", ("value", "nearest")),
    "code-in-brackets": NoteKind("Warning", ("value", "nearest")),
    "id-twice": NoteKind("Violation", ("value", "other")),
    "unknown-kind": NoteKind("Violation", ("value", "nearest")),
    "which-place": NoteKind("Violation", ("value",)),
    "unknown-row": NoteKind("Violation", ("value", "nearest")),
    "ambiguous-row": NoteKind("Violation", ("value", "count")),
    "several-documents": NoteKind("Violation", ("document",)),
    "no-name": NoteKind("Violation", ("value",)),
    "several-bodies": NoteKind("Warning", ("value", "names")),
    "e-mail-in-text": NoteKind("Warning", ("value",)),
    "telephone-in-text": NoteKind("Warning", ("value",)),
    "address-in-text": NoteKind("Warning", ("value",)),
    "near-name": NoteKind("Warning", ("value", "nearest")),
    "subtotal-row": NoteKind("Info", ("value",)),
    "other-version": NoteKind("Info", ("version", "current")),
    "unread-statement": NoteKind("Violation", ("value",)),
    "csv-encoding": NoteKind("Info", ("encoding",)),
    "macros": NoteKind("Info", ()),
}
"""Every kind of note that reading makes; its sentence is in ``shapes/messages`` under ``note.<key>``."""
