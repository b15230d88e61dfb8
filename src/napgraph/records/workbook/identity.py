"""From the id of a row to its address, and back."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from hashlib import blake2b
from typing import TYPE_CHECKING

from ...rdf.namespaces import BASE
from .words import fold

if TYPE_CHECKING:
    from .columns import Kind

UNKNOWN_CODE = "zzz"
"""Stands in an address where the jurisdiction cannot be read; the code is assigned to nothing."""

_LONGEST, _DIGEST = 60, 8
_LATIN = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d"}
    | {"ð": "d", "Ð": "d", "þ": "th", "Þ": "th", "ı": "i", "ŋ": "n", "Ŋ": "n", "ħ": "h", "Ħ": "h", "ə": "e", "Ə": "e"}
)
_NUMBERED = re.compile(r"([a-z]{0,3})[. -]?([0-9]+(?:[.-][0-9]+)*)\.?")


def base_of(code: str) -> str:
    """Return what the addresses of a jurisdiction begin with."""
    return f"{BASE}id/{code}/"


def slugged(text: str, word: str = "") -> str:
    """Return ``text`` as part of an address: letters without accents, digits, hyphens.

    Where letters of other scripts are left out, or the end of a long text, a digest of the whole follows, so that
    different texts have different addresses in every workbook. ``word`` goes before a digest that would stand alone.
    """
    plain = unicodedata.normalize("NFKD", text.translate(_LATIN)).lower()
    slug = re.sub(r"[^a-z0-9]+", "-", "".join(sign for sign in plain if not unicodedata.combining(sign))).strip("-")
    if len(slug) <= _LONGEST and not any(sign.isalnum() and not sign.isascii() for sign in plain):
        return slug
    return "-".join(filter(None, [slug[: _LONGEST - _DIGEST - 1].strip("-") or word, digest(text)]))


def digest(text: str) -> str:
    """Return eight letters that stand for a text, the same wherever it is written."""
    number = int.from_bytes(blake2b(fold(text).encode(), digest_size=_DIGEST // 2).digest())
    return "".join(chr(ord("a") + (number >> 4 * place & 15)) for place in range(_DIGEST))


def last_part(kind: Kind, key: str, record: int) -> str:
    """Return the last part of a row's address: from its id, or from its kind and place.

    ``A3`` is ``activity-3``, ``O1.1`` ``objective-1-1``; a word stays as it is.
    """
    numbered = _NUMBERED.fullmatch(key.strip().lower())
    if numbered:
        number = re.sub(r"[.-]", "-", numbered[2])
        letters = "" if numbered[1] in _initials(kind) else numbered[1]
        return f"{kind.word}-{letters}{number}"
    return slugged(key, kind.word) or f"{kind.word}-r{record}"


def short_id(kind: Kind, part: str, others: Iterable[Kind]) -> str:
    """Return an id that :func:`last_part` makes ``part`` of, as short as can be; empty if there is none.

    A letter stands for the first of the kinds on a sheet that begin with it.
    """
    number = part.removeprefix(f"{kind.word}-")
    letter = kind.word[:1]
    first = next((each.word for each in others if each.word[:1] == letter), kind.word)
    if number != part and first == kind.word and re.fullmatch(r"[0-9]+(?:-[0-9]+)*", number):
        return letter.upper() + number.replace("-", ".")
    return part if last_part(kind, part, 0) == part else ""


def _initials(kind: Kind) -> set[str]:
    return {"", kind.word[:1], *(label[:1].casefold() for label in kind.labels.values())}
