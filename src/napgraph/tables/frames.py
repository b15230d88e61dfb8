"""Tables as data frames of pandas and polars, and as Parquet."""

from __future__ import annotations

import json
from types import ModuleType
from typing import TYPE_CHECKING

from ..errors import MissingPackageError
from .kinds import stored, text

if TYPE_CHECKING:
    import pandas
    import polars

    from .kinds import Column, TableData, Value

_PANDAS = {"integer": "Int64", "decimal": "Float64", "boolean": "boolean", "text": "string"}


def in_pandas(table: TableData) -> pandas.DataFrame:
    """Return the table as :meth:`Table.to_pandas` does."""
    made = the_pandas()
    series = {}
    for column in table.columns:
        kind = stored(column, table.values(column.name))
        series[column.name] = made.Series(_values(table, column, kind), dtype=_PANDAS[kind])
    frame: pandas.DataFrame = made.DataFrame(series, columns=table.names)
    frame.attrs = {str(key): value for key, value in facts(table).items()}
    return frame


def in_polars(table: TableData) -> polars.DataFrame:
    """Return the table as :meth:`Table.to_polars` does."""
    try:
        import polars
    except ImportError as error:
        raise MissingPackageError("polars", "tables") from error
    types = {"integer": polars.Int64, "decimal": polars.Float64, "boolean": polars.Boolean, "text": polars.String}
    series = []
    for column in table.columns:
        kind = stored(column, table.values(column.name))
        series.append(polars.Series(column.name, _values(table, column, kind), dtype=types[kind]))
    return polars.DataFrame(series)


def parquet(table: TableData) -> bytes:
    """Return the table as Parquet; what it is made from is in the file's metadata under ``napgraph``, as JSON."""
    import io

    out = io.BytesIO()
    in_polars(table).write_parquet(out, metadata={"napgraph": json.dumps(facts(table), ensure_ascii=False)})
    return out.getvalue()


def facts(table: TableData) -> dict[str, object]:
    """Return what the table is made from and what its columns mean, as plain values for JSON."""
    about = table.about._asdict()
    given = {name: _plain(value) for name, value in about.items() if value}
    columns = [{name: _plain(value) for name, value in column._asdict().items() if value} for column in table.columns]
    return {**given, "columns": columns}


def the_pandas() -> ModuleType:
    """Return pandas; raises MissingPackageError that says how to install it."""
    try:
        import pandas
    except ImportError as error:
        raise MissingPackageError("pandas", "tables") from error
    return pandas


def _values(table: TableData, column: Column, kind: str) -> list[Value]:
    values = table.values(column.name)
    if kind == "text":
        return [None if value is None else text(value) for value in values]
    if kind == "decimal":
        return [None if value is None else float(value) for value in values]
    return values


def _plain(value: object) -> object:
    if isinstance(value, str):
        return value
    return dict(value) if hasattr(value, "items") else list(value)  # type: ignore[call-overload]
