"""Read RDF in six formats, workbooks and CSV sheets, by content and name, each triple with its location.

What others send can make a reader run for ever or die: call :func:`read` through :mod:`napgraph.sandbox`.
"""

import json
import os
from contextlib import suppress
from functools import partial
from itertools import islice

import pyoxigraph

from ..project.root import resolve_root
from ..rdf.formats import FORMATS, RDF
from ..rdf.namespaces import prefixes
from .detect import detect_bytes, detect_text
from .filter import TripleFilter
from .limits import DEFAULT, Limits
from .locations import BRACKET, SCANS, LineReader, guard, line_numbers, locate
from .record import Location, Locations, Note, Record
from .source import Source, claimed_format, decode, deepest, line_of, name_of, read_bytes


def read(
    source: Source, *, name: str | None = None, limits: Limits = DEFAULT, root: str | os.PathLike[str] | None = None
) -> Record:
    """Read a path, ``-`` for standard input, an open binary file, or bytes; ``name`` is what to call it.

    Raises IntakeError for what cannot be read, with the line and the way to fix it. An empty file gives a record
    without triples. This may take as long as the source takes to end.
    """
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


def _content(content: bytes, name: str, root: str, limits: Limits) -> Record:
    claim, kind = claimed_format(name), detect_bytes(content, name, limits)
    if kind == "xlsx":
        from .workbook.xlsx import read_workbook

        record = read_workbook(content, name, root, limits)
    elif kind == "csv":
        from .workbook.csv import read_csv_sheets

        record = read_csv_sheets(content, name, root, limits)
    else:
        record = _read_text(decode(content, name), claim, name, root, limits)
    if claim and claim != record.format and record.triples:
        ending, found = os.path.splitext(name)[1], FORMATS[record.format].label
        record.notes.insert(0, Note("wrong-name", {"claimed": ending, "found": found}, Location(name)))
    return record


def _read_text(text: str, claim: str, name: str, root: str, limits: Limits) -> Record:
    """Return the record of ``text`` in the first of the formats that fits; raises IntakeError if none does."""
    formats = detect_text(text, name, claim)
    if not formats:
        return Record(name, claim if claim in RDF else "turtle", [])
    content = text.encode()
    if "rdf-xml" in formats:
        guard(content, name, limits)
    elif "json-ld" not in formats and sum(map(text.count, ("[", "(", "{", "<<"))) > limits.nesting:
        deep = deepest(BRACKET, text)
        if deep > limits.nesting:
            raise limits.exceeded("nesting", deep, name)
    first = SyntaxError()
    for form in formats:
        try:
            if form == "json-ld":
                return _json_ld(text, name, root, limits)
            return _parsed(text, content, form, name, limits)
        except SyntaxError as error:
            first = first if first.msg else error
        except MemoryError as error:
            from .syntax import too_long

            raise too_long(text, name) if "buffer" in str(error) else error from error
    from .syntax import explain

    fed = LineReader(content)
    if formats[0] == "rdf-xml":
        with suppress(SyntaxError):
            list(pyoxigraph.parse(fed, format=RDF["rdf-xml"]))
    raise explain(first, text, name, formats[0], prefixes(root), fed.line or None) from first


def _parsed(text: str, content: bytes, form: str, name: str, limits: Limits) -> Record:
    def line_at(raw: int, term: str) -> int | None:
        lines, _ = SCANS[form](content) if form in SCANS else ([], [])
        if raw < len(lines):
            return lines[raw]
        return line_of(text, text.find(term)) if term and term in text else None

    filtered = TripleFilter(name, f"{name}\0{text}".encode("utf-8", "surrogateescape"), limits, line_at, form)
    filtered.add(pyoxigraph.parse(content, format=RDF[form]))
    kept = range(filtered.count) if len(filtered.kept) == filtered.count else filtered.kept
    places = partial(locate, name, form, content, filtered.count, kept)
    lines = line_numbers(form, content, filtered.count)[0] if filtered.remarks else []
    return Record(name, form, filtered.triples, filtered.notes(lambda raw: Location(name, lines[raw])), places)


def _json_ld(text: str, name: str, root: str, limits: Limits) -> Record:
    from .jsonld import TripleLocator, nothing_read, prepare

    def line_at(_: int, term: str) -> int | None:
        at = max(text.find(json.dumps(term, ensure_ascii=escaped)[1:-1]) for escaped in (True, False))
        return line_of(text, at) if term and at >= 0 else None

    document, ours, content = prepare(text, name, root, limits)
    seed = f"{name}\0{text}".encode("utf-8", "surrogateescape")
    filtered = TripleFilter(name, seed, limits, line_at, "json-ld")
    quads = list(islice(pyoxigraph.parse(content, format=RDF["json-ld"]), limits.triples + 1))
    tracing = TripleLocator(document, ours, quads, name)
    filtered.add(quads)
    if tracing.lost and not quads:
        raise nothing_read(tracing.lost[0])
    values, nodes = ([places[raw] for raw in filtered.kept] for places in (tracing.values, tracing.nodes))
    notes = filtered.notes(tracing.values.__getitem__) + tracing.lost
    record = Record(name, "json-ld", filtered.triples, notes, Locations(values, nodes))
    # A key may be a prefix by itself, such as ``status`` for ``nap:status``.
    bare = {triple.predicate.value: triple for triple in record.triples if triple.predicate.value[-1:] in "/#"}
    known = {space: prefix for prefix, space in prefixes(root).items()} if bare else {}
    for iri, triple in bare.items():
        values_of = {"key": known.get(iri) or iri, "near": f"nap:{known.get(iri, '')}"}
        record.notes.append(Note("prefix-as-property", values_of, record.place(*triple)))
    return record
