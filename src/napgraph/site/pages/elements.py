"""The pages of parts of documents and of bodies: what it is, of which plan, who, when, money, words of the source."""

from typing import Any

import pyoxigraph

from ...compare.overview import grouped
from ...rdf.descriptions import Descriptions
from ...rdf.namespaces import slug
from ..context import PageContext, Said
from .documents import Sheet, counted_as, iris, text

_TOLD = {
    *("type", "evidence", "order", "label", "prefLabel", "altLabel", "title", "comment", "partOf", "conformsTo"),
    *("about", "aboutExactly", "aboutBroadly", "examinedFor", "sourceExtent", "readingOf", "coverageOf", "notStated"),
    *("termInSource", "mappingReason", "classification", "condition"),
}
"""What stands on a page in words of its own, or only among its data."""
_OF_ACTIVITIES = {"leadBody", "supportingBody", "hasResponsibility", "hasIndicator", "period", "recurrence"}
_OF_ACTIVITIES |= {"hasResourcePlan"}


def page(context: PageContext, stated: Descriptions, iri: str, path: str) -> dict[str, Any]:
    """Return what the template of the page of a part of a document, or of a body, shows."""
    sheet, document, source_of = Sheet(context, stated, path), context.document_of(iri), context.gathered.source_of
    told, activity = sheet.about(iri), sheet.of(iri)
    kinds, evidence = iris(told["type"]), iris(told["evidence"])
    is_activity = "PlannedActivity" in map(slug, kinds)
    inside = sorted(map(sheet.of, context.leading(iri, "partOf")), key=lambda each: sheet.place(each.iri))
    shown = (iris(told["classification"]) or kinds)[:1]
    without = _TOLD | (_OF_ACTIVITIES if is_activity else set())
    return {
        "iri": iri,
        "kinds": [context.kind(each) for each in shown],
        "document": context.said(document, path) if document not in {"", iri} else None,
        "above": [context.said(each, path) for each in iris(told["partOf"])],
        "note": text(told["comment"]),
        "term": text(told["termInSource"]),
        "reason": text(told["mappingReason"]),
        "terms": activity.terms,
        "counted": counted_as(context, iri, path),
        "activity": activity if is_activity else None,
        "means": [note for each in sheet.inside(told["hasResourcePlan"]) if (note := text(each["comment"]))],
        "inside": inside,
        "rest": context.facts(pyoxigraph.NamedNode(iri), stated, path, without=without),
        "evidence": [
            (context.said(each, path), context.said(of, path) if (of := source_of.get(each, each)) != each else None)
            for each in evidence
        ],
        "roles": _roles(context, iri, path),
    }


def _roles(context: PageContext, iri: str, path: str) -> list[tuple[Said, list[tuple[str, list[Said]]]]]:
    """Return what a body does, by document and role: for which parts, or none where it is for all of it."""
    made = []
    for document, rows in grouped(context.rows("network", iri)).items():
        roles = []
        for role, same in grouped(rows, "role").items():
            parts = dict.fromkeys(str(row["element"]) for row in same if row["element"])
            owners = dict.fromkeys(each if context.shown(each, path) else each.rpartition("/")[0] for each in parts)
            roles.append((role, [context.said(each, path) for each in owners if each != document]))
        made.append((context.said(document, path), roles))
    return made
