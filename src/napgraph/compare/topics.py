"""One jurisdiction by topic: the line of its plans, what each says by theme, who, money, results, silence, sources."""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import chain
from typing import Any, NamedTuple

from ..project.language import counted
from ..query.session import Session
from ..rdf.namespaces import BASE, slug
from ..tables.columns import grouped
from ..tables.origins import marked
from .analysis import Row, View, code_of, short_iri
from .matrix import RANK, SAYING, Comparison, Concept, nearness, value_of
from .overview import Overview, amount, depth, span, years

_RUNS = {"yes": "in force", "possible": "possibly in force"}
_COUNTED = {"leads", "supports"}
_DOES = {
    "coordinates": ("coordinates", "coordinate"),
    "answers for the whole": ("answers for", "answer for"),
    "chairs": ("chairs the work on", "chair the work on"),
    "adopts": ("adopted", "adopted"),
    "approves": ("approved", "approved"),
    "issues": ("issued", "issued"),
    "releases": ("released", "released"),
    "drafts": ("drafted", "drafted"),
    "takes part in drafting": ("took part in drafting", "took part in drafting"),
    "funds": ("pays for", "pay for"),
    "monitors": ("monitors", "monitor"),
}
"""What bodies in a role do to a plan, for one and several; the first roles are told first."""
_SENTENCES, _BODIES, _COMMON = 6, 3, 4  # of who is responsible, bodies in one, and themes that all plans name
_FEW = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


Line = tuple[list[int], str, list[int]]
"""Plans (their numbers), what is told of them in words, and the numbers of the sources."""


class Edition(NamedTuple):
    """A plan: its number in time, IRI, title with its origin, years in words and as numbers, and facts in words."""

    number: int
    iri: str
    title: str
    origin: object
    years: str
    span: tuple[int | None, int | None]
    facts: list[str]


class Said(NamedTuple):
    """What a plan (its number) says: the words and their origin, the value of the cell (a name), terms and sources."""

    number: int
    words: str
    origin: object
    value: str
    condition: str = ""
    sources: Sequence[int] = ()


class Gathered:
    """What is recorded of the jurisdictions of ``view``, asked once for all of them; :class:`Topics` tells of one."""

    def __init__(self, kg: Session, view: View) -> None:
        self.kg, self.view, self.overview = kg, view, Overview(kg, view)
        self._rows: dict[str, list[Row]] = {}
        self._by: dict[tuple[str, str], dict[str, list[Row]]] = {}
        self._axes: dict[str, Comparison] = {}

    def by(self, query: str, column: str) -> dict[str, list[Row]]:
        """Return the rows of a saved query by the text of one of its columns."""
        if query not in self._rows:
            known = self.kg.queries.get(query).parameters
            asked = {key: each for key, each in self.view.asked.items() if key in known}
            asked |= {"document": [*self.overview.documents]} if "document" in known else {}
            self._rows[query] = self.kg.query(query, **asked).rows()
        if (query, column) not in self._by:
            self._by[query, column] = grouped(self._rows[query], column)
        return self._by[query, column]

    def rows(self, query: str, code: str) -> list[Row]:
        """Return the rows of a saved query about a jurisdiction (alpha-3 code)."""
        return self.by(query, "country").get(f"{BASE}jurisdiction/{code.lower()}", [])

    def axis(self, name: str) -> Comparison:
        """Return all documents by the concepts of an axis, in the broadest reading and with what stands behind each."""
        if name not in self._axes:
            made = self.overview.compared.get(name) or Comparison(self.kg, name, "broad", "document", self.view)
            made.read()
            self._axes[name] = made
        return self._axes[name]

    @cached_property
    def source_of(self) -> dict[str, str]:
        """The source of each passage, both as IRIs."""
        return {str(row["passage"]): str(row["source"]) for row in self.kg.query("passage-sources")}

    @cached_property
    def readings(self) -> dict[str, list[Row]]:
        """The rows of ``document-readings`` about the documents that are looked at, by jurisdiction (alpha-3 code)."""
        rows, documents = self.kg.query("document-readings", country=self.view.country), self.overview.documents
        found = grouped((row for row in rows if row["document"] in documents), "country")
        return {slug(iri).upper(): each for iri, each in found.items()}


class Topics:
    """What is recorded of a jurisdiction (its alpha-3 code), by topic.

    ``editions`` are its plans in the order of time, ``others`` its documents that are no plans; ``sources`` the rows of
    ``document-readings`` by source, numbered from 1; ``origins`` say where names come from, for the key of the marks.
    """

    def __init__(self, code: str, gathered: Gathered) -> None:
        kg, overview, read = gathered.kg, gathered.overview, gathered.readings.get(code, [])
        self._kg, self._gathered, self.code, self.name = kg, gathered, code, kg.names[code]
        unsettled = gathered.view.unsettled
        self.sources, self._read = list(grouped(read, "source").values()), grouped(read)
        self._numbers = {str(rows[0]["source"]): number for number, rows in enumerate(self.sources, 1)}
        counts, parts = (grouped(self._ask(query)) for query in ("measure-counts", "pillar-phrases"))
        plans = overview.plans.get(code, [])
        self.editions: list[Edition] = []
        for number, row in enumerate(plans, 1):
            iri = str(row["document"])
            facts = [depth(kg, overview.extent(iri)), kg.say(_RUNS.get(str(row["answer"]), "")), unsettled.get(iri, "")]
            facts += [self._measures(counts.get(iri, [])), self._parts(parts.get(iri, []))]
            name = str(row["title"]) if row["origin"] != "none" else short_iri(iri)
            told = years(kg, *span(row)), span(row), [*filter(None, facts)]
            self.editions.append(Edition(number, iri, name, row["origin"], *told))
        self.runs = any(row["answer"] != "no" for row in plans)
        self.numbers = {each.iri: each.number for each in self.editions}
        self.spans = {each.iri: each.span for each in self.editions}
        documents = (rows[0] for iri, rows in overview.documents.items() if iri not in self.numbers)
        self.others = [row for row in documents if code_of(row) == code]
        self.origins = [*(each.origin for each in self.editions), *(row["origin"] for row in self.others)]

    def _measures(self, rows: list[Row]) -> str:
        """Return how many measures the sources count, and how many of them are known."""
        stated = {str(row["stated"]) for row in rows if row["stated"] is not None}
        recorded = max((int(str(row["recorded"])) for row in rows), default=0)
        if not stated:
            words = "{count} measure known", "{count} measures known"
            return counted(self._kg.language, recorded, *words) if recorded else ""
        numbers = self._kg.say(" or ").join(sorted(stated, key=lambda each: (len(each), each)))
        return self._kg.say("{all} measures, {some} of them known", all=numbers, some=recorded)

    def _parts(self, rows: list[Row]) -> str:
        """Return how many pillars there are, by the plan's own word for them."""
        named = {str(row["phrase"]): str(row["term"] or self._kg.say("pillar")) for row in rows}
        return f"{len(named)} × {next(iter(named.values()))}" if named else ""

    def _ask(self, query: str) -> list[Row]:
        return self._gathered.rows(query, self.code)

    def _of_plans(self, query: str) -> list[Row]:
        return [row for row in self._ask(query) if str(row["document"]) in self.numbers]

    def of(self, iri: str) -> list[int]:
        """Return the numbers of the sources that tell of a document (IRI)."""
        return sorted({self._numbers[str(row["source"])] for row in self._read.get(iri, ())})

    def cited(self, rows: Iterable[Row]) -> list[int]:
        """Return the numbers of the sources that rows come from, by their evidence."""
        found = (self._numbers.get(self._gathered.source_of.get(str(row["evidence"]), "")) for row in rows)
        return sorted({number for number in found if number})

    def _lines(self, told: Iterable[tuple[str, Row]]) -> list[Line]:
        """Return words that rows are told in, each once, with the plans and sources of the rows."""
        found: dict[str, list[Row]] = {}
        for words, row in told:
            found.setdefault(words, []).append(row)
        return sorted((self._plans(rows), words, self.cited(rows)) for words, rows in found.items())

    def _plans(self, rows: Iterable[Row]) -> list[int]:
        return sorted({self.numbers[str(row["document"])] for row in rows})

    def plans(self, numbers: Iterable[int]) -> str:
        """Return plans (numbers) in words: the plan, all plans, the plans of 2006–2009 and 2011–2014."""
        chosen, say = [each for each in self.editions if each.number in {*numbers}], self._kg.say
        if len(chosen) == len(self.editions):
            return say("all plans") if chosen[1:] else say("the plan")
        named = _listed([each.years or f"“{each.title}”" for each in chosen])
        return say("the plans of {years}" if chosen[1:] else "the plan of {years}", years=named)

    def lead(self) -> str:
        """Return in sentences how many plans are recorded, of which years, what all name, and which runs."""
        say, number = self._kg.say, len(self.editions)
        if not number:
            return say("No plan of {name} is recorded. That is unknown, not none.", name=self.name)
        years = [year for span in self.spans.values() for year in span if year]
        told = [say("{count} plans are recorded" if number > 1 else "One plan is recorded", count=_number(number))]
        first, last = min(years, default=0), max(years, default=0)
        told[0] += say(", from {first} to {last}" if last > first else ", of {first}", first=first, last=last) * bool(
            last
        )
        told[0] += "."
        named = [(concept, {each.number for each in said if each.value in SAYING}) for concept, said in self.themes]
        telling = set[int]().union(*(numbers for _, numbers in named))
        every = [concept.label for concept, numbers in named if numbers == telling and not concept.depth]
        common = [f"{each[:1].lower()}{each[1:]}" for each in every[:_COMMON]]
        if telling and common:
            all_of = {1: "It names", 2: "Both name"}.get(number, "All {count} name")
            who = say(all_of, count=_number(number).lower())
            if len(telling) < number:
                some = {"some": _number(len(telling)), "count": _number(number).lower()}
                some["name"] = say("names" if len(telling) == 1 else "name")
                who = say("{some} of the {count}, as far as themes could be read, {name}", **some)
            told.append(f"{who} {_listed(common)}.")
        terms = {each.number for _, said in self.themes for each in said if each.condition}
        told += [say("The terms for victims are known of {plans}.", plans=self.plans(terms))] if terms else []
        running = [each for each in self.editions if self._kg.say("in force") in each.facts]
        if running:
            told.append(
                say("That of {years} runs today.", years=running[-1].years) if number > 1 else say("It runs today.")
            )
        elif not self.runs:
            told.append(say("No plan that runs today is recorded: unknown, not none."))
        return " ".join(told)

    def duties(self) -> list[dict[str, Any]]:
        """Return who coordinates, adopts, drafts or pays for plans, as far as bodies are named, the first ones.

        Keys: ``bodies`` and how many ``more``, ``verb``, ``plans`` in words, and the ``sources``.
        """
        found = grouped((row for row in self._of_plans("network") if row["body"] and row["role"] in _DOES), "role")
        made = []
        for role in (role for role in _DOES if role in found):
            together: dict[tuple[int, ...], dict[str, list[Row]]] = {}
            for name, rows in grouped(found[role], "name").items():
                together.setdefault((*self._plans(rows),), {})[name] = rows
            for numbers, bodies in together.items():
                shown = [*bodies][: _BODIES + (len(bodies) == _BODIES + 1)]
                verb = self._kg.say(_DOES[role][len(bodies) > 1])
                cited = self.cited(chain(*bodies.values()))
                told = {"bodies": shown, "more": len(bodies) - len(shown), "verb": verb}
                made.append(told | {"plans": self.plans(numbers), "sources": cited})
        return made[:_SENTENCES]

    def leaders(self) -> list[dict[str, Any]]:
        """Return the bodies, and kinds of bodies, that lead measures, with how many of those known; most first.

        Keys: ``name``, ``counts`` by plan (its number): how many of those known, ``measures`` with the origin of their
        words, and ``sources``.
        """
        sheet, made = self._of_plans("action-sheet"), list[dict[str, Any]]()
        known = Counter(document for document, _ in {(row["document"], row["activity"]) for row in sheet})
        led = (row for row in sheet if row["aspect"] == "leads" and row["answer"] == "stated" and row["words"])
        for name, rows in grouped(led, "words").items():
            first = [each[0] for each in grouped(rows, "activity").values()]
            some = Counter(row["document"] for row in first)
            counts = {self.numbers[str(iri)]: (number, known[iri]) for iri, number in some.items()}
            measures = [(str(row["title"]), row["origin"]) for row in first]
            told = {"name": name, "counts": dict(sorted(counts.items())), "measures": measures}
            made.append(told | {"sources": self.cited(rows)})
        return sorted(made, key=lambda each: -len(each["measures"]))

    def conflicts(self) -> dict[int, dict[str, list[tuple[str, str, list[int]]]]]:
        """Return by plan (its number) and fact what sources say differently: each value, its note and the sources."""
        found: dict[int, dict[str, list[tuple[str, str, list[int]]]]] = {}
        for row in self._ask("contradictions"):
            if number := self.numbers.get(str(row["document"])):
                told = found.setdefault(number, {}).setdefault(self._kg.say(str(row["fact"])), [])
                value, source = str(row["value"]), self._numbers.get(str(row["source"]))
                if row["fact"] == "sum":
                    figure, _, currency = value.partition(" ")
                    value = f"{currency} {float(figure):,.0f}"
                value, note = self._kg.labels.get(value, value), str(row["note"] or "")
                same = next((each for each in told if each[:2] == (value, note)), None) or (value, note, [])
                told += [] if same in told else [same]
                same[2].extend([source] if source and source not in same[2] else [])
        return dict(sorted(found.items()))

    def value_of(self, number: int, feature: str) -> str:
        """Return the name of the value of a plan (its number) on a feature (code); "" where none was compared."""
        found, iri = self._gathered.overview.compared.get("features"), self.editions[number - 1].iri
        return found.value(short_iri(iri), feature).name if found else ""

    @cached_property
    def themes(self) -> list[tuple[Concept, list[Said]]]:
        """What each plan says of each theme that one of them names, the nearest wording first."""
        found = self._gathered.overview.compared.get("pillars")
        if found is None:
            return []
        terms = {str(row["phrase"]): str(row["condition"] or "") for row in self._ask("victim-support")}
        made: list[tuple[Concept, list[Said]]] = []
        for concept in (each for each in found.spoken(self.numbers) if each.code != found.unmapped):
            told: list[Said] = []
            for edition in self.editions:
                value, rows = found.cell(short_iri(edition.iri), concept.code)
                rows = sorted(rows, key=nearness)
                if value.name not in SAYING:
                    told.append(Said(edition.number, value.words, None, value.name))
                    continue
                for phrase, same in grouped(rows, "phrase").items():
                    first = same[0]
                    words = value.words if first["phrase"] is None else phrase
                    condition = terms.get(phrase, "") if first["match"] != "under" else ""
                    name = value_of(first["value"])
                    told.append(Said(edition.number, words, first["origin"], name, condition, self.cited(same)))
            made.append((concept, told))
        return made

    def unmapped(self) -> list[Line]:
        """Return the phrases of pillars, goals, measures and the like for which no shared theme stands."""
        found = self._gathered.overview.compared.get("pillars")
        plans = self.editions if found and found.unmapped else []
        rows = [row for each in plans if found for row in found.cell(short_iri(each.iri), found.unmapped).evidence]
        known, elements = {row["element"] for row in rows}, self._gathered.by("document-elements", "document")
        others = (row for each in self.editions for row in elements.get(each.iri, ()) if row["element"])
        rows += [row for row in others if row["concept"] is None and row["element"] not in known]
        self.origins += [row["origin"] for row in rows]
        return self._lines((marked(row["phrase"], row["origin"]), row) for row in rows if row["phrase"])

    def responsible(self) -> list[Line]:
        """Return who does what; bodies in the same role in the same plans stand together."""
        found: dict[tuple[str, str], list[Row]] = {}
        for row in self._of_plans("network"):
            name = marked(row["name"], row["origin"]) if row["name"] else f"[{row['class']}]"
            found.setdefault((str(row["role"]), name), []).append(row)
            self.origins.append(row["origin"])
        roles: dict[tuple[str, tuple[int, ...]], dict[str, list[Row]]] = {}
        for (role, name), rows in found.items():
            told = "; ".join(sorted({f'"{row["verb"]}"' for row in rows if row["verb"]}))
            if role in _COUNTED:
                some = len({row["element"] for row in rows})
                told = counted(self._kg.language, some, "{count} activity", "{count} activities")
            roles.setdefault((role, (*self._plans(rows),)), {})[f"{name} ({told})" if told else name] = rows
        return sorted(
            ([*plans], f"{self._kg.say(role)}: {'; '.join(bodies)}", self.cited(chain(*bodies.values())))
            for (role, plans), bodies in roles.items()
        )

    def money(self) -> list[Line]:
        """Return the sums that the plans name, as printed, and what they are for."""
        rows = self._of_plans("money")
        return self._lines(
            (amount(row) + (f": {row['phrase']}" if row["phrase"] and row["origin"] != "none" else ""), row)
            for row in rows
        )

    def results(self) -> list[Line]:
        """Return what reports tell of the plans, or that none is among the sources."""
        none = self._kg.say("no report among the sources")
        return self._lines(
            (none, row | {"evidence": None})
            if row["kind"] == "none"
            else (f"{self._kg.say(str(row['kind']))}: {row['phrase']}", row)
            for row in self._of_plans("results")
        )

    def plain(self) -> dict[str, object]:
        """Return all of it as plain values, for JSON."""
        plans = [each._asdict() for each in self.editions]
        themes = {concept.label: [each._asdict() for each in said] for concept, said in self.themes}
        told = {name: getattr(self, name)() for name in ("unmapped", "responsible", "money", "results", "conflicts")}
        told["silent"] = [{"value": name, "plans": of, "features": each} for (name, of), each in self.silent().items()]
        heads = {"code": self.code, "name": self.name, "plans": plans, "others": self.others, "themes": themes}
        return heads | told | {"sources": self.sources}

    def silent(self) -> dict[tuple[str, tuple[int, ...]], list[str]]:
        """Return the features of which the sources say nothing, by the value of the cell and the plans (numbers)."""
        found = self._gathered.overview.compared.get("features")
        made: dict[tuple[str, tuple[int, ...]], list[str]] = {}
        for concept in found.concepts if found else ():
            values: dict[str, list[int]] = {}
            for each in self.editions:
                values.setdefault(self.value_of(each.number, concept.code), []).append(each.number)
            for name in values.keys() - SAYING:
                made.setdefault((name, (*values[name],)), []).append(concept.label)
        return dict(sorted(made.items(), key=lambda each: (-len(each[0][1]), RANK[each[0][0]], each[0][1])))


def _listed(words: Sequence[str]) -> str:
    """Return words as a list in a sentence."""
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _number(number: int) -> str:
    """Return a number up to ten in a word with a capital, a larger one in figures."""
    return _FEW[number].capitalize() if number < len(_FEW) else str(number)
