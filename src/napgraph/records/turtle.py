"""Find where each statement of Turtle or TriG stands: a scan of text that the strict parser has taken.

The scan goes through the tokens as pyoxigraph's parser does and gives a place to each statement in the order in which
that parser gives them out: by token, and backwards within one token. So place i belongs to statement i. What it does
not know (statements about statements) makes the counts differ, and :mod:`.locations` then falls back.
"""

from __future__ import annotations

import re

_LABEL = r"[^ \t\r\n<>\"'()\[\]{};,.#@^\\|~`!$&*+=/?%:]"
_LOCAL = rf"(?:{_LABEL}|:|%[0-9A-Fa-f]{{2}}|\\.)"
_STRING = r"\"\"\"(?:[^\"\\]|\\.|\"(?!\"\"))*+(?:\"\"\"|\Z)|'''(?:[^'\\]|\\.|'(?!''))*+(?:'''|\Z)"
_SHORT = r"\"(?:[^\"\\\r\n]|\\.)*+(?:\"|$)|'(?:[^'\\\r\n]|\\.)*+(?:'|$)"
_IRI = r"<[^<>\"{}|^`\s]*>"
_TOKEN = re.compile(
    rf"(?:[ \t\r\n]+|\#[^\r\n]*)*+(?:"
    rf"({_STRING}|{_SHORT})"
    rf"|({_IRI}|_:(?:{_LABEL}|\.+(?={_LABEL}))++|(?:{_LABEL}(?:{_LABEL}|\.)*+)?:(?:{_LOCAL}|\.+(?={_LOCAL}))*+"
    rf"|[+-]?(?:[0-9]+\.[0-9]*[eE][+-]?[0-9]+|\.?[0-9]+[eE][+-]?[0-9]+|[0-9]*\.[0-9]+|[0-9]+))"
    rf"|([\[\](){{}};,.])"
    rf"|(@[A-Za-z0-9-]+|\^\^)"
    rf"|([A-Za-z]+)|.|\Z)",
    re.DOTALL | re.MULTILINE,
)
BRACKET = re.compile(rf"{_STRING}|{_SHORT}|{_IRI}|\#[^\r\n]*|\\.|([\[({{]|<<)|([\])}}]|>>)", re.DOTALL | re.MULTILINE)
_TEXTS = re.compile(rf"{_STRING}|{_SHORT}|{_IRI}|\#[^\r\n]*|\\.", re.DOTALL | re.MULTILINE)
_LONG = re.compile(rf"{_STRING}|{_SHORT}|{_IRI}|\#[^\r\n]*|[^\s\"'<\#]++|.", re.DOTALL | re.MULTILINE)
_STRING_GROUP, _TERM, _MARK, _SUFFIX, _WORD = range(1, 6)
_TYPED = "^^"
_DIRECTIVES = {"prefix": 2, "base": 1, "version": 1}  # tokens that follow
_SUBJECT, _PREDICATE, _OBJECT, _ITEM = range(4)
_NEXT = {".": _SUBJECT, "{": _SUBJECT, "}": _SUBJECT, ";": _PREDICATE, ",": _OBJECT}


def without_texts(text: str) -> str:
    """Return the text without its strings, IRIs and comments."""
    return _TEXTS.sub(" ", text)


def longest(text: str) -> tuple[int, str]:
    """Return the longest text, IRI, comment or word, with its offset; JSON and lines of statements do as well."""
    match = max(_LONG.finditer(text), key=lambda each: each.end() - each.start())
    return match.start(), match[0]


def statement_offsets(text: str) -> tuple[list[int], list[int]]:
    """Return per statement the offset of its object, and the offset where its subject's block begins."""
    scan = _Scan()
    for match in _TOKEN.finditer(text):
        if group := match.lastindex:
            scan.token(group, match.start(group), match[group])
    return scan.objects, scan.subjects


class _Scan:
    """Where the scan stands: what is expected next, of which subject, inside which brackets."""

    def __init__(self) -> None:
        self.objects: list[int] = []
        self.subjects: list[int] = []
        self._state, self._subject = _SUBJECT, 0
        self._open: list[tuple[int, int, int]] = []  # per bracket: state outside, subject outside, items so far
        self._text: int | None = None  # a string that may still get its language or datatype
        self._text_subject = 0
        self._typed = False
        self._skip = 0  # tokens of a directive still to come

    def token(self, group: int, offset: int, token: str) -> None:
        """Take up one token."""
        text, self._text = self._text, None
        if text is not None:
            if group == _SUFFIX and token == _TYPED:
                self._text, self._typed = text, True
                return
            if self._typed or group == _SUFFIX:
                self._typed = False
                self._emit(text, self._subject)
                return
        if self._skip:
            self._skip -= 1
        elif group == _MARK:
            self._mark(offset, token)
        elif group == _STRING_GROUP:
            if self._state == _ITEM:
                self._before_item(offset)
            self._text = offset
        elif group in {_WORD, _SUFFIX}:
            self._word(offset, token.lower().removeprefix("@"))
        else:
            self._term(offset)
        if text is not None:
            self._emit(text, self._text_subject)
        self._text_subject = self._subject

    def _emit(self, offset: int, subject: int) -> None:
        self.objects.append(offset)
        self.subjects.append(subject)

    def _word(self, offset: int, word: str) -> None:
        if self._state != _SUBJECT:
            self._term(offset)
        elif word in _DIRECTIVES:
            self._skip = _DIRECTIVES[word]
        # otherwise GRAPH: its name and braces follow

    def _term(self, offset: int) -> None:
        if self._state == _SUBJECT:
            self._subject, self._state = offset, _PREDICATE
        elif self._state == _PREDICATE:
            self._state = _OBJECT
        elif self._state == _OBJECT:
            self._emit(offset, self._subject)
        else:  # one token, so backwards: the item first, then what links its cell
            self._emit(offset, self._subject)
            self._before_item(offset)

    def _before_item(self, offset: int) -> None:
        """Give the statement that links the next item's cell to what stands before it."""
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
