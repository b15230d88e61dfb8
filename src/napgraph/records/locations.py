"""Where the triples of a text stand: per format a scan, and the parser itself, line by line, where it does not agree.

pyoxigraph's parser of Turtle, whose order the scan follows, gives triples by token, and backwards within one token.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from io import BytesIO
from xml.parsers import expat

import pyoxigraph

from ..errors import IntakeError
from ..rdf.formats import RDF
from .limits import Limits
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
TOKEN = re.compile(
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
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_DECLARED = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)")
_NO_STATEMENT = {f"{_RDF} {name}" for name in ("about", "ID", "nodeID", "resource", "datatype", "parseType", "bagID")}
_XML = "http://www.w3.org/XML/1998/namespace "
_SAID = {
    "mismatched tag": "this closing tag does not belong to the element that is open here.",
    "no element found": "the file ends before every element is closed: it may have been cut off.",
    "unclosed token": "the file ends in the middle of a tag: it may have been cut off.",
    "junk after document element": "something stands after the end of the outermost element.",
    "unbound prefix": "a prefix is used here that no xmlns declares.",
    "undefined entity": "an entity is used here that XML does not know; write the character itself.",
    "duplicate attribute": "an attribute stands twice in this tag.",
    "not well-formed (invalid token)": "this is no XML: a bare < or &, a wrong quote, or a character that XML forbids.",
}

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


def guard(content: bytes, name: str, limits: Limits) -> None:
    """Raise IntakeError for XML that is not to be parsed: with a DOCTYPE, too deep, not closed, or not RDF."""
    encoding = _DECLARED.match(content)
    if encoding and encoding[1].lower() not in {b"utf-8", b"utf8"}:
        problem = f"the file says that it is saved as {encoding[1].decode()}."
        mend = "Save it as UTF-8, and say encoding='UTF-8' in its first line."
        raise IntakeError(name, problem, line=1, mend=mend, key="encoding")
    parser = expat.ParserCreate(namespace_separator=" ")
    opened: list[str] = []
    spaces = set()

    def start(element: str, _attributes: object) -> None:
        opened.append(element)
        if len(opened) > limits.nesting:
            raise limits.exceeded("nesting", None, name, line=parser.CurrentLineNumber)

    def doctype(*_: object) -> None:
        problem = "a DOCTYPE stands here; it is not read, as it can hide other content."
        mend = "Delete it and write the IRIs out, or save the file as Turtle."
        raise IntakeError(name, problem, line=parser.CurrentLineNumber, mend=mend, key="doctype")

    parser.StartElementHandler, parser.EndElementHandler = start, lambda _: opened.pop()
    parser.StartDoctypeDeclHandler = doctype
    parser.StartNamespaceDeclHandler = lambda _prefix, space: spaces.add(space)
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        words = expat.ErrorString(error.code)
        problem, mend = _SAID.get(words, f"this is not valid XML: {words}."), "Look at this line and above it."
        raise IntakeError(name, problem, line=error.lineno, mend=mend, key="syntax") from error
    if _RDF not in spaces:
        mend = "Send the RDF/XML itself: its outermost element is rdf:RDF."
        raise IntakeError(name, "this is XML, but no RDF stands in it.", mend=mend, key="wrong-kind")


def statement_lines(content: bytes) -> tuple[list[int], list[int]]:
    """Return per triple, in the parser's order, the line of its element and of its subject's element."""
    values: list[int] = []
    subjects: list[int] = []
    # per open element its kind, its line and its subject's, how many triples it states when it closes, and its items
    opened: list[tuple[str, int, int, int, list[int]]] = []
    parser = expat.ParserCreate(namespace_separator=" ")

    def state(line: int, subject: int, times: int) -> None:
        values.extend([line] * times)
        subjects.extend([subject] * times)

    def start(name: str, attributes: dict[str, str]) -> None:
        line, states = parser.CurrentLineNumber, 0
        outer, above, *_, items = opened[-1] if opened else ("", line, line, 0, list[int]())
        stated = sum(1 for key in attributes if key not in _NO_STATEMENT and not key.startswith(_XML))
        if not opened and name == f"{_RDF} RDF":
            kind = "root"
        elif outer == "ignored":
            kind = "ignored"
        elif outer == "node":
            states = 5 if f"{_RDF} ID" in attributes else 1  # one, and four that name it
            parse = attributes.get(f"{_RDF} parseType", "")
            kind = {"": "property", "Resource": "node", "Collection": "list"}.get(parse, "ignored")
            if kind == "node":
                state(line, above, states)
            states = 0 if kind == "node" else states + stated * (kind == "property")
        else:
            kind = "node"
            if outer == "list":
                items.append(line)
            state(line, line, stated + (name != f"{_RDF} Description"))
        opened.append((kind, line, above, states, []))

    def end(_name: str) -> None:
        _, line, subject, states, items = opened.pop()
        state(line, subject, states)
        for item in items:
            state(item, line, 2)

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.Parse(content, True)
    return values, subjects


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
    for match in TOKEN.finditer(text):
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
