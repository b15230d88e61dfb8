"""The whole graph to download: each named graph, all of them together, and what follows from them."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pyoxigraph

from ...graph.descriptions import Descriptions
from ...graph.files import read_file, source_files
from ...namespaces import BASE
from ..addresses import link
from ..machine import labelled, machine_files

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..material import Material

__all__ = ["SECTION", "files"]

SECTION = ("dumps/", "Download", "the whole graph, and each named graph; every page is there as data too")

_FORMATS = {"nq": pyoxigraph.RdfFormat.N_QUADS, "trig": pyoxigraph.RdfFormat.TRIG}


def files(material: Material) -> Iterator[tuple[str, bytes]]:
    """Yield the dumps and the page that lists them with their sizes."""
    kg = material.kg
    listed: list[tuple[str, str, int]] = []
    quads: list[pyoxigraph.Quad] = []
    for file in source_files(kg.root):
        graph = pyoxigraph.NamedNode(file.graph)
        triples = labelled(read_file(kg.root, file.path), f"{len(listed)}n")
        quads += [pyoxigraph.Quad(each.subject, each.predicate, each.object, graph) for each in triples]
        place = file.graph.removeprefix(BASE)
        content = pyoxigraph.serialize(triples, format=pyoxigraph.RdfFormat.N_TRIPLES) or b""
        listed.append((f"{place}.nt", f"what {file.path} states", len(content)))
        stated = Descriptions(triples)
        yield from machine_files(place, stated.subjects, stated, material.prefixes)
        path = f"{place}/index.html"
        links = [(material.name(each.value), link(each.value, path)) for each in stated.subjects]
        yield material.page("graph.html", path, graph=file.graph, file=file.path, place=place, links=links)
    for ending, form in _FORMATS.items():
        content = _packed(pyoxigraph.serialize(quads, format=form, prefixes=material.prefixes) or b"")
        listed.insert(0, (f"dumps/napgraph.{ending}.gz", "every named graph, as the files state it", len(content)))
        yield f"dumps/napgraph.{ending}.gz", content
    words = "everything stated and everything that follows: what queries read"
    listed.insert(0, ("dumps/whole.nt.gz", words, len(material.whole)))
    yield "dumps/whole.nt.gz", material.whole
    yield material.page("dumps.html", "dumps/index.html", files=listed)


def _packed(content: bytes) -> bytes:
    """Return ``content`` packed, the same bytes each time."""
    return gzip.compress(content, mtime=0)
