"""The ontology, the code lists and the rules as their pages show them: what the saved look-ups answer, put in order.

The look-ups read the ontology, the shapes and the sources, not the data: what they tell holds for every record.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph

from ..graph.files import read_file
from ..namespaces import BASE, slug
from ..query.run import run_text
from ..resources import files_below
from .drawing import Box, Drawing, Hub, drawn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..query.session import Session
    from ..query.table import Value

__all__ = ["Branch", "Model", "Rule", "RuleSet", "Term", "branches"]

_HUBS = ("ResponseDocument", "PlanElement", "PolicyEvent", "CoverageStatement")


class Term(NamedTuple):
    """A term of the ontology: its IRI, name, kind, label and what is said of it; above are IRIs."""

    iri: str
    name: str
    kind: str
    label: str
    definition: str
    note: str
    example: str
    above: tuple[str, ...]
    deprecated: bool


class Branch(NamedTuple):
    """A term or concept with those below it."""

    iri: str
    label: str
    told: str
    note: str
    below: list[Branch]


class Rule(NamedTuple):
    """A rule for readers: its IRI, name, what to write and why, how grave it is, and the passages that ask for it."""

    iri: str
    name: str
    told: str
    severity: str
    passages: list[str]


class RuleSet(NamedTuple):
    """A set of rules that a profile asks for together."""

    iri: str
    heading: str
    rules: list[Rule]


class Model:
    """Answers about the ontology and the rules of ``kg``."""

    def __init__(self, kg: Session) -> None:
        self._kg = kg

    @cached_property
    def _store(self) -> pyoxigraph.Store:
        root = self._kg.root
        paths = [f"ontology/{name}.ttl" for name in ("napgraph", "napgraph-rl")]
        paths += files_below(root, "shapes", (".ttl",)) + files_below(root, "data/sources", (".ttl",))
        store = pyoxigraph.Store()
        store.extend(pyoxigraph.Quad(*triple) for path in paths for triple in read_file(root, path))
        return store

    def _rows(self, name: str) -> list[dict[str, Value]]:
        return run_text(self._store, self._kg.queries.get(name).text, name).rows()

    @cached_property
    def terms(self) -> dict[str, Term]:
        """The terms by IRI, classes first, each kind in the order of the alphabet."""
        made: dict[str, Term] = {}
        for row in self._rows("terms"):
            iri = str(row["term"])
            above = made[iri].above if iri in made else ()
            above += (str(row["above"]),) if row["above"] and str(row["above"]) not in above else ()
            label, definition, note, example = (
                str(row[key] or "") for key in ("label", "definition", "note", "example")
            )
            kind, gone = str(row["kind"]), bool(row["deprecated"])
            made[iri] = Term(iri, slug(iri), kind, label, definition, note, example, above, gone)
        order = ("class", "property", "datatype")
        return dict(sorted(made.items(), key=lambda each: (order.index(each[1].kind), each[1].label.casefold())))

    def tree(self) -> list[Branch]:
        """Return the classes of the ontology, each below the first of ours that it is a kind of."""
        classes = [term for term in self.terms.values() if term.kind == "class"]
        parents = {term.iri: next((iri for iri in term.above if iri in self.terms), None) for term in classes}
        return list(branches({term.iri: (term.label, term.definition, "") for term in classes}, parents))

    @cached_property
    def _links(self) -> list[tuple[str, str, str]]:
        return [tuple(str(row[key]) for key in ("class", "property", "target")) for row in self._rows("model")]  # type: ignore[misc]

    def drawings(self) -> list[Drawing]:
        """Return the drawings of the model: what surrounds a document, an element, an event, a coverage statement."""
        return [drawn(self._hub(f"{BASE}ont#{name}")) for name in _HUBS]

    def _hub(self, iri: str) -> Hub:
        right: dict[str, list[str]] = {}
        left: dict[str, list[str]] = {}
        for source, predicate, target in self._links:
            if source == iri:
                right.setdefault(target, []).append(self._label(predicate))
            elif target == iri:
                left.setdefault(source, []).append(self._label(predicate))
        sides = [
            tuple(
                Box(self._label(other), self._href(other), tuple(dict.fromkeys(named))) for other, named in side.items()
            )
            for side in (left, right)
        ]
        return Hub(self._label(iri), self._href(iri), *sides)

    def _label(self, iri: str) -> str:
        term = self.terms.get(iri)
        return term.label if term else self._kg.labels.get(iri) or slug(iri)

    def _href(self, iri: str) -> str:
        return f"#{slug(iri)}" if iri in self.terms else iri

    def rule_sets(self, language: str) -> list[RuleSet]:
        """Return the rules by set, named in ``language``; what to write is told in English.

        First come the sets that the source asks for, then those that keep a record sound.
        """
        made: dict[str, RuleSet] = {}
        rules: dict[str, Rule] = {}
        for row in self._rows("rule-pages"):
            if row["language"] != language:
                continue
            group, iri = str(row["set"]), str(row["rule"])
            if iri not in rules:
                texts = [str(row[key] or "") for key in ("name", "told", "severity")]
                rules[iri] = Rule(iri, texts[0], texts[1], slug(texts[2]), [])
                made.setdefault(group, RuleSet(group, str(row["heading"]), [])).rules.append(rules[iri])
            if row["passage"]:
                rules[iri].passages.append(str(row["passage"]))
        return sorted(made.values(), key=lambda each: not any(rule.passages for rule in each.rules))

    @property
    def languages(self) -> list[str]:
        """The languages in which every rule has a name, English first."""
        spoken = {str(row["language"]) for row in self._rows("rule-pages")}
        return sorted(spoken, key=lambda language: (language != "en", language))


def branches(told: dict[str, tuple[str, str, str]], parents: dict[str, str | None]) -> Iterator[Branch]:
    """Yield the topmost of ``told`` (IRI to label, meaning, note), each with what is below it, in their order."""
    made = {iri: Branch(iri, *texts, []) for iri, texts in told.items()}
    for iri, branch in made.items():
        parent = parents.get(iri)
        if parent in made and parent is not None:
            made[parent].below.append(branch)
        else:
            yield branch
