"""What a check found: one finding a result, and the report of a file."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["RANK", "SEVERITIES", "Finding", "Report"]

SEVERITIES = {
    "Violation": "Needs mending",
    "Warning": "Should be there",
    "Info": "Not said in the source",
}
RANK = {name: rank for rank, name in enumerate(SEVERITIES)}


class Finding(NamedTuple):
    """One result: how grave, which rule, on which resource, for which value, and the words for it.

    ``severity`` is Violation, Warning or Info; ``rule`` the shape's IRI; ``focus`` and ``value`` are written as in
    N-Triples; ``path`` is the property where the rule has a single one, else empty; ``title`` and ``repair`` are
    the rule's name and what to do.
    """

    severity: str
    rule: str
    focus: str
    value: str
    path: str
    title: str
    repair: str


class Report(NamedTuple):
    """The findings of one file, gravest first, and what was found to check: documents and elements."""

    source: str
    findings: list[Finding]
    documents: int
    elements: int

    @property
    def conforms(self) -> bool:
        """Whether something was there to check and no finding is a violation."""
        return self.documents > 0 and not any(finding.severity == "Violation" for finding in self.findings)

    def count(self, severity: str) -> int:
        """Return how many findings have this severity."""
        return sum(finding.severity == severity for finding in self.findings)
