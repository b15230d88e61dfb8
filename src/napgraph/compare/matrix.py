"""The matrix of jurisdictions or documents by concepts: what is stated, what is silent, and where it is written.

An axis is a saved query whose header names a scheme. Its rows with a concept are what a document says; those without
tell how the record stands where nothing is said. The header names the concept of wording that no other stands for.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from ..errors import ParameterError, UnknownNameError
from ..project.language import say
from ..query.session import Session
from ..rdf.namespaces import BASE, slug
from ..tables.columns import Value
from ..tables.origins import key as key_of_marks
from ..tables.origins import marked
from ..tables.table import Picture, Table
from .analysis import NAMED, Analysis, Row, Subject, View, code_of, joined, short_iri

SYNONYMS = {"themes": "pillars"}
"""Other words for axes."""
_CELLS = ("country", "name", "concept", "label", "depth", "value", "phrase", "where")
_EVIDENCE = (*NAMED, "concept", "label", "value", "match", "role", "order", "phrase", "origin", "evidence", "where")


class CellValue(NamedTuple):
    """One of the values of a cell: its name, its sign, the words for it, and what they mean."""

    name: str
    sign: str
    words: str
    meaning: str


_PART = "only a part of it is said, or it is said only in another part of a document"
_OTHER = "said in wording that is less near to the concept than was asked"
_SILENT = "looked for in a source that is not the full text, and not found: this is no 'no'"
_UNSEEN = "nobody has looked for it, the list had it only after the documents were read, or a lens leaves them out"
VALUES = {
    name: CellValue(name, *told)
    for name, *told in (
        ("stated", "●", "stated", "the documents say it, in the way that the axis asks for"),
        ("partly", "◐", "partly or mentioned", _PART),
        ("in-other-words", "○", "said, in other words", _OTHER),
        ("not-stated", "·", "the source does not say", _SILENT),
        ("absent", "✗", "absent: the full text was read, or a source says so", "not there"),
        ("not-assessed", "?", "not looked for", _UNSEEN),
    )
}
_OF_STATUS = {"described": "stated", "partly-described": "partly", "mentioned": "partly", "not-applicable": "absent"}
RANK = {name: rank for rank, name in enumerate(VALUES)}
"""The order of the values: what says most comes first."""
_RANK_OF_READINGS = RANK | {"absent": RANK["not-stated"], "not-stated": RANK["absent"]}
"""Of one document: a full text, or a source that says so, stands before one that is only silent."""
SAYING = frozenset({"stated", "partly", "in-other-words"})
"""The values of cells of which something is said."""


def values_in(language: str) -> dict[str, CellValue]:
    """Return the values by name, their words in a language."""
    words = {name: [say(language, each) for each in (value.words, value.meaning)] for name, value in VALUES.items()}
    return {name: CellValue(name, value.sign, *words[name]) for name, value in VALUES.items()}


def value_of(status: object) -> str:
    """Return the name of the value that a status in the answer of an axis, by its IRI, stands for."""
    name = slug(str(status))
    return _OF_STATUS.get(name, name)


def nearness(row: Row) -> tuple[int, bool, bool]:
    """Return the place of a row among those of a cell: what says most first, then the nearest, then printed words."""
    return RANK[value_of(row["value"])], row.get("match") == "under", row.get("origin") != "printed"


class Concept(NamedTuple):
    """A concept of the compared scheme: its code, IRI, name, and depth in the scheme (0 at the top)."""

    code: str
    iri: str
    label: str
    depth: int


def concepts_of(kg: Session, scheme: str) -> list[Concept]:
    """Return the concepts of a scheme in tree order, each under the first of its broader ones."""
    rows = kg.query("concepts", scheme=kg.space(scheme).rstrip("/")).rows()
    labels = {str(row["concept"]): str(row["label"]) for row in rows}
    parents: dict[str, str] = {}
    for row in rows:
        if row["broader"] is not None:
            parents.setdefault(str(row["concept"]), str(row["broader"]))
    paths: dict[str, tuple[str, ...]] = {}

    def path(iri: str) -> tuple[str, ...]:
        if iri not in paths:
            paths[iri] = ()  # a circle ends here
            paths[iri] = (*(path(parents[iri]) if iri in parents else ()), iri)
        return paths[iri]

    position = {iri: number for number, iri in enumerate(labels)}
    ordered = sorted(labels, key=lambda iri: [position[part] for part in path(iri)])
    return [Concept(slug(iri), iri, labels[iri], len(path(iri)) - 1) for iri in ordered]


class Cell(NamedTuple):
    """One jurisdiction and one concept: the value, and the rows of the query that speak of them."""

    value: CellValue
    evidence: list[Row]


class Comparison(Analysis):
    """Jurisdictions or documents by concepts on one axis. Made by :meth:`KnowledgeGraph.compare`.

    ``title`` is the name of the axis, ``jurisdictions`` are the sorted alpha-3 codes of those in the matrix, of which a
    filter takes none away, ``documents`` is how many were compared. Values come from what the build summed up, evidence
    from the plans. Raises UnknownNameError, or ParameterError where the filters leave nothing to compare.
    """

    known = ("Where the source does not say, nothing is known; it is never counted as a no.",)

    def __init__(self, kg: Session, axis: str, match: str, by: str, view: View, concept: Sequence[str] = ()) -> None:
        axis = SYNONYMS.get(axis, axis) if axis not in kg.queries.names() else axis
        query = kg.queries.get(axis) if axis in kg.queries.names() else None
        if query is None or query.header.get("scheme") not in kg.lists:
            known = axes(kg)
            raise UnknownNameError("axis", axis, known, see=f"The axes are: {', '.join(known)}.")
        if by not in (ways := ("country", "document")):
            raise UnknownNameError("way to compare", by, ways, see=f"The ways are: {', '.join(ways)}.")
        self._kg, self.view, self.axis, self.match, self.by = kg, view, axis, match, by
        self.QUERY, self._parameters, self.values = axis, {"by": by, "match": match}, values_in(kg.language)
        name = kg.name_of_axis(axis)
        self.title = name[:1].upper() + name[1:]
        heading = "{axis} by jurisdiction" if by == "country" else "{axis} by document"
        self._heading = kg.say(heading, axis=self.title)
        self._asked: dict[str, object] = dict(view.asked)
        self._asked |= {"strictness": match} if "strictness" in query.parameters else {}
        self.concepts, self.unmapped = concepts_of(kg, query.header["scheme"]), slug(query.header.get("unmapped", ""))
        if "unmapped" in query.header:
            iri = f"{BASE}{query.header['unmapped']}"
            self.concepts.append(Concept(self.unmapped, iri, kg.labels_of([iri]).get(iri, slug(iri)), 0))
        self.chosen = bool(concept)
        self.concepts = [_named(each, self.concepts, axis) for each in concept] or self.concepts
        self._codes = {concept.code for concept in self.concepts}
        self._units: dict[str, dict[str, None]] = {}  # what the rows are about: a subject itself, or its documents
        self._said: dict[tuple[str, str], str] = {}
        self._silent: dict[str, str] = {}
        self._all: dict[str, None] = {}
        self._rows: list[Row] = []  # of the axis, through a lens of sources
        self._seen: set[str] = set()  # of these jurisdictions the evidence is here
        self._evidence: dict[tuple[str, str], list[Row]] = {}
        self._documents: dict[str, list[str]] = {}
        self.documents, places = 0, set[str]()
        for row in self._summed():
            country, document = code_of(row), row.get("document")
            places.add(country)
            self._all |= {} if document is None else {str(document): None}
            if document in view.left_out:
                continue
            key = country if by == "country" else short_iri(document)
            unit, value = str(document or key), value_of(row["value"])
            self._units.setdefault(key, {})[unit] = None
            if row["concept"] is None:
                self.documents += 1 if document is not None else int(str(row["documents"]))
                self._silent[unit] = value
            else:
                cell = unit, slug(str(row["concept"]))
                rank = RANK if document is None else _RANK_OF_READINGS
                self._said[cell] = min(self._said.get(cell, value), value, key=rank.__getitem__)
        self.jurisdictions = sorted(places)
        self._names = kg.names_of(places)
        if not self.documents and (view.lens or (view.parameters and places)):
            raise ParameterError(self._nothing())

    def _nothing(self) -> str:
        say = self._kg.say
        said = say("There is nothing to compare through this lens: {lens}.", lens=self.view.words())
        most = Counter(self.view.left_out.values()).most_common(3)
        told = "; ".join(say("{count} because {reason}", count=count, reason=reason) for reason, count in most)
        return f"{said} {say('Left out are {told}.', told=told)}" if told else said

    def _summed(self) -> Iterator[Row]:
        """Yield a row for each value: of what the build summed up, or through a lens of sources of the axis itself.

        A row about all documents of a jurisdiction has none of them, but their number.
        """
        kg, view = self._kg, self.view
        if not {"source", "extent"} & view.lens.keys():
            by_country = self.by == "country" and not view.parameters
            name = "summary-of-jurisdictions" if by_country else "summary-of-documents"
            yield from kg.query(name, axis=self.axis, strictness=self.match, **view.asked)
            return
        self._rows = kg.query(self.axis, **self._asked).rows()
        yield from self._rows
        yield from kg.query("later-concepts", axis=self.axis, **view.asked)

    @cached_property
    def subjects(self) -> list[Subject]:
        """What is compared, also what a filter leaves nothing of: jurisdictions by code, or their documents in time."""
        if self.by == "country":
            places = self.jurisdictions
            return [Subject(code, self._names[code], code, f"{BASE}jurisdiction/{code.lower()}") for code in places]
        return [each for iri, each in self.view.documents.items() if iri in self._all]

    def left_out(self, key: str) -> str | None:
        """Return why nothing of a subject is compared, or None where something is."""
        if key in self._units:
            return None
        about = {iri for iri, each in self.view.documents.items() if key in {each.key, each.country}}
        reasons = {why for iri, why in self.view.left_out.items() if iri in self._all and iri in about}
        return self._kg.say("left out: {reasons}", reasons=self._kg.say("; or ").join(sorted(reasons)))

    def value(self, key: str, concept: str) -> CellValue:
        """Return the most that a jurisdiction (alpha-3 code) or document (key) shows of a concept (code).

        Raises UnknownNameError for one that was not compared, or a concept that the axis does not have.
        """
        units = self._units.get(key, ())
        if not units and key not in (known := [subject.key for subject in self.subjects]):
            kind = "jurisdiction" if self.by == "country" else "document"
            raise UnknownNameError(f"compared {kind}", key, known)
        if concept not in self._codes:
            raise UnknownNameError(f"concept on the axis {self.axis}", concept, self._codes)
        found = [self.shown(unit, concept)[0] for unit in units]
        return self.values[min(found, key=RANK.__getitem__, default="not-assessed")]

    def shown(self, unit: str, concept: str) -> tuple[str, str]:
        """Return the value of a concept (code) in a document (IRI), and that of what it does not speak of."""
        rest = self._silent.get(unit, "not-assessed")
        return self._said.get((unit, concept)) or rest, rest

    def evidence_of(self, documents: Iterable[object]) -> Iterator[tuple[tuple[str, str], list[Row]]]:
        """Yield the rows behind the cells of documents (IRIs), by document and concept."""
        keys = {short_iri(iri) for iri in documents}
        return ((cell, rows) for cell, rows in self._evidence.items() if cell[0] in keys)

    def states(self, document: str, concept: str) -> bool | None:
        """Return whether a document (IRI) states a concept (code), in part at least; None where that is not known."""
        value, rest = self.shown(document, concept)
        return True if value in {"stated", "partly"} else False if "absent" in {value, rest} else None

    def cell(self, key: str, concept: str) -> Cell:
        """Return the cell of a subject and a concept with the rows behind it; see :meth:`value`."""
        value = self.value(key, concept)
        self.read(key.partition("/")[0].upper())
        return Cell(value, self._evidence.get((key, concept), []))

    def read(self, *countries: str) -> None:
        """Read what stands behind the cells of jurisdictions (alpha-3 codes; all if none is named) in one query."""
        missing = [code for code in countries or self.jurisdictions if code not in self._seen]
        if not missing:
            return
        self._seen.update(missing)
        asked = self._asked if len(missing) == len(self.jurisdictions) else self._asked | {"country": missing}
        if self._rows:
            self._seen.update(self.jurisdictions)
        for row in self._rows or self._kg.query(self.axis, **asked):
            document = str(row["document"])
            key = code_of(row) if self.by == "country" else short_iri(document)
            if document in self.view.left_out:
                continue
            if row["concept"] is None:
                self._documents.setdefault(key, []).append(document)
            elif row["evidence"] is not None:
                self._evidence.setdefault((key, slug(str(row["concept"]))), []).append(row)

    def take(self, other: "Comparison") -> None:
        """Take what stands behind the cells from one of all documents that has read it: nothing is asked again."""
        for iri, each in sorted(other.view.documents.items()):
            if each.country in self.jurisdictions:
                self._documents.setdefault(each.country, []).extend(other._documents.get(short_iri(iri), ()))
                for concept in self.concepts:
                    if rows := other._evidence.get((short_iri(iri), concept.code)):
                        self._evidence.setdefault((each.country, concept.code), []).extend(rows)
        self._seen.update(self.jurisdictions)

    def _passages(self, keys: Collection[str]) -> tuple[dict[str, list[Row]], dict[str, str]]:
        """Return the passages that were read of each subject, by its key, and the labels of passages and documents."""
        self.read()
        found: dict[str, list[Row]] = {each: [] for key in keys for each in self._documents.get(key, ())}
        for row in self._kg.query("document-passages", document=list(found), **self._sources()) if found else ():
            found[str(row["document"])].append(row)
        rows = (row for each in (*self._evidence.values(), *found.values()) for row in each)
        labels = self._kg.labels_of(row[name] for row in rows for name in ("document", "evidence"))
        return {key: [row for each in self._documents.get(key, ()) for row in found[each]] for key in keys}, labels

    def _sources(self) -> dict[str, list[str]]:
        """Return the part of the lens that is about sources."""
        return {key: codes for key, codes in self.view.lens.items() if key != "tier"}

    @property
    def brief(self) -> list[str]:
        """The notes with numbers of documents in place of their names."""
        return self.view.notes(self._all, brief=True)

    @cached_property
    def speaking(self) -> set[str]:
        """The documents (IRIs) or jurisdictions that say anything on the axis."""
        return {unit for (unit, _), value in self._said.items() if value in SAYING}

    def spoken(self, among: Collection[str] = ()) -> list[Concept]:
        """Return the concepts of which a subject, or one ``among`` documents (IRIs), says something, with those above.

        Where concepts were chosen, these are returned.
        """
        if self.chosen:
            return self.concepts
        said = ((unit, concept) for (unit, concept), value in self._said.items() if value in SAYING)
        telling = {concept for unit, concept in said if not among or unit in among}
        above: list[Concept] = []
        wanted: set[str] = set()
        for concept in self.concepts:
            above = [*above[: concept.depth], concept]
            wanted.update(each.code for each in above if concept.code in telling)
        return [concept for concept in self.concepts if concept.code in wanted]

    def table(self) -> Table:
        """Return the matrix, a row per subject and a column per concept with the cell in words.

        Before these stand country and name, of a document its IRI and title, and left_out where a filter is set.
        """
        first = ["country", "name", *(["document", "title"] * (self.by == "document"))]
        first += ["left_out"] if self.view.parameters else []
        rows: list[Row] = []
        for key, name, country, iri in self.subjects:
            row: Row = {"country": country, "name": self._names[country]}
            row |= {"document": iri, "title": name} if self.by == "document" else {}
            row |= {"left_out": self.left_out(key)} if self.view.parameters else {}
            rows.append(row | {each.code: self.value(key, each.code).words for each in self.concepts})
        made = self._table([*first, *(concept.code for concept in self.concepts)], rows, self._heading)
        codes = {value.words: value.meaning for value in self.values.values()}
        cells = [made.columns[0]._replace(name=each.code, words=each.label, codes=codes) for each in self.concepts]
        made.columns[len(first) :] = cells
        return made

    def cells(self, *, every: bool = False) -> Table:
        """Return the matrix as a table with a row per cell: what pictures are made from.

        Columns: country, name, concept, label, depth, value (its name), phrase and where (the
        wordings and their places, joined; of a silent cell the places that were read). Without ``every``, only the
        concepts that a plan names, if any are.
        """
        made: list[Row] = []
        origins: set[Value] = set()
        evidence: list[Row] = []
        passages, labels = self._passages(self.jurisdictions)
        for code in self.jurisdictions:
            for concept in self.concepts if every else self.spoken() or self.concepts:
                value, said = self.cell(code, concept.code)
                origins |= {row.get("origin") for row in said}
                phrases = joined(marked(row["phrase"], row.get("origin")) for row in said if row.get("phrase"))
                rows = said or (passages[code] if value.name != "not-assessed" else [])
                where = joined(labels.get(str(row["evidence"])) for row in rows)
                evidence += rows
                cell = (concept.code, concept.label, concept.depth, value.name, phrases, where)
                made.append(dict(zip(_CELLS, (code, self._names[code], *cell), strict=True)))
        return self._kg.table(
            _CELLS,
            made,
            self._kg.say("Comparison by {axis}", axis=self._kg.name_of_axis(self.axis)),
            queries=(self.axis, *self.view.queries),
            parameters={"match": self.match, **self.view.told},
            notes=[*self.notes, *key_of_marks(origins, self._kg.language)],
            evidence=evidence,
        )

    def chart(self, *, every: bool = False, **look: Any) -> Picture:
        """Return the heat map of :meth:`cells`, which shows itself in a notebook; ``look`` as charts.Look has it."""
        from ..charts import Look, heat_map

        return heat_map(self.cells(every=every), self.documents, Look(every=every, **look))

    def map(self, concept: str, **look: Any) -> Picture:
        """Return one concept (its code) on a map of the world, as :meth:`chart`; raises UnknownNameError."""
        from ..charts import Look, world_map

        return world_map(self.cells(every=True), concept, self._kg.numbers, self._kg.names, Look(**look))

    def evidence(self) -> Table:
        """Return a row per statement and passage behind the cells; without concept, passages read for all the rest."""
        kg, subjects = self._kg, [subject for subject in self.subjects if self.left_out(subject.key) is None]
        passages, labels = self._passages([subject.key for subject in subjects])
        made: list[Row] = []
        for subject in subjects:
            cells = [(each, *self.cell(subject.key, each.code)) for each in self.concepts]
            found: list[tuple[Concept | None, Row]] = [(concept, row) for concept, _, rows in cells for row in rows]
            kinds = {  # the reader's names of the kinds of bodies, for those without a name
                row.get("phrase"): concept and concept.label
                for concept, row in found
                if row.get("role") and row.get("origin") is None and row.get("match") == "exact"
            }
            silent = [value.name for _, value, rows in cells if not rows]
            if silent and ((best := min(silent, key=RANK.__getitem__)) != "not-assessed" or len(silent) == len(cells)):
                found += [(None, row | {"value": best}) for row in passages[subject.key]]
            for concept, row in found:
                status, role, phrase = row.get("value"), str(row.get("role") or ""), row.get("phrase")
                told: Row = {name: row.get(name) for name in ("document", "match", "order", "origin", "evidence")}
                told |= {"country": subject.country, "name": self._names[subject.country]}
                told |= {"title": self.view.title(str(row.get("document"))), "where": labels.get(str(row["evidence"]))}
                told |= {"concept": concept and concept.code, "label": concept and concept.label}
                told |= {"value": self.values[value_of(status)].words if status else None}
                told |= {"role": (kg.called.get(role) or kg.say(role)) if role else None}
                made.append(told | {"phrase": phrase if row.get("origin") else kinds.get(phrase, phrase)})
        origins = self.view.origins(row["document"] for row in made)
        rows = (row | {"title_origin": origins.get(str(row["document"]))} for row in made)
        title = kg.say("{title}: the statements behind it", title=self._heading)
        return self._table(_EVIDENCE, rows, title, "document-passages")


def _named(name: str, concepts: Sequence[Concept], axis: str) -> Concept:
    """Return the concept that a code, an IRI or a name means; raises UnknownNameError with the nearest."""
    wanted = name.strip().casefold()
    for each in concepts:
        if wanted in {each.code, each.iri, each.label.casefold()}:
            return each
    raise UnknownNameError(f"concept on the axis {axis}", name, [each.code for each in concepts])


def axes(kg: Session) -> list[str]:
    """Return the names of the axes: the saved queries that compare over a scheme."""
    return [query.name for query in kg.queries if query.header.get("scheme") in kg.lists]
