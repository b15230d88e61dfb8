"""Texts of a cell and their languages: that of the workbook, or the one in brackets before a text.

Words in brackets are a language only where they are the code of one: of two letters, or one that the workbook says it
uses. What else stands in brackets is the sender's own and stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import TYPE_CHECKING

import pyoxigraph

from ..languages import language_fault, language_meant
from .cells import as_text, clean

if TYPE_CHECKING:
    from .grid import Cell

    Tell = Callable[..., None]

_BRACKETS = re.compile(r"\[([^\[\]\n]{1,40})\][ \u00a0]*")
_SHORT = 2


def unmarked(text: str, spoken: Collection[str]) -> list[str]:
    """Return the texts of a cell without the languages before them; ``spoken`` are those that the workbook uses."""
    return [words for _, words, _ in _parts(text, spoken)]


def read_texts(cell: Cell, language: str, spoken: Collection[str], tell: Tell) -> list[pyoxigraph.Literal]:
    """Return the texts of a cell, each with its language; what in brackets might be meant otherwise is told."""
    made = []
    for code, words, bracket in _parts(as_text(cell.value), spoken):
        made.append(pyoxigraph.Literal(words, language=code or language))
        if code and code != usual_tag(code) and code.lower() not in spoken:
            tell("read-as-language", value=code, text=words, nearest=f"[{usual_tag(code)}]")
        elif bracket and (meant := language_meant(bracket)):
            named = language_fault(bracket) is None
            if named and not bracket[:1].islower():
                continue  # NEW is a word in capitals, though it is the code of Newari
            tell("code-in-brackets" if named else "language-in-brackets", value=bracket, nearest=f"[{meant}]")
    return made


def _parts(text: str, spoken: Collection[str]) -> Iterator[tuple[str, str, str]]:
    """Yield for each text the code of its language (empty if none), its words, and what else is in brackets first."""
    lines: list[tuple[str, list[str], str]] = []
    for line in text.split("\n"):
        found = _BRACKETS.match(line)
        words = line[found.end() :] if found else line
        if found and clean(words) and _is_mark(found[1], spoken):
            lines.append((found[1], [words], ""))
        elif lines:
            lines[-1][1].append(line)
        else:
            lines.append(("", [line], found[1] if found and clean(words) else ""))
    for code, parts, bracket in lines:
        if words := clean("\n".join(parts)):
            yield code, words, bracket


def _is_mark(code: str, spoken: Collection[str]) -> bool:
    return code.lower() in spoken or (len(code.partition("-")[0]) == _SHORT and language_fault(code) is None)


def usual_tag(code: str) -> str:
    """Return a tag of a language in its usual capitals, such as ``pt-BR``."""
    return language_meant(code) or code


def write_texts(texts: Iterable[pyoxigraph.Literal], language: str) -> str:
    """Return a cell with ``texts``, those in the workbook's own language first."""
    ordered = sorted(texts, key=lambda text: text.language != language)
    plain = [text for text in ordered if text.language == language]
    lines = [plain[0].value] if plain else []
    lines += [
        f"[{usual_tag(text.language or '')}] {text.value}" for text in ordered if not plain or text is not plain[0]
    ]
    return "\n".join(lines)
