"""Tables as data: columns with their meaning, from ``queries/columns.toml``, rows, and what a value is stored as."""

import math
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain, count
from typing import Any, NamedTuple

from ..errors import FolderError
from ..rdf.namespaces import prefixes

Value = str | int | float | bool | None
KINDS = ("text", "integer", "decimal", "boolean", "date", "iri")
_KEYS = {"answer", "codes", "kind", "language", "term", "words"}
_MOST = 2**63


class Column(NamedTuple):
    """A column: its name, the kind of its values, what they mean, and the words for each code where they are codes.

    ``kind`` is text, integer, decimal, boolean, date (of any precision) or iri. ``term`` is the IRI of the property
    that the column shows, where there is one.
    """

    name: str
    kind: str = "text"
    words: str = ""
    codes: Mapping[str, str] = {}
    term: str = ""


class About(NamedTuple):
    """What a table shows and what it was made from, its texts in ``language``.

    ``queries`` holds the text of each saved query by name, ``parameters`` what they were asked with, ``version`` the
    digest of the data, ``sources`` titles, ``notes`` what to know of the numbers, ``licence`` an address.
    """

    title: str
    question: str = ""
    queries: Mapping[str, str] = {}
    parameters: Mapping[str, str] = {}
    version: str = ""
    sources: Sequence[str] = ()
    notes: Sequence[str] = ()
    licence: str = ""
    citation: str = ""
    language: str = "en"


class TableData:
    """Rows of plain values under described columns. A row is a mapping of column -> value, None for nothing."""

    def __init__(self, columns: Sequence[Column], rows: Sequence[Mapping[str, Value]], about: About) -> None:
        self.columns, self.rows, self.about = list(columns), [dict(row) for row in rows], about

    @property
    def names(self) -> list[str]:
        """The names of the columns, in their order."""
        return [column.name for column in self.columns]

    def values(self, name: str) -> list[Value]:
        """Return the values of one column, row by row."""
        return [row.get(name) for row in self.rows]

    def facts(self) -> dict[str, object]:
        """Return what the table is made from and what its columns mean, as plain values for JSON."""
        return {**_plain(self.about), "columns": [_plain(column) for column in self.columns]}

    def __iter__(self) -> Iterator[dict[str, Value]]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        return f"<Table {self.about.title!r}: {len(self)} rows: {', '.join(self.names)}>"


def _plain(described: Column | About) -> dict[str, object]:
    """Return the fields that hold something, as plain values."""
    return {
        name: value if isinstance(value, str) else dict(value) if isinstance(value, Mapping) else list(value)
        for name, value in described._asdict().items()
        if value
    }


def stored(column: Column, values: Iterable[Value]) -> str:
    """Return integer, decimal, boolean or text: what every value of the column fits into; its kind if there is none.

    Whole numbers of more than 64 bits are text, and so are dates, whose precision differs.
    """
    found = {type(value) for value in values if value is not None}
    if not found:
        return column.kind if column.kind in {"integer", "decimal", "boolean"} else "text"
    if found == {bool}:
        return "boolean"
    if found == {int}:
        small = all(-_MOST <= value < _MOST for value in values if isinstance(value, int))
        return "text" if not small else "decimal" if column.kind == "decimal" else "integer"
    return "decimal" if found <= {int, float} else "text"


def text(value: Value) -> str:
    """Return a value as XML Schema writes it; nothing is an empty text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "INF" if value > 0 else "-INF"
    return str(value)


def each_once(names: Iterable[str], longest: int = 1000) -> list[str]:
    """Return ``names`` cut to ``longest`` letters, with a number at the end of those that others have, in any case."""
    made: dict[str, str] = {}
    for name in names:
        numbered = (f"{name[: longest - len(str(number)) - 1]}_{number}" for number in count(2))
        wanted = next(each for each in chain([name[:longest]], numbered) if each.lower() not in made)
        made[wanted.lower()] = wanted
    return list(made.values())


def grouped(rows: Iterable[dict[str, Any]], name: str = "document") -> dict[str, list[dict[str, Any]]]:
    """Return rows by the text of one column, "" for nothing, in their order."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(str(row[name] or ""), []).append(row)
    return found


def is_address(value: Value) -> bool:
    """Whether a value is an IRI of the web."""
    return isinstance(value, str) and value.startswith(("http://", "https://")) and not any(map(str.isspace, value))


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
    import tomllib

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
    kind, answer, words, term = (entry.get(key) for key in ("kind", "answer", "words", "term"))
    language, codes = entry.get("language", False), entry.get("codes", {})
    prefix, colon, local = str(term or "").partition(":")
    kinds = (each for each in (kind, answer) if each not in (None, *KINDS))
    wrong = [f"[{name}] has the kind {each!r}, but it is one of {', '.join(KINDS)}." for each in kinds]
    if not isinstance(language, bool):
        wrong.append(f"language of [{name}] is {language!r}, but it is true or false.")
    if not isinstance(words, str) or not words.strip():
        wrong.append(f'[{name}] needs words = "...", what the column means.')
    if not isinstance(codes, dict) or not all(isinstance(told, str) for told in codes.values()):
        wrong.append(f'the codes of [{name}] are not a table of code = "words".')
    if term is not None and (not colon or prefix not in spaces):
        wrong.append(f"the term of [{name}], {term!r}, has no prefix of ontology/prefixes.ttl.")
    if wrong:
        raise FolderError(f"{path}: {wrong[0]}")
    made = Column(name, kind or "text", str(words), codes, spaces[prefix] + local if term else "")
    return Known(made, made._replace(kind=answer, codes={}) if answer else made, language)


def described(root: str, names: Sequence[str | Column], queries: Sequence[str] = ()) -> list[Column]:
    """Return the column of each name; a column is itself, and a name that no block describes is text without words.

    The block ``["query/name"]`` of one of ``queries`` goes before the block ``[name]``.
    """
    return [name if isinstance(name, Column) else answered(root, [name], *queries)[0].column for name in names]


def answered(root: str, names: Sequence[str], *queries: str) -> list[Known]:
    """Return the columns of the answer of a saved query, in which rows have no say."""
    known = known_columns(root)
    made = []
    for name in names:
        plain = known.get(name) or Known(Column(name), Column(name), language=False)
        found = next((known[f"{query}/{name}"] for query in queries if f"{query}/{name}" in known), plain)
        made.append(Known(found.column._replace(name=name), found.answer._replace(name=name), found.language))
    return made
