"""The knowledge graph: load it, ask it, compare over it, or take it as an rdflib graph."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Self

import pyoxigraph

from .errors import FolderError, ParameterError
from .graph.build import join, load_graph
from .graph.files import JURISDICTIONS
from .graph.store import open_store
from .project.root import files_below, resolve_root
from .query.engine import ENDPOINT_TIMEOUT, EmbeddedEngine
from .query.session import Session

if TYPE_CHECKING:
    import rdflib

    from .compare.diff import Diff
    from .compare.gaps import Gaps
    from .compare.matrix import Comparison
    from .compare.network import Network
    from .compare.profile import JurisdictionProfile
    from .compare.similarity import Similarity
    from .compare.timeline import Timeline
    from .records.record import Record
    from .records.source import Source


class KnowledgeGraph(Session):
    """All that napgraph knows and can tell of it. Made by :meth:`load`."""

    @classmethod
    def load(
        cls,
        root: str | os.PathLike[str] | None = None,
        *,
        endpoint: str | None = None,
        timeout: float = ENDPOINT_TIMEOUT,
        data: Sequence[Source | Record] = (),
        store: str | os.PathLike[str] | None = None,
        lang: str = "en",
    ) -> Self:
        """Load the graph of the folders under ``root`` (default: those napgraph ships).

        The first load of a set of files computes what follows from them (some seconds) and keeps it in the cache; one
        after a change computes only what follows from the files that changed. ``data`` are files of your own, in any
        format that napgraph reads, joined to the graph for this run, and nothing of them is kept. With ``store``, a
        folder that ``napgraph build`` made, or ``endpoint``, the address of a SPARQL 1.1 endpoint, that answers in
        place of the files; saved queries and prefixes are still those of ``root``. A question to an endpoint may take
        ``timeout`` seconds in all. ``lang`` is the language of the reader: en, fr or es.

        Raises FolderError (also for a data folder without a jurisdiction: a graph over no files is a mistake, not an
        answer), SourceFileError, InconsistencyError or AxiomError, IntakeError for ``data``, EndpointError for what is
        no address, StoreError for what is no sound store, or ParameterError where more than one graph is named.
        """
        if store is not None and (endpoint is not None or data):
            raise ParameterError("A store is a graph of its own: no endpoint or files can be named beside it.")
        if endpoint is not None and data:
            raise ParameterError("Files can be joined only to the graph that is loaded here, not to an endpoint.")
        top = resolve_root(root)
        if store is not None:
            return cls(top, EmbeddedEngine(open_store(os.fspath(store), top)), lang)
        if endpoint is not None:
            from .query.endpoint import EndpointEngine

            return cls(top, EndpointEngine(top, endpoint, timeout), lang)
        if data:
            from .records.read import read_to_join

            nt = pyoxigraph.RdfFormat.N_TRIPLES
            texts = [pyoxigraph.serialize(read_to_join(each, top).triples, format=nt) or b"" for each in data]
            return cls(top, EmbeddedEngine(join(top, texts)), lang)
        if not any(path.startswith(JURISDICTIONS) for path in files_below(top, "data", (".ttl",))):
            where = os.path.join(top, JURISDICTIONS)
            raise FolderError(f"{where}: there is no Turtle file here, so there is nothing to compare.")
        return cls(top, EmbeddedEngine(load_graph(top)), lang)

    def compare(
        self,
        axis: str,
        *,
        country: Sequence[str] = (),
        match: str = "broad",
        by: str = "country",
        level: str | None = None,
        status: str | None = None,
        in_force: str | None = None,
    ) -> Comparison:
        """Compare jurisdictions by ``axis``: pillars, principles, features, actors, groups, forms or measures.

        ``match`` is how near a plan's phrase must be to a concept: ``exact``, ``close``, or ``broad``, which also
        counts a phrase for the wider concepts above its own. ``by`` is ``country`` or ``document``. ``level``,
        ``status`` (codes) and ``in_force`` (a day) choose the documents that count, those that may be in force among
        them; what is left out stays in sight, with the reason. Raises UnknownNameError or ParameterError.
        """
        from .compare.analysis import View
        from .compare.matrix import Comparison

        return Comparison(self, axis, match, by, View(self, country, in_force, level=level, status=status))

    def timeline(
        self,
        *,
        country: Sequence[str] = (),
        level: str | None = None,
        status: str | None = None,
        in_force: str | None = None,
    ) -> Timeline:
        """Return the periods and dated events of the documents, with the filters of :meth:`compare`."""
        from .compare.analysis import View
        from .compare.timeline import Timeline

        return Timeline(self, View(self, country, in_force, level=level, status=status))

    def show(self, country: str) -> JurisdictionProfile:
        """Return all that is recorded of one jurisdiction, by document, with what its sources do not say."""
        from .compare.profile import profile

        return profile(self, country)

    def similarity(
        self,
        axis: str,
        *,
        match: str = "broad",
        by: str = "document",
        country: Sequence[str] = (),
        anywhere: bool = False,
    ) -> Similarity:
        """Return the share of concepts that plans have in common on ``axis`` (pillars or principles), pair by pair.

        ``by`` is ``document`` or ``country``; ``anywhere`` also counts concepts that another part of a plan names. A
        pair whose sources cannot support a comparison has no value but the reason. Raises UnknownNameError.
        """
        from .compare.similarity import Similarity

        return Similarity(self, axis, match=match, by=by, country=country, anywhere=anywhere)

    def gaps(self, *, country: Sequence[str] = ()) -> Gaps:
        """Return how many goals, objectives and activities of each plan lack an activity, indicator, body and so on.

        Shares are intervals: known to be there, to not known to lack. Raises UnknownNameError.
        """
        from .compare.gaps import Gaps

        return Gaps(self, country=list(country))

    def diff(self, a: str, b: str, *, match: str = "close") -> Diff:
        """Return what two documents keep, reword, drop and add: pillars, principles, goals, objectives, measures.

        A document is named by its IRI, by ``iso3/slug``, or by a unique part of that or of its title. Raises
        UnknownNameError with the nearest, or ParameterError where several fit.
        """
        from .compare.diff import Diff

        return Diff(self, a, b, match)

    def network(self, *, country: Sequence[str] = ()) -> Network:
        """Return the bodies, and kinds of bodies, behind the documents, each in its role. Raises UnknownNameError."""
        from .compare.network import Network

        return Network(self, country=list(country))

    def graph(self, *, entailed: bool = False) -> rdflib.Dataset:
        """Return the graph as an rdflib Dataset: a named graph per file.

        Files of your own are the graphs ``.../graph/data-1`` and so on. With ``entailed``, what follows is added as one
        more graph, ``.../graph/entailed``. Raises ParameterError where an endpoint answers.
        """
        import rdflib

        from .query.engine import embedded
        from .rdf.namespaces import BASE, prefixes
        from .rdf.terms import to_rdflib

        built, made = embedded(self), rdflib.Dataset(default_union=True)
        for prefix, space in prefixes(self.root).items():
            made.bind(prefix, space, replace=True)
        for quad in built.asserted_store:
            made.graph(rdflib.URIRef(quad.graph_name.value)).add(to_rdflib(quad.triple))
        if entailed:
            graph = made.graph(rdflib.URIRef(f"{BASE}graph/entailed"))
            for text in built.entailed():
                for quad in pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.N_TRIPLES):
                    graph.add(to_rdflib(quad.triple))
        return made
