"""JSON text as values that know where they stand; what is no JSON, or no JSON that two readers agree on, is refused.

JSON libraries keep the last of two equal keys, take NaN, and say nothing of positions.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from typing import Any, NamedTuple

from ..errors import IntakeError
from .limits import Limits
from .record import Location
from .text import deepest, line_of, line_starts

_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\Z)|([\[{])|([\]}])', re.DOTALL)
_MARK = re.compile(r'"(?:[^"\\]|\\.)*+"|\{', re.DOTALL)
_HALF = re.compile(r"\\\\|\\u[dD][89abAB][0-9A-Fa-f]{2}\\u[dD][c-fC-F][0-9A-Fa-f]{2}|(\\u[dD][89a-fA-F][0-9A-Fa-f]{2})")
_NOT_A_NUMBER = {"NaN", "Infinity", "-Infinity"}
_SAID = {
    "Expecting ',' delimiter": ("a comma is missing before this.", "Set a comma between two values or pairs."),
    "Expecting ':' delimiter": ("a colon is missing after the key.", 'Write "key": value.'),
    "Expecting property name enclosed in double quotes": (
        "a key in double quotes is expected here.",
        "Delete a comma before a closing bracket; write keys with straight double quotes.",
    ),
    "Illegal trailing comma before end of object": ("a comma stands before a closing bracket.", "Delete it."),
    "Illegal trailing comma before end of array": ("a comma stands before a closing bracket.", "Delete it."),
    "Expecting value": (
        "a value is expected here.",
        "Delete a comma before a closing bracket; text needs straight double quotes; there are no comments in JSON.",
    ),
    "Extra data": ("something stands after the end of the JSON.", "Put several records into one list [ ... ]."),
    "Unterminated string starting at": ("the text that begins here is not closed.", "Close it with a double quote."),
    "Invalid control character at": ("a line break or tab stands in a text.", "Write it as \\n or \\t."),
    "Invalid \\escape": ("a backslash stands here that begins no escape.", "Write a backslash as \\\\."),
    "Invalid \\uXXXX escape": ("\\u must be followed by four hexadecimal digits.", "Mend the escape."),
}


class Number(str):
    """A number as it is written, or NaN."""

    __slots__ = ()


class Object(dict[str, Any]):
    """An object: ``place`` is where it begins, ``at`` where each of its keys stands, with the pointer to its value."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.pairs, self.place, self.at = pairs, Location(""), dict[str, Location]()


class Word(NamedTuple):
    """A text, number, true or false inside a context: its key, its place and, of a text, where it begins and ends."""

    key: str
    text: str
    place: Location
    start: int
    end: int


def refused(place: Location, problem: str, mend: str, key: str = "syntax") -> IntakeError:
    """Return the error on what stands at a place."""
    return IntakeError(place.file, problem, line=place.line, pointer=place.pointer, mend=mend, key=key)


def parse(text: str, name: str, limits: Limits) -> tuple[Any, list[Word]]:
    """Return the outermost value, with every object an :class:`Object`, and the texts inside contexts.

    Raises IntakeError where the text is too deep or no JSON, for a key that stands twice in one object, for NaN, and
    for a list right inside a list.
    """
    depth = deepest(_BRACKET, text)
    if depth > limits.json_depth:
        raise limits.exceeded("json-depth", depth, name)
    half = next((match for match in _HALF.finditer(text) if match[1]), None) if "\\u" in text else None
    if half is not None:
        problem = f"{half[1]} is half of a character."
        raise refused(Location(name, line_of(text, half.start())), problem, "Write the character itself.")
    try:
        document = json.loads(
            text, object_pairs_hook=Object, parse_int=Number, parse_float=Number, parse_constant=Number
        )
    except json.JSONDecodeError as error:
        problem, mend = _SAID.get(error.msg.removesuffix(": "), (f"this is not valid JSON: {error.msg}.", ""))
        if text.startswith(("//", "/*", "#"), error.pos):
            problem, mend = "a comment stands here, and JSON has none.", "Delete it."
        elif not text[error.pos :].strip():
            problem, mend = "the file ends inside the JSON: it may have been cut off.", "Send the whole file."
        raise refused(Location(name, error.lineno), problem, mend) from error
    locator = _Locator(text, name)
    locator.visit(document, Location(name, 1))
    return document, locator.words


class _Locator:
    """Goes through the values in the order of the text, beside the strings and objects that are marked in it."""

    def __init__(self, text: str, name: str) -> None:
        self.words: list[Word] = []
        self._name, self._starts, self._marks = name, line_starts(text), _MARK.finditer(text)

    def visit(self, value: Any, place: Location, key: str = "", *, in_context: bool = False) -> None:
        """Give a value and what is in it their places; ``place`` is that of the key before it."""
        if isinstance(value, Object):
            value.place = place._replace(line=self._line(next(self._marks)))
            for inner, each in value.pairs:
                pointer = f"{place.pointer}/{inner.replace('~', '~0').replace('/', '~1')}"  # RFC 6901
                at = Location(self._name, self._line(next(self._marks)), pointer)
                if inner in value.at:
                    mend = "Only one would be kept: write several values as a list."
                    raise refused(at, f"the key {inner!r} stands twice in one object.", mend)
                value.at[inner] = at
                self.visit(each, at, inner, in_context=in_context or inner == "@context")
        elif isinstance(value, list):
            for number, each in enumerate(value):
                at = place._replace(pointer=f"{place.pointer}/{number}")
                if isinstance(each, list):
                    problem = "a list stands inside a list, and readers of JSON-LD do not agree what that means."
                    raise refused(at, problem, "Write the values as one list.")
                self.visit(each, at, key, in_context=in_context)
        else:
            self._scalar(value, place, key, in_context=in_context)

    def _scalar(self, value: Any, place: Location, key: str, *, in_context: bool) -> None:
        if isinstance(value, Number) and value in _NOT_A_NUMBER:
            raise refused(place, f"{value} is no value of JSON.", "Leave it out.")
        start = end = 0
        if type(value) is str:
            start, end = next(self._marks).span()
            place = place._replace(line=bisect_right(self._starts, start))
        if in_context and value is not None:
            self.words.append(Word(key, str(value).lower() if isinstance(value, bool) else value, place, start, end))

    def _line(self, mark: re.Match[str]) -> int:
        return bisect_right(self._starts, mark.start())
