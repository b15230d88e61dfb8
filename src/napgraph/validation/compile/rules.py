"""Shapes compiled: what to report of focus nodes, and whether a node conforms."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import NamedNode

from ...rdf.namespaces import slug
from ..results import Result
from . import UnknownRuleError
from .constraints import CHECKS, TESTS, checks, component, tests
from .logic import qualified, shape_tests
from .paths import compile_path
from .shapes import name_of
from .sparql import about_nodes, selects
from .terms import sh

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from pyoxigraph import Triple

    from .constraints import Check, Test
    from .index import View
    from .paths import Path
    from .shapes import ShapesGraph, Target
    from .sparql import Select
    from .terms import Term

__all__ = ["Compiler", "Rule", "Shape"]

_SPARQL = component("SPARQL")
_VIOLATION = sh("Violation")


class Shape(NamedTuple):
    """A compiled shape: its path, its conditions on value nodes, and the property shapes below it."""

    name: str
    severity: str
    path: Path | None
    tests: list[tuple[str, Test]]
    checks: list[Check]
    queries: list[Select]
    properties: list[Shape]

    def report(self, view: View, focuses: Iterable[Term]) -> Iterator[Result]:
        """Yield the results on focus nodes, those of property shapes below a property shape included."""
        for focus, values in self._value_nodes(view, focuses):
            for name, test in self.tests:
                for value in values:
                    if not test(view, value):
                        yield self._result(focus, value, name)
            for check in self.checks:
                for told, path in check.broken(view, focus, values):
                    yield self._result(focus, told, check.component, path)
            for shape in self.properties:
                yield from shape.report(view, values)

    def ask(self, view: View, focuses: Collection[Term], *, strict: bool = True) -> Iterator[Result]:
        """Yield the results of the queries; if ``strict``, raises UnknownRuleError where engines could differ."""
        for query in self.queries:
            for focus, value, path in query.rows(view, focuses, strict=strict):
                told = focus if value is None and self.path is None else value
                yield self._result(focus, told, _SPARQL, path)

    def seen(self, view: View, focuses: Collection[Term]) -> set[Triple]:
        """Return the statements that the queries look at, and all that are about the focus nodes."""
        return about_nodes(view, focuses).union(*(query.statements(view, focuses) for query in self.queries))

    def conforms(self, view: View, node: Term) -> bool:
        """Whether a node meets every condition, as a focus node."""
        values = (node,) if self.path is None else self.path.values(view, node)
        for check in self.checks:
            for _ in check.broken(view, node, values):
                return False
        for value in values:
            for _, test in self.tests:
                if not test(view, value):
                    return False
            for shape in self.properties:
                if not shape.conforms(view, value):
                    return False
        return True

    def _value_nodes(self, view: View, focuses: Iterable[Term]) -> Iterator[tuple[Term, Collection[Term]]]:
        if self.path is None:
            for focus in focuses:
                yield focus, (focus,)
        elif self.path.predicate is not None:
            table = view.forward(self.path.predicate)
            on_none = any(check.on_none for check in self.checks)
            for focus in focuses:
                values = table.get(focus)
                if values is not None:
                    yield focus, values
                elif on_none:
                    yield focus, ()
        else:
            for focus in focuses:
                yield focus, self.path.values(view, focus)

    def _result(self, focus: Term, value: Term | None, name: str, path: Term | None = None) -> Result:
        own = self.path.predicate if self.path else None
        return Result(
            self.name,
            self.severity,
            str(focus),
            path.value if isinstance(path, NamedNode) else own.value if own and path is None else "",
            "" if value is None else str(value),
            name,
        )


class Rule(NamedTuple):
    """A shape whose results are told, and what it is applied to."""

    node: Term
    shape: Shape
    targets: frozenset[Target]


class Rules(NamedTuple):
    """The compiled rules; the names of those that are not known, and the shapes with targets that these belong to."""

    known: list[Rule]
    unknown: list[str]
    roots: dict[Term, list[Target]]


class Compiler:
    """Compiles the shapes of a graph, each once."""

    def __init__(self, graph: ShapesGraph) -> None:
        self._graph = graph
        self._parameters = graph.parameters()
        self._tests: dict[Term, Test | UnknownRuleError] = {}
        self._open: set[Term] = set()

    def rules(self) -> Rules:
        """Compile every rule.

        A property shape of a node shape is a rule of its own, applied to whatever the node shape is applied to: one
        that several node shapes share is asked once.
        """
        aimed: dict[Term, dict[Term, list[Target]]] = {}
        for root, targets in self._graph.targets():
            for node in (root, *self._told_below(root)):
                aimed.setdefault(node, {})[root] = targets
        found = Rules([], [], {})
        for node, roots in aimed.items():
            try:
                if not self._graph.flag(node, "deactivated"):
                    meant = {target for stated in roots.values() for target in stated}
                    found.known.append(Rule(node, self._shape(node, told=True), frozenset(meant)))
            except UnknownRuleError:
                found.unknown.append(name_of(node))
                found.roots.update(roots)
        return found

    def _told_below(self, root: Term) -> Iterator[Term]:
        """Yield the property shapes of a node shape; none of a shape that is not well formed."""
        with suppress(UnknownRuleError):
            if self._graph.path(root) is None and not self._graph.flag(root, "deactivated"):
                for child in self._graph.values(root, "property"):
                    if self._graph.path(child) is not None:
                        yield child

    def _shape(self, node: Term, *, told: bool = False) -> Shape:
        """Compile a shape; where its results are told, the property shapes of a node shape stand by themselves."""
        if node in self._open:
            raise UnknownRuleError("a shape that refers to itself")
        self._open.add(node)
        try:
            return self._compile(node, told=told)
        finally:
            self._open.discard(node)

    def _compile(self, node: Term, *, told: bool) -> Shape:
        graph = self._graph
        self._refuse_what_is_not_known(node)
        path, severity = graph.path(node), graph.single(node, "severity") or _VIOLATION
        children = graph.values(node, "property")
        if any(graph.path(child) is None for child in children):
            raise UnknownRuleError("sh:property that names no property shape")
        if not told and graph.values(node, "sparql"):
            raise UnknownRuleError("a query in a shape inside another")
        return Shape(
            name_of(node),
            slug(severity.value),
            None if path is None else compile_path(graph, path),
            [*tests(graph, node), *shape_tests(graph, node, self._conforming)],
            [*checks(graph, node), *qualified(graph, node, self._conforming)],
            selects(graph, node),
            [
                self._shape(child)
                for child in children
                if not (told and path is None) and not graph.flag(child, "deactivated")
            ],
        )

    def _refuse_what_is_not_known(self, node: Term) -> None:
        names = self._graph.names(node)
        for name in names:
            if name in self._parameters or (":" not in name and name not in _KNOWN):
                raise UnknownRuleError(f"the constraint {name}")
        if "ignoredProperties" in names and "closed" not in names:
            raise UnknownRuleError("sh:ignoredProperties without sh:closed")

    def _conforming(self, node: Term) -> Test:
        """Return the test whether a node conforms to a shape."""
        found = self._tests.get(node)
        if found is None:
            try:
                found = self._test(node)
            except UnknownRuleError as unknown:
                found = unknown
            self._tests[node] = found
        if isinstance(found, UnknownRuleError):
            raise UnknownRuleError(str(found))
        return found

    def _test(self, node: Term) -> Test:
        shape = self._shape(node)
        if self._graph.flag(node, "deactivated"):
            return lambda _, __: True
        if len(shape.tests) == 1 and shape.path is None and not shape.checks and not shape.properties:
            return shape.tests[0][1]
        key = str(node)

        def test(view: View, value: Term) -> bool:
            memo = view.memo[key]
            found = memo.get(value)
            if found is None:
                found = memo[value] = shape.conforms(view, value)
            return found

        return test


_KNOWN = {
    *TESTS,
    *CHECKS,
    *("node", "not", "and", "or", "xone", "property", "sparql"),
    *("qualifiedValueShape", "qualifiedMinCount", "qualifiedMaxCount", "qualifiedValueShapesDisjoint"),
    *("flags", "ignoredProperties", "path", "severity", "deactivated"),
    *("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf"),
    *("message", "name", "description", "order", "group", "defaultValue"),
}
