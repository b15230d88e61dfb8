"""What the pages are made from: the graph, its files (an engine may spell literals otherwise), names and templates."""

import gzip
import io
import json
import tomllib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cached_property, partial
from importlib.resources import files
from itertools import product
from sys import intern
from typing import IO, NamedTuple

import jinja2
import pyoxigraph

from .. import charts
from ..compare.analysis import View
from ..compare.matrix import axes
from ..compare.themes import Themes
from ..compare.topics import Gathered
from ..graph.files import JURISDICTIONS, read_file, source_files
from ..knowledge_graph import KnowledgeGraph
from ..project.root import files_below
from ..project.templates import templates
from ..query.engine import embedded
from ..query.results import Value as Cell
from ..rdf.descriptions import Descriptions, Node, Value
from ..rdf.namespaces import BASE, prefixes, shorten, slug
from ..tables.origins import MARKS, MEANINGS, citation
from ..tables.table import ENDING, Table, metadata, written
from .addresses import anchor, beside, files_of, link, page_of, place_of, root_of
from .model import Model
from .readings import Readings

_SHOWN = 60
_NATIONAL = "national"
_COARSE = 35  # tenths of a pixel: the unit of small maps


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
        self.for_search_engines: list[pyoxigraph.Triple] = []

    @cached_property
    def templates(self) -> jinja2.Environment:
        """The templates; whatever is put into them is escaped."""
        from .. import __version__

        made = templates("napgraph.site")
        functions = (self.name, self.facts, anchor, beside, files_of, link, page_of, root_of, slug)
        made.globals.update({each.__name__: each for each in functions}, site=self, base=self.base)
        made.globals.update(program=__version__, data=self.kg.version[:12], marks=MARKS, mark_meanings=MEANINGS)
        return made

    @cached_property
    def citation(self) -> str:
        """How the project and the data are cited, which stands at the end of each page."""
        return citation(self.kg.root, self.kg.version)

    @cached_property
    def origins(self) -> dict[str, str]:
        """Where the names of documents, their parts and bodies come from, by IRI: printed, ours or none."""
        return {str(row["resource"]): str(row["origin"]) for row in self.kg.query("origins")}

    @cached_property
    def model(self) -> Model:
        """The ontology and the rules, as their pages show them."""
        return Model(self.kg)

    @cached_property
    def readings(self) -> Readings:
        """What sources show of the documents, as the pages of documents and sources show it."""
        return Readings(self.kg)

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
        return Themes(
            self.gathered,
            {code: self.name(f"{BASE}tier/{tier}") for code, tier in self.recorded.items() if tier != _NATIONAL},
        )

    @cached_property
    def maps(self) -> list[tuple[int, int, str, dict[str, str]]]:
        """The small maps of the world and Europe: width, height, the path of the rest, and that of each country."""
        found, (sizes, outlines) = charts.outlines_of(self.kg.numbers), charts.outlines()
        ours = {id(found[code]): code for code in self.themes.countries if code in found}
        made = []
        for number, (width, height) in enumerate(sizes):
            paths = [(ours.get(id(each), ""), charts.coarse(each.maps[number].path, _COARSE, 1)) for each in outlines]
            shapes = {code: path for code, path in paths if code and path}
            made.append(
                (
                    width * 10 // _COARSE,
                    height * 10 // _COARSE,
                    "".join(path for code, path in paths if not code),
                    shapes,
                )
            )
        return made

    @cached_property
    def words(self) -> dict[str, dict[str, dict[str, str]]]:
        """The words of the pages by kind of page and language, and of terms of other vocabularies."""
        return tomllib.loads(files("napgraph.site").joinpath("words.toml").read_text(encoding="utf-8"))

    @cached_property
    def sections(self) -> dict[tuple[str, str], list[tuple[str, str, str]]]:
        """The page, its language and its name of each section in the head, and of each tool.

        By ``sections`` or ``tools``, and by the language of the page that leads there.
        """
        made: dict[tuple[str, str], list[tuple[str, str, str]]] = {}
        for listed, language in product(("sections", "tools"), self.words["every"]):
            for place, name in self.words[listed]["en"].items():
                there = language if language in self.words.get(place, ()) else "en"
                words = self.words[listed].get(language, {}).get(place, name)
                made.setdefault((listed, language), []).append((page_of(place.rstrip("/"), there), there, words))
        return made

    @cached_property
    def schemes(self) -> dict[str, dict[str, list[dict[str, Cell]]]]:
        """The rows of each list of codes, by its IRI and by language."""
        made: dict[str, dict[str, list[dict[str, Cell]]]] = {}
        for language in self.words["list"]:
            for row in self.kg.query("scheme-concepts", language=language):
                made.setdefault(str(row["scheme"]), {}).setdefault(language, []).append(row)
        return made

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
        _ = self._survey, self.kg.labels, self.kg.foreign, self.kg.names, self.recorded, self.schemes
        _ = self.readings.of_document, self.readings.of_source, self.readings.differing
        _ = self.readings.outcomes, self.readings.lines, self.gathered, self.gathered.source_of, self.gathered.readings
        _ = self.themes
        _ = (
            self.borne,
            self.details,
            self.source_of,
            self.source_kinds,
            self.gathered.by("phrase-mappings", "subject_id"),
        )
        for query, column in (
            ("action-sheet", "activity"),
            ("network", "body"),
            ("groups", "element"),
            ("forms", "element"),
        ):
            _ = self.gathered.by(query, column)
        _ = self.regions, self.alike

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

    @cached_property
    def recorded(self) -> dict[str, str]:
        """The alpha-3 codes of the jurisdictions that have documents, each with the code of its tier."""
        rows = self.kg.query("silent-readings", axis="actors")
        return {slug(str(row["country"])).upper(): slug(str(row["tier"])) for row in rows}

    @cached_property
    def _passages(self) -> list[dict[str, Cell]]:
        return self.kg.query("passage-sources").rows()

    @cached_property
    def source_of(self) -> dict[str, str]:
        """The source of each passage, by IRI; that of a source is itself."""
        return {str(row["passage"]): str(row["source"]) for row in self._passages}

    @cached_property
    def source_kinds(self) -> dict[str, list[str]]:
        """The codes of the kinds of each source, wider ones too."""
        made: dict[str, list[str]] = {}
        for row in self._passages:
            listed, code = made.setdefault(str(row["source"]), []), slug(str(row["kind"] or ""))
            listed += [code] if code and code not in listed else []
        return made

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

    def facts(self, subject: Node, stated: Descriptions, path: str, *, without: Collection[str] = ()) -> list[Fact]:
        """Return what is stated of a resource, but for properties whose last part is ``without``."""
        grouped: dict[str, list[Said]] = {}
        for predicate, value in stated.of(subject):
            if slug(predicate.value) not in without:
                said = [self._said(each, stated, path) for each in self._items(value, stated)]
                grouped.setdefault(predicate.value, []).extend(said)
        made = [Fact(self._property(iri), link(iri, path), values) for iri, values in grouped.items()]
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

    def _said(self, value: Value, stated: Descriptions, path: str) -> Said:
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
    def resting(self) -> dict[str, list[dict[str, Cell]]]:
        """What rests on each passage or source (IRI): resources, each with its kind and a note, once."""
        made: dict[str, dict[str, dict[str, Cell]]] = {}
        for row in self.kg.query("resting"):
            made.setdefault(str(row["passage"]), {}).setdefault(str(row["resource"]), row)
        return {iri: list(rows.values()) for iri, rows in made.items()}

    @cached_property
    def borne(self) -> dict[str, dict[str, dict[str, dict[str, Cell]]]]:
        """The parts of each document by the source that bears them out and by IRI: rows of :attr:`resting`."""
        made: dict[str, dict[str, dict[str, dict[str, Cell]]]] = {}
        for passage, rows in self.resting.items():
            for row in rows:
                iri = str(row["resource"])
                document = BASE + "/".join(iri.removeprefix(BASE).split("/")[:3])
                if iri != document:
                    by_source = made.setdefault(document, {}).setdefault(self.source_of.get(passage, passage), {})
                    by_source.setdefault(iri, row)
        return made

    @cached_property
    def details(self) -> dict[str, dict[str, list[str]]]:
        """Where each source and passage (IRI) is to be found: addresses, archived copies, languages, day, note."""
        made: dict[str, dict[str, list[str]]] = {}
        for row in self.kg.query("source-details"):
            told = made.setdefault(str(row["source"]), {name: [] for name in row})
            for name, value in row.items():
                told[name] += [str(value)] if value is not None and str(value) not in told[name] else []
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

    def region(self, code: str, path: str) -> Said | None:
        """Return the region of a jurisdiction, as the page at ``path`` links to it in the list of countries."""
        iri = self.regions.get(code, (0, ""))[1]
        return Said(self.name(iri), f"{root_of(path)}countries/#region-{slug(iri)}") if iri else None

    def tier(self, code: str, path: str) -> Said:
        """Return the tier of a jurisdiction that has documents, as the page at ``path`` shows it."""
        iri = f"{BASE}tier/{self.recorded[code]}"
        return Said(self.name(iri), self.shown(iri, path))

    def trail(self, path: str) -> list[Said]:
        """Return the way from the home page to that of a resource: its list or jurisdiction, its document."""
        pieces, above, start = path.split("/")[:-1], list[Said](), 1
        code = pieces[1].upper() if pieces[0] == "id" and len(pieces) > 1 else ""
        if code in self.recorded or len(code) == len("NOR"):
            place = Said(self.kg.names.get(code, pieces[1]), self.shown(f"{BASE}jurisdiction/{pieces[1]}", path))
            is_national = self.recorded.get(code, _NATIONAL) == _NATIONAL
            region = self.region(code, path) if is_national else self.tier(code, path)
            above, start = [*([region] if region else []), place], 3
        elif pieces[0] == "jurisdiction":
            region = self.region(pieces[-1].upper(), path)
            above, start = [region] if region else [], len(pieces)
        for number in range(start, len(pieces)):
            higher = BASE + "/".join(pieces[:number])
            if higher in self.kg.labels:
                called = self.called(higher)
                above.append(
                    Said(called.words, link(higher, path), "" if called.printed else self.kg.foreign.get(higher))
                )
        return above


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
