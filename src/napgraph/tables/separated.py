"""A table as CSV or TSV, written so that readers can tell a text from a number and an empty text from nothing.

A text is in quotes where its marks ask for it, and also where a reader could take it for something else: an empty
text, a number, a truth value, or a sign for a missing value such as ``NA``. Nothing is nothing between two marks.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .kinds import text

if TYPE_CHECKING:
    from .kinds import TableData, Value

_MARKS = re.compile(r'[",;\t\r\n]|^\s|\s$')
_MISTAKEN = re.compile(
    r"|#?n/?a|<na>|#n/a n/a|na[nt]|-nan|null|none|nil|true|false|\.|"
    r"[-+]?(inf(inity)?|\d[\d_]*\.?\d*(e[-+]?\d+)?|\.\d+(e[-+]?\d+)?|1\.#(ind|qnan)|0x[\da-f]+)",
    re.IGNORECASE,
)


def separated(table: TableData, mark: str) -> str:
    """Return the table with ``mark`` between the cells, a line of names first."""
    lines = [mark.join(map(_name, table.names))]
    lines += [mark.join(_cell(row.get(name)) for name in table.names) for row in table.rows]
    if len(table.names) == 1:  # a line with nothing in it is passed over by many readers
        lines = [line or '""' for line in lines]
    return "\n".join(lines) + "\n"


def _name(name: str) -> str:
    return _quoted(name) if not name or _MARKS.search(name) else name


def _cell(value: Value) -> str:
    if not isinstance(value, str):
        return text(value)
    value = value.replace("\x00", "\u2400")  # no reader of CSV takes it
    return _quoted(value) if _MARKS.search(value) or _MISTAKEN.fullmatch(value) else value


def _quoted(value: str) -> str:
    return '"' + value.replace('"', '""') + '"'
