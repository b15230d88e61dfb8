"""Constraints that ask whether a value node conforms to other shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import UnknownRuleError
from .constraints import Check, component
from .terms import Term

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from .constraints import Broken, Test
    from .index import View
    from .shapes import ShapesGraph

    Conforming = Callable[[Term], Test]

__all__ = ["qualified", "shape_tests"]


def shape_tests(graph: ShapesGraph, node: Term, conforming: Conforming) -> Iterator[tuple[str, Test]]:
    """Yield component and test for each condition of a shape that names other shapes.

    ``conforming`` returns the test whether a node conforms to a shape.
    """
    for other in graph.values(node, "node"):
        if graph.path(other) is not None:
            raise UnknownRuleError("sh:node that names a property shape")
        yield component("node"), conforming(other)
    for other in graph.values(node, "not"):
        yield component("not"), _not(conforming(other))
    for name, build in (("and", _and), ("or", _or), ("xone", _xone)):
        for members in graph.values(node, name):
            others = [conforming(other) for other in graph.listed(members)]
            if not others:
                raise UnknownRuleError(f"sh:{name} of nothing")
            yield component(name), build(others)


def _not(other: Test) -> Test:
    def test(view: View, value: Term) -> bool:
        return not other(view, value)

    return test


def _and(others: list[Test]) -> Test:
    def test(view: View, value: Term) -> bool:
        return all(other(view, value) for other in others)

    return test


def _or(others: list[Test]) -> Test:
    def test(view: View, value: Term) -> bool:
        return any(other(view, value) for other in others)

    return test


def _xone(others: list[Test]) -> Test:
    def test(view: View, value: Term) -> bool:
        return sum(other(view, value) for other in others) == 1

    return test


def qualified(graph: ShapesGraph, node: Term, conforming: Conforming) -> Iterator[Check]:
    """Yield the checks of how many value nodes conform to a shape, and to none of its siblings' where asked."""
    shapes = graph.values(node, "qualifiedValueShape")
    least, most = (graph.number(node, name) for name in ("qualifiedMinCount", "qualifiedMaxCount"))
    if not shapes and least is None and most is None:
        return
    if graph.path(node) is None or not shapes or (least is None and most is None):
        raise UnknownRuleError("a qualified shape without a count or a path")
    for shape in shapes:
        siblings = [conforming(other) for other in _siblings(graph, node, shape)]
        counted = _counted(conforming(shape), siblings)
        if least:
            yield _at_least(counted, least)
        if most is not None:
            yield _at_most(counted, most)


def _siblings(graph: ShapesGraph, node: Term, shape: Term) -> set[Term]:
    if not graph.flag(node, "qualifiedValueShapesDisjoint"):
        return set()
    beside = (child for parent in graph.parents.get(node, []) for child in graph.values(parent, "property"))
    return {other for child in beside for other in graph.values(child, "qualifiedValueShape")} - {shape}


def _counted(shape: Test, siblings: list[Test]) -> Test:
    if not siblings:
        return shape

    def test(view: View, value: Term) -> bool:
        return shape(view, value) and not any(sibling(view, value) for sibling in siblings)

    return test


def _at_least(counted: Test, least: int) -> Check:
    def broken(view: View, _: Term, values: Collection[Term]) -> Iterable[Broken]:
        found = 0
        for value in values:
            found += counted(view, value)
            if found >= least:
                return ()
        return _ONE

    return Check(component("qualifiedMinCount"), broken, on_none=True)


def _at_most(counted: Test, most: int) -> Check:
    def broken(view: View, _: Term, values: Collection[Term]) -> Iterable[Broken]:
        return _ONE if sum(counted(view, value) for value in values) > most else ()

    return Check(component("qualifiedMaxCount"), broken)


_ONE: tuple[Broken] = ((None, None),)
