"""``napgraph query``, ``queries`` and ``show``: answers of saved queries, their list, and one jurisdiction."""

import signal
from collections.abc import Iterator
from typing import Any

import click

from ..compare.profile import JurisdictionProfile, Record
from ..errors import ParameterError
from ..knowledge_graph import KnowledgeGraph
from ..project.language import counted
from ..project.root import resolve_root
from ..query.catalogue import Catalogue
from ..query.results import Results
from ..rdf.namespaces import BASE, prefixes, shorten
from ..tables.columns import About, Value, described, is_address
from ..tables.origins import marked
from ..tables.table import Table
from . import options
from .screens import grid, indented, with_key


@options.command(
    click.Argument(["name"]),
    options.country_option,
    options.option("--set settings", "NAME=VALUE", "Set a parameter of the query; may be repeated.", multiple=True),
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
    parameters |= {"country": list(more["country"])} if more["country"] else {}
    form = options.form_of(form, output)
    kg = options.load(context)
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)  # the engine does not listen; nothing is written yet
    try:
        answer = kg.query(name, **parameters)
        answer = answer.evidence() if evidence else answer
    finally:
        signal.signal(signal.SIGINT, before)
    if form == "table":
        options.emit(_grid(kg, answer), output)
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


def _grid(kg: KnowledgeGraph, answer: Results) -> str:
    """Return the answer for the terminal, its IRIs by their prefixes."""
    known = prefixes(kg.root) | {"": f"{BASE}id/"}

    def short(value: Value) -> Value:
        return shorten(str(value), known).removeprefix(":") if is_address(value) else value

    return grid([{key: short(value) for key, value in row.items()} for row in answer], answer.columns)


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


@options.command(click.Argument(["country"]), options.text_or_json, options.output_option, *options.graph_options)
def show(context: click.Context, country: str, form: str, output: str | None) -> None:
    """Show all that is recorded of COUNTRY (its code or name), where it is written, and what is not said.

    \b
    napgraph show NOR
    """
    kg = options.load(context)
    found = kg.show(country)
    if form == "text":
        options.emit(_profile(kg, found), output)
        return

    def plain(record: Record) -> dict[str, object]:
        statements = [statement._asdict() for statement in record.statements]
        return record._asdict() | {"statements": statements, "parts": [plain(part) for part in record.parts]}

    records = {name: [plain(each) for each in getattr(found, name)] for name in ("documents", "bodies")}
    options.emit_json(found._asdict() | records, output)


def _profile(kg: KnowledgeGraph, found: JurisdictionProfile) -> str:
    lines = [f"{found.code} {found.name}"]
    lines += [] if found.documents else ["", kg.say("No document of this jurisdiction is recorded.")]
    for document in found.documents:
        lines += ["", *_record(document, 0)]
        if document.silent:
            lines += indented(kg.say("The source does not say: {silent}", silent=", ".join(document.silent)), 2)
        if document.absent:
            lines += indented(kg.say("Known not to be in it: {absent}", absent=", ".join(document.absent)), 2)
    lines += ["", kg.say("Bodies and legal acts")] if found.bodies else []
    lines += [line for body in found.bodies for line in _record(body, 1)]
    return with_key(kg, lines, _origins([*found.documents, *found.bodies]))


def _origins(records: list[Record]) -> Iterator[str]:
    for record in records:
        yield from (record.origin, *(statement.origin for statement in record.statements), *_origins(record.parts))


def _record(record: Record, depth: int) -> list[str]:
    kinds = ", ".join(record.kinds)
    title = f"{marked(record.name, record.origin)} ({kinds})" if record.name else kinds
    places = f" [{'; '.join(record.evidence)}]" if record.evidence else ""
    lines = indented(title + places, 2 * depth)
    for statement in record.statements:
        lines += indented(f"{statement.property}: {marked(statement.value, statement.origin)}", 2 * depth + 2)
    for part in record.parts:
        lines += _record(part, depth + 1)
    return lines
