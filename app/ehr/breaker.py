"""A circuit breaker: what fails at a FHIR server is left alone for a while, so that no answer waits for it in vain."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from time import monotonic

TRIES = 5  # calls in a row that failed
REST_S = 10.0  # what failed is left alone for so long; then one call tries
LONGEST_REST_S = 60.0  # whatever the server itself asks for


class Breaker:
    """Ask `allows` before a call, and tell `succeeded` or `failed` after it."""

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

    def failed(self) -> None:
        """It did not."""
        self._failures += 1
        if self._failures >= TRIES:
            self._until = self._clock() + REST_S

    def rest(self, seconds: float) -> None:
        """It said for how long it wants to be left alone."""
        self._until = max(self._until, self._clock() + min(seconds, LONGEST_REST_S))


class Breakers:
    """Those of one server: one for the whole of it, and one for each list. A server that has one kind of resource not at
    all, or in a slow place, still answers for the others."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._whole = Breaker(clock)
        self._lists: dict[str, Breaker] = defaultdict(lambda: Breaker(clock))

    def allowed(self, lists: Iterable[str]) -> list[str]:
        """Those that may be asked for now."""
        return [name for name in lists if self._lists[name].allows()] if self._whole.allows() else []

    def tell(self, failed: Mapping[str, bool], rest_s: float | None = None) -> None:
        """Whether each list that was asked for failed, and the rest the server asked for, in seconds."""
        for name, one in failed.items():
            breaker = self._lists[name]
            breaker.failed() if one else breaker.succeeded()
        self._whole.failed() if all(failed.values()) else self._whole.succeeded()
        if rest_s:
            self._whole.rest(rest_s)
