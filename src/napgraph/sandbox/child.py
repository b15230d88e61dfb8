"""A child process that answers messages within bounds of memory and time: forked, or spawned where that is missing.

The parent asks, waits with :func:`wait`, and takes the answer, or learns how the child ended. What is asked and
answered is :mod:`.limited`'s affair. Time is computing time, which a busy machine does not use up; the time by the
clock is bounded too, far above, for a child that waits for what never comes.
"""

from __future__ import annotations

import io
import math
import os
import pickle
import signal
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, cast

from .answering import HEAD, answered, over_pipe, packed, serve
from .seclusion import die_with, quiet, resident, restrain, seclude
from .unpickling import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

__all__ = ["WALL", "Child", "start", "wait"]

WALL = 12
"""How many times its computing time a child may take by the clock."""
_SPENT = -signal.SIGPROF if hasattr(signal, "SIGPROF") else None  # the end of a child whose computing time is over
_CHUNK = 1 << 20
_LONGEST = 1 << 30  # milliseconds, the most that is waited for at once
_OUT_OF_MEMORY = (b"memory allocation of", b"MemoryError", b"out of memory")
_CRASHES = (-signal.SIGSEGV, -signal.SIGABRT)
_NEARLY = 0.75
"""The part of its memory after which a crash is taken for the lack of it."""


def start(
    function: Callable[..., object], arguments: tuple[object, ...] | None, memory: int, *, secluded: bool = False
) -> Child:
    """Start a child that answers each message with ``function(*arguments)``, or of the message if they are None.

    One that is ``secluded`` has none of the parent's files and, where the system allows it, no network, and is
    believed nothing but plain values, named tuples and exceptions of napgraph's: for a parent that serves strangers,
    on a system that can fork.
    """
    if sys.platform == "emscripten":
        return _Here(function, arguments)
    if hasattr(os, "fork"):
        return _Forked(function, arguments, memory, secluded=secluded)
    return _Spawned(function, arguments, memory)


class Child:
    """What both kinds have in common: the question it is at, its clock, and how it ended.

    ``answer`` is None while the child works, then a pair: ``done`` and the result, ``raised`` and the exception, or
    ``seconds`` (of computing), ``overdue`` (by the clock), ``memory``, ``nesting``, ``killed`` (from outside) or
    ``failed`` and None. Who cannot stand still to
    wait watches the files ``reads`` and, while ``sending``, ``writes``, and calls :meth:`step` when one is ready.
    """

    pid = reads = writes = 0
    answer: tuple[str, Any] | None = None
    served = 0
    deadline = 0.0

    def ask(self, message: bytes, seconds: float) -> None:
        """Send a message, for which the child has ``seconds`` of computing time, and so many times more by the clock.

        Where the system counts no computing time (Windows), the clock alone holds.
        """
        self.answer = None
        self.served += 1
        self.deadline = time.monotonic() + WALL * seconds
        self._send(packed(message, seconds))

    def computed(self) -> float:
        """Return the seconds that the child has computed since it was started; infinity where nobody tells."""
        if sys.platform != "linux" or not self.pid:
            return math.inf
        try:
            return time.clock_gettime(~self.pid << 3 | 2)  # the clock of a process, as clock_getcpuclockid names it
        except OSError:
            return math.inf

    @property
    def sending(self) -> bool:
        """Whether a part of the message is still here."""
        return False

    def step(self) -> None:
        """Send and receive what can be without waiting."""
        raise NotImplementedError

    def stop(self) -> None:
        """End the child and all that it started, at once."""
        raise NotImplementedError

    def _send(self, message: bytes) -> None:
        raise NotImplementedError

    def expire(self) -> None:
        """Stop the child if it is still at work after its time."""
        if self.answer is None and time.monotonic() >= self.deadline:
            self.stop()
            self.answer = ("overdue", None)


def wait(children: Sequence[Child]) -> None:
    """Wait until one of ``children`` has answered, has ended, or is out of time and was stopped."""
    if not children:
        return
    seconds = max(0.0, min(child.deadline for child in children) - time.monotonic())
    forked = [child for child in children if isinstance(child, _Forked)]
    if forked:
        _Forked.move(forked, seconds)
    else:
        _Spawned.move([child for child in children if isinstance(child, _Spawned)], seconds)
    for child in children:
        child.expire()


class _Forked(Child):
    """A child that shares what the parent had at the fork: nothing is sent but messages and answers."""

    def __init__(
        self, function: Callable[..., object], arguments: tuple[object, ...] | None, memory: int, *, secluded: bool
    ) -> None:
        requests, self.writes = os.pipe()
        self.reads, answers = os.pipe()
        with suppress(ImportError, AttributeError, OSError):  # held whole, a usual answer has neither end wait
            import fcntl

            fcntl.fcntl(answers, fcntl.F_SETPIPE_SZ, _CHUNK)
        self._log = _log()
        self._secluded, self._memory = secluded, memory
        self._had, self._taken_memory = resident(), 0
        self._outgoing, self._incoming = b"", io.BytesIO()
        parent = os.getpid()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                os.setsid()
                os.close(self.writes)
                os.close(self.reads)
                os.dup2(self._log, 1)
                os.dup2(self._log, 2)
                quiet()
                if secluded:
                    seclude({1, 2, requests, answers})
                die_with(parent)
                restrain(memory)
                serve(function, arguments, requests, answers)
            finally:
                os._exit(1)
        os.close(requests)
        os.close(answers)
        self._files = [self.reads, self.writes, self._log]
        os.set_blocking(self.writes, False)
        os.set_blocking(self.reads, False)

    def _send(self, message: bytes) -> None:
        self._outgoing = len(message).to_bytes(HEAD, "big") + message
        self._push()

    @property
    def sending(self) -> bool:
        return bool(self._outgoing)

    def step(self) -> None:
        if self._outgoing:
            self._push()
        if self.answer is None:
            self._pull()

    def _push(self) -> None:
        try:
            while self._outgoing:
                self._outgoing = self._outgoing[os.write(self.writes, self._outgoing[:_CHUNK]) :]
        except BlockingIOError:
            pass
        except BrokenPipeError:
            self._outgoing = b""  # it has died: reading will tell

    def _pull(self) -> None:
        try:
            while chunk := os.read(self.reads, _CHUNK):
                self._incoming.write(chunk)
                length = int.from_bytes(self._incoming.getbuffer()[:HEAD], "big")
                if self._incoming.tell() >= HEAD + length:
                    self._incoming.seek(HEAD)
                    self.answer = self._taken(self._incoming)
                    self._incoming = io.BytesIO()
                    return
        except BlockingIOError:
            return
        self.answer = (self._end(), None)

    def _taken(self, answer: io.BytesIO) -> tuple[str, Any]:
        if not self._secluded:
            return cast("tuple[str, Any]", pickle.load(answer))  # noqa: S301 our own child, our own work # nosec B301
        try:
            return cast("tuple[str, Any]", plain(answer))
        except Exception:  # noqa: BLE001 it is no answer
            return "failed", None

    def _end(self) -> str:
        """Return why the child ended by itself: ``seconds``, ``memory``, ``killed`` or ``failed``."""
        words = os.pread(self._log, _CHUNK, max(0, os.fstat(self._log).st_size - _CHUNK))
        status = self._kill()
        if status == _SPENT:
            return "seconds"
        # A stack that cannot grow any more is a crash without a word.
        full = status in _CRASHES and self._had and self._taken_memory > _NEARLY * self._memory
        if full or any(sign in words for sign in _OUT_OF_MEMORY):
            return "memory"
        return "killed" if status == -signal.SIGKILL else "failed"

    @staticmethod
    def move(children: Sequence[_Forked], seconds: float) -> None:
        """Send and receive what can be; return when something happened or ``seconds`` have passed."""
        import select

        poll = select.poll()
        by_file = {}
        for child in children:
            by_file[child.reads] = child
            poll.register(child.reads, select.POLLIN)
            if child.sending:
                by_file[child.writes] = child
                poll.register(child.writes, select.POLLOUT)
        for file, _ in poll.poll(min(seconds * 1000, _LONGEST)):
            child = by_file[file]
            if file == child.reads:
                child._pull()
            else:
                child._push()

    def stop(self) -> None:
        self._kill()
        while self._files:
            os.close(self._files.pop())

    def _kill(self) -> int | None:
        if not self.pid:
            return None
        for kill in (os.killpg, os.kill):  # by itself too: its group may not be there yet
            try:
                kill(self.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                continue
        try:
            _, status, usage = os.wait4(self.pid, 0)
            self._taken_memory = usage.ru_maxrss * 1024 - self._had
        except ChildProcessError:
            status = 0  # the program that we are part of lets the system take up its children
        self.pid = 0
        return os.waitstatus_to_exitcode(status)


class _Spawned(Child):
    """A child in a new interpreter: function and arguments must pickle."""

    def __init__(self, function: Callable[..., object], arguments: tuple[object, ...] | None, memory: int) -> None:
        from multiprocessing import get_context

        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=over_pipe, args=(theirs, function, arguments, memory), daemon=True)
        self._process.start()
        theirs.close()

    def _send(self, message: bytes) -> None:
        try:
            self._pipe.send_bytes(message)
        except OSError:
            self.answer = ("failed", None)

    @staticmethod
    def move(children: Sequence[_Spawned], seconds: float) -> None:
        """Receive what can be; return when something happened or ``seconds`` have passed."""
        from multiprocessing.connection import wait as wait_for

        by_pipe = {child._pipe: child for child in children}
        for pipe in wait_for(list(by_pipe), seconds):
            child = by_pipe[pipe]  # type: ignore[index]
            try:
                child.answer = pickle.loads(child._pipe.recv_bytes())  # noqa: S301 our own child, our own work # nosec B301
            except (EOFError, OSError):
                child._process.join()
                child.answer = ("seconds" if child._process.exitcode == _SPENT else "failed", None)

    def stop(self) -> None:
        self._process.kill()
        self._process.join()
        self._pipe.close()


class _Here(Child):
    """No child at all, in the Python of a web page, which can start none: the page stops that Python itself."""

    def __init__(self, function: Callable[..., object], arguments: tuple[object, ...] | None) -> None:
        self._function, self._arguments = function, arguments

    def _send(self, message: bytes) -> None:
        self.answer = pickle.loads(answered(self._function, self._arguments, message))  # noqa: S301 our own answer # nosec B301

    def stop(self) -> None:
        """Nothing runs by itself."""


def _log() -> int:
    """Open where a child's words go: kept to learn how it ended, seen by nobody."""
    if hasattr(os, "memfd_create"):
        return os.memfd_create("child")
    import tempfile

    handle, name = tempfile.mkstemp()
    os.unlink(name)
    return handle
