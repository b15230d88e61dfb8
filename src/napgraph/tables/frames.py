"""Tables as data frames of pandas and polars, as Parquet and as Stata files, by packages that are optional."""

from __future__ import annotations

import io
import json
import math
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from ..errors import MissingPackageError
from .columns import Column, TableData, Value, each_once, stored, text

if TYPE_CHECKING:
    import pandas
    import polars

_PANDAS = {"integer": "Int64", "decimal": "Float64", "boolean": "boolean", "text": "string"}
_POLARS = {"integer": "Int64", "decimal": "Float64", "boolean": "Boolean", "text": "String"}
_LONGEST_LABEL, _LONGEST_TEXT = 80, 2045
_SHORT = 32_740  # the largest whole number of Stata's type int
_EXACT = 2**53
_RESERVED = re.compile(
    "aggregate|array|bool(ean)?|break|byte|case|catch|class|colvector|complex|const|continue|default|delegate|delete|"
    "do|double|else|eltypedef|end|enum|explicit|export|external|float|for|friend|function|global|goto|if|in|inline|"
    "int|local|long|mata|matrix|namespace|new|null|numeric|NULL|orgtypedef|pointer|polymorphic|pragma|private|"
    "protected|public|quad|real|return|rowvector|scalar|short|signed|static|strL|string|struct|super|switch|template|"
    "this|throw|transmorphic|try|typedef|typename|union|unsigned|using|vector|version|virtual|void|volatile|while|"
    r"with|_all|_b|_coef|_cons|_n|_pi|_pred|_rc|_skip|str\d+",
    re.IGNORECASE,
)


def _package(name: str) -> Any:
    """Return pandas or polars; raises MissingPackageError that says how to install it."""
    from importlib import import_module

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

    Variables are named by Stata's rules and labelled by what the column means; where every value of a column is one of
    its codes, the codes are a value label, in the order in which they are listed. Nothing is an empty text, as Stata
    has no missing text. A text of more than 2045 bytes is a strL.
    """
    pandas = _package("pandas")
    names = names_for(table.names)
    series, long, labels = {}, [], {}
    for column, name in zip(table.columns, names, strict=True):
        values, codes = _coded(table, column)
        if codes:
            labels[name] = codes
        if not codes and (any(isinstance(value, str) for value in values) or stored(column, values) == "text"):
            texts = [text(value) for value in values]
            series[name] = pandas.Series(texts, dtype=object)
            if any(len(each.encode()) > _LONGEST_TEXT for each in texts):
                long.append(name)
        else:
            series[name] = pandas.Series(values, dtype=_type(values, codes))
    out = io.BytesIO()
    pandas.DataFrame(series, columns=names).to_stata(
        out,
        write_index=False,
        version=118,
        convert_strl=long,
        data_label=_cut(table.about.title) or None,
        variable_labels={name: _cut(each.words or each.name) for each, name in zip(table.columns, names, strict=True)},
        value_labels=labels or None,
    )
    return out.getvalue()


def names_for(names: Iterable[str]) -> list[str]:
    """Return names that Stata takes, in their order: at most 32 letters, digits and ``_``, each once."""
    plain = (re.sub(r"[^A-Za-z0-9_]", "_", name) or "_" for name in names)
    return each_once((f"_{name}" if name[0].isdigit() or _RESERVED.fullmatch(name) else name for name in plain), 32)


def _coded(table: TableData, column: Column) -> tuple[Sequence[Value], dict[float, str]]:
    """Return what is stored of a column, and its value label where it has one: codes by number, or truth values."""
    values = table.values(column.name)
    kind = stored(column, values)
    if kind == "boolean":
        return [None if value is None else int(value) for value in values], {0: "no", 1: "yes"}
    if kind == "text" and column.codes and all(value is None or value in column.codes for value in values):
        numbers = {code: number for number, code in enumerate(column.codes, 1)}
        labels: dict[float, str] = dict(enumerate(column.codes, 1))
        return [None if value is None else numbers[str(value)] for value in values], labels
    if kind == "integer" and any(value is not None and abs(int(value)) > _EXACT for value in values):
        return [text(value) for value in values], {}
    if kind == "decimal":
        return [_finite(value) for value in values], {}
    if kind == "integer" and column.codes:
        known = {value for value in values if text(value) in column.codes and value is not None}
        return values, {int(value): column.codes[text(value)] for value in sorted(known, key=int)}
    return values, {}


def _type(values: Sequence[Value], codes: dict[float, str]) -> str:
    """Return the type of a numeric column: that of codes, or of any number, so that rows have no say in it."""
    short = all(value is None or abs(int(value)) <= _SHORT for value in values) if codes else False
    return "Int16" if short else "float64"


def _finite(value: Value) -> float | None:
    """Return a number that Stata has: it knows no infinity, and keeps the largest doubles for its missing values."""
    number = math.nan if value is None else float(value)
    return number if math.isfinite(number) and abs(number) < 8.9e307 else None  # noqa: PLR2004


def _cut(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= _LONGEST_LABEL else words[: _LONGEST_LABEL - 1] + "…"
