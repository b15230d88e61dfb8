"""The options of a lens, which choose the documents that a command looks at, and how a lens is told on the screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import click

__all__ = ["lens_options", "noted"]

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


def noted(notes: list[str], columns: int) -> list[str]:
    """Return ``notes`` as lines for the screen, a hanging indent for each."""
    from textwrap import wrap

    return [line for note in notes for line in wrap(note, columns, subsequent_indent="  ")]
