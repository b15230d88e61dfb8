"""What the server counts, for Prometheus, through every change of data; no label holds what a client sent."""

from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, ProcessCollector
from prometheus_client.exposition import choose_encoder

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 60)


class Metrics:
    """The figures of a server, and what they are exported from."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        given: Any = {"namespace": "napgraph", "registry": self._registry}
        self.requests = Counter("requests", "Requests answered.", ("route", "method", "status"), **given)
        self.seconds = Histogram("request_seconds", "Time to answer.", ("route",), buckets=_SECONDS, **given)
        stops = "Processes that were stopped or ended at work: out of time, memory or place, killed, failed, or nobody"
        self._stops = Counter("worker_stops", f"{stops} waited any more.", ("work", "reason"), **given)
        kept = Counter("kept_answers", "Answers that can be kept: found, or made.", ("outcome",), **given)
        self.found, self.made = kept.labels("found"), kept.labels("made")
        self.reloads = Counter("reloads", "Changes of data.", ("outcome",), **given)
        self.submissions = Counter("submissions", "Submissions that came into a state.", ("state",), **given)
        self.waiting = Gauge("waiting", "Who waits for a process.", ("work",), **given)
        self.busy = Gauge("busy", "Processes at work.", ("work",), **given)
        self.received = Gauge("received_bytes", "Bytes of bodies of requests that are not answered yet.", **given)
        self.unsent = Gauge("unsent_bytes", "Bytes of answers that are being sent.", **given)
        self.data = Info("data", "The data that are served.", **given)

    def stopped(self, work: str, reason: str) -> None:
        """Count a process that did not answer."""
        self._stops.labels(work, reason).inc()

    def export(self, accept: str) -> tuple[bytes, str]:
        """Return every figure in the format that an ``Accept`` header wants, and its media type."""
        encode, media = choose_encoder(accept)
        return encode(self._registry), media
