"""The dataset to download, described for people and programs, and the saved queries with their answers."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import pyoxigraph

from ...graph.files import files_by_graph, holds, read_file
from ...query.engine import embedded, evaluate, store_of
from ...rdf.descriptions import Descriptions
from ...rdf.formats import FORMATS, RDF
from ...rdf.namespaces import BASE, slug
from ...rdf.write import rdf_files, with_stable_blank_nodes
from ...tables.columns import grouped
from ..addresses import anchor, place_of
from ..context import PageContext, packed, table_files
from ..describe import Describer
from .comparison import cells_of

_PLACE = "dataset"
_STATED = "every named graph, as the files state it"
_DUMPS = {
    "whole.nt.gz": ("everything stated and everything that follows: what queries read", "n-triples", "RDF_N_TRIPLES"),
    "napgraph.nq.gz": (_STATED, "n-quads", "RDF_N_QUADS"),
    "napgraph.trig.gz": (_STATED, "trig", "RDF_TRIG"),
}
"""What each file holds, its format, and its type by the list of the European Union."""
_TOPICS = ("compare", "profile", "plan")
_SHOWN = 100  # rows of an answer on its page; the file beside it holds all


def files(context: PageContext) -> Iterator[tuple[str, bytes]]:
    """Yield the file of each named graph with its page, the files that hold all of them, and what describes them."""
    graphs, downloads = list[tuple[str, str, str, int]](), list[tuple[str, str, str, str, int]]()
    for graph, (words, triples) in _read(context):
        place, described = graph.removeprefix(BASE), Descriptions(triples)
        graphs.append((graph, f"{place}.nt", words, len(triples)))
        yield from rdf_files(place, described.subjects, described, context.prefixes)
        yield context.page("graph.html", f"{place}/index.html", iri=graph, holds=words, subjects=described.subjects)
    for name, (words, form, kind) in _DUMPS.items():
        if form == "n-triples":
            content = context.dump[0]
        else:
            quads = (  # which are never all in memory
                pyoxigraph.Quad(each.subject, each.predicate, each.object, pyoxigraph.NamedNode(graph))
                for graph, (_, triples) in _read(context)
                for each in triples
            )
            content = packed(partial(pyoxigraph.serialize, quads, format=RDF[form], prefixes=context.prefixes))
        downloads.append((f"dumps/{name}", words, FORMATS[form].media[0], kind, len(content)))
        yield f"dumps/{name}", content
    yield from _description(context, downloads, graphs)


def _read(context: PageContext) -> Iterator[tuple[str, tuple[str, list[pyoxigraph.Triple]]]]:
    """Yield each named graph, in words what it holds, and its triples, nameless resources called as in no other."""
    root = context.kg.root
    for number, (graph, paths) in enumerate(files_by_graph(root).items()):
        triples = dict.fromkeys(triple for path in paths for triple in read_file(root, path))
        yield graph, (holds(paths), with_stable_blank_nodes(triples, f"{number}n"))


def _description(context: PageContext, downloads: Sequence[Any], graphs: Sequence[Any]) -> Iterator[tuple[str, bytes]]:
    """Yield the page, its files, and the copy of its Turtle that crawlers of VoID look for."""
    store = embedded(context.kg).asserted_store
    describer = Describer(context.kg, context.base, store)
    described = describer.dataset(context.citation, downloads, graphs)
    context.for_search_engines = describer.for_search_engines(described)
    told = Descriptions(described)
    subjects = sorted(told.subjects, key=lambda each: place_of(each.value) != _PLACE)
    for name, content in rdf_files(_PLACE, subjects, told, context.prefixes | describer.spaces):
        yield name, content
        if name.endswith(".ttl"):
            yield ".well-known/void", content
    entry = {
        str(getattr(value, "value", "")): anchor(subject.value)
        for subject in told.subjects
        for predicate, value in told.of(subject)
        if anchor(subject.value).startswith("graph-") and slug(predicate.value) == "name"
    }
    dataset, query = told.of(pyoxigraph.NamedNode(BASE + _PLACE)), context.kg.queries.get("described-parts")
    shares = evaluate(store_of(described), query.text, query.name)
    yield context.page(
        "dataset.html",
        f"{_PLACE}/index.html",
        about={slug(each.value): str(getattr(value, "value", "")) for each, value in dataset},
        classes=sorted(grouped(shares, "part").values(), key=lambda rows: bool(rows[0]["class"])),
        downloads=downloads,
        graphs=graphs,
        entry=entry,
        triples=len(store),
    )


def questions(context: PageContext) -> Iterator[tuple[str, bytes]]:
    """Yield the page that lists the questions, a page and a table for each, and the queries as editors read them."""
    kg, describer = context.kg, Describer(context.kg, context.base, [])
    prefixes = context.prefixes | describer.spaces
    listed, examples = dict[str, list[tuple[str, str, int]]](), list[pyoxigraph.Triple]()
    for query in (query for topic in _TOPICS for query in kg.queries if query.folder == topic):
        place, table = f"query/{query.name}", kg.query(query.name).table()
        example = describer.example(BASE + place, query)
        told, examples = Descriptions(example), [*examples, *example]
        yield from rdf_files(place, told.subjects, told, prefixes)
        yield f"{place}.rq", query.text.encode()
        yield from table_files(place, table)
        path = f"{place}/index.html"
        _, rows = cells_of(context, table, path, _SHOWN)
        yield context.page("question.html", path, query=query, table=table, rows=rows)
        row = query.name, query.header.get("question", ""), len(table.rows)
        listed.setdefault(context.words["topics"]["en"][query.folder], []).append(row)
    told = Descriptions([*examples, *describer.prefixes(prefixes)])
    yield from rdf_files("query", told.subjects, told, prefixes)
    yield context.page("questions.html", "query/index.html", listed=listed)
    place = "query/prefixes"  # every example points to them
    subjects = [each for each in told.subjects if each.value.partition("#")[0] == BASE + place]
    yield from rdf_files(place, subjects, told, prefixes)
    yield context.page("prefixes.html", f"{place}/index.html", prefixes=sorted(prefixes.items()))
