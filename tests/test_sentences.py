"""Sentences in the reader's language: each that is printed has its French and Spanish, and none is left over."""

from __future__ import annotations

import ast
import re
import string
import tomllib
from importlib import import_module

import pytest

from napgraph.compare.matrix import VALUES
from napgraph.project import findings
from napgraph.tables import origins

from .conftest import ROOT

pairs, lists, matrix, analysis = (
    import_module(f"napgraph.compare.{name}") for name in ("pairs", "lists", "matrix", "analysis")
)
timeline_picture, bars, matrices, world, figure = (
    import_module(f"napgraph.charts.{name}") for name in ("timeline", "bars", "matrices", "world", "figure")
)
PACKAGE = ROOT / "src" / "napgraph"
LAYERS = ("project", "tables", "charts", "compare", "query", "submissions", "cli")
"""The packages that print sentences through the catalogue; findings and pages have catalogues of their own."""
SAYING = {"say", "said", "_say", "counted", "plural"}


def catalogue(language: str) -> dict[str, str]:
    return tomllib.loads((PACKAGE / "project" / "language" / f"{language}.toml").read_text(encoding="utf-8"))


def slots(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def printed() -> tuple[set[str], set[str]]:
    """Return the sentences that are given to a function that says them, in templates too, and all texts of the code."""
    said: set[str] = set()
    texts: set[str] = set()
    for path in (path for layer in LAYERS for path in (PACKAGE / layer).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.add(node.value)
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                found = [
                    each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)
                ]
                if name == "plural":
                    one, *several = found
                    found = [f"{{count}} {noun}" for noun in (one, *(several or [f"{one}s"]))]
                    texts.update(found)
                if name in SAYING:
                    said.update(found)
    for path in (path for layer in LAYERS for path in (PACKAGE / layer).rglob("*.html")):
        said.update(re.findall(r'\bsaid\("([^"]+)"', path.read_text(encoding="utf-8")))
    return said, texts


@pytest.mark.parametrize("language", ["fr", "es"])
def test_each_sentence_that_is_printed_is_there(language: str) -> None:
    said, _ = printed()
    assert len(said) > 80
    assert said - catalogue(language).keys() == set()


def test_the_languages_have_the_same_sentences_and_slots() -> None:
    french, spanish = catalogue("fr"), catalogue("es")
    assert list(french) == list(spanish)
    for key in french:
        assert slots(french[key]) == slots(key) == slots(spanish[key]), key
        assert french[key].strip() and spanish[key].strip(), key


@pytest.mark.parametrize("language", ["fr", "es"])
def test_sentences_that_stand_in_tables_are_there_too(language: str) -> None:
    values = [text for value in VALUES.values() for text in (value.words, value.meaning)]
    pictures = [*timeline_picture._LOOKS.values(), *bars._KEY.values(), *(words for _, _, words in matrices._STEPS)]
    pictures += [*(words for _, words in world.RUNNING.values()), world.DISCLAIMER, world._UNRECORDED]
    pictures += [*filter(None, figure.ORDERS.values()), *findings._MONTHS]
    listed = [
        *values,
        *origins.MEANINGS.values(),
        *pairs._REASONS.values(),
        *(reason for reasons in analysis._REASONS.values() for reason in reasons),
        *analysis._WORDS.values(),
        *(*pairs._NOTES, pairs._BY_COUNTRY),
        *(*lists.Timeline.known, *lists.Gaps.known, *pairs.Diff.known, *lists.Network.known),
        *matrix.Comparison.known,
        *lists._ELEMENTS,
        *pairs._KINDS,
        *pictures,
    ]
    assert set(listed) - catalogue(language).keys() == set()


def test_each_sentence_of_the_catalogue_is_printed_somewhere() -> None:
    queries = ROOT / "queries"
    texts = [path.read_text(encoding="utf-8") for path in (*queries.rglob("*.rq"), queries / "columns.toml")]
    said, constants = printed()
    known = "\n".join([*constants, *said, *texts])
    made = (" in {axis}", "Similarity of {axis}, by ", "none of its {axis} is ", " of body (in brackets")  # in parts
    properties = set(catalogue("fr")) & PROPERTIES
    left = [key for key in catalogue("fr") if key not in known and not any(part in key for part in made)]
    assert set(left) - properties == set()


PROPERTIES = {
    *("classification", "comment", "conformsTo", "date_document", "endDate", "hasSource", "isPartOf", "label"),
    *("language", "number", "prefLabel", "altLabel", "sameAs", "startDate", "subOrganizationOf", "title"),
    *("wasRevisionOf", "minValue", "maxValue"),
}
"""The last parts of properties of other vocabularies, which stand in the records."""
