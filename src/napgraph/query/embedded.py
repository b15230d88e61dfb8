"""The embedded engine: an Oxigraph in memory over a snapshot, one merged default graph each."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ..errors import ParameterError
from .run import run_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyoxigraph

    from ..graph.snapshot import Snapshot
    from .results import ResultTable
    from .session import Session

__all__ = ["Embedded", "embedded"]


class Embedded:
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
        """Return the answer to SPARQL ``text``; raises QueryError as :func:`run_text`."""
        return run_text(self.asserted_store if asserted else self.store, text, name)


def embedded(kg: Session) -> Embedded:
    """Return the embedded engine that answers ``kg``; raises ParameterError where another one does."""
    if not isinstance(kg.engine, Embedded):
        raise ParameterError("The graph itself can be had only where it is loaded from its files.")
    return kg.engine


def _store(content: bytes) -> pyoxigraph.Store:
    import pyoxigraph

    store = pyoxigraph.Store()
    # What the engine itself wrote need not be validated again, which saves a third of the time.
    store.bulk_load(content, format=pyoxigraph.RdfFormat.N_TRIPLES, lenient=True)
    return store
