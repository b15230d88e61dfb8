"""The project as others meet it: what describes, builds and publishes it, and the names that they build on."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import click
import pyoxigraph
import pytest
import yaml

import napgraph
from napgraph import KnowledgeGraph, sandbox
from napgraph.cli import _cli
from napgraph.errors import IntakeError
from napgraph.graph.files import fingerprint, read_file, source_files
from napgraph.query.catalogue import Catalogue
from napgraph.rdf.namespaces import BASE
from napgraph.site.addresses import files_of, place_of

from .conftest import ROOT, Run

HOST = ROOT / ".github"
CHANGES = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def loaded(path: str) -> Any:
    """Return what a file of JSON or YAML holds."""
    text = (ROOT / path).read_text(encoding="utf-8")
    return json.loads(text) if path.endswith("json") else yaml.load(text, yaml.BaseLoader)  # noqa: S506 texts alone


# What describes the project


def test_what_describes_the_project_agrees() -> None:
    cited, coded, kept = loaded("CITATION.cff"), loaded("codemeta.json"), loaded(".zenodo.json")
    (author,) = PROJECT["authors"]
    assert cited["authors"] == kept["creators"] == [author]
    assert [each["name"] for each in coded["author"]] == [author["name"]]
    assert cited["title"] == coded["name"] == kept["title"]
    assert cited["title"].partition(":")[0] == coded["identifier"] == PROJECT["name"]
    assert PROJECT["description"] == coded["description"] == kept["description"]
    assert cited["version"] == coded["version"] == kept["version"] == napgraph.__version__
    assert cited["date-released"] == coded["datePublished"]
    assert cited["url"] == coded["url"] == PROJECT["urls"]["Homepage"] == BASE
    assert cited["keywords"] == coded["keywords"] == kept["keywords"] == PROJECT["keywords"]
    assert coded["runtimePlatform"] == f"Python {PROJECT['requires-python']}"
    licences = cited["license"]
    assert PROJECT["license"] == " AND ".join(licences)
    assert coded["license"] == [f"https://spdx.org/licenses/{each}" for each in licences]
    assert kept["license"] == licences[0]
    assert all(each in kept["notes"] for each in licences)
    assert author["name"] in (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert cited["title"] in " ".join((ROOT / "LICENSE-data").read_text(encoding="utf-8").split())


def test_the_first_change_listed_is_of_this_version() -> None:
    version, day = re.findall(r"^## (\S+) · (\S+)$", CHANGES, re.MULTILINE)[0]
    assert version == napgraph.__version__
    assert day in {"unreleased", loaded("CITATION.cff")["date-released"]}


def test_classifiers_are_known_and_name_the_versions_that_are_tested() -> None:
    from trove_classifiers import classifiers

    assert set(PROJECT["classifiers"]) <= classifiers
    told = [each.rpartition(" ")[2] for each in PROJECT["classifiers"] if re.search(r"Python :: 3\.", each)]
    assert told == loaded(".github/workflows/tests.yml")["jobs"]["linux"]["strategy"]["matrix"]["python"]
    assert PROJECT["requires-python"] == f">={told[0]}"


def test_all_is_every_extra() -> None:
    extras = dict(PROJECT["optional-dependencies"])
    (every,) = extras.pop("all")
    assert every == f"napgraph[{','.join(sorted(extras))}]"


# What builds and publishes it


@pytest.mark.slow
@pytest.mark.parametrize(
    ("schema", "pattern"),
    [
        ("github-workflows", ".github/workflows/*.yml"),
        ("github-issue-forms", ".github/ISSUE_TEMPLATE/[!c]*.yml"),
        ("github-issue-config", ".github/ISSUE_TEMPLATE/config.yml"),
        ("dependabot", ".github/dependabot.yml"),
        ("citation-file-format", "CITATION.cff"),
    ],
)
def test_files_for_hosts_are_well_formed(schema: str, pattern: str) -> None:
    paths = [str(path) for path in sorted(ROOT.glob(pattern))]
    assert paths
    arguments = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", *paths]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_workflows_do_no_more_than_they_must() -> None:
    """Pinned by digest, without credentials left behind, with the rights of each job alone."""
    program = Path(sysconfig.get_path("scripts")) / "zizmor"
    arguments = [str(program), "--offline", "--persona=pedantic", str(HOST)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_workflows_and_hooks_call_is_there() -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    (local,) = loaded(".pre-commit-config.yaml")["repos"]
    called = [hook["entry"] for hook in local["hooks"]]
    for path in HOST.glob("workflows/*.yml"):
        jobs = loaded(str(path.relative_to(ROOT)))["jobs"].values()
        called += [step["run"] for job in jobs for step in job["steps"] if "run" in step]
    made = {command.removeprefix("make ") for command in called if command.startswith("make ")}
    assert {"compare", "test", "lint", "docs", "dist"} <= made <= set(targets)
    ran = [command.split()[1:] for command in called if command.startswith("napgraph ")]
    assert {words[0] for words in ran} <= set(_cli.list_commands(click.Context(_cli)))
    assert len(ran) >= 4
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_the_container_copies_what_there_is_and_serves_as_nobody() -> None:
    text = (ROOT / "Containerfile").read_text(encoding="utf-8")
    copied = [name for line in re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE) for name in line.split()]
    assert {"pyproject.toml", "src", "data", "ontology", "shapes", "queries"} <= set(copied)
    assert all((ROOT / name).exists() for name in copied)
    last = text.rpartition("\nFROM ")[2]
    assert re.search(r"^USER [1-9]\d+$", last, re.MULTILINE)
    assert "HEALTHCHECK" in last
    (command,) = re.findall(r"^CMD (\[.+\])$", last, re.MULTILINE)
    _, name, *arguments = json.loads(command)
    _cli.get_command(click.Context(_cli), name).make_context(name, arguments)  # type: ignore[union-attr]
    pinned = re.findall(r"^[a-z0-9._-]+==[^\\]+", (ROOT / "requirements.lock").read_text("utf-8"), re.MULTILINE)
    assert "grep -oE '^[a-z0-9._-]+==[^\\\\]+' requirements.lock" in text
    assert len(pinned) > 50


class Rule(NamedTuple):
    """A rule of Apache: what a variable must look like, and what becomes of a path."""

    variable: str
    wanted: str
    pattern: str
    to: str
    flags: str


def test_the_entry_at_w3id_leads_every_name_to_its_page_and_its_files() -> None:
    """By Apache's rules in order, which Python's expressions read alike: an ending is set, then a redirection taken."""
    text = (ROOT / "w3id" / ".htaccess").read_text(encoding="utf-8")
    pattern = r"(?:^RewriteCond %\{(\S+)\} (\S+)\n)?^RewriteRule (\S+) (\S+) \[(\S+)\]$"
    rules = [Rule(*found) for found in re.findall(pattern, text, re.MULTILINE)]
    assert len(rules) == text.count("RewriteRule ")

    def led(path: str, accept: str) -> str:
        known = {"HTTP_ACCEPT": accept}
        for rule in rules:
            if not (found := re.search(rule.pattern, path)) or not re.search(rule.wanted, known.get(rule.variable, "")):
                continue
            if rule.to != "-":
                assert rule.flags == "R=303,L"
                filled = rule.to.replace("$1", found[1] if found.groups() else "")
                return re.sub(r"%\{(\S+?)\}", lambda name: known[name[1]], filled)
            key, _, value = rule.flags.removeprefix("E=").partition(":")
            known[f"ENV:{key}"] = value
        raise AssertionError(path)

    site = led("", "text/html")
    assert text.count(site.rstrip("/")) == 1
    names = {
        term.value.partition("#")[0].removeprefix(BASE)
        for file in source_files(str(ROOT))
        for triple in read_file(str(ROOT), file.path)
        for term in (triple.subject, triple.predicate, triple.object)
        if isinstance(term, pyoxigraph.NamedNode) and term.value.startswith(BASE)
    } - {""}
    names.add("shapes")  # they are no part of the graph, and have a page
    assert {"ont", "tool", "theme/prevention", "jurisdiction/nor"} < names
    assert len(names) > 4000
    files = {"text/turtle": ".ttl", "application/ld+json": ".jsonld", "application/n-triples": ".nt"}
    for name in names:
        place = place_of(BASE + name) or ""
        assert led(name, "text/html,*/*;q=0.8") == led(f"{name}/", "*/*") == f"{site}{place}/"
        for accept, ending in {**files, "application/rdf+xml, text/turtle;q=0.9": ".ttl"}.items():
            assert led(name, accept) == f"{site}{files_of(place)}{ending}"
    for path in ("dumps/napgraph.nq.gz", "id/nor/plan-2006-2009.ttl", "compare/pillars/", "index-fr.html"):
        assert led(path, "text/turtle") == site + path


# What is built


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a source archive and of the wheel that is built from it, as ``make dist`` does."""
    folder = tmp_path_factory.mktemp("built")
    ours = (".venv", ".git", ".*_cache", ".cache*", ".hypothesis", "__pycache__", "node_modules", "vendor", "dist")
    shutil.copytree(ROOT, folder / "project", ignore=shutil.ignore_patterns(*ours))
    arguments = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(folder / "project")]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.mark.slow
def test_the_source_archive_holds_every_file_of_the_project(built: Path) -> None:
    (path,) = built.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    project = built / "project"
    there = {path.relative_to(project).as_posix() for path in project.rglob("*") if path.is_file()}
    assert there <= names
    assert names - there == {"PKG-INFO"}


@pytest.mark.slow
def test_the_wheel_carries_everything_and_works_from_any_folder(built: Path, tmp_path: Path) -> None:
    (wheel,) = built.glob("*.whl")
    assert wheel.stat().st_size < 5_000_000
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")  # noqa: S202 our own
        (commands,) = (name for name in archive.namelist() if name.endswith("entry_points.txt"))
        assert "napgraph = napgraph.__main__:start" in archive.read(commands).decode()
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path / 'site')!r})\n"
        "import napgraph\nassert 'site' in napgraph.__file__\n"
        "print(napgraph.KnowledgeGraph.load().compare('pillars').cell('AUS', 'prevention').value.words)\n"
        "print(napgraph.check()[0].conforms)\n"
        "print(napgraph.KnowledgeGraph.load().version)\n"
    )
    shown = subprocess.run(
        [sys.executable, "-I", "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert shown.stdout.split() == ["stated", "True", fingerprint(str(ROOT))], shown.stderr


def test_importing_napgraph_imports_nothing_else() -> None:
    """So that a start costs only what is used; a time is not asked for, since it is the machine's."""
    code = "import sys; before = set(sys.modules); import napgraph; print(*sorted(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) <= {"napgraph", "__future__"}


@pytest.mark.slow
def test_every_module_is_imported_without_a_warning() -> None:
    """But for what only a browser has, and the notebooks, which load the graph."""
    code = (
        "import importlib, pkgutil, napgraph\n"
        "names = [each.name for each in pkgutil.walk_packages(napgraph.__path__, 'napgraph.')]\n"
        "names = [name for name in names if not name.startswith(('napgraph.site.browser', 'napgraph.notebooks'))]\n"
        "print(len([importlib.import_module(name) for name in names if name != 'napgraph.__main__']))\n"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 100


# What others build on


def public() -> dict[str, set[str]]:
    """Return the names that others build on: of Python, of the commands with their options, of columns of answers."""
    found = {"import": set(napgraph.__all__), "KnowledgeGraph": set(dir(KnowledgeGraph))}
    context = click.Context(_cli)

    def add(name: str, command: click.Command) -> None:
        found[name] = {word for each in command.params for word in each.opts if word.startswith("--")}
        if isinstance(command, click.Group):
            for each in command.list_commands(context):
                add(f"{name} {each}", command.get_command(context, each))  # type: ignore[arg-type]

    add("napgraph", _cli)
    return found | {f"query {each.name}": set(each.columns) for each in Catalogue(str(ROOT)) if each.folder != "lookup"}


def test_a_public_name_that_goes_is_listed_among_the_changes() -> None:
    """``public.txt`` holds every public name there was: a new one is added to it by hand, and none is taken out."""
    lines = (ROOT / "tests" / "public.txt").read_text(encoding="utf-8").splitlines()
    listed = {name: set(words.split()) for name, _, words in (line.partition(":") for line in lines)}
    now = public()
    told = "\n".join(re.findall(r"`[^`]+`", CHANGES))
    for name, words in listed.items():
        if name not in now:
            assert name.rpartition(" ")[2] in told, f"{name} is gone: CHANGELOG.md says what takes its place"
            continue
        for word in words - now[name]:
            found = re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", told)
            assert found, f"{name}: {word} is gone: CHANGELOG.md says what takes its place"
    ours = {name: words for name, words in now.items() if words and name != "KnowledgeGraph"}
    new = {name: words - listed.get(name, set()) for name, words in ours.items()}
    assert {name: words for name, words in new.items() if words} == {}, "new: add these to tests/public.txt"


# Other systems


def without(monkeypatch: pytest.MonkeyPatch, platform: str, *gone: str) -> None:
    """Give the sandbox a system that is called otherwise, has no ``/proc``, and lacks these names of ``os``."""

    def no_proc(path: str, *arguments: Any, **named: Any) -> Any:
        if str(path).startswith("/proc"):
            raise FileNotFoundError(path)
        return io.open(path, *arguments, **named)  # noqa: UP020 the name is replaced

    system = {name: getattr(os, name) for name in dir(os) if name not in gone}
    monkeypatch.setattr(sandbox, "os", SimpleNamespace(**system))
    monkeypatch.setattr(sandbox, "sys", SimpleNamespace(platform=platform, modules=sys.modules))
    monkeypatch.setattr(sandbox, "open", no_proc, raising=False)


def as_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """As far as this system can show it: processes are spawned, and there are few signals."""
    without(monkeypatch, "win32", "fork", "setsid", "killpg", "wait4", "waitid", "sysconf", "memfd_create", "P_PID")
    there = "SIGABRT SIGFPE SIGILL SIGINT SIGSEGV SIGTERM SIG_DFL SIG_IGN signal getsignal raise_signal set_wakeup_fd"
    signals = {name: getattr(signal, name) for name in there.split()}
    monkeypatch.setattr(sandbox, "signal", SimpleNamespace(**signals))
    monkeypatch.setattr(sandbox, "_SPENT", None)


def loop() -> None:
    while True:
        pass


def test_time_is_limited_and_the_missing_limit_of_memory_told_where_there_is_no_linux(
    monkeypatch: pytest.MonkeyPatch, napgraph: Run, tmp_path: Path
) -> None:
    """As on macOS, where a worker is forked and its computing time counted, and nobody tells what it takes."""
    without(monkeypatch, "darwin", "memfd_create", "waitid")
    for function, key in ((loop, "seconds"), (os.abort, "failed")):
        with pytest.raises(IntakeError) as caught:
            sandbox.run(function, seconds=0.3, memory=10**12)
        assert caught.value.key == key
    shown = napgraph("convert", str(ROOT / "tests/world/data/jurisdictions/xaa.ttl"), str(tmp_path / "plan.nt"))
    words = "napgraph: This system sets no limit to the memory that reading a file takes. Limits of time and size hold."
    assert shown.stderr.splitlines()[0] == words


@pytest.mark.slow
def test_files_are_read_and_failures_told_where_there_is_neither_fork_nor_signal(
    monkeypatch: pytest.MonkeyPatch, napgraph: Run, tmp_path: Path
) -> None:
    as_on_windows(monkeypatch)
    assert sandbox.run(abs, -3, seconds=60, memory=10**9) == 3
    with pytest.raises(IntakeError) as caught:
        sandbox.run(os.abort, seconds=60, memory=10**9)
    assert caught.value.key == "failed"
    words = "This system sets no limit to the memory that reading a file takes, and time is counted by the clock"
    record, book = str(ROOT / "tests/world/data/jurisdictions/xaa.ttl"), str(tmp_path / "plan.xlsx")
    for arguments in (("convert", record, book), ("check", book), ("query", "in-force", "--data", book)):
        done = napgraph(*arguments)
        assert done.returncode == 0, done.stderr
        assert words in done.stderr, arguments


def test_the_server_is_refused_with_a_sentence_where_processes_cannot_be_forked(
    monkeypatch: pytest.MonkeyPatch, napgraph: Run
) -> None:
    monkeypatch.delattr(os, "fork")
    done = napgraph("serve", "--port", "0")
    assert done.returncode == 2
    assert "The server answers in processes that it forks, and this system cannot do that." in done.stderr
