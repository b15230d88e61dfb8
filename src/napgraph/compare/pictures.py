"""What figures are drawn of beside the tables of analyses: whose plan runs, when plans began, who coordinates."""

from collections.abc import Sequence
from typing import Any

from ..charts import Look
from ..charts.figure import SAYING
from ..query.session import Session
from ..rdf.namespaces import BASE
from ..tables.columns import Column
from ..tables.table import Table
from .analysis import Row, code_of, short_iri
from .matrix import Comparison
from .network import Network

_SPAN = 5  # years
_ROLES = ("coordinates", "answers for the whole", "chairs")  # the first that a document names counts
_ANSWERS = {"yes": "in-force", "possible": "open", "no": "ended"}
_EVER = ("yes", "possible", "no")


def look(kg: Session, order: str = "value", **given: Any) -> Look:
    """Return how a figure of the graph looks: with the names of jurisdictions, years of documents, and their order."""
    periods = kg.query("in-force", answer=list(_EVER)).rows()
    years, ranks = dict[str, str](), dict[str, Any]()
    for row in sorted(periods, key=lambda row: str(row["start"] or row["end"] or "9")):
        start, end = (str(row[name] or "")[:4] for name in ("start", "end"))
        years[short_iri(row["document"])] = start if start == end else f"{start}–{end}"
        if order == "date":
            ranks.setdefault(code_of(row), (int(start or end or "9999"),))
    if order == "region":
        ranks = {str(row["code"]): (int(str(row["order"])),) for row in kg.query("regions")}
    return Look(order=order, ranks=ranks, names=kg.names, years=years, **given)


def running(kg: Session, day: str, country: Sequence[str] = ()) -> Table:
    """Return a row per jurisdiction: whether a plan runs on ``day`` (YYYY-MM-DD), by the saved query ``in-force``."""
    found: dict[str, Row] = {}
    for answer in _EVER:
        for row in kg.query("in-force", date=day, answer=answer, country=list(country)):
            period = f"{row['title']} ({row['start'] or '…'} – {row['end'] or '…'})"
            told: Row = {"value": _ANSWERS[answer], "phrase": period, "evidence": row["evidence"]}
            found.setdefault(code_of(row), told)
    places = {code_of(row): None for row in kg.query("documents", country=list(country))}
    none: Row = {"value": "undated", "phrase": None, "evidence": None}
    rows = [{"country": code, "name": kg.names.get(code, code)} | found.get(code, none) for code in places]
    title, columns = kg.say("Plans by their stated period, on {day}", day=day), ["country", "name", "value", "phrase", "evidence"]
    return kg.table(columns, rows, title, queries=("in-force", "documents"), parameters={"date": day})


def by_start(kg: Session, compared: Comparison) -> Table:
    """Return how many of the plans that start in a span of five years name each concept: ``some`` of ``all``.

    ``compared`` is by document. Of ``all`` it can be told: their source was looked through for the concept.
    """
    starts: dict[str, int] = {}
    for row in kg.query("in-force", answer=list(_EVER)):
        if row["start"]:
            starts[str(row["document"])] = int(str(row["start"])[:4])
    plans = [(each.key, starts[each.iri]) for each in compared.subjects if each.iri in starts and compared.left_out(each.key) is None]
    last, rows = max((year for _, year in plans), default=0), list[Row]()
    until = max(last - last % _SPAN - (_SPAN if last % _SPAN < _SPAN - 1 else 0), 0)  # a short span joins the one before

    def span(year: int) -> int:
        return min(year - year % _SPAN, until)

    firsts = sorted({span(year) for _, year in plans})
    for concept in compared.spoken():
        values = [(span(year), compared.value(key, concept.code).name) for key, year in plans]
        for first in firsts:
            told = [value for start, value in values if start == first and value != "not-assessed"]
            row: Row = {"concept": concept.code, "label": concept.label, "start": first, "end": last if first == until else first + _SPAN - 1}
            rows.append(row | {"some": sum(value in SAYING for value in told), "all": len(told)})
    numbers = [Column(name, "integer") for name in ("start", "end", "some", "all")]
    title, parameters = kg.say("Plans that name each concept, by the year in which they start"), {"match": compared.match}
    return kg.table(["concept", "label", *numbers], rows, title, queries=(compared.axis, "in-force"), parameters=parameters)


def coordinators(kg: Session, network: Network) -> Table:
    """Return a row per jurisdiction: the body that coordinates its latest document of which a source names one."""
    order = {iri: place for place, iri in enumerate(network.view.documents)}
    roles = {kg.say(role): place for place, role in enumerate(_ROLES)}
    found: dict[str, tuple[tuple[int, int], Row]] = {}
    for row in network.table().rows:
        if row["role"] in roles and row["body_class"]:
            code, last = str(row["country"]), order.get(f"{BASE}id/{row['document']}", -1)
            best = (-last, roles[str(row["role"])])
            if code not in found or best < found[code][0]:
                found[code] = best, row
    rows: list[Row] = []
    for code in dict.fromkeys(each.country for each in network.view.documents.values()):
        row = found[code][1] if code in found else {}
        told: Row = {"country": code, "name": kg.names.get(code, code), "kind": row.get("body_class"), "body": row.get("body_name")}
        rows.append(told | {name: row.get(name) for name in ("role", "document", "evidence")})
    columns = ["country", "name", "kind", "body", "role", "document", "evidence"]
    return kg.table(columns, rows, kg.say("Who coordinates the plans?"), queries=("network",))
