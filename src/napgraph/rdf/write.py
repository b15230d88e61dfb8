"""Turtle in the house style of ``data/jurisdictions``: one block a resource, one predicate a line, ``a`` first.

Only what surely reads back the same is shortened: a relative or prefixed name of plain letters, digits and hyphens,
a number as it stands. Everything else is written in full, and what a reader of the text could not see (controls,
marks that turn the direction of writing) as an escape.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyoxigraph

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .descriptions import Descriptions, Node, Value

__all__ = ["SAFE_IRI", "TurtleWriter", "declaration", "visible"]

SAFE_IRI = re.compile(r'[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>"{}|^`\\\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]*')
_RELATIVE = re.compile(r"[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*(?:/[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*)*")
_LOCAL = re.compile(r"[A-Za-z](?:[A-Za-z0-9_-]*[A-Za-z0-9])?")
_PLAIN = {
    "integer": re.compile(r"[+-]?[0-9]+"),
    "decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    "boolean": re.compile(r"true|false"),
}
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
_SPECIAL = re.compile(rf'[\\"]|{_UNSEEN.pattern}')
_WIDTH = 120


class TurtleWriter:
    """Writes descriptions with a table of prefixes and, where there is one, a base; notes which it used."""

    def __init__(self, prefixes: Mapping[str, str], base: str | None) -> None:
        self._spaces = sorted(((space, prefix) for prefix, space in prefixes.items()), key=lambda each: -len(each[0]))
        self._base = base
        self._type = f"{prefixes['rdf']}type" if "rdf" in prefixes else ""
        self._xsd = prefixes.get("xsd", "")
        self.used: set[str] = set()

    def block(self, subject: pyoxigraph.NamedNode, descriptions: Descriptions) -> str:
        """Return the block that describes ``subject``, without a line end; raises ValueError for what is no Turtle."""
        lines = [self._iri(subject.value)]
        for predicate, values in self._by_predicate(subject, descriptions):
            written = [self._value(value, descriptions) for value in values]
            line = f"    {predicate} {' , '.join(written)} ;"
            if len(line) > _WIDTH and len(written) > 1:
                lines += [
                    f"    {predicate}",
                    *(f"        {each} ," for each in written[:-1]),
                    f"        {written[-1]} ;",
                ]
            else:
                lines.append(line)
        return "\n".join([*lines, "."])

    def _by_predicate(self, subject: Node, descriptions: Descriptions) -> list[tuple[str, list[Value]]]:
        """Return the predicates in the order they came, but what the resource is first."""
        grouped: dict[str, list[Value]] = {}
        for predicate, value in descriptions.of(subject):
            grouped.setdefault(predicate.value, []).append(value)
        ordered = sorted(grouped, key=lambda iri: iri != self._type)
        return [("a" if iri == self._type else self._iri(iri), grouped[iri]) for iri in ordered]

    def _value(self, value: Value, descriptions: Descriptions) -> str:
        if isinstance(value, pyoxigraph.NamedNode):
            return self._iri(value.value)
        if isinstance(value, pyoxigraph.Literal):
            return self._literal(value)
        if isinstance(value, pyoxigraph.BlankNode):
            parts = [
                f"{predicate} {' , '.join(self._value(each, descriptions) for each in values)}"
                for predicate, values in self._by_predicate(value, descriptions)
            ]
            return f"[ {' ; '.join(parts)} ]" if parts else "[]"
        raise ValueError(f"{value} cannot be written")

    def _iri(self, iri: str) -> str:
        if not SAFE_IRI.fullmatch(iri):
            raise ValueError(f"{iri!r} is no address that can be written")
        if self._base and iri.startswith(self._base) and _RELATIVE.fullmatch(iri[len(self._base) :]):
            return f"<{iri[len(self._base) :]}>"
        for space, prefix in self._spaces:
            if iri.startswith(space) and _LOCAL.fullmatch(iri[len(space) :]):
                self.used.add(prefix)
                return f"{prefix}:{iri[len(space) :]}"
        return f"<{iri}>"

    def _literal(self, literal: pyoxigraph.Literal) -> str:
        quoted = f'"{_SPECIAL.sub(_escape, literal.value)}"'
        if literal.direction:
            raise ValueError(f"{literal} cannot be written")
        if literal.language:
            return f"{quoted}@{literal.language}"
        kind = literal.datatype.value
        name = kind.removeprefix(self._xsd) if self._xsd and kind.startswith(self._xsd) else ""
        if name == "string":
            return quoted
        if name in _PLAIN and _PLAIN[name].fullmatch(literal.value):
            return literal.value
        return f"{quoted}^^{self._iri(kind)}"


def declaration(prefix: str, space: str) -> str:
    """Return the line that declares a prefix."""
    return f"@prefix {prefix}: <{space}> ."


def visible(text: str) -> str:
    """Return ``text`` with everything in it that cannot be seen, or that changes how the rest is seen, as an escape."""
    return _UNSEEN.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    return _ESCAPES.get(found[0]) or f"\\u{ord(found[0]):04X}"
