"""The page of each list of codes, in each language in which its codes have names, and the page that leads to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...namespaces import BASE, slug
from ..addresses import beside, link
from ..machine import script
from ..model import branches

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyoxigraph

    from ...graph.descriptions import Descriptions
    from ..material import Material

__all__ = ["SECTION", "files", "pages", "takes"]

SECTION = ("lists/", "Codes", "the shared concepts that the words of the plans are related to, in three languages")
_TOLD = {"title", "description", "scopeNote"}


def files(material: Material) -> Iterator[tuple[str, bytes]]:
    """Yield the page that leads to all lists."""
    path = "lists/index.html"
    listed = []
    for iri, per_language in material.schemes.items():
        rows = per_language["en"]
        href = link(iri, path) or ""
        others = [
            (each, material.words[each]["name"], f"{href}index-{each}.html") for each in per_language if each != "en"
        ]
        count = len({row["concept"] for row in rows})
        listed.append((href, rows[0]["title"], count, rows[0]["told"] or "", others))
    listed.sort(key=lambda each: str(each[1]).casefold())
    yield material.page("lists.html", path, title="Lists of codes", schemes=listed)


def takes(material: Material, place: str) -> bool:
    """Whether the page at ``place`` is one of these."""
    return BASE + place in material.schemes


def pages(
    material: Material, stated: Descriptions, place: str, subjects: Sequence[pyoxigraph.NamedNode]
) -> Iterator[tuple[str, bytes]]:
    """Yield the page of a list of codes in each of its languages; English has the address of the list itself."""
    per_language = material.schemes[BASE + place]
    languages = [(each, material.words[each]["name"], _name(each)) for each in per_language]
    for language, rows in per_language.items():
        path = f"{place}/{_name(language) or 'index.html'}"
        told: dict[str, tuple[str, str, str]] = {}
        parents: dict[str, str | None] = {}
        for row in rows:
            iri = str(row["concept"])
            told.setdefault(iri, (str(row["label"]), str(row["definition"] or ""), str(row["note"] or "")))
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
            languages=languages if len(languages) > 1 else [],
            words=material.words[language],
            machine=beside(place, path),
            tree=list(branches(told, parents)),
            facts=material.facts(subjects[0], stated, path, without=_TOLD),
            script=script(subjects, stated) if language == "en" else None,
        )


def _name(language: str) -> str:
    return "" if language == "en" else f"index-{language}.html"
