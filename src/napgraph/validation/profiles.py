"""Which document a resource belongs to, and how grave its document's profile makes a finding.

Both are answered by saved queries: what belongs to what by ``lookup/owners.rq``, what each profile asks by
``lookup/obligations.rq`` over ``shapes/profiles.ttl``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import pyoxigraph

from ..query.definitions import ask, store_of
from ..rdf.namespaces import slug
from .report import RANK


class Ownership(NamedTuple):
    """The documents of a record, and per resource the (profile, extent) of each document that it belongs to."""

    documents: set[str]
    declared: dict[str, set[tuple[str, str]]]


class Belongings(NamedTuple):
    """What belongs to one document, itself included, and every (profile, extent) that it declares."""

    declared: set[tuple[str, str]]
    parts: set[str]


def belongings(root: str, triples: Iterable[pyoxigraph.Triple]) -> dict[str, Belongings]:
    """Return what belongs to each document of a record, however many steps below it."""
    found: dict[str, Belongings] = {}
    steps: dict[str, list[str]] = {}
    for row in ask(root, "owners", store_of(triples)).rows():
        if row["document"] is None:
            steps.setdefault(str(row["whole"]), []).append(str(row["part"]))
        else:
            of = found.setdefault(str(row["document"]), Belongings(set(), set()))
            of.declared.add((slug(str(row["profile"] or "")), slug(str(row["extent"] or ""))))
    for document, of in found.items():
        waiting = [document]
        while waiting:
            whole = waiting.pop()
            if whole not in of.parts:
                of.parts.add(whole)
                waiting += steps.get(whole, ())
    return found


def ownership(root: str, triples: Iterable[pyoxigraph.Triple], profile: str | None) -> Ownership:
    """Find out which document each resource belongs to; ``profile``, if given, stands for what they declare."""
    found = belongings(root, triples)
    declared: dict[str, set[tuple[str, str]]] = {}
    for of in found.values():
        stated = {(profile or name, extent) for name, extent in of.declared}
        for part in of.parts:
            declared.setdefault(part, set()).update(stated)
    return Ownership(set(found), declared)


class Obligations:
    """The table of profiles: rule, profile and extent to severity."""

    def __init__(self, root: str, shapes: Iterable[pyoxigraph.Triple]) -> None:
        rows = ask(root, "obligations", store_of(shapes)).rows()
        self.profiles = sorted({slug(str(row["profile"])) for row in rows})
        listed = [row for row in rows if row["rule"] is not None]
        self._table = {
            (str(row["rule"]), slug(str(row["profile"])), slug(str(row["extent"] or ""))): slug(str(row["severity"]))
            for row in listed
            if row["severity"] is not None
        }
        self._asked = {rule for rule, _, _ in self._table}
        self._always = {str(row["rule"]) for row in listed} - self._asked

    def severity(self, rule: str, declared: set[tuple[str, str]], own: str) -> str | None:
        """Return how grave a finding by ``rule`` is on what is ``declared``, or None where it is not asked.

        ``own`` is the severity in the shape file; it holds for the rules that every record must keep. Rules that no
        profile lists repeat others for engines that do not read the table, and are not asked.
        """
        if rule in self._always:
            return own
        found = [
            self._table.get((rule, profile, extent)) or self._table.get((rule, profile, ""))
            for profile, extent in declared
        ]
        return min((severity for severity in found if severity), key=RANK.__getitem__, default=None)
