"""Write a site into a folder: only what changed, and all of it or nothing.

New files are laid into a folder beside it first. Then a list of what is to be done is put into the site at one stroke,
and the files are moved; a run that was interrupted before that leaves the old site, and one that was interrupted after
it is finished by the next. The folder knows its files by a list of digests, ``.napgraph-site.json``; what is not on it
is not ours and is never touched.
"""

from __future__ import annotations

import json
import os
import shutil
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from ..errors import OutputError
from ..output import write_whole
from .helpers import together

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

__all__ = ["Written", "write_site"]

_LIST = ".napgraph-site.json"
_TO_DO = ".napgraph-site.todo.json"


class Written(NamedTuple):
    """What a run did: how many files the site has, and how many were written and removed."""

    files: int
    written: int
    removed: int


class _Laid(NamedTuple):
    """A file of the site: its path, the digest of its content, and where it lies if it is new or changed."""

    path: str
    digest: str
    name: str


def write_site(
    folder: str,
    *shares: Iterable[tuple[str, bytes]],
    last: Callable[[Collection[str]], Iterable[tuple[str, bytes]]] | None = None,
    helpers: int = 0,
    seen: Callable[[int], object] | None = None,
) -> Written:
    """Make ``folder`` hold the files of all ``shares``, and those that ``last`` makes of the paths of all others.

    The first share is made in this process, the others there or in one of so many ``helpers``. ``seen`` is told now and
    then how many files there are. Raises OutputError for a folder that holds other things, two files of one name, or
    what the system refuses; the site is then as it was.
    """
    folder = os.path.abspath(folder)
    beside = f"{folder}.new"
    try:
        os.makedirs(os.path.dirname(folder), exist_ok=True)
        if os.path.isdir(folder):
            _finish(folder, beside)
        known = _known(folder)
        shutil.rmtree(beside, ignore_errors=True)
        os.makedirs(beside)
        laying = _Laying(folder, beside, known)
        made = _one_of_each(together(laying.lay, shares, helpers, seen))
        if last is not None:
            made = _one_of_each([list(made.values()), laying.lay(len(shares), last(made), lambda: None)])
        new = {path: each.name for path, each in made.items() if each.name}
        gone = sorted(known.keys() - made.keys())
        if new or gone or not known:
            os.makedirs(folder, exist_ok=True)
            _put(os.path.join(beside, _LIST), {path: each.digest for path, each in made.items()})
            _put(os.path.join(folder, _TO_DO), {"new": {**new, _LIST: _LIST}, "gone": gone})
            _finish(folder, beside)
    except OSError as error:
        where = error.filename or folder
        raise OutputError(f"{where}: the site could not be written ({error.strerror}). It is as it was.") from error
    finally:
        if not os.path.exists(os.path.join(folder, _TO_DO)):  # else the next run needs what was laid
            shutil.rmtree(beside, ignore_errors=True)
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


class _Laying(NamedTuple):
    """Lays what is new or changed into the folder ``beside``, by number: folders are slow to make and to remove."""

    folder: str
    beside: str
    known: dict[str, str]

    def lay(self, share: int, files: Iterable[tuple[str, bytes]], count: Callable[[], object]) -> list[_Laid]:
        """Lay the files of a share; return what is to be known of each."""
        made: list[_Laid] = []
        for path, content in files:
            if os.path.isabs(path) or ".." in path.split("/"):
                raise OutputError(f"{path}: this leaves the folder of the site. Nothing was written.")
            digest, name = blake2b(content, digest_size=16).hexdigest(), ""
            if digest != self.known.get(path) or not os.path.isfile(os.path.join(self.folder, path)):
                name = f"{share}-{len(made)}"
                with open(os.path.join(self.beside, name), "wb") as file:
                    file.write(content)
            made.append(_Laid(path, digest, name))
            count()
        return made


def _one_of_each(shares: Iterable[list[_Laid]]) -> dict[str, _Laid]:
    """Return the files of all shares by path, in its order; raise OutputError where two have one name."""
    made: dict[str, _Laid] = {}
    folded: set[str] = set()
    for each in sorted(each for share in shares for each in share):
        if each.path.casefold() in folded:
            raise OutputError(f"{each.path}: two pages would have this name. Nothing was written.")
        folded.add(each.path.casefold())
        made[each.path] = each
    return made


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
    there: set[str] = set()
    for path, name in todo["new"].items():
        source, target = os.path.join(beside, name), os.path.join(folder, path)
        if os.path.exists(source):  # else it was moved before the interruption
            if (parent := os.path.dirname(target)) not in there:
                os.makedirs(parent, exist_ok=True)
                there.add(parent)
            os.replace(source, target)
    os.unlink(listed)


def _prune(path: str, top: str) -> None:
    """Remove a folder that a removed page leaves empty, and those above it."""
    while path != top and os.path.isdir(path) and not os.listdir(path):
        os.rmdir(path)
        path = os.path.dirname(path)


def _put(path: str, content: object) -> None:
    write_whole(path, json.dumps(content, indent=0, sort_keys=True).encode())
