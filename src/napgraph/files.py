"""Write a file whole or not at all."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["fsync_folder", "umask", "write_whole", "writing_whole"]


def write_whole(path: str, content: bytes, verify: Callable[[bytes], None] | None = None) -> None:
    """Write ``content`` to a new neighbour of ``path``, then put it in its place at one stroke.

    Whoever reads ``path`` finds the old file or the new one; an interrupted write leaves nothing behind
    under that name. A link is followed, and what is no plain file (a device, a pipe) is written to as it stands.
    ``verify``, if given, is called with what the new file holds when it is read again, and keeps it from its place
    by raising. Raises OSError as the system does.
    """
    with writing_whole(path, verify) as file:
        file.write(content)


@contextmanager
def writing_whole(path: str, verify: Callable[[bytes], None] | None = None) -> Iterator[IO[bytes]]:
    """Give a file to write to piece by piece, which takes its place as :func:`write_whole` says when all is written."""
    import tempfile

    path = os.path.realpath(path)
    if os.path.exists(path) and not os.path.isfile(path):
        with open(path, "wb") as file:
            yield file
        return
    folder, name = os.path.split(path)
    handle, temporary = tempfile.mkstemp(prefix=f".{name}.", suffix=".part", dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o666 & ~umask())
        if verify is not None:
            with open(temporary, "rb") as file:
                verify(file.read())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
    fsync_folder(folder)


def fsync_folder(folder: str) -> None:
    """Have the system write the folder too, so that the new name outlives a power cut; not every system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def umask() -> int:
    """Return the rights that new files of this process do not get."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
