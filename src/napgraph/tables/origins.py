"""The mark of a name that no source prints: one for all outputs."""

from __future__ import annotations

from collections.abc import Iterable

from ..project.language import say

MARKS = {"ours": "*", "none": "°"}
"""What stands behind a name, by its origin; a printed name has no mark."""
MEANINGS = {
    "ours": "our summary: the source prints no name",
    "none": "no name is recorded: the identifier is shown",
}


def marked(name: object, origin: object) -> str:
    """Return a name with the mark of its origin: printed, ours or none."""
    return f"{name}{MARKS.get(str(origin), '')}"


def key(origins: Iterable[object], language: str) -> list[str]:
    """Return a line for each mark that names of these origins bear, in the language of the reader."""
    used = {str(origin) for origin in origins}
    return [f"{mark} {say(language, MEANINGS[origin])}" for origin, mark in MARKS.items() if origin in used]
