"""The graph in parts: what all jurisdictions share, then each jurisdiction with what follows from its file.

The files outside ``data/jurisdictions`` are closed once. Each jurisdiction's file is closed above them, and the build
queries run over some at a time, so that a change costs the jurisdiction that it is in. Files that are linked
(:mod:`.links`) are one part. A file of a jurisdiction that states an axiom counts as shared. What jurisdictions say
of nodes that all share is a part of its own, the last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import blake2b
from tempfile import SpooledTemporaryFile
from typing import NamedTuple, Protocol

from ..errors import InconsistencyError
from .closure import Closure
from .derive import Derivation, shared_out
from .files import JURISDICTIONS
from .links import Mentions, linked
from .statements import Statements, joined, read_lines

_MEMORY = 64 * 2**20
_CHUNK = 12 * 2**20
"""How many bytes of statements the build queries take at a time."""


class Part(NamedTuple):
    """Some files together: what they state, and what follows from it and was derived, as lines of N-Triples."""

    paths: tuple[str, ...]
    key: str
    asserted: bytes
    entailed: bytes


class Known(Protocol):
    """Parts and mentions that were made before, by key."""

    def part(self, key: str) -> tuple[bytes, bytes] | None:
        """Return what a part states and what follows from it."""

    def mentions(self, key: str) -> Mentions | None:
        """Return the mentions of a part."""


class Parts:
    """All parts of a graph whose files are ``paths``; ``content`` reads one.

    Iterating raises SourceFileError for a file that cannot be read, AxiomError for an axiom that is not compiled and
    InconsistencyError for contradictions. :attr:`mentions` is filled by iterating.
    """

    def __init__(
        self, root: str, paths: Sequence[str], content: Callable[[str], bytes], known: Known | None, salt: bytes = b""
    ) -> None:
        self._content, self._known = content, known
        self._derivation = Derivation(root)
        self.mentions: dict[str, Mentions] = {}
        self._digests = {path: blake2b(content(path), digest_size=20).digest() for path in paths}
        self._others = [path for path in paths if path.startswith(JURISDICTIONS)]
        self._fixed_salt = salt
        self._share([path for path in paths if not path.startswith(JURISDICTIONS)])

    def _share(self, paths: list[str]) -> None:
        """Close what all share: the statements of ``paths``."""
        self._shared_paths = tuple(paths)
        self._others = [path for path in self._others if path not in paths]
        self._salt = self._fixed_salt + b"".join(path.encode() + b"\0" + self._digests[path] for path in paths)
        self._shared = self._read(paths)
        self._shared.refuse_unknown()
        self._base = Closure.of_shared(self._shared.between)
        others = {subject for pairs in self._base.found.values() for subject, _ in pairs} - self._shared.subjects
        self._held: dict[str, set[str]] = {}  # what follows of nodes that a jurisdiction may describe
        for line in self._base.new_lines(self._shared.between, {each for each in others if each[0] == "<"}):
            self._held.setdefault(line.split(" ", 1)[0], set()).add(line)

    def _key(self, paths: Sequence[str]) -> str:
        digest = blake2b(self._salt, digest_size=20)
        for path in paths:
            digest.update(path.encode() + b"\0" + self._digests[path])
        return digest.hexdigest()

    def _read(self, paths: Sequence[str]) -> Statements:
        return Statements(line for path in paths for line in read_lines(self._content(path), path))

    def __iter__(self) -> Iterator[Part]:
        with SpooledTemporaryFile(max_size=_MEMORY) as file:
            self._shelf = _Shelf(file)
            while True:
                try:
                    groups, mentions = self._grouped()
                    break
                except _StatesAxiomError as found:
                    self._share([*self._shared_paths, *found.paths])
            stated = {line for each in mentions for line in each.stated}
            follows = {line for each in mentions for line in each.follows}
            yield self._shared_part(stated)
            yield from self._made(groups)
            asserted = joined(sorted(stated.difference(self._shared.lines)))
            yield Part((), "", asserted, joined(sorted(follows - stated)))

    def _grouped(self) -> tuple[list[list[str]], list[Mentions]]:
        """Return the files that must be closed together, and the mentions of each group."""
        groups = [[path] for path in self._others]
        self._contradictions = set(self._base.contradictions())
        while True:
            mentions = [self._mentions(paths) for paths in groups]
            together = linked(mentions, self._base.axioms, self._shared.subjects)
            if len(together) == len(groups):
                break
            groups = [sorted(path for place in places for path in groups[place]) for places in together]
        if self._contradictions:
            raise InconsistencyError.listing(self._contradictions)
        return groups, mentions

    def _mentions(self, paths: list[str]) -> Mentions:
        key = self._key(paths)
        found = self.mentions.get(key) or (self._known.mentions(key) if self._known else None)
        if found is None:
            found = self._close(paths, key)
        self.mentions[key] = found
        return found

    def _close(self, paths: list[str], key: str) -> Mentions:
        """Close some files and lay down what they state and what follows."""
        stated = self._read(paths)
        stated.refuse_unknown()
        if stated.has_axioms:
            raise _StatesAxiomError(paths)
        closure = Closure(self._base.axioms, stated.between, self._base)
        self._contradictions.update(closure.contradictions())
        shared = self._shared.subjects
        own = stated.subjects - shared
        found, follows = closure.new_lines(stated.between, own), closure.new_lines(stated.between, shared)
        found += [line for subject in own & self._held.keys() for line in self._held[subject] - set(stated.lines)]
        self._shelf.put(key, joined(stated.lines), joined([*found, *follows]))
        about_shared = [line for line in stated.lines if line.split(" ", 1)[0] in shared]
        return Mentions.of(closure, own, shared, about_shared, sorted(follows))

    def _shared_part(self, elsewhere: set[str]) -> Part:
        entailed = set(self._base.new_lines(self._shared.between, self._shared.subjects))
        asserted = joined(self._shared.lines)
        self._shared_bytes = (asserted, joined(sorted(entailed)))
        self._shared_known = {*self._shared.lines, *entailed}
        made = self._derivation.made(self._shared_bytes, self._shared_known)
        self._shared_known |= made
        return Part(self._shared_paths, self._key([]), asserted, joined(sorted((entailed | made) - elsewhere)))

    def _made(self, groups: Sequence[list[str]]) -> Iterator[Part]:
        keys = [self._key(paths) for paths in groups]
        new = {key: None for key in keys if self._known is None or self._known.part(key) is None}
        for paths, key in zip(groups, keys, strict=True):
            if key in new and key not in self._shelf:
                self._close(paths, key)
        chunks = self._chunks(new)
        ready: dict[str, tuple[bytes, bytes]] = {}
        for paths, key in zip(groups, keys, strict=True):
            part = self._known.part(key) if self._known else None
            if part is None:
                if key not in ready:
                    ready |= self._derived(next(chunks))
                part = ready.pop(key)
            yield Part(tuple(paths), key, *part)

    def _chunks(self, keys: Iterable[str]) -> Iterator[list[str]]:
        chunk: list[str] = []
        size = 0
        for key in keys:
            chunk.append(key)
            size += self._shelf.size(key)
            if size > _CHUNK:
                yield chunk
                chunk, size = [], 0
        if chunk:
            yield chunk

    def _derived(self, keys: list[str]) -> dict[str, tuple[bytes, bytes]]:
        """Run the build queries over some groups at once; return by key what they state and what follows."""
        texts = [self._shelf.get(key) for key in keys]
        lines = [[text.decode("utf-8").split("\n")[:-1] for text in pair] for pair in texts]
        known = self._shared_known.union(*(line for pair in lines for line in pair))
        made = self._derivation.made([*self._shared_bytes, *(text for pair in texts for text in pair)], known)
        owners = {
            subject: number
            for number, (asserted, _) in enumerate(lines)
            for subject in {line.split(" ", 1)[0] for line in asserted} - self._shared.subjects
        }
        parts = shared_out(made, owners, len(keys))
        if parts is None and len(keys) > 1:
            return {key: part for each in keys for key, part in self._derived([each]).items()}
        found = {}
        for key, (asserted, entailed), part in zip(keys, lines, parts or [made], strict=True):
            apart = self.mentions[key]
            stated = [line for line in asserted if line not in apart.stated] if apart.stated else asserted
            found[key] = joined(stated), joined(sorted({*entailed, *part}.difference(apart.follows)))
        return found


class _StatesAxiomError(Exception):
    def __init__(self, paths: Sequence[str]) -> None:
        super().__init__()
        self.paths = paths


class _Shelf:
    """Texts that wait for their turn, in memory while they are few and on disk when they are many."""

    def __init__(self, file: SpooledTemporaryFile[bytes]) -> None:
        self._file = file
        self._places: dict[str, tuple[int, int, int]] = {}

    def put(self, key: str, one: bytes, other: bytes) -> None:
        start = self._file.seek(0, 2)
        self._file.write(one + other)
        self._places[key] = start, len(one), len(other)

    def __contains__(self, key: str) -> bool:
        return key in self._places

    def size(self, key: str) -> int:
        return sum(self._places[key][1:])

    def get(self, key: str) -> tuple[bytes, bytes]:
        start, one, other = self._places[key]
        self._file.seek(start)
        return self._file.read(one), self._file.read(other)
