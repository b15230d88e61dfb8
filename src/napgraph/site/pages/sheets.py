"""The parts of documents as pages show them: activities with who, when and money; names; numbered sources."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import takewhile
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pyoxigraph

from ...compare.analysis import Row
from ...compare.overview import amount, depth
from ...rdf.descriptions import Descriptions, Node, Value
from ...rdf.namespaces import slug
from ...tables.columns import grouped
from ..addresses import anchor, link
from ..context import Name, PageContext, Said
from .countries import bars

PARTS = {
    "Pillar": ("pillar", "Pillars"),
    "StrategicGoal": ("goal", "Goals"),
    "SpecificObjective": ("objective", "Objectives"),
    "Priority": ("priority", "Priorities"),
    "PrincipleStatement": ("principle", "Principles"),
    "PlannedActivity": ("activity", "Activities"),
    "Indicator": ("measure of success", "Measures of success"),
    "MonitoringMechanism": ("review", "Monitoring and review"),
    "CooperationCommitment": ("commitment", "Cooperation"),
    "Preamble": ("preamble", "Preamble"),
    "BackgroundAnalysis": ("background", "Background"),
    "Budget": ("sum", "Money"),
    "ResourcePlan": ("means", "Means"),
    "Element": ("part", "Other parts"),
    "Result": ("result", "Results"),
    "Finding": ("finding", "Findings"),
    "Recommendation": ("recommendation", "Recommendations"),
    "PolicyEvent": ("event", "Events"),
    "CoverageStatement": ("how much it shows", "How much it shows"),
}
"""What the kinds of parts of a document are called, alone and where several stand together, in the order of a page."""
_OTHERS = {"groups": "group", "forms": "form"}
MATCHES = {"exactMatch": "exact", "closeMatch": "close", "broadMatch": "in part"}


class Activity(NamedTuple):
    """An activity as a line of a table; ``stated`` are the aspects told of it, ``silent`` the answers of others."""

    iri: str
    number: str
    name: Name
    leads: list[Said]
    supports: list[Said]
    measured: list[str]
    due: list[str]
    days: list[str]
    money: list[str]
    themes: list[tuple[str, str]]
    terms: str
    has_parts: bool
    above: str
    stated: frozenset[str]
    silent: Mapping[str, str]


class Part(NamedTuple):
    """A part of a document: its name, what it is counted as and how near, what is noted, and its sources."""

    iri: str
    name: Name
    note: str
    counted: list[tuple[str, str, str]]
    sources: list[int]


def day(text: object) -> str:
    """Return a year, a month or a day as people write it."""
    found = re.match(r"(\d{4})-(\d\d)(?:-(\d\d))?", str(text))
    if not found:
        return str(text)
    written = f"{date(int(found[1]), int(found[2]), 1):%B %Y}"
    return f"{int(found[3])} {written}" if found[3] else written


def lasting(text: object) -> str:
    """Return a length of time in words."""
    found = re.fullmatch(r"P(\d+)([YMD])", str(text))
    unit = {"Y": "year", "M": "month", "D": "day"}[found[2]] if found else ""
    return (f"{found[1]} {unit}s" if found[1] != "1" else unit) if found else str(text)


def about(stated: Descriptions, node: Node) -> dict[str, list[Value]]:
    """Return what is stated of a resource by the last part of each property."""
    made: dict[str, list[Value]] = {}
    for predicate, value in stated.of(node):
        made.setdefault(slug(predicate.value), []).append(value)
    return made


def text(values: Iterable[Value]) -> str:
    """Return the first text among values, or nothing."""
    return next((value.value for value in values if isinstance(value, pyoxigraph.Literal)), "")


def counted_as(context: PageContext, iri: str, path: str) -> list[tuple[str, str, str]]:
    """Return what the wording of a part is counted as: the concept, its page, and how near it is."""
    rows = context.gathered.by("phrase-mappings", "subject_id").get(iri, [])
    near = {str(row["object_id"]): MATCHES.get(slug(str(row["predicate_id"])), "in part") for row in rows}
    for query, words in _OTHERS.items():
        rows = context.gathered.by(query, "element").get(iri, []) if query in context.kg.queries.names() else []
        near |= {str(row["concept"]): words for row in rows if row["concept"] and row["match"] != "under"}
    return [(context.name(each), link(each, path) or "", words) for each, words in near.items()]


def said(context: PageContext, iri: str, path: str) -> Said:
    """Return a resource as a page names it, in English where somebody says so."""
    name = context.called(iri)
    return Said(name.words, context.shown(iri, path), None if name.printed else context.kg.foreign.get(iri))


class Sheet:
    """The activities of the documents that ``stated`` describes, as the page at ``path`` shows them."""

    def __init__(self, context: PageContext, stated: Descriptions, path: str) -> None:
        self._context, self._stated, self._path = context, stated, path

    def of(self, iri: str) -> Activity:
        """Return an activity; ``iri`` may be any part, of which there is less to say."""
        context = self._context
        rows = grouped(context.gathered.by("action-sheet", "activity").get(iri, []), "aspect")
        stated = {aspect: [row for row in each if row["answer"] == "stated"] for aspect, each in rows.items()}
        told = about(self._stated, pyoxigraph.NamedNode(iri))
        due = [f"from {day(row['value'])}" for row in stated.get("starts", [])]
        due += [day(row["value"]) for row in stated.get("is due", [])]
        due += [f"within {lasting(row['value'])}" for row in stated.get("is due within", [])]
        due += [str(row["words"] or row["value"]).lower() for row in stated.get("is timed", [])]
        due += [f"for {lasting(row['value'])}" for row in stated.get("lasts", [])]
        due += [f"every {lasting(row['value'])}" for row in stated.get("is repeated every", [])]
        due += [f"{row['value']} (as printed)" for row in stated.get("is printed as", [])]
        sums = (
            f"{row['words'] or ''} {float(str(row['value'])):,.0f}".strip()
            for row in stated.get("has means", [])
            if re.fullmatch(r"[\d.]+", str(row["value"]))
        )
        themes = (
            (slug(str(row["object_id"])), str(row["object_label"]))
            for row in context.gathered.by("phrase-mappings", "subject_id").get(iri, [])
        )
        return Activity(
            iri,
            self.number(iri),
            context.called(iri),
            self._bodies(stated.get("leads", [])),
            self._bodies(stated.get("supports", [])),
            [self._measured(each) for each in told.get("hasIndicator", [])],
            list(dict.fromkeys(due)),
            sorted({str(row["value"]) for row in stated.get("is due", [])}),
            list(dict.fromkeys(sums)),
            list(dict.fromkeys(themes)),
            text(told.get("condition", [])),
            bool(context.leading(iri, "partOf")),
            self._above(told),
            frozenset(aspect for aspect, each in stated.items() if each),
            {aspect: str(each[0]["answer"]) for aspect, each in rows.items() if not stated[aspect]},
        )

    def number(self, iri: str) -> str:
        """Return the number of a part in the order of its document, after that of the activity that it is part of."""
        whole, own = [*takewhile(self._is_activity, self._chain(iri)[1:])], self._order(iri)
        numbers = [*map(self._order, reversed(whole)), own]
        return ".".join(numbers) if all(numbers) else own

    def place(self, iri: str) -> list[int]:
        """Return what a part is put in order by: the numbers of what it is part of, and its own."""
        return [int(each) for each in map(self._order, reversed(self._chain(iri))) if each.isdigit()]

    def head(self, iri: str) -> str:
        """Return the part that an activity belongs to and that is none itself; nothing where there is none."""
        return next((each for each in self._chain(iri)[1:] if not self._is_activity(each)), "")

    def _chain(self, iri: str) -> list[str]:
        """Return a part and what it is part of, and so on; each once, for a circle is no order."""
        made = [iri]
        while (above := self._above(about(self._stated, pyoxigraph.NamedNode(made[-1])))) and above not in made:
            made.append(above)
        return made

    def _order(self, iri: str) -> str:
        return text(about(self._stated, pyoxigraph.NamedNode(iri)).get("order", []))

    @staticmethod
    def _above(told: Mapping[str, list[Value]]) -> str:
        found = (*told.get("partOf", []), *told.get("contributesTo", []))
        return next((each.value for each in found if isinstance(each, pyoxigraph.NamedNode)), "")

    def _is_activity(self, iri: str) -> bool:
        kinds = about(self._stated, pyoxigraph.NamedNode(iri)).get("type", []) if iri else []
        return any(slug(each.value) == "PlannedActivity" for each in kinds if hasattr(each, "value"))

    def _bodies(self, rows: Sequence[Row]) -> list[Said]:
        """Return bodies in their role, each with those through which it acts."""
        acting = self._context.gathered.by("network", "element")
        made = {}
        for row in rows:
            given = said(self._context, str(row["value"]), self._path)
            through = [
                self._context.called(str(each["body"])).words
                for each in acting.get(str(row["part"]), [])
                if each["role"] == "acts for another" and each["body"]
            ]
            words = f"{given.words} ({', '.join(through)})" if through else given.words
            made[str(row["value"])] = given._replace(words=words)
        return list(made.values())

    def _measured(self, indicator: Value) -> str:
        """Return an indicator with its target in words."""
        if not isinstance(indicator, (pyoxigraph.NamedNode, pyoxigraph.BlankNode)):
            return text([indicator])
        told = about(self._stated, indicator)
        words = text(told.get("label", [])) or text(told.get("prefLabel", []))
        if isinstance(indicator, pyoxigraph.NamedNode):
            words = self._context.called(indicator.value).words
        return ": ".join(filter(None, [words, *self.targets(told)]))

    def targets(self, told: Mapping[str, list[Value]]) -> list[str]:
        """Return the value that an indicator starts from and those that it is to reach, in words."""
        made = []
        for name, words in (("hasBaseline", "{value} in {day}"), ("hasTarget", "{value} by {day}")):
            for each in told.get(name, []):
                target = about(self._stated, each) if isinstance(each, pyoxigraph.BlankNode) else {}
                least, most = text(target.get("minValue", [])), text(target.get("maxValue", []))
                value = f"at least {least}" if least else f"at most {most}" if most else text(target.get("value", []))
                value = " ".join(filter(None, [value, text(told.get("unit", []))]))
                when = day(text(target.get("date", [])))
                made += [words.format(value=value, day=when) if when else value] if value else []
        return made


def sources_of(context: PageContext, iri: str, path: str) -> list[dict[str, Any]]:
    """Return what each source shows of a document, numbered from 1, those that show more of it first."""
    made = []
    read = sorted(context.readings.of_document.get(iri, []), key=lambda each: -bars(each.extent))
    for number, each in enumerate(read, 1):
        found = context.details.get(each.source, {})
        address = next(filter(None, (link(url, path) for url in each.addresses)), "")
        archived = next(filter(None, (link(url, path) for url in found.get("archive", []))), "")
        kinds = [context.name(kind) for kind in each.kinds[:1]]
        made.append(
            {"number": number, "iri": each.source, "name": context.name(each.source), "address": address}
            | {"href": context.shown(each.source, path), "host": urlsplit(address).netloc.removeprefix("www.")}
            | {"kinds": kinds, "bars": bars(each.extent), "extent": depth(context.kg, each.extent), "day": each.day}
            | {"lists": [context.name(listed) for listed in each.lists], "archived": archived}
            | {"note": next(iter(found.get("note", [])), ""), "language": next(iter(found.get("language", [])), "")}
            | {"gone": next(iter(found.get("gone", [])), "")}
        )
    return made


def parts_of(context: PageContext, stated: Descriptions, iri: str, path: str, cited: Any) -> dict[str, list[Part]]:
    """Return the parts of a document by the last part of their class, in the order of the plan."""
    made: dict[str, list[Part]] = {}
    sheet = Sheet(context, stated, path)
    for subject in stated.subjects:
        if subject.value.startswith(f"{iri}/") and not anchor(subject.value):
            told = about(stated, subject)
            kind = next((slug(each.value) for each in told.get("type", []) if hasattr(each, "value")), "")
            name = context.called(subject.value)
            if kind == "Indicator":
                reach = sheet.targets(told)
                name = name._replace(words=": ".join([name.words, *reach]))
            if kind == "Budget":
                money = [amount(row) for row in context.gathered.by("money", "element").get(subject.value, [])]
                words = [*dict.fromkeys(money), *([name.words] if name.origin != "none" else [])]
                name = Name(
                    ": ".join(words) or name.words, "ours" if name.origin == "ours" else "", name.printed, name.language
                )
            counted, note = counted_as(context, subject.value, path), text(told.get("comment", []))
            made.setdefault(kind, []).append(Part(subject.value, name, note, counted, cited(told.get("evidence", []))))
    for parts in made.values():
        parts.sort(key=lambda each: sheet.place(each.iri))
    return made
