"""``napgraph diff``: what two documents keep, reword, drop and add."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..tables.origins import key, marked
from .options import deliver, format_option, graph_options, load, output_option, wrapped

if TYPE_CHECKING:
    from ..compare.diff import Change, Diff

__all__ = ["command"]

_SIGNS = {
    "kept": "=",
    "reworded": "~",
    "dropped": "-",
    "added": "+",
    "alike": "=",
    "shared": "~",
    "only in a": "-",
    "only in b": "+",
    "only shown in a": "<",
    "only shown in b": ">",
}
_MEANINGS = {
    "alike": "in both, in the same words",
    "shared": "in both, each in its own words",
    "only in a": "only in a: b was read in full",
    "only in b": "only in b: a was read in full",
}
_KINDS = {
    "pillar": "pillars",
    "principle": "principles",
    "goal": "goals",
    "objective": "objectives",
    "measure": "measures",
    "priority": "priorities",
}


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

    Where neither document follows the other, tell what both name and what only one. A and B are IRIs, iso3/slug, or a
    unique part of that or of a title.

    \b
    napgraph diff bih/state-plan-2005-2007 xkx/action-plan
    napgraph diff dnk/former-action-plan dnk/action-plan-2007-2010
    """
    found = load(context).diff(a, b, match=match)
    deliver(found.evidence() if evidence else found.table(), form, output, None if evidence else lambda: _screen(found))


def _screen(found: Diff) -> str:
    first, second = (
        marked(title, found.origins.get(iri)) for iri, title in zip((found.a, found.b), found.titles, strict=True)
    )
    lines = [*wrapped(f"A  {first} ({found.a.partition('/id/')[2]})", 0, 4)]
    lines += [*wrapped(f"B  {second} ({found.b.partition('/id/')[2]})", 0, 4)]
    kind = ""
    shown = [change for change in found.changes if change.change in _SIGNS]
    for change in shown:
        if change.kind != kind:
            kind = change.kind
            lines += ["", found.say(kind)]
        lines += wrapped(_told(change), 2, 4)
    if not shown:
        none = "The sources show no pillar, principle, goal, objective, measure or priority of either."
        lines += ["", found.say(none)]
    silent = {
        "not known of {}": "Of {document} the sources do not show: {kinds}",
        "none in {}": "{document} was read in full and has none of: {kinds}",
    }
    told = []
    for document in ("a", "b"):
        for silence, words in silent.items():
            kinds = [found.say(_KINDS[each.kind]) for each in found.changes if each.change == silence.format(document)]
            told += wrapped(found.say(words, document=document.upper(), kinds=", ".join(kinds)), 0, 2) if kinds else []
    lines += ["", *told] if told else []
    used = [change.change for change in shown]
    legend = [f"{sign} {found.say(_MEANINGS.get(words, words))}" for words, sign in _SIGNS.items() if words in used]
    named = [each for change in shown for each in (change.a, change.b) if each]
    marks = key([*(each.origin for each in named), *found.origins.values()], found.language)
    return "\n".join([*lines, *([""] if legend or marks else []), *legend, *marks])


def _told(change: Change) -> str:
    phrases = list(dict.fromkeys(marked(each.phrase, each.origin) for each in (change.a, change.b) if each))
    tie = f" ({'; '.join(change.concepts)})" if change.change in {"reworded", "shared"} and change.concepts else ""
    between = " | " if change.change == "shared" else " → "
    return f"{_SIGNS[change.change]} {between.join(phrases)}{tie}"
