"""How much one process has in hand: requests, bytes that have arrived, and large requests."""

import asyncio

from app.errors import Issue, Overloaded

LARGE = 256 * 1024  # bytes; such a body is parsed and judged in a thread, so that the others are not kept waiting
_LARGE_AT_ONCE = 2
_BODIES_AT_ONCE = 4  # as many bodies of the largest size may be in memory before new ones are refused
_LEAST_MEMORY = 64 * 1024 * 1024


class Load:
    """Counts what is in hand, and refuses at once what would be too much."""

    def __init__(self, at_once: int, max_body_bytes: int) -> None:
        self._at_once = at_once
        self._most_bytes = max(_BODIES_AT_ONCE * max_body_bytes, _LEAST_MEMORY)
        self._turn_is_over = True
        self.in_hand = 0
        self.bytes = 0
        self.large = asyncio.Semaphore(_LARGE_AT_ONCE)

    async def turn(self) -> None:
        """Let a queue be seen. Judging a small request waits for nothing, so that a queue would never show in what is
        in hand: whoever is not the first in a turn of the event loop waits until all that came in it have a place."""
        if self._turn_is_over:
            self._turn_is_over = False
            asyncio.get_running_loop().call_soon(self._end_turn)
        else:
            await asyncio.sleep(0)

    def _end_turn(self) -> None:
        self._turn_is_over = True

    def take(self) -> None:
        """One request more in hand. Raises Overloaded (503)."""
        if self.in_hand >= self._at_once:
            raise overloaded()
        self.in_hand += 1

    def leave(self) -> None:
        """One request less."""
        self.in_hand -= 1

    def received(self, size: int) -> None:
        """Count bytes of a body; below zero when they are let go. Raises Overloaded (503)."""
        self.bytes += size
        if size > 0 and self.bytes > self._most_bytes:
            raise overloaded()


def overloaded() -> Overloaded:
    """The fault itself."""
    return Overloaded(Issue("throttled", "Wane has too much in hand to judge this now. Send it again in a second."))
