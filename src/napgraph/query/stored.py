"""The engine over a store on disk: opened to be read only, by as many processes as like."""

from __future__ import annotations

import os
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from ..errors import StoreError
from ..graph.store import GRAPH, STATED, read_manifest
from .run import run_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyoxigraph

    from .results import ResultTable

__all__ = ["Stored"]

_TOGETHER = 10_000
"""How many statements are written at a time."""


class Stored:
    """Answers from the store in ``folder``, which ``napgraph build`` made. An :class:`Engine`.

    Raises StoreError for a folder that is no store, for a damaged one, and for one that another napgraph made.
    """

    def __init__(self, folder: str, root: str) -> None:
        self.folder = folder
        self.manifest = read_manifest(folder, root)

    @property
    def version(self) -> str:
        """The digest of the files that the store was made from, 40 hexadecimal digits."""
        return self.manifest.version

    @cached_property
    def store(self) -> pyoxigraph.Store:
        """Everything stated and everything that follows, in its default graph."""
        return self._opened(GRAPH)

    @cached_property
    def stated_store(self) -> pyoxigraph.Store:
        """What the files state, in a named graph each."""
        return self._opened(STATED)

    def answer(self, text: str, name: str, *, asserted: bool = False) -> ResultTable:
        """Return the answer to SPARQL ``text``; raises QueryError as :func:`run_text`."""
        return run_text(self.stated_store if asserted else self.store, text, name, union=asserted)

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
        import pyoxigraph

        for predicate in self._predicates:
            before: object = None
            for quad in self.stated_store.quads_for_pattern(None, pyoxigraph.NamedNode(predicate), None):
                if quad.triple != before:
                    yield quad
                before = quad.triple

    def _opened(self, part: str) -> pyoxigraph.Store:
        import pyoxigraph

        try:
            return pyoxigraph.Store.read_only(os.path.join(self.folder, self.manifest.build, part))
        except OSError as error:
            raise StoreError(f"{self.folder}: the store cannot be opened: {error}. Build it anew.") from error


def _lines(quads: Iterator[pyoxigraph.Quad]) -> Iterator[bytes]:
    import pyoxigraph

    while some := [quad.triple for quad in islice(quads, _TOGETHER)]:
        yield from (pyoxigraph.serialize(some, format=pyoxigraph.RdfFormat.N_TRIPLES) or b"").splitlines()
