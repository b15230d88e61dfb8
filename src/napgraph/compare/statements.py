"""What stands behind the cells of a comparison, a row per statement and passage, in the words of the reader."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from .values import RANK, value_of

if TYPE_CHECKING:
    from ..query.results import Value
    from ..query.session import Session
    from .concepts import Concept
    from .evidence import Behind
    from .values import CellValue, Subject

Row = dict[str, "Value"]


def statements(
    kg: Session,
    behind: Behind,
    subjects: Sequence[Subject],
    concepts: Sequence[Concept],
    cell: Callable[[str, str], tuple[CellValue, Sequence[Row]]],
    values: Mapping[str, CellValue],
) -> list[Row]:
    """Return the rows; those without concept are the passages read of a document for all else that was looked for.

    ``cell`` gives the value and the rows of a subject, by its key, and a concept, by its code; ``values`` are by name.
    """
    read = behind.passages([subject.key for subject in subjects])
    labels, names = kg.labels_of(behind.evidence()), kg.names_of({subject.country for subject in subjects})
    made: list[Row] = []
    for subject in subjects:
        cells = [(each, *cell(subject.key, each.code)) for each in concepts]
        kinds = {
            row.get("phrase"): concept.label
            for concept, _, rows in cells
            for row in rows
            if row.get("role") and row.get("origin") is None and row.get("match") == "exact"
        }
        tell = partial(_row, values, kg, subject, names[subject.country], kinds, labels)
        made += [tell(concept, row) for concept, _, rows in cells for row in rows]
        silent = [value.name for _, value, rows in cells if not rows]
        if silent and ((best := min(silent, key=RANK.__getitem__)) != "not-assessed" or len(silent) == len(cells)):
            told: Row = {"value": values[best].words}
            made += [tell(None, row) | told for row in read[subject.key]]
    origins = kg.origins_of(row["document"] for row in made)
    return [row | {"title_origin": origins.get(str(row["document"]))} for row in made]


def _row(
    values: Mapping[str, CellValue],
    kg: Session,
    subject: Subject,
    name: str,
    kinds: Mapping[Value, str],
    labels: Mapping[str, str],
    concept: Concept | None,
    row: Row,
) -> Row:
    """Return a row in words; ``kinds`` are the reader's names of the kinds of bodies that stand for unnamed ones."""
    status, role, phrase = row.get("value"), str(row.get("role") or ""), row.get("phrase")
    return {
        "country": subject.country,
        "name": name,
        "document": row.get("document"),
        "title": labels.get(str(row.get("document"))),
        "title_origin": None,
        "concept": concept.code if concept else None,
        "label": concept.label if concept else None,
        "value": values[value_of(status)].words if status else None,
        "match": row.get("match"),
        "role": (kg.called.get(role) or kg.say(role)) if role else None,
        "order": row.get("order"),
        "phrase": phrase if row.get("origin") else kinds.get(phrase, phrase),
        "origin": row.get("origin"),
        "evidence": row.get("evidence"),
        "where": labels.get(str(row.get("evidence"))),
    }
