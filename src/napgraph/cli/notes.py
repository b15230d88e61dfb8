"""What the reader of a file noted, said on standard error."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..records.record import Note

__all__ = ["tell"]

_LOST = "Violation"


def tell(notes: Iterable[Note], lang: str, root: str) -> bool:
    """Say each note on standard error; return whether something could not be read."""
    from ..project.messages import Catalogue
    from ..records.notes import KEYS
    from .options import say

    noted = list(notes)
    catalogue = Catalogue.load(root, lang) if noted else None
    for note in noted:
        words = catalogue.note(note.key) if catalogue else None
        if words is not None:
            text = f"{words['message']} {words['fix']}".format_map(note.values)
            say(f"{note.place.text}: {text}")
    return any(KEYS[note.key].severity == _LOST for note in noted if note.key in KEYS)
