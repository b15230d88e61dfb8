"""Lenses and timelines: which documents count, which stay in sight without counting, and what each answer rests on."""

from __future__ import annotations

import csv
import io
import json

import pytest

from napgraph import KnowledgeGraph
from napgraph.compare.matrix import SAYING, axes
from napgraph.errors import ParameterError, UnknownNameError

from .conftest import ROOT, Run

DAY = "2006-07-01"
ID = "https://w3id.org/napgraph/id/"
PLACES = ROOT / "tests/places.ttl"
TOOLKIT = "unodc-toolkit-2008"
"""The source of which these answers were worked out by hand."""


def test_in_force_as_worked_out_by_hand(kg: KnowledgeGraph) -> None:
    """Question 2 of the design, read from the source.

    July 2006 lies in: Albania 1 (2005-2007), Armenia 1 (2004-2006), Bosnia and Herzegovina 1 (2005-2007), Croatia 1
    (2005-2008) and 2 (October 2005 to December 2007), Norway 1 (2006-2009), Viet Nam 1 (2004-2010): seven. Denmark 1
    says only that the former plan ran until 2006, so it is possible. Outside are Cambodia 3 (2000-2004), Denmark's
    new plan (2007-2010) and Myanmar's (2007-2011). No other strategy or plan states a period.
    """
    found = kg.compare("pillars", source=TOOLKIT, in_force=DAY)
    assert found.documents == 8
    kept = [code for code in found.jurisdictions if found.left_out(code) is None]
    assert kept == ["ALB", "ARM", "BIH", "DNK", "HRV", "NOR", "VNM"]
    assert len(found.jurisdictions) == 22
    possible, outside = found.notes[1], next(note for note in found.notes if "does not hold the day" in note)
    assert "DNK Denmark: former national action plan" in possible
    assert "until 2006" in possible
    assert [code in outside for code in ("DNK", "KHM", "MMR")] == [True] * 3
    assert outside.count(";") == 2


def test_what_a_lens_leaves_out_is_not_answered(kg: KnowledgeGraph) -> None:
    """Denmark's four pillars are those of the new plan (Denmark 1), which had not begun; Australia states no period."""
    found = kg.compare("pillars", source=TOOLKIT, in_force=DAY)
    assert found.cell("DNK", "demand-reduction").value.name == "not-stated"
    assert found.cell("AUS", "prevention").value.name == "not-assessed"
    table = found.table()
    (row,) = (each for each in table if each["country"] == "AUS")
    assert row["left_out"] == "left out: no period in which it applies is stated"
    assert row["prevention"] == "not looked for"
    assert table.about.parameters["in-force"] == DAY
    assert set(table.about.queries) == {"pillars", "levels-and-statuses", "in-force"}
    assert table.about.parameters["source"] == TOOLKIT
    assert any("Nothing is left of AUS" in note for note in table.about.notes)
    assert "AUS" not in {row["country"] for row in found.evidence()}


def test_levels_and_statuses(kg: KnowledgeGraph) -> None:
    """Strategies are told of in Albania 1, Colombia 1, Content 2 and Kosovo UNMIK 1; Brazil 1 and Myanmar 1 propose."""
    strategic = kg.compare("pillars", source=TOOLKIT, level="strategic")
    assert [code for code in strategic.jurisdictions if strategic.left_out(code) is None] == [
        "ALB",
        "COL",
        "GBR",
        "XKX",
    ]
    proposed = kg.compare("pillars", source=TOOLKIT, status="proposed")
    assert [code for code in proposed.jurisdictions if proposed.left_out(code) is None] == ["BRA", "MMR"]
    both = kg.compare("pillars", source=TOOLKIT, level="operational", status="proposed", in_force="2008-02-01")
    assert both.documents == 1
    assert "MMR" in both.notes[1]


def test_documents_side_by_side(kg: KnowledgeGraph) -> None:
    """Croatia 1: the seven key issues are the yearly plan's; of the two other documents none is told."""
    found = kg.compare("pillars", source=TOOLKIT, country=["HRV"], by="document")
    keys = [subject.key for subject in found.subjects]
    assert keys == ["hrv/national-programme-2005-2008", "hrv/children-plan-2005-2007", "hrv/yearly-action-plan"]
    values = [found.cell(key, "prevention").value.name for key in keys]
    assert values == ["not-stated", "not-stated", "stated"]
    assert found.table().names[:4] == ["country", "name", "document", "title"]
    assert {row["title"] for row in found.evidence()} == {subject.name for subject in found.subjects}
    with pytest.raises(UnknownNameError, match="Did you mean hrv/yearly-action-plan"):
        found.cell("hrv/yearly-plan", "prevention")


@pytest.mark.slow
@pytest.mark.parametrize("by", ["country", "document"])
@pytest.mark.parametrize("axis", ["pillars", "actors", "features"])
def test_tables_describe_every_column(kg: KnowledgeGraph, axis: str, by: str) -> None:
    found = kg.compare(axis, source=TOOLKIT, by=by, level="operational")
    for table in (found.table(), found.evidence(), kg.timeline().table(), kg.timeline().evidence()):
        assert all(column.words for column in table.columns), [each.name for each in table.columns if not each.words]
        assert all(list(row) == table.names for row in table)
        assert table.about.version == kg.version


def test_the_timeline_of_denmark(kg: KnowledgeGraph) -> None:
    """Denmark 1: adopted in 2007 for 2007-2010; the former plan ran until 2006, from when is not said."""
    rows = kg.timeline(source=TOOLKIT, country=["DNK"]).table().rows
    told = [(row["kind"], row["what"], row["start"], row["end"], row["open"]) for row in rows]
    assert told == [
        ("period", "period", "2007", "2010", ""),
        ("event", "Adopted", "2007", None, ""),
        ("period", "period", None, "2006", "start"),
    ]
    assert {row["where"] for row in rows} == {"Denmark, paragraph 1"}
    assert len(kg.timeline(source=TOOLKIT, country=["MMR"]).table()) == 2
    assert len(kg.timeline(source=TOOLKIT, country=["MMR"]).evidence()) == 3
    assert [row["kind"] for row in kg.timeline(source=TOOLKIT, country=["NLD"]).table()] == ["none"]
    assert len(kg.timeline(source=TOOLKIT, in_force=DAY).table()) == 9


@pytest.mark.slow
def test_what_is_not_a_countrys_does_not_count_for_it(napgraph: Run) -> None:
    """A city's plan counts for the city and an evaluation by others for nobody, and both are told."""
    kg = KnowledgeGraph.load(ROOT, data=[PLACES])
    national = kg.compare("pillars", country=["XAA"])
    assert (national.documents, national.cell("XAA", "shelter").value.name) == (1, "absent")
    assert national.cell("XAA", "prevention").value.name == "stated"
    city = kg.compare("pillars", country=["XAA-HARBOUR"])
    assert (city.documents, city.cell("XAA-HARBOUR", "shelter").value.name) == (1, "stated")
    assert kg.compare("pillars", tier="local").jurisdictions == ["XAA-HARBOUR"]
    assert [row["document"] for row in kg.query("documents", country=["XAA"])] == [f"{ID}xaa/plan"]
    done = napgraph("show", "XAA", "--data", str(PLACES))
    assert "“xaa/harbour-plan” is for a part of XAA: it counts for that part (XAA-HARBOUR)" in done.stderr
    assert "“xaa/evaluation” was made by an international body" in done.stderr
    report = napgraph("check", str(PLACES))
    assert report.returncode == 1
    assert {"[ResponseDocument-part]", "[Report-others]"} <= set(report.stdout.split())


@pytest.mark.parametrize(
    ("lens", "said"),
    [
        ({"level": "strategc"}, "Did you mean strategic"),
        ({"status": "adoptd"}, "Did you mean adopted"),
        ({"in_force": "2006-7"}, "a day such as"),
        ({"status": "expired"}, "nothing to compare"),
    ],
)
def test_mistakes_in_a_lens(kg: KnowledgeGraph, lens: dict[str, str], said: str) -> None:
    with pytest.raises((UnknownNameError, ParameterError), match=said):
        kg.compare("pillars", source=TOOLKIT, **lens)


def test_on_the_command_line(napgraph: Run, kg: KnowledgeGraph) -> None:
    shown = napgraph("compare", "pillars", "--in-force", DAY, "--source", TOOLKIT).stdout
    assert "Only possibly in force on 2006-07-01, and counted: DNK" in shown
    gone = " ".join(shown.partition("Nothing is left of: ")[2].split("\n\n")[0].split()).rstrip(".").split(", ")
    found = kg.compare("pillars", in_force=DAY, source=TOOLKIT)
    assert {kg.names[code] for code in found.jurisdictions if found.left_out(code)} == {*gone}
    assert max(map(len, shown.splitlines())) <= 100
    found = json.loads(
        napgraph("compare", "pillars", "-c", "HRV", "--by", "document", "--format", "json", "--source", TOOLKIT).stdout
    )
    assert len(found["documents"]) == 3
    assert "Government of Finland (was performed by)" in napgraph("compare", "actors", "-c", "FIN").stdout
    drawn = napgraph("timeline", "--source", TOOLKIT, env={"COLUMNS": "80"}).stdout
    assert max(map(len, drawn.splitlines())) <= 80
    assert "NLD Action Plan to Combat Human Trafficking" in drawn.replace("\n  ", " ").partition("No date is stated")[2]
    rows = list(csv.DictReader(io.StringIO(napgraph("timeline", "--evidence", "--format", "csv").stdout)))
    assert all(row["where"] for row in rows)
    assert napgraph("timeline", "-c", "VNM", "--status", "draft").returncode == 2


@pytest.mark.slow
def test_no_lens_is_the_lens_that_lets_all_through(kg: KnowledgeGraph) -> None:
    """What the build summed up is what the axes say themselves of every source: each shows at least a mention."""
    for axis in axes(kg):
        summed, asked = (kg.compare(axis, by="document", extent=extent) for extent in (None, "bare-mention"))
        assert [each.key for each in asked.subjects] == [each.key for each in summed.subjects]
        for key in (each.key for each in summed.subjects):
            for concept in summed.concepts:
                assert asked.value(key, concept.code) == summed.value(key, concept.code), (axis, key, concept.code)


@pytest.mark.slow
@pytest.mark.parametrize("axis", ["pillars", "features", "actors"])
def test_sources_add_up(kg: KnowledgeGraph, axis: str) -> None:
    """What one kind of source says all sources say; first-hand and second-hand are all that there are."""
    every = kg.compare(axis, by="document")
    halves = [kg.compare(axis, by="document", source=hand) for hand in ("first-hand", "second-hand")]
    known = [{each.key for each in half.subjects} for half in halves]
    assert known[0] | known[1] == {each.key for each in every.subjects}
    for subject in every.subjects:
        for concept in every.concepts:
            parts = [
                half.value(subject.key, concept.code)
                for half, keys in zip(halves, known, strict=True)
                if subject.key in keys
            ]
            whole = every.value(subject.key, concept.code)
            assert (whole.name in SAYING) == any(part.name in SAYING for part in parts), (subject.key, concept.code)


def test_a_kind_of_source_is_its_sources(kg: KnowledgeGraph) -> None:
    rows = kg.query("readings-seen", lens="https://w3id.org/napgraph/source-kind/news").rows()
    keys = sorted({str(row["source"]).rpartition("/")[2] for row in rows})
    assert keys
    one, other = kg.network(source="news").rows(), kg.network(source=keys).rows()
    assert one == other
    assert one


def test_tiers(kg: KnowledgeGraph) -> None:
    """National where nothing is asked; Scotland's documents are those of a part of a state; a named place counts."""
    national, state, every = (set(kg.compare("pillars", tier=tier).jurisdictions) for tier in (None, "state", "all"))
    assert "GBR-SCT" in state - national
    assert {"EU", "ASEAN"} <= every - national - state
    assert national < every
    assert kg.compare("pillars", country=["EU"]).jurisdictions == ["EU"]


@pytest.mark.parametrize(
    ("lens", "said"),
    [
        ({"source": "own-tex"}, "Did you mean own-text"),
        ({"source": "unodc-toolkit"}, "Did you mean unodc-toolkit-2008"),
        ({"extent": "excerp"}, "Did you mean excerpt"),
        ({"tier": "nationl"}, "Did you mean national"),
        ({"source": "news", "extent": "full-text"}, "nothing to compare"),
    ],
)
def test_mistakes_in_a_lens_of_sources(kg: KnowledgeGraph, lens: dict[str, str], said: str) -> None:
    with pytest.raises((UnknownNameError, ParameterError), match=said):
        kg.compare("pillars", **lens)


@pytest.mark.slow
def test_every_query_takes_the_whole_lens(kg: KnowledgeGraph) -> None:
    """A least extent that all sources have leaves every saved answer as it is: each slot meets its document."""
    asked = [query for query in kg.queries if "extent" in query.parameters and query.name != "similarity-of-plans"]
    assert len(asked) > 40
    for query in asked:
        given = {"country": ["NOR", "DNK", "EU"]} if "country" in query.parameters else {}
        whole = kg.query(query.name, **given).rows()
        assert kg.query(query.name, extent="bare-mention", **given).rows() == whole, query.name
