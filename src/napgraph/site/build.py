"""The site as a whole: every kind of page, what a host needs, and writing only the files that changed, at one stroke.

New content is staged first. The folder knows its files by a list of digests, without those of files that are changing.
"""

import json
import multiprocessing
import os
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from datetime import date
from hashlib import blake2b
from itertools import chain
from typing import NamedTuple

from ..charts import colours, signs
from ..compare.matrix import VALUES
from ..errors import OutputError, ParameterError, StoreError
from ..files import write_whole
from ..graph.files import fingerprint, read_content
from ..graph.store import StoredGraph
from ..knowledge_graph import KnowledgeGraph
from ..project.root import files_below
from ..query.engine import embedded
from ..rdf.namespaces import BASE
from ..sandbox import die_with_parent
from .addresses import place_of
from .context import PageContext
from .pages import comparison, dataset, front, resources, tools

_FOR_HOSTS = {"htaccess.txt": ".htaccess", "nginx.txt": "nginx.conf", "robots.txt": "robots.txt"}
_FOR_HOSTS |= {"site.css": "assets/site.css"}
_LATEST = 50  # entries of the feed
_HERE = os.path.dirname(os.path.abspath(__file__))
_LIST, _STAGE, _STATE = ".napgraph-site.json", ".napgraph-site.new", ".napgraph-site.state"
_File = tuple[str, str, str]
"""A file of the site: its path, the digest of its content, and its name in the stage if it is new or changed."""
_helped: list[Callable[[int], list[_File]]] = []
"""What makes the share of a number: helpers are forked, so that it need not be pickled."""


class Written(NamedTuple):
    """What a run did: how many files the site has, and how many were written and removed."""

    files: int
    written: int
    removed: int


def publish_site(
    kg: KnowledgeGraph,
    folder: str,
    *,
    base: str = BASE,
    pictures: bool = True,
    processes: int = 1,
    seen: Callable[[int], object] = lambda _: None,
) -> Written:
    """Make ``folder`` the site of ``kg``, to be found under ``base``; ``seen`` is told how many files there are.

    Only files that changed are written, none are made where all they are made from is as it was, and an interrupted run
    leaves the old site. Raises OutputError for a folder that cannot be written or holds other things, ParameterError
    for a ``base`` that is no web address, StoreError for a graph on disk that was made from other files,
    MissingPackageError where packages for pictures are not installed.
    """
    if not base.startswith(("https://", "http://")) or not base.endswith("/") or any(map(str.isspace, base)):
        raise ParameterError(f"--base needs the web address of the site with / at its end, not {base!r}.")
    graph = embedded(kg)
    if isinstance(graph, StoredGraph) and fingerprint(kg.root) != kg.version:
        raise StoreError(
            f"{graph.folder}: this store was made from other files than those under {kg.root}, which the pages "
            "show. Build it anew with: napgraph build --store DIR"
        )
    state = _state(kg, base, pictures=pictures)
    if done := unchanged(folder, state):
        return done
    context = PageContext(kg, base, pictures=pictures)
    context.load()
    shares = [
        # Pictures are drawn by threads of this process, which no helper has.
        chain(comparison.files(context), comparison.views(context), comparison.concepts(context)),
        dataset.questions(context),
        # The home page tells what the dumps have found, and the page of the engine how large they are.
        chain(dataset.files(context), front.files(context), tools.sparql(context)),
        *(make(context) for make in (tools.search, resources.sources, tools.check, resources.lists, _hosting)),
        *(resources.files(context, paths) for paths in context.sources),
    ]

    def site_map(paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        shown = (path.removesuffix("index.html") for path in paths if path.endswith(".html") and path != "404.html")
        readings = sorted(kg.query("document-readings"), key=lambda row: str(row["readOn"] or ""))
        days = {str(place_of(str(row[name]))): row["readOn"] for row in readings for name in ("source", "document")}
        days |= {f"jurisdiction/{str(row['country']).lower()}": row["readOn"] for row in readings}
        given = {"pages": sorted(shown), "days": days, "place_of": place_of}
        latest = [row for row in reversed(readings) if row["readOn"]][:_LATEST]
        for name in ("sitemap.xml", "feed.xml"):
            yield name, context.templates.get_template(name).render(given, entries=latest).encode()

    return write_site(folder, *shares, last=site_map, state=state, helpers=processes - 1, seen=seen)


def _state(kg: KnowledgeGraph, base: str, *, pictures: bool) -> str:
    """Return the digest of all that a site is made from: the graph, rules, queries, code, and the day."""
    digest = blake2b(f"{kg.version} {base} {pictures} {date.today()}".encode(), digest_size=20)
    package = os.path.dirname(_HERE)
    for root, folder in ((kg.root, "shapes"), (kg.root, "queries"), (package, ".")):
        for path in files_below(root, folder, ("",)):
            if "__pycache__" not in path and "node_modules" not in path:
                digest.update(f"{path}\0".encode() + blake2b(read_content(root, path)).digest())
    return digest.hexdigest()


def _hosting(context: PageContext) -> Iterator[tuple[str, bytes]]:
    """Yield the style, the scripts, what was vendored for them, and the rules for hosts that negotiate."""
    for folder in ("assets", "vendor"):
        for path in files_below(_HERE, folder, ("",)) if os.path.isdir(os.path.join(_HERE, folder)) else ():
            with open(os.path.join(_HERE, path), "rb") as file:
                yield path, file.read()
    yield context.page("404.html", "404.html")
    for template, path in _FOR_HOSTS.items():
        made = context.templates.get_template(template)
        yield path, made.render(colours=colours, signs=signs(), values=list(VALUES)).encode()


def write_site(
    folder: str,
    *shares: Iterable[tuple[str, bytes]],
    last: Callable[[Collection[str]], Iterable[tuple[str, bytes]]] = lambda _: (),
    state: str = "",
    helpers: int = 0,
    seen: Callable[[int], object] = lambda _: None,
) -> Written:
    """Make ``folder`` hold the files of all ``shares``, and those that ``last`` makes of the paths of all others.

    The first share is made in this process, the others there or in one of so many ``helpers``. ``state`` says what the
    files were made from, for :func:`unchanged`. ``seen`` is told now and then how many files there are. Raises
    OutputError for a folder that holds other things, two files of one name, or what the system refuses.
    """
    folder = os.path.abspath(folder)
    stage, is_new, placing = os.path.join(folder, _STAGE), not os.path.isdir(folder), False
    total, parent = multiprocessing.Value("Q"), os.getpid()

    def staged(number: int, files: Iterable[tuple[str, bytes]]) -> list[_File]:
        made = list[_File]()
        for path, content in files:
            if os.path.isabs(path) or ".." in path.split("/"):
                raise OutputError(f"{path}: this leaves the folder of the site. Nothing was written.")
            name, digest = "", blake2b(content, digest_size=16).hexdigest()
            if digest != known.get(path) or not os.path.isfile(os.path.join(folder, path)):
                name = f"{number}-{len(made)}"
                with open(os.path.join(stage, name), "wb") as file:
                    file.write(content)
            made.append((path, digest, name))
            with total.get_lock():
                total.value += 1
            if os.getpid() == parent:
                seen(total.value)
        return made

    try:
        known = _known(folder)
        shutil.rmtree(stage, ignore_errors=True)
        os.makedirs(stage)
        made = _in_processes(lambda number: staged(number, shares[number]), len(shares), helpers)
        made = _one_of_each(made + staged(len(shares), last([path for path, _, _ in _one_of_each(made)])))
        new = {path: os.path.join(stage, name) for path, _, name in made if name}
        digests = {path: digest for path, digest, _ in made}
        gone = known.keys() - digests.keys()
        if new or gone or not known:
            placing = True
            _list(folder, {**known, **dict.fromkeys([*new, *gone], "")})
            _place(folder, new, gone)
            _list(folder, digests)
        if state:
            write_whole(os.path.join(folder, _STATE), state.encode())
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


def unchanged(folder: str, state: str) -> Written | None:
    """Return that nothing was to do, where ``folder`` was made whole in this ``state`` and all its files are there."""
    with suppress(OSError):
        with open(os.path.join(folder, _STATE), encoding="utf-8") as file:
            known = _known(folder) if file.read() == state else {}
        if known and all(known.values()) and all(os.path.isfile(os.path.join(folder, path)) for path in known):
            return Written(len(known), 0, 0)
    return None


def _known(folder: str) -> dict[str, str]:
    """Return the digest of each file that an earlier run wrote; raise OutputError for a folder of somebody else's."""
    try:
        with open(os.path.join(folder, _LIST), encoding="utf-8") as file:
            known: dict[str, str] = json.load(file)
    except FileNotFoundError:
        if os.path.isdir(folder) and {*os.listdir(folder)} - {_STAGE, _STATE}:
            words = "this folder holds other files, so nothing was written. Name a new or empty folder."
            raise OutputError(f"{folder}: {words}") from None
        return {}
    except ValueError:
        raise OutputError(f"{folder}: {_LIST} is damaged. Remove the folder and make the site anew.") from None
    return known


def _list(folder: str, digests: Mapping[str, str]) -> None:
    write_whole(os.path.join(folder, _LIST), json.dumps(digests, indent=0, sort_keys=True).encode())


def _one_of_each(files: Iterable[_File]) -> list[_File]:
    """Return the files in the order of their paths; raise OutputError where two have one name."""
    made: dict[str, _File] = {}
    for each in sorted(files):
        if made.setdefault(each[0].casefold(), each) is not each:
            raise OutputError(f"{each[0]}: two pages would have this name. Nothing was written.")
    return list(made.values())


def _place(folder: str, staged: Mapping[str, str], gone: Iterable[str]) -> None:
    """Remove files that are gone, and the folders that this leaves empty; rename each staged file to its path."""
    for path in gone:
        with suppress(FileNotFoundError, NotADirectoryError):
            os.unlink(os.path.join(folder, path))
        with suppress(OSError):  # the folder is not empty, or not there
            while path := os.path.dirname(path):
                os.rmdir(os.path.join(folder, path))
    for path, source in staged.items():
        target = os.path.join(folder, path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        os.replace(source, target)


def _in_processes(make: Callable[[int], list[_File]], shares: int, helpers: int) -> list[_File]:
    """Return the files of so many ``shares``: the first made here, the others here or by a forked helper."""
    helpers = min(helpers, shares - 1) if hasattr(os, "fork") else 0
    if helpers < 1:
        return [file for number in range(shares) for file in make(number)]
    _helped[:] = [make]
    pool = ProcessPoolExecutor(helpers, multiprocessing.get_context("fork"), die_with_parent, (os.getpid(),))
    try:
        futures = {number: pool.submit(_made, number) for number in range(1, shares)}
        made = make(0)
        for number in reversed(futures):
            made += make(number) if futures[number].cancel() else ()
        return made + [file for future in futures.values() if not future.cancelled() for file in future.result()]
    except BrokenProcessPool as error:
        words = "A process that made a part of the site was stopped, perhaps for want of memory."
        raise OutputError(f"{words} The site is as it was.") from error
    finally:
        pool.shutdown(cancel_futures=True)
        _helped.clear()


def _made(number: int) -> list[_File]:
    return _helped[0](number)
