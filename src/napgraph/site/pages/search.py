"""Search everything in the page: a list of what there is, with its names in every language and its words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyoxigraph

from ...rdf.namespaces import slug
from ...text import visible_in
from ..addresses import anchor, place_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...rdf.descriptions import Descriptions
    from ..context import Material

__all__ = ["SECTION", "files"]

SECTION = ("search/", "Search", "everything by its words: documents, what they say, bodies, terms, codes and questions")

_MOST = 240  # characters of a resource's words beside its name, so that large data stay small to load
_NAMES = ("label", "prefLabel", "altLabel", "title", "name", "alternative")


def files(material: Material) -> Iterator[tuple[str, bytes]]:
    """Yield the page and the list that its script searches: name, address in the site, kind, words."""
    listed = [[words, place, "Page", told] for place, words, told in material.sections]
    listed += [
        [query.header["question"], f"sparql/#q={query.name}", "Question", query.header.get("description", "")[:_MOST]]
        for query in material.kg.queries
        if query.folder in {"compare", "profile", "plan"}
    ]
    listed += [entry for paths in material.sources for entry in _entries(material, material.part(paths))]
    content = json.dumps(visible_in(listed), ensure_ascii=False, separators=(",", ":")).encode()
    yield "search/index.json", content
    yield material.page(
        "search.html",
        "search/index.html",
        settings={"index": "search/index.json"},
        entries=len(listed),
        kilobytes=max(1, round(len(content) / 1000)),
    )


def _entries(material: Material, stated: Descriptions) -> Iterator[list[str]]:
    for subject in stated.subjects:
        place, mark = place_of(subject.value), anchor(subject.value)
        if not place:
            continue
        kinds: list[str] = []
        names: list[str] = []
        words: list[str] = []
        for predicate, value in stated.of(subject):
            name = slug(predicate.value)
            if name == "type" and isinstance(value, pyoxigraph.NamedNode):
                kinds.append(material.name(value.value))
            elif isinstance(value, pyoxigraph.Literal) and (value.language or value.datatype.value.endswith("#string")):
                (names if name in _NAMES else words).append(value.value)
        title = material.name(subject.value)
        country = place.split("/")[1].upper() if place.startswith("id/") else ""
        names.insert(0, material.kg.names.get(country, ""))
        told = " · ".join([*(each for each in dict.fromkeys(names) if each not in {"", title}), *words])
        yield [title, f"{place}/#{mark}" if mark else f"{place}/", kinds[0] if kinds else "", told[:_MOST]]
