"""From triples to rows: what the sheets can hold goes into them, the rest triple by triple.

The cells are written, then read again, and what was read is compared with what was to be said: a cell that says too
much is emptied, and what no cell says goes to the other statements. So nothing is lost and nothing added.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

import pyoxigraph

from ...rdf.namespaces import slug
from .cells import Node, Scalar, Term, holds, scaled, usual_tag, write_duration, write_number, write_texts
from .identity import Locator, locator, slugged
from .model import Column, Model, fold, said
from .read import nameless, read_grids
from .rows import NOTHING
from .selection import RecordIndex, RowSelection, WrittenRow, source_of
from .statements import write_statement
from .tables import Filled, grids, lay_out

_ATTEMPTS = 3
_PLACES = ("source", "page", "section", "paragraph", "item")


def fill(triples: Iterable[pyoxigraph.Triple], model: Model, language: str | None = None) -> Filled:
    """Return the rows that say exactly what ``triples`` say.

    ``language`` is that of headings, codes and words; texts in the record's own most frequent language stand without
    a mark. What cells still say wrongly after a few attempts is said by other statements alone, as all the rest then.
    Raises OutputError for a statement about a statement.
    """
    index = RecordIndex(list(dict.fromkeys(triples)))
    spoken = index.languages[0]
    shown = language or (spoken if spoken in model.sheets["document"].labels else "en")
    rows = RowEncoder(index, RowSelection(index, model), model, shown).encode()
    for _ in range(_ATTEMPTS):
        sheets: dict[str, list[WrittenRow]] = defaultdict(list)
        for row in rows:
            sheets[row.sheet.name].append(row)
        filled = Filled(spoken, shown, {sheet: [row.record for row in each] for sheet, each in sheets.items()}, [])
        wrong, missing = _compare(index, filled, sheets, model)
        torn = {node for triple in missing for node in (triple.subject, triple.object)}
        torn &= {node for row in rows for node in row.within.values() if isinstance(node, pyoxigraph.BlankNode)}
        if not wrong and not torn:
            break
        for row, column in wrong:
            if column.kind in {"id", "kind", "language"} or row.record.get(column.name) == NOTHING:
                rows = [each for each in rows if each is not row]
            row.record[column.name] = NOTHING
        for row in rows:  # what is nameless cannot stand in a row in part
            for name in [name for name, node in row.within.items() if node in torn]:
                del row.within[name]
                inside = {each.name for each in row.sheet.columns if each.part and each.part.name == name}
                row.record = {column: cell for column, cell in row.record.items() if column not in inside}
    else:
        filled, missing = Filled(spoken, shown, {}, []), index.triples
    labels: dict[pyoxigraph.BlankNode, str] = {}
    return filled._replace(statements=[write_statement(triple, labels) for triple in missing])


def _compare(
    index: RecordIndex, filled: Filled, sheets: dict[str, list[WrittenRow]], model: Model
) -> tuple[list[tuple[WrittenRow, Column]], list[pyoxigraph.Triple]]:
    """Read the cells again; return those that say what is not in the record, and the triples that no cell says."""
    laid = lay_out(model, filled, filled.shown, examples=False)
    found = grids(laid, "")
    record = read_grids(found, model, "", "xlsx", [])
    places = {}
    nodes: dict[object, Node] = {}
    for each, grid in zip(laid, found, strict=True):
        for number, row in enumerate(sheets[each.sheet.name]):
            for position, column in enumerate(each.columns):
                places[grid.place(*each.position(number, position))] = row, column
            nodes |= {nameless(name, row.sheet.name, number + 2): node for name, node in row.within.items()}
    read = {
        pyoxigraph.Triple(nodes.get(subject, subject), predicate, nodes.get(value, value)): (subject, predicate, value)
        for subject, predicate, value in record.triples
    }
    wanted = set(index.triples)
    wrong = [places[record.place(*own)] for triple, own in read.items() if triple not in wanted]
    return wrong, [triple for triple in index.triples if triple not in read]


class RowEncoder:
    """Writes the cells of the chosen rows, with headings, codes and words in one language."""

    def __init__(self, index: RecordIndex, selection: RowSelection, model: Model, language: str) -> None:
        self._index, self._selection, self._model, self._language = index, selection, model, language
        self._passages: set[pyoxigraph.NamedNode] = set()

    def encode(self) -> list[WrittenRow]:
        """Write the cells of the rows; return the rows but for passages that the reader makes of what cells say."""
        own = {"id": self._id, "owner": self._owner, "language": self._spoken, "kind": self._kind}
        for row in self._selection.rows.values():
            done: set[tuple[Node, pyoxigraph.NamedNode]] = set()
            for column in sorted(row.sheet.columns, key=lambda each: -len(each.writes)):
                cell = own[column.kind](row) if column.kind in own else self._stated(row, column, done)
                if cell is not None and cell != "":
                    row.record[column.name] = cell
            self._write_silence(row)
        return [row for node, row in self._selection.rows.items() if node not in self._passages]

    # what the row is

    def _id(self, row: WrittenRow) -> str:
        if row.sheet.name == "bodies":
            name = self._name(row.iri)
            if name and f"{self._selection.base}{slugged(name, row.kinds[0].word)}" == row.iri.value:
                return ""
        return row.key

    def _kind(self, row: WrittenRow) -> str:
        return "; ".join(said(kind.labels, self._language) for kind in row.kinds if kind.labels)

    def _spoken(self, row: WrittenRow) -> str:
        """Return the language of most texts, and those whose code in brackets is not known for one by itself."""
        if row is not self._selection.documents[0]:
            return ""
        first, *others = self._index.languages
        rest = [tag for tag in others if len(tag.partition("-")[0]) > 2]  # noqa: PLR2004
        return "; ".join(map(usual_tag, [first, *rest]))

    def _owner(self, row: WrittenRow) -> str:
        kind = row.kinds[0]
        if not row.owners:
            elsewhere = kind.back is not None and self._index.get(row.iri, kind.back)
            return NOTHING if kind.link is not None or (kind.back is not None and not elsewhere) else ""
        return "" if len(self._selection.documents) == 1 else "; ".join(each.key for each in row.owners)

    # what is stated

    def _stated(self, row: WrittenRow, column: Column, done: set[tuple[Node, pyoxigraph.NamedNode]]) -> Scalar | None:
        node: Node | None = row.iri
        if column.part is not None and not row.describes(column.part):
            node = row.within.get(column.part.name, row.iri if column.loose else None)
        if node is None:
            return None
        if column.back:
            return self._encoded(row, column, node, [*self._index.back.get((column.back[0], node), [])])
        values = self._index.get(node, column.writes[0])
        if (node, column.writes[0]) in done or column.writes[0] in self._stated_below:
            return None
        if any(self._index.get(node, each) != values for each in column.writes):
            return None
        if len(column.writes) > 1 and values:
            done.update((node, each) for each in column.writes)
        if row.owners and column.kind == "about":  # what the reader fills in by itself
            values = [value for value in values if value != row.owners[0].iri]
        elif row.owners and column.kind == "source" and values == [source_of(row.owners[0])]:
            values = [value for value in values if value in self._selection.rows]
        return self._encoded(row, column, node, values)

    @cached_property
    def _stated_below(self) -> set[pyoxigraph.NamedNode]:
        """The properties that stand in a column of the sheet of what they lead to."""
        return {each for sheet in self._model.sheets.values() for column in sheet.columns for each in column.back}

    def _encoded(self, row: WrittenRow, column: Column, node: Node, values: list[Term]) -> Scalar | None:
        """Return a cell with all of ``values`` that it can hold."""
        literals = [value for value in values if isinstance(value, pyoxigraph.Literal)]
        if column.kind == "text":
            texts = [text for text in literals if text.language and holds(text.value)]
            return write_texts(texts, self._index.languages[0])
        if column.kind == "plain":
            return literals[0].value if len(literals) == len(values) == 1 and holds(literals[0].value) else None
        if column.kind in {"number", "scale"}:
            return self._numbers(column, node, values)
        return _together(self._item(row, column, value) for value in values)

    def _item(self, row: WrittenRow, column: Column, value: Term) -> str:
        """Return one value of several in a cell, empty for one that the column cannot hold."""
        if isinstance(value, pyoxigraph.Literal):
            if column.kind == "duration":
                return write_duration(value, self._model, self._language)
            return "" if column.kind == "iri" else value.value
        if isinstance(value, pyoxigraph.BlankNode) or column.kind in {"words", "date", "duration"}:
            return ""
        if column.kind == "iri":
            return value.value
        encode = {"code": self._code, "evidence": self._passage}.get(column.kind, self._reference)
        return encode(row, column, value)

    def _numbers(self, column: Column, node: Node, values: list[Term]) -> Scalar | None:
        if column.part is not None and column.kind == "number":
            for scale in (each for each in self._model.sheets["budget"].columns if each.kind == "scale"):
                for factor in self._index.get(node, scale.writes[0]):
                    values = [scaled(value, factor, back=True) for value in values]
        literals = [value for value in values if isinstance(value, pyoxigraph.Literal)]
        return write_number(literals[0]) if len(literals) == 1 else _together(each.value for each in literals)

    def _code(self, _: WrittenRow, column: Column, value: pyoxigraph.NamedNode) -> str:
        names = self._model.code_names.get(column.codes, {})
        for code in self._model.codes.get(column.codes, []):
            label = said(code.labels, self._language)
            if code.iri == value.value and names.get(fold(label)) == code.iri and ";" not in label:
                return label
        if column.name.endswith("jurisdiction") and value.value.startswith(f"{column.codes}/"):
            return slug(value.value).upper()
        return self._selection.short(value.value)

    # other rows

    def _reference(self, row: WrittenRow, column: Column, value: pyoxigraph.NamedNode) -> str:
        """Return the words by which a cell refers to a resource."""
        other = self._selection.rows.get(value)
        if other is not None:
            name = self._name(other.iri) if other.sheet.name == "bodies" else ""
            return name if self._is_only(name) else self._way_to(row, column.points, other)
        for address, _, name in self._model.known:
            if address == value.value and self._is_only(name) and ";" not in name:
                return name
        words = (
            self._model.parts[name].word for owner in row.owners for name, node in owner.within.items() if node == value
        )
        return next(filter(None, words), "") or self._selection.short(value.value)

    def _way_to(self, row: WrittenRow, points: tuple[str, ...], other: WrittenRow) -> str:
        """Return the shortest words that lead the reader to a row and to no other."""
        part = slug(other.iri.value)
        names = [name for name in (other.key, part) if name]
        names += [f"{other.owners[0].key}/{name}" for name in names if other.owners and "/" not in name]
        for name in names:
            found = row.closest([each for each in self._by_key[fold(name)] if each.is_of(points)])
            if found == [other]:
                return name
        return self._selection.short(other.iri.value)

    @cached_property
    def _by_key(self) -> dict[str, list[WrittenRow]]:
        """What the reader finds rows by."""
        found: dict[str, list[WrittenRow]] = defaultdict(list)
        for row in self._selection.rows.values():
            for name in row.names():
                found[name].append(row)
        return found

    def _name(self, node: Node) -> str:
        values = self._index.get(node, self._model.terms["bodies-name"])
        names = [each for each in values if isinstance(each, pyoxigraph.Literal)]
        names.sort(key=lambda each: each.language != self._index.languages[0])
        return names[0].value if names and not {";", "\n"} & set(names[0].value) else ""

    def _is_only(self, name: str) -> bool:
        """Whether a name leads to one body or work alone."""
        return bool(name) and len(self._all_names[fold(name)]) == 1

    @cached_property
    def _all_names(self) -> dict[str, set[str]]:
        names: dict[str, set[str]] = defaultdict(set)
        for row in self._selection.rows.values():
            for text in (row.key, self._name(row.iri) if row.sheet.name == "bodies" else ""):
                if text:
                    names[fold(text)].add(row.iri.value)
        for address, _, name in self._model.known:
            names[fold(name)].add(address)
        return names

    # evidence

    def _passage(self, row: WrittenRow, _: Column, value: pyoxigraph.NamedNode) -> str:
        if row.document is not None and (text := self._place(value, row.document)):
            return text
        other = self._selection.rows.get(value)
        return self._way_to(row, ("passage",), other) if other is not None else self._selection.short(value.value)

    def _place(self, node: pyoxigraph.NamedNode, document: WrittenRow) -> str:
        """Return a passage as ``p. 12``, where that is all there is to it and it is named after that."""
        own = source_of(document)
        if not node.value.startswith(f"{document.iri.value}/passage-") or own in self._selection.rows:
            return ""
        stated = dict(self._index.values.get(node, {}))
        stated.pop(self._model.type, None)
        source, *parts = (stated.pop(self._model.terms[f"evidence-{name}"], []) for name in _PLACES)
        if stated or source != [own] or max(map(len, parts)) > 1:
            return ""
        page, section, *numbers = ("".join(each.value for each in values) for values in parts)
        where = Locator(page, section, *(int(text) if text.isdecimal() else 0 for text in numbers))
        text = where.text(self._model, self._language)
        if locator(text, self._model) != where or node.value != f"{document.iri.value}/{where.part}" or ";" in text:
            return ""
        self._passages.add(node)
        return text

    # what is not stated

    def _write_silence(self, row: WrittenRow) -> None:
        words = self._model.word("not-stated", self._language)
        silent = set(self._index.get(row.iri, self._model.not_stated))
        for column in row.sheet.columns:
            part = None if column.part is None or row.describes(column.part) else column.part
            within = row.within.get(part.name) if part else None
            if within is not None:
                is_meant = [*column.writes] in [[each] for each in self._index.get(within, self._model.not_stated)]
            else:
                meant = {*(column.writes if part is None or column.loose else ()), *([part.through] if part else [])}
                is_meant = not silent.isdisjoint(meant)
                silent -= meant
            if is_meant:
                row.record.setdefault(column.name, words)


def _together(texts: Iterable[str]) -> str | None:
    return "; ".join(text for text in texts if text and ";" not in text and holds(text)) or None
