"""Read SSSOM mapping tables: why a concept is linked to a foreign one, and the link itself.

Format: https://w3id.org/sssom/, tab-separated with the metadata commented in front. Only the link becomes
a statement of the graph; author, date and reason stay in the table, which is published as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..errors import SourceFileError

if TYPE_CHECKING:
    from pyoxigraph import NamedNode, Triple


def read_mappings(content: bytes, path: str) -> Iterator[Triple]:
    """Yield subject, predicate, object of each row; raises SourceFileError with the line of a bad row."""
    import csv

    from pyoxigraph import Triple

    lines = content.decode("utf-8").splitlines()
    head = [line for line in lines if line.startswith("#")]
    table = dict(_prefix_lines(head))
    reader = csv.DictReader(lines[len(head) :], delimiter="\t")
    for number, row in enumerate(reader, start=len(head) + 2):
        terms = [
            _expand(row.get(f"{part}_id") or "", table, path, number) for part in ("subject", "predicate", "object")
        ]
        yield Triple(*terms)


def _prefix_lines(head: list[str]) -> Iterator[tuple[str, str]]:
    inside = False
    for line in head:
        text = line[1:]
        if text.strip() == "curie_map:":
            inside = True
        elif inside and text.startswith((" ", "\t")) and ": " in text:
            prefix, _, space = text.strip().partition(": ")
            yield prefix, space.strip().strip("\"'")
        else:
            inside = False


def _expand(curie: str, table: dict[str, str], path: str, line: int) -> NamedNode:
    from pyoxigraph import NamedNode

    prefix, _, name = curie.partition(":")
    if prefix in table:
        return NamedNode(table[prefix] + name)
    if name.startswith("//"):
        return NamedNode(curie)
    mend = f"Declare '{prefix}' under curie_map at the head of the file, or correct it."
    raise SourceFileError(path, f"{curie!r} has a prefix that the table does not declare.", line=line, mend=mend)
