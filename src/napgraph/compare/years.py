"""Plans in time: which are in force on a day, which share states a concept in a year, and what an edition keeps.

The saved query ``in-force`` decides; what counts as the start is the stated period, or else the act of adoption.
"""

from collections.abc import Collection, Sequence
from datetime import date
from functools import cached_property

from ..errors import ParameterError
from ..query.session import Session
from ..rdf.namespaces import slug
from ..tables.columns import grouped
from ..tables.origins import marked
from ..tables.table import Table
from .analysis import NAMED, Analysis, Row, View, code_of, joined, period_in_words, short_iri
from .matrix import SAYING, Comparison, Concept
from .overview import years

_BASIS = ("period", "act")
ANSWERS = ("yes", "possible", "no")
EVERY_BASIS = (*_BASIS, "none")
_TABLE = (*NAMED, "tier", "answer", "bounds", "start", "end", "first", "last", "basis", "evidence", "where")
_SHARES = ("year", "concept", "label", "plans", "possible", "stating", "showing", "full", "lower", "upper")
_TIERS = ("national", "regional", "state", "local")
_SPAN = 20


class InForce(Analysis):
    """The documents of ``view`` by whether they are in force on ``day`` (YYYY-MM-DD; default: today).

    With ``ending``, a year, only those whose stated period ends in it. Raises ParameterError for what is no day.
    """

    QUERY = "in-force"
    known = (
        "Possible: an end of the period is not stated, or the plan is known only as a draft, proposal or announcement.",
        "An end that no source states is taken to be the day before a later document of the same line begins.",
    )

    def __init__(self, kg: Session, day: str | None, view: View, ending: int | None = None) -> None:
        self.day, self.ending = day or date.today().isoformat(), ending
        super().__init__(kg, view, date=self.day, basis=EVERY_BASIS, answer=ANSWERS)
        self._places = {code_of(row) for row in self._rows}
        ends = f"{ending or ''}"
        self._rows = [row for row in self._rows if row["basis"] != "none" and str(row["end"] or "").startswith(ends)]

    def bounds(self, row: Row) -> str:
        """Return the period of a row in words: as stated, or from its act, or until a later document."""
        say = self._kg.say
        start, end = row["start"] or row["first"], row["end"] or row["last"]
        if row["basis"] == "act":
            made = say("from {start} on, the day of an act; no end stated", start=start)
            return f"{made}, {say('a later document from {end} on', end=end)}" if end else made
        return period_in_words(self._kg, start, end)

    def silent(self) -> dict[str, Row | None]:
        """Return the jurisdictions (codes) without a plan that is or may be in force, with the last that they had."""
        last: dict[str, Row | None] = dict.fromkeys(sorted(self._places))
        for row in sorted(self._rows, key=lambda row: str(row["last"] or row["first"] or "")):
            last[code_of(row)] = row
        current = {code_of(row) for row in self._rows if row["answer"] != "no"}
        return {} if self.ending else {code: row for code, row in last.items() if code not in current}

    def table(self) -> Table:
        """Return a row per document with a stated period or a dated act: national ones first, then those in force."""
        made = []
        for row in self._rows:
            told = self._named(row) | {"tier": slug(str(row["tier"]))}
            made.append(told | {"title_origin": row["origin"], "title": row["title"], "bounds": self.bounds(row)})
        made.sort(key=lambda row: (_TIERS.index(str(row["tier"])), ANSWERS.index(str(row["answer"]))))
        return self._table(_TABLE, made, self._kg.say("In force on {day}", day=self.day))


def regions_of(kg: Session, codes: Collection[str]) -> dict[str, list[str]]:
    """Return which of the jurisdictions (alpha-3 codes) lie in each region, by its name and in the order of M49."""
    rows = [row for row in kg.query("regions") if row["code"] in codes]
    labels, made = kg.labels_of(row["region"] for row in rows), dict[str, list[str]]()
    for row in rows:
        made.setdefault(labels.get(str(row["region"]), slug(str(row["region"]))), []).append(str(row["code"]))
    return made


class Regions(Analysis):
    """In how many jurisdictions of each region a plan names each concept of an axis.

    ``regions`` are the codes by the name of their region; ``counts`` how many of them name a concept, by both.
    """

    known = ("Where the source does not say, nothing is known; it is never counted as a no.",)

    def __init__(self, kg: Session, axis: str, match: str, view: View, concept: Sequence[str]) -> None:
        compared = self._compared = Comparison(kg, axis, match, "country", view, concept)
        self._kg, self.view, self._all, self._parameters = kg, view, compared._all, {"by": "region", "match": match}
        self.QUERY, self.match, self.title, self.concepts = compared.axis, match, compared.title, compared.spoken()
        self.regions = regions_of(kg, [code for code in compared.jurisdictions if compared.left_out(code) is None])
        self.counts = {
            (name, each.code): sum(compared.value(code, each.code).name in SAYING for code in codes)
            for name, codes in self.regions.items()
            for each in self.concepts
        }

    def table(self) -> Table:
        """Return a row per concept and region: how many of its jurisdictions name the concept."""
        made: list[Row] = []
        for each in self.concepts:
            for name, codes in self.regions.items():
                row: Row = {"region": name, "concept": each.code, "label": each.label, "jurisdictions": len(codes)}
                made.append(row | {"naming": self.counts[name, each.code]})
        title = self._kg.say("{axis} by region", axis=self.title)
        return self._table(("region", "concept", "label", "jurisdictions", "naming"), made, title, "regions")

    def evidence(self) -> Table:
        """Return a row per statement and passage behind the comparison of the jurisdictions."""
        return self._compared.evidence()


def years_between(first: int | None, last: int | None) -> range:
    """Return the years from ``first`` to ``last`` (default: the last twenty); raises ParameterError for none."""
    end = last or date.today().year
    start = first or end - _SPAN
    if not date.min.year <= start <= end <= date.max.year:
        raise ParameterError(f"The years go from an earlier to a later one, not from {start} to {end}.")
    return range(start, end + 1)


def running(kg: Session, view: View, years: range, basis: Sequence[str] = _BASIS) -> dict[int, dict[str, str]]:
    """Return which documents (IRIs) are in force in each year: yes, possible, or undated where no date is stated."""
    found: dict[int, dict[str, str]] = {year: {} for year in years}
    days = [f"{year:04}-12-31" for year in years]
    for row in kg.query("in-force", date=days, span="year", basis=basis, **view.asked):
        document, of_year = str(row["document"]), found[int(str(row["date"])[:4])]
        if document not in view.left_out and of_year.get(document) != "yes":
            of_year[document] = "undated" if row["basis"] == "none" else str(row["answer"])
    return found


class Shares(Analysis):
    """What share of the plans in force in each year states each concept of an axis, as an interval.

    ``lower`` counts a plan of which it is not known as one that does not state it, ``upper`` as one that does; a plan
    that is only possibly in force is counted where that widens the interval.
    """

    known = (
        "A plan counts in each year of which its period holds a day; several plans of a country count each.",
        "Of a plan that was not read in full it is not known whether it states what its source does not show: lower "
        "counts it as not stating it, upper as stating it. Plans that are only possibly in force widen the interval.",
    )

    def __init__(
        self,
        kg: Session,
        axis: str,
        match: str,
        view: View,
        concept: Sequence[str],
        span: Sequence[int | None],
    ) -> None:
        if "in-force" in view.parameters:
            raise ParameterError("A comparison by year looks at every year: leave --in-force out.")
        compared = self._compared = Comparison(kg, axis, match, "document", view, concept)
        self.QUERY = self.axis = compared.axis
        self.match, self.title = match, compared.title
        self._kg, self.view, self._all = kg, view, compared._all
        self.years = years_between(*span)
        self.concepts = [each for each in compared.spoken() if each.code != compared.unmapped or concept]
        self._parameters = {"match": match, "years": f"{self.years[0]} to {self.years[-1]}"}
        self._in_force = running(kg, view, self.years)
        self.shares = [self._share(year, concept) for concept in self.concepts for year in self.years]

    def _share(self, year: int, concept: Concept) -> Row:
        found = self._in_force[year]
        stated: dict[bool, list[bool | None]] = {True: [], False: []}
        for document, answer in found.items():
            stated[answer == "yes"].append(self._compared.states(document, concept.code))
        sure, unsure = stated[True], stated[False]
        # A plan that may be in force is counted where it widens the interval: with the others, or not at all.
        least = len(sure) + len(unsure) - unsure.count(True)
        most = len(sure) + len(unsure) - unsure.count(False)
        known = sum(each is not False for each in (*sure, *unsure))
        full = sum(self._compared.shown(document, concept.code)[1] == "absent" for document in found)
        row: Row = {"year": year, "concept": concept.code, "label": concept.label, "plans": len(found), "full": full}
        row |= {"possible": len(unsure), "stating": (*sure, *unsure).count(True)}
        row["showing"] = len(self._compared.speaking & found.keys())
        row["lower"] = round(sure.count(True) / least, 4) if least else float(bool(found)) if found else None
        row["upper"] = round(known / most, 4) if most else 0.0 if found else None
        return row

    def table(self) -> Table:
        """Return a row per concept and year: plans in force, how many of them state it, and the share's bounds."""
        title = self._kg.say("{axis}: share of the plans in force, by year", axis=self.title)
        return self._table(_SHARES, self.shares, title, "in-force")

    def evidence(self) -> Table:
        """Return a row per statement and passage behind the comparison of the documents that count."""
        return self._compared.evidence()


_EDITIONS = (*NAMED, "former", "concept", "label", "change", "value", "phrase", "evidence", "where")
_CHANGES = {
    (True, True): "kept",
    (False, True): "added",
    (True, False): "dropped",
    (None, True): "added or kept",
    (True, None): "dropped or kept",
}
"""What became of a concept, by whether the edition before and this one state it; None: not known."""


class History(Analysis):
    """Each line of plans, by what an edition states of an axis and whether the one before it did.

    ``lines`` are the IRIs of the documents of each line in their order; ``alone`` are those in no line. An edition that
    was not read in full never drops or adds anything: ``added or kept`` where it is not known whether the one before
    it stated the concept, ``dropped or kept`` where this one's source does not show it. Raises UnknownNameError.
    """

    QUERY = "plan-lines"
    known = (
        "Dropped and added are told only where the other edition was looked through in full; what the source of an "
        "edition does not show is not known, and no sign that it is missing.",
    )

    def __init__(self, kg: Session, view: View, axis: str, match: str) -> None:
        super().__init__(kg, view)
        compared = self._compared = Comparison(kg, axis, match, "document", view)
        self._parameters |= {"axis": axis, "match": match}
        self.axis, self.concepts = compared.axis, [each for each in compared.spoken() if each.code != compared.unmapped]
        self.rows_of = {str(row["document"]): row for row in self._rows}
        formers = {iri: {str(row["former"]) for row in self._rows if row["document"] == iri} for iri in self.rows_of}
        lines: list[list[str]] = []
        for iri, before in formers.items():
            joins = [line for line in lines if {*line} & before or any(iri in formers[each] for each in line)]
            lines = [*(line for line in lines if line not in joins), [each for line in joins for each in line] + [iri]]
        lines = [
            sorted(line, key=lambda iri: (len(formers[iri]), str(self.rows_of[iri]["first"] or ""))) for line in lines
        ]
        self.lines = [line for line in lines if len(line) > 1]
        self.alone = [iri for line in lines if len(line) == 1 for iri in line]

    def titled(self, iri: str) -> str:
        """Return the title of an edition, its short name and its period, or else what was done to it and when."""
        row = self.rows_of[iri]
        period = years(self._kg, row["first"], row["last"]) or self._acts.get(iri) or self._kg.say("no date stated")
        return f"{marked(row['title'], row['origin'])} ({short_iri(iri)}): {period}"

    @cached_property
    def _acts(self) -> dict[str, str]:
        """The dated acts of each document (IRI), in words."""
        rows = grouped(row for row in self._kg.query("stated-dates", **self.view.asked) if row["date"])
        named = self._kg.labels_of(row["act"] for each in rows.values() for row in each)
        return {
            iri: joined(f"{named.get(str(row['act']), '')} {row['date']}".strip() for row in each) or ""
            for iri, each in rows.items()
        }

    def change(self, before: str | None, iri: str, concept: Concept) -> str | None:
        """Return what became of a concept from an edition to the next; None where neither is known to state it."""
        states = self._compared.states
        now = states(iri, concept.code)
        if before is None:
            return "first" if now else None
        return _CHANGES.get((states(before, concept.code), now))

    def changes(self, before: str | None, iri: str) -> dict[str, list[str]]:
        """Return the names of the concepts of an edition by what became of them since the one before."""
        found = {change: list[str]() for change in ("first", *_CHANGES.values())}
        for concept in self.concepts:
            found.get(self.change(before, iri, concept) or "", []).append(concept.label)
        return {change: labels for change, labels in found.items() if labels}

    def common(self, line: list[str]) -> dict[int, list[str]]:
        """Return what no edition of a line is known to lack, by how many state it, from all down to two."""
        found: dict[int, list[str]] = {number: [] for number in range(len(line), 1, -1)}
        for concept in self.concepts:
            states = [self._compared.states(iri, concept.code) for iri in line]
            if False not in states:
                found.get(states.count(True), []).append(concept.label)
        return {number: labels for number, labels in found.items() if labels}

    def table(self) -> Table:
        """Return a row per line, edition and concept that this edition or the one before it states."""
        steps = [step for line in self.lines for step in zip([None, *line], line, strict=False)]
        found = ((step, each, self.change(*step, each)) for step in steps for each in self.concepts)
        made = [self._told(*step, each) | {"change": self._kg.say(change)} for step, each, change in found if change]
        title = self._kg.say("What each edition keeps, adds and drops: {axis}", axis=self._compared.title)
        return self._table(_EDITIONS, made, title, self.axis)

    def _told(self, before: str | None, iri: str, concept: Concept) -> Row:
        row = self.rows_of[iri]
        value, said = self._compared.cell(short_iri(iri), concept.code)
        told = self._named(row, {iri: str(row["origin"])}) | {"former": before and short_iri(before)}
        told |= {"concept": concept.code, "label": concept.label, "value": value.words}
        told |= {"evidence": said[0]["evidence"] if said else row["evidence"]}
        told["phrase"] = joined(each.get("phrase") for each in said)
        told["where"] = joined(self._kg.labels.get(str(each["evidence"])) for each in said)
        return told

    def evidence(self) -> Table:
        """Return a row per statement and passage behind what the editions state."""
        return self._compared.evidence()
