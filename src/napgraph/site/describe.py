"""The description of the dataset: DCAT-AP, VoID, schema.org and examples, by the queries of ``queries/describe``."""

import os
import re
from collections.abc import Iterable
from functools import cached_property

import pyoxigraph

from ..errors import QueryError
from ..project.root import files_below
from ..query.catalogue import SavedQuery, bind, read_query
from ..query.engine import store_of
from ..query.session import Session

_FOLDER = "describe"
_Download = tuple[str, str, str, str, int]
_Graph = tuple[str, str, str, int]
_PREFIX = re.compile(r"^PREFIX ([a-z]+): <([^>]+)>$", re.MULTILINE)


class Describer:
    """Runs the queries that describe what ``kg`` publishes at ``home``; ``stated`` is what the files state."""

    def __init__(self, kg: Session, home: str, stated: Iterable[pyoxigraph.Triple] | pyoxigraph.Store) -> None:
        self._kg, self._home = kg, home
        self._store = stated if isinstance(stated, pyoxigraph.Store) else store_of(stated)

    def dataset(self, cite: str, downloads: Iterable[_Download], graphs: Iterable[_Graph]) -> list[pyoxigraph.Triple]:
        """Return the catalogue, the dataset, its files and graphs, and how much there is of what.

        A file is told by its path in the site, what it holds, media type, EU file type and size; a named graph by its
        IRI, the path of its file, what it holds, and how many statements.
        """
        home = self._home
        made = self._asked("catalogue", home=home, version=self._kg.version[:12], cite=cite)
        made += self._asked("partitions", home=home)
        for path, words, media, kind, size in downloads:
            given = {"file": home + path, "name": os.path.basename(path), "media": media, "format": kind}
            made += self._asked("distribution", home=home, words=words, bytes=size, **given)
        for iri, path, words, count in graphs:
            made += self._asked("graph", graph=iri, file=home + path, words=words, count=count)
        return list(dict.fromkeys(made))

    def for_search_engines(self, described: Iterable[pyoxigraph.Triple]) -> list[pyoxigraph.Triple]:
        """Return what schema.org has words for, from what :meth:`dataset` returned."""
        return self._asked("search-engines", store_of(described))

    def example(self, iri: str, query: SavedQuery) -> list[pyoxigraph.Triple]:
        """Return a saved query in the form in which SPARQL editors read examples."""
        words = query.header.get("question") or query.header.get("summary", "")
        tags = [tag.strip(" []") for tag in query.header.get("tags", "").split(",")]
        return self._asked("saved-query", query=iri, question=words, text=query.text, keyword=list(filter(None, tags)))

    def prefixes(self, table: dict[str, str]) -> list[pyoxigraph.Triple]:
        """Return the declarations of the prefixes that saved queries use."""
        return [each for name, space in table.items() for each in self._asked("prefix", prefix=name, space=space)]

    @cached_property
    def spaces(self) -> dict[str, str]:
        """The prefixes of these queries: those of the vocabularies that describe datasets are no others of ours."""
        return dict(pair for query in self._queries.values() for pair in _PREFIX.findall(query.text))

    @cached_property
    def _queries(self) -> dict[str, SavedQuery]:
        paths = files_below(self._kg.root, f"queries/{_FOLDER}", (".rq",))
        found = (read_query(os.path.join(self._kg.root, path), _FOLDER) for path in paths)
        return {query.name: query for query in found}

    def _asked(self, name: str, store: pyoxigraph.Store | None = None, /, **given: object) -> list[pyoxigraph.Triple]:
        """Return what the CONSTRUCT ``name`` makes with the parameters ``given``; raises QueryError."""
        text = bind(self._queries[name], given, self._kg.meant, self._kg.seen).text
        try:
            answer = (self._store if store is None else store).query(text, use_default_graph_as_union=True)
        except SyntaxError as error:
            raise QueryError(f"queries/{_FOLDER}/{name}.rq: this is not valid SPARQL: {error.msg}") from error
        if not isinstance(answer, pyoxigraph.QueryTriples):
            raise QueryError(f"queries/{_FOLDER}/{name}.rq: a query that describes must be a CONSTRUCT.")
        return sorted(set(answer), key=str)  # the engine gives them in another order each time
