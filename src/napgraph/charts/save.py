"""Figures as files: SVG, PNG and PDF, and one HTML page that needs nothing from elsewhere."""

import re
from functools import partial
from typing import Any

from ..errors import OutputError
from ..project.language import counted, say
from ..project.templates import templates
from ..tables.columns import Column, text
from ..tables.table import Picture, Table

FORMS = ("svg", "png", "pdf", "html")
_DPI = 300
_POINTS = 72  # in an inch
_PIXELS = 96


def saved(picture: Picture, form: str, dpi: float = _DPI) -> list[bytes]:
    """Return the parts of a picture as files of the ``form`` svg, png or pdf, or one page (html) of all and the table.

    Raises ValueError for another form, OutputError without the package that draws PNG and PDF.
    """
    if form not in FORMS:
        raise ValueError(f"unknown form {form!r}")
    if form == "html":
        return [_page(picture).encode()]
    if form == "svg":
        return picture.parts
    try:
        import vl_convert
    except ImportError as error:
        words = f'PNG and PDF need a package that is not installed ({error.name}): pip install "napgraph[charts]".'
        raise OutputError(words) from error
    if form == "png":
        return [vl_convert.svg_to_png(part.decode(), scale=_POINTS / _PIXELS, ppi=dpi) for part in picture.parts]

    def in_points(found: re.Match[str]) -> str:  # a pixel without a unit becomes a point in a PDF
        return f"{float(found[1]) / 25.4 * _POINTS:.2f}"

    return [vl_convert.svg_to_pdf(re.sub(r"([\d.]+)mm", in_points, part.decode(), count=2)) for part in picture.parts]


def svg_and_png(picture: Picture) -> tuple[bytes, bytes]:
    """Return a picture of one part as both files."""
    return saved(picture, "svg")[0], saved(picture, "png", 2 * _PIXELS)[0]


def table_of(picture: Picture) -> Table:
    """Return the table that a picture was made from, with its title and caption."""
    about = picture.table.about
    return Table(picture.table.columns, picture.table.rows, about._replace(title=picture.title, notes=picture.caption))


def _page(picture: Picture) -> str:
    about, table = picture.table.about, picture.table
    page = templates(__package__).get_template("page.html")
    return page.render(
        picture=picture,
        table=table,
        language=about.language,
        said=partial(say, about.language),
        rows=counted(about.language, len(table), "{count} row", "{count} rows"),
        text=_text,
        parts=[part.decode() for part in picture.parts],
    )


def _text(column: Column, row: dict[str, Any]) -> str:
    value = row.get(column.name)
    return text(column.codes.get(str(value), value))
