"""Take a submission into the data folder: checked by the judge of record, all of it or nothing, and read again.

What is written is one file, ``data/jurisdictions/<iso3>.ttl``, the submission's own sources at its end. One file is
put in its place at one stroke, so a crash at any instant leaves the old state or the new one; two files could not be.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from difflib import unified_diff
from typing import TYPE_CHECKING, NamedTuple, ParamSpec, TypeVar

import pyoxigraph

from ..errors import InconsistencyError
from ..files import write_lock
from ..graph.build import build, load_graph
from ..graph.files import fingerprint
from ..knowledge_graph import KnowledgeGraph
from ..query.engine import EmbeddedEngine
from ..rdf.descriptions import Descriptions
from ..rdf.namespaces import BASE, prefixes, shorten
from ..rdf.write import visible
from ..validation.policy import Document, Refusal, examine, shortened, spaces
from ..validation.recorded import Existing, merge, path_of
from . import folder
from .merge import compose, verify

if TYPE_CHECKING:
    from ..rdf.descriptions import Value
    from ..records.limits import Limits
    from ..records.record import Location, Record
    from ..records.source import Source
    from ..validation.recorded import Difference
    from ..validation.report import Report

    P = ParamSpec("P")

R = TypeVar("R")

MEND_CONFLICT = (
    "Say the same as the record, or leave these resources out. A record is changed by hand, never by a submission."
)

LOCK = ".accept.lock"
"""The lock file in the data folder. It is hidden, says who holds it, and goes with the holder."""
WAIT = 60.0
"""How many seconds to wait for another submission that is being taken in."""
_TIMES = 30  # the judge of record and the reasoner may take so many times as long as reading
_BLANK_NODE = re.compile(rb" _:\w+ \.$")
_ORDER = "# Order: bodies, then per document the document, its events, elements, coverage and copies; last the sources."


class Conflict(NamedTuple):
    """A resource that is recorded otherwise: in words what only the record says, and what only the submission says."""

    iri: str
    name: str
    recorded: list[str]
    submitted: list[tuple[str, Location]]


class Acceptance(NamedTuple):
    """What became of a submission.

    ``outcome`` is ``taken in``, ``would be taken in`` (a dry run), ``nothing to do`` (all of it is recorded already)
    or ``refused``; then ``refusals``, ``conflicts`` or ``report`` say why. ``path`` is the jurisdiction's file, and
    ``difference`` what a dry run would change in it, as a unified diff. ``before`` and ``after`` are the versions of
    the data (``after`` is empty unless something was written), ``date`` is the day in UTC.
    """

    source: str
    outcome: str
    jurisdiction: str = ""
    name: str = ""
    path: str = ""
    documents: tuple[Document, ...] = ()
    statements: int = 0
    before: str = ""
    after: str = ""
    date: str = ""
    difference: str = ""
    refusals: tuple[Refusal, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    report: Report | None = None

    @property
    def accepted(self) -> bool:
        """Whether nothing stands against the submission."""
        return self.outcome != "refused"


def accept(
    source: Source,
    *,
    dry_run: bool = False,
    root: str | os.PathLike[str] | None = None,
    data: str | os.PathLike[str] | None = None,
    wait: float = WAIT,
    lang: str = "en",
    limits: Mapping[str, str | float] | None = None,
) -> Acceptance:
    """Take in a submission, by the profile that each of its documents declares.

    With ``dry_run`` nothing is written. ``data`` names the data folder of a root instead of the root. ``lang`` is the
    language of the findings, ``limits`` are those of reading, such as ``{"bytes": "50 MB"}``. Raises SourceFileError
    for what cannot be read, FolderError or OutputError for a folder that cannot be written to or is in use for longer
    than ``wait`` seconds.
    """
    from ..records.limits import Limits
    from ..records.read import read_in_sandbox

    bounds = Limits.of(limits or {})
    place = folder.root_of(root, data, writing=not dry_run)
    record = read_in_sandbox(source, place, bounds)
    if dry_run:
        return _Intake(place, record, bounds, lang).result(dry_run=True)
    with write_lock(os.path.join(place, "data", LOCK), wait, f"taking in {os.path.basename(record.source)}"):
        return _Intake(place, record, bounds, lang).result(dry_run=False)


class _Candidate(NamedTuple):
    """What of a submission is new, beside the file that it would be added to."""

    path: str
    code: str
    sent: Descriptions
    existing: Existing
    new: list[pyoxigraph.NamedNode]

    def verify(self, content: bytes) -> None:
        """Raise OutputError unless ``content`` says what the file and the submission say together."""
        recorded = self.existing.descriptions
        verify(content, self.path, (recorded, recorded.subjects), (self.sent, self.new))


class _Intake:
    """One submission on its way in, beside the graph as it is now."""

    def __init__(self, root: str, record: Record, limits: Limits, lang: str) -> None:
        self._root, self._record, self._limits, self._lang = root, record, limits, lang
        self._now = load_graph(root)  # a data folder that is still empty is a good place to begin
        self._kg = KnowledgeGraph(root, EmbeddedEngine(self._now))
        self._names = {str(row["code"]): str(row["name"]) for row in self._kg.query("jurisdictions")}
        self._prefixes = prefixes(root)
        self._text = f"{self._prefixes['xsd']}string"

    def result(self, *, dry_run: bool) -> Acceptance:
        """Go as far as nothing stands against it, and say how far that was."""
        sent = self._limited(1, examine, self._record, self._root, self._names)
        code = sent.jurisdiction.upper()
        made = Acceptance(self._record.source, "refused", code, self._names.get(code, ""), before=self._now.version)
        if sent.refusals:
            return made._replace(refusals=sent.refusals)
        path = path_of(sent.jurisdiction)
        existing = Existing.read(folder.read(self._root, path), path)
        descriptions = Descriptions(self._record.triples)
        merged, recorded = merge(existing.descriptions, descriptions), existing.names
        documents = (each._replace(new=each.iri not in recorded) for each in sent.documents)
        made = made._replace(
            path=os.path.join(self._root, path), date=datetime.now(UTC).date().isoformat(), documents=tuple(documents)
        )
        if merged.differences:
            conflicts = (self._conflict(each, descriptions, existing.descriptions) for each in merged.differences)
            return made._replace(conflicts=tuple(conflicts))
        if not merged.new:
            return made._replace(outcome="nothing to do")
        new = [pyoxigraph.NamedNode(iri) for iri in sent.order if iri not in recorded]
        candidate = _Candidate(path, sent.jurisdiction, descriptions, existing, new)
        return self._checked(made, candidate, dry_run=dry_run)

    def _checked(self, made: Acceptance, candidate: _Candidate, *, dry_run: bool) -> Acceptance:
        """Ask the rules and the reasoner, and write what both let through."""
        report = self._limited(_TIMES, _judged, self._root, self._record, self._lang)
        if not report.conforms:
            return made._replace(report=report, refusals=_older(report, candidate))
        path, name = candidate.path, self._names.get(candidate.code.upper(), candidate.code.upper())
        base, head = spaces(candidate.code)[0], f"# {path}: {name}.\n{_ORDER}"
        content = compose(candidate.existing, candidate.sent, candidate.new, self._prefixes, base, head)
        candidate.verify(content)
        refusals = self._conclude(candidate, content)
        if refusals:
            return made._replace(refusals=refusals)
        made = made._replace(
            outcome="would be taken in" if dry_run else "taken in",
            statements=len(candidate.sent.triples(candidate.new)),
        )
        if dry_run:
            old, new = candidate.existing.text.splitlines(), content.decode().splitlines()
            lines = unified_diff(old, new, path if old else os.devnull, path, lineterm="")
            return made._replace(difference="\n".join(lines))
        folder.write(self._root, path, content, candidate.verify)
        return made._replace(after=fingerprint(self._root))

    def _conflict(self, found: Difference, sent: Descriptions, existing: Descriptions) -> Conflict:
        recorded = [self._in_words(*each, existing) for each in found.recorded]
        submitted = [
            (self._in_words(*each, sent), self._record.place(found.subject, *each)) for each in found.submitted
        ]
        return Conflict(found.subject.value, self._kg.labels.get(found.subject.value, ""), recorded, submitted)

    def _in_words(self, predicate: pyoxigraph.NamedNode, value: Value, descriptions: Descriptions) -> str:
        return f"{self._word(predicate, descriptions)}: {self._word(value, descriptions)}"

    def _word(self, value: Value, descriptions: Descriptions) -> str:
        if isinstance(value, pyoxigraph.BlankNode):
            return f"[{'; '.join(self._in_words(*each, descriptions) for each in descriptions.of(value))}]"
        if isinstance(value, pyoxigraph.NamedNode):
            return self._kg.labels.get(value.value) or shorten(value.value, self._prefixes)
        if not isinstance(value, pyoxigraph.Literal) or value.language or value.datatype.value == self._text:
            return shortened(value)
        return f"{visible(value.value)} ({shorten(value.datatype.value, self._prefixes)})"

    def _conclude(self, candidate: _Candidate, content: bytes) -> tuple[Refusal, ...]:
        """Draw the conclusions from the file before it is one; refuse those that are not the sender's to cause."""
        try:
            made = self._limited(_TIMES, build, self._root, {candidate.path: content})
        except InconsistencyError as error:
            return (Refusal(str(error)),)
        kind = f"{self._prefixes['rdf']}type"
        others = said_of_others(b"".join(self._now.entailed()), made[1], candidate.code, kind)
        words = "would follow from this submission, and it is about a resource that is not the sender's. Leave it out."
        return tuple(Refusal(f"{line.removesuffix(' .')} {words}") for line in others)

    def _limited(self, times: int, function: Callable[P, R], *arguments: P.args, **_: P.kwargs) -> R:
        """Call ``function`` in a child, with so many times as long as reading may take."""
        from ..sandbox import run

        limits = self._limits
        seconds, memory, source = limits.seconds * times, limits.memory, self._record.source
        return run(function, *arguments, seconds=seconds, memory=memory, source=source)


def _judged(root: str, record: Record, lang: str) -> Report:
    from ..validation.validator import Checker

    return Checker(root, engine="pyshacl", language=lang).check_record(record)


def _older(report: Report, candidate: _Candidate) -> tuple[Refusal, ...]:
    """Name the violations that are no fault of the submission's own resources but of what is recorded already."""
    own = {str(subject) for subject in candidate.sent.subjects}
    words = "and with it the file would not conform"
    return tuple(
        Refusal(f"{candidate.path} holds {finding.focus}, {words}: {finding.title}. Mend it there.")
        for finding in report.findings
        if finding.severity == "Violation" and finding.focus.startswith("<") and finding.focus not in own
    )


def said_of_others(before: bytes, after: bytes, code: str, kind: str) -> list[str]:
    """Return the conclusions, as N-Triples, that are new or gone and concern resources of others than ``code``.

    A statement about one's own plan can be one about another's by what the ontology concludes from it: a copy *of* a
    plan is one that the plan *has*. ``before`` and ``after`` are what follows from all files without and with the
    submission. Whoever is pointed to may turn out to be of a general ``kind`` (the property that types), such as an
    agent; nothing else.
    """
    old, new = Counter(_conclusions(before)), Counter(_conclusions(after))
    own = tuple(f"<{space}".encode() for space in spaces(code))
    general = re.compile(f"<[^>]*> <{re.escape(kind)}> <(?!{re.escape(BASE)})[^>]*> [.]".encode())
    changed = sorted((new - old) + (old - new))
    return [line.decode() for line in changed if not line.startswith(own) and not general.fullmatch(line)]


def _conclusions(content: bytes) -> Iterator[bytes]:
    """Yield the statements about named resources, the labels of blank nodes left out."""
    return (_BLANK_NODE.sub(b" _: .", line) for line in content.splitlines() if not line.startswith(b"_:"))
