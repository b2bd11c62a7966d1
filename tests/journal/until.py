"""Waiting for something to be true, and for no longer than it takes."""

import time
from collections.abc import Callable


def until(holds: Callable[[], bool], what: str, within_s: float = 60) -> None:
    """Ask again and again; fails with `what` when the time is up."""
    deadline = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < deadline, f"not within {within_s} s: {what}"
        time.sleep(0.02)
