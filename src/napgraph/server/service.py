"""The state of a running server: the graph, the processes that answer, and the answers that are kept."""

from __future__ import annotations

from collections import Counter, OrderedDict
from hashlib import blake2b
from typing import TYPE_CHECKING, cast

from .. import __version__
from ..records.limits import Limits
from ..sandbox import WALL
from .graphs import in_memory
from .handlers import Answerer
from .http import Refusal
from .judging import Judging
from .metrics import Load, Metrics
from .requests import client, while_connected
from .sparql import Answer, Kept, Question
from .workers import Workers

if TYPE_CHECKING:
    import asyncio

    from pyoxigraph import Store
    from starlette.requests import Request

    from ..knowledge_graph import KnowledgeGraph
    from .judging import Submission
    from .settings import Settings
    from .static import Folder

_CHECKED = 250  # files after which a process that checks is replaced


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
        self._metrics = metrics
        self.settings, self.site = settings, site
        self.kg, graphs = in_memory(kg)
        self.asks_other_data = dataset is not None  # of which the version of the graph says nothing
        self.answerer = Answerer(self.kg, graphs, settings.answer, dataset)
        self.workers = Workers(
            self.answerer,
            quick=settings.workers,
            long=settings.long,
            patience=settings.patience,
            seconds=settings.seconds,
            memory=settings.memory,
            waiting=settings.waiting,
            wait=settings.wait_seconds,
            wall=settings.wall,
            stopped=metrics.stopped,
        )
        self.limits = Limits()
        judging = Judging(kg.root, self.limits)
        self.profiles = judging.profiles
        self.checkers = Workers(
            judging,
            quick=settings.checks,
            long=settings.checks,
            patience=settings.patience,
            seconds=self.limits.seconds,
            wall=self.limits.seconds * WALL,
            memory=self.limits.memory,
            waiting=settings.waiting,
            wait=settings.wait_seconds,
            words="file",
            stopped=metrics.stopped,
            served=_CHECKED,
        )
        self.clients: Counter[str] = Counter()
        self.probe: asyncio.Future[bool] | None = None
        self.probed = 0.0
        self._kept: OrderedDict[object, Kept] = OrderedDict()
        self._size = 0

    def start(self) -> None:
        """Start the processes."""
        self.workers.fill()
        self.checkers.fill()

    def stop(self) -> None:
        """Stop the processes."""
        self.workers.close()
        self.checkers.close()

    async def ask(self, request: Request, message: object) -> Answer:
        """Have a worker answer, unless this client has as many questions as one may have; raises Refusal."""
        if not isinstance(message, Question):
            self._metrics.kept("made")
        return await self._ask(request, self.workers, message)

    async def judge(self, request: Request, submission: Submission) -> Answer:
        """Have a submission checked, under the same conditions."""
        return await self._ask(request, self.checkers, submission)

    async def _ask(self, request: Request, workers: Workers, message: object) -> Answer:
        who = client(request)
        if self.clients[who] >= self.settings.per_client:
            raise Refusal.later(
                f"One client may ask {self.settings.per_client} questions at a time. Wait for the answers.", 5, 429
            )
        self.clients[who] += 1
        try:
            return cast("Answer", await while_connected(request, workers.ask(message, who)))
        finally:
            self.clients[who] -= 1
            if not self.clients[who]:
                del self.clients[who]

    def tag(self, *parts: object) -> str:
        """Return a strong entity tag: the same for the same data, the same question and the same program."""
        told = repr((self.kg.version, __version__, *parts)).encode()
        return f'"{blake2b(told, digest_size=16).hexdigest()}"'

    def loads(self) -> list[Load]:
        """Return what the pools of processes have to do now."""
        return [Load(pool.words, pool.waiting, pool.busy) for pool in (self.workers, self.checkers)]

    def find(self, key: object) -> Kept | None:
        """Return the answer that was kept under ``key``."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
            self._metrics.kept("found")
        return found

    def keep(self, key: object, kept: Kept) -> None:
        """Keep an answer; those that were asked for longest ago go, when all are larger than may be."""
        size = _size(kept)
        if size > self.settings.kept // 4:
            return
        before = self._kept.pop(key, None)
        self._size += size - (_size(before) if before else 0)
        self._kept[key] = kept
        while self._size > self.settings.kept:
            self._size -= _size(self._kept.popitem(last=False)[1])


def _size(kept: Kept) -> int:
    return len(kept.answer.content) + 1000  # and what keeps it
