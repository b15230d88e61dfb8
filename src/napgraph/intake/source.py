"""Take the bytes of a source: a path, standard input, an open file or bytes; never an address, never without end."""

from __future__ import annotations

import os
import sys
from typing import IO, TYPE_CHECKING

from ..errors import IntakeError

if TYPE_CHECKING:
    from ..records.limits import Limits

__all__ = ["Source", "name_of", "take"]

Source = str | os.PathLike[str] | bytes | IO[bytes]

_CHUNK = 1 << 20


def name_of(source: Source) -> str:
    """Return what to call a source in messages."""
    if isinstance(source, (str, os.PathLike)):
        return "standard input" if source == "-" else os.fspath(source)
    name = getattr(source, "name", None)
    return name if isinstance(name, str) and not name.startswith("<") else "input"


def take(source: Source, name: str, limits: Limits) -> bytes:
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
