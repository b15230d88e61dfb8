"""The description of the dataset for people and programs: what there is of what, in which files, how licensed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph

from ...query.engine import evaluate
from ...rdf.descriptions import Descriptions
from ...rdf.namespaces import BASE, slug
from ...tables.citation import citation
from ..addresses import anchor, beside, link, place_of, root_of
from ..describe import Describer
from ..dump import stated
from ..machine import machine_files

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..context import Material
    from ..describe import Download, NamedGraph

__all__ = ["files"]

_PLACE = "dataset"


class _Property(NamedTuple):
    """How often a property occurs: the anchor of that count, the name of the property, where it leads, the number."""

    anchor: str
    name: str
    href: str | None
    triples: int


class _Class(NamedTuple):
    """How many resources a class has, and what is stated of them; without a name, what is stated of all."""

    anchor: str
    name: str
    href: str | None
    entities: int
    properties: list[_Property]


def files(
    material: Material, downloads: Sequence[Download], graphs: Sequence[NamedGraph]
) -> Iterator[tuple[str, bytes]]:
    """Yield the page, its files, and the copy of its Turtle that crawlers of VoID look for.

    What is told to search engines is left in ``material`` for the home page.
    """
    kg, path = material.kg, f"{_PLACE}/index.html"
    store = stated(kg)
    describer = Describer(kg, material.base, store)
    cite = citation(kg.root, kg.version)
    described = describer.dataset(cite, downloads, graphs)
    material.for_search_engines = describer.for_search_engines(described)
    prefixes = material.prefixes | describer.spaces
    told = Descriptions(described)
    ours = [each for each in told.subjects if place_of(each.value) == _PLACE]
    others = [each for each in told.subjects if each not in ours]
    for name, content in machine_files(_PLACE, [*ours, *others], told, prefixes):
        yield name, content
        if name.endswith(".ttl"):
            yield ".well-known/void", content
    yield material.page(
        "dataset.html",
        path,
        title="The dataset",
        machine=beside(_PLACE, path),
        about=_about(told),
        cite=cite,
        classes=_parts(material, described, path),
        downloads=[(f"{root_of(path)}{each.path}", each.path.rpartition("/")[2], each) for each in downloads],
        graphs=[(f"{root_of(path)}{each.path}", each) for each in graphs],
        entry={each.iri: anchor for each, anchor in zip(graphs, _entries(told, graphs), strict=True)},
        triples=len(store),
    )


def _parts(material: Material, described: list[pyoxigraph.Triple], path: str) -> list[_Class]:
    """Return how much there is of each class, the largest first, before them the properties of the whole dataset."""
    store = pyoxigraph.Store()
    store.extend(pyoxigraph.Quad(*triple) for triple in described)
    query = material.kg.queries.get("described-parts")
    made: dict[str, _Class] = {}
    for row in evaluate(store, query.text, query.name):
        iri, kind = str(row["part"]), str(row["class"] or "")
        name, href = (material.name(kind), link(kind, path)) if kind else ("", None)
        part = made.setdefault(iri, _Class(anchor(iri), name, href, int(row["entities"] or 0), []))
        of = str(row["property"])
        part.properties.append(
            _Property(anchor(str(row["share"])), material.name(of), link(of, path), int(row["triples"] or 0))
        )
    return sorted(made.values(), key=lambda each: (bool(each.name), -each.entities))


def _about(told: Descriptions) -> dict[str, str]:
    """Return what is said of the dataset, by the last part of the property."""
    return {
        slug(predicate.value): str(getattr(value, "value", ""))
        for predicate, value in told.of(pyoxigraph.NamedNode(BASE + _PLACE))
    }


def _entries(told: Descriptions, graphs: Sequence[NamedGraph]) -> Iterator[str]:
    """Yield the anchor of each named graph's entry."""
    entry = {
        str(getattr(value, "value", "")): anchor(subject.value)
        for subject in told.subjects
        for predicate, value in told.of(subject)
        if anchor(subject.value).startswith("graph-") and slug(predicate.value) == "name"
    }
    yield from (entry.get(each.iri, "") for each in graphs)
