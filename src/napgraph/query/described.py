"""An answer as columns and rows: plain values, codes of jurisdictions, and the language of each text beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph

from ..rdf.namespaces import BASE, slug
from ..tables.columns import Column, text
from .results import plain

if TYPE_CHECKING:
    from ..tables.columns import Known, Value
    from .results import ResultTable, Term

_JURISDICTION = f"{BASE}jurisdiction/"
_KINDS = {
    "integer": "integer",
    "decimal": "decimal",
    "double": "decimal",
    "float": "decimal",
    "boolean": "boolean",
    "date": "date",
    "gYear": "date",
    "gYearMonth": "date",
}
_STORED = frozenset({"integer", "decimal", "boolean"})


class _Made(NamedTuple):
    column: Column
    values: list[Value]


def columns_and_rows(
    answer: ResultTable, known: Sequence[Known], *, saved: bool
) -> tuple[list[Column], list[dict[str, Value]]]:
    """Return an answer as columns and rows of plain values: a jurisdiction as its code, languages beside texts.

    ``known`` is what is known of the columns; those of a ``saved`` query do not depend on what the rows are.
    """
    rows, names = list(answer.terms()), answer.columns
    made: list[_Made] = []
    for each in known:
        terms = [row[each.column.name] for row in rows]
        made += _declared(each, terms) if saved else _found(each, terms, names)
    return [part.column for part in made], [
        {part.column.name: part.values[number] for part in made} for number in range(len(rows))
    ]


def _declared(known: Known, terms: Sequence[Term]) -> list[_Made]:
    """Return a column of a saved query: its kind, and whether languages stand beside it, are as the file says."""
    column = known.answer
    values = [_value(term) for term in terms]
    if column.kind not in _STORED:
        values = [None if value is None else text(value) for value in values]
    return [_Made(column, values), *([_languages(column.name, terms)] if known.language else [])]


def _found(known: Known, terms: Sequence[Term], names: Sequence[str]) -> list[_Made]:
    """Return a column of someone's own query, of which the rows tell the kind, and whether texts have languages."""
    column, values = known.column, [_value(term) for term in terms]
    kinds = {_kind(term) for term in terms if term is not None}
    kind = column.kind if not kinds else kinds.pop() if len(kinds) == 1 else "text"
    codes = column.codes if all(value is None or value in column.codes for value in values) else {}
    made = [_Made(column._replace(kind=kind, codes=codes), values)]
    beside = _languages(column.name, terms)
    return [*made, beside] if any(beside.values) and beside.column.name not in names else made


def _languages(name: str, terms: Sequence[Term]) -> _Made:
    tags: list[Value] = [term.language if isinstance(term, pyoxigraph.Literal) else None for term in terms]
    return _Made(Column(f"{name}_lang", words=f"Language of {name}, as a tag of BCP 47"), tags)


def _value(term: Term) -> Value:
    if isinstance(term, pyoxigraph.NamedNode) and term.value.startswith(_JURISDICTION):
        return slug(term.value).upper()
    return plain(term)


def _kind(term: Term) -> str:
    if isinstance(term, pyoxigraph.NamedNode):
        return "text" if term.value.startswith(_JURISDICTION) else "iri"
    if not isinstance(term, pyoxigraph.Literal):
        return "text"
    return _KINDS.get(term.datatype.value.rpartition("#")[2], "text")
