"""What a cell leaves open is asked of its sender, and what is the sender's own stays as it is."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest

from napgraph import check
from napgraph.records.numbers import date_meant, date_readings, number_oddity, number_readings
from napgraph.records.record import Record
from napgraph.records.workbook.answers import contact, several_names
from napgraph.records.workbook.csv import csv_files, zipped
from napgraph.records.workbook.model import slugged
from napgraph.records.workbook.tables import lay_out
from napgraph.records.workbook.write import fill

from .conftest import ROOT
from .test_workbook import MODEL, NAP, cell, content, put, taken, typed, values

PLAN: dict[str, object] = {
    "document-id": "plan",
    "document-kind": "Action plan",
    "document-title": "Plan 2027-2031",
    "document-start": "2027",
    "document-end": "2031",
    "document-evidence": "p. 1",
}


def record(sheets: dict[str, list[dict[str, object]]], language: str = "en", **document: object) -> Record:
    book = typed(language)
    put(book, "document", [{**PLAN, **document}], language)
    for sheet, rows in sheets.items():
        put(book, sheet, rows, language)
    return taken(content(book))


def told(found: Record, *keys: str) -> list[tuple[str, dict[str, str]]]:
    return [(note.key, dict(note.values)) for note in found.notes if not keys or note.key in keys]


# Numbers and days


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        *(("420", ["420"]), ("-5", ["-5"]), ("−5,5", ["-5.5"]), ("0,5", ["0.5"]), ("12.5", ["12.5"])),
        *(("0,500", ["0.500"]), (".5", [".5"]), ("1,2345", ["1.2345"]), ("1.234.567", ["1234567"])),
        *(("1 234 567,89", ["1234567.89"]), ("1\u202f234,5", ["1234.5"]), ("1'234'567.50", ["1234567.50"])),
        *(("1’250", ["1250"]), ("1,250,000.500", ["1250000.500"]), ("12,34,567", ["1234567"]), ("٤٢٠", ["420"])),
        *(("٤٢٠٬٠٠٠", ["420000"]), ("٤٢٠٫٥٠٠", ["420.500"]), ("४२०", ["420"]), ("420.1250", ["420.125"])),
        *(("420.000", ["420000", "420"]), ("1,200", ["1200", "1.2"]), ("1.200", ["1200", "1.2"])),
        *(("4723,366", ["4723366", "4723.3660"]), ("4.723,366", ["4723366", "4723.3660"])),
        *(
            ("4723.366", ["4723366", "4723.3660"]),
            ("٤٢٠,٠٠٠", ["420000", "420"]),
            ("1 234,567", ["1234567", "1234.5670"]),
        ),
        *(("420k", []), ("4.2m", []), ("12 34", []), ("4٢0", []), ("1.23.4", []), ("(420)", []), ("", []), ("-", [])),
    ],
)
def test_what_a_number_can_be_read_as(text: str, readings: list[str]) -> None:
    assert list(number_readings(text)) == readings


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        *(("420", None), ("1,250.75", None), ("none", None), ("420.000", "readings"), ("420k", "words")),
        *(("4.2m", "words"), ("3 million", "words"), ("2 crore", "words"), ("420 MIO", "words"), ("about 40", "words")),
        *(
            ("40 judges", "words"),
            ("10 %", "percent"),
            ("10٪", "percent"),
            ("€ 420", "currency"),
            ("420 EUR", "currency"),
        ),
        *(
            ("US$ 1,200.50", "currency"),
            ("R$5", "currency"),
            ("420 euros", "currency"),
            ("US$ 1.200", "readings"),
            ("€120,000", "readings"),
            ("12.500 %", "readings"),
        ),
    ],
)
def test_why_a_text_is_no_plain_number(text: str, reason: str | None) -> None:
    assert number_oddity(text, {"EUR", "USD"})[0] == (reason or "")


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("03/04/2027", ("2027-04-03", "2027-03-04")),
        ("3. 4. 2027", ("2027-04-03", "2027-03-04")),
        ("13/04/2027", ()),
        ("03/03/2027", ()),
        ("2027-03-04", ()),
    ],
)
def test_which_days_a_text_can_be(text: str, days: tuple[str, ...]) -> None:
    assert date_readings(text) == days


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        *(("26.08.2025", "2025-08-26"), ("31.12.2025.", "2025-12-31"), ("30/06/2026", "2026-06-30")),
        *(("31 December 2027", "2027-12-31"), ("24 de junio de 2016", "2016-06-24"), ("1er août 2026", "2026-08-01")),
        *(("Dec 2025", "2025-12"), ("03.2027", "2027-03"), ("٢٦/٠٨/٢٠٢٥", "2025-08-26"), ("03/03/2027", "2027-03-03")),
        *(("01/02/2026", ""), ("2009/10", ""), ("30.02.2027", ""), ("end of 2026", ""), ("jui 2027", "")),
        *(("autumn 2024", ""), ("13.13.2027", ""), ("2027", "")),
    ],
)
def test_a_day_that_a_text_says_is_read_and_told(text: str, meant: str) -> None:
    assert date_meant(text) == meant
    found = record({"activities": [{"activities-name": "Train", "end": text, "evidence": "p. 2"}]})
    ends = [triple.object for triple in found.triples if triple.predicate.value.endswith("#endDate")]
    assert meant in {each.value for each in ends if isinstance(each, pyoxigraph.Literal)} or not meant
    notes = told(found, "date-read")
    assert notes == ([("date-read", {"text": text.translate(_LATIN), "value": meant})] if meant else [])


_LATIN = str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], dict[str, Any]]:
    """Return what the check says of a workbook with odd numbers in every column for them, by cell, per language."""
    book = typed()
    put(book, "document", [PLAN])
    put(
        book,
        "activities",
        [
            {
                "id": "A1",
                "activities-name": "Train",
                "end": "03/04/2027",
                "order": "1.200",
                "activities-lead": "Police",
                "start": "2027",
                "evidence": "p. 2",
            }
        ],
    )
    amounts = ["420.000", "420k", "3 million", "10 %", "€ 420", "420 EUR", "1.234.567"]
    put(
        book,
        "budget",
        [{"budget-for": "A1", "budget-amount": each, "budget-currency": "EUR", "evidence": "p. 3"} for each in amounts],
    )
    share = cell(book, "budget", "budget-amount", len(amounts))
    put(
        book,
        "budget",
        [{}] * len(amounts)
        + [{"budget-for": "A1", "budget-amount": 0.1, "budget-currency": "EUR", "evidence": "p. 3"}],
    )
    share.number_format = "0%"
    put(
        book,
        "indicators",
        [
            {
                "indicators-name": f"I {each}",
                "indicators-for": "A1",
                "target-value": each,
                "target-baseline": before,
                "evidence": "p. 4",
            }
            for each, before in [("1,200", "1.300"), ("10 %", 5), ("4723,366", None)]
        ],
    )
    put(
        book,
        "gaps",
        [{"gaps-feature": "Priorities", "gaps-status": "Only counted", "gaps-count": "1.200", "evidence": "p. 5"}],
    )
    path = tmp_path_factory.mktemp("asked") / "plan.xlsx"
    path.write_bytes(content(book))

    def by_cell(language: str) -> dict[str, Any]:
        (report,) = check(path, root=ROOT, lang=language)
        places = [(each.place, each) for each in reversed(report.findings)]  # of two in a cell, the graver
        return {f"{place.sheet}!{place.cell}": each for place, each in places if place is not None and place.cell}

    return by_cell  # fmt: skip


def where(sheet: str, column: str, number: int = 0) -> str:
    made = cell(typed(), sheet, column, number)
    return f"{made.parent.title}!{made.coordinate}"


def test_every_column_of_numbers_asks_with_both_readings(asked: Callable[[str], dict[str, Any]]) -> None:
    found = asked("en")
    for at, first, second in (
        (where("budget", "budget-amount"), "420\u00a0000", "420"),
        (where("indicators", "target-value"), "1\u00a0200", "1.2"),
        (where("indicators", "target-baseline"), "1\u00a0300", "1.3"),
        (where("indicators", "target-value", 2), "4\u00a0723\u00a0366", "4\u00a0723.366"),
        (where("activities", "order"), "1\u00a0200", "1.2"),
        (where("gaps", "gaps-count"), "1\u00a0200", "1.2"),
        (where("activities", "end"), "2027-04-03", "2027-03-04"),
    ):
        assert f"is it {first} or {second}?" in found[at].message, at
        assert found[at].severity == "Violation"
        assert found[at].nearest == "", at


def test_no_factor_is_proposed_and_units_have_their_place(asked: Callable[[str], dict[str, Any]]) -> None:
    found = asked("en")
    amount = [found[where("budget", "budget-amount", number)] for number in range(8)]
    for at in (1, 2):
        assert amount[at].nearest == "", amount[at]
        assert "all its zeros" in amount[at].fix
    for at in (3, 7):
        assert amount[at].nearest == "", amount[at]
        assert "a share is not a sum of money" in amount[at].message
    for at in (4, 5):
        assert amount[at].nearest == "420"
        assert "Write 420 here, and the currency" in amount[at].fix
    assert amount[6].rule.endswith("number-read")
    assert "% as the unit" in found[where("indicators", "target-value", 1)].fix


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "words"), [("fr", "faut-il lire 420\u00a0000 ou 420 ?"), ("es", "¿es 420\u00a0000 o 420?")]
)
def test_both_readings_are_asked_in_each_language(
    asked: Callable[[str], dict[str, Any]], language: str, words: str
) -> None:
    assert words in asked(language)[where("budget", "budget-amount")].message


def test_decimals_that_look_like_thousands_come_back_from_csv() -> None:
    found = record(
        {"indicators": [{"id": "I1", "indicators-name": "Beds", "target-value": 420.125, "evidence": "p. 4"}]}
    )
    filled = fill(found.triples, MODEL)
    archive = zipped(csv_files(lay_out(MODEL, filled, "en", examples=False)))
    assert b"420.1250" in zipfile.ZipFile(io.BytesIO(archive)).read("indicators.csv")
    again = taken(archive, "plan.zip")
    assert {str(t.object) for t in again.triples if t.predicate.value == f"{NAP}targetValue"} == {
        str(t.object) for t in found.triples if t.predicate.value == f"{NAP}targetValue"
    }


# Words in brackets, languages, what is not stated


NAMES = [
    ("[NEW] Train judges", '"[NEW] Train judges"@en', ""),
    ("[sic] Train judges", '"[sic] Train judges"@en', ""),
    ("[Annex 2] Train judges", '"[Annex 2] Train judges"@en', ""),
    ("(fr) Former", '"(fr) Former"@en', ""),
    ("[fr] Former les juges", '"Former les juges"@fr', ""),
    ("[pt-BR] Formar", '"Formar"@pt-br', ""),
    ("[fr]", '"[fr]"@en', ""),
    ("[FR] Former", '"Former"@fr', "read-as-language"),
    ("[NO] Train judges", '"Train judges"@no', "read-as-language"),
    ("[French] Former", '"[French] Former"@en', "language-in-brackets"),
    ("[eng] Train", '"[eng] Train"@en', "language-in-brackets"),
    ("[prs] Train", '"[prs] Train"@en', "code-in-brackets"),
]


def test_only_codes_of_languages_in_brackets_are_languages() -> None:
    found = record(
        {"activities": [{"id": f"A{n}", "activities-name": text} for n, (text, _, _) in enumerate(NAMES, 1)]}
    )
    for number, (text, meant, _) in enumerate(NAMES, 1):
        assert values(found, f"plan/activity-{number}", "prefLabel") == {meant}, text
    keys = ("read-as-language", "language-in-brackets", "code-in-brackets")
    assert [key for key, _ in told(found, *keys)] == [key for _, _, key in NAMES if key]
    assert told(found, "language-in-brackets")[0][1] == {"value": "French", "nearest": "[fr]"}


def test_a_longer_code_is_a_language_where_the_workbook_names_it() -> None:
    rows: list[dict[str, object]] = [{"id": "A1", "activities-name": "[prs] Train\n[Annex] more"}]
    found = record({"activities": rows}, **{"document-language": "en; prs"})
    assert values(found, "plan/activity-1", "prefLabel") == {r'"Train\n[Annex] more"@prs'}
    assert told(found) == []
    filled = fill(found.triples, MODEL)
    assert filled.records["document"][0]["document-language"] == "en; prs"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("written", "meant"),
    [("English", "en"), ("anglais", "en"), ("en_GB", "en-GB"), ("eng", "en"), ("français", "fr"), ("Klingonish", "")],
)
def test_a_language_that_is_no_tag_is_named_with_the_right_one(written: str, meant: str) -> None:
    found = record({}, **{"document-language": written})
    ((key, said),) = told(found)
    assert (key, said["value"], said["nearest"]) == ("unknown-language", written, meant)
    assert values(found, "plan", "title") == {f'"Plan 2027-2031"@{(meant or "en").lower()}'}


def test_a_tag_is_right_in_capitals_or_not() -> None:
    found = record({}, **{"document-language": "EN-gb"})
    assert told(found) == []
    assert values(found, "plan", "title") == {'"Plan 2027-2031"@en-gb'}


def test_not_stated_is_taken_from_every_list_that_offers_it() -> None:
    words = ["Not stated", "Non indiqué", "No indicado", "not-stated", "cov:not-stated", "not stated in the plan"]
    found = record(
        {"gaps": [{"gaps-feature": "Priorities", "gaps-status": each, "evidence": "p. 1"} for each in words]}
    )
    stated = [str(t.object) for t in found.triples if t.predicate.value == f"{NAP}coverageStatus"]
    assert stated == ["<https://w3id.org/napgraph/coverage/not-stated>"] * len(words)
    assert not [t for t in found.triples if t.predicate.value == f"{NAP}notStated"]


# Evidence


PLACES = [
    ("p. 3", "plan/passage-p-3", "plan/source"),
    ("page 3", "plan/passage-p-3", "plan/source"),
    ("pág. 4", "plan/passage-p-4", "plan/source"),
    ("p.3-5", "plan/passage-p-3-5", "plan/source"),
    ("Seite 6", "plan/passage-p-6", "plan/source"),
    ("p. ٣", "plan/passage-p-3", "plan/source"),
    ("Title page", "plan/passage-s-title-page", "plan/source"),
    ("S1, p. 3", "plan/source-1/passage-p-3", "plan/source-1"),
    ("S1 p. 3", "plan/source-1/passage-p-3", "plan/source-1"),
    ("s1: page 4", "plan/source-1/passage-p-4", "plan/source-1"),
    ("Fact sheet, p. 2", "plan/source-1/passage-p-2", "plan/source-1"),
    ("S1", "plan/source-1", ""),  # the source itself
    ("p. 3, 5", "plan/passage-p-3-5", "plan/source"),
    ("pp. 3, 7-9", "plan/passage-p-3-7-9", "plan/source"),
    ("págs. 3 a 5", "plan/passage-p-3-a-5", "plan/source"),
    ("Annex 1, p. 4", "plan/passage-p-4-s-annex-1", "plan/source"),
]


def test_places_mean_what_their_writer_means() -> None:
    sources: list[dict[str, object]] = [{"id": "S1", "kind": "Source that was read", "evidence-title": "Fact sheet"}]
    rows: list[dict[str, object]] = [
        {"id": f"A{n}", "activities-name": "x", "evidence": text} for n, (text, _, _) in enumerate(PLACES, 1)
    ]
    found = record({"activities": rows, "evidence": sources})
    for number, (text, passage, source) in enumerate(PLACES, 1):
        base = "<https://w3id.org/napgraph/id/xaa/"
        assert values(found, f"plan/activity-{number}", "evidence") == {f"{base}{passage}>"}, text
        assert values(found, passage, "hasSource") == ({f"{base}{source}>"} if source else set()), text
    assert told(found) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "text", ["see plan", "12", "iv", "3.2", "S. 3", "voir le plan", "véase el plan", "siehe Plan", "plan", "ibid.",
             "S3, p. 2", "S1 and S2", "p.", "k. A.", "غير مذكور", "未提及", "?"]
)  # fmt: skip
def test_what_names_no_place_is_asked_about(text: str) -> None:
    found = record({"activities": [{"activities-name": "x", "evidence": text}]})
    assert told(found) == [("which-place", {"value": text})]


def test_a_row_of_sources_moves_no_passage() -> None:
    rows: list[dict[str, object]] = [{"id": "A1", "activities-name": "x", "evidence": "E1"}]
    passage: dict[str, object] = {"id": "E1", "kind": "Passage", "evidence-page": "7"}
    source: dict[str, object] = {"id": "S1", "kind": "Source that was read", "evidence-title": "Fact sheet"}
    for sheet in ([passage], [passage, source]):
        found = record({"activities": rows, "evidence": sheet})
        assert values(found, "plan/passage-e1", "hasSource") | values(found, "plan/e1", "hasSource") | values(
            found, "plan/passage-1", "hasSource"
        ) == {"<https://w3id.org/napgraph/id/xaa/plan/source>"}


# Bodies and persons


def bodies(names: list[str]) -> dict[str, str]:
    """Return address of each body by its name, from activities led by them."""
    found = record({"activities": [{"activities-name": "x", "activities-lead": name} for name in names]})
    label = pyoxigraph.NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")
    subjects = {t.subject: t.object.value for t in found.triples if t.predicate == label}  # type: ignore[union-attr]
    return {name: str(node) for node, name in subjects.items() if name in names}


def test_ids_of_bodies_come_from_their_names_in_any_script() -> None:
    first = bodies(["وزارة العدل", "وزارة الداخلية", "Ministère de l'Intérieur"])
    second = bodies(["法務省", "وزارة الداخلية", "Łódź"])
    assert len({*first.values(), *second.values()}) == 5
    assert first["وزارة الداخلية"] == second["وزارة الداخلية"]
    assert first["Ministère de l'Intérieur"].endswith("/ministere-de-l-interieur>")
    assert second["Łódź"].endswith("/lodz>")


def test_parts_of_addresses_differ_where_texts_do() -> None:
    long = "Ministry of Labour, Family, Social Affairs and Equal Opportunities, Department "
    for one, other in (("وزارة (IOM)", "وكالة (IOM)"), (long + "A", long + "B"), ("القسم 1", "الفصل 1")):
        assert slugged(one) != slugged(other)
        assert slugged(slugged(one)) == slugged(one)
    assert slugged("Ministère de la Justice") == "ministere-de-la-justice"
    assert slugged("---") == ""


@pytest.mark.parametrize(
    ("text", "count"),
    [
        *(("Ministry of Justice and Ministry of Interior", 2), ("Ministry of Justice\nPolice", 2), ("A / B", 2)),
        *(
            ("IOM, UNODC and UNICEF", 3),
            ("Ministère de la Justice, Ministère de l'Intérieur", 2),
            ("Police and IOM", 2),
        ),
        *(("Ministerio del Interior y Ministerio de Justicia", 2), ("وزارة العدل ووزارة الداخلية", 2), ("MOJ/MOI", 2)),
        *(("Ministry of Labour, Family and Social Affairs", 0), ("HIV/AIDS Commission", 0), ("Judges' Academy", 0)),
        *(("Ministère du Travail, de l'Emploi et du Dialogue social", 0), ("Department of Justice and Equality", 0)),
        *(("Ministerio de Trabajo y Economía Social", 0), ("Save the Children", 0), ("وزارة العدل", 0)),
    ],
)
def test_cells_that_name_several_bodies(text: str, count: int) -> None:
    assert len(several_names(text, lambda name: name in {"Police", "IOM"})) == count


@pytest.mark.parametrize(
    ("text", "way"),
    [
        *(("call +355 4 222 3333", "telephone"), ("tel. 020 7946 0000", "telephone"), ("06 12 34 56 78", "telephone")),
        *(("téléphone : 0612345678", "telephone"), ("(202) 555-0143", "telephone"), ("Mrs X, x@example.org", "e-mail")),
        *(("12 rue de la Paix", "address"), ("4 High Street, London", "address"), ("Calle Mayor 12", "address")),
        *(("Hauptstraße 5", "address"), ("Law No. 985/2005", ""), ("Decision 08-02-2006-114", ""), ("1 250 000", "")),
        *(("01.02.2027", ""), ("2027-03-04", ""), ("https://example.org/+355-123-456-789/a@b.example", "")),
        *(("open 12 new street centres", ""), ("12 people on the street.", ""), ("ISBN 978-92-1-130271-6", "")),
        *(("hotline 116 006", ""), ("telephone 24 hours", ""), ("+ 12 000 000", ""), ("Law 05/L-123, art. 12", "")),
    ],
)
def test_ways_to_reach_a_person(text: str, way: str) -> None:
    found = contact(text)
    assert (found[0] if found else "") == way


@pytest.mark.slow
@pytest.mark.parametrize("text", ["k. A.", "n/a", "?", "unknown", "غير مذكور", "не указано", "não indicado", "未提及"])
def test_words_for_nothing_are_no_names_of_bodies(text: str) -> None:
    found = record({"activities": [{"activities-name": "x", "activities-lead": text}]})
    assert told(found) == [("no-name", {"value": text})]


@pytest.mark.parametrize("text", ["not stated in the plan", "Non précisé", "No especificado", "Not specified"])
def test_a_body_that_is_not_stated_is_said_to_be(text: str) -> None:
    found = record({"activities": [{"activities-name": "x", "activities-lead": text}]})
    assert told(found) == []
    assert any(f"{NAP}notStated> <{NAP}leadBody>" in str(triple) for triple in found.triples)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("A5.1", "id/xaa/plan-2020/activity-5-1"),
        ("5.1", "id/xaa/plan-2020/activity-5-1"),
        ("P2", "id/xaa/plan-2020/pillar-2"),
        ("G1", "id/xaa/plan-2020/goal-1"),
        ("activity-5-1", "id/xaa/plan-2020/activity-5-1"),
        ("plan-2020/A5.1", "id/xaa/plan-2020/activity-5-1"),
        ("xaa/plan-2020/activity-5-1", "id/xaa/plan-2020/activity-5-1"),
        ("plan-2020", "id/xaa/plan-2020"),
        ("Norway", "jurisdiction/nor"),
    ],
)
def test_a_report_of_its_own_names_parts_of_the_plan_by_their_ids(text: str, meant: str) -> None:
    report = {"document-id": "report-2021", "document-kind": "Report on a plan or strategy"}
    rows: list[dict[str, object]] = [{"words": "Twelve events", "results-concerns": text, "evidence": "p. 4"}]
    found = record({"results": rows}, **report, **{"document-reports-on": "plan-2020"})
    values = [triple.object for triple in found.triples if triple.predicate.value == f"{NAP}concerns"]
    assert values == [pyoxigraph.NamedNode(f"https://w3id.org/napgraph/{meant}")]


def test_several_bodies_and_persons_are_told_at_their_cells() -> None:
    found = record(
        {
            "activities": [
                {"activities-name": "Open a line", "activities-lead": "Ministry of Justice and Ministry of Interior",
                 "comment": "Ask Jane, jane@example.org"}
            ],
            "bodies": [{"bodies-name": "Police / Border Guard"}],
        }
    )  # fmt: skip
    assert {(key, said["value"]) for key, said in told(found)} == {
        ("several-bodies", "Ministry of Justice and Ministry of Interior"),
        ("several-bodies", "Police / Border Guard"),
        ("e-mail-in-text", "jane@example.org"),
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    ("written", "nearest"),
    [
        ("Republic of Kenya", "Kenya"),
        ("República de Kenia", "Kenya"),
        ("Kingdom of Norway", "Norway"),
        ("Kenja", "Kenya"),
    ],
)
def test_a_form_of_state_makes_no_two_countries_alike(written: str, nearest: str, tmp_path: Path) -> None:
    book = typed()
    put(book, "document", [{**PLAN, "document-jurisdiction": written, "document-kind": "Roadmap"}])
    path = tmp_path / "plan.xlsx"
    path.write_bytes(content(book))
    (report,) = check(path, root=ROOT)
    near = {each.name: each.nearest for each in report.findings}
    assert near["ResponseDocument-jurisdiction"] == nearest
    assert near["unknown-kind"] == ""  # no word of another language than that of the workbook is offered


def test_a_report_by_others_stands_beside_the_plan_that_it_judges() -> None:
    """It has no country of its own, so its address is found by that of the plan."""
    plan, body = "https://w3id.org/napgraph/id/nor/plan-2006-2009", "https://w3id.org/napgraph/body/greta"
    of: dict[str, Any] = {"document-kind": "Report", "document-jurisdiction": None, "document-id": "greta-report-1"}
    made = record({}, **of, **{"document-reports-on": plan, "document-attributed": body})
    (report,) = {str(each.subject) for each in made.triples if each.object == pyoxigraph.NamedNode(plan)}
    assert report == "<https://w3id.org/napgraph/id/nor/greta-report-1>"
