"""The built graph on disk: made once, opened read-only by many at once in a moment, however large it is.

A store is a folder with a manifest and the folder of a build. In that, ``graph`` is an Oxigraph database of everything
stated and entailed, ``stated`` one with a named graph per file: in one, a triple would count twice. The same lies there
as packed N-Triples, by partition, for the next build. Replacing the manifest swaps builds in one step. It lists files,
which are compared at every start, as RocksDB opens some damaged databases without a word. A lock keeps what is open.
"""

import json
import os
import zlib
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cached_property, partial
from hashlib import blake2b, file_digest
from itertools import islice
from typing import Any, NamedTuple

import pyoxigraph

from ..errors import StoreError
from ..files import write_whole
from .files import code_digest

GRAPH, ASSERTED = "graph", "stated"
TEXTS = ("asserted.nt.gz", "entailed.nt.gz")
INDEX = "partitions.json.gz"
MANIFEST = "manifest.json"
FORMAT = 4
_VOLATILE = ("LOG", "LOCK", "IDENTITY")
"""Files that RocksDB writes for itself, some of them whenever it opens a database."""
_NAME = 40  # digits of a fingerprint
_READ = 1 << 20
GZIP = 31  # the window size by which zlib writes the format of gzip
_FIX = "Build it anew with: napgraph build --store DIR"


class Manifest(NamedTuple):
    """What a store holds.

    The digests of its source files and of the code that made it, how many triples there are in all and in the named
    graph of each file, the folder of the build, and of each file there its size, its date (nanoseconds) and its digest.
    """

    format: int
    version: str
    made_by: str
    triples: int
    graphs: dict[str, int]
    build: str
    content: dict[str, list[Any]]


def write_manifest(folder: str, manifest: Manifest) -> None:
    """Write the manifest of a store: JSON, and a line with its digest."""
    text = json.dumps(manifest._asdict(), ensure_ascii=False, indent=1).encode()
    write_whole(os.path.join(folder, MANIFEST), text + b"\n" + _digest(text).encode() + b"\n")


def read_manifest(folder: str) -> Manifest:
    """Return what the store ``folder`` holds; raises StoreError for what is no store or of another format."""
    path = os.path.join(folder, MANIFEST)
    try:
        with open(path, "rb") as file:
            text, _, seal = file.read().rstrip(b"\n").rpartition(b"\n")
    except OSError as error:
        problem = "there is no store here" if not os.path.isdir(folder) else "this folder is no store of napgraph"
        problem += f" ({MANIFEST}: {error.strerror}). Make one with: napgraph build --store DIR"
        raise StoreError(f"{folder}: {problem}") from error
    if _digest(text).encode() != seal:
        raise StoreError(f"{path}: this is not what was written here, so the store cannot be trusted. {_FIX}")
    content = json.loads(text)
    if content["format"] != FORMAT:
        raise StoreError(f"{folder}: this store was made by another version of napgraph. {_FIX}")
    return Manifest(**content)


class Graph:
    """A built graph, of the version (a digest) of its files."""

    version: str

    @cached_property
    def store(self) -> pyoxigraph.Store:
        """Everything stated and everything that follows, in its default graph."""
        return self._opened(GRAPH)

    @cached_property
    def asserted_store(self) -> pyoxigraph.Store:
        """What the files state, in a named graph each."""
        return self._opened(ASSERTED)

    def asserted(self) -> Iterator[bytes]:
        """Yield what the files state as N-Triples, whole lines at a time, each triple once."""
        return self._text(0)

    def entailed(self) -> Iterator[bytes]:
        """Yield what follows and is not stated as N-Triples."""
        return self._text(1)

    @abstractmethod
    def _opened(self, part: str) -> pyoxigraph.Store: ...

    @abstractmethod
    def _text(self, which: int) -> Iterator[bytes]: ...


class MemoryGraph(Graph):
    """A graph that was built and is kept nowhere; ``stated`` has N-Quads, a named graph for each file."""

    def __init__(self, version: str, asserted: bytes, entailed: bytes, stated: Iterable[bytes]) -> None:
        self.version, self._texts, self._stated = version, (asserted, entailed), stated

    def _opened(self, part: str) -> pyoxigraph.Store:
        return load(pyoxigraph.Store(), self._texts if part == GRAPH else self._stated)

    def _text(self, which: int) -> Iterator[bytes]:
        yield self._texts[which]


class StoredGraph(Graph):
    """The build of a store that counted when it was opened; raises StoreError for a file that is not as written."""

    def __init__(self, folder: str, manifest: Manifest) -> None:
        self.folder, self.manifest = folder, manifest
        self.version = manifest.version
        self._build = os.path.join(folder, manifest.build)
        self._lock = Lock(self._build, shared=True)
        try:
            found = list_files(self._build, manifest.content)
        except OSError as error:
            problem = f"this part of the store cannot be read ({error.strerror})."
            raise StoreError(f"{error.filename}: {problem} {_FIX}") from error
        if found != manifest.content:
            wrong = min(name for name in {*found, *manifest.content} if found.get(name) != manifest.content.get(name))
            raise StoreError(f"{folder}: the store is damaged: {wrong} is not what was written here. {_FIX}")

    def _opened(self, part: str) -> pyoxigraph.Store:
        try:
            return pyoxigraph.Store.read_only(os.path.join(self._build, part))
        except OSError as error:
            raise StoreError(f"{self.folder}: the store cannot be opened: {error}. {_FIX}") from error

    @property
    def size(self) -> int:
        """The bytes on disk of everything stated and everything that follows."""
        return sum(size for name, (size, *_) in self.manifest.content.items() if name.startswith(f"{GRAPH}/"))

    def take_into_memory(self) -> None:
        """Copy everything stated and everything that follows into memory, where it is asked some four times as fast."""
        copied = pyoxigraph.Store()
        copied.bulk_extend(self.store)
        self.store = copied

    def read(self, name: str) -> bytes:
        """Return what a file of the build holds."""
        with open(os.path.join(self._build, name), "rb") as file:
            return file.read()

    def _text(self, which: int) -> Iterator[bytes]:
        import gzip

        try:
            with gzip.open(os.path.join(self._build, TEXTS[which])) as file:
                while lines := file.readlines(_READ):
                    yield b"".join(lines)
        except (OSError, EOFError, zlib.error) as error:
            raise StoreError(f"{self.folder}: {TEXTS[which]} cannot be read: {error}. {_FIX}") from error


def open_store(folder: str, root: str | None = None) -> StoredGraph:
    """Open the store ``folder``; raises StoreError if it is none, damaged, or not made by the code of ``root``."""
    manifest = read_manifest(folder)
    if root is not None and manifest.made_by != code_digest(root):
        raise StoreError(
            f"{folder}: this store was made by another version of napgraph, or by other build queries. {_FIX}"
        )
    try:
        return StoredGraph(folder, manifest)
    except StoreError:
        if read_manifest(folder).build != manifest.build:  # another process put a new build in its place meanwhile
            return open_store(folder, root)
        raise


class CachedPartitions:
    """The partitions of a build by their keys: their texts, and in :attr:`links` the links of each as JSON."""

    def __init__(self, graph: StoredGraph) -> None:
        found = json.loads(zlib.decompress(graph.read(INDEX), wbits=GZIP))
        self._graph = graph
        self.links: dict[str, list[Any]] = found["links"]
        self._places: dict[str, list[tuple[int, int]]] = {key: places for key, *places in found["partitions"]}

    @cached_property
    def _packed(self) -> list[bytes]:
        return [self._graph.read(name) for name in TEXTS]

    def texts(self, key: str) -> tuple[bytes, bytes] | None:
        """Return what a partition states and what follows from it; None where that is not at hand, or damaged."""
        try:
            pairs = zip(self._packed, self._places[key], strict=True)
            stated, follows = (zlib.decompress(text[start : start + size], wbits=GZIP) for text, (start, size) in pairs)
        except (KeyError, OSError, zlib.error):
            return None
        return stated, follows


def packed(text: bytes) -> bytes:
    """Return ``text`` as a member of a gzip file, the same bytes each time."""
    return zlib.compress(text, 1, wbits=GZIP)


class Lock:
    """A lock on a folder of its builder, or its readers if ``shared``, until this goes; ``held``: it could be had."""

    def __init__(self, folder: str, *, shared: bool = False) -> None:
        self._handle: int | None = None
        try:
            import fcntl

            self._handle = os.open(folder, os.O_RDONLY)
            fcntl.flock(self._handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
            self.held = True
        except (ImportError, OSError):
            self.held = False  # somebody else holds it, or the system has no such lock

    def __del__(self) -> None:
        if self._handle is not None:
            with suppress(OSError):
                os.close(self._handle)


def load(store: pyoxigraph.Store, texts: Iterable[bytes]) -> pyoxigraph.Store:
    """Load N-Quads into ``store`` at once, since each load of its own would write files of its own; return it."""
    # What the engine itself wrote need not be validated again, which saves a third of the time.
    store.bulk_load(_Stream(texts), format=pyoxigraph.RdfFormat.N_QUADS, lenient=True)  # type: ignore[arg-type]
    return store


class _Stream:
    """Texts as one file to read from."""

    def __init__(self, texts: Iterable[bytes]) -> None:
        self._texts, self._rest = iter(texts), memoryview(b"")

    def read(self, size: int) -> bytes:
        self._rest = self._rest or memoryview(next(filter(None, self._texts), b""))
        found, self._rest = self._rest[:size], self._rest[size:]
        return bytes(found)


def list_files(build: str, known: Mapping[str, list[Any]] | None = None) -> dict[str, list[Any]]:
    """Return of each file of a build its size, its date and its digest.

    A file of the size and date that ``known`` has is taken for the one of there, unread; one of another date, such as a
    copy, is read, and where it is the same, gets its date back, so that it is read only once.
    """
    found: dict[str, list[Any]] = {}
    for part in ("", GRAPH, ASSERTED):
        for entry in os.scandir(os.path.join(build, part)):
            if entry.is_dir() or entry.name.startswith(_VOLATILE):
                continue
            name, state = f"{part}/{entry.name}".lstrip("/"), entry.stat()
            before = (known or {}).get(name, [-1, 0, ""])
            found[name] = before
            if [state.st_size, state.st_mtime_ns] != before[:2]:
                with open(entry.path, "rb") as file:
                    digest = file_digest(file, partial(blake2b, digest_size=20)).hexdigest()
                if [state.st_size, digest] != before[::2]:
                    found[name] = [state.st_size, state.st_mtime_ns, digest]
                else:
                    with suppress(OSError):
                        os.utime(entry.path, ns=(state.st_atime_ns, before[1]))
    return found


def _digest(content: bytes) -> str:
    return blake2b(content, digest_size=20).hexdigest()


def cache_folder() -> str:
    """Return where built graphs are kept: ``NAPGRAPH_CACHE``, or the user's cache folder."""
    if named := os.environ.get("NAPGRAPH_CACHE"):
        return named
    home = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    return os.path.join(home or os.path.join(os.path.expanduser("~"), ".cache"), "napgraph")


def cached_stores() -> list[str]:
    """Return the folders of the stores in the cache, the newest first."""
    try:
        entries = [entry for entry in os.scandir(cache_folder()) if entry.is_dir() and len(entry.name) == _NAME]
        return [entry.path for entry in sorted(entries, key=lambda entry: -entry.stat().st_mtime_ns)]
    except OSError:
        return []


def latest_partitions(*before: str) -> CachedPartitions | None:
    """Return the partitions of the first sound store among ``before`` and those of the cache, the newest first."""
    for folder in (*before, *islice(cached_stores(), 2)):
        with suppress(StoreError, OSError, zlib.error):
            return CachedPartitions(open_store(folder))
    return None
