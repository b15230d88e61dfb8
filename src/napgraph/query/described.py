"""An answer as a described table: plain values, codes of jurisdictions, and the language of each text beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph

from ..rdf.namespaces import BASE, slug
from ..tables.columns import Known, answered
from ..tables.kinds import text
from ..tables.table import About, Column, Table
from .results import plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..tables.table import Value
    from .catalogue import SavedQuery
    from .results import ResultTable, Term
    from .session import Session

__all__ = ["table"]

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


def table(answer: ResultTable, asked: tuple[Session, SavedQuery, Mapping[str, object]] | None, title: str) -> Table:
    """Return ``answer`` as :meth:`ResultTable.table` does; ``asked`` is who was asked, what, and with what."""
    rows = list(answer.terms())
    names = answer.columns
    saved = asked is not None and bool(asked[1].folder)
    plain_columns = [Known(Column(name), Column(name), language=False) for name in names]
    told = answered(asked[0].root, names, asked[1].name) if asked else plain_columns
    made: list[_Made] = []
    for known in told:
        terms = [row[known.column.name] for row in rows]
        made += _declared(known, terms) if saved else _found(known, terms, names)
    plain_rows: list[dict[str, Value]] = [
        {part.column.name: part.values[number] for part in made} for number in range(len(rows))
    ]
    columns = [part.column for part in made]
    if asked is None:
        return Table(columns, plain_rows, About(title or "Answer"))
    from .run import bind

    kg, query, parameters = asked
    given = {name: _words(value) for name, value in parameters.items() if value not in (None, [], ())}
    heading = title or query.header.get("summary", query.name)
    return kg.table(columns, plain_rows, heading, queries=[bind(kg, query, parameters)], parameters=given)


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


def _words(value: object) -> str:
    several = isinstance(value, (list, tuple, set, frozenset))
    return ", ".join(map(str, value)) if several else str(value)  # type: ignore[call-overload]
