"""The sentences that tell of one result: what is wrong, what to write, and the paragraph that asks for it.

The words come from the catalogue of the language; here is what goes into their slots.
"""

import re
from collections.abc import Mapping

import pyoxigraph

from ..project.messages import Catalogue, component_key
from ..rdf.namespaces import BASE, slug
from .labels import Labels, NodeNames, Rule, literal_of
from .report import Result
from .suggestions import DATES, NUMBERS, Suggestions, normalized, odd_text

SILENT = "Record-notStated"
"""What the names of the rules on what is said not to be stated begin with."""

_ZONE = re.compile(r"(?<=[0-9])(?:Z|[+-][0-9]{2}:[0-9]{2})\Z")
_CHOICES, _SAMPLE = 12, 6
_UNSTATED = "nap:notStated"
_GAPS = {"sheet": "sheet-gaps", "absent": "cov:absent"}


class Sentences:
    """Makes the sentences on the results of one record."""

    def __init__(self, nodes: NodeNames, labels: Labels, catalogue: Catalogue, suggestions: Suggestions) -> None:
        self.nodes, self.labels, self.catalogue = nodes, labels, catalogue
        self.suggestions, self.sheets = suggestions, nodes.sheets

    def of(self, result: Result, rule: Rule | None, heading: Mapping[str, str]) -> dict[str, str]:
        """Return message, fix, nearest and asked of the finding on a result of ``rule``.

        ``heading`` is that of the column which the value stands in, by language.
        """
        key, name, term = _key(result, rule), slug(result.rule), literal_of(result.value)
        slots = self._slots(result, rule, key)
        if (words := self.nodes.spoken(dict(heading))) and result.value not in {"", result.focus}:
            headed = ["name", "value"] if name.startswith(SILENT) else ["name"]  # what is said not to be stated, too
            slots |= dict.fromkeys(headed, self.catalogue.quote(words))
        note, nearest = "", ""
        if address := self._address_in_quotes(term):
            note, slots["address"], nearest = "address-as-text", address, address
        elif rule is not None and term is not None and (odd := odd_text(term, rule)):
            note, slots, nearest = odd[0], slots | odd[1], odd[2]
        if note:
            made = {part: text.format_map(slots) for part, text in (self.catalogue.note(note) or {}).items()}
            made = {"message": made["message"], "fix": made["fix"], "nearest": nearest}
        else:
            variant = self._variant(result, rule, key, term)
            message = self.catalogue.rule(name, key, "message", variant, sheets=self.sheets).format_map(slots)
            made = {"message": message, "fix": self._fix(name, key, variant, rule, slots)}
            made["nearest"] = self.suggestions.of(result, rule, key)
        return made | {"asked": self._asked(rule)}

    def _address_in_quotes(self, term: pyoxigraph.Literal | None) -> str:
        """Return the address of the project's own that a value holds as a text, as a sender of RDF writes it."""
        if self.sheets or term is None:
            return ""
        prefix, _, name = term.value.strip().partition(":")
        iri = self.labels.prefixes.get(prefix, f"{prefix}:") + name
        is_known = iri.startswith(BASE) and (iri in self.labels.codes or iri in self.nodes.mentioned)
        return self.suggestions.written(iri) if is_known else ""

    def _slots(self, result: Result, rule: Rule | None, key: str) -> dict[str, str]:
        node = self.nodes.node(result.focus)
        names = self.nodes.spoken(rule.names) if rule else slug(result.rule)
        allowed = rule.allowed if rule else {}
        value = self.nodes.address(result.focus) if result.value == result.focus else result.value
        return {kind: values[0] for kind, values in allowed.items()} | {
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

    def _variant(self, result: Result, rule: Rule | None, key: str, term: pyoxigraph.Literal | None) -> str:
        """Return the case of the constraint that has words of its own."""
        if not result.value or rule is None:
            return "" if result.value else "missing"
        if key not in {"Node", "Datatype"}:
            return "bare" if result.value == result.focus else ""
        types, kind = {slug(each) for each in rule.values("datatype")}, slug(term.datatype.value) if term else ""
        if term is not None and kind not in types and normalized(term.value, types)[0] == term.value:
            return "unmarked"  # written right, but marked as another type
        if term is not None and types and types <= DATES and kind in DATES and _ZONE.search(term.value):
            return "zone"  # which XML Schema allows, and a plan does not need
        if key == "Node":
            return "date" if types else "other" if self._scheme(result.value) else ""
        return "language" if types == {"langString"} else "number" if types <= NUMBERS and not self.sheets else ""

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
        if rule is None or not rule.passage:
            return ""
        title, section, paragraph, item = rule.passage
        source = self.catalogue.text("word", "source", number=title.removeprefix("Tool ").partition(" ")[0])
        slots = {"source": source, "section": section, "paragraph": paragraph, "item": item}
        return self.catalogue.text("word", "item" if item else "passage", **slots)


def _key(result: Result, rule: Rule | None) -> str:
    """Return the constraint that was not met, a choice of kinds or of types being as good as one."""
    key = component_key(result.component)
    if rule is None or not rule.values("term"):
        return key
    types = {slug(each) for each in rule.values("datatype")}
    if key == "Or" and rule.values("class"):
        return "Class"
    return "Datatype" if types and (key == "Or" or (key == "Node" and not types <= DATES)) else key
