"""Is the journal whole and unchanged? Every call is held against its checksum, and against the count
of the process that wrote it, and what is still spooled against both."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, text

from app.feedback.kept import FeedbackValues, checksum
from app.journal.documents import calls_in, read_document, unanswered_in
from app.journal.identity import number_of, writer_of
from app.journal.keys import Keys
from app.journal.past import as_written, past_calls, reasonings
from app.journal.spool import SpoolFile
from app.journal.tables import FeedbackRow, ForgottenRow, WriterRow, table


@dataclass(slots=True)
class Verified:
    """What was found. `faults` are sentences; none means that nothing was."""

    calls: int = 0
    cards: int = 0
    spooled: int = 0
    unchecked: Counter[str] = field(default_factory=Counter)  # calls by key that is not at hand
    faults: list[str] = field(default_factory=list)


def verify(connection: Connection, keys: Keys, spool: list[SpoolFile]) -> Verified:
    """Read everything. `spool` is read beforehand: what leaves it in the meantime is in the database then."""
    found = Verified(spooled=sum(len(each.documents) for each in spool))
    numbers: defaultdict[str, set[int]] = defaultdict(set)
    for each in spool:
        for call in calls_in(each.documents):
            numbers[writer_of(call.id)].add(number_of(call.id))
        for writer, first, last, _ in unanswered_in(map(read_document, each.documents)):
            numbers[writer].update(range(first, last + 1))
        if each.torn_bytes:
            found.faults.append(f"{each.path}: {each.torn_bytes} bytes are no whole record, and were not replayed.")
    named = _calls(connection, keys, numbers, found)
    found.faults += _unchecked(found.unchecked)
    found.faults += _reasonings(connection, named)
    found.faults += _feedback(connection, keys)
    found.faults += _missing(connection, numbers)
    found.faults += _database(connection)
    return found


def _calls(connection: Connection, keys: Keys, numbers: defaultdict[str, set[int]], found: Verified) -> set[str]:
    named: set[str] = set()
    for some in past_calls(connection):
        for past in some:
            found.calls += 1
            numbers[writer_of(past.call.id)].add(number_of(past.call.id))
            intact = past.is_intact(keys)
            if intact is None:
                found.unchecked[past.call.key_id] += 1
            elif intact:
                found.cards += len(past.cards)
                named |= past.reasonings
            else:
                found.faults.append(f"call {past.call.id}: it is not as it was written.")
    return named


def _unchecked(calls: Mapping[str, int]) -> Iterator[str]:
    """Whoever changes a row could give it a key that nobody has."""
    for key, count in sorted(calls.items()):
        yield (
            f"{count} calls carry key {key}, which is not at hand: nobody can say whether they are as they were written. "
            "Give that key back, behind the current one."
        )


def _reasonings(connection: Connection, named: set[str]) -> Iterator[str]:
    known = reasonings(connection)
    for identity, reasoning in known.items():
        if not reasoning.is_intact:
            yield f"reasoning {identity} ({reasoning.rule}): it is not as it was written."
    for identity in sorted(named - known.keys()):
        yield f"reasoning {identity}: calls name it, and it is not there."


def _feedback(connection: Connection, keys: Keys) -> Iterator[str]:
    """That of a key which is not at hand is told with the calls."""
    for *row, made in connection.execute(as_written(table(FeedbackRow))):
        values = FeedbackValues(*row)
        key = keys.by_id.get(values.key_id)
        if key is not None and checksum(values, key) != made:
            yield f"feedback {values.id}: it is not as it was written."


def _missing(connection: Connection, numbers: defaultdict[str, set[int]]) -> Iterator[str]:
    """A process counts its calls without a gap."""
    for row in connection.execute(table(ForgottenRow).select()):
        numbers[row.writer].update(range(row.first, row.last + 1))
    last = {row.id: int(row.last) for row in connection.execute(table(WriterRow).select())}
    for writer in sorted(numbers.keys() | last.keys()):
        expected = max(last.get(writer, 0), max(numbers[writer], default=0))
        gone = sorted(set(range(1, expected + 1)) - numbers[writer])
        if gone:
            shown = ", ".join(str(number) for number in gone[:5]) + (", …" if len(gone) > 5 else "")
            yield (
                f"writer {writer}: {len(gone)} of its {expected} calls are not there ({shown}): deleted outside `wane "
                "journal forget`, or still in the spool of another host."
            )


def _database(connection: Connection) -> Iterator[str]:
    if connection.dialect.name == "sqlite":
        told = connection.execute(text("PRAGMA quick_check")).scalar()
        if told != "ok":
            yield f"SQLite says of its file: {told}"
    elif connection.execute(text("SHOW fsync")).scalar() == "off":
        yield "PostgreSQL runs with fsync = off: it says that a record is safe before it is. Set it to on."
