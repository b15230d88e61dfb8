"""Tables for research: panel and statements hold what comparisons hold, and programs for statistics read them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import openpyxl
import pandas
import polars
import pytest

from napgraph import KnowledgeGraph
from napgraph.compare.panel import Panel
from napgraph.errors import ParameterError, UnknownNameError
from napgraph.tables.table import Table

from .conftest import ROOT, Run

SOME = ("NOR", "DNK", "XKX", "GBR", "LVA", "USA", "COL", "ARM")
UNKNOWN = {"not-stated", "not-assessed", "in-other-words", "possible", "undated"}


@pytest.fixture(scope="module")
def invented(world: Path) -> KnowledgeGraph:
    return KnowledgeGraph.load(world)


@pytest.fixture(scope="module")
def years(kg: KnowledgeGraph) -> Panel:
    return kg.panel(["pillars", "groups"], first=2004, last=2026)


@pytest.fixture(scope="module")
def table(years: Panel) -> Table:
    return years.table()


def column(axis: str, concept: str) -> str:
    return f"{axis}_{concept}".replace("-", "_")


# ------------------------------------------------------------------------------------------ the panel


def test_a_panel_of_small_countries_is_what_their_plans_say(invented: KnowledgeGraph) -> None:
    rows = invented.panel(["pillars"], country=["XAA", "XAB"], first=2017, last=2028).table().rows
    assert [(row["country"], row["year"]) for row in rows] == [
        (code, year) for code in ("XAA", "XAB") for year in range(2017, 2029)
    ]
    at = {(row["country"], row["year"]): row for row in rows}

    def told(code: str, year: int, *concepts: str) -> list[object]:
        return [at[code, year][column("pillars", each)] for each in concepts]

    known = [name for name in rows[0] if name.startswith("pillars_")]
    for place in (("XAA", 2026), ("XAB", 2017), ("XAB", 2028)):
        assert at[place]["in_force"] == "no"
        assert {at[place][name] for name in known} == {"not-in-force"}
        assert (at[place]["certain"], at[place]["running"]) == (0, None)
    assert at["XAB", 2019]["running"] == "xab/strategy-2018-2022"
    assert at["XAB", 2024]["running"] == "xab/plan-2024-2025; xab/strategy-2023-2027"
    assert [at["XAB", year]["certain"] for year in range(2018, 2028)] == [1, 1, 1, 1, 1, 1, 2, 2, 1, 1]
    assert told("XAB", 2019, "protection", "prosecution", "prevention") == ["stated", "stated", "partly"]
    assert told("XAB", 2023, "protection", "prosecution", "prevention") == ["stated", "stated", "stated"]
    assert told("XAA", 2027, "prevention", "protection", "prosecution") == ["stated", "stated", "stated"]
    assert at["XAA", 2027]["in_force"] == "yes"


def test_a_panel_by_year_agrees_with_the_shares_by_year(kg: KnowledgeGraph, table: Table) -> None:
    shares = kg.shares("pillars", first=2004, last=2026)
    per_year: Counter[tuple[object, str]] = Counter()
    for row in table.rows:
        for name in ("certain", "possible"):
            per_year[row["year"], name] += int(str(row[name]))
    for share in shares.shares:
        assert share["possible"] == per_year[share["year"], "possible"]
        assert share["plans"] == per_year[share["year"], "possible"] + per_year[share["year"], "certain"]
    at = {(row["country"], row["year"]): row for row in table.rows}
    seen = Counter[object]()
    for country in SOME:
        for share in kg.shares("pillars", first=2004, last=2026, country=[country]).shares:
            value = at[country, share["year"]][column("pillars", str(share["concept"]))]
            seen[value] += 1
            lower, upper = share["lower"], share["upper"]
            assert (value in {"not-in-force", "undated"}) == (lower is None), (country, share)
            if lower is not None and upper is not None:
                sure = int(str(share["plans"])) > int(str(share["possible"]))
                assert (value in {"stated", "partly"}) == (float(lower) > 0 and sure), (country, share)
                assert value == "possible" or sure or float(lower) == 0, (country, share)
                assert (value == "absent") == (float(upper) == 0), (country, share)
    assert {"stated", "partly", "possible", "not-stated", "not-assessed", "not-in-force", "undated"} <= seen.keys()


@pytest.mark.slow
def test_a_panel_by_document_agrees_with_the_comparison(kg: KnowledgeGraph, invented: KnowledgeGraph) -> None:
    panel = kg.panel(by="document", match="exact")
    rows = panel.table().rows
    assert [each.axis for each in panel.compared] == [
        "actors", "features", "forms", "groups", "measures", "pillars", "principles",
    ]  # fmt: skip
    cells = 0
    for axis in ("pillars", "actors", "principles"):
        found = kg.compare(axis, by="document", match="exact")
        compared = {subject.key for subject in found.subjects}
        for row in rows:
            for concept in found.concepts:
                value = row[column(axis, concept.code)]
                known = row["document"] in compared
                assert value == (found.value(str(row["document"]), concept.code).name if known else "not-applicable")
                cells += 1
    assert cells > 20_000
    rows += invented.panel(by="document", match="exact").table().rows
    assert {"in-other-words", "absent", "not-applicable"} <= {value for row in rows for value in row.values()}


def test_what_is_unknown_is_never_a_no(years: Panel, invented: KnowledgeGraph) -> None:
    """Absent is a year only where each plan that is or may be in force was found to lack the concept."""
    absent = 0
    for panel in (years, invented.panel(first=2017, last=2028)):
        without = undated(panel)
        for row in panel.table().rows:
            plans = [each for name in ("running", "may_run") for each in str(row[name] or "").split("; ") if each]
            for compared in panel.compared:
                for concept in compared.concepts:
                    if row[column(compared.axis, concept.code)] == "absent":
                        absent += 1
                        dated = [plan for plan in plans if plan not in without]
                        assert dated
                        assert {compared.value(plan, concept.code).name for plan in dated} == {"absent"}
            assert (row["in_force"] == "yes") == bool(row["running"])
    assert absent


def undated(panel: Panel) -> set[str]:
    """Return the plans to which no source gives any date."""
    rows = panel._kg.query("in-force", basis="none", answer=["yes", "possible", "no"], tier="all")
    return {str(row["document"]).rpartition("/id/")[2] for row in rows}


def test_each_value_has_its_meaning_and_its_interval(table: Table) -> None:
    cells = [each for each in table.columns if each.name.startswith(("pillars_", "groups_"))]
    assert len(cells) > 70
    used = {value for each in cells for value in table.values(each.name)}
    for each in cells:
        assert each.words.endswith(("(Pillars)", "(Groups at risk)", ")"))
        assert used <= each.codes.keys()
    notes = " ".join(table.about.notes)
    for value in cells[0].codes:
        assert value in notes.replace(",", " ").split() or value in {"in-other-words"}, value
    assert table.about.citation
    assert table.about.version
    assert all(column.words for column in table.columns)


def test_a_lens_and_a_filter_hold_for_a_panel(kg: KnowledgeGraph) -> None:
    whole = kg.panel(["pillars"], by="document").table().rows
    own = kg.panel(["pillars"], by="document", source="own-text", extent="excerpt").table().rows
    assert 0 < len(own) < len(whole)
    strategic = kg.panel(["pillars"], by="document", level="strategic").table()
    assert {row["document"] for row in strategic.rows} < {row["document"] for row in whole}
    assert any("strategic" in note for note in strategic.about.notes)
    with pytest.raises(ParameterError):
        kg.panel(["pillars"], by="document", first=2003)
    with pytest.raises(ParameterError):
        kg.panel(["pillars"], by="region")
    with pytest.raises(UnknownNameError):
        kg.panel(["colours"])


def test_a_panel_leads_to_its_paragraphs(kg: KnowledgeGraph) -> None:
    evidence = kg.panel(["pillars", "groups"], country=["NOR"]).evidence()
    assert {row["axis"] for row in evidence} == {"pillars", "groups"}
    assert all(row["evidence"] and row["where"] for row in evidence if row["concept"])


# ------------------------------------------------------------------------------------------ statements


def test_each_thing_that_is_asserted_is_a_row(kg: KnowledgeGraph) -> None:
    """What a record states of its documents and their parts, but for the frame that holds it together."""
    rows = kg.statements(country=["NOR"]).table().rows
    parts = [str(row["part"]) for row in kg.query("parts", country="NOR") if row["part"]]
    documents = [str(row["document"]) for row in kg.query("levels-and-statuses", country="NOR")]
    named = {(row["element"], row["property"]) for row in rows}
    frame = {"has evidence", "type", "has element", "has event", "has copy", "is reading of", "coverage of"}
    missed = Counter[str]()
    for row in kg.query("statements", resource=[*documents, *parts]):
        place = (str(row["subject"]).rpartition("/id/")[2], kg.labels[str(row["predicate"])])
        if place not in named and place[1] not in frame:
            missed[place[1]] += 1
    told_otherwise = {
        "has jurisdiction",
        "has source extent",
        "has order",
        "is coverage of",
        "concerns feature",
        "conforms to",
    }
    assert missed.keys() <= told_otherwise | {"has period", "has amount"}, missed
    assert len(rows) > 500


def test_the_statements_hold_what_the_comparisons_rest_on(kg: KnowledgeGraph) -> None:
    rows = kg.statements(country=["NOR", "LVA"]).table().rows
    said = {(row["element"], row["concept"], row["match"]) for row in rows}
    found = kg.compare("pillars", by="document", country=["NOR", "LVA"])
    checked = 0
    for subject in found.subjects:
        for concept in found.concepts:
            for row in found.cell(subject.key, concept.code).evidence:
                if row["match"] in {"exact", "close", "broad"}:
                    element = str(row["element"]).rpartition("/id/")[2]
                    assert (element, f"theme/{concept.code}", row["match"]) in said
                    checked += 1
    assert checked > 50
    for row in rows:
        assert row["source"]
        assert row["where"]
        assert row["words"] is None or row["language"]
        assert row["value"] is not None


def test_a_statement_is_told_by_each_source_and_by_no_other(kg: KnowledgeGraph) -> None:
    whole = kg.statements(country=["NOR"]).table().rows
    keys = Counter(
        tuple(row[name] for name in ("element", "property", "concept", "value", "source", "label")) for row in whole
    )
    assert set(keys.values()) == {1}
    own = kg.statements(country=["NOR"], source="own-text").table().rows
    assert 0 < len(own) < len(whole)
    assert all(row in whole for row in own)


# ------------------------------------------------------------------------------------------ files


@pytest.fixture(scope="module")
def written(table: Table, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("panel")
    for form in ("csv", "dta", "parquet", "xlsx"):
        table.save(folder / f"panel.{form}")
    return folder


def test_stata_reads_the_panel_with_its_codes(written: Path, table: Table) -> None:
    with pandas.read_stata(written / "panel.dta", iterator=True) as reader:
        assert reader.data_label.startswith("Panel of jurisdictions and years, ")
        labels = reader.variable_labels()
    frame = pandas.read_stata(written / "panel.dta")
    assert frame["pillars_prevention"].astype(str).tolist() == table.values("pillars_prevention")
    assert frame["year"].astype(int).tolist() == table.values("year")
    assert labels["pillars_prevention"] == "Prevention (Pillars)"
    book = (written / "panel.dta-codebook.html").read_text(encoding="utf-8")
    for words in (table.about.citation, "not-assessed", "What is not known is never a no"):
        assert words in book


def test_polars_and_the_workbook_read_the_panel(written: Path, table: Table) -> None:
    frame = polars.read_parquet(written / "panel.parquet")
    assert frame["groups_children"].to_list() == table.values("groups_children")
    told = json.loads(polars.read_parquet_metadata(written / "panel.parquet")["napgraph"])
    assert told["citation"] == table.about.citation
    assert any("never a no" in note for note in told["notes"])
    book = openpyxl.load_workbook(written / "panel.xlsx")
    assert book.sheetnames == ["data", "codebook", "about"]
    meanings = {row[0]: row[3] for row in book["codebook"].iter_rows(values_only=True)}
    assert "not-stated = looked for in a source" in str(meanings["pillars_prevention"])
    about = [str(row[1]) for row in book["about"].iter_rows(values_only=True)]
    assert table.about.citation in about
    assert any("never a no" in line for line in about)


@pytest.mark.server
def test_r_reads_the_panel_as_the_page_says(written: Path, table: Table) -> None:
    if not shutil.which("Rscript"):
        assert os.environ.get("CI") != "true", "R is not installed"
        pytest.skip("no R here")
    (lines,) = re.findall(r"```r\n(.*?)```", (ROOT / "docs" / "tables.md").read_text(encoding="utf-8"), re.DOTALL)
    told = 'cat(nrow(panel), ncol(panel), sum(panel$certain), anyNA(panel$pillars_prevention), sum(counts[, "stated"]))'
    done = subprocess.run(["Rscript", "-e", lines + told], capture_output=True, text=True, check=True, cwd=written)
    certain = sum(int(str(each)) for each in table.values("certain"))
    stated = sum(row["pillars_prevention"] == "stated" and row["in_force"] == "yes" for row in table)
    assert done.stdout.split() == [*map(str, (len(table), len(table.columns), certain)), "FALSE", str(stated)]


def test_the_commands_write_what_python_gives(napgraph: Run, kg: KnowledgeGraph, tmp_path: Path) -> None:
    shown = napgraph("panel", "pillars", "-c", "NOR", "--from", "2003", "--to", "2010")
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.startswith("Panel of jurisdictions and years · 8 rows, ")
    assert "not-assessed: " in shown.stdout
    path = tmp_path / "p.parquet"
    done = napgraph("panel", "pillars", "-c", "NOR", "--from", "2003", "--to", "2010", "-o", str(path))
    assert done.returncode == 0, done.stderr
    expected = kg.panel(["pillars"], country=["NOR"], first=2003, last=2010).table().to_polars()
    assert polars.read_parquet(path).equals(expected)
    path = tmp_path / "s.csv"
    done = napgraph("statements", "-c", "NOR", "--lang", "fr", "-o", str(path))
    assert done.returncode == 0, done.stderr
    rows = polars.read_csv(path, infer_schema_length=0)
    assert len(rows) == len(kg.statements(country=["NOR"]).table())
    assert "Norvège" in rows["name"].to_list()
