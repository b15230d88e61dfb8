"""The matrix of similarity: documents by documents, each cell the darker the more the two have in common."""

from ..tables.table import Picture, Table
from .figure import GUTTER, data, document_labels, figure, row_axis, speech, step
from .save import alt

_CELL = 38
_TOOLTIP = ("similarity", "a_title", "b_title", "shared_concepts")
_COLOURS = ["#ffffff", "#08305c"]


def similarity(table: Table) -> Picture:
    """Return the matrix of a table of pairs of documents with the columns a, a_title, b, b_title and similarity.

    What can be compared with nothing has no row.
    """
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
    labels = document_labels(rows)
    top = alt.Axis(title=None, orient="top", labelAngle=0, ticks=False, domain=False)
    base = alt.Chart(data(cells)).encode(
        x=alt.X("across:N", sort=list(labels), axis=top),
        y=alt.Y("down:N", sort=list(labels), axis=row_axis(labels, domain=False)),
    )
    scale = alt.Scale(domain=[0, 1], range=_COLOURS, interpolate="rgb")
    squares = base.mark_rect(stroke="#8a8a8a", strokeWidth=0.4).encode(
        fill=alt.Fill("similarity:Q", scale=scale, legend=None), tooltip=[f"{name}:N" for name in _TOOLTIP]
    )
    numbers = base.mark_text(fontSize=11, aria=False).encode(
        text=alt.Text("similarity:Q", format=".0%"),
        color=alt.condition("datum.similarity > 0.6", alt.value("#ffffff"), alt.value("#111111")),
    )
    main = alt.layer(squares, numbers).properties(width=alt.Step(_CELL), height=alt.Step(max(step(labels), 26)))
    say, plural = speech(table)
    counted = say(
        "{number} of {documents}, {pairs}. The others cannot be compared; the table says why.",
        number=len(titles),
        documents=plural(len({str(row[side]) for side in ("a", "b") for row in table.rows}), "document"),
        pairs=plural(len(told), "pair"),
    )
    return figure(main, table, counted, width=GUTTER + _CELL * len(labels), indent=GUTTER)
