"""One cell as values, and values as one cell, for the kinds of cells that need no other row; and grids of cells.

Every function that reads has one that writes what it reads back. A text that is not what its column requires is not
dropped: it goes on as plain text, and the rules say what is wrong with it, at its cell. What was read in another way
than it stands there is noted by ``tell``.

A text's language is that of the workbook, or the one in brackets before it. Words in brackets are a language only
where they are the code of one: of two letters, or one that the workbook says it uses. What else stands in brackets is
the sender's own and stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from math import isfinite
from typing import NamedTuple

import pyoxigraph

from ...rdf.datatypes import fault_of_iri
from ..languages import language_fault, language_meant
from ..numbers import ascii_digits, number_readings
from ..record import Location
from .model import Model, fold

Node = pyoxigraph.NamedNode | pyoxigraph.BlankNode
Term = Node | pyoxigraph.Literal
Tell = Callable[..., None]

LONGEST = 32_767
"""The most characters that a cell of a spreadsheet can hold."""

_XSD = "http://www.w3.org/2001/XMLSchema#"
_INTEGER, _DECIMAL, _DURATION = (pyoxigraph.NamedNode(_XSD + name) for name in ("integer", "decimal", "duration"))
_EDGES = " \t\r\n\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u202f\ufeff"
_DATES = (
    (re.compile(r"[0-9]{4}"), pyoxigraph.NamedNode(_XSD + "gYear")),
    (re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])"), pyoxigraph.NamedNode(_XSD + "gYearMonth")),
    (re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"), pyoxigraph.NamedNode(_XSD + "date")),
)
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,40}|[0-9]{0,40}(\.)[0-9]{1,40})")
_ISO_DURATION = re.compile(r"P(?=[0-9])(?:[0-9]{1,4}Y)?(?:[0-9]{1,4}M)?(?:[0-9]{1,5}D)?")
_COUNTED = re.compile(r"([0-9]{1,4})\s*(\D.*)")
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]|_x[0-9A-Fa-f]{4}_")
_UNITS = ("years", "half-years", "quarters", "months", "weeks", "days")
_SERIAL = range(20_000, 80_000)  # days that a spreadsheet counts from 1900: years 1954 to 2119
_YEARS = range(1900, 2200)
_EPOCHS = (date(1899, 12, 30), date(1904, 1, 1))
Scalar = str | int | float | bool | date
_BRACKETS = re.compile(r"\[([^\[\]\n]{1,40})\][ \u00a0]*")
_SHORT = 2


def clean(text: str) -> str:
    """Return ``text`` without blanks at its ends, hard ones included."""
    return text.strip(_EDGES)


def as_text(value: Scalar) -> str:
    """Return what a cell holds as text, numbers as people write them."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime) and not (value.hour or value.minute or value.second):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return _digits(value)


def read_iri(text: str) -> pyoxigraph.NamedNode | None:
    """Return the IRI that ``text`` is, None for what is none or is not taken."""
    try:
        return pyoxigraph.NamedNode(text) if fault_of_iri(text) is None else None
    except ValueError:
        return None


def items(text: str) -> list[str]:
    """Return the values of a cell: what stands between its semicolons."""
    return [part for part in map(clean, text.split(";")) if part]


def holds(text: str) -> bool:
    """Whether a cell of any spreadsheet keeps ``text`` as it is."""
    return len(text) <= LONGEST and text == clean(text) and not _UNSAFE.search(text)


def read_numbers(cell: Cell, tell: Tell, *, money: bool = False) -> list[pyoxigraph.Literal]:
    """Return the numbers of a cell, as written where they are written plainly.

    What can be read in two ways, and a percentage where ``money`` is asked for, stays text.
    """
    value = cell.value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if cell.shown == "percent":
            told = _digits(round(value * 100, 10))
            if money:
                return [pyoxigraph.Literal(f"{told} %")]
            tell("percent-read", text=f"{told} %", value=told)
            return [_number(told)]
        return [_number(_digits(value))]
    return [_read_number(text, tell) for text in items(as_text(value))]


def _read_number(text: str, tell: Tell) -> pyoxigraph.Literal:
    readings = number_readings(text)
    if len(readings) != 1:
        return pyoxigraph.Literal(text)
    if not _NUMBER.fullmatch(text):
        tell("number-read", text=text, value=readings[0])
    return _number(readings[0])


def write_number(number: pyoxigraph.Literal) -> str | int | float:
    """Return a cell that is read as ``number`` again, digit for digit."""
    text = number.value
    if re.fullmatch(r"0|-?[1-9][0-9]{0,14}", text):
        return int(text)
    if re.fullmatch(r"-?(?:0|[1-9][0-9]{0,8})\.[0-9]{1,4}", text) and _digits(float(text)) == text:
        return float(text)
    return text


def scaled(number: Term, factor: Term | None, *, back: bool = False) -> Term:
    """Return ``number`` times ``factor``, or ``back`` from that; what is no number stays as it is."""
    if not isinstance(number, pyoxigraph.Literal) or not isinstance(factor, pyoxigraph.Literal):
        return number
    if number.datatype not in {_INTEGER, _DECIMAL} or factor.datatype != _INTEGER or (back and not int(factor.value)):
        return number
    value, times = Decimal(number.value), int(factor.value)
    return _number(_digits(value / times if back else value * times))


def read_dates(cell: Cell, tell: Tell, *, from_1904: bool = False) -> list[pyoxigraph.Literal]:
    """Return the dates of a cell, as precise as they are written or shown."""
    value = cell.value
    if isinstance(value, date):
        return [_read_date(value, cell.shown, tell, from_1904=from_1904)]
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if value in _SERIAL:
            day = _EPOCHS[from_1904] + timedelta(days=int(value))
            tell("serial-date", value=_digits(value), date=day.isoformat())
            return [_dated(day.isoformat())]
        return [_dated(_digits(value))]
    return [_dated(ascii_digits(text)) for text in items(as_text(value))]


def _read_date(value: date, shown: str, tell: Tell, *, from_1904: bool) -> pyoxigraph.Literal:
    day = value.date() if isinstance(value, datetime) else value
    serial = (day - _EPOCHS[from_1904]).days
    if serial in _YEARS:
        tell("year-in-date", value=day.isoformat(), year=str(serial))
        return _dated(str(serial))
    length = {"year": 4, "month": 7}.get(shown, 10)
    return _dated(day.isoformat()[:length])


def _dated(text: str) -> pyoxigraph.Literal:
    return pyoxigraph.Literal(text, datatype=next((kind for form, kind in _DATES if form.fullmatch(text)), None))


def read_durations(cell: Cell, model: Model) -> list[pyoxigraph.Literal]:
    """Return the lengths of time of a cell: ``P6M``, ``6 months``, ``every year``, ``quarterly``."""
    return [_read_duration(text, model) for text in items(as_text(cell.value))]


def _read_duration(text: str, model: Model) -> pyoxigraph.Literal:
    if _ISO_DURATION.fullmatch(text):
        return pyoxigraph.Literal(text, datatype=_DURATION)
    words = fold(text)
    for every in sorted(model.said_as("every"), key=len, reverse=True):
        words = words.removeprefix(every + " ")
    counted = _COUNTED.fullmatch(words)
    count, noun = (int(counted[1]), counted[2]) if counted else (1, words)
    worth = next((model.worth(unit) for unit in _UNITS if noun in model.said_as(unit)), None)
    if worth is None:
        return pyoxigraph.Literal(text)
    return pyoxigraph.Literal(f"P{count * int(worth[:-1] or 1)}{worth[-1]}", datatype=_DURATION)


def write_duration(duration: pyoxigraph.Literal, model: Model, language: str) -> str:
    """Return a length of time in words, or as ``P1Y6M`` where there are none."""
    simple = re.fullmatch(r"P([1-9][0-9]{0,3})([YMD])", duration.value)
    if simple is None:
        return duration.value
    unit = {"Y": "years", "M": "months", "D": "days"}[simple[2]]
    return f"{simple[1]} {model.one(unit, language) if simple[1] == '1' else model.word(unit, language)}"


def _number(text: str) -> pyoxigraph.Literal:
    found = _NUMBER.fullmatch(text)
    return pyoxigraph.Literal(text, datatype=(_DECIMAL if found[1] else _INTEGER) if found else None)


def _digits(value: float | Decimal) -> str:
    """Return a number in plain digits, without an exponent or noughts that say nothing."""
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    text = format(Decimal(repr(value)) if isinstance(value, float) else Decimal(value), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


class Cell(NamedTuple):
    """What a cell holds; ``shown`` tells how it is shown where that matters: year, month, percent or number."""

    value: Scalar
    shown: str = ""


class Grid(NamedTuple):
    """One sheet of a file: cells by (row, column), both from 1.

    Where the sheet is a file of its own, ``lines`` gives the line on which each row begins, by which places are told.
    """

    source: str
    name: str
    cells: Mapping[tuple[int, int], Cell]
    lines: Mapping[int, int] | None = None

    def place(self, row: int = 0, column: int = 0) -> Location:
        """Return the place of a cell, of a row's first cell, or of the sheet."""
        if not row:
            return Location(self.source, sheet=self.name)
        if self.lines is None:
            return Location(self.source, sheet=self.name, cell=f"{letters(column or 1)}{row}")
        return Location(self.source, line=self.lines.get(row, row), sheet=self.name, cell=letters(column or 1))


def letters(column: int) -> str:
    """Return the letters of a column: 1 is A, 27 is AA."""
    made = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        made = chr(65 + rest) + made
    return made


def unmarked(text: str, spoken: Collection[str]) -> list[str]:
    """Return the texts of a cell without the languages before them; ``spoken`` are those that the workbook uses."""
    return [words for _, words, _ in _parts(text, spoken)]


def read_texts(cell: Cell, language: str, spoken: Collection[str], tell: Tell) -> list[pyoxigraph.Literal]:
    """Return the texts of a cell, each with its language; what in brackets might be meant otherwise is noted."""
    made = []
    for code, words, bracket in _parts(as_text(cell.value), spoken):
        made.append(pyoxigraph.Literal(words, language=code or language))
        if code and code != usual_tag(code) and code.lower() not in spoken:
            tell("read-as-language", value=code, text=words, nearest=f"[{usual_tag(code)}]")
        elif bracket and (meant := language_meant(bracket)):
            named = language_fault(bracket) is None
            if named and not bracket[:1].islower():
                continue  # NEW is a word in capitals, though it is the code of Newari
            tell("code-in-brackets" if named else "language-in-brackets", value=bracket, nearest=f"[{meant}]")
    return made


def _parts(text: str, spoken: Collection[str]) -> Iterator[tuple[str, str, str]]:
    """Yield for each text the code of its language (empty if none), its words, and what else is in brackets first."""
    lines: list[tuple[str, list[str], str]] = []
    for line in text.split("\n"):
        found = _BRACKETS.match(line)
        code, words = (found[1], line[found.end() :]) if found else ("", line)
        is_language = len(code.partition("-")[0]) == _SHORT and language_fault(code) is None
        if clean(words) and (code.lower() in spoken or is_language):
            lines.append((code, [words], ""))
        elif lines:
            lines[-1][1].append(line)
        else:
            lines.append(("", [line], code if clean(words) else ""))
    for code, parts, bracket in lines:
        if words := clean("\n".join(parts)):
            yield code, words, bracket


def usual_tag(code: str) -> str:
    """Return a tag of a language in its usual capitals, such as ``pt-BR``."""
    return language_meant(code) or code


def write_texts(texts: Iterable[pyoxigraph.Literal], language: str) -> str:
    """Return a cell with ``texts``, those in the workbook's own language first."""
    ordered = sorted(texts, key=lambda text: text.language != language)
    lines = [f"[{usual_tag(text.language or '')}] {text.value}" for text in ordered]
    if ordered and ordered[0].language == language:
        lines[0] = ordered[0].value
    return "\n".join(lines)
