"""The terms of pyoxigraph, made in Python: tuples, so that sets of many statements stay fast."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, ClassVar

import oxigraph_page

_XSD = "http://www.w3.org/2001/XMLSchema#"
_STRING = f"{_XSD}string"
_LANGUAGE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
_DIRECTION = "http://www.w3.org/1999/02/22-rdf-syntax-ns#dirLangString"
_SPECIAL = re.compile(r'[\x00-\x1f"\\\x7f]')
_NAMED = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


class _Term(tuple):  # type: ignore[type-arg]  # told apart by its first item, compared and hashed as fast as can be
    __slots__ = ()
    __match_args__ = ("value",)

    @property
    def value(self) -> str:
        return self[1]  # type: ignore[no-any-return]

    def __repr__(self) -> str:
        return f"<{type(self).__name__} value={self.value}>"


class NamedNode(_Term):
    """An IRI; raises ValueError for what is none."""

    __slots__ = ()
    _known: ClassVar[set[str]] = set()

    def __new__(cls, value: str) -> NamedNode:
        if value not in cls._known:
            if problem := oxigraph_page.faultOfIri(value):
                raise ValueError(problem)
            cls._known.add(value)
        return super().__new__(cls, ("iri", value))

    def __getnewargs__(self) -> tuple[str]:
        return (self.value,)

    def __str__(self) -> str:
        return f"<{self.value}>"


class BlankNode(_Term):
    """A nameless resource, by its label or by a new one."""

    __slots__ = ()
    _last = 0

    def __new__(cls, value: str | None = None) -> BlankNode:
        if value is None:
            BlankNode._last += 1
            value = f"page{BlankNode._last}"
        elif not re.fullmatch(r"\w(?:[\w.·-]*[\w·-])?", value):
            raise ValueError("The blank node identifier is invalid")
        return super().__new__(cls, ("blank", value))

    def __getnewargs__(self) -> tuple[str]:
        return (self.value,)

    def __str__(self) -> str:
        return f"_:{self.value}"


class Variable(_Term):
    """A variable of a query."""

    __slots__ = ()

    def __new__(cls, value: str) -> Variable:
        return super().__new__(cls, ("variable", value))

    def __str__(self) -> str:
        return f"?{self.value}"


class DefaultGraph(_Term):
    """The graph without a name."""

    __slots__ = ()

    def __new__(cls) -> DefaultGraph:
        return super().__new__(cls, ("default", ""))

    def __str__(self) -> str:
        return "DEFAULT"


class Literal(_Term):
    """A text with its language, or a value with its datatype."""

    __slots__ = ()
    __match_args__ = ("value",)

    def __new__(
        cls,
        value: str | bool | float | Decimal,
        *,
        datatype: NamedNode | None = None,
        language: str | None = None,
        direction: str | None = None,
    ) -> Literal:
        if language is not None:
            if problem := oxigraph_page.faultOfLanguage(language):
                raise ValueError(problem)
            kind = _DIRECTION if direction else _LANGUAGE
            return super().__new__(cls, ("literal", value, kind, language.lower(), direction))
        text, kind = _lexical(value)
        return super().__new__(cls, ("literal", text, datatype.value if datatype else kind, None, None))

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, object]]:
        if self.language:
            return (self.value,), {"language": self.language, "direction": self.direction}
        return (self.value,), {"datatype": self.datatype}

    @property
    def datatype(self) -> NamedNode:
        """The datatype, also of a text."""
        return NamedNode(self[2])

    @property
    def language(self) -> str | None:
        """The tag of a text in a language."""
        return self[3]  # type: ignore[no-any-return]

    @property
    def direction(self) -> str | None:
        """The direction of writing, where one is given."""
        return self[4]  # type: ignore[no-any-return]

    def __str__(self) -> str:
        text = '"' + _SPECIAL.sub(lambda match: _NAMED.get(match[0]) or f"\\u{ord(match[0]):04X}", self.value) + '"'
        if self.language:
            return f"{text}@{self.language}" + (f"--{self.direction}" if self.direction else "")
        return text if self[2] == _STRING else f"{text}^^<{self[2]}>"


class Triple(tuple):  # type: ignore[type-arg]
    """A statement."""

    __slots__ = ()

    def __new__(cls, subject: Any, predicate: Any, object: Any) -> Triple:
        return super().__new__(cls, (subject, predicate, object))

    def __getnewargs__(self) -> tuple[Any, ...]:
        return tuple(self)

    subject = property(lambda self: self[0])
    predicate = property(lambda self: self[1])
    object = property(lambda self: self[2])

    def __str__(self) -> str:
        return " ".join(f"<<( {term} )>>" if isinstance(term, Triple) else str(term) for term in self)


class Quad(Triple):
    """A statement in a graph."""

    __slots__ = ()

    def __new__(cls, subject: Any, predicate: Any, object: Any, graph_name: Any = DefaultGraph()) -> Quad:  # noqa: B008
        return tuple.__new__(cls, (subject, predicate, object, graph_name))

    graph_name = property(lambda self: self[3])

    @property
    def triple(self) -> Triple:
        """The statement alone."""
        return Triple(*self[:3])

    def __str__(self) -> str:
        return " ".join(map(str, self[:3] if isinstance(self[3], DefaultGraph) else self))


def told(parts: list[Any]) -> Any:
    """Make the term that the page tells as its kind and parts; the engine has read it, so it is taken as it is."""
    kind, *rest = parts
    if kind == "iri":
        return tuple.__new__(NamedNode, parts)
    if kind == "literal":
        return tuple.__new__(Literal, parts)
    if kind == "triple":
        return Triple(*map(told, rest))
    return tuple.__new__(BlankNode, parts) if kind == "blank" else DefaultGraph()


def _lexical(value: str | bool | float | Decimal) -> tuple[str, str]:
    if isinstance(value, str):
        return value, _STRING
    if isinstance(value, bool):
        return str(value).lower(), f"{_XSD}boolean"
    kind = "integer" if isinstance(value, int) else "decimal" if isinstance(value, Decimal) else "double"
    return str(value), _XSD + kind
