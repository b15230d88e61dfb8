"""Take the bytes of a source: a path, standard input, an open file or bytes; never an address, never without end.

A zip is looked into before anything is unpacked: how many files, how large, how tightly packed.
"""

from __future__ import annotations

import io
import os
import sys
import zipfile
from typing import IO

from ..errors import IntakeError
from ..rdf.formats import format_of_name
from .limits import Limits

Source = str | os.PathLike[str] | bytes | IO[bytes]

_CHUNK = 1 << 20
_SMALL = 65_536  # bytes below which it does not matter how tightly a file was packed
_ENCRYPTED = 1
_OTHER = (".pdf", ".doc", ".docx", ".htm", ".html", ".tsv", ".odt", ".ods", ".yaml", ".yml", ".md")


def name_of(source: Source) -> str:
    """Return what to call a source in messages."""
    if isinstance(source, (str, os.PathLike)):
        return "standard input" if source == "-" else os.fspath(source)
    name = getattr(source, "name", None)
    return name if isinstance(name, str) and not name.startswith("<") else "input"


def claimed_format(name: str) -> str:
    """Return the format that a file's name claims: ``other`` for a known ending of something else, empty for none."""
    found = format_of_name(name)
    return found.name if found else "other" if name.lower().endswith(_OTHER) else ""


def files_of(*sources: Source) -> list[Source]:
    """Return the sources with, in place of a folder, the files in and below it whose ending names a format, by name.

    A folder that holds CSV sheets is one source and stays, as does one without such a file.
    """
    found: list[Source] = []
    for source in sources:
        inside = _inside(source) if isinstance(source, (str, os.PathLike)) and os.path.isdir(source) else []
        found += inside or [source]
    return found


def _inside(folder: str | os.PathLike[str]) -> list[str]:
    found: list[str] = []
    for path, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        shown = [name for name in sorted(names) if not name.startswith((".", "~$"))]
        if not found and path == os.fspath(folder) and any(name.lower().endswith(".csv") for name in shown):
            return []
        found += [os.path.join(path, name) for name in shown if claimed_format(name)]
    return found


def read_bytes(source: Source, name: str, limits: Limits) -> bytes:
    """Return the content of ``source``; raises IntakeError where there is none to have, or too much."""
    if isinstance(source, bytes):
        if len(source) > limits.bytes:
            raise limits.exceeded("bytes", len(source), name)
        return source
    if isinstance(source, (str, os.PathLike)):
        if source == "-":
            return _read(sys.stdin.buffer, name, limits)
        try:
            with open(source, "rb", buffering=0) as file:
                size = os.fstat(file.fileno()).st_size
                if size > limits.bytes:
                    raise limits.exceeded("bytes", size, name)
                return _read(file, name, limits)
        except (OSError, ValueError) as error:
            raise _unreadable(os.fspath(source), name, error) from error
    return _read(source, name, limits)


def _read(file: IO[bytes], name: str, limits: Limits) -> bytes:
    content = bytearray()
    while chunk := file.read(min(_CHUNK, limits.bytes + 1 - len(content))):
        content += chunk.encode() if isinstance(chunk, str) else chunk
        if len(content) > limits.bytes:
            raise limits.exceeded("bytes", None, name)
    return bytes(content)


def _unreadable(path: str, name: str, error: OSError | ValueError) -> IntakeError:
    if "://" in path:
        problem, mend = "this is an address, and nothing is fetched.", "Download the file, then name it here."
    elif "\n" in path or isinstance(error, ValueError):
        name = "input"
        problem, mend = "this is text, not the name of a file.", "Give the content as bytes, or the path of a file."
    elif os.path.isdir(path):
        problem, mend = "this is a folder.", "Name the files in it."
    else:
        problem, mend = f"this file cannot be read ({error.strerror}).", "Check its name and its rights."
    return IntakeError(name, problem, mend=mend, key="unreadable")


def opened(content: bytes, name: str, limits: Limits) -> zipfile.ZipFile:
    """Return the zip in ``content`` for reading; raises IntakeError where it is damaged, locked or beyond a limit."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise damaged(name) from error
    inside = archive.infolist()
    if len(inside) > limits.entries:
        raise limits.exceeded("entries", len(inside), name)
    if any(entry.flag_bits & _ENCRYPTED for entry in inside):
        raise IntakeError(name, "this file has a password.", mend="Save it without one.", key="wrong-kind")
    size = sum(entry.file_size for entry in inside)
    if size > limits.unpacked:
        raise limits.exceeded("unpacked", size, name)
    for entry in inside:
        ratio = entry.file_size // max(entry.compress_size, 1)
        if entry.file_size > _SMALL and ratio > limits.ratio:
            raise limits.exceeded("ratio", ratio, name)
    return archive


def unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> bytes:
    """Return what a file of the zip holds; it is never more than the zip says."""
    import zlib

    try:
        return archive.read(entry)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, ValueError, OSError, EOFError, RuntimeError) as error:
        raise damaged(name) from error


def damaged(name: str) -> IntakeError:
    """Return the error on a zip that cannot be unpacked."""
    problem = "this file is a workbook or zip that is damaged or was cut off."
    return IntakeError(name, problem, mend="Save or send it again.", key="wrong-kind")
