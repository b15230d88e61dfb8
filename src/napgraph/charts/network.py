"""Who does what across plans: bodies down the page, their roles across, and the plans' codes where they meet.

A matrix rather than a net of lines: at two hundred plans lines cross until nothing can be read, and a role is a word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import ParameterError
from ..project.language import say
from ..tables.origins import marked
from .figure import caption, centred, data, named, picture, plural, wrapped
from .packages import altair

if TYPE_CHECKING:
    import altair as alt

    from ..tables.table import Table

_NAMED = 3  # with more plans than that in a cell, their number stands there
_CHARACTERS = 58
_GUTTER = _CHARACTERS * 5.9 + 10
_WIDE = 96
_LINE = 13


def network(table: Table) -> alt.ConcatChart:
    """Return the matrix of bodies by role of a table with the columns country, document, body, body_name and role.

    Bodies that occur with most jurisdictions come first, then by their class, jurisdiction and name; last come the
    kinds of bodies, in brackets, where the source names none. A cell names up to three jurisdictions, else says how
    many; the table names them all. Raises ParameterError where there is no row, OutputError where the plotting
    packages are not installed.
    """
    alt = altair()
    if not table.rows:
        raise ParameterError("There is nothing to show of bodies by role: the sources name none here.")
    met: dict[tuple[str, str], dict[str, None]] = {}
    bodies: dict[str, dict[str, Any]] = {}
    spread: dict[str, dict[str, None]] = {}
    for row in table.rows:
        body, role, country = _key(row), str(row["role"]), str(row["country"])
        bodies.setdefault(body, row)
        met.setdefault((body, role), {})[country] = None
        spread.setdefault(body, {})[country] = None
    order = sorted(
        bodies,
        key=lambda body: (
            bodies[body]["body"] is None,
            -len(spread[body]),
            str(bodies[body].get("body_class") or ""),
            str(bodies[body]["country"]),
            str(bodies[body]["body_name"]),
            body,
        ),
    )
    labels = {body: wrapped(_name(bodies[body]), _CHARACTERS) for body in order}
    often = [str(row["role"]) for row in table.rows]
    roles = sorted(dict.fromkeys(often), key=lambda role: (-often.count(role), role))
    heads = {role: wrapped(role, 15) for role in roles}
    high = max((len(lines) for lines in labels.values()), default=1) * _LINE + 7
    language = table.about.language
    cells = [_cell(bodies[body], role, list(codes), language) for (body, role), codes in met.items()]
    look: dict[str, Any] = {"title": None, "ticks": False, "zindex": 0}
    left = alt.Axis(labelExpr=named(labels), labelOffset=centred(labels), grid=True, tickBand="extent", **look)
    y = alt.Y("body:N", sort=order, axis=left)
    above = 2 + _LINE * (max((len(lines) for lines in heads.values()), default=1) - 1)
    top = alt.Axis(labelExpr=named(heads), orient="top", labelAngle=0, labelPadding=above, **look)
    x = alt.X("role:N", sort=roles, axis=top)
    base = alt.Chart(data(cells)).encode(x=x, y=y)
    told = ["body_name:N", "body_class:N", "role:N", "plans:N"]
    boxes = base.mark_rect(fill="#d5e3f0", stroke="#5b6b7a", strokeWidth=0.6).encode(tooltip=told)
    words = base.mark_text(fontSize=11, color="#08203c", aria=False).encode(text="shown:N")
    main = alt.layer(boxes, words).properties(name="picture", width=alt.Step(_WIDE), height=alt.Step(high))
    documents = plural(len({row["document"] for row in table.rows}), "document", language=language)
    countries = plural(len({row["country"] for row in table.rows}), "jurisdiction", language=language)
    kinds = sum(bodies[body]["body"] is None for body in order)
    one, several = (f" and {{count}} {kind} of body (in brackets: the source names none)" for kind in ("kind", "kinds"))
    counted = say(
        language,
        "{bodies}{kinds} in {roles} across {documents} of {jurisdictions}. A cell names the jurisdictions by their "
        "codes, or says how many where there are more than three. An empty cell: no source says so.",
        bodies=plural(len(order) - kinds, "body", "bodies", language=language),
        kinds=say(language, one if kinds == 1 else several, count=kinds) if kinds else "",
        roles=plural(len(roles), "role", language=language),
        documents=documents,
        jurisdictions=countries,
    )
    return picture(main, table, caption(table, counted), width=_GUTTER + _WIDE * len(roles), indent=_GUTTER)


def _key(row: dict[str, Any]) -> str:
    return str(row["body"] or f"[{row['body_class']}]")


def _name(row: dict[str, Any]) -> str:
    return marked(row["body_name"], row.get("origin")) if row["body_name"] else _key(row)


def _cell(body: dict[str, Any], role: str, codes: list[str], language: str) -> dict[str, Any]:
    shown = " ".join(codes) if len(codes) <= _NAMED else plural(len(codes), "jurisdiction", language=language)
    kept = {name: body.get(name) for name in ("body_name", "body_class")} | {"body": _key(body)}
    return kept | {"role": role, "plans": " ".join(codes), "shown": shown}
