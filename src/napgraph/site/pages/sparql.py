"""Ask the data in the page: the saved queries with their parameters, and what the query engine there loads."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ...rdf.namespaces import BASE
from ..browser.vendored import MISSING, vendored

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...query.catalogue import Parameter, SavedQuery
    from ..context import Material

__all__ = ["SECTION", "files"]

SECTION = ("sparql/", "Ask", "any question in SPARQL, or a saved one by its words, answered in your browser")

_TOPICS = {
    "compare": "Across jurisdictions",
    "profile": "One jurisdiction or document",
    "plan": "Full plans",
    "lookup": "Look things up",
    "check": "Checks: each row is a problem",
}
_ENGINE = ("oxigraph/web.js", "oxigraph/web_bg.wasm", "yasqe/yasqe.esm.js", "yasqe/yasqe.min.css")


def files(material: Material) -> Iterator[tuple[str, bytes]]:
    """Yield the page and the saved queries that its script reads."""
    kg = material.kg
    listed = [query for topic in _TOPICS for query in kg.queries if query.folder == topic]
    told = {"queries": [_told(material, query) for query in listed]}
    yield "sparql/queries.json", json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    engine = vendored(*_ENGINE)
    settings = {
        "file": {"path": "dumps/whole.nt.gz", "bytes": len(material.whole.content)},
        "stated": material.whole.stated,
        "queries": "sparql/queries.json",
        "labels": kg.queries.get("labels").text,
        "prefixes": material.prefixes,
        "base": BASE,
        "first": "pillars",
    }
    yield material.page(
        "sparql.html",
        "sparql/index.html",
        settings=settings,
        missing=MISSING if engine is None else None,
        megabytes=round((len(material.whole.content) + (engine or 0)) / 1e6, 1),
        queries=listed,
    )


def _told(material: Material, query: SavedQuery) -> dict[str, object]:
    return {
        "name": query.name,
        "topic": _TOPICS[query.folder],
        "question": query.header["question"],
        "description": query.header.get("description", ""),
        "text": "".join(line for line in query.text.splitlines(keepends=True) if not line.startswith("#+")).lstrip(),
        "asserted": query.header.get("graph") == "asserted",
        "parameters": [
            {
                "name": parameter.name,
                "kind": parameter.kind,
                "words": parameter.words,
                "default": "" if parameter.default == "UNDEF" else parameter.default.strip('"'),
                "choices": _choices(material, parameter),
            }
            for parameter in query.parameters.values()
        ],
    }


def _choices(material: Material, parameter: Parameter) -> list[tuple[str, str]] | None:
    """Return the values that a parameter can take, as terms with their words; None where they cannot be listed."""
    kg, kind = material.kg, parameter.kind
    if kind.startswith("one of "):
        return [(json.dumps(value), value) for value in kind.removeprefix("one of ").split(" | ")]
    if kind in {"date", "integer", "text", "iri"}:
        return None
    if kind == "jurisdiction":
        named = {f"{BASE}jurisdiction/{code.lower()}": kg.names[code] for code in material.recorded}
    else:
        named = {f"{BASE}{kind}/{code}": kg.labels.get(f"{BASE}{kind}/{code}", code) for code in kg.codes(kind)}
    return sorted(((f"<{iri}>", words) for iri, words in named.items()), key=lambda choice: choice[1].casefold())
