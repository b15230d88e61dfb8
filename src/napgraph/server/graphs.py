"""The graph as the server asks it: in memory, what is stated and what follows in one graph; and each file beside it.

In memory also where it lies on disk: the processes that answer hold no file of their parent's.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cached_property
from itertools import chain

import pyoxigraph

from ..errors import FolderError, SourceFileError
from ..graph.files import read_file, source_files
from ..graph.snapshot import Snapshot, fingerprint
from ..knowledge_graph import KnowledgeGraph
from ..query.engine import MemoryEngine, StoredEngine, embedded
from ..rdf.formats import RDF_BY_ENDING
from ..rdf.namespaces import BASE


def in_memory(kg: KnowledgeGraph) -> tuple[KnowledgeGraph, pyoxigraph.Store]:
    """Return the graph with everything loaded, and a store of the same with a named graph for each file beside.

    They are two because the engine finds what is in one graph in less time where there is no other. A blank node of a
    named graph is not the one of the default graph. Raises FolderError where the files changed meanwhile,
    ParameterError for a graph that lies behind an address.
    """
    if isinstance(kg.engine, StoredEngine):
        return _from_disk(kg, kg.engine)
    engine = embedded(kg)
    both = _copied(engine.store)
    both.bulk_extend(chain(_files(kg.root), _joined(engine)))
    if not engine.joined and fingerprint(kg.root) != engine.version:
        raise FolderError(f"{kg.root}: the files changed while they were read. Try again.")
    return kg, both


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


def _files(root: str) -> Iterator[pyoxigraph.Quad]:
    for path, name in source_files(root):
        graph = pyoxigraph.NamedNode(name)
        for triple in read_file(root, path):
            yield pyoxigraph.Quad(triple.subject, triple.predicate, triple.object, graph)


def _joined(engine: MemoryEngine) -> Iterator[pyoxigraph.Quad]:
    for name, content in engine.joined.items():
        graph = pyoxigraph.NamedNode(f"{BASE}graph/{name}")
        for quad in pyoxigraph.parse(content, format=pyoxigraph.RdfFormat.N_TRIPLES, rename_blank_nodes=True):
            yield pyoxigraph.Quad(quad.subject, quad.predicate, quad.object, graph)


def _copied(store: pyoxigraph.Store) -> pyoxigraph.Store:
    made = pyoxigraph.Store()
    made.bulk_extend(store)
    return made


def _from_disk(kg: KnowledgeGraph, stored: StoredEngine) -> tuple[KnowledgeGraph, pyoxigraph.Store]:
    asserted, everything = (b"\n".join([*stored.statements(asserted=part), b""]) for part in (True, False))
    engine = _Whole(Snapshot(asserted, everything, stored.version))
    both = _copied(engine.store)
    both.bulk_extend(stored.stated_store)
    return KnowledgeGraph(kg.root, engine, kg.language), both


class _Whole(MemoryEngine):
    """An engine over a snapshot whose second part holds the first: blank nodes could not be told to be the same."""

    @cached_property
    def store(self) -> pyoxigraph.Store:
        """Everything stated and everything that follows."""
        store = pyoxigraph.Store()
        store.bulk_load(self.snapshot.entailed, format=pyoxigraph.RdfFormat.N_TRIPLES, lenient=True)
        return store
