"""Run functions on untrusted input in processes with limits of time and memory and, if need be, without a network.

:func:`run` is for one call, :func:`map_in_workers` for many; a server, which cannot block, uses :class:`Worker`.
"""

import atexit
import gc
import io
import math
import os
import pickle
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any, TypeVar, cast

from .errors import IntakeError

Item = TypeVar("Item")
Result = TypeVar("Result")
Function = Callable[..., object]

BROKEN = {"overdue", "killed", "failed"}  # the ends of a task that say nothing of what it was about
WALL = 12  # times its computing time that a task may take by the clock
_AHEAD = 4  # items read ahead and not yet yielded, per worker
_SERVED = 250  # items after which a worker is replaced, so that nothing a reader leaves behind adds up
_HEAD = 8  # bytes that say how long an answer is
_CHUNK = 1 << 20
_LONGEST = 10**6  # seconds, the most that is waited for at once
_SPENT = -signal.SIGPROF if hasattr(signal, "SIGPROF") else None  # the end of a worker whose computing time is over
_OUT_OF_MEMORY = (b"memory allocation of", b"MemoryError", b"out of memory")
_NEARLY = 0.75  # of the memory allowed: who crashes above it had a stack that could not grow, and ends without a word
_NEW_USER, _NEW_NETWORK, _SET_DEATH_SIGNAL = 0x10000000, 0x40000000, 1  # CLONE_NEWUSER, CLONE_NEWNET, PR_SET_PDEATHSIG


def missing_limits() -> str:
    """Return a sentence about the limits that this system cannot set, empty where it sets all."""
    if sys.platform == "linux":
        return ""
    clock = "" if hasattr(signal, "setitimer") else ", and time is counted by the clock"
    return f"This system sets no limit to the memory that reading a file takes{clock}. Limits of time and size hold."


class Worker:
    """A process that answers ``function(*arguments)`` per task, within ``memory`` bytes above what it begins with.

    Where the system cannot fork it is spawned: then ``function`` must pickle. It ends with the thread that started it.
    With ``untrusted`` it has no files of this process and, where the system allows it, no network, and its answers may
    hold only plain values, named tuples and exceptions of napgraph's.

    ``answer`` is None during a task, then a pair: ``done`` and the result, ``raised`` and the exception, or None with
    ``seconds`` (of computing), ``overdue`` (by the clock), ``memory``, ``nesting``, ``killed`` (from outside) or
    ``failed``. Without blocking: call :meth:`step` when ``connection`` can be read or, while ``sending``, written.
    """

    _all: "set[Worker]" = set()  # noqa: RUF012 of the class

    def __init__(self, function: Function, memory: int, *, untrusted: bool = False) -> None:
        from multiprocessing import get_context

        forks = hasattr(os, "fork")
        self.answer: tuple[str, Any] | None = None
        self.served, self.deadline = 0, 0.0
        self.connection, theirs = socket.socketpair()
        self._untrusted, self._outgoing, self._incoming = untrusted, memoryview(b""), io.BytesIO()
        # Pages of files are not in a fork before they are read again.
        self._memory, self._begin, self._peak = memory, _pages(1) - _pages(2), 0
        self._log = os.fdopen(os.memfd_create("log"), "w+b") if sys.platform == "linux" else tempfile.TemporaryFile()  # noqa: SIM115
        files = (self.connection.fileno(), self._log.fileno()) if forks else ()
        self._process = get_context("fork" if forks else "spawn").Process(  # type: ignore[attr-defined]
            target=_serve, args=(function, memory, theirs, files, os.getpid(), untrusted), daemon=True
        )
        self._process.start()
        self.pid: int = self._process.pid
        theirs.close()
        self.connection.setblocking(False)
        self._all.add(self)

    def ask(self, arguments: tuple[object, ...], seconds: float) -> None:
        """Begin a task that has ``seconds`` of computing time (not on Windows), ``WALL`` times that by the clock."""
        self.answer, self.served = None, self.served + 1
        self.deadline = time.monotonic() + WALL * seconds
        self._outgoing = memoryview(pickle.dumps((seconds, arguments), 5))
        with suppress(OSError):  # what cannot be sent now, and why, is seen by step
            self._send()

    @property
    def sending(self) -> bool:
        """Whether a part of the task is still here."""
        return len(self._outgoing) > 0

    def computed(self) -> float:
        """Return the seconds that the worker has computed since it was started; infinity where nobody tells."""
        with suppress(AttributeError, OSError):  # the clock of a process, as clock_getcpuclockid of Linux names it
            return time.clock_gettime(~self.pid << 3 | 2) if sys.platform == "linux" else math.inf
        return math.inf

    def step(self) -> None:
        """Send and receive what can be without waiting."""
        try:
            self._send()
            while self.answer is None and (chunk := self.connection.recv(_CHUNK)):
                self._incoming.write(chunk)
                if self._incoming.tell() >= _HEAD + int.from_bytes(self._incoming.getbuffer()[:_HEAD], "big"):
                    self._incoming.seek(_HEAD)
                    read = (_PlainUnpickler if self._untrusted else pickle.Unpickler)(self._incoming)  # nosec B301
                    self.answer, self._incoming = ("failed", None), io.BytesIO()
                    with suppress(Exception):  # what cannot be read is no answer
                        self.answer = read.load()
        except BlockingIOError:
            return
        except OSError:
            self._outgoing = memoryview(b"")
        self.answer = self.answer or (self._reason(), None)

    def _send(self) -> None:
        while self._outgoing:
            self._outgoing = self._outgoing[self.connection.send(self._outgoing[:_CHUNK]) :]

    def stop(self) -> None:
        """End the worker and all that it started, at once."""
        self._kill()
        self.connection.close()
        self._log.close()

    def _reason(self) -> str:
        """Return why the worker ended by itself: ``seconds``, ``memory``, ``killed`` or ``failed``."""
        self._kill()
        if self._process.exitcode == _SPENT:
            return "seconds"
        self._log.seek(max(0, self._log.seek(0, os.SEEK_END) - _CHUNK))
        written = self._log.read()
        crashed = self._process.exitcode in {-signal.SIGSEGV, -getattr(signal, "SIGBUS", 0)}
        if (crashed and self._peak > _NEARLY * self._memory) or any(sign in written for sign in _OUT_OF_MEMORY):
            return "memory"
        return "killed" if self._process.exitcode == -getattr(signal, "SIGKILL", math.inf) else "failed"

    def _kill(self) -> None:
        if self in self._all:
            self._all.remove(self)
            with suppress(AttributeError, OSError):  # where it is gone for good, its number may be another's by now
                os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
                os.killpg(self.pid, signal.SIGKILL)
            self._process.kill()  # by itself too: its group may not be there yet
            with suppress(AttributeError, ChildProcessError):
                _, status, usage = os.wait4(self.pid, 0)
                self._process._popen.returncode = os.waitstatus_to_exitcode(status)
                self._peak = usage.ru_maxrss * 1024 - self._begin if sys.platform == "linux" else 0
            self._process.join()  # never with a time: that watches a pipe which the worker may have closed


def wait(workers: Sequence[Worker]) -> None:
    """Wait until one of ``workers`` has answered, has ended, or is out of time and was stopped."""
    import selectors

    if not workers:
        return
    seconds = max(0.0, min(worker.deadline for worker in workers) - time.monotonic())
    with getattr(selectors, "PollSelector", selectors.SelectSelector)() as selector:
        for worker in workers:
            events = selectors.EVENT_READ | (selectors.EVENT_WRITE if worker.sending else 0)
            selector.register(worker.connection, events, worker)
        for key, _ in selector.select(min(seconds, _LONGEST)):
            key.data.step()
    for worker in workers:
        if worker.answer is None and time.monotonic() >= worker.deadline:
            worker.stop()
            worker.answer = ("overdue", None)


def run(
    function: Callable[..., Result], *arguments: object, seconds: float, memory: int, source: str = "input"
) -> Result:
    """Return what ``function(*arguments)`` returns, computed in a process of its own; raise what it raises.

    Raises IntakeError about ``source`` if it had to be stopped; its key is the reason, as in :class:`Worker`. Where
    processes can be forked, neither function nor arguments need to pickle.
    """
    if sys.platform == "emscripten":  # a web page, which can start no process, and can be closed
        answer = pickle.loads(_answered(function, arguments))  # noqa: S301 our own answer # nosec B301
    else:
        worker = Worker(partial(function, *arguments), memory)
        try:
            worker.ask((), seconds)
            while worker.answer is None:
                wait([worker])
        finally:
            worker.stop()
        answer = worker.answer
    if error := _error(*answer, seconds, memory, source):
        raise error
    return cast("Result", answer[1])


def map_in_workers(
    function: Callable[[Item], Result],
    items: Iterable[Item],
    *,
    jobs: int,
    seconds: float,
    memory: int,
    name: Callable[[Item], str] = str,
) -> Iterator[Result | Exception]:
    """Yield the result of ``function(item)`` of each item, or its exception, in input order.

    At most ``jobs`` workers answer, each item within ``seconds`` of computing and ``memory``; an item whose worker had
    to be stopped gets an IntakeError that names it by ``name(item)``. Only a few items and results are held at a time.
    """
    jobs, tasks, again, due = max(1, jobs), enumerate(items), list[tuple[int, Item]](), 0
    idle, busy = list[Worker](), dict[Worker, tuple[int, Item]]()
    done: dict[int, Result | Exception] = {}
    try:
        while True:
            while len(busy) < jobs and (again or len(done) + len(busy) < jobs * _AHEAD):
                task = again.pop() if again else next(tasks, None)
                if task is None:
                    break
                worker = idle.pop() if idle else Worker(function, memory)
                busy[worker] = task
                worker.ask((task[1],), seconds)
            if not busy:
                return
            wait([*busy])
            for worker in [worker for worker in busy if worker.answer is not None]:
                task, (kind, value) = busy.pop(worker), worker.answer or ("", None)
                if kind in {"done", "raised"} and worker.served < _SERVED:
                    idle.append(worker)
                else:
                    worker.stop()
                if kind in {"memory", "killed", "failed"} and worker.served > 1:  # an earlier item may be to blame
                    again.append(task)
                else:
                    done[task[0]] = _error(kind, value, seconds, memory, name(task[1])) or cast("Result", value)
            while due in done:
                yield done.pop(due)
                due += 1
    finally:
        for worker in (*idle, *busy):
            worker.stop()


_PROBLEMS = {
    "seconds": "this used more than {seconds:g} s of computing time and was stopped.",
    "overdue": "this was not done after {wall:g} s and was stopped, though it had computing time left.",
    "memory": "this needed more than {gigabytes:.2g} GB of memory and was stopped.",
    "nesting": "this is nested too deeply to be read.",
    "killed": "the process that read it was stopped from outside, by the system it may be, and nothing of it was "
    "taken.",
    "failed": "the reader failed on this file, and nothing of it was taken.",
}
_FIXES = {
    "seconds": "Send it in smaller parts, or allow more time with --limit seconds={more:g}.",
    "overdue": "Try again when this machine has less to do, or allow more time with --limit seconds={more:g}: nothing "
    "is said against the file.",
    "memory": "Send it in smaller parts, or allow more with --limit memory={megabytes}MB.",
    "nesting": "Write it with fewer brackets inside one another.",
    "killed": "Try again when more memory is free: nothing is said against the file.",
    "failed": "That is a fault of napgraph: please report it, with the file.",
}


def _error(kind: str, value: object, seconds: float, memory: int, source: str) -> Exception | None:
    """Return what to raise for an answer, None for a result."""
    if kind in {"done", "raised"}:
        return None if kind == "done" else cast("Exception", value)
    amounts = {"seconds": seconds, "wall": WALL * seconds, "more": 6 * seconds, "gigabytes": memory / 1000**3}
    amounts |= {"megabytes": max(1, memory // 1000**2) * 2}
    return IntakeError(source, _PROBLEMS[kind].format(**amounts), mend=_FIXES[kind].format(**amounts), key=kind)


class _PlainUnpickler(pickle.Unpickler):
    """Reads an answer of an untrusted worker, so that one that was taken over calls nothing here."""

    def find_class(self, module: str, name: str) -> object:
        """Return a class that an answer may be of; raises UnpicklingError for anything else."""
        if module.partition(".")[0] in {"napgraph", "builtins"}:
            found = super().find_class(module, name)
            if isinstance(found, type) and issubclass(found, (tuple, BaseException)):
                return found
        raise pickle.UnpicklingError(f"{module}.{name}")


# In the worker


def _serve(
    function: Function, memory: int, connection: socket.socket, files: tuple[int, ...], parent: int, untrusted: bool
) -> None:
    """Answer tasks until there are no more; the end of its computing time ends the process, whatever it is doing."""
    if files:
        from multiprocessing import current_process

        current_process().daemon = False  # it may have workers of its own
        os.setsid()
        os.close(files[0])
        os.dup2(files[1], 1)
        os.dup2(files[1], 2)
        if (faults := sys.modules.get("faulthandler")) is not None:
            faults.disable()
        if untrusted:
            drop_privileges(connection.fileno())
        die_with_parent(parent)
    gc.freeze()  # what is shared with the parent need not be looked through again and again, nor its pages copied
    limit_memory(memory)
    if hasattr(signal, "SIGPROF"):
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGPROF})
    clock = partial(signal.setitimer, signal.ITIMER_PROF) if hasattr(signal, "setitimer") else lambda _: None
    file = connection.makefile("rwb")
    while True:
        try:
            seconds, arguments = pickle.load(file)  # noqa: S301 from the parent # nosec B301
        except EOFError:
            return
        clock(seconds)
        answer = _answered(function, arguments)
        clock(0)
        file.write(len(answer).to_bytes(_HEAD, "big"))
        file.write(answer)
        file.flush()


def _answered(function: Function, arguments: tuple[object, ...]) -> bytes:
    """Return the pickled answer; an exception or result that does not pickle becomes a RuntimeError."""
    try:
        return pickle.dumps(("done", function(*arguments)), 5)
    except (MemoryError, RecursionError) as error:
        return pickle.dumps(("memory" if isinstance(error, MemoryError) else "nesting", None))
    except Exception as error:  # noqa: BLE001 the parent raises it
        with suppress(Exception):
            answer = pickle.dumps(("raised", error), 5)
            pickle.loads(answer)  # noqa: S301 our own: an exception may pickle and not come back # nosec B301
            return answer
        return pickle.dumps(("raised", RuntimeError(f"{type(error).__name__}: {error}")), 5)


def drop_privileges(keep: int) -> None:
    """Close every file but ``keep`` and the output; empty the input; reset signals; leave the network."""
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGUSR1, signal.SIGUSR2, signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        is_own = number in {signal.SIGUSR1, signal.SIGUSR2}  # the others, sent to all, are the parent's affair
        signal.signal(number, signal.SIG_DFL if is_own else signal.SIG_IGN)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)  # a number that a process of its own must not get for its socket
    try:
        most = max(map(int, os.listdir("/proc/self/fd"))) + 1
    except (OSError, ValueError):
        most = os.sysconf("SC_OPEN_MAX")
    os.closerange(3, keep)
    os.closerange(keep + 1, most)
    leave_network()


def leave_network() -> bool:
    """Move this process of one thread into a network that leads nowhere; return whether the system does so."""
    return any(_called("unshare", how) for how in (_NEW_USER | _NEW_NETWORK, _NEW_NETWORK))


def die_with_parent(parent: int) -> None:
    """Have the system end this process with its parent, where it can."""
    if _called("prctl", _SET_DEATH_SIGNAL, signal.SIGKILL) and os.getppid() != parent:
        os._exit(1)


def _called(function: str, *arguments: int) -> bool:
    """Call a function of Linux; return whether it did what it should."""
    with suppress(ImportError, OSError, AttributeError):
        import ctypes

        return sys.platform == "linux" and bool(getattr(ctypes.CDLL(None), function)(*arguments) == 0)
    return False


def _pages(column: int) -> int:
    """Return the bytes of this process's address space (0), in memory (1), of files there (2); 0 where nobody tells."""
    with suppress(OSError), open("/proc/self/statm", "rb") as file:
        return int(file.read().split()[column]) * os.sysconf("SC_PAGE_SIZE")
    return 0


def limit_memory(memory: int) -> None:
    """Limit the memory of this process above what it has, where the system can; write no core file."""
    with suppress(ImportError):
        import resource

        memory += _pages(0)  # elsewhere the limit counts from zero
        for what, amount in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_AS, memory)):
            _, most = resource.getrlimit(what)
            bound = amount if most == resource.RLIM_INFINITY else min(amount, most)
            with suppress(OSError, ValueError):
                resource.setrlimit(what, (bound, bound))


@contextmanager
def no_new_files() -> Iterator[None]:
    """While this lasts, the process can open neither file nor socket. For systems that can fork."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


if sys.platform != "emscripten":
    import multiprocessing.util  # noqa: F401 its handler waits for workers at exit: registered earlier, it is called later

    @atexit.register
    def _stop_all() -> None:
        for worker in [*Worker._all]:
            worker.stop()
