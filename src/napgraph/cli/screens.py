"""How answers look on the terminal: columns, grids, matrix, wording, evidence and time line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import zip_longest
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any
from unicodedata import category, east_asian_width

from ..compare.analysis import short_iri
from ..compare.matrix import SAYING
from ..tables.origins import key, marked

if TYPE_CHECKING:
    from ..compare.lists import Timeline
    from ..compare.matrix import Comparison, Concept
    from ..knowledge_graph import KnowledgeGraph

Row = Mapping[str, Any]
_LEGEND = "━ period   › no end stated   ‹ no start stated   ┄ not adopted   ◆ event   │ today"
_PLAIN = re.compile("[\\x20-\\u02ff\\u2010-\\u2027\\u2190-\\u21ff\\u2500-\\u25ff✗]*")  # a column each
_TALL = 12  # most steps of a stair of concepts
_ACROSS, _GAP, _ROOM = 16, 3, 12  # most columns of a block, how wide they are, and what the last name and the sum need
_FILLER = "\ue000"
_NEARNESS = {
    "exact": "exact match",
    "close": "close match",
    "broad": "broad match",
    "under": "through a narrower concept",
}


def width() -> int:
    """Return how many columns the terminal has, or 100 where there is none."""
    return get_terminal_size((100, 24)).columns


def _columns(text: str) -> int:
    """Return how many columns a text takes: a letter may be wide (Chinese) or take no room (marks in Arabic)."""
    if _PLAIN.fullmatch(text):
        return len(text)
    return sum((category(each) not in {"Mn", "Me", "Cf"}) + (east_asian_width(each) in {"W", "F"}) for each in text)


def padded(text: str, columns: int) -> str:
    """Return ``text`` with as many spaces at its end as fill ``columns`` columns."""
    return text + " " * (columns - _columns(text))


def cut(text: str, columns: int) -> str:
    """Return ``text`` in at most ``columns`` columns, cut with an ellipsis where it is longer."""
    if _columns(text) <= columns:
        return text
    return next(f"{text[:end]}…" for end in range(len(text), -1, -1) if _columns(text[:end]) < columns)


def wrapped(text: str, columns: int, first: str = "", others: str = "") -> list[str]:
    """Break ``text`` into lines of at most ``columns`` columns, each after its indent: ``first``, then ``others``."""
    plain = _PLAIN.fullmatch(text)
    if plain and text and len(first) + len(text) <= columns and text == text.rstrip():
        return [first + text]
    from textwrap import wrap

    # A wide letter is given a second one, which a line that ends with it may lack; a mark is counted as a letter.
    filled = text if plain else "".join(each + _FILLER * (_columns(each) - 1) for each in text)
    kept: dict[str, Any] = {"break_on_hyphens": False, "break_long_words": "://" not in text}  # an address stays whole
    lines = wrap(filled, columns - (_FILLER in filled), initial_indent=first, subsequent_indent=others, **kept)
    return [line.replace(_FILLER, "") for line in lines]


def indented(text: str, indent: int, hang: int = 2) -> list[str]:
    """Break ``text`` into lines of the terminal's width, the first ``indent`` in, the others ``hang`` further."""
    return wrapped(text, width(), " " * indent, " " * (indent + hang))


def grid(rows: Sequence[Mapping[str, object]], columns: Sequence[str], *, wide: bool = False) -> str:
    """Return ``rows`` as a table, columns as wide as what they hold; text is never read as markup.

    Cells are wrapped between words where the terminal is narrower, if not ``wide``; where even the longest words find
    no room beside each other, each row is a block of lines.
    """
    cells = [
        [" ".join(str("" if (value := row.get(name)) is None else value).split()) for name in columns] for row in rows
    ]
    across = [[*columns], *cells]
    needs = [max(map(_columns, column)) for column in zip(*across, strict=True)]
    words = ([word for cell in column for word in cell.split()] for column in zip(*across, strict=True))
    least = [max(map(_columns, each), default=0) for each in words]
    room = width() - 2 * (len(columns) - 1)
    if not wide and sum(least) > room:
        blocks = (
            [line for name, cell in zip(columns, row, strict=True) if cell for line in indented(f"{name}: {cell}", 0)]
            for row in cells
        )
        return "\n\n".join("\n".join(block) for block in blocks) + "\n"
    widths = needs if wide else [*least]
    while sum(widths) < min(room, sum(needs)) and not wide:  # what is wanting most gets the room that is left
        widest = max(
            range(len(columns)), key=lambda place: needs[place] / widths[place] if needs[place] > widths[place] else 0
        )
        widths[widest] += 1
    lines = [
        "  ".join(padded(name, each) for name, each in zip(columns, widths, strict=True)),
        "  ".join("─" * each for each in widths),
    ]
    for row in cells:
        parts = [wrapped(cell, each) or [""] for cell, each in zip(row, widths, strict=True)]
        lines += [
            "  ".join(padded(text, each) for text, each in zip(line, widths, strict=True))
            for line in zip_longest(*parts, fillvalue="")
        ]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def packed(items: Iterable[str]) -> list[str]:
    """Return items beside each other, in as many lines of the terminal's width as they need; none is broken."""
    lines = [""]
    for item in items:
        joined = f"{lines[-1]}   {item}" if lines[-1] else item
        lines = [*lines[:-1], joined] if _columns(joined) <= width() or not lines[-1] else [*lines, item]
    return lines


def note_lines(notes: Iterable[str]) -> list[str]:
    """Return the notes as lines of the terminal's width."""
    return [line for note in notes for line in indented(note, 0)]


def with_key(kg: KnowledgeGraph, lines: list[str], origins: Iterable[object]) -> str:
    """Return the lines as a text, with the key of the marks that names of these origins bear."""
    marks = key(origins, kg.language)
    return "\n".join([*lines, *([""] if marks else []), *marks])


def outline(entries: Iterable[tuple[Sequence[str], str]], hang: int = 2, *, gaps: bool = True) -> list[str]:
    """Return texts below their headings, each heading once; with ``gaps``, an empty line before those at the top."""
    lines: list[str] = []
    above: Sequence[str] = ()
    for heads, text in entries:
        for depth, head in enumerate(heads):
            if above[: depth + 1] != heads[: depth + 1]:
                lines += [""] * bool(gaps and lines and not depth)
                lines += indented(head, 2 * depth)
        above = heads
        lines += indented(text, 2 * len(heads), hang)
    return lines


def scale(first: int, last: int, per: float, step: int) -> str:
    """Return the years from ``first`` to ``last``, one every ``step``; ``per`` is how many columns a year takes."""
    return "".join(f"{year:<{round(step * per)}}" for year in range(first, last + 1, step)).rstrip()


def draw(bar: list[str], start: int | None, end: int | None, first: int, per: float) -> int | None:
    """Draw a period between two years, or the one that is stated, and return its column, or None where it has none.

    The bar begins in the year ``first``; ``per`` is how many columns a year takes.
    """
    if start is None and end is None:
        return None
    most = len(bar) - 1
    at, to = (
        None if year is None else min(max(int((year - first + add) * per) - (add and per > 1), 0), most)
        for year, add in ((start, 0), (end, 1 if per > 1 else 0))
    )
    if at is None or to is None:
        place = at if at is not None else int(to or 0)
        bar[place] = "›" if at is not None else "‹"
        return place
    bar[at : to + 1] = ["┣", *"━" * (to - at)]
    return at


def evidence_text(kg: KnowledgeGraph, found: Comparison | Timeline) -> str:
    """Return the notes of an analysis, then the statements that it rests on, by jurisdiction."""
    lines = [*note_lines(found.notes), ""] if found.notes else []
    rows: list[Row] = list(found.evidence().rows)
    lines += outline((((f"{row['country']} {row['name']}",), _statement(kg, row)) for row in rows), 4, gaps=False)
    return with_key(kg, lines, (row.get(name) for row in rows for name in ("title_origin", "origin")))


def _statement(kg: KnowledgeGraph, row: Row) -> str:
    """Return a statement of the evidence of a comparison, or of a time line, which has no concepts."""
    place = f"({marked(row['title'], row['title_origin'])}) [{row['where']}]"
    if "concept" not in row:
        return f"{row['phrase']} {place}"
    if row["concept"] is None:
        return f"{kg.say('For the rest: {value}', value=row['value'])} {place}"
    match = f", {kg.say(_NEARNESS[str(row['match'])])}" if row["match"] else ""
    role = f", {row['role']}" if row["role"] else ""
    phrase = f": {marked(row['phrase'], row['origin'])}" if row["phrase"] else ""
    return f"{row['label']}: {row['value']}{match}{role}{phrase} {place}"


def matrix(
    kg: KnowledgeGraph, comparison: Comparison, concepts: Sequence[Concept], heads: Mapping[str, str]
) -> list[str]:
    """Return a line for each concept under a stair of the subjects' names; where these are many, the other way round.

    ``heads`` are the names of those to show, by key. Beside or below stands how many of them name a concept.
    """
    values = {each.code: [comparison.value(key, each.code) for key in heads] for each in concepts}
    counts = {code: sum(value.name in SAYING for value in found) for code, found in values.items()}
    first = min(max([len(each.label) + 2 * each.depth for each in concepts] + [10]), width() // 2) + 2
    if len(heads) <= _ACROSS and first + _GAP * len(heads) + _ROOM <= width():
        lines = stair(heads.values(), first)
        for place, each in enumerate(concepts):
            beside = [*concepts[max(place - 1, 0) : place], *concepts[place + 1 : place + 2]]
            apart = place and not each.depth and not comparison.chosen and any(other.depth for other in beside)
            lines += [""] * bool(apart)
            signs = "".join(value.sign.ljust(_GAP) for value in values[each.code])
            some = kg.say("{some} of {all}", some=counts[each.code], all=len(heads))
            name = padded(cut("  " * (not comparison.chosen) * each.depth + each.label, first - 2), first)
            lines.append(cut(f"{name}{signs} {padded(some, 8)} {'▪' * counts[each.code]}".rstrip(), width()))
        return lines
    first = min(max(map(_columns, heads.values())), width() // 4) + 2
    lines = list[str]()
    for block in _blocks(concepts, (width() - first) // _GAP):
        lines += [""] * bool(lines) + stair([each.label for each in block], first)
        for place, head in enumerate(heads.values()):
            signs = "".join(values[each.code][place].sign.ljust(_GAP) for each in block)
            lines.append(f"{padded(cut(head, first - 2), first)}{signs}".rstrip())
        sums = "".join(str(counts[each.code]).ljust(_GAP) for each in block).rstrip()
        lines.append(f"{padded(cut(kg.say('named by'), first - 2), first)}{sums}")
    return lines


def stair(heads: Iterable[str], first: int) -> list[str]:
    """Return names above columns that are ``_GAP`` wide, each a line lower and further in than the one before."""
    return [
        cut(f"{'':{first}}{'│'.ljust(_GAP) * place}{head}", max(width(), first + _GAP * place + 2))
        for place, head in enumerate(heads)
    ]


def _blocks(concepts: Sequence[Concept], most: int) -> list[list[Concept]]:
    """Return concepts in blocks of at most ``most`` or 12: whole branches together, as far as there is room."""
    blocks: list[list[Concept]] = []
    most = max(1, min(most, _TALL))
    starts = [place for place, each in enumerate(concepts) if not each.depth] or [0]
    for start, end in zip(starts, [*starts[1:], len(concepts)], strict=True):
        branch = concepts[start:end]
        if not blocks or len(blocks[-1]) + len(branch) > most:
            blocks.append([])
        for each in branch:
            if len(blocks[-1]) == most:
                blocks.append([])
            blocks[-1].append(each)
    return [block for block in blocks if block]


def wording(kg: KnowledgeGraph, comparison: Comparison, words: str | None, terms: Mapping[str, str]) -> str:
    """Return, by jurisdiction and document, the wording of the plan beside the concepts it was mapped to.

    Of ``words`` only what is said of the concepts that this is a part of; ``terms`` are what plans call their parts.
    """
    signs = {value.words: value.sign for value in comparison.values.values()}
    stated, in_part = comparison.values["stated"].words, kg.say(" (in part)")
    found: list[Row] = list(comparison.evidence().rows)
    speaking = {row["country"] for row in found if row["concept"] is not None}
    if words and words != "all":
        part = words.casefold().replace("-", " ")
        rows = [row for row in found if part in f"{row['label']} {row['concept']}".casefold().replace("-", " ")]
    elif comparison.chosen:  # of a few concepts only what is said of them
        rows = [row for row in found if row["concept"] is not None]
    else:
        rows = [row for row in found if row["match"] != "under" and (row["concept"] or row["country"] not in speaking)]
    rows.sort(key=lambda row: (row["country"], row["title"] or "", row["value"] != stated, row["order"] or 0))
    grouped: dict[tuple[str, str, str], dict[str, None]] = {}
    for row in rows:
        role = f" ({row['role']})" if row["role"] else ""
        said = f"{marked(row['phrase'], row['origin']) if row['phrase'] else row['value']}{role}"
        title = marked(row["title"] or "", row["title_origin"]) + terms.get(str(row["document"]), "")
        place = (f"{row['country']} {row['name']}", title, f"{signs[str(row['value'])]} {said}")
        labels = grouped.setdefault(place, {})
        if row["concept"] is not None:
            labels[f"{row['label']}{in_part if row['match'] == 'broad' else ''}"] = None
    entries = (
        (heads, f"{said} → {'; '.join(labels)}" if labels else said) for (*heads, said), labels in grouped.items()
    )
    return with_key(kg, outline(entries), (row[name] for row in rows for name in ("title_origin", "origin")))


def time_line(kg: KnowledgeGraph, rows: Sequence[Row], states: Mapping[str, str]) -> list[str]:
    """Return the documents of each country below each other by time: its years, a bar, and its events in words.

    ``states`` tell of each document (IRI) that was not adopted.
    """
    years = [int(row[edge][:4]) for row in rows for edge in ("earliest", "latest") if row[edge]]
    first, last, today = min(years) // 5 * 5, max(*years, date.today().year), date.today()
    label = min(44, width() // 2)
    per = (width() - label - 1) / (last - first + 1)
    per = per if per < 1 else int(per)
    by_document: dict[str, list[Row]] = {}
    for row in sorted(rows, key=lambda each: each["earliest"] or each["latest"]):
        by_document.setdefault(row["document"], []).append(row)
    countries: dict[str, list[list[Row]]] = {}
    for group in by_document.values():
        countries.setdefault(f"{group[0]['country']} {group[0]['name']}", []).append(group)
    lines = [f"{'':{label}} {scale(first, last, per, 5 if per * 5 > 5 else 10)}"]  # noqa: PLR2004
    for country, groups in countries.items():
        lines += [country]
        for group in groups:
            periods = [row for row in group if row["kind"] == "period"]
            shown = next((row for row in periods if row["shown"]), periods[0] if periods else group[0])
            state = states.get(group[0]["document"])
            bar = [" "] * (round((last - first + 1) * per) + 1)
            place = int((today.year - first + (today.month - 1) / 12) * per)
            bar[place] = "│"
            for edges in dict.fromkeys((row["earliest"], row["latest"]) for row in periods):
                start, end = (None if day is None else int(day[:4]) for day in edges)
                draw(bar, start, end, first, per)
            events = [row for row in group if row["kind"] == "event"]
            for row in events:
                after = int(row["earliest"][:4]) - first + (int(row["earliest"][5:7]) - 1) / 12
                bar[min(int(after * per), len(bar) - 1)] = "◆"
            if state:
                bar = ["┄" if sign in "━┣" else sign for sign in bar]
            title = marked(cut(str(shown["title"]), label - 3), shown["title_origin"])
            lines.append(f"  {padded(title, label - 2)} {''.join(bar)}".rstrip())
            said = dict.fromkeys(str(row["phrase"]).removeprefix(f"{row['what']} ") for row in periods)
            said |= dict.fromkeys(row["phrase"] for row in events)
            lines += indented("; ".join([*([state] if state else []), *said, short_iri(shown["document"])]), 4, 2)
    return [*lines, "", *packed(kg.say(_LEGEND).split("   "))]
