"""What ``accept`` would say of a record before any rule is asked, and the record as it would be judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from ..rdf.descriptions import Descriptions
from ..records.record import Location, Note, Record
from .policy import brief, examine
from .recorded import Together, joined, merge, path_of, recorded_in

if TYPE_CHECKING:
    from .recorded import Difference


class Foretold(NamedTuple):
    """The record together with what is recorded of its jurisdiction, and what stands against taking it in."""

    record: Record
    notes: list[Note]


def foretell(record: Record, root: str, known: Mapping[str, str]) -> Foretold:
    """Say what stands against a record; ``known`` are the names of the jurisdictions by upper-case code."""
    sent = examine(record, root, known)
    if not sent.documents:
        return Foretold(
            Together(record, record.triples, [], ""), []
        )  # that there is nothing to take in is said by the checker
    here = Location(record.source)
    notes = [Note("not-to-be-taken", {"value": refusal.words}, refusal.place or here) for refusal in sent.refusals]
    if not sent.jurisdiction:
        return Foretold(Together(record, record.triples, [], ""), notes)
    existing, descriptions = recorded_in(root, sent.jurisdiction), Descriptions(record.triples)
    merged = merge(existing.descriptions, descriptions)
    notes += [note for difference in merged.differences for note in _conflict(difference, record)]
    return Foretold(joined(record, descriptions, existing, merged, path_of(sent.jurisdiction)), notes)


def _conflict(found: Difference, record: Record) -> Iterator[Note]:
    """Yield one note for what a record says otherwise of a resource than is recorded."""
    predicate, value = found.submitted[0]
    values = {"value": brief(value), "resource": brief(found.subject), "count": str(len(found.submitted))}
    yield Note("recorded-otherwise", values, record.place(found.subject, predicate, value))
