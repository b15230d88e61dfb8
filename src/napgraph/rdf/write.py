"""Turtle in the house style of ``data/jurisdictions``, and the other formats of RDF that hold the same.

Only what surely reads back the same is shortened; what a reader could not see is an escape.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pyoxigraph

from .descriptions import Descriptions, Node, Value
from .formats import RDF_BY_ENDING

Prefixes = Mapping[str, str]
Subjects = Sequence[pyoxigraph.NamedNode]
PAGE_ENDINGS = (".ttl", ".jsonld", ".nt", ".rdf")
"""The endings of the files that a resource is given in: Turtle, JSON-LD, N-Triples, RDF/XML."""

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
_NAMELESS = (pyoxigraph.BlankNode, pyoxigraph.Triple)


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
                lines += [f"    {predicate}", *(f"        {each} ," for each in written[:-1])]
                line = f"        {written[-1]} ;"
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
        if not isinstance(value, pyoxigraph.BlankNode):
            raise ValueError(f"{value} cannot be written")  # noqa: TRY004 as for any that cannot
        inner = self._by_predicate(value, descriptions)
        parts = (f"{iri} {' , '.join(self._value(each, descriptions) for each in values)}" for iri, values in inner)
        return f"[ {' ; '.join(parts)} ]" if inner else "[]"

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
        name = kind.removeprefix(self._xsd)
        if name == "string":
            return quoted
        if name in _PLAIN and _PLAIN[name].fullmatch(literal.value):
            return literal.value
        return f"{quoted}^^{self._iri(kind)}"


def declaration(prefix: str, space: str) -> str:
    """Return the line that declares a prefix."""
    return f"@prefix {prefix}: <{space}> ."


def escaped(text: str) -> str:
    """Return ``text`` with everything in it that cannot be seen, or that changes how the rest is seen, as an escape."""
    return _UNSEEN.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    return _ESCAPES.get(found[0]) or f"\\u{ord(found[0]):04X}"


def rdf_files(name: str, subjects: Subjects, stated: Descriptions, prefixes: Prefixes) -> Iterator[tuple[str, bytes]]:
    """Yield path and content of the files beside the page ``name``, one for each format."""
    triples = with_stable_blank_nodes(stated.triples(subjects))
    yield f"{name}.ttl", turtle(subjects, stated, prefixes)
    for ending in PAGE_ENDINGS[1:]:
        used = prefixes_of(triples, prefixes) if ending == ".rdf" else None
        yield name + ending, pyoxigraph.serialize(triples, format=RDF_BY_ENDING[ending], prefixes=used) or b""


def turtle(subjects: Subjects, stated: Descriptions, prefixes: Prefixes, base: str | None = None) -> bytes:
    """Return Turtle in the style of the data: a block for each resource, only the prefixes that are used."""
    if stated.tangled:
        triples = with_stable_blank_nodes(stated.triples(subjects))
        used = prefixes_of(triples, prefixes)
        return pyoxigraph.serialize(triples, format=pyoxigraph.RdfFormat.TURTLE, prefixes=used) or b""
    writer = TurtleWriter(prefixes, base)
    blocks = [writer.block(subject, stated) for subject in subjects]
    head = [declaration(prefix, prefixes[prefix]) for prefix in sorted(writer.used)]
    head += [f"@base <{base}> ."] if base else []
    return ("\n".join(head) + "\n\n" + "\n\n".join(blocks) + "\n").encode()


def with_stable_blank_nodes(triples: Iterable[pyoxigraph.Triple], before: str = "n") -> list[pyoxigraph.Triple]:
    """Return ``triples`` with blank nodes called ``before`` and a number: the same triples make the same file."""
    names: dict[object, pyoxigraph.BlankNode] = {}

    def term(each: Any) -> Any:
        is_blank = isinstance(each, pyoxigraph.BlankNode)
        return names.setdefault(each, pyoxigraph.BlankNode(f"{before}{len(names)}")) if is_blank else each

    return [pyoxigraph.Triple(term(each.subject), each.predicate, term(each.object)) for each in triples]


def prefixes_of(triples: Sequence[pyoxigraph.Triple], prefixes: Mapping[str, str]) -> dict[str, str]:
    """Return the prefixes that some address in ``triples`` begins with."""
    terms = (term for triple in triples for term in triple)
    named = {getattr(term, "datatype", term).value for term in terms if not isinstance(term, _NAMELESS)}
    return {prefix: space for prefix, space in prefixes.items() if any(iri.startswith(space) for iri in named)}


def embeddable_json(triples: Iterable[pyoxigraph.Triple]) -> str:
    """Return JSON-LD that can stand in a page: no text in it can end the element that holds it."""
    content = pyoxigraph.serialize(with_stable_blank_nodes(triples), format=pyoxigraph.RdfFormat.JSON_LD) or b"[]"
    return content.decode().replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
