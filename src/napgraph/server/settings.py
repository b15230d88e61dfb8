"""Every limit of the server in one table, with what it bounds."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import NamedTuple

from ..records.limits import amounts

MEANINGS = {
    "workers": "processes that answer questions",
    "long": "processes that may be busy with long questions besides",
    "patience": "computing time after which a question counts as long",
    "seconds": "computing time for one question",
    "memory": "memory for one question, above what the data take",
    "question": "size of a query's text",
    "answer": "size of an answer",
    "waiting": "questions that wait for a process",
    "wait-seconds": "time that a question waits for a process",
    "per-client": "questions of one client at a time, waiting ones included",
    "connections": "open connections",
    "head": "size of a request's head",
    "head-seconds": "time for a request's head to come in",
    "body-seconds": "time for a request's body to come in",
    "send-seconds": "time for a client to take something of an answer, and for each megabyte of it",
    "unsent": "memory for all large answers that clients have yet to take",
    "received": "memory for all bodies of requests that are being received or at work",
    "idle": "time that a connection may stay open without a request",
    "kept": "size of all answers of saved queries that are kept",
    "checks": "files that are checked at a time",
    "inbox": "submissions of one jurisdiction that nobody has decided on",
}


class Settings(NamedTuple):
    """The limits of the server; ``MEANINGS`` says in words what each one bounds. Sizes in bytes, times in seconds."""

    workers: int = max(2, os.cpu_count() or 1)
    long: int = max(2, os.cpu_count() or 1)
    patience: float = 1
    seconds: float = 20
    memory: int = 500 * 1000**2
    question: int = 1000**2
    answer: int = 50 * 1000**2
    waiting: int = 200
    wait_seconds: float = 20
    per_client: int = 64
    connections: int = 2000
    head: int = 64 * 1000
    head_seconds: float = 10
    body_seconds: float = 20
    send_seconds: float = 30
    unsent: int = 64 * 1000**2
    received: int = 256 * 1000**2
    idle: float = 15
    kept: int = 64 * 1000**2
    checks: int = 2
    inbox: int = 100

    @property
    def wall(self) -> float:
        """The time for one question by the clock: more than it may compute, since the machine has other work."""
        return max(60.0, 3 * self.seconds)

    @classmethod
    def of(cls, values: Mapping[str, str | float]) -> Settings:
        """Return the defaults with ``values`` in their place, such as ``{"memory": "1 GB"}``.

        Raises UnknownNameError for a limit that does not exist, ParameterError for what is no amount.
        """
        return cls()._replace(**amounts(values, MEANINGS))  # type: ignore[arg-type]
