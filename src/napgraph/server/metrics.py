"""``/metrics``: what the server counts, for Prometheus. No label holds what a client sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector
from starlette.responses import Response

if TYPE_CHECKING:
    from prometheus_client import Metric
    from starlette.requests import Request

METHODS = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT")
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 60)


class Load(NamedTuple):
    """What a pool of processes has to do: its name, how many requests wait, and how many processes are at work."""

    work: str
    waiting: int
    busy: int


class Metrics:
    """The counters of a server, from its start on, through every change of data."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._requests = Counter(
            "napgraph_requests", "Requests answered.", ("route", "method", "status"), registry=self.registry
        )
        self._seconds = Histogram(
            "napgraph_request_seconds", "Time to answer.", ("route",), buckets=_SECONDS, registry=self.registry
        )
        self._each: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
        self._ends = Counter(
            "napgraph_worker_stops",
            "Processes that were stopped or ended at work: out of time, memory or place, killed, failed, or nobody "
            "waited any more.",
            ("work", "reason"),
            registry=self.registry,
        )
        self._left = Counter(
            "napgraph_left_clients",
            "Clients that were left because they took nothing of an answer for too long (slow), or longest of all when "
            "too much had yet to be taken (full).",
            ("reason",),
            registry=self.registry,
        )
        kept = Counter(
            "napgraph_kept_answers", "Answers that can be kept: found, or made.", ("outcome",), registry=self.registry
        )
        self._kept = {outcome: kept.labels(outcome) for outcome in ("found", "made")}
        self._reloads = Counter("napgraph_reloads", "Changes of data.", ("outcome",), registry=self.registry)
        self._submissions = Counter(
            "napgraph_submissions", "Submissions that came into a state.", ("state",), registry=self.registry
        )

    def watch(self, now: Callable[[], tuple[str, list[Load]]]) -> None:
        """Export also the version of the data that are served now, and the load of each pool of processes."""
        self.registry.register(_Now(now))

    def watch_size(self, name: str, words: str, size: Callable[[], int]) -> None:
        """Tell how many bytes something has now, too."""
        Gauge(f"napgraph_{name}_bytes", words, registry=self.registry).set_function(size)

    def left(self, reason: str) -> None:
        """Count a client that was left."""
        self._left.labels(reason).inc()

    def request(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count a request that was answered."""
        key = route, method, status
        if key not in self._each:  # finding a counter by its labels costs more than counting
            known = method if method in METHODS else "other"
            self._each[key] = self._requests.labels(route, known, status), self._seconds.labels(route)
        count, time = self._each[key]
        count.inc()
        time.observe(seconds)

    def stopped(self, work: str, reason: str) -> None:
        """Count a process that did not answer."""
        self._ends.labels(work, reason).inc()

    def kept(self, outcome: str) -> None:
        """Count an answer that was ``found``, or had to be ``made``."""
        self._kept[outcome].inc()

    def reloaded(self, outcome: str) -> None:
        """Count a change of data that was ``done`` or ``failed``."""
        self._reloads.labels(outcome).inc()

    def submission(self, state: str) -> None:
        """Count a submission that is in a state now."""
        self._submissions.labels(state).inc()


class _Now(Collector):
    def __init__(self, now: Callable[[], tuple[str, list[Load]]]) -> None:
        self._now = now

    def collect(self) -> Iterator[Metric]:
        """Yield what is so at this moment."""
        version, loads = self._now()
        queue = GaugeMetricFamily("napgraph_waiting", "Who waits for a process.", labels=["work"])
        busy = GaugeMetricFamily("napgraph_busy", "Processes at work.", labels=["work"])
        for load in loads:
            queue.add_metric([load.work], load.waiting)
            busy.add_metric([load.work], load.busy)
        yield queue
        yield busy
        yield InfoMetricFamily("napgraph_data", "The data that are served.", value={"version": version})


async def metrics(request: Request) -> Response:
    """Answer with every figure, in the format that was asked for."""
    known: Metrics = request.app.state.metrics
    encode, media = choose_encoder(request.headers.get("accept", ""))
    return Response(encode(known.registry), headers={"content-type": media, "cache-control": "no-store"})
