"""The home page: what is here, what it does not say, and the ways in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...rdf.namespaces import BASE
from ...tables.citation import citation
from ..machine import inert

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..context import Material

__all__ = ["files"]


def files(material: Material) -> Iterator[tuple[str, bytes]]:
    """Yield the home page; what it tells search engines, the page of the dataset has left in ``material``."""
    kg = material.kg
    documents = kg.query("levels-and-statuses").rows()
    counted: dict[str, set[str]] = {}
    for row in documents:
        counted.setdefault(str(row["country"]).rpartition("/")[2], set()).add(str(row["document"]))
    shown = {code: material.shown(f"{BASE}jurisdiction/{code}", "index.html") for code in counted}
    places = [(shown[code], kg.names.get(code.upper(), code.upper()), len(found)) for code, found in counted.items()]
    places.sort(key=lambda each: each[1].casefold())
    yield material.page(
        "home.html",
        "index.html",
        places=places,
        documents=sum(count for _, _, count in places),
        citation=citation(kg.root, kg.version),
        doors=material.sections,
        script=inert(material.for_search_engines),
    )
