"""Read what people send: RDF in six formats, workbooks, CSV sheets, by content and name, each statement with its place.

Nothing is fetched, nothing is rewritten, and nothing is left out without being named. What strangers send can make a
reader run for ever or die: call :func:`read` through :mod:`napgraph.sandbox`.
"""

from __future__ import annotations

import json
import os
from functools import partial
from hashlib import blake2b
from itertools import islice

import pyoxigraph

from ..errors import IntakeError
from ..rdf.formats import FORMATS, RDF
from ..rdf.namespaces import prefixes
from .detect import Detected, claimed_format, detect_bytes, detect_text
from .filter import TripleFilter
from .limits import DEFAULT, Limits
from .locations import LineLocations
from .record import Location, Locations, Note, Record
from .source import Source, name_of, read_bytes
from .text import decode, line_of


def read(
    source: Source,
    *,
    name: str | None = None,
    limits: Limits = DEFAULT,
    root: str | os.PathLike[str] | None = None,
) -> Record:
    """Read a path, ``-`` for standard input, an open binary file, or bytes; ``name`` is what to call it.

    Raises IntakeError for what cannot be read, with the line and the way to fix it. A file in which nothing stands
    gives a record without statements. This may take as long as the source takes to end.
    """
    from ..project.root import resolve_root

    name = name or name_of(source)
    top = resolve_root(root)
    if isinstance(source, (str, os.PathLike)) and os.path.isdir(source):
        from .workbook.csv import read_csv_sheets

        return read_csv_sheets(os.fspath(source), name, top, limits)
    return _content(read_bytes(source, name, limits), name, top, limits)


def read_in_sandbox(source: Source, root: str, limits: Limits = DEFAULT) -> Record:
    """Read a file that someone sent in a process with limits of time and memory; raises IntakeError."""
    from ..sandbox import run

    name = name_of(source)
    path = isinstance(source, (str, os.PathLike)) and source != "-"
    reading = partial(read, source if path else read_bytes(source, name, limits), name=name, limits=limits, root=root)
    return run(reading, seconds=limits.seconds, memory=limits.memory, source=name)


def read_to_join(source: Source | Record, root: str) -> Record:
    """Read a file of one's own like a stranger's; raises IntakeError also where nothing stands in it."""
    if isinstance(source, Record):
        return source
    record = read_in_sandbox(source, root)
    if not record.triples:
        raise IntakeError(
            record.source, "nothing is stated here, so there is nothing to join.", mend="Name another file."
        )
    return record


def _content(content: bytes, name: str, root: str, limits: Limits) -> Record:
    claim = claimed_format(name)
    kind = detect_bytes(content, name)
    if kind == "xlsx":
        from .workbook.xlsx import read_workbook

        record = read_workbook(content, name, root, limits)
    elif kind == "csv":
        from .workbook.csv import read_csv_sheets

        record = read_csv_sheets(content, name, root, limits)
    else:
        text = decode(content, name)
        record = read_text(text, detect_text(text, name, claim), name, root, limits)
    if claim and claim != record.format and record.triples:
        ending, found = os.path.splitext(name)[1], FORMATS[record.format].label
        record.notes.insert(0, Note("wrong-name", {"claimed": ending, "found": found}, Location(name)))
    return record


def read_text(text: str, found: Detected, name: str, root: str, limits: Limits) -> Record:
    """Return the record of ``text`` in the first of the formats that fits; raises IntakeError if none does."""
    form = found.formats[0]
    if found.empty:
        return Record(name, form, [])
    if form == "json-ld":
        return _json_ld(text, name, root, limits)
    content = text.encode()
    if form == "rdf-xml":
        from .rdfxml import guard

        guard(content, name, limits)
    elif sum(map(text.count, ("[", "(", "{", "<<"))) > limits.nesting:
        from .turtle import depth

        if (deep := depth(text)) > limits.nesting:
            raise limits.exceeded("nesting", deep, name)
    first: SyntaxError | None = None
    for form in found.formats:
        try:
            return _parsed(text, content, form, name, limits)
        except SyntaxError as error:
            first = first or error
        except MemoryError as error:
            raise _unread(error, text, name) from error
    assert first is not None  # noqa: S101
    raise _explained(first, text, content, name, found.formats[0], root) from first


def _parsed(text: str, content: bytes, form: str, name: str, limits: Limits) -> Record:
    filtered = TripleFilter(name, _label(name, content), limits, partial(_line_of_triple, text, content, form), form)
    filtered.add(pyoxigraph.parse(content, format=RDF[form]))
    kept = None if len(filtered.kept) == filtered.count else tuple(filtered.kept)
    places = LineLocations(name, form, content, filtered.count, kept)
    notes = _graph_notes(filtered, name)
    if filtered.remarks:
        values, _ = places.lines()
        notes += [Note(key, told, Location(name, values[raw])) for raw, key, told in filtered.remarks]
    return Record(name, form, filtered.triples, notes, places)


def _label(name: str, content: bytes) -> str:
    """Return how the blank nodes of a file are named: by its name and content."""
    return "b" + blake2b(name.encode("utf-8", "surrogateescape") + b"\0" + content, digest_size=6).hexdigest()


def _graph_notes(filtered: TripleFilter, name: str) -> list[Note]:
    if not filtered.graphs:
        return []
    some = " ".join(islice(filtered.graphs, 3)) + (" ..." if len(filtered.graphs) > 3 else "")  # noqa: PLR2004
    return [Note("named-graphs", {"graphs": some, "number": str(len(filtered.graphs))}, Location(name))]


def _line_of_triple(text: str, content: bytes, form: str, raw: int, term: str) -> int | None:
    """Find the line of the parser's statement ``raw``, or of what it holds."""
    values, _ = LineLocations("", form, content).scanned()
    if raw < len(values):
        return values[raw]
    return line_of(text, text.find(term)) if term and term in text else None


def _explained(error: SyntaxError, text: str, content: bytes, name: str, form: str, root: str) -> IntakeError:
    from .syntax import explain

    said = explain(error, text, name, form, prefixes(root))
    if form == "rdf-xml":
        from .locations import LineReader

        fed = LineReader(content)
        try:
            for _ in pyoxigraph.parse(fed, format=RDF[form]):
                pass
        except SyntaxError:
            return IntakeError(name, said.problem, line=fed.line, mend=said.mend, key=said.key)
    return said


def _unread(error: MemoryError, text: str, name: str) -> Exception:
    """Return what is to be raised for a want of memory: the parser says so too of a token above its buffer."""
    from .syntax import too_long

    return too_long(text, name) if "buffer" in str(error) else error


def _json_ld(text: str, name: str, root: str, limits: Limits) -> Record:
    from .jsonld import Tracing, nothing_read, prepare

    source = prepare(text, name, root, limits)
    filtered = TripleFilter(name, _label(name, text.encode()), limits, partial(_line_of_term, text), "json-ld")
    try:
        quads = list(islice(pyoxigraph.parse(source.content, format=RDF["json-ld"]), limits.triples + 1))
    except SyntaxError as error:
        raise _explained(error, text, b"", name, "json-ld", root) from error
    except MemoryError as error:
        raise _unread(error, text, name) from error
    tracing = Tracing(source, quads, name)
    filtered.add(quads)
    if tracing.lost and not quads:
        raise nothing_read(tracing.lost[0])
    values, nodes = ([places[raw] for raw in filtered.kept] for places in (tracing.values, tracing.nodes))
    notes = _graph_notes(filtered, name) + [Note(key, told, tracing.values[raw]) for raw, key, told in filtered.remarks]
    record = Record(name, "json-ld", filtered.triples, notes + tracing.lost, Locations(values, nodes))
    record.notes += _prefix_notes(record, root)
    return record


def _line_of_term(text: str, _raw: int, term: str) -> int | None:
    at = max(text.find(json.dumps(term, ensure_ascii=escaped)[1:-1]) for escaped in (True, False))
    return line_of(text, at) if term and at >= 0 else None


def _prefix_notes(record: Record, root: str) -> list[Note]:
    """Tell the keys that are a prefix by themselves, such as ``status`` for ``nap:status``."""
    ending = {triple.predicate: triple for triple in record.triples if triple.predicate.value.endswith(("/", "#"))}
    if not ending:
        return []
    known = {space: prefix for prefix, space in prefixes(root).items()}
    return [
        Note(
            "prefix-as-property",
            {"key": known.get(predicate.value, predicate.value), "near": f"nap:{known.get(predicate.value, '')}"},
            record.place(*triple),
        )
        for predicate, triple in ending.items()
    ]
