"""Pictures: they are Vega-Lite, hold every row of their table, say what was counted, and can be read in grey."""

from __future__ import annotations

import csv
import json
import re
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import altair as alt
import jsonschema
import pytest

from napgraph import KnowledgeGraph
from napgraph.charts import intervals, network, saved, similarity, table_of, timeline
from napgraph.charts.figure import NO_RECORD, SYMBOLS
from napgraph.charts.save import FORMS
from napgraph.charts.world import outlines
from napgraph.errors import ParameterError, UnknownNameError
from napgraph.tables.table import Table

from .conftest import Run
from .outlines import PREPARED, WIDTH, prepared
from .pictures import Invented, gaps, roles, times

KINDS: dict[str, Callable[[KnowledgeGraph, int], alt.ConcatChart]] = {
    "heat map": lambda kg, number: Invented(kg, number).chart(),
    "map": lambda kg, number: Invented(kg, number, outlined=True).map("concept-1"),
    "intervals": lambda kg, number: intervals(gaps(kg, number)),
    "time line": lambda kg, number: timeline(times(kg, number)),
    "network": lambda kg, number: network(roles(kg, number)),
    "likeness": lambda kg, _: similarity(kg.similarity("pillars").table()),
}


def data(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """Return every row that stands in the data of a specification, wherever it is, without the table beside it."""
    held = [json.loads(rows) if isinstance(rows, str) else rows for rows in spec.get("datasets", {}).values()]
    found: list[dict[str, Any]] = [row for rows in held for row in rows]

    def look(part: object) -> None:
        if isinstance(part, dict):
            if isinstance(part.get("values"), list):
                found.extend(row for row in part["values"] if isinstance(row, dict))
            for key, value in part.items():
                if key != "usermeta":
                    look(value)
        elif isinstance(part, list):
            for value in part:
                look(value)

    look(spec)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("number", [5, 22])
@pytest.mark.parametrize("kind", KINDS)
def test_every_picture_is_vega_lite_and_carries_caption_and_table(kg: KnowledgeGraph, kind: str, number: int) -> None:
    chart = KINDS[kind](kg, number)
    spec = chart.to_dict()
    jsonschema.Draft7Validator(alt.load_schema()).validate(spec)
    told = " ".join(spec["usermeta"]["caption"])
    assert "Source: Tool 2.7" in told
    assert f"Data version {kg.version[:12]}" in told
    assert spec["description"].startswith(spec["usermeta"]["title"])
    shown = " ".join(row["words"] for row in data(spec) if "line" in row)
    assert shown.split() == told.split()
    assert len(table_of(chart)) >= number


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["heat map", "intervals", "time line"])
def test_every_row_of_the_table_is_drawn(kg: KnowledgeGraph, kind: str) -> None:
    chart = KINDS[kind](kg, 22)
    drawn = data(chart.to_dict())
    names = table_of(chart).names
    there = {json.dumps([row.get(name) for name in names]) for row in drawn}
    # The title of an interval's row has its kind added.
    keys = [name for name in names if name != "title"]
    there = {json.dumps([row.get(name) for name in keys]) for row in drawn}
    assert all(json.dumps([row[name] for name in keys]) in there for row in table_of(chart).rows)


def test_each_pair_that_can_be_compared_has_its_value_on_both_sides_of_the_matrix(kg: KnowledgeGraph) -> None:
    table = kg.similarity("pillars").table()
    spec = similarity(table).to_dict()
    cells = {(row["down"], row["across"]): row for row in data(spec) if "down" in row}
    told = [row for row in table.rows if row["similarity"] is not None]
    assert len(cells) == 2 * len(told) > 60
    shown = sorted((row["a_title"], row["b_title"], row["similarity"]) for row in cells.values())
    assert shown == sorted((row["a_title"], row["b_title"], row["similarity"]) for row in [*told, *told])
    for (down, across), row in cells.items():
        assert down != across
        assert cells[across, down] == row | {"down": across, "across": down}
    number = len({side for pair in cells for side in pair})
    documents = {row[side] for row in table.rows for side in ("a", "b")}
    assert spec["usermeta"]["caption"][0].startswith(f"{number} of {len(documents)} documents")


def test_each_body_role_and_jurisdiction_meets_in_the_network(kg: KnowledgeGraph) -> None:
    table = roles(kg, 22)
    cells = [row for row in data(network(table).to_dict()) if "plans" in row]
    met = {(cell["body"], cell["role"], code) for cell in cells for code in cell["plans"].split()}
    assert met == {(row["body"], row["role"], row["country"]) for row in table.rows}


def test_a_kind_of_body_has_a_row_of_its_own_in_brackets(kg: KnowledgeGraph) -> None:
    spec = network(kg.network().table()).to_dict()
    cells = [row for row in data(spec) if "plans" in row]
    table = kg.network().table().rows
    kinds = {f"[{row['body_class']}]" for row in table if row["body"] is None}
    assert {cell["body"] for cell in cells if cell["body"].startswith("[")} == kinds
    assert f"{len(kinds)} kinds of body" in spec["usermeta"]["caption"][0]
    order = spec["concat"][0]["layer"][0]["encoding"]["y"]["sort"]
    assert set(order[-len(kinds) :]) == kinds


def test_a_map_colours_or_names_each_jurisdiction(kg: KnowledgeGraph) -> None:
    compared = Invented(kg, 249, outlined=True)
    chart = compared.map("concept-1")
    spec = chart.to_dict()
    drawn = {row["country"] for row in data(spec) if row.get("type") == "Feature" and "country" in row}
    told = "\n".join(spec["usermeta"]["caption"])
    for code, name in compared.names.items():
        assert (code in drawn) != (f"{name} (" in told), code
    assert "no opinion on the legal status" in told


def test_what_the_bundled_map_cannot_show_is_named(kg: KnowledgeGraph) -> None:
    chart = kg.compare("pillars").map("prevention")
    told = chart.to_dict()["usermeta"]["caption"]
    (others,) = [line for line in told if line.startswith("Other jurisdictions that the map cannot show")]
    assert "Tuvalu" in others
    assert "Gibraltar" in others
    assert others.count(";") == 14
    assert "Compared, but without an outline to colour: none." in told
    drawn = {row["country"] for row in data(chart.to_dict()) if row.get("type") == "Feature" and "country" in row}
    assert drawn == set(kg.compare("pillars").jurisdictions)
    with pytest.raises(UnknownNameError, match="Did you mean prevention"):
        kg.compare("pillars").map("preventio")


def test_the_outlines_are_those_that_the_script_prepares() -> None:
    assert prepared(WIDTH) == PREPARED.read_text(encoding="utf-8")


def test_no_outline_reaches_across_the_map() -> None:
    for outline in outlines()[1]:
        for polygon in outline.polygons:
            for (x, _), (next_x, _) in pairwise(polygon[0]):
                assert abs(x - next_x) < 60, outline.name


def test_the_values_stay_apart_in_grey() -> None:
    """CIE lightness of the fills, 0 to 100: at least 8 between neighbours; the sign at least 40 from its fill."""
    lightness = {name: grey(look.fill) for name, look in SYMBOLS.items()} | {"none": grey(NO_RECORD)}
    steps = sorted(lightness.values())
    assert min(high - low for low, high in pairwise(steps)) >= 8, lightness
    for look in SYMBOLS.values():
        assert abs(grey(look.fill) - grey(look.ink)) >= 40
    assert len({look.outline for look in SYMBOLS.values()}) == len(SYMBOLS)


@pytest.mark.slow
def test_a_heat_map_made_grey_still_has_five_values(kg: KnowledgeGraph) -> None:
    pixels = decoded(saved(Invented(kg, 5).chart(), "png"))
    greys = [round(0.2126 * red + 0.7152 * green + 0.0722 * blue) for red, green, blue in pixels]
    for look in SYMBOLS.values():
        red, green, blue = (int(look.fill[place : place + 2], 16) for place in (1, 3, 5))
        level = round(0.2126 * red + 0.7152 * green + 0.0722 * blue)
        assert sum(abs(each - level) <= 1 for each in greys) > 1000, look


def grey(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return 116 * light ** (1 / 3) - 16 if light > 0.008856 else 903.3 * light


def decoded(png: bytes) -> list[tuple[int, int, int]]:
    """Return the pixels of a PNG of 8 bits with alpha, all rows' filters undone."""
    wide, high = struct.unpack(">II", png[16:24])
    place, packed = 8, b""
    while place < len(png):
        (size,) = struct.unpack(">I", png[place : place + 4])
        if png[place + 4 : place + 8] == b"IDAT":
            packed += png[place + 8 : place + 8 + size]
        place += size + 12
    raw, before, pixels = zlib.decompress(packed), bytes(4 * wide), []
    for row in range(high):
        start = row * (4 * wide + 1)
        line = bytearray(raw[start + 1 : start + 1 + 4 * wide])
        for i in range(len(line)):
            left, up = line[i - 4] if i >= 4 else 0, before[i]
            corner = before[i - 4] if i >= 4 else 0
            line[i] = (line[i] + predicted(raw[start], left, up, corner)) % 256
        before = bytes(line)
        pixels += [(line[i], line[i + 1], line[i + 2]) for i in range(0, len(line), 4)]
    return pixels


def predicted(kind: int, left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    nearest = min((left, up, corner), key=lambda each: abs(guess - each))
    return (0, left, up, (left + up) // 2, nearest)[kind]


@pytest.mark.slow
def test_files_stand_alone(kg: KnowledgeGraph) -> None:
    chart = kg.compare("pillars", country=["NOR", "AUS"]).chart()
    files = {form: saved(chart, form) for form in FORMS}
    assert files["png"].startswith(b"\x89PNG")
    svg, page = files["svg"].decode(), files["html"].decode()
    assert 'role="img" aria-label="Comparison by pillars.' in svg
    assert "<desc>" in svg
    assert not re.search(r'(?:src|href)="?http', page)
    assert "<table>" in page
    assert "Victim support and rehabilitation" in page
    assert "Source: Tool 2.7" in page
    with pytest.raises(ValueError, match="gif"):
        saved(chart, "gif")


def test_a_picture_shows_itself_in_a_notebook(kg: KnowledgeGraph) -> None:
    chart: Any = kg.compare("pillars", country=["NOR"]).chart()
    shown = chart._repr_mimebundle_()
    assert shown["image/svg+xml"].startswith("<svg")
    assert "Comparison by pillars" in shown["text/plain"]


@pytest.mark.slow
def test_each_analysis_draws_itself_and_tells_its_lens(kg: KnowledgeGraph) -> None:
    seen = kg.compare("pillars", in_force="2006-07-01")
    for chart in (seen.chart(), seen.map("prevention"), kg.timeline(in_force="2006-07-01").chart()):
        assert "in force on 2006-07-01" in json.dumps(chart.to_dict())
    assert table_of(kg.gaps(country=["NOR"]).chart()).rows == kg.gaps(country=["NOR"]).table().rows
    assert table_of(kg.network(country=["BGD"]).chart()).rows == kg.network(country=["BGD"]).table().rows
    with pytest.raises(UnknownNameError):
        seen.map("preventoin")


def test_nothing_to_draw_is_said(kg: KnowledgeGraph) -> None:
    empty: Table = times(kg, 1)
    empty.rows = empty.rows[-1:]
    with pytest.raises(ParameterError, match="no row has a date"):
        timeline(empty)
    with pytest.raises(ParameterError, match="the sources name none"):
        kg.network(country=["ARM"]).chart()
    silent = [row for row in data(kg.gaps(country=["FIN", "NLD"]).chart().to_dict()) if row.get("country") == "NLD"]
    assert {(row["panel"], row["counts"]) for row in silent} == {("indicator", "nothing to count")}
    with pytest.raises(ParameterError, match="lower"):
        intervals(roles(kg, 1))


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments", [["heat-map", "pillars"], ["map", "pillars", "prevention"], ["intervals"], ["heat-map", "features"]]
)
def test_the_command_writes_picture_and_table(napgraph: Run, tmp_path: Path, arguments: list[str]) -> None:
    path = tmp_path / "picture.svg"
    done = napgraph("chart", *arguments, "-c", "NOR", "-c", "ISR", "-o", str(path))
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert "picture.table.csv: its table" in done.stderr
    assert path.read_text(encoding="utf-8").startswith("<svg")
    with (tmp_path / "picture.table.csv").open(encoding="utf-8", newline="") as file:
        assert {row["country"] for row in csv.DictReader(file)} == {"NOR", "ISR"}


@pytest.mark.slow
def test_the_command_writes_one_page(napgraph: Run, tmp_path: Path) -> None:
    done = napgraph("chart", "intervals", "-c", "NOR", "-o", str(tmp_path / "picture.html"))
    assert done.returncode == 0, done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["picture.html"]


def test_another_ending_is_refused(napgraph: Run, tmp_path: Path) -> None:
    done = napgraph("chart", "heat-map", "pillars", "-o", str(tmp_path / "picture.pdf"))
    assert done.returncode == 2
    assert "must end in .svg, .png or .html" in done.stderr


def test_without_the_packages_the_way_to_them_is_told() -> None:
    code = (
        "import sys; sys.modules['altair'] = None\n"
        "from napgraph import KnowledgeGraph\n"
        "try: KnowledgeGraph.load().compare('pillars').chart()\n"
        "except Exception as error: print(type(error).__name__, error)"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown.startswith("OutputError")
    assert 'pip install "napgraph[charts]"' in shown


def test_tables_do_not_wait_for_the_plotting_packages() -> None:
    code = (
        "import sys; from napgraph import KnowledgeGraph; import napgraph.charts\n"
        "KnowledgeGraph.load().compare('pillars').cells()\n"
        "print([name for name in ('altair', 'vl_convert', 'pandas') if name in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown.strip() == "[]"
