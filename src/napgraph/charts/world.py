"""Maps of the world and of Europe: what the documents of each jurisdiction show of a concept, or whose plan runs."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import NamedTuple

from ..errors import ParameterError, UnknownNameError
from ..project import findings
from ..tables.table import Picture, Table
from .canvas import TEXT, Box, Canvas, Look, lines, wide
from .figure import SAYING, Draw, Row, figure, filled, speech, words_of

DISCLAIMER = (
    "Equal Earth projection; Europe: Lambert conformal conic. The outlines are those of Natural Earth (1:50 million), "
    "which shows who controls an area in fact; they express no opinion on the legal status of any country, territory "
    "or area, or on the course of any boundary."
)
_UNRECORDED = "no document recorded: unknown, not none"
_SMALL = 7.0  # square pixels: a smaller jurisdiction is shown by a circle
_NAMED = 18  # more jurisdictions are not named on the map, but below it
_WIDE = 520.0  # pixels: the maps stand side by side on a page that is wider
# M49 has no number for these, and the file knows them by name only, or by a number that M49 does not list.
_BY_NAME = {"XKX": "Kosovo", "TWN": "Taiwan"}
_RING, _NUMBER = re.compile(r"M(-?\d+),(-?\d+)l([^z]*)z"), re.compile(r"-?\d+")  # how outlines.json writes paths
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


def coarse(path: str, unit: int, near: int) -> str:
    """Return the path of an outline in whole ``unit`` tenths of a pixel, without points nearer than ``near`` units.

    Parts that come to less than a triangle are left out; where that is all, the first of them is one.
    """
    rings = list[list[tuple[int, int]]]()
    for left, top, told in _RING.findall(path):
        x, y, steps, kept = int(left), int(top), [*map(int, _NUMBER.findall(told))], list[tuple[int, int]]()
        for across, down in [(0, 0), *zip(steps[::2], steps[1::2], strict=True)]:
            x, y = x + across, y + down
            point = round(x / unit), round(y / unit)
            if not kept or abs(point[0] - kept[-1][0]) + abs(point[1] - kept[-1][1]) >= near:
                kept.append(point)
        rings.append(kept)
    x, y = rings[0][0] if rings else (0, 0)
    made = ""
    for ring in [ring for ring in rings if ring[2:]] or [[(x, y), (x + near, y), (x, y + near)]] * bool(rings):
        moves = " ".join(f"{b[0] - a[0]} {b[1] - a[1]}" for a, b in pairwise(ring)).replace(" -", "-")
        made += f"M{ring[0][0]},{ring[0][1]}l{moves}z"
    return made


def outlines_of(numbers: Mapping[str, str]) -> dict[str, Outline]:
    """Return the outlines of jurisdictions by code; of two with a number, one is an island: the larger counts."""
    by_number = {outline.number: outline for outline in sorted(outlines()[1], key=lambda each: each.maps[0].area)}
    by_name = {outline.name: outline for outline in outlines()[1]}
    found = {code: by_number[number] for code, number in numbers.items() if number in by_number}
    return found | {code: by_name[name] for code, name in _BY_NAME.items() if name in by_name}


def world_map(
    table: Table, concept: str, numbers: Mapping[str, str], names: Mapping[str, str], look: Look | None = None
) -> Picture:
    """Return the map of a ``concept`` (code) of the cells of a comparison; ``numbers`` (of M49) are by alpha-3 code.

    Raises UnknownNameError, or ParameterError where nothing was compared.
    """
    known, (say, plural) = {str(row["concept"]): str(row["label"]) for row in table.rows}, speech(table)
    if known and concept not in known:
        raise UnknownNameError("concept on this axis", concept, known)
    table.rows = [row for row in table.rows if row["concept"] == concept]
    label, total = known.get(concept, concept), len(table.rows)
    number = sum(row["value"] in SAYING for row in table.rows)
    title = findings.naming(table.about.language, label, number, total) or say("Who names {concept}?", concept=label)
    subtitle = say(
        "{concept}: the most that any document of each of {jurisdictions} shows",
        concept=label,
        jurisdictions=plural(total, "jurisdiction"),
    )
    values = {name: (name, told) for name, told in words_of(table).items()}
    return _atlas(table, look or Look(), (title, subtitle), values, numbers, names)


def running_map(
    table: Table, numbers: Mapping[str, str], names: Mapping[str, str], look: Look | None = None
) -> Picture:
    """Return the map of whose plan runs on the day of the look: a table with country, name, value and phrase.

    The values are those of RUNNING. Raises ParameterError where nothing is recorded.
    """
    look, (say, _), language = look or Look(), speech(table), table.about.language
    number, day = sum(row["value"] == "in-force" for row in table.rows), findings.day_in_words(language, look.today)
    title = findings.running(language, number, len(table.rows), day) or say("Whose plan runs on {day}?", day=day)
    subtitle = say("Plans of each jurisdiction by their stated period, on {day}", day=day)
    values = {name: (fill, say(words)) for name, (fill, words) in RUNNING.items()}
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
    if not table.rows:
        raise ParameterError("There is nothing to show on a map: no jurisdiction was compared.")
    drawn, (say, _), found = outlines()[1], speech(table), outlines_of(numbers)
    rows = {id(found[str(row["country"])]): row for row in table.rows if str(row["country"]) in found}
    called = {id(outline): names.get(code, outline.name) for code, outline in found.items()}
    lists = {name: sorted(str(row["name"]) for row in table.rows if row["value"] == name) for name in values}
    lists = {name: each for name, each in lists.items() if each}
    listed = [f"{values[name][1]} ({len(each)}): {', '.join(each)}." for name, each in lists.items()]
    first = next((name for name, each in lists.items() if len(each) <= _NAMED), "")

    def told(outline: Outline) -> str:
        if (row := rows.get(id(outline))) is None:
            return f"{called.get(id(outline), outline.name)}: {say(_UNRECORDED)}"
        words = f"{row['name']}: {values[str(row['value'])][1]}"
        return "\n".join(filter(None, (words, str(row.get("phrase") or ""), str(row.get("where") or ""))))

    def panel(canvas: Canvas, number: int, x: float, y: float, width: float) -> float:
        """Draw one of the maps, and return where it ends."""
        (across, down), points = outlines()[0][number], list[tuple[str, float, float]]()
        scale = width / across
        inner = canvas.add("svg", x=x, y=y, width=width, height=down * scale, viewBox=f"0 0 {across * 10} {down * 10}")
        canvas.add("rect", into=inner, width="100%", height="100%", fill="shade")
        canvas.stripes(str(number), 10 / scale)
        for outline in sorted(drawn, key=lambda each: id(each) in rows):
            row, place = rows.get(id(outline)), outline.maps[number]
            fill = values[str(row["value"])][0] if row else "none"
            pale = fill in {"not-stated", "open"}
            edge = {"stroke": "edge" if pale else "paper", "stroke_width": (4 if pale else 6) / scale}
            shown = f"{fill}@{number}" if fill in {"open", "not-assessed"} else fill
            if place.path:
                canvas.add("path", told(outline), inner, d=place.path, fill=shown, **edge)
            middle_x, middle_y = x + place.middle[0] * scale, y + place.middle[1] * scale
            inside = x < middle_x < x + width and y < middle_y < y + down * scale
            if row is None or not place.path or not inside or (number == 0 and outline.maps[1].path):
                continue
            if place.area * scale**2 < _SMALL:
                circle = {"cx": middle_x, "cy": middle_y, "r": 3.2, "stroke": "text", "stroke_width": 0.8}
                canvas.add("circle", told(outline), fill=fill, **circle)
            points += [(str(row["name"]), middle_x, middle_y)] if row["value"] == first else []
        _labels(canvas, points, (x, y, width, down * scale))
        return y + down * scale

    def draw(canvas: Canvas, _: slice) -> None:
        across, top = canvas.right - canvas.left, canvas.y
        beside = across >= _WIDE
        world = 0.6 * across if beside else across
        canvas.y = below = panel(canvas, 0, canvas.left, top, world) + 4
        europe = across - world - 12 if beside else min(across, 420.0)
        end = panel(canvas, 1, canvas.right - europe if beside else canvas.left, top if beside else below, europe)
        text = sum(len(lines(each, world, TEXT)) for each in listed) * TEXT * 1.3
        canvas.y, across = (below, world) if beside and below + text < end + 40 else (end + 4, across)
        canvas.block(listed, TEXT, most=across)
        canvas.y = max(canvas.y, end)

    key = [filled(values[name][0], f"{values[name][1]}: {len(each)}") for name, each in lists.items()]
    key.append(filled("none", say(_UNRECORDED)))
    notes = [say(DISCLAIMER), *_not_shown(names, found, drawn, table)]
    return figure(table, look, [Draw(draw, [0])], heading, notes, key)


def _labels(canvas: Canvas, points: Sequence[tuple[str, float, float]], edges: Box) -> None:
    """Name places with a line to each, where no name lies on another or on a place.

    One without room, or with a name that covers much of the map, is named in the list below the map alone.
    """
    taken = [(x - 3, y - 3, x + 3, y + 3) for _, x, y in points]
    left, top, width, height = edges
    for name, x, y in sorted(points, key=lambda each: each[2]):
        long = wide(name, TEXT, bold=True)
        if long > width / 3:
            continue
        for far, turn in ((far, turn) for far in range(12, 110, 8) for turn in range(16)):
            way = math.pi * (turn * (-1) ** turn) / 8
            end_x, end_y = x + far * math.cos(way), y + far * math.sin(way)
            start = end_x if end_x >= x else end_x - long
            box = start - 2, end_y - 8, start + long + 2, end_y + 5
            inside = left < box[0] and box[2] < left + width and top < box[1] and box[3] < top + height
            if inside and not any(box[0] < c and a < box[2] and box[1] < d and b < box[3] for a, b, c, d in taken):
                taken.append(box)
                canvas.rule(x, y, (end_x, end_y), "text")
                canvas.text(start, end_y + 3, name, bold=True, halo=True)
                break


def _not_shown(
    names: Mapping[str, str], found: Mapping[str, Outline], drawn: Sequence[Outline], table: Table
) -> list[str]:
    """Return what the map cannot show: the compared without an outline, the others, and outlines without a code."""
    rows: dict[str, Row] = {str(row["country"]): row for row in table.rows if str(row["country"]) not in found}
    others = [name for code, name in names.items() if code not in found and code not in rows]
    taken = {id(outline) for outline in found.values()} | {outline.number for outline in found.values()} - {""}
    spare = [each.name for each in drawn if id(each) not in taken and each.number not in taken]
    told, (said, _) = [str(row["name"]) for row in rows.values()], speech(table)
    return [
        said("Compared, but without an outline to colour: {named}.", named="; ".join(told)) if told else "",
        said("Other jurisdictions that the map cannot show: {named}.", named="; ".join(others)) if others else "",
        said("Drawn, but no jurisdiction of the list: {named}.", named="; ".join(spare)) if spare else "",
    ]
