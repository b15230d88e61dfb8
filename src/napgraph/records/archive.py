"""Look into a workbook or zip before anything is unpacked: how many files, how large, how tightly packed."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from ..errors import IntakeError

if TYPE_CHECKING:
    from .limits import Limits

__all__ = ["opened", "unpacked"]

_SMALL = 65_536  # bytes below which it does not matter how tightly a file was packed
_ENCRYPTED = 1


def opened(content: bytes, name: str, limits: Limits) -> zipfile.ZipFile:
    """Return the zip in ``content`` for reading; raises IntakeError where it is damaged, locked or beyond a limit."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise _damaged(name) from error
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
        raise _damaged(name) from error


def _damaged(name: str) -> IntakeError:
    problem = "this file is a workbook or zip that is damaged or was cut off."
    return IntakeError(name, problem, mend="Save or send it again.", key="wrong-kind")
