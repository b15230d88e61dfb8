"""Reports for programs: CSV, JSON and JSON lines, SARIF 2.1.0 for code hosts and editors, JUnit XML for CI, SHACL.

A cell of CSV that starts with = + - @, a tab or a line break has a ' before it, so that no spreadsheet takes it for a
formula. In SARIF, rule ids and fingerprints stay the same between runs. JUnit has a suite a file and a case a finding;
only violations fail: warnings and notes are cases that pass, with the words as their output. The validation report of
SHACL, in Turtle, also has near-misses and notes, with our words as messages.
"""

import csv
import io
import json
import os
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from hashlib import sha256
from operator import attrgetter
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as ET  # written, never read # nosec B405

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from ...graph.files import read_file
from ...project.messages import Catalogue, component_key
from ...project.root import files_below
from ...rdf.descriptions import Descriptions, Value
from ...rdf.namespaces import BASE, prefixes
from ...rdf.write import prefixes_of
from ...records.record import Location
from ...text import visible
from ..labels import term_of
from ..report import GRADES, Finding, Report, Result
from ..shacl import TYPE, sh
from .text import words

COLUMNS = ("problem", "file", "place", "level", "rule_id", "rule_name", "value", "fix", "instructions")
_LEVELS = {"Violation": "error", "Warning": "warning", "Info": "note"}
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_KEY = attrgetter("rule", "focus", "value", "component")  # what a result and its finding have in common


def file_of(report: Report, finding: Finding) -> str:
    """Return the file that a finding is in."""
    return finding.place.file if finding.place else report.source


def inside(finding: Finding) -> str:
    """Return the place within the file: ``41``, ``Activities!D7`` or ``#/@graph/0``."""
    return finding.place.text.removeprefix(finding.place.file).lstrip(": ") if finding.place else ""


def render_csv(reports: Sequence[Report], catalogue: Catalogue) -> str:  # noqa: ARG001
    """Return the findings of all reports as CSV with a line of headings."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for report in reports:
        for each in report.findings:
            fix = f"{each.fix} ({each.asked})" if each.asked else each.fix
            row = [each.message, file_of(report, each), inside(each), _LEVELS[each.severity]]
            writer.writerow(map(_safe, [*row, each.name, each.title, each.shown, each.nearest, fix]))
    return out.getvalue()


def _safe(cell: str) -> str:
    cell = visible(cell.replace("\r\n", "\n").replace("\r", "\n"))
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\n")) else cell


def render_json(reports: Sequence[Report], catalogue: Catalogue) -> str:
    """Return the reports as a JSON list, with an object a file and one a finding."""
    return _dumped([_plain(report, catalogue) for report in reports])


def render_lines(reports: Sequence[Report], catalogue: Catalogue) -> str:
    """Return each report as JSON on a line, so that many can be written as they come."""
    return "".join(_dumped(_plain(report, catalogue), None) for report in reports)


def _dumped(content: object, indent: int | None = 1) -> str:
    return json.dumps(content, ensure_ascii=False, indent=indent) + "\n"


def _plain(report: Report, catalogue: Catalogue) -> dict[str, object]:
    keys = ("source", "format", "language", "conforms", "error", "documents", "elements", "shared")
    made = {key: getattr(report, key) for key in keys} | {"error": report.error or None}
    made["structures"] = [_tree(each) for each in report.structures]
    levels = {grade: {"level": catalogue.text("severity", grade)} for grade in GRADES}
    made["findings"] = [_tree(each) | levels[each.grade] for each in report.findings]
    return made


def _tree(value: Any) -> Any:
    """Return a named tuple with all in it as dicts and lists; a location with its text."""
    if hasattr(value, "_asdict"):
        text = {"text": value.text} if isinstance(value, Location) else {}
        return {key: _tree(each) for key, each in value._asdict().items()} | text
    return [_tree(each) for each in value] if isinstance(value, list) else value


def render_sarif(reports: Sequence[Report], catalogue: Catalogue) -> str:
    """Return the reports as one run of SARIF."""
    from ... import __version__

    findings = [(report, finding) for report in reports for finding in report.findings]
    rules = {_rule_id(finding): finding for _, finding in findings}
    index = {name: number for number, name in enumerate(rules)}
    listed = [
        {"id": name, "name": each.name, "shortDescription": {"text": each.title}}
        | {"help": {"text": each.fix}, "helpUri": each.rule}
        for name, each in rules.items()
    ]
    driver = {"name": "napgraph", "version": __version__, "informationUri": BASE, "rules": listed}
    run = {
        "tool": {"driver": driver},
        "language": catalogue.language,
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": not any(report.error for report in reports)}],
        "results": [_result(report, finding, index, catalogue) for report, finding in findings],
    }
    return _dumped({"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]})


def _rule_id(finding: Finding) -> str:
    return f"{finding.name}/{component_key(finding.component)}" if finding.component else finding.name


def _result(report: Report, finding: Finding, index: dict[str, int], catalogue: Catalogue) -> dict[str, object]:
    name, place = _rule_id(finding), finding.place
    told = words(finding, catalogue, "message", "near", "fix", "asked")
    physical: dict[str, object] = {"artifactLocation": {"uri": _uri(file_of(report, finding))}}
    if place is not None and place.line:
        physical["region"] = {"startLine": place.line}
    location: dict[str, object] = {"physicalLocation": physical}
    if place is not None and (place.cell or place.pointer):
        location["logicalLocations"] = [{"fullyQualifiedName": place.text.removeprefix(place.file).strip()}]
    # What the finding is about; nameless nodes by their words, since their labels change from run to run.
    focus = finding.subject if finding.focus.startswith("_:") else finding.focus
    value = finding.shown if finding.value.startswith("_:") else finding.value
    print_of = "\n".join((finding.rule, finding.component, finding.path, focus, value))
    return {
        "ruleId": name,
        "ruleIndex": index[name],
        "level": _LEVELS[finding.severity],
        # In SARIF, braces are slots and [a](b) is a link.
        "message": {"text": told.replace("{", "{{").replace("}", "}}").replace("](", "] (")},
        "locations": [location],
        "partialFingerprints": {"napgraph/v1": sha256(print_of.encode("utf-8", "replace")).hexdigest()},
    }


def _uri(path: str) -> str:
    if os.path.isabs(path):
        try:
            path = os.path.relpath(path) if Path(path).is_relative_to(Path.cwd()) else Path(path).as_uri()
        except (OSError, ValueError):
            path = Path(path).name
        if path.startswith("file:"):
            return path
    return quote(path.replace(os.sep, "/"))


def render_junit(reports: Sequence[Report], catalogue: Catalogue) -> str:
    """Return the reports as one document of JUnit."""
    root = ET.Element("testsuites", name="napgraph check")
    totals = dict.fromkeys(("tests", "failures", "errors"), 0)
    for report in reports:
        source = _clean(report.source)
        suite = ET.SubElement(root, "testsuite", name=source)
        cases = [_case(suite, report, finding, catalogue) for finding in report.findings]
        if not cases:
            ET.SubElement(suite, "testcase", name=catalogue.text("heading", "none"), classname=source)
        counts = {"tests": len(suite), "failures": cases.count("failure"), "errors": cases.count("error")}
        suite.attrib.update({key: str(count) for key, count in (counts | {"skipped": 0}).items()})
        totals = {key: totals[key] + counts[key] for key in totals}
    root.attrib.update({key: str(count) for key, count in totals.items()})
    ET.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _case(suite: ET.Element, report: Report, finding: Finding, catalogue: Catalogue) -> str:
    name = f"{finding.title} [{finding.name}] {finding.place.text if finding.place else report.source}"
    case = ET.SubElement(suite, "testcase", name=_clean(name), classname=_clean(report.source))
    case.set("file", _clean(file_of(report, finding)))
    if finding.place and finding.place.line:
        case.set("line", str(finding.place.line))
    kind = "error" if report.error else "failure" if finding.severity == "Violation" else "system-out"
    told = ET.SubElement(case, kind)
    said = words(finding, catalogue, "message", "near", "fix", gap="\n")
    told.text = _clean(f"{said}\n{finding.asked}" if finding.asked else said)
    if kind != "system-out":
        told.attrib.update({"message": _clean(finding.message), "type": finding.name})
    return kind


def _clean(text: str) -> str:
    return _NOT_XML.sub("�", text)


def render_turtle(reports: Sequence[Report], catalogue: Catalogue, root: str) -> bytes:
    """Return one report of SHACL over all files; ``root`` holds the shapes, whose paths the results repeat."""
    shapes = Descriptions(each for path in files_below(root, "shapes", (".ttl",)) for each in read_file(root, path))
    statements = list(_statements(reports, catalogue, shapes))
    return serialize(statements, format=RdfFormat.TURTLE, prefixes=prefixes_of(statements, prefixes(root))) or b""


def _statements(reports: Sequence[Report], catalogue: Catalogue, shapes: Descriptions) -> Iterator[Triple]:
    def copied(path: Value) -> tuple[Value, list[Triple]]:
        """Copy a path as pyshacl does: the node, and what it says of nameless ones."""
        if not isinstance(path, BlankNode):
            return path, []
        node, made = BlankNode(), []
        for predicate, value in shapes.of(path):
            part, more = copied(value)
            made += [Triple(node, predicate, part), *more]
        return node, made

    report_node = BlankNode()
    yield Triple(report_node, TYPE, sh("ValidationReport"))
    conforms = all(report.conforms and not report.results and not report.findings for report in reports)
    yield Triple(report_node, sh("conforms"), Literal(conforms))
    for report in reports:
        nodes: defaultdict[str, BlankNode] = defaultdict(BlankNode)  # under labels of this report
        findings = {_KEY(each): each for each in report.findings}
        results = {_KEY(each): each for each in report.results}
        for key in results | findings:
            finding, node = findings.get(key), BlankNode()
            found: Finding | Result = results.get(key) or findings[key]
            place = finding.place.text if finding and finding.place else ""
            told = {found.focus, found.value} - {""}
            terms = {each: nodes[each] if each.startswith("_:") else term_of(each) for each in told}
            yield Triple(report_node, sh("result"), node)
            yield Triple(node, TYPE, sh("ValidationResult"))
            yield Triple(node, sh("resultSeverity"), sh(found.severity))
            yield Triple(node, sh("focusNode"), terms.get(found.focus) or Literal(place))
            yield Triple(node, sh("sourceShape"), NamedNode(found.rule))
            yield Triple(node, sh("sourceConstraintComponent"), NamedNode(found.component or found.rule))
            if key in results and found.value:
                yield Triple(node, sh("value"), terms[found.value])
            for predicate, path in shapes.of(NamedNode(found.rule)):
                if predicate == sh("path"):
                    copy, more = copied(path)
                    yield from (Triple(node, sh("resultPath"), copy), *more)
            if finding is not None:
                said = words(finding, catalogue, "message", "near", "fix")
                message = Literal(f"{place}: {said}" if finding.place else said, language=catalogue.language)
                yield Triple(node, sh("resultMessage"), message)
