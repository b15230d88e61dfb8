"""Write the files of a site into a folder: only those that changed, each at one stroke.

New content is staged in a hidden folder first, so that a run which fails while it makes files leaves the old site.
Then each file takes its place by a rename. The folder knows its files by a list of digests, ``.napgraph-site.json``;
what is not on it is not ours and stays. While files take their places, the list holds no digest for those that change,
so the run after one that was killed writes them again.
"""

import json
import multiprocessing
import os
import shutil
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from hashlib import blake2b
from typing import Any, NamedTuple, TypeVar

from ..errors import OutputError
from ..files import write_whole
from ..sandbox import die_with_parent

Item = TypeVar("Item")
Result = TypeVar("Result")

_LIST, _STAGE = ".napgraph-site.json", ".napgraph-site.new"
_helped: list[Callable[[int], object]] = []
"""In a helper: what it does with the number of an item."""


class Written(NamedTuple):
    """What a run did: how many files the site has, and how many were written and removed."""

    files: int
    written: int
    removed: int


_File = tuple[str, str, str]
"""A file of the site: its path, the digest of its content, and its name in the stage if it is new or changed."""


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
    what the system refuses.
    """
    folder = os.path.abspath(folder)
    stage, is_new = os.path.join(folder, _STAGE), not os.path.isdir(folder)
    known: Mapping[str, str] = {}
    placing = False
    try:
        known = _known(folder)
        shutil.rmtree(stage, ignore_errors=True)
        os.makedirs(stage)

        def staged(number: int, files: Iterable[tuple[str, bytes]], count: Callable[[], object]) -> list[_File]:
            return [_staged(folder, known, f"{number}-{n}", *file, count) for n, file in enumerate(files)]

        made = _one_of_each(in_processes(staged, shares, helpers, seen))
        if last is not None:
            made = _one_of_each([list(made.values()), staged(len(shares), last(made), lambda: None)])
        new = {path: os.path.join(stage, name) for path, (_, _, name) in made.items() if name}
        gone = known.keys() - made.keys()
        if new or gone or not known:
            placing = True
            _list(folder, {**known, **dict.fromkeys([*new, *gone], "")})
            _remove(folder, gone)
            _place(folder, new)
            _list(folder, {path: digest for path, digest, _ in made.values()})
    except OSError as error:
        how = "Make it again to complete it" if placing else "It is as it was"
        where = error.filename or folder
        raise OutputError(f"{where}: the site could not be written ({error.strerror}). {how}.") from error
    finally:
        shutil.rmtree(stage, ignore_errors=True)
        if is_new:
            with suppress(OSError):  # it is not empty
                os.rmdir(folder)
    return Written(len(made), len(new), len(gone))


def _known(folder: str) -> dict[str, str]:
    """Return the digest of each file that an earlier run wrote; raise OutputError for a folder of somebody else's."""
    try:
        with open(os.path.join(folder, _LIST), encoding="utf-8") as file:
            known: dict[str, str] = json.load(file)
    except FileNotFoundError:
        if os.path.isdir(folder) and {*os.listdir(folder)} - {_STAGE}:
            raise OutputError(
                f"{folder}: this folder holds other files, so nothing was written. Name a new or empty folder."
            ) from None
        return {}
    except ValueError:
        raise OutputError(f"{folder}: {_LIST} is damaged. Remove the folder and make the site anew.") from None
    return known


def _list(folder: str, digests: Mapping[str, str]) -> None:
    write_whole(os.path.join(folder, _LIST), json.dumps(digests, indent=0, sort_keys=True).encode())


def _staged(
    folder: str, known: Mapping[str, str], name: str, path: str, content: bytes, count: Callable[[], object]
) -> _File:
    """Write a file under ``name`` into the stage if it is new or changed."""
    if os.path.isabs(path) or ".." in path.split("/"):
        raise OutputError(f"{path}: this leaves the folder of the site. Nothing was written.")
    digest = blake2b(content, digest_size=16).hexdigest()
    if digest == known.get(path) and os.path.isfile(os.path.join(folder, path)):
        name = ""
    else:
        with open(os.path.join(folder, _STAGE, name), "wb") as file:
            file.write(content)
    count()
    return path, digest, name


def _one_of_each(shares: Iterable[list[_File]]) -> dict[str, _File]:
    """Return the files of all shares by path, in its order; raise OutputError where two have one name."""
    made: dict[str, _File] = {}
    folded: set[str] = set()
    for each in sorted(each for share in shares for each in share):
        path = each[0]
        if path.casefold() in folded:
            raise OutputError(f"{path}: two pages would have this name. Nothing was written.")
        folded.add(path.casefold())
        made[path] = each
    return made


def _remove(folder: str, paths: Iterable[str]) -> None:
    """Remove files, and the folders that this leaves empty."""
    for path in paths:
        with suppress(FileNotFoundError, NotADirectoryError):
            os.unlink(os.path.join(folder, path))
        with suppress(OSError):  # the folder is not empty, or not there
            parent = os.path.dirname(path)
            while parent:
                os.rmdir(os.path.join(folder, parent))
                parent = os.path.dirname(parent)


def _place(folder: str, staged: Mapping[str, str]) -> None:
    """Rename each staged file to its path."""
    for path, source in staged.items():
        target = os.path.join(folder, path)
        try:
            os.replace(source, target)
        except FileNotFoundError:
            os.makedirs(os.path.dirname(target), exist_ok=True)
            os.replace(source, target)


def in_processes(
    function: Callable[[int, Item, Callable[[], None]], Result],
    items: Sequence[Item],
    helpers: int,
    seen: Callable[[int], object] | None = None,
) -> list[Result]:
    """Return what ``function`` makes of the number of each item, the item, and what it calls to count its work.

    The first item is done here, the others here or by a helper, so the results are in no order. Helpers are forked:
    they do not see what others change after that, and what needs the threads of this process must be done here.
    ``seen`` is told now and then how much has been counted in all. Raises what ``function`` raises, wherever that is.
    """
    total, parent = multiprocessing.Value("Q"), os.getpid()

    def count() -> None:
        with total.get_lock():
            total.value += 1
        if seen is not None and os.getpid() == parent:
            seen(total.value)

    def work(number: int) -> Result:
        return function(number, items[number], count)

    helpers = min(helpers, len(items) - 1) if hasattr(os, "fork") else 0
    if helpers < 1:
        return [work(number) for number in range(len(items))]
    pool = ProcessPoolExecutor(helpers, multiprocessing.get_context("fork"), _begin, (work, parent))
    try:
        futures = {number: pool.submit(_work, number) for number in range(1, len(items))}
        made = [work(0)]
        made += [work(number) for number in reversed(futures) if futures[number].cancel()]
        return made + [future.result() for future in futures.values() if not future.cancelled()]
    except BrokenProcessPool as error:
        raise OutputError(
            "A process that made a part of the site was stopped, perhaps for want of memory. The site is as it was."
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _begin(work: Callable[[int], object], parent: int) -> None:
    """Begin a helper: it knows the work, which needs no pickling as the helper is forked, and ends with its parent."""
    die_with_parent(parent)
    _helped.append(work)


def _work(number: int) -> Any:
    return _helped[-1](number)
