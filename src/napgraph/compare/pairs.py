"""Plans in pairs: how alike they are, and what two of them keep, reword, drop and add.

Likeness is the share of concepts that two have in common (the Jaccard index): those that the wording is mapped to, with
broad also the wider ones above; only where both sources show the whole list, since one that nobody saw is not an empty
list. In a difference, elements are matched where the record calls one a revision of the other, then by equal wording,
then by a shared concept; one is dropped or added only where the full text of the other was looked through for its kind.
"""

from itertools import combinations, product
from typing import NamedTuple

from ..errors import ParameterError, UnknownNameError
from ..query.session import Session
from ..rdf.namespaces import slug
from ..tables.columns import grouped
from ..tables.table import Table
from .analysis import Analysis, Row, View, code_of, joined, short_iri
from .matrix import SYNONYMS

AXES = ("pillars", "principles", "measures", "goals")
_PAIRS = (
    *("a", "a_title", "b", "b_title", "similarity", "shared", "only_a", "only_b", "comparable", "reason"),
    *("shared_concepts", "only_a_concepts", "only_b_concepts"),
)
_NAMED_IN = (
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
        return self._table(_PAIRS, rows, title)

    def evidence(self) -> Table:
        """Return a row per concept, wording and passage of each document, and what its source shows of the axis."""
        rows = (self._named(row) | {"concept": row["concept"] and slug(str(row["concept"]))} for row in self._rows)
        title = self._kg.say("What the similarity of {axis} rests on", axis=self._kg.name_of_axis(self.axis))
        return self._table(_NAMED_IN, rows, title)


_KINDS = ("pillar", "principle", "goal", "objective", "measure", "priority")
_SIDES = ("a_phrase", "a_origin", "b_phrase", "b_origin")
_CHANGES = ("kind", "change", *_SIDES, "concept", "match", "a_where", "b_where")
_ELEMENTS = ("document", "title", "kind", "element", "phrase", "origin", "label", "match", "evidence", "where")
_NEARNESS = ("exact", "close", "broad")
_IN_SUCCESSION = ("kept", "reworded", "dropped", "added")
_UNRELATED = ("alike", "shared", "only in a", "only in b")


class Element(NamedTuple):
    """One element: IRI, wording and its origin, nearness by concept label, what it revises, and where it stands."""

    iri: str
    phrase: str
    origin: str
    concepts: dict[str, str]
    revises: set[object]
    places: dict[str, None]


class Change(NamedTuple):
    """One line of a difference: kind, change, the elements, the concepts that tie them, and how they were matched."""

    kind: str
    change: str
    a: Element | None
    b: Element | None
    concepts: list[str]
    match: str | None


class Diff(Analysis):
    """Two documents, ``a`` first: their IRIs, ``titles``, and by IRI the ``origins`` of these (printed, ours or none).

    Raises UnknownNameError, or ParameterError where a name fits several documents, or both name the same.
    """

    QUERY = "document-elements"
    known = ("That a document has not what the other has is told only where it was read in full and looked through.",)

    def __init__(self, kg: Session, a: str, b: str, view: View, match: str) -> None:
        self.a, self.b = a, b = document_named(kg, a), document_named(kg, b)
        if a == b:
            raise ParameterError(f"Both names mean {short_iri(a)}: name two documents.")
        super().__init__(kg, view, document=[a, b], strictness=match)
        follows = {(row["document"], row["former"]) for row in kg.query("successions-of", document=[a, b])}
        self.succession = bool(follows & {(a, b), (b, a)})
        origins = view.origins([a, b])
        self.titles = [view.title(iri) or short_iri(iri) for iri in (a, b)]
        self.origins = {iri: origins[iri] for iri in (a, b) if iri in origins}
        self._words = _IN_SUCCESSION if self.succession else _UNRELATED
        self.changes = [change for kind in _KINDS for change in self._of_kind(kind)]

    def _elements(self, document: str, kind: str) -> tuple[list[Element], bool]:
        """Return the elements of a kind that a document has, and whether it was looked through for them in full."""
        found: dict[str, Element] = {}
        rows = [row for row in self._rows if (row["document"], row["kind"]) == (document, kind)]
        for row in (row for row in rows if row["element"] is not None):
            iri, place = str(row["element"]), str(row["evidence"])
            element = found.setdefault(iri, Element(iri, str(row["phrase"]), str(row["origin"]), {}, set(), {}))
            element.concepts.update({} if row["label"] is None else {str(row["label"]): str(row["match"])})
            element.revises.add(row["revises"])
            element.places[self._kg.labels.get(place, place)] = None
        return list(found.values()), any(row["complete"] is True for row in rows)

    def _of_kind(self, kind: str) -> list[Change]:
        def revised(one: Element, other: Element) -> bool:
            return one.iri in other.revises or other.iri in one.revises

        (first, read_a), (second, read_b) = self._elements(self.a, kind), self._elements(self.b, kind)
        made: list[Change] = []
        settled: set[str] = set()
        for way, fits in (("revision", revised), ("wording", _same_words)):
            for one, other in product(first, second):
                if fits(one, other) and not {one.iri, other.iri} & settled:
                    made.append(self._kept(kind, one, other, way))
                    settled |= {one.iri, other.iri}
        left = [[each for each in side if each.iri not in settled] for side in (first, second)]
        pairs = [pair for pair in product(*left) if pair[0].concepts.keys() & pair[1].concepts.keys()]
        made += [self._kept(kind, one, other, None) for one, other in pairs]
        settled |= {each.iri for pair in pairs for each in pair}
        order = {each.iri: number for number, each in enumerate(first)}
        made.sort(key=lambda change: order[change.a.iri] if change.a else 0)
        dropped = self._words[2] if read_b else "only shown in a"
        added = self._words[3] if read_a else "only shown in b"
        made += [Change(kind, dropped, each, None, [*each.concepts], None) for each in first if each.iri not in settled]
        made += [Change(kind, added, None, each, [*each.concepts], None) for each in second if each.iri not in settled]
        for name, found, known in (("a", first, read_a), ("b", second, read_b)):
            if not found:
                made.append(Change(kind, f"none in {name}" if known else f"not known of {name}", None, None, [], None))
        return made

    def _kept(self, kind: str, one: Element, other: Element, way: str | None) -> Change:
        shared = [label for label in one.concepts if label in other.concepts]
        if way is None:  # the nearest of the shared concepts, each as near as the less near of the two wordings
            near = (max(one.concepts[label], other.concepts[label], key=_NEARNESS.index) for label in shared)
            way = min(near, key=_NEARNESS.index)
        return Change(kind, self._words[0 if _same_words(one, other) else 1], one, other, shared, way)

    def table(self) -> Table:
        """Return a row per pair of elements that belong together, and per element that stands alone."""
        rows = []
        for change in self.changes:
            row: Row = {"kind": change.kind, "change": change.change, "match": change.match}
            row["concept"] = joined(change.concepts)
            for side, each in (("a", change.a), ("b", change.b)):
                row |= {f"{side}_phrase": each and each.phrase, f"{side}_origin": each and each.origin}
                row[f"{side}_where"] = each and "; ".join(each.places)
            rows.append(row)
        a, b = self.titles
        return self._table(_CHANGES, rows, self._kg.say("From {a} to {b}", a=a, b=b))

    def evidence(self) -> Table:
        """Return a row per element, concept and passage of the two documents."""
        labels, rows = self._kg.labels, []
        for row in (each for each in self._rows if each["element"] is not None):
            told: Row = {"document": short_iri(row["document"]), "element": short_iri(row["element"])}
            told |= {"title": self.view.title(str(row["document"])), "where": labels.get(str(row["evidence"]))}
            rows.append(row | told)
        a, b = self.titles
        return self._table(_ELEMENTS, rows, self._kg.say("What the difference from {a} to {b} rests on", a=a, b=b))


def _same_words(one: Element, other: Element) -> bool:
    return one.phrase.casefold().split() == other.phrase.casefold().split()


def document_named(kg: Session, name: str) -> str:
    """Return the IRI of the document named by IRI, ``iso3/slug``, or a unique part of that or of its title.

    Raises UnknownNameError with the nearest, or ParameterError where several fit.
    """
    documents = {
        short_iri(row["document"]): str(row["document"]) for row in kg.query("documents", tier=sorted(kg.codes("tier")))
    }
    wanted = short_iri(name.strip()).casefold()
    titles = {short: kg.labels.get(iri, "").casefold() for short, iri in documents.items()}
    tests = (
        lambda short: short == wanted,
        lambda short: wanted in {*short.split("/", 1), titles[short]},
        lambda short: wanted in short or wanted in titles[short],
    )
    for fits in tests if wanted else ():
        found = [short for short in documents if fits(short)]
        if len(found) == 1:
            return documents[found[0]]
        if found:
            raise ParameterError(f"Several documents are named {name!r}: {', '.join(found)}. Name one of them.")
    slugs = (short.partition("/")[2] for short in documents)
    see = "A document is named by its IRI, by iso3/slug such as nor/plan-2006-2009, or by a unique part of it."
    raise UnknownNameError("document", name, dict.fromkeys((*documents, *slugs)), see=see)
