"""Constraints that refer to no other shape: tests of a value node, and checks of all value nodes of a focus node."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode

from . import UnknownRuleError
from .terms import RDF, RDFS, TYPE, XSD, Term, sh
from .values import UNREADABLE, compare, is_text, is_well_typed, less, less_or_equal, read

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from .index import View
    from .shapes import ShapesGraph

    Test = Callable[[View, Term], bool]
    Broken = tuple[Term | None, NamedNode | None]
    Checking = Callable[[View, Term, Collection[Term]], Iterable[Broken]]

__all__ = ["CHECKS", "TESTS", "Check", "checks", "component", "tests"]


class Check(NamedTuple):
    """A check of a focus node's value nodes, which yields (value, path) of each result.

    ``on_none`` tells whether it can fail where there is no value node; the path is None where it is the shape's own.
    """

    component: str
    broken: Checking
    on_none: bool = False


def component(name: str) -> str:
    """Return the IRI of the constraint component that a parameter belongs to."""
    return f"{sh(name[0].upper() + name[1:]).value}ConstraintComponent"


def tests(graph: ShapesGraph, node: Term) -> Iterator[tuple[str, Test]]:
    """Yield component and test for each condition that every value node of a shape must meet."""
    for name, build in TESTS.items():
        if graph.values(node, name):
            for test in build(graph, node, name):
                yield component(name), test


def checks(graph: ShapesGraph, node: Term) -> Iterator[Check]:
    """Yield each condition on the value nodes together."""
    is_property = graph.path(node) is not None
    for name, build in CHECKS.items():
        if not graph.values(node, name):
            continue
        if name in _ON_PROPERTIES and not is_property:
            raise UnknownRuleError(f"sh:{name} on a node shape")
        yield from build(graph, node, name)


def _class(graph: ShapesGraph, node: Term, name: str) -> Iterator[Test]:
    for kind in graph.values(node, name):
        yield _is_instance(kind)


def _is_instance(kind: Term) -> Test:
    def test(view: View, value: Term) -> bool:
        types = view.types.get(value)
        return types is not None and not view.below(kind).isdisjoint(types)

    return test


def _datatype(graph: ShapesGraph, node: Term, name: str) -> Iterator[Test]:
    asked = graph.single(node, name)
    if not isinstance(asked, NamedNode) or asked.value in UNREADABLE:
        raise UnknownRuleError(f"the datatype {asked}")
    iri = asked.value
    untyped = {XSD + "string", RDF + "langString"}

    def test(_: View, value: Term) -> bool:
        if not isinstance(value, Literal):
            return False
        found = value.datatype.value
        if found == iri:
            return is_well_typed(value.value, iri)
        return iri == RDFS + "Literal" or (iri == RDFS + "Datatype" and found not in untyped)

    yield test


def _node_kind(graph: ShapesGraph, node: Term, name: str) -> Iterator[Test]:
    kinds = _KINDS.get(graph.single(node, name))
    if kinds is None:
        raise UnknownRuleError("a node kind that SHACL does not have")

    def test(_: View, value: Term) -> bool:
        return isinstance(value, kinds)

    yield test


def _range(graph: ShapesGraph, node: Term, name: str) -> Iterator[Test]:
    holds = _RANGES[name]
    for value in graph.values(node, name):
        if not isinstance(value, Literal) or value.datatype.value in UNREADABLE:
            raise UnknownRuleError(f"sh:{name} {value}")
        yield _is_within(value, holds)


def _is_within(limit: Literal, holds: Callable[[int], bool]) -> Test:
    bound = read(limit)

    def test(_: View, value: Term) -> bool:
        if not isinstance(value, Literal):
            return False
        found = read(value)
        try:
            return is_text(found) == is_text(bound) and holds(compare(found, bound))
        except TypeError:
            return False

    return test


def _min_length(graph: ShapesGraph, node: Term, name: str) -> Iterator[Test]:
    least = graph.number(node, name) or 0

    def test(_: View, value: Term) -> bool:
        return least == 0 or (not isinstance(value, BlankNode) and len(value.value) >= least)

    yield test


def _max_length(graph: ShapesGraph, node: Term, name: str) -> Iterator[Test]:
    most = graph.number(node, name) or 0

    def test(_: View, value: Term) -> bool:
        return not isinstance(value, BlankNode) and len(value.value) <= most

    yield test


def _pattern(graph: ShapesGraph, node: Term, name: str) -> Iterator[Test]:
    flags = graph.single(node, "flags")
    letters = flags.value.lower() if isinstance(flags, Literal) else ""
    options = (re.IGNORECASE if "i" in letters else 0) | (re.MULTILINE if "m" in letters else 0)
    for pattern in graph.values(node, name):
        try:
            yield _matches(re.compile(pattern.value, options))
        except re.error as error:
            raise UnknownRuleError(f"the pattern {pattern}") from error


def _matches(pattern: re.Pattern[str]) -> Test:
    def test(_: View, value: Term) -> bool:
        return not isinstance(value, BlankNode) and pattern.search(value.value) is not None

    return test


def _language_in(graph: ShapesGraph, node: Term, name: str) -> Iterator[Test]:
    members = graph.members(node, name)
    if not all(isinstance(member, Literal) and member.datatype.value == XSD + "string" for member in members):
        raise UnknownRuleError("a language that is no string")
    tags = {member.value.lower() for member in members}

    def test(_: View, value: Term) -> bool:
        language = value.language if isinstance(value, Literal) else None
        return bool(language) and ("*" in tags or not tags.isdisjoint({language, str(language).partition("-")[0]}))

    yield test


def _in(graph: ShapesGraph, node: Term, name: str) -> Iterator[Test]:
    members = frozenset(graph.members(node, name))

    def test(_: View, value: Term) -> bool:
        return value in members

    yield test


def _min_count(graph: ShapesGraph, node: Term, name: str) -> Iterator[Check]:
    least = graph.number(node, name) or 0

    def broken(_: View, __: Term, values: Collection[Term]) -> Iterable[Broken]:
        return _ONE if len(values) < least else ()

    if least:
        yield Check(component(name), broken, on_none=True)


def _max_count(graph: ShapesGraph, node: Term, name: str) -> Iterator[Check]:
    most = graph.number(node, name) or 0

    def broken(_: View, __: Term, values: Collection[Term]) -> Iterable[Broken]:
        return _ONE if len(values) > most else ()

    yield Check(component(name), broken)


def _unique_lang(graph: ShapesGraph, node: Term, name: str) -> Iterator[Check]:
    def broken(_: View, __: Term, values: Collection[Term]) -> Iterable[Broken]:
        tags = [value.language for value in values if isinstance(value, Literal) and value.language]
        return _ONE if len(set(tags)) < len(tags) else ()

    if graph.flag(node, name):
        yield Check(component(name), broken)


def _has_value(graph: ShapesGraph, node: Term, name: str) -> Iterator[Check]:
    asked = graph.values(node, name)

    def broken(_: View, __: Term, values: Collection[Term]) -> Iterable[Broken]:
        return _ONE if any(value not in values for value in asked) else ()

    yield Check(component(name), broken, on_none=True)


def _equals(graph: ShapesGraph, node: Term, name: str) -> Iterator[Check]:
    for predicate in _predicates(graph, node, name):

        def broken(
            view: View, focus: Term, values: Collection[Term], predicate: NamedNode = predicate
        ) -> Iterable[Broken]:
            return [(value, None) for value in set(values) ^ set(view.forward(predicate).get(focus, ()))]

        yield Check(component(name), broken, on_none=True)


def _disjoint(graph: ShapesGraph, node: Term, name: str) -> Iterator[Check]:
    for predicate in _predicates(graph, node, name):

        def broken(
            view: View, focus: Term, values: Collection[Term], predicate: NamedNode = predicate
        ) -> Iterable[Broken]:
            return [(value, None) for value in set(values) & set(view.forward(predicate).get(focus, ()))]

        yield Check(component(name), broken)


def _less_than(graph: ShapesGraph, node: Term, name: str) -> Iterator[Check]:
    holds = less if name == "lessThan" else less_or_equal
    for predicate in _predicates(graph, node, name):

        def broken(
            view: View, focus: Term, values: Collection[Term], predicate: NamedNode = predicate
        ) -> Iterable[Broken]:
            others = view.forward(predicate).get(focus, ())
            return [(value, None) for value in values if not all(holds(value, other) for other in others)]

        yield Check(component(name), broken)


def _predicates(graph: ShapesGraph, node: Term, name: str) -> Iterator[NamedNode]:
    for value in graph.values(node, name):
        if not isinstance(value, NamedNode):
            raise UnknownRuleError(f"sh:{name} that names no property")
        yield value


def _closed(graph: ShapesGraph, node: Term, name: str) -> Iterator[Check]:
    allowed = {member for members in graph.values(node, "ignoredProperties") for member in graph.listed(members)}
    allowed.update(path for child in graph.values(node, "property") if (path := graph.path(child)) is not None)
    always = (TYPE, NamedNode(RDFS + "Resource"))

    def broken(view: View, _: Term, values: Collection[Term]) -> Iterable[Broken]:
        for value in values:
            for predicate, told in view.about(value):
                if predicate not in allowed and (predicate, told) != always:
                    yield told, predicate

    if graph.flag(node, name):
        yield Check(component(name), broken)


_ONE: tuple[Broken] = ((None, None),)
_KINDS: dict[Term | None, tuple[type, ...]] = {
    sh("IRI"): (NamedNode,),
    sh("BlankNode"): (BlankNode,),
    sh("Literal"): (Literal,),
    sh("BlankNodeOrIRI"): (BlankNode, NamedNode),
    sh("BlankNodeOrLiteral"): (BlankNode, Literal),
    sh("IRIOrLiteral"): (NamedNode, Literal),
}
_RANGES: dict[str, Callable[[int], bool]] = {
    "minInclusive": lambda order: order >= 0,
    "minExclusive": lambda order: order > 0,
    "maxInclusive": lambda order: order <= 0,
    "maxExclusive": lambda order: order < 0,
}
TESTS: dict[str, Callable[[ShapesGraph, Term, str], Iterator[Test]]] = {
    "class": _class,
    "datatype": _datatype,
    "nodeKind": _node_kind,
    **dict.fromkeys(_RANGES, _range),
    "minLength": _min_length,
    "maxLength": _max_length,
    "pattern": _pattern,
    "languageIn": _language_in,
    "in": _in,
}
CHECKS: dict[str, Callable[[ShapesGraph, Term, str], Iterator[Check]]] = {
    "minCount": _min_count,
    "maxCount": _max_count,
    "uniqueLang": _unique_lang,
    "hasValue": _has_value,
    "equals": _equals,
    "disjoint": _disjoint,
    "lessThan": _less_than,
    "lessThanOrEquals": _less_than,
    "closed": _closed,
}
_ON_PROPERTIES = {"minCount", "maxCount", "uniqueLang", "lessThan", "lessThanOrEquals"}
