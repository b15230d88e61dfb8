"""What napgraph uses of pyoxigraph, over the JavaScript build of the same engine, for Python that runs in a page.

No build for the browser is published. Terms are made here, as tuples, which is fast; the rest is ``oxigraph_page``.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from itertools import count
from operator import itemgetter
from typing import Any, BinaryIO, ClassVar, Self

import oxigraph_page
from pyodide.ffi import create_proxy

_XSD = "http://www.w3.org/2001/XMLSchema#"
_STRING = f"{_XSD}string"
_LANGUAGE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
_KINDS = {str: "string", bool: "boolean", int: "integer", Decimal: "decimal", float: "double"}
_SPECIAL = re.compile(r'[\x00-\x1f"\\\x7f]')
_NAMED = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
_POSITION = re.compile(
    r"Parser error (?:at line (\d+) (?:between columns (\d+) and (\d+)|column (\d+))"
    r"|between line (\d+) column (\d+) and line (\d+) column (\d+)): ",
    re.DOTALL,
)


class _Term(tuple):  # type: ignore[type-arg]  # told apart by its first item, compared and hashed as fast as can be
    __slots__ = ()
    __match_args__ = ("value",)
    value = property(itemgetter(1))


class NamedNode(_Term):
    """An IRI; raises ValueError for what is none."""

    __slots__ = ()
    _known: ClassVar[set[str]] = set()

    def __new__(cls, value: str) -> Self:
        if value not in cls._known:
            if problem := oxigraph_page.faultOfIri(value):
                raise ValueError(problem)
            cls._known.add(value)
        return super().__new__(cls, ("iri", value))

    def __str__(self) -> str:
        return f"<{self.value}>"


class BlankNode(_Term):
    """A nameless resource, by its label or by a new one."""

    __slots__ = ()
    _numbers = count(1)

    def __new__(cls, value: str | None = None) -> Self:
        if value is None:
            value = f"page{next(cls._numbers)}"
        elif not re.fullmatch(r"\w(?:[\w.·-]*[\w·-])?", value):
            raise ValueError("The blank node identifier is invalid")
        return super().__new__(cls, ("blank", value))

    def __str__(self) -> str:
        return f"_:{self.value}"


class DefaultGraph(_Term):
    """The graph without a name."""

    __slots__ = ()

    def __new__(cls) -> Self:
        return super().__new__(cls, ("default", ""))


class Literal(_Term):
    """A text with its language, or a value with its datatype, also of a text; ``direction`` is that of writing."""

    __slots__ = ()
    datatype = property(lambda self: NamedNode(self[2]))
    language = property(itemgetter(3))
    direction = property(itemgetter(4))

    def __new__(
        cls, value: str | bool | float | Decimal, *, datatype: NamedNode | None = None, language: str | None = None
    ) -> Self:
        if language is not None:
            if problem := oxigraph_page.faultOfLanguage(language):
                raise ValueError(problem)
            return super().__new__(cls, ("literal", value, _LANGUAGE, language.lower(), None))
        kind = _XSD + next(name for of, name in _KINDS.items() if isinstance(value, of))
        text = str(value).lower() if isinstance(value, bool) else str(value)
        return super().__new__(cls, ("literal", text, datatype.value if datatype else kind, None, None))

    def __str__(self) -> str:
        text = '"' + _SPECIAL.sub(lambda match: _NAMED.get(match[0]) or f"\\u{ord(match[0]):04X}", self.value) + '"'
        if self.language:
            return f"{text}@{self.language}"
        return text if self[2] == _STRING else f"{text}^^<{self[2]}>"


class Triple(tuple):  # type: ignore[type-arg]
    """A statement."""

    __slots__ = ()
    subject = property(itemgetter(0))
    predicate = property(itemgetter(1))
    object = property(itemgetter(2))

    def __new__(cls, subject: Any, predicate: Any, object: Any) -> Self:
        return super().__new__(cls, (subject, predicate, object))

    def __str__(self) -> str:
        return " ".join(f"<<( {term} )>>" if isinstance(term, Triple) else str(term) for term in self)


class Quad(Triple):
    """A statement in a graph; ``triple`` is the statement alone."""

    __slots__ = ()
    graph_name = property(itemgetter(3))
    triple = property(lambda self: Triple(*self[:3]))

    def __new__(cls, subject: Any, predicate: Any, object: Any, graph_name: Any = DefaultGraph()) -> Self:  # noqa: B008
        return tuple.__new__(cls, (subject, predicate, object, graph_name))

    def __str__(self) -> str:
        return " ".join(map(str, self[:3] if isinstance(self[3], DefaultGraph) else self))


def told(parts: list[Any]) -> Any:
    """Make the term that the page tells as its kind and parts; the engine has read it, so it is taken as it is."""
    kind, *rest = parts
    if kind == "triple":
        return Triple(*map(told, rest))
    made: Any = {"iri": NamedNode, "literal": Literal, "blank": BlankNode}.get(kind)
    return tuple.__new__(made, parts) if made else DefaultGraph()


class RdfFormat(StrEnum):
    """The formats, by the names that the engine knows them by."""

    TURTLE = "text/turtle"
    TRIG = "application/trig"
    N_TRIPLES = "application/n-triples"
    N_QUADS = "application/n-quads"
    JSON_LD = "application/ld+json"
    RDF_XML = "application/rdf+xml"


class QueryResultsFormat(StrEnum):
    """The formats of answers; only JSON is written in a page."""

    JSON = "application/sparql-results+json"
    XML = "application/sparql-results+xml"
    CSV = "text/csv"
    TSV = "text/tab-separated-values"


class parse:
    """The statements of ``input``, read as they are needed if that is a file; raises SyntaxError."""

    def __init__(self, input: str | bytes | BinaryIO, format: RdfFormat, *, rename_blank_nodes: bool = False) -> None:
        self._taken = b""
        self._told = _whole(input, format) if isinstance(input, (str, bytes)) else self._fed(input, format)
        self._names = defaultdict[BlankNode, BlankNode](BlankNode) if rename_blank_nodes else None

    def __iter__(self) -> Iterator[Quad]:
        return self

    def __next__(self) -> Quad:
        quad = Quad(*map(told, next(self._told)))
        if self._names is None:
            return quad
        return Quad(*(self._names[term] if isinstance(term, BlankNode) else term for term in quad))

    @property
    def prefixes(self) -> dict[str, str]:
        """The prefixes that a file declares, asked of the project's own table alone, one ``@prefix`` a line."""
        return dict(re.findall(r"^@prefix (\S*): <([^<>]*)> \.", self._taken.decode(), re.MULTILINE))

    def _fed(self, file: BinaryIO, form: RdfFormat) -> Iterator[list[Any]]:
        def read() -> bytes:
            chunk = file.read(8192)
            self._taken += chunk
            return chunk

        proxy = create_proxy(read)
        reading = oxigraph_page.reading(proxy, form.value)
        while content := reading.next():
            found = json.loads(content)
            if "error" in found:
                raise _syntax_error(found["error"])
            yield found["quad"]
        proxy.destroy()


def _whole(content: str | bytes, form: RdfFormat) -> Iterator[list[Any]]:
    read = json.loads(oxigraph_page.parse(content, form.value))
    yield from read["quads"]
    if read["error"] is not None:
        raise _syntax_error(read["error"])


def _syntax_error(message: str) -> SyntaxError:
    error = SyntaxError(message)
    if match := _POSITION.match(message):
        line, start, end, only, first, first_column, last, last_column = (int(part or 0) for part in match.groups())
        error.lineno, error.end_lineno = line or first, line or last
        error.offset, error.end_offset = start or only or first_column, end or only or last_column
    return error


def serialize(triples: Iterable[Triple], *, format: RdfFormat, prefixes: object = None) -> bytes:  # noqa: ARG001
    """Return ``triples`` as N-Triples, the one format that is written in a page."""
    if format is not RdfFormat.N_TRIPLES:
        raise ValueError("only N-Triples can be written in a page")
    return "".join(f"{triple} .\n" for triple in triples).encode()


class QuerySolution(dict):  # type: ignore[type-arg]
    """A row of an answer: its terms by variable, None for nothing; iterated, the terms in the order of variables."""

    def __iter__(self) -> Iterator[Any]:
        return iter(self.values())


class QuerySolutions:
    """The rows of an answer to a SELECT query."""

    def __init__(self, content: str) -> None:
        answer = json.loads(content)
        self._names, self._rows = answer["head"]["vars"], answer["results"]["bindings"]
        self.variables = [_Term(("variable", name)) for name in self._names]

    def __iter__(self) -> Iterator[QuerySolution]:
        return (QuerySolution((name, _of_json(row.get(name))) for name in self._names) for row in self._rows)


class QueryBoolean:
    """The answer to an ASK query: not asked in a page, nor is a CONSTRUCT query."""


QueryTriples = QueryBoolean


class Store:
    """Statements that can be asked; as everywhere, the engine gives some numbers in another spelling."""

    def __init__(self) -> None:
        self._store = oxigraph_page.store()

    def add(self, quad: Quad) -> None:
        """Add one statement."""
        self.extend([quad])

    def extend(self, quads: Iterable[Quad]) -> None:
        """Add statements."""
        oxigraph_page.extend(self._store, "".join(f"{quad} .\n" for quad in quads))

    def __iter__(self) -> Iterator[Quad]:
        return (Quad(*map(told, parts)) for parts in json.loads(oxigraph_page.content(self._store)))

    def query(self, text: str, *, use_default_graph_as_union: bool = False) -> QuerySolutions:
        """Return the answer to a SELECT query; raises SyntaxError."""
        answer = json.loads(oxigraph_page.ask(self._store, text, use_default_graph_as_union))
        if "error" in answer:
            raise SyntaxError(answer["error"])
        return QuerySolutions(answer["answer"])


def _of_json(term: Mapping[str, str] | None) -> Any:
    if term is None:
        return None
    if term["type"] != "literal":
        return told(["iri" if term["type"] == "uri" else "blank", term["value"]])
    language = term.get("xml:lang")
    datatype = term.get("datatype") or (_LANGUAGE if language else _STRING)
    return told(["literal", term["value"], datatype, language, None])
