"""Six questions that people ask, each with an answer in a sentence from saved queries; one without rows is left out."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ..project import findings
from ..project.language import counted
from .analysis import Row, code_of
from .lists import Network
from .overview import amount, years
from .pictures import by_start, coordinators
from .topics import Gathered

_NAMED = 4  # countries in a sentence; the others are counted


class Question(NamedTuple):
    """A question, its answer, the saved query that gives it, and the page of the site that tells more."""

    words: str
    answer: str
    query: str
    page: str


def asked(gathered: Gathered, country: Sequence[str], ended: Mapping[str, str], day: str) -> list[Question]:
    """Return the questions that have an answer of the jurisdictions ``country`` (alpha-3 codes).

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
    return [Question(*each) for each in found if each[1]]


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
