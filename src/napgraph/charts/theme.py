"""The look of the values of a cell: a colour and a sign each, so that neither has to be seen to read the other.

The colours differ in lightness, step by step, so they stay apart in grey and to colour-blind eyes. The signs are
outlines, not letters of a font, except the question mark, which every font has.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from .figure import data, key
from .save import alt


class Symbol(NamedTuple):
    """How a value looks: the fill of its cell, the colour of its sign, and the outline of the sign (-1 to 1)."""

    fill: str
    ink: str
    outline: str


_EMPTY = "M0,0Z"
_DISC = "M0,-0.8A0.8,0.8,0,1,1,0,0.8A0.8,0.8,0,1,1,0,-0.8Z"
_HALF = "M0,-0.85A0.85,0.85,0,0,0,0,0.85ZM0,-0.85A0.85,0.85,0,0,1,0,0.85L0,0.62A0.62,0.62,0,0,0,0,-0.62Z"
_RING = "M0,-0.8A0.8,0.8,0,1,1,0,0.8A0.8,0.8,0,1,1,0,-0.8ZM0,-0.52A0.52,0.52,0,1,0,0,0.52A0.52,0.52,0,1,0,0,-0.52Z"
_DOT = "M0,-0.22A0.22,0.22,0,1,1,0,0.22A0.22,0.22,0,1,1,0,-0.22Z"
_CROSS = (
    "M-0.8,-0.55L-0.55,-0.8L0,-0.25L0.55,-0.8L0.8,-0.55L0.25,0L0.8,0.55L0.55,0.8L0,0.25L-0.55,0.8L-0.8,0.55L-0.25,0Z"
)

SYMBOLS = {
    "stated": Symbol("#08305c", "#ffffff", _DISC),
    "partly": Symbol("#5b95c8", "#08203c", _HALF),
    "in-other-words": Symbol("#83aec0", "#08203c", _RING),
    "not-stated": Symbol("#ffffff", "#444444", _DOT),
    "absent": Symbol("#a8501a", "#ffffff", _CROSS),
    "not-assessed": Symbol("#bebebe", "#222222", _EMPTY),
}
NO_RECORD = "#e4e4e4"


def marks(base: Any, x: Any, y: Any, *, size: int, tooltip: Sequence[str]) -> Any:
    """Return cells of ``base`` at ``x`` and ``y``: a filled square and the sign of its ``value``."""
    placed = base.encode(x=x, y=y)
    squares = placed.mark_rect(stroke="#8a8a8a", strokeWidth=0.4).encode(fill=filled("fill"), tooltip=list(tooltip))
    return alt.layer(squares, *signs(placed, size, 11)).resolve_scale(fill="independent")


def signs(placed: Any, size: int, letter: int) -> tuple[Any, Any]:
    """Return the layers of the signs of values: outlines of a ``size``, and the question mark of ``letter`` pixels."""
    mark = placed.transform_filter("datum.value != 'not-assessed'").mark_point(
        filled=True, size=size, strokeWidth=0, opacity=1, aria=False, tooltip=None
    )
    question = placed.transform_filter("datum.value == 'not-assessed'").mark_text(
        text="?", fontSize=letter, color=SYMBOLS["not-assessed"].ink, aria=False, tooltip=None
    )
    outline = alt.Shape("value:N", legend=None, scale=_scale("outline"))
    return mark.encode(fill=filled("ink"), shape=outline), question


def filled(part: str) -> Any:
    """Return the colour of a value: the ``fill`` of its cell or the ``ink`` of its sign."""
    return alt.Fill("value:N", legend=None, scale=_scale(part))


def _scale(part: str) -> Any:
    return alt.Scale(domain=list(SYMBOLS), range=[getattr(symbol, part) for symbol in SYMBOLS.values()])


def legend(words: Mapping[str, str], used: Collection[object], indent: float = 0, *, other: str = "") -> Any:
    """Return the key of the values that are ``used``, a line each, with their ``words``, ``indent`` pixels to the left.

    ``other`` are the words for what is in the picture and has no value.
    """
    step = 19
    named = {name: words.get(name, name) for name in SYMBOLS if name in used} | ({"none": other} if other else {})
    base = alt.Chart(data([{"key": "", "value": name, "words": text} for name, text in named.items()]))
    y = alt.Y("value:N", sort=list(named), axis=None, scale=alt.Scale(paddingInner=0.15))
    x = alt.X("key:N", axis=None, scale=alt.Scale(range=[-indent, step - indent]))
    ground = base.mark_rect(fill=NO_RECORD, stroke="#8a8a8a", strokeWidth=0.4, aria=False).encode(x=x, y=y)
    cells = marks(base.transform_filter("datum.value != 'none'"), x, y, size=90, tooltip=["words:N"])
    return key(base, y, ground, cells, width=step, height=step, indent=indent)
