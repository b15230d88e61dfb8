"""Pictures that are matrices: jurisdictions by concepts (the heat map), bodies by role, documents by documents."""

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from ..errors import ParameterError
from ..project.language import say
from ..tables.origins import marked
from ..tables.table import Picture, Table
from . import figure as page
from .save import alt

_ACROSS = 40  # with more jurisdictions than that, they go down the page with their names
_STEP = 18
_LETTER = 6.0
TOOLTIP = ("name:N", "label:N", "value:N", "phrase:N", "where:N")
_NAMED = 3  # with more plans than that in a cell, their number stands there
_CHARACTERS = 58
_BODIES = _CHARACTERS * page.CHARACTER + 10
_WIDE = 96
_CELL = 38
_TOOLTIP = ("similarity", "a_title", "b_title", "shared_concepts")
_COLOURS = ["#ffffff", "#08305c"]


def heat_map(table: Table, documents: int) -> Picture:
    """Return the heat map of a comparison's cells: up to 40 jurisdictions across, by their codes, or down, by name."""
    say, plural = page.speech(table)
    countries = {str(row["country"]): str(row["name"]) for row in table.rows}
    concepts = {str(row["concept"]): (str(row["label"]), int(row["depth"] or 0)) for row in table.rows}
    upright = len(countries) <= _ACROSS
    indented = {code: "– " * depth * upright + label for code, (label, depth) in concepts.items()}
    shown = {code: code if upright else f"{name}  {code}" for code, name in countries.items()}
    down, across = (indented, shown) if upright else (shown, indented)
    x, y = ("country", "concept") if upright else ("concept", "country")
    plain = {"title": None, "ticks": False, "domain": False}
    top = alt.Axis(orient="top", labelAngle=-90, labelExpr=page.named(across), **plain)
    left = alt.Axis(labelExpr=page.named(down), labelAlign="left" if upright else "right", **plain)
    gutter = max(map(len, down.values()), default=0) * _LETTER
    if upright:
        tops = json.dumps([code for code, (_, depth) in concepts.items() if depth == 0])
        bold = {"test": f"indexof({tops}, datum.value) >= 0", "value": "bold"}
        left.labelPadding, left.labelFontWeight = gutter, {"condition": bold, "value": "normal"}
    cells = page.marks(
        alt.Chart(page.data(table.rows)),
        alt.X(f"{x}:N", sort=list(across), axis=top),
        alt.Y(f"{y}:N", sort=list(down), axis=left),
        size=95,
        tooltip=TOOLTIP,
    ).properties(width=alt.Step(_STEP), height=alt.Step(_STEP))
    counted = say(
        "{jurisdictions} by {concepts}: the most that any of a jurisdiction's documents shows ({documents} compared).",
        jurisdictions=plural(len(countries), "jurisdiction"),
        concepts=plural(len(concepts), "concept"),
        documents=plural(documents, "document"),
    )
    codes = "; ".join(f"{code} {name}" for code, name in countries.items()) + "."
    words = words_of(table)
    return page.figure(
        cells,
        table,
        *(counted, *([codes] if upright else [])),
        width=gutter + _STEP * len(across),
        key=page.legend(words, {row["value"] for row in table.rows}, gutter),
        indent=gutter,
        description=tally(table, words),
    )


def words_of(table: Table) -> Mapping[str, str]:
    """Return the words of the values, as the table's column has them, in its language."""
    codes = next(column.codes for column in table.columns if column.name == "value")
    return {name: say(table.about.language, words) for name, words in codes.items()}


def tally(table: Table, words: Mapping[str, str]) -> str:
    """Return how many cells have each value, in words, for those who cannot see the picture."""
    values, (said, _) = [row["value"] for row in table.rows], page.speech(table)
    counts = [f"{values.count(name)} {words.get(name, name)}" for name in page.SYMBOLS if name in values]
    return said("Cells: {counts}.", counts=", ".join(counts)) if counts else said("No cells.")


def network(table: Table) -> Picture:
    """Return the matrix of bodies by role of a table with the columns country, document, body, body_name and role.

    Bodies that occur with most jurisdictions come first, then by their class, jurisdiction and name; last come the
    kinds of bodies, in brackets, where the source names none. A cell names up to three jurisdictions, else says how
    many; the table names them all. Raises ParameterError where there is no row.
    """
    if not table.rows:
        raise ParameterError("There is nothing to show of bodies by role: the sources name none here.")
    met: dict[tuple[str, str], dict[str, None]] = {}
    bodies: dict[str, dict[str, Any]] = {}
    spread: dict[str, set[str]] = {}
    for row in table.rows:
        body, role, country = _key(row), str(row["role"]), str(row["country"])
        bodies.setdefault(body, row)
        met.setdefault((body, role), {})[country] = None
        spread.setdefault(body, set()).add(country)

    def place(body: str) -> tuple[object, ...]:
        row = bodies[body]
        told = str(row.get("body_class") or ""), str(row["country"]), str(row["body_name"])
        return row["body"] is None, -len(spread[body]), *told, body

    order = sorted(bodies, key=place)
    names = {body: row["body_name"] and marked(row["body_name"], row.get("origin")) for body, row in bodies.items()}
    labels = {body: page.wrapped(names[body] or body, _CHARACTERS) for body in order}
    often = Counter(str(row["role"]) for row in table.rows)
    roles = sorted(often, key=lambda role: (-often[role], role))
    heads = {role: page.wrapped(role, 15) for role in roles}
    say, plural = page.speech(table)
    cells = []
    for (body, role), codes in met.items():
        plans = " ".join(codes)
        shown = plans if len(codes) <= _NAMED else plural(len(codes), "jurisdiction")
        kept = {name: bodies[body].get(name) for name in ("body_name", "body_class")}
        cells.append(kept | {"body": body, "role": role, "plans": plans, "shown": shown})
    left = page.row_axis(labels, grid=True, tickBand="extent", zindex=0)
    above = 2 + page.LINE * (max((len(lines) for lines in heads.values()), default=1) - 1)
    look: dict[str, Any] = {"title": None, "ticks": False, "zindex": 0, "labelAngle": 0, "labelPadding": above}
    top = alt.Axis(labelExpr=page.named(heads), orient="top", **look)
    x, y = alt.X("role:N", sort=roles, axis=top), alt.Y("body:N", sort=order, axis=left)
    base = alt.Chart(page.data(cells)).encode(x=x, y=y)
    told = ["body_name:N", "body_class:N", "role:N", "plans:N"]
    boxes = base.mark_rect(fill="#d5e3f0", stroke="#5b6b7a", strokeWidth=0.6).encode(tooltip=told)
    words = base.mark_text(fontSize=11, color="#08203c", aria=False).encode(text="shown:N")
    main = alt.layer(boxes, words).properties(width=alt.Step(_WIDE), height=alt.Step(page.step(labels)))
    kinds = sum(bodies[body]["body"] is None for body in order)
    one, several = (f" and {{count}} {kind} of body (in brackets: the source names none)" for kind in ("kind", "kinds"))
    counted = say(
        "{bodies}{kinds} in {roles} across {documents} of {jurisdictions}. A cell names the jurisdictions by their "
        "codes, or says how many where there are more than three. An empty cell: no source says so.",
        bodies=plural(len(order) - kinds, "body", "bodies"),
        kinds=say(one if kinds == 1 else several, count=kinds) if kinds else "",
        roles=plural(len(roles), "role"),
        documents=plural(len({row["document"] for row in table.rows}), "document"),
        jurisdictions=plural(len({row["country"] for row in table.rows}), "jurisdiction"),
    )
    return page.figure(main, table, counted, width=_BODIES + _WIDE * len(roles), indent=_BODIES)


def _key(row: dict[str, Any]) -> str:
    return str(row["body"] or f"[{row['body_class']}]")


def similarity(table: Table) -> Picture:
    """Return the matrix of a table of pairs: a, a_title, b, b_title, similarity. What cannot be compared has no row."""
    told = [row for row in table.rows if row["similarity"] is not None]
    titles = {str(row[side]): str(row[f"{side}_title"]) for side in ("a", "b") for row in told}
    place = {name: str(number) for number, name in enumerate(sorted(titles), 1)}
    cells = [
        {name: row[name] for name in _TOOLTIP} | {"down": place[str(row[down])], "across": place[str(row[across])]}
        for row in told
        for down, across in (("a", "b"), ("b", "a"))
    ]
    countries = {name: f"{number} · {name.partition('/')[0].upper()}" for name, number in place.items()}
    rows = [{"document": place[name], "country": each, "title": titles[name]} for name, each in countries.items()]
    labels = page.document_labels(rows)
    top = alt.Axis(title=None, orient="top", labelAngle=0, ticks=False, domain=False)
    left = page.row_axis(labels, domain=False)
    x, y = alt.X("across:N", sort=list(labels), axis=top), alt.Y("down:N", sort=list(labels), axis=left)
    base = alt.Chart(page.data(cells)).encode(x=x, y=y)
    scale = alt.Scale(domain=[0, 1], range=_COLOURS, interpolate="rgb")
    squares = base.mark_rect(stroke="#8a8a8a", strokeWidth=0.4).encode(
        fill=alt.Fill("similarity:Q", scale=scale, legend=None), tooltip=[f"{name}:N" for name in _TOOLTIP]
    )
    numbers = base.mark_text(fontSize=11, aria=False).encode(
        text=alt.Text("similarity:Q", format=".0%"),
        color=alt.condition("datum.similarity > 0.6", alt.value("#ffffff"), alt.value("#111111")),
    )
    main = alt.layer(squares, numbers).properties(width=alt.Step(_CELL), height=alt.Step(max(page.step(labels), 26)))
    say, plural = page.speech(table)
    counted = say(
        "{number} of {documents}, {pairs}. The others cannot be compared; the table says why.",
        number=len(titles),
        documents=plural(len({str(row[side]) for side in ("a", "b") for row in table.rows}), "document"),
        pairs=plural(len(told), "pair"),
    )
    return page.figure(main, table, counted, width=page.GUTTER + _CELL * len(labels), indent=page.GUTTER)
