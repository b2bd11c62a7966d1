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

from app.feedback.kept import FiledFeedback, feedback_record
from app.journal.documents import Entry
from app.journal.record import Filed, Recorder
from app.journal.store import NotStored, Store
from app.journal.ticket import Ticket

AT_ONCE = 500  # records in one transaction
PATIENCE_S = 3.0  # for one commit
TICK_S = 0.25  # between two looks of the guard

Waiting = tuple[Ticket, Entry | None]  # no record: only asked, or it could not be made

log = logging.getLogger(__name__)


class Writer:
    """The two threads around a store."""

    def __init__(self, store: Store, recorder: Recorder) -> None:
        self._store, self._recorder = store, recorder
        self._queue: SimpleQueue[list[Waiting]] = SimpleQueue()
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
        """Let them wait for their turn; each one's `stored` is then told: durable or not. After `stop`: not.

        The records are made here, on the caller's thread and some at a time. On the other thread, and one by one, each
        costs twice as much: two threads that both run Python keep each other waiting.
        """
        waiting = [(ticket, self._record(ticket.filed)) for ticket in tickets]
        with self._putting:
            if not self._stopped.is_set():
                self._queue.put(waiting)
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
            _tell([ticket for ticket, _ in self._queue.get()], stored=False)
        self._guarding.join()
        self._store.close()

    def _write(self) -> None:
        while not (self._stopping.is_set() and self._queue.empty()):
            waiting = self._next()
            self._busy_since = monotonic()
            if waiting:
                self._serve(waiting)
            if self._store.is_behind:
                self._store.check()
            self._store.replay()
            self._busy_since = None

    def _next(self) -> list[Waiting]:
        """Whoever waits, together. Nobody is waited for while something is to be replayed."""
        found: list[Waiting] = []
        with suppress(Empty):
            found += self._queue.get(block=not self._store.is_replaying)
            while len(found) < AT_ONCE:
                found += self._queue.get_nowait()
        return found

    def _serve(self, waiting: Sequence[Waiting]) -> None:
        recorded, asked, failed = [], [], []
        records: list[Entry] = []
        for ticket, record in waiting:
            if ticket.filed is None:
                asked.append(ticket)
            elif record:
                recorded.append(ticket)
                records.append(record)
            else:
                if isinstance(ticket.filed, Filed):
                    self._store.give_up(ticket.filed.id)
                failed.append(ticket)
        _tell(failed, stored=False)
        if records:
            _tell(recorded, stored=self._saved(records))
        if asked:
            _tell(asked, stored=self._store.check())

    def _record(self, filed: Filed | FiledFeedback | None) -> Entry | None:
        try:
            if isinstance(filed, FiledFeedback):
                return feedback_record(filed, self._recorder.key)
            return filed and self._recorder.record(filed)
        except Exception as error:  # noqa: BLE001 - the one call is refused, the others are not
            log.error("journal: a call could not be put down", extra={"error": type(error).__name__})
            return None

    def _saved(self, records: Sequence[Entry]) -> bool:
        try:
            self._store.save(records)
        except NotStored:
            return False
        except Exception as error:  # noqa: BLE001 - whatever it is, those who wait hear that it was not stored
            log.error("journal: the writer failed", extra={"error": type(error).__name__})
            return False
        return True

    def _guard(self) -> None:
        while not self._stopped.wait(TICK_S):
            since = self._busy_since
            if since is not None and monotonic() - since > PATIENCE_S:
                self._store.cut()
            if self._store.is_behind:
                self._queue.put([])  # wakes the writer
            if self._store.away is not None and not self._store.is_replaying:
                self._store.reach()
                self._queue.put([])


def _tell(tickets: Sequence[Ticket], *, stored: bool) -> None:
    """Tell everybody, each loop in one go."""
    for loop, together in groupby(tickets, key=lambda ticket: ticket.loop):
        with suppress(RuntimeError):  # the loop was closed: nobody listens
            loop.call_soon_threadsafe(_settle, list(together), stored)


def _settle(tickets: Sequence[Ticket], stored: bool) -> None:
    for ticket in tickets:
        if not ticket.stored.done():
            ticket.stored.set_result(stored)
