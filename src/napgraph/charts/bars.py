"""Figures of bars: what share is certainly there and may be (intervals), shares by time (spread), and who leads."""

from collections.abc import Callable, Sequence
from typing import Any

from ..errors import ParameterError
from ..project import findings
from ..tables.origins import marked
from ..tables.table import Picture, Table
from .canvas import LARGE, PAD, SMALL, TEXT, Canvas, Look, cut, lines, wide
from .figure import ORDERS, Key, Row, figure, filled, in_parts, placed, speech

_ROW, _AROUND = 15.0, 150.0
_FEW = 5  # plans; from fewer no share is read
_BAR, _HIGH = 40.0, 66.0  # the least width of a bar with its counts, and how high a whole one is
_SHOWN = 6  # concepts, unless all are wanted


def intervals(table: Table, look: Look = Look()) -> Picture:
    """Return interval bars of a table with the columns country, document, lower and upper, both from 0 to 1.

    A ``question`` or ``collection`` makes a panel each, side by side; a ``kind`` makes a row of its own. Documents of
    which nothing is known, and those that are asked nothing, are left out and counted. Raises ParameterError for a
    table without these columns.
    """
    if missing := [name for name in ("country", "document", "lower", "upper") if name not in table.names]:
        raise ParameterError(f"Interval bars need the columns country, document, lower and upper: without {missing}.")
    panel, (say, plural) = next((name for name in ("question", "collection") if name in table.names), ""), speech(table)
    found: dict[tuple[str, str], dict[str, Row]] = {}
    for row in table.rows:
        found.setdefault((str(row["document"]), str(row.get("kind") or "")), {})[str(row[panel] or "") if panel else ""] = row
    told = {key: [row for row in each.values() if row["lower"] is not None] for key, each in found.items()}
    known = {key: rows for key, rows in told.items() if any((row["lower"], row["upper"]) != (0, 1) for row in rows)}

    panels = list(dict.fromkeys(str(row[panel]) for rows in known.values() for row in rows)) if panel else [""]

    def by(key: tuple[str, str]) -> Any:
        row, rows = next(iter(found[key].values())), known[key]
        code, value = str(row["country"]), -sum(row["lower"] + row["upper"] for row in rows) / len(rows)
        return {"value": value, "code": code}.get(look.order, look.ranks.get(code, (9999,))), code, key

    order = sorted(known, key=by)
    label = min(0.4 * look.width, 250.0 if len(panels) > 1 else 400.0)
    step = (look.width - 2 * PAD - label) / max(len(panels), 1)

    def part(canvas: Canvas, keys: Sequence[tuple[str, str]]) -> None:
        left, top = canvas.left + label, canvas.y
        heads = [lines(say(name), step - 10, TEXT, bold=True) for name in panels]
        for number, words in enumerate(heads):
            for place, line in enumerate(words):
                canvas.text(left + number * step, top + 12 + place * 12, line, bold=True)
        canvas.y = top + 8 + 12 * max(map(len, heads))
        for key in keys:
            first = next(iter(found[key].values()))
            years = look.years.get("/".join(key[0].split("/")[-2:]), "")
            name = f"{look.names.get(first['country'], first['country'])} {years}".strip()
            title = marked(first.get("title") or key[0], first.get("title_origin")) + (f" · {say(key[1])}" if key[1] else "")
            short = cut(name, 0.6 * label, TEXT)
            canvas.text(canvas.left, canvas.y + 10.5, short, title=f"{name}\n{title}")
            x = canvas.left + wide(f"{short} ", TEXT) + 3
            canvas.text(x, canvas.y + 10.5, cut(title, left - 8 - x, SMALL), SMALL, "quiet", title=f"{name}\n{title}")
            for number, each in enumerate(panels):
                row = found[key].get(each)
                if row is not None and row["lower"] is not None:
                    _interval(canvas, row, left + number * step, step - 44, f"{name}: {title}: {say(each)}", say)
            canvas.y += _ROW
        canvas.y += 2

    none = sum(not rows for rows in told.values())
    subtitle = say(
        "{documents}: from the share that is certainly there to the share that may be there; the number is what is there "
        "of what is asked; {order}",
        documents=plural(len({key[0] for key in order}), "document"),
        order=say(ORDERS[look.order] or "the fullest first"),
    )
    notes = [
        say("Where two intervals overlap, neither can be said to be the fuller one."),
        say("Nothing is known of {number} more rows; they are in the table.", number=len(told) - len(known) - none) if len(told) - len(known) > none else "",
        say("{number} rows have nothing to count.", number=none) if none else "",
    ]
    drawn = {"stated": "stated: certainly there", "partly": "not stated, or not looked for: may be there", "paper": "known to be absent"}
    uppers = [row["upper"] for rows in known.values() for row in rows]
    key = [Key(filled(fill), say(words)) for fill, words in drawn.items() if fill != "paper" or any(upper < 1 for upper in uppers)]
    shares = [_share(rows) for rows in told.values() if rows]
    title = findings.fullest(table.about.language, shares) if panel == "collection" else ""
    draws = [lambda canvas, keys=order[chosen]: part(canvas, keys) for chosen in in_parts(look, [_ROW] * len(order), _AROUND)]
    return figure(table, look, draws, title=title or table.about.title, subtitle=subtitle, notes=notes, key=key)


def _share(rows: Sequence[Row]) -> float:
    """Return what share of all that is asked of a document is there."""
    return sum(row["present"] for row in rows) / max(sum(row["applicable"] for row in rows), 1)


def _interval(canvas: Canvas, row: Row, x: float, width: float, name: str, say: Callable[..., str]) -> None:
    every, some = row.get("elements", row.get("applicable")), row.get("with_it", row.get("present"))
    counts = say("{some} of {all}", some=some, all=every) if every is not None else ""
    told = f"{name}: {counts} ({row['lower']:.0%} – {row['upper']:.0%})"
    box = {"y": canvas.y + 2.5, "height": _ROW - 5}
    canvas.add("rect", told, x=x, width=width, fill="paper", stroke="edge", stroke_width=0.6, **box)
    canvas.add("rect", told, x=x, width=row["upper"] * width, fill="partly", **box)
    canvas.add("rect", told, x=x, width=row["lower"] * width, fill="stated", **box)
    canvas.text(x + width + 4, canvas.y + 10.5, counts, SMALL, "quiet")


def spread(table: Table, look: Look = Look()) -> Picture:
    """Return small bars of a table with a row per concept and span of years: concept, label, start, end, some, all.

    ``some`` of ``all`` plans that start in the span name the concept. Of fewer than five plans the bar is dashed, as no
    share is read from it. Without ``every``, those six concepts are shown whose share changed most. Raises
    ParameterError where there is no row.
    """
    if not table.rows:
        raise ParameterError("There is nothing to show by year: no plan states when it starts.")
    say, plural = speech(table)
    found: dict[str, list[Row]] = {}
    for row in table.rows:
        found.setdefault(str(row["concept"]), []).append(row)
    labels = {key: str(rows[0]["label"]) for key, rows in found.items()}
    spans = sorted({int(row["start"]) for row in table.rows})
    middle = next((start for start in spans if start >= 2015), spans[-1])  # noqa: PLR2004
    shares = {key: tuple(_sum(rows, lambda start, late=late: (start >= middle) == late) for late in (False, True)) for key, rows in found.items()}  # type: ignore[misc]

    def change(key: str) -> float:
        (some, before), (more, since) = shares[key]
        return more / since - some / before if before and since else 0.0

    order = sorted(found, key=lambda key: (min(shares[key][0][1], shares[key][1][1]) < findings.LEAST, -abs(change(key))))
    order = sorted(order if look.every else order[:_SHOWN], key=lambda key: -change(key))
    per = max(int((look.width - 2 * PAD) / (len(spans) * _BAR + 16)), 1)
    step = (look.width - 2 * PAD) / per
    rows = [order[start : start + per] for start in range(0, len(order), per)]

    def part(canvas: Canvas, chosen: slice) -> None:
        for some in rows[chosen]:
            for number, key in enumerate(some):
                _panel(canvas, labels[key], found[key], canvas.left + number * step, step - 16, say)
            canvas.y += _HIGH + 58

    first, last = min(spans), max(int(row["end"]) for row in table.rows)
    dashed = any(0 < row["all"] < _FEW for key in order for row in found[key])
    subtitle = say(
        "Share of plans that name the concept, by the year in which they start ({start} to {end}); “7 of 12” is seven of "
        "twelve plans of which it can be told",
        start=first,
        end=last,
    )
    notes = [
        say("The line across is half of the plans."),
        say("Dashed: fewer than five plans, no share to be read from it.") if dashed else "",
        say("The sources of later plans are deeper, which alone raises the share."),
        say("Shown are the concepts whose share changed most since {year}; the table has all {number}.", year=middle, number=len(found)) if len(order) < len(found) else "",
    ]
    told = {labels[key]: shares[key] for key in found}
    title = findings.spread(table.about.language, told, middle) or say("Which concepts do plans name, by the year in which they start?")
    cuts = in_parts(look, [_HIGH + 58] * len(rows), _AROUND)
    return figure(table, look, [lambda canvas, cut=each: part(canvas, cut) for each in cuts], title=title, subtitle=subtitle, notes=notes)


def _sum(rows: Sequence[Row], wanted: Callable[[int], bool]) -> tuple[int, int]:
    chosen = [row for row in rows if wanted(int(row["start"]))]
    return sum(row["some"] for row in chosen), sum(row["all"] for row in chosen)


def _panel(canvas: Canvas, label: str, rows: Sequence[Row], x: float, width: float, say: Callable[..., str]) -> None:
    top, step = canvas.y + 14, width / len(rows)
    canvas.text(x, top, cut(label, width, LARGE), LARGE, bold=True, title=label)
    base = top + 20 + _HIGH
    canvas.add("line", x1=x, x2=x + width, y1=base - _HIGH / 2, y2=base - _HIGH / 2, stroke="line", stroke_width=0.8)
    for number, row in enumerate(rows):
        share = row["some"] / row["all"] if row["all"] else 0
        middle, high = x + (number + 0.5) * step, max(share * _HIGH, 0.8)
        look: dict[str, Any] = {"fill": "stated"} if row["all"] >= _FEW else {"fill": "paper", "stroke": "edge", "stroke_dasharray": "3 2"}
        counts, years = say("{some} of {all}", some=row["some"], all=row["all"]), f"{row['start']}–{row['end'] % 100:02}"
        if row["all"]:
            canvas.add("rect", f"{label}: {years}: {counts}", x=middle - 0.32 * step, y=base - high, width=0.64 * step, height=high, **look)
        canvas.text(middle, base - high - 4, counts, SMALL, anchor="middle", bold=True)
        canvas.text(middle, base + 12, years, SMALL, "quiet", anchor="middle")
    canvas.add("line", x1=x, x2=x + width, y1=base, y2=base, stroke="edge", stroke_width=1)


def leads(table: Table, look: Look = Look()) -> Picture:
    """Return who coordinates, of a table with a row per jurisdiction: country, name, kind, body; kind None for unknown.

    Raises ParameterError where no body is named.
    """
    say, plural = speech(table)
    kinds: dict[str, list[Row]] = {}
    for row in table.rows:
        if row["kind"]:
            kinds.setdefault(str(row["kind"]), []).append(row)
    if not kinds:
        raise ParameterError("There is nothing to show of who coordinates: the sources name none here.")
    total, silent = sum(map(len, kinds.values())), [str(row["name"]) for row in table.rows if not row["kind"]]
    order, most = sorted(kinds, key=lambda kind: (-len(kinds[kind]), kind)), max(map(len, kinds.values()))
    across = look.width - 2 * PAD
    label, full = min(0.28 * across, 190.0), 0.24 * across
    called = {str(row["country"]): str(row["name"]) for row in table.rows}
    look = look._replace(names=called)
    blocks = []
    for number, kind in enumerate(order):
        bar = full * len(kinds[kind]) / most
        codes = placed(look._replace(order="region" if look.order == "region" else look.order), [str(row["country"]) for row in kinds[kind]], lambda code: 0)
        words = lines(", ".join(called[code] for code in codes), across - label - bar - 40, TEXT)
        head = lines(kind, label - 10, TEXT)
        blocks.append((number, kind, bar, words, head, max(len(words), len(head), 2) * 13 + 8.0))

    def part(canvas: Canvas, chosen: slice) -> None:
        for number, kind, bar, words, head, high in blocks[chosen]:
            left, middle = canvas.left + label, canvas.y + high / 2
            for place, line in enumerate(head):
                canvas.text(left - 10, middle + 3.5 + 13 * (place - (len(head) - 1) / 2), line, anchor="end")
            told = "\n".join([f"{kind}: {len(kinds[kind])}", *(f"{row['name']}: {row['body'] or kind}" for row in kinds[kind])])
            canvas.add("rect", told, x=left, y=middle - 11, width=bar, height=22, rx=2, fill="partly" if number else "stated")
            canvas.text(left + bar + 7, middle + 4, str(len(kinds[kind])), LARGE, bold=True)
            for place, line in enumerate(words):
                canvas.text(left + bar + 30, middle + 3.5 + 13 * (place - (len(words) - 1) / 2), line, TEXT, "quiet")
            canvas.y += high
            canvas.add("line", x1=canvas.left, x2=canvas.right, y1=canvas.y, y2=canvas.y, stroke="line", stroke_width=0.7)

    counts = {kind: len(rows) for kind, rows in kinds.items()}
    title = findings.leader(table.about.language, counts, total) or say("Who coordinates the plans?")
    subtitle = say("Kind of body that coordinates, chairs or answers for the latest plan of which a source names one; jurisdictions {order}", order=say(ORDERS[look.order]) if look.order in {"date", "region", "code"} else say("by name"))
    note = say("The sources of {number} more name no such body: {named}.", number=len(silent), named=", ".join(silent)) if silent else ""
    cuts = in_parts(look, [block[-1] for block in blocks], _AROUND)
    return figure(table, look, [lambda canvas, cut=each: part(canvas, cut) for each in cuts], title=title, subtitle=subtitle, notes=[note])
