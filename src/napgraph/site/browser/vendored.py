"""The browser parts that others made, if this copy of napgraph has them: 'make browser' fetches them by their lock."""

from __future__ import annotations

from importlib.resources import files

MISSING = (
    "This copy of the site was made without the parts that this page runs on. To have them, run “make browser” in the "
    "source of napgraph (it needs npm), and make the site anew."
)


def vendored(*names: str) -> int | None:
    """Return how many bytes the named files hold together, or None if one of them is not there."""
    folder = files("napgraph.site").joinpath("vendor")
    found = [folder.joinpath(name) for name in names]
    return sum(len(each.read_bytes()) for each in found) if all(each.is_file() for each in found) else None
