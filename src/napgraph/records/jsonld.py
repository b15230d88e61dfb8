"""JSON-LD: made ready for the strict parser, which fetches nothing, and its statements found again in the text.

JSON-LD leaves out what it cannot read: a key that no context maps, a name that is no IRI. So the file is gone through
beside the parser, by the same contexts: which statement should come of each value? One that did not come is told.
An active context is the dict of all that applies, the inner over the outer; a term is looked up when it is met.
What is no object stands where its key stands.
"""

from __future__ import annotations

import json
import os
import re
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from itertools import islice
from typing import Any, NamedTuple
from urllib.parse import urljoin

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from ..errors import IntakeError, nearest
from ..rdf.namespaces import BASE
from .json_text import Number, Object, parse, refused
from .languages import language_meant
from .limits import Limits
from .record import Location, Note
from .syntax import is_tag

CONTEXT = f"{BASE}context.jsonld"

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_TYPE = f"{_RDF}type"
_SILENT = ("@id", "@index", "@context", "@value", "@language", "@direction")
_KEYED = {"@language", "@index", "@id", "@type"}  # containers in which keys are no terms
_LOOKED = 50  # words for which near terms are looked up
_ROOTS = 20  # nodes without a name and not pointed to that are tried for a statement
Context = dict[str, Any]
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]*\Z")
_LABEL = re.compile(r"_:\w[\w.-]*")
_STEPS = 20  # from a term to its IRI, by prefixes that are terms


def prepare(text: str, name: str, root: str, limits: Limits) -> tuple[Any, Context, str]:
    """Return the outermost value of JSON text, our context, and the text with it written in where it is named.

    Raises IntakeError for what is refused.
    """
    document, words = parse(text, name, limits)
    ours: Context = {}
    if CONTEXT.partition(":")[2] in text:
        with open(os.path.join(root, "ontology", "context.jsonld"), encoding="utf-8") as file:
            ours = json.load(file)["@context"]
    parts, last = [], 0
    for word in words:
        if word.key in {"@context", "@import"}:
            if word.key == "@import" or word.text.replace("http:", "https:") != CONTEXT:
                problem = (
                    f"the context {text[word.start : word.end] or word.text} is asked for, and nothing is fetched."
                )
                mend = f"Write its terms into this file, or use {CONTEXT}, which is known here."
                raise refused(word.place, problem, mend, "context")
            parts += [text[last : word.start], json.dumps(ours)]
            last = word.end
        elif word.key in {"@language", "@direction"}:
            _refuse_language(word.text, word.place, word.key, word.key)
    return document, ours, "".join([*parts, text[last:]])


def _refuse_language(tag: object, place: Location, keyword: str, key: str) -> None:
    """Refuse what cannot be a language tag, as the parser would leave the text out; and a direction."""
    if tag is None:
        return
    if keyword == "@direction":
        problem = "a text with a base direction stands here (RDF 1.2), which is not taken."
        raise refused(place, problem, f'Leave out "{key}".', "rdf-1.2")
    if not is_tag(str(tag)):
        right = language_meant(str(tag))
        mend = f'Write "{right}".' if right else 'Write a tag such as "en" or "pt-BR".'
        raise refused(place, f"{tag!r} is no language tag.", mend)


def nothing_read(lost: Note) -> IntakeError:
    """Return the error on a file without a statement, by the first thing in it that could not be read."""
    fault = f"no context says what the key {lost.values.get('key', '')!r} means"
    if lost.key == "dropped-iri":
        fault = f"{lost.values['value']!r} is no full IRI"
    mend = f'Begin with "@context": "{CONTEXT}", and give each node an "@id" that is a full IRI.'
    return refused(
        lost.place._replace(pointer=""), f"no statement comes out of this JSON: {fault}.", mend, "wrong-kind"
    )


class _Node:
    """A node that states something: its term, as soon as that is known, and where it stands."""

    def __init__(self, term: object, place: Location) -> None:
        self.term, self.place = term, place


class _Edge(NamedTuple):
    """A property of a node: its IRI, what the context says of it, its key in the file, and where a value stands."""

    node: _Node
    iri: str
    definition: Context
    key: str
    place: Location

    @property
    def containers(self) -> set[str]:
        return {each for each in listed(self.definition.get("@container")) if isinstance(each, str)}


class Tracing:
    """Which value each statement came from, and the values of which none came.

    ``values`` and ``nodes`` have, per statement of the parser, the place of its value and that of its subject's node.
    """

    def __init__(self, document: Any, ours: Context, quads: list[Quad], name: str) -> None:
        self.lost: list[Note] = []
        self._ours, self._quads = ours, quads
        self._found: dict[int, Location] = {}
        self._nodes: dict[object, Location] = {}
        self._near: dict[str, str] = {}
        nodes = [*(quad.subject for quad in quads), *(quad.object for quad in quads)]
        self._unbound: dict[object, None] = {node: None for node in nodes if isinstance(node, BlankNode)}
        self._waiting: dict[tuple[object, str, bool], list[int]] = defaultdict(list)
        for number, quad in enumerate(quads):
            self._waiting[quad.subject, quad.predicate.value, False].append(number)
            self._waiting[quad.object, quad.predicate.value, True].append(number)
        self._graph(document, {}, "", Location(name, 1))
        self.lost.sort(key=lambda note: note.place.line or 0)
        self.nodes = [self._nodes.get(quad.subject, Location(name, 1)) for quad in quads]
        self.values = [self._found.get(number, node) for number, node in enumerate(self.nodes)]

    # What the file says, by its contexts

    def _graph(self, value: Any, active: Context, key: str, place: Location) -> None:
        for each in listed(value):
            if isinstance(each, Object):
                self._described(each, active)
            elif each is not None:
                self._lose("dropped-value", place, key=key)

    def _described(self, value: Object, active: Context, edge: _Edge | None = None, key: str = "") -> None:
        """Go through a node, and first find the statement that points to it by ``edge``; ``key`` may be its name."""
        active = self._merged(active, value.get("@context", []))
        is_graph = edge is not None and "@graph" in edge.containers
        words = {} if is_graph else keywords(value, active)
        word = words.get("@id", "")
        name, place = value.get(word), value.at.get(word, value.place)
        term: object = None
        if type(name) is str or (key and expanded(key, active) != "@none"):
            name = name if type(name) is str else key
            term = term_of(name, active)
            if term is None:
                self._lose("dropped-iri", place, value=name, near="")
                return
        place = place._replace(pointer=value.place.pointer)
        if edge:
            wanted, edge = term, edge._replace(place=place)
            term = self._claim(edge, lambda found: found == wanted if wanted else found in self._unbound) or wanted
        if is_graph:
            self._graph(value, active, edge.key if edge else "", value.place)
            return
        self._unbound.pop(term, None)
        for each in sorted(each for each in listed(value.get(words.get("@type", ""))) if type(each) is str):
            active = self._merged(active, definition_of(active, each).get("@context", []))
        self._properties(_Node(term, place), value, active)

    def _merged(self, active: Context, context: object) -> Context:
        for one in listed(context):
            active = {} if one is None else active | (one if isinstance(one, dict) else self._ours)
        return active

    def _properties(self, node: _Node, value: Any, active: Context) -> None:
        for key, inner in value.items() if isinstance(value, Object) else ():
            iri, place = expanded(key, active), value.at[key]
            if iri in {"@graph", "@included"}:
                self._graph(inner, active, key, place)
            elif iri == "@nest":
                for each in listed(inner):
                    self._properties(node, each, active)
            elif iri == "@reverse":
                for word, each in inner.items() if isinstance(inner, Object) else ():
                    at = inner.at[word]
                    self._property(_Edge(node, expanded(word, active), {"@reverse": word}, word, at), each, active)
            elif iri == "@type":
                self._property(_Edge(node, _TYPE, {"@type": "@vocab"}, key, place), inner, active)
            elif iri and iri[0] != "@" and not iri.startswith("_:"):
                definition = definition_of(active, key)
                inside = self._merged(active, definition.get("@context", []))
                self._property(_Edge(node, iri, definition, key, place), inner, inside)
            elif iri not in _SILENT and _says(inner):
                self._lose("dropped-key", place, key=key, near=self._nearest(key, active))

    def _property(self, edge: _Edge, value: Any, active: Context) -> None:
        words = keywords(value, active)
        if edge.definition.get("@type") == "@json":
            self._claim(edge, lambda term: isinstance(term, Literal))
        elif "@list" in edge.containers:
            if "@set" in words:
                problem = "a set stands here, where the context declares a list."
                raise refused(value.at[words["@set"]], problem, 'Write the values as [ ... ], without "@set".')
            self._list(edge, value[words["@list"]] if "@list" in words else value, active)
        elif isinstance(value, Object) and edge.containers & _KEYED:
            for key, each in value.items():
                inner = edge._replace(key=key, place=value.at[key])
                for one in listed(each):
                    if "@language" in edge.containers and expanded(key, active) != "@none":
                        _refuse_language(key if one is not None else None, inner.place, "@language", key)
                    self._value(inner, one, active, key if "@id" in edge.containers else "")
        else:
            for one in listed(value):
                self._value(edge, one, active)

    def _value(self, edge: _Edge, value: Any, active: Context, key: str = "") -> None:
        """Go through one value of a property, which ``key`` may name."""
        words, kind = keywords(value, active), edge.definition.get("@type")
        for keyword in sorted({"@language", "@direction"} & words.keys()):
            word = words[keyword]
            _refuse_language(value[word], value.at[word], keyword, word)
        keyword = next((each for each in ("@value", "@list", "@set") if each in words), "")
        inner = value
        if keyword:
            word = words[keyword]
            inner, edge = value[word], edge._replace(key=word, place=value.at[word])
        if keyword == "@value":
            edge = edge._replace(place=edge.place._replace(pointer=value.place.pointer))
            self._literal(edge, inner, is_json=value.get(words.get("@type", "")) == "@json")
        elif keyword == "@list":
            self._list(edge, inner, active)
        elif keyword == "@set":
            for each in listed(inner):
                self._value(edge, each, active)
        elif isinstance(value, Object):
            self._described(value, active, edge, key)
        elif type(value) is str and kind in ("@id", "@vocab"):
            term = term_of(value, active, is_term=kind == "@vocab")
            if term is None or not self._claim(edge, lambda found: found == term):
                near = self._nearest(value, active) if edge.iri == _TYPE else ""
                self._lose("dropped-iri", edge.place, value=value, near=near)
        else:
            self._literal(edge, value)

    def _literal(self, edge: _Edge, value: Any, *, is_json: bool = False) -> None:
        text = str(value).lower() if isinstance(value, bool) else str(value)

        def fits(term: object) -> bool:
            if not isinstance(term, Literal) or is_json or term.value == text:
                return isinstance(term, Literal)
            with suppress(ValueError):
                return isinstance(value, Number) and float(term.value) == float(text)
            return False

        if value is None:
            return
        found = self._claim(edge, fits)
        if not isinstance(found, Literal):
            self._lose("dropped-value", edge.place, key=edge.key)
        elif isinstance(value, Number) and found.value != text:
            self._lose("rewritten-number", edge.place, written=text, read=found.value)

    def _list(self, edge: _Edge, value: Any, active: Context) -> None:
        def fits(found: object) -> bool:
            return found in self._unbound or found == NamedNode(f"{_RDF}nil")

        cell = self._claim(edge, fits)
        for each in listed(value):
            if each is not None:
                self._unbound.pop(cell, None)
                node = _Node(cell, edge.place)
                inner = edge._replace(node=node, definition={"@type": edge.definition.get("@type")})
                self._value(inner._replace(iri=f"{_RDF}first"), each, active)
                place = each.place if isinstance(each, Object) else edge.place
                cell = self._claim(_Edge(node, f"{_RDF}rest", {}, edge.key, place), fits)

    # What came of it

    def _claim(self, edge: _Edge, fits: Callable[[object], bool]) -> object:
        """Return the term at the other end of the statement that a value makes, None where there is none."""
        node, is_reverse = edge.node, "@reverse" in edge.definition
        for one in [node.term] if node.term else list(islice(self._unbound, _ROOTS)):
            waiting = self._waiting[one, edge.iri, is_reverse]
            for at, number in enumerate(waiting):
                other = self._quads[number].subject if is_reverse else self._quads[number].object
                if number not in self._found and fits(other):
                    del waiting[at]
                    self._found[number] = edge.place
                    self._nodes.setdefault(one, node.place)
                    if is_reverse:
                        self._nodes.setdefault(other, edge.place)
                    self._unbound.pop(one, None)
                    node.term = one
                    return other
        return None

    def _lose(self, note: str, place: Location, /, **values: str) -> None:
        self.lost.append(Note(note, values, place))

    def _nearest(self, word: str, active: Context) -> str:
        """Return the term that ``word`` is or looks like; for the first words only, as looking takes its time."""
        if word not in self._near and len(self._near) < _LOOKED:
            terms = sorted(active)
            same = [term for term in terms if term.rpartition(":")[2].casefold() == word.casefold()]
            self._near[word] = (same or nearest(word, terms, 1) or [""])[0]
        return self._near.get(word, "")


def _says(value: Any) -> bool:
    """Whether anything but null stands in a value."""
    inner = value.values() if isinstance(value, Object) else value if isinstance(value, list) else ()
    return any(map(_says, inner)) if isinstance(value, (Object, list)) else value is not None


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


def keywords(value: Any, active: Context) -> dict[str, str]:
    """Return keyword -> key, for the keys of an object that are keywords or other names of one."""
    return (
        {word: key for key in value if (word := expanded(key, active))[:1] == "@"} if isinstance(value, Object) else {}
    )


def term_of(word: str, active: Context, *, is_term: bool = False) -> NamedNode | BlankNode | None:
    """Return the node that a word names, None for a word that names none; only a term may be one of the vocabulary."""
    found = expanded(word, active, is_term=is_term)
    if not found and active.get("@base"):
        found = urljoin(str(active["@base"]), word)
    if found.startswith("_:"):
        return BlankNode(found[2:]) if _LABEL.fullmatch(found) else None
    try:
        return NamedNode(found) if _IRI.match(found) else None
    except ValueError:
        return None


def definition_of(active: Context, term: str) -> dict[str, Any]:
    """Return what the context says of a term, with the IRI under ``@id`` however that is written."""
    found = active.get(term, {})
    if not isinstance(found, dict):
        return {"@id": found}
    return found | {"@id": found["@reverse"]} if "@reverse" in found else found


def listed(value: Any) -> list[Any]:
    """Return a list as it is, anything else as a list of one."""
    return value if isinstance(value, list) else [value]
