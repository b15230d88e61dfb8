"""The time line: the periods of documents as bars and what happened to them as marks, as precise as the source is."""

from collections.abc import Callable
from typing import Any

from ..errors import ParameterError
from ..tables.table import Picture, Table
from .figure import CHARACTERS, GUTTER, data, document_labels, figure, key, row_axis, speech, step, wrapped
from .save import alt

_WIDTH = 520
_BAR, _MARK = "#9fc1de", "#08305c"
_PERIOD = {"fill": _BAR, "stroke": "#33506b", "strokeWidth": 0.8}
_ARROW: dict[str, Any] = {"filled": True, "size": 70, "color": "#7a3a10", "opacity": 1}
_POINT: dict[str, Any] = {"shape": "diamond", "filled": True, "opacity": 1}
_DIAMOND = _POINT | {"fill": _MARK, "size": 80}
_HOLLOW = _POINT | {"fill": "white", "stroke": _MARK, "strokeWidth": 1.4, "size": 70}
_LOOSE: dict[str, Any] = {"color": _MARK, "strokeWidth": 1.6}
_SHOWN = ("country", "title", "title_origin", "what", "start", "end", "precision", "open", "where")
_TOOLTIP = [f"{name}:N" for name in _SHOWN]
_KEY = {
    "period": "a period that the document covers, from its earliest to its latest possible day",
    "open": "an end that no source states, or that is left open",
    "day": "an event on a stated day",
    "span": "an event of which only a month, a year or bounds are known: within the line",
}


def timeline(table: Table) -> Picture:
    """Return the time line of a table with the columns country, document, kind, what, earliest, latest and open.

    A row of which no date is known has no mark; the caption counts those. Raises ParameterError where none has a date.
    """
    dates = sorted(str(row[name]) for row in table.rows for name in ("earliest", "latest") if row.get(name))
    if not dates:
        raise ParameterError("There is nothing to show on a time line: no row has a date.")
    first, last = f"{int(dates[0][:4]) - 1}-07-01", f"{int(dates[-1][:4]) + 1}-06-30"
    rows = [_row(row, first, last) for row in table.rows]
    labels = document_labels(rows)
    events: dict[str, dict[str, None]] = {}  # what the marks are: beside them there is no room
    for row in rows:
        if row["kind"] == "event" and row["from"]:
            events.setdefault(str(row["document"]), {})[f"{row['what']} {row['start']}"] = None
    for document, words in events.items():
        labels[document] = [*labels[document], *wrapped("; ".join(words), CHARACTERS)]
    high = max(step(labels), 24)
    dated = [row for row in rows if row["from"]]
    axis = row_axis(labels, grid=True, labelPadding=9, zindex=0)
    y = alt.Y("document:N", sort=list(labels), axis=axis, scale=alt.Scale(domain=list(labels)))
    time = alt.Axis(title=None, orient="top", format="%Y", grid=True, labelOverlap=True, tickCount="year")
    shared = {"axis": time, "scale": alt.Scale(type="utc", domain=[first, last])}
    main = alt.layer(*_marks(alt.Chart(data(rows)), shared, y)).properties(width=_WIDTH, height=alt.Step(high))
    happened = sum(row["kind"] == "event" for row in dated)
    say, plural = speech(table)
    counted = say(
        "{documents}: {periods} and {events} with a date, {undated} without (no mark). "
        "Bars and lines reach from the earliest to the latest day that the stated precision allows.",
        documents=plural(len(labels), "document"),
        periods=plural(len(dated) - happened, "period"),
        events=plural(happened, "event"),
        undated=len(rows) - len(dated),
    )
    return figure(main, table, counted, width=GUTTER + _WIDTH, indent=GUTTER, key=_key(say))


def _row(row: dict[str, Any], first: str, last: str) -> dict[str, Any]:
    """Return a row with the ends that are drawn; an open end reaches the edge of the picture."""
    opened = str(row.get("open") or "")
    earliest, latest = row.get("earliest"), row.get("latest")
    start = earliest if opened not in {"start", "both"} else None
    end = latest if opened not in {"end", "both"} else None
    left, right = (start or first, end or last) if earliest or latest else (None, None)
    if row["kind"] == "event":
        left, right = earliest or latest, latest or earliest
    look = "period" if row["kind"] == "period" else "day" if left and left == right else "span"
    return row | {"from": left, "to": right, "look": look, "left": start is None, "right": end is None}


def _marks(base: Any, shared: dict[str, Any], y: Any) -> list[Any]:
    """Return the layers: bars, the arrows of their open ends, lines of loose events, and diamonds of events."""
    x, end, x2 = alt.X("from:T", **shared), alt.X("to:T", **shared), "to:T"
    periods = base.transform_filter("datum.look == 'period' && isValid(datum.from)")
    events = base.transform_filter("datum.look != 'period' && isValid(datum.from)")
    arrow = _ARROW | {"aria": False}
    loose = events.transform_filter("datum.look == 'span'")
    middle = loose.transform_calculate(mid="(toNumber(toDate(datum.from)) + toNumber(toDate(datum.to))) / 2")
    return [
        periods.mark_bar(size=13, **_PERIOD).encode(x=x, x2=x2, y=y, tooltip=_TOOLTIP),
        periods.transform_filter("datum.left").mark_point(shape="triangle-left", **arrow).encode(x=x, y=y),
        periods.transform_filter("datum.right").mark_point(shape="triangle-right", **arrow).encode(x=end, y=y),
        loose.mark_rule(**_LOOSE).encode(x=x, x2=x2, y=y, tooltip=_TOOLTIP),
        middle.mark_point(**_HOLLOW).encode(x=alt.X("mid:T", **shared), y=y, tooltip=_TOOLTIP),
        events.transform_filter("datum.look == 'day'")
        .mark_point(stroke="white", strokeWidth=0.8, **_DIAMOND)
        .encode(x=x, y=y, tooltip=_TOOLTIP),
    ]


def _key(say: Callable[..., str]) -> Any:
    base = alt.Chart(data([{"look": look, "words": say(words)} for look, words in _KEY.items()]))
    y = alt.Y("look:N", sort=list(_KEY), axis=None)
    left, mid, right = (alt.value(place - GUTTER) for place in (0, 15, 30))
    period, arrow, day, span = (base.transform_filter(f"datum.look == '{look}'") for look in _KEY)
    return key(
        *(base, y),
        period.mark_rect(height=13, fill=_BAR, stroke="#33506b").encode(x=left, x2=right, y=y),
        arrow.mark_point(shape="triangle-right", **_ARROW).encode(x=mid, y=y),
        day.mark_point(**_DIAMOND).encode(x=mid, y=y),
        span.mark_rule(**_LOOSE).encode(x=left, x2=right, y=y),
        span.mark_point(**_HOLLOW).encode(x=mid, y=y),
    )
