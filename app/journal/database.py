"""The database the journal is in: SQLite beside the service, or PostgreSQL. Every connection commits durably."""

import errno
import os
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import chain
from operator import itemgetter
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, create_engine, event, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from app.feedback.kept import FeedbackRecord
from app.feedback.linking import overrides_in
from app.journal.documents import Entry, Unanswered, calls_of, unanswered_in, without
from app.journal.files import private_file, private_folder
from app.journal.identity import is_within, writer_of
from app.journal.inserting import insert_into, insert_of
from app.journal.migrate import ensure
from app.journal.reasoning import Reasoning
from app.journal.record import Record
from app.journal.tables import CallRow, FeedbackRow, ForgottenRow, OverrideRow, ReasoningRow, WriterRow, table
from app.settings import Settings

BUSY_MS = 5_000  # how long a SQLite connection waits for another process's commit
CONNECT_S = 3

Values = tuple[object, ...]
_ID = itemgetter(0)


class DatabaseAway(Exception):
    """The database did not take what it was given. The message names the kind of failure, never a value."""


def engine_for(settings: Settings, *, reads: bool = False) -> Engine:
    """An engine whose every connection commits durably. It connects when first used; `reads` takes no write lock."""
    options: dict[str, Any] = {
        "poolclass": NullPool,
        "json_serializer": lambda value: orjson.dumps(value).decode(),
        "json_deserializer": orjson.loads,
    }
    if settings.database_url:
        return _postgresql(settings.database_url, options)
    return _sqlite(settings, options, "BEGIN" if reads else "BEGIN IMMEDIATE")


def _sqlite(settings: Settings, options: dict[str, Any], begin: str) -> Engine:
    engine = create_engine(
        f"sqlite:///{settings.journal}",
        connect_args={"check_same_thread": False},  # made by one thread, then used by another
        **options,
    )

    @event.listens_for(engine, "do_connect")
    def _make_private(*_: object) -> None:
        private_folder(settings.journal.parent)
        private_file(settings.journal)

    @event.listens_for(engine, "connect")
    def _set_up(connection: Any, _: object) -> None:
        connection.isolation_level = None  # a transaction begins where it is begun, not where the driver guesses
        connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")
        if connection.execute("PRAGMA journal_mode=WAL").fetchone() != ("wal",):
            raise DatabaseAway("SQLite cannot keep a write-ahead log here. Put WANE_JOURNAL on a local disk.")
        connection.execute("PRAGMA synchronous=FULL")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.connection.driver_connection.execute(begin)  # type: ignore[union-attr]

    return engine


def _postgresql(url: str, options: dict[str, Any]) -> Engine:
    waits = {"connect_timeout": CONNECT_S, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}
    scheme, _, rest = url.partition("://")
    driver = "postgresql+psycopg" if scheme in ("postgres", "postgresql") else scheme
    engine = create_engine(f"{driver}://{rest}", connect_args={**waits, "application_name": "wane"}, **options)

    @event.listens_for(engine, "connect")
    def _set_up(connection: Any, _: object) -> None:
        """A server may be set to answer before it has written. A stricter setting than "on" is left as it is."""
        with connection.cursor() as cursor:
            cursor.execute("SHOW synchronous_commit")
            if cursor.fetchone() in (("off",), ("local",)):
                cursor.execute("SET synchronous_commit = on")
        connection.commit()

    return engine


class Database:
    """One connection, used by one thread at a time; only `cut` may come in between.

    Every method raises DatabaseAway where the database does not do what was asked. The connection is then closed.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._engine = engine_for(settings)
        self._error: type[Exception] = self._engine.dialect.dbapi.Error  # type: ignore[union-attr]
        self._path, self._log = str(settings.journal), f"{settings.journal}-wal"
        self._connection: Connection | None = None
        self._file: tuple[int, ...] | None = None
        self._stored: set[Reasoning] = set()  # what this database has
        models: tuple[type, ...] = (ReasoningRow, CallRow, FeedbackRow, OverrideRow, ForgottenRow)
        dialect = self._engine.dialect.name
        self._inserts = {model: insert_of(model, dialect) for model in models}
        seen = insert_into(WriterRow, dialect)
        self._see = seen.on_conflict_do_update(
            index_elements=["id"], set_={name: seen.excluded[name] for name in ("seen", "last")}
        )

    def connect(self) -> None:
        """Connect, and bring the tables up to date."""
        try:
            ensure(self._settings, self._engine)
            self._connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            self._file = self._identity()
        except (self._error, SQLAlchemyError, OSError, DatabaseAway) as error:
            raise self._away(error) from None

    def insert(self, records: Sequence[Entry], forgotten: Sequence[Values] = (), *, late: bool = False) -> None:
        """Commit the records, all or none, in one transaction with one insert for each table. `late`: out of a spool."""
        calls = [record for record in records if isinstance(record, Record)]
        given = [row for record in records if isinstance(record, FeedbackRecord) for row in record.rows]
        new: set[Reasoning] = set().union(*[record.reasonings for record in calls]) - self._stored
        # What others may insert too stands in one order: else two could wait for each other.
        rows: dict[type, list[Values]] = {
            ReasoningRow: sorted(new, key=_ID),
            CallRow: [(*record.call, record.checksum) for record in calls],
            FeedbackRow: sorted([(*row.values, row.checksum) for row in given], key=_ID),
            ForgottenRow: list(forgotten),
        }
        if late or given:
            with self._transaction() as reading:
                rows[OverrideRow] = [*overrides_in(records, reading, late=late)]
        connection = self._ready()
        try:
            self._commit(connection.connection.driver_connection, rows)
        except (self._error, SQLAlchemyError, OSError) as error:
            raise self._away(error) from None
        self._stored |= new

    def replay(self, spooled: Sequence[Entry | Unanswered]) -> None:
        """Commit records out of a spool, leaving out those that were forgotten in the meantime."""
        gone, records = table(ForgottenRow).c, [each for each in spooled if not isinstance(each, Unanswered)]
        calls = [call for record in records for call in calls_of(record)]
        with self._transaction() as connection:
            named = gone.writer.in_({writer_of(call) for call in calls})
            found = connection.execute(select(gone.writer, gone.first, gone.last).where(named)).all()
        forgotten = {call for call in calls if any(is_within(call, *each) for each in found)}
        kept = [left for record in records if (left := without(record, forgotten))]
        self.insert(kept, unanswered_in(spooled), late=True)

    def see(self, writer: dict[str, object], unanswered: Sequence[Values] = ()) -> None:
        """Write down that a writer is there, its latest count, and which calls up to that were never answered: a real
        commit, so it says whether one is possible."""
        with self._transaction() as connection:
            for statement, values in self._statements({ForgottenRow: unanswered}):
                connection.exec_driver_sql(statement, tuple(values))
            connection.execute(self._see, [writer])

    def cut(self) -> None:
        """End whatever the connection is waiting for. SQLite ends by itself (busy_timeout)."""
        connection = self._connection
        if connection is None or not self._settings.database_url:
            return
        with suppress(Exception), socket.socket(fileno=os.dup(connection.connection.driver_connection.fileno())) as end:  # type: ignore[union-attr]
            end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Let the connection go."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(SQLAlchemyError):
                connection.close()

    def _commit(self, driver: Any, rows: dict[type, list[Values]]) -> None:
        """On the driver itself: what SQLAlchemy does for a statement would be a third of the cost of a record.

        All rows of a table go in one statement, and one statement is a transaction of its own: the driver lets go of the
        interpreter for each, and gets it back only when the threads that answer can spare it.
        """
        statements = self._statements(rows)
        if len(statements) == 1:
            driver.execute(*statements[0])
            return
        driver.execute("BEGIN IMMEDIATE" if not self._settings.database_url else "BEGIN")
        for statement in statements:
            driver.execute(*statement)
        driver.execute("COMMIT")

    def _statements(self, rows: Mapping[type, Sequence[Values]]) -> list[tuple[str, list[object]]]:
        return [
            (insert.of(len(some)), list(chain.from_iterable(some)))
            for model, values in rows.items()
            for insert in [self._inserts[model]]
            for some in (values[at : at + insert.most] for at in range(0, len(values), insert.most))
        ]

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        connection = self._ready()
        try:
            with connection.begin():
                yield connection
        except (self._error, SQLAlchemyError, OSError) as error:
            raise self._away(error) from None

    def _ready(self) -> Connection:
        """The connection, unless its file is another by now."""
        if self._connection is None or self._file != self._identity():
            self._bring_together()
            self.close()
            raise DatabaseAway("the SQLite file, or the log beside it, was moved or removed")
        return self._connection

    def _identity(self) -> tuple[int, ...] | None:
        """Which file the path leads to, and which log lies beside it: an open one that was removed goes on taking rows that
        nobody will find."""
        if self._settings.database_url:
            return None
        try:
            found, beside = os.stat(self._path), os.stat(self._log)  # noqa: PTH116 - asked before every commit
        except OSError:
            return None
        return found.st_dev, found.st_ino, beside.st_ino

    def _bring_together(self) -> None:
        """What is in the log, into the file, wherever both are by now: apart from each other neither tells it."""
        with suppress(Exception):  # there may be no connection, or no file that takes it
            self._connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]

    def _away(self, error: Exception) -> DatabaseAway:
        self.close()
        return error if isinstance(error, DatabaseAway) else DatabaseAway(kind_of(error))


def kind_of(error: Exception) -> str:
    """The kind of a failure, without its message: a driver's message may hold what was to be written."""
    original = getattr(error, "orig", None) or error
    code = getattr(original, "sqlite_errorname", None) or getattr(original, "sqlstate", None)
    code = code or errno.errorcode.get(getattr(original, "errno", None) or 0)
    return f"{type(original).__name__} {code}" if code else type(original).__name__
