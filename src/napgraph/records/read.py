"""Read what people send: RDF in six formats, workbooks, CSV sheets, by content and name, each statement with its place.

Nothing is fetched, nothing is rewritten, and nothing is left out without being named. What strangers send can make a
reader run for ever or die: call :func:`read` through :mod:`napgraph.sandbox`.
"""

from __future__ import annotations

import os

from ..errors import IntakeError
from ..rdf.formats import FORMATS
from .limits import DEFAULT, Limits
from .record import Note, Place, Record
from .source import Source, name_of, take


def read(
    source: Source,
    *,
    name: str | None = None,
    limits: Limits = DEFAULT,
    root: str | os.PathLike[str] | None = None,
) -> Record:
    """Read a path, ``-`` for standard input, an open binary file, or bytes; ``name`` is what to call it.

    Raises IntakeError for what cannot be read, with the line and the way to mend it. A file in which nothing stands
    gives a record without statements. This may take as long as the source takes to end.
    """
    from ..project.root import resolve_root

    name = name or name_of(source)
    top = resolve_root(root)
    if isinstance(source, (str, os.PathLike)) and os.path.isdir(source):
        return _folder(os.fspath(source), name, top, limits)
    return _content(take(source, name, limits), name, top, limits)


def _folder(path: str, name: str, root: str, limits: Limits) -> Record:
    try:
        inside = os.listdir(path)
    except OSError as error:
        raise IntakeError(name, f"this folder cannot be read ({error.strerror}).", mend="Check its rights.") from error
    if not any(entry.lower().endswith(".csv") for entry in inside):
        raise IntakeError(name, "this is a folder without CSV sheets.", mend="Name the files in it.")
    from .workbook.csv import read_csv_sheets

    return read_csv_sheets(path, name, root, limits)


def _content(content: bytes, name: str, root: str, limits: Limits) -> Record:
    from . import detect
    from .rdf import read_text
    from .text import decode

    claim = detect.claimed(name)
    kind = detect.of_bytes(content, name)
    if kind == "xlsx":
        from .workbook.xlsx import read_workbook

        record = read_workbook(content, name, root, limits)
    elif kind == "csv":
        from .workbook.csv import read_csv_sheets

        record = read_csv_sheets(content, name, root, limits)
    else:
        text = decode(content, name)
        record = read_text(text, detect.of_text(text, name, claim), name, root, limits)
    if claim and claim != record.format and record.triples:
        ending, found = os.path.splitext(name)[1], FORMATS[record.format].label
        record.notes.insert(0, Note("wrong-name", {"claimed": ending, "found": found}, Place(name)))
    return record
