"""A table of plain values that says what its columns mean and what it was made from."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping, Sequence

    import pandas
    import polars

__all__ = ["About", "Column", "Table", "Value"]

Value = str | int | float | bool | None


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


class Table:
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

    def to_pandas(self) -> pandas.DataFrame:
        """Return a DataFrame with the nullable types Int64, Float64, boolean and string; None is ``pandas.NA``.

        Dates of differing precision stay text; title, data version and the meaning of each column are in its
        ``attrs``. Raises MissingPackageError where pandas is not installed.
        """
        from .frames import in_pandas

        return in_pandas(self)

    def to_polars(self) -> polars.DataFrame:
        """Return a DataFrame of polars with Int64, Float64, Boolean and String; raises MissingPackageError."""
        from .frames import in_polars

        return in_polars(self)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the table to a file, in the format that its ending means, such as .csv or .xlsx.

        Beside a CSV file goes its CSVW description. Raises OutputError or MissingPackageError.
        """
        from os import fspath

        from .write import save

        save(self, fspath(path))

    def _repr_html_(self) -> str:
        from .pages import fragment

        return fragment(self)

    def __iter__(self) -> Iterator[dict[str, Value]]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        return f"<Table {self.about.title!r}: {len(self)} rows: {', '.join(self.names)}>"
