"""SPARQL as strangers send it (SPARQL 1.1 Protocol): the request, the graph that is asked, the answer of a worker."""

import io
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from functools import partial
from itertools import chain
from typing import NamedTuple, TypeAlias

import pyoxigraph
from werkzeug.datastructures import MultiDict
from werkzeug.http import parse_options_header

from ..errors import SourceFileError
from ..knowledge_graph import KnowledgeGraph
from ..query.engine import EmbeddedEngine, embedded
from ..query.text import body, calls_out, from_clauses
from ..rdf.formats import FORMATS, RDF, RDF_BY_ENDING, RESULTS
from ..sandbox import no_new_files
from .http import BOM, FORM, Problem, RequestContent, pairs, utf8, wanted

_Result: TypeAlias = pyoxigraph.QuerySolutions | pyoxigraph.QueryBoolean | pyoxigraph.QueryTriples
_SERVED = [each for each in FORMATS.values() if each.rdf]
TABLES = {parse_options_header(form.media_type)[0]: form for form in RESULTS.values()} | {
    "application/json": RESULTS["json"],
    "application/xml": RESULTS["xml"],
}
GRAPHS = {each.media[0]: RDF[each.name] for each in _SERVED} | {
    "application/json": RDF["json-ld"],
    "application/xml": RDF["rdf-xml"],
}
ENDINGS = {each.endings[0].lstrip("."): each.media[0] for each in _SERVED}
_TEXT = "application/sparql-query"
_UPDATE = "application/sparql-update"
_READ_ONLY = "The data here can be read and not changed: no update is taken."


class Question(NamedTuple):
    """A query: its text, the graphs of its dataset (none: what the text says), ``Accept``, and the address asked."""

    text: str
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    accept: str = ""
    base: str = ""


class Answer(NamedTuple):
    """What is sent: the bytes, all of them, their media type, and the entity tag of one that is cached."""

    content: bytes
    media: str
    tag: str = ""


def question(method: str, sent: RequestContent, *, accept: str, base: str) -> Question | None:
    """Return what a request asks, None for a GET that asks nothing; raises Problem with the status of the standard."""
    given, texts = MultiDict(sent.given), list[str]()
    if method == "POST":
        accepted = {"accept-post": f"{FORM}, {_TEXT}"}
        if sent.media == _UPDATE:
            raise Problem(403, _READ_ONLY)
        if sent.media not in {FORM, _TEXT}:
            what = f"not {sent.media}" if sent.media else "and this request names none"
            raise Problem(415, f"A question is sent by POST as {FORM} or {_TEXT}, {what}.", headers=accepted)
        charset = sent.options.get("charset", "utf-8").lower()
        if charset not in {"utf-8", "utf8", "us-ascii"}:
            raise Problem(415, f"The text of a question is UTF-8, not {charset}.", headers=accepted)
        if sent.media == FORM:
            given.update(pairs(sent.body))
        else:
            texts = [utf8(sent.body, "The text of the question")]
    texts += [value.removeprefix(BOM) for value in given.getlist("query")]
    if len(texts) > 1:
        raise Problem(400, "One request asks one question, and here are several: give 'query' once.")
    if not texts:
        if "update" in given:
            raise Problem(403, _READ_ONLY)
        if method != "POST" and not given:
            return None
        raise Problem(400, "The question is missing: give it as the parameter 'query'.")
    default, named = (tuple(given.getlist(f"{kind}-graph-uri")) for kind in ("default", "named"))
    return Question(texts[0], default, named, accept, base)


def in_memory(kg: KnowledgeGraph) -> tuple[KnowledgeGraph, pyoxigraph.Store]:
    """Return the graph in memory, and a store of it with a named graph for each file; raises ParameterError.

    Two, because the engine finds what is in one graph in less time where there is no other; in memory, since workers
    hold no file of their parent's.
    """
    graph = copy(embedded(kg))
    graph.store, graph.asserted_store = _copied(graph.store), _copied(graph.asserted_store)
    both = _copied(chain(graph.store, graph.asserted_store))
    return KnowledgeGraph(kg.root, EmbeddedEngine(graph), kg.language), both


def _copied(quads: Iterable[pyoxigraph.Quad]) -> pyoxigraph.Store:
    """Return ``quads`` in memory under the same labels of blank nodes, which reading them from text would change."""
    made = pyoxigraph.Store()
    made.bulk_extend(quads)
    return made


def read_dataset(path: str) -> pyoxigraph.Store:
    """Return what a file of RDF holds, its named graphs as they are; raises SourceFileError."""
    form = RDF_BY_ENDING.get(os.path.splitext(path)[1].lower())
    if form is None:
        raise SourceFileError(path, "the ending names no format of RDF.", mend="Use .nq, .trig, .nt or .ttl.")
    store = pyoxigraph.Store()
    try:
        store.bulk_load(path=path, format=form)
    except OSError as error:
        raise SourceFileError(path, f"this file cannot be read ({error.strerror or error}).") from error
    except SyntaxError as error:
        raise SourceFileError(path, f"this is not valid: {error.msg}", line=error.lineno) from error
    return store


def answer(store: pyoxigraph.Store, question: Question, most: int, prefixes: Mapping[str, str]) -> Answer:
    """Return the answer; raises Problem (400, 406, or 503 for one of more than ``most`` bytes). Nothing is fetched."""
    if calls_out(question.text):
        raise Problem(400, "SERVICE is not run: questions are answered from the data here, and nothing is fetched.")
    ask = _dataset(store, question)
    with no_new_files():
        try:
            return _written(_ordered(ask, question.text), question.accept, most, prefixes)
        except SyntaxError as error:
            raise Problem(400, f"This is not valid SPARQL: {error.msg}") from error
        except (OSError, RuntimeError, ValueError) as error:
            raise Problem(400, f"This query could not be run: {error}") from error


def _dataset(store: pyoxigraph.Store, question: Question) -> Callable[[str], _Result]:
    """Return what asks the dataset of a question, merged first: the engine (0.5.13) would count a triple twice."""
    base, default, named = question.base or None, question.default, question.named
    if not default and not named:
        said = from_clauses(question.text)
        _keep_off_files(name.strip("<>") for _, name in said)
        if sum(not is_named for is_named, _ in said) <= 1:
            return partial(store.query, base_iri=base)
        default, named = _clauses(question)
    graphs, named_graphs = _graphs(default), _graphs(named)
    if len(graphs) <= 1:
        return partial(store.query, base_iri=base, default_graph=[*graphs], named_graphs=[*named_graphs])
    merged = pyoxigraph.Store()
    for graph in graphs:
        merged.extend(pyoxigraph.Quad(*quad.triple) for quad in store.quads_for_pattern(None, None, None, graph))
    for graph in named_graphs:
        merged.extend(store.quads_for_pattern(None, None, None, graph))
    top = pyoxigraph.DefaultGraph()
    return partial(merged.query, base_iri=base, default_graph=top, named_graphs=[*named_graphs])


def _keep_off_files(names: Iterable[str]) -> None:
    for name in names:
        if name.lower().startswith("file:"):
            raise Problem(400, f"{name}: no file is read here. The graphs that can be named are those of the data.")


def _graphs(names: Sequence[str]) -> list[pyoxigraph.NamedNode]:
    _keep_off_files(names)
    try:
        return [pyoxigraph.NamedNode(name) for name in dict.fromkeys(names)]
    except ValueError as error:
        raise Problem(400, f"A graph is named by an IRI: {error}") from error


def _clauses(question: Question) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the graphs of FROM and FROM NAMED. Only for texts with several: the engine reads all others itself."""
    from rdflib.plugins.sparql.algebra import translateQuery
    from rdflib.plugins.sparql.parser import parseQuery

    try:
        found = translateQuery(parseQuery(question.text), base=question.base).algebra.datasetClause or ()
    except Exception as error:  # whatever its reader says of it, ours is the same
        words = "The graphs of this query's FROM clauses could not be read. Name them by default-graph-uri instead."
        raise Problem(400, words) from error
    default = tuple(str(clause.default) for clause in found if clause.default)
    return default, tuple(str(clause.named) for clause in found if clause.named)


def _ordered(ask: Callable[[str], _Result], text: str) -> _Result:
    """Ask the engine; the columns of ``SELECT *`` come in the order in which the query names them."""
    result = ask(text)
    if not isinstance(result, pyoxigraph.QuerySolutions) or "*" not in text:
        return result
    pieces = body(text)[1]
    star = next((each for each in pieces[1:] if each.text.upper() not in {"DISTINCT", "REDUCED"}), None)
    places = {piece.text[1:]: piece.start for piece in reversed(pieces) if piece.kind == "variable"}
    names = [variable.value for variable in result.variables]
    ordered = sorted(names, key=lambda name: places.get(name, len(text)))
    if star is None or star.text != "*" or ordered == names:
        return result
    return ask(f"{text[: star.start]}{' '.join(f'?{name}' for name in ordered)}{text[star.start + 1 :]}")


def _written(result: _Result, accept: str, most: int, prefixes: Mapping[str, str]) -> Answer:
    out = _Bounded(most)
    media = wanted(accept, tuple(GRAPHS if isinstance(result, pyoxigraph.QueryTriples) else TABLES))
    if isinstance(result, pyoxigraph.QueryTriples):
        triples = dict.fromkeys(result)  # the engine may give a triple more than once
        pyoxigraph.serialize(triples, out, format=GRAPHS[media], prefixes=dict(prefixes))
        is_xml = GRAPHS[media] == pyoxigraph.RdfFormat.RDF_XML
    else:
        result.serialize(out, format=TABLES[media])
        is_xml = TABLES[media] == pyoxigraph.QueryResultsFormat.XML
    content = out.getvalue()
    # A reader of XML takes a bare carriage return for a line feed.
    return Answer(content.replace(b"\r", b"&#xD;") if is_xml else content, media)


class _Bounded(io.BytesIO):
    """Takes what is written, up to a size."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def write(self, content: bytes) -> int:  # type: ignore[override]
        if self.tell() + len(content) > self._most:
            words = "so nothing is sent. Ask for it in parts, with ORDER BY, LIMIT and OFFSET."
            raise Problem.later(f"The answer is larger than {self._most / 1000**2:g} MB, {words}", 60)
        return super().write(content)
