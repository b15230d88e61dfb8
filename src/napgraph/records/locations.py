"""Where the triples of a text stand: per format the scan that knows, and the parser itself where it does not agree.

There the text is parsed again line by line, and a triple gets the line at which it came out.
"""

from bisect import bisect_right
from collections.abc import Sequence
from io import BytesIO

import pyoxigraph

from ..rdf.formats import RDF
from .rdfxml import statement_lines
from .record import Location, Locations
from .source import line_starts

Lines = tuple[list[int], list[int]]


def locate(source: str, form: str, content: bytes, count: int, kept: Sequence[int]) -> Locations:
    """Return the locations in ``content`` of the triples ``kept``, by number, of the ``count`` that the parser gave."""
    values, subjects = line_numbers(form, content, count)
    made = {line: Location(source, line) for line in {*values, *subjects}}
    return Locations([made[values[number]] for number in kept], [made[subjects[number]] for number in kept])


def line_numbers(form: str, content: bytes, count: int) -> Lines:
    """Return the line of each triple that the parser gave, and the line where its subject's block begins."""
    scanned = SCANS[form](content)
    return scanned if len(scanned[0]) == count else _lines_by_parser(content, form)


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


def _lines_by_parser(content: bytes, form: str) -> Lines:
    fed = LineReader(content)
    values, subjects = [], []
    first: dict[object, int] = {}
    for quad in pyoxigraph.parse(fed, format=RDF[form]):
        values.append(fed.line)
        subjects.append(first.setdefault(quad.subject, fed.line))
    return values, subjects


def _turtle(content: bytes) -> Lines:
    from .turtle import statement_offsets

    text = content.decode("utf-8")
    starts = line_starts(text)
    objects, subjects = statement_offsets(text)
    return [bisect_right(starts, at) for at in objects], [bisect_right(starts, at) for at in subjects]


def _lines(content: bytes) -> Lines:
    lines = enumerate(map(bytes.strip, content.splitlines()), 1)
    found = [number for number, line in lines if line and line[:1] != b"#"]
    return found, found


SCANS = {"turtle": _turtle, "trig": _turtle, "n-triples": _lines, "n-quads": _lines, "rdf-xml": statement_lines}
