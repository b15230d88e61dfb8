"""A plan typed into a French or Spanish template, with its own answers, says what its English twin says."""

from __future__ import annotations

import pyoxigraph
import pytest

from napgraph.project.language import LANGUAGES
from napgraph.records.workbook.model import said

from .test_workbook import MODEL, Book, content, put, taken, typed


def code(column: str, last: str) -> tuple[str, ...]:
    """Return what the list of a column offers for a code, in each language."""
    columns = {each.name: each for sheet in MODEL.sheets.values() for each in sheet.columns}
    offered = MODEL.choices(columns[column])
    return tuple(said(next(c for c in offered if c.iri.endswith(f"/{last}")).labels, tag) for tag in LANGUAGES)


def kind(name: str) -> tuple[str, ...]:
    return tuple(said(MODEL.kinds[name].labels, language) for language in LANGUAGES)


JUSTICE = ("Ministry of Justice", "Ministère de la Justice", "Ministerio de Justicia")
SILENT = ("not stated in the plan", "non indiqué dans le plan", "no indicado en el plan")
ROWS: dict[str, list[dict[str, object]]] = {
    "document": [
        {
            "document-id": "plan-2027-2031", "document-kind": kind("action-plan"),
            "document-status": code("document-status", "adopted"),
            "document-title": ("National plan 2027-2031", "Plan national 2027-2031", "Plan nacional 2027-2031"),
            "document-start": "2027", "document-end": "2031", "adoption-act": code("adoption-act", "approved"),
            "adoption-date": "2026-11-19", "document-evidence": ("p. 1", "p. 1", "pág. 1"),
        }
    ],
    "goals": [
        {"id": "O1", "kind": kind("objective"), "goals-name": ("A help line", "Une ligne d'aide", "Una línea de ayuda"),
         "evidence": ("page 4", "page 4", "página 4")},
    ],
    "principles": [
        {"id": "P1", "kind": kind("pillar"), "principles-name": ("Prevention", "Prévention", "Prevención"),
         "themes-exact": code("themes-exact", "prevention"), "evidence": ("p. 4", "p. 4", "pág. 4")},
        {"id": "P2", "kind": kind("principle"), "principles-name": ("Equality", "Égalité", "Igualdad"),
         "principles-close": code("principles-close", "non-discrimination"), "evidence": ("p. 3", "p. 3", "pág. 3")},
    ],
    "activities": [
        {"id": "A1", "activities-name": ("Open a help line", "Ouvrir une ligne d'aide", "Abrir una línea de ayuda"),
         "activities-objective": "O1", "activities-lead": JUSTICE, "start": "2027-02", "end": "2028",
         "themes": code("themes", "awareness-raising"), "evidence": ("pp. 6-7", "pp. 6-7", "págs. 6-7")},
        {"id": "A2", "activities-name": ("Train judges", "Former les juges", "Formar a los jueces"),
         "activities-objective": "O1", "activities-lead": SILENT, "start": SILENT,
         "within": ("6 months", "6 mois", "6 meses"), "evidence": "S1, p. 2"},
    ],
    "budget": [
        {"id": "M1", "budget-for": "A1", "budget-amount": (1234.5, "1 234,5", "1.234,5"), "budget-currency": "EUR",
         "budget-printed": ("thousands", "milliers", "miles"), "budget-year": 2027, "budget-funded": JUSTICE,
         "evidence": ("p. 9", "p. 9", "pág. 9")},
        {"id": ("Total", "Total", "Total"), "budget-amount": (2000000, "2 000 000", "2.000.000"),
         "budget-currency": "EUR", "evidence": ("p. 9", "p. 9", "pág. 9")},
    ],
    "indicators": [
        {"id": "I1", "indicators-name": ("Calls answered", "Appels reçus", "Llamadas atendidas"),
         "indicators-for": "A1",
         "indicators-unit": ("per cent", "pour cent", "por ciento"), "target-baseline": (0.5, "0,5", "0,5"),
         "target-value": (92.5, "92,5", "92,5"), "target-due": 2028, "evidence": ("p. 10", "p. 10", "pág. 10")},
    ],
    "monitoring": [
        {"monitoring-name": ("Yearly review", "Bilan annuel", "Revisión anual"), "monitors": "plan-2027-2031",
         "every": ("every year", "tous les ans", "cada año"), "responsible": JUSTICE,
         "evidence": ("p. 11", "p. 11", "pág. 11")},
    ],
    "gaps": [
        {"gaps-feature": code("gaps-feature", "priorities"), "gaps-status": code("gaps-status", "not-stated"),
         "evidence": ("p. 1", "p. 1", "pág. 1")},
    ],
    "evidence": [
        {"id": "S1", "kind": kind("source"), "evidence-title": ("Fact sheet", "Fiche", "Ficha")},
    ],
    "bodies": [{"id": "MOJ", "bodies-name": JUSTICE, "bodies-type": code("bodies-type", "ministry")}],
}  # fmt: skip


def filled(language: str) -> Book:
    """Return the template in ``language`` with the plan typed into it."""
    at = LANGUAGES.index(language)
    book = typed(language)
    for sheet, rows in ROWS.items():
        told = [{name: each[at] if isinstance(each, tuple) else each for name, each in row.items()} for row in rows]
        put(book, sheet, told, language)
    return book


def without_words(language: str) -> set[str]:
    """Return the statements of the plan, a text standing for every text."""
    found = set()
    nameless: dict[str, str] = {}
    for triple in taken(content(filled(language))).triples:
        terms = []
        for term in (triple.subject, triple.predicate, triple.object):
            if isinstance(term, pyoxigraph.BlankNode):
                terms.append(nameless.setdefault(term.value, f"_:{len(nameless)}"))
            elif isinstance(term, pyoxigraph.Literal) and (term.language or triple.predicate.value.endswith("#unit")):
                terms.append("text")
            else:
                terms.append(str(term))
        found.add(" ".join(terms))
    return found


@pytest.fixture(scope="module")
def english() -> set[str]:
    return without_words("en")


@pytest.mark.slow
@pytest.mark.parametrize("language", ["fr", "es"])
def test_the_twins_say_the_same(language: str, english: set[str]) -> None:
    assert len(english) > 100
    assert without_words(language) == english
