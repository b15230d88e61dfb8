"""What figures share: title, subtitle, key, notes and source around a drawing, in parts where it is high."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from ..project.language import counted, say
from ..tables.origins import key as key_of_marks
from ..tables.origins import short
from ..tables.table import Picture, Table
from ..text import visible
from .canvas import LARGE, SMALL, TEXT, TITLE, Canvas, Look, signs, wide

Row = dict[str, Any]
SAYING = frozenset({"stated", "partly", "in-other-words"})
ORDERS = {"value": "", "date": "by the first year", "region": "by region", "code": "by code"}
"""The words of the orders of jurisdictions."""
_LONGEST = 420  # signs of a note; the rest is told beside the table
_SOURCES = 2  # with more, the table names them


class Draw(NamedTuple):
    """What draws those rows of a figure that are chosen, below each other, and how high each is."""

    part: Callable[[Canvas, slice], None]
    heights: Sequence[float]


class Key(NamedTuple):
    """An entry of the key: a value that is shown with its sign, or what draws a mark at a place; and its words."""

    mark: str | Callable[[Canvas, float, float], Any]
    words: str


def filled(fill: str, words: str) -> Key:
    """Return the entry of a fill without a sign."""
    edge: dict[str, Any] = {"rx": 1.5, "stroke": "edge", "stroke_width": 0.6}
    return Key(lambda canvas, x, y: canvas.box((x, y - 2, 20, 12), fill, **edge), words)


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
    heading: tuple[str, str],
    notes: Iterable[str],
    key: Sequence[Key] = (),
) -> Picture:
    """Return the figure of ``draws``; ``heading`` is its finding or question, and what is shown.

    Of each of ``draws``, as many rows come into a part as the look has room for.
    """
    title, said = look.title or heading[0] or table.about.title, speech(table)[0]
    told = [*filter(None, notes), *_about(table)]
    caption = [heading[1], *(each.words for each in key), *told]
    below = [each if len(each) <= _LONGEST else f"{each[:_LONGEST].rpartition(' ')[0]} …" for each in told]

    def page(draw: Draw, chosen: slice, mark: str = "") -> Canvas:
        canvas = Canvas(look, f"{title} {mark} {table.about.version}")
        for name, value in (("role", "img"), ("lang", table.about.language)):
            canvas.root.set(name, value)
        canvas.add("title").text = visible(title)
        canvas.add("desc").text = visible(" ".join([f"{title}.", *caption]))
        canvas.block([title + mark], TITLE, bold=True)
        canvas.y += 3
        canvas.block([heading[1]], LARGE, "quiet")
        _key(canvas, key)
        canvas.y += 10
        draw.part(canvas, chosen)
        canvas.y += 10
        canvas.rule(canvas.left, canvas.y, (canvas.right, canvas.y))
        canvas.y += 3
        canvas.block([" ".join(below[:-1]), below[-1]], SMALL, "quiet")
        return canvas

    chosen: list[tuple[Draw, slice]] = []
    for draw in draws:
        room = look.height - page(draw, slice(0, 0), " " * 10).high if look.height else float("inf")
        chosen += [(draw, each) for each in _slices(draw.heights, room - TITLE)]
    marks = [said(" ({number} of {all})", number=number, all=len(chosen)) for number in range(1, len(chosen) + 1)]
    pages = [page(*each, mark if len(chosen) > 1 else "") for each, mark in zip(chosen, marks, strict=True)]
    return Picture(title, caption, table, [each.done() for each in pages])


def _slices(heights: Sequence[float], room: float) -> list[slice]:
    """Return which rows of these heights go into which part, one at least into each."""
    cuts, used = [0], 0.0
    for number, height in enumerate(heights):
        if used and used + height > room:
            cuts.append(number)
            used = 0
        used += height
    return [slice(start, end) for start, end in zip(cuts, [*cuts[1:], len(heights)], strict=True)]


def _key(canvas: Canvas, entries: Sequence[Key]) -> None:
    """Draw the key in lines below each other, as many entries in one as there is room for."""
    x, canvas.y = canvas.left, canvas.y + (24 if entries else 0)
    for mark, words in entries:
        across = 26 + wide(words, TEXT)
        if x > canvas.left and x + across > canvas.right:
            x, canvas.y = canvas.left, canvas.y + 18
        if isinstance(mark, str):
            canvas.cell(mark, (x, canvas.y - 10, 20, 13))
        else:
            mark(canvas, x, canvas.y - 8)
        canvas.text(x + 26, canvas.y, words)
        x += across + 16


def _about(table: Table) -> list[str]:
    """Return what to know of a table, its notes and marks, and in the last line its sources, data and licence."""
    about, (said, plural) = table.about, speech(table)
    named, number = "; ".join(about.sources), len(about.sources)
    last = [said("Sources: {named}." if number > 1 else "Source: {named}.", named=named)] if named else []
    last = last if number <= _SOURCES else [f"{plural(number, 'source')}."]
    last += [said("Data version {version}.", version=short(about.version))] if about.version else []
    asked = "; ".join(f"{name} {value}" for name, value in about.parameters.items())
    query = ", ".join(about.queries) + (f" ({asked})" if asked else "")
    several = "Saved queries: {named}." if len(about.queries) > 1 else "Saved query: {named}."
    last += [said(several, named=query)] if about.queries else []
    marks = key_of_marks((row.get(name) for row in table.rows for name in ("title_origin", "origin")), about.language)
    notes = [each if each[-1:] in ".:" else f"{each}." for each in dict.fromkeys([*about.notes, *marks])]
    return [*notes, " ".join([*last, "CC BY 4.0, w3id.org/napgraph."])]


def values_key(words: Mapping[str, str], values: Sequence[object]) -> list[Key]:
    """Return the key of the values that occur, with how often."""
    return [Key(name, f"{words.get(name, name)}: {values.count(name)}") for name in signs() if name in values]


def words_of(table: Table) -> Mapping[str, str]:
    """Return the words of the values, as the table's column has them, in its language."""
    codes = next(column.codes for column in table.columns if column.name == "value")
    return {name: say(table.about.language, words) for name, words in codes.items()}


def rank(look: Look, code: object, value: float) -> tuple[Any, ...]:
    """Return the place of a jurisdiction in the order of the look; by value, the least ``value`` comes first."""
    place = {"value": value, "code": str(code)}.get(look.order, look.ranks.get(str(code), 9999))
    return place, look.name(code)
