"""A submission beside what is recorded of its jurisdiction: what is new, what is the same, what contradicts.

``check`` and ``accept`` judge by this alike: the file as it would be, all of its documents together.
"""

import os
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple, Self

from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from ..errors import SourceFileError
from ..graph.files import read_turtle
from ..rdf.descriptions import Descriptions, Value
from ..records.record import Location, Note, Record, Term
from .policy import refusals_of, shortened
from .profiles import RecordLookups

BOM = "\ufeff"


def path_of(code: str) -> str:
    """Return the path of a jurisdiction's file below the root, for its alpha-3 code in lower case."""
    return f"data/jurisdictions/{code}.ttl"


class Existing(NamedTuple):
    """A jurisdiction's file as it is: its text, what it says, and the prefixes and base that hold at its end."""

    text: str
    descriptions: Descriptions
    prefixes: dict[str, str]
    base: str | None

    @classmethod
    def read(cls, content: bytes | None, path: str) -> Self:
        """Read the file's content, None where there is no file; raises SourceFileError for what cannot be kept."""
        if content is None:
            return cls("", Descriptions([]), {}, None)
        descriptions = Descriptions(read_turtle(content, path))
        if descriptions.tangled:
            raise SourceFileError(
                path,
                "this file has a resource without a name that is pointed to from several places or from none, "
                "so nothing can be added to it.",
                mend="Give that resource an address of its own.",
            )
        parser = parse(content.removeprefix(BOM.encode()), format=RdfFormat.TURTLE)
        for _ in parser:
            pass
        return cls(content.decode("utf-8"), descriptions, dict(parser.prefixes), parser.base_iri)

    @property
    def names(self) -> set[str]:
        """The addresses of the resources that the file describes."""
        return {subject.value for subject in self.descriptions.subjects}


def recorded_in(root: str, code: str) -> Existing:
    """Read what is recorded of a jurisdiction; raises SourceFileError for a file that cannot be read."""
    path = path_of(code)
    try:
        with open(os.path.join(root, path), "rb") as file:
            return Existing.read(file.read(), path)
    except FileNotFoundError:
        return Existing.read(None, path)
    except OSError as error:
        problem = f"this file cannot be read ({error.strerror})."
        raise SourceFileError(path, problem, mend="Check its rights.") from error


class Difference(NamedTuple):
    """A resource that is recorded with other content: what only the record says, and what only the submission says."""

    subject: NamedNode
    recorded: list[tuple[NamedNode, Value]]
    submitted: list[tuple[NamedNode, Value]]


class Merged(NamedTuple):
    """The resources of a submission that are new, of which it says less than is recorded, and recorded otherwise.

    The others are the same.
    """

    new: list[NamedNode]
    less: list[NamedNode]
    differences: list[Difference]


def merge(existing: Descriptions, submitted: Descriptions) -> Merged:
    """Compare a submission with what is recorded."""
    found = Merged([], [], [])
    for subject in submitted.subjects:
        if subject not in existing:
            found.new.append(subject)
        elif existing.told(subject) != submitted.told(subject):
            if submitted_only := _only(submitted, existing, subject):
                found.differences.append(Difference(subject, _only(existing, submitted, subject), submitted_only))
            else:
                found.less.append(subject)
    return found


def _only(one: Descriptions, other: Descriptions, subject: NamedNode) -> list[tuple[NamedNode, Value]]:
    """Return the statements about ``subject`` that only ``one`` makes, or makes more often."""
    left = Counter(dict(other.told(subject)))
    found = []
    for predicate, value in one.of(subject):
        text = one.statement(predicate, value)
        if left[text]:
            left[text] -= 1
        else:
            found.append((predicate, value))
    return found


class JoinedRecord(Record):
    """A submission with what is recorded already, which has the recorded file for a place."""

    def __init__(self, sent: Record, own: list[Triple], recorded: list[Triple], path: str) -> None:
        super().__init__(sent.source, sent.format, [*own, *recorded], sent.notes)
        self._sent, self._path = sent, path
        self._recorded = {triple.subject for triple in recorded} - {triple.subject for triple in sent.triples}

    def heading(self, place: Location) -> Mapping[str, str]:
        """Return the heading of a cell by language, where sheets were read."""
        return self._sent.heading(place)

    def place(self, subject: Term, predicate: Term | None = None, value: Term | None = None) -> Location:
        """Return the place in the submission, or the file that holds the subject."""
        return Location(self._path) if subject in self._recorded else self._sent.place(subject, predicate, value)


def join_recorded(
    record: Record, root: str, known: Mapping[str, str], lookups: RecordLookups
) -> tuple[Record, list[Note]]:
    """Return the record as it would be judged, and notes of what ``accept`` would say before any rule.

    To be judged are its own resources and those that are recorded and not in it; what it says less of than is recorded
    is judged as it is recorded. ``known`` are the names of the jurisdictions by upper-case code.
    """
    code, refusals = refusals_of(record, known, lookups)
    if not lookups.documents:  # that there is nothing to take in is said by the checker
        return record, []
    here = Location(record.source)
    notes = [Note("not-to-be-taken", {"value": each.words}, each.place or here) for each in refusals]
    if not code:
        return record, notes
    sent, recorded = lookups.descriptions, recorded_in(root, code).descriptions
    merged, own = merge(recorded, sent), record.triples
    for found in merged.differences:
        predicate, value = found.submitted[0]
        values = {"value": shortened(value), "resource": shortened(found.subject), "count": str(len(found.submitted))}
        notes.append(Note("recorded-otherwise", values, record.place(found.subject, predicate, value)))
    if less := set(merged.less):
        left_out = set(sent.triples(merged.less))
        own = [triple for triple in own if triple not in left_out]
    added = recorded.triples(each for each in recorded.subjects if each not in sent or each in less)
    return (JoinedRecord(record, own, added, path_of(code)) if less or added else record), notes
