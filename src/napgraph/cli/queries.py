"""``napgraph queries``: the saved queries, in words."""

from __future__ import annotations

import click

from .shared import emit, form_of, format_option, output_option, width

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
    from ..query.catalogue import Catalogue
    from ..resources import resolve_root

    catalogue = Catalogue(resolve_root(context.obj))
    rows = [
        {
            "query": query.name,
            "group": query.folder,
            "question": query.header.get("question", query.header.get("summary", "")),
            "parameters": ", ".join(query.parameters),
        }
        for query in catalogue
    ]
    form = form_of(form, output)
    if form == "json":
        import json

        emit(json.dumps(rows, ensure_ascii=False, indent=1), output)
    elif form == "table":
        from .screen import table

        emit(table(rows, ["query", "question", "parameters"], width()), output)
    else:
        from ..tabular import write_rows

        emit(write_rows(rows, list(rows[0]), form, "Saved queries"), output)
