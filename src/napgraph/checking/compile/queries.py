"""What a SELECT of a rule looks at: read from its text, so that only those statements need be put into a store.

Understood are groups, UNION, FILTER, [NOT] EXISTS, BIND, GROUP BY and HAVING; all else raises UnknownRuleError.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import NamedNode

from . import UnknownRuleError
from .terms import TYPE

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Reading", "read_query"]

_WORD = re.compile(
    r"""<[^<>"{}|^`\\\s?$]*>                                    # an IRI
    |\"{3}.*?\"{3}|'{3}.*?'{3}|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'  # text
    |[?$]\w+                                                    # a variable
    |[\w-]*:(?:[\w.-]*[\w-])?                                   # a name with a prefix
    |\w+|\#[^\n]*|\S""",
    re.VERBOSE | re.DOTALL,
)
_REFUSED = {"OPTIONAL", "MINUS", "VALUES", "SERVICE", "GRAPH", "LIMIT", "OFFSET", "ORDER", "FROM", "[", "]"}
_BETWEEN = {"{", "}", "UNION", "NOT", "EXISTS"}
_OF_ENGINES = {"PATH", "currentShape", "shapesGraph", "failure"}
_IN_PATHS = {*"()|/^+*?"}
_TEXT = re.compile(r"\b(?:STR\w*|SUBSTR|CONCAT|CONTAINS|REGEX|REPLACE|[UL]CASE|[IU]RI|LANG\w*)\s*\(", re.IGNORECASE)
_TERM = re.compile(
    r"\b(?:DATATYPE|sameTerm|is\w+|BNODE|RAND|NOW|\w*UUID|MD5|SHA\d+|AVG|SAMPLE|GROUP_CONCAT)\s*\(", re.IGNORECASE
)


class Reading(NamedTuple):
    """A query as far as it was understood.

    ``names`` are the variables that it selects. ``predicates`` are the properties it names: ``weighed`` those whose
    values stand in an expression. ``about_this`` tells that it asks for any property of the focus node, and
    ``about_values`` that their values matter. ``textual`` means that it looks at the text of values, ``constant`` that
    a pattern holds a literal. A query ``at_once`` gives the same for all focus nodes together as for each.
    """

    names: frozenset[str]
    predicates: frozenset[NamedNode]
    weighed: frozenset[NamedNode]
    about_this: bool
    about_values: bool
    textual: bool
    constant: bool
    at_once: bool


class _Pattern(NamedTuple):
    subject: str
    verb: list[str]
    value: str


def read_query(text: str, prefixes: dict[str, str]) -> Reading:
    """Read a query; raises UnknownRuleError for what is not understood."""
    words = [word for word in _WORD.findall(text) if not word.startswith("#")]
    upper = [word.upper() for word in words]
    if _TERM.search(text) or not _REFUSED.isdisjoint(upper) or upper.count("SELECT") != 1 or "{" not in words:
        raise UnknownRuleError("a query whose answer could differ between engines")
    if _OF_ENGINES & set(map(_variable, words)):
        raise UnknownRuleError("a query with a variable that the engine sets")
    start, end = words.index("{"), len(words) - 1 - words[::-1].index("}")
    body, behind = words[start + 1 : end], words[end + 1 :]
    compared = _having(behind)
    _refuse_unbound_this(body)
    patterns = list(_patterns(body, compared))
    free = [pattern for pattern in patterns if _variable(pattern.verb[0])]
    if any(_variable(pattern.subject) != "this" or _variable(pattern.verb[0]) in compared for pattern in free):
        raise UnknownRuleError("a query that asks for any property")
    named = [(set(_named(pattern.verb, prefixes)), pattern) for pattern in patterns if pattern not in free]
    weighed = [found for found, pattern in named if _variable(pattern.value) in compared]
    return Reading(
        frozenset(_selected(words[:start])),
        frozenset().union(*(found for found, _ in named)),
        frozenset().union(*weighed),
        bool(free),
        any(words.count(pattern.value) > 1 for pattern in free),
        _TEXT.search(text) is not None,
        any(not _variable(pattern.value) and pattern.value[0] != "<" for pattern in patterns),
        not behind and "{" not in body and _variable(body[0]) == "this",
    )


def _variable(word: str) -> str:
    """Return the name of a variable, or nothing for another word."""
    return word[1:] if word[0] in "?$" else ""


def _selected(words: list[str]) -> list[str]:
    """Return the variables between SELECT and the group; fails unless all are plain and ``this`` is among them."""
    names = [word for word in words[1:] if word.upper() not in {"DISTINCT", "WHERE"}]
    found = [_variable(name) for name in names]
    if words[0].upper() != "SELECT" or "" in found or "this" not in found:
        raise UnknownRuleError("a query that does not select $this among plain variables")
    return found


def _having(words: list[str]) -> set[str]:
    """Return the variables compared behind the group; fails for anything but GROUP BY variables and HAVING."""
    upper = [word.upper() for word in words]
    split = upper.index("HAVING") if "HAVING" in upper else len(words)
    if words and (upper[:2] != ["GROUP", "BY"] or not all(map(_variable, words[2:split]))):
        raise UnknownRuleError("a query with something behind its group")
    return set(map(_variable, words[split:])) - {""}


def _refuse_unbound_this(body: list[str]) -> None:
    """Fail for a group that has $this in an expression before a triple pattern of the same group has it.

    SHACL gives $this its value everywhere; the store gives it to patterns, and not to each expression.
    """
    has_this, words = [False], iter(body)
    for word in words:
        if word.upper() in {"FILTER", "BIND"}:
            if "this" in _expression(words) and not has_this[-1]:
                raise UnknownRuleError("a query with $this in an expression before a pattern has it")
        elif word == "{":
            has_this.append(False)
        elif word == "}":
            has_this.pop()
        elif _variable(word) == "this":
            has_this[-1] = True


def _patterns(body: list[str], compared: set[str]) -> Iterator[_Pattern]:
    """Yield the triple patterns; adds the variables of expressions to ``compared``."""
    subject, verb = "", [""]
    for mark, part in _parts(body, compared):
        if mark == ".":
            subject = part[0]
        if mark != ",":
            verb = part[mark == "." : -1]
        if not verb or (mark == "," and len(part) > 1):
            raise UnknownRuleError("a query with something else than triple patterns")
        yield _Pattern(subject, verb, part[-1])


def _parts(body: list[str], compared: set[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield what stands between the marks of the triple patterns, each with the mark before it."""
    mark, rest = ".", iter(body)
    part: list[str] = []
    for word in rest:
        if word.upper() in {"FILTER", "BIND"}:
            compared.update(_expression(rest))
            ends = "."
        else:
            ends = "." if word.upper() in _BETWEEN else word if word in ".;," else ""
        if not ends:
            part.append(word)
            continue
        if part:
            yield mark, part
        mark, part = ends, []
    if part:
        yield mark, part


def _expression(words: Iterator[str]) -> set[str]:
    """Read an expression up to its last bracket, or up to EXISTS; return its variables."""
    depth, found = 0, set()
    for word in words:
        depth += (word == "(") - (word == ")")
        if word in {"{", "}", "/"} or (depth and word.upper() == "EXISTS"):
            raise UnknownRuleError("a query with a group or a division in an expression")
        found.add(_variable(word))
        if depth == 0 and (word == ")" or word.upper() == "EXISTS"):
            return found - {""}
    raise UnknownRuleError("a query whose brackets do not match")


def _named(verb: list[str], prefixes: dict[str, str]) -> Iterator[NamedNode]:
    """Yield the properties of a path."""
    for word in verb:
        prefix, colon, name = word.partition(":")
        if word[0] == "<":
            yield NamedNode(word[1:-1])
        elif word == "a":
            yield TYPE
        elif colon and prefix in prefixes:
            yield NamedNode(prefixes[prefix] + name)
        elif word not in _IN_PATHS:
            raise UnknownRuleError(f"a query with {word} for a property")
