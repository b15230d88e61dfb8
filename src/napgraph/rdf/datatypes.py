"""Lexical forms by the rules of XML Schema, judged on the text as it was sent, and the IRIs that are taken.

Libraries rewrite or accept much of what is wrong (``1_000``, ``yes``, ``2007-13-45``, other scripts' digits).
"""

import re
import unicodedata
from calendar import monthrange
from math import inf
from typing import NamedTuple

from .namespaces import XSD

_YEAR = r"-?(?:[1-9][0-9]{3,}|0[0-9]{3})"
_MONTH = r"(?:0[1-9]|1[0-2])"
_DAY = r"(?:0[1-9]|[12][0-9]|3[01])"
_ZONE = r"(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))?"
_TIME = r"(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?|24:00:00(?:\.0+)?)"
_DAYS = r"(?:[0-9]+D)"
_CLOCK = r"(?:T(?=[0-9])(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+(?:\.[0-9]+)?S)?)"
_WHOLE = r"[+-]?[0-9]+"
_FLOAT = r"(?:[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN)"
_NAME = r"[^\W\d][\w.\-\u00b7]*"
_FORMS = {
    "boolean": (r"true|false|1|0", "true"),
    "decimal": (r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)", "1250.50"),
    "integer": (_WHOLE, "37"),
    "double": (_FLOAT, "1.5E3"),
    "float": (_FLOAT, "1.5E3"),
    "date": (f"{_YEAR}-{_MONTH}-{_DAY}{_ZONE}", "2007-05-31"),
    "time": (f"{_TIME}{_ZONE}", "14:30:00"),
    "dateTime": (f"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE}", "2007-05-31T14:30:00Z"),
    "dateTimeStamp": (f"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE[:-1]}", "2007-05-31T14:30:00Z"),
    "gYear": (f"{_YEAR}{_ZONE}", "2007"),
    "gYearMonth": (f"{_YEAR}-{_MONTH}{_ZONE}", "2007-05"),
    "gMonth": (f"--{_MONTH}{_ZONE}", "--05"),
    "gDay": (f"---{_DAY}{_ZONE}", "---31"),
    "gMonthDay": (f"--{_MONTH}-{_DAY}{_ZONE}", "--05-31"),
    "duration": (f"-?P(?=[0-9T])(?:[0-9]+Y)?(?:[0-9]+M)?{_DAYS}?{_CLOCK}?", "P1Y"),
    "yearMonthDuration": (r"-?P(?=[0-9])(?:[0-9]+Y)?(?:[0-9]+M)?", "P1Y6M"),
    "dayTimeDuration": (f"-?P(?=[0-9T]){_DAYS}?{_CLOCK}?", "P30D"),
    "hexBinary": (r"(?:[0-9A-Fa-f]{2})*", "0FB7"),
    "base64Binary": (r"(?:[A-Za-z0-9+/] ?)*(?:= ?){0,2}", "TmFw"),
    "anyURI": (r"[^\x00-\x20<>\"{}|\\^`]*", "https://example.org/plan"),
    "language": (r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*", "fr"),
    "normalizedString": (r"[^\t\n\r]*", "one line"),
    "token": (r"(?:[^\t\n\r ]+(?: [^\t\n\r ]+)*)?", "one line"),
    "NMTOKEN": (r"[\w.\-:\u00b7]+", "plan-2"),
    "Name": (r"[^\W\d][\w.\-:\u00b7]*|:[\w.\-:\u00b7]*", "plan"),
    "NCName": (_NAME, "plan"),
    "string": (r"(?s:.*)", "text"),
}
_BOUNDS: dict[str, tuple[float, float]] = {
    "nonNegativeInteger": (0, inf),
    "positiveInteger": (1, inf),
    "nonPositiveInteger": (-inf, 0),
    "negativeInteger": (-inf, -1),
}
for _bits, _name in ((8, "byte"), (16, "short"), (32, "int"), (64, "long")):
    _BOUNDS[_name] = (-(2 ** (_bits - 1)), 2 ** (_bits - 1) - 1)
    _BOUNDS[f"unsigned{_name.capitalize()}"] = (0, 2**_bits - 1)
_TEXTS = {"string", "normalizedString", "token", "anyURI", "hexBinary", "base64Binary", "NMTOKEN", "Name", "NCName"}
_CALENDAR = {"date", "dateTime", "dateTimeStamp", "gMonthDay"}
_DATE = re.compile(r"(-?[0-9]{4,})?-?-?([0-9]{2})-([0-9]{2})")
_DIGITS = 100  # no amount in a plan is longer; some libraries fail on thousands
SCHEMES = ("https", "http", "urn", "mailto")
_PLAIN = re.compile(r"(?:https?://[A-Za-z0-9\[]|urn:[A-Za-z0-9]|mailto:[^/])[!-~]*")
_GOOD_START = re.compile(r"(?:https?://\w|https?://\[|urn:[A-Za-z0-9]|mailto:[^/])")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_HIDDEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs"}
_UNSEEN = {"\u034f", "\u115f", "\u1160", "\u17b4", "\u17b5", "\u3164", "\uffa0", *map(chr, range(0xFE00, 0xFE10))}


class Fault(NamedTuple):
    """Why a literal is not of its datatype, and how one looks that is.

    ``reason`` is ``form``, ``calendar`` (no such day), ``range`` (too large or small for the datatype), ``digits``
    (longer than a hundred characters), ``space`` (spaces around it) or ``datatype`` (XML Schema has none such).
    """

    reason: str
    example: str


def is_known(datatype: str) -> bool:
    """Whether ``datatype`` (an IRI) is one whose written form is judged here."""
    return datatype.startswith(XSD) and (datatype[len(XSD) :] in _FORMS or datatype[len(XSD) :] in _BOUNDS)


def fault(value: str, datatype: str) -> Fault | None:
    """Return why ``value`` is not written as ``datatype`` (an IRI) asks, or None; other datatypes are not judged."""
    if not datatype.startswith(XSD):
        return Fault("datatype", "") if "XMLSchema" in datatype else None
    name = datatype[len(XSD) :]
    bounds = _BOUNDS.get(name)
    form, example = _FORMS.get("integer" if bounds else name, ("", ""))
    if not form:
        return Fault("datatype", "")
    if not re.fullmatch(form, value):
        bare = value.strip()
        return Fault("space", bare) if bare != value and re.fullmatch(form, bare) else Fault("form", example)
    if len(value) > _DIGITS and name not in _TEXTS:
        return Fault("digits", example)
    if bounds and not bounds[0] <= int(value) <= bounds[1]:
        return Fault("range", example)
    return Fault("calendar", example) if name in _CALENDAR and not _is_day(value) else None


def _is_day(value: str) -> bool:
    if (match := _DATE.match(value)) is None:
        return True
    year = int(match[1][-4:]) if match[1] else 0  # the calendar repeats every 400 years; without a year, any
    return int(match[3]) <= monthrange(year or 400, int(match[2]))[1]


def fault_of_iri(iri: str) -> tuple[str, str] | None:
    """Return what is wrong with an absolute IRI and how to fix it, or None."""
    if _PLAIN.fullmatch(iri):
        return None
    for character in iri:
        if not character.isascii() and (unicodedata.category(character) in _HIDDEN or character in _UNSEEN):
            name = unicodedata.name(character, "unnamed").lower()
            problem = f"an IRI holds a character that cannot be seen, U+{ord(character):04X} ({name})."
            return problem, "Type the IRI again; copying from a document or chat often brings such characters."
    if _GOOD_START.match(iri):
        return None
    found = _SCHEME.match(iri)
    scheme = found[1] if found else ""
    if scheme in SCHEMES:
        return f"the IRI <{iri[:80]}> names no host.", f"Write it out, such as {scheme}://example.org/plan."
    if scheme.lower() in SCHEMES:
        return f"the IRI <{iri[:80]}> begins with {scheme!r}.", f"Write {scheme.lower()!r}, in small letters."
    problem = f"the IRI <{iri[:80]}> begins with {scheme!r}; only {', '.join(SCHEMES)} are taken."
    return problem, f"Write the full https address; if {scheme}: is meant as a prefix, declare it and use no < >."
