"""The answers of one Bundle on record: each patient's as that of a hook call, before any of them leaves."""

import asyncio
from collections.abc import Sequence

from app.bundles.judged import Judged
from app.calls import note_answer, note_missing, note_trail
from app.journal.journal import Journal
from app.journal.record import Call

_AT_ONCE = 200  # records handed over together; the journal refuses where far more wait


async def recorded(
    judged: Sequence[tuple[str, Judged]], client: str, language: str, knowledge: str, took_us: int, journal: Journal
) -> None:
    """Return when all are durably recorded. The name of a patient's GuidanceResponse is the hookInstance of its record.

    Raises JournalUnavailable (503) where one cannot be; then nothing leaves, and what was recorded stays.
    """
    calls = [_call(name, each, client, language, knowledge, took_us) for name, each in judged]
    for first in range(0, len(calls), _AT_ONCE):
        await asyncio.gather(*(journal.record(call) for call in calls[first : first + _AT_ONCE]))
    for _, each in judged:
        note_trail(each.trail)
        if each.answer:
            note_answer(each.answer)
        elif each.refusal:
            note_missing(issue.expression or "" for issue in each.refusal.issues)


def _call(name: str, judged: Judged, client: str, language: str, knowledge: str, took_us: int) -> Call:
    patient_id = judged.person.id or judged.person.reference
    status = 200 if judged.answer else 412 if judged.refusal else 500
    cards = judged.answer.cards if judged.answer else ()
    hook = f"$advise/{judged.hook}"
    return Call(hook, name, patient_id, None, client, language, knowledge, status, took_us, judged.trail, cards)
