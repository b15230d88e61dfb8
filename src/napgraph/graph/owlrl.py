"""What follows from the statements by the OWL 2 RL rules, computed by owlrl: slow, complete, and the measure of ours.

Read are the statements between resources: no axiom of the ontology looks at a literal, so leaving literals
out changes nothing but the time (a test compares both). Not kept is what holds of everything, such as
``x owl:sameAs x`` or ``x a owl:Thing``, and what holds of a nameless node.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..errors import InconsistencyError

if TYPE_CHECKING:
    from pyoxigraph import Triple
    from rdflib import Graph


def entailed(asserted: Iterable[Triple]) -> list[Triple]:
    """Return what OWL 2 RL adds to ``asserted``, sorted; raises InconsistencyError naming each culprit."""
    import owlrl
    from rdflib import Graph, URIRef

    from ..rdf.terms import from_rdflib, to_rdflib

    graph = Graph()
    resources = set()
    for triple in asserted:
        converted = to_rdflib(triple)
        if isinstance(converted[0], URIRef):
            resources.add(converted[0])
        if not _is_literal(converted[2]):
            graph.add(converted)
    before = set(graph)
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics, improved_datatypes=False).expand(graph)
    _raise_for_errors(graph)
    new = (triple for triple in graph if triple not in before and triple[0] in resources and _tells(triple))
    return sorted(map(from_rdflib, new), key=str)


def _is_literal(term: object) -> bool:
    from rdflib import Literal

    return isinstance(term, Literal)


def _tells(triple: tuple[object, object, object]) -> bool:
    """Whether a statement says more than every resource's being itself and a thing."""
    from rdflib.namespace import OWL, RDFS

    subject, _, value = triple
    return not (_is_literal(value) or subject == value or value in {OWL.Thing, RDFS.Resource})


def _raise_for_errors(graph: Graph) -> None:
    """Owlrl reports a contradiction as a node of this class and goes on; we stop."""
    from owlrl.Namespaces import ERRNS
    from rdflib.namespace import RDF

    found = [
        str(text) for node in graph.subjects(RDF.type, ERRNS.ErrorMessage) for text in graph.objects(node, ERRNS.error)
    ]
    if found:
        raise InconsistencyError.listing(found)
