"""What reading a file gives: its statements, each with its place, and what the sender should know about it.

A place is worked out when it is first asked for: a file in which nothing is wrong never pays for it. The sentences of
the notes are the report's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
        self._index: dict[tuple[Term | None, ...], Location] | None = None

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
        if self._index is None:
            self._index = self._indexed()
        origin = self._index.get((subject,), Location(self.source))
        found = self._index.get((subject, predicate, value)) or self._index.get((subject, predicate)) or origin
        if predicate is None or found != origin:
            return found
        return self._cells.get((name_of_term(subject), name_of_term(predicate)), found)

    def _indexed(self) -> dict[tuple[Term | None, ...], Location]:
        places = self._places() if callable(self._places) else self._places
        index: dict[tuple[Term | None, ...], Location] = {}
        if places is None:
            return index
        pointed: dict[tuple[Term | None, ...], Location] = {}
        for triple, at, block in zip(self.triples, places.values, places.subjects, strict=True):
            subject, predicate, value = triple
            index[triple.subject, triple.predicate, triple.object] = at
            index.setdefault((subject, predicate), at)
            index.setdefault((subject,), block)
            pointed.setdefault((value,), at)
        return pointed | index

    def __getstate__(self) -> dict[str, object]:
        """Statements travel as N-Triples: fifty times faster than term by term."""
        lines = pyoxigraph.serialize(self.triples, format=pyoxigraph.RdfFormat.N_TRIPLES)
        return self.__dict__ | {"triples": lines, "_index": None}

    def __setstate__(self, state: dict[str, object]) -> None:
        self.__dict__.update(state)
        lines: bytes = state["triples"]  # type: ignore[assignment]
        self.triples = [quad.triple for quad in pyoxigraph.parse(lines, format=pyoxigraph.RdfFormat.N_TRIPLES)]

    def __repr__(self) -> str:
        return f"<Record {self.source}: {len(self.triples)} statements, {len(self.notes)} notes>"


def name_of_term(term: object) -> str:
    """Return an IRI or the name of a blank node, without signs around it; anything else as it is written."""
    return term.value if isinstance(term, (pyoxigraph.NamedNode, pyoxigraph.BlankNode)) else str(term)
