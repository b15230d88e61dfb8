"""SHACL as far as the project's shapes use it, evaluated over indexed triples, with pyshacl's results.

What the tables below do not name is refused with a ShapeError when the shapes are read.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial, reduce
from itertools import islice
from typing import Any, Final, TypeAlias, cast

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store, Triple

from ..errors import ShapeError
from ..rdf.namespaces import slug
from .literals import DATATYPES, RDF, TEXTS, XSD, Term, compared, is_well_typed, number, order
from .report import Result

Reached: TypeAlias = Mapping[Term, Collection[Term]]  # the values of each node along a path
Path: TypeAlias = Callable[["Graph", Term], Collection[Term]]
Check: TypeAlias = Callable[["Graph", Reached], Collection[tuple[Term, Term | None]]]

RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
SH: Final = "http://www.w3.org/ns/shacl#"
TYPE: Final = NamedNode(RDF + "type")
SUBCLASS_OF: Final = NamedNode(RDFS + "subClassOf")


def sh(name: str) -> NamedNode:
    """Return the term of SHACL with this name."""
    return NamedNode(SH + name)


class Validator:
    """Shapes for any number of records, each validated beside the code lists and under the ontology's class tree."""

    def __init__(self, shapes: Iterable[Triple], ontology: Iterable[Triple], lists: Iterable[Triple]) -> None:
        self._shapes: dict[frozenset[tuple[str, Term]], list[Shape]] = {}
        for shape, targets in _Reader(shapes).targeted().items():
            self._shapes.setdefault(frozenset(targets), []).append(shape)
        # Engines mix into the data what has a predicate or class of RDFS or OWL.
        ends = ((each, each.object if each.predicate == TYPE else each.predicate) for each in ontology)
        self._base = Graph([*lists, *(each for each, end in ends if getattr(end, "value", "").startswith((RDFS, OWL)))])

    def results(self, triples: Iterable[Triple]) -> list[Result]:
        """Return what is wrong with a record, sorted."""
        graph = Graph(triples, self._base)
        found: set[Result] = set()
        queries: list[tuple[Shape, Select, set[Term]]] = []
        for targets, shapes in self._shapes.items():
            if focuses := graph.focus_nodes(targets):
                for shape in shapes:
                    found.update(shape.results(graph, focuses))
                    queries += [(shape, select, focuses) for select in shape.selects]
        store = graph.store([select for _, select, _ in queries])
        for shape, select, focuses in queries:
            found.update(shape.result(*row, "SPARQL") for row in select.rows(graph, store, focuses))
        return sorted(found)


class Graph:
    """Triples by predicate from both ends, over a ``base`` that is shared; costs as much as the triples are many."""

    def __init__(self, triples: Iterable[Triple], base: Graph | None = None) -> None:
        self.base = base
        self.pairs: defaultdict[NamedNode, list[tuple[Term, Term]]] = defaultdict(list)
        for subject, predicate, value in cast("Iterable[tuple[Any, NamedNode, Any]]", triples):
            self.pairs[predicate].append((subject, value))
        self.subjects: set[Term] = {subject for pairs in self.pairs.values() for subject, _ in pairs}
        self.memo: defaultdict[Shape, tuple[set[Term], set[Term]]] = defaultdict(lambda: (set(), set()))
        self.closures: defaultdict[str, dict[Term, set[Term]]] = defaultdict(dict)
        self._tables: dict[str, Reached] = {}
        self._below: dict[frozenset[Term], set[Term]] = base._below if base and SUBCLASS_OF not in self.pairs else {}

    def table(self, step: Step) -> Reached:
        """Return the values of each node from which the step leads anywhere, each of them once."""
        table = self._tables.get(step.name)
        if table is None:
            made: dict[Term, list[Term]] = {}
            for predicate, inverse in step.predicates:
                for subject, value in self.pairs.get(predicate, ()):
                    key, other = (value, subject) if inverse else (subject, value)
                    made.setdefault(key, []).append(other)
            under = self.base.table(step) if self.base else {}
            for key, values in made.items():
                if len(values) > 1 or key in under:
                    made[key] = list(dict.fromkeys([*under.get(key, ()), *values]))
            table = self._tables[step.name] = {**under, **made} if under and made else made or under
        return table

    def outside(self, nodes: set[Term], classes: frozenset[Term]) -> set[Term]:
        """Return those of some nodes that are of none of some classes, nor of one below them."""
        kinds, types = self._kinds(classes), self.table(_TYPES)
        return {node for node in nodes if kinds.isdisjoint(types.get(node, ()))}

    def focus_nodes(self, targets: Iterable[tuple[str, Term]]) -> set[Term]:
        """Return the graph's own subjects that one of the targets means."""
        found: set[Term] = set()
        for target, value in targets:
            if target == "targetClass":
                found.update(*(self._typed.get(kind, ()) for kind in self._kinds(frozenset([value]))))
            else:
                step = Step((cast("NamedNode", value), target == "targetObjectsOf"))
                found |= self.subjects & self.table(step).keys()
        return found

    @cached_property
    def _typed(self) -> dict[Term, list[Term]]:
        made: dict[Term, list[Term]] = {}
        for subject in self.subjects:
            for kind in self.table(_TYPES).get(subject, ()):
                made.setdefault(kind, []).append(subject)
        return made

    def _kinds(self, classes: frozenset[Term]) -> set[Term]:
        """Return some classes and all below them."""
        found = self._below.get(classes)
        if found is None:
            found = self._below[classes] = {kind for each in classes for kind in _transitive(_BELOW, self, each)}
        return found

    @cached_property
    def respelt(self) -> set[Any]:
        """What a store makes of the literals that it spells in its own way."""
        values = {value for pairs in self.pairs.values() for _, value in pairs if isinstance(value, Literal)}
        typed = {value for value in values if value.datatype.value not in TEXTS}
        return _stored(*typed - _stored(*typed)) | (self.base.respelt if self.base else set())

    def store(self, queries: Collection[Select]) -> Store:
        """Return what queries see of record and base: the properties named, and all about a subject if one is open."""
        base, store = cast("Graph", self.base), Store()
        named = {each for query in queries for each in query.named}
        shared = self.subjects if any(query.is_open for query in queries) else set()
        for pairs in (self.pairs, base.pairs):
            for predicate, stated in pairs.items():
                every = predicate in named
                if every or shared:
                    store.extend(Quad(cast("Any", s), predicate, o) for s, o in stated if every or s in shared)
        return store


@dataclass(eq=False, slots=True)
class Shape:
    """A shape: the path to its value nodes, what must hold of them, and the property shapes below it."""

    name: str
    severity: str
    path: Path | None
    predicate: str
    checks: list[tuple[str, Check]]
    counts: bool
    properties: list[Shape]
    selects: list[Select]

    def _reached(self, graph: Graph, nodes: set[Term]) -> Reached:
        """Return the value nodes of each node; a node without any is left out where no check asks for one."""
        if self.path is None:
            return {node: (node,) for node in nodes}
        if isinstance(self.path, Step):
            table = graph.table(self.path)
            if self.counts:
                return {node: table.get(node, ()) for node in nodes}
            return {node: table[node] for node in nodes & table.keys()}
        return {node: values for node in nodes if (values := self.path(graph, node)) or self.counts}

    def results(self, graph: Graph, focuses: set[Term]) -> Iterator[Result]:
        """Yield what is wrong with focus nodes; the property shapes of a node shape are asked by themselves."""
        reached = self._reached(graph, focuses)
        for name, check in self.checks:
            for focus, value in check(graph, reached):
                yield self.result(focus, value, name)
        if self.path is not None and self.properties:
            own = graph.subjects & _values(reached)
            for shape in self.properties:
                yield from shape.results(graph, own)

    def failing(self, graph: Graph, nodes: set[Term]) -> set[Term]:
        """Return the nodes with which something is wrong; each is looked at once, and only until something is."""
        asked, found = graph.memo[self]
        if new := nodes - asked:
            asked |= new
            left = set(new)
            for _, check in self.checks:
                left.difference_update([focus for focus, _ in check(graph, self._reached(graph, left))] if left else ())
            for shape in self.properties:
                reached = self._reached(graph, left)
                if wrong := shape.failing(graph, _values(reached)):
                    left.difference_update([node for node, values in reached.items() if not wrong.isdisjoint(values)])
            found |= new - left
        return nodes & found

    def result(self, focus: Term, value: Term | None, constraint: str) -> Result:
        """Return one result of this shape."""
        if value is None and constraint == "SPARQL" and self.path is None:
            value = focus
        component = f"{SH}{constraint[0].upper()}{constraint[1:]}ConstraintComponent"
        written = "" if value is None else str(value)
        return Result(self.name, self.severity, str(focus), self.predicate, written, component)


class Step:
    """A path along one predicate, or along any of some, each of them forwards or inverse."""

    def __init__(self, *predicates: tuple[NamedNode, bool]) -> None:
        self.predicates = predicates
        self.name = "|".join(f"{'^' * inverse}{predicate}" for predicate, inverse in predicates)

    def __call__(self, graph: Graph, focus: Term) -> Collection[Term]:
        """Return the values that are reached from a node."""
        return graph.table(self).get(focus, ())


_TYPES, _BELOW = Step((TYPE, False)), Step((SUBCLASS_OF, True))


def _sequence(paths: list[Path], graph: Graph, focus: Term) -> Collection[Term]:
    found: Collection[Term] = (focus,)
    for path in paths:
        if not found:
            break
        found = {value for each in found for value in path(graph, each)} if len(found) > 1 else path(graph, *found)
    return found


def _transitive(path: Path, graph: Graph, focus: Term) -> Collection[Term]:
    known = graph.closures[path.name] if isinstance(path, Step) else {}
    if focus not in known:
        found, waiting = {focus}, [focus]
        while waiting:
            new = [value for value in path(graph, waiting.pop()) if value not in found]
            found.update(new)
            waiting += new
        known[focus] = found
    return known[focus]


def _values(reached: Reached) -> set[Term]:
    return {value for values in reached.values() for value in values}


class Select:
    """A SPARQL constraint, asked for all focus nodes at once: the members of ``kind`` in the graph of that name.

    As SHACL has it, ``$this`` has its value from the start of every group that names it; in another, it would only
    multiply the solutions. ``named`` are the properties it names; it ``is_open`` if it has a variable for one.
    """

    def __init__(self, reader: _Reader, node: Term) -> None:
        text = reader.one(node, "select").value
        words = _WORD.findall(text)
        unknown = {word for word in words if word[0].isalpha() and word.rstrip("{").strip().upper() not in _WORDS}
        unknown |= {word for word in words if word in _MARKS or word[0] == "!" < word}
        unknown |= {"a SELECT in it"} if len(re.findall(r"\bSELECT\b", text, re.IGNORECASE)) > 1 else set()
        unknown |= {"a variable for a property"} if _asks_for_any(text) else set()
        head = _HEAD.match(text)
        if head is None or unknown:
            raise reader.error(node, f"a query with {min(unknown, default='another form')}")
        self._has_value = head[1] is not None
        self.is_open = _asks_for_any(text, of_focus=True)
        self.named = list(dict.fromkeys(NamedNode(word[1:-1]) for word in words if word[0] == "<" < word))
        self._kind = NamedNode(f"focus:{node.value}")
        bound = f"{{ GRAPH {self._kind} {{ $this a {self._kind} }} "
        groups = {word.start() for word in _WORD.finditer(text) if word[0] == "{" and _names_focus(text[word.end() :])}
        self._text = _WORD.sub(lambda word: bound if word.start() in groups else word[0], text)
        try:
            Store().query(self._text)
        except SyntaxError as error:
            raise reader.error(node, f"a query that cannot be read ({error})") from error

    def rows(self, graph: Graph, store: Store, focuses: Iterable[Term]) -> Iterator[tuple[Term, Term | None]]:
        """Yield focus node and value of each solution."""
        store.extend(Quad(cast("NamedNode", focus), TYPE, self._kind, self._kind) for focus in focuses)
        for row in cast("Iterable[Any]", store.query(self._text)):
            value = row["value"] if self._has_value else None
            yield row["this"], self._as_written(graph, row["this"], value) if isinstance(value, Literal) else value

    def _as_written(self, graph: Graph, focus: Term, value: Literal) -> Literal:
        """Return the literal that the store gives in its own spelling (1.50 as 1.5): the one nearest to the focus."""
        nodes = [focus] if value in graph.respelt else []
        for node in nodes:
            for step in (Step((name, inverse)) for name in self.named for inverse in (False, True)):
                for each in step(graph, node):
                    if isinstance(each, Literal) and value in {each, *_stored(each)}:
                        return each
                    if each not in nodes:
                        nodes.append(each)
        return value


def _stored(*values: Literal) -> set[Any]:
    store = Store()
    store.extend(Quad(TYPE, TYPE, value) for value in values)
    return {quad.object for quad in store}


def _names_focus(text: str) -> bool:
    """Whether the group that begins at the start of a text, or one in it, names the focus node."""
    depth = 1
    for word in _WORD.findall(text):
        depth += (word[-1] == "{" and word[0] != "#") - (word == "}")
        if not depth or word in {"$this", "?this"}:
            return bool(depth)
    return False


def _asks_for_any(text: str, *, of_focus: bool = False) -> bool:
    """Whether a query leaves open a property of anything but the focus node, or of that too."""
    body = _WORD.sub(lambda found: "<>" if len(found[0]) > 1 and found[0][0] in "\"'<" else found[0], text)
    body, before = body.partition("{")[2], ""
    while body != before:
        before, body = body, re.sub(r"\([^()]*\)", "<>", body)
    for pattern in re.split(r"[{}.]|\b(?:FILTER|BIND|UNION|NOT|EXISTS)\b\s*(?:<>)?", body, flags=re.IGNORECASE):
        subject, *rest = pattern.split(None, 1) or [""]
        verbs = [each.split(None, 1)[0] for each in "".join(rest).split(";") if each.strip()]
        if (of_focus or subject[1:] != "this") and any(verb[0] in "?$" for verb in verbs):
            return True
    return False


_WORD = re.compile(
    r"""<[^<>"{}|^`\\\s?$]*>|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\#[^\n]*|\bEXISTS\s*\{|[?$]\w+|[^\W\d]\w*|!\s*[(<^]|\S""",
    re.IGNORECASE,
)
_HEAD = re.compile(r"\s*SELECT\s+(?:DISTINCT\s+)?[$?]this(\s+[$?]value)?\s+WHERE\s*\{", re.IGNORECASE)
_WORDS = {
    *("SELECT", "DISTINCT", "WHERE", "UNION", "FILTER", "NOT", "EXISTS", "BIND", "AS", "GROUP", "BY", "HAVING", "SUM"),
    *("IF", "BOUND", "STR", "STRLEN", "STRSTARTS", "STRAFTER", "STRBEFORE", "SUBSTR", "CONCAT", "REGEX", "TRUE"),
}
_MARKS = {"[", "]", ":", "$PATH", "$currentShape", "$shapesGraph"}


class _Reader:
    """Reads the shapes of a graph, each once; properties of SHACL go by their names, others by their IRIs."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._about: dict[Term, dict[str, list[Term]]] = {}
        self._owners: dict[Term, Term] = {}
        for subject, predicate, value in cast("Iterable[tuple[Any, NamedNode, Any]]", triples):
            name = predicate.value.replace(RDF, "rdf:").removeprefix(SH)
            values = self._about.setdefault(subject, {}).setdefault(name, [])
            if value not in values:
                values.append(value)
            if isinstance(value, BlankNode):
                self._owners.setdefault(value, subject)
        self._shapes: dict[Term, Shape | None] = {}

    def targeted(self) -> dict[Shape, set[tuple[str, Term]]]:
        """Return each shape whose results are reported, property shapes of node shapes too, with its targets."""
        found: dict[Shape, set[tuple[str, Term]]] = {}
        for node, stated in self._about.items():
            self._refuse_unknown(node, stated)
            targets = {(kind, value) for kind in _TARGETS for value in stated.get(kind, ())}
            if targets:
                shape = self._shape(node)
                for each in (shape, *(shape.properties if shape.path is None else ())):
                    found.setdefault(each, set()).update(targets)
        return found

    def one(self, node: Term, name: str) -> Term:
        """Return the value of a property that has one value."""
        values = self._about.get(node, {}).get(name, [])
        if len(values) != 1:
            raise self.error(node, f"{len(values)} values of {name if ':' in name else f'sh:{name}'} in place of one")
        return values[0]

    def error(self, node: Term, construct: str) -> ShapeError:
        """Return the error that names a construct, and the shape in which it stands."""
        while node in self._owners:
            node = self._owners.pop(node)
        return ShapeError(
            f"The shape {node} uses {construct}, which this check does not support. "
            "Write the rule without it, or check with the engine pyshacl."
        )

    def _refuse_unknown(self, node: Term, stated: dict[str, list[Term]]) -> None:
        kinds = {value.value.removeprefix(SH) for value in stated.get("rdf:type", ())}
        unknown = {name for name in stated if ":" not in name} - _PROPERTIES
        unknown |= {kind for kind in kinds if ":" not in kind} - _CLASSES
        if unknown:
            raise self.error(node, f"sh:{min(unknown)}")
        if kinds.intersection(_SHAPES) and kinds & {RDFS + "Class", OWL + "Class"}:
            raise self.error(node, "itself as a target class")

    def _shape(self, node: Term) -> Shape:
        if node not in self._shapes:
            self._shapes[node] = None
            self._shapes[node] = self._read(node, self._about.get(node, {}))
        shape = self._shapes[node]
        if shape is None:
            raise self.error(node, "a shape that refers to itself")
        return shape

    def _inner(self, node: Term) -> Shape:
        """Return a shape that others refer to, in which no query is asked."""
        shape = self._shape(node)
        if shape.selects or any(each.selects for each in shape.properties):
            raise self.error(node, "sh:sparql in a shape inside another")
        return shape

    def _read(self, node: Term, stated: dict[str, list[Term]]) -> Shape:
        path = self.one(node, "path") if "path" in stated else None
        if sh(_SHAPES[path is None]) in stated.get("rdf:type", ()):
            raise self.error(node, "sh:PropertyShape without sh:path, or sh:NodeShape with it")
        properties = [(self._shape if path is None else self._inner)(child) for child in stated.get("property", ())]
        if any(shape.path is None for shape in properties):
            raise self.error(node, "sh:property with a shape without sh:path")
        checks = [check for name in stated for check in self._checks(node, name, is_property=path is not None)]
        return Shape(
            str(node) if isinstance(node, BlankNode) else node.value,
            slug(self.one(node, "severity").value) if "severity" in stated else "Violation",
            None if path is None else self._path(path),
            path.value if isinstance(path, NamedNode) else "",
            checks,
            any(name in _ON_NONE for name, _ in checks),
            properties,
            [Select(self, each) for each in stated.get("sparql", ())],
        )

    def _checks(self, node: Term, name: str, *, is_property: bool) -> Iterator[tuple[str, Check]]:
        """Yield component and check of a constraint, one for each value where there may be several."""
        if name in _ON_PROPERTIES and not is_property:
            raise self.error(node, f"sh:{name} without sh:path")
        if name == "qualifiedMinCount" and "qualifiedValueShape" not in self._about[node]:
            raise self.error(node, "sh:qualifiedMinCount without sh:qualifiedValueShape")
        if name not in _CHECKS:
            return
        for value in self._about[node][name] if name in _REPEATED else [self.one(node, name)]:
            try:
                argument = self._argument(node, name, value)
            except (ValueError, re.error):
                argument = None
            if argument is None:
                raise self.error(node, f"sh:{name} {value}")
            yield "qualifiedMinCount" if name == "qualifiedValueShape" else name, partial(_check, name, argument)

    def _argument(self, node: Term, name: str, value: Term) -> Any:
        """Return what a check needs of the value of its constraint; None or ValueError for one not supported."""
        if name in {"node", "not"}:
            if (shape := self._inner(value)).path is not None and name == "node":
                raise self.error(node, "sh:node with a shape with sh:path")
            return shape
        if name in {"or", "in"}:
            members = self._members(value)
            return frozenset(members) if name == "in" else [self._inner(member) for member in members]
        if name == "pattern":
            flags = "".join(flag.value for flag in self._about[node].get("flags", ()))
            if flags not in {"", "i"}:
                raise self.error(node, f'sh:flags "{flags}"')
            return re.compile(value.value, re.IGNORECASE if flags else 0)
        if name == "qualifiedValueShape":
            return self._inner(value), int(self.one(node, "qualifiedMinCount").value)
        return _ARGUMENTS[name](value)

    def _members(self, node: Term) -> list[Term]:
        found: list[Term] = []
        while node != _NIL:
            found.append(self.one(node, _FIRST))
            node = self.one(node, _REST)
            if len(found) > len(self._about):
                raise self.error(node, "a list without an end")
        return found

    def _path(self, node: Term, *, inverse: bool = False) -> Path:
        if isinstance(node, NamedNode):
            return Step((node, inverse))
        if _FIRST in self._about.get(node, {}) and not inverse:
            return partial(_sequence, [self._path(part) for part in self._members(node)])
        stated = [(name, value) for name, values in self._about.get(node, {}).items() for value in values]
        kind, target = stated[0] if len(stated) == 1 else ("", node)
        if kind == "inversePath":
            return self._path(target, inverse=not inverse)
        if kind == "alternativePath":
            paths = [self._path(part, inverse=inverse) for part in self._members(target)]
            steps = [path for path in paths if isinstance(path, Step)]
            if len(steps) == len(paths):
                return Step(*(each for path in steps for each in path.predicates))
            return lambda graph, focus: {value for path in paths for value in path(graph, focus)}
        if kind in {"zeroOrOnePath", "zeroOrMorePath"}:
            step = self._path(target, inverse=inverse)
            return partial(_transitive, step) if kind == "zeroOrMorePath" else lambda *at: {at[1], *step(*at)}
        raise self.error(node, "a sequence turned round" if inverse else "a path that is not well formed")


_VALUE_TESTS: dict[str, Callable[[Any, Any], bool]] = {  # of argument and value
    "datatype": lambda kind, value: (
        isinstance(value, Literal) and value.datatype == kind[0] and is_well_typed(value.value, kind[1])
    ),
    "nodeKind": lambda kind, value: isinstance(value, kind),
    "minLength": lambda least, value: not least or (not isinstance(value, BlankNode) and len(value.value) >= least),
    "maxLength": lambda most, value: not isinstance(value, BlankNode) and len(value.value) <= most,
    "pattern": lambda pattern, value: not isinstance(value, BlankNode) and bool(pattern.search(value.value)),
    "minInclusive": lambda bound, value: compared(value, bound) in {0, 1},
    "minExclusive": lambda bound, value: compared(value, bound) == 1,
}
_SET_TESTS: dict[str, Callable[[Any, Graph, set[Term]], set[Term]]] = {  # give the values that fail
    "class": lambda classes, graph, values: graph.outside(values, classes),
    "in": lambda members, _, values: values - members,
    "node": lambda shape, graph, values: shape.failing(graph, values),
    "not": lambda shape, graph, values: values - shape.failing(graph, values),
    "or": lambda shapes, graph, values: reduce(lambda rest, shape: shape.failing(graph, rest), shapes, values),
}
_COUNT_TESTS: dict[str, Callable[[Any, Collection[Any]], bool]] = {  # of argument and all values of a node
    "minCount": lambda least, values: len(values) >= least,
    "maxCount": lambda most, values: len(values) <= most,
    "hasValue": lambda needed, values: needed in values,
    "uniqueLang": lambda _, values: (
        len(tags := [value.language for value in values if getattr(value, "language", None)]) == len(set(tags))
    ),
}
_PAIR_TESTS: dict[str, Callable[[Any, Any], bool]] = {  # of a value and the values of the other property
    "disjoint": lambda value, others: value not in others,
    "lessThanOrEquals": lambda value, others: all(order(value, other) in {-1, 0} for other in others),
}


_NODE_KINDS: dict[str, type | tuple[type, ...]] = {
    SH + "IRI": NamedNode,
    SH + "Literal": Literal,
    SH + "BlankNode": BlankNode,
    SH + "BlankNodeOrIRI": (BlankNode, NamedNode),
}
_ARGUMENTS: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("minLength", "maxLength", "minCount", "maxCount"), lambda value: int(value.value)),
    **dict.fromkeys(
        ("minInclusive", "minExclusive"),
        lambda value: value if isinstance(number(value), int) and value.datatype.value == XSD + "integer" else None,
    ),
    **dict.fromkeys(("disjoint", "lessThanOrEquals"), lambda value: Step((value, False))),
    "class": lambda value: frozenset([value]),
    "datatype": lambda value: (value, DATATYPES[value.value]) if value.value in DATATYPES else None,
    "hasValue": lambda value: value,
    "nodeKind": lambda value: _NODE_KINDS.get(value.value),
    "uniqueLang": lambda value: value if value.value == "true" else None,
}


def _check(name: str, argument: Any, graph: Graph, reached: Reached) -> Collection[tuple[Term, Term | None]]:
    """Return each focus node that fails a constraint, with the value that does, None where it has none."""
    if name in _COUNT_TESTS:
        holds = _COUNT_TESTS[name]
        return [(focus, None) for focus, values in reached.items() if not holds(argument, values)]
    if name in _PAIR_TESTS:
        holds, pairs = _PAIR_TESTS[name], reached.items()
        return [(focus, v) for focus, values in pairs for v in values if not holds(v, argument(graph, focus))]
    if name == "qualifiedValueShape":
        (shape, least), lacking = argument, set(reached)
        for most in (_FEW, None):  # mostly a few values are enough
            some = {value for focus in lacking for value in islice(reached[focus], most)}
            fitting = some - shape.failing(graph, some)
            lacking = {focus for focus in lacking if len(fitting.intersection(reached[focus])) < least}
        return [(focus, None) for focus in lacking]
    values = _values(reached)
    if name in _SET_TESTS:
        wrong = _SET_TESTS[name](argument, graph, values)
    else:
        wrong = {value for value in values if not _VALUE_TESTS[name](argument, value)}
    return [(focus, value) for focus, values in reached.items() for value in values if value in wrong] if wrong else ()


_FEW = 8
_CHECKS = {*_VALUE_TESTS, *_SET_TESTS, *_COUNT_TESTS, *_PAIR_TESTS, "qualifiedValueShape"}
_REPEATED = {"class", "pattern", "hasValue", "disjoint", "lessThanOrEquals", "node", "not", "or"}
_ON_PROPERTIES = {"minCount", "maxCount", "uniqueLang", "lessThanOrEquals", "qualifiedValueShape", "qualifiedMinCount"}
_ON_NONE = {"minCount", "hasValue", "qualifiedMinCount"}
_NIL, _FIRST, _REST = NamedNode(RDF + "nil"), "rdf:first", "rdf:rest"
_TARGETS = ("targetClass", "targetSubjectsOf", "targetObjectsOf")
_SHAPES = ("NodeShape", "PropertyShape")
_CLASSES = {*_SHAPES, "PropertyGroup", "SPARQLConstraint"}
_PROPERTIES = {
    *(*_CHECKS, *_TARGETS, "qualifiedMinCount", "flags", "path", "property", "sparql", "select", "severity"),
    *("inversePath", "alternativePath", "zeroOrOnePath", "zeroOrMorePath"),
    *("message", "name", "description", "order", "group"),
}
