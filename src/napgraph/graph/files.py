"""Read the project's own files: Turtle and SSSOM mapping tables (https://w3id.org/sssom/), each into a named graph.

Of a row of a table only its link becomes a triple. Files that strangers send are read by ``records``.
"""

import os
import re
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from itertools import takewhile
from typing import NamedTuple

import pyoxigraph

from ..errors import ParameterError, SourceFileError
from ..project.root import files_below
from ..rdf.namespaces import BASE

JURISDICTIONS = "data/jurisdictions/"
"""Where each file is one jurisdiction's; every other file is shared by all."""
_SOURCES = "data/sources"

_ENDINGS, _READ = (".ttl", ".sssom.tsv"), (".ttl", ".tsv")
_WHERE = r"^Parser error (at line \d+ (between )?columns? \d+( and (line \d+ )?column \d+)?|between line .*?): "
_FIX = (
    "Look at this line and at the end of the statement above it: each line of a block ends in ' ;', the block in ' .'."
)


class SourceFile(NamedTuple):
    """One file of the graph: its path relative to the root, and the named graph that it fills."""

    path: str
    graph: str


def source_files(root: str) -> list[SourceFile]:
    """Return the files of ``ontology`` and ``data`` by path; ``data/jurisdictions/nor.ttl`` fills ``.../graph/nor``.

    The files of sources, of which there are many, fill one graph together.
    """
    paths = files_below(root, "ontology", _ENDINGS) + files_below(root, "data", _ENDINGS)
    names = (path.removesuffix(".ttl").removesuffix(".tsv").removeprefix(JURISDICTIONS) for path in paths)
    shared = (_SOURCES if path.startswith(f"{_SOURCES}/") else name for path, name in zip(paths, names, strict=True))
    return [SourceFile(path, f"{BASE}graph/{name}") for path, name in zip(paths, shared, strict=True)]


def files_by_graph(root: str) -> dict[str, list[str]]:
    """Return the paths of the files that fill each named graph."""
    made: dict[str, list[str]] = {}
    for path, graph in source_files(root):
        made.setdefault(graph, []).append(path)
    return made


def holds(paths: Sequence[str]) -> str:
    """Return in words what the named graph of some files holds."""
    return f"what {os.path.commonpath(paths)} states"


def reasoner() -> str:
    """Return what draws the conclusions: ``compiled``, or ``owlrl`` where ``NAPGRAPH_REASONER`` says so."""
    named = os.environ.get("NAPGRAPH_REASONER") or "compiled"
    if named not in {"compiled", "owlrl"}:
        raise ParameterError(f"NAPGRAPH_REASONER is {named!r}; it can be 'compiled' or 'owlrl', or be left out.")
    return named


def fingerprint(root: str) -> str:
    """Return the digest (40 hex digits) of the content of all that the graph is made from, and of the code."""
    return code_digest(root, [path for folder in ("ontology", "data") for path in files_below(root, folder, _READ)])


def code_digest(root: str, paths: Sequence[str] = ()) -> str:
    """Return the digest of the code that makes the graph, and of the build queries; and of the files ``paths``.

    No folder above one is part of a name, so that it is the same wherever the folders are.
    """
    digest = blake2b(reasoner().encode(), digest_size=20)
    package = os.path.dirname(os.path.abspath(__file__))
    modules = sorted(name for name in os.listdir(package) if name.endswith(".py"))
    paths = [*paths, *files_below(root, "queries/build", (".rq",))]
    for folder, path in (*((package, name) for name in modules), *((root, path) for path in paths)):
        content = read_content(folder, path)
        digest.update(f"{path}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def read_content(root: str, path: str) -> bytes:
    """Return what one file holds; raises SourceFileError that names the file."""
    try:
        with open(os.path.join(root, path), "rb") as file:
            return file.read()
    except OSError as error:
        problem = f"this file cannot be read ({error.strerror})."
        raise SourceFileError(path, problem, mend="Check its rights.") from error


def read_file(root: str, path: str) -> Iterator[pyoxigraph.Triple]:
    """Yield the triples of one file; raises SourceFileError that names the file and line."""
    return read_triples(read_content(root, path), path)


def read_triples(content: bytes, path: str) -> Iterator[pyoxigraph.Triple]:
    """Yield the triples of a file with this content; raises SourceFileError with the line of the first mistake."""
    return read_mappings(content, path) if path.endswith(".tsv") else read_turtle(content, path)


def read_turtle(content: bytes, path: str) -> Iterator[pyoxigraph.Triple]:
    """Yield the triples of Turtle text; raises SourceFileError with the line of the first mistake."""
    if content.startswith(b"\xef\xbb\xbf"):
        content = content[3:]
    try:
        for quad in pyoxigraph.parse(content, format=pyoxigraph.RdfFormat.TURTLE, rename_blank_nodes=True):
            yield quad.triple
    except SyntaxError as error:
        words = re.sub(_WHERE, "", error.msg).rstrip(".")
        raise SourceFileError(path, f"this is not valid Turtle: {words}.", line=error.lineno, mend=_FIX) from error


def read_mappings(content: bytes, path: str) -> Iterator[pyoxigraph.Triple]:
    """Yield subject, predicate, object of each row of a table; raises SourceFileError with the line of a bad row."""
    import csv

    lines = content.decode("utf-8").splitlines()
    head = [line for line in lines if line.startswith("#")]
    inside = "\n".join(line[1:] for line in head).partition("curie_map:\n")[2]
    entries = takewhile(lambda line: line[:1].isspace() and ": " in line, inside.splitlines())
    pairs = (line.strip().split(": ", 1) for line in entries)
    prefixes = {prefix: space.strip().strip("\"'") for prefix, space in pairs}
    reader = csv.DictReader(lines[len(head) :], delimiter="\t")
    for number, row in enumerate(reader, start=len(head) + 2):
        names = (row.get(f"{part}_id") or "" for part in ("subject", "predicate", "object"))
        yield pyoxigraph.Triple(*(_expand(name, prefixes, path, number) for name in names))


def _expand(curie: str, prefixes: dict[str, str], path: str, line: int) -> pyoxigraph.NamedNode:
    prefix, _, name = curie.partition(":")
    if prefix in prefixes:
        return pyoxigraph.NamedNode(prefixes[prefix] + name)
    if name.startswith("//"):
        return pyoxigraph.NamedNode(curie)
    fix = f"Declare '{prefix}' under curie_map at the head of the file, or correct it."
    raise SourceFileError(path, f"{curie!r} has a prefix that the table does not declare.", line=line, mend=fix)
