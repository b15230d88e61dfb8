"""What answers requests between two changes of data: the graph, the processes, and the answers that are cached."""

from __future__ import annotations

import asyncio
import json
import mimetypes
import os
from collections import Counter, OrderedDict
from collections.abc import Mapping
from functools import partial
from hashlib import blake2b
from typing import cast

from pyoxigraph import Store
from starlette.requests import Request
from starlette.responses import Response

from .. import __version__
from ..errors import ServerError
from ..knowledge_graph import KnowledgeGraph
from ..rdf.formats import FORMATS
from ..records.limits import Limits
from ..sandbox import WALL
from ..tables.write import ENDING as OF_A_TABLE
from .handlers import FORMS, Description, RequestHandler, Saved, Submission, SubmissionHandler
from .http import Problem, has, household, while_connected
from .metrics import Metrics
from .settings import Settings
from .sparql import ENDINGS, Answer, CachedAnswer, Question, in_memory
from .workers import Workers

_CHECKED = 250  # files after which a process that checks is replaced
_PROBE = Saved("licence", (), "json")
_PROBE_SECONDS = 5.0  # until the workers count as not answering
_HOLDS = 1.0  # seconds for which one finding serves everybody who asks
_LIST = ".napgraph-site.json"
_MEDIA = ENDINGS | {
    "js": "text/javascript",
    "mjs": "text/javascript",
    "gz": "application/gzip",
    "rq": "application/sparql-query",
    "xml": "application/xml",
}


class Folder:
    """A published site, as ``napgraph site`` wrote it: only files on its own list are given out."""

    def __init__(self, folder: str) -> None:
        self._folder = os.path.abspath(folder)
        try:
            with open(os.path.join(folder, _LIST), encoding="utf-8") as file:
                self._paths = frozenset(json.load(file))
        except (OSError, ValueError) as error:
            raise ServerError(f"{folder}: this is no site. Make one with: napgraph site -o {folder}") from error

    def __contains__(self, path: str) -> bool:
        return path in self._paths

    def read(self, path: str) -> Answer:
        """Return a file that is on the list; raises ServerError where it is no longer there."""
        try:
            with open(os.path.join(self._folder, *path.split("/")), "rb") as file:
                return Answer(file.read(), _media_type(path))
        except OSError as error:
            raise ServerError(f"{path}: this page cannot be read ({error.strerror}).") from error


def _media_type(path: str) -> str:
    if path.startswith(".well-known/"):
        return FORMATS["turtle"].media[0]
    if path.endswith(OF_A_TABLE):
        return FORMS["metadata.json"]
    ending = path.rpartition("/")[2].rpartition(".")[2]
    return _MEDIA.get(ending) or mimetypes.guess_type(path)[0] or "application/octet-stream"


class Service:
    """Everything that requests share. Made before the event loop, since loading takes its time."""

    def __init__(
        self,
        kg: KnowledgeGraph,
        settings: Settings,
        metrics: Metrics,
        site: Folder | None = None,
        dataset: Store | None = None,
    ) -> None:
        self._metrics, self.settings, self.site = metrics, settings, site
        self.kg, graphs = in_memory(kg)
        self.asks_other_data = dataset is not None  # of which the version of the graph says nothing
        pool = partial(
            Workers,
            short_seconds=settings.patience,
            waiting=settings.waiting,
            wait=settings.wait_seconds,
            stopped=metrics.stopped,
        )
        self.workers = pool(
            function=RequestHandler(self.kg, graphs, settings.answer, dataset),
            quick=settings.workers,
            long=settings.long,
            seconds=settings.seconds,
            wall=settings.wall,
            memory=settings.memory,
        )
        self.limits = Limits()
        checks = SubmissionHandler(kg.root, self.limits)
        self.profiles = checks.profiles
        self.checkers = pool(
            function=checks,
            quick=settings.checks,
            long=settings.checks,
            seconds=self.limits.seconds,
            wall=self.limits.seconds * WALL,
            memory=self.limits.memory,
            work="file",
            most=_CHECKED,
        )
        self._clients: Counter[str] = Counter()
        self._probe: asyncio.Future[bool] | None = None
        self._probed = 0.0
        self._cached: OrderedDict[object, CachedAnswer] = OrderedDict()
        self._size = 0

    def start(self) -> None:
        """Start the processes."""
        self.workers.fill()
        self.checkers.fill()

    def stop(self) -> None:
        """Stop the processes."""
        self.workers.close()
        self.checkers.close()

    async def ask(self, request: Request, message: Question | Saved | Description | Submission) -> Answer:
        """Have a worker answer, unless this client has as many questions as one may have; raises Problem."""
        if isinstance(message, (Saved, Description)):
            self._metrics.made.inc()
        who = household(request.client.host) if request.client else ""
        most = self.settings.per_client
        if self._clients[who] >= most:
            raise Problem.later(f"One client may ask {most} questions at a time. Wait for the answers.", 5, 429)
        self._clients[who] += 1
        pool = self.checkers if isinstance(message, Submission) else self.workers
        try:
            return cast("Answer", await while_connected(request, pool.run(message, who)))
        finally:
            self._clients[who] -= 1
            if not self._clients[who]:
                del self._clients[who]

    async def is_ready(self) -> bool:
        """Return whether a worker answers a query within 5 s; it waits behind no question."""
        now = asyncio.get_running_loop().time()
        if self._probe is None or (self._probe.done() and now - self._probed > _HOLDS):
            self._probe, self._probed = asyncio.ensure_future(self._answers()), now
        return await asyncio.shield(self._probe)

    async def _answers(self) -> bool:
        try:
            async with asyncio.timeout(_PROBE_SECONDS):
                await self.workers.run(_PROBE, None)
        except (TimeoutError, Problem):
            return False
        return True

    def tag(self, *parts: object) -> str:
        """Return a strong entity tag: the same for the same data, the same question and the same program."""
        return _tag(repr((self.kg.version, __version__, *parts)).encode())

    async def cached(self, request: Request, message: Description) -> CachedAnswer:
        """Return the answer to a message from the cache, or have a worker make it; raises Problem."""
        found = self.find(message)
        if found is None:
            found = CachedAnswer(await self.ask(request, message), self.tag(*message))
            self.keep(message, found)
        return found

    def page(self, path: str) -> CachedAnswer | None:
        """Return a file of the site, if it has one there; raises ServerError where it cannot be read any more."""
        if self.site is None or path not in self.site:
            return None
        found = self.find((self.site, path))
        if found is None:
            answer = self.site.read(path)
            found = CachedAnswer(answer, _tag(answer.content))
            self.keep((self.site, path), found)
        return found

    def find(self, key: object) -> CachedAnswer | None:
        """Return the answer that is cached under ``key``."""
        found = self._cached.get(key)
        if found is not None:
            self._cached.move_to_end(key)
            self._metrics.found.inc()
        return found

    def keep(self, key: object, answer: CachedAnswer) -> None:
        """Cache an answer; those that were asked for longest ago go, when all are larger than may be."""
        size = _size(answer)
        if size > self.settings.kept // 4:
            return
        before = self._cached.pop(key, None)
        self._size += size - (_size(before) if before else 0)
        self._cached[key] = answer
        while self._size > self.settings.kept:
            self._size -= _size(self._cached.popitem(last=False)[1])


def respond(request: Request, cached: CachedAnswer, headers: Mapping[str, str]) -> Response:
    """Return an answer with its entity tag; 304 to a client that has it already."""
    headers = {"cache-control": "public, no-cache", **headers, "etag": cached.tag}
    if has(request, cached.tag):
        return Response(status_code=304, headers=headers)
    return Response(cached.answer.content, media_type=cached.answer.media, headers=headers)


def _tag(content: bytes) -> str:
    return f'"{blake2b(content, digest_size=16).hexdigest()}"'


def _size(cached: CachedAnswer) -> int:
    return len(cached.answer.content) + 1000  # and what keeps it
