"""What answers requests between two changes of data: the graph, the processes, and the answers that are cached."""

import asyncio
import json
import math
import mimetypes
import os
from collections import Counter, OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from hashlib import blake2b
from typing import cast

from starlette.requests import Request
from starlette.responses import Response

from .. import __version__
from ..errors import ServerError
from ..knowledge_graph import KnowledgeGraph
from ..rdf.formats import FORMATS
from ..records.limits import Limits
from ..sandbox import WALL
from ..tables.table import ENDING as OF_A_TABLE
from .handlers import FORMS, Description, RequestHandler, Saved, Submission, SubmissionHandler
from .http import Problem, has, household, while_connected
from .metrics import Metrics
from .settings import Settings
from .sparql import ENDINGS, Answer, Question, in_memory, read_dataset
from .workers import Workers

_CHECKED = 250  # files after which a process that checks is replaced
_PROBE = Saved("licence", (), "json")
_PROBE_SECONDS = 5.0  # until the workers count as not answering
_HOLDS = 1.0  # seconds for which one finding serves everybody who asks
_ENTRY = 1000  # bytes, nearly, that a cached answer takes beside its content
_LIST = ".napgraph-site.json"
_MEDIA = ENDINGS | {
    "js": "text/javascript",
    "mjs": "text/javascript",
    "gz": "application/gzip",
    "rq": "application/sparql-query",
    "xml": "application/xml",
}


class Service:
    """What requests share; raises ServerError for what is no site, SourceFileError for a dataset that is not read."""

    def __init__(
        self, kg: KnowledgeGraph, settings: Settings, metrics: Metrics, site: str | None, dataset: str | None
    ) -> None:
        self._metrics, self.settings, self._site = metrics, settings, os.path.abspath(site or "")
        self.pages = _pages(site) if site else frozenset()
        self.kg, graphs = in_memory(kg)
        queries = list(self.kg.queries)
        self.kinds = {each.name: {name: known.kind for name, known in each.parameters.items()} for each in queries}
        self._version = _tag(repr((kg.version, __version__, [each.text for each in queries])).encode())
        self.asks_other_data = dataset is not None  # of which the version of the graph says nothing
        pool = partial(
            Workers,
            short_seconds=settings.patience,
            waiting=settings.waiting,
            wait=settings.wait_seconds,
            stopped=metrics.stopped,
        )
        self.workers = pool(
            function=RequestHandler(self.kg, graphs, settings.answer, read_dataset(dataset) if dataset else None),
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
        self.pools = (self.workers, self.checkers)
        self._clients: Counter[str] = Counter()
        self._probing, self._probed, self._is_ready = asyncio.Lock(), -math.inf, False
        self._cached: OrderedDict[str, Answer] = OrderedDict()
        self._size = 0

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
            self._clients -= Counter((who,))

    async def is_ready(self) -> bool:
        """Return whether a worker answers a query within 5 s; it waits behind no question."""
        async with self._probing:  # whoever asks meanwhile has the same answer
            if asyncio.get_running_loop().time() - self._probed > _HOLDS:
                self._is_ready = False
                with suppress(TimeoutError, Problem):
                    async with asyncio.timeout(_PROBE_SECONDS):
                        self._is_ready = bool(await self.workers.run(_PROBE, None))
                self._probed = asyncio.get_running_loop().time()
            return self._is_ready

    def tag(self, *parts: object) -> str:
        """Return a strong entity tag, which the same question to the same program about the same data has again."""
        return _tag(repr((self._version, *parts)).encode())

    async def respond(self, request: Request, message: Saved | Description, headers: Mapping[str, str]) -> Response:
        """Return the cached answer to a message, or what a worker makes; 304 if the client has it. Raises Problem."""
        tag = self.tag(*message)
        answer = self._find(tag)
        if answer is None and not has(request, tag):
            answer = self._keep(tag, (await self.ask(request, message))._replace(tag=tag))
        return _response(request, answer or Answer(b"", "", tag), headers)

    def page(self, request: Request, path: str, headers: Mapping[str, str]) -> Response:
        """Return a file of the site; raises ServerError where it cannot be read any more."""
        answer = self._find(path)
        if answer is None:
            ending = path.rpartition("/")[2].rpartition(".")[2]
            media = _MEDIA.get(ending) or mimetypes.guess_type(path)[0] or "application/octet-stream"
            if path.endswith(OF_A_TABLE):
                media = FORMS["metadata.json"]
            if path.startswith(".well-known/"):
                media = FORMATS["turtle"].media[0]
            try:
                with open(os.path.join(self._site, *path.split("/")), "rb") as file:
                    content = file.read()
            except OSError as error:
                raise ServerError(f"{path}: this page cannot be read ({error.strerror}).") from error
            answer = self._keep(path, Answer(content, media, _tag(content)))
        return _response(request, answer, headers)

    def _find(self, key: str) -> Answer | None:
        found = self._cached.get(key)
        if found is not None:
            self._cached.move_to_end(key)
            self._metrics.found.inc()
        return found

    def _keep(self, key: str, answer: Answer) -> Answer:
        """Cache an answer, and return it; those that were asked for longest ago go, when all are larger than may be."""
        size = len(answer.content) + _ENTRY
        if size <= self.settings.kept // 4 and key not in self._cached:
            self._cached[key] = answer
            self._size += size
            while self._size > self.settings.kept:
                self._size -= len(self._cached.popitem(last=False)[1].content) + _ENTRY
        return answer


def _pages(folder: str) -> frozenset[str]:
    """Return the list of a published site, as ``napgraph site`` wrote it; raises ServerError for another folder."""
    try:
        with open(os.path.join(folder, _LIST), encoding="utf-8") as file:
            return frozenset(json.load(file))
    except (OSError, ValueError) as error:
        raise ServerError(f"{folder}: this is no site. Make one with: napgraph site -o {folder}") from error


def _response(request: Request, answer: Answer, headers: Mapping[str, str]) -> Response:
    """Return an answer with its entity tag; 304 to a client that has it already."""
    headers = {"cache-control": "public, no-cache", **headers, "etag": answer.tag}
    if has(request, answer.tag):
        return Response(status_code=304, headers=headers)
    return Response(answer.content, media_type=answer.media, headers=headers)


def _tag(content: bytes) -> str:
    return f'"{blake2b(content, digest_size=16).hexdigest()}"'
