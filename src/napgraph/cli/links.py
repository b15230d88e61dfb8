"""``napgraph links``: the addresses that lead nowhere, by the record or by asking the web."""

import sys
from typing import Any

import click

from ..project.language import counted
from ..query.addresses import ask_each
from ..rdf.namespaces import slug
from ..tables.columns import About, described
from ..tables.table import Table
from . import options
from .screens import grid


@options.command(
    options.country_option,
    options.flag("--fetch", "Ask each address on the web, and list those that do not answer."),
    options.option("--wait", "SECONDS", "How long an address may take to answer.", 20, type=options.SECONDS),
    options.format_option,
    options.output_option,
    *options.graph_options,
)
def links(context: click.Context, fetch: bool, wait: float, form: str | None, output: str | None, **more: Any) -> int:
    """List the addresses of sources and printed copies that are dead, or where nothing was read.

    By what the record says: nothing is fetched without --fetch, which asks each address for the head of its page.

    Exit status 0: none; 1: some; 2: could not run.

    \b
    napgraph links
    napgraph links -c NOR --fetch --wait 5
    """
    kg = options.load(context, more["country"])
    answer = kg.query("addresses", **({"country": list(more["country"])} if more["country"] else {}))
    rows, columns = [dict(row) for row in answer], [*answer.columns]
    if fetch:
        addresses = list(dict.fromkeys(str(row["address"]) for row in rows))
        asked = ask_each(addresses, wait)
        with click.progressbar(
            asked, len(addresses), "Asking", file=sys.stderr, hidden=not sys.stderr.isatty()
        ) as shown:
            came = dict(zip(addresses, shown, strict=True))
        rows = [row | {"came": came[str(row["address"])]} for row in rows if came[str(row["address"])]]
        columns.insert(2, "came")
    else:
        rows = [row for row in rows if row["state"] != "read"]
    form = options.form_of(form, output)
    if form == "json":
        options.emit_json([{name: str(row[name] or "") for name in columns} for row in rows], output)
    elif form == "table":
        short = [row | {"source": slug(str(row["source"]))} for row in rows]
        options.emit(grid(short, columns[: columns.index("source") + 1]), output)
    else:
        options.deliver(Table(described(kg.root, columns), rows, About("Addresses")), form, output)
    options.say(counted(kg.language, len(rows), "{count} row", "{count} rows"))
    return 1 if rows else 0
