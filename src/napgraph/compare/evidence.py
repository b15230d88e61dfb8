"""The evidence of the cells of a comparison: rows of the axis's query, read when asked for, and as statements."""

from collections.abc import Callable, Mapping, Sequence

from ..query.session import Session
from ..rdf.namespaces import slug
from ..tables.columns import Value
from .analysis import Row
from .filters import View
from .values import RANK, CellValue, Concept, Subject, code_of, short_iri, value_of


class Evidence:
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


def statements(
    kg: Session,
    evidence: Evidence,
    subjects: Sequence[Subject],
    concepts: Sequence[Concept],
    cell: Callable[[str, str], tuple[CellValue, Sequence[Row]]],
    values: Mapping[str, CellValue],
) -> list[Row]:
    """Return the rows; those without concept are the passages read of a document for all else that was looked for.

    ``cell`` gives the value and the rows of a subject, by its key, and a concept, by its code; ``values`` are by name.
    """
    read = evidence.passages([subject.key for subject in subjects])
    labels, names = kg.labels_of(evidence.resources()), kg.names_of({subject.country for subject in subjects})
    made: list[Row] = []

    def tell(subject: Subject, kinds: Mapping[Value, str], concept: Concept | None, row: Row) -> Row:
        """Return a row in words; ``kinds`` are the reader's names of the kinds of bodies for unnamed ones."""
        status, role, phrase = row.get("value"), str(row.get("role") or ""), row.get("phrase")
        told: Row = {name: row.get(name) for name in ("document", "match", "order", "origin", "evidence")}
        told |= {"country": subject.country, "name": names[subject.country]}
        told |= {"title": labels.get(str(row.get("document"))), "where": labels.get(str(row.get("evidence")))}
        told |= {"concept": concept and concept.code, "label": concept and concept.label}
        told |= {"value": values[value_of(status)].words if status else None}
        told["role"] = (kg.called.get(role) or kg.say(role)) if role else None
        return told | {"phrase": phrase if row.get("origin") else kinds.get(phrase, phrase)}

    for subject in subjects:
        cells = [(each, *cell(subject.key, each.code)) for each in concepts]
        kinds = {
            row.get("phrase"): concept.label
            for concept, _, rows in cells
            for row in rows
            if row.get("role") and row.get("origin") is None and row.get("match") == "exact"
        }
        made += [tell(subject, kinds, concept, row) for concept, _, rows in cells for row in rows]
        silent = [value.name for _, value, rows in cells if not rows]
        if silent and ((best := min(silent, key=RANK.__getitem__)) != "not-assessed" or len(silent) == len(cells)):
            told: Row = {"value": values[best].words}
            made += [tell(subject, kinds, None, row) | told for row in read[subject.key]]
    origins = kg.origins_of(row["document"] for row in made)
    return [row | {"title_origin": origins.get(str(row["document"]))} for row in made]
