"""The files for programs: what is stated of some resources, in four formats of RDF that say the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyoxigraph

from ..rdf.formats import RDF_BY_ENDING
from ..rdf.write import TurtleWriter, declaration
from .addresses import MACHINE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ..rdf.descriptions import Descriptions

__all__ = ["inert", "labelled", "machine_files", "script", "turtle"]


def machine_files(
    name: str, subjects: Sequence[pyoxigraph.NamedNode], stated: Descriptions, prefixes: Mapping[str, str]
) -> Iterator[tuple[str, bytes]]:
    """Yield path and content of the files beside the page ``name``, one for each format."""
    triples = labelled(stated.triples(subjects))
    for ending in MACHINE:
        if ending == ".ttl":
            yield name + ending, turtle(subjects, stated, prefixes)
        else:
            used = prefixes_of(triples, prefixes) if ending == ".rdf" else None
            yield name + ending, pyoxigraph.serialize(triples, format=RDF_BY_ENDING[ending], prefixes=used) or b""


def turtle(subjects: Sequence[pyoxigraph.NamedNode], stated: Descriptions, prefixes: Mapping[str, str]) -> bytes:
    """Return Turtle in the style of the data: a block for each resource, only the prefixes that are used."""
    if stated.tangled:
        triples = labelled(stated.triples(subjects))
        return (
            pyoxigraph.serialize(triples, format=pyoxigraph.RdfFormat.TURTLE, prefixes=prefixes_of(triples, prefixes))
            or b""
        )
    writer = TurtleWriter(prefixes, None)
    blocks = [writer.block(subject, stated) for subject in subjects]
    head = [declaration(prefix, prefixes[prefix]) for prefix in sorted(writer.used)]
    return ("\n".join(head) + "\n\n" + "\n\n".join(blocks) + "\n").encode()


def labelled(triples: Iterable[pyoxigraph.Triple], before: str = "n") -> list[pyoxigraph.Triple]:
    """Return ``triples`` with their nameless resources called ``before`` and a number, in the order they come.

    So the same statements make the same file each time.
    """
    names: dict[pyoxigraph.BlankNode, pyoxigraph.BlankNode] = {}

    def term(each: Any) -> Any:
        if not isinstance(each, pyoxigraph.BlankNode):
            return each
        return names.setdefault(each, pyoxigraph.BlankNode(f"{before}{len(names)}"))

    return [pyoxigraph.Triple(term(each.subject), each.predicate, term(each.object)) for each in triples]


def prefixes_of(triples: Sequence[pyoxigraph.Triple], prefixes: Mapping[str, str]) -> dict[str, str]:
    """Return the prefixes that some address in ``triples`` begins with."""
    named = {
        term.value if isinstance(term, pyoxigraph.NamedNode) else term.datatype.value
        for triple in triples
        for term in triple
        if isinstance(term, (pyoxigraph.NamedNode, pyoxigraph.Literal))
    }
    return {prefix: space for prefix, space in prefixes.items() if any(iri.startswith(space) for iri in named)}


def script(subjects: Sequence[pyoxigraph.NamedNode], stated: Descriptions) -> str:
    """Return what is stated of ``subjects`` as JSON-LD that can stand in a page."""
    return inert(stated.triples(subjects))


def inert(triples: Iterable[pyoxigraph.Triple]) -> str:
    """Return JSON-LD that can stand in a page: no text in it can end the element that holds it."""
    content = pyoxigraph.serialize(labelled(triples), format=pyoxigraph.RdfFormat.JSON_LD) or b"[]"
    return content.decode().replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
