"""The triples of some files as lines of N-Triples, which is how they are closed, cached and loaded.

Terms stay text from here on. A nameless node of data becomes ``<owner>/<property>-<number>``, so that what is derived can
be about it; any other is called by the file that it stands in and by its turn there. The same file gives the same lines.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable
from hashlib import blake2b
from typing import TYPE_CHECKING

from .axioms import is_axiom, refuse_unknown
from .files import read_triples

if TYPE_CHECKING:
    from .axioms import Pairs


class Statements:
    """Triples in three views: as lines, those between resources by predicate, and who is described."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = list(dict.fromkeys(lines))
        self.resource_triples: Pairs = defaultdict(set)
        self._written: set[str] = set()
        subjects = set()
        for line in self.lines:
            subject, predicate, rest = line.split(" ", 2)
            subjects.add(subject)
            if rest[0] == '"':
                self._written.add(predicate)
            else:
                self.resource_triples[predicate].add((subject, rest[:-2]))
        self.subjects = {subject for subject in subjects if subject[0] == "<"}

    def refuse_unknown(self) -> None:
        """Raise AxiomError where something might follow from one of them that is not compiled."""
        refuse_unknown(self.resource_triples, self._written, self.subjects)

    @property
    def has_axioms(self) -> bool:
        """Whether one of them says what follows from others."""
        return any(is_axiom(name, value) for name, pairs in self.resource_triples.items() for _, value in pairs)


def read_lines(content: bytes, path: str) -> list[str]:
    """Return the statements of a file as N-Triples lines; raises SourceFileError with the line of a mistake."""
    import pyoxigraph

    made = pyoxigraph.serialize(read_triples(content, path), format=pyoxigraph.RdfFormat.N_TRIPLES) or b""
    lines = made.decode("utf-8").split("\n")[:-1]
    if b"_:" not in made:
        return lines
    names = _iris(lines) if path.startswith("data/") else {}
    return _renamed(lines, names, blake2b(path.encode(), digest_size=4).hexdigest())


def _iris(lines: list[str]) -> dict[str, str]:
    """Return an IRI for each nameless node that a resource leads to, by the order of the file."""
    known = {line.split(" ", 1)[0] for line in lines}
    owners: dict[str, tuple[str, str]] = {}
    for line in lines:
        subject, predicate, rest = line.split(" ", 2)
        if rest[0] == "_":
            owners.setdefault(rest[:-2], (subject, re.split("[#/]", predicate[1:-1])[-1]))
    names: dict[str, str] = {}

    def named(term: str) -> str:
        if term[0] == "_" and term in owners and term not in names:
            names[term] = term  # until it has its name: a circle stays nameless
            above, word = owners[term]
            above = named(above)
            if above[0] == "<":
                numbers = (f"{above[:-1]}/{word}-{number}>" for number in itertools.count(1))
                names[term] = next(name for name in numbers if name not in known)
                known.add(names[term])
        return names.get(term, term)

    for term in owners:
        named(term)
    return {term: name for term, name in names.items() if name[0] == "<"}


def _renamed(lines: list[str], names: dict[str, str], mark: str) -> list[str]:
    def named(term: str) -> str:
        return names.setdefault(term, f"_:b{mark}n{len(names)}")

    made = []
    for line in lines:
        if "_:" not in line:
            made.append(line)
            continue
        subject, predicate, rest = line.split(" ", 2)
        if subject[0] == "_":
            subject = named(subject)
        if rest[0] == "_":
            rest = f"{named(rest[:-2])} ."
        made.append(f"{subject} {predicate} {rest}")
    return made


def joined(lines: Iterable[str]) -> bytes:
    """Return lines as the text of a file."""
    return "".join([f"{line}\n" for line in lines]).encode("utf-8")
