"""The language of the reader: sentences that are printed.

A sentence stands in English where it is printed, with named slots, and is looked up in ``fr.toml`` or ``es.toml``; one
that is not there stays English. Findings have theirs in ``shapes/messages``, pages in ``site/words.toml``.
"""

from functools import cache
from typing import Any

from ...errors import UnknownNameError

__all__ = ["LANGUAGES", "counted", "known", "say"]

LANGUAGES = ("en", "fr", "es")


def known(language: str) -> str:
    """Return ``language`` if sentences can be printed in it; raises UnknownNameError."""
    if language not in LANGUAGES:
        raise UnknownNameError("language", language, LANGUAGES, see=f"There are: {', '.join(LANGUAGES)}.")
    return language


def say(language: str, sentence: str, /, **slots: object) -> str:
    """Return an English sentence in ``language``, its slots filled."""
    found = sentence if language == "en" else str(_read(language).get(sentence, sentence))
    return found.format_map(slots) if slots else found


def counted(language: str, number: int, one: str, several: str) -> str:
    """Return a number with its noun; ``one`` and ``several`` are English, with the slot ``count``."""
    return say(language, one if number == 1 else several, count=number)


@cache
def _read(name: str) -> dict[str, Any]:
    import tomllib
    from importlib.resources import files

    return tomllib.loads(files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))
