"""The graph as it was built last, kept by the digest of the files it was built from.

A snapshot is two N-Triples files, ``asserted.nt`` and ``entailed.nt``, each headed by its own digest, in a
folder named by the digest of every source file and of the code that builds. A snapshot that is missing,
damaged or of other files is made again; one that cannot be kept (a read-only cache) costs only time.
"""

from __future__ import annotations

import os
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from ..errors import SourceFileError
from ..resources import files_below

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Snapshot", "cache_folder", "fingerprint", "load_or_build"]

_PARTS = ("asserted.nt", "entailed.nt")
_KEPT = 4


class Snapshot(NamedTuple):
    """The two parts of the graph as N-Triples in UTF-8, and the digest of what they were built from."""

    asserted: bytes
    entailed: bytes
    digest: str


def cache_folder() -> str:
    """Return where snapshots are kept: ``NAPGRAPH_CACHE``, or the user's cache folder."""
    named = os.environ.get("NAPGRAPH_CACHE")
    if named:
        return named
    home = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    return os.path.join(home or os.path.join(os.path.expanduser("~"), ".cache"), "napgraph")


def fingerprint(root: str) -> str:
    """Return the digest of every file that the graph is made from, and of the code that makes it.

    Contents are read, not dates: an edit is always noticed.
    """
    digest = blake2b(digest_size=20)
    folder = os.path.dirname(os.path.abspath(__file__))
    paths = [os.path.join(folder, name) for name in sorted(os.listdir(folder)) if name.endswith(".py")]
    for part, endings in (("ontology", (".ttl", ".tsv")), ("data", (".ttl", ".tsv")), ("queries/build", (".rq",))):
        paths += [os.path.join(root, path) for path in files_below(root, part, endings)]
    for path in paths:
        try:
            with open(path, "rb") as file:
                content = file.read()
        except OSError as error:
            mend = "Check that it exists and may be read."
            raise SourceFileError(path, f"this file cannot be read ({error.strerror}).", mend=mend) from error
        digest.update(f"{os.path.relpath(path, root)}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def load_or_build(root: str, build: Callable[[], tuple[bytes, bytes]]) -> Snapshot:
    """Return the snapshot of the files under ``root``, from the cache or made by ``build`` and then kept."""
    digest = fingerprint(root)
    folder = os.path.join(cache_folder(), digest)
    kept = [_read(os.path.join(folder, part)) for part in _PARTS]
    if kept[0] is not None and kept[1] is not None:
        return Snapshot(kept[0], kept[1], digest)
    parts = build()
    try:
        os.makedirs(folder, exist_ok=True)
        for part, content in zip(_PARTS, parts, strict=True):
            _write(os.path.join(folder, part), content)
        _prune(os.path.dirname(folder))
    except OSError:
        pass  # a cache that cannot be written costs time only
    return Snapshot(*parts, digest)


def _head(content: bytes) -> bytes:
    return b"# " + blake2b(content, digest_size=20).hexdigest().encode() + b"\n"


def _read(path: str) -> bytes | None:
    """Return a part, or None where it is missing or not what was written."""
    try:
        with open(path, "rb") as file:
            head, content = file.readline(), file.read()
    except OSError:
        return None
    return content if head == _head(content) else None


def _write(path: str, content: bytes) -> None:
    """Write by way of a neighbour, so that a reader finds the whole file or none."""
    from ..output import write_whole

    write_whole(path, _head(content) + content)


def _prune(folder: str) -> None:
    """Keep the newest snapshots only."""
    import shutil

    snapshots = sorted(
        (entry for entry in os.scandir(folder) if entry.is_dir()), key=lambda entry: entry.stat().st_mtime
    )
    for entry in snapshots[:-_KEPT]:
        shutil.rmtree(entry.path, ignore_errors=True)
