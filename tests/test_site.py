"""The site as a visitor, a program and a host meet it: every address is there, every link leads somewhere."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from hashlib import blake2b
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urlsplit

import pyoxigraph
import pytest
import rdflib
from rdflib.compare import isomorphic

from benchmarks.generate import write_root
from napgraph import KnowledgeGraph, charts
from napgraph.compare.analysis import View
from napgraph.compare.matrix import SAYING, VALUES
from napgraph.compare.topics import Gathered, Topics
from napgraph.errors import OutputError, ParameterError, SourceFileError, StoreError
from napgraph.graph.build import build_store
from napgraph.graph.files import read_file, source_files
from napgraph.project.root import files_below
from napgraph.rdf.descriptions import Descriptions
from napgraph.rdf.namespaces import BASE, shorten, slug
from napgraph.rdf.terms import to_rdflib
from napgraph.site.addresses import anchor, files_of, page_of, place_of, root_of
from napgraph.site.build import publish_site, unchanged, write_site
from napgraph.site.context import PageContext
from napgraph.site.pages import comparison, front, resources
from napgraph.tables.table import Table, written

from .conftest import ALL, ROOT, Run, root_with

FORMATS = {".ttl": "turtle", ".jsonld": "json-ld", ".nt": "nt", ".rdf": "xml"}
FILES = source_files(str(ROOT))
ANSWERS, BASES = ("yes", "possible", "no"), ("period", "act", "none")
EMPTY = {"ontology/prefixes.ttl"}
HOSTILE = '</script><script>alert(1)</script><img src=x onerror="alert(1)">'


def state(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    """Return of each file under a folder its number on the disk, when it was changed, and its digest."""
    return {
        str(path.relative_to(folder)): (
            path.stat().st_ino,
            path.stat().st_mtime_ns,
            blake2b(path.read_bytes()).digest(),
        )
        for path in folder.rglob("*")
        if path.is_file()
    }


class Page(HTMLParser):
    """The links, anchors and scripts of a page."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.scripts: list[dict[str, str | None]] = []
        self.handlers: list[str] = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a tag points to, is called, and would run."""
        given = dict(attrs)
        self.handlers += [name for name, _ in attrs if name.startswith("on") or name == "style"]
        if tag == "script":
            self.scripts.append(given)
        self.links += [value for name, value in attrs if name in {"href", "src", "data-source"} and value]
        self.anchors |= {str(given["id"])} if given.get("id") else set()


@pytest.mark.slow
def test_no_link_is_broken(site: Path, tmp_path: Path) -> None:
    assert hold_links(site) > 900
    publish_site(KnowledgeGraph.load(write_root(tmp_path / "root", 2)), str(tmp_path / "public"), pictures=False)
    assert hold_links(tmp_path / "public") > 1000  # of jurisdictions that no list names


def hold_links(site: Path) -> int:
    """Hold every link of a site to what it leads to; return the number of pages."""
    top = str(site.resolve()) + os.sep
    files = {str(path) for path in site.resolve().rglob("*") if path.is_file()}
    folders = {os.path.dirname(file) for file in files}
    pages = {file: Page(Path(file)) for file in files if file.endswith(".html")}
    for path, page in pages.items():
        for link in page.links:
            if link.startswith(("https://", "http://", "data:image/")):
                continue
            target, mark = urldefrag(link)
            place = unquote(urlsplit(target).path)
            found = os.path.normpath(os.path.join(os.path.dirname(path), place)) if target else path
            assert not os.path.isabs(link), (path, link)
            assert f"{found}{os.sep}".startswith(top), (path, link)
            found = os.path.join(found, "index.html") if found in folders else found
            assert found in files, (path, link)
            if mark and found in pages and "=" not in mark:
                assert mark in pages[found].anchors, (path, link)
    return len(pages)


@pytest.mark.slow
@pytest.mark.more
def test_every_address_of_the_data_has_its_page(site: Path) -> None:
    named = {
        term.value
        for file in FILES
        for triple in read_file(str(ROOT), file.path)
        for term in (triple.subject, triple.object)
        if isinstance(term, pyoxigraph.NamedNode) and term.value.startswith(BASE)
    }
    assert len(named) > 1000
    missing = {iri for iri in named if not (site / page_of(place_of(iri) or "")).is_file()}
    assert missing == set()
    terms = Page(site / "ont" / "index.html").anchors
    assert {anchor(iri) for iri in named if iri.startswith(f"{BASE}ont#")} <= terms


def described(whole: pyoxigraph.Store, places: dict[pyoxigraph.NamedNode, str]) -> dict[str, pyoxigraph.Dataset]:
    """Return what is stated of the resources of each place, with the nameless ones inside them, in canonical form."""
    found: dict[str, pyoxigraph.Dataset] = {place: pyoxigraph.Dataset() for place in places.values()}
    for subject, place in places.items():
        waiting: list[pyoxigraph.NamedNode | pyoxigraph.BlankNode] = [subject]
        while waiting:
            for quad in whole.quads_for_pattern(waiting.pop(), None, None):
                found[place].add(quad)
                waiting += [quad.object] if isinstance(quad.object, pyoxigraph.BlankNode) else []
    for dataset in found.values():
        dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
    return found


@pytest.mark.slow
def test_the_files_for_programs_say_of_every_resource_what_the_files_of_the_project_say(site: Path) -> None:
    """In each of the four formats, by two readers: of every page the engine's, of some pages rdflib's.

    The parts of a document, and the passages of a source, are in its files, to which their pages lead.
    """
    whole = pyoxigraph.Store()
    shapes = files_below(str(ROOT), "shapes", (".ttl",))
    for path in [*(file.path for file in FILES), *shapes]:
        whole.extend(pyoxigraph.Quad(*triple) for triple in read_file(str(ROOT), path))
    subjects = {quad.subject for quad in whole if isinstance(quad.subject, pyoxigraph.NamedNode)}
    places = {subject: place for subject in subjects if (place := place_of(subject.value))}
    expected = described(whole, {subject: files_of(place) for subject, place in places.items()})
    assert len(expected) > 900
    assert set(expected) <= set(places.values())
    for place in set(places.values()) - set(expected):
        links = Page(site / page_of(place)).links
        assert {f"{root_of(page_of(place))}{files_of(place)}{ending}" for ending in FORMATS} <= set(links), place
    for place, stated in expected.items():
        for ending in FORMATS:
            form = pyoxigraph.RdfFormat.from_extension(ending[1:])
            assert form is not None
            told = pyoxigraph.Dataset(pyoxigraph.parse(path=str(site / f"{place}{ending}"), format=form))
            told.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
            assert told == stated, f"{place}{ending}"
    for place in ("id/nor/plan-2006-2009", "theme/prevention", "jurisdiction/nor", "source/unodc-toolkit-2008"):
        graphs = [rdflib.Graph().parse(site / f"{place}{ending}", format=form) for ending, form in FORMATS.items()]
        again: Any = rdflib.Graph()
        for quad in expected[place]:
            again.add(to_rdflib(quad.triple))
        assert all(isomorphic(graph, again) for graph in graphs), place


@pytest.mark.slow
def test_the_rules_for_a_host_lead_every_address_to_its_page_and_to_files_that_describe_it(site: Path) -> None:
    """By the expressions of Apache's rules, which Python reads alike: the first rule that fits is taken."""
    rules = re.findall(
        r"(?:RewriteCond %\{HTTP_ACCEPT\} (\S+)\n)?RewriteRule (\S+) (\S+) ", (site / ".htaccess").read_text("utf-8")
    )
    subjects = {triple.subject for file in FILES for triple in read_file(str(ROOT), file.path)}
    named = (subject.value for subject in subjects if isinstance(subject, pyoxigraph.NamedNode))
    places = {place for iri in named if (place := place_of(iri))}
    assert len(places) > 900

    def led(place: str, accept: str) -> str:
        for accepted, pattern, to in rules:
            found = re.search(pattern, place)
            if found and re.search(accepted, accept):
                return str(to).removeprefix(BASE).replace("$1", found[1])
        raise AssertionError(place)

    types = {".ttl": "text/turtle", ".jsonld": "application/ld+json", ".nt": "application/n-triples"}
    for place in places:
        assert led(place, "text/html") == f"{place}/"
        assert (site / place / "index.html").is_file()
        for ending, accept in {**types, ".rdf": "application/rdf+xml"}.items():
            assert led(place, accept) == f"{files_of(place)}{ending}"
            assert (site / f"{files_of(place)}{ending}").is_file(), place


@pytest.mark.more
def test_the_dumps_hold_every_graph(site: Path) -> None:
    counts = []
    for ending, form in (("nq", pyoxigraph.RdfFormat.N_QUADS), ("trig", pyoxigraph.RdfFormat.TRIG)):
        content = gzip.decompress((site / "dumps" / f"napgraph.{ending}.gz").read_bytes())
        quads = list(pyoxigraph.parse(content, format=form))
        assert {f"<{file.graph}>" for file in FILES if file.path not in EMPTY} == {
            str(quad.graph_name) for quad in quads
        }
        counts.append(len(quads))
    assert counts[0] == counts[1] > 5000


@pytest.mark.more
def test_pages_in_other_languages_say_so_and_name_each_other(site: Path) -> None:
    found: dict[str, set[str]] = {}
    listed = (site / "sitemap.xml").read_text(encoding="utf-8")
    for path in site.rglob("index-*.html"):
        text = path.read_text(encoding="utf-8")
        language = path.stem.removeprefix("index-")
        assert f'<html lang="{language}"' in text, path
        assert ('dir="rtl"' in text) == (language == "ar"), path
        assert f"{path.relative_to(site)}</loc>" in listed
        named = dict(re.findall(rf'<link rel="alternate" hreflang="(..)" href="{BASE}([^"]*)">', text))
        place = str(path.parent.relative_to(site))
        assert named == {each: page_of(place, each).removesuffix("index.html") for each in named}
        assert all((site / page_of(place, each)).is_file() for each in named), path
        found.setdefault(place, set(named)).add(language)
        assert found[place] == set(named), path
    assert found["ont"] == found["shapes"] == found["lists"] == found["theme"] == {"en", "fr", "es"}
    assert found["jurisdiction"] == {"en", "fr", "es", "ar", "ru", "zh"}
    for name in ("first", "words", "terms"):
        assert "index-" not in (site / "search" / f"{name}.json").read_text(encoding="utf-8")
    assert found["ont/classes"] == found["ont/links"] == found["shapes/strategic"] == {"en", "fr", "es"}


@pytest.mark.more
def test_what_search_finds_is_what_the_graph_holds_and_every_entry_leads_to_a_page(
    site: Path, kg: KnowledgeGraph
) -> None:
    """Countries, plans and themes come first; the answer of a country is what its page says."""
    lists = {
        name: json.loads((site / "search" / f"{name}.json").read_text("utf-8")) for name in ("first", "words", "terms")
    }
    assert {entry[0] for entry in lists["first"]} == {0, 1, 2, 5}
    assert {entry[0] for entry in lists["words"]} == {0, 3, 4}
    assert {entry[0] for entry in lists["terms"]} == {6}
    for entries in lists.values():
        for _, what, title, place, *_ in entries:
            assert what
            assert title
            assert (site / place.partition("#")[0] / "index.html").is_file(), place
    plans = {entry[3] for entry in lists["first"] if entry[0] == 1}
    assert plans == {f"{place_of(str(row['document']))}/" for row in kg.query("documents", tier="all")}
    called = {entry[4]: {entry[2], *entry[6]} for entry in lists["first"] + lists["words"] if entry[0] == 0}
    assert {"Norge", "Norway"} <= called["NOR"]
    assert {"Holland", "Nederland"} <= called["NLD"]
    assert "Burma" in called["MMR"]
    assert "UK" in called["GBR"]
    assert len(lists["first"]) < len(lists["words"])
    topics = Topics("NOR", Gathered(kg, View(kg, every_tier=True)))
    answer = json.loads((site / "search" / "answers" / "nor.json").read_text("utf-8"))
    assert [years for years, _ in answer["plans"]] == [each.years or each.title for each in topics.editions]
    told = {
        concept.code: [
            [each.number - 1, each.value, each.words, each.origin, each.condition, list(each.sources)] for each in said
        ]
        for concept, said in topics.themes
    }
    assert {code: each["said"] for code, each in answer["themes"].items()} == told
    text = "six months at most"
    assert any(text in str(each[4]) for each in told["residence-status"])


@pytest.mark.more
def test_every_source_stands_in_the_list_of_sources_with_how_much_was_read(site: Path, kg: KnowledgeGraph) -> None:
    text = (site / "sources" / "index.html").read_text(encoding="utf-8")
    sources = {str(row["source"]) for row in kg.query("readings")}
    assert text.count('<th scope="row"') == len(sources) > 400
    links = set(Page(site / "sources" / "index.html").links)
    assert {f"../{place_of(iri)}/" for iri in sources} <= links
    assert text.count('class="depth depth-of-') >= len(sources)


@pytest.mark.more
def test_terms_and_rules_stand_in_full_on_the_pages_of_their_parts(site: Path) -> None:
    """The overview has an anchor for each, which leads to the one page where all of it stands."""
    for path in (site / "ont" / "index.html", *(site / "ont").glob("*/index.html")):
        text = path.read_text(encoding="utf-8")
        assert ">National strategies and action plans" in text, path
        if path.parent.name == "1.0.0":  # which tells every title, each in its language
            text = re.sub(
                r'(?s)<script type="application/ld\+json">.*?</script>|<(\w+) lang="es"[^>]*>.*?</\1>', "", text
            )
        assert "Estrategias" not in text, path
    for place in ("ont", "shapes"):
        whole = Page(site / place / "index.html")
        parts = {path.parent.name: Page(path).anchors for path in (site / place).glob("*/index.html")}
        led = [link.partition("#") for link in whole.links if "/#" in link and link.split("/")[-2] in parts]
        marks = [mark for _, _, mark in led]
        assert len(set(marks)) == len(marks) > 100
        for href, _, mark in led:
            assert mark in whole.anchors
            assert mark in parts[href.split("/")[-2]]


@pytest.mark.more
def test_a_code_without_a_name_in_the_language_of_the_page_has_its_english_one_marked_as_such(
    site: Path, kg: KnowledgeGraph
) -> None:
    text = (site / "jurisdiction" / "index-ar.html").read_text(encoding="utf-8")
    here = [row for row in kg.query("scheme-concepts", language="ar") if str(row["scheme"]).endswith("/jurisdiction")]
    rows = [row for row in kg.query("scheme-concepts", language="en") if str(row["scheme"]).endswith("/jurisdiction")]
    assert len(here) < len(rows) == text.count('<th scope="row"')
    assert text.count('hreflang="en" lang="en">') == len(rows) - len(here)


@pytest.mark.slow
@pytest.mark.more
def test_pages_run_nothing_but_their_own_scripts(site: Path) -> None:
    for path in site.rglob("*.html"):
        page = Page(path)
        assert page.handlers == [], path
        for script in page.scripts:
            is_data = script.get("type") in {"application/ld+json", "application/json"}
            assert is_data or str(script.get("src")).startswith("../"), path
        assert "Content-Security-Policy" in path.read_text(encoding="utf-8")
    assert (site / "index.html").stat().st_size + (site / "assets" / "site.css").stat().st_size < 150_000


@pytest.mark.slow
def test_hostile_data_can_carry_no_script(tmp_path: Path) -> None:
    root = root_with(tmp_path / "root", "nld", "nor", "eu")
    record = root / "data" / "jurisdictions" / "nld.ttl"
    text = record.read_text(encoding="utf-8")
    escaped = HOSTILE.replace('"', '\\"')
    record.write_text(text.replace('"Action Plan to Combat Human Trafficking"', f'"{escaped}"'), encoding="utf-8")
    publish_site(KnowledgeGraph.load(root), str(tmp_path / "public"), pictures=False)
    found = 0
    for path in (tmp_path / "public").rglob("*.html"):
        page = Page(path)
        assert page.handlers == [], path
        assert all(
            script.get("src") or script.get("type") in {"application/ld+json", "application/json"}
            for script in page.scripts
        ), path
        found += "alert(1)" in path.read_text(encoding="utf-8")
    assert found > 2


@pytest.mark.parametrize(
    "iri",
    [
        *(
            f"{BASE}id/{name}"
            for name in ("../../etc/passwd", "%2e%2e/x", "a//b", "NOR/Plan", "x\x00y", "a" * 300, "é", ".")
        ),
        BASE + "/etc/passwd",
    ],
)
def test_no_address_leads_out_of_the_folder(iri: str) -> None:
    place = place_of(iri)
    assert place is not None
    assert place.startswith("other/")
    assert len(place) < 50


def test_an_address_elsewhere_has_no_page() -> None:
    assert place_of("https://example.org/x") is None
    assert place_of(BASE) == ""
    assert place_of(f"{BASE}ont#Strategy") == "ont"


@pytest.mark.slow
def test_a_second_run_with_pictures_touches_no_file(site: Path, kg: KnowledgeGraph, tmp_path: Path) -> None:
    site = shutil.copytree(site, tmp_path / "public")
    if not ALL:  # then the site was made without pictures
        publish_site(kg, str(site), processes=2)
    (site / ".napgraph-site.state").unlink()
    before = state(site)
    done = publish_site(kg, str(site))
    assert (done.written, done.removed) == (0, 0)
    assert done.files > 4000
    after = state(site)
    assert {path for path in after if after[path] != before.get(path)} == {".napgraph-site.state"}
    assert before.keys() < after.keys()
    assert sum(path.endswith(".png") for path in before) > 10


def test_a_site_is_made_anew_only_where_something_changed(tmp_path: Path) -> None:
    """Nothing is made where state and files are those of the last run; a file that went missing is made again."""
    folder = tmp_path / "public"
    write_site(str(folder), [("a.html", b"1"), ("b.html", b"2")], state="one")
    assert unchanged(str(folder), "one") == (2, 0, 0)
    assert unchanged(str(folder), "two") is None
    (folder / "a.html").unlink()
    assert unchanged(str(folder), "one") is None
    assert write_site(str(folder), [("a.html", b"1"), ("b.html", b"2")], state="one").written == 1
    assert unchanged(str(folder), "one") == (2, 0, 0)
    assert unchanged(str(tmp_path / "none"), "one") is None


@pytest.mark.slow
def test_the_graph_on_disk_makes_the_same_site_and_one_of_other_files_is_refused(tmp_path: Path) -> None:
    root, store = root_with(tmp_path / "root", "fin", "nld", "nor", "eu"), tmp_path / "store"
    build_store(str(root), str(store))
    stored = KnowledgeGraph.load(root, store=store)
    made = publish_site(stored, str(tmp_path / "public"), pictures=False, processes=2)
    again = publish_site(KnowledgeGraph.load(root), str(tmp_path / "public"), pictures=False)
    assert (made.files, again.written) == (again.files, 0)
    (root / "data" / "jurisdictions" / "nld.ttl").unlink()
    with pytest.raises(StoreError, match="other files"):
        publish_site(KnowledgeGraph.load(root, store=store), str(tmp_path / "more"))
    assert not (tmp_path / "more").exists()


def test_a_list_is_shown_item_by_item_however_long_it_is(kg: KnowledgeGraph) -> None:
    items = " ".join(f'"{number}"' for number in range(5000))
    subject = pyoxigraph.NamedNode("https://example.org/rule")
    stated = Descriptions(
        quad.triple
        for quad in pyoxigraph.parse(
            f"<{subject.value}> <http://www.w3.org/ns/shacl#in> ( {items} ) .", format=pyoxigraph.RdfFormat.TURTLE
        )
    )
    (fact,) = PageContext(kg, BASE).facts(subject, stated, "shapes/index.html")
    assert [each.words for each in fact.values] == [str(number) for number in range(5000)]


def test_terms_of_other_vocabularies_go_by_words_and_each_word_is_used(kg: KnowledgeGraph) -> None:
    context = PageContext(kg, BASE)
    used = {
        shorten(term.value, context.prefixes)
        for file in FILES
        for triple in read_file(str(ROOT), file.path)
        for term in triple
        if isinstance(term, pyoxigraph.NamedNode)
    }
    assert set(context.words["elsewhere"]["en"]) - used == set()
    assert context.name(f"{context.prefixes['skos']}prefLabel") == "name"
    assert context.name(f"{context.prefixes['owl']}hasValue") == "owl:hasValue"


def test_the_page_of_one_s_own_is_never_touched(tmp_path: Path) -> None:
    (tmp_path / "public").mkdir()
    (tmp_path / "public" / "mine.txt").write_text("mine")
    with pytest.raises(OutputError, match="holds other files"):
        write_site(str(tmp_path / "public"), [("index.html", b"x")])
    assert [path.name for path in (tmp_path / "public").iterdir()] == ["mine.txt"]


def test_files_that_are_gone_are_removed_and_changed_ones_written(tmp_path: Path) -> None:
    folder = tmp_path / "public"
    write_site(str(folder), [("a/index.html", b"1"), ("b/index.html", b"1")])
    (folder / "CNAME").write_text("example.org")
    done = write_site(str(folder), [("a/index.html", b"2"), ("c.ttl", b"1")])
    assert (done.files, done.written, done.removed) == (2, 2, 1)
    assert {path.name for path in folder.iterdir()} == {"a", "c.ttl", "CNAME", ".napgraph-site.json"}
    assert (folder / "a" / "index.html").read_bytes() == b"2"


def test_an_interrupted_run_leaves_the_old_site_whole(tmp_path: Path) -> None:
    folder = tmp_path / "public"
    write_site(str(folder), [("a.html", b"1"), ("b.html", b"1")])

    def interrupted() -> object:
        yield "a.html", b"2"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_site(str(folder), interrupted())  # type: ignore[arg-type]
    assert (folder / "a.html").read_bytes() == b"1"
    write_site(str(folder), [("a.html", b"3"), ("b.html", b"1")])
    assert (folder / "a.html").read_bytes() == b"3"


@pytest.mark.slow
def test_a_killed_process_leaves_the_old_site_whole_and_no_helper_at_work(tmp_path: Path) -> None:
    """Killed while it makes files; the next run removes what it left."""
    root, folder = root_with(tmp_path / "root", "fin", "nld", "nor"), tmp_path / "public"
    beside = folder / ".napgraph-site.new"

    def command(name: str) -> list[str]:
        options = ["-o", str(folder), "--base", f"https://{name}.example/", "--no-pictures", "--jobs", "2"]
        return [sys.executable, "-m", "napgraph", "--root", str(root), "site", *options]

    def killed(name: str, when: Callable[[], bool]) -> None:
        with subprocess.Popen(command(name)) as process:
            while not when():
                assert process.poll() is None, "it ended before it was killed"
            process.kill()

    def laid() -> int:
        return len(list(beside.iterdir())) if beside.is_dir() else 0

    def shown() -> dict[str, tuple[int, int, bytes]]:
        return {path: told for path, told in state(folder).items() if not path.startswith(beside.name)}

    subprocess.run(command("old"), check=True)
    before = state(folder)
    killed("new", lambda: laid() > 300)
    for _ in range(50):  # the helper goes with the process that it helps
        number = laid()
        time.sleep(0.2)
        if laid() == number:
            break
    else:
        raise AssertionError("a helper goes on")
    assert shown() == before
    subprocess.run(command("new"), check=True)
    pages = [path.read_text(encoding="utf-8") for path in folder.rglob("*.html")]
    assert len(pages) > 900
    assert all("https://new.example/" in page for page in pages)
    assert state(folder).keys() == before.keys()


PARTS = 600  # so many that the run can be met as it puts them in their place
WRITES = f"""
import sys
from napgraph.site.build import write_site
content = sys.argv[2].encode()
write_site(sys.argv[1], [(f"{{part}}/{{name}}", content) for part in range({PARTS}) for name in ("a", "b")])
"""


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_stopped_between_two_files_each_is_whole_and_the_next_run_completes_the_site(
    tmp_path: Path, how: signal.Signals
) -> None:
    """What the stopped run wrote is written again, though it is to be as before it, or is removed."""
    folder, met = tmp_path / "public", 0
    plain = [(f"{part}/{name}", b"-" * 100) for part in range(PARTS) for name in ("a", "b")]
    write_site(str(folder), plain)
    for number in range(1, 4):
        content = str(number) * 100
        with subprocess.Popen([sys.executable, "-c", WRITES, str(folder), content], stderr=subprocess.PIPE) as process:
            while (folder / "0" / "a").read_text() != content:
                assert process.poll() is None
            process.send_signal(how)
        read = {path.read_text() for path in folder.glob("*/[ab]")}
        assert read <= {content, "-" * 100}, "a file is neither old nor new"
        met += len(read) > 1
        kept = plain[: -2 * number]
        done = write_site(str(folder), kept)
        assert done.removed == 2 * number
        assert done.written == len(kept), "what the stopped run had put in place was taken for what it is to be"
        assert {path.read_text() for path in folder.glob("*/[ab]")} == {"-" * 100}
        assert len([path for path in folder.rglob("*") if path.is_file()]) == len(kept) + 1
        write_site(str(folder), plain)
    assert met > 0, "it was never stopped between two files"


def test_what_stays_and_what_is_not_ours_is_the_same_file_in_the_same_folder(tmp_path: Path) -> None:
    folder = tmp_path / "public"
    write_site(str(folder), [("a/1.html", b"1"), ("a/b/2.html", b"2"), ("c.html", b"3"), ("d/4", b"4")])
    (folder / "a" / "mine.txt").write_text("mine")
    (folder / "a" / "linked").symlink_to("b", target_is_directory=True)
    (folder / ".git").mkdir()
    number, before = folder.stat().st_ino, state(folder)
    assert write_site(str(folder), [("a/1.html", b"x"), ("a/b/2.html", b"2"), ("d", b"4")]) == (3, 2, 2)
    after = state(folder)
    kept = {"a/b/2.html", "a/mine.txt"}
    assert after.keys() == {"a/1.html", *kept, "d", ".napgraph-site.json"}
    for path in kept:
        assert after[path] == before[path]
    assert folder.stat().st_ino == number
    assert (folder / "a" / "linked").readlink() == Path("b")
    assert (folder / ".git").is_dir()


def test_a_helper_that_fails_or_is_stopped_leaves_the_old_site_whole(tmp_path: Path) -> None:
    folder = tmp_path / "public"
    write_site(str(folder), [("a.html", b"1")])

    def failing() -> Iterator[tuple[str, bytes]]:
        yield "b.html", b"2"
        raise SourceFileError("b.ttl", "this cannot be read.")

    def stopped() -> Iterator[tuple[str, bytes]]:
        yield "b.html", b"2"
        os.kill(os.getpid(), signal.SIGKILL)

    def slow() -> Iterator[tuple[str, bytes]]:
        while not list((folder / ".napgraph-site.new").glob("1-*")):
            time.sleep(0.01)
        time.sleep(0.2)
        yield "a.html", b"2"

    for share, error in ((failing, SourceFileError), (stopped, OutputError)):
        with pytest.raises(error):
            write_site(str(folder), slow(), share(), helpers=1)
        assert [path.name for path in tmp_path.rglob("*.html")] == ["a.html"]
        assert (folder / "a.html").read_bytes() == b"1"


def test_what_the_disk_refused_is_written_by_the_next_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "public"
    write_site(str(folder), [("a/1.html", b"1"), ("b/1.html", b"1"), ("c/1.html", b"1")])
    moved = os.replace

    def failing(source: str, target: str) -> None:
        if target.endswith("/b/1.html"):
            raise OSError(5, "Input/output error")
        moved(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", failing)
        with pytest.raises(OutputError, match="Make it again"):
            write_site(str(folder), [("a/1.html", b"2"), ("b/1.html", b"2")])
    assert [path.read_bytes() for path in sorted(folder.glob("*/1.html"))] == [b"2", b"1"]
    done = write_site(str(folder), [("a/1.html", b"2"), ("b/1.html", b"2")])
    assert {path.read_bytes() for path in folder.glob("*/1.html")} == {b"2"}
    assert (done.files, done.written) == (2, 2)
    assert sorted(path.name for path in folder.iterdir()) == [".napgraph-site.json", "a", "b"]


def test_two_pages_of_one_name_are_refused(tmp_path: Path) -> None:
    for path in ("A.html", "../x", "/x"):
        with pytest.raises(OutputError):
            write_site(str(tmp_path / "public"), [("a.html", b"1"), (path, b"2")])
    assert not (tmp_path / "public").exists()


@pytest.mark.slow
def test_the_command_says_what_it_wrote_and_refuses_what_is_no_address(napgraph: Run, tmp_path: Path) -> None:
    done = napgraph("site", "-o", str(tmp_path / "public"), "--base", "example.org")
    assert done.returncode == 2
    assert "web address" in done.stderr


CHOICES: list[dict[str, Any]] = [
    {"match": "broad"},
    {"match": "close"},
    {"match": "exact"},
    {"match": "close", "day": "2006-07-01"},
    {"day": "2008-02-01"},
    {"day": "1999-01-01"},
    {"match": "exact", "countries": ["FIN", "NOR"]},
    {"source": "unodc-toolkit-2008"},
    {"source": "first-hand", "match": "close"},
    {"source": "own-text", "tier": "all"},
    {"tier": "regional"},
    {"countries": ["EU", "NOR"]},
]


@pytest.mark.server
@pytest.mark.parametrize("axis", ["pillars", "principles", "features", "actors"])
def test_the_script_compares_as_the_library_does(site: Path, kg: KnowledgeGraph, axis: str) -> None:
    """The same cells for every choice of strictness and day, by running the page's script in Node.js."""
    if not shutil.which("node"):
        assert os.environ.get("CI") != "true", "Node.js is not installed"
        pytest.skip("no Node.js here")
    code = f"""
    import {{ compared, csv }} from {json.dumps(str(site / "assets" / "compare.mjs"))};
    import {{ readFileSync }} from "node:fs";
    const data = JSON.parse(readFileSync({json.dumps(str(site / "compare" / axis / "data.json"))}));
    console.log(JSON.stringify({json.dumps(CHOICES)}.map((choice) => {{
      const {{ shown, cell }} = compared(data, choice);
      const cells = shown.map((code) => [code, data.concepts.map(([concept]) => cell(code, concept).value)]);
      return [cells, csv(data, {{ ...choice, all: true }})];
    }})));"""
    shown = subprocess.run(["node", "--input-type=module", "-e", code], capture_output=True, text=True, check=True)
    names = {value.words: value.name for value in VALUES.values()}
    for choice, told in zip(CHOICES, json.loads(shown.stdout), strict=True):
        answer, table = told
        strict = "strictness" in kg.queries.get(axis).parameters
        try:
            made = kg.compare(
                axis,
                match=choice.get("match", "broad") if strict else "broad",
                in_force=choice.get("day"),
                country=choice.get("countries", []),
                source=choice.get("source", ()),
                tier=choice.get("tier"),
            )
        except ParameterError:  # no document is left through this lens
            assert {value for _, values in answer for value in values} == {"not-assessed"}
            continue
        expected = [
            [row["country"], [names[str(row[concept.code])] for concept in made.concepts]] for row in made.rows()
        ]
        assert answer == expected, choice
        whole = made.table()
        reasonless = Table([column for column in whole.columns if column.name != "left_out"], whole.rows, whole.about)
        assert table == written(reasonless, "csv").decode(), choice


@pytest.mark.server
@pytest.mark.parametrize("axis", ["pillars", "forms"])
def test_the_matrix_without_script_is_that_of_the_script(site: Path, kg: KnowledgeGraph, axis: str) -> None:
    """A row for each country with its latest plan that could be read, and each cell that says something has a link."""
    folder = site / "compare" / axis
    text = (folder / "index.html").read_text(encoding="utf-8")
    columns = re.findall(r'data-concept="([\w.-]+)"', text)
    rows = dict(re.findall(r'(?s)<tr data-row="([A-Z-]+)">(.*?)</tr>', text))
    shown = {code: re.findall(r'<td class="([a-z-]+)(?: rare)?"', row) for code, row in rows.items()}
    assert {len(values) for values in shown.values()} == {len(columns)}
    assert {*columns} >= {each.code for each in kg.compare(axis).spoken()}
    for row in rows.values():
        for value, cell in re.findall(r'<td class="([a-z-]+)(?: rare)?">(.*?)</td>', row):
            href = re.match(r'<a href="([^"]+)"', cell)
            assert bool(href) == (value in {"stated", "partly"})
            assert not href or (folder / href[1] / "index.html").is_file()
    known = [each for each in kg.jurisdictions if f'data-row="{each}"' in text]
    regions = re.findall(r'scope="rowgroup" colspan="2">([^<]+) <small>(\d+)', text)
    assert sum(int(number) for _, number in regions) == len(known) == len(rows)
    assert text.index('data-row="EU"') > max(text.index(f'data-row="{code}"') for code in ("NOR", "AUS", "LVA"))
    if not shutil.which("node"):
        assert os.environ.get("CI") != "true", "Node.js is not installed"
        pytest.skip("no Node.js here")
    code = f"""
    import {{ compared }} from {json.dumps(str(site / "assets" / "compare.mjs"))};
    import {{ readFileSync }} from "node:fs";
    const data = JSON.parse(readFileSync({json.dumps(str(folder / "data.json"))}));
    const choice = {{ plan: "latest", depth: 2, tier: "all" }};
    const [own, also] = [data, {{ ...data, ...data.also }}].map((each) => compared(each, choice));
    const keys = own.shown.filter((key) => own.rows.get(key).length);
    const value = (key, code) => (code.includes(".") ? also : own).cell(key, code.split(".").pop()).value;
    console.log(JSON.stringify(keys.map((key) => [key, {json.dumps(columns)}.map((code) => value(key, code))])));"""
    done = subprocess.run(["node", "--input-type=module", "-e", code], capture_output=True, text=True, check=True)
    assert dict(json.loads(done.stdout)) == shown


def test_the_page_of_a_theme_names_every_country_once_by_what_its_plans_show(site: Path, kg: KnowledgeGraph) -> None:
    compared = kg.compare("pillars")
    for concept in ("awareness-raising", "prevention"):
        text = (site / "theme" / concept / "index.html").read_text(encoding="utf-8")
        values = [compared.value(code, concept).name for code in compared.jurisdictions]
        bar = dict(re.findall(r'<text class="([a-z-]+)" x="[\d.]+%" y="23"[^>]*>(\d+)<', text))
        assert bar == {value: str(values.count(value)) for value in {*values}}
        some = sum(value in {"stated", "partly"} for value in values)
        assert f"Plans of {some} of {len(values)} countries name {concept}" in text.replace("raising;", "raising ;")
        said, *silent = re.split(r"<h2><span", text.partition('id="says"')[2].partition('class="tail"')[0])
        names = {kg.names[code] for code, value in zip(compared.jurisdictions, values, strict=True)}
        told = {name for name in names if f">{name}</a></th>" in said}
        quiet = [name for name in names if f">{name}</a></li>" in "".join(silent)]
        assert told.isdisjoint(quiet)
        assert told | {*quiet} == names
        assert len(text) < 200_000


def above_the_tail(path: Path) -> str:
    """Return what a page shows before what is folded at its end."""
    main = path.read_text(encoding="utf-8").partition("<main")[2].partition("</main>")[0]
    return main.partition('<div class="tail">')[0]


def test_pages_of_documents_and_sources_speak_in_plain_words_above_their_tail(site: Path) -> None:
    pages = [*site.glob("id/*/*/**/index.html"), *site.glob("source/**/index.html")]
    assert len(pages) > 1000
    for path in pages:
        text = re.sub(r"<[^>]+>", " ", above_the_tail(path))
        found = re.findall(
            r"conforms to|examined for|has order|\bURI\b|\bIRI\b|w3id\.org|skos:|nap:|hasResourcePlan", text
        )
        assert (path, found) == (path, [])


def test_the_page_of_an_activity_and_its_line_in_the_plan_name_who_leads_and_the_deadline(
    site: Path, kg: KnowledgeGraph
) -> None:
    seen = 0
    pages: dict[str, str] = {}
    for row in kg.query("action-sheet", tier="all"):
        if (row["aspect"], row["answer"]) not in {("leads", "stated"), ("is due", "stated")}:
            continue
        activity, document = str(row["activity"]), str(row["document"])
        for iri in (activity, document):
            path = page_of(place_of(iri) or "")
            pages[iri] = pages.get(iri) or above_the_tail(site / path)
            if row["aspect"] == "leads":
                told = f'href="{root_of(path)}{place_of(str(row["value"]))}/'
            else:
                told = str(row["value"])[:4]
            assert told in pages[iri], (iri, told)
            seen += 1
        assert f'{place_of(activity)}/"' in pages[document], activity
    assert seen > 300


def test_a_source_shows_all_that_rests_on_it_and_where_it_can_be_opened(site: Path, kg: KnowledgeGraph) -> None:
    rows = [row for row in kg.query("resting") if "/reading/" not in str(row["resource"])]
    assert len(rows) > 2000
    pages: dict[str, str] = {}
    for row in rows:
        passage, resource = str(row["passage"]), place_of(str(row["resource"]))
        if (
            row["kind"] in {f"{BASE}ont#DocumentCopy", f"{BASE}ont#ReferenceWork"}
            or not (site / f"{resource}").is_dir()
        ):
            continue
        path = site / page_of(place_of(passage) or "")
        pages[passage] = pages.get(passage) or above_the_tail(path)
        assert f'/{resource}/"' in pages[passage], (passage, resource)
    addressed = [row for row in kg.query("source-details") if row["address"] and row["language"]]
    assert len(addressed) > 400
    for row in addressed:
        text = (site / page_of(place_of(str(row["source"])) or "")).read_text(encoding="utf-8")
        assert "Open the source" in text, row["source"]
        assert "Archived copy" in text or row["archive"] is None, row["source"]


def test_what_has_no_name_of_its_own_is_told_in_words_where_it_belongs(kg: KnowledgeGraph) -> None:
    told = {code: kg.statements(country=[code]).table().rows for code in ("NOR", "LVA", "EU")}
    for code, rows in told.items():
        said = {str(row[name]) for row in rows for name in ("value", "label")}
        ends = {words for words in said if re.fullmatch(r"(?!from |until |number )[a-z][A-Za-z]*[ -]\d+", words)}
        assert ends == set(), code
    period = [row for row in told["NOR"] if row["element"] == "nor/plan-2006-2009/period-1"]
    assert {("start", "2006"), ("end", "2009")} <= {(row["property"], row["value"]) for row in period}
    acting = [row for row in told["NOR"] if "/hasResponsibility-" in str(row["element"])]
    assert any((row["property"], row["value"]) == ("has responsibility role", "Partner") for row in acting)


@pytest.fixture(scope="module")
def context(kg: KnowledgeGraph) -> PageContext:
    return PageContext(kg, BASE, pictures=False)


@pytest.mark.slow
def test_the_home_page_answers_questions_from_their_queries(context: PageContext, kg: KnowledgeGraph) -> None:
    pages = dict(front.files(context))
    home = pages["index.html"].decode()
    asked = re.findall(r'data-query="([^"]+)"', home)
    assert len(asked) == len(set(asked)) == 6
    assert all(kg.queries.get(name).header["question"] for name in asked)
    money = kg.query("money").rows()
    plans = {row["document"] for row in money} & {
        row["document"] for row in kg.query("in-force", answer=list(ANSWERS), basis=list(BASES))
    }
    assert f"{len(plans)} plans of " in home
    runs = {str(row["country"]) for row in kg.query("in-force", date=date.today().isoformat(), answer=["yes"])}
    listed = re.findall(
        r'<li><a href="./jurisdiction/([a-z-]+)/">', home[home.index("In force today") : home.index('class="legend"')]
    )
    assert {f"{BASE}jurisdiction/{code}" for code in listed} == runs
    assert len(pages["index.html"]) < 125_000

    years = pages["countries/years/index.html"].decode()
    every = {str(row["document"]) for row in kg.query("in-force", tier="all", answer=list(ANSWERS), basis=list(BASES))}
    assert {f"{BASE}{each}" for each in re.findall(r'<a href="../../(id/[^"]+)/"', years)} == every
    countries = pages["countries/index.html"].decode()
    for iri, code in ((f"{BASE}region/154", "nor"), (f"{BASE}region/155", "fra")):
        assert f'id="region-{slug(iri)}"' in countries
        assert f"../jurisdiction/{code}/" in countries


def test_a_country_s_page_begins_with_what_its_plans_say(context: PageContext, kg: KnowledgeGraph) -> None:
    norway, none = (country_page(context, code) for code in ("NOR", "FRA"))
    topics = kg.show("NOR")
    assert topics.lead() in norway
    assert f"{len(topics.editions)} plans" in norway or "plans are recorded, from" in norway
    for each in topics.editions:
        assert escape(each.title) in norway
    for duty in topics.duties():
        assert all(escape(body) in norway for body in duty["bodies"])
    for number, facts in topics.conflicts().items():
        assert topics.editions[number - 1].iri.removeprefix(BASE) in norway
        for value, _, cited in (each for told in facts.values() for each in told):
            assert escape(value) in norway
            assert all(f'href="#source-{source}"' in norway for source in cited)
    assert 'href="../../countries/#region-154"' in norway
    assert "No plan of France is recorded. That is unknown, not none." in none
    assert "../../record/" in none
    assert "What the plan" not in none


def test_the_lead_of_a_country_counts_only_what_each_plan_names(kg: KnowledgeGraph) -> None:
    for code in ("NOR", "DNK", "ISR", "LVA"):
        topics = kg.show(code)
        naming = {
            concept.label.lower(): {each.number for each in said if each.value in SAYING}
            for concept, said in topics.themes
        }
        telling = set[int]().union(*naming.values())
        told = re.search(r" names? (.*?)\.", topics.lead())
        assert told, code
        for label in re.split(r", | and (?=[^,]*$)", told[1]):
            known = [numbers for name, numbers in naming.items() if label.lower() in name]
            assert telling in known, (code, label)


def country_page(context: PageContext, code: str) -> str:
    """Return the page of a jurisdiction."""
    stated, place = context.part(["ontology/schemes/jurisdiction.ttl"]), f"jurisdiction/{code.lower()}"
    [(_, content)] = resources._resource(context, stated, place, [pyoxigraph.NamedNode(BASE + place)])
    return content.decode()


def test_a_view_has_its_picture_and_a_small_one_is_drawn_alike_each_time(kg: KnowledgeGraph) -> None:
    context = PageContext(kg, BASE)
    table = kg.timeline(country=["NOR", "FIN"]).table()
    made = comparison.drawn(context, charts.timeline, table, len(table.rows))
    assert set(made) == {".svg", ".png"}
    assert made[".png"].startswith(b"\x89PNG")
    assert made == comparison.drawn(context, charts.timeline, table, len(table.rows))
    assert comparison.drawn(context, charts.timeline, table, 10**6) == {}


@pytest.mark.more
def test_every_view_has_a_page_with_its_table(site: Path, kg: KnowledgeGraph) -> None:
    for place in ("timeline", "gaps", "completeness", "bodies", "similarity/pillars", "map/prevention"):
        name = place.rpartition("/")[2]
        text = (site / place / "index.html").read_text(encoding="utf-8")
        assert "How to cite" in text
        rows = len((site / place / f"{name}.csv").read_text(encoding="utf-8").strip().splitlines())
        assert rows > 1, place
    assert f"{len(kg.timeline().rows())} rows" in (site / "timeline" / "index.html").read_text(encoding="utf-8")
