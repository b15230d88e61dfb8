"""The data as tables for research: a row per country and year, or document, and a row per statement."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pyoxigraph

from ..errors import ParameterError
from ..query.session import Session
from ..rdf.namespaces import BASE, slug
from ..tables.columns import Column
from ..tables.table import Table
from .analysis import NAMED, Analysis, Row, View, joined, short_iri
from .matrix import RANK, Comparison, axes, value_of, values_in
from .years import ANSWERS, EVERY_BASIS, running, years_between

_SAID = {"stated", "partly"}
_OTHER = {
    "possible": "stated, but only by a plan of which it is not known whether it was in force in the year",
    "undated": "only plans without any date may have been in force in the year, which is not known",
    "not-in-force": "no plan that is recorded was in force in the year",
    "not-applicable": "documents of this kind are not compared on the axis",
}
_YEAR = ("country", "name", "year", "in_force", "certain", "possible", "undated", "running", "may_run")
_DATES = ("basis", "start", "end", "first", "last")
_STATEMENTS = (
    *(*NAMED, "element", "kind", "property", "concept", "label", "value", "words", "language", "origin", "match"),
    *("source", "source_title", "extent", "where", "readOn"),
)


class Panel(Analysis):
    """One column a concept of some axes (default: all), a row per jurisdiction and year, or ``by`` document.

    A cell is a code, as ``codes`` explains them. Raises ParameterError for another way, or years of documents.
    """

    QUERY = "summary-of-documents"
    known = (
        "As an interval: stated and partly are 1 to 1, absent is 0 to 0; not-stated, not-assessed, in-other-words, "
        "possible and undated are not known, 0 to 1; not-in-force and not-applicable have no value.",
        "What is not known is never a no: a year is absent only where every plan that is or may be in force is known "
        "to lack the concept.",
        "That no plan is in force is said of the plans that are recorded; there may have been others. Plans without "
        "any date are counted under undated, and decide no cell.",
    )

    def __init__(
        self, kg: Session, axis: Sequence[str], match: str, by: str, view: View, years: tuple[int | None, int | None]
    ) -> None:
        if by not in {"year", "document"} or (by == "document" and any(years)):
            raise ParameterError("A panel has a row per year, of which --from and --to name the ends, or per document.")
        self._kg, self.view, self.by, self.years = kg, view, by, years_between(*years)
        self.compared = [Comparison(kg, each, match, "document", view) for each in axis or axes(kg)]
        self._all = {iri: None for each in self.compared for iri in each._all if iri not in view.left_out}
        self._parameters = {"axis": [each.axis for each in self.compared], "by": by, "match": match}
        self._parameters |= {"years": f"{self.years[0]} to {self.years[-1]}"} if by == "year" else {}
        cells = [(each, concept) for each in self.compared for concept in each.concepts]
        self._cells = {f"{each.axis}_{concept.code}".replace("-", "_"): (each, concept) for each, concept in cells}
        self.codes = {name: value.meaning for name, value in values_in(kg.language).items()}
        self.codes |= {name: kg.say(words) for name, words in _OTHER.items()}
        self._rows = kg.query("document-passages", document=[*self._all], **self.compared[0]._sources()).rows()

    def _of_year(self, compared: Comparison, concept: str, found: Mapping[str, str]) -> str:
        """Return the value of a cell by the documents (IRIs) that are in force: yes, possible or undated."""
        shown = {iri: compared.shown(iri, concept)[0] for iri, answer in found.items() if answer != "undated"}
        if not shown:
            return "undated" if found else "not-in-force"
        if sure := _SAID & {value for iri, value in shown.items() if found[iri] == "yes"}:
            return min(sure, key=RANK.__getitem__)
        unknown = [value for iri, value in shown.items() if compared.states(iri, concept) is None]
        return "possible" if _SAID & {*shown.values()} else min(unknown or shown.values(), key=RANK.__getitem__)

    def _by_year(self) -> list[Row]:
        documents, made = self.view.documents, []
        in_force = running(self._kg, self.view, self.years, EVERY_BASIS)
        for code, name in sorted(self._kg.names_of({documents[iri].country for iri in self._all}).items()):
            for year, every in in_force.items():
                found = {iri: answer for iri, answer in every.items() if documents[iri].country == code}
                number = Counter(found.values())
                row: Row = {"country": code, "name": name, "year": year}
                row["in_force"] = next((each for each in ("yes", "possible", "undated") if number[each]), "no")
                row |= {"certain": number["yes"], "possible": number["possible"], "undated": number["undated"]}
                row["running"] = joined(short_iri(iri) for iri, answer in found.items() if answer == "yes")
                row["may_run"] = joined(short_iri(iri) for iri, answer in found.items() if answer != "yes")
                row |= {key: self._of_year(axis, each.code, found) for key, (axis, each) in self._cells.items()}
                made.append(row)
        return made

    def _by_document(self) -> list[Row]:
        rows = self._kg.query("in-force", answer=ANSWERS, basis=EVERY_BASIS, **self.view.asked)
        dates, origins, made = {str(row["document"]): row for row in rows}, self.view.origins(self._all), []
        documents = {iri: each for iri, each in self.view.documents.items() if iri in self._all}
        names = self._kg.names_of({each.country for each in documents.values()})
        for iri, each in documents.items():
            row: Row = {"country": each.country, "name": names[each.country], "document": each.key}
            row |= {"title": each.name, "title_origin": origins.get(iri)}
            row |= {name: dates.get(iri, {}).get(name) for name in _DATES}
            for key, (axis, concept) in self._cells.items():
                row[key] = axis.shown(iri, concept.code)[0] if iri in axis._all else "not-applicable"
            made.append(row)
        return made

    def table(self) -> Table:
        """Return the panel: who and when, and a column per concept, which is named by its axis and code."""
        first, rows = (_YEAR, self._by_year) if self.by == "year" else ((*NAMED, *_DATES), self._by_document)
        title = "Panel of jurisdictions and years" if self.by == "year" else "Panel of documents"
        queries = ["in-force", *(each.axis for each in self.compared)]
        made = self._table([*first, *self._cells], rows(), self._kg.say(title), *queries)
        made.columns[len(first) :] = [
            Column(key, words=f"{concept.label} ({axis.title})", codes=self.codes)
            for key, (axis, concept) in self._cells.items()
        ]
        return made

    def evidence(self) -> Table:
        """Return a row per axis, statement and passage behind the cells of the documents."""
        made = {each.axis: each.evidence() for each in self.compared}
        rows = [row | {"axis": axis} for axis, table in made.items() for row in table]
        names = next(iter(made.values())).names
        return self._table(["axis", *names], rows, self._kg.say("Panel: the statements behind it"))


_NEAR = {"aboutExactly": "exact", "about": "close", "aboutBroadly": "broad"}
_FRAME = {
    *("hasElement", "hasEvent", "hasCopy", "readingOf", "coverageOf", "jurisdiction", "feature", "order"),
    *("evidence", "conformsTo", "sourceExtent", "readOn"),
}
"""The properties that hold a record together: columns tell them, or the rows themselves."""
_ORIGINS = {"comment": "ours", "condition": "ours", "mappingReason": "ours", "sourceVerb": "printed"}
"""Whose words the values of a property are, where they are not those of its element."""


class Statements(Analysis):
    """All that the documents and their parts state, a row per statement and source."""

    QUERY = "passages-of-parts"
    known = (
        "Only what is recorded has a row. Where there is none, a source may be silent, or nobody has looked: the panel "
        "tells which.",
    )

    def table(self) -> Table:
        """Return the statements: of what, what is stated, in which words, where, and when it was read."""
        labels, origins, told = self._kg.labels, self.view.origins(self._all), dict[str, dict[str, list[Row]]]()
        for row in (row for row in self._rows if row["document"] in self.view.documents):
            told.setdefault(str(row["part"]), {}).setdefault(str(row["source"]), []).append(row)
        made = []
        for part, said in self._stated([*told]):
            for source, rows in told[part].items():
                row = self._named(rows[0], origins) | {"source": slug(source)} | said
                row["words"] = None if row["origin"] == "none" else row["phrase"]
                spoken = said["language"] if "phrase" in said else rows[0]["language"] or said["language"]
                row |= {"language": spoken, "source_title": labels[source]}
                row["extent"] = slug(str(row["extent"])) if row["extent"] else None
                made.append(row | {"where": joined(labels[str(each["evidence"])] for each in rows)})
        order = ("country", "document", "element", "property", "concept", "value", "source")
        made.sort(key=lambda row: [str(row[name] or "") for name in order])
        return self._table(_STATEMENTS, made, self._kg.say("All statements"), "statements")

    def _stated(self, parts: Sequence[str]) -> list[tuple[str, Row]]:
        """Return each statement about ``parts`` (IRIs) with the one whose passages bear it out."""
        labels, known, made = self._kg.labels, {*parts}, []
        owners, features, kinds = dict[tuple[Any, str, Any], str](), dict[str, Any](), dict[str, str]()
        for row in self._kg.query("statements", resource=parts).terms() if parts else ():
            resource, subject, predicate, value = tuple[Any, ...](row.values())
            owners[subject, predicate.value, value] = (subject if subject.value in known else resource).value
            features |= {subject.value: value} if slug(predicate.value) == "feature" else {}
            kinds |= {subject.value: labels[value.value]} if predicate.value.endswith("#type") else {}
        inner = {subject for subject, *_ in owners if subject.value not in known}
        for (subject, predicate, value), part in owners.items():
            name = slug(predicate)
            if name in _FRAME or predicate.endswith("#type") or value in inner:
                continue
            of = features.get(subject.value, value) if name == "coverageStatus" else value
            code = of.value.removeprefix(BASE) if isinstance(of, pyoxigraph.NamedNode) else ":"
            coded = ":" not in code and not code.startswith("id/")
            own = short_iri(value.value) if value.value.startswith(f"{subject.value}/") else ""
            plain = value.value if isinstance(value, pyoxigraph.Literal) else own or labels[value.value]
            status = value_of(value.value) if name == "coverageStatus" else plain
            said: Row = {"element": short_iri(subject.value), "kind": kinds.get(subject.value)}
            said |= {"property": labels[predicate], "match": _NEAR.get(name)}
            said |= {"concept": code, "label": labels[of.value]} if coded else {"concept": None, "label": None}
            said |= {"value": "stated" if name in _NEAR else status, "language": getattr(value, "language", None)}
            said |= {"phrase": plain, "origin": _ORIGINS[name]} if name in _ORIGINS else {}
            made.append((part, said))
        return made
