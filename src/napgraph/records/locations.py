"""Where the triples of a text stand: per format the scan that knows, and the parser itself where it does not agree.

A scan must give as many lines as the strict parser gave triples. Where the counts differ, the text is parsed again line
by line, and a triple gets the line at which it came out.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import pyoxigraph

from ..rdf.formats import RDF
from .rdfxml import statement_lines
from .record import Location, Locations
from .source import line_starts


@dataclass(frozen=True)
class LineLocations:
    """The locations of a record in Turtle, TriG, a line format or RDF/XML, worked out when called.

    ``count`` is how many triples the parser gave, ``kept`` which of them the record holds (None: all).
    """

    source: str
    format: str
    content: bytes
    count: int = -1
    kept: tuple[int, ...] | None = None

    def __call__(self) -> Locations:
        """Return the locations, one per triple of the record."""
        values, subjects = self.lines()
        kept = self.kept if self.kept is not None else range(self.count)
        made = {line: Location(self.source, line) for line in {*values, *subjects}}
        return Locations([made[values[index]] for index in kept], [made[subjects[index]] for index in kept])

    def lines(self) -> tuple[Sequence[int], Sequence[int]]:
        """Return the line of each triple that the parser gave, and the line where its subject's block begins."""
        scanned = self.scanned()
        return scanned if len(scanned[0]) == self.count else _lines_by_parser(self.content, self.format)

    def scanned(self) -> tuple[Sequence[int], Sequence[int]]:
        """Return the lines as the scan gives them, whether they agree with the parser or not."""
        return _SCANS[self.format](self.content)


class LineReader(BytesIO):
    """A file that gives one line at a time, a long one in parts, and knows which line it is at."""

    line = 0
    _is_new = True

    def read(self, size: int | None = -1, /) -> bytes:
        """Return the rest of the line, at most ``size`` bytes, empty at the end: a parser aborts on more than asked."""
        part = self.readline(size)
        self.line += bool(part) and self._is_new
        self._is_new = part.endswith(b"\n")
        return part


def _lines_by_parser(content: bytes, form: str) -> tuple[list[int], list[int]]:
    fed = LineReader(content)
    values, subjects = [], []
    first: dict[object, int] = {}
    for quad in pyoxigraph.parse(fed, format=RDF[form]):
        values.append(fed.line)
        subjects.append(first.setdefault(quad.subject, fed.line))
    return values, subjects


def _turtle(content: bytes) -> tuple[list[int], list[int]]:
    from .turtle import statement_offsets

    text = content.decode("utf-8")
    starts = line_starts(text)
    objects, subjects = statement_offsets(text)
    return [bisect_right(starts, at) for at in objects], [bisect_right(starts, at) for at in subjects]


def _lines(content: bytes) -> tuple[list[int], list[int]]:
    lines = enumerate(map(bytes.strip, content.splitlines()), 1)
    found = [number for number, line in lines if line and line[:1] != b"#"]
    return found, found


_SCANS = {"turtle": _turtle, "trig": _turtle, "n-triples": _lines, "n-quads": _lines, "rdf-xml": statement_lines}
