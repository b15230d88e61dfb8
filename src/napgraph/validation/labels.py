"""What rules, codes and terms are called, looked up by saved queries in shapes, code lists and ontology.

Read when the first finding needs words, once for any number of files. Not here: the sentences (``messages``), and
what the nodes of a record are called (``words``).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import pyoxigraph

from ..project.messages import grades
from ..query.definitions import ask, store_of
from ..rdf.namespaces import prefixes, shorten, slug

if TYPE_CHECKING:
    from ..query.results import ResultTable


class Passage(NamedTuple):
    """The paragraph that asks for something: title of the source, section, paragraph, item of a list or 0."""

    source: str
    section: str
    paragraph: int
    item: int


class Rule(NamedTuple):
    """One rule: its name by language, its place in the order, who asks for it, and what it allows, by kind.

    Kinds are term, class, datatype, code, member, scheme, feature, wanted and the limits of values.
    """

    iri: str
    order: float
    names: dict[str, str]
    passage: Passage | None
    allowed: dict[str, list[str]]

    def values(self, kind: str) -> list[str]:
        """Return what it allows of one kind."""
        return self.allowed.get(kind, [])


class Code(NamedTuple):
    """One code: the list that holds it (empty for a profile or a collection), and its labels by language."""

    iri: str
    scheme: str
    labels: dict[str, str]


class Lexicon:
    """Names of what the project's own files define; ``triples`` are those of shapes, ontology and code lists."""

    def __init__(self, root: str, triples: Iterable[pyoxigraph.Triple]) -> None:
        self._root = root
        self._triples = triples
        self._short: dict[str, str] = {}

    @cached_property
    def rules(self) -> dict[str, Rule]:
        """All rules by IRI."""
        allowed: dict[str, dict[str, list[str]]] = {}
        for row in self._answer("rule-values"):
            allowed.setdefault(str(row["rule"]), {}).setdefault(str(row["kind"]), []).append(str(row["allowed"]))
        made: dict[str, Rule] = {}
        for row in self._answer("rules"):
            iri = str(row["rule"])
            passage = None
            if row["section"] is not None:
                numbers = (int(row["paragraph"] or 0), int(row["item"] or 0))
                passage = Passage(str(row["source"]), str(row["section"]), *numbers)
            rule = made.setdefault(iri, Rule(iri, float(row["order"] or 0), {}, passage, allowed.get(iri, {})))
            rule.names[str(row["language"])] = str(row["name"])
        return made

    @cached_property
    def codes(self) -> dict[str, Code]:
        """All codes by IRI, in the order of their lists."""
        made: dict[str, Code] = {}
        for row in self._answer("codes"):
            code = made.setdefault(str(row["code"]), Code(str(row["code"]), str(row["list"] or ""), {}))
            code.labels[str(row["language"])] = str(row["label"])
        return made

    @cached_property
    def lists(self) -> dict[str, dict[str, str]]:
        """The title of each list of codes, by language."""
        made: dict[str, dict[str, str]] = {}
        for row in self._answer("lists"):
            made.setdefault(str(row["list"]), {})[str(row["language"])] = str(row["title"])
        return made

    @cached_property
    def sheet_words(self) -> dict[str, dict[str, str]]:
        """What the workbook calls its sheets, columns and words, by language."""
        made: dict[str, dict[str, str]] = {}
        for row in self._answer("workbook-words"):
            if row["role"] == "label":
                made.setdefault(slug(str(row["thing"])), {})[str(row["language"])] = str(row["text"])
        return made

    @cached_property
    def sheets(self) -> dict[str, int]:
        """The place of each sheet of the workbook in their order, by its name in any language."""
        order = {slug(str(row["sheet"])): int(row["order"] or 0) for row in self._answer("workbook-sheets")}
        names = ((name, label) for name in order for label in self.sheet_words.get(name, {}).values())
        return {label: order[name] for name, label in names}

    @cached_property
    def vocabulary(self) -> dict[str, set[str]]:
        """The terms by kind: class, property, datatype."""
        made: dict[str, set[str]] = {"class": set(), "property": set(), "datatype": set()}
        for row in self._answer("vocabulary"):
            made[str(row["kind"])].add(str(row["term"]))
        return made

    @cached_property
    def prefixes(self) -> dict[str, str]:
        """The project's prefixes."""
        return prefixes(self._root)

    @cached_property
    def grades(self) -> dict[str, dict[str, Any]]:
        """What the sentences of all languages share."""
        return grades(self._root)

    def long(self, name: str) -> str:
        """Return the IRI of ``prefix:name``."""
        prefix, _, local = name.partition(":")
        return self.prefixes[prefix] + local

    def short(self, iri: str) -> str:
        """Return an IRI as ``prefix:name``, or in angle brackets."""
        if iri not in self._short:
            self._short[iri] = shorten(iri, self.prefixes)
        return self._short[iri]

    @cached_property
    def _store(self) -> pyoxigraph.Store:
        return store_of(self._triples)

    def _answer(self, name: str) -> ResultTable:
        return ask(self._root, name, self._store)
