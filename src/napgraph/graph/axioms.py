"""The axioms of the ontology, in N-Triples terms, compiled to tables that :mod:`.closure` looks up.

They follow https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules, as far as the
ontology uses them. Any other term of OWL is refused, never passed over: what followed from it would be missing unseen.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import product
from typing import NamedTuple, NoReturn, TypeVar

from ..errors import AxiomError

T = TypeVar("T")
Set = set[tuple[str, str]]
Pairs = dict[str, Set]
Joins = dict[str, list[tuple[str, str]]]
"""Statements by predicate, each a subject and an object."""

_OWL = "<http://www.w3.org/2002/07/owl#"
_RDFS = "<http://www.w3.org/2000/01/rdf-schema#"
_RDF = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XSD = "<http://www.w3.org/2001/XMLSchema#"
TYPE = f"{_RDF}type>"
_SUBCLASS, _SUBPROPERTY = f"{_RDFS}subClassOf>", f"{_RDFS}subPropertyOf>"
_DOMAIN, _RANGE = f"{_RDFS}domain>", f"{_RDFS}range>"
_INVERSE, _CHAIN, _DISJOINT = f"{_OWL}inverseOf>", f"{_OWL}propertyChainAxiom>", f"{_OWL}disjointWith>"
_ON, _VALUE, _SOME = f"{_OWL}onProperty>", f"{_OWL}hasValue>", f"{_OWL}someValuesFrom>"
_FIRST, _REST, _NIL = f"{_RDF}first>", f"{_RDF}rest>", f"{_RDF}nil>"
_TRANSITIVE, _ASYMMETRIC = f"{_OWL}TransitiveProperty>", f"{_OWL}AsymmetricProperty>"
_THING, _RESOURCE = f"{_OWL}Thing>", f"{_RDFS}Resource>"

_COMPILED = {_SUBCLASS, _SUBPROPERTY, _DOMAIN, _RANGE, _INVERSE, _CHAIN, _DISJOINT, _ON, _VALUE, _SOME}
_NOTES = {f"{_RDFS}{name}>" for name in ("label", "comment", "seeAlso", "isDefinedBy")} | {
    f"{_OWL}{name}>"
    for name in ["deprecated", "versionInfo", "priorVersion", "backwardCompatibleWith", "incompatibleWith"]
}
_KNOWN = _COMPILED | _NOTES | {TYPE, _FIRST, _REST, f"{_OWL}versionIRI>", f"{_OWL}imports>"}
_CLASS, _RDF_PROPERTY = f"{_OWL}Class>", f"{_RDF}Property>"
_PROPERTIES = {f"{_OWL}ObjectProperty>", f"{_OWL}DatatypeProperty>", _RDF_PROPERTY}
_NOTE = f"{_OWL}AnnotationProperty>"
_KINDS = (
    {_CLASS, _NOTE, f"{_OWL}Restriction>", f"{_OWL}Ontology>", f"{_OWL}NamedIndividual>", _THING, _RESOURCE}
    | {_TRANSITIVE, _ASYMMETRIC, f"{_RDFS}Class>", f"{_RDFS}Datatype>", f"{_RDF}List>"}
    | _PROPERTIES
)


class Axioms(NamedTuple):
    """What follows from what. Properties and classes are looked up by their names."""

    above: dict[str, set[str]]
    """The properties above each property."""
    inverses: dict[str, set[str]]
    domains: dict[str, set[str]]
    ranges: dict[str, set[str]]
    before: Joins
    """For a property, each that it joins after in a chain of two, and the property that follows of both."""
    after: Joins
    """For a property, each that it joins before, and the property that follows."""
    classes: dict[str, set[str]]
    """The classes above each class."""
    values: dict[str, Set]
    """The property and value that each member of a class has."""
    valued: dict[str, dict[str, set[str]]]
    """By property and value, the classes that follow."""
    fillers: dict[str, Set]
    """By property, the class of its value and the class that follows for its subject."""
    disjoint: Set
    asymmetric: set[str]
    entailed: Pairs
    """What follows about the classes and properties themselves."""


def is_trivial(subject: str, value: str) -> bool:
    """Whether a statement says no more than that a resource is itself or a thing."""
    return subject == value or value in {_THING, _RESOURCE}


def is_axiom(predicate: str, value: str) -> bool:
    """Whether a statement is about what follows from others."""
    return predicate in _COMPILED or (predicate == TYPE and value in {_TRANSITIVE, _ASYMMETRIC})


def _reserved(term: str) -> bool:
    return term.startswith((_OWL, _RDFS, _RDF, _XSD))


def refuse_unknown(resource_triples: Mapping[str, Set], written: set[str], subjects: set[str]) -> None:
    """Raise AxiomError for what is not compiled; ``written`` are the predicates of the triples with a literal."""
    wrong = {f"with {name}" for name in (resource_triples.keys() | written) - _KNOWN if _reserved(name)}
    wrong |= {f"with {name} and a literal" for name in written & _COMPILED}
    wrong |= {f"a {kind}" for kind in {kind for _, kind in resource_triples.get(TYPE, ())} - _KINDS if _reserved(kind)}
    wrong |= {f"about {name}" for name in subjects if name.startswith((_OWL, _XSD))}
    things = (name for name in (_VALUE, _SOME) for _, kind in resource_triples.get(name, ()) if kind == _THING)
    wrong |= {f"with {name} {_THING}" for name in things}
    if wrong:
        _refuse(min(wrong))


def _refuse(what: str) -> NoReturn:
    raise AxiomError(
        f"What follows from such a statement is not known to the compiled rules: {what}\n"
        "State it otherwise, or set NAPGRAPH_REASONER=owlrl, which knows all of OWL 2 RL and takes minutes."
    )


def compile_axioms(stated: Mapping[str, Set]) -> Axioms:
    """Compile the axioms among ``stated``; raises AxiomError for what is not compiled."""

    def pairs(predicate: str) -> Set:
        return stated.get(predicate, set())

    types = pairs(TYPE)
    properties = _closed(_table(pairs(_SUBPROPERTY)))
    declared = {name for name, kind in types if kind in _PROPERTIES}
    restrictions = _table(pairs(_ON))
    #: Class, property and value of each restriction.
    values, some = (
        {(kind, name, value) for kind, value in pairs(each) for name in restrictions.get(kind, ())}
        for each in (_VALUE, _SOME)
    )

    def below(one: str, other: str) -> bool:
        return other in properties.get(one, ()) or (one == other and one in declared)

    more = set(pairs(_SUBCLASS))
    for each in (values, some):  # scm-hv, scm-svf2
        more |= {(one, other) for (one, p, v), (other, q, w) in product(each, each) if v == w and below(p, q)}
    named = {name for name, kind in types if kind == _CLASS}
    direct: Set = set()
    while not more <= direct:  # scm-svf1 needs the classes above, and adds to them
        direct |= more
        classes = _closed(_table(direct))
        more = {
            (one, other)
            for (one, p, v), (other, q, w) in product(some, some)
            if p == q and (w in classes.get(v, ()) or (v == w and v in named))
        }
    domains, ranges = (_spread(pairs(each), properties, classes) for each in (_DOMAIN, _RANGE))
    before, after = _joins(stated, {name for name, kind in types if kind == _TRANSITIVE})
    found = Axioms(
        above=properties,
        inverses=_table(pairs(_INVERSE) | {(other, one) for one, other in pairs(_INVERSE)}),
        domains=domains,
        ranges=ranges,
        before=before,
        after=after,
        classes=classes,
        values=_table({(kind, (name, value)) for kind, name, value in values}),
        valued={name: _table({(v, kind) for kind, p, v in values if p == name}) for _, name, _ in values},
        fillers=_table({(name, (value, kind)) for kind, name, value in some}),
        disjoint=set(pairs(_DISJOINT)),
        asymmetric={name for name, kind in types if kind == _ASYMMETRIC},
        entailed={
            _SUBCLASS: _flat(classes),
            _SUBPROPERTY: _flat(properties),
            f"{_OWL}equivalentClass>": _mutual(classes),
            f"{_OWL}equivalentProperty>": _mutual(properties),
            _DOMAIN: _flat(domains),
            _RANGE: _flat(ranges),
            TYPE: {(name, _NOTE) for name in _NOTES},
        },
    )
    _refuse_heads(found)
    return found


def _spread(stated: Set, properties: Mapping[str, set[str]], classes: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """Return the domains or ranges of each property: its own, those of the properties above, and the classes above."""
    own = _table(stated)
    names = {*own, *properties}
    found = {name: set().union(*(own.get(each, ()) for each in (name, *properties.get(name, ())))) for name in names}
    return {name: kinds.union(*(classes.get(kind, ()) for kind in kinds)) for name, kinds in found.items() if kinds}


def _joins(stated: Mapping[str, Set], transitive: set[str]) -> tuple[Joins, Joins]:
    """Return the joins of two properties; a longer chain is cut into such by names that no statement has."""
    after: dict[str, Set] = {name: {(name, name)} for name in transitive}
    simple = set()
    for name, head in stated.get(_CHAIN, ()):
        *links, last = _listed(head, stated)
        if not links:
            simple.add((last, name))
            continue
        left = links[0]
        for link in links[1:]:
            after.setdefault(left, set()).add((link, f"{left} {link}"))
            left = f"{left} {link}"
        after.setdefault(left, set()).add((last, name))
    if simple:
        _refuse(f"a chain of one property, of {min(simple)[1]}")
    before = _table({(right, (left, name)) for left, joined in after.items() for right, name in joined})
    return {name: sorted(each) for name, each in before.items()}, {name: sorted(each) for name, each in after.items()}


def _listed(head: str, stated: Mapping[str, Set]) -> list[str]:
    firsts, rests = dict(stated.get(_FIRST, ())), dict(stated.get(_REST, ()))
    found: list[str] = []
    while head != _NIL:
        if head not in firsts or head not in rests or len(found) > len(rests):
            _refuse(f"a list that is no list: {head}")
        found.append(firsts[head])
        head = rests[head]
    if not found:
        _refuse("an empty list of properties")
    return found


def _refuse_heads(axioms: Axioms) -> None:
    """Refuse axioms from which other axioms would follow, and those of properties without a name."""
    properties = {*axioms.above, *axioms.inverses, *axioms.domains, *axioms.ranges, *axioms.valued, *axioms.fillers}
    properties |= axioms.asymmetric.union(*axioms.above.values(), *axioms.inverses.values())
    properties |= {name for joined in (axioms.before, axioms.after) for name in joined}
    properties |= {name for joined in axioms.after.values() for _, name in joined}
    kinds = set().union(*axioms.classes.values(), *axioms.domains.values(), *axioms.ranges.values())
    wrong = {name for name in properties - _NOTES if _reserved(name) or name.startswith("_:")}
    wrong |= {kind for kind in kinds if _reserved(kind) and kind not in {_THING, _RESOURCE}}
    wrong |= {kind for kind in axioms.classes if _reserved(kind)}
    if wrong:
        _refuse(f"an axiom about {min(wrong)}")


def _table(pairs: Iterable[tuple[str, T]]) -> dict[str, set[T]]:
    found: dict[str, set[T]] = defaultdict(set)
    for one, other in pairs:
        found[one].add(other)
    return dict(found)


def _closed(direct: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """Return everything reached from each name, but not the name itself."""
    found: dict[str, set[str]] = {}
    for name in direct:
        reached: set[str] = set()
        waiting = [*direct[name]]
        while waiting:
            each = waiting.pop()
            if each not in reached:
                reached.add(each)
                waiting += direct.get(each, ())
        found[name] = reached - {name}
    return found


def _flat(table: Mapping[str, set[str]]) -> Set:
    return {(name, each) for name, found in table.items() for each in found}


def _mutual(table: Mapping[str, set[str]]) -> Set:
    return {(one, other) for one, other in _flat(table) if one in table.get(other, ())}
