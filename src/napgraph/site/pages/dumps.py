"""The whole graph to download: each named graph, all of them together, and what follows from them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pyoxigraph

from ...graph.files import read_file, source_files
from ...rdf.descriptions import Descriptions
from ...rdf.formats import FORMATS, RDF_BY_ENDING
from ...rdf.namespaces import BASE
from ..addresses import beside, link
from ..describe import Download, NamedGraph
from ..dump import packed
from ..machine import labelled, machine_files
from . import dataset

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...graph.files import SourceFile
    from ..context import Material

__all__ = ["SECTION", "files"]

SECTION = ("dataset/", "Download", "the whole graph, and each named graph; every page is there as data too")

_STATED = "every named graph, as the files state it"
_WHOLE = {
    "whole.nt.gz": (
        "everything stated and everything that follows: what queries read",
        FORMATS["n-triples"].media[0],
        "RDF_N_TRIPLES",
    ),
    "napgraph.nq.gz": (_STATED, FORMATS["n-quads"].media[0], "RDF_N_QUADS"),
    "napgraph.trig.gz": (_STATED, FORMATS["trig"].media[0], "RDF_TRIG"),
}
"""What each file holds, its media type, and its type by the list of the European Union."""


def files(material: Material) -> Iterator[tuple[str, bytes]]:
    """Yield the file of each named graph with its page, the files that hold all of them, and what describes them."""
    graphs: list[NamedGraph] = []
    for file, triples in _read(material):
        place = file.graph.removeprefix(BASE)
        graphs.append(NamedGraph(file.graph, f"{place}.nt", f"what {file.path} states", len(triples)))
        stated = Descriptions(triples)
        yield from machine_files(place, stated.subjects, stated, material.prefixes)
        path = f"{place}/index.html"
        links = [(material.name(each.value), link(each.value, path)) for each in stated.subjects]
        yield material.page(
            "graph.html", path, graph=file.graph, file=file.path, place=place, machine=beside(place, path), links=links
        )
    downloads: list[Download] = []
    for name, content in _whole(material):
        path, (words, media, kind) = f"dumps/{name}", _WHOLE[name]
        downloads.append(Download(path, words, media, kind, len(content)))
        yield path, content
    yield from dataset.files(material, downloads, graphs)


def _read(material: Material) -> Iterator[tuple[SourceFile, list[pyoxigraph.Triple]]]:
    """Yield each file with what it states, its nameless resources called as in no other file."""
    root = material.kg.root
    for number, file in enumerate(source_files(root)):
        yield file, labelled(read_file(root, file.path), f"{number}n")


def _whole(material: Material) -> Iterator[tuple[str, bytes]]:
    """Yield the name and content of each file that holds the whole, which is never all in memory."""
    yield "whole.nt.gz", material.whole.content
    for ending in (".nq", ".trig"):
        quads = (
            pyoxigraph.Quad(each.subject, each.predicate, each.object, pyoxigraph.NamedNode(file.graph))
            for file, triples in _read(material)
            for each in triples
        )
        write = partial(pyoxigraph.serialize, quads, format=RDF_BY_ENDING[ending], prefixes=material.prefixes)
        yield f"napgraph{ending}.gz", packed(write)
