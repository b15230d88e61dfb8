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

from ..project.messages import component_key
from ..rdf.namespaces import BASE, slug
from ..records.limits import MEANINGS
from ..records.record import KEYS, Location
from .entailments import Meant
from .near_misses import near_misses
from .places import Places
from .report import RANK, Finding
from .sentences import SILENT, Sentences
from .suggestions import Right
from .words import Namer, clipped

if TYPE_CHECKING:
    from ..errors import SourceFileError
    from ..project.messages import Catalogue
    from ..records.record import Note, Record
    from .labels import Lexicon
    from .near_misses import Miss
    from .shacl import Result
    from .vocabulary import Known

_Item = TypeVar("_Item")

RULE = f"{BASE}rule/"
# Of several constraints that one value breaks, the first of these is told.
_TELLING = ("MinCount", "MaxCount", "Datatype", "In", "Class", "Node", "NodeKind", "Or", "Pattern", "MaxLength")
_SHEETS = {"xlsx", "csv"}
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


class Speaker:
    """Makes the findings of records, in one language."""

    def __init__(self, lexicon: Lexicon, known: Known, catalogue: Catalogue) -> None:
        self.lexicon, self.known, self.catalogue = lexicon, known, catalogue

    def findings(self, record: Record, results: Iterable[Result], documents: int) -> list[Finding]:
        """Return what is to be told of a record, gravest first, then by place."""
        return _Telling(self, record, list(results)).findings(documents)

    def refusal(self, error: SourceFileError) -> Finding:
        """Return the finding on a file that could not be read, with the reader's own words, which are English."""
        key, words = getattr(error, "key", "unreadable"), self.catalogue.note("unreadable") or {}
        place = Location(error.path, error.line, getattr(error, "pointer", ""))
        problem = error.problem[:1].upper() + error.problem[1:]
        made = Finding("Violation", f"{RULE}unreadable", "", "", "", words["name"], error.mend or words["fix"], place)
        if self.catalogue.language == "en":
            return made._replace(message=problem)
        return made._replace(message=f"{self.catalogue.refusal(key, is_limit=key in MEANINGS)} ({problem})")


class _Telling:
    """What is told of one record."""

    def __init__(self, speaker: Speaker, record: Record, results: list[Result]) -> None:
        self.record, self.results = record, results
        self.lexicon, self.known, self.catalogue = speaker.lexicon, speaker.known, speaker.catalogue
        self.sheets = record.format in _SHEETS
        self.namer = Namer(record, self.lexicon, self.catalogue, codes=not self.sheets)
        self.nearest = Right(self.namer, self.lexicon, self.known, sheets=self.sheets)
        self.sentences = Sentences(self.namer, self.lexicon, self.catalogue, self.nearest, sheets=self.sheets)
        self.places = Places(record, self.namer, sheets=self.sheets)

    def findings(self, documents: int) -> list[Finding]:
        misses = near_misses(self.record.triples, self.known)
        told = self._apart(self.results, misses) if misses else self.results
        together = [list(group) for _, group in groupby(sorted(told, key=_one_value), _one_value)]
        broken, more = _capped(_telling_ones(together), lambda group: group[0].rule)
        misses, missed = _capped(misses, lambda miss: miss.key)
        unread = {note.place for note in self.record.notes if note.key in _UNREAD}
        told_ones = (self._result(group) for group in broken)
        found = self._once([finding for finding in told_ones if finding.shown or finding.place not in unread])
        values = {finding.value for finding in found}
        places = {finding.place for finding in found if finding.shown}
        found += [finding for miss in misses if (finding := self._miss(miss)).value not in values]
        owned = {finding.name for finding in found if finding.severity == "Violation"}.isdisjoint(
            {*_OF_OWNERS, *_NOT_OWN}
        )
        found += [
            self._note(note)
            for note in self.record.notes
            if (note.key not in _ALSO_RULES or note.place not in places) and (owned or note.key != "not-to-be-taken")
        ]
        found += [self._more(group[0].rule, group[0].severity, count) for group, count in more]
        found += [self._more(RULE + miss.key, "Violation", count) for miss, count in missed]
        if not documents and not any(miss.key == "unknown-class" or _is_ours(miss) for miss in misses):
            found.append(self._nothing())
        return sorted(set(found), key=self._order)

    def _apart(self, results: list[Result], misses: list[Miss]) -> list[Result]:
        """Leave out the results that follow from near-misses."""
        meant = Meant(misses, self.record, self.known.kinds)
        return [result for result in results if not meant.explains(result, self.lexicon.rules.get(result.rule))]

    def _once(self, found: list[Finding]) -> list[Finding]:
        """Tell a cell of a sheet once of each mistake, though it may state several things, as a year states two.

        Where the words for "not stated" stand and may not, nothing is missing besides.
        """
        if not self.sheets:
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
        rule = self.lexicon.rules.get(result.rule)
        place = self.places.of(result, rule)
        told = self.sentences.of(result, rule, self.record.heading(place))
        return Finding(
            result.severity,
            result.rule,
            result.focus,
            result.value,
            result.path,
            self.namer.spoken(rule.names) if rule else slug(result.rule),
            told.fix,
            place,
            told.message,
            result.component,
            told.nearest,
            self.namer.plain(result.value) if result.value and result.value != result.focus else "",
            self.namer.node(result.focus),
            told.asked,
        )

    # Near-misses, notes, nothing

    def _miss(self, miss: Miss) -> Finding:
        subject, predicate, value = miss.triple
        node = self.namer.node(str(subject))
        slots = dict(miss.values) | {"node": node, "Node": node[:1].upper() + node[1:], "value": self._shown(miss)}
        if "expected" in slots:
            slots["expected"] = self.catalogue.text("word", slots["expected"])
        if "list" in slots:
            slots["list"] = self.sentences.of_list(slots["list"])
        for key in ("other", "type"):
            if key in slots:
                slots[key] = self.catalogue.quote(self.namer.address(slots[key]))
        right = miss.nearest if miss.key in _AS_WRITTEN else self.nearest.written(miss.nearest)
        place = self.record.place(subject, predicate, value)
        written = str(value) if miss.key in _OF_TEXTS else f"<{miss.written}>"
        made = self._told(miss.key, slots, place, right)
        return made._replace(focus=str(subject), value=written, path=predicate.value, subject=node)

    def _shown(self, miss: Miss) -> str:
        if miss.key == "unknown-datatype":
            return self.namer.value(str(miss.triple.object))
        as_written = miss.key in _AS_WRITTEN
        return self.catalogue.quote(miss.written if as_written else self.namer.address(miss.written))

    def _note(self, note: Note) -> Finding:
        values = {key: clipped(value) for key, value in note.values.items()}
        if "datatype" in values:
            values["datatype"] = self.catalogue.datatype([self.lexicon.short(note.values["datatype"])])
        made = self._told(note.key, values, note.place, values.get("nearest") or values.get("near", ""))
        return made._replace(shown=next((values[key] for key in _SHOWN if key in values), ""))

    def _nothing(self) -> Finding:
        key = "nothing-known-sheet" if self.sheets else "nothing-known"
        made = self._told(key, {}, self.record.place(pyoxigraph.BlankNode()), "")
        return made._replace(rule=f"{RULE}nothing-known")

    def _more(self, rule: str, severity: str, count: int) -> Finding:
        """Say how often a rule was not met beyond what is told one by one."""
        names = self.lexicon.rules[rule].names if rule in self.lexicon.rules else {}
        note = self.catalogue.note(slug(rule))
        name = self.namer.spoken(names) or (note["name"] if note else slug(rule))
        slots = {"count": str(count), "name": self.catalogue.quote(name)}
        made = self._told("more-of-it", slots, self.record.place(pyoxigraph.BlankNode()), "")
        return made._replace(severity=severity, value=rule)

    def _told(self, key: str, slots: dict[str, str], place: Location, right: str) -> Finding:
        words = self.catalogue.note(key) or {"name": key, "message": key, "fix": ""}
        return Finding(
            KEYS[key].severity if key in KEYS else self.lexicon.grades["severity"].get(key, "Warning"),
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
            sheet = self.lexicon.sheets.get(place.sheet, 0) if place.sheet else 0
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


def _telling_ones(groups: list[list[Result]]) -> list[list[Result]]:
    """Leave out comparisons of a value that is itself written wrong."""
    wrong = {(group[0].focus, group[0].value) for group in groups if not _is_comparison(group[0]) and group[0].value}
    return [group for group in groups if not _is_comparison(group[0]) or (group[0].focus, group[0].value) not in wrong]


def _is_comparison(result: Result) -> bool:
    return component_key(result.component) == "SPARQL"


def _telling(result: Result) -> int:
    key = component_key(result.component)
    return _TELLING.index(key) if key in _TELLING else len(_TELLING)
