"""The terms of someone's own query that the graph does not know, with the nearest it does: why rows are missing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph

from ..errors import nearest
from ..rdf.namespaces import prefixes, shorten, slug
from .text import Name, names

if TYPE_CHECKING:
    from .catalogue import SavedQuery
    from .results import ResultTable

_NEAR, _SOUGHT = 2, 4
_DATATYPES = "http://www.w3.org/2001/XMLSchema#"  # datatypes and casts: in a graph only inside literals


class Unknown(NamedTuple):
    """A term of a query that the graph does not know: as written, its line, and the nearest that it knows."""

    written: str
    line: int
    near: list[str]

    @property
    def words(self) -> str:
        """The sentence for the user."""
        close = f"; close: {' or '.join(self.near)}" if self.near else ""
        return f"{self.written} (line {self.line}) is not used in the data{close}."


def unknown_terms(root: str, query: SavedQuery, ask: Callable[..., ResultTable]) -> list[Unknown]:
    """Return the terms of ``query`` that nothing in the graph bears, uses or points to, in their order.

    ``ask`` answers a saved query about that graph.
    """
    asked: dict[str, Name] = {}
    for each in names(query.text):
        if each.iri and not each.iri.startswith(_DATATYPES):
            try:
                asked.setdefault(pyoxigraph.NamedNode(each.iri).value, each)
            except ValueError:
                continue  # no address, or one that a BASE completes
    if not asked:
        return []
    known = {row["term"] for row in ask("known-terms", term=list(asked))}
    if known >= set(asked):
        return []
    table = prefixes(root)
    choice: dict[str, list[str]] = {}
    for row in ask("terms-to-choose"):
        choice.setdefault(slug(str(row["term"])), []).append(shorten(str(row["term"]), table))
    return [
        Unknown(each.written, each.line, _near(iri, shorten(iri, table), choice))
        for iri, each in asked.items()
        if iri not in known
    ]


def _near(iri: str, short: str, choice: dict[str, list[str]]) -> list[str]:
    """Return the terms whose names are most alike, of those with one name in any case the one of the same prefix first.

    The prefix is not compared: it may be what is wrong, and would make all terms that share it alike.
    """
    prefix = short.partition(":")[0]
    names = nearest(slug(iri), choice, _SOUGHT)
    folds = list(dict.fromkeys(name.casefold() for name in names))
    found = [
        (folds.index(name.casefold()), not term.startswith(f"{prefix}:"), term)
        for name in names
        for term in choice[name]
    ]
    return [term for _, _, term in sorted(found, key=lambda each: each[:2])][:_NEAR]
