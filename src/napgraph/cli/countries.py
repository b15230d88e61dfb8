"""``napgraph overview`` and ``show``: all countries at a glance, and one by topic."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from ..compare.matrix import SAYING, VALUES
from ..compare.overview import depth, span, years
from ..errors import UnknownNameError
from ..project.language import counted
from ..tables.origins import marked
from . import options, screens
from .analysis import analysed
from .screens import cut, indented, padded, wrapped

if TYPE_CHECKING:
    from ..compare.overview import Overview
    from ..compare.topics import Said, Topics
    from ..knowledge_graph import KnowledgeGraph

_FIRST, _LAST = 2000, 2030
_WIDE = 96
_HANG = 25
_BARS = "━ period   ┣ its first year   › no end stated   ‹ no start stated"


@analysed(
    options.country_option,
    options.choice("--by", ["country", "document"], "A line for each country, or for each document.", "country"),
    *options.lens_options,
)
def overview(kg: KnowledgeGraph, found: Overview) -> str:
    """Show the plans of each country at a glance: when they run, the latest, and what it tells of.

    \b
    napgraph overview
    napgraph overview -c "Northern Europe"
    napgraph overview -c NOR --by document
    """
    rows: list[screens.Row] = list(found.table().rows)
    if found.by == "document":
        return _documents(kg, rows)
    step = 1 if screens.width() >= _WIDE else 2
    label = min(max((len(str(row["name"])) for row in rows), default=0), 22 - 2 * step)
    lines, later, used, cells = list[str](), list[str](), dict[str, str](), (_LAST - _FIRST) // step + 1
    parts = [sum(each[3].axis == axis for each in found.marks) for axis in ("pillars", "features")]

    def marks(signs: Sequence[str]) -> str:
        return f"{' '.join(signs[: parts[0]])}  {' '.join(signs[parts[0] :])}".rstrip()

    heads = (padded(kg.say("latest plan"), 20), padded(kg.say("names"), 2 * parts[0] - 1), kg.say("tells of"))
    scale = padded(screens.scale(_FIRST, _LAST, 1 / step, 10), cells)
    lines += [f"{'':{label + 4}}{scale} {heads[0]} {heads[1]}  {heads[2]}"]
    lines += [f"{'':{label + 4 + cells + 22}}{marks([letter for letter, *_ in found.marks])}"]
    for (code, plans), row in zip(found.plans.items(), rows, strict=True):
        bar, latest = [" "] * cells, found.latest(code)
        for plan in plans:
            screens.draw(bar, *span(plan), _FIRST, 1 / step)
        values = found.cells(latest["document"])
        used |= {value.sign: value.words for value in values}
        last = padded(years(kg, *span(latest)) or kg.say("no date"), 10)
        read = padded(cut(kg.say(_SHORT[str(row["extent"])]), 9), 9)
        name = padded(cut(str(row["name"]), label), label) + str(len(plans)).rjust(3)
        lines.append(f"{name} {''.join(bar)} {last} {read} {marks([value.sign for value in values])}".rstrip())
        newer = (plan for plan in plans if str(plan["first"] or "") > str(latest["first"] or ""))
        later += [f"{row['name']} {years(kg, *span(each))}" for each in newer]
    head = kg.say(
        "{jurisdictions} · {plans} · the latest plan of which more than its name could be read",
        jurisdictions=counted(kg.language, len(rows), "{count} jurisdiction", "{count} jurisdictions"),
        plans=counted(kg.language, sum(map(len, found.plans.values())), "{count} plan", "{count} plans"),
    )
    signs = [f"{each.sign} {used[each.sign]}" for each in VALUES.values() if each.sign in used]
    legend = (kg.say(_BARS).split("   "), signs, [f"{letter} {name}" for letter, _, name, _ in found.marks])
    lines = [*indented(head, 0), "", *lines, "", *(line for items in legend for line in screens.packed(items))]
    notes = [kg.say("Later, known by name and period only: {named}.", named="; ".join(later))] if later else []
    then = "napgraph show {place} · napgraph compare themes -c {place}".format(place=next(iter(found.plans), "NOR"))
    notes += [*found.notes, kg.say("Next: {commands}", commands=then)]
    return "\n".join([*lines, "", *screens.note_lines(notes)])


_SHORT = {"full-text": "full text", "excerpt": "part", "summary-paragraph": "summary", "bare-mention": "name only"}


def _documents(kg: KnowledgeGraph, rows: Sequence[screens.Row]) -> str:
    """Return a block of lines for each document."""
    entries: list[tuple[Sequence[str], str]] = []
    words = {"acts": "events", "bodies": "by", "status": "status", "legal_basis": "legal basis", "money": "money"}
    for row in rows:
        heads = str(row["name"]), f"{marked(row['title'], row['title_origin'])} ({row['document']})"
        facts = (row["type"], row["period"], depth(kg, row["extent"]))
        entries.append((heads, " · ".join(str(each) for each in facts if each)))
        entries += [(heads, f"{kg.say(word)}: {row[name]}") for name, word in words.items()]
        parts = f"{row['parts']} ({row['term'] or kg.say('pillar')}): " if row["parts"] else ""
        entries.append((heads, f"{kg.say('parts')}: {parts}{row['part_names']}"))
    return screens.with_key(kg, screens.outline(entries), (row["title_origin"] for row in rows))


@options.command(
    click.Argument(["country"], shell_complete=options.completed("country")),
    *options.source_options,
    options.flag("--all every", "Every theme and every wording, and what each plan is silent on."),
    options.flag("--sources addresses", "The address of each source, and when it was read."),
    options.text_or_json,
    options.output_option,
    *options.graph_options,
)
def show(
    context: click.Context, country: str, form: str, output: str | None, every: bool, addresses: bool, **lens: Any
) -> None:
    """Show what the plans of COUNTRY (its code or name) say, by topic, and what is not said.

    A guideline goes by a part of its title or of the name of its publisher. Statement by statement, 'napgraph
    statements' gives it.

    \b
    napgraph show NOR
    napgraph show Norway --all --sources
    napgraph show "Stability Pact"
    """
    kg = options.load(context)
    try:
        found = kg.show(country, **lens)
    except UnknownNameError:
        if not (areas := kg.guideline(country)):
            raise
        options.emit(_guideline(kg, areas), output)
        return
    if form == "json":
        options.emit_json(found.plain(), output)
    else:
        options.emit(_topics(kg, found, every=every, addresses=addresses), output)


def _guideline(kg: KnowledgeGraph, rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the areas that a guideline names, each with its themes and how many plans' countries name them."""
    compared, entries = kg.compare("pillars"), []
    for row in rows:
        code = str(row["concept"]).rpartition("/")[2]
        named = sum(compared.value(each, code).name in SAYING for each in compared.jurisdictions)
        some = kg.say("{some} of {all}", some=named, all=len(compared.jurisdictions))
        heads = [f"{row['order']}  {row['phrase']}"]
        entries.append((heads, kg.say("{theme}: named by {some} jurisdictions", theme=row["label"], some=some)))
    first = rows[0]
    lines = [*indented(str(first["title"]), 0), *indented(str(first["publisher"] or ""), 0), ""]
    lines += screens.outline(entries, gaps=False)
    next_ = f'napgraph compare themes -c MDA --guideline "{first["publisher"] or first["title"]}"'
    return "\n".join([*lines, "", kg.say("Next: {commands}", commands=next_)])


def _cited(numbers: Iterable[int]) -> str:
    return "".join(f"[{number}]" for number in numbers)


def _topics(kg: KnowledgeGraph, found: Topics, *, every: bool, addresses: bool) -> str:
    """Return one jurisdiction by topic."""
    if not found.editions and not found.others:
        return f"{found.code} {found.name}\n\n{kg.say('No document of this jurisdiction is recorded.')}"
    head = [f"{found.code} {found.name}", counted(kg.language, len(found.editions), "{count} plan", "{count} plans")]
    head += [] if found.runs else [kg.say("no plan in force is recorded: unknown, not none")]
    lines = [*indented(" · ".join(head), 0), "", *_line_of_plans(kg, found), ""]
    for each in found.editions:
        when, name = each.years or kg.say("no date stated"), marked(each.title, each.origin)
        lines += _entry(str(each.number).rjust(2), when, name, 18)
        facts = [*each.facts, f"{each.iri.partition('/id/')[2]} {_cited(found.of(each.iri))}"]
        lines += indented(" · ".join(facts), 22, 0)
    for row in found.others:
        name = f"{marked(row['title'], row['origin'])} {_cited(found.of(str(row['document'])))}"
        lines += _entry("  ", kg.labels.get(str(row["type"]), ""), name, 18)
    lines += [*_said(kg, found, every=every), *_facts(kg, found), *_silence(kg, found, every=every)]
    lines += ["", kg.say("Sources")]
    for number, rows in enumerate(found.sources, 1):
        row = rows[0]
        host = urlsplit(str(row["url"] or "")).netloc.removeprefix("www.")
        reads = ", ".join(dict.fromkeys(depth(kg, each["extent"]) for each in rows))
        lines += indented(f"[{number}] {row['sourceTitle']} · {' · '.join(filter(None, (host, reads)))}", 2, 4)
        if addresses:  # never broken, so that it can be followed
            lines.append(f"      {row['url'] or kg.say('no address')} · {kg.say('read on {day}', day=row['readOn'])}")
    hints = [] if every else [kg.say("every theme and wording: --all")]
    hints += [] if addresses else [kg.say("addresses: --sources")]
    lines += ["", *indented(" · ".join(hints), 0)] if hints else []
    return screens.with_key(kg, lines, found.origins)


def _facts(kg: KnowledgeGraph, found: Topics) -> list[str]:
    """Return who does what, money, results, and where sources differ, each with the numbers of plans and sources."""
    lines = list[str]()
    differing = [([number], f"≠ {'; '.join(facts)}", list[int]()) for number, facts in found.conflicts().items()]
    sections = {
        kg.say("Who is responsible"): found.responsible(),
        kg.say("Money"): found.money(),
        kg.say("Results"): found.results(),
        kg.say("Sources differ on"): differing,
    }
    for heading, rows in sections.items():
        told = rows or [([], kg.say("nothing is recorded"), [])] * (rows is not differing)
        lines.append("")
        for place, (numbers, words, cited) in enumerate(told):
            plans = " ".join(str(number or "–") for number in numbers)
            lines += _entry(heading * (not place), plans, f"{words} {_cited(cited)}".rstrip(), 6)
    return [*lines, *_entry("", "", f"napgraph contradictions {found.code}", 6)] if differing else lines


def _silence(kg: KnowledgeGraph, found: Topics, *, every: bool) -> list[str]:
    """Return what all plans are silent on, or each of them with ``every``."""
    lines, whole = [""], [each.number for each in found.editions]
    for (value, numbers), features in found.silent().items():
        if every or [*numbers] == whole:
            told = kg.say("in {plans}", plans=" ".join(map(str, numbers)))
            plans = kg.say("in all plans") if [*numbers] == whole else told
            lines += indented(f"{VALUES[value].sign} {kg.say(VALUES[value].words)}, {plans}: {'; '.join(features)}", 0)
    return lines


def _entry(head: str, mark: str, text: str, columns: int) -> list[str]:
    """Return a text beside its heading and a narrow mark, which is ``columns`` wide."""
    start = _HANG - 1 if columns < 10 else 2  # noqa: PLR2004
    first = f"{padded(cut(head, start), start)} {padded(mark, columns)} "
    return wrapped(text, screens.width(), first, " " * len(first))


def _line_of_plans(kg: KnowledgeGraph, found: Topics) -> list[str]:
    """Return the years of the plans on one line, their numbers below it, and today."""
    per, today = (2, date.today().year) if screens.width() >= 80 else (1, date.today().year)  # noqa: PLR2004
    cells = (_LAST - _FIRST + 1) * per
    bar, below = [" "] * cells, [" "] * (cells + 3)
    for each in found.editions:
        at = screens.draw(bar, *each.span, _FIRST, per)
        if at is not None:
            below[at : at + len(str(each.number))] = str(each.number)
    place = (today - _FIRST) * per + per // 2
    for line in (bar, below):
        line[place] = line[place].replace(" ", "│")
    legend = f"{kg.say('│ today')}   {kg.say(_BARS)}"
    drawn = screens.scale(_FIRST, _LAST, per, 5), "".join(bar), "".join(below), legend
    return [f"  {each}".rstrip() for each in drawn]


def _said(kg: KnowledgeGraph, found: Topics, *, every: bool) -> list[str]:
    """Return what the plans say by theme: at the top, or with terms; the others in a line, or each with ``every``."""
    lines = ["", f"{kg.say('What they say')}   {kg.say('(words of the plan in quotes, else ours)')}"]
    more = dict[str, str]()
    for concept, said in found.themes:
        if not every and concept.depth and not any(each.condition for each in said):
            numbers = dict.fromkeys(each.number for each in said if each.value in SAYING)
            more[concept.label] = " ".join(map(str, numbers))
            continue
        lines += indented(concept.label, 2) if len(concept.label) > _HANG - 4 else []
        heading = "" if len(concept.label) > _HANG - 4 else f"  {concept.label}"
        for plans, sign, words in _wordings(said, every=every):
            lines += _entry(heading, f"{plans} {sign}", words, 4)
            heading = ""
    if more:
        named = "; ".join(f"{label} ({numbers})" for label, numbers in more.items())
        lines += indented(kg.say("Also: {named}", named=named), 2, 2)
    if rest := found.unmapped():
        told = "; ".join(
            f"{words} ({' '.join(map(str, plans))}) {_cited(cited)}".rstrip() for plans, words, cited in rest
        )
        lines += indented(f"{kg.say('Phrases without a shared concept')}: {told}", 2, 2)
    return lines


def _wordings(said: Sequence[Said], *, every: bool) -> Iterator[tuple[str, str, str]]:
    """Yield plans, sign and words: of each plan the nearest, those with terms or ``every``; the silent ones last."""
    silent: dict[str, list[Said]] = {}
    for number, group in groupby(said, key=lambda each: each.number):
        told = [*group]
        if told[0].value not in SAYING:
            silent.setdefault(told[0].value, []).append(told[0])
            continue
        shown = told if every else [each for each in told if each.condition] or told[:1]
        for each in shown:
            words = f"“{each.words}”" if each.origin == "printed" else each.words
            words += f" — {each.condition}" if each.condition else ""
            rest = f" (+{len(told) - len(shown)})" if len(told) > len(shown) and each is shown[-1] else ""
            yield str(number), VALUES[each.value].sign, f"{words} {_cited(each.sources)}{rest}".rstrip()
    for value, same in silent.items():
        yield " ".join(str(each.number) for each in same), VALUES[value].sign, same[0].words
