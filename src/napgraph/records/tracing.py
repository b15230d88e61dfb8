"""Follow every value of a JSON-LD file to the statement that came of it, and name those of which none came.

The twin of a file bears a number in the place of each value. Statement i of the file is statement i of the twin, so
the numbers say where each statement came from. A number that does not come out is a value that was dropped, and one
without counterpart in the file's own statements a value that is no IRI where one is needed.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph

from ..errors import IntakeError
from .contexts import Contexts, numbered

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .json_text import Leaf, Path
    from .jsonld import JsonLd

__all__ = ["Dropped", "Origin", "Tracing"]

_COUNTED = {"id", "value", "number", "direction", "type"}
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]*\Z")
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"

At = tuple["Path", int]  # a path, and an offset in the text


class Origin(NamedTuple):
    """Where a statement came from: the place of its value, and that of its subject's node."""

    value: At
    subject: At


class Dropped(NamedTuple):
    """What did not come out as it stands: where, and why: ``key``, ``iri``, ``value`` or ``number``.

    ``what`` is the key or value in question, ``near`` the terms that may be meant, or how a number was read.
    """

    at: At
    why: str
    what: str
    near: str


class Tracing:
    """The comparison of a file's statements with those of its twin."""

    def __init__(self, source: JsonLd, quads: list[pyoxigraph.Quad]) -> None:
        self._source, self._quads = source, quads
        self._found, self._kinds = source.found, source.kinds
        self._contexts = Contexts(source)
        self._twins = self._parsed()
        self._tags = [self._tag(quad.object) for quad in self._twins]
        self._owners = [self._tag(quad.subject) for quad in self._twins]
        self._nodes: dict[str, At] = {}
        self._pairs, self._lost_twins = self._aligned()

    def origins(self) -> list[Origin]:
        """Return the origin of each statement of the file."""
        values = self._values()
        whole: At = ((), 0)
        found = []
        for twin in self._pairs:
            node = self._nodes.get(str(self._twins[twin].subject), whole)
            found.append(Origin(values[twin] or node, node))
        return found

    def dropped(self) -> list[Dropped]:
        """Return what did not come out as it stands, in the order of the file."""
        found = [*self._no_iris(), *self._unread(), *self._no_types(), *self._rewritten()]
        return sorted(found, key=lambda one: one.at[1])

    def _parsed(self) -> list[pyoxigraph.Quad]:
        try:
            return list(pyoxigraph.parse(self._source.twin, format=pyoxigraph.RdfFormat.JSON_LD))
        except SyntaxError as error:
            problem = f"this JSON-LD is written in a way that cannot be followed value by value: {error.msg}."
            mend = "Write it with plain objects and lists, or send Turtle."
            raise IntakeError(self._source.name, problem, mend=mend, key="syntax") from error

    def _tag(self, term: object) -> int | None:
        return numbered(term, self._source.tag)

    def _text(self, leaf: Leaf) -> str:
        import json

        token = self._source.text[leaf.start : leaf.end]
        return str(json.loads(token)) if token.startswith('"') else token

    # Which statement is whose twin

    def _aligned(self) -> tuple[list[int], list[int]]:
        """Return the twin of each statement, and the twins that have none."""
        if len(self._quads) == len(self._twins):
            return list(range(len(self._quads))), []
        pairs: list[int] = []
        lost = []
        for number in range(len(self._twins)):
            if len(pairs) < len(self._quads) and self._is_twin(self._quads[len(pairs)], number):
                pairs.append(number)
            else:
                lost.append(number)
        pairs += [len(self._twins) - 1] * (len(self._quads) - len(pairs))
        return pairs, lost

    def _is_twin(self, quad: pyoxigraph.Quad, number: int) -> bool:
        twin = self._twins[number]
        return (
            quad.predicate == twin.predicate
            and self._is_same(quad.subject, twin.subject, self._owners[number])
            and self._is_same(quad.object, twin.object, self._tags[number])
        )

    def _is_same(self, term: object, twin: object, tag: int | None) -> bool:
        if tag is None:
            return isinstance(term, pyoxigraph.BlankNode) == isinstance(twin, pyoxigraph.BlankNode)
        original = self._text(self._found[tag])
        if isinstance(term, pyoxigraph.Literal):
            return self._kinds[tag] == "number" or term.value == original
        return isinstance(term, pyoxigraph.NamedNode) and term.value.endswith(original.rpartition(":")[2].lstrip("./#"))

    # Where each came from

    def _values(self) -> list[At | None]:
        """Return the place of each twin's value, and fill in those of the nodes: inner before outer."""
        values: list[At | None] = [None] * len(self._twins)
        for number in range(len(self._twins) - 1, -1, -1):
            quad, owner = self._twins[number], self._owners[number]
            subject = str(quad.subject)
            if owner is not None:
                leaf = self._found[owner]
                self._nodes[subject] = (leaf.path[:-1], leaf.start)
            value = values[number] = self._value(quad, self._tags[number])
            if owner is None and value is not None and quad.predicate.value != _TYPE:
                self._nodes[subject] = _common(self._nodes.get(subject), (_holder(value[0]), value[1]))
        return values

    def _value(self, quad: pyoxigraph.Quad, tag: int | None) -> At | None:
        if tag is not None:
            leaf = self._found[tag]
            is_node = self._kinds[tag] == "id" or leaf.path[-1:] == ("@value",)
            return (leaf.path[:-1] if is_node else leaf.path), leaf.start
        if isinstance(quad.object, pyoxigraph.BlankNode):
            return self._nodes.get(str(quad.object))
        node = self._nodes.get(str(quad.subject))
        if quad.predicate.value == _TYPE and node:
            return self._types.get(node[0], node[0]), node[1]
        inside: At | None = None
        for number in self._inside(quad):
            inside = _common(inside, (self._found[number].path, self._found[number].start))
        return inside

    @cached_property
    def _types(self) -> dict[Path, Path]:
        """Per node the path of its type, for nodes that have one."""
        return {path[:-1]: path for leaf in self._of("type") if (path := _without_numbers(leaf.path))}

    def _of(self, kind: str) -> Iterable[Leaf]:
        return (leaf for leaf, one in zip(self._found, self._kinds, strict=True) if one == kind)

    # What did not come out

    def _no_iris(self) -> list[Dropped]:
        """Return the values and names that are no IRI where one is needed."""
        told: dict[int, Dropped] = {}
        for number in self._lost_twins:
            tags = (self._owners[number], self._tags[number])
            culprit = next((tag for tag in tags if tag is not None and not self._is_iri(tag)), None)
            if culprit is not None:
                leaf = self._found[culprit]
                told[culprit] = Dropped((leaf.path, leaf.start), "iri", self._text(leaf), "")
        if self._lost_twins and not told:
            return [Dropped(((), 0), "iri", "", "")]
        return list(told.values())

    def _is_iri(self, tag: int) -> bool:
        return self._kinds[tag] == "id" and bool(_IRI.match(self._text(self._found[tag])))

    def _unread(self) -> list[Dropped]:
        """Return the keys that nothing maps, each with all below it as one, and the values of which nothing came."""
        counted = [number for number, kind in enumerate(self._kinds) if kind in _COUNTED]
        mapped = self._contexts.mapped(
            {key for number in counted for key in self._found[number].path if isinstance(key, str)}
        )
        seen = {*self._tags, *self._owners, *(number for quad in self._twins for number in self._inside(quad))}
        told: dict[Path, Dropped] = {}
        for number in counted:
            leaf = self._found[number]
            unknown = self._unknown(leaf.path, mapped)
            if unknown:
                key = str(unknown[-1])
                told.setdefault(unknown, Dropped((unknown, leaf.start), "key", key, self._contexts.nearest(key)))
            elif number not in seen and self._kinds[number] not in {"id", "type"}:
                key = str((_without_numbers(leaf.path) or ("",))[-1])
                told[leaf.path] = Dropped((leaf.path, leaf.start), "value", key, "")
        return list(told.values())

    def _inside(self, quad: pyoxigraph.Quad) -> list[int]:
        """Return the numbers of the values that stand inside JSON that is a literal."""
        if not isinstance(quad.object, pyoxigraph.Literal) or self._source.tag not in quad.object.value:
            return []
        return [int(number) for number in re.findall(rf"{self._source.tag}:([0-9]+)", quad.object.value)]

    def _unknown(self, path: Path, mapped: set[str]) -> Path:
        """Return the path to the first key of ``path`` that should be a term and is none, empty if there is none.

        Keys below a container are languages, indexes and names; those inside a JSON literal mean nothing here.
        """
        above = ""
        for depth, key in enumerate(path):
            if isinstance(key, int):
                continue
            if above in self._contexts.literals or path[:depth] in self._literal_nodes:
                return ()
            if key not in mapped and above not in self._contexts.containers:
                return path[: depth + 1]
            above = key
        return ()

    @cached_property
    def _literal_nodes(self) -> set[Path]:
        return {leaf.path[:-1] for leaf in self._of("type") if self._text(leaf) == "@json"}

    def _no_types(self) -> list[Dropped]:
        """Return the types that are no IRI and no term. A type is not numbered, as a context may hang on it."""
        names = {"@value"} | {key for key, keyword in self._source.aliases.items() if keyword == "@value"}
        literals = {leaf.path[:-1] for leaf in self._found if leaf.path and leaf.path[-1] in names}
        written = [leaf for leaf in self._of("type") if _without_numbers(leaf.path)[:-1] not in literals]
        stated = sum(
            quad.predicate.value == _TYPE and tag is None for quad, tag in zip(self._twins, self._tags, strict=True)
        )
        if stated >= len(written):
            return []
        types = sorted({self._text(leaf) for leaf in written})
        nodes = [{"@id": f"{self._source.tag}:{number}", "@type": one} for number, one in enumerate(types)]
        known = {types[tag] for tag in self._contexts.answered(nodes)}
        return [
            Dropped((leaf.path, leaf.start), "iri", self._text(leaf), self._contexts.nearest(self._text(leaf)))
            for leaf in written
            if self._text(leaf) not in known
        ]

    def _rewritten(self) -> list[Dropped]:
        """Return the numbers that did not come out as they are written."""
        told = []
        for quad, twin in zip(self._quads, self._pairs, strict=True):
            tag = self._tags[twin]
            if tag is not None and self._kinds[tag] == "number" and isinstance(quad.object, pyoxigraph.Literal):
                leaf = self._found[tag]
                written = self._text(leaf)
                if quad.object.value != written:
                    told.append(Dropped((leaf.path, leaf.start), "number", written, quad.object.value))
        return told


def _without_numbers(path: Path) -> Path:
    while path and isinstance(path[-1], int):
        path = path[:-1]
    return path


def _holder(path: Path) -> Path:
    """Return the path of the object in which the value at ``path`` stands."""
    path = _without_numbers(path)
    while path and path[-1] in {"@list", "@set", "@value"}:
        path = _without_numbers(path[:-1])
    return path[:-1]


def _common(one: At | None, two: At) -> At:
    """Return the path that two places share, and the earlier offset."""
    if one is None:
        return two
    shared = 0
    for left, right in zip(one[0], two[0], strict=False):
        if left != right:
            break
        shared += 1
    return one[0][:shared], min(one[1], two[1])
