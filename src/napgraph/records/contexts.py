"""What the words of a JSON-LD file stand for by a context: terms, prefixes and other names of keywords.

An active context is the dict of all that applies, the inner over the outer; a term is looked up when it is met.
"""

from __future__ import annotations

import re
from typing import Any

from pyoxigraph import BlankNode, NamedNode

from .json_text import Json

Context = dict[str, Any]

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]*\Z")
_LABEL = re.compile(r"_:\w[\w.-]*")
_STEPS = 20  # from a term to its IRI, by prefixes that are terms


def expanded(word: str, active: Context, *, is_term: bool = True) -> str:
    """Return the IRI, keyword or name of a blank node that a word stands for; empty for none."""
    local = ""
    for _ in range(_STEPS):
        if is_term and word in active and not word.startswith("@"):
            found = definition_of(active, word).get("@id", word)
            if not isinstance(found, str):
                return ""
            if found != word:
                word = found
                continue
        if word.startswith("@"):
            return "" if local else word
        prefix, colon, rest = word.partition(":")
        if not colon:
            vocabulary = active.get("@vocab") if is_term else None
            return f"{vocabulary}{word}{local}" if isinstance(vocabulary, str) else ""
        space = active.get(prefix)
        is_prefix = space.get("@prefix") if isinstance(space, dict) else str(space)[-1:] in list(":/?#[]@")
        if not is_prefix or rest.startswith("//") or prefix == "_":
            return word + local
        word, local, is_term = prefix, rest + local, True
    return ""


def keywords(value: Json, active: Context) -> dict[str, tuple[str, Json]]:
    """Return keyword -> key and value, for the keys of an object that are keywords or other names of one."""
    if not isinstance(value.inner, dict):
        return {}
    return {word: (key, each) for key, each in value.inner.items() if (word := expanded(key, active))[:1] == "@"}


def term_of(word: str, active: Context, *, is_term: bool = False) -> NamedNode | BlankNode | None:
    """Return the node that a word names, None for a word that names none; only a term may be one of the vocabulary."""
    found = expanded(word, active, is_term=is_term)
    if not found and active.get("@base"):
        from urllib.parse import urljoin

        found = urljoin(str(active["@base"]), word)
    if found.startswith("_:"):
        return BlankNode(found[2:]) if _LABEL.fullmatch(found) else None
    return NamedNode(found) if _IRI.match(found) else None


def definition_of(active: Context, term: str) -> dict[str, Any]:
    """Return what the context says of a term, with the IRI under ``@id`` however that is written."""
    found = active.get(term, {})
    if not isinstance(found, dict):
        return {"@id": found}
    return found | {"@id": found["@reverse"]} if "@reverse" in found else found


def listed(value: Any) -> list[Any]:
    """Return a list as it is, anything else as a list of one."""
    return value if isinstance(value, list) else [value]
