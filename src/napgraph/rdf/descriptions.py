"""Triples by the resource they describe, in the order they came, blank nodes inside the triple that points to them.

So two graphs are compared by plain text, without the search that blank nodes otherwise need.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cached_property

import pyoxigraph

Node = pyoxigraph.NamedNode | pyoxigraph.BlankNode
Value = pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal | pyoxigraph.Triple
DEEPEST = 20
"""How many blank nodes may stand inside one another."""


class Descriptions:
    """What a set of triples says of each named resource."""

    def __init__(self, triples: Iterable[pyoxigraph.Triple]) -> None:
        self._about: dict[Node, list[tuple[pyoxigraph.NamedNode, Value]]] = {}
        self._uses: Counter[pyoxigraph.BlankNode] = Counter()
        for subject, predicate, value in dict.fromkeys(triples):
            self._about.setdefault(subject, []).append((predicate, value))
            if isinstance(value, pyoxigraph.BlankNode):
                self._uses[value] += 1

    @property
    def subjects(self) -> list[pyoxigraph.NamedNode]:
        """The described resources that have a name, in the order they came."""
        return [subject for subject in self._about if isinstance(subject, pyoxigraph.NamedNode)]

    def __contains__(self, subject: object) -> bool:
        return subject in self._about

    def of(self, subject: Node) -> list[tuple[pyoxigraph.NamedNode, Value]]:
        """Return the statements about ``subject`` as (predicate, value), in the order they came."""
        return self._about.get(subject, [])

    def triples(self, subjects: Iterable[pyoxigraph.NamedNode]) -> list[pyoxigraph.Triple]:
        """Return all statements about ``subjects``, with those inside them."""
        made: list[pyoxigraph.Triple] = []
        waiting: list[Node] = list(subjects)
        while waiting:
            node = waiting.pop()
            for predicate, value in self.of(node):
                made.append(pyoxigraph.Triple(node, predicate, value))
                if isinstance(value, pyoxigraph.BlankNode):
                    waiting.append(value)
        return made

    def told(self, subject: pyoxigraph.NamedNode) -> frozenset[tuple[str, int]]:
        """Return what is said of ``subject`` as comparable text, each triple with how often it stands there."""
        return frozenset(Counter(self.statement(*each) for each in self.of(subject)).items())

    def statement(self, predicate: pyoxigraph.NamedNode, value: Value) -> str:
        """Return one statement as comparable text: equal for equal statements, blank node labels aside."""
        if not isinstance(value, pyoxigraph.BlankNode):
            return f"{predicate} {value}"
        inside = sorted(self.statement(*each) for each in self.of(value))
        return f"{predicate} [ {' ; '.join(inside)} ]"

    def all_told(self) -> Mapping[pyoxigraph.NamedNode, frozenset[tuple[str, int]]]:
        """Return what is said of each named resource; equal for two graphs that say the same."""
        return {subject: self.told(subject) for subject in self.subjects}

    @cached_property
    def tangled(self) -> list[pyoxigraph.BlankNode]:
        """The blank nodes to which not exactly one triple points, or that lie too deep."""
        reached: set[Node] = set()
        level: list[Node] = list(self.subjects)
        for _ in range(DEEPEST):
            values = (value for node in level for _, value in self.of(node))
            level = [value for value in values if isinstance(value, pyoxigraph.BlankNode) and self._uses[value] == 1]
            reached.update(level)
        nameless = [node for node in [*self._about, *self._uses] if isinstance(node, pyoxigraph.BlankNode)]
        return [node for node in dict.fromkeys(nameless) if node not in reached]
