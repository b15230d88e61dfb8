"""Write a site into a folder: only what changed, and all of it or nothing.

New files are laid into a hidden folder first. There each entry at the top of the site in which something changes is
made complete, with links to the files that stay, and takes its place by an exchange of names, so that a reader finds it
whole at any time, old or new. A list of these exchanges goes before: a run that is killed between two of them is
finished by the next. The folder knows its files by a list of digests, ``.napgraph-site.json``; what is not on it is not
ours and stays as it is.
"""

from __future__ import annotations

import json
import os
import shutil
from contextlib import suppress
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from ..errors import OutputError
from ..files import write_whole
from .exchange import carry_out, made_whole, undisturbed
from .helpers import together

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

__all__ = ["Written", "write_site"]

_LIST = ".napgraph-site.json"
_TO_DO = ".napgraph-site.todo.json"
_BESIDE, _WHOLE = ".napgraph-site.new", "whole"


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
    beside, to_do = os.path.join(folder, _BESIDE), os.path.join(folder, _TO_DO)
    fresh = not os.path.isdir(folder)
    try:
        _finish(folder)
        known = _known(folder)
        shutil.rmtree(beside, ignore_errors=True)
        os.makedirs(beside)
        laying = _Laying(folder, beside, known)
        made = _one_of_each(together(laying.lay, shares, helpers, seen))
        if last is not None:
            made = _one_of_each([list(made.values()), laying.lay(len(shares), last(made), lambda: None)])
        new = {path: os.path.join(beside, each.name) for path, each in made.items() if each.name}
        gone = known.keys() - made.keys()
        if new or gone or not known:
            listed = os.path.join(beside, _LIST)
            _put(listed, {path: each.digest for path, each in made.items()})
            _put(to_do, made_whole(folder, os.path.join(beside, _WHOLE), {**new, _LIST: listed}, gone))
            _finish(folder)
    except OSError as error:
        how = "Make it again to have it whole" if os.path.exists(to_do) else "It is as it was"
        where = error.filename or folder
        raise OutputError(f"{where}: the site could not be written ({error.strerror}). {how}.") from error
    finally:
        if not os.path.exists(to_do):  # else the next run needs what was laid
            shutil.rmtree(beside, ignore_errors=True)
        if fresh:
            with suppress(OSError):  # it is not empty
                os.rmdir(folder)
    return Written(len(made), len(new), len(gone))


def _known(folder: str) -> dict[str, str]:
    """Return the digest of each file that an earlier run wrote; raise OutputError for a folder of somebody else's."""
    try:
        with open(os.path.join(folder, _LIST), encoding="utf-8") as file:
            known: dict[str, str] = json.load(file)
    except FileNotFoundError:
        if os.path.isdir(folder) and {*os.listdir(folder)} - {_BESIDE}:
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


def _finish(folder: str) -> None:
    """Make the exchanges that a run had decided on; nothing where there is no list of them."""
    listed = os.path.join(folder, _TO_DO)
    if os.path.exists(listed):
        with open(listed, encoding="utf-8") as file:
            entries = json.load(file)
        with undisturbed():
            carry_out(folder, os.path.join(folder, _BESIDE, _WHOLE), entries)
            os.unlink(listed)


def _put(path: str, content: object) -> None:
    write_whole(path, json.dumps(content, indent=0, sort_keys=True).encode())
