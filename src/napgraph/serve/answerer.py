"""What a worker process does with a message: the graph is loaded before it is forked, so nothing is read twice."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph

from ..namespaces import prefixes
from ..query.catalogue import read_query
from ..query.embedded import embedded
from ..query.run import run
from .evaluate import Answer, Question, answer

if TYPE_CHECKING:
    from ..knowledge_graph import KnowledgeGraph

__all__ = ["FORMS", "Answerer", "Described", "Saved"]

FORMS = {
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "metadata.json": "application/csvm+json",
    "html": "text/html; charset=utf-8",
}


class Saved(NamedTuple):
    """A saved query with its parameters, and the form of the answer, one of FORMS."""

    name: str
    parameters: tuple[tuple[str, tuple[str, ...]], ...]
    form: str


class Described(NamedTuple):
    """The description of the endpoint at an address, in a media type of graphs."""

    endpoint: str
    media: str


class Answerer:
    """Answers questions of both kinds: SPARQL, and saved queries. Everything they need is in memory once it is made."""

    def __init__(self, kg: KnowledgeGraph, most: int) -> None:
        self._kg, self._most = kg, most
        self._prefixes = prefixes(kg.root)
        self._description = read_query(
            os.path.join(kg.root, "queries", "describe", "service-description.rq"), "describe"
        )
        self._store = embedded(kg).store
        embedded(kg).name_graphs(kg.root)
        kg.queries.hold()
        for form in FORMS:  # the packages that each needs, and the asserted part of the graph
            self._saved(Saved("licence", (), form))
        _ = embedded(kg).asserted_store, kg.names, kg.labels

    def __call__(self, message: object) -> Answer:
        """Answer one message, a Question or a Saved; raises NapgraphError."""
        if isinstance(message, Question):
            return answer(self._store, message, self._most, self._prefixes)
        if isinstance(message, Saved):
            return self._saved(message)
        if isinstance(message, Described):
            text = self._description.with_slot("endpoint", str(pyoxigraph.NamedNode(message.endpoint))).text
            return answer(self._store, Question(text, accept=message.media), self._most, self._prefixes)
        raise TypeError(message)

    def _saved(self, asked: Saved) -> Answer:
        from ..tables.csvw import metadata
        from ..tables.write import written

        query = self._kg.queries.get(asked.name)
        parameters = {name: list(values) for name, values in asked.parameters}
        table = run(self._kg, query, parameters).told_of(self._kg, query, parameters).table()
        if asked.form == "metadata.json":
            return Answer(metadata(table, f"{asked.name}.csv"), FORMS[asked.form])
        return Answer(written(table, asked.form), FORMS[asked.form])
