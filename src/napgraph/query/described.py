"""An answer as a described table: plain values, codes of jurisdictions, and the language of each text beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph

from ..namespaces import BASE, slug
from ..tables.columns import described
from ..tables.table import About, Column, Table
from .table import plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..tables.table import Value
    from .catalogue import SavedQuery
    from .session import Session
    from .table import ResultTable, Term

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


class _Made(NamedTuple):
    column: Column
    values: list[Value]


def table(answer: ResultTable, asked: tuple[Session, SavedQuery, Mapping[str, object]] | None, title: str) -> Table:
    """Return ``answer`` as :meth:`ResultTable.table` does; ``asked`` is who was asked, what, and with what."""
    rows = list(answer.terms())
    names = answer.columns
    told = described(asked[0].root, names, [asked[1].name]) if asked else [Column(name) for name in names]
    made = [part for column in told for part in _columns(column, [row[column.name] for row in rows], names)]
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


def _columns(column: Column, terms: Sequence[Term], names: Sequence[str]) -> list[_Made]:
    """Return the column with its values, and the column of their languages where they have any."""
    values = [_value(term) for term in terms]
    kinds = {_kind(term) for term in terms if term is not None}
    kind = column.kind if not kinds else kinds.pop() if len(kinds) == 1 else "text"
    codes = column.codes if all(value is None or value in column.codes for value in values) else {}
    made = [_Made(column._replace(kind=kind, codes=codes), values)]
    languages = [term.language if isinstance(term, pyoxigraph.Literal) else None for term in terms]
    beside = f"{column.name}_lang"
    if any(languages) and beside not in names:
        made.append(_Made(Column(beside, words=f"Language of {column.name}, as a tag of BCP 47"), list(languages)))
    return made


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
