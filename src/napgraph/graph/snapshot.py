"""The graph as it was built last, kept by the digest of the files it was built from.

A snapshot is two N-Triples files, ``asserted.nt`` and ``entailed.nt``, and ``index.json``, which says where each part
of the graph stands in them; each is headed by its own digest, in a folder named by the digest of every source file and
of the code that builds. A snapshot that is missing, damaged or of other files is made again, with what parts of the
last one are of files that are still the same; one that cannot be kept (a read-only cache) costs only time.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from functools import cached_property
from hashlib import blake2b, sha256
from typing import TYPE_CHECKING, NamedTuple

from ..errors import ParameterError, SourceFileError
from ..project.root import files_below

if TYPE_CHECKING:
    from .links import Mentions

_PARTS = ("asserted.nt", "entailed.nt")
_INDEX = "index.json"
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
    return _digest(root, (("ontology", (".ttl", ".tsv")), ("data", (".ttl", ".tsv")), ("queries/build", (".rq",))))


def code_digest(root: str) -> bytes:
    """Return the digest of the code that makes the graph, and of the build queries."""
    return _digest(root, (("queries/build", (".rq",)),)).encode()


def reasoner() -> str:
    """Return what draws the conclusions: ``compiled``, or ``owlrl`` where ``NAPGRAPH_REASONER`` says so."""
    named = os.environ.get("NAPGRAPH_REASONER") or "compiled"
    if named not in {"compiled", "owlrl"}:
        raise ParameterError(f"NAPGRAPH_REASONER is {named!r}; it can be 'compiled' or 'owlrl', or be left out.")
    return named


def _digest(root: str, parts: Iterable[tuple[str, tuple[str, ...]]]) -> str:
    """Return the digest of these files and of the modules of this package, by names that no folder above is part of."""
    digest = blake2b(reasoner().encode(), digest_size=20)
    folder = os.path.dirname(os.path.abspath(__file__))
    files = [(name, os.path.join(folder, name)) for name in sorted(os.listdir(folder)) if name.endswith(".py")]
    for part, endings in parts:
        files += [(path, os.path.join(root, path)) for path in files_below(root, part, endings)]
    for name, path in files:
        try:
            with open(path, "rb") as file:
                content = file.read()
        except OSError as error:
            mend = "Check that it exists and may be read."
            raise SourceFileError(path, f"this file cannot be read ({error.strerror}).", mend=mend) from error
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def load_or_build(root: str, build: Callable[[], tuple[bytes, bytes, bytes]]) -> Snapshot:
    """Return the snapshot of the files under ``root``, from the cache or made by ``build`` and then kept.

    ``build`` returns the two parts and their index.
    """
    digest = fingerprint(root)
    folder = os.path.join(cache_folder(), digest)
    found = [_read(os.path.join(folder, part)) for part in _PARTS]
    if found[0] is not None and found[1] is not None:
        return Snapshot(found[0], found[1], digest)
    parts = build()
    try:
        os.makedirs(folder, exist_ok=True)
        for part, content in zip((*_PARTS, _INDEX), parts, strict=True):
            _write(os.path.join(folder, part), content)
        _prune(os.path.dirname(folder))
    except OSError:
        pass  # a cache that cannot be written costs time only
    return Snapshot(parts[0], parts[1], digest)


def kept() -> Kept | None:
    """Return the parts of the snapshot that was kept last, if there is one."""
    try:
        folders = _snapshots(cache_folder())
    except OSError:
        return None
    for folder in reversed(folders):
        index = _read(os.path.join(folder, _INDEX))
        if index is not None:
            return Kept(folder, index)
    return None


class Kept:
    """The parts of a snapshot by their keys; its texts are read when the first part is asked for."""

    def __init__(self, folder: str, index: bytes) -> None:
        import json

        found = json.loads(index)
        self._folder = folder
        self._mentions = found["mentions"]
        self._places: dict[str, tuple[slice, slice]] = {}
        ends = [0, 0]
        for key, *lengths in found["parts"]:
            starts, ends = ends, [end + length for end, length in zip(ends, lengths, strict=True)]
            self._places[key] = slice(starts[0], ends[0]), slice(starts[1], ends[1])

    def part(self, key: str) -> tuple[bytes, bytes] | None:
        """Return what a part states and what follows from it."""
        places = self._places.get(key)
        if places is None or self._texts is None:
            return None
        return self._texts[0][places[0]], self._texts[1][places[1]]

    def mentions(self, key: str) -> Mentions | None:
        """Return the mentions of a part."""
        from .links import Mentions

        found = self._mentions.get(key)
        return None if found is None or self._texts is None else Mentions.from_kept(found)

    @cached_property
    def _texts(self) -> tuple[bytes, bytes] | None:
        one, other = (_read(os.path.join(self._folder, part)) for part in _PARTS)
        return None if one is None or other is None else (one, other)


def _head(content: bytes) -> bytes:
    return b"# " + sha256(content).hexdigest().encode() + b"\n"  # many processors have it built in


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
    from ..files import write_whole

    write_whole(path, _head(content) + content)


def _prune(folder: str) -> None:
    """Keep the newest snapshots only."""
    import shutil

    for path in _snapshots(folder)[:-_KEPT]:
        shutil.rmtree(path, ignore_errors=True)


def _snapshots(folder: str) -> list[str]:
    """Return the folders of the snapshots, the newest last."""
    entries = [entry for entry in os.scandir(folder) if entry.is_dir()]
    return [entry.path for entry in sorted(entries, key=lambda entry: entry.stat().st_mtime)]
