"""The rows of a workbook: what each is, its address, and which row a cell means, known before any cell is read."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

import pyoxigraph

from ...errors import nearest
from ...project.language import LANGUAGES
from ...rdf.namespaces import BASE, NOWHERE, slug
from ..languages import language_fault, language_meant
from ..record import Location
from .cells import Cell, Node, Tell, as_text, items, read_iri, text_parts
from .model import Column, Kind, Model, Part, digest, fold, said, slugged
from .tables import Table, example

NOTHING = "-"  # says on purpose that there is nothing
_NOWHERE = f"{BASE}id/{NOWHERE}/"
_NUMBERED = re.compile(r"([a-z]{0,3})[. -]?([0-9]+(?:[.-][0-9]+)*)\.?")
_NAMES = {
    "bodies": ("bodies-name", "own-words", "bodies-other-name"),
    "document": ("document-title", "document-label", "document-alternative"),
    "evidence": ("evidence-title",),
}


class Row:
    """One record of a sheet: its cells, kinds, id and address, its documents, and what stands within it by part."""

    def __init__(self, table: Table, record: int, cells: dict[str, Cell]) -> None:
        self.table, self.sheet, self.record, self.cells = table, table.sheet, record, cells
        self.kinds: list[Kind] = []
        self.owners: list[Row] = []
        self.within: dict[str, Node] = {}
        self.iri = pyoxigraph.NamedNode("urn:napgraph:nothing")
        self.key, self.linked, self.total = "", True, False

    def text(self, column: str) -> str:
        """Return what stands in a column as text, empty where nothing does."""
        return as_text(self.cells[column].value) if column in self.cells else ""

    def place(self, column: str = "") -> Location:
        """Return the place of a cell, or of the row."""
        return self.table.place(self.record, column)

    @property
    def document(self) -> "Row | None":
        """The document that the row is, or the first that it belongs to."""
        return self if self.sheet.down else next(iter(self.owners), None)

    def is_of(self, kinds: Collection[str]) -> bool:
        """Whether the row is of one of the kinds of these names; of any where there are none."""
        return not kinds or any(kind.name in kinds for kind in self.kinds)

    def names(self) -> set[str]:
        """Return what the row is found by: id and last part of the address, alone and below those of its documents."""
        own, *above = ({fold(row.key), fold(slug(row.iri.value))} - {""} for row in (self, *self.owners))
        return own | {f"{document}/{name}" for names in above for document in names for name in own}

    def part(self, column: Column) -> Part | None:
        """Return what a column is about, unless that is the row itself."""
        return None if column.part is None or any(kind.cls == column.part.cls for kind in self.kinds) else column.part

    def part_address(self, part: Part) -> str:
        """Return the address of what stands within the row: below a document, beside ``activity-3`` ``target-3``."""
        address = self.iri.value
        if self.sheet.down or part.link is None:
            return f"{address}/{part.word}"
        above, _, last = address.rpartition("/")
        rest = last.removeprefix(f"{self.kinds[0].word}-")
        return f"{above}/{part.word}-{rest}"


class Rows:
    """All rows of a workbook, and how they are found; ``base`` is what the addresses of bodies begin with."""

    def __init__(self, model: Model, tell: Tell) -> None:
        self._model, self._tell = model, tell
        self.by_iri: dict[str, Row] = {}
        self._by_key: dict[str, list[Row]] = defaultdict(list)
        self._by_name: dict[str, list[Row]] = defaultdict(list)
        self.language, self.spoken = "en", set[str]()
        self.documents: list[Row] = []
        self.totals: dict[Row, Row] = {}
        self.base = _NOWHERE

    def read(self, tables: Iterable[Table]) -> None:
        """Take in the rows of sheets, documents first."""
        found = sorted((row for table in tables for row in self._rows(table)), key=lambda row: not row.sheet.down)
        for row in (row for row in found if row.sheet.down):
            self._settings(row)
        for row in found:
            row.kinds = self._kinds(row)
            row.total = bool(self._called(row) & self._model.said_as["total"])
            row.key = row.key if row.key != NOTHING else ""
        ready = [row for row in found if row.sheet.down]
        while found:  # a row whose document is known only by a row further on waits for that
            for row in ready:
                if not row.sheet.down and row.kinds[0].below:
                    self._own(row)
                row.iri = pyoxigraph.NamedNode(self._free(row, self.address_of(row)))
                self.add(row)
            found = [row for row in found if row.iri.value not in self.by_iri]
            ready = [row for row in found if not self._waits(row)] or found

    def add(self, row: Row) -> None:
        """Take in a row, so that it is found by its id, its address and its names."""
        self.by_iri[row.iri.value] = row
        self.totals |= dict.fromkeys(row.owners if row.total else (), row)
        for name in row.names():
            self._by_key[name].append(row)
        for text in self.names_of(row):
            self._by_name[fold(text)].append(row)
        if row.sheet.down:
            self.base = self.base if self.documents else self.base_of(row)
            self.documents.append(row)

    def _rows(self, table: Table) -> Iterator[Row]:
        """Yield the rows that count: no example, no subtotal, nothing that only goes on from a merged cell above."""
        id_column = table.sheet.name_of("id")
        for record, cells in sorted(table.records.items()):
            row = Row(table, record, cells)
            if all(cell.shown == "merged" for cell in cells.values()):
                continue
            row.key = row.text(id_column) if id_column in cells and cells[id_column].shown != "merged" else ""
            if fold(row.key) in self._model.said_as["example"]:
                for column in (each for each in row.sheet.columns if each.kind != "id" and row.text(each.name)):
                    shown = {fold(example(column, row.sheet, self._model, language)) for language in LANGUAGES}
                    if fold(row.text(column.name)) not in shown:
                        self._tell("example-changed", row.place(column.name), value=row.text(column.name))
                        break
            elif self._called(row) & self._model.said_as["subtotal"]:  # it would count the same money twice
                self._tell("subtotal-row", row.place(), value=row.key or row.text("words"))
            else:
                yield row

    def _settings(self, row: Row) -> None:
        name = row.sheet.name_of("language")
        for number, text in enumerate(items(row.text(name).replace(",", ";"))):
            fault = language_fault(text)
            tag = (text if fault is None else fault).lower()
            if tag:
                self.spoken.add(tag)
                self.language = self.language if number else tag
            if fault is not None:
                used = language_meant(self.language) or self.language
                self._tell("unknown-language", row.place(name), value=text, used=used, nearest=fault)

    def address_of(self, row: Row) -> str:
        """Return the address that a row has by its id, or else by its name, its years or its place."""
        key, kind = row.key, row.kinds[0]
        if ":" in key and (address := self.address(key)):
            return address
        if "/" in key.strip("/"):
            return self.base + "/".join(filter(None, map(slugged, key.split("/"))))
        if not row.sheet.down:
            named = "" if key or kind.below else slugged((self.names_of(row) or [""])[0], kind.word)
            if kind.word.endswith("/"):  # known by its source, which is its evidence
                source = next(iter(items(row.text(row.sheet.name_of("evidence")))), "")
                key = key or slug(self.address(source) or "") or source.split(",")[0]
            part = named or last_part(kind, key or ("total" if row.total and kind.below else ""), row.record)
        elif key:
            part = slugged(key, kind.word) or f"{kind.word}-{digest(key)}"
        else:
            years = [row.text(name)[:4] for name in ("document-start", "document-end")]
            part = "-".join([kind.word, *filter(str.isdigit, years)])
        return self.base_of(row) + part

    def base_of(self, row: Row) -> str:
        """Return what the address of a row begins with: of a document its jurisdiction, of other rows the document."""
        if not row.sheet.down:
            documents = [owner.iri.value for owner in row.owners] or [f"{self.base}document"]
            return f"{documents[0]}/" if row.kinds[0].below else self.base
        column = row.sheet.column("document-jurisdiction")
        if code := self.jurisdiction(row.text(column.name), column.codes) if column else None:
            return f"{BASE}id/{slug(code)}/"
        judged = self.address(next(iter(items(row.text("document-reports-on"))), "")) or ""
        home = re.match(f"{re.escape(BASE)}id/[^/]+/", judged)
        return home[0] if home else _NOWHERE  # a report by others stands beside what it reports on

    def _free(self, row: Row, address: str) -> str:
        """Return the address, or another where it is taken, which is noted for an id that stands there twice."""
        if address in self.by_iri:
            other = self.by_iri[address]
            same = other.sheet is row.sheet and other.owners == row.owners
            if row.key and same and fold(other.key) == fold(row.key):
                at = other.place()
                where = f"{at.sheet}!{at.cell}" if at.line is None else f"{at.sheet}:{at.line}"
                self._tell("id-twice", row.place(row.sheet.name_of("id")), value=row.key, other=where)
            address = f"{self.base_of(row)}{row.kinds[0].word}-{slugged(row.key)}".rstrip("-")
            while address in self.by_iri:
                address += f"-r{row.record}"
        return address

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

    def jurisdiction(self, text: str, scheme: str) -> str | None:
        """Return the jurisdiction that a cell names, by name or code; three letters always name one."""
        text = next(iter(items(text)), "")
        found = self._model.code_names.get(scheme, {}).get(fold(text))
        if found is None and len(text) == 3 and text.isascii() and text.isalpha():  # noqa: PLR2004
            return f"{scheme}/{text.lower()}"
        address = found or self.address(text) or ""
        return address if address.startswith(f"{scheme}/") else None

    def _kinds(self, row: Row) -> list[Kind]:
        name, kinds = row.sheet.name_of("kind"), row.sheet.kinds
        text = row.text(name)
        if not text or text == NOTHING:
            return [kinds[0]]
        known = {name: kind for kind in kinds for name in kind.names}
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
            found = self.find(part, documents)
            if part == NOTHING:
                row.linked = False
            elif len(found) == 1:
                row.owners += found
            else:
                near = "".join(nearest(part, keys, 1)) or ", ".join(keys[:3])
                self._tell("unknown-row", row.place(name), value=part, nearest=near)
        if not items(row.text(name)):
            row.linked = not self.is_detail(row)
        if len(self.documents) > 1 and not row.owners:
            row.owners = self.owners_above(row)
        if not row.owners:
            row.owners = self.documents[:1]
            tied = row.kinds[0].link or row.kinds[0].back
            if len(self.documents) > 1 and row.linked and tied:
                self._tell("several-documents", row.place(name), document=keys[0])

    def is_detail(self, row: Row) -> bool:
        """Whether a row says which element it is part or a detail of, so that its document need not lead to it."""
        empty = {"", NOTHING, *(self._model.said_as["total"] if row.total else ()), *self._model.said_as["not-stated"]}
        part_of = self._model.terms["sub-activity"]
        above = (each for each in row.sheet.columns if each.back or part_of in each.writes)
        return bool(row.kinds[0].link) and any(fold(row.text(each.name)) not in empty for each in above)

    def owners_above(self, row: Row) -> list[Row]:
        """Return the documents of the first row that a row refers to."""
        columns = [each for each in row.sheet.columns if each.points and each.kind in {"reference", "part-of", "about"}]
        parents = (self.find(part, each.points) for each in columns for part in items(row.text(each.name)))
        alone = (found[0] for found in parents if len(found) == 1)
        owners = (each.owners or ([each] if each in self.documents else []) for each in alone)
        return next(filter(None, owners), [])

    def _waits(self, row: Row) -> bool:
        """Whether the document of a row can be known only by rows that are not known yet."""
        if len(self.documents) < 2 or not row.kinds[0].below:  # noqa: PLR2004
            return False
        return not items(row.text(row.sheet.name_of("owner"))) and not self.owners_above(row)

    def find(self, text: str, kinds: Collection[str], near: Row | None = None) -> list[Row]:
        """Return the rows that ``text`` may mean by id, name or address; of several those that ``near`` is close to."""
        found = [row for row in self._by_key[fold(text)] if row.is_of(kinds)]
        if near and len(found) > 1:
            found = [row for row in found if set(row.owners) & set(near.owners) or row in near.owners] or found
        found = found or [row for row in self._by_name[fold(text)] if row.is_of(kinds)]
        own = self.by_iri.get(self.address(text) or "") if not found and ":" in text else None
        return [own] if own else found

    def named(self, kinds: Collection[str]) -> list[str]:
        """Return the names and ids of the rows of some kinds."""
        rows = [row for row in self.by_iri.values() if row.is_of(kinds)]
        return [text for row in rows for text in ([row.key] if row.key else []) + self.names_of(row)]

    def names_of(self, row: Row) -> list[str]:
        """Return the names of a body, the titles of a document or source, in every language."""
        wanted = _NAMES.get(row.sheet.name, ()) if row.sheet.name != "evidence" or row.is_of(["source"]) else ()
        return [words for name in wanted for _, words, _ in text_parts(row.text(name), self.spoken)]

    def _called(self, row: Row) -> set[str]:
        names = ("id", "words", "budget-for") if row.sheet.name == "budget" else ()
        return {fold(row.text(name).strip(" :")) for name in names} - {""}


def last_part(kind: Kind, key: str, record: int) -> str:
    """Return the last part of a row's address: ``A3`` is ``activity-3``, ``O1.1`` ``objective-1-1``, a word stays."""
    if kind.word.endswith("/"):
        return kind.word + (slugged(key) or f"r{record}")
    numbered = _NUMBERED.fullmatch(key.strip().lower())
    if numbered:
        number = re.sub(r"[.-]", "-", numbered[2])
        initials = {"", kind.word[:1], *(label[:1].casefold() for label in kind.labels.values())}
        letters = "" if numbered[1] in initials else numbered[1]
        return f"{kind.word}-{letters}{number}"
    return slugged(key, kind.word) or f"{kind.word}-r{record}"


def short_ids(kind: Kind, part: str, others: Iterable[Kind]) -> list[str]:
    """Return the ids that :func:`last_part` may make ``part`` of, the shortest first."""
    if kind.word.endswith("/"):
        return [part.removeprefix(kind.word)]
    number, letter = part.removeprefix(f"{kind.word}-"), kind.word[:1]
    first = next((each.word for each in others if each.word[:1] == letter), kind.word)
    is_numbered = number != part and first == kind.word and re.fullmatch(r"[0-9]+(?:-[0-9]+)*", number)
    return [letter.upper() + number.replace("-", "."), part] if is_numbered else [part]
