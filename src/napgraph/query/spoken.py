"""Names in the language of the reader, where there are several: of concepts, of terms, and of places in a source."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from ..project.language import say
from ..rdf.namespaces import BASE, slug

if TYPE_CHECKING:
    from .results import Results, Value

    Ask = Callable[..., Results]


def spoken(language: str, ask: Ask, labels: Mapping[str, str], *, every: bool = False) -> dict[str, str]:
    """Return ``labels``, by IRI, with the names that concepts, terms and places have in ``language``.

    What has no name in that language keeps its label. ``ask`` answers a saved query. With ``every``, ``labels`` are all
    that the graph has, and the names of all are asked for at once.
    """
    made = {iri: _elsewhere(language, iri) or label for iri, label in labels.items()}
    asked: dict[str, object] = {} if every else {"resource": sorted(labels)}
    for row in ask("names-in-language", language=language, **asked):
        made[str(row["resource"])] = str(row["label"])
    passages: dict[str, object] = {} if every else {"passage": sorted(labels)}
    for row in ask("passage-parts", **passages):
        if place := _place(language, row):
            made[str(row["passage"])] = place
    return made


def called(language: str, ask: Ask) -> dict[str, str]:
    """Return what the terms of the ontology are called in ``language``, by their English labels."""
    rows = ask("names-in-language", language=language) if language != "en" else ()
    ours = {str(row["resource"]): str(row["label"]) for row in rows if "#" in str(row["resource"])}
    return (
        {str(row["label"]): ours[str(row["resource"])] for row in ask("labels", resource=sorted(ours))} if ours else {}
    )


def _elsewhere(language: str, iri: str) -> str:
    """Return what a property of another vocabulary is called, by its last part, or nothing."""
    name = slug(iri)
    said = name if iri.startswith(BASE) else say(language, name)
    return "" if said == name else said


def _place(language: str, row: Mapping[str, Value]) -> str:
    """Return where a passage stands in its source, in words; the build writes the same in English."""
    page, section, paragraph, item = (row[name] for name in ("page", "section", "paragraph", "item"))
    parts = [say(language, "page {number}", number=page)] if page is not None else []
    parts += [str(section)] if section is not None else []
    parts += [say(language, "paragraph {number}", number=paragraph)] if paragraph is not None else []
    parts += [say(language, "item {number}", number=item)] if item is not None else []
    return ", ".join(parts)
