"""What figures are drawn of beside the tables of analyses: whose plan runs, when plans began, who coordinates."""

from collections.abc import Sequence
from typing import Any

from ..charts import Look
from ..query.session import Session
from ..rdf.namespaces import BASE
from ..tables.columns import Column
from ..tables.table import Table
from .analysis import Row, code_of, short_iri
from .lists import Network
from .matrix import SAYING, Comparison

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


def running(kg: Session, day: str, country: Sequence[str] = (), **lens: Any) -> Table:
    """Return a row per jurisdiction: whether a plan runs on ``day`` (YYYY-MM-DD), by the saved query ``in-force``.

    The value is that of a plan that runs, or else of the one that begins last.
    """
    found: dict[str, Row] = {}
    rows = kg.query("in-force", date=day, answer=list(_VALUES), country=list(country), **lens)
    for row in sorted(rows, key=lambda row: (row["answer"] == "yes", _begin(row))):
        over = row["answer"] == "possible" and row["end"] and str(row["end"]) < day[: len(str(row["end"]))]
        period = f"{row['title']} ({row['start'] or '…'} – {row['end'] or '…'})"
        value = "ended" if over else _VALUES[str(row["answer"])]
        found[code_of(row)] = {"value": value, "phrase": period, "evidence": row["evidence"]}
    places = {code_of(row): None for row in kg.query("documents", country=list(country), **lens)}
    none: Row = {"value": "undated", "phrase": None, "evidence": None}
    names: dict[str, Row] = {code: {"country": code, "name": kg.names.get(code, code)} for code in places}
    told = [name | found.get(code, none) for code, name in names.items()]
    title, columns = kg.say("Plans by their stated period, on {day}", day=day), ("country", "name", *none)
    return kg.table(columns, told, title, queries=("in-force", "documents"), parameters={"date": day})


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


def coordinators(kg: Session, network: Network, country: Sequence[str] = ()) -> Table:
    """Return a row per jurisdiction: the body that coordinates its latest document of which a source names one."""
    order = {iri: place for place, iri in enumerate(network.view.documents)}
    roles = {kg.say(role): place for place, role in enumerate(_ROLES)}
    named = [row for row in network.table().rows if row["role"] in roles and row["body_class"]]
    named.sort(key=lambda row: (order.get(f"{BASE}id/{row['document']}", -1), -roles[str(row["role"])]))
    found = {str(row["country"]): row | {"kind": row["body_class"], "body": row["body_name"]} for row in named}
    columns, rows = ("country", "name", "kind", "body", "role", "document", "evidence"), list[Row]()
    for code in dict.fromkeys(code_of(row) for row in kg.query("documents", country=list(country))):
        name: Row = {"country": code, "name": kg.names.get(code, code)}
        rows.append({**dict.fromkeys(columns), **found.get(code, {}), **name})
    return kg.table(columns, rows, kg.say("Who coordinates the plans?"), queries=("network",))
