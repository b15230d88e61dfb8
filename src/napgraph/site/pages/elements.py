"""The pages of parts of documents and of bodies: what it is, of which plan, who, when, money, words of the source."""

from typing import Any

import pyoxigraph

from ...rdf.descriptions import Descriptions
from ...rdf.namespaces import BASE, slug
from ...tables.columns import grouped
from ..context import Fact, PageContext, Said
from .sheets import PARTS, Sheet, about, counted_as, said, text

_TOLD = {
    *("type", "evidence", "order", "label", "prefLabel", "altLabel", "title", "comment", "partOf", "conformsTo"),
    *("about", "aboutExactly", "aboutBroadly", "examinedFor", "sourceExtent", "readingOf", "coverageOf", "notStated"),
    *("termInSource", "mappingReason", "classification", "condition"),
}
"""What stands on a page in words of its own, or only among its data."""
_OF_ACTIVITIES = {"leadBody", "supportingBody", "hasResponsibility", "hasIndicator", "period", "recurrence"}


def document_of(context: PageContext, iri: str) -> str:
    """Return the document that a resource is or is part of, as an IRI; nothing where it is of none."""
    document = BASE + "/".join(iri.removeprefix(BASE).split("/")[:3])
    return document if document in context.readings.of_document else ""


def page(context: PageContext, stated: Descriptions, iri: str, path: str) -> dict[str, Any]:
    """Return what the template of the page of a part of a document, or of a body, shows."""
    subject, sheet = pyoxigraph.NamedNode(iri), Sheet(context, stated, path)
    told = about(stated, subject)
    kinds = [each.value for each in told.get("type", []) if isinstance(each, pyoxigraph.NamedNode)]
    is_activity = "PlannedActivity" in map(slug, kinds)
    classes = [each.value for each in told.get("classification", []) if isinstance(each, pyoxigraph.NamedNode)]
    document, activity = document_of(context, iri), sheet.of(iri)
    evidence = [each.value for each in told.get("evidence", []) if isinstance(each, pyoxigraph.NamedNode)]
    inside = sorted(map(sheet.of, context.leading(iri, "partOf")), key=lambda each: sheet.place(each.iri))
    means = [about(stated, each) for each in told.get("hasResourcePlan", []) if isinstance(each, pyoxigraph.BlankNode)]
    return {
        "iri": iri,
        "called": context.called(iri),
        "kinds": [PARTS.get(slug(each), (context.name(each).lower(),))[0] for each in (classes or kinds)[:1]],
        "document": said(context, document, path) if document and document != iri else None,
        "above": [said(context, each.value, path) for each in told.get("partOf", []) if hasattr(each, "value")],
        "note": text(told.get("comment", [])),
        "term": text(told.get("termInSource", [])),
        "reason": text(told.get("mappingReason", [])),
        "terms": activity.terms,
        "counted": counted_as(context, iri, path),
        "activity": activity if is_activity else None,
        "means": [note for each in means if (note := text(each.get("comment", [])))],
        "inside": inside,
        "rest": _rest(context, subject, stated, path, is_activity),
        "evidence": [(said(context, each, path), _source(context, each, path)) for each in evidence],
        "roles": _roles(context, iri, path),
    }


def _source(context: PageContext, passage: str, path: str) -> Said | None:
    """Return the source of a passage that is only a part of it."""
    source = context.gathered.source_of.get(passage, passage)
    return said(context, source, path) if source != passage else None


def _rest(
    context: PageContext, subject: pyoxigraph.NamedNode, stated: Descriptions, path: str, is_activity: bool
) -> list[Fact]:
    """Return what else is stated of a part, for readers: without what only programs ask for."""
    without = _TOLD | (_OF_ACTIVITIES | {"hasResourcePlan"} if is_activity else set())
    return context.facts(subject, stated, path, without=without)


def _roles(context: PageContext, iri: str, path: str) -> list[tuple[Said, list[tuple[str, list[Said]]]]]:
    """Return what a body does, by document and role: for which parts, or none where it is for all of it."""
    made = []
    for document, rows in grouped(context.gathered.by("network", "body").get(iri, [])).items():
        roles = []
        for role, same in grouped(rows, "role").items():
            parts = dict.fromkeys(str(row["element"]) for row in same if row["element"])
            owners = dict.fromkeys(each if context.shown(each, path) else each.rpartition("/")[0] for each in parts)
            roles.append((role, [said(context, each, path) for each in owners if each != document]))
        made.append((said(context, document, path), roles))
    return made
