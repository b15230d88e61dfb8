"""A submission beside what is recorded already: what is new, what is the same, what contradicts; and the new file.

What people wrote stays as it is, byte for byte: new blocks are added at the end, and prefixes that are missing among
the prefixes. The new text is read again and must say what the old file and the submission say together.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph

from ..errors import OutputError, SourceFileError
from ..graph.descriptions import Descriptions
from ..graph.files import read_turtle
from ..graph.turtle import TurtleWriter, declaration

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..graph.descriptions import Value

__all__ = ["Difference", "Existing", "Merged", "compose", "merge", "verify"]

_BOM = "\ufeff"
_PREFIX = re.compile(r"(?:@prefix|PREFIX)\s+([^\s:]*):\s")
_HEAD = ("#", "@prefix", "PREFIX", "@base", "BASE")


class Existing(NamedTuple):
    """A jurisdiction's file as it is: its text, what it says, and the prefixes and base that hold at its end."""

    text: str
    descriptions: Descriptions
    prefixes: dict[str, str]
    base: str | None

    @classmethod
    def read(cls, content: bytes | None, path: str) -> Existing:
        """Read the file's content, None where there is no file; raises SourceFileError for what cannot be kept."""
        descriptions = Descriptions(read_turtle(content or b"", path))
        if descriptions.tangled:
            raise SourceFileError(
                path,
                "this file has a resource without a name that is pointed to from several places or from none, "
                "so nothing can be added to it.",
                mend="Give that resource an address of its own.",
            )
        parser = pyoxigraph.parse(_plain(content or b""), format=pyoxigraph.RdfFormat.TURTLE)
        for _ in parser:
            pass
        return cls((content or b"").decode("utf-8"), descriptions, dict(parser.prefixes), parser.base_iri)

    @property
    def names(self) -> set[str]:
        """The addresses of the resources that the file describes."""
        return {subject.value for subject in self.descriptions.subjects}


class Difference(NamedTuple):
    """A resource that is recorded with other content: what only the record says, and what only the submission says."""

    subject: pyoxigraph.NamedNode
    recorded: list[tuple[pyoxigraph.NamedNode, Value]]
    submitted: list[tuple[pyoxigraph.NamedNode, Value]]


class Merged(NamedTuple):
    """The resources of a submission that are new, and those that are recorded otherwise; the others are the same."""

    new: list[pyoxigraph.NamedNode]
    differences: list[Difference]


def merge(existing: Descriptions, submitted: Descriptions) -> Merged:
    """Compare a submission with what is recorded."""
    new: list[pyoxigraph.NamedNode] = []
    differences: list[Difference] = []
    for subject in submitted.subjects:
        if subject not in existing:
            new.append(subject)
        elif existing.told(subject) != submitted.told(subject):
            differences.append(
                Difference(subject, _only(existing, submitted, subject), _only(submitted, existing, subject))
            )
    return Merged(new, differences)


def _only(
    one: Descriptions, other: Descriptions, subject: pyoxigraph.NamedNode
) -> list[tuple[pyoxigraph.NamedNode, Value]]:
    """Return the statements about ``subject`` that only ``one`` makes, or makes more often."""
    left = dict(other.told(subject))
    found = []
    for predicate, value in one.of(subject):
        text = one.statement(predicate, value)
        if left.get(text, 0):
            left[text] -= 1
        else:
            found.append((predicate, value))
    return found


def compose(
    existing: Existing,
    submitted: Descriptions,
    order: Sequence[pyoxigraph.NamedNode],
    table: Mapping[str, str],
    base: str,
    head: str,
) -> bytes:
    """Return the file with the resources of ``order`` added in that order; a new file begins with ``head``.

    ``table`` are the project's prefixes, ``base`` what the jurisdiction's addresses begin with.
    """
    fresh = not existing.text.strip()
    usable = {prefix: space for prefix, space in table.items() if existing.prefixes.get(prefix, space) == space}
    writer = TurtleWriter(usable, base if fresh or existing.base == base else None)
    blocks = "\n\n".join(writer.block(subject, submitted) for subject in order)
    wanted = {prefix: usable[prefix] for prefix in writer.used if prefix not in existing.prefixes}
    if fresh:
        declared = "\n".join([*(declaration(each, wanted[each]) for each in sorted(wanted)), f"@base <{base}> ."])
        return f"{head}\n\n{declared}\n\n{blocks}\n".encode()
    lines = existing.text.count("\n")
    end = "\r\n" if lines and existing.text.count("\r\n") == lines else "\n"
    text = _with_prefixes(existing.text, wanted, end)
    gap = "" if text.endswith("\n") else end
    return (text + gap + end + blocks.replace("\n", end) + end).encode()


def verify(content: bytes, path: str, *parts: tuple[Descriptions, Sequence[pyoxigraph.NamedNode]]) -> None:
    """Read ``content`` again, and raise OutputError unless it says exactly what ``parts`` say together."""
    expected = {subject: descriptions.told(subject) for descriptions, subjects in parts for subject in subjects}
    problem = ""
    try:
        found = Descriptions(read_turtle(content, path))
        if found.tangled or found.all_told() != expected:
            problem = "it did not say what was checked when it was read again"
    except SourceFileError as error:
        problem = f"it could not be read again ({error})"
    if problem:
        raise OutputError(f"{path}: nothing was written here: {problem}. Please report this.")


def _with_prefixes(text: str, wanted: Mapping[str, str], end: str) -> str:
    """Add declarations among those at the head of ``text``, each before the first that sorts after it."""
    lines = text.split(end)
    head = next((at for at, line in enumerate(lines) if not _is_head(line)), len(lines))
    declared = [at for at in range(head) if _PREFIX.match(lines[at])]
    start = declared[0] if declared else head
    stop = declared[-1] + 1 if declared else head
    block = lines[start:stop]
    for prefix in sorted(wanted):
        names = [match[1] if (match := _PREFIX.match(line)) else "" for line in block]
        at = next((at for at, name in enumerate(names) if name > prefix), len(block))
        block.insert(at, declaration(prefix, wanted[prefix]))
    if not declared and wanted:
        block.append("")
    return end.join([*lines[:start], *block, *lines[stop:]])


def _is_head(line: str) -> bool:
    """Whether a line can stand before the first statement: a comment, a prefix, a base, or nothing."""
    text = line.strip().removeprefix(_BOM)
    return not text or text.startswith(_HEAD)


def _plain(content: bytes) -> bytes:
    return content.removeprefix(_BOM.encode())
