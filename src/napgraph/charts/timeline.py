"""The time line: the periods of documents as bars and what happened to them as marks, as precise as the source is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import ParameterError
from ..project.language import say
from .figure import caption, centred, data, named, picture, plural, wrapped
from .packages import altair
from .rows import CHARACTERS, GUTTER, document_labels, step

if TYPE_CHECKING:
    import altair as alt

    from ..tables.table import Table

_WIDTH = 520
_BAR, _MARK, _LOOSE = "#9fc1de", "#08305c", "#08305c"
_KEY = {
    "period": "a period that the document covers, from its earliest to its latest possible day",
    "open": "an end that no source states, or that is left open",
    "day": "an event on a stated day",
    "span": "an event of which only a month, a year or bounds are known: within the line",
}


def timeline(table: Table) -> alt.ConcatChart:
    """Return the time line of a table with the columns country, document, kind, what, earliest, latest and open.

    A row of which no date is known has no mark; the caption counts those. Raises ParameterError where no row has a
    date, and OutputError where the plotting packages are not installed.
    """
    alt = altair()
    dates = sorted(str(row[name]) for row in table.rows for name in ("earliest", "latest") if row.get(name))
    if not dates:
        raise ParameterError("There is nothing to show on a time line: no row has a date.")
    first, last = f"{int(dates[0][:4]) - 1}-07-01", f"{int(dates[-1][:4]) + 1}-06-30"
    rows = [_row(row, first, last) for row in table.rows]
    labels = _with_events(document_labels(rows), rows)
    high = max(step(labels), 24)
    dated = [row for row in rows if row["from"]]
    look: dict[str, Any] = {"ticks": False, "grid": True, "labelPadding": 9, "zindex": 0}
    axis = alt.Axis(title=None, labelExpr=named(labels), labelOffset=centred(labels), **look)
    y = alt.Y("document:N", sort=list(labels), axis=axis, scale=alt.Scale(domain=list(labels)))
    time = alt.Axis(title=None, orient="top", format="%Y", grid=True, labelOverlap=True, tickCount="year")
    scale = alt.Scale(type="utc", domain=[first, last])
    told = ["country:N", "title:N", "title_origin:N", "what:N", "start:N", "end:N", "precision:N", "open:N", "where:N"]
    main = alt.layer(
        *_marks(alt.Chart(data(rows)), {"axis": time, "scale": scale}, y, told),
    ).properties(name="picture", width=_WIDTH, height=alt.Step(high))
    events = sum(row["kind"] == "event" for row in dated)
    language = table.about.language
    counted = say(
        language,
        "{documents}: {periods} and {events} with a date, {undated} without (no mark). "
        "Bars and lines reach from the earliest to the latest day that the stated precision allows.",
        documents=plural(len(labels), "document", language=language),
        periods=plural(len(dated) - events, "period", language=language),
        events=plural(events, "event", language=language),
        undated=len(rows) - len(dated),
    )
    return picture(
        main,
        table,
        caption(table, counted),
        width=GUTTER + _WIDTH,
        indent=GUTTER,
        key=_key(language),
        title=table.about.title,
    )


def _with_events(labels: dict[str, list[str]], rows: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Return the labels with a line for what the marks of each document are: beside the marks there is no room."""
    events: dict[str, list[str]] = {}
    for row in rows:
        if row["kind"] == "event" and row["from"]:
            events.setdefault(str(row["document"]), []).append(f"{row['what']} {row['start']}")
    told = {document: wrapped("; ".join(dict.fromkeys(words)), CHARACTERS) for document, words in events.items()}
    return {document: [*lines, *told.get(document, [])] for document, lines in labels.items()}


def _row(row: dict[str, Any], first: str, last: str) -> dict[str, Any]:
    """Return a row with the ends that are drawn; an open end reaches the edge of the picture."""
    opened = str(row.get("open") or "")
    known = bool(row.get("earliest") or row.get("latest"))
    start = row.get("earliest") if opened not in {"start", "both"} else None
    end = row.get("latest") if opened not in {"end", "both"} else None
    left, right = (start or first, end or last) if known else (None, None)
    if known and row["kind"] == "event":
        left, right = row.get("earliest") or row.get("latest"), row.get("latest") or row.get("earliest")
    look = "period" if row["kind"] == "period" else "day" if known and left == right else "span"
    return row | {"from": left, "to": right, "look": look, "left": start is None, "right": end is None}


def _marks(base: alt.Chart, shared: dict[str, Any], y: alt.Y, told: list[str]) -> list[object]:
    """Return the layers: bars, the arrows of their open ends, lines of loose events, and diamonds of events."""
    alt = altair()
    x, x2 = alt.X("from:T", **shared), "to:T"
    periods = base.transform_filter("datum.look == 'period' && isValid(datum.from)")
    events = base.transform_filter("datum.look != 'period' && isValid(datum.from)")
    arrow: dict[str, Any] = {"filled": True, "size": 70, "opacity": 1, "color": "#7a3a10", "aria": False}
    loose = events.transform_filter("datum.look == 'span'")
    middle = loose.transform_calculate(mid="(toNumber(toDate(datum.from)) + toNumber(toDate(datum.to))) / 2")
    point = alt.X("mid:T", **shared)
    return [
        periods.mark_bar(size=13, fill=_BAR, stroke="#33506b", strokeWidth=0.8).encode(x=x, x2=x2, y=y, tooltip=told),
        periods.transform_filter("datum.left").mark_point(shape="triangle-left", **arrow).encode(x=x, y=y),
        periods.transform_filter("datum.right")
        .mark_point(shape="triangle-right", **arrow)
        .encode(x=alt.X("to:T", **shared), y=y),
        loose.mark_rule(color=_LOOSE, strokeWidth=1.6).encode(x=x, x2=x2, y=y, tooltip=told),
        middle.mark_point(
            shape="diamond", filled=True, fill="white", stroke=_MARK, strokeWidth=1.4, size=70, opacity=1
        ).encode(x=point, y=y, tooltip=told),
        events.transform_filter("datum.look == 'day'")
        .mark_point(shape="diamond", filled=True, fill=_MARK, stroke="white", strokeWidth=0.8, size=80, opacity=1)
        .encode(x=x, y=y, tooltip=told),
    ]


def _key(language: str) -> object:
    alt = altair()
    rows = [{"look": look, "words": say(language, words)} for look, words in _KEY.items()]
    y = alt.Y("look:N", sort=list(_KEY), axis=None)
    base = alt.Chart(data(rows))
    left, mid, right = (alt.value(place - GUTTER) for place in (0, 15, 30))

    def of(look: str) -> Any:
        return base.transform_filter(f"datum.look == '{look}'")

    return alt.layer(
        of("period").mark_rect(fill=_BAR, stroke="#33506b", height=13).encode(x=left, x2=right, y=y),
        of("open")
        .mark_point(shape="triangle-right", filled=True, size=70, color="#7a3a10", opacity=1)
        .encode(x=mid, y=y),
        of("day").mark_point(shape="diamond", filled=True, fill=_MARK, size=80, opacity=1).encode(x=mid, y=y),
        of("span").mark_rule(color=_LOOSE, strokeWidth=1.6).encode(x=left, x2=right, y=y),
        of("span")
        .mark_point(shape="diamond", filled=True, fill="white", stroke=_MARK, strokeWidth=1.4, size=70, opacity=1)
        .encode(x=mid, y=y),
        base.mark_text(align="left", baseline="middle", fontSize=11).encode(
            x=alt.value(37 - GUTTER), y=y, text="words:N"
        ),
    ).properties(name="key", width=30, height=alt.Step(18))
