"""What the contexts of a JSON-LD file make of its keys: which are terms, which hold names instead of terms.

A processor alone knows what a context maps, so it is asked: a node with the key in question, and a look whether a
statement came of it.
"""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING

import pyoxigraph

from ..errors import nearest

if TYPE_CHECKING:
    from .jsonld import JsonLd

__all__ = ["Contexts", "numbered"]

_KEYWORDS = {
    "@id",
    "@type",
    "@value",
    "@graph",
    "@list",
    "@set",
    "@reverse",
    "@included",
    "@nest",
    "@direction",
    "@none",
}
_CONTEXTS = 20  # contexts of one file that are asked about a key
_LOOKED = 50  # words for which near terms are looked up


def numbered(term: object, tag: str) -> int | None:
    """Return the number that a term of the twin bears, or None if it bears none."""
    value = term.value if isinstance(term, (pyoxigraph.NamedNode, pyoxigraph.Literal)) else ""
    head, _, number = value.rpartition(":")
    return int(number) if head == tag else None


class Contexts:
    """The contexts of one file."""

    def __init__(self, source: JsonLd) -> None:
        self._source = source
        self._near: dict[str, str] = {}

    @cached_property
    def _definitions(self) -> dict[str, dict[str, object]]:
        return {
            key: term for context in self._source.contexts for key, term in context.items() if isinstance(term, dict)
        }

    @cached_property
    def containers(self) -> set[str]:
        """The terms below which keys are languages, indexes or names."""
        plain: tuple[object, ...] = ("@list", "@set", ["@list"], ["@set"], None)
        return {key for key, term in self._definitions.items() if term.get("@container") not in plain}

    @cached_property
    def literals(self) -> set[str]:
        """The terms whose values are JSON literals."""
        return {key for key, term in self._definitions.items() if term.get("@type") == "@json"}

    def mapped(self, keys: set[str]) -> set[str]:
        """Return those of ``keys`` that a context of the file maps."""
        known = _KEYWORDS | self._source.aliases.keys()
        for context in self._source.contexts:
            known |= {key for key, term in context.items() if term is not None}
        mapped = {key for key in keys if key in known or key.partition(":")[0] in known or key.startswith("http")}
        asked = sorted(key for key in keys - mapped if not key.startswith("@"))
        nodes = [
            {"@id": f"{self._source.tag}:{number}", key: f"{self._source.tag}:0"} for number, key in enumerate(asked)
        ]
        return mapped | {asked[tag] for tag in self.answered(nodes)}

    def answered(self, nodes: list[dict[str, str]]) -> set[int]:
        """Return the numbers of those ``nodes`` of which a statement comes under a context of the file.

        A context is asked of all at once, and in halves where one of them does not take such a value: that is known.
        """
        answered: set[int] = set()
        for context in sorted({json.dumps(context) for context in self._source.contexts} or {"{}"})[:_CONTEXTS]:
            waiting = [nodes] if nodes else []
            while waiting:
                some = waiting.pop()
                probe = f'{{"@context": {context}, "@graph": {json.dumps(some)}}}'
                try:
                    quads = list(pyoxigraph.parse(probe, format=pyoxigraph.RdfFormat.JSON_LD))
                except SyntaxError:
                    half = len(some) // 2
                    if half:
                        waiting += [some[:half], some[half:]]
                    else:
                        answered.add(int(some[0]["@id"].rpartition(":")[2]))
                else:
                    answered |= {tag for quad in quads if (tag := numbered(quad.subject, self._source.tag)) is not None}
        return answered

    def nearest(self, word: str) -> str:
        """Return the term that ``word`` is or looks like; for the first words only, as looking takes its time."""
        if word not in self._near and len(self._near) < _LOOKED:
            terms = sorted({term for context in self._source.contexts for term in context})
            same = [term for term in terms if term.rpartition(":")[2].casefold() == word.casefold()]
            self._near[word] = (same or nearest(word, terms, 1) or [""])[0]
        return self._near.get(word, "")
