"""Which results only follow from a near-miss: what is misspelt is there, and need not be told to be missing too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph

from ..project.messages import MISSING, component_key
from .near_misses import members
from .vocabulary import space_of

if TYPE_CHECKING:
    from ..records.record import Record
    from .labels import Rule
    from .near_misses import Miss
    from .report import Result

_OTHERWISE = {"wrong-namespace", "in-a-list", "redefined-term", "no-kind"}  # no term stands here for another


class Meant:
    """What the near-misses of a record would have said had they been written right."""

    def __init__(self, misses: list[Miss], record: Record, kinds: set[str]) -> None:
        self._spaces = {miss.written: miss.nearest for miss in misses if miss.key == "wrong-namespace"}
        right = {miss.written: miss.nearest for miss in misses if miss.key not in _OTHERWISE}
        self._classes: set[str] = set()
        self._unsorted: set[str] = set()
        self._links: dict[str, set[str]] = {}
        hidden: set[str] = set()
        lists = members(record.triples) if any(miss.key == "in-a-list" for miss in misses) else {}
        for subject, predicate, value in record.triples:
            link = self._normalized(predicate.value, right)
            if link:
                hidden.add(str(value))
                for end in (str(subject), str(value)):
                    self._links.setdefault(end, set()).add(link)
            if str(value) in lists:
                self._unsorted.add(str(value))
                hidden.update(lists[str(value)])
                for end in (str(subject), *lists[str(value)]):
                    self._links.setdefault(end, set()).add(predicate.value)
            if (predicate.value in kinds or link in kinds) and isinstance(value, pyoxigraph.NamedNode):
                kind = self._normalized(value.value, right)
                if kind is not None:
                    self._unsorted.add(str(subject))
                    self._classes.add(kind)

        self._hidden = {
            value.value
            for subject, predicate, value in record.triples
            if predicate.value in kinds and str(subject) in hidden and isinstance(value, pyoxigraph.NamedNode)
        }

    def _normalized(self, iri: str, right: dict[str, str]) -> str | None:
        space = space_of(iri)
        if space in self._spaces:
            return self._spaces[space] + iri.removeprefix(space)
        return right.get(iri)

    def explains(self, result: Result, rule: Rule | None) -> bool:
        """Return whether a result would not be there without the near-misses."""
        key, value = component_key(result.component), result.value.strip("<>")
        if any(value.startswith(space) for space in self._spaces):
            return True
        if result.value in self._unsorted and key not in MISSING:
            return True
        if rule is None or key not in MISSING:
            return False
        wanted = (self._classes | self._hidden).intersection(rule.values("wanted"))
        return bool(wanted or self._links.get(result.focus, set()).intersection(rule.values("term")))
