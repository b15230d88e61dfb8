"""Maps of the world and of Europe: what the documents of each jurisdiction show of a concept, or whose plan runs."""

import json
import math
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from ..errors import ParameterError, UnknownNameError
from ..project import findings
from ..tables.table import Picture, Table
from .canvas import TEXT, Canvas, Look, lines, wide
from .figure import SAYING, Key, Row, figure, filled, speech, words_of

DISCLAIMER = (
    "Equal Earth projection; Europe: Lambert conformal conic. The outlines are those of Natural Earth (1:50 million), "
    "which shows who controls an area in fact; they express no opinion on the legal status of any country, territory "
    "or area, or on the course of any boundary."
)
_UNRECORDED = "no document recorded: unknown, not none"
_SMALL = 7.0  # square pixels: a smaller jurisdiction is shown by a circle
_NAMED = 18  # more jurisdictions are not named on the map, but below it
# M49 has no number for these, and the file knows them by name only, or by a number that M49 does not list.
_BY_NAME = {"XKX": "Kosovo", "TWN": "Taiwan"}
RUNNING = {
    "in-force": ("stated", "in force"),
    "open": ("open", "perhaps in force: an end is not stated, or it is a draft"),
    "ended": ("partly", "its stated period ended, or is yet to begin"),
    "undated": ("not-stated", "no period is stated"),
}
"""The values of the map of plans in force: how they are filled, and their words."""


class Place(NamedTuple):
    """On one map: a path in tenths of a pixel, the middle of its largest part and its area, in (square) pixels."""

    path: str
    middle: tuple[float, float]
    area: float


class Outline(NamedTuple):
    """An outline: number in M49 ("" for none), name, and its places on the maps of the world and of Europe."""

    number: str
    name: str
    maps: tuple[Place, Place]


@cache
def outlines() -> tuple[list[tuple[int, int]], list[Outline]]:
    """Return how wide and high both maps are, and the outlines; ``tests/outlines.py`` has prepared them."""
    prepared = json.loads(files(__package__).joinpath("outlines.json").read_bytes())
    made = [Outline(number, name, (Place(*rest[:3]), Place(*rest[3:]))) for number, name, *rest in prepared["outlines"]]
    return [(width, height) for width, height in prepared["sizes"]], made


def world_map(table: Table, concept: str, numbers: Mapping[str, str], names: Mapping[str, str], look: Look = Look()) -> Picture:
    """Return the map of a ``concept`` (code) of the cells of a comparison; ``numbers`` (of M49) are by alpha-3 code.

    Raises UnknownNameError, or ParameterError where nothing was compared.
    """
    if not table.rows:
        raise ParameterError("There is nothing to show on a map: no jurisdiction was compared.")
    known = {str(row["concept"]): str(row["label"]) for row in table.rows}
    if concept not in known:
        raise UnknownNameError("concept on this axis", concept, known)
    table.rows = [row for row in table.rows if row["concept"] == concept]
    words, (say, plural) = words_of(table), speech(table)
    values = {str(row["value"]): (str(row["value"]), words.get(str(row["value"]), str(row["value"]))) for row in table.rows}
    number, total = sum(row["value"] in SAYING for row in table.rows), len(table.rows)
    title = findings.naming(table.about.language, known[concept], number, total)
    subtitle = say(
        "{concept}: the most that any document of each of {jurisdictions} shows",
        concept=known[concept],
        jurisdictions=plural(total, "jurisdiction"),
    )
    title = title or say("Who names {concept}?", concept=known[concept])
    return _atlas(table, look, (title, subtitle), {name: values[name] for name in words if name in values}, numbers, names)


def running_map(table: Table, numbers: Mapping[str, str], names: Mapping[str, str], look: Look = Look()) -> Picture:
    """Return the map of whose plan runs on the day of the look: a table with country, name, value and where.

    The values are those of RUNNING. Raises ParameterError where nothing is recorded.
    """
    if not table.rows:
        raise ParameterError("There is nothing to show on a map: no jurisdiction was compared.")
    (say, _), language = speech(table), table.about.language
    number = sum(row["value"] == "in-force" for row in table.rows)
    day = findings.day_in_words(language, look.today)
    title = findings.running(language, number, len(table.rows), look.today) or say("Whose plan runs on {day}?", day=day)
    subtitle = say("Plans of each jurisdiction by their stated period, on {day}", day=day)
    found = {row["value"] for row in table.rows}
    values = {name: (fill, say(words)) for name, (fill, words) in RUNNING.items() if name in found}
    return _atlas(table, look, (title, subtitle), values, numbers, names)


def _atlas(
    table: Table,
    look: Look,
    heading: tuple[str, str],
    values: Mapping[str, tuple[str, str]],
    numbers: Mapping[str, str],
    names: Mapping[str, str],
) -> Picture:
    """Return both maps with a list of the jurisdictions of each value; ``values`` are fills and words by name."""
    drawn, (say, _) = outlines()[1], speech(table)
    # A number may come twice, for an outlying island: the larger outline is the country.
    by_number = {outline.number: outline for outline in sorted(drawn, key=lambda each: each.maps[0].area)}
    by_name = {outline.name: outline for outline in drawn}
    found = {code: by_number[number] for code, number in numbers.items() if number in by_number}
    found |= {code: by_name[name] for code, name in _BY_NAME.items() if name in by_name}
    rows = {id(found[str(row["country"])]): row for row in table.rows if str(row["country"]) in found}
    called = {id(outline): names.get(code, outline.name) for code, outline in found.items()}
    lists = {
        name: f"{words} ({len(each)}): {', '.join(sorted(each))}."
        for name, (_, words) in values.items()
        if (each := [str(row["name"]) for row in table.rows if row["value"] == name])
    }
    first = next(iter(values))

    def told(outline: Outline) -> str:
        row = rows.get(id(outline))
        if row is None:
            return f"{called.get(id(outline), outline.name)}: {say(_UNRECORDED)}"
        words = f"{row['name']}: {values[str(row['value'])][1]}"
        return "\n".join(filter(None, (words, str(row.get("phrase") or ""), str(row.get("where") or ""))))

    def panel(canvas: Canvas, number: int, x: float, y: float, width: float) -> float:
        (wide_, high), scale = outlines()[0][number], width / outlines()[0][number][0]
        box = canvas.add("svg", x=x, y=y, width=width, height=high * scale, viewBox=f"0 0 {wide_ * 10} {high * 10}")
        canvas.add("rect", into=box, width="100%", height="100%", fill="shade")
        line = round(6 / scale, 1)
        canvas.stripes(str(number), 10 / scale)
        for outline in sorted(drawn, key=lambda each: id(each) in rows):
            if outline.maps[number].path:
                row = rows.get(id(outline))
                fill = values[str(row["value"])][0] if row else "none"
                edge = "edge" if fill in {"not-stated", "open"} else "paper"
                canvas.add("path", told(outline), box, d=outline.maps[number].path, fill=f"{fill}@{number}" if fill in {"open", "not-assessed"} else fill, stroke=edge, stroke_width=line if edge == "paper" else 0.6 * line)
        points: list[tuple[str, float, float]] = []
        for outline in drawn:
            row, place = rows.get(id(outline)), outline.maps[number]
            middle = x + place.middle[0] * scale, y + place.middle[1] * scale
            elsewhere = number == 0 and outline.maps[1].path
            if row is None or not place.path or elsewhere or not (x < middle[0] < x + width and y < middle[1] < y + high * scale):
                continue
            if place.area * scale**2 < _SMALL:
                fill = values[str(row["value"])][0]
                canvas.add("circle", told(outline), cx=middle[0], cy=middle[1], r=3.2, fill=fill, stroke="text", stroke_width=0.8)
            if row["value"] == first and 0 < list(lists).index(first) + 1 and len(_of(table.rows, first)) <= _NAMED:
                points.append((str(row["name"]), *middle))
        _labels(canvas, points, (x, y, x + width, y + high * scale))
        return high * scale

    def draw(canvas: Canvas) -> None:
        across, top = canvas.right - canvas.left, canvas.y
        beside = across >= 520  # noqa: PLR2004
        world = 0.6 * across if beside else across
        canvas.y += panel(canvas, 0, canvas.left, top, world) + 4
        europe = across - world - 12 if beside else min(across, 420)
        below = canvas.y if not beside else top
        end = below + panel(canvas, 1, canvas.right - europe if beside else canvas.left, below, europe)
        text = sum(len(lines(each, world, TEXT)) for each in lists.values()) * TEXT * 1.3
        narrow = beside and canvas.y + text < end + 40
        canvas.y = canvas.y if narrow else end + 4
        canvas.block(canvas.left, lists.values(), world if narrow else across, TEXT)
        canvas.y = max(canvas.y, end)

    counts = {name: len(_of(table.rows, name)) for name in values}
    key = [Key(filled(fill), f"{words}: {counts[name]}") for name, (fill, words) in values.items()]
    key.append(Key(filled("none"), say(_UNRECORDED)))
    notes = [say(DISCLAIMER), *_not_shown(names, found, drawn, table, values)]
    return figure(table, look, [draw], title=heading[0], subtitle=heading[1], notes=notes, key=key)


def _of(rows: Sequence[Row], value: str) -> list[Row]:
    return [row for row in rows if row["value"] == value]


def _labels(canvas: Canvas, points: Sequence[tuple[str, float, float]], edges: tuple[float, float, float, float]) -> None:
    """Name places with a line to each, where no name lies on another or on a place; one without room is not named."""
    taken = [(x - 3, y - 3, x + 3, y + 3) for _, x, y in points]
    left, top, right, bottom = edges
    for name, x, y in sorted(points, key=lambda each: each[2]):
        width = wide(name, TEXT, bold=True)
        for far, turn in ((far, turn) for far in range(12, 110, 8) for turn in range(16)):
            way = math.pi * (turn * (-1) ** turn) / 8
            end = x + far * math.cos(way), y + far * math.sin(way)
            start = end[0] if end[0] >= x else end[0] - width
            box = start - 2, end[1] - 8, start + width + 2, end[1] + 5
            inside = left < box[0] and box[2] < right and top < box[1] and box[3] < bottom
            if inside and not any(box[0] < c and a < box[2] and box[1] < d and b < box[3] for a, b, c, d in taken):
                taken.append(box)
                canvas.add("line", x1=x, y1=y, x2=end[0], y2=end[1], stroke="text", stroke_width=0.8)
                canvas.text(start, end[1] + 3, name, bold=True, halo=True)
                break


def _not_shown(
    names: Mapping[str, str], found: Mapping[str, Outline], drawn: Sequence[Outline], table: Table, values: Mapping[str, tuple[str, str]]
) -> list[str]:
    """Return what the map cannot show: the compared without an outline, the others, and outlines without a code."""
    rows = {str(row["country"]): row for row in table.rows if str(row["country"]) not in found}
    told = [f"{row['name']} ({values[str(row['value'])][1]})" for row in rows.values()]
    others = [name for code, name in names.items() if code not in found and code not in rows]
    taken = {id(outline) for outline in found.values()} | {outline.number for outline in found.values()} - {""}
    spare = [each.name for each in drawn if id(each) not in taken and each.number not in taken]
    said, _ = speech(table)
    return [
        said("Compared, but without an outline to colour: {named}.", named="; ".join(told)) if told else "",
        said("Other jurisdictions that the map cannot show: {named}.", named="; ".join(others)) if others else "",
        said("Drawn, but no jurisdiction of the list: {named}.", named="; ".join(spare)) if spare else "",
    ]
