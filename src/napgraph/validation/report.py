"""What a check found: one finding a result, the structure of each document, and the report of a file."""

from collections.abc import Sequence
from typing import NamedTuple

from ..records.record import Location

RANK = {"Violation": 0, "Warning": 1, "Info": 2}
GRADES = ("Violation", "Warning", "Warning-note", "Info", "Info-note")


class Result(NamedTuple):
    """One validation result, the same from whichever engine.

    ``rule`` and ``component`` are IRIs, of a nameless rule ``_:`` and its name; ``focus`` and ``value`` are in
    N-Triples, ``value`` empty where there is none; ``path`` is the property where the result has a single one.
    """

    rule: str
    severity: str
    focus: str
    path: str
    value: str
    component: str


class Finding(NamedTuple):
    """One result: how grave, which rule, on which resource, for which value, and the words for it.

    ``severity`` is Violation, Warning or Info; ``rule`` the shape's IRI, or one under ``.../rule/`` for what no shape
    asks; ``focus`` and ``value`` are in N-Triples; ``path`` and ``component`` those of the shape. ``title`` is the
    rule's name, ``message`` what is wrong, ``fix`` what to write, ``nearest`` the right value where one is near,
    ``shown`` the value and ``subject`` the resource in words, ``asked`` the paragraph that asks for it. Findings of one
    rule with the same ``fix`` can be told together.
    """

    severity: str
    rule: str
    focus: str
    value: str
    path: str
    title: str
    fix: str
    place: Location | None = None
    message: str = ""
    component: str = ""
    nearest: str = ""
    shown: str = ""
    subject: str = ""
    asked: str = ""

    @property
    def grade(self) -> str:
        """How it is told: its severity; what no rule asks for, and what is only unlikely, is told as a note."""
        told_apart = self.severity != "Violation" and ("/rule/" in self.rule or self.name.startswith("Plausible-"))
        return f"{self.severity}-note" if told_apart else self.severity

    @property
    def name(self) -> str:
        """The last part of the rule's IRI: the same between runs, files and languages."""
        return self.rule.rstrip("/").replace("#", "/").rpartition("/")[2]


class Element(NamedTuple):
    """One element of a document's structure: its code, its name, and what the record shows of it.

    ``status`` is present, partly, absent or inapplicable (stated), missing (from a full text), silent or unlooked.
    """

    feature: str
    name: str
    status: str


class Level(NamedTuple):
    """One level of the structure with its elements.

    The completeness lies between ``lower``, the share that is there, and ``upper``, the share that is not absent.
    """

    code: str
    name: str
    lower: float
    upper: float
    elements: list[Element]


class Structure(NamedTuple):
    """The structure of one document."""

    document: str
    title: str
    levels: list[Level]


class Report(NamedTuple):
    """The findings of one file, gravest first, and what was found to check: documents and elements, or else sources.

    ``results`` are the results of the shapes with the severity of the document's profile, as an engine tells them.
    ``shared`` counts the sources, bodies and works of a file that has nothing else. ``error`` says why the file could
    not be read; then there is nothing else but one finding with the same words.
    """

    source: str
    findings: list[Finding]
    documents: int
    elements: int
    structures: Sequence[Structure] = ()
    results: Sequence[Result] = ()
    language: str = "en"
    error: str = ""
    format: str = ""
    shared: int = 0

    @property
    def conforms(self) -> bool:
        """Whether something was there to check and no finding is a violation."""
        is_wrong = any(finding.severity == "Violation" for finding in self.findings)
        return self.documents + self.shared > 0 and not is_wrong
