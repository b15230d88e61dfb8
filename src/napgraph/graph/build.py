"""Make the graph from its files: what is asserted, what OWL 2 RL entails, what the build queries derive.

The build queries (``queries/build/*.rq``) are CONSTRUCTs over asserted and entailed statements together.
They run in the order of their names, each seeing what those before it made.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ..errors import FolderError, QueryError
from ..resources import files_below
from .closure import entailed
from .files import read_file, read_turtle, source_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pyoxigraph import Store, Triple

__all__ = ["build"]


def build(root: str, instead: Mapping[str, bytes] | None = None) -> tuple[bytes, bytes]:
    """Return the asserted and the entailed-and-derived statements as N-Triples.

    ``instead`` holds Turtle to take in place of the files of these paths (relative to ``root``), or beside the files
    that there are: what would follow if they were written. Raises SourceFileError for a file that cannot be read,
    InconsistencyError for a contradiction.
    """
    import pyoxigraph

    other = instead or {}
    paths = sorted({path for path, _ in source_files(root)} | set(other))
    asserted = {
        triple
        for path in paths
        for triple in (read_turtle(other[path], path) if path in other else read_file(root, path))
    }
    new = set(entailed(asserted))
    store = pyoxigraph.Store()
    store.extend(pyoxigraph.Quad(*triple) for triple in asserted | new)
    for path in files_below(root, "queries/build", (".rq",)):
        made = _construct(store, root, path) - asserted
        store.extend(pyoxigraph.Quad(*triple) for triple in made)
        new |= made
    return _n_triples(asserted), _n_triples(new)


def _construct(store: Store, root: str, path: str) -> set[Triple]:
    import pyoxigraph

    try:
        with open(os.path.join(root, path), encoding="utf-8") as file:
            result = store.query(file.read())
    except SyntaxError as error:
        raise QueryError(f"{path}: this is not valid SPARQL: {error.msg}") from error
    except OSError as error:
        raise FolderError(f"{path}: this file cannot be read ({error.strerror}).") from error
    if not isinstance(result, pyoxigraph.QueryTriples):
        raise QueryError(f"{path}: a build query must be a CONSTRUCT.")
    return set(result)


def _n_triples(triples: Iterable[Triple]) -> bytes:
    import pyoxigraph

    return pyoxigraph.serialize(sorted(triples, key=str), format=pyoxigraph.RdfFormat.N_TRIPLES) or b""
