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
from ...tables.origins import citation
from ..addresses import anchor, link, place_of
from ..context import PageContext, packed, table_files
from ..describe import Describer, Download, NamedGraph

_PLACE = "dataset"
_STATED = "every named graph, as the files state it"
_DUMPS = {
    "whole.nt.gz": ("everything stated and everything that follows: what queries read", "n-triples", "RDF_N_TRIPLES"),
    "napgraph.nq.gz": (_STATED, "n-quads", "RDF_N_QUADS"),
    "napgraph.trig.gz": (_STATED, "trig", "RDF_TRIG"),
}
"""What each file holds, its format, and its type by the list of the European Union."""
_FOLDERS = {"compare": "Across jurisdictions", "profile": "One jurisdiction or document", "plan": "Parts of full plans"}
_SHOWN = 100  # rows of an answer on its page; the file beside it holds all


def files(context: PageContext) -> Iterator[tuple[str, bytes]]:
    """Yield the file of each named graph with its page, the files that hold all of them, and what describes them."""
    graphs: list[NamedGraph] = []
    for graph, (words, triples) in _read(context):
        place, described = graph.removeprefix(BASE), Descriptions(triples)
        graphs.append(NamedGraph(graph, f"{place}.nt", words, len(triples)))
        yield from rdf_files(place, described.subjects, described, context.prefixes)
        yield context.page("graph.html", f"{place}/index.html", told=graphs[-1], subjects=described.subjects)
    downloads: list[Download] = []
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
        downloads.append(Download(f"dumps/{name}", words, FORMATS[form].media[0], kind, len(content)))
        yield downloads[-1].path, content
    yield from _description(context, downloads, graphs)


def _read(context: PageContext) -> Iterator[tuple[str, tuple[str, list[pyoxigraph.Triple]]]]:
    """Yield each named graph, in words what it holds, and its triples, nameless resources called as in no other."""
    root = context.kg.root
    for number, (graph, paths) in enumerate(files_by_graph(root).items()):
        triples = dict.fromkeys(triple for path in paths for triple in read_file(root, path))
        yield graph, (holds(paths), with_stable_blank_nodes(triples, f"{number}n"))


def _description(
    context: PageContext, downloads: Sequence[Download], graphs: Sequence[NamedGraph]
) -> Iterator[tuple[str, bytes]]:
    """Yield the page, its files, and the copy of its Turtle that crawlers of VoID look for."""
    kg, path = context.kg, f"{_PLACE}/index.html"
    store = embedded(kg).asserted_store
    describer = Describer(kg, context.base, store)
    cite = citation(kg.root, kg.version)
    described = describer.dataset(cite, downloads, graphs)
    context.for_search_engines = describer.for_search_engines(described)
    prefixes = context.prefixes | describer.spaces
    told = Descriptions(described)
    ours = [each for each in told.subjects if place_of(each.value) == _PLACE]
    others = [each for each in told.subjects if each not in ours]
    for name, content in rdf_files(_PLACE, [*ours, *others], told, prefixes):
        yield name, content
        if name.endswith(".ttl"):
            yield ".well-known/void", content
    dataset = pyoxigraph.NamedNode(BASE + _PLACE)
    entry = {
        str(getattr(value, "value", "")): anchor(subject.value)
        for subject in told.subjects
        for predicate, value in told.of(subject)
        if anchor(subject.value).startswith("graph-") and slug(predicate.value) == "name"
    }
    yield context.page(
        "dataset.html",
        path,
        about={slug(each.value): str(getattr(value, "value", "")) for each, value in told.of(dataset)},
        cite=cite,
        classes=_parts(context, described, path),
        downloads=downloads,
        graphs=graphs,
        entry=entry,
        triples=len(store),
    )


def _parts(context: PageContext, described: list[pyoxigraph.Triple], path: str) -> list[dict[str, Any]]:
    """Return how much there is of each class, the largest first, before them the properties of the whole dataset."""
    query = context.kg.queries.get("described-parts")

    def named(count: object, iri: object) -> dict[str, Any]:
        known = {"name": context.name(str(iri)), "href": link(str(iri), path)} if iri else {"name": "", "href": None}
        return {"anchor": anchor(str(count)), **known}

    made: dict[str, dict[str, Any]] = {}
    for row in evaluate(store_of(described), query.text, query.name):
        part = named(row["part"], row["class"]) | {"entities": int(row["entities"] or 0), "properties": []}
        listed = made.setdefault(str(row["part"]), part)["properties"]
        listed.append(named(row["share"], row["property"]) | {"triples": int(row["triples"] or 0)})
    return sorted(made.values(), key=lambda each: (bool(each["name"]), -each["entities"]))


def questions(context: PageContext) -> Iterator[tuple[str, bytes]]:
    """Yield the page that lists the questions, a page and a table for each, and the queries as editors read them."""
    kg = context.kg
    describer = Describer(kg, context.base, [])
    prefixes = context.prefixes | describer.spaces
    listed: dict[str, list[tuple[str, str, int]]] = {words: [] for words in _FOLDERS.values()}
    examples = []
    for query in kg.queries:
        if query.folder not in _FOLDERS:
            continue
        place = f"query/{query.name}"
        path = f"{place}/index.html"
        table = kg.query(query.name).table()
        example = describer.example(BASE + place, query)
        examples += example
        told = Descriptions(example)
        yield from rdf_files(place, told.subjects, told, prefixes)
        yield f"{place}.rq", query.text.encode()
        yield from table_files(place, table)
        rows = [[_cell(context, row[name], path) for name in table.names] for row in table.rows[:_SHOWN]]
        yield context.page("question.html", path, query=query, table=table, rows=rows)
        listed[_FOLDERS[query.folder]].append((query.name, query.header.get("question", ""), len(table.rows)))
    told = Descriptions([*examples, *describer.prefixes(prefixes)])
    yield from rdf_files("query", told.subjects, told, prefixes)
    yield context.page("questions.html", "query/index.html", listed=listed)
    place = "query/prefixes"  # every example points to them
    subjects = [each for each in told.subjects if each.value.partition("#")[0] == BASE + place]
    yield from rdf_files(place, subjects, told, prefixes)
    yield context.page("prefixes.html", f"{place}/index.html", prefixes=sorted(prefixes.items()))


def _cell(context: PageContext, value: object, path: str) -> tuple[str, str | None, bool]:
    """Return a value in words, where it leads if it is the address of something, and whether it is a number."""
    text = "" if value is None else str(value)
    if isinstance(value, str) and value.startswith(("https://", "http://")):
        return context.name(value), context.shown(value, path), False
    return text, None, isinstance(value, (int, float)) and not isinstance(value, bool)
