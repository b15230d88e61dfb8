"""The graph on disk answers as the one in memory does, and a store that is not whole is refused."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path

import pytest

from napgraph import KnowledgeGraph
from napgraph.errors import ParameterError, SourceFileError, StoreError
from napgraph.graph.build import build_store
from napgraph.graph.files import fingerprint, source_files
from napgraph.graph.store import StoredGraph, open_store, read_manifest
from napgraph.query import engine
from napgraph.query.catalogue import Catalogue, SavedQuery
from napgraph.query.engine import embedded

from .conftest import ROOT, Run

QUERIES = list(Catalogue(str(ROOT)))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stores") / "bundled"
    told: list[tuple[int, int, int]] = []
    build_store(str(ROOT), str(folder), lambda *each: told.append(each))
    assert [done for done, _, _ in told] == sorted(done for done, _, _ in told)
    assert told[-1][2] > told[0][2] >= 0
    assert [each.name for each in folder.parent.iterdir()] == ["bundled"]  # nothing is left beside it
    return folder


@pytest.fixture(scope="module")
def stored(store: Path) -> KnowledgeGraph:
    return KnowledgeGraph.load(ROOT, store=store)


@pytest.fixture(scope="module")
def moved() -> KnowledgeGraph:
    """The same graph, asked in memory."""
    made = KnowledgeGraph.load(ROOT)
    graph = embedded(made)
    assert isinstance(graph, StoredGraph)
    graph.take_into_memory()
    return made


@pytest.mark.slow
@pytest.mark.parametrize("query", QUERIES, ids=[query.name for query in QUERIES])
def test_every_query_answers_as_in_memory(query: SavedQuery, stored: KnowledgeGraph, moved: KnowledgeGraph) -> None:
    given = {"resource": ["https://w3id.org/napgraph/id/nor/plan-2006-2009"]} if query.name == "statements" else {}
    answers = [each.query(query.name, **given) for each in (stored, moved)]
    assert answers[0].columns == answers[1].columns
    rows = [[tuple(map(str, row.values())) for row in answer] for answer in answers]
    if "_:" in answers[0].to_tsv() or "SAMPLE(" in query.text:  # nameless nodes and samples differ between engines
        assert len(rows[0]) == len(rows[1])
    else:
        assert sorted(rows[0]) == sorted(rows[1])


def test_a_graph_that_is_asked_much_is_taken_into_memory(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once its questions took as long as copying it takes; a store that was named stays on disk."""
    monkeypatch.setattr(engine, "_COPYING", 1e-12)
    asked, named = KnowledgeGraph.load(ROOT), KnowledgeGraph.load(ROOT, store=store)
    before, kept = embedded(asked).store, embedded(named).store
    assert asked.query("pillars").rows() == named.query("pillars").rows()
    assert embedded(asked).store is not before
    assert asked.query("pillars").rows() == named.query("pillars").rows()
    assert embedded(named).store is kept


def test_the_manifest_counts_what_is_there(store: Path, stored: KnowledgeGraph, kg: KnowledgeGraph) -> None:
    manifest, graph = read_manifest(str(store)), embedded(stored)
    assert stored.version == kg.version == manifest.version
    assert manifest.triples == len(graph.store) == len(embedded(kg).store)
    graphs = {each.value for each in graph.asserted_store.named_graphs()}
    assert graphs == {name for name, number in manifest.graphs.items() if number}
    assert set(manifest.graphs) == {name for _, name in source_files(str(ROOT))}
    assert sum(manifest.graphs.values()) == len(graph.asserted_store)


@pytest.mark.slow
def test_the_graph_for_rdflib_is_that_of_the_files(stored: KnowledgeGraph, kg: KnowledgeGraph) -> None:
    one, other = stored.graph(entailed=True), kg.graph(entailed=True)
    assert {str(each.identifier): len(each) for each in one.graphs()} == {
        str(each.identifier): len(each) for each in other.graphs()
    }


def test_many_open_one_store_and_nobody_changes_it(store: Path, stored: KnowledgeGraph, napgraph: Run) -> None:
    before = {path.name: path.read_bytes() for path in store.rglob("*.sst")}
    assert stored.compare("pillars").documents > 0
    done = napgraph("query", "in-force", "--store", str(store), "--format", "csv")
    assert done.returncode == 0, done.stderr
    assert done.stdout == napgraph("query", "in-force", "--format", "csv").stdout
    assert {path.name: path.read_bytes() for path in store.rglob("*.sst")} == before


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


@pytest.mark.parametrize("harm", [_cut, _flip, Path.unlink], ids=["cut", "flipped", "gone"])
@pytest.mark.parametrize(
    "pattern", ["*/graph/CURRENT", "*/graph/MANIFEST-*", "*/graph/*.sst", "*/stated/*.sst", "manifest.json"]
)
def test_a_damaged_store_is_refused(store: Path, tmp_path: Path, harm: Callable[[Path], None], pattern: str) -> None:
    shutil.copytree(store, tmp_path / "store")
    harm(max((tmp_path / "store").glob(pattern), key=lambda path: path.stat().st_size))
    with pytest.raises(StoreError, match="napgraph build --store"):
        KnowledgeGraph.load(ROOT, store=tmp_path / "store")


def test_what_is_no_store_of_this_napgraph_is_refused(store: Path, tmp_path: Path, napgraph: Run) -> None:
    (tmp_path / "empty").mkdir()
    for folder in ("missing", "empty"):
        with pytest.raises(StoreError, match="no store"):
            KnowledgeGraph.load(ROOT, store=tmp_path / folder)
    other = tmp_path / "root"
    for part in ("ontology", "shapes", "queries", "data"):
        shutil.copytree(ROOT / part, other / part)
    (other / "queries" / "build" / "zz.rq").write_text("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 1", "utf-8")
    with pytest.raises(StoreError, match="another version"):
        KnowledgeGraph.load(other, store=store)
    with pytest.raises(ParameterError, match="of its own"):
        KnowledgeGraph.load(ROOT, store=store, endpoint="https://example.org/sparql")
    done = napgraph("compare", "pillars", "--store", str(tmp_path / "missing"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr


def test_a_store_is_made_whole_or_not_at_all(store: Path, tmp_path: Path, napgraph: Run) -> None:
    root = tmp_path / "root"
    for part in ("ontology", "shapes", "queries", "data"):
        shutil.copytree(ROOT / part, root / part)
    target = tmp_path / "store"
    shutil.copytree(store, target)
    (root / "data" / "jurisdictions" / "xaa.ttl").write_text("<urn:x> <urn:y> ;;; oops", "utf-8")
    with pytest.raises(SourceFileError, match=r"xaa\.ttl:1"):
        build_store(str(root), str(target))
    assert KnowledgeGraph.load(ROOT, store=target).version  # the old one stands
    assert sorted(path.name for path in tmp_path.iterdir()) == ["root", "store"]
    (root / "data" / "jurisdictions" / "xaa.ttl").unlink()
    done = napgraph("--root", str(root), "build", "--store", str(target))
    assert done.returncode == 0, done.stderr
    assert "statements" in done.stdout
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "thesis.txt").write_text("years of work", "utf-8")
    done = napgraph("build", "--store", str(tmp_path / "precious"))
    assert done.returncode == 2
    assert "left alone" in done.stderr
    assert (tmp_path / "precious" / "thesis.txt").read_text("utf-8") == "years of work"


KILLED = """
import os, sys
from napgraph.graph.build import build_store
left = int(sys.argv[3])
def counted(function):
    def call(*arguments, **named):
        global left
        left -= 1
        if left < 0:
            os._exit(9)
        return function(*arguments, **named)
    return call
for name in ("mkdir", "replace", "rename", "rmdir"):
    setattr(os, name, counted(getattr(os, name)))
build_store(sys.argv[1], sys.argv[2])
"""


def few(folder: Path) -> Path:
    """Return the four folders with the data of one country, which are built in a moment."""
    for part in ("ontology", "shapes", "queries"):
        shutil.copytree(ROOT / part, folder / part)
    shutil.copytree(ROOT / "data" / "sources", folder / "data" / "sources")
    (folder / "data" / "jurisdictions").mkdir()
    shutil.copy(ROOT / "data" / "jurisdictions" / "nld.ttl", folder / "data" / "jurisdictions")
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("again", [True, False], ids=["replaced", "new"])
def test_a_build_that_is_killed_at_any_step_leaves_a_whole_store_or_none(tmp_path: Path, *, again: bool) -> None:
    """The one before or the new one, and the next build removes whatever those that were killed have left."""
    root, target = few(tmp_path / "root"), tmp_path / "store"
    before = build_store(str(root), str(target)).version if again else ""
    with (root / "data" / "jurisdictions" / "nld.ttl").open("a", encoding="utf-8") as file:
        file.write("\n# changed\n")
    after, found = fingerprint(str(root)), []
    for steps in range(30):
        command = [sys.executable, "-c", KILLED, str(root), str(target), str(steps)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode in {0, 9}, done.stderr
        try:
            stored = open_store(str(target), str(root))
        except StoreError as error:
            assert "no store" in str(error)
            found.append("")
        else:
            assert len(stored.store) == stored.manifest.triples
            found.append(stored.version)
            if done.returncode == 0:
                break
            del stored  # what somebody holds is not removed
    assert done.returncode == 0
    assert found == sorted(found, key=[before, after].index)
    assert set(found) == {before, after}
    assert sorted(path.name for path in target.iterdir()) == [stored.manifest.build, "manifest.json"]


def test_a_build_at_work_is_not_swept_away_and_one_that_fails_leaves_nothing(tmp_path: Path) -> None:
    root, target = few(tmp_path / "root"), tmp_path / "store"

    def another(*_: int) -> None:
        if not (target / "manifest.json").exists():
            build_store(str(root), str(target))

    first = build_store(str(root), str(target), another)
    assert open_store(str(target), str(root)).manifest.build == first.build
    assert [path.name for path in target.glob("build-*")] == [first.build]
    (root / "data" / "jurisdictions" / "xaa.ttl").write_text("<urn:x> <urn:y> ;;; oops", "utf-8")
    for place in (target, tmp_path / "other"):
        with pytest.raises(SourceFileError):
            build_store(str(root), str(place))
    assert [path.name for path in target.glob("build-*")] == [first.build]
    assert not (tmp_path / "other").exists()


def test_a_store_of_the_format_before_is_named_as_such_and_replaced(tmp_path: Path) -> None:
    root, target = few(tmp_path / "root"), tmp_path / "store"
    manifest = build_store(str(root), str(target))
    for part in ("graph", "stated"):
        (target / manifest.build / part).rename(target / part)
    shutil.rmtree(target / manifest.build)
    text = json.dumps({"format": 1, "made_by": manifest.made_by}).encode()
    (target / "manifest.json").write_bytes(text + b"\n" + blake2b(text, digest_size=20).hexdigest().encode() + b"\n")
    with pytest.raises(StoreError, match="another version of napgraph"):
        open_store(str(target), str(root))
    build_store(str(root), str(target))
    assert open_store(str(target), str(root)).version == manifest.version
    assert len(list(target.iterdir())) == 2
