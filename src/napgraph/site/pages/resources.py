"""A page and four files for each resource of the graph; terms of the ontology lie together, each at its anchor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import pyoxigraph

from ...rdf.descriptions import Descriptions
from ...rdf.namespaces import BASE
from ...rdf.write import embeddable_json, rdf_files
from ..addresses import anchor, beside, link, page_of, place_of
from ..context import Fact, Incoming, PageContext
from . import vocabulary

_MOST = 400  # resources in one page's script; a larger page leaves it to the files beside it


class _Entry(NamedTuple):
    """One resource on a page: its address, anchor, name, facts, and what points to it."""

    iri: str
    anchor: str
    name: str
    facts: list[Fact]
    incoming: list[Incoming]


def files(context: PageContext, paths: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Yield the pages and files of every resource that the files ``paths`` describe, but for the home page's."""
    stated = context.part(paths)
    pages: dict[str, list[pyoxigraph.NamedNode]] = {}
    for subject in stated.subjects:
        if place := place_of(subject.value):
            pages.setdefault(place, []).append(subject)
    for place in [*pages]:
        # A version of the ontology is what the ontology is now; the next one will be another.
        pages |= dict.fromkeys(_versions(context, stated, pages[place]), pages[place])
    for place, subjects in pages.items():
        yield from rdf_files(place, subjects, stated, context.prefixes)
        own = vocabulary.pages(context, stated, place, subjects)
        yield from own or [_page(context, stated, place, subjects)]


def _versions(context: PageContext, stated: Descriptions, subjects: list[pyoxigraph.NamedNode]) -> Iterator[str]:
    named = f"{context.prefixes['owl']}versionIRI"
    for subject in subjects:
        for predicate, value in stated.of(subject):
            if predicate.value == named and isinstance(value, pyoxigraph.NamedNode):
                yield place_of(value.value) or ""


def _page(
    context: PageContext, stated: Descriptions, place: str, subjects: list[pyoxigraph.NamedNode]
) -> tuple[str, bytes]:
    path = page_of(place)
    # What the page is called after comes first, then its terms in the order of the file.
    subjects = sorted(subjects, key=lambda each: bool(anchor(each.value)))
    entries = [
        _Entry(
            each.value,
            anchor(each.value),
            context.name(each.value),
            context.facts(each, stated, path),
            context.pointing(each.value, path),
        )
        for each in subjects
    ]
    code = place.removeprefix("jurisdiction/")
    profile = context.kg.show(code) if code.upper() in context.recorded and code != place else None
    return context.page(
        "resource.html",
        path,
        title=entries[0].name,
        origin=context.origins.get(entries[0].iri),
        entries=entries,
        foreign=context.kg.foreign,
        trail=context.trail(BASE + place, path),
        machine=beside(place, path),
        script=embeddable_json(stated.triples(subjects)) if len(subjects) <= _MOST else None,
        profile=profile,
        code=code.upper(),
        documents=[(record, link(record.iri, path)) for record in profile.documents] if profile else [],
    )
