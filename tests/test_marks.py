"""What the source prints is told from our summaries in every output, by one mark."""

from __future__ import annotations

import pytest

from napgraph import KnowledgeGraph
from napgraph.tables.origins import MARKS, MEANINGS, key, marked

from .conftest import ROOT, Run
from .test_action_sheet import written

OURS = f"{MARKS['ours']} {MEANINGS['ours']}"
TOOLKIT = "unodc-toolkit-2008"
PLAN = "nor/plan-2006-2009"
TITLE = f"Norway: action plan against trafficking, 2006-2009{MARKS['ours']}"


def test_a_printed_name_has_no_mark() -> None:
    assert [marked("Plan", origin) for origin in ("printed", "ours", "none", None)] == [
        "Plan",
        "Plan*",
        "Plan°",
        "Plan",
    ]
    assert key(["printed", None], "en") == []
    assert key(["none", "ours", "ours"], "en") == [OURS, f"{MARKS['none']} {MEANINGS['none']}"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [
        ("compare", "pillars", "-c", "NOR", "-c", "DNK"),
        ("compare", "pillars", "-c", "NOR", "--evidence"),
        ("compare", "pillars", "-c", "NOR", "-c", "DNK", "--by", "document"),
        ("show", "NOR"),
        ("network", "-c", "NOR"),
        ("gaps", "-c", "NOR"),
        ("timeline", "-c", "NOR", "--evidence"),
        ("diff", "nor/plan-2006-2009", "dnk/action-plan-2007-2010"),
    ],
    ids=" ".join,
)
def test_our_titles_are_marked_on_the_screen(command: tuple[str, ...], napgraph: Run) -> None:
    done = napgraph(*command, "--source", TOOLKIT)
    assert done.returncode == 0, done.stderr
    assert TITLE in " ".join(done.stdout.split())
    assert OURS in done.stdout
    assert "2007-2010*" not in done.stdout


def test_tables_say_where_each_name_comes_from(kg: KnowledgeGraph) -> None:
    title = {
        str(row["document"])[-9:]: row["origin"]
        for row in kg.query("documents", country=["NOR", "DNK"], source=TOOLKIT)
    }
    assert title == {"2006-2009": "ours", "2007-2010": "printed", "tion-plan": "ours"}
    evidence = kg.compare("pillars", country=["DNK"], source=[TOOLKIT]).evidence().rows
    assert {row["origin"] for row in evidence if row["phrase"]} == {"printed"}
    assert {row["title_origin"] for row in evidence} == {"ours", "printed"}
    for name in ("gaps", "network", "timeline"):
        table = getattr(kg, name)(country=["NOR"], source=[TOOLKIT]).table()
        assert {row["title_origin"] for row in table.rows} == {"ours"}, name
        assert "our summary" in str(dict(next(each.codes for each in table.columns if each.name == "title_origin")))


@pytest.mark.slow
def test_every_query_with_a_wording_says_where_it_comes_from(kg: KnowledgeGraph) -> None:
    asked = [query for query in kg.queries if query.folder not in {"lookup", "check", "build", "describe"}]
    worded = [query for query in asked if {"title", "phrase", "subject_label"} & set(query.columns)]
    assert len(worded) > 30
    for query in worded:
        assert "origin" in query.columns, query.name
        given = [row for row in kg.query(query.name) if any(row.get(name) for name in ("phrase", "subject_label"))]
        assert {row["origin"] for row in given} <= {"printed", "ours", "none", None}, query.name


def test_notes_and_terms_are_ours_among_the_statements(kg: KnowledgeGraph) -> None:
    rows = [row for row in kg.statements(country=["NOR"], source=TOOLKIT).table() if row["document"] == PLAN]
    said = {(row["property"], row["origin"]) for row in rows}
    assert {("note", "ours"), ("has condition", "ours"), ("has source verb", "printed")} <= said
    assert all(row["origin"] == "ours" for row in rows if row["property"] in {"note", "has condition"})
    assert {row["title_origin"] for row in rows} == {"ours"}
    nameless = [row for row in rows if row["origin"] == "none"]
    assert nameless
    assert {row["words"] for row in nameless} == {None}  # known by its kind alone


def test_documents_with_like_titles_are_told_apart(napgraph: Run) -> None:
    text = napgraph("timeline", "-c", "ISR", "-c", "BGD", "--source", TOOLKIT).stdout
    blocks = text.split("\nISR Israel\n")[1].split("\n\n")[0].splitlines()
    titles = [line for line in blocks if line.startswith("  ") and not line.startswith("   ")]
    assert len(titles) == 2
    facts = [line.strip() for line in blocks if line.startswith("    ")]
    assert len({fact.rpartition("; ")[2] for fact in facts}) == len(facts) == 2  # the short name of each document
    assert all(fact.rpartition("; ")[2].startswith("isr/") for fact in facts)
    shown = " ".join(text.split())
    assert "Established 2001; bgd/" in shown
    assert "Elaborated 2007; Dated 2007-04; isr/" in shown
    assert text.count("◆") >= 2 + 1  # and the legend


def test_each_mark_of_the_picture_has_its_act(kg: KnowledgeGraph) -> None:
    drawn = kg.timeline(country=["BGD"], source=[TOOLKIT]).chart().parts[0].decode()
    assert "Established 2001" in drawn
    rows = kg.timeline(country=["BGD"], source=[TOOLKIT]).table().rows
    assert [(row["what"], row["start"]) for row in rows] == [("Established", "2001")]


def test_words_of_change_are_for_a_succession_only(kg: KnowledgeGraph) -> None:
    # Neither country's plan follows the other, so nothing is kept, reworded, dropped or added.
    found = kg.diff("bih/state-plan-2005-2007", "xkx/action-plan")
    changes = {change.change for change in found.changes}
    assert not found.succession
    assert changes == {"shared", "only shown in a", "only shown in b", "not known of a", "not known of b"}
    unknown = {change.kind for change in found.changes if change.change == "not known of b"}
    assert unknown == {"pillar", "objective", "measure", "priority"}
    # Denmark's plan replaces the former one, of which no element is known.
    later = kg.diff("dnk/former-action-plan", "dnk/action-plan-2007-2010")
    assert later.succession
    assert {change.kind for change in later.changes if change.change == "not known of a"} >= {"pillar"}


def test_a_plan_that_was_read_in_full_has_none(tmp_path_factory: pytest.TempPathFactory) -> None:
    text = """
    <a> a nap:Strategy ; dcterms:title "A"@fr ; nap:jurisdiction jur:xaa ; nap:sourceExtent extent:full-text ;
      nap:examinedFor feature:content , feature:strategic , feature:operational , feature:good-plan ;
      dcterms:conformsTo profile:summary ; nap:evidence <source/p> ; nap:hasElement <a/p> .
    <a/p> a nap:Pillar ; skos:prefLabel "Protéger"@fr ; nap:aboutExactly theme:protection ; nap:evidence <source/p> .
    <b> a nap:Strategy ; dcterms:title "B"@fr ; nap:jurisdiction jur:xaa ; nap:sourceExtent extent:full-text ;
      nap:examinedFor feature:content , feature:strategic , feature:operational , feature:good-plan ;
      dcterms:conformsTo profile:summary ; nap:evidence <source/p> .
    <source> a nap:SourceDocument ; dcterms:title "A"@fr ; dcterms:language "fr" .
    <source/p> a nap:SourcePassage ; oa:hasSource <source> ; nap:paragraph 1 .
    """
    file = written(text, tmp_path_factory.mktemp("diff") / "two.ttl")
    found = KnowledgeGraph.load(ROOT, data=[str(file)]).diff("xaa/a", "xaa/b")
    pillars = [(change.change, change.a and change.a.phrase) for change in found.changes if change.kind == "pillar"]
    assert pillars == [("only in a", "Protéger"), ("none in b", None)]
