"""What somebody who waits for the journal holds."""

import asyncio
from dataclasses import dataclass

from app.feedback.kept import FiledFeedback
from app.journal.record import Filed


@dataclass(frozen=True, slots=True)
class Ticket:
    """`stored` is told whether the call or the feedback is durably recorded; without either, whether they can be."""

    filed: Filed | FiledFeedback | None
    loop: asyncio.AbstractEventLoop
    stored: "asyncio.Future[bool]"
