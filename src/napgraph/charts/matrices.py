"""Figures that are matrices: jurisdictions by concepts (the heat map), bodies by role, likeness of each with each."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from ..errors import ParameterError
from ..project import findings
from ..tables.origins import marked
from ..tables.table import Picture, Table
from .canvas import PAD, SMALL, TEXT, Box, Canvas, Look, cut, wide
from .figure import ORDERS, SAYING, Draw, Row, figure, filled, rank, speech, values_key, words_of

_ROW = 15.5
_NARROW, _WIDE = 14.3, 30.0  # pixels of a column: with fewer, its head cannot be read
_LABEL, _ASIDE = 0.3, 75.0  # the most of the width for names, and pixels for the last heads that lean over
_HEAD, _SLOPE = 170.0, 0.7071  # pixels of the longest head of a column, and how it leans
_LEAST = 5  # columns
_STEPS = (
    *(("paper", "text", "under 25 %"), ("shade", "text", "25 % and more")),
    *(("partly", "on partly", "50 % and more"), ("stated", "on stated", "75 % and more")),
)
"""The fields of shares: fill, ink and words."""


class Line(NamedTuple):
    """A row or column: its name, what stands beside it in quiet type or above its cells, and more to point at."""

    name: str
    beside: str = ""
    title: str = ""


Cell = Callable[[Canvas, str, str, Box], None]


def _matrix(look: Look, rows: Mapping[str, Line], columns: Mapping[str, Line], cell: Cell) -> list[Draw]:
    """Return the parts of a matrix: as many columns and rows in each as can be read; ``cell`` draws one in a box."""
    total, keys = look.width - 2 * PAD, list(columns)
    label = min(max(wide(f"{line.name} {line.beside}", TEXT) for line in rows.values()) + 8, _LABEL * total)
    high = min(max(wide(line.name, TEXT) for line in columns.values()), _HEAD) * _SLOPE
    room = total - label - min(high, _ASIDE)
    number = -(-len(keys) // max(int(room / _NARROW), 1))
    per = -(-len(keys) // number)
    step = min(room / per, _WIDE)

    def part(canvas: Canvas, chosen: slice, heads: Sequence[str]) -> None:
        left = canvas.left + label
        canvas.y += min(high, max(wide(columns[key].name, TEXT) for key in heads) * _SLOPE) + TEXT
        for place, key in enumerate(heads):
            middle, (name, beside, title) = left + (place + 0.5) * step, columns[key]
            head = cut(name, min(_HEAD, (canvas.right + PAD / 2 - middle - 6) / _SLOPE), TEXT)
            canvas.text(middle + 2, canvas.y - 2, head, turn=-45, title=title or name)
            canvas.text(middle, canvas.y + 13, beside, SMALL, anchor="middle", bold=True)
        canvas.y += 18 if any(columns[key].beside for key in heads) else 5
        for row in list(rows)[chosen]:
            name, beside, title = rows[row]
            after = wide(f" {beside}", SMALL) if beside else 0
            canvas.text(left - 6 - after, canvas.y + 11, cut(name, label - 8 - after, TEXT), anchor="end", title=title)
            canvas.text(left - 6, canvas.y + 11, beside, SMALL, "quiet", anchor="end")
            for place, key in enumerate(heads):
                cell(canvas, row, key, (left + place * step + 1, canvas.y + 1, step - 2, _ROW - 2))
            canvas.y += _ROW

    parts = [partial(part, heads=keys[start : start + per]) for start in range(0, len(keys), per)]
    return [Draw(each, [_ROW] * len(rows)) for each in parts]


def heat_map(table: Table, documents: int, look: Look | None = None) -> Picture:
    """Return the heat map of a comparison's cells: a row a jurisdiction, a column a concept, each with its count.

    Left out and counted are the jurisdictions of which no cell was looked for, and unless the look wants ``every``
    concept, those for which there is no room: of those that fewest name, first those that none states.
    """
    look, (say, plural), words = look or Look(), speech(table), words_of(table)
    names = {str(row["country"]): str(row["name"]) for row in table.rows}
    labels = {str(row["concept"]): str(row["label"]) for row in table.rows}
    cells: dict[tuple[str, str], Row] = {(str(row["country"]), str(row["concept"])): row for row in table.rows}
    seen = [code for code in names if any(cells[code, each]["value"] != "not-assessed" for each in labels)]
    seen, look = seen or list(names), look._replace(names=names)

    def count(wanted: Sequence[str], concepts: Sequence[str]) -> int:
        return sum(cells[code, each]["value"] in SAYING for code in wanted for each in concepts)

    found = {each: sum(cells[code, each]["value"] == "stated" for code in seen) for each in labels}
    ordered = sorted(labels, key=lambda each: (-count(seen, [each]), -found[each]))
    label = min(max(wide(name, TEXT) for name in names.values()) + 25, _LABEL * (look.width - 2 * PAD))
    fit = max(int((look.width - 2 * PAD - _ASIDE - label) / _NARROW), _LEAST)
    shown = ordered if look.every else ordered[:fit]
    order = sorted(seen, key=lambda code: rank(look, code, -count([code], shown)))
    rows = {code: Line(names[code], str(count([code], shown)), code) for code in order}
    columns = {each: Line(labels[each], str(count(seen, [each])), each) for each in shown}

    def draw(canvas: Canvas, code: str, each: str, box: Box) -> None:
        row = cells[code, each]
        told = f"{row['name']}: {row['label']}: {words.get(row['value'], row['value'])}"
        canvas.cell(row["value"], box, "\n".join(filter(None, (told, row.get("phrase"), row.get("where")))))

    subtitle = say(
        "What {documents} of {places} name: concepts by how many name them (number above), jurisdictions {order} "
        "(number beside: how many of these concepts)",
        documents=plural(documents, "document"),
        places=plural(len(names), "jurisdiction"),
        order=say(ORDERS[look.order] or "by how many they name"),
    )
    gone, rare = ", ".join(names[code] for code in names if code not in seen), len(ordered) - len(shown)
    notes = [
        say("Left out, as none of it could be looked for: {named}.", named=gone) if gone else "",
        say("Concepts in the table only, for want of room: {number}.", number=rare) if rare else "",
    ]
    title = findings.most_named(table.about.language, {labels[each]: count(seen, [each]) for each in shown}, len(seen))
    key = values_key(words, [cells[code, each]["value"] for code in order for each in shown])
    return figure(table, look, _matrix(look, rows, columns, draw), (title, subtitle), notes, key)


def network(table: Table, look: Look | None = None) -> Picture:
    """Return the matrix of bodies by role of a table with the columns country, document, body, body_name and role.

    Bodies that occur with most jurisdictions come first; in brackets stand kinds of bodies, where the source names
    none. A cell holds the number of jurisdictions. Raises ParameterError where there is no row.
    """
    if not table.rows:
        raise ParameterError("There is nothing to show of bodies by role: the sources name none here.")
    look, (say, plural) = look or Look(), speech(table)
    met: dict[tuple[str, str], dict[str, None]] = {}
    bodies: dict[str, Row] = {}
    for row in table.rows:
        body = str(row["body"] or f"[{row['body_class']}]")
        bodies.setdefault(body, row)
        for role in ("", str(row["role"])):
            met.setdefault((body, role), {})[look.name(row["country"])] = None

    def by(body: str) -> tuple[object, ...]:
        row = bodies[body]
        return row["body"] is None, rank(look, row["country"], -len(met[body, ""])), str(row["body_name"]), body

    rows = {}
    for body in sorted(bodies, key=by):
        row, places = bodies[body], list(met[body, ""])
        name = marked(row["body_name"], row.get("origin")) if row["body_name"] else body
        told = " · ".join(filter(None, (name, str(row["body_class"] or ""), ", ".join(places))))
        rows[body] = Line(name, places[0] if len(places) == 1 else str(len(places)), told)
    often = Counter(str(row["role"]) for row in table.rows)
    columns = {role: Line(role) for role in sorted(often, key=lambda role: (-often[role], role))}

    def draw(canvas: Canvas, body: str, role: str, box: Box) -> None:
        if not (places := met.get((body, role))):
            canvas.box(box, "shade", rx=1.5)
            return
        canvas.box(box, "partly", f"{rows[body].name}: {role}: {', '.join(places)}", rx=1.5)
        canvas.text(box[0] + box[2] / 2, box[1] + 9.9, str(len(places)), SMALL, "on partly", anchor="middle")

    kinds = sum(row["body"] is None for row in bodies.values())
    subtitle = say(
        "{bodies} in {roles} across {documents} of {places}; a number is how many jurisdictions; an empty field: no "
        "source says so",
        bodies=plural(len(rows) - kinds, "body", "bodies"),
        roles=plural(len(columns), "role"),
        documents=plural(len({row["document"] for row in table.rows}), "document"),
        places=plural(len({row["country"] for row in table.rows}), "jurisdiction"),
    )
    note = say("In brackets stand kinds of body, where the source names none: {number}.", number=kinds) if kinds else ""
    draws = _matrix(look, rows, columns, draw)
    return figure(table, look, draws, (say("Who does what for the plans?"), subtitle), [note])


def similarity(table: Table, look: Look | None = None) -> Picture:
    """Return the matrix of a table of pairs: a, a_title, b, b_title, similarity. What cannot be compared has no row.

    Raises ParameterError where no pair can be compared.
    """
    look, (say, plural) = look or Look(), speech(table)
    told: list[Row] = [row for row in table.rows if row["similarity"] is not None]
    if not told:
        raise ParameterError("There is nothing to show of what is alike: no two can be compared.")
    titles = {str(row[side]): str(row[f"{side}_title"]) for row in told for side in ("a", "b")}
    pairs = {(str(row[one]), str(row[two])): row for row in told for one, two in (("a", "b"), ("b", "a"))}
    code = {key: key.partition("/")[0].upper() for key in titles}
    years = {key: f"{look.name(code[key])} {look.years.get(key, '')}".rstrip() for key in titles}
    names = {key: f"{years[key]} · {title}" if "/" in key else title for key, title in titles.items()}
    best = {key: max(float(row["similarity"]) for pair, row in pairs.items() if pair[0] == key) for key in titles}
    order = sorted(titles, key=lambda key: (rank(look, code[key], -best[key]), names[key], key))
    numbers = {key: str(number) if "/" in key else "" for number, key in enumerate(order, 1)}
    rows = {key: Line(names[key], numbers[key], names[key]) for key in order}
    columns = {key: Line(numbers[key] or names[key], "", names[key]) for key in order}

    def draw(canvas: Canvas, one: str, two: str, box: Box) -> None:
        if (row := pairs.get((one, two))) is None:
            canvas.box(box, "shade")
            return
        share = float(row["similarity"])
        fill, ink, _ = _STEPS[min(int(share * len(_STEPS)), len(_STEPS) - 1)]
        words = say("{a} and {b}: {share} %", a=names[one], b=names[two], share=round(100 * share))
        words = "\n".join(filter(None, (words, row.get("shared_concepts"))))
        canvas.box(box, fill, words, rx=1.5, stroke="line", stroke_width=0.6)
        canvas.text(box[0] + box[2] / 2, box[1] + 9.9, str(round(100 * share)), SMALL, ink, anchor="middle")

    subtitle = say(
        "{title}: {number} of {all} can be compared, {pairs}; how much of what either names both name, per cent; "
        "{order}",
        title=table.about.title,
        number=len(titles),
        all=len({row[side] for row in table.rows for side in ("a", "b")}),
        pairs=plural(len(told), "pair"),
        order=say(ORDERS[look.order] or "the most alike first"),
    )
    scores = {(names[a], names[b]): float(row["similarity"]) for (a, b), row in pairs.items() if a < b}
    title = findings.alike(table.about.language, scores) or say("Which are most alike?")
    key = [filled(fill, say(words)) for fill, _, words in _STEPS]
    note = say("Of the others too little is known; the table says why.")
    return figure(table, look, _matrix(look, rows, columns, draw), (title, subtitle), [note], key)
