"""The world map: what the documents of each jurisdiction show of one concept."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import combinations
from typing import Any, NamedTuple

from ..errors import ParameterError, UnknownNameError
from ..tables.table import Picture, Table
from .figure import NO_RECORD, data, figure, filled, legend, signs, speech
from .matrices import TOOLTIP, tally, words_of
from .save import alt

Row = dict[str, Any]
DISCLAIMER = (
    "The outlines are those of Natural Earth (1:50 million), which shows who controls an area in fact. Boundaries, "
    "names and what is left out express no opinion on the legal status of any country, territory or area, or on the "
    "course of any boundary."
)
_UNRECORDED = "no document is recorded here, which says nothing about whether one exists"
_WIDTH = 1000
_LINE = "#9a9a9a"
_SMALL = 14.0  # square pixels: a smaller jurisdiction is shown by a circle
_ROOM = 220.0  # square pixels: a larger one has room for its sign
_CIRCLE = 7.0  # pixels across
# M49 has no number for these, and the file knows them by name only, or by a number that M49 does not list.
_BY_NAME = {"XKX": "Kosovo", "TWN": "Taiwan"}


class Outline(NamedTuple):
    """An outline: number in M49 ("" for none), name, polygons and the middle of the largest in pixels, and area."""

    number: str
    name: str
    polygons: list[Any]
    middle: tuple[float, float]
    area: float


def world_map(table: Table, concept: str, numbers: Mapping[str, str], names: Mapping[str, str]) -> Picture:
    """Return the map of a ``concept`` (code) of the cells of a comparison; ``numbers`` (of M49) are by alpha-3 code.

    What is too small to be seen is a circle; those without an outline are named below with their value.
    Raises UnknownNameError, or ParameterError where nothing was compared.
    """
    if not table.rows:
        raise ParameterError("There is nothing to show on a map: no jurisdiction was compared.")
    known = {str(row["concept"]): str(row["label"]) for row in table.rows}
    if concept not in known:
        raise UnknownNameError("concept on this axis", concept, known)
    table.rows = [row for row in table.rows if row["concept"] == concept]
    high, drawn = outlines()
    # A number may come twice, for an outlying island: the larger outline is the country.
    by_number = {outline.number: outline for outline in sorted(drawn, key=lambda each: each.area)}
    by_name = {outline.name: outline for outline in drawn}
    found = {code: by_number[number] for code, number in numbers.items() if number in by_number}
    found |= {code: by_name[name] for code, name in _BY_NAME.items() if name in by_name}
    words = words_of(table)
    say, plural = speech(table)
    counted = say(
        "{concept}: the most that any document of each of {jurisdictions} shows.",
        concept=known[concept],
        jurisdictions=plural(len(table.rows), "jurisdiction"),
    )
    return figure(
        _layers(drawn, found, table.rows).properties(width=_WIDTH, height=high),
        table,
        *(counted, say(DISCLAIMER), *_not_shown(names, found, drawn, table)),
        width=_WIDTH,
        title=f"{table.about.title}: {known[concept]}",
        key=legend(words, {row["value"] for row in table.rows}, other=say(_UNRECORDED)),
        description=tally(table, words),
    )


@cache
def outlines() -> tuple[int, list[Outline]]:
    """Return how high the map is, in pixels, and its outlines; ``tests/outlines.py`` has prepared them."""
    prepared = json.loads(files(__package__).joinpath("outlines.json").read_bytes())
    return prepared["height"], [Outline(*each) for each in prepared["outlines"]]


def _layers(drawn: Sequence[Outline], found: Mapping[str, Outline], rows: Sequence[Row]) -> Any:
    """Return all outlines, those compared in colour, circles for what is too small, and signs where there is room."""
    compared = [(found[str(row["country"])], row) for row in rows if str(row["country"]) in found]
    values = {id(outline): row for outline, row in compared}
    land, ours = (
        alt.Chart(
            data(
                [
                    {"type": "Feature", "geometry": {"type": "MultiPolygon", "coordinates": outline.polygons}}
                    | values.get(id(outline), {})
                    for outline in drawn
                    if (id(outline) in values) is coloured
                ]
            )
        ).project(type="identity", scale=1, translate=[0, 0])
        for coloured in (False, True)
    )
    places = _apart([outline.middle for outline, _ in compared if outline.area < _SMALL])
    small = [row for outline, row in compared if outline.area < _SMALL]
    dots, large = (
        alt.Chart(data([row | {"x": place[0], "y": place[1]} for row, place in found])).encode(
            x=alt.X("x:Q", axis=None, scale=None), y=alt.Y("y:Q", axis=None, scale=None)
        )
        for found in (
            zip(small, places, strict=True),
            ((row, outline.middle) for outline, row in compared if outline.area > _ROOM),
        )
    )
    dot = {"shape": "circle", "filled": True, "size": _CIRCLE**2, "stroke": "#222222", "strokeWidth": 0.8, "opacity": 1}
    shown = {"fill": filled("fill"), "tooltip": list(TOOLTIP)}
    return alt.layer(
        land.mark_geoshape(fill=NO_RECORD, stroke=_LINE, strokeWidth=0.4, aria=False),
        ours.mark_geoshape(stroke="#333333", strokeWidth=0.6).encode(**shown),
        dots.mark_point(**dot).encode(**shown),
        *signs(large, 70, 10),
    ).resolve_scale(fill="independent")


def _apart(places: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Move circles that would overlap away from each other, step by step, each as little as that takes."""
    moved = [complex(*place) for place in places]
    for _ in range(60):
        still = True
        for one, other in combinations(range(len(moved)), 2):
            way = moved[other] - moved[one]
            if abs(way) < _CIRCLE + 1:
                step = (way / abs(way) if way else 1) * (_CIRCLE + 1.05 - abs(way)) / 2
                moved[one], moved[other], still = moved[one] - step, moved[other] + step, False
        if still:
            break
    return [(round(place.real, 1), round(place.imag, 1)) for place in moved]


def _not_shown(names: Mapping[str, str], found: dict[str, Outline], drawn: list[Outline], table: Table) -> list[str]:
    """Return what the map cannot show: the compared without an outline, the others, and outlines without a code."""
    words = words_of(table)
    rows = {str(row["country"]): row for row in table.rows if str(row["country"]) not in found}
    told = [f"{row['name']} ({words.get(str(row['value']), row['value'])})" for row in rows.values()]
    others = [name for code, name in names.items() if code not in found and code not in rows]
    taken = {id(outline) for outline in found.values()} | {outline.number for outline in found.values()} - {""}
    spare = [each.name for each in drawn if id(each) not in taken and each.number not in taken]
    said, _ = speech(table)
    lines = [said("Compared, but without an outline to colour: {named}.", named="; ".join(told) or said("none"))]
    if others:
        lines.append(said("Other jurisdictions that the map cannot show: {named}.", named="; ".join(others)))
    if spare:
        lines.append(said("Drawn, but no jurisdiction of the list: {named}.", named="; ".join(spare)))
    return lines
