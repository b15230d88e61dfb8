"""What the values of a column can be stored as, and a value as text."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .table import Column, Value

__all__ = ["KINDS", "is_address", "stored", "text"]

KINDS = ("text", "integer", "decimal", "boolean", "date", "iri")
_STORED = {"integer": "integer", "decimal": "decimal", "boolean": "boolean"}
_MOST = 2**63


def stored(column: Column, values: Iterable[Value]) -> str:
    """Return integer, decimal, boolean or text: what every value of the column fits into.

    The values decide; where there is none, the column's kind does. Whole numbers of more than 64 bits are text, and
    so are dates, whose precision differs.
    """
    found = {type(value) for value in values if value is not None}
    if not found:
        return _STORED.get(column.kind, "text")
    if found == {bool}:
        return "boolean"
    if found == {int}:
        if all(-_MOST <= value < _MOST for value in values if isinstance(value, int)):
            return "decimal" if column.kind == "decimal" else "integer"
        return "text"
    return "decimal" if found <= {int, float} else "text"


def text(value: Value) -> str:
    """Return a value as XML Schema writes it; nothing is an empty text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "INF" if value > 0 else "-INF"
    return str(value)


def is_address(value: Value) -> bool:
    """Whether a value is an IRI of the web."""
    return isinstance(value, str) and value.startswith(("http://", "https://")) and not any(map(str.isspace, value))
