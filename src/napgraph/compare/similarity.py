"""How alike plans are: the share of concepts that two of them have in common (the Jaccard index), with their names.

With exact or close, those are the concepts that its wording is mapped to so nearly; with broad, also the wider ones
above. There is a value only where both sources show the whole list: one that nobody saw is not an empty list.
"""

from itertools import combinations
from typing import NamedTuple

from ..errors import UnknownNameError
from ..query.session import Session
from ..rdf.namespaces import slug
from ..tables.columns import grouped
from ..tables.table import Table
from .analysis import Analysis, Row, View, code_of, short_iri
from .matrix import SYNONYMS

AXES = ("pillars", "principles", "measures", "goals")
_COLUMNS = (
    *("a", "a_title", "b", "b_title", "similarity", "shared", "only_a", "only_b", "comparable", "reason"),
    *("shared_concepts", "only_a_concepts", "only_b_concepts"),
)
_EVIDENCE = (
    *("country", "name", "document", "title", "concept", "label", "match", "phrase", "standing"),
    "evidence",
    "where",
)
# What keeps a list from being compared, in words with a place for the name of the axis.
_REASONS = {
    "partly-described": "its source shows only a part of its {axis}",
    "mentioned": "its source says that it has {axis} but does not name them",
    "absent": "it names no {axis}",
    "not-applicable": "it is not meant to name {axis}",
    "not-stated": "its source does not say what its {axis} are",
    "not-assessed": "nobody looked for its {axis}",
}
_NOTES = (
    "The value is the number of concepts that both name, divided by the number that either names.",
    "It is given only where the sources of both show the whole list. Concepts are those that the wording was "
    "mapped to, with broad also the wider ones above them. Wording without a shared concept is not counted.",
)
_BY_COUNTRY = "A jurisdiction counts with the documents whose sources show the whole list."
_NEAR = {"exact": "matched exactly", "close": "matched exactly or closely", "broad": "mapped to a concept"}


class Pair(NamedTuple):
    """One pair: codes or short names, titles, the value (None where it cannot be told), why not, and the concepts."""

    a: str
    b: str
    titles: tuple[str, str]
    value: float | None
    reason: str
    shared: list[str]
    only_a: list[str]
    only_b: list[str]


class _Side(NamedTuple):
    """One document or jurisdiction: its short name, title, concept labels, and what keeps it from being compared."""

    key: str
    title: str
    labels: set[str]
    hindrance: str


class Similarity(Analysis):
    """Pairs of documents or jurisdictions on one axis, in the order of their names; raises UnknownNameError."""

    QUERY = "named-concepts"

    def __init__(self, kg: Session, axis: str, view: View, *, match: str, by: str, anywhere: bool) -> None:
        axis = SYNONYMS.get(axis, axis)
        for kind, name, known in (("axis of similarity", axis, AXES), ("unit", by, ("document", "country"))):
            if name not in known:
                raise UnknownNameError(kind, name, known, see=f"It is one of: {', '.join(known)}.")
        super().__init__(kg, view, axis=axis, strictness=match)
        self._rows = [row for row in self._rows if anywhere or row["part"] != "other"]
        self._parameters = {"axis": axis, "strictness": match, "by": by, "country": view.country}
        self.axis, self.match, self.by = axis, match, by
        self.known = _NOTES if self.by == "document" else (*_NOTES, _BY_COUNTRY)
        self._anywhere = anywhere
        self.pairs = [self._pair(a, b) for a, b in combinations(self._sides(), 2)]

    def _sides(self) -> list[_Side]:
        documents = grouped(self._rows)
        if self.by == "document":
            return sorted(self._side(iri, rows) for iri, rows in documents.items())
        countries: dict[str, list[_Side]] = {}
        for iri, rows in documents.items():
            countries.setdefault(code_of(rows[0]), []).append(self._side(iri, rows))
        return sorted(self._merged(code, sides) for code, sides in countries.items())

    def _side(self, iri: str, rows: list[Row]) -> _Side:
        labels = {str(row["label"]) for row in rows if row["concept"] is not None}
        standings = {str(row["standing"]) for row in rows if row["standing"] is not None}
        standing = next((each for each in ("described", *_REASONS) if each in standings), "not-assessed")
        axis = self._kg.name_of_axis(self.axis)
        hindrance = self._kg.say(_REASONS[standing], axis=axis) if standing in _REASONS else ""
        if not hindrance and not labels:
            hindrance = self._kg.say(f"none of its {{axis}} is {_NEAR[self.match]}", axis=axis)
        if self._anywhere and labels and standing in {"not-stated", "absent", "not-assessed"}:
            hindrance = ""  # another part of the plan speaks instead
        return _Side(short_iri(iri), self.view.title(iri) or short_iri(iri), labels, hindrance)

    def _merged(self, code: str, sides: list[_Side]) -> _Side:
        """Return a jurisdiction as one: what any of its documents names, hindered only where none can be compared."""
        telling = [side for side in sides if not side.hindrance]
        hindrances = dict.fromkeys(f"{side.title}: {side.hindrance}" for side in sides)
        labels = set[str]().union(*(side.labels for side in telling or sides))
        return _Side(code, self._kg.names.get(code, code), labels, "" if telling else "; ".join(hindrances))

    def _pair(self, a: _Side, b: _Side) -> Pair:
        reason = "; ".join(f"{side.key}: {side.hindrance}" for side in (a, b) if side.hindrance)
        shared, union = a.labels & b.labels, a.labels | b.labels
        value = None if reason else round(len(shared) / len(union), 4)
        lists = [sorted(labels) for labels in (shared, a.labels - b.labels, b.labels - a.labels)]
        return Pair(a.key, b.key, (a.title, b.title), value, reason, *lists)

    def table(self) -> Table:
        """Return a row per pair."""
        rows = []
        for pair in self.pairs:
            row: Row = {"a": pair.a, "a_title": pair.titles[0], "b": pair.b, "b_title": pair.titles[1]}
            row |= {"similarity": pair.value, "comparable": not pair.reason, "reason": pair.reason or None}
            for name, concepts in (("shared", pair.shared), ("only_a", pair.only_a), ("only_b", pair.only_b)):
                row |= {name: len(concepts), f"{name}_concepts": "; ".join(concepts)}
            rows.append(row)
        title = self._kg.say(f"Similarity of {{axis}}, by {self.by}", axis=self._kg.name_of_axis(self.axis))
        return self._table(_COLUMNS, rows, title)

    def evidence(self) -> Table:
        """Return a row per concept, wording and passage of each document, and what its source shows of the axis."""
        rows = (self._named(row) | {"concept": row["concept"] and slug(str(row["concept"]))} for row in self._rows)
        title = self._kg.say("What the similarity of {axis} rests on", axis=self._kg.name_of_axis(self.axis))
        return self._table(_EVIDENCE, rows, title)
