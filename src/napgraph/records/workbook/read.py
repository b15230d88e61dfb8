"""From sheets to statements, each with its cell; a cell that says something makes a statement, or is told.

What is filled in by itself (a row's kind, its link to its document, evidence) can be left out with a hyphen.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping

import pyoxigraph

from ...errors import nearest
from ...project.language import LANGUAGES
from ...rdf.namespaces import XSD
from ..filter import TripleFilter
from ..record import Location, Locations, Note, Record, name_of_term
from ..syntax import is_tag
from .answers import Answers, set_apart, spread
from .cells import LONGEST, Grid, Node, Tell, Term, as_text, clean, letters, read_iri, scaled
from .model import Column, Model, Part, fold
from .rows import Row, Rows
from .tables import tables

_LABEL = re.compile(r"_:([A-Za-z0-9]{1,80})")
_ESCAPE = re.compile(r"\\(?:([tnrbf\"'\\])|u([0-9A-Fa-f]{4})|U(00(?:0[0-9A-Fa-f]|10)[0-9A-Fa-f]{4}))")
_SHORT = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
_LOST = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff\t\r\ud800-\udfff]|_(?=x[0-9A-Fa-f]{4}_)|^\\s|\\s$")
_TEXT = f"{XSD}string"


def read_grids(
    grids: list[Grid],
    model: Model,
    source: str,
    form: str,
    notes: list[Note],
    *,
    from_1904: bool = False,
    filtered: TripleFilter | None = None,
) -> Record:
    """Return the record of sheets, add to ``notes`` what cannot be read; ``filtered`` raises IntakeError."""
    told: set[tuple[str, Location, tuple[str, ...]]] = set()

    def tell(key: str, place: Location, **values: str) -> None:
        if (key, place, tuple(values.values())) not in told:
            told.add((key, place, tuple(values.values())))
            notes.append(Note(key, values, place))

    reader = _Reader(grids, model, tell, from_1904=from_1904)
    triples, values = list(reader.triples), list(reader.triples.values())
    places = Locations(values, [reader.subjects[name_of_term(triple.subject)] for triple in triples])
    cells = reader.cells
    if filtered is not None:
        filtered.add(pyoxigraph.Quad(*triple) for triple in triples)
        notes += filtered.notes(values.__getitem__)
        pairs = zip(triples, filtered.triples, strict=True)
        named = {name_of_term(old.subject): name_of_term(new.subject) for old, new in pairs}
        cells = {(named.get(subject, subject), name): place for (subject, name), place in cells.items()}
        triples = filtered.triples
    return Record(source, form, triples, notes, places, cells=cells, headings=reader.headings)


class _Reader:
    """Reads a workbook: all rows, then the other statements."""

    def __init__(self, grids: list[Grid], model: Model, tell: Tell, *, from_1904: bool) -> None:
        self._model, self._tell = model, tell
        self.triples: dict[pyoxigraph.Triple, Location] = {}
        self.subjects: dict[str, Location] = {}
        self.cells: dict[tuple[str, str], Location] = {}
        found, other = tables(grids, model, tell)
        self.headings = {
            (table.grid.name, str(at) if table.down else letters(at)): column.labels
            for table in found
            for column in reversed(table.sheet.columns)
            if (at := table.columns.get(column.name))
        }
        self._rows = Rows(model, tell)
        self._rows.read(found)
        self._answers = Answers(self._rows, model, tell, self._say, from_1904=from_1904)
        rows = list(self._rows.by_iri.values())
        for row in rows:
            spread(row, model, self._rows.language, tell)
            set_apart(row, self._rows.language, tell)
            self.subjects[name_of_term(row.iri)] = row.place()
            for column in row.sheet.columns:
                self._remember(row.iri, column, row)
        for row in rows:
            self._read_row(row)
        if other is not None:
            self._read_statements(other)

    def _say(self, subject: Node, predicate: pyoxigraph.NamedNode, value: Term, place: Location) -> None:
        self.triples.setdefault(pyoxigraph.Triple(subject, predicate, value), place)
        self.subjects.setdefault(name_of_term(subject), place)

    def _remember(self, node: Node, column: Column, row: Row) -> None:
        """Note where each property and each rule of a column has its cell, filled or not."""
        place, subject = row.place(column.name), name_of_term(node)
        through = [column.part.through.value] if column.part else []
        for name in (*(each.value for each in column.writes), *through, *column.rules):
            self.cells.setdefault((subject, name), place)

    def _read_row(self, row: Row) -> None:
        for kind in row.kinds:
            place = row.place(row.sheet.name_of("kind"))
            self._say(row.iri, self._model.type, kind.cls, place)
            if kind.fixed is not None:
                self._say(row.iri, *kind.fixed, place)
        self._link(row)
        parts: dict[Part, list[tuple[Column, list[Term] | None]]] = defaultdict(list)
        for column in row.sheet.columns:
            values = self._answers.values(row, column)
            if values is None or values:
                if part := row.part(column):
                    parts[part].append((column, values))
                else:
                    self._state(row, row.iri, column, values)
        for part, entries in parts.items():
            self._read_part(row, part, entries)

    def _link(self, row: Row) -> None:
        """Tie a row to its documents, unless a cell does so or a hyphen says not to."""
        kind, place = row.kinds[0], row.place(row.sheet.name_of("owner"))
        about = any(row.text(each.name) for each in row.sheet.columns if kind.back in each.writes)
        for owner in row.owners if kind.below and row.linked else ():
            if kind.link is not None:
                self._say(owner.iri, kind.link, row.iri, place)
            elif kind.back is not None and not about:
                self._say(row.iri, kind.back, owner.iri, place)

    def _state(self, row: Row, subject: Node, column: Column, values: list[Term] | None) -> None:
        place = row.place(column.name)
        if values is None:
            for predicate in (*column.writes, *column.back)[:1]:
                self._say(subject, self._model.not_stated, predicate, place)
        for value in values or ():
            for predicate in column.writes:
                self._say(subject, predicate, value, place)
            for predicate in column.back:
                if isinstance(value, pyoxigraph.Literal):
                    near = "".join(nearest(value.value, self._rows.named(column.points), 1))
                    self._tell("unknown-row", place, value=value.value, nearest=near)
                else:
                    self._say(value, predicate, subject, place)

    def _read_part(self, row: Row, part: Part, entries: list[tuple[Column, list[Term] | None]]) -> None:
        """State what stands within a row, or that the document does not state it."""
        stated = [(column, values) for column, values in entries if values]
        if stated:
            node = self._begin(row, part, stated[0][0])
            factor = next((values[0] for column, values in stated if column.kind == "scale"), None)
            for column, found in entries:
                scale = factor if column.kind == "number" else None
                self._state(row, node, column, found and [scaled(each, scale) for each in found])
            for column in (*(each for each, _ in entries), *(each for each in row.sheet.columns if each.part == part)):
                self._remember(node, column, row)
        else:
            self._say(row.iri, self._model.not_stated, part.through, row.place(entries[0][0].name))

    def _begin(self, row: Row, part: Part, column: Column) -> Node:
        """Return a resource within a row, with what is said of it by itself, at the place of its first cell."""
        place = row.place(column.name)
        if not part.word:
            nameless_node = nameless(part.name, row.sheet.name, row.record)
            self._say(row.iri, part.through, nameless_node, place)
            if part.fixed is not None:
                self._say(nameless_node, *part.fixed, place)
            return nameless_node
        address = row.part_address(part)
        while address in self._rows.by_iri:
            address += "-within"
        node = pyoxigraph.NamedNode(address)
        self._say(row.iri, part.through, node, place)
        self._say(node, self._model.type, part.cls, place)
        for owner in row.owners if row.linked and part.link else ():
            self._say(owner.iri, part.link, node, place)  # type: ignore[arg-type]
        if evidence := row.sheet.column(row.sheet.name_of("evidence")):
            self._remember(node, evidence, row)
            for passage in self._answers.values(row, evidence) or ():
                self._say(node, evidence.writes[0], passage, place)
        return node

    def _read_statements(self, grid: Grid) -> None:
        lines: dict[int, dict[int, str]] = defaultdict(dict)
        for (row, column), cell in sorted(grid.cells.items()):
            lines[row][column] = cell.value if isinstance(cell.value, str) else as_text(cell.value)
        labels: dict[str, pyoxigraph.BlankNode] = {}
        heads = {fold(self._model.page("statement-subject", language)[0]) for language in LANGUAGES}
        for number, line in lines.items():
            triple = read_statement(line, labels, self._rows.address)
            if triple is not None:
                self.triples.setdefault(triple, grid.place(number, 3))
                self.subjects.setdefault(name_of_term(triple.subject), grid.place(number, 1))
            elif fold(line.get(1, "")) not in heads:
                self._tell("unread-statement", grid.place(number, 1), value=" ".join(line.values())[:200])


def nameless(part: str, sheet: str, record: int) -> pyoxigraph.BlankNode:
    """Return the blank node that stands for a part within a record, which is a row or a column of a sheet."""
    return pyoxigraph.BlankNode(f"{sheet}-{record}-{part}")


def read_statement(
    line: Mapping[int, str], labels: dict[str, pyoxigraph.BlankNode], address: Callable[[str], str | None]
) -> pyoxigraph.Triple | None:
    """Return the statement that a row of other statements holds, or None; ``line`` is column -> text.

    A row is subject, property, value, language, datatype; further cells continue a value that is longer than a cell.
    Text has the escapes of N-Triples for what a cell would lose.
    """
    subject, predicate = (_node(clean(line.get(column, "")), labels, address) for column in (1, 2))
    if subject is None or not isinstance(predicate, pyoxigraph.NamedNode):
        return None
    raw = line.get(3, "") + "".join(text for column, text in sorted(line.items()) if column > 5)  # noqa: PLR2004
    language, kind = clean(line.get(4, "")), clean(line.get(5, ""))
    node = _node(clean(raw), labels, address) if clean(raw).startswith(("<", "_:")) and not language + kind else None
    datatype = address(kind) if kind and not language else _TEXT
    if node is not None:
        return pyoxigraph.Triple(subject, predicate, node)
    if datatype is None or (language and not is_tag(language)):
        return None
    text = _ESCAPE.sub(lambda found: _SHORT[found[1]] if found[1] else chr(int(found[2] or found[3], 16)), raw)
    named = None if language else pyoxigraph.NamedNode(datatype)
    return pyoxigraph.Triple(subject, predicate, pyoxigraph.Literal(text, language=language or None, datatype=named))


def write_statement(triple: pyoxigraph.Triple, labels: dict[pyoxigraph.BlankNode, str]) -> list[str]:
    """Return the cells of a statement."""
    *first, value = (
        f"_:{labels.setdefault(term, f'b{len(labels) + 1}')}" if isinstance(term, pyoxigraph.BlankNode) else str(term)
        for term in triple
    )
    literal = triple.object
    if not isinstance(literal, pyoxigraph.Literal):
        return [*first, value, "", ""]
    text = _LOST.sub(lambda found: f"\\u{ord(found[0]):04X}", literal.value.replace("\\", "\\\\"))
    is_plain = literal.datatype.value == _TEXT and not clean(text).startswith(("<", "_:"))  # else an address
    pieces = [text]
    while len(pieces[-1]) > LONGEST:  # cut neither inside an escape nor beside a blank
        text, most = pieces.pop(), LONGEST - 12
        safe = (at for at in range(most, LONGEST // 2, -1) if "\\" not in text[at - 10 : at])
        cut = next((at for at in safe if text[at - 1 : at + 1] == clean(text[at - 1 : at + 1])), most)
        pieces += [text[:cut], text[cut:]]
    datatype = "" if literal.language or is_plain else str(literal.datatype)
    return [*first, pieces[0], literal.language or "", datatype, *pieces[1:]]


def _node(text: str, labels: dict[str, pyoxigraph.BlankNode], address: Callable[[str], str | None]) -> Node | None:
    if label := _LABEL.fullmatch(text):
        return labels.setdefault(label[1], pyoxigraph.BlankNode())
    if text.startswith("<") and text.endswith(">"):
        return read_iri(text[1:-1])
    found = address(text)
    return pyoxigraph.NamedNode(found) if found else None
