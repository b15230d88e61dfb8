"""Every limit of the server, and its log, where no line says who asked or what: no address, query, path or token."""

import json
import logging
import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple, Self

from ..records.limits import amounts


class Settings(NamedTuple):
    """The limits of the server. Sizes in bytes, times in seconds."""

    workers: int = max(2, os.cpu_count() or 1)  # processes that answer questions
    long: int = max(2, os.cpu_count() or 1)  # processes that may be busy with long questions besides
    patience: float = 1  # computing time after which a question counts as long
    seconds: float = 20  # computing time for one question
    memory: int = 500 * 1000**2  # memory for one question, above what the data take
    question: int = 1000**2  # size of a query's text
    answer: int = 50 * 1000**2  # size of an answer
    waiting: int = 200  # questions that wait for a process
    wait_seconds: float = 20  # time that a question waits for a process
    per_client: int = 64  # questions of one client at a time, waiting ones included
    connections: int = 2000  # open connections
    head: int = 64 * 1000  # size of a request's head
    body_seconds: float = 20  # time for a request's body to come in
    received: int = 256 * 1000**2  # memory for all bodies of requests that are being received or at work
    unsent: int = 256 * 1000**2  # memory for all answers that are being sent; small ones are sent whatever it holds
    send_seconds: float = 60  # time that a client may take for each piece of an answer
    idle: float = 15  # time that a connection may stay open without a request
    kept: int = 64 * 1000**2  # size of all answers of saved queries that are kept
    checks: int = 2  # files that are checked at a time
    inbox: int = 100  # submissions of one jurisdiction that nobody has decided on

    @property
    def wall(self) -> float:
        """The time for one question by the clock: more than it may compute, since the machine has other work."""
        return max(60.0, 3 * self.seconds)

    @classmethod
    def of(cls, values: Mapping[str, str | float]) -> Self:
        """Return the limits with ``values`` such as ``{"memory": "1 GB"}``; raises UnknownNameError, ParameterError."""
        return cls()._replace(**amounts(values, [name.replace("_", "-") for name in cls._fields]))  # type: ignore[arg-type]


class Log(logging.Handler):
    """Writes to standard error, a line at a time; as a handler of the standard library with the traceback."""

    def __init__(self, form: str = "words") -> None:
        super().__init__()
        self._json = form == "json"

    def event(self, event: str, words: str, *, level: str = "info", **fields: object) -> None:
        """Say that something happened, ``words`` to people, with the ``fields`` to programs."""
        if self._json:
            time = datetime.now(UTC).isoformat(timespec="milliseconds")
            fields = {"time": time, "level": level, "event": event, **fields} | ({"message": words} if words else {})
        sys.stderr.write((json.dumps(fields, ensure_ascii=False) if self._json else words) + "\n")
        sys.stderr.flush()

    def request(self, method: str, route: str, status: int, seconds: float, size: int) -> None:
        """Say to programs which request was answered: by its route, such as ``/query/{file}``."""
        if self._json:
            level = "error" if status == 500 else "info"  # noqa: PLR2004 the server's own fault
            said = {"method": method, "route": route, "status": status, "seconds": round(seconds, 6), "bytes": size}
            self.event("request", "", level=level, **said)

    def emit(self, record: logging.LogRecord) -> None:
        """Say what a logger of the standard library says."""
        self.event("server", self.format(record), level=record.levelname.lower())
