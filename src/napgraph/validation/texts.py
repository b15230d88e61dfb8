"""What is wrong with a text whatever it says: a language tag that is none, and signs that nobody sees.

Left alone are signs that a script needs: joiners in Persian and in Indian scripts, breaks in Thai, and the marks of
direction that Arabic and Hebrew keyboards set.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph

from ..records.languages import language_fault

if TYPE_CHECKING:
    from pyoxigraph import Triple

_TURNING = "\u202a-\u202e\u2066-\u2069"
_UNSEEN = "\u00ad\u034f\u180e\u200b-\u200d\u2060-\u2064\u206a-\u206f\ufeff\U000e0000-\U000e007f"
_SUSPECT = re.compile(f"[{_TURNING}{_UNSEEN}]")
_TURNS = re.compile(f"[{_TURNING}]")
_JOINERS = "\u200c\u200d"
_NO_SPACES = ("THAI", "LAO", "KHMER", "MYANMAR", "TIBETAN", "JAVANESE", "BALINESE", "CJK", "HIRAGANA", "KATAKANA")
_ALPHABETS = ("LATIN", "GREEK", "CYRILLIC")
_FLAG, _SHOWN = "\U0001f3f4", 80


class TextFault(NamedTuple):
    """One fault: its key, the statement, the text or tag as it is shown, the right one if known, what else to tell."""

    key: str
    triple: Triple
    written: str
    nearest: str
    values: dict[str, str]


def text_faults(triples: Iterable[Triple], languages: set[str]) -> list[TextFault]:
    """Return the faults of the texts of a record; ``languages`` are the properties whose value is a language."""
    tags: dict[str, list[Triple]] = {}
    found = []
    for triple in triples:
        value = triple.object
        if not isinstance(value, pyoxigraph.Literal):
            continue
        if value.language:
            tags.setdefault(value.language, []).append(triple)
        elif triple.predicate.value in languages and (meant := language_fault(value.value)) is not None:
            found.append(TextFault("unknown-language-code", triple, value.value, meant, {}))
        if not value.value.isascii():
            found += _hidden(triple, value.value)
    return [*_tags(tags), *found]


def _tags(tags: dict[str, list[Triple]]) -> Iterator[TextFault]:
    """Yield each language tag that is none, once, where it stands first."""
    for tag, triples in tags.items():
        meant = language_fault(tag)
        if meant is not None:
            values = {"count": str(len(triples))}
            yield TextFault("unknown-language-tag", triples[0], f"@{tag}", f"@{meant}" if meant else "", values)


def _hidden(triple: Triple, text: str) -> Iterator[TextFault]:
    signs = [match for match in _SUSPECT.finditer(text) if not _is_usual(text, match.start())]
    for key, some in (
        ("turned-text", [match for match in signs if _TURNS.match(match[0])]),
        ("unseen-sign", [match for match in signs if not _TURNS.match(match[0])]),
    ):
        if some:
            first = some[0]
            start = max(0, first.start() - _SHOWN // 2)
            shown = _SUSPECT.sub(lambda match: f"[{_code(match[0])}]", text[start : start + _SHOWN])
            names = f"{_code(first[0])}, {unicodedata.name(first[0], 'unnamed').lower()}"
            yield TextFault(key, triple, shown, "", {"character": names, "count": str(len(some))})


def _is_usual(text: str, at: int) -> bool:
    """Whether a sign that is not seen has its use where it stands."""
    sign, before = text[at], text[at - 1 : at]
    after = text[at + 1 : at + 2]
    scripts = [unicodedata.name(each, "").partition(" ")[0].partition("-")[0] for each in (before, after) if each]
    if sign == "\u00ad":
        return True
    if sign in _JOINERS:
        return bool(before) and not any(script in _ALPHABETS for script in scripts)
    if sign == "\u200b":
        return any(script in _NO_SPACES for script in scripts)
    if "\U000e0020" <= sign <= "\U000e007f":
        return _FLAG in text[:at]
    return False


def _code(sign: str) -> str:
    return f"U+{ord(sign):04X}"
