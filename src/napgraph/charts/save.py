"""Pictures as files: SVG, PNG, and one HTML page that needs nothing from elsewhere."""

import json
import re
from functools import partial
from html import escape
from importlib import import_module
from typing import Any

from ..errors import OutputError
from ..project.language import counted, say
from ..project.templates import templates
from ..tables.columns import About, Column, text
from ..tables.table import Picture, Table
from ..text import visible

FORMS = ("svg", "png", "html")
_SCALE = 2.0
_MOST = 12_000_000  # pixels of a PNG; a larger picture is drawn at a smaller scale, but never below 1
_SHOW = "window.napgraphShow = (place, spec, options) => vegaEmbed(place, spec, options);"


class _Package:
    """A package by its name, imported at its first use; raises OutputError that says how to get it where it is not."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        try:
            return getattr(import_module(self._name), attribute)
        except ImportError as error:
            words = f'Pictures need a package that is not installed ({error.name}): pip install "napgraph[charts]".'
            raise OutputError(words) from error


alt: Any = _Package("altair")
_renderer: Any = _Package("vl_convert")


def saved(chart: Picture, form: str) -> bytes:
    """Return the picture as a file of the ``form`` svg, png or html; raises ValueError for another.

    A page holds the picture without its caption, the caption as text, and the table below.
    """
    if form not in FORMS:
        raise ValueError(f"unknown form {form!r}")
    spec = chart.to_dict()
    if form == "html":
        return _page(spec).encode()
    svg = _svg(spec)
    return _described(spec, svg).encode() if form == "svg" else _png(svg)


def svg_and_png(chart: Picture) -> tuple[bytes, bytes]:
    """Return the picture as both files, drawn once and not validated again."""
    spec = chart.to_dict(validate=False)
    svg = _svg(spec)
    return _described(spec, svg).encode(), _png(svg)


def table_of(chart: Picture) -> Table:
    """Return the table that a picture was made from."""
    meta = chart.to_dict()["usermeta"]
    columns, rows = ([Column(**each) for each in meta["table"]["columns"]], meta["table"]["rows"])
    return Table(columns, rows, About(meta["title"], notes=meta["caption"], language=meta["language"]))


def _svg(spec: dict[str, Any]) -> str:
    """Return the SVG, the same whatever was drawn before it: the engine counts on from one picture to the next."""
    svg = visible(_renderer.vegalite_to_svg(spec))  # SVG is XML, which holds no control characters
    numbers: dict[str, int] = {}
    return re.sub(
        r'(?:(?<= id="clip)|(?<=url\(#clip))\d+', lambda found: str(numbers.setdefault(found[0], len(numbers))), svg
    )


def _described(spec: dict[str, Any], svg: str) -> str:
    """Return the SVG with the description in it, where screen readers look for it."""
    start, mark, rest = svg.partition(">")
    told = escape(visible(spec["description"]))
    return f'{start} role="img" aria-label="{told}"{mark}<desc>{told}</desc>{rest}'


def _png(svg: str) -> bytes:
    found = re.search(r'width="([\d.]+)" height="([\d.]+)"', svg)
    area = float(found[1]) * float(found[2]) if found else 1.0
    scale = float(max(1.0, min(_SCALE, (_MOST / area) ** 0.5)))
    return _renderer.svg_to_png(svg, scale=scale)  # type: ignore[no-any-return]


def _page(spec: dict[str, Any]) -> str:
    """Return the page of a picture: it shows without scripts too; with them, each mark tells what it is."""
    meta = spec["usermeta"]
    bare = {key: value for key, value in spec.items() if key not in {"usermeta", "title", "description"}}
    bare["concat"] = [part for part in spec["concat"] if part.get("name") != "caption"]
    count, page = len(meta["table"]["rows"]), templates(__package__).get_template("page.html")
    return page.render(
        meta,
        said=partial(say, meta["language"]),
        rows=counted(meta["language"], count, "{count} row", "{count} rows"),
        text=_text,
        description=spec["description"],
        svg=visible(_renderer.vegalite_to_svg(bare)),
        # No HTML reader takes a part of these for a mark.
        spec=json.dumps(bare, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c"),
        bundle=_renderer.javascript_bundle(_SHOW).replace("</script", r"<\/script"),
    )


def _text(column: dict[str, Any], row: dict[str, Any]) -> str:
    value = row.get(column["name"])
    return text(column["codes"].get(value, value))
