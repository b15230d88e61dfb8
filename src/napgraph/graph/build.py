"""Make the graph from its files: what is asserted, what OWL 2 RL entails, what the build queries derive.

With ``NAPGRAPH_REASONER=owlrl`` all files are one part and owlrl draws the conclusions, which takes minutes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from .derive import Derivation
from .files import read_content, source_files
from .partitions import Part, Parts
from .snapshot import code_digest, kept, reasoner
from .statements import Statements, joined, read_lines

if TYPE_CHECKING:
    from .links import Mentions


class Built(NamedTuple):
    """The graph as N-Triples, and as JSON where each part stands in it and what it mentions."""

    asserted: bytes
    entailed: bytes
    places: bytes


def build(root: str, instead: Mapping[str, bytes] | None = None) -> Built:
    """Return the asserted and the entailed-and-derived statements as N-Triples.

    ``instead`` holds Turtle to take in place of the files of these paths (relative to ``root``), or beside the files
    that there are: what would follow if they were written. Raises as :func:`parts`.
    """
    made = parts(root, instead)
    found = list(made)
    index = {
        "parts": [[part.key, len(part.asserted), len(part.entailed)] for part in found],
        "mentions": {key: each.kept() for key, each in made.mentions.items()},
    }
    return Built(
        b"".join(part.asserted for part in found),
        b"".join(part.entailed for part in found),
        json.dumps(index, ensure_ascii=False, separators=(",", ":")).encode("utf-8"),
    )


def parts(
    root: str, instead: Mapping[str, bytes] | None = None, told: Callable[[], None] | None = None
) -> Parts | Whole:
    """Return the graph in parts, each made when it is asked for, so that it may be larger than memory.

    A part whose files are those of the snapshot that was kept last is taken from there. ``told`` is called whenever a
    file is read, which is once or twice for each. Iterating raises
    SourceFileError for a file that cannot be read, InconsistencyError for a contradiction and AxiomError for an axiom
    that is not compiled.
    """
    other = instead or {}
    paths = sorted({path for path, _ in source_files(root)} | set(other))

    def content(path: str) -> bytes:
        if told is not None:
            told()
        return other[path] if path in other else read_content(root, path)

    if reasoner() == "owlrl":
        return Whole(root, paths, content)
    return Parts(root, paths, content, kept(), code_digest(root))


class Whole:
    """All files as one part, with the conclusions that owlrl draws: what :class:`Parts` must be equal to."""

    def __init__(self, root: str, paths: Sequence[str], content: Callable[[str], bytes]) -> None:
        self._derivation, self._paths, self._content = Derivation(root), paths, content
        self.mentions: dict[str, Mentions] = {}

    def __iter__(self) -> Iterator[Part]:
        import pyoxigraph

        from .owlrl import entailed

        lines = Statements(line for path in self._paths for line in read_lines(self._content(path), path)).lines
        asserted = joined(lines)
        quads = pyoxigraph.parse(asserted, format=pyoxigraph.RdfFormat.N_TRIPLES)
        found = {f"{triple} ." for triple in entailed(quad.triple for quad in quads)}
        found |= self._derivation.made([asserted, joined(found)], {*lines, *found})
        yield Part(tuple(self._paths), "", asserted, joined(sorted(found)))
