"""Make the graph from its files: what is asserted, what OWL 2 RL entails, what the build queries derive.

A built graph is a store in the cache, named by the digest of the files and the code, or in the folder of ``--store``.
With ``NAPGRAPH_REASONER=owlrl`` all files are one partition and owlrl draws the conclusions, which takes minutes.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from hashlib import blake2b
from typing import TYPE_CHECKING

import pyoxigraph

from ..errors import OutputError, StoreError
from ..files import fsync_folder
from ..rdf.namespaces import BASE
from . import store
from .files import JURISDICTIONS, code_digest, fingerprint, read_content, reasoner, source_files

if TYPE_CHECKING:
    from .owlrl import SinglePartition
    from .partitions import Partitions

_BUILD = "build-"
_CACHED = 4
"""How many stores stay in the cache."""

Progress = Callable[[int, int, int], None]
"""What is called with the steps done, the steps in all, and the triples written so far."""


def load_graph(root: str) -> store.Graph:
    """Return the graph of the files under ``root``, from the cache or built for it; raises as :func:`partitions`."""
    version = fingerprint(root)
    folder = os.path.join(store.cache_folder(), version)
    try:
        return store.open_store(folder)
    except StoreError as error:
        if os.path.exists(os.path.join(folder, store.MANIFEST)):
            import logging

            logging.getLogger(__name__).warning("The cache was damaged, so the graph is built again. %s", str(error))
    from multiprocessing import parent_process

    if parent_process() is None:  # a forked one lacks the threads with which the engine writes a store
        with suppress(OSError, OutputError, StoreError):  # no place to write to, or another process swept it away
            os.makedirs(store.cache_folder(), exist_ok=True)
            build_store(root, folder, durable=False)
            for old in store.cached_stores()[_CACHED:]:  # one that is in use goes the next time
                with suppress(OSError):
                    os.unlink(os.path.join(old, store.MANIFEST))
                _sweep(old)
            return store.open_store(folder)
    return store.MemoryGraph(version, *build(root), (content for _, content in stated_quads(root)))


def join(root: str, texts: Sequence[bytes]) -> store.MemoryGraph:
    """Return the graph of the files under ``root`` and of ``texts`` (N-Triples); raises as :func:`partitions`.

    Nothing is written, neither to the data folder nor to the cache: a draft may be confidential.
    """
    digest = blake2b(b"".join((fingerprint(root).encode(), *texts)), digest_size=20)
    names = [f"data-{number}" for number in range(1, len(texts) + 1)]
    made = build(root, {f"{JURISDICTIONS}{name}": text for name, text in zip(names, texts, strict=True)})
    stated = [content for _, content in stated_quads(root)]
    stated += [as_quads(text, name, f"{BASE}graph/{name}") for name, text in zip(names, texts, strict=True)]
    return store.MemoryGraph(digest.hexdigest(), *made, stated)


def build(root: str, instead: Mapping[str, bytes] | None = None) -> tuple[bytes, bytes]:
    """Return what is asserted, and what is entailed and derived, as N-Triples; raises as :func:`partitions`.

    ``instead`` holds Turtle to take in place of the files of these paths (relative to ``root``), or beside them.
    """
    found = list(partitions(root, instead, cached=store.latest_partitions()))
    return b"".join(part.asserted for part in found), b"".join(part.entailed for part in found)


def partitions(
    root: str,
    instead: Mapping[str, bytes] | None = None,
    *,
    cached: store.CachedPartitions | None = None,
    read: Callable[[], None] | None = None,
) -> Partitions | SinglePartition:
    """Return the graph in partitions, made when asked for, or taken from ``cached`` if their files are the same.

    ``read`` is called whenever a file is read. Iterating raises SourceFileError for a file that cannot be read,
    InconsistencyError for a contradiction and AxiomError for an axiom that is not compiled.
    """
    from .partitions import Partitions

    other = instead or {}
    paths = sorted({path for path, _ in source_files(root)} | set(other))

    def content(path: str) -> bytes:
        if read is not None:
            read()
        return other[path] if path in other else read_content(root, path)

    if reasoner() == "owlrl":
        from .owlrl import SinglePartition

        return SinglePartition(root, paths, content)
    return Partitions(root, paths, content, cached, code_digest(root).encode())


def stated_quads(root: str) -> Iterator[tuple[str, bytes]]:
    """Yield for each file the named graph that it fills and what it states, as N-Quads; raises SourceFileError."""
    for path, name in source_files(root):
        yield name, as_quads(read_content(root, path), path, name)


def as_quads(content: bytes, path: str, graph: str) -> bytes:
    """Return what a file states as N-Quads of the named graph ``graph``, each once."""
    from .partitions import read_lines

    lines = dict.fromkeys(read_lines(content, path))
    return "".join([f"{line[:-1]}<{graph}> .\n" for line in lines]).encode()


def build_store(root: str, folder: str, progress: Progress | None = None, *, durable: bool = True) -> store.Manifest:
    """Make the store ``folder`` of the files under ``root``, whole or not at all; ``durable``: also if power fails.

    Raises as :func:`partitions`, StoreError where ``folder`` holds something else, OutputError where it cannot write.
    """
    folder = os.path.realpath(folder)
    _refuse_other(folder)
    new, build = not os.path.isdir(folder), os.path.join(folder, f"{_BUILD}{os.getpid()}-{time.time_ns()}")
    try:
        for path in [folder] * new + [build]:
            os.mkdir(path)
        _lock = store.Lock(build)
        manifest = _fill(root, build, progress)
        for path, _, names in os.walk(build, topdown=False) if durable else ():
            for name in (*names, ""):
                fsync_folder(os.path.join(path, name))
        store.write_manifest(folder, manifest)
    except OSError as error:
        words = f"the store could not be written ({error.strerror or error}). Nothing was changed."
        raise OutputError(f"{folder}: {words}") from error
    finally:
        if not _counts(build):
            shutil.rmtree(build, ignore_errors=True)
        _sweep(folder)
    return manifest


def _fill(root: str, build: str, progress: Progress | None) -> store.Manifest:
    """Fill the folder of a build, and return its manifest."""
    cached = store.latest_partitions(os.path.dirname(build))
    steps, done, merged = 3 * len(source_files(root)), 0, 0
    graphs: dict[str, int] = {}

    def step() -> None:
        nonlocal done
        done = min(done + 1, steps)
        if progress is not None:
            progress(done, steps, merged + sum(graphs.values()))

    def everything() -> Iterator[bytes]:
        """Yield everything stated and all that follows, and keep it partition by partition."""
        nonlocal merged
        found, index = partitions(root, cached=cached, read=step), []
        with ExitStack() as stack:
            files = [stack.enter_context(open(os.path.join(build, name), "wb")) for name in store.TEXTS]
            for part in found:
                texts = part.asserted, part.entailed
                places = (
                    [file.tell(), file.write(store.packed(text))] for file, text in zip(files, texts, strict=True)
                )
                index.append([part.key, *places])
                for text in texts:
                    merged += text.count(b"\n")
                    yield text
        with open(os.path.join(build, store.INDEX), "wb") as file:
            file.write(store.packed(json.dumps({"partitions": index, "links": found.links}).encode()))

    def stated() -> Iterator[bytes]:
        for name, content in stated_quads(root):
            graphs[name] = content.count(b"\n")
            yield content
            step()

    version, made_by = fingerprint(root), code_digest(root)
    for part, texts in ((store.GRAPH, everything()), (store.ASSERTED, stated())):
        store.load(pyoxigraph.Store(os.path.join(build, part)), texts).flush()
    content = store.list_files(build)
    return store.Manifest(store.FORMAT, version, made_by, merged, graphs, os.path.basename(build), content)


def _counts(build: str) -> bool:
    """Whether the manifest names this build: it stays, whatever goes wrong after that."""
    with suppress(StoreError):
        return store.read_manifest(os.path.dirname(build)).build == os.path.basename(build)
    return False


def _sweep(folder: str) -> None:
    """Remove what older builds, failed or killed ones left in a store; not the one that counts or is in use."""
    for name in filter(_is_ours, os.listdir(folder) if os.path.isdir(folder) else ()):
        path = os.path.join(folder, name)
        if os.path.isdir(path):
            lock = store.Lock(path)  # which a builder holds until the manifest names what it built
            if lock.held and not _counts(path):
                shutil.rmtree(path, ignore_errors=True)
        elif name != store.MANIFEST:
            with suppress(OSError):
                os.unlink(path)
    with suppress(OSError):  # it is not empty
        os.rmdir(folder)


def _is_ours(name: str) -> bool:
    """Whether a file or folder in a store is one that builds make; format 1 had its databases there."""
    return name in {store.MANIFEST, store.GRAPH, store.ASSERTED} or name.startswith((_BUILD, f".{store.MANIFEST}."))


def _refuse_other(folder: str) -> None:
    """Leave alone what is no store: only a store, what is left of one, or an empty folder is replaced."""
    if not os.path.lexists(folder) or os.path.isfile(os.path.join(folder, store.MANIFEST)):
        return
    if not os.path.isdir(folder) or not all(map(_is_ours, os.listdir(folder))):
        raise StoreError(f"{folder}: this is no store of napgraph, so it was left alone. Name a new folder.")
