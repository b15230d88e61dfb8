"""``napgraph query``: answer a saved query, or one of the user's own."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from ..errors import ParameterError
from ..project.language import counted
from .options import (
    country_option,
    deliver,
    emit,
    form_of,
    format_option,
    graph_options,
    load,
    output_option,
    say,
    tell_without_document,
    width,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..knowledge_graph import KnowledgeGraph
    from ..query.results import ResultTable

__all__ = ["command"]


@click.command("query")
@click.argument("name")
@country_option
@click.option(
    "--set", "settings", multiple=True, metavar="NAME=VALUE", help="Set a parameter of the query; may be repeated."
)
@click.option("--evidence", is_flag=True, help="The statements behind the answer, each with the passage it is from.")
@format_option
@output_option
@graph_options
@click.pass_context
def command(
    context: click.Context,
    name: str,
    countries: tuple[str, ...],
    settings: tuple[str, ...],
    evidence: bool,
    form: str | None,
    output: str | None,
) -> None:
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
    for setting in settings:
        key, mark, value = setting.partition("=")
        if not mark:
            raise ParameterError(f"--set needs NAME=VALUE, not {setting!r}.")
        parameters.setdefault(key.strip(), []).append(value)
    if countries:
        parameters["country"] = list(countries)
    form = form_of(form, output)
    kg = load(context)
    with _stoppable():
        answer = kg.query(name, **parameters)
        answer = answer.evidence() if evidence else answer
    if form == "table":
        emit(_screen(kg, answer), output)
    elif form == "json":
        emit(answer.to_json(), output, exact=True)
    else:
        deliver(answer.table(), form, output)
    if countries:
        tell_without_document(kg, countries)
    say(counted(kg.language, len(answer), "{count} row", "{count} rows"))
    if name.endswith(".rq"):
        for unknown in kg.unknown_terms(name):
            say(unknown.words)


@contextmanager
def _stoppable() -> Iterator[None]:
    """Let Ctrl-C end the process at once: the engine does not listen while it works, and nothing is written yet."""
    import signal

    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _screen(kg: KnowledgeGraph, answer: ResultTable) -> str:
    """Return the answer for the terminal, its IRIs by their prefixes."""
    from ..rdf.namespaces import BASE, prefixes, shorten
    from .screen import table

    known = prefixes(kg.root) | {"": f"{BASE}id/"}

    def short(value: object) -> object:
        return shorten(value, known).removeprefix(":") if isinstance(value, str) and _is_iri(value) else value

    rows = [{key: short(value) for key, value in row.items()} for row in answer]
    return table(rows, answer.columns, width())


def _is_iri(value: str) -> bool:
    return value.startswith(("http://", "https://")) and " " not in value
