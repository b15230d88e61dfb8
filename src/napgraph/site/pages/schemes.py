"""The page of each list of codes, in each language in which its codes have names, and the page that leads to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...rdf.namespaces import BASE, slug
from ..addresses import beside, page_of, place_of, root_of
from ..machine import script
from ..model import branches, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyoxigraph

    from ...rdf.descriptions import Descriptions
    from ..context import Material

__all__ = ["SECTION", "files", "pages", "takes"]

SECTION = ("lists/", "Codes", "the shared concepts that the words of the plans are related to, in several languages")
_TOLD = {"title", "description", "scopeNote"}


def files(material: Material) -> Iterator[tuple[str, bytes]]:
    """Yield the page that leads to all lists, in each language in which all of them have names."""
    place = SECTION[0].rstrip("/")
    for language, words in material.words[SECTION[0]].items():
        path = page_of(place, language)
        listed = []
        for iri, spoken in material.schemes.items():
            top = f"{root_of(path)}{place_of(iri)}/"
            others = [
                (each, material.words["every"][each]["name"], top + page_of("", each))
                for each in spoken
                if each != language
            ]
            rows = spoken[language]
            count = len({row["concept"] for row in spoken["en"]})
            href = top if language == "en" else top + page_of("", language)
            listed.append((href, rows[0]["title"], count, rows[0]["told"] or "", others))
        listed.sort(key=lambda each: plain(str(each[1])))
        yield material.page(
            "lists.html",
            path,
            title=words["title"],
            language=language,
            languages=material.words[SECTION[0]],
            words=words,
            schemes=listed,
        )


def takes(material: Material, place: str) -> bool:
    """Whether the page at ``place`` is one of these."""
    return BASE + place in material.schemes


def pages(
    material: Material, stated: Descriptions, place: str, subjects: Sequence[pyoxigraph.NamedNode]
) -> Iterator[tuple[str, bytes]]:
    """Yield the page of a list of codes in each of its languages; English has the address of the list itself."""
    spoken = material.schemes[BASE + place]
    for language, rows in spoken.items():
        path = page_of(place, language)
        named = {row["concept"]: str(row["label"]) for row in rows}
        told: dict[str, tuple[str, str, str]] = {}
        parents: dict[str, str | None] = {}
        for row in spoken["en"]:
            iri = str(row["concept"])
            label = named.get(iri, str(row["label"]))
            told.setdefault(iri, (label, str(row["definition"] or ""), str(row["note"] or "")))
            parents.setdefault(iri, str(row["broader"]) if row["broader"] else None)
        notes = [
            str(getattr(value, "value", ""))
            for predicate, value in stated.of(subjects[0])
            if slug(predicate.value) == "scopeNote"
        ]
        yield material.page(
            "scheme.html",
            path,
            title=str(rows[0]["title"]),
            told=str(rows[0]["told"] or ""),
            note=" ".join(notes),
            language=language,
            languages=spoken if len(spoken) > 1 else [],
            words=material.words["list"][language],
            named=named,
            top=page_of(f"{root_of(path)}lists", language if language in material.words[SECTION[0]] else "en"),
            machine=beside(place, path),
            tree=list(branches(told, parents)),
            facts=material.facts(subjects[0], stated, path, without=_TOLD),
            script=script(subjects, stated) if language == "en" else None,
        )
