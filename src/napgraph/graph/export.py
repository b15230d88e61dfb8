"""The graph as rdflib sees it. The named graphs are read from the files, which are the truth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..rdf.namespaces import BASE, prefixes
from ..rdf.terms import to_rdflib
from .files import read_file, source_files

if TYPE_CHECKING:
    import rdflib


def dataset(root: str, others: Mapping[str, bytes]) -> rdflib.Dataset:
    """Return a Dataset with one named graph per file, and ``others``: N-Triples by the last part of a graph's name."""
    import pyoxigraph
    import rdflib

    made = rdflib.Dataset(default_union=True)
    for prefix, space in prefixes(root).items():
        made.bind(prefix, space, replace=True)
    for path, name in source_files(root):
        graph = made.graph(rdflib.URIRef(name))
        for triple in read_file(root, path):
            graph.add(to_rdflib(triple))
    for name, content in others.items():
        graph = made.graph(rdflib.URIRef(f"{BASE}graph/{name}"))
        for quad in pyoxigraph.parse(content, format=pyoxigraph.RdfFormat.N_TRIPLES):
            graph.add(to_rdflib(quad.triple))
    return made
