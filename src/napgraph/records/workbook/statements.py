"""Single statements as rows: what no other sheet can hold.

A row is subject, property, value, language, datatype; further cells continue a value that is longer than a cell. An
address stands in angle brackets or by its prefix, a nameless resource as ``_:b1``. What else stands in the value is
text, with the escapes of N-Triples for what a cell would not keep.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import pyoxigraph

from ...rdf.namespaces import XSD
from ..syntax import is_tag
from .cells import LONGEST, Node, clean, read_iri

_LABEL = re.compile(r"_:([A-Za-z0-9]{1,80})")
_ESCAPE = re.compile(r"\\(?:([tnrbf\"'\\])|u([0-9A-Fa-f]{4})|U(00(?:0[0-9A-Fa-f]|10)[0-9A-Fa-f]{4}))")
_SHORT = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
_LOST = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff\t\r\ud800-\udfff]|_(?=x[0-9A-Fa-f]{4}_)|^\\s|\\s$")
_TEXT = f"{XSD}string"


def read_statement(
    line: Mapping[int, str], labels: dict[str, pyoxigraph.BlankNode], address: Callable[[str], str | None]
) -> pyoxigraph.Triple | None:
    """Return the statement that a row holds, or None where it holds none; ``line`` is column -> text."""
    subject, predicate = (_node(clean(line.get(column, "")), labels, address) for column in (1, 2))
    if subject is None or not isinstance(predicate, pyoxigraph.NamedNode):
        return None
    raw = line.get(3, "") + "".join(text for column, text in sorted(line.items()) if column > 5)  # noqa: PLR2004
    language, kind = clean(line.get(4, "")), clean(line.get(5, ""))
    node = _node(clean(raw), labels, address) if clean(raw).startswith(("<", "_:")) and not language + kind else None
    datatype = address(kind) if kind and not language else _TEXT
    if node is not None:
        return pyoxigraph.Triple(subject, predicate, node)
    if datatype is None or (language and not is_tag(language)):
        return None
    text = _ESCAPE.sub(lambda found: _SHORT[found[1]] if found[1] else chr(int(found[2] or found[3], 16)), raw)
    named = None if language else pyoxigraph.NamedNode(datatype)
    return pyoxigraph.Triple(subject, predicate, pyoxigraph.Literal(text, language=language or None, datatype=named))


def write_statement(triple: pyoxigraph.Triple, labels: dict[pyoxigraph.BlankNode, str]) -> list[str]:
    """Return the cells of a statement."""
    *first, value = (
        f"_:{labels.setdefault(term, f'b{len(labels) + 1}')}" if isinstance(term, pyoxigraph.BlankNode) else str(term)
        for term in triple
    )
    literal = triple.object
    if not isinstance(literal, pyoxigraph.Literal):
        return [*first, value, "", ""]
    text = _LOST.sub(lambda found: f"\\u{ord(found[0]):04X}", literal.value.replace("\\", "\\\\"))
    is_plain = literal.datatype.value == _TEXT and not clean(text).startswith(("<", "_:"))  # else an address
    pieces = [text]
    while len(pieces[-1]) > LONGEST:  # cut neither inside an escape nor beside a blank
        text, most = pieces.pop(), LONGEST - 12
        good = (
            at
            for at in range(most, LONGEST // 2, -1)
            if "\\" not in text[at - 10 : at] and text[at - 1 : at + 1] == clean(text[at - 1 : at + 1])
        )
        cut = next(good, most)
        pieces += [text[:cut], text[cut:]]
    datatype = "" if literal.language or is_plain else str(literal.datatype)
    return [*first, pieces[0], literal.language or "", datatype, *pieces[1:]]


def _node(text: str, labels: dict[str, pyoxigraph.BlankNode], address: Callable[[str], str | None]) -> Node | None:
    if label := _LABEL.fullmatch(text):
        return labels.setdefault(label[1], pyoxigraph.BlankNode())
    if text.startswith("<") and text.endswith(">"):
        return read_iri(text[1:-1])
    found = address(text)
    return pyoxigraph.NamedNode(found) if found else None
