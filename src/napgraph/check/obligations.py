"""Which document a resource belongs to, and how grave its document's profile makes a finding.

Both are answered by saved queries: what belongs to what by ``lookup/owners.rq``, what each profile asks by
``lookup/obligations.rq`` over ``shapes/profiles.ttl``.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph

from ..namespaces import slug
from ..query.catalogue import read_query
from ..query.run import run_text
from .report import RANK

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..query.table import Value

__all__ = ["Obligations", "Ownership", "ownership"]


class Ownership(NamedTuple):
    """The documents of a record, and per resource the (profile, extent) of each document that it belongs to."""

    documents: set[str]
    declared: dict[str, set[tuple[str, str]]]


def ownership(root: str, triples: Iterable[pyoxigraph.Triple], profile: str | None) -> Ownership:
    """Find out which document each resource belongs to; ``profile``, if given, stands for what they declare."""
    documents: set[str] = set()
    declared: dict[str, set[tuple[str, str]]] = {}
    for row in _answer(root, "owners", triples):
        documents.add(str(row["document"]))
        stated = profile or slug(str(row["profile"] or ""))
        declared.setdefault(str(row["part"]), set()).add((stated, slug(str(row["extent"] or ""))))
    return Ownership(documents, declared)


class Obligations:
    """The table of profiles: rule, profile and extent to severity."""

    def __init__(self, root: str, shapes: Iterable[pyoxigraph.Triple]) -> None:
        rows = _answer(root, "obligations", shapes)
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


def _answer(root: str, name: str, triples: Iterable[pyoxigraph.Triple]) -> list[dict[str, Value]]:
    query = read_query(os.path.join(root, "queries", "lookup", f"{name}.rq"), "lookup")
    store = pyoxigraph.Store()
    store.extend(pyoxigraph.Quad(*triple) for triple in triples)
    return run_text(store, query.text, name).rows()
