"""``napgraph queries``: the saved queries, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .options import deliver, emit, form_of, format_option, output_option, width

if TYPE_CHECKING:
    from ..tables.table import Value

__all__ = ["command"]


@click.command("queries")
@format_option
@output_option
@click.pass_context
def command(context: click.Context, form: str | None, output: str | None) -> None:
    """List the saved queries: name, question, parameters.

    \b
    napgraph queries
    """
    from ..project.root import resolve_root
    from ..query.catalogue import Catalogue

    root, form = resolve_root(context.obj), form_of(form, output)
    catalogue = Catalogue(root)
    rows: list[dict[str, Value]] = [
        {
            "query": query.name,
            "group": query.folder,
            "question": query.header.get("question", query.header.get("summary", "")),
            "parameters": ", ".join(query.parameters),
        }
        for query in catalogue
    ]
    if form == "json":
        import json

        emit(json.dumps(rows, ensure_ascii=False, indent=1), output, exact=True)
    elif form == "table":
        from .screen import table

        emit(table(rows, ["query", "question", "parameters"], width()), output)
    else:
        from ..tables.columns import described
        from ..tables.table import About, Table

        deliver(Table(described(root, list(rows[0])), rows, About("Saved queries")), form, output)
