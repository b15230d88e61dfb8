"""``napgraph chart``: pictures of the comparisons, each with its table beside it."""

from collections.abc import Callable
from functools import partial
from typing import Any

import click

from .. import charts
from ..charts.save import FORMS
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


def _write(draw: Callable[..., Picture], context: click.Context, /, output: str, **chosen: Any) -> None:
    """Draw what is chosen of the graph, and write the picture and its table."""
    stem, _, form = output.rpartition(".")
    if form.lower() not in FORMS:
        raise OutputError(f"{output}: a picture's name must end in .svg, .png or .html.")
    kg = load(context, chosen["country"])
    drawn = draw(kg, **chosen)
    save(output, charts.saved(drawn, form.lower()))
    if form.lower() == "html":
        say(kg.say("{output}: the picture, its caption and its table", output=output))
        return
    charts.table_of(drawn).save(f"{stem}.table.csv")
    say(kg.say("{output}: the picture; {beside}: its table", output=output, beside=f"{stem}.table.csv"))


def _intervals(kg: KnowledgeGraph, what: str, country: tuple[str, ...]) -> Picture:
    return charts.intervals(completeness(kg, country) if what == "completeness" else kg.gaps(country=country).table())


_compared = (country_option, near_match_option, *filter_options)
_PICTURES: list[tuple[str, str, Callable[..., Picture], list[click.Parameter]]] = [
    (
        "heat-map",
        "Jurisdictions by the concepts of AXIS: a cell for each.",
        lambda kg, axis, every, **chosen: kg.compare(axis, **chosen).chart(every=every),
        [click.Argument(["axis"]), *_compared, flag("--all every", "Also show the concepts that no plan names.")],
    ),
    (
        "map",
        "What each jurisdiction's documents show of one CONCEPT (its code) of AXIS, on a map of the world.",
        lambda kg, axis, concept, **chosen: kg.compare(axis, **chosen).map(concept),
        [click.Argument(["axis"]), click.Argument(["concept"]), *_compared],
    ),
    (
        "intervals",
        "What share of each document's features is there, or of its elements (gaps), as intervals.",
        _intervals,
        [click.Argument(["what"], type=click.Choice(["completeness", "gaps"]), default="completeness"), country_option],
    ),
    (
        "timeline",
        "The periods of the documents and what happened to them, as precise as the source is.",
        lambda kg, **chosen: kg.timeline(**chosen).chart(),
        [country_option, *filter_options],
    ),
    (
        "network",
        "Which body has which role in whose documents.",
        lambda kg, country: kg.network(country=country).chart(),
        [country_option],
    ),
]
for _name, _help, _draw, _params in _PICTURES:
    _output = option("-o --output", "FILE", "Where to: a name that ends in .svg, .png or .html.", required=True)
    _callback = click.pass_context(partial(_write, _draw))
    chart.add_command(click.Command(_name, help=_help, params=[*_params, _output, *graph_options], callback=_callback))
