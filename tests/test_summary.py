"""What the build sums up for the comparisons is what the queries of the axes say of the plans themselves."""

from __future__ import annotations

import shutil
from itertools import chain
from pathlib import Path

import pytest

from benchmarks.generate import write_root
from napgraph import KnowledgeGraph
from napgraph.compare.analysis import short_iri
from napgraph.compare.matrix import RANK, SAYING, axes, value_of
from napgraph.query.results import Value
from napgraph.rdf.namespaces import BASE, slug

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


@pytest.mark.slow
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
    said: dict[tuple[str, str], set[str]] = {}
    owners: dict[str, list[str]] = {}
    for row in chain(graph.query(axis, **asked), graph.query("later-concepts", axis=axis)):
        document = str(row["document"])
        if document in found.view.left_out:
            continue
        if row["concept"] is None:
            assert document not in silent, "one row tells how a document stands where nothing is said"
            silent[document] = value_of(row["value"])
            key = slug(str(row["country"])).upper() if by == "country" else short_iri(document)
            owners.setdefault(key, []).append(document)
        else:
            said.setdefault((document, slug(str(row["concept"]))), set()).add(value_of(row["value"]))
    assert found.documents == len(silent) > 0
    shown = [subject.key for subject in found.subjects if found.left_out(subject.key) is None]
    assert sorted(shown) == sorted(owners)
    for key in shown:
        for concept in found.concepts:
            values = [said.get((document, concept.code)) or {silent[document]} for document in owners[key]]
            expected = min(set().union(*values), key=RANK.__getitem__)
            assert found.value(key, concept.code).name == expected, (key, concept.code)
    telling = {concept for (_, concept), values in said.items() if values & SAYING}
    above = {slug(str(row["concept"])): row["broader"] for row in wider(graph, axis)}
    while more := {slug(str(above[code])) for code in telling if above.get(code)} - telling:
        telling |= more
    assert [concept.code for concept in found.spoken()] == [
        each.code for each in found.concepts if each.code in telling
    ]


def wider(graph: KnowledgeGraph, axis: str) -> list[dict[str, Value]]:
    """The concepts of the scheme of an axis, each with the one above it."""
    scheme = graph.queries.get(axis).header["scheme"]
    return graph.query("concepts", scheme=f"{BASE}{scheme}").rows()
