"""The heat map: jurisdictions by concepts, a cell for each."""

import json
from collections.abc import Mapping

from ..project.language import say
from ..tables.table import Picture, Table
from . import theme
from .figure import data, figure, named, speech
from .save import alt

_ACROSS = 40  # with more jurisdictions than that, they go down the page with their names
_STEP = 18
_LETTER = 6.0
TOOLTIP = ("name:N", "label:N", "value:N", "phrase:N", "where:N")


def heat_map(table: Table, documents: int) -> Picture:
    """Return the heat map of the cells of a comparison of so many documents.

    Up to 40 jurisdictions stand side by side under their codes, which the caption explains; more stand below each
    other under their names.
    """
    say, plural = speech(table)
    countries = {str(row["country"]): str(row["name"]) for row in table.rows}
    concepts = {str(row["concept"]): (str(row["label"]), int(row["depth"] or 0)) for row in table.rows}
    upright = len(countries) <= _ACROSS
    indented = {code: "– " * depth * upright + label for code, (label, depth) in concepts.items()}
    shown = {code: code if upright else f"{name}  {code}" for code, name in countries.items()}
    down, across = (indented, shown) if upright else (shown, indented)
    x, y = ("country", "concept") if upright else ("concept", "country")
    plain = {"title": None, "ticks": False, "domain": False}
    top = alt.Axis(orient="top", labelAngle=-90, labelExpr=named(across), **plain)
    left = alt.Axis(labelExpr=named(down), labelAlign="left" if upright else "right", **plain)
    gutter = max(map(len, down.values()), default=0) * _LETTER
    if upright:
        tops = json.dumps([code for code, (_, depth) in concepts.items() if depth == 0])
        bold = {"test": f"indexof({tops}, datum.value) >= 0", "value": "bold"}
        left.labelPadding, left.labelFontWeight = gutter, {"condition": bold, "value": "normal"}
    cells = theme.marks(
        alt.Chart(data(table.rows)),
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
    return figure(
        cells,
        table,
        *(counted, *([codes] if upright else [])),
        width=gutter + _STEP * len(across),
        key=theme.legend(words, {row["value"] for row in table.rows}, gutter),
        indent=gutter,
        description=tally(table, words),
    )


def words_of(table: Table) -> Mapping[str, str]:
    """Return the words of the values, as the table's column has them, in its language."""
    codes = next(column.codes for column in table.columns if column.name == "value")
    return {name: say(table.about.language, words) for name, words in codes.items()}


def tally(table: Table, words: Mapping[str, str]) -> str:
    """Return how many cells have each value, in words, for those who cannot see the picture."""
    values, (said, _) = [row["value"] for row in table.rows], speech(table)
    counts = [f"{values.count(name)} {words.get(name, name)}" for name in theme.SYMBOLS if name in values]
    return said("Cells: {counts}.", counts=", ".join(counts)) if counts else said("No cells.")
