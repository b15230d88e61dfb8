"""Whose turn it is to have a process: clients take turns, whatever number of questions each of them has waiting.

One client has at most ``places`` at a time. There is one place more in all, so that a client finds one at once while
another has all that it may have. Who waits too long is refused, and told when to come again.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque

from .http import Refusal

_FULL = "Too many questions are waiting. Try again in some seconds."


class Turns:
    """The places of a pool, and who waits for one: at most ``most`` in all, each at most ``seconds``, in one loop."""

    def __init__(self, places: int, most: int, seconds: float | None) -> None:
        self._places, self._most, self._seconds = places, most, seconds
        self.taken = self.waiting = 0
        self._held: Counter[str] = Counter()
        self._queue: dict[str, deque[asyncio.Future[None]]] = {}  # by client; whose turn is next comes first

    async def enter(self, who: str) -> None:
        """Wait for a place, to be given back by :meth:`leave`; raises Refusal (503)."""
        if self._has_place(who):
            self._take(who)
            return
        if self.waiting >= self._most:
            self._make_room(who)
        loop = asyncio.get_running_loop()
        place: asyncio.Future[None] = loop.create_future()
        self._queue.setdefault(who, deque()).append(place)
        self.waiting += 1
        clock = None if self._seconds is None else loop.call_later(self._seconds, self._late, who, place)
        try:
            await place
        except asyncio.CancelledError:
            if place.cancelled() or not place.done():
                self._remove(who, place)
            elif place.exception() is None:  # its turn came in this moment
                self.leave(who)
            raise
        finally:
            if clock is not None:
                clock.cancel()

    def leave(self, who: str) -> None:
        """Give a place back, to whose turn it is."""
        self.taken -= 1
        self._held[who] -= 1
        if not self._held[who]:
            del self._held[who]
        if self._queue:
            self._pass_on()

    def _has_place(self, who: str) -> bool:
        return self.taken <= self._places and self._held.get(who, 0) < self._places

    def _take(self, who: str) -> None:
        self.taken += 1
        self._held[who] += 1

    def _pass_on(self) -> None:
        for who in [*self._queue]:
            while self._has_place(who) and who in self._queue:
                place = self._queue[who][0]
                self._remove(who, place)
                if not place.done():  # else it is going away in this moment
                    self._take(who)
                    if who in self._queue:  # its next turn comes after those of the others
                        self._queue[who] = self._queue.pop(who)
                    place.set_result(None)
                    return

    def _make_room(self, who: str) -> None:
        """Refuse the latest of whoever has most waiting: that may be the one who comes."""
        largest = max(self._queue, key=lambda each: len(self._queue[each]), default=who)
        if len(self._queue.get(largest, ())) <= len(self._queue.get(who, ())) + 1:
            raise Refusal.later(_FULL)
        self._refuse(largest, self._queue[largest][-1], Refusal.later(_FULL))

    def _late(self, who: str, place: asyncio.Future[None]) -> None:
        words = f"So many questions are waiting that the turn of this one did not come within {self._seconds:g} s."
        self._refuse(who, place, Refusal.later(f"{words} Try again in half a minute.", 30))

    def _refuse(self, who: str, place: asyncio.Future[None], error: Refusal) -> None:
        if not place.done():
            self._remove(who, place)
            place.set_exception(error)

    def _remove(self, who: str, place: asyncio.Future[None]) -> None:
        waiting = self._queue.get(who)
        if waiting is not None and place in waiting:
            waiting.remove(place)
            self.waiting -= 1
            if not waiting:
                del self._queue[who]
