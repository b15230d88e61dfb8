"""The graph on disk, for graphs larger than memory: made once, opened by many, never changed.

A store is a folder. ``graph`` in it is an Oxigraph database with everything stated and everything that follows in its
default graph, which the queries read; ``stated`` is one with a named graph per file, as the files state it: were both
one, a statement would count twice. ``manifest.json`` tells what was put in, and the files that it was written to. It is
read at every start, because RocksDB opens some damaged databases without a word, with a part of what was in them.
"""

from __future__ import annotations

import json
import os
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from ..errors import OutputError, StoreError
from ..output import umask
from .build import parts
from .files import read_content, source_files
from .snapshot import code_digest, fingerprint
from .statements import read_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["GRAPH", "STATED", "Manifest", "build_store", "load", "read_manifest", "stated_quads"]

GRAPH, STATED = "graph", "stated"
_MANIFEST = "manifest.json"
_FORMAT = 1
_VOLATILE = ("LOG", "LOCK", "IDENTITY")
"""Files that RocksDB writes for itself, some of them whenever it opens a database."""
_SMALL = 1 << 20
_MEND = "Build it anew with: napgraph build --store DIR"


class Manifest(NamedTuple):
    """What a store holds: the digests of its source files and of the code that made it, and its graphs.

    Of each graph the number of statements and a digest: of the merged one, and of the named one of each file.
    """

    version: str
    made_by: str
    merged: tuple[int, str]
    files: dict[str, tuple[int, str]]


def build_store(root: str, folder: str, told: Callable[[int, int, int], None] | None = None) -> Manifest:
    """Make the store ``folder`` of the files under ``root``, whole or not at all; an older store there is replaced.

    ``told`` is called with the steps done, the steps in all, and the statements written so far. Raises as
    :func:`.build.parts` does, StoreError where ``folder`` holds something else, OutputError where it cannot be written.
    """
    import shutil
    import tempfile

    folder = os.path.realpath(folder)
    _refuse_other(folder)
    try:
        beside = tempfile.mkdtemp(prefix=f".{os.path.basename(folder)}.", dir=os.path.dirname(folder))
    except OSError as error:
        raise OutputError(f"{folder}: no store can be made here ({error.strerror}).") from error
    try:
        manifest = _made(root, beside, _Count(3 * len(source_files(root)), told))
        _replace(beside, folder)
    except OSError as error:
        raise OutputError(
            f"{folder}: the store could not be written ({error.strerror or error}). Nothing was changed."
        ) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return manifest


def _refuse_other(folder: str) -> None:
    """Leave alone what is no store: only a store, or an empty folder, is replaced."""
    if os.path.lexists(folder) and not (os.path.isdir(folder) and (not os.listdir(folder) or _is_store(folder))):
        raise StoreError(
            f"{folder}: this is no store of napgraph, so it was left alone. Name a folder that does not exist."
        )


def _is_store(folder: str) -> bool:
    return os.path.isfile(os.path.join(folder, _MANIFEST))


class _Count:
    """Counts steps and statements, and tells them."""

    def __init__(self, steps: int, told: Callable[[int, int, int], None] | None) -> None:
        self._steps, self._told = steps, told
        self._done = self.statements = 0

    def step(self) -> None:
        self._done = min(self._done + 1, self._steps)
        if self._told is not None:
            self._told(self._done, self._steps, self.statements)


def _made(root: str, folder: str, count: _Count) -> Manifest:
    version, made_by = fingerprint(root), code_digest(root).decode()
    whole: list[tuple[int, str]] = []
    graphs: dict[str, tuple[int, str]] = {}

    def merged() -> Iterator[bytes]:
        digest, number = blake2b(digest_size=20), 0
        for part in parts(root, told=count.step):
            for content in (part.asserted, part.entailed):
                digest.update(content)
                number += content.count(b"\n")
                count.statements += content.count(b"\n")
                yield content
        whole.append((number, digest.hexdigest()))

    def stated() -> Iterator[bytes]:
        for name, content in stated_quads(root):
            number = content.count(b"\n")
            graphs[name] = number, blake2b(content, digest_size=20).hexdigest()
            count.statements += number
            yield content
            count.step()

    load(os.path.join(folder, GRAPH), merged())
    load(os.path.join(folder, STATED), stated())
    manifest = Manifest(version, made_by, whole[0], graphs)
    content = {"format": _FORMAT, **manifest._asdict(), "parts": _files(folder)}
    text = json.dumps(content, ensure_ascii=False, indent=1).encode()
    with open(os.path.join(folder, _MANIFEST), "wb") as file:
        file.write(text + b"\n" + blake2b(text, digest_size=20).hexdigest().encode() + b"\n")
    _settle(folder)
    return manifest


def stated_quads(root: str) -> Iterator[tuple[str, bytes]]:
    """Yield for each file the named graph that it fills and what it states, as N-Quads; raises SourceFileError."""
    for path, name in source_files(root):
        lines = dict.fromkeys(read_lines(read_content(root, path), path))
        yield name, "".join([f"{line[:-1]}<{name}> .\n" for line in lines]).encode()


def load(folder: str, texts: Iterable[bytes]) -> None:
    """Write N-Quads to a new database in one load: each load of its own would write files of its own."""
    import pyoxigraph

    store = pyoxigraph.Store(folder)
    stream = _Stream(texts)
    try:
        store.bulk_load(stream, format=pyoxigraph.RdfFormat.N_QUADS, lenient=True)  # type: ignore[arg-type]
    except Exception:
        if stream.error is not None:
            raise stream.error from None
        raise
    store.flush()


class _Stream:
    """Texts as one file to read from; what goes wrong in making one is kept: the engine passes on words only."""

    def __init__(self, texts: Iterable[bytes]) -> None:
        self._texts = iter(texts)
        self._rest = memoryview(b"")
        self.error: Exception | None = None

    def read(self, size: int = -1) -> bytes:
        try:
            while not self._rest:
                self._rest = memoryview(next(self._texts))
        except StopIteration:
            return b""
        except Exception as error:
            self.error = error
            raise
        end = len(self._rest) if size < 0 else size
        found, self._rest = self._rest[:end], self._rest[end:]
        return bytes(found)


def _files(folder: str) -> dict[str, list[object]]:
    """Return the size of each file of the databases, and the digest of the small ones, which tell of the rest."""
    found: dict[str, list[object]] = {}
    for part in (GRAPH, STATED):
        for entry in sorted(os.scandir(os.path.join(folder, part)), key=lambda entry: entry.name):
            if not entry.name.startswith(_VOLATILE):
                size = entry.stat().st_size
                found[f"{part}/{entry.name}"] = [size, "" if size > _SMALL else _digest(entry.path)]
    return found


def _digest(path: str) -> str:
    with open(path, "rb") as file:
        return blake2b(file.read(), digest_size=20).hexdigest()


def _settle(folder: str) -> None:
    """Have the system write every file and folder to the disk."""
    for path, _, names in os.walk(folder, topdown=False):
        for each in (*(os.path.join(path, name) for name in names), path):
            handle = os.open(each, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


def _replace(beside: str, folder: str) -> None:
    """Put the new store in its place. The old one goes first under another name, and comes back if that fails."""
    import shutil

    os.chmod(beside, 0o777 & ~umask())
    old = f"{beside}.old"
    if os.path.isdir(folder):
        os.rename(folder, old)
    try:
        os.rename(beside, folder)
    except OSError:
        if os.path.isdir(old):
            os.rename(old, folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


def read_manifest(folder: str, root: str) -> Manifest:
    """Return what the store ``folder`` holds; raises StoreError if it is none, damaged, or not of this napgraph."""
    path = os.path.join(folder, _MANIFEST)
    try:
        with open(path, "rb") as file:
            text, _, seal = file.read().rstrip(b"\n").rpartition(b"\n")
    except OSError as error:
        told = "there is no store here" if not os.path.isdir(folder) else "this folder is no store of napgraph"
        raise StoreError(
            f"{folder}: {told} ({_MANIFEST}: {error.strerror}). Make one with: napgraph build --store DIR"
        ) from error
    if blake2b(text, digest_size=20).hexdigest().encode() != seal:
        raise StoreError(f"{path}: this is not what was written here, so the store cannot be trusted. {_MEND}")
    content = json.loads(text)
    if content["format"] != _FORMAT or content["made_by"] != code_digest(root).decode():
        raise StoreError(
            f"{folder}: this store was made by another version of napgraph, or by other build queries. {_MEND}"
        )
    try:
        found = _files(folder)
    except OSError as error:
        raise StoreError(
            f"{error.filename}: this part of the store cannot be read ({error.strerror}). {_MEND}"
        ) from error
    wrong = sorted(name for name in {*found, *content["parts"]} if found.get(name) != content["parts"].get(name))
    if wrong:
        raise StoreError(f"{folder}: the store is damaged: {wrong[0]} is not what was written here. {_MEND}")
    files = {name: (number, digest) for name, (number, digest) in content["files"].items()}
    return Manifest(content["version"], content["made_by"], (content["merged"][0], content["merged"][1]), files)
