"""One writer at a time: a lock on the data folder that the system lets go when its holder ends, however it ends."""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from ..errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["LOCK", "sole_writer"]

LOCK = ".accept.lock"
"""The lock file in the data folder. It is hidden, says who holds it, and goes with the holder."""
_PAUSE = 0.05
_FAR = 1 << 30  # the locked byte lies beyond the text, which stays readable where locks forbid reading


@contextmanager
def sole_writer(folder: str, wait: float, work: str) -> Iterator[None]:
    """Hold the lock of ``folder``; wait up to ``wait`` seconds for another holder to end.

    ``work`` is told to whoever is refused meanwhile. Raises OutputError that names the holder, or says why the
    folder cannot be written to.
    """
    path = os.path.join(folder, LOCK)
    try:
        handle = _acquire(path, wait)
    except OSError as error:
        raise OutputError(
            f"{folder}: this folder cannot be written to ({error.strerror}), so nothing was changed. "
            "Check its rights, or name another with --data or --root."
        ) from error
    try:
        with suppress(OSError):  # a full disk: the lock holds without its words
            _tell(handle, work)
        yield
    finally:
        _release(handle, path)


def _acquire(path: str, wait: float) -> int:
    deadline = time.monotonic() + wait
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o666)
        if not _try(handle):
            if time.monotonic() >= deadline:
                held = _told(handle)
                os.close(handle)
                raise OutputError(
                    f"Another submission is being taken in here ({held}), and it did not end within {wait:g} seconds. "
                    "Nothing was changed; try again when it has ended."
                )
            time.sleep(_PAUSE)
        elif _is_current(handle, path):
            return handle
        os.close(handle)


def _tell(handle: int, work: str) -> None:
    words = "".join(each for each in work if each.isprintable())[:200]
    os.ftruncate(handle, 0)
    os.lseek(handle, 0, os.SEEK_SET)
    os.write(handle, f"process {os.getpid()}, since {time.strftime('%Y-%m-%d %H:%M:%S %Z')}, {words}".encode())


def _told(handle: int) -> str:
    try:
        os.lseek(handle, 0, os.SEEK_SET)
        return os.read(handle, 400).decode("utf-8", "replace") or "by an unknown process"
    except OSError:
        return "by an unknown process"


def _is_current(handle: int, path: str) -> bool:
    """Whether the locked file still stands under its name; its last holder may have removed it meanwhile."""
    try:
        return os.path.samestat(os.fstat(handle), os.stat(path))
    except OSError:
        return False


if sys.platform == "win32":
    import msvcrt

    def _try(handle: int) -> bool:
        try:
            os.lseek(handle, _FAR, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        os.lseek(handle, 0, os.SEEK_SET)
        return True

    def _release(handle: int, path: str) -> None:  # noqa: ARG001
        os.lseek(handle, _FAR, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)
        os.close(handle)

else:
    import fcntl

    def _try(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _release(handle: int, path: str) -> None:
        with suppress(OSError):
            os.unlink(path)
        fcntl.flock(handle, fcntl.LOCK_UN)
        os.close(handle)
