"""Single statements as rows: what no other sheet can hold.

A row is subject, property, value, language, datatype; further cells continue a value that is longer than a cell. An
address stands in angle brackets or by its prefix, a nameless resource as ``_:b1``. What else stands in the value is
text, with the escapes of N-Triples for what a cell would not keep.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import pyoxigraph

from ..syntax import is_tag
from .cells import LONGEST, Node, Term, clean, read_iri

_LABEL = re.compile(r"_:([A-Za-z0-9]{1,80})")
_ESCAPE = re.compile(r"\\(?:([tnrbf\"'\\])|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))")
_SHORT = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
_LOST = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff\t\r\ud800-\udfff]|_(?=x[0-9A-Fa-f]{4}_)|^\\s|\\s$")
_TEXT = pyoxigraph.Literal("").datatype.value


def read_statement(
    line: Mapping[int, str], labels: dict[str, pyoxigraph.BlankNode], address: Callable[[str], str | None]
) -> pyoxigraph.Triple | None:
    """Return the statement that a row holds, or None where it holds none; ``line`` is column -> text."""
    subject = _node(clean(line.get(1, "")), labels, address)
    predicate = _node(clean(line.get(2, "")), labels, address)
    if subject is None or not isinstance(predicate, pyoxigraph.NamedNode):
        return None
    raw = line.get(3, "") + "".join(text for column, text in sorted(line.items()) if column > 5)  # noqa: PLR2004
    language, datatype = clean(line.get(4, "")), clean(line.get(5, ""))
    value: Term | None = None
    if language:
        value = pyoxigraph.Literal(_plain(raw), language=language) if is_tag(language) else None
    elif datatype:
        kind = address(datatype)
        value = pyoxigraph.Literal(_plain(raw), datatype=pyoxigraph.NamedNode(kind)) if kind else None
    else:
        value = _node(clean(raw), labels, address) if clean(raw).startswith(("<", "_:")) else None
        value = value or pyoxigraph.Literal(_plain(raw))
    return pyoxigraph.Triple(subject, predicate, value) if value else None


def write_statement(triple: pyoxigraph.Triple, labels: dict[pyoxigraph.BlankNode, str]) -> list[str]:
    """Return the cells of a statement."""
    subject, predicate, value = triple
    first = [_named(subject, labels), _named(predicate, labels)]
    if not isinstance(value, pyoxigraph.Literal):
        return [*first, _named(value, labels), "", ""]
    text = _LOST.sub(lambda match: f"\\u{ord(match[0]):04X}", value.value.replace("\\", "\\\\"))
    pieces = _pieces(text)
    datatype = "" if value.language or value.datatype.value == _TEXT else f"<{value.datatype.value}>"
    if not value.language and not datatype and clean(text).startswith(("<", "_:")):
        datatype = f"<{_TEXT}>"  # it would be taken for an address
    return [*first, pieces[0], value.language or "", datatype, *pieces[1:]]


def _node(text: str, labels: dict[str, pyoxigraph.BlankNode], address: Callable[[str], str | None]) -> Node | None:
    label = _LABEL.fullmatch(text)
    if label:
        return labels.setdefault(label[1], pyoxigraph.BlankNode())
    if text.startswith("<") and text.endswith(">"):
        return read_iri(text[1:-1])
    found = address(text)
    return pyoxigraph.NamedNode(found) if found else None


def _named(term: object, labels: dict[pyoxigraph.BlankNode, str]) -> str:
    if isinstance(term, pyoxigraph.BlankNode):
        return "_:" + labels.setdefault(term, f"b{len(labels) + 1}")
    if isinstance(term, pyoxigraph.NamedNode):
        return f"<{term.value}>"
    raise ValueError("a statement about a statement cannot stand in a workbook")


def _pieces(text: str) -> list[str]:
    """Cut a text into what one cell can hold, no cut inside an escape or beside a blank."""
    pieces = []
    while len(text) > LONGEST:
        cut = LONGEST - 12
        while "\\" in text[cut - 10 : cut] or text[cut - 1].isspace() or text[cut].isspace():
            cut -= 1
            if cut < LONGEST // 2:
                cut = LONGEST - 12
                break
        pieces.append(text[:cut])
        text = text[cut:]
    return [*pieces, text]


def _plain(text: str) -> str:
    def sign(match: re.Match[str]) -> str:
        if match[1]:
            return _SHORT[match[1]]
        number = int(match[2] or match[3], 16)
        return chr(number) if number < 0x110000 else match[0]  # noqa: PLR2004

    return _ESCAPE.sub(sign, text)
