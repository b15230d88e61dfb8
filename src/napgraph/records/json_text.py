"""Go through JSON text value by value, each with its path and offset, before and beside any JSON library.

JSON libraries keep the last of two equal keys, take NaN, and say nothing of places. What is not JSON at all is told
in plain words; brackets are counted before anything is parsed.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ..errors import IntakeError
from .limits import Limits
from .locations import pointer
from .text import line_of

__all__ = ["Leaf", "Path", "check", "leaves"]

Path = tuple[str | int, ...]

_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\Z)|([\[{])|([\]}])', re.DOTALL)
_TOKEN = re.compile(r'[ \t\r\n]*+(?:("(?:[^"\\]|\\.)*+")|([\[\]{}:,])|([^ \t\r\n\[\]{}:,"]+))', re.DOTALL)
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


class Leaf(NamedTuple):
    """A value that is no object or list: where its text begins and ends, and its path from the outermost value."""

    start: int
    end: int
    path: Path


def check(text: str, name: str, limits: Limits) -> object:
    """Return the parsed JSON; raises IntakeError where it is too deep, or no JSON."""
    import json

    deepest = now = 0
    for match in _BRACKET.finditer(text):
        if match.lastindex == 1:
            now += 1
            deepest = max(deepest, now)
        elif match.lastindex:
            now -= 1
    if deepest > limits.json_depth:
        raise limits.exceeded("json-depth", deepest, name)
    half = next((match for match in _HALF.finditer(text) if match[1]), None)
    if half is not None:
        problem, line = f"{half[1]} is half of a character.", line_of(text, half.start())
        raise IntakeError(name, problem, line=line, mend="Write the character itself.", key="syntax")
    try:
        return json.loads(text, parse_int=str)
    except json.JSONDecodeError as error:
        problem, mend = _SAID.get(error.msg.removesuffix(": "), (f"this is not valid JSON: {error.msg}.", ""))
        if text.startswith(("//", "/*", "#"), error.pos):
            problem, mend = "a comment stands here, and JSON has none.", "Delete it."
        elif not text[error.pos :].strip():
            problem, mend = "the file ends inside the JSON: it may have been cut off.", "Send the whole file."
        raise IntakeError(name, problem, line=error.lineno, mend=mend, key="syntax") from error


def leaves(text: str, name: str) -> list[Leaf]:
    """Return every leaf of valid JSON in its order.

    Raises IntakeError for a key that stands twice, for NaN, and for a list right inside a list.
    """
    walk = _Walk(text, name)
    for match in _TOKEN.finditer(text):
        group = match.lastindex
        if group == 2:  # noqa: PLR2004 a bracket, colon or comma
            walk.mark(match[2], match.start(2))
        elif group == 1 and walk.awaits_key:
            walk.key(match[1], match.start(1))
        elif group:
            walk.leaf(match[group], match.start(group))
    return walk.found


class _Walk:
    """Where the walk stands: per open bracket the key or number that is read, and the keys so far (None: a list)."""

    def __init__(self, text: str, name: str) -> None:
        self.found: list[Leaf] = []
        self.awaits_key = False
        self._text, self._name = text, name
        self._path: list[str | int] = []
        self._keys: list[set[str] | None] = []

    def mark(self, mark: str, at: int) -> None:
        if mark in "{[":
            self.awaits_key = mark == "{"
            if mark == "[" and self._keys and self._keys[-1] is None:
                problem = "a list stands inside a list, and readers of JSON-LD do not agree what that means."
                raise self._refused(at, problem, "Write the values as one list.")
            self._keys.append(set() if self.awaits_key else None)
            self._path.append("" if self.awaits_key else 0)
        elif mark in "}]":
            self.awaits_key = False
            self._keys.pop()
            self._path.pop()
        elif mark == ",":
            number = self._path[-1]
            if isinstance(number, int):
                self._path[-1] = number + 1
            else:
                self.awaits_key = True

    def key(self, token: str, at: int) -> None:
        key = _string(token)
        seen = self._keys[-1]
        self._path[-1] = key
        self.awaits_key = False
        if seen is not None and key in seen:
            mend = "Only one would be kept: write several values as a list."
            raise self._refused(at, f"the key {key!r} stands twice in one object.", mend)
        if seen is not None:
            seen.add(key)

    def leaf(self, token: str, at: int) -> None:
        if token in {"NaN", "Infinity", "-Infinity"}:
            raise self._refused(at, f"{token} is no value of JSON.", "Leave it out.")
        self.found.append(Leaf(at, at + len(token), tuple(self._path)))

    def _refused(self, at: int, problem: str, mend: str) -> IntakeError:
        line, place = line_of(self._text, at), pointer(tuple(self._path))
        return IntakeError(self._name, problem, line=line, pointer=place, mend=mend, key="syntax")


def _string(token: str) -> str:
    import json

    return str(json.loads(token)) if "\\" in token else token[1:-1]
