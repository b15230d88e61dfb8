"""JSON text as values that know where they stand; what is no JSON, or no JSON that two readers agree on, is refused.

JSON libraries keep the last of two equal keys, take NaN, and say nothing of positions.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import NamedTuple

from ..errors import IntakeError
from .limits import Limits
from .locations import pointer
from .text import deepest, line_of

Path = tuple[str | int, ...]

_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\Z)|([\[{])|([\]}])', re.DOTALL)
_TOKEN = re.compile(r'[ \t\r\n:,]*+("(?:[^"\\]|\\.)*+"|[\[\]{}]|[^ \t\r\n\[\]{}:,"]+)', re.DOTALL)
_HALF = re.compile(r"\\\\|\\u[dD][89abAB][0-9A-Fa-f]{2}\\u[dD][c-fC-F][0-9A-Fa-f]{2}|(\\u[dD][89a-fA-F][0-9A-Fa-f]{2})")
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


class Json(NamedTuple):
    """A value: where its text begins and ends, its path from the outermost value, and what it holds.

    ``inner`` is a dict or a list of values, or the text of a string; of a number, true, false and null it is the
    token, and ``is_text`` is false.
    """

    start: int
    end: int
    path: Path
    inner: dict[str, Json] | list[Json] | str
    is_text: bool = False

    @property
    def items(self) -> list[Json]:
        """The values of a list; of anything else the value itself."""
        return self.inner if isinstance(self.inner, list) else [self]

    @property
    def pairs(self) -> dict[str, Json]:
        """The values of an object by key, none of anything else."""
        return self.inner if isinstance(self.inner, dict) else {}

    @property
    def is_null(self) -> bool:
        """Whether this is null."""
        return self.inner == "null" and not self.is_text

    def scalars(self) -> Iterator[Json]:
        """Yield every text, number, true, false and null in the order of the file."""
        if isinstance(self.inner, str):
            yield self
        else:
            for each in self.inner.values() if isinstance(self.inner, dict) else self.inner:
                yield from each.scalars()


def parse(text: str, name: str, limits: Limits) -> Json:
    """Return the outermost value.

    Raises IntakeError where the text is too deep or no JSON, for a key that stands twice in one object, for NaN, and
    for a list right inside a list.
    """
    depth = deepest(_BRACKET, text)
    if depth > limits.json_depth:
        raise limits.exceeded("json-depth", depth, name)
    half = next((match for match in _HALF.finditer(text) if match[1]), None) if "\\u" in text else None
    if half is not None:
        problem, line = f"{half[1]} is half of a character.", line_of(text, half.start())
        raise IntakeError(name, problem, line=line, mend="Write the character itself.", key="syntax")
    try:
        json.loads(text, parse_int=str)
    except json.JSONDecodeError as error:
        problem, mend = _SAID.get(error.msg.removesuffix(": "), (f"this is not valid JSON: {error.msg}.", ""))
        if text.startswith(("//", "/*", "#"), error.pos):
            problem, mend = "a comment stands here, and JSON has none.", "Delete it."
        elif not text[error.pos :].strip():
            problem, mend = "the file ends inside the JSON: it may have been cut off.", "Send the whole file."
        raise IntakeError(name, problem, line=error.lineno, mend=mend, key="syntax") from error
    return _Parser(text, name).value()


class _Parser:
    """Goes through the tokens of valid JSON."""

    def __init__(self, text: str, name: str) -> None:
        self._text, self._name = text, name
        self._next = _TOKEN.finditer(text).__next__

    def value(self, match: re.Match[str] | None = None, path: Path = ()) -> Json:
        """Return the value that begins with a token."""
        begin = end = match or self._next()
        mark = begin[1]
        inner: dict[str, Json] | list[Json] | str = mark
        if mark == "{":
            inner = {}
            while (end := self._next())[1] != "}":
                key = _unquoted(end[1])
                if key in inner:
                    mend = "Only one would be kept: write several values as a list."
                    raise self._refused(end, f"the key {key!r} stands twice in one object.", mend, (*path, key))
                inner[key] = self.value(None, (*path, key))
        elif mark == "[":
            inner = []
            while (end := self._next())[1] != "]":
                if end[1] == "[":
                    problem = "a list stands inside a list, and readers of JSON-LD do not agree what that means."
                    raise self._refused(end, problem, "Write the values as one list.", (*path, len(inner)))
                inner.append(self.value(end, (*path, len(inner))))
        elif mark in {"NaN", "Infinity", "-Infinity"}:
            raise self._refused(begin, f"{mark} is no value of JSON.", "Leave it out.", path)
        elif mark[0] == '"':
            inner = _unquoted(mark)
        return Json(begin.start(1), end.end(1), path, inner, mark[0] == '"')

    def _refused(self, at: re.Match[str], problem: str, mend: str, path: Path) -> IntakeError:
        line = line_of(self._text, at.start(1))
        return IntakeError(self._name, problem, line=line, pointer=pointer(path), mend=mend, key="syntax")


def _unquoted(token: str) -> str:
    return str(json.loads(token)) if "\\" in token else token[1:-1]
