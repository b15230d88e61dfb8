"""What each document of a record holds and how complete it is, and how grave its profile makes a finding."""

from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

from pyoxigraph import Quad, Triple

from ..project.messages import Catalogue, grades
from ..query.engine import ask, store_of
from ..query.results import Value
from ..rdf.descriptions import Descriptions
from ..rdf.namespaces import slug
from .labels import Labels, NodeNames
from .report import RANK, Element, Level, Structure

_LEVELS = ("strategic", "operational", "cross-cutting", "good-plan")
_SAID = {"described": "present", "partly-described": "partly", "mentioned": "partly", "absent": "absent"}
_SAID |= {"not-applicable": "inapplicable", "not-stated": "silent", "not-assessed": "unlooked"}
_BEST = ("present", "partly", "absent", "inapplicable", "missing", "silent", "unlooked")
_THERE, _GONE = {"present", "partly"}, {"absent", "missing"}


def frame(root: str, triples: Iterable[Triple]) -> list[Triple]:
    """Select the class tree and the collections of features: what look-ups over a record need beside it."""
    links = {*grades(root)["links"]["frame"]}
    return [triple for triple in triples if triple.predicate.value in links]


class DocumentParts(NamedTuple):
    """What belongs to one document, itself included, and every (profile, extent) that it declares."""

    declared: set[tuple[str, str]]
    parts: set[str]


class RecordLookups:
    """Saved look-ups over the triples of one record beside a ``frame``; store and answers are made once.

    ``misplaced`` are the triples that are not a record's to state, as terms by column.
    """

    def __init__(self, root: str, triples: Iterable[Triple], frame: Iterable[Triple]) -> None:
        self.descriptions = Descriptions(triples)
        self._root, self._store = root, store_of(triples)
        self.misplaced = list(ask(root, "not-for-records", self._store).terms())
        self._store.extend(Quad(*triple) for triple in frame)

    def rows(self, name: str) -> list[dict[str, Value]]:
        """Return the rows of a look-up over record and frame."""
        return ask(self._root, name, self._store).rows()

    @cached_property
    def parts_of_documents(self) -> dict[str, DocumentParts]:
        """What belongs to each document of the record, however many steps below it."""
        found: dict[str, DocumentParts] = {}
        steps: dict[str, list[str]] = {}
        for row in self.rows("owners"):
            if row["document"] is None:
                steps.setdefault(str(row["whole"]), []).append(str(row["part"]))
            else:
                of = found.setdefault(str(row["document"]), DocumentParts(set(), set()))
                of.declared.add((slug(str(row["profile"] or "")), slug(str(row["extent"] or ""))))
        for document, of in found.items():
            waiting = [document]
            while waiting:
                whole = waiting.pop()
                if whole not in of.parts:
                    of.parts.add(whole)
                    waiting += steps.get(whole, ())
        return found

    @cached_property
    def readings(self) -> set[str]:
        """The addresses of the readings that the record describes."""
        return {str(row["resource"]) for row in self.rows("record-parts") if row["kind"] == "reading"}

    def told_of(self, names: set[str]) -> set[str]:
        """Return the documents among ``names`` or, where there is none, those of which a part is among them."""
        owned = self.parts_of_documents
        return owned.keys() & names or {iri for iri, of in owned.items() if not of.parts.isdisjoint(names)}

    @cached_property
    def documents(self) -> list[str]:
        """The addresses of the documents that the record describes, in the order they came."""
        return [each.value for each in self.descriptions.subjects if each.value in self.parts_of_documents]

    def declared(self, profile: str | None) -> dict[str, set[tuple[str, str]]]:
        """Return, per resource, the (profile, extent) of its documents; ``profile``, if given, goes before theirs."""
        made: dict[str, set[tuple[str, str]]] = {}
        for of in self.parts_of_documents.values():
            stated = {(profile or name, extent) for name, extent in of.declared}
            for part in of.parts:
                made.setdefault(part, set()).update(stated)
        return made


class Profiles:
    """The table of profiles: rule, profile and extent to severity."""

    def __init__(self, root: str, shapes: Iterable[Triple]) -> None:
        rows = ask(root, "obligations", store_of(shapes)).rows()
        self.names = sorted({slug(str(row["profile"])) for row in rows})
        self._table = {
            (str(row["rule"]), slug(str(row["profile"])), slug(str(row["extent"] or ""))): slug(str(row["severity"]))
            for row in rows
            if row["rule"] is not None and row["severity"] is not None
        }
        self._always = {str(row["rule"]) for row in rows} - {rule for rule, _, _ in self._table}

    def severity(self, rule: str, declared: set[tuple[str, str]], own: str) -> str | None:
        """Return how grave a finding by ``rule`` is on what is ``declared``, or None where it is not required.

        ``own`` is the severity in the shape file; it holds for the rules that every record must keep. Rules that no
        profile lists repeat others for engines that do not read the table, and are not required.
        """
        if rule in self._always:
            return own
        table = self._table
        found = [table.get((rule, *each)) or table.get((rule, each[0], "")) for each in declared]
        return min((severity for severity in found if severity), key=RANK.__getitem__, default=None)


def completeness(lookups: RecordLookups, nodes: NodeNames, labels: Labels, catalogue: Catalogue) -> list[Structure]:
    """Return the structure of every strategy and plan, as the Toolkit lays it out; what is not said leaves a range."""
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
        counted = [element.status for element in elements if element.status != "inapplicable"]
        there, gone = (sum(status in some for status in counted) for some in (_THERE, _GONE))
        lower, upper = (round(each / len(counted), 2) if counted else 1.0 for each in (there, len(counted) - gone))
        return Level(slug(collection), catalogue.text("level", slug(collection)), lower, upper, elements)

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
    return "missing" if slug(str(row["extent"] or "")) == "full-text" else "silent"
