"""What is recorded of the things that a submission describes, and what the submission adds to it.

A second source never changes what the first one says: a document that is recorded from one source and sent from another
becomes a reading of its own beside it.
"""

import os
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import count
from typing import Any, NamedTuple, Self, cast

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from ..errors import SourceFileError
from ..graph.files import read_file, read_turtle
from ..query.engine import ask, store_of
from ..rdf.descriptions import Descriptions, Value
from ..rdf.formats import RDF
from ..rdf.namespaces import BASE, slug
from ..rdf.write import escaped
from ..records.record import Location, Record, Term
from .shacl import TYPE

BOM = "\ufeff"
ID, SOURCE, SHARED = f"{BASE}id/", f"{BASE}source/", (f"{BASE}body/", f"{BASE}reference/")
CODE = re.compile(r"[a-z]{2,6}(?:-[a-z0-9]{1,8})?")
NAME = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*(?:/[a-z0-9]+(?:[._-][a-z0-9]+)*)*")
INTERNATIONAL = "data/international.ttl"  # bodies and works that all refer to: a submission never writes to it
Statement = tuple[NamedNode, Value]
Content = Callable[[str, str], bytes | None]  # of a file, by root and path below it; None for no file


def path_of(code: str) -> str:
    """Return the path of a jurisdiction's file below the root, for its code in lower case."""
    return f"data/jurisdictions/{code}.ttl"


def spaces(code: str) -> tuple[str, str]:
    """Return what the addresses of a jurisdiction's own resources, and of its own sources, begin with."""
    return f"{ID}{code}/", f"{SOURCE}{code}-"


def source_key(iri: str) -> str:
    """Return the key of the source that ``iri`` is, or is a passage of; empty for what is neither."""
    name = iri[len(SOURCE) :] if iri.startswith(SOURCE) else ""
    return name.partition("/")[0] if NAME.fullmatch(name) else ""


def file_of(root: str, iri: str, code: str) -> str:
    """Return the path of the file that describes ``iri``, or would; ``code`` is the jurisdiction of the submission.

    A source has a file of its own, whatever countries it speaks of; one under the code of the jurisdiction may stand in
    that one's file.
    """
    if key := source_key(iri):
        path = f"data/sources/{key}.ttl"
        own = code and key.startswith(f"{code}-") and not os.path.isfile(os.path.join(root, path))
        return path_of(code) if own else path
    return INTERNATIONAL if iri.startswith(SHARED) else path_of(code)


class Existing(NamedTuple):
    """A file as it is: its text, what it says, and the prefixes and base that hold at its end."""

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
            problem = "this file has a resource without a name that is pointed to from several places or from none, "
            mend = "Give that resource an address of its own."
            raise SourceFileError(path, f"{problem}so nothing can be added to it.", mend=mend)
        parser = parse(content.removeprefix(BOM.encode()), format=RdfFormat.TURTLE)
        for _ in parser:
            pass
        return cls(content.decode("utf-8"), descriptions, dict(parser.prefixes), parser.base_iri)


def content_below(root: str, path: str) -> bytes | None:
    """Return the content of a file, None where there is none; raises SourceFileError for one that cannot be read."""
    try:
        with open(os.path.join(root, path), "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None
    except OSError as error:
        problem = f"this file cannot be read ({error.strerror})."
        raise SourceFileError(path, problem, mend="Check its rights.") from error


class Recorded(NamedTuple):
    """The files that describe what a submission describes, by path, and all that they say."""

    files: dict[str, Existing]
    descriptions: Descriptions

    @classmethod
    def read(cls, root: str, code: str, subjects: Iterable[NamedNode], content: Content) -> Self:
        """Read them; a submission without jurisdiction, one of sources, has an empty ``code``."""
        paths = {file_of(root, subject.value, code) for subject in subjects} | {path_of(code)}
        wanted = sorted(paths if code else paths - {path_of(code)})
        files = {path: Existing.read(content(root, path), path) for path in wanted}
        if len(files) == 1:
            return cls(files, next(iter(files.values())).descriptions)
        triples = (each.descriptions.triples(each.descriptions.subjects) for each in files.values())
        return cls(files, Descriptions(triple for some in triples for triple in some))


def recorded_elsewhere(root: str, triples: Iterable[Triple]) -> list[Triple]:
    """Return what kind of thing each resource is that a record points to and another jurisdiction's file describes."""
    facts = list(triples)
    nodes = {triple.object for triple in facts if isinstance(triple.object, NamedNode)}
    nodes = {node for node in nodes if node.value.startswith(ID)} - {triple.subject for triple in facts}
    codes = {node.value.removeprefix(ID).partition("/")[0] for node in nodes}
    paths = [path_of(code) for code in sorted(codes) if CODE.fullmatch(code)]
    stated = (each for path in paths if os.path.isfile(os.path.join(root, path)) for each in read_file(root, path))
    return [each for each in stated if each.predicate == TYPE and each.subject in nodes]


class Difference(NamedTuple):
    """A resource that is recorded with other content: what only the record says, and what only the submission says."""

    subject: NamedNode
    recorded: list[Statement]
    submitted: list[Statement]


class Merged(NamedTuple):
    """How a submission lies to what is recorded.

    ``new`` are the resources that are not recorded, ``less`` those of which it says less; ``added`` is what it may add
    to recorded ones, ``differences`` are those of which it says what it may not.
    """

    new: list[NamedNode]
    less: list[NamedNode]
    added: dict[NamedNode, list[Statement]]
    differences: list[Difference]

    def addition(self, submitted: Descriptions) -> Descriptions:
        """Return what comes into the files."""
        triples = submitted.triples(self.new)
        for subject, statements in self.added.items():
            triples += [Triple(subject, *each) for each in statements]
        return Descriptions(triples)


def merge(existing: Descriptions, submitted: Descriptions, adds: Collection[str] = ()) -> Merged:
    """Compare a submission with what is recorded; the properties ``adds`` may be added to what is recorded."""
    made = Merged([], [], {}, [])
    for subject in submitted.subjects:
        if subject not in existing:
            made.new.append(subject)
        elif existing.told(subject) != submitted.told(subject):
            more = _only(submitted, existing, subject)
            stated = [value for predicate, value in submitted.of(subject) if predicate != TYPE]
            known = {_folded(value) for _, value in existing.of(subject)} - {""}
            if not more or (len(stated) == 1 and _folded(stated[0]) in known):  # a name that the record has, if no more
                made.less.append(subject)
            elif all(predicate.value in adds and isinstance(value, NamedNode | Literal) for predicate, value in more):
                made.added[subject] = more
            else:
                made.differences.append(difference(existing, submitted, subject))
    return made


def _folded(value: Value) -> str:
    return " ".join(value.value.casefold().split()) if isinstance(value, Literal) else ""


def difference(one: Descriptions, other: Descriptions, subject: NamedNode) -> Difference:
    """Return what of ``subject`` only the first descriptions say, as recorded, and only the others, as submitted."""
    return Difference(subject, _only(one, other, subject), _only(other, one, subject))


def _only(one: Descriptions, other: Descriptions, subject: NamedNode) -> list[Statement]:
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


class DerivedRecord(Record):
    """What is made of a submission, with its places; what only ``recorded`` triples describe has ``path`` for a place.

    ``addresses`` gives for each address that was changed the one that was sent.
    """

    def __init__(
        self,
        sent: Record,
        triples: list[Triple],
        addresses: Mapping[Term, NamedNode],
        recorded: Collection[Triple] = (),
        path: str = "",
    ) -> None:
        super().__init__(sent.source, sent.format, [*triples, *recorded], sent.notes)
        self.sent, self._addresses, self._path = sent, addresses, path
        self._recorded = {triple.subject for triple in recorded} - {triple.subject for triple in sent.triples}

    def heading(self, place: Location) -> Mapping[str, str]:
        """Return the heading of a cell by language, where sheets were read."""
        return self.sent.heading(place)

    def place(self, subject: Term, predicate: Term | None = None, value: Term | None = None) -> Location:
        """Return the place in the submission, of a reading that of its document, or the file that holds the subject."""
        if subject in self._recorded:
            return Location(self._path)
        old = self._addresses
        return self.sent.place(old.get(subject, subject), predicate, value and old.get(value, value))


def _sources(descriptions: Descriptions, evidence: str) -> dict[NamedNode, set[str]]:
    """Return the keys of the sources of each resource; of one that has no evidence, those of what points to it."""
    found: dict[NamedNode, set[str]] = {}
    for subject in descriptions.subjects:
        cited = (value for predicate, value in descriptions.of(subject) if predicate.value == evidence)
        found[subject] = {source_key(value.value) for value in cited if isinstance(value, NamedNode)}
    without = {subject: set[str]() for subject, keys in found.items() if not keys}
    for subject, keys in found.items():
        for value in {value for _, value in descriptions.of(subject) if isinstance(value, NamedNode)} & without.keys():
            without[value] |= keys
    return found | without


def second_readings(
    record: Record, sent: Descriptions, recorded: Descriptions, links: Mapping[str, list[str]]
) -> Record:
    """Return the record with a reading in place of each recorded document that it tells of from another source.

    ``sent`` is what the record describes.

    The rows of sheets have addresses that were counted: one that a part from another source has already is counted on.
    ``links`` are those of ``shapes/messages/notes.toml``: what stays on the document, goes, or makes a reading.
    """
    extent, evidence, kind, of = links["second-reading"]
    of_sent, of_recorded = _sources(sent, evidence), _sources(recorded, evidence)
    readings: dict[Term, NamedNode] = {}
    documents: dict[Term, NamedNode] = {}
    for subject in sent.subjects:
        told = {predicate.value for predicate, _ in sent.of(subject)} >= {extent, evidence}
        keys = of_sent[subject] if told and subject in recorded else set()
        if len(keys) == 1 and all(keys) and keys.isdisjoint(of_recorded[subject]):
            readings[subject] = NamedNode(f"{subject.value}/reading/{next(iter(keys))}")
            documents[readings[subject]] = subject
    if not readings:
        return record
    counted: dict[Term, NamedNode] = {}
    parts = tuple(f"{document.value}/" for document in documents.values())
    clashes = merge(recorded, sent, links["adds"]).differences if record.format not in RDF else []
    for subject in (clash.subject for clash in clashes if clash.subject.value.startswith(parts)):
        keys, stem = of_sent[subject], re.sub(r"-\d+$", "", subject.value)
        if keys and keys.isdisjoint(of_recorded[subject]):
            others = (NamedNode(f"{stem}-{number}") for number in count(2))
            free = (each for each in others if each not in sent and each not in counted.values())
            taken = (each for each in free if each not in recorded or not keys.isdisjoint(of_recorded[each]))
            counted[subject] = next(taken)
    triples = [Triple(reading, NamedNode(of), document) for reading, document in documents.items()]  # type: ignore[arg-type]
    triples += [Triple(reading, TYPE, NamedNode(kind)) for reading in documents]  # type: ignore[arg-type]
    for subject, predicate, value in cast("list[Any]", record.triples):
        reading, link, other = readings.get(subject), predicate.value, counted.get(value, value)
        if reading is None or link in links["of-document"]:
            triples.append(Triple(counted.get(subject, subject), predicate, other))
        elif link not in links["not-of-reading"]:
            triples.append(Triple(reading, predicate, other))
    return DerivedRecord(record, triples, documents | {new: cast("NamedNode", old) for old, new in counted.items()})


class Agreement(NamedTuple):
    """What one source says of a recorded document beside what others say.

    ``verdict`` is ``agrees``, ``adds`` (no other source says anything of it) or ``contradicts``; then both are kept.
    ``others`` are what is recorded, each with the key of its source. ``about`` is the IRI of a property, an act or a
    feature, with the language or the end of a period.
    """

    document: str
    verdict: str
    about: str
    detail: str
    value: str
    source: str
    others: tuple[tuple[str, str], ...]


def agreements(root: str, recorded: Descriptions, added: Descriptions) -> list[Agreement]:
    """Compare what an addition says of recorded documents with what is recorded of them, value by value."""
    known, new = (defaultdict[tuple[str, str, str], dict[tuple[str, str], None]](dict) for _ in range(2))
    for descriptions, stated in ((recorded, known), (added, new)):
        for row in ask(root, "stated-values", store_of(descriptions.triples(descriptions.subjects))).rows():
            key, evidence = (str(row["document"]), str(row["about"]), str(row["detail"] or "")), str(row["evidence"])
            stated[key][str(row["value"]), source_key(evidence) or slug(evidence)] = None
    documents = {document for document, _, _ in known}
    found = []
    for (document, about, detail), values in new.items():
        others = tuple(known.get((document, about, detail), ()))
        for value, source in values if document in documents else ():
            same = any(_agree(value, other, dated=about != detail and value[:4].isdigit()) for other, _ in others)
            verdict = "agrees" if same else "contradicts" if others else "adds"
            found.append(Agreement(document, verdict, about, detail, escaped(value), source, others))
    return found


def _agree(one: str, other: str, *, dated: bool) -> bool:
    """Return whether two values are the same; dates as far as both are precise."""
    length = min(len(one), len(other)) if dated and {len(one), len(other)} <= {4, 7, 10} else None
    return one[:length] == other[:length]
