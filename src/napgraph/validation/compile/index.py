"""Statements laid out for looking up: by predicate, from either end, laid out when first asked for.

``Background`` holds what stands beside every record: code lists and class tree, read once. ``View`` lays one record
over it; it costs as much as the record is long, however long the lists are, and is thrown away with the record.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from .terms import OWL, RDFS, SUBCLASS_OF, TYPE, Term

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyoxigraph import NamedNode, Triple

__all__ = ["Background", "Pairs", "Table", "View"]

Pairs = list[tuple[Term, Term]]
Table = dict[Term, list[Term]]


class Background:
    """The statements that every record is judged beside."""

    def __init__(self, ontology: Iterable[Triple], lists: Iterable[Triple]) -> None:
        self.pairs = _grouped({*lists, *filter(_is_axiom, ontology)})
        self.subjects = {subject for pairs in self.pairs.values() for subject, _ in pairs}
        self._forward: dict[NamedNode, Table] = {}
        self._backward: dict[NamedNode, Table] = {}
        self.above: dict[Term, frozenset[Term]] = {}
        self.below: dict[Term, frozenset[Term]] = {}

    def forward(self, predicate: NamedNode) -> Table:
        """Return subject -> objects."""
        table = self._forward.get(predicate)
        if table is None:
            table = self._forward[predicate] = _table(self.pairs.get(predicate, []))
        return table

    def backward(self, predicate: NamedNode) -> Table:
        """Return object -> subjects."""
        table = self._backward.get(predicate)
        if table is None:
            turned = [(value, subject) for subject, value in self.pairs.get(predicate, [])]
            table = self._backward[predicate] = _table(turned)
        return table


class View:
    """One record over the background: what is looked up in both, and what belongs to the record alone."""

    def __init__(self, background: Background, triples: Iterable[Triple]) -> None:
        self.background = background
        self.pairs = _grouped(triples)
        self.subjects = {subject for pairs in self.pairs.values() for subject, _ in pairs}
        self.tables: dict[object, list[Table]] = {}
        self.memo: defaultdict[str, dict[Term, bool]] = defaultdict(dict)
        self._forward: dict[NamedNode, Table] = {}
        self._backward: dict[NamedNode, Table] = {}
        self._instances: dict[Term, set[Term]] | None = None
        own_tree = SUBCLASS_OF in self.pairs
        self._above = {} if own_tree else background.above
        self._below = {} if own_tree else background.below
        self.types = self.forward(TYPE)

    def forward(self, predicate: NamedNode) -> Table:
        """Return subject -> objects, each object once."""
        table = self._forward.get(predicate)
        if table is None:
            own = _table(self.pairs.get(predicate, []))
            table = self._forward[predicate] = _joined(self.background.forward(predicate), own)
        return table

    def backward(self, predicate: NamedNode) -> Table:
        """Return object -> subjects, each subject once."""
        table = self._backward.get(predicate)
        if table is None:
            own = _table([(value, subject) for subject, value in self.pairs.get(predicate, [])])
            table = self._backward[predicate] = _joined(self.background.backward(predicate), own)
        return table

    def about(self, node: Term) -> Iterator[tuple[NamedNode, Term]]:
        """Yield predicate and object of each statement about a node."""
        for predicate in self.pairs.keys() | self.background.pairs.keys():
            for value in self.forward(predicate).get(node, ()):
                yield predicate, value

    def stated(self, predicate: NamedNode) -> Pairs:
        """Return subject and object of each statement with this predicate; one made twice may come twice."""
        return self.pairs.get(predicate, []) + self.background.pairs.get(predicate, [])

    def instances(self, kind: Term) -> set[Term]:
        """Return the record's own subjects of this class or one below it."""
        if self._instances is None:
            self._instances = {}
            for name, members in self._members().items():
                for above in self.above(name):
                    self._instances.setdefault(above, set()).update(members)
        return self._instances.get(kind, set())

    def _members(self) -> Table:
        members = _table([(kind, subject) for subject, kind in self.pairs.get(TYPE, [])])
        for subject in self.subjects & self.background.subjects:
            for kind in self.types.get(subject, []):
                members.setdefault(kind, []).append(subject)
        return members

    def above(self, kind: Term) -> frozenset[Term]:
        """Return the class and all above it; classes that stand in no tree are not kept, a record can name any."""
        found = self._above.get(kind)
        if found is None:
            found = _closure(kind, self.forward(SUBCLASS_OF))
            if len(found) > 1:
                self._above[kind] = found
        return found

    def below(self, kind: Term) -> frozenset[Term]:
        """Return the class and all below it; asked only for classes that shapes name."""
        found = self._below.get(kind)
        if found is None:
            found = self._below[kind] = _closure(kind, self.backward(SUBCLASS_OF))
        return found


def _is_axiom(triple: Triple) -> bool:
    """Whether a statement of the ontology is one that engines mix into the data: of RDFS or OWL, or typed by them."""
    told = triple.object if triple.predicate == TYPE else triple.predicate
    return getattr(told, "value", "").startswith((RDFS, OWL))


def _grouped(triples: Iterable[Triple]) -> dict[NamedNode, Pairs]:
    groups: dict[NamedNode, Pairs] = {}
    triple: tuple[Any, NamedNode, Any]  # a mere cast: pyoxigraph's types have room for triples within triples
    for triple in triples:  # type: ignore[assignment]
        subject, predicate, value = triple
        pairs = groups.get(predicate)
        if pairs is None:
            pairs = groups[predicate] = []
        pairs.append((subject, value))
    return groups


def _table(pairs: Pairs) -> Table:
    table: Table = {}
    for key, value in pairs:
        values = table.get(key)
        if values is None:
            table[key] = [value]
        else:
            values.append(value)
    for key, values in table.items():
        if len(values) > 1:
            table[key] = list(dict.fromkeys(values))
    return table


def _joined(base: Table, own: Table) -> Table:
    """Return both tables as one; neither is changed."""
    if not own:
        return base
    table = base | own
    for key in base.keys() & own.keys():
        table[key] = list(dict.fromkeys(base[key] + own[key]))
    return table


def _closure(start: Term, table: Table) -> frozenset[Term]:
    found, waiting = {start}, [start]
    while waiting:
        for step in table.get(waiting.pop(), ()):
            if step not in found:
                found.add(step)
                waiting.append(step)
    return frozenset(found)
