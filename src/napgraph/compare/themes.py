"""What plans say of one concept of an axis: country by country, in which words, since when; and the latest plans."""

from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

from ..rdf.namespaces import slug
from ..tables.columns import grouped
from .analysis import Row, short_iri
from .matrix import RANK, SAYING, Comparison, Concept, axes, nearness, value_of
from .overview import DEPTHS, span, years
from .pictures import by_start
from .topics import Gathered
from .years import regions_of

DEPTH = {code: len(DEPTHS) - place for place, code in enumerate(DEPTHS)}
"""How much a source shows of a document, from 1, its name and period only, to 4, the full text."""
BUILD = ("activities", "responsibilities", "timelines", "activity-indicators", "budget", "monitoring-and-evaluation")
"""The features that tell how a plan is built."""
_MOST = 26  # columns of concepts that are shown at once


class Plan(NamedTuple):
    """A plan: its IRI, country (alpha-3), title and origin, years, the year it starts in, and its depth, 0 to 4."""

    iri: str
    country: str
    title: str
    origin: object
    years: str
    start: int | None
    depth: int


class Wording(NamedTuple):
    """One wording of a plan: its words and their origin, the value that it gives, its element and its passage."""

    words: str
    origin: object
    value: str
    element: str
    evidence: str


class Said(NamedTuple):
    """What a plan says of a concept: the value, and its wordings, the nearest first."""

    plan: Plan
    value: str
    wordings: list[Wording]


class Column(NamedTuple):
    """A concept as a column: the axis that it is of, whether it is shown at once, and the concept above it, if any."""

    concept: Concept
    axis: str
    shown: bool
    above: Concept


class Themes:
    """The plans of all jurisdictions by concept. ``plans`` are by IRI and in the order of time, country by country.

    ``groups`` are the codes of those with plans, by the name of their region, then those that are no countries by the
    name of their tier; ``countries`` are the former alone.
    """

    def __init__(self, gathered: Gathered, tiers: dict[str, str]) -> None:
        """Take what is gathered; ``tiers`` has the name of the tier of each code that is no country's."""
        self.gathered, self.kg, overview = gathered, gathered.kg, gathered.overview
        self.plans: dict[str, Plan] = {}
        for code, rows in overview.plans.items():
            for row in rows:
                iri, ends = str(row["document"]), span(row)
                title = short_iri(iri) if row["origin"] == "none" else str(row["title"])
                read = DEPTH.get(overview.extent(iri), 0)
                self.plans[iri] = Plan(iri, code, title, row["origin"], years(self.kg, *ends), ends[0], read)
        self.of_country = {
            code: [self.plans[str(row["document"])] for row in each] for code, each in overview.plans.items()
        }
        self.countries = [code for code in overview.plans if code not in tiers]
        self.groups = regions_of(self.kg, self.countries)
        for code in (code for code in overview.plans if code in tiers):
            self.groups.setdefault(tiers[code], []).append(code)
        self.latest = {code: self.plans[str(overview.latest(code)["document"])] for code in overview.plans}
        self.axes = {self.kg.queries.get(name).header["scheme"]: name for name in axes(self.kg)}
        """The axis over each list; of two over one list the last, so that of themes, which takes any part of a plan."""
        self._spans: dict[str, dict[str, list[Row]]] = {}

    @cached_property
    def _depths(self) -> dict[tuple[str, str], int]:
        rows = (row for each in self.gathered.readings.values() for row in each)
        return {(str(row["document"]), str(row["source"])): DEPTH.get(slug(str(row["extent"])), 0) for row in rows}

    def read(self, document: str, source: str) -> int:
        """Return how much of a document a source, or that of a passage, shows (IRIs), 0 where that is not known."""
        return self._depths.get((document, self.gathered.source_of.get(source, source)), 0)

    def columns(self, found: Comparison) -> list[Column]:
        """Return the concepts by those above them: first those that most of the latest plans name, then the rest."""
        concepts = found.concepts
        counts = {each.code: sum(self.names(found, each.code, code) for code in self.countries) for each in concepts}
        order = sorted(concepts, key=lambda each: (each.code == found.unmapped, each.depth > 0, -counts[each.code]))
        shown = {each.code for each in order[:_MOST] if counts[each.code] or len(concepts) <= _MOST}
        above, made = concepts[:1], list[Column]()
        nested = any(each.depth for each in concepts)
        for each in concepts:
            above = above if each.depth and nested else [each]
            made.append(Column(each, found.axis, each.code in shown, above[0]))
        place = {each.code: number for number, each in enumerate(concepts)}
        made.sort(key=lambda each: (place[each.above.code], not each.shown, place[each.concept.code]))
        return made

    def built(self) -> list[Column]:
        """Return the columns that tell how a plan is built."""
        found = self.gathered.overview.compared.get("features")
        listed = [each for code in BUILD for each in (found.concepts if found else ()) if each.code == code]
        return [Column(each, "features", True, listed[0]) for each in listed]

    def names(self, found: Comparison, concept: str, country: str) -> bool:
        """Return whether the latest plan of a country that could be read names a concept."""
        plan = self.latest[country]
        return plan.depth > 1 and found.shown(plan.iri, concept)[0] in SAYING

    def values(self, found: Comparison, concept: str) -> dict[str, str]:
        """Return the most that any plan of each country shows of a concept, by its code."""
        return {
            code: min((found.shown(each.iri, concept)[0] for each in self.of_country[code]), key=RANK.__getitem__)
            for code in self.countries
        }

    def said(self, found: Comparison, concept: str) -> list[Said]:
        """Return the plans that say something of a concept: what states it first, then by country and time."""
        made = []
        for plan in self.plans.values():
            value = found.shown(plan.iri, concept)[0]
            if value in SAYING:
                made.append(Said(plan, value, _wordings(found.cell(short_iri(plan.iri), concept).evidence)))
        return sorted(made, key=lambda each: RANK[each.value])

    def spans(self, found: Comparison) -> dict[str, list[Row]]:
        """Return of how many plans that start in each span of years some name each concept, by its code."""
        if found.axis not in self._spans:
            self._spans[found.axis] = grouped(by_start(self.kg, found).rows, "concept")
        return self._spans[found.axis]

    def by_year(self, found: Comparison, concept: str) -> dict[int, list[str]]:
        """Return what the plans of countries that start in a year show of a concept, where somebody looked for it."""
        made: dict[int, list[str]] = {}
        for plan in self.plans.values():
            value = found.shown(plan.iri, concept)[0]
            if plan.start and plan.country in self.countries and value != "not-assessed":
                made.setdefault(plan.start, []).append(value)
        return {year: sorted(values, key=RANK.__getitem__) for year, values in sorted(made.items())}


def _wordings(rows: Iterable[Row]) -> list[Wording]:
    """Return the wordings of rows of an axis, the nearest and printed ones first, each once."""
    made: dict[str, Wording] = {}
    for row in sorted(rows, key=nearness):
        words, value = str(row["phrase"] or ""), value_of(row["value"])
        made.setdefault(words, Wording(words, row["origin"], value, str(row["element"]), str(row["evidence"])))
    return [*made.values()]
