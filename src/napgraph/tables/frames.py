"""Tables as data frames of pandas and polars, as Parquet and as Stata files, by packages that are optional."""

from __future__ import annotations

import io
import json
import math
import re
from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ..errors import MissingPackageError
from .columns import Column, TableData, Value, each_once, stored, text
from .origins import short

if TYPE_CHECKING:
    import pandas
    import polars

_PANDAS = {"integer": "Int64", "decimal": "Float64", "boolean": "boolean", "text": "string"}
_POLARS = {"integer": "Int64", "decimal": "Float64", "boolean": "Boolean", "text": "String"}
_LONGEST_LABEL, _LONGEST_TEXT = 80, 2045
_SHORT = 32_740  # the largest whole number of Stata's type int
_EXACT = 2**53
_LARGEST = 8.9e307  # Stata keeps the larger doubles for its missing values


def _package(name: str) -> Any:
    """Return pandas or polars; raises MissingPackageError that says how to install it."""
    try:
        return import_module(name)
    except ImportError as error:
        raise MissingPackageError(name, "tables") from error


def in_pandas(table: TableData) -> pandas.DataFrame:
    """Return the table as :meth:`Table.to_pandas` does."""
    made = _package("pandas")
    columns = {column.name: _typed(table, column) for column in table.columns}
    series = {name: made.Series(values, dtype=_PANDAS[kind]) for name, (values, kind) in columns.items()}
    frame: pandas.DataFrame = made.DataFrame(series, columns=table.names)
    frame.attrs = {str(key): value for key, value in table.facts().items()}
    return frame


def in_polars(table: TableData) -> polars.DataFrame:
    """Return the table as :meth:`Table.to_polars` does."""
    made = _package("polars")
    columns = ((column.name, *_typed(table, column)) for column in table.columns)
    return made.DataFrame(  # type: ignore[no-any-return]
        [made.Series(name, values, dtype=getattr(made, _POLARS[kind])) for name, values, kind in columns]
    )


def _typed(table: TableData, column: Column) -> tuple[list[Value], str]:
    """Return the values of a column as what they are stored as, and what that is."""
    values = table.values(column.name)
    kind = stored(column, values)
    convert: Any = {"text": text, "decimal": float}.get(kind)
    return [None if value is None else convert(value) for value in values] if convert else values, kind


def parquet(table: TableData) -> bytes:
    """Return the table as Parquet; what it is made from is in the file's metadata under ``napgraph``, as JSON."""
    out = io.BytesIO()
    in_polars(table).write_parquet(out, metadata={"napgraph": json.dumps(table.facts(), ensure_ascii=False)})
    return out.getvalue()


def stata(table: TableData) -> bytes:
    """Return the table as a Stata file of version 118 (Stata 14 and newer); raises MissingPackageError without pandas.

    Variables are labelled by what the column means; codes are value labels in the order in which they are listed. Stata
    has no missing text: nothing is an empty one. A text of more than 2045 bytes is a strL.
    """
    pandas, names = _package("pandas"), names_for(table.names)
    series, long, labels, words = {}, [], {}, {}
    for column, name in zip(table.columns, names, strict=True):
        values, codes = _coded(table, column)
        words[name] = _cut(column.words or column.name)
        if codes:
            labels[name] = codes
            # The type is that of codes, or of any number, so that rows have no say in it.
            small = all(value is None or abs(int(value)) <= _SHORT for value in values)
            series[name] = pandas.Series(values, dtype="Int16" if small else "float64")
        elif any(isinstance(value, str) for value in values) or stored(column, values) == "text":
            texts = [text(value) for value in values]
            series[name] = pandas.Series(texts, dtype=object)
            long += [name] if any(len(each.encode()) > _LONGEST_TEXT for each in texts) else []
        else:
            series[name] = pandas.Series(values, dtype="float64")
    out = io.BytesIO()
    pandas.DataFrame(series, columns=names).to_stata(
        out,
        write_index=False,
        version=118,
        convert_strl=long,
        data_label=_cut(", ".join(filter(None, (table.about.title, short(table.about.version))))) or None,
        variable_labels=words,
        value_labels=labels or None,
    )
    return out.getvalue()


def names_for(names: Iterable[str]) -> list[str]:
    """Return names that Stata takes, in their order: at most 32 letters, digits and ``_``, each once."""
    reserved = {word.lower() for word in _package("pandas.io.stata").StataParser().RESERVED_WORDS}
    plain = [re.sub(r"[^A-Za-z0-9_]", "_", name) or "_" for name in names]
    illegal = {name for name in plain if name[0].isdigit() or re.sub(r"\d+$", "#", name).lower() in reserved}
    return each_once((f"_{name}" if name in illegal else name for name in plain), 32)


def _coded(table: TableData, column: Column) -> tuple[Sequence[Value], dict[float, str]]:
    """Return what is stored of a column, and its value label where it has one: codes by number, or truth values."""
    values = table.values(column.name)
    kind = stored(column, values)
    if kind == "boolean":
        return [None if value is None else int(value) for value in values], {0: "no", 1: "yes"}
    if kind == "text" and column.codes and all(value is None or value in column.codes for value in values):
        numbers = {code: number for number, code in enumerate(column.codes, 1)}
        return [None if value is None else numbers[str(value)] for value in values], dict(enumerate(column.codes, 1))
    if kind == "integer" and any(value is not None and abs(int(value)) > _EXACT for value in values):
        return [text(value) for value in values], {}
    if kind == "decimal":
        doubles = (math.nan if value is None else float(value) for value in values)
        return [number if abs(number) < _LARGEST else None for number in doubles], {}
    if kind == "integer" and column.codes:
        known = {int(value) for value in values if value is not None and text(value) in column.codes}
        return values, {value: column.codes[str(value)] for value in sorted(known)}
    return values, {}


def _cut(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= _LONGEST_LABEL else words[: _LONGEST_LABEL - 1] + "…"
