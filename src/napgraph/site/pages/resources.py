"""A page and four files for each resource of the graph; terms of the ontology lie together, each at its anchor."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph

from ...rdf.namespaces import BASE
from ..addresses import anchor, beside, link, page_of, place_of
from ..machine import machine_files, script
from . import rules, schemes
from . import vocabulary as ontology

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ...rdf.descriptions import Descriptions
    from ..context import Fact, Incoming, Material

__all__ = ["SPECIAL", "files"]

SPECIAL = (ontology, schemes, rules)
"""The kinds of page that tell more of some resources than the page that every other has."""

_MOST = 400  # resources in one page's script; a larger page leaves it to the files beside it


class _Entry(NamedTuple):
    """One resource on a page: its address, anchor, name, facts, and what points to it."""

    iri: str
    anchor: str
    name: str
    facts: list[Fact]
    incoming: list[Incoming]


def files(material: Material, paths: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Yield the pages and files of every resource that the files ``paths`` describe, but for the home page's."""
    stated = material.part(paths)
    pages: dict[str, list[pyoxigraph.NamedNode]] = {}
    for subject in stated.subjects:
        if place := place_of(subject.value):
            pages.setdefault(place, []).append(subject)
    for place in [*pages]:
        # A version of the ontology is what the ontology is now; the next one will be another.
        pages |= dict.fromkeys(_versions(material, stated, pages[place]), pages[place])
    for place, subjects in pages.items():
        yield from machine_files(place, subjects, stated, material.prefixes)
        kind = next((each for each in SPECIAL if each.takes(material, place)), None)
        if kind:
            yield from kind.pages(material, stated, place, subjects)
        else:
            yield _page(material, stated, place, subjects)


def _versions(material: Material, stated: Descriptions, subjects: list[pyoxigraph.NamedNode]) -> Iterator[str]:
    named = f"{material.prefixes['owl']}versionIRI"
    for subject in subjects:
        for predicate, value in stated.of(subject):
            if predicate.value == named and isinstance(value, pyoxigraph.NamedNode):
                yield place_of(value.value) or ""


def _page(
    material: Material, stated: Descriptions, place: str, subjects: list[pyoxigraph.NamedNode]
) -> tuple[str, bytes]:
    path = page_of(place)
    # What the page is called after comes first, then its terms in the order of the file.
    subjects = sorted(subjects, key=lambda each: bool(anchor(each.value)))
    entries = [
        _Entry(
            each.value,
            anchor(each.value),
            material.name(each.value),
            material.facts(each, stated, path),
            material.pointing(each.value, path),
        )
        for each in subjects
    ]
    code = place.removeprefix("jurisdiction/")
    profile = material.kg.show(code) if code.upper() in material.recorded and code != place else None
    return material.page(
        "resource.html",
        path,
        title=entries[0].name,
        origin=material.origins.get(entries[0].iri),
        entries=entries,
        foreign=material.kg.foreign,
        trail=material.trail(BASE + place, path),
        machine=beside(place, path),
        script=script(subjects, stated) if len(subjects) <= _MOST else None,
        profile=profile,
        code=code.upper(),
        documents=[(record, link(record.iri, path)) for record in profile.documents] if profile else [],
    )
