"""Lenses: which documents are looked at, by their level, their status, and whether they were in force on a day.

What the level, the status and the answer are stands in the saved queries ``levels-and-statuses`` and ``in-force``. A
lens keeps the documents that they let through, and says of each of the others why it is left out.
"""

from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

from ..query.session import Session
from ..rdf.namespaces import BASE, slug
from .values import Subject, code_of, short_iri

_ANSWERS = ("yes", "possible", "no")


class Lens(NamedTuple):
    """What to look for: the code of a level, the code of a status, a day as ``YYYY-MM-DD``; None lets all through."""

    level: str | None = None
    status: str | None = None
    in_force: str | None = None

    def __bool__(self) -> bool:
        return any(part is not None for part in self)


class View:
    """The documents of ``country`` (all if empty) seen through a lens.

    Raises UnknownNameError for a level, status or jurisdiction that does not exist, ParameterError for what is no day.
    """

    def __init__(self, kg: Session, lens: Lens, country: Sequence[str]) -> None:
        self.lens = lens._replace(
            level=lens.level and slug(kg.resolve("level", lens.level).value),
            status=lens.status and slug(kg.resolve("status", lens.status).value),
            in_force=None if lens.in_force is None else str(lens.in_force).strip(),
        )
        self._kg, self._country = kg, list(country)

    @cached_property
    def documents(self) -> dict[str, Subject]:
        """Every document that there is to look at, by IRI, in the order of jurisdictions and time."""
        return {iri: document for iri, (document, _, _) in self._listed.items()}

    @cached_property
    def _listed(self) -> dict[str, tuple[Subject, set[str], set[str]]]:
        """The documents with their levels and statuses; asked for only where a lens or a list of them needs it."""
        found: dict[str, tuple[Subject, set[str], set[str]]] = {}
        for row in self._kg.query("levels-and-statuses", country=self._country):
            iri = str(row["document"])
            document = Subject(short_iri(iri), str(row["title"]), code_of(row), iri)
            _, levels, statuses = found.setdefault(iri, (document, set(), set()))
            levels.update([slug(str(row["level"]))] if row["level"] else [])
            statuses.update([slug(str(row["status"]))] if row["status"] else [])
        return found

    @cached_property
    def _in_force(self) -> dict[str, tuple[str, str]]:
        """The answer for each document with a stated period, and the period in words."""
        found: dict[str, tuple[str, str]] = {}
        asked = self._kg.query("in-force", date=self.lens.in_force, answer=list(_ANSWERS), country=self._country)
        for row in asked:
            iri = str(row["document"])
            # More than one period: the best answer counts.
            answer = min(found.get(iri, ("no", ""))[0], str(row["answer"]), key=_ANSWERS.index)
            found[iri] = answer, period_in_words(self._kg, row["start"], row["end"])
        return found

    @cached_property
    def left_out(self) -> dict[str, str]:
        """Why the lens leaves out a document, by the IRI of each that it does."""
        found = {iri: "; ".join(self._reasons(iri)) for iri in self.documents} if self.lens else {}
        return {iri: reason for iri, reason in found.items() if reason}

    def _reasons(self, iri: str) -> Iterable[str]:
        lens, (_, levels, statuses) = self.lens, self._listed[iri]
        if lens.level is not None and lens.level not in levels:
            level = self._say("its level is {levels}", levels=self._joined("level", levels))
            yield level if levels else self._say("the source does not show its level")
        if lens.status is not None and lens.status not in statuses:
            status = self._say("its status is {statuses}", statuses=self._joined("status", statuses))
            yield status if statuses else self._say("the source does not tell its status")
        if lens.in_force is not None and self._in_force.get(iri, ("no",))[0] == "no":
            known = iri in self._in_force
            held, none = "its stated period does not hold the day", "no period in which it applies is stated"
            yield self._say(held if known else none)

    def _say(self, sentence: str, **slots: object) -> str:
        return self._kg.say(sentence, **slots)

    def _joined(self, scheme: str, codes: Iterable[str]) -> str:
        return self._say(" and ").join(self._named(scheme, code) for code in sorted(codes))

    def _named(self, scheme: str, code: str) -> str:
        """Return a code as words, or its name in the language of the reader."""
        words = code.replace("-", " ")
        iri = f"{BASE}{scheme}/{code}"
        return words if self._kg.language == "en" else self._kg.labels_of([iri]).get(iri, words).lower()

    @property
    def queries(self) -> list[str]:
        """The saved queries that this view rests on."""
        if not self.lens:
            return []
        return ["levels-and-statuses", *(["in-force"] if self.lens.in_force is not None else [])]

    @property
    def parameters(self) -> dict[str, str]:
        """The lens as parameters, by the name of the option."""
        return {key.replace("_", "-"): value for key, value in self.lens._asdict().items() if value is not None}

    def words(self) -> str:
        """Return the lens in words, or nothing where all documents are let through."""
        lens = self.lens
        parts = [self._say("{level} level", level=self._named("level", lens.level))] if lens.level else []
        parts += [self._say("status {status}", status=self._named("status", lens.status))] if lens.status else []
        parts += [self._say("in force on {day}", day=lens.in_force)] if lens.in_force else []
        return ", ".join(parts)

    def notes(self, among: Collection[str]) -> list[str]:
        """Return what a reader must know of the lens, a sentence each, as far as it is about the IRIs in ``among``.

        Named are the documents that are only possibly in force, those that are left out, by the reason, and the
        jurisdictions of which nothing is left.
        """
        if not self.lens:
            return []
        made = [self._say("Only documents seen through this lens count: {lens}.", lens=self.words())]
        kept = [document for iri, document in self.documents.items() if iri in among and iri not in self.left_out]
        unsure = [each for each in kept if self.lens.in_force and self._in_force.get(each.iri, ("",))[0] == "possible"]
        if unsure:
            named = "; ".join(f"{each.country} {each.name}{self._told(each.iri)}" for each in unsure)
            day = self.lens.in_force
            made.append(self._say("Only possibly in force on {day}, and counted: {named}.", day=day, named=named))
        reasons: dict[str, list[str]] = {}
        for iri, reason in self.left_out.items():
            if iri in among:
                reasons.setdefault(reason, []).append(f"{self.documents[iri].country} {self.documents[iri].name}")
        made += [
            self._say("Left out, because {reason}: {named}.", reason=reason, named="; ".join(named))
            for reason, named in reasons.items()
        ]
        gone = sorted({self.documents[iri].country for iri in among} - {each.country for each in kept})
        if gone:
            left = "Nothing is left of {gone}: not looked at here, which is no answer about them."
            made.append(self._say(left, gone=", ".join(gone)))
        return made

    def _told(self, iri: str) -> str:
        """Return what is stated of a document that may be in force: its period, and its status where it has one."""
        _, _, statuses = self._listed[iri]
        told = [self._in_force[iri][1], *(self._named("status", status) for status in sorted(statuses))]
        return f" ({', '.join(part for part in told if part)})"


def period_in_words(kg: Session, start: object, end: object) -> str:
    """Return a stated period in words; nothing where neither end is stated."""
    if start and end:
        return kg.say("{start} to {end}", start=start, end=end)
    if start:
        return kg.say("from {start}, no end stated", start=start)
    return kg.say("until {end}, no start stated", end=end) if end else ""
