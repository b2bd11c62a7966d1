"""Past calls, read back as they were written."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, ColumnElement, Connection, Select, Text, and_, cast, select

from app.journal.database import table
from app.journal.identity import MOST_CARDS, card_of
from app.journal.keys import Keys
from app.journal.reasoning import Reasoning
from app.journal.record import CallValues, SubjectValues, checksum, read_document
from app.journal.spool import SpoolFile
from app.journal.tables import CallRow, ReasoningRow, SubjectRow

AT_ONCE = 500  # calls read in one go

CALLS, SUBJECTS = table(CallRow), table(SubjectRow)


@dataclass(frozen=True)
class PastCall:
    """One call with its rows."""

    call: CallValues
    checksum: str
    subjects: tuple[SubjectValues, ...]

    def is_intact(self, keys: Keys) -> bool | None:
        """The rows are as they were written; None where the key they were written with is not at hand."""
        key = keys.by_id.get(self.call.key_id)
        if key is None:
            return None
        return checksum(self.call, self.subjects, key) == self.checksum

    @property
    def reasonings(self) -> frozenset[str]:
        """The ids of the reasonings its subjects name."""
        return frozenset(each for subject in self.subjects for each in subject.reasonings)

    @property
    def cards(self) -> int:
        """How many cards it was answered with."""
        return sum(subject.indicator is not None for subject in self.subjects)


def past_calls(connection: Connection, where: ColumnElement[bool] | None = None) -> Iterator[list[PastCall]]:
    """The calls, in the order of their ids, some at a time. Those that were given may be deleted in between."""
    last = ""
    while True:
        condition = CALLS.c.id > last if where is None else and_(CALLS.c.id > last, where)
        found = connection.execute(as_written(CALLS).where(condition).order_by(CALLS.c.id).limit(AT_ONCE)).all()
        if not found:
            return
        yield _whole(connection, found)
        last = found[-1][0]


def _whole(connection: Connection, found: Sequence[Any]) -> list[PastCall]:
    subjects: dict[str, list[SubjectValues]] = {row[0]: [] for row in found}
    between = SUBJECTS.c.id.between(found[0][0], card_of(found[-1][0], MOST_CARDS))
    for row in connection.execute(as_written(SUBJECTS).where(between).order_by(SUBJECTS.c.id)):
        values = SubjectValues(*row)
        if values.call_id in subjects:
            subjects[values.call_id].append(values)
    return [PastCall(CallValues(*row[:-1]), row[-1], tuple(subjects[row[0]])) for row in found]


def as_written(rows: Any) -> Select[Any]:
    """Select every column of a table; JSON as the text it was written as."""
    return select(*(cast(column, Text) if isinstance(column.type, JSON) else column for column in rows.c))


def keys_carried(connection: Connection, spool: Iterable[SpoolFile]) -> frozenset[str]:
    """The ids of the keys that calls were written with, in the database or in a spool."""
    stored = connection.execute(select(CALLS.c.key_id).distinct()).scalars()
    return frozenset([*stored, *(read_document(each).call.key_id for file in spool for each in file.documents)])


def reasonings(connection: Connection, wanted: Sequence[str] | None = None) -> dict[str, Reasoning]:
    """Reasonings by id: all, or the wanted ones."""
    rows = table(ReasoningRow)
    query = as_written(rows) if wanted is None else as_written(rows).where(rows.c.id.in_(wanted))
    return {row[0]: Reasoning(*row) for row in connection.execute(query)}
