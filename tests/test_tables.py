"""Tables in every format: what was written is what a reader finds, with its meaning, origin and language."""

from __future__ import annotations

import csv
import io
import json
from html.parser import HTMLParser
from pathlib import Path

import csvw
import openpyxl
import pandas
import polars
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from napgraph import KnowledgeGraph
from napgraph.tables.columns import About, Column, Value, described
from napgraph.tables.frames import names_for
from napgraph.tables.table import BINARY, FORMS, Table, metadata, written

from .conftest import Run

# Texts that readers take for something else, or that do harm where they are taken for more than text.
TEXTS = [
    "NAM", "NA", "N/A", "null", "None", "nan", "", "TRUE", "0012", "1e5", "inf", " space ", "a,b;c\td", 'say "so"',
    "two\nlines", "=1+1", "+1", "-1", "@SUM(A1)", "=HYPERLINK(\"http://x\")", "<script>alert(1)</script>", "| x |",
    "Menschen­handel 人身売買 مكافحة", "&amp;", "`x`", "*x*", "\\",
]  # fmt: skip
CODES = {"stated": "a plan says so", "the source does not say": "it was looked for"}


def made(rows: list[dict[str, Value]] | None = None) -> Table:
    columns = [
        Column("country", words="Alpha-3 code"),
        Column("text", words="Any text", term="https://example.org/ont#text"),
        Column("number", "integer", "A count"),
        Column("share", "decimal", "A share"),
        Column("known", "boolean", "Whether it is known"),
        Column("day", "date", "A day, month or year"),
        Column("value", words="One of the values", codes=CODES),
    ]
    if rows is None:
        rows = [
            dict[str, Value](
                country="NAM",
                text=text,
                number=place,
                share=place / 4,
                known=place % 2 == 0,
                day=("2006", "2006-07", "2006-07-01")[place % 3],
                value=list(CODES)[place % 2],
            )
            for place, text in enumerate(TEXTS)
        ]
        rows.append(dict.fromkeys(("text", "number", "share", "known", "day", "value"), None) | {"country": "NLD"})
    about = About("Invented", "Which?", {"q": "SELECT"}, {"match": "close"}, "0" * 40, ["A source"], ["A note."])
    return Table(columns, rows, about)


class Cells(HTMLParser):
    """What stands in the cells of the tables of a page, and every tag."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.cells: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag, none of which may carry a script."""
        self.tags.append(tag)
        assert not any(name.startswith("on") for name, _ in attrs)
        if tag in {"td", "th"}:
            self.cells.append("")

    def handle_data(self, data: str) -> None:
        """Add to the cell that is open."""
        if self.cells:
            self.cells[-1] += data


def test_separated_values_come_back() -> None:
    """An empty text and nothing stay two things; a text stays a text for readers that guess."""
    table = made()
    for form, mark in (("csv", ","), ("tsv", "\t")):
        text = written(table, form).decode()
        rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=mark))
        assert [row["text"] for row in rows] == [*TEXTS, ""]
        assert [row["country"] for row in rows] == ["NAM"] * len(TEXTS) + ["NLD"]
        assert [row["number"] for row in rows] == [*map(str, range(len(TEXTS))), ""]
        assert '""' in text.splitlines()[1 + TEXTS.index("")]


def test_json_holds_everything() -> None:
    table = made()
    told = json.loads(written(table, "json"))
    assert told["rows"] == table.rows
    assert [column["name"] for column in told["columns"]] == table.names
    assert told["queries"] == {"q": "SELECT"}
    assert told["version"] == "0" * 40
    assert told["columns"][-1]["codes"] == CODES


def test_a_page_shows_texts_and_runs_nothing() -> None:
    table = made()
    page = Cells(written(table, "html").decode())
    assert set(page.tags).isdisjoint({"script", "iframe", "object", "embed", "link"})
    shown = {" ".join(cell.split()) for cell in page.cells}
    assert {" ".join(text.split()) for text in TEXTS} <= shown
    assert "<script>" not in written(table, "markdown").decode()


def test_markdown_keeps_its_columns() -> None:
    lines = [line for line in written(made(), "markdown").decode().splitlines() if line.startswith("|")]
    assert len(lines) == 2 + len(TEXTS) + 1
    assert {line.replace("\\|", "").count("|") for line in lines} == {8}


def test_a_workbook_holds_data_codebook_and_origin_and_no_formula() -> None:
    table = made()
    book = openpyxl.load_workbook(io.BytesIO(written(table, "xlsx")))
    assert book.sheetnames == ["data", "codebook", "about"]
    assert {cell.data_type for sheet in book for row in sheet for cell in row} <= {"s", "n", "b"}
    heads, *rows = book["data"].iter_rows(values_only=True)
    assert list(heads) == table.names
    assert [row[1] for row in rows] == [text or None for text in TEXTS] + [None]
    assert [row[2] for row in rows[:-1]] == list(range(len(TEXTS)))
    told = {row[0]: row[1] for row in book["about"].iter_rows(min_row=2, values_only=True)}
    assert told["query q"] == "SELECT"
    assert told["data version"] == "0" * 40
    assert told["parameter match"] == "close"
    meanings = {row[0]: row for row in book["codebook"].iter_rows(min_row=2, values_only=True)}
    assert meanings["share"][1:3] == ("decimal", "A share")
    assert "stated = a plan says so" in str(meanings["value"][3])


def test_stata_has_labels_for_variables_and_values() -> None:
    table = made()
    content = written(table, "dta")
    frame = pandas.read_stata(io.BytesIO(content), convert_categoricals=False)
    with pandas.read_stata(io.BytesIO(content), iterator=True) as reader:
        assert reader.variable_labels()["share"] == "A share"
        assert list(reader.value_labels()["value"].values()) == list(CODES)
    assert frame["text"].tolist() == [*TEXTS, ""]
    assert frame["country"].tolist()[0] == "NAM"
    assert frame["number"].tolist()[:-1] == list(range(len(TEXTS)))


def test_stata_s_names_are_legal_and_each_once() -> None:
    names = names_for(["2006", "if", "a b", "a_b", "ä" * 40, "x" * 40, "x" * 41])
    assert len({name.lower() for name in names}) == len(names)
    assert all(len(name) <= 32 and not name[0].isdigit() and name.isascii() for name in names)
    assert "if" not in names


def test_parquet_and_frames_keep_types_texts_and_origin() -> None:
    table = made()
    content = io.BytesIO(written(table, "parquet"))
    frame = polars.read_parquet(content)
    assert frame["text"].to_list() == [*TEXTS, None]
    assert frame.schema["number"] == polars.Int64
    assert frame.schema["known"] == polars.Boolean
    assert json.loads(polars.read_parquet_metadata(content)["napgraph"])["version"] == "0" * 40
    other = table.to_pandas()
    assert other["country"].isna().sum() == 0
    assert other["text"].isna().sum() == 1
    assert str(other["share"].dtype) == "Float64"
    assert other.attrs["title"] == "Invented"


@pytest.mark.parametrize("form", FORMS)
def test_a_table_without_rows_is_a_table(form: str) -> None:
    assert written(made([]), form)


TEXT = st.text(st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufffe\uffff"), max_size=12)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "country": st.sampled_from(["NAM", "NLD", "XKX"]),
            "text": st.none() | TEXT,
            "number": st.none() | st.integers(-(10**9), 10**9),
            "share": st.none() | st.floats(-1e6, 1e6, allow_nan=False).map(lambda number: round(number, 6)),
            "known": st.none() | st.booleans(),
            "day": st.none() | st.dates().map(str),
            "value": st.none() | st.sampled_from(list(CODES)),
        }
    ),
    max_size=5,
)


@pytest.mark.slow
@given(ROWS)
@settings(max_examples=60, deadline=None)
def test_any_rows_come_back_from_every_format_that_has_types(rows: list[dict[str, Value]]) -> None:
    table = made(rows)
    assert json.loads(written(table, "json"))["rows"] == rows
    assert polars.read_parquet(io.BytesIO(written(table, "parquet"))).to_dicts() == rows
    _, *cells = openpyxl.load_workbook(io.BytesIO(written(table, "xlsx")))["data"].iter_rows(values_only=True)
    shown = [dict(zip(table.names, line, strict=True)) for line in cells if any(each is not None for each in line)]
    assert shown == [row | {"text": (row["text"] or None)} for row in rows]
    lines = list(csv.DictReader(io.StringIO(written(table, "csv").decode(), newline="")))
    assert [line["text"] for line in lines] == [row["text"] or "" for row in rows]


@pytest.fixture(scope="module")
def exported(kg: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The comparison of pillars as CSV with its description, and an answer whose texts have languages."""
    folder = tmp_path_factory.mktemp("exported")
    for name, table in (("pillars", kg.compare("pillars").evidence()), ("titles", kg.query("pillar-phrases").table())):
        (folder / f"{name}.csv").write_bytes(written(table, "csv"))
        (folder / f"{name}.csv-metadata.json").write_bytes(metadata(table, f"{name}.csv"))
    return folder


@pytest.mark.parametrize("name", ["pillars", "titles"])
def test_the_description_beside_a_csv_file_is_that_of_the_file(exported: Path, name: str) -> None:
    path = exported / f"{name}.csv"
    table = csvw.CSVW(str(path))
    assert table.is_valid
    (described,) = table.tables
    rows = list(described)
    assert len(rows) == len(list(csv.reader(path.open(encoding="utf-8", newline="")))) - 1
    told = json.loads((exported / f"{name}.csv-metadata.json").read_text(encoding="utf-8"))
    assert all(column["dc:description"] for column in told["tableSchema"]["columns"])
    assert told["dc:bibliographicCitation"]
    assert told["schema:isBasedOn"][0]["schema:text"].startswith("#+ summary")


def test_every_column_of_an_answer_is_described(kg: KnowledgeGraph) -> None:
    asked = [query for query in kg.queries if query.folder != "lookup"]
    columns = {
        (query.name, column.name): column.words
        for query in asked
        for column in described(kg.root, query.columns, [query.name])
    }
    assert len(columns) > 300
    assert [place for place, words in columns.items() if not words] == []


def test_the_language_of_a_text_stands_beside_it(kg: KnowledgeGraph) -> None:
    table = kg.query("pillar-phrases").table()
    languages = [name for name in table.names if name.endswith("_lang")]
    assert languages
    assert {value for name in languages for value in table.values(name)} >= {"en"}


def test_an_answer_shows_itself_in_a_notebook(kg: KnowledgeGraph) -> None:
    answer = kg.query("priorities", country="ISR")
    page = Cells(answer._repr_html_())
    assert "table" in page.tags
    assert any("Egypt" in cell for cell in page.cells)
    assert len(answer.to_pandas()) == len(answer.to_polars()) == len(answer.rows())


@pytest.mark.parametrize("form", sorted(BINARY | {"csv", "html"}))
def test_the_command_writes_each_format(form: str, napgraph: Run, tmp_path: Path) -> None:
    path = tmp_path / f"pillars.{form}"
    done = napgraph("compare", "pillars", "-c", "NOR", "-c", "NLD", "-o", str(path))
    assert done.returncode == 0, done.stderr
    assert path.stat().st_size > 100


COUNTING = (
    "compare pillars",
    "timeline",
    "similarity principles",
    "gaps",
    "diff xkx/action-plan xkx/strategy-and-commitment",
    "network",
)


@pytest.mark.slow
@pytest.mark.parametrize("command", COUNTING)
def test_every_number_leads_to_its_paragraph(command: str, napgraph: Run) -> None:
    done = napgraph(*command.split(), "--evidence", "--format", "csv")
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(io.StringIO(done.stdout, newline="")))
    named = [row for row in rows if any("/source/" in (value or "") for value in row.values())]
    assert named
    assert all(any(key.endswith("where") and value for key, value in row.items()) for row in named)
