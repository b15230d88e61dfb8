"""Change the entries of a folder at one stroke each: what is new is made complete elsewhere, then names are exchanged.

A directory cannot be replaced as a file can, but Linux can exchange two names. Where that is not to be had, the old is
moved away and the new put in its place, with nothing there for the moment between.
"""

from __future__ import annotations

import os
import shutil
import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

__all__ = ["carry_out", "made_whole", "undisturbed"]

_HERE, _EXCHANGE = -100, 2  # AT_FDCWD and RENAME_EXCHANGE of Linux


def made_whole(folder: str, whole: str, new: Mapping[str, str], gone: Collection[str]) -> dict[str, int]:
    """Make in ``whole``, on the same file system, what the entries of ``folder`` that change are to be.

    ``new`` says of each new or changed file where it lies, and it is moved; ``gone`` are the files to be left out. All
    others are linked, so that none is written twice. Returns each entry with its number on the disk, or 0 if it goes.
    """
    there: set[str] = set()

    def place(how: Callable[[str, str], object], source: str, path: str) -> None:
        target = os.path.join(whole, path)
        if (parent := os.path.dirname(target)) not in there:
            os.makedirs(parent, exist_ok=True)
            there.add(parent)
        how(source, target)

    for path, source in new.items():
        place(os.replace, source, path)
    changed = {*new, *gone}
    entries = dict.fromkeys(sorted(path.partition("/")[0] for path in changed), 0)
    for entry in entries:
        for path in _files(folder, entry):
            if path not in changed:
                place(_link, os.path.join(folder, path), path)
        if os.path.exists(made := os.path.join(whole, entry)):
            entries[entry] = os.stat(made).st_ino
    return entries


def carry_out(folder: str, whole: str, entries: Mapping[str, int]) -> None:
    """Put the entries that :func:`made_whole` made in their place; ``whole`` then holds the old ones.

    To be called again where it was interrupted.
    """
    exchange = _by_the_system() or _by_two_moves
    for entry, number in entries.items():
        old, new = os.path.join(folder, entry), os.path.join(whole, entry)
        if not number:
            if os.path.lexists(old):
                os.rename(old, new)
        elif not os.path.lexists(old):
            os.rename(new, old)
        elif os.lstat(old).st_ino != number:
            exchange(new, old)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Have SIGINT and SIGTERM wait until this is over; other threads than the main one cannot."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        for each in before:
            signal.signal(each, lambda number, _: came.append(number))
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler or signal.SIG_DFL)
    for number in came:
        signal.raise_signal(number)


def _files(folder: str, entry: str) -> Iterator[str]:
    """Yield the path, with ``/``, of each file and link that is or lies below an entry."""
    top = os.path.join(folder, entry)
    if os.path.isfile(top):
        yield entry
    for path, folders, names in os.walk(top):
        below = os.path.relpath(path, folder).replace(os.sep, "/")
        links = [name for name in folders if os.path.islink(os.path.join(path, name))]
        yield from (f"{below}/{name}" for name in (*names, *links))


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target, follow_symlinks=False)
    except (OSError, NotImplementedError):  # not every file system has links
        shutil.copy2(source, target, follow_symlinks=False)


def _by_the_system() -> Callable[[str, str], None] | None:
    """Return what exchanges two names at one stroke; None where the system cannot."""
    try:
        import ctypes

        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (ImportError, OSError, AttributeError, TypeError):
        return None

    def exchange(one: str, other: str) -> None:
        if rename(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) != 0:  # not this file system
            _by_two_moves(one, other)

    return exchange


def _by_two_moves(new: str, old: str) -> None:
    if os.path.isdir(new) or os.path.isdir(old):
        os.rename(old, f"{new}.old")
    os.replace(new, old)
