"""Analyses in time and between sources: ``in-force``, ``history``, ``results`` and ``contradictions``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..project.language import counted
from ..tables.origins import marked
from . import options, screens
from .analysis import analysed
from .screens import indented

if TYPE_CHECKING:
    from ..compare.history import History
    from ..compare.reports import Actions, Contradictions, Results
    from ..compare.years import InForce
    from ..knowledge_graph import KnowledgeGraph

_HEADS = {"yes": "In force on {day}", "possible": "Possibly in force on {day}"}
_TIERS = {"regional": "Regional bodies", "state": "Parts of states", "local": "Local authorities"}


def _title(row: screens.Row) -> str:
    return f"{marked(row['title'], row['title_origin'])} ({row['document']})"


@analysed(
    options.country_option,
    options.option("--on", "DATE", "The day that is asked about (default: today)."),
)
def in_force(kg: KnowledgeGraph, found: InForce) -> str:
    """List the plans that are in force today, or on another day, and those that may be.

    A plan counts from the start of its period, or else from the day of its adoption or publication. Plans of regional
    bodies, of parts of states and of local authorities stand below the national ones.

    \b
    napgraph in-force
    napgraph in-force --on 2010-01-01 -c Europe
    """
    rows: list[screens.Row] = [row for row in found.table().rows if row["answer"] != "no"]
    places = {row["country"] for row in rows if row["answer"] == "yes" and row["tier"] == "national"}
    lines = [
        kg.say(
            "{day} · {jurisdictions} with a plan in force",
            day=found.day,
            jurisdictions=counted(kg.language, len(places), "{count} jurisdiction", "{count} jurisdictions"),
        ),
        "",
    ]
    entries = []
    for row in rows:
        head = kg.say(_HEADS[str(row["answer"])], day=found.day)
        head += f" · {kg.say(_TIERS[str(row['tier'])])}" if row["tier"] in _TIERS else ""
        entries.append(((head, f"{row['country']} {row['name']}"), f"{_title(row)}: {row['bounds']}"))
    lines += screens.outline(entries)
    told = []
    for code, last in found.silent().items():
        until = last and kg.say("the last known: {period}", period=found.bounds(last))
        told.append(f"{code} ({until or kg.say('no date is known')})")
    none = "No plan in force is recorded of: {named}."
    lines += ["", *indented(kg.say(none, named="; ".join(told)), 0)] if told else []
    lines += ["", *screens.note_lines(map(kg.say, found.known))]
    return screens.with_key(kg, lines, (row["title_origin"] for row in rows))


_SIGNS = {"first": "•", "kept": "=", "added": "+", "dropped": "-", "added or kept": ">", "dropped or kept": "?"}
_MEANINGS = {
    "first": "stated by the first edition",
    "kept": "kept: the edition before states it too",
    "added": "added: the edition before was read in full and does not state it",
    "dropped": "dropped: this edition was read in full and does not state it",
    "added or kept": "stated here; not known of the edition before",
    "dropped or kept": "stated by the edition before; not known of this one",
}


@analysed(
    click.Argument(["country"], metavar="COUNTRY"),
    options.option("--axis", "AXIS", "What to follow: pillars, principles, groups, forms, measures ...", "pillars"),
    options.near_match_option,
    options.flag("--evidence", "One row per statement: document, wording and paragraph behind the answer."),
)
def history(kg: KnowledgeGraph, found: History) -> str:
    """Show the line of plans of COUNTRY: what each edition keeps, adds and drops, and what all have in common.

    What an edition read only in part does not show is never called dropped.

    \b
    napgraph history NOR
    napgraph history Denmark --axis groups
    """
    lines, used = list[str](), set[str]()
    rows = {iri: {"origin": row["origin"], "text": found.titled(iri)} for iri, row in found.rows_of.items()}
    for line in found.lines:
        lines += [""] if lines else []
        lines += [kg.say("{count} editions · {axis}", count=len(line), axis=kg.say(found.axis))]
        lines += [each for n, iri in enumerate(line, 1) for each in indented(f"{n}  {rows[iri]['text']}", 0, 3)]
        shared: dict[int, list[str]] = {}
        for concept, number in found.common(line).items():
            shared.setdefault(number, []).append(concept.label)
        for number, labels in sorted(shared.items(), reverse=True):
            every = "In common of all {all}: {named}"
            most = "In common of {some}, not known of the other {rest}: {named}"
            said = every if number == len(line) else most
            told = kg.say(said, all=len(line), some=number, rest=len(line) - number, named="; ".join(labels))
            lines += ["", *indented(told, 0)]
        for n, (before, iri) in enumerate(zip([None, *line], line, strict=False), 1):
            changes: dict[str, list[str]] = {}
            for concept in found.concepts:
                if change := found.change(before, iri, concept):
                    changes.setdefault(change, []).append(concept.label)
            used |= changes.keys()
            nothing = {"": [kg.say("nothing of it is shown")]} if not changes else {}
            lines += ["", *indented(f"{n}  {rows[iri]['text']}", 0, 3)]
            for change, labels in (changes or nothing).items():
                lines += indented(f"{_SIGNS.get(change, '')} {'; '.join(labels)}".strip(), 3)
    if found.alone:
        alone = "In no line of plans that is recorded: {named}"
        named = "; ".join(str(rows[iri]["text"]) for iri in found.alone)
        lines += [""] * bool(lines) + indented(kg.say(alone, named=named), 0)
    legend = [f"{sign} {kg.say(_MEANINGS[change])}" for change, sign in _SIGNS.items() if change in used]
    lines += ["", *legend, *screens.note_lines(map(kg.say, found.known))]
    return screens.with_key(kg, lines, (row["origin"] for row in rows.values()))


@analysed(click.Argument(["about"], required=False, metavar="[COUNTRY|DOCUMENT]"))
def results(kg: KnowledgeGraph, found: Results) -> str:
    """Set plan beside report: what reports and evaluations tell of each part of a plan, and plans without a report.

    \b
    napgraph results USA
    napgraph results gbr-sct/strategy-2017
    """
    rows: list[screens.Row] = list(found.table().rows)
    entries: dict[tuple[tuple[str, ...], str], dict[str, None]] = {}
    for row in rows:
        heads: tuple[str, ...] = (f"{row['country']} {_title(row)}",)
        if row["kind"] in {"none", "report"}:
            kind = (
                "no report among the sources" if row["kind"] == "none" else "report, no result of it recorded: {name}"
            )
            entries.setdefault((heads, kg.say(kind, name=row["phrase"])), {})[row["where"]] = None
            continue
        whole = row["concerns"] == row["document"]
        heads = (*heads, kg.say("The plan as a whole") if whole else f"{row['planned']} ({row['concerns']})")
        number = f"≥ {row['least']}" if row["value"] is None and row["least"] is not None else row["value"]
        unit = f" {row['unit']}" if row["unit"] else ""
        said = [None if number is None else f"{number}{unit}", row["progress"], row["date"], row["note"]]
        facts = "; ".join(str(each) for each in said if each is not None)
        words = f"{kg.say(str(row['kind']))}: {row['phrase']}{f' ({facts})' if facts else ''} · {row['report']}"
        entries.setdefault((heads, words), {})[row["where"]] = None
    placed = ((heads, f"{words} [{'; '.join(places)}]") for (heads, words), places in entries.items())
    lines = [*screens.outline(placed), "", *screens.note_lines(map(kg.say, found.known))]
    return screens.with_key(kg, lines, (row["title_origin"] for row in rows))


_WHO_AND_WHEN = ("leads", "chairs", "supports", "starts", "is due", "timed", "lasts", "repeated")


@analysed(
    click.Argument(["about"], required=False, metavar="[COUNTRY|DOCUMENT]"),
    options.flag("--all every", "Also show means and measures, and what the source does not say."),
)
def actions(kg: KnowledgeGraph, found: Actions, every: bool) -> str:
    """Tell who leads and supports each activity of a plan, and by when.

    \b
    napgraph actions lva/plan-2025-2027
    napgraph actions Latvia --all
    """
    rows: list[screens.Row] = list(found.table().rows)
    told: dict[tuple[str, str], dict[str, dict[str, None]]] = {}
    for row in rows:
        said = told.setdefault((f"{row['country']} {_title(row)}", marked(row["phrase"], row["origin"])), {})
        if row["answer"] == "stated" and (every or str(row["aspect"]).startswith(_WHO_AND_WHEN)):
            said.setdefault(kg.say(str(row["aspect"])), {})[str(row["words"] or row["value"])] = None
        elif every or (row["aspect"] == "leads" and row["answer"] == "absent"):
            said.setdefault(kg.say(str(row["aspect"])), {})[kg.say(str(row["answer"]).replace("-", " "))] = None
    entries = (
        (heads, f"{aspect}: {'; '.join(names)}") for heads, said in told.items() for aspect, names in said.items()
    )
    lines = screens.outline(entries)
    return screens.with_key(kg, lines, (row[name] for row in rows for name in ("title_origin", "origin")))


_FACTS = {
    "start": "start of the period",
    "end": "end of the period",
    "length": "length of the period",
    "date": "date",
    "body": "who did it",
    "status": "status",
    "count": "count",
    "coverage": "whether it is there",
    "sum": "sum of money",
    "title": "title",
}


@analysed(click.Argument(["country"], required=False, metavar="[COUNTRY]"))
def contradictions(kg: KnowledgeGraph, found: Contradictions) -> str:
    """List where two sources say different things of one document, side by side, each with its address.

    \b
    napgraph contradictions
    napgraph contradictions NOR
    """
    rows: list[screens.Row] = list(found.table().rows)
    said: dict[tuple[tuple[str, ...], str], dict[str, None]] = {}
    for row in rows:
        fact = kg.say(_FACTS[str(row["fact"])])
        fact += f": {row['what']}" if row["what"] and row["fact"] in {"count", "coverage", "body", "date"} else ""
        value = f"{row['value']} – {row['note']}" if row["note"] else str(row["value"])
        heads = (f"{row['country']} {_title(row)}", fact)
        said.setdefault((heads, value), {})[str(row["address"] or row["where"])] = None
    lines = screens.outline((heads, f"{value} [{' ; '.join(places)}]") for (heads, value), places in said.items())
    none = [] if lines else [kg.say("No two sources are known to say different things of one document.")]
    lines = [*lines, *none, "", *screens.note_lines(map(kg.say, found.known))]
    return screens.with_key(kg, lines, (row["title_origin"] for row in rows))
