"""The structure of each document of a record, as the Toolkit lays it out, and how complete it is.

What is asked and what is there are answered by two saved queries. An element is there, partly there, stated as absent
or as not applying, missing, not said in a short source, or not looked for; the last two leave the completeness open,
so it is a range.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..rdf.namespaces import slug
from .report import Element, Level, Structure

if TYPE_CHECKING:
    from ..project.messages import Catalogue
    from ..query.results import Value
    from .labels import Labels, NodeNames
    from .profiles import RecordLookups

_LEVELS = ("strategic", "operational", "cross-cutting", "good-plan")
_SAID = {
    "described": "present",
    "partly-described": "partly",
    "mentioned": "partly",
    "absent": "absent",
    "not-applicable": "inapplicable",
    "not-stated": "silent",
    "not-assessed": "unlooked",
}
_BEST = ("present", "partly", "absent", "inapplicable", "missing", "silent", "unlooked")
_THERE = {"present", "partly"}
_GONE = {"absent", "missing"}
_FULL = "full-text"


def completeness(lookups: RecordLookups, nodes: NodeNames, labels: Labels, catalogue: Catalogue) -> list[Structure]:
    """Return the structure of every strategy and plan of a record."""
    content = {
        (str(row["document"]), str(row["feature"])): (int(row["parts"] or 0), int(row["served"] or 0))
        for row in lookups.rows("structure-content")
    }
    asked: dict[str, dict[str, dict[str, set[str]]]] = {}
    for row in lookups.rows("structure"):
        document, collection, feature = (str(row[column]) for column in ("document", "collection", "feature"))
        found = asked.setdefault(document, {}).setdefault(collection, {}).setdefault(feature, set())
        found.add(_status(row, *content.get((document, feature), (0, 0))))
    codes = list(labels.codes)

    def level(collection: str, features: dict[str, set[str]]) -> Level:
        best = {iri: min(features[iri], key=_BEST.index) for iri in sorted(features, key=codes.index)}
        elements = [Element(slug(iri), nodes.spoken(labels.codes[iri].labels), best[iri]) for iri in best]
        return _level(slug(collection), catalogue.text("level", slug(collection)), elements)

    return [
        Structure(document, nodes.node(f"<{document}>"), sorted((level(*each) for each in levels.items()), key=_rank))
        for document, levels in asked.items()
    ]


def _status(row: dict[str, Value], parts: int, served: int) -> str:
    """Return the status of one feature: what an author says of it, else what is there, else what silence means."""
    if row["said"] is not None:
        return _SAID.get(slug(str(row["said"])), "unlooked")
    if served:
        return "present" if served == parts else "partly"
    if row["looked"] is None:
        return "unlooked"
    return "missing" if slug(str(row["extent"] or "")) == _FULL else "silent"


def _level(code: str, name: str, elements: list[Element]) -> Level:
    asked = [element for element in elements if element.status != "inapplicable"]
    there = sum(element.status in _THERE for element in asked)
    gone = sum(element.status in _GONE for element in asked)
    lower, upper = (there / len(asked), (len(asked) - gone) / len(asked)) if asked else (1.0, 1.0)
    return Level(code, name, elements, round(lower, 2), round(upper, 2))


def _rank(level: Level) -> int:
    return _LEVELS.index(level.code)
