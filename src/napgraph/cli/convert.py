"""``napgraph convert``: between workbook, CSV sheets and the formats of RDF."""

from __future__ import annotations

import click

from ..project.language import say as said
from .notes import tell
from .options import keep_apart, lang_option, say, say_missing_limits, written

__all__ = ["carry_over", "command"]


@click.command("convert")
@click.argument("source", metavar="IN")
@click.argument("output", metavar="OUT")
@lang_option(None, "The language of headings, codes and messages (default: that of the record, else en).")
@click.option("--limit", "limits", multiple=True, metavar="NAME=VALUE", help="Allow more or less, such as bytes=50MB.")
@click.pass_context
def command(context: click.Context, source: str, output: str, lang: str | None, limits: tuple[str, ...]) -> int:
    """Write the record in IN as OUT; the ending of OUT says how.

    .xlsx is a workbook, .zip or a folder/ CSV sheets; .ttl, .trig, .nt, .nq, .jsonld and .rdf are formats of RDF.
    Nothing is lost: what no sheet can hold goes to the sheet of other statements, and what was written is read again
    and compared.

    Exit status 0: all is in OUT; 1: something in IN could not be read, and each place is named; 2: nothing was written.

    \b
    napgraph convert plan.xlsx plan.ttl
    napgraph convert plan.ttl plan.xlsx --lang fr
    """
    from ..project.root import resolve_root

    return carry_over(source, output, lang, limits, resolve_root(context.obj))


def carry_over(source: str, output: str, lang: str | None, limits: tuple[str, ...], root: str) -> int:
    """Convert, write, and say what came over; return the exit status."""
    from ..records.convert import convert, form_of

    parts = [text.partition("=") for text in limits]
    pairs = {name: value for name, _, value in parts}
    keep_apart(output, [source])
    say_missing_limits()
    made = convert(source, form_of(output), language=lang, limits=pairs, root=root)
    written(output, made.content)
    lost = tell(made.notes, made.language, root)
    sentence = said(made.language, "Wrote {output}: statements: {count}.", output=output, count=made.statements)
    if made.others:
        sentence += " " + said(made.language, "On the sheet of other statements: {count}.", count=made.others)
    say(sentence)
    return 1 if lost else 0
