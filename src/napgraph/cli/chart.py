"""``napgraph chart``: figures of the comparisons, each with its table beside it."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import click

from .. import charts
from ..charts.figure import ORDERS
from ..charts.save import FORMS
from ..compare import pictures
from ..compare.analysis import Analysis, View
from ..compare.lists import completeness
from ..errors import OutputError, ParameterError
from ..knowledge_graph import KnowledgeGraph
from ..tables.table import Picture
from . import options
from .options import (
    choice,
    country_option,
    evidence_option,
    filter_options,
    flag,
    graph_options,
    lens_options,
    near_match_option,
    option,
)

_LEAST, _MOST, _HIGHEST = 80 * charts.MM, 2700 * charts.MM, 270 * charts.MM


@click.group("chart")
def chart() -> None:
    """Draw a figure and write it to FILE.svg, FILE.png, FILE.pdf or FILE.html.

    The title tells what the numbers show. A figure for print is 183 mm wide and at most 270 mm high; a higher one is
    cut in parts, FILE-1.svg and so on. A page of HTML holds the figure, its caption and its table; beside the others
    the table is written as FILE.table.csv. PNG and PDF need: pip install "napgraph[charts]".

    \b
    napgraph chart heat-map pillars -o pillars.svg
    napgraph chart map -o in-force.pdf
    napgraph chart map pillars prevention --theme dark --width 1280px -o prevention.png
    napgraph chart timeline -c NOR -o norway.html
    """


Drawn = tuple[Picture, Analysis | None]
"""A figure, and the analysis behind it where its table does not name the passages itself."""


def _write(draw: Callable[..., Drawn], context: click.Context, /, output: str, dpi: int, **chosen: Any) -> None:
    """Draw what is chosen of the graph, and write the parts of the figure, its table, and the statements behind it."""
    stem, _, form = output.rpartition(".")
    if (form := form.lower()) not in FORMS:
        raise OutputError(f"{output}: a figure's name must end in .svg, .png, .pdf or .html.")
    kg = options.load(context, chosen["country"])
    given = {name: chosen.pop(name) for name in ("width", "theme", "title", "order", "day", "every") if name in chosen}
    evidence = chosen.pop("evidence", False)
    drawn, behind = draw(kg, pictures.look(kg, height=0 if form == "html" else _HIGHEST, **given), **chosen)
    parts = charts.saved(drawn, form, dpi)
    names = [output] if len(parts) == 1 else [f"{stem}-{number}.{form}" for number in range(1, len(parts) + 1)]
    for name, part in zip(names, parts, strict=True):
        options.save(name, part)
    if form == "html":
        options.say(kg.say("{output}: the picture, its caption and its table", output=output))
    else:
        beside = f"{stem}.table.csv"
        charts.table_of(drawn).save(beside)
        options.say(kg.say("{output}: the picture; {beside}: its table", output=", ".join(names), beside=beside))
    if evidence and behind:
        behind.evidence().save(f"{stem}.evidence.csv")
        options.say(kg.say("{output}: the statements behind it", output=f"{stem}.evidence.csv"))


def _width(_context: click.Context, _option: click.Parameter, text: str) -> float:
    found = re.fullmatch(r"(\d+(?:\.\d+)?) ?(mm|px)?", text)
    width = float(found[1]) * (charts.MM if found[2] != "px" else 1) if found else 0
    if not _LEAST <= width <= _MOST:
        raise ParameterError(f"--width {text}: give a width such as 183mm or 1280px, at least 80mm and at most 2700mm.")
    return width


_places = (country_option, *lens_options)
_documents = (country_option, *filter_options, *lens_options)
_compared = (near_match_option, *_documents, evidence_option)
_axis = partial(click.Argument, ["axis"])
_all = flag("--all every", "Leave no concept out, also those that few plans name.")
_look = [
    option("-o --output", "FILE", "Where to: a name that ends in .svg, .png, .pdf or .html.", required=True),
    option("--width", "MM|PX", "How wide, such as 183mm or 1280px.", "183mm", callback=_width),
    option("--dpi", "NUMBER", "Pixels in an inch of a PNG.", 300, type=click.IntRange(36, 1200)),
    choice("--theme", charts.THEMES, "Colours; all are told apart in grey and by colour-blind readers.", "light"),
    choice("--order", list(ORDERS), "The order of jurisdictions.", "value"),
    option("--title", "TEXT", "A title in place of the finding.", ""),
    option("--date day", "DATE", "The day that counts as today (YYYY-MM-DD).", ""),
]


def _figure(*params: click.Parameter) -> Callable[[Callable[..., Drawn]], None]:
    """Make a command of a function that draws a figure; its docstring is the help."""

    def made(draw: Callable[..., Drawn]) -> None:
        name, callback = draw.__name__[1:].replace("_", "-"), click.pass_context(partial(_write, draw))
        every = [*params, *_look, *graph_options]
        chart.add_command(click.Command(name, help=draw.__doc__, params=every, callback=callback))

    return made


@_figure(_axis(), *_compared, _all)
def _heat_map(kg: KnowledgeGraph, look: charts.Look, axis: str, **chosen: Any) -> Drawn:
    """Draw jurisdictions by the concepts of AXIS: a cell for each."""
    compared = kg.compare(axis, **chosen)
    return charts.heat_map(compared.cells(every=look.every), compared.documents, look), compared


@_figure(_axis(required=False), click.Argument(["concept"], required=False), *_compared)
def _map(
    kg: KnowledgeGraph, look: charts.Look, axis: str | None, concept: str | None, match: str, **chosen: Any
) -> Drawn:
    """Draw whose plan runs on a day; or what each jurisdiction's documents show of one CONCEPT (its code) of AXIS."""
    if axis is None:
        line = kg.timeline(**chosen)
        return charts.running_map(pictures.running(kg, line.view, look.today), kg.numbers, kg.names, look), line
    if concept is None:
        raise ParameterError("A map shows one concept of an axis: name both, as in “chart map pillars prevention”.")
    compared = kg.compare(axis, match=match, **chosen)
    return charts.world_map(compared.cells(every=True), concept, kg.numbers, kg.names, look), compared


@_figure(click.Argument(["what"], type=click.Choice(["completeness", "gaps"]), default="completeness"), *_places)
def _intervals(kg: KnowledgeGraph, look: charts.Look, what: str, **lens: Any) -> Drawn:
    """Draw what share of each document's features is there, or of its elements (gaps), as intervals."""
    table = completeness(kg, View(kg, **lens)) if what == "completeness" else kg.gaps(**lens).table()
    return charts.intervals(table, look), None


@_figure(*_documents, evidence_option)
def _timeline(kg: KnowledgeGraph, look: charts.Look, **chosen: Any) -> Drawn:
    """Draw the periods of the documents and what happened to them, as precise as the source is."""
    line = kg.timeline(**chosen)
    return charts.timeline(line.drawn(look.today), look), line


@_figure(_axis(default="pillars"), *_compared, _all)
def _spread(kg: KnowledgeGraph, look: charts.Look, axis: str, **chosen: Any) -> Drawn:
    """Draw the share of plans that name each concept of AXIS, by the year in which they start."""
    compared = kg.compare(axis, by="document", **chosen)
    return charts.spread(pictures.by_start(kg, compared), look), compared


@_figure(*_places)
def _leads(kg: KnowledgeGraph, look: charts.Look, **lens: Any) -> Drawn:
    """Draw who coordinates: kinds of bodies by how many jurisdictions name them."""
    return charts.leads(pictures.coordinators(kg, kg.network(**lens)), look), None


_by = choice("--by", ["country", "document"], "Compare these.", "country")


@_figure(_axis(default="pillars"), _by, near_match_option, *_places)
def _similarity(kg: KnowledgeGraph, look: charts.Look, axis: str, **chosen: Any) -> Drawn:
    """Draw how alike jurisdictions or documents are in what they name on AXIS, each with each."""
    return charts.similarity(kg.similarity(axis, **chosen).table(), look), None


@_figure(*_places)
def _network(kg: KnowledgeGraph, look: charts.Look, **lens: Any) -> Drawn:
    """Draw which body has which role in whose documents."""
    return charts.network(kg.network(**lens).table(), look), None
