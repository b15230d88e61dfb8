"""The shapes graph: which nodes are shapes, what they state, and what they target."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from . import UnknownRuleError
from .terms import FIRST, NIL, OWL, RDFS, REST, SH, SUBCLASS_OF, TYPE, XSD, Term, sh

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

__all__ = ["ShapesGraph", "Target", "name_of"]

_TARGETS = ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")
_REFERENCES = ("property", "node", "not", "qualifiedValueShape")
_LISTS = ("and", "or", "xone")
_KINDS = frozenset({sh("NodeShape"), sh("PropertyShape")})
_BOOLEAN, _INTEGER = XSD + "boolean", XSD + "integer"
_TRUE, _FALSE = {"true", "1"}, {"false", "0"}
_CLASS, _OWL_CLASS = NamedNode(RDFS + "Class"), NamedNode(OWL + "Class")


class Target(NamedTuple):
    """What a shape is applied to: the name of a target property of SHACL, and its value."""

    kind: str
    value: Term


class ShapesGraph:
    """The statements of the shapes, by subject; properties of SHACL go by their names, others by their IRIs."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._about: dict[Term, dict[str, list[Term]]] = {}
        for subject, predicate, value in triples:
            about = self._about.get(subject)
            if about is None:
                about = self._about[subject] = {}
            values = about.setdefault(predicate.value.removeprefix(SH), [])
            if value not in values:
                values.append(value)
        self._class_types: set[Term] = {_CLASS, _OWL_CLASS}
        self._class_types.update(node for node in self._about if _CLASS in self._other(node, SUBCLASS_OF))
        self.parents: dict[Term, list[Term]] = {}
        for node, about in self._about.items():
            for child in about.get("property", ()):
                self.parents.setdefault(child, []).append(node)

    def names(self, node: Term) -> list[str]:
        """Return the properties that are stated of a node."""
        return list(self._about.get(node, ()))

    def values(self, node: Term, name: str) -> Sequence[Term]:
        """Return the values of a property of SHACL."""
        about = self._about.get(node)
        return about.get(name, ()) if about else ()

    def _other(self, node: Term, predicate: NamedNode) -> Sequence[Term]:
        return self.values(node, predicate.value)

    def single(self, node: Term, name: str) -> Term | None:
        """Return the value of a property of SHACL, or None; raises UnknownRuleError if there are several."""
        values = self.values(node, name)
        if len(values) > 1:
            raise UnknownRuleError(f"more than one sh:{name}")
        return values[0] if values else None

    def members(self, node: Term, name: str) -> list[Term]:
        """Return the members of the one list that is the value of a property of SHACL."""
        value = self.single(node, name)
        return [] if value is None else self.listed(value)

    def flag(self, node: Term, name: str) -> bool:
        """Return whether a property of SHACL is true; raises UnknownRuleError for what is no boolean."""
        value = self.single(node, name)
        if value is None:
            return False
        if not isinstance(value, Literal) or value.datatype.value != _BOOLEAN or value.value not in _TRUE | _FALSE:
            raise UnknownRuleError(f"sh:{name} that is no boolean")
        return value.value in _TRUE

    def number(self, node: Term, name: str) -> int | None:
        """Return the count that a property of SHACL gives, or None; raises UnknownRuleError for what is no count."""
        value = self.single(node, name)
        if value is None:
            return None
        if not isinstance(value, Literal) or value.datatype.value != _INTEGER or not value.value.isdecimal():
            raise UnknownRuleError(f"sh:{name} that is no count")
        return int(value.value)

    def only(self, node: Term) -> tuple[str, Term]:
        """Return property and value of the one statement about a node; fails if there is not just one."""
        stated = [(name, value) for name in self.names(node) for value in self.values(node, name)]
        if len(stated) != 1:
            raise UnknownRuleError("a path that is not described by one statement")
        return stated[0]

    def is_list(self, node: Term) -> bool:
        """Whether the node is a list of RDF with something in it."""
        return bool(self._other(node, FIRST))

    def listed(self, node: Term) -> list[Term]:
        """Return the members of a list; raises UnknownRuleError for one that is not well formed."""
        found: list[Term] = []
        seen: set[Term] = set()
        while node != NIL:
            first, rest = self._other(node, FIRST), self._other(node, REST)
            if len(first) != 1 or len(rest) != 1 or node in seen:
                raise UnknownRuleError("a list that is not well formed")
            seen.add(node)
            found.append(first[0])
            node = rest[0]
        return found

    def path(self, node: Term) -> Term | None:
        """Return the path of a property shape, None for a node shape."""
        path = self.single(node, "path")
        kinds = _KINDS.intersection(self._other(node, TYPE))
        if len(kinds) > 1 or kinds == {sh("NodeShape" if path else "PropertyShape")}:
            raise UnknownRuleError("neither a node shape nor a property shape")
        return path

    def targets(self) -> Iterator[tuple[Term, list[Target]]]:
        """Yield each shape that chooses its own focus nodes, and how."""
        shapes = self._shapes()
        for node, about in self._about.items():
            stated = [Target(kind, value) for kind in _TARGETS for value in about.get(kind, ())]
            if node in shapes and not self._class_types.isdisjoint(self._other(node, TYPE)):
                stated.append(Target("targetClass", node))
            if stated:
                yield node, stated

    def parameters(self) -> set[str]:
        """Return the properties that the shapes graph itself declares as parameters of constraint components."""
        declared = {each for about in self._about.values() for each in about.get("parameter", ())}
        paths = (path for parameter in declared for path in self.values(parameter, "path"))
        return {path.value.removeprefix(SH) for path in paths}

    def aimed(self, rules: Mapping[Term, Iterable[Target]]) -> list[Triple]:
        """Return the statements of the shapes with no other targets than these, so that an engine applies only them."""
        kept = [
            _triple(subject, name, value)
            for subject, about in self._about.items()
            for name, values in about.items()
            if name not in _TARGETS
            for value in values
            if not (name == TYPE.value and value in self._class_types)
        ]
        return kept + [_triple(node, *target) for node, targets in rules.items() for target in targets]

    def asking(self, node: Term, focuses: Iterable[Term]) -> list[Triple]:
        """Return only the queries of a shape, aimed at these focus nodes."""
        found = [_triple(node, "targetNode", focus) for focus in focuses]
        waiting = [(node, name) for name in ("path", "severity", "sparql")]
        while waiting:
            subject, name = waiting.pop()
            for value in self.values(subject, name):
                found.append(_triple(subject, name, value))
                if name != "severity" and (isinstance(value, BlankNode) or name == "prefixes"):
                    waiting += [(value, each) for each in self.names(value)]
        return found

    def _shapes(self) -> set[Term]:
        """Return what is a shape by its type, by what it states or by what refers to it."""
        found: set[Term] = set()
        for node, about in self._about.items():
            typed = not _KINDS.isdisjoint(about.get(TYPE.value, ()))
            if typed or not about.keys().isdisjoint((*_TARGETS, "property", "node")):
                found.add(node)
            for name in _REFERENCES:
                found.update(about.get(name, ()))
            for members in (each for name in _LISTS for each in about.get(name, ())):
                with suppress(UnknownRuleError):  # told where the list is used
                    found.update(self.listed(members))
        return found


def name_of(node: Term) -> str:
    """Return how a result names a shape: its IRI, or ``_:`` and the name of a nameless one."""
    return str(node) if isinstance(node, BlankNode) else node.value


def _triple(subject: Term, name: str, value: Term) -> Triple:
    predicate = NamedNode(name if ":" in name else SH + name)
    return Triple(subject, predicate, value)  # type: ignore[arg-type]  # a subject is no literal, which a Term may be
