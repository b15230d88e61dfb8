"""The graph as the server asks it: in memory, what is stated and what follows in one graph; and each file beside it.

In memory also where it lies on disk: the processes that answer hold no file of their parent's.
"""

from __future__ import annotations

import os
from copy import copy

import pyoxigraph

from ..errors import SourceFileError
from ..knowledge_graph import KnowledgeGraph
from ..query.engine import EmbeddedEngine, embedded
from ..rdf.formats import RDF_BY_ENDING


def in_memory(kg: KnowledgeGraph) -> tuple[KnowledgeGraph, pyoxigraph.Store]:
    """Return the graph with everything loaded, and a store of the same with a named graph for each file beside.

    They are two because the engine finds what is in one graph in less time where there is no other. A blank node of a
    named graph is not the one of the default graph. Raises ParameterError for a graph that lies behind an address.
    """
    graph = copy(embedded(kg))
    graph.store, graph.asserted_store = _copied(graph.store), _copied(graph.asserted_store)
    both = _copied(graph.store)
    both.bulk_extend(graph.asserted_store)
    return KnowledgeGraph(kg.root, EmbeddedEngine(graph), kg.language), both


def dataset(path: str) -> pyoxigraph.Store:
    """Return what a file of RDF holds, its named graphs as they are; raises SourceFileError."""
    form = RDF_BY_ENDING.get(os.path.splitext(path)[1].lower())
    if form is None:
        raise SourceFileError(path, "the ending names no format of RDF.", mend="Use .nq, .trig, .nt or .ttl.")
    store = pyoxigraph.Store()
    try:
        store.bulk_load(path=path, format=form)
    except OSError as error:
        raise SourceFileError(path, f"this file cannot be read ({error.strerror or error}).") from error
    except SyntaxError as error:
        raise SourceFileError(path, f"this is not valid: {error.msg}", line=error.lineno) from error
    return store


def _copied(store: pyoxigraph.Store) -> pyoxigraph.Store:
    made = pyoxigraph.Store()
    made.bulk_extend(store)
    return made
