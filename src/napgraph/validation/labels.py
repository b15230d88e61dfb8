"""What the project's own files define, what it is called and what looks like it; names for the nodes of a record."""

import re
import unicodedata
from collections.abc import Collection, Iterable
from difflib import get_close_matches
from functools import cache, cached_property, partial
from posixpath import normpath
from typing import NamedTuple, cast
from urllib.parse import unquote

import pyoxigraph

from ..project.messages import Catalogue, grades
from ..query.engine import ask, store_of
from ..rdf.namespaces import BASE, prefixes, shorten, slug
from ..records.record import Record, languages_of
from ..text import without_accents

Term = pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal
_LONGEST, _DEEPEST = 80, 3
ALIKE = str.maketrans(
    "аеорсухіјѕԁһӏкмтвнґАЕОРСУХІЈЅКМТВНоοαεικνρτυχΑΒΕΗΙΚΜΝΟΡΤΥΧΖ",
    "aeopcyxijsdhlkmtbhrAEOPCYXIJSKMTBHooaeiknptuxABEHIKMNOPTYXZ",
)
_PORT = re.compile(r"^(https?://[^/]*?):(?:80|443)(?=/|$)")
_CLOSE, _QUITE_CLOSE, _SHORT = 0.7, 0.75, 3
JURISDICTION = re.compile(re.escape(BASE) + r"jurisdiction/[a-z]{3}")
PART = re.compile(JURISDICTION.pattern + r"-[a-z0-9]{1,8}")
"""A part of a state, such as a city: one that no list has is described by the record of its plan."""


class Rule(NamedTuple):
    """One rule: its name by language, who asks for it, and what it allows, by kind.

    ``passage`` has title of the source, section, paragraph, and item of a list or 0; it is empty where none is known.
    Kinds are term, class, datatype, code, member, scheme, feature, wanted and the limits of values.
    """

    iri: str
    names: dict[str, str]
    passage: tuple[str, str, int, int] | tuple[()]
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
    """Names and IRIs of what the project's own files define; ``triples`` are those of shapes, ontology and code lists.

    ``links`` are properties by what they do, such as to name; ``kinds`` and ``languages`` those that say what something
    is, and which language; ``renamed`` are terms of version 0.1 with what they are called now.
    """

    def __init__(self, root: str, triples: Collection[pyoxigraph.Triple]) -> None:
        self._answer = partial(ask, root, store=store_of(triples))
        self.prefixes = prefixes(root)
        self.grades = grades(root)  # what the sentences of all languages share
        self.short = cache(partial(shorten, table=self.prefixes))  # an IRI as ``prefix:name``, or in angle brackets
        self.links, self.renamed = self.grades["links"], self.grades["renamed"]
        self.kinds, self.languages = ({*self.links[role]} for role in ("kind", "language"))
        terms = (term.datatype if isinstance(term, pyoxigraph.Literal) else term for each in triples for term in each)
        self.iris = {term.value for term in terms if isinstance(term, pyoxigraph.NamedNode)}
        named = [(s, p.value, o.value) for s, p, o in triples if isinstance(o, pyoxigraph.NamedNode)]
        to_class = {*self.kinds, *self.links["to-class"]}
        self.classes = {value for _, link, value in named if link in to_class}
        classes = {node for node, link, kind in named if link in self.kinds and kind in self.links["class"]}
        self.classes |= {node.value for node in classes if isinstance(node, pyoxigraph.NamedNode)}
        self.ranges: dict[str, set[str]] = {}
        for node, link, kind in named:
            if link in self.links["range"]:
                self.ranges.setdefault(getattr(node, "value", ""), set()).add(kind)

    def rule(self, iri: str) -> Rule:
        """Return the rule with this IRI; one that nothing is known of allows nothing and has no name."""
        return self._rules.get(iri) or Rule(iri, {}, (), {})

    @cached_property
    def _rules(self) -> dict[str, Rule]:
        made: dict[str, Rule] = {}
        for row in self._answer("rules"):
            iri, where = str(row["rule"]), (str(row["source"]), str(row["section"]))
            passage = (*where, int(row["paragraph"] or 0), int(row["item"] or 0)) if row["section"] is not None else ()
            made.setdefault(iri, Rule(iri, {}, passage, {})).names[str(row["language"])] = str(row["name"])
        for row in self._answer("rule-values"):
            if (iri := str(row["rule"])) in made:
                made[iri].allowed.setdefault(str(row["kind"]), []).append(str(row["allowed"]))
        return made

    @cached_property
    def currencies(self) -> set[str]:
        """The codes of currencies; not the one that says that none is printed."""
        return {*self.rule(self.long("nsh:MonetaryAmount-currency")).values("member")} - {"XXX"}

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
        return {label: order[name] for name in order for label in self.sheet_words.get(name, {}).values()}

    @cached_property
    def vocabulary(self) -> dict[str, set[str]]:
        """The terms by kind: class, property, datatype."""
        rows = self._answer("vocabulary").rows()
        kinds = ("class", "property", "datatype")
        return {kind: {str(row["term"]) for row in rows if str(row["kind"]) == kind} for kind in kinds}

    def long(self, name: str) -> str:
        """Return the IRI of ``prefix:name``."""
        prefix, _, local = name.partition(":")
        return self.prefixes[prefix] + local

    @cached_property
    def _folded(self) -> dict[str, list[str]]:
        made: dict[str, list[str]] = {}
        for iri in sorted(self.iris):
            made.setdefault(fold(iri), []).append(iri)
        return made

    @cached_property
    def _spaces(self) -> dict[str, str]:
        return {fold(space): space for space in self.prefixes.values()}

    def space(self, iri: str) -> str:
        """Return the namespace of the prefix table that the one of ``iri`` is, or looks like; or nothing."""
        return self._spaces.get(fold(space_of(iri)), "")

    def alike(self, iri: str, kind: str = "") -> str:
        """Return the known IRI, of ``kind`` if that is named, that looks the same as ``iri``; or nothing."""
        found = self._folded.get(fold(iri), [])
        return next((each for each in found if not kind or each in self.vocabulary[kind]), "")

    def like(self, iri: str, kind: str) -> str:
        """Return the known term of ``kind`` in the namespace of ``iri`` that is spelt most like it, or nothing."""
        space = space_of(iri)
        names = {term.removeprefix(space): term for term in self.vocabulary[kind] if space_of(term) == space}
        if kind == "datatype":
            names |= {name: space + name for name in published(space)}
        return closest(slug(iri), names, _QUITE_CLOSE)

    def ours(self, iri: str, kind: str) -> str:
        """Return the term of the ontology whose name a foreign IRI bears, if the name is of our own coinage."""
        name, about = slug(iri), "napgraph" in iri.casefold()
        space = self.long("nap:")
        if about:
            return self.alike(space + name, kind) or self.like(space + name, kind)
        coined = re.search(r"[a-z][A-Z]", name) and name not in published(space_of(iri))
        return self.alike(space + name, kind) if coined else ""

    def code(self, iri: str) -> str:
        """Return the code of the same list that is spelt, or called in any language, most like ``iri``; or nothing."""
        if JURISDICTION.fullmatch(iri.casefold()):
            return iri.casefold()
        return closest(_plain(slug(iri)), self._names.get(space_of(iri), {}))

    @cached_property
    def _names(self) -> dict[str, dict[str, str]]:
        """Namespace -> what its codes are called, as codes are written -> code."""
        made: dict[str, dict[str, str]] = {}
        for code in self.codes.values():
            names = made.setdefault(space_of(code.iri), {})
            names |= {_plain(label): code.iri for label in code.labels.values() if _plain(label) not in names}
        for code in self.codes.values():
            made[space_of(code.iri)][slug(code.iri)] = code.iri
        return made


def _by_language(rows: Iterable[tuple[object, object, object]]) -> dict[str, dict[str, str]]:
    made: dict[str, dict[str, str]] = {}
    for thing, language, text in rows:
        made.setdefault(str(thing), {})[str(language)] = str(text)
    return made


class NodeNames:
    """Names for the nodes of one record, in one language; beside its label stands a code, but not in a sheet.

    Nodes and values are given in N-Triples; ``forward`` is node -> property IRI -> values. A node belongs to the one it
    names, else to the first that points to it by no link ``aside``, a document last of all.
    """

    def __init__(self, record: Record, labels: Labels, catalogue: Catalogue) -> None:
        self._record, self._labels, self._catalogue = record, labels, catalogue
        self.sheets = record.format in {"xlsx", "csv"}
        self.forward: dict[str, dict[str, list[Term]]] = {}
        nodes: dict[Term, str] = {}
        stated: dict[str, str] = {}
        near: dict[str, str] = {}
        far: dict[str, str] = {}
        self._meant: dict[str, set[str]] = {}  # what a node in brackets is by the property that leads to it
        above, aside, loose = (frozenset(labels.links[role]) for role in ("above", "aside", "loose"))
        for subject, predicate, value in record.triples:
            node, link = nodes.get(subject) or nodes.setdefault(subject, str(subject)), predicate.value
            if not isinstance(value, pyoxigraph.Triple):
                self.forward.setdefault(node, {}).setdefault(link, []).append(value)
            if isinstance(value, pyoxigraph.BlankNode):
                self._meant.setdefault(str(value), labels.ranges.get(link, set()))
            if link in above:
                stated[node] = str(value)
            elif link not in aside and not isinstance(value, pyoxigraph.Literal):
                (far if link in loose else near).setdefault(str(value), node)
        self._above = far | near | stated

    def kind(self, node: str) -> str:
        """Return the narrowest kind of a node that has words, as ``prefix:name``, or an empty text."""
        types = [term for link in self._labels.kinds for term in self.forward.get(node, {}).get(link, [])]
        stated = {term.value for term in types if isinstance(term, pyoxigraph.NamedNode)}
        short = set(map(self._labels.short, stated or self._meant.get(node, set())))
        return next((kind for kind in self._catalogue.things if kind in short), "")

    def name(self, node: str) -> str:
        """Return what the record calls a node, in the reader's language if it has one, or an empty text."""
        values = self.forward.get(node, {})
        for link in self._labels.links["name"]:
            texts = [term for term in values.get(link, []) if isinstance(term, pyoxigraph.Literal)]
            texts.sort(key=lambda term: (term.language or "").partition("-")[0] != self._catalogue.language)
            if texts:
                return clipped(texts[0].value)
        return ""

    def node(self, node: str, form: str = "the", depth: int = 0) -> str:
        """Return the words for a node of the record: its kind with its name, or with what it is part of."""
        kind, name = self.kind(node), self.name(node)
        words = self._catalogue.thing(kind, form)
        if name:
            return f"{words} {self._catalogue.quote(name)}"
        above = self._above.get(node)
        if above is not None and depth < _DEEPEST and above != node and (self.name(above) or self.kind(above)):
            whole = self.node(above, "of", depth + 1)
            return self._catalogue.text("word", "of", part=words, whole=whole)
        if not node.startswith("_:"):
            return f"{words} {self._catalogue.quote(self.address(node))}"
        place = self._record.place(term_of(node))
        if place.cell:
            return f"{words} ({place.sheet}!{place.cell})"
        return f"{words} ({self._catalogue.text('word', 'line', line=place.line)})" if place.line else words

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
        return term_of(text).value

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
    def mentioned(self) -> set[str]:
        """The IRIs of all that the record describes or points to."""
        values = (value for links in self.forward.values() for values in links.values() for value in values)
        pointed = {each.value for each in values if isinstance(each, pyoxigraph.NamedNode)}
        return pointed | {node.strip("<>") for node in self.forward}

    @cached_property
    def language(self) -> str:
        """The language that most texts of the record are in, or an empty text."""
        return next(iter(languages_of(self._record.triples)), "")


def clipped(text: str) -> str:
    """Return ``text`` on one line, cut with an ellipsis where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1].rstrip() + "…"


def term_of(text: str) -> Term:
    """Return the term of an N-Triples text."""
    node = pyoxigraph.BlankNode(text[2:]) if text.startswith("_:") else None
    return node or literal_of(text) or pyoxigraph.NamedNode(text[1:-1])


def literal_of(text: str) -> pyoxigraph.Literal | None:
    """Return the literal of an N-Triples text, None for a node or nothing."""
    if not text.startswith('"'):
        return None
    (quad,) = pyoxigraph.parse(f"_:x <x:x> {text} .".encode(), format=pyoxigraph.RdfFormat.N_TRIPLES)
    return cast("pyoxigraph.Literal", quad.object)


def fold(iri: str) -> str:
    """Return an IRI as it looks and means: scheme, case, port, escapes, look-alike letters and ``#`` or ``/`` aside."""
    text = unicodedata.normalize("NFKC", unquote(iri))
    text = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    text = _PORT.sub(r"\1", text.translate(ALIKE).casefold()).replace("https://", "http://", 1)
    text = text.replace("://www.", "://", 1).replace("#", "/").rstrip("/")
    head, mark, tail = text.partition("://")
    host, _, path = tail.partition("/")
    return head + mark + host + normpath(f"/{path.lstrip('/')}").rstrip("/")


def space_of(iri: str) -> str:
    """Return the namespace of an IRI: all up to its last ``#`` or ``/``."""
    return iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]


def _plain(text: str) -> str:
    """Return a text as a code is written: small letters without accents, hyphens between words."""
    letters = without_accents(text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")


def closest(name: str, names: dict[str, str], cutoff: float = _CLOSE) -> str:
    """Return the value of the name that is spelt most like ``name``; case does not count, a part may stand for it."""
    folded = {each.casefold(): value for each, value in sorted(names.items())}
    target = name.casefold()
    if target in folded:
        return folded[target]
    if close := get_close_matches(target, folded, n=1, cutoff=cutoff):
        return folded[close[0]]
    begun = {folded[each] for each in folded if len(target) > _SHORT and each.startswith(target)}
    holding = {folded[each] for each in folded if len(target) > _SHORT + 1 and target in each}
    return next((found.pop() for found in (begun, holding) if len(found) == 1), "")


def published(space: str) -> set[str]:
    """Return the terms that a well-known vocabulary publishes under a namespace, as rdflib lists them."""
    from rdflib import namespace

    for each in vars(namespace).values():
        if isinstance(each, namespace.DefinedNamespaceMeta) and str(getattr(each, "_NS", "")) == space:
            return {*each.__annotations__, *each._extras}
    return set()
