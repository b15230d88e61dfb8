"""A child process that answers messages, with a limit of memory and a clock: forked, or spawned where that is missing.

The parent asks, waits with :func:`wait`, and takes the answer, or learns how the child ended. What is asked and
answered is :mod:`.limited`'s affair.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from multiprocessing.connection import Connection
    from typing import Any

__all__ = ["Child", "start", "wait"]

_HEAD = 8  # bytes that say how long a message is
_CHUNK = 1 << 20
_OUT_OF_MEMORY = (b"memory allocation of", b"MemoryError", b"out of memory")


def start(function: Callable[..., object], arguments: tuple[object, ...] | None, memory: int) -> Child:
    """Start a child that answers each message with ``function(*arguments)``, or of the message if they are None."""
    if sys.platform == "emscripten":
        return _Here(function, arguments)
    kind = _Forked if hasattr(os, "fork") else _Spawned
    return kind(function, arguments, memory)


class Child:
    """What both kinds have in common: the question it is at, its clock, and how it ended.

    ``answer`` is None while the child works, then a pair: ``done`` and the result, ``raised`` and the exception, or
    ``seconds``, ``memory``, ``nesting`` or ``failed`` and None.
    """

    answer: tuple[str, Any] | None = None
    served = 0
    deadline = 0.0

    def ask(self, message: bytes, seconds: float) -> None:
        """Send a message; the clock starts."""
        self.answer = None
        self.served += 1
        self.deadline = time.monotonic() + seconds
        self._send(message)

    def stop(self) -> None:
        """End the child and all that it started, at once."""
        raise NotImplementedError

    def _send(self, message: bytes) -> None:
        raise NotImplementedError

    def expire(self) -> None:
        """Stop the child if it is still at work after its time."""
        if self.answer is None and time.monotonic() >= self.deadline:
            self.stop()
            self.answer = ("seconds", None)


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

    def __init__(self, function: Callable[..., object], arguments: tuple[object, ...] | None, memory: int) -> None:
        requests, self._requests = os.pipe()
        self._answers, answers = os.pipe()
        self._log = _log()
        self._outgoing, self._incoming = b"", bytearray()
        parent = os.getpid()
        self._pid = os.fork()
        if self._pid == 0:
            try:
                os.setsid()
                os.close(self._requests)
                os.close(self._answers)
                os.dup2(self._log, 1)
                os.dup2(self._log, 2)
                _quiet()
                _die_with(parent)
                _restrain(memory)
                _serve(function, arguments, requests, answers)
            finally:
                os._exit(1)
        os.close(requests)
        os.close(answers)
        os.set_blocking(self._requests, False)
        os.set_blocking(self._answers, False)

    def _send(self, message: bytes) -> None:
        self._outgoing = len(message).to_bytes(_HEAD, "big") + message
        self._push()

    def _push(self) -> None:
        try:
            while self._outgoing:
                self._outgoing = self._outgoing[os.write(self._requests, self._outgoing[:_CHUNK]) :]
        except BlockingIOError:
            pass
        except BrokenPipeError:
            self._outgoing = b""  # it has died: reading will tell

    def _pull(self) -> None:
        try:
            while chunk := os.read(self._answers, _CHUNK):
                self._incoming += chunk
                length = int.from_bytes(self._incoming[:_HEAD], "big")
                if len(self._incoming) >= _HEAD + length:
                    self.answer = pickle.loads(memoryview(self._incoming)[_HEAD:])  # noqa: S301
                    self._incoming = bytearray()
                    return
        except BlockingIOError:
            return
        self.answer = (self._end(), None)

    def _end(self) -> str:
        """Return why the child ended by itself: ``memory`` or ``failed``."""
        words = os.pread(self._log, 4096, max(0, os.fstat(self._log).st_size - 4096))
        starved = any(sign in words for sign in _OUT_OF_MEMORY) or self.stop() == -signal.SIGKILL
        return "memory" if starved else "failed"

    @staticmethod
    def move(children: Sequence[_Forked], seconds: float) -> None:
        """Send and receive what can be; return when something happened or ``seconds`` have passed."""
        import select

        poll = select.poll()
        by_file = {}
        for child in children:
            by_file[child._answers] = child
            poll.register(child._answers, select.POLLIN)
            if child._outgoing:
                by_file[child._requests] = child
                poll.register(child._requests, select.POLLOUT)
        for file, _ in poll.poll(seconds * 1000):
            child = by_file[file]
            if file == child._answers:
                child._pull()
            else:
                child._push()

    def stop(self) -> int | None:  # type: ignore[override]
        if not self._pid:
            return None
        for kill in (os.killpg, os.kill):  # by itself too: its group may not be there yet
            try:
                kill(self._pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                continue
        try:
            _, status = os.waitpid(self._pid, 0)
        except ChildProcessError:
            status = 0  # the program that we are part of lets the system take up its children
        self._pid = 0
        for file in (self._requests, self._answers, self._log):
            os.close(file)
        return os.waitstatus_to_exitcode(status)


class _Spawned(Child):
    """A child in a new interpreter: function and arguments must pickle."""

    def __init__(self, function: Callable[..., object], arguments: tuple[object, ...] | None, memory: int) -> None:
        from multiprocessing import get_context

        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_spawned, args=(theirs, function, arguments, memory), daemon=True)
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
                child.answer = pickle.loads(child._pipe.recv_bytes())  # noqa: S301
            except (EOFError, OSError):
                child.answer = ("failed", None)

    def stop(self) -> None:
        self._process.kill()
        self._process.join()
        self._pipe.close()


class _Here(Child):
    """No child at all, in the Python of a web page, which can start none: the page stops that Python itself."""

    def __init__(self, function: Callable[..., object], arguments: tuple[object, ...] | None) -> None:
        self._function, self._arguments = function, arguments

    def _send(self, message: bytes) -> None:
        self.answer = pickle.loads(_answer(self._function, self._arguments, message))  # noqa: S301

    def stop(self) -> None:
        """Nothing runs by itself."""


def _spawned(pipe: Connection, function: Callable[..., object], arguments: tuple[object, ...], memory: int) -> None:
    _restrain(memory)
    while True:
        try:
            message = pipe.recv_bytes()
        except EOFError:
            return
        pipe.send_bytes(_answer(function, arguments, message))


def _serve(function: Callable[..., object], arguments: tuple[object, ...] | None, requests: int, answers: int) -> None:
    """Answer messages until there are no more."""
    while head := _take(requests, _HEAD):
        answer = _answer(function, arguments, _take(requests, int.from_bytes(head, "big")))
        left = memoryview(len(answer).to_bytes(_HEAD, "big") + answer)
        while left:
            left = left[os.write(answers, left) :]


def _take(file: int, length: int) -> bytes:
    taken = bytearray()
    while len(taken) < length and (chunk := os.read(file, length - len(taken))):
        taken += chunk
    return bytes(taken)


def _answer(function: Callable[..., object], arguments: tuple[object, ...] | None, message: bytes) -> bytes:
    """Return the pickled answer; an exception or result that cannot be pickled is told as a RuntimeError."""
    try:
        given = (pickle.loads(message),) if arguments is None else arguments  # noqa: S301
        return pickle.dumps(("done", function(*given)), 5)
    except MemoryError:
        return pickle.dumps(("memory", None))
    except RecursionError:
        return pickle.dumps(("nesting", None))
    except Exception as error:  # noqa: BLE001 the parent raises it
        try:
            answer = pickle.dumps(("raised", error), 5)
            pickle.loads(answer)  # noqa: S301 an exception may pickle and not come back
        except Exception:  # noqa: BLE001
            return pickle.dumps(("raised", RuntimeError(f"{type(error).__name__}: {error}")), 5)
        return answer


def _log() -> int:
    """Open where a child's words go: kept to learn how it ended, seen by nobody."""
    if hasattr(os, "memfd_create"):
        return os.memfd_create("child")
    import tempfile

    handle, name = tempfile.mkstemp()
    os.unlink(name)
    return handle


def _quiet() -> None:
    """Let a crash end this process without a traceback of Python: the parent says what happened."""
    faults = sys.modules.get("faulthandler")
    if faults is not None:
        faults.disable()


def _die_with(parent: int) -> None:
    """Ask the system to end this process with its parent, where it can do so."""
    if sys.platform != "linux":
        return
    try:
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    except (ImportError, OSError, AttributeError):
        return
    if os.getppid() != parent:
        os._exit(1)


def _restrain(memory: int) -> None:
    """Bound the memory that this process may take above what it has, where the system can do so; write no core."""
    try:
        import resource
    except ImportError:
        return
    try:
        with open("/proc/self/statm", "rb") as file:
            memory += int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        pass  # not Linux: the limit then counts from zero
    for what, amount in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_AS, memory)):
        _, most = resource.getrlimit(what)
        bound = amount if most == resource.RLIM_INFINITY else min(amount, most)
        try:
            resource.setrlimit(what, (bound, bound))
        except (OSError, ValueError):
            continue
