"""The whole graph to download: each named graph, all of them together, and what follows from them."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pyoxigraph

from ...graph.descriptions import Descriptions
from ...graph.files import read_file, source_files
from ...namespaces import BASE
from ..addresses import link
from ..describe import Download, NamedGraph
from ..machine import labelled, machine_files
from . import dataset

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..material import Material

__all__ = ["SECTION", "files"]

SECTION = ("dataset/", "Download", "the whole graph, and each named graph; every page is there as data too")

_STATED = "every named graph, as the files state it"
_WHOLE = {
    "whole.nt.gz": (
        "everything stated and everything that follows: what queries read",
        "application/n-triples",
        "RDF_N_TRIPLES",
    ),
    "napgraph.nq.gz": (_STATED, "application/n-quads", "RDF_N_QUADS"),
    "napgraph.trig.gz": (_STATED, "application/trig", "RDF_TRIG"),
}
"""What each file holds, its media type, and its type by the list of the European Union."""

_FORMATS = {"nq": pyoxigraph.RdfFormat.N_QUADS, "trig": pyoxigraph.RdfFormat.TRIG}


def files(material: Material) -> Iterator[tuple[str, bytes]]:
    """Yield the file of each named graph with its page, the files that hold all of them, and what describes them."""
    kg = material.kg
    graphs: list[NamedGraph] = []
    quads: list[pyoxigraph.Quad] = []
    for file in source_files(kg.root):
        graph = pyoxigraph.NamedNode(file.graph)
        triples = labelled(read_file(kg.root, file.path), f"{len(graphs)}n")
        quads += [pyoxigraph.Quad(each.subject, each.predicate, each.object, graph) for each in triples]
        place = file.graph.removeprefix(BASE)
        graphs.append(NamedGraph(file.graph, f"{place}.nt", f"what {file.path} states", len(triples)))
        stated = Descriptions(triples)
        yield from machine_files(place, stated.subjects, stated, material.prefixes)
        path = f"{place}/index.html"
        links = [(material.name(each.value), link(each.value, path)) for each in stated.subjects]
        yield material.page("graph.html", path, graph=file.graph, file=file.path, place=place, links=links)
    downloads: list[Download] = []
    for name, content in _whole(material, quads):
        path, (words, media, kind) = f"dumps/{name}", _WHOLE[name]
        downloads.append(Download(path, words, media, kind, len(content)))
        yield path, content
    yield from dataset.files(material, downloads, graphs, {quad.triple for quad in quads})


def _whole(material: Material, quads: list[pyoxigraph.Quad]) -> Iterator[tuple[str, bytes]]:
    """Yield the name and content of each file that holds the whole."""
    yield "whole.nt.gz", material.whole
    for ending, form in _FORMATS.items():
        content = pyoxigraph.serialize(quads, format=form, prefixes=material.prefixes) or b""
        yield f"napgraph.{ending}.gz", _packed(content)


def _packed(content: bytes) -> bytes:
    """Return ``content`` packed, the same bytes each time."""
    return gzip.compress(content, mtime=0)
