"""``napgraph chart``: pictures of the comparisons, each with its table beside it."""

from collections.abc import Callable
from typing import Any

import click

from .. import charts
from ..compare.gaps import completeness
from ..errors import OutputError
from ..knowledge_graph import KnowledgeGraph
from ..tables.table import Picture
from .options import country_option, filter_options, flag, graph_options, load, near_match_option, option, save, say


@click.group("chart")
def chart() -> None:
    """Draw a picture and write it to FILE.svg, FILE.png or FILE.html.

    A page of HTML holds the picture, its caption and its table, and needs nothing else. Beside an SVG or PNG file the
    table is written as FILE.table.csv. Needs: pip install "napgraph[charts]".

    \b
    napgraph chart heat-map pillars -o pillars.svg
    napgraph chart map pillars prevention -o prevention.png
    napgraph chart intervals -c NOR -o completeness.html
    """


def _chart(name: str, *added: click.Parameter) -> Callable[[Callable[..., Picture]], None]:
    """Make a command of a function that draws what is chosen of a graph."""

    def made(draw: Callable[..., Picture]) -> None:
        def run(context: click.Context, /, output: str, **chosen: Any) -> None:
            form = output.rpartition(".")[2].lower()
            if form not in {"svg", "png", "html"}:
                raise OutputError(f"{output}: a picture's name must end in .svg, .png or .html.")
            kg = load(context, chosen["country"])
            drawn = draw(kg, **chosen)
            save(output, charts.saved(drawn, form))
            if form == "html":
                say(kg.say("{output}: the picture, its caption and its table", output=output))
                return
            beside = f"{output[: -len(form) - 1]}.table.csv"
            charts.table_of(drawn).save(beside)
            say(kg.say("{output}: the picture; {beside}: its table", output=output, beside=beside))

        output = option("-o --output", "FILE", "Where to: a name that ends in .svg, .png or .html.", required=True)
        every = [*added, output, *graph_options]
        chart.add_command(click.Command(name, help=draw.__doc__, params=every, callback=click.pass_context(run)))

    return made


@_chart(
    "heat-map",
    click.Argument(["axis"]),
    country_option,
    near_match_option,
    *filter_options,
    flag("--all every", "Also show the concepts that no plan names."),
)
def heat_map(kg: KnowledgeGraph, axis: str, every: bool, **chosen: Any) -> Picture:
    """Jurisdictions by the concepts of AXIS: a cell for each."""
    return charts.heat_map(kg.compare(axis, **chosen), every=every)


@_chart(
    "map",
    *(click.Argument(["axis"]), click.Argument(["concept"])),
    *(country_option, near_match_option, *filter_options),
)
def world_map(kg: KnowledgeGraph, axis: str, concept: str, **chosen: Any) -> Picture:
    """What each jurisdiction's documents show of one CONCEPT (its code) of AXIS, on a map of the world."""
    return kg.compare(axis, **chosen).map(concept)


@_chart(
    "intervals",
    click.Argument(["what"], type=click.Choice(["completeness", "gaps"]), default="completeness"),
    country_option,
)
def intervals(kg: KnowledgeGraph, what: str, country: tuple[str, ...]) -> Picture:
    """What share of each document's features is there, or of its elements (gaps), as intervals."""
    return charts.intervals(completeness(kg, country) if what == "completeness" else kg.gaps(country=country).table())


@_chart("timeline", country_option, *filter_options)
def timeline(kg: KnowledgeGraph, **chosen: Any) -> Picture:
    """The periods of the documents and what happened to them, as precise as the source is."""
    return kg.timeline(**chosen).chart()


@_chart("network", country_option)
def network(kg: KnowledgeGraph, country: tuple[str, ...]) -> Picture:
    """Which body has which role in whose documents."""
    return kg.network(country=country).chart()
