"""All that is recorded of one jurisdiction: its documents, their parts, and what the sources do not say of them.

Shown is what was asserted, property by property as the data state it, so nothing recorded is left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import pyoxigraph

from ..query.session import Session
from ..rdf.namespaces import BASE, slug

Node = pyoxigraph.NamedNode | pyoxigraph.BlankNode
Term = Node | pyoxigraph.Literal

_OURS = {"comment", "condition", "mappingReason"}
"""The properties of which the values are ours: notes, terms and reasons, not what the source prints."""

_PERIODS = {("start", "end"): "{start} to {end}", ("start",): "from {start}", ("end",): "until {end}"}


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


def profile(kg: Session, country: str) -> JurisdictionProfile:
    """Return all that is recorded of ``country`` (alpha-3 code); raises UnknownNameError with the nearest codes."""
    code = slug(kg.resolve("jurisdiction", country).value).upper()
    parts, features = defaultdict[str, list[str]](list), defaultdict[tuple[str, str], list[str]](list)
    for row in kg.query("parts", country=code):
        parts[str(row["document"])] += [str(row["part"])] if row["part"] else []
    for row in kg.query("features", country=code):
        if row["concept"] and row["element"] is None:
            features[str(row["document"]), slug(str(row["value"]))].append(kg.labels[str(row["concept"])])
    owned = [str(row["body"]) for row in kg.query("bodies", country=code)]
    describer = _Describer(kg, [*parts, *(part for below in parts.values() for part in below), *owned])
    documents = [
        describer.record(iri, below, features[iri, "not-stated"], features[iri, "absent"])
        for iri, below in parts.items()
    ]
    return JurisdictionProfile(code, kg.names[code], documents, [describer.record(body) for body in owned])


class _Describer:
    """Turns the asserted statements about resources into words."""

    def __init__(self, kg: Session, resources: list[str]) -> None:
        self._kg, self._labels, self._origins = kg, kg.labels, kg.origins_of(resources)
        self._stated: dict[Node, list[tuple[str, Term]]] = {}
        rows = kg.query("statements", resource=list(dict.fromkeys(resources))).terms() if resources else ()
        stated = ((row["subject"], row["predicate"], row["value"]) for row in rows)
        for subject, predicate, value in dict.fromkeys(stated):
            self._stated.setdefault(subject, []).append((predicate.value, value))  # type: ignore[arg-type,union-attr]

    def record(
        self, iri: str, parts: Sequence[str] = (), silent: Sequence[str] = (), absent: Sequence[str] = ()
    ) -> Record:
        below = [self.record(part) for part in parts if self._about(part)]
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
        return self._labels.get(predicate) or self._kg.say(slug(predicate))

    def _value(self, local: str, value: Term) -> str:
        """Return a value in words; what is not stated is a property, of whatever vocabulary."""
        return self._property(value.value) if local == "notStated" else self._word(value)

    def _word(self, term: Term) -> str:
        if isinstance(term, pyoxigraph.Literal):
            return term.value
        if isinstance(term, pyoxigraph.NamedNode):
            return self._labels.get(term.value) or (slug(term.value) if term.value.startswith(BASE) else term.value)
        stated = [(predicate, self._value(slug(predicate), value)) for predicate, value in self._stated.get(term, [])]
        by_name = {slug(predicate): word for predicate, word in stated}
        ends = {key: by_name[name] for key, name in (("start", "startDate"), ("end", "endDate")) if name in by_name}
        words = [self._kg.say(_PERIODS[tuple(ends)], **ends)] if ends else []
        words += [by_name[name] for name in ("value", "currency", "timing") if name in by_name]
        told = {"type", "startDate", "endDate", "value", "currency", "timing"}
        rest = [f"{self._property(predicate)} {word}" for predicate, word in stated if slug(predicate) not in told]
        return ", ".join([*words, *sorted(rest)])


def _is_shown_elsewhere(local: str, value: Term, name: str, parts: Sequence[str]) -> bool:
    """Whether a statement only links a part, repeats the name, or points up to where the part is shown."""
    if isinstance(value, pyoxigraph.NamedNode):
        return value.value in parts or local in {"coverageOf", "jurisdiction"}
    named = local in {"label", "prefLabel", "title"}
    return named and isinstance(value, pyoxigraph.Literal) and value.value == name
