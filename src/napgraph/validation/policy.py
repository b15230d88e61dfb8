"""What a submission may say, and how it lies to what is recorded: new, the same, less, or in contradiction to it."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

from pyoxigraph import BlankNode, NamedNode, Triple

from ..errors import nearest
from ..graph.files import read_file
from ..project.messages import grades
from ..query.results import to_python
from ..rdf.descriptions import DEEPEST, Descriptions
from ..rdf.namespaces import BASE, NOWHERE, invented, slug
from ..rdf.write import escaped
from ..records.record import Location, Note, Record
from . import recorded as existing
from .labels import PART
from .profiles import RecordLookups, frame
from .recorded import ID, spaces

_PLACE = f"{BASE}jurisdiction/"
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
    """A submission beside what is recorded: its jurisdiction (alpha-3 code, lower case; empty if unclear), refusals.

    ``told`` says whether there is anything to take in. ``record`` has readings for what comes from a second source;
    ``recorded`` is None where it is not clear with what to compare, ``merged`` how both lie to each other. Where it was
    examined, ``order`` are the addresses of the resources that it describes, in the order of a jurisdiction's file,
    and ``compared`` is what a further source says beside the others.
    """

    jurisdiction: str
    told: bool
    refusals: tuple[Refusal, ...]
    record: Record
    recorded: existing.Recorded | None
    merged: existing.Merged
    documents: tuple[Document, ...] = ()
    order: Sequence[str] = ()
    compared: tuple[existing.Agreement, ...] = ()


def shortened(term: object) -> str:
    """Return a term as in N-Triples, cut if it is long, without control characters."""
    text = escaped(str(term))
    return text if len(text) <= _LONG else f"{text[:_LONG]}…"


def examine(record: Record, root: str, known: Mapping[str, str], content: existing.Content) -> Submission:
    """Find what ``record`` describes, everything in it that is not a submission's to state, and what it adds.

    ``known`` are the names of the jurisdictions by upper-case code. The record is untrusted: call this in a sandbox.
    """
    files = ("ontology/napgraph.ttl", "shapes/profiles.ttl")
    beside = frame(root, chain.from_iterable(read_file(root, path) for path in files))
    lookups = RecordLookups(root, record.triples, beside)
    found = beside_recorded(record, root, known, lookups, content)
    if found.record is not record:
        lookups = RecordLookups(root, found.record.triples, beside)
    parts = lookups.rows("record-parts")
    order, documents = _file_order(lookups, parts), _documents(lookups, parts)
    compared: tuple[existing.Agreement, ...] = ()
    if found.recorded is not None and not found.refusals and not found.merged.differences:
        addition = found.merged.addition(lookups.descriptions)
        compared = tuple(existing.agreements(root, found.recorded.descriptions, addition))
    return found._replace(documents=documents, order=order, compared=compared)


def beside_recorded(
    record: Record, root: str, known: Mapping[str, str], lookups: RecordLookups, content: existing.Content
) -> Submission:
    """Find the jurisdiction of a record, and lay it beside what is recorded; ``content`` reads a file of the root."""
    subjects = lookups.descriptions.subjects
    described = {slug(each.value).upper() for each in subjects if PART.fullmatch(each.value)}
    known = {**dict.fromkeys(described, ""), **known}
    named = [(str(row["resource"]), str(row["jurisdiction"])) for row in lookups.rows("record-jurisdictions")]
    begun = (subject.value[len(ID) :].partition("/")[0] for subject in subjects if subject.value.startswith(ID))
    right = [slug(iri) for _, iri in named if iri.startswith(_PLACE) and existing.CODE.fullmatch(slug(iri))]
    codes = sorted({*right, *(each for each in begun if _is_code(each, known))})
    spoken_for = codes if len(codes) > 1 or len(right) == len(named) else []
    code = spoken_for[0] if len(spoken_for) == 1 else ""
    shared = bool(subjects) and all(each.value.startswith((existing.SOURCE, *existing.SHARED)) for each in subjects)
    recorded, links, merged = None, grades(root)["links"], existing.Merged([], [], {}, [])
    if code or shared:
        recorded = existing.Recorded.read(root, code, subjects, content)
        sent, as_sent = lookups.descriptions, record
        record = existing.second_readings(record, sent, recorded.descriptions, links)
        sent = sent if record is as_sent else Descriptions(record.triples)
        merged = existing.merge(recorded.descriptions, sent, links["adds"])
    told = bool(shared or lookups.documents or lookups.readings)
    told |= recorded is not None and any(each.value.startswith(ID) for each in merged.added)
    unchanged = {each.value for each in subjects} - {each.value for each in (*merged.new, *merged.added)}
    unchanged -= {each.subject.value for each in merged.differences}
    refusals = [
        *((_whose(record, subjects, named, spoken_for, known) if not shared else ()) if told else [Refusal(_NOTHING)]),
        *_foreign_resources(record, subjects, codes, unchanged if recorded else set(), known),
        *(_of_others(record, code, links["within"], known) if code else ()),
        *_not_for_records(record, lookups),
        *(Refusal(_TANGLED, record.place(node)) for node in lookups.descriptions.tangled),
    ]
    found = tuple(dict.fromkeys(refusals))
    if (more := len(found) - _SHOWN) > 0:
        found = (*found[:_SHOWN], Refusal(f"There are {more} more of this kind; mend these first."))
    return Submission(code, told, found, record, recorded, merged)


def _documents(lookups: RecordLookups, parts: list[dict[str, Any]]) -> tuple[Document, ...]:
    """Count what the record holds, document by document, in the order they came."""
    elements = {str(row["resource"]) for row in parts if row["kind"] == "element"}
    cited = {(str(row["resource"]), str(row["evidence"])) for row in parts if row["evidence"]}
    names = {str(row["resource"]): escaped(str(row["name"] or row["resource"])) for row in reversed(parts)}
    owned = lookups.parts_of_documents
    made = []
    for iri in lookups.documents:
        profiles = ", ".join(sorted({profile for profile, _ in owned[iri].declared if profile}))
        passages = {passage for part, passage in cited if part in owned[iri].parts}
        made.append(Document(iri, names[iri], profiles, len(owned[iri].parts & elements), len(passages)))
    return tuple(made)


def _file_order(lookups: RecordLookups, parts: list[dict[str, Any]]) -> list[str]:
    """Return the named resources as they are written; a part of several documents stands with the first."""
    came = {subject.value: at for at, subject in enumerate(lookups.descriptions.subjects)}
    rank = {str(row["resource"]): (int(row["section"]), int(row["rank"])) for row in reversed(parts)}  # the first one
    owned = lookups.parts_of_documents
    documents = sorted(((came.get(iri, len(came)), iri) for iri in owned), reverse=True)
    document = {part: at for at, iri in documents for part in owned[iri].parts}

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
    codes = [each for each in codes if each != NOWHERE] or codes  # a rule says where it is missing
    if len(codes) > 1:
        listed = ", ".join(each.upper() for each in codes)
        words = f"This submission speaks for {len(codes)} jurisdictions ({listed}); send one file for each. "
        for each in codes:
            begun = (subject for subject in subjects if subject.value.startswith(spaces(each)[0]))
            pointing = (NamedNode(resource) for resource, iri in named if slug(iri) == each)
            yield Refusal(f"{words}Here it speaks for {each.upper()}.", record.place(next(chain(begun, pointing))))
    elif not codes:
        words = "The jurisdiction is not clear: give each document one nap:jurisdiction, and an address below it, such"
        yield Refusal(f"{words} as {ID}ken/plan for Kenya.")
    elif (code := codes[0].upper()) not in known and not invented(code) and codes[0] != NOWHERE:
        near = nearest(code, known)
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        words = f"There is no jurisdiction {code}.{hint} They go by their ISO alpha-3 code, such as NOR."
        if PART.fullmatch(f"{_PLACE}{codes[0]}"):
            words += f" If it is a part of {code[:3]}, describe it in this file: <{_PLACE}{codes[0]}>, a "
            words += "nap:Jurisdiction with skos:prefLabel, nap:tier and dcterms:isPartOf."
        yield Refusal(words)


def _foreign_resources(
    record: Record, subjects: list[NamedNode], codes: list[str], unchanged: Collection[str], known: Collection[str]
) -> Iterator[Refusal]:
    """Name each resource that belongs to another, but for sources and what is ``unchanged``, or has a wrong address."""
    own = tuple(each for code in codes for each in spaces(code))
    like = f"{spaces(codes[0] if codes else 'ken')[0]}..."
    for subject in subjects:
        iri = subject.value
        begun = next((space for space in own if iri.startswith(space)), None)
        if begun is None and (existing.source_key(iri) or (iri.startswith(existing.SHARED) and iri in unchanged)):
            continue
        if PART.fullmatch(iri) and slug(iri) in codes:
            continue  # the part of a state that this record is about: a rule says so where a list has it
        if begun is None:
            words = f"{shortened(subject)} belongs to {_owner(iri, known)}, and a submission describes only its own "
            words += f"jurisdiction's resources. Leave these statements out, or give the resource an address {like}"
            yield Refusal(words, record.place(subject))
        elif not existing.NAME.fullmatch(iri[len(begun) :]):
            words = f"{shortened(subject)} cannot stand as an address: after {begun} come small letters a to z, digits "
            yield Refusal(f"{words}and hyphens, in parts divided by a slash.", record.place(subject))


def _of_others(record: Record, code: str, within: Collection[str], known: Collection[str]) -> Iterator[Refusal]:
    """Name each statement by which something would become a part of another jurisdiction's document, or tell of it."""
    for triple in record.triples:
        other = triple.object.value if isinstance(triple.object, NamedNode) else ""
        if triple.predicate.value in within and other.startswith(ID) and not other.startswith(spaces(code)):
            words = f"{shortened(triple.subject)} would be a part of {shortened(triple.object)} or tell of it, and that"
            words += f" belongs to {_owner(other, known)}. Leave this statement out; its own file may say it."
            yield Refusal(words, record.place(*triple))


def _is_code(code: str, known: Collection[str]) -> bool:
    """Return whether an address may name a jurisdiction: by three letters, or by a code that is ``known``."""
    return bool(re.fullmatch("[a-z]{3}", code)) or (bool(existing.CODE.fullmatch(code)) and code.upper() in known)


def _owner(iri: str, known: Collection[str]) -> str:
    if iri.startswith(ID):
        code = iri[len(ID) :].partition("/")[0]
        return f"the jurisdiction {code.upper()}" if _is_code(code, known) else "no jurisdiction"
    if not iri.startswith(BASE):
        return "somebody else"
    return _OWNERS.get(re.split(r"[/#]", iri[len(BASE) :])[0], "the code lists")


def _not_for_records(record: Record, lookups: RecordLookups) -> Iterator[Refusal]:
    for row in lookups.misplaced:
        triple = Triple(*(row[name] for name in ("subject", "predicate", "value")))  # type: ignore[arg-type]
        words = (
            f"{' '.join(map(shortened, triple))} would change {to_python(row['field'])}, which this project keeps in"
        )
        yield Refusal(f"{words} files of its own. Leave this statement out.", record.place(*triple))


def join_recorded(
    record: Record, root: str, known: Mapping[str, str], lookups: RecordLookups, content: existing.Content
) -> tuple[Record, list[Note]]:
    """Return the record as it would be judged, and notes of what ``accept`` would say before any rule.

    To be judged are its own resources and those that are recorded and not in it; what it says less of than is recorded
    is judged as it is recorded. ``known`` are the names of the jurisdictions by upper-case code.
    """
    found = beside_recorded(record, root, known, lookups, content)
    if not found.told:  # that there is nothing to take in is said by the checker
        return record, []
    here = Location(record.source)
    notes = [Note("not-to-be-taken", {"value": each.words}, each.place or here) for each in found.refusals]
    if found.recorded is None:
        return record, notes
    (_, less, added, differences), sent = found.merged, lookups.descriptions
    sent = sent if found.record is record else Descriptions(found.record.triples)
    for one in differences:
        named = [each for each in one.submitted if not isinstance(each[1], BlankNode)]
        predicate, value = (named or one.submitted)[0]
        first = shortened(value) if named else slug(predicate.value)
        resource = f"“{one.subject.value.removeprefix(ID)}”"
        values = {"value": first, "resource": resource, "count": str(len(one.submitted))}
        notes.append(Note("recorded-otherwise", values, found.record.place(one.subject, predicate, value)))
    known_of = {*less, *added}
    left_out = set(sent.triples(known_of))
    own = [triple for triple in found.record.triples if triple not in left_out]
    own += [Triple(subject, *each) for subject, statements in added.items() for each in statements]
    home = found.recorded.files.get(existing.path_of(found.jurisdiction))
    others = {each for each in home.descriptions.subjects if each not in sent} if home else set()
    joined = found.recorded.descriptions.triples(sorted(others | known_of, key=str))
    if not joined and found.record is record:
        return record, notes
    return existing.DerivedRecord(found.record, own, {}, joined, existing.path_of(found.jurisdiction)), notes
