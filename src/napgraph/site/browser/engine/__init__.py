"""What napgraph uses of pyoxigraph, over the JavaScript build of the same engine, for Python that runs in a page.

No build of pyoxigraph for the browser is published, one of Oxigraph is. Terms are made here; parser, store and
queries are the engine's own, reached through the module ``oxigraph_page`` that ``check-worker.js`` registers. The
published site ships this file to the page under the name ``pyoxigraph``; nothing else imports it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any, BinaryIO

import oxigraph_page
from pyodide.ffi import create_proxy

from .terms import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple, Variable, told

__all__ = [
    "BlankNode",
    "DefaultGraph",
    "Literal",
    "NamedNode",
    "Quad",
    "QueryBoolean",
    "QueryResultsFormat",
    "QuerySolution",
    "QuerySolutions",
    "QueryTriples",
    "RdfFormat",
    "Store",
    "Triple",
    "Variable",
    "parse",
    "parse_query_results",
    "serialize",
]

_POSITION = re.compile(
    r"Parser error (?:at line (\d+) (?:between columns (\d+) and (\d+)|column (\d+))"
    r"|between line (\d+) column (\d+) and line (\d+) column (\d+)): ",
    re.DOTALL,
)


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

    def __init__(
        self,
        input: str | bytes | BinaryIO,
        format: RdfFormat,
        *,
        rename_blank_nodes: bool = False,
        lenient: bool = False,
    ) -> None:
        self._taken = b""
        if isinstance(input, (str, bytes)):
            self._told = _whole(input, format, lenient=lenient)
        else:
            self._told = self._fed(input, format)
        self._names: dict[str, BlankNode] | None = {} if rename_blank_nodes else None

    def __iter__(self) -> Iterator[Quad]:
        return self

    def __next__(self) -> Quad:
        quad = Quad(*map(told, next(self._told)))
        return quad if self._names is None else Quad(*(_renamed(term, self._names) for term in quad))

    @property
    def prefixes(self) -> dict[str, str]:
        """The prefixes that a file declares, asked of the project's own table alone, one ``@prefix`` a line."""
        found = re.findall(r"^@prefix (\S*): <([^<>]*)> \.", self._taken.decode(), re.MULTILINE)
        return dict(found)

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


def _whole(content: str | bytes, form: RdfFormat, *, lenient: bool) -> Iterator[list[Any]]:
    read = json.loads(oxigraph_page.parse(content, form.value, lenient))
    yield from read["quads"]
    if read["error"] is not None:
        raise _syntax_error(read["error"])


def _renamed(term: Any, names: dict[str, BlankNode]) -> Any:
    if not isinstance(term, BlankNode):
        return term
    return names.get(term.value) or names.setdefault(term.value, BlankNode())


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


class QuerySolution:
    """One row of an answer."""

    def __init__(self, names: list[str], row: Mapping[str, Any]) -> None:
        self._names, self._row = names, row

    def __getitem__(self, key: str | int | Variable) -> Any:
        name = self._names[key] if isinstance(key, int) else key.value if isinstance(key, Variable) else key
        if name not in self._names:
            raise KeyError(name)
        return self._row.get(name)

    def __iter__(self) -> Iterator[Any]:
        return (self._row.get(name) for name in self._names)

    def __len__(self) -> int:
        return len(self._names)


class QuerySolutions:
    """The answer to a SELECT query, as the engine told it in JSON."""

    def __init__(self, content: str | bytes) -> None:
        self._content = content
        answer = json.loads(content)
        self.variables = [Variable(name) for name in answer["head"]["vars"]]
        self._rows = iter(answer["results"]["bindings"])

    def __iter__(self) -> Iterator[QuerySolution]:
        return self

    def __next__(self) -> QuerySolution:
        row = {name: _of_json(term) for name, term in next(self._rows).items()}
        return QuerySolution([variable.value for variable in self.variables], row)

    def serialize(self, *, format: QueryResultsFormat) -> bytes:
        """Return the answer in JSON."""
        return _json_only(self._content, format)


class QueryBoolean:
    """The answer to an ASK query."""

    def __init__(self, content: str | bytes) -> None:
        self._content = content
        self._value: bool = json.loads(content)["boolean"]

    def __bool__(self) -> bool:
        return self._value

    def serialize(self, *, format: QueryResultsFormat) -> bytes:
        """Return the answer in JSON."""
        return _json_only(self._content, format)


class QueryTriples:
    """The answer to a CONSTRUCT query: not asked in a page."""


def parse_query_results(content: bytes, *, format: QueryResultsFormat) -> QuerySolutions | QueryBoolean:  # noqa: ARG001
    """Read an answer in JSON."""
    return QueryBoolean(content) if "boolean" in json.loads(content) else QuerySolutions(content)


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

    def __len__(self) -> int:
        return int(self._store.size)

    def query(
        self,
        text: str,
        *,
        substitutions: Mapping[Variable, Any] | None = None,
        use_default_graph_as_union: bool = False,
    ) -> Any:
        """Return the answer to a SELECT or ASK query; raises SyntaxError."""
        for variable, term in (substitutions or {}).items():
            text = _with_value(text, variable.value, term)
        answer = json.loads(oxigraph_page.ask(self._store, text, use_default_graph_as_union))
        if "error" in answer:
            raise SyntaxError(answer["error"])
        return parse_query_results(answer["answer"], format=QueryResultsFormat.JSON)


def _with_value(text: str, name: str, term: Any) -> str:
    """Put a term in the place of a variable; the answer still has it as a column."""
    if isinstance(term, BlankNode):
        raise NotImplementedError("a nameless resource cannot be put into a query in a page")
    head, brace, body = text.partition("{")
    variable = re.compile(rf"[?$]{name}\b")
    return variable.sub(lambda _: f"({term} AS ?{name})", head) + brace + variable.sub(lambda _: str(term), body)


def _of_json(term: Mapping[str, str]) -> Any:
    if term["type"] != "literal":
        return told(["iri" if term["type"] == "uri" else "blank", term["value"]])
    language = term.get("xml:lang")
    datatype = term.get("datatype") or Literal("", language=language).datatype.value
    return told(["literal", term["value"], datatype, language, None])


def _json_only(content: str | bytes, form: QueryResultsFormat) -> bytes:
    if form is not QueryResultsFormat.JSON:
        raise ValueError("only JSON can be written in a page")
    return content.encode() if isinstance(content, str) else content
