"""Texts without accents; and what cannot be seen, or turns the direction of writing, as signs for screens and pages."""

import re
import unicodedata

_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufffe\uffff]")
_PICTURES, _DELETE, _SPACE = 0x2400, 0x7F, 0x20


def without_accents(text: str) -> str:
    """Return ``text`` in small letters and without marks (Unicode category M), as the script of the site does."""
    apart = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in apart if unicodedata.category(sign)[0] != "M")


def visible(text: str) -> str:
    """Return ``text`` with each as a sign, such as ``␛`` or ``⟪U+202E⟫``; tabs, line ends and marks of Arabic stay."""
    return _UNSEEN.sub(_sign, text)


def visible_in(value: object) -> object:
    """Return a value of JSON with every text in it as :func:`visible` gives it."""
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, dict):
        return {visible_in(key): visible_in(each) for key, each in value.items()}
    return [visible_in(each) for each in value] if isinstance(value, (list, tuple)) else value


def _sign(found: re.Match[str]) -> str:
    number = ord(found[0])
    if number < _SPACE:
        return chr(_PICTURES + number)
    return "\u2421" if number == _DELETE else f"⟪U+{number:04X}⟫"
