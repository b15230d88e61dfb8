"""Records with faults, made from sound or unsound ones by chance: the same seed makes the same faults.

Each fault is one that people make: a statement left out, made twice or with another value, a class or code that is
another's, a literal that is none of its datatype, a circle, an element that hangs from the wrong place, a language
lost or changed. Several records can be judged as one, since each gets a name of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from napgraph.rdf.namespaces import BASE
from napgraph.validation.literals import XSD
from napgraph.validation.shacl import TYPE

__all__ = ["apart", "mutants"]

NAP = f"{BASE}ont#"
_TEXTS = {
    "gYear": ("2006", "202X", "06", "-0001", "2006Z"),
    "gYearMonth": ("2006-05", "2006-13", "2006"),
    "date": ("2006-02-28", "2006-02-30", "2006-01-01Z", "2006-W05-1", "20060101", "2006-01-01T10:00:00"),
    "integer": ("7", "0", "-3", "007", "1_000", "1.0", "", " 5 ", "٣", "99999999999999999999"),
    "decimal": ("7.0", "7.50", "1e5", "NaN", ".5", "5.", "seven"),
    "duration": ("P1Y", "P12M", "PT", "1Y", "P1Y2M3DT4H"),
    "boolean": ("true", "TRUE", "1", "yes"),
    "string": ("", "plain", "x" * 300),
    "anyURI": ("https://example.org/", "not an address"),
}
_CODES = (
    "theme/prevention",
    "extent/full-text",
    "profile/summary",
    "status/draft",
    "feature/good-plan",
    "theme/preventoin",
)
_CIRCLES = ("supersedes", "supersededBy", "implements", "subActivityOf", "hasSubActivity")
_LINKS = ("hasElement", "partOf", "elementOf", "hasIndicator", "hasResponsibility", "coverageOf")

Fault = Callable[[Random, list[Triple]], None]


def mutants(base: Sequence[Triple], random: Random, count: int) -> Iterator[list[Triple]]:
    """Yield ``count`` copies of a record, each with one to three faults."""
    for _ in range(count):
        triples = list(base)
        for _ in range(random.randint(1, 3)):
            random.choice(_FAULTS)(random, triples)
        yield triples


def apart(triples: Sequence[Triple], code: str) -> list[Triple]:
    """Return the record under another jurisdiction's code, its nameless nodes renamed."""
    own = {triple.subject for triple in triples}

    def renamed(term: Any) -> Any:  # a subject or an object
        if isinstance(term, BlankNode):
            return BlankNode(f"{code}{term.value}")
        if isinstance(term, NamedNode):
            moved = re.sub(rf"^({re.escape(BASE)}(?:id|jurisdiction)/)x[a-z]{{2}}(?=/|$)", rf"\g<1>{code}", term.value)
            return NamedNode(f"{term.value}-{code}" if moved == term.value and term in own else moved)
        return term

    return [Triple(renamed(t.subject), t.predicate, renamed(t.object)) for t in triples]


def _drop(random: Random, triples: list[Triple]) -> None:
    if triples:
        triples.pop(random.randrange(len(triples)))


def _put(random: Random, triples: list[Triple], value: Any, *, instead: bool) -> None:
    """Give a statement another value, or state a second one beside it."""
    if triples:
        place = random.randrange(len(triples))
        made = Triple(triples[place].subject, triples[place].predicate, value)
        triples[place : place + instead] = [made]


def _other_value(random: Random, triples: list[Triple]) -> None:
    _put(random, triples, random.choice(triples).object if triples else BlankNode(), instead=random.random() < 0.5)


def _bad_literal(random: Random, triples: list[Triple]) -> None:
    name, texts = random.choice(list(_TEXTS.items()))
    value = Literal(random.choice(texts), datatype=NamedNode(XSD + name))
    dated = [place for place, triple in enumerate(triples) if _is_typed(triple.object)]
    if dated and random.random() < 0.7:
        place = random.choice(dated)
        triples[place] = Triple(triples[place].subject, triples[place].predicate, value)
    else:
        _put(random, triples, value, instead=True)


def _is_typed(term: object) -> bool:
    return isinstance(term, Literal) and not term.language and term.datatype.value != XSD + "string"


def _other_language(random: Random, triples: list[Triple]) -> None:
    spoken = [place for place, triple in enumerate(triples) if getattr(triple.object, "language", None)]
    if spoken:
        place = random.choice(spoken)
        subject, predicate, value = triples[place]
        tag = random.choice([None, "fr", "EN", "en-GB", "x-none"])
        changed = Literal(value.value, language=tag) if tag else Literal(value.value)
        triples[place : place + random.randint(0, 1)] = [Triple(subject, predicate, changed)]


def _other_class(random: Random, triples: list[Triple]) -> None:
    typed = [place for place, triple in enumerate(triples) if triple.predicate == TYPE]
    if typed:
        place = random.choice(typed)
        kind = random.choice([triples[random.choice(typed)].object, *(NamedNode(NAP + name) for name in _CLASSES)])
        triples[place : place + random.randint(0, 1)] = [Triple(triples[place].subject, TYPE, kind)]


def _other_code(random: Random, triples: list[Triple]) -> None:
    coded = [
        place
        for place, triple in enumerate(triples)
        if isinstance(triple.object, NamedNode) and re.match(rf"{re.escape(BASE)}(?!id/|ont#)", triple.object.value)
    ]
    if coded:
        place = random.choice(coded)
        code = NamedNode(BASE + random.choice(_CODES))
        triples[place : place + random.randint(0, 1)] = [Triple(triples[place].subject, triples[place].predicate, code)]


def _circle(random: Random, triples: list[Triple]) -> None:
    subjects = sorted({triple.subject for triple in triples if isinstance(triple.subject, NamedNode)}, key=str)
    link = NamedNode(NAP + random.choice(_CIRCLES))
    chain = random.sample(subjects, min(len(subjects), random.randint(1, 3)))
    triples += [Triple(one, link, other) for one, other in zip(chain, chain[1:] + chain[:1], strict=True)]


def _moved(random: Random, triples: list[Triple]) -> None:
    """Hang something from another subject, by the same property or another."""
    if triples:
        place = random.randrange(len(triples))
        subject = random.choice(triples).subject
        link = random.choice([triples[place].predicate, NamedNode(NAP + random.choice(_LINKS))])
        triples[place] = Triple(subject, link, triples[place].object)


def _nameless(random: Random, triples: list[Triple]) -> None:
    _put(random, triples, BlankNode(f"b{random.randrange(1000)}"), instead=True)


def _renamed(random: Random, triples: list[Triple]) -> None:
    """Misspell a subject everywhere it stands, or only where it is described."""
    if triples:
        subject = random.choice(triples).subject
        made = NamedNode(f"{BASE}id/xaa/{random.choice(['Plan_1', 'a', 'plan/Über'])}")
        everywhere = random.random() < 0.5
        triples[:] = [
            Triple(
                made if triple.subject == subject else triple.subject,
                triple.predicate,
                made if everywhere and triple.object == subject else triple.object,
            )
            for triple in triples
        ]


_CLASSES = (
    "Strategy",
    "ActionPlan",
    "Pillar",
    "PlannedActivity",
    "CoverageStatement",
    "Budget",
    "Strategie",
    "Element",
)
_FAULTS: tuple[Fault, ...] = (
    _drop,
    _drop,
    _other_value,
    _bad_literal,
    _bad_literal,
    _other_language,
    _other_class,
    _other_code,
    _circle,
    _moved,
    _nameless,
    _renamed,
)
