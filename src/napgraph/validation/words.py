"""What the nodes and values of a record are called in a sentence: the activity “Train staff”, the period of the plan.

No raw term reaches a reader: a nameless node is told by its kind and by what it belongs to.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

import pyoxigraph

from ..rdf.namespaces import BASE

if TYPE_CHECKING:
    from ..project.messages import Catalogue
    from ..records.record import Record
    from .labels import Lexicon

Term = pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal
_LONGEST = 80
_DEEPEST = 3


class Namer:
    """Names for the nodes of one record, in one language; ``codes`` says whether a code stands beside its label."""

    def __init__(self, record: Record, lexicon: Lexicon, catalogue: Catalogue, *, codes: bool = True) -> None:
        self._record, self._lexicon, self._catalogue, self._codes = record, lexicon, catalogue, codes
        self._links = {role: [lexicon.long(term) for term in terms] for role, terms in lexicon.grades["links"].items()}

    @cached_property
    def terms(self) -> dict[str, Term]:
        """The terms of the record by their N-Triples text."""
        found: dict[str, Term] = {}
        for triple in self._record.triples:
            for term in (triple.subject, triple.object):
                if isinstance(term, Term):
                    found.setdefault(str(term), term)
        return found

    @cached_property
    def forward(self) -> dict[str, dict[str, list[Term]]]:
        """Node -> property IRI -> values."""
        made: dict[str, dict[str, list[Term]]] = {}
        for subject, predicate, value in self._record.triples:
            if isinstance(value, Term):
                made.setdefault(str(subject), {}).setdefault(predicate.value, []).append(value)
        return made

    @cached_property
    def _above(self) -> dict[str, str]:
        """Node -> what it says it belongs to, else the first node that points to it, the document last.

        Links that lead ``aside``, as from a review to the plan that it follows, do not make the one part of the other.
        """
        upward, loose, aside = (set(self._links[role]) for role in ("above", "loose", "aside"))
        told: dict[str, str] = {}
        near: dict[str, str] = {}
        far: dict[str, str] = {}
        for subject, predicate, value in self._record.triples:
            if predicate.value in upward:
                told[str(subject)] = str(value)
            elif not isinstance(value, pyoxigraph.Literal) and predicate.value not in aside:
                (far if predicate.value in loose else near).setdefault(str(value), str(subject))
        return far | near | told

    def kind(self, node: str) -> str:
        """Return the narrowest kind of a node that has words, as ``prefix:name``, or an empty text."""
        types = [term for link in self._links["kind"] for term in self.forward.get(node, {}).get(link, [])]
        short = {self._lexicon.short(term.value) for term in types if isinstance(term, pyoxigraph.NamedNode)}
        return next((kind for kind in self._catalogue.things if kind in short), "")

    def name(self, node: str) -> str:
        """Return what the record calls a node, in the reader's language if it has one, or an empty text."""
        values = self.forward.get(node, {})
        for link in self._links["name"]:
            texts = [term for term in values.get(link, []) if isinstance(term, pyoxigraph.Literal)]
            texts.sort(key=lambda term: (term.language or "").partition("-")[0] != self._catalogue.language)
            if texts:
                return clipped(texts[0].value)
        return ""

    def node(self, node: str, depth: int = 0) -> str:
        """Return the words for a node of the record: its kind with its name, or with what it is part of."""
        return self._told(node, "the", depth)

    def _told(self, node: str, form: str, depth: int) -> str:
        kind, name = self.kind(node), self.name(node)
        words = self._catalogue.thing(kind, form)
        if name:
            return f"{words} {self._catalogue.quote(name)}"
        above = self._above.get(node)
        if above is not None and depth < _DEEPEST and above != node and (self.name(above) or self.kind(above)):
            whole = self._told(above, "of", depth + 1)
            return self._catalogue.text("word", "of", part=words, whole=whole)
        if not node.startswith("_:"):
            return f"{words} {self._catalogue.quote(self.address(node))}"
        line = self._line(node)
        return f"{words} ({line})" if line else words

    def _line(self, node: str) -> str:
        term = self.terms.get(node)
        if term is None or isinstance(term, pyoxigraph.Literal):
            return ""
        place = self._record.place(term)
        if place.cell:
            return f"{place.sheet}!{place.cell}"
        return self._catalogue.text("word", "line", line=place.line) if place.line else ""

    def address(self, node: str) -> str:
        """Return an IRI as briefly as it can be told: by prefix, or without what all records share."""
        iri = node.strip("<>")
        short = self._lexicon.short(iri)
        if not short.startswith("<"):
            return short
        shared = f"{BASE}id/"
        return iri.removeprefix(shared).partition("/")[2] or iri if iri.startswith(shared) else clipped(iri)

    def value(self, text: str) -> str:
        """Return the words for a value, given in N-Triples: a text in quotes, a code with its label, a node."""
        if text.startswith("_:") or text in self.forward:
            return self.node(text)
        if text.startswith("<"):
            return self.code(text.strip("<>"))
        plain = clipped(self.plain(text))
        return self._catalogue.quote(plain) if plain else self._catalogue.text("word", "empty")

    def plain(self, text: str) -> str:
        """Return a value as it was written, without quotes, language or datatype."""
        if text.startswith("_:"):
            return self.node(text)
        if text.startswith("<"):
            return self.address(text)
        term = self.terms.get(text) or literal(text)
        return term.value

    def code(self, iri: str) -> str:
        """Return the words for a code, or the bare address of what is none."""
        code = self._lexicon.codes.get(iri)
        if code is None:
            return self._catalogue.quote(self.address(iri))
        label = self.spoken(code.labels)
        if not self._codes:
            return self._catalogue.quote(label)
        return self._catalogue.text("word", "code", label=label, code=self._lexicon.short(iri))

    def spoken(self, labels: dict[str, str]) -> str:
        """Return the label in the reader's language, else in English, else any."""
        return labels.get(self._catalogue.language) or labels.get("en") or next(iter(labels.values()), "")

    @cached_property
    def language(self) -> str:
        """The language that most texts of the record are in, or an empty text."""
        tags = [tag for value in self._literals() if (tag := value.language)]
        return max(set(tags), key=tags.count) if tags else ""

    def _literals(self) -> Iterable[pyoxigraph.Literal]:
        return (triple.object for triple in self._record.triples if isinstance(triple.object, pyoxigraph.Literal))


def clipped(text: str, longest: int = _LONGEST) -> str:
    """Return ``text`` on one line, cut with an ellipsis where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def literal(text: str) -> pyoxigraph.Literal:
    """Return the literal of an N-Triples text."""
    line = f"_:x <x:x> {text} .".encode()
    (quad,) = pyoxigraph.parse(line, format=pyoxigraph.RdfFormat.N_TRIPLES)
    if not isinstance(quad.object, pyoxigraph.Literal):
        raise TypeError(text)
    return quad.object
