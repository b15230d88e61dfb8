"""Interval bars: what share of a document's parts is certainly there, and what share may be."""

from collections.abc import Callable
from typing import Any

from ..errors import ParameterError
from ..tables.table import Picture, Table
from .figure import GUTTER, data, document_labels, figure, key, row_axis, speech, step
from .save import alt

_PANEL = 120
_COUNTS = 52  # pixels beside the bars, for their counts
_SURE, _OPEN, _NOT = "#08305c", "#9fc1de", "#ffffff"
_KEY = {
    "sure": (_SURE, "stated: certainly there"),
    "open": (_OPEN, "not stated, or not looked for: may be there"),
    "not": (_NOT, "known to be absent"),
}


def intervals(table: Table) -> Picture:
    """Return interval bars of a table with the columns country, document, lower and upper, both from 0 to 1.

    A ``question`` or ``collection`` makes a panel each, side by side; a ``kind`` makes a row of its own. A row without
    bounds is shown as having nothing to count. Raises ParameterError for a table without these columns.
    """
    if missing := [name for name in ("country", "document", "lower", "upper") if name not in table.names]:
        raise ParameterError(f"Interval bars need the columns country, document, lower and upper: without {missing}.")
    panel = next((name for name in ("question", "collection") if name in table.names), "")
    say, plural = speech(table)
    rows = [_row(row, panel, say) for row in table.rows]
    labels = document_labels([row | {"document": row["place"]} for row in rows])
    panels = list(dict.fromkeys(row["panel"] for row in rows if row["panel"])) or [""]
    for row in rows:  # what nothing is asked of has no panel of its own
        row["panel"] = row["panel"] or panels[0]
    charts = [_panel([row for row in rows if row["panel"] == name], name, labels, name == panels[0]) for name in panels]
    counted = say(
        "{documents}, {intervals}: from the share that is certainly there to the share that may be there. Where two "
        "intervals overlap, neither can be said to be the fuller one. No bar: that question is not asked of the "
        "document.",
        documents=plural(len({row["document"] for row in rows}), "document"),
        intervals=plural(sum(row["lower"] is not None for row in rows), "interval"),
    )
    entries = [{"name": name, "fill": fill, "words": say(words)} for name, (fill, words) in _KEY.items()]
    base, y = alt.Chart(data(entries)), alt.Y("name:N", sort=list(_KEY), axis=None)
    left, right, fill = alt.value(-GUTTER), alt.value(30 - GUTTER), alt.Fill("fill:N", scale=None, legend=None)
    box = base.mark_rect(stroke="#444444", strokeWidth=0.6).encode(x=left, x2=right, y=y, fill=fill)
    width = GUTTER + (_PANEL + _COUNTS) * len(panels)
    main = alt.hconcat(*charts, spacing=_COUNTS)
    return figure(main, table, counted, width=width, indent=GUTTER, key=key(base, y, box))


def _row(row: dict[str, Any], panel: str, say: Callable[..., str]) -> dict[str, Any]:
    """Return a row with what places it: its panel, its line, its title with the kind, and its counts in words."""
    kind = f" · {say(row['kind'])}" if row.get("kind") else ""
    every, some = row.get("elements", row.get("applicable")), row.get("with_it", row.get("present"))
    counts = say("{some} of {all}", some=some, all=every) if every is not None else ""
    return row | {
        "panel": say(str(row[panel] or "")) if panel else "",
        "place": f"{row['document']}{kind}",
        "title": f"{row.get('title') or row['document']}{kind}",
        "counts": say("nothing to count") if row["lower"] is None else counts,
    }


def _panel(rows: list[dict[str, Any]], name: str, labels: dict[str, list[str]], first: bool) -> Any:
    axis = row_axis(labels, domain=False, labelPadding=6) if first else None
    scale = alt.Scale(domain=[0, 1])
    y = alt.Y("place:N", sort=list(labels), axis=axis, scale=alt.Scale(domain=list(labels)))
    x = alt.X("start:Q", scale=scale, title=None, axis=alt.Axis(format="%", values=[0, 0.5, 1], orient="top"))
    base = alt.Chart(data(rows)).transform_calculate(start="0", whole="1")
    some, none = base.transform_filter("isValid(datum.lower)"), base.transform_filter("!isValid(datum.lower)")
    told = ["country:N", "title:N", "panel:N", "lower:Q", "upper:Q", "counts:N"]
    line: dict[str, Any] = {"stroke": "#444444", "strokeWidth": 0.6, "size": 11}
    text: dict[str, Any] = {"align": "left", "fontSize": 10, "color": "#222222"}
    return alt.layer(
        some.mark_bar(fill=_NOT, **line).encode(x=x, x2="whole:Q", y=y, tooltip=told),
        some.mark_bar(fill=_OPEN, **line).encode(x=alt.X("lower:Q", scale=scale), x2="upper:Q", y=y, tooltip=told),
        some.mark_bar(fill=_SURE, **line).encode(x=x, x2="lower:Q", y=y, tooltip=told),
        some.mark_text(baseline="middle", aria=False, **text).encode(x=alt.value(_PANEL + 5), y=y, text="counts:N"),
        none.mark_text(**text).encode(x=alt.value(2), y=y, text="counts:N"),
    ).properties(
        width=_PANEL,
        height=alt.Step(step(labels)),
        title=alt.TitleParams(name, fontSize=11, fontWeight="bold", anchor="start", frame="group"),
    )
