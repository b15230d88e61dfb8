"""Tables for the terminal, laid out by rich."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["table"]


def table(rows: Sequence[Mapping[str, object]], columns: Sequence[str], width: int) -> str:
    """Return ``rows`` as a table of at most ``width`` columns, long cells wrapped; text is never read as markup."""
    import io

    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for column in columns:
        made.add_column(Text(column), overflow="fold", min_width=min(len(column), width // max(len(columns), 1)))
    for row in rows:
        made.add_row(*(Text("" if row.get(column) is None else str(row.get(column))) for column in columns))
    out = io.StringIO()
    Console(file=out, width=width, color_system=None, legacy_windows=False).print(made)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"
