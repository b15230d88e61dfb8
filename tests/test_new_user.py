"""A plan typed into the template by who knows only its headings, help and lists; mistaken, mended and taken in."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from napgraph.validation import check
from napgraph.validation.report import Finding

from .conftest import ROOT, Run

Book = openpyxl.Workbook

PLAN: dict[str, list[dict[str, object]]] = {
    "Document": [
        {
            "How much of it you had": "Full text",
            "What you looked for in it": "Strategic level; Operational level; Both levels; Good plan; "
            "Axes of comparison",
            "Short name": "plan-2027-2031",
            "Kind of document": "Action plan",
            "Title as printed": "National Action Plan of Exampleland against Trafficking in Persons 2027-2031",
            "Status": "Adopted",
            "Period: start": 2027,
            "Period: end": 2031,
            "Adoption: act": "Approved",
            "Adoption: date": datetime(2026, 11, 19),
            "Adoption: by": "Council of Ministers",
            "Coordinated by": "Office of the National Coordinator",
            "Web address": "https://www.example.org/nap.pdf",
            "Web address: leads to": "Complete copy",
            "Languages of the document": "en; fr",
            "Evidence": "Title page",
            "Target groups": "Child victims; Women",
            "Forms of exploitation": "Forced labour; Sexual exploitation",
            "Internal or cross-border": "Internal trafficking; Cross-border trafficking",
        }
    ],
    "Goals and objectives": [
        {"Kind": "Preamble", "Name": "Foreword by the Prime Minister", "Evidence": "p. 2"},
        {"Kind": "Background analysis", "Name": "Situation of trafficking in Exampleland", "Evidence": "section 2"},
        {
            "Id": "G1",
            "Kind": "Goal",
            "Name": "Fewer persons are trafficked",
            "In pillar": "P1",
            "Themes": "Prevention",
            "Evidence": "p. 5",
            "Indicators": "I3",
        },
        {
            "Id": "O1.1",
            "Kind": "Specific objective",
            "Name": "People at risk know the danger",
            "Pursues goal": "G1",
            "In pillar": "P1",
            "Evidence": "p. 5",
        },
        {"Id": "G2", "Name": "Victims are found and helped", "In pillar": "P2", "Evidence": "p. 6"},
        {
            "Id": "O2.1",
            "Kind": "Specific objective",
            "Name": "Shelters in every region",
            "Pursues goal": "G2",
            "Evidence": "p. 6",
        },
        {
            "Id": "O2.2",
            "Kind": "Specific objective",
            "Name": "Victims are identified early",
            "Pursues goal": "G2",
            "Evidence": "p. 6",
            "Themes": "Victim identification",
        },
        {"Kind": "Priority", "Name": "Shelters first", "Ranks high": "O2.1", "Evidence": "p. 7"},
        {
            "Kind": "Course weighed and left",
            "Name": "A single national shelter",
            "Chosen instead": "O2.1",
            "Evidence": "p. 7",
        },
    ],
    "Activities": [
        {
            "Id": "A1",
            "Kind": "Activity",
            "Name": "Campaign in border towns",
            "Achieves objective": "O1.1",
            "Lead body": "Ministry of the Interior",
            "Supporting bodies": "Red Cross; IOM",
            "Start": datetime(2027, 3, 1),
            "End": datetime(2028, 12, 31),
            "Themes": "Awareness-raising",
            "Target groups": "Communities at risk",
            "Evidence": "p. 8",
        },
        {
            "Id": "A1.1",
            "Name": "Print leaflets in four languages",
            "Achieves objective": "O1.1",
            "Sub-activity of": "A1",
            "Lead body": "Ministry of the Interior",
            "Start": "2027",
            "End": "2027",
            "Evidence": "p. 8",
        },
        {
            "Id": "A2",
            "Name": "Open three shelters",
            "Achieves objective": "O2.1",
            "Lead body": "Ministry of Social Affairs",
            "Supporting bodies": "Red Cross",
            "Start": 2028,
            "End": 2030,
            "Themes": "Shelter; Victim assistance",
            "Evidence": "p. 9",
        },
        {
            "Id": "A3",
            "Name": "Train labour inspectors",
            "Achieves objective": "O2.2; O1.1",
            "When, in words": "Ongoing",
            "Repeated every": "every year",
            "Themes": "Capacity-building",
            "Evidence": "p. 9",
        },
        {
            "Id": "A4",
            "Name": "Adopt guidelines on identification",
            "Achieves objective": "O2.2",
            "Lead body": "Ministry of Justice",
            "Within": "6 months",
            "Counted from": "adoption",
            "Evidence": "p. 10",
        },
    ],
    "Responsibilities": [
        {"For": "A3", "Body": "Labour Inspectorate", "Role": "Lead", "Evidence": "p. 9"},
        {
            "For": "A3",
            "Or a kind of body": "Local authority",
            "In the words of the document": "all municipalities",
            "Role": "Partner",
            "Evidence": "p. 9",
        },
    ],
    "Budget": [
        {
            "Id": "B1",
            "For": "A1",
            "Amount": 120,
            "Currency": "EUR",
            "Printed in": "thousands",
            "Year": 2027,
            "Funded by": "Ministry of the Interior",
            "Evidence": "p. 20",
        },
        {
            "Id": "B2",
            "For": "A2",
            "Amount": "800",
            "Currency": "EUR",
            "Printed in": "thousands",
            "Start": 2028,
            "End": 2030,
            "Or a kind of payer": "Donor",
            "Evidence": "p. 20",
        },
        {
            "For": "A3",
            "Or from": 10,
            "up to": 20,
            "Currency": "EUR",
            "Printed in": "thousands",
            "Year": "2028",
            "Evidence": "p. 20",
        },
        {
            "For": "A4",
            "Kind": "People and other means",
            "In the words of the document": "within existing staff",
            "Evidence": "p. 20",
        },
        {"Id": "Total", "Amount": 1000, "Currency": "EUR", "Printed in": "thousands", "Evidence": "p. 21"},
    ],
    "Indicators and targets": [
        {
            "Id": "I1",
            "Name": "People reached",
            "Of goal, objective or activity": "A1; O1.1",
            "Unit": "persons",
            "Wanted direction": "Up",
            "Baseline": 0,
            "Baseline: of": 2026,
            "Target": 50000,
            "Target: due by": 2028,
            "Evidence": "p. 15",
        },
        {
            "Id": "I2",
            "Name": "Shelter places",
            "Of goal, objective or activity": "A2; O2.1; G2",
            "Unit": "places",
            "Wanted direction": "Up",
            "Baseline": 40,
            "Target": 160,
            "Target: due by": "2030-12",
            "Evidence": "p. 15",
        },
        {
            "Id": "I3",
            "Name": "Share of victims identified late",
            "Of goal, objective or activity": "O2.2",
            "Unit": "percent",
            "Wanted direction": "Down",
            "Baseline": 45,
            "Target": 20,
            "Target: due by": 2031,
            "Evidence": "p. 16",
        },
        {
            "Id": "I4",
            "Name": "Inspectors trained",
            "Of goal, objective or activity": "A3",
            "Unit": "inspectors",
            "Evidence": "p. 16",
            "Target": 300,
            "Target: due by": 2031,
        },
        {
            "Kind": "Target",
            "Name": "Inspectors trained by 2029",
            "Target of": "I4",
            "Target": 100,
            "Target: due by": 2029,
            "Evidence": "p. 16",
        },
    ],
    "Principles and pillars": [
        {
            "Id": "P1",
            "Kind": "Pillar",
            "Name": "Prevention",
            "Themes": "Prevention",
            "Themes: how closely": "word for word",
            "Evidence": "p. 4",
        },
        {"Id": "P2", "Name": "Protection", "Themes": "Protection and assistance of victims", "Evidence": "p. 4"},
        {
            "Kind": "Principle",
            "Name": "Equality before the law",
            "Principles": "Non-discrimination",
            "Evidence": "p. 3",
        },
        {
            "Kind": "Principle",
            "Name": "The child comes first",
            "Principles": "Best interests of the child",
            "Principles: how closely": "word for word",
            "Evidence": "p. 3",
        },
    ],
    "Monitoring": [
        {
            "Name": "Yearly report to Parliament",
            "Monitors": "plan-2027-2031",
            "Responsible body": "Office of the National Coordinator",
            "Repeated every": "every year",
            "Evidence": "p. 25",
        },
        {
            "Kind": "Cooperation with others",
            "Name": "Joint patrols with neighbours",
            "Cooperates with a kind of actor": "Police",
            "Themes": "International cooperation",
            "Evidence": "p. 26",
        },
    ],
    "Events": [
        {
            "Act": "Consulted on",
            "Date": "2026-05",
            "Kinds of participants": "Survivors; National non-governmental organization",
            "Evidence": "p. 2",
        }
    ],
    "Bodies": [
        {"Name": "Ministry of the Interior", "Kind of body": "Ministry"},
        {"Name": "Ministry of Social Affairs", "Kind of body": "Ministry"},
        {"Name": "Red Cross", "Kind of body": "Non-governmental organization"},
    ],
}

# Sheet, heading, record, what is mistyped there, and what mends it: the words that the report offers, or the plan's.
MISTAKES: list[tuple[str, str, int, object, str]] = [
    ("Document", "Kind of document", 0, "Action pln", "Action plan"),
    ("Document", "Adoption: date", 0, "11/12/2026", ""),
    ("Goals and objectives", "Evidence", 2, None, ""),
    ("Goals and objectives", "Themes", 6, "Victim identfication", "Victim identification"),
    ("Activities", "Achieves objective", 4, "O7.7", ""),
    ("Activities", "Start", 1, 2029, ""),
    ("Responsibilities", "Role", 0, "Leed", "Lead"),
    ("Budget", "Currency", 1, None, ""),
    ("Budget", "Year", 0, "FY 2027", "2027"),
    ("Indicators and targets", "Id", 1, "I1", ""),
]


def cell(book: Book, sheet: str, heading: str, record: int) -> Any:
    """Return the cell of a heading in a record, counted from 0 below (or behind) the example."""
    page, down = book[sheet], sheet == "Document"
    heads: list[Any] = [
        page.cell(at, 1) if down else page.cell(1, at) for at in range(1, page.max_row + page.max_column)
    ]
    (found,) = (each for each in heads if str(each.value).partition(" (●")[0] == heading)
    return page.cell(found.row, record + 3) if down else page.cell(record + 3, found.column)


def typed(template: Path) -> Book:
    book = openpyxl.load_workbook(template)
    for sheet, records in PLAN.items():
        book[sheet].sheet_state = "visible"  # as who fills it in has it
        for number, values in enumerate(records):
            for heading, value in values.items():
                cell(book, sheet, heading, number).value = value
    return book


def found(book: Book, path: Path, lang: str = "en") -> list[Finding]:
    book.save(path)
    (report,) = check(path, root=ROOT, lang=lang)
    assert report.conforms == (not any(finding.severity == "Violation" for finding in report.findings))
    return report.findings


def where(finding: Finding) -> str:
    return f"{finding.place.sheet}!{finding.place.cell}" if finding.place else ""


@pytest.fixture(scope="module")
def template(napgraph: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "plan.xlsx"
    made = napgraph("template", "-o", str(path), "--country", "XAA")
    assert made.returncode == 0, made.stderr
    return path


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    """A copy of the graph that knows the invented jurisdictions."""
    for name in ("ontology", "shapes", "queries", "data"):
        shutil.copytree(ROOT / name, tmp_path / "graph" / name)
    invented = ROOT / "tests" / "world" / "ontology" / "schemes" / "jurisdiction-test.ttl"
    shutil.copy(invented, tmp_path / "graph" / "ontology" / "schemes")
    return tmp_path / "graph"


@pytest.mark.slow
def test_a_plan_typed_by_a_new_user_is_checked_mended_taken_in_and_compared(
    napgraph: Run, template: Path, graph: Path, tmp_path: Path
) -> None:
    book, path, right = typed(template), tmp_path / "plan.xlsx", {}
    for sheet, heading, record, value, _ in MISTAKES:
        at = cell(book, sheet, heading, record)
        right[f"{sheet}!{at.coordinate}"] = (at, at.value)
        at.value = value
    told = found(book, path)
    assert {where(finding): finding.nearest for finding in told} == {
        place: mend for place, (*_, mend) in zip(right, MISTAKES, strict=True)
    }
    assert len(told) == len(MISTAKES)
    assert all("nap:" not in finding.message + finding.fix and "<" not in finding.message for finding in told)
    refused = napgraph("--root", str(graph), "accept", str(path))
    assert refused.returncode == 1
    assert not (graph / "data" / "jurisdictions" / "xaa.ttl").exists()
    for finding in told:  # one by one, by what is offered or by what the plan says
        at, value = right.pop(where(finding))
        at.value = finding.nearest or value
        assert sorted(map(where, found(book, path))) == sorted(right)
    taken = napgraph("--root", str(graph), "accept", str(path))
    assert taken.returncode == 0, taken.stdout
    title = "National Action Plan of Exampleland"
    assert title in napgraph("--root", str(graph), "show", "xaa").stdout
    assert title in napgraph("--root", str(graph), "compare", "pillars", "-c", "XAA", "-c", "NOR").stdout
    answer = napgraph("--root", str(graph), "query", "in-force", "--set", "date=2028-06-01", "--format", "csv")
    assert "plan-2027-2031" in answer.stdout


# What is mistyped, and words that the one finding on it has and has not.
ONCE: list[tuple[str, str, int, object, str, str]] = [
    ("Document", "Title as printed", 0, None, "“plan-2027-2031”", "monitoring"),
    ("Document", "Evidence", 0, None, "the action plan “National", "adoption"),
    ("Document", "Kind of record", 0, "not stated in the plan", "“Kind of record” cannot be", "dcterms"),
    ("Goals and objectives", "Name", 4, None, "The goal of the pillar “Protection”", "objective"),
    ("Goals and objectives", "Name", 4, "not stated in the plan", "“Name” cannot be", "skos"),
    ("Activities", "Achieves objective", 2, "G2", "the goal “Victims are found", "<"),
    ("Activities", "Sub-activity of", 1, "A1.1", "a part of itself", "<"),
    ("Activities", "Lead body", 4, "Ministry of the Interiour", "Ministry of the Interiour", "<"),
    ("Activities", "Evidence", 0, None, "the activity “Campaign", "responsibility"),
    ("Budget", "Currency", 0, None, "no currency", "<"),
    ("Budget", "Amount", 4, None, "The amount of the budget of the action plan", "activity"),
    ("Budget", "Year", 0, "FY 2027", "“Year” is “FY 2027”", "End"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("sheet", "heading", "record", "value", "said", "unsaid"), ONCE)
def test_a_mistake_is_told_once_in_its_cell_and_in_the_words_of_the_workbook(
    template: Path, tmp_path: Path, sheet: str, heading: str, record: int, value: object, said: str, unsaid: str
) -> None:
    book = typed(template)
    wrong = cell(book, sheet, heading, record)
    wrong.value = value
    (finding,) = found(book, tmp_path / "plan.xlsx")
    assert where(finding) == f"{sheet}!{wrong.coordinate}"
    assert said in finding.message
    assert unsaid not in finding.message


def test_a_name_of_your_own_is_enough_where_no_title_is_printed(template: Path, tmp_path: Path) -> None:
    book = typed(template)
    cell(book, "Document", "Title as printed", 0).value = None
    cell(book, "Document", "Name of your own", 0).value = "Plan against trafficking of 2027"
    assert found(book, tmp_path / "plan.xlsx") == []


def test_two_ministries_are_no_misspelling_of_each_other(template: Path, tmp_path: Path) -> None:
    assert found(typed(template), tmp_path / "plan.xlsx") == []


def test_the_template_opens_on_its_first_page_and_offers_no_silence_where_an_answer_is_asked_for(
    template: Path,
) -> None:
    book = openpyxl.load_workbook(template)
    assert book.active is book["Start"]
    lists = {column[0].value: {each.value for each in column[1:]} for column in book["Lists"].iter_cols()}
    assert "not stated in the plan" in lists["Status"]
    assert (
        "not stated in the plan"
        not in lists["Kind of record"] | lists["How much of it you had"] | lists["Country or territory"]
    )
