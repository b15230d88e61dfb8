"""Words such as ``over 60``, ``2018/19``, ``three years`` or ``in part``: the cells that they stand for.

Each is told with what it was read as; what fits no pattern stays as it is, for a rule to ask about.
"""

import re
from collections.abc import Callable

from ...errors import nearest
from ...rdf.namespaces import slug
from ..numbers import ascii_digits, number_readings
from .cells import Cell, Tell, count_meant, items, read_duration
from .model import Column, Model, fold, said
from .rows import Row

_SPAN = re.compile(r"(?:[^\W\d_]{1,12}\.?\s+)?((?:19|20)[0-9]{2})\s*[/–—-]\s*([0-9]{4}|[0-9]{2})")
_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
_BETWEEN = {"of", "the", "de", "du", "le", "del", "el", "st", "nd", "rd", "th", "er", "e", "eme", "ème", "o", "º", "ª"}
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_Found = dict[str, str]


def spread(row: Row, model: Model, language: str, tell: Tell) -> None:
    """Move what the words of a cell say to the cells that hold it, and tell what was read."""
    readers: dict[str, Callable[[str, Model], _Found]] = {"number": read_number_words, "date": read_time_words}
    for column in row.sheet.columns:
        cell, read = row.cells.get(column.name), readers.get(column.kind)
        if read is None or cell is None or not isinstance(cell.value, str):
            continue
        beside = _beside(row, column)
        found = read(cell.value, model)
        if column.kind == "date":
            found = _of_side(found, column, beside, row)
        if not found or any(name not in beside for name in found if name != "asPrinted"):
            continue
        taken = (beside[name].name for name in found if name in beside)
        if any(row.text(name) for name in taken if name != column.name):
            continue  # what is there already is not overwritten
        printed = beside.get("asPrinted")
        if printed is not None and not row.text(printed.name):
            found["asPrinted"] = cell.value
        made = {beside[name].name: text for name, text in found.items() if name in beside}
        del row.cells[column.name]
        row.cells |= {name: Cell(text) for name, text in made.items()}
        heads = {each.name: said(each.labels, language) for each in row.sheet.columns}
        meant = "; ".join(f"{heads[name]} {text}" for name, text in made.items())
        tell("words-read", row.place(column.name), text=cell.value, value=meant)


def set_apart(row: Row, language: str, tell: Tell) -> None:
    """Move the graded values of a row to the cells of the columns that they are of."""
    for degrees, (host, *hosted) in row.sheet.graded():
        values, words = items(row.text(host.name)), items(row.text(degrees.name))
        known = {fold(text): each for each in (host, *hosted) for text in each.degree.values()}
        found = [known[fold(word)] for word in words if fold(word) in known]
        meant = found * len(values) if len(found) == 1 else found
        if words and (len(found) < len(words) or not values or len(meant) != len(values)):
            strange = next((word for word in words if fold(word) not in known), row.text(degrees.name))
            labels = [said(each.degree, language) for each in (host, *hosted)]
            near = "".join(nearest(strange, [*known], 1))
            tell("unknown-degree", row.place(degrees.name), value=strange, nearest=near, names=", ".join(labels))
        elif words:
            del row.cells[host.name]
            for column in (host, *hosted):
                own = [value for value, each in zip(values, meant, strict=True) if each is column]
                if own:
                    row.cells[column.name] = Cell("; ".join([*items(row.text(column.name)), *own]))


def _beside(row: Row, column: Column) -> dict[str, Column]:
    """Return the columns for the same thing, by the last part of the property that they state."""
    made: dict[str, Column] = {}
    for each in row.sheet.columns:
        is_time = column.kind == "date" and column.part is None and each.part is not None and each.part.name == "period"
        if (each.part == column.part or is_time) and len(each.writes) == 1:
            made.setdefault(slug(each.writes[0].value), each)
    return made


def _of_side(found: _Found, column: Column, beside: dict[str, Column], row: Row) -> _Found:
    """Return of a span what a column is for: of a quarter its own end; of years both, unless the other is filled."""
    own = {slug(each.value) for each in column.writes}
    others = {"startDate", "endDate"} - own
    is_filled = any(row.text(beside[name].name) for name in others if name in beside)
    if len(own) == 1 and not own & {"date"} and (found.get("startDate", "")[4:] or is_filled):
        return {name: text for name, text in found.items() if name not in others}
    return found


def read_number_words(text: str, model: Model) -> _Found:
    """Return the value, minValue or maxValue that a text such as ``at least 25`` states, and whether it is about."""
    folded = fold(text)
    if len(number_readings(text)) == 1:
        return {}
    for name, meant in (("at-least", "minValue"), ("at-most", "maxValue"), ("about", "value")):
        for word in sorted(model.said_as[name], key=len, reverse=True):
            if folded.startswith(word) and (number := _number(folded[len(word) :].strip(), model)):
                return {meant: number} | ({"approximate": model.word("yes")} if name == "about" else {})
    if folded.endswith("+") and (number := _number(folded[:-1].strip(), model)):
        return {"minValue": number}
    for word in sorted(model.said_as["range"], key=len, reverse=True):
        least, found, most = folded.partition(f" {word} " if word.isalpha() else word)
        numbers = [_number(each.strip(), model) for each in (least, most)] if found else []
        if all(numbers) and numbers and float(numbers[0]) < float(numbers[1]):
            return {"minValue": numbers[0], "maxValue": numbers[1]}
    return {}


def _number(text: str, model: Model) -> str:
    """Return the one number that a text stands for, in digits or as a word, empty where there is none."""
    readings = number_readings(text)
    return readings[0] if len(readings) == 1 and text[:1] not in "+-" else count_meant(text, model)


def read_time_words(text: str, model: Model) -> _Found:
    """Return the startDate and endDate, or the length, that ``2018/19``, ``Q3 2026`` or ``three years`` state."""
    plain = ascii_digits(text.strip())
    if span := _SPAN.fullmatch(plain):
        first, last = int(span[1]), span[2]
        is_year = len(last) == 4 or (int(last) > 12 and int(last) == (first + 1) % 100)  # noqa: PLR2004, 2011-12 is a month
        end = int(last) if len(last) == 4 else first + 1  # noqa: PLR2004
        return {"startDate": str(first), "endDate": str(end)} if is_year and end > first else {}
    if year := _YEAR.search(plain):
        signs = re.findall(r"[^\W\d_]+|[0-9]+|[ºª]", fold(f"{plain[: year.start()]} {plain[year.end() :]}"))
        marks = {"q", "t", *model.said_as["quarters"]}
        numbers = [_ROMAN.get(sign) or int(sign) for sign in signs if sign in _ROMAN or sign.isdecimal()]
        others = {sign for sign in signs if sign not in _ROMAN and not sign.isdecimal()}
        if len(numbers) == 1 and numbers[0] in range(1, 5) and others & marks and others <= marks | _BETWEEN:
            last_month = 3 * numbers[0]
            return {"startDate": f"{year[0]}-{last_month - 2:02}", "endDate": f"{year[0]}-{last_month:02}"}
        return {}
    counted = plain[:1].isdecimal() or count_meant(re.split(r"[\s-]", plain)[0], model)
    return {"length": text} if counted and read_duration(text, model).datatype.value.endswith("duration") else {}
