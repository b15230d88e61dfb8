"""Take what the strict parser gives, triple by triple: limits, IRIs, lexical forms."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from hashlib import blake2b
from itertools import islice

import pyoxigraph

from ..errors import IntakeError
from ..rdf import datatypes
from .limits import Limits
from .record import Location, Note

_DAMAGE = re.compile("[\ufffd\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_NO_TRIPLE = {"rdf-xml": 'Leave out rdf:parseType="Triple" and rdf:annotation.', "json-ld": 'Leave out "@annotation".'}
_SHOWN = 80  # characters of a value that a message shows

Node = pyoxigraph.NamedNode | pyoxigraph.BlankNode


class TripleFilter:
    """Triples, each once, which of the parser's they are (``kept``), how many it gave, and what is to be noted.

    ``remarks`` are the number of the parser's triple, the key of a note and its values. Blank nodes are named by the
    ``seed``, the file's content; ``line_at`` gives the line of a triple by its number, or of what it holds.
    """

    def __init__(
        self,
        name: str,
        seed: bytes,
        limits: Limits,
        line_at: Callable[[int, str], int | None] = lambda _, __: None,
        form: str = "",
    ) -> None:
        self.triples: list[pyoxigraph.Triple] = []
        self.kept: list[int] = []
        self.count = 0
        self.graphs: dict[str, None] = {}
        self.remarks: list[tuple[int, str, dict[str, str]]] = []
        self._name, self._limits, self._line_at, self._form = name, limits, line_at, form
        self._label = "b" + blake2b(seed, digest_size=6).hexdigest()
        self._seen: set[object] = set()  # triples, IRIs that are right, texts that were noted
        self._blank: dict[str, pyoxigraph.BlankNode] = {}

    def add(self, quads: Iterable[pyoxigraph.Quad]) -> None:
        """Take every triple; raises IntakeError at the first that cannot be taken, and the parser's SyntaxError."""
        for quad in quads:
            if self.count >= self._limits.triples:
                raise self._beyond("triples", None)
            subject, predicate, value, graph = quad
            self._iri(predicate.value)
            node = self._node(subject)
            made = self._literal(value) if isinstance(value, pyoxigraph.Literal) else self._node(value)
            taken = pyoxigraph.Triple(node, predicate, made)
            if not isinstance(graph, pyoxigraph.DefaultGraph):
                self.graphs[str(graph)] = None
            if taken not in self._seen:
                self._seen.add(taken)
                self.triples.append(taken)
                self.kept.append(self.count)
            self.count += 1

    def notes(self, place: Callable[[int], Location]) -> list[Note]:
        """Return what is to be noted; ``place`` gives the location of a triple by its number."""
        made = [Note(key, values, place(raw)) for raw, key, values in self.remarks]
        if self.graphs:
            some = " ".join(islice(self.graphs, 3)) + (" ..." if len(self.graphs) > 3 else "")  # noqa: PLR2004
            values = {"graphs": some, "number": str(len(self.graphs))}
            made.insert(0, Note("named-graphs", values, Location(self._name)))
        return made

    def _node(self, term: object) -> Node:
        if isinstance(term, pyoxigraph.NamedNode):
            self._iri(term.value)
            return term
        if not isinstance(term, pyoxigraph.BlankNode):
            problem = "a statement about a statement stands here (RDF 1.2), which is not taken."
            raise self._refused(problem, _NO_TRIPLE.get(self._form, "Leave out << >>, {| |} and ~."), "rdf-1.2", "<<")
        if term.value not in self._blank:
            if len(self._blank) >= self._limits.blank_nodes:
                raise self._beyond("blank-nodes", None)
            self._blank[term.value] = pyoxigraph.BlankNode(f"{self._label}n{len(self._blank) + 1}")
        return self._blank[term.value]

    def _iri(self, iri: str) -> None:
        if iri not in self._seen:
            if len(iri) > self._limits.iri:
                raise self._beyond("iri", len(iri), iri)
            if fault := datatypes.fault_of_iri(iri):
                raise self._refused(*fault, "iri", iri)
            self._seen.add(iri)

    def _literal(self, literal: pyoxigraph.Literal) -> pyoxigraph.Literal:
        value = literal.value
        if len(value) > self._limits.literal:
            raise self._beyond("literal", len(value), value)
        if literal.direction is not None:
            problem = "a text with a base direction stands here (RDF 1.2), which is not taken."
            fix = "Leave out its:dir." if self._form == "rdf-xml" else "Leave out --ltr or --rtl behind the language."
            raise self._refused(problem, fix, "rdf-1.2", value)
        if not literal.language:
            datatype = literal.datatype.value
            self._iri(datatype)
            if fault := datatypes.fault(value, datatype):
                values = {"value": value[:_SHOWN], "datatype": datatype} | fault._asdict()
                self.remarks.append((self.count, "ill-typed", values))
        if not (value.isascii() and value.isprintable()):
            if "\0" in value:
                raise self._refused("a text holds a NUL character.", "Delete it.", "encoding", value)
            if damage := _DAMAGE.search(value):
                self._note_once("damaged-text", value, character=f"U+{ord(damage[0]):04X}")
            if not unicodedata.is_normalized("NFC", value):
                self._note_once("decomposed-text", value)
        return literal

    def _note_once(self, key: str, value: str, **values: str) -> None:
        if (key, value) not in self._seen:
            self._seen.add((key, value))
            self.remarks.append((self.count, key, {"value": value[:_SHOWN]} | values))

    def _refused(self, problem: str, fix: str, key: str, term: str) -> IntakeError:
        return IntakeError(self._name, problem, line=self._line_at(self.count, term), mend=fix, key=key)

    def _beyond(self, limit: str, found: int | None, term: str = "") -> IntakeError:
        return self._limits.exceeded(limit, found, self._name, line=self._line_at(self.count, term))
