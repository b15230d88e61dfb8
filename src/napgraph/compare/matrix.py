"""The matrix of jurisdictions by concepts: what is stated, what is silent, and where it is written.

An axis is a saved query under ``queries/compare/`` whose header names a scheme. Its rows with a concept are what a
document says; its rows without one tell how the record stands where nothing is said.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from ..errors import UnknownNameError
from ..namespaces import BASE, slug

if TYPE_CHECKING:
    from collections.abc import Sequence

    from altair import ConcatChart

    from ..query.session import Session
    from ..query.table import ResultTable, Value
    from ..tables.table import Table

__all__ = ["VALUES", "Cell", "CellValue", "Comparison", "Concept", "axes", "compare"]


class CellValue(NamedTuple):
    """One of the five values of a cell: its name, its sign, and the words for it."""

    name: str
    sign: str
    words: str


VALUES = {
    value.name: value
    for value in (
        CellValue("stated", "●", "stated"),
        CellValue("partly", "◐", "partly or mentioned"),
        CellValue("not-stated", "·", "the source does not say"),
        CellValue("absent", "✗", "absent: the full text was read, or a source says so"),
        CellValue("not-assessed", "?", "not looked for"),
    )
}
_OF_STATUS = {
    "described": "stated",
    "partly-described": "partly",
    "mentioned": "partly",
    "not-stated": "not-stated",
    "absent": "absent",
    "not-applicable": "absent",
    "not-assessed": "not-assessed",
}
_RANK = {name: rank for rank, name in enumerate(VALUES)}


class Concept(NamedTuple):
    """A concept of the compared scheme: its code, IRI, English label, and depth in the scheme (0 at the top)."""

    code: str
    iri: str
    label: str
    depth: int


class Cell(NamedTuple):
    """One jurisdiction and one concept: the value, and the rows of the query that speak of them."""

    value: CellValue
    evidence: list[dict[str, Value]]


class Comparison:
    """Jurisdictions by concepts on one axis. Made by :func:`compare`."""

    def __init__(self, axis: str, rows: ResultTable, concepts: list[Concept], kg: Session, match: str = "") -> None:
        self.axis, self.match = axis, match
        self.names = defaultdict(str, kg.names)
        self._kg = kg
        self._said: dict[tuple[str, str], list[dict[str, Value]]] = {}
        self._silent: dict[str, str] = {}
        self._by_country: dict[str, list[str]] = {}
        self._documents: set[str] = set()
        for row in rows.rows():
            self._take(row)
        self.concepts = concepts
        self._codes = {concept.code for concept in concepts}

    def _take(self, row: dict[str, Value]) -> None:
        country = slug(str(row["country"])).upper()
        self._documents.add(str(row["document"]))
        if row["concept"] is None:
            value = _OF_STATUS[slug(str(row["value"]))]
            self._silent[country] = min(self._silent.get(country, value), value, key=_RANK.__getitem__)
            self._by_country.setdefault(country, []).append(str(row["document"]))
        else:
            self._said.setdefault((country, slug(str(row["concept"]))), []).append(row)

    @property
    def jurisdictions(self) -> list[str]:
        """The alpha-3 codes of the compared jurisdictions, in alphabetical order."""
        return sorted(self._silent)

    @property
    def documents(self) -> int:
        """How many documents were compared."""
        return len(self._documents)

    def cell(self, country: str, concept: str) -> Cell:
        """Return the cell of a jurisdiction (alpha-3 code) and a concept (code).

        The value is the most that any of the jurisdiction's documents shows. Raises UnknownNameError for a
        jurisdiction that was not compared, or a concept that the axis does not have.
        """
        if country not in self._silent:
            raise UnknownNameError("compared jurisdiction", country, self._silent)
        if concept not in self._codes:
            raise UnknownNameError(f"concept on the axis {self.axis}", concept, self._codes)
        rows = self._said.get((country, concept), [])
        said = [_OF_STATUS[slug(str(row["value"]))] for row in rows]
        best = min([*said, self._silent[country]], key=_RANK.__getitem__)
        return Cell(VALUES[best], [row for row in rows if row["evidence"] is not None])

    def spoken(self) -> list[Concept]:
        """Return the concepts that at least one compared jurisdiction states, wholly or partly."""
        telling = {
            concept
            for (_, concept), rows in self._said.items()
            if any(_OF_STATUS[slug(str(row["value"]))] in {"stated", "partly"} for row in rows)
        }
        return [concept for concept in self.concepts if concept.code in telling]

    def rows(self) -> list[dict[str, Value]]:
        """Return the matrix, a row per jurisdiction: ``country``, ``name``, then a cell in words per concept code."""
        made: list[dict[str, Value]] = []
        for code in self.jurisdictions:
            row: dict[str, Value] = {"country": code, "name": self.names[code]}
            row |= {concept.code: self.cell(code, concept.code).value.words for concept in self.concepts}
            made.append(row)
        return made

    def cells(self, *, every: bool = False) -> Table:
        """Return the matrix as a table with a row per cell: what pictures are made from.

        Columns: country, name, concept, label, depth, value (the name of one of the five), phrase and where (the
        wordings and their places, joined). Without ``every``, only the concepts that a plan names, if any are.
        """
        shown = self.concepts if every else self.spoken() or self.concepts
        made: list[dict[str, Value]] = []
        for code in self.jurisdictions:
            for concept in shown:
                value, behind = self.cell(code, concept.code)
                phrases = dict.fromkeys(str(row["phrase"]) for row in behind if row.get("phrase"))
                places = dict.fromkeys(self._kg.labels.get(str(row["evidence"]), "") for row in behind)
                row: dict[str, Value] = {"country": code, "name": self.names[code], "concept": concept.code}
                row |= {"label": concept.label, "depth": concept.depth, "value": value.name}
                made.append(row | {"phrase": "; ".join(phrases) or None, "where": "; ".join(places) or None})
        columns = ("country", "name", "concept", "label", "depth", "value", "phrase", "where")
        asked = {"match": self.match} if self.match else {}
        title = f"Comparison by {self.axis}"
        return self._kg.table(columns, made, title, queries=(self.axis,), parameters=asked)

    @property
    def numbers(self) -> dict[str, str]:
        """The three-digit number of M49 and ISO 3166-1 by alpha-3 code, by which map files know a jurisdiction."""
        return self._kg.numbers

    def chart(self) -> ConcatChart:
        """Return the heat map of the comparison; it shows itself in a notebook. Needs ``napgraph[charts]``."""
        from ..charts import heat_map

        return heat_map(self)

    def evidence(self) -> list[dict[str, Value]]:
        """Return what stands behind the cells, a row per statement and passage.

        Columns: country, name, concept, label, value, match, role, document, order, phrase, evidence (the passage's
        IRI) and where (its place in words). A jurisdiction whose sources say nothing has rows without concept: the
        passages that were read of each of its documents.
        """
        made: list[dict[str, Value]] = []
        for code in self.jurisdictions:
            before = len(made)
            for concept in self.concepts:
                cell = self.cell(code, concept.code)
                made += [self._evidence_row(code, concept, row) for row in cell.evidence]
            if len(made) == before:
                names = [self.cell(code, concept.code).value.name for concept in self.concepts]
                best = min(names, key=_RANK.__getitem__)
                silent = [row for document in self._by_country[code] for row in self._passages.get(document, [])]
                made += [self._evidence_row(code, None, row) | {"value": VALUES[best].words} for row in silent]
        return made

    @cached_property
    def _passages(self) -> dict[str, list[dict[str, Value]]]:
        """A row per passage that a document rests on, by document."""
        found: dict[str, list[dict[str, Value]]] = {}
        for row in self._kg.query("document-passages"):
            found.setdefault(str(row["document"]), []).append(row)
        return found

    def _evidence_row(self, code: str, concept: Concept | None, row: dict[str, Value]) -> dict[str, Value]:
        labels = self._kg.labels
        status = row.get("value")
        return {
            "country": code,
            "name": self.names[code],
            "concept": concept.code if concept else None,
            "label": concept.label if concept else None,
            "value": VALUES[_OF_STATUS[slug(str(status))]].words if status else None,
            "match": row.get("match"),
            "role": row.get("role"),
            "document": labels.get(str(row.get("document"))),
            "order": row.get("order"),
            "phrase": row.get("phrase"),
            "evidence": row.get("evidence"),
            "where": labels.get(str(row.get("evidence"))),
        }


def axes(kg: Session) -> list[str]:
    """Return the names of the axes: the saved queries that compare over a scheme."""
    return [query.name for query in kg.queries if "scheme" in query.header]


def compare(kg: Session, axis: str, *, country: Sequence[str] = (), match: str = "broad") -> Comparison:
    """Return the comparison by ``axis``, as :meth:`KnowledgeGraph.compare` does; raises UnknownNameError."""
    query = kg.queries.get(axis) if axis in kg.queries.names() else None
    if query is None or "scheme" not in query.header:
        known = axes(kg)
        raise UnknownNameError("axis", axis, known, see=f"The axes are: {', '.join(known)}.")
    parameters: dict[str, object] = {"country": list(country)}
    if "strictness" in query.parameters:
        parameters["strictness"] = match
    rows = kg.query(axis, **parameters)
    nearness = match if "strictness" in query.parameters else ""
    return Comparison(axis, rows, concepts_of(kg, query.header["scheme"]), kg, nearness)


def concepts_of(kg: Session, scheme: str) -> list[Concept]:
    """Return the concepts of a scheme in tree order, each under the first of its broader ones."""
    rows = kg.query("concepts", scheme=f"{BASE}{scheme}").rows()
    labels = {str(row["concept"]): str(row["label"]) for row in rows}
    order: dict[str, tuple[str, ...]] = {}

    parents: dict[str, str] = {}
    for row in rows:
        if row["broader"] is not None:
            parents.setdefault(str(row["concept"]), str(row["broader"]))

    def path(iri: str) -> tuple[str, ...]:
        if iri not in order:
            order[iri] = ()
            above = path(parents[iri]) if iri in parents else ()
            order[iri] = (*above, iri)
        return order[iri]

    position = {iri: number for number, iri in enumerate(labels)}
    ordered = sorted(labels, key=lambda iri: [position[part] for part in path(iri)])
    return [Concept(slug(iri), iri, labels[iri], len(path(iri)) - 1) for iri in ordered]
