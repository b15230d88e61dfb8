"""Work shared with helpers: child processes that have all that this one has, and take up what is left to be done."""

from __future__ import annotations

import mmap
import os
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from ..errors import OutputError
from ..sandbox import Worker, wait

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

__all__ = ["together"]

Item = TypeVar("Item")
Result = TypeVar("Result")

_SECONDS, _MEMORY = 7 * 86400.0, 1 << 40  # no bound that is met: what is done here is no stranger's work
_NUMBER = 4  # bytes of the number of a piece in the pipe
_MOST = 65536 // _NUMBER  # numbers that a pipe holds


def together(
    function: Callable[[int, Item, Callable[[], None]], Result],
    items: Sequence[Item],
    helpers: int,
    seen: Callable[[int], object] | None = None,
) -> list[Result]:
    """Return what ``function`` makes of the number of each item, the item, and what it calls to count its work.

    The first item is done here, the others here or by a helper, each as soon as one is free, so the results are in no
    order. Helpers are forked: they do not see what others change after that, and what needs the threads of this process
    must be done here. ``seen`` is told now and then how much has been counted in all. Raises what ``function`` raises,
    wherever that is.
    """
    helpers = min(helpers, len(items) - 1, _MOST) if hasattr(os, "fork") and len(items) <= _MOST else 0
    counts = _Counts(max(helpers, 0) + 1, seen)
    if helpers < 1:
        return [function(number, item, counts.counter(0)) for number, item in enumerate(items)]
    left, given = os.pipe()
    os.write(given, b"".join(number.to_bytes(_NUMBER, "big") for number in range(1, len(items))))
    os.close(given)

    def rest(place: int) -> list[Result]:
        return [function(number, items[number], counts.counter(place)) for number in _taken(left)]

    children: list[Worker] = []
    try:
        for place in range(1, helpers + 1):
            children.append(Worker(partial(rest, place), _MEMORY))
            children[-1].ask((), _SECONDS)
        made = [function(0, items[0], counts.counter(0)), *rest(0)]
        for child in children:
            while child.answer is None:
                wait([child])
            made += _answer(child)
    finally:
        os.close(left)
        for child in children:
            child.stop()
    return made


def _taken(left: int) -> Iterator[int]:
    """Yield the numbers of the pieces that nobody has taken up yet, each taken when it is asked for."""
    while number := os.read(left, _NUMBER):
        yield int.from_bytes(number, "big")


def _answer(child: Worker) -> Any:
    kind, value = child.answer or ("failed", None)
    if isinstance(value, Exception):
        raise value
    if kind != "done":
        raise OutputError(
            "A process that made a part of the site was stopped, perhaps for want of memory. The site is as it was."
        )
    return value


class _Counts:
    """How much each process has done, in memory that all of them see."""

    def __init__(self, number: int, seen: Callable[[int], object] | None) -> None:
        self._numbers = memoryview(mmap.mmap(-1, 8 * number)).cast("Q")
        self._seen = seen

    def counter(self, place: int) -> Callable[[], None]:
        """Return what the process at ``place`` calls whenever it has done something."""

        def count() -> None:
            self._numbers[place] += 1
            if place == 0 and self._seen is not None:
                self._seen(sum(self._numbers))

        return count
