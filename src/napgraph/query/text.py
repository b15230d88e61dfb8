"""The text of a query that someone wrote: what is not run, and what is wrong with it, by line and column.

Nothing here evaluates a query. The engine's own parser decides what is SPARQL; this module only tells, in words, where
and why it stopped, and names what napgraph does not run whatever it says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ..errors import QueryError, nearest
from .tokens import calls_out, clauses

# Where no word is a keyword (SPARQL 1.1, section 19.8).
_QUIET = re.compile(
    r"""(?P<string>"{3}(?:[^\\]|\\.)*?"{3}|'{3}(?:[^\\]|\\.)*?'{3}|"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*')"""
    r"""|(?P<iri><(?:[^<>"{}|^`\\\x00-\x20])*>)|(?P<comment>\#[^\n\r]*)|(?P<escape>\\[_~.\-!$&'()*+,;=/?\#@%])""",
    re.DOTALL,
)
_PREFIXED = r"(?P<prefix>(?:[^\W\d](?:[\w.-]*[\w-])?)?):(?P<local>[\w:%.-]*)"
_DECLARATION = re.compile(r"\b(?:PREFIX\s+(?P<prefix>[^\s:]*)\s*:|BASE)\s*<(?P<space>[^<>]*)>", re.IGNORECASE)
_WORD = re.compile(r"\s*([A-Za-z]+)")
_AT = re.compile(r"error at (\d+):(\d+)")
_CHANGES = {"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"}
_MAKES = {"CONSTRUCT", "DESCRIBE"}
_ASKS = {"SELECT", "ASK"}


class Name(NamedTuple):
    """A prefixed name or an IRI in a query: as it is written, where, its prefix if any, and the IRI if known."""

    written: str
    line: int
    column: int
    prefix: str | None
    iri: str | None


def fetches(text: str) -> str | None:
    """Return the keyword, SERVICE or FROM, by which a query would have something fetched or another graph asked."""
    if calls_out(text):
        return "SERVICE"
    return "FROM" if clauses(text) else None


def check(text: str, name: str, prefixes: Mapping[str, str]) -> None:
    """Raise QueryError for what is not run, or is no SPARQL; ``prefixes`` are those that a user may have meant."""
    import pyoxigraph

    _refuse(text, name)
    try:
        pyoxigraph.Store().query(text)
    except SyntaxError as error:
        raise _explained(text, name, prefixes, error) from error
    except (OSError, RuntimeError, ValueError) as error:
        raise QueryError(f"{name}: the query could not be read: {error}") from error


def names(text: str) -> Iterator[Name]:
    """Yield the prefixed names and IRIs of a query, those of its prologue left out, in their order."""
    declared = _declared(text)
    body = _DECLARATION.sub(_spaces, _without(text, "string", "comment"))
    for found in re.finditer(rf"<[^<>\s]*>|[?$]\w+|{_PREFIXED}", body):
        line, column = _place(text, found.start())
        if found[0].startswith("<"):
            yield Name(found[0], line, column, None, found[0][1:-1])
        elif found["prefix"] is not None and found["prefix"] != "_":
            local = found["local"].rstrip(".")
            iri = declared[found["prefix"]] + local if found["prefix"] in declared else None
            yield Name(f"{found['prefix']}:{local}", line, column, found["prefix"], iri)


def _stopped(error: SyntaxError) -> tuple[int, int] | None:
    """Return the line and column at which the engine's parser stopped, if it says so."""
    found = _AT.search(error.msg)
    return (int(found[1]), int(found[2])) if found else None


def _refuse(text: str, name: str) -> None:
    word = _WORD.match(_DECLARATION.sub(_spaces, _without(text, "string", "comment")))
    form = word[1].upper() if word else ""
    if form in _CHANGES:
        raise QueryError(f"{name}: {form} changes a graph, and napgraph only asks. Use SELECT or ASK.")
    if form in _MAKES:
        raise QueryError(f"{name}: {form} makes a graph, not a table. Use SELECT or ASK.")
    if form and form not in _ASKS:
        line, column = _place(text, word.start(1) if word else 0)
        near = nearest(form, sorted(_ASKS | _MAKES | _CHANGES), 1)
        hint = f" Did you mean {near[0]}?" if near else " A query begins with PREFIX lines, then SELECT or ASK."
        written = text.splitlines()[line - 1][column - 1 :][: len(form)]
        raise QueryError(f"{name}:{line}:{column}: {written!r} begins no query.{hint}")
    if not form:
        raise QueryError(f"{name}: there is no query in this file. Write SELECT ... WHERE {{ ... }} or ASK {{ ... }}.")
    keyword = fetches(text)
    if keyword == "SERVICE":
        raise QueryError(f"{name}: SERVICE is not run: the loaded graph answers, and nothing is fetched.")
    if keyword:
        raise QueryError(f"{name}: FROM is not run: there is one graph to ask. Leave it out; files join with --data.")


def _explained(text: str, name: str, prefixes: Mapping[str, str], error: SyntaxError) -> QueryError:
    declared = _declared(text)
    for found in names(text):
        if found.prefix is not None and found.prefix not in declared:
            place = f"{name}:{found.line}:{found.column}"
            if found.prefix in prefixes:
                declaration = f"PREFIX {found.prefix}: <{prefixes[found.prefix]}>"
                return QueryError(f"{place}: the prefix {found.prefix}: is not declared. Add the line: {declaration}")
            near = nearest(found.prefix, [*declared, *prefixes], 1)
            hint = f" Did you mean {near[0]}:?" if near else " Declare it with a PREFIX line before the query."
            return QueryError(f"{place}: the prefix {found.prefix}: is not declared.{hint}")
    at = _stopped(error)
    if at is None:
        return QueryError(f"{name}: this is not valid SPARQL: {error.msg}")
    line, column = at
    broken = text.splitlines()[line - 1] if line <= len(text.splitlines()) else ""
    before, rest = broken[: column - 1].strip()[-40:], broken[column - 1 :].strip()[:40]
    if "unbound" in error.msg:
        why = "SELECT names a variable that GROUP BY leaves no single value of: group by it too, or count it."
        return QueryError(f"{name}:{line}:{column}: this is not valid SPARQL. {why}")
    where = f"after {before!r}" if before else f"before {rest!r}" if rest else "before this line"
    return QueryError(
        f"{name}:{line}:{column}: this is not valid SPARQL: something is wrong or missing {where}, such as a '.', a "
        "bracket or a quotation mark."
    )


def _declared(text: str) -> dict[str, str]:
    found = _DECLARATION.finditer(_without(text, "string", "comment"))
    return {each["prefix"]: each["space"] for each in found if each["prefix"] is not None}


def _without(text: str, *kinds: str) -> str:
    """Return the text with these kinds of what is quiet as spaces, so that every place stays where it is."""
    return _QUIET.sub(lambda found: _spaces(found) if found.lastgroup in kinds else found[0], text)


def _spaces(found: re.Match[str]) -> str:
    return re.sub(r"[^\n\r]", " ", found[0])


def _place(text: str, position: int) -> tuple[int, int]:
    return text.count("\n", 0, position) + 1, position - text.rfind("\n", 0, position)
