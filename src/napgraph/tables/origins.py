"""Where names and numbers come from: the mark of a name that no source prints, and how the project is to be cited."""

import os
import re
from collections.abc import Iterable

from ..project.language import say
from ..project.root import shipped_root

MARKS = {"ours": "*", "none": "°"}
"""What follows a name, by its origin; a printed name has no mark."""
MEANINGS = {"ours": "our summary: the source prints no name", "none": "no name is recorded: the identifier is shown"}


def marked(name: object, origin: object) -> str:
    """Return a name with the mark of its origin: printed, ours or none."""
    return f"{name}{MARKS.get(str(origin), '')}"


def key(origins: Iterable[object], language: str) -> list[str]:
    """Return a line for each mark that names of these origins bear, in the language of the reader."""
    used = {str(origin) for origin in origins}
    return [f"{mark} {say(language, MEANINGS[origin])}" for origin, mark in MARKS.items() if origin in used]


def citation(root: str, version: str) -> str:
    """Return how to cite the project and the data of ``version``, in one line, by CITATION.cff.

    The file is that of the folder ``root``, or else the one napgraph ships; without either the line is empty.
    """
    paths = (os.path.join(folder, "CITATION.cff") for folder in (root, shipped_root()))
    path = next(filter(os.path.isfile, paths), None)
    if path is None:
        return ""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    facts = dict(re.findall(r'^([a-z-]+): +"?(.+?)"?$', text, re.MULTILINE))
    author = re.search(r'^authors:\n +- +name: +"?([^"\n]+)', text, re.MULTILINE)
    parts = [
        f"{author[1] if author else ''} ({facts.get('date-released', '')[:4]})".strip(),
        facts.get("title", ""),
        f"version {facts['version']}" if "version" in facts else "",
        f"data version {short(version)}" if version else "",
        facts.get("url", ""),
    ]
    return ", ".join(filter(None, parts)) + "."


def short(version: str) -> str:
    """Return the first twelve digits of a digest, which tell it from any other; another kind of version whole."""
    return version[:12] if re.fullmatch(r"[0-9a-f]{40}", version) else version
