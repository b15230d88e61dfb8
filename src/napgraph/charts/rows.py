"""Labels of rows in pictures that go down the page: a code and a title, whole, in as many lines as that takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ..tables.origins import marked
from .figure import wrapped

if TYPE_CHECKING:
    from ..tables.columns import Value

_LINE = 13
CHARACTERS = 56
GUTTER = CHARACTERS * 5.9 + 10


def document_labels(rows: Sequence[Mapping[str, Value]]) -> dict[str, list[str]]:
    """Return the label of each document in the order of the rows: its jurisdiction's code, then its title."""
    labels: dict[str, list[str]] = {}
    for row in rows:
        title = marked(row.get("title") or row["document"], row.get("title_origin"))
        labels.setdefault(str(row["document"]), wrapped(f"{row['country']} · {title}", CHARACTERS))
    return labels


def step(labels: Mapping[str, Sequence[str]]) -> int:
    """Return how high a row must be for the longest of the labels, in pixels."""
    return max((len(lines) for lines in labels.values()), default=1) * _LINE + 7
