"""What a submission may say at all: about one jurisdiction's own resources, with the terms that there are.

This is asked before any rule: a statement that is not the sender's to make is refused however well-formed it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph

from ..errors import nearest
from ..graph.files import read_file
from ..query.results import to_python
from ..rdf.descriptions import DEEPEST
from ..rdf.namespaces import BASE, invented, slug
from ..rdf.write import SAFE_IRI, visible
from .profiles import RecordLookups, frame, is_rdf_1_1

if TYPE_CHECKING:
    from ..query.results import Value
    from ..rdf.descriptions import Descriptions
    from ..records.record import Location, Record
    from .profiles import DocumentParts

_ID, _SOURCE = f"{BASE}id/", f"{BASE}source/"
_CODE = re.compile(r"[a-z]{3}")
_NAME = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*(?:/[a-z0-9]+(?:[._-][a-z0-9]+)*)*")
_SHOWN = 20
_LONG = 160
_DOCUMENTS = 2
_LAST = 99
_NOTHING = (
    "No document was found, so there is nothing to take in. "
    "A document is typed as a strategy, an action plan or the like."
)


class Refusal(NamedTuple):
    """Why a submission is not taken in: what is wrong and how to mend it, and where it stands in the file."""

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


def brief(term: object) -> str:
    """Return a term as in N-Triples, cut short if it is long, with nothing in it that a terminal would obey."""
    text = visible(str(term))
    return text if len(text) <= _LONG else f"{text[:_LONG]}…"


def spaces(code: str) -> tuple[str, str]:
    """Return what the addresses of a jurisdiction's own resources, and of its own sources, begin with."""
    return f"{_ID}{code}/", f"{_SOURCE}{code}-"


def _owner(iri: str) -> str:
    """Return in words what the address ``iri`` belongs to."""
    if iri.startswith(_ID):
        code = iri[len(_ID) :].partition("/")[0]
        return f"the jurisdiction {code.upper()}" if _CODE.fullmatch(code) else "no jurisdiction"
    if not iri.startswith(BASE):
        return "somebody else"
    part = re.split(r"[/#]", iri[len(BASE) :])[0]
    return {
        "ont": "the ontology",
        "shapes": "the rules",
        "profile": "the profiles",
        "source": "another source",
        "reference": "the works that all refer to",
        "body": "the international bodies",
    }.get(part, "the code lists")


def examine(record: Record, root: str, known: Mapping[str, str], lookups: RecordLookups | None = None) -> Submission:
    """Find what ``record`` describes, and everything in it that is not a submission's to state.

    ``known`` are the names of the jurisdictions by upper-case code, ``lookups`` those over the record, made if not
    given. The record is untrusted: call this where it can be stopped.
    """
    if lookups is None:
        lookups = RecordLookups(root, record.triples, frame(root, read_file(root, "ontology/napgraph.ttl")))
    descriptions = lookups.descriptions
    misplaced = list(_not_for_records(record, lookups))
    parts, owned = lookups.rows("record-parts"), lookups.parts_of_documents
    codes, unclear = _jurisdictions(descriptions, parts)
    code = codes[0] if len(codes) == 1 and not unclear else ""
    documents = _documents(descriptions, parts, owned)
    refusals = [
        *(_foreign_terms(record) if len(lookups.triples) < len(record.triples) else ()),
        *(_whose(record, descriptions, parts, codes, known, code) if documents else [Refusal(_NOTHING)]),
        *_foreign_resources(record, descriptions, codes),
        *misplaced,
        *_tangled(record, descriptions),
        *_addresses(record, lookups.triples),
    ]
    order = [subject.value for subject in _file_order(descriptions.subjects, parts, owned)]
    return Submission(code, documents, order, _limited(refusals))


def _foreign_terms(record: Record) -> Iterator[Refusal]:
    for triple in record.triples:
        if not is_rdf_1_1(triple):
            words = f"{brief(triple.object)} cannot be taken in: it is no RDF 1.1. Write a name or a value."
            yield Refusal(words, _at(record, triple))


def _documents(
    descriptions: Descriptions, parts: Iterable[Mapping[str, Value]], owned: Mapping[str, DocumentParts]
) -> tuple[Document, ...]:
    """Count what the record holds, document by document, in the order they came."""
    elements: set[str] = set()
    evidence: dict[str, set[str]] = {}
    names: dict[str, str] = {}
    for row in parts:
        iri = str(row["resource"])
        elements |= {iri} if row["kind"] == "element" else set()
        evidence.setdefault(iri, set()).update([str(row["evidence"])] if row["evidence"] else [])
        names.setdefault(iri, visible(str(row["name"] or iri)))
    return tuple(
        Document(
            iri,
            names[iri],
            ", ".join(sorted({profile for profile, _ in owned[iri].declared if profile})),
            len(owned[iri].parts & elements),
            len(set().union(*(evidence.get(part, ()) for part in owned[iri].parts))),
        )
        for iri in (subject.value for subject in descriptions.subjects)
        if iri in owned
    )


def _whose(
    record: Record,
    descriptions: Descriptions,
    parts: Sequence[Mapping[str, Value]],
    codes: list[str],
    known: Mapping[str, str],
    code: str,
) -> Iterator[Refusal]:
    """Say what is wrong with the jurisdiction: none that there is, several, or not clear."""
    if not code:
        yield from _several(record, descriptions, parts, codes)
    elif code.upper() not in known and not invented(code):
        near = nearest(code, known)
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        yield Refusal(f"There is no jurisdiction {code.upper()}.{hint} They go by their ISO alpha-3 code, such as NOR.")


def _at(record: Record, triple: pyoxigraph.Triple) -> Location:
    return record.place(triple.subject, triple.predicate, triple.object)


def _jurisdictions(descriptions: Descriptions, parts: Sequence[Mapping[str, Value]]) -> tuple[list[str], bool]:
    """Return the codes that the submission speaks for, and whether a document names something that is none."""
    named = [str(row["jurisdiction"]) for row in parts if row["jurisdiction"] is not None]
    codes = {slug(iri) for iri in named if iri == f"{BASE}jurisdiction/{slug(iri)}" and _CODE.fullmatch(slug(iri))}
    unclear = any(not (iri.startswith(f"{BASE}jurisdiction/") and slug(iri) in codes) for iri in named)
    for subject in descriptions.subjects:
        code = subject.value[len(_ID) :].partition("/")[0] if subject.value.startswith(_ID) else ""
        if _CODE.fullmatch(code):
            codes.add(code)
    return sorted(codes), unclear


def _several(
    record: Record, descriptions: Descriptions, parts: Sequence[Mapping[str, Value]], codes: list[str]
) -> Iterator[Refusal]:
    if len(codes) <= 1:
        yield Refusal(
            "The jurisdiction is not clear: give each document one nap:jurisdiction, and an address below it, such as "
            f"{_ID}ken/plan for Kenya."
        )
        return
    listed = ", ".join(code.upper() for code in codes)
    words = f"This submission speaks for {len(codes)} jurisdictions ({listed}); send one file for each. "
    for code in codes:
        for subject in descriptions.subjects:
            if subject.value.startswith(spaces(code)[0]):
                yield Refusal(f"{words}Here it speaks for {code.upper()}.", record.place(subject))
                break
        else:
            (resource, *_) = [row["resource"] for row in parts if slug(str(row["jurisdiction"])) == code]
            subject = pyoxigraph.NamedNode(str(resource))
            yield Refusal(f"{words}Here it speaks for {code.upper()}.", record.place(subject))


def _foreign_resources(record: Record, descriptions: Descriptions, codes: list[str]) -> Iterator[Refusal]:
    """Name each resource that is described here and belongs to another, or has an address that may not be given."""
    own = tuple(each for code in codes for each in spaces(code))
    like = f"{spaces(codes[0] if codes else 'ken')[0]}..."
    for subject in descriptions.subjects:
        begun = next((space for space in own if subject.value.startswith(space)), None)
        if begun is None:
            yield Refusal(
                f"{brief(subject)} belongs to {_owner(subject.value)}, and a submission describes only its own "
                f"jurisdiction's resources. Leave these statements out, or give the resource an address {like}",
                record.place(subject),
            )
        elif not _NAME.fullmatch(subject.value[len(begun) :]):
            yield Refusal(
                f"{brief(subject)} cannot stand as an address: after {begun} come small letters a to z, digits and "
                "hyphens, in parts divided by a slash.",
                record.place(subject),
            )


def _not_for_records(record: Record, lookups: RecordLookups) -> Iterator[Refusal]:
    for row in lookups.not_for_records.terms():
        subject, predicate, value, field = (row[name] for name in ("subject", "predicate", "value", "field"))
        if subject is None or predicate is None or value is None or field is None:
            continue
        yield Refusal(
            f"{brief(subject)} {brief(predicate)} {brief(value)} would change {to_python(field)}, which this project "
            "keeps in files of its own. Leave this statement out.",
            record.place(subject, predicate, value),
        )


def _tangled(record: Record, descriptions: Descriptions) -> Iterator[Refusal]:
    for node in descriptions.tangled:
        yield Refusal(
            "Here a resource without a name is pointed to from several places or from none, or lies more than "
            f"{DEEPEST} deep in others. Give it an address of its own.",
            record.place(node),
        )


def _addresses(record: Record, triples: list[pyoxigraph.Triple]) -> Iterator[Refusal]:
    """Name each address with characters that none may hold, where it stands first."""
    terms = {term for triple in triples for term in triple}
    datatypes = {term.datatype for term in terms if isinstance(term, pyoxigraph.Literal)}
    unsafe = {node for node in terms | datatypes if isinstance(node, pyoxigraph.NamedNode) and not _is_safe(node)}
    for triple in triples if unsafe else ():
        kind = triple.object.datatype if isinstance(triple.object, pyoxigraph.Literal) else triple.object
        for node in (triple.subject, triple.predicate, kind):
            if node in unsafe:
                unsafe -= {node}
                words = f"{brief(node)} holds characters that no address may hold. Correct it."
                yield Refusal(words, _at(record, triple))


def _is_safe(node: pyoxigraph.NamedNode) -> bool:
    return SAFE_IRI.fullmatch(node.value) is not None


def _limited(refusals: list[Refusal]) -> tuple[Refusal, ...]:
    """Return the refusals, each once, and only so many that they can be read."""
    found = tuple(dict.fromkeys(refusals))
    more = len(found) - _SHOWN
    return found if more <= 0 else (*found[:_SHOWN], Refusal(f"There are {more} more of this kind; mend these first."))


def _file_order(
    subjects: Sequence[pyoxigraph.NamedNode],
    parts: Iterable[Mapping[str, Value]],
    owned: Mapping[str, DocumentParts],
) -> list[pyoxigraph.NamedNode]:
    """Return ``subjects`` in the order in which they are written.

    ``parts`` is the answer of ``lookup/record-parts``, ``owned`` tells what belongs to which document. What is alike
    stays in the order in which it came; a part of several documents stands with the first.
    """
    came = {subject.value: at for at, subject in enumerate(subjects)}
    rank: dict[str, tuple[int, int]] = {}
    for row in parts:
        iri, found = str(row["resource"]), (int(row["section"] or 0), int(row["rank"] or 0))
        rank[iri] = min(rank.get(iri, found), found)
    document: dict[str, int] = {}
    for at, of in sorted(((came.get(iri, len(came)), of) for iri, of in owned.items()), key=lambda each: each[0]):
        for part in of.parts:
            document.setdefault(part, at)

    def key(subject: pyoxigraph.NamedNode) -> tuple[int, int, int, int]:
        iri = subject.value
        section, within = rank.get(iri, (_DOCUMENTS, _LAST))
        if iri in document:
            section, within = _DOCUMENTS, within if section == _DOCUMENTS else 1
        return section, document.get(iri, len(came)) if section == _DOCUMENTS else 0, within, came[iri]

    return sorted(subjects, key=key)
