"""Where records go: the database, or while it is away the spool, and from there to the database once it is back.

All methods are for the one thread that writes, except `reach` and `cut`.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from time import monotonic

from app.journal.database import Database, DatabaseAway
from app.journal.documents import Entry, Unanswered, read_document
from app.journal.identity import Identities, number_of
from app.journal.record import written
from app.journal.spool import Spool, abandoned_spools, new_spool

AT_ONCE = 500  # records replayed in one transaction
COUNT_S = 5.0  # between two times that the count of calls is written down

log = logging.getLogger(__name__)


class NotStored(Exception):
    """Neither the database nor the spool took the records."""


class Store:
    """One process's way to the journal. `away` says why records are being spooled, None while they are not."""

    def __init__(self, connect: Callable[[], Database], spool: Path, clock: Callable[[], datetime]) -> None:
        self.identities = Identities()
        self._connect, self._folder, self._clock = connect, spool, clock
        self._started = written(clock())
        self._last = 0  # number of the last call that was stored, or given up
        self._counted, self._counted_at = 0, monotonic()  # what the database last heard of that, and when
        self._lost: list[int] = []  # numbers of calls that were answered 503
        self._database: Database | None = None
        self._reached: Database | None = None  # connected, and not yet taken over
        self._backlog: list[Spool] = []  # replayed in this order; this process's own is the last
        self._own: Spool | None = None
        self.away: str | None = "the database was not reached yet"

    @property
    def is_replaying(self) -> bool:
        """There is a database to replay to, and something to replay."""
        return self.away is not None and (self._database or self._reached) is not None

    @property
    def is_behind(self) -> bool:
        """The database should hear how many calls there are: else nobody could miss the last ones after a crash."""
        return self.away is None and self._last > self._counted and monotonic() - self._counted_at > COUNT_S

    def save(self, records: Sequence[Entry]) -> None:
        """Make the records durable. Raises NotStored where that cannot be done."""
        self._last = max(self._last, *(record.number for record in records))
        if self.away is None and self._database is not None:
            try:
                self._database.insert(records, self._unanswered())
            except DatabaseAway as error:
                self._lose(error)
            else:
                self._lost.clear()
                return
        self._spool(records)

    def give_up(self, identity: str) -> None:
        """This call will not be stored: its caller gets 503."""
        self._lost.append(number_of(identity))

    def check(self) -> bool:
        """Can the database be written to now? Asked by writing to it."""
        if self.away is not None or self._database is None:
            return False
        try:
            self._database.see(self._seen(), self._unanswered())
        except DatabaseAway as error:
            self._lose(error)
            return False
        self._lost.clear()
        self._counted, self._counted_at = self._last, monotonic()
        return True

    def let_go(self, why: str) -> None:
        """Of a database that does what nobody foresaw: it is away, and will be reached again."""
        self._lose(DatabaseAway(why))

    def reach(self) -> None:
        """Try to connect, if the database is away. For the thread that does not write, since this may take seconds.

        Raises SettingsFault where the journal was written by a newer Wane.
        """
        if self._database is not None or self._reached is not None:
            return
        database = self._connect()
        try:
            database.connect()
            database.see(self._seen(), self._unanswered())
        except DatabaseAway as error:
            self.away = str(error)
            return
        self._reached = database

    def cut(self) -> None:
        """End a commit that takes too long."""
        if self._database is not None:
            self._database.cut()

    def replay(self) -> None:
        """Bring some of what was spooled to the database, oldest first; when nothing is left, it is no longer away."""
        if self._database is None and self._reached is not None:
            self._database, self._reached = self._reached, None
            self._backlog = [*self._abandoned(), *self._backlog]
        if self.away is None or self._database is None:
            return
        try:
            if self._backlog:
                self._replay_from(self._backlog[0], self._database)
        except DatabaseAway as error:
            self._lose(error)
            return
        except (OSError, ValueError, TypeError) as error:  # a file that cannot be read, or holds no records of ours
            log.error("journal: a spool file cannot be replayed", extra={"error": type(error).__name__})
            self._backlog[0].set_aside()
            self._ended(self._backlog[0])
            return
        if not self._backlog:
            log.info("journal: the database is in use")
            self.away = None

    def close(self) -> None:
        """Say goodbye. What is still spooled stays for whoever starts next."""
        self.check()
        for database in (self._database, self._reached):
            if database is not None:
                database.close()
        for spool in self._backlog:
            spool.release()

    def _replay_from(self, spool: Spool, database: Database) -> None:
        part = spool.unreplayed(AT_ONCE)
        database.replay([read_document(each) for each in part.documents])
        spool.replayed(part)
        if not spool.is_done:
            return
        if spool.torn_bytes:
            log.error("journal: a spool file was not whole", extra={"torn_bytes": spool.torn_bytes})
        spool.finish()
        self._ended(spool)

    def _ended(self, spool: Spool) -> None:
        self._backlog.remove(spool)
        self._own = None if spool is self._own else self._own

    def _abandoned(self) -> list[Spool]:
        found: list[Spool] = []
        try:
            for spool in abandoned_spools(self._folder):
                found.append(spool)  # they count also where the next cannot be opened
        except OSError as error:
            log.error("journal: a spool file cannot be replayed", extra={"error": type(error).__name__})
        return found

    def _spool(self, records: Sequence[Entry]) -> None:
        try:
            if self._own is not None and not self._own.is_in_place:
                log.error("journal: the spool was moved or removed, another is begun")
                self._own = None
            if self._own is None:
                self._own = new_spool(self._folder)
                self._backlog.append(self._own)
            unanswered = [Unanswered(self._unanswered()).document()] if self._lost else []
            self._own.append([*unanswered, *(record.document() for record in records)])
            self._lost.clear()
        except OSError as error:
            self._lost += [record.number for record in records if record.number]
            log.error("journal: nothing can be stored", extra={"error": type(error).__name__, "errno": error.errno})
            raise NotStored from None

    def _lose(self, error: DatabaseAway) -> None:
        log.error("journal: the database is away, records are spooled", extra={"error": str(error)})
        if self._database is not None:
            self._database.close()
        self._database, self.away = None, str(error)

    def _seen(self) -> dict[str, object]:
        now = written(self._clock())
        return {"id": self.identities.writer, "started": self._started, "seen": now, "last": self._last}

    def _unanswered(self) -> list[tuple[str, int, int, str]]:
        """Counts that no call will ever have, so that their absence is not taken for a deletion."""
        return [(self.identities.writer, number, number, written(self._clock())) for number in self._lost]
