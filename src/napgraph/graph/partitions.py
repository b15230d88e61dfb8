"""The graph in partitions: what all jurisdictions share, then each jurisdiction with what follows from its file.

The files outside ``data/jurisdictions``, and those that state an axiom, are closed once, each other file above them.
What jurisdictions say of nodes that all share is a partition of its own, the last. Files closed one by one miss what
needs triples of two: so :class:`Links` note the nodes that a file mentions and does not describe. Two files are one
partition where one mentions a node that the other describes, where both describe it, and where a rule joins at a node
of neither what both say. A link too many costs only time. The build queries (``queries/build/*.rq``) are CONSTRUCTs
that run in the order of their names, each seeing what those before it made, over some groups at a time: what they make
of one jurisdiction must not depend on another that is not linked to it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import count, product
from typing import NamedTuple, TypeVar
from zlib import crc32, decompress

import pyoxigraph

from ..errors import InconsistencyError, QueryError
from ..project.root import files_below
from .closure import TYPE, Axioms, Closure, Pairs, is_axiom, refuse_unknown
from .files import JURISDICTIONS, read_content, read_triples
from .store import GZIP, CachedPartitions, packed

Content = Callable[[str], bytes]
Item = TypeVar("Item", bound=Hashable)
_AXIOM = "<http://www.w3.org/2002/07/owl#"  # what an axiom leads to stays nameless, so that it is read as one
_CHUNK = 12 * 2**20
"""How many bytes of triples the build queries take at a time."""


class Partition(NamedTuple):
    """Some files together: what they state, and what follows from it and was derived, as lines of N-Triples."""

    paths: tuple[str, ...]
    key: str
    asserted: bytes
    entailed: bytes


class Partitions:
    """All partitions of a graph whose files are ``paths``; ``content`` reads one. Iterating fills :attr:`links`.

    It raises SourceFileError for a file that cannot be read, AxiomError for an axiom that is not compiled and
    InconsistencyError for contradictions.
    """

    def __init__(
        self, root: str, paths: Sequence[str], content: Content, cached: CachedPartitions | None, salt: bytes = b""
    ) -> None:
        self._content, self._cached = content, cached
        self._build_queries = BuildQueries(root)
        self.links: dict[str, Links] = {}
        self._waiting: dict[str, tuple[int, list[bytes]]] = {}  # by key, the bytes of both texts, and these packed
        self._digests = {path: blake2b(content(path), digest_size=20).digest() for path in paths}
        self._others = [path for path in paths if path.startswith(JURISDICTIONS)]
        self._fixed_salt = salt
        self._share([path for path in paths if not path.startswith(JURISDICTIONS)])

    def _share(self, paths: list[str]) -> None:
        """Close what all share: the triples of ``paths``."""
        self._shared_paths = tuple(paths)
        self._others = [path for path in self._others if path not in paths]
        self._salt = self._fixed_salt + b"".join(path.encode() + b"\0" + self._digests[path] for path in paths)
        self._shared = self._read(paths)
        refuse_unknown(self._shared.resource_triples, self._shared.written, self._shared.subjects)
        self._base = Closure.of_shared(self._shared.resource_triples)
        others = {subject for pairs in self._base.found.values() for subject, _ in pairs} - self._shared.subjects
        self._held: dict[str, set[str]] = {}  # what follows of nodes that a jurisdiction may describe
        for line in self._base.new_lines(self._shared.resource_triples, {each for each in others if each[0] == "<"}):
            self._held.setdefault(line.split(" ", 1)[0], set()).add(line)

    def _key(self, paths: Sequence[str]) -> str:
        digest = blake2b(self._salt, digest_size=20)
        for path in paths:
            digest.update(path.encode() + b"\0" + self._digests[path])
        return digest.hexdigest()

    def _read(self, paths: Sequence[str]) -> Statements:
        return Statements(line for path in paths for line in read_lines(self._content(path), path))

    def __iter__(self) -> Iterator[Partition]:
        while True:
            try:
                groups, links = self._grouped()
                break
            except _StatesAxiomError as found:
                self._share([*self._shared_paths, *found.args])
        stated = {line for each in links for line in each.stated}
        follows = {line for each in links for line in each.follows}
        yield self._shared_partition(stated)
        yield from self._made(groups)
        asserted = joined(sorted(stated.difference(self._shared.lines)))
        yield Partition((), "", asserted, joined(sorted(follows - stated)))

    def _grouped(self) -> tuple[list[list[str]], list[Links]]:
        """Return the files that must be closed together, and the links of each group."""
        groups = [[path] for path in self._others]
        self._contradictions = set(map(str, self._base.contradictions()))
        while True:
            links = [self._links(paths) for paths in groups]
            ties = (*_owned(links, self._shared.subjects), *_met(links, self._base.axioms))
            together = grouped(range(len(links)), ties)
            if len(together) == len(groups):
                break
            groups = [sorted(path for place in places for path in groups[place]) for places in together]
        if self._contradictions:
            raise InconsistencyError.listing(self._contradictions)
        return groups, links

    def _links(self, paths: list[str]) -> Links:
        key = self._key(paths)
        if key not in self.links:
            cached = self._cached and self._cached.links.get(key)
            self.links[key] = Links(*cached) if cached else self._close(paths, key)
        return self.links[key]

    def _close(self, paths: list[str], key: str) -> Links:
        """Close some files and store what they state and what follows."""
        stated = self._read(paths)
        refuse_unknown(stated.resource_triples, stated.written, stated.subjects)
        if any(is_axiom(name, value) for name, pairs in stated.resource_triples.items() for _, value in pairs):
            raise _StatesAxiomError(*paths)
        closure = Closure(self._base.axioms, stated.resource_triples, self._base)
        self._contradictions.update(map(str, closure.contradictions()))
        shared = self._shared.subjects
        own = stated.subjects - shared
        found, follows = (closure.new_lines(stated.resource_triples, subjects) for subjects in (own, shared))
        found += [line for subject in own & self._held.keys() for line in self._held[subject] - set(stated.lines)]
        texts = joined(stated.lines), joined([*found, *follows])
        self._waiting[key] = sum(map(len, texts)), [packed(text) for text in texts]
        about_shared = [line for line in stated.lines if line.split(" ", 1)[0] in shared]
        return Links.of(closure, own, shared, about_shared, sorted(follows))

    def _shared_partition(self, elsewhere: set[str]) -> Partition:
        entailed = set(self._base.new_lines(self._shared.resource_triples, self._shared.subjects))
        asserted = joined(self._shared.lines)
        self._shared_bytes = (asserted, joined(sorted(entailed)))
        self._shared_known = {*self._shared.lines, *entailed}
        made = self._build_queries.run(self._shared_bytes, self._shared_known)
        self._shared_known |= made
        return Partition(self._shared_paths, self._key([]), asserted, joined(sorted((entailed | made) - elsewhere)))

    def _made(self, groups: Sequence[list[str]]) -> Iterator[Partition]:
        keys = [self._key(paths) for paths in groups]
        new = {key for key in keys if self._cached is None or self._cached.texts(key) is None}
        chunks: dict[int, list[str]] = defaultdict(list)
        size = 0
        for paths, key in zip(groups, keys, strict=True):
            if key in new:
                if key not in self._waiting:
                    self._close(paths, key)
                chunks[size // _CHUNK].append(key)
                size += self._waiting[key][0]
        waiting = iter(chunks.values())
        ready: dict[str, tuple[bytes, bytes]] = {}
        for paths, key in zip(groups, keys, strict=True):
            texts = self._cached.texts(key) if self._cached else None
            if texts is None:
                if key not in ready:
                    ready |= self._derived(next(waiting))
                texts = ready.pop(key)
            yield Partition(tuple(paths), key, *texts)

    def _derived(self, keys: list[str]) -> dict[str, tuple[bytes, bytes]]:
        """Run the build queries over some groups at once; return by key what they state and what follows."""
        texts = [[decompress(text, wbits=GZIP) for text in self._waiting[key][1]] for key in keys]
        lines = [[text.decode("utf-8").split("\n")[:-1] for text in pair] for pair in texts]
        known = self._shared_known.union(*(line for pair in lines for line in pair))
        made = self._build_queries.run([*self._shared_bytes, *(text for pair in texts for text in pair)], known)
        subjects = [{line.split(" ", 1)[0] for line in asserted} - self._shared.subjects for asserted, _ in lines]
        owners = {subject: number for number, each in enumerate(subjects) for subject in each}
        assigned = assign_to_partitions(made, owners, len(keys))
        if assigned is None and len(keys) > 1:
            return {key: texts for each in keys for key, texts in self._derived([each]).items()}
        found = {}
        for key, (asserted, entailed), derived in zip(keys, lines, assigned or [made], strict=True):
            apart = self.links[key]
            stated = [line for line in asserted if line not in apart.stated] if apart.stated else asserted
            found[key] = joined(stated), joined(sorted({*entailed, *derived}.difference(apart.follows)))
        return found


class _StatesAxiomError(Exception):
    """Files that count as a jurisdiction's, its arguments, state an axiom."""


class Links(NamedTuple):
    """What one group of files describes, and where its triples reach nodes that are not its own."""

    own: list[int]
    """A checksum of each node that only this group describes."""
    reached: dict[str, list[str]]
    """By node that is not its own, the predicates that lead to it."""
    described: dict[str, list[str]]
    """By node that is not its own, the predicates of the triples about it, and its classes."""
    stated: list[str]
    """The lines that it states of nodes that all share."""
    follows: list[str]
    """The lines that follow from it of nodes that all share."""

    @classmethod
    def of(
        cls, closure: Closure, own: Collection[str], shared: Collection[str], stated: list[str], follows: list[str]
    ) -> Links:
        """Return the links of a group; only what a rule might join is noted of a node that all share."""
        axioms = closure.axioms
        joins_on = {*axioms.after, *axioms.asymmetric}
        joins_from = {*axioms.before, *axioms.asymmetric}
        watched = closure.watched
        reached: dict[str, set[str]] = defaultdict(set)
        described: dict[str, set[str]] = defaultdict(set)
        for name, pairs in closure.found.items():
            if name == TYPE:
                for node, kind in pairs:
                    if kind in watched and node not in own and node[0] == "<":
                        described[node].add(kind)
                continue
            for node in {value for _, value in pairs}.difference(own):
                if node[0] == "<" and (name in joins_on or node not in shared):
                    reached[node].add(name)
            for node in {subject for subject, _ in pairs}.difference(own):
                if node[0] == "<" and (name in joins_from or node not in shared):
                    described[node].add(name)
        return cls(
            sorted(crc32(node.encode()) for node in own),
            {node: sorted(names) for node, names in sorted(reached.items())},
            {node: sorted(names) for node, names in sorted(described.items())},
            stated,
            follows,
        )


def grouped(items: Iterable[Item], pairs: Iterable[tuple[Item, Item]]) -> list[list[Item]]:
    """Return ``items`` in groups, in their order; those that ``pairs`` tie together are in one."""
    heads: dict[Item, Item] = {}

    def head(item: Item) -> Item:
        while heads.setdefault(item, item) != item:
            heads[item] = item = heads[heads[item]]
        return item

    for one, other in pairs:
        heads[head(one)] = head(other)
    found: dict[Item, list[Item]] = defaultdict(list)
    for item in items:
        found[head(item)].append(item)
    return list(found.values())


def _owned(links: Sequence[Links], shared: Collection[str]) -> set[tuple[int, int]]:
    """Return the pairs of which one mentions what only the other describes, or both describe it."""
    found: set[tuple[int, int]] = set()
    owners: dict[int, int] = {}
    for place, each in enumerate(links):
        found |= {(owners.setdefault(mark, place), place) for mark in each.own}
    for place, each in enumerate(links):
        marks = {crc32(node.encode()) for node in (*each.reached, *each.described) if node not in shared}
        found |= {(owners[mark], place) for mark in marks & owners.keys()}
    return {(one, other) for one, other in found if one != other}


def _met(links: Sequence[Links], axioms: Axioms) -> set[tuple[int, int]]:
    """Return the pairs whose triples a rule joins at a node that neither of them owns."""
    found: set[tuple[int, int]] = set()
    described: dict[str, list[int]] = defaultdict(list)
    for place, each in enumerate(links):
        for node in each.described:
            described[node].append(place)
    apart = axioms.disjoint | {(other, one) for one, other in axioms.disjoint}
    for place, each in enumerate(links):
        for node in described.keys() & each.reached.keys():
            rules = {right for name in each.reached[node] for right, _ in axioms.after.get(name, ())}
            rules |= axioms.asymmetric.intersection(each.reached[node])
            others = (other for other in described[node] if other != place)
            found |= {(other, place) for other in others if not rules.isdisjoint(links[other].described[node])}
        for node, names in each.described.items():
            pairs = (
                (other, product(names, links[other].described[node])) for other in described[node] if other < place
            )
            found |= {(other, place) for other, pair in pairs if not apart.isdisjoint(pair)}
    return found


class BuildQueries:
    """The build queries of a root; raises SourceFileError for one that cannot be read."""

    def __init__(self, root: str) -> None:
        paths = files_below(root, "queries/build", (".rq",))
        self._queries = [(path, read_content(root, path).decode("utf-8")) for path in paths]

    def run(self, texts: Iterable[bytes], known: Collection[str]) -> set[str]:
        """Return the lines that the queries add to ``texts`` (N-Triples), without those ``known``."""
        store = pyoxigraph.Store()
        for each in texts:
            store.bulk_load(each, format=pyoxigraph.RdfFormat.N_TRIPLES, lenient=True)
        found: set[str] = set()
        for path, text in self._queries:
            try:
                result = store.query(text)
            except SyntaxError as error:
                raise QueryError(f"{path}: this is not valid SPARQL: {error.msg}") from error
            if not isinstance(result, pyoxigraph.QueryTriples):
                raise QueryError(f"{path}: a build query must be a CONSTRUCT.")
            lines = result.serialize(format=pyoxigraph.RdfFormat.N_TRIPLES) or b""
            store.bulk_load(lines, format=pyoxigraph.RdfFormat.N_TRIPLES, lenient=True)
            found.update(lines.decode("utf-8").split("\n"))
        return found.difference(known, ("",))


def assign_to_partitions(lines: Iterable[str], owners: dict[str, int], count: int) -> Sequence[set[str]] | None:
    """Return which of ``count`` groups each line is of; None if that is open. ``owners``: the group by resource.

    A resource that no group describes is of the group that leads to it or that it leads to, also through others.
    """
    parts: list[set[str]] = [set() for _ in range(count)]
    waiting: dict[str, list[str]] = {}
    leads: dict[str, set[int]] = defaultdict(set)
    for line in lines:
        subject, _, rest = line.split(" ", 2)
        owner = owners.get(subject)
        if owner is None:
            waiting.setdefault(subject, []).append(line)
        else:
            parts[owner].add(line)
            leads[rest[:-2]].add(owner)
    settled: Mapping[str, int] = owners
    while waiting:
        for subject, about in waiting.items():
            leads[subject].update(settled[each] for line in about if (each := line.split(" ", 2)[2][:-2]) in settled)
        settled = {subject: next(iter(leads[subject])) for subject in waiting if len(leads[subject]) == 1}
        if not settled:
            return None
        for subject, owner in settled.items():
            parts[owner].update(about := waiting.pop(subject))
            for line in about:
                leads[line.split(" ", 2)[2][:-2]].add(owner)
    return parts


class Statements:
    """Triples in three views: as lines, those between resources by predicate, and who is described."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = list(dict.fromkeys(lines))
        self.resource_triples: Pairs = defaultdict(set)
        written, subjects = set(), set()
        for line in self.lines:
            subject, predicate, rest = line.split(" ", 2)
            subjects.add(subject)
            if rest[0] == '"':
                written.add(predicate)
            else:
                self.resource_triples[predicate].add((subject, rest[:-2]))
        self.written = written
        self.subjects = {subject for subject in subjects if subject[0] == "<"}


def read_lines(content: bytes, path: str) -> list[str]:
    """Return a file's statements as N-Triples lines, the same each time; raises SourceFileError with the line."""
    made = pyoxigraph.serialize(read_triples(content, path), format=pyoxigraph.RdfFormat.N_TRIPLES) or b""
    lines = made.decode("utf-8").split("\n")[:-1]
    if b"_:" not in made:
        return lines
    mark, names = blake2b(path.encode(), digest_size=4).hexdigest(), _iris(lines) if path.startswith("data/") else {}

    def named(term: str) -> str:
        return names.setdefault(term, f"_:b{mark}n{len(names)}") if term[0] == "_" else term

    parts = (line.split(" ", 2) if "_:" in line else [line] for line in lines)
    return [f"{named(part[0])} {part[1]} {named(part[2][:-2])} ." if part[1:] else part[0] for part in parts]


def _iris(lines: list[str]) -> dict[str, str]:
    """Return an IRI, ``<owner>/<property>-<number>``, for each blank node that a resource leads to, in file order."""
    known = {line.split(" ", 1)[0] for line in lines}
    owners: dict[str, tuple[str, str]] = {}
    for line in lines:
        subject, predicate, rest = line.split(" ", 2)
        if rest[0] == "_" and not predicate.startswith(_AXIOM):
            owners.setdefault(rest[:-2], (subject, re.split("[#/]", predicate[1:-1])[-1]))
    names: dict[str, str] = {}

    def named(term: str) -> str:
        if term[0] == "_" and term in owners and term not in names:
            names[term] = term  # until it has its name: a circle stays nameless
            above, word = owners[term]
            above = named(above)
            if above[0] == "<":
                numbers = (f"{above[:-1]}/{word}-{number}>" for number in count(1))
                names[term] = next(name for name in numbers if name not in known)
                known.add(names[term])
        return names.get(term, term)

    for term in owners:
        named(term)
    return {term: name for term, name in names.items() if name[0] == "<"}


def joined(lines: Iterable[str]) -> bytes:
    """Return lines as the text of a file."""
    return "".join([f"{line}\n" for line in lines]).encode("utf-8")
