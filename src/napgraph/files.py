"""Write a file whole or not at all, one writer at a time."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import IO

from .errors import OutputError

_LOCKED = 1  # bytes at the beginning of a lock file that nobody else can read on Windows


def write_whole(path: str, content: bytes, verify: Callable[[bytes], None] | None = None) -> None:
    """Write ``content`` to a new neighbour of ``path``, then put it in its place at one stroke.

    A link is followed, and what is no plain file (a device, a pipe) is written to as it stands. ``verify`` is given
    the new file's content, read again, and by raising keeps it from its place. Raises OSError.
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
        os.umask(mask := os.umask(0))  # the rights that new files of this process do not get
        os.chmod(temporary, 0o666 & ~mask)
        if verify is not None:
            with open(temporary, "rb") as file:
                verify(file.read())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
    fsync_folder(folder)


@contextmanager
def output_errors(output: str) -> Iterator[None]:
    """Raise OutputError for an error of the system while ``output`` is written."""
    try:
        yield
    except OSError as error:
        raise OutputError(f"{output}: nothing was written here ({error.strerror}).") from error


def fsync_folder(folder: str) -> None:
    """Have the system write the folder too, so that the new name outlives a power cut; not every system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def write_lock(path: str, wait: float, work: str) -> Iterator[None]:
    """Hold the lock file ``path`` for ``work``; raises OutputError where another does for ``wait`` seconds."""
    from filelock import FileLock, Timeout

    lock, holder = FileLock(path, timeout=wait, fallback_to_soft=False), ""
    try:
        lock.acquire()
    except Timeout as error:
        with suppress(OSError), open(path, "rb") as file:
            file.seek(_LOCKED)
            holder = file.read(400).decode("utf-8", "replace")
        raise OutputError(
            f"Another submission is being taken in here ({holder or 'by an unknown process'}), and it did not end "
            f"within {wait:g} seconds. Nothing was changed; try again when it has ended."
        ) from error
    except OSError as error:
        raise OutputError(
            f"{os.path.dirname(path)}: this folder cannot be written to ({error.strerror}), so nothing was changed. "
            "Check its rights, or name another with --data or --root."
        ) from error
    try:
        shown = "".join(each for each in work if each.isprintable())[:200]
        with suppress(OSError), open(path, "r+b") as file:  # a full disk: the lock holds without a holder's name
            file.truncate(_LOCKED)
            file.seek(_LOCKED)
            file.write(f"process {os.getpid()}, since {time.strftime('%Y-%m-%d %H:%M:%S %Z')}, {shown}".encode())
        yield
    finally:
        with suppress(OSError):  # Windows: filelock removes it
            os.unlink(path)
        lock.release()
