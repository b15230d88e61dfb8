"""What follows from the statements by the OWL 2 RL rules, computed by owlrl: slow, complete, and the measure of ours.

Literals are left out, which changes nothing but the time; so is what holds of everything, or of a blank node.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..errors import InconsistencyError

if TYPE_CHECKING:
    from pyoxigraph import Triple


def entailed(asserted: Iterable[Triple]) -> list[Triple]:
    """Return what OWL 2 RL adds to ``asserted``, sorted; raises InconsistencyError naming each culprit."""
    import owlrl
    from owlrl.Namespaces import ERRNS
    from rdflib import OWL, RDF, RDFS, Graph, Literal, URIRef

    from ..rdf.terms import from_rdflib, to_rdflib

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
