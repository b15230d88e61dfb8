"""The text of a query that someone wrote: what is not run, what is wrong with it, and which of its terms are unknown.

The engine's own parser decides what is SPARQL; :func:`tokens` only tells words from what looks like them.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import pyoxigraph

from ..errors import QueryError, nearest
from ..rdf.namespaces import XSD, prefixes, shorten, slug
from .catalogue import SavedQuery
from .results import Results

_ESCAPE = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_LOCAL = r"(?:[\w:-]|%[0-9A-Fa-f]{2}|\\.)+"
_TOKEN = rf"""(?xs)(?P<comment>\#[^\n\r]*)
    |(?P<iri><(?:[^<>"{{}}|^`\\\x00-\x20]|{_ESCAPE})*>)
    |(?P<string>\"{{3}}(?:[^\\]|\\.)*?\"{{3}}|'{{3}}(?:[^\\]|\\.)*?'{{3}}|"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*')
    |(?P<variable>[?$]\w+)
    |(?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    |(?P<name>_:\w[\w-]*(?:\.+[\w-]+)*|(?:[^\W\d][\w.-]*)?:(?:(?!-){_LOCAL}(?:\.+{_LOCAL})?)?)
    |(?P<word>[A-Za-z_]+)
    |(?P<other>\\.|[^\s])"""
_SPACE = r"(?:\s|\#[^\n\r]*[\n\r])"
_GRAPH = rf"(?:{_SPACE}*<|{_SPACE}+[\w.-]*:)"
_MAY_NAME_GRAPHS = rf"(?i)from(?:{_GRAPH}|{_SPACE}+named{_GRAPH})"
_CHANGES = {"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"}
_MAKES = {"CONSTRUCT", "DESCRIBE"}
_ASKS = {"SELECT", "ASK"}
_NEAR, _SOUGHT = 2, 4


class Token(NamedTuple):
    """A piece of a text: its kind (iri, string, variable, language, name, word or other), its text and its place."""

    kind: str
    text: str
    start: int


class Unknown(NamedTuple):
    """A term of a query that the graph does not know: as written, the nearest that it knows, and the sentence of it."""

    written: str
    near: list[str]
    words: str


def tokens(text: str) -> Iterator[Token]:
    """Yield the pieces of ``text`` that are no comments."""
    for match in re.finditer(_TOKEN, text):  # compiled when first used: few runs need it
        if match.lastgroup and match.lastgroup != "comment":
            yield Token(match.lastgroup, match[0], match.start())


def body(text: str) -> tuple[dict[str, str], list[Token]]:
    """Return the prefixes that a query declares, with their IRIs, and its tokens after the declarations."""
    declared: dict[str, str] = {}
    found = list(tokens(text))
    while found and (keyword := found[0].text.upper()) in {"PREFIX", "BASE"}:
        declaration = found[1 : 3 if keyword == "PREFIX" else 2]
        if [each.kind for each in declaration] != (["name", "iri"] if keyword == "PREFIX" else ["iri"]):
            break
        if keyword == "PREFIX":
            declared[declaration[0].text.removesuffix(":")] = declaration[1].text[1:-1]
        del found[: len(declaration) + 1]
    return declared, found


def calls_out(text: str) -> bool:
    """Whether a query asks another endpoint (``SERVICE``), or could be read so where it can be read in two ways."""
    pieces = [*tokens(text)] if "service" in text.lower() else []
    nexts = [*(each.text for each in pieces[1:]), ""]
    # An address with ' in it may be "less than" before a text: then nothing after it is sure. SERVICE:x is the keyword
    # and a name where a group follows.
    return any(
        (each.kind == "word" and "service" in each.text.lower())
        or (each.kind == "name" and after == "{" and "service" in each.text.partition(":")[0].lower())
        or (each.kind == "iri" and "'" in each.text)
        for each, after in zip(pieces, nexts, strict=False)
    )


def from_clauses(text: str) -> list[tuple[bool, str]]:
    """Return what ``FROM`` names in ``text``, and before each whether it is ``FROM NAMED``."""
    pieces = [*tokens(text)] if re.search(_MAY_NAME_GRAPHS, text) else []
    found = []
    for at, piece in enumerate(pieces):
        if piece.kind == "word" and piece.text.upper() == "FROM":
            after = [each.text for each in pieces[at + 1 : at + 3]]
            is_named = bool(after) and after[0].upper() == "NAMED"
            found += [(is_named, name) for name in after[is_named : is_named + 1]]
    return found


def has_service_or_from(text: str) -> str | None:
    """Return the keyword, SERVICE or FROM, by which a query would have something fetched or another graph asked."""
    return "SERVICE" if calls_out(text) else "FROM" if from_clauses(text) else None


def check(text: str, name: str, known: Mapping[str, str]) -> None:
    """Raise QueryError for what is not run, or is no SPARQL; ``known`` are the prefixes that a user may have meant."""
    first = next(iter(body(text)[1]), None)
    if first is None or first.kind != "word":
        raise QueryError(f"{name}: there is no query in this file. Write SELECT ... WHERE {{ ... }} or ASK {{ ... }}.")
    form = first.text.upper()
    if form in _CHANGES:
        raise QueryError(f"{name}: {form} changes a graph, and napgraph only asks. Use SELECT or ASK.")
    if form in _MAKES:
        raise QueryError(f"{name}: {form} makes a graph, not a table. Use SELECT or ASK.")
    if form not in _ASKS:
        near = nearest(form, sorted(_ASKS | _MAKES | _CHANGES), 1)
        hint = f"Did you mean {near[0]}?" if near else "A query begins with PREFIX lines, then SELECT or ASK."
        raise QueryError(f"{_place(text, first.start, name)}: {first.text!r} begins no query. {hint}")
    keyword = has_service_or_from(text)
    if keyword == "SERVICE":
        raise QueryError(f"{name}: SERVICE is not run: the loaded graph answers, and nothing is fetched.")
    if keyword:
        raise QueryError(f"{name}: FROM is not run: there is one graph to ask. Leave it out; files join with --data.")
    try:
        pyoxigraph.Store().query(text)
    except SyntaxError as error:
        raise _explained(text, name, known, error) from error
    except (OSError, RuntimeError, ValueError) as error:
        raise QueryError(f"{name}: the query could not be read: {error}") from error


def names(text: str) -> Iterator[tuple[Token, str | None, str | None]]:
    """Yield the prefixed names and IRIs after a query's declarations, with the prefix if any and the IRI if known."""
    declared, found = body(text)
    for each in found:
        prefix, _, local = each.text.partition(":")
        if each.kind == "iri":
            yield each, None, each.text[1:-1]
        elif each.kind == "name" and prefix != "_":
            yield each, prefix, declared[prefix] + re.sub(r"\\(.)", r"\1", local) if prefix in declared else None


def _explained(text: str, name: str, known: Mapping[str, str], error: SyntaxError) -> QueryError:
    """Return the error in plain words, with the line and column at which the engine's parser stopped."""
    declared = body(text)[0]
    for found, prefix, _ in names(text):
        if prefix is not None and prefix not in declared:
            near = nearest(prefix, [*declared, *known], 1)
            hint = f"Did you mean {near[0]}:?" if near else "Declare it with a PREFIX line before the query."
            if prefix in known:
                hint = f"Add the line: PREFIX {prefix}: <{known[prefix]}>"
            return QueryError(f"{_place(text, found.start, name)}: the prefix {prefix}: is not declared. {hint}")
    at = re.search(r"error at (\d+):(\d+)", error.msg)
    if at is None:
        return QueryError(f"{name}: this is not valid SPARQL: {error.msg}")
    wrong = f"{name}:{at[1]}:{at[2]}: this is not valid SPARQL"
    if "unbound" in error.msg:
        words = "SELECT names a variable that GROUP BY leaves no single value of: group by it too, or count it."
        return QueryError(f"{wrong}. {words}")
    broken = "".join(text.splitlines()[int(at[1]) - 1 : int(at[1])])
    before, rest = broken[: int(at[2]) - 1].strip()[-40:], broken[int(at[2]) - 1 :].strip()[:40]
    where = f"after {before!r}" if before else f"before {rest!r}" if rest else "before this line"
    return QueryError(f"{wrong}: something is wrong or missing {where}, such as a '.', a bracket or a quotation mark.")


def _place(text: str, position: int, name: str) -> str:
    line, column = text.count("\n", 0, position) + 1, position - text.rfind("\n", 0, position)
    return f"{name}:{line}:{column}"


def unknown_terms(root: str, query: SavedQuery, ask: Callable[..., Results]) -> list[Unknown]:
    """Return the terms of ``query`` that a graph does not have, in their order; ``ask`` answers a saved query of it."""
    asked: dict[str, Token] = {}
    for each, _, iri in names(query.text):
        if iri and not iri.startswith(XSD):  # datatypes and casts: in a graph only inside literals
            try:
                asked.setdefault(pyoxigraph.NamedNode(iri).value, each)
            except ValueError:
                continue  # no address, or one that a BASE completes
    for row in ask("known-terms", term=list(asked)) if asked else ():
        asked.pop(str(row["term"]), None)
    if not asked:
        return []
    table = prefixes(root)
    choice: dict[str, list[str]] = {}
    for row in ask("terms-to-choose"):
        choice.setdefault(slug(str(row["term"])), []).append(shorten(str(row["term"]), table))
    made = []
    for iri, each in asked.items():
        near = _nearest_terms(iri, shorten(iri, table), choice)
        close = f"; close: {' or '.join(near)}" if near else ""
        line = query.text.count("\n", 0, each.start) + 1
        made.append(Unknown(each.text, near, f"{each.text} (line {line}) is not used in the data{close}."))
    return made


def _nearest_terms(iri: str, short: str, choice: Mapping[str, list[str]]) -> list[str]:
    """Return the terms whose names are most alike, of those with one name in any case the one of the same prefix first.

    The prefix is not compared: it may be what is wrong, and would make all terms that share it alike.
    """
    prefix = short.partition(":")[0]
    near = nearest(slug(iri), choice, _SOUGHT)
    folds = list(dict.fromkeys(name.casefold() for name in near))
    found = [(folds.index(name.casefold()), name, term) for name in near for term in choice[name]]
    found.sort(key=lambda each: (each[0], not each[2].startswith(f"{prefix}:")))
    return [term for _, _, term in found][:_NEAR]
