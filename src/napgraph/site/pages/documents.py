"""The page of a document as a working list: at a glance, all activities, what it does not say, its sources."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import pyoxigraph

from ...compare.analysis import Row, short_iri
from ...compare.matrix import SAYING, VALUES
from ...compare.overview import amount, years
from ...rdf.descriptions import Descriptions, Value
from ...rdf.namespaces import slug
from ..context import PageContext, Said
from .sheets import PARTS, Activity, Sheet, about, day, parts_of, said, sources_of, text

_ELSEWHERE = {"PlannedActivity", "Indicator", "Result", "Finding", "Recommendation", "PolicyEvent", "CoverageStatement"}
_RELATED = {
    "implements": "Carries out",
    "alignedWith": "In line with",
    "legalBasis": "Rests on",
    "supersedes": "Replaces",
    "draftOf": "Draft of",
    "reportsOn": "Reports on",
    "relation": "See also",
    "attributedTo": "By",
}
_ROLES = {"leads", "supports", "acts for another", "is the parent body"}
_SHAPES = (("leads", "lead"), ("is due", "deadline"), ("has means", "money"), ("is measured by", "indicator"))
_FEATURES = {"leads": "responsibilities", "is due": "timelines", "is measured by": "activity-indicators"}
_FEW, _MOST, _LEAST, _LEAD = (
    5,
    8,
    10,
    3,
)  # up to 8 bars; a chart needs 5 activities; its finding is a title where one of 10 leads by 3


class Chart(NamedTuple):
    """A small chart: its finding, what is drawn, and a row for each bar: words, share in hundredths, number, state."""

    title: str
    told: str
    rows: list[tuple[str, float, str, str]]


def _leads(activities: Sequence[Activity]) -> Chart | None:
    """Return who leads how many activities, where enough name somebody."""
    found = Counter(each.words.partition(" (")[0] for activity in activities for each in activity.leads)
    if len([each for each in activities if each.leads]) < _FEW or len(found) == 1:
        return None
    ranked = found.most_common()
    (first, most), (_, second), number = ranked[0], ranked[1], len(activities)
    clear = number >= _LEAST and most - second >= _LEAD
    shown = ranked[:_MOST]
    return Chart(
        f"{first} leads {most} of {number} activities" if clear else "Who leads",
        "Activities by lead; some have several."
        + (f" {len(ranked) - len(shown)} more bodies lead some." if len(ranked) > len(shown) else ""),
        [(body, 100 * some / most, str(some), "whole") for body, some in shown],
    )


def _deadlines(activities: Sequence[Activity]) -> Chart | None:
    """Return how many activities are due on each day, or in each year where there are many days."""
    days = [activity.days[-1] for activity in activities if activity.days]
    if len(days) < _FEW:
        return None
    unit, cut = ("day", len("2027-12-31")) if len({*days}) <= _MOST else ("year", len("2027"))
    found, today = sorted(Counter(each[:cut] for each in days).items()), date.today().isoformat()
    last, most = found[-1], max(some for _, some in found)
    others = max((some for _, some in found[:-1]), default=0)
    clear = len(days) >= _LEAST and last[1] - others >= _LEAD and len(found) > 1
    return Chart(
        f"{last[1]} of {len(days)} deadlines fall on the last {unit}" if clear else "Deadlines",
        "Activities by deadline; light where it is past, which says nothing of whether it was met.",
        [
            (day(each), 100 * some / most, str(some), "open" if each < today[: len(each)] else "whole")
            for each, some in found
        ],
    )


def _money(context: PageContext, rows: Sequence[Row], iri: str) -> tuple[Chart | None, list[str]]:
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
    ranked = sorted(parts.items(), key=lambda each: -each[1])
    most = ranked[0][1]
    drawn = [(words, 100 * some / most, f"{some:,.0f}", "whole") for (words, _), some in ranked[:_MOST]]
    told = f"{currencies.pop()}, as the sources name it; nothing is added up."
    return Chart(f"Money for {len(parts)} parts", told, drawn), [*whole]


def _events(context: PageContext, stated: Descriptions, iri: str, cited: Any) -> list[tuple[str, str, list[int]]]:
    """Return what was done to a document, when and by whom, in the order of time."""
    made = []
    for each in about(stated, pyoxigraph.NamedNode(iri)).get("hasEvent", []):
        if not isinstance(each, pyoxigraph.NamedNode):
            continue
        told = about(stated, each)
        acts = [context.name(act.value) for act in told.get("actType", []) if isinstance(act, pyoxigraph.NamedNode)]
        doers = [by.value for by in told.get("performedBy", []) if isinstance(by, pyoxigraph.NamedNode)]
        laws = [about(stated, law) for law in told.get("effectedBy", []) if isinstance(law, pyoxigraph.BlankNode)]
        numbers = [f"No. {text(law['number'])}" for law in laws if "number" in law]
        when, verb = day(text(told.get("date", []))), text(told.get("sourceVerb", []))
        by = f"by {' and '.join(context.called(doer).words for doer in doers)}" if doers else ""
        words = ", ".join(
            filter(None, [" ".join(filter(None, [when, by])), *numbers, text(told.get("publishedIn", []))])
        )
        made.append((text(told.get("date", [])), acts, verb, words, cited(told.get("evidence", []))))
    made.sort(key=lambda each: each[0] or "9")
    return [
        ((acts[0] if acts else "Done").capitalize(), words or (f"“{verb}”" if verb else "no date stated"), numbers)
        for _, acts, verb, words, numbers in made
    ]


def page(context: PageContext, stated: Descriptions, iri: str, path: str) -> dict[str, Any]:
    """Return what the template of a document's page shows."""
    kg, overview, code = context.kg, context.gathered.overview, short_iri(iri).partition("/")[0].upper()
    sources = sources_of(context, iri, path)
    numbers = {each["iri"]: each["number"] for each in sources}

    def cited(evidence: Iterable[object]) -> list[int]:
        iris = (str(getattr(each, "value", each)) for each in evidence)
        return sorted({numbers.get(context.gathered.source_of.get(each, each), 0) for each in iris} - {0})

    told, sheet = about(stated, pyoxigraph.NamedNode(iri)), Sheet(context, stated, path)
    parts = parts_of(context, stated, iri, path, cited)
    activities = [sheet.of(each.iri) for each in parts.get("PlannedActivity", [])]
    lines = [each for each in activities if not each.has_parts]
    by_head: dict[str, list[Activity]] = {each.iri: [] for each in parts.get("Pillar", [])}
    for each in activities:
        by_head.setdefault(sheet.head(each.iri), []).append(each)
    plan = next((row for row in overview.plans.get(code, []) if str(row["document"]) == iri), None)
    span = years(kg, plan["start"], plan["end"]) if plan else ""
    pillars = parts.pop("Pillar", [])
    parts = {"Pillar": [each for each in pillars if not by_head[each.iri]], **parts}
    kind = context.name(str(overview.documents[iri][0]["type"])) if iri in overview.documents else "document"
    money, sums = _money(context, [row for row in context.gathered.rows("money", code) if row["document"] == iri], iri)
    counts = [row for row in context.gathered.rows("measure-counts", code) if row["document"] == iri]
    stated_counts = sorted({int(str(row["stated"])) for row in counts if row["stated"] is not None})
    goals = parts.get("StrategicGoal", [])
    terms = (text(about(stated, pyoxigraph.NamedNode(each.iri)).get("termInSource", [])) for each in pillars)
    term = next(filter(None, terms), "")
    figures = [(str(len(pillars)), f"pillars{f' (“{term}”)' if term else ''}")] if pillars else []
    figures += [(" or ".join(map(str, stated_counts)), "measures, by the source’s own count")] if stated_counts else []
    figures += [(str(len(lines)), "activities known" if len(lines) != 1 else "activity known")] if lines else []
    figures += [(sums[0], "named for all of it")] if len(sums) == 1 else []
    figures += [(str(len(sources)), "sources tell of it" if len(sources) != 1 else "source tells of it")]
    return {
        "iri": iri,
        "called": context.called(iri),
        "kind": kind.lower(),
        "state": {"yes": "In force", "possible": "Possibly in force"}.get(str(plan["answer"]) if plan else "", ""),
        "unsettled": context.gathered.view.unsettled.get(iri, ""),
        "span": span,
        "aim": goals[0] if len(goals) == 1 else None,
        "note": text(told.get("comment", [])),
        "description": _sentence(kind, kg.names[code], span, figures),
        "sources": sources,
        "figures": figures,
        "events": _events(context, stated, iri, cited),
        "roles": _roles(context, code, iri, path, cited),
        "related": _related(context, stated, told, path),
        "charts": [each for each in (_leads(lines), _deadlines(lines), money) if each],
        "activities": sorted(((head, each) for head, each in by_head.items() if each), key=lambda each: not each[0]),
        "lines": lines,
        "known_of": max(stated_counts, default=0),
        "filters": _filters(lines) if len(lines) >= _FEW else [],
        "all_parts": parts,
        "listed_parts": {name: parts[name] for name in PARTS if parts.get(name) and name not in _ELSEWHERE},
        "headings": PARTS,
        "silent": _silent(context, iri, lines),
        "columns": {
            name for name in ("leads", "measured", "due", "money") if any(getattr(each, name) for each in lines)
        },
        "lacking": _lacking(lines, {each.iri: each for each in activities}),
        "values": VALUES,
        "lead_key": lead_key,
    }


def _sentence(kind: str, country: str, span: str, figures: Sequence[tuple[str, str]]) -> str:
    named = f"{country}: {kind.lower()}{f', {span}' if span else ''}"
    return f"{named}. {'; '.join(f'{number} {words}' for number, words in figures)}."


def _roles(context: PageContext, code: str, iri: str, path: str, cited: Any) -> list[tuple[str, list[Said], list[int]]]:
    """Return who does what for a document as a whole: the role, the bodies, and the sources."""
    found: dict[str, dict[str, list[Row]]] = {}
    for row in context.gathered.rows("network", code):
        if row["document"] == iri and not row["act"] and row["role"] not in _ROLES:
            found.setdefault(str(row["role"]), {}).setdefault(str(row["body"] or row["type"]), []).append(row)
    return [
        (
            role.capitalize(),
            [said(context, each, path) for each in bodies],
            cited(row["evidence"] for rows in bodies.values() for row in rows),
        )
        for role, bodies in found.items()
    ]


def _related(
    context: PageContext, stated: Descriptions, told: Mapping[str, list[Value]], path: str
) -> list[tuple[str, list[Said]]]:
    """Return the works that a document carries out, rests on, replaces or reports on."""
    made = []
    for name, words in _RELATED.items():
        listed = [
            said(context, each.value, path) for each in told.get(name, []) if isinstance(each, pyoxigraph.NamedNode)
        ]
        inside = (about(stated, each) for each in told.get(name, []) if isinstance(each, pyoxigraph.BlankNode))
        for law in inside:
            called = text(law.get("title", [])) or text(law.get("label", []))
            listed.append(
                Said(" ".join(filter(None, [called, f"No. {text(law['number'])}" if "number" in law else ""])))
            )
        made += [(words, [each for each in listed if each.words])] if any(each.words for each in listed) else []
    return made


def lead_key(lead: Said) -> str:
    """Return the word by which a lead is chosen in the address of a page."""
    return slug(lead.href.rstrip("/")) if lead.href else lead.words.partition(" (")[0].replace(" ", "-")


def _filters(lines: Sequence[Activity]) -> list[tuple[str, str, list[tuple[str, str, int]]]]:
    """Return by what activities can be chosen: the name of the choice, its words, and the values with their counts."""
    leads = Counter((lead_key(each), each.words.partition(" (")[0]) for line in lines for each in line.leads)
    days = Counter((each, day(each)) for line in lines for each in line.days)
    themes = Counter(each for line in lines for each in line.themes)
    made = [
        ("lead", "Lead", leads.most_common()),
        ("due", "Deadline", sorted(days.items())),
        ("theme", "Theme", themes.most_common()),
    ]
    return [
        (name, words, [(*value, number) for value, number in values]) for name, words, values in made if len(values) > 1
    ]


def _silent(context: PageContext, iri: str, lines: Sequence[Activity]) -> dict[str, list[str]]:
    """Return the features of which the sources of a document say nothing, by the value of the cell.

    Features that activities show are left out: a part of an activity does not count for the cell.
    """
    shown = {feature for each in lines for aspect, feature in _FEATURES.items() if aspect in each.stated}
    found, made = context.gathered.overview.compared.get("features"), dict[str, list[str]]()
    for concept in found.concepts if found and short_iri(iri) in {each.key for each in found.subjects} else ():
        value = found.value(short_iri(iri), concept.code)  # type: ignore[union-attr]
        if value.name not in SAYING and concept.code not in shown:
            made.setdefault(value.name, []).append(concept.label)
    return {name: made[name] for name in VALUES if name in made}


def _lacking(lines: Sequence[Activity], known: Mapping[str, Activity]) -> list[tuple[str, int, int, str]]:
    """Return what is not stated of how many activities, and the value of the silence, of a part that of the whole."""
    made = []
    for aspect, words in _SHAPES:
        silent = (each for each in lines if aspect not in each.stated)
        answers = Counter(
            each.silent.get(aspect, known.get(each.above, each).silent.get(aspect, "")) for each in silent
        )
        made += [(words, some, len(lines), answer) for answer, some in answers.items() if answer in VALUES]
    return made
