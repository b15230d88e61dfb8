"""Literals read and ordered as rdflib does, because pyshacl does; the shapes close the gaps by patterns."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from math import inf
from typing import Any, Final, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode

Term: TypeAlias = NamedNode | BlankNode | Literal

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"


def compared(value: Term, bound: Literal) -> int | None:
    """Return how a value lies to an integer; None for an ill-typed integer, for a time and for what has no order."""
    kinds = (bound.datatype.value, XSD + "time")
    is_unordered = isinstance(value, Literal) and value.datatype.value in kinds and number(value) is None
    return None if is_unordered else order(value, bound)


def is_well_typed(text: str, reader: Callable[[str], object] | None) -> bool:
    """Whether rdflib takes a text for a value of a datatype; any text where it has no reader."""
    try:
        return reader is None or reader(text) is not None
    except (ValueError, ArithmeticError):
        return False


def number(term: Term) -> int | float | Decimal | None:
    """Return the number that a literal stands for, None for anything else."""
    name = term.datatype.value.removeprefix(XSD) if isinstance(term, Literal) else ""
    if name not in _NUMBERS and name not in _INTEGERS:
        return None
    try:
        value = _NUMBERS.get(name, int)(term.value)
    except (ValueError, ArithmeticError):
        return None
    least, most = _INTEGERS.get(name, (value, value))
    return value if name in _NUMBERS or least <= value <= most else None


def order(one: Term, other: Term) -> int | None:
    """Return -1, 0 or 1 as one term is below, equal to or above another; None where they have no order."""
    terms = (one, other)
    is_text = [isinstance(t, NamedNode) or (isinstance(t, Literal) and t.datatype.value in TEXTS) for t in terms]
    keys: list[Any] = [term.value if text else None for term, text in zip(terms, is_text, strict=True)]
    if keys == [None, None] and isinstance(one, Literal) and isinstance(other, Literal):
        keys = [number(one), number(other)]
        if None in keys:
            keys = [(one.datatype.value, one.value), (other.datatype.value, other.value)]
    try:
        return None if None in keys else 0 if keys[0] == keys[1] else 1 if keys[0] > keys[1] else -1
    except ArithmeticError:  # a decimal that is no number
        return None


def _date(text: str) -> date:
    """Read a date; a time or a zone after it is dropped."""
    bare = re.sub(r"(?:T.*|\+[^+]*|-[^-+]*:[^-+]*)$", "", re.sub(r"[Zz]$", "", text))
    return date.fromisoformat(bare if "-" in bare else "")


def _duration(text: str) -> object:
    """Read a duration, or ``P`` and a date."""
    if found := _DURATION.match(text):
        return timedelta(**{unit: float(count.replace(",", ".")) for unit, count in found.groupdict("0").items()})
    return datetime.fromisoformat(text[1:] if text[:1] == "P" else "")


_PART = r"[0-9]+(?:[,.][0-9]+)?"
_DURATION = re.compile(
    rf"[+-]?P(?!\b)(?:{_PART}Y)?(?:{_PART}M)?(?:(?P<weeks>{_PART})W)?(?:(?P<days>{_PART})D)?"
    rf"(?:T(?:(?P<hours>{_PART})H)?(?:(?P<minutes>{_PART})M)?(?:(?P<seconds>{_PART})S)?)?$"
)
DATATYPES: dict[str, Callable[[str], object] | None] = {
    XSD + "integer": int,
    XSD + "decimal": Decimal,
    XSD + "date": _date,
    XSD + "duration": _duration,
    **dict.fromkeys((XSD + "gYear", XSD + "gYearMonth", XSD + "string", RDF + "langString")),
}
TEXTS = {XSD + name for name in ("string", "normalizedString", "token", "language", "anyURI")} | {RDF + "langString"}
_NUMBERS: dict[str, Any] = {"decimal": Decimal, "float": float, "double": float}
_INTEGERS: dict[str, tuple[float, float]] = {
    **dict.fromkeys(("integer", "long"), (-inf, inf)),
    **dict.fromkeys(("nonNegativeInteger", "unsignedLong"), (0, inf)),
    "positiveInteger": (1, inf),
    "nonPositiveInteger": (-inf, 0),
    "negativeInteger": (-inf, -1),
    **{name: (-(2.0**bits), 2.0**bits - 1) for name, bits in (("int", 31), ("short", 15), ("byte", 7))},
    **{f"unsigned{name}": (0, 2.0**bits - 1) for name, bits in (("Int", 32), ("Short", 16), ("Byte", 8))},
}
