"""What the build sums up for the comparisons is what the queries of the axes say of the plans themselves."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from benchmarks.generate import write_root
from napgraph import KnowledgeGraph
from napgraph.compare.lenses import document_key
from napgraph.compare.matrix import axes
from napgraph.compare.values import RANK, value_of
from napgraph.namespaces import slug

from .conftest import ROOT

AXES = ("pillars", "principles", "features", "actors", "groups", "forms", "measures")


@pytest.fixture(scope="module", params=["bundled", "world", "generated"])
def graph(
    request: pytest.FixtureRequest, kg: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory
) -> KnowledgeGraph:
    if request.param == "bundled":
        return kg
    root: Path = tmp_path_factory.mktemp(request.param)
    if request.param == "generated":
        return KnowledgeGraph.load(write_root(root, 9, seed=5))
    for part in ("ontology", "shapes", "queries", "data"):
        shutil.copytree(ROOT / part, root / part)
    shutil.copytree(ROOT / "tests" / "world", root, dirs_exist_ok=True)
    return KnowledgeGraph.load(root)


def test_the_axes_are_all_summed_up(kg: KnowledgeGraph) -> None:
    assert set(axes(kg)) == set(AXES)


@pytest.mark.parametrize("by", ["country", "document"])
@pytest.mark.parametrize("match", ["exact", "close", "broad"])
@pytest.mark.parametrize("axis", AXES)
@pytest.mark.parametrize(
    "lens", [{}, {"in_force": "2006-07-01"}, {"level": "operational"}], ids=["all", "day", "level"]
)
def test_cells_are_those_of_the_plans(axis: str, match: str, by: str, lens: str, graph: KnowledgeGraph) -> None:
    asked = {} if axis == "features" else {"strictness": match}
    periods = (str(row["earliest"]) for row in graph.query("timeline") if row["kind"] == "period" and row["earliest"])
    day = next(periods) if lens == "in_force" else None
    found = graph.compare(axis, match=match, by=by, in_force=day, level="operational" if lens == "level" else None)
    silent: dict[str, str] = {}
    said: dict[tuple[str, str], str] = {}
    documents = set()
    for row in graph.query(axis, **asked):
        document = str(row["document"])
        if document in found.view.left_out:
            continue
        key = slug(str(row["country"])).upper() if by == "country" else document_key(document)
        value = value_of(row["value"])
        if row["concept"] is None:
            documents.add(document)
            silent[key] = min(silent.get(key, value), value, key=RANK.__getitem__)
        else:
            cell = key, slug(str(row["concept"]))
            said[cell] = min(said.get(cell, value), value, key=RANK.__getitem__)
    assert found.documents == len(documents) > 0
    shown = [subject.key for subject in found.subjects if found.left_out(subject.key) is None]
    assert sorted(shown) == sorted(silent)
    for key in shown:
        for concept in found.concepts:
            value = min(said.get((key, concept.code), silent[key]), silent[key], key=RANK.__getitem__)
            assert found.value(key, concept.code).name == value, (key, concept.code)
    telling = {concept for (_, concept), value in said.items() if value in {"stated", "partly"}}
    assert [concept.code for concept in found.spoken()] == [
        each.code for each in found.concepts if each.code in telling
    ]
