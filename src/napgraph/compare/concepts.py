"""The concepts of a scheme in the order of its tree."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ..rdf.namespaces import BASE, slug

if TYPE_CHECKING:
    from ..query.session import Session


class Concept(NamedTuple):
    """A concept of the compared scheme: its code, IRI, name, and depth in the scheme (0 at the top)."""

    code: str
    iri: str
    label: str
    depth: int


def concepts_of(kg: Session, scheme: str) -> list[Concept]:
    """Return the concepts of a scheme in tree order, each under the first of its broader ones."""
    rows = kg.query("concepts", scheme=f"{BASE}{scheme}").rows()
    labels = {str(row["concept"]): str(row["label"]) for row in rows}
    order: dict[str, tuple[str, ...]] = {}

    parents: dict[str, str] = {}
    for row in rows:
        if row["broader"] is not None:
            parents.setdefault(str(row["concept"]), str(row["broader"]))

    def path(iri: str) -> tuple[str, ...]:
        if iri not in order:
            order[iri] = ()
            above = path(parents[iri]) if iri in parents else ()
            order[iri] = (*above, iri)
        return order[iri]

    position = {iri: number for number, iri in enumerate(labels)}
    ordered = sorted(labels, key=lambda iri: [position[part] for part in path(iri)])
    return [Concept(slug(iri), iri, labels[iri], len(path(iri)) - 1) for iri in ordered]


def with_wider(concepts: Sequence[Concept], codes: Collection[str]) -> list[Concept]:
    """Return the concepts of these codes and those above each of them, in the order of ``concepts`` (a tree)."""
    above: list[Concept] = []
    wanted: set[str] = set()
    for concept in concepts:
        above = [*above[: concept.depth], concept]
        if concept.code in codes:
            wanted.update(each.code for each in above)
    return [concept for concept in concepts if concept.code in wanted]
