"""Read the project's own files: Turtle and mapping tables, each into a named graph of its own.

Not here: files that strangers send; those are read by ``records``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from ..errors import SourceFileError
from ..project.root import files_below
from ..rdf.namespaces import BASE

if TYPE_CHECKING:
    from pyoxigraph import Triple

JURISDICTIONS = "data/jurisdictions/"
"""Where each file is one jurisdiction's; every other file is shared by all."""

_ENDINGS = (".ttl", ".sssom.tsv")


class SourceFile(NamedTuple):
    """One file of the graph: its path relative to the root, and the named graph that it fills."""

    path: str
    graph: str


def source_files(root: str) -> list[SourceFile]:
    """Return the files of ``ontology`` and ``data`` in the order of their paths.

    ``data/jurisdictions/nor.ttl`` fills ``.../graph/nor``, any other file the graph of its path.
    """
    paths = files_below(root, "ontology", _ENDINGS) + files_below(root, "data", _ENDINGS)
    return [SourceFile(path, _graph_of(path)) for path in paths]


def _graph_of(path: str) -> str:
    name = path.removesuffix(".ttl").removesuffix(".tsv")
    return f"{BASE}graph/{name.removeprefix(JURISDICTIONS)}"


def read_content(root: str, path: str) -> bytes:
    """Return what one file holds; raises SourceFileError that names the file."""
    try:
        with open(os.path.join(root, path), "rb") as file:
            return file.read()
    except OSError as error:
        raise SourceFileError(
            path, f"this file cannot be read ({error.strerror}).", mend="Check its rights."
        ) from error


def read_file(root: str, path: str) -> Iterator[Triple]:
    """Yield the statements of one file; raises SourceFileError that names the file and line."""
    return read_statements(read_content(root, path), path)


def read_statements(content: bytes, path: str) -> Iterator[Triple]:
    """Yield the statements of a file with this content; raises SourceFileError with the line of the first mistake."""
    if path.endswith(".tsv"):
        from .mappings import read_mappings

        return read_mappings(content, path)
    return read_turtle(content, path)


def read_turtle(content: bytes, path: str) -> Iterator[Triple]:
    """Yield the triples of Turtle text; raises SourceFileError with the line of the first mistake."""
    import pyoxigraph

    if content.startswith(b"\xef\xbb\xbf"):
        content = content[3:]
    try:
        for quad in pyoxigraph.parse(content, format=pyoxigraph.RdfFormat.TURTLE, rename_blank_nodes=True):
            yield quad.triple
    except SyntaxError as error:
        raise SourceFileError(path, plain_syntax_error(error), line=error.lineno, mend=_MEND) from error


_MEND = (
    "Look at this line and at the end of the statement above it: each line of a block ends in ' ;', the block in ' .'."
)


def plain_syntax_error(error: SyntaxError) -> str:
    """Return the parser's words as a sentence, without its own line numbers."""
    import re

    words = re.sub(
        r"^Parser error (at line \d+ (between )?columns? \d+( and (line \d+ )?column \d+)?|between line .*?): ",
        "",
        error.msg,
    )
    return f"this is not valid Turtle: {words.rstrip('.')}."
