"""``napgraph diff``: what two documents keep, reword, drop and add."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .shared import deliver, format_option, graph_options, load, output_option, wrapped

if TYPE_CHECKING:
    from ..compare.diff import Change, Diff

__all__ = ["command"]

_SIGNS = {"kept": "=", "reworded": "~", "dropped": "-", "added": "+", "only shown in a": "<", "only shown in b": ">"}


@click.command("diff")
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@click.option(
    "--match",
    type=click.Choice(["exact", "close", "broad"]),
    default="close",
    show_default=True,
    help="How near both wordings must be to a concept for it to tie them.",
)
@click.option("--evidence", is_flag=True, help="One row per element, concept and paragraph behind the answer.")
@format_option
@output_option
@graph_options
@click.pass_context
def command(
    context: click.Context, a: str, b: str, match: str, evidence: bool, form: str | None, output: str | None
) -> None:
    """Tell which pillars, principles, goals, objectives and measures of A the document B keeps, rewords, drops or adds.

    A and B are IRIs, iso3/slug, or a unique part of that or of a title.

    \b
    napgraph diff bih/state-plan-2005-2007 xkx/action-plan
    napgraph diff dnk/former-action-plan dnk/action-plan-2007-2010
    """
    found = load(context).diff(a, b, match=match)
    deliver(found.evidence() if evidence else found.table(), form, output, None if evidence else lambda: _screen(found))


def _screen(found: Diff) -> str:
    first, second = found.titles
    lines = [*wrapped(f"A  {first} ({found.a.partition('/id/')[2]})", 0, 4)]
    lines += [*wrapped(f"B  {second} ({found.b.partition('/id/')[2]})", 0, 4)]
    kind = ""
    for change in found.changes:
        if change.kind != kind:
            kind = change.kind
            lines += ["", found.say(kind)]
        lines += wrapped(_told(change), 2, 4)
    if not found.changes:
        none = "The sources show no pillar, principle, goal, objective, measure or priority of either."
        lines += ["", found.say(none)]
    used = [change.change for change in found.changes]
    return "\n".join([*lines, "", *(f"{sign} {found.say(words)}" for words, sign in _SIGNS.items() if words in used)])


def _told(change: Change) -> str:
    phrases = list(dict.fromkeys(each.phrase for each in (change.a, change.b) if each))
    tie = f" ({'; '.join(change.concepts)})" if change.change == "reworded" and change.concepts else ""
    return f"{_SIGNS[change.change]} {' → '.join(phrases)}{tie}"
