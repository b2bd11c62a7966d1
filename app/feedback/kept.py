"""Feedback → what is kept of it. Past this module there is no word of a client's: uuids, keyed hashes, codes of Wane's own."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import orjson

from app.journal.identity import call_of, is_card
from app.journal.keys import Key, fingerprint
from app.journal.record import uuid_or_hash, written
from cds_hooks import feedback as protocol
from knowledge.overrides import OverrideReason, recognised

OTHER = "other"  # a reason that is none of Wane's


@dataclass(frozen=True, slots=True)
class Given:
    """What a client sent to the feedback of a service, still with its own words. `reasons` are those of the knowledge base."""

    client: str
    service: str
    items: Sequence[protocol.Feedback]
    reasons: Mapping[str, OverrideReason]


class FiledFeedback(NamedTuple):
    """What was sent, and when it came."""

    time: datetime
    given: Given


class FeedbackValues(NamedTuple):
    """A row of `feedback` but for its checksum: the columns in their order."""

    id: str
    received: str
    client: str
    service: str
    card: str
    call: str | None
    outcome: str
    at: str
    reason: str | None
    commented: bool
    suggestions: str
    key_id: str


class FeedbackRow(NamedTuple):
    """A row of `feedback`. The checksum covers the rest."""

    values: FeedbackValues
    checksum: str


@dataclass(frozen=True, slots=True)
class FeedbackRecord:
    """The rows of one request."""

    rows: Sequence[FeedbackRow]

    number = 0  # among the calls of its process: it is none

    def document(self) -> bytes:
        """All of it as JSON: what the spool holds."""
        return orjson.dumps({"feedback": self.rows}, default=tuple)


def feedback_record(filed: FiledFeedback, key: Key) -> FeedbackRecord:
    """What is kept of a request."""
    values = [_values(item, filed, key) for item in filed.given.items]
    return FeedbackRecord([FeedbackRow(each, checksum(each, key)) for each in values])


def read_rows(document: Mapping[str, list[list[object]]]) -> FeedbackRecord:
    """A record back out of its document."""
    return FeedbackRecord(list(_rows(document["feedback"])))


def checksum(values: FeedbackValues, key: Key) -> str:
    """The checksum over a row."""
    return key.checksum(orjson.dumps(values, default=tuple))


def _rows(written_down: list[list[object]]) -> Iterator[FeedbackRow]:
    for values, made in written_down:
        yield FeedbackRow(FeedbackValues(*values), made)  # type: ignore[misc,arg-type]


def _values(item: protocol.Feedback, filed: FiledFeedback, key: Key) -> FeedbackValues:
    given, reason = filed.given, item.reason
    card = uuid_or_hash("card", item.card, key)
    chosen = None
    if reason and reason.code:
        chosen = recognised(given.reasons, reason.code, reason.system) or OTHER
    suggestions = sorted(uuid_or_hash("suggestion", each, key) for each in item.suggestions)
    at = written(item.at)
    return FeedbackValues(
        id=fingerprint(orjson.dumps([given.client, card, item.outcome, at, chosen, suggestions])),
        received=written(filed.time),
        client=given.client,
        service=given.service,
        card=card,
        call=call_of(card) if is_card(card) else None,
        outcome=item.outcome,
        at=at,
        reason=chosen,
        commented=reason is not None and reason.commented,
        suggestions=orjson.dumps(suggestions).decode(),
        key_id=key.id,
    )
