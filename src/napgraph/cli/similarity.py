"""``napgraph similarity``: the share of concepts that plans have in common, and which they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .options import country_option, deliver, format_option, graph_options, load, output_option, wrapped

if TYPE_CHECKING:
    from ..compare.similarity import Likeness, Similarity

__all__ = ["command"]


@click.command("similarity")
@click.argument("axis", metavar="AXIS")
@country_option
@click.option(
    "--match",
    type=click.Choice(["exact", "close", "broad"]),
    default="broad",
    show_default=True,
    help="How near a plan's wording must be to a concept.",
)
@click.option(
    "--by", type=click.Choice(["document", "country"]), default="document", show_default=True, help="What is paired."
)
@click.option("--anywhere", is_flag=True, help="Also count concepts that only another part of the plan names.")
@click.option("--evidence", is_flag=True, help="One row per concept, wording and paragraph behind the numbers.")
@format_option
@output_option
@graph_options
@click.pass_context
def command(
    context: click.Context,
    axis: str,
    countries: tuple[str, ...],
    match: str,
    by: str,
    anywhere: bool,
    evidence: bool,
    form: str | None,
    output: str | None,
) -> None:
    """Compare plans in pairs by AXIS, pillars or principles: concepts shared, divided by concepts named by either.

    Pairs whose sources cannot support a comparison are listed with the reason, never as zero.

    \b
    napgraph similarity principles --match close
    napgraph similarity pillars --by country -c AUS -c COL -c HRV
    """
    found = load(context, countries).similarity(axis, match=match, by=by, country=countries, anywhere=anywhere)
    table = found.evidence() if evidence else found.table()
    deliver(table, form, output, None if evidence else lambda: _screen(found))


def _screen(found: Similarity) -> str:
    pairs = [pair for pair in found.pairs if pair.value is not None]
    silent = sorted({part for pair in found.pairs if pair.reason for part in pair.reason.split("; ")})
    title = "Similarity of {axis} by {by} · wording matched: {match} · {number} of {all} pairs can be compared"
    axis, by, match = (found.say(each) for each in (found.axis, found.by, found.match))
    head = found.say(title, axis=axis, by=by, match=match, number=len(pairs), all=len(found.pairs))
    lines = [*wrapped(head, 0), ""]
    for pair in pairs:
        lines += _told(found, pair)
    if silent:
        lines += ["", found.say("Cannot be compared"), *(line for reason in silent for line in wrapped(reason, 2))]
    return "\n".join(lines)


def _told(found: Similarity, pair: Likeness) -> list[str]:
    only = [found.say("only {name}", name=name) for name in (pair.a, pair.b)]
    named = ((found.say("both"), pair.shared), (only[0], pair.only_a), (only[1], pair.only_b))
    total = len(pair.shared) + len(pair.only_a) + len(pair.only_b)
    share = found.say("{some} of {all}", some=len(pair.shared), all=total)
    head = f"{pair.a} · {pair.b}: {pair.value:.2f} ({share})"
    return [
        *wrapped(head, 0),
        *(line for words, labels in named if labels for line in wrapped(f"{words}: {'; '.join(labels)}", 2)),
    ]
