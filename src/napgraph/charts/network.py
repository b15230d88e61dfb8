"""Who does what across plans: bodies down the page, their roles across, and the plans' codes where they meet.

A matrix rather than a net of lines: at two hundred plans lines cross until nothing can be read, and a role is a word.
"""

from collections import Counter
from typing import Any

from ..errors import ParameterError
from ..tables.origins import marked
from ..tables.table import Picture, Table
from .figure import CHARACTER, LINE, data, figure, named, row_axis, speech, step, wrapped
from .save import alt

_NAMED = 3  # with more plans than that in a cell, their number stands there
_CHARACTERS = 58
_GUTTER = _CHARACTERS * CHARACTER + 10
_WIDE = 96


def network(table: Table) -> Picture:
    """Return the matrix of bodies by role of a table with the columns country, document, body, body_name and role.

    Bodies that occur with most jurisdictions come first, then by their class, jurisdiction and name; last come the
    kinds of bodies, in brackets, where the source names none. A cell names up to three jurisdictions, else says how
    many; the table names them all. Raises ParameterError where there is no row.
    """
    if not table.rows:
        raise ParameterError("There is nothing to show of bodies by role: the sources name none here.")
    met: dict[tuple[str, str], dict[str, None]] = {}
    bodies: dict[str, dict[str, Any]] = {}
    spread: dict[str, set[str]] = {}
    for row in table.rows:
        body, role, country = _key(row), str(row["role"]), str(row["country"])
        bodies.setdefault(body, row)
        met.setdefault((body, role), {})[country] = None
        spread.setdefault(body, set()).add(country)

    def place(body: str) -> tuple[object, ...]:
        row = bodies[body]
        told = str(row.get("body_class") or ""), str(row["country"]), str(row["body_name"])
        return row["body"] is None, -len(spread[body]), *told, body

    order = sorted(bodies, key=place)
    names = {body: row["body_name"] and marked(row["body_name"], row.get("origin")) for body, row in bodies.items()}
    labels = {body: wrapped(names[body] or body, _CHARACTERS) for body in order}
    often = Counter(str(row["role"]) for row in table.rows)
    roles = sorted(often, key=lambda role: (-often[role], role))
    heads = {role: wrapped(role, 15) for role in roles}
    say, plural = speech(table)
    cells = []
    for (body, role), codes in met.items():
        plans = " ".join(codes)
        shown = plans if len(codes) <= _NAMED else plural(len(codes), "jurisdiction")
        kept = {name: bodies[body].get(name) for name in ("body_name", "body_class")}
        cells.append(kept | {"body": body, "role": role, "plans": plans, "shown": shown})
    left = row_axis(labels, grid=True, tickBand="extent", zindex=0)
    above = 2 + LINE * (max((len(lines) for lines in heads.values()), default=1) - 1)
    look: dict[str, Any] = {"title": None, "ticks": False, "zindex": 0, "labelAngle": 0, "labelPadding": above}
    top = alt.Axis(labelExpr=named(heads), orient="top", **look)
    base = alt.Chart(data(cells)).encode(
        x=alt.X("role:N", sort=roles, axis=top), y=alt.Y("body:N", sort=order, axis=left)
    )
    told = ["body_name:N", "body_class:N", "role:N", "plans:N"]
    boxes = base.mark_rect(fill="#d5e3f0", stroke="#5b6b7a", strokeWidth=0.6).encode(tooltip=told)
    words = base.mark_text(fontSize=11, color="#08203c", aria=False).encode(text="shown:N")
    main = alt.layer(boxes, words).properties(width=alt.Step(_WIDE), height=alt.Step(step(labels)))
    kinds = sum(bodies[body]["body"] is None for body in order)
    one, several = (f" and {{count}} {kind} of body (in brackets: the source names none)" for kind in ("kind", "kinds"))
    counted = say(
        "{bodies}{kinds} in {roles} across {documents} of {jurisdictions}. A cell names the jurisdictions by their "
        "codes, or says how many where there are more than three. An empty cell: no source says so.",
        bodies=plural(len(order) - kinds, "body", "bodies"),
        kinds=say(one if kinds == 1 else several, count=kinds) if kinds else "",
        roles=plural(len(roles), "role"),
        documents=plural(len({row["document"] for row in table.rows}), "document"),
        jurisdictions=plural(len({row["country"] for row in table.rows}), "jurisdiction"),
    )
    return figure(main, table, counted, width=_GUTTER + _WIDE * len(roles), indent=_GUTTER)


def _key(row: dict[str, Any]) -> str:
    return str(row["body"] or f"[{row['body_class']}]")
