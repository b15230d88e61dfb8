"""The value of a literal, and how values compare: as rdflib has it, on which pyshacl stands.

Its reading of XSD is looser than the standard in places (``1_000`` is an integer, any text a year), and it orders by
datatype what has no common order. A judge that is to find the same must do the same; shapes close the gaps by patterns.
"""

from __future__ import annotations

import re
from binascii import unhexlify
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from pyoxigraph import Literal, NamedNode

from .terms import RDF, XSD

if TYPE_CHECKING:
    from collections.abc import Callable

    from .terms import Term

__all__ = ["UNREADABLE", "Value", "compare", "is_text", "is_well_typed", "less", "less_or_equal", "read"]

UNREADABLE = frozenset({RDF + "XMLLiteral", RDF + "HTML"})
"""Datatypes whose values rdflib reads with parsers of their own."""

_STRING = XSD + "string"
_TEXTS = {XSD + name for name in ("string", "normalizedString", "token", "language", "anyURI")} | {RDF + "langString"}
_INTEGERS: dict[str, tuple[int | None, int | None]] = {
    XSD + "integer": (None, None),
    XSD + "long": (None, None),
    XSD + "nonNegativeInteger": (0, None),
    XSD + "positiveInteger": (1, None),
    XSD + "nonPositiveInteger": (None, 0),
    XSD + "negativeInteger": (None, -1),
    XSD + "int": (-(2**31), 2**31 - 1),
    XSD + "short": (-(2**15), 2**15 - 1),
    XSD + "byte": (-(2**7), 2**7 - 1),
    XSD + "unsignedLong": (0, None),
    XSD + "unsignedInt": (0, 2**32 - 1),
    XSD + "unsignedShort": (0, 2**16 - 1),
    XSD + "unsignedByte": (0, 2**8 - 1),
}
_NUMBERS = {*_INTEGERS, XSD + "decimal", XSD + "float", XSD + "double"}
_BOOLEAN = XSD + "boolean"
_PART = r"([0-9]+(?:[,.][0-9]+)?)"
_DURATION = re.compile(
    rf"^([+-])?P(?!\b)(?:{_PART}Y)?(?:{_PART}M)?(?:{_PART}W)?(?:{_PART}D)?(?:T(?:{_PART}H)?(?:{_PART}M)?(?:{_PART}S)?)?$"
)


class Value(NamedTuple):
    """A literal as rdflib compares it; ``value`` is None where the text has none or the datatype is not read."""

    text: str
    datatype: str
    language: str | None
    value: Any
    sound: bool


def read(literal: Literal) -> Value:
    """Return the literal with its value; language-tagged text counts as a string."""
    text, datatype = literal.value, literal.datatype.value
    if literal.language:
        return Value(text, _STRING, literal.language, text, sound=True)
    return Value(text, datatype, None, _value(text, datatype), is_well_typed(text, datatype))


def is_well_typed(text: str, datatype: str) -> bool:
    """Whether rdflib takes the text for one of the datatype; it takes any text for one that it does not read."""
    if datatype == _BOOLEAN:
        return text in {"true", "false", "1", "0"}
    value = _value(text, datatype)
    if datatype in _INTEGERS:
        least, most = _INTEGERS[datatype]
        return value is not None and (least is None or value >= least) and (most is None or value <= most)
    return value is not None or datatype not in _READERS


def is_text(literal: Value) -> bool:
    """Whether the value is a string."""
    return isinstance(literal.value, str)


def compare(one: Value, other: Value) -> int:
    """Return -1, 0 or 1; raises TypeError where the two cannot be compared."""
    if _equal(one, other):
        return 0
    if isinstance(one.value, (datetime, time)):
        return 1 if one.value > other.value else -1
    return 1 if _greater(one, other) else -1


def less(one: Term, other: Term) -> bool:
    """Whether sh:lessThan holds of two terms; never for what cannot be compared."""
    return _ordered(one, other, lambda a, b: a < b, _less)


def less_or_equal(one: Term, other: Term) -> bool:
    """Whether sh:lessThanOrEquals holds of two terms; never for what cannot be compared."""
    return _ordered(one, other, lambda a, b: a <= b, _less_or_equal)


def _ordered(
    one: Term, other: Term, by_text: Callable[[str, str], bool], by_value: Callable[[Value, Value], bool]
) -> bool:
    texts = [text for text in map(_text, (one, other)) if text is not None]
    values = [read(term) for term in (one, other) if isinstance(term, Literal)]
    try:
        if not texts and len(values) == 2:  # noqa: PLR2004
            return by_value(*values)
    except TypeError:
        return False
    return len(texts) == 2 and by_text(*texts)  # noqa: PLR2004


def _text(term: Term) -> str | None:
    """Return an IRI or a string as text, None for what compares by value or not at all."""
    if isinstance(term, Literal):
        value = read(term)
        return value.text if is_text(value) else None
    return term.value if isinstance(term, NamedNode) else None


def _less(one: Value, other: Value) -> bool:
    if _greater(one, other):
        return False
    try:
        return not _equal(one, other)
    except TypeError:
        return _greater(other, one)


def _less_or_equal(one: Value, other: Value) -> bool:
    return not _greater(one, other) or _equal(one, other)


def _equal(one: Value, other: Value) -> bool:
    if _are_numbers(one, other):
        return bool(one.value == other.value)
    if one.language != other.language or one.datatype != other.datatype:
        return False
    if one.datatype == _STRING:
        return one.text == other.text
    if one.value is not None and other.value is not None:
        return bool(one.value == other.value)
    if one.text == other.text:
        return True
    raise TypeError


def _greater(one: Value, other: Value) -> bool:
    if _are_numbers(one, other):
        try:
            return bool(one.value > other.value)
        except ArithmeticError as error:  # a decimal that is no number
            raise TypeError from error
    if one.datatype != other.datatype:
        return one.datatype > other.datatype
    if one.language != other.language:
        return (one.language or "") > (other.language or "")
    if one.value is not None and other.value is not None:
        try:
            return bool(_in_order(one.value) > _in_order(other.value))
        except TypeError:
            pass
    return one.text > other.text


def _are_numbers(one: Value, other: Value) -> bool:
    return all(each.datatype in _NUMBERS and each.sound and each.value is not None for each in (one, other))


def _in_order(value: Any) -> Any:
    """Return what orders times with a zone behind those without."""
    return (value.utcoffset() is not None, value) if isinstance(value, (datetime, time)) else value


def _value(text: str, datatype: str) -> Any:
    if datatype in _TEXTS:
        return text
    reader = _READERS.get(datatype)
    try:
        return reader(text) if reader else None
    except (ValueError, ArithmeticError, TypeError):
        return None


def _date(text: str) -> date:
    """Read a date as rdflib does: a time or a zone behind it is dropped."""
    bare = text[:-1] if text.endswith(("Z", "z")) else text
    sign, bare = ("-", bare[1:]) if bare.startswith("-") else ("", bare)
    if "T" in bare:
        bare = bare.split("T")[0]
    elif bare.rfind("+") > 0:
        bare = bare[: bare.rfind("+")]
    elif ":" in bare.rpartition("-")[2] and "-" in bare:
        bare = bare.rpartition("-")[0]
    if "-" not in bare:
        raise ValueError(text)
    return date.fromisoformat(sign + bare)


def _duration(text: str) -> Any:
    """Return a timedelta; with years or months a dictionary, which is equal to another or not but never less."""
    found = _DURATION.match(text)
    if found:
        sign, *parts = found.groups()
        years, months, weeks, days, hours, minutes, seconds = ((part or "0").replace(",", ".") for part in parts)
        rest = timedelta(
            weeks=float(weeks), days=float(days), hours=float(hours), minutes=float(minutes), seconds=float(seconds)
        )
        whole = Decimal(years) * 12 + Decimal(months)
    elif text.startswith("P"):
        then, sign = datetime.fromisoformat(text[1:]), None
        rest = then - datetime(then.year, then.month, 1, tzinfo=then.tzinfo) + timedelta(days=1)
        whole = Decimal(then.year * 12 + then.month)
    else:
        raise ValueError(text)
    factor = -1 if sign == "-" else 1
    return {"months": factor * whole, "rest": factor * rest} if whole else factor * rest


def _base64(text: str) -> bytes:
    from base64 import b64decode

    return b64decode(text)


_READERS: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(_INTEGERS, int),
    _BOOLEAN: lambda text: text.lower() in {"1", "true"},
    XSD + "decimal": Decimal,
    XSD + "float": float,
    XSD + "double": float,
    XSD + "date": _date,
    XSD + "time": time.fromisoformat,
    XSD + "dateTime": datetime.fromisoformat,
    XSD + "duration": _duration,
    XSD + "dayTimeDuration": _duration,
    XSD + "yearMonthDuration": _duration,
    XSD + "hexBinary": lambda text: unhexlify(text.encode()),
    XSD + "base64Binary": _base64,
}
