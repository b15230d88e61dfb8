"""Bytes as text: UTF-8 with or without its mark; any other encoding is named, with the way to fix it."""

from __future__ import annotations

import re

from ..errors import IntakeError

_MARKS = {b"\xff\xfe\x00\x00": "UTF-32", b"\x00\x00\xfe\xff": "UTF-32", b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
_FIX = "Save it again as UTF-8: in most editors 'Save as', then Encoding."
LINE_BREAK = re.compile("\r\n|\n|\r")
_RARE = bytes(set(range(32)) - {7, 8, 9, 10, 12, 13, 27}) + b"\x7f"  # never in text of any encoding
_FEW = 0.02


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
    problem, fix = _damage(content, at, reason)
    raise IntakeError(name, problem, line=line_of(content, at), mend=fix, key="encoding")


def _damage(content: bytes, at: int, reason: str) -> tuple[str, str]:
    """Return what is wrong with the byte at an offset, and how to fix it."""
    if not content[at]:
        problem = "a NUL byte stands here, which no text may hold: the file may be damaged."
        return problem, "Make the file again, or delete that character."
    if reason == "unexpected end of data":
        return "the file ends in the middle of a character: it may have been cut off.", "Send the whole file."
    meant = content[at : at + 1].decode("cp1252", "replace")
    seems = f", where it would be {meant!r}" if meant.isprintable() and meant != "\ufffd" else ""
    problem = f"the byte {content[at]:02X} here is not UTF-8; the file seems to be saved as Windows-1252 (Latin-1)"
    return f"{problem}{seems}.", _FIX


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
