"""One loaded graph that can be asked: the two stores over its snapshot, and the saved queries that belong to it."""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING

from ..errors import FolderError
from ..graph.snapshot import Snapshot, load_or_build
from ..resources import files_below, resolve_root

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Self

    import pyoxigraph

    from ..tables.table import Column, Table, Value
    from .catalogue import Catalogue, SavedQuery
    from .table import ResultTable

__all__ = ["Session"]

_JURISDICTIONS = "data/jurisdictions/"


class Session:
    """One set of ontology, data and queries, with what follows from them.

    Questions are answered by an embedded Oxigraph over one merged graph; the graph itself is never changed.
    """

    def __init__(self, root: str, snapshot: Snapshot) -> None:
        self.root = root
        self._snapshot = snapshot

    @classmethod
    def load(cls, root: str | os.PathLike[str] | None = None) -> Self:
        """Load the graph of the folders under ``root`` (default: those napgraph ships).

        The first load of a set of files computes what follows from them (some seconds) and keeps it in the
        cache; the next ones read it from there. Raises FolderError (also for a data folder without a jurisdiction:
        a graph over no files is a mistake, not an answer), SourceFileError or InconsistencyError.
        """
        folder = resolve_root(root)
        if not any(path.startswith(_JURISDICTIONS) for path in files_below(folder, "data", (".ttl",))):
            where = os.path.join(folder, _JURISDICTIONS)
            raise FolderError(f"{where}: there is no Turtle file here, so there is nothing to compare.")

        def make() -> tuple[bytes, bytes]:
            from ..graph.build import build

            return build(folder)

        return cls(folder, load_or_build(folder, make))

    @property
    def version(self) -> str:
        """The digest of the files that the answers come from, 40 hexadecimal digits."""
        return self._snapshot.digest

    @cached_property
    def store(self) -> pyoxigraph.Store:
        """Everything stated and everything that follows, in one default graph."""
        return _store(self._snapshot.asserted + self._snapshot.entailed)

    @cached_property
    def asserted_store(self) -> pyoxigraph.Store:
        """Only what the files state."""
        return _store(self._snapshot.asserted)

    @cached_property
    def queries(self) -> Catalogue:
        """The saved queries."""
        from .catalogue import Catalogue

        return Catalogue(self.root)

    @cached_property
    def labels(self) -> dict[str, str]:
        """The English label of every resource that has one, by IRI."""
        return {str(row["resource"]): str(row["label"]) for row in self.query("labels")}

    @cached_property
    def names(self) -> dict[str, str]:
        """The English name of every jurisdiction, by its alpha-3 code."""
        return {str(row["code"]): str(row["name"]) for row in self.query("jurisdictions")}

    @cached_property
    def numbers(self) -> dict[str, str]:
        """The number that M49 and ISO 3166-1 give a jurisdiction that has one, by its alpha-3 code."""
        return {str(row["code"]): str(row["number"]) for row in self.query("area-numbers")}

    def table(
        self,
        columns: Sequence[str | Column],
        rows: Sequence[Mapping[str, Value]],
        title: str,
        *,
        queries: Sequence[str | SavedQuery] = (),
        parameters: Mapping[str, str] | None = None,
        notes: Sequence[str] = (),
    ) -> Table:
        """Return ``rows`` as a table that tells what its columns mean and which saved ``queries`` it rests on.

        A column is named, or given whole where its meaning stands in no file. A name may mean something of its own
        in the answer of one query: the first of ``queries`` that ``columns.toml`` knows it by decides.
        """
        from ..tables.citation import citation
        from ..tables.columns import described
        from ..tables.table import About, Table

        asked = [self.queries.get(query) if isinstance(query, str) else query for query in queries]
        question = asked[0].header.get("question", "") if asked else ""
        about = About(
            title,
            question,
            {query.name: query.text for query in asked},
            parameters or {},
            self.version,
            self._sources(rows),
            notes,
            self._licence,
            citation(self.root, self.version),
        )
        return Table(described(self.root, columns, [query.name for query in asked]), rows, about)

    def _sources(self, rows: Sequence[Mapping[str, Value]]) -> list[str]:
        """Return the titles of the sources that the evidence of ``rows`` comes from."""
        passages = {str(row["evidence"]) for row in rows if row.get("evidence")}
        found = self.query("sources", passage=sorted(passages))
        return list(dict.fromkeys(", ".join(str(row[key]) for key in ("title", "whole") if row[key]) for row in found))

    @cached_property
    def _licence(self) -> str:
        return "".join(str(row["licence"]) for row in self.query("licence").rows()[:1])

    def query(self, name: str, **parameters: object) -> ResultTable:
        """Answer the saved query ``name``, or the query in the file ``name`` if that ends in ``.rq``.

        ``parameters`` are the query's own, one value or a list of them: a jurisdiction by its alpha-3 code, a
        concept by its code or IRI. Raises UnknownNameError, ParameterError or QueryError.
        """
        from .run import run

        query = self.queries.get(name)
        return run(self, query, parameters).told_of(self, query, parameters)


def _store(content: bytes) -> pyoxigraph.Store:
    import pyoxigraph

    store = pyoxigraph.Store()
    # What the engine itself wrote need not be validated again, which saves a third of the time.
    store.bulk_load(content, format=pyoxigraph.RdfFormat.N_TRIPLES, lenient=True)
    return store
