"""The new file of a jurisdiction: what it says and what is new in a submission.

What people wrote stays as it is, byte for byte: new blocks are added at the end, and prefixes that are missing among
the prefixes. The new text is read again and must say what the old file and the submission say together.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ..errors import OutputError, SourceFileError
from ..graph.files import read_turtle
from ..rdf.descriptions import Descriptions
from ..rdf.write import TurtleWriter, declaration
from ..validation.recorded import BOM

if TYPE_CHECKING:
    import pyoxigraph

    from ..validation.recorded import Existing

_PREFIX = re.compile(r"(?:@prefix|PREFIX)\s+([^\s:]*):\s")
_HEAD = ("#", "@prefix", "PREFIX", "@base", "BASE")


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
    text = line.strip().removeprefix(BOM)
    return not text or text.startswith(_HEAD)
