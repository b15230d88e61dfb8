"""Judge statements by the shapes and give each result the severity of its document's profile.

Validated are asserted triples: no inference, no imports, nothing fetched. The code lists and the sources come from
the project's own files, and so does the class tree. Structural rules carry the severity Warning in the files; what
a profile makes of them is data in ``shapes/profiles.ttl``.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from ..errors import SourceFileError, UnknownNameError
from ..graph.files import read_file, read_turtle
from ..project.messages import Catalogue
from ..project.root import files_below
from ..rdf.namespaces import slug
from ..records.record import Record
from .completeness import structures
from .findings import Speaker
from .labels import Lexicon
from .profiles import Obligations, Ownership, ownership
from .report import Report
from .vocabulary import Known

if TYPE_CHECKING:
    from pyoxigraph import Triple

    from .pyshacl import Reference
    from .shacl import Result, Validator

ENGINES = ("compiled", "pyshacl")


class Checker:
    """Shapes, ontology and code lists, read once for any number of files."""

    def __init__(self, root: str, profile: str | None = None, engine: str = "compiled", language: str = "en") -> None:
        self._root = root
        self._profile = profile
        self._engine = engine
        self.catalogue = Catalogue.load(root, language)
        if engine not in ENGINES:
            raise UnknownNameError("engine", engine, ENGINES, see=f"The engines are: {', '.join(ENGINES)}.")
        if profile is not None and profile not in self._obligations.profiles:
            known = self._obligations.profiles
            raise UnknownNameError("profile", profile, known, see=f"The profiles are: {', '.join(known)}.")

    @property
    def profiles(self) -> list[str]:
        """The names of the profiles that there are."""
        return list(self._obligations.profiles)

    def warm(self) -> None:
        """Read all that judging needs, once, before processes are forked that share it."""
        _ = self.validator, self._frame, self._obligations, self._speaker.lexicon.codes

    def check_file(self, path: str) -> Report:
        """Check one Turtle file; raises SourceFileError if it cannot be read as Turtle."""
        try:
            with open(path, "rb") as file:
                content = file.read()
        except OSError as error:
            mend = "Name a Turtle file." if os.path.isdir(path) else "Check the name and its rights."
            raise SourceFileError(path, f"this file cannot be read ({error.strerror}).", mend=mend) from error
        return self.check_triples(path, list(read_turtle(content, path)))

    def check_bundle(self) -> Report:
        """Check the bundled data, all jurisdictions together."""
        files = files_below(self._root, "data/jurisdictions", (".ttl",))
        record = Record("data", "turtle", list(self._read(files)))
        return self._report(record, record)

    def check_triples(self, source: str, triples: list[Triple]) -> Report:
        """Check statements that were read from ``source``, whose places are not known."""
        return self.check_record(Record(source, "turtle", triples))

    def check_record(self, record: Record) -> Report:
        """Check what was read from one file, together with what is recorded of its jurisdiction."""
        from .foretell import foretell

        whole, notes = foretell(record, self._root, self._jurisdictions)
        whole.notes = [*record.notes, *notes]
        return self._report(record, whole)

    def _report(self, sent: Record, whole: Record) -> Report:
        """Judge the whole, and tell what concerns the part that was sent; of the rest no more than violations."""
        owned = ownership(self._root, [*whole.triples, *self._frame], self._profile)
        own = {str(triple.subject) for triple in sent.triples}
        names = {name.strip("<>").removeprefix("_:") for name in own}
        judged = (self._graded(result, owned) for result in self.validator.results(whole.triples))
        results = [each for each in judged if each and (each.focus in own or each.severity == "Violation")]
        found = structures(self._root, whole, self._frame, self._speaker.lexicon, self.catalogue)
        documents = len(owned.documents & names)
        return Report(
            sent.source,
            self._speaker.findings(whole, results, documents),
            documents,
            len(owned.declared.keys() & names) - documents,
            [each for each in found if each.document in names],
            results,
            self.catalogue.language,
            format=sent.format,
        )

    def refused(self, error: SourceFileError) -> Report:
        """Return the report of a file that could not be read."""
        finding = self._speaker.refusal(error)
        return Report(error.path, [finding], 0, 0, language=self.catalogue.language, error=str(error))

    @cached_property
    def validator(self) -> Validator | Reference:
        """The engine: this package's own, or pyshacl, the judge of record."""
        if self._engine == "pyshacl":
            from .pyshacl import Reference

            return Reference(self._shapes, self._ontology, self._context)
        from .shacl import Validator

        return Validator(self._shapes, self._ontology, self._context)

    def _graded(self, result: Result, owned: Ownership) -> Result | None:
        """Return a result with the severity of its document's profile, or None where the profile does not ask."""
        declared = owned.declared.get(result.focus.strip("<>").removeprefix("_:"), set())
        severity = self._obligations.severity(result.rule, declared, result.severity)
        return None if severity is None else result._replace(severity=severity)

    @cached_property
    def _speaker(self) -> Speaker:
        """Finds the words for what was found."""
        triples = [*self._shapes, *self._ontology, *self._stubs, *self._context]
        lexicon = Lexicon(self._root, triples)
        return Speaker(lexicon, Known(lexicon, triples), self.catalogue)

    @cached_property
    def _jurisdictions(self) -> dict[str, str]:
        """The names of the jurisdictions by code, in capitals."""
        codes = self._speaker.lexicon.codes.values()
        return {
            slug(code.iri).upper(): code.labels.get("en", "") for code in codes if slug(code.scheme) == "jurisdiction"
        }

    @cached_property
    def _frame(self) -> list[Triple]:
        """The class tree and the collections of features."""
        lexicon = self._speaker.lexicon
        links = {lexicon.long(name) for name in lexicon.grades["links"]["frame"]}
        return [triple for triple in chain(self._ontology, self._context) if triple.predicate.value in links]

    @cached_property
    def _shapes(self) -> list[Triple]:
        return list(self._read(files_below(self._root, "shapes", (".ttl",))))

    @cached_property
    def _obligations(self) -> Obligations:
        return Obligations(self._root, self._shapes)

    @cached_property
    def _ontology(self) -> list[Triple]:
        return list(read_file(self._root, "ontology/napgraph.ttl"))

    @cached_property
    def _stubs(self) -> list[Triple]:
        return list(read_file(self._root, "ontology/stubs.ttl"))

    @cached_property
    def _context(self) -> list[Triple]:
        """What a record may point to: code lists, sources and international bodies."""
        paths = files_below(self._root, "ontology/schemes", (".ttl",)) + files_below(self._root, "data", (".ttl",))
        return list(self._read(path for path in paths if not path.startswith("data/jurisdictions/")))

    def _read(self, paths: Iterable[str]) -> Iterator[Triple]:
        return chain.from_iterable(read_file(self._root, path) for path in paths)
