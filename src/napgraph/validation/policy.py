"""What a submission may say, and how it lies to what is recorded: new, the same, less, or in contradiction to it.

``check`` and ``accept`` ask this before any rule, and judge the file as it would be, all of its documents together.
"""

import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any, NamedTuple, Self

from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from ..errors import SourceFileError, nearest
from ..graph.files import read_file, read_turtle
from ..query.results import to_python
from ..rdf.descriptions import DEEPEST, Descriptions, Value
from ..rdf.namespaces import BASE, invented, slug
from ..rdf.write import escaped
from ..records.record import Location, Note, Record, Term
from .labels import JURISDICTION
from .profiles import RecordLookups, frame

BOM = "\ufeff"
_ID, _SOURCE = f"{BASE}id/", f"{BASE}source/"
_CODE = re.compile(r"[a-z]{3}")
_NAME = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*(?:/[a-z0-9]+(?:[._-][a-z0-9]+)*)*")
_SHOWN, _LONG = 20, 160  # refusals, and characters of a term
_DOCUMENTS, _LAST = 2, 99  # the section of a file that documents are in, and the rank in it of what has none
_OWNERS = {"ont": "the ontology", "shapes": "the rules", "profile": "the profiles", "source": "another source"}
_OWNERS |= {"reference": "the works that all refer to", "body": "the international bodies"}
_TANGLED = (
    "Here a resource without a name is pointed to from several places or from none, or lies more than "
    f"{DEEPEST} deep in others. Give it an address of its own."
)
_NOTHING = (
    "No document was found, so there is nothing to take in. "
    "A document is typed as a strategy, an action plan or the like."
)


class Refusal(NamedTuple):
    """Why a submission is not taken in: what is wrong and how to fix it, and where it stands in the file."""

    words: str
    place: Location | None = None

    @property
    def text(self) -> str:
        """The place and the words."""
        return f"{self.place.text}: {self.words}" if self.place else self.words


class Document(NamedTuple):
    """A document of a submission: how many elements it has, and how many passages bear it out; new, or recorded so."""

    iri: str
    name: str
    profile: str
    elements: int
    passages: int
    new: bool = True


class Submission(NamedTuple):
    """What a submission holds: its jurisdiction (alpha-3 code, lower case; empty if unclear), documents, resources.

    ``order`` are the addresses of the resources that it describes, in the order of a jurisdiction's file.
    """

    jurisdiction: str
    documents: tuple[Document, ...]
    order: list[str]
    refusals: tuple[Refusal, ...]


def shortened(term: object) -> str:
    """Return a term as in N-Triples, cut if it is long, without control characters."""
    text = escaped(str(term))
    return text if len(text) <= _LONG else f"{text[:_LONG]}…"


def spaces(code: str) -> tuple[str, str]:
    """Return what the addresses of a jurisdiction's own resources, and of its own sources, begin with."""
    return f"{_ID}{code}/", f"{_SOURCE}{code}-"


def examine(record: Record, root: str, known: Mapping[str, str]) -> Submission:
    """Find what ``record`` describes, and everything in it that is not a submission's to state.

    ``known`` are the names of the jurisdictions by upper-case code. The record is untrusted: call this in a sandbox.
    """
    lookups = RecordLookups(root, record.triples, frame(root, read_file(root, "ontology/napgraph.ttl")))
    code, refusals = refusals_of(record, known, lookups)
    parts = lookups.rows("record-parts")
    return Submission(code, _documents(lookups, parts), _file_order(lookups, parts), refusals)


def refusals_of(record: Record, known: Mapping[str, str], lookups: RecordLookups) -> tuple[str, tuple[Refusal, ...]]:
    """Return the jurisdiction of a record, empty if unclear, and what in the record is not a submission's to state."""
    subjects = lookups.descriptions.subjects
    named = [(str(row["resource"]), str(row["jurisdiction"])) for row in lookups.rows("record-jurisdictions")]
    begun = (subject.value[len(_ID) :].partition("/")[0] for subject in subjects if subject.value.startswith(_ID))
    right = [slug(iri) for _, iri in named if JURISDICTION.fullmatch(iri)]
    codes = sorted({*right, *filter(_CODE.fullmatch, begun)})
    spoken_for = codes if len(codes) > 1 or len(right) == len(named) else []
    refusals = [
        *(_whose(record, subjects, named, spoken_for, known) if lookups.documents else [Refusal(_NOTHING)]),
        *_foreign_resources(record, subjects, codes),
        *_not_for_records(record, lookups),
        *(Refusal(_TANGLED, record.place(node)) for node in lookups.descriptions.tangled),
    ]
    found = tuple(dict.fromkeys(refusals))
    if (more := len(found) - _SHOWN) > 0:
        found = (*found[:_SHOWN], Refusal(f"There are {more} more of this kind; mend these first."))
    return spoken_for[0] if len(spoken_for) == 1 else "", found


def _documents(lookups: RecordLookups, parts: list[dict[str, Any]]) -> tuple[Document, ...]:
    """Count what the record holds, document by document, in the order they came."""
    elements: set[str] = set()
    evidence: dict[str, set[str]] = {}
    names: dict[str, str] = {}
    for row in parts:
        iri = str(row["resource"])
        elements |= {iri} if row["kind"] == "element" else set()
        evidence.setdefault(iri, set()).update([str(row["evidence"])] if row["evidence"] else [])
        names.setdefault(iri, escaped(str(row["name"] or iri)))
    owned = lookups.parts_of_documents
    return tuple(
        Document(
            iri,
            names[iri],
            ", ".join(sorted({profile for profile, _ in owned[iri].declared if profile})),
            len(owned[iri].parts & elements),
            len(set().union(*(evidence.get(part, ()) for part in owned[iri].parts))),
        )
        for iri in lookups.documents
    )


def _file_order(lookups: RecordLookups, parts: list[dict[str, Any]]) -> list[str]:
    """Return the named resources as they are written; a part of several documents stands with the first."""
    came = {subject.value: at for at, subject in enumerate(lookups.descriptions.subjects)}
    rank: dict[str, tuple[int, int]] = {}
    for row in parts:
        iri, found = str(row["resource"]), (int(row["section"] or 0), int(row["rank"] or 0))
        rank[iri] = min(rank.get(iri, found), found)
    document: dict[str, int] = {}
    owned = lookups.parts_of_documents
    for at, iri in sorted((came.get(iri, len(came)), iri) for iri in owned):
        for part in owned[iri].parts:
            document.setdefault(part, at)

    def key(iri: str) -> tuple[int, int, int, int]:
        section, within = rank.get(iri, (_DOCUMENTS, _LAST))
        if iri in document:
            section, within = _DOCUMENTS, within if section == _DOCUMENTS else 1
        return section, document.get(iri, len(came)) if section == _DOCUMENTS else 0, within, came[iri]

    return sorted(came, key=key)


def _whose(
    record: Record, subjects: list[NamedNode], named: list[tuple[str, str]], codes: list[str], known: Mapping[str, str]
) -> Iterator[Refusal]:
    """Say what is wrong with the jurisdiction: none that there is, several, or not clear."""
    if len(codes) > 1:
        listed = ", ".join(each.upper() for each in codes)
        words = f"This submission speaks for {len(codes)} jurisdictions ({listed}); send one file for each. "
        for each in codes:
            begun = (subject for subject in subjects if subject.value.startswith(spaces(each)[0]))
            pointing = (NamedNode(resource) for resource, iri in named if slug(iri) == each)
            yield Refusal(f"{words}Here it speaks for {each.upper()}.", record.place(next(chain(begun, pointing))))
    elif not codes:
        yield Refusal(
            "The jurisdiction is not clear: give each document one nap:jurisdiction, and an address below it, such as "
            f"{_ID}ken/plan for Kenya."
        )
    elif (code := codes[0].upper()) not in known and not invented(code):
        near = nearest(code, known)
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        yield Refusal(f"There is no jurisdiction {code}.{hint} They go by their ISO alpha-3 code, such as NOR.")


def _foreign_resources(record: Record, subjects: list[NamedNode], codes: list[str]) -> Iterator[Refusal]:
    """Name each resource that is described here and belongs to another, or has an address that may not be given."""
    own = tuple(each for code in codes for each in spaces(code))
    like = f"{spaces(codes[0] if codes else 'ken')[0]}..."
    for subject in subjects:
        iri = subject.value
        begun = next((space for space in own if iri.startswith(space)), None)
        if begun is None:
            yield Refusal(
                f"{shortened(subject)} belongs to {_owner(iri)}, and a submission describes only its own "
                f"jurisdiction's resources. Leave these statements out, or give the resource an address {like}",
                record.place(subject),
            )
        elif not _NAME.fullmatch(iri[len(begun) :]):
            yield Refusal(
                f"{shortened(subject)} cannot stand as an address: after {begun} come small letters a to z, digits and "
                "hyphens, in parts divided by a slash.",
                record.place(subject),
            )


def _owner(iri: str) -> str:
    """Return in words what the address ``iri`` belongs to."""
    if iri.startswith(_ID):
        code = iri[len(_ID) :].partition("/")[0]
        return f"the jurisdiction {code.upper()}" if _CODE.fullmatch(code) else "no jurisdiction"
    if not iri.startswith(BASE):
        return "somebody else"
    return _OWNERS.get(re.split(r"[/#]", iri[len(BASE) :])[0], "the code lists")


def _not_for_records(record: Record, lookups: RecordLookups) -> Iterator[Refusal]:
    for row in lookups.misplaced:
        *triple, field = (row[name] for name in ("subject", "predicate", "value", "field"))
        stated = " ".join(map(shortened, triple))
        yield Refusal(
            f"{stated} would change {to_python(field)}, which this project keeps in files of its own. "
            "Leave this statement out.",
            record.place(*triple),  # type: ignore[arg-type]  # none of them is None
        )


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


def merge(existing: Descriptions, submitted: Descriptions) -> tuple[list[NamedNode], list[NamedNode], list[Difference]]:
    """Return the resources of a submission that are new, that say less than is recorded, and that differ from it."""
    new, less, differences = list[NamedNode](), list[NamedNode](), list[Difference]()
    for subject in submitted.subjects:
        if subject not in existing:
            new.append(subject)
        elif existing.told(subject) != submitted.told(subject):
            if submitted_only := _only(submitted, existing, subject):
                differences.append(Difference(subject, _only(existing, submitted, subject), submitted_only))
            else:
                less.append(subject)
    return new, less, differences


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
    (_, less, differences), own = merge(recorded, sent), record.triples
    for found in differences:
        predicate, value = found.submitted[0]
        values = {"value": shortened(value), "resource": shortened(found.subject), "count": str(len(found.submitted))}
        notes.append(Note("recorded-otherwise", values, record.place(found.subject, predicate, value)))
    if less:
        left_out = set(sent.triples(less))
        own = [triple for triple in own if triple not in left_out]
    added = recorded.triples(each for each in recorded.subjects if each not in sent or each in less)
    return (JoinedRecord(record, own, added, path_of(code)) if less or added else record), notes
