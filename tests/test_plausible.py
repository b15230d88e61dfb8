"""Dates and figures that are easily a mistake are asked about, in the words of the reader: a note, and no fault."""

from __future__ import annotations

import re

import pytest

from napgraph.validation.report import Finding
from napgraph.validation.validator import Checker

from .conftest import ROOT, turtle_record

TEXT = (ROOT / "tests" / "world" / "data" / "jurisdictions" / "xaa.ttl").read_text(encoding="utf-8")
ADDED = """
<strategy-2027-2031> nap:hasElement <strategy-2027-2031/added> .
<strategy-2027-2031/added> a nap:PlannedActivity ; skos:prefLabel "Added"@en ;
    nap:period [ dcat:endDate "{}"^^xsd:{} ] ;
    nap:evidence <https://w3id.org/napgraph/source/world/p-1> .
"""


def findings(text: str, language: str = "en") -> list[Finding]:
    report = Checker(str(ROOT), language=language).check_record(turtle_record("plan.ttl", text))
    return [finding for finding in report.findings if "Plausible-" in finding.rule]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("date", "kind", "rule", "grade"),
    [
        ("2033", "gYear", "Plausible-period", "Warning-note"),
        ("2032-01-15", "date", "Plausible-period", "Warning-note"),
        ("2026-12", "gYearMonth", "Plausible-period", "Warning-note"),
        ("2207", "gYear", "Plausible-year", "Violation"),
        ("1927-05", "gYearMonth", "Plausible-year", "Violation"),
    ],
)
def test_a_date_outside_the_period_is_asked_about_and_one_far_off_is_wrong(
    date: str, kind: str, rule: str, grade: str
) -> None:
    (finding,) = findings(TEXT + ADDED.format(date, kind))
    assert (finding.name, finding.grade, finding.shown) == (rule, grade, date)
    assert date in finding.message


@pytest.mark.slow
@pytest.mark.parametrize("wrong", ["20227", "27", "1448 هـ", "2031 to 2027", "+2027"])
def test_what_is_no_date_is_called_that_and_nothing_more(wrong: str) -> None:
    """A text that cannot be read as a date lies neither outside a period nor before its start."""
    period = re.search(r'dcat:endDate "(2031-12)"\^\^xsd:gYearMonth', TEXT)
    assert period is not None
    for text in (TEXT[: period.start(1)] + wrong + TEXT[period.end(1) :], TEXT + ADDED.format(wrong, "gYear")):
        record = turtle_record("plan.ttl", text)
        found = [each for each in Checker(str(ROOT)).check_record(record).findings if each.shown == wrong]
        assert len(found) == 1, [each.message for each in found]
        assert "is not a date" in found[0].message


def test_a_date_within_the_period_is_left_alone() -> None:
    assert findings(TEXT + ADDED.format("2031-12-31", "date")) == []
    assert findings(TEXT) == []


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Is that meant"), ("fr", "Est-ce voulu"), ("es", "¿Es intencionado")]
)
def test_the_question_is_asked_in_the_language_of_the_reader(language: str, words: str) -> None:
    (finding,) = findings(TEXT + ADDED.format("2033", "gYear"), language)
    assert finding.fix.startswith(words)


def test_a_currency_is_one_of_the_list_and_only_such_a_one_is_offered() -> None:
    path = ROOT / "tests" / "awkward" / "budget-currencies.ttl"
    text = path.read_text(encoding="utf-8")
    assert '"EUR"' in text
    for wrong, right in (("eur", '"EUR"'), ("EUX", ""), ("%", ""), ("¥", ""), ("€", '"EUR"')):
        record = turtle_record("plan.ttl", text.replace('"EUR"', f'"{wrong}"', 1))
        report = Checker(str(ROOT)).check_record(record)
        (finding,) = [each for each in report.findings if each.name == "MonetaryAmount-currency"]
        assert (finding.severity, finding.nearest) == ("Violation", right), wrong


def test_the_rule_and_the_reader_know_the_same_currencies() -> None:
    """XXX says that no currency is printed: a rule lets it pass, and no reader takes it from a cell."""
    shape = (ROOT / "shapes" / "hygiene.ttl").read_text(encoding="utf-8").partition("\nnsh:CurrencyCode\n")[2]
    codes = re.findall(r'"([A-Z]{3})"', shape.partition(") ;")[0])
    assert len(codes) == len(set(codes)) > 250
    assert set(codes) - {"XXX"} == Checker(str(ROOT)).labels.currencies


def test_a_time_zone_is_what_is_wrong_with_a_date_that_has_one() -> None:
    text = TEXT + ADDED.format("2031-12-31+03:00", "date")
    report = Checker(str(ROOT)).check_record(turtle_record("plan.ttl", text))
    (finding,) = [each for each in report.findings if each.name == "PeriodOfTime-endDate"]
    assert "a date with a time zone" in finding.message
    assert (finding.fix.startswith("Leave out the time zone."), finding.nearest) == (True, '"2031-12-31"^^xsd:date')
