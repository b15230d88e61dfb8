"""The data of a table: columns with their meaning, rows of plain values, and what each can be stored as."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

Value = str | int | float | bool | None
KINDS = ("text", "integer", "decimal", "boolean", "date", "iri")
_STORED = {"integer": "integer", "decimal": "decimal", "boolean": "boolean"}
_MOST = 2**63


class Column(NamedTuple):
    """A column: its name, the kind of its values, what they mean, and the words for each code where they are codes.

    ``kind`` is text, integer, decimal, boolean, date (of any precision) or iri. ``term`` is the IRI of the property
    that the column shows, where there is one.
    """

    name: str
    kind: str = "text"
    words: str = ""
    codes: Mapping[str, str] = {}
    term: str = ""


class About(NamedTuple):
    """What a table shows and what it was made from.

    ``queries`` holds the text of each saved query by its name, ``parameters`` what they were asked with, ``version``
    the digest of the data, ``sources`` the titles of the sources, ``notes`` what a reader must know of the numbers,
    ``licence`` the address of the licence of the data, ``citation`` how to cite them, ``language`` the language of
    the title, the notes and the names of concepts.
    """

    title: str
    question: str = ""
    queries: Mapping[str, str] = {}
    parameters: Mapping[str, str] = {}
    version: str = ""
    sources: Sequence[str] = ()
    notes: Sequence[str] = ()
    licence: str = ""
    citation: str = ""
    language: str = "en"


class TableData:
    """Rows of plain values under described columns. A row is a mapping of column -> value, None for nothing."""

    def __init__(self, columns: Sequence[Column], rows: Sequence[Mapping[str, Value]], about: About) -> None:
        self.columns, self.rows, self.about = list(columns), [dict(row) for row in rows], about

    @property
    def names(self) -> list[str]:
        """The names of the columns, in their order."""
        return [column.name for column in self.columns]

    def values(self, name: str) -> list[Value]:
        """Return the values of one column, row by row."""
        return [row.get(name) for row in self.rows]

    def __iter__(self) -> Iterator[dict[str, Value]]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        return f"<Table {self.about.title!r}: {len(self)} rows: {', '.join(self.names)}>"


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
