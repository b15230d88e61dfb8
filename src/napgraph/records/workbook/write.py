"""From triples to rows: what the sheets can hold goes into them, the rest triple by triple.

What a cell says is left to the reader: a value is written as the first of several texts that the reader takes for
it. At last all rows are read together; what says too much is left out, and what no cell says goes to the other
statements. So nothing is lost and nothing added.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property

import pyoxigraph

from ...errors import OutputError
from ...rdf.namespaces import shorten, slug
from ..languages import language_fault
from .answers import ELSEWHERE, Answers, source_of
from .cells import Cell, Grid, Node, Scalar, Term, holds, scaled, usual_tag, write_duration, write_number, write_texts
from .identity import Locator, short_ids
from .model import Column, Kind, Model, Sheet, said
from .read import nameless, read_grids
from .rows import NOTHING, Row, Rows
from .statements import write_statement
from .tables import Filled, Table, grids, lay_out

_ATTEMPTS = 6
_FIRST = {"text", "code"}  # the kinds of cells that need no other row
_NUMBERS = {"number", "scale"}


class RecordIndex:
    """A record's triples by subject and by object; raises OutputError for a triple about a triple."""

    def __init__(self, triples: list[pyoxigraph.Triple]) -> None:
        self.triples = triples
        self.values: dict[Term, dict[pyoxigraph.NamedNode, list[Term]]] = {}
        self.back: dict[tuple[pyoxigraph.NamedNode, Term], list[Node]] = defaultdict(list)
        for subject, predicate, value in triples:
            if isinstance(subject, pyoxigraph.Triple) or isinstance(value, pyoxigraph.Triple):
                raise OutputError("A statement about a statement stands here (RDF 1.2), which no workbook can hold.")
            self.values.setdefault(subject, {}).setdefault(predicate, []).append(value)
            self.back[predicate, value].append(subject)

    def get(self, node: Term, predicate: pyoxigraph.NamedNode) -> list[Term]:
        """Return the values of a property of a node."""
        return self.values.get(node, {}).get(predicate, [])

    @cached_property
    def languages(self) -> list[str]:
        """The languages of the texts, that of most of them first; English where there is none."""
        texts = (triple.object for triple in self.triples if isinstance(triple.object, pyoxigraph.Literal))
        counted = Counter(text.language for text in texts if text.language and language_fault(text.language) is None)
        return [tag for tag, _ in counted.most_common()] or ["en"]


class WrittenRow(Row):
    """A row that is to be written: its resource, and the resources that stand within it, by part."""

    def __init__(self, sheet: Sheet, title: str, kinds: list[Kind], iri: pyoxigraph.NamedNode) -> None:
        columns = {column.name: number for number, column in enumerate(sheet.columns, 1)}
        super().__init__(Table(sheet, Grid("", title, {}), columns, {}, sheet.down), 0, {})
        self.kinds, self.iri = kinds, iri
        self.within: dict[str, Node] = {}


def fill(triples: Iterable[pyoxigraph.Triple], model: Model, language: str | None = None) -> Filled:
    """Return the rows that say exactly what ``triples`` say.

    ``language`` is that of headings, codes and words; texts in the record's own most frequent language stand without
    a mark. What cells still say wrongly after a few attempts is said by other statements alone, as all the rest then.
    Raises OutputError for a statement about a statement.
    """
    index = RecordIndex(list(dict.fromkeys(triples)))
    spoken = index.languages[0]
    shown = language or (spoken if spoken in model.sheets["document"].labels else "en")
    wrong: set[tuple[Term, str]] = set()
    for _ in range(_ATTEMPTS):
        sheets: dict[str, list[WrittenRow]] = defaultdict(list)
        for row in RowEncoder(index, model, shown, frozenset(wrong)).encode():
            sheets[row.sheet.name].append(row)
        records = {
            name: [{column: cell.value for column, cell in row.cells.items()} for row in rows]
            for name, rows in sheets.items()
        }
        filled = Filled(spoken, shown, records, [])
        found, missing = _compare(index, filled, sheets, model)
        if not found:
            break
        wrong |= {(node, "" if (node, name) in wrong else name) for node, name in found}
    else:
        filled, missing = Filled(spoken, shown, {}, []), index.triples
    labels: dict[pyoxigraph.BlankNode, str] = {}
    return filled._replace(statements=[write_statement(triple, labels) for triple in missing])


def _compare(
    index: RecordIndex, filled: Filled, sheets: dict[str, list[WrittenRow]], model: Model
) -> tuple[set[tuple[Term, str]], list[pyoxigraph.Triple]]:
    """Read the cells again; return what to leave out, and the triples that no cell says.

    Left out is, by row, the column that says what is not in the record, the part that stands in a row in part only,
    or the row (an empty name).
    """
    record = read_grids(grids(lay_out(model, filled, filled.shown, examples=False), ""), model, "", "xlsx", [])
    places = {}
    parts: dict[object, tuple[Term, str]] = {}
    nodes: dict[object, Node] = {}
    for rows in sheets.values():
        for number, row in enumerate(rows, 2):
            row.record = number
            for column in row.sheet.columns:
                name = "" if column.kind in {"id", "kind", "language"} else column.name
                places[row.place(column.name)] = row.iri, name
            nodes |= {nameless(name, row.sheet.name, row.record): node for name, node in row.within.items()}
            parts |= {node: (row.iri, name) for name, node in row.within.items()}
    read = {
        pyoxigraph.Triple(nodes.get(subject, subject), predicate, nodes.get(value, value)): (subject, predicate, value)
        for subject, predicate, value in record.triples
    }
    wanted = set(index.triples)
    said = [(triple, own) for triple, own in read.items() if triple not in wanted]
    wrong = {parts.get(each.subject) or parts.get(each.object) or places[record.place(*own)] for each, own in said}
    missing = [triple for triple in index.triples if triple not in read]
    torn = {node for triple in missing for node in (triple.subject, triple.object)}
    return wrong | {own for node, own in parts.items() if node in torn}, missing


class RowEncoder:
    """Writes the rows of a record, with headings, codes and words in one language, but for what is to be left out."""

    def __init__(self, index: RecordIndex, model: Model, language: str, left_out: frozenset[tuple[Term, str]]) -> None:
        self._index, self._model, self._language, self._left_out = index, model, language, left_out
        self._wanted = set(index.triples)
        self._told: set[str] = set()
        self._said: set[pyoxigraph.Triple] = set()
        self._found = Rows(model, self._tell)
        first, *others = index.languages
        self._languages = [first, *(tag for tag in others if len(tag.partition("-")[0]) > 2)]  # noqa: PLR2004
        self._found.language, self._found.spoken = first, set(self._languages)
        self._answers = Answers(self._found, model, self._tell, self._say)
        self._below = {each for sheet in model.sheets.values() for column in sheet.columns for each in column.back}
        self._passages: set[Term] = set()

    def encode(self) -> list[WrittenRow]:
        """Return the rows with their cells, but for passages and sources that the reader makes of what cells say."""
        rows = self._choose()
        documents = [row for row in rows.values() if row.sheet.down]
        for row in rows.values():
            row.owners = self._owners(row, documents)
            row.linked = bool(row.owners)
            row.owners = row.owners or [*documents[: row.kinds[0].below]]
        for row in rows.values():
            self._find_within(row)
        for node in [node for row in rows.values() for node in row.within.values()]:
            rows.pop(node, None)
        in_order = sorted(rows.values(), key=lambda row: not row.sheet.down)
        stated = {row: self._stated(row) for row in in_order}
        for row in in_order:
            self._write(row, [each for each in stated[row] if each[0].kind in _FIRST])
            if self._is_plain_source(row, documents):
                del rows[row.iri], stated[row]
                continue
            self._write_key(row)
            self._found.add(row)
        for row, values in stated.items():
            own = {"id": row.key, "kind": self._kind(row), "owner": self._owner(row, documents)}
            if row in documents[:1]:
                own["language"] = "; ".join(map(usual_tag, self._languages))
            for column in (each for each in row.sheet.columns if own.get(each.kind)):
                row.cells[column.name] = Cell(NOTHING if (row.iri, column.name) in self._left_out else own[column.kind])
            self._write(row, [each for each in values if each[0].kind not in _FIRST])
            self._write_silence(row)
        return [row for node, row in rows.items() if node not in self._passages]

    # which rows there are

    def _choose(self) -> dict[Term, WrittenRow]:
        kinds: dict[Term, list[Kind]] = defaultdict(list)
        for kind in self._model.kinds.values():
            kinds[kind.cls].append(kind)
        made: dict[Term, WrittenRow] = {}
        for node, values in self._index.values.items():
            possible = [kind for cls in values.get(self._model.type, []) for kind in kinds.get(cls, [])]
            if not possible or not isinstance(node, pyoxigraph.NamedNode) or (node, "") in self._left_out:
                continue
            chosen: dict[pyoxigraph.NamedNode, Kind] = {}
            for kind in possible:
                fits = kind.link is not None and (kind.link, node) in self._index.back
                if kind.sheet == possible[0].sheet and (kind.cls not in chosen or fits):
                    chosen[kind.cls] = kind
            sheet = self._model.sheets[possible[0].sheet]
            made[node] = WrittenRow(sheet, said(sheet.labels, self._language), list(chosen.values()), node)
        return made

    def _owners(self, row: WrittenRow, documents: list[WrittenRow]) -> list[Row]:
        """Return the documents that a row is linked to, the one below which its address lies first."""
        kind = row.kinds[0]
        above = [each for each in documents if row.iri.value.startswith(f"{each.iri.value}/")]
        nearest = max(above, key=lambda each: len(each.iri.value), default=None)
        if not kind.below:
            return []
        if kind.link is not None:
            nodes: list[Term] = [*self._index.back.get((kind.link, row.iri), [])]
        else:
            nodes = self._index.get(row.iri, kind.back) if kind.back else [nearest.iri] if nearest else []
        found = [each for node in dict.fromkeys(nodes) for each in documents if each.iri == node]
        return sorted(found, key=lambda each: each is not nearest)

    def _find_within(self, row: WrittenRow) -> None:
        """Find what stands within a row rather than on its own: what is nameless, or named after the row."""
        for part in dict.fromkeys(filter(None, map(row.part, row.sheet.columns))):
            if part.each or (row.iri, part.name) in self._left_out:
                continue
            for node in self._index.get(row.iri, part.through):
                named = isinstance(node, pyoxigraph.NamedNode) and node.value == row.part_address(part)
                fits = named if part.word else isinstance(node, pyoxigraph.BlankNode)
                if fits and self._index.get(node, self._model.type) == [part.cls] and node not in row.within.values():
                    row.within[part.name] = node  # type: ignore[assignment]
                    break

    def _is_plain_source(self, row: WrittenRow, documents: list[WrittenRow]) -> bool:
        """Whether a row says no more than that it is the text of its document, which the reader says by itself."""
        document = next((each for each in documents if source_of(each) == row.iri), None)
        if document is None or (self._model.terms["evidence-source"], row.iri) not in self._index.back:
            return False
        self._said.clear()
        self._answers.source(document, row.place())
        return self._says_all_of(row.iri)

    def _write_key(self, row: WrittenRow) -> None:
        """Give a row the shortest id of which the reader makes its address; a body with that name has none."""
        above = self._found.base_of(row)
        address = row.iri.value
        short = short_ids(row.kinds[0], address.removeprefix(above), row.sheet.kinds) if above in address else []
        path = self._short(address.removeprefix(self._found.base))
        for key in [""] * (row.sheet.name == "bodies") + [*short, path]:
            row.key = key
            if self._found.address_of(row) == address:
                return
        row.key = self._short(address)

    def _kind(self, row: WrittenRow) -> str:
        return "; ".join(said(kind.labels, self._language) for kind in row.kinds if kind.labels)

    def _owner(self, row: WrittenRow, documents: list[WrittenRow]) -> str:
        kind = row.kinds[0]
        if not row.linked:
            elsewhere = kind.back is not None and self._index.get(row.iri, kind.back)
            return NOTHING if kind.link is not None or (kind.back is not None and not elsewhere) else ""
        return "" if len(documents) == 1 else "; ".join(each.key for each in row.owners)

    # what is stated

    def _stated(self, row: WrittenRow) -> list[tuple[Column, list[Term]]]:
        """Return the values that each column is to say, with those columns first that state several properties."""
        made: list[tuple[Column, list[Term]]] = []
        done: set[tuple[Node, pyoxigraph.NamedNode]] = set()
        for column in sorted(row.sheet.columns, key=lambda each: -len(each.writes)):
            part = row.part(column)
            node = row.iri if part is None else row.within.get(part.name, row.iri if column.loose else None)
            if node is None or column.kind in ELSEWHERE:
                continue
            if column.back:
                made.append((column, [*self._index.back.get((column.back[0], node), [])]))
                continue
            values = self._index.get(node, column.writes[0])
            taken = (node, column.writes[0]) in done or column.writes[0] in self._below
            if not taken and all(self._index.get(node, each) == values for each in column.writes):
                done.update((node, each) for each in column.writes if len(column.writes) > 1 and values)
                made.append((column, self._to_say(row, column, node, values)))
        return made

    def _to_say(self, row: WrittenRow, column: Column, node: Node, values: list[Term]) -> list[Term]:
        """Return the values without the document, which the reader fills in by itself, and in the scale of the row."""
        if row.linked and column.kind == "about":
            values = [value for value in values if value != row.owners[0].iri]
        if column.part is not None and column.kind == "number":
            for scale in (each for each in row.sheet.columns if each.kind == "scale"):
                for factor in self._index.get(node, scale.writes[0]):
                    values = [scaled(value, factor, back=True) for value in values]
        return values

    def _write(self, row: WrittenRow, stated: list[tuple[Column, list[Term]]]) -> None:
        """Write the cells of columns: of their values all that the reader finds there again."""
        for column, values in stated:
            if (row.iri, column.name) in self._left_out:
                row.cells[column.name] = Cell(NOTHING)
                continue
            written: dict[Term, Scalar] = {}
            for value in values:
                texts = (text for text in self._texts(row, column, value) if self._read(row, column, text) == [value])
                if (text := next(texts, None)) is not None:
                    written[value] = text
            cell = next(iter(written.values()), "")
            if column.kind == "text":
                cell = write_texts(
                    (value for value in written if isinstance(value, pyoxigraph.Literal)), self._languages[0]
                )
            elif len(written) > 1:
                cell = "; ".join(map(str, written.values()))
            if written and {*self._read(row, column, cell)} == {*written}:
                row.cells[column.name] = Cell(cell)

    def _read(self, row: WrittenRow, column: Column, text: Scalar) -> list[Term]:
        """Return the values of a cell with ``text``; none where it would say what is not in the record."""
        if isinstance(text, str) and not holds(text):
            return []
        self._told.clear()
        self._said.clear()
        row.cells[column.name] = Cell(text)
        values = self._answers.values(row, column) or []
        del row.cells[column.name]
        return values if self._said <= self._wanted and "ambiguous-row" not in self._told else []

    def _tell(self, key: str, *_: object, **__: str) -> None:
        self._told.add(key)

    def _say(self, subject: Node, predicate: pyoxigraph.NamedNode, value: Term, *_: object) -> None:
        self._said.add(pyoxigraph.Triple(subject, predicate, value))

    def _says_all_of(self, node: Term) -> bool:
        """Whether what was said last is all that the record says of a node."""
        about = {triple for triple in self._said if triple.subject == node}
        return about <= self._wanted and len(about) == sum(map(len, self._index.values.get(node, {}).values()))

    # the texts that may stand for a value

    def _texts(self, row: WrittenRow, column: Column, value: Term) -> Iterator[Scalar]:
        """Yield the texts by which the reader may find a value, those first that people would rather read."""
        if isinstance(value, pyoxigraph.Literal):
            if column.kind == "text":
                yield write_texts([value], self._languages[0])
            elif column.kind in _NUMBERS:
                yield write_number(value.value)
            yield write_duration(value.value, self._model, self._language) if column.kind == "duration" else value.value
        elif isinstance(value, pyoxigraph.NamedNode):
            if column.kind == "code":
                codes = self._model.codes.get(column.codes, [])
                yield from (said(code.labels, self._language) for code in codes if code.iri == value.value)
                yield slug(value.value).upper()
            elif column.kind == "iri":
                yield value.value
            elif column.kind == "evidence":
                yield from self._place(row, column, value)
            yield from self._names(row, value)
            yield self._short(value.value)

    def _names(self, row: WrittenRow, node: pyoxigraph.NamedNode) -> Iterator[str]:
        """Yield the ways to name a resource: a body by its name, other rows by their id, what is known by its name."""
        other = self._found.by_iri.get(node.value)
        if other is not None:
            yield from self._found.names_of(other)[:1] if other.sheet.name == "bodies" else ()
            names = [name for name in (other.key, slug(node.value)) if name]
            yield from names
            yield from (f"{owner.key}/{name}" for owner in other.owners[:1] for name in names if "/" not in name)
        yield from (name for known in self._model.known.values() for iri, _, name in known if iri == node.value)
        for owner in row.owners:
            if isinstance(owner, WrittenRow):
                yield from (self._model.parts[name].word for name, each in owner.within.items() if each == node)

    def _place(self, row: WrittenRow, column: Column, node: pyoxigraph.NamedNode) -> Iterator[str]:
        """Yield a passage as ``p. 12``, where that is all there is to it and it is named after that."""
        if row.document is None or source_of(row.document).value in self._found.by_iri:
            return
        stated = [self._index.get(node, self._model.terms[f"evidence-{name}"]) for name in Locator._fields]
        page, section, *numbers = ("".join(each.value for each in values) for values in stated)
        where = Locator(page, section, *(int(text) if text.isdecimal() else 0 for text in numbers))
        text = where.text(self._model, self._language)
        if self._read(row, column, text) == [node] and self._says_all_of(node):
            self._passages.add(node)
            yield text

    def _short(self, address: str) -> str:
        return shorten(address, self._model.prefixes).removeprefix("<").removesuffix(">")

    # what is not stated

    def _write_silence(self, row: WrittenRow) -> None:
        words = self._model.word("not-stated", self._language)
        silent = set(self._index.get(row.iri, self._model.not_stated))
        for column in row.sheet.columns:
            part = row.part(column)
            within = row.within.get(part.name) if part else None
            if within is not None:
                is_meant = [*column.writes] in [[each] for each in self._index.get(within, self._model.not_stated)]
            else:
                meant = {*(column.writes if part is None or column.loose else ()), *([part.through] if part else [])}
                is_meant = not silent.isdisjoint(meant)
                silent -= meant
            if is_meant:
                row.cells.setdefault(column.name, Cell(words))
