"""From results, near-misses and notes to findings: sentences with their place, what to write, and nothing told twice.

What follows from a near-miss is not told beside it: a plan whose evidence is written ``nap:evidnce`` has a misspelt
property, and not a missing one too. The results themselves are kept whole in the report.
"""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, TypeVar

import pyoxigraph

from ..intake.limits import MEANINGS
from ..intake.notes import KEYS
from ..intake.record import Place
from ..namespaces import BASE, slug
from .consequences import Meant
from .mend import mended
from .messages import MISSING, component_key
from .nearmiss import near_misses
from .report import SEVERITIES, Finding
from .right import Right
from .words import Namer, clipped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ..errors import SourceFileError
    from ..intake.record import Note, Record
    from .lexicon import Lexicon, Rule
    from .messages import Catalogue
    from .nearmiss import Known, Miss
    from .results import Result

__all__ = ["RULE", "Speaker"]

_Item = TypeVar("_Item")
_Node = pyoxigraph.NamedNode | pyoxigraph.BlankNode

RULE = f"{BASE}rule/"
_RANK = {name: rank for rank, name in enumerate(SEVERITIES)}
# Of several constraints that one value breaks, the first of these is told.
_TELLING = ("MinCount", "MaxCount", "Datatype", "In", "Class", "Node", "NodeKind", "Or", "Pattern", "MaxLength")
_SHEETS = {"xlsx", "csv"}
_AS_WRITTEN = {"wrong-namespace", "mixed-scripts"}
_OF_TEXTS = {"unknown-datatype", "mixed-scripts"}
_DATES = {"gYear", "gYearMonth", "date"}
_NUMBERS = {"integer", "decimal"}
_ALSO_RULES = {"ill-typed"}  # where a rule says so of the same value too, the rule is told
_UNREAD = {"formula-without-value", "error-cell"}  # what is missing there is missing since it could not be read
_SHOWN = ("value", "text", "key", "written", "column", "sheet")
_CHOICES, _SAMPLE = 12, 6
_MOST = 1_000  # findings of one rule that are told one by one
_UNSTATED = "nap:notStated"
_GAPS = {"sheet": "sheet-gaps", "absent": "cov:absent"}


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
        place = Place(error.path, error.line, getattr(error, "pointer", ""))
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

    def findings(self, documents: int) -> list[Finding]:
        misses = near_misses(self.record.triples, self.known)
        told = self._apart(self.results, misses) if misses else self.results
        together = [list(group) for _, group in groupby(sorted(told, key=_one_value), _one_value)]
        broken, more = _capped(_telling_ones(together), lambda group: group[0].rule)
        misses, missed = _capped(misses, lambda miss: miss.key)
        unread = {note.place for note in self.record.notes if note.key in _UNREAD}
        found = [finding for group in broken if (finding := self._result(group)).shown or finding.place not in unread]
        values = {finding.value for finding in found}
        places = {finding.place for finding in found if finding.shown}
        found += [finding for miss in misses if (finding := self._miss(miss)).value not in values]
        found += [
            self._note(note) for note in self.record.notes if note.key not in _ALSO_RULES or note.place not in places
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

    # Results of the shapes

    def _result(self, results: list[Result]) -> Finding:
        """Tell what a rule says of one value, by the most telling of the constraints that the value breaks."""
        result = min(results, key=_telling)
        rule = self.lexicon.rules.get(result.rule)
        key, name = _key(result, rule), slug(result.rule)
        right = self.nearest.of(result, rule, key)
        slots = self._slots(result, rule, key)
        variant = self._variant(result, rule, key)
        message = self.catalogue.rule(name, key, "message", variant).format_map(slots)
        fix = self._fix(name, key, variant, rule, slots)
        if address := self._address_in_quotes(result):
            told = self._told("address-as-text", slots | {"address": address}, self._place(result, rule), address)
            message, fix, right = told.message, told.fix, told.nearest
        return Finding(
            result.severity,
            result.rule,
            result.focus,
            result.value,
            result.path,
            self.namer.spoken(rule.names) if rule else name,
            fix,
            self._place(result, rule),
            message,
            result.component,
            right,
            self.namer.plain(result.value) if result.value and result.value != result.focus else "",
            self.namer.node(result.focus),
            self._asked(rule),
        )

    def _address_in_quotes(self, result: Result) -> str:
        """Return the address of the project's own that a value holds as a text, as a sender of RDF writes it."""
        term = self.namer.terms.get(result.value)
        if self.sheets or not isinstance(term, pyoxigraph.Literal):
            return ""
        prefix, _, name = term.value.strip().partition(":")
        iri = self.lexicon.prefixes.get(prefix, f"{prefix}:") + name
        is_known = iri in self.lexicon.codes or f"<{iri}>" in self.namer.terms
        return self.nearest.written(iri) if iri.startswith(BASE) and is_known else ""

    def _slots(self, result: Result, rule: Rule | None, key: str) -> dict[str, str]:
        node = self.namer.node(result.focus)
        names = self.namer.spoken(rule.names) if rule else slug(result.rule)
        allowed = rule.allowed if rule else {}
        slots = {kind: values[0] for kind, values in allowed.items()}
        value = self.namer.address(result.focus) if result.value == result.focus else result.value
        slots |= {
            "node": node,
            "Node": node[:1].upper() + node[1:],
            "name": self.catalogue.quote(names),
            "value": self.namer.value(value) if value.startswith(("<", "_:", '"')) else self.catalogue.quote(value),
            "class": self._kinds(allowed.get("class", [])),
            "datatype": self.catalogue.datatype(self.lexicon.short(each) for each in allowed.get("datatype", [])),
            "list": self._list(allowed.get("scheme", [""])[0]),
            "other": self._list(self._scheme(result.value)),
            "choices": self._choices(rule),
            "write": self._write(slug(result.rule), allowed.get("term", []), key),
        }
        return slots

    def _variant(self, result: Result, rule: Rule | None, key: str) -> str:
        """Return the case of the constraint that has words of its own."""
        if not result.value or rule is None:
            return "" if result.value else "missing"
        if key in {"Node", "Datatype"}:
            return self._variant_of_value(result, rule, key)
        return "bare" if result.value == result.focus else ""

    def _variant_of_value(self, result: Result, rule: Rule, key: str) -> str:
        types = {slug(each) for each in rule.values("datatype")}
        if self._only_unmarked(result, rule):
            return "unmarked"
        if key == "Node":
            return "date" if types else "other" if self._scheme(result.value) else ""
        return "language" if types == {"langString"} else "number" if types <= _NUMBERS and not self.sheets else ""

    def _only_unmarked(self, result: Result, rule: Rule) -> bool:
        """Return whether a value is written right, but marked as another type."""
        term, types = self.namer.terms.get(result.value), [slug(each) for each in rule.values("datatype")]
        if not isinstance(term, pyoxigraph.Literal) or slug(term.datatype.value) in types:
            return False
        return mended(term.value, types)[0] == term.value

    def _fix(self, name: str, key: str, variant: str, rule: Rule | None, slots: dict[str, str]) -> str:
        template = self.catalogue.rule(name, key, "fix", f"fix-{variant}", sheets=self.sheets)
        fix = template.format_map(slots)
        terms = "" if self.sheets or "{write}" in template else self.lexicon.grades["terms"].get(name, "")
        turtle = self.catalogue.text("word", "turtle", terms=terms) if terms else ""
        return self._sentences(fix, turtle, self._excuse(rule) if rule and rule.values("feature") else "")

    def _excuse(self, rule: Rule) -> str:
        """Say how to state that the plan has no such part."""
        unstated = [self.lexicon.short(each) for each in rule.values("unstated")]
        if self.sheets:
            key, words = ("unstated-sheet", {"words": "word-not-stated"}) if unstated else ("excuse-sheet", _GAPS)
            slots = {slot: self.catalogue.quote(self._said(name)) for slot, name in words.items()}
            return self.catalogue.text("word", key, **slots)
        if unstated:
            terms = self.catalogue.choice([f"{_UNSTATED} {term}" for term in unstated])
            return self.catalogue.text("word", "unstated", terms=terms)
        return self.catalogue.text("word", "excuse", feature=self.lexicon.short(rule.values("feature")[0]))

    def _said(self, name: str) -> str:
        """Return what the workbook calls one of its sheets or words, or the list one of its codes."""
        code = self.lexicon.codes.get(self.lexicon.long(name)) if ":" in name else None
        return self.namer.spoken(code.labels if code else self.lexicon.sheet_words.get(name, {}))

    def _write(self, name: str, terms: list[str], key: str) -> str:
        """Say with what a value is written: the properties for a sender of RDF, nothing but the record for others."""
        if self.sheets:
            return self.catalogue.text("word", "here")
        listed = self.lexicon.grades["terms"].get(name, "")
        short = listed.split(", ") if listed else [self.lexicon.short(term) for term in terms]
        if not short or (key == "QualifiedMinCount" and not listed):
            return self.catalogue.text("word", "somewhere")
        return self.catalogue.text("word", "with", terms=self.catalogue.choice(short[:_CHOICES]))

    def _kinds(self, classes: list[str]) -> str:
        words = [self.catalogue.thing(self.lexicon.short(each), "a") for each in classes]
        return self.catalogue.choice(words) or self.catalogue.thing("", "a")

    def _list(self, scheme: str) -> str:
        titles = self.lexicon.lists.get(scheme)
        title = self.namer.spoken(titles) if titles else slug(scheme)
        return self.catalogue.text("word", "list", list=self.catalogue.quote(title))

    def _scheme(self, value: str) -> str:
        code = self.lexicon.codes.get(value.strip("<>"))
        return code.scheme if code else ""

    def _choices(self, rule: Rule | None) -> str:
        codes = self.nearest.codes(rule) if rule else []
        shown = codes if len(codes) <= _CHOICES else codes[:_SAMPLE]
        words = [self.namer.code(code) if code.startswith("http") else code for code in shown]
        if len(codes) == len(shown):
            return self.catalogue.choice(words)
        return f"{', '.join(words)} {self.catalogue.text('word', 'more', count=len(codes) - len(shown))}"

    # Places and paragraphs

    def _place(self, result: Result, rule: Rule | None) -> Place:
        focus, value = self._term(result.focus), self._term(result.value)
        if focus is None or isinstance(focus, pyoxigraph.Literal):
            return self.record.place(pyoxigraph.BlankNode())
        if value is not None and result.value != result.focus:
            for subject, link, other in self._between(result):
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
        key, there = component_key(result.component), self.namer.forward.get(result.focus, {})
        paths = [result.path] if result.path else (rule.values("term") if rule else [])
        if key == "QualifiedMinCount":
            paths = []
        if self.sheets:
            return [result.rule, *paths]
        return [] if key in MISSING else [path for path in paths if path in there]

    def _between(self, result: Result) -> Iterator[tuple[_Node, str, _Node | pyoxigraph.Literal]]:
        """Yield the statements that tie a focus node to the value of a result, from either side."""
        focus, value = self._term(result.focus), self._term(result.value)
        for subject, other in ((focus, value), (value, focus)):
            if isinstance(subject, (pyoxigraph.NamedNode, pyoxigraph.BlankNode)) and other is not None:
                for link, values in self.namer.forward.get(str(subject), {}).items():
                    if other in values:
                        yield subject, link, other

    def _term(self, text: str) -> pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal | None:
        return self.namer.terms.get(text)

    def _asked(self, rule: Rule | None) -> str:
        if rule is None or rule.passage is None:
            return ""
        passage = rule.passage
        number = passage.source.removeprefix("Tool ").partition(" ")[0]
        source = self.catalogue.text("word", "source", number=number)
        key = "item" if passage.item else "passage"
        return self.catalogue.text(
            "word", key, source=source, section=passage.section, paragraph=passage.paragraph, item=passage.item
        )

    @staticmethod
    def _sentences(*parts: str) -> str:
        return " ".join(part for part in parts if part)

    # Near-misses, notes, nothing

    def _miss(self, miss: Miss) -> Finding:
        subject, predicate, value = miss.triple
        node = self.namer.node(str(subject))
        slots = dict(miss.values) | {"node": node, "Node": node[:1].upper() + node[1:], "value": self._shown(miss)}
        if "expected" in slots:
            slots["expected"] = self.catalogue.text("word", slots["expected"])
        if "list" in slots:
            slots["list"] = self._list(slots["list"])
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
        return self._told("nothing-known", {}, self.record.place(pyoxigraph.BlankNode()), "")

    def _more(self, rule: str, severity: str, count: int) -> Finding:
        """Say how often a rule was not met beyond what is told one by one."""
        names = self.lexicon.rules[rule].names if rule in self.lexicon.rules else {}
        note = self.catalogue.note(slug(rule))
        name = self.namer.spoken(names) or (note["name"] if note else slug(rule))
        slots = {"count": str(count), "name": self.catalogue.quote(name)}
        made = self._told("more-of-it", slots, self.record.place(pyoxigraph.BlankNode()), "")
        return made._replace(severity=severity, value=rule)

    def _told(self, key: str, slots: dict[str, str], place: Place, right: str) -> Finding:
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
        return _RANK[finding.severity], at, finding.rule, finding.message


def _is_ours(miss: Miss) -> bool:
    """Return whether a namespace that is written wrong stands for one of the project's own."""
    return miss.key == "wrong-namespace" and miss.nearest.startswith(BASE)


def _key(result: Result, rule: Rule | None) -> str:
    """Return the constraint that was not met, a choice of kinds or of types being as good as one."""
    key = component_key(result.component)
    if rule is None or not rule.values("term"):
        return key
    types = {slug(each) for each in rule.values("datatype")}
    if key == "Or" and rule.values("class"):
        return "Class"
    return "Datatype" if types and (key == "Or" or (key == "Node" and not types <= _DATES)) else key


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
