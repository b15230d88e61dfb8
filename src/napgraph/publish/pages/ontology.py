"""The page of the ontology: drawings of the model, the tree of classes, and every term at its anchor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...namespaces import BASE
from ..addresses import anchor, beside, page_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyoxigraph

    from ...graph.descriptions import Descriptions
    from ..material import Fact, Material

__all__ = ["SECTION", "pages", "takes"]

SECTION = ("ont/", "Terms", "what each class and property means, with drawings of the model")
_PLACE = "ont"
_KINDS = {"class": "Classes", "property": "Properties", "datatype": "Datatypes"}
_TOLD = {"label", "definition", "scopeNote", "example", "isDefinedBy", "deprecated"}
_HEAD = {"title", "abstract", "description"}


def takes(_: Material, place: str) -> bool:
    """Whether the page at ``place`` is this one's to make."""
    return place == _PLACE


def pages(
    material: Material, stated: Descriptions, place: str, subjects: Sequence[pyoxigraph.NamedNode]
) -> Iterator[tuple[str, bytes]]:
    """Yield the page of the ontology; ``subjects`` are it and its terms."""
    path, model = page_of(place), material.model
    (ontology,) = (each for each in subjects if not anchor(each.value))
    said = {predicate.value: str(getattr(value, "value", "")) for predicate, value in stated.of(ontology)}
    texts = {name: next((text for iri, text in said.items() if iri.endswith(f"/{name}")), "") for name in _HEAD}
    kinds: dict[str, list[tuple[object, list[Fact]]]] = {words: [] for words in _KINDS.values()}
    by_iri = {each.value: each for each in subjects}
    for iri, term in model.terms.items():
        if iri in by_iri:
            kinds[_KINDS[term.kind]].append((term, _rest(material, stated, by_iri[iri], path, _TOLD)))
    others = [
        (anchor(each.value), material.name(each.value), each.value, material.facts(each, stated, path))
        for each in subjects
        if each.value not in model.terms and each is not ontology
    ]
    yield material.page(
        "ontology.html",
        path,
        title=texts["title"] or material.name(BASE + place),
        abstract=texts["abstract"],
        told=texts["description"],
        header=_rest(material, stated, ontology, path, _HEAD),
        machine=beside(place, path),
        drawn=model.drawings(),
        tree=model.tree(),
        kinds=list(kinds.items()),
        others=others,
    )


def _rest(
    material: Material, stated: Descriptions, subject: pyoxigraph.NamedNode, path: str, told: set[str]
) -> list[Fact]:
    """Return the facts about a term that the page does not already tell in its own words."""
    return material.facts(subject, stated, path, without=told)
