"""The engine over a store on disk: opened to be read only, by as many processes as like."""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING

from ..errors import StoreError
from ..graph.store import GRAPH, STATED, read_manifest
from .run import run_text

if TYPE_CHECKING:
    import pyoxigraph

    from .table import ResultTable

__all__ = ["Stored"]


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

    def statements(self) -> tuple[bytes, bytes]:
        """Return what is stated, and that with everything that follows, as N-Triples, each statement once.

        Both are held in memory. A blank node of the one is not called as in the other.
        """
        import pyoxigraph

        merged = (quad.triple for quad in self.store.quads_for_pattern(None, None, None, pyoxigraph.DefaultGraph()))
        found = (dict.fromkeys(quad.triple for quad in self.stated_store), merged)
        made = [pyoxigraph.serialize(triples, format=pyoxigraph.RdfFormat.N_TRIPLES) or b"" for triples in found]
        return made[0], made[1]

    def _opened(self, part: str) -> pyoxigraph.Store:
        import pyoxigraph

        try:
            return pyoxigraph.Store.read_only(os.path.join(self.folder, part))
        except OSError as error:
            raise StoreError(f"{self.folder}: the store cannot be opened: {error}. Build it anew.") from error
