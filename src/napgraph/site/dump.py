"""The graph as a whole, as one file to download."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable
from typing import IO, NamedTuple

from ..errors import StoreError
from ..graph.files import fingerprint
from ..graph.store import StoredGraph
from ..query.engine import embedded
from ..query.session import Session


class Dump(NamedTuple):
    """Everything stated, then everything that follows, as packed N-Triples, and how long the stated part unpacks to."""

    content: bytes
    stated: int


def check_same_version(kg: Session) -> None:
    """Raise StoreError where the graph on disk was made from other files than those that the pages show."""
    graph = embedded(kg)
    if isinstance(graph, StoredGraph) and fingerprint(kg.root) != kg.version:
        raise StoreError(
            f"{graph.folder}: this store was made from other files than those under {kg.root}, which the pages "
            "show. Build it anew with: napgraph build --store DIR"
        )


def dump(kg: Session) -> Dump:
    """Return everything, the same bytes from every store; raises ParameterError where the graph is not at hand."""
    length = 0

    def write(file: IO[bytes]) -> None:
        nonlocal length
        for text in embedded(kg).asserted():
            length += file.write(text)
        file.writelines(embedded(kg).entailed())

    return Dump(packed(write), length)


def packed(write: Callable[[IO[bytes]], object]) -> bytes:
    """Return what ``write`` writes, packed, the same bytes each time."""
    made = io.BytesIO()
    with gzip.GzipFile(fileobj=made, mode="wb", filename="", mtime=0) as file, io.BufferedWriter(file, 1 << 16) as wide:
        write(wide)
    return made.getvalue()
