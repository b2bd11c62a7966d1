"""Retention and erasure: calls go, and what they counted stays counted, per day and rule."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, and_, delete, func, select, text
from sqlalchemy.dialects import postgresql, sqlite

from app.feedback.counting import Reply, counts_of, replies
from app.journal.documents import calls_in
from app.journal.identity import number_of, writer_of
from app.journal.keys import Keys
from app.journal.past import CALLS, PastCall, past_calls, reasonings
from app.journal.reasoning import Reasoning
from app.journal.record import CallValues
from app.journal.spool import SpoolFile
from app.journal.tables import DailyCountRow, FeedbackRow, ForgottenRow, OverrideRow, table
from cds_hooks.requests import bare_id

Counted = Counter[tuple[date, str, int, str, str, str]]


@dataclass(frozen=True, slots=True)
class Chosen:
    """The calls to forget: as a condition in the database, and as one on a call in a spool."""

    condition: ColumnElement[bool]
    holds: Callable[[CallValues], bool]


def older(time: str) -> Chosen:
    """Calls answered before `time` (as in the tables)."""
    return Chosen(CALLS.c.time < time, lambda call: call.time < time)


def of_patient(patient_id: str, client: str | None, keys: Keys) -> Chosen:
    """Calls about a patient, whichever key they were written with; with `client`, of that one only."""
    wanted = {key.pseudonym("patient", bare_id(patient_id)) for key in keys.by_id.values()}
    condition = CALLS.c.patient.in_(wanted)
    return Chosen(
        condition if client is None else and_(condition, CALLS.c.client == client),
        lambda call: call.patient in wanted and client in (None, call.client),
    )


def without_key(connection: Connection, keys: Keys) -> int:
    """How many calls were written with a key that is not at hand: of whom they are, nobody can say."""
    unknown = CALLS.c.key_id.not_in(keys.by_id)
    return connection.execute(select(func.count()).select_from(CALLS).where(unknown)).scalar_one()


def in_spool(chosen: Chosen, spool: Iterable[SpoolFile]) -> int:
    """How many such calls wait in the spool, out of reach until the database has taken them."""
    return sum(chosen.holds(call) for file in spool for call in calls_in(file.documents))


def forget(engine: Engine, where: ColumnElement[bool], now: str) -> int:
    """Erase the calls `where` holds for with the feedback on their cards, some at a time, each time in one transaction. The
    number of calls erased.

    On SQLite the erased bytes are overwritten, on PostgreSQL vacuumed.
    """
    erased = 0
    with engine.connect() as connection:
        sqlite_file = connection.dialect.name == "sqlite"
        if sqlite_file:
            connection.connection.driver_connection.execute("PRAGMA secure_delete=ON")  # type: ignore[union-attr]
        while some := _forget_some(connection, where, now):
            erased += some
        connection.commit()
        if sqlite_file:
            connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]
    if not sqlite_file:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for name in ("call", "feedback", "override"):
                connection.execute(text(f'VACUUM "{name}"'))
    return erased


def forget_stray_feedback(engine: Engine, before: str) -> int:
    """Erase what was received before this and is on no card in the journal. The number of rows erased."""
    rows = table(FeedbackRow)
    stray = rows.c.call.is_(None) | rows.c.call.not_in(select(CALLS.c.id))
    with engine.begin() as connection:
        return connection.execute(delete(rows).where(rows.c.received < before, stray)).rowcount


def _forget_some(connection: Connection, where: ColumnElement[bool], now: str) -> int:
    with connection.begin():
        some = next(past_calls(connection, where), [])
        if not some:
            return 0
        ids = [past.call.id for past in some]
        _add(connection, counted(some, reasonings(connection), replies(connection, CALLS.c.id.in_(ids))))
        for rows in (table(FeedbackRow), table(OverrideRow)):
            connection.execute(delete(rows).where(rows.c.call.in_(ids)))
        connection.execute(delete(CALLS).where(CALLS.c.id.in_(ids)))
        gone = [{"writer": w, "first": first, "last": last, "time": now} for w, first, last in _ranges(ids)]
        connection.execute(_insert(connection)(table(ForgottenRow)).on_conflict_do_nothing(), gone)
        return len(some)


def counted(calls: Iterable[PastCall], known: Mapping[str, Reasoning], given: Mapping[str, Reply]) -> Counted:
    """What these calls count: each once by its status, the outcome of every rule in them, and what became of their cards."""
    counts: Counted = Counter()
    for past in calls:
        call = past.call
        about = (date.fromisoformat(call.time[:10]), call.hook, call.status)
        counts[(*about, "", "", "")] += 1
        for subject in past.subjects:
            for rule, _ in subject.rules:
                if reasoning := known.get(rule):
                    counts[(*about, reasoning.rule, reasoning.outcome, reasoning.say or "")] += 1
        for what in counts_of(past, given):
            counts[(*about, *what)] += 1
    return counts


def _add(connection: Connection, counts: Counted) -> None:
    rows = table(DailyCountRow)
    insert = _insert(connection)(rows)
    key = [column.name for column in rows.primary_key]
    added = insert.on_conflict_do_update(index_elements=key, set_={"count": rows.c.count + insert.excluded["count"]})
    values = [{**dict(zip(key, counted, strict=True)), "count": count} for counted, count in counts.items()]
    connection.execute(added, values)


def _ranges(ids: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    """The ids as (writer, first, last), neighbours joined."""
    joined: list[tuple[str, int, int]] = []
    for identity in ids:
        writer, number = writer_of(identity), number_of(identity)
        if joined and joined[-1][0] == writer and joined[-1][2] == number - 1:
            joined[-1] = (writer, joined[-1][1], number)
        else:
            joined.append((writer, number, number))
    yield from joined


def _insert(connection: Connection) -> Any:
    return sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
