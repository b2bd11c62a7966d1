"""What somebody who waits for the journal holds."""

import asyncio
from dataclasses import dataclass

from app.journal.record import Record


@dataclass(frozen=True, slots=True)
class Ticket:
    """`stored` is told whether the record is durable; without a record, whether records can be made so."""

    record: Record | None
    loop: asyncio.AbstractEventLoop
    stored: "asyncio.Future[bool]"
