"""What of a record gets a row, which document it belongs to, what stands within it, and by which id it is known."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cached_property

import pyoxigraph

from ...errors import OutputError
from ...rdf.namespaces import BASE, shorten, slug
from ..languages import language_fault
from .cells import Node, Scalar, Term
from .identity import UNKNOWN_CODE, Entry, base_of, short_id, slugged
from .model import Kind, Model, Part, Sheet


class RecordIndex:
    """A record's triples by subject and by object; raises OutputError for a triple about a triple."""

    def __init__(self, triples: list[pyoxigraph.Triple]) -> None:
        self.triples = triples
        self.values: dict[Node, dict[pyoxigraph.NamedNode, list[Term]]] = {}
        self.uses: Counter[Term] = Counter()
        self.back: dict[tuple[pyoxigraph.NamedNode, Term], list[Node]] = defaultdict(list)
        for subject, predicate, value in triples:
            if isinstance(subject, pyoxigraph.Triple) or isinstance(value, pyoxigraph.Triple):
                raise OutputError("A statement about a statement stands here (RDF 1.2), which no workbook can hold.")
            self.values.setdefault(subject, {}).setdefault(predicate, []).append(value)
            self.uses[value] += 1
            self.back[predicate, value].append(subject)

    def get(self, node: Term, predicate: pyoxigraph.NamedNode) -> list[Term]:
        """Return the values of a property of a node."""
        return [] if isinstance(node, pyoxigraph.Literal) else self.values.get(node, {}).get(predicate, [])

    @cached_property
    def languages(self) -> list[str]:
        """The languages of the texts, that of most of them first; English where there is none."""
        texts = (triple.object for triple in self.triples if isinstance(triple.object, pyoxigraph.Literal))
        counted = Counter(text.language for text in texts if text.language and language_fault(text.language) is None)
        return [tag for tag, _ in counted.most_common()] or ["en"]


class WrittenRow(Entry):
    """A row that is to be written: what stands within it by part, and its cells by column."""

    def __init__(self, sheet: Sheet, kinds: list[Kind], iri: pyoxigraph.NamedNode) -> None:
        super().__init__(sheet, kinds, iri)
        self.within: dict[str, Node] = {}
        self.record: dict[str, Scalar] = {}

    def describes(self, part: Part) -> bool:
        """Whether the row itself is what the part is."""
        return any(kind.cls == part.cls for kind in self.kinds)


class RowSelection:
    """The rows of a record, and those of its documents; ``base`` is what the addresses of bodies begin with."""

    def __init__(self, index: RecordIndex, model: Model) -> None:
        self._index, self._model = index, model
        self.rows: dict[Term, WrittenRow] = {}
        self._choose()
        self.documents = [row for row in self.rows.values() if row.sheet.down]
        self.base = self._base_of(self.documents[0]) if self.documents else ""
        for document in self.documents:
            if self._is_plain_source(source_of(document), document):
                del self.rows[source_of(document)]
        for row in self.rows.values():
            row.owners = self._owners(row)
        for row in self.rows.values():
            self._find_within(row)
        for node in [node for row in self.rows.values() for node in row.within.values()]:
            self.rows.pop(node, None)
        for row in self.rows.values():
            row.key = self._key(row)

    def short(self, address: str) -> str:
        """Return an address by its prefix, or in full."""
        return shorten(address, self._model.prefixes).removeprefix("<").removesuffix(">")

    def _choose(self) -> None:
        kinds: dict[Term, list[Kind]] = defaultdict(list)
        for kind in self._model.kinds.values():
            kinds[kind.cls].append(kind)
        for node, values in self._index.values.items():
            possible = [kind for cls in values.get(self._model.type, []) for kind in kinds.get(cls, [])]
            if not possible or not isinstance(node, pyoxigraph.NamedNode):
                continue
            chosen: dict[pyoxigraph.NamedNode, Kind] = {}
            for kind in possible:
                fits = kind.link is not None and (kind.link, node) in self._index.back
                if kind.sheet == possible[0].sheet and (kind.cls not in chosen or fits):
                    chosen[kind.cls] = kind
            self.rows[node] = WrittenRow(self._model.sheets[possible[0].sheet], list(chosen.values()), node)

    def _is_plain_source(self, node: pyoxigraph.NamedNode, document: WrittenRow) -> bool:
        """Whether a source says no more than that it is the text of its document, and the reader makes it by itself."""
        terms, index = self._model.terms, self._index
        if node not in self.rows:
            return False
        title = set(index.get(document.iri, terms["document-title"]))
        return (
            set(index.values[node]) <= {self._model.type, terms["evidence-title"]}
            and set(index.get(node, terms["evidence-title"])) == title
            and (terms["evidence-source"], node) in index.back
        )

    def _owners(self, row: WrittenRow) -> list[WrittenRow]:
        """Return the documents that a row is linked to, the one below which its address lies first."""
        kind = row.kinds[0]
        if not kind.below:
            return []
        above = [each for each in self.documents if row.iri.value.startswith(f"{each.iri.value}/")]
        nearest = max(above, key=lambda each: len(each.iri.value), default=None)
        if kind.link is not None:
            nodes: list[Term] = [*self._index.back.get((kind.link, row.iri), [])]
        elif kind.back is not None:
            nodes = self._index.get(row.iri, kind.back)
        else:
            nodes = [nearest.iri] if nearest else []
        found = [self.rows[node] for node in dict.fromkeys(nodes) if node in self.rows]
        return sorted((each for each in found if each.sheet.down), key=lambda each: each is not nearest)

    def _find_within(self, row: WrittenRow) -> None:
        """Find what stands within a row rather than on its own: what is nameless, or named after the row."""
        for part in dict.fromkeys(column.part for column in row.sheet.columns if column.part is not None):
            if part.each or row.describes(part):
                continue
            for node in self._index.get(row.iri, part.through):
                taken = node in row.within.values()
                if not isinstance(node, pyoxigraph.Literal) and not taken and self._fits(row, part, node):
                    row.within[part.name] = node
                    break

    def _fits(self, row: WrittenRow, part: Part, node: Node) -> bool:
        index = self._index
        if index.get(node, self._model.type) != [part.cls]:
            return False
        stated = set(index.values[node]) - {self._model.type, self._model.not_stated}
        known = {each for column in row.sheet.columns if column.part == part for each in column.writes}
        if isinstance(node, pyoxigraph.BlankNode):
            return not part.word and stated <= known and index.uses[node] == 1
        address = row.part_address(part)
        if not part.word or node.value != address:
            return False
        evidence = row.sheet.of_kind("evidence")
        if evidence is not None:
            known.add(evidence.writes[0])
            if set(index.get(node, evidence.writes[0])) != set(index.get(row.iri, evidence.writes[0])):
                return False
        links = set(index.back.get((part.link, node), [])) if part.link else set()
        return stated <= known and links == ({each.iri for each in row.owners} if part.link else set())

    def _base_of(self, document: WrittenRow) -> str:
        codes = self._index.get(document.iri, self._model.terms["document-jurisdiction"])
        return base_of(slug(codes[0].value) if codes else UNKNOWN_CODE)

    def _key(self, row: WrittenRow) -> str:
        """Return the id that the reader makes the row's address of; the address itself where there is none."""
        kind, address = row.kinds[0], row.iri.value
        if row.sheet.down:
            part = address.removeprefix(self._base_of(row))
            if part != address and slugged(part) == part:
                return part
        else:
            first = next(iter(row.owners or self.documents), None)
            base = f"{first.iri.value}/" if kind.below and first else self.base
            part = address.removeprefix(base)
            kinds = row.sheet.kinds
            if base and part != address and "/" not in part and (key := short_id(kind, part, kinds)):
                return key
        path = address.removeprefix(self.base)
        if path.startswith(BASE) or "/" not in path or path != "/".join(map(slugged, path.split("/"))):
            return self.short(address)
        return path


def source_of(document: WrittenRow) -> pyoxigraph.NamedNode:
    """Return the source that the reader makes for the passages of a document."""
    return pyoxigraph.NamedNode(f"{document.iri.value}/source")
