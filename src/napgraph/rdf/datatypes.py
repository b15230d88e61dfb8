"""Whether a literal is written as its datatype asks, judged on the text as it was sent.

Libraries mend or accept much of what is wrong (``1_000``, ``yes``, ``2007-13-45``, other scripts' digits), so the
rules of XML Schema are applied here before any of them sees the value.
"""

import re
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
    "byte": (-(2**7), 2**7 - 1),
    "short": (-(2**15), 2**15 - 1),
    "int": (-(2**31), 2**31 - 1),
    "long": (-(2**63), 2**63 - 1),
    "unsignedByte": (0, 2**8 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedLong": (0, 2**64 - 1),
}
_TEXTS = {"string", "normalizedString", "token", "anyURI", "hexBinary", "base64Binary", "NMTOKEN", "Name", "NCName"}
_CALENDAR = {"date", "dateTime", "dateTimeStamp", "gMonthDay"}
_DATE = re.compile(r"(-?[0-9]{4,})?-?-?([0-9]{2})-([0-9]{2})")
_DIGITS = 100  # no amount in a plan is longer; some libraries fail on thousands


class Fault(NamedTuple):
    """Why a literal is not of its datatype, and how one looks that is.

    ``reason`` is ``form`` (not written so), ``calendar`` (no such day), ``range`` (too large or small for the
    datatype), ``digits`` (longer than a hundred characters), ``space`` (spaces around it) or ``datatype`` (XML Schema
    has none such).
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
    reason = _reason(value, name, re.compile(form))
    if reason is None and bounds and not bounds[0] <= int(value) <= bounds[1]:
        reason = "range"
    if reason == "space":
        example = value.strip()
    return Fault(reason, example) if reason else None


def _reason(value: str, name: str, pattern: re.Pattern[str]) -> str | None:
    if not pattern.fullmatch(value):
        spaced = value != value.strip() and pattern.fullmatch(value.strip())
        return "space" if spaced else "form"
    if len(value) > _DIGITS and name not in _TEXTS:
        return "digits"
    return "calendar" if name in _CALENDAR and not _is_day(value) else None


def _is_day(value: str) -> bool:
    match = _DATE.match(value)
    if match is None:
        return True
    month, day = int(match[2]), int(match[3])
    if month == 2:  # noqa: PLR2004
        year = int(match[1][-4:]) if match[1] else 0  # the calendar repeats every 400 years
        leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        return day <= (29 if leap else 28)
    return day <= (30 if month in {4, 6, 9, 11} else 31)
