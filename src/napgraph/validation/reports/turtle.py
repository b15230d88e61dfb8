"""A report as the validation report of SHACL, in Turtle: also of near-misses and notes, with our words as messages."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from ...graph.files import read_file
from ...project.messages import Catalogue
from ...project.root import files_below
from ...rdf.descriptions import Descriptions, Value
from ...rdf.namespaces import prefixes
from ..labels import Term, term_of
from ..report import Finding, Report, Result
from ..shacl import TYPE, sh
from .text import words


def render(reports: Sequence[Report], catalogue: Catalogue, root: str) -> bytes:
    """Return one report over all files; ``root`` holds the shapes, whose paths the results repeat."""
    shapes = Descriptions(each for path in files_below(root, "shapes", (".ttl",)) for each in read_file(root, path))
    statements = list(_statements(reports, catalogue, shapes))
    named = {term.value for triple in statements for term in triple if isinstance(term, NamedNode)}
    used = {prefix: space for prefix, space in prefixes(root).items() if any(iri.startswith(space) for iri in named)}
    return serialize(statements, format=RdfFormat.TURTLE, prefixes=used) or b""


def _statements(reports: Sequence[Report], catalogue: Catalogue, shapes: Descriptions) -> Iterator[Triple]:
    def copied(path: Value) -> tuple[Value, list[Triple]]:
        """Copy a path as pyshacl does: the node, and what it says of nameless ones."""
        if not isinstance(path, BlankNode):
            return path, []
        node, made = BlankNode(), []
        for predicate, value in shapes.of(path):
            part, more = copied(value)
            made += [Triple(node, predicate, part), *more]
        return node, made

    report_node = BlankNode()
    yield Triple(report_node, TYPE, sh("ValidationReport"))
    conforms = all(report.conforms and not report.results and not report.findings for report in reports)
    yield Triple(report_node, sh("conforms"), Literal(conforms))
    for report in reports:
        nodes: defaultdict[str, BlankNode] = defaultdict(BlankNode)
        findings = {_key(each): each for each in report.findings}
        results = {_key(each): each for each in report.results}
        for key in results | findings:
            finding = findings.get(key)
            node, found = BlankNode(), results.get(key) or findings[key]
            place = finding.place.text if finding and finding.place else ""
            yield Triple(report_node, sh("result"), node)
            yield Triple(node, TYPE, sh("ValidationResult"))
            yield Triple(node, sh("resultSeverity"), sh(found.severity))
            yield Triple(node, sh("focusNode"), _term(found.focus, nodes) if found.focus else Literal(place))
            yield Triple(node, sh("sourceShape"), NamedNode(found.rule))
            yield Triple(node, sh("sourceConstraintComponent"), NamedNode(found.component or found.rule))
            if key in results and found.value:
                yield Triple(node, sh("value"), _term(found.value, nodes))
            for predicate, path in shapes.of(NamedNode(found.rule)):
                if predicate == sh("path"):
                    copy, more = copied(path)
                    yield from (Triple(node, sh("resultPath"), copy), *more)
            if finding is not None:
                said = words(finding, catalogue, "message", "near", "fix")
                message = Literal(f"{place}: {said}" if finding.place else said, language=catalogue.language)
                yield Triple(node, sh("resultMessage"), message)


def _key(found: Finding | Result) -> tuple[str, str, str, str]:
    return found.rule, found.focus, found.value, found.component


def _term(text: str, nodes: defaultdict[str, BlankNode]) -> Term:
    """Return the term of an N-Triples text; a blank node under a label of this report."""
    return nodes[text] if text.startswith("_:") else term_of(text)
