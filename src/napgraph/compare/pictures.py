"""What is drawn beside the tables of analyses, and six questions that people ask, each answered in a sentence."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..charts import Look
from ..project import findings
from ..project.language import counted
from ..query.session import Session
from ..rdf.namespaces import BASE
from ..tables.columns import Column
from ..tables.table import Table
from .analysis import Row, View, code_of, short_iri
from .lists import Network
from .matrix import SAYING, Comparison
from .overview import amount, years
from .topics import Gathered

_SPAN = 5  # years
_ROLES = ("coordinates", "answers for the whole", "chairs")  # the first that a document names counts
_VALUES = {"yes": "in-force", "possible": "open", "no": "ended"}


def look(kg: Session, order: str = "value", **given: Any) -> Look:
    """Return how a figure of the graph looks: with the names of jurisdictions, years of documents, and their order."""
    years, ranks = dict[str, str](), dict[str, int]()
    for row in sorted(kg.query("in-force", answer=list(_VALUES)), key=_begin):
        ends = dict.fromkeys(str(row[name] or "…")[:4] for name in ("start", "end"))
        years[short_iri(row["document"])] = "–".join(ends) if len(ends) > 1 else next(iter(ends)).strip("…")
        ranks.setdefault(code_of(row), int(_begin(row)[:4]))
    if order == "region":
        ranks = {str(row["code"]): int(str(row["order"])) for row in kg.query("regions")}
    return Look(order=order, ranks=ranks, names=kg.names, years=years, **given)


def running(kg: Session, view: View, day: str) -> Table:
    """Return a row per jurisdiction: whether a plan runs on ``day`` (YYYY-MM-DD), by the saved query ``in-force``.

    The value is that of a plan that runs, or else of the one that begins last.
    """
    found: dict[str, Row] = {}
    asked = kg.query("in-force", date=day, answer=list(_VALUES), **view.asked)
    rows = [row for row in asked if str(row["document"]) not in view.left_out]
    for row in sorted(rows, key=lambda row: (row["answer"] == "yes", _begin(row))):
        over = row["answer"] == "possible" and row["end"] and str(row["end"]) < day[: len(str(row["end"]))]
        period = f"{row['title']} ({row['start'] or '…'} – {row['end'] or '…'})"
        value = "ended" if over else _VALUES[str(row["answer"])]
        found[code_of(row)] = {"value": value, "phrase": period, "evidence": row["evidence"]}
    places = {each.country: None for iri, each in view.documents.items() if iri not in view.left_out}
    none: Row = {"value": "undated", "phrase": None, "evidence": None}
    names: dict[str, Row] = {code: {"country": code, "name": kg.names.get(code, code)} for code in places}
    told = [name | found.get(code, none) for code, name in names.items()]
    title, columns = kg.say("Plans by their stated period, on {day}", day=day), ("country", "name", *none)
    parameters = {"date": day, **view.told}
    return kg.table(columns, told, title, queries=("in-force", "levels-and-statuses"), parameters=parameters)


def _begin(row: Row) -> str:
    return str(row["start"] or row["end"] or "9999")


def by_start(kg: Session, compared: Comparison) -> Table:
    """Return how many of the plans that start in a span of five years name each concept: ``some`` of ``all``.

    ``compared`` is by document. Of ``all`` it can be told: their source was looked through for the concept. A last span
    of less than five years is part of the one before.
    """
    dated = kg.query("in-force", answer=list(_VALUES))
    starts = {row["document"]: int(_begin(row)[:4]) for row in dated if row["start"]}
    plans = [(each.key, starts[each.iri]) for each in compared.subjects if each.iri in starts]
    plans = [(key, start) for key, start in plans if compared.left_out(key) is None]
    last, rows = max((year for _, year in plans), default=0), list[Row]()
    until = last - last % _SPAN - (_SPAN if last % _SPAN < _SPAN - 1 else 0)
    spans = {key: min(year - year % _SPAN, until) for key, year in plans}
    for concept in compared.spoken():
        values = [(spans[key], compared.value(key, concept.code).name) for key, _ in plans]
        for first in sorted(set(spans.values())):
            told = [value in SAYING for start, value in values if start == first and value != "not-assessed"]
            row: Row = {"concept": concept.code, "label": concept.label, "start": first}
            row["end"] = min(first + _SPAN - 1, last) if first < until else last
            rows.append(row | {"some": sum(told), "all": len(told)})
    numbers = [Column(name, "integer") for name in ("start", "end", "some", "all")]
    title, asked = kg.say("Plans that name each concept, by the year in which they start"), {"match": compared.match}
    queries = compared.axis, "in-force"
    return kg.table(["concept", "label", *numbers], rows, title, queries=queries, parameters=asked)


def coordinators(kg: Session, network: Network) -> Table:
    """Return a row per jurisdiction: the body that coordinates its latest document of which a source names one."""
    order = {iri: place for place, iri in enumerate(network.view.documents)}
    roles = {kg.say(role): place for place, role in enumerate(_ROLES)}
    named = [row for row in network.table().rows if row["role"] in roles and row["body_class"]]
    named.sort(key=lambda row: (order.get(f"{BASE}id/{row['document']}", -1), -roles[str(row["role"])]))
    found = {str(row["country"]): row | {"kind": row["body_class"], "body": row["body_name"]} for row in named}
    columns, rows = ("country", "name", "kind", "body", "role", "document", "evidence"), list[Row]()
    for code in dict.fromkeys(each.country for each in network.view.documents.values()):
        name: Row = {"country": code, "name": kg.names.get(code, code)}
        rows.append({**dict.fromkeys(columns), **found.get(code, {}), **name})
    title, asked = kg.say("Who coordinates the plans?"), network.view.told
    return kg.table(columns, rows, title, queries=("network",), parameters=asked)


_NAMED = 4  # countries in a sentence; the others are counted


def asked(gathered: Gathered, country: Sequence[str], ended: Mapping[str, str], day: str) -> list[dict[str, str]]:
    """Return the questions that have an answer of the jurisdictions ``country`` (alpha-3 codes).

    Keys: ``words``, ``answer``, the saved ``query`` that gives it, and the ``page`` of the site that tells more.
    ``ended`` holds the last day of the plan that ran last, of those where none runs on ``day`` (both YYYY-MM-DD).
    """
    told, first = _Told(gathered, country), "Which plans grant victims a reflection period, and on what terms?"
    found = (
        (first, told.victims(), "victim-support", "theme/residence-status/"),
        ("Who coordinates the plans?", told.leaders(), "network", "bodies/"),
        ("Which plans come with money?", told.money(), "money", "query/money/"),
        ("Which plans say how an activity is measured?", told.measured(), "action-sheet", "query/action-sheet/"),
        ("Which themes do later plans name more often?", told.spread(), "pillars", "compare/pillars/"),
        ("Where did a plan end, and no later one is recorded?", told.over(ended, day), "in-force", "countries/years/"),
    )
    return [dict(zip(("words", "answer", "query", "page"), each, strict=True)) for each in found if each[1]]


class _Told:
    """The answers, each "" where there is none."""

    def __init__(self, gathered: Gathered, country: Sequence[str]) -> None:
        self._gathered, self._kg, self._country = gathered, gathered.kg, country
        self._plans = {str(row["document"]): row for code in country for row in gathered.overview.plans.get(code, [])}

    def _rows(self, query: str) -> Iterator[Row]:
        """Yield the rows of a saved query about plans, those of the plans that begin last first."""
        found = [row for code in self._country for row in self._gathered.rows(query, code)]
        found = [row for row in found if str(row["document"]) in self._plans]
        yield from sorted(found, key=lambda row: str(self._plans[str(row["document"])]["start"] or ""), reverse=True)

    def _counted(self, rows: Sequence[Row]) -> dict[str, str]:
        """Return how many plans rows are about, and of how many countries."""
        of, plans, places = self._kg.language, {row["document"] for row in rows}, {row["country"] for row in rows}
        return {
            "plans": counted(of, len(plans), "{count} plan", "{count} plans"),
            "countries": counted(of, len(places), "{count} country", "{count} countries"),
        }

    def _plan(self, row: Row) -> dict[str, str]:
        """Return the country of a row and the years of its plan."""
        plan = self._plans[str(row["document"])]
        return {"country": self._kg.names[code_of(row)], "years": years(self._kg, plan["start"], plan["end"])}

    def victims(self) -> str:
        """Return how many plans name residence or a reflection period, and the terms of one."""
        rows = [row for row in self._rows("victim-support") if str(row["theme"]).endswith("/residence-status")]
        sentence = "{plans} of {countries} name a reflection period or residence."
        told = [self._kg.say(sentence, **self._counted(rows))] if rows else []
        for terms in [row for row in rows if row["condition"]][:1]:
            condition = str(terms["condition"]).rstrip(".")
            given = {"condition": condition[:1].lower() + condition[1:], **self._plan(terms)}
            told.append(self._kg.say("{country}, {years}: {condition}.", **given))
        return " ".join(told)

    def leaders(self) -> str:
        """Return which kind of body coordinates most often."""
        rows = coordinators(self._kg, Network(self._kg, self._gathered.view)).rows
        counts = Counter(str(row["kind"]) for row in rows if row["kind"] and row["country"] in self._country)
        return f"{found}." if (found := findings.leader(self._kg.language, counts)) else ""

    def money(self) -> str:
        """Return how many plans name a sum, and the sum of the one that began last."""
        rows = [*self._rows("money")]
        if not rows:
            return ""
        told = self._kg.say("{plans} of {countries} name a sum.", **self._counted(rows))
        same = [row for row in rows if row["document"] == rows[0]["document"]]
        most = max(same, key=lambda row: float(str(row["value"] or row["most"] or row["least"] or 0)))
        latest = "Of the plan that began last, {country}, {years}, the largest is {sum}."
        return f"{told} {self._kg.say(latest, sum=amount(most), **self._plan(most))}"

    def measured(self) -> str:
        """Return in how many plans an activity has an indicator, and of which countries the latest are."""
        sheet = (row for row in self._rows("action-sheet") if row["aspect"] == "is measured by")
        rows = [row for row in sheet if row["answer"] == "stated"]
        if not rows:
            return ""
        names = [*dict.fromkeys(self._kg.names[code_of(row)] for row in rows)]
        more = self._kg.say(" and {count} more", count=len(names) - _NAMED) if len(names) > _NAMED + 1 else ""
        named = ", ".join(names[:_NAMED] if more else names) + more
        sentence = "{plans} of {countries} give an indicator for an activity: {named}."
        return self._kg.say(sentence, named=named, **self._counted(rows))

    def spread(self) -> str:
        """Return which theme a larger share of plans names lately."""
        compared = self._gathered.overview.compared
        if "pillars" not in compared:
            return ""
        changes, year = findings.changes(by_start(self._kg, compared["pillars"]).rows)
        return f"{found}." if (found := findings.spread(self._kg.language, changes, year)) else ""

    def over(self, ended: Mapping[str, str], day: str) -> str:
        """Return in how many countries the period of the plan recorded last is over, and where that was lately."""
        past = {code: end for code, end in ended.items() if end < day[: len(end)]}
        if not past:
            return ""
        last = max(past, key=lambda code: (past[code], self._kg.names[code]))
        sentence = "In {number} of {countries} the last recorded plan has run out, most recently in {name}, in {year}."
        countries = counted(self._kg.language, len(self._country), "{count} country", "{count} countries")
        where = {"name": self._kg.names[last], "year": past[last][:4]}
        return self._kg.say(sentence, number=len(past), countries=countries, **where)
