"""From the id of a row to its address and back, and places in a document as people write them: ``p. 12``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from hashlib import blake2b
from typing import NamedTuple, Self

import pyoxigraph

from ...rdf.namespaces import BASE, slug
from ..numbers import ascii_digits
from .cells import clean
from .model import Kind, Model, Part, Sheet, fold

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


class Entry:
    """A resource that has a row: its sheet, its kinds, its address, its id, and the documents that it belongs to."""

    def __init__(self, sheet: Sheet, kinds: list[Kind], iri: pyoxigraph.NamedNode) -> None:
        self.sheet, self.kinds, self.iri, self.key = sheet, kinds, iri, ""
        self.owners: list[Self] = []

    @property
    def document(self) -> Self | None:
        """The document that the row is, or the first that it belongs to."""
        return self if self.sheet.down else next(iter(self.owners), None)

    def is_of(self, kinds: Collection[str]) -> bool:
        """Whether the row is of one of the kinds of these names."""
        return any(kind.name in kinds for kind in self.kinds)

    def names(self) -> set[str]:
        """Return what the row is found by: id and last part of the address, alone and below those of its documents."""
        own = {fold(self.key), fold(slug(self.iri.value))} - {""}
        above = {fold(name) for owner in self.owners for name in (owner.key, slug(owner.iri.value))} - {""}
        return own | {f"{each}/{name}" for each in above for name in own}

    def closest(self, found: list[Self]) -> list[Self]:
        """Return those of several rows that share a document with this one or are one of its documents, or all."""
        near = [row for row in found if set(row.owners) & set(self.owners) or row in self.owners]
        return near if near and len(found) > 1 else found

    def part_address(self, part: Part, number: int = 0) -> str:
        """Return the address of what stands within the row.

        Within a document it lies below it; within ``activity-3`` it is ``target-3``, or ``lead-3-2`` for the second
        value.
        """
        address = self.iri.value
        if self.sheet.down or part.link is None:
            return f"{address}/{part.word}"
        above, _, last = address.rpartition("/")
        rest = last.removeprefix(f"{self.kinds[0].word}-")
        return f"{above}/{part.word}-{rest}" + (f"-{number}" if number else "")


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
