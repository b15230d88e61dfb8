"""What all pictures share: the plotting package, the page they are laid on, and the words under them.

A picture is a column of charts named ``picture``, ``key`` (where it has one) and ``caption``; its ``usermeta`` holds
the title, the caption and the whole table, so a picture that was saved can still be checked against its numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from ..project.language import counted, say
from ..tables.origins import key, short
from ..text import visible, visible_in
from .packages import altair
from .save import saved

if TYPE_CHECKING:
    import altair as alt

    from ..tables.table import Table

FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
LIMIT = 4000  # pixels: no label is as long, so none is cut
_LEAST = 560
_CHARACTER = 5.7  # the mean width of a letter at 11 pixels, some more than it is


@cache
def _kind() -> Any:
    """Return the class of pictures: altair's, but shown in a notebook as SVG, which needs nothing from elsewhere."""
    alt = altair()

    class Picture(alt.ConcatChart):  # type: ignore[misc, name-defined, unused-ignore]
        """A column of charts that is one picture."""

        def _repr_mimebundle_(self, *_: object, **__: object) -> dict[str, str]:
            return {"image/svg+xml": saved(self, "svg").decode(), "text/plain": repr(self)}

        def __repr__(self) -> str:
            return f"<Picture {self.usermeta['title']!r}>"

    return Picture


def picture(
    main: object,
    table: Table,
    told: Sequence[str],
    *,
    width: float,
    indent: float = 0,
    title: str = "",
    key: object = None,
    description: str = "",
) -> alt.ConcatChart:
    """Return the chart ``main``, about ``width`` pixels wide, with its title, its ``key`` and the caption ``told``.

    ``indent`` is how wide the labels to the left of ``main`` are: the caption begins where they do.
    """
    alt = altair()
    title = title or table.about.title
    wide = max(width, _LEAST)
    lines = [line for part in told for line in wrapped(part, int(wide / _CHARACTER))]
    rows = [{"line": number, "words": line} for number, line in enumerate(lines)]
    words = (
        alt.Chart(data(rows), name="caption", view=alt.ViewConfig(stroke=None))
        .mark_text(align="left", baseline="middle", fontSize=11, color="#222222")
        .encode(x=alt.value(-indent), y=alt.Y("line:O", axis=None), text="words:N")
        .properties(width=max(wide - indent, 20), height=alt.Step(15))
    )
    parts = [main, *([key] if key is not None else []), words]
    made = _kind()(
        concat=parts,
        columns=1,
        spacing=14,
        title=alt.TitleParams(wrapped(title, int(wide / 8)), anchor="start", fontSize=15, offset=12),
        description=" ".join([f"{title}.", *([description] if description else []), *told]),
        background="white",
        padding=14,
        config=_CONFIG,
    ).resolve_scale(x="independent", y="independent", fill="independent", shape="independent", color="independent")
    meta = {"title": title, "caption": list(told), "table": as_json(table), "language": table.about.language}
    made.usermeta = meta  # last, so that it is not copied
    return made  # type: ignore[no-any-return]


_CONFIG: dict[str, Any] = {
    "font": FONT,
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": 11,
        "labelColor": "#111111",
        "labelLimit": LIMIT,
        "titleFontSize": 11,
        "titleFontWeight": "normal",
        "domainColor": "#666666",
        "tickColor": "#666666",
        "gridColor": "#e4e4e4",
    },
    "title": {"limit": LIMIT},
    "header": {"labelLimit": LIMIT, "labelFontSize": 11, "titleFontSize": 11},
}


def data(rows: Sequence[Mapping[str, Any]]) -> Any:
    """Return the rows of a chart, as text: else the plotting package would look at each value of them many times."""
    import json

    alt = altair()
    text = json.dumps(visible_in(list(rows)), ensure_ascii=False, separators=(",", ":"))
    return alt.InlineData(values=text, format=alt.JsonDataFormat(type="json"))


def caption(table: Table, told_of: str, *more: str) -> list[str]:
    """Return the words under a picture: what was counted, what to know of it, from which sources and data."""
    about = table.about
    asked = "; ".join(f"{name} {value}" for name, value in about.parameters.items())
    queries = ", ".join(about.queries)
    said = partial(say, about.language)
    told = []
    if about.sources:
        sources = "Sources: {named}." if len(about.sources) > 1 else "Source: {named}."
        told.append(said(sources, named="; ".join(about.sources)))
    if about.version:
        told.append(said("Data version {version}.", version=short(about.version)))
    if queries:
        named = f"{queries}{f' ({asked})' if asked else ''}"
        told.append(said("Saved queries: {named}." if len(about.queries) > 1 else "Saved query: {named}.", named=named))
    marks = key((row.get(name) for row in table.rows for name in ("title_origin", "origin")), about.language)
    return [told_of, *more, *about.notes, *marks, " ".join(told)]


def as_json(table: Table) -> dict[str, Any]:
    """Return the table as what JSON can hold: its columns (name, words, codes) and rows."""
    columns = [
        {"name": column.name, "words": column.words, "codes": dict(column.codes), "kind": column.kind}
        for column in table.columns
    ]
    return {"columns": columns, "rows": table.rows}


def named(labels: Mapping[str, str] | Mapping[str, list[str]]) -> str:
    """Return the Vega expression that shows the label of an axis value; a label may be several lines."""
    import json

    return f"({json.dumps(visible_in(dict(labels)), ensure_ascii=False)})[datum.value]"


def centred(labels: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Return the offset of an axis' labels that puts those of several lines in the middle of their row."""
    import json

    most = max((len(lines) for lines in labels.values()), default=1)
    conditions = []
    for number in range(2, most + 1):
        values = json.dumps([visible(value) for value, lines in labels.items() if len(lines) == number])
        conditions.append({"test": f"indexof({values}, datum.value) >= 0", "value": -6.5 * (number - 1)})
    return {"condition": conditions, "value": 0}


def wrapped(text: str, width: int) -> list[str]:
    """Return ``text`` in lines of at most ``width`` characters; a longer word is broken."""
    from textwrap import wrap

    return wrap(text, max(width, 10)) or [""]


def plural(number: int, word: str, several: str = "", *, language: str = "en") -> str:
    """Return a number with its noun, which is English, in a language: 1 body, 2 bodies."""
    return counted(language, number, f"{{count}} {word}", f"{{count}} {several or word + 's'}")
