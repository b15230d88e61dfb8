"""Pictures as files: SVG, PNG, and one HTML page that needs nothing from elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..text import visible
from .packages import renderer

if TYPE_CHECKING:
    import altair as alt

    from ..tables.table import Table

__all__ = ["FORMS", "saved", "svg_and_png", "table_of"]

FORMS = ("svg", "png", "html")
_SCALE = 2.0
_MOST = 12_000_000  # pixels of a PNG; a larger picture is drawn at a smaller scale, but never below 1


def saved(chart: alt.ConcatChart, form: str) -> bytes:
    """Return the picture as a file of the ``form`` svg, png or html; raises ValueError for another.

    A page holds the picture without its caption, the caption as text, and the table below. Raises OutputError where
    the package that draws is not installed.
    """
    if form not in FORMS:
        raise ValueError(f"unknown form {form!r}")
    engine = renderer()
    spec = chart.to_dict()
    if form == "html":
        from .page import page

        return page(spec).encode()
    svg = _svg(engine, spec)
    if form == "svg":
        return _described(svg, spec["description"]).encode()
    return engine.svg_to_png(svg, scale=_scale(svg))  # type: ignore[no-any-return]


def svg_and_png(chart: alt.ConcatChart) -> tuple[bytes, bytes]:
    """Return the picture as both files, drawn once and not validated again; raises OutputError as :func:`saved`."""
    engine, spec = renderer(), chart.to_dict(validate=False)
    svg = _svg(engine, spec)
    return _described(svg, spec["description"]).encode(), engine.svg_to_png(svg, scale=_scale(svg))


def _svg(engine: Any, spec: dict[str, Any]) -> str:
    """Return the SVG, the same whatever was drawn before it: the engine counts on from one picture to the next."""
    import re

    svg = visible(engine.vegalite_to_svg(spec))  # SVG is XML, which holds no control characters
    numbers: dict[str, int] = {}
    return re.sub(
        r'(?:(?<= id="clip)|(?<=url\(#clip))\d+', lambda found: str(numbers.setdefault(found[0], len(numbers))), svg
    )


def table_of(chart: alt.ConcatChart) -> Table:
    """Return the table that a picture was made from."""
    from ..tables.table import About, Column, Table

    meta = chart.to_dict()["usermeta"]
    columns = [Column(each["name"], each["kind"], each["words"], each["codes"]) for each in meta["table"]["columns"]]
    return Table(columns, meta["table"]["rows"], About(meta["title"], notes=meta["caption"], language=meta["language"]))


def _described(svg: str, description: str) -> str:
    """Put the description into the SVG, where screen readers look for it."""
    from html import escape

    start, mark, rest = svg.partition(">")
    told = escape(visible(description))
    return f'{start} role="img" aria-label="{told}"{mark}<desc>{told}</desc>{rest}'


def _scale(svg: str) -> float:
    import re

    found = re.search(r'width="([\d.]+)" height="([\d.]+)"', svg)
    area = float(found[1]) * float(found[2]) if found else 1.0
    return float(max(1.0, min(_SCALE, (_MOST / area) ** 0.5)))
