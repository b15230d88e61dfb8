"""Take a submission into the data folder: checked by the judge of record, all of it or nothing, and read again.

One file is written, ``data/jurisdictions/<iso3>.ttl``, at one stroke: a crash leaves the old state or the new one.
"""

import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from difflib import unified_diff
from typing import NamedTuple, TypeVar

import pyoxigraph

from ..errors import InconsistencyError
from ..files import write_lock
from ..graph.build import build, load_graph
from ..graph.files import fingerprint
from ..knowledge_graph import KnowledgeGraph
from ..query.engine import EmbeddedEngine
from ..rdf.descriptions import Descriptions, Value
from ..rdf.namespaces import BASE, prefixes, shorten
from ..rdf.write import escaped
from ..records.limits import Limits
from ..records.read import read_in_sandbox
from ..records.record import Location, Record
from ..records.source import Source
from ..sandbox import run
from ..validation.policy import Difference, Document, Existing, Refusal, examine, merge, path_of, shortened, spaces
from ..validation.report import Report
from ..validation.shacl import TYPE
from ..validation.validator import Checker
from .merge import compose, content_of, root_of, verify, write

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
    bounds = Limits.of(limits or {})
    place = root_of(root, data, writing=not dry_run)
    record = read_in_sandbox(source, place, bounds)
    if dry_run:
        return _Intake(place, record, bounds, lang).result(dry_run=True)
    with write_lock(os.path.join(place, "data", LOCK), wait, f"taking in {os.path.basename(record.source)}"):
        return _Intake(place, record, bounds, lang).result(dry_run=False)


class _Intake:
    """One submission on its way in, beside the graph as it is now."""

    def __init__(self, root: str, record: Record, limits: Limits, lang: str) -> None:
        self._root, self._record, self._limits, self._lang = root, record, limits, lang
        self._now = load_graph(root)  # a data folder that is still empty is a good place to begin
        self._kg = KnowledgeGraph(root, EmbeddedEngine(self._now))
        self._names = {str(row["code"]): str(row["name"]) for row in self._kg.query("jurisdictions")}
        self._prefixes = prefixes(root)

    def result(self, *, dry_run: bool) -> Acceptance:
        """Go as far as nothing stands against it, and say how far that was."""
        sent = self._limited(1, examine, self._record, self._root, self._names)
        self._code, code = sent.jurisdiction, sent.jurisdiction.upper()
        made = Acceptance(self._record.source, "refused", code, self._names.get(code, ""), before=self._now.version)
        if sent.refusals:
            return made._replace(refusals=sent.refusals)
        self._path, self._sent = path_of(self._code), Descriptions(self._record.triples)
        self._existing = Existing.read(content_of(self._root, self._path), self._path)
        new, _, differences = merge(self._existing.descriptions, self._sent)
        recorded = {subject.value for subject in self._existing.descriptions.subjects}
        made = made._replace(
            path=os.path.join(self._root, self._path),
            date=datetime.now(UTC).date().isoformat(),
            documents=tuple(each._replace(new=each.iri not in recorded) for each in sent.documents),
        )
        if differences:
            return made._replace(conflicts=tuple(map(self._conflict, differences)))
        if not new:
            return made._replace(outcome="nothing to do")
        self._new = [pyoxigraph.NamedNode(iri) for iri in sent.order if iri not in recorded]
        return self._checked(made, dry_run=dry_run)

    def _checked(self, made: Acceptance, *, dry_run: bool) -> Acceptance:
        """Ask the rules and the reasoner, and write what both let through."""
        checker = Checker(self._root, engine="pyshacl", language=self._lang)
        report = self._limited(_TIMES, checker.check_record, self._record)
        if not report.conforms:
            return made._replace(report=report, refusals=self._recorded_violations(report))
        head = f"# {self._path}: {made.name or made.jurisdiction}.\n{_ORDER}"
        base = spaces(self._code)[0]
        content = compose(self._existing, self._sent, self._new, self._prefixes, base, head)
        self._verify(content)
        if refusals := self._conclude(content):
            return made._replace(refusals=refusals)
        made = made._replace(statements=len(self._sent.triples(self._new)))
        if dry_run:
            old, new = self._existing.text.splitlines(), content.decode().splitlines()
            lines = unified_diff(old, new, self._path if old else os.devnull, self._path, lineterm="")
            return made._replace(outcome="would be taken in", difference="\n".join(lines))
        write(self._root, self._path, content, self._verify)
        return made._replace(outcome="taken in", after=fingerprint(self._root))

    def _verify(self, content: bytes) -> None:
        """Raise OutputError unless ``content`` says what the file and the submission say together."""
        recorded = self._existing.descriptions
        verify(content, self._path, (recorded, recorded.subjects), (self._sent, self._new))

    def _conflict(self, found: Difference) -> Conflict:
        subject, existing, place = found.subject, self._existing.descriptions, self._record.place
        recorded = [self._in_words(*each, existing) for each in found.recorded]
        submitted = [(self._in_words(*each, self._sent), place(subject, *each)) for each in found.submitted]
        return Conflict(subject.value, self._kg.labels.get(subject.value, ""), recorded, submitted)

    def _in_words(self, predicate: pyoxigraph.NamedNode, value: Value, descriptions: Descriptions) -> str:
        return f"{self._word(predicate, descriptions)}: {self._word(value, descriptions)}"

    def _word(self, value: Value, descriptions: Descriptions) -> str:
        if isinstance(value, pyoxigraph.BlankNode):
            return f"[{'; '.join(self._in_words(*each, descriptions) for each in descriptions.of(value))}]"
        if isinstance(value, pyoxigraph.NamedNode):
            return self._kg.labels.get(value.value) or shorten(value.value, self._prefixes)
        plain = f"{self._prefixes['xsd']}string"
        if not isinstance(value, pyoxigraph.Literal) or value.language or value.datatype.value == plain:
            return shortened(value)
        return f"{escaped(value.value)} ({shorten(value.datatype.value, self._prefixes)})"

    def _recorded_violations(self, report: Report) -> tuple[Refusal, ...]:
        """Name the violations that are no fault of the submission's own resources but of what is recorded already."""
        own = set(map(str, self._sent.subjects))
        words = "and with it the file would not conform"
        return tuple(
            Refusal(f"{self._path} holds {finding.focus}, {words}: {finding.title}. Mend it there.")
            for finding in report.findings
            if finding.severity == "Violation" and finding.focus.startswith("<") and finding.focus not in own
        )

    def _conclude(self, content: bytes) -> tuple[Refusal, ...]:
        """Draw the conclusions from the file before it is one; refuse those that are not the sender's to cause."""
        try:
            _, entailed, *_ = self._limited(_TIMES, build, self._root, {self._path: content})
        except InconsistencyError as error:
            return (Refusal(str(error)),)
        others = said_of_others(b"".join(self._now.entailed()), entailed, self._code)
        words = "would follow from this submission, and it is about a resource that is not the sender's. Leave it out."
        return tuple(Refusal(f"{line.removesuffix(' .')} {words}") for line in others)

    def _limited(self, times: int, function: Callable[..., R], *arguments: object) -> R:
        """Call ``function`` in a child, with so many times as long as reading may take."""
        seconds, memory = self._limits.seconds * times, self._limits.memory
        return run(function, *arguments, seconds=seconds, memory=memory, source=self._record.source)


def said_of_others(before: bytes, after: bytes, code: str) -> list[str]:
    """Return the conclusions, as N-Triples, that are new or gone and concern resources of others than ``code``.

    ``before`` and ``after`` are what follows from all files without and with the submission: that one's own plan is a
    copy *of* another's says that the other *has* a copy. What is pointed to may turn out to be of a class of others.
    """
    old, new = Counter(_conclusions(before)), Counter(_conclusions(after))
    own = tuple(f"<{space}".encode() for space in spaces(code))
    general = re.compile(f"<[^>]*> {re.escape(str(TYPE))} <(?!{re.escape(BASE)})[^>]*> [.]".encode())
    changed = sorted((new - old) + (old - new))
    return [line.decode() for line in changed if not line.startswith(own) and not general.fullmatch(line)]


def _conclusions(content: bytes) -> Iterator[bytes]:
    """Yield the statements about named resources, the labels of blank nodes left out."""
    return (_BLANK_NODE.sub(b" _: .", line) for line in content.splitlines() if not line.startswith(b"_:"))
