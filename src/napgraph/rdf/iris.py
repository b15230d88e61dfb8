"""Which IRIs are taken: four schemes, and no character that cannot be seen or turns the text around."""

import re
import unicodedata

SCHEMES = ("https", "http", "urn", "mailto")
_PLAIN = re.compile(r"(?:https?://[A-Za-z0-9\[]|urn:[A-Za-z0-9]|mailto:[^/])[!-~]*")
_GOOD_START = re.compile(r"(?:https?://\w|https?://\[|urn:[A-Za-z0-9]|mailto:[^/])")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_HIDDEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs"}
_UNSEEN = {"\u034f", "\u115f", "\u1160", "\u17b4", "\u17b5", "\u3164", "\uffa0", *map(chr, range(0xFE00, 0xFE10))}


def fault(iri: str) -> tuple[str, str] | None:
    """Return what is wrong with an absolute IRI and how to fix it, or None."""
    if _PLAIN.fullmatch(iri):
        return None
    for character in iri:
        if not character.isascii() and (unicodedata.category(character) in _HIDDEN or character in _UNSEEN):
            name = unicodedata.name(character, "unnamed").lower()
            problem = f"an IRI holds a character that cannot be seen, U+{ord(character):04X} ({name})."
            return problem, "Type the IRI again; copying from a document or chat often brings such characters."
    if _GOOD_START.match(iri):
        return None
    found = _SCHEME.match(iri)
    scheme = found[1] if found else ""
    if scheme in SCHEMES:
        return f"the IRI <{iri[:80]}> names no host.", f"Write it out, such as {scheme}://example.org/plan."
    if scheme.lower() in SCHEMES:
        return f"the IRI <{iri[:80]}> begins with {scheme!r}.", f"Write {scheme.lower()!r}, in small letters."
    problem = f"the IRI <{iri[:80]}> begins with {scheme!r}; only {', '.join(SCHEMES)} are taken."
    return problem, f"Write the full https address; if {scheme}: is meant as a prefix, declare it and use no < >."
