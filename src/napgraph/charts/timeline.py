"""The time line: a bar a plan, as precise as the source is; today's line; what has no date is counted apart."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import NamedTuple

from ..errors import ParameterError
from ..project import findings
from ..tables.columns import grouped
from ..tables.origins import marked
from ..tables.table import Picture, Table
from .canvas import SMALL, TEXT, Canvas, Look, cut, wide
from .figure import ORDERS, Draw, Key, Row, figure, rank, speech

_LANE, _BAR, _ARROW = 9.5, 7.5, 20.0
_FEW = 14  # with no more documents than that, each has a row with its title and its events
_YEARS = 12  # with more, only each fifth year has its line
_OPEN = 1.4  # years that a bar without an end keeps free of others
_LOOKS = {
    "stated": "runs today",
    "partly": "its period ended, or is yet to begin",
    "open": "perhaps runs today: it is a draft",
    "start": "starts; no end stated",
    "end": "ends; no start stated",
    "event": "no period stated: a dated act",
}


class Plan(NamedTuple):
    """A document: the ends of its period in years (None if not stated), how it is drawn, and its dated events."""

    name: str
    row: Row
    start: float | None
    end: float | None
    look: str
    events: list[Row]

    @property
    def first(self) -> float:
        """The first year of the document that is known."""
        return min(each for each in (self.start, self.end, *(_year(row["earliest"]) for row in self.events)) if each)


def timeline(table: Table, look: Look | None = None) -> Picture:
    """Return the time line of a table with the columns country, document, kind, what, earliest, latest and open.

    A row is a jurisdiction; a document with its events where there are few. Raises ParameterError where no row has a
    date.
    """
    look, (say, plural), rows = look or Look(), speech(table), grouped(table.rows, "document")
    today, single = _year(look.today), len(rows) <= _FEW
    plans = {document: _plan(each, today) for document, each in rows.items()}
    plans = {document: plan for document, plan in plans.items() if plan.start or plan.end or plan.events}
    if not plans:
        raise ParameterError("There is nothing to show on a time line: no row has a date.")
    look = look._replace(names={str(row["country"]): str(row.get("name") or row["country"]) for row in table.rows})
    by = look._replace(order=look.order.replace("date", "value"))  # the value is the first year
    lines: dict[str, list[Plan]] = {}
    for plan in sorted(plans.values(), key=lambda plan: plan.first):
        lines.setdefault(str(plan.row["country"]), []).append(plan)
    order = sorted(lines, key=lambda code: rank(by, code, lines[code][0].first))
    groups = [[plan] for code in order for plan in lines[code]] if single else [lines[code] for code in order]
    drawn = [_lanes(each) for each in groups]
    names = [each[0].name if single else look.name(each[0].row["country"]) for each in groups]
    high = [len(each) * _LANE + 3.5 + 14 * single for each in drawn]
    low = int(min(each[0].first for each in lines.values()))
    top = int(max(each for plan in plans.values() for each in (plan.start, plan.end, plan.first) if each)) + 1
    label = min(max(wide(name, TEXT) for name in names) + 10, (0.46 if single else 0.3) * look.width)

    def part(canvas: Canvas, chosen: slice) -> None:
        left, right, above = canvas.left + label, canvas.right - 12, canvas.y + 14
        bottom = above + 6 + sum(high[chosen])

        def x(year: float) -> float:
            return left + (year - low) / (top - low) * (right - left)

        years = [year for year in range(low, top + 1) if top - low <= _YEARS or year % 5 == 0]
        for year in years:
            canvas.rule(x(year), above, (x(year), bottom))
            if right - left > 30 * len(years) or year % 10 == 0:
                canvas.text(x(year), above - 4, str(year), SMALL, "quiet", anchor="middle")
        canvas.y = above + 6
        for name, lanes, height in zip(names[chosen], drawn[chosen], high[chosen], strict=True):
            canvas.text(left - 8, canvas.y + 7.5, cut(name, label - 10, TEXT), anchor="end", title=name)
            acts = "; ".join(_acts(lanes[0][0])) if single else ""
            canvas.text(left - 8, canvas.y + 19, cut(acts, label - 10, SMALL), SMALL, "quiet", anchor="end", title=acts)
            for number, lane in enumerate(lanes):
                for plan in lane:
                    _draw(canvas, plan, canvas.y + number * _LANE, x, single=single)
            canvas.y += height
        canvas.rule(x(today), above, (x(today), bottom), "text", 1.4)
        words, canvas.y = findings.day_in_words(table.about.language, look.today), bottom + 12
        half = wide(words, SMALL, bold=True) / 2
        middle = min(max(x(today), canvas.left + half), canvas.right - half)
        canvas.text(middle, canvas.y, words, SMALL, anchor="middle", bold=True)

    looks = Counter(plan.look for plan in plans.values())
    shown = {name: words for name, words in _LOOKS.items() if looks[name]}
    shown |= {"event": "a dated act"} if single and any(plan.events for plan in plans.values()) else {}
    key = [Key(partial(_mark, name), say(words)) for name, words in shown.items()]
    undated = Counter(look.name(rows[document][0]["country"]) for document in rows.keys() - plans.keys())
    subtitle = say(
        "{plans} of {places} with a date, {start} to {end}; {order}",
        plans=plural(len(plans), "plan"),
        places=plural(len(lines), "jurisdiction") if len(lines) > 1 else look.name(order[0]),
        start=low,
        end=top - 1,
        order=say(ORDERS[look.order] or ORDERS["date"]),
    )
    named = ", ".join(f"{name} {number}" for name, number in sorted(undated.items()))
    notes = [
        say("A bar reaches from the earliest to the latest day that the stated precision allows."),
        say("A gap may be a plan that is not recorded."),
        say("Without any date, and not drawn: {named}.", named=named) if named else "",
    ]
    years = [round(plan.end - plan.start) for plan in plans.values() if plan.start and plan.end]
    title = findings.lengths(table.about.language, years, looks["stated"]) or say("Which plans ran when?")
    return figure(table, look, [Draw(part, high)], (title, subtitle), notes, key)


def _plan(rows: Sequence[Row], today: float) -> Plan:
    """Return a document of its rows: of several periods one with both ends stated, if there is one."""
    periods = [row for row in rows if row["kind"] == "period"]
    best = min(periods, key=lambda row: (bool(row.get("open")), not row.get("shown", True)), default=rows[0])
    opened = {"start", "end"} if best["kind"] != "period" or best.get("open") == "both" else {best.get("open")}
    start = _year(best["earliest"]) if "start" not in opened and best.get("earliest") else None
    end = _year(best["latest"], 1) if "end" not in opened and best.get("latest") else None
    look = "start" if start else "end" if end else "event"
    if start and end:
        look = {"possible": "open"}.get(str(best.get("runs")), "stated") if start <= today < end else "partly"
    events = [row for row in rows if row["kind"] == "event" and row.get("earliest")]
    return Plan(marked(best.get("title") or best["document"], best.get("title_origin")), best, start, end, look, events)


def _year(day: object, after: int = 0) -> float:
    """Return a day (YYYY-MM-DD), and as many ``after`` it, as a number of years."""
    found = date.fromisoformat(str(day))
    return found.year + (found.timetuple().tm_yday - 1 + after) / 366


def _acts(plan: Plan) -> list[str]:
    return list(dict.fromkeys(f"{row['what']} {row['start']}" for row in plan.events))


def _lanes(plans: Sequence[Plan]) -> list[list[Plan]]:
    """Return plans, in the order of their first years, in as few lanes as keep them apart."""
    lanes: list[list[Plan]] = []
    ends: list[float] = []
    for plan in plans:
        start = plan.start or (plan.end - _OPEN if plan.end else plan.first - 0.3)
        free = next((number for number, end in enumerate(ends) if end <= start + 0.02), len(lanes))
        lanes[free : free + 1] = [[*(lanes[free] if free < len(lanes) else []), plan]]
        ends[free : free + 1] = [plan.end or start + (_OPEN if plan.start else 0.6)]
    return lanes


def _draw(canvas: Canvas, plan: Plan, y: float, x: Callable[[float], float], *, single: bool) -> None:
    """Draw a document at its years with what is known of it to point at, its events too where it is a row."""
    row = plan.row
    period = f"{row.get('start') or '…'} – {row.get('end') or '…'}" if plan.look != "event" else ""
    told = [str(row.get("name") or row["country"]), plan.name, period, *_acts(plan), str(row.get("where") or "")]
    title = "\n".join(filter(None, told))
    if plan.look != "event":
        end = x(plan.end) if plan.start and plan.end else x(plan.start or 0) + _ARROW
        left = x(plan.start) if plan.start else x(plan.end or 0) - _ARROW
        _mark(plan.look, canvas, left, y, max(end - left - 1.2, 2.5) if plan.start else _ARROW, title)
    for each in plan.events if single else plan.events[:1] if plan.look == "event" else ():
        loose = each["earliest"] != each["latest"]
        _mark("event", canvas, x(_year(each["earliest"])) - 10, y, 20, title, "paper" if loose else "stated")


def _mark(
    look: str, canvas: Canvas, x: float, y: float, width: float = _ARROW, title: str = "", fill: str = "stated"
) -> None:
    """Draw a bar, an arrow to the side whose end is not stated, or the diamond of an act."""
    middle, tip = y + _BAR / 2, 6 if look == "start" else -6
    start, end = (x, x + width) if look == "start" else (x + width, x)
    arrow = f"M{start:.2f},{y}H{end - tip:.2f}L{end:.2f},{middle}L{end - tip:.2f},{y + _BAR}H{start:.2f}Z"
    if look in {"start", "end"}:
        canvas.add("path", title, d=arrow, fill="paper", stroke="link", stroke_width=1.1)
    elif look == "event":
        diamond = f"M{x + width / 2:.2f},{middle - 4:.2f}l4,4l-4,4l-4,-4Z"
        canvas.add("path", title, d=diamond, fill=fill, stroke="stated", stroke_width=1)
    else:
        edge = {"stroke": "partly"} if look == "open" else {}
        canvas.box((x, y, width, _BAR), look, title, rx=1.5, **edge)
