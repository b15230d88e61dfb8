"""The matrix of jurisdictions or documents by concepts: what is stated, what is silent, and where it is written.

An axis is a saved query under ``queries/compare/`` whose header names a scheme. Its rows with a concept are what a
document says; its rows without one tell how the record stands where nothing is said.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from ..errors import ParameterError, UnknownNameError
from ..namespaces import BASE, slug
from .concepts import Concept, concepts_of
from .lenses import document_key, look
from .values import RANK, VALUES, CellValue, value_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from altair import ConcatChart

    from ..query.session import Session
    from ..query.table import ResultTable, Value
    from ..tables.table import Table
    from .lenses import Lens, View

__all__ = ["VALUES", "Cell", "CellValue", "Comparison", "Concept", "Subject", "axes", "compare"]


_WAYS = ("country", "document")
_EVIDENCE = (
    *("country", "name", "document", "title", "concept", "label", "value"),
    *("match", "role", "order", "phrase", "evidence", "where"),
)
_SILENCE = "Where the source does not say, nothing is known; it is never counted as a no."


class Cell(NamedTuple):
    """One jurisdiction and one concept: the value, and the rows of the query that speak of them."""

    value: CellValue
    evidence: list[dict[str, Value]]


class Subject(NamedTuple):
    """What is compared: a jurisdiction or one document. Its key, name, jurisdiction (alpha-3 code) and IRI."""

    key: str
    name: str
    country: str
    iri: str


class Comparison:
    """Jurisdictions or documents by concepts on one axis. Made by :func:`compare`."""

    def __init__(
        self, axis: str, rows: ResultTable, concepts: list[Concept], kg: Session, view: View, by: str, match: str
    ) -> None:
        self.axis, self.by, self.match, self.view = axis, by, match, view
        self.names = defaultdict(str, kg.names)
        self._kg = kg
        self._said: dict[tuple[str, str], list[dict[str, Value]]] = {}
        self._silent: dict[str, str] = {}
        self._members: dict[str, list[str]] = {}
        self._all: dict[str, str] = {}
        for row in rows.rows():
            self._take(row)
        self.concepts = concepts
        self._codes = {concept.code for concept in concepts}

    def _take(self, row: dict[str, Value]) -> None:
        country, document = slug(str(row["country"])).upper(), str(row["document"])
        self._all[document] = country
        if document in self.view.left_out:
            return
        key = country if self.by == "country" else document_key(document)
        if row["concept"] is None:
            value = value_of(row["value"])
            self._silent[key] = min(self._silent.get(key, value), value, key=RANK.__getitem__)
            self._members.setdefault(key, []).append(document)
        else:
            self._said.setdefault((key, slug(str(row["concept"]))), []).append(row)

    @property
    def jurisdictions(self) -> list[str]:
        """The alpha-3 codes of the jurisdictions in the matrix, in alphabetical order; a lens takes none away."""
        return sorted(set(self._all.values()))

    @cached_property
    def subjects(self) -> list[Subject]:
        """What is compared, also what a lens leaves nothing of: jurisdictions by code, or their documents in time."""
        if self.by == "country":
            places = self.jurisdictions
            return [Subject(code, self.names[code], code, f"{BASE}jurisdiction/{code.lower()}") for code in places]
        listed = [each for iri, each in self.view.documents.items() if iri in self._all]
        return [Subject(each.key, each.title, each.country, each.iri) for each in listed]

    @property
    def documents(self) -> int:
        """How many documents were compared, without those that a lens leaves out."""
        return sum(document not in self.view.left_out for document in self._all)

    @property
    def notes(self) -> list[str]:
        """What a reader must know of the lens: who is only possibly in, who is left out, and why."""
        return self.view.notes(self._all)

    def left_out(self, key: str) -> str | None:
        """Return why nothing of a subject is compared, or None where something is."""
        if key in self._silent:
            return None
        reasons = {
            left.reason
            for iri, left in self.view.left_out.items()
            if iri in self._all and key in {left.document.key, left.document.country}
        }
        return f"left out: {'; or '.join(sorted(reasons))}"

    def cell(self, key: str, concept: str) -> Cell:
        """Return the cell of a jurisdiction (alpha-3 code), or of a document (key), and a concept (code).

        The value is the most that any of the jurisdiction's documents shows. Raises UnknownNameError for one
        that was not compared, or a concept that the axis does not have.
        """
        if key not in self._silent:
            known = [subject.key for subject in self.subjects]
            if key not in known:
                raise UnknownNameError(
                    "compared jurisdiction" if self.by == "country" else "compared document", key, known
                )
        if concept not in self._codes:
            raise UnknownNameError(f"concept on the axis {self.axis}", concept, self._codes)
        rows = self._said.get((key, concept), [])
        said = [value_of(row["value"]) for row in rows]
        best = min([*said, self._silent.get(key, "not-assessed")], key=RANK.__getitem__)
        return Cell(VALUES[best], [row for row in rows if row["evidence"] is not None])

    def spoken(self) -> list[Concept]:
        """Return the concepts that at least one subject states, wholly or partly."""
        telling = {
            concept
            for (_, concept), rows in self._said.items()
            if any(value_of(row["value"]) in {"stated", "partly"} for row in rows)
        }
        return [concept for concept in self.concepts if concept.code in telling]

    def table(self) -> Table:
        """Return the matrix, a row per subject and a column per concept with the cell in words.

        Before the concepts stand ``country`` and ``name``; ``document`` and ``title`` where documents are compared;
        and ``left_out``, why nothing of a row is compared, where a lens was used.
        """
        rows = self.rows()
        whole = ["country", "name"]
        whole += ["document", "title"] if self.by == "document" else []
        whole += ["left_out"] if self.view.lens else []
        made = self._table([*whole, *(concept.code for concept in self.concepts)], rows, "")
        codes = {value.words: value.meaning for value in VALUES.values()}
        cells = [made.columns[0]._replace(name=each.code, words=each.label, codes=codes) for each in self.concepts]
        made.columns = [*made.columns[: len(whole)], *cells]
        return made

    def rows(self) -> list[dict[str, Value]]:
        """Return the rows of :meth:`table`, plain."""
        made: list[dict[str, Value]] = []
        for subject in self.subjects:
            row: dict[str, Value] = {"country": subject.country, "name": self.names[subject.country]}
            if self.by == "document":
                row |= {"document": subject.iri, "title": subject.name}
            if self.view.lens:
                row["left_out"] = self.left_out(subject.key)
            row |= {concept.code: self.cell(subject.key, concept.code).value.words for concept in self.concepts}
            made.append(row)
        return made

    def cells(self, *, every: bool = False) -> Table:
        """Return the matrix as a table with a row per cell: what pictures are made from.

        Columns: country, name, concept, label, depth, value (the name of one of the five), phrase and where (the
        wordings and their places, joined; of a silent cell the places that were read). Without ``every``, only the
        concepts that a plan names, if any are.
        """
        shown = self.concepts if every else self.spoken() or self.concepts
        made: list[dict[str, Value]] = []
        for code in self.jurisdictions:
            for concept in shown:
                value, behind = self.cell(code, concept.code)
                phrases = dict.fromkeys(str(row["phrase"]) for row in behind if row.get("phrase"))
                read = behind or (self._read(code) if value.name != "not-assessed" else [])
                places = dict.fromkeys(self._kg.labels.get(str(row["evidence"]), "") for row in read)
                row: dict[str, Value] = {"country": code, "name": self.names[code], "concept": concept.code}
                row |= {"label": concept.label, "depth": concept.depth, "value": value.name}
                made.append(row | {"phrase": "; ".join(phrases) or None, "where": "; ".join(places) or None})
        columns = ("country", "name", "concept", "label", "depth", "value", "phrase", "where")
        given, asked = {"match": self.match, **self.view.parameters}, (self.axis, *self.view.queries)
        title = f"Comparison by {self.axis}"
        return self._kg.table(columns, made, title, queries=asked, parameters=given, notes=self.notes)

    @property
    def numbers(self) -> dict[str, str]:
        """The three-digit number of M49 and ISO 3166-1 by alpha-3 code, by which map files know a jurisdiction."""
        return self._kg.numbers

    def chart(self) -> ConcatChart:
        """Return the heat map of the comparison; it shows itself in a notebook. Needs ``napgraph[charts]``."""
        from ..charts import heat_map

        return heat_map(self)

    def map(self, concept: str) -> ConcatChart:
        """Return one concept (its code) on a map of the world, as :meth:`chart`; raises UnknownNameError."""
        from ..charts import world_map

        return world_map(self, concept)

    def evidence(self) -> Table:
        """Return what stands behind the cells, a row per statement and passage.

        Rows without concept are the passages that were read of each document for all else that was looked for.
        """
        made: list[dict[str, Value]] = []
        for subject in self.subjects:
            if self.left_out(subject.key) is not None:
                continue
            cells = [(concept, *self.cell(subject.key, concept.code)) for concept in self.concepts]
            made += [self._evidence_row(subject, concept, row) for concept, _, behind in cells for row in behind]
            names = [value.name for _, value, behind in cells if not behind]
            if names and ((best := min(names, key=RANK.__getitem__)) != "not-assessed" or len(names) == len(cells)):
                told: dict[str, Value] = {"value": VALUES[best].words}
                made += [self._evidence_row(subject, None, row) | told for row in self._read(subject.key)]
        return self._table(_EVIDENCE, made, ": the statements behind it", "document-passages")

    def _table(self, columns: Sequence[str], rows: list[dict[str, Value]], behind: str, *queries: str) -> Table:
        title = f"{self.axis.capitalize()} by {'jurisdiction' if self.by == 'country' else 'document'}{behind}"
        parameters = {"by": self.by, "match": self.match, **self.view.parameters}
        asked = (self.axis, *self.view.queries, *queries)
        return self._kg.table(columns, rows, title, queries=asked, parameters=parameters, notes=[*self.notes, _SILENCE])

    def _read(self, key: str) -> list[dict[str, Value]]:
        """Return a row per passage that was read of each document of a subject."""
        return [row for document in self._members.get(key, []) for row in self._passages.get(document, [])]

    @cached_property
    def _passages(self) -> dict[str, list[dict[str, Value]]]:
        """A row per passage that a document rests on, by document."""
        found: dict[str, list[dict[str, Value]]] = {}
        for row in self._kg.query("document-passages"):
            found.setdefault(str(row["document"]), []).append(row)
        return found

    def _evidence_row(self, subject: Subject, concept: Concept | None, row: dict[str, Value]) -> dict[str, Value]:
        labels = self._kg.labels
        status = row.get("value")
        return {
            "country": subject.country,
            "name": self.names[subject.country],
            "document": row.get("document"),
            "title": labels.get(str(row.get("document"))),
            "concept": concept.code if concept else None,
            "label": concept.label if concept else None,
            "value": VALUES[value_of(status)].words if status else None,
            "match": row.get("match"),
            "role": row.get("role"),
            "order": row.get("order"),
            "phrase": row.get("phrase"),
            "evidence": row.get("evidence"),
            "where": labels.get(str(row.get("evidence"))),
        }


def axes(kg: Session) -> list[str]:
    """Return the names of the axes: the saved queries that compare over a scheme."""
    return [query.name for query in kg.queries if "scheme" in query.header]


def compare(
    kg: Session, axis: str, *, country: Sequence[str] = (), match: str = "broad", by: str = "country", lens: Lens
) -> Comparison:
    """Return the comparison by ``axis``, as :meth:`KnowledgeGraph.compare` does; raises UnknownNameError.

    Raises ParameterError where the lens leaves nothing to compare.
    """
    query = kg.queries.get(axis) if axis in kg.queries.names() else None
    if query is None or "scheme" not in query.header:
        known = axes(kg)
        raise UnknownNameError("axis", axis, known, see=f"The axes are: {', '.join(known)}.")
    if by not in _WAYS:
        raise UnknownNameError("way to compare", by, _WAYS, see=f"The ways are: {', '.join(_WAYS)}.")
    parameters: dict[str, object] = {"country": list(country)}
    if "strictness" in query.parameters:
        parameters["strictness"] = match
    rows = kg.query(axis, **parameters)
    view = look(kg, lens, country)
    made = Comparison(axis, rows, concepts_of(kg, query.header["scheme"]), kg, view, by, match)
    if lens and made.jurisdictions and not made.documents:
        raise ParameterError(f"There is nothing to compare through this lens: {view.words()}. {_most(view)}")
    return made


def _most(view: View) -> str:
    """Say how many documents are left out for each reason."""
    reasons = Counter(left.reason for left in view.left_out.values())
    told = "; ".join(f"{count} because {reason}" for reason, count in reasons.most_common(3))
    return f"Left out are {told}."
