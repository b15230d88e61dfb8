"""Comparisons: for each axis a matrix that can be read without a script, and its data for the one that narrows it."""

from collections.abc import Iterator
from typing import Any

from ...compare.matrix import VALUES, Comparison, axes, value_of
from ...query.jurisdictions import codes_by_name
from ...rdf.namespaces import slug
from ...tables.origins import MARKS, MEANINGS
from ...text import visible_in
from ..addresses import link, root_of
from ..context import PageContext, as_json, table_files
from . import views


def files(context: PageContext) -> Iterator[tuple[str, bytes]]:
    """Yield the page, the data and the tables of each axis, and the page that leads to them."""
    kg, names, periods = context.kg, axes(context.kg), _periods(context)
    questions = {name: kg.queries.get(name).header["question"] for name in names}
    yield context.page("comparisons.html", "compare/index.html", axes=list(questions.items()), views=views.listed())
    for axis, question in questions.items():
        comparison = kg.compare(axis)
        path = f"compare/{axis}/index.html"
        shown, table = comparison.spoken() or comparison.concepts, comparison.table()
        drawn = views.drawn(context, Comparison.chart, comparison, len(shown) * len(comparison.subjects))
        yield context.page(
            "comparison.html",
            path,
            comparison=comparison,
            axes=names,
            question=question,
            concepts=shown,
            used={comparison.value(each.key, concept.code) for each in comparison.subjects for concept in shown},
            values=list(VALUES.values()),
            table=table,
            drawn=drawn,
            strict="strictness" in kg.queries.get(axis).parameters,
        )
        for ending, content in drawn.items():
            yield f"compare/{axis}/{axis}{ending}", content
        yield f"compare/{axis}/data.json", _data(context, comparison, periods, path)
        yield from table_files(f"compare/{axis}/{axis}", table, workbook=True)
        yield from table_files(f"compare/{axis}/{axis}-evidence", comparison.evidence(), workbook=True)


def _periods(context: PageContext) -> dict[str, dict[str, object]]:
    """Return the first and last day of each document's period, and whether the period, or the document, is open."""
    found: dict[str, dict[str, object]] = {}
    for row in context.kg.query("timeline"):
        if row["kind"] == "period":
            period = found.setdefault(str(row["document"]), {"first": row["earliest"], "last": row["latest"]})
            period["endless"] = slug(str(row["timing"])) == "open-ended"
    for row in context.kg.query("levels-and-statuses"):
        if row["status"] and str(row["document"]) in found and slug(str(row["status"])) in {"draft", "proposed"}:
            found[str(row["document"])]["unsettled"] = True
    return found


def _data(context: PageContext, comparison: Comparison, periods: dict[str, dict[str, object]], path: str) -> bytes:
    """Return what the script of the page needs: documents, concepts, what is said, and what is silent."""
    kg = context.kg
    rows: list[dict[str, Any]] = [{**row, "document": str(row["document"])} for row in kg.query(comparison.axis)]
    documents = list(dict.fromkeys(row["document"] for row in rows))
    passages = list(dict.fromkeys(str(row["evidence"]) for row in rows if row["evidence"]))
    place, where = {iri: n for n, iri in enumerate(documents)}, {iri: n for n, iri in enumerate(passages)}
    country = {row["document"]: slug(str(row["country"])).upper() for row in rows}
    origins, named = kg.origins_of(documents), codes_by_name(kg.jurisdictions).items()
    called = ((name, codes & set(comparison.jurisdictions)) for name, codes in named)
    told = {
        "axis": comparison.axis,
        "marks": {origin: [mark, MEANINGS[origin]] for origin, mark in MARKS.items()},
        "values": {value.name: [value.sign, value.words] for value in VALUES.values()},
        "names": {code: kg.names[code] for code in comparison.jurisdictions},
        "called": {name: code for name, codes in called for code in codes if len(codes) == 1},
        "concepts": [[each.code, each.label, each.depth] for each in comparison.concepts],
        "documents": [
            {"country": country[iri], "title": kg.labels[iri], "origin": origins.get(iri), "href": link(iri, path)}
            | periods.get(iri, {})
            for iri in documents
        ],
        "passages": [[kg.labels.get(iri, ""), link(iri, path)] for iri in passages],
        "said": [
            [
                place[row["document"]],
                slug(str(row["concept"])),
                value_of(row["value"]),
                *(row.get(key) for key in ("match", "phrase", "role")),
                where.get(str(row["evidence"])),
                row.get("origin"),
            ]
            for row in rows
            if row["concept"] is not None
        ],
        "silent": [[place[row["document"]], value_of(row["value"])] for row in rows if row["concept"] is None],
        "version": kg.version[:12],
        "root": root_of(path),
    }
    return as_json(visible_in(told))
