"""The compiled judge: shapes as look-ups over parsed statements, with the results of pyshacl at a fraction of its time.

Results are about subjects of the record, as ``reference`` tells them. A rule that the compiler does not know is given
to pyshacl by itself, and so is a query where the record holds values that its engine would take otherwise.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ..errors import ShapeError
from .compile import UnknownRuleError
from .compile.index import Background, View
from .compile.rules import Compiler
from .compile.shapes import ShapesGraph
from .compile.targets import focus_nodes

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from pyoxigraph import Triple

    from .compile.rules import Rule
    from .compile.terms import Term
    from .pyshacl import Reference
    from .results import Result

__all__ = ["Judge", "compile_shapes"]


class Judge:
    """Rules compiled once, for any number of records; ``unknown`` names those that pyshacl is asked for."""

    def __init__(self, shapes: list[Triple], ontology: list[Triple], lists: list[Triple]) -> None:
        self._ontology, self._lists = ontology, lists
        self._graph = ShapesGraph(shapes)
        self._background = Background(ontology, lists)
        self._rules = Compiler(self._graph).rules()
        self.unknown = sorted(self._rules.unknown)

    def results(self, triples: Iterable[Triple]) -> list[Result]:
        """Return what is wrong with the statements, in order."""
        record = list(triples)
        view = View(self._background, record)
        found: set[Result] = set()
        for rule in self._rules.known:
            focuses = focus_nodes(view, rule.targets)
            if focuses:
                found.update(rule.shape.report(view, focuses))
                found.update(self._asked(rule, view, focuses))
        if self._foreign is not None:
            found.update(self._foreign.results(record))
        told = {str(subject) for subject in view.subjects}
        return sorted(result for result in found if result.focus in told)

    def _asked(self, rule: Rule, view: View, focuses: Collection[Term]) -> list[Result]:
        """Return the results of a rule's queries; if they cannot be asked here, pyshacl asks them of what they see."""
        try:
            return list(rule.shape.ask(view, focuses))
        except UnknownRuleError:
            from .pyshacl import Reference

            only = Reference(self._graph.asking(rule.node, focuses), ontology=(), lists=())
        try:
            return only.results(rule.shape.seen(view, focuses))
        except ShapeError:  # pyshacl gives up on a sum with text in it, say; SPARQL says that it has no value
            return list(rule.shape.ask(view, focuses, strict=False))

    @cached_property
    def _foreign(self) -> Reference | None:
        """What judges by the rules that are not known, and by no others; None if all are known."""
        if not self.unknown:
            return None
        from .pyshacl import Reference

        return Reference(self._graph.aimed(self._rules.roots), self._ontology, self._lists)


def compile_shapes(shapes: Iterable[Triple], ontology: Iterable[Triple], lists: Iterable[Triple]) -> Judge:
    """Compile shapes; records are judged beside the code lists and under the class tree of the ontology."""
    return Judge(list(shapes), list(ontology), list(lists))
