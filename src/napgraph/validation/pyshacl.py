"""The judge of record: pyshacl, for results on subjects of some triples, not on the code lists beside them."""

import warnings
from collections.abc import Iterable
from functools import cache
from typing import Any

import pyshacl
import rdflib
from pyoxigraph import Triple
from rdflib.namespace import RDF, SH
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.term import Node

from ..errors import ShapeError
from ..rdf.namespaces import BASE, slug
from ..rdf.terms import as_graph, from_rdflib
from .report import Result

_CITED = tuple(f"{BASE}{name}/" for name in ("source", "jurisdiction", "region"))  # only if a record leads there


@cache
def _parsed(text: str) -> Query:
    return prepareQuery(text)


class _Graph(rdflib.Graph):
    """A graph that parses a query once: pyshacl asks the same text of every focus node."""

    def query(self, query_object: str | Query, *args: Any, **options: Any) -> rdflib.query.Result:
        """Ask as rdflib does."""
        query = _parsed(query_object) if isinstance(query_object, str) else query_object
        return super().query(query, *args, **options)


class PyshaclValidator:
    """Shapes, ontology and code lists as pyshacl takes them, made once for any number of records."""

    def __init__(self, shapes: Iterable[Triple], ontology: Iterable[Triple], lists: Iterable[Triple]) -> None:
        with warnings.catch_warnings(action="ignore"):
            self._shapes, self._ontology = as_graph(shapes), as_graph(ontology)
            self._lists: list[tuple[Node, Node, Node]] = []
            self._cited: dict[Node, list[tuple[Node, Node, Node]]] = {}
            for triple in as_graph(lists):
                cited = str(triple[0]).startswith(_CITED)
                (self._cited.setdefault(triple[0], []) if cited else self._lists).append(triple)

    def results(self, triples: Iterable[Triple]) -> list[Result]:
        """Return what is wrong with asserted triples, in order.

        Raises ShapeError where pyshacl gives up, as on some values that cannot be compared or added.
        """
        with warnings.catch_warnings(action="ignore"):
            data = _Graph()
            data += as_graph(triples)
            subjects = set(data.subjects())
            for triple in self._lists:
                data.add(triple)
            waiting = [term for term in set(data.objects()) if term in self._cited]
            for term in waiting:
                for triple in self._cited[term]:
                    data.add(triple)
                    waiting += [triple[2]] if triple[2] in self._cited and triple[2] not in waiting else []
            try:
                _, report, words = pyshacl.validate(
                    data,
                    shacl_graph=self._shapes,
                    ont_graph=self._ontology,
                    inference="none",
                    do_owl_imports=False,
                    inplace=True,
                )
            except Exception as error:  # as many kinds as there are values that it does not expect
                problem = f"pyshacl gives up on this record ({type(error).__name__}): a value in it cannot be compared"
                fix = "Mend what the compiled engine finds, then ask again."
                raise ShapeError(f"{problem} or added. {fix}") from error
        if not isinstance(report, rdflib.Graph):
            raise ShapeError(f"pyshacl cannot apply a rule of the shapes: {words}")
        details = set(report.objects(None, SH.detail))
        nodes = (node for node in report.subjects(RDF.type, SH.ValidationResult) if node not in details)
        return sorted({_result(report, node) for node in nodes if report.value(node, SH.focusNode) in subjects})


def _result(report: rdflib.Graph, node: Node) -> Result:
    rule, path = report.value(node, SH.sourceShape), report.value(node, SH.resultPath)
    return Result(
        f"_:{rule}" if isinstance(rule, rdflib.BNode) else str(rule),
        slug(str(report.value(node, SH.resultSeverity))),
        _text(report.value(node, SH.focusNode)),
        str(path) if isinstance(path, rdflib.URIRef) else "",
        _text(report.value(node, SH.value)),
        str(report.value(node, SH.sourceConstraintComponent)),
    )


def _text(term: Node | None) -> str:
    return "" if term is None else str(from_rdflib((rdflib.BNode(), RDF.value, term)).object)
