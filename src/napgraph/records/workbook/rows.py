"""The rows of a workbook: what each is, what its address is, and which row a cell means.

Rows get their addresses before any cell is read for its values, so that a cell can refer to a row further down.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import pyoxigraph

from ...errors import nearest
from ...project.language import LANGUAGES
from ...rdf.namespaces import slug
from ..languages import language_fault
from ..record import Location
from .cells import Cell, Tell, as_text, items, read_iri, unmarked, usual_tag
from .identity import UNKNOWN_CODE, Entry, base_of, digest, last_part, slugged
from .model import Kind, Model, fold, said
from .tables import Table, example

NOTHING = "-"
"""A cell with this says on purpose that there is nothing."""


class Row(Entry):
    """One record of a sheet: its cells, and what its cells say of its documents."""

    def __init__(self, table: Table, record: int, cells: dict[str, Cell]) -> None:
        super().__init__(table.sheet, [], pyoxigraph.NamedNode("urn:napgraph:nothing"))
        self.table, self.record, self.cells = table, record, cells
        self.linked, self.total = True, False

    def text(self, column: str) -> str:
        """Return what stands in a column as text, empty where nothing does."""
        return as_text(self.cells[column].value) if column in self.cells else ""

    def place(self, column: str = "") -> Location:
        """Return the place of a cell, or of the row."""
        return self.table.place(self.record, column)


class Rows:
    """All rows of a workbook, documents first, and how they are found."""

    def __init__(self, tables: Iterable[Table], model: Model, tell: Tell) -> None:
        self._model, self._tell = model, tell
        self.by_iri: dict[str, Row] = {}
        self._by_key: dict[str, list[Row]] = defaultdict(list)
        self._by_name: dict[str, list[Row]] = defaultdict(list)
        self.language, self.spoken = "en", set[str]()
        self.documents: list[Row] = []
        self.base = base_of(UNKNOWN_CODE)
        found = sorted((row for table in tables for row in self._rows(table)), key=lambda row: not row.sheet.down)
        for row in found:
            if row.sheet.down:
                self._settings(row)
        for row in found:
            self._identify(row)

    def _rows(self, table: Table) -> Iterator[Row]:
        """Yield the rows that count: no example, no subtotal, nothing that only goes on from a merged cell above."""
        id_column = table.sheet.name_of("id")
        for record, cells in sorted(table.records.items()):
            row = Row(table, record, cells)
            if all(cell.shown == "merged" for cell in cells.values()):
                continue
            row.key = row.text(id_column) if id_column in cells and cells[id_column].shown != "merged" else ""
            if fold(row.key) in self._model.said_as("example"):
                self._tell_example(row)
            elif self._called(row) & self._model.said_as("subtotal"):  # it would count the same money twice
                self._tell("subtotal-row", row.place(), value=row.key or row.text("words"))
            else:
                yield row

    def _tell_example(self, row: Row) -> None:
        """Tell of an example row in which something else stands than the template's example."""
        for column in row.sheet.columns:
            text = row.text(column.name)
            shown = {fold(example(column, row.sheet, self._model, language)) for language in LANGUAGES}
            if text and column.kind != "id" and fold(text) not in shown:
                self._tell("example-changed", row.place(column.name), value=text)
                return

    def _settings(self, row: Row) -> None:
        name = row.sheet.name_of("language")
        for number, text in enumerate(items(row.text(name).replace(",", ";"))):
            fault = language_fault(text)
            tag = (text if fault is None else fault).lower()
            if tag:
                self.spoken.add(tag)
                self.language = self.language if number else tag
            if fault is not None:
                used = usual_tag(self.language)
                self._tell("unknown-language", row.place(name), value=text, used=used, nearest=fault)

    def _identify(self, row: Row) -> None:
        """Give the row its kinds, documents and address."""
        row.kinds = self._kinds(row)
        kind = row.kinds[0]
        row.total = bool(self._called(row) & self._model.said_as("total"))
        row.key = row.key if row.key != NOTHING else ""
        if row.sheet.down:
            self._identify_document(row, kind)
        elif not kind.below:
            named = slugged((self._names(row) or [""])[0], kind.word)
            part = last_part(kind, row.key, row.record) if row.key or not named else named
            self._settle(row, self.base, part)
        else:
            self._own(row)
            base = f"{row.owners[0].iri.value}/" if row.owners else f"{self.base}document/"
            key = row.key or ("total" if row.total else "")
            self._settle(row, base, last_part(kind, key, row.record))

    def _identify_document(self, row: Row, kind: Kind) -> None:
        """Give a document its address below its jurisdiction; that of the first document holds for bodies too."""
        column = row.sheet.column("document-jurisdiction")
        code = self.jurisdiction(row.text(column.name), column.codes) if column else None
        base = base_of(slug(code) if code else UNKNOWN_CODE)
        if not self.documents:
            self.base = base
        years = [row.text(name)[:4] for name in ("document-start", "document-end")]
        part = "-".join([kind.word, *filter(str.isdigit, years)])
        if row.key:
            part = slugged(row.key, kind.word) or f"{kind.word}-{digest(row.key)}"
        self._settle(row, base, part)
        self.documents.append(row)

    def jurisdiction(self, text: str, scheme: str) -> str | None:
        """Return the jurisdiction that a cell names, by name or code; three letters always name one."""
        text = items(text)[0] if items(text) else ""
        found = self._model.code_names.get(scheme, {}).get(fold(text))
        if found is None and len(text) == 3 and text.isascii() and text.isalpha():  # noqa: PLR2004
            return f"{scheme}/{text.lower()}"
        address = found or self.address(text) or ""
        return address if address.startswith(f"{scheme}/") else None

    def _settle(self, row: Row, base: str, part: str) -> None:
        """Give the row its address, by which it is found; one that is taken is noted, and made different."""
        key = row.key
        address = self.address(key) if ":" in key else None
        if address is None and "/" in key.strip("/"):
            address = self.base + "/".join(filter(None, map(slugged, key.split("/"))))
        address = address or base + part
        if address in self.by_iri:
            other = self.by_iri[address]
            same = other.sheet is row.sheet and other.owners == row.owners
            if row.key and same and fold(other.key) == fold(row.key):
                at = other.place()
                where = f"{at.sheet}!{at.cell}" if at.line is None else f"{at.sheet}:{at.line}"
                self._tell("id-twice", row.place(row.sheet.name_of("id")), value=row.key, other=where)
            address = f"{base}{row.kinds[0].word}-{slugged(key)}".rstrip("-")
            while address in self.by_iri:
                address += f"-r{row.record}"
        row.iri = pyoxigraph.NamedNode(address)
        self.by_iri[address] = row
        for name in row.names():
            self._by_key[name].append(row)
        for text in self._names(row):
            self._by_name[fold(text)].append(row)

    def address(self, text: str) -> str | None:
        """Return the address that a text is, in full or by prefix."""
        text = text.removeprefix("<").removesuffix(">")
        prefix, _, name = text.partition(":")
        if prefix in self._model.prefixes and not name.startswith("//") and " " not in text:
            text = self._model.prefixes[prefix] + name
        elif not text.startswith(("http://", "https://", "urn:", "mailto:")):
            return None
        found = read_iri(text)
        return found.value if found else None

    def _kinds(self, row: Row) -> list[Kind]:
        name, kinds = row.sheet.name_of("kind"), row.sheet.kinds
        text = row.text(name)
        if not text or text == NOTHING:
            return [kinds[0]]
        known = {
            fold(word): kind
            for kind in kinds
            for word in (*kind.labels.values(), *self._model.others(f"kind-{kind.name}"), kind.name)
        }
        found = []
        for part in items(text):
            kind = known.get(fold(part))
            if kind is None:
                near = "".join(nearest(part, [said(each.labels, self.language) for each in kinds], 1))
                self._tell("unknown-kind", row.place(name), value=part, nearest=near)
                kind = known[fold(near)] if near else next(each for each in kinds if each.labels)
            found.append(kind)
        return found

    def _own(self, row: Row) -> None:
        """Find the documents that a row belongs to: those named, that of its parent, the only one."""
        name = row.sheet.name_of("owner")
        keys = [document.key or slug(document.iri.value) for document in self.documents]
        documents = {kind.name for kind in self._model.sheets["document"].kinds}
        for part in items(row.text(name)):
            owner = self.find(part, documents)
            if part == NOTHING:
                row.linked = False
            elif isinstance(owner, Row):
                row.owners.append(owner)
            else:
                near = "".join(nearest(part, keys, 1)) or ", ".join(keys[:3])
                self._tell("unknown-row", row.place(name), value=part, nearest=near)
        row.owners = row.owners or self._parents_owners(row)
        if not row.owners:
            row.owners = self.documents[:1]
            tied = row.kinds[0].link or row.kinds[0].back
            if len(self.documents) > 1 and row.linked and tied:
                self._tell("several-documents", row.place(name), document=keys[0])

    def _parents_owners(self, row: Row) -> list[Row]:
        """Return the documents of the first row that the row refers to, where there are several."""
        columns = [each for each in row.sheet.columns if each.points and each.kind in {"reference", "part-of", "about"}]
        for column in columns if len(self.documents) > 1 else []:
            for part in items(row.text(column.name)):
                found = self.find(part, set(column.points))
                if isinstance(found, Row) and (found.owners or found in self.documents):
                    return found.owners or [found]
        return []

    def find(self, text: str, kinds: set[str], near: Row | None = None) -> Row | list[Row] | None:
        """Return the row that ``text`` means, a list where it may mean several, or None.

        Rows of the same document as ``near`` come first; then a name, then an address.
        """
        found = [row for row in self._by_key[fold(text)] if not kinds or row.is_of(kinds)]
        found = near.closest(found) if near else found
        found = found or [row for row in self._by_name[fold(text)] if not kinds or row.is_of(kinds)]
        if not found and ":" in text and (address := self.address(text)) is not None:
            found = [self.by_iri[address]] if address in self.by_iri else []
        return found[0] if len(found) == 1 else found or None

    def named(self, kinds: set[str]) -> list[str]:
        """Return the names and ids of the rows of some kinds."""
        rows = [row for row in self.by_iri.values() if row.is_of(kinds)]
        return [text for row in rows for text in ([row.key] if row.key else []) + self._names(row)]

    def _names(self, row: Row) -> list[str]:
        wanted: tuple[str, ...] = ()
        if row.sheet.name in {"bodies", "document"}:
            wanted = ("bodies-name", "bodies-other-name", "document-title", "document-label", "document-alternative")
        elif row.kinds and row.kinds[0].name == "source":
            wanted = ("evidence-title",)
        return [text for name in wanted for text in unmarked(row.text(name), self.spoken)]

    def _called(self, row: Row) -> set[str]:
        """Return what a row of the budget is called, folded."""
        names = ("id", "words", "budget-for") if row.sheet.name == "budget" else ()
        return {fold(row.text(name).strip(" :")) for name in names} - {""}
