"""What outlives a change of data: the service of now, those before it that still answer, and the inbox."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from ..errors import NapgraphError

if TYPE_CHECKING:
    from .log import Log
    from .metrics import Metrics
    from .receiving import Receiving
    from .service import Service


class Host:
    """Gives each request the service that is current when it comes, and keeps that until it is answered."""

    def __init__(self, make: Callable[[], Service], log: Log, metrics: Metrics) -> None:
        self._make, self.log, self.metrics = make, log, metrics
        self.receiving: Receiving | None = None
        self.service = make()
        metrics.watch(lambda: (self.service.kg.version, self.service.loads()))
        self._running: Counter[Service] = Counter()
        self._reloading: asyncio.Task[None] | None = None
        self._again = False

    def start(self) -> None:
        """Start the processes."""
        self.service.start()
        if self.receiving is not None:
            self.receiving.start()

    async def stop(self) -> None:
        """Stop the processes."""
        if self._reloading is not None:
            self._reloading.cancel()
        for service in {self.service, *self._running}:
            service.stop()
        if self.receiving is not None:
            await self.receiving.stop()

    def enter(self) -> Service:
        """Return the service for a request, to be given back by :meth:`leave`."""
        self._running[self.service] += 1
        return self.service

    def leave(self, service: Service) -> None:
        """Say that a request is answered; a service of older data ends with its last."""
        self._running[service] -= 1
        if not self._running[service]:
            del self._running[service]
            if service is not self.service:
                service.stop()

    def reload(self) -> None:
        """Read the data again, and serve them once that went well; asked for meanwhile, it is done once more."""
        if self._reloading is not None and not self._reloading.done():
            self._again = True
            return
        self._reloading = asyncio.ensure_future(self._reload())

    async def _reload(self) -> None:
        self._again = True
        while self._again:
            self._again = False
            start = time.monotonic()
            try:
                service = await _in_a_thread(self._make)
            except Exception as error:  # noqa: BLE001 whatever is wrong with the new data, the old are served
                words = str(error) if isinstance(error, NapgraphError) else f"{type(error).__name__}: {error}"
                self.metrics.reloaded("failed")
                self.log.event("reload-failed", f"The data were not changed. What is there now: {words}", level="error")
                continue
            service.start()
            before, self.service = self.service, service
            if not self._running[before]:
                del self._running[before]
                before.stop()
            if self.receiving is not None:
                self.receiving.wake()
            self.metrics.reloaded("done")
            version = service.kg.version
            self.log.event(
                "reloaded",
                f"Serving data version {version[:12]}.",
                version=version,
                seconds=round(time.monotonic() - start, 3),
            )


async def _in_a_thread(make: Callable[[], Service]) -> Service:
    """Return what ``make`` makes, in a thread that ends with it: processes are forked from as few as can be."""
    loop = asyncio.get_running_loop()
    made: asyncio.Future[Service] = loop.create_future()

    def work() -> None:
        service, failed = None, None
        try:
            service = make()
        except Exception as error:  # noqa: BLE001 raised where it is waited for
            failed = error
        with suppress(RuntimeError):  # the server has stopped meanwhile
            loop.call_soon_threadsafe(_end, made, service, failed)

    thread = threading.Thread(target=work, name="reload", daemon=True)
    thread.start()
    service = await made
    thread.join()
    return service


def _end(future: asyncio.Future[Service], service: Service | None, error: Exception | None) -> None:
    if future.done():
        return
    if error is not None:
        future.set_exception(error)
    elif service is not None:
        future.set_result(service)
