"""A table of plain values that says what its columns mean and what it was made from."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["About", "Column", "Table", "Value"]

Value = str | int | float | bool | None


class Column(NamedTuple):
    """A column: its name, the kind of its values, what they mean, and the words for each code where they are codes.

    ``kind`` is text, integer, decimal, boolean, date (of any precision) or iri.
    """

    name: str
    kind: str = "text"
    words: str = ""
    codes: Mapping[str, str] = {}


class About(NamedTuple):
    """What a table shows and what it was made from.

    ``queries`` holds the text of each saved query by its name, ``parameters`` what they were asked with, ``version``
    the digest of the data, ``sources`` the titles of the sources, ``notes`` what a reader must know of the numbers.
    """

    title: str
    question: str = ""
    queries: Mapping[str, str] = {}
    parameters: Mapping[str, str] = {}
    version: str = ""
    sources: Sequence[str] = ()
    notes: Sequence[str] = ()


class Table:
    """Rows of plain values under described columns. A row is a mapping of column -> value, None for nothing."""

    def __init__(self, columns: Sequence[Column], rows: Sequence[Mapping[str, Value]], about: About) -> None:
        self.columns, self.rows, self.about = list(columns), [dict(row) for row in rows], about

    @property
    def names(self) -> list[str]:
        """The names of the columns, in their order."""
        return [column.name for column in self.columns]

    def __iter__(self) -> Iterator[dict[str, Value]]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        return f"<Table {self.about.title!r}: {len(self)} rows: {', '.join(self.names)}>"
