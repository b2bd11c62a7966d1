"""Calls that are answered together are recorded together.

A commit costs the same for one record as for eight. So what one turn of the event loop answers is handed over when the
loop has nothing more to answer, or after a few milliseconds: a service with one caller waits for nobody.
"""

import asyncio
from collections.abc import Callable
from time import monotonic

from app.journal.ticket import Ticket

LONGEST_S = 0.008  # that a record waits for others
_QUIET_TURNS = 2  # of the loop: reading a request takes one, answering it the next


class Gathering:
    """What is gathered on one event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop, hand_over: Callable[[list[Ticket]], None]) -> None:
        self.loop = loop
        self._hand_over = hand_over
        self._tickets: list[Ticket] = []
        self._until = 0.0

    def add(self, ticket: Ticket) -> None:
        """Hand it over soon."""
        self._tickets.append(ticket)
        if len(self._tickets) == 1:
            self._until = monotonic() + LONGEST_S
            self.loop.call_soon(self._turn, 1, _QUIET_TURNS)

    def _turn(self, before: int, quiet: int) -> None:
        now = len(self._tickets)
        quiet = quiet - 1 if now == before else _QUIET_TURNS
        if quiet and monotonic() < self._until:
            self.loop.call_soon(self._turn, now, quiet)
            return
        tickets, self._tickets = self._tickets, []
        self._hand_over(tickets)
