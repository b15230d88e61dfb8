"""What answers SPARQL text: the graph in memory, or on disk. No query and no analysis needs to know which."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Protocol

import pyoxigraph

from ..errors import ParameterError, QueryError, StoreError
from .results import ResultTable
from .tokens import calls_out, clauses

if TYPE_CHECKING:
    from ..graph.snapshot import Snapshot

TIMEOUT = 60.0
"""Seconds that an endpoint may take for a question, if nothing else is said."""

_TOGETHER = 10_000
"""How many statements are written at a time."""


class Engine(Protocol):
    """One graph that can be asked, wherever it lies: in memory, on disk, or behind an address."""

    @property
    def version(self) -> str:
        """What tells this state of the data from any other, such as the digest of its files."""

    def answer(self, text: str, name: str, *, asserted: bool = False) -> ResultTable:
        """Return the answer to SPARQL ``text``, known to the user as ``name``.

        Asked is everything stated and everything that follows, or with ``asserted`` only what is stated. Raises
        QueryError for what is no query, or could not be answered whole.
        """


def evaluate(store: pyoxigraph.Store, text: str, name: str, *, union: bool = False) -> ResultTable:
    """Return the answer of SPARQL ``text``; raises QueryError with line and column for what cannot be read.

    Asked is the default graph, or with ``union`` all graphs of the store together.
    """
    if calls_out(text) or clauses(text):
        raise QueryError(f"{name}: SERVICE and FROM are not run: the loaded graph answers, and nothing is fetched.")
    try:
        result = store.query(text, use_default_graph_as_union=union)
        if isinstance(result, pyoxigraph.QueryTriples):
            raise QueryError(f"{name}: this query makes a graph, not a table. Use SELECT or ASK.")
        return ResultTable.of(result)
    except SyntaxError as error:
        raise QueryError(f"{name}: this is not valid SPARQL: {error.msg}") from error
    except (OSError, RuntimeError, ValueError) as error:
        raise QueryError(f"{name}: the query could not be run: {error}") from error


class MemoryEngine:
    """Answers from a snapshot, which is loaded when it is first asked and never changed. An :class:`Engine`.

    ``joined`` is what of the snapshot stands in no file of the graph: N-Triples by the name of a graph.
    """

    def __init__(self, snapshot: Snapshot, joined: Mapping[str, bytes] | None = None) -> None:
        self.snapshot = snapshot
        self.joined = joined or {}

    @property
    def version(self) -> str:
        """The digest of the files that the answers come from, 40 hexadecimal digits."""
        return self.snapshot.digest

    @cached_property
    def store(self) -> pyoxigraph.Store:
        """Everything stated and everything that follows, in one default graph."""
        return _store(self.snapshot.asserted + self.snapshot.entailed)

    @cached_property
    def asserted_store(self) -> pyoxigraph.Store:
        """Only what the files state."""
        return _store(self.snapshot.asserted)

    def answer(self, text: str, name: str, *, asserted: bool = False) -> ResultTable:
        """Return the answer to SPARQL ``text``; raises QueryError as :func:`evaluate`."""
        return evaluate(self.asserted_store if asserted else self.store, text, name)


class _Asked(Protocol):
    @property
    def engine(self) -> Engine: ...


def embedded(kg: _Asked) -> MemoryEngine:
    """Return the engine in memory that answers ``kg``; raises ParameterError where another one does."""
    if not isinstance(kg.engine, MemoryEngine):
        raise ParameterError("The graph itself can be had only where it is loaded from its files.")
    return kg.engine


class StoredEngine:
    """Answers from the store in ``folder``, which ``napgraph build`` made. An :class:`Engine`.

    Raises StoreError for a folder that is no store, for a damaged one, and for one that another napgraph made.
    """

    def __init__(self, folder: str, root: str) -> None:
        from ..graph.store import read_manifest

        self.folder = folder
        self.manifest = read_manifest(folder, root)

    @property
    def version(self) -> str:
        """The digest of the files that the store was made from, 40 hexadecimal digits."""
        return self.manifest.version

    @cached_property
    def store(self) -> pyoxigraph.Store:
        """Everything stated and everything that follows, in its default graph."""
        from ..graph.store import GRAPH

        return self._opened(GRAPH)

    @cached_property
    def stated_store(self) -> pyoxigraph.Store:
        """What the files state, in a named graph each."""
        from ..graph.store import STATED

        return self._opened(STATED)

    def answer(self, text: str, name: str, *, asserted: bool = False) -> ResultTable:
        """Return the answer to SPARQL ``text``; raises QueryError as :func:`evaluate`."""
        return evaluate(self.stated_store if asserted else self.store, text, name, union=asserted)

    def statements(self, *, asserted: bool = False) -> Iterator[bytes]:
        """Yield everything stated and all that follows, or with ``asserted`` the former, as lines of N-Triples.

        Each statement comes once, though two files may state it. A blank node of the one is not called as in the other.
        """
        return _lines(self._stated() if asserted else iter(self.store))

    def size(self, *, asserted: bool = False) -> int:
        """Return how many lines :meth:`statements` gives."""
        return sum(1 for _ in self._stated()) if asserted else len(self.store)

    @cached_property
    def _predicates(self) -> list[str]:
        """The predicates of what is stated: found by going through all of it."""
        return sorted({quad.predicate.value for quad in self.stated_store})

    def _stated(self) -> Iterator[pyoxigraph.Quad]:
        """Yield the quads of all graphs, of a statement in several only one: they lie in a row on disk."""
        for predicate in self._predicates:
            before: object = None
            for quad in self.stated_store.quads_for_pattern(None, pyoxigraph.NamedNode(predicate), None):
                if quad.triple != before:
                    yield quad
                before = quad.triple

    def _opened(self, part: str) -> pyoxigraph.Store:
        try:
            return pyoxigraph.Store.read_only(os.path.join(self.folder, self.manifest.build, part))
        except OSError as error:
            raise StoreError(f"{self.folder}: the store cannot be opened: {error}. Build it anew.") from error


def _store(content: bytes) -> pyoxigraph.Store:
    store = pyoxigraph.Store()
    # What the engine itself wrote need not be validated again, which saves a third of the time.
    store.bulk_load(content, format=pyoxigraph.RdfFormat.N_TRIPLES, lenient=True)
    return store


def _lines(quads: Iterator[pyoxigraph.Quad]) -> Iterator[bytes]:
    while some := [quad.triple for quad in islice(quads, _TOGETHER)]:
        yield from (pyoxigraph.serialize(some, format=pyoxigraph.RdfFormat.N_TRIPLES) or b"").splitlines()
