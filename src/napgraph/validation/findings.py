"""From results, near-misses and notes to findings: sentences with their place, what to write, and nothing told twice.

What follows from a near-miss is not told beside it: a plan whose evidence is written ``nap:evidnce`` has a misspelt
property, and not a missing one too. The results themselves are kept whole in the report.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from itertools import groupby
from typing import TYPE_CHECKING, TypeVar

import pyoxigraph

from ..project.messages import MISSING, component_key
from ..rdf.namespaces import BASE, slug
from ..records.limits import MEANINGS
from ..records.record import Location
from .labels import clipped, term_of
from .near_misses import Meant, near_misses
from .report import RANK, Finding
from .sentences import SILENT, Sentences
from .suggestions import Suggestions

if TYPE_CHECKING:
    from ..errors import SourceFileError
    from ..project.messages import Catalogue
    from ..records.record import Note, Record
    from .labels import Labels, NodeNames, Rule
    from .near_misses import Miss
    from .report import Result
    from .vocabulary import VocabularyIndex

_Item = TypeVar("_Item")

RULE = f"{BASE}rule/"
# Of several constraints that one value breaks, the first of these is told.
_TELLING = ("MinCount", "MaxCount", "Datatype", "In", "Class", "Node", "NodeKind", "Or", "Pattern", "MaxLength")
_TEXT_FAULTS = {"unknown-language-tag", "unknown-language-code", "turned-text", "unseen-sign"}
_AS_WRITTEN = {"wrong-namespace", "mixed-scripts", *_TEXT_FAULTS}
_OF_TEXTS = {"unknown-datatype", "mixed-scripts", *_TEXT_FAULTS}
_ALSO_RULES = {"ill-typed", "not-to-be-taken"}  # where a rule says so of the same value too, the rule is told
_OF_OWNERS = ("ResponseDocument-jurisdiction", "ResponseDocument-iri", "ResponseDocument-iri-jurisdiction")
"""The rules on whose a document is: while one is not met, nothing else is said of what is whose."""
_NOT_OWN = {"redefined-term"}
"""The near-misses that say already that a statement is not a record's to make."""
_UNREAD = {"formula-without-value", "error-cell"}  # what is missing there is missing since it could not be read
_SHOWN = ("value", "text", "key", "written", "column", "sheet")
_MOST = 1_000  # findings of one rule that are told one by one


class FindingWriter:
    """Makes the findings of records, in one language."""

    def __init__(self, labels: Labels, known: VocabularyIndex, catalogue: Catalogue) -> None:
        self.labels, self.known, self.catalogue = labels, known, catalogue

    def findings(
        self, record: Record, notes: list[Note], nodes: NodeNames, results: Iterable[Result], documents: int
    ) -> list[Finding]:
        """Return what is to be said of a record, gravest first, then by place."""
        return _RecordFindings(self, record, notes, nodes).findings(list(results), documents)

    def refusal(self, error: SourceFileError) -> Finding:
        """Return the finding on a file that could not be read, with the reader's own words, which are English."""
        key, words = getattr(error, "key", "unreadable"), self.catalogue.note("unreadable") or {}
        place = Location(error.path, error.line, getattr(error, "pointer", ""))
        problem = error.problem[:1].upper() + error.problem[1:]
        made = Finding("Violation", f"{RULE}unreadable", "", "", "", words["name"], error.mend or words["fix"], place)
        if self.catalogue.language == "en":
            return made._replace(message=problem)
        return made._replace(message=f"{self.catalogue.refusal(key, is_limit=key in MEANINGS)} ({problem})")


class _RecordFindings:
    """The findings of one record."""

    def __init__(self, writer: FindingWriter, record: Record, notes: list[Note], nodes: NodeNames) -> None:
        self.record, self.notes, self.nodes = record, notes, nodes
        self.labels, self.known, self.catalogue = writer.labels, writer.known, writer.catalogue
        self.suggestions = Suggestions(nodes, self.labels, self.known)
        self.sentences = Sentences(nodes, self.labels, self.catalogue, self.suggestions)

    def findings(self, results: list[Result], documents: int) -> list[Finding]:
        misses = near_misses(self.record.triples, self.known)
        if misses:
            meant = Meant(misses, self.record.triples, self.known.kinds)
            results = [each for each in results if not meant.explains(each, self.labels.rules.get(each.rule))]
        groups = [list(group) for _, group in groupby(sorted(results, key=_one_value), _one_value)]
        broken, more = _capped(_without_comparisons(groups), lambda group: group[0].rule)
        misses, missed = _capped(misses, lambda miss: miss.key)
        unread = {note.place for note in self.notes if note.key in _UNREAD}
        written = (self._result(group) for group in broken)
        found = self._once([finding for finding in written if finding.shown or finding.place not in unread])
        values = {finding.value for finding in found}
        places = {finding.place for finding in found if finding.shown}
        found += [finding for miss in misses if (finding := self._miss(miss)).value not in values]
        owned = {finding.name for finding in found if finding.severity == "Violation"}.isdisjoint(
            {*_OF_OWNERS, *_NOT_OWN}
        )
        found += [
            self._note(note)
            for note in self.notes
            if (note.key not in _ALSO_RULES or note.place not in places) and (owned or note.key != "not-to-be-taken")
        ]
        found += [self._more(group[0].rule, group[0].severity, count) for group, count in more]
        found += [self._more(RULE + miss.key, "Violation", count) for miss, count in missed]
        if not documents and not any(miss.key == "unknown-class" or _is_ours(miss) for miss in misses):
            found.append(self._nothing())
        return sorted(set(found), key=self._order)

    def _once(self, found: list[Finding]) -> list[Finding]:
        """Tell a cell of a sheet once of each mistake, though it may state several things, as a year states two.

        Where the words for "not stated" stand and may not, nothing is missing besides.
        """
        if not self.nodes.sheets:
            return found
        first = {str(triple.subject): at for at, triple in reversed(list(enumerate(self.record.triples)))}
        silent = {finding.place for finding in found if finding.name == SILENT}
        kept: dict[tuple[object, ...], Finding] = {}
        for finding in sorted(found, key=lambda each: first.get(each.focus, 0)):
            missing = not finding.value
            cell = finding.place if finding.place is not None and finding.place.cell else finding.focus
            if not missing or finding.place not in silent:
                mistake = finding.rule if missing else (finding.component, finding.shown)
                kept.setdefault((finding.severity, cell, mistake), finding)
        return list(kept.values())

    # Results of the shapes

    def _result(self, results: list[Result]) -> Finding:
        """Tell what a rule says of one value, by the most telling of the constraints that the value breaks."""
        result = min(results, key=_telling)
        rule = self.labels.rules.get(result.rule)
        place = self._place(result, rule)
        return Finding(
            result.severity,
            result.rule,
            result.focus,
            result.value,
            result.path,
            self.nodes.spoken(rule.names) if rule else slug(result.rule),
            place=place,
            component=result.component,
            shown=self.nodes.plain(result.value) if result.value not in {"", result.focus} else "",
            subject=self.nodes.node(result.focus),
            **self.sentences.of(result, rule, self.record.heading(place)),
        )

    def _place(self, result: Result, rule: Rule | None) -> Location:
        """Return where a result is: at its value, else where the missing one belongs, else at its resource."""
        focus = term_of(result.focus)
        if result.value not in {"", result.focus}:
            value = term_of(result.value)
            for subject, other in ((focus, value), (value, focus)):
                for link, values in self.nodes.forward.get(str(subject), {}).items():
                    if other in values:
                        return self.record.place(subject, pyoxigraph.NamedNode(link), other)
        start = self.record.place(focus)
        for name in self._columns(result, rule):
            found = self.record.place(focus, pyoxigraph.NamedNode(name))
            if found != start:
                return found
        return start

    def _columns(self, result: Result, rule: Rule | None) -> list[str]:
        """Return the properties by which to find the place of a result without a value of its own.

        In a sheet what is missing has a place too: the cell of its column, which may be found by the rule.
        """
        key, there = component_key(result.component), self.nodes.forward.get(result.focus, {})
        paths = [result.path] if result.path else (rule.values("term") if rule else [])
        if key == "QualifiedMinCount":
            paths = []
        if self.nodes.sheets:
            return [result.rule, *paths]
        return [] if key in MISSING else [path for path in paths if path in there]

    # Near-misses, notes, nothing

    def _miss(self, miss: Miss) -> Finding:
        subject, predicate, value = miss.triple
        node = self.nodes.node(str(subject))
        slots = dict(miss.values) | {"node": node, "Node": node[:1].upper() + node[1:], "value": self._shown(miss)}
        if "expected" in slots:
            slots["expected"] = self.catalogue.text("word", slots["expected"])
        if "list" in slots:
            slots["list"] = self.sentences.of_list(slots["list"])
        for key in ("other", "type"):
            if key in slots:
                slots[key] = self.catalogue.quote(self.nodes.address(slots[key]))
        right = miss.nearest if miss.key in _AS_WRITTEN else self.suggestions.written(miss.nearest)
        place = self.record.place(subject, predicate, value)
        written = str(value) if miss.key in _OF_TEXTS else f"<{miss.written}>"
        made = self._written(miss.key, slots, place, right)
        return made._replace(focus=str(subject), value=written, path=predicate.value, subject=node)

    def _shown(self, miss: Miss) -> str:
        if miss.key == "unknown-datatype":
            return self.nodes.value(str(miss.triple.object))
        as_written = miss.key in _AS_WRITTEN
        return self.catalogue.quote(miss.written if as_written else self.nodes.address(miss.written))

    def _note(self, note: Note) -> Finding:
        values = {key: clipped(value) for key, value in note.values.items()}
        if "datatype" in values:
            values["datatype"] = self.catalogue.datatype([self.labels.short(note.values["datatype"])])
        made = self._written(note.key, values, note.place, values.get("nearest") or values.get("near", ""))
        return made._replace(shown=next((values[key] for key in _SHOWN if key in values), ""))

    def _nothing(self) -> Finding:
        key = "nothing-known-sheet" if self.nodes.sheets else "nothing-known"
        made = self._written(key, {}, self.record.place(pyoxigraph.BlankNode()), "")
        return made._replace(rule=f"{RULE}nothing-known")

    def _more(self, rule: str, severity: str, count: int) -> Finding:
        """Say how often a rule was not met beyond what is told one by one."""
        names = self.labels.rules[rule].names if rule in self.labels.rules else {}
        note = self.catalogue.note(slug(rule))
        name = self.nodes.spoken(names) or (note["name"] if note else slug(rule))
        slots = {"count": str(count), "name": self.catalogue.quote(name)}
        made = self._written("more-of-it", slots, self.record.place(pyoxigraph.BlankNode()), "")
        return made._replace(severity=severity, value=rule)

    def _written(self, key: str, slots: dict[str, str], place: Location, right: str) -> Finding:
        words = self.catalogue.note(key) or {"name": key, "message": key, "fix": ""}
        return Finding(
            self.labels.grades["severity"].get(key, "Warning"),
            RULE + key,
            "",
            "",
            "",
            words["name"].format_map(slots),
            words["fix"].format_map(slots),
            place,
            words["message"].format_map(slots),
            nearest=right,
            shown=slots.get("value", "").strip("“”«»\xa0 "),
        )

    def _order(self, finding: Finding) -> tuple[object, ...]:
        """Return what findings are sorted by: how grave, then place, sheets in the workbook's own order."""
        place = finding.place
        at: tuple[object, ...] = ()
        if place is not None:
            letters = place.cell.rstrip("0123456789")
            digits = place.cell.removeprefix(letters)
            sheet = self.labels.sheets.get(place.sheet, 0) if place.sheet else 0
            row = int(digits or place.line or 0)
            at = (place.file, sheet, place.sheet, row, len(letters), letters, place.pointer)
        return RANK[finding.severity], at, finding.rule, finding.message


def _is_ours(miss: Miss) -> bool:
    """Return whether a namespace that is written wrong stands for one of the project's own."""
    return miss.key == "wrong-namespace" and miss.nearest.startswith(BASE)


def _capped(items: list[_Item], kind: Callable[[_Item], str]) -> tuple[list[_Item], list[tuple[_Item, int]]]:
    """Return at most so many items of each kind, and how many more there are of which: nobody reads ten thousand."""
    counts = Counter(map(kind, items))
    if not any(count > _MOST for count in counts.values()):
        return items, []
    kept: list[_Item] = []
    seen: Counter[str] = Counter()
    last: dict[str, _Item] = {}
    for item in items:
        seen[kind(item)] += 1
        if seen[kind(item)] <= _MOST:
            kept.append(item)
        last[kind(item)] = item
    return kept, [(last[name], count - _MOST) for name, count in counts.items() if count > _MOST]


def _one_value(result: Result) -> tuple[str, str, str]:
    missing = component_key(result.component) if not result.value else ""
    return result.rule, result.focus, result.value or missing


def _without_comparisons(groups: list[list[Result]]) -> list[list[Result]]:
    """Leave out comparisons of a value that is itself written wrong."""
    wrong = {(group[0].focus, group[0].value) for group in groups if not _is_comparison(group[0]) and group[0].value}
    return [group for group in groups if not _is_comparison(group[0]) or (group[0].focus, group[0].value) not in wrong]


def _is_comparison(result: Result) -> bool:
    return component_key(result.component) == "SPARQL"


def _telling(result: Result) -> int:
    key = component_key(result.component)
    return _TELLING.index(key) if key in _TELLING else len(_TELLING)
