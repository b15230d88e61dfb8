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
from click.shell_completion import ShellComplete

from napgraph import KnowledgeGraph
from napgraph.cli import _cli
from napgraph.compare.matrix import SAYING

from .conftest import Run

TOOLKIT = ("--source", "unodc-toolkit-2008")


def test_compare_shows_wording_beside_concepts(napgraph: Run) -> None:
    shown = napgraph("compare", "pillars", *TOOLKIT, "--words", "all")
    assert shown.returncode == 0
    assert shown.stderr == ""
    assert "Victim support and rehabilitation → Victim assistance; Rehabilitation and reintegration" in shown.stdout
    told = shown.stdout.split("\n\n")
    for silent in ("ALB Albania", "ARM Armenia", "BGD Bangladesh", "NLD Netherlands"):
        (block,) = (each for each in told if each.startswith(silent))
        assert block.rstrip().endswith("· the source does not say")
        assert "●" not in block
    few = napgraph("compare", "pillars", *TOOLKIT, "-c", "AUS", "-c", "NOR").stdout  # of a few, without being asked
    assert "Victim support and rehabilitation → Victim assistance; Rehabilitation and reintegration" in few
    demand = napgraph("compare", "themes", *TOOLKIT, "--words", "demand").stdout
    assert "Limiting demand" in demand
    assert "Victim support" not in demand


def recorded(kg: KnowledgeGraph) -> int:
    """Return how many states have a document that is recorded."""
    return len({row["country"] for row in kg.query("levels-and-statuses")})


def matrix(text: str) -> tuple[list[str], dict[str, list[str]]]:
    """Return the names of concepts above the columns of a wide matrix, and the signs of each country, all blocks."""
    concepts: list[str] = []
    signs: dict[str, list[str]] = {}
    for line in text.splitlines():
        name, rest = line[:20].strip(), re.split(r"  +", line.strip())
        if not name and rest[0]:
            concepts.append(rest[-1])
        elif name != "named by" and rest[1:] and all(len(each) == 1 for each in rest[1:]):
            signs.setdefault(rest[0], []).extend(rest[1:])
    return concepts, signs


@pytest.mark.parametrize("lens", [TOOLKIT, ()], ids=["toolkit", "all"])
def test_the_matrix_fits_a_hundred_columns(napgraph: Run, kg: KnowledgeGraph, lens: tuple[str, ...]) -> None:
    text = napgraph("compare", "pillars", *lens).stdout
    assert max(map(len, text.splitlines())) <= 100
    found = kg.compare("pillars", **({"source": lens[1]} if lens else {}))
    concepts, signs = matrix(text)
    assert [each.partition("…")[0] for each in concepts] == [
        each.label[: len(name.partition("…")[0])] for each, name in zip(found.spoken(), concepts, strict=True)
    ]
    silent = [name for code, name in kg.names.items() if code in found.jurisdictions and name not in signs]
    told = " ".join(text.split())
    unseen = re.search(r"Not looked for in: (.*?)\. ", told)
    whole = [name for name in silent if not any(name.startswith(each.rstrip("…")) for each in signs if "…" in each)]
    assert whole == sorted(unseen[1].split(", ") if unseen else [])
    assert len(signs) + len(whole) == (22 if lens else recorded(kg))
    assert [*signs] == sorted(signs)
    for code in ("NOR", "DNK"):
        cells = [found.value(code, each.code).sign for each in found.spoken()]
        assert signs[kg.names[code]] == cells
    assert "named by" not in signs
    sums = [line.split()[2:] for line in text.splitlines() if line.startswith("named by")]
    assert [int(number) for line in sums for number in line] == [
        sum(found.value(code, each.code).name in SAYING for code in found.jurisdictions) for each in found.spoken()
    ]


def test_a_few_countries_stand_side_by_side(napgraph: Run, kg: KnowledgeGraph) -> None:
    text = napgraph("compare", "pillars", "-c", "NOR", "-c", "DNK", "-c", "LVA").stdout
    assert re.search(r"\n +Denmark\n +│  Latvia\n +│  │  Norway\n", text)
    found = kg.compare("pillars", country=["NOR", "DNK", "LVA"])
    for concept in found.spoken():
        values = [found.value(code, concept.code) for code in ("DNK", "LVA", "NOR")]
        number = sum(value.name in SAYING for value in values)
        row = f"{'  ' * concept.depth}{concept.label} *{'  '.join(re.escape(value.sign) for value in values)}"
        assert re.search(rf"^{row} +{number} of 3( +{'▪' * number})?$", text, re.MULTILINE), concept


def test_what_a_filter_leaves_nothing_of_is_told_in_a_line(napgraph: Run) -> None:
    text = napgraph("compare", "pillars", *TOOLKIT, "--in-force", "2006-07-01").stdout
    left = re.search(r"Nothing is left of: (.*?)\.", " ".join(text.split()))
    assert left
    assert {"Australia", "Netherlands"} <= {*left[1].split(", ")}
    assert re.search(r"^ +(│  )*Australia$", text, re.MULTILINE) is None
    assert "Left out, because its stated period does not hold the day: 3 documents." in text
    years = [napgraph("compare", "pillars", *TOOLKIT, "--in-force", each).stdout for each in ("2006", "2007-2010")]
    assert [re.search(r"^ +(│  )*Myanmar$", each, re.MULTILINE) is not None for each in years] == [False, True]
    assert napgraph("compare", "pillars", "--in-force", "2010-2006").returncode == 2


def test_regions_and_guidelines(napgraph: Run, kg: KnowledgeGraph) -> None:
    rows = list(csv.DictReader(io.StringIO(napgraph("compare", "pillars", "--by", "region", "--format", "csv").stdout)))
    found = kg.compare("pillars")
    prevention = [row for row in rows if row["concept"] == "prevention"]
    assert sum(int(row["jurisdictions"]) for row in prevention) == len(found.jurisdictions)
    naming = [code for code in found.jurisdictions if found.value(code, "prevention").name in SAYING]
    assert sum(int(row["naming"]) for row in prevention) == len(naming)
    assert "Northern Europe (7)" in napgraph("compare", "themes", "--by", "region").stdout
    asked = napgraph("compare", "themes", "-c", "Moldova", "--guideline", "Stability Pact").stdout
    assert re.search(r"^Awareness-raising +· +0 of 1$", asked, re.MULTILINE)
    assert re.search(r"^Victim assistance +◐ +1 of 1", asked, re.MULTILINE)
    shown = napgraph("show", "stability pact").stdout
    assert "8  international law enforcement cooperation and coordination" in shown
    number = sum(found.value(code, "law-enforcement").name in SAYING for code in found.jurisdictions)
    assert f"Law enforcement: named by {number} of {len(found.jurisdictions)} jurisdictions" in shown
    assert "There are: Guidelines for National" in napgraph("compare", "themes", "--guideline", "xyz").stderr


@pytest.mark.slow
def test_the_overview_has_a_line_for_each_country(napgraph: Run, kg: KnowledgeGraph) -> None:
    text = napgraph("overview").stdout
    assert max(map(len, text.splitlines())) <= 100
    found = kg.overview()
    places = [line for line in text.splitlines() if re.match(r".{20} {1,3}\d", line)]
    assert len(places) == len(found.plans) == len({row["country"] for row in kg.query("in-force", **EVERY_PLAN)})
    (norway,) = (line for line in places if line.startswith("Norway"))
    values = {code: kg.compare("pillars", by="document") for code in ("prevention", "protection", "prosecution")}
    signs = [each.value("nor/strategy-2025-2030", code).sign for code, each in values.items()]
    assert norway.split("part")[1].split()[:3] == signs
    assert re.match(r"Norway +5 +┣━━┣━━━ ┣━━━ +┣━━━━━ 2025–2030  part ", norway)
    assert max(map(len, napgraph("overview", env={"COLUMNS": "80"}).stdout.splitlines())) <= 80
    table = list(csv.DictReader(io.StringIO(napgraph("overview", "--format", "csv").stdout)))
    assert {row["name"] for row in table} == {kg.names[code] for code in found.plans}
    documents = napgraph("overview", "-c", "NOR", "--by", "document").stdout
    assert "parts: 4 (Innsatsområde): Helhetlig og samordnet innsats; Forebygging" in documents
    assert "money: NOK 600,000,000" in documents
    assert "legal basis: not stated" in documents
    assert "money: not looked for" in documents  # of a report
    rows = list(
        csv.DictReader(io.StringIO(napgraph("overview", "--by", "document", "-c", "NOR", "--format", "csv").stdout))
    )
    assert {row["document"] for row in rows} == {
        str(row["document"])[29:] for row in kg.query("documents", country="NOR")
    }
    assert all(row["part_names"] and row["money"] and row["period"] and row["status"] for row in rows)


EVERY_PLAN = {"date": "2026-01-01", "basis": ["period", "act", "none"], "answer": ["yes", "possible", "no"]}


def test_a_narrow_terminal_gets_the_matrix_in_blocks(napgraph: Run) -> None:
    shown = napgraph("compare", "pillars", env={"COLUMNS": "50"}).stdout
    assert max(map(len, shown.splitlines())) <= 50
    assert len(re.findall(r"^Norway  ", shown, re.MULTILINE)) >= 2


@pytest.mark.slow
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
    rows = json.loads(napgraph("statements", "-c", "NOR", *TOOLKIT, "--format", "json").stdout)["rows"]
    told = [row for row in rows if str(row["value"]) == "37"]
    assert {row["where"] for row in told} == {"Norway, paragraph 1"}
    assert {row["document"] for row in told} == {"nor/plan-2006-2009"}
    found = json.loads(napgraph("show", "norway", "--format", "json").stdout)
    assert (found["code"], len(found["plans"])) == ("NOR", 5)
    assert {"value": "not-stated", "plans": [1, 2, 3, 4, 5]}.items() <= found["silent"][0].items()
    shown = " ".join(napgraph("show", "NOR", *TOOLKIT).stdout.split())
    assert "37 measures, 3 of them known" in shown
    assert "· the source does not say, in all plans: " in shown


def test_show_tells_by_topic_with_terms_and_sources(napgraph: Run, kg: KnowledgeGraph) -> None:
    text = napgraph("show", "NOR").stdout
    shown = " ".join(text.split())
    assert max(map(len, text.splitlines())) <= 100
    assert "“expanding the free legal counsel scheme" in shown
    assert "for victims of trafficking” — At no cost to the victim. [" in shown
    assert "two pages print" not in shown
    assert re.search(r"Money +1 +\S.*\[\d", text)
    assert "some NOK 100 million [" in shown
    assert re.search(r"2 3 +coordinates: Ministry of Justice and the Police \[", text)
    assert re.search(r"Sources differ on +1 +≠ .*sum", text)
    assert "3 4 5 no report among the sources" in shown
    assert "Norway's Plan of action" in shown
    addresses = napgraph("show", "NOR", "--sources", env={"COLUMNS": "60"}).stdout.splitlines()
    for row in kg.query("document-readings", country="NOR"):
        assert row["url"] is None or any(f"      {row['url']} " in line for line in addresses), "an address is whole"
    every = napgraph("show", "NOR", "--all").stdout
    for row in kg.query("pillar-phrases", country="NOR"):
        assert "".join(str(row["phrase"]).split()) in "".join(every.split())


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


@pytest.mark.slow
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
    for group in ("Compare", "Ask", "Record", "Publish", "Run"):
        assert f"\n{group}:\n  " in shown


def test_alone_it_says_what_to_do_first(napgraph: Run) -> None:
    alone = napgraph()
    assert (alone.returncode, len(alone.stdout.splitlines())) == (0, 5)
    for command in re.findall(r"^  napgraph (.*?)  ", alone.stdout, re.MULTILINE):
        assert napgraph(*command.split()).returncode == 0


def test_a_table_breaks_no_word(napgraph: Run) -> None:
    narrow = napgraph("query", "legal-basis", "-c", "LVA", env={"COLUMNS": "60"}).stdout
    wide = napgraph("query", "legal-basis", "-c", "LVA", "--wide", env={"COLUMNS": "60"}).stdout
    words = {word for line in wide.splitlines()[2:] for word in line.split()}
    assert words <= {*narrow.split()}
    assert "Latvia [lva]" in wide
    assert (
        len(wide.splitlines())
        == 2 + len(napgraph("query", "legal-basis", "-c", "LVA", "--format", "csv").stdout.splitlines()) - 1
    )


@pytest.mark.parametrize("command", ["check", "convert", "template", "accept", "compare", "query", "queries", "show"])
def test_the_help_of_a_command_keeps_its_lines(napgraph: Run, command: str) -> None:
    shown = napgraph(command, "--help").stdout
    assert "\\b" not in shown
    assert f"\n  napgraph {command}" in shown or f"\n  napgraph --root my-graph {command}" in shown


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["compare", "pri"], {"principles"}),
        (["compare", "pillars", "-c", "no"], {"NOR"}),
        (["show", "scot"], {"GBR-SCT"}),
        (["query", "measure-c"], {"measure-counts"}),
        (["--root", "nowhere", "show", "n"], set()),
    ],
    ids=str,
)
def test_a_shell_completes_axes_countries_and_queries(words: list[str], found: set[str]) -> None:
    complete = ShellComplete(_cli, {}, "napgraph", "_NAPGRAPH_COMPLETE")
    assert {each.value for each in complete.get_completions(words[:-1], words[-1])} == found
