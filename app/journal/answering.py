"""A hook call answered and recorded: whatever becomes of it, the record is durable before the answer leaves.

Every call that could be read as one is recorded, also where it is refused (412) or fails (500), and where nothing Wane
knows was ordered (one row). A body that is no call names no patient and no hook: it is refused unrecorded.
"""

from collections.abc import Sequence
from datetime import date
from functools import partial
from time import perf_counter_ns
from typing import TYPE_CHECKING

from app.calls import note_trail
from app.clients.terms import Terms
from app.consult import Answer, Reader, consult
from app.ehr.completing import completed
from app.errors import answer_to
from app.journal.journal import Journal
from app.journal.record import Call
from app.journal.trail import Trail
from cds_hooks.cards import Card
from cds_hooks.requests import Request

if TYPE_CHECKING:
    from app.ehr.servers import Servers


async def answered(
    request: Request, terms: Terms, today: date, reader: Reader, journal: Journal, servers: "Servers | None" = None
) -> Answer:
    """The answer, recorded; each card's uuid tells the call it was on. What prefetch left out is fetched from `servers`, and
    what the user overrode before is looked up in the journal.

    Raises what `consult` raises, when that is recorded too, and JournalUnavailable (503) in its place if it cannot be.
    """
    began, trail = perf_counter_ns(), Trail()
    try:
        request = await completed(request, terms, servers, trail)
        answer = await consult(
            request, terms.library, today, reader, trail, partial(journal.overrides.of, terms.name, request)
        )
    except Exception as error:
        note_trail(trail)
        await journal.record(_call(request, terms, reader, trail, began, answer_to(error).status))
        raise
    note_trail(trail)
    recording = journal.record(_call(request, terms, reader, trail, began, 200, answer.cards))
    # Else the bodies of all calls that wait for one commit would be in memory at once, and cold when they are let go of.
    del request, trail
    return Answer(answer.cards, answer.extension, await recording)


def _call(
    request: Request, terms: Terms, reader: Reader, trail: Trail, began: int, status: int, cards: Sequence[Card] = ()
) -> Call:
    took_us = (perf_counter_ns() - began) // 1000
    return Call(
        request.hook,
        request.hook_instance,
        request.context.patient_id,
        request.context.user_id,
        terms.name,
        reader.language,
        terms.library.version,
        status,
        took_us,
        trail,
        cards,
    )
