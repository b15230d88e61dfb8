"""The nearest right value of a literal that is written wrong: a date, a number, a code in capitals, a web address.

Offered only where one reading is left: 3.4.2027 may be a day of March or of April, so nothing is offered for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from unicodedata import combining, normalize

from ..records.numbers import number_oddity, number_readings

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_MONTH_FIRST = re.compile(r"(0?[1-9]|1[0-2])[./-]((?:19|20)\d\d)")
_YEAR_FIRST = re.compile(r"((?:19|20)\d\d)[./-](\d\d?)(?:[./-](\d\d?)(?:[T ].*|Z|[+-]\d\d:\d\d)?)?")
_DAY_FIRST = re.compile(r"(\d\d?)[./-](\d\d?)[./-]((?:19|20)\d\d)")
_IN_WORDS = re.compile(
    r"(?:(\d\d?)(?:er|st|nd|rd|th)?\.?\s+(?:de\s+)?)?([^\W\d_]{3,})\.?\s+(?:del?\s+)?((?:19|20)\d\d)"
)
_MONTH_NAMES = (
    ("january", "janvier", "enero"),
    ("february", "fevrier", "febrero"),
    ("march", "mars", "marzo"),
    ("april", "avril", "abril"),
    ("may", "mai", "mayo"),
    ("june", "juin", "junio"),
    ("july", "juillet", "julio"),
    ("august", "aout", "agosto"),
    ("september", "septembre", "septiembre"),
    ("october", "octobre", "octubre"),
    ("november", "novembre", "noviembre"),
    ("december", "decembre", "diciembre"),
)
_PART_OF_YEAR = re.compile(r"\b(?:t[1-4]|q[1-4]|s[12]|h[12]|[1-4]\W?\w{0,3}\s+(?:half|quarter|semest\w+|trimest\w+))\b")
_NUMBER = re.compile(r"[+-]?\d{1,18}(?:\.\d{1,9})?")
_MONTHS, _DAYS = 12, 31
_SYMBOLS = {
    "€": "EUR",
    "euro": "EUR",
    "euros": "EUR",
    "us$": "USD",
    "us dollar": "USD",
    "us dollars": "USD",
    "£": "GBP",
    "₦": "NGN",
    "₹": "INR",
    "₺": "TRY",
    "₴": "UAH",
    "₪": "ILS",
}


def mended(text: str, datatypes: Iterable[str]) -> tuple[str, str]:
    """Return the nearest right text and the name of its datatype, both empty if there is none.

    ``datatypes`` are the names, without namespace, that are allowed.
    """
    allowed = set(datatypes)
    for names, make in _MAKERS:
        if names & allowed:
            found = make(text.strip())
            if found is not None and found[1] in allowed:
                return found
    return "", ""


def _date(text: str) -> tuple[str, str] | None:
    if (match := _YEAR_FIRST.fullmatch(text)) and not _may_be_two_years(match):
        return _built(match[1], match[2], match[3])
    if match := _MONTH_FIRST.fullmatch(text):
        return _built(match[2], match[1], None)
    if match := _DAY_FIRST.fullmatch(text):
        first, second = int(match[1]), int(match[2])
        if first > _MONTHS >= second or first == second:
            return _built(match[3], match[2], match[1])
        return _built(match[3], match[1], match[2]) if second > _MONTHS >= first else None
    if (match := _IN_WORDS.fullmatch(_folded(text))) and (month := _month(match[2])):
        return _built(match[3], str(month), match[1])
    text = _PART_OF_YEAR.sub("", _folded(text))  # a half or quarter of a year is no date: its year is
    year = _YEAR.search(text)
    return (year[1], "gYear") if year and re.findall(r"\d+", text) == [year[1]] else None


def _may_be_two_years(match: re.Match[str]) -> bool:
    """Whether a year and a number, such as 2009/10, are a month to one reader and two years to another."""
    return match[3] is None and int(match[2]) == (int(match[1]) + 1) % 100


def _month(word: str) -> int:
    """Return the number of the month of this name, which may be cut short, or 0."""
    named = (number for number, names in enumerate(_MONTH_NAMES, 1) if any(name.startswith(word) for name in names))
    return next(named, 0)


def _folded(text: str) -> str:
    return "".join(each for each in normalize("NFD", text.casefold()) if not combining(each))


def _built(year: str, month: str, day: str | None) -> tuple[str, str] | None:
    from datetime import date

    if not 1 <= int(month) <= _MONTHS:
        return None
    if day is None:
        return f"{year}-{int(month):02}", "gYearMonth"
    try:
        return date(int(year), int(month), int(day)).isoformat(), "date"
    except ValueError:
        return None


def _number(text: str) -> tuple[str, str] | None:
    readings, odd = number_readings(text), number_oddity(text)
    if odd is not None and odd.reason in {"currency", "percent"}:
        readings = odd.values[:1]
    bare = readings[0] if len(readings) == 1 else ""
    if re.fullmatch(r"[+-]?\d{1,15}(?:\.\d{1,15})?[eE][+-]?\d{1,2}", text):
        bare = f"{Decimal(text):f}"
    if not _NUMBER.fullmatch(bare):
        return None
    return bare, "decimal" if "." in bare else "integer"


def _capitals(text: str) -> tuple[str, str] | None:
    if text.casefold() in _SYMBOLS:
        return _SYMBOLS[text.casefold()], "string"
    return (text.upper(), "string") if re.fullmatch("[A-Za-z]{3}", text) else None


def _duration(text: str) -> tuple[str, str] | None:
    match = re.fullmatch(r"(\d{1,3})\s*([ymdw])\w*", text.casefold())
    return (f"P{match[1]}{match[2].upper()}", "duration") if match else None


_MAKERS: list[tuple[set[str], Callable[[str], tuple[str, str] | None]]] = [
    ({"gYear", "gYearMonth", "date"}, _date),
    ({"integer", "decimal"}, _number),
    ({"duration"}, _duration),
    ({"string"}, _capitals),
]
