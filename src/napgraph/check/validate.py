"""Judge statements by the shapes, with pyshacl, and give each result the severity of its document's profile.

Validated are asserted triples: no inference, no imports, nothing fetched. The code lists and the sources come from
the project's own files, and so does the class tree. Structural rules carry the severity Warning in the files; what
a profile makes of them is data in ``shapes/profiles.ttl``.
"""

from __future__ import annotations

import os
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

import pyshacl
import rdflib
from rdflib.namespace import RDF, SH

from ..errors import SourceFileError, UnknownNameError
from ..graph.files import read_file, read_turtle
from ..graph.terms import as_graph
from ..namespaces import slug
from ..resources import files_below
from .obligations import Obligations, Ownership, ownership
from .report import RANK, Finding, Report

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyoxigraph import Triple
    from rdflib.term import Node

__all__ = ["Checker"]


class Checker:
    """Shapes, ontology and code lists, read once for any number of files."""

    def __init__(self, root: str, profile: str | None = None) -> None:
        self._root = root
        self._profile = profile
        if profile is not None and profile not in self._obligations.profiles:
            known = self._obligations.profiles
            raise UnknownNameError("profile", profile, known, see=f"The profiles are: {', '.join(known)}.")

    def check_file(self, path: str) -> Report:
        """Check one Turtle file; raises SourceFileError if it cannot be read as Turtle."""
        try:
            with open(path, "rb") as file:
                content = file.read()
        except OSError as error:
            mend = "Name a Turtle file." if os.path.isdir(path) else "Check the name and its rights."
            raise SourceFileError(path, f"this file cannot be read ({error.strerror}).", mend=mend) from error
        return self.check_triples(path, list(read_turtle(content, path)))

    def check_bundle(self) -> Report:
        """Check the bundled data, all jurisdictions together."""
        return self.check_triples("data", list(self._read(files_below(self._root, "data/jurisdictions", (".ttl",)))))

    def check_triples(self, source: str, triples: list[Triple]) -> Report:
        """Check statements that were read from ``source``."""
        owned = ownership(self._root, [*triples, *self._ontology], self._profile)
        data = as_graph(triples)
        subjects = set(data.subjects())
        results = self._validate(data)
        found = [
            self._finding(results, node, owned)
            for node in results.subjects(RDF.type, SH.ValidationResult)
            if _is_told(results, node)
        ]
        own = {str(subject) for subject in subjects}
        findings = sorted(
            {finding for focus, finding in found if finding is not None and focus in own},
            key=lambda finding: (RANK[finding.severity], *finding[1:]),
        )
        return Report(source, findings, len(owned.documents), len(owned.declared) - len(owned.documents))

    def _validate(self, data: rdflib.Graph) -> rdflib.Graph:
        merged = rdflib.Graph()
        for triple in chain(data, self._context):
            merged.add(triple)
        results: rdflib.Graph
        _, results, _ = pyshacl.validate(
            merged,
            shacl_graph=self.shapes,
            ont_graph=as_graph(self._ontology),
            inference="none",
            advanced=False,
            js=False,
            do_owl_imports=False,
            meta_shacl=False,
        )
        return results

    def _finding(self, results: rdflib.Graph, node: Node, owned: Ownership) -> tuple[str, Finding | None]:
        focus = results.value(node, SH.focusNode)
        rule = results.value(node, SH.sourceShape)
        own = slug(str(results.value(node, SH.resultSeverity)))
        severity = self._obligations.severity(str(rule), owned.declared.get(str(focus), set()), own)
        if severity is None:
            return str(focus), None
        value, path = results.value(node, SH.value), results.value(node, SH.resultPath)
        return str(focus), Finding(
            severity,
            str(rule),
            _n3(focus),
            _n3(value),
            str(path) if isinstance(path, rdflib.URIRef) else "",
            self._words(rule, SH.name),
            self._words(rule, SH.description),
        )

    def _words(self, rule: Node | None, predicate: rdflib.URIRef) -> str:
        found = [str(text) for text in self.shapes.objects(rule, predicate) if getattr(text, "language", None) == "en"]
        return found[0] if found else ""

    @cached_property
    def shapes(self) -> rdflib.Graph:
        """All shapes as one graph."""
        return as_graph(self._shape_triples)

    @cached_property
    def _shape_triples(self) -> list[Triple]:
        return list(self._read(files_below(self._root, "shapes", (".ttl",))))

    @cached_property
    def _obligations(self) -> Obligations:
        return Obligations(self._root, self._shape_triples)

    @cached_property
    def _ontology(self) -> list[Triple]:
        return list(read_file(self._root, "ontology/napgraph.ttl"))

    @cached_property
    def _context(self) -> rdflib.Graph:
        """What a record may point to: code lists, sources and international bodies."""
        paths = files_below(self._root, "ontology/schemes", (".ttl",)) + files_below(self._root, "data", (".ttl",))
        return as_graph(self._read(path for path in paths if not path.startswith("data/jurisdictions/")))

    def _read(self, paths: Iterable[str]) -> Iterator[Triple]:
        return chain.from_iterable(read_file(self._root, path) for path in paths)


def _is_told(results: rdflib.Graph, node: Node) -> bool:
    """Whether a result stands by itself; details inside another are told with that one."""
    return (None, SH.detail, node) not in results


def _n3(term: Node | None) -> str:
    return term.n3() if isinstance(term, (rdflib.URIRef, rdflib.BNode, rdflib.Literal)) else ""
