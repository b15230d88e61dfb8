"""How the project is to be cited, from CITATION.cff: that of the folder, or else the one napgraph ships."""

from __future__ import annotations

import os
import re

from ..project.root import shipped_root

_DIGEST = re.compile(r"[0-9a-f]{40}")


def citation(root: str, version: str) -> str:
    """Return how to cite the project and the data of ``version``, in one line; empty where no file says it."""
    paths = [os.path.join(folder, "CITATION.cff") for folder in (root, shipped_root())]
    path = next(filter(os.path.isfile, paths), None)
    if path is None:
        return ""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    facts = {key: value.strip().strip('"') for key, value in re.findall(r"^([a-z-]+):[ ]+(.+)$", text, re.MULTILINE)}
    author = re.search(r"^authors:\n\s+-\s+name:\s*\"?([^\"\n]+)", text, re.MULTILINE)
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
    return version[:12] if _DIGEST.fullmatch(version) else version
