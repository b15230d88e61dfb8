"""The command line as a user meets it: its outputs, its exit statuses, and what it says when something is off."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from napgraph import KnowledgeGraph

from .conftest import Run

TOOLKIT = ("--source", "unodc-toolkit-2008")


def test_compare_shows_wording_beside_concepts(napgraph: Run) -> None:
    shown = napgraph("compare", "pillars", *TOOLKIT)
    assert shown.returncode == 0
    assert shown.stderr == ""
    assert "Victim support and rehabilitation → Victim assistance; Rehabilitation and reintegration" in shown.stdout
    told = shown.stdout.split("\n\n")
    for silent in ("ALB Albania", "ARM Armenia", "BGD Bangladesh", "NLD Netherlands"):
        (block,) = (each for each in told if each.startswith(silent))
        assert block.rstrip().endswith("· the source does not say")
        assert "●" not in block


def recorded(kg: KnowledgeGraph) -> int:
    """Return how many states have a document that is recorded."""
    return len({row["country"] for row in kg.query("levels-and-statuses")})


@pytest.mark.parametrize("lens", [TOOLKIT, ()], ids=["toolkit", "all"])
def test_the_matrix_fits_a_hundred_columns(napgraph: Run, kg: KnowledgeGraph, lens: tuple[str, ...]) -> None:
    shown = napgraph("compare", "pillars", *lens).stdout.splitlines()
    assert max(map(len, shown)) <= 100
    heads = [
        line
        for line in shown
        if line.startswith(" " * 20) and line.split() and all(len(word) == 1 for word in line.split())
    ]
    blocks = [heads[first : first + 3] for first in range(0, len(heads), 3)]
    told = ["".join(letters) for block in blocks for letters in zip(*(line.split() for line in block), strict=True)]
    assert told[:3] == (["ALB", "ARM", "AUS"] if lens else ["ALB", "ARG", "ARM"])
    assert told == sorted(set(told))
    assert len(told) == (22 if lens else recorded(kg))
    assert len(heads) == 3 or not lens


def test_a_narrow_terminal_gets_the_matrix_in_blocks(napgraph: Run) -> None:
    shown = napgraph("compare", "pillars", env={"COLUMNS": "50"}).stdout
    assert max(map(len, shown.splitlines())) <= 50
    assert shown.count("Prevention  ") >= 2


@pytest.mark.parametrize("lens", [TOOLKIT, ()], ids=["toolkit", "all"])
@pytest.mark.parametrize("axis", ["pillars", "principles", "features", "actors", "groups", "forms", "measures"])
def test_every_axis_and_its_evidence(napgraph: Run, kg: KnowledgeGraph, axis: str, lens: tuple[str, ...]) -> None:
    matrix = list(csv.DictReader(io.StringIO(napgraph("compare", axis, *lens, "--format", "csv").stdout)))
    assert len(matrix) == (22 if lens else recorded(kg))
    words = {
        "stated",
        "partly or mentioned",
        "the source does not say",
        "absent: the full text was read, or a source says so",
        "not looked for",
    }
    cells = {
        (row["country"], concept): value
        for row in matrix
        for concept, value in row.items()
        if concept not in {"country", "name"}
    }
    assert set(cells.values()) <= words
    evidence = list(
        csv.DictReader(io.StringIO(napgraph("compare", axis, "--evidence", *lens, "--format", "csv").stdout))
    )
    assert all(row["where"] and row["document"] for row in evidence)
    told = {(row["country"], row["concept"]) for row in evidence if row["concept"]}
    said = {place for place, value in cells.items() if value in {"stated", "partly or mentioned"}}
    assert said == told, "a cell without a paragraph behind it, or the other way round"


def test_strictness_narrows(napgraph: Run) -> None:
    def stated(match: str) -> set[tuple[str, str]]:
        rows = csv.DictReader(
            io.StringIO(napgraph("compare", "pillars", *TOOLKIT, "--match", match, "--format", "csv").stdout)
        )
        return {(row["country"], concept) for row in rows for concept, value in row.items() if value == "stated"}

    exact, close, broad = stated("exact"), stated("close"), stated("broad")
    assert exact < close < broad
    assert ("AUS", "criminal-prosecution") in exact
    assert ("DNK", "detection-and-investigation") in close - exact
    assert ("AUS", "prosecution") in broad - close


def test_compare_takes_countries(napgraph: Run) -> None:
    found = json.loads(napgraph("compare", "pillars", "-c", "nor", "-c", "AUS", "--format", "json").stdout)
    assert [each["country"] for each in found["jurisdictions"]] == ["AUS", "NOR"]
    assert found["jurisdictions"][0]["cells"]["prevention"]["value"] == "stated"


@pytest.mark.parametrize(
    ("form", "start"), [("markdown", "| country | name |"), ("html", "<!doctype html>"), ("tsv", "country\tname")]
)
def test_formats_by_name_and_by_file(napgraph: Run, tmp_path: Path, form: str, start: str) -> None:
    assert napgraph("compare", "pillars", "--format", form).stdout.startswith(start)
    path = tmp_path / f"out.{'md' if form == 'markdown' else form}"
    written = napgraph("compare", "pillars", "-o", str(path))
    assert (written.returncode, written.stdout) == (0, "")
    assert path.read_text(encoding="utf-8").startswith(start)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["compair"], "Did you mean compare?"),
        (["compare", "pilars"], "Did you mean pillars?"),
        (["compare", "pillars", "-c", "NRO"], "Did you mean NOR"),
        (["query", "in-forse"], "Did you mean in-force"),
        (["query", "in-force", "--set", "dat=2006-01-01"], "Did you mean date?"),
        (["query", "in-force", "--set", "date=2006"], "a day such as 2006-07-01"),
        (["query", "in-force", "--set", "date=2006-13-45"], "a day such as 2006-07-01"),
        (["query", "in-force", "--set", "date"], "NAME=VALUE"),
        (["query", "pillars", "--set", "strictness=closer"], "Did you mean close?"),
        (["query", "nowhere.rq"], "There is no saved query"),
        (["show", "NRW"], "Did you mean"),
        (["show", "Norwy"], "Did you mean NOR (Norway)?"),
        (["check", "nowhere.ttl"], "cannot be read"),
        (["check", "src/napgraph/graph"], "Name the files in it"),
        (["check", "--profile", "ful-submission"], "Did you mean full-submission?"),
        (["compare", "pillars", "--match", "loose"], "is not one of"),
        (["compare", "pillars", "--coutry", "NOR"], "--country"),
        (["--root", "no/such/folder", "compare", "pillars"], "cannot be found"),
        (["compare", "pillars", "-o", "no/such/folder/out.csv"], "nothing was written"),
        (["compare"], "AXIS"),
    ],
)
def test_mistakes_are_named_with_the_repair(napgraph: Run, arguments: list[str], said: str) -> None:
    shown = napgraph(*arguments)
    assert shown.returncode == 2
    assert shown.stdout == ""
    assert said in shown.stderr
    assert "Traceback" not in shown.stderr


def test_a_query_of_one_s_own(napgraph: Run, tmp_path: Path) -> None:
    path = tmp_path / "mine.rq"
    path.write_text(
        "PREFIX nap: <https://w3id.org/napgraph/ont#>\nSELECT (COUNT(?p) AS ?n) { ?p a nap:Pillar }", encoding="utf-8"
    )
    shown = napgraph("query", str(path), "--format", "csv")
    assert shown.returncode == 0
    assert int(shown.stdout.splitlines()[1]) > 40
    path.write_text("SELECT * WHERE { ?s ?p }", encoding="utf-8")
    broken = napgraph("query", str(path))
    assert broken.returncode == 2
    assert "not valid SPARQL" in broken.stderr
    path.write_text("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", encoding="utf-8")
    assert "Use SELECT or ASK" in napgraph("query", str(path)).stderr
    path.write_text("ASK { ?s ?p ?o }", encoding="utf-8")
    assert json.loads(napgraph("query", str(path), "--format", "json").stdout)["boolean"] is True
    path.write_bytes(b"\xff\xfe")
    assert "not UTF-8" in napgraph("query", str(path)).stderr


def test_show_tells_what_the_source_does_not(napgraph: Run) -> None:
    shown = napgraph("show", "NOR", *TOOLKIT).stdout
    (told,) = re.findall(r"concerns feature: Measures\n((?:    .*\n)*)", shown)
    assert "    value: 37\n" in told
    assert "[Norway, paragraph 1]" in shown
    assert "The source does not say:" in shown
    assert json.loads(napgraph("show", "norway", "--format", "json").stdout)["code"] == "NOR"


@pytest.mark.slow
def test_check_of_the_bundle_and_of_a_file(napgraph: Run, root: Path, tmp_path: Path) -> None:
    assert napgraph("check").returncode == 0
    path = tmp_path / "nld.ttl"
    text = (root / "data" / "jurisdictions" / "nld.ttl").read_text(encoding="utf-8")
    path.write_text(text.replace("profile:thin", "profile:full-submission"), encoding="utf-8")
    claimed = napgraph("check", str(path), "--format", "json")
    assert claimed.returncode == 1
    (report,) = json.loads(claimed.stdout)
    assert report["conforms"] is False
    assert {finding["severity"] for finding in report["findings"]} >= {"Violation"}
    path.write_text(text.replace(" ;\n.", "\n;;", 1) + "<", encoding="utf-8")
    broken = napgraph("check", str(path))
    assert broken.returncode == 2
    assert f"{path}:" in broken.stderr
    path.write_text("<urn:x:a> <urn:x:b> <urn:x:c> .", encoding="utf-8")
    nothing = napgraph("check", str(path))
    assert nothing.returncode == 1
    assert "0 documents" in nothing.stdout


def test_queries_are_listed(napgraph: Run) -> None:
    rows = json.loads(napgraph("queries", "--format", "json").stdout)
    assert {"pillars", "in-force", "completeness"} <= {row["query"] for row in rows}
    assert "in-force" in napgraph("queries").stdout


def test_every_command_has_help_with_an_example(napgraph: Run) -> None:
    commands = ["compare", "queries", "query", "show", "template", "check", "convert", "accept"]
    assert all(f"  {command} " in napgraph("--help").stdout for command in commands)
    for command in commands:
        shown = napgraph(command, "--help").stdout
        assert f"\n  napgraph {command}" in shown or f"\n  napgraph --root my-graph {command}" in shown, command
        assert "\\b" not in shown, command


def test_the_warm_path_imports_neither_rdflib_nor_owlrl(napgraph: Run) -> None:
    napgraph("compare", "pillars")
    code = (
        "import sys\nsys.argv = ['napgraph', 'compare', 'pillars']\nfrom napgraph.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "heavy = {'rdflib', 'owlrl', 'pyshacl', 'rich', 'SPARQLWrapper'} & set(sys.modules)\nassert not heavy, heavy\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_closed_pipe_is_no_error() -> None:
    command = f"{sys.executable} -m napgraph compare pillars | head -1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)  # noqa: S602
    assert done.stderr == ""
    assert done.stdout.startswith("Pillars")


def test_an_unreadable_data_folder_is_named(napgraph: Run, root: Path, tmp_path: Path) -> None:
    for folder in ("ontology", "data", "shapes", "queries"):
        shutil.copytree(root / folder, tmp_path / folder)
    (tmp_path / "data" / "jurisdictions" / "nor.ttl").write_text("nap:x a nap:y .\n", encoding="utf-8")
    shown = napgraph("--root", str(tmp_path), "compare", "pillars")
    assert shown.returncode == 2
    assert "data/jurisdictions/nor.ttl:1:" in shown.stderr
    if os.geteuid() != 0:
        (tmp_path / "data" / "jurisdictions").chmod(0)
        assert "cannot be read" in napgraph("--root", str(tmp_path), "compare", "pillars").stderr
        (tmp_path / "data" / "jurisdictions").chmod(0o755)


def test_special_files_and_links_are_left_what_they_are(napgraph: Run, tmp_path: Path) -> None:
    target, link = tmp_path / "target.csv", tmp_path / "link.csv"
    target.write_text("old", encoding="utf-8")
    link.symlink_to(target)
    assert napgraph("compare", "pillars", "-o", str(link)).returncode == 0
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8").startswith("country,name")
    full = napgraph("compare", "pillars", "--format", "csv", "-o", "/dev/full")
    assert full.returncode == 2
    assert "nothing was written" in full.stderr
    assert not Path("/dev/full").is_file()
    assert napgraph("compare", "pillars", "--format", "csv", "-o", "-").stdout.startswith("country,name")


@pytest.mark.parametrize("command", [["check", "{}", "-o"], ["convert", "{}"], ["template", "--from", "{}", "-o"]])
@pytest.mark.parametrize("name", ["plan.ttl", "plan.xlsx"])
def test_what_is_read_is_not_written_over(
    command: list[str], name: str, napgraph: Run, root: Path, tmp_path: Path
) -> None:
    path, link = tmp_path / name, tmp_path / f"link-{name}"
    path.write_bytes((root / "data" / "jurisdictions" / "nld.ttl").read_bytes())
    link.symlink_to(path)
    before = path.read_bytes()
    for output in (path, link):
        shown = napgraph(*(part.format(path) for part in command), str(output))
        assert shown.returncode == 2
        assert "nothing was written" in shown.stderr or "a template is a workbook" in shown.stderr
        assert path.read_bytes() == before


def test_a_full_or_closed_screen_is_told(root: Path) -> None:
    for redirection in (">/dev/full", ">&-"):
        command = f"{sys.executable} -m napgraph show NOR {redirection}"
        done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False, cwd=root)  # noqa: S602
        assert done.returncode == 2, redirection
        assert "Traceback" not in done.stderr


def test_a_query_fetches_nothing(napgraph: Run, tmp_path: Path) -> None:
    path = tmp_path / "mine.rq"
    path.write_text("SELECT * { SERVICE <http://localhost:1/x> { ?s ?p ?o } }", encoding="utf-8")
    assert "SERVICE is not run" in napgraph("query", str(path)).stderr
    path.write_text('SELECT * { ?s ?p "SERVICE <urn:x:y>" } # SERVICE', encoding="utf-8")
    assert napgraph("query", str(path)).returncode == 0


def test_a_country_that_the_scheme_does_not_know_is_compared(napgraph: Run, root: Path, tmp_path: Path) -> None:
    for folder in ("ontology", "data", "shapes", "queries"):
        shutil.copytree(root / folder, tmp_path / folder)
    text = (root / "data" / "jurisdictions" / "nld.ttl").read_text(encoding="utf-8")
    path = tmp_path / "data" / "jurisdictions" / "xaa.ttl"
    path.write_text(text.replace("/nld/", "/xaa/").replace("jur:nld", "jur:xaa"), encoding="utf-8")
    shown = napgraph("--root", str(tmp_path), "compare", "pillars", *TOOLKIT)
    assert shown.returncode == 0
    assert "XAA" in shown.stdout


def test_help_keeps_its_lines(napgraph: Run) -> None:
    shown = napgraph("--help").stdout
    assert "\\b" not in shown
    assert "\n  napgraph show NOR  " in shown


@pytest.mark.parametrize("command", ["check", "convert", "template", "accept", "compare", "query", "queries", "show"])
def test_the_help_of_a_command_keeps_its_lines(napgraph: Run, command: str) -> None:
    shown = napgraph(command, "--help").stdout
    assert "\\b" not in shown
    assert f"\n  napgraph {command}" in shown or f"\n  napgraph --root my-graph {command}" in shown
