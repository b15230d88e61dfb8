"""Similarity, gaps, differences and bodies by role, each held against an answer that was worked out by hand."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest

from napgraph import KnowledgeGraph
from napgraph.compare.analysis import View
from napgraph.compare.lists import completeness
from napgraph.compare.pairs import Pair, Similarity
from napgraph.errors import ParameterError, UnknownNameError
from napgraph.tables.columns import described

from .conftest import ROOT, Run, write_world

TOOLKIT = "unodc-toolkit-2008"
"""The source of which these answers were worked out by hand, where others speak of the same plans."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    """The bundled data and the invented countries; Ambervale (xda), whose plan says what it leaves open, is added."""
    folder = write_world(tmp_path_factory.mktemp("analyses"))
    shutil.copy(ROOT / "tests" / "awkward" / "not-stated.ttl", folder / "data" / "jurisdictions" / "xda.ttl")
    return KnowledgeGraph.load(folder)


def pair_of(found: Similarity, *names: str) -> Pair:
    """Return the pair of two short names or codes, in either order."""
    (pair,) = [each for each in found.pairs if {each.a, each.b} == {*names}]
    return pair


def test_similarity_of_principles(kg: KnowledgeGraph) -> None:
    # Bosnia and Herzegovina's plan names seven concepts in six principles: human rights, participation, clear roles,
    # interdisciplinary cooperation, non-discrimination, civil society, sustainability. Kosovo's plan names six in five:
    # government ownership, civil society, human rights, interdisciplinary cooperation, evaluation, sustainability.
    # Shared: human rights, interdisciplinary cooperation, civil society, sustainability = 4. Union: 7 + 6 - 4 = 9.
    pair = pair_of(kg.similarity("principles", match="close"), "bih/state-plan-2005-2007", "xkx/action-plan")
    assert pair.value == round(4 / 9, 4)
    assert pair.shared == [
        "Civil society participation",
        "Human-rights-based approach",
        "Interdisciplinary cooperation",
        "Sustainability",
    ]
    assert pair.only_a == ["Clear roles", "Non-discrimination", "Participation"]
    assert pair.only_b == ["Evaluation", "Government ownership"]
    # Exactly said are in Bosnia's: interdisciplinary cooperation, non-discrimination, civil society, sustainability;
    # in Kosovo's: government ownership, civil society. Shared: civil society. Union: 4 + 2 - 1 = 5.
    exact = pair_of(kg.similarity("principles", match="exact"), "xkx/action-plan", "bih/state-plan-2005-2007")
    assert (exact.value, exact.shared) == (0.2, ["Civil society participation"])


def test_what_cannot_be_compared_has_a_reason_and_no_value(kg: KnowledgeGraph) -> None:
    # The Dutch plan is only said to exist. The Croatian plan for children gives nine principles and says there are
    # more. Finland's "human rights principles" is close, not exact. Nobody looked for principles of no plan.
    found = kg.similarity("principles", match="exact")
    for name, reason in (
        ("nld/action-plan", "its source does not say what its principles are"),
        ("hrv/children-plan-2005-2007", "its source shows only a part of its principles"),
        ("fin/action-plan", "none of its principles is matched exactly"),
    ):
        pair = pair_of(found, "bih/state-plan-2005-2007", name)
        assert (pair.value, pair.reason) == (None, f"{name}: {reason}")
    for row in found.table():
        assert (row["similarity"] is None) == (row["reason"] is not None) == (not row["comparable"])


def test_similarity_by_country(kg: KnowledgeGraph) -> None:
    # Australia's four pillars are mapped to five themes, below protection and prosecution; Denmark's four to six:
    # detection and investigation, victim assistance, demand, awareness-raising, prevention, international cooperation,
    # below prosecution, protection and partnership. Shared: detection and investigation, prosecution, protection,
    # victim assistance, prevention = 5. Union: 7 + 9 - 5 = 11.
    found = kg.similarity("pillars", by="country", country=["AUS", "DNK", "NLD"], source=TOOLKIT)
    assert pair_of(found, "AUS", "DNK").value == round(5 / 11, 4)
    assert len(found.pairs) == 3  # the Netherlands stay visible
    silent = pair_of(found, "AUS", "NLD")
    assert silent.value is None
    assert "does not say" in silent.reason


@pytest.mark.slow
@pytest.mark.parametrize("axis", ["pillars", "principles"])
@pytest.mark.parametrize("match", ["exact", "close", "broad"])
def test_alike_is_what_the_comparison_shows_of_both(kg: KnowledgeGraph, axis: str, match: str) -> None:
    compared = kg.compare(axis, match=match, by="document")
    labels = {concept.code: concept.label for concept in compared.concepts if concept.code != "no-shared-concept"}
    for pair in kg.similarity(axis, match=match).pairs:
        a, b = (
            {labels[code] for code in labels if compared.value(key, code).name == "stated"} for key in (pair.a, pair.b)
        )
        assert (pair.shared, pair.only_a, pair.only_b) == (sorted(a & b), sorted(a - b), sorted(b - a))


def test_parts_of_prosecution_are_alike_in_prosecution(kg: KnowledgeGraph) -> None:
    # Australia names detection and criminal prosecution, Kosovo law enforcement and the accountability of officials;
    # assistance to victims and their protection are both below protection. 7 themes each with those above, 2 shared.
    pair = pair_of(kg.similarity("pillars"), "aus/action-plan", "xkx/strategy-and-commitment")
    assert (pair.value, pair.shared) == (round(2 / 12, 4), ["Prosecution", "Protection and assistance of victims"])


def test_every_similarity_is_made_from_its_evidence(kg: KnowledgeGraph) -> None:
    found = kg.similarity("pillars", match="close")
    named: dict[str, set[object]] = {}
    for row in found.evidence():
        assert row["evidence"]
        assert row["where"]
        concepts = named.setdefault(str(row["document"]), set())
        concepts |= {row["label"]} - {None}
    for pair in found.pairs:
        assert set(pair.shared) == named[pair.a] & named[pair.b]
        if pair.value is not None:
            assert pair.value == round(len(named[pair.a] & named[pair.b]) / len(named[pair.a] | named[pair.b]), 4)


def interval(kg: KnowledgeGraph, document: str, kind: str, question: str) -> tuple[object, ...]:
    (row,) = (
        row for row in kg.gaps().rows() if (row["document"], row["kind"], row["question"]) == (document, kind, question)
    )
    return tuple(row[name] for name in ("elements", "with_it", "stated_absent", "silent", "lower", "upper"))


def test_saved_counts_are_made_from_what_stands_behind_them(kg: KnowledgeGraph) -> None:
    found = kg.query("similarity-of-plans", least=1, strictness="exact")
    exact: dict[object, set[object]] = {}
    for row in found.evidence():
        assert row["evidence"]
        if str(row["predicate_id"]).endswith("exactMatch"):
            exact.setdefault(str(row["subject_id"]).rpartition("/")[0], set()).add(row["object_id"])
    for row in found:
        a, b = exact[row["document"]], exact[row["other"]]
        assert (row["shared"], row["union"]) == (len(a & b), len(a | b))
    assert {row["country"] for row in kg.query("completeness", country="NOR").evidence().table()} == {"NOR"}
    with pytest.raises(ParameterError, match="a column called evidence"):
        kg.query("jurisdictions").evidence()


def test_silence_leads_to_what_was_read(kg: KnowledgeGraph) -> None:
    # Australia names four pillars, all in paragraph 1; demand is not among them. Of the Dutch plan one paragraph tells.
    found = kg.compare("pillars", country=["AUS", "NLD"], source=TOOLKIT)
    silent = [(row["country"], row["value"], row["where"]) for row in found.evidence() if row["concept"] is None]
    words = "the source does not say"
    assert silent == [("AUS", words, "Australia, paragraph 1"), ("NLD", words, "Netherlands, paragraph 1")]
    cells = list(found.cells(every=True))
    places = {(row["country"], row["concept"]): row["where"] for row in cells}
    assert places["AUS", "demand-reduction"] == "Australia, paragraph 1"
    assert places["AUS", "criminal-prosecution"] == "Australia, paragraph 1, item 3"
    # What came on the list after the source was read has no place.
    later = {str(row["concept"]).rpartition("/")[2] for row in kg.query("later-concepts", axis="pillars")}
    assert later >= {row["concept"] for row in cells if not row["where"]}
    assert all(bool(row["where"]) == (row["value"] != "not-assessed") for row in cells)
    assert all(row["where"] for table in (kg.gaps().table(), completeness(kg, View(kg))) for row in table)


@pytest.mark.slow
def test_gaps_of_a_plan_read_in_full(world: KnowledgeGraph) -> None:
    # Samplia's work plan has five activities (the sixth is a part). A body is named for 1, 3 and 5. Money and an
    # indicator has 1 alone. A time have 1 and 2; for 5 it is not applicable, so four are counted.
    plan = "xab/plan-2024-2025"
    assert interval(world, plan, "activity", "body") == (5, 3, 2, 0, 0.6, 0.6)
    assert interval(world, plan, "activity", "money") == (5, 1, 4, 0, 0.2, 0.2)
    assert interval(world, plan, "activity", "indicator") == (5, 1, 4, 0, 0.2, 0.2)
    assert interval(world, plan, "activity", "timeline") == (4, 2, 2, 0, 0.5, 0.5)
    # Nobody looked for an indicator of its own goal: anything between none and all.
    assert interval(world, plan, "strategic goal", "indicator") == (1, 0, 0, 1, 0.0, 1.0)
    # The strategy of 2018 has three goals, two with an indicator; no plan that carries it out is recorded.
    old = "xab/strategy-2018-2022"
    assert interval(world, old, "strategic goal", "indicator") == (3, 2, 1, 0, round(2 / 3, 4), round(2 / 3, 4))
    assert interval(world, old, "strategic goal", "activity") == (3, 0, 0, 3, 0.0, 1.0)
    # Exemplia's plan is complete but for the money of one activity of eight.
    assert interval(world, "xaa/plan-2027-2028", "activity", "money") == (8, 7, 1, 0, 0.875, 0.875)


def test_what_a_plan_is_said_to_leave_open_is_absent(world: KnowledgeGraph) -> None:
    # Ambervale's plan: activity 1 has an indicator and states neither body nor time; activity 2 has both and no
    # indicator. No sum is tied to either. The one objective is served by activity 1 and states no indicator.
    assert interval(world, "xda/plan", "activity", "body") == (2, 1, 1, 0, 0.5, 0.5)
    assert interval(world, "xda/plan", "activity", "timeline") == (2, 1, 1, 0, 0.5, 0.5)
    assert interval(world, "xda/plan", "activity", "money") == (2, 0, 2, 0, 0.0, 0.0)
    assert interval(world, "xda/plan", "specific objective", "activity") == (1, 1, 0, 0, 1.0, 1.0)
    assert interval(world, "xda/plan", "specific objective", "indicator") == (1, 0, 1, 0, 0.0, 0.0)


def test_short_sources_lack_nothing(kg: KnowledgeGraph) -> None:
    rows = kg.gaps(source=TOOLKIT).rows()
    assert {row["stated_absent"] for row in rows} == {0}
    assert {row["upper"] for row in rows} == {1.0, None}
    assert len({row["country"] for row in rows}) == 22  # all stay visible
    assert all((row["lower"] is None) == (row["elements"] == 0) for row in rows)


def test_gaps_are_counted_from_their_evidence(world: KnowledgeGraph) -> None:
    told: dict[tuple[object, ...], set[object]] = {}
    for row in world.gaps(country=["XAB"]).evidence():
        assert row["evidence"]
        if row["answer"] == "stated":
            told.setdefault((row["document"], row["kind"], row["question"]), set()).add(row["element"])
    for row in world.gaps(country=["XAB"]).rows():
        assert row["with_it"] == len(told.get((row["document"], row["kind"], row["question"]), ()))


def test_a_later_version(world: KnowledgeGraph) -> None:
    # From Samplia's strategy of 2018 to that of 2023: both read in full. Goal 1 is the same in the same words, goal 2
    # a revision in other words, "Workers abroad" has no successor, "Children at risk" no forerunner. The objectives
    # share neither words nor a theme. Neither has a measure or a priority.
    found = world.diff("xab/strategy-2018-2022", "xab/strategy-2023-2027")
    assert [(row["kind"], row["change"], row["a_phrase"], row["b_phrase"]) for row in found.table()] == [
        ("pillar", "kept", "Protection", "Protection"),
        ("pillar", "kept", "Prosecution", "Prosecution"),
        ("pillar", "added", None, "Prevention"),
        ("principle", "kept", "Non-discrimination", "Non-discrimination"),
        ("principle", "added", None, "Best interests of the child"),
        ("goal", "kept", "Victims are found early", "Victims are found early"),
        ("goal", "reworded", "Courts try traffickers without delay", "Courts try traffickers within two years"),
        ("goal", "dropped", "Workers abroad know their rights", None),
        ("goal", "added", None, "Children at risk stay in school"),
        ("objective", "dropped", "Guidance for border guards by 2020", None),
        ("objective", "added", None, "A contact teacher in every school by 2026"),
        ("measure", "none in a", None, None),
        ("measure", "none in b", None, None),
        ("priority", "none in a", None, None),
        ("priority", "none in b", None, None),
    ]
    assert {row["phrase"] for row in found.evidence()} >= {"Prevention", "Workers abroad know their rights"}


def test_between_two_jurisdictions_silence_is_not_dropping(kg: KnowledgeGraph) -> None:
    # Four of Bosnia's principles are in Kosovo's too, each in its own words; of the rest a summary tells nothing.
    found = kg.diff("BIH/state-plan", "https://w3id.org/napgraph/id/xkx/action-plan")
    principles = [change.change for change in found.changes if change.kind == "principle"]
    assert principles == ["shared"] * 4 + ["only shown in a"] * 2 + ["only shown in b"]
    assert not {change.change for change in found.changes} & {"dropped", "added"}


def test_a_document_by_name(kg: KnowledgeGraph) -> None:
    assert kg.diff("OSCE", "nor/plan-2006").b.endswith("/nor/plan-2006-2009")
    with pytest.raises(UnknownNameError, match="nor/plan-2006-2009"):
        kg.diff("nor/plan-206", "OSCE")
    with pytest.raises(ParameterError, match="Several documents"):
        kg.diff("HRV", "OSCE")
    with pytest.raises(ParameterError, match="name two documents"):
        kg.diff("nld/action", "nld/action-plan")


def test_bodies_by_role(world: KnowledgeGraph) -> None:
    # Exemplia's plan: the Coordinator leads activity 1, the Ministry of Labour 2 and 3, Interior 4, Justice 5 to 7, the
    # Statistical Office 8; the shelters answer for hiring (1-1) without a role; the Coordinator monitors.
    rows = [row for row in world.network(country=["XAA"]).rows() if row["document"] == "xaa/plan-2027-2028"]
    leads = sorted(str(row["body_name"]).removesuffix(" of Exemplia") for row in rows if row["role"] == "leads")
    justice, labour = ["Ministry of Justice"] * 3, ["Ministry of Labour"] * 2
    assert leads == [*justice, *labour, "Ministry of the Interior", "National Coordinator", "Statistical Office"]
    assert [row["body_name"] for row in rows if row["role"] == "answers for"] == ["Network of Shelters of Exemplia"]
    assert [row["body_name"] for row in rows if row["role"] == "monitors"] == ["National Coordinator of Exemplia"]
    assert all(row["evidence"] and row["where"] for row in rows)


def test_a_kind_of_body_has_no_name(kg: KnowledgeGraph) -> None:
    # Brazil's decree: "after extensive public consultation".
    (row,) = (row for row in kg.network(country=["BRA"], source=TOOLKIT).rows() if row["role"] == "is consulted")
    assert (row["body"], row["body_name"], row["body_class"]) == (None, None, "General public")


@pytest.mark.slow
def test_the_commands(napgraph: Run, tmp_path: Path) -> None:
    for command, words in (
        (["similarity", "principles", "--match", "close"], "0.44  4 of 9  bih/state-plan-2005-2007 · xkx/action-plan"),
        (["gaps", "-c", "FIN", "--source", TOOLKIT], "(fin/action-plan): activity: 3"),
        (["diff", "bih/state", "xkx/action-plan"], "> Government ownership"),
        (["network", "-c", "BRA", "--source", TOOLKIT], "is consulted: [General public]"),
    ):
        shown = napgraph(*command)
        assert (shown.returncode, shown.stderr) == (0, "")
        assert words in shown.stdout
        assert max(map(len, shown.stdout.splitlines())) <= 100
        assert "missing" not in shown.stdout
        told = list(csv.DictReader(io.StringIO(napgraph(*command, "--evidence", "--format", "csv").stdout)))
        assert all(row["evidence"] and row["where"] for row in told)
        assert json.loads(napgraph(*command, "--format", "json").stdout)
    path = tmp_path / "bodies.csv"
    assert napgraph("network", "-o", str(path)).returncode == 0
    assert path.read_text(encoding="utf-8").startswith("country,document,")
    wrong = napgraph("similarity", "pilars")
    assert wrong.returncode == 2
    assert "Did you mean pillars" in wrong.stderr


def test_columns_are_described(kg: KnowledgeGraph) -> None:
    tables = [kg.similarity("pillars").table(), kg.gaps().table(), kg.network().table()]
    found = kg.diff("nld/action-plan", "nor/plan-2006")
    tables += [found.table(), found.evidence(), kg.gaps().evidence()]
    for table in tables:
        assert all(column.words for column in described(kg.root, table.names)), table
