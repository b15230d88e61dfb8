"""What rules, codes and terms are called, by saved queries over shapes, code lists and ontology; names for nodes.

No raw term reaches a reader: a blank node is named by its kind and by what it belongs to, such as the period of the
plan. Not here: the sentences (``messages``).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import pyoxigraph

from ..project.messages import grades
from ..query.engine import ask, store_of
from ..rdf.namespaces import BASE, prefixes, shorten, slug

if TYPE_CHECKING:
    from ..project.messages import Catalogue
    from ..query.results import Results
    from ..records.record import Record

Term = pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal
_LONGEST = 80
_DEEPEST = 3


class Passage(NamedTuple):
    """The paragraph that asks for something: title of the source, section, paragraph, item of a list or 0."""

    source: str
    section: str
    paragraph: int
    item: int


class Rule(NamedTuple):
    """One rule: its name by language, its place in the order, who asks for it, and what it allows, by kind.

    Kinds are term, class, datatype, code, member, scheme, feature, wanted and the limits of values.
    """

    iri: str
    order: float
    names: dict[str, str]
    passage: Passage | None
    allowed: dict[str, list[str]]

    def values(self, kind: str) -> list[str]:
        """Return what it allows of one kind."""
        return self.allowed.get(kind, [])


class Code(NamedTuple):
    """One code: the list that holds it (empty for a profile or a collection), and its labels by language."""

    iri: str
    scheme: str
    labels: dict[str, str]


class Labels:
    """Names of what the project's own files define; ``triples`` are those of shapes, ontology and code lists."""

    def __init__(self, root: str, triples: Iterable[pyoxigraph.Triple]) -> None:
        self._root = root
        self._triples = triples
        self._short: dict[str, str] = {}

    @cached_property
    def rules(self) -> dict[str, Rule]:
        """All rules by IRI."""
        allowed: dict[str, dict[str, list[str]]] = {}
        for row in self._answer("rule-values"):
            allowed.setdefault(str(row["rule"]), {}).setdefault(str(row["kind"]), []).append(str(row["allowed"]))
        made: dict[str, Rule] = {}
        for row in self._answer("rules"):
            iri = str(row["rule"])
            passage = None
            if row["section"] is not None:
                numbers = (int(row["paragraph"] or 0), int(row["item"] or 0))
                passage = Passage(str(row["source"]), str(row["section"]), *numbers)
            rule = made.setdefault(iri, Rule(iri, float(row["order"] or 0), {}, passage, allowed.get(iri, {})))
            rule.names[str(row["language"])] = str(row["name"])
        return made

    @cached_property
    def codes(self) -> dict[str, Code]:
        """All codes by IRI, in the order of their lists."""
        made: dict[str, Code] = {}
        for row in self._answer("codes"):
            code = made.setdefault(str(row["code"]), Code(str(row["code"]), str(row["list"] or ""), {}))
            code.labels[str(row["language"])] = str(row["label"])
        return made

    @cached_property
    def lists(self) -> dict[str, dict[str, str]]:
        """The title of each list of codes, by language."""
        return _by_language((row["list"], row["language"], row["title"]) for row in self._answer("lists"))

    @cached_property
    def sheet_words(self) -> dict[str, dict[str, str]]:
        """What the workbook calls its sheets, columns and words, by language."""
        rows = (row for row in self._answer("workbook-words") if row["role"] == "label")
        return _by_language((slug(str(row["thing"])), row["language"], row["text"]) for row in rows)

    @cached_property
    def sheets(self) -> dict[str, int]:
        """The place of each sheet of the workbook in their order, by its name in any language."""
        order = {slug(str(row["sheet"])): int(row["order"] or 0) for row in self._answer("workbook-sheets")}
        names = ((name, label) for name in order for label in self.sheet_words.get(name, {}).values())
        return {label: order[name] for name, label in names}

    @cached_property
    def vocabulary(self) -> dict[str, set[str]]:
        """The terms by kind: class, property, datatype."""
        rows = self._answer("vocabulary").rows()
        return {
            kind: {str(row["term"]) for row in rows if row["kind"] == kind}
            for kind in ("class", "property", "datatype")
        }

    @cached_property
    def prefixes(self) -> dict[str, str]:
        """The project's prefixes."""
        return prefixes(self._root)

    @cached_property
    def grades(self) -> dict[str, dict[str, Any]]:
        """What the sentences of all languages share."""
        return grades(self._root)

    def long(self, name: str) -> str:
        """Return the IRI of ``prefix:name``."""
        prefix, _, local = name.partition(":")
        return self.prefixes[prefix] + local

    def short(self, iri: str) -> str:
        """Return an IRI as ``prefix:name``, or in angle brackets."""
        if iri not in self._short:
            self._short[iri] = shorten(iri, self.prefixes)
        return self._short[iri]

    @cached_property
    def _store(self) -> pyoxigraph.Store:
        return store_of(self._triples)

    def _answer(self, name: str) -> Results:
        return ask(self._root, name, self._store)


def _by_language(rows: Iterable[tuple[object, object, object]]) -> dict[str, dict[str, str]]:
    made: dict[str, dict[str, str]] = {}
    for thing, language, text in rows:
        made.setdefault(str(thing), {})[str(language)] = str(text)
    return made


class NodeNames:
    """Names for the nodes of one record, in one language; beside its label stands a code, but not in a sheet.

    ``terms`` are the terms of the record by their N-Triples text; ``forward`` is node -> property IRI -> values. A node
    belongs to the one it names, else to the first that points to it, a document last of all. Links that lead
    ``aside``, as from a review to the plan that it follows, do not make the one part of the other.
    """

    def __init__(self, record: Record, labels: Labels, catalogue: Catalogue) -> None:
        self._record, self._labels, self._catalogue = record, labels, catalogue
        self.sheets = record.format in {"xlsx", "csv"}
        self.terms: dict[str, Term] = {}
        self.forward: dict[str, dict[str, list[Term]]] = {}
        links = {role: [labels.long(name) for name in names] for role, names in labels.grades["links"].items()}
        self._kinds, self._names = links["kind"], links["name"]
        upward, loose, aside = (set(links[role]) for role in ("above", "loose", "aside"))
        told: dict[str, str] = {}
        near: dict[str, str] = {}
        far: dict[str, str] = {}
        terms, forward = self.terms, self.forward
        for subject, predicate, value in record.triples:
            node, link, other = str(subject), predicate.value, str(value)
            if not isinstance(value, pyoxigraph.Triple):
                terms.setdefault(node, subject)
                terms.setdefault(other, value)
                forward.setdefault(node, {}).setdefault(link, []).append(value)
            if link in upward:
                told[node] = other
            elif link not in aside and not isinstance(value, pyoxigraph.Literal):
                (far if link in loose else near).setdefault(other, node)
        self._above = far | near | told

    def kind(self, node: str) -> str:
        """Return the narrowest kind of a node that has words, as ``prefix:name``, or an empty text."""
        types = [term for link in self._kinds for term in self.forward.get(node, {}).get(link, [])]
        short = {self._labels.short(term.value) for term in types if isinstance(term, pyoxigraph.NamedNode)}
        return next((kind for kind in self._catalogue.things if kind in short), "")

    def name(self, node: str) -> str:
        """Return what the record calls a node, in the reader's language if it has one, or an empty text."""
        values = self.forward.get(node, {})
        for link in self._names:
            texts = [term for term in values.get(link, []) if isinstance(term, pyoxigraph.Literal)]
            texts.sort(key=lambda term: (term.language or "").partition("-")[0] != self._catalogue.language)
            if texts:
                return clipped(texts[0].value)
        return ""

    def node(self, node: str) -> str:
        """Return the words for a node of the record: its kind with its name, or with what it is part of."""
        return self._told(node, "the", 0)

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
        short = self._labels.short(iri)
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
        code = self._labels.codes.get(iri)
        if code is None:
            return self._catalogue.quote(self.address(iri))
        label = self.spoken(code.labels)
        if self.sheets:
            return self._catalogue.quote(label)
        return self._catalogue.text("word", "code", label=label, code=self._labels.short(iri))

    def spoken(self, labels: dict[str, str]) -> str:
        """Return the label in the reader's language, else in English, else any."""
        return labels.get(self._catalogue.language) or labels.get("en") or next(iter(labels.values()), "")

    @cached_property
    def language(self) -> str:
        """The language that most texts of the record are in, or an empty text."""
        values = (triple.object for triple in self._record.triples)
        tags = [tag for value in values if isinstance(value, pyoxigraph.Literal) and (tag := value.language)]
        return max(set(tags), key=tags.count) if tags else ""


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
