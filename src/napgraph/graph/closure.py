"""What follows from the statements by the OWL 2 RL rules, a set at a time; kept apart from what was stated.

Read are the triples between resources: no axiom of the ontology looks at a literal. What all share is closed once, each
group of files above it. :mod:`.owlrl` is what this is tested against. OWL never validates here; shapes do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from .axioms import TYPE, Axioms, Pairs, Set, compile_axioms, is_trivial

_Table = dict[str, dict[str, set[str]]]


class Closure:
    """Statements and all that follows (:attr:`found`, by predicate), without those of the closure ``below`` it."""

    def __init__(self, axioms: Axioms, stated: Mapping[str, Set], below: Closure | None = None) -> None:
        self.axioms = axioms
        self.found: Pairs = defaultdict(set)
        self._below = below
        self._levels = [self] if below is None else [self, below]
        self._by: tuple[_Table, _Table] = (defaultdict(lambda: defaultdict(set)), defaultdict(lambda: defaultdict(set)))
        #: The classes whose members take part in rules with another premise.
        self.watched = {kind for pair in axioms.disjoint for kind in pair}
        self.watched |= {kind for filler in axioms.fillers.values() for kind, _ in filler}
        self._members: dict[str, set[str]] = defaultdict(set)
        self._close(stated)

    @classmethod
    def of_shared(cls, stated: Mapping[str, Set]) -> Closure:
        """Return the closure of what all share, by the axioms that it states itself; raises AxiomError."""
        axioms = compile_axioms(stated)
        names = {*stated, *axioms.entailed}
        return cls(axioms, {name: stated.get(name, set()) | axioms.entailed.get(name, set()) for name in names})

    def new_lines(self, stated: Mapping[str, Set], subjects: Collection[str]) -> list[str]:
        """Return what follows about ``subjects`` and is not ``stated``, but not what holds of everything."""
        return [
            f"{subject} {name} {value} ."
            for name, pairs in self.found.items()
            if " " not in name
            for subject, value in pairs.difference(stated.get(name, ()))
            if subject in subjects and not is_trivial(subject, value)
        ]

    def contradictions(self) -> list[str]:
        """Return a sentence for each contradiction that a statement of this closure takes part in."""
        found = []
        for one, other in self.axioms.disjoint:
            both = (self._members[one] & self._all_members(other)) | (self._all_members(one) & self._members[other])
            found += [f"Disjoint classes {_plain(one, other)} have a common individual {_plain(each)}" for each in both]
        for name in self.axioms.asymmetric:
            for level in self._levels:
                for one, other in level.found.get(name, ()):
                    levels = self._levels if level is self else [self]
                    if any((other, one) in each.found.get(name, ()) for each in levels):
                        found.append(f"Erroneous usage of asymmetric property {_plain(name)} on {_plain(one, other)}")
        return sorted(found)

    def _all_members(self, kind: str) -> set[str]:
        return set().union(*(level._members.get(kind, ()) for level in self._levels))

    def _close(self, stated: Mapping[str, Set]) -> None:
        waiting: Mapping[str, Set] = stated
        while waiting:
            following: Pairs = defaultdict(set)
            for name, pairs in waiting.items():
                new = pairs - self.found[name]
                if self._below is not None:
                    new -= self._below.found.get(name, set())
                if new:
                    self._add(name, new)
                    if name == TYPE:
                        self._follow_types(new, following)
                    else:
                        self._follow(name, new, following)
            waiting = following

    def _add(self, name: str, new: Set) -> None:
        self.found[name] |= new
        if name == TYPE:
            for subject, kind in new:
                if kind in self.watched:
                    self._members[kind].add(subject)
            return
        if name in self.axioms.before:
            table = self._by[0][name]
            for subject, value in new:
                table[subject].add(value)
        if name in self.axioms.after or name in self.axioms.fillers:
            table = self._by[1][name]
            for subject, value in new:
                table[value].add(subject)

    def _follow_types(self, new: Set, following: Pairs) -> None:
        axioms = self.axioms
        wider = {(each, kind) for each, narrow in new for kind in axioms.classes.get(narrow, ())}
        if wider:
            following[TYPE] |= wider
        for each, kind in new:
            for name, value in axioms.values.get(kind, ()):
                following[name].add((each, value))
        for name, fillers in axioms.fillers.items():
            tables = self._tables(True, name)
            for filler, kind in fillers:
                found = {each for each, stated in new if stated == filler}
                following[TYPE].update((one, kind) for each in found for table in tables for one in table.get(each, ()))

    def _follow(self, name: str, new: Set, following: Pairs) -> None:
        axioms = self.axioms
        for above in axioms.above.get(name, ()):
            following[above] |= new
        for inverse in axioms.inverses.get(name, ()):
            following[inverse].update((value, subject) for subject, value in new)
        for kind in axioms.domains.get(name, ()):
            following[TYPE].update((subject, kind) for subject, _ in new)
        for kind in axioms.ranges.get(name, ()):
            following[TYPE].update((value, kind) for _, value in new)
        for right, head in axioms.after.get(name, ()):
            tables = self._tables(False, right)
            following[head].update((one, end) for one, value in new for table in tables for end in table.get(value, ()))
        for left, head in axioms.before.get(name, ()):
            tables = self._tables(True, left)
            following[head].update((start, end) for one, end in new for table in tables for start in table.get(one, ()))
        for value, kinds in axioms.valued.get(name, {}).items():
            for subject in {subject for subject, stated in new if stated == value}:
                following[TYPE].update((subject, kind) for kind in kinds)
        for filler, kind in axioms.fillers.get(name, ()):
            members = self._all_members(filler)
            following[TYPE].update((subject, kind) for subject, value in new if value in members)

    def _tables(self, turned: bool, name: str) -> list[dict[str, set[str]]]:
        """Return the values of ``name`` by subject, or ``turned`` the subjects by value, level by level."""
        return [table[name] for level in self._levels if name in (table := level._by[turned])]


def _plain(*terms: str) -> str:
    return " and ".join(term.strip("<>").removeprefix("_:") for term in terms)
