"""Bytes as text: UTF-8 with or without its mark; any other encoding is named, with the way to fix it."""

from __future__ import annotations

import re

from ..errors import IntakeError

_MARKS = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)
_MEND = "Save it again as UTF-8: in most editors 'Save as', then Encoding."
LINE_BREAK = re.compile("\r\n|\n|\r")
_RARE = bytes(set(range(32)) - {7, 8, 9, 10, 12, 13, 27}) + b"\x7f"  # never in text of any encoding
_FEW = 0.02


def decode(content: bytes, name: str) -> str:
    """Return ``content`` as text without byte order mark; raises IntakeError that names the encoding it seems to be."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            raise _other(name, f"this file is saved as {encoding}.")
    if content.startswith(b"\xef\xbb\xbf"):
        content = content[3:]
    if b"\0" in content:
        raise _nul(content, name)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _undecodable(content, name, error) from error


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


def _nul(content: bytes, name: str) -> IntakeError:
    head = content[:400]
    if len(head) > 1 and (not any(head[1::2]) or not any(head[::2])):
        return _other(name, "this file is saved as UTF-16.")
    if content.count(b"\0") > _FEW * len(content):
        return _no_text(name)
    problem = "a NUL byte stands here, which no text may hold: the file may be damaged."
    mend = "Make the file again, or delete that character."
    return _other(name, problem, line_of(content, content.index(b"\0")), mend)


def _undecodable(content: bytes, name: str, error: UnicodeDecodeError) -> IntakeError:
    if sum(content.count(byte) for byte in _RARE) > _FEW * len(content):
        return _no_text(name)
    line = line_of(content, error.start)
    if error.reason == "unexpected end of data":
        problem = "the file ends in the middle of a character: it may have been cut off."
        return _other(name, problem, line, "Send the whole file.")
    byte = content[error.start : error.start + 1]
    meant = byte.decode("cp1252", "replace")
    seems = f", where it would be {meant!r}" if meant.isprintable() and meant != "\ufffd" else ""
    problem = f"the byte {byte.hex().upper()} here is not UTF-8; the file seems to be saved as Windows-1252 (Latin-1)"
    return _other(name, f"{problem}{seems}.", line)


def _no_text(name: str) -> IntakeError:
    return IntakeError(name, "this is no text file.", mend="Send the data as text.", key="wrong-kind")


def _other(name: str, problem: str, line: int | None = None, mend: str = _MEND) -> IntakeError:
    return IntakeError(name, problem, line=line, mend=mend, key="encoding")
