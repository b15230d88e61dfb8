"""The answer of a query: rows of terms or of plain values, the standard formats, and a table with described columns."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, TypeGuard

import pyoxigraph

from ..errors import ParameterError
from ..rdf.formats import RESULTS
from ..rdf.namespaces import BASE, slug
from ..tables.columns import Column, Known, text

if TYPE_CHECKING:
    import pandas
    import polars

    from ..tables.table import Table

Term = pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal | pyoxigraph.Triple | None
Value = str | int | float | bool | None

_Row = dict[str, Value]
_Texts = dict[str, str]
_JURISDICTION = f"{BASE}jurisdiction/"
_NUMBERS: dict[str, type[int] | type[float]] = {"integer": int, "decimal": float, "double": float, "float": float}
_TRUTH = {"true": True, "1": True, "false": False, "0": False}
_STORED = {"integer", "decimal", "boolean"}
_KINDS = dict.fromkeys(("double", "float"), "decimal") | {kind: kind for kind in _STORED}
_KINDS |= dict.fromkeys(("date", "gYear", "gYearMonth"), "date")


class Results:
    """The rows of an answer as RDF terms, in the query's order; of ASK one row with the column ``ask``."""

    #: What the session that asked makes of the answer: a table with a title, and the answer that it rests on, if known.
    in_table: Callable[[Results, str], Table] | None = None
    behind: Callable[[], Results | None] | None = None

    def __init__(self, columns: Sequence[str], rows: Sequence[tuple[Term, ...]], *, boolean: bool = False) -> None:
        self.columns, self._rows, self._boolean = list(columns), rows, boolean

    @classmethod
    def of(cls, result: pyoxigraph.QuerySolutions | pyoxigraph.QueryBoolean) -> Results:
        """Return an engine's result, read to its end."""
        if isinstance(result, pyoxigraph.QueryBoolean):
            return cls(["ask"], [(pyoxigraph.Literal(bool(result)),)], boolean=True)
        return cls([variable.value for variable in result.variables], [tuple(row) for row in result])

    def renamed(self, pairs: Mapping[str, str], names: Callable[[_Texts], _Texts], language: str) -> Results:
        """Return the answer with other texts in some columns: the name of the IRI beside each, in ``language``.

        ``pairs`` has, by the column of the text, the column of the IRI; ``names`` turns texts by IRI into names by IRI.
        """
        rows, cells = list(self.terms()), list[tuple[dict[str, Term], str, str, str]]()
        for row in rows:
            for column, beside in pairs.items():
                if row[column] is not None and isinstance(iri := row[beside], pyoxigraph.NamedNode):
                    cells.append((row, column, iri.value, str(to_python(row[column]))))
        named = names({key: words for _, _, key, words in cells})
        for row, column, key, words in cells:
            if named.get(key, words) not in {words, ""}:
                row[column] = pyoxigraph.Literal(named[key], language=language)
        return Results(self.columns, [tuple(row.values()) for row in rows])

    def terms(self) -> Iterator[dict[str, Term]]:
        """Yield each row as column -> RDF term, None where the row has no value."""
        return (dict(zip(self.columns, row, strict=True)) for row in self._rows)

    def rows(self) -> list[dict[str, Value]]:
        """Return each row as column -> plain value: numbers as numbers, IRIs and text as text, None for nothing."""
        return [dict(zip(self.columns, map(to_python, row), strict=True)) for row in self._rows]

    def __iter__(self) -> Iterator[dict[str, Value]]:
        return iter(self.rows())

    def __len__(self) -> int:
        return len(self._rows)

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

        A jurisdiction is its alpha-3 code; texts have their language in ``..._lang``; the title is else the query's.
        """
        if self.in_table is None:
            raise ParameterError("Only the answer of a query that a graph was asked has columns with a meaning.")
        return self.in_table(self, title)

    def evidence(self) -> Results:
        """Return the statements that the answer rests on, each with its passage: a table with the column ``evidence``.

        Of a query that counts, it is the answer of the one that its header names as ``behind``. Raises ParameterError
        for an answer of another query.
        """
        if "evidence" in self.columns:
            return self
        if self.behind and (found := self.behind()):
            return found
        raise ParameterError(
            "This answer does not tell the passages behind it: let the query also give a column called evidence."
        )

    def to_pandas(self) -> pandas.DataFrame:
        """Return :meth:`table` as a DataFrame of pandas; see :meth:`Table.to_pandas`."""
        return self.table().to_pandas()

    def to_polars(self) -> polars.DataFrame:
        """Return :meth:`table` as a DataFrame of polars; see :meth:`Table.to_polars`."""
        return self.table().to_polars()

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()

    def _written(self, name: str) -> str:
        """Return the answer in a format of SPARQL, as the engine writes it."""
        if self._boolean and name != "json":
            return f"{'?' if name == 'tsv' else ''}ask\n{str(self.rows()[0]['ask']).lower()}\n"
        made: dict[str, object] = {"head": {}, "boolean": self._boolean and self.rows()[0]["ask"]}
        if not self._boolean:
            rows = [{name: _cell(term) for name, term in row.items() if term is not None} for row in self.terms()]
            made = {"head": {"vars": self.columns}, "results": {"bindings": rows}}
        text, out = json.dumps(made, ensure_ascii=False).encode(), io.BytesIO()
        result = pyoxigraph.parse_query_results(text, format=pyoxigraph.QueryResultsFormat.JSON)
        result.serialize(out, format=RESULTS[name])
        return out.getvalue().decode().replace("\r\n", "\n")

    def __repr__(self) -> str:
        return f"<Results {len(self)} rows: {', '.join(self.columns)}>"


def to_python(term: Term) -> Value:
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
    return _TRUTH.get(term.value, term.value) if kind == "boolean" else term.value


def _cell(term: Term) -> dict[str, object]:
    """Return a term as SPARQL 1.1 JSON results have it."""
    if isinstance(term, pyoxigraph.Triple):
        parts = {"subject": term.subject, "predicate": term.predicate, "object": term.object}
        return {"type": "triple", "value": {name: _cell(part) for name, part in parts.items()}}
    if not isinstance(term, pyoxigraph.Literal):
        assert term is not None  # noqa: S101
        return {"type": "uri" if isinstance(term, pyoxigraph.NamedNode) else "bnode", "value": term.value}
    made: dict[str, object] = {"type": "literal", "value": term.value}
    if not term.language:
        return made | {"datatype": term.datatype.value}
    return made | {"xml:lang": term.language} | ({"its:dir": str(term.direction)} if term.direction else {})


def columns_and_rows(answer: Results, known: Sequence[Known], *, saved: bool) -> tuple[list[Column], list[_Row]]:
    """Return an answer as columns and rows of plain values: a jurisdiction as its code, languages beside texts.

    Of a ``saved`` query the file (``known``) tells the kinds of columns and languages; of any other the rows do.
    """
    rows, made = list(answer.terms()), list[tuple[Column, list[Value]]]()
    for each in known:
        column, terms = (each.answer if saved else each.column), [row[each.column.name] for row in rows]
        values = [slug(term.value).upper() if _is_jurisdiction(term) else to_python(term) for term in terms]
        tags: list[Value] = [term.language if isinstance(term, pyoxigraph.Literal) else None for term in terms]
        beside = Column(f"{column.name}_lang", words=f"Language of {column.name}, as a tag of BCP 47")
        if not saved:
            kinds = {_kind(term) for term in terms if term is not None}
            kind = column.kind if not kinds else kinds.pop() if len(kinds) == 1 else "text"
            codes = column.codes if all(value is None or value in column.codes for value in values) else {}
            column = column._replace(kind=kind, codes=codes)
        elif column.kind not in _STORED:
            values = [None if value is None else text(value) for value in values]
        made.append((column, values))
        if each.language if saved else any(tags) and beside.name not in answer.columns:
            made.append((beside, tags))
    names = [column.name for column, _ in made]
    columns = [values for _, values in made]
    return [column for column, _ in made], [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _is_jurisdiction(term: Term) -> TypeGuard[pyoxigraph.NamedNode]:
    return isinstance(term, pyoxigraph.NamedNode) and term.value.startswith(_JURISDICTION)


def _kind(term: Term) -> str:
    if isinstance(term, pyoxigraph.NamedNode):
        return "text" if _is_jurisdiction(term) else "iri"
    kind = term.datatype.value.rpartition("#")[2] if isinstance(term, pyoxigraph.Literal) else ""
    return _KINDS.get(kind, "text")
