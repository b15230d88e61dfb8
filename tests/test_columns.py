"""The columns of a saved query are as its files say, whatever the rows are."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path

import pandas
import pyoxigraph
import pytest

from napgraph import KnowledgeGraph
from napgraph.errors import FolderError
from napgraph.query.catalogue import Catalogue
from napgraph.query.results import Results
from napgraph.tables.columns import answered, known_columns, stored
from napgraph.tables.frames import stata
from napgraph.tables.table import Table, metadata

from .conftest import ROOT

QUERIES = [query.name for query in Catalogue(str(ROOT))]


@pytest.fixture(scope="module")
def invented(small: Path, tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    """Other rows than those of the project: one jurisdiction and the invented ones."""
    folder = Path(shutil.copytree(small, tmp_path_factory.mktemp("columns") / "invented"))
    return KnowledgeGraph.load(shutil.copytree(ROOT / "tests" / "world", folder, dirs_exist_ok=True))


def shape(table: Table) -> dict[str, object]:
    """All that says what the columns are, in each format that says anything of it."""
    with io.BytesIO(stata(table)) as file:
        in_stata = pandas.read_stata(file, convert_categoricals=False).dtypes
    return {
        "columns": table.columns,
        "stored": [stored(column, table.values(column.name)) for column in table.columns],
        "csvw": json.loads(metadata(table, "x.csv"))["tableSchema"],
        "pandas": table.to_pandas().dtypes.to_dict(),
        "polars": table.to_polars().schema,
        "stata": {name: pandas.api.types.is_numeric_dtype(kind) for name, kind in in_stata.items()},
    }


@pytest.mark.slow
@pytest.mark.parametrize("name", QUERIES)
def test_rows_have_no_say_in_the_columns(name: str, kg: KnowledgeGraph, invented: KnowledgeGraph) -> None:
    query = kg.queries.get(name)
    asked = kg.query(name).in_table
    assert asked is not None
    empty = Results(query.columns, [])
    empty.in_table = asked
    columns = shape(empty.table())
    for each in (kg, invented):
        assert shape(each.query(name).table()) == columns
    if "country" in query.parameters:
        assert shape(kg.query(name, country="KEN").table()) == columns


@pytest.mark.slow
@pytest.mark.parametrize("name", QUERIES)
def test_what_the_file_says_of_columns_is_so(name: str, kg: KnowledgeGraph, invented: KnowledgeGraph) -> None:
    told = {known.column.name: known for known in answered(kg.root, kg.queries.get(name).columns, name)}
    for each in (kg, invented):
        answer = each.query(name)
        for row in answer.terms():
            tagged = {key for key, term in row.items() if isinstance(term, pyoxigraph.Literal) and term.language}
            assert {key for key in tagged if not told[key].language} == set()
            addresses = {key for key, known in told.items() if known.answer.kind == "iri"}
            other = {key for key in addresses if not isinstance(row[key], (pyoxigraph.NamedNode, type(None)))}
            assert other == set()
        table = answer.table()
        for column in table.columns:
            values = {value for value in table.values(column.name) if value is not None}
            assert not column.codes or values <= set(column.codes), column.name


def test_the_rows_tell_of_the_columns_of_a_query_of_one_s_own(kg: KnowledgeGraph, tmp_path: Path) -> None:
    path = tmp_path / "own.rq"
    path.write_text("SELECT ?a ?b WHERE { VALUES (?a ?b) { ('x'@fr 1) ('y'@en 2) } }", encoding="utf-8")
    table = kg.query(str(path)).table()
    assert [(column.name, column.kind) for column in table.columns] == [
        ("a", "text"),
        ("a_lang", "text"),
        ("b", "integer"),
    ]


def test_a_column_says_no_nonsense(tmp_path: Path) -> None:
    (tmp_path / "queries").mkdir()
    for line, words in (('answer = "address"', "the kind 'address'"), ('language = "en"', "true or false")):
        (tmp_path / "queries" / "columns.toml").write_text(f'[x]\nwords = "X"\n{line}\n', encoding="utf-8")
        known_columns.cache_clear()
        with pytest.raises(FolderError, match=words):
            known_columns(str(tmp_path))
