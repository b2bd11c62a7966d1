"""Past calls, read back as they were written."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import Any

from sqlalchemy import JSON, ColumnElement, Connection, Select, Text, and_, cast, select

from app.feedback.kept import FeedbackRecord
from app.journal.documents import read_document
from app.journal.identity import card_of
from app.journal.keys import Keys
from app.journal.reasoning import Reasoning
from app.journal.record import CallValues, KeptSubject, Record, checksum, subjects_in
from app.journal.spool import SpoolFile
from app.journal.tables import CallRow, FeedbackRow, ReasoningRow, table

AT_ONCE = 500  # calls read in one go

CALLS = table(CallRow)


@dataclass(frozen=True)
class PastCall:
    """One call as it was written."""

    call: CallValues
    checksum: str

    def is_intact(self, keys: Keys) -> bool | None:
        """The row is as it was written; None where the key it was written with is not at hand."""
        key = keys.by_id.get(self.call.key_id)
        return None if key is None else checksum(self.call, key) == self.checksum

    @cached_property
    def subjects(self) -> list[KeptSubject]:
        """What was judged, in the order of its cards; nothing where somebody has spoilt it."""
        try:
            return sorted(subjects_in(self.call.subjects), key=attrgetter("place"))
        except (ValueError, TypeError):
            return []

    @property
    def reasonings(self) -> frozenset[str]:
        """The ids of the reasonings it names."""
        return frozenset(reasoning for subject in self.subjects for reasoning, _ in subject.rules)

    @property
    def cards(self) -> list[str]:
        """The uuids of the cards it was answered with."""
        return [card_of(self.call.id, subject.place) for subject in self.subjects if subject.indicator]


def past_calls(connection: Connection, where: ColumnElement[bool] | None = None) -> Iterator[list[PastCall]]:
    """The calls, in the order of their ids, some at a time. Those that were given may be deleted in between."""
    last = ""
    while True:
        condition = CALLS.c.id > last if where is None else and_(CALLS.c.id > last, where)
        found = connection.execute(as_written(CALLS).where(condition).order_by(CALLS.c.id).limit(AT_ONCE)).all()
        if not found:
            return
        yield [PastCall(CallValues(*row[:-1]), row[-1]) for row in found]
        last = found[-1][0]


def as_written(rows: Any) -> Select[Any]:
    """Select every column of a table; JSON as the text it was written as."""
    return select(*(cast(column, Text) if isinstance(column.type, JSON) else column for column in rows.c))


def keys_carried(connection: Connection, spool: Iterable[SpoolFile]) -> frozenset[str]:
    """The ids of the keys that calls and feedback were written with, in the database or in a spool."""
    columns = (CALLS.c.key_id, table(FeedbackRow).c.key_id)
    found = {key for column in columns for key in connection.execute(select(column).distinct()).scalars()}
    for entry in (read_document(each) for file in spool for each in file.documents):
        if isinstance(entry, Record):
            found.add(entry.call.key_id)
        elif isinstance(entry, FeedbackRecord):
            found |= {row.values.key_id for row in entry.rows}
    return frozenset(found)


def reasonings(connection: Connection, wanted: Sequence[str] | None = None) -> dict[str, Reasoning]:
    """Reasonings by id: all, or the wanted ones."""
    rows = table(ReasoningRow)
    query = as_written(rows) if wanted is None else as_written(rows).where(rows.c.id.in_(wanted))
    return {row[0]: Reasoning(*row) for row in connection.execute(query)}
