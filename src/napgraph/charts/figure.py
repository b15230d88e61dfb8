"""What figures share: title, subtitle, key, notes and source around a drawing, which is cut in parts where it is high."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from ..project.language import counted, say
from ..tables.origins import key as key_of_marks
from ..tables.origins import short
from ..tables.table import Picture, Table
from .canvas import LARGE, SIGNS, SMALL, TEXT, TITLE, Canvas, Look, wide

Row = dict[str, Any]
Draw = Callable[[Canvas], None]
SAYING = frozenset({"stated", "partly", "in-other-words"})
GAP = 10.0
_LONGEST = 420  # signs of a note; the rest is told beside the table
_SOURCES = 2  # with more, the table names them


def filled(fill: str) -> Callable[[Canvas, float, float], Any]:
    """Return what draws an entry of the key that is only filled, without a sign."""
    return lambda canvas, x, y: canvas.add("rect", x=x, y=y - 10, width=20, height=12, rx=1.5, fill=fill, stroke="edge", stroke_width=0.6)


class Key(NamedTuple):
    """An entry of the key: a value that is shown with its sign, or how a mark is drawn; and its words."""

    look: str | Callable[[Canvas, float, float], Any]
    words: str


def speech(table: Table) -> tuple[Callable[..., str], Callable[..., str]]:
    """Return ``say`` and ``plural``, a number with its English noun (1 body, 2 bodies), in the language of a table."""
    language = table.about.language

    def plural(number: int, word: str, several: str = "") -> str:
        return counted(language, number, f"{{count}} {word}", f"{{count}} {several or word + 's'}")

    return partial(say, language), plural


def figure(
    table: Table,
    look: Look,
    draws: Sequence[Draw],
    *,
    title: str,
    subtitle: str,
    notes: Iterable[str],
    key: Sequence[Key] = (),
) -> Picture:
    """Return the figure of ``draws``, a part each, under ``title`` or that of the look; ``notes`` go below."""
    title, (said, _) = look.title or title or table.about.title, speech(table)
    told = [*filter(None, notes), *_about(table)]
    caption, parts = [subtitle, *(each.words for each in key), *told], []
    for number, draw in enumerate(draws, 1):
        canvas = Canvas(look, f"{title} {number} {table.about.version}")
        canvas.root.set("role", "img")
        canvas.root.set("lang", table.about.language)
        canvas.add("title").text = title
        canvas.add("desc").text = " ".join([f"{title}.", *caption])
        part = said(" ({number} of {all})", number=number, all=len(draws)) if len(draws) > 1 else ""
        across = canvas.right - canvas.left
        canvas.block(canvas.left, [title + part], across, TITLE, bold=True)
        canvas.y += 3
        canvas.block(canvas.left, [subtitle], across, LARGE, "quiet")
        _key(canvas, key)
        canvas.y += GAP
        draw(canvas)
        canvas.y += GAP
        canvas.add("line", x1=canvas.left, x2=canvas.right, y1=canvas.y, y2=canvas.y, stroke="line")
        canvas.y += 3
        short_notes = [each if len(each) <= _LONGEST else f"{each[:_LONGEST].rpartition(' ')[0]} …" for each in told]
        canvas.block(canvas.left, [" ".join(short_notes[:-1]), short_notes[-1]], across, SMALL, "quiet")
        parts.append(canvas.done())
    return Picture(title, caption, table, parts)


def _key(canvas: Canvas, entries: Sequence[Key]) -> None:
    """Draw the key in lines below each other, as many entries in one as there is room for."""
    x, canvas.y = canvas.left, canvas.y + (24 if entries else 0)
    for look, words in entries:
        across = 26 + wide(words, TEXT)
        if x > canvas.left and x + across > canvas.right:
            x, canvas.y = canvas.left, canvas.y + 18
        if not isinstance(look, str):
            look(canvas, x, canvas.y)
        else:
            canvas.cell(look, x, canvas.y - 10, 20, 13)
        canvas.text(x + 26, canvas.y, words)
        x += across + 16


def _about(table: Table) -> list[str]:
    """Return what to know of a table, its notes and marks, and in the last line its sources, data and licence."""
    about, (said, plural) = table.about, speech(table)
    sources = "; ".join(about.sources) if len(about.sources) <= _SOURCES else plural(len(about.sources), "source")
    named = "Sources: {named}." if len(about.sources) > 1 else "Source: {named}."
    last = [said(named, named=sources)] if sources else []
    last += [said("Data version {version}.", version=short(about.version))] if about.version else []
    last += ["CC BY 4.0, w3id.org/napgraph."]
    origins = (row.get(name) for row in table.rows for name in ("title_origin", "origin"))
    marks = key_of_marks(origins, about.language)
    return [*(each if each[-1:] in ".:" else f"{each}." for each in (*about.notes, *marks)), " ".join(last)]


def values_key(words: Mapping[str, str], values: Iterable[object], *more: Key) -> list[Key]:
    """Return the key of the values that occur, with how often."""
    found = list(values)
    return [Key(name, f"{words.get(name, name)}: {found.count(name)}") for name in SIGNS if name in found] + [*more]


def words_of(table: Table) -> Mapping[str, str]:
    """Return the words of the values, as the table's column has them, in its language."""
    codes = next(column.codes for column in table.columns if column.name == "value")
    return {name: say(table.about.language, words) for name, words in codes.items()}


def placed(look: Look, names: Iterable[str], value: Callable[[str], Any]) -> list[str]:
    """Return jurisdictions (codes) in the order of the look; ``value`` gives what each is placed by, the least first."""
    keys = {"value": value, "code": lambda code: code}
    first = keys.get(look.order, lambda code: look.ranks.get(code, (9999,)))
    return sorted(names, key=lambda code: (first(code), look.names.get(code, code), code))


def in_parts(look: Look, heights: Sequence[float], fixed: float) -> list[slice]:
    """Return which rows go into which part, if ``fixed`` pixels of each are taken by what stands around them."""
    room = (look.height or float("inf")) - fixed
    cuts, used = [0], 0.0
    for number, height in enumerate(heights):
        if used and used + height > room:
            cuts.append(number)
            used = 0
        used += height
    return [slice(start, end) for start, end in zip(cuts, [*cuts[1:], len(heights)], strict=True)]


ORDERS = {"value": "", "date": "by the first year", "region": "by region", "code": "by code"}
"""The words of the orders of jurisdictions."""
