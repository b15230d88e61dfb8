"""What pictures share: page, caption, labels, look of values; ``usermeta`` holds title, caption and the whole table."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache, partial
from textwrap import wrap
from typing import Any, NamedTuple

from ..project.language import counted, say
from ..tables.origins import key as key_of_marks
from ..tables.origins import marked, short
from ..tables.table import Picture, Table
from ..text import visible, visible_in
from .save import alt, saved

FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
LIMIT = 4000  # pixels: no label is as long, so none is cut
LINE = 13  # pixels from a line of a label to the next
CHARACTERS = 56  # in a line of the label of a document
CHARACTER = 5.9  # pixels for each that a label has
GUTTER = CHARACTERS * CHARACTER + 10
_LEAST = 560
_CHARACTER = 5.7  # the mean width of a letter at 11 pixels, some more than it is


@cache
def _kind() -> Any:
    """Return the class of pictures: altair's, but shown in a notebook as SVG, which needs nothing from elsewhere."""

    class Shown(alt.ConcatChart):  # type: ignore[misc, name-defined, unused-ignore]
        """A column of charts that is one picture."""

        def _repr_mimebundle_(self, *_: object, **__: object) -> dict[str, str]:
            return {"image/svg+xml": saved(self, "svg").decode(), "text/plain": repr(self)}

        def __repr__(self) -> str:
            return f"<Picture {self.usermeta['title']!r}>"

    return Shown


def figure(
    main: Any,
    table: Table,
    *words: str,
    width: float,
    indent: float = 0,
    title: str = "",
    key: object = None,
    description: str = "",
) -> Picture:
    """Return the chart ``main``, about ``width`` pixels wide, with title, ``key`` and a caption, ``indent`` pixels in.

    The caption are ``words``, which begin with what was counted, and what to know of it, from which sources and data.
    """
    title = title or table.about.title
    caption = [*words, *_about(table)]
    wide, main.name = max(width, _LEAST), "picture"
    lines = (line for part in caption for line in wrapped(part, int(wide / _CHARACTER)))
    rows = data([{"line": number, "words": line} for number, line in enumerate(lines)])
    text = (
        alt.Chart(rows, name="caption", view=alt.ViewConfig(stroke=None))
        .mark_text(align="left", baseline="middle", fontSize=11, color="#222222")
        .encode(x=alt.value(-indent), y=alt.Y("line:O", axis=None), text="words:N")
        .properties(width=max(wide - indent, 20), height=alt.Step(15))
    )
    made = _kind()(
        concat=[part for part in (main, key, text) if part is not None],
        columns=1,
        spacing=14,
        title=alt.TitleParams(wrapped(title, int(wide / 8)), anchor="start", fontSize=15, offset=12),
        description=" ".join(filter(None, [f"{title}.", description, *caption])),
        background="white",
        padding=14,
        config=_CONFIG,
    ).resolve_scale(**dict.fromkeys(("x", "y", "fill", "shape", "color"), "independent"))
    held = {"columns": [each._asdict() for each in table.columns], "rows": table.rows}
    made.usermeta = {"title": title, "caption": caption, "table": held, "language": table.about.language}  # not copied
    return made  # type: ignore[no-any-return]


_LABELS: dict[str, Any] = {"labelLimit": LIMIT, "labelFontSize": 11, "titleFontSize": 11}
_LINES = {"domainColor": "#666666", "tickColor": "#666666", "gridColor": "#e4e4e4"}
_CONFIG: dict[str, Any] = {
    "font": FONT,
    "view": {"stroke": None},
    "axis": {"labelColor": "#111111", "titleFontWeight": "normal", **_LABELS, **_LINES},
    "title": {"limit": LIMIT},
    "header": _LABELS,
}


def data(rows: Sequence[Mapping[str, Any]]) -> Any:
    """Return the rows of a chart, as text: else the plotting package would look at each value of them many times."""
    text = json.dumps(visible_in(list(rows)), ensure_ascii=False, separators=(",", ":"))
    return alt.InlineData(values=text, format=alt.JsonDataFormat(type="json"))


def speech(table: Table) -> tuple[Callable[..., str], Callable[..., str]]:
    """Return ``say`` and ``plural``, a number with its English noun (1 body, 2 bodies), in the language of a table."""
    language = table.about.language

    def plural(number: int, word: str, several: str = "") -> str:
        return counted(language, number, f"{{count}} {word}", f"{{count}} {several or word + 's'}")

    return partial(say, language), plural


def _about(table: Table) -> list[str]:
    """Return what to know of a table: its notes, marks, sources, data version and queries."""
    about, (said, _) = table.about, speech(table)
    sources = "Sources: {named}." if len(about.sources) > 1 else "Source: {named}."
    told = [said(sources, named="; ".join(about.sources))] if about.sources else []
    told += [said("Data version {version}.", version=short(about.version))] if about.version else []
    if about.queries:
        asked = "; ".join(f"{name} {value}" for name, value in about.parameters.items())
        named = f"{', '.join(about.queries)}{f' ({asked})' if asked else ''}"
        told.append(said("Saved queries: {named}." if len(about.queries) > 1 else "Saved query: {named}.", named=named))
    origins = (row.get(name) for row in table.rows for name in ("title_origin", "origin"))
    return [*about.notes, *key_of_marks(origins, about.language), " ".join(told)]


def document_labels(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Return the label of each document in the order of the rows, in lines: its jurisdiction's code, then its title."""
    labels: dict[str, list[str]] = {}
    for row in rows:
        title = marked(row.get("title") or row["document"], row.get("title_origin"))
        labels.setdefault(str(row["document"]), wrapped(f"{row['country']} · {title}", CHARACTERS))
    return labels


def row_axis(labels: Mapping[str, Sequence[str]], **more: Any) -> Any:
    """Return the axis of rows with labels of several lines, each in the middle of its row."""
    conditions = []
    for number in range(2, max((len(lines) for lines in labels.values()), default=1) + 1):
        values = json.dumps([visible(value) for value, lines in labels.items() if len(lines) == number])
        conditions.append({"test": f"indexof({values}, datum.value) >= 0", "value": -6.5 * (number - 1)})
    offset = {"condition": conditions, "value": 0}
    return alt.Axis(title=None, labelExpr=named(labels), labelOffset=offset, ticks=False, **more)


def named(labels: Mapping[str, str | Sequence[str]]) -> str:
    """Return the Vega expression that shows the label of an axis value; a label may be several lines."""
    return f"({json.dumps(visible_in(dict(labels)), ensure_ascii=False)})[datum.value]"


def step(labels: Mapping[str, Sequence[str]]) -> int:
    """Return how high a row must be for the longest of the labels, in pixels."""
    return max((len(lines) for lines in labels.values()), default=1) * LINE + 7


def key(base: Any, y: Any, *marks: Any, width: int = 30, height: int = 18, indent: float = GUTTER) -> Any:
    """Return the key of a picture: ``marks`` with the ``words`` of ``base`` beside them, a line each (in pixels)."""
    text = base.mark_text(align="left", baseline="middle", fontSize=11)
    text = text.encode(x=alt.value(width + 7 - indent), y=y, text="words:N")
    return alt.layer(*marks, text).properties(name="key", width=width, height=alt.Step(height))


def wrapped(text: str, width: int) -> list[str]:
    """Return ``text`` in lines of at most ``width`` characters; a longer word is broken."""
    return wrap(text, max(width, 10)) or [""]


class Symbol(NamedTuple):
    """How a value looks: the fill of its cell, the colour of its sign, and the outline of the sign (-1 to 1)."""

    fill: str
    ink: str
    outline: str


_EMPTY = "M0,0Z"
_DISC = "M0,-0.8A0.8,0.8,0,1,1,0,0.8A0.8,0.8,0,1,1,0,-0.8Z"
_HALF = "M0,-0.85A0.85,0.85,0,0,0,0,0.85ZM0,-0.85A0.85,0.85,0,0,1,0,0.85L0,0.62A0.62,0.62,0,0,0,0,-0.62Z"
_RING = "M0,-0.8A0.8,0.8,0,1,1,0,0.8A0.8,0.8,0,1,1,0,-0.8ZM0,-0.52A0.52,0.52,0,1,0,0,0.52A0.52,0.52,0,1,0,0,-0.52Z"
_DOT = "M0,-0.22A0.22,0.22,0,1,1,0,0.22A0.22,0.22,0,1,1,0,-0.22Z"
_CROSS = (
    "M-0.8,-0.55L-0.55,-0.8L0,-0.25L0.55,-0.8L0.8,-0.55L0.25,0L0.8,0.55L0.55,0.8L0,0.25L-0.55,0.8L-0.8,0.55L-0.25,0Z"
)

SYMBOLS = {
    "stated": Symbol("#08305c", "#ffffff", _DISC),
    "partly": Symbol("#5b95c8", "#08203c", _HALF),
    "in-other-words": Symbol("#83aec0", "#08203c", _RING),
    "not-stated": Symbol("#ffffff", "#444444", _DOT),
    "absent": Symbol("#a8501a", "#ffffff", _CROSS),
    "not-assessed": Symbol("#bebebe", "#222222", _EMPTY),
}
NO_RECORD = "#e4e4e4"


def marks(base: Any, x: Any, y: Any, *, size: int, tooltip: Sequence[str]) -> Any:
    """Return cells of ``base`` at ``x`` and ``y``: a filled square and the sign of its ``value``."""
    placed = base.encode(x=x, y=y)
    squares = placed.mark_rect(stroke="#8a8a8a", strokeWidth=0.4).encode(fill=filled("fill"), tooltip=list(tooltip))
    return alt.layer(squares, *signs(placed, size, 11)).resolve_scale(fill="independent")


def signs(placed: Any, size: int, letter: int) -> tuple[Any, Any]:
    """Return the layers of the signs of values: outlines of a ``size``, and the question mark of ``letter`` pixels."""
    mark = placed.transform_filter("datum.value != 'not-assessed'").mark_point(
        filled=True, size=size, strokeWidth=0, opacity=1, aria=False, tooltip=None
    )
    question = placed.transform_filter("datum.value == 'not-assessed'").mark_text(
        text="?", fontSize=letter, color=SYMBOLS["not-assessed"].ink, aria=False, tooltip=None
    )
    outline = alt.Shape("value:N", legend=None, scale=_scale("outline"))
    return mark.encode(fill=filled("ink"), shape=outline), question


def filled(part: str) -> Any:
    """Return the colour of a value: the ``fill`` of its cell or the ``ink`` of its sign."""
    return alt.Fill("value:N", legend=None, scale=_scale(part))


def _scale(part: str) -> Any:
    return alt.Scale(domain=list(SYMBOLS), range=[getattr(symbol, part) for symbol in SYMBOLS.values()])


def legend(words: Mapping[str, str], used: Collection[object], indent: float = 0, *, other: str = "") -> Any:
    """Return the key of the values that are ``used``, a line each, with their ``words``, ``indent`` pixels to the left.

    ``other`` are the words for what is in the picture and has no value.
    """
    step = 19
    named = {name: words.get(name, name) for name in SYMBOLS if name in used} | ({"none": other} if other else {})
    base = alt.Chart(data([{"key": "", "value": name, "words": text} for name, text in named.items()]))
    y = alt.Y("value:N", sort=list(named), axis=None, scale=alt.Scale(paddingInner=0.15))
    x = alt.X("key:N", axis=None, scale=alt.Scale(range=[-indent, step - indent]))
    ground = base.mark_rect(fill=NO_RECORD, stroke="#8a8a8a", strokeWidth=0.4, aria=False).encode(x=x, y=y)
    cells = marks(base.transform_filter("datum.value != 'none'"), x, y, size=90, tooltip=["words:N"])
    return key(base, y, ground, cells, width=step, height=step, indent=indent)
