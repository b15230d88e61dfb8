"""What a child process does: answer one message after another, each within its computing time.

A message is headed by the seconds that it has. When they are over the system ends the process, whatever code it is in.
"""

from __future__ import annotations

import os
import pickle
import signal
import struct
from contextlib import contextmanager
from typing import TYPE_CHECKING

from .seclusion import restrain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection

__all__ = ["HEAD", "answered", "over_pipe", "packed", "serve"]

HEAD = 8  # bytes that say how long a message is
_SECONDS = struct.Struct("d")


def packed(message: bytes, seconds: float) -> bytes:
    """Return a message with the computing time that it has."""
    return _SECONDS.pack(seconds) + message


def serve(function: Callable[..., object], arguments: tuple[object, ...] | None, requests: int, answers: int) -> None:
    """Answer messages until there are no more."""
    _begin()
    while head := _take(requests, HEAD):
        message = _take(requests, int.from_bytes(head, "big"))
        with _clock(message):
            answer = answered(function, arguments, message)
        head = len(answer).to_bytes(HEAD, "big")
        left = memoryview(answer)[os.writev(answers, (head, answer)) - HEAD :]
        while left:
            left = left[os.write(answers, left) :]


def over_pipe(
    pipe: Connection, function: Callable[..., object], arguments: tuple[object, ...] | None, memory: int
) -> None:
    """Answer messages in a new interpreter until there are no more."""
    restrain(memory)
    _begin()
    while True:
        try:
            message = pipe.recv_bytes()
        except EOFError:
            return
        with _clock(message):
            answer = answered(function, arguments, message)
        pipe.send_bytes(answer)


def _begin() -> None:
    """Let the end of the computing time end the process, whatever this program was told to do about it."""
    if hasattr(signal, "SIGPROF"):
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGPROF})


@contextmanager
def _clock(message: bytes) -> Iterator[None]:
    """Count the computing time of this process, of all its threads, where the system can."""
    if not hasattr(signal, "setitimer"):
        yield
        return
    signal.setitimer(signal.ITIMER_PROF, *_SECONDS.unpack_from(message))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _take(file: int, length: int) -> bytes:
    taken = bytearray()
    while len(taken) < length and (chunk := os.read(file, length - len(taken))):
        taken += chunk
    return bytes(taken)


def answered(function: Callable[..., object], arguments: tuple[object, ...] | None, message: bytes) -> bytes:
    """Return the pickled answer; an exception or result that cannot be pickled is told as a RuntimeError."""
    try:
        if arguments is None:
            arguments = (pickle.loads(memoryview(message)[_SECONDS.size :]),)  # noqa: S301 from the parent # nosec B301
        return pickle.dumps(("done", function(*arguments)), 5)
    except MemoryError:
        return pickle.dumps(("memory", None))
    except RecursionError:
        return pickle.dumps(("nesting", None))
    except Exception as error:  # noqa: BLE001 the parent raises it
        try:
            answer = pickle.dumps(("raised", error), 5)
            pickle.loads(answer)  # noqa: S301 our own: an exception may pickle and not come back # nosec B301
        except Exception:  # noqa: BLE001
            return pickle.dumps(("raised", RuntimeError(f"{type(error).__name__}: {error}")), 5)
        return answer
