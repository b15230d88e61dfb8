"""From what is told of a resource to the cells of its row, in good hope: ``write`` reads them again and mends them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING

import pyoxigraph

from ...rdf.namespaces import slug
from . import cells as writing
from .cells import holds
from .selection import source_of
from .evidence import Locator, locator
from .identity import slugged
from .rows import NOTHING
from .texts import usual_tag, write_texts
from .words import fold, said

if TYPE_CHECKING:
    from .answers import Node, Term
    from .selection import Chosen, Told, WrittenRow
    from .columns import Column
    from .grid import Scalar
    from .model import Model

_PLACES = ("evidence-page", "evidence-section", "evidence-paragraph", "evidence-item", "evidence-source")


class Encoder:
    """Writes the cells of the chosen rows, with headings, codes and words in one language."""

    def __init__(self, told: Told, chosen: Chosen, model: Model, language: str) -> None:
        self._told, self._chosen, self._model, self._language = told, chosen, model, language
        self.passages: set[pyoxigraph.NamedNode] = set()
        self._joined: dict[str, Callable[[WrittenRow, Column, Term], str]] = {
            "words": lambda _, __, value: value.value if isinstance(value, pyoxigraph.Literal) else "",
            "date": lambda _, __, value: value.value if isinstance(value, pyoxigraph.Literal) else "",
            "duration": self._duration,
            "code": self._code,
            "evidence": self._passage,
            "iri": lambda _, __, value: value.value if isinstance(value, pyoxigraph.NamedNode) else "",
        }

    def write(self, row: WrittenRow) -> None:
        """Write the cells of a row."""
        done: set[tuple[Node, pyoxigraph.NamedNode]] = set()
        for column in sorted(self._chosen.columns(row), key=lambda each: -len(each.writes)):
            if column.writes or column.back:
                cell = self._stated(row, column, done) if column.kind != "kind" else self._kind(row)
            else:
                cell = {"id": self._id, "owner": self._owner, "language": self._spoken}[column.kind](row)
            if cell is not None and cell != "":
                row.record[column.name] = cell
        self._write_silence(row)

    # what the row is

    def _id(self, row: WrittenRow) -> str:
        if row.sheet == "bodies":
            name = self._name(row.node)
            if name and f"{self._chosen.base}{slugged(name, row.kinds[0].word)}" == row.node.value:
                return ""
        return row.key

    def _kind(self, row: WrittenRow) -> str:
        return "; ".join(said(kind.labels, self._language) for kind in row.kinds if kind.labels)

    def _spoken(self, row: WrittenRow) -> str:
        """Return the language of most texts, and those whose code in brackets is not known for one by itself."""
        if row is not self._chosen.documents[0]:
            return ""
        first, *others = self._told.languages
        rest = [tag for tag in others if len(tag.partition("-")[0]) > 2]  # noqa: PLR2004
        return "; ".join(map(usual_tag, [first, *rest]))

    def _owner(self, row: WrittenRow) -> str:
        kind = row.kinds[0]
        if not row.owners:
            elsewhere = kind.back is not None and self._told.get(row.node, kind.back)
            return NOTHING if kind.link is not None or (kind.back is not None and not elsewhere) else ""
        return "" if len(self._chosen.documents) == 1 else "; ".join(each.key for each in row.owners)

    # what is stated

    def _stated(self, row: WrittenRow, column: Column, done: set[tuple[Node, pyoxigraph.NamedNode]]) -> Scalar | None:
        node: Node | None = row.node
        if column.part is not None and not row.describes(column.part):
            node = row.within.get(column.part.name, row.node if column.loose else None)
        if node is None:
            return None
        if column.back:
            return self._encoded(row, column, node, list(self._told.back.get((column.back[0], node), [])))
        values = self._told.get(node, column.writes[0])
        if (node, column.writes[0]) in done or column.writes[0] in self._told_by_children:
            return None
        if any(self._told.get(node, each) != values for each in column.writes):
            return None
        if len(column.writes) > 1 and values:
            done.update((node, each) for each in column.writes)
        return self._encoded(row, column, node, self._beyond_defaults(row, column, values))

    def _beyond_defaults(self, row: WrittenRow, column: Column, values: list[Term]) -> list[Term]:
        """Leave out what the reader fills in by itself."""
        if column.kind == "about" and row.owners:
            return [value for value in values if value != row.owners[0].node]
        if column.kind == "source" and row.owners and values == [source_of(row.owners[0])]:
            return [value for value in values if value in self._chosen.rows]
        return values

    @cached_property
    def _told_by_children(self) -> set[pyoxigraph.NamedNode]:
        """The properties that stand in a column of the sheet of what they lead to."""
        return {each for sheet in self._model.sheets.values() for column in sheet.columns for each in column.back}

    def _encoded(self, row: WrittenRow, column: Column, node: Node, values: list[Term]) -> Scalar | None:
        """Return a cell with all of ``values`` that it can hold."""
        values = [value for value in values if not isinstance(value, pyoxigraph.BlankNode)]
        literals = [value for value in values if isinstance(value, pyoxigraph.Literal)]
        if column.kind == "text":
            texts = [text for text in literals if text.language and holds(text.value)]
            return write_texts(texts, self._told.spoken)
        if column.kind == "plain":
            return literals[0].value if len(values) == 1 and literals and holds(literals[0].value) else None
        if column.kind in {"number", "scale"}:
            return self._numbers(column, node, literals)
        encode = self._joined.get(column.kind, self._reference)
        return _together(encode(row, column, value) for value in values)

    def _numbers(self, column: Column, node: Node, literals: list[pyoxigraph.Literal]) -> Scalar | None:
        if column.part is not None and column.kind == "number":
            for scale in (each for each in self._model.sheets["budget"].columns if each.kind == "scale"):
                for factor in self._told.get(node, scale.writes[0]):
                    if isinstance(factor, pyoxigraph.Literal):
                        literals = [writing.unscaled(literal, factor) for literal in literals]
        if len(literals) == 1:
            return writing.write_number(literals[0])
        return _together(literal.value for literal in literals)

    def _duration(self, _: WrittenRow, __: Column, value: Term) -> str:
        literal = isinstance(value, pyoxigraph.Literal)
        return writing.write_duration(value, self._model, self._language) if literal else ""  # type: ignore[arg-type]

    def _code(self, _: WrittenRow, column: Column, value: Term) -> str:
        if isinstance(value, pyoxigraph.Literal):
            return value.value
        names = self._model.code_names.get(column.codes, {})
        for code in self._model.codes.get(column.codes, []):
            label = said(code.labels, self._language)
            if code.iri == value.value and names.get(fold(label)) == code.iri and ";" not in label:
                return label
        if column.name.endswith("jurisdiction") and value.value.startswith(f"{column.codes}/"):
            return slug(value.value).upper()
        return self._chosen.short(value.value)

    # other rows

    def _reference(self, row: WrittenRow, column: Column, value: Term) -> str:
        """Return the words by which a cell refers to a resource."""
        if isinstance(value, pyoxigraph.Literal):
            return value.value
        other = self._chosen.rows.get(value) if isinstance(value, pyoxigraph.NamedNode) else None
        if other is not None:
            name = self._name(other.node) if other.sheet == "bodies" else ""
            return name if self._is_only(name) else self._way_to(row, column.points, other)
        for address, _, name in self._model.known:
            if address == value.value and self._is_only(name) and ";" not in name:
                return name
        words = (
            self._model.parts[name].word for owner in row.owners for name, node in owner.within.items() if node == value
        )
        return next(filter(None, words), "") or self._chosen.short(value.value)

    def _way_to(self, row: WrittenRow, points: tuple[str, ...], other: WrittenRow) -> str:
        """Return the shortest words that lead the reader to a row and to no other."""
        part = slug(other.node.value)
        names = [name for name in (other.key, part) if name]
        names += [f"{other.owners[0].key}/{name}" for name in names if other.owners and "/" not in name]
        for name in names:
            found = [
                each
                for each in self._by_key.get(fold(name), [])
                if each.node in self._chosen.rows and any(kind.name in points for kind in each.kinds)
            ]
            if len(found) > 1:
                found = [each for each in found if set(each.owners) & set(row.owners) or each in row.owners] or found
            if found == [other]:
                return name
        return self._chosen.short(other.node.value)

    @cached_property
    def _by_key(self) -> dict[str, list[WrittenRow]]:
        """What the reader finds rows by: id and last part of the address, by themselves and below their documents."""
        found: dict[str, list[WrittenRow]] = {}
        for row in self._chosen.rows.values():
            own = {fold(row.key), fold(slug(row.node.value))} - {""}
            above = {name for owner in row.owners for name in (fold(owner.key), fold(slug(owner.node.value)))}
            for name in own | {f"{each}/{name}" for each in above for name in own}:
                found.setdefault(name, []).append(row)
        return found

    def _name(self, node: Node) -> str:
        column = self._model.sheets["bodies"].column("bodies-name")
        values = self._told.get(node, column.writes[0]) if column else []
        names = [each for each in values if isinstance(each, pyoxigraph.Literal)]
        names.sort(key=lambda each: each.language != self._told.spoken)
        return names[0].value if names and not {";", "\n"} & set(names[0].value) else ""

    def _is_only(self, name: str) -> bool:
        """Whether a name leads to one body or work alone."""
        return bool(name) and self._all_names[fold(name)] == 1

    @cached_property
    def _all_names(self) -> Counter[str]:
        names: dict[str, set[str]] = {}
        for row in self._chosen.rows.values():
            for text in (row.key, self._name(row.node) if row.sheet == "bodies" else ""):
                if text:
                    names.setdefault(fold(text), set()).add(row.node.value)
        for address, _, name in self._model.known:
            names.setdefault(fold(name), set()).add(address)
        return Counter({name: len(nodes) for name, nodes in names.items()})

    # evidence

    def _passage(self, row: WrittenRow, _: Column, value: Term) -> str:
        if not isinstance(value, pyoxigraph.NamedNode):
            return value.value
        document = row if row.sheet == "document" else next(iter(row.owners), None)
        if document is not None and (text := self._place(value, document)):
            return text
        other = self._chosen.rows.get(value)
        return self._way_to(row, ("passage",), other) if other is not None else self._chosen.short(value.value)

    def _place(self, node: pyoxigraph.NamedNode, document: WrittenRow) -> str:
        """Return a passage as ``p. 12``, where that is all there is to it and it is named after that."""
        own = source_of(document)
        if not node.value.startswith(f"{document.node.value}/passage-") or own in self._chosen.rows:
            return ""
        columns = self._model.sheets["evidence"].columns
        properties = {column.writes[0]: column.name for column in columns if column.name in _PLACES}
        found: dict[str, Term] = {}
        for predicate, values in self._told.values.get(node, {}).items():
            if predicate in properties and len(values) == 1:
                found[properties[predicate]] = values[0]
            elif predicate != self._model.type:
                return ""
        if found.pop("evidence-source", None) != own:
            return ""
        texts = {name: value.value for name, value in found.items()}
        where = Locator(
            texts.get("evidence-page", ""),
            texts.get("evidence-section", ""),
            *(_whole(texts.get(name, "")) for name in ("evidence-paragraph", "evidence-item")),
        )
        text = where.text(self._model, self._language)
        if locator(text, self._model) != where or node.value != f"{document.node.value}/{where.part}" or ";" in text:
            return ""
        self.passages.add(node)
        return text

    # what is not stated

    def _write_silence(self, row: WrittenRow) -> None:
        words = self._model.word("not-stated", self._language)
        for silent in self._told.get(row.node, self._model.not_stated):
            for column in self._chosen.columns(row):
                part = column.part
                apart = part is not None and not row.describes(part)
                missing = apart and part is not None and part.name not in row.within
                if (silent in column.writes and (not apart or (column.loose and missing))) or (
                    missing and part is not None and part.through == silent
                ):
                    row.record.setdefault(column.name, words)
                    break
        for name, node in row.within.items():
            for silent in self._told.get(node, self._model.not_stated):
                for column in self._chosen.columns(row):
                    if column.part is not None and column.part.name == name and column.writes == (silent,):
                        row.record.setdefault(column.name, words)


def _together(texts: Iterable[str]) -> str | None:
    return "; ".join(text for text in texts if text and ";" not in text and holds(text)) or None


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() else 0
