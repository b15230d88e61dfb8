"""``napgraph chart``: pictures of the comparisons, each with its table beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import click

from ..errors import OutputError
from ..project.language import say as said
from .lenses import lens_options
from .options import country_option, graph_options, load, match_option, say, written

if TYPE_CHECKING:
    from altair import ConcatChart


__all__ = ["command"]

_F = TypeVar("_F", bound=Callable[..., object])


@click.group("chart")
def command() -> None:
    """Draw a picture and write it to FILE.svg, FILE.png or FILE.html.

    A page of HTML holds the picture, its caption and its table, and needs nothing else. Beside an SVG or PNG file the
    table is written as FILE.table.csv. Needs: pip install "napgraph[charts]".

    \b
    napgraph chart heat-map pillars -o pillars.svg
    napgraph chart map pillars prevention -o prevention.png
    napgraph chart intervals -c NOR -o completeness.html
    """


def _output(made: _F) -> _F:
    return click.option(
        "-o", "--output", metavar="FILE", required=True, help="Where to: a name that ends in .svg, .png or .html."
    )(made)


@command.command("heat-map")
@click.argument("axis")
@country_option
@match_option
@lens_options
@click.option("--all", "every", is_flag=True, help="Also show the concepts that no plan names.")
@_output
@graph_options
@click.pass_context
def heat_map(
    context: click.Context,
    axis: str,
    countries: tuple[str, ...],
    match: str,
    level: str | None,
    status: str | None,
    in_force: str | None,
    every: bool,
    output: str,
) -> None:
    """Jurisdictions by the concepts of AXIS: a cell for each."""
    form = _form(output)
    from .. import charts

    kg = load(context, countries)
    comparison = kg.compare(axis, country=countries, match=match, level=level, status=status, in_force=in_force)
    _deliver(charts.heat_map(comparison, every=every), form, output, kg.language)


@command.command("map")
@click.argument("axis")
@click.argument("concept")
@country_option
@match_option
@lens_options
@_output
@graph_options
@click.pass_context
def world_map(
    context: click.Context,
    axis: str,
    concept: str,
    countries: tuple[str, ...],
    match: str,
    level: str | None,
    status: str | None,
    in_force: str | None,
    output: str,
) -> None:
    """What each jurisdiction's documents show of one CONCEPT (its code) of AXIS, on a map of the world."""
    form = _form(output)
    kg = load(context, countries)
    comparison = kg.compare(axis, country=countries, match=match, level=level, status=status, in_force=in_force)
    _deliver(comparison.map(concept), form, output, kg.language)


@command.command("intervals")
@click.argument("what", type=click.Choice(["completeness", "gaps"]), default="completeness")
@country_option
@_output
@graph_options
@click.pass_context
def intervals(context: click.Context, what: str, countries: tuple[str, ...], output: str) -> None:
    """What share of each document's features is there, or of its elements (gaps), as intervals."""
    form = _form(output)
    from .. import charts
    from ..compare.completeness import completeness

    kg = load(context, countries)
    table = completeness(kg, countries) if what == "completeness" else kg.gaps(country=countries).table()
    _deliver(charts.intervals(table), form, output, kg.language)


@command.command("timeline")
@country_option
@lens_options
@_output
@graph_options
@click.pass_context
def timeline(
    context: click.Context,
    countries: tuple[str, ...],
    level: str | None,
    status: str | None,
    in_force: str | None,
    output: str,
) -> None:
    """The periods of the documents and what happened to them, as precise as the source is."""
    form = _form(output)
    kg = load(context, countries)
    line = kg.timeline(country=countries, level=level, status=status, in_force=in_force)
    _deliver(line.chart(), form, output, kg.language)


@command.command("network")
@country_option
@_output
@graph_options
@click.pass_context
def network(context: click.Context, countries: tuple[str, ...], output: str) -> None:
    """Which body has which role in whose documents."""
    form = _form(output)
    kg = load(context, countries)
    _deliver(kg.network(country=countries).chart(), form, output, kg.language)


def _form(output: str) -> str:
    """Return the format that the name of the file means; raises OutputError where it means none."""
    ending = output.rpartition(".")[2].lower()
    if ending not in {"svg", "png", "html"}:
        raise OutputError(f"{output}: a picture's name must end in .svg, .png or .html.")
    return ending


def _deliver(chart: ConcatChart, form: str, output: str, language: str) -> None:
    """Write the picture, and its table beside it where the file does not hold it."""
    from ..charts import saved, table_of

    written(output, saved(chart, form))
    if form == "html":
        say(said(language, "{output}: the picture, its caption and its table", output=output))
        return
    beside = f"{output[: -len(form) - 1]}.table.csv"
    table_of(chart).save(beside)
    say(said(language, "{output}: the picture; {beside}: its table", output=output, beside=beside))
