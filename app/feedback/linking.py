"""Overrides among the feedback, tied to the calls their cards were on: who overrode what, and on what grounds.

Feedback may reach the database before the call it is about, where another process still holds that in its spool. So it is
looked for from both sides: feedback that comes looks for its calls, and calls out of a spool look for their feedback.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import orjson
from sqlalchemy import Connection, Text, cast, select

from app.feedback.kept import OTHER, FeedbackRecord, FeedbackValues
from app.journal.documents import Entry
from app.journal.identity import place_of
from app.journal.record import Record, subjects_in
from app.journal.tables import CallRow, FeedbackRow, table
from cds_hooks.feedback import OVERRIDDEN

_CALLS, _FEEDBACK = table(CallRow).c, table(FeedbackRow).c
_AT_ONCE = 500

log = logging.getLogger(__name__)


class OverrideValues(NamedTuple):
    """A row of `override`: the columns in their order."""

    patient: str
    user: str
    id: str
    client: str
    call: str
    at: str
    reason: str
    grounds: str


class _CallAbout(NamedTuple):
    id: str
    client: str
    patient: str
    user: str | None
    subjects: str


def overrides_in(entries: Sequence[Entry], connection: Connection, *, late: bool) -> list[OverrideValues]:
    """The overrides that these entries complete. `late`: they come out of a spool."""
    rows = [row.values for entry in entries if isinstance(entry, FeedbackRecord) for row in entry.rows]
    calls = {entry.call.id: _about(entry) for entry in entries if isinstance(entry, Record)} if late else {}
    waiting = _stored_feedback(calls, connection) if calls else []
    wanted = {row.call for row in rows if row.call} - calls.keys()
    calls |= {call.id: call for call in _stored_calls(sorted(wanted), connection)}
    if any(row.call not in calls for row in rows):
        log.info("feedback: a card is not in the journal")
    made = (_override(row, calls.get(row.call or "")) for row in (*rows, *waiting) if _may_hold(row))
    return list({each.id: each for each in made if each}.values())


def _may_hold(row: FeedbackValues) -> bool:
    return row.outcome == OVERRIDDEN and row.call is not None and row.reason not in (None, OTHER)


def _about(record: Record) -> _CallAbout:
    call = record.call
    return _CallAbout(call.id, call.client, call.patient, call.user, call.subjects)


def _stored_calls(ids: Sequence[str], connection: Connection) -> Iterator[_CallAbout]:
    columns = (_CALLS.id, _CALLS.client, _CALLS.patient, _CALLS.user, cast(_CALLS.subjects, Text))
    for at in range(0, len(ids), _AT_ONCE):
        wanted = _CALLS.id.in_(ids[at : at + _AT_ONCE])
        yield from (_CallAbout(*row) for row in connection.execute(select(*columns).where(wanted)))


def _stored_feedback(calls: Iterable[str], connection: Connection) -> list[FeedbackValues]:
    columns = [cast(_FEEDBACK.suggestions, Text) if name == "suggestions" else _FEEDBACK[name] for name in _VALUES]
    found = connection.execute(select(*columns).where(_FEEDBACK.call.in_(list(calls))))
    return [values for row in found if _may_hold(values := FeedbackValues(*row))]


_VALUES = FeedbackValues._fields


def _override(row: FeedbackValues, call: _CallAbout | None) -> OverrideValues | None:
    """None where the card is nobody's, was another client's, had no advice, or no user was told."""
    if call is None or call.user is None or call.client != row.client or row.reason is None:
        return None
    try:
        subjects = subjects_in(call.subjects)
    except (ValueError, TypeError):
        log.error("feedback: the call of a card cannot be read")
        return None
    grounds = next((each.grounds for each in subjects if each.place == place_of(row.card)), None)
    if grounds is None:
        return None
    told = orjson.dumps(list(grounds)).decode()
    return OverrideValues(call.patient, call.user, row.id, call.client, call.id, row.at, row.reason, told)
