"""The time line: a bar a plan, as precise as the source is; today's line; what has no date is counted apart."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from ..errors import ParameterError
from ..project import findings
from ..tables.origins import marked
from ..tables.table import Picture, Table
from .canvas import PAD, SMALL, TEXT, Canvas, Look, cut, wide
from .figure import ORDERS, Key, Row, figure, in_parts, placed, speech

_LANE, _BAR = 9.5, 7.5
_FEW = 14  # with no more documents than that, each has a row with its title and its events
_AROUND = 150.0
_ARROW = 20.0  # pixels of a bar without an end
_YEARS = 12  # with more, only each fifth year has its number


class _Plan(NamedTuple):
    """A document on the line: the ends of its period in years (None if not stated), and its dated events."""

    name: str
    row: Row
    start: float | None
    end: float | None
    events: list[Row]

    @property
    def first(self) -> float:
        return min(each for each in (self.start, self.end, *(_year(row["earliest"]) for row in self.events)) if each)


def timeline(table: Table, look: Look = Look()) -> Picture:
    """Return the time line of a table with the columns country, document, kind, what, earliest, latest and open.

    A row is a jurisdiction; a document with its events where there are few. Raises ParameterError where no row has a
    date.
    """
    say, plural = speech(table)
    rows: dict[str, list[Row]] = {}
    for row in table.rows:
        rows.setdefault(str(row["document"]), []).append(row)
    plans = {document: _plan(each) for document, each in rows.items()}
    dated = {document: plan for document, plan in plans.items() if plan.start or plan.end or plan.events}
    if not dated:
        raise ParameterError("There is nothing to show on a time line: no row has a date.")
    today, single = _year(look.today), len(rows) <= _FEW
    look = look._replace(names={str(row["country"]): str(row.get("name") or row["country"]) for row in table.rows})
    first: dict[str, float] = {}
    for plan in dated.values():
        code = str(plan.row["country"])
        first[code] = min(first.get(code, plan.first), plan.first)
    order = placed(look._replace(order="code" if look.order == "code" else look.order.replace("date", "value")), first, first.__getitem__)
    lanes = [[plan for plan in dated.values() if plan.row["country"] == code] for code in order]
    if single:
        lanes = [[plan] for each in lanes for plan in sorted(each, key=lambda plan: plan.first)]
    drawn = [_lanes(each) for each in lanes]
    high = [len(each) * _LANE + 3.5 + 13 * single for each in drawn]
    low = int(min(plan.first for plan in dated.values()))
    top = int(max(each for plan in dated.values() for each in (plan.start, plan.end, plan.first) if each)) + 1
    names = [plans[0].name if single else look.names[str(plans[0].row["country"])] for plans in lanes]
    label = min(max(wide(name, TEXT) for name in names) + 10, (0.46 if single else 0.3) * look.width)

    def part(canvas: Canvas, chosen: slice) -> None:
        left, right, above = canvas.left + label, canvas.right - 12, canvas.y + 14
        bottom = above + 6 + sum(high[chosen])

        def x(year: float) -> float:
            return left + (year - low) / (top - low) * (right - left)

        for year in range(low, top + 1):
            if top - low <= _YEARS or year % 5 == 0:
                canvas.add("line", x1=x(year), x2=x(year), y1=above, y2=bottom, stroke="line", stroke_width=0.7)
                if right - left > 30 * len([each for each in range(low, top) if top - low <= _YEARS or each % 5 == 0]) or year % 10 == 0:
                    canvas.text(x(year), above - 4, str(year), SMALL, "quiet", anchor="middle")
        canvas.y = above + 6
        for name, each, height in zip(names[chosen], drawn[chosen], high[chosen], strict=True):
            canvas.text(left - 8, canvas.y + 7.5, cut(name, label - 10, TEXT), anchor="end", title=name)
            if single:
                words = "; ".join(dict.fromkeys(f"{row['what']} {row['start']}" for row in each[0][0].events))
                canvas.text(left - 8, canvas.y + 19, cut(words, label - 10, SMALL), SMALL, "quiet", anchor="end", title=words)
            for number, lane in enumerate(each):
                for plan in lane:
                    _bar(canvas, plan, canvas.y + number * _LANE, x, today, single=single)
            canvas.y += height
        canvas.add("line", x1=x(today), x2=x(today), y1=above, y2=bottom, stroke="text", stroke_width=1.4)
        canvas.y = bottom + 12
        words = findings.day_in_words(table.about.language, look.today)
        half = wide(words, SMALL, bold=True) / 2
        canvas.text(min(max(x(today), canvas.left + half), canvas.right - half), canvas.y, words, SMALL, anchor="middle", bold=True)

    look_of = {document: _look(plan, today) for document, plan in dated.items()}
    marks: Mapping[str, tuple[str, Callable[[Canvas, float, float], Any]]] = {
        "stated": ("runs today", lambda canvas, x, y: canvas.add("rect", x=x, y=y - 8, width=22, height=_BAR, rx=1.5, fill="stated")),
        "partly": ("its period ended, or is yet to begin", lambda canvas, x, y: canvas.add("rect", x=x, y=y - 8, width=22, height=_BAR, rx=1.5, fill="partly")),
        "open": ("perhaps runs today: a draft", lambda canvas, x, y: canvas.add("rect", x=x, y=y - 8, width=22, height=_BAR, fill="open", stroke="partly")),
        "start": ("starts; no end stated", lambda canvas, x, y: _arrow(canvas, x, y - 8, 1, "")),
        "end": ("ends; no start stated", lambda canvas, x, y: _arrow(canvas, x + _ARROW, y - 8, -1, "")),
        "event": ("no period stated: a dated act", lambda canvas, x, y: _diamond(canvas, x + 11, y - 3.5, "stated", "")),
    }
    used = {*look_of.values(), *(["event"] if single and any(plan.events for plan in dated.values()) else [])}
    key = [Key(draw, say(words) if name != "event" or not single else say("a dated act")) for name, (words, draw) in marks.items() if name in used]
    years = [round(plan.end - plan.start) for plan in dated.values() if plan.start and plan.end]
    now = sum(each == "stated" for each in look_of.values())
    without: dict[str, int] = {}
    for document in rows.keys() - dated.keys():
        name = look.names[str(rows[document][0]["country"])]
        without[name] = without.get(name, 0) + 1
    undated = ", ".join(f"{name} {number}" for name, number in sorted(without.items()))
    subtitle = say(
        "{plans} of {places} with a date, {start} to {end}; {order}",
        plans=plural(len(dated), "plan"),
        places=plural(len(first), "jurisdiction") if len(first) > 1 else look.names[order[0]],
        start=low,
        end=top - 1,
        order=say(ORDERS[look.order] or ORDERS["date"]),
    )
    notes = [
        say("A bar reaches from the earliest to the latest day that the stated precision allows. A gap may be a plan that is not recorded."),
        say("Without any date, and not drawn: {named}.", named=undated) if undated else "",
    ]
    title = findings.lengths(table.about.language, years, now) or say("Which plans ran when?")
    draws = [lambda canvas, chosen=chosen: part(canvas, chosen) for chosen in in_parts(look, high, _AROUND)]
    return figure(table, look, draws, title=title, subtitle=subtitle, notes=notes, key=key)


def _plan(rows: Sequence[Row]) -> _Plan:
    """Return a document of its rows: of several periods the one with most ends stated."""
    periods = [row for row in rows if row["kind"] == "period"]
    best = min(periods, key=lambda row: ((row.get("open") or "") != "", not row.get("shown", True)), default=rows[0])
    opened, period = str(best.get("open") or ""), best["kind"] == "period"
    start = _year(best["earliest"]) if period and opened not in {"start", "both"} and best.get("earliest") else None
    end = _year(best["latest"], 1) if period and opened not in {"end", "both"} and best.get("latest") else None
    events = [row for row in rows if row["kind"] == "event" and row.get("earliest")]
    return _Plan(marked(best.get("title") or best["document"], best.get("title_origin")), best, start, end, events)


def _year(day: object, after: int = 0) -> float:
    """Return a day (YYYY-MM-DD), and as many ``after`` it, as a number of years."""
    found = date.fromisoformat(str(day))
    return found.year + (found.timetuple().tm_yday - 1 + after) / 366


def _look(plan: _Plan, today: float) -> str:
    if plan.start and plan.end:
        answer = plan.row.get("runs") or ("yes" if plan.start <= today < plan.end else "no")
        return {"yes": "stated", "possible": "open"}.get(answer, "partly")
    return "start" if plan.start else "end" if plan.end else "event"


def _lanes(plans: Sequence[_Plan]) -> list[list[_Plan]]:
    """Return plans in as few lanes as keep them apart."""
    lanes: list[tuple[float, list[_Plan]]] = []
    for plan in sorted(plans, key=lambda plan: (plan.first, plan.name)):
        start = plan.start or (plan.end - 1.4 if plan.end else plan.first - 0.3)
        end = plan.end or start + (1.4 if plan.start else 0.6)
        free = next((number for number, (until, _) in enumerate(lanes) if until <= start + 0.02), len(lanes))
        lanes[free : free + 1] = [(end, [*(lanes[free][1] if free < len(lanes) else []), plan])]
    return [lane for _, lane in lanes]


def _bar(canvas: Canvas, plan: _Plan, y: float, x: Callable[[float], float], today: float, *, single: bool) -> None:
    look, row = _look(plan, today), plan.row
    acts = (f"{each['what']} {each['start']}" for each in plan.events)
    period = f"{row.get('start') or '…'} – {row.get('end') or '…'}" if look != "event" else ""
    told = "\n".join(dict.fromkeys(filter(None, (str(row.get("name") or row["country"]), plan.name, period, *acts, row.get("where")))))
    if plan.start and plan.end:
        width = max(x(plan.end) - x(plan.start) - 1.2, 2.5)
        canvas.add("rect", told, x=x(plan.start), y=y, width=width, height=_BAR, rx=1.5, fill=look, **({"stroke": "partly"} if look == "open" else {}))
    elif plan.start or plan.end:
        _arrow(canvas, x(plan.start or plan.end or 0), y, 1 if plan.start else -1, told)
    for each in plan.events if single else plan.events[:1] if look == "event" else ():
        _diamond(canvas, x(_year(each["earliest"])), y + _BAR / 2, "stated" if each["earliest"] == each["latest"] else "paper", told)


def _arrow(canvas: Canvas, x: float, y: float, way: int, told: str) -> None:
    tip, side = way * _ARROW, way * (_ARROW - 6)
    path = f"M{x:.2f},{y}H{x + side:.2f}L{x + tip:.2f},{y + _BAR / 2}L{x + side:.2f},{y + _BAR}H{x:.2f}Z"
    canvas.add("path", told, d=path, fill="paper", stroke="link", stroke_width=1.1)


def _diamond(canvas: Canvas, x: float, y: float, fill: str, told: str) -> None:
    canvas.add("path", told, d=f"M{x:.2f},{y - 4:.2f}l4,4l-4,4l-4,-4Z", fill=fill, stroke="stated", stroke_width=1)
