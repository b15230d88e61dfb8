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
from ..compare.lists import completeness
from ..errors import OutputError, ParameterError
from ..knowledge_graph import KnowledgeGraph
from ..tables.table import Picture
from . import options
from .options import choice, country_option, filter_options, flag, graph_options, near_match_option, option

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


def _write(draw: Callable[..., Picture], context: click.Context, /, output: str, dpi: int, **chosen: Any) -> None:
    """Draw what is chosen of the graph, and write the parts of the figure and its table."""
    stem, _, form = output.rpartition(".")
    if (form := form.lower()) not in FORMS:
        raise OutputError(f"{output}: a figure's name must end in .svg, .png, .pdf or .html.")
    kg = options.load(context, chosen["country"])
    given = {name: chosen.pop(name) for name in ("width", "theme", "title", "order", "day", "every") if name in chosen}
    drawn = draw(kg, pictures.look(kg, height=0 if form == "html" else _HIGHEST, **given), **chosen)
    parts = charts.saved(drawn, form, dpi)
    names = [output] if len(parts) == 1 else [f"{stem}-{number}.{form}" for number in range(1, len(parts) + 1)]
    for name, part in zip(names, parts, strict=True):
        options.save(name, part)
    if form == "html":
        options.say(kg.say("{output}: the picture, its caption and its table", output=output))
        return
    charts.table_of(drawn).save(f"{stem}.table.csv")
    options.say(
        kg.say("{output}: the picture; {beside}: its table", output=", ".join(names), beside=f"{stem}.table.csv")
    )


def _width(_context: click.Context, _option: click.Parameter, text: str) -> float:
    found = re.fullmatch(r"(\d+(?:\.\d+)?) ?(mm|px)?", text)
    width = float(found[1]) * (charts.MM if found[2] != "px" else 1) if found else 0
    if not _LEAST <= width <= _MOST:
        raise ParameterError(f"--width {text}: give a width such as 183mm or 1280px, at least 80mm and at most 2700mm.")
    return width


_compared = (country_option, near_match_option, *filter_options)
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


def _figure(*params: click.Parameter) -> Callable[[Callable[..., Picture]], None]:
    """Make a command of a function that draws a figure; its docstring is the help."""

    def made(draw: Callable[..., Picture]) -> None:
        name, callback = draw.__name__[1:].replace("_", "-"), click.pass_context(partial(_write, draw))
        every = [*params, *_look, *graph_options]
        chart.add_command(click.Command(name, help=draw.__doc__, params=every, callback=callback))

    return made


@_figure(_axis(), *_compared, _all)
def _heat_map(kg: KnowledgeGraph, look: charts.Look, axis: str, **chosen: Any) -> Picture:
    """Draw jurisdictions by the concepts of AXIS: a cell for each."""
    compared = kg.compare(axis, **chosen)
    return charts.heat_map(compared.cells(every=look.every), compared.documents, look)


@_figure(_axis(required=False), click.Argument(["concept"], required=False), *_compared)
def _map(kg: KnowledgeGraph, look: charts.Look, axis: str | None, concept: str | None, **chosen: Any) -> Picture:
    """Draw whose plan runs on a day; or what each jurisdiction's documents show of one CONCEPT (its code) of AXIS."""
    if axis is None:
        return charts.running_map(pictures.running(kg, look.today, chosen["country"]), kg.numbers, kg.names, look)
    if concept is None:
        raise ParameterError(f"A map of {axis} shows one concept: name its code, such as prevention.")
    return charts.world_map(kg.compare(axis, **chosen).cells(every=True), concept, kg.numbers, kg.names, look)


@_figure(click.Argument(["what"], type=click.Choice(["completeness", "gaps"]), default="completeness"), country_option)
def _intervals(kg: KnowledgeGraph, look: charts.Look, what: str, country: tuple[str, ...]) -> Picture:
    """Draw what share of each document's features is there, or of its elements (gaps), as intervals."""
    table = completeness(kg, country) if what == "completeness" else kg.gaps(country=country).table()
    return charts.intervals(table, look)


@_figure(country_option, *filter_options)
def _timeline(kg: KnowledgeGraph, look: charts.Look, **chosen: Any) -> Picture:
    """Draw the periods of the documents and what happened to them, as precise as the source is."""
    return charts.timeline(kg.timeline(**chosen).drawn(look.today), look)


@_figure(_axis(default="pillars"), *_compared, _all)
def _spread(kg: KnowledgeGraph, look: charts.Look, axis: str, **chosen: Any) -> Picture:
    """Draw the share of plans that name each concept of AXIS, by the year in which they start."""
    return charts.spread(pictures.by_start(kg, kg.compare(axis, by="document", **chosen)), look)


@_figure(country_option)
def _leads(kg: KnowledgeGraph, look: charts.Look, country: tuple[str, ...]) -> Picture:
    """Draw who coordinates: kinds of bodies by how many jurisdictions name them."""
    return charts.leads(pictures.coordinators(kg, kg.network(country=country), country), look)


_by = choice("--by", ["country", "document"], "Compare these.", "country")


@_figure(_axis(default="pillars"), _by, country_option, near_match_option)
def _similarity(kg: KnowledgeGraph, look: charts.Look, axis: str, **chosen: Any) -> Picture:
    """Draw how alike jurisdictions or documents are in what they name on AXIS, each with each."""
    return charts.similarity(kg.similarity(axis, **chosen).table(), look)


@_figure(country_option)
def _network(kg: KnowledgeGraph, look: charts.Look, country: tuple[str, ...]) -> Picture:
    """Draw which body has which role in whose documents."""
    return charts.network(kg.network(country=country).table(), look)
