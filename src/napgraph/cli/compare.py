"""``napgraph compare``: the matrix of jurisdictions by concepts, and what the plans say in their own words."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from ..project.language import counted
from ..tables.origins import key, marked
from .cells import cut, padded
from .lenses import evidenced, lens_options, noted
from .options import (
    country_option,
    deliver,
    emit,
    form_of,
    format_option,
    graph_options,
    load,
    match_option,
    output_option,
    say,
    width,
    wrapped,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..compare.matrix import Comparison, Concept
    from ..knowledge_graph import KnowledgeGraph
    from ..tables.table import Value

__all__ = ["command"]

_LISTED = 200
"""The most documents whose wording is listed below the matrix: more, and nobody would read it."""
_NEARNESS = {
    "exact": "exact match",
    "close": "close match",
    "broad": "broad match",
    "under": "through a narrower concept",
}


@click.command("compare")
@click.argument("axis")
@country_option
@match_option
@click.option(
    "--by",
    type=click.Choice(["country", "document"]),
    default="country",
    show_default=True,
    help="What is set side by side: jurisdictions, or their documents one by one.",
)
@lens_options
@click.option(
    "--evidence", is_flag=True, help="One row per statement: document, wording and paragraph behind each cell."
)
@click.option("--all", "every", is_flag=True, help="Also show the concepts that no plan names.")
@format_option
@output_option
@graph_options
@click.pass_context
def command(
    context: click.Context,
    axis: str,
    countries: tuple[str, ...],
    match: str,
    by: str,
    level: str | None,
    status: str | None,
    in_force: str | None,
    evidence: bool,
    every: bool,
    form: str | None,
    output: str | None,
) -> None:
    """Compare jurisdictions by AXIS: pillars, principles, features, actors, groups, forms or measures.

    \b
    napgraph compare pillars
    napgraph compare principles -c BIH -c XKX --match exact
    napgraph compare pillars -c HRV --by document
    napgraph compare pillars --in-force 2006-07-01
    napgraph compare pillars --evidence -o pillars.csv
    """
    kg = load(context, countries)
    comparison = kg.compare(axis, country=countries, match=match, by=by, level=level, status=status, in_force=in_force)
    form = form_of(form, output)
    if form == "table":
        if evidence:
            told = partial(_statement, kg)
            emit(evidenced(comparison.evidence(), comparison.notes, width(), told), output)
        else:
            emit(_screen(kg, comparison, every), output)
        return
    for note in comparison.notes:
        say(f"napgraph: {note}")
    if form == "json" and not evidence:
        emit(_json(comparison), output, exact=True)
    else:
        deliver(comparison.evidence() if evidence else comparison.table(), form, output)


def _json(comparison: Comparison) -> str:
    import json

    rows = []
    comparison.read()
    for subject in comparison.subjects:
        row: dict[str, object] = {"country": subject.country, "name": comparison.names[subject.country]}
        if comparison.by == "document":
            row |= {"document": subject.iri, "title": subject.name}
        row["left_out"] = comparison.left_out(subject.key)
        cells = {concept.code: comparison.cell(subject.key, concept.code) for concept in comparison.concepts}
        row["cells"] = {code: {"value": cell.value.name, "evidence": cell.evidence} for code, cell in cells.items()}
        rows.append(row)
    head = {"axis": comparison.axis, "match": comparison.match, "notes": comparison.notes}
    kind = "jurisdictions" if comparison.by == "country" else "documents"
    return json.dumps({**head, kind: rows}, ensure_ascii=False, indent=1)


def _screen(kg: KnowledgeGraph, comparison: Comparison, every: bool) -> str:
    concepts = comparison.concepts if every else comparison.spoken()
    places, documents = len(comparison.jurisdictions), comparison.documents
    head = kg.say(
        "{axis} · {jurisdictions}, {documents} · wording matched: {match}",
        axis=comparison.title,
        jurisdictions=counted(kg.language, places, "{count} jurisdiction", "{count} jurisdictions"),
        documents=counted(kg.language, documents, "{count} document", "{count} documents"),
        match=kg.say(comparison.match),
    )
    parts = [*wrapped(head, 0), "", *_matrix(comparison, concepts, width()), ""]
    if comparison.by == "document":
        parts += [*_key(comparison), ""]
    parts += [*_legend(comparison, concepts), ""]
    if comparison.notes:
        parts += [*noted(comparison.notes, width()), ""]
    if comparison.documents > _LISTED:
        unlisted = (
            "The wording behind the cells is not listed for more than {number} documents: choose jurisdictions with "
            "--country, or have every statement with --evidence."
        )
        return "\n".join([*parts, *wrapped(kg.say(unlisted, number=_LISTED), 0)])
    return "\n".join([*parts, *_phrases(kg, comparison)])


def _heads(comparison: Comparison) -> list[str]:
    """Return what stands above each column: the code of a jurisdiction, or the number of a document in the key."""
    if comparison.by == "country":
        return [subject.key for subject in comparison.subjects]
    tall = len(str(len(comparison.subjects)))
    return [str(number).rjust(tall) for number in range(1, len(comparison.subjects) + 1)]


def _key(comparison: Comparison) -> list[str]:
    lines, origins = [], comparison.origins()
    for head, subject in zip(_heads(comparison), comparison.subjects, strict=True):
        left = comparison.left_out(subject.key)
        name = marked(subject.name, origins.get(str(subject.iri)))
        lines += wrapped(f"{head.strip()} {subject.country} {name}{f' ({left})' if left else ''}", 0)
    return lines


def _matrix(comparison: Comparison, concepts: list[Concept], columns: int) -> list[str]:
    """Concepts down, subjects across under their upright codes, in as many blocks as the width needs."""
    names = ["  " * concept.depth + concept.label for concept in concepts]
    first = min(max([len(name) for name in names] + [10]), columns // 2)
    names = [padded(cut(name, first), first) for name in names]
    across = max((columns - first) // 2, 1)
    keys, heads = [subject.key for subject in comparison.subjects], _heads(comparison)
    lines: list[str] = []
    for start in range(0, len(keys), across):
        block = heads[start : start + across]
        lines += [""] * bool(lines)
        lines += [" " * first + "".join(f" {head[row]}" for head in block).rstrip() for row in range(len(block[0]))]
        for name, concept in zip(names, concepts, strict=True):
            signs = "".join(f" {comparison.value(key, concept.code).sign}" for key in keys[start : start + across])
            lines.append(f"{name}{signs}")
    return lines


def _legend(comparison: Comparison, concepts: list[Concept]) -> list[str]:
    keys = [subject.key for subject in comparison.subjects]
    used = {comparison.value(key, concept.code) for key in keys for concept in concepts or comparison.concepts}
    return [f"{value.sign} {value.words}" for value in comparison.values.values() if value in used]


def _phrases(kg: KnowledgeGraph, comparison: Comparison) -> list[str]:
    """List, per jurisdiction and document, the wording of the plan beside the concepts it was mapped to."""
    signs = {value.words: value.sign for value in comparison.values.values()}
    in_part = kg.say(" (in part)")
    found = comparison.evidence_rows()
    speaking = {row["country"] for row in found if row["concept"] is not None}
    rows = [row for row in found if row["match"] != "under"]
    rows = [row for row in rows if row["concept"] is not None or row["country"] not in speaking]
    rows.sort(
        key=lambda row: (
            row["country"],
            row["title"] or "",
            row["value"] != comparison.values["stated"].words,
            row["order"] or 0,
        )
    )
    grouped: dict[tuple[str, str, str], list[str]] = {}
    for row in rows:
        words = f"{marked(row['phrase'], row['origin']) if row['phrase'] else row['value']}{_role(row)}"
        title = marked(row["title"] or "", row["title_origin"])
        place = (f"{row['country']} {row['name']}", title, f"{signs[str(row['value'])]} {words}")
        labels = grouped.setdefault(place, [])
        label = f"{row['label']}{in_part if row['match'] == 'broad' else ''}"
        labels += [label] if row["concept"] is not None and label not in labels else []
    lines: list[str] = []
    country = document = ""
    for (this_country, this_document, phrase), labels in grouped.items():
        if this_country != country:
            lines += ["", *wrapped(this_country, 0)]
            country, document = this_country, ""
        if this_document != document:
            lines += wrapped(this_document, 2)
            document = this_document
        lines += wrapped(f"{phrase} → {'; '.join(labels)}" if labels else phrase, 4)
    marks = key((row[name] for row in rows for name in ("title_origin", "origin")), kg.language)
    return [*lines[1:], *([""] if marks else []), *marks]


def _role(row: Mapping[str, Value]) -> str:
    """Return the role of a body in the words of its statement, for an axis of bodies."""
    return f" ({row['role']})" if row["role"] else ""


def _statement(kg: KnowledgeGraph, row: Mapping[str, Value]) -> str:
    title = marked(row["title"], row["title_origin"])
    if row["concept"] is None:
        return f"{kg.say('For the rest: {value}', value=row['value'])} ({title}) [{row['where']}]"
    match = f", {kg.say(_NEARNESS[str(row['match'])])}" if row["match"] else ""
    role = f", {row['role']}" if row["role"] else ""
    said = f": {marked(row['phrase'], row['origin'])}" if row["phrase"] else ""
    return f"{row['label']}: {row['value']}{match}{role}{said} ({title}) [{row['where']}]"
