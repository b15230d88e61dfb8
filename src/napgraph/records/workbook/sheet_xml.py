"""What a sheet of a workbook tells beside its values: formulas without one, merged and hidden cells, its extent.

The reader of values passes these over. A workbook never needs a document type declaration, so one is refused, and
with it every entity.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from xml.parsers import expat

from ...errors import IntakeError

if TYPE_CHECKING:
    from ..limits import Limits

__all__ = ["Look", "guard", "look", "relations", "sheet_list"]

_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_SHOWN = 60


class Look(NamedTuple):
    """What was seen of a sheet: its last row and column with content, and (row, column) of what is out of the way."""

    last: tuple[int, int]
    formulas: dict[tuple[int, int], str]
    merged: list[tuple[int, int, int, int]]
    hidden_rows: list[int]
    hidden_columns: list[tuple[int, int]]


class _Scan:
    """Handlers for one sheet."""

    def __init__(self) -> None:
        self.last = (0, 0)
        self.formulas: dict[tuple[int, int], str] = {}
        self.merged: list[tuple[int, int, int, int]] = []
        self.hidden_rows: list[int] = []
        self.hidden_columns: list[tuple[int, int]] = []
        self._row, self._column = 0, 0
        self._formula: list[str] | None = None
        self._filled, self._inside = False, ""

    def start(self, tag: str, given: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "row":
            self._row = _number(given.get("r"), self._row + 1)
            self._column = 0
            if given.get("hidden") in {"1", "true"}:
                self.hidden_rows.append(self._row)
        elif tag == "c":
            at = cell_at(given.get("r", ""))
            self._row, self._column = at or (self._row, self._column + 1)
            self._formula, self._filled = None, given.get("t") == "str"
        elif tag == "f":
            self._formula, self._inside = [], "f"
        elif tag in {"v", "is"}:
            self._inside = tag
        elif tag == "mergeCell":
            self._merge(given.get("ref", ""))
        elif tag == "col" and given.get("hidden") in {"1", "true"}:
            self.hidden_columns.append((_number(given.get("min"), 0), _number(given.get("max"), 0)))

    def end(self, tag: str) -> None:
        tag = tag.rpartition(":")[2]
        if tag in {"f", "v", "is"}:
            self._inside = ""
        elif tag == "c" and (self._filled or self._formula is not None):
            self.last = (max(self.last[0], self._row), max(self.last[1], self._column))
            if not self._filled:
                self.formulas[self._row, self._column] = "=" + "".join(self._formula or ())[:_SHOWN]

    def text(self, text: str) -> None:
        if self._inside == "f" and self._formula is not None:
            self._formula.append(text)
        elif self._inside:
            self._filled = True

    def _merge(self, reference: str) -> None:
        first, _, second = reference.partition(":")
        start, end = cell_at(first), cell_at(second)
        if start and end:
            self.merged.append((*start, *end))


def look(content: bytes, name: str) -> Look:
    """Look through the XML of one sheet; raises IntakeError where it is no such XML."""
    scan = _Scan()
    parser = _parser(name)
    parser.StartElementHandler, parser.EndElementHandler = scan.start, scan.end
    parser.CharacterDataHandler = scan.text
    _parse(parser, content, name)
    return Look(scan.last, scan.formulas, scan.merged, scan.hidden_rows, scan.hidden_columns)


def guard(content: bytes, name: str, limits: Limits) -> None:
    """Refuse XML that declares a document type or nests deeper than the limit."""
    depth = 0

    def start(_: str, __: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > limits.nesting:
            raise limits.exceeded("nesting", depth, name)

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    parser = _parser(name)
    parser.StartElementHandler, parser.EndElementHandler = start, end
    _parse(parser, content, name)


def relations(content: bytes, name: str) -> dict[str, str]:
    """Return id -> target of a workbook's parts."""
    found: dict[str, str] = {}

    def start(tag: str, given: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "Relationship":
            found[given.get("Id", "")] = given.get("Target", "")

    parser = _parser(name)
    parser.StartElementHandler = start
    _parse(parser, content, name)
    return found


def sheet_list(content: bytes, name: str) -> dict[str, str]:
    """Return the names of a workbook's sheets with the ids of their parts."""
    found: dict[str, str] = {}

    def start(tag: str, given: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "sheet":
            ids = [value for key, value in given.items() if key.rpartition(":")[2] == "id"]
            found[given.get("name", "")] = ids[0] if ids else ""

    parser = _parser(name)
    parser.StartElementHandler = start
    _parse(parser, content, name)
    return found


def cell_at(reference: str) -> tuple[int, int] | None:
    """Return (row, column) of a reference such as ``D7``."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 8 else otherwise  # noqa: PLR2004


def _parser(name: str) -> expat.XMLParserType:
    def refuse(*_: object) -> None:
        problem = "a document type is declared inside this workbook, which no spreadsheet program writes."
        raise IntakeError(name, problem, mend="Open and save it anew.", key="doctype")

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    return parser


def _parse(parser: expat.XMLParserType, content: bytes, name: str) -> None:
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        problem = "a part of this workbook is damaged."
        raise IntakeError(name, problem, mend="Open it in a spreadsheet program and save it anew.") from error
