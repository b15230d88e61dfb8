"""A table in the formats that people use, each with its meaning and origin as far as the format can carry them.

csv, tsv and markdown hold the table alone (beside a CSV file lies its CSVW description, :mod:`.csvw`); json, html, xlsx
and parquet hold also what the columns mean and what the table was made from; dta holds labels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import OutputError

if TYPE_CHECKING:
    from .kinds import TableData, Value

FORMS = ("csv", "tsv", "json", "markdown", "html", "xlsx", "dta", "parquet")
BINARY = frozenset({"xlsx", "dta", "parquet"})
ENDINGS = {".md": "markdown"} | {f".{form}": form for form in FORMS if form != "markdown"}
"""The form that the ending of a file's name means."""


def save(table: TableData, path: str, form: str | None = None) -> None:
    """Write the table to the file ``path`` whole, in ``form`` or what its ending means.

    Beside a CSV file goes its CSVW description; a device or pipe has no neighbours. Raises OutputError for an ending
    that means none and for a place that cannot be written, MissingPackageError as :func:`written`.
    """
    import os

    ending = os.path.splitext(path)[1].lower()
    if form is None and ending not in ENDINGS:
        raise OutputError(f"{path}: {ending or 'no ending'} means no format of a table. Use {', '.join(ENDINGS)}.")
    form = form or ENDINGS[ending]
    _whole(path, written(table, form))
    if form == "csv" and os.path.isfile(path):
        from urllib.parse import quote

        from .csvw import ENDING, metadata

        _whole(path + ENDING, metadata(table, quote(os.path.basename(path), safe="")))


def _whole(path: str, content: bytes) -> None:
    from ..files import write_whole

    try:
        write_whole(path, content)
    except OSError as error:
        raise OutputError(f"{path}: nothing was written here ({error.strerror}).") from error


def written(table: TableData, form: str) -> bytes:
    """Return the table in ``form``; raises ValueError for one that is not in FORMS.

    Raises MissingPackageError where a form needs a package that is not installed (dta: pandas, parquet: polars).
    """
    if form not in FORMS:
        raise ValueError(f"unknown form {form!r}")
    if form in {"csv", "tsv"}:
        from .separated import separated

        return separated(table, "," if form == "csv" else "\t").encode()
    if form == "json":
        return _json(table).encode()
    if form in {"markdown", "html"}:
        from .pages import markdown, page

        return (markdown if form == "markdown" else page)(table).encode()
    return _binary(table, form)


def _binary(table: TableData, form: str) -> bytes:
    if form == "xlsx":
        from .xlsx import workbook

        return workbook(table)
    if form == "dta":
        from .stata import stata

        return stata(table)
    from .frames import parquet

    return parquet(table)


def _json(table: TableData) -> str:
    import json

    from .frames import facts

    rows = [{name: _number(row.get(name)) for name in table.names} for row in table.rows]
    return json.dumps({**facts(table), "rows": rows}, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _number(value: Value) -> Value:
    """Return a value that JSON has: what is no finite number is text there."""
    import math

    from .kinds import text

    return text(value) if isinstance(value, float) and not math.isfinite(value) else value
