"""The values of a cell, their signs and words, and which of them a coverage status stands for."""

from __future__ import annotations

from typing import NamedTuple

from ..project.language import say
from ..rdf.namespaces import slug


class CellValue(NamedTuple):
    """One of the values of a cell: its name, its sign, the words for it, and what they mean."""

    name: str
    sign: str
    words: str
    meaning: str


VALUES = {
    value.name: value
    for value in (
        CellValue("stated", "●", "stated", "the documents say it, in the way that the axis asks for"),
        CellValue(
            "partly",
            "◐",
            "partly or mentioned",
            "only a part of it is said, or it is said only in another part of a document",
        ),
        CellValue(
            "in-other-words",
            "○",
            "said, in other words",
            "said in wording that is less near to the concept than was asked",
        ),
        CellValue(
            "not-stated",
            "·",
            "the source does not say",
            "looked for in a source that is not the full text, and not found: this is no 'no'",
        ),
        CellValue("absent", "✗", "absent: the full text was read, or a source says so", "not there"),
        CellValue(
            "not-assessed",
            "?",
            "not looked for",
            "nobody has looked for it, the list had it only after the documents were read, or a lens leaves them out",
        ),
    )
}
_OF_STATUS = {
    "described": "stated",
    "partly-described": "partly",
    "mentioned": "partly",
    "in-other-words": "in-other-words",
    "not-stated": "not-stated",
    "absent": "absent",
    "not-applicable": "absent",
    "not-assessed": "not-assessed",
}
RANK = {name: rank for rank, name in enumerate(VALUES)}
"""The order of the values: what says most comes first."""
SAYING = frozenset({"stated", "partly", "in-other-words"})
"""The values of cells of which something is said."""


def values_in(language: str) -> dict[str, CellValue]:
    """Return the values by name, their words in a language."""
    return {
        name: value._replace(words=say(language, value.words), meaning=say(language, value.meaning))
        for name, value in VALUES.items()
    }


def value_of(status: object) -> str:
    """Return the name of the value that a status in the answer of an axis, by its IRI, stands for."""
    return _OF_STATUS[slug(str(status))]


class Subject(NamedTuple):
    """What is compared: a jurisdiction or one document. Its key, name, jurisdiction (alpha-3 code) and IRI."""

    key: str
    name: str
    country: str
    iri: str
