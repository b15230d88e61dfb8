"""Invented tables of any number of jurisdictions, to draw pictures of."""

from __future__ import annotations

from random import Random

from napgraph import KnowledgeGraph
from napgraph.charts import heat_map, world_map
from napgraph.tables.columns import Value
from napgraph.tables.table import Picture, Table

from .conftest import ROOT

VALUES = ("stated", "partly", "in-other-words", "not-stated", "absent", "not-assessed")
QUESTIONS = ("indicator", "activity", "body", "money", "timeline")
ROLES = ("drafts", "adopts", "leads", "supports", "is consulted on", "coordinates", "monitors", "funds")
LONG = "National strategy and plan of action for the prevention and suppression of trafficking in persons"
Row = dict[str, Value]


def codes(number: int) -> list[str]:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return [f"X{one}{other}" for one in letters for other in letters][:number]


def names(number: int) -> dict[str, str]:
    """Return invented jurisdictions under names as long as the real ones are."""
    known = list(KnowledgeGraph.load(ROOT).names.values())
    return {code: known[place % len(known)][::-1].capitalize() for place, code in enumerate(codes(number))}


class Invented:
    """A comparison of invented jurisdictions by invented concepts, each cell drawn by chance."""

    def __init__(self, kg: KnowledgeGraph, number: int, concepts: int = 20, *, outlined: bool = False) -> None:
        self._kg, self.names, self.documents = kg, names(number), 2 * number
        self._concepts = {f"concept-{n}": f"Concept {n} with a name that is rather long" for n in range(concepts)}
        given = list(kg.numbers.values())
        self.numbers = dict(zip(self.names, given, strict=False)) if outlined else {}

    def cells(self) -> Table:
        """Return a row per cell."""
        chance = Random(7)
        rows: list[Row] = []
        for code, name in self.names.items():
            for place, (concept, label) in enumerate(self._concepts.items()):
                row: Row = {"country": code, "name": name, "concept": concept, "label": label, "depth": place % 3}
                rows.append(row | {"value": chance.choice(VALUES), "phrase": None, "where": "page 1"})
        return self._kg.table(list(rows[0]), rows, "Comparison by invented concepts", queries=("pillars",))

    def chart(self) -> Picture:
        """Return the heat map, as a comparison does."""
        return heat_map(self.cells(), self.documents)

    def map(self, concept: str) -> Picture:
        """Return the map of one concept, as a comparison does."""
        return world_map(self.cells(), concept, self.numbers, self.names)


def shares(kg: KnowledgeGraph, number: int) -> Table:
    """Return a row per invented concept and span of years; of the first span there are few plans."""
    chance = Random(7)
    rows: list[Row] = []
    for concept in range(number):
        for start in range(2000, 2025, 5):
            whole = 3 if start == 2000 else chance.randrange(5, 25)
            row: Row = {
                "concept": f"concept-{concept}",
                "label": f"Concept {concept}",
                "start": start,
                "end": start + 4,
            }
            rows.append(row | {"some": chance.randrange(whole + 1), "all": whole})
    return kg.table(list(rows[0]), rows, "Shares of invented plans", queries=("pillars",))


def leaders(kg: KnowledgeGraph, number: int) -> Table:
    """Return a row per invented jurisdiction: the kind of its coordinator; of each sixth none is named."""
    rows: list[Row] = []
    for place, (code, name) in enumerate(names(number).items()):
        kind = (None, "Ministry", "Ministry", "Ministry", "Committee of several ministries", "Police")[place % 6]
        rows.append({"country": code, "name": name, "kind": kind, "body": kind and f"Body of {name}"})
    return kg.table(list(rows[0]), rows, "Coordinators of invented plans", queries=("network",))


def runs(kg: KnowledgeGraph, number: int) -> Table:
    """Return a row per jurisdiction of the real list, its plan in force by chance."""
    chance = Random(7)
    rows: list[Row] = []
    for code, name in list(kg.names.items())[:number]:
        value = chance.choice(("in-force", "open", "ended", "undated"))
        rows.append({"country": code, "name": name, "value": value, "phrase": "Plan (2020 – 2025)"})
    return kg.table(list(rows[0]), rows, "Invented plans by their stated period", queries=("in-force",))


def gaps(kg: KnowledgeGraph, number: int) -> Table:
    chance = Random(7)
    rows: list[Row] = []
    for code in codes(number):
        for kind in ("strategic goal", "activity")[: 1 + (number < 50)]:
            for question in QUESTIONS:
                whole = chance.randrange(9)
                some = chance.randrange(whole + 1)
                absent = chance.randrange(whole - some + 1)
                bounds = (round(some / whole, 2), round((whole - absent) / whole, 2)) if whole else (None, None)
                rows.append(
                    {"country": code, "document": f"plan-{code}", "title": LONG, "kind": kind, "question": question}
                    | {"elements": whole, "with_it": some, "stated_absent": absent, "silent": whole - some - absent}
                    | {"lower": bounds[0], "upper": bounds[1]}
                )
    return kg.table(list(rows[0]), rows, "Gaps of invented plans", queries=("completeness",))


def times(kg: KnowledgeGraph, number: int) -> Table:
    chance = Random(7)
    rows: list[Row] = []
    for code in codes(number):
        year = 1996 + chance.randrange(20)
        opened = chance.choice(["", "", "end", "start", "both"])
        document: Row = {"country": code, "name": code, "document": f"plan-{code}", "title": LONG}
        rows += [
            document
            | {"kind": "period", "what": "period", "start": str(year), "end": str(year + 4), "precision": "year"}
            | {"earliest": f"{year}-01-01", "latest": f"{year + 4}-12-31", "open": opened, "where": "page 1"},
            document
            | {"kind": "event", "what": "adopted", "start": f"{year}-03-05", "end": None, "precision": "day"}
            | {"earliest": f"{year}-03-05", "latest": f"{year}-03-05", "open": "", "where": "page 1"},
            document
            | {"kind": "event", "what": "published", "start": str(year + 1), "end": None, "precision": "year"}
            | {"earliest": f"{year + 1}-01-01", "latest": f"{year + 1}-12-31", "open": "", "where": "page 2"},
            document
            | {"kind": "event", "what": "reviewed", "start": None, "end": None, "precision": None}
            | {"earliest": None, "latest": None, "open": "both", "where": "page 3"},
        ]
    return kg.table(list(rows[0]), rows, "Time line of invented plans", queries=("stated-dates",))


def roles(kg: KnowledgeGraph, number: int) -> Table:
    chance = Random(7)
    rows: list[Row] = []
    for code in codes(number):
        for place in range(3):
            shared = place == 0
            body = "body-shared" if shared else f"body-{code}-{place}"
            title = (
                "An office of international organizations"
                if shared
                else f"Ministry number {place} of {code} for {LONG}"
            )
            row: Row = {"country": code, "document": f"plan-{code}", "title": LONG, "body": body, "body_name": title}
            rows.append(
                row
                | {"body_class": "international" if shared else "ministry", "role": chance.choice(ROLES)}
                | {"element": None, "evidence": None, "where": "page 1"}
            )
    return kg.table(list(rows[0]), rows, "Bodies of invented plans by role", queries=("actors",))


__all__ = ["VALUES", "Invented", "codes", "gaps", "leaders", "roles", "runs", "shares", "times"]
