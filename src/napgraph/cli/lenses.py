"""The options of a lens, which choose the documents that a command looks at, and what it leaves on the screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import click

from ..tables.origins import key
from .cells import wrapped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..tables.table import Table, Value

__all__ = ["evidenced", "lens_options", "noted"]

_F = TypeVar("_F", bound=Callable[..., object])


def lens_options(command: _F) -> _F:
    """Add ``--level``, ``--status`` and ``--in-force``."""
    command = click.option(
        "--in-force",
        metavar="DATE",
        help="Only documents in force on this day, by their stated period; those that may be are in, and named.",
    )(command)
    command = click.option("--status", metavar="CODE", help="Only documents of this status, such as adopted.")(command)
    return click.option("--level", metavar="CODE", help="Only documents on this level: strategic or operational.")(
        command
    )


def evidenced(table: Table, notes: list[str], columns: int, told: Callable[[Mapping[str, Value]], str]) -> str:
    """Return the statements behind an answer for the screen: ``notes``, then by jurisdiction each as ``told``."""
    lines = [*noted(notes, columns), ""] if notes else []
    country = ""
    for row in table:
        name = f"{row['country']} {row['name']}"
        if name != country:
            lines.append(name)
            country = name
        lines += wrapped(told(row), columns, "  ", "      ")
    marks = key((row.get(name) for row in table for name in ("title_origin", "origin")), table.about.language)
    return "\n".join([*lines, *([""] if marks else []), *marks])


def noted(notes: list[str], columns: int) -> list[str]:
    """Return ``notes`` as lines for the screen, a hanging indent for each."""
    return [line for note in notes for line in wrapped(note, columns, others="  ")]
