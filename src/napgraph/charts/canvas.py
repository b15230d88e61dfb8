"""What figures are drawn on: SVG with text of known width, in the colours of a theme and a font that is everywhere."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET
from zlib import crc32

from ..text import visible

MM = 96 / 25.4
"""Pixels in a millimetre, of which SVG has 96 in an inch."""
FONT = "Liberation Sans, Arial, Helvetica, Nimbus Sans, sans-serif"
SMALL, TEXT, LARGE, TITLE = 9.4, 10.0, 11.0, 16.0  # pixels; the smallest are 7.05 points
PAD = 14.0

# Widths in thousandths of the size, the same in all these fonts (the metrics of Helvetica), and what is bold besides.
_REGULAR = {
    222: "ijl'’‘ł", 278: " !,./:;[\\]ftI·", 260: "|", 333: "()-`r“”", 334: "{}", 355: '"', 389: "*", 469: "^", 500: "Jckvsxyz",
    556: "#$0123456789?L_abdeghnopqu–«»đ", 584: "+<=>~", 611: "FTZøß", 667: "&ABEKPSVXY", 722: "CDHNRUwĐ", 778: "GOQØ",
    833: "Mm", 889: "%æ", 944: "W", 1000: "—…", 1015: "@",
}  # fmt: skip
_BOLD = {
    238: "'", 278: " ,./\\Iijl’‘ł·", 280: "|", 333: "!()-:;[]`ft", 389: "*{}r", 474: '"', 500: "z“”",
    556: "$#0123456789J_aceksvxy–«»", 584: "+<=>^~", 611: "?FLTZbdghnopquøßđ", 667: "EPSVXY", 722: "&ABCDHKNRUĐ",
    778: "GOQwØ", 833: "M", 889: "%mæ", 944: "W", 975: "@", 1000: "—…",
}  # fmt: skip
_ADVANCE = [{sign: wide for wide, signs in table.items() for sign in signs} for table in (_REGULAR, _BOLD)]

_VALUES = ("stated", "partly", "in-other-words", "not-stated", "absent", "not-assessed")
_LIGHT = {
    "paper": "#ffffff", "text": "#15202b", "quiet": "#4d5a68", "line": "#d3dae2", "edge": "#8290a0", "shade": "#f3f5f8",
    "none": "#c9d1da", "hatch": "#cfd6de", "link": "#0b4f9c",
    **dict(zip(_VALUES, ("#08306b", "#8fbde6", "#7394a3", "#ffffff", "#a1440b", "#e9ecf0"), strict=True)),
    **dict(zip((f"on {each}" for each in _VALUES), ("#ffffff", "#08203f", "#04101c", "#5b6876", "#ffffff", "#48535f"), strict=True)),
}  # fmt: skip
_DARK = {
    "paper": "#10161d", "text": "#e7ecf2", "quiet": "#aab6c3", "line": "#2f3b48", "edge": "#7d8b9a", "shade": "#18202a",
    "none": "#434e5a", "hatch": "#3b4754", "link": "#8fc1ff",
    **dict(zip(_VALUES, ("#b5d6f8", "#2f5f92", "#6f8b99", "#10161d", "#e8945a", "#27303b"), strict=True)),
    **dict(zip((f"on {each}" for each in _VALUES), ("#06213f", "#ffffff", "#04101c", "#98a5b3", "#2b1000", "#c5cfda"), strict=True)),
}  # fmt: skip


def _grey(colour: str) -> str:
    """Return the grey that is as light as a colour (WCAG's relative luminance)."""
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    level = round(255 * (light * 12.92 if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055))
    return f"#{level:02x}{level:02x}{level:02x}"


THEMES = {"light": _LIGHT, "dark": _DARK, "grey": {name: _grey(colour) for name, colour in _LIGHT.items()}}
"""Colours by their use; each theme can be told apart in grey and by colour-blind readers."""

SIGNS = {
    "stated": "M0,-.55A.55,.55,0,1,1,0,.55A.55,.55,0,1,1,0,-.55Z",
    "partly": "M0,-.6A.6,.6,0,0,0,0,.6ZM0,-.6A.6,.6,0,0,1,0,.6L0,.42A.42,.42,0,0,0,0,-.42Z",
    "in-other-words": "M0,-.6A.6,.6,0,1,1,0,.6A.6,.6,0,1,1,0,-.6ZM0,-.36A.36,.36,0,1,0,0,.36A.36,.36,0,1,0,0,-.36Z",
    "not-stated": "M0,-.16A.16,.16,0,1,1,0,.16A.16,.16,0,1,1,0,-.16Z",
    "absent": "M-.6,-.42L-.42,-.6L0,-.18L.42,-.6L.6,-.42L.18,0L.6,.42L.42,.6L0,.18L-.42,.6L-.6,.42L-.18,0Z",
    "not-assessed": "M-.36,-.3A.36,.36,0,1,1,.16,.03Q.09,.08,.09,.25L-.09,.25Q-.09,-.02,.07,-.12A.18,.18,0,1,0,-.18,-.3Z"
    "M-.11,.4L.11,.4L.11,.62L-.11,.62Z",
}
"""The outlines of the signs of values, in a square from -1 to 1; none is a letter of a font."""


class Look(NamedTuple):
    """How a figure looks: ``width`` and the most ``height`` of a part (0: one part), in pixels of 1/96 inch.

    ``title`` stands in place of the finding. ``order`` is value, date, region or code; for other than value, ``ranks``
    place the jurisdictions. ``names`` are theirs, both by alpha-3 code; ``years`` those of documents,
    by short name. ``every``: leave nothing out that is rare.
    ``day`` (YYYY-MM-DD) is what counts as today.
    """

    width: float = 183 * MM
    height: float = 0
    theme: str = "light"
    title: str = ""
    order: str = "value"
    ranks: dict[str, Any] = {}
    names: dict[str, str] = {}
    years: dict[str, str] = {}
    every: bool = False
    day: str = ""

    @property
    def today(self) -> str:
        """The day that the look tells, or else that of the clock."""
        return self.day or date.today().isoformat()


def wide(text: str, size: float, *, bold: bool = False) -> float:
    """Return how wide a line of text is in pixels; a sign outside the Latin letters counts as the widest do."""
    known, found = _ADVANCE[bold], 0
    for sign in unicodedata.normalize("NFKD", text):
        found += 0 if unicodedata.combining(sign) else known.get(sign, 1000)
    return found * size / 1000


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
        self.look, self.colours, self.y = look, THEMES[look.theme], PAD
        self.left, self.right = PAD, look.width - PAD
        self.root = ET.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "font-family": FONT})
        self._key = f"{crc32(f'{name} {look[:5]}'.encode()):08x}"  # several figures may stand on one page
        self._defs, self._made = self.add("defs"), set[str]()
        self.stripes()
        self.add("rect", width="100%", height="100%", fill="paper")

    def stripes(self, mark: str = "", scale: float = 1) -> None:
        """Define the stripes of the fills not-assessed and open, for what is drawn ``scale`` times as large."""
        for pattern, ground, stripe in (("not-assessed", "not-assessed", "hatch"), ("open", "paper", "partly")):
            way = {"patternUnits": "userSpaceOnUse", "patternTransform": f"rotate(45) scale({scale:.2f})"}
            drawn = self.add("pattern", into=self._defs, id=f"{pattern}{mark}-{self._key}", width=5, height=5, **way)
            self.add("rect", into=drawn, width=5, height=5, fill=self.colours[ground])
            self.add("rect", into=drawn, width=2, height=5, fill=self.colours[stripe])

    def add(self, tag: str, title: str = "", into: Any = None, **attributes: Any) -> Any:
        """Return a new element, after what is there or ``into`` another; ``title`` is shown where one points at it."""
        made = ET.SubElement(self.root if into is None else into, tag)
        for name, value in attributes.items():
            text = f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
            if name in {"fill", "stroke"}:
                striped = text.partition("@")[0] in {"not-assessed", "open"}
                text = f"url(#{text.replace('@', '')}-{self._key})" if striped else self.colours.get(text, text)
            made.set(name.replace("_", "-"), text)
        if title:
            ET.SubElement(made, "title").text = visible(title)
        return made

    def text(self, x: float, y: float, words: str, size: float = TEXT, fill: str = "text", **more: Any) -> None:
        """Write a line at its baseline; ``bold``, ``anchor`` (start, middle, end), ``turn`` (degrees) and ``title``."""
        if not words:
            return
        bold, anchor, turn = more.get("bold", False), more.get("anchor", "start"), more.get("turn", 0)
        made = self.add("text", more.get("title", ""), x=x, y=y, font_size=size, fill=fill)
        if all(sign in _ADVANCE[0] or unicodedata.combining(sign) for sign in unicodedata.normalize("NFKD", words)):
            made.set("textLength", f"{wide(words, size, bold=bold):.1f}")  # so that it fits in another font too
            made.set("lengthAdjust", "spacingAndGlyphs")
        if more.get("halo"):
            for name, value in (("stroke", self.colours["paper"]), ("stroke-width", "3"), ("paint-order", "stroke")):
                made.set(name, value)
        named = {"font-weight": "bold" if bold else "", "text-anchor": anchor.replace("start", "")}
        named |= {"transform": f"rotate({turn} {x:.2f} {y:.2f})" if turn else "", "lang": more.get("lang", "")}
        for name, value in named.items():
            made.set(name, value) if value else None
        words = visible(words)
        if len(made):
            made[0].tail = words
        else:
            made.text = words

    def block(self, x: float, words: Iterable[str], most: float, size: float, fill: str = "text", **more: Any) -> None:
        """Write paragraphs from ``y`` on, in lines of at most ``most`` pixels."""
        for paragraph in words:
            for line in lines(paragraph, most, size, bold=more.get("bold", False)):
                self.y += size * 1.3
                self.text(x, self.y, line, size, fill, **more)

    def cell(self, value: str, x: float, y: float, width: float, height: float, title: str = "") -> None:
        """Draw the field of a value with its sign."""
        name = f"{value}-{width:.0f}-{height:.0f}-{self._key}"
        if name not in self._made:
            self._made.add(name)
            group = self.add("g", into=self._defs, id=name)
            edge = {"stroke": "line", "stroke_width": 0.7} if value in {"not-stated", "not-assessed"} else {}
            self.add("rect", into=group, width=width, height=height, rx=1.5, fill=value, **edge)
            size = min(width, height, 18) / 2
            place = f"translate({width / 2:.2f} {height / 2:.2f}) scale({size:.2f})"
            self.add("path", into=group, d=SIGNS[value], transform=place, fill=f"on {value}")
        self.add("use", title, href=f"#{name}", x=x, y=y)

    def done(self) -> bytes:
        """Return the SVG, as high as it is used."""
        width, height = self.look.width, self.y + PAD
        for name, value in (("width", f"{width / MM:.2f}mm"), ("height", f"{height / MM:.2f}mm")):
            self.root.set(name, value)
        self.root.set("viewBox", f"0 0 {width:.2f} {height:.2f}")
        return ET.tostring(self.root)
