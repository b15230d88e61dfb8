"""What follows from the statements by the OWL 2 RL rules, a set at a time; kept apart from what was stated.

The axioms of the ontology are compiled to tables of N-Triples terms (:class:`Axioms`), after
https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules. A term of OWL that it does not
use is refused, never passed over: what followed from it would be missing unseen. Literals are not read, as no axiom
looks at one. What all share is closed once, each group of files above it. :mod:`.owlrl` is what this is tested against.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from typing import NamedTuple, NoReturn, TypeVar

from ..errors import AxiomError

T = TypeVar("T")
Set = set[tuple[str, str]]
Pairs = dict[str, Set]
"""Statements by predicate, each a subject and an object."""

_OWL = "<http://www.w3.org/2002/07/owl#"
_RDFS = "<http://www.w3.org/2000/01/rdf-schema#"
_RDF = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XSD = "<http://www.w3.org/2001/XMLSchema#"
TYPE = f"{_RDF}type>"
_SUBCLASS, _SUBPROPERTY = f"{_RDFS}subClassOf>", f"{_RDFS}subPropertyOf>"
_DOMAIN, _RANGE = f"{_RDFS}domain>", f"{_RDFS}range>"
_INVERSE, _CHAIN, _DISJOINT = f"{_OWL}inverseOf>", f"{_OWL}propertyChainAxiom>", f"{_OWL}disjointWith>"
_FIRST, _REST, _NIL = f"{_RDF}first>", f"{_RDF}rest>", f"{_RDF}nil>"
_TRANSITIVE, _ASYMMETRIC = f"{_OWL}TransitiveProperty>", f"{_OWL}AsymmetricProperty>"
_THING, _RESOURCE = f"{_OWL}Thing>", f"{_RDFS}Resource>"

_COMPILED = {_SUBCLASS, _SUBPROPERTY, _DOMAIN, _RANGE, _INVERSE, _CHAIN, _DISJOINT}
_NOTES = {f"{_RDFS}{name}>" for name in ("label", "comment", "seeAlso", "isDefinedBy")} | {
    f"{_OWL}{name}>"
    for name in ["deprecated", "versionInfo", "priorVersion", "backwardCompatibleWith", "incompatibleWith"]
}
_KNOWN = _COMPILED | _NOTES | {TYPE, _FIRST, _REST, f"{_OWL}versionIRI>", f"{_OWL}imports>"}
_NOTE = f"{_OWL}AnnotationProperty>"
_KINDS = {_TRANSITIVE, _ASYMMETRIC, _NOTE, _THING, _RESOURCE, f"{_RDF}Property>", f"{_RDF}List>"} | {
    *(f"{_RDFS}{name}>" for name in ("Class", "Datatype")),
    *(f"{_OWL}{name}>" for name in ("Class", "Ontology", "NamedIndividual", "ObjectProperty", "DatatypeProperty")),
}
_Table = dict[str, dict[str, set[str]]]


class Axioms(NamedTuple):
    """What follows from what. Properties and classes are looked up by their names."""

    above: dict[str, set[str]]
    """The properties above each property."""
    inverses: dict[str, set[str]]
    domains: dict[str, set[str]]
    ranges: dict[str, set[str]]
    before: Pairs
    """For a property, each that it joins after in a chain of two, and the property that follows of both."""
    after: Pairs
    """For a property, each that it joins before, and the property that follows."""
    classes: dict[str, set[str]]
    """The classes above each class."""
    disjoint: Set
    asymmetric: set[str]
    entailed: Pairs
    """What follows about the classes and properties themselves."""


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

    properties, classes = (_closed(_table(pairs(each))) for each in (_SUBPROPERTY, _SUBCLASS))
    domains, ranges = (_spread(pairs(each), properties, classes) for each in (_DOMAIN, _RANGE))
    before, after = _joins(stated, {name for name, kind in pairs(TYPE) if kind == _TRANSITIVE})
    found = Axioms(
        above=properties,
        inverses=_table(pairs(_INVERSE) | {(other, one) for one, other in pairs(_INVERSE)}),
        domains=domains,
        ranges=ranges,
        before=before,
        after=after,
        classes=classes,
        disjoint=set(pairs(_DISJOINT)),
        asymmetric={name for name, kind in pairs(TYPE) if kind == _ASYMMETRIC},
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


def _joins(stated: Mapping[str, Set], transitive: set[str]) -> tuple[Pairs, Pairs]:
    """Return the joins of two properties: each transitive one with itself, and the chains, of two each."""
    firsts, rests = dict(stated.get(_FIRST, ())), dict(stated.get(_REST, ()))
    after: dict[str, Set] = {name: {(name, name)} for name in transitive}
    for name, head in stated.get(_CHAIN, ()):
        rest = rests.get(head, _NIL)
        if head not in firsts or rest not in firsts or rests.get(rest) != _NIL:
            _refuse(f"a chain of other than two properties, of {name}")
        after.setdefault(firsts[head], set()).add((firsts[rest], name))
    return _table({(right, (left, name)) for left, joined in after.items() for right, name in joined}), after


def _refuse_heads(axioms: Axioms) -> None:
    """Refuse axioms from which other axioms would follow, and those of properties without a name."""
    properties = {*axioms.above, *axioms.inverses, *axioms.domains, *axioms.ranges}
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


class Contradiction(NamedTuple):
    """A node that is of two disjoint classes, or has with another a property that is asymmetric, in both directions.

    ``one`` and ``other`` are the classes, or where it is ``mutual`` the property and the other node.
    """

    node: str
    one: str
    other: str
    mutual: bool = False

    def __str__(self) -> str:
        if self.mutual:
            return f"Erroneous usage of asymmetric property {_plain(self.one)} on {_plain(self.node, self.other)}"
        return f"Disjoint classes {_plain(self.one, self.other)} have a common individual {_plain(self.node)}"


class Closure:
    """Statements and all that follows (:attr:`found`, by predicate), without those of the closure ``below`` it."""

    def __init__(self, axioms: Axioms, stated: Mapping[str, Set], below: Closure | None = None) -> None:
        self.axioms = axioms
        self.found: Pairs = defaultdict(set)
        self._below = below
        self._levels = [self] if below is None else [self, below]
        self._by: tuple[_Table, _Table] = (defaultdict(lambda: defaultdict(set)), defaultdict(lambda: defaultdict(set)))
        self.watched = {kind for pair in axioms.disjoint for kind in pair}
        self._close(stated)

    @classmethod
    def of_shared(cls, stated: Mapping[str, Set]) -> Closure:
        """Return the closure of what all share, by the axioms that it states itself; raises AxiomError."""
        axioms = compile_axioms(stated)
        names = {*stated, *axioms.entailed}
        return cls(axioms, {name: stated.get(name, set()) | axioms.entailed.get(name, set()) for name in names})

    def new_lines(self, stated: Mapping[str, Set], subjects: Collection[str]) -> list[str]:
        """Return what follows about ``subjects`` and is not ``stated``, but not what holds of everything."""
        return [
            f"{subject} {name} {value} ."
            for name, pairs in self.found.items()
            for subject, value in pairs.difference(stated.get(name, ()))
            if subject in subjects and subject != value and value not in {_THING, _RESOURCE}
        ]

    def contradictions(self) -> list[Contradiction]:
        """Return each contradiction that a statement of this closure takes part in."""
        found = []
        own, every = self._members, [level._members for level in self._levels]
        for one, other in self.axioms.disjoint:
            both = {each for known in every for each in own.get(one, set()) & known.get(other, set())}
            both |= {each for known in every for each in known.get(one, set()) & own.get(other, set())}
            found += [Contradiction(each, one, other) for each in both]
        for name in self.axioms.asymmetric:
            for level in self._levels:
                for one, other in level.found.get(name, ()):
                    levels = self._levels if level is self else [self]
                    if any((other, one) in each.found.get(name, ()) for each in levels):
                        found.append(Contradiction(one, name, other, mutual=True))
        return sorted(found)

    @cached_property
    def _members(self) -> dict[str, set[str]]:
        """The members of the classes that are disjoint with another."""
        return _table((kind, each) for each, kind in self.found.get(TYPE, ()) if kind in self.watched)

    def _close(self, stated: Mapping[str, Set]) -> None:
        waiting: Mapping[str, Set] = stated
        while waiting:
            following: Pairs = defaultdict(set)
            for name, pairs in waiting.items():
                new = pairs - self.found[name]
                if self._below is not None:
                    new -= self._below.found.get(name, set())
                if new:
                    self._add(name, new)
                    self._follow(name, new, following)
            waiting = following

    def _add(self, name: str, new: Set) -> None:
        self.found[name] |= new
        if name in self.axioms.before:
            table = self._by[0][name]
            for subject, value in new:
                table[subject].add(value)
        if name in self.axioms.after:
            table = self._by[1][name]
            for subject, value in new:
                table[value].add(subject)

    def _follow(self, name: str, new: Set, following: Pairs) -> None:
        axioms = self.axioms
        if name == TYPE:
            following[TYPE] |= {(each, kind) for each, narrow in new for kind in axioms.classes.get(narrow, ())}
            return
        for above in axioms.above.get(name, ()):
            following[above] |= new
        for inverse in axioms.inverses.get(name, ()):
            following[inverse].update((value, subject) for subject, value in new)
        for kind in axioms.domains.get(name, ()):
            following[TYPE].update((subject, kind) for subject, _ in new)
        for kind in axioms.ranges.get(name, ()):
            following[TYPE].update((value, kind) for _, value in new)
        for right, head in axioms.after.get(name, ()):
            tables = self._tables(False, right)
            following[head].update((one, end) for one, value in new for table in tables for end in table.get(value, ()))
        for left, head in axioms.before.get(name, ()):
            tables = self._tables(True, left)
            following[head].update((start, end) for one, end in new for table in tables for start in table.get(one, ()))

    def _tables(self, turned: bool, name: str) -> list[dict[str, set[str]]]:
        """Return the values of ``name`` by subject, or ``turned`` the subjects by value, level by level."""
        return [table[name] for level in self._levels if name in (table := level._by[turned])]


def _plain(*terms: str) -> str:
    return " and ".join(term.strip("<>").removeprefix("_:") for term in terms)
