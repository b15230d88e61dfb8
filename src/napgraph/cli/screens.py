"""How answers look on the terminal: columns, grids, matrix, wording, evidence and time line."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any
from unicodedata import category, east_asian_width

from ..tables.origins import key, marked

if TYPE_CHECKING:
    from ..compare.matrix import Comparison, Concept
    from ..compare.timeline import Timeline
    from ..knowledge_graph import KnowledgeGraph

Row = Mapping[str, Any]
_SYMBOLS = {"year": "◇"}
_LEGEND = "━ period   ┄ an end of it is not stated   ◆ event, day or month stated   ◇ event, only the year stated"
_PLAIN = re.compile("[\\x20-\\u02ff\\u2010-\\u2027\\u2190-\\u21ff\\u2500-\\u25ff✗]*")  # a column each
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


def grid(rows: Sequence[Mapping[str, object]], columns: Sequence[str]) -> str:
    """Return ``rows`` as a table of the terminal's width, long cells wrapped; text is never read as markup."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for column in columns:
        made.add_column(Text(column), overflow="fold", min_width=min(len(column), width() // max(len(columns), 1)))
    for row in rows:
        made.add_row(*(Text("" if row.get(column) is None else str(row.get(column))) for column in columns))
    out = io.StringIO()
    Console(file=out, width=width(), color_system=None, legacy_windows=False).print(made)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


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


def matrix(comparison: Comparison, concepts: Sequence[Concept], heads: Sequence[str]) -> list[str]:
    """Return concepts down, subjects across under their upright heads, in as many blocks as the width needs."""
    names = ["  " * concept.depth + concept.label for concept in concepts]
    first = min(max([len(name) for name in names] + [10]), width() // 2)
    names = [padded(cut(name, first), first) for name in names]
    across = max((width() - first) // 2, 1)
    keys, lines = [subject.key for subject in comparison.subjects], list[str]()
    for start in range(0, len(keys), across):
        tall = max(map(len, heads))
        block = [head.rjust(tall) for head in heads[start : start + across]]
        lines += [""] * bool(lines)
        lines += [" " * first + "".join(f" {head[row]}" for head in block).rstrip() for row in range(len(block[0]))]
        for name, concept in zip(names, concepts, strict=True):
            signs = "".join(f" {comparison.value(each, concept.code).sign}" for each in keys[start : start + across])
            lines.append(f"{name}{signs}")
    return lines


def wording(kg: KnowledgeGraph, comparison: Comparison) -> str:
    """Return, by jurisdiction and document, the wording of the plan beside the concepts it was mapped to."""
    signs = {value.words: value.sign for value in comparison.values.values()}
    stated, in_part = comparison.values["stated"].words, kg.say(" (in part)")
    found: list[Row] = list(comparison.evidence_rows())
    speaking = {row["country"] for row in found if row["concept"] is not None}
    if comparison.chosen:  # of a few concepts only what is said of them
        rows = [row for row in found if row["concept"] is not None]
    else:
        rows = [row for row in found if row["match"] != "under" and (row["concept"] or row["country"] not in speaking)]
    rows.sort(key=lambda row: (row["country"], row["title"] or "", row["value"] != stated, row["order"] or 0))
    grouped: dict[tuple[str, str, str], dict[str, None]] = {}
    for row in rows:
        role = f" ({row['role']})" if row["role"] else ""
        words = f"{marked(row['phrase'], row['origin']) if row['phrase'] else row['value']}{role}"
        title = marked(row["title"] or "", row["title_origin"])
        place = (f"{row['country']} {row['name']}", title, f"{signs[str(row['value'])]} {words}")
        labels = grouped.setdefault(place, {})
        if row["concept"] is not None:
            labels[f"{row['label']}{in_part if row['match'] == 'broad' else ''}"] = None
    entries = (
        (heads, f"{words} → {'; '.join(labels)}" if labels else words) for (*heads, words), labels in grouped.items()
    )
    return with_key(kg, outline(entries), (row[name] for row in rows for name in ("title_origin", "origin")))


def time_line(kg: KnowledgeGraph, rows: Sequence[Row]) -> list[str]:
    """Return a line for each document under the years, its events below it, and the legend."""
    years = [int(row[edge][:4]) for row in rows for edge in ("earliest", "latest") if row[edge]]
    first, last = min(years), max(years)
    label = min(44, width() // 2)
    cells = max(1, (width() - label - 1) // (last - first + 1))
    step = -(-5 // cells)
    scale = "".join(f"{year:<{cells * step}}" for year in range(first, last + 1, step)).rstrip()
    lines = [" " * label + " " + scale]
    by_document: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        by_document.setdefault((row["document"], f"{row['country']} {row['title']}"), []).append(row)
    for (document, name), group in by_document.items():
        short = short_name(name, document, [other for _, other in by_document], label - 1)
        short = marked(short, group[0]["title_origin"])
        lines.append(f"{padded(short, label)} {_bar(group, first, last, cells)}".rstrip())
        events = (row for row in group if row["kind"] == "event")
        told = (f"{_SYMBOLS.get(row['precision'], '◆')} {row['what']} {row['start']}" for row in events)
        lines += indented("; ".join(told), 2, 4)
    return [*lines, "", *indented(kg.say(_LEGEND), 0)]


def short_name(name: str, document: str, names: list[str], most: int) -> str:
    """Return a name cut to ``most`` signs so that no other document has it: else with its end, or by its slug."""
    for head in (most - 1, most // 2):  # signs kept of the start; of the end as many as there is room for
        short = [
            text if len(text) <= most else f"{text[:head]}…{text[len(text) + head + 1 - most :]}" for text in names
        ]
        if short.count(short[names.index(name)]) == 1:
            return short[names.index(name)]
    return f"{name[:3]} {document.rpartition('/')[2]}"[:most]


def _bar(rows: list[Row], first: int, last: int, cells: int) -> str:
    """Return the line of one document: its periods first, its events on them."""

    def column(day: str | None, otherwise: int) -> int:
        return otherwise if day is None else (int(day[:4]) - first) * cells + (int(day[5:7]) - 1) * cells // 12

    line = [" "] * ((last - first + 1) * cells)
    for row in sorted(rows, key=lambda each: each["kind"] == "event"):
        start, end = column(row["earliest"], 0), column(row["latest"], len(line) - 1)
        if row["kind"] == "event":
            middle = (start + end) // 2
            free = (place for place in range(middle, len(line)) if line[place] not in "◇◆")
            line[next(free, middle)] = _SYMBOLS.get(row["precision"], "◆")
        else:
            line[start : end + 1] = ("┄" if row["open"] else "━") * (end + 1 - start)
    return "".join(line)
