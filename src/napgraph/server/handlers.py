"""What a worker process does with a message: the graph is loaded before it is forked, so nothing is read twice."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph

from ..graph.files import source_files
from ..query.catalogue import read_query
from ..query.engine import embedded
from ..rdf.descriptions import Descriptions
from ..rdf.namespaces import BASE, prefixes
from ..rdf.write import prefixes_of
from ..tables.origins import citation
from .formats import GRAPHS
from .http import Refusal
from .sparql import Answer, Question, answer, names_graphs

if TYPE_CHECKING:
    from ..knowledge_graph import KnowledgeGraph

FORMS = {
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "metadata.json": "application/csvm+json",
    "html": "text/html; charset=utf-8",
}


class Saved(NamedTuple):
    """A saved query with its parameters, and the form of the answer, one of FORMS.

    ``csv`` is the address of the table that an answer in the form ``metadata.json`` describes, relative to it;
    ``language`` that of the names of concepts and the sentences.
    """

    name: str
    parameters: tuple[tuple[str, tuple[str, ...]], ...]
    form: str
    csv: str = ""
    language: str = "en"


class Described(NamedTuple):
    """The description of the endpoint at an address, in a media type of graphs."""

    endpoint: str
    media: str


class Resource(NamedTuple):
    """What the graph states of a resource, and of the terms on its page, in a media type of graphs."""

    iri: str
    media: str


class Published(NamedTuple):
    """What the server says of its data, ``void`` or ``sparql-examples``, in a media type of graphs."""

    what: str
    media: str


class Answerer:
    """Answers questions of both kinds: SPARQL, and saved queries. Everything they need is in memory once it is made.

    SPARQL is asked of ``dataset``; where there is none, of the graph, or of ``graphs``, which has it and its files as
    named graphs, when a question names a graph.
    """

    def __init__(
        self, kg: KnowledgeGraph, graphs: pyoxigraph.Store, most: int, dataset: pyoxigraph.Store | None = None
    ) -> None:
        self._kg, self._most = kg, most
        self._spoken = {kg.language: kg}
        self._prefixes = prefixes(kg.root)
        self._description = read_query(
            os.path.join(kg.root, "queries", "describe", "service-description.rq"), "describe"
        )
        self._one, self._several = (dataset, dataset) if dataset is not None else (embedded(kg).store, graphs)
        self._stated = Descriptions(
            quad.triple
            for quad in pyoxigraph.parse(embedded(kg).snapshot.asserted, format=pyoxigraph.RdfFormat.N_TRIPLES)
        )
        self._by_document: dict[str, list[pyoxigraph.NamedNode]] = {}
        for subject in self._stated.subjects:
            self._by_document.setdefault(subject.value.partition("#")[0], []).append(subject)
        self._graphs = [
            (
                name,
                f"what {path} states",
                sum(1 for _ in graphs.quads_for_pattern(None, None, None, pyoxigraph.NamedNode(name))),
            )
            for path, name in source_files(kg.root)
        ]
        kg.queries.hold()
        for form in FORMS:  # the packages that each needs, and the asserted part of the graph
            self._saved(Saved("licence", (), form))
        _ = embedded(kg).asserted_store, kg.names, kg.labels

    def __call__(self, message: object) -> Answer:
        """Answer one message, a Question or a Saved; raises NapgraphError."""
        if isinstance(message, Question):
            return self._answer(message)
        if isinstance(message, Saved):
            return self._saved(message)
        if isinstance(message, Described):
            text = self._description.with_slot("endpoint", str(pyoxigraph.NamedNode(message.endpoint))).text
            return self._answer(Question(text, accept=message.media))
        if isinstance(message, Resource):
            return self._resource(message)
        if isinstance(message, Published):
            return self._published(message)
        raise TypeError(message)

    def _answer(self, question: Question) -> Answer:
        store = self._several if names_graphs(question) else self._one
        return answer(store, question, self._most, self._prefixes)

    def _published(self, asked: Published) -> Answer:
        """Return the dataset as VoID and DCAT have it, or the saved queries as editors of SPARQL read examples."""
        from ..site.describe import Describer, NamedGraph

        stated = list(self._stated.triples(self._stated.subjects))
        describer = Describer(self._kg, BASE, stated)
        if asked.what == "void":
            graphs = [NamedGraph(iri, iri.removeprefix(BASE), words, size) for iri, words, size in self._graphs]
            triples = describer.dataset(citation(self._kg.root, self._kg.version), [], graphs)
        else:
            triples = describer.prefixes(self._prefixes)
            for query in self._kg.queries:
                triples += describer.example(f"{BASE}query/{query.name}", query)
        used = prefixes_of(triples, self._prefixes | describer.spaces)
        return Answer(pyoxigraph.serialize(triples, format=GRAPHS[asked.media], prefixes=used) or b"", asked.media)

    def _resource(self, asked: Resource) -> Answer:
        subjects = self._by_document.get(asked.iri)
        if subjects is None:
            raise Refusal(404, f"Nothing is stated here of {asked.iri}.")
        triples = self._stated.triples(subjects)
        form = GRAPHS[asked.media]
        used = prefixes_of(triples, self._prefixes)
        return Answer(pyoxigraph.serialize(triples, format=form, prefixes=used) or b"", asked.media)

    def _saved(self, asked: Saved) -> Answer:
        from ..tables.write import metadata, written

        if asked.language not in self._spoken:
            self._spoken[asked.language] = self._kg.speaking(asked.language)
        parameters = {name: list(values) for name, values in asked.parameters}
        table = self._spoken[asked.language].query(asked.name, **parameters).table()
        if asked.form == "metadata.json":
            return Answer(metadata(table, asked.csv), FORMS[asked.form])
        return Answer(written(table, asked.form), FORMS[asked.form])
