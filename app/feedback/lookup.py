"""The overrides by one user about one patient, looked up in the journal while a call is answered.

It is asked for only where something was advised that an override can hold back, and it may fail: a card that is not held back
is a card too many, one that is lost is a danger.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from time import monotonic
from typing import Any

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

_QUERY = 'SELECT at, reason, grounds FROM "override" WHERE patient IN ({0}) AND "user" IN ({0}) AND client = {1}'
log = logging.getLogger(__name__)


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

    async def of(self, client: str, request: Request) -> Sequence[Overridden]:
        """What this client's user overrode about this patient; nothing where that cannot be told now."""
        context = request.context
        if context.user_id is None:
            return ()
        if monotonic() < self._not_before:
            note_lookup_failed()
            return ()
        try:
            work = self._thread.submit(self._find, client, context.patient_id, context.user_id)
            rows = await asyncio.wait_for(asyncio.wrap_future(work), PATIENCE_S)
            return [self._read(*row) for row in rows]
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

    def _find(self, client: str, patient: str, user: str) -> list[Any]:
        if self._connection is None or self._file != self._identity():
            self._drop()
            self._connect()
        patients = [key.pseudonym("patient", patient) for key in self._keys]
        users = [key.pseudonym("user", user) for key in self._keys]
        mark = "%s" if self._settings.database_url else "?"
        query = _QUERY.format(", ".join([mark] * len(self._keys)), mark)
        try:
            found: list[Any] = self._connection.execute(query, (*patients, *users, client)).fetchall()
        except Exception:
            self._drop()
            raise
        return found

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
