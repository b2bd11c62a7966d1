"""Whether this process can answer: what is asked at /health/ready, and what happens when it is told to stop."""

import asyncio
import signal
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_PATIENCE = 5.0  # seconds
Check = Callable[[], Awaitable[str | None]]


class Readiness:
    """Checks by name. A check returns None, or a sentence that says what is wrong and holds no value of a request."""

    def __init__(self) -> None:
        self._checks: dict[str, Check] = {}
        self.draining = False
        self.add("stopping", self._stopping)

    def add(self, name: str, check: Check) -> None:
        """Ask this too, at each look."""
        self._checks[name] = check

    async def reasons(self) -> dict[str, str]:
        """Why the process is not ready, by name of the check; empty if it is. A check that hangs has failed."""
        return {name: reason for name, check in self._checks.items() if (reason := await _asked(check))}

    async def _stopping(self) -> str | None:
        return "Wane was told to stop. Send new work elsewhere." if self.draining else None


async def _asked(check: Check) -> str | None:
    try:
        return await asyncio.wait_for(check(), _PATIENCE)
    except TimeoutError:
        return f"It was not known within {_PATIENCE:.0f} s."


@contextmanager
def drained_on_sigterm(readiness: Readiness, seconds: float) -> Iterator[None]:
    """On SIGTERM fail readiness at once, and let the server stop `seconds` later; a second SIGTERM does not wait.

    Stopping is the server's: it takes no new connections then, and answers what it has in hand. Nothing happens outside
    the main thread, where no signal can be listened for.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    stop = signal.getsignal(signal.SIGTERM)

    def drain(number: int, frame: FrameType | None) -> None:
        if readiness.draining or not callable(stop):
            _restore(stop)
            signal.raise_signal(number)
            return
        readiness.draining = True
        loop.call_soon_threadsafe(loop.call_later, seconds, stop, number, frame)

    signal.signal(signal.SIGTERM, drain)
    try:
        yield
    finally:
        readiness.draining = True
        _restore(stop)


def _restore(handler: object) -> None:
    if callable(handler) or isinstance(handler, signal.Handlers):
        signal.signal(signal.SIGTERM, handler)
