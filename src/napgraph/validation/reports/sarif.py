"""A report as SARIF 2.1.0, for code hosts and editors: rule ids and fingerprints stay the same between runs."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from ...project.messages import component_key
from ...rdf.namespaces import BASE
from .groups import asked, near
from .tables import LEVELS

if TYPE_CHECKING:
    from ...project.messages import Catalogue
    from ...records.record import Location
    from ..report import Finding, Report

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def render(reports: Sequence[Report], catalogue: Catalogue) -> str:
    """Return the reports as one run."""
    from ... import __version__

    findings = [(report, finding) for report in reports for finding in report.findings]
    rules = list({_rule_id(finding): finding for _, finding in findings}.items())
    index = {name: position for position, (name, _) in enumerate(rules)}
    run = {
        "tool": {
            "driver": {
                "name": "napgraph",
                "version": __version__,
                "informationUri": BASE,
                "rules": [_rule(name, finding) for name, finding in rules],
            }
        },
        "language": catalogue.language,
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": not any(report.error for report in reports)}],
        "results": [_result(report, finding, index, catalogue) for report, finding in findings],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=1) + "\n"


def _rule_id(finding: Finding) -> str:
    return f"{finding.name}/{component_key(finding.component)}" if finding.component else finding.name


def _rule(name: str, finding: Finding) -> dict[str, object]:
    return {
        "id": name,
        "name": finding.name,
        "shortDescription": {"text": finding.title},
        "help": {"text": finding.fix},
        "helpUri": finding.rule,
    }


def _result(report: Report, finding: Finding, index: dict[str, int], catalogue: Catalogue) -> dict[str, object]:
    name = _rule_id(finding)
    words = finding.message, near(finding, catalogue), finding.fix, asked(finding, catalogue)
    return {
        "ruleId": name,
        "ruleIndex": index[name],
        "level": LEVELS[finding.severity],
        "message": {"text": _message(" ".join(filter(None, words)))},
        "locations": [_location(report, finding.place)],
        "partialFingerprints": {"napgraph/v1": _fingerprint(finding)},
    }


def _message(text: str) -> str:
    """Return text as SARIF writes it, in which braces are slots and ``[a](b)`` is a link."""
    return text.replace("{", "{{").replace("}", "}}").replace("](", "] (")


def _location(report: Report, place: Location | None) -> dict[str, object]:
    physical: dict[str, object] = {"artifactLocation": {"uri": _uri(place.file if place else report.source)}}
    if place is not None and place.line:
        physical["region"] = {"startLine": place.line}
    made: dict[str, object] = {"physicalLocation": physical}
    inner = place.text.removeprefix(place.file).strip() if place and (place.cell or place.pointer) else ""
    if inner:
        made["logicalLocations"] = [{"fullyQualifiedName": inner}]
    return made


def _uri(path: str) -> str:
    """Return a path as a URI, relative to the working folder where it lies in it."""
    if os.path.isabs(path):
        try:
            path = os.path.relpath(path) if Path(path).is_relative_to(Path.cwd()) else Path(path).as_uri()
        except (OSError, ValueError):
            path = Path(path).name
        if path.startswith("file:"):
            return path
    return quote(path.replace(os.sep, "/"))


def _fingerprint(finding: Finding) -> str:
    """Digest what the finding is about; nameless nodes by their words, since their labels change from run to run."""
    focus = finding.subject if finding.focus.startswith("_:") else finding.focus
    value = finding.shown if finding.value.startswith("_:") else finding.value
    parts = (finding.rule, finding.component, finding.path, focus, value)
    return sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()
