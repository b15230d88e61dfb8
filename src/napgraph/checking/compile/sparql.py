"""Rules in SPARQL: asked of a store that holds only what the query looks at, of all focus nodes at once if it may be.

The store rewrites some literals (``1.50`` becomes ``1.5``), and two engines sum or compare only clean values alike.
Where a record holds others in a place that matters, the rule raises UnknownRuleError for that record.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

from pyoxigraph import BlankNode, Literal, Quad, QuerySolutions, Store, Triple, Variable

from . import UnknownRuleError
from .queries import read_query
from .terms import OWL, RDF, RDFS, TYPE, XSD, Term
from .values import is_well_typed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from pyoxigraph import NamedNode, QuerySolution

    from .index import View
    from .shapes import ShapesGraph

__all__ = ["Select", "about_nodes", "selects"]

_PREFIXES = {"rdf": RDF, "rdfs": RDFS, "owl": OWL}
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,15})?")
_NUMERIC = {XSD + name for name in ("integer", "decimal", "nonNegativeInteger", "positiveInteger", "int", "long")}


class Select:
    """A compiled query."""

    def __init__(self, text: str, prefixes: dict[str, str]) -> None:
        self._reading = read_query(text, prefixes)
        self._text = "".join(f"PREFIX {prefix}: <{space}>\n" for prefix, space in prefixes.items()) + text

    def rows(
        self, view: View, focuses: Collection[Term], *, strict: bool
    ) -> Iterator[tuple[Term, Term | None, Term | None]]:
        """Yield focus node, value and path of each solution; if ``strict``, fails where engines could differ."""
        store, written = self._store(view, focuses, strict=strict)
        for row in self._solutions(store, focuses):
            if row["this"] in focuses:
                value, path = (row[name] if name in self._reading.names else None for name in ("value", "path"))
                yield row["this"], written.get(value, value), path

    def _solutions(self, store: Store, focuses: Collection[Term]) -> Iterator[QuerySolution]:
        this = Variable("this")
        bindings: list[dict[Variable, Any]] = [{}] if self._reading.at_once else [{this: focus} for focus in focuses]
        for binding in bindings:
            solutions = store.query(self._text, substitutions=binding)
            assert isinstance(solutions, QuerySolutions)  # noqa: S101  # what a SELECT gives
            yield from solutions

    def statements(self, view: View, focuses: Collection[Term]) -> set[Triple]:
        """Return what the query looks at."""
        found = {
            _triple(subject, predicate, value)
            for predicate in self._reading.predicates
            for subject, value in view.stated(predicate)
        }
        if self._reading.about_this:
            found |= about_nodes(view, focuses)
        return found

    def _store(self, view: View, focuses: Collection[Term], *, strict: bool) -> tuple[Store, dict[Term | None, Term]]:
        """Return what the query looks at, and how the literals were written that the store gives otherwise."""
        reading = self._reading
        weighed = (value for predicate in reading.weighed for _, value in view.stated(predicate))
        if strict and not all(map(self._is_clean, weighed)):
            raise UnknownRuleError("a value that engines compare differently")
        triples = self.statements(view, focuses)
        store = Store()
        store.extend(Quad(*triple) for triple in triples)
        matter = {t for t in triples if reading.about_values or t.predicate in reading.predicates}
        rewritten = {cast("Term", triple.object) for triple in matter.difference(quad.triple for quad in store)}
        kept = {triple.object for triple in matter} - rewritten
        written: dict[Term | None, Term] = {_stored(value): value for value in rewritten if _is_number(value)}
        alike = len(written) == len(rewritten) and kept.isdisjoint(written)
        if strict and rewritten and (reading.textual or reading.constant or not alike):
            raise UnknownRuleError("a literal that the store rewrites")
        return store, written

    def _is_clean(self, value: Term) -> bool:
        """Whether all engines see the same in a value of an expression: text where it asks for text, else a number."""
        if isinstance(value, Literal) and not self._reading.textual:
            return _is_number(value)
        return not isinstance(value, BlankNode)


def about_nodes(view: View, nodes: Iterable[Term]) -> set[Triple]:
    """Return every statement about the nodes."""
    return {_triple(node, *pair) for node in nodes for pair in view.about(node)}


def selects(graph: ShapesGraph, node: Term) -> list[Select]:
    """Compile the queries of a shape; raises UnknownRuleError for one that is not understood."""
    return [
        _compile(graph, constraint)
        for constraint in graph.values(node, "sparql")
        if not graph.flag(constraint, "deactivated")
    ]


def _compile(graph: ShapesGraph, constraint: Term) -> Select:
    text = graph.single(constraint, "select")
    if not isinstance(text, Literal):
        raise UnknownRuleError("a rule in SPARQL without a query")
    return Select(text.value, _PREFIXES | _declared(graph, constraint))


def _declared(graph: ShapesGraph, constraint: Term) -> dict[str, str]:
    prefixes = {}
    for owner in graph.values(constraint, "prefixes"):
        for declaration in graph.values(owner, "declare"):
            prefix, space = graph.single(declaration, "prefix"), graph.single(declaration, "namespace")
            if not isinstance(prefix, Literal) or not isinstance(space, Literal):
                raise UnknownRuleError("a prefix that is not declared in full")
            prefixes[prefix.value] = space.value
    return prefixes


def _is_number(value: Term) -> bool:
    """Whether a literal is a number within what every engine can add and compare exactly."""
    return (
        isinstance(value, Literal)
        and value.datatype.value in _NUMERIC
        and _NUMBER.fullmatch(value.value) is not None
        and is_well_typed(value.value, value.datatype.value)
    )


def _stored(value: Term) -> Term:
    """Return a literal as the store gives it back."""
    store = Store()
    store.add(Quad(TYPE, TYPE, value))
    return next(cast("Term", quad.object) for quad in store)


def _triple(subject: Term, predicate: NamedNode, value: Term) -> Triple:
    return Triple(subject, predicate, value)  # type: ignore[arg-type]  # a subject is no literal, which a Term may be
