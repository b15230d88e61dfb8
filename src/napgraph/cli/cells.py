"""Text in the columns of a terminal, where a letter may be wide (Chinese) or take no room (marks in Arabic)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_PLAIN = re.compile("[\\x20-\\u02ff\\u2010-\\u2027\\u2190-\\u21ff\\u2500-\\u25ff✗]*")
"""Characters that take one column each; rich is loaded only for a text with others."""


def width() -> int:
    """Return how many columns the terminal has, or 100 where there is none."""
    from shutil import get_terminal_size

    return get_terminal_size((100, 24)).columns


def _columns(text: str) -> int:
    if _PLAIN.fullmatch(text):
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def padded(text: str, columns: int) -> str:
    """Return ``text`` with as many spaces at its end as fill ``columns`` columns."""
    return text + " " * (columns - _columns(text))


def cut(text: str, columns: int) -> str:
    """Return ``text`` in at most ``columns`` columns, cut with an ellipsis where it is longer."""
    if _columns(text) <= columns:
        return text
    if _PLAIN.fullmatch(text):
        return f"{text[: columns - 1]}…"
    from rich.cells import set_cell_size

    return f"{set_cell_size(text, columns - 1)}…"


def wrapped(text: str, columns: int, first: str = "", others: str = "") -> list[str]:
    """Break ``text`` into lines of at most ``columns`` columns, each after its indent: ``first``, then ``others``."""
    if _PLAIN.fullmatch(text):
        if text and len(first) + len(text) <= columns and text == text.rstrip():
            return [first + text]
        from textwrap import wrap

        return wrap(text, columns, initial_indent=first, subsequent_indent=others)
    from rich.cells import chop_cells

    lines: list[str] = []
    line = first
    for word in text.split():
        start = others if lines else first
        if line != start and _columns(f"{line} {word}") <= columns:
            line = f"{line} {word}"
            continue
        if line != start:
            lines.append(line)
            line = others
        pieces = chop_cells(word, max(columns - len(line), 2))
        lines += [line + piece for piece in pieces[:-1]]
        line = (others if pieces[1:] else line) + pieces[-1]
    return [*lines, line]


def indented(text: str, indent: int, hang: int = 2) -> list[str]:
    """Break ``text`` into lines of the terminal's width, the first ``indent`` in, the others ``hang`` further."""
    return wrapped(text, width(), " " * indent, " " * (indent + hang))


def grid(rows: Sequence[Mapping[str, object]], columns: Sequence[str]) -> str:
    """Return ``rows`` as a table of the terminal's width, long cells wrapped; text is never read as markup."""
    import io

    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for column in columns:
        made.add_column(Text(column), overflow="fold", min_width=min(len(column), width() // max(len(columns), 1)))
    for row in rows:
        made.add_row(*(Text("" if row.get(column) is None else str(row.get(column))) for column in columns))
    out = io.StringIO()
    Console(file=out, width=width(), color_system=None, legacy_windows=False).print(made)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"
