"""A stranger's SPARQL evaluated, in a worker process: on which dataset, and written in which format."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph

from ..query.tokens import all_columns, calls_out, clauses, tokens
from ..sandbox import no_new_files
from .formats import GRAPHS, TABLES, wanted
from .http import Refusal

if TYPE_CHECKING:
    Result = pyoxigraph.QuerySolutions | pyoxigraph.QueryBoolean | pyoxigraph.QueryTriples


class Question(NamedTuple):
    """A query as the protocol brings it: text, the graphs that the dataset is made of, and the ``Accept`` header.

    Without ``default`` and ``named`` the dataset is what the text says, or everything. ``base`` is the address that
    was asked.
    """

    text: str
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    accept: str = ""
    base: str = ""


class Answer(NamedTuple):
    """What is sent: the bytes, all of them, and their media type."""

    content: bytes
    media: str


class Kept(NamedTuple):
    """A kept answer with its entity tag."""

    answer: Answer
    tag: str


def answer(store: pyoxigraph.Store, question: Question, most: int, prefixes: Mapping[str, str]) -> Answer:
    """Return the answer, at most ``most`` bytes; raises Refusal (400, 406, or 503 for one that is larger).

    A graph that the store does not have is empty, as the standard has it. Nothing can be fetched: the process opens
    neither files nor connections meanwhile.
    """
    if calls_out(question.text):
        raise Refusal(400, "SERVICE is not run: questions are answered from the data here, and nothing is fetched.")
    dataset = _Dataset.of(store, question)
    with no_new_files():
        try:
            result = _ask(dataset, question)
            return _written(result, question.accept, most, prefixes)
        except SyntaxError as error:
            raise Refusal(400, f"This is not valid SPARQL: {error.msg}") from error
        except (OSError, RuntimeError, ValueError) as error:
            raise Refusal(400, f"This query could not be run: {error}") from error


def names_graphs(question: Question) -> bool:
    """Whether a question may ask anything but the default graph; one that does never goes unseen."""
    words = question.text.lower().replace("napgraph", "")  # a name, and in every address of the data
    return bool(question.default or question.named or "graph" in words or "from" in words)


class _Dataset(NamedTuple):
    """A store, and which of its graphs are asked; None: as the query says."""

    store: pyoxigraph.Store
    default: list[pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.DefaultGraph] | None = None
    named: list[pyoxigraph.NamedNode | pyoxigraph.BlankNode] | None = None

    @classmethod
    def of(cls, store: pyoxigraph.Store, question: Question) -> _Dataset:
        """Return the dataset of a question; graphs to be merged are merged first.

        The engine (0.5.13) counts a triple of two merged graphs twice.
        """
        default, named = question.default, question.named
        if not default and not named:
            said = clauses(question.text)
            _keep_off_files(piece.text.strip("<>") for _, piece in said)
            if sum(not is_named for is_named, _ in said) <= 1:
                return cls(store)
            default, named = _clauses(question)
        graphs, named_graphs = _graphs(default), _graphs(named)
        if len(graphs) <= 1:
            return cls(store, [*graphs], [*named_graphs])
        merged = pyoxigraph.Store()
        for graph in graphs:
            merged.extend(pyoxigraph.Quad(*quad.triple) for quad in store.quads_for_pattern(None, None, None, graph))
        for graph in named_graphs:
            merged.extend(store.quads_for_pattern(None, None, None, graph))
        return cls(merged, [pyoxigraph.DefaultGraph()], [*named_graphs])


def _keep_off_files(names: Iterable[str]) -> None:
    for name in names:
        if name.lower().startswith("file:"):
            raise Refusal(400, f"{name}: no file is read here. The graphs that can be named are those of the data.")


def _graphs(names: Sequence[str]) -> list[pyoxigraph.NamedNode]:
    _keep_off_files(names)
    try:
        return [pyoxigraph.NamedNode(name) for name in dict.fromkeys(names)]
    except ValueError as error:
        raise Refusal(400, f"A graph is named by an IRI: {error}") from error


def _clauses(question: Question) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the graphs of FROM and FROM NAMED. Only for texts with several: the engine reads all others itself."""
    from rdflib.plugins.sparql.algebra import translateQuery
    from rdflib.plugins.sparql.parser import parseQuery

    try:
        found = translateQuery(parseQuery(question.text), base=question.base).algebra.datasetClause or ()
    except Exception as error:  # whatever its reader says of it, ours is the same
        words = "The graphs of this query's FROM clauses could not be read. Name them by default-graph-uri instead."
        raise Refusal(400, words) from error
    default = tuple(str(clause.default) for clause in found if clause.default)
    return default, tuple(str(clause.named) for clause in found if clause.named)


def _ask(dataset: _Dataset, question: Question) -> Result:
    """Ask the engine; the columns of ``SELECT *`` come in the order in which the query names them."""

    def ask(text: str) -> Result:
        return dataset.store.query(
            text, base_iri=question.base or None, default_graph=dataset.default, named_graphs=dataset.named
        )

    result = ask(question.text)
    star = all_columns(question.text) if "*" in question.text else None
    if star is None or not isinstance(result, pyoxigraph.QuerySolutions):
        return result
    names = [variable.value for variable in result.variables]
    ordered = sorted(names, key=lambda name: _place(question.text, name))
    if ordered == names:
        return result
    columns = " ".join(f"?{name}" for name in ordered)
    return ask(f"{question.text[: star.start]}{columns}{question.text[star.start + 1 :]}")


def _place(text: str, name: str) -> int:
    return next(
        (piece.start for piece in tokens(text) if piece.kind == "variable" and piece.text[1:] == name), len(text)
    )


def _written(result: Result, accept: str, most: int, prefixes: Mapping[str, str]) -> Answer:
    out = _Bounded(most)
    if isinstance(result, pyoxigraph.QueryTriples):
        media = wanted(accept, tuple(GRAPHS))
        form = GRAPHS[media]
        triples = dict.fromkeys(result)  # the engine may give a triple more than once
        pyoxigraph.serialize(triples, out, format=form, prefixes=dict(prefixes))
        plain = form != pyoxigraph.RdfFormat.RDF_XML
    else:
        media = wanted(accept, tuple(TABLES))
        result.serialize(out, format=TABLES[media])
        plain = TABLES[media] != pyoxigraph.QueryResultsFormat.XML
    content = out.getvalue()
    # A reader of XML takes a bare carriage return for a line feed.
    return Answer(content if plain else content.replace(b"\r", b"&#xD;"), media)


class _Bounded(io.BytesIO):
    """Takes what is written, up to a size."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def write(self, content: bytes) -> int:  # type: ignore[override]
        if self.tell() + len(content) > self._most:
            raise Refusal.later(
                f"The answer is larger than {self._most / 1000**2:g} MB, so nothing is sent. Ask for it in parts, "
                "with ORDER BY, LIMIT and OFFSET.",
                60,
            )
        return super().write(content)
