"""A table of plain values that says what its columns mean and what it was made from."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TypeAlias

from . import write
from .columns import TableData

if TYPE_CHECKING:
    import pandas
    import polars
    from altair import ConcatChart

Picture: TypeAlias = "ConcatChart"
"""What a table is drawn as."""


class Table(TableData):
    """Rows of plain values under described columns, to be used as a data frame, saved, or shown in a notebook."""

    def to_pandas(self) -> pandas.DataFrame:
        """Return a DataFrame with the nullable types Int64, Float64, boolean and string; None is ``pandas.NA``.

        Dates of differing precision stay text; title, data version and the meaning of each column are in its
        ``attrs``. Raises MissingPackageError where pandas is not installed.
        """
        from . import frames

        return frames.in_pandas(self)

    def to_polars(self) -> polars.DataFrame:
        """Return a DataFrame of polars with Int64, Float64, Boolean and String; raises MissingPackageError."""
        from . import frames

        return frames.in_polars(self)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the table to a file, in the format that its ending means, such as .csv or .xlsx.

        Beside a CSV file goes its CSVW description. Raises OutputError or MissingPackageError.
        """
        write.save(self, os.fspath(path))

    def _repr_html_(self) -> str:
        return write.fragment(self)
