"""``napgraph compare``: the matrix of jurisdictions by concepts, and what the plans say in their own words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .shared import country_option, deliver, emit, form_of, format_option, load, output_option, width

if TYPE_CHECKING:
    from ..compare.matrix import Comparison, Concept

__all__ = ["command"]

_NEARNESS = {
    "exact": "exact match",
    "close": "close match",
    "broad": "broad match",
    "under": "through a narrower concept",
}


@click.command("compare")
@click.argument("axis")
@country_option
@click.option(
    "--match",
    type=click.Choice(["exact", "close", "broad"]),
    default="broad",
    show_default=True,
    help="How near a plan's wording must be to a concept; broad also counts it for the wider concepts above.",
)
@click.option(
    "--evidence", is_flag=True, help="One row per statement: document, wording and paragraph behind each cell."
)
@click.option("--all", "every", is_flag=True, help="Also show the concepts that no plan names.")
@format_option
@output_option
@click.pass_context
def command(
    context: click.Context,
    axis: str,
    countries: tuple[str, ...],
    match: str,
    evidence: bool,
    every: bool,
    form: str | None,
    output: str | None,
) -> None:
    """Compare jurisdictions by AXIS: pillars, principles, features, actors, groups, forms or measures.

    \b
    napgraph compare pillars
    napgraph compare principles -c BIH -c XKX --match exact
    napgraph compare pillars --evidence -o pillars.csv
    """
    kg = load(context)
    comparison = kg.compare(axis, country=countries, match=match)
    _name_the_absent(comparison, countries)
    form = form_of(form, output)
    if form == "json":
        emit(_json(comparison, match), output)
    elif form == "table":
        emit(_evidence_text(comparison) if evidence else _screen(comparison, match, every), output)
    else:
        rows = comparison.evidence() if evidence else comparison.rows()
        deliver(
            kg.table(list(rows[0]), rows, f"Comparison by {axis}", queries=[axis], parameters={"match": match}),
            form,
            output,
        )


def _name_the_absent(comparison: Comparison, countries: tuple[str, ...]) -> None:
    """Say which of the jurisdictions that were asked for have no document; raise ParameterError if none has one."""
    from ..errors import ParameterError
    from ..namespaces import slug

    codes = [slug(country.strip().replace(":", "/")).upper() for country in countries]
    absent = [f"{code} {comparison.names[code]}" for code in codes if code not in comparison.jurisdictions]
    if absent:
        words = f"no document of {', '.join(dict.fromkeys(absent))} is recorded"
        if not comparison.jurisdictions:
            raise ParameterError(f"There is nothing to compare: {words}.")
        click.echo(f"napgraph: {words}.", err=True)


def _json(comparison: Comparison, match: str) -> str:
    import json

    rows = [
        {
            "country": code,
            "name": comparison.names[code],
            "cells": {
                concept.code: {"value": cell.value.name, "evidence": cell.evidence}
                for concept in comparison.concepts
                for cell in [comparison.cell(code, concept.code)]
            },
        }
        for code in comparison.jurisdictions
    ]
    return json.dumps({"axis": comparison.axis, "match": match, "jurisdictions": rows}, ensure_ascii=False, indent=1)


def _screen(comparison: Comparison, match: str, every: bool) -> str:
    concepts = comparison.concepts if every else comparison.spoken()
    head = (
        f"{comparison.axis.capitalize()} · {len(comparison.jurisdictions)} jurisdictions, "
        f"{comparison.documents} documents · wording matched: {match}"
    )
    parts = [*_wrapped(head, 0), "", *_matrix(comparison, concepts, width()), "", *_legend(comparison, concepts), ""]
    return "\n".join([*parts, *_phrases(comparison)])


def _matrix(comparison: Comparison, concepts: list[Concept], columns: int) -> list[str]:
    """Concepts down, jurisdictions across under their upright codes, in as many blocks as the width needs."""
    names = ["  " * concept.depth + concept.label for concept in concepts]
    first = max([len(name) for name in names] + [10])
    if first > columns // 2:
        first = columns // 2
        names = [name if len(name) <= first else name[: first - 1] + "…" for name in names]
    across = max((columns - first) // 2, 1)
    lines: list[str] = []
    for start in range(0, len(comparison.jurisdictions), across):
        codes = comparison.jurisdictions[start : start + across]
        lines += [""] * bool(lines)
        lines += [" " * first + "".join(f" {code[letter]}" for code in codes) for letter in range(3)]
        for name, concept in zip(names, concepts, strict=True):
            signs = "".join(f" {comparison.cell(code, concept.code).value.sign}" for code in codes)
            lines.append(f"{name:<{first}}{signs}")
    return lines


def _legend(comparison: Comparison, concepts: list[Concept]) -> list[str]:
    from ..compare.matrix import VALUES

    used = {comparison.cell(code, concept.code).value for code in comparison.jurisdictions for concept in concepts}
    return [f"{value.sign} {value.words}" for value in VALUES.values() if value in used or not concepts]


def _phrases(comparison: Comparison) -> list[str]:
    """List, per jurisdiction and document, the wording of the plan beside the concepts it was mapped to."""
    from ..compare.matrix import VALUES

    signs = {value.words: value.sign for value in VALUES.values()}
    rows = [row for row in comparison.evidence() if row["match"] != "under"]
    rows.sort(
        key=lambda row: (
            row["country"],
            row["document"] or "",
            row["value"] != VALUES["stated"].words,
            row["order"] or 0,
        )
    )
    grouped: dict[tuple[str, str, str], list[str]] = {}
    for row in rows:
        words = row["phrase"] or row["value"]
        key = (f"{row['country']} {row['name']}", str(row["document"] or ""), f"{signs[str(row['value'])]} {words}")
        labels = grouped.setdefault(key, [])
        label = f"{row['label']}{' (in part)' if row['match'] == 'broad' else ''}"
        labels += [label] if row["concept"] is not None and label not in labels else []
    lines: list[str] = []
    country = document = ""
    for (this_country, this_document, phrase), labels in grouped.items():
        if this_country != country:
            lines += ["", *_wrapped(this_country, 0)]
            country, document = this_country, ""
        if this_document != document:
            lines += _wrapped(this_document, 2)
            document = this_document
        lines += _wrapped(f"{phrase} → {'; '.join(labels)}" if labels else phrase, 4)
    return lines[1:]


def _wrapped(text: str, indent: int) -> list[str]:
    from textwrap import wrap

    return wrap(text, width(), initial_indent=" " * indent, subsequent_indent=" " * (indent + 2))


def _evidence_text(comparison: Comparison) -> str:
    from textwrap import wrap

    lines = []
    country = ""
    for row in comparison.evidence():
        name = f"{row['country']} {row['name']}"
        if name != country:
            lines += [name]
            country = name
        text = f"{row['value']} ({row['document']}) [{row['where']}]"
        if row["concept"] is not None:
            match = f", {_NEARNESS[str(row['match'])]}" if row["match"] else ""
            role = f", {row['role']}" if row["role"] else ""
            said = f": {row['phrase']}" if row["phrase"] else ""
            text = f"{row['label']}: {row['value']}{match}{role}{said} ({row['document']}) [{row['where']}]"
        lines += wrap(text, width(), initial_indent="  ", subsequent_indent="      ")
    return "\n".join(lines)
