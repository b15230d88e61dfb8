"""One cell as values, and values as one cell, for the kinds of cells that need no other row; and grids of cells."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from math import isfinite
from typing import NamedTuple

import pyoxigraph

from ...rdf.datatypes import fault_of_iri
from ...rdf.namespaces import XSD
from ..languages import language_fault, language_meant
from ..numbers import ascii_digits, date_meant, number_readings
from ..record import Location
from .model import Model, fold

Node = pyoxigraph.NamedNode | pyoxigraph.BlankNode
Term = Node | pyoxigraph.Literal
Tell = Callable[..., None]

PLACE = {"page": "p", "section": "s", "paragraph": "par", "item": "i"}  # parts of a place: their names in addresses
LONGEST = 32_767  # characters that a cell of a spreadsheet can hold
_INTEGER, _DECIMAL, _DURATION, _BOOLEAN = (
    pyoxigraph.NamedNode(XSD + name) for name in ("integer", "decimal", "duration", "boolean")
)
_EDGES = " \t\r\n\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u202f\ufeff"
_DATES = (
    (re.compile(r"[0-9]{4}"), pyoxigraph.NamedNode(XSD + "gYear")),
    (re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])"), pyoxigraph.NamedNode(XSD + "gYearMonth")),
    (re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"), pyoxigraph.NamedNode(XSD + "date")),
)
_NUMBERS = (
    (re.compile(r"[+-]?[0-9]{1,40}"), _INTEGER),
    (re.compile(r"[+-]?[0-9]{0,40}\.[0-9]{1,40}"), _DECIMAL),
)
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
_PAGES = re.compile(
    r"[0-9ivxlc]{1,8}(?:(?:\s?[-–&]\s?|\s(?:and|to|et|à|y|a|al|und|bis)\s)[0-9ivxlc]{1,8})*", re.IGNORECASE
)
_MORE_PAGES = re.compile(r"[0-9]{1,8}(?:\s?[-–]\s?[0-9]{1,8})?")
_OTHER_SOURCE = re.compile(r"(?:(?:[^\W\d_]+|[Ss][0-9]+)\s)*[Ss][0-9]+")
_BARE = re.compile(r"[\W\d_]*|[ivxlc]+|[^\W\d_]{1,2}\.?\s*\d[\W\d]*", re.IGNORECASE)
_ID = re.compile(r"[A-Za-z]{1,3}[.-]?[0-9]+(?:\.[0-9]+)*")


class Cell(NamedTuple):
    """What a cell holds; ``shown`` tells how it is shown where that matters: year, month, percent or number."""

    value: Scalar
    shown: str = ""


class Grid(NamedTuple):
    """One sheet of a file: cells by (row, column), both from 1; the line of each row if it is a file of its own."""

    source: str
    name: str
    cells: Mapping[tuple[int, int], Cell]
    lines: Mapping[int, int] | None = None

    def place(self, row: int = 0, column: int = 0) -> Location:
        """Return the place of a cell, of a row's first cell, or of the sheet."""
        if not row:
            return Location(self.source, sheet=self.name)
        line = None if self.lines is None else self.lines.get(row, row)
        return Location(self.source, line, sheet=self.name, cell=f"{letters(column or 1)}{'' if line else row}")


def letters(column: int) -> str:
    """Return the letters of a column: 1 is A, 27 is AA."""
    made = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        made = chr(65 + rest) + made
    return made


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
        value = value.date()
    return value.isoformat() if isinstance(value, date) else _digits(value)


def items(text: str) -> list[str]:
    """Return the values of a cell: what stands between its semicolons."""
    return [part for part in map(clean, text.split(";")) if part]


def holds(text: str) -> bool:
    """Whether a cell of any spreadsheet keeps ``text`` as it is."""
    return len(text) <= LONGEST and text == clean(text) and not _UNSAFE.search(text)


def read_iri(text: str) -> pyoxigraph.NamedNode | None:
    """Return the IRI that ``text`` is, None for what is none or is not taken."""
    try:
        return pyoxigraph.NamedNode(text) if fault_of_iri(text) is None else None
    except ValueError:
        return None


def read_number(cell: Cell, tell: Tell, *, money: bool) -> pyoxigraph.Literal:
    """Return the number of a cell; what can be read in two ways, and a percentage as ``money``, stays text."""
    text = as_text(cell.value)
    if isinstance(cell.value, (int, float)) and not isinstance(cell.value, bool):
        if cell.shown == "percent":
            text = _digits(round(cell.value * 100, 10))
            if money:
                return pyoxigraph.Literal(f"{text} %")
            tell("percent-read", text=f"{text} %", value=text)
        return _typed(text, _NUMBERS)
    readings = number_readings(text)
    if len(readings) != 1:
        return read_worded(text)[0]
    if not any(form.fullmatch(text) for form, _ in _NUMBERS):
        tell("number-read", text=text, value=readings[0])
    return _typed(readings[0], _NUMBERS)


def scaled(number: Term, factor: Term | None, *, back: bool = False) -> Term:
    """Return ``number`` times ``factor``, or ``back`` from that; what is no number stays as it is."""
    if not isinstance(number, pyoxigraph.Literal) or not isinstance(factor, pyoxigraph.Literal):
        return number
    if number.datatype not in {_INTEGER, _DECIMAL} or factor.datatype != _INTEGER or (back and not int(factor.value)):
        return number
    value, times = Decimal(number.value), int(factor.value)
    return _typed(_digits(value / times if back else value * times), _NUMBERS)


def _typed(text: str, forms: Iterable[tuple[re.Pattern[str], pyoxigraph.NamedNode]]) -> pyoxigraph.Literal:
    return pyoxigraph.Literal(text, datatype=next((kind for form, kind in forms if form.fullmatch(text)), None))


def _digits(value: float | Decimal) -> str:
    """Return a number in plain digits, without an exponent or noughts that say nothing."""
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    text = format(Decimal(repr(value)) if isinstance(value, float) else Decimal(value), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def read_date(cell: Cell, tell: Tell, *, from_1904: bool) -> pyoxigraph.Literal:
    """Return the date of a cell, as precise as it is written or shown."""
    value, text = cell.value, ascii_digits(as_text(cell.value))
    if isinstance(value, date):
        text = text[:10]
        serial = (date.fromisoformat(text) - _EPOCHS[from_1904]).days
        if serial in _YEARS:
            tell("year-in-date", value=text, year=str(serial))
            text = str(serial)
        else:
            text = text[: {"year": 4, "month": 7}.get(cell.shown, 10)]
    elif isinstance(value, (int, float)) and value in _SERIAL:
        text = (_EPOCHS[from_1904] + timedelta(days=int(value))).isoformat()
        tell("serial-date", value=_digits(value), date=text)
    elif not any(form.fullmatch(text) for form, _ in _DATES) and (meant := date_meant(text)):
        tell("date-read", text=text, value=meant)
        text = meant
    return _typed(text, _DATES)


def read_duration(text: str, model: Model) -> pyoxigraph.Literal:
    """Return a length of time: ``P6M``, ``6 months``, ``three years``, ``every year``, ``quarterly``."""
    if _ISO_DURATION.fullmatch(text):
        return pyoxigraph.Literal(text, datatype=_DURATION)
    words = fold(text)
    for every in sorted(model.said_as["every"], key=len, reverse=True):
        words = words.removeprefix(every + " ")
    first, mark, rest = words.partition("-" if " " not in words else " ")
    words = f"{count_meant(first, model) or first}{' ' if mark else ''}{rest}"
    counted = _COUNTED.fullmatch(words)
    count, noun = (int(counted[1]), counted[2]) if counted else (1, words)
    worth = next((model.word(unit, role="value") for unit in _UNITS if noun in model.said_as[unit]), None)
    if worth is None:
        return pyoxigraph.Literal(text)
    return pyoxigraph.Literal(f"P{count * int(worth[:-1] or 1)}{worth[-1]}", datatype=_DURATION)


def count_meant(word: str, model: Model) -> str:
    """Return the number from 1 to 12 that a word stands for, in digits; empty for another word."""
    names = (f"count-{number}" for number in range(1, 13))
    return next((model.word(name, role="value") for name in names if fold(word) in model.said_as[name]), "")


def read_worded(text: str) -> list[pyoxigraph.Literal]:
    """Return the texts of a cell, only those with a language that begin with its code in brackets."""
    return [pyoxigraph.Literal(words, language=code or None) for code, words, _ in text_parts(text, ())]


def read_yes(text: str, model: Model) -> pyoxigraph.Literal:
    """Return what a cell answers to a question of yes or no; any other word stays text."""
    found = next((word for word in ("yes", "no") if fold(text) in model.said_as[word]), None)
    return pyoxigraph.Literal(model.word(found, role="value"), datatype=_BOOLEAN) if found else pyoxigraph.Literal(text)


def read_texts(text: str, language: str, spoken: Collection[str], tell: Tell) -> list[pyoxigraph.Literal]:
    """Return the texts of a cell, each with its language; what in brackets might be meant otherwise is noted."""
    made = []
    for code, words, bracket in text_parts(text, spoken):
        made.append(pyoxigraph.Literal(words, language=code or language))
        if code and code != usual_tag(code) and code.lower() not in spoken:
            tell("read-as-language", value=code, text=words, nearest=f"[{usual_tag(code)}]")
        elif bracket and (meant := language_meant(bracket)):
            named = language_fault(bracket) is None
            if not named or bracket[:1].islower():  # NEW is a word in capitals, though it is the code of Newari
                tell("code-in-brackets" if named else "language-in-brackets", value=bracket, nearest=f"[{meant}]")
    return made


def text_parts(text: str, spoken: Collection[str]) -> Iterator[tuple[str, str, str]]:
    """Yield for each text the code of its language (empty if none), its words, and what else is in brackets first."""
    found: list[tuple[str, list[str], str]] = []
    for line in text.split("\n"):
        match = _BRACKETS.match(line)
        code, words = (match[1], line[match.end() :]) if match else ("", line)
        is_language = len(code.partition("-")[0]) == _SHORT and language_fault(code) is None
        if clean(words) and (code.lower() in spoken or is_language):
            found.append((code, [words], ""))
        elif found:
            found[-1][1].append(line)
        else:
            found.append(("", [line], code if clean(words) else ""))
    for code, lines, bracket in found:
        if words := clean("\n".join(lines)):
            yield code, words, bracket


def usual_tag(code: str) -> str:
    """Return a tag of a language in its usual capitals, such as ``pt-BR``."""
    return language_meant(code) or code


def write_texts(texts: Iterable[Term], language: str) -> str:
    """Return a cell with the literals of ``texts``, those in the workbook's own language first."""
    literals = [text for text in texts if isinstance(text, pyoxigraph.Literal)]
    ordered = sorted(literals, key=lambda text: text.language != language)
    lines = [f"[{usual_tag(text.language or '')}] {text.value}" for text in ordered]
    if ordered and ordered[0].language == language:
        lines[0] = ordered[0].value
    return "\n".join(lines)


def write_place(place: Mapping[str, str | int], model: Model, language: str) -> str:
    """Return the place as :func:`read_place` reads it."""
    words = {"page": "p."} | {name: model.word(name, language) for name in ("paragraph", "item")}
    return ", ".join(f"{words.get(name, '')} {value}".strip() for name, value in place.items() if value)


def read_place(text: str, model: Model) -> dict[str, str | int] | None:
    """Return the place that ``text`` names, by the names of ``PLACE``, or None for what looks like the id of a row."""
    text = ascii_digits(text)
    if _ID.fullmatch(text) and _after(text, "page", model) is None:
        return None
    found: dict[str, str | int] = {}
    sections: list[str] = []
    for bit in filter(None, map(clean, text.split(","))):
        after = {name: _after(bit, name, model) or "" for name in ("page", "paragraph", "item")}
        numbers = [name for name in ("paragraph", "item") if after[name].isdecimal() and name not in found]
        if _PAGES.fullmatch(after["page"]) and "page" not in found:
            found["page"] = after["page"]
        elif "page" in found and not sections and "paragraph" not in found and _MORE_PAGES.fullmatch(bit):
            found["page"] = f"{found['page']}, {bit}"
        elif numbers:
            found[numbers[0]] = int(after[numbers[0]])
        else:
            sections.append(bit)
    found["section"] = ", ".join(sections)
    return {name: found[name] for name in PLACE if found.get(name)}


def is_vague(text: str, model: Model) -> bool:
    """Whether a text leaves open which place is meant: ``12``, ``S. 3``, ``see plan``, or a source that has no row."""
    bits = [bit for bit in map(clean, text.split(",")) if all(_after(bit, word, model) is None for word in PLACE)]
    if any(_OTHER_SOURCE.fullmatch(bit) for bit in bits) or says_nothing(text, model):
        return True
    if any(_after(text, word, model) is not None for word in PLACE):
        return False
    first, *others = fold(text).strip(" .()[]").split() or [""]
    refers = first.strip(".,") in model.said_as["see"] and not any(sign.isdecimal() for word in others for sign in word)
    return bool(_BARE.fullmatch(text)) or refers or fold(text).strip(" .") in model.said_as["no-place"]


def says_nothing(text: str, model: Model) -> bool:
    """Whether a text stands for an empty cell, in any language: ``k. A.``, ``n/a``, ``?``, or the word "page" alone."""
    folded = fold(text).strip(" .")
    bare = {word.strip(" .") for word in model.said_as["page"]}
    return not any(sign.isalnum() for sign in text) or folded in model.said_as["no-answer"] | bare


def _after(text: str, word: str, model: Model) -> str | None:
    """Return what follows a word, or None where the text does not begin with it."""
    folded = fold(text)
    for start in sorted(model.said_as[word], key=len, reverse=True):
        rest = text[len(start) :]
        if folded.startswith(start) and re.match(r"\s|\d", rest):
            return clean(rest)
    return None
