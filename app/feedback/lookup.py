"""The overrides by one user about one patient, looked up in the journal while a call is answered.

It is asked for only where something was advised that an override can hold back, and it may fail: a card that is not held back
is a card too many, one that is lost is a danger.

What the event loop asks for in one go goes to the thread that reads in one go: passing the interpreter to and fro between two
threads costs more than reading.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from itertools import chain
from time import monotonic
from typing import Any, NamedTuple

import orjson

from app.calls import note_lookup_failed
from app.feedback.grounds import Grounds, overridden
from app.journal.database import engine_for, kind_of
from app.journal.keys import Key, read_keys
from app.settings import Settings
from cds_hooks.requests import Request
from knowledge.withholding import Overridden

PATIENCE_S = 1.0  # for one lookup
PAUSE_S = 5.0  # after one that failed, before the next is tried

_AT_ONCE = 100  # that are looked up in one query
_QUERY = 'SELECT patient, "user", client, at, reason, grounds FROM "override" WHERE patient IN ({})'
_Row = tuple[str, str, Any]  # at, reason, grounds
log = logging.getLogger(__name__)


class _Asked(NamedTuple):
    """Whose overrides, about whom, and who waits for the rows."""

    client: str
    patient: str
    user: str
    rows: "asyncio.Future[list[_Row]]"


class OverrideLookup:
    """One process's way to the overrides: one connection of its own, that only reads, in a thread of its own."""

    def __init__(self, settings: Settings, keys: Callable[[], Sequence[Key]] | None = None) -> None:
        self._settings = settings
        self._read_keys = keys or (lambda: list(read_keys(settings).by_id.values()))
        self._keys: Sequence[Key] = ()
        self._thread = ThreadPoolExecutor(1, "overrides")
        self._connection: Any = None
        self._pooled: Any = None
        self._file: tuple[int, int] | None = None
        self._not_before = 0.0
        self._asked: list[_Asked] = []  # on one event loop, and not handed over yet
        self._loop: asyncio.AbstractEventLoop | None = None

    async def of(self, client: str, request: Request) -> Sequence[Overridden]:
        """What this client's user overrode about this patient; nothing where that cannot be told now."""
        context = request.context
        if context.user_id is None:
            return ()
        if monotonic() < self._not_before:
            note_lookup_failed()
            return ()
        loop = asyncio.get_running_loop()
        asked = _Asked(client, context.patient_id, context.user_id, loop.create_future())
        try:
            self._ask(asked, loop)
            return [self._read(*row) for row in await asyncio.wait_for(asked.rows, PATIENCE_S)]
        except Exception as error:  # noqa: BLE001 - whatever it is, the advice is shown
            return self._failed(kind_of(error))

    def close(self) -> None:
        """Let the connection go."""
        with suppress(RuntimeError):  # closed before
            self._thread.submit(self._drop)
        self._thread.shutdown(wait=False)

    def _failed(self, kind: str) -> Sequence[Overridden]:
        self._not_before = monotonic() + PAUSE_S
        log.error("overrides cannot be looked up, advice is shown", extra={"error": kind})
        note_lookup_failed()
        return ()

    def _ask(self, asked: _Asked, loop: asyncio.AbstractEventLoop) -> None:
        if self._loop is not loop:
            self._asked, self._loop = [], loop
        self._asked.append(asked)
        if len(self._asked) == 1:
            loop.call_soon(self._hand_over, self._asked, loop)

    def _hand_over(self, asked: list[_Asked], loop: asyncio.AbstractEventLoop) -> None:
        if self._asked is asked:
            self._asked = []
        try:
            self._thread.submit(self._find_all, asked, loop)
        except RuntimeError as error:  # closed meanwhile
            _tell(asked, [error] * len(asked))

    def _find_all(self, asked: list[_Asked], loop: asyncio.AbstractEventLoop) -> None:
        found: list[list[_Row] | Exception] = []
        for first in range(0, len(asked), _AT_ONCE):
            some = asked[first : first + _AT_ONCE]
            try:
                found += self._find(some)
            except Exception as error:  # noqa: BLE001 - whoever waits for it is told
                found += [error] * len(some)
        with suppress(RuntimeError):  # the loop was closed: nobody listens
            loop.call_soon_threadsafe(_tell, asked, found)

    def _find(self, asked: list[_Asked]) -> list[list[_Row]]:
        """The rows for each, by one query for all: what a patient's others overrode is passed over here."""
        if self._connection is None or self._file != self._identity():
            self._drop()
            self._connect()
        patients = [[key.pseudonym("patient", each.patient) for key in self._keys] for each in asked]
        mark = "%s" if self._settings.database_url else "?"
        query = _QUERY.format(", ".join([mark] * len(asked) * len(self._keys)))
        try:
            found = self._connection.execute(query, [*chain.from_iterable(patients)]).fetchall()
        except Exception:
            self._drop()
            raise
        if not found:
            return [[] for _ in asked]
        return [self._of_theirs(found, each, mine) for each, mine in zip(asked, patients, strict=True)]

    def _of_theirs(self, found: Sequence[Any], asked: _Asked, patients: Sequence[str]) -> list[_Row]:
        users = [key.pseudonym("user", asked.user) for key in self._keys]
        return [
            (at, reason, grounds)
            for patient, user, client, at, reason, grounds in found
            if patient in patients and user in users and client == asked.client
        ]

    def _connect(self) -> None:
        self._keys = self._keys or self._read_keys()
        if self._settings.database_url:
            self._pooled = engine_for(self._settings, reads=True).raw_connection()  # its end is that of the connection
            self._connection = self._pooled.driver_connection
            self._connection.autocommit = True
            self._connection.execute(f"SET statement_timeout = {int(PATIENCE_S * 1000)}")
            return
        self._file = self._identity()
        address = f"{self._settings.journal.absolute().as_uri()}?mode=rw"
        self._connection = sqlite3.connect(address, timeout=PATIENCE_S, uri=True, isolation_level=None)

    def _identity(self) -> tuple[int, int] | None:
        """Which file it is: see `Database`."""
        if self._settings.database_url:
            return None
        found = self._settings.journal.stat()
        return found.st_dev, found.st_ino

    def _drop(self) -> None:
        connection, self._connection, self._pooled = self._pooled or self._connection, None, None
        if connection is not None:
            with suppress(Exception):
                connection.close()

    def _read(self, at: str, reason: str, grounds: Any) -> Overridden:
        day = datetime.fromisoformat(at).astimezone(self._settings.timezone).date()
        told = orjson.loads(grounds) if isinstance(grounds, str) else grounds
        return overridden(reason, day, Grounds(*told))


def _tell(asked: Sequence[_Asked], found: Sequence[list[_Row] | Exception]) -> None:
    for each, rows in zip(asked, found, strict=True):
        if each.rows.done():  # waited long enough
            continue
        if isinstance(rows, Exception):
            each.rows.set_exception(rows)
        else:
            each.rows.set_result(rows)
