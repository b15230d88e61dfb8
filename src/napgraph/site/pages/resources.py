"""A page and four files for each resource of the graph; terms of the ontology lie together, each at its anchor."""

from collections.abc import Iterator, Sequence

import pyoxigraph

from ...rdf.descriptions import Descriptions
from ...rdf.namespaces import BASE
from ...rdf.write import embeddable_json, rdf_files
from ..addresses import anchor, beside, page_of, place_of
from ..context import PageContext
from . import vocabulary

_MOST = 400  # resources in one page's script; a larger page leaves it to the files beside it


def files(context: PageContext, paths: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Yield the pages and files of every resource that the files ``paths`` describe, but for the home page's."""
    stated, version = context.part(paths), f"{context.prefixes['owl']}versionIRI"
    pages: dict[str, list[pyoxigraph.NamedNode]] = {}
    for subject in stated.subjects:
        if place := place_of(subject.value):
            pages.setdefault(place, []).append(subject)
    for subjects in list(pages.values()):
        # A version of the ontology is what the ontology is now; the next one will be another.
        for predicate, value in (each for subject in subjects for each in stated.of(subject)):
            if predicate.value == version and isinstance(value, pyoxigraph.NamedNode):
                pages[place_of(value.value) or ""] = subjects
    for place, subjects in pages.items():
        yield from rdf_files(place, subjects, stated, context.prefixes)
        own = vocabulary.pages(context, stated, place, subjects)
        yield from own or [_page(context, stated, place, subjects)]


def _page(
    context: PageContext, stated: Descriptions, place: str, subjects: list[pyoxigraph.NamedNode]
) -> tuple[str, bytes]:
    path = page_of(place)
    # What the page is called after comes first, then its terms in the order of the file.
    subjects = sorted(subjects, key=lambda each: bool(anchor(each.value)))
    code, first = place.removeprefix("jurisdiction/"), subjects[0].value
    return context.page(
        "resource.html",
        path,
        title=context.name(first),
        origin=context.origins.get(first),
        subjects=subjects,
        stated=stated,
        foreign=context.kg.foreign,
        trail=context.trail(BASE + place, path),
        machine=beside(place, path),
        script=embeddable_json(stated.triples(subjects)) if len(subjects) <= _MOST else None,
        profile=context.kg.show(code) if code.upper() in context.recorded and code != place else None,
        code=code.upper(),
    )
