"""``napgraph gaps``: which elements of a plan lack an activity, indicator, body, money or time, as far as is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..tables.origins import key, marked
from .cells import padded
from .options import country_option, deliver, format_option, graph_options, load, output_option, wrapped

if TYPE_CHECKING:
    from ..compare.gaps import Gaps
    from ..query.results import Value

__all__ = ["command"]

_WORDS = {"body": "responsible body", "timeline": "time"}


@click.command("gaps")
@country_option
@click.option("--evidence", is_flag=True, help="One row per element, question and paragraph behind the numbers.")
@format_option
@output_option
@graph_options
@click.pass_context
def command(
    context: click.Context, countries: tuple[str, ...], evidence: bool, form: str | None, output: str | None
) -> None:
    """Tell how many goals, objectives and activities have an activity, indicator, responsible body, money or time.

    The share is an interval: what is stated, to what is not known to be lacking.

    \b
    napgraph gaps
    napgraph gaps -c FIN --evidence
    """
    found = load(context, countries).gaps(country=countries)
    deliver(found.evidence() if evidence else found.table(), form, output, None if evidence else lambda: _screen(found))


def _screen(found: Gaps) -> str:
    lines: list[str] = []
    empty: list[str] = []
    document = kind = ""
    for row in found.rows():
        if row["kind"] is None:
            empty.append(str(row["document"]))
            continue
        if row["document"] != document:
            document, kind = str(row["document"]), ""
            lines += [
                *([""] if lines else []),
                *wrapped(f"{marked(row['title'], row['title_origin'])} ({document})", 0),
            ]
        if row["kind"] != kind:
            kind = str(row["kind"])
            lines.append(f"  {found.say(kind)}")
        lines.append(_line(found, row))
    if empty:
        none = "No goal, objective or activity is shown by the sources of: {documents}"
        names = found.say(none, documents=", ".join(empty))
        lines += ["", *wrapped(names, 0)]
    marks = key((row["title_origin"] for row in found.rows() if row["kind"]), found.language)
    return "\n".join([*lines, *([""] if marks else []), *marks])


def _line(found: Gaps, row: dict[str, Value]) -> str:
    question = padded(found.say(_WORDS.get(str(row["question"]), str(row["question"]))), 17)
    if not row["elements"]:
        return f"    {question}{found.say('not applicable')}"
    counts = [(row["with_it"], "stated"), (row["stated_absent"], "absent"), (row["silent"], "not stated")]
    told = ", ".join(f"{number} {found.say(words)}" for number, words in counts if number)
    low, high = (f"{float(str(row[name])):.0%}" for name in ("lower", "upper"))
    share = padded(low if low == high else found.say("{start} to {end}", start=low, end=high), 13)
    return f"    {question}{share}{found.say('{some} of {all}', some=told, all=row['elements'])}"
