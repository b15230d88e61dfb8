"""How a command gives out a table: on the screen in its own words, or in the format that was asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from .shared import deliver as written_out
from .shared import emit, form_of, width

if TYPE_CHECKING:
    from ..tables.table import Table

__all__ = ["deliver"]


def deliver(table: Table, form: str | None, output: str | None, screen: Callable[[], str] | None = None) -> None:
    """Write ``table`` in ``form`` (or as the ending of ``output`` says); ``screen`` makes the text for the terminal."""
    form = form_of(form, output)
    if form == "table":
        if screen is None:
            from .screen import table as laid_out

            emit(laid_out(table.rows, table.names, width()), output)
        else:
            emit(screen(), output)
    else:
        written_out(table, form, output)
