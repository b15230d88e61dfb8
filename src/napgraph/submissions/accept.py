"""Take a submission into the data folder: checked by the judge of record, all of it or nothing, and read again.

Written is ``data/jurisdictions/<code>.ttl``, at one stroke: a crash leaves the old state or the new one. New sources
come before it, each in a file of its own, ``data/sources/<key>.ttl``: by itself a source says nothing of any country.
"""

import os
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from difflib import unified_diff
from functools import partial
from typing import NamedTuple, TypeVar

import pyoxigraph

from ..errors import InconsistencyError
from ..files import write_lock
from ..graph.build import build, load_graph
from ..graph.files import fingerprint
from ..knowledge_graph import KnowledgeGraph
from ..project.messages import grades
from ..query.engine import EmbeddedEngine
from ..rdf.descriptions import Descriptions, Value
from ..rdf.namespaces import BASE, prefixes, shorten
from ..rdf.write import escaped
from ..records.limits import Limits
from ..records.read import read_in_sandbox
from ..records.record import Location, Record
from ..records.source import Source
from ..sandbox import run
from ..validation import recorded as existing
from ..validation.policy import Document, Refusal, examine, shortened
from ..validation.report import Report
from ..validation.shacl import TYPE
from ..validation.validator import Checker
from .merge import compose, content_of, corrected, replace, root_of, verify, write

R = TypeVar("R")

MEND_CONFLICT = (
    "Say the same as the record, or leave these resources out. If this is a correction, take it with --update: what it "
    "states of a resource takes the place of what is recorded, all else stays, and the former state is kept."
)

LOCK = ".accept.lock"  # in the data folder; it is hidden, says who holds it, and goes with the holder
WAIT = 60.0  # seconds to wait for another submission that is being taken in
_TIMES = 30  # the judge of record and the reasoner may take so many times as long as reading
_ROW = re.compile(r"-r\d+$")  # the end of the address of a row without an id: its number in the sheet
_MOVED = (
    "Rows without an id moved ({count}), the first of them “{name}”: they are known by their place in the sheet, and "
    "<{row}> is recorded as another one. Fill in the column Id of each row, or make the workbook anew from the record "
    "(napgraph template --from FILE) and correct that."
)
_TWIN = (
    "“{name}” would be a new document <{iri}>, beside <{twin}> of the same title, which starts or ends when it does. "
    "If this is a correction of that one, write {short} as its short name; if it is another plan, take it in without "
    "--update."
)
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
    or ``refused``; then ``refusals``, ``conflicts`` or ``report`` say why. ``path`` is the jurisdiction's file, or that
    of a source, and ``difference`` what a dry run would change in the files, as a unified diff. ``compared`` says where
    a further source agrees with what is recorded of a document, adds to it or contradicts it: then both are kept.
    ``changes`` are the resources that an update changes: what goes, and what comes; ``left`` are the names of recorded
    parts of its documents that it does not mention, which stay; ``history`` is the file that keeps the former state,
    as a diff. ``before`` and ``after`` are the versions of the data (``after`` is empty unless
    something was written), ``date`` is the day in UTC.
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
    compared: tuple[existing.Agreement, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    report: Report | None = None
    changes: tuple[Conflict, ...] = ()
    left: tuple[str, ...] = ()
    history: str = ""

    @property
    def accepted(self) -> bool:
        """Whether nothing stands against the submission."""
        return self.outcome != "refused"


def accept(
    source: Source,
    *,
    dry_run: bool = False,
    update: bool = False,
    root: str | os.PathLike[str] | None = None,
    data: str | os.PathLike[str] | None = None,
    wait: float = WAIT,
    lang: str = "en",
    limits: Mapping[str, str | float] | None = None,
) -> Acceptance:
    """Take in a submission, by the profile that each of its documents declares.

    With ``dry_run`` nothing is written; with ``update`` what is recorded otherwise is corrected. ``data`` names the
    data folder of a root instead of the root. ``lang`` is the language of the findings, ``limits`` are those of
    reading, such as ``{"bytes": "50 MB"}``. Raises SourceFileError for what cannot be read, FolderError or OutputError
    for a folder that cannot be written to or is in use for longer than ``wait`` seconds.
    """
    bounds = Limits.of(limits or {})
    place = root_of(root, data, writing=not dry_run)
    record = read_in_sandbox(source, place, bounds)
    if dry_run:
        return _Intake(place, record, bounds, lang).result(dry_run=True, update=update)
    with write_lock(os.path.join(place, "data", LOCK), wait, f"taking in {os.path.basename(record.source)}"):
        return _Intake(place, record, bounds, lang).result(dry_run=False, update=update)


class _Intake:
    """One submission on its way in, beside the graph as it is now."""

    def __init__(self, root: str, record: Record, limits: Limits, lang: str) -> None:
        self._root, self._record, self._limits, self._lang = root, record, limits, lang
        self._now = load_graph(root)  # a data folder that is still empty is a good place to begin
        self._kg = KnowledgeGraph(root, EmbeddedEngine(self._now))
        self._names = {str(row["code"]): str(row["name"]) for row in self._kg.query("jurisdictions")}
        self._prefixes, self._links = prefixes(root), grades(root)["links"]
        self._corrected: dict[str, bytes] = {}
        self._changes: tuple[Conflict, ...] = ()

    def result(self, *, dry_run: bool, update: bool) -> Acceptance:
        """Go as far as nothing stands against it, and say how far that was."""
        as_sent, content = self._record, partial(_corrected_or_read, self._corrected)
        sent = self._limited(1, examine, self._record, self._root, self._names, content)
        self._code, code = sent.jurisdiction, sent.jurisdiction.upper()
        made = Acceptance(self._record.source, "refused", code, self._names.get(code, ""), before=self._now.version)
        if sent.refusals or sent.recorded is None:
            return made._replace(refusals=sent.refusals)
        self._record, self._recorded = sent.record, sent.recorded
        self._sent = Descriptions(self._record.triples)
        self._added = sent.merged.addition(self._sent)
        known = {subject.value for subject in self._recorded.descriptions.subjects}
        home = existing.path_of(self._code) if self._code else next(iter(self._recorded.files))
        made = made._replace(path=os.path.join(self._root, home), date=datetime.now(UTC).date().isoformat())
        documents = tuple(each._replace(new=each.iri not in known) for each in sent.documents)
        made = made._replace(documents=documents, compared=sent.compared, changes=self._changes)
        if update:
            if refusals := (*self._moved(sent.merged.differences), *self._twins(documents)):
                return made._replace(refusals=refusals)
            made = made._replace(left=tuple(self._left(documents)))
        if sent.merged.differences:
            if update and not self._corrected:
                self._correct([each.subject for each in sent.merged.differences])
                self._record = as_sent
                return self.result(dry_run=dry_run, update=True)
            return made._replace(conflicts=tuple(map(self._conflict, sent.merged.differences)))
        written = {subject.value for subject in self._added.subjects}
        order = [pyoxigraph.NamedNode(iri) for iri in sent.order if iri in written]
        if not order and not self._corrected:
            return made._replace(outcome="nothing to do")
        return self._checked(made, order, dry_run=dry_run)

    def _moved(self, differences: Iterable[existing.Difference]) -> Iterator[Refusal]:
        """Yield a refusal where rows without an id took the place of others: their address is that place."""
        recorded, found = self._recorded.descriptions, list[tuple[pyoxigraph.NamedNode, str]]()
        rows = {each: _texts(recorded, each) for each in recorded.subjects if _ROW.search(each.value)}
        for row in (each.subject for each in differences if each.subject in rows):
            own, above = _texts(self._sent, row) - rows[row], row.value.rpartition("/")[0]
            others = (texts for each, texts in rows.items() if each.value.rpartition("/")[0] == above)
            found += [(row, min(own & texts)) for texts in others if own & texts][:1]
        for row, name in found[:1]:
            words = _MOVED.format(count=len(found), name=name, row=row.value)
            yield Refusal(words, self._record.place(row, *self._sent.of(row)[0]))

    def _twins(self, documents: Iterable[Document]) -> Iterator[Refusal]:
        """Yield a refusal for each new document with the title of a recorded one that begins or ends when it does."""
        known = {str(row["document"]) for row in self._kg.query("documents", country=self._code)} if self._code else ()
        recorded = {iri: pyoxigraph.NamedNode(iri) for iri in sorted(known)}
        for each in (each for each in documents if each.new):
            own = pyoxigraph.NamedNode(each.iri)
            for iri, other in recorded.items():
                alike = _texts(self._sent, own) & _texts(self._recorded.descriptions, other)
                if alike and self._ends(self._sent, own) & self._ends(self._recorded.descriptions, other):
                    yield Refusal(_TWIN.format(name=each.name, iri=each.iri, twin=iri, short=iri.rpartition("/")[2]))

    def _ends(self, descriptions: Descriptions, document: pyoxigraph.NamedNode) -> set[tuple[str, str]]:
        """Return when the periods of a document start and end, as stated."""
        ends = {f"{self._prefixes['dcat']}{each}" for each in ("startDate", "endDate")}
        within = [value for _, value in descriptions.of(document) if isinstance(value, pyoxigraph.BlankNode)]
        stated = (each for value in within for each in descriptions.of(value))
        return {(link.value, str(value)) for link, value in stated if link.value in ends}

    def _left(self, documents: Iterable[Document]) -> Iterator[str]:
        """Yield the names of the recorded parts of the documents that are not sent."""
        above = tuple(f"{each.iri}/" for each in documents)
        parts = [each for each in self._recorded.descriptions.subjects if each.value.startswith(above)]
        named = self._kg.labels_of(each.value for each in parts if each not in self._sent)
        elements = self._kg.origins_of(named)
        yield from (name for iri, name in named.items() if iri in elements)

    def _checked(self, made: Acceptance, order: list[pyoxigraph.NamedNode], *, dry_run: bool) -> Acceptance:
        """Ask the rules and the reasoner, and write what both let through: sources first."""
        checker = Checker(self._root, engine="pyshacl", language=self._lang)
        report = self._limited(_TIMES, checker.check_record, self._record, partial(_corrected_or_read, self._corrected))
        if not report.conforms:
            return made._replace(report=report, refusals=self._recorded_violations(report))
        parts, home = self._by_file(order), existing.path_of(self._code)
        self._files = {path: parts[path] for path in sorted(parts, key=lambda path: (path == home, path))}
        added = {path: self._content(path, subjects, made) for path, subjects in self._files.items()}
        contents = self._corrected | added
        for path, content in contents.items():
            self._verify(path, content)
        if refusals := self._conclude(contents):
            return made._replace(refusals=refusals)
        made = made._replace(statements=len(self._added.triples(order)))
        lines = [line for path, content in contents.items() for line in self._changed(path, content)]
        if dry_run:
            return made._replace(outcome="would be taken in", difference="\n".join(lines))
        if self._corrected:
            made = made._replace(history=f"data/history/{self._code or 'sources'}-{made.date}-{made.before[:12]}.patch")
            head = f"# {made.date}: {os.path.basename(made.source)} taken as a correction of version {made.before}."
            write(self._root, made.history, "\n".join([head, *lines, ""]).encode(), lambda _: None)
        for path, content in contents.items():
            write(self._root, path, content, partial(self._verify, path))
        return made._replace(outcome="taken in", after=fingerprint(self._root))

    def _content(self, path: str, subjects: list[pyoxigraph.NamedNode], made: Acceptance) -> bytes:
        home = path == existing.path_of(self._code)
        head = f"# {path}: {made.name or made.jurisdiction}.\n{_ORDER}" if home else f"# {path}: a source."
        base = existing.spaces(self._code)[0] if home else existing.SOURCE
        return compose(self._recorded.files[path], self._added, subjects, self._prefixes, base, head)

    def _changed(self, path: str, content: bytes) -> list[str]:
        old, new = (content_of(self._root, path) or b"").decode().splitlines(), content.decode().splitlines()
        return list(unified_diff(old, new, path if old else os.devnull, path, lineterm=""))

    def _verify(self, path: str, content: bytes) -> None:
        """Raise OutputError unless ``content`` says what the file and the submission say together."""
        recorded = self._recorded.files[path].descriptions
        verify(content, path, (recorded, recorded.subjects), (self._added, self._files.get(path, [])))

    def _correct(self, subjects: list[pyoxigraph.NamedNode]) -> None:
        """Work out the files with what is sent of ``subjects`` in the place of what is recorded, and the changes."""
        for path, own in self._by_file(subjects).items():
            file = self._recorded.files[path]
            new = corrected(file, self._sent, own, self._links)
            self._changes += tuple(self._conflict(existing.difference(file.descriptions, new, each)) for each in own)
            self._corrected[path] = replace(file, path, new, self._prefixes)

    def _by_file(self, subjects: list[pyoxigraph.NamedNode]) -> dict[str, list[pyoxigraph.NamedNode]]:
        parts = defaultdict[str, list[pyoxigraph.NamedNode]](list)
        for subject in subjects:
            parts[existing.file_of(self._root, subject.value, self._code)].append(subject)
        return parts

    def _conflict(self, found: existing.Difference) -> Conflict:
        subject, place = found.subject, self._record.place
        recorded = [self._in_words(*each, self._recorded.descriptions) for each in found.recorded]
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
        own, path = set(map(str, self._sent.subjects)), existing.path_of(self._code)
        found = (each for each in report.findings if each.severity == "Violation" and each.focus not in own)
        words = "and with it the file would not conform"
        told = (f"{path} holds {each.focus}, {words}: {each.title}." for each in found if each.focus.startswith("<"))
        return tuple(Refusal(f"{each} Mend it there.") for each in told)

    def _conclude(self, contents: dict[str, bytes]) -> tuple[Refusal, ...]:
        """Draw the conclusions from the files before they are any; refuse those that are not the sender's to cause."""
        try:
            _, entailed, *_ = self._limited(_TIMES, build, self._root, contents)
        except InconsistencyError as error:
            return (Refusal(str(error)),)
        keys = {existing.source_key(subject.value) for subject in self._added.subjects} - {""}
        others = said_of_others(b"".join(self._now.entailed()), entailed, self._code, keys)
        words = "would follow from this submission, and it is about a resource that is not the sender's. Leave it out."
        return tuple(Refusal(f"{line.removesuffix(' .')} {words}") for line in others)

    def _limited(self, times: int, function: Callable[..., R], *arguments: object) -> R:
        """Call ``function`` in a child, with so many times as long as reading may take."""
        seconds, memory = self._limits.seconds * times, self._limits.memory
        return run(function, *arguments, seconds=seconds, memory=memory, source=self._record.source)


def _texts(descriptions: Descriptions, subject: pyoxigraph.NamedNode) -> set[str]:
    """Return the names and other texts with a language that are stated of a resource."""
    values = (value for _, value in descriptions.of(subject))
    return {value.value for value in values if isinstance(value, pyoxigraph.Literal) and value.language}


def _corrected_or_read(corrected: Mapping[str, bytes], root: str, path: str) -> bytes | None:
    return corrected.get(path) or content_of(root, path)


def said_of_others(before: bytes, after: bytes, code: str, sources: Iterable[str] = ()) -> list[str]:
    """Return the conclusions, as N-Triples, that are new or gone and concern resources of others than ``code``.

    ``before`` and ``after`` are what follows from all files without and with the submission: that one's own plan is a
    copy *of* another's says that the other *has* a copy. ``sources`` are the keys of the sources that it describes.
    What is pointed to may turn out to be of a class of others.
    """
    old, new = Counter(_conclusions(before)), Counter(_conclusions(after))
    spoken = (*existing.spaces(code), f"{BASE}jurisdiction/{code.lower()}>") if code else ()
    described = (f"{existing.SOURCE}{key}{end}" for key in sources for end in "/>")
    own = tuple(f"<{space}".encode() for space in (*spoken, *described))
    general = re.compile(f"<[^>]*> {re.escape(str(TYPE))} <(?!{re.escape(BASE)})[^>]*> [.]".encode())
    changed = sorted((new - old) + (old - new))
    return [line.decode() for line in changed if not line.startswith(own) and not general.fullmatch(line)]


def _conclusions(content: bytes) -> Iterator[bytes]:
    """Yield the statements about named resources, the labels of blank nodes left out."""
    return (_BLANK_NODE.sub(b" _: .", line) for line in content.splitlines() if not line.startswith(b"_:"))
