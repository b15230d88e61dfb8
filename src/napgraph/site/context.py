"""What the pages are made from: the graph, its files (an engine may spell literals otherwise), names and templates."""

import gzip
import io
import json
import tomllib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from importlib.resources import files
from itertools import product
from sys import intern
from typing import IO, Any, NamedTuple
from urllib.parse import urlsplit

import jinja2
import pyoxigraph

from .. import __version__, charts
from ..compare.analysis import Row, View
from ..compare.matrix import SAYING, VALUES, axes
from ..compare.overview import depth
from ..compare.themes import DEPTH, Themes
from ..compare.topics import Gathered
from ..graph.files import JURISDICTIONS, read_file, source_files
from ..knowledge_graph import KnowledgeGraph
from ..project.root import files_below
from ..project.templates import templates
from ..query.engine import embedded
from ..rdf.descriptions import Descriptions, Node, Value
from ..rdf.namespaces import BASE, prefixes, shorten, slug
from ..tables.columns import grouped
from ..tables.origins import MARKS, MEANINGS, citation
from ..tables.table import ENDING, Table, metadata, written
from .addresses import anchor, beside, files_of, link, page_of, place_of, root_of
from .model import Model

_SHOWN = 60
_NATIONAL = "national"
_COARSE = (35, 35)  # tenths of a pixel: the units of small maps
_ASKED = {"phrase-mappings": "subject_id", "action-sheet": "activity", "network": "body", "groups": "element"}
_ASKED |= {"forms": "element"}
"""The saved queries that pages of several kinds ask, each with the column that its rows are looked up by."""


class Said(NamedTuple):
    """One value on a page: its words, where they lead, the language they are in, and the facts inside it."""

    words: str
    href: str | None = None
    language: str | None = None
    inside: Sequence["Fact"] = ()


class Fact(NamedTuple):
    """What is stated by one property: its name, where that leads, and the values."""

    name: str
    href: str | None
    values: list[Said]


class Name(NamedTuple):
    """What a resource is called in English, where those words come from, and as its source prints it elsewhere."""

    words: str
    origin: str
    printed: str = ""
    language: str = ""


class PageContext:
    """The graph on its way to pages under the address ``base``."""

    def __init__(self, kg: KnowledgeGraph, base: str, *, pictures: bool = True) -> None:
        self.kg, self.base, self.pictures = kg, base, pictures
        self.prefixes = prefixes(kg.root)
        self.model = Model(kg)
        self.citation = citation(kg.root, kg.version)
        self.for_search_engines: list[pyoxigraph.Triple] = []

    @cached_property
    def templates(self) -> jinja2.Environment:
        """The templates; whatever is put into them is escaped."""
        made = templates("napgraph.site")
        functions = (self.name, self.facts, anchor, beside, files_of, link, page_of, root_of, slug)
        made.globals.update({each.__name__: each for each in functions}, site=self, base=self.base, values=VALUES)
        made.globals.update(program=__version__, data=self.kg.version[:12], marks=MARKS, mark_meanings=MEANINGS)
        made.globals["saying"] = SAYING
        return made

    @cached_property
    def origins(self) -> dict[str, str]:
        """Where the names of documents, their parts and bodies come from, by IRI: printed, ours or none."""
        return {str(row["resource"]): str(row["origin"]) for row in self.kg.query("origins")}

    @cached_property
    def gathered(self) -> Gathered:
        """What pages of countries and documents tell, asked once for all of them."""
        made = Gathered(self.kg, View(self.kg, every_tier=True))
        for axis in axes(self.kg):
            made.axis(axis)
        return made

    @cached_property
    def themes(self) -> Themes:
        """The plans by concept, as the pages of comparisons and concepts show them."""
        tiers = {code: self.name(f"{BASE}tier/{tier}") for code, tier in self.recorded.items() if tier != _NATIONAL}
        return Themes(self.gathered, tiers)

    def rows(self, query: str, iri: str) -> list[Row]:
        """Return the rows of a saved query about a resource."""
        return self.gathered.by(query, _ASKED[query]).get(iri, [])

    def maps(self, codes: Iterable[str], units: Sequence[int], near: int) -> list[tuple[int, int, str, dict[str, str]]]:
        """Return the maps of the world and of Europe: width and height in ``units`` (tenths of a pixel), and paths.

        These are that of the rest and that of each code, without points nearer than ``near`` units.
        """
        found, (sizes, outlines) = charts.outlines_of(self.kg.numbers), charts.outlines()
        ours, made = {id(found[code]): code for code in codes if code in found}, []
        for number, (unit, (width, height)) in enumerate(zip(units, sizes, strict=True)):
            paths = [(ours.get(id(each), ""), charts.coarse(each.maps[number].path, unit, near)) for each in outlines]
            shapes = {code: path for code, path in paths if code and path}
            rest = "".join(path for code, path in paths if not code)
            made.append((round(width * 10 / unit), round(height * 10 / unit), rest, shapes))
        return made

    @cached_property
    def small_maps(self) -> list[tuple[int, int, str, dict[str, str]]]:
        """The maps of the countries with plans as pages of concepts show them; see :meth:`maps`."""
        return self.maps(self.themes.countries, _COARSE, 1)

    @cached_property
    def words(self) -> dict[str, dict[str, dict[str, str]]]:
        """The words of the pages by kind of page and language, and of terms of other vocabularies."""
        return tomllib.loads(files("napgraph.site").joinpath("words.toml").read_text(encoding="utf-8"))

    @cached_property
    def sections(self) -> dict[tuple[str, str], list[tuple[str, str, str]]]:
        """What the head of a page leads to (page, its language, name), by ``sections`` or ``tools`` and language."""
        made: dict[tuple[str, str], list[tuple[str, str, str]]] = {}
        for listed, language in product(("sections", "tools"), self.words["every"]):
            for place, name in self.words[listed]["en"].items():
                there = language if language in self.words.get(place, ()) else "en"
                words = self.words[listed].get(language, {}).get(place, name)
                made.setdefault((listed, language), []).append((page_of(place.rstrip("/"), there), there, words))
        return made

    @cached_property
    def schemes(self) -> dict[str, dict[str, list[Row]]]:
        """The rows of each list of codes, by its IRI and by language."""
        made: dict[str, dict[str, list[Row]]] = defaultdict(dict)
        for language in self.words["list"]:
            for scheme, rows in grouped(self.kg.query("scheme-concepts", language=language), "scheme").items():
                made[scheme][language] = rows
        return dict(made)

    def scheme(self, name: str) -> list[Row]:
        """Return the English rows of the list called ``name``, the subject's own or the toolkit's; none without it."""
        return next((rows["en"] for iri, rows in self.schemes.items() if slug(iri) == name and "en" in rows), [])

    def page(
        self, template: str, path: str, *, language: str = "en", languages: Iterable[str] = (), **given: object
    ) -> tuple[str, bytes]:
        """Return the page at ``path``, made of ``template``, in one of the ``languages`` that it comes in."""
        given |= {"root": root_of(path), "path": path, "language": language, "languages": list(languages)}
        return path, self.templates.get_template(template).render(given, said=self.words["every"][language]).encode()

    def translations(
        self, template: str, place: str, kind: str, languages: Collection[str]
    ) -> Iterator[tuple[str, dict[str, str], str, Callable[..., tuple[str, bytes]]]]:
        """Yield language, words of ``kind`` and path of each version of a page, and what returns it as :meth:`page`."""
        for language in languages:
            path, words = page_of(place, language), self.words[kind][language]
            page = partial(self.page, template, path, language=language, languages=languages, words=words)
            yield language, words, path, partial(page, title=words.get("title"))

    @cached_property
    def sources(self) -> list[list[str]]:
        """The files that say what is here, part by part: the shared ones, then each jurisdiction's."""
        files = [file.path for file in source_files(self.kg.root)]
        shared = [path for path in files if not path.startswith(JURISDICTIONS)]
        shared += files_below(self.kg.root, "shapes", (".ttl",))
        return [shared, *([path] for path in files if path.startswith(JURISDICTIONS))]

    def part(self, paths: Sequence[str]) -> Descriptions:
        """Return what some files state."""
        return Descriptions(triple for path in paths for triple in read_file(self.kg.root, path))

    @cached_property
    def _survey(self) -> tuple[dict[str, dict[str, list[str]]], set[str], dict[str, str], dict[str, str]]:
        """What one reading of all files tells, for pages of every kind.

        What points to each resource, by property (many sources: some, then as many empty texts); the folders of the
        pages of all that is described; what the shared files call things in English, rules and sheets too; what the
        other files do.
        """
        incoming: dict[str, dict[str, list[str]]] = defaultdict(dict)
        places, names, ours = set(), dict[str, str](), dict[str, str]()
        named = {f"{self.prefixes['sh']}name", f"{self.prefixes['rdfs']}label", f"{self.prefixes['skos']}prefLabel"}
        for number, paths in enumerate(self.sources):
            part = self.part(paths)
            for subject in part.subjects:
                iri = subject.value
                places.add(place_of(iri) or "")
                for triple in part.triples([subject]):
                    value, predicate = triple.object, intern(triple.predicate.value)
                    if isinstance(value, pyoxigraph.NamedNode) and value.value.startswith(BASE):
                        sources = incoming[value.value].setdefault(predicate, [])
                        sources.append(iri if len(sources) < _SHOWN else "")
                    elif predicate in named and getattr(value, "language", None) == "en":
                        (ours if number else names).setdefault(iri, str(getattr(value, "value", "")))
        return incoming, places, names, ours

    def load(self) -> None:
        """Read all that pages of every kind need, so that processes that are forked after this share it."""
        _ = self._survey, self.kg.labels, self.kg.foreign, self.kg.names, self.recorded, self.schemes, self.lines
        _ = self.of_document, self.of_source, self.differing, self.outcomes, self.gathered.source_of
        _ = self.gathered.readings, self.themes, self.borne, self.details, self.source_kinds, self.regions, self.alike
        for query, column in _ASKED.items():
            self.gathered.by(query, column)

    @cached_property
    def dump(self) -> tuple[bytes, int]:
        """Everything stated, then everything that follows, as packed N-Triples; how long the stated part unpacks to."""
        graph, stated = embedded(self.kg), 0

        def write(file: IO[bytes]) -> None:
            nonlocal stated
            stated = sum(map(file.write, graph.asserted()))
            file.writelines(graph.entailed())

        return packed(write), stated

    def shown(self, iri: str, path: str) -> str | None:
        """Return what the page at ``path`` writes to point to a resource, or nothing where it has no page here."""
        place = place_of(iri)
        return link(iri, path) if place is None or place in self._survey[1] else None

    def country(self, code: str, path: str) -> Said:
        """Return a jurisdiction (alpha-3 code) as the page at ``path`` shows it."""
        return Said(self.kg.names.get(code, code), self.shown(f"{BASE}jurisdiction/{code.lower()}", path))

    @cached_property
    def recorded(self) -> dict[str, str]:
        """The alpha-3 codes of the jurisdictions that have documents, each with the code of its tier."""
        rows = self.kg.query("silent-readings", axis="actors")
        return {slug(str(row["country"])).upper(): slug(str(row["tier"])) for row in rows}

    def name(self, iri: str) -> str:
        """Return the English name of a resource, else what pages call it, its short name or the end of its address."""
        named = self.kg.labels.get(iri) or self._survey[2].get(iri)
        short, elsewhere = "" if named else shorten(iri, self.prefixes), self.words["elsewhere"]["en"]
        if named or short in elsewhere:
            return named or elsewhere[short]
        return short if not short.startswith("<") else slug(iri) if place_of(iri) else iri

    def called(self, iri: str) -> Name:
        """Return what a resource is called: in English, where somebody says so, and as its source prints it."""
        name, language = self.name(iri), self.kg.foreign.get(iri, "")
        ours = self._survey[3].get(iri) or self._survey[2].get(iri, "")
        origin = self.origins.get(iri, "ours")
        return Name(ours, "ours", name, language) if language and ours else Name(name, origin, "", language)

    def said(self, iri: str, path: str) -> Said:
        """Return a resource as a page names it, in English where somebody says so."""
        name = self.called(iri)
        return Said(name.words, self.shown(iri, path), None if name.printed else self.kg.foreign.get(iri))

    def kind(self, iri: object) -> str:
        """Return what a kind of part (the IRI of its class) is called."""
        return self.words["part"]["en"].get(slug(str(iri))) or self.name(str(iri)).lower()

    def facts(self, subject: Node, stated: Descriptions, path: str, *, without: Collection[str] = ()) -> list[Fact]:
        """Return what is stated of a resource, but for properties whose last part is ``without``."""
        found: dict[str, list[Said]] = {}
        for predicate, value in stated.of(subject):
            if slug(predicate.value) not in without:
                said = [self._value(each, stated, path) for each in self._items(value, stated)]
                found.setdefault(predicate.value, []).extend(said)
        made = [Fact(self._property(iri), link(iri, path), values) for iri, values in found.items()]
        return sorted(made, key=lambda fact: (fact.name != "is a", fact.name))

    def _items(self, value: Value, stated: Descriptions) -> list[Value]:
        """Return the items of a list, however long it is, or the value itself where it is none."""
        rdf, items, node = self.prefixes["rdf"], [], value
        while isinstance(node, pyoxigraph.BlankNode):
            about = {predicate.value: each for predicate, each in stated.of(node)}
            if f"{rdf}first" not in about:
                break
            items.append(about[f"{rdf}first"])
            node = about[f"{rdf}rest"]
        return items or [value]

    def _property(self, iri: str) -> str:
        return "is a" if iri == f"{self.prefixes['rdf']}type" else self.name(iri)

    def _value(self, value: Value, stated: Descriptions, path: str) -> Said:
        if isinstance(value, pyoxigraph.NamedNode):
            return Said(self.name(value.value), self.shown(value.value, path), self.kg.foreign.get(value.value))
        if isinstance(value, pyoxigraph.BlankNode):
            return Said("", inside=self.facts(value, stated, path))
        return Said(getattr(value, "value", str(value)), language=getattr(value, "language", None))

    def pointing(self, iri: str, path: str) -> list[tuple[str, list[Said], int]]:
        """Return by what properties others point to a resource: the name, some sources, and how many there are."""
        made = []
        for predicate, sources in sorted(self._survey[0].get(iri, {}).items()):
            named = dict.fromkeys(source for source in sources if source)
            shown = [Said(self.name(each), link(each, path), self.kg.foreign.get(each)) for each in named]
            made.append((self._property(predicate), shown, len(sources)))
        return made

    def leading(self, iri: str, name: str) -> list[str]:
        """Return the resources that point to one by the property whose last part is ``name``, sixty at most."""
        found = (sources for predicate, sources in self._survey[0].get(iri, {}).items() if slug(predicate) == name)
        return list(dict.fromkeys(source for sources in found for source in sources if source))

    @cached_property
    def of_document(self) -> dict[str, list[dict[str, Any]]]:
        """The rows of ``readings`` by document, one for each; ``lists`` are what a source was looked through for."""
        made: dict[str, dict[str, Any]] = {}
        for row in self.kg.query("readings"):
            lists = made.setdefault(str(row["reading"]), {**row, "lists": []})["lists"]
            lists += [row["list"]] if row["list"] and row["list"] not in lists else []
        return grouped(made.values())

    @cached_property
    def of_source(self) -> dict[str, list[dict[str, Any]]]:
        """The same by the source (IRI)."""
        return grouped((each for rows in self.of_document.values() for each in rows), "source")

    def document_of(self, iri: str) -> str:
        """Return the document that a resource is or is part of, as an IRI; nothing where it is of none."""
        document = BASE + "/".join(iri.removeprefix(BASE).split("/")[:3])
        return document if document in self.of_document else ""

    @cached_property
    def source_kinds(self) -> dict[str, list[str]]:
        """The codes of the kinds of each source, wider ones too."""
        made: dict[str, dict[str, None]] = defaultdict(dict)
        for row in self.kg.query("passage-sources"):
            made[str(row["source"])] |= {slug(str(row["kind"])): None} if row["kind"] else {}
        return {source: [*codes] for source, codes in made.items()}

    @cached_property
    def details(self) -> Mapping[str, Mapping[str, list[str]]]:
        """Where each source and passage (IRI) is to be found: addresses, archived copies, languages, day, note."""
        made: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for row in self.kg.query("source-details"):
            for name, value in row.items():
                told = made[str(row["source"])][name]
                told += [str(value)] if value is not None and str(value) not in told else []
        return made

    def source(self, iri: str, path: str) -> dict[str, Any]:
        """Return what the page at ``path`` shows of a source: how it is called, of what kind, and where to open it."""
        told, kind = self.details[iri], next((each["kind"] for each in self.of_source.get(iri, ()) if each["kind"]), "")
        address, archived = (
            next(filter(None, (link(url, path) for url in told[name])), "") for name in ("address", "archive")
        )
        made = {"iri": iri, "name": self.name(iri), "href": self.shown(iri, path), "kind": kind and self.name(kind)}
        made |= {"address": address, "host": urlsplit(address).netloc.removeprefix("www."), "archived": archived}
        return made | {name: next(iter(told[name]), "") for name in ("note", "gone")}

    def read(self, extent: object) -> tuple[int, str]:
        """Return how much of a document a source shows (code or IRI): in bars, 0 where unknown to 4, and in words."""
        return DEPTH.get(slug(str(extent)), 0), depth(self.kg, extent)

    @cached_property
    def differing(self) -> dict[str, dict[tuple[str, str], dict[tuple[str, str, str], None]]]:
        """By document, fact and what it is about: each value that a source gives, its note and the source."""
        made: dict[str, dict[tuple[str, str], dict[tuple[str, str, str], None]]] = {}
        for row in self.kg.query("contradictions", tier="all"):
            document, fact, what, value, note, source = (
                str(row[name] or "") for name in ("document", "fact", "what", "value", "note", "source")
            )
            made.setdefault(document, {}).setdefault((fact, what), {})[value, note, source] = None
        return made

    @cached_property
    def outcomes(self) -> dict[str, dict[str, Row]]:
        """What reports tell, by the document or element that it concerns, its plan and the report, each once."""
        made: dict[str, dict[str, Row]] = {}
        for row in (row for row in self.kg.query("results", tier="all") if row["report"]):
            for about in {row["document"], row["concerns"], row["report"]} - {None}:
                made.setdefault(str(about), {}).setdefault(str(row["element"] or row["report"]), row)
        return made

    @cached_property
    def lines(self) -> dict[str, list[str]]:
        """The plans of the line of each plan that has one, in the order of time."""
        former: dict[str, set[str]] = defaultdict(set)
        later: dict[str, set[str]] = defaultdict(set)
        for row in (row for row in self.kg.query("plan-lines", tier="all") if row["former"]):
            former[str(row["document"])].add(str(row["former"]))
            later[str(row["former"])].add(str(row["document"]))
        every = {iri: {iri, *former.get(iri, ()), *later.get(iri, ())} for iri in former | later}
        return {iri: sorted(line, key=lambda each: (len(former.get(each, ())), each)) for iri, line in every.items()}

    @cached_property
    def resting(self) -> dict[str, list[Row]]:
        """What rests on each passage or source (IRI): resources, each with its kind and a note, once."""
        made: dict[str, dict[str, Row]] = {}
        for row in self.kg.query("resting"):
            made.setdefault(str(row["passage"]), {}).setdefault(str(row["resource"]), row)
        return {iri: list(rows.values()) for iri, rows in made.items()}

    @cached_property
    def borne(self) -> dict[str, dict[str, dict[str, Row]]]:
        """The parts of each document by the source that bears them out and by IRI: rows of :attr:`resting`."""
        made: dict[str, dict[str, dict[str, Row]]] = {}
        for passage, rows in self.resting.items():
            for row in rows:
                iri, source = str(row["resource"]), self.gathered.source_of.get(passage, passage)
                if (document := self.document_of(iri)) not in {"", iri}:
                    made.setdefault(document, {}).setdefault(source, {}).setdefault(iri, row)
        return made

    @cached_property
    def regions(self) -> dict[str, tuple[int, str]]:
        """The place of each jurisdiction's region in the list of regions, and its IRI, by alpha-3 code."""
        return {str(row["code"]): (int(str(row["order"])), str(row["region"])) for row in self.kg.query("regions")}

    @cached_property
    def alike(self) -> dict[str, str]:
        """The jurisdiction that shares the largest part of the themes with each, by alpha-3 code, where that leads."""
        best: dict[str, list[tuple[float, str]]] = defaultdict(list)
        for pair in self.kg.similarity("pillars", by="country", anywhere=True).pairs:
            for one, other in ((pair.a, pair.b), (pair.b, pair.a)):
                best[one] += [(pair.value, other)] if pair.value else []
        return {code: max(pairs)[1] for code, pairs in best.items() if pairs}

    def trail(self, path: str) -> list[Said]:
        """Return the way from the home page to that of a resource: its region or tier, jurisdiction, document."""
        first, *pieces = path.split("/")[:-1]
        code, above, start = pieces[0].upper() if pieces else "", list[Said](), 0
        if first == "jurisdiction" or (first == "id" and (code in self.recorded or len(code) == len("NOR"))):
            tier, region = self.recorded.get(code, _NATIONAL), self.regions.get(code, (0, ""))[1]
            if first == "id" and tier != _NATIONAL:
                above = [self.said(f"{BASE}tier/{tier}", path)]
            elif region:
                above = [Said(self.name(region), f"{root_of(path)}countries/#region-{slug(region)}")]
            above += [self.country(code, path)] if first == "id" else []
            start = 2
        higher = (f"{BASE}{'/'.join([first, *pieces[:end]])}" for end in range(start, len(pieces)))
        return above + [self.said(each, path) for each in higher if each in self.kg.labels]


def table_files(path: str, table: Table, *, workbook: bool = False) -> Iterator[tuple[str, bytes]]:
    """Yield a table as CSV with its description, and as a workbook; ``path`` is without ending."""
    yield f"{path}.csv", written(table, "csv")
    yield f"{path}.csv{ENDING}", metadata(table, f"{path.rpartition('/')[2]}.csv")
    if workbook:
        yield f"{path}.xlsx", written(table, "xlsx")


def packed(write: Callable[[IO[bytes]], object]) -> bytes:
    """Return what ``write`` writes, packed, the same bytes each time."""
    made = io.BytesIO()
    with gzip.GzipFile(fileobj=made, mode="wb", filename="", mtime=0) as file, io.BufferedWriter(file, 1 << 16) as wide:
        write(wide)
    return made.getvalue()


def as_json(value: object) -> bytes:
    """Return what a page's script reads, with no space in it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
