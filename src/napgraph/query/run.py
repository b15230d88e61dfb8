"""Run a query, its parameters bound as terms.

A value reaches the text of a query only through :func:`bind`, which makes it a term of pyoxigraph first: that
refuses what is no term and escapes what a literal may hold, so no value can change the query around it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyoxigraph

from ..errors import ParameterError, QueryError, UnknownNameError
from ..rdf.namespaces import BASE, prefixes
from .jurisdictions import jurisdiction
from .results import ResultTable
from .tokens import calls_out, clauses

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .catalogue import Parameter, SavedQuery
    from .session import Session

__all__ = ["bind", "resolve", "run", "run_text"]

_XSD = "http://www.w3.org/2001/XMLSchema#"
_TYPED = {
    "date": (re.compile(r"\d{4}-\d{2}-\d{2}"), "date", "a day such as 2006-07-01"),
    "integer": (re.compile(r"[+-]?\d{1,18}"), "integer", "a whole number such as 3"),
    "text": (re.compile(r".*", re.DOTALL), "string", "text"),
}


def run(kg: Session, query: SavedQuery, parameters: Mapping[str, object]) -> ResultTable:
    """Return the answer of ``query`` with ``parameters``; raises ParameterError, UnknownNameError or QueryError."""
    bound = bind(kg, query, parameters)
    if not query.folder:  # someone's own
        from .text import check

        check(bound.text, f"{query.name}.rq", prefixes(kg.root))
    return kg.engine.answer(bound.text, query.name, asserted=query.header.get("graph") == "asserted")


def run_text(store: pyoxigraph.Store, text: str, name: str, *, union: bool = False) -> ResultTable:
    """Return the answer of SPARQL ``text``; raises QueryError with line and column for what cannot be read.

    Asked is the default graph, or with ``union`` all graphs of the store together.
    """
    if calls_out(text) or clauses(text):
        raise QueryError(f"{name}: SERVICE and FROM are not run: the loaded graph answers, and nothing is fetched.")
    try:
        result = store.query(text, use_default_graph_as_union=union)
        if isinstance(result, pyoxigraph.QueryTriples):
            raise QueryError(f"{name}: this query makes a graph, not a table. Use SELECT or ASK.")
        return ResultTable.of(result)
    except SyntaxError as error:
        raise QueryError(f"{name}: this is not valid SPARQL: {error.msg}") from error
    except (OSError, RuntimeError, ValueError) as error:
        raise QueryError(f"{name}: the query could not be run: {error}") from error


def bind(kg: Session, query: SavedQuery, parameters: Mapping[str, object]) -> SavedQuery:
    """Return ``query`` with each parameter's slot filled; None and empty lists leave the default."""
    known = query.parameters
    for name, value in parameters.items():
        if name not in known:
            raise _unknown(query, name)
        given = (
            [value] if isinstance(value, str) or not isinstance(value, (list, tuple, set, frozenset)) else list(value)
        )
        terms = [_term(kg, known[name], item) for item in given if item is not None]
        if terms:
            query = query.with_slot(name, " ".join(map(str, terms)))
    return query


def _unknown(query: SavedQuery, name: str) -> ParameterError:
    from ..errors import nearest

    names = list(query.parameters)
    if not names:
        return ParameterError(f"The query {query.name!r} has no parameters, so {name!r} cannot be set.")
    near = nearest(name, names)
    hint = f"Did you mean {' or '.join(near)}?" if near else f"It has: {', '.join(names)}."
    return ParameterError(f"The query {query.name!r} has no parameter {name!r}. {hint}")


def _term(kg: Session, parameter: Parameter, value: object) -> pyoxigraph.NamedNode | pyoxigraph.Literal:
    """Make the term that a user's ``value`` names, by the parameter's kind."""
    text = str(value).strip()
    if parameter.kind in _TYPED:
        pattern, datatype, words = _TYPED[parameter.kind]
        if not pattern.fullmatch(text) or (datatype == "date" and not _is_day(text)):
            raise ParameterError(f"{parameter.name} needs {words}, not {text!r}.")
        return pyoxigraph.Literal(text, datatype=pyoxigraph.NamedNode(_XSD + datatype))
    if parameter.kind.startswith("one of "):
        choices = parameter.kind.removeprefix("one of ").split(" | ")
        if text not in choices:
            raise UnknownNameError(parameter.name, text, choices, see=f"It is one of: {', '.join(choices)}.")
        return pyoxigraph.Literal(text)
    if parameter.kind == "iri":
        try:
            return pyoxigraph.NamedNode(text)
        except ValueError as error:
            raise ParameterError(f"{parameter.name} needs an IRI such as {BASE}theme, not {text!r}.") from error
    return resolve(kg, parameter.kind, text)


def _is_day(text: str) -> bool:
    from datetime import date

    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def resolve(kg: Session, scheme: str, text: str) -> pyoxigraph.NamedNode:
    """Return the IRI of a code of ``scheme``, given as code, ``prefix:code`` or IRI; a jurisdiction also by its names.

    Raises UnknownNameError with the nearest that exist, or ParameterError for a name that several jurisdictions share.
    """
    text, space = text.strip(), f"{BASE}{scheme}/"
    code = _local(kg, text, space)
    if code not in kg.codes(scheme):
        if scheme != "jurisdiction":
            see = f"The codes are listed in ontology/schemes/{scheme}.ttl."
            raise UnknownNameError(scheme.replace("-", " "), text, sorted(kg.codes(scheme)), see=see)
        code = jurisdiction(text, kg.jurisdictions).lower()
    return pyoxigraph.NamedNode(space + code)


def _local(kg: Session, text: str, space: str) -> str:
    if text.startswith(space):
        return text[len(space) :]
    prefix, colon, name = text.partition(":")
    if colon and prefixes(kg.root).get(prefix) == space:
        return name
    return text.lower()
