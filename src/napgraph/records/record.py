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

    How grave it is and its sentence are in ``shapes/messages``, by ``key``; ``values`` fill the slots of the sentence.
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
        self._stated: dict[Term, dict[object, int]] = {}

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
        places, by_subject, pointed = self._index
        numbers = by_subject.get(subject, ())
        if numbers:
            stated = self._stated_of(subject, numbers)
            number = stated.get((predicate, value), stated.get(predicate))
            origin = places.subjects[numbers[0]]
            found = origin if number is None else places.values[number]
        else:
            origin = found = places.values[pointed[subject]] if subject in pointed else Location(self.source)
        if predicate is None or found != origin:
            return found
        return self._cells.get((name_of_term(subject), name_of_term(predicate)), found)

    def _stated_of(self, subject: Term, numbers: list[int]) -> dict[object, int]:
        """Return the position of each statement of a subject by predicate and value, of the first by predicate."""
        stated = self._stated.get(subject)
        if stated is None:
            stated = self._stated[subject] = {}
            for number in numbers:
                _, predicate, value = self.triples[number]
                stated[predicate, value] = number
                stated.setdefault(predicate, number)
        return stated

    @cached_property
    def _index(self) -> tuple[Locations, dict[Term, list[int]], dict[Term, int]]:
        """The places, and the positions of each subject's statements and of the first that points to each node.

        Nothing where no places are known.
        """
        places = self._places() if callable(self._places) else self._places
        by_subject: dict[Term, list[int]] = {}
        pointed: dict[Term, int] = {}
        for number, (subject, _, value) in enumerate(self.triples if places else ()):
            by_subject.setdefault(subject, []).append(number)
            pointed.setdefault(value, number)
        return places or Locations([], []), by_subject, pointed

    def __getstate__(self) -> dict[str, object]:
        """Statements travel as N-Triples: fifty times faster than term by term."""
        lines = pyoxigraph.serialize(self.triples, format=pyoxigraph.RdfFormat.N_TRIPLES)
        kept = {name: value for name, value in self.__dict__.items() if name != "_index"}
        return kept | {"triples": lines, "_stated": {}}

    def __setstate__(self, state: dict[str, object]) -> None:
        self.__dict__.update(state)
        lines: bytes = state["triples"]  # type: ignore[assignment]
        self.triples = [quad.triple for quad in pyoxigraph.parse(lines, format=pyoxigraph.RdfFormat.N_TRIPLES)]

    def __repr__(self) -> str:
        return f"<Record {self.source}: {len(self.triples)} statements, {len(self.notes)} notes>"


def name_of_term(term: object) -> str:
    """Return an IRI or the name of a blank node, without signs around it; anything else as it is written."""
    return term.value if isinstance(term, (pyoxigraph.NamedNode, pyoxigraph.BlankNode)) else str(term)
