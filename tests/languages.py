"""Make ``src/napgraph/records/languages.txt``: ``python tests/languages.py``.

The subtags are those of the IANA Language Subtag Registry, as the package language-tags ships it; other codes and the
names of languages are those of Unicode CLDR, as the package Babel ships it. Both packages come with csvw.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

import language_tags  # type: ignore[import-untyped]
from babel import Locale, UnknownLocaleError
from babel.core import get_global

FILE = Path(__file__).parents[1] / "src" / "napgraph" / "records" / "languages.txt"
SPOKEN = ("en", "fr", "es", "pt", "ar", "ru")  # whose names for other languages are known
MORE = {"ar": ("عربي",), "es": ("Castellano",), "fa": ("Farsi",), "ms": ("Bahasa Melayu",), "zh": ("Mandarin",)}
WIDTH = 118


def wrapped(kind: str, words: list[str]) -> list[str]:
    """Return lines that begin with ``kind``, none longer than the width."""
    lines = [kind]
    for word in words:
        if len(lines[-1]) + 1 + len(word) > WIDTH:
            lines.append(kind)
        lines[-1] += f" {word}"
    return lines


def spread(name: str) -> Iterator[str]:
    """Yield a subtag, or every subtag of a range such as ``qaa..qtz``."""
    first, _, last = name.partition("..")
    yield first
    while last and first != last:
        kept = first.rstrip("z")
        first = kept[:-1] + chr(ord(kept[-1]) + 1) + "a" * (len(first) - len(kept))
        yield first


def names(tag: str, described: list[str]) -> list[str]:
    """Return the names of a language: in its own words, in those of ``SPOKEN``, and as the registry has them."""
    key = tag.replace("-", "_")
    found = [*described, *(str(locale.languages.get(key, "")) for locale in map(Locale, SPOKEN))]
    with suppress(UnknownLocaleError, ValueError):
        found.append(str(Locale.parse(key).languages.get(key, "")))
    return list(dict.fromkeys(name for name in (*found, *MORE.get(tag, ())) if name and "|" not in name))


def text() -> str:
    """Return what the file holds."""
    folder = Path(language_tags.__file__).parent / "data" / "json"
    registry = json.loads((folder / "registry.json").read_text(encoding="utf-8"))
    day = json.loads((folder / "meta.json").read_text(encoding="utf-8"))["File-Date"]
    subtags: dict[str, list[str]] = {}
    described = {}
    for entry in registry:
        name, kind = entry.get("Subtag") or entry["Tag"], entry["Type"]
        subtags.setdefault("whole" if "Tag" in entry else kind, []).extend(spread(name.lower()))
        if kind == "language" and "Deprecated" not in entry:
            described[name] = entry["Description"]
    known = set(subtags["language"])
    aliases = [
        f"{code}={'tl' if code == 'tgl' else tag}"
        for code, tag in sorted(get_global("language_aliases").items())
        if len(code) == 3 and code.isalpha() and code not in known and tag in known
    ]
    regions = set(subtags["region"])
    aliases += [
        f"-{code.lower()}={places[0].lower()}"
        for code, places in sorted(get_global("territory_aliases").items())
        if len(places) == 1 and code.lower() not in regions and places[0].lower() in regions and places[0] < "XA"
    ]
    lines = [
        f"# Subtags of the IANA Language Subtag Registry of {day}, other codes and names of Unicode CLDR.",
        f"# Made by tests/languages.py with language-tags {version('language-tags')} and Babel {version('babel')}.",
    ]
    for kind in ("language", "extlang", "script", "region", "variant", "whole"):
        lines += wrapped(kind, sorted(set(subtags[kind])))
    lines += wrapped("alias", aliases)
    named = [tag.replace("_", "-") for tag in map(str, Locale("en").languages) if tag.split("_")[0] in known]
    for tag in sorted(named, key=lambda tag: (tag.count("-"), len(tag), tag)):
        lines.append("|".join([f"name {tag}", *names(tag, described.get(tag, []) if len(tag) == 2 else [])]))
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
