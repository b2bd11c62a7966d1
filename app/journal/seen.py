"""Which JWTs were used: remembered in the journal's database, for all workers and hosts and across restarts.

While the database is away they are remembered in a file beside the spool, which all workers of this host share, and in the
process itself: calls are still answered then, and a token could be used once more on another host. What a process has seen
it never believes again, wherever else it is written.
"""

import asyncio
import logging
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import NamedTuple

from sqlalchemy import Connection, delete, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from app.errors import Issue, JournalUnavailable
from app.journal.database import DatabaseAway, engine_for, kind_of
from app.journal.files import private_folder
from app.journal.tables import SeenJwtRow, table
from app.settings import Settings

_PATIENCE_MS = 1_000  # for the database
_TIDY_S = 60  # between two looks for what has expired
_ROWS = table(SeenJwtRow)
# Where a transaction begins, an SQLite file that is locked raises its driver's own error.
_AWAY = (SQLAlchemyError, DatabaseAway, OSError, sqlite3.Error)

log = logging.getLogger(__name__)


class _Asked(NamedTuple):
    id: str
    until: int
    answer: "asyncio.Future[bool]"


class SeenTokens:
    """Whether a token was used before. Callers that ask at the same time share one transaction."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.time) -> None:
        self._settings, self._clock = settings, clock
        self._engine, self._reads = engine_for(settings), engine_for(settings, reads=True)
        insert = postgresql.insert if settings.database_url else sqlite.insert
        self._insert = insert(_ROWS).on_conflict_do_nothing()
        self._connection: Connection | None = None
        self._here: dict[str, int] = {}
        self._asked: list[_Asked] = []
        self._working: asyncio.Task[None] | None = None
        self._tidied = 0.0

    async def is_new(self, identity: str, until: float) -> bool:
        """True the first time, and never again before `until` (seconds since the epoch), when it is forgotten.

        Raises JournalUnavailable (503) where it can be remembered nowhere.
        """
        if identity in self._here:
            return False
        self._here[identity] = int(until) + 1
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._asked.append(_Asked(identity, int(until) + 1, answer))
        if self._working is None or self._working.done():
            self._working = asyncio.create_task(self._work())
        return await answer

    def close(self) -> None:
        """Let the connection go."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(SQLAlchemyError):
                connection.close()

    async def _work(self) -> None:
        while self._asked:
            together, self._asked = self._asked, []
            try:
                new = await asyncio.to_thread(self._remember, together)
            except Exception as error:  # noqa: BLE001 - whatever it is, nobody is let in on a guess, and all are told
                log.error("used tokens cannot be remembered", extra={"error": type(error).__name__})
                new = None
            for asked in together:
                if new is None:
                    self._here.pop(asked.id, None)  # it let nobody in, and may be sent again
                if asked.answer.done():
                    continue
                if new is None:
                    asked.answer.set_exception(_unavailable())
                else:
                    asked.answer.set_result(asked.id in new)
        self._tidy_here()

    def _remember(self, together: Sequence[_Asked]) -> set[str]:
        """Write them down. Those among them that were not there before."""
        try:
            return self._in_database(together)
        except _AWAY as error:
            self.close()
            log.error("journal: used tokens are remembered beside the spool", extra={"error": kind_of(error)})
            return self._beside_the_spool(together) - self._already_there(together)

    def _already_there(self, together: Sequence[_Asked]) -> set[str]:
        """Those the database tells of although it cannot be written to now: SQLite is read while another process writes."""
        if self._settings.database_url:
            return set()
        try:
            with self._reads.connect() as connection:
                asked = select(_ROWS.c.id).where(_ROWS.c.id.in_([each.id for each in together]))
                return set(connection.execute(asked).scalars())
        except _AWAY:
            return set()

    def _in_database(self, together: Sequence[_Asked]) -> set[str]:
        connection = self._connected()
        with connection.begin():
            self._tidy(connection)
            rows = [{"id": each.id, "until": each.until} for each in together]
            found = connection.execute(self._insert.values(rows).returning(_ROWS.c.id))
            return set(found.scalars())

    def _connected(self) -> Connection:
        if self._connection is None or self._connection.closed:
            connection = self._engine.connect()
            if self._settings.database_url:
                connection.execute(text(f"SET statement_timeout = {_PATIENCE_MS}"))
                connection.commit()
            else:  # on the driver itself: SQLAlchemy would begin a transaction first, and wait for that
                connection.connection.driver_connection.execute(f"PRAGMA busy_timeout = {_PATIENCE_MS}")  # type: ignore[union-attr]
            self._connection = connection
        return self._connection

    def _tidy(self, connection: Connection) -> None:
        now = self._clock()
        if now - self._tidied > _TIDY_S:
            self._tidied = now
            connection.execute(delete(_ROWS).where(_ROWS.c.until < int(now) - _TIDY_S))

    def _tidy_here(self) -> None:
        now = self._clock() - _TIDY_S
        for identity in [each for each, until in self._here.items() if until < now]:
            del self._here[identity]

    def _beside_the_spool(self, together: Sequence[_Asked]) -> set[str]:
        folder = self._settings.spool_folder
        private_folder(folder)
        file = sqlite3.connect(folder / "seen.sqlite", timeout=_PATIENCE_MS / 1000)
        try:
            with file:
                file.execute("CREATE TABLE IF NOT EXISTS seen_jwt (id TEXT PRIMARY KEY, until INTEGER) WITHOUT ROWID")
                file.execute("DELETE FROM seen_jwt WHERE until < ?", (int(self._clock()) - _TIDY_S,))
                add = "INSERT OR IGNORE INTO seen_jwt VALUES (?, ?)"
                return {each.id for each in together if file.execute(add, (each.id, each.until)).rowcount}
        finally:
            file.close()


def _unavailable() -> JournalUnavailable:
    return JournalUnavailable(
        Issue("transient", "The journal cannot be used now. Send the call again in a few seconds.")
    )
