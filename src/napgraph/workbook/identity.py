"""From the id of a row to its address, and back."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from ..namespaces import BASE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .columns import Kind

__all__ = ["UNKNOWN_CODE", "base_of", "last_part", "short_id", "slugged"]

UNKNOWN_CODE = "zzz"
"""Stands in an address where the jurisdiction cannot be read; the code is assigned to nothing."""

_LONGEST = 60
_NUMBERED = re.compile(r"([a-z]{0,3})[. -]?([0-9]+(?:[.-][0-9]+)*)\.?")


def base_of(code: str) -> str:
    """Return what the addresses of a jurisdiction begin with."""
    return f"{BASE}id/{code}/"


def slugged(text: str) -> str:
    """Return ``text`` as part of an address: letters without accents, digits, hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii").lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST].strip("-")


def last_part(kind: Kind, key: str, record: int) -> str:
    """Return the last part of a row's address: from its id, or from its kind and place.

    ``A3`` is ``activity-3``, ``O1.1`` ``objective-1-1``; a word stays as it is.
    """
    numbered = _NUMBERED.fullmatch(key.strip().lower())
    if numbered:
        number = re.sub(r"[.-]", "-", numbered[2])
        letters = "" if numbered[1] in _initials(kind) else numbered[1]
        return f"{kind.word}-{letters}{number}"
    return slugged(key) or f"{kind.word}-r{record}"


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
