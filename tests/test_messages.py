"""The sentences: every rule, constraint and note has one in each language, with the same slots, in plain words."""

from __future__ import annotations

import re
import string
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import rdflib
from rdflib.namespace import RDFS, SH

from napgraph.errors import UnknownNameError
from napgraph.graph.files import read_file
from napgraph.project.language import LANGUAGES
from napgraph.project.messages import Catalogue
from napgraph.rdf.namespaces import prefixes
from napgraph.rdf.terms import to_rdflib
from napgraph.validation.findings import RULE
from napgraph.validation.report import Finding
from napgraph.validation.validator import Checker

from .conftest import ROOT, turtle_record
from .reader_notes import NOTES

FOLDER = ROOT / "shapes" / "messages"
NAP = "https://w3id.org/napgraph/ont#"
FIXTURES = sorted((ROOT / "tests" / "shapes").glob("*/*.invalid.ttl"))
# What a constraint of these kinds asks cannot be told by its kind alone.
TELLS_LITTLE = {"or", "and", "xone", "not", "sparql", "qualifiedMinCount", "disjoint", "equals", "lessThan"}


def content(language: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))


def leaves(table: Any, path: str = "") -> dict[str, str]:
    if isinstance(table, dict):
        return {key: text for name, part in table.items() for key, text in leaves(part, f"{path}/{name}").items()}
    if isinstance(table, list):
        return {key: text for name, part in enumerate(table) for key, text in leaves(part, f"{path}/{name}").items()}
    return {path: str(table)}


def slots(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@cache
def graph(*folders: str) -> rdflib.Graph:
    made = rdflib.Graph()
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.ttl")):
            for triple in read_file(str(ROOT), path.relative_to(ROOT).as_posix()):
                made.add(to_rdflib(triple))
    return made


def rules() -> dict[str, rdflib.URIRef]:
    shapes = graph("shapes").subjects(SH.severity, None)
    return {str(rule).rpartition("#")[2]: rule for rule in shapes if isinstance(rule, rdflib.URIRef)}


@cache
def checker(language: str) -> Checker:
    return Checker(str(ROOT), language=language)


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != "en"])
def test_languages_have_the_same_sentences_with_the_same_slots(language: str) -> None:
    english, other = leaves(content("en")), leaves(content(language))
    assert sorted(english) == sorted(other)
    for key, text in english.items():
        # Node is node with a capital letter, for the start of a sentence.
        assert {each.lower() for each in slots(text)} == {each.lower() for each in slots(other[key])}, key


def test_every_sentence_is_for_something_that_exists() -> None:
    catalogue, grades = content("en"), tomllib.loads((FOLDER / "notes.toml").read_text(encoding="utf-8"))
    assert set(catalogue["rule"]) <= set(rules())
    assert set(grades["terms"]) <= set(rules())
    assert set(grades["severity"]) == set(catalogue["note"])
    assert set(NOTES) <= set(grades["severity"])


def test_every_little_word_is_used() -> None:
    package = ROOT / "src" / "napgraph"
    validation = package / "validation"
    paths = [package / "project" / "messages.py", *validation.rglob("*.py"), *validation.rglob("*.html")]
    text = "".join(path.read_text(encoding="utf-8") for path in paths)
    catalogue = content("en")
    for table in ("word", "heading"):
        for key in catalogue[table]:
            assert re.search(rf"""["']{re.escape(key.removeprefix("verdict-"))}["']""", text), (table, key)


def test_a_rule_whose_constraint_tells_little_has_a_sentence_of_its_own() -> None:
    shapes, own = graph("shapes"), content("en")["rule"]
    for name, rule in rules().items():
        asked = {str(predicate).removeprefix(str(SH)) for predicate in shapes.predicates(rule, None)}
        if asked & TELLS_LITTLE - ({"or"} if "path" in asked else set()):
            assert "message" in own.get(name, {}), f"[rule.{name}] is missing in shapes/messages"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_note_has_a_sentence_that_uses_what_the_note_tells(language: str) -> None:
    catalogue = Catalogue.load(str(ROOT), language)
    for key, values in NOTES.items():
        words = catalogue.note(key)
        assert words is not None, f"[note.{key}] is missing in shapes/messages/{language}.toml"
        for part in ("name", "message", "fix"):
            assert slots(words[part]) <= set(values), (key, part)


def test_every_kind_of_thing_has_words() -> None:
    ontology, table = graph("ontology"), prefixes(str(ROOT))
    known = {table[key.partition(":")[0]] + key.partition(":")[2] for key in content("en")["class"] if key}
    for top in ("ResponseDocument", "Element", "PolicyEvent", "Reading", "CoverageStatement"):
        for kind in ontology.transitive_subjects(RDFS.subClassOf, rdflib.URIRef(NAP + top)):
            assert isinstance(kind, rdflib.BNode) or str(kind) in known, kind
    wanted = {str(kind) for kind in graph("shapes").objects(None, SH["class"]) if isinstance(kind, rdflib.URIRef)}
    assert {kind for kind in wanted if not kind.startswith(str(rdflib.OWL))} <= known


def test_every_term_named_in_a_sentence_exists() -> None:
    known = {str(node) for node in graph("ontology", "shapes").subjects()}
    table = prefixes(str(ROOT))
    text = "".join(path.read_text(encoding="utf-8") for path in FOLDER.glob("*.toml"))
    named = set(re.findall(r"\b([a-z]+):([A-Za-z][\w-]*)", text))
    assert len(named) > 50
    shared = content("notes")
    old = {*shared["renamed"], *shared["links"]["apart"]}  # terms of version 0.1
    assert len(old) > 50
    for prefix, name in named:
        if f"{prefix}:{name}" in old:
            assert table[prefix] + name not in known, f"{prefix}:{name}"
        elif table.get(prefix, "").startswith("https://w3id.org/napgraph/"):
            assert table[prefix] + name in known, f"{prefix}:{name}"
        else:
            assert prefix in table or prefix in {"http", "https"}, prefix


def test_the_sheet_of_findings_is_called_the_same_where_it_is_read_again() -> None:
    labels = graph("shapes").objects(rdflib.URIRef("https://w3id.org/napgraph/workbook#sheet-findings"), RDFS.label)
    assert {getattr(label, "language", ""): str(label) for label in labels} == {
        language: content(language)["heading"]["sheet"] for language in LANGUAGES
    }


def test_a_language_that_is_not_there_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="Did you mean es"):
        Catalogue.load(str(ROOT), "esp")


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_finding_shows_an_engine_s_text_or_an_empty_slot(language: str) -> None:
    told: dict[str, Finding] = {}
    for path in FIXTURES:
        for finding in checker(language).check_record(turtle_record(path)).findings:
            told.setdefault(f"{path.stem} {finding.name} {finding.component}", finding)
    assert len(told) > 120
    for key, finding in told.items():
        for text in (finding.message, finding.fix, finding.title, finding.subject, finding.shown):
            assert not re.search(r"_:|\{|\}|Literal\(|http://www\.w3\.org/ns/shacl|shapes#|  | \.$| ,", text), (
                key,
                text,
            )
        assert finding.message[0].isupper() or finding.message[0] in "«“", (key, finding.message)
        assert finding.message.endswith("."), key
        assert finding.fix.endswith(".") or finding.fix.endswith("?"), key
        assert finding.title


@pytest.mark.slow
def test_what_stands_in_a_french_or_spanish_sentence_is_french_or_spanish() -> None:
    path = next(path for path in FIXTURES if path.name.startswith("PlannedActivity-responsibility"))
    english, french, spanish = (
        next(
            each
            for each in checker(language).check_record(turtle_record(path)).findings
            if each.name.endswith("-responsibility")
        )
        for language in LANGUAGES
    )
    assert "has no responsible body" in english.message
    assert "n'a pas d'organisme responsable" in french.message
    assert "no tiene organismo responsable" in spanish.message
    assert english.asked == "Tool 2.7, Structure, paragraph 10"
    assert french.asked == "Outil 2.7, Structure, paragraphe 10"
    assert spanish.asked == "Herramienta 2.7, Structure, párrafo 10"


def test_a_finding_names_the_nearest_right_value() -> None:
    path = ROOT / "tests" / "shapes" / "hygiene" / "Record-about.invalid.ttl"
    findings = checker("en").check_record(turtle_record(path)).findings
    near = {finding.shown: finding.nearest for finding in findings if finding.name == "Record-about"}
    assert near["theme:prevntion"] == "theme:prevention"
    assert near["actor:ministry"] == "", "a code of another list is no misspelling"
    assert not [each for each in findings if each.rule.startswith(RULE)], "the near-miss is told with the rule"


@pytest.mark.parametrize(
    ("written", "datatypes", "right"),
    [
        ("2024-ish", ["gYear", "date"], ("2024", "gYear")),
        ("2027/5", ["gYear", "gYearMonth", "date"], ("2027-05", "gYearMonth")),
        ("31.12.2027", ["date"], ("2027-12-31", "date")),
        ("3.4.2027", ["date"], ("", "")),
        ("12/31/2027", ["date"], ("2027-12-31", "date")),
        ("2027-13-45", ["date"], ("", "")),
        ("19 November 2026", ["gYear", "date"], ("2026-11-19", "date")),
        ("1er févr. 2027", ["date"], ("2027-02-01", "date")),
        ("marzo de 2027", ["gYearMonth"], ("2027-03", "gYearMonth")),
        ("decree 2027", ["gYear", "gYearMonth"], ("2027", "gYear")),
        *(
            (text, ["gYear", "gYearMonth", "date"], ("2028", "gYear"))
            for text in (
                *("1er semestre 2028", "first half of 2028", "1st half of 2028", "1.º semestre de 2028", "S1 2028"),
                *("T3 2028", "Q3 2028", "3e trimestre 2028", "fin 2028"),
            )
        ),
        ("from 2024 to 2027", ["gYear"], ("", "")),
        ("12 March 2027", ["gYear", "date"], ("2027-03-12", "date")),
        ("2027-01-31Z", ["gYear", "date"], ("2027-01-31", "date")),
        ("2027-01-31+03:00", ["gYear", "date"], ("2027-01-31", "date")),
        ("2027-01-31T00:00:00", ["date"], ("2027-01-31", "date")),
        ("1 250 000", ["integer", "decimal"], ("1250000", "integer")),
        ("1,250.50", ["integer", "decimal"], ("1250.50", "decimal")),
        ("EUR 500", ["integer"], ("500", "integer")),
        ("1.250,50", ["integer", "decimal"], ("1250.50", "decimal")),
        ("1.250.000", ["integer", "decimal"], ("1250000", "integer")),
        ("1.25E6", ["integer", "decimal"], ("1250000", "integer")),
        ("1.5e-1", ["integer", "decimal"], ("0.15", "decimal")),
        ("second", ["integer"], ("", "")),
        ("eur", ["string"], ("EUR", "string")),
        ("€", ["string"], ("EUR", "string")),
        ("6 months", ["duration"], ("P6M", "duration")),
    ],
)
def test_a_literal_is_mended_only_where_one_reading_is_left(
    written: str, datatypes: list[str], right: tuple[str, str]
) -> None:
    from napgraph.validation.suggestions import normalized

    assert normalized(written, datatypes, {"EUR"}) == right


def test_the_folder_holds_catalogues_and_nothing_else() -> None:
    assert {Path(path.name).stem for path in FOLDER.iterdir()} == {*LANGUAGES, "notes"}
    for language in LANGUAGES:
        for key, text in leaves(content(language)).items():
            assert text.strip() == text or key.startswith("/quote"), (language, key)
