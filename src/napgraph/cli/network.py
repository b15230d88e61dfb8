"""``napgraph network``: the bodies behind the documents, each in its role."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..tables.origins import key, marked
from .options import TABLE_FORMATS, country_option, deliver, emit, graph_options, load, output_option, wrapped

if TYPE_CHECKING:
    from ..compare.network import Network

__all__ = ["command"]


@click.command("network")
@country_option
@click.option("--evidence", is_flag=True, help="The whole table, with the element and the paragraph of each row.")
@click.option(
    "--format",
    "form",
    type=click.Choice((*TABLE_FORMATS, "graphml")),
    help="How to write the answer (default: table, or by the ending of -o); graphml is for programs that draw graphs.",
)
@output_option
@graph_options
@click.pass_context
def command(
    context: click.Context, countries: tuple[str, ...], evidence: bool, form: str | None, output: str | None
) -> None:
    """List the bodies behind the documents by role: drafts, adopts, leads, supports, funds, is consulted.

    A kind of body, in brackets, stands where the source names none; the source's own verb, in quotes, beside the role.

    \b
    napgraph network -c XKX
    napgraph network --format graphml -o bodies.graphml
    """
    found = load(context, countries).network(country=countries)
    if form == "graphml" or (form is None and (output or "").lower().endswith(".graphml")):
        emit(found.graphml(), output)
        return
    deliver(found.table(), form, output, None if evidence else lambda: _screen(found))


def _screen(found: Network) -> str:
    documents: dict[str, dict[str, dict[str, None]]] = {}
    rows = found.rows()
    for row in rows:
        title = f"{marked(row['title'], row['title_origin'])} ({row['document']})"
        role = f'{row["role"]} ("{row["verb"]}")' if row["verb"] else str(row["role"])
        names = documents.setdefault(title, {}).setdefault(role, {})
        names[marked(row["body_name"], row["origin"]) if row["body_name"] else f"[{row['body_class']}]"] = None
    lines: list[str] = []
    for document, roles in documents.items():
        lines += [*([""] if lines else []), *wrapped(document, 0)]
        for role, bodies in roles.items():
            text = f"{role}: {'; '.join(bodies)}"
            lines += wrapped(text, 2)
    marks = key((row[name] for row in rows for name in ("title_origin", "origin")), found.language)
    return "\n".join([*lines, *([""] if marks else []), *marks])
