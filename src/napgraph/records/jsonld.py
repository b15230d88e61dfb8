"""JSON-LD: made ready for the strict parser, which fetches nothing, and each of its statements found again in the text.

JSON-LD leaves out what it cannot read: a key that no context maps, a name that is no IRI. So the file is gone through
beside the parser, by the same contexts: which statement should come of each value? One that did not come is told.
An active context is the dict of all that applies, the inner over the outer; a term is looked up when it is met.
"""

from __future__ import annotations

import json
import os
import re
from collections import defaultdict
from collections.abc import Callable
from typing import Any, NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from ..errors import IntakeError, nearest
from ..rdf.namespaces import BASE
from .json_text import Json, Path, parse
from .languages import language_meant
from .limits import Limits
from .locations import pointer
from .syntax import is_tag
from .text import line_of

CONTEXT = f"{BASE}context.jsonld"
At = tuple[Path, int]  # a path, and an offset in the text

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_TYPE = f"{_RDF}type"
_SILENT = ("@id", "@index", "@context", "@value", "@language", "@direction")
_KEYED = ("@language", "@index", "@id", "@type")  # containers in which keys are no terms
_LOOKED = 50  # words for which near terms are looked up
_ROOTS = 20  # nodes without a name and not pointed to that are tried for a statement
Context = dict[str, Any]
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]*\Z")
_LABEL = re.compile(r"_:\w[\w.-]*")
_STEPS = 20  # from a term to its IRI, by prefixes that are terms


class JsonLd(NamedTuple):
    """A file ready for the strict parser: ``content`` has our context (``ours``) written in where it is named."""

    name: str
    text: str
    document: Json
    content: str
    ours: Context

    def refused(self, value: Json, problem: str, mend: str, key: str = "syntax") -> IntakeError:
        """Return the error on a value."""
        line = line_of(self.text, value.start)
        return IntakeError(self.name, problem, line=line, pointer=pointer(value.path), mend=mend, key=key)

    def refuse_language(self, value: Json, keyword: str, key: str, tag: str) -> None:
        """Refuse what cannot be a language tag, as the parser would leave the text out; and a direction."""
        if value.is_null:
            return
        if keyword == "@direction":
            problem = "a text with a base direction stands here (RDF 1.2), which is not taken."
            raise self.refused(value, problem, f'Leave out "{key}".', "rdf-1.2")
        if not is_tag(tag):
            right = language_meant(tag)
            mend = f'Write "{right}".' if right else 'Write a tag such as "en" or "pt-BR".'
            raise self.refused(value, f"{tag!r} is no language tag.", mend)

    def refuse_all(self, lost: Lost) -> IntakeError:
        """Return the error on a file without a statement, by the first thing in it that could not be read."""
        fault = f"no context says what the key {lost.values.get('key', '')!r} means"
        if lost.key == "dropped-iri":
            fault = f"{lost.values['value']!r} is no full IRI"
        mend = f'Begin with "@context": "{CONTEXT}", and give each node an "@id" that is a full IRI.'
        problem, line = f"no statement comes out of this JSON: {fault}.", line_of(self.text, lost.at[1])
        return IntakeError(self.name, problem, line=line, mend=mend, key="wrong-kind")


class Lost(NamedTuple):
    """What did not come out as it stands: where, the key of a note, and its values."""

    at: At
    key: str
    values: dict[str, str]


def prepare(text: str, name: str, root: str, limits: Limits) -> JsonLd:
    """Check JSON text and make it ready; raises IntakeError for what is refused."""
    document = parse(text, name, limits)
    source = JsonLd(name, text, document, text, _own_context(root) if CONTEXT.partition(":")[2] in text else {})
    parts, last = [], 0
    for value in document.scalars() if "@context" in text else ():
        key = _key(value)
        if key in {"@context", "@import"} and not value.is_null:
            if key == "@import" or str(value.inner).replace("http:", "https:") != CONTEXT:
                problem = f"the context {text[value.start : value.end]} is asked for, and nothing is fetched."
                mend = f"Write its terms into this file, or use {CONTEXT}, which is known here."
                raise source.refused(value, problem, mend, "context")
            parts += [text[last : value.start], json.dumps(source.ours)]
            last = value.end
        elif "@context" in value.path and key in {"@language", "@direction"}:
            source.refuse_language(value, key, key, str(value.inner))
    return source._replace(content="".join([*parts, text[last:]]))


def _own_context(root: str) -> Context:
    with open(os.path.join(root, "ontology", "context.jsonld"), encoding="utf-8") as file:
        made: Context = json.load(file)["@context"]
    return made


def _key(value: Json) -> str:
    return next((part for part in reversed(value.path) if isinstance(part, str)), "")


def _is_equal(one: str, two: str) -> bool:
    try:
        return float(one) == float(two)
    except ValueError:
        return False


class _Node:
    """A node that states something: its term, as soon as that is known, and where it stands."""

    def __init__(self, term: object, at: At) -> None:
        self.term, self.at = term, at


class _Edge(NamedTuple):
    """A property of a node: its IRI, and what the context says of it."""

    node: _Node
    iri: str
    definition: Context

    @property
    def containers(self) -> list[Any]:
        return listed(self.definition.get("@container"))


class Tracing:
    """Which value each statement came from, and the values of which none came.

    ``values`` and ``nodes`` have, per statement of the parser, the place of its value and that of its subject's node.
    """

    def __init__(self, source: JsonLd, quads: list[Quad]) -> None:
        self.lost: list[Lost] = []
        self._source, self._quads = source, quads
        self._found: dict[int, At] = {}
        self._nodes: dict[object, At] = {}
        self._near: dict[str, str] = {}
        self._bound: set[object] = set()
        self._waiting: dict[tuple[object, str, bool], list[int]] = defaultdict(list)
        for number, quad in enumerate(quads):
            self._waiting[quad.subject, quad.predicate.value, False].append(number)
            self._waiting[quad.object, quad.predicate.value, True].append(number)
        self._roots = list(dict.fromkeys(quad.subject for quad in quads if isinstance(quad.subject, BlankNode)))[::-1]
        self._graph(source.document, {})
        self.lost.sort(key=lambda one: one.at[1])
        self.nodes = [self._nodes.get(quad.subject, ((), 0)) for quad in quads]
        self.values = [self._found.get(number, node) for number, node in enumerate(self.nodes)]

    # What the file says, by its contexts

    def _graph(self, value: Json, active: Context) -> None:
        for each in value.items:
            if isinstance(each.inner, dict):
                self._described(each, active)
            elif not each.is_null:
                self._lose(each, "dropped-value", key=_key(each))

    def _described(self, value: Json, active: Context, edge: _Edge | None = None, key: str = "") -> None:
        """Go through a node, and first find the statement that points to it by ``edge``; ``key`` may be its name."""
        if context := value.pairs.get("@context"):
            active = self._merged(active, json.loads(self._source.text[context.start : context.end]))
        is_graph = edge is not None and "@graph" in edge.containers
        words = {} if is_graph else keywords(value, active)
        _, name = words.get("@id", ("", value))
        term: object = None
        if name.is_text or (key and expanded(key, active) != "@none"):
            term = term_of(str(name.inner) if name.is_text else key, active)
            if term is None:
                self._lose(name, "dropped-iri", value=str(name.inner), near="")
                return
        at = (value.path, name.start)
        if edge:
            wanted = term
            term = self._claim(edge, at, self._is_new if wanted is None else lambda found: found == wanted) or wanted
        if is_graph:
            self._graph(value, active)
            return
        self._bound.add(term)
        _, types = words.get("@type", ("", value))
        for word in sorted(str(each.inner) for each in types.items if each.is_text):
            active = self._merged(active, definition_of(active, word).get("@context", []))
        self._properties(_Node(term, at), value, active)

    def _merged(self, active: Context, context: object) -> Context:
        for one in listed(context):
            active = {} if one is None else active | (one if isinstance(one, dict) else self._source.ours)
        return active

    def _properties(self, node: _Node, value: Json, active: Context) -> None:
        for key, inner in value.pairs.items():
            iri = expanded(key, active)
            if iri in {"@graph", "@included"}:
                self._graph(inner, active)
            elif iri == "@nest":
                for each in inner.items:
                    self._properties(node, each, active)
            elif iri == "@reverse":
                for word, each in inner.pairs.items():
                    self._property(_Edge(node, expanded(word, active), {"@reverse": word}), each, active)
            elif iri == "@type":
                self._property(_Edge(node, _TYPE, {"@type": "@vocab"}), inner, active)
            elif iri and iri[0] != "@" and not iri.startswith("_:"):
                definition = definition_of(active, key)
                inside = self._merged(active, definition.get("@context", []))
                self._property(_Edge(node, iri, definition), inner, inside)
            elif iri not in _SILENT and not all(each.is_null for each in inner.scalars()):
                self._lose(inner, "dropped-key", key=key, near=self._nearest(key, active))

    def _property(self, edge: _Edge, value: Json, active: Context) -> None:
        words = keywords(value, active)
        if edge.definition.get("@type") == "@json":
            self._claim(edge, (value.path, value.start), lambda term: isinstance(term, Literal))
        elif "@list" in edge.containers:
            if "@set" in words:
                problem = "a set stands here, where the context declares a list."
                raise self._source.refused(words["@set"][1], problem, 'Write the values as [ ... ], without "@set".')
            self._list(edge, words.get("@list", ("", value))[1], active)
        elif value.pairs and any(each in _KEYED for each in edge.containers):
            for key, each in value.pairs.items():
                for one in each.items:
                    if "@language" in edge.containers and expanded(key, active) != "@none":
                        self._source.refuse_language(one, "@language", key, key)
                    self._value(edge, one, active, key if "@id" in edge.containers else "")
        else:
            for one in value.items:
                self._value(edge, one, active)

    def _value(self, edge: _Edge, value: Json, active: Context, key: str = "") -> None:
        """Go through one value of a property, which ``key`` may name."""
        words, kind = keywords(value, active), edge.definition.get("@type")
        for keyword in {"@language", "@direction"} & words.keys():
            word, tag = words[keyword]
            self._source.refuse_language(tag, keyword, word, str(tag.inner))
        if "@value" in words:
            self._literal(edge, words["@value"][1], value.path, "@type" in words and words["@type"][1].inner == "@json")
        elif "@list" in words:
            self._list(edge, words["@list"][1], active)
        elif "@set" in words:
            for each in words["@set"][1].items:
                self._value(edge, each, active)
        elif isinstance(value.inner, dict):
            self._described(value, active, edge, key)
        elif value.is_text and kind in ("@id", "@vocab"):
            text, is_term = str(value.inner), kind == "@vocab"
            term = term_of(text, active, is_term=is_term)
            if term is None or not self._claim(edge, (value.path, value.start), lambda found: found == term):
                self._lose(
                    value, "dropped-iri", value=text, near=self._nearest(text, active) if edge.iri == _TYPE else ""
                )
        else:
            self._literal(edge, value, value.path)

    def _literal(self, edge: _Edge, value: Json, path: Path, is_json: bool = False) -> None:
        text = str(value.inner)
        is_number = not value.is_text and text[0] in "-0123456789"

        def fits(term: object) -> bool:
            return isinstance(term, Literal) and (
                is_json or term.value == text or (is_number and _is_equal(term.value, text))
            )

        if value.is_null:
            return
        found = self._claim(edge, (path, value.start), fits)
        if not isinstance(found, Literal):
            self._lose(value, "dropped-value", key=_key(value))
        elif is_number and found.value != text:
            self._lose(value, "rewritten-number", written=text, read=found.value)

    def _list(self, edge: _Edge, value: Json, active: Context) -> None:
        def fits(found: object) -> bool:
            return self._is_new(found) or found == NamedNode(f"{_RDF}nil")

        at = (value.path, value.start)
        cell = self._claim(edge, at, fits)
        for each in value.items:
            if not each.is_null:
                self._bound.add(cell)
                node = _Node(cell, at)
                self._value(_Edge(node, f"{_RDF}first", {"@type": edge.definition.get("@type")}), each, active)
                cell = self._claim(_Edge(node, f"{_RDF}rest", {}), (each.path, each.start), fits)

    # What came of it

    def _claim(self, edge: _Edge, at: At, fits: Callable[[object], bool]) -> object:
        """Return the term at the other end of the statement that a value makes, None where there is none."""
        node, is_reverse = edge.node, "@reverse" in edge.definition
        for one in [node.term] if node.term else self._free():
            waiting = self._waiting[one, edge.iri, is_reverse]
            for place, number in enumerate(waiting):
                other = self._quads[number].subject if is_reverse else self._quads[number].object
                if number not in self._found and fits(other):
                    del waiting[place]
                    self._found[number] = at
                    self._nodes.setdefault(one, node.at)
                    if is_reverse:
                        self._nodes.setdefault(other, at)
                    self._bound.add(one)
                    node.term = one
                    return other
        return None

    def _free(self) -> list[BlankNode]:
        """Return the next nodes of which it is not known yet where they stand."""
        while self._roots and self._roots[-1] in self._bound:
            self._roots.pop()
        return [each for each in self._roots[: -_ROOTS - 1 : -1] if each not in self._bound]

    def _is_new(self, term: object) -> bool:
        return isinstance(term, BlankNode) and term not in self._bound

    def _lose(self, value: Json, note: str, /, **values: str) -> None:
        first = next(value.scalars(), value)
        self.lost.append(Lost((value.path, first.start), note, values))

    def _nearest(self, word: str, active: Context) -> str:
        """Return the term that ``word`` is or looks like; for the first words only, as looking takes its time."""
        if word not in self._near and len(self._near) < _LOOKED:
            terms = sorted(active)
            same = [term for term in terms if term.rpartition(":")[2].casefold() == word.casefold()]
            self._near[word] = (same or nearest(word, terms, 1) or [""])[0]
        return self._near.get(word, "")


def expanded(word: str, active: Context, *, is_term: bool = True) -> str:
    """Return the IRI, keyword or name of a blank node that a word stands for; empty for none."""
    local = ""
    for _ in range(_STEPS):
        if is_term and word in active and not word.startswith("@"):
            found = definition_of(active, word).get("@id", word)
            if not isinstance(found, str):
                return ""
            if found != word:
                word = found
                continue
        if word.startswith("@"):
            return "" if local else word
        prefix, colon, rest = word.partition(":")
        if not colon:
            vocabulary = active.get("@vocab") if is_term else None
            return f"{vocabulary}{word}{local}" if isinstance(vocabulary, str) else ""
        space = active.get(prefix)
        is_prefix = space.get("@prefix") if isinstance(space, dict) else str(space)[-1:] in list(":/?#[]@")
        if not is_prefix or rest.startswith("//") or prefix == "_":
            return word + local
        word, local, is_term = prefix, rest + local, True
    return ""


def keywords(value: Json, active: Context) -> dict[str, tuple[str, Json]]:
    """Return keyword -> key and value, for the keys of an object that are keywords or other names of one."""
    if not isinstance(value.inner, dict):
        return {}
    return {word: (key, each) for key, each in value.inner.items() if (word := expanded(key, active))[:1] == "@"}


def term_of(word: str, active: Context, *, is_term: bool = False) -> NamedNode | BlankNode | None:
    """Return the node that a word names, None for a word that names none; only a term may be one of the vocabulary."""
    found = expanded(word, active, is_term=is_term)
    if not found and active.get("@base"):
        from urllib.parse import urljoin

        found = urljoin(str(active["@base"]), word)
    if found.startswith("_:"):
        return BlankNode(found[2:]) if _LABEL.fullmatch(found) else None
    return NamedNode(found) if _IRI.match(found) else None


def definition_of(active: Context, term: str) -> dict[str, Any]:
    """Return what the context says of a term, with the IRI under ``@id`` however that is written."""
    found = active.get(term, {})
    if not isinstance(found, dict):
        return {"@id": found}
    return found | {"@id": found["@reverse"]} if "@reverse" in found else found


def listed(value: Any) -> list[Any]:
    """Return a list as it is, anything else as a list of one."""
    return value if isinstance(value, list) else [value]
