"""What a text may hold that its cell does not ask for: the names of several bodies, or how to reach a person.

Each is told and changes nothing, since a body may be called so and a telephone number may be that of a help line.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from .words import fold

_WEB = re.compile(r"\b(?:https?://|www\.|doi:|urn:)\S+", re.IGNORECASE)
_CONTACTS = {
    "e-mail": re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    "telephone": re.compile(
        r"\+[1-9][0-9]{0,3}[ .\-/()\u00a00-9]{6,16}[0-9]"
        r"|\(0?[0-9]{2,3}\)[ \u00a0]?[0-9]{3,4}[ .-][0-9]{3,4}\b"
        r"|(?<![\w.,/-])(?![0-9 .\-/]*\b(?:19|20)[0-9]{2}\b)0[0-9]{1,3}(?:[ .\-/][0-9]{2,4}){3,4}(?![\w,/-])"
        r"|(?i:\b(?:t[ée]l[ée]?(?:(?:ph|f)on[eo]?)?|phone|mobile|m[óo]vil|cell|fax|whatsapp|тел|هاتف))[ .:]+"
        r"[0-9][0-9 .\-/]{5,}"
    ),
    "address": re.compile(
        r"\b[0-9]{1,4}[a-z]?,? (?:[A-Z][\w'’.-]* ){1,3}"
        r"(?:Street|St\.|Road|Rd\.|Avenue|Ave\.|Lane|Drive|Boulevard)(?!\w)"
        r"|\b[0-9]{1,4}(?: bis| ter)?,? (?i:rue|avenue|boulevard|chemin|impasse|allée) "
        r"(?:d[eu]s? |de la |d['’]|l[ae] )*[A-ZÀ-Ý]"
        r"|\b(?:Calle|C/|Avenida|Avda\.|Carrera|Rua|Via) ?[A-ZÀ-Ý][\w .]{2,40}?,? ?(?:n\.?º ?|No\.? ?|# ?)?[0-9]{1,4}\b"
        r"|\b[A-ZÄÖÜ]\w+(?:straße|strasse|str\.|gasse|weg) [0-9]{1,4}\b"
    ),
}
_BETWEEN = re.compile(r"\s*[,;/&\n]\s*(?:(?:and|et|y|e|und)\s+)?|\s+(?:and|et|y|e|und|и)\s+|\s+و(?=\w)", re.IGNORECASE)
_MARKED = re.compile(r"\n|;|\s/\s|\S+\s+\S+\s*/\s*\S+\s+\S+")
_OF = re.compile(r"\b(?:of|for|on|against|de|del|des|du|da|do|dos|das|para|pour|für)\b|\b[dl]['’]", re.IGNORECASE)
_IN_LANGUAGE = re.compile(r"\[[a-z]{2,3}(?:-\w+)*\]")  # one name in several languages
_FIRST_WORD = 4


def contact(text: str) -> tuple[str, str] | None:
    """Return which way to reach somebody a text holds (``e-mail``, ``telephone``, ``address``), and its words."""
    bare = _WEB.sub(" ", text)
    for name, pattern in _CONTACTS.items():
        if found := pattern.search(bare):
            return name, found[0].strip()
    return None


def several_names(text: str, is_body: Callable[[str], bool]) -> list[str]:
    """Return the names of bodies that a text seems to hold, nothing where it seems to hold one.

    ``Ministry of Labour, Family and Social Affairs`` is one body: what follows its comma is part of what it is of.
    """
    parts = [part for part in _BETWEEN.split(text) if part.strip()]
    if len(parts) < 2 or is_body(text) or _IN_LANGUAGE.search(text):  # noqa: PLR2004
        return []
    first = [fold(part).split()[0] for part in parts]
    alike = any(len(word) >= _FIRST_WORD and first.count(word) > 1 for word in first)
    short = all(part.isupper() and len(part.split()) == 1 for part in parts)
    listed = "," in text and not _OF.search(parts[0])
    if alike or short or listed or _MARKED.search(text) or sum(map(is_body, parts)) > 1:
        return parts
    return []
