"""The answer of a query as a table: rows to read, and the standard formats, written by the engine's own writers."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph

from ..errors import ParameterError
from ..rdf.formats import RESULTS

if TYPE_CHECKING:
    import pandas
    import polars

    from ..tables.table import Table
    from .catalogue import SavedQuery

Term = pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal | pyoxigraph.Triple | None
Value = str | int | float | bool | None

_NUMBERS: dict[str, type[int] | type[float]] = {"integer": int, "decimal": float, "double": float, "float": float}
_TRUTH = {"true": True, "1": True, "false": False, "0": False}


class Query(NamedTuple):
    """The query that an answer belongs to, and what the session that asked it can make of the answer.

    ``table`` makes a table of an answer, with a title; ``behind`` asks another saved query with the parameters that
    both declare in the same words.
    """

    saved: SavedQuery
    table: Callable[[ResultTable, str], Table]
    behind: Callable[[str], ResultTable]


class ResultTable:
    """The rows of an answer, in the order the query gives them.

    Held as the terms that the engine gave, or as SPARQL 1.1 JSON results where it came as such, so that it can be
    kept, compared and written again without asking twice; the one is made of the other when it is needed. An ASK query
    gives one column, ``ask``, with one row.
    """

    def __init__(self, content: bytes, taken: tuple[list[str], list[tuple[Term, ...]]] | None = None) -> None:
        self._json, self._taken = content, taken
        self.query: Query | None = None

    @classmethod
    def of(cls, result: pyoxigraph.QuerySolutions | pyoxigraph.QueryBoolean) -> ResultTable:
        """Take up an engine's result."""
        if isinstance(result, pyoxigraph.QueryBoolean):
            return cls(result.serialize(format=pyoxigraph.QueryResultsFormat.JSON) or b"")
        return cls(b"", ([variable.value for variable in result.variables], [tuple(row) for row in result]))

    def renamed(self, pairs: Mapping[str, str], named: Mapping[str, str], language: str) -> ResultTable:
        """Return the answer with other texts in some columns: the name that ``named`` has for the IRI beside each.

        ``pairs`` has, by the column of the text, the column of the IRI.
        """
        names, made = self.columns, []
        for row in self.terms():
            for column, beside in pairs.items():
                iri = row[beside]
                name = named.get(iri.value, "") if isinstance(iri, pyoxigraph.NamedNode) else ""
                if name and row[column] is not None and name != plain(row[column]):
                    row[column] = pyoxigraph.Literal(name, language=language)
            made.append(tuple(row[name] for name in names))
        return ResultTable(b"", (names, made))

    def from_query(self, query: Query) -> ResultTable:
        """Return the answer itself, with the query that it answers."""
        self.query = query
        return self

    def _solutions(self) -> pyoxigraph.QuerySolutions | pyoxigraph.QueryBoolean:
        if not self._json and self._taken is not None:
            self._json = _as_json(*self._taken)
        return pyoxigraph.parse_query_results(self._json, format=pyoxigraph.QueryResultsFormat.JSON)

    @property
    def columns(self) -> list[str]:
        """The names of the columns, in the query's order."""
        if self._taken is not None:
            return list(self._taken[0])
        result = self._solutions()
        return (
            ["ask"]
            if isinstance(result, pyoxigraph.QueryBoolean)
            else [variable.value for variable in result.variables]
        )

    def terms(self) -> Iterator[dict[str, Term]]:
        """Yield each row as column -> RDF term, None where the row has no value."""
        if self._taken is not None:
            names, rows = self._taken
            yield from (dict(zip(names, row, strict=True)) for row in rows)
            return
        result = self._solutions()
        if isinstance(result, pyoxigraph.QueryBoolean):
            yield {"ask": pyoxigraph.Literal(bool(result))}
            return
        names = [variable.value for variable in result.variables]
        for row in result:
            yield {name: row[position] for position, name in enumerate(names)}

    def rows(self) -> list[dict[str, Value]]:
        """Return each row as column -> plain value: numbers as numbers, IRIs and text as text, None for nothing."""
        if self._taken is not None:
            names, rows = self._taken
            return [dict(zip(names, map(plain, row), strict=True)) for row in rows]
        return [{name: plain(term) for name, term in row.items()} for row in self.terms()]

    def __iter__(self) -> Iterator[dict[str, Value]]:
        return iter(self.rows())

    def __len__(self) -> int:
        return len(self._taken[1]) if self._taken is not None else sum(1 for _ in self.terms())

    def to_json(self) -> str:
        """Return the SPARQL 1.1 Query Results JSON text, languages and datatypes kept."""
        return self._written("json")

    def to_csv(self) -> str:
        """Return the SPARQL 1.1 CSV text: values only, a header line first."""
        return self._written("csv")

    def to_tsv(self) -> str:
        """Return the SPARQL 1.1 TSV text: full terms, tabs between."""
        return self._written("tsv")

    def table(self, title: str = "") -> Table:
        """Return the answer as a table that says what its columns mean, which query it answers, and on which data.

        A jurisdiction is its alpha-3 code there. Beside a column with texts in a language stands ``..._lang``, the
        tag of each. ``title`` is what the query says of itself, if none is given.
        """
        if self.query is None:
            raise ParameterError("Only the answer of a query that a graph was asked has columns with a meaning.")
        return self.query.table(self, title)

    def evidence(self) -> ResultTable:
        """Return the statements behind the answer, each with its passage: a table with the column ``evidence``.

        That is the answer itself where it has the column. Where the query counts, it is the answer of the query that
        its header names as ``behind``, with the parameters that both declare in the same words. Raises ParameterError
        for an answer of another query.
        """
        if "evidence" in self.columns:
            return self
        name = self.query.saved.header.get("behind") if self.query else None
        if self.query is None or not name:
            raise ParameterError(
                "This answer does not tell the passages behind it: let the query also give a column called evidence."
            )
        return self.query.behind(name)

    def to_pandas(self) -> pandas.DataFrame:
        """Return :meth:`table` as a DataFrame of pandas; see :meth:`Table.to_pandas`."""
        return self.table().to_pandas()

    def to_polars(self) -> polars.DataFrame:
        """Return :meth:`table` as a DataFrame of polars; see :meth:`Table.to_polars`."""
        return self.table().to_polars()

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()

    def _written(self, name: str) -> str:
        result = self._solutions()
        if isinstance(result, pyoxigraph.QueryBoolean) and name != "json":
            return f"{'?' if name == 'tsv' else ''}ask\n{str(bool(result)).lower()}\n"
        out = io.BytesIO()
        result.serialize(out, format=RESULTS[name])
        return out.getvalue().decode().replace("\r\n", "\n")

    def __repr__(self) -> str:
        return f"<ResultTable {len(self)} rows: {', '.join(self.columns)}>"


def plain(term: Term) -> Value:
    """Return a term as a plain value of Python; a triple term as SPARQL writes it."""
    if term is None or isinstance(term, pyoxigraph.NamedNode):
        return None if term is None else term.value
    if not isinstance(term, pyoxigraph.Literal):
        return f"<<( {term} )>>" if isinstance(term, pyoxigraph.Triple) else term.value
    kind = term.datatype.value.rpartition("#")[2]
    if kind in _NUMBERS:
        try:
            return _NUMBERS[kind](term.value)
        except ValueError:  # a user's own data may hold what is no number
            return term.value
    if kind == "boolean" and term.value in _TRUTH:
        return _TRUTH[term.value]
    return term.value


def _as_json(names: list[str], rows: list[tuple[Term, ...]]) -> bytes:
    """Return rows of terms as SPARQL 1.1 JSON results, from which the engine writes every other format."""
    import json

    bindings = [{name: _cell(term) for name, term in zip(names, row, strict=True) if term is not None} for row in rows]
    return json.dumps({"head": {"vars": names}, "results": {"bindings": bindings}}, ensure_ascii=False).encode()


def _cell(term: Term) -> dict[str, object]:
    if isinstance(term, pyoxigraph.Triple):
        parts = {"subject": term.subject, "predicate": term.predicate, "object": term.object}
        return {"type": "triple", "value": {name: _cell(part) for name, part in parts.items()}}
    if isinstance(term, pyoxigraph.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, pyoxigraph.BlankNode):
        return {"type": "bnode", "value": term.value}
    assert isinstance(term, pyoxigraph.Literal)  # noqa: S101
    made: dict[str, object] = {"type": "literal", "value": term.value}
    if not term.language:
        return made | {"datatype": term.datatype.value}
    direction = {"its:dir": str(term.direction)} if term.direction else {}
    return made | {"xml:lang": term.language} | direction
