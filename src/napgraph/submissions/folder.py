"""The data folder that a submission goes into: which it is, whether it may be written to, and how a file is."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable
from contextlib import suppress

from ..errors import FolderError, OutputError
from ..files import write_whole
from ..project.root import FOLDERS, is_shipped, resolve_root


def root_of(root: str | os.PathLike[str] | None, data: str | os.PathLike[str] | None, *, writing: bool) -> str:
    """Return the folder that holds the four, given as such or by its data folder.

    Raises FolderError where it is not one, or where it is part of the installed package and ``writing`` is meant.
    """
    if data is not None:
        folder, name = os.path.split(os.path.abspath(data))
        if name != "data" or not os.path.isdir(data):
            raise FolderError(
                f"{os.fspath(data)}: this is no data folder. It is called 'data' and lies beside "
                f"{', '.join(each for each in FOLDERS if each != 'data')}."
            )
        root = folder
    found = resolve_root(root)
    if writing and is_shipped(found):
        raise FolderError(
            f"{found}: these data came with the installation and go when it is renewed, so nothing is written here. "
            "Make a folder of your own once, by copying this one (cp -r on Linux and macOS, xcopy /e /i on Windows), "
            "for instance to my-graph; then say 'napgraph --root my-graph accept FILE', and --root my-graph with the "
            "other commands (or set NAPGRAPH_ROOT)."
        )
    return found


def read(root: str, path: str) -> bytes | None:
    """Return the content of the file, None where there is none; raises OutputError for what is no plain file."""
    full = os.path.join(root, path)
    try:
        mode = os.lstat(full).st_mode
        if not stat.S_ISREG(mode):
            kind = "a link" if stat.S_ISLNK(mode) else "a folder" if stat.S_ISDIR(mode) else "no plain file"
            raise OutputError(
                f"{full}: this is {kind}, and only a plain file can be added to. Put the file itself here."
            )
        with open(full, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise OutputError(f"{full}: this file cannot be read ({error.strerror}). Nothing was written.") from error


def write(root: str, path: str, content: bytes, verify: Callable[[bytes], None]) -> None:
    """Put ``content`` in the place of the file at one stroke, once ``verify`` has passed what was written.

    Raises OutputError, the old file untouched. To be called by the one who holds the lock: what an earlier writer
    that was cut off left behind is cleared away.
    """
    full = os.path.join(root, path)
    folder, name = os.path.split(full)
    try:
        os.makedirs(folder, exist_ok=True)
        for entry in os.scandir(folder):
            if entry.name.startswith(f".{name}.") and entry.name.endswith(".part"):
                with suppress(OSError):
                    os.unlink(entry.path)
        write_whole(full, content, verify)
    except OSError as error:
        raise OutputError(
            f"{full}: nothing was written here ({error.strerror}); what was there is unchanged.{_room(folder, content)}"
        ) from error


def _room(folder: str, content: bytes) -> str:
    """Say how much room there is, where that is too little."""
    with suppress(OSError):
        free = shutil.disk_usage(folder).free
        if free < len(content):
            return f" {len(content):,} bytes are needed and {free:,} are free: make room."
    return ""
