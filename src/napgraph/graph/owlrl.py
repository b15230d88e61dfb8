"""What follows from the statements by the OWL 2 RL rules, computed by owlrl: slow, complete, and the measure of ours.

Literals are left out, which changes nothing but the time; so is what holds of everything, or of a blank node.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

import owlrl
import pyoxigraph
from owlrl.Namespaces import ERRNS
from rdflib import OWL, RDF, RDFS, Graph, Literal, URIRef

from ..errors import InconsistencyError
from ..rdf.terms import from_rdflib, to_rdflib
from .partitions import BuildQueries, Links, Partition, joined, read_lines


class SinglePartition:
    """All files as one partition, with the conclusions that owlrl draws: what the partitions must be equal to."""

    def __init__(self, root: str, paths: Sequence[str], content: Callable[[str], bytes]) -> None:
        self._root, self._paths, self._content = root, paths, content
        self.links: dict[str, Links] = {}

    def __iter__(self) -> Iterator[Partition]:
        lines = list(dict.fromkeys(line for path in self._paths for line in read_lines(self._content(path), path)))
        asserted = joined(lines)
        quads = pyoxigraph.parse(asserted, format=pyoxigraph.RdfFormat.N_TRIPLES)
        found = {f"{triple} ." for triple in entailed(quad.triple for quad in quads)}
        found |= BuildQueries(self._root).run([asserted, joined(found)], {*lines, *found})
        yield Partition(tuple(self._paths), "", asserted, joined(sorted(found)))


def entailed(asserted: Iterable[pyoxigraph.Triple]) -> list[pyoxigraph.Triple]:
    """Return what OWL 2 RL adds to ``asserted``, sorted; raises InconsistencyError naming each culprit."""
    triples = [to_rdflib(triple) for triple in asserted]
    resources = {subject for subject, _, _ in triples if isinstance(subject, URIRef)}
    before = {triple for triple in triples if not isinstance(triple[2], Literal)}
    graph = Graph()
    for triple in before:
        graph.add(triple)
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics, improved_datatypes=False).expand(graph)
    # It reports a contradiction as a node of this class and goes on; we stop.
    wrong = [text for node in graph.subjects(RDF.type, ERRNS.ErrorMessage) for text in graph.objects(node, ERRNS.error)]
    if wrong:
        raise InconsistencyError.listing(map(str, wrong))
    new = (
        (subject, name, value)
        for subject, name, value in graph
        if (subject, name, value) not in before
        and subject in resources
        and not (isinstance(value, Literal) or subject == value or value in {OWL.Thing, RDFS.Resource})
    )
    return sorted(map(from_rdflib, new), key=str)
