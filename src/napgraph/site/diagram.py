"""Drawings of the model as SVG: one class in the middle, what points to it on the left, what it points to on the right.

A drawing stands in the page itself, so that it takes the page's colours, light or dark, and its boxes are links. It
holds no style of its own, which the pages' security policy would refuse.
"""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import wrap
from typing import NamedTuple

_WIDE, _MIDDLE, _GAP = 270, 170, 56
_LINE, _PAD, _SPACE = 16, 9, 10
_LETTERS = 38


class Box(NamedTuple):
    """A class beside the one in the middle: its words, its address on the page, the properties between the two."""

    words: str
    href: str
    properties: tuple[str, ...]


class Hub(NamedTuple):
    """What is to be drawn: the class in the middle, and the boxes to its left and right."""

    words: str
    href: str
    left: tuple[Box, ...]
    right: tuple[Box, ...]


class Placed(NamedTuple):
    """A box with its place: left and upper edge, height, the lines of its properties, and the edge where it is met."""

    box: Box
    x: int
    y: int
    height: int
    lines: tuple[str, ...]
    meets: int


class Drawing(NamedTuple):
    """A hub with places for everything, in the units of the drawing; ``told`` says it in words."""

    hub: Hub
    width: int
    height: int
    boxes: tuple[Placed, ...]
    middle: int
    top: int
    told: str


def drawn(hub: Hub, words: Mapping[str, str]) -> Drawing:
    """Return the drawing of a hub, told in the ``words`` of its page.

    Both columns begin at the top, where a narrow screen shows them first.
    """
    columns = [
        [(box, tuple(wrap(", ".join(box.properties), _LETTERS))) for box in side] for side in (hub.left, hub.right)
    ]
    high = [sum(_height(lines) + _SPACE for _, lines in side) for side in columns]
    height = max(*high, 2 * _LINE + 4 * _PAD)
    starts = (0, _WIDE + _MIDDLE + 2 * _GAP)
    if not hub.left:  # nothing points here: the column is not needed
        starts = (0, _MIDDLE + _GAP)
    placed = []
    for number, (side, start) in enumerate(zip(columns, starts, strict=True)):
        y = _SPACE // 2
        for box, lines in side:
            placed.append(Placed(box, start, y, _height(lines), lines, start + (_WIDE if number == 0 else 0)))
            y += _height(lines) + _SPACE
    middle = _WIDE + _GAP if hub.left else 0
    top = max(high[0] // 2, _LINE + 2 * _PAD)
    return Drawing(hub, starts[1] + _WIDE, height, tuple(placed), middle, top, _told(hub, words))


def _height(lines: tuple[str, ...]) -> int:
    return (1 + len(lines)) * _LINE + 2 * _PAD


def _told(hub: Hub, words: Mapping[str, str]) -> str:
    """Return the drawing in words, for those who cannot see it."""
    right = [f"{', '.join(box.properties)}: {box.words}" for box in hub.right]
    left = [f"{box.words} ({', '.join(box.properties)})" for box in hub.left]
    told = [
        words[key].format(hub=hub.words, what="; ".join(side)) for key, side in (("from", right), ("to", left)) if side
    ]
    return " ".join(told)
