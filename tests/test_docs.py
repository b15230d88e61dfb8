"""The documents tell the truth: their commands run, their output is what comes out, their links lead somewhere."""

from __future__ import annotations

import csv
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from napgraph import KnowledgeGraph
from napgraph.compare.matrix import axes

from .conftest import ROOT, Run
from .readmes import PAGES

README = (ROOT / "README.md").read_text(encoding="utf-8")
TEXT = "\n".join(
    path.read_text(encoding="utf-8") for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
)
LINES = [line for block in re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL) for line in block.splitlines()]
COMMANDS = list(dict.fromkeys(line for line in LINES if line.startswith("napgraph ")))
SERVER = "http://localhost:7878"
SLOW = ("napgraph site", "napgraph chart", "napgraph accept")


def test_the_numbers_of_the_readme_are_those_of_the_data(kg: KnowledgeGraph) -> None:
    rows = list(kg.query("document-readings"))
    sources, documents, places = (len({row[name] for row in rows}) for name in ("source", "document", "country"))
    told = f"what {sources} sources say of {documents} documents of {places} jurisdictions"
    assert told in " ".join(README.split())
    assert told.partition(" say of ")[2] in " ".join((ROOT / "data" / "README.md").read_text("utf-8").split())
    toolkit = {row["document"] for row in rows if str(row["source"]).endswith("/unodc-toolkit-2008")}
    assert f"The {len(toolkit)} documents of which the UNODC" in README
    (listed,) = re.findall(r"The axes are (.*?)\.", README, re.DOTALL)
    assert sorted(re.findall(r"`(\w+)`", listed)) == sorted(axes(kg))


def test_there_are_commands() -> None:
    assert len(COMMANDS) >= 8


def marks(command: str) -> list[pytest.MarkDecorator]:
    """Return the marks of a command that needs a server, or draws, or makes much."""
    return [pytest.mark.server] * (SERVER in command) + [pytest.mark.slow] * command.startswith(SLOW)


@pytest.mark.slow
@pytest.mark.parametrize("command", [pytest.param(each, marks=marks(each)) for each in COMMANDS])
def test_commands_run(command: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Each in a folder with the project's data and tests, and a plan and a server of the reader's own."""
    if SERVER in command:
        command = command.replace(SERVER, request.getfixturevalue("server"))
    for folder in ("data", "tests"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    (tmp_path / "my-plan.ttl").symlink_to(ROOT / "tests/world/data/jurisdictions/xaa.ttl")
    before = set(tmp_path.iterdir())
    arguments = [sys.executable, "-m", "napgraph", *shlex.split(command)[1:]]
    shown = subprocess.run(arguments, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert shown.returncode == 0, shown.stderr
    made = set(tmp_path.iterdir()) - before
    assert shown.stdout or made
    assert all(path.stat().st_size for path in made)


@pytest.mark.slow
def test_shown_output_is_what_comes_out(napgraph: Run) -> None:
    blocks = re.findall(r"```console\n\$ napgraph (.*?)\n(.*?)```", TEXT, re.DOTALL)
    assert blocks
    for arguments, output in blocks:
        printed = napgraph(*shlex.split(arguments)).stdout
        if output.endswith("…\n"):  # what follows is left out
            beginning = output.removesuffix("…\n")
            assert printed.startswith(beginning), arguments
            assert printed.strip() != beginning.strip(), arguments
        else:
            assert printed.strip() == output.strip(), arguments


@pytest.mark.slow
def test_python_runs() -> None:
    blocks = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    assert blocks
    for block in blocks:
        done = subprocess.run([sys.executable, "-c", block], capture_output=True, text=True, check=False, cwd=ROOT)
        assert done.returncode == 0, done.stderr
        assert done.stdout
        assert block not in README or f"which prints `{done.stdout.strip()}`" in README


def test_the_readme_is_short_and_its_pictures_are_small() -> None:
    assert len(README.splitlines()) <= 150
    pictures = re.findall(r"!\[[^]]+\]\(([^)]+)\)", README)
    assert len(pictures) == 2
    assert all((ROOT / path).stat().st_size < 300_000 for path in pictures)


@pytest.mark.slow
def test_the_documentation_is_made_without_a_warning(tmp_path: Path) -> None:
    """Every page is in the navigation, and every link, anchors too, leads somewhere."""
    made = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert made.returncode == 0, made.stderr
    assert "not included in the" not in made.stderr
    for path in [
        *(ROOT / "docs").glob("*.md"),
        *(ROOT / f"{name}.md" for name in ("ontology/README", "shapes/README")),
    ]:
        page = tmp_path / path.relative_to(ROOT / "docs" if path.parent.name == "docs" else ROOT).with_suffix(".html")
        assert (page if page.exists() else page.with_name("index.html")).stat().st_size > 2000


@pytest.mark.slow
@pytest.mark.parametrize("path", PAGES)
def test_readmes_of_folders_are_current(path: str) -> None:
    assert (ROOT / path).read_text(encoding="utf-8") == PAGES[path]() + "\n", "run 'make docs'"


@pytest.mark.parametrize(
    "path",
    [
        path.relative_to(ROOT).as_posix()
        for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]
        if "node_modules" not in path.parts
    ]
    + list(PAGES),
)
def test_links_lead_somewhere(path: str) -> None:
    page = ROOT / path
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (page.parent / target).exists(), target


def test_the_turtle_of_the_model_stands_in_the_data() -> None:
    """Each block is that of the file which the words before it link to last."""
    page = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
    blocks = re.findall(r"\]\(\.\./(data/[^)]+)\):\n\n```turtle\n(.*?)```", page, re.DOTALL)
    assert len(blocks) == page.count("```turtle") >= 6
    for path, block in blocks:
        text = (ROOT / path).read_text(encoding="utf-8")
        for part in block.strip().split("\n\n"):
            assert f"\n{part}\n" in text, (path, part)


def test_the_doctest_of_the_package_holds() -> None:
    import doctest

    import napgraph

    assert doctest.testmod(napgraph).failed == 0


@pytest.mark.server
def test_the_lines_of_r_read_an_exported_table(tmp_path: Path, napgraph: Run) -> None:
    """With a real R; ``table`` counts each concept that a plan states, so a cell of the matrix is above zero there."""
    if not shutil.which("Rscript"):
        assert os.environ.get("CI") != "true", "R is not installed"
        pytest.skip("no R here")
    lines, _ = re.findall(r"```r\n(.*?)```", TEXT, re.DOTALL)
    done = napgraph("compare", "pillars", "--evidence", "-o", str(tmp_path / "pillars.csv"))
    assert done.returncode == 0, done.stderr
    code = f"{lines}\nstopifnot(!anyNA(plans$country))\nwrite.csv(stated, stdout())"
    shown = subprocess.run(["Rscript", "-e", code], capture_output=True, text=True, check=True, cwd=tmp_path).stdout
    assert "Border control" in shown
    with (tmp_path / "pillars.csv").open(encoding="utf-8", newline="") as file:
        stated = sum(row["value"] == "stated" for row in csv.DictReader(file))
    assert shown.count("https://w3id.org/napgraph/source/") == stated > 20
