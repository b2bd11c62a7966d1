"""What the spool holds, read back: records of calls, and of feedback on their cards."""

from collections.abc import Iterable, Iterator

import orjson

from app.feedback.kept import FeedbackRecord, read_rows
from app.journal.reasoning import Reasoning
from app.journal.record import CallValues, Record

Entry = Record | FeedbackRecord


def read_document(document: bytes) -> Entry:
    """A record back out of its document."""
    told = orjson.loads(document)
    if isinstance(told, dict):
        return read_rows(told)
    call, checksum, reasonings = told
    return Record(CallValues(*call), checksum, [Reasoning(*values) for values in reasonings])


def calls_in(documents: Iterable[bytes]) -> Iterator[CallValues]:
    """The calls among them."""
    for entry in map(read_document, documents):
        if isinstance(entry, Record):
            yield entry.call


def calls_of(entry: Entry) -> list[str]:
    """The ids of the calls it is of."""
    if isinstance(entry, Record):
        return [entry.call.id]
    return [row.values.call for row in entry.rows if row.values.call]


def without(entry: Entry, forgotten: set[str]) -> Entry | None:
    """What is left of it when these calls are forgotten."""
    if isinstance(entry, Record):
        return None if entry.call.id in forgotten else entry
    return FeedbackRecord([row for row in entry.rows if row.values.call not in forgotten])
