"""Calls that are answered together are recorded together.

A commit costs nearly the same for one record as for eight. So what the event loop answers in one go is handed over when
it has nothing more to answer. Where several came together the last time, the rest of as many are waited for, but no
longer than a few milliseconds: with one caller nobody waits.

Their records are made together too, one right after the other: made one by one, each would find the processor's caches
full of the call it is of.
"""

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import Generic, TypeVar

T = TypeVar("T")

LONGEST_S = 0.1  # that a record waits for others while the loop is busy: eight calls of 60 KB on a slow machine
PAUSE_S = 0.002  # that it waits for as many as the last time
_QUIET_TURNS = 2  # of the loop: reading a request takes one, answering it the next


class Gathering(Generic[T]):
    """What is gathered on one event loop, and then handed over there."""

    def __init__(self, loop: asyncio.AbstractEventLoop, hand_over: Callable[[list[T]], None]) -> None:
        self.loop = loop
        self._hand_over = hand_over
        self._waiting: list[T] = []
        self._expected = 1
        self._until = 0.0

    def add(self, one: T) -> None:
        """Hand it over soon."""
        self._waiting.append(one)
        if len(self._waiting) == 1:
            self._until = monotonic() + LONGEST_S
            self.loop.call_soon(self._turn, 1, _QUIET_TURNS)

    def _turn(self, before: int, quiet: int) -> None:
        now = len(self._waiting)
        quiet = quiet - 1 if now == before else _QUIET_TURNS
        if monotonic() >= self._until:
            self._finish()
        elif quiet > 0:
            self.loop.call_soon(self._turn, now, quiet)
        elif quiet == 0 and now < self._expected:
            self.loop.call_later(PAUSE_S, self._turn, now, 0)
        else:
            self._finish()

    def _finish(self) -> None:
        waiting, self._waiting = self._waiting, []
        self._expected = len(waiting)
        self._hand_over(waiting)
