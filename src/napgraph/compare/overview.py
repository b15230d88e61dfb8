"""What is known at a glance: a row for each jurisdiction, with its latest plan, or for each document."""

from collections.abc import Iterable
from datetime import date
from functools import cached_property

from ..errors import UnknownNameError
from ..query.session import Session
from ..rdf.namespaces import slug
from ..tables.columns import Value, grouped
from ..tables.table import Table
from .analysis import NAMED, Analysis, Row, View, joined, short_iri
from .matrix import CellValue, Comparison, axes

_PARTS = {"P": "prevention", "V": "protection", "J": "prosecution", "C": "national-coordination"}
_BUILD = {"A": "activities", "L": "responsibilities", "D": "timelines", "I": "activity-indicators", "M": "budget"}
MARKS = {"pillars": _PARTS, "features": _BUILD}
"""By axis and letter the concepts that a line tells of; another subject shows those that its axes have."""
DEPTHS = {
    "full-text": "full text",
    "excerpt": "part of the text",
    "summary-paragraph": "summary",
    "bare-mention": "name and period only",
}
"""How much of a document its best source shows, in words."""
_PLAN = ("document", "title", "title_origin", "start", "end", "extent")
_FACTS = ("type", "period", "acts", "bodies", "status", "legal_basis", "parts", "term", "part_names", "money", "extent")
_ASKED = {"part_names": "pillars", "money": "budget"}
"""The feature that tells what is known where a document has none."""


def years(kg: Session, start: object, end: object) -> str:
    """Return a period by its years, as far as it is stated: 2006–2009, from 2014, until 2006, or nothing."""
    first, last = (str(day)[:4] if day else "" for day in (start, end))
    if first and last:
        return first if first == last else f"{first}–{last}"
    return kg.say("from {start}", start=first) if first else kg.say("until {end}", end=last) if last else ""


def span(row: Row) -> tuple[int | None, int | None]:
    """Return the first and last year of a row of ``in-force``, as stated; without a period the year of its act."""
    start = row["start"] or (row["first"] if row["basis"] == "act" else None)
    return (int(str(start)[:4]) if start else None, int(str(row["end"])[:4]) if row["end"] else None)


def amount(row: Row) -> str:
    """Return a sum or a range as it is printed, else in whole units of its currency."""
    ends = [f"{float(str(row[name])):,.0f}" for name in ("value", "least", "most") if row[name] is not None]
    return str(row["printed"] or f"{row['currency'] or ''} {'–'.join(ends)}".strip())


def depth(kg: Session, extent: object) -> str:
    """Return in words how much of a document a source shows; ``extent`` is its code or IRI."""
    return kg.say(DEPTHS.get(slug(str(extent)), "not stated"))


class Overview(Analysis):
    """The plans of each jurisdiction, or all documents (``by`` document). Raises UnknownNameError.

    ``marks`` are the letter, name and comparison of what a line tells of; ``plans`` the rows of ``in-force`` by
    jurisdiction (alpha-3 code), in the order of time.
    """

    QUERY = "in-force"
    known = ("Where the source does not say, nothing is known; it is never counted as a no.",)

    def __init__(self, kg: Session, view: View, by: str = "country") -> None:
        if by not in (ways := ("country", "document")):
            raise UnknownNameError("way to look", by, ways, see=f"The ways are: {', '.join(ways)}.")
        super().__init__(
            kg, view, date=date.today().isoformat(), basis=("period", "act", "none"), answer=("yes", "possible", "no")
        )
        self._parameters, self.by = {"by": by}, by
        self._rows.sort(key=lambda row: str(row["first"] or row["last"] or ""))
        self.plans = {slug(iri).upper(): rows for iri, rows in grouped(self._rows, "country").items()}
        names = kg.names_of(self.plans)
        self.plans = {code: self.plans[code] for code in sorted(self.plans, key=names.__getitem__)}
        self.documents = grouped(kg.query("documents", **view.asked))
        both = ("pillars", "features") if {"pillars", "features"} <= {*axes(kg)} and self._rows else ()
        self.compared = known = {name: Comparison(kg, name, "broad", "document", view) for name in both}
        labels = {(axis, each.code): each.label for axis, found in known.items() for each in found.concepts}
        every = ((axis, *each) for axis, codes in MARKS.items() for each in codes.items())
        self.marks = [
            (letter, code, labels[axis, code], known[axis]) for axis, letter, code in every if (axis, code) in labels
        ]

    def extent(self, iri: str) -> str:
        """Return the code of how much of a document its sources show."""
        return slug(str(self.documents[iri][0]["extent"])) if iri in self.documents else "bare-mention"

    def latest(self, code: str) -> Row:
        """Return the last plan of a jurisdiction of which more than name and period is shown, else the last."""
        dated = [row for row in self.plans[code] if row["first"] or row["last"]] or self.plans[code]
        return ([row for row in dated if self.extent(str(row["document"])) != "bare-mention"] or dated)[-1]

    def cells(self, document: Value) -> list[CellValue]:
        """Return the value of each mark in a document (IRI)."""
        return [found.value(short_iri(document), code) for _, code, _, found in self.marks]

    def table(self) -> Table:
        """Return a row per jurisdiction with its latest plan and what that tells of, or a row per document."""
        if self.by == "document":
            return self._by_document()
        made: list[Row] = []
        for code, plans in self.plans.items():
            row = self.latest(code)
            told = self._named(row) | {"title": row["title"], "title_origin": row["origin"]}
            told |= {"recorded_plans": len(plans), "extent": self.extent(str(row["document"]))}
            values = self.cells(row["document"])
            made.append(told | {each[1]: value.words for each, value in zip(self.marks, values, strict=True)})
        words = {code: label for _, code, label, _ in self.marks}
        columns = ["country", "name", "recorded_plans", *_PLAN, *words, "evidence", "where"]
        table = self._table(columns, made, self._kg.say("Plans at a glance"), "documents")
        meanings = {value.words: value.meaning for *_, found in self.marks[:1] for value in found.values.values()}
        table.columns = [
            each._replace(kind="text", words=words[each.name], codes=meanings, term="") if each.name in words else each
            for each in table.columns
        ]
        return table

    @cached_property
    def _facts(self) -> dict[str, dict[str, list[Row]]]:
        """The rows of the saved queries that a row of a document is made from, by query and document."""
        asked = ("timeline", "network", "legal-basis", "pillar-phrases", "money", "levels-and-statuses")
        return {name: grouped(self._kg.query(name, **self.view.asked)) for name in asked}

    def _by_document(self) -> Table:
        labels = self._kg.labels
        seen = grouped(self._rows)
        acts_of = [row["basis"] for rows in self._facts["legal-basis"].values() for row in rows]
        named = {iri: "" for iri, origin in self._kg.origins_of(acts_of).items() if origin == "none"}
        features = next((found for _, _, _, found in self.marks if found.axis == "features"), None)

        def words(values: Iterable[object], iri: str, feature: str = "") -> str:
            """Return values as one text; where there are none, what is known of that."""
            silent = features.values[features.shown(iri, feature)[0]].words if features and feature else ""
            return joined(values) or silent or self._kg.say("not stated")

        made: list[Row] = []
        for iri, documents in self.documents.items():
            found = {name: rows.get(iri, []) for name, rows in self._facts.items()}
            row, parts = documents[0], {str(each["phrase"]): each for each in found["pillar-phrases"]}
            period = next(iter(seen.get(iri, [])), {}) or next(
                (each for each in found["timeline"] if each["kind"] == "period" and (each["start"] or each["end"])), {}
            )
            events = (each for each in found["timeline"] if each["kind"] == "event")
            acts = (f"{labels.get(str(each['what'])) or each['label'] or ''} {each['start']}" for each in events)
            doing = (each for each in found["network"] if each["act"])
            bodies = (
                f"{each['name'] or each['class']} ({each['verb'] or self._kg.say(str(each['role']))})" for each in doing
            )
            basis = (
                " ".join(str(each) for each in (named.get(str(each["basis"]), each["act"]), each["number"]) if each)
                for each in found["legal-basis"]
            )
            states = (labels.get(str(each["status"])) for each in found["levels-and-statuses"] if each["status"])
            told = self._named(row) | {"title": row["title"], "title_origin": row["origin"]}
            told |= {"type": joined(labels.get(str(each["type"])) for each in documents)}
            told |= {"extent": slug(str(row["extent"])), "parts": len(parts) or None}
            told |= {"term": joined(each["term"] for each in parts.values())}
            said: dict[str, Iterable[object]] = {"status": states, "acts": acts, "bodies": bodies, "legal_basis": basis}
            said |= {"period": [years(self._kg, period.get("start"), period.get("end"))], "part_names": parts}
            said |= {"money": map(amount, found["money"])}
            made.append(told | {name: words(values, iri, _ASKED.get(name, "")) for name, values in said.items()})
        title = self._kg.say("Documents at a glance")
        return self._table((*NAMED, *_FACTS, "evidence", "where"), made, title, *self._facts)
