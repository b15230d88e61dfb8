"""What a server says while it runs: plain words, or JSON with a line for each request, too.

No line says who asked or what: no address of a client, no query, no path, no token.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

FORMS = ("words", "json")


class Log:
    """Writes to standard error, a line at a time."""

    def __init__(self, form: str = "words") -> None:
        self._json = form == "json"

    def event(self, event: str, words: str, *, level: str = "info", **fields: object) -> None:
        """Say that something happened, ``words`` to people, with the ``fields`` to programs."""
        self._write(level, event, fields | {"message": words}) if self._json else _say(words)

    def request(self, method: str, route: str, status: int, seconds: float, size: int) -> None:
        """Say which request was answered: by its route, such as ``/query/{file}``. Only programs are told."""
        if self._json:
            level = "error" if status == 500 else "info"  # noqa: PLR2004 the server's own fault
            told = {"method": method, "route": route, "status": status, "seconds": round(seconds, 6), "bytes": size}
            self._write(level, "request", told)

    def listen(self, logger: str) -> None:
        """Say which errors this logger of the standard library tells of; its warnings are of what strangers send."""
        handler = _Heard(self)
        found = logging.getLogger(logger)
        found.handlers, found.propagate = [handler], False
        found.setLevel(logging.ERROR)

    def _write(self, level: str, event: str, fields: dict[str, object]) -> None:
        time = datetime.now(UTC).isoformat(timespec="milliseconds")
        _say(json.dumps({"time": time, "level": level, "event": event, **fields}, ensure_ascii=False))


class _Heard(logging.Handler):
    def __init__(self, log: Log) -> None:
        super().__init__()
        self._log = log
        self.setFormatter(logging.Formatter("%(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        """Say it with its traceback, if it has one."""
        self._log.event("server", self.format(record), level=record.levelname.lower())


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()
