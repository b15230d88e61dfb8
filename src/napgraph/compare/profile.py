"""All that is recorded of one jurisdiction: its documents, their parts, and what the sources do not say of them.

Shown is what was asserted, property by property as the data state it, so nothing recorded is left out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import pyoxigraph

from ..project.language import counted
from ..query.session import Session
from ..rdf.namespaces import BASE, slug
from .analysis import View

Node = pyoxigraph.NamedNode | pyoxigraph.BlankNode
Term = Node | pyoxigraph.Literal

_OURS = {"comment", "condition", "mappingReason"}
"""The properties of which the values are ours: notes, terms and reasons, not what the source prints."""

_NAMES = {"label", "prefLabel", "title"}

_LINKS = {"hasElement", "hasEvent", "hasCopy", "rejectsOption"}
"""The properties that lead from a document to its parts."""

_PERIODS = {("start", "end"): "{start} to {end}", ("start",): "from {start}", ("end",): "until {end}"}

_LENGTH = re.compile(r"P(\d+)([YMD])")
_UNITS = {
    "Y": ("{count} year", "{count} years"),
    "M": ("{count} month", "{count} months"),
    "D": ("{count} day", "{count} days"),
}


class Statement(NamedTuple):
    """One asserted statement in words: the property's label, the value's, and whether the value is our own wording."""

    property: str
    value: str
    origin: str


class Record(NamedTuple):
    """A document or a part of one: its IRI, kinds, name and where that comes from, statements, places and parts.

    ``silent`` and ``absent`` name the features that the sources say nothing of, and those known not to be in it.
    """

    iri: str
    kinds: list[str]
    name: str
    origin: str
    statements: list[Statement]
    evidence: list[str]
    parts: list[Record]
    silent: Sequence[str]
    absent: Sequence[str]


class JurisdictionProfile(NamedTuple):
    """One jurisdiction: its alpha-3 code, its name, its documents in the order of the source, and its bodies."""

    code: str
    name: str
    documents: list[Record]
    bodies: list[Record]


def profile(kg: Session, country: str, view: View) -> JurisdictionProfile:
    """Return all that ``view`` shows of ``country`` (its code); raises UnknownNameError with the nearest codes."""
    code = slug(kg.resolve("jurisdiction", country).value).upper()
    parts, features = defaultdict[str, list[str]](list), defaultdict[tuple[str, str], list[str]](list)
    for row in kg.query("parts", country=code, **view.lens):
        parts[str(row["document"])] += [str(row["part"])] if row["part"] else []
    for row in kg.query("features", country=code, **view.lens):
        if row["concept"] and row["element"] is None:
            features[str(row["document"]), slug(str(row["value"]))].append(kg.labels[str(row["concept"])])
    owned = [str(row["body"]) for row in kg.query("bodies", country=code)]
    shown = dict.fromkeys([*parts, *(part for below in parts.values() for part in below), *owned])
    describer = _Describer(kg, list(shown))
    if view.lens:  # what a document states itself is told by the sources that it cites
        seen = {str(row["evidence"]) for row in kg.query("document-passages", document=list(parts), **view.lens)}
        describer.keep(parts, seen, view)
    documents = [
        describer.record(iri, below, features[iri, "not-stated"], features[iri, "absent"])
        for iri, below in parts.items()
    ]
    return JurisdictionProfile(code, kg.names[code], documents, [describer.record(body) for body in owned])


class _Describer:
    """Turns the asserted statements about resources into words."""

    def __init__(self, kg: Session, resources: list[str]) -> None:
        self._kg, self._labels, self._origins = kg, dict(kg.labels), kg.origins_of(resources)
        stated = defaultdict[Any, dict[tuple[str, Term], None]](dict)
        self._owners = dict[str, str]()
        rows = kg.query("statements", resource=resources).terms() if resources else ()
        for row in rows:
            resource, subject, predicate, value = tuple[Any, ...](row.values())
            stated[subject][predicate.value, value] = None
            self._owners |= {subject.value: resource.value} if subject != resource else {}  # the nearest comes last
        self._stated: dict[Node, list[tuple[str, Term]]] = {subject: [*about] for subject, about in stated.items()}

    def keep(self, documents: Iterable[str], passages: set[str], view: View) -> None:
        """Leave out what ``documents`` (IRIs) state by none of ``passages``; call them as ``view`` does."""
        self._origins |= view.origins([])
        for document in documents:
            about = [(name, value) for name, value in self._about(document) if slug(name) not in _LINKS]
            if passages.isdisjoint(value.value for name, value in about if slug(name) == "evidence"):
                about = [(name, value) for name, value in about if name.endswith("#type")]
            self._stated[pyoxigraph.NamedNode(document)] = about
            self._labels[document] = view.documents[document].name if document in view.documents else ""

    def record(
        self, iri: str, parts: Sequence[str] = (), silent: Sequence[str] = (), absent: Sequence[str] = ()
    ) -> Record:
        below = [self.record(part) for part in parts if self._about(part) and self._owners.get(part, iri) == iri]
        kinds, statements, evidence = [], [], []
        origin_of_name = self._origins.get(iri, "printed")
        name = "" if origin_of_name == "none" else self._labels.get(iri, "")
        for predicate, value in self._about(iri):
            local = slug(predicate)
            if local == "type" and predicate.endswith("#type"):
                kinds.append(self._word(value))
            elif local == "evidence":
                evidence.append(self._word(value))
            elif not _is_shown_elsewhere(local, value, name, parts):
                origin = "ours" if local in _OURS else "printed"
                statements.append(Statement(self._property(predicate), self._value(local, value), origin))
        return Record(
            iri, sorted(kinds), name, origin_of_name, sorted(statements), sorted(evidence), below, silent, absent
        )

    def _about(self, iri: str) -> list[tuple[str, Term]]:
        return self._stated.get(pyoxigraph.NamedNode(iri), [])

    def _property(self, predicate: str) -> str:
        return self._labels.get(predicate) or slug(predicate)

    def _value(self, local: str, value: Term) -> str:
        """Return a value in words; what is not stated is a property, told by a noun where the language has one."""
        if local != "notStated":
            return self._word(value)
        noun = self._kg.say(slug(value.value))
        return self._property(value.value) if noun == slug(value.value) else noun

    def _word(self, term: Term) -> str:
        if isinstance(term, pyoxigraph.Literal):
            length = _LENGTH.fullmatch(term.value)
            return counted(self._kg.language, int(length[1]), *_UNITS[length[2]]) if length else term.value
        iri = term.value if isinstance(term, pyoxigraph.NamedNode) else ""
        named = self._labels.get(iri) if self._origins.get(iri) != "none" or iri not in self._owners else ""
        if named or (iri and iri not in self._owners):
            return named or (slug(iri) if iri.startswith(BASE) else iri)
        stated = [(predicate, self._value(slug(predicate), value)) for predicate, value in self._stated.get(term, [])]
        by_name = {slug(predicate): word for predicate, word in stated}
        ends = {key: by_name[name] for key, name in (("start", "startDate"), ("end", "endDate")) if name in by_name}
        once = ends.get("start") == ends.get("end")
        words = [ends["end"] if once else self._kg.say(_PERIODS[tuple(ends)], **ends)] if ends else []
        words += [by_name[name] for name in ("value", "currency", "timing") if name in by_name]
        told = {"type", "startDate", "endDate", "value", "currency", "timing"}
        rest = [f"{self._property(predicate)} {word}" for predicate, word in stated if slug(predicate) not in told]
        return ", ".join([*words, *sorted(rest)])


def _is_shown_elsewhere(local: str, value: Term, name: str, parts: Sequence[str]) -> bool:
    """Whether a statement only links a part, repeats the name, or points up to where the part is shown."""
    if isinstance(value, pyoxigraph.NamedNode):
        return value.value in parts or local in {"coverageOf", "jurisdiction"}
    return local in _NAMES and isinstance(value, pyoxigraph.Literal) and value.value == name
