"""What answers SPARQL text: the built graph, or an endpoint. No query and no analysis needs to know which."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

import pyoxigraph

from ..errors import ParameterError, QueryError
from ..graph.store import StoredGraph
from .catalogue import read_query
from .results import Results
from .text import has_service_or_from

if TYPE_CHECKING:
    from ..graph.store import Graph

ENDPOINT_TIMEOUT = 60.0
"""Seconds that an endpoint may take for a question, if nothing else is said."""
_COPYING = 1.7e-7  # seconds of computing, about, that a byte of a graph on disk takes to be copied into memory


class Engine(Protocol):
    """One graph that can be asked, wherever it lies: on disk, in memory, or behind an address."""

    @property
    def version(self) -> str:
        """What tells this state of the data from any other, such as the digest of its files."""

    def answer(self, text: str, name: str, *, asserted: bool = False) -> Results:
        """Return the answer to SPARQL ``text``, known to the user as ``name``, about all, or only what is ``asserted``.

        Raises QueryError for what is no query, or could not be answered whole.
        """


def evaluate(store: pyoxigraph.Store, text: str, name: str, *, union: bool = False) -> Results:
    """Return the answer of SPARQL ``text``; raises QueryError with line and column for what cannot be read.

    Asked is the default graph, or with ``union`` all graphs of the store together.
    """
    if has_service_or_from(text):
        raise QueryError(f"{name}: SERVICE and FROM are not run: the loaded graph answers, and nothing is fetched.")
    try:
        result = store.query(text, use_default_graph_as_union=union)
        if isinstance(result, pyoxigraph.QueryTriples):
            raise QueryError(f"{name}: this query makes a graph, not a table. Use SELECT or ASK.")
        return Results.of(result)
    except SyntaxError as error:
        raise QueryError(f"{name}: this is not valid SPARQL: {error.msg}") from error
    except (OSError, RuntimeError, ValueError) as error:
        raise QueryError(f"{name}: the query could not be run: {error}") from error


def store_of(triples: Iterable[pyoxigraph.Triple]) -> pyoxigraph.Store:
    """Return a store in memory with ``triples`` in its default graph."""
    store = pyoxigraph.Store()
    store.extend(pyoxigraph.Quad(*triple) for triple in triples)
    return store


def ask(root: str, name: str, store: pyoxigraph.Store) -> Results:
    """Return the answer of the look-up ``name`` (``queries/lookup/<name>.rq``) over ``store``."""
    query = read_query(os.path.join(root, "queries", "lookup", f"{name}.rq"), "lookup")
    return evaluate(store, query.text, name)


class EmbeddedEngine:
    """Answers from a built graph. An :class:`Engine`, whose version is the digest of its files, 40 hex digits.

    A graph on disk that is asked ``much`` is copied into memory once its questions took as long as that takes.
    """

    def __init__(self, graph: Graph, *, much: bool = False) -> None:
        self.graph, self.version = graph, graph.version
        self._patience = graph.size * _COPYING if much and isinstance(graph, StoredGraph) else math.inf

    def answer(self, text: str, name: str, *, asserted: bool = False) -> Results:
        """Return the answer to SPARQL ``text``; raises QueryError as :func:`evaluate`."""
        started = time.process_time()
        found = evaluate(self.graph.asserted_store if asserted else self.graph.store, text, name, union=asserted)
        self._patience -= time.process_time() - started
        if self._patience < 0 and isinstance(self.graph, StoredGraph):
            self.graph.take_into_memory()
            self._patience = math.inf
        return found


class _Asked(Protocol):
    @property
    def engine(self) -> Engine: ...


def embedded(kg: _Asked) -> Graph:
    """Return the built graph that answers ``kg``; raises ParameterError where an endpoint does."""
    if not isinstance(kg.engine, EmbeddedEngine):
        raise ParameterError("The graph itself can be had only where it is loaded from its files.")
    return kg.engine.graph
