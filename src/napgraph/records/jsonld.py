"""JSON-LD: made ready for the strict parser, which fetches nothing, and its triples located in the text."""

import json
import os
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from itertools import islice
from typing import Any, NamedTuple
from urllib.parse import urljoin

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from ..errors import IntakeError, nearest
from ..rdf.namespaces import BASE
from .limits import Limits
from .record import Location, Note
from .source import deepest, line_of, line_starts
from .syntax import is_tag, tag_fault

CONTEXT = f"{BASE}context.jsonld"

_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\Z)|([\[{])|([\]}])', re.DOTALL)
_MARK = re.compile(r'"(?:[^"\\]|\\.)*+"|\{', re.DOTALL)
_HALF = re.compile(r"\\\\|\\u[dD][89abAB][0-9A-Fa-f]{2}\\u[dD][c-fC-F][0-9A-Fa-f]{2}|(\\u[dD][89a-fA-F][0-9A-Fa-f]{2})")
_SAID = {
    "Expecting ',' delimiter": ("a comma is missing before this.", "Set a comma between two values or pairs."),
    "Expecting ':' delimiter": ("a colon is missing after the key.", 'Write "key": value.'),
    "Expecting property name enclosed in double quotes": (
        "a key in double quotes is expected here.",
        "Delete a comma before a closing bracket; write keys with straight double quotes.",
    ),
    "Illegal trailing comma before end of object": ("a comma stands before a closing bracket.", "Delete it."),
    "Illegal trailing comma before end of array": ("a comma stands before a closing bracket.", "Delete it."),
    "Expecting value": (
        "a value is expected here.",
        "Delete a comma before a closing bracket; text needs straight double quotes; there are no comments in JSON.",
    ),
    "Extra data": ("something stands after the end of the JSON.", "Put several records into one list [ ... ]."),
    "Unterminated string starting at": ("the text that begins here is not closed.", "Close it with a double quote."),
    "Invalid control character at": ("a line break or tab stands in a text.", "Write it as \\n or \\t."),
    "Invalid \\escape": ("a backslash stands here that begins no escape.", "Write a backslash as \\\\."),
    "Invalid \\uXXXX escape": ("\\u must be followed by four hexadecimal digits.", "Correct the escape."),
}
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_TYPE = f"{_RDF}type"
_SILENT = ("@id", "@index", "@context", "@value", "@language", "@direction")
_KEYED = {"@language", "@index", "@id", "@type"}  # containers in which keys are no terms
_LOOKED = 50  # words for which near terms are looked up
_ROOTS = 20  # nodes without a name and not pointed to that are tried for a triple
_STEPS = 20  # from a term to its IRI, by prefixes that are terms
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]*\Z")
_LABEL = re.compile(r"_:\w[\w.-]*")
Context = dict[str, Any]


class Number(str):
    """A number as it is written, or NaN."""


class Object(dict[str, Any]):
    """An object: ``place`` is where it begins, ``at`` where each of its keys stands, with the pointer to its value."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.pairs, self.place, self.at = pairs, Location(""), dict[str, Location]()


def refused(place: Location, problem: str, mend: str, key: str = "syntax") -> IntakeError:
    """Return the error on what stands at a place."""
    return IntakeError(place.file, problem, line=place.line, pointer=place.pointer, mend=mend, key=key)


def prepare(text: str, name: str, root: str, limits: Limits) -> tuple[Any, Context, str]:
    """Return the outermost value of JSON text, our context, and the text with it written in where it is named.

    Every object is an :class:`Object`. Raises IntakeError where the text is too deep or no JSON, for a key that stands
    twice in one object, for NaN, for a list right inside a list, and for a context that would have to be fetched.
    """
    depth = deepest(_BRACKET, text)
    if depth > limits.json_depth:
        raise limits.exceeded("json-depth", depth, name)
    for half in _HALF.finditer(text):
        if half[1]:
            location = Location(name, line_of(text, half.start()))
            raise refused(location, f"{half[1]} is half of a character.", "Write the character itself.")
    try:
        numbers: dict[str, Any] = dict.fromkeys(("parse_int", "parse_float", "parse_constant"), Number)
        document = json.loads(text, object_pairs_hook=Object, **numbers)
    except json.JSONDecodeError as error:
        problem, mend = _SAID.get(error.msg.removesuffix(": "), (f"this is not valid JSON: {error.msg}.", ""))
        if text.startswith(("//", "/*", "#"), error.pos):
            problem, mend = "a comment stands here, and JSON has none.", "Delete it."
        elif not text[error.pos :].strip():
            problem, mend = "the file ends inside the JSON: it may have been cut off.", "Send the whole file."
        raise refused(Location(name, error.lineno), problem, mend) from error
    locator = _ObjectLocator(text, root)
    locator.visit(document, Location(name, 1))
    return document, locator.ours, "".join([*locator.parts, text[locator.end :]])


class _ObjectLocator:
    """Goes through the values in the order of the text; ``parts`` is the text up to ``end`` with our context in it."""

    def __init__(self, text: str, root: str) -> None:
        self.parts: list[str] = []
        self.end, self.ours = 0, Context()
        self._text, self._root, starts = text, root, line_starts(text)
        self._marks = ((bisect_right(starts, match.start()), *match.span()) for match in _MARK.finditer(text))

    def visit(self, value: Any, place: Location, key: str = "", *, in_context: bool = False) -> None:
        """Give a value and what is in it their places; ``place`` is that of the key before it."""
        if isinstance(value, Object):
            value.place = place._replace(line=next(self._marks)[0])
            for inner, each in value.pairs:
                pointer = f"{place.pointer}/{inner.replace('~', '~0').replace('/', '~1')}"  # RFC 6901
                at = place._replace(line=next(self._marks)[0], pointer=pointer)
                if inner in value.at:
                    mend = "Only one would be kept: write several values as a list."
                    raise refused(at, f"the key {inner!r} stands twice in one object.", mend)
                value.at[inner] = at
                self.visit(each, at, inner, in_context=in_context or inner == "@context")
        elif isinstance(value, list):
            for number, each in enumerate(value):
                at = place._replace(pointer=f"{place.pointer}/{number}")
                if isinstance(each, list):
                    problem = "a list stands inside a list, and readers of JSON-LD do not agree what that means."
                    raise refused(at, problem, "Write the values as one list.")
                self.visit(each, at, key, in_context=in_context)
        elif isinstance(value, Number) and value in {"NaN", "Infinity", "-Infinity"}:
            raise refused(place, f"{value} is no value of JSON.", "Leave it out.")
        else:
            line, *span = next(self._marks) if type(value) is str else (place.line, 0, 0)
            if in_context and value is not None:
                word = value if isinstance(value, str) else json.dumps(value)
                self._word(key, word, place._replace(line=line), *span)

    def _word(self, key: str, word: str, place: Location, start: int, end: int) -> None:
        """Take a text, number, true or false inside a context: refuse what the parser would fetch or leave out."""
        if key in {"@context", "@import"}:
            if key == "@import" or word.replace("http:", "https:") != CONTEXT:
                problem = f"the context {self._text[start:end] or word} is asked for, and nothing is fetched."
                mend = f"Write its terms into this file, or use {CONTEXT}, which is known here."
                raise refused(place, problem, mend, "context")
            if not self.ours:
                with open(os.path.join(self._root, "ontology", "context.jsonld"), encoding="utf-8") as file:
                    self.ours = json.load(file)["@context"]
            self.parts += [self._text[self.end : start], json.dumps(self.ours)]
            self.end = end
        elif key in {"@language", "@direction"}:
            _refuse_language(word, place, key, key)


def _refuse_language(tag: object, place: Location, keyword: str, key: str) -> None:
    """Refuse what cannot be a language tag, as the parser would leave the text out; and a direction."""
    if tag is None:
        return
    if keyword == "@direction":
        problem = "a text with a base direction stands here (RDF 1.2), which is not taken."
        raise refused(place, problem, f'Leave out "{key}".', "rdf-1.2")
    if not is_tag(str(tag)):
        raise refused(place, *tag_fault(str(tag), '"{}"', 'a tag such as "en" or "pt-BR"'))


def nothing_read(lost: Note) -> IntakeError:
    """Return the error on a file without a statement, by the first thing in it that could not be read."""
    fault = f"no context says what the key {lost.values.get('key', '')!r} means"
    if lost.key == "dropped-iri":
        fault = f"{lost.values['value']!r} is no full IRI"
    problem = f"no statement comes out of this JSON: {fault}."
    fix = f'Begin with "@context": "{CONTEXT}", and give each node an "@id" that is a full IRI.'
    return refused(lost.place._replace(pointer=""), problem, fix, "wrong-kind")


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


class TripleLocator:
    """Which value each triple came from, and the values of which none came (``lost``).

    ``values`` and ``nodes`` are the places of each triple's value, or its key, and of its subject's node.
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

    def _graph(self, value: Any, active: Context, key: str, place: Location) -> None:
        for each in listed(value):
            if isinstance(each, Object):
                self._described(each, active)
            elif each is not None:
                self._lose("dropped-value", place, key=key)

    def _described(self, value: Object, active: Context, edge: _Edge | None = None, key: str = "") -> None:
        """Go through a node, and first find the triple that points to it by ``edge``; ``key`` may be its name."""
        active = self._merged(active, value.get("@context"))
        is_graph = edge is not None and "@graph" in _containers(edge)
        words = {} if is_graph else keywords(value, active)
        word, term = words.get("@id", ""), None
        name, place = value.get(word), value.at.get(word, value.place)
        if type(name) is str or (key and expanded(key, active) != "@none"):
            name = name if type(name) is str else key
            term = term_of(name, active)
            if term is None:
                self._lose("dropped-iri", place, value=name, near="")
                return
        place = place._replace(pointer=value.place.pointer)
        found: object = term
        if edge:
            edge = edge._replace(place=place)
            found = self._claim(edge, lambda other: other == term if term else other in self._unbound) or term
        if edge and is_graph:
            self._graph(value, active, edge.key, value.place)
            return
        self._unbound.pop(found, None)
        for each in sorted(each for each in listed(value.get(words.get("@type", ""))) if type(each) is str):
            active = self._merged(active, definition_of(active, each).get("@context"))
        self._properties(_Node(found, place), value, active)

    def _merged(self, active: Context, context: object) -> Context:
        for one in listed(context) if context is not None else ():
            active = {} if one is None else active | (one if isinstance(one, dict) else self._ours)
        return active

    def _properties(self, node: _Node, value: Any, active: Context) -> None:
        for key, inner in value.items() if isinstance(value, Object) else ():
            iri, place, definition = expanded(key, active), value.at[key], definition_of(active, key)
            if iri in {"@graph", "@included"}:
                self._graph(inner, active, key, place)
            elif iri == "@nest":
                for each in listed(inner):
                    self._properties(node, each, active)
            elif iri == "@reverse":
                for word, each in inner.items() if isinstance(inner, Object) else ():
                    edge = _Edge(node, expanded(word, active), {"@reverse": word}, word, inner.at[word])
                    self._property(edge, each, active)
            elif iri == "@type":
                self._property(_Edge(node, _TYPE, {"@type": "@vocab"}, key, place), inner, active)
            elif iri and iri[0] != "@" and not iri.startswith("_:"):
                inside = self._merged(active, definition.get("@context"))
                self._property(_Edge(node, iri, definition, key, place), inner, inside)
            elif iri not in _SILENT and _says(inner):
                self._lose("dropped-key", place, key=key, near=self._nearest(key, active))

    def _property(self, edge: _Edge, value: Any, active: Context) -> None:
        words, containers = keywords(value, active), _containers(edge)
        if edge.definition.get("@type") == "@json":
            self._claim(edge, lambda term: isinstance(term, Literal))
        elif "@list" in containers:
            if "@set" in words:
                problem = "a set stands here, where the context declares a list."
                raise refused(value.at[words["@set"]], problem, 'Write the values as [ ... ], without "@set".')
            self._list(edge, value[words["@list"]] if "@list" in words else value, active)
        elif isinstance(value, Object) and containers & _KEYED:
            for key, each in value.items():
                inner = edge._replace(key=key, place=value.at[key])
                for one in listed(each):
                    if "@language" in containers and one is not None and expanded(key, active) != "@none":
                        _refuse_language(key, inner.place, "@language", key)
                    self._value(inner, one, active, key if "@id" in containers else "")
        else:
            for one in listed(value):
                self._value(edge, one, active)

    def _value(self, edge: _Edge, value: Any, active: Context, key: str = "") -> None:
        """Go through one value of a property, which ``key`` may name."""
        words, kind = keywords(value, active), edge.definition.get("@type")
        for keyword in sorted({"@language", "@direction"} & words.keys()):
            _refuse_language(value[words[keyword]], value.at[words[keyword]], keyword, words[keyword])
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
        text = value if isinstance(value, str) else json.dumps(value)

        def fits(term: object) -> bool:
            with suppress(ValueError):
                return isinstance(term, Literal) and (
                    is_json or term.value == text or (isinstance(value, Number) and float(term.value) == float(text))
                )
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
                definition = {"@type": edge.definition.get("@type")}
                self._value(edge._replace(node=node, iri=f"{_RDF}first", definition=definition), each, active)
                place = each.place if isinstance(each, Object) else edge.place
                cell = self._claim(_Edge(node, f"{_RDF}rest", {}, edge.key, place), fits)

    def _claim(self, edge: _Edge, fits: Callable[[object], bool]) -> object:
        """Return the term at the other end of the triple that a value makes, None where there is none."""
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


def _containers(edge: _Edge) -> set[str]:
    return {each for each in listed(edge.definition.get("@container")) if isinstance(each, str)}


def _says(value: Any) -> bool:
    """Whether anything but null stands in a value."""
    if isinstance(value, (Object, list)):
        return any(map(_says, value.values() if isinstance(value, Object) else value))
    return value is not None


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
    keys = value if isinstance(value, Object) else ()
    return {word: key for key in keys if (word := expanded(key, active))[:1] == "@"}


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
