"""The lines of plans of a jurisdiction: what each edition keeps, adds and drops of the concepts of an axis."""

from functools import cached_property

from ..query.session import Session
from ..tables.columns import grouped
from ..tables.origins import marked
from ..tables.table import Table
from .analysis import NAMED, Analysis, Row, View, joined, short_iri
from .matrix import Comparison, Concept
from .overview import years

_COLUMNS = (*NAMED, "former", "concept", "label", "change", "value", "phrase", "evidence", "where")
_CHANGES = {
    (True, True): "kept",
    (False, True): "added",
    (True, False): "dropped",
    (None, True): "added or kept",
    (True, None): "dropped or kept",
}
"""What became of a concept, by whether the edition before and this one state it; None: not known."""


class History(Analysis):
    """Each line of plans, by what an edition states of an axis and whether the one before it did.

    ``lines`` are the IRIs of the documents of each line in their order; ``alone`` are those in no line. An edition that
    was not read in full never drops or adds anything: ``added or kept`` where it is not known whether the one before
    it stated the concept, ``dropped or kept`` where this one's source does not show it. Raises UnknownNameError.
    """

    QUERY = "plan-lines"
    known = (
        "Dropped and added are told only where the other edition was looked through in full; what the source of an "
        "edition does not show is not known, and no sign that it is missing.",
    )

    def __init__(self, kg: Session, view: View, axis: str, match: str) -> None:
        super().__init__(kg, view)
        compared = self._compared = Comparison(kg, axis, match, "document", view)
        self._parameters |= {"axis": axis, "match": match}
        self.axis, self.concepts = compared.axis, [each for each in compared.spoken() if each.code != compared.unmapped]
        self.rows_of = {str(row["document"]): row for row in self._rows}
        formers = {iri: {str(row["former"]) for row in self._rows if row["document"] == iri} for iri in self.rows_of}
        lines: list[list[str]] = []
        for iri, before in formers.items():
            joins = [line for line in lines if {*line} & before or any(iri in formers[each] for each in line)]
            lines = [*(line for line in lines if line not in joins), [each for line in joins for each in line] + [iri]]
        lines = [
            sorted(line, key=lambda iri: (len(formers[iri]), str(self.rows_of[iri]["first"] or ""))) for line in lines
        ]
        self.lines = [line for line in lines if len(line) > 1]
        self.alone = [iri for line in lines if len(line) == 1 for iri in line]

    def titled(self, iri: str) -> str:
        """Return the title of an edition, its short name and its period, or else what was done to it and when."""
        row = self.rows_of[iri]
        period = years(self._kg, row["first"], row["last"]) or self._acts.get(iri) or self._kg.say("no date stated")
        return f"{marked(row['title'], row['origin'])} ({short_iri(iri)}): {period}"

    @cached_property
    def _acts(self) -> dict[str, str]:
        """The dated acts of each document (IRI), in words."""
        rows = grouped(row for row in self._kg.query("stated-dates", **self.view.asked) if row["date"])
        named = self._kg.labels_of(row["act"] for each in rows.values() for row in each)
        return {
            iri: joined(f"{named.get(str(row['act']), '')} {row['date']}".strip() for row in each) or ""
            for iri, each in rows.items()
        }

    def change(self, before: str | None, iri: str, concept: Concept) -> str | None:
        """Return what became of a concept from an edition to the next; None where neither is known to state it."""
        states = self._compared.states
        now = states(iri, concept.code)
        if before is None:
            return "first" if now else None
        return _CHANGES.get((states(before, concept.code), now))

    def changes(self, before: str | None, iri: str) -> dict[str, list[str]]:
        """Return the names of the concepts of an edition by what became of them since the one before."""
        found = {change: list[str]() for change in ("first", *_CHANGES.values())}
        for concept in self.concepts:
            found.get(self.change(before, iri, concept) or "", []).append(concept.label)
        return {change: labels for change, labels in found.items() if labels}

    def common(self, line: list[str]) -> dict[int, list[str]]:
        """Return what no edition of a line is known to lack, by how many state it, from all down to two."""
        found: dict[int, list[str]] = {number: [] for number in range(len(line), 1, -1)}
        for concept in self.concepts:
            states = [self._compared.states(iri, concept.code) for iri in line]
            if False not in states:
                found.get(states.count(True), []).append(concept.label)
        return {number: labels for number, labels in found.items() if labels}

    def table(self) -> Table:
        """Return a row per line, edition and concept that this edition or the one before it states."""
        steps = [step for line in self.lines for step in zip([None, *line], line, strict=False)]
        found = ((step, each, self.change(*step, each)) for step in steps for each in self.concepts)
        made = [self._told(*step, each) | {"change": self._kg.say(change)} for step, each, change in found if change]
        title = self._kg.say("What each edition keeps, adds and drops: {axis}", axis=self._compared.title)
        return self._table(_COLUMNS, made, title, self.axis)

    def _told(self, before: str | None, iri: str, concept: Concept) -> Row:
        row = self.rows_of[iri]
        value, said = self._compared.cell(short_iri(iri), concept.code)
        told = self._named(row, {iri: str(row["origin"])}) | {"former": before and short_iri(before)}
        told |= {"concept": concept.code, "label": concept.label, "value": value.words}
        told |= {"evidence": said[0]["evidence"] if said else row["evidence"]}
        told["phrase"] = joined(each.get("phrase") for each in said)
        told["where"] = joined(self._kg.labels.get(str(each["evidence"])) for each in said)
        return told

    def evidence(self) -> Table:
        """Return a row per statement and passage behind what the editions state."""
        return self._compared.evidence()
