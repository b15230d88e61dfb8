"""What reading a file gives: its statements, each with its place, and what the sender should be told about it.

A place is worked out when it is first asked for: a file in which nothing is wrong never pays for it. The sentences of
the notes are the report's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import pyoxigraph

Subject = pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Triple
Term = Subject | pyoxigraph.Literal


class Place(NamedTuple):
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
    place: Place


class Locations(NamedTuple):
    """Per statement the place of its value, and the place where its subject begins to be described."""

    values: Sequence[Place]
    subjects: Sequence[Place]


class Record:
    """The statements of one file, in its order, each once; blank nodes bear names that no other file has.

    Lexical forms are exactly as written. ``format`` is turtle, trig, n-triples, n-quads, json-ld, rdf-xml, xlsx or
    csv. ``places`` gives the places of ``triples``, one by one, or is a function that does; to outlive its process
    it must pickle.
    """

    def __init__(
        self,
        source: str,
        format: str,  # noqa: A002
        triples: list[pyoxigraph.Triple],
        notes: list[Note] | None = None,
        places: Locations | Callable[[], Locations] | None = None,
    ) -> None:
        self.source, self.format, self.triples = source, format, triples
        self.notes = notes or []
        self._places = places
        self._index: dict[tuple[Term, ...], Place] | None = None

    def heading(self, place: Place) -> Mapping[str, str]:  # noqa: ARG002
        """Return the heading of a cell by language, where sheets were read."""
        return {}

    def place(self, subject: Term, predicate: Term | None = None, value: Term | None = None) -> Place:
        """Return the most exact place known of a statement, of a subject's first such statement, or of a subject.

        A subject that is only pointed to stands where it is first pointed to; what the file does not hold at all has
        the place of the file.
        """
        if self._index is None:
            self._index = self._indexed()
        for key in ((subject, predicate, value), (subject, predicate), (subject,)):
            if key[-1] is not None and (found := self._index.get(key)):  # type: ignore[arg-type]
                return found
        return Place(self.source)

    def _indexed(self) -> dict[tuple[Term, ...], Place]:
        places = self._places() if callable(self._places) else self._places
        index: dict[tuple[Term, ...], Place] = {}
        if places is None:
            return index
        pointed: dict[tuple[Term, ...], Place] = {}
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


class Kind(NamedTuple):
    """How grave a note is where nothing else is said, the names of its values, and what it means."""

    severity: str
    values: tuple[str, ...]
    meaning: str


KEYS = {
    "wrong-name": Kind("Warning", ("claimed", "found"), "The name claims one format, the content is in another."),
    "named-graphs": Kind(
        "Warning", ("graphs", "number"), "The statements stand in named graphs; they were taken as one graph."
    ),
    "ill-typed": Kind(
        "Violation",
        ("value", "datatype", "reason", "example"),
        "A value is not written as its datatype asks; reason is one of lexical.Fault.",
    ),
    "damaged-text": Kind(
        "Warning",
        ("value", "character"),
        "A text holds a character that stands for others that were lost, or a control character.",
    ),
    "decomposed-text": Kind(
        "Warning", ("value",), "A text is not in Unicode's normal form C, so that it may not be found or compared."
    ),
    "not-to-be-taken": Kind("Violation", ("value",), "A statement is not the sender's to make, whatever it says."),
    "recorded-otherwise": Kind(
        "Violation", ("value", "resource", "count"), "Something else is recorded of this resource already."
    ),
    "dropped-key": Kind("Violation", ("key", "near"), "No context maps this key, so nothing below it was read."),
    "dropped-iri": Kind("Violation", ("value", "near"), "This is no full IRI where one is needed, so it was not read."),
    "dropped-value": Kind("Violation", ("key",), "This value says nothing as it stands, so it was not read."),
    "rewritten-number": Kind(
        "Warning", ("written", "read"), "JSON-LD does not keep a number like this as it is written."
    ),
    "prefix-as-property": Kind("Violation", ("key", "near"), "This is a prefix by itself and no property."),
    "unknown-sheet": Kind("Violation", ("sheet", "nearest"), "No sheet of the workbook is called so; it was not read."),
    "no-headings": Kind("Violation", ("sheet", "headings"), "A sheet has no line of headings; it was not read."),
    "unknown-column": Kind(
        "Violation", ("column", "count", "nearest", "sheet"), "No column is called so; its cells were not read."
    ),
    "no-heading": Kind("Violation", ("column", "count", "nearest", "sheet"), "Cells stand below no heading."),
    "example-changed": Kind(
        "Violation", ("value",), "The example, which is not read, holds something of the sender's."
    ),
    "hidden-sheet": Kind("Info", ("sheet",), "A sheet that is hidden was read."),
    "hidden-rows": Kind("Info", ("rows",), "Rows that are hidden were read."),
    "hidden-columns": Kind("Info", ("columns",), "Columns that are hidden were read."),
    "merged-cells": Kind("Info", ("range", "value"), "Merged cells count for each row that they span."),
    "formula-without-value": Kind("Violation", ("formula",), "A formula was saved without the value that it gives."),
    "error-cell": Kind("Violation", ("value",), "A cell holds an error of the spreadsheet in place of a value."),
    "cut-text": Kind("Violation", ("length",), "A text is as long as a cell can be, so its end may be lost."),
    "year-in-date": Kind("Info", ("value", "year"), "A year stands in a cell for dates, as the day of that number."),
    "serial-date": Kind("Info", ("value", "date"), "A number stands where a date should, and was read as its day."),
    "percent-read": Kind("Info", ("text", "value"), "A percentage was read as its number."),
    "number-read": Kind("Info", ("text", "value"), "A number with signs of the thousands or a comma was read."),
    "unknown-language": Kind("Violation", ("value", "used", "nearest"), "The workbook's language is no language tag."),
    "read-as-language": Kind("Warning", ("value", "text", "nearest"), "Letters in brackets were read as a language."),
    "language-in-brackets": Kind("Warning", ("value", "nearest"), "A language in brackets that is no tag stays text."),
    "code-in-brackets": Kind("Warning", ("value", "nearest"), "A code in brackets stays text where it is not listed."),
    "id-twice": Kind("Violation", ("value", "other"), "Two rows of a sheet have the same id."),
    "unknown-kind": Kind("Violation", ("value", "nearest"), "A row is of a kind that its sheet does not have."),
    "which-place": Kind("Violation", ("value",), "The cell of evidence names no place that can be found."),
    "unknown-row": Kind("Violation", ("value", "nearest"), "A cell refers to a row that there is not."),
    "ambiguous-row": Kind("Violation", ("value", "count"), "A cell refers to what several rows are called."),
    "several-documents": Kind("Violation", ("document",), "A row does not say which of several documents is meant."),
    "no-name": Kind("Violation", ("value",), "A cell for the name of a body says that there is none."),
    "several-bodies": Kind("Warning", ("value", "names"), "A cell seems to name several bodies in one."),
    "e-mail-in-text": Kind("Warning", ("value",), "A text holds an e-mail address, which may be a person's."),
    "telephone-in-text": Kind("Warning", ("value",), "A text holds a telephone number, which may be a person's."),
    "address-in-text": Kind("Warning", ("value",), "A text holds a postal address, which may be a person's."),
    "near-name": Kind("Warning", ("value", "nearest"), "A new body is called almost like another."),
    "subtotal-row": Kind("Info", ("value",), "A row is a subtotal; it was not read."),
    "other-version": Kind("Info", ("version", "current"), "The template is of another version."),
    "unread-statement": Kind("Violation", ("value",), "A row of the sheet of other statements is no statement."),
    "csv-encoding": Kind("Info", ("encoding",), "A CSV sheet is in another encoding than UTF-8."),
    "macros": Kind("Info", (), "The workbook holds macros, which are not run."),
}
