"""What a worker process does with a message: the graph is loaded before it is forked, so nothing is read twice."""

import os
from functools import cache
from typing import NamedTuple

import pyoxigraph

from ..errors import SourceFileError
from ..graph.files import files_by_graph, holds
from ..knowledge_graph import KnowledgeGraph
from ..query.catalogue import read_query
from ..query.engine import embedded
from ..rdf.descriptions import Descriptions
from ..rdf.namespaces import BASE, prefixes
from ..rdf.write import prefixes_of
from ..records.limits import Limits
from ..site.addresses import files_of
from ..site.describe import Describer
from ..tables.origins import citation
from ..tables.table import metadata, written
from ..validation.reports import FORMATS, render
from ..validation.validator import Checker
from .http import Problem
from .sparql import GRAPHS, Answer, Question, answer

FORMS = {
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "metadata.json": "application/csvm+json",
    "html": "text/html; charset=utf-8",
}
REPORT_LANGUAGES = ("en", "fr", "es")
REPORTS = {media: form for form, (_, media, _, _) in FORMATS.items() if media}


class Saved(NamedTuple):
    """A saved query, its parameters, one of FORMS, the address of the table that a description is of, a language."""

    name: str
    parameters: tuple[tuple[str, tuple[str, ...]], ...]
    form: str
    csv: str = ""
    language: str = "en"


class Description(NamedTuple):
    """A description in a media type of graphs.

    ``of`` is ``endpoint`` (at the address ``iri``), ``resource`` (what the graph states of ``iri`` and of the terms on
    its page), ``void`` or ``sparql-examples`` (what the server says of its data).
    """

    of: str
    media: str
    iri: str = ""


class Submission(NamedTuple):
    """A file as it was sent: content and name, the profile to judge by, the language, and the report's media type."""

    content: bytes
    name: str
    profile: str | None
    language: str
    media: str


class RequestHandler:
    """Answers questions; everything that they need is in memory once it is made.

    SPARQL is asked of ``dataset``, else of the graph or, when a question names a graph, of ``graphs``, which has both.
    """

    def __init__(
        self, kg: KnowledgeGraph, graphs: pyoxigraph.Store, most: int, dataset: pyoxigraph.Store | None = None
    ) -> None:
        built = embedded(kg)
        self._kg, self._most, self._graphs, self._dataset = kg, most, graphs, dataset
        self._speaking = cache(kg.speaking)
        self._prefixes = prefixes(kg.root)
        description = os.path.join(kg.root, "queries", "describe", "service-description.rq")
        self._description = read_query(description, "describe")
        quads = pyoxigraph.parse(b"".join(built.asserted()), format=pyoxigraph.RdfFormat.N_TRIPLES)
        self._stated = Descriptions(quad.triple for quad in quads)
        self._by_document: dict[str, list[pyoxigraph.NamedNode]] = {}
        for subject in self._stated.subjects:
            iri = subject.value.partition("#")[0]
            for each in {iri, BASE + files_of(iri.removeprefix(BASE))}:  # a document is served with its parts
                self._by_document.setdefault(each, []).append(subject)
        kg.queries.hold()
        for form in FORMS:  # the packages that each needs
            self._saved(Saved("licence", (), form))
        _ = built.store, built.asserted_store, kg.names, kg.labels

    def __call__(self, message: object) -> Answer:
        """Answer a Question, a Saved or a Description; raises NapgraphError."""
        if isinstance(message, Question):
            return self._answer(message)
        if isinstance(message, Saved):
            return self._saved(message)
        assert isinstance(message, Description)  # noqa: S101
        if message.of == "endpoint":
            text = self._description.with_slot("endpoint", str(pyoxigraph.NamedNode(message.iri))).text
            return self._answer(Question(text, accept=message.media))
        if message.of != "resource":
            triples, spaces = self._published(message.of)
        elif message.iri in self._by_document:
            triples, spaces = self._stated.triples(self._by_document[message.iri]), self._prefixes
        else:
            raise Problem(404, f"Nothing is stated here of {message.iri}.")
        used = prefixes_of(triples, spaces)
        return Answer(pyoxigraph.serialize(triples, format=GRAPHS[message.media], prefixes=used) or b"", message.media)

    def _answer(self, question: Question) -> Answer:
        store, words = self._dataset, question.text.lower().replace("napgraph", "")  # which every address holds
        if store is None:
            names_graphs = question.default or question.named or "graph" in words or "from" in words
            store = self._graphs if names_graphs else embedded(self._kg).store
        return answer(store, question, self._most, self._prefixes)

    def _published(self, what: str) -> tuple[list[pyoxigraph.Triple], dict[str, str]]:
        """Return the dataset as VoID and DCAT have it, or the saved queries as editors of SPARQL read examples."""
        describer = Describer(self._kg, BASE, self._stated.triples(self._stated.subjects))
        if what == "void":
            graphs = []
            for name, paths in files_by_graph(self._kg.root).items():
                held = self._graphs.quads_for_pattern(None, None, None, pyoxigraph.NamedNode(name))
                graphs.append((name, name.removeprefix(BASE), holds(paths), sum(1 for _ in held)))
            triples = describer.dataset(citation(self._kg.root, self._kg.version), [], graphs)
        else:
            triples = describer.prefixes(self._prefixes)
            for query in self._kg.queries:
                triples += describer.example(f"{BASE}query/{query.name}", query)
        return triples, self._prefixes | describer.spaces

    def _saved(self, asked: Saved) -> Answer:
        parameters = {name: list(values) for name, values in asked.parameters}
        table = self._speaking(asked.language).query(asked.name, **parameters).table()
        content = metadata(table, asked.csv) if asked.form == "metadata.json" else written(table, asked.form)
        return Answer(content, FORMS[asked.form])


class SubmissionHandler:
    """Checks submissions by the rules under ``root``, read before the processes are forked that share them."""

    def __init__(self, root: str, limits: Limits) -> None:
        self._root, self._limits = root, limits
        self._checker = cache(self._warmed)
        self.profiles = self._checker(None, REPORT_LANGUAGES[0]).profiles.names

    def __call__(self, message: object) -> Answer:
        """Return the report of a Submission; raises Problem (422) for a file that cannot be read."""
        assert isinstance(message, Submission)  # noqa: S101
        try:
            report = self._checker(message.profile, message.language).report((message.name, message.content))
        except SourceFileError as error:
            raise Problem(422, str(error)) from error
        return Answer(render([report], REPORTS[message.media], self._root), message.media)

    def _warmed(self, profile: str | None, language: str) -> Checker:
        made = Checker(self._root, profile, "compiled", language, self._limits)
        made.warm()
        return made
