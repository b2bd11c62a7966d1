"""What somebody who waits for the journal holds."""

import asyncio
from dataclasses import dataclass

from app.journal.record import Filed


@dataclass(frozen=True, slots=True)
class Ticket:
    """`stored` is told whether the call is durably recorded; without a call, whether calls can be."""

    filed: Filed | None
    loop: asyncio.AbstractEventLoop
    stored: "asyncio.Future[bool]"
