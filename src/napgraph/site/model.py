"""The ontology, the code lists and the rules as their pages show them: what the saved look-ups answer, put in order.

The model is drawn as SVG inside the page, in its colours and without a style, which the pages' security policy refuses:
a class in the middle, what points to it on the left, what it points to on the right.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property
from textwrap import wrap
from types import MappingProxyType
from typing import NamedTuple

import pyoxigraph

from ..graph.files import read_file
from ..project.root import files_below
from ..query.engine import ask, store_of
from ..query.results import Value
from ..query.session import Session
from ..rdf.namespaces import BASE, prefixes, shorten, slug
from ..text import without_accents

_HUBS = ("ResponseDocument", "PlanElement", "PolicyEvent", "CoverageStatement")
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


class Branch(NamedTuple):
    """A term or concept with those below it."""

    iri: str
    label: str
    told: str
    note: str
    below: list["Branch"]


class Rule(NamedTuple):
    """A rule for readers: what to write and why, how grave it is, and the passages that ask for it."""

    iri: str
    name: str
    told: str
    severity: str
    passages: list[str]


class RuleSet(NamedTuple):
    """A set of rules that a profile asks for together."""

    iri: str
    heading: str
    rules: list[Rule]


class Box(NamedTuple):
    """A class beside the one in the middle of a drawing, with the properties between the two, also in lines.

    ``x`` and ``y`` are its left and upper edge, ``meets`` the edge where the arrow meets it.
    """

    words: str
    href: str
    properties: list[str]
    lines: list[str]
    x: int
    y: int
    height: int
    meets: int


class Drawing(NamedTuple):
    """The class in the middle, and what points to it on its left, what it points to on its right.

    ``middle`` is the left edge of the class, ``top`` the height of the arrows; ``told`` says it in words.
    """

    words: str
    href: str
    width: int
    height: int
    left: list[Box]
    right: list[Box]
    middle: int
    top: int
    told: str


class Model:
    """Answers about the ontology and the rules of ``kg``."""

    def __init__(self, kg: Session, named: Mapping[str, Mapping[str, str]] = MappingProxyType({})) -> None:
        """``named`` is what the terms are called in other languages than English, by language and name."""
        self._kg, self._named = kg, {"en": {}, **named}
        self._prefixes = prefixes(kg.root)

    @cached_property
    def _store(self) -> pyoxigraph.Store:
        root = self._kg.root
        paths = [f"ontology/{name}.ttl" for name in ("napgraph", "napgraph-rl")]
        paths += files_below(root, "shapes", (".ttl",)) + files_below(root, "data/sources", (".ttl",))
        return store_of(triple for path in paths for triple in read_file(root, path))

    def _rows(self, name: str) -> list[dict[str, Value]]:
        return ask(self._kg.root, name, self._store).rows()

    @cached_property
    def terms(self) -> dict[str, Term]:
        """The terms by IRI, with their English labels."""
        made: dict[str, Term] = {}
        for row in self._rows("terms"):
            iri, kind, label, definition, note, example, above, gone = (str(row[key] or "") for key in row)
            term = made.setdefault(iri, Term(iri, slug(iri), kind, label, definition, note, example, gone, []))
            term.above.extend({above} - {"", *term.above})
        return made

    def terms_in(self, language: str) -> dict[str, Term]:
        """Return the terms by IRI as one language calls them, classes first, each kind in the order of the alphabet."""
        order, named = ("class", "property", "datatype"), self._named[language]
        made = [term._replace(label=named.get(term.name, term.label)) for term in self.terms.values()]
        made.sort(key=lambda term: (order.index(term.kind), without_accents(term.label)))
        return {term.iri: term for term in made}

    def tree(self, language: str = "en") -> list[Branch]:
        """Return the classes of the ontology, each below the first of ours that it is a kind of."""
        classes = [term for term in self.terms_in(language).values() if term.kind == "class"]
        parents = {term.iri: next((iri for iri in term.above if iri in self.terms), None) for term in classes}
        return list(branches({term.iri: (term.label, term.definition, "") for term in classes}, parents))

    @cached_property
    def _links(self) -> list[list[str]]:
        return [[str(row[key]) for key in ("class", "property", "target")] for row in self._rows("model")]

    def drawings(self, words: Mapping[str, str], language: str = "en") -> list[Drawing]:
        """Return the drawings of the model: what surrounds a document, an element, an event, a coverage statement.

        ``words`` are those of the page, which tell a drawing to those who cannot see it. Both columns begin at the top,
        where a narrow screen shows them first.
        """
        return [self._drawing(f"{BASE}ont#{name}", words, language) for name in _HUBS]

    def _drawing(self, iri: str, words: Mapping[str, str], language: str) -> Drawing:
        left, right = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
        for source, predicate, target in self._links:
            if iri in {source, target}:
                side, other = (right, target) if source == iri else (left, source)
                side[other].append(self._label(predicate, language))
        # Where nothing points here, its column is not needed.
        start, middle = (_WIDE + _MIDDLE + 2 * _GAP, _WIDE + _GAP) if left else (_MIDDLE + _GAP, 0)
        columns: list[list[Box]] = []
        heights = []
        for side, x, meets in ((left, 0, _WIDE), (right, start, start)):
            columns.append([])
            y = _SPACE // 2
            for other, repeated in side.items():
                named = list(dict.fromkeys(repeated))
                lines = wrap(", ".join(named), _LETTERS)
                height = (1 + len(lines)) * _LINE + 2 * _PAD
                box = Box(self._label(other, language), self._href(other), named, lines, x, y, height, meets)
                columns[-1].append(box)
                y += height + _SPACE
            heights.append(y - _SPACE // 2)
        hub = self._label(iri, language)
        sides = {"from": "; ".join(f"{', '.join(box.properties)}: {box.words}" for box in columns[1])}
        sides["to"] = "; ".join(f"{box.words} ({', '.join(box.properties)})" for box in columns[0])
        told = " ".join(words[key].format(hub=hub, what=what) for key, what in sides.items() if what)
        high, top = max(*heights, 2 * _LINE + 4 * _PAD), max(heights[0] // 2, _LINE + 2 * _PAD)
        return Drawing(hub, self._href(iri), start + _WIDE, high, columns[0], columns[1], middle, top, told)

    def _label(self, iri: str, language: str) -> str:
        named, term = self._named[language], self.terms.get(iri)
        if term:
            return named.get(term.name, term.label)
        return named.get(shorten(iri, self._prefixes)) or self._kg.labels.get(iri) or slug(iri)

    def _href(self, iri: str) -> str:
        return f"#{slug(iri)}" if iri in self.terms else iri

    def rule_sets(self, language: str) -> list[RuleSet]:
        """Return the rules by set, named in ``language``; what to write is told in English.

        First come the sets that the source asks for, then those that keep a record sound.
        """
        made: dict[str, RuleSet] = {}
        rules: dict[str, Rule] = {}
        for row in (row for row in self._rows("rule-pages") if row["language"] == language):
            group, iri = str(row["set"]), str(row["rule"])
            if iri not in rules:
                name, told, severity = (str(row[key] or "") for key in ("name", "told", "severity"))
                rules[iri] = Rule(iri, name, told, slug(severity), [])
                made.setdefault(group, RuleSet(group, str(row["heading"]), [])).rules.append(rules[iri])
            rules[iri].passages.extend([str(row["passage"])] if row["passage"] else [])
        return sorted(made.values(), key=lambda each: not any(rule.passages for rule in each.rules))

    @property
    def languages(self) -> list[str]:
        """The languages in which every rule has a name, English first."""
        spoken = {str(row["language"]) for row in self._rows("rule-pages")}
        return sorted(spoken, key=lambda language: (language != "en", language))


def branches(told: dict[str, tuple[str, str, str]], parents: Mapping[str, str | None]) -> Iterator[Branch]:
    """Yield the topmost of ``told`` (IRI to label, meaning, note), each with what is below it, in their order."""
    made = {iri: Branch(iri, *texts, []) for iri, texts in told.items()}
    for iri, branch in made.items():
        parent = made.get(parents.get(iri) or "")
        if parent:
            parent.below.append(branch)
        else:
            yield branch
