"""The ontology, the code lists and the rules as their pages show them, and drawings of the model for SVG."""

from collections.abc import Mapping
from functools import cached_property
from textwrap import wrap
from types import SimpleNamespace
from typing import Any, NamedTuple

import pyoxigraph

from ..graph.files import read_file
from ..project.root import files_below
from ..query.engine import ask, store_of
from ..query.results import Value
from ..query.session import Session
from ..rdf.namespaces import BASE, slug
from ..tables.columns import grouped
from ..text import without_accents

_HUBS = ("ResponseDocument", "Element", "PolicyEvent", "CoverageStatement")
_WIDE, _MIDDLE, _GAP = 270, 170, 56
_LINE, _PAD, _SPACE = 16, 9, 10
_LETTERS = 38


class Term(NamedTuple):
    """A term of the ontology: what is said of it, and the IRIs of the terms that it is a kind of."""

    iri: str
    name: str
    kind: str
    label: str
    definition: str
    note: str
    example: str
    deprecated: str
    above: list[str]


class Model:
    """Answers about the ontology and the rules of ``kg``."""

    def __init__(self, kg: Session) -> None:
        self._kg = kg

    @cached_property
    def _store(self) -> pyoxigraph.Store:
        root = self._kg.root
        paths = [f"ontology/{name}.ttl" for name in ("napgraph", "napgraph-rl", "tool")]
        paths += files_below(root, "shapes", (".ttl",)) + files_below(root, "data/sources", (".ttl",))
        return store_of(triple for path in paths for triple in read_file(root, path))

    def _rows(self, name: str) -> list[dict[str, Value]]:
        return ask(self._kg.root, name, self._store).rows()

    @cached_property
    def terms(self) -> dict[str, Term]:
        """The terms by IRI, with their English labels."""
        made: dict[str, Term] = {}
        for row in (row for row in self._rows("terms") if row["language"] == "en"):
            texts = {key: str(value or "") for key, value in row.items() if key != "language"}
            iri, kind, label, definition, note, example, above, gone = texts.values()
            term = made.setdefault(iri, Term(iri, slug(iri), kind, label, definition, note, example, gone, []))
            term.above.extend({above} - {"", *term.above})
        return made

    @cached_property
    def _named(self) -> dict[str, dict[str, str]]:
        """What the terms are called, by language and IRI."""
        spoken = grouped(self._rows("terms"), "language")
        return {key: {str(row["term"]): str(row["label"]) for row in rows} for key, rows in spoken.items()}

    def terms_in(self, language: str) -> dict[str, Term]:
        """Return the terms by IRI as one language calls them, classes first, each kind in the order of the alphabet."""
        order, named = ("class", "property", "datatype"), self._named[language]
        made = [term._replace(label=named.get(term.iri, term.label)) for term in self.terms.values()]
        made.sort(key=lambda term: (order.index(term.kind), without_accents(term.label)))
        return {term.iri: term for term in made}

    def tree(self, language: str = "en", space: str = f"{BASE}ont#") -> list[Any]:
        """Return the classes of a namespace, each below the first of ours that it is a kind of."""
        found = self.terms_in(language).values()
        classes = [term for term in found if term.kind == "class" and term.iri.startswith(space)]
        parents = {term.iri: next((iri for iri in term.above if iri in self.terms), "") for term in classes}
        return branches({term.iri: (term.label, term.definition, "") for term in classes}, parents)

    def drawings(self, words: Mapping[str, str], language: str = "en") -> list[Any]:
        """Return the drawings of the model, with the ``words`` that tell them to those who cannot see them.

        Each has a class in the middle, whose left edge is ``middle``, what points to it, and what it points to.
        """
        links = [[str(row[key]) for key in ("class", "property", "target")] for row in self._rows("model")]
        return [self._drawing(f"{BASE}ont#{name}", links, words, language) for name in _HUBS]

    def _drawing(self, iri: str, links: list[list[str]], words: Mapping[str, str], language: str) -> Any:
        sides: tuple[dict[str, list[str]], ...] = ({}, {})  # what points here, and what this points to
        for source, predicate, target in links:
            if iri in {source, target}:
                side, other = (sides[1], target) if source == iri else (sides[0], source)
                side.setdefault(other, []).append(self._label(predicate, language))
        # Where nothing points here, its column is not needed.
        middle = _WIDE + _GAP if sides[0] else 0
        start = middle + _MIDDLE + _GAP
        left, right = (self._boxes(side, x, language) for side, x in zip(sides, (0, start), strict=True))
        bottoms = [boxes[-1].y + boxes[-1].height + _SPACE // 2 if boxes else 0 for boxes in (left, right)]
        hub = self._label(iri, language)
        sides_in_words = {
            "from": "; ".join(f"{', '.join(box.properties)}: {box.words}" for box in right),
            "to": "; ".join(f"{box.words} ({', '.join(box.properties)})" for box in left),
        }
        said = " ".join(words[key].format(hub=hub, what=what) for key, what in sides_in_words.items() if what)
        high, top = max(*bottoms, 2 * _LINE + 4 * _PAD), max(bottoms[0] // 2, _LINE + 2 * _PAD)
        told = {"words": hub, "href": self._href(iri), "told": said, "left": left, "right": right}
        return SimpleNamespace(**told, width=start + _WIDE, height=high, middle=middle, top=top)

    def _boxes(self, side: Mapping[str, list[str]], x: int, language: str) -> list[Any]:
        """Return the classes beside the one in the middle, with the properties between the two, also in lines."""
        made, y = list[Any](), _SPACE // 2
        for iri, repeated in side.items():
            named = list(dict.fromkeys(repeated))
            lines = wrap(", ".join(named), _LETTERS)
            height = (1 + len(lines)) * _LINE + 2 * _PAD
            told = {"words": self._label(iri, language), "href": self._href(iri), "properties": named, "lines": lines}
            made.append(SimpleNamespace(**told, x=x, y=y, height=height))
            y += height + _SPACE
        return made

    def _label(self, iri: str, language: str) -> str:
        if iri in self.terms:
            return self._named[language].get(iri, self.terms[iri].label)
        return self._kg.speaking(language).labels_of([iri]).get(iri) or slug(iri)

    def _href(self, iri: str) -> str:
        return f"#{slug(iri)}" if iri in self.terms else iri

    def rule_sets(self, language: str) -> list[Any]:
        """Return the rules by set, named in ``language``, first the sets that the source asks for.

        Of each what to write and why, how grave it is, and the passages that ask for it.
        """
        made: dict[str, Any] = {}
        rules: dict[str, Any] = {}
        for row in (row for row in self._rows("rule-pages") if row["language"] == language):
            group, iri = str(row["set"]), str(row["rule"])
            if iri not in rules:
                given = {key: str(row[key] or "") for key in ("name", "told")}
                rules[iri] = SimpleNamespace(iri=iri, **given, severity=slug(str(row["severity"])), passages=[])
                of = SimpleNamespace(iri=group, heading=str(row["heading"]), rules=[])
                made.setdefault(group, of).rules.append(rules[iri])
            rules[iri].passages.extend([str(row["passage"])] if row["passage"] else [])
        return sorted(made.values(), key=lambda each: not any(rule.passages for rule in each.rules))


def branches(told: dict[str, tuple[str, str, str]], parents: Mapping[str, str]) -> list[Any]:
    """Return the topmost of ``told`` (IRI to label, meaning, note), each with what is below it, in their order."""
    top, made = list[Any](), dict[str, Any]()
    for iri, (label, words, note) in told.items():
        made[iri] = {"iri": iri, "label": label, "told": words, "note": note, "below": []}
    for iri, branch in made.items():
        parent = made.get(parents.get(iri, ""))
        (parent["below"] if parent else top).append(branch)
    return top
