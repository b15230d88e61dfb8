"""The model of the workbook, read from ``shapes/workbook.ttl`` and the code lists by saved queries."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property, lru_cache
from hashlib import blake2b
from typing import Any, NamedTuple

import pyoxigraph

from ...graph.files import read_file
from ...project.root import files_below
from ...query.engine import ask, store_of
from ...query.jurisdictions import names_by_code
from ...query.results import to_python
from ...rdf.namespaces import prefixes, slug
from ...text import without_accents

_FILLED = {"owner", "about", "source", "part-of"}  # what is filled in by itself where the cell is empty
Texts = dict[str, str]
_SPACES = re.compile(r"[\s\u00a0\u2000-\u200b\u202f\ufeff]+")
_LONGEST, _DIGEST = 60, 8
_LATIN = str.maketrans("øłđðıŋħə", "olddinhe") | str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"})
_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "‐": "-", "–": "-", "—": "-"})


class Kind(NamedTuple):
    """A sort of thing that a row may be: its class, how it is tied to its document, and its folded names.

    ``fixed`` is what else every row of the kind says, a property and its value; ``detail`` the property by which an
    element leads to such a row, which a file may write in brackets.
    """

    name: str
    sheet: str
    cls: pyoxigraph.NamedNode
    word: str
    link: pyoxigraph.NamedNode | None
    back: pyoxigraph.NamedNode | None
    below: bool
    fixed: tuple[pyoxigraph.NamedNode, pyoxigraph.NamedNode] | None
    detail: pyoxigraph.NamedNode | None
    labels: Texts
    names: frozenset[str]


class Part(NamedTuple):
    """A resource that a row describes besides its own, reached ``through`` a property; without ``word`` it is blank."""

    name: str
    cls: pyoxigraph.NamedNode
    through: pyoxigraph.NamedNode
    word: str
    link: pyoxigraph.NamedNode | None
    fixed: tuple[pyoxigraph.NamedNode, pyoxigraph.NamedNode] | None


class Column(NamedTuple):
    """A column of a sheet: how its cells are read and what they state.

    ``needed`` is required, expected or empty. A column that is ``beside`` another either grades the values of that one,
    or is written into it, and has no place of its own; ``degree`` is what its values are graded. A sheet ``opens`` with
    the columns that come first; what is ``for_programs`` is left out of a template.
    """

    name: str
    kind: str
    writes: tuple[pyoxigraph.NamedNode, ...]
    back: tuple[pyoxigraph.NamedNode, ...]
    part: Part | None
    codes: str
    allowed: tuple[str, ...]
    points: tuple[str, ...]
    rules: tuple[str, ...]
    needed: str
    labels: Texts
    help: Texts
    examples: Texts
    others: tuple[str, ...]
    degree: Texts
    beside: str
    for_programs: bool
    opens: bool

    @property
    def hosted(self) -> bool:
        """Whether the values stand in the column beside."""
        return bool(self.beside) and self.kind != "degree"


class Sheet(NamedTuple):
    """A sheet: the kinds of its rows, the first of them the usual one, and its columns in their order.

    ``step`` is that of filling in, 0 where few plans need the sheet. Columns without a place of their own come last.
    """

    name: str
    labels: Texts
    help: Texts
    kinds: tuple[Kind, ...]
    columns: tuple[Column, ...]
    others: tuple[str, ...]
    step: int

    @property
    def down(self) -> bool:
        """Whether each record is a column and each property a line."""
        return self.name == "document"

    def column(self, name: str) -> Column | None:
        """Return the column of this name."""
        return next((column for column in self.columns if column.name == name), None)

    def positions(self) -> dict[str, int]:
        """Return the place of each column, from 1; of one without a place of its own that of the one beside it."""
        made = {each.name: at for at, each in enumerate(self.columns, 1) if not each.hosted}
        return made | {each.name: made[each.beside] for each in self.columns if each.hosted}

    def name_of(self, kind: str) -> str:
        """Return the name of the first column whose cells are read as ``kind``, empty where there is none."""
        return next((column.name for column in self.columns if column.kind == kind), "")

    def graded(self) -> Iterator[tuple[Column, list[Column]]]:
        """Yield each column of degrees with the columns whose values it grades, the one that shows them first."""
        for each in self.columns:
            if each.kind == "degree":
                yield each, [one for one in self.columns if each.beside in {one.name, one.beside} and one is not each]


class Code(NamedTuple):
    """A code of a list: its IRI and its label in each language; a collection of codes is no value by itself."""

    iri: str
    labels: Texts
    collection: bool


class Model:
    """All that the files say of the workbook.

    ``sheets``, the ``kinds`` of rows and the ``parts`` that a row may hold are by name, in their order; ``terms`` has
    the property that a column states first, by the name of the column, ``questions`` the columns of a document that the
    first sheet asks about. ``codes`` has the codes of every list that a column takes its values from, in their order,
    and ``code_names`` the IRI by every folded name: where two codes share one, it is that of the code whose label it
    is, and of neither if it is no label. ``said_as`` has every folded spelling under which a word is known in a cell.
    """

    def __init__(self, root: str) -> None:
        self.root, self.prefixes = root, prefixes(root)
        used = ("shapes/", "ontology/schemes/", "ontology/profile-", "ontology/napgraph.ttl")
        paths = [path for folder in ("shapes", "ontology") for path in files_below(root, folder, (".ttl",))]
        paths = [path for path in paths if path.startswith(used)]
        self._store = store_of(triple for path in paths for triple in read_file(root, path))
        # thing -> role -> language -> text; the texts of the role other by number
        self._texts: dict[str, dict[str, Texts]] = defaultdict(lambda: defaultdict(dict))
        for row in self._answer("workbook-words"):
            listed = self._texts[_name(row["thing"])][row["role"]]
            listed.setdefault(str(len(listed)) if row["role"] == "other" else row["language"] or "", str(row["text"]))
        self.said_as: dict[str, set[str]] = {}
        for name in [name for name in self._texts if name.startswith("word-")]:
            spellings = (text for role in ("label", "one", "other") for text in self._texts[name][role].values())
            self.said_as[name.removeprefix("word-")] = set(map(fold, spellings))
        self.kinds: dict[str, Kind] = {}
        self.parts: dict[str, Part] = {}
        for row in self._answer("workbook-rows"):
            name, cls, word, link = _name(row["row"]), row["class"], row["word"] or "", row["link"]
            fixed = (row["fixed"], row["value"]) if row["fixed"] else None
            if row["sheet"]:
                texts, short = self._texts[name], name.removeprefix("kind-")
                names = frozenset(map(fold, (*texts["label"].values(), *texts["other"].values(), short)))
                own = (word, link, row["back"], bool(row["below"]), fixed, row["detail"], texts["label"], names)
                self.kinds[short] = Kind(short, _name(row["sheet"], "sheet-"), cls, *own)
            if row["through"]:
                name = name.removeprefix("part-")
                self.parts[name] = Part(name, cls, row["through"], word, link, fixed)
        self.sheets = self._read_sheets()
        columns = [column for sheet in self.sheets.values() for column in sheet.columns]
        self.terms = {column.name: column.writes[0] for column in columns if column.writes}
        self.type = self.terms["document-kind"]
        self._codes = self._answer("workbook-codes")
        self.codes, self.code_names = self._read_codes()

    def _read_sheets(self) -> dict[str, Sheet]:
        links: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
        for row in self._answer("workbook-links"):
            links[_name(row["column"])][row["link"]].append(row["target"])
        self.not_stated: pyoxigraph.NamedNode = links["word-not-stated"]["writes"][0]
        # A column is required where a rule asks it of the usual kind of row, and expected where that is a warning.
        usual = {kind.sheet: kind for kind in reversed(self.kinds.values())}
        needs: dict[tuple[str, str], str] = {}
        for row in self._answer("workbook-needs"):
            key = _name(row["column"]), _name(row["sheet"], "sheet-")
            if _name(row["row"], "kind-") == usual[key[1]].name and needs.get(key) != "required":
                needs[key] = "required" if _name(row["severity"]) == "Violation" else "expected"
        columns: dict[str, list[Column]] = defaultdict(list)
        opens: dict[str, list[str]] = defaultdict(list)
        steps: dict[str, int] = {}
        for row in self._answer("workbook-sheets"):
            steps[_name(row["sheet"], "sheet-")] = row["step"] or 0
            opens[_name(row["sheet"], "sheet-")].append(_name(row["column"]))
        for row in self._answer("workbook-columns"):
            name, sheet, kind = _name(row["column"]), _name(row["sheet"], "sheet-"), row["kind"]
            own, texts = links[name], self._texts[name]
            part, codes = self.parts.get(_name(row["part"], "part-")), row["codes"].value if row["codes"] else ""
            allowed, rules = (tuple(each.value for each in own[link]) for link in ("allowed", "rule"))
            points = tuple(_name(each, "kind-") for each in own["points"])
            needed = needs.get((name, sheet), "") if kind not in _FILLED else ""
            if kind == "kind" and not usual[sheet].labels:
                needed = "required"  # the usual kind has no name to be chosen by
            writes, back = tuple(own["writes"]), tuple(own["back"])
            told = (texts["label"], texts["help"], texts["example"], tuple(texts["other"].values()), texts["one"])
            beside = (_name(row["beside"]), bool(row["programs"]), name in opens[sheet])
            read = (name, kind, writes, back, part, codes, allowed, points, rules, needed, *told, *beside)
            columns[sheet].append(Column(*read))
        made = {}
        for name, step in steps.items():
            texts, rank = self._texts[f"sheet-{name}"], {each: at for at, each in enumerate(opens[name])}
            kinds = tuple(each for each in self.kinds.values() if each.sheet == name)
            columns[name].sort(key=lambda each: (each.hosted, each.for_programs, rank.get(each.name, len(rank))))
            said_of = (texts["label"], texts["help"], kinds, tuple(columns[name]), tuple(texts["other"].values()), step)
            made[name] = Sheet(name, *said_of)
        documents = made["document"].columns
        self.questions = [each for name in opens["read-me"] for each in documents if each.name == name]
        return made

    def _read_codes(self) -> tuple[dict[str, list[Code]], dict[str, dict[str, str]]]:
        codes: dict[str, dict[str, Code]] = defaultdict(dict)
        names: dict[str, dict[str, str]] = defaultdict(dict)
        labels, shared = set(), set()
        for row in self._codes:
            iri = row["code"].value
            code = codes[row["list"].value].setdefault(iri, Code(iri, {}, row["collection"]))
            if row["main"]:
                code.labels.setdefault(row["language"], str(row["name"]))
        for row in sorted(self._codes, key=lambda row: not row["main"]):
            scheme, name, meant = row["list"].value, fold(str(row["name"])), row["code"].value
            if row["main"]:
                labels.add((scheme, name))
            if names[scheme].setdefault(name, meant) != meant:
                shared.add((scheme, name))
        for scheme, name in shared - labels:
            del names[scheme][name]
        for scheme, listed in codes.items():
            names[scheme] |= {fold(slug(iri)): iri for iri in listed}
        return {scheme: list(listed.values()) for scheme, listed in codes.items()}, names

    def word(self, name: str, language: str = "en", role: str = "label") -> str:
        """Return a word of the workbook, in the ``role`` one its singular, in the role value what it stands for."""
        texts = self._texts[f"word-{name}"]
        return said(texts[role], language) or said(texts["label"], language)

    def page(self, start: str, language: str) -> list[str]:
        """Return the texts of a page whose names begin with ``start``, in order."""
        return [said(texts["label"], language) for name, texts in self._texts.items() if name.startswith(start)]

    @property
    def jurisdiction_names(self) -> dict[str, list[str]]:
        """All that a jurisdiction can be called, by its alpha-3 code, its labels first."""
        column = self.sheets["document"].column("document-jurisdiction")
        offered = {each.iri for each in self.choices(column)} if column else set()
        rows = (row for row in self._codes if row["code"].value in offered)
        english_first = sorted(rows, key=lambda row: row["language"] != "en")
        return names_by_code({**row, "code": slug(row["code"].value).upper()} for row in english_first)

    def choices(self, column: Column) -> list[Code]:
        """Return the codes that a column offers: those that its rule allows, or its list without the collections."""
        codes = self.codes.get(column.codes, [])
        return [code for code in codes if (code.iri in column.allowed if column.allowed else not code.collection)]

    @cached_property
    def known(self) -> dict[str, list[tuple[str, str, str]]]:
        """The bodies and works that need no row: folded name -> their IRI, class and name."""
        paths = [path for path in files_below(self.root, "data", (".ttl",)) if path.count("/") == 1]
        store = store_of(triple for path in paths for triple in read_file(self.root, path))
        made: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
        for row in ask(self.root, "workbook-known", store):
            made[fold(str(row["name"]))].append((str(row["resource"]), str(row["class"]), str(row["name"])))
        return made

    def _answer(self, name: str) -> list[dict[str, Any]]:
        return [
            {key: to_python(term) if isinstance(term, pyoxigraph.Literal) else term for key, term in row.items()}
            for row in ask(self.root, name, self._store).terms()
        ]


load = lru_cache(maxsize=2)(Model)  # the model of a root, read once


def _name(node: pyoxigraph.NamedNode | None, prefix: str = "") -> str:
    return slug(node.value).removeprefix(prefix) if node else ""


def said(texts: Texts, language: str) -> str:
    """Return the text in ``language``, else in English, else any."""
    return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Return ``text`` as names are compared: case, accents written apart, spaces and typographic marks do not count."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text).translate(_QUOTES)).strip().casefold()


def slugged(text: str, word: str = "") -> str:
    """Return ``text`` as part of an address: letters without accents, digits, hyphens.

    A digest follows where other letters, or the end of a long text, are left out; ``word`` goes before one alone.
    """
    plain = without_accents(text.lower().translate(_LATIN))
    made = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if len(made) <= _LONGEST and not any(sign.isalnum() and not sign.isascii() for sign in plain):
        return made
    return "-".join(filter(None, [made[: _LONGEST - _DIGEST - 1].strip("-") or word, digest(text)]))


def digest(text: str) -> str:
    """Return eight letters that stand for a text, the same wherever it is written."""
    return blake2b(fold(text).encode(), digest_size=_DIGEST // 2).hexdigest()[::-1].translate(_LETTERS)
