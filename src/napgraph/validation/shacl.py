"""SHACL as far as the project's shapes use it: shapes are read once and evaluated over indexed triples.

Results are those of pyshacl, on the record's own subjects. What the tables below do not name is refused with a
ShapeError when the shapes are read. Literals are read and ordered as rdflib does (``1_000`` is an integer, any text a
year, values without a common order go by datatype), because pyshacl does; the shapes close such gaps by patterns.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property, partial
from itertools import islice
from math import inf
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store

from ..errors import ShapeError
from ..rdf.namespaces import slug
from .report import Result

if TYPE_CHECKING:
    from pyoxigraph import Triple

    Path = Callable[["Graph", "Term"], Collection["Term"]]
    Check = Callable[["Graph", "Term", Collection["Term"]], Collection["Term | None"]]

Term: TypeAlias = NamedNode | BlankNode | Literal
Table: TypeAlias = dict[Term, list[Term]]

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
SH: Final = "http://www.w3.org/ns/shacl#"
TYPE: Final = NamedNode(RDF + "type")
SUBCLASS_OF: Final = NamedNode(RDFS + "subClassOf")


def sh(name: str) -> NamedNode:
    """Return the term of SHACL with this name."""
    return NamedNode(SH + name)


class Validator:
    """Shapes for any number of records, each validated beside the code lists and under the ontology's class tree.

    Raises ShapeError, which names the shape, for a construct of SHACL that is not supported.
    """

    def __init__(self, shapes: Iterable[Triple], ontology: Iterable[Triple], lists: Iterable[Triple]) -> None:
        self._shapes: dict[frozenset[tuple[str, Term]], list[Shape]] = {}
        for shape, targets in _Reader(shapes).targeted().items():
            self._shapes.setdefault(frozenset(targets), []).append(shape)
        self._base = Graph([*lists, *filter(_is_axiom, ontology)])

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
        own = {str(subject) for subject in graph.subjects}
        return sorted(result for result in found if result.focus in own)


def _is_axiom(triple: Triple) -> bool:
    """Whether engines mix a triple of the ontology into the data: its predicate or class is of RDFS or OWL."""
    term = triple.object if triple.predicate == TYPE else triple.predicate
    return getattr(term, "value", "").startswith((RDFS, OWL))


class Graph:
    """Triples by predicate from both ends, over a ``base`` that is shared; costs as much as the triples are many."""

    def __init__(self, triples: Iterable[Triple], base: Graph | None = None) -> None:
        self.base = base
        self.pairs: defaultdict[NamedNode, list[tuple[Term, Term]]] = defaultdict(list)
        for subject, predicate, value in cast("Iterable[tuple[Any, NamedNode, Any]]", triples):
            self.pairs[predicate].append((subject, value))
        self.subjects: set[Term] = {subject for pairs in self.pairs.values() for subject, _ in pairs}
        self.memo: defaultdict[Shape, dict[Term, bool]] = defaultdict(dict)
        self.tables: dict[str, Table] = {}
        self._starts: dict[str, set[Term]] = {}
        self._below: dict[frozenset[Term], set[Term]] = base._below if base and SUBCLASS_OF not in self.pairs else {}

    def table(self, step: Step) -> Table:
        """Return the values of each node from which the step leads anywhere, each of them once."""
        table = self.tables.get(step.name)
        if table is None:
            table = {}
            for predicate, inverse in step.predicates:
                for subject, value in self.pairs.get(predicate, ()):
                    key, other = (value, subject) if inverse else (subject, value)
                    table.setdefault(key, []).append(other)
            under = self.base.table(step) if self.base else {}
            for key, values in table.items():
                if len(values) > 1 or key in under:
                    table[key] = list(dict.fromkeys([*under.get(key, ()), *values]))
            table = self.tables[step.name] = under | table if under and table else table or under
        return table

    def starts(self, step: Step) -> set[Term]:
        """Return the graph's own subjects from which a step leads anywhere."""
        starts = self._starts.get(step.name)
        if starts is None:
            starts = self._starts[step.name] = self.subjects & self.table(step).keys()
        return starts

    def is_instance(self, node: Term, classes: frozenset[Term]) -> bool:
        """Whether a node is of one of some classes or of one below them."""
        types = _TYPES(self, node)
        return bool(types) and not self._kinds(classes).isdisjoint(types)

    def focus_nodes(self, targets: Collection[tuple[str, Term]]) -> set[Term]:
        """Return the graph's own subjects that one of the targets means."""
        found: set[Term] = set()
        for target, value in targets:
            if target == "targetClass":
                types = self.table(_INSTANCES)
                for kind in self._kinds(frozenset([value])):
                    found.update(self.subjects.intersection(types.get(kind, ())))
            else:
                step = Step((cast("NamedNode", value), target == "targetObjectsOf"))
                found |= self.subjects & self.table(step).keys()
        return found

    def _kinds(self, classes: frozenset[Term]) -> set[Term]:
        """Return classes that shapes name, and all below them."""
        found = self._below.get(classes)
        if found is None:
            found = self._below[classes] = {kind for each in classes for kind in _reached(_BELOW, self, each)}
        return found

    @cached_property
    def respelt(self) -> set[Any]:
        """What a store makes of the literals that it spells in its own way."""
        values = {value for pairs in self.pairs.values() for _, value in pairs if isinstance(value, Literal)}
        typed = [value for value in values if value.datatype.value not in _TEXTS]
        found = {stored for value in typed if (stored := _stored(value)) != value}
        return found | self.base.respelt if self.base else found

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
    properties: list[Shape]
    selects: list[Select]

    def results(self, graph: Graph, focuses: Iterable[Term]) -> Iterator[Result]:
        """Yield what is wrong with focus nodes; the property shapes of a node shape are asked by themselves."""
        fails_on_none = any(name in _ON_NONE for name, _ in self.checks)
        if isinstance(self.path, Step) and isinstance(focuses, set) and not fails_on_none:
            focuses = focuses & graph.starts(self.path)
        for focus in focuses:
            values = (focus,) if self.path is None else self.path(graph, focus)
            if values or fails_on_none:
                for name, check in self.checks:
                    for value in check(graph, focus, values):
                        yield self.result(focus, value, name)
                if self.path is not None:
                    for shape in self.properties:
                        yield from shape.results(graph, values)

    def conforms(self, graph: Graph, node: Term) -> bool:
        """Whether nothing is wrong with a node."""
        memo = graph.memo[self]
        found = memo.get(node)
        if found is None:
            values = (node,) if self.path is None else self.path(graph, node)
            found = not any(check(graph, node, values) for _, check in self.checks)
            if found and self.properties:
                found = all(shape.conforms(graph, value) for shape in self.properties for value in values)
            memo[node] = found
        return found

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
        table = graph.tables.get(self.name)
        return (graph.table(self) if table is None else table).get(focus, ())


_TYPES, _INSTANCES, _BELOW = Step((TYPE, False)), Step((TYPE, True)), Step((SUBCLASS_OF, True))


def _sequence(paths: list[Path], graph: Graph, focus: Term) -> Collection[Term]:
    found: Collection[Term] = (focus,)
    for path in paths:
        found = {value for each in found for value in path(graph, each)}
    return found


def _reached(path: Path, graph: Graph, focus: Term) -> Collection[Term]:
    found, waiting = {focus}, [focus]
    while waiting:
        new = [value for value in path(graph, waiting.pop()) if value not in found]
        found.update(new)
        waiting += new
    return found


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
        self._text = _WORD.sub(
            lambda found: bound if found[0] == "{" and _names_focus(text[found.end() :]) else found[0], text
        )
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
                    if isinstance(each, Literal) and value in (each, _stored(each)):
                        return each
                    if each not in nodes:
                        nodes.append(each)
        return value


def _stored(value: Literal) -> Any:
    store = Store()
    store.add(Quad(TYPE, TYPE, value))
    return next(quad.object for quad in store)


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
    *("IF", "BOUND", "STR", "STRLEN", "STRSTARTS", "STRAFTER", "SUBSTR", "CONCAT", "REGEX", "TRUE"),
}
_MARKS = {"[", "]", ":", "$PATH", "$currentShape", "$shapesGraph"}


class _Reader:
    """Reads the shapes of a graph, each once; properties of SHACL go by their names, others by their IRIs."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._about: dict[Term, dict[str, list[Term]]] = {}
        self._owners: dict[Term, Term] = {}
        for subject, predicate, value in cast("Iterable[tuple[Any, NamedNode, Any]]", triples):
            values = self._about.setdefault(subject, {}).setdefault(
                predicate.value.replace(RDF, "rdf:").removeprefix(SH), []
            )
            if value not in values:
                values.append(value)
            if isinstance(value, BlankNode):
                self._owners.setdefault(value, subject)
        self._shapes: dict[Term, Shape | None] = {}

    def targeted(self) -> dict[Shape, set[tuple[str, Term]]]:
        """Return each shape whose results are reported, with its targets.

        A property shape of a node shape has the targets of all node shapes that share it, and is evaluated once.
        """
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
        return Shape(
            str(node) if isinstance(node, BlankNode) else node.value,
            slug(self.one(node, "severity").value) if "severity" in stated else "Violation",
            None if path is None else self._path(path),
            path.value if isinstance(path, NamedNode) else "",
            [check for name in stated for check in self._checks(node, name, is_property=path is not None)],
            properties,
            [Select(self, each) for each in stated.get("sparql", ())],
        )

    def _checks(self, node: Term, name: str, *, is_property: bool) -> Iterator[tuple[str, Check]]:
        """Yield component and check of a constraint, one for each value where there may be several."""
        if name in _ON_PROPERTIES and not is_property:
            raise self.error(node, f"sh:{name} without sh:path")
        if name == "qualifiedMinCount" and "qualifiedValueShape" not in self._about[node]:
            raise self.error(node, "sh:qualifiedMinCount without sh:qualifiedValueShape")
        if name not in _TESTS and name not in _CHECKS:
            return
        for value in self._about[node][name] if name in _REPEATED else [self.one(node, name)]:
            try:
                argument = self._argument(node, name, value)
            except (ValueError, re.error):
                argument = None
            if argument is None:
                raise self.error(node, f"sh:{name} {value}")
            kind = "class" if name == "or" and isinstance(argument, frozenset) else name  # a choice of classes alone
            check = partial(_failing, _TESTS[kind], argument) if kind in _TESTS else partial(_CHECKS[kind], argument)
            yield "qualifiedMinCount" if name == "qualifiedValueShape" else name, check

    def _argument(self, node: Term, name: str, value: Term) -> Any:  # noqa: C901, PLR0911, PLR0912  # one for each kind
        """Return what a check needs of the value of its constraint; None or ValueError for one not supported."""
        match name:
            case "node" | "not":
                shape = self._inner(value)
                if name == "node" and shape.path is not None:
                    raise self.error(node, "sh:node with a shape with sh:path")
                return shape
            case "or":
                members = self._members(value)
                stated = [self._about.get(member, {}) for member in members]
                if all(each.keys() == {"class"} and len(each["class"]) == 1 for each in stated):
                    return frozenset(each["class"][0] for each in stated)
                return [self._inner(member) for member in members]
            case "class":
                return frozenset([value])
            case "in":
                return frozenset(self._members(value))
            case "pattern":
                flags = "".join(flag.value for flag in self._about[node].get("flags", ()))
                if flags not in {"", "i"}:
                    raise self.error(node, f'sh:flags "{flags}"')
                return re.compile(value.value, re.IGNORECASE if flags else 0)
            case "qualifiedValueShape":
                return self._inner(value), int(self.one(node, "qualifiedMinCount").value)
            case "minLength" | "maxLength" | "minCount" | "maxCount":
                return int(value.value)
            case "minInclusive" | "minExclusive":
                is_integer = isinstance(value, Literal) and value.datatype.value == XSD + "integer"
                return value if is_integer and _number(value) is not None else None
            case "datatype":
                return (value, _DATATYPES[value.value]) if value.value in _DATATYPES else None
            case "nodeKind":
                kinds = {"IRI": NamedNode, "Literal": Literal, "BlankNode": BlankNode, "BlankNodeOrIRI": (BlankNode, NamedNode)}
                return kinds.get(value.value.removeprefix(SH))
            case "disjoint" | "lessThanOrEquals":
                return Step((cast("NamedNode", value), False))
            case "uniqueLang":
                return value if value.value == "true" else None
        return value

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
            return partial(_reached, step) if kind == "zeroOrMorePath" else lambda *at: {at[1], *step(*at)}
        raise self.error(node, "a sequence turned round" if inverse else "a path that is not well formed")


def _failing(test: Callable[[Graph, Term, Any], bool], argument: Any, graph: Graph, _: Term, values: Any) -> list[Term]:
    return [value for value in values if not test(graph, value, argument)]


def _above(value: Term, bound: Literal) -> int | None:
    """Return how a value lies to an integer; None for an ill-typed integer, for a time and for what has no order."""
    kinds = (bound.datatype.value, XSD + "time")
    is_unordered = isinstance(value, Literal) and value.datatype.value in kinds and _number(value) is None
    return None if is_unordered else _order(value, bound)


def _is_well_typed(text: str, reader: Callable[[str], object] | None) -> bool:
    """Whether rdflib takes a text for a value of a datatype; any text where it has no reader."""
    try:
        return reader is None or reader(text) is not None
    except (ValueError, ArithmeticError):
        return False


def _number(term: Term) -> int | float | Decimal | None:
    """Return the number that a literal stands for, None for anything else."""
    name = term.datatype.value.removeprefix(XSD) if isinstance(term, Literal) else ""
    if name not in _NUMBERS and name not in _INTEGERS:
        return None
    try:
        value = _NUMBERS.get(name, int)(term.value)
    except (ValueError, ArithmeticError):
        return None
    least, most = _INTEGERS.get(name, (value, value))
    return value if name in _NUMBERS or least <= value <= most else None


def _order(one: Term, other: Term) -> int | None:
    """Return -1, 0 or 1 as one term is below, equal to or above another; None where they have no order."""
    terms = (one, other)
    is_text = [isinstance(t, NamedNode) or (isinstance(t, Literal) and t.datatype.value in _TEXTS) for t in terms]
    keys: list[Any] = [term.value if text else None for term, text in zip(terms, is_text, strict=True)]
    if keys == [None, None] and isinstance(one, Literal) and isinstance(other, Literal):
        keys = [_number(one), _number(other)]
        if None in keys:
            keys = [(one.datatype.value, one.value), (other.datatype.value, other.value)]
    try:
        return None if None in keys else 0 if keys[0] == keys[1] else 1 if keys[0] > keys[1] else -1
    except ArithmeticError:  # a decimal that is no number
        return None


def _date(text: str) -> date:
    """Read a date; a time or a zone after it is dropped."""
    bare = re.sub(r"(?:T.*|\+[^+]*|-[^-+]*:[^-+]*)$", "", re.sub(r"[Zz]$", "", text))
    return date.fromisoformat(bare if "-" in bare else "")


def _duration(text: str) -> object:
    """Read a duration, or ``P`` and a date."""
    if found := _DURATION.match(text):
        return timedelta(**{unit: float(count.replace(",", ".")) for unit, count in found.groupdict("0").items()})
    return datetime.fromisoformat(text[1:] if text[:1] == "P" else "")


_PART = r"[0-9]+(?:[,.][0-9]+)?"
_DURATION = re.compile(
    rf"[+-]?P(?!\b)(?:{_PART}Y)?(?:{_PART}M)?(?:(?P<weeks>{_PART})W)?(?:(?P<days>{_PART})D)?"
    rf"(?:T(?:(?P<hours>{_PART})H)?(?:(?P<minutes>{_PART})M)?(?:(?P<seconds>{_PART})S)?)?$"
)
_DATATYPES: dict[str, Callable[[str], object] | None] = {
    XSD + "integer": int,
    XSD + "decimal": Decimal,
    XSD + "date": _date,
    XSD + "duration": _duration,
    **dict.fromkeys((XSD + "gYear", XSD + "gYearMonth", XSD + "string", RDF + "langString")),
}
_TEXTS = {XSD + name for name in ("string", "normalizedString", "token", "language", "anyURI")} | {RDF + "langString"}
_NUMBERS: dict[str, Any] = {"decimal": Decimal, "float": float, "double": float}
_INTEGERS: dict[str, tuple[float, float]] = {
    **dict.fromkeys(("integer", "long"), (-inf, inf)),
    **dict.fromkeys(("nonNegativeInteger", "unsignedLong"), (0, inf)),
    "positiveInteger": (1, inf),
    "nonPositiveInteger": (-inf, 0),
    "negativeInteger": (-inf, -1),
    **{name: (-(2.0**bits), 2.0**bits - 1) for name, bits in (("int", 31), ("short", 15), ("byte", 7))},
    **{f"unsigned{name}": (0, 2.0**bits - 1) for name, bits in (("Int", 32), ("Short", 16), ("Byte", 8))},
}

_NONE = ((), (None,))
_TESTS: dict[str, Callable[[Graph, Any, Any], bool]] = {
    "class": lambda graph, value, kind: graph.is_instance(value, kind),
    "datatype": lambda _, value, kind: (
        isinstance(value, Literal) and value.datatype == kind[0] and _is_well_typed(value.value, kind[1])
    ),
    "nodeKind": lambda _, value, kind: isinstance(value, kind),
    "minLength": lambda _, value, least: not least or (not isinstance(value, BlankNode) and len(value.value) >= least),
    "maxLength": lambda _, value, most: not isinstance(value, BlankNode) and len(value.value) <= most,
    "pattern": lambda _, value, pattern: not isinstance(value, BlankNode) and bool(pattern.search(value.value)),
    "in": lambda _, value, members: value in members,
    "minInclusive": lambda _, value, bound: _above(value, bound) in {0, 1},
    "minExclusive": lambda _, value, bound: _above(value, bound) == 1,
    "node": lambda graph, value, shape: shape.conforms(graph, value),
    "not": lambda graph, value, shape: not shape.conforms(graph, value),
    "or": lambda graph, value, shapes: any(shape.conforms(graph, value) for shape in shapes),
}
_CHECKS: dict[str, Callable[[Any, Graph, Term, Collection[Any]], Collection[Term | None]]] = {
    "minCount": lambda least, _, __, values: _NONE[len(values) < least],
    "maxCount": lambda most, _, __, values: _NONE[len(values) > most],
    "hasValue": lambda needed, _, __, values: _NONE[needed not in values],
    "uniqueLang": lambda _, __, ___, values: _NONE[
        len(tags := [value.language for value in values if getattr(value, "language", None)]) > len(set(tags))
    ],
    "disjoint": lambda other, graph, focus, values: set(values).intersection(other(graph, focus)),
    "lessThanOrEquals": lambda other, graph, focus, values: [
        value for value in values for bound in other(graph, focus) if _order(value, bound) not in {-1, 0}
    ],
    "qualifiedValueShape": lambda needed, graph, _, values: _NONE[
        len(list(islice((value for value in values if needed[0].conforms(graph, value)), needed[1]))) < needed[1]
    ],
}
_REPEATED = {"class", "pattern", "hasValue", "disjoint", "lessThanOrEquals", "node", "not", "or"}
_ON_PROPERTIES = {"minCount", "maxCount", "uniqueLang", "lessThanOrEquals", "qualifiedValueShape", "qualifiedMinCount"}
_ON_NONE = {"minCount", "hasValue", "qualifiedMinCount"}
_NIL, _FIRST, _REST = NamedNode(RDF + "nil"), "rdf:first", "rdf:rest"
_TARGETS = ("targetClass", "targetSubjectsOf", "targetObjectsOf")
_SHAPES = ("NodeShape", "PropertyShape")
_CLASSES = {*_SHAPES, "PropertyGroup", "SPARQLConstraint"}
_PROPERTIES = {
    *(*_TESTS, *_CHECKS, *_TARGETS, "qualifiedMinCount", "flags", "path", "property", "sparql", "select", "severity"),
    *("inversePath", "alternativePath", "zeroOrOnePath", "zeroOrMorePath"),
    *("message", "name", "description", "order", "group"),
}
