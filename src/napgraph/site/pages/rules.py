"""The rules explained: what the record of a plan must contain, why, and which paragraph asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...rdf.namespaces import BASE
from ..addresses import anchor, beside, link, page_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyoxigraph

    from ...rdf.descriptions import Descriptions
    from ..context import Material

__all__ = ["SECTION", "pages", "takes"]

SECTION = ("shapes/", "Rules", "what the record of a plan must contain, and which paragraph asks for it")
_PLACE = "shapes"
_PROFILES = ("thin", "summary", "full-submission")


def takes(_: Material, place: str) -> bool:
    """Whether the page at ``place`` is this one's to make."""
    return place == _PLACE


def pages(
    material: Material, stated: Descriptions, place: str, subjects: Sequence[pyoxigraph.NamedNode]
) -> Iterator[tuple[str, bytes]]:
    """Yield the page of the rules in each language; English, which also shows every other shape, has their address."""
    spoken = material.model.languages
    for language in spoken:
        path, words = page_of(place, language), material.words[f"{place}/"][language]
        sets = material.model.rule_sets(language)
        shown = {rule.iri for each in sets for rule in each.rules} | {each.iri for each in sets}
        others = [
            (anchor(each.value), material.kg.labels.get(each.value, ""), material.facts(each, stated, path))
            for each in subjects
            if language == "en" and each.value not in shown and anchor(each.value)
        ]
        yield material.page(
            "rules.html",
            path,
            title=words["title"],
            language=language,
            languages=spoken,
            words=words,
            machine=beside(place, path),
            sets=sets,
            others=others,
            place=material.name,
            profiles=[_profile(material, stated, name, language, path) for name in _PROFILES],
        )


def _profile(
    material: Material, stated: Descriptions, name: str, language: str, path: str
) -> tuple[str | None, str, str, str]:
    """Return address, name, meaning and note of a profile, named in ``language``."""
    iri = f"{BASE}profile/{name}"
    label, told, note = (material.text(stated, iri, key, language) for key in ("label", "definition", "scopeNote"))
    return link(iri, path), label, told, note
