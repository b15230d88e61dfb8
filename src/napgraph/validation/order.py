"""The order of a jurisdiction's file: bodies, then per document the document and its parts, last the sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyoxigraph

    from ..query.results import Value
    from .profiles import Belongings

_DOCUMENTS = 2
_LAST = 99


def file_order(
    subjects: Sequence[pyoxigraph.NamedNode],
    parts: Iterable[Mapping[str, Value]],
    owned: Mapping[str, Belongings],
) -> list[pyoxigraph.NamedNode]:
    """Return ``subjects`` in the order in which they are written.

    ``parts`` is the answer of ``lookup/record-parts``, ``owned`` tells what belongs to which document. What is alike
    stays in the order in which it came; a part of several documents stands with the first.
    """
    came = {subject.value: at for at, subject in enumerate(subjects)}
    rank: dict[str, tuple[int, int]] = {}
    for row in parts:
        iri, found = str(row["resource"]), (int(row["section"] or 0), int(row["rank"] or 0))
        rank[iri] = min(rank.get(iri, found), found)
    document: dict[str, int] = {}
    for at, of in sorted(((came.get(iri, len(came)), of) for iri, of in owned.items()), key=lambda each: each[0]):
        for part in of.parts:
            document.setdefault(part, at)

    def key(subject: pyoxigraph.NamedNode) -> tuple[int, int, int, int]:
        iri = subject.value
        section, within = rank.get(iri, (_DOCUMENTS, _LAST))
        if iri in document:
            section, within = _DOCUMENTS, within if section == _DOCUMENTS else 1
        return section, document.get(iri, len(came)) if section == _DOCUMENTS else 0, within, came[iri]

    return sorted(subjects, key=key)
