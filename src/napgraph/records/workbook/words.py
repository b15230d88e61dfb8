"""Words of the workbook in its languages, and when two of them are the same."""

from __future__ import annotations

import re
import unicodedata

Texts = dict[str, str]


def said(texts: Texts, language: str) -> str:
    """Return the text in ``language``, else in English, else any."""
    return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")


_SPACES = re.compile(r"[\s\u00a0\u2000-\u200b\u202f\ufeff]+")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "‐": "-", "–": "-", "—": "-"})


def fold(text: str) -> str:
    """Return ``text`` as names are compared: case, accents written apart, spaces and typographic marks do not count."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text).translate(_QUOTES)).strip().casefold()
