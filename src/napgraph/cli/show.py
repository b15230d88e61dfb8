"""``napgraph show``: all that is recorded of one jurisdiction."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..tables.origins import key, marked
from .options import emit, graph_options, load, output_option, wrapped

if TYPE_CHECKING:
    from ..compare.profile import JurisdictionProfile, Record
    from ..knowledge_graph import KnowledgeGraph

__all__ = ["command"]


@click.command("show")
@click.argument("country")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to write it."
)
@output_option
@graph_options
@click.pass_context
def command(context: click.Context, country: str, form: str, output: str | None) -> None:
    """Show all that is recorded of COUNTRY (its code or name), where it is written, and what is not said.

    \b
    napgraph show NOR
    """
    kg = load(context)
    found = kg.show(country)
    emit(_json(found) if form == "json" else _text(kg, found), output, exact=form == "json")


def _json(found: JurisdictionProfile) -> str:
    import json

    def plain(record: Record) -> dict[str, object]:
        made = record._asdict()
        made["statements"] = [statement._asdict() for statement in record.statements]
        made["parts"] = [plain(part) for part in record.parts]
        return made

    content = {
        "code": found.code,
        "name": found.name,
        "documents": [plain(record) for record in found.documents],
        "bodies": [plain(record) for record in found.bodies],
    }
    return json.dumps(content, ensure_ascii=False, indent=1)


def _text(kg: KnowledgeGraph, found: JurisdictionProfile) -> str:
    lines = [f"{found.code} {found.name}"]
    if not found.documents:
        lines += ["", kg.say("No document of this jurisdiction is recorded.")]
    for document in found.documents:
        lines += ["", *_record(document, 0)]
        if document.silent:
            lines += wrapped(kg.say("The source does not say: {silent}", silent=", ".join(document.silent)), 2)
    if found.bodies:
        lines += ["", kg.say("Bodies and legal acts")]
        for body in found.bodies:
            lines += _record(body, 1)
    marks = key(_origins([*found.documents, *found.bodies]), kg.language)
    return "\n".join([*lines, *([""] if marks else []), *marks])


def _origins(records: list[Record]) -> list[str]:
    found: list[str] = []
    for record in records:
        found += [record.origin, *(statement.origin for statement in record.statements), *_origins(record.parts)]
    return found


def _record(record: Record, depth: int) -> list[str]:
    kinds = ", ".join(record.kinds)
    title = f"{marked(record.name, record.origin)} ({kinds})" if record.name else kinds
    places = f" [{'; '.join(record.evidence)}]" if record.evidence else ""
    lines = wrapped(title + places, 2 * depth)
    for statement in record.statements:
        lines += wrapped(f"{statement.property}: {marked(statement.value, statement.origin)}", 2 * depth + 2)
    for part in record.parts:
        lines += _record(part, depth + 1)
    return lines
