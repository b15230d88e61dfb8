"""Write the outlines of countries and areas, laid flat for the map of ``napgraph.charts``: ``make outlines``.

Read from ``countries-50m.json`` (world-atlas 2.0.2, made from Natural Earth; see ``outlines.LICENSE``). Longitudes
and latitudes become pixels by the Equal Earth projection (Šavrič, Patterson and Jenny 2019, International Journal of
Geographical Information Science 33, 454-465), which keeps areas comparable, and those of Europe once more by the
conformal conic projection of Lambert (Snyder 1987, Map Projections: A Working Manual, 107-108; parallels 40 and 60
degrees north). Points nearer to each other than a fraction of a pixel are left out, the same for both neighbours of a
border, so no gaps open. What lies south of 60 degrees south is left out. An outline is a path of SVG with steps from
point to point.
"""

from __future__ import annotations

import itertools
import json
import math
from pathlib import Path
from typing import Any

Point = tuple[float, float]
Ring = list[Point]

SOURCE = Path(__file__).with_name("countries-50m.json")
PREPARED = Path(__file__).resolve().parent.parent / "src" / "napgraph" / "charts" / "outlines.json"
WIDTH = 1000  # pixels, as in napgraph.charts.world

_SOUTH = -60.0
_NORTH = 84.0
_NEAR = 0.6  # pixels
_SPECK = 0.4  # square pixels
_RING = 3  # the fewest points of a ring, the last one being the first again
_EDGE = 180.0  # degrees
_COEFFICIENTS = (1.340264, -0.081106, 0.000893, 0.003796)
_EUROPE = (400, 470)  # pixels
_PARALLELS, _CENTRE = (40.0, 60.0), (13.0, 53.0)  # degrees; the centre of the map of Europe
_SCALE = 590.0  # pixels for the radius of the earth there
_FAR = (-60.0, 100.0, 12.0)  # degrees: what lies west, east or south of these is not drawn on that map


def prepared(width: float) -> str:
    """Return the sizes of both maps, the world's ``width`` pixels wide, and their outlines, in JSON.

    Of each outline: its number in M49 and ISO 3166-1 ("" for none), its name, and for both maps ("" where it is not on
    it) its path in tenths of a pixel (the upper left corner is 0, 0), the middle of its largest part, and its area in
    square pixels.
    """
    file = json.loads(SOURCE.read_bytes())
    height = _flat(0, _SOUTH, width)[1]
    detailed = [_degrees(arc, file["transform"]) for arc in file["arcs"]]
    arcs, fine = ([_thinned(arc, near) for arc in detailed] for near in (_NEAR * 360 / width, 0.09))
    made = []
    for each in file["objects"]["countries"]["geometries"]:
        parts = [each["arcs"]] if each["type"] == "Polygon" else each["arcs"]
        whole = [[_ring(ring, arcs) for ring in part] for part in parts]
        flat = [[_laid(ring, width) for ring in part] for polygon in whole for part in _cut(polygon)]
        near = [[_conic(_ring(ring, fine)) for ring in part] for part in parts]
        near = [[ring for ring in part if len(ring) >= _RING] for part in near if len(part[0]) >= _RING]
        if kept := _kept(flat, height):
            made.append(
                [each.get("id", ""), each["properties"]["name"], *_drawn(kept), *_drawn(_kept(near, _EUROPE[1]))]
            )
    lines = ",\n".join(json.dumps(each, ensure_ascii=False, separators=(",", ":")) for each in made)
    sizes = json.dumps([[round(width), round(height)], _EUROPE])
    return f'{{"sizes": {sizes}, "outlines": [\n{lines}\n]}}\n'


def _drawn(polygons: list[list[Ring]]) -> tuple[str, Point, float]:
    """Return the path of polygons, the middle of the largest, and the area of all."""
    if not polygons:
        return "", (0.0, 0.0), 0.0
    path, largest = "", max(polygons, key=lambda polygon: abs(_area(polygon[0])))
    for left, top, *steps in (_steps(ring) for polygon in polygons for ring in polygon):
        path += f"M{left},{top}l{' '.join(map(str, steps)).replace(' -', '-')}z"
    x, y = _middle(largest[0])
    return path, (round(x, 1), round(y, 1)), round(sum(abs(_area(polygon[0])) for polygon in polygons), 1)


def _steps(ring: Ring) -> list[int]:
    """Return the first point of a ring and the steps from each point to the next, in tenths of a pixel."""
    tenths = [(round(10 * x), round(10 * y)) for x, y in ring]
    steps = [(x - before[0], y - before[1]) for before, (x, y) in itertools.pairwise(tenths)]
    return [*tenths[0], *(part for step in steps[:-1] for part in step if step != (0, 0))]


def _conic(ring: Ring) -> Ring:
    """Return what of a ring lies on the map of Europe, in pixels."""
    if not any(_FAR[0] < x < _FAR[1] and y > _FAR[2] for x, y in ring):
        return []
    low, high = (math.radians(each) for each in _PARALLELS)
    half = [math.tan(math.pi / 4 + each / 2) for each in (low, high)]
    n = math.log(math.cos(low) / math.cos(high)) / math.log(half[1] / half[0])
    factor = math.cos(low) * half[0] ** n / n

    def laid(longitude: float, latitude: float) -> Point:
        far = _SCALE * factor / math.tan(math.pi / 4 + math.radians(max(min(latitude, 89.0), -60.0)) / 2) ** n
        turn = n * math.radians(longitude - _CENTRE[0])
        return far * math.sin(turn), far * math.cos(turn)

    up = laid(*_CENTRE)[1]
    points = [(x + _EUROPE[0] / 2, y - up + _EUROPE[1] / 2) for x, y in (laid(*point) for point in ring)]
    for axis, edge in ((0, _EUROPE[0]), (1, _EUROPE[1])):
        points = _within(points, axis, -4.0, edge + 4.0)
    return [(round(x, 1), round(y, 1)) for x, y in points]


def _laid(ring: Ring, width: float) -> Ring:
    return [(round(x, 1), round(y, 1)) for x, y in (_flat(*point, width) for point in ring)]


def _cut(polygon: list[Ring]) -> list[list[Ring]]:
    """Cut a polygon that crosses the 180th meridian in two; the file holds it in one piece."""
    rings = [_unwound(ring) for ring in polygon]
    made = []
    for turn in (-360.0, 0.0, 360.0):
        parts = [_side([(x - turn, y) for x, y in ring]) for ring in rings]
        if len(parts[0]) >= _RING:
            made.append([part for part in parts if len(part) >= _RING])
    return made


def _unwound(ring: Ring) -> Ring:
    """Let longitudes run on past 180 degrees instead of jumping to the other side."""
    points = [ring[0]]
    for x, y in ring[1:]:
        jump = round((points[-1][0] - x) / 360)
        points.append((x + 360 * jump, y))
    return points


def _side(ring: Ring) -> Ring:
    """Return what lies between 180 degrees west and east."""
    return _within(ring, 0, -_EDGE, _EDGE)


def _within(ring: Ring, axis: int, low: float, high: float) -> Ring:
    """Return what of a ring lies between two edges (the clipping of Sutherland and Hodgman)."""
    for edge, sign in ((high, 1), (-low, -1)):
        kept: Ring = []
        for one, other in itertools.pairwise(ring):
            inside, next_inside = sign * one[axis] <= edge, sign * other[axis] <= edge
            if inside:
                kept.append(one)
            if inside != next_inside:
                share = (sign * edge - one[axis]) / (other[axis] - one[axis])
                x, y = (a + share * (b - a) for a, b in zip(one, other, strict=True))
                kept.append((x, y))
        if not kept:
            return []
        ring = kept if kept[0] == kept[-1] else [*kept, kept[0]]
    return ring


def _degrees(arc: list[list[int]], transform: dict[str, Any]) -> list[Point]:
    """Return the longitudes and latitudes of an arc, which the file holds as steps on a grid."""
    (wide, high), (left, low) = transform["scale"], transform["translate"]
    x = y = 0
    points = []
    for step_x, step_y in arc:
        x, y = x + step_x, y + step_y
        points.append((x * wide + left, y * high + low))
    return points


def _flat(longitude: float, latitude: float, width: float) -> Point:
    """Return a place in pixels."""
    x, y = _equal_earth(longitude, latitude)
    scale = width / (2 * _equal_earth(180, 0)[0])
    return width / 2 + scale * x, scale * (_equal_earth(0, _NORTH)[1] - y)


def _equal_earth(longitude: float, latitude: float) -> Point:
    a1, a2, a3, a4 = _COEFFICIENTS
    t = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(latitude)))
    t2 = t * t
    t6 = t2 * t2 * t2
    x = math.radians(longitude) * math.cos(t) / (math.sqrt(3) / 2 * (a1 + 3 * a2 * t2 + t6 * (7 * a3 + 9 * a4 * t2)))
    return x, t * (a1 + a2 * t2 + t6 * (a3 + a4 * t2))


def _thinned(points: list[Point], near: float) -> list[Point]:
    """Leave out points that lie nearer than ``near`` degrees to the one before; a small island keeps all of its."""
    kept = [points[0]]
    for x, y in points[1:-1]:
        if abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= near:
            kept.append((x, y))
    kept.append(points[-1])
    return points if points[0] == points[-1] and len(kept) <= _RING + 1 else kept


def _ring(numbers: list[int], arcs: list[list[Point]]) -> Ring:
    """Join arcs to a ring; a number below 0 stands for the arc ``~number`` the other way round."""
    points: Ring = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += arc[1:] if points else arc
    return points


def _kept(polygons: list[list[Ring]], bottom: float) -> list[list[Ring]]:
    """Leave out specks and what lies below the map's foot, but never all that a small country has."""
    visible = [polygon for polygon in polygons if len(polygon[0]) >= _RING and min(y for _, y in polygon[0]) < bottom]
    large = [polygon for polygon in visible if abs(_area(polygon[0])) >= _SPECK]
    return large or sorted(visible, key=lambda polygon: -abs(_area(polygon[0])))[:1]


def _area(ring: Ring) -> float:
    """Return the signed area of a ring (the surveyor's formula)."""
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in itertools.pairwise(ring)) / 2


def _middle(ring: Ring) -> Point:
    """Return the centre of gravity of a ring, or the mean of its points where it has hardly an area."""
    area = _area(ring)
    if abs(area) < 1:
        return sum(x for x, _ in ring) / len(ring), sum(y for _, y in ring) / len(ring)
    pairs = [(a, b, a[0] * b[1] - b[0] * a[1]) for a, b in itertools.pairwise(ring)]
    x = sum((a[0] + b[0]) * cross for a, b, cross in pairs) / (6 * area)
    y = sum((a[1] + b[1]) * cross for a, b, cross in pairs) / (6 * area)
    return x, y


if __name__ == "__main__":
    PREPARED.write_text(prepared(WIDTH), encoding="utf-8")
