"""Property paths: from a node to its value nodes, each once."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from pyoxigraph import BlankNode, NamedNode

from . import UnknownRuleError

if TYPE_CHECKING:
    from collections.abc import Collection

    from .index import Table, View
    from .shapes import ShapesGraph
    from .terms import Term

__all__ = ["Path", "compile_path"]


class Step(Protocol):
    """Go from a node to others."""

    def __call__(self, view: View, node: Term) -> Collection[Term]: ...


class Path(NamedTuple):
    """A compiled path; ``predicate`` is set where the path is a single property."""

    values: Step
    predicate: NamedNode | None


def compile_path(graph: ShapesGraph, node: Term) -> Path:
    """Compile the path that ``node`` describes; raises UnknownRuleError for one that is no path of SHACL."""
    step = _compile(graph, node, inverse=False)
    return Path(step, node if isinstance(node, NamedNode) else None)


def _compile(graph: ShapesGraph, node: Term, *, inverse: bool) -> Step:
    if isinstance(node, NamedNode):
        return _Property(node, inverse)
    if not isinstance(node, BlankNode):
        raise UnknownRuleError("a path is a literal")
    if graph.is_list(node):
        parts = graph.listed(node)
        if inverse or len(parts) < 2:  # noqa: PLR2004  # pyshacl walks the parts of an inverse sequence in their order
            raise UnknownRuleError("a sequence of one path, or turned round")
        return _sequence([_compile(graph, part, inverse=False) for part in parts])
    kind, target = graph.only(node)
    if kind == "inversePath":
        return _compile(graph, target, inverse=not inverse)
    if kind == "alternativePath":
        parts = graph.listed(target)
        if len(parts) < 2:  # noqa: PLR2004
            raise UnknownRuleError("an alternative of one path")
        return _alternative([_compile(graph, part, inverse=inverse) for part in parts])
    if kind not in _REPEATS:
        raise UnknownRuleError(f"the path {kind}")
    return _REPEATS[kind](_compile(graph, target, inverse=inverse))


class _Property(NamedTuple):
    """A step along one property, in its direction or against it."""

    predicate: NamedNode
    inverse: bool

    def __call__(self, view: View, node: Term) -> Collection[Term]:
        return self.table(view).get(node, ())

    def table(self, view: View) -> Table:
        """Return where the step leads from each node."""
        return view.backward(self.predicate) if self.inverse else view.forward(self.predicate)


def _sequence(steps: list[Step]) -> Step:
    def values(view: View, node: Term) -> Collection[Term]:
        found: Collection[Term] = (node,)
        for step in steps:
            found = {value for each in found for value in step(view, each)}
        return found

    return values


def _alternative(steps: list[Step]) -> Step:
    properties = [step for step in steps if isinstance(step, _Property)]
    if len(properties) == len(steps):
        return _any_of(properties)

    def values(view: View, node: Term) -> Collection[Term]:
        return {value for step in steps for value in step(view, node)}

    return values


def _any_of(properties: list[_Property]) -> Step:
    """Return an alternative that looks only where the record or the lists use the property at all."""
    key = tuple(properties)

    def values(view: View, node: Term) -> Collection[Term]:
        tables = view.tables.get(key)
        if tables is None:
            tables = view.tables[key] = [table for step in properties if (table := step.table(view))]
        found: set[Term] = set()
        for table in tables:
            more = table.get(node)
            if more is not None:
                found.update(more)
        return found

    return values


def _one_or_more(step: Step) -> Step:
    def values(view: View, node: Term) -> Collection[Term]:
        found: set[Term] = set()
        waiting = [node]
        while waiting:
            for value in step(view, waiting.pop()):
                if value not in found:
                    found.add(value)
                    waiting.append(value)
        return found

    return values


def _zero_or_more(step: Step) -> Step:
    further = _one_or_more(step)

    def values(view: View, node: Term) -> Collection[Term]:
        return {node, *further(view, node)}

    return values


def _zero_or_one(step: Step) -> Step:
    def values(view: View, node: Term) -> Collection[Term]:
        return {node, *step(view, node)}

    return values


_REPEATS = {
    "zeroOrMorePath": _zero_or_more,
    "oneOrMorePath": _one_or_more,
    "zeroOrOnePath": _zero_or_one,
}
