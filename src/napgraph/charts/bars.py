"""Figures of bars: what share is certainly there and may be (intervals), shares by time (spread), and who leads."""

from collections.abc import Callable, Sequence

from ..errors import ParameterError
from ..project import findings
from ..tables.columns import grouped
from ..tables.origins import marked
from ..tables.table import Picture, Table
from .canvas import LARGE, PAD, SMALL, TEXT, Canvas, Look, cut, lines, wide
from .figure import ORDERS, Draw, Row, figure, filled, rank, speech

_ROW, _LINE = 15.0, 13.0
_COUNTS, _NARROW = 44.0, 130.0  # pixels beside an interval, and of the page for a panel with such counts
_FEW = 5  # plans; from fewer no share is read
_BAR, _HIGH, _AROUND = 40.0, 66.0, 58.0  # the least width of a bar with its counts, how high a whole one is, and more
_SHOWN = 6  # concepts, unless all are wanted
_KEY = {
    "stated": "stated: certainly there",
    "partly": "not stated, or not looked for: may be there",
    "paper": "known to be absent",
}


def intervals(table: Table, look: Look | None = None) -> Picture:
    """Return interval bars of a table with the columns country, document, lower and upper, both from 0 to 1.

    A ``question`` or ``collection`` makes a panel each, side by side; a ``kind`` makes a row of its own. Documents of
    which nothing is known, where something is known of others, and those that are asked nothing, are left out and
    counted. Raises ParameterError for a table without these columns, and where nothing is asked.
    """
    if missing := [name for name in ("country", "document", "lower", "upper") if name not in table.names]:
        raise ParameterError(f"Interval bars need the columns country, document, lower and upper: without {missing}.")
    look, (say, plural) = look or Look(), speech(table)
    panel = next((name for name in ("question", "collection") if name in table.names), "")
    asked: dict[tuple[str, str], list[Row]] = {}
    for row in table.rows:
        key = str(row["document"]), str(row.get("kind") or "")
        asked.setdefault(key, []).extend([row] if row["lower"] is not None else [])
    none = sum(not rows for rows in asked.values())
    known = {key: rows for key, rows in asked.items() if any((row["lower"], row["upper"]) != (0, 1) for row in rows)}
    if not (known := known or {key: rows for key, rows in asked.items() if rows}):
        raise ParameterError("There is nothing to show as intervals: no document has anything to count.")

    def by(key: tuple[str, str]) -> tuple[object, ...]:
        rows = known[key]
        asked = [row.get("elements", row.get("applicable")) or 1 for row in rows]
        full = sum(number * (row["lower"] + row["upper"]) for number, row in zip(asked, rows, strict=True))
        return rank(look, rows[0]["country"], -full / sum(asked)), key

    order = sorted(known, key=by)
    panels = list(dict.fromkeys(str(row[panel]) for rows in known.values() for row in rows)) if panel else [""]
    narrow = look.width < _NARROW * len(panels)  # no room for counts, which are told where one points at a bar
    label = min((0.3 if narrow else 0.4) * look.width, 250.0 if len(panels) > 1 else 400.0)
    step = (look.width - 2 * PAD - label) / len(panels)
    heads = [lines(say(name), step - 4, TEXT, bold=True) for name in panels]

    def part(canvas: Canvas, chosen: slice) -> None:
        left = canvas.left + label
        for number, words in enumerate(heads):
            for place, line in enumerate(words):
                canvas.text(left + number * step, canvas.y + 12 + place * 12, line, bold=True)
        canvas.y += 8 + 12 * max(map(len, heads))
        for key in order[chosen]:
            row = known[key][0]
            years = look.years.get("/".join(key[0].split("/")[-2:]), "")
            name = f"{look.name(row['country'])} {years}".rstrip()
            title = marked(row.get("title") or key[0], row.get("title_origin"))
            title += f" · {say(key[1])}" if key[1] else ""
            room = (label - 8 if narrow else 0.6 * label) - wide(f" {years}", TEXT)
            short = f"{cut(look.name(row['country']), room, TEXT)} {years}".rstrip()
            canvas.text(canvas.left, canvas.y + 10.5, short, title=f"{name}\n{title}")
            x = canvas.left + wide(f"{short} ", TEXT) + 3
            beside = "" if narrow else cut(title, left - 8 - x, SMALL)
            canvas.text(x, canvas.y + 10.5, beside, SMALL, "quiet", title=f"{name}\n{title}")
            for row in known[key]:
                x = left + panels.index(str(row[panel]) if panel else "") * step
                _interval(canvas, row, x, step - (8 if narrow else _COUNTS), f"{name}: {title}", say, not narrow)
            canvas.y += _ROW

    subtitle = say(
        "{documents}: from the share that is certainly there to the share that may be there; the number is what is "
        "there of what is asked; {order}",
        documents=plural(len({key[0] for key in order}), "document"),
        order=say(ORDERS[look.order] or "the fullest first"),
    )
    unknown = len(asked) - len(known) - none
    notes = [
        say("Where two intervals overlap, neither can be said to be the fuller one."),
        say("Rows of which nothing is known, in the table only: {number}.", number=unknown) if unknown else "",
        say("Rows that have nothing to count: {number}.", number=none) if none else "",
    ]
    absent = any(row["upper"] < 1 for rows in known.values() for row in rows)
    entries = [filled(fill, say(words)) for fill, words in _KEY.items() if fill != "paper" or absent]
    shares = [
        sum(row["present"] for row in rows) / max(sum(row["applicable"] for row in rows), 1)
        for rows in asked.values()
        if rows and panel == "collection"
    ]
    title = findings.fullest(table.about.language, shares)
    return figure(table, look, [Draw(part, [_ROW] * len(order))], (title, subtitle), notes, entries)


def _interval(
    canvas: Canvas, row: Row, x: float, width: float, name: str, say: Callable[..., str], counted: bool
) -> None:
    every, some = row.get("elements", row.get("applicable")), row.get("with_it", row.get("present"))
    counts = say("{some} of {all}", some=some, all=every) if every is not None else ""
    told, y, high = f"{name}: {counts} ({row['lower']:.0%} – {row['upper']:.0%})", canvas.y + 2.5, _ROW - 5
    canvas.box((x, y, width, high), "paper", told, stroke="edge", stroke_width=0.6)
    canvas.box((x, y, row["upper"] * width, high), "partly", told)
    canvas.box((x, y, row["lower"] * width, high), "stated", told)
    canvas.text(x + width + 4, canvas.y + 10.5, counts * counted, SMALL, "quiet")


def spread(table: Table, look: Look | None = None) -> Picture:
    """Return small bars of a table with a row per concept and span of years: concept, label, start, end, some, all.

    ``some`` of ``all`` plans that start in the span name the concept. Of fewer than five plans the bar is dashed, as no
    share is read from it. Without ``every``, those six concepts are shown whose share changed most. Raises
    ParameterError where there is no row.
    """
    if not table.rows:
        raise ParameterError("There is nothing to show by year: no plan states when it starts.")
    look, (say, _), found = look or Look(), speech(table), grouped(table.rows, "concept")
    rows: list[Row] = list(table.rows)
    labels = {key: str(rows[0]["label"]) for key, rows in found.items()}
    spans = sorted({int(row["start"]) for row in rows})
    change, middle = findings.changes(table.rows, "concept")
    order = sorted(found, key=lambda key: (change[key] is None, -abs(change[key] or 0)))
    ends = {pick(order, key=lambda key: change[key] or 0) for pick in (max, min)}  # the title names these
    order = order if look.every else [*ends, *(key for key in order if key not in ends)][:_SHOWN]
    order.sort(key=lambda key: -(change[key] or 0))
    most = max(int((look.width - 2 * PAD) / (len(spans) * _BAR + 16)), 1)
    per = -(-len(order) // -(-len(order) // most))  # as many beside each other in each line
    step = (look.width - 2 * PAD) / per
    panels = [order[start : start + per] for start in range(0, len(order), per)]

    def part(canvas: Canvas, chosen: slice) -> None:
        for some in panels[chosen]:
            for number, key in enumerate(some):
                _panel(canvas, labels[key], found[key], canvas.left + number * step, step - 16, say)
            canvas.y += _HIGH + _AROUND

    subtitle = say(
        "Share of plans that name the concept, by the year in which they start ({start} to {end}); “7 of 12” is seven "
        "of twelve plans of which it can be told",
        start=spans[0],
        end=max(int(row["end"]) for row in rows),
    )
    dashed = any(0 < row["all"] < _FEW for key in order for row in found[key])
    shown = "Shown are the concepts whose share changed most since {year}; the table has all {number}."
    notes = [
        say("The line across is half of the plans."),
        say("Dashed: fewer than five plans, no share to be read from it.") if dashed else "",
        say("The sources of later plans are deeper, which alone raises the share."),
        say(shown, year=middle, number=len(found)) if len(order) < len(found) else "",
    ]
    title = findings.spread(table.about.language, {labels[key]: each for key, each in change.items()}, middle)
    title = title or say("Which concepts do plans name, by the year in which they start?")
    return figure(table, look, [Draw(part, [_HIGH + _AROUND] * len(panels))], (title, subtitle), notes)


def _panel(canvas: Canvas, label: str, rows: Sequence[Row], x: float, width: float, say: Callable[..., str]) -> None:
    top, step = canvas.y + 14, width / len(rows)
    base = top + 20 + _HIGH
    canvas.text(x, top, cut(label, width, LARGE), LARGE, bold=True, title=label)
    canvas.rule(x, base - _HIGH / 2, (x + width, base - _HIGH / 2))
    for number, row in enumerate(rows):
        middle, high = x + (number + 0.5) * step, max(row["some"] / max(row["all"], 1) * _HIGH, 0.8)
        counts = say("{some} of {all}", some=row["some"], all=row["all"])
        years = f"{row['start']}–{row['end'] % 100:02}"
        box, told = (middle - 0.32 * step, base - high, 0.64 * step, high), f"{label}: {years}: {counts}"
        if row["all"] >= _FEW:
            canvas.box(box, "stated", told)
        elif row["all"]:
            canvas.box(box, "paper", told, stroke="edge", stroke_dasharray="3 2")
        canvas.text(middle, base - high - 4, counts, SMALL, anchor="middle", bold=True, halo=True)
        canvas.text(middle, base + 12, years, SMALL, "quiet", anchor="middle")
    canvas.rule(x, base, (x + width, base), "edge", 1)


def leads(table: Table, look: Look | None = None) -> Picture:
    """Return who coordinates, of a table with a row per jurisdiction: country, name, kind, body; kind None for unknown.

    Raises ParameterError where no body is named.
    """
    look, (say, _) = look or Look(), speech(table)
    look = look._replace(names={str(row["country"]): str(row["name"]) for row in table.rows})
    kinds = grouped(sorted(table.rows, key=lambda row: rank(look, row["country"], 0)), "kind")
    silent, counts = kinds.pop("", []), {kind: len(rows) for kind, rows in kinds.items()}
    if not kinds:
        raise ParameterError("There is nothing to show of who coordinates: the sources name none here.")
    across = look.width - 2 * PAD
    label, blocks = min(0.28 * across, 190.0), []
    for kind in sorted(kinds, key=lambda kind: (-counts[kind], kind)):
        bar, head = 0.24 * across * counts[kind] / max(counts.values()), lines(kind, label - 10, TEXT)
        words = lines(", ".join(str(row["name"]) for row in kinds[kind]), across - label - bar - 32, TEXT)
        blocks.append((kind, bar, head, words, max(len(words), len(head), 2) * _LINE + 8))

    def part(canvas: Canvas, chosen: slice) -> None:
        for kind, bar, head, words, high in blocks[chosen]:
            left, middle = canvas.left + label, canvas.y + high / 2
            named = (f"{row['name']}: {row['body'] or kind}" for row in kinds[kind])
            told = "\n".join([f"{kind}: {counts[kind]}", *named])
            canvas.box((left, middle - 11, bar, 22), "stated" if kind == blocks[0][0] else "partly", told, rx=2)
            canvas.text(left + bar + 7, middle + 4, str(counts[kind]), LARGE, bold=True)
            for x, text, anchor, fill in ((left - 10, head, "end", "text"), (left + bar + 30, words, "start", "quiet")):
                for place, line in enumerate(text):
                    canvas.text(x, middle + 3.5 + _LINE * (place - (len(text) - 1) / 2), line, fill=fill, anchor=anchor)
            canvas.y += high
            canvas.rule(canvas.left, canvas.y, (canvas.right, canvas.y))

    subtitle = say(
        "Kind of body that coordinates, chairs or answers for the latest plan of which a source names one; "
        "jurisdictions {order}",
        order=say(ORDERS[look.order] or "by name"),
    )
    named = ", ".join(str(row["name"]) for row in silent)
    note = say("No such body is named by the sources of {number} more: {named}.", number=len(silent), named=named)
    title = findings.leader(table.about.language, counts) or say("Who coordinates the plans?")
    return figure(
        table, look, [Draw(part, [block[-1] for block in blocks])], (title, subtitle), [note] if silent else []
    )
