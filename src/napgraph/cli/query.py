"""``napgraph query``, ``queries`` and ``links``: saved queries, their list, and the addresses that lead nowhere."""

import signal
import sys
from typing import Any

import click

from ..errors import ParameterError
from ..knowledge_graph import KnowledgeGraph
from ..project.language import counted
from ..project.root import resolve_root
from ..query.catalogue import Catalogue
from ..query.results import Results
from ..rdf.namespaces import BASE, prefixes, shorten, slug
from ..tables.columns import About, Value, described, is_address
from ..tables.table import Table
from . import options
from .screens import grid


@options.command(
    click.Argument(["name"], shell_complete=options.completed("query")),
    options.country_option,
    options.option("--set settings", "NAME=VALUE", "Set a parameter of the query; may be repeated.", multiple=True),
    *options.lens_options,
    options.flag("--wide", "Lines as long as they get, each row on one."),
    options.flag("--evidence", "The statements behind the answer, each with the passage it is from."),
    options.format_option,
    options.output_option,
    *options.graph_options,
)
def query(context: click.Context, name: str, evidence: bool, form: str | None, output: str | None, **more: Any) -> None:
    """Answer the saved query NAME, or the SPARQL in a file NAME.rq.

    \b
    napgraph query in-force --set date=2006-07-01
    napgraph query priorities -c ISR --format json
    napgraph query in-force -o in-force.xlsx
    napgraph query documents --source first-hand --tier all
    napgraph query my-own.rq --data my-plan.ttl
    napgraph query pillars --endpoint http://localhost:7878/query
    napgraph query completeness -c NOR --evidence -o behind.xlsx
    """
    parameters: dict[str, list[str]] = {}
    for setting in more["settings"]:
        key, mark, value = setting.partition("=")
        if not mark:
            raise ParameterError(f"--set needs NAME=VALUE, not {setting!r}.")
        parameters.setdefault(key.strip(), []).append(value)
    for key in ("country", "source", "extent", "tier"):
        given = more[key] if isinstance(more[key], tuple) else [more[key]] if more[key] else []
        parameters |= {key: list(given)} if given else {}
    form = options.form_of(form, output)
    kg = options.load(context)
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)  # the engine does not listen; nothing is written yet
    try:
        answer = kg.query(name, **parameters)
        answer = answer.evidence() if evidence else answer
    finally:
        signal.signal(signal.SIGINT, before)
    if form == "table":
        options.emit(_grid(kg, answer, wide=more["wide"]), output)
    elif form == "json":
        options.emit(answer.to_json(), output, exact=True)
    else:
        options.deliver(answer.table(), form, output)
    if more["country"]:
        options.say_without_document(kg, more["country"])
    options.say(counted(kg.language, len(answer), "{count} row", "{count} rows"))
    if name.endswith(".rq"):
        for unknown in kg.unknown_terms(name):
            options.say(unknown.words)


def _grid(kg: KnowledgeGraph, answer: Results, *, wide: bool) -> str:
    """Return the answer for the terminal: names beside codes, other IRIs by their prefixes."""
    known = prefixes(kg.root) | {"": f"{BASE}id/"}
    apart = tuple(f"{BASE}{space}/" for space in ("id", "source", "graph"))
    codes = {value for row in answer for value in row.values() if is_address(value) and str(value).startswith(BASE)}
    names = kg.labels_of(code for code in codes if not str(code).startswith(apart))

    def short(value: Value) -> Value:
        if value in codes and not str(value).startswith(apart) and str(value) in names:
            return f"{names[str(value)]} [{slug(str(value))}]"
        return shorten(str(value), known).removeprefix(":") if is_address(value) else value

    return grid([{key: short(value) for key, value in row.items()} for row in answer], answer.columns, wide=wide)


@options.command(options.format_option, options.output_option)
def queries(context: click.Context, form: str | None, output: str | None) -> None:
    """List the saved queries: name, question, parameters.

    \b
    napgraph queries
    """
    root, form = resolve_root(context.obj), options.form_of(form, output)
    columns, rows = ["query", "group", "question", "parameters"], list[dict[str, Value]]()
    for each in Catalogue(root):
        question = each.header.get("question", each.header.get("summary", ""))
        rows.append(dict(zip(columns, (each.name, each.folder, question, ", ".join(each.parameters)), strict=True)))
    if form == "json":
        options.emit_json(rows, output)
    elif form == "table":
        options.emit(grid(rows, ["query", "question", "parameters"]), output)
    else:
        options.deliver(Table(described(root, columns), rows, About("Saved queries")), form, output)


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
    answer = kg.query("addresses", country=list(more["country"]))
    rows, columns = [dict(row) for row in answer], [*answer.columns]
    if fetch:
        from ..query.addresses import ask_each

        addresses, away = list(dict.fromkeys(str(row["address"]) for row in rows)), not sys.stderr.isatty()
        asked = ask_each(addresses, wait)
        with click.progressbar(asked, len(addresses), "Asking", file=sys.stderr, hidden=away) as shown:
            came = dict(zip(addresses, shown, strict=True))
        rows = [row | {"came": came[str(row["address"])]} for row in rows if came[str(row["address"])]]
        columns.insert(2, "came")
    else:
        rows = [row for row in rows if row["state"] != "read"]
    form = options.form_of(form, output)
    if form == "table":
        short = [row | {"source": slug(str(row["source"]))} for row in rows]
        options.emit(grid(short, columns[: columns.index("source") + 1]), output)
    else:
        options.deliver(Table(described(kg.root, columns), rows, About("Addresses")), form, output)
    options.say(counted(kg.language, len(rows), "{count} row", "{count} rows"))
    return 1 if rows else 0
