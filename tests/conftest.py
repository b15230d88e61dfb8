"""What the tests share: the project's folder, its graph, and the source document where there is a copy of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from filelock import FileLock

from napgraph import KnowledgeGraph
from napgraph.cli import main
from napgraph.graph.files import read_turtle
from napgraph.query.engine import embedded
from napgraph.records.record import Record
from napgraph.site.build import publish_site

from . import servers

ROOT = Path(__file__).resolve().parent.parent
Run = Callable[..., "subprocess.CompletedProcess[str]"]
ALL = os.environ.get("NAPGRAPH_TESTS") == "all"


def examples(number: int) -> int:
    """How many examples a test tries: ``number`` in ``make test-all``, at most thirty else.

    Such a test runs in both; one that is not Hypothesis's own has the mark ``more``, so that both find it.
    """
    return number if ALL else min(number, 30)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that needs the whole site made is a slow one, whatever it does with it."""
    for item in items:
        if "site" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.slow)


os.environ.setdefault("NAPGRAPH_DAMAGED", str(examples(2400)))


def turtle_record(path: str | Path, text: str | None = None) -> Record:
    """Return the record of a Turtle file, or of ``text`` under its name; places in it are not known."""
    content = Path(path).read_bytes() if text is None else text.encode()
    return Record(str(path), "turtle", list(read_turtle(content, str(path))))


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cache for the whole run, empty at its start, so no test leans on what a user's machine has kept."""
    folder = tmp_path_factory.mktemp("cache")
    os.environ["NAPGRAPH_CACHE"] = str(folder)
    return folder


@pytest.fixture(scope="session")
def kg(cache: Path) -> KnowledgeGraph:  # noqa: ARG001
    return KnowledgeGraph.load(ROOT)


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root with the project's folders and the invented countries in them."""
    return write_world(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The four folders with one jurisdiction, so that a start costs little."""
    made = tmp_path_factory.mktemp("small")
    for name in ("ontology", "shapes", "queries"):
        (made / name).symlink_to(ROOT / name)
    (made / "data/jurisdictions").mkdir(parents=True)
    shutil.copy(ROOT / "data/jurisdictions/nor.ttl", made / "data/jurisdictions")
    shutil.copytree(ROOT / "data/sources", made / "data/sources")
    shutil.copy(ROOT / "data/international.ttl", made / "data")
    return made


def write_world(folder: Path) -> Path:
    """Put the project's folders into ``folder``, and the invented countries; return it."""
    for part in ("ontology", "shapes", "queries", "data"):
        shutil.copytree(ROOT / part, folder / part)
    shutil.copytree(ROOT / "tests" / "world", folder, dirs_exist_ok=True)
    return folder


def root_with(folder: Path, *jurisdictions: str) -> Path:
    """Put the project's folders into ``folder``, of the records those of ``jurisdictions`` with what they cite."""
    for part in ("ontology", "shapes", "queries", "data"):
        shutil.copytree(ROOT / part, folder / part)
    cited = (folder / "data" / "international.ttl").read_text(encoding="utf-8")
    for record in (folder / "data" / "jurisdictions").iterdir():
        if record.stem in jurisdictions:
            cited += record.read_text(encoding="utf-8")
        else:
            record.unlink()
    for source in (folder / "data" / "sources").iterdir():
        if source.stem not in cited:
            source.unlink()
    return folder


@pytest.fixture(scope="session")
def site(kg: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the project's site, below that of a host: made by the first worker that needs it, for all."""
    top = tmp_path_factory.getbasetemp()
    top = top.parent if "PYTEST_XDIST_WORKER" in os.environ else top
    folder = top / "host" / "plans"
    with FileLock(top / "site.lock"):
        publish_site(kg, str(folder), processes=2, pictures=ALL)
    return folder


@pytest.fixture(scope="session")
def server(kg: KnowledgeGraph) -> Iterator[str]:
    """The address of a real SPARQL server, Oxigraph's own, that holds the graph."""
    graph = embedded(kg)
    with servers.oxigraph() as base:
        servers.put(f"{base}/store?default", b"".join((*graph.asserted(), *graph.entailed())))
        yield base


@pytest.fixture(scope="session")
def source() -> str:
    """The text of the source document: ``NAPGRAPH_SOURCE``, or the copy in a folder beside the project."""
    path = Path(os.environ.get("NAPGRAPH_SOURCE") or ROOT.parent / "shared" / "source" / "tool-2.7.txt")
    if not path.is_file():
        pytest.skip("no copy of the source document (set NAPGRAPH_SOURCE)")
    return path.read_bytes().decode("utf-8")


@pytest.fixture(scope="session")
def napgraph() -> Run:
    """Run the command line in this process; what only a process shows is tested with one."""

    def run(*arguments: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        with CliRunner().isolation(env={"COLUMNS": "100"} | (env or {})) as (out, err, _):
            with pytest.raises(SystemExit) as left:
                main(arguments)
            sys.stdout.flush()
            sys.stderr.flush()
            said = [each.getvalue().decode("utf-8") for each in (out, err)]
        return subprocess.CompletedProcess(arguments, int(left.value.code or 0), *said)

    return run
