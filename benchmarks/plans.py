"""Invented plans, made by chance: each about 1,000 statements that conform to the shapes, no two alike.

What a plan says of a part stands in ``mould.txt``; here is only how many parts there are and with which values. The
codes are those of the project's lists. A seed makes the same plans each time. Two plans differ as plans do: in kind,
period, pillars, principles, groups, forms, measures, bodies, money, in what they leave out and in how much of their
text was read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from random import Random
from string import ascii_lowercase

import pyoxigraph

from napgraph.rdf.namespaces import BASE

__all__ = ["CODES", "bodies", "plan"]

ROOT = Path(__file__).resolve().parent.parent
SIZE = 1000
CODES = [f"x{one}{other}" for one in ascii_lowercase for other in ascii_lowercase if f"x{one}{other}" != "xkx"]
"""The codes that ISO 3166-1 leaves to its users, but for the one that the bundled data use."""
BODIES = 9
_REST = 60
"""Statements about the document itself and about the bodies, roughly."""
_FIRST_YEAR, _THIS_YEAR = 1996, 2026
_KINDS = (
    *[["nap:ActionPlan"]] * 4,
    *[["nap:Strategy", "nap:ActionPlan"]] * 3,
    *[["nap:Strategy"]] * 2,
    ["nap:PolicyInstrument"],
)
_CURRENCIES = ("EUR", "USD", "GBP", "NOK", "CHF")
_VERBS = (
    "Strengthen",
    "Set up",
    "Review",
    "Extend",
    "Fund",
    "Train staff for",
    "Test",
    "Publish guidance on",
    "Follow up",
)
_PLACES = ("in every region", "at the borders", "in the capital", "in ports", "with partners", "in schools", "online")
_WORDS = ("pillar", "axis", "area", "key issue", "component")
_UNITS = ("percent", "persons", "regions", "cases", "days")
_REASON = '"The wording is wider than the concept."@en'


@cache
def _mould() -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    """Return the lines of each block with the slots that each has."""
    text = (ROOT / "benchmarks" / "mould.txt").read_text(encoding="utf-8")
    blocks = re.split(r"^== (\w+)\n", text, flags=re.MULTILINE)[1:]
    return {
        name: [(line, tuple(re.findall(r"\{(\w+)\}", line))) for line in block.strip().splitlines()]
        for name, block in zip(blocks[::2], blocks[1::2], strict=True)
    }


def cast(block: str, **values: object) -> str:
    """Return a block with its slots filled; a list is set with commas, what is empty or missing drops its line."""
    told = {
        name: " , ".join(value) if isinstance(value, list) else str(value)
        for name, value in values.items()
        if value not in (None, "", [])
    }
    lines = [line.format_map(told) for line, slots in _mould()[block] if all(slot in told for slot in slots)]
    return "\n".join([*lines, ""])


@cache
def codes(scheme: str) -> dict[str, str]:
    """Return the concepts of a scheme as prefixed names, each with its English label."""
    path = ROOT / "ontology" / "schemes" / f"{scheme}.ttl"
    space = f"{BASE}{scheme}/"
    triples = [quad.triple for quad in pyoxigraph.parse(path=str(path), format=pyoxigraph.RdfFormat.TURTLE)]
    schemed = {each.subject for each in triples if each.predicate.value.endswith("#inScheme")}
    return {
        f"{scheme}:{each.subject.value.removeprefix(space)}": each.object.value
        for each in triples
        if each.subject in schemed and each.predicate.value.endswith("#prefLabel") and each.object.language == "en"
    }


def bodies(code: str, seed: int = 0) -> str:
    """Return the head of a jurisdiction's file with the bodies that its plans name."""
    random = Random(f"{seed} {code}")
    kinds = random.sample(list(codes("actor-type")), BODIES)
    made = [cast("jurisdiction", code=code)]
    for number, kind in enumerate(kinds, 1):
        above = random.choice([f"<body-{random.randrange(1, number)}>", None, None]) if made[1:] else None
        label = f"{codes('actor-type')[kind]} {number} of {code.upper()}"
        made.append(cast("body", number=number, label=label, kind=kind, above=above))
    return "\n".join(made)


def plan(code: str, version: int, seed: int = 0, *, alone: bool = False) -> str:
    """Return one plan of a jurisdiction; ``alone``: with no link to an earlier version."""
    return "\n".join(_Plan(code, version, seed, alone=alone).blocks())


class _Plan:
    def __init__(self, code: str, version: int, seed: int, *, alone: bool) -> None:
        self.random = Random(f"{seed} {code} {version}")
        self.code, self.alone, self.version, self.seed = code, alone, version, seed
        self.plan = _name(version)
        self.start = _FIRST_YEAR + 2 * version + self.random.randrange(2)
        self.years = self.random.randint(2, 6)
        self.fond = {scheme: self._taste(scheme) for scheme in ("theme", "principle", "group", "form")}
        self.parts: dict[str, list[str]] = {}
        self.passages = self.random.randint(8, 24)
        self.made: list[str] = []

    def _taste(self, scheme: str) -> list[str]:
        """Return the concepts that this plan is about, some more than others."""
        all_codes = list(codes(scheme))
        some = self.random.sample(all_codes, self.random.randint(len(all_codes) // 4, len(all_codes) * 3 // 4))
        return some + some[: len(some) // 3] * 2

    def any(self, scheme: str, most: int = 1, least: int = 0) -> list[str]:
        """Return some of the plan's concepts of a scheme."""
        return sorted({self.random.choice(self.fond[scheme]) for _ in range(self.random.randint(least, most))})

    def some(self, scheme: str, most: int, least: int = 0) -> list[str]:
        """Return some concepts of a scheme."""
        return sorted(self.random.sample(list(codes(scheme)), self.random.randint(least, most)))

    def often(self, chance: float) -> bool:
        return self.random.random() < chance

    def body(self) -> str:
        return f"<body-{self.random.randint(1, BODIES)}>"

    def passage(self) -> str:
        return self._passage(self.random.randint(1, self.passages))

    def _passage(self, number: int) -> str:
        return f"<{BASE}source/{self.code}-{self.plan}/p-{number}>"

    def date(self, earliest: int, latest: int) -> str:
        """Return a date of any precision in the years given."""
        year, month = self.random.randint(earliest, latest), self.random.randint(1, 12)
        return self.random.choice(
            [
                f'"{year}"^^xsd:gYear',
                f'"{year}-{month:02}"^^xsd:gYearMonth',
                f'"{year}-{month:02}-{self.random.randint(1, 28):02}"^^xsd:date',
            ]
        )

    def part(self, block: str, **values: object) -> str:
        """Cast one part of the plan with a passage and the next name of its kind; return the name."""
        named = self.parts.setdefault(block, [])
        named.append(f"<{self.plan}/{block}-{len(named) + 1}>")
        filled = {
            "name": named[-1],
            "plan": self.plan,
            "code": self.code,
            "passage": self.passage(),
            "order": len(named),
        }
        self.made.append(cast(block, **filled | values))
        return named[-1]

    def near(self, scheme: str, lead: str) -> dict[str, object]:
        """Return the concept that a wording meets, and how near it is."""
        how = self.random.choices(("exact", "close", "broad"), (3, 5, 1))[0]
        values = self.any(scheme, 1 if how == "exact" else 2, 1)
        label = f"{lead}{codes(scheme)[values[0]]}"
        return {how: values, "label": label, "reason": _REASON if how == "broad" else None}

    def indicator(self, label: str) -> str:
        below, above = sorted(self.random.sample(range(100), 2))
        due = self.date(self.start + 1, self.start + self.years)
        target = self.part("target", value=above, due=due) if self.often(0.8) else None
        unit = self.random.choice(_UNITS)
        return self.part(
            "indicator", label=f"Measure of: {label}", unit=unit, target=target, baseline=below if target else None
        )

    def activity(self) -> None:
        theme = self.any("theme", 2, 1)
        label = f"{self.random.choice(_VERBS)} {codes('theme')[theme[0]].lower()} {self.random.choice(_PLACES)}"
        answerable = [
            self.part("responsibility", body=self.body(), role=self.random.choice(list(codes("role"))))
            if self.often(0.9)
            else self.part("responsibility", kind=self.some("actor-type", 1, 1), role="role:support")
            for _ in range(self.random.choice((0, 1, 1, 2, 2, 3)))
        ]
        starts = self.random.randint(self.start, self.start + self.years - 1)
        timed: dict[str, object] = {"due": self.date(self.start + 1, self.start + self.years)}
        if self.often(0.7):
            timed = {"start": self.date(starts, starts), "end": self.date(starts + 1, starts + 2)}
        objectives = self.parts.get("objective")
        serves = {"objective": self.random.choice(objectives)} if objectives else {"pillar": self.pillar()}
        activity = self.part(
            "activity",
            label=label,
            close=theme,
            groups=self.any("group"),
            forms=self.any("form") if self.often(0.3) else None,
            tiers=self.some("tier", 2),
            responsibilities=answerable,
            budget=self.budget() if self.often(0.5) else None,
            indicator=self.indicator(label) if self.often(0.6) else None,
            **serves,
            **timed,
        )
        for _ in range(self.random.choice((0, 0, 0, 1, 2))):
            due = timed.get("due")
            self.part("step", label=f"Prepare: {label}", activity=activity, body=self.body(), due=due)

    def budget(self) -> str:
        amount, currency = self.random.randint(1, 400) * 5000, self.random.choice(_CURRENCIES)
        return self.part(
            "budget", amount=amount, currency=currency, body=self.body(), secured=self.random.randint(1, 2)
        )

    def pillar(self) -> str | None:
        pillars = self.parts.get("pillar")
        return self.random.choice(pillars) if pillars else None

    def events(self) -> None:
        before, first = self.start - 2, self.start - 1
        if self.often(0.7):
            kinds, supporters = self.some("actor-type", 4, 1), self.some("actor-type", 1)
            named = {"leader": self.body(), "bodies": sorted({self.body(), self.body()})}
            self.part("drafting", date=self.date(before, first), kinds=kinds, supporters=supporters, **named)
        if self.often(0.5):
            kinds = self.some("actor-type", 4, 1)
            self.part("consultation", date=self.date(before, first), leader=self.body(), kinds=kinds)
        self.part("adoption", date=self.date(first, first), leader=self.body())
        if self.often(0.6):
            self.part("publication", date=self.date(first, self.start), issue=self.random.randint(1, 300))

    def structure(self, *, strategic: bool) -> None:
        """Make the parts that stand above the activities."""
        for _ in range(self.random.randint(3, 7)):
            self.part("pillar", word=self.random.choice(_WORDS), groups=self.any("group"), **self.near("theme", "On "))
        for _ in range(self.random.choice((0, 2, 4, 7))):
            self.part("principle", **self.near("principle", "Based on: "))
        for block, chance in (("preamble", 0.8), ("background", 0.7)):
            if self.often(chance):
                self.part(block)
        for number in range(1, self.random.randint(3, 6) * strategic + 1):
            label = f"Goal {number} of {self.plan}"
            indicator = self.indicator(label) if self.often(0.7) else None
            themes = self.any("theme")
            self.part("goal", label=label, pillar=self.pillar(), close=themes, indicator=indicator)
        for number in range(1, self.random.randint(4, 9) * strategic + 1):
            label = f"Objective {number} of {self.plan}"
            indicator = self.indicator(label) if self.often(0.8) else None
            self.part("objective", label=label, goal=self.random.choice(self.parts["goal"]), indicator=indicator)

    def follow_up(self) -> None:
        objectives = self.parts.get("objective", [])
        if self.often(0.6):
            for objective in self.random.sample(objectives, min(2, len(objectives))):
                label = f"First: {objective.strip('<>')}"
                self.part("priority", label=label, objective=objective, groups=self.any("group"))
        if self.often(0.7):
            self.part("monitoring", label="Review each year", body=self.body())
        if self.often(0.6):
            self.part("cooperation", label="Work with other states", kinds=self.some("actor-type", 2, 1))
        if self.often(0.8):
            self.part("copy")

    def blocks(self) -> Iterator[str]:
        kinds = self.random.choice(_KINDS)
        word = "Programme" if kinds == ["nap:PolicyInstrument"] else kinds[-1].removeprefix("nap:")
        title = f"{word} {self.version + 1} of {self.code.upper()} against Trafficking"
        self.events()
        self.structure(strategic=kinds != ["nap:ActionPlan"] or self.often(0.4))
        self.follow_up()
        size = self.random.randint(SIZE * 9 // 10, SIZE * 11 // 10) - 4 * self.passages - _REST
        while _statements(self.made) < size:
            self.activity()
        extent = self.random.choice(["extent:full-text"] * 3 + ["extent:excerpt", "extent:summary-paragraph"])
        if extent == "extent:full-text" and "priority" not in self.parts:
            self.part("absence", feature="feature:priorities")
        if self.often(0.3):
            self.part("count", value=len(self.parts["activity"]))
        yield self.document(kinds, title, extent)
        yield from self.made
        yield cast("source", code=self.code, plan=self.plan, label=title)
        for number in range(1, self.passages + 1):
            place = {"name": self._passage(number), "label": f"Section {(number + 3) // 4}", "order": number}
            yield cast("passage", code=self.code, plan=self.plan, **place)

    def document(self, kinds: list[str], title: str, extent: str) -> str:
        latest = self.start + self.years - 1
        examined = ["strategic", "operational", "cross-cutting", "good-plan", "content"]
        former = f"<{_name(self.version - 1)}>" if self.version and not self.alone else None
        whole = extent == "extent:full-text"
        return cast(
            "document",
            kinds=kinds,
            type="doctype:programme" if kinds == ["nap:PolicyInstrument"] else None,
            code=self.code,
            plan=self.plan,
            label=title,
            status="status:in-force" if latest >= _THIS_YEAR else "status:replaced",
            former=former if self.often(0.6) else None,
            strategy=former if kinds == ["nap:ActionPlan"] and self.often(0.4) else None,
            start=self.date(self.start, self.start),
            end=self.date(latest, latest) if self.often(0.9) else None,
            groups=self.any("group", 3),
            forms=self.any("form", 3),
            scopes=self.some("scope", 2),
            events=[name for block in _EVENTS for name in self.parts.get(block, [])],
            coordinator=self.body() if self.often(0.6) else None,
            elements=[name for block in _ELEMENTS for name in self.parts.get(block, [])],
            copies=self.parts.get("copy"),
            extent=extent,
            examined=[f"feature:{name}" for name in (examined if whole else examined[-2:])],
            passage=self.passage(),
        )


_EVENTS = ("drafting", "consultation", "adoption", "publication")
_ELEMENTS = (
    "pillar",
    "principle",
    "preamble",
    "background",
    "goal",
    "objective",
    "priority",
    "activity",
    "step",
    "responsibility",
    "budget",
    "indicator",
    "target",
    "monitoring",
    "cooperation",
)


def _name(version: int) -> str:
    return f"plan-{version + 1}"


def _statements(blocks: Iterable[str]) -> int:
    """Return how many statements the blocks make, with the one that says that each part is the plan's."""
    return sum(block.count(" ;") + block.count(" , ") + block.count("[") + 1 for block in blocks)
