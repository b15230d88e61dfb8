"""Which jurisdictions' files must be closed together, since what follows from one meets what follows from another.

Files are closed one by one above what all share. That misses what needs a statement of one file and a statement of
another. Both then mention a node; so each file is told by the nodes that it mentions and does not describe itself. Two
are linked where one mentions a node that the other describes, where both describe it, and where at a node of neither a
rule joins what one says with what the other says. Countries hardly ever do this; a link that is none costs only time.
"""

from __future__ import annotations

from array import array
from base64 import b64decode, b64encode
from collections import defaultdict
from collections.abc import Collection, Sequence
from itertools import product
from typing import TYPE_CHECKING, Any
from zlib import crc32

from .axioms import TYPE

if TYPE_CHECKING:
    from .axioms import Axioms
    from .closure import Closure


class Mentions:
    """What one group of files describes, and where its statements reach nodes that are not its own."""

    def __init__(
        self,
        own: array[int],
        reached: dict[str, list[str]],
        told: dict[str, list[str]],
        stated: list[str],
        follows: list[str],
    ) -> None:
        self.own = own
        """A checksum of each node that only this group describes."""
        self.reached = reached
        """By node that is not its own, the predicates that lead to it."""
        self.told = told
        """By node that is not its own, the predicates of what is said of it, and its classes."""
        self.stated = stated
        """The lines that it states of nodes that all share."""
        self.follows = follows
        """The lines that follow from it of nodes that all share."""

    @classmethod
    def of(
        cls, closure: Closure, own: Collection[str], shared: Collection[str], stated: list[str], follows: list[str]
    ) -> Mentions:
        """Return the mentions of a group; only what a rule might join is noted of a node that all share."""
        axioms = closure.axioms
        joins_on = {*axioms.after, *axioms.fillers, *axioms.asymmetric}
        joins_from = {*axioms.before, *axioms.asymmetric}
        watched = closure.watched
        reached: dict[str, set[str]] = defaultdict(set)
        told: dict[str, set[str]] = defaultdict(set)
        for name, pairs in closure.found.items():
            if name == TYPE:
                for node, kind in pairs:
                    if kind in watched and node not in own and node[0] == "<":
                        told[node].add(kind)
                continue
            for node in {value for _, value in pairs}.difference(own):
                if node[0] == "<" and (name in joins_on or node not in shared):
                    reached[node].add(name)
            for node in {subject for subject, _ in pairs}.difference(own):
                if node[0] == "<" and (name in joins_from or node not in shared):
                    told[node].add(name)
        return cls(
            array("I", sorted(crc32(node.encode()) for node in own)),
            {node: sorted(names) for node, names in sorted(reached.items())},
            {node: sorted(names) for node, names in sorted(told.items())},
            stated,
            follows,
        )

    def kept(self) -> list[Any]:
        """Return this as JSON keeps it."""
        return [b64encode(self.own.tobytes()).decode(), self.reached, self.told, self.stated, self.follows]

    @classmethod
    def from_kept(cls, kept: list[Any]) -> Mentions:
        """Return what :meth:`kept` gave."""
        own = array("I")
        own.frombytes(b64decode(kept[0]))
        return cls(own, *kept[1:])


def linked(mentions: Sequence[Mentions], axioms: Axioms, shared: Collection[str]) -> list[list[int]]:
    """Return which groups must be one, as places in ``mentions``; one that stands alone is a list of one."""
    heads = list(range(len(mentions)))

    def head(place: int) -> int:
        while heads[place] != place:
            heads[place] = place = heads[heads[place]]
        return place

    for one, other in (*_owned(mentions, shared), *_met(mentions, axioms)):
        heads[max(head(one), head(other))] = min(head(one), head(other))
    found: dict[int, list[int]] = defaultdict(list)
    for place in range(len(mentions)):
        found[head(place)].append(place)
    return list(found.values())


def _owned(mentions: Sequence[Mentions], shared: Collection[str]) -> set[tuple[int, int]]:
    """Return the pairs of which one mentions what only the other describes, or both describe it."""
    found: set[tuple[int, int]] = set()
    owners: dict[int, int] = {}
    loose = [{crc32(node.encode()) for node in (*each.reached, *each.told) if node not in shared} for each in mentions]
    for place, each in enumerate(mentions):
        for mark in each.own:
            first = owners.setdefault(mark, place)
            if first != place:
                found.add((first, place))
    for place, marks in enumerate(loose):
        found |= {(owners[mark], place) for mark in marks if owners.get(mark, place) != place}
    return found


def _met(mentions: Sequence[Mentions], axioms: Axioms) -> set[tuple[int, int]]:
    """Return the pairs whose statements a rule joins at a node that neither of them owns."""
    found: set[tuple[int, int]] = set()
    told: dict[str, list[int]] = defaultdict(list)
    for place, each in enumerate(mentions):
        for node in each.told:
            told[node].append(place)
    apart = axioms.disjoint | {(other, one) for one, other in axioms.disjoint}
    for place, each in enumerate(mentions):
        for node in told.keys() & each.reached.keys():
            joined = {right for name in each.reached[node] for right, _ in axioms.after.get(name, ())}
            joined |= {kind for name in each.reached[node] for kind, _ in axioms.fillers.get(name, ())}
            joined |= axioms.asymmetric.intersection(each.reached[node])
            found |= {
                (other, place)
                for other in told[node]
                if other != place and not joined.isdisjoint(mentions[other].told[node])
            }
        for node in each.told:
            found |= {
                (other, place)
                for other in told[node]
                if other < place and any(pair in apart for pair in product(each.told[node], mentions[other].told[node]))
            }
    return found
