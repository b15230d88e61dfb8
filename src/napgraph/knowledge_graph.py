"""The knowledge graph: load it, ask it, compare over it, or take it as an rdflib graph."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Self, Unpack

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

    from .compare.analysis import Filters, Lens, Places, View
    from .compare.lists import Gaps, Listed, Network, Timeline
    from .compare.matrix import Comparison
    from .compare.overview import Overview
    from .compare.pairs import Diff, Similarity
    from .compare.panel import Panel, Statements
    from .compare.topics import Topics
    from .compare.years import History, InForce, Regions, Shares
    from .records.record import Record
    from .records.source import Source


class KnowledgeGraph(Session):
    """All that napgraph knows and can tell of it. Made by :meth:`load`.

    A comparison takes a lens by name (``Lens`` of ``compare.analysis``): only what some sources say, only jurisdictions
    of a tier. Some take filters too (``Filters``): only documents of a level, of a status, or in force on a day.
    ``country`` are codes or names of jurisdictions or regions (default: all). ``match`` is how near a plan's phrase
    must be to a concept: ``exact``, ``close``, or ``broad``, which also counts a phrase for the wider concepts above
    its own. All raise UnknownNameError with the nearest names, or ParameterError.
    """

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
            from .records.convert import read_to_join

            nt = pyoxigraph.RdfFormat.N_TRIPLES
            texts = [pyoxigraph.serialize(read_to_join(each, top).triples, format=nt) or b"" for each in data]
            return cls(top, EmbeddedEngine(join(top, texts)), lang)
        if not any(path.startswith(JURISDICTIONS) for path in files_below(top, "data", (".ttl",))):
            where = os.path.join(top, JURISDICTIONS)
            raise FolderError(f"{where}: there is no Turtle file here, so there is nothing to compare.")
        return cls(top, EmbeddedEngine(load_graph(top), much=True), lang)

    def _view(self, *, every_tier: bool = False, **filters: Unpack[Filters]) -> View:
        from .compare.analysis import View

        return View(self, every_tier=every_tier, **filters)

    def compare(
        self,
        axis: str,
        *,
        match: str = "broad",
        by: str = "country",
        concept: Sequence[str] = (),
        **filters: Unpack[Filters],
    ) -> Comparison:
        """Compare jurisdictions by ``axis``, the name of a saved query over a list of codes, such as ``pillars``.

        ``by`` is ``country`` or ``document``; ``concept`` are codes or names of what to look at (default: all). What
        the filters leave out stays in sight, with the reason.
        """
        from .compare.matrix import Comparison

        return Comparison(self, axis, match, by, self._view(**filters), concept)

    def overview(self, *, by: str = "country", **lens: Unpack[Places]) -> Overview:
        """Return the plans and the latest plan of each jurisdiction, or with ``by`` document a row a document."""
        from .compare.overview import Overview

        return Overview(self, self._view(**lens), by)

    def shares(
        self,
        axis: str,
        *,
        first: int | None = None,
        last: int | None = None,
        match: str = "broad",
        concept: Sequence[str] = (),
        **filters: Unpack[Filters],
    ) -> Shares:
        """Return the share of the plans in force in each year, ``first`` to ``last``, that states each concept.

        The years are the last twenty if none are given. A share is an interval: from what is known to what is not known
        to be otherwise.
        """
        from .compare.years import Shares

        return Shares(self, axis, match, self._view(**filters), concept, (first, last))

    def regions(
        self, axis: str, *, match: str = "broad", concept: Sequence[str] = (), **filters: Unpack[Filters]
    ) -> Regions:
        """Return in how many jurisdictions of each region a plan names each concept of ``axis``."""
        from .compare.years import Regions

        return Regions(self, axis, match, self._view(**filters), concept)

    def panel(
        self,
        axis: Sequence[str] = (),
        *,
        by: str = "year",
        first: int | None = None,
        last: int | None = None,
        match: str = "broad",
        **filters: Unpack[Filters],
    ) -> Panel:
        """Return one column a concept of these axes (default: all), by ``year`` and jurisdiction or by ``document``.

        A row of a year holds what the plans in force in it say, and how certain that is; years as for :meth:`shares`.
        """
        from .compare.panel import Panel

        return Panel(self, axis, match, by, self._view(**filters), (first, last))

    def statements(self, **lens: Unpack[Places]) -> Statements:
        """Return all that documents and their parts state, a row per statement and source."""
        from .compare.panel import Statements

        return Statements(self, self._view(**lens))

    def in_force(self, *, on: str | None = None, ending: int | None = None, **lens: Unpack[Places]) -> InForce:
        """Return which plans are in force ``on`` a day (default: today), also those of regions and parts of states.

        With ``ending``, a year, which plans have a stated period that ends in it.
        """
        from .compare.years import InForce

        return InForce(self, on, self._view(every_tier=True, **lens), ending)

    def history(self, country: str, *, axis: str = "pillars", match: str = "broad", **lens: Unpack[Lens]) -> History:
        """Return what each plan in the lines of a country keeps, adds and drops of the concepts of ``axis``."""
        from .compare.years import History

        return History(self, self._view(country=[country], **lens), axis, match)

    def results(self, about: str | None = None, **lens: Unpack[Lens]) -> Listed:
        """Return what reports tell of the plans of a jurisdiction or region, or of one document (default: all).

        A document goes by a name with a slash; see :meth:`diff`. Without a tier, all count.
        """
        return self._listed("results", about, **lens)

    def actions(self, about: str | None = None, **lens: Unpack[Lens]) -> Listed:
        """Return who leads and supports each activity of the plans, and by when; as :meth:`results`."""
        return self._listed("action-sheet", about, **lens)

    def contradictions(self, about: str | None = None, **lens: Unpack[Lens]) -> Listed:
        """Return where two sources say different things of one document, one seen by the lens; as :meth:`results`."""
        return self._listed("contradictions", about, **lens)

    def _listed(self, query: str, about: str | None, **lens: Unpack[Lens]) -> Listed:
        from .compare.lists import Listed
        from .compare.pairs import document_named

        document = document_named(self, about) if about and "/" in about else None
        country = [about] if about and not document else []
        return Listed(self, query, self._view(country=country, every_tier=True, **lens), document)

    def timeline(self, **filters: Unpack[Filters]) -> Timeline:
        """Return the periods and dated events of the documents."""
        from .compare.lists import Timeline

        return Timeline(self, self._view(**filters))

    def show(self, country: str, **lens: Unpack[Lens]) -> Topics:
        """Return by topic what the plans of one jurisdiction say and leave unsaid, with their sources.

        Statement by statement, it is in :meth:`statements`.
        """
        from .compare.topics import Gathered, Topics

        code = self.resolve("jurisdiction", country).value.rpartition("/")[2].upper()
        return Topics(code, Gathered(self, self._view(country=[country], **lens)))

    def guideline(self, name: str) -> list[dict[str, Any]]:
        """Return the areas of the guideline that a part of its title or of its publisher's name means, else nothing."""
        rows = self.query("guideline-areas").rows() if not name or len(name) > 3 else []  # noqa: PLR2004
        return [row for row in rows if name.casefold() in f"{row['title']} {row['publisher']} {row['work']}".casefold()]

    def parts_in(self, countries: Iterable[str]) -> dict[str, str]:
        """Return what plans of ``countries`` call their pillars, each in brackets, by document (IRI)."""
        places = sorted({each.partition("/")[0] for each in countries})
        rows = self.query("pillar-phrases", country=places).rows()
        return {str(row["document"]): f" [{row['term']}]" for row in rows if row["term"]}

    def similarity(
        self, axis: str, *, match: str = "broad", by: str = "document", anywhere: bool = False, **lens: Unpack[Places]
    ) -> Similarity:
        """Return the share of concepts that plans have in common on ``axis`` (pillars, principles, measures or goals).

        ``by`` is ``document`` or ``country``; ``anywhere`` also counts concepts that another part of a plan names. A
        pair whose sources cannot support a comparison has no value but the reason.
        """
        from .compare.pairs import Similarity

        return Similarity(self, axis, self._view(**lens), match=match, by=by, anywhere=anywhere)

    def gaps(self, **lens: Unpack[Places]) -> Gaps:
        """Return how many goals, objectives and activities of each plan lack an activity, indicator, body and so on.

        Shares are intervals: known to be there, to not known to lack.
        """
        from .compare.lists import Gaps

        return Gaps(self, self._view(**lens))

    def diff(self, a: str, b: str, *, match: str = "close", **lens: Unpack[Lens]) -> Diff:
        """Return what two documents keep, reword, drop and add: pillars, principles, goals, objectives, measures.

        A document is named by its IRI, by ``iso3/slug``, or by a unique part of that or of its title.
        """
        from .compare.pairs import Diff

        return Diff(self, a, b, self._view(every_tier=True, **lens), match)

    def network(self, *, role: str | None = None, **lens: Unpack[Places]) -> Network:
        """Return the bodies, and kinds of bodies, behind the documents, each in its role, or only those in ``role``.

        A role is a verb such as ``coordinates`` or ``leads``; raises UnknownNameError for one that nobody has.
        """
        from .compare.lists import Network

        return Network(self, self._view(**lens), role)

    def graph(self, *, entailed: bool = False) -> rdflib.Dataset:
        """Return the graph as an rdflib Dataset: a named graph per file, one for all sources.

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
