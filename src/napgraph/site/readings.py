"""What sources show of the documents, where they differ, what came of a plan, and which plans stand in one line."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

from ..query.results import Value
from ..query.session import Session

Row = dict[str, Value]


class Reading(NamedTuple):
    """A document as one source shows it, all as IRIs but for the day; ``lists`` are what it was looked through for."""

    document: str
    iri: str
    source: str
    kinds: list[str]
    extent: str
    lists: list[str]
    day: str
    addresses: list[str]


class Readings:
    """The readings of ``kg`` with what follows from several: each attribute is by the IRI of what it is about."""

    def __init__(self, kg: Session) -> None:
        self._kg = kg

    @cached_property
    def _all(self) -> list[Reading]:
        made: dict[str, Reading] = {}
        for row in self._kg.query("readings"):
            iri, *rest = (str(row[name] or "") for name in ("reading", "document", "source", "extent", "day"))
            document, source, extent, day = rest
            reading = made.setdefault(iri, Reading(document, iri, source, [], extent, [], day, []))
            for name, listed in (("kind", reading.kinds), ("list", reading.lists), ("address", reading.addresses)):
                if row[name] and str(row[name]) not in listed:
                    listed.append(str(row[name]))
        return list(made.values())

    @cached_property
    def of_document(self) -> dict[str, list[Reading]]:
        """The readings of each document, first the one that is shown where they differ."""
        return _grouped((reading.document, reading) for reading in self._all)

    @cached_property
    def of_source(self) -> dict[str, list[Reading]]:
        """The readings that each source gives."""
        return _grouped((reading.source, reading) for reading in self._all)

    @cached_property
    def differing(self) -> dict[str, dict[tuple[str, str], list[tuple[str, str, str]]]]:
        """By document, fact and what it is about: the value that each source gives, its note and the source."""
        made: dict[str, dict[tuple[str, str], list[tuple[str, str, str]]]] = {}
        for row in self._kg.query("contradictions", tier="all"):
            document, fact, what, *said = (
                str(row[name] or "") for name in ("document", "fact", "what", "value", "note", "source")
            )
            told = made.setdefault(document, {}).setdefault((fact, what), [])
            told += [each for each in [(said[0], said[1], said[2])] if each not in told]
        return made

    @cached_property
    def outcomes(self) -> dict[str, list[Row]]:
        """What reports tell, by the document or element that it concerns, by its plan and by the report."""
        made: dict[str, dict[str, Row]] = defaultdict(dict)
        for row in self._kg.query("results", tier="all"):
            if row["report"]:
                for about in {row["document"], row["concerns"], row["report"]} - {None}:
                    made[str(about)].setdefault(str(row["element"] or row["report"]), row)
        return {about: list(rows.values()) for about, rows in made.items()}

    @cached_property
    def lines(self) -> dict[str, list[str]]:
        """The plans of the line of each plan that has one, in the order of time."""
        near: dict[str, set[str]] = defaultdict(set)
        place: dict[str, int] = {}
        for row in self._kg.query("plan-lines", tier="all"):
            document = str(row["document"])
            place.setdefault(document, len(place))
            if row["former"]:
                near[document].add(str(row["former"]))
                near[str(row["former"])].add(document)
        later = {iri: sum(place[other] < place[iri] for other in near[iri] if other in place) for iri in near}
        return {iri: sorted({iri, *near[iri]}, key=lambda each: (later[each], place.get(each, 0))) for iri in near}


def _grouped(pairs: Iterable[tuple[str, Reading]]) -> dict[str, list[Reading]]:
    made: dict[str, list[Reading]] = defaultdict(list)
    for key, reading in pairs:
        made[key].append(reading)
    return dict(made)
