"""What the build queries (``queries/build/*.rq``) make of statements and of what follows from them.

They are CONSTRUCTs that run in the order of their names, each seeing what those before it made. What they make of one
jurisdiction must not depend on another, unless a file of one mentions what the other describes.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from ..errors import FolderError, QueryError
from ..project.root import files_below

if TYPE_CHECKING:
    from pyoxigraph import Store


class Derivation:
    """The build queries of a root, above the statements that all jurisdictions share."""

    def __init__(self, root: str) -> None:
        self._queries = [(path, _read(root, path)) for path in files_below(root, "queries/build", (".rq",))]

    def made(self, statements: Iterable[bytes], known: Collection[str]) -> set[str]:
        """Return the lines that the queries add to ``statements`` (N-Triples), without those ``known``."""
        import pyoxigraph

        store = pyoxigraph.Store()
        for each in statements:
            store.bulk_load(each, format=pyoxigraph.RdfFormat.N_TRIPLES, lenient=True)
        found: set[str] = set()
        for path, text in self._queries:
            lines = _construct(store, text, path)
            store.bulk_load(lines, format=pyoxigraph.RdfFormat.N_TRIPLES, lenient=True)
            found.update(lines.decode("utf-8").split("\n"))
        found.discard("")
        return found.difference(known)


def _read(root: str, path: str) -> str:
    try:
        with open(os.path.join(root, path), encoding="utf-8") as file:
            return file.read()
    except OSError as error:
        raise FolderError(f"{path}: this file cannot be read ({error.strerror}).") from error


def _construct(store: Store, text: str, path: str) -> bytes:
    import pyoxigraph

    try:
        result = store.query(text)
    except SyntaxError as error:
        raise QueryError(f"{path}: this is not valid SPARQL: {error.msg}") from error
    if not isinstance(result, pyoxigraph.QueryTriples):
        raise QueryError(f"{path}: a build query must be a CONSTRUCT.")
    return result.serialize(format=pyoxigraph.RdfFormat.N_TRIPLES) or b""


def shared_out(lines: Iterable[str], owners: dict[str, int], count: int) -> Sequence[set[str]] | None:
    """Return which of ``count`` groups each line belongs to, by the resource that it is about.

    ``owners`` has the group of each resource that one describes. A resource that the queries made belongs where the
    lines about it lead, or lead to it. None where that is not one group.
    """
    parts: list[set[str]] = [set() for _ in range(count)]
    waiting: dict[str, list[str]] = {}
    leads: dict[str, set[int]] = {}
    for line in lines:
        subject, _, rest = line.split(" ", 2)
        owner = owners.get(subject)
        if owner is None:
            waiting.setdefault(subject, []).append(line)
            led = owners.get(rest[:-2])
            if led is not None:
                leads.setdefault(subject, set()).add(led)
        else:
            parts[owner].add(line)
            leads.setdefault(rest[:-2], set()).add(owner)
    for subject, about in waiting.items():
        found = leads.get(subject, set())
        if len(found) != 1:
            return None
        parts[found.pop()].update(about)
    return parts
