"""The graph on disk, for graphs larger than memory: made once, opened by many, never changed.

A store is a folder. Each build makes a folder of its own in it, ``build-...``, with two Oxigraph databases: ``graph``
has everything stated and everything that follows in its default graph, which the queries read; ``stated`` has a named
graph per file, as the files state it: were both one, a statement would count twice. ``manifest.json`` names the build
that counts, what was put in, and the files that it was written to. It is read at every start, because RocksDB opens
some damaged databases without a word, with a part of what was in them.

To write the manifest is the one stroke by which a build takes the place of the one before. Whatever else a build that
was killed leaves in the folder, the next one removes.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from hashlib import blake2b
from typing import NamedTuple

from ..errors import OutputError, StoreError
from ..files import umask, write_whole
from .build import parts
from .files import read_content, source_files
from .snapshot import code_digest, fingerprint
from .statements import read_lines

GRAPH, STATED = "graph", "stated"
_MANIFEST = "manifest.json"
_FORMAT = 2
_BUILD = "build-"
_BEFORE = (GRAPH, STATED)  # where format 1 had its databases
_VOLATILE = ("LOG", "LOCK", "IDENTITY")
"""Files that RocksDB writes for itself, some of them whenever it opens a database."""
_SMALL = 1 << 20
_MEND = "Build it anew with: napgraph build --store DIR"


class Manifest(NamedTuple):
    """What a store holds: the digests of its source files and of the code that made it, and its graphs.

    Of each graph the number of statements and a digest: of the merged one, and of the named one of each file. ``build``
    is the folder in the store where the databases are.
    """

    version: str
    made_by: str
    merged: tuple[int, str]
    files: dict[str, tuple[int, str]]
    build: str


def build_store(root: str, folder: str, told: Callable[[int, int, int], None] | None = None) -> Manifest:
    """Make the store ``folder`` of the files under ``root``, whole or not at all; an older store there is replaced.

    ``told`` is called with the steps done, the steps in all, and the statements written so far. Raises as
    :func:`.build.parts` does, StoreError where ``folder`` holds something else, OutputError where it cannot be written.
    """
    folder = os.path.realpath(folder)
    _refuse_other(folder)
    try:
        with _place(folder) as place:
            manifest, content = _made(root, place, _Count(3 * len(source_files(root)), told))
            write_whole(os.path.join(folder, _MANIFEST), content)
    except OSError as error:
        raise OutputError(
            f"{folder}: the store could not be written ({error.strerror or error}). Nothing was changed."
        ) from error
    _sweep(folder, manifest.build)
    return manifest


@contextmanager
def _place(folder: str) -> Iterator[str]:
    """Make the folder of a build in the store, which is held while it is filled; it goes where that fails."""
    import shutil
    import tempfile

    new = not os.path.isdir(folder)
    if new:
        os.mkdir(folder)
    place = ""
    try:
        place = tempfile.mkdtemp(prefix=_BUILD, dir=folder)
        os.chmod(place, 0o777 & ~umask())
        handle = _held(place)
        try:
            yield place
        finally:
            if handle is not None:
                os.close(handle)
    except BaseException:
        if place and not _counts(folder, os.path.basename(place)):
            shutil.rmtree(place, ignore_errors=True)
        if new:
            with suppress(OSError):
                os.rmdir(folder)
        raise


def _counts(folder: str, build: str) -> bool:
    """Whether the manifest names a build already: then it stays, whatever goes wrong afterwards."""
    try:
        with open(os.path.join(folder, _MANIFEST), "rb") as file:
            return json.dumps(build).encode() in file.read()
    except OSError:
        return False


def _held(place: str) -> int | None:
    """Hold a folder as its builder, until the file that is returned is closed or this process ends.

    None where somebody else holds it, or the system cannot tell.
    """
    try:
        import fcntl

        handle = os.open(place, os.O_RDONLY)
    except (ImportError, OSError):
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle


def _sweep(folder: str, build: str) -> None:
    """Remove the builds before this one, and what those that were killed left behind; not one that is at work."""
    import shutil

    for name in filter(_is_ours, os.listdir(folder)):
        path = os.path.join(folder, name)
        if name in {_MANIFEST, build}:
            continue
        if not os.path.isdir(path):
            with suppress(OSError):
                os.unlink(path)
            continue
        handle = _held(path)
        if handle is not None:
            shutil.rmtree(path, ignore_errors=True)
            os.close(handle)


def _is_ours(name: str) -> bool:
    return name in {_MANIFEST, *_BEFORE} or name.startswith((_BUILD, f".{_MANIFEST}."))


def _refuse_other(folder: str) -> None:
    """Leave alone what is no store: only a store, what is left of one, or an empty folder is replaced."""
    if os.path.lexists(folder) and not (
        os.path.isdir(folder) and (_is_store(folder) or all(map(_is_ours, os.listdir(folder))))
    ):
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


def _made(root: str, folder: str, count: _Count) -> tuple[Manifest, bytes]:
    """Fill the folder of a build; return its manifest, and how that is written."""
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
    manifest = Manifest(version, made_by, whole[0], graphs, os.path.basename(folder))
    content = {"format": _FORMAT, **manifest._asdict(), "parts": _files(folder)}
    text = json.dumps(content, ensure_ascii=False, indent=1).encode()
    _settle(folder)
    return manifest, text + b"\n" + blake2b(text, digest_size=20).hexdigest().encode() + b"\n"


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
        found = _files(os.path.join(folder, content["build"]))
    except OSError as error:
        raise StoreError(
            f"{error.filename}: this part of the store cannot be read ({error.strerror}). {_MEND}"
        ) from error
    wrong = sorted(name for name in {*found, *content["parts"]} if found.get(name) != content["parts"].get(name))
    if wrong:
        raise StoreError(f"{folder}: the store is damaged: {wrong[0]} is not what was written here. {_MEND}")
    files = {name: (number, digest) for name, (number, digest) in content["files"].items()}
    return Manifest(
        content["version"], content["made_by"], (content["merged"][0], content["merged"][1]), files, content["build"]
    )
