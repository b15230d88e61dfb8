"""The sentences that tell of one result: what is wrong, what to write, and the paragraph that asks for it.

The words come from the catalogue of the language; here is what goes into their slots.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph

from ..project.messages import component_key
from ..rdf.namespaces import BASE, slug
from .suggestions import DATES, NUMBERS, normalized, odd_text

if TYPE_CHECKING:
    from ..project.messages import Catalogue
    from .labels import Labels, NodeNames, Rule
    from .report import Result
    from .suggestions import Suggestions

SILENT = "Record-notStated"
"""What the names of the rules on what is said not to be stated begin with."""

_ZONE = re.compile(r"(?<=[0-9])(?:Z|[+-][0-9]{2}:[0-9]{2})\Z")
_CHOICES, _SAMPLE = 12, 6
_UNSTATED = "nap:notStated"
_GAPS = {"sheet": "sheet-gaps", "absent": "cov:absent"}


class Sentence(NamedTuple):
    """What is said of a result: the sentence, the repair, the right value if one is near, who asks for it."""

    message: str
    fix: str
    nearest: str
    asked: str


class Sentences:
    """Makes the sentences on the results of one record."""

    def __init__(self, nodes: NodeNames, labels: Labels, catalogue: Catalogue, suggestions: Suggestions) -> None:
        self.nodes, self.labels, self.catalogue = nodes, labels, catalogue
        self.suggestions, self.sheets = suggestions, nodes.sheets

    def of(self, result: Result, rule: Rule | None, heading: Mapping[str, str]) -> Sentence:
        """Return what is said of a result of ``rule``, in a column with this ``heading`` by language."""
        key, name = _key(result, rule), slug(result.rule)
        slots = self._slots(result, rule, key) | self._headed(result, heading)
        variant = self._variant(result, rule, key)
        if address := self._address_in_quotes(result):
            return self._noted("address-as-text", slots | {"address": address}, address, rule)
        term = self.nodes.terms.get(result.value)
        if rule is not None and isinstance(term, pyoxigraph.Literal) and (odd := odd_text(term, rule)):
            return self._noted(odd.note, slots | odd.slots, odd.nearest, rule)
        return Sentence(
            self.catalogue.rule(name, key, "message", variant, sheets=self.sheets).format_map(slots),
            self._fix(name, key, variant, rule, slots),
            self.suggestions.of(result, rule, key),
            self._asked(rule),
        )

    def _noted(self, note: str, slots: dict[str, str], nearest: str, rule: Rule | None) -> Sentence:
        words = self.catalogue.note(note) or {}
        message, fix = (words[part].format_map(slots) for part in ("message", "fix"))
        return Sentence(message, fix, nearest, self._asked(rule))

    def _address_in_quotes(self, result: Result) -> str:
        """Return the address of the project's own that a value holds as a text, as a sender of RDF writes it."""
        term = self.nodes.terms.get(result.value)
        if self.sheets or not isinstance(term, pyoxigraph.Literal):
            return ""
        prefix, _, name = term.value.strip().partition(":")
        iri = self.labels.prefixes.get(prefix, f"{prefix}:") + name
        is_known = iri in self.labels.codes or f"<{iri}>" in self.nodes.terms
        return self.suggestions.written(iri) if iri.startswith(BASE) and is_known else ""

    def _slots(self, result: Result, rule: Rule | None, key: str) -> dict[str, str]:
        node = self.nodes.node(result.focus)
        names = self.nodes.spoken(rule.names) if rule else slug(result.rule)
        allowed = rule.allowed if rule else {}
        slots = {kind: values[0] for kind, values in allowed.items()}
        value = self.nodes.address(result.focus) if result.value == result.focus else result.value
        slots |= {
            "node": node,
            "Node": node[:1].upper() + node[1:],
            "name": self.catalogue.quote(names),
            "value": self.nodes.value(value) if value.startswith(("<", "_:", '"')) else self.catalogue.quote(value),
            "class": self._kinds(allowed.get("class", [])),
            "datatype": self.catalogue.datatype(self.labels.short(each) for each in allowed.get("datatype", [])),
            "list": self.of_list(allowed.get("scheme", [""])[0]),
            "other": self.of_list(self._scheme(result.value)),
            "choices": self._choices(rule),
            "write": self._write(slug(result.rule), allowed.get("term", []), key),
        }
        return slots

    def _headed(self, result: Result, heading: Mapping[str, str]) -> dict[str, str]:
        """Call what a cell states by the heading of its column, and a property that is not stated too."""
        words = self.nodes.spoken(dict(heading))
        if not words or not result.value or result.value == result.focus:
            return {}
        slots = ["name", "value"] if slug(result.rule).startswith(SILENT) else ["name"]
        return dict.fromkeys(slots, self.catalogue.quote(words))

    def _variant(self, result: Result, rule: Rule | None, key: str) -> str:
        """Return the case of the constraint that has words of its own."""
        if not result.value or rule is None:
            return "" if result.value else "missing"
        if key in {"Node", "Datatype"}:
            return self._variant_of_value(result, rule, key)
        return "bare" if result.value == result.focus else ""

    def _variant_of_value(self, result: Result, rule: Rule, key: str) -> str:
        types = {slug(each) for each in rule.values("datatype")}
        types = types - {"langString"} or types  # a text as good as a number or a date has a language
        if self._only_unmarked(result, rule):
            return "unmarked"
        if types <= DATES and types and self._has_zone(result):
            return "zone"
        if key == "Node":
            return "date" if types else "other" if self._scheme(result.value) else ""
        return "language" if types == {"langString"} else "number" if types <= NUMBERS and not self.sheets else ""

    def _has_zone(self, result: Result) -> bool:
        """Return whether a value is a date with a time zone, which XML Schema allows and a plan does not need."""
        term = self.nodes.terms.get(result.value)
        if not isinstance(term, pyoxigraph.Literal) or slug(term.datatype.value) not in DATES:
            return False
        return _ZONE.search(term.value) is not None

    def _only_unmarked(self, result: Result, rule: Rule) -> bool:
        """Return whether a value is written right, but marked as another type."""
        term, types = self.nodes.terms.get(result.value), [slug(each) for each in rule.values("datatype")]
        if not isinstance(term, pyoxigraph.Literal) or slug(term.datatype.value) in types:
            return False
        return normalized(term.value, types)[0] == term.value

    def _fix(self, name: str, key: str, variant: str, rule: Rule | None, slots: dict[str, str]) -> str:
        template = self.catalogue.rule(name, key, "fix", f"fix-{variant}", sheets=self.sheets)
        fix = template.format_map(slots)
        terms = "" if self.sheets or "{write}" in template else self.labels.grades["terms"].get(name, "")
        turtle = self.catalogue.text("word", "turtle", terms=terms) if terms else ""
        parts = (fix, turtle, self._excuse(rule) if rule and rule.values("feature") else "")
        return " ".join(part for part in parts if part)

    def _excuse(self, rule: Rule) -> str:
        """Say how to state that the plan has no such part."""
        unstated = [self.labels.short(each) for each in rule.values("unstated")]
        if self.sheets:
            key, words = ("unstated-sheet", {"words": "word-not-stated"}) if unstated else ("excuse-sheet", _GAPS)
            slots = {slot: self.catalogue.quote(self._said(name)) for slot, name in words.items()}
            return self.catalogue.text("word", key, **slots)
        if unstated:
            terms = self.catalogue.choice([f"{_UNSTATED} {term}" for term in unstated])
            return self.catalogue.text("word", "unstated", terms=terms)
        return self.catalogue.text("word", "excuse", feature=self.labels.short(rule.values("feature")[0]))

    def _said(self, name: str) -> str:
        """Return what the workbook calls one of its sheets or words, or the list one of its codes."""
        code = self.labels.codes.get(self.labels.long(name)) if ":" in name else None
        return self.nodes.spoken(code.labels if code else self.labels.sheet_words.get(name, {}))

    def _write(self, name: str, terms: list[str], key: str) -> str:
        """Say with what a value is written: the properties for a sender of RDF, nothing but the record for others."""
        if self.sheets:
            return self.catalogue.text("word", "here")
        listed = self.labels.grades["terms"].get(name, "")
        short = listed.split(", ") if listed else [self.labels.short(term) for term in terms]
        if not short or (key == "QualifiedMinCount" and not listed):
            return self.catalogue.text("word", "somewhere")
        return self.catalogue.text("word", "with", terms=self.catalogue.choice(short[:_CHOICES]))

    def _kinds(self, classes: list[str]) -> str:
        words = [self.catalogue.thing(self.labels.short(each), "a") for each in classes]
        return self.catalogue.choice(words) or self.catalogue.thing("", "a")

    def of_list(self, scheme: str) -> str:
        """Return the name of a code list as it is said."""
        titles = self.labels.lists.get(scheme)
        title = self.nodes.spoken(titles) if titles else slug(scheme)
        return self.catalogue.text("word", "list", list=self.catalogue.quote(title))

    def _scheme(self, value: str) -> str:
        code = self.labels.codes.get(value.strip("<>"))
        return code.scheme if code else ""

    def _choices(self, rule: Rule | None) -> str:
        codes = self.suggestions.codes(rule) if rule else []
        shown = codes if len(codes) <= _CHOICES else codes[:_SAMPLE]
        words = [self.nodes.code(code) if code.startswith("http") else code for code in shown]
        if len(codes) == len(shown):
            return self.catalogue.choice(words)
        return f"{', '.join(words)} {self.catalogue.text('word', 'more', count=len(codes) - len(shown))}"

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


def _key(result: Result, rule: Rule | None) -> str:
    """Return the constraint that was not met, a choice of kinds or of types being as good as one."""
    key = component_key(result.component)
    if rule is None or not rule.values("term"):
        return key
    types = {slug(each) for each in rule.values("datatype")}
    if key == "Or" and rule.values("class"):
        return "Class"
    return "Datatype" if types and (key == "Or" or (key == "Node" and not types <= DATES)) else key
