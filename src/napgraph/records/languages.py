"""Whether a language tag is one of BCP 47 by ``languages.txt``, and which is meant; ``tests/languages.py`` makes it."""

import os
import re
from functools import cache

from ..text import without_accents

_FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "languages.txt")
_FORM = re.compile(
    r"(?P<language>[a-z]{2,8})(?P<extlang>(?:-[a-z]{3}){0,3})(?:-(?P<script>[a-z]{4}))?"
    r"(?:-(?P<region>[a-z]{2}|[0-9]{3}))?(?P<variant>(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*)"
    r"(?:-[0-9a-wyz](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?"
)
_PRIVATE = re.compile(r"x(?:-[a-z0-9]{1,8})+")


def language_fault(tag: str) -> str | None:
    """Return None for a tag of BCP 47, in capitals or not; else the tag that is meant, empty where none is known."""
    return None if _is_tag(tag.lower()) else language_meant(tag)


def language_meant(text: str) -> str:
    """Return the usual tag for a tag, a code or a name (``en_gb``, ``eng``, ``anglais``), empty for none."""
    text = text.strip()
    found = _read(names=True)["name"].get(_folded(text))
    if found and not _is_tag(text.lower()):
        return found
    tag = re.sub(r"[\s_-]+", "-", text.partition(".")[0]).lower()
    first, *others = tag.split("-")
    aliases = _read()["alias"]
    tag = "-".join([aliases.get(first, first), *(aliases.get(f"-{other}", other) for other in others)])
    return _cased(tag) if _is_tag(tag) else ""


def _is_tag(tag: str) -> bool:
    known = _read()
    if tag in known["whole"] or _PRIVATE.fullmatch(tag):
        return True
    found = _FORM.fullmatch(tag)
    parts = found.groupdict(default="").items() if found else ()
    return bool(parts) and all(part in known[kind] for kind, text in parts for part in text.split("-") if part)


def _cased(tag: str) -> str:
    """Return a tag as the registry recommends to write it: scripts with a capital, regions in capitals."""
    first, *others = tag.split("-")
    made = [first]
    for part in others:
        after_single = len(made[-1]) == 1
        made.append(part if after_single else {2: part.upper(), 4: part.capitalize()}.get(len(part), part))
    return "-".join(made)


def _folded(text: str) -> str:
    """Return a name as names are compared: neither case nor accents count."""
    return re.sub(r"[\s(),;_-]+", " ", without_accents(text)).strip()


@cache
def _read(*, names: bool = False) -> dict[str, dict[str, str]]:
    """Return kind of subtag -> subtag -> itself; for ``alias`` and, only with ``names``, ``name`` the tag of each."""
    made: dict[str, dict[str, str]] = {}
    with open(_FILE, encoding="utf-8") as file:
        for line in file:
            kind, _, rest = line.rstrip("\n").partition(" ")
            if kind == "name":
                tag, *called = rest.split("|") if names else [""]  # which takes the time of all the rest
                for name in called:
                    made.setdefault(kind, {}).setdefault(_folded(name), tag)
            elif kind != "#":
                pairs = (each.partition("=") for each in rest.split())
                made.setdefault(kind, {}).update({key: value or key for key, _, value in pairs})
    return made
