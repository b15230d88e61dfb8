"""Where the triples of a text stand: per format a scan, and the parser itself, line by line, where it does not agree.

pyoxigraph's parser of Turtle, whose order the scan follows, gives triples by token, and backwards within one token.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from io import BytesIO

import pyoxigraph

from ..rdf.formats import RDF
from .rdfxml import statement_lines
from .record import Location, Locations
from .source import line_starts

Lines = tuple[list[int], list[int]]

_GAP = r"(?:[ \t\r\n]+|\#[^\r\n]*)*+"
_LABEL = r"[^ \t\r\n<>\"'()\[\]{};,.#@^\\|~`!$&*+=/?%:]"
_LOCAL = rf"(?:{_LABEL}|:|%[0-9A-Fa-f]{{2}}|\\.)"
_STRING = (
    r"\"\"\"(?:[^\"\\]|\\.|\"(?!\"\"))*+(?:\"\"\"|\Z)|'''(?:[^'\\]|\\.|'(?!''))*+(?:'''|\Z)"
    r"|\"(?:[^\"\\\r\n]|\\.)*+(?:\"|$)|'(?:[^'\\\r\n]|\\.)*+(?:'|$)"
)
_IRI = r"<[^<>\"{}|^`\s]*>"
_NAME = rf"(?:{_LABEL}(?:{_LABEL}|\.)*+)?:(?:{_LOCAL}|\.+(?={_LOCAL}))*+"
_NUMBER = r"[+-]?(?:[0-9]+\.[0-9]*[eE][+-]?[0-9]+|\.?[0-9]+[eE][+-]?[0-9]+|[0-9]*\.[0-9]+|[0-9]+)"
_FLAGS = re.DOTALL | re.MULTILINE
_TOKEN = re.compile(
    rf"{_GAP}(?:(?P<text>{_STRING})(?P<suffix>{_GAP}(?:@[A-Za-z0-9-]+|\^\^{_GAP}(?:{_IRI}|{_NAME})))?"
    rf"|(?i:@?prefix(?=[\s\#]){_GAP}[^\s<]*{_GAP}{_IRI}|@?base(?=[\s\#<]){_GAP}{_IRI}"
    rf"|@?version(?=[\s\#\"']){_GAP}(?:{_STRING}))"
    rf"|(?P<term>{_IRI}|_:(?:{_LABEL}|\.+(?={_LABEL}))++|{_NAME}|{_NUMBER})"
    rf"|(?P<mark>[\[\](){{}};,.])|(?P<word>[A-Za-z]+)|.|\Z)",
    _FLAGS,
)
_PASSED = rf"{_STRING}|{_IRI}|\#[^\r\n]*"
BRACKET = re.compile(rf"{_PASSED}|\\.|([\[({{]|<<)|([\])}}]|>>)", _FLAGS)
_TEXTS = re.compile(rf"{_PASSED}|\\.", _FLAGS)
_LONG = re.compile(rf"{_PASSED}|[^\s\"'<\#]++|.", _FLAGS)
_SUBJECT, _PREDICATE, _OBJECT, _ITEM = range(4)
_NEXT = {".": _SUBJECT, "{": _SUBJECT, "}": _SUBJECT, ";": _PREDICATE, ",": _OBJECT}


def locate(source: str, form: str, content: bytes, count: int, kept: Sequence[int]) -> Locations:
    """Return the locations in ``content`` of the triples ``kept``, by number, of the ``count`` that the parser gave."""
    values, subjects = line_numbers(form, content, count)
    made = {line: Location(source, line) for line in {*values, *subjects}}
    return Locations([made[values[number]] for number in kept], [made[subjects[number]] for number in kept])


def line_numbers(form: str, content: bytes, count: int) -> Lines:
    """Return the line of each triple that the parser gave, and the line where its subject's block begins."""
    scanned = SCANS[form](content) if form in SCANS else ([], [])
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
    text = content.decode("utf-8")
    starts = line_starts(text)
    objects, subjects = statement_offsets(text)
    return [bisect_right(starts, at) for at in objects], [bisect_right(starts, at) for at in subjects]


def _lines(content: bytes) -> Lines:
    lines = enumerate(map(bytes.strip, content.splitlines()), 1)
    found = [number for number, line in lines if line and line[:1] != b"#"]
    return found, found


SCANS = {"turtle": _turtle, "trig": _turtle, "n-triples": _lines, "n-quads": _lines, "rdf-xml": statement_lines}


def without_texts(text: str) -> str:
    """Return the text without its strings, IRIs and comments."""
    return _TEXTS.sub(" ", text)


def longest(text: str) -> tuple[int, str]:
    """Return the longest text, IRI, comment or word, with its offset; JSON and lines of statements do as well."""
    match = max(_LONG.finditer(text), key=lambda each: each.end() - each.start())
    return match.start(), match[0]


def statement_offsets(text: str) -> tuple[list[int], list[int]]:
    """Return per triple the offset of its object, and the offset where its subject's block begins."""
    scan = _Scan()
    for match in _TOKEN.finditer(text):
        if kind := match.lastgroup:
            scan.token(kind, match.start("text" if kind == "suffix" else kind), match[kind])
    return scan.objects, scan.subjects


class _Scan:
    """Where the scan stands: what is expected next, of which subject, inside which brackets."""

    def __init__(self) -> None:
        self.objects: list[int] = []
        self.subjects: list[int] = []
        self._state, self._subject = _SUBJECT, 0
        self._open: list[tuple[int, int, int]] = []  # per bracket: state outside, subject outside, items so far
        self._text: tuple[int, int] | None = None  # a string, for the parser awaits its language or datatype

    def token(self, kind: str, offset: int, token: str) -> None:
        """Take up one token: a ``text``, one with a ``suffix``, a ``term``, a ``mark`` or a bare ``word``."""
        text, self._text = self._text, None
        if kind == "mark":
            self._mark(offset, token)
        elif self._state == _SUBJECT and kind != "word":  # a word is GRAPH: its name and braces follow
            self._subject, self._state = offset, _PREDICATE
        elif self._state == _PREDICATE:
            self._state = _OBJECT
        elif self._state in {_OBJECT, _ITEM}:
            if kind in {"term", "word"}:
                self._emit(offset, self._subject)
            else:
                self._text = offset, self._subject
            if self._state == _ITEM:
                self._before_item(offset)
        if text:
            self._emit(*text)
        if kind == "suffix" and self._text:
            self._emit(*self._text)
            self._text = None

    def _emit(self, offset: int, subject: int) -> None:
        self.objects.append(offset)
        self.subjects.append(subject)

    def _before_item(self, offset: int) -> None:
        """Give the triple that links the next item's cell to what stands before it."""
        state, subject, items = self._open[-1]
        self._open[-1] = (state, subject, items + 1)
        if items:
            self._emit(offset, self._subject)
        elif state != _SUBJECT:
            self._emit(self._subject, subject)

    def _mark(self, offset: int, mark: str) -> None:
        if mark in _NEXT:
            self._state = _NEXT[mark]
        elif mark in "[(":
            if self._state == _ITEM:
                self._before_item(offset)
            self._open.append((self._state, self._subject, 0))
            self._subject, self._state = offset, _PREDICATE if mark == "[" else _ITEM
        elif self._open:
            start = self._subject
            state, subject, items = self._open.pop()
            if items:
                self._emit(offset, start)
            elif state != _SUBJECT:
                self._emit(start, subject)
            self._state, self._subject = (_PREDICATE, start) if state == _SUBJECT else (state, subject)
