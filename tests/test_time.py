"""Plans in time, results beside plans, sources that differ, and regions as places."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from napgraph import KnowledgeGraph
from napgraph.errors import ParameterError, UnknownNameError

from .conftest import Run

YEARS = range(2003, 2026)


@pytest.fixture(scope="module")
def invented(world: Path) -> KnowledgeGraph:
    return KnowledgeGraph.load(world)


def short(value: object) -> str:
    return str(value).rpartition("/id/")[2]


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


# ------------------------------------------------------------------------------------------ in force


def test_plans_that_end_in_a_year_are_listed_whether_they_run_or_not(kg: KnowledgeGraph, napgraph: Run) -> None:
    rows = kg.in_force(ending=2027, on="2026-11-30").table().rows
    assert {"lva/plan-2025-2027"} <= {row["document"] for row in rows}
    assert all(str(row["end"])[:4] == "2027" for row in rows)
    over = kg.in_force(ending=2024, on="2026-11-30").table().rows
    assert {row["answer"] for row in over} == {"no"}
    shown = napgraph("in-force", "--ending", "2024", "--on", "2026-11-30").stdout
    assert shown.startswith(f"Plans that end in 2024: {len(over)}\n")
    assert "Not in force on 2026-11-30" in shown
    assert "No plan in force is recorded of" not in shown


def test_what_is_in_force_is_listed_by_tier_with_its_bounds(napgraph: Run) -> None:
    done = napgraph("in-force", "--on", "2026-11-30")
    assert done.returncode == 0, done.stderr
    sure, _, rest = done.stdout.partition("Possibly in force on 2026-11-30\n")
    assert (
        "NOR Norway\n    Nasjonal strategi mot menneskehandel (2025-2030) (nor/strategy-2025-2030): 2025 to 2030"
        in sure
    )
    assert "Modern Slavery Strategy (gbr/strategy-2014): from 2014-11-01 on, the day of an act; no end" in rest
    assert "Possibly in force on 2026-11-30 · Regional bodies\n  OSCE" in rest
    assert "Possibly in force on 2026-11-30 · Parts of states\n  GBR-SCT Scotland" in rest
    assert "DNK (the last known: 2022 to 2025)" in " ".join(rest.split())


def test_today_is_the_default(napgraph: Run, kg: KnowledgeGraph) -> None:
    from datetime import date

    assert kg.in_force().day == date.today().isoformat()
    assert napgraph("in-force", "-c", "NOR").stdout.startswith(date.today().isoformat())
    wrong = napgraph("in-force", "--on", "2026-02-30")
    assert wrong.returncode == 2
    assert "2026-02-30" in wrong.stderr


def test_a_plan_without_an_end_gives_way_to_the_next_of_its_line(kg: KnowledgeGraph) -> None:
    answers = {
        str(row["document"]): row["answer"] for row in kg.in_force(on="2026-11-30", country=["GBR", "JPN"]).table()
    }
    assert answers["gbr/strategy-2014"] == answers["jpn/plan-2022"] == "possible"
    assert {answers[each] for each in ("gbr/action-plan", "gbr/strategy-2011", "jpn/plan-2014")} == {"no"}
    before = {str(row["document"]): row["answer"] for row in kg.in_force(on="2012-01-01", country=["GBR"]).table()}
    assert before == {"gbr/action-plan": "no", "gbr/strategy-2011": "possible", "gbr/strategy-2014": "no"}


def test_a_lens_of_sources_holds_for_drafts_and_neighbours_too(kg: KnowledgeGraph) -> None:
    asked = {"country": ["LVA", "NOR"], "answer": ["yes", "possible", "no"], "basis": ["period", "act"]}
    answers = []
    for lens in ({}, {"source": "own-text"}):
        rows = kg.query("in-force", date="2015-11-30", **asked, **lens)
        answers.append({short(row["document"]): row["answer"] for row in rows})
    # The text as adopted does not make it a draft; a copy elsewhere is of a draft.
    assert [each["lva/guidelines-2014-2020"] for each in answers] == ["possible", "yes"]
    assert answers[1].keys() < answers[0].keys()


def test_each_row_leads_to_a_passage(kg: KnowledgeGraph) -> None:
    for table in (kg.in_force(on="2010-01-01").table(), kg.results("USA").table(), kg.contradictions().table()):
        assert len(table) > 9
        assert all(row["evidence"] and row["where"] for row in table)
        assert {column.name for column in table.columns if not column.words} == set()


def test_the_lens_of_sources_and_tiers(kg: KnowledgeGraph, napgraph: Run) -> None:
    lens: dict[str, Any] = {"source": "unodc-toolkit-2008"}
    told = kg.in_force(on="2006-07-01", **lens).table()
    periods = {row["country"] for row in told if row["answer"] == "yes"}
    assert periods == {"ALB", "ARM", "BIH", "HRV", "NOR", "VNM"}  # as worked out by hand in test_lenses.py
    assert {row["country"] for row in kg.in_force(tier="state").table()} == {"GBR-SCT"}
    assert kg.history("NOR", **lens).alone == ["https://w3id.org/napgraph/id/nor/plan-2006-2009"]
    assert {row["document"] for row in kg.actions("NOR", **lens).table()} <= {"nor/plan-2006-2009"}
    asking: tuple[Any, ...] = (kg.in_force, kg.results, kg.contradictions)
    for asked in asking:
        every, some, shown = (
            [(row["document"], row["evidence"], row.get("value")) for row in asked(**given).table()]
            for given in ({}, {"source": "first-hand"}, {"extent": "bare-mention"})
        )
        assert 0 < len(some) < len(every)
        assert shown == every
    seen = kg.query("readings-seen", lens="https://w3id.org/napgraph/source-kind/first-hand")
    pairs = {(short(row["document"]), row["source"]) for row in seen}
    assert {(row["document"], row["source"]) for row in kg.contradictions(source="first-hand").table()} <= pairs
    assert "as told by unodc-toolkit-2008" in napgraph("in-force", "--source", lens["source"]).stdout
    assert napgraph("contradictions", "--source", "own-tex").returncode == 2
    yearly = ("compare", "pillars", "--by", "year", "--from", "2006", "--to", "2006", "--concept", "prevention")
    (row,) = rows(napgraph(*yearly, "--source", lens["source"], "--format", "csv").stdout)
    held = kg.query("in-force", date="2006-06-01", span="year", basis=["period", "act"], **lens)
    assert int(row["plans"]) == len({each["document"] for each in held})


# ------------------------------------------------------------------------------------------ by year


def test_shares_are_what_is_counted_from_the_rows_of_the_axis(kg: KnowledgeGraph) -> None:
    """Counted again from the axis, which has the wording, in place of the sums that the comparison reads."""
    stating = {
        str(row["document"])
        for row in kg.query("pillars", tier="national")
        if str(row["concept"]).endswith("/demand-reduction")
    }
    found = kg.shares("pillars", first=YEARS[0], last=YEARS[-1], concept=["demand-reduction"])
    assert [row["year"] for row in found.shares] == list(YEARS)
    for row in found.shares:
        day = f"{row['year']}-06-01"
        answers: dict[str, set[str]] = {}
        for each in kg.query("in-force", date=day, span="year", basis=["period", "act"]):
            answers.setdefault(str(each["document"]), set()).add(str(each["answer"]))
        sure = {document for document, given in answers.items() if "yes" in given}
        assert (row["plans"], row["possible"]) == (len(answers), len(answers) - len(sure))
        assert row["stating"] == len(stating & answers.keys())
        least = len(sure) + len(answers.keys() - sure - stating)
        assert row["lower"] == round(len(stating & sure) / least, 4)
        assert row["upper"] == 1  # no plan was read in full as yet, or the next test would have to hold here too
    assert found.shares[0]["stating"] == 1  # Norway's plan of 2003, whose second aim is less demand
    assert (
        kg.shares("pillars", concept=["demand-reduction"], country=["NOR"], first=2003, last=2003).shares[0]["lower"]
        == 1
    )


def test_a_full_text_bounds_the_share_from_above(invented: KnowledgeGraph) -> None:
    found = invented.shares("pillars", country=["XAA", "XAB"], first=2025, last=2027)
    by_cell = {(str(row["concept"]), row["year"]): row for row in found.shares}
    for (concept, _), row in by_cell.items():
        assert row["full"] == row["plans"], concept
        assert row["lower"] == row["upper"] == round(float(str(row["stating"])) / float(str(row["plans"])), 4)
    assert {row["upper"] for row in found.shares} - {0, 1}


def test_shares_on_the_command_line(napgraph: Run) -> None:
    command = ("compare", "pillars", "--by", "year", "--concept", "Demand reduction", "--from", "2003", "--to", "2025")
    shown = napgraph(*command)
    assert shown.returncode == 0, shown.stderr
    assert sum(line.strip()[:4].isdecimal() for line in shown.stdout.splitlines()) == len(YEARS)
    table = rows(napgraph(*command, "--format", "csv").stdout)
    assert [row["year"] for row in table] == [str(year) for year in YEARS]
    assert len(json.loads(napgraph(*command, "--format", "json").stdout)["rows"]) == len(YEARS)
    for wrong, words in (
        ((*command, "--in-force", "2010-01-01"), "every year"),
        (("compare", "pillars", "--from", "2003"), "--by year"),
        (("compare", "pillars", "--by", "year", "--from", "2009", "--to", "2003"), "2009"),
        (("compare", "pillars", "--concept", "demand-reducton"), "demand-reduction"),
    ):
        done = napgraph(*wrong)
        assert done.returncode == 2
        assert words in done.stderr


# ------------------------------------------------------------------------------------------ history


def test_nothing_is_dropped_from_an_excerpt(kg: KnowledgeGraph) -> None:
    for axis in ("pillars", "groups", "forms", "measures"):
        found = kg.history("NOR", axis=axis)
        assert [short(iri) for iri in found.lines[0]] == [
            *("nor/plan-2003", "nor/plan-2006-2009", "nor/plan-2011-2014", "nor/plan-2016", "nor/strategy-2025-2030")
        ]
        changes = {row["change"] for row in found.table()}
        assert changes <= {"first", "kept", "added or kept", "dropped or kept"}
        assert "kept" in changes or axis != "pillars"


def test_what_the_plans_of_norway_have_in_common(kg: KnowledgeGraph, napgraph: Run) -> None:
    found = kg.history("Norway")
    common = found.common(found.lines[0])
    assert set(common[5]) >= {"Prevention", "Victim assistance", "Prosecution"}
    assert "Demand reduction" in common[3]  # 2003, 2006 and 2025 name it; of 2011 and 2016 only openings were read
    shown = napgraph("history", "NOR").stdout
    assert f"All 5 editions name: {'; '.join(common[5])}" in " ".join(shown.split())


def test_a_full_text_drops_and_adds(invented: KnowledgeGraph, napgraph: Run, world: Path) -> None:
    found = invented.history("XAB")
    (line,) = found.lines
    assert [short(iri) for iri in line] == ["xab/strategy-2018-2022", "xab/strategy-2023-2027"]
    changes = found.changes(line[0], line[1])
    assert changes["dropped"] == ["Awareness-raising"]
    said = {
        (str(row["document"]), str(row["concept"]))
        for row in invented.query("pillars", country="XAB")
        if str(row["value"]).endswith(("/described", "/mentioned"))
    }
    for concept in found.concepts:
        told = ((line[0], concept.iri) in said, (line[1], concept.iri) in said)
        name = {(True, True): "kept", (False, True): "added", (True, False): "dropped"}.get(told)
        assert found.change(line[0], line[1], concept) == name
        back = {"added": "dropped", "dropped": "added"}
        assert found.change(line[1], line[0], concept) == back.get(str(name), name)
    shown = napgraph("--root", str(world), "history", "XAB").stdout
    assert f"- {'; '.join(changes['dropped'])}" in " ".join(shown.split())
    assert [short(iri) for iri in found.alone] == ["xab/plan-2024-2025"]


# ------------------------------------------------------------------------------------------ results, actions


def test_results_stand_beside_what_they_concern(kg: KnowledgeGraph, napgraph: Run) -> None:
    table = kg.results("gbr-sct/strategy-2017").table()
    referred = {row["date"]: row["value"] for row in table if row["concerns"] == "gbr-sct/strategy-2017/indicator-1"}
    assert referred == {"2017": 207, "2018": 228, "2019": 512, "2020": 387}
    assert {row["document"] for row in table} == {"gbr-sct/strategy-2017"}
    done = napgraph("results", "LVA")
    text = " ".join(done.stdout.split())
    assert "(lva/plan-2025-2027) no report among the sources" in text
    assert "result: 22 of 31 actions completed (22 actions) · lva/report-2021-2023" in text
    assert napgraph("results", "KEN").returncode == 2
    assert napgraph("results", "nor/no-such-plan").returncode == 2


def test_every_plan_has_a_row_of_results(kg: KnowledgeGraph) -> None:
    plans = {str(row["document"]) for row in kg.query("plan-lines", tier=sorted(kg.codes("tier")))}
    told = kg.query("results", tier=sorted(kg.codes("tier"))).rows()
    assert plans <= {str(row["document"]) for row in told}
    without = {str(row["document"]) for row in told if row["kind"] == "none"}
    assert without.isdisjoint(str(row["document"]) for row in told if row["kind"] != "none")


def test_who_leads_in_latvia_s_plan_and_by_when(napgraph: Run) -> None:
    done = napgraph("actions", "lva/plan-2025-2027")
    text = " ".join(done.stdout.split())
    assert "Training of prosecutors* leads: Tieslietu akadēmija; LR Prokuratūra is due: 2027-12-31" in text
    assert "Criminal Law changed for Directive (EU) 2024/1712* leads: Ministry of Justice" in text
    assert text.count("is due:") == 23
    assert "not stated" in napgraph("actions", "lva/plan-2025-2027", "--all").stdout
    table = napgraph("actions", "lva/plan-2025-2027", "--format", "csv").stdout
    numbers = [row["activity"].rpartition("/")[2] for row in csv.DictReader(io.StringIO(table))]
    assert numbers.index("activity-2") < numbers.index("activity-3-1") < numbers.index("activity-10")


def test_a_goal_without_a_shared_concept_is_shown(napgraph: Run) -> None:
    text = " ".join(napgraph("show", "AUS").stdout.split())
    assert "Phrases without a shared concept: A future in which no one is in modern slavery* (3)" in text


# ------------------------------------------------------------------------------------------ contradictions


def test_known_contradictions_are_found(kg: KnowledgeGraph) -> None:
    said: dict[tuple[str, str], set[str]] = {}
    for row in kg.contradictions().table():
        said.setdefault((str(row["document"]), str(row["fact"])), set()).add(str(row["value"]))
    assert said["nor/plan-2003", "sum"] == {"10300000 EUR", "1300000 EUR"}
    assert said["nor/plan-2006-2009", "count"] == {"16", "18", "37"}
    assert said["nor/plan-2006-2009", "date"] == {"2007-12"}
    assert said["gbr/action-plan", "count"] == {"62", "85", "38"}
    assert said["arg/plan-2018-2020", "date"] == {"2016-06-17", "2018-08"}
    assert said["ecowas/plan-2002-2003", "date"] == {"2001-12", "2002"}
    assert said["khm/plan-2014-2018", "length"] == {"P4Y", "2014 to 2018"}
    assert said["hrv/plan-until-2030", "status"] == {"Adopted", "Draft"}
    assert ("usa/plan-2021", "count") not in said  # 61, and over 60
    for (document, fact), values in said.items():
        assert len(values) > 1 or {"date", "start"} <= {other for each, other in said if each == document}, (
            document,
            fact,
        )


def test_contradictions_are_shown_with_their_addresses(napgraph: Run) -> None:
    text = "".join(napgraph("contradictions", "NOR").stdout.split())
    assert "1300000EUR" in text
    assert "[https://www.childrenatrisk.eu/blog/" in text
    assert "Nothingofthekindisrecorded." in "".join(napgraph("contradictions", "NLD").stdout.split())


# ------------------------------------------------------------------------------------------ regions


def test_a_region_stands_for_its_countries(kg: KnowledgeGraph, napgraph: Run) -> None:
    north = {each.value.rpartition("/")[2] for each in kg.meant("jurisdiction", "northern europe")}
    assert {"nor", "dnk", "lva", "gbr"} <= north
    assert not {"gbr-sct", "rou", "eu"} & north
    for name in ("Europe", "150", "EUROPA"):
        assert {str(row["country"]).rpartition("/")[2] for row in kg.query("levels-and-statuses", country=name)} > {
            "nor",
            "rou",
        }
    assert [each.value for each in kg.meant("jurisdiction", "Norway")] == [kg.resolve("jurisdiction", "NOR").value]
    done = napgraph("compare", "forms", "-c", "Europe", "--concept", "forced labour")
    assert done.returncode == 0
    assert done.stderr == ""
    assert "Agencies work together to find trafficking for forced labour* → Forced labour" in done.stdout
    assert napgraph("compare", "forms", "-c", "Melanesia").returncode == 2
    with pytest.raises(UnknownNameError):
        kg.query("levels-and-statuses", country="Europpe")
    with pytest.raises(ParameterError):
        kg.in_force(on="yesterday")


def test_plans_that_name_survivors(napgraph: Run) -> None:
    found = rows(napgraph("query", "naming", "--set", "word=Survivor", "--format", "csv").stdout)
    plans = {short(row["document"]) for row in found}
    assert {"usa/plan-2020", "usa/plan-2021", "bgd/plan-2012-2014", "khm/plan-2024-2028", "alb/plan-2021-2023"} <= plans
    assert {short(row["document"]) for row in found if row["by"] == "wording"} == plans - {"alb/plan-2021-2023"}
