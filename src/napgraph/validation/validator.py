"""Read and judge sources: each result of the shapes gets the severity of its document's profile.

Validated are asserted triples: no inference, no imports, nothing fetched. The code lists and the sources come from
the project's own files, and so does the class tree. Structural rules carry the severity Warning in the files; what
a profile makes of them is data in ``shapes/profiles.ttl``.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from ..errors import IntakeError, NapgraphError, SourceFileError, UnknownNameError
from ..graph.files import read_file, read_turtle
from ..project.messages import Catalogue
from ..project.root import files_below
from ..rdf.namespaces import slug
from ..records.record import Record
from .completeness import completeness
from .findings import FindingWriter
from .labels import Labels, NodeNames
from .profiles import DocumentProfiles, Profiles, RecordLookups, frame
from .recorded import join_recorded
from .report import Report
from .vocabulary import VocabularyIndex

if TYPE_CHECKING:
    from pyoxigraph import Triple

    from ..records.limits import Limits
    from ..records.record import Note
    from ..records.source import Source
    from .pyshacl import PyshaclValidator
    from .shacl import Validator

ENGINES = ("compiled", "pyshacl")


class Checker:
    """Shapes, ontology and code lists, read once for any number of files."""

    def __init__(self, root: str, profile: str | None = None, engine: str = "compiled", language: str = "en") -> None:
        self._root, self._profile, self._engine = root, profile, engine
        self.catalogue = Catalogue.load(root, language)
        if engine not in ENGINES:
            raise UnknownNameError("engine", engine, ENGINES, see=f"The engines are: {', '.join(ENGINES)}.")
        if profile is not None and profile not in (known := self.profiles):
            raise UnknownNameError("profile", profile, known, see=f"The profiles are: {', '.join(known)}.")

    def __reduce__(self) -> tuple[object, ...]:
        return Checker, (self._root, self._profile, self._engine, self.catalogue.language)

    @property
    def profiles(self) -> list[str]:
        """The names of the profiles that there are."""
        return self._profiles.names

    def warm(self) -> None:
        """Read all that judging needs, once, before processes are forked that share it."""
        _ = self.validator, self._frame, self._profiles, self._writer.labels.codes

    def check_file(self, path: str) -> Report:
        """Check one Turtle file, unguarded; raises OSError, or SourceFileError if it cannot be read as Turtle."""
        with open(path, "rb") as file:
            return self.check_triples(path, list(read_turtle(file.read(), path)))

    def check_bundle(self) -> Report:
        """Check the bundled data, all jurisdictions together."""
        record = Record("data", "turtle", list(self._read(files_below(self._root, "data/jurisdictions", (".ttl",)))))
        return self._report(record, record, [], RecordLookups(self._root, record.triples, self._frame))

    def check_triples(self, source: str, triples: list[Triple]) -> Report:
        """Check triples that were read from ``source``, whose places are not known."""
        return self.check_record(Record(source, "turtle", triples))

    def check_record(self, record: Record) -> Report:
        """Check what was read from one file, together with what is recorded of its jurisdiction."""
        lookups = RecordLookups(self._root, record.triples, self._frame)
        joined, notes = join_recorded(record, self._root, self._jurisdictions, lookups)
        if joined is not record:
            lookups = RecordLookups(self._root, joined.triples, self._frame)
        return self._report(record, joined, [*record.notes, *notes], lookups)

    def _report(self, sent: Record, joined: Record, notes: list[Note], lookups: RecordLookups) -> Report:
        """Judge the joined record, and report on the part that was sent; on the rest no more than violations."""
        documents = DocumentProfiles(lookups.parts_of_documents, self._profile)
        own = {str(subject) for subject in {triple.subject for triple in sent.triples}}
        names = {name.strip("<>").removeprefix("_:") for name in own}
        results = []
        for result in self.validator.results(joined.triples):
            declared = documents.declared.get(result.focus.strip("<>").removeprefix("_:"), set())
            severity = self._profiles.severity(result.rule, declared, result.severity)
            if severity == "Violation" or (severity and result.focus in own):
                results.append(result._replace(severity=severity))
        found = len(documents.documents & names)
        labels = self._writer.labels
        nodes = NodeNames(joined, labels, self.catalogue)
        structures = completeness(lookups, nodes, labels, self.catalogue)
        return Report(
            sent.source,
            self._writer.findings(joined, notes, nodes, results, found),
            found,
            len(documents.declared.keys() & names) - found,
            [each for each in structures if each.document in names],
            results,
            self.catalogue.language,
            format=sent.format,
        )

    def refused(self, error: SourceFileError) -> Report:
        """Return the report of a file that could not be read."""
        finding = self._writer.refusal(error)
        return Report(error.path, [finding], 0, 0, language=self.catalogue.language, error=str(error))

    @cached_property
    def validator(self) -> Validator | PyshaclValidator:
        """The engine: this package's own, or pyshacl, the judge of record."""
        if self._engine == "pyshacl":
            from .pyshacl import PyshaclValidator

            return PyshaclValidator(self._shapes, self._ontology, self._context)
        from .shacl import Validator

        return Validator(self._shapes, self._ontology, self._context)

    @cached_property
    def _writer(self) -> FindingWriter:
        triples = [*self._shapes, *self._ontology, *read_file(self._root, "ontology/stubs.ttl"), *self._context]
        labels = Labels(self._root, triples)
        return FindingWriter(labels, VocabularyIndex(labels, triples), self.catalogue)

    @cached_property
    def _jurisdictions(self) -> dict[str, str]:
        """The names of the jurisdictions by code, in capitals."""
        codes = self._writer.labels.codes.values()
        return {
            slug(code.iri).upper(): code.labels.get("en", "") for code in codes if slug(code.scheme) == "jurisdiction"
        }

    @cached_property
    def _frame(self) -> list[Triple]:
        return frame(self._root, chain(self._ontology, self._context))

    @cached_property
    def _shapes(self) -> list[Triple]:
        return list(self._read(files_below(self._root, "shapes", (".ttl",))))

    @cached_property
    def _profiles(self) -> Profiles:
        return Profiles(self._root, self._shapes)

    @cached_property
    def _ontology(self) -> list[Triple]:
        return list(read_file(self._root, "ontology/napgraph.ttl"))

    @cached_property
    def _context(self) -> list[Triple]:
        """What a record may point to: code lists, those of the subject, sources and international bodies."""
        paths = files_below(self._root, "ontology", (".ttl",)) + files_below(self._root, "data", (".ttl",))
        beside = ("ontology/schemes/", "ontology/profile-", "data/")
        return list(
            self._read(path for path in paths if path.startswith(beside) and not path.startswith("data/jurisdictions/"))
        )

    def _read(self, paths: Iterable[str]) -> Iterator[Triple]:
        return chain.from_iterable(read_file(self._root, path) for path in paths)


class Item(NamedTuple):
    """One source as it goes to a child: its name, and a path, bytes, or why it has none."""

    name: str
    content: str | bytes | SourceFileError


class BatchValidator:
    """Reads and judges sources by the rules of its ``checker``, each in a process of its own within ``limits``.

    Every source gets a report: one that could not be read, took too long or broke the reader has one finding that
    says so.
    """

    def __init__(self, root: str, profile: str | None, engine: str, language: str, limits: Limits) -> None:
        self._root, self._limits = root, limits
        self.checker = Checker(root, profile, engine, language)

    def each(self, sources: Sequence[Source], jobs: int) -> Iterator[Report]:
        """Yield a report of every source, in their order."""
        for result in self._results(sources, jobs):
            if isinstance(result, SourceFileError):
                yield self.checker.refused(result)
            elif isinstance(result, BaseException):
                raise result
            else:
                yield result

    def _results(self, sources: Sequence[Source], jobs: int) -> Iterator[Report | Exception]:
        from ..sandbox import map_in_workers, run

        seconds, memory, items = self._limits.seconds, self._limits.memory, map(self._item, sources)
        if len(sources) == 1:
            item = next(items)
            try:
                yield run(self.report, item, seconds=seconds, memory=memory, source=item.name)
            except SourceFileError as error:
                yield error
            return
        self.checker.warm()
        name = attrgetter("name")
        yield from map_in_workers(self.report, items, jobs=jobs, seconds=seconds, memory=memory, name=name)

    def report(self, item: Item) -> Report:
        """Read one source and judge what it states. Meant for a child process: a source may take all there is."""
        from ..records.read import read

        if isinstance(item.content, SourceFileError):
            raise item.content
        try:
            record = read(item.content, name=item.name, limits=self._limits, root=self._root)
            return self.checker.check_record(record)
        except (NapgraphError, MemoryError):
            raise
        except Exception as error:  # whatever an untrusted file can break ends as a refusal
            problem = f"the checker failed on this file ({type(error).__name__})."
            mend = "Please report it, with the file if it may be shown."
            raise IntakeError(item.name, problem, mend=mend, key="failed") from error

    def _item(self, source: Source) -> Item:
        """Return what goes to a child: a path as it is, anything else as the bytes that it holds."""
        from ..records.source import name_of, read_bytes

        name = name_of(source)
        if isinstance(source, (str, os.PathLike)) and source != "-":
            return Item(name, os.fspath(source))
        try:
            return Item(name, read_bytes(source, name, self._limits))
        except SourceFileError as error:
            return Item(name, error)
