"""Figures: they hold every row of their table, tell what the numbers show and no more, and can be read in print."""

from __future__ import annotations

import ast
import csv
import re
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from itertools import combinations, pairwise
from math import cos, radians, sin
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from defusedxml.ElementTree import fromstring

from napgraph import KnowledgeGraph
from napgraph.charts import (
    MM,
    THEMES,
    Look,
    heat_map,
    intervals,
    leads,
    network,
    running_map,
    saved,
    similarity,
    spread,
    table_of,
    timeline,
    world_map,
)
from napgraph.charts.canvas import colours, signs, wide
from napgraph.charts.save import FORMS
from napgraph.charts.world import outlines
from napgraph.compare import pictures
from napgraph.compare.analysis import View
from napgraph.errors import ParameterError, UnknownNameError
from napgraph.project import findings
from napgraph.tables.table import Picture, Table

from .conftest import Run
from .outlines import PREPARED, WIDTH, prepared
from .pictures import Invented, gaps, leaders, roles, runs, shares, times

DAY = "2026-11-30"
PAGE = 270 * MM
SVG = "{http://www.w3.org/2000/svg}"
EUROPE = ["NOR", "DNK", "FIN", "ALB", "HRV", "BIH", "ROU", "LVA"]
KINDS: dict[str, Callable[[KnowledgeGraph, int, Look], Picture]] = {
    "heat map": lambda kg, number, look: heat_map(Invented(kg, number).cells(), 2 * number, look),
    "map": lambda kg, number, look: world_map(Invented(kg, number).cells(), "concept-1", kg.numbers, kg.names, look),
    "map of plans": lambda kg, number, look: running_map(runs(kg, number), kg.numbers, kg.names, look),
    "intervals": lambda kg, number, look: intervals(gaps(kg, number), look),
    "time line": lambda kg, number, look: timeline(times(kg, number), look),
    "network": lambda kg, number, look: network(roles(kg, number), look),
    "likeness": lambda kg, _, look: similarity(kg.similarity("pillars", country=EUROPE).table(), look),
    "spread": lambda kg, number, look: spread(shares(kg, number), look),
    "who leads": lambda kg, number, look: leads(leaders(kg, number), look),
}
Quad = list[tuple[float, float]]


def roots(picture: Picture) -> list[ET.Element]:
    return [fromstring(part) for part in picture.parts]


def every(picture: Picture, tag: str) -> list[ET.Element]:
    return [each for root in roots(picture) for each in root.iter(SVG + tag)]


def titles(picture: Picture) -> list[str]:
    """Return what is shown where one points at a mark."""
    return ["".join(each.itertext()) for root in roots(picture) for each in root.iterfind(f".//{SVG}*/{SVG}title")]


def words(element: ET.Element) -> str:
    """Return the text of an element without its title."""
    return (element.text or "") + "".join(each.tail or "" for each in element)


def shown(picture: Picture) -> str:
    return " ".join(words(each) for each in every(picture, "text"))


@pytest.mark.slow
@pytest.mark.parametrize("number", [5, 40])
@pytest.mark.parametrize("kind", KINDS)
def test_every_picture_carries_title_caption_and_table(kg: KnowledgeGraph, kind: str, number: int) -> None:
    picture = KINDS[kind](kg, number, Look(day=DAY))
    told = " ".join(picture.caption)
    assert re.search(r"\bSources?: |\d sources\.", told)
    assert f"Data version {kg.version[:12]}" in told
    assert "CC BY 4.0, w3id.org/napgraph." in told
    for root in roots(picture):
        assert (root.findtext(f"{SVG}title"), root.get("role"), root.get("lang")) == (picture.title, "img", "en")
        assert (root.findtext(f"{SVG}desc") or "").split() == f"{picture.title}. {told}".split()
    text = shown(picture)
    assert text.startswith(picture.title)
    for part in picture.caption:
        assert part in text or part[:300] in text, part
    assert len(table_of(picture)) >= number
    assert table_of(picture).about.title == picture.title


@pytest.mark.slow
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", [183 * MM, 390.0, 1280.0])
@pytest.mark.parametrize("kind", KINDS)
def test_every_picture_can_be_read(kg: KnowledgeGraph, kind: str, width: float, theme: str) -> None:
    """Text of 7 points at least lies on no other, on the page, and stands out from what it is on."""
    picture = KINDS[kind](kg, 30, Look(width=width, height=PAGE, theme=theme, day=DAY))
    for root in roots(picture):
        wide_, high = (float(each) for each in root.get("viewBox", "").split()[2:])
        assert root.get("width") == f"{width / MM:.2f}mm"
        assert (wide_, high) <= (width + 0.01, 1e9)
        assert high <= PAGE or len(root.findall(f".//{SVG}svg")), high  # a map has no rows to cut
        texts = [(words(each), quad(each), each) for each in root.iter(SVG + "text")]
        for told, corners, each in texts:
            assert float(each.get("font-size", "0")) * 0.75 >= 7, told
            assert all(-0.5 <= x <= wide_ + 0.5 and -0.5 <= y <= high for x, y in corners), told
        for (one, first), (other, second) in meeting([(told, corners) for told, corners, _ in texts]):
            assert apart(first, second), (one, other)
        fields = fields_of(root)
        for told, corners, each in texts:
            ground = colours(theme)["paper"] if each.get("paint-order") else ground_of(fields, corners, theme)
            assert contrast(each.get("fill", ""), ground) >= 4.5, (told, each.get("fill"), ground)


def quad(text: ET.Element) -> Quad:
    """Return the corners of the box of a line of text."""
    x, y, size = (float(text.get(name, "0")) for name in ("x", "y", "font-size"))
    across = wide(words(text), size, bold=text.get("font-weight") == "bold")
    left = x - {"middle": across / 2, "end": across}.get(text.get("text-anchor", ""), 0)
    corners = [(left, y - 0.7 * size), (left + across, y - 0.7 * size), (left + across, y + 0.2 * size)]
    corners.append((left, y + 0.2 * size))
    if found := re.match(r"rotate\((-?\d+)", text.get("transform", "")):
        turn = radians(int(found[1]))
        moved = [(a - x, b - y) for a, b in corners]
        return [(x + a * cos(turn) - b * sin(turn), y + a * sin(turn) + b * cos(turn)) for a, b in moved]
    return corners


def meeting(texts: list[tuple[str, Quad]]) -> Iterator[tuple[tuple[str, Quad], tuple[str, Quad]]]:
    """Yield the pairs of texts of which the upright boxes around them meet; all others lie apart."""
    edges = [[(min(each), max(each)) for each in zip(*corners, strict=True)] for _, corners in texts]
    order = sorted(range(len(texts)), key=lambda number: edges[number][0])
    for place, one in enumerate(order):
        (_, right), (top, bottom) = edges[one]
        for other in order[place + 1 :]:
            if edges[other][0][0] >= right:
                break
            if edges[other][1][0] < bottom and top < edges[other][1][1]:
                yield texts[one], texts[other]


def apart(one: Quad, other: Quad) -> bool:
    """Return whether a line parallel to an edge of one of two boxes keeps them apart, by half a pixel less or more."""
    for box in (one, other):
        for (ax, ay), (bx, by) in pairwise([*box, box[0]]):
            along = [[(x - ax) * (by - ay) - (y - ay) * (bx - ax) for x, y in each] for each in (one, other)]
            slack = 0.5 * ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5
            if max(along[0]) <= min(along[1]) + slack or max(along[1]) <= min(along[0]) + slack:
                return True
    return False


def fields_of(root: ET.Element) -> list[tuple[float, float, float, float, str]]:
    """Return the fields that are drawn: left, top, right and lower edge, and colour."""
    made = []
    for field in root.findall(f"{SVG}rect"):
        left, top, across, down = (field.get(name, "0") for name in ("x", "y", "width", "height"))
        if "%" not in across:
            right, bottom = float(left) + float(across), float(top) + float(down)
            made.append((float(left), float(top), right, bottom, field.get("fill", "")))
    return made


def ground_of(fields: list[tuple[float, float, float, float, str]], corners: Quad, theme: str) -> str:
    """Return the colour of the last field drawn below the middle of a text."""
    x, y = (sum(each) / 4 for each in zip(*corners, strict=True))
    under = (fill for left, top, right, bottom, fill in reversed(fields) if left <= x <= right and top <= y <= bottom)
    return next(under, colours(theme)["paper"])


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_every_cell_is_drawn_with_its_value_and_names_are_no_codes(kg: KnowledgeGraph) -> None:
    table = Invented(kg, 22).cells()
    picture = heat_map(table, 44, Look(every=True, width=1280))
    cells = [each for each in every(picture, "use") if each.find(f"{SVG}title") is not None]
    values = {"-".join(each.get("href", "").split("-")[:-3])[1:] for each in cells}
    assert values == set(signs())
    drawn = {tuple((each.findtext(f"{SVG}title") or "").split("\n")[0].split(": ", 2)) for each in cells}
    value_words = next(column.codes for column in table.columns if column.name == "value")
    expected = {(row["name"], row["label"], value_words[str(row["value"])]) for row in table.rows}
    assert drawn == expected
    assert not re.search(r"\bX[A-Z]{2}\b", shown(picture))
    for value in signs():  # the key: each value that occurs, with how often
        number = sum(row["value"] == value for row in table.rows)
        assert f"{value_words[value]}: {number}" in picture.caption


def test_rows_and_columns_stand_by_how_many_and_tell_it(kg: KnowledgeGraph) -> None:
    compared = kg.compare("pillars", country=EUROPE)
    picture = heat_map(compared.cells(), compared.documents, Look())
    saying = {"stated", "partly", "in-other-words"}
    texts = every(picture, "text")
    heads = [each.findtext(f"{SVG}title") for each in texts if "rotate" in each.get("transform", "")]
    counts = [sum(compared.value(code, head or "").name in saying for code in compared.jurisdictions) for head in heads]
    assert counts == sorted(counts, reverse=True)
    bold = [words(each) for each in texts if each.get("font-weight") == "bold" and each.get("text-anchor") == "middle"]
    assert bold == [str(count) for count in counts]
    rows = [each.findtext(f"{SVG}title") or "" for each in texts if each.get("text-anchor") == "end" and len(each)]
    numbers = [sum(compared.value(code, head or "").name in saying for head in heads) for code in rows]
    assert numbers == sorted(numbers, reverse=True)
    quiet = [words(each) for each in texts if each.get("text-anchor") == "end" and not len(each)]
    assert quiet == [str(number) for number in numbers]
    named = {kg.names[code] for code in compared.jurisdictions} - {kg.names[code] for code in rows}
    assert all(name in " ".join(picture.caption) for name in named)


@pytest.mark.parametrize("order", ["code", "region", "date"])
def test_jurisdictions_can_be_ordered(kg: KnowledgeGraph, order: str) -> None:
    compared = kg.compare("pillars", country=[*EUROPE, "BRA", "CHN"])
    look = pictures.look(kg, order)
    picture = heat_map(compared.cells(), compared.documents, look)
    ends = [each for each in every(picture, "text") if each.get("text-anchor") == "end" and len(each)]
    codes = [each.findtext(f"{SVG}title") or "" for each in ends]
    if order == "code":
        assert codes == sorted(codes)
    else:
        ranks = [look.ranks.get(code, 9999) for code in codes]
        assert ranks == sorted(ranks)
        assert len(set(ranks)) > 3
    assert {"code": "by code", "region": "by region", "date": "by the first year"}[order] in picture.caption[0]


def test_each_interval_is_drawn_or_counted(kg: KnowledgeGraph) -> None:
    table = gaps(kg, 22)
    picture = intervals(table)
    known = [row for row in table.rows if row["lower"] is not None]
    told = [each for each in titles(picture) if "%" in each]
    assert len(told) == 3 * len(known)
    silent = [row | {"lower": 0.0, "upper": 1.0} for row in table.rows[:10]]
    none = [row | {"document": "plan-none", "lower": None, "upper": None} for row in table.rows[:1]]
    table.rows[:10] = [*silent, *none]
    caption = " ".join(intervals(table).caption)
    assert "Rows of which nothing is known, in the table only: 2." in caption
    assert "Rows that have nothing to count: 1." in caption


def test_each_pair_that_can_be_compared_has_its_value_on_both_sides_of_the_matrix(kg: KnowledgeGraph) -> None:
    table = kg.similarity("pillars").table()
    picture = similarity(table, Look(names=kg.names))
    told = [row for row in table.rows if row["similarity"] is not None]
    cells = [each.split("\n")[0] for each in titles(picture) if re.search(r": \d+ %$", each.split("\n")[0])]
    assert len(cells) == 2 * len(told) > 60
    names: dict[str, str] = {}
    for row in told:
        for side in ("a", "b"):
            code = str(row[side]).partition("/")[0].upper()
            names[str(row[side])] = f"{kg.names[code]} · {row[f'{side}_title']}"
    expected = []
    for row in told:
        share = round(100 * float(str(row["similarity"])))
        one, other = names[str(row["a"])], names[str(row["b"])]
        expected += [f"{one} and {other}: {share} %", f"{other} and {one}: {share} %"]
    assert sorted(cells) == sorted(" ".join(each.split("\n")) for each in expected)
    documents = {row[side] for row in table.rows for side in ("a", "b")}
    assert f"{len(names)} of {len(documents)} can be compared" in picture.caption[0]


def test_each_body_role_and_jurisdiction_meets_in_the_network(kg: KnowledgeGraph) -> None:
    table = roles(kg, 22)
    cells = [each.split(": ") for each in titles(network(table)) if each.count(": ") == 2]
    met = {(body, role, code) for body, role, codes in cells for code in codes.split(", ")}
    assert met == {(row["body_name"], row["role"], row["country"]) for row in table.rows}


def test_a_kind_of_body_has_a_row_of_its_own_in_brackets(kg: KnowledgeGraph) -> None:
    table = kg.network(country=EUROPE).table()
    picture = network(table)
    kinds = {f"[{row['body_class']}]" for row in table.rows if row["body"] is None}
    assert kinds
    names = [each.split(" · ")[0] for each in titles(picture) if " · " in each]
    assert set(names[-len(kinds) :]) == kinds
    assert f"where the source names none: {len(kinds)}." in " ".join(picture.caption)


def test_a_plan_is_a_bar_an_arrow_or_a_mark_and_what_has_no_date_is_listed(kg: KnowledgeGraph) -> None:
    table = times(kg, 60)
    open_ = {str(row["country"]): str(row["open"]) for row in table.rows if row["kind"] == "period"}
    undated = [row | {"document": "plan-none", "name": "Nowhere", "country": "XZZ"} for row in table.rows[3:4]]
    table.rows += undated
    picture = timeline(table, Look(day="2004-01-01"))
    bars = [each for each in every(picture, "rect") if each.find(f"{SVG}title") is not None]
    arrows = [each for each in every(picture, "path") if each.get("stroke") == colours("light")["link"]]
    assert len(bars) == sum(opened == "" for opened in open_.values())
    key = sum(any(opened == end for opened in open_.values()) for end in ("start", "end"))
    assert len(arrows) == sum(opened in {"start", "end"} for opened in open_.values()) + key
    assert "Without any date, and not drawn: Nowhere 1." in picture.caption
    assert "1 January 2004" in shown(picture)
    for fill, running in (("stated", True), ("partly", False)):
        drawn = [each.findtext(f"{SVG}title") or "" for each in bars if each.get("fill") == colours("light")[fill]]
        years = [re.findall(r"(\d{4}) – (\d{4})", each)[0] for each in drawn]
        assert years
        assert all((int(start) <= 2004 <= int(end)) is running for start, end in years)


def test_few_documents_have_their_events_and_their_country(kg: KnowledgeGraph) -> None:
    picture = kg.timeline(country=["NOR"]).chart(day=DAY)
    told = shown(picture)
    assert "Released" in told
    assert re.search(r"\d+ plans of Norway with a date", picture.caption[0])
    stated = [row for row in kg.timeline(country=["NOR"]).table().rows if row["kind"] == "event"]
    pointed = "\n".join(titles(picture))
    plans = {str(row["document"]) for row in kg.timeline(country=["NOR"]).drawn(DAY).rows}
    assert all(f"{row['what']} {row['start']}" in pointed for row in stated if row["document"] in plans)


def test_a_map_names_each_jurisdiction_by_pointing_at_it_and_below(kg: KnowledgeGraph) -> None:
    table = runs(kg, 249)
    picture = running_map(table, kg.numbers, kg.names, Look(day=DAY))
    assert len(every(picture, "svg")) == 3  # the page, the world and Europe
    paths = [
        each for each in every(picture, "path") if each.get("d", "").startswith("M") and len(each.get("d", "")) > 20
    ]
    assert all(each.find(f"{SVG}title") is not None for each in paths if len(each.get("d", "")) > 200)
    pointed = "\n".join(titles(picture))
    told = " ".join([*picture.caption, shown(picture)])
    for row in table.rows:
        assert f"{row['name']}: " in pointed or str(row["name"]) in told, row
        assert str(row["name"]) in told, row
    assert "no opinion on the legal status" in told


def test_what_is_not_recorded_differs_from_what_the_source_does_not_say(kg: KnowledgeGraph) -> None:
    for theme in THEMES:
        used = colours(theme)
        picture = kg.compare("pillars", country=EUROPE).map("return-and-repatriation", theme=theme)
        fills = {each.findtext(f"{SVG}title"): each.get("fill") for each in every(picture, "path")}
        assert fills["France: no document recorded: unknown, not none"] == used["none"]
        silent = {fill for title, fill in fills.items() if title and ": the source does not say" in title}
        assert silent == {used["not-stated"]}
        assert used["none"] != used["not-stated"]
    assert "no document recorded: unknown, not none" in picture.caption


def test_what_the_bundled_map_cannot_show_is_named(kg: KnowledgeGraph) -> None:
    picture = kg.compare("pillars", country=EUROPE).map("prevention")
    (others,) = [line for line in picture.caption if line.startswith("Other jurisdictions that the map cannot show")]
    assert "Tuvalu" in others
    assert "Gibraltar" in others
    assert not [line for line in picture.caption if line.startswith("Compared, but without an outline")]
    pointed = {each.partition(":")[0] for each in titles(picture) if "unknown, not none" not in each}
    assert pointed >= {kg.names[code] for code in EUROPE}
    with pytest.raises(UnknownNameError, match="Did you mean prevention"):
        kg.compare("pillars", country=EUROPE).map("preventio")


def test_the_outlines_are_those_that_the_script_prepares() -> None:
    assert prepared(WIDTH) == PREPARED.read_text(encoding="utf-8")


def test_no_outline_reaches_across_the_map() -> None:
    for outline in outlines()[1]:
        for ring in outline.maps[0].path.split("M")[1:]:
            steps = [abs(int(step)) for step in re.findall(r"-?\d+", ring.partition("l")[2])]
            assert max(steps[::2], default=0) < 600, outline.name


def test_europe_is_drawn_where_it_lies() -> None:
    places = {outline.name: outline.maps[1] for outline in outlines()[1]}
    assert places["Portugal"].middle[0] < places["Germany"].middle[0] < places["Ukraine"].middle[0]
    assert places["Norway"].middle[1] < places["Germany"].middle[1] < places["Italy"].middle[1]
    assert not places["Brazil"].path
    width, height = outlines()[0][1]
    whole = {"Portugal", "Ireland", "Norway", "Latvia", "Romania", "Greece"}
    assert all(0 < places[name].middle[0] < width and 0 < places[name].middle[1] < height for name in whole)


SEEN = {
    "deuteranopia": ((0.367, 0.861, -0.228), (0.280, 0.673, 0.047), (-0.012, 0.043, 0.969)),
    "protanopia": ((0.152, 1.053, -0.205), (0.115, 0.786, 0.099), (-0.004, -0.048, 1.052)),
    "tritanopia": ((1.256, -0.077, -0.179), (-0.078, 0.931, 0.148), (0.005, 0.691, 0.304)),
    "grey": ((0.2126, 0.7152, 0.0722),) * 3,
}
"""How colours are seen, by matrices for linear light (Machado, Oliveira and Fernandes 2009, severity 1)."""


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("sight", SEEN)
def test_the_values_stay_apart_for_every_eye(theme: str, sight: str) -> None:
    used = colours(theme)
    fields = {name: seen(used[name], SEEN[sight]) for name in [*signs(), "none"]}
    for one, other in combinations(fields, 2):
        if {one, other} != {"not-stated", "not-assessed"}:  # these differ by stripes and sign
            distance = sum((a - b) ** 2 for a, b in zip(fields[one], fields[other], strict=True)) ** 0.5
            assert distance >= 5, (one, other, distance)
    for name in signs():
        assert contrast(used[f"on {name}"], used[name]) >= 4.5, name
    assert len(set(signs().values())) == len(signs())
    for name in ("text", "quiet"):
        assert contrast(used[name], used["paper"]) >= 7
        assert contrast(used[name], used["shade"]) >= 4.5


def seen(colour: str, matrix: tuple[tuple[float, ...], ...]) -> tuple[float, float, float]:
    """Return a colour as it is seen, in CIE L*, a* and b*."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    red, green, blue = (min(max(sum(a * b for a, b in zip(row, linear, strict=True)), 0), 1) for row in matrix)
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089
    fx, fy, fz = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def test_the_values_stay_apart_in_grey() -> None:
    """CIE lightness of the fields, 0 to 100: at least 5 between neighbours; the sign at least 35 from its field."""
    for theme in THEMES:
        used = colours(theme)
        lightness = {name: seen(used[name], SEEN["grey"])[0] for name in [*signs(), "none"]}
        steps = sorted(lightness.values())
        assert min(high - low for low, high in pairwise(steps)) >= 5, lightness
        for name in signs():
            assert abs(lightness[name] - seen(used[f"on {name}"], SEEN["grey"])[0]) >= 35


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["light", "grey"])
def test_a_heat_map_made_grey_still_has_its_values(kg: KnowledgeGraph, theme: str) -> None:
    picture = heat_map(Invented(kg, 12).cells(), 24, Look(theme=theme))
    greys = [round(0.2126 * r + 0.7152 * g + 0.0722 * b) for r, g, b in decoded(saved(picture, "png", 96)[0])]
    for name in signs():
        red, green, blue = (int(colours(theme)[name][place : place + 2], 16) for place in (1, 3, 5))
        level = round(0.2126 * red + 0.7152 * green + 0.0722 * blue)
        assert sum(abs(each - level) <= 1 for each in greys) > 1000, name


def decoded(png: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield the pixels of a PNG of 8 bits with alpha, all rows' filters undone."""
    across, down = struct.unpack(">II", png[16:24])
    place, packed = 8, b""
    while place < len(png):
        (size,) = struct.unpack(">I", png[place : place + 4])
        if png[place + 4 : place + 8] == b"IDAT":
            packed += png[place + 8 : place + 8 + size]
        place += size + 12
    raw, before = zlib.decompress(packed), bytes(4 * across)
    for row in range(down):
        start = row * (4 * across + 1)
        line = bytearray(raw[start + 1 : start + 1 + 4 * across])
        for i in range(len(line)):
            left, up = line[i - 4] if i >= 4 else 0, before[i]
            corner = before[i - 4] if i >= 4 else 0
            line[i] = (line[i] + predicted(raw[start], left, up, corner)) % 256
        before = bytes(line)
        yield from ((line[i], line[i + 1], line[i + 2]) for i in range(0, len(line), 4))


def predicted(kind: int, left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    nearest = min((left, up, corner), key=lambda each: abs(guess - each))
    return (0, left, up, (left + up) // 2, nearest)[kind]


@pytest.mark.slow
def test_files_stand_alone(kg: KnowledgeGraph) -> None:
    picture = kg.compare("pillars", country=["NOR", "AUS"]).chart()
    files = {form: saved(picture, form) for form in FORMS}
    assert {form: len(parts) for form, parts in files.items()} == dict.fromkeys(FORMS, 1)
    across, down = struct.unpack(">II", files["png"][0][16:24])
    assert files["png"][0].startswith(b"\x89PNG")
    assert across == int(183 / 25.4 * 300)
    assert files["pdf"][0].startswith(b"%PDF")
    (box,) = set(re.findall(rb"MediaBox ?\[0 0 ([\d.]+) ([\d.]+)\]", files["pdf"][0]))
    assert [float(each) for each in box] == pytest.approx([183 / 25.4 * 72, down / 300 * 72], abs=1)
    svg, page = files["svg"][0].decode(), files["html"][0].decode()
    for text in (svg, page):
        assert not re.search(r'(?:src|href)="?http|<script|url\((?!#)', text)
    assert "<table>" in page
    assert "Victim support and rehabilitation" in page
    assert f"Data version {kg.version[:12]}" in page
    assert picture.parts == kg.compare("pillars", country=["NOR", "AUS"]).chart().parts
    with pytest.raises(ValueError, match="gif"):
        saved(picture, "gif")


def test_figures_on_one_page_do_not_use_each_others_marks(kg: KnowledgeGraph) -> None:
    compared = kg.compare("pillars", country=["NOR", "AUS"])
    both = [set(re.findall(r'id="([^"]+)"', compared.chart(theme=theme).parts[0].decode())) for theme in THEMES]
    assert not set.intersection(*both)
    assert all(both)


def test_a_high_figure_is_cut_in_parts_with_all_rows(kg: KnowledgeGraph) -> None:
    whole, parts = intervals(gaps(kg, 200)), intervals(gaps(kg, 200), Look(height=PAGE))
    assert (len(whole.parts), len(parts.parts)) == (1, 4)
    assert sorted(titles(whole)) == sorted(titles(parts))
    assert f"{parts.title} (2 of 4)" in shown(parts)
    assert "(1 of" not in shown(whole)


def test_a_picture_shows_itself_in_a_notebook(kg: KnowledgeGraph) -> None:
    picture = kg.compare("pillars", country=["NOR"]).chart()
    told = picture._repr_mimebundle_()
    assert told["image/svg+xml"].startswith("<svg")
    assert picture.title in told["text/plain"]


@pytest.mark.slow
def test_each_analysis_draws_itself_and_tells_its_lens(kg: KnowledgeGraph) -> None:
    lens: dict[str, Any] = {"country": [*EUROPE, "GBR"], "in_force": "2006-07-01"}
    seen = kg.compare("pillars", **lens)
    for picture in (seen.chart(), seen.map("prevention"), kg.timeline(**lens).chart()):
        assert "in force on 2006-07-01" in " ".join(picture.caption)
    assert table_of(kg.gaps(country=["NOR"]).chart()).rows == kg.gaps(country=["NOR"]).table().rows
    assert table_of(kg.network(country=["BGD"]).chart()).rows == kg.network(country=["BGD"]).table().rows
    with pytest.raises(UnknownNameError):
        seen.map("preventoin")


def test_nothing_to_draw_is_said(kg: KnowledgeGraph) -> None:
    empty: Table = times(kg, 1)
    empty.rows = empty.rows[-1:]
    with pytest.raises(ParameterError, match="no row has a date"):
        timeline(empty)
    none = kg.table(["country"], [], "Nothing")
    for draw in (network, spread):
        with pytest.raises(ParameterError, match="There is nothing to show"):
            draw(none)
    with pytest.raises(ParameterError, match="name none here"):
        leads(kg.table(["country", "name", "kind"], [{"country": "NOR", "name": "Norway", "kind": None}], "Nobody"))
    pairs = kg.similarity("pillars", country=["NOR"]).table()
    pairs.rows = []
    with pytest.raises(ParameterError, match="no two can be compared"):
        similarity(pairs)
    with pytest.raises(ParameterError, match="lower"):
        intervals(roles(kg, 1))
    silent = gaps(kg, 1)
    silent.rows = [row | {"lower": None, "upper": None} for row in silent.rows]
    with pytest.raises(ParameterError, match="anything to count"):
        intervals(silent)


# Titles: what the numbers show, and only that.


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (
            findings.most_named("en", {"Prevention": 33, "Return": 7}, 37),
            "Prevention is named by 33 of 37 jurisdictions, return by 7",
        ),
        (findings.most_named("en", {"Prevention": 9, "Return": 1}, 9), ""),
        (findings.most_named("en", {"Prevention": 9, "Return": 7}, 12), ""),
        (findings.most_named("en", {}, 12), ""),
        (findings.naming("en", "Return", 7, 37), "Return is named by 7 of 37 jurisdictions"),
        (findings.naming("en", "Return", 2, 37), ""),
        (findings.naming("en", "Return", 7, 9), ""),
        (
            findings.running("en", 12, 46, findings.day_in_words("en", DAY)),
            "12 of 46 jurisdictions have a plan that runs on 30 November 2026",
        ),
        (findings.running("en", 2, 46, DAY), ""),
        (
            findings.lengths("en", [4] * 9 + [10, 1], 3),
            "9 of 11 plans with a stated start and end last three to five years; 3 run today",
        ),
        (findings.lengths("en", [4] * 6 + [10] * 5, 3), ""),
        (findings.lengths("en", [4] * 9, 3), ""),
        (
            findings.spread("en", {"Demand": 4.0, "Return": -3.5, "UN law": 0.0, "Few": None}, 2015),
            "Since 2015 a larger share of plans names demand, a smaller one return",
        ),
        (findings.spread("en", {"UN law": 4.0}, 2015), "Since 2015 a larger share of plans names UN law"),
        (findings.spread("en", {"Return": -4.0}, 2015), "Since 2015 a smaller share of plans names return"),
        (findings.spread("en", {"Demand": 2.9, "Return": -2.9, "Few": None}, 2015), ""),
        (findings.spread("en", {}, 2015), ""),
        (
            findings.leader("en", {"Ministry": 10, "Committee": 7}),
            "Named most often as coordinator: ministry, in 10 of 17 jurisdictions",
        ),
        (findings.leader("en", {"Ministry": 10, "Committee": 8}), ""),
        (findings.leader("en", {"Ministry": 9}), ""),
        (findings.leader("en", {}), ""),
        (
            findings.fullest("en", [0.5, 0.6, 1.0, *[0.1] * 7]),
            "The sources of 3 of 10 documents show at least half of what a plan can have",
        ),
        (findings.fullest("en", [0.5, 0.6, *[0.1] * 8]), ""),
        (
            findings.alike("en", {("Norway", "Denmark"): 0.8, **{("A", str(n)): 0.5 for n in range(9)}}),
            "Norway and Denmark are most alike: they share 80 % of what either names",
        ),
        (findings.alike("en", {("Norway", "Denmark"): 0.8, **{("A", str(n)): 0.78 for n in range(9)}}), ""),
        (findings.alike("en", {("Norway", "Denmark"): 0.8}), ""),
        (findings.alike("en", {}), ""),
    ],
)
def test_a_title_tells_a_finding_where_there_is_one(found: str, expected: str) -> None:
    assert found == expected


def test_a_share_changed_only_where_both_times_have_ten_plans() -> None:
    assert findings.change((2, 10), (12, 20)) == pytest.approx(4)
    assert findings.change((2, 9), (12, 20)) is None
    assert findings.change((2, 20), (0, 9)) is None


@pytest.mark.parametrize("language", ["fr", "es"])
def test_findings_are_told_in_each_language(language: str) -> None:
    expected = {"fr": "30 novembre 2026", "es": "30 de noviembre de 2026"}[language]
    assert findings.day_in_words(language, DAY) == expected

    def told(language: str) -> list[str]:
        return [
            findings.most_named(language, {"A": 33, "B": 7}, 37),
            findings.naming(language, "A", 7, 37),
            findings.running(language, 12, 46, "1"),
            findings.lengths(language, [4] * 11, 3),
            findings.spread(language, {"A": 4.0, "B": -4.0}, 2015),
            findings.spread(language, {"A": 4.0}, 2015),
            findings.spread(language, {"B": -4.0}, 2015),
            findings.leader(language, {"A": 10, "B": 1}),
            findings.fullest(language, [0.5] * 10),
            findings.alike(language, {("A", "B"): 0.8, **{("A", str(n)): 0.5 for n in range(9)}}),
        ]

    assert all(one and one != other for one, other in zip(told(language), told("en"), strict=True))


@pytest.mark.parametrize("kind", KINDS)
def test_few_cases_give_a_plain_question_and_a_title_can_be_given(kg: KnowledgeGraph, kind: str) -> None:
    picture = KINDS[kind](kg, 5, Look(day=DAY))
    assert not re.search(r"\d+ of \d+", picture.title)
    assert KINDS[kind](kg, 5, Look(title="Another", day=DAY)).title == "Another"


def test_no_title_makes_a_lack_of_silence() -> None:
    parts = ast.walk(ast.parse(Path(findings.__file__).read_text(encoding="utf-8")))
    texts = [each.value for each in parts if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    sentences = [text for text in texts if "{" in text]
    assert len(sentences) > 8
    assert not re.search(r"\b(no|not|none|lacks?|without|missing|only|few|absent)\b", " ".join(sentences))


# The data of figures.


def test_a_country_is_in_force_as_its_running_or_else_its_latest_plan_is(kg: KnowledgeGraph) -> None:
    table = pictures.running(kg, View(kg), DAY)
    values = {str(row["country"]): row["value"] for row in table.rows}
    yes = {str(row["country"])[-3:].upper() for row in kg.query("in-force", date=DAY, answer="yes")}
    assert {code for code, value in values.items() if value == "in-force"} == yes
    assert values["FIN"] == "ended"
    stated = {str(row["country"])[-3:].upper() for row in kg.query("in-force", answer=["yes", "possible", "no"])}
    assert {code for code, value in values.items() if value == "undated"} == values.keys() - stated
    assert pictures.running(kg, View(kg, country=["NOR"]), DAY).values("country") == ["NOR"]


def test_plans_by_the_year_in_which_they_start_are_counted_where_it_can_be_told(kg: KnowledgeGraph) -> None:
    compared = kg.compare("pillars", by="document")
    table = pictures.by_start(kg, compared)
    rows = kg.query("in-force", answer=["yes", "possible", "no"])
    starts = {str(row["document"]): int(str(row["start"])[:4]) for row in rows if row["start"]}
    for concept in ("prevention", "demand-reduction"):
        found = [row for row in table.rows if row["concept"] == concept]
        assert all(one["end"] == int(str(other["start"])) - 1 for one, other in pairwise(found))
        for row in found:
            span = range(int(str(row["start"])), int(str(row["end"])) + 1)
            keys = [each.key for each in compared.subjects if starts.get(each.iri) in span]
            values = [compared.value(key, concept).name for key in keys]
            told = [value for value in values if value != "not-assessed"]
            assert (row["some"], row["all"]) == (
                sum(v in {"stated", "partly", "in-other-words"} for v in told),
                len(told),
            )
    assert max(int(str(row["end"])) for row in table.rows) == max(starts.values())


def test_who_coordinates_is_the_body_of_the_latest_plan_that_names_one(kg: KnowledgeGraph) -> None:
    table = pictures.coordinators(kg, kg.network())
    places = [str(row["country"]) for row in table.rows]
    assert pictures.coordinators(kg, kg.network(country=["NOR"])).values("country") == ["NOR"]
    assert len(places) == len(set(places)) > 30
    named = [row for row in table.rows if row["kind"]]
    assert {str(row["role"]) for row in named} <= {"coordinates", "chairs", "answers for the whole"}
    wanted = {row["country"] for row in kg.network().table().rows if row["role"] in {"coordinates", "chairs"}}
    assert {row["country"] for row in named} >= wanted & set(places)
    assert (
        leads(table).caption[-3].startswith(f"No such body is named by the sources of {len(places) - len(named)} more")
    )


# The command.


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments",
    [
        *(["heat-map", "pillars"], ["map", "pillars", "prevention"], ["map"], ["intervals"], ["heat-map", "features"]),
        *(["timeline"], ["similarity"], ["network"], ["leads"], ["spread", "--all"]),
    ],
)
def test_the_command_writes_picture_and_table(napgraph: Run, tmp_path: Path, arguments: list[str]) -> None:
    path = tmp_path / "picture.svg"
    done = napgraph("chart", *arguments, "-c", "NOR", "-c", "LVA", "-c", "DNK", "--date", DAY, "-o", str(path))
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert "picture.table.csv: its table" in done.stderr
    parts = [path] if path.exists() else sorted(tmp_path.glob("picture-*.svg"))
    assert parts
    assert all(part.read_text(encoding="utf-8").startswith("<svg") for part in parts)
    with (tmp_path / "picture.table.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    if "country" in rows[0]:
        assert {row["country"] for row in rows} == {"NOR", "LVA", "DNK"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "columns"),
    [
        (["heat-map", "pillars"], {"document", "concept", "phrase", "where"}),
        (["map", "pillars", "prevention"], {"document", "concept", "phrase", "where"}),
        (["spread", "pillars"], {"document", "concept", "phrase", "where"}),
        (["map"], {"document", "phrase", "where"}),
        (["timeline"], {"document", "phrase", "where"}),
    ],
)
def test_a_figure_leads_to_its_paragraphs(
    napgraph: Run, tmp_path: Path, arguments: list[str], columns: set[str]
) -> None:
    path = tmp_path / "picture.svg"
    lens = ("-c", "NOR", "-c", "DNK", "--source", "unodc-toolkit-2008", "--evidence", "--date", DAY, "-o", str(path))
    done = napgraph("chart", *arguments, *lens)
    assert done.returncode == 0, done.stderr
    assert "picture.evidence.csv: the statements behind it" in done.stderr
    with (tmp_path / "picture.evidence.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert columns <= rows[0].keys()
    assert {row["country"] for row in rows} == {"NOR", "DNK"}
    assert {row["evidence"].split("/")[-3] for row in rows} == {"unodc-toolkit-2008"}
    assert all(row["where"] for row in rows)


def test_a_figure_sees_what_its_lens_lets_through(kg: KnowledgeGraph) -> None:
    toolkit = View(kg, source="unodc-toolkit-2008")
    places = pictures.running(kg, toolkit, DAY).values("country")
    assert places == list(dict.fromkeys(each.country for each in toolkit.documents.values()))
    assert len(places) < len(pictures.running(kg, View(kg), DAY).rows)
    drafts = View(kg, status="draft")
    assert {row["country"] for row in pictures.running(kg, drafts, DAY).rows} == {
        each.country for iri, each in drafts.documents.items() if iri not in drafts.left_out
    }
    led = pictures.coordinators(kg, kg.network(source="unodc-toolkit-2008"))
    assert {row["country"] for row in led.rows} == set(places)


@pytest.mark.slow
def test_the_command_takes_size_theme_and_title(napgraph: Run, tmp_path: Path) -> None:
    options = ("--width", "1280px", "--theme", "dark", "--title", "Of Norway", "--order", "region", "--dpi", "96")
    done = napgraph("chart", "heat-map", "pillars", "-c", "NOR", *options, "-o", str(tmp_path / "picture.png"))
    assert done.returncode == 0, done.stderr
    assert struct.unpack(">I", (tmp_path / "picture.png").read_bytes()[16:20]) == (1280,)
    for bad in ("30mm", "wide", "9999mm"):
        done = napgraph("chart", "heat-map", "pillars", "--width", bad, "-o", str(tmp_path / "picture.png"))
        assert (done.returncode, "give a width such as 183mm" in done.stderr) == (2, True)
    done = napgraph("chart", "map", "pillars", "-o", str(tmp_path / "picture.svg"))
    assert (done.returncode, "name both" in done.stderr) == (2, True)


@pytest.mark.slow
def test_the_command_writes_parts(napgraph: Run, tmp_path: Path) -> None:
    done = napgraph("chart", "intervals", "-o", str(tmp_path / "picture.pdf"))
    assert done.returncode == 0, done.stderr
    parts = sorted(path.name for path in tmp_path.glob("*.pdf"))
    assert parts == [f"picture-{number}.pdf" for number in range(1, len(parts) + 1)]
    assert len(parts) > 1
    assert all(name in done.stderr for name in parts)


@pytest.mark.slow
def test_the_command_writes_one_page(napgraph: Run, tmp_path: Path) -> None:
    done = napgraph("chart", "intervals", "-c", "NOR", "-o", str(tmp_path / "picture.html"))
    assert done.returncode == 0, done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["picture.html"]


def test_another_ending_is_refused(napgraph: Run, tmp_path: Path) -> None:
    done = napgraph("chart", "heat-map", "pillars", "-o", str(tmp_path / "picture.gif"))
    assert done.returncode == 2
    assert "must end in .svg, .png, .pdf or .html" in done.stderr


def test_without_the_package_the_way_to_it_is_told() -> None:
    code = (
        "import sys; sys.modules['vl_convert'] = None\n"
        "from napgraph import KnowledgeGraph; from napgraph.charts import saved\n"
        "picture = KnowledgeGraph.load().compare('pillars', country=['NOR']).chart()\n"
        "print(saved(picture, 'svg')[0][:4].decode())\n"
        "try: saved(picture, 'png')\n"
        "except Exception as error: print(type(error).__name__, error)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told.startswith("<svg\nOutputError")
    assert 'pip install "napgraph[charts]"' in told


def test_tables_do_not_wait_for_the_plotting_packages() -> None:
    code = (
        "import sys; from napgraph import KnowledgeGraph; import napgraph.charts\n"
        "KnowledgeGraph.load().compare('pillars').cells()\n"
        "print([name for name in ('altair', 'vl_convert', 'pandas') if name in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told.strip() == "[]"


def test_the_concepts_of_the_title_are_among_those_shown(kg: KnowledgeGraph) -> None:
    table = shares(kg, 20)
    table.rows = [row | {"all": 15, "some": 3 if int(str(row["start"])) < 2015 else 14} for row in table.rows]
    for row in table.rows:
        if row["concept"] == "concept-7":
            row["some"] = 9 if int(str(row["start"])) < 2015 else 5
    picture = spread(table)
    assert picture.title.endswith(", a smaller one concept 7")
    assert "Concept 7" in shown(picture)
    assert len([each for each in every(picture, "text") if words(each).startswith("Concept ")]) == 6
