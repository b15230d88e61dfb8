"""Figures that are matrices: jurisdictions by concepts (the heat map), bodies by role, likeness of each with each."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from ..errors import ParameterError
from ..project import findings
from ..tables.origins import marked
from ..tables.table import Picture, Table
from .canvas import PAD, SMALL, TEXT, Canvas, Look, cut, wide
from .figure import ORDERS, SAYING, Draw, Key, Row, figure, filled, in_parts, placed, speech, values_key, words_of

_ROW = 16.0
_NARROW, _WIDE = 14.0, 30.0  # pixels of a column: with fewer, its head cannot be read
_AROUND = 190.0  # pixels of a page that title, key, heads and notes take, about
_FEW = 5  # themes that a row on its own shows
_SLOPE = 0.7071
_HEAD = 150.0  # pixels of the longest head of a column
_STEPS = (
    *(("paper", "text", "under 25 %"), ("shade", "text", "25 % and more")),
    *(("partly", "on partly", "50 % and more"), ("stated", "on stated", "75 % and more")),
)
"""The fields of shares: fill, ink and words."""


class Line(NamedTuple):
    """A row or a column: its name, what stands beside it in quiet type or above its cells, and more to point at."""

    name: str
    beside: str = ""
    title: str = ""


Drawn = Callable[[Canvas, str, str, tuple[float, float, float, float]], None]


def _matrix(look: Look, rows: Mapping[str, Line], columns: Mapping[str, Line], cell: Drawn, least: float = _NARROW) -> list[Draw]:
    """Return the parts of a matrix: as many columns and rows in each as can be read; ``cell`` draws one in a box."""
    total = look.width - 2 * PAD
    label = min(max((wide(f"{line.name} {line.beside}", TEXT) for line in rows.values()), default=0) + 8, 0.3 * total)
    slant = min(max((wide(line.name, TEXT) for line in columns.values()), default=0), _HEAD) * _SLOPE
    aside = min(slant, 0.06 * total)  # where the last heads lean over
    fit = max(int((total - label - aside) / least), 1)
    number = -(-len(columns) // fit)
    per = -(-len(columns) // max(number, 1))
    step = min(max((total - label - aside) / max(per, 1), least), _WIDE)
    keys, made = list(columns), list[Draw]()
    for part in in_parts(look, [_ROW] * len(rows), _AROUND + slant):
        for start in range(0, len(keys), max(per, 1)):
            some = list(rows)[part]
            chosen = keys[start : start + per]
            made.append(lambda canvas, some=some, chosen=chosen: _grid(canvas, rows, columns, some, chosen, cell, (label, slant, step)))  # type: ignore[misc]
    return made


def _grid(
    canvas: Canvas,
    rows: Mapping[str, Line],
    columns: Mapping[str, Line],
    some: Sequence[str],
    chosen: Sequence[str],
    cell: Drawn,
    sizes: tuple[float, float, float],
) -> None:
    label, slant, step = sizes
    left, numbers = canvas.left + label, any(columns[key].beside for key in chosen)
    longest = max((wide(columns[key].name, TEXT) for key in chosen), default=0)
    canvas.y += min(slant, longest * _SLOPE) + TEXT
    for place, key in enumerate(chosen):
        middle = left + (place + 0.5) * step
        head = cut(columns[key].name, min(_HEAD, (canvas.right + PAD / 2 - middle - 6) / _SLOPE), TEXT)
        canvas.text(middle + 2, canvas.y - 2, head, turn=-45, title=columns[key].title or columns[key].name)
        canvas.text(middle, canvas.y + 13, columns[key].beside, SMALL, anchor="middle", bold=True)
    canvas.y += 18 if numbers else 5
    for key in some:
        name, beside, title = rows[key]
        after = wide(f" {beside}", SMALL) if beside else 0
        name = cut(name, label - 8 - after, TEXT)
        canvas.text(left - 6 - after, canvas.y + 11, name, anchor="end", title=title)
        canvas.text(left - 6, canvas.y + 11, beside, SMALL, "quiet", anchor="end")
        for place, column in enumerate(chosen):
            cell(canvas, key, column, (left + place * step + 1, canvas.y + 1, step - 2, _ROW - 2))
        canvas.y += _ROW


def heat_map(table: Table, documents: int, look: Look = Look()) -> Picture:
    """Return the heat map of a comparison's cells: a row a jurisdiction, a column a concept, each with its count.

    Left out and counted are the jurisdictions of which no cell was looked for, and unless the look wants ``every``
    concept, those that fewest name and for which there is no room.
    """
    (say, plural), words = speech(table), words_of(table)
    names = {str(row["country"]): str(row["name"]) for row in table.rows}
    labels = {str(row["concept"]): str(row["label"]) for row in table.rows}
    cells: dict[tuple[str, str], Row] = {(str(row["country"]), str(row["concept"])): row for row in table.rows}
    seen = [code for code in names if any((cells[code, each]["value"]) != "not-assessed" for each in labels)]
    seen = seen or list(names)

    def count(wanted: Sequence[str], concepts: Sequence[str]) -> int:
        return sum(cells[code, each]["value"] in SAYING for code in wanted for each in concepts)

    ordered = sorted(labels, key=lambda each: -count(seen, [each]))
    longest = max((wide(names[code], TEXT) for code in seen), default=0)
    fit = max(int((look.width - 2 * PAD - min(longest + 30, 0.3 * look.width) - 0.07 * look.width) / _NARROW), _FEW)
    shown = ordered if look.every else ordered[:fit]
    look = look._replace(names=names)
    order = placed(look, seen, lambda code: -count([code], shown))
    rows = {code: Line(names[code], str(count([code], shown)), code) for code in order}
    columns = {each: Line(labels[each], str(count(seen, [each])), each) for each in shown}

    def draw(canvas: Canvas, code: str, each: str, box: tuple[float, float, float, float]) -> None:
        row = cells[code, each]
        told = f"{row['name']}: {row['label']}: {words.get(row['value'], row['value'])}"
        canvas.cell(row["value"], *box, "\n".join(filter(None, (told, row.get("phrase"), row.get("where")))))

    subtitle = say(
        "What {documents} of {places} name: concepts by how many name them (number above), jurisdictions {order} (number "
        "beside: how many of these concepts)",
        documents=plural(documents, "document"),
        places=plural(len(names), "jurisdiction"),
        order=say(ORDERS[look.order] or "by how many they name"),
    )
    gone, rare = [names[code] for code in names if code not in seen], len(ordered) - len(shown)
    notes = [
        say("Left out, as none of it could be looked for: {named}.", named=", ".join(gone)) if gone else "",
        say("The table also has {number} concepts that fewer name.", number=rare) if rare else "",
        tally(table, words),
    ]
    counts = {labels[each]: count(seen, [each]) for each in shown}
    return figure(
        table,
        look,
        _matrix(look, rows, columns, draw),
        title=findings.most_named(table.about.language, counts, len(seen)) or table.about.title,
        subtitle=subtitle,
        notes=notes,
        key=values_key(words, [cells[code, each]["value"] for code in order for each in shown]),
    )


def tally(table: Table, words: Mapping[str, str]) -> str:
    """Return how many cells have each value, in words, for those who cannot see the picture."""
    values, (said, _) = Counter(row["value"] for row in table.rows), speech(table)
    counts = [f"{values[name]} {told}" for name, told in words.items() if name in values]
    return said("Cells: {counts}.", counts=", ".join(counts)) if counts else said("No cells.")


def network(table: Table, look: Look = Look()) -> Picture:
    """Return the matrix of bodies by role of a table with the columns country, document, body, body_name and role.

    Bodies that occur with most jurisdictions come first; in brackets stand kinds of bodies, where the source names
    none. A cell holds the number of jurisdictions. Raises ParameterError where there is no row.
    """
    if not table.rows:
        raise ParameterError("There is nothing to show of bodies by role: the sources name none here.")
    say, plural = speech(table)
    met: dict[tuple[str, str], dict[str, None]] = {}
    bodies: dict[str, Row] = {}
    spread: dict[str, dict[str, None]] = {}
    for row in table.rows:
        body, country = str(row["body"] or f"[{row['body_class']}]"), look.names.get(row["country"], row["country"])
        bodies.setdefault(body, row)
        for place in (met.setdefault((body, str(row["role"])), {}), spread.setdefault(body, {})):
            place[str(country)] = None

    def by(body: str) -> tuple[object, ...]:
        row = bodies[body]
        rank = look.ranks.get(row["country"], (0,)) if look.order != "value" else (0,)
        return row["body"] is None, rank, -len(spread[body]), str(row["country"]), str(row["body_name"]), body

    order = sorted(bodies, key=by)
    roles = [role for role, _ in sorted(Counter(str(row["role"]) for row in table.rows).items(), key=lambda each: (-each[1], each[0]))]
    rows = {}
    for body in order:
        row = bodies[body]
        name = marked(row["body_name"], row.get("origin")) if row["body_name"] else body
        where = next(iter(spread[body])) if len(spread[body]) == 1 else str(len(spread[body]))
        rows[body] = Line(name, where, " · ".join(filter(None, (name, row["body_class"], ", ".join(spread[body])))))

    def draw(canvas: Canvas, body: str, role: str, box: tuple[float, float, float, float]) -> None:
        x, y, width, height = box
        places = met.get((body, role), {})
        told = f"{rows[body].name}: {role}: {', '.join(places)}"
        canvas.add("rect", told if places else "", x=x, y=y, width=width, height=height, rx=1.5, fill="partly" if places else "shade")
        if places:
            canvas.text(x + width / 2, y + 11, str(len(places)), SMALL, "on partly", anchor="middle")

    kinds = sum(row["body"] is None for row in bodies.values())
    subtitle = say(
        "{bodies} in {roles} across {documents} of {places}; a number is how many jurisdictions; an empty field: no source says so",
        bodies=plural(len(order) - kinds, "body", "bodies"),
        roles=plural(len(roles), "role"),
        documents=plural(len({row["document"] for row in table.rows}), "document"),
        places=plural(len({row["country"] for row in table.rows}), "jurisdiction"),
    )
    note = say("In brackets: {number} kinds of body, where the source names none.", number=kinds) if kinds else ""
    columns = {role: Line(role) for role in roles}
    made = _matrix(look, rows, columns, draw)
    return figure(table, look, made, title=say("Who does what for the plans?"), subtitle=subtitle, notes=[note])


def similarity(table: Table, look: Look = Look()) -> Picture:
    """Return the matrix of a table of pairs: a, a_title, b, b_title, similarity. What cannot be compared has no row."""
    say, plural = speech(table)
    told = [row for row in table.rows if row["similarity"] is not None]
    titles = {str(row[side]): str(row[f"{side}_title"]) for row in told for side in ("a", "b")}
    pairs = {(str(row[one]), str(row[two])): row for row in told for one, two in (("a", "b"), ("b", "a"))}

    def name(key: str) -> str:
        code, mark, _ = key.partition("/")
        place = f"{look.names.get(code.upper(), code.upper())} {look.years.get(key, '')}".strip()
        return f"{place} · {titles[key]}" if mark else titles[key]

    best = {key: max((row["similarity"] for pair, row in pairs.items() if pair[0] == key), default=0) for key in titles}
    rank = {"value": lambda key: -best[key], "code": lambda key: key}
    by: Any = rank.get(look.order, lambda key: look.ranks.get(key.partition("/")[0].upper(), (9999,)))
    order = sorted(titles, key=lambda key: (by(key), name(key), key))
    rows = {key: Line(name(key), str(number) if "/" in key else "", name(key)) for number, key in enumerate(order, 1)}
    columns = {key: Line(name(key) if "/" not in key else str(number), "", name(key)) for number, key in enumerate(order, 1)}

    def draw(canvas: Canvas, one: str, two: str, box: tuple[float, float, float, float]) -> None:
        x, y, width, height = box
        if (row := pairs.get((one, two))) is None:
            canvas.add("rect", x=x, y=y, width=width, height=height, fill="shade")
            return
        share = float(row["similarity"])
        fill, ink, _ = _STEPS[min(int(share * 4), 3)]
        words = say("{a} and {b}: {share} %", a=name(one), b=name(two), share=round(100 * share))
        words = "\n".join(filter(None, (words, row.get("shared_concepts"))))
        canvas.add("rect", words, x=x, y=y, width=width, height=height, rx=1.5, fill=fill, stroke="line", stroke_width=0.6)
        canvas.text(x + width / 2, y + 11, str(round(100 * share)), SMALL, ink, anchor="middle")

    documents = {row[side] for row in table.rows for side in ("a", "b")}
    subtitle = say(
        "{title}: {number} of {all} can be compared, {pairs}; how much of what either names both name, per cent; {order}",
        title=table.about.title,
        number=len(titles),
        all=len(documents),
        pairs=plural(len(told), "pair"),
        order=say(ORDERS[look.order] or "the most alike first"),
    )
    scores = {(name(a), name(b)): float(pairs[a, b]["similarity"]) for a, b in pairs if a < b}
    title = findings.alike(table.about.language, scores) or say("Which are most alike?")
    key = [Key(filled(fill), say(words)) for fill, _, words in _STEPS]
    note = say("Of the others too little is known; the table says why.")
    return figure(table, look, _matrix(look, rows, columns, draw, 14.3), title=title, subtitle=subtitle, notes=[note], key=key)
