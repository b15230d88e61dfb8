"""What a matrix is made of: subjects, concepts in the order of their tree, and the values of cells."""

from collections.abc import Mapping
from typing import NamedTuple

from ..project.language import say
from ..query.session import Session
from ..rdf.namespaces import BASE, slug
from ..tables.columns import Value

Row = dict[str, Value]


class CellValue(NamedTuple):
    """One of the values of a cell: its name, its sign, the words for it, and what they mean."""

    name: str
    sign: str
    words: str
    meaning: str


_PART = "only a part of it is said, or it is said only in another part of a document"
_OTHER = "said in wording that is less near to the concept than was asked"
_SILENT = "looked for in a source that is not the full text, and not found: this is no 'no'"
_UNSEEN = "nobody has looked for it, the list had it only after the documents were read, or a lens leaves them out"
VALUES = {
    name: CellValue(name, *told)
    for name, *told in (
        ("stated", "●", "stated", "the documents say it, in the way that the axis asks for"),
        ("partly", "◐", "partly or mentioned", _PART),
        ("in-other-words", "○", "said, in other words", _OTHER),
        ("not-stated", "·", "the source does not say", _SILENT),
        ("absent", "✗", "absent: the full text was read, or a source says so", "not there"),
        ("not-assessed", "?", "not looked for", _UNSEEN),
    )
}
_OF_STATUS = {"described": "stated", "partly-described": "partly", "mentioned": "partly", "not-applicable": "absent"}
RANK = {name: rank for rank, name in enumerate(VALUES)}
"""The order of the values: what says most comes first."""
SAYING = frozenset({"stated", "partly", "in-other-words"})
"""The values of cells of which something is said."""


def code_of(row: Mapping[str, object]) -> str:
    """Return the alpha-3 code of the jurisdiction that a row is about."""
    return slug(str(row["country"])).upper()


def short_iri(iri: object) -> str:
    """Return the short name of a document or of a part of one, such as ``nor/plan-2006-2009``: what follows ``id/``."""
    return str(iri).removeprefix(f"{BASE}id/")


def values_in(language: str) -> dict[str, CellValue]:
    """Return the values by name, their words in a language."""
    return {
        name: value._replace(words=say(language, value.words), meaning=say(language, value.meaning))
        for name, value in VALUES.items()
    }


def value_of(status: object) -> str:
    """Return the name of the value that a status in the answer of an axis, by its IRI, stands for."""
    name = slug(str(status))
    return _OF_STATUS.get(name, name)


class Subject(NamedTuple):
    """What is compared: a jurisdiction or one document. Its key, name, jurisdiction (alpha-3 code) and IRI."""

    key: str
    name: str
    country: str
    iri: str


class Concept(NamedTuple):
    """A concept of the compared scheme: its code, IRI, name, and depth in the scheme (0 at the top)."""

    code: str
    iri: str
    label: str
    depth: int


def concepts_of(kg: Session, scheme: str) -> list[Concept]:
    """Return the concepts of a scheme in tree order, each under the first of its broader ones."""
    rows = kg.query("concepts", scheme=f"{BASE}{scheme}").rows()
    labels = {str(row["concept"]): str(row["label"]) for row in rows}
    parents: dict[str, str] = {}
    for row in rows:
        if row["broader"] is not None:
            parents.setdefault(str(row["concept"]), str(row["broader"]))
    paths: dict[str, tuple[str, ...]] = {}

    def path(iri: str) -> tuple[str, ...]:
        if iri not in paths:
            paths[iri] = ()  # a circle ends here
            paths[iri] = (*(path(parents[iri]) if iri in parents else ()), iri)
        return paths[iri]

    position = {iri: number for number, iri in enumerate(labels)}
    ordered = sorted(labels, key=lambda iri: [position[part] for part in path(iri)])
    return [Concept(slug(iri), iri, labels[iri], len(path(iri)) - 1) for iri in ordered]
