"""RDF/XML before and after the strict parser: what is refused unread, and the line of each triple."""

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
    opened: list[str] = []
    spaces = set()

    def start(element: str, _attributes: object) -> None:
        opened.append(element)
        if len(opened) > limits.nesting:
            raise limits.exceeded("nesting", None, name, line=parser.CurrentLineNumber)

    def doctype(*_: object) -> None:
        problem = "a DOCTYPE stands here; it is not read, as it can hide other content."
        mend = "Delete it and write the IRIs out, or save the file as Turtle."
        raise IntakeError(name, problem, line=parser.CurrentLineNumber, mend=mend, key="doctype")

    parser.StartElementHandler, parser.EndElementHandler = start, lambda _: opened.pop()
    parser.StartDoctypeDeclHandler = doctype
    parser.StartNamespaceDeclHandler = lambda _prefix, space: spaces.add(space)
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        words = expat.ErrorString(error.code)
        problem, mend = _SAID.get(words, f"this is not valid XML: {words}."), "Look at this line and above it."
        raise IntakeError(name, problem, line=error.lineno, mend=mend, key="syntax") from error
    if _RDF not in spaces:
        mend = "Send the RDF/XML itself: its outermost element is rdf:RDF."
        raise IntakeError(name, "this is XML, but no RDF stands in it.", mend=mend, key="wrong-kind")


def statement_lines(content: bytes) -> tuple[list[int], list[int]]:
    """Return per triple, in the parser's order, the line of its element and of its subject's element."""
    values: list[int] = []
    subjects: list[int] = []
    # per open element its kind, its line and its subject's, how many triples it states when it closes, and its items
    opened: list[tuple[str, int, int, int, list[int]]] = []
    parser = expat.ParserCreate(namespace_separator=" ")

    def state(line: int, subject: int, times: int) -> None:
        values.extend([line] * times)
        subjects.extend([subject] * times)

    def start(name: str, attributes: dict[str, str]) -> None:
        line, states = parser.CurrentLineNumber, 0
        outer, above, *_, items = opened[-1] if opened else ("", line, line, 0, list[int]())
        stated = sum(1 for key in attributes if key not in _NO_STATEMENT and not key.startswith(_XML))
        if not opened and name == f"{_RDF} RDF":
            kind = "root"
        elif outer == "ignored":
            kind = "ignored"
        elif outer == "node":
            states = 5 if f"{_RDF} ID" in attributes else 1  # one, and four that name it
            parse = attributes.get(f"{_RDF} parseType", "")
            kind = {"": "property", "Resource": "node", "Collection": "list"}.get(parse, "ignored")
            if kind == "node":
                state(line, above, states)
            states = 0 if kind == "node" else states + stated * (kind == "property")
        else:
            kind = "node"
            if outer == "list":
                items.append(line)
            state(line, line, stated + (name != f"{_RDF} Description"))
        opened.append((kind, line, above, states, []))

    def end(_name: str) -> None:
        _, line, subject, states, items = opened.pop()
        state(line, subject, states)
        for item in items:
            state(item, line, 2)

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.Parse(content, True)
    return values, subjects
