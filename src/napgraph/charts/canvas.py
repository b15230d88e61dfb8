"""What figures are drawn on: SVG with text of known width, in the colours of a theme and a font that is everywhere."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple
from unicodedata import combining, normalize
from xml.etree import ElementTree as ET  # written, never read # nosec B405
from zlib import crc32

from ..text import visible

MM = 96 / 25.4
"""Pixels in a millimetre, of which SVG has 96 in an inch."""
FONT = "Liberation Sans, Arial, Helvetica, Nimbus Sans, sans-serif"
SMALL, TEXT, LARGE, TITLE = 9.4, 10.0, 11.0, 16.0  # pixels; the smallest are 7.05 points
PAD = 14.0
THEMES = ("light", "dark", "grey")
Box = tuple[float, float, float, float]
"""Left edge, upper edge, width and height in pixels."""


class Look(NamedTuple):
    """How a figure looks: ``width`` and the most ``height`` of a part (0: one part), in pixels of 1/96 inch.

    ``title`` stands in place of the finding. ``order`` is value, date, region or code; for other than value, ``ranks``
    place the jurisdictions. ``names`` are theirs, both by alpha-3 code; ``years`` those of documents, by short name.
    ``every``: leave nothing out that is rare. ``day`` (YYYY-MM-DD) is what counts as today, else that of the clock.
    """

    width: float = 183 * MM
    height: float = 0
    theme: str = "light"
    title: str = ""
    order: str = "value"
    ranks: Mapping[str, int] = {}
    names: Mapping[str, str] = {}
    years: Mapping[str, str] = {}
    every: bool = False
    day: str = ""

    @property
    def today(self) -> str:
        """The day that counts as today."""
        return self.day or date.today().isoformat()

    def name(self, code: object) -> str:
        """Return the name of a jurisdiction, or its code."""
        return self.names.get(str(code), str(code))


@cache
def _prepared() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("look.toml").read_text(encoding="utf-8"))


def signs() -> dict[str, str]:
    """Return the outlines of the signs of values, in a square from -1 to 1, by value."""
    return _prepared()["signs"]  # type: ignore[no-any-return]


@cache
def colours(theme: str) -> dict[str, str]:
    """Return colours by their use: a value's name for its field, with ``on`` before it for the sign and text there."""
    plain: dict[str, str] = {}
    for name, colour in _prepared()["light" if theme == "grey" else theme].items():
        plain |= {name: colour} if isinstance(colour, str) else {name: colour[0], f"on {name}": colour[1]}
    return {name: _grey(colour) if theme == "grey" else colour for name, colour in plain.items()}


def _grey(colour: str) -> str:
    """Return the grey that is as light as a colour (WCAG's relative luminance)."""
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]  # noqa: PLR2004
    light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    level = round(255 * (light * 12.92 if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055))  # noqa: PLR2004
    return f"#{level:02x}{level:02x}{level:02x}"


@cache
def _advances(font: str) -> dict[str, int]:
    return {sign: int(width) for width, letters in _prepared()[font].items() for sign in letters}


def wide(text: str, size: float, *, bold: bool = False) -> float:
    """Return how wide a line of text is in pixels; a sign that the font may not have counts as its size."""
    known = _advances("bold" if bold else "regular")
    return sum(known.get(sign, 1000) for sign in normalize("NFKD", text) if not combining(sign)) * size / 1000


def lines(text: str, most: float, size: float, *, bold: bool = False) -> list[str]:
    """Return text in lines of at most ``most`` pixels; a longer word is broken."""
    made = [""]
    for word in re.findall(r"\S+", text):
        longer = f"{made[-1]} {word}".lstrip()
        if wide(longer, size, bold=bold) <= most:
            made[-1] = longer
            continue
        made += [""] if made[-1] else []
        for sign in word:
            if made[-1] and wide(made[-1] + sign, size, bold=bold) > most:
                made.append("")
            made[-1] += sign
    return made


def cut(text: str, most: float, size: float) -> str:
    """Return text that is at most ``most`` pixels wide, with dots where it was longer."""
    if wide(text, size) <= most:
        return text
    while text and wide(f"{text}…", size) > most:
        text = text[:-1]
    return f"{text.rstrip(' ,;:–-')}…"


class Canvas:
    """A page to draw on from its top down: ``y`` is how far it is used, ``name`` tells it from others."""

    def __init__(self, look: Look, name: str) -> None:
        self.look, self.y, self._colours = look, PAD, colours(look.theme)
        self.left, self.right = PAD, look.width - PAD
        self.root = ET.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "font-family": FONT})
        self._key = f"{crc32(f'{name} {look[:5]}'.encode()):08x}"  # several figures may stand on one page
        self._defs, self._made = self.add("defs"), set[str]()
        self.stripes()
        self.add("rect", width="100%", height="100%", fill="paper")

    def stripes(self, mark: str = "", scale: float = 1) -> None:
        """Define the fills not-assessed and open, their names with a ``mark``, ``scale`` times as large."""
        for pattern, ground, stripe in (("not-assessed", "not-assessed", "hatch"), ("open", "paper", "partly")):
            way = {"patternUnits": "userSpaceOnUse", "patternTransform": f"rotate(45) scale({scale:.2f})"}
            drawn = self.add("pattern", into=self._defs, id=f"{pattern}{mark}-{self._key}", width=5, height=5, **way)
            self.add("rect", into=drawn, width=5, height=5, fill=self._colours[ground])
            self.add("rect", into=drawn, width=2, height=5, fill=self._colours[stripe])

    def add(self, tag: str, title: object = "", into: Any = None, **attributes: Any) -> Any:
        """Return a new element, after what is there or ``into`` another; ``title`` is shown where one points at it.

        Colours are names of the theme or their own; ``open@1`` is the fill open with the mark 1.
        """
        made = ET.SubElement(self.root if into is None else into, tag)
        for name, value in attributes.items():
            text = f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
            if name in {"fill", "stroke"}:
                striped = text.partition("@")[0] in {"not-assessed", "open"}
                text = f"url(#{text.replace('@', '')}-{self._key})" if striped else self._colours.get(text, text)
            made.set(name.replace("_", "-"), text)
        if title:
            ET.SubElement(made, "title").text = visible(str(title))
        return made

    def box(self, box: Box, fill: str, title: object = "", **more: Any) -> None:
        """Draw a field."""
        x, y, width, height = box
        self.add("rect", title, x=x, y=y, width=width, height=height, fill=fill, **more)

    def rule(self, x: float, y: float, to: tuple[float, float], stroke: str = "line", width: float = 0.8) -> None:
        """Draw a line."""
        self.add("line", x1=x, y1=y, x2=to[0], y2=to[1], stroke=stroke, stroke_width=width)

    def text(self, x: float, y: float, words: str, size: float = TEXT, fill: str = "text", **more: Any) -> None:
        """Write a line at its baseline; ``more`` is bold, anchor (middle, end), turn (degrees), halo or title."""
        if not (words := visible(words)):
            return
        bold, given = more.get("bold", False), dict[str, Any]()
        if set(normalize("NFKD", words)) <= _advances("regular").keys() | set(
            filter(combining, normalize("NFKD", words))
        ):
            given["textLength"] = f"{wide(words, size, bold=bold):.1f}"  # so that it fits in another font too
            given["lengthAdjust"] = "spacingAndGlyphs"
        given |= {"font_weight": "bold"} if bold else {}
        given |= {"text_anchor": more["anchor"]} if "anchor" in more else {}
        given |= {"transform": f"rotate({more['turn']} {x:.2f} {y:.2f})"} if "turn" in more else {}
        given |= {"stroke": "paper", "stroke_width": 3, "paint_order": "stroke"} if "halo" in more else {}
        made = self.add("text", more.get("title", ""), x=x, y=y, font_size=size, fill=fill, **given)
        if len(made):
            made[0].tail = words
        else:
            made.text = words

    def block(
        self, words: Iterable[str], size: float, fill: str = "text", most: float = 0, *, bold: bool = False
    ) -> None:
        """Write paragraphs from ``y`` on, in lines of at most ``most`` pixels, else as wide as the page."""
        most = most or self.right - self.left
        for line in (line for paragraph in words for line in lines(paragraph, most, size, bold=bold)):
            self.y += size * 1.3
            self.text(self.left, self.y, line, size, fill, bold=bold)

    def cell(self, value: str, box: Box, title: object = "") -> None:
        """Draw the field of a value with its sign."""
        x, y, width, height = box
        name = f"{value}-{width:.0f}-{height:.0f}-{self._key}"
        if name not in self._made:
            self._made.add(name)
            group = self.add("g", into=self._defs, id=name)
            edge = {"stroke": "line", "stroke_width": 0.7} if value in {"not-stated", "not-assessed"} else {}
            self.add("rect", into=group, width=width, height=height, rx=1.5, fill=value, **edge)
            place = f"translate({width / 2:.2f} {height / 2:.2f}) scale({min(width, height, 18) / 2:.2f})"
            self.add("path", into=group, d=signs()[value], transform=place, fill=f"on {value}")
        self.add("use", title, href=f"#{name}", x=x, y=y)

    @property
    def high(self) -> float:
        """How high the page is, as far as it is used."""
        return self.y + PAD

    def done(self) -> bytes:
        """Return the SVG, as high as it is used."""
        width, height = self.look.width, self.high
        self.root.set("width", f"{width / MM:.2f}mm")
        self.root.set("height", f"{height / MM:.2f}mm")
        self.root.set("viewBox", f"0 0 {width:.2f} {height:.2f}")
        return ET.tostring(self.root)
