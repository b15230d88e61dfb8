"""Which jurisdiction is meant by a code or a name, in any language and however it is written."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from ..errors import ParameterError, UnknownNameError, nearest
from ..text import without_accents

_MARKS = r"[.,'’‘`()/·‐‑–—-]"
_WORDS = {"the": "", "st": "saint", "ste": "sainte"}
_MOST = 3


@lru_cache(1 << 13)  # more than all names: they are compared anew for each text
def folded(name: str) -> str:
    """Return ``name`` as names are compared: case, accents, spaces, punctuation and the article do not count."""
    words = re.sub(_MARKS, " ", without_accents(name.replace("&", " and "))).split()
    return "".join(_WORDS.get(word, word) for word in words)


def names_by_code(rows: Iterable[Mapping[str, object]]) -> dict[str, list[str]]:
    """Return code -> names, the one to show first, from the rows of the query ``names-of-jurisdictions``."""
    made: dict[str, list[str]] = {}
    for row in rows:
        made.setdefault(str(row["code"]), []).append(str(row["name"]))
    return made


def codes_by_name(names: Mapping[str, Iterable[str]]) -> dict[str, set[str]]:
    """Return folded name -> the codes of the jurisdictions that it can mean."""
    meant: dict[str, set[str]] = {}
    for code, listed in names.items():
        for name in (code, *listed):
            meant.setdefault(folded(name), set()).add(code)
    return meant


def jurisdiction(text: str, names: Mapping[str, Sequence[str]]) -> str:
    """Return the alpha-3 code of the jurisdiction that ``text`` names; ``names`` are as of :func:`names_by_code`.

    Taken are codes (alpha-3, alpha-2, M49) and names. Raises UnknownNameError, ParameterError for a name of several.
    """
    meant = codes_by_name(names)
    other = text.strip().zfill(3) if text.strip().isdecimal() else " ".join(reversed(text.split(",", 1)))
    for written in (text, other):
        found = sorted(meant.get(folded(written), ()))
        if len(found) == 1:
            return found[0]
        if found:
            choice = " or ".join(_shown(code, names) for code in found)
            raise ParameterError(f"{text!r} can mean {choice}. Write the code of the one that you mean.")
    near = dict.fromkeys(code for name in nearest(folded(text), meant, _MOST) for code in sorted(meant[name]))
    shown = [_shown(code, names) for code in near][:_MOST]
    see = "A jurisdiction is named by its ISO alpha-3 code, such as NOR, or by its name."
    # What countries are called is more than anybody has listed: it is not known, not "there is none".
    problem = f"{text!r} is not known as a jurisdiction"
    raise UnknownNameError("jurisdiction", text, (), near=shown, see=see, problem=problem)


def _shown(code: str, names: Mapping[str, Sequence[str]]) -> str:
    name = next(iter(names[code]), code)
    return code if name == code else f"{code} ({name})"
