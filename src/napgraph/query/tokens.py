"""The words of a SPARQL text, told apart from what only looks like them in strings, addresses, names and comments.

This is no parser: whether a text is SPARQL, and what it means, the engine says. It serves to refuse ``SERVICE`` in
plain words, and to see what the engine does not tell: whether all columns are asked for, and how many graphs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_ESCAPE = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_TOKEN = re.compile(
    rf"""(?P<comment>\#[^\n\r]*)
    |(?P<iri><(?:[^<>"{{}}|^`\\\x00-\x20]|{_ESCAPE})*>)
    |(?P<string>\"{{3}}(?:[^\\]|\\.)*?\"{{3}}|'{{3}}(?:[^\\]|\\.)*?'{{3}}|"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*')
    |(?P<variable>[?$]\w+)
    |(?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    |(?P<name>(?:[^\W\d][\w.-]*)?:(?:[\w:.-]|%[0-9A-Fa-f]{{2}}|\\.)*)
    |(?P<word>[A-Za-z_]+)
    |(?P<other>\\.|[^\s])""",
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """A piece of a text: its kind (iri, string, variable, language, name, word or other), its text and its place."""

    kind: str
    text: str
    start: int


def tokens(text: str) -> Iterator[Token]:
    """Yield the pieces of ``text`` that are no comments."""
    for match in _TOKEN.finditer(text):
        if match.lastgroup and match.lastgroup != "comment":
            yield Token(match.lastgroup, match[0], match.start())


def calls_out(text: str) -> bool:
    """Whether a query asks another endpoint (``SERVICE``), or could be read so where it can be read in two ways."""
    if "service" not in text.lower():
        return False
    for kind, said, _ in tokens(text):
        if kind == "word" and "service" in said.lower():
            return True
        if kind == "iri" and "'" in said:  # an address, or "less than" before a text: then nothing behind it is sure
            return True
    return False


def all_columns(text: str) -> Token | None:
    """Return the ``*`` of a ``SELECT *`` that is the query itself, or None."""
    pieces = tokens(text)
    for piece in pieces:
        if piece.kind != "word":
            continue
        word = piece.text.upper()
        if word == "SELECT":
            after = next(pieces, None)
            if after is not None and after.text.upper() in {"DISTINCT", "REDUCED"}:
                after = next(pieces, None)
            return after if after is not None and after.text == "*" else None
        if word not in {"BASE", "PREFIX"}:
            return None
    return None


def clauses(text: str) -> list[tuple[bool, Token]]:
    """Return what ``FROM`` names in ``text``, and of each whether it is ``FROM NAMED``."""
    if "from" not in text.lower():
        return []
    pieces = list(tokens(text))
    found = []
    for number, piece in enumerate(pieces[:-1]):
        if piece.kind == "word" and piece.text.upper() == "FROM":
            named = pieces[number + 1].text.upper() == "NAMED"
            found += [(named, each) for each in pieces[number + 1 + named : number + 2 + named]]
    return found
