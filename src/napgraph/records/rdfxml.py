"""RDF/XML before and after the strict parser: what is refused unread, and the line of each statement.

A DOCTYPE is refused: it can define entities that blow a file up or point elsewhere. Whether every element is closed
is looked at here too, as the parser takes a file that was cut off for one that ends early.
"""

from __future__ import annotations

import re
from xml.parsers import expat

from ..errors import IntakeError
from .limits import Limits

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_DECLARED = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)")
_NO_STATEMENT = {f"{_RDF} {name}" for name in ("about", "ID", "nodeID", "resource", "datatype", "parseType", "bagID")}
_XML = "http://www.w3.org/XML/1998/namespace "
_SAID = {
    "mismatched tag": "this closing tag does not belong to the element that is open here.",
    "no element found": "the file ends before every element is closed: it may have been cut off.",
    "unclosed token": "the file ends in the middle of a tag: it may have been cut off.",
    "junk after document element": "something stands after the end of the outermost element.",
    "unbound prefix": "a prefix is used here that no xmlns declares.",
    "undefined entity": "an entity is used here that XML does not know; write the character itself.",
    "duplicate attribute": "an attribute stands twice in this tag.",
    "not well-formed (invalid token)": "this is no XML: a bare < or &, a wrong quote, or a character that XML forbids.",
}


def guard(content: bytes, name: str, limits: Limits) -> None:
    """Raise IntakeError for XML that is not to be parsed: with a DOCTYPE, too deep, not closed, or not RDF."""
    encoding = _DECLARED.match(content)
    if encoding and encoding[1].lower() not in {b"utf-8", b"utf8"}:
        problem = f"the file says that it is saved as {encoding[1].decode()}."
        mend = "Save it as UTF-8, and say encoding='UTF-8' in its first line."
        raise IntakeError(name, problem, line=1, mend=mend, key="encoding")
    parser = expat.ParserCreate(namespace_separator=" ")
    open_elements = 0
    spaces = set()

    def start(_name: str, _attributes: object) -> None:
        nonlocal open_elements
        open_elements += 1
        if open_elements > limits.nesting:
            raise limits.exceeded("nesting", None, name, line=parser.CurrentLineNumber)

    def end(_name: str) -> None:
        nonlocal open_elements
        open_elements -= 1

    def doctype(*_: object) -> None:
        problem = "a DOCTYPE stands here; it is not read, as it can hide other content."
        mend = "Delete it and write the IRIs out, or save the file as Turtle."
        raise IntakeError(name, problem, line=parser.CurrentLineNumber, mend=mend, key="doctype")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.StartDoctypeDeclHandler = doctype
    parser.StartNamespaceDeclHandler = lambda _prefix, space: spaces.add(space)
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        words = expat.ErrorString(error.code)
        problem = _SAID.get(words, f"this is not valid XML: {words}.")
        raise IntakeError(
            name, problem, line=error.lineno, mend="Look at this line and above it.", key="syntax"
        ) from error
    if _RDF not in spaces:
        mend = "Send the RDF/XML itself: its outermost element is rdf:RDF."
        raise IntakeError(name, "this is XML, but no RDF stands in it.", mend=mend, key="wrong-kind")


def statement_lines(content: bytes) -> tuple[list[int], list[int]]:
    """Return per statement, in the parser's order, the line of its element and of its subject's element."""
    scan = _Scan()
    scan.parser.Parse(content, True)
    return scan.values, scan.subjects


class _Element:
    """An element that is open: a node, or a property with what it will state when it closes."""

    def __init__(self, line: int, subject: int, kind: str, states: int = 0) -> None:
        self.line, self.subject, self.kind, self.states = line, subject, kind, states
        self.items: list[int] = []


class _Scan:
    """The elements that are open, and the lines given so far."""

    def __init__(self) -> None:
        self.values: list[int] = []
        self.subjects: list[int] = []
        self._open: list[_Element] = []
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler, self.parser.EndElementHandler = self._start, self._end

    def _state(self, line: int, subject: int, times: int = 1) -> None:
        self.values += [line] * times
        self.subjects += [subject] * times

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        line = self.parser.CurrentLineNumber
        outer = self._open[-1] if self._open else None
        if outer is None and name == f"{_RDF} RDF":
            self._open.append(_Element(line, line, "root"))
        elif outer is not None and outer.kind == "ignored":
            self._open.append(_Element(line, line, "ignored"))
        elif outer is not None and outer.kind == "node":
            self._open.append(self._property(line, outer.line, attributes))
        else:
            if outer is not None and outer.kind == "list":
                outer.items.append(line)
            stated = sum(1 for key in attributes if key not in _NO_STATEMENT and not key.startswith(_XML))
            self._state(line, line, stated + (name != f"{_RDF} Description"))
            self._open.append(_Element(line, line, "node"))

    def _property(self, line: int, subject: int, attributes: dict[str, str]) -> _Element:
        reified = 4 if f"{_RDF} ID" in attributes else 0
        parse = attributes.get(f"{_RDF} parseType")
        if parse == "Resource":
            self._state(line, subject, 1 + reified)
            return _Element(line, line, "node")
        if parse == "Collection":
            return _Element(line, subject, "list", 1 + reified)
        if parse is not None:
            return _Element(line, subject, "ignored", 1 + reified)
        stated = sum(1 for key in attributes if key not in _NO_STATEMENT and not key.startswith(_XML))
        return _Element(line, subject, "property", 1 + reified + stated)

    def _end(self, _name: str) -> None:
        element = self._open.pop()
        self._state(element.line, element.subject, element.states)
        for item in element.items:
            self._state(item, element.line, 2)
