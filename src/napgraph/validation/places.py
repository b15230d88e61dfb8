"""Where a result is in its file: the place of the value, or that where what is missing belongs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pyoxigraph

from ..project.messages import MISSING, component_key

if TYPE_CHECKING:
    from ..records.record import Location, Record
    from .labels import Rule
    from .shacl import Result
    from .words import Namer

_Node = pyoxigraph.NamedNode | pyoxigraph.BlankNode


class Places:
    """Finds the places of the results of one record."""

    def __init__(self, record: Record, namer: Namer, *, sheets: bool) -> None:
        self.record, self.namer, self.sheets = record, namer, sheets

    def of(self, result: Result, rule: Rule | None) -> Location:
        """Return where a result is: at its value, else where the missing one belongs, else at its resource."""
        focus, value = self._term(result.focus), self._term(result.value)
        if focus is None or isinstance(focus, pyoxigraph.Literal):
            return self.record.place(pyoxigraph.BlankNode())
        if value is not None and result.value != result.focus:
            for subject, link, other in self._between(result):
                return self.record.place(subject, pyoxigraph.NamedNode(link), other)
        start = self.record.place(focus)
        for name in self._columns(result, rule):
            found = self.record.place(focus, pyoxigraph.NamedNode(name))
            if found != start:
                return found
        return start

    def _columns(self, result: Result, rule: Rule | None) -> list[str]:
        """Return the properties by which to find the place of a result without a value of its own.

        In a sheet what is missing has a place too: the cell of its column, which may be found by the rule.
        """
        key, there = component_key(result.component), self.namer.forward.get(result.focus, {})
        paths = [result.path] if result.path else (rule.values("term") if rule else [])
        if key == "QualifiedMinCount":
            paths = []
        if self.sheets:
            return [result.rule, *paths]
        return [] if key in MISSING else [path for path in paths if path in there]

    def _between(self, result: Result) -> Iterator[tuple[_Node, str, _Node | pyoxigraph.Literal]]:
        """Yield the statements that tie a focus node to the value of a result, from either side."""
        focus, value = self._term(result.focus), self._term(result.value)
        for subject, other in ((focus, value), (value, focus)):
            if isinstance(subject, (pyoxigraph.NamedNode, pyoxigraph.BlankNode)) and other is not None:
                for link, values in self.namer.forward.get(str(subject), {}).items():
                    if other in values:
                        yield subject, link, other

    def _term(self, text: str) -> pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal | None:
        return self.namer.terms.get(text)
