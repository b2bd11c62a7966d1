"""What somebody who waits for the journal holds."""

import asyncio
from dataclasses import dataclass
from typing import NamedTuple

from app.journal.documents import Entry


class Unmade(NamedTuple):
    """A record that could not be made; the id of its call, or None where it was to be of feedback."""

    call: str | None


@dataclass(frozen=True, slots=True)
class Ticket:
    """`stored` is told whether the entry is durably recorded; without one, whether one can be.

    It holds nothing of the call itself: whoever drops the last of a large body pays for it, and the thread that writes
    would keep the others waiting meanwhile.
    """

    entry: Entry | Unmade | None
    loop: asyncio.AbstractEventLoop
    stored: "asyncio.Future[bool]"
