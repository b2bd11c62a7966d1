"""The thread that writes: callers that wait at the same time share one transaction.

A second thread guards it. It ends a commit that takes too long, and looks for a database that is away, so that neither
keeps anybody's answer waiting.
"""

import logging
from collections.abc import Sequence
from contextlib import suppress
from itertools import groupby
from queue import Empty, SimpleQueue
from threading import Event, Lock, Thread
from time import monotonic

from app.journal.database import kind_of
from app.journal.documents import Entry
from app.journal.store import NotStored, Store
from app.journal.ticket import Ticket, Unmade
from app.settings import SettingsFault

AT_ONCE = 500  # records in one transaction
PATIENCE_S = 3.0  # for one commit
TICK_S = 0.25  # between two looks of the guard

log = logging.getLogger(__name__)


class Writer:
    """The two threads around a store. `identities` are those it counts: what it is given has its id from there."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.identities = store.identities
        self._queue: SimpleQueue[list[Ticket]] = SimpleQueue()
        self._stopping, self._stopped = Event(), Event()
        self._putting = Lock()
        self._busy_since: float | None = None
        self._writing = Thread(target=self._write, name="journal", daemon=True)
        self._guarding = Thread(target=self._guard, name="journal-guard", daemon=True)

    def start(self) -> None:
        """Reach the database if that can be done now, and begin. Raises SettingsFault as `Store.reach` does."""
        self._store.reach()
        self._store.replay()
        self._writing.start()
        self._guarding.start()

    def put(self, tickets: list[Ticket]) -> None:
        """Let them wait for their turn; each one's `stored` is then told: durable or not. After `stop`: not."""
        with self._putting:
            if not self._stopped.is_set():
                self._queue.put(tickets)
                return
        _tell(tickets, stored=False)

    def stop(self) -> None:
        """Store whatever waits, and end."""
        self._stopping.set()
        self._queue.put([])
        self._writing.join()
        with self._putting:
            self._stopped.set()
        while not self._queue.empty():
            _tell(self._queue.get(), stored=False)
        self._guarding.join()
        self._store.close()

    def _write(self) -> None:
        while not (self._stopping.is_set() and self._queue.empty()):
            tickets = self._next()
            self._busy_since = monotonic()
            if tickets:
                self._serve(tickets)
            self._look_after()
            self._busy_since = None

    def _look_after(self) -> None:
        """Whatever comes of it, the thread goes on: without it nobody would be answered."""
        try:
            if self._store.is_behind:
                self._store.check()
            self._store.replay()
        except Exception as error:  # noqa: BLE001 - see above
            log.error("journal: the writer failed", extra={"error": type(error).__name__})
            self._store.let_go(kind_of(error))

    def _next(self) -> list[Ticket]:
        """Whoever waits, together. Nobody is waited for while something is to be replayed."""
        found: list[Ticket] = []
        with suppress(Empty):
            found += self._queue.get(block=not self._store.is_replaying)
            while len(found) < AT_ONCE:
                found += self._queue.get_nowait()
        return found

    def _serve(self, tickets: Sequence[Ticket]) -> None:
        recorded, asked, failed = [], [], []
        records: list[Entry] = []
        for ticket in tickets:
            if ticket.entry is None:
                asked.append(ticket)
            elif isinstance(ticket.entry, Unmade):
                if ticket.entry.call:
                    self._store.give_up(ticket.entry.call)
                failed.append(ticket)
            else:
                recorded.append(ticket)
                records.append(ticket.entry)
        _tell(failed, stored=False)
        if records:
            _tell(recorded, stored=self._saved(records))
        if asked:
            _tell(asked, stored=self._checked())

    def _saved(self, records: Sequence[Entry]) -> bool:
        try:
            self._store.save(records)
        except NotStored:
            return False
        except Exception as error:  # noqa: BLE001 - whatever it is, those who wait hear that it was not stored
            log.error("journal: the writer failed", extra={"error": type(error).__name__})
            return False
        return True

    def _checked(self) -> bool:
        try:
            return self._store.check()
        except Exception as error:  # noqa: BLE001 - as for records
            log.error("journal: the writer failed", extra={"error": type(error).__name__})
            return False

    def _guard(self) -> None:
        while not self._stopped.wait(TICK_S):
            since = self._busy_since
            if since is not None and monotonic() - since > PATIENCE_S:
                self._store.cut()
            if self._store.is_behind:
                self._queue.put([])  # wakes the writer
            if self._store.away is not None and not self._store.is_replaying:
                self._reach()
                self._queue.put([])

    def _reach(self) -> None:
        """Whatever the database turns out to be: who guards goes on looking."""
        try:
            self._store.reach()
        except Exception as error:  # noqa: BLE001 - see above
            why = str(error) if isinstance(error, SettingsFault) else kind_of(error)
            if why != self._store.away:
                log.error("journal: the database cannot be used", extra={"error": type(error).__name__})
            self._store.away = why


def _tell(tickets: Sequence[Ticket], *, stored: bool) -> None:
    """Tell everybody, each loop in one go."""
    for loop, together in groupby(tickets, key=lambda ticket: ticket.loop):
        with suppress(RuntimeError):  # the loop was closed: nobody listens
            loop.call_soon_threadsafe(_settle, list(together), stored)


def _settle(tickets: Sequence[Ticket], stored: bool) -> None:
    for ticket in tickets:
        if not ticket.stored.done():
            ticket.stored.set_result(stored)
