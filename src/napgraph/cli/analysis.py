"""The analyses ``compare``, ``timeline``, ``similarity``, ``gaps``, ``diff``, ``network``; others are in ``moments``.

Each is a function that gives the text for the terminal; :func:`analysed` makes a command of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click

from ..compare.matrix import Comparison
from ..compare.years import Regions, Shares
from ..errors import ParameterError, UnknownNameError
from ..project.language import counted
from ..tables.origins import key, marked
from . import options, screens
from .screens import indented

if TYPE_CHECKING:
    from ..compare.lists import Gaps, Network, Timeline
    from ..compare.pairs import Diff, Similarity
    from ..knowledge_graph import KnowledgeGraph


def analysed(
    *added: click.Parameter, worded: bool = False, noted: bool = False, made_by: Callable[..., Any] | None = None
) -> Callable[[Callable[..., str]], click.Command]:
    """Make a command of a function that gives an analysis as text; its docstring is the help.

    The KnowledgeGraph's method of that name gives the analysis, or ``made_by``, which takes the graph first. On the
    terminal the evidence is a plain table, or a text if ``worded``; where ``noted``, what to know of the lens follows.
    """

    def made(text_of: Callable[..., str]) -> click.Command:
        name = text_of.__name__

        def run(context: click.Context, /, form: str | None, output: str | None, evidence: bool, **chosen: Any) -> None:
            for_text = {name: chosen.pop(name) for name in ("every", "words") if name in chosen}
            places = chosen.get("country") or chosen.get("about") or ()
            kg = options.load(context, [places] * ("/" not in places) if isinstance(places, str) else places)
            form = options.form_of(form, output)
            found = made_by(kg, **chosen) if made_by else getattr(kg, name)(**chosen)
            if form == "table" and (worded or not evidence):
                text = screens.evidence_text(kg, found) if evidence else text_of(kg, found, **for_text)
                notes = screens.note_lines(found.notes) if noted else []
                options.emit("\n".join([text, *[""][: len(notes)], *notes]), output)
                return
            for note in found.notes:
                options.say(f"napgraph: {note}")
            if form == "json" and isinstance(found, Comparison) and not evidence:
                options.emit_json(_cells(kg, found), output)
            else:
                options.deliver(found.evidence() if evidence else found.table(), form, output)

        every = [*added, options.evidence_option, options.format_option, options.output_option, *options.graph_options]
        callback = click.pass_context(run)
        return click.Command(name.replace("_", "-"), help=text_of.__doc__, params=every, callback=callback)

    return made


_LISTED, _WORDED = 200, 16  # documents of which phrases without a concept are listed; of which all wording is
_NAMED = 12  # of what is left out, by name
_WAYS = ["country", "document", "year", "region"]


def _cells(kg: KnowledgeGraph, comparison: Comparison) -> dict[str, object]:
    """Return a comparison with the rows behind each cell, for JSON; its table has the values alone."""
    rows = []
    comparison.read()
    for subject in comparison.subjects:
        row: dict[str, object] = {"country": subject.country, "name": kg.names[subject.country]}
        if comparison.by == "document":
            row |= {"document": subject.iri, "title": subject.name}
        row["left_out"] = comparison.left_out(subject.key)
        cells = {concept.code: comparison.cell(subject.key, concept.code) for concept in comparison.concepts}
        row["cells"] = {code: {"value": cell.value.name, "evidence": cell.evidence} for code, cell in cells.items()}
        rows.append(row)
    kind = "jurisdictions" if comparison.by == "country" else "documents"
    return {"axis": comparison.axis, "match": comparison.match, "notes": comparison.notes, kind: rows}


def _compared(
    kg: KnowledgeGraph, axis: str, by: str, first: int | None, last: int | None, guideline: str | None, **chosen: Any
) -> Comparison | Shares | Regions:
    if guideline:
        areas = kg.guideline(guideline)
        if not areas:
            known = {str(row["title"]) for row in kg.guideline("")}
            raise UnknownNameError("guideline", guideline, known, see=f"There are: {', '.join(sorted(known))}.")
        chosen["concept"] = [*dict.fromkeys(str(row["concept"]) for row in areas), *chosen["concept"]]
    if by == "year":
        return kg.shares(axis, first=first, last=last, **chosen)
    if first or last:
        raise ParameterError("--from and --to are for a comparison by year: add --by year.")
    if by == "region":
        return kg.regions(axis, **chosen)
    return kg.compare(axis, by=by, **chosen)


@analysed(
    click.Argument(["axis"], shell_complete=options.completed("axis")),
    options.country_option,
    options.near_match_option,
    options.choice("--by", _WAYS, "Compare jurisdictions, documents, regions, or plans in force by year.", "country"),
    options.option("--concept", "CODE", "Only this concept, by its code or name; may be repeated.", multiple=True),
    options.option("--guideline", "NAME", "Only what this guideline says that a plan should cover."),
    options.option("--from first", "YEAR", "By year: the first one.", type=int),
    options.option("--to last", "YEAR", "By year: the last one.", type=int),
    *options.filter_options,
    *options.lens_options,
    options.flag("--all every", "Also show the concepts that no plan names."),
    options.option("--words", "TEXT", "The wording behind the concepts of which this is a part of the name, or all."),
    worded=True,
    made_by=_compared,
)
def compare(
    kg: KnowledgeGraph, comparison: Comparison | Shares | Regions, every: bool, words: str | None = None
) -> str:
    """Compare jurisdictions by AXIS, such as pillars (or themes) or measures; any other word lists them all.

    \b
    napgraph compare pillars
    napgraph compare principles -c BIH -c XKX --match exact
    napgraph compare pillars -c HRV --by document
    napgraph compare pillars --in-force 2006-2009
    napgraph compare pillars --source own-text --depth full-text
    napgraph compare forms --country Europe --concept "forced labour"
    napgraph compare themes --words demand -c "Northern Europe"
    napgraph compare themes -c MDA --guideline "Stability Pact"
    napgraph compare pillars --by year --concept demand-reduction --from 2003 --to 2025
    napgraph compare pillars --evidence -o pillars.csv
    """
    if not isinstance(comparison, Comparison):
        return _by_year(kg, comparison) if isinstance(comparison, Shares) else _by_region(kg, comparison)
    concepts = comparison.concepts if every else comparison.spoken() or comparison.concepts
    heads, lines = _shown(kg, comparison)
    told = "{axis} · {jurisdictions}, {documents} · wording matched: {match}"
    codes = {each.partition("/")[0] for each in heads}
    places = counted(kg.language, len(codes), "{count} jurisdiction", "{count} jurisdictions")
    documents = counted(kg.language, comparison.documents, "{count} document", "{count} documents")
    given = {
        "axis": comparison.title,
        "jurisdictions": places,
        "documents": documents,
        "match": kg.say(comparison.match),
    }
    head = kg.say(told, **given)
    used = {comparison.value(each, concept.code) for each in heads for concept in concepts}
    legend = screens.packed(f"{value.sign} {value.words}" for value in comparison.values.values() if value in used)
    names = {key: head for key, (head, _) in heads.items()}
    made = [*indented(head, 0), "", *screens.matrix(kg, comparison, concepts, names), "", *legend]
    if comparison.by == "document":
        made += ["", *(line for key, (_, title) in heads.items() for line in indented(f"{key}  {title}", 0, 4))]
    made += ["", *lines] if lines else []
    if words or len(comparison.concepts) == 1 or comparison.documents <= _WORDED:
        terms = kg.parts_in(heads) if comparison.axis == "pillars" else {}
        return "\n".join([*made, "", screens.wording(kg, comparison, words, terms)])
    if comparison.documents <= _LISTED and comparison.unmapped in {each.code for each in concepts}:
        made += ["", *_unmapped(kg, comparison, names)]
    asked = f"napgraph compare {comparison.axis}"
    hints = {"Words behind a row": f"{asked} --words {concepts[0].code}", "Sources": f"{asked} --evidence -o FILE"}
    made += ["", *(line for what, how in hints.items() for line in indented(f"{kg.say(what)}: {how}", 0))]
    return "\n".join(made)


def _shown(kg: KnowledgeGraph, comparison: Comparison) -> tuple[dict[str, tuple[str, str]], list[str]]:
    """Return the subjects to show, by key with a short head and the title, and lines on those that are not."""
    left: dict[str, list[str]] = {}
    heads: dict[str, tuple[str, str]] = {}
    origins = kg.origins_of(each.iri for each in comparison.subjects) if comparison.by == "document" else {}
    for subject in sorted(comparison.subjects, key=lambda each: kg.names[each.country]):
        name = kg.names[subject.country]
        head = name if comparison.by == "country" else f"{name} {subject.key.partition('/')[2]}"
        if comparison.left_out(subject.key) is not None:
            left.setdefault("Nothing is left of: {named}.", []).append(head)
        elif all(comparison.value(subject.key, each.code).name == "not-assessed" for each in comparison.concepts):
            left.setdefault("Not looked for in: {named}.", []).append(head)
        else:
            heads[subject.key] = head, marked(subject.name, origins.get(subject.iri))
    if not heads:  # nobody looked at any: that is what there is to show
        return {each.key: (kg.names[each.country], each.name) for each in comparison.subjects}, comparison.notes
    lines = screens.note_lines(comparison.brief)
    for sentence, names in left.items():
        shown = names[:_NAMED] if comparison.by == "document" else names
        more = kg.say(" and {count} more", count=len(names) - len(shown)) if len(names) > len(shown) else ""
        lines += indented(kg.say(sentence, named=", ".join(shown) + more), 0)
    return heads, lines


def _unmapped(kg: KnowledgeGraph, comparison: Comparison, names: Mapping[str, str]) -> list[str]:
    """Return the phrases for which no shared concept stands, by subject."""
    lines = list[str]()
    for subject, name in names.items():
        rows = comparison.cell(subject, comparison.unmapped).evidence
        phrases = dict.fromkeys(marked(row["phrase"], row["origin"]) for row in rows if row["phrase"])
        lines += indented(f"{name}: {'; '.join(phrases)}", 2, 2) if phrases else []
    return [kg.say("Phrases without a shared concept"), *lines] if lines else []


def _by_region(kg: KnowledgeGraph, found: Regions) -> str:
    """Return how many jurisdictions of each region name each concept."""
    concepts, heads = found.concepts, [f"{name} ({len(codes)})" for name, codes in found.regions.items()]
    first = min(max(len(each.label) + 2 * each.depth for each in concepts), screens.width() * 3 // 8) + 2
    told = "{axis} · in how many jurisdictions of each region a plan names it · wording matched: {match}"
    head = kg.say(told, axis=found.title, match=kg.say(found.match))
    lines = [*indented(head, 0), "", *screens.stair(heads, first)]
    for each in concepts:
        name = screens.padded(screens.cut("  " * each.depth + each.label, first - 2), first)
        numbers = "".join(str(found.counts[region, each.code] or "–").ljust(3) for region in found.regions)
        lines.append(f"{name}{numbers}".rstrip())
    return "\n".join([*lines, "", *screens.note_lines([*found.notes, *map(kg.say, found.known)])])


_BAR = 16  # signs for the whole
_COUNTS = {"showing": "{count} show the axis", "full": "{count} read in full", "possible": "{count} possibly in force"}


def _by_year(kg: KnowledgeGraph, found: Shares) -> str:
    """Return a line for each year: the share as a bar and as an interval, and the counts that it rests on."""
    entries = []
    for row in found.shares:
        counts = kg.say("{some} of {all}", some=row["stating"], all=row["plans"])
        for name, words in _COUNTS.items():
            counts += f"; {kg.say(words, count=row[name])}" if row[name] or name == "full" else ""
        low, high = (float(str(row[name] or 0)) for name in ("lower", "upper"))
        sure = round(low * _BAR)
        bar = screens.padded("█" * sure + "░" * (round(high * _BAR) - sure), _BAR)
        share = kg.say("{start} to {end}", start=f"{low:.0%}", end=f"{high:.0%}")
        share = kg.say("no plan in force") if row["lower"] is None else f"{screens.padded(share, 12)} {counts}"
        entries.append(((str(row["label"]),), f"{row['year']} {bar} {share}"))
    told = "{axis} · share of the plans in force that state it, by year · wording matched: {match}"
    head = kg.say(told, axis=found.title, match=kg.say(found.match))
    legend = [kg.say("█ known to state it   ░ not known"), *found.notes, *map(kg.say, found.known)]
    return "\n".join([*indented(head, 0), "", *screens.outline(entries), "", *screens.note_lines(legend)])


@analysed(
    options.country_option,
    *options.filter_options,
    *options.lens_options,
    worded=True,
)
def timeline(kg: KnowledgeGraph, line: Timeline) -> str:
    """Show the periods that documents cover and the dated events, with their precision and open ends.

    \b
    napgraph timeline
    napgraph timeline -c DNK --evidence
    """
    rows: list[screens.Row] = [*line.worded()]
    dated = [row for row in rows if row["kind"] != "none" and (row["earliest"] or row["latest"])]
    lines = screens.time_line(kg, dated, line.view.unsettled) if dated else []
    known = {row["document"] for row in dated}
    undated = dict.fromkeys(
        f"{row['country']} {marked(row['title'], row['title_origin'])}" for row in rows if row["document"] not in known
    )
    if undated:
        lines += ["", *indented(kg.say("No date is stated of: {silent}.", silent="; ".join(undated)), 0)]
    lines += ["", *screens.note_lines(line.notes)] if line.notes else []
    return screens.with_key(kg, lines, (row["title_origin"] for row in rows))


@analysed(
    click.Argument(["axis"], metavar="AXIS", shell_complete=options.completed("axis")),
    options.country_option,
    options.choice("--match", options.NEARNESS, "How near a plan's wording must be to a concept.", "broad"),
    options.choice("--by", ["document", "country"], "What is paired.", "document"),
    *options.lens_options,
    options.flag("--anywhere", "Also count concepts that only another part of the plan names."),
    noted=True,
)
def similarity(kg: KnowledgeGraph, found: Similarity) -> str:
    """Compare plans in pairs by AXIS: pillars, principles, measures or goals. The score is shared by named by either.

    Pairs whose sources cannot support a comparison are listed with the reason, never as zero.

    \b
    napgraph similarity principles --match close
    napgraph similarity pillars --by country -c AUS -c COL -c HRV
    """
    pairs = sorted((pair for pair in found.pairs if pair.value is not None), key=lambda pair: -float(pair.value or 0))
    reasons = sorted({part for pair in found.pairs if pair.reason for part in pair.reason.split("; ")})
    title = "Similarity of {axis} by {by} · wording matched: {match} · {number} of {all} pairs can be compared"
    by, match, axis = kg.say(found.by), kg.say(found.match), kg.name_of_axis(found.axis)
    head = kg.say(title, axis=axis, by=by, match=match, number=len(pairs), all=len(found.pairs))
    lines = [*indented(head, 0), ""]
    for pair in pairs:
        named = {kg.say("both"): pair.shared}
        for name, only in ((pair.a, pair.only_a), (pair.b, pair.only_b)):
            named[kg.say("only {name}", name=name)] = only
        share = kg.say("{some} of {all}", some=len(pair.shared), all=sum(map(len, named.values())))
        lines += indented(f"{pair.value:.2f}  {share}  {pair.a} · {pair.b}", 0, 6)
        lines += [line for words, each in named.items() if each for line in indented(f"{words}: {'; '.join(each)}", 6)]
    if reasons:
        lines += ["", kg.say("Cannot be compared"), *(line for reason in reasons for line in indented(reason, 2))]
    return "\n".join(lines)


@analysed(
    options.country_option,
    *options.lens_options,
    noted=True,
)
def gaps(kg: KnowledgeGraph, found: Gaps) -> str:
    """Tell how many goals, objectives and activities have an activity, indicator, responsible body, money or time.

    The share is an interval: what is stated, to what is not known to be lacking.

    \b
    napgraph gaps
    napgraph gaps -c FIN --evidence
    """
    rows: list[screens.Row] = list(found.table().rows)
    entries, unknown = list[tuple[Sequence[str], str]](), dict[str, list[str]]()
    for (document, title, kind), group in groupby(rows, key=lambda row: (row["document"], row["title"], row["kind"])):
        told = [*group]
        known = [row for row in told if row["with_it"] or row["stated_absent"]]
        number = max((int(row["elements"]) for row in told if row["kind"]), default=0)
        name = f"{marked(title, told[0]['title_origin'])} ({document})"
        if not known:
            unknown.setdefault(name, []).append(
                f"{kg.say(kind)}: {number}" if kind else kg.say("no goal, objective or activity")
            )
            continue
        heads = name, f"{kg.say(kind)}: {number}"
        entries += [(heads, _share(kg, row)) for row in known]
        rest = [_question(kg, row) for row in told if row not in known and row["elements"]]
        entries += [(heads, f"{kg.say('not stated')}: {', '.join(rest)}")] if rest else []
    lines = screens.outline(entries)
    if unknown:
        lines += [""] * bool(lines) + indented(kg.say("Of these the sources say nothing either way:"), 0)
        lines += [line for name, kinds in unknown.items() for line in indented(f"{name}: {'; '.join(kinds)}", 2)]
    return screens.with_key(kg, lines, (row["title_origin"] for row in rows))


def _question(kg: KnowledgeGraph, row: screens.Row) -> str:
    return kg.say({"body": "responsible body", "timeline": "time"}.get(row["question"], str(row["question"])))


def _share(kg: KnowledgeGraph, row: screens.Row) -> str:
    """Return how many elements of a kind have what a question is about, and the share as an interval."""
    counts = [(row["with_it"], "stated"), (row["stated_absent"], "absent"), (row["silent"], "not stated")]
    some = ", ".join(f"{number} {kg.say(each)}" for number, each in counts if number)
    low, high = (f"{float(row[name]):.0%}" for name in ("lower", "upper"))
    share = screens.padded(low if low == high else kg.say("{start} to {end}", start=low, end=high), 13)
    return f"{screens.padded(_question(kg, row), 17)}{share}{some}"


_CHANGES = {
    "kept": ("=", "kept"),
    "reworded": ("~", "reworded"),
    "dropped": ("-", "dropped"),
    "added": ("+", "added"),
    "alike": ("=", "in both, in the same words"),
    "shared": ("~", "in both, each in its own words"),
    "only in a": ("-", "only in a: b was read in full"),
    "only in b": ("+", "only in b: a was read in full"),
    "only shown in a": ("<", "only shown in a"),
    "only shown in b": (">", "only shown in b"),
}
"""The symbol of a change, and its meaning in the legend."""


@analysed(
    click.Argument(["a"], metavar="A"),
    click.Argument(["b"], metavar="B"),
    options.choice("--match", options.NEARNESS, "How near both wordings must be to a concept to be tied.", "close"),
    *options.source_options,
    noted=True,
)
def diff(kg: KnowledgeGraph, found: Diff) -> str:
    """Tell which pillars, principles, goals, objectives and measures of A the document B keeps, rewords, drops or adds.

    Where neither document follows the other, tell what both name and what only one. A and B are IRIs, iso3/slug, or a
    unique part of that or of a title.

    \b
    napgraph diff bih/state-plan-2005-2007 xkx/action-plan
    napgraph diff dnk/former-action-plan dnk/action-plan-2007-2010
    """
    lines, entries, silent, titled = list[str](), [], list[str](), found.origins
    for letter, iri, title in zip("AB", (found.a, found.b), found.titles, strict=True):
        lines += indented(f"{letter}  {marked(title, titled.get(iri))} ({iri.partition('/id/')[2]})", 0, 4)
    shown = [change for change in found.changes if change.change in _CHANGES]
    for change in shown:
        phrases = dict.fromkeys(marked(each.phrase, each.origin) for each in (change.a, change.b) if each)
        words = (" | " if change.change == "shared" else " → ").join(phrases)
        if change.change in {"reworded", "shared"} and change.concepts:
            words += f" ({'; '.join(change.concepts)})"
        entries.append(((kg.say(change.kind),), f"{_CHANGES[change.change][0]} {words}"))
    none = "The sources show no pillar, principle, goal, objective, measure or priority of either."
    lines += ["", *(screens.outline(entries, 4) if shown else [kg.say(none)])]
    for document in ("a", "b"):
        for change_of, words in (
            (f"not known of {document}", "Of {document} the sources do not show: {kinds}"),
            (f"none in {document}", "{document} was read in full and has none of: {kinds}"),
        ):
            kinds = [each.kind for each in found.changes if each.change == change_of]
            named = ", ".join(kg.say({"priority": "priorities"}.get(kind, f"{kind}s")) for kind in kinds)
            silent += indented(kg.say(words, document=document.upper(), kinds=named), 0) if kinds else []
    lines += ["", *silent] if silent else []
    used = {change.change for change in shown}
    legend = [f"{sign} {kg.say(meaning)}" for change, (sign, meaning) in _CHANGES.items() if change in used]
    origins = [each.origin for change in shown for each in (change.a, change.b) if each]
    marks = key([*origins, *titled.values()], kg.language)
    return "\n".join([*lines, *([""] if legend or marks else []), *legend, *marks])


@analysed(
    options.country_option,
    options.option("--role", "VERB", "Only who does this, such as coordinates, leads or funds."),
    *options.lens_options,
    noted=True,
)
def network(kg: KnowledgeGraph, found: Network) -> str:
    """List the bodies behind the documents by role: drafts, adopts, leads, supports, funds, is consulted.

    A kind of body, in brackets, stands where the source names none; the source's own verb, in quotes, beside the role.

    \b
    napgraph network -c XKX
    napgraph network --role coordinates
    napgraph network -o bodies.csv
    """
    documents: dict[tuple[str, str], dict[str, None]] = {}
    rows = found.table().rows
    for row in rows:
        title = f"{marked(row['title'], row['title_origin'])} ({row['document']})"
        role = f'{row["role"]} ("{row["verb"]}")' if row["verb"] else str(row["role"])
        name = marked(row["body_name"], row["origin"]) if row["body_name"] else f"[{row['body_class']}]"
        documents.setdefault((title, role), {})[name] = None
    entries = (((title,), f"{role}: {'; '.join(bodies)}") for (title, role), bodies in documents.items())
    lines = screens.outline(entries)
    return screens.with_key(kg, lines, (row[name] for row in rows for name in ("title_origin", "origin")))
