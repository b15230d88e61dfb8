"""Run a function in a child process that can be stopped: when it takes too long, needs too much memory, or dies.

A reader written in another language can abort, and no ``except`` catches that; nor can a running query be broken off.
So whatever strangers send is read in a child: :func:`run` for one call, :class:`Pool` for many. A child has a bound
of memory above what it began with and one of computing time, and it goes when its parent's thread goes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar, cast

from ..errors import IntakeError
from .child import WALL, Child, start, wait

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["Pool", "run"]

Item = TypeVar("Item")
Result = TypeVar("Result")

_AHEAD = 4  # items taken up and not yet handed out, per worker
_SERVED = 250  # items after which a worker is replaced, so that nothing a reader leaves behind adds up


def run(
    function: Callable[..., Result], *arguments: object, seconds: float, memory: int, source: str = "input"
) -> Result:
    """Return what ``function(*arguments)`` returns, computed in a child; raise what it raises.

    Raises IntakeError about ``source`` with the key ``seconds`` (of computing), ``memory`` or ``nesting`` if the child
    had to be stopped; ``overdue`` (by the clock), ``killed`` or ``failed`` by no fault of the source that is known.
    Where processes can be forked, neither function nor arguments need to pickle.
    """
    child = start(function, arguments, memory)
    try:
        child.ask(b"", seconds)
        while child.answer is None:
            wait([child])
    finally:
        child.stop()
    if child.answer[0] == "done":
        return cast("Result", child.answer[1])
    raise _error(child, seconds, memory, source)


class Pool(Generic[Item, Result]):
    """Workers that answer ``function(item)`` for many items, each within ``seconds`` of computing and ``memory``.

    Workers are reused; one that has to be stopped or dies is replaced, and its item gets an IntakeError that names it
    by ``name(item)``. Use it in a ``with`` statement.
    """

    def __init__(
        self,
        jobs: int,
        function: Callable[[Item], Result],
        *,
        seconds: float,
        memory: int,
        name: Callable[[Item], str] = str,
    ) -> None:
        self._jobs, self._function = max(1, jobs), function
        self._seconds, self._memory, self._name = seconds, memory, name
        self._workers: list[Child] = []

    def __enter__(self) -> Pool[Item, Result]:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop every worker, whatever it is doing."""
        while self._workers:
            self._workers.pop().stop()

    def map(self, items: Iterable[Item]) -> Iterator[Result | Exception]:
        """Yield for each item, in their order, the result, or the error that it ended in (not raised).

        Only a few items and results are held at a time, however many there are.
        """
        self.close()
        tasks = enumerate(items)
        doing: dict[Child, tuple[int, Item]] = {}
        again: list[tuple[int, Item]] = []
        done: dict[int, Result | Exception] = {}
        due, more = 0, True
        while more or doing or again:
            while len(doing) < self._jobs and (again or (more and len(done) + len(doing) < self._jobs * _AHEAD)):
                task = again.pop() if again else next(tasks, None)
                if task is None:
                    more = False
                    break
                doing[self._ask(doing, task[1])] = task
            wait(list(doing))
            for worker in [worker for worker in doing if worker.answer is not None]:
                index, item = doing.pop(worker)
                result = self._take(worker, item)
                if result is None:
                    again.append((index, item))
                else:
                    done[index] = result[0]
            while due in done:
                yield done.pop(due)
                due += 1

    def _ask(self, doing: dict[Child, tuple[int, Item]], item: Item) -> Child:
        import pickle

        idle = [worker for worker in self._workers if worker not in doing]
        worker = idle[0] if idle else start(self._function, None, self._memory)
        if not idle:
            self._workers.append(worker)
        worker.ask(pickle.dumps(item, 5), self._seconds)
        return worker

    def _take(self, worker: Child, item: Item) -> tuple[Result | Exception] | None:
        """Return what became of an item; None if it must be tried again, because an earlier item may be to blame."""
        assert worker.answer is not None  # noqa: S101
        kind = worker.answer[0]
        if kind not in {"done", "raised"} or worker.served >= _SERVED:
            self._workers.remove(worker)
            worker.stop()
        if kind in {"memory", "killed", "failed"} and worker.served > 1:
            return None
        if kind == "done":
            return (cast("Result", worker.answer[1]),)
        return (_error(worker, self._seconds, self._memory, self._name(item)),)


def _error(child: Child, seconds: float, memory: int, source: str) -> Exception:
    assert child.answer is not None  # noqa: S101
    kind, value = child.answer
    if kind == "raised":
        return cast("Exception", value)
    problem, mend = {
        "seconds": (
            f"this used more than {seconds:g} s of computing time and was stopped.",
            f"Send it in smaller parts, or allow more time with --limit seconds={6 * seconds:g}.",
        ),
        "overdue": (
            f"this was not done after {WALL * seconds:g} s and was stopped, though it had computing time left.",
            "Try again when this machine has less to do, or allow more time with "
            f"--limit seconds={6 * seconds:g}: nothing is said against the file.",
        ),
        "memory": (
            f"this needed more than {memory / 1000**3:.2g} GB of memory and was stopped.",
            f"Send it in smaller parts, or allow more with --limit memory={max(1, memory // 1000**2) * 2}MB.",
        ),
        "nesting": ("this is nested too deeply to be read.", "Write it with fewer brackets inside one another."),
        "killed": (
            "the process that read it was stopped from outside, by the system it may be, and nothing of it was taken.",
            "Try again when more memory is free: nothing is said against the file.",
        ),
        "failed": (
            "the reader failed on this file, and nothing of it was taken.",
            "That is a fault of napgraph: please report it, with the file.",
        ),
    }[kind]
    return IntakeError(source, problem, mend=mend, key=kind)
