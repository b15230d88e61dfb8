"""What the script of a comparison reads: documents and their periods, what is said, and what each silence means."""

import json
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from ...compare.analysis import short_iri
from ...compare.matrix import VALUES, value_of
from ...compare.themes import Column
from ...query.jurisdictions import codes_by_name
from ...rdf.namespaces import slug
from ...text import visible_in
from ..addresses import link, root_of
from ..context import PageContext, as_json


def periods(context: PageContext) -> dict[str, dict[str, object]]:
    """Return the days between which each document may have been in force, and what of it the sources leave open."""
    kg, found = context.kg, dict[str, dict[str, object]]()
    endless = {
        str(row["document"]) for row in kg.query("timeline", tier="all") if slug(str(row["timing"])) == "open-ended"
    }
    for row in kg.query("in-force", tier="all", answer=["yes", "possible", "no"]):
        document, first, last = str(row["document"]), row["first"], row["last"]
        if last and not row["end"]:  # until the day before the next document of its line
            last = (date.fromisoformat(str(last)) - timedelta(1)).isoformat()
        found[document] = {"first": first, "last": last, "endless": document in endless}
        found[document]["unsettled"] = not row["start"] or not (row["end"] or document in endless)
    for row in context.kg.query("levels-and-statuses", tier="all"):
        if row["status"] and str(row["document"]) in found and slug(str(row["status"])) in {"draft", "proposed"}:
            found[str(row["document"])]["unsettled"] = True
    return found


def data(
    context: PageContext, axis: str, columns: Sequence[Column], periods: dict[str, dict[str, object]], path: str
) -> bytes:
    """Return what the script of the page needs: documents, concepts, what is said, and what is silent."""
    kg, themes = context.kg, context.themes
    silent: dict[str, list[dict[str, Any]]] = {}
    for name in dict.fromkeys(each.axis for each in columns):
        silent[name] = kg.query("silent-readings", axis=name).rows()
    order = {iri: number for number, iri in enumerate(themes.plans)}
    documents = sorted(dict.fromkeys(row["document"] for row in silent[axis]), key=lambda iri: order.get(str(iri), -1))
    sources = list(dict.fromkeys(row["source"] for row in silent[axis]))
    country = {row["document"]: slug(str(row["country"])).upper() for row in silent[axis]}
    place, number = ({iri: n for n, iri in enumerate(each)} for each in (documents, sources))
    passages, lists = dict[str, int](), dict[str, int]()
    origins, places = kg.origins_of(documents), dict.fromkeys(sorted(country.values()))
    called = ((name, codes & places.keys()) for name, codes in codes_by_name(kg.jurisdictions).items())

    def told(name: str) -> dict[str, Any]:
        """Return what is said on an axis, and what its silence means: of each reading, with a list of exceptions."""
        found, said, on = context.gathered.axis(name), list[list[Any]](), dict[tuple[int, int], dict[str, str]]()
        for (_, concept), rows in found.evidence_of(documents):
            for row in rows:
                document, element, evidence = (str(row[key]) for key in ("document", "element", "evidence"))
                where = passages.setdefault(evidence, len(passages))
                part = element.removeprefix(f"{document}/") if element.startswith(f"{document}/") else None
                words = [row.get(key) for key in ("match", "phrase", "role")]
                said.append([place[document], concept, value_of(row["value"]), *words, where, row.get("origin"), part])
                said[-1] += [kg.foreign[element]] if row.get("origin") and element in kg.foreign else []
        for row in (row for row in silent[name] if row["concept"] and row["source"] in number):
            on.setdefault((place[row["document"]], number[row["source"]]), {})[slug(str(row["concept"]))] = value_of(
                row["value"]
            )
        held = []
        for row in (row for row in silent[name] if row["concept"] is None and row["source"] in number):
            reading = place[row["document"]], number[row["source"]]
            but = lists.setdefault(json.dumps(on[reading], sort_keys=True), len(lists)) if reading in on else None
            held.append([*reading, value_of(row["value"]), but, themes.read(str(row["document"]), str(row["source"]))])
        return {
            "axis": name,
            "concepts": [[each.code, each.label, each.depth] for each in found.concepts],
            "said": said,
            "silent": held,
        }

    made = told(axis)
    built = [each.concept for each in columns if each.axis != axis]
    also = told(columns[-1].axis) if built else None
    if also:
        also["concepts"] = [[each.code, each.label, each.depth] for each in built]
        codes = {each.code for each in built}
        also["said"] = [row for row in also["said"] if row[1] in codes]
    shared: dict[str, Any] = {
        "values": {value.name: [value.sign, value.words] for value in VALUES.values()},
        "names": {code: kg.names[code] for code in places},
        "tiers": {code: context.recorded[code] for code in places},
        "groups": [[name, sorted(codes, key=kg.names.__getitem__)] for name, codes in themes.groups.items()],
        "sources": [
            [slug(iri), context.source_kinds.get(iri, []), kg.labels.get(iri, ""), link(iri, path)] for iri in sources
        ],
        "called": {name: code for name, codes in called for code in codes if len(codes) == 1},
        "documents": [
            {"key": short_iri(iri), "country": country[iri], "title": kg.labels[iri], "origin": origins.get(iri)}
            | {"href": link(iri, path)}
            | ({"years": plan.years, "depth": plan.depth, "plan": 1} if (plan := themes.plans.get(iri)) else {})
            | periods.get(iri, {})
            for iri in documents
        ],
        "passages": [
            [kg.labels.get(iri, ""), link(iri, path), number.get(context.source_of.get(iri))] for iri in passages
        ],
        "lists": [json.loads(each) for each in lists],
        "version": kg.version[:12],
        "root": root_of(path),
    }
    return as_json(visible_in(shared | made | ({"also": also} if also else {})))
