"""What the analyses share: which documents count, and the rows of a saved query as tables in words.

The saved queries ``levels-and-statuses`` and ``in-force`` decide; of each document left out, the reason is given.
"""

import re
from abc import abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple, TypedDict, Unpack

from ..errors import ParameterError
from ..project.language import counted
from ..query.session import Session
from ..rdf.namespaces import BASE, slug
from ..tables.columns import Value
from ..tables.table import Table

Row = dict[str, Value]
DOCUMENT = ("country", "document", "title", "title_origin")
NAMED = ("country", "name", "document", "title", "title_origin")


def code_of(row: Mapping[str, object]) -> str:
    """Return the alpha-3 code of the jurisdiction that a row is about."""
    return slug(str(row["country"])).upper()


def short_iri(iri: object) -> str:
    """Return the short name of a document or of a part of one, such as ``nor/plan-2006-2009``: what follows ``id/``."""
    return str(iri).removeprefix(f"{BASE}id/")


def natural(iri: object) -> str:
    """Return an address so that its numbers sort by value: activity-2 comes before activity-10."""
    return re.sub(r"(?<![^/-])\d+(?![^/-])", lambda found: found[0].zfill(4), short_iri(iri)).replace("/", "-")


class Subject(NamedTuple):
    """What is compared: a jurisdiction or one document. Its key, name, jurisdiction (alpha-3 code) and IRI."""

    key: str
    name: str
    country: str
    iri: str


_UNSETTLED = {"announced", "draft", "proposed"}
_YEARS = re.compile(r"(\d{4})(?:(?:-|–|\.\.)(\d{4}))?")
_ANSWERS = ("yes", "possible", "no")
_REASONS = {
    "level": ("its level is {levels}", "the source does not show its level"),
    "status": ("its status is {statuses}", "the source does not tell its status"),
    "in-force": ("its stated period does not hold the day", "no period in which it applies is stated"),
}
"""Why a filter leaves out a document: something else is stated, or nothing is."""
_DOCUMENTS = ("{count} document", "{count} documents")
_WORDS = {
    "level": "{level} level",
    "status": "status {status}",
    "in-force": "in force on {day}",
    "source": "as told by {source}",
    "tier": "tier {tier}",
    "extent": "sources of at least {extent}",
}


class Lens(TypedDict, total=False):
    """What is looked at: sources, by their keys such as unodc-toolkit-2008 or a kind such as own-text or first-hand.

    ``tier`` is that of jurisdictions (national if none and no country is named; all), ``extent`` how much of a document
    its sources show at least: bare-mention, summary-paragraph, excerpt or full-text.
    """

    source: str | Sequence[str]
    tier: str | None
    extent: str | None


class Places(Lens, total=False):
    """The same of these jurisdictions or regions alone, by code or name."""

    country: Sequence[str]


class Filters(Places, total=False):
    """Which documents count besides: codes, and a day (YYYY-MM-DD) or years in which they are in force or may be."""

    level: str | None
    status: str | None
    in_force: str | None


class View:
    """The documents of ``country`` (all if empty) that a lens and filters let through; ``every_tier`` if none is named.

    ``parameters`` are the filters that are set, by the names of their options; ``lens`` is what the saved queries are
    asked with. Raises UnknownNameError for a code, source or jurisdiction that does not exist, ParameterError for what
    is no day.
    """

    def __init__(self, kg: Session, *, every_tier: bool = False, **filters: Unpack[Filters]) -> None:
        if odd := filters.keys() - Filters.__annotations__.keys():
            raise TypeError(f"There is no lens or filter of the name {', '.join(sorted(odd))}.")
        self._kg, self.country, self._say = kg, list(filters.get("country", ())), kg.say
        codes = {key: str(filters.get(key)) for key in ("level", "status") if filters.get(key) is not None}
        self.parameters = {key: slug(kg.resolve(key, code).value) for key, code in codes.items()}
        if (day := filters.get("in_force")) is not None:
            self.parameters["in-force"] = str(day).strip()
        source, self.lens = filters.get("source", ()), dict[str, list[str]]()
        lens = {"source": [source] if isinstance(source, str) else source}
        lens |= {"tier": [filters.get("tier") or ""], "extent": [filters.get("extent") or ""]}
        for key, given in lens.items():
            found = [each if each == "all" else slug(kg.resolve(key, each).value) for each in given if each]
            self.lens |= {key: found} if found else {}
        self._tiers = {"tier": ["all"]} if every_tier else {}
        self.queries = [*(["levels-and-statuses"] if self.parameters else []), *self.parameters.keys() & {"in-force"}]
        """The saved queries that decide."""

    @cached_property
    def documents(self) -> dict[str, Subject]:
        """Every document that there is to look at, by IRI, in the order of jurisdictions and time."""
        rows = ((str(row["document"]), row) for row in self._rows)
        return {iri: Subject(short_iri(iri), str(row["title"]), code_of(row), iri) for iri, row in rows}

    @cached_property
    def _rows(self) -> list[Row]:
        return self._kg.query("levels-and-statuses", **self.asked).rows()

    @property
    def asked(self) -> dict[str, list[str]]:
        """What a saved query with all the parameters is asked with."""
        return {"country": self.country, **self._tiers, **self.lens}

    @property
    def told(self) -> dict[str, str]:
        """The filters and the lens as a table tells them."""
        return self.parameters | {key: " ".join(codes) for key, codes in self.lens.items()}

    def title(self, iri: str) -> str | None:
        """Return the name of a document, through a lens the one that its source gives."""
        return self.documents[iri].name if self.lens and iri in self.documents else self._kg.labels_of([iri]).get(iri)

    def origins(self, documents: Iterable[object]) -> dict[str, str]:
        """Return where the names of documents (IRIs) come from: printed, ours or none."""
        seen = {str(row["document"]): str(row["origin"]) for row in self._rows} if self.lens else {}
        return self._kg.origins_of(documents) | seen

    @cached_property
    def _codes(self) -> dict[tuple[str, str], list[str]]:
        """The codes of each document, sorted, by its IRI and ``level`` or ``status``."""
        found: dict[tuple[str, str], set[str]] = {}
        for row in self._rows:
            for key in ("level", "status"):
                found.setdefault((str(row["document"]), key), set()).update([slug(str(row[key]))] if row[key] else [])
        return {place: sorted(codes) for place, codes in found.items()}

    @cached_property
    def unsettled(self) -> dict[str, str]:
        """In words what each document (IRI) is that is not known to be adopted: announced, a draft, proposed."""
        known = {iri: {*codes} for (iri, key), codes in self._codes.items() if key == "status"}
        rest = {iri: sorted(codes & _UNSETTLED) for iri, codes in known.items() if "adopted" not in codes}
        named = {
            iri: self._say(" or ").join(self._named("status", code) for code in codes) for iri, codes in rest.items()
        }
        return {iri: self._say("not adopted: {status}", status=words) for iri, words in named.items() if words}

    @cached_property
    def _in_force(self) -> dict[str, tuple[str, str]]:
        """The answer for each document with a stated period, and the period in words."""
        found: dict[str, tuple[str, str]] = {}
        first, last = (span := self.parameters["in-force"]), ""
        if found_years := _YEARS.fullmatch(span):
            first, last = found_years[1], found_years[2] or found_years[1]
        if last < first and last:
            raise ParameterError(f"The years go from an earlier to a later one, not from {first} to {last}.")
        days = [f"{year:04}-12-31" for year in range(int(first), int(last) + 1)] if last else [first]
        many = {"span": "year"} if last else {}
        for row in self._kg.query("in-force", date=days, answer=list(_ANSWERS), **many, **self.asked):
            iri = str(row["document"])
            # More than one period: the best answer counts.
            answer = min(found.get(iri, ("no", ""))[0], str(row["answer"]), key=_ANSWERS.index)
            found[iri] = answer, period_in_words(self._kg, row["start"], row["end"])
        return found

    @cached_property
    def left_out(self) -> dict[str, str]:
        """Why a document is left out, by the IRI of each that is."""
        found = {iri: "; ".join(self._reasons(iri)) for iri in self.documents} if self.parameters else {}
        return {iri: reason for iri, reason in found.items() if reason}

    def _reasons(self, iri: str) -> Iterable[str]:
        for key, wanted in self.parameters.items():
            other, none = _REASONS[key]
            if key == "in-force":
                if self._in_force.get(iri, ("no",))[0] == "no":
                    yield self._say(other if iri in self._in_force else none)
            elif wanted not in (codes := self._codes[iri, key]):
                named = self._say(" and ").join(self._named(key, code) for code in codes)
                yield self._say(other if codes else none, levels=named, statuses=named)

    def _named(self, scheme: str, code: str) -> str:
        """Return a code as words, or its name in the language of the reader."""
        words, iri = code.replace("-", " "), f"{BASE}{scheme}/{code}"
        return words if self._kg.language == "en" else self._kg.labels_of([iri]).get(iri, words).lower()

    def words(self) -> str:
        """Return the filters in words, or nothing where all documents count."""
        made = []
        for key, value in self.parameters.items():
            named = value if key == "in-force" else self._named(key, value)
            by_year = key == "in-force" and _YEARS.fullmatch(value)
            sentence = "in force in {day}" if by_year else _WORDS[key]
            made.append(self._say(sentence, level=named, status=named, day=named))
        for key, codes in self.lens.items():
            kinds = self._kg.codes("source-kind") if key == "source" else codes
            schemes = {code: "source-kind" if key == "source" else key for code in codes if code in kinds}
            several = (self._named(schemes[code], code) if code in schemes else code for code in codes)
            made.append(self._say(_WORDS[key], **{key: self._say(" or ").join(several)}))
        return ", ".join(made)

    def notes(self, among: Collection[str], *, brief: bool = False) -> list[str]:
        """Return a sentence for each reason why documents ``among`` (IRIs) are left out or only possibly in force.

        With ``brief``, how many are left out, in place of their names.
        """
        if not self.parameters and not self.lens:
            return []
        say, day, documents = self._say, self.parameters.get("in-force"), self.documents
        made = [say("Only documents seen through this lens count: {lens}.", lens=self.words())]
        named = {iri: f"{each.country} {each.name}" for iri, each in documents.items() if iri in among}
        kept, unsure, reasons = [iri for iri in named if iri not in self.left_out], list[str](), dict[str, list[str]]()
        for iri in (iri for iri in kept if day and self._in_force.get(iri, ("",))[0] == "possible"):
            statuses = (self._named("status", status) for status in self._codes[iri, "status"])
            unsure.append(f"{named[iri]} ({', '.join(filter(None, (self._in_force[iri][1], *statuses)))})")
        if unsure:
            possible = "Only possibly in force on {day}, and counted: {named}."
            made.append(say(possible, day=day, named="; ".join(unsure)))
        for iri in (iri for iri in named if iri in self.left_out):
            reasons.setdefault(self.left_out[iri], []).append(named[iri])
        for reason, names in reasons.items():
            told = counted(self._kg.language, len(names), *_DOCUMENTS) if brief else "; ".join(names)
            made.append(say("Left out, because {reason}: {named}.", reason=reason, named=told))
        gone = sorted({documents[iri].country for iri in named} - {documents[iri].country for iri in kept})
        if gone and not brief:
            nothing = "Nothing is left of {gone}: not looked at here, which is no answer about them."
            made.append(say(nothing, gone=", ".join(gone)))
        return made


def period_in_words(kg: Session, start: object, end: object) -> str:
    """Return a stated period in words; nothing where neither end is stated."""
    if start and end:
        return str(start) if str(start) == str(end) else kg.say("{start} to {end}", start=start, end=end)
    if start:
        return kg.say("from {start}, no end stated", start=start)
    return kg.say("until {end}, no start stated", end=end) if end else ""


class Analysis:
    """The rows of the saved query of a subclass, asked with ``parameters``; ``view`` says which documents count."""

    QUERY: str
    known: Sequence[str] = ()
    """What a reader of its tables must know, in English."""

    def __init__(self, kg: Session, view: View | None = None, /, **parameters: object) -> None:
        self._kg, self.view, self._parameters = kg, view or View(kg), parameters
        known = kg.queries.get(self.QUERY).parameters
        asked = {key: codes for key, codes in self.view.asked.items() if key in known}
        self._rows: list[Row] = kg.query(self.QUERY, **parameters, **asked).rows()
        self._parameters |= {"country": self.view.country} if "country" in asked else {}
        self._all = {str(row["document"]): None for row in self._rows}

    @cached_property
    def _labels(self) -> dict[str, str]:
        """The labels of the jurisdictions, documents and passages of the rows."""
        return self._kg.labels_of(row.get(name) for row in self._rows for name in ("country", "document", "evidence"))

    @property
    def notes(self) -> list[str]:
        """What a reader must know of the view: who is only possibly in, who is left out, and why."""
        return self.view.notes(self._all)

    @abstractmethod
    def table(self) -> Table:
        """Return the analysis as a table."""

    def evidence(self) -> Table:
        """Return a row per statement and passage behind the table; here the same rows, which have theirs."""
        return self.table()

    def rows(self) -> list[Row]:
        """Return the rows of :meth:`table`, plain."""
        return self.table().rows

    def _named(self, row: Row, origins: Mapping[str, str] | None = None) -> Row:
        """Return a row with the code and name of its jurisdiction, title and short name of its document, and place."""
        code, document, labels = code_of(row), str(row["document"]), self._labels
        return row | {
            "country": code,
            "name": labels.get(str(row["country"]), code),
            "document": short_iri(document),
            "title": self.view.title(document),
            "title_origin": (origins or {}).get(document),
            "where": labels.get(str(row["evidence"])),
        }

    def _table(self, columns: Sequence[str], rows: Iterable[Mapping[str, Any]], title: str, *queries: str) -> Table:
        """Return these columns of ``rows`` as a table, which rests on the saved ``queries`` too."""
        parameters = {
            name: value if isinstance(value, str) else " ".join(map(str, value))  # type: ignore[call-overload]
            for name, value in (self._parameters | self.view.told).items()
            if value
        }
        return self._kg.table(
            columns,
            [{name: row[name] for name in columns} for row in rows],
            title,
            evidence=[] if "evidence" in columns else getattr(self, "_rows", []),
            queries=(self.QUERY, *self.view.queries, *queries),
            parameters=parameters,
            notes=[*self.notes, *map(self._kg.say, self.known)],
        )


def joined(texts: Iterable[object]) -> str | None:
    """Return texts as one, each once, with ``; `` between them; None for nothing."""
    return "; ".join(dict.fromkeys(str(text) for text in texts if text)) or None
