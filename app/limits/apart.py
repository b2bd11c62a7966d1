"""What a large body asks for is computed in a thread, so that every other caller, and whoever checks Wane's health, is
answered meanwhile."""

import asyncio
from collections.abc import Callable
from contextvars import ContextVar
from typing import TypeVar

T = TypeVar("T")
_large: ContextVar[bool] = ContextVar("large", default=False)


def mark_large() -> None:
    """From now on this request's computations go into a thread."""
    _large.set(True)


async def apart(work: Callable[[], T]) -> T:
    """What `work` returns or raises. Small requests are computed on the spot: that is faster than handing them over."""
    return await asyncio.to_thread(work) if _large.get() else work()
