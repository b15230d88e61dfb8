"""Take the bytes of a source (a path, standard input, an open file, bytes), look into a zip, and decode text."""

import io
import os
import re
import sys
import zipfile
import zlib
from typing import IO

from ..errors import IntakeError
from ..rdf.formats import format_of_name
from .limits import Limits

Source = str | os.PathLike[str] | bytes | IO[bytes]

_CHUNK = 1 << 20
_SMALL = 65_536  # bytes below which it does not matter how tightly a file was packed
_MARKS = {b"\xff\xfe\x00\x00": "UTF-32", b"\x00\x00\xfe\xff": "UTF-32", b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
_FIX = "Save it again as UTF-8: in most editors 'Save as', then Encoding."
LINE_BREAK = re.compile("\r\n|\n|\r")
_RARE = bytes(set(range(32)) - {7, 8, 9, 10, 12, 13, 27}) + b"\x7f"  # never in text of any encoding
_FEW = 0.02
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
    """Return the sources with, in place of a folder without CSV sheets, the files below it that say a format."""
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
        return _read(io.BytesIO(source), len(source), name, limits)
    if source == "-":
        return _read(sys.stdin.buffer, 0, name, limits)
    if not isinstance(source, (str, os.PathLike)):
        return _read(source, 0, name, limits)
    try:
        with open(source, "rb", buffering=0) as file:
            return _read(file, os.fstat(file.fileno()).st_size, name, limits)
    except (OSError, ValueError) as error:
        raise _unreadable(os.fspath(source), name, error) from error


def _read(file: IO[bytes], size: int, name: str, limits: Limits) -> bytes:
    if size > limits.bytes:
        raise limits.exceeded("bytes", size, name)
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
    ratios = (entry.file_size // max(entry.compress_size, 1) for entry in inside if entry.file_size > _SMALL)
    size = sum(entry.file_size for entry in inside)
    for limit, amount in (("entries", len(inside)), ("unpacked", size), ("ratio", max(ratios, default=0))):
        if amount > getattr(limits, limit):
            raise limits.exceeded(limit, amount, name)
    if any(entry.flag_bits & 1 for entry in inside):
        raise IntakeError(name, "this file has a password.", mend="Save it without one.", key="wrong-kind")
    return archive


def unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> bytes:
    """Return what a file of the zip holds; it is never more than the zip says."""
    try:
        return archive.read(entry)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, ValueError, OSError, EOFError, RuntimeError) as error:
        raise damaged(name) from error


def damaged(name: str) -> IntakeError:
    """Return the error on a zip that cannot be unpacked."""
    problem = "this file is a workbook or zip that is damaged or was cut off."
    return IntakeError(name, problem, mend="Save or send it again.", key="wrong-kind")


def decode(content: bytes, name: str) -> str:
    """Return ``content`` as text without byte order mark; raises IntakeError that names the encoding it seems to be."""
    encoding = next((encoding for mark, encoding in _MARKS.items() if content.startswith(mark)), "")
    head = content[:400] if b"\0" in content else b""
    if not encoding and len(head) > 1 and (not any(head[1::2]) or not any(head[::2])):
        encoding = "UTF-16"
    if encoding:
        raise IntakeError(name, f"this file is saved as {encoding}.", mend=_FIX, key="encoding")
    content = content.removeprefix(b"\xef\xbb\xbf")
    at, reason = content.find(b"\0"), ""
    if at < 0:
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError as error:
            at, reason = error.start, error.reason
    if sum(map(content.count, _RARE if content[at] else b"\0")) > _FEW * len(content):
        raise IntakeError(name, "this is no text file.", mend="Send the data as text.", key="wrong-kind")
    problem, fix = f"the byte {content[at]:02X} here is not UTF-8; the file seems to be saved as Windows-1252", _FIX
    meant = content[at : at + 1].decode("cp1252", "replace")
    where = f", where it would be {meant!r}." if meant.isprintable() and meant != "\ufffd" else "."
    problem += f" (Latin-1){where}"
    if reason == "unexpected end of data":
        problem, fix = "the file ends in the middle of a character: it may have been cut off.", "Send the whole file."
    if not content[at]:
        problem = "a NUL byte stands here, which no text may hold: the file may be damaged."
        fix = "Make the file again, or delete that character."
    raise IntakeError(name, problem, line=line_of(content, at), mend=fix, key="encoding")


def line_of(text: str | bytes, offset: int) -> int:
    """Return the number of the line in which ``offset`` lies, counted from 1."""
    before = text[:offset]
    if isinstance(before, bytes):
        before = before.decode("latin-1")
    return 1 + sum(1 for _ in LINE_BREAK.finditer(before))


def line_starts(text: str) -> list[int]:
    """Return the offset at which each line begins."""
    return [0, *(match.end() for match in LINE_BREAK.finditer(text))]


def deepest(brackets: re.Pattern[str], text: str) -> int:
    """Return how deep brackets stand inside one another: group 1 of the pattern opens one, group 2 closes it."""
    most = now = 0
    for match in brackets.finditer(text):
        if match.lastindex == 1:
            now += 1
            most = max(most, now)
        elif match.lastindex:
            now -= 1
    return most
