"""Judging is plain computation that nothing can interrupt, so it asks now and then whether there is time left."""

from contextvars import ContextVar
from time import monotonic

from app.errors import Issue, TookTooLong

_until: ContextVar[float | None] = ContextVar("until", default=None)


def set_deadline(seconds: float) -> None:
    """From now on `in_time` holds for so many seconds, in this task and in the threads it starts."""
    _until.set(monotonic() + seconds)


def in_time() -> None:
    """Return if there is time left; without a deadline there always is. Raises TookTooLong (503)."""
    until = _until.get()
    if until is not None and monotonic() > until:
        raise took_too_long()


def took_too_long() -> TookTooLong:
    """The fault itself."""
    return TookTooLong(
        Issue("timeout", "The request took too long and nothing was judged. Send less at once, or send it again later.")
    )
