"""From the id of a row to its address and back, and places in a document as people write them: ``p. 12``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from hashlib import blake2b
from typing import NamedTuple

from ...rdf.namespaces import BASE
from ..numbers import ascii_digits
from .cells import clean
from .model import Kind, Model, fold

UNKNOWN_CODE = "zzz"
"""Stands in an address where the jurisdiction cannot be read; the code is assigned to nothing."""

_LONGEST, _DIGEST = 60, 8
_LATIN = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d"}
    | {"ð": "d", "Ð": "d", "þ": "th", "Þ": "th", "ı": "i", "ŋ": "n", "Ŋ": "n", "ħ": "h", "Ħ": "h", "ə": "e", "Ə": "e"}
)
_NUMBERED = re.compile(r"([a-z]{0,3})[. -]?([0-9]+(?:[.-][0-9]+)*)\.?")
_PAGES = re.compile(
    r"[0-9ivxlc]{1,8}(?:(?:\s?[-–&]\s?|\s(?:and|to|et|à|y|a|al|und|bis)\s)[0-9ivxlc]{1,8})*", re.IGNORECASE
)
_MORE_PAGES = re.compile(r"[0-9]{1,8}(?:\s?[-–]\s?[0-9]{1,8})?")
_OTHER_SOURCE = re.compile(r"(?:(?:[^\W\d_]+|[Ss][0-9]+)\s)*[Ss][0-9]+")
_BARE = re.compile(r"[\W\d_]*|[ivxlc]+|[^\W\d_]{1,2}\.?\s*\d[\W\d]*", re.IGNORECASE)
_ID = re.compile(r"[A-Za-z]{1,3}[.-]?[0-9]+(?:\.[0-9]+)*")


def base_of(code: str) -> str:
    """Return what the addresses of a jurisdiction begin with."""
    return f"{BASE}id/{code}/"


def slugged(text: str, word: str = "") -> str:
    """Return ``text`` as part of an address: letters without accents, digits, hyphens.

    Where letters of other scripts are left out, or the end of a long text, a digest of the whole follows, so that
    different texts have different addresses in every workbook. ``word`` goes before a digest that would stand alone.
    """
    plain = unicodedata.normalize("NFKD", text.translate(_LATIN)).lower()
    made = re.sub(r"[^a-z0-9]+", "-", "".join(sign for sign in plain if not unicodedata.combining(sign))).strip("-")
    if len(made) <= _LONGEST and not any(sign.isalnum() and not sign.isascii() for sign in plain):
        return made
    return "-".join(filter(None, [made[: _LONGEST - _DIGEST - 1].strip("-") or word, digest(text)]))


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
        initials = {"", kind.word[:1], *(label[:1].casefold() for label in kind.labels.values())}
        letters = "" if numbered[1] in initials else numbered[1]
        return f"{kind.word}-{letters}{number}"
    return slugged(key, kind.word) or f"{kind.word}-r{record}"


def short_ids(kind: Kind, part: str, others: Iterable[Kind]) -> list[str]:
    """Return the ids that :func:`last_part` may make ``part`` of, the shortest first.

    A letter stands for the first of the kinds on a sheet that begin with it.
    """
    number, letter = part.removeprefix(f"{kind.word}-"), kind.word[:1]
    first = next((each.word for each in others if each.word[:1] == letter), kind.word)
    is_numbered = number != part and first == kind.word and re.fullmatch(r"[0-9]+(?:-[0-9]+)*", number)
    return [letter.upper() + number.replace("-", "."), part] if is_numbered else [part]


class Locator(NamedTuple):
    """A place in a document: page as printed, section as printed, number of the paragraph and of the list item."""

    page: str = ""
    section: str = ""
    paragraph: int = 0
    item: int = 0

    @property
    def part(self) -> str:
        """The last part of the address of the passage there; the same in every language."""
        marks = zip(("p", "s", "par", "i"), self, strict=True)
        return "-".join(["passage", *(f"{mark}-{slugged(str(value))}" for mark, value in marks if value)])

    def text(self, model: Model, language: str) -> str:
        """Return the place as :func:`locator` reads it."""
        words = ("p. ", "", f"{model.word('paragraph', language)} ", f"{model.word('item', language)} ")
        return ", ".join(f"{word}{value}" for word, value in zip(words, self, strict=True) if value)


def locator(text: str, model: Model) -> Locator | None:
    """Return the place that ``text`` names, or None for what looks like the id of a row.

    What is neither page, paragraph nor item is the heading of the section, in the words of the text.
    """
    text = ascii_digits(text)
    if _ID.fullmatch(text) and _after(text, "page", model) is None:
        return None
    found = Locator()
    sections: list[str] = []
    for bit in filter(None, map(clean, text.split(","))):
        page, paragraph, item = (_after(bit, word, model) for word in ("page", "paragraph", "item"))
        if page and _PAGES.fullmatch(page) and not found.page:
            found = found._replace(page=page)
        elif found.page and not sections and not found.paragraph and _MORE_PAGES.fullmatch(bit):
            found = found._replace(page=f"{found.page}, {bit}")
        elif paragraph and paragraph.isdecimal() and not found.paragraph:
            found = found._replace(paragraph=int(paragraph))
        elif item and item.isdecimal() and not found.item:
            found = found._replace(item=int(item))
        else:
            sections.append(bit)
    return found._replace(section=", ".join(sections))


def is_vague(text: str, model: Model) -> bool:
    """Whether a text leaves open which place is meant: ``12``, ``S. 3``, ``see plan``, or a source that has no row."""
    known = ("page", "section", "paragraph", "item")
    bits = [bit for bit in map(clean, text.split(",")) if all(_after(bit, word, model) is None for word in known)]
    if any(_OTHER_SOURCE.fullmatch(bit) for bit in bits) or says_nothing(text, model):
        return True
    if any(_after(text, word, model) is not None for word in known):
        return False
    first, *others = fold(text).strip(" .()[]").split() or [""]
    refers = first.strip(".,") in model.said_as("see") and not any(sign.isdecimal() for word in others for sign in word)
    return bool(_BARE.fullmatch(text)) or refers or fold(text).strip(" .") in model.said_as("no-place")


def says_nothing(text: str, model: Model) -> bool:
    """Whether a text stands for an empty cell, in any language: ``k. A.``, ``n/a``, ``?``, or the word "page" alone."""
    folded = fold(text).strip(" .")
    bare = {word.strip(" .") for word in model.said_as("page")}
    return not any(sign.isalnum() for sign in text) or folded in model.said_as("no-answer") | bare


def _after(text: str, word: str, model: Model) -> str | None:
    """Return what follows a word, or None where the text does not begin with it."""
    folded = fold(text)
    for start in sorted(model.said_as(word), key=len, reverse=True):
        rest = text[len(start) :]
        if folded.startswith(start) and re.match(r"\s|\d", rest):
            return clean(rest)
    return None
