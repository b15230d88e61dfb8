"""The passages and the printed words of the data, held against one source document itself: the Toolkit."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
from rdflib import Dataset, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, RDFS, SKOS
from rdflib.term import Node

from napgraph import KnowledgeGraph

from .source_text import Paragraph, paragraphs

NAP = Namespace("https://w3id.org/napgraph/ont#")
OA = Namespace("http://www.w3.org/ns/oa#")
SOURCE = URIRef("https://w3id.org/napgraph/source/unodc-toolkit-2008")
# Two governments are named by the source as "the Government" only; their records say so in a note.
NOT_PRINTED = {"Government of Indonesia", "Government of Moldova"}


@pytest.fixture(scope="module")
def graph(kg: KnowledgeGraph) -> Dataset:
    return kg.graph()


@pytest.fixture(scope="module")
def passages(graph: Dataset) -> set[Node]:
    return set(graph.subjects(OA.hasSource, SOURCE))


@pytest.fixture(scope="module")
def told(graph: Dataset, passages: set[Node]) -> set[Node]:
    """What the source tells of: all that cites a passage of it."""
    return {each for passage in passages for each in graph.subjects(NAP.evidence, passage)}


@pytest.fixture(scope="module")
def found(graph: Dataset, passages: set[Node], source: str) -> dict[tuple[str, int], Paragraph]:
    sections = {str(graph.value(passage, NAP.section)) for passage in passages}
    return {(each.section, each.number): each for each in paragraphs(source, sections)}


def folded(text: str) -> str:
    return " ".join(text.replace("*", "").split())


def test_the_source_is_the_one_recorded(graph: Dataset, root: Path, source: str) -> None:  # noqa: ARG001
    assert hashlib.sha256(source.encode()).hexdigest() == str(graph.value(SOURCE, NAP.textDigest))


def test_every_passage_is_where_it_says_with_its_digest(
    graph: Dataset, passages: set[Node], found: dict[tuple[str, int], Paragraph]
) -> None:
    assert len(passages) > 100
    for passage in passages:
        place = str(graph.value(passage, NAP.section)), int(str(graph.value(passage, NAP.paragraph)))
        paragraph = found[place]
        assert paragraph.digest == str(graph.value(passage, NAP.textDigest)), passage
        item = graph.value(passage, NAP.listItem)
        assert item is None or 1 <= int(str(item)) <= len(paragraph.items), passage


def test_every_paragraph_and_list_item_is_a_passage(
    graph: Dataset, passages: set[Node], found: dict[tuple[str, int], Paragraph]
) -> None:
    recorded = {
        (
            str(graph.value(each, NAP.section)),
            int(str(graph.value(each, NAP.paragraph))),
            int(str(graph.value(each, NAP.listItem) or 0)),
        )
        for each in passages
    }
    printed = {
        (section, number, item)
        for (section, number), paragraph in found.items()
        for item in range(len(paragraph.items) + 1)
        if section
    }
    headings = {"Overview of responses to trafficking in persons", "Recommended resources", "Promising practice"}
    assert recorded <= printed
    assert {found[section, number].text for section, number, _ in printed - recorded} == headings


def test_labels_of_list_items_are_exactly_as_printed(graph: Dataset, found: dict[tuple[str, int], Paragraph]) -> None:
    checked = 0
    for passage, item in graph.subject_objects(NAP.listItem):
        place = str(graph.value(passage, NAP.section)), int(str(graph.value(passage, NAP.paragraph)))
        printed = found[place].items[int(str(item)) - 1].rstrip(";.")
        for element in set(graph.subjects(NAP.evidence, passage)):
            for label in graph.objects(element, SKOS.prefLabel):
                assert str(label) == printed, element
                checked += 1
    assert checked >= 60


def test_every_list_item_of_a_country_is_recorded(graph: Dataset) -> None:
    general = {"Structure", "Content"}
    for passage in graph.subjects(NAP.listItem, None):
        if str(graph.value(passage, NAP.section)) not in general:
            assert list(graph.subjects(NAP.evidence, passage)), passage


def test_titles_and_addresses_are_printed_so_in_the_source(graph: Dataset, told: set[Node], source: str) -> None:
    text = folded(source)
    documents = told & set(graph.subjects(NAP.jurisdiction, None))
    assert len(documents) == 37
    titles = [title for each in documents for title in graph.objects(each, DCTERMS.title)]
    addresses = [address for each in told for address in graph.objects(each, NAP.urlAsPrinted)]
    assert len(titles) == 26
    assert len(set(addresses)) == 26
    for printed in [*titles, *addresses]:
        assert str(printed) in text, printed


def test_every_printed_address_is_recorded(graph: Dataset, told: set[Node], source: str) -> None:
    printed = {each.rstrip(".").strip("<>") for each in re.findall(r"<?(?:https?://|www\.)\S+", source)}
    assert printed == {str(address) for each in told for address in graph.objects(each, NAP.urlAsPrinted)}


def test_names_of_elements_are_the_source_s_and_summaries_stand_beside_them(
    graph: Dataset, told: set[Node], source: str
) -> None:
    text = folded(source).replace("capacity- building", "capacity-building")  # printed across two pages
    named = 0
    for document in graph.subjects(NAP.jurisdiction, None):
        for element in told & set(graph.objects(document, NAP.hasElement)):
            printed = {str(name) for name in graph.objects(element, SKOS.prefLabel)}
            assert {name for name in printed if name not in text} == set(), element
            assert not printed & {str(name) for name in graph.objects(element, RDFS.label)}, element
            named += len(printed)
    assert named > 90


def test_no_name_of_a_document_is_shortened(graph: Dataset, source: str) -> None:
    """A word that begins with a capital letter right before a printed name, other than The, belongs to it."""
    text = folded(source)
    apart = {"The"}
    for document in graph.subjects(NAP.jurisdiction, None):
        for title in graph.objects(document, DCTERMS.title):
            before = re.findall(rf"(\S+) {re.escape(str(title))}", text)
            assert any(not word[:1].isupper() or word in apart for word in before) or not before, (title, before)


def test_names_of_national_bodies_are_printed_so(graph: Dataset, told: set[Node], source: str) -> None:
    text = folded(source).casefold()
    owners = {str(one) for one in told}
    inside = {each for each in graph.subjects() if str(each).rpartition("/")[0] in owners}
    inside -= set(graph.subjects(NAP.evidence, None))  # what is written in brackets, not what another source tells
    named = {each for of in told | inside for each in graph.objects(of, None) if "/id/" in str(each)}
    bodies = {
        str(label)
        for body in named
        for label in graph.objects(body, SKOS.prefLabel)
        if not list(graph.objects(body, NAP.evidence))
    }
    assert len(bodies) >= 29
    assert bodies > NOT_PRINTED
    assert {name for name in bodies - NOT_PRINTED if name.casefold() not in text} == set()


def test_running_text_is_in_our_own_words(graph: Dataset, source: str) -> None:
    """No note shares seven words in a row with the source, printed names apart."""
    names = [str(name) for kind in (DCTERMS.title, SKOS.prefLabel) for name in graph.objects(None, kind)]
    text = folded(source)
    for name in sorted(names, key=len, reverse=True):
        if len(name.split()) >= 3:
            text = text.replace(name, " ~ ")
    words = re.findall(r"[\w'-]+|~", text.casefold())
    runs = {tuple(words[start : start + 7]) for start in range(len(words)) if "~" not in words[start : start + 7]}
    for kind in (RDFS.comment, DCTERMS.description, NAP.condition, NAP.mappingReason):
        for subject, note in graph.subject_objects(kind):
            if "/ont" in str(subject) or not isinstance(note, Literal):
                continue
            said = re.findall(r"[\w'-]+", str(note).casefold())
            copied = [said[start : start + 7] for start in range(len(said)) if tuple(said[start : start + 7]) in runs]
            assert not copied, (subject, copied)
