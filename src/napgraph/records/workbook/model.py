"""The model of the workbook, read from ``shapes/workbook.ttl`` and the code lists by saved queries.

No heading, sheet or code is named in the code: a new column or code is in the workbook as soon as it is in the files.
What the code does know by name are the sheets that are laid out differently (read-me, document, lists, other) and
the columns that evidence is made from.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from functools import cached_property, lru_cache
from typing import NamedTuple

import pyoxigraph

from ...graph.files import read_file
from ...project.root import files_below
from ...query.engine import ask, store_of
from ...query.jurisdictions import names_by_code
from ...query.results import Value
from ...rdf.namespaces import prefixes, slug

_NODE = pyoxigraph.NamedNode
_FILLED = {"owner", "about", "source", "part-of"}  # what is filled in by itself where the cell is empty
Texts = dict[str, str]
_SPACES = re.compile(r"[\s\u00a0\u2000-\u200b\u202f\ufeff]+")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "‐": "-", "–": "-", "—": "-"})


class Model:
    """All that the files say of the workbook; made by :func:`load`."""

    def __init__(self, root: str) -> None:
        self.root, self.prefixes = root, prefixes(root)
        self._spellings: dict[str, frozenset[str]] = {}
        self._answers: dict[str, list[dict[str, Value]]] = {}
        paths = ["ontology/napgraph.ttl"]
        paths += [path for folder in ("shapes", "ontology/schemes") for path in files_below(root, folder, (".ttl",))]
        self._store = store_of(triple for path in paths for triple in read_file(root, path))

    @cached_property
    def sheets(self) -> dict[str, Sheet]:
        """All sheets by name, in their order."""
        columns: dict[str, list[Column]] = defaultdict(list)
        for row in self._answer("workbook-columns"):
            name, sheet, kind = _name(row["column"]), _name(row["sheet"], "sheet-"), str(row["kind"])
            own, texts = self._links[name], self._texts[name]
            columns[sheet].append(
                Column(
                    name=name,
                    kind=kind,
                    writes=tuple(map(_NODE, own["writes"])),
                    back=tuple(map(_NODE, own["back"])),
                    part=self.parts.get(_name(row["part"], "part-")),
                    loose=bool(row["loose"]),
                    codes=str(row["codes"] or ""),
                    allowed=tuple(own["allowed"]),
                    points=tuple(_name(iri, "kind-") for iri in own["points"]),
                    rules=tuple(own["rule"]),
                    needed=self._need(sheet, kind, name),
                    labels=texts["label"],
                    help=texts["help"],
                    examples=texts["example"],
                    others=self.others(name),
                )
            )
        made = {}
        for row in self._answer("workbook-sheets"):
            name = _name(row["sheet"], "sheet-")
            texts = self._texts[f"sheet-{name}"]
            kinds = tuple(kind for kind in self.kinds.values() if kind.sheet == name)
            made[name] = Sheet(name, texts["label"], texts["help"], kinds, tuple(columns[name]))
        return made

    @cached_property
    def kinds(self) -> dict[str, Kind]:
        """The kinds of rows by name, in their order."""
        return {
            (name := _name(row["row"], "kind-")): Kind(
                name,
                _name(row["sheet"], "sheet-"),
                _NODE(str(row["class"])),
                str(row["word"]),
                _node(row["link"]),
                _node(row["back"]),
                bool(row["below"]),
                self._texts[f"kind-{name}"]["label"],
            )
            for row in self._answer("workbook-rows")
            if row["sheet"] is not None
        }

    @cached_property
    def parts(self) -> dict[str, Part]:
        """The parts that a row may hold, by name."""
        return {
            (name := _name(row["row"], "part-")): Part(
                name,
                _NODE(str(row["class"])),
                _NODE(str(row["through"])),
                str(row["word"] or ""),
                _node(row["link"]),
                (_NODE(str(row["fixed"])), _NODE(str(row["value"]))) if row["fixed"] else None,
                bool(row["each"]),
            )
            for row in self._answer("workbook-rows")
            if row["through"] is not None
        }

    @cached_property
    def terms(self) -> dict[str, pyoxigraph.NamedNode]:
        """The property that a column states first, by the name of the column."""
        return {each.name: each.writes[0] for sheet in self.sheets.values() for each in sheet.columns if each.writes}

    @cached_property
    def type(self) -> pyoxigraph.NamedNode:
        """The property that says what a row is."""
        return self.terms["document-kind"]

    @cached_property
    def not_stated(self) -> pyoxigraph.NamedNode:
        """The property that says that a property is not stated."""
        return _NODE(self._links["word-not-stated"]["writes"][0])

    def word(self, name: str, language: str = "en") -> str:
        """Return a word of the workbook in ``language``, in English where it has no other."""
        return said(self._texts[f"word-{name}"]["label"], language)

    def said_as(self, name: str) -> frozenset[str]:
        """Return every folded spelling under which a word is known in a cell."""
        if name not in self._spellings:
            texts = self._texts[f"word-{name}"]
            known = (text for role in ("label", "one", "other") for text in texts[role].values())
            self._spellings[name] = frozenset(map(fold, known))
        return self._spellings[name]

    def worth(self, name: str) -> str:
        """Return what a word stands for."""
        return next(iter(self._texts[f"word-{name}"]["value"].values()))

    def one(self, name: str, language: str) -> str:
        """Return a word in the singular."""
        return said(self._texts[f"word-{name}"]["one"], language) or self.word(name, language)

    def page(self, start: str, language: str) -> list[str]:
        """Return the texts of a page whose names begin with ``start``, in order."""
        return [said(texts["label"], language) for name, texts in self._texts.items() if name.startswith(start)]

    def others(self, name: str) -> tuple[str, ...]:
        """Return the other names of a column, kind or word."""
        return tuple(self._texts[name]["other"].values())

    @cached_property
    def codes(self) -> dict[str, list[Code]]:
        """The codes of every list that a column takes its values from, in their order."""
        made: dict[str, dict[str, Code]] = defaultdict(dict)
        for row in self._answer("workbook-codes"):
            iri = str(row["code"])
            code = made[str(row["list"])].setdefault(iri, Code(iri, {}, bool(row["collection"])))
            if row["main"]:
                code.labels.setdefault(str(row["language"]), str(row["name"]))
        return {scheme: list(codes.values()) for scheme, codes in made.items()}

    @cached_property
    def code_names(self) -> dict[str, dict[str, str]]:
        """Per list, every folded name of a code and its IRI.

        Where two codes share a name, it is that of the code whose label it is, and of neither if it is no label.
        """
        made: dict[str, dict[str, str]] = {}
        labels: set[tuple[str, str]] = set()
        shared: set[tuple[str, str]] = set()
        for row in sorted(self._answer("workbook-codes"), key=lambda row: not row["main"]):
            scheme, name, meant = str(row["list"]), fold(str(row["name"])), str(row["code"])
            if row["main"]:
                labels.add((scheme, name))
            if made.setdefault(scheme, {}).setdefault(name, meant) != meant:
                shared.add((scheme, name))
        for scheme, name in shared - labels:
            del made[scheme][name]
        for scheme, codes in self.codes.items():
            for code in codes:
                made[scheme][fold(slug(code.iri))] = code.iri
        return made

    @property
    def jurisdiction_names(self) -> dict[str, list[str]]:
        """All that a jurisdiction can be called, by its alpha-3 code, its labels first."""
        column = self.sheets["document"].column("document-jurisdiction")
        offered = {each.iri for each in self.choices(column)} if column else set()
        rows = sorted(
            (row for row in self._answer("workbook-codes") if row["code"] in offered),
            key=lambda row: row["language"] != "en",
        )
        return names_by_code({**row, "code": slug(str(row["code"])).upper()} for row in rows)

    def choices(self, column: Column) -> list[Code]:
        """Return the codes that a column offers: those that its rule allows, or its list without the collections."""
        codes = self.codes.get(column.codes, [])
        if column.allowed:
            return [code for code in codes if code.iri in column.allowed]
        return [code for code in codes if not code.collection]

    @cached_property
    def known(self) -> list[tuple[str, str, str]]:
        """The bodies and works that need no row: IRI, class, name."""
        paths = [path for path in files_below(self.root, "data", (".ttl",)) if path.count("/") == 1]
        store = store_of(triple for path in paths for triple in read_file(self.root, path))
        rows = ask(self.root, "workbook-known", store)
        return [(str(row["resource"]), str(row["class"]), str(row["name"])) for row in rows]

    @cached_property
    def _links(self) -> dict[str, dict[str, list[str]]]:
        made: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for row in self._answer("workbook-links"):
            made[_name(row["column"])][str(row["link"])].append(str(row["target"]))
        return made

    def _need(self, sheet: str, cell: str, column: str) -> str:
        """Return whether a column is required; a kind is where the usual one has no name to be chosen by."""
        if cell == "kind" and not next(kind for kind in self.kinds.values() if kind.sheet == sheet).labels:
            return "required"
        return "" if cell in _FILLED else self._needs.get((column, sheet), "")

    @cached_property
    def _needs(self) -> dict[tuple[str, str], str]:
        """A column is required where a rule asks it of the usual kind of row, and expected where that is a warning."""
        usual = {kind.sheet: kind.name for kind in reversed(self.kinds.values())}
        made: dict[tuple[str, str], str] = {}
        for row in self._answer("workbook-needs"):
            sheet = _name(row["sheet"], "sheet-")
            if _name(row["row"], "kind-") == usual[sheet]:
                word = "required" if _name(row["severity"]) == "Violation" else "expected"
                key = (_name(row["column"]), sheet)
                made[key] = "required" if "required" in {word, made.get(key)} else word
        return made

    @cached_property
    def _texts(self) -> dict[str, dict[str, Texts]]:
        """Thing -> role -> language -> text; the texts of the role ``other`` by number."""
        made: dict[str, dict[str, Texts]] = defaultdict(lambda: defaultdict(dict))
        for row in self._answer("workbook-words"):
            texts = made[_name(row["thing"])][str(row["role"])]
            texts.setdefault(str(len(texts) if row["role"] == "other" else row["language"] or ""), str(row["text"]))
        return made

    def _answer(self, name: str) -> list[dict[str, Value]]:
        if name not in self._answers:
            self._answers[name] = ask(self.root, name, self._store).rows()
        return self._answers[name]


@lru_cache(maxsize=2)
def load(root: str) -> Model:
    """Return the model that the files under ``root`` describe, read once."""
    return Model(root)


def _node(value: Value) -> pyoxigraph.NamedNode | None:
    return _NODE(str(value)) if value is not None else None


def _name(value: Value, prefix: str = "") -> str:
    return slug(str(value)).removeprefix(prefix)


class Kind(NamedTuple):
    """A sort of thing that a row may be: its class, and how it is tied to its document."""

    name: str
    sheet: str
    cls: pyoxigraph.NamedNode
    word: str
    link: pyoxigraph.NamedNode | None
    back: pyoxigraph.NamedNode | None
    below: bool
    labels: Texts


class Part(NamedTuple):
    """A resource that a row describes besides its own, reached ``through`` a property; without ``word`` it is blank."""

    name: str
    cls: pyoxigraph.NamedNode
    through: pyoxigraph.NamedNode
    word: str
    link: pyoxigraph.NamedNode | None
    fixed: tuple[pyoxigraph.NamedNode, pyoxigraph.NamedNode] | None
    each: bool


class Column(NamedTuple):
    """A column of a sheet: how its cells are read and what they state.

    ``loose`` columns describe the row itself where nothing else is said of their part. ``needed`` is required,
    expected or empty.
    """

    name: str
    kind: str
    writes: tuple[pyoxigraph.NamedNode, ...]
    back: tuple[pyoxigraph.NamedNode, ...]
    part: Part | None
    loose: bool
    codes: str
    allowed: tuple[str, ...]
    points: tuple[str, ...]
    rules: tuple[str, ...]
    needed: str
    labels: Texts
    help: Texts
    examples: Texts
    others: tuple[str, ...]


class Sheet(NamedTuple):
    """A sheet: the kinds of its rows, the first of them the usual one, and its columns in their order."""

    name: str
    labels: Texts
    help: Texts
    kinds: tuple[Kind, ...]
    columns: tuple[Column, ...]

    @property
    def down(self) -> bool:
        """Whether each record is a column and each property a line."""
        return self.name == "document"

    def column(self, name: str) -> Column | None:
        """Return the column of this name."""
        return next((column for column in self.columns if column.name == name), None)

    def of_kind(self, kind: str) -> Column | None:
        """Return the first column whose cells are read as ``kind``."""
        return next((column for column in self.columns if column.kind == kind), None)

    def name_of(self, kind: str) -> str:
        """Return the name of that column, empty where there is none."""
        return next((column.name for column in self.columns if column.kind == kind), "")


class Code(NamedTuple):
    """A code of a list: its IRI and its label in each language; a collection of codes is no value by itself."""

    iri: str
    labels: Texts
    collection: bool


def said(texts: Texts, language: str) -> str:
    """Return the text in ``language``, else in English, else any."""
    return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")


def fold(text: str) -> str:
    """Return ``text`` as names are compared: case, accents written apart, spaces and typographic marks do not count."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text).translate(_QUOTES)).strip().casefold()
