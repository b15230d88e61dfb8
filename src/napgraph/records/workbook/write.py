"""From triples to rows: what the sheets can hold goes into them, the rest triple by triple."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain, count

import pyoxigraph

from ...errors import OutputError
from ...rdf.namespaces import shorten, slug
from ..languages import language_fault
from ..record import languages_of
from . import cells
from .answers import ELSEWHERE, Answers, several_names, source_of
from .cells import Cell, Node, Scalar, Term
from .model import Column, Kind, Model, said
from .read import nameless, read_grids, write_statement
from .rows import NOTHING, Row, Rows, short_ids
from .tables import Filled, Table, grids, lay_out

_ATTEMPTS = 6
_EXACT = re.compile(r"-?[0-9]{1,15}|-?[0-9]{1,9}(\.)[0-9]{1,4}")  # what every spreadsheet keeps as a number
_UNITS = {"Y": "years", "M": "months", "D": "days"}
_ALONE = {"text", "code"}  # the kinds of cells that need no other row


def fill(triples: Iterable[pyoxigraph.Triple], model: Model, language: str | None = None) -> Filled:
    """Return the rows that say exactly what ``triples`` say, in cells or, where these cannot, in other statements.

    ``language`` is that of headings, codes and words. Raises OutputError for a statement about a statement.
    """
    encoder, labels = RowEncoder(triples, model, language), dict[pyoxigraph.BlankNode, str]()
    nothing = Filled(encoder.spoken, encoder.shown, {}, []), list(encoder.triples)
    attempts = (encoder.attempt() for _ in range(_ATTEMPTS))
    filled, missing = next(((filled, missing) for filled, missing, is_right in attempts if is_right), nothing)
    return filled._replace(statements=[write_statement(triple, labels) for triple in missing])


def with_addresses(triples: Iterable[pyoxigraph.Triple], model: Model) -> list[pyoxigraph.Triple]:
    """Return ``triples`` with an address and a class for each detail that stands in brackets, such as a target.

    The address is that of its owner with the word of its kind: an indicator of ``activity-7-1`` is ``indicator-7-1``.
    """
    stated = list(dict.fromkeys(triples))
    details = {kind.detail: kind for kind in model.kinds.values() if kind.detail}
    classes: dict[object, list[Term]] = defaultdict(list)
    for subject, predicate, value in stated:
        if predicate == model.type:
            classes[subject].append(value)
    above = {o: (s, details[p]) for s, p, o in stated if p in details and isinstance(o, pyoxigraph.BlankNode)}
    if not above:
        return stated
    inside: dict[object, list[tuple[pyoxigraph.BlankNode, Kind]]] = defaultdict(list)
    for node, (owner, kind) in above.items():
        inside[owner].append((node, kind))
    taken = {term.value for triple in stated for term in triple if isinstance(term, pyoxigraph.NamedNode)}
    below = {kind.cls for kind in model.kinds.values() if kind.below}
    named: dict[object, pyoxigraph.NamedNode] = {}
    owners: list[Node] = [owner for owner in inside if isinstance(owner, pyoxigraph.NamedNode)]
    for owner in owners:  # it grows by what gets an address; what is in brackets in a circle gets none
        for node, kind in inside[owner]:
            is_own = (each for each in model.kinds.values() if each.sheet == kind.sheet and each.cls in classes[node])
            word, base = next(is_own, kind).word, named.get(owner, owner).value
            if not below.isdisjoint(classes[owner]) or owner in above:
                base, _, last = base.rpartition("/")
                word += "-" + re.sub(r"^[a-z]+-(?=[0-9])", "", last)
            else:
                word += "-1"
            iris = (f"{base}/{each}" for each in chain([word], (f"{word}-{n}" for n in count(2))))
            named[node] = pyoxigraph.NamedNode(next(iri for iri in iris if iri not in taken))
            taken.add(named[node].value)
            owners += [node] if node in inside else []
    made = [pyoxigraph.Triple(named.get(s, s), p, named.get(o, o)) for s, p, o in stated]
    unsaid = [(named[node], kind.cls) for node, (_, kind) in above.items() if node in named and not classes[node]]
    return made + [pyoxigraph.Triple(node, model.type, cls) for node, cls in unsaid]


class RowEncoder:
    """Writes a record as rows; each attempt leaves out what was wrong before: a column, a part, or a row (no name)."""

    def __init__(self, triples: Iterable[pyoxigraph.Triple], model: Model, language: str | None) -> None:
        self.triples = dict.fromkeys(with_addresses(triples, model))
        self._model = model
        self._values: dict[Term, dict[pyoxigraph.NamedNode, list[Term]]] = {}
        self._back: dict[tuple[pyoxigraph.NamedNode, Term], list[Term]] = defaultdict(list)
        for subject, predicate, value in self.triples:
            if isinstance(subject, pyoxigraph.Triple) or isinstance(value, pyoxigraph.Triple):
                raise OutputError("A statement about a statement stands here (RDF 1.2), which no workbook can hold.")
            self._values.setdefault(subject, {}).setdefault(predicate, []).append(value)
            self._back[predicate, value].append(subject)
        self.spoken, *others = [tag for tag in languages_of(self.triples) if language_fault(tag) is None] or ["en"]
        self._named = [self.spoken, *(tag for tag in others if len(tag.partition("-")[0]) > 2)]  # noqa: PLR2004
        self.shown = language or (self.spoken if self.spoken in model.sheets["document"].labels else "en")
        self._below = {each for sheet in model.sheets.values() for column in sheet.columns for each in column.back}
        self._left_out: set[tuple[Term, str]] = set()

    def attempt(self) -> tuple[Filled, list[pyoxigraph.Triple], bool]:
        """Return the rows, the triples that no cell says, and whether the cells say nothing else."""
        sheets: dict[str, list[Row]] = defaultdict(list)
        for row in self._encode():
            sheets[row.sheet.name].append(row)
        filled = Filled(self.spoken, self.shown, {}, [])
        for name, rows in sheets.items():
            filled.records[name] = [{column: cell.value for column, cell in row.cells.items()} for row in rows]
        laid = lay_out(self._model, filled, self.shown, examples=False)
        record = read_grids(grids(laid, ""), self._model, "", "xlsx", [])
        places: dict[object, tuple[Term, str]] = {}
        parts: dict[object, tuple[Term, str]] = {}
        nodes: dict[object, Node] = {}
        for number, row in ((number, row) for rows in sheets.values() for number, row in enumerate(rows, 2)):
            row.record = number
            for column in row.sheet.columns:
                name = "" if column.kind in {"id", "kind", "language"} else column.beside or column.name
                places[row.place(column.name)] = row.iri, name
            nodes |= {nameless(name, row.sheet.name, number): node for name, node in row.within.items()}
            parts |= {node: (row.iri, name) for name, node in row.within.items()}
        read = {pyoxigraph.Triple(nodes.get(s, s), p, nodes.get(o, o)): (s, p, o) for s, p, o in record.triples}
        added = ((triple, own) for triple, own in read.items() if triple not in self.triples)
        wrong = {parts.get(each.subject) or parts.get(each.object) or places[record.place(*own)] for each, own in added}
        missing = [triple for triple in self.triples if triple not in read]
        wrong |= {parts[node] for triple in missing for node in (triple.subject, triple.object) if node in parts}
        self._left_out |= {(node, "" if (node, name) in self._left_out else name) for node, name in wrong}
        return filled, missing, not wrong

    def _encode(self) -> list[Row]:
        """Return the rows with their cells, but for passages and sources that the reader makes of what cells say."""
        self._told: set[str] = set()
        self._said: set[pyoxigraph.Triple] = set()
        self._passages: set[Term] = set()
        self._found = Rows(self._model, self._tell)
        self._found.language, self._found.spoken = self.spoken, set(self._named)
        self._answers = Answers(self._found, self._model, self._tell, self._say)
        rows = self._choose()
        documents = [row for row in rows.values() if row.sheet.down]
        for row in rows.values():
            self._set_owners(row, documents)
            self._find_within(row)
        for node in [node for row in rows.values() for node in row.within.values()]:
            rows.pop(node, None)
        stated = {row: self._stated(row) for row in sorted(rows.values(), key=lambda row: not row.sheet.down)}
        for row in list(stated):
            self._write(row, [each for each in stated[row] if each[0].kind in _ALONE])
            if self._is_plain_source(row, documents):
                del rows[row.iri], stated[row]
            else:
                self._set_key(row)
                self._found.add(row)
        for row, values in stated.items():
            own = {"id": row.key}
            own["kind"] = "; ".join(said(kind.labels, self.shown) for kind in row.kinds if kind.labels)
            own["language"] = "; ".join(map(cells.usual_tag, self._named)) if row in documents[:1] else ""
            for column in (each for each in row.sheet.columns if each.kind in own):
                if cell := NOTHING if (row.iri, column.name) in self._left_out else own[column.kind]:
                    row.cells[column.name] = Cell(cell)
            self._write(row, [each for each in values if each[0].kind not in _ALONE])
            if owner := row.sheet.name_of("owner"):
                cell = NOTHING if (row.iri, owner) in self._left_out else self._owner(row, documents)
                row.cells |= {owner: Cell(cell)} if cell else {}
            self._write_silence(row)
        return [row for node, row in rows.items() if node not in self._passages]

    def _get(self, node: Term, predicate: pyoxigraph.NamedNode) -> list[Term]:
        return self._values.get(node, {}).get(predicate, [])

    def _choose(self) -> dict[Term, Row]:
        tables = {}
        for name, sheet in self._model.sheets.items():
            grid = cells.Grid("", said(sheet.labels, self.shown), {})
            tables[name] = Table(sheet, grid, sheet.positions(), {}, sheet.down)
        made: dict[Term, Row] = {}
        for node, values in self._values.items():
            classes = values.get(self._model.type, [])
            kinds = (kind for cls in classes for kind in self._model.kinds.values() if kind.cls == cls)
            possible = [each for each in kinds if each.fixed is None or each.fixed[1] in values.get(each.fixed[0], [])]
            if not possible or not isinstance(node, pyoxigraph.NamedNode) or (node, "") in self._left_out:
                continue
            chosen: dict[pyoxigraph.NamedNode, Kind] = {}
            for kind in possible:
                fits = kind.fixed is not None or (kind.link is not None and (kind.link, node) in self._back)
                if kind.sheet == possible[0].sheet and (kind.cls not in chosen or fits):
                    chosen[kind.cls] = kind
            made[node] = row = Row(tables[possible[0].sheet], 0, {})
            row.kinds, row.iri = list(chosen.values()), node
        return made

    def _set_owners(self, row: Row, documents: list[Row]) -> None:
        """Find the documents that a row is linked to, the one below which its address lies first."""
        kind = row.kinds[0]
        if not kind.below:
            return
        above = [each for each in documents if row.iri.value.startswith(f"{each.iri.value}/")]
        nearest = max(above, key=lambda each: len(each.iri.value), default=None)
        if kind.link is not None:
            nodes = self._back.get((kind.link, row.iri), [])
        else:
            nodes = self._get(row.iri, kind.back) if kind.back else [nearest.iri] if nearest else []
        found = [each for node in dict.fromkeys(nodes) for each in documents if each.iri == node]
        row.linked = bool(found)
        row.owners = sorted(found or ([nearest] if nearest else documents[:1]), key=lambda each: each is not nearest)

    def _find_within(self, row: Row) -> None:
        """Find what stands within a row rather than on its own: what is nameless, or named after the row."""
        evidence = self._model.terms[row.sheet.name_of("evidence") or "document-evidence"]
        for part in dict.fromkeys(filter(None, map(row.part, row.sheet.columns))):
            if (row.iri, part.name) in self._left_out:
                continue
            for node in self._get(row.iri, part.through):
                is_same = self._get(node, evidence) == self._get(row.iri, evidence)  # which the reader says of both
                named = is_same and isinstance(node, pyoxigraph.NamedNode) and node.value == row.part_address(part)
                fits = named if part.word else isinstance(node, pyoxigraph.BlankNode)
                classes = [part.cls] if part.word else [part.fixed[1]] if part.fixed else []
                if fits and self._get(node, self._model.type) == classes and node not in row.within.values():
                    row.within[part.name] = node  # type: ignore[assignment]
                    break

    def _is_plain_source(self, row: Row, documents: list[Row]) -> bool:
        """Whether a row says no more than that it is the text of its document, which the reader says by itself."""
        document = next((each for each in documents if source_of(each) == row.iri), None)
        if document is None or (self._model.terms["evidence-source"], row.iri) not in self._back:
            return False
        self._said.clear()
        self._answers.source(document, row.place())
        return self._says_all_of(row.iri)

    def _set_key(self, row: Row) -> None:
        """Give a row the shortest id of which the reader makes its address; a body with that name has none.

        A name that seems to be that of several bodies has one, which tells the reader that it is one.
        """
        above, address = self._found.base_of(row), row.iri.value
        short = short_ids(row.kinds[0], address.removeprefix(above), row.sheet.kinds) if above in address else []
        short.append(self._short(address.removeprefix(self._found.base)))
        is_one = row.sheet.name == "bodies" and not several_names(row.text("bodies-name"), lambda _: False)
        for key in ["", *short] if is_one else short:
            row.key = key
            if self._found.address_of(row) == address:
                return
        row.key = self._short(address)

    def _owner(self, row: Row, documents: list[Row]) -> str:
        kind, is_detail = row.kinds[0], self._found.is_detail(row)
        keys = "; ".join(each.key for each in row.owners)
        if row.owners and row.linked:
            return "" if len(documents) == 1 and not is_detail else keys
        if not kind.link and (not kind.back or self._get(row.iri, kind.back)):
            is_known = len(documents) < 2 or not kind.back or self._found.owners_above(row) == row.owners  # noqa: PLR2004
            return "" if is_known else keys
        if len(documents) < 2:  # noqa: PLR2004
            return "" if is_detail else NOTHING
        return "" if is_detail and self._found.owners_above(row) == row.owners else f"{keys}; {NOTHING}".strip("; ")

    def _stated(self, row: Row) -> list[tuple[Column, list[Term]]]:
        """Return the values that each column is to say, with those columns first that state several properties."""
        made: list[tuple[Column, list[Term]]] = []
        done: set[tuple[Node, pyoxigraph.NamedNode]] = set()
        for column in sorted(row.sheet.columns, key=lambda each: -len(each.writes)):
            part = row.part(column)
            node = row.iri if part is None else row.within.get(part.name)
            if node is None or column.kind in ELSEWHERE:
                continue
            if column.back:
                made.append((column, self._back.get((column.back[0], node), [])))
                continue
            values = self._get(node, column.writes[0])
            taken = (node, column.writes[0]) in done or column.writes[0] in self._below
            if not taken and all(self._get(node, each) == values for each in column.writes):
                done.update((node, each) for each in column.writes if len(column.writes) > 1 and values)
                made.append((column, self._to_say(row, column, node, values)))
        return made

    def _to_say(self, row: Row, column: Column, node: Node, values: list[Term]) -> list[Term]:
        """Return the values that the column is for, in the scale of the row, without the document that is filled in."""
        alike = [each for each in row.sheet.columns if each.writes == column.writes and each.part == column.part]
        if len(alike) > 1:
            values = [value for value in values if self._column_for(value, alike) is column]
        if row.linked and column.kind == "about" and row.sheet.name_of("owner"):
            values = [value for value in values if value not in [owner.iri for owner in row.owners[:1]]]
        if column.part is not None and column.kind == "number":
            for scale in (each for each in row.sheet.columns if each.kind == "scale"):
                for factor in self._get(node, scale.writes[0]):
                    values = [cells.scaled(value, factor, back=True) for value in values]
        return values

    def _column_for(self, value: Term, columns: list[Column]) -> Column:
        """Return the column whose list has a value, or that points to a kind of row that it is, else the first."""
        classes, iri = self._get(value, self._model.type), getattr(value, "value", "")
        for column in columns:
            is_code = any(code.iri == iri for code in self._model.codes.get(column.codes, []))
            if is_code or any(self._model.kinds[name].cls in classes for name in column.points):
                return column
        return columns[0]

    def _write(self, row: Row, stated: list[tuple[Column, list[Term]]]) -> None:
        """Write the cells of columns: of their values all that the reader finds there again."""
        for column, values in stated:
            if (row.iri, column.beside or column.name) in self._left_out:
                row.cells[column.name] = Cell(NOTHING)
                continue
            written: dict[Term, Scalar] = {}
            for value in values:
                texts = (text for text in self._texts(row, column, value) if self._read(row, column, text) == [value])
                if (text := next(texts, None)) is not None:
                    written[value] = text
            cell: Scalar = next(iter(written.values()), "")
            if column.kind == "text":
                cell = cells.write_texts(written, self.spoken)
            elif len(written) > 1:
                cell = ("\n" if column.kind == "either" else "; ").join(map(str, written.values()))
            if len(written) == 1 or (written and {*self._read(row, column, cell)} == {*written}):
                row.cells[column.name] = Cell(cell)

    def _read(self, row: Row, column: Column, text: Scalar) -> list[Term]:
        """Return the values of a cell with ``text``; none where it would say what is not in the record."""
        if isinstance(text, str) and not cells.holds(text):
            return []
        self._told.clear()
        self._said.clear()
        row.cells[column.name] = Cell(text)
        values = self._answers.values(row, column) or []
        del row.cells[column.name]
        return values if self._said <= self.triples.keys() and "ambiguous-row" not in self._told else []

    def _tell(self, key: str, *_: object, **__: str) -> None:
        self._told.add(key)

    def _say(self, subject: Node, predicate: pyoxigraph.NamedNode, value: Term, _: object) -> None:
        self._said.add(pyoxigraph.Triple(subject, predicate, value))

    def _says_all_of(self, node: Term) -> bool:
        """Whether what was said last is all that the record says of a node."""
        about = {triple for triple in self._said if triple.subject == node}
        return about <= self.triples.keys() and len(about) == sum(map(len, self._values.get(node, {}).values()))

    def _texts(self, row: Row, column: Column, value: Term) -> Iterator[Scalar]:
        """Yield the texts by which the reader may find a value, those first that people would rather read."""
        if isinstance(value, pyoxigraph.Literal):
            yield from self._literal_texts(column, value)
        elif isinstance(value, pyoxigraph.NamedNode):
            if column.kind == "code":
                codes = self._model.codes.get(column.codes, [])
                yield from (said(code.labels, self.shown) for code in codes if code.iri == value.value)
                yield slug(value.value).upper()
            elif column.kind == "iri":
                yield value.value
            elif column.kind == "evidence":
                yield from self._place(row, column, value)
            yield from self._names(row, value)
            yield self._short(value.value)

    def _literal_texts(self, column: Column, value: pyoxigraph.Literal) -> Iterator[Scalar]:
        if column.kind == "text":
            yield cells.write_texts([value], self.spoken)
        elif column.kind in {"number", "scale"} and (exact := _EXACT.fullmatch(value.value)):
            yield float(value.value) if exact[1] else int(value.value)
        elif column.kind == "duration" and (unit := _UNITS.get(value.value[-1:])):
            number = value.value[1:-1]
            yield f"{number} {self._model.word(unit, self.shown, 'one' if number == '1' else 'label')}"
        elif column.kind == "yes":
            yield self._model.word("yes" if value.value == "true" else "no", self.shown)
        elif value.language:
            yield f"[{cells.usual_tag(value.language)}] {value.value}"
        yield value.value

    def _names(self, row: Row, node: pyoxigraph.NamedNode) -> Iterator[str]:
        """Yield the ways to name a resource: a body by its name, other rows by their id, what is known by its name."""
        other = self._found.by_iri.get(node.value)
        if other is not None:
            yield from self._found.names_of(other)[:1] if other.sheet.name == "bodies" else ()
            names = [name for name in (other.key, slug(node.value)) if name]
            yield from names
            yield from (f"{owner.key}/{name}" for owner in other.owners[:1] for name in names if "/" not in name)
        yield from (name for known in self._model.known.values() for iri, _, name in known if iri == node.value)
        for owner in row.owners:
            yield from (self._model.parts[name].word for name, each in owner.within.items() if each == node)

    def _place(self, row: Row, column: Column, node: pyoxigraph.NamedNode) -> Iterator[str]:
        """Yield a passage as ``p. 12``, where that is all there is to it and it is named after that."""
        if row.document is None or source_of(row.document).value in self._found.by_iri:
            return
        values = {name: self._get(node, self._model.terms[f"evidence-{name}"]) for name in cells.PLACE}
        where = {name: "".join(each.value for each in found) for name, found in values.items()}
        text = cells.write_place(where, self._model, self.shown)
        if self._read(row, column, text) == [node] and self._says_all_of(node):
            self._passages.add(node)
            yield text

    def _short(self, address: str) -> str:
        return shorten(address, self._model.prefixes).removeprefix("<").removesuffix(">")

    def _write_silence(self, row: Row) -> None:
        words = self._model.word("not-stated", self.shown)
        silent = set(self._get(row.iri, self._model.not_stated))
        for column in row.sheet.columns:
            part = row.part(column)
            within = row.within.get(part.name) if part else None
            if within is not None:
                is_meant = [*column.writes] in [[each] for each in self._get(within, self._model.not_stated)]
            else:
                meant = {*(column.writes if part is None else ()), *([part.through] if part else [])}
                is_meant = not silent.isdisjoint(meant)
                silent -= meant
            if is_meant:
                row.cells.setdefault(column.name, Cell(words))
