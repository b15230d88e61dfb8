"""What the server counts, for Prometheus, through every change of data; no label holds what a client sent."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, ProcessCollector
from prometheus_client.exposition import choose_encoder

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 60)
_STOPS = (
    "Processes that were stopped or ended at work: out of time, memory or place, killed, failed, or nobody waited any "
    "more."
)


class Metrics:
    """The figures of a server, and what they are exported from."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)

        def counter(name: str, words: str, *labels: str) -> Counter:
            return Counter(f"napgraph_{name}", words, labels, registry=self._registry)

        def gauge(name: str, words: str, *labels: str) -> Gauge:
            return Gauge(f"napgraph_{name}", words, labels, registry=self._registry)

        self.requests = counter("requests", "Requests answered.", "route", "method", "status")
        self.seconds = Histogram(
            "napgraph_request_seconds", "Time to answer.", ("route",), buckets=_SECONDS, registry=self._registry
        )
        self._stops = counter("worker_stops", _STOPS, "work", "reason")
        kept = counter("kept_answers", "Answers that can be kept: found, or made.", "outcome")
        self.found, self.made = kept.labels("found"), kept.labels("made")
        self.reloads = counter("reloads", "Changes of data.", "outcome")
        self.submissions = counter("submissions", "Submissions that came into a state.", "state")
        self.waiting = gauge("waiting", "Who waits for a process.", "work")
        self.busy = gauge("busy", "Processes at work.", "work")
        self.received = gauge("received_bytes", "Bytes of bodies of requests that are not answered yet.")
        self.data = Info("napgraph_data", "The data that are served.", registry=self._registry)

    def stopped(self, work: str, reason: str) -> None:
        """Count a process that did not answer."""
        self._stops.labels(work, reason).inc()

    def export(self, accept: str) -> tuple[bytes, str]:
        """Return every figure in the format that an ``Accept`` header wants, and its media type."""
        encode, media = choose_encoder(accept)
        return encode(self._registry), media
