"""Write a site into a folder: only what changed, and all of it or nothing.

New files are laid beside the folder first. Then a list of what is to be done is put into it at one stroke, and the
files are moved; a run that was interrupted before that leaves the old site, and one that was interrupted after it is
finished by the next. The folder knows its files by a list of digests, ``.napgraph-site.json``; what is not on it is
not ours and is never touched.
"""

from __future__ import annotations

import json
import os
import shutil
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from ..errors import OutputError
from ..output import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Written", "write_site"]

_LIST = ".napgraph-site.json"
_TO_DO = ".napgraph-site.todo.json"


class Written(NamedTuple):
    """What a run did: how many files the site has, and how many were written and removed."""

    files: int
    written: int
    removed: int


def write_site(folder: str, files: Iterable[tuple[str, bytes]]) -> Written:
    """Make ``folder`` hold ``files``, given as path and content.

    Raises OutputError for a folder that holds other things, two files of one name, or what the system refuses; the
    site is then as it was.
    """
    folder = os.path.abspath(folder)
    beside = f"{folder}.new"
    try:
        os.makedirs(os.path.dirname(folder), exist_ok=True)
        if os.path.isdir(folder):
            _finish(folder, beside)
        known = _known(folder)
        shutil.rmtree(beside, ignore_errors=True)
        made, new = _laid(files, folder, beside, known)
        gone = sorted(set(known) - set(made))
        if new or gone or not known:
            os.makedirs(folder, exist_ok=True)
            os.makedirs(beside, exist_ok=True)
            _put(os.path.join(beside, _LIST), made)
            _put(os.path.join(folder, _TO_DO), {"new": [*new, _LIST], "gone": gone})
            _finish(folder, beside)
        shutil.rmtree(beside, ignore_errors=True)
    except OSError as error:
        where = error.filename or folder
        raise OutputError(f"{where}: the site could not be written ({error.strerror}). It is as it was.") from error
    return Written(len(made), len(new), len(gone))


def _known(folder: str) -> dict[str, str]:
    """Return the digest of each file that an earlier run wrote; raise OutputError for a folder of somebody else's."""
    try:
        with open(os.path.join(folder, _LIST), encoding="utf-8") as file:
            known: dict[str, str] = json.load(file)
    except FileNotFoundError:
        if os.path.isdir(folder) and os.listdir(folder):
            raise OutputError(
                f"{folder}: this folder holds other files, so nothing was written. Name a new or empty folder."
            ) from None
        return {}
    except ValueError:
        raise OutputError(f"{folder}: {_LIST} is damaged. Remove the folder and make the site anew.") from None
    return known


def _laid(
    files: Iterable[tuple[str, bytes]], folder: str, beside: str, known: dict[str, str]
) -> tuple[dict[str, str], list[str]]:
    """Lay what is new or changed into ``beside``; return the digest of every file, and the names of the new ones."""
    made: dict[str, str] = {}
    new: list[str] = []
    folded: set[str] = set()
    there: set[str] = set()
    for path, content in files:
        if os.path.isabs(path) or ".." in path.split("/") or path.casefold() in folded:
            raise OutputError(f"{path}: two pages would have this name, or it leaves the folder. Nothing was written.")
        folded.add(path.casefold())
        made[path] = blake2b(content, digest_size=16).hexdigest()
        if made[path] == known.get(path) and os.path.isfile(os.path.join(folder, path)):
            continue
        target = os.path.join(beside, path)
        if (parent := os.path.dirname(target)) not in there:
            os.makedirs(parent, exist_ok=True)
            there.add(parent)
        with open(target, "wb") as file:
            file.write(content)
        new.append(path)
    return made, new


def _finish(folder: str, beside: str) -> None:
    """Do what the list says that a run had decided to do; nothing where there is no list."""
    listed = os.path.join(folder, _TO_DO)
    if not os.path.exists(listed):
        return
    with open(listed, encoding="utf-8") as file:
        todo = json.load(file)
    for path in todo["gone"]:
        target = os.path.join(folder, path)
        if os.path.lexists(target):
            os.unlink(target)
        _prune(os.path.dirname(target), folder)
    for path in todo["new"]:
        source, target = os.path.join(beside, path), os.path.join(folder, path)
        if os.path.exists(source):  # else it was moved before the interruption
            os.makedirs(os.path.dirname(target), exist_ok=True)
            os.replace(source, target)
    os.unlink(listed)


def _prune(path: str, top: str) -> None:
    """Remove a folder that a removed page leaves empty, and those above it."""
    while path != top and os.path.isdir(path) and not os.listdir(path):
        os.rmdir(path)
        path = os.path.dirname(path)


def _put(path: str, content: object) -> None:
    write_whole(path, json.dumps(content, indent=0, sort_keys=True).encode())
