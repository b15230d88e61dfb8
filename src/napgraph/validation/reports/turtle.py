"""A report as the validation report of SHACL, in Turtle: what any SHACL tool reads, with our words as messages.

Severities are those of each document's profile. Near-misses and notes are results too, with a rule of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import pyoxigraph
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ...graph.files import read_file
from ...project.root import files_below
from ...rdf.namespaces import prefixes
from ..labels import literal
from ..shacl import TYPE, sh
from .groups import near

if TYPE_CHECKING:
    from ...project.messages import Catalogue
    from ..report import Finding, Report, Result

_Node = NamedNode | BlankNode | Literal


def render(reports: Sequence[Report], catalogue: Catalogue, root: str) -> bytes:
    """Return one report over all files; ``root`` holds the shapes, whose paths the results repeat."""
    statements = list(_statements(reports, catalogue, _Paths(root)))
    used = {
        prefix: space
        for prefix, space in prefixes(root).items()
        if any(str(term).startswith(f"<{space}") for triple in statements for term in triple)
    }
    return pyoxigraph.serialize(statements, format=pyoxigraph.RdfFormat.TURTLE, prefixes=used) or b""


def _statements(reports: Sequence[Report], catalogue: Catalogue, paths: _Paths) -> Iterator[Triple]:
    whole = BlankNode()
    yield Triple(whole, TYPE, sh("ValidationReport"))
    conforms = all(report.conforms and not report.results for report in reports)
    yield Triple(whole, sh("conforms"), Literal(conforms and not any(report.findings for report in reports)))
    for report in reports:
        nodes: dict[str, BlankNode] = {}
        words, results = {_key(each): each for each in report.findings}, {_key(each): each for each in report.results}
        for key in results | words:
            finding = words.get(key)
            node, found = BlankNode(), results.get(key) or words[key]
            focus = (
                _term(found.focus, nodes)
                if found.focus
                else Literal(finding.place.text if finding and finding.place else "")
            )
            yield Triple(whole, sh("result"), node)
            yield Triple(node, TYPE, sh("ValidationResult"))
            yield Triple(node, sh("resultSeverity"), sh(found.severity))
            yield Triple(node, sh("focusNode"), focus)
            yield Triple(node, sh("sourceShape"), NamedNode(found.rule))
            yield Triple(node, sh("sourceConstraintComponent"), NamedNode(found.component or found.rule))
            if key in results and found.value:
                yield Triple(node, sh("value"), _term(found.value, nodes))
            yield from paths.of(found.rule, node)
            if finding is not None:
                yield Triple(node, sh("resultMessage"), _message(finding, catalogue))


def _key(found: Finding | Result) -> tuple[str, str, str, str]:
    return found.rule, found.focus, found.value, found.component


def _message(finding: Finding, catalogue: Catalogue) -> Literal:
    place = f"{finding.place.text}: " if finding.place else ""
    words = " ".join(filter(None, (finding.message, near(finding, catalogue), finding.fix)))
    return Literal(place + words, language=catalogue.language)


def _term(text: str, nodes: dict[str, BlankNode]) -> _Node:
    """Return the term of an N-Triples text; a nameless node keeps being one, under a new label."""
    if text.startswith("_:"):
        return nodes.setdefault(text, BlankNode())
    if text.startswith("<"):
        return NamedNode(text[1:-1])
    return literal(text)


class _Paths:
    """The paths of the rules, copied from the shapes as pyshacl copies them."""

    def __init__(self, root: str) -> None:
        self._below: dict[_Node, list[tuple[NamedNode, _Node]]] = {}
        for path in files_below(root, "shapes", (".ttl",)):
            for subject, predicate, value in read_file(root, path):
                self._below.setdefault(subject, []).append((predicate, value))

    def of(self, rule: str, node: BlankNode) -> Iterator[Triple]:
        """Yield the path of ``rule`` as that of the result ``node``."""
        for predicate, path in self._below.get(NamedNode(rule), []):
            if predicate == sh("path"):
                copy = self._copied(path)
                yield Triple(node, sh("resultPath"), copy[0])
                yield from copy[1]

    def _copied(self, path: _Node) -> tuple[_Node, list[Triple]]:
        if not isinstance(path, BlankNode):
            return path, []
        node, statements = BlankNode(), []
        for predicate, value in self._below.get(path, []):
            part, more = self._copied(value)
            statements += [Triple(node, predicate, part), *more]
        return node, statements
