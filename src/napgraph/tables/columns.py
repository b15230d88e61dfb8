"""What the columns of tables mean, read from ``queries/columns.toml``."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from ..errors import FolderError
from ..rdf.namespaces import prefixes
from .kinds import KINDS, Column

_KEYS = {"answer", "codes", "kind", "language", "term", "words"}


class Known(NamedTuple):
    """A column as the file describes it, and as the answer of a saved query has it, ``language``: beside its tags."""

    column: Column
    answer: Column
    language: bool


@lru_cache(maxsize=2)
def known_columns(root: str) -> dict[str, Known]:
    """Return every described column by its name; raises FolderError, naming the block, for what cannot be read.

    A folder without the file describes nothing: its answers are still answers.
    """
    path = os.path.join(root, "queries", "columns.toml")
    if not os.path.exists(path):
        return {}
    try:
        with open(path, "rb") as file:
            entries = tomllib.load(file)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FolderError(f"{path}: the columns cannot be read ({error}).") from error
    spaces = prefixes(root) if any(isinstance(entry, dict) and "term" in entry for entry in entries.values()) else {}
    return {name: _column(path, name, entry, spaces) for name, entry in entries.items()}


def _column(path: str, name: str, entry: object, spaces: dict[str, str]) -> Known:
    """Make a column of its block; raises FolderError with what is wrong in it."""
    if not isinstance(entry, dict):
        raise FolderError(f"{path}: {name} is no block: write [{name}] on a line of its own.")
    if odd := sorted(entry.keys() - _KEYS):
        raise FolderError(f"{path}: [{name}] has {', '.join(odd)}, but a column takes {', '.join(sorted(_KEYS))}.")
    kind, answer, words, codes, term = (entry.get(key) for key in ("kind", "answer", "words", "codes", "term"))
    language = entry.get("language", False)
    for each in (kind, answer):
        if each is not None and each not in KINDS:
            raise FolderError(f"{path}: [{name}] has the kind {each!r}, but it is one of {', '.join(KINDS)}.")
    if not isinstance(language, bool):
        raise FolderError(f"{path}: language of [{name}] is {language!r}, but it is true or false.")
    if not isinstance(words, str) or not words.strip():
        raise FolderError(f'{path}: [{name}] needs words = "...", what the column means.')
    listed = codes if codes is not None else {}
    if not isinstance(listed, dict) or not all(isinstance(told, str) for told in listed.values()):
        raise FolderError(f'{path}: the codes of [{name}] are not a table of code = "words".')
    prefix, colon, local = str(term or "").partition(":")
    if term is not None and (not colon or prefix not in spaces):
        raise FolderError(f"{path}: the term of [{name}], {term!r}, has no prefix of ontology/prefixes.ttl.")
    made = Column(name, kind or "text", words, listed, spaces[prefix] + local if term else "")
    return Known(made, made._replace(kind=answer, codes={}) if answer else made, language)


def described(root: str, names: Sequence[str | Column], queries: Sequence[str] = ()) -> list[Column]:
    """Return the column of each name; a column is itself, and a name that no block describes is text without words.

    The block ``["query/name"]`` of one of ``queries`` goes before the block ``[name]``.
    """
    known = known_columns(root)
    return [name if isinstance(name, Column) else _known(known, name, queries).column for name in names]


def answered(root: str, names: Sequence[str], query: str) -> list[Known]:
    """Return the columns of the answer of a saved query, in which rows have no say."""
    known = known_columns(root)
    return [_known(known, name, [query]) for name in names]


def _known(known: dict[str, Known], name: str, queries: Sequence[str]) -> Known:
    plain = Known(Column(name), Column(name), language=False)
    own = (known[f"{query}/{name}"] for query in queries if f"{query}/{name}" in known)
    found = next(own, known.get(name, plain))
    return Known(found.column._replace(name=name), found.answer._replace(name=name), found.language)
