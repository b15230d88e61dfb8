"""The reader's language: names of concepts, places and sentences in French and Spanish, texts of plans as recorded."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from napgraph import KnowledgeGraph
from napgraph.cli.accept import outcome_text
from napgraph.cli.screens import cut, padded, wrapped
from napgraph.compare.matrix import axes
from napgraph.errors import UnknownNameError
from napgraph.project.language import LANGUAGES
from napgraph.submissions.accept import Acceptance
from napgraph.validation.policy import Document

from .conftest import ROOT, Run

DNK = ("● indiqué", "DNK Danemark")
TOOLKIT = ("--source", "unodc-toolkit-2008")
XAA = "tests/world/data/jurisdictions/xaa.ttl"


@pytest.fixture(scope="module", params=["fr", "es"])
def spoken(kg: KnowledgeGraph, request: pytest.FixtureRequest) -> KnowledgeGraph:
    return kg.speaking(request.param)


def test_names_of_concepts_are_those_of_the_language(kg: KnowledgeGraph) -> None:
    french, spanish = kg.speaking("fr"), kg.speaking("es")
    prevention = "https://w3id.org/napgraph/theme/prevention"
    assert [each.labels[prevention] for each in (kg, french, spanish)] == ["Prevention", "Prévention", "Prevención"]
    assert french.names["DNK"] == french.names_of(["DNK"])["DNK"] == "Danemark"
    assert french.labels_of([prevention])[prevention] == "Prévention"
    assert french.labels["https://w3id.org/napgraph/ont#Strategy"] == "stratégie"
    title = "https://w3id.org/napgraph/id/dnk/action-plan-2007-2010"
    assert french.labels[title] == kg.labels[title]


def test_a_language_without_sentences_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="There are: en, fr, es"):
        KnowledgeGraph.load(ROOT, lang="de")


@pytest.mark.slow
def test_an_analysis_has_the_same_cells_in_each_language(kg: KnowledgeGraph, spoken: KnowledgeGraph) -> None:
    for axis in axes(kg):
        ours, theirs = kg.compare(axis), spoken.compare(axis)
        assert [(each.code, each.depth) for each in theirs.concepts] == [(e.code, e.depth) for e in ours.concepts]
        assert not {each.label for each in theirs.concepts} <= {each.label for each in ours.concepts}
        for subject in ours.subjects:
            for concept in ours.concepts:
                value = theirs.value(subject.key, concept.code)
                assert value.name == ours.value(subject.key, concept.code).name
                assert value.words != ours.value(subject.key, concept.code).words
    assert [len(each.rows) for each in (spoken.timeline().table(), spoken.gaps().table())] == [
        len(each.rows) for each in (kg.timeline().table(), kg.gaps().table())
    ]


def test_places_and_labels_of_a_saved_query_are_in_the_language(kg: KnowledgeGraph) -> None:
    french = kg.speaking("fr")
    asked = {"country": ["DNK"]}
    english_rows, rows = kg.query("pillar-phrases", **asked).rows(), french.query("pillar-phrases", **asked).rows()
    assert [{**row, "label": ""} for row in rows] == [{**row, "label": ""} for row in english_rows]
    assert "Coopération internationale" in {row["label"] for row in rows}
    (place,) = {row["where"] for row in french.timeline(country=["DNK"], source=["unodc-toolkit-2008"]).table().rows}
    assert place == "Denmark, paragraphe 1"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("compare", "pillars", "-c", "DNK", *TOOLKIT), (*DNK, "Piliers · 1 juridiction, 2 documents")),
        (("compare", "pillars", "-c", "DNK"), (*DNK, "Piliers · 1 juridiction, 6 documents")),
        (("compare", "pillars", "-c", "DNK", "--evidence"), ("Prévention: indiqué", "paragraphe 1]")),
        (
            ("show", "NOR"),
            (
                "NOR Norvège · 5 plans",
                "Qui est responsable",
                "2003–2005",
                "23 mesures, dont 9 connues",
                "· la source ne le dit pas, dans tous les plans: ",
                "aucun rapport parmi les sources",
            ),
        ),
        (("overview",), ("Norvège", "dernier plan", "P Prévention", "◐ en partie ou mentionné")),
        (("history", "NOR"), ("Les 5 éditions nomment : Prévention",)),
        (("compare", "pillars", "--by", "region"), ("Europe septentrional", "Sensibilisation")),
        (
            ("statements", "-c", "NOR", "--format", "csv"),
            (
                "NOR,Norvège,",
                "porte sur",
                "Droit de séjour et délai de réflexion",
                'début,,,"2006"',
                'valeur,,,"100000000"',
            ),
        ),
        (("timeline", "-c", "DNK", "--evidence"), ("période 2007 à 2010", "début non indiqué")),
        (("timeline", "-c", "DNK"), ("━ période",)),
        (("gaps", "-c", "XAA", "--data", XAA), ("objectif stratégique", "organisme chargé")),
        (("similarity", "pillars", "-c", "AUS", "-c", "COL"), ("Ressemblance : piliers", "correspondance")),
        (("network", "-c", "XKX"), ('rédige ("drafting"): ',)),
        (
            ("diff", "bih/state-plan-2005-2007", "xkx/action-plan"),
            ("~ dans les deux, chacun dans ses mots", "principe"),
        ),
        (("query", "good-plan-features", "-c", "NOR", "--format", "csv"), ("Actions stratégiques",)),
    ],
)
def test_each_command_prints_in_french(napgraph: Run, command: tuple[str, ...], words: tuple[str, ...]) -> None:
    answer = napgraph(*command, "--lang", "fr")
    assert answer.returncode == 0, answer.stderr
    assert [each for each in words if each not in answer.stdout] == []
    assert "the source does not say" not in answer.stdout


@pytest.mark.slow
def test_bodies_and_their_roles_are_in_the_language_of_the_reader(napgraph: Run) -> None:
    asked = ("compare", "actors", "-c", "XAA", "--data", XAA, "--evidence", "--format", "json")
    english, french, spanish = (json.loads(napgraph(*asked, "--lang", each).stdout)["rows"] for each in LANGUAGES)
    told = ("role", "phrase", "label", "value", "where", "name")
    plain = [[{**row, **dict.fromkeys(told)} for row in rows] for rows in (english, french, spanish)]
    assert plain[0] == plain[1] == plain[2]
    roles = [{row["role"] for row in rows if row["role"]} for rows in (english, french, spanish)]
    assert "is assigned to" in roles[0]
    assert roles[0] & roles[1] == roles[0] & roles[2] == set()
    kinds = [{row["phrase"] for row in rows if row["role"] and not row["origin"]} for rows in (english, french)]
    assert kinds[0]
    assert kinds[1] <= {row["label"] for row in french}


@pytest.mark.slow
def test_a_sheet_of_actions_names_kinds_in_the_language_and_shows_no_address(napgraph: Run, tmp_path: Path) -> None:
    plan = tmp_path / "plan.ttl"
    plan.write_text(
        """@prefix nap: <https://w3id.org/napgraph/ont#> . @prefix dcterms: <http://purl.org/dc/terms/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix dcat: <http://www.w3.org/ns/dcat#> .
@base <https://w3id.org/napgraph/id/xaa/> .
<plan> a nap:ActionPlan ; nap:jurisdiction <https://w3id.org/napgraph/jurisdiction/xaa> ;
    dcterms:title "Plan d'action"@fr ; nap:hasElement <plan/a1> ; nap:evidence <plan/p> .
<plan/a1> a nap:PlannedActivity ; skos:prefLabel "Un foyer"@fr ; nap:evidence <plan/p> ;
    nap:period [ nap:notStated dcat:startDate ;
        nap:timing <https://w3id.org/napgraph/timing/ongoing> ] .
<plan/p> a nap:SourcePassage ; nap:page "1" .
""",
        encoding="utf-8",
    )
    asked = ("query", "action-sheet", "--set", "country=XAA", "--data", str(plan), "--format", "csv")
    english, french = (napgraph(*asked, "--lang", each).stdout for each in ("en", "fr"))
    assert "Ongoing,en" in english
    assert "Ongoing" not in french
    assert "En cours,fr" in french
    shown = napgraph("statements", "-c", "XAA", "--data", str(plan), "--lang", "fr", "--format", "csv").stdout
    assert re.search("n'indique pas,[^\n]*,début,", shown)
    assert "://" not in shown


def test_what_is_written_is_told_in_the_language(napgraph: Run, tmp_path: Path) -> None:
    plan, turtle, picture = (str(tmp_path / name) for name in ("plan.xlsx", "plan.ttl", "pillars.svg"))
    said = napgraph("template", "--lang", "fr", "-o", plan).stderr
    assert said == f"{plan} est écrit. Remplissez-le, puis lancez : napgraph check {plan}\n"
    said = napgraph("chart", "heat-map", "pillars", "-c", "NOR", "--lang", "fr", "-o", picture).stderr
    assert said.startswith(f"{picture} : l'image ; ")
    said = napgraph("convert", XAA, turtle).stderr
    assert said.startswith(f"Wrote {turtle}: statements: ")


def test_a_record_in_french_is_converted_with_words_in_french(napgraph: Run, tmp_path: Path) -> None:
    plan, table = tmp_path / "plan.ttl", str(tmp_path / "plan.xlsx")
    plan.write_text(
        "@prefix nap: <https://w3id.org/napgraph/ont#> . @prefix dcterms: <http://purl.org/dc/terms/> .\n"
        '<https://w3id.org/napgraph/id/xaa/plan> a nap:ActionPlan ; dcterms:title "Plan d\'action"@fr .\n',
        encoding="utf-8",
    )
    assert napgraph("convert", str(plan), table).stderr == f"{table} est écrit : énoncés : 2.\n"


@pytest.mark.parametrize(
    ("outcome", "after", "words"),
    [
        ("taken in", "2" * 12, "plan.ttl: repris pour XAA Xaa."),
        ("would be taken in", "", "C'était un essai : rien n'a été écrit."),
        ("nothing to do", "", "Tout cela est déjà dans data/xaa.ttl, énoncé par énoncé."),
        ("refused", "", "Rien n'a été écrit."),
    ],
)
def test_what_became_of_a_submission_is_told_in_the_language(outcome: str, after: str, words: str) -> None:
    document = Document("https://example.org/plan", "Plan", new=True, elements=1, passages=2, profile="thin")
    found = Acceptance(
        *("plan.ttl", outcome, "XAA", "Xaa", "data/xaa.ttl", (document,)),
        statements=3,
        before="1" * 12,
        after=after,
        date="2027-03-01",
    )
    text = outcome_text(found, None, None, "fr")
    assert words in " ".join(text.split())
    assert ("Plan (nouveau): 1 élément, 2 passages de preuve; profil thin" in text) == (outcome != "refused")
    assert not [english for english in ("taken", "nothing", "read again", "refused", "Version of") if english in text]


def test_the_language_can_be_set_once_for_all_commands(napgraph: Run) -> None:
    assert "● indicado" in napgraph("compare", "pillars", "-c", "DNK", env={"NAPGRAPH_LANG": "es"}).stdout


def test_columns_hold_letters_that_are_wide_or_take_no_room() -> None:
    from rich.cells import cell_len

    arabic, chinese, latin = "خطّة وطنيّة لمكافحة الاتّجار بالأشخاص", "打击人口贩运国家行动计划", "Plan national"
    for text in (arabic, chinese, latin, "e\u0301tude"):
        assert cell_len(padded(cut(text, 9), 9)) == 9
        assert cell_len(padded(cut(text, 60), 60)) == 60
        lines = wrapped(f"{text} {text}", 12, "  ", "    ")
        assert all(cell_len(line) <= 12 for line in lines)
        assert "".join("".join(lines).split()) == "".join(f"{text}{text}".split())


@pytest.mark.parametrize("text", ["", " ", "a plan", " a  plan", "a plan ", "a plan\xa0", "a well-known plan → themes"])
@pytest.mark.parametrize("columns", [8, 9, 10, 40])
def test_a_plain_text_is_broken_as_the_standard_library_does(text: str, columns: int) -> None:
    """Between words only: a word with a hyphen stays whole, as the code of a document does."""
    from textwrap import wrap

    lines = wrap(text, columns, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False)
    assert wrapped(text, columns, "  ", "    ") == lines


def test_the_page_of_a_table_is_in_the_language_of_the_table(napgraph: Run, tmp_path: Path) -> None:
    answer = napgraph("compare", "pillars", "-c", "DNK", "--lang", "fr", "-o", str(tmp_path / "pillars.html"))
    assert answer.returncode == 0, answer.stderr
    page = (tmp_path / "pillars.html").read_text(encoding="utf-8")
    assert '<html lang="fr">' in page
    assert "1 ligne" in page
    assert '<h2>Colonnes</h2>\n<dl lang="en">' in page
    assert "<dt>Version des données</dt>" in page
