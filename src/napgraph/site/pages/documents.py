"""The pages of documents as working lists, and of their parts and of bodies: what it is, who, when, money, words."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import takewhile
from operator import itemgetter
from types import SimpleNamespace
from typing import Any

import pyoxigraph

from ...compare.analysis import Row, short_iri
from ...compare.matrix import SAYING, VALUES
from ...compare.overview import amount, years
from ...rdf.descriptions import Descriptions, Node, Value
from ...rdf.namespaces import slug
from ...tables.columns import grouped
from ..addresses import anchor, link
from ..context import PageContext, Said

MATCHES = {"exactMatch": "exact", "closeMatch": "close", "broadMatch": "in part"}
_OTHERS = {"groups": "group", "forms": "form"}
_ROLES = {"leads", "supports", "acts for another", "is the parent body"}
_SHAPES = {"leads": "lead", "is due": "deadline", "has means": "money", "is measured by": "indicator"}
_FEATURES = {"leads": "responsibilities", "is due": "timelines", "is measured by": "activity-indicators"}
_WHEN = {"starts": "from {}", "is due": "{}", "is due within": "within {}", "is timed": "{}", "lasts": "for {}"}
_WHEN |= {"is repeated every": "every {}", "is printed as": "{} (as printed)"}
_TOLD = {
    *("type", "evidence", "order", "label", "prefLabel", "altLabel", "title", "comment", "partOf", "conformsTo"),
    *("about", "aboutExactly", "aboutBroadly", "examinedFor", "sourceExtent", "readingOf", "coverageOf", "notStated"),
    *("termInSource", "mappingReason", "classification", "condition"),
}
"""What stands on a page in words of its own, or only among its data."""
_OF_ACTIVITIES = {"leadBody", "supportingBody", "hasResponsibility", "hasIndicator", "period", "recurrence"}
_OF_ACTIVITIES |= {"hasResourcePlan"}
_COLUMNS = ("leads", "measured", "due", "money")
_MOST, _FEW = 8, 5  # bars of a chart, and activities that it needs
_LEAST, _LEAD = 10, 3  # the finding of a chart is its title where one of so many leads by so much
_Chart = tuple[str, str, list[tuple[str, float, str, str]]]
"""A small chart: its finding, what is drawn, and a row for each bar: words, share in hundredths, number, state."""
_About = dict[str, list[Value]]


def when(value: object) -> str:
    """Return a year, a month, a day or a length of time as people write it."""
    if found := re.fullmatch(r"P(\d+)([YMD])", str(value)):
        unit = {"Y": "year", "M": "month", "D": "day"}[found[2]]
        return unit if found[1] == "1" else f"{found[1]} {unit}s"
    if found := re.match(r"(\d{4})-(\d\d)(?:-(\d\d))?", str(value)):
        written = f"{date(int(found[1]), int(found[2]), 1):%B %Y}"
        return f"{int(found[3])} {written}" if found[3] else written
    return str(value)


def about(stated: Descriptions, node: Node | str) -> _About:
    """Return what is stated of a resource by the last part of each property."""
    made: _About = defaultdict(list)
    for predicate, value in stated.of(pyoxigraph.NamedNode(node) if isinstance(node, str) else node):
        made[slug(predicate.value)].append(value)
    return made


def text(values: Iterable[Value]) -> str:
    """Return the first text among values, or nothing."""
    return next((value.value for value in values if isinstance(value, pyoxigraph.Literal)), "")


def iris(values: Iterable[Value]) -> list[str]:
    """Return the IRIs among values."""
    return [value.value for value in values if isinstance(value, pyoxigraph.NamedNode)]


def counted_as(context: PageContext, iri: str, path: str) -> list[tuple[str, str, str]]:
    """Return what the wording of a part is counted as: the concept, its page, and how near it is."""
    rows = context.rows("phrase-mappings", iri)
    near = {str(row["object_id"]): MATCHES.get(slug(str(row["predicate_id"])), "in part") for row in rows}
    for query, words in _OTHERS.items():
        rows = context.rows(query, iri) if query in context.kg.queries.names() else []
        near |= {str(row["concept"]): words for row in rows if row["concept"] and row["match"] != "under"}
    return [(context.name(each), link(each, path) or "", words) for each, words in near.items()]


class Sheet:
    """What ``stated`` describes, as the page at ``path`` shows it; ``numbers`` are those of the sources by IRI."""

    def __init__(
        self, context: PageContext, stated: Descriptions, path: str, numbers: Mapping[str, int] | None = None
    ) -> None:
        self._context, self._stated, self._path, self._numbers = context, stated, path, numbers or {}

    def about(self, node: Node | str) -> _About:
        """Return what is stated of a resource by the last part of each property."""
        return about(self._stated, node)

    def inside(self, values: Iterable[Value]) -> list[_About]:
        """Return what is stated of the nameless resources among values."""
        return [self.about(each) for each in values if isinstance(each, pyoxigraph.BlankNode)]

    def cited(self, evidence: Iterable[object]) -> list[int]:
        """Return the numbers of the sources of passages."""
        passages = (str(getattr(each, "value", each)) for each in evidence)
        of = self._context.gathered.source_of
        return sorted({self._numbers.get(of.get(each, each), 0) for each in passages} - {0})

    def of(self, iri: str) -> Any:
        """Return an activity as a line of a table; ``iri`` may be any part, of which there is less to say.

        ``stated`` are the aspects that are told of it, ``silent`` the answers of the others.
        """
        context, told = self._context, self.about(iri)
        rows = grouped(context.rows("action-sheet", iri), "aspect")
        stated = {aspect: [row for row in each if row["answer"] == "stated"] for aspect, each in rows.items()}
        due = [
            form.format(str(row["words"] or row["value"]).lower() if aspect == "is timed" else when(row["value"]))
            for aspect, form in _WHEN.items()
            for row in stated.get(aspect, [])
        ]
        sums = (
            f"{row['words'] or ''} {float(str(row['value'])):,.0f}".strip()
            for row in stated.get("has means", [])
            if re.fullmatch(r"[\d.]+", str(row["value"]))
        )
        themes = context.rows("phrase-mappings", iri)
        return SimpleNamespace(
            iri=iri,
            number=self.number(iri),
            name=context.called(iri),
            leads=self._bodies(stated.get("leads", [])),
            supports=self._bodies(stated.get("supports", [])),
            measured=[self._measured(each) for each in told["hasIndicator"]],
            due=list(dict.fromkeys(due)),
            days=sorted({str(row["value"]) for row in stated.get("is due", [])}),
            money=list(dict.fromkeys(sums)),
            themes=list(dict.fromkeys((slug(str(row["object_id"])), str(row["object_label"])) for row in themes)),
            terms=text(told["condition"]),
            has_parts=bool(context.leading(iri, "partOf")),
            above=next(iter(self._chain(iri)[1:]), ""),
            stated={aspect for aspect, each in stated.items() if each},
            silent={aspect: str(each[0]["answer"]) for aspect, each in rows.items() if not stated[aspect]},
        )

    def parts(self, iri: str) -> dict[str, list[Any]]:
        """Return the parts of a document by the last part of their class, in the order of the plan."""
        made, context = dict[str, list[Any]](), self._context
        for part in (each.value for each in self._stated.subjects):
            if not part.startswith(f"{iri}/") or anchor(part):
                continue
            told, name = self.about(part), context.called(part)
            kind = slug(next(iter(iris(told["type"])), ""))
            if kind == "Indicator":
                name = name._replace(words=": ".join([name.words, *self._targets(told)]))
            elif kind == "Budget":
                money = [*dict.fromkeys(amount(row) for row in context.gathered.by("money", "element").get(part, []))]
                words = ": ".join([*money, *([name.words] if name.origin != "none" else [])])
                name = name._replace(words=words or name.words, origin="ours" if name.origin == "ours" else "")
            counted, sources = counted_as(context, part, self._path), self.cited(told["evidence"])
            told_of = SimpleNamespace(iri=part, name=name, note=text(told["comment"]), counted=counted, sources=sources)
            made.setdefault(kind, []).append(told_of)
        for parts in made.values():
            parts.sort(key=lambda each: self.place(each.iri))
        return made

    def number(self, iri: str) -> str:
        """Return the number of a part in the order of its document, after that of the activity that it is part of."""
        above = [*takewhile(self._is_activity, self._chain(iri)[1:])]
        numbers = [self._order(each) for each in (*reversed(above), iri)]
        return ".".join(numbers) if all(numbers) else numbers[-1]

    def place(self, iri: str) -> list[int]:
        """Return what a part is put in order by: the numbers of what it is part of, and its own."""
        return [int(each) for each in map(self._order, reversed(self._chain(iri))) if each.isdigit()]

    def head(self, iri: str) -> str:
        """Return the part that an activity belongs to and that is none itself; nothing where there is none."""
        return next((each for each in self._chain(iri)[1:] if not self._is_activity(each)), "")

    def _chain(self, iri: str) -> list[str]:
        """Return a part and what it is part of, and so on; each once, for a circle is no order."""
        made = [iri]
        while told := self.about(made[-1]):
            above = next(iter(iris([*told["partOf"], *told["contributesTo"]])), iri)
            if above in made:
                break
            made.append(above)
        return made

    def _order(self, iri: str) -> str:
        return text(self.about(iri)["order"])

    def _is_activity(self, iri: str) -> bool:
        return "PlannedActivity" in map(slug, iris(self.about(iri)["type"]))

    def _bodies(self, rows: Sequence[Row]) -> list[Said]:
        """Return bodies in their role, each with those through which it acts."""
        acting, made = self._context.gathered.by("network", "element"), dict[str, Said]()
        for row in rows:
            body = self._context.said(str(row["value"]), self._path)
            others = (each for each in acting.get(str(row["part"]), []) if each["role"] == "acts for another")
            through = ", ".join(self._context.called(str(each["body"])).words for each in others if each["body"])
            made[str(row["value"])] = body._replace(words=f"{body.words} ({through})") if through else body
        return list(made.values())

    def _measured(self, indicator: Value) -> str:
        """Return an indicator with its target in words."""
        if not isinstance(indicator, (pyoxigraph.NamedNode, pyoxigraph.BlankNode)):
            return text([indicator])
        told, named = self.about(indicator), isinstance(indicator, pyoxigraph.NamedNode)
        words = text([*told["label"], *told["prefLabel"]])
        words = self._context.called(indicator.value).words if named else words
        return ": ".join(filter(None, [words, *self._targets(told)]))

    def _targets(self, told: _About) -> list[str]:
        """Return the value that an indicator starts from and those that it is to reach, in words."""
        made = []
        for name, words in (("hasBaseline", "{} in {}"), ("hasTarget", "{} by {}")):
            for target in self.inside(told[name]):
                least, most = text(target["minValue"]), text(target["maxValue"])
                value = f"at least {least}" if least else f"at most {most}" if most else text(target["value"])
                value = " ".join(filter(None, [value, text(told["unit"])]))
                day = when(text(target["date"]))
                made += [words.format(value, day) if day else value] if value else []
        return made


def _charts(lines: Sequence[Any]) -> list[_Chart]:
    """Return who leads how many activities, and how many are due on each day, or in each year where there are many."""
    made, today = list[_Chart](), date.today().isoformat()
    found = Counter(each.words.partition(" (")[0] for line in lines for each in line.leads)
    if len([each for each in lines if each.leads]) >= _FEW and len(found) > 1:
        ranked = found.most_common()
        (first, most), (_, second), more = ranked[0], ranked[1], len(ranked) - _MOST
        title = f"{first} leads {most} of {len(lines)} activities"
        told = "Activities by lead; some have several." + (f" {more} more bodies lead some." if more > 0 else "")
        rows = [(body, 100 * some / most, str(some), "whole") for body, some in ranked[:_MOST]]
        made.append((title if len(lines) >= _LEAST and most - second >= _LEAD else "Who leads", told, rows))
    days = [line.days[-1] for line in lines if line.days]
    if len(days) >= _FEW:
        unit, cut = ("day", len("2027-12-31")) if len({*days}) <= _MOST else ("year", len("2027"))
        *others, last = by_day = sorted(Counter(each[:cut] for each in days).items())
        clear = len(days) >= _LEAST and others and last[1] - max(some for _, some in others) >= _LEAD
        title = f"{last[1]} of {len(days)} deadlines fall on the last {unit}" if clear else "Deadlines"
        told = "Activities by deadline; light where it is past, which says nothing of whether it was met."
        most = max(some for _, some in by_day)
        past = {day: "open" if day < today[: len(day)] else "whole" for day, _ in by_day}
        made.append((title, told, [(when(day), 100 * some / most, str(some), past[day]) for day, some in by_day]))
    return made


def _money(context: PageContext, rows: Sequence[Row], iri: str) -> tuple[_Chart | None, list[str]]:
    """Return the sums of parts of a document, where several are in one currency, and those of all of it."""
    parts: dict[tuple[str, str], float] = {}
    whole: dict[str, None] = {}
    for row in rows:
        owner = str(row["element"]) if row["origin"] != "none" else str(row["element"]).rpartition("/")[0]
        if owner == iri or row["value"] is None:
            whole[amount(row)] = None
        else:
            parts[context.called(owner).words, str(row["currency"])] = float(str(row["value"]))
    currencies = {currency for _, currency in parts}
    if len(parts) == 1 or len(currencies) != 1:
        return None, [*whole]
    ranked = sorted(((some, words) for (words, _), some in parts.items()), key=lambda each: -each[0])[:_MOST]
    drawn = [(words, 100 * some / ranked[0][0], f"{some:,.0f}", "whole") for some, words in ranked]
    told = f"{currencies.pop()}, as the sources name it; nothing is added up."
    return (f"Money for {len(parts)} parts", told, drawn), [*whole]


def _events(context: PageContext, sheet: Sheet, iri: str) -> list[tuple[str, str, list[int]]]:
    """Return what was done to a document, when and by whom, in the order of time."""
    made = []
    for told in map(sheet.about, iris(sheet.about(iri)["hasEvent"])):
        day, verb = text(told["date"]), text(told["sourceVerb"])
        by = " and ".join(context.called(each).words for each in iris(told["performedBy"]))
        numbers = [f"No. {text(law['number'])}" for law in sheet.inside(told["effectedBy"]) if "number" in law]
        first = " ".join(filter(None, [when(day), f"by {by}" if by else ""]))
        words = ", ".join(filter(None, [first, *numbers, text(told["publishedIn"])]))
        act = next(map(context.name, iris(told["actType"])), "Done").capitalize()
        words = words or (f"“{verb}”" if verb else "no date stated")
        made.append((day or "9", (act, words, sheet.cited(told["evidence"]))))
    return [told for _, told in sorted(made, key=itemgetter(0))]


def page(context: PageContext, stated: Descriptions, iri: str, path: str) -> dict[str, Any]:
    """Return what the template of a document's page shows."""
    overview, code = context.gathered.overview, short_iri(iri).partition("/")[0].upper()
    read = sorted(context.of_document[iri], key=lambda each: -context.read(each["extent"])[0])
    sources = [
        context.source(each["source"], path)
        | {"number": number, "read": context.read(each["extent"]), "day": each["day"] or ""}
        | {"lists": [context.name(listed) for listed in each["lists"]]}
        for number, each in enumerate(read, 1)
    ]
    sheet = Sheet(context, stated, path, {each["iri"]: each["number"] for each in sources})
    told, parts = sheet.about(iri), sheet.parts(iri)
    activities = [sheet.of(each.iri) for each in parts.get("PlannedActivity", [])]
    lines = [each for each in activities if not each.has_parts]
    pillars = parts.pop("Pillar", [])
    by_head: dict[str, list[Any]] = {each.iri: [] for each in pillars}
    for each in activities:
        by_head.setdefault(sheet.head(each.iri), []).append(each)
    parts = {"Pillar": [each for each in pillars if not by_head[each.iri]], **parts}
    plan = next((row for row in overview.plans.get(code, []) if str(row["document"]) == iri), None)
    span = years(context.kg, plan["start"], plan["end"]) if plan else ""
    kind = context.name(str(overview.documents[iri][0]["type"])) if iri in overview.documents else "document"
    money, sums = _money(context, [row for row in context.gathered.rows("money", code) if row["document"] == iri], iri)
    counts = [row["stated"] for row in context.gathered.rows("measure-counts", code) if row["document"] == iri]
    stated_counts = sorted({int(str(each)) for each in counts if each is not None})
    term = next(filter(None, (text(sheet.about(each.iri)["termInSource"]) for each in pillars)), "")
    figures = [(str(len(pillars)), f"pillars{f' (“{term}”)' if term else ''}")] if pillars else []
    figures += [(" or ".join(map(str, stated_counts)), "measures, by the source’s own count")] if stated_counts else []
    figures += [(str(len(lines)), "activities known" if len(lines) != 1 else "activity known")] if lines else []
    figures += [(sums[0], "named for all of it")] if len(sums) == 1 else []
    figures += [(str(len(sources)), "sources tell of it" if len(sources) != 1 else "source tells of it")]
    named = f"{context.kg.names[code]}: {kind.lower()}{f', {span}' if span else ''}"
    roles = [
        row
        for row in context.gathered.rows("network", code)
        if row["document"] == iri and not row["act"] and row["role"] not in _ROLES
    ]
    # Features that activities show are no silence: a part of an activity does not count for the cell.
    shown = {feature for each in lines for aspect, feature in _FEATURES.items() if aspect in each.stated}
    found = overview.compared.get("features")
    compared = found.concepts if found and found.left_out(short_iri(iri)) is None else []
    silent = [(each, found.shown(iri, each.code)[0]) for each in compared] if found else []
    # What is silent of a part of an activity may be told of the activity.
    known = {each.iri: each for each in activities}
    lacking = Counter(
        (words, answer)
        for aspect, words in _SHAPES.items()
        for each in (each for each in lines if aspect not in each.stated)
        if (answer := each.silent.get(aspect, known.get(each.above, each).silent.get(aspect))) in VALUES
    )
    return {
        "kind": kind.lower(),
        "plan": plan,
        "span": span,
        "all_parts": parts,
        "note": text(told["comment"]),
        "description": f"{named}. {'; '.join(f'{number} {words}' for number, words in figures)}.",
        "sources": sources,
        "figures": figures,
        "events": _events(context, sheet, iri),
        "roles": [
            (
                role.capitalize(),
                [context.said(body, path) for body in dict.fromkeys(str(row["body"] or row["type"]) for row in rows)],
                sheet.cited(row["evidence"] for row in rows),
            )
            for role, rows in grouped(roles, "role").items()
        ],
        "related": _related(context, sheet, told, path),
        "charts": [*_charts(lines), *([money] if money else [])],
        "activities": sorted(((head, each) for head, each in by_head.items() if each), key=lambda each: not each[0]),
        "lines": lines,
        "known_of": max(stated_counts, default=0),
        "filters": _filters(lines) if len(lines) >= _FEW else [],
        "silent": [(each.label, name) for each, name in silent if name not in SAYING and each.code not in shown],
        "columns": {name for name in _COLUMNS if any(getattr(each, name) for each in lines)},
        "lacking": lacking,
        "lead_key": lead_key,
    }


def _related(context: PageContext, sheet: Sheet, told: _About, path: str) -> list[tuple[str, list[Said]]]:
    """Return the works that a document carries out, rests on, replaces or reports on."""
    made = []
    for name, words in context.words["related"]["en"].items():
        listed = [context.said(each, path) for each in iris(told[name])]
        for law in sheet.inside(told[name]):
            number = f"No. {text(law['number'])}" if "number" in law else ""
            listed.append(Said(" ".join(filter(None, [text(law["title"]) or text(law["label"]), number]))))
        made += [(words, listed)] if (listed := [each for each in listed if each.words]) else []
    return made


def lead_key(lead: Said) -> str:
    """Return the word by which a lead is chosen in the address of a page."""
    return slug(lead.href.rstrip("/")) if lead.href else lead.words.partition(" (")[0].replace(" ", "-")


def _filters(lines: Sequence[Any]) -> list[tuple[str, str, list[tuple[str, str, int]]]]:
    """Return by what activities can be chosen: the name of the choice, its words, and the values with their counts."""
    leads = Counter((lead_key(each), each.words.partition(" (")[0]) for line in lines for each in line.leads)
    days = Counter((each, when(each)) for line in lines for each in line.days)
    themes = Counter(each for line in lines for each in line.themes)
    made = (("lead", "Lead", leads.most_common()), ("due", "Deadline", sorted(days.items())))
    return [
        (name, words, [(*value, number) for value, number in values])
        for name, words, values in (*made, ("theme", "Theme", themes.most_common()))
        if len(values) > 1
    ]


def part(context: PageContext, stated: Descriptions, iri: str, path: str) -> dict[str, Any]:
    """Return what the template of the page of a part of a document, or of a body, shows."""
    sheet, document, source_of = Sheet(context, stated, path), context.document_of(iri), context.gathered.source_of
    told, activity = sheet.about(iri), sheet.of(iri)
    kinds, evidence = iris(told["type"]), iris(told["evidence"])
    is_activity = "PlannedActivity" in map(slug, kinds)
    inside = sorted(map(sheet.of, context.leading(iri, "partOf")), key=lambda each: sheet.place(each.iri))
    shown = (iris(told["classification"]) or kinds)[:1]
    without = _TOLD | (_OF_ACTIVITIES if is_activity else set())
    return {
        "kinds": [context.kind(each) for each in shown],
        "document": context.said(document, path) if document not in {"", iri} else None,
        "above": [context.said(each, path) for each in iris(told["partOf"])],
        "note": text(told["comment"]),
        "term": text(told["termInSource"]),
        "reason": text(told["mappingReason"]),
        "terms": activity.terms,
        "counted": counted_as(context, iri, path),
        "activity": activity if is_activity else None,
        "means": [note for each in sheet.inside(told["hasResourcePlan"]) if (note := text(each["comment"]))],
        "inside": inside,
        "rest": context.facts(pyoxigraph.NamedNode(iri), stated, path, without=without),
        "evidence": [
            (context.said(each, path), context.said(of, path) if (of := source_of.get(each, each)) != each else None)
            for each in evidence
        ],
        "roles": _duties(context, iri, path),
    }


def _duties(context: PageContext, iri: str, path: str) -> list[tuple[Said, list[tuple[str, list[Said]]]]]:
    """Return what a body does, by document and role: for which parts, or none where it is for all of it."""
    made = []
    for document, rows in grouped(context.rows("network", iri)).items():
        roles = []
        for role, same in grouped(rows, "role").items():
            parts = dict.fromkeys(str(row["element"]) for row in same if row["element"])
            owners = dict.fromkeys(each if context.shown(each, path) else each.rpartition("/")[0] for each in parts)
            roles.append((role, [context.said(each, path) for each in owners if each != document]))
        made.append((context.said(document, path), roles))
    return made
