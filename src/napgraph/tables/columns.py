"""What the columns of tables mean, read from ``queries/columns.toml``."""

from __future__ import annotations

import os
import tomllib
from functools import lru_cache
from typing import TYPE_CHECKING

from ..errors import FolderError
from .table import Column

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["described"]


@lru_cache(maxsize=2)
def _known(root: str) -> dict[str, Column]:
    path = os.path.join(root, "queries", "columns.toml")
    try:
        with open(path, "rb") as file:
            entries = tomllib.load(file)
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise FolderError(f"{path}: the columns cannot be read ({error}).") from error
    return {
        name: Column(name, entry.get("kind", "text"), entry.get("words", ""), entry.get("codes", {}))
        for name, entry in entries.items()
    }


def described(root: str, names: Sequence[str]) -> list[Column]:
    """Return the column of each name; one that no file describes is text without words."""
    known = _known(root)
    return [known.get(name, Column(name)) for name in names]
