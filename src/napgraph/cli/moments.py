"""Plans in time and beside other sources: ``in-force``, ``history``, ``actions``, ``results``, ``contradictions``.

And all of it as tables for research: ``panel`` and ``statements``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import click

from ..project.language import counted
from ..tables.origins import marked
from . import options, screens
from .analysis import analysed
from .screens import indented

if TYPE_CHECKING:
    from ..compare.lists import Listed
    from ..compare.panel import Panel, Statements
    from ..compare.years import History, InForce
    from ..knowledge_graph import KnowledgeGraph

_ANSWERED = {"yes": "In force on {day}", "possible": "Possibly in force on {day}", "no": "Not in force on {day}"}
_TIERS = {"regional": "Regional bodies", "state": "Parts of states", "local": "Local authorities"}


def _title(row: screens.Row) -> str:
    return f"{row['country']} {marked(row['title'], row['title_origin'])} ({row['document']})"


_any_tier = options.option("--tier", "CODE", "Only jurisdictions of this tier: national, state, local or regional.")


@analysed(
    options.country_option,
    options.option("--on", "DATE", "The day that is asked about (default: today)."),
    options.option("--ending", "YEAR", "Only plans whose stated period ends in this year.", type=int),
    *options.source_options,
    _any_tier,
)
def in_force(kg: KnowledgeGraph, found: InForce) -> str:
    """List the plans that are in force today, or on another day, and those that may be.

    A plan counts from the start of its period, or else from the day of its adoption or publication. Plans of regional
    bodies, of parts of states and of local authorities stand below the national ones.

    \b
    napgraph in-force
    napgraph in-force --on 2010-01-01 -c Europe
    napgraph in-force --ending 2026
    """
    rows: list[screens.Row] = [row for row in found.table().rows if row["answer"] != "no" or found.ending]
    number = len({row["country"] for row in rows if row["answer"] == "yes" and row["tier"] == "national"})
    places = counted(kg.language, number, "{count} jurisdiction", "{count} jurisdictions")
    lines = [kg.say("{day} · {jurisdictions} with a plan in force", day=found.day, jurisdictions=places), ""]
    if found.ending:
        lines = [kg.say("Plans that end in {year}: {count}", year=found.ending, count=len(rows)), ""]
    entries = list[tuple[Sequence[str], str]]()
    for row in rows:
        head = kg.say(_ANSWERED[str(row["answer"])], day=found.day)
        head += f" · {kg.say(_TIERS[str(row['tier'])])}" if row["tier"] in _TIERS else ""
        entries.append(((head, f"{row['country']} {row['name']}"), f"{_title(row)[4:]}: {row['bounds']}"))
    lines += screens.outline(entries)
    told = []
    for code, last in found.silent().items():
        until = last and kg.say("the last known: {period}", period=found.bounds(last))
        told.append(f"{code} ({until or kg.say('no date is known')})")
    none = "No plan in force is recorded of: {named}."
    lines += ["", *indented(kg.say(none, named="; ".join(told)), 0)] if told else []
    lines += ["", *screens.note_lines([*found.notes, *map(kg.say, found.known)])]
    return screens.with_key(kg, lines, (row["title_origin"] for row in rows))


_SIGNS = {"first": "•", "kept": "=", "added": "+", "dropped": "-", "added or kept": ">", "dropped or kept": "?"}


@analysed(
    click.Argument(["country"], metavar="COUNTRY", shell_complete=options.completed("country")),
    options.option("--axis", "AXIS", "The axis to follow, as of compare.", "pillars"),
    options.near_match_option,
    *options.source_options,
)
def history(kg: KnowledgeGraph, found: History) -> str:
    """Show the line of plans of COUNTRY: what each edition keeps, adds and drops, and what all have in common.

    What an edition read only in part does not show is never called dropped.

    \b
    napgraph history NOR
    napgraph history Denmark --axis groups
    """
    lines, used = list[str](), set[str]()
    for line in found.lines:
        lines += ["" for _ in lines[:1]]
        lines += [kg.say("{count} editions · {axis}", count=len(line), axis=kg.name_of_axis(found.axis)), ""]
        for number, labels in found.common(line).items():
            rest = len(line) - number
            every = "Both editions name: {named}" if number == 2 else "All {all} editions name: {named}"  # noqa: PLR2004
            some = "{some} of {all} name, and of {rest} it is not known: {named}"
            told = kg.say(some if rest else every, all=len(line), some=number, rest=rest, named="; ".join(labels))
            lines += indented(told, 0)
        for number, (before, iri) in enumerate(zip([None, *line], line, strict=False), 1):
            changes = found.changes(before, iri)
            used |= changes.keys()
            lines += ["", *indented(f"{number}  {found.titled(iri)}", 0, 3)]
            for change, labels in changes.items():
                lines += indented(f"{_SIGNS[change]} {'; '.join(labels)}", 3)
            lines += [] if changes else [f"   {kg.say('nothing of it is shown')}"]
    if found.alone:
        named = kg.say("In no line of plans that is recorded: {named}", named="; ".join(map(found.titled, found.alone)))
        lines += ["" for _ in lines[:1]] + indented(named, 0)
    meanings = next(column.codes for column in found.table().columns if column.name == "change")
    lines += ["", *(f"{sign} {kg.say(meanings[change])}" for change, sign in _SIGNS.items() if change in used)]
    lines += screens.note_lines([*found.notes, *map(kg.say, found.known)])
    return screens.with_key(kg, lines, (row["origin"] for row in found.rows_of.values()))


_about = click.Argument(
    ["about"], required=False, metavar="[COUNTRY|DOCUMENT]", shell_complete=options.completed("country")
)
_listed = [_about, *options.source_options, _any_tier]
_WHO_AND_WHEN = ("leads", "chairs", "supports", "starts", "is due", "timed", "lasts", "repeated")


@analysed(*_listed, options.flag("--all every", "Also show means and measures, and what the source does not say."))
def actions(kg: KnowledgeGraph, found: Listed, every: bool) -> str:
    """Tell who leads and supports each activity of a plan, and by when.

    \b
    napgraph actions lva/plan-2025-2027
    napgraph actions Latvia --all
    """
    rows: list[screens.Row] = list(found.table().rows)
    told: dict[tuple[str, str, str], dict[str, None]] = {}
    for row in rows:
        place = _title(row), marked(row["phrase"], row["origin"]), kg.say(str(row["aspect"]))
        if row["answer"] != "stated" and every:
            told.setdefault(place, {})[kg.say(str(row["answer"]).replace("-", " "))] = None
        elif row["answer"] == "stated" and (every or str(row["aspect"]).startswith(_WHO_AND_WHEN)):
            told.setdefault(place, {})[str(row["words"] or row["value"])] = None
    entries = ((heads, f"{aspect}: {'; '.join(names)}") for (*heads, aspect), names in told.items())
    origins = (row[name] for row in rows for name in ("title_origin", "origin"))
    return screens.with_key(kg, screens.outline(entries), origins)


@analysed(*_listed)
def results(kg: KnowledgeGraph, found: Listed) -> str:
    """Set plan beside report: what reports and evaluations tell of each part of a plan, and plans without a report.

    \b
    napgraph results USA
    napgraph results gbr-sct/strategy-2017
    """
    rows: list[screens.Row] = list(found.table().rows)
    told = []
    for row in rows:
        whole = row["concerns"] == row["document"]
        heads = [_title(row)]
        if row["kind"] == "none":
            words = kg.say("no report among the sources")
        elif row["kind"] == "report":
            words = kg.say("report, no result of it recorded: {name}", name=row["phrase"])
        else:
            heads.append(kg.say("The plan as a whole") if whole else f"{row['planned']} ({row['concerns']})")
            least = f"≥ {row['least']}" if row["least"] is not None else None
            value = least if row["value"] is None else row["value"]
            number = " ".join(str(each) for each in (value, row["unit"]) if each)
            facts = "; ".join(str(each) for each in (number, row["progress"], row["date"], row["note"]) if each)
            words = f"{kg.say(str(row['kind']))}: {row['phrase']}{f' ({facts})' if facts else ''} · {row['report']}"
        told.append((heads, words, str(row["where"])))
    return _placed(kg, found, rows, told)


@analysed(*_listed)
def contradictions(kg: KnowledgeGraph, found: Listed) -> str:
    """List where two sources say different things of one document, side by side, each with its address.

    \b
    napgraph contradictions
    napgraph contradictions NOR
    """
    table = found.table()
    rows: list[screens.Row] = list(table.rows)
    facts = next(column.codes for column in table.columns if column.name == "fact")
    told = []
    for row in rows:
        what = f": {row['what']}" if row["what"] and row["fact"] != "status" else ""
        value = f"{row['value']} – {row['note']}" if row["note"] else str(row["value"])
        told.append(([_title(row), kg.say(facts[str(row["fact"])]) + what], value, str(row["address"] or row["where"])))
    return _placed(kg, found, rows, told)


def _placed(
    kg: KnowledgeGraph, found: Listed, rows: Iterable[screens.Row], told: Iterable[tuple[Sequence[str], str, str]]
) -> str:
    """Return words below their heads, each once with the places that say so, and what to know of them."""
    said: dict[tuple[tuple[str, ...], str], dict[str, None]] = {}
    for heads, words, place in told:
        said.setdefault((tuple(heads), words), {})[place] = None
    lines = screens.outline((heads, f"{words} [{' ; '.join(places)}]") for (heads, words), places in said.items())
    lines = [*(lines or [kg.say("Nothing of the kind is recorded.")]), ""]
    lines += screens.note_lines([*found.notes, *map(kg.say, found.known)])
    return screens.with_key(kg, lines, (row["title_origin"] for row in rows))


@analysed(
    click.Argument(["axis"], nargs=-1, metavar="[AXIS]..."),
    options.choice("--by", ["year", "document"], "A row per jurisdiction and year, or per document.", "year"),
    options.option("--from first", "YEAR", "The first year (default: twenty before the last).", type=int),
    options.option("--to last", "YEAR", "The last year (default: this one).", type=int),
    options.country_option,
    options.near_match_option,
    *options.filter_options[:2],
    *options.lens_options,
    noted=True,
)
def panel(kg: KnowledgeGraph, found: Panel) -> str:
    """Write a table for statistics: a row per country and year, one column a concept of the axes (default: all).

    A cell is a code: stated, partly, or that a source is silent, the full text lacks it, nobody looked, no plan ran.

    \b
    napgraph panel -o panel.csv
    napgraph panel pillars groups --from 2000 -o panel.dta
    napgraph panel --by document -c Europe -o documents.xlsx
    """
    codes = [screens.indented(f"{code}: {meaning}", 0) for code, meaning in found.codes.items()]
    return "\n".join([*_to_write(kg, found), "", *(line for lines in codes for line in lines)])


@analysed(options.country_option, *options.lens_options, noted=True)
def statements(kg: KnowledgeGraph, found: Statements) -> str:
    """Write all that is recorded as one table: a row per statement and source, with its words and place.

    \b
    napgraph statements -o statements.csv
    napgraph statements -c NOR --source own-text -o norway.parquet
    """
    return "\n".join(_to_write(kg, found))


def _to_write(kg: KnowledgeGraph, found: Panel | Statements) -> list[str]:
    """Return how large a table is that is no sight for a screen, how to have it, and how it is to be read."""
    table = found.table()
    rows = counted(kg.language, len(table), "{count} row", "{count} rows")
    head = kg.say("{title} · {rows}, {count} columns", title=table.about.title, rows=rows, count=len(table.columns))
    how = kg.say("Written to a file with -o: .csv, .xlsx and .dta with a codebook, .parquet, .json.")
    return [head, *screens.note_lines([how, *map(kg.say, found.known)])]
