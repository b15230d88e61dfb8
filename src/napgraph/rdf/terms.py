"""Terms of pyoxigraph as terms of rdflib, and back, with no lexical form rewritten."""

import logging
from collections.abc import Iterable

import pyoxigraph
import rdflib

rdflib.NORMALIZE_LITERALS = False
# A literal that is wrong for its datatype is for the shapes to report, not for a log on the screen.
logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)

_Node = rdflib.URIRef | rdflib.BNode | rdflib.Literal


def to_rdflib(triple: pyoxigraph.Triple) -> tuple[_Node, _Node, _Node]:
    """Return the same triple as rdflib's terms; ``"x"`` and ``"x"^^xsd:string`` are one, as in RDF 1.1."""
    return _out(triple.subject), _out(triple.predicate), _out(triple.object)


def as_graph(triples: Iterable[pyoxigraph.Triple]) -> rdflib.Graph:
    """Return the triples as an rdflib graph."""
    made = rdflib.Graph()
    for triple in triples:
        made.add(to_rdflib(triple))
    return made


def from_rdflib(triple: tuple[rdflib.term.Node, rdflib.term.Node, rdflib.term.Node]) -> pyoxigraph.Triple:
    """Return the same triple as pyoxigraph's terms; raises ValueError for what is no RDF."""
    return pyoxigraph.Triple(*map(_back, triple))  # type: ignore[arg-type]


def _out(term: object) -> _Node:
    if isinstance(term, pyoxigraph.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, pyoxigraph.BlankNode):
        return rdflib.BNode(term.value)
    if isinstance(term, pyoxigraph.Literal):
        if term.language:
            return rdflib.Literal(term.value, lang=term.language)
        plain = term.datatype.value == str(rdflib.XSD.string)
        datatype = None if plain else rdflib.URIRef(term.datatype.value)
        # Said each time: pyshacl sets the switch above back to True after every validation.
        return rdflib.Literal(term.value, datatype=datatype, normalize=False)
    raise ValueError(f"{term} has no counterpart")


def _back(term: object) -> pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal:
    if isinstance(term, rdflib.URIRef):
        return pyoxigraph.NamedNode(str(term))
    if isinstance(term, rdflib.BNode):
        return pyoxigraph.BlankNode(str(term))
    if isinstance(term, rdflib.Literal):
        if term.language:
            return pyoxigraph.Literal(str(term), language=term.language)
        datatype = pyoxigraph.NamedNode(str(term.datatype)) if term.datatype else None
        return pyoxigraph.Literal(str(term), datatype=datatype)
    raise ValueError(f"{term!r} has no counterpart")
