"""The graph as a whole, from whichever engine holds it: what is stated as a store, everything as one file."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable
from shutil import copyfileobj
from tempfile import SpooledTemporaryFile
from typing import IO, NamedTuple

import pyoxigraph

from ..errors import StoreError
from ..graph.build import parts
from ..graph.snapshot import fingerprint
from ..query.engine import StoredEngine, embedded
from ..query.session import Session

_MEMORY = 16 * 2**20


class Dump(NamedTuple):
    """Everything stated, then everything that follows, as packed N-Triples, and how long the stated part unpacks to."""

    content: bytes
    stated: int


def check_same_version(kg: Session) -> None:
    """Raise StoreError where the graph on disk was made from other files than those that the pages show."""
    if isinstance(kg.engine, StoredEngine) and fingerprint(kg.root) != kg.version:
        raise StoreError(
            f"{kg.engine.folder}: this store was made from other files than those under {kg.root}, which the pages "
            "show. Build it anew with: napgraph build --store DIR"
        )


def stated(kg: Session) -> pyoxigraph.Store:
    """Return a store of what the files state: in memory in one graph, on disk in a graph for each file."""
    return kg.engine.stated_store if isinstance(kg.engine, StoredEngine) else embedded(kg).asserted_store


def dump(kg: Session) -> Dump:
    """Return everything, the same bytes from every engine; raises ParameterError where the graph is not at hand."""
    if not isinstance(kg.engine, StoredEngine):
        snapshot = embedded(kg).snapshot
        return Dump(packed(lambda file: file.writelines(snapshot[:2])), len(snapshot.asserted))
    length = 0

    def write(file: IO[bytes]) -> None:
        nonlocal length
        with SpooledTemporaryFile(max_size=_MEMORY) as rest:
            for part in parts(kg.root):  # an engine on disk has given the nameless resources names of its own
                length += file.write(part.asserted)
                rest.write(part.entailed)
            rest.seek(0)
            copyfileobj(rest, file)

    return Dump(packed(write), length)


def packed(write: Callable[[IO[bytes]], object]) -> bytes:
    """Return what ``write`` writes, packed, the same bytes each time."""
    made = io.BytesIO()
    with gzip.GzipFile(fileobj=made, mode="wb", filename="", mtime=0) as file, io.BufferedWriter(file, 1 << 16) as wide:
        write(wide)
    return made.getvalue()
