"""Cut the source document into the passages that the data cites.

A section runs from its heading to the next. A paragraph is a block between blank lines; a list or an
address joins the block that introduces it with a colon, and a list or word that a page break cut in two
is one. White space is folded, so that the digest of a paragraph does not depend on how lines were broken.

Run as a script, it prints the passages as Turtle:
``python tests/source_text.py SOURCE.txt HEADINGS.txt > data/sources/NAME.ttl`` (a heading a line, then its slug).
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

_ITEM = re.compile(r"(?:- (?:\([a-z]\) )?|\d+\. )")
_ADDRESS = re.compile(r"<?(?:https?://|www\.)")


class Paragraph(NamedTuple):
    """One paragraph: its section's heading, its number there from 1, its text and its list items."""

    section: str
    number: int
    text: str
    items: tuple[str, ...]

    @property
    def digest(self) -> str:
        """SHA-256 of the paragraph's text in UTF-8, as 64 hexadecimal digits."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def paragraphs(source: str, headings: Iterable[str]) -> list[Paragraph]:
    """Return the paragraphs of ``source`` in reading order; ``headings`` are the lines that open a section."""
    wanted = set(headings)
    found: list[Paragraph] = []
    section, blocks = "", list[list[str]]()

    def close() -> None:
        for number, lines in enumerate(blocks, start=1):
            text = " ".join(" ".join(lines).split())
            items = tuple(_ITEM.sub("", line, count=1).strip() for line in lines if _ITEM.match(line))
            found.append(Paragraph(section, number, text, items))

    for block in re.split(r"\n\s*\n", source.strip("\n")):
        lines = [line for line in block.strip("\n").splitlines() if line.strip()]
        if len(lines) == 1 and lines[0] in wanted:
            close()
            section, blocks = lines[0], []
        elif lines and blocks and _continues(blocks[-1], lines[0]):
            blocks[-1].extend(lines)
        elif lines:
            blocks.append(lines)
    close()
    return found


def _continues(before: list[str], first: str) -> bool:
    if before[-1].endswith("-"):
        return True
    if before[-1].endswith(":"):
        return bool(_ITEM.match(first) or _ADDRESS.match(first))
    return bool(_ITEM.match(first) and _ITEM.match(before[-1]))


def _turtle(source: str, headings: dict[str, str]) -> str:
    out = []
    for paragraph in paragraphs(source, headings):
        slug = headings.get(paragraph.section)
        if slug is None:
            continue
        name = f"src:{slug}-{paragraph.number}"
        for item in range(len(paragraph.items) + 1):
            lines = [f"{name}-i{item}" if item else name, "    a nap:SourcePassage ;"]
            lines.append("    oa:hasSource <https://w3id.org/napgraph/source/unodc-toolkit-2008> ;")
            lines.append(f'    nap:section "{paragraph.section}"@en ;')
            lines.append(f"    nap:paragraph {paragraph.number} ;")
            if item:
                lines.append(f"    nap:listItem {item} ;")
            lines.append(f'    nap:textDigest "{paragraph.digest}" ;')
            out.append("\n".join([*lines, "."]))
    return "\n\n".join(out) + "\n"


if __name__ == "__main__":
    rows = [line.split("\t") for line in Path(sys.argv[2]).read_text(encoding="utf-8").splitlines()]
    sys.stdout.write(_turtle(Path(sys.argv[1]).read_text(encoding="utf-8"), {row[0]: row[1] for row in rows}))
