"""Read and judge sources: each result of the shapes gets the severity of its document's profile.

Validated are asserted triples, beside the project's own code lists, sources and class tree; nothing is fetched.
"""

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain
from operator import itemgetter

from pyoxigraph import Literal, Triple

from ..errors import IntakeError, NapgraphError, SourceFileError, UnknownNameError
from ..graph.closure import Closure
from ..graph.files import read_file
from ..project.messages import Catalogue
from ..project.root import files_below
from ..rdf.namespaces import slug
from ..records.limits import DEFAULT, Limits
from ..records.read import read
from ..records.record import Note, Record
from ..records.source import Source, name_of, read_bytes
from ..sandbox import map_in_workers, run
from .findings import FindingWriter, refusal
from .labels import Labels, NodeNames, term_of
from .policy import join_recorded
from .profiles import Profiles, RecordLookups, completeness, frame
from .recorded import SHARED, SOURCE, Content, DerivedRecord, content_below, recorded_elsewhere
from .report import Report, Result
from .shacl import TYPE, Validator

ENGINES = ("compiled", "pyshacl")
_REPEATED = "shapes/gate-full.ttl"  # repeats the other rules for engines that do not read the table of profiles
Item = tuple[str, str | bytes | SourceFileError]  # name of a source, and path, bytes, or why it has none


class Checker:
    """Shapes, ontology and code lists, read once for any number of files, each read within ``limits``."""

    def __init__(
        self,
        root: str,
        profile: str | None = None,
        engine: str = "compiled",
        language: str = "en",
        limits: Limits = DEFAULT,
    ) -> None:
        self._root, self._profile, self._engine, self._limits = root, profile, engine, limits
        self.catalogue = Catalogue.load(root, language)
        if engine not in ENGINES:
            raise UnknownNameError("engine", engine, ENGINES, see=f"The engines are: {', '.join(ENGINES)}.")
        if profile is not None and profile not in (known := self.profiles.names):
            raise UnknownNameError("profile", profile, known, see=f"The profiles are: {', '.join(known)}.")

    def __reduce__(self) -> tuple[object, ...]:
        return Checker, (self._root, self._profile, self._engine, self.catalogue.language, self._limits)

    def warm(self) -> None:
        """Read all that judging needs, once, before processes are forked that share it."""
        _ = self._results, self._frame, self.profiles, self.labels.codes, self._base

    def check_record(self, record: Record, content: Content = content_below) -> Report:
        """Check what was read from one file, with what is recorded of its jurisdiction, as ``content`` has it."""
        lookups = RecordLookups(self._root, record.triples, self._frame)
        joined, notes = join_recorded(record, self._root, self._jurisdictions, lookups, content)
        if joined is not record:
            lookups = RecordLookups(self._root, joined.triples, self._frame)
        sent = joined.sent if isinstance(joined, DerivedRecord) and joined is not record else record
        return self._report(sent, joined, [*record.notes, *notes], lookups)

    def _report(self, sent: Record, joined: Record, notes: list[Note], lookups: RecordLookups) -> Report:
        """Judge the joined record, and report on the part that was sent; on the rest no more than violations."""
        declared = lookups.declared(self._profile)
        own = set(map(str, {triple.subject for triple in sent.triples}))
        names = {name.strip("<>").removeprefix("_:") for name in own}
        results = []
        elsewhere = recorded_elsewhere(self._root, joined.triples)
        others = {str(triple.subject) for triple in elsewhere}
        # Beside a record that says otherwise, what is recorded falls apart; the difference is told, and is the cause.
        otherwise = any(note.key == "recorded-otherwise" for note in notes)
        for result in self._results([*joined.triples, *elsewhere]):
            if result.focus in others:
                continue
            stated = declared.get(result.focus.strip("<>").removeprefix("_:"), set())
            severity = self.profiles.severity(result.rule, stated, result.severity)
            if (severity == "Violation" and not otherwise) or (severity and result.focus in own):
                results.append(result._replace(severity=severity))
        told_of = lookups.told_of(names)
        shared = 0 if told_of else sum(name.startswith((SOURCE, *SHARED)) for name in names)
        nodes = NodeNames(joined, self.labels, self.catalogue)
        writer = FindingWriter(joined, nodes, self.labels, self.catalogue)
        structures = completeness(lookups, nodes, self.labels, self.catalogue)
        excluded = self._excluded(joined, nodes)
        return Report(
            sent.source,
            writer.findings([*notes, *excluded], results, len(told_of) + shared),
            len(told_of),
            len(declared.keys() & (names - told_of)),
            [each for each in structures if each.document in told_of],
            results,
            self.catalogue.language,
            format=sent.format,
            shared=shared,
        )

    def _excluded(self, record: Record, nodes: NodeNames) -> Iterator[Note]:
        """Yield a note of each thing that would be of two kinds that exclude each other: accept refuses it.

        Of properties that hold in one direction only, the rules on circles tell.
        """
        closure = Closure(self._base.axioms, _linked(record.triples), self._base)
        for node, *kinds, mutual in closure.contradictions():
            if not mutual:
                one, other = (self.labels.short(kind[1:-1]) for kind in kinds)
                values = {"resource": nodes.node(node), "one": one, "other": other}
                yield Note("two-kinds", values, record.place(term_of(node)))

    def refused(self, error: SourceFileError) -> Report:
        """Return the report of a file that could not be read."""
        finding = refusal(error, self.catalogue)
        return Report(error.path, [finding], 0, 0, language=self.catalogue.language, error=str(error))

    def each(self, sources: Sequence[Source], jobs: int) -> Iterator[Report]:
        """Yield a report of every source, in their order, each made in a process; without any, of the bundled data."""
        seconds, memory = self._limits.seconds, self._limits.memory
        items, name = map(self._item, sources), itemgetter(0)
        if not sources:
            paths = files_below(self._root, "data/jurisdictions", (".ttl",))
            triples = [triple for path in paths for triple in read_file(self._root, path)]
            record = Record("data", "turtle", triples)
            yield self._report(record, record, [], RecordLookups(self._root, triples, self._frame))
            return
        if len(sources) == 1:
            item = next(items)
            try:
                yield run(self.report, item, seconds=seconds, memory=memory, source=name(item))
            except SourceFileError as error:
                yield self.refused(error)
            return
        self.warm()
        for result in map_in_workers(self.report, items, jobs=jobs, seconds=seconds, memory=memory, name=name):
            if isinstance(result, Exception) and not isinstance(result, SourceFileError):
                raise result
            yield self.refused(result) if isinstance(result, SourceFileError) else result

    def report(self, item: Item) -> Report:
        """Read one source and judge what it states. Meant for a child process: a source may take all there is."""
        name, content = item
        if isinstance(content, SourceFileError):
            raise content
        try:
            return self.check_record(read(content, name=name, limits=self._limits, root=self._root))
        except (NapgraphError, MemoryError):
            raise
        except Exception as error:  # whatever an untrusted file can break ends as a refusal
            problem = f"the checker failed on this file ({type(error).__name__})."
            mend = "Please report it, with the file if it may be shown."
            raise IntakeError(name, problem, mend=mend, key="failed") from error

    def _item(self, source: Source) -> Item:
        name = name_of(source)
        if isinstance(source, (str, os.PathLike)) and source != "-":
            return name, os.fspath(source)
        try:
            return name, read_bytes(source, name, self._limits)
        except SourceFileError as error:
            return name, error

    @cached_property
    def _results(self) -> Callable[[Iterable[Triple]], list[Result]]:
        """What gives the results on some triples: this package's own engine, or pyshacl, the judge of record."""
        if self._engine == "pyshacl":
            from .pyshacl import PyshaclValidator

            return PyshaclValidator(*self._files).results
        return Validator(*self._files).results

    @cached_property
    def labels(self) -> Labels:
        """What rules, codes and terms are called, and which there are."""
        return Labels(self._root, [*chain(*self._files), *read_file(self._root, "ontology/stubs.ttl")])

    @cached_property
    def _base(self) -> Closure:
        """What follows from the ontology, with the kinds of all that a record may point to."""
        rules = (read_file(self._root, f"ontology/{name}.ttl") for name in ("napgraph-rl", "stubs"))
        kinds = (triple for triple in self._files[2] if triple.predicate == TYPE)
        return Closure.of_shared(_linked(chain(self._files[1], kinds, *rules)))

    @cached_property
    def _jurisdictions(self) -> dict[str, str]:
        codes = (code for code in self.labels.codes.values() if slug(code.scheme) == "jurisdiction")
        return {slug(code.iri).upper(): code.labels.get("en", "") for code in codes}

    @cached_property
    def _frame(self) -> list[Triple]:
        return frame(self._root, chain(*self._files))

    @cached_property
    def profiles(self) -> Profiles:
        """The table of profiles."""
        return Profiles(self._root, self._files[0])

    @cached_property
    def _files(self) -> tuple[list[Triple], ...]:
        """Shapes, the ontology, and what a record may point to: code lists, sources and international bodies."""
        paths = [path for each in ("shapes", "ontology", "data") for path in files_below(self._root, each, (".ttl",))]
        beside = ("ontology/schemes/", "ontology/profile-", "data/")
        shapes = [path for path in paths if path.startswith("shapes/") and path != _REPEATED]
        context = [path for path in paths if path.startswith(beside) and not path.startswith("data/jurisdictions/")]
        groups = (shapes, ["ontology/napgraph.ttl"], context)
        return tuple([triple for path in group for triple in read_file(self._root, path)] for group in groups)


def _linked(triples: Iterable[Triple]) -> dict[str, set[tuple[str, str]]]:
    """Return the pairs of resources that each property links, as in N-Triples."""
    pairs = defaultdict[str, set[tuple[str, str]]](set)
    for subject, predicate, value in triples:
        if not isinstance(value, Literal):
            pairs[str(predicate)].add((str(subject), str(value)))
    return pairs
