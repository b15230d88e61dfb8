"""The axes of comparison, the features, the record and the evidence never contradict, whatever a plan looks like."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

import pytest

from napgraph import KnowledgeGraph
from napgraph.compare.analysis import short_iri
from napgraph.compare.matrix import SAYING, Comparison, axes
from napgraph.rdf.namespaces import slug

from .conftest import ROOT, write_world

FEATURES = {
    "pillars": "pillars",
    "measures": "measures",
    "principles": "guiding-principles",
    "groups": "target-groups",
    "forms": "forms-of-exploitation",
    "actors": "actors",
}
KINDS = {"pillars": "Pillar", "measures": "PlannedActivity", "principles": "PrincipleStatement"}
UNMAPPED = "no-shared-concept"
ONT = "https://w3id.org/napgraph/ont#"


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    """The invented countries, the plans of awkward languages, and those of this folder with a list that grew."""
    root: Path = write_world(tmp_path_factory.mktemp("axes"))
    places = root / "data" / "jurisdictions"
    for name in ("xaw", "xax"):
        shutil.copy(ROOT / "tests" / "axes" / f"{name}.ttl", places)
    shutil.copy(ROOT / "tests" / "awkward" / "titles-in-languages.ttl", places / "xcy.ttl")
    shutil.copy(ROOT / "tests" / "axes" / "later-concept.ttl", root / "ontology" / "schemes")
    return KnowledgeGraph.load(root)


@pytest.fixture(params=["bundled", "invented"])
def graph(request: pytest.FixtureRequest, kg: KnowledgeGraph) -> KnowledgeGraph:
    return kg if request.param == "bundled" else request.getfixturevalue("invented")


def values(found: Comparison, key: str) -> dict[str, str]:
    return {concept.code: found.value(key, concept.code).name for concept in found.concepts}


@pytest.mark.slow
@pytest.mark.parametrize("axis", FEATURES)
def test_an_axis_and_its_feature_agree(graph: KnowledgeGraph, axis: str) -> None:
    """What a source shows of a feature has a cell on its axis; what it does not show has none."""
    features = graph.compare("features", by="document")
    found = graph.compare(axis, by="document")
    assert features.subjects
    for key, _, _, _ in features.subjects:
        status = features.value(key, FEATURES[axis]).name
        cells = values(found, key)
        # Another part of a plan may speak of a theme or principle, which makes it no pillar and no principle statement.
        own = {"stated"} if axis in {"pillars", "principles"} else SAYING
        shown = cells[UNMAPPED] in SAYING or not own.isdisjoint(cells.values())
        assert shown == (status in SAYING), (key, status, cells)
        if not shown:
            assert set(cells.values()) - SAYING <= {status, "not-assessed"}, (key, status, cells)


@cache
def recorded(graph: KnowledgeGraph) -> tuple[dict[str, list[str]], dict[str, set[str]], set[str]]:
    """The parts of each document, the types of all of them, and the parts that are a part of another; as IRIs."""
    parts: dict[str, list[str]] = {}
    for row in graph.query("parts", country=graph.compare("features").jurisdictions):
        parts.setdefault(str(row["document"]), []).extend([str(row["part"])] if row["part"] else [])
    types: dict[str, set[str]] = {}
    inner: set[str] = set()
    for row in graph.query("statements", resource=[*parts, *(part for below in parts.values() for part in below)]):
        subject, predicate = str(row["subject"]), str(row["predicate"])
        if predicate.endswith("#type"):
            types.setdefault(subject, set()).add(str(row["value"]))
        inner |= {subject} if predicate == f"{ONT}partOf" else set()
    return parts, types, inner


@pytest.mark.slow
@pytest.mark.parametrize("axis", KINDS)
def test_every_element_of_the_record_is_behind_a_cell(graph: KnowledgeGraph, axis: str) -> None:
    """What is recorded of the kind of an axis counts there; the parts of a measure go with the whole.

    Only plans are compared: what a report tells or a law orders has its own questions.
    """
    plans = {f"{ONT}{each}" for each in ("PolicyInstrument", "Strategy", "ActionPlan")}
    listed: dict[bool, set[str]] = {True: set(), False: set()}
    parts, types, inner = recorded(graph)
    for document, below in parts.items():
        there = {part for part in below if f"{ONT}{KINDS[axis]}" in types.get(part, ())}
        listed[not plans.isdisjoint(types[document])] |= there - inner
    assert listed[True]
    for match in ("exact", "broad"):
        found = graph.compare(axis, match=match)
        found.read()
        behind = {
            row["element"]
            for country in found.jurisdictions
            for concept in found.concepts
            if found.value(country, concept.code).name in SAYING
            for row in found.cell(country, concept.code).evidence
        }
        assert listed[True] <= behind
        assert behind.isdisjoint(listed[False])


@pytest.mark.parametrize("axis", FEATURES)
def test_a_narrow_match_hides_nothing(graph: KnowledgeGraph, axis: str) -> None:
    """What is said at one nearness is said at each, in these words or others; what is silent is silent at each."""
    found = {match: graph.compare(axis, match=match) for match in ("exact", "close", "broad")}
    for code in found["broad"].jurisdictions:
        for concept in found["broad"].concepts:
            at = [found[match].value(code, concept.code).name for match in found]
            assert len({name in SAYING for name in at}) == 1, (code, concept.code, at)
            assert at[2] != "in-other-words"
            assert at[0] in SAYING or len(set(at)) == 1


@pytest.mark.slow
@pytest.mark.parametrize("axis", [*FEATURES, "features"])
def test_every_said_cell_has_evidence_of_its_value(graph: KnowledgeGraph, axis: str) -> None:
    found = graph.compare(axis, match="close")
    for row in found.rows():
        for concept in found.concepts:
            cell = found.cell(str(row["country"]), concept.code)
            assert row[concept.code] == cell.value.words
            assert bool(cell.evidence) == (cell.value.name in SAYING) or axis == "features", (row, concept)
    every = {concept.code for concept in found.concepts}
    assert every <= set(found.table().names), "the columns are the same whatever the rows are"
    assert (UNMAPPED in every) == (axis != "features")


def test_the_wider_concepts_of_a_shown_one_are_shown(graph: KnowledgeGraph) -> None:
    for axis in axes(graph):
        for match in ("exact", "broad"):
            depth = -1
            for concept in graph.compare(axis, match=match).spoken():
                assert concept.depth <= depth + 1, (axis, concept)
                depth = concept.depth


def test_what_the_words_have_no_shared_concept_for(invented: KnowledgeGraph) -> None:
    shown = {}
    for axis in FEATURES:
        found = invented.compare(axis, country=["XAW"], by="document", match="exact")
        shown[axis] = [found.value(f"xaw/{name}", UNMAPPED).name for name in ("plan", "strategie")]
    # In full: a pillar, a principle and a measure are nobody else's, and the council is of no recorded type. The text
    # of the strategy has five pillars and names none, and it only says that there are groups and actors.
    assert shown == {
        "pillars": ["stated", "partly"],
        "measures": ["stated", "absent"],
        "principles": ["stated", "absent"],
        "groups": ["absent", "partly"],
        "forms": ["absent", "not-assessed"],
        "actors": ["stated", "partly"],
    }
    phrases = {
        axis: [row["phrase"] for row in invented.compare(axis, country=["XAW"]).cell("XAW", UNMAPPED).evidence]
        for axis in ("pillars", "measures", "principles", "actors")
    }
    assert phrases == {
        "pillars": ["Mémoire", "Cinq axes, dont aucun n'est nommé."],
        "measures": ["Ériger un monument"],
        "principles": ["Prise en compte des traumatismes"],
        "actors": ["Conseil de coordination", None],
    }


def test_a_part_of_a_text_shows_no_absence(invented: KnowledgeGraph) -> None:
    """Of five pillars that nobody named, none is known to be another than prosecution; the plan in full has two."""
    pillars = invented.compare("pillars", country=["XAW"], by="document")
    assert pillars.value("xaw/plan", "prosecution").name == "absent"
    assert pillars.value("xaw/strategie", "prosecution").name == "not-stated"
    assert (
        invented.compare("forms", country=["XAW"], by="document")
        .value("xaw/strategie", "slavery-and-similar-practices")
        .name
        == "not-assessed"
    )


def test_who_pays_and_coordinates_takes_part(invented: KnowledgeGraph) -> None:
    found = invented.compare("actors", country=["XAW"])
    assert [(row["phrase"], row["role"]) for row in found.cell("XAW", "ministry").evidence] == [
        ("Ministère de la justice", "is funded by")
    ]


@pytest.mark.parametrize("axis", ["pillars", "measures", "principles", "features"])
def test_what_came_on_a_list_later_was_not_looked_for(invented: KnowledgeGraph, axis: str) -> None:
    found = invented.compare(axis, by="document")
    told = {
        key: found.value(f"xax/{key}", "invented-later").name
        for key in ("read-after", "read-before", "read-without-a-day", "short-and-read-before")
    }
    assert told == {
        "read-after": "absent",
        "read-before": "not-assessed",
        "read-without-a-day": "not-assessed",
        "short-and-read-before": "not-assessed",
    }
    together = invented.compare(axis)
    # In XAX one plan was read since, in full, so the theme is absent; in XAY nobody looked.
    assert [together.value(code, "invented-later").name for code in ("XAX", "XAY")] == ["absent", "not-assessed"]
    earlier = {"features": "measures", "principles": "participation"}.get(axis, "prosecution")
    assert {found.value(f"xax/{key}", earlier).name for key in told} == {"absent", "not-stated"}


def test_a_later_concept_that_is_named_is_stated(invented: KnowledgeGraph) -> None:
    found = invented.compare("pillars")
    assert found.value("XAZ", "invented-later").name == "stated"
    assert found.value("XAZ", "prevention").name == "stated"
    assert invented.compare("pillars", match="exact").value("XAZ", "invented-later").name == "in-other-words"


def test_the_bundled_source_was_read_before_no_concept(kg: KnowledgeGraph) -> None:
    rows = kg.query("pillars", source="unodc-toolkit-2008")
    assert {str(row["value"]).rpartition("/")[2] for row in rows} == {"described", "mentioned", "not-stated"}
    assert not [row for row in rows if row["concept"] and not row["element"]]


@pytest.mark.slow
def test_nothing_is_absent_by_an_excerpt(graph: KnowledgeGraph) -> None:
    """Absent is only what a full text was looked through for, or a source says is not there."""
    may: dict[str, set[str]] = {}
    for row in graph.query(str(ROOT / "tests" / "axes" / "may-be-absent.rq")):
        may.setdefault(short_iri(row["document"]), set()).add(slug(str(row["feature"])))
    for axis in axes(graph):
        lenses = ({}, {"extent": "bare-mention"}) if axis in {"features", "pillars"} else ({},)
        for lens in lenses:
            found = graph.compare(axis, by="document", tier="all", **lens)
            for subject in found.subjects:
                for concept in found.concepts:
                    if found.value(subject.key, concept.code).name == "absent":
                        feature = concept.code if axis == "features" else FEATURES[axis]
                        assert feature in may.get(subject.key, set()), (axis, subject.key, concept.code)


def test_what_came_after_a_reading_was_not_looked_for(graph: KnowledgeGraph) -> None:
    """A concept made after the last reading of a document is silent only because nobody can have looked for it."""
    made = {
        str(row["concept"]): str(row["day"])
        for row in graph.query(str(ROOT / "tests" / "axes" / "days-of-concepts.rq"))
    }
    last: dict[str, str] = {}
    for row in graph.query(str(ROOT / "tests" / "axes" / "days-of-readings.rq")):
        key = short_iri(row["document"])
        last[key] = max(last.get(key, ""), str(row["day"] or ""))
    assert made
    checked = 0
    for axis in FEATURES:
        found = graph.compare(axis, by="document", tier="all")
        for concept in (each for each in found.concepts if each.iri in made):
            for key in (each.key for each in found.subjects if last[each.key] < made[concept.iri]):
                name = found.value(key, concept.code).name
                assert name in SAYING or name == "not-assessed", (axis, key, concept.code)
                checked += 1
    assert checked


def test_what_the_parts_of_activities_have_is_seen_of_the_plan(kg: KnowledgeGraph) -> None:
    found = kg.compare("features", by="document", country=["LVA"])
    for feature in ("responsibilities", "timelines", "activity-indicators"):
        assert found.value("lva/plan-2025-2027", feature).name == "stated", feature
