"""The terms of RDF, RDFS, OWL, XSD and SHACL that the compiler gives a meaning to."""

from __future__ import annotations

from typing import Final, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode

__all__ = ["FIRST", "NIL", "OWL", "RDF", "RDFS", "REST", "SH", "SUBCLASS_OF", "TYPE", "XSD", "Term", "sh"]

Term: TypeAlias = NamedNode | BlankNode | Literal

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
SH: Final = "http://www.w3.org/ns/shacl#"

TYPE: Final = NamedNode(RDF + "type")
FIRST: Final = NamedNode(RDF + "first")
REST: Final = NamedNode(RDF + "rest")
NIL: Final = NamedNode(RDF + "nil")
SUBCLASS_OF: Final = NamedNode(RDFS + "subClassOf")


def sh(name: str) -> NamedNode:
    """Return the term of SHACL with this name."""
    return NamedNode(SH + name)
