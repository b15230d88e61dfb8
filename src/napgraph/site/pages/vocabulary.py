"""The page of the ontology: drawings of the model, the tree of classes, and every term at its anchor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...rdf.namespaces import BASE
from ..addresses import anchor, beside, page_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyoxigraph

    from ...rdf.descriptions import Descriptions
    from ..context import Fact, Material
    from ..model import Term

__all__ = ["SECTION", "pages", "takes"]

SECTION = ("ont/", "Terms", "what each class and property means, with drawings of the model")
_PLACE = "ont"
_KINDS = ("class", "property", "datatype")
_TOLD = {"label", "definition", "scopeNote", "example", "isDefinedBy", "deprecated"}
_HEAD = {"title", "abstract", "description"}


def takes(_: Material, place: str) -> bool:
    """Whether the page at ``place`` is this one's to make."""
    return place == _PLACE


def pages(
    material: Material, stated: Descriptions, place: str, subjects: Sequence[pyoxigraph.NamedNode]
) -> Iterator[tuple[str, bytes]]:
    """Yield the page of the ontology in each language; ``subjects`` are it and its terms."""
    (ontology,) = (each for each in subjects if not anchor(each.value))
    said = {predicate.value: str(getattr(value, "value", "")) for predicate, value in stated.of(ontology)}
    texts = {name: next((text for iri, text in said.items() if iri.endswith(f"/{name}")), "") for name in _HEAD}
    by_iri = {each.value: each for each in subjects}
    # Links lead the same way from each language, so what the page does not tell in its own words is made once.
    header = material.facts(ontology, stated, page_of(place), without=_HEAD)
    model, spoken = material.model, material.words[SECTION[0]]
    told = {iri: each for iri, each in by_iri.items() if iri in model.terms}
    facts = {iri: material.facts(each, stated, page_of(place), without=_TOLD) for iri, each in told.items()}
    others = [
        (anchor(each.value), material.name(each.value), each.value, material.facts(each, stated, page_of(place)))
        for each in subjects
        if each.value not in model.terms and each is not ontology
    ]
    for language, words in spoken.items():
        kinds: dict[str, list[tuple[Term, list[Fact]]]] = {kind: [] for kind in _KINDS}
        for iri, term in model.terms_in(language).items():
            if iri in facts:
                kinds[term.kind].append((term, facts[iri]))
        path = page_of(place, language)
        yield material.page(
            "ontology.html",
            path,
            title=words["title"] or texts["title"] or material.name(BASE + place),
            abstract=texts["abstract"],
            told=texts["description"],
            header=header,
            machine=beside(place, path),
            language=language,
            languages=spoken,
            words=words,
            drawn=model.drawings(words, language),
            tree=model.tree(language),
            kinds=list(kinds.items()),
            others=others if language == "en" else [],
        )
