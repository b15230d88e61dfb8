"""From results, near-misses and notes to findings: sentences with place and what to write, none told twice."""

import re
from collections.abc import Callable, Mapping
from functools import partial
from itertools import groupby
from typing import TypeVar

import pyoxigraph

from ..errors import SourceFileError
from ..project.messages import MISSING, Catalogue, component_key
from ..rdf.namespaces import BASE, slug
from ..records.limits import MEANINGS
from ..records.record import Location, Note, Record
from .labels import Labels, NodeNames, Rule, clipped, literal_of, term_of
from .near_misses import Meant, Miss, near_misses
from .report import RANK, Finding, Result
from .suggestions import DATES, NUMBERS, Suggestions, normalized, odd_text

_Item = TypeVar("_Item")

RULE = f"{BASE}rule/"
# Of several constraints that one value breaks, the first of these is told.
_TELLING = ("MinCount", "MaxCount", "Datatype", "In", "Class", "Node", "NodeKind", "Or", "Pattern", "MaxLength")
_RANKS = {component: rank for rank, component in enumerate(_TELLING)}
_TEXT_FAULTS = {"unknown-language-tag", "unknown-language-code", "turned-text", "unseen-sign"}
_AS_WRITTEN = {"wrong-namespace", "mixed-scripts", *_TEXT_FAULTS}
_OF_TEXTS = {"unknown-datatype", "mixed-scripts", *_TEXT_FAULTS}
_ALSO_RULES = {"ill-typed", "not-to-be-taken"}  # where a rule says so of the same value too, the rule is told
_OF_OWNERS = {"redefined-term", *(f"ResponseDocument-{each}" for each in ("jurisdiction", "iri", "iri-jurisdiction"))}
"""What says already whose a document or statement is: while it is wrong, nothing else is said of what is whose."""
_UNREAD = {"formula-without-value", "error-cell"}  # what is missing there is missing since it could not be read
_SHOWN = ("value", "text", "key", "written", "column", "sheet")
_NO_SLOTS: Mapping[str, str] = {}
_SILENT = "Record-notStated"  # what the names of the rules on what is said not to be stated begin with
_ZONE = re.compile(r"(?<=[0-9])(?:Z|[+-][0-9]{2}:[0-9]{2})\Z")
_CHOICES, _SAMPLE = 12, 6
_GAPS = {"sheet": "sheet-gaps", "absent": "cov:absent"}
_MOST = 1_000  # findings of one rule that are told one by one


def refusal(error: SourceFileError, catalogue: Catalogue) -> Finding:
    """Return the finding on a file that could not be read, with the reader's own words, which are English."""
    key, words = getattr(error, "key", "unreadable"), catalogue.note("unreadable") or {}
    message = error.problem[:1].upper() + error.problem[1:]
    if catalogue.language != "en":
        message = f"{catalogue.refusal(key, is_limit=key in MEANINGS)} ({message})"
    place = Location(error.path, error.line, getattr(error, "pointer", ""))
    fix = error.mend or words["fix"]
    return Finding("Violation", f"{RULE}unreadable", "", "", "", words["name"], fix, place, message)


class FindingWriter:
    """Makes the findings of one record, in one language."""

    def __init__(self, record: Record, nodes: NodeNames, labels: Labels, catalogue: Catalogue) -> None:
        self.record, self.nodes, self.labels, self.catalogue = record, nodes, labels, catalogue
        self.suggestions = Suggestions(nodes, labels)

    def findings(self, notes: list[Note], results: list[Result], documents: int) -> list[Finding]:
        """Return what is to be said of the record, gravest first, then by place."""
        misses = near_misses(self.record.triples, self.labels)
        if misses:
            meant = Meant(misses, self.record.triples, self.labels.kinds)
            results = [each for each in results if not meant.explains(each, self.labels.rule(each.rule))]
        # While parts go round in a circle, it is not told besides that they and what is below belong to no document.
        if any(slug(each.rule) == "Record-part-circle" for each in results):
            results = [each for each in results if slug(each.rule) != "Element-document"]
        groups = [list(group) for _, group in groupby(sorted(results, key=_one_value), _one_value)]
        # A comparison of a value that is itself written wrong says nothing.
        wrong = {(one.focus, one.value) for one, *_ in groups if one.value and not _is_comparison(one)}
        groups = [each for each in groups if not _is_comparison(each[0]) or (each[0].focus, each[0].value) not in wrong]
        broken, more = _capped(groups, lambda group: group[0].rule)
        shown, missed = _capped(misses, lambda miss: miss.key)
        unread = {note.place for note in notes if note.key in _UNREAD}
        written = map(self._result, broken)
        found = self._once([finding for finding in written if finding.shown or finding.place not in unread])
        values = {finding.value for finding in found}
        places = {finding.place for finding in found if finding.shown}
        found += [finding for finding in map(self._miss, shown) if finding.value not in values]
        names = {finding.name for finding in found if finding.severity == "Violation"}
        unsaid = {"not-to-be-taken"} if names & _OF_OWNERS else set()
        kept = (note for note in notes if note.key not in _ALSO_RULES or note.place not in places)
        found += [self._note(note) for note in kept if note.key not in unsaid]
        found += [self._more(group[0].rule, group[0].severity, count) for group, count in more]
        found += [self._more(RULE + miss.key, "Violation", count) for miss, count in missed]
        ours = [miss for miss in shown if miss.key == "wrong-namespace" and miss.nearest.startswith(BASE)]
        if not (documents or ours or any(miss.key in {"unknown-class", "old-term"} for miss in shown)):
            key = "nothing-known-sheet" if self.nodes.sheets else "nothing-known"
            found.append(self._written(key)._replace(rule=f"{RULE}nothing-known"))
        return sorted(set(found), key=self._order)

    def _once(self, found: list[Finding]) -> list[Finding]:
        """Tell a cell of a sheet once of each mistake, though it may state several things, as a year states two.

        Where the words for "not stated" stand and may not, nothing is missing besides.
        """
        if not self.nodes.sheets:
            return found
        first = {str(triple.subject): at for at, triple in reversed(list(enumerate(self.record.triples)))}
        silent = {finding.place for finding in found if finding.name == _SILENT}
        kept: dict[tuple[object, ...], Finding] = {}
        for finding in sorted(found, key=lambda each: first.get(each.focus, 0)):
            missing = not finding.value
            cell = finding.place if finding.place is not None and finding.place.cell else finding.focus
            if not missing or finding.place not in silent:
                mistake = finding.rule if missing else (finding.component, finding.shown)
                kept.setdefault((finding.severity, cell, mistake), finding)
        return list(kept.values())

    def _result(self, results: list[Result]) -> Finding:
        """Tell what a rule says of one value, by the most telling of the constraints that the value breaks."""
        result = min(results, key=lambda each: _RANKS.get(component_key(each.component), len(_RANKS)))
        rule = self.labels.rule(result.rule)
        place, subject = self._place(result, rule), self.nodes.node(result.focus)
        shown = self.nodes.plain(result.value) if result.value not in {"", result.focus} else ""
        title = self.nodes.spoken(rule.names) or slug(result.rule)
        made = Finding(result.severity, result.rule, result.focus, result.value, result.path, title, "")
        told = self._sentences(result, rule, self.record.heading(place))
        return made._replace(place=place, component=result.component, shown=shown, subject=subject, **told)

    def _place(self, result: Result, rule: Rule) -> Location:
        """Return where a result is: at its value, else where the missing one belongs, else at its resource."""
        focus = term_of(result.focus)
        if result.value not in {"", result.focus}:
            value = term_of(result.value)
            for subject, other in ((focus, value), (value, focus)):
                for link, values in self.nodes.forward.get(str(subject), {}).items():
                    if other in values:
                        return self.record.place(subject, pyoxigraph.NamedNode(link), other)
        # What is missing has a place too: in a sheet the cell of its column, which may be found by the rule.
        paths = [result.path] if result.path else rule.values("term")
        key, there = component_key(result.component), self.nodes.forward.get(result.focus, {})
        if self.nodes.sheets:
            paths = [result.rule, *(paths if key != "QualifiedMinCount" else ())]
        else:
            paths = [path for path in paths if path in there] if key not in MISSING else []
        start = self.record.place(focus)
        places = (self.record.place(focus, pyoxigraph.NamedNode(path)) for path in paths)
        return next((place for place in places if place != start), start)

    def _miss(self, miss: Miss) -> Finding:
        subject, predicate, value = miss.triple
        node, as_written = self.nodes.node(str(subject)), miss.key in _AS_WRITTEN
        shown = self.catalogue.quote(miss.written if as_written else self.nodes.address(miss.written))
        if miss.key == "unknown-datatype":
            shown = self.nodes.value(str(value))
        words: dict[str, Callable[[str], str]] = {"expected": partial(self.catalogue.text, "word"), "list": self._list}
        words |= dict.fromkeys(("other", "type"), lambda iri: self.catalogue.quote(self.nodes.address(iri)))
        slots = {key: words.get(key, str)(text) for key, text in miss.values.items()}
        slots |= {"node": node, "Node": node[:1].upper() + node[1:], "value": shown}
        made = self._written(miss.key, slots, self.record.place(subject, predicate, value))
        told = str(value) if miss.key in _OF_TEXTS else f"<{miss.written}>"
        nearest = miss.nearest if as_written else self.suggestions.written(miss.nearest)
        return made._replace(focus=str(subject), value=told, path=predicate.value, subject=node, nearest=nearest)

    def _note(self, note: Note) -> Finding:
        values = {key: clipped(value) for key, value in note.values.items()}
        if "datatype" in values:
            values["datatype"] = self.catalogue.datatype([self.labels.short(note.values["datatype"])])
        if note.key == "other-column":
            heads = {key: self.catalogue.quote(self._said(note.values[key])) for key in ("column", "other")}
            values |= {"node": self.nodes.node(f"<{note.values['node']}>"), **heads}
        shown = next((values[key] for key in _SHOWN if key in values), "")
        made = self._written(note.key, values, note.place)
        return made._replace(shown=shown, nearest=values.get("nearest") or values.get("near", ""))

    def _more(self, rule: str, severity: str, count: int) -> Finding:
        """Say how often a rule was not met beyond what is told one by one."""
        note = self.catalogue.note(slug(rule)) or {"name": slug(rule)}
        name = self.nodes.spoken(self.labels.rule(rule).names) or note["name"]
        made = self._written("more-of-it", {"count": str(count), "name": self.catalogue.quote(name)})
        return made._replace(severity=severity, value=rule)

    def _written(self, key: str, slots: Mapping[str, str] = _NO_SLOTS, place: Location | None = None) -> Finding:
        """Return a finding that no shape makes, at the place of the whole file if none is given."""
        words = self.catalogue.note(key) or {"name": key, "message": key, "fix": ""}
        title, message, fix = (words[part].format_map(slots) for part in ("name", "message", "fix"))
        severity = self.labels.grades["severity"].get(key, "Warning")
        place = place or self.record.place(pyoxigraph.BlankNode())
        shown = slots.get("value", "").strip("“”«»\xa0 ")
        return Finding(severity, RULE + key, "", "", "", title, fix, place, message, shown=shown)

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

    def _sentences(self, result: Result, rule: Rule, heading: Mapping[str, str]) -> dict[str, str]:
        """Return message, fix, nearest and asked of the finding on a result; ``heading`` is by language."""
        key, name, term = _key(result, rule), slug(result.rule), literal_of(result.value)
        slots = self._slots(result, rule, key)
        if (words := self.nodes.spoken(dict(heading))) and result.value not in {"", result.focus}:
            headed = ["name", "value"] if name.startswith(_SILENT) else ["name"]  # what is said not to be stated, too
            slots |= dict.fromkeys(headed, self.catalogue.quote(words))
        note, nearest = "", ""
        if address := self._address_in_quotes(term):
            note, slots["address"], nearest = "address-as-text", address, address
        elif term is not None and (odd := odd_text(term, rule, self.labels.currencies)):
            note, slots, nearest = odd[0], slots | odd[1], odd[2]
        if note:
            made = {part: text.format_map(slots) for part, text in (self.catalogue.note(note) or {}).items()}
            made = {"message": made["message"], "fix": made["fix"], "nearest": nearest}
        else:
            variant = self._variant(result, rule, key, term)
            message = self.catalogue.rule(name, key, "message", variant, sheets=self.nodes.sheets).format_map(slots)
            made = {"message": message, "fix": self._fix(name, key, variant, rule, slots)}
            made["nearest"] = self.suggestions.of(result, rule, key)
        return made | {"asked": self._asked(rule)}

    def _address_in_quotes(self, term: pyoxigraph.Literal | None) -> str:
        """Return the address of the project's own that a value holds as a text, as a sender of RDF writes it."""
        if self.nodes.sheets or term is None:
            return ""
        prefix, _, name = term.value.strip().partition(":")
        iri = self.labels.prefixes.get(prefix, f"{prefix}:") + name
        is_known = iri.startswith(BASE) and (iri in self.labels.codes or iri in self.nodes.mentioned)
        return self.suggestions.written(iri) if is_known else ""

    def _slots(self, result: Result, rule: Rule, key: str) -> dict[str, str]:
        node = self.nodes.node(result.focus)
        allowed, names = rule.allowed, self.nodes.spoken(rule.names) or slug(result.rule)
        classes = [self.catalogue.thing(self.labels.short(each), "a") for each in rule.values("class")]
        value = self.nodes.address(result.focus) if result.value == result.focus else result.value
        return {kind: values[0] for kind, values in allowed.items()} | {
            "node": node,
            "Node": node[:1].upper() + node[1:],
            "name": self.catalogue.quote(names),
            "value": self.nodes.value(value) if value.startswith(("<", "_:", '"')) else self.catalogue.quote(value),
            "class": self.catalogue.choice(classes) or self.catalogue.thing("", "a"),
            "datatype": self.catalogue.datatype(self.labels.short(each) for each in rule.values("datatype")),
            "list": self._list(allowed.get("scheme", [""])[0]),
            "other": self._list(self._scheme(result.value)),
            "choices": self._choices(rule),
            "write": self._write(slug(result.rule), rule.values("term"), key),
        }

    def _variant(self, result: Result, rule: Rule, key: str, term: pyoxigraph.Literal | None) -> str:
        """Return the case of the constraint that has words of its own."""
        if not result.value:
            return "missing"
        if key not in {"Node", "Datatype"}:
            return "bare" if result.value == result.focus else ""
        types, kind = {slug(each) for each in rule.values("datatype")}, slug(term.datatype.value) if term else ""
        types = types - {"langString"} or types  # a text as good as a number or a date has a language
        if term is not None and kind not in types and normalized(term.value, types)[0] == term.value:
            return "unmarked"  # written right, but marked as another type
        if term is not None and types and types <= DATES and kind in DATES and _ZONE.search(term.value):
            return "zone"  # which XML Schema allows, and a plan does not need
        if key == "Node":
            return "date" if types else "other" if self._scheme(result.value) else ""
        number = "number" if types and types <= NUMBERS and not self.nodes.sheets else ""
        return "language" if types == {"langString"} else number

    def _fix(self, name: str, key: str, variant: str, rule: Rule, slots: dict[str, str]) -> str:
        template = self.catalogue.rule(name, key, "fix", f"fix-{variant}", sheets=self.nodes.sheets)
        fix = template.format_map(slots)
        terms = "" if self.nodes.sheets or "{write}" in template else self.labels.grades["terms"].get(name, "")
        turtle = self.catalogue.text("word", "turtle", terms=terms) if terms else ""
        parts = (fix, turtle, self._excuse(rule) if rule.values("feature") else "")
        return " ".join(part for part in parts if part)

    def _excuse(self, rule: Rule) -> str:
        unstated = [self.labels.short(each) for each in rule.values("unstated")]
        if self.nodes.sheets:
            key, words = ("unstated-sheet", {"words": "word-not-stated"}) if unstated else ("excuse-sheet", _GAPS)
            slots = {slot: self.catalogue.quote(self._said(name)) for slot, name in words.items()}
            return self.catalogue.text("word", key, **slots)
        if unstated:
            terms = self.catalogue.choice([f"nap:notStated {term}" for term in unstated])
            return self.catalogue.text("word", "unstated", terms=terms)
        return self.catalogue.text("word", "excuse", feature=self.labels.short(rule.values("feature")[0]))

    def _said(self, name: str) -> str:
        """Return what the workbook calls one of its sheets or words, or the list one of its codes."""
        code = self.labels.codes.get(self.labels.long(name)) if ":" in name else None
        return self.nodes.spoken(code.labels if code else self.labels.sheet_words.get(name, {}))

    def _write(self, name: str, terms: list[str], key: str) -> str:
        """Say with what a value is written: the properties for a sender of RDF, nothing but the record for others."""
        if self.nodes.sheets:
            return self.catalogue.text("word", "here")
        listed = self.labels.grades["terms"].get(name, "")
        short = listed.split(", ") if listed else [self.labels.short(term) for term in terms]
        if not short or (key == "QualifiedMinCount" and not listed):
            return self.catalogue.text("word", "somewhere")
        return self.catalogue.text("word", "with", terms=self.catalogue.choice(short[:_CHOICES]))

    def _list(self, scheme: str) -> str:
        titles = self.labels.lists.get(scheme)
        title = self.nodes.spoken(titles) if titles else slug(scheme)
        return self.catalogue.text("word", "list", list=self.catalogue.quote(title))

    def _scheme(self, value: str) -> str:
        code = self.labels.codes.get(value.strip("<>"))
        return code.scheme if code else ""

    def _choices(self, rule: Rule) -> str:
        codes = self.suggestions.codes(rule)
        shown = codes if len(codes) <= _CHOICES else codes[:_SAMPLE]
        words = [self.nodes.code(code) if code.startswith("http") else code for code in shown]
        if len(codes) == len(shown):
            return self.catalogue.choice(words)
        return f"{', '.join(words)} {self.catalogue.text('word', 'more', count=len(codes) - len(shown))}"

    def _asked(self, rule: Rule) -> str:
        if not rule.passage:
            return ""
        title, section, paragraph, item = rule.passage
        source = self.catalogue.text("word", "source", number=title.removeprefix("Tool ").partition(" ")[0])
        slots = {"source": source, "section": section, "paragraph": paragraph, "item": item}
        return self.catalogue.text("word", "item" if item else "passage", **slots)


def _key(result: Result, rule: Rule) -> str:
    """Return the constraint that was not met, a choice of kinds or of types being as good as one."""
    key = component_key(result.component)
    if not rule.values("term"):
        return key
    types = {slug(each) for each in rule.values("datatype")}
    if key == "Or" and rule.values("class"):
        return "Class"
    return "Datatype" if types and (key == "Or" or (key == "Node" and not types <= DATES)) else key


def _capped(items: list[_Item], kind: Callable[[_Item], str]) -> tuple[list[_Item], list[tuple[_Item, int]]]:
    """Return at most so many items of each kind, and how many more there are of which: nobody reads ten thousand."""
    kinds: dict[str, list[int]] = {}
    for at, item in enumerate(items):
        kinds.setdefault(kind(item), []).append(at)
    kept = sorted(at for places in kinds.values() for at in places[:_MOST])
    over = [(items[places[-1]], len(places) - _MOST) for places in kinds.values() if len(places) > _MOST]
    return [items[at] for at in kept], over


def _one_value(result: Result) -> tuple[str, str, str]:
    missing = component_key(result.component) if not result.value else ""
    return result.rule, result.focus, result.value or missing


def _is_comparison(result: Result) -> bool:
    return component_key(result.component) == "SPARQL"
