"""The parameters of a query, bound as terms.

A value reaches the text of a query only through :func:`bind`, which makes it a term of pyoxigraph first: that
refuses what is no term and escapes what a literal may hold, so no value can change the query around it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import pyoxigraph

from ..errors import ParameterError, UnknownNameError, nearest
from ..rdf.namespaces import BASE, XSD

if TYPE_CHECKING:
    from .catalogue import Parameter, SavedQuery

_TYPED = {
    "date": (re.compile(r"(?!0000)\d{4}-\d{2}-\d{2}"), "date", "a day such as 2006-07-01"),
    "integer": (re.compile(r"[+-]?\d{1,18}"), "integer", "a whole number such as 3"),
    "text": (re.compile(r".*", re.DOTALL), "string", "text"),
}


def bind(
    query: SavedQuery, parameters: Mapping[str, object], resolve: Callable[[str, str], pyoxigraph.NamedNode]
) -> SavedQuery:
    """Return ``query`` with each parameter's slot filled; None and empty lists leave the default.

    ``resolve`` gives the IRI of a code of a list: :meth:`Session.resolve`. Where jurisdictions are named, those below
    and above the state count too.
    """
    known = query.parameters
    for name, value in parameters.items():
        if name not in known:
            raise _unknown(query, name)
        given = list(value) if isinstance(value, (list, tuple, set, frozenset)) else [value]
        terms = [_term(known[name], item, resolve) for item in given if item is not None]
        if terms:
            query = query.with_slot(name, " ".join(map(str, terms)))
    if "tier" in known and parameters.get("country") and not parameters.get("tier"):
        query = query.with_slot("tier", "UNDEF")
    return query


def _unknown(query: SavedQuery, name: str) -> ParameterError:
    names = list(query.parameters)
    if not names:
        return ParameterError(f"The query {query.name!r} has no parameters, so {name!r} cannot be set.")
    near = nearest(name, names)
    hint = f"Did you mean {' or '.join(near)}?" if near else f"It has: {', '.join(names)}."
    return ParameterError(f"The query {query.name!r} has no parameter {name!r}. {hint}")


def _term(
    parameter: Parameter, value: object, resolve: Callable[[str, str], pyoxigraph.NamedNode]
) -> pyoxigraph.NamedNode | pyoxigraph.Literal:
    """Make the term that a user's ``value`` names, by the parameter's kind."""
    text = str(value).strip()
    if parameter.kind in _TYPED:
        from ..rdf.datatypes import fault

        pattern, datatype, words = _TYPED[parameter.kind]
        if not pattern.fullmatch(text) or (datatype == "date" and fault(text, XSD + datatype)):
            raise ParameterError(f"{parameter.name} needs {words}, not {text!r}.")
        return pyoxigraph.Literal(text, datatype=pyoxigraph.NamedNode(XSD + datatype))
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
    return resolve(parameter.kind, text)
