"""The matrix of jurisdictions or documents by concepts: what is stated, what is silent, and where it is written.

An axis is a saved query under ``queries/compare/`` whose header names a scheme. Its rows with a concept are what a
document says, or tell that nobody can have looked for it; its rows without one tell how the record stands where nothing
is said. Wording that no shared concept stands for has a concept of its own, which the header names.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from ..errors import ParameterError, UnknownNameError
from ..query.session import Session
from ..rdf.namespaces import BASE, slug
from ..tables.columns import Value
from ..tables.origins import key, marked
from ..tables.table import Picture, Table
from .analysis import Row, joined
from .filters import Lens, View
from .values import (
    RANK,
    SAYING,
    CellValue,
    Concept,
    Subject,
    code_of,
    concepts_of,
    short_iri,
    value_of,
    values_in,
    with_wider,
)

_WAYS = ("country", "document")
_EVIDENCE = (
    *("country", "name", "document", "title", "title_origin", "concept", "label", "value"),
    *("match", "role", "order", "phrase", "origin", "evidence", "where"),
)
_SILENCE = "Where the source does not say, nothing is known; it is never counted as a no."


class _Evidence:
    """The rows of one axis, of all jurisdictions that were asked for or of one at a time, without what a lens hides."""

    def __init__(self, kg: Session, axis: str, parameters: Mapping[str, object], view: View, by: str) -> None:
        self._kg, self._axis, self._view, self._by = kg, axis, view, by
        self._parameters = parameters
        self._said: dict[tuple[str, str], list[Row]] = {}
        self._documents: dict[str, list[str]] = {}
        self._passages: dict[str, list[Row]] = {}
        self._read: set[str] = set()

    def read(self, countries: Sequence[str]) -> None:
        """Read the rows of jurisdictions (alpha-3 codes), those not read yet in one query."""
        if self._read.issuperset(countries):
            return
        missing = [code for code in countries if code not in self._read]
        self._read.update(missing)
        asked = self._parameters if len(missing) > 1 and not self._said else {**self._parameters, "country": missing}
        for row in self._kg.query(self._axis, **asked):
            document = str(row["document"])
            if document in self._view.left_out:
                continue
            key = code_of(row) if self._by == "country" else short_iri(document)
            if row["concept"] is None:
                self._documents.setdefault(key, []).append(document)
            else:
                self._said.setdefault((key, slug(str(row["concept"]))), []).append(row)

    def rows(self, key: str, concept: str) -> list[Row]:
        """Return the rows with a passage that speak of a subject and a concept; both are codes."""
        return [row for row in self._said.get((key, concept), []) if row["evidence"] is not None]

    def passages(self, keys: Sequence[str]) -> dict[str, list[Row]]:
        """Return the passages that were read of each document of the subjects, by the subject's key."""
        wanted = [
            document for key in keys for document in self._documents.get(key, []) if document not in self._passages
        ]
        if wanted:
            self._passages.update({document: [] for document in wanted})
            for row in self._kg.query("document-passages", document=wanted):
                self._passages[str(row["document"])].append(row)
        return {
            key: [row for document in self._documents.get(key, []) for row in self._passages[document]] for key in keys
        }

    def resources(self) -> set[Value]:
        """Return the IRIs of all passages and documents that were read."""
        rows = [row for found in (*self._said.values(), *self._passages.values()) for row in found]
        return {row[name] for row in rows for name in ("document", "evidence")}


class Cell(NamedTuple):
    """One jurisdiction and one concept: the value, and the rows of the query that speak of them."""

    value: CellValue
    evidence: list[Row]


class Comparison:
    """Jurisdictions or documents by concepts on one axis. Made by :func:`compare`.

    ``jurisdictions`` are the alpha-3 codes of those in the matrix, sorted, of which a lens takes none away;
    ``documents`` is how many were compared, without those that a lens leaves out. The values come from what the build
    summed up; the plans themselves are read for the evidence of a cell.
    """

    def __init__(
        self, axis: str, concepts: list[Concept], kg: Session, view: View, asked: dict[str, object], by: str, match: str
    ) -> None:
        self.axis, self.view, self.concepts, self.by, self.match = axis, view, concepts, by, match
        self._kg, self.values = kg, values_in(kg.language)
        self._units: dict[str, dict[str, None]] = {}  # what the rows are about: a subject itself, or its documents
        self._said: dict[tuple[str, str], str] = {}
        self._found: dict[tuple[str, str], CellValue] = {}
        self._silent: dict[str, str] = {}
        self._all: dict[str, None] = {}
        self.documents, places = 0, set[str]()
        self._codes = {concept.code for concept in concepts}
        self._evidence = _Evidence(kg, axis, asked, view, by)
        summary = "summary-of-jurisdictions" if by == "country" and not view.lens else "summary-of-documents"
        for row in kg.query(summary, axis=axis, strictness=match, country=asked["country"]):
            country, document = code_of(row), row.get("document")
            places.add(country)
            self._all |= {} if document is None else {str(document): None}
            if document in view.left_out:
                continue
            key = country if by == "country" else short_iri(document)
            unit, value = key if document is None else str(document), value_of(row["value"])
            self._units.setdefault(key, {})[unit] = None
            if row["concept"] is None:
                self.documents += 1 if document is not None else int(str(row["documents"]))
                self._silent[unit] = value
            else:
                cell = unit, slug(str(row["concept"]))
                self._said[cell] = min(self._said.get(cell, value), value, key=RANK.__getitem__)
        self.jurisdictions = sorted(places)
        self._names = kg.names_of(places)

    @property
    def names(self) -> dict[str, str]:
        """The name of every jurisdiction that the graph knows, by its alpha-3 code."""
        return self._kg.names

    @cached_property
    def subjects(self) -> list[Subject]:
        """What is compared, also what a lens leaves nothing of: jurisdictions by code, or their documents in time."""
        if self.by == "country":
            places = self.jurisdictions
            return [Subject(code, self._names[code], code, f"{BASE}jurisdiction/{code.lower()}") for code in places]
        return [each for iri, each in self.view.documents.items() if iri in self._all]

    @property
    def notes(self) -> list[str]:
        """What a reader must know of the lens: who is only possibly in, who is left out, and why."""
        return self.view.notes(self._all)

    def left_out(self, key: str) -> str | None:
        """Return why nothing of a subject is compared, or None where something is."""
        if key in self._units:
            return None
        about = {iri for iri, each in self.view.documents.items() if key in {each.key, each.country}}
        reasons = {why for iri, why in self.view.left_out.items() if iri in self._all and iri in about}
        return self._kg.say("left out: {reasons}", reasons=self._kg.say("; or ").join(sorted(reasons)))

    def value(self, key: str, concept: str) -> CellValue:
        """Return the value of the cell of a jurisdiction (alpha-3 code), or of a document (key), and a concept (code).

        It is the most that any of the jurisdiction's documents shows. Raises UnknownNameError for one that was not
        compared, or a concept that the axis does not have.
        """
        if (key, concept) in self._found:
            return self._found[key, concept]
        if key not in self._units:
            known = [subject.key for subject in self.subjects]
            if key not in known:
                kind = "jurisdiction" if self.by == "country" else "document"
                raise UnknownNameError(f"compared {kind}", key, known)
        if concept not in self._codes:
            raise UnknownNameError(f"concept on the axis {self.axis}", concept, self._codes)
        units = self._units.get(key, ())
        found = [self._said.get((unit, concept)) or self._silent[unit] for unit in units]
        self._found[key, concept] = self.values[min(found, key=RANK.__getitem__, default="not-assessed")]
        return self._found[key, concept]

    def cell(self, key: str, concept: str) -> Cell:
        """Return the cell of a subject and a concept with the rows behind it; see :meth:`value`."""
        value = self.value(key, concept)
        self._evidence.read([key.partition("/")[0].upper()])
        return Cell(value, self._evidence.rows(key, concept))

    def read(self) -> None:
        """Read what stands behind all cells at once: for whoever goes through them all."""
        self._evidence.read(self.jurisdictions)

    def spoken(self) -> list[Concept]:
        """Return the concepts of which at least one subject says something, and those above them."""
        telling = {concept for (_, concept), value in self._said.items() if value in SAYING}
        return with_wider(self.concepts, telling)

    def table(self) -> Table:
        """Return the matrix, a row per subject and a column per concept with the cell in words.

        Before the concepts stand ``country`` and ``name``; ``document`` and ``title`` where documents are compared;
        and ``left_out``, why nothing of a row is compared, where a lens was used.
        """
        whole = ["country", "name", *(["document", "title"] * (self.by == "document"))]
        whole += ["left_out"] if self.view.lens else []
        made = self._table([*whole, *(concept.code for concept in self.concepts)], self.rows(), "")
        codes = {value.words: value.meaning for value in self.values.values()}
        cells = [made.columns[0]._replace(name=each.code, words=each.label, codes=codes) for each in self.concepts]
        made.columns = [*made.columns[: len(whole)], *cells]
        return made

    def rows(self) -> list[Row]:
        """Return the rows of :meth:`table`, plain."""
        made: list[Row] = []
        for subject in self.subjects:
            row: Row = {"country": subject.country, "name": self._names[subject.country]}
            row |= {"document": subject.iri, "title": subject.name} if self.by == "document" else {}
            row |= {"left_out": self.left_out(subject.key)} if self.view.lens else {}
            made.append(row | {each.code: self.value(subject.key, each.code).words for each in self.concepts})
        return made

    def cells(self, *, every: bool = False) -> Table:
        """Return the matrix as a table with a row per cell: what pictures are made from.

        Columns: country, name, concept, label, depth, value (its name), phrase and where (the
        wordings and their places, joined; of a silent cell the places that were read). Without ``every``, only the
        concepts that a plan names, if any are.
        """
        shown = self.concepts if every else self.spoken() or self.concepts
        made: list[Row] = []
        self.read()
        read = self._evidence.passages(self.jurisdictions)
        labels = self._kg.labels_of(self._evidence.resources())
        origins: set[Value] = set()
        for code in self.jurisdictions:
            for concept in shown:
                value, said = self.cell(code, concept.code)
                origins |= {row.get("origin") for row in said}
                phrases = joined(marked(row["phrase"], row.get("origin")) for row in said if row.get("phrase"))
                rows = said or (read[code] if value.name != "not-assessed" else [])
                places = joined(labels.get(str(row["evidence"])) for row in rows)
                row: Row = {"country": code, "name": self._names[code], "concept": concept.code}
                row |= {"label": concept.label, "depth": concept.depth, "value": value.name}
                made.append(row | {"phrase": phrases, "where": places})
        columns = ("country", "name", "concept", "label", "depth", "value", "phrase", "where")
        given, asked = {"match": self.match, **self.view.parameters}, (self.axis, *self.view.queries)
        title = self._kg.say("Comparison by {axis}", axis=self._kg.say(self.axis))
        notes = [*self.notes, *key(origins, self._kg.language)]
        return self._kg.table(columns, made, title, queries=asked, parameters=given, notes=notes)

    def origins(self) -> dict[str, str]:
        """Return where the titles of compared documents come from, by IRI: printed, ours or none."""
        return self._kg.origins_of(subject.iri for subject in self.subjects)

    @property
    def numbers(self) -> dict[str, str]:
        """The three-digit number of M49 and ISO 3166-1 by alpha-3 code, by which map files know a jurisdiction."""
        return self._kg.numbers

    def chart(self) -> Picture:
        """Return the heat map of the comparison; it shows itself in a notebook. Needs ``napgraph[charts]``."""
        from ..charts import heat_map

        return heat_map(self)

    def map(self, concept: str) -> Picture:
        """Return one concept (its code) on a map of the world, as :meth:`chart`; raises UnknownNameError."""
        from ..charts import world_map

        return world_map(self, concept)

    def evidence(self) -> Table:
        """Return the evidence of the cells, a row per statement and passage.

        Rows without concept are the passages that were read of each document for all else that was looked for.
        """
        return self._table(_EVIDENCE, self.evidence_rows(), "{title}: the statements behind it", "document-passages")

    def evidence_rows(self) -> list[Row]:
        """Return the rows of :meth:`evidence`, plain."""
        self.read()
        kg, subjects = self._kg, [subject for subject in self.subjects if self.left_out(subject.key) is None]
        read = self._evidence.passages([subject.key for subject in subjects])
        labels, names = kg.labels_of(self._evidence.resources()), kg.names_of({subject.country for subject in subjects})
        made: list[Row] = []

        def tell(subject: Subject, kinds: Mapping[Value, str], concept: Concept | None, row: Row) -> Row:
            """Return a row in words; ``kinds`` are the reader's names of the kinds of bodies for unnamed ones."""
            status, role, phrase = row.get("value"), str(row.get("role") or ""), row.get("phrase")
            told: Row = {name: row.get(name) for name in ("document", "match", "order", "origin", "evidence")}
            told |= {"country": subject.country, "name": names[subject.country]}
            told |= {"title": labels.get(str(row.get("document"))), "where": labels.get(str(row.get("evidence")))}
            told |= {"concept": concept and concept.code, "label": concept and concept.label}
            told |= {"value": self.values[value_of(status)].words if status else None}
            told["role"] = (kg.called.get(role) or kg.say(role)) if role else None
            return told | {"phrase": phrase if row.get("origin") else kinds.get(phrase, phrase)}

        for subject in subjects:
            cells = [(each, *self.cell(subject.key, each.code)) for each in self.concepts]
            kinds = {
                row.get("phrase"): concept.label
                for concept, _, rows in cells
                for row in rows
                if row.get("role") and row.get("origin") is None and row.get("match") == "exact"
            }
            made += [tell(subject, kinds, concept, row) for concept, _, rows in cells for row in rows]
            silent = [value.name for _, value, rows in cells if not rows]
            if silent and ((best := min(silent, key=RANK.__getitem__)) != "not-assessed" or len(silent) == len(cells)):
                told: Row = {"value": self.values[best].words}
                made += [tell(subject, kinds, None, row) | told for row in read[subject.key]]
        origins = kg.origins_of(row["document"] for row in made)
        return [row | {"title_origin": origins.get(str(row["document"]))} for row in made]

    def _table(self, columns: Sequence[str], rows: list[Row], words: str, *queries: str) -> Table:
        said = self._kg.say
        title = said("{axis} by jurisdiction" if self.by == "country" else "{axis} by document", axis=self.title)
        title = said(words, title=title) if words else title
        parameters = {"by": self.by, "match": self.match, **self.view.parameters}
        asked = (self.axis, *self.view.queries, *queries)
        notes = [*self.notes, said(_SILENCE)]
        plain = [{name: row[name] for name in columns} for row in rows]
        return self._kg.table(columns, plain, title, queries=asked, parameters=parameters, notes=notes)

    @property
    def title(self) -> str:
        """The name of the axis in the language of the reader, as it stands at the beginning of a line."""
        named = self._kg.say(self.axis)
        return named[:1].upper() + named[1:]


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
    view = View(kg, lens, country)
    parameters: dict[str, object] = {"country": list(country)}
    if "strictness" in query.parameters:
        parameters["strictness"] = match
    concepts = concepts_of(kg, query.header["scheme"])
    if "unmapped" in query.header:
        iri = f"{BASE}{query.header['unmapped']}"
        concepts.append(Concept(slug(iri), iri, kg.labels_of([iri]).get(iri, slug(iri)), 0))
    made = Comparison(axis, concepts, kg, view, parameters, by, match)
    if lens and made.jurisdictions and not made.documents:
        said = kg.say("There is nothing to compare through this lens: {lens}.", lens=view.words())
        most = Counter(view.left_out.values()).most_common(3)
        told = "; ".join(kg.say("{count} because {reason}", count=count, reason=reason) for reason, count in most)
        raise ParameterError(f"{said} {kg.say('Left out are {told}.', told=told)}")
    return made
