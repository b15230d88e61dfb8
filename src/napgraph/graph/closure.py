"""What follows from the statements by the OWL 2 RL rules, a set at a time; kept apart from what was stated.

The axioms of the ontology are compiled to tables of N-Triples terms (:class:`Axioms`), after
https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules. A term of OWL that it does not
use is refused, never passed over: what followed from it would be missing unseen. Literals are not read, as no axiom
looks at one. What all share is closed once, each group of files above it. :mod:`.owlrl` is what this is tested against.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from itertools import product
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


def _joins(stated: Mapping[str, Set], transitive: set[str]) -> tuple[Pairs, Pairs]:
    """Return the joins of two properties; a longer chain is cut into such by names that no statement has."""
    after: dict[str, Set] = {name: {(name, name)} for name in transitive}
    for name, head in sorted(stated.get(_CHAIN, ())):
        left, *links = _listed(head, stated)
        if not links:
            _refuse(f"a chain of one property, of {name}")
        for link in links[:-1]:
            after.setdefault(left, set()).add((link, f"{left} {link}"))
            left = f"{left} {link}"
        after.setdefault(left, set()).add((links[-1], name))
    return _table({(right, (left, name)) for left, joined in after.items() for right, name in joined}), after


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


class Closure:
    """Statements and all that follows (:attr:`found`, by predicate), without those of the closure ``below`` it."""

    def __init__(self, axioms: Axioms, stated: Mapping[str, Set], below: Closure | None = None) -> None:
        self.axioms = axioms
        self.found: Pairs = defaultdict(set)
        self._below = below
        self._levels = [self] if below is None else [self, below]
        self._by: tuple[_Table, _Table] = (defaultdict(lambda: defaultdict(set)), defaultdict(lambda: defaultdict(set)))
        #: The classes whose members take part in rules with another premise.
        self.watched = {kind for pair in axioms.disjoint for kind in pair}
        self.watched |= {kind for filler in axioms.fillers.values() for kind, _ in filler}
        self._members: dict[str, set[str]] = defaultdict(set)
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
            if " " not in name
            for subject, value in pairs.difference(stated.get(name, ()))
            if subject in subjects and not is_trivial(subject, value)
        ]

    def contradictions(self) -> list[str]:
        """Return a sentence for each contradiction that a statement of this closure takes part in."""
        found = []
        for one, other in self.axioms.disjoint:
            both = (self._members[one] & self._all_members(other)) | (self._all_members(one) & self._members[other])
            found += [f"Disjoint classes {_plain(one, other)} have a common individual {_plain(each)}" for each in both]
        for name in self.axioms.asymmetric:
            for level in self._levels:
                for one, other in level.found.get(name, ()):
                    levels = self._levels if level is self else [self]
                    if any((other, one) in each.found.get(name, ()) for each in levels):
                        found.append(f"Erroneous usage of asymmetric property {_plain(name)} on {_plain(one, other)}")
        return sorted(found)

    def _all_members(self, kind: str) -> set[str]:
        return set().union(*(level._members.get(kind, ()) for level in self._levels))

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
                    if name == TYPE:
                        self._follow_types(new, following)
                    else:
                        self._follow(name, new, following)
            waiting = following

    def _add(self, name: str, new: Set) -> None:
        self.found[name] |= new
        if name == TYPE:
            for subject, kind in new:
                if kind in self.watched:
                    self._members[kind].add(subject)
            return
        if name in self.axioms.before:
            table = self._by[0][name]
            for subject, value in new:
                table[subject].add(value)
        if name in self.axioms.after or name in self.axioms.fillers:
            table = self._by[1][name]
            for subject, value in new:
                table[value].add(subject)

    def _follow_types(self, new: Set, following: Pairs) -> None:
        axioms = self.axioms
        wider = {(each, kind) for each, narrow in new for kind in axioms.classes.get(narrow, ())}
        if wider:
            following[TYPE] |= wider
        for each, kind in new:
            for name, value in axioms.values.get(kind, ()):
                following[name].add((each, value))
        for name, fillers in axioms.fillers.items():
            tables = self._tables(True, name)
            for filler, kind in fillers:
                found = {each for each, stated in new if stated == filler}
                following[TYPE].update((one, kind) for each in found for table in tables for one in table.get(each, ()))

    def _follow(self, name: str, new: Set, following: Pairs) -> None:
        axioms = self.axioms
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
        for value, kinds in axioms.valued.get(name, {}).items():
            for subject in {subject for subject, stated in new if stated == value}:
                following[TYPE].update((subject, kind) for kind in kinds)
        for filler, kind in axioms.fillers.get(name, ()):
            members = self._all_members(filler)
            following[TYPE].update((subject, kind) for subject, value in new if value in members)

    def _tables(self, turned: bool, name: str) -> list[dict[str, set[str]]]:
        """Return the values of ``name`` by subject, or ``turned`` the subjects by value, level by level."""
        return [table[name] for level in self._levels if name in (table := level._by[turned])]


def _plain(*terms: str) -> str:
    return " and ".join(term.strip("<>").removeprefix("_:") for term in terms)
