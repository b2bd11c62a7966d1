"""What the spool holds, read back: records of calls, and of feedback on their cards, and which calls got 503."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import orjson

from app.feedback.kept import FeedbackRecord, read_rows
from app.journal.reasoning import Reasoning
from app.journal.record import CallValues, Record

Entry = Record | FeedbackRecord


class Unanswered(NamedTuple):
    """Calls that will never be there, as they stand in the table `forgotten`: (writer, first, last, time)."""

    rows: Sequence[tuple[str, int, int, str]]

    def document(self) -> bytes:
        """All of it as JSON: what the spool holds."""
        return orjson.dumps({"unanswered": self.rows})


def read_document(document: bytes) -> Entry | Unanswered:
    """A record back out of its document."""
    told = orjson.loads(document)
    if isinstance(told, dict):
        if "unanswered" not in told:
            return read_rows(told)
        return Unanswered([(writer, first, last, time) for writer, first, last, time in told["unanswered"]])
    call, checksum, reasonings = told
    return Record(CallValues(*call), checksum, [Reasoning(*values) for values in reasonings])


def calls_in(documents: Iterable[bytes]) -> Iterator[CallValues]:
    """The calls among them."""
    for entry in map(read_document, documents):
        if isinstance(entry, Record):
            yield entry.call


def unanswered_in(entries: Iterable[Entry | Unanswered]) -> list[tuple[str, int, int, str]]:
    """The rows of those that got 503."""
    return [row for entry in entries if isinstance(entry, Unanswered) for row in entry.rows]


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
