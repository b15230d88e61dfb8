"""What reading a file gives: its triples, each with its location once it is asked for, and notes for the sender."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
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
        """Such as ``plan.ttl:41``, ``plan.jsonld:9#/title``, ``plan.xlsx Goals!D7`` or ``plan.zip goals.csv:7:D``."""
        if self.sheet:
            inside = f"{self.sheet}:{self.line}" if self.line else self.sheet
            cell = f"{':' if self.line else '!'}{self.cell}" if self.cell else ""
            return f"{self.file} {inside}{cell}"
        line = f":{self.line}" if self.line else ""
        return f"{self.file}{line}{'#' + self.pointer if self.pointer else ''}"


class Note(NamedTuple):
    """Something to tell the sender that no shape can see; ``key`` names its sentence in ``shapes/messages``."""

    key: str
    values: dict[str, str]
    place: Location


class Locations(NamedTuple):
    """Per triple the location of its value, and that where its subject begins to be described."""

    values: Sequence[Location]
    subjects: Sequence[Location]


class Record:
    """The triples of one file, in its order, each once, lexical forms as written; no other file has its blank nodes.

    ``format`` is one of ``rdf.formats.FORMATS``. ``places`` gives the locations of ``triples``, one by one, or is a
    function that does and pickles. Of sheets, ``cells`` has the cell of each property, and of each rule that belongs to
    a column, by subject and property or rule, also where it is empty; ``headings`` are by sheet and column or line.
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
        """Return the most exact location known of a triple, of a subject's first such triple, or of a subject.

        A subject that is only pointed to stands where it is first pointed to; what the file does not hold at all has
        the location of the file. ``predicate`` may be a rule, whose findings belong to a column.
        """
        places, by_subject, pointed = self._index
        if stated := by_subject.get(subject):
            number = stated.get((predicate, value), stated.get(predicate))
            origin = places.subjects[next(iter(stated.values()))]
            found = origin if number is None else places.values[number]
        else:
            origin = found = places.values[pointed[subject]] if subject in pointed else Location(self.source)
        if predicate is None or found != origin:
            return found
        return self._cells.get((name_of_term(subject), name_of_term(predicate)), found)

    @cached_property
    def _index(self) -> tuple[Locations, dict[Term, dict[object, int]], dict[Term, int]]:
        """The locations, the number of each triple by subject and what it states, and by what points to it first."""
        places = self._places() if callable(self._places) else self._places
        by_subject: dict[Term, dict[object, int]] = {}
        pointed: dict[Term, int] = {}
        for number, (subject, predicate, value) in enumerate(self.triples if places else ()):
            stated = by_subject.setdefault(subject, {})
            stated[predicate, value] = number
            stated.setdefault(predicate, number)
            pointed.setdefault(value, number)
        return places or Locations([], []), by_subject, pointed

    def __getstate__(self) -> dict[str, object]:
        """Triples travel as N-Triples: fifty times faster than term by term."""
        lines = pyoxigraph.serialize(self.triples, format=pyoxigraph.RdfFormat.N_TRIPLES)
        return {name: value for name, value in self.__dict__.items() if name != "_index"} | {"triples": lines}

    def __setstate__(self, state: dict[str, object]) -> None:
        self.__dict__.update(state)
        lines: bytes = state["triples"]  # type: ignore[assignment]
        self.triples = [quad.triple for quad in pyoxigraph.parse(lines, format=pyoxigraph.RdfFormat.N_TRIPLES)]


def languages_of(triples: Iterable[pyoxigraph.Triple]) -> list[str]:
    """Return the language tags of texts, that of the most first."""
    tags = Counter(getattr(triple.object, "language", None) or "" for triple in triples)
    return [tag for tag, _ in tags.most_common() if tag]


def name_of_term(term: object) -> str:
    """Return an IRI or the name of a blank node, without signs around it; anything else as it is written."""
    return term.value if isinstance(term, (pyoxigraph.NamedNode, pyoxigraph.BlankNode)) else str(term)
