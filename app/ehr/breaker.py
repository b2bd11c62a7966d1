"""A circuit breaker: a FHIR server that fails is left alone for a while, so that no answer waits for it in vain."""

from collections.abc import Callable
from time import monotonic

TRIES = 5  # calls in a row that failed
REST_S = 10.0  # the server is left alone for so long; then one call tries
LONGEST_REST_S = 60.0  # whatever the server itself asks for


class Breaker:
    """One server's. Ask `allows` before a call, and tell `succeeded` or `failed` after it."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._failures = 0
        self._until = 0.0

    def allows(self) -> bool:
        """Whether to call now. After a rest the first that asks may try, and the others wait for how it goes."""
        now = self._clock()
        if self._failures < TRIES:
            return now >= self._until
        if now < self._until:
            return False
        self._until = now + REST_S
        return True

    def succeeded(self) -> None:
        """It answered."""
        self._failures, self._until = 0, 0.0

    def failed(self, rest_s: float | None = None) -> None:
        """It did not, or said that it is overloaded; `rest_s` is the rest it asked for, in seconds."""
        self._failures += 1
        if self._failures >= TRIES:
            self._until = self._clock() + REST_S
        if rest_s:
            self._until = max(self._until, self._clock() + min(rest_s, LONGEST_REST_S))
