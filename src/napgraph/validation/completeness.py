"""The structure of each document of a record, as the Toolkit lays it out, and how complete it is.

What is asked and what is there are answered by two saved queries. An element is there, partly there, stated as absent
or as not applying, missing, not said in a short source, or not looked for; the last two leave the completeness open,
so it is a range.
"""

from ..project.messages import Catalogue
from ..query.results import Value
from ..rdf.namespaces import slug
from .labels import Labels, NodeNames
from .profiles import RecordLookups
from .report import Element, Level, Structure

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
        elements = [
            Element(slug(iri), nodes.spoken(labels.codes[iri].labels), min(features[iri], key=_BEST.index))
            for iri in sorted(features, key=codes.index)
        ]
        counted = [element for element in elements if element.status != "inapplicable"]
        there, gone = (sum(element.status in some for element in counted) for some in (_THERE, _GONE))
        lower, upper = (there / len(counted), (len(counted) - gone) / len(counted)) if counted else (1.0, 1.0)
        name = catalogue.text("level", slug(collection))
        return Level(slug(collection), name, elements, round(lower, 2), round(upper, 2))

    made = []
    for document, collections in asked.items():
        levels = sorted((level(*each) for each in collections.items()), key=lambda each: _LEVELS.index(each.code))
        made.append(Structure(document, nodes.node(f"<{document}>"), levels))
    return made


def _status(row: dict[str, Value], parts: int, served: int) -> str:
    """Return the status of one feature: what an author says of it, else what is there, else what silence means."""
    if row["said"] is not None:
        return _SAID.get(slug(str(row["said"])), "unlooked")
    if served:
        return "present" if served == parts else "partly"
    if row["looked"] is None:
        return "unlooked"
    return "missing" if slug(str(row["extent"] or "")) == _FULL else "silent"
