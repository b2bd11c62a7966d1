"""What somebody who waits for the journal holds."""

import asyncio
from typing import NamedTuple

from app.journal.documents import Entry


class Unmade(NamedTuple):
    """A record that could not be made; the id of its call, or None where it was to be of feedback."""

    call: str | None


class Ticket(NamedTuple):
    """`stored` is told whether the entry is durably recorded; without one, whether one can be.

    It holds nothing of the call itself: whoever drops the last of it pays for it, and the thread that writes would keep
    the others waiting meanwhile.
    """

    entry: Entry | Unmade | None
    loop: asyncio.AbstractEventLoop
    stored: "asyncio.Future[bool]"
