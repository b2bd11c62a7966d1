"""The journal as the service sees it: `record` returns when the record is durable."""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from threading import Lock

from app.errors import Issue, JournalUnavailable
from app.feedback.kept import FiledFeedback, Given, feedback_record
from app.feedback.lookup import OverrideLookup
from app.journal.database import Database, DatabaseAway
from app.journal.documents import Entry
from app.journal.gathering import Gathering
from app.journal.identity import card_of
from app.journal.keys import read_keys
from app.journal.record import Call, Filed, Recorder
from app.journal.store import Store
from app.journal.ticket import Ticket, Unmade
from app.journal.writer import Writer
from app.settings import Settings

Waiting = tuple[Filed | FiledFeedback | None, "asyncio.Future[bool]"]  # what to record (or only asked), and who waits
MOST_WAITING = 2_000  # calls; more means that the disk does not keep up

log = logging.getLogger(__name__)


def prepare(settings: Settings) -> str | None:
    """Make the key and bring the tables up to date, once, before the processes start that will write.

    The reason if the database is away: they start all the same, and spool. Raises SettingsFault as `Journal.open` does.
    """
    read_keys(settings)
    database = Database(settings)
    try:
        database.connect()
    except DatabaseAway as error:
        return str(error)
    database.close()
    return None


class Journal:
    """One process's journal. It opens by itself when it is first used, and is closed once."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._settings, self._clock = settings, clock
        self._opening = Lock()
        self._store: Store | None = None
        self._recorder: Recorder | None = None
        self._writer: Writer | None = None
        self._gathering: Gathering[Waiting] | None = None
        self._gathered_for: tuple[asyncio.AbstractEventLoop, Writer] | None = None
        self._waiting = 0
        self.overrides = OverrideLookup(settings)

    def open(self) -> None:
        """Read the keys, bring the tables up to date, and begin. A database that is away is no reason not to.

        Raises SettingsFault where the keys cannot be used, or a newer Wane wrote this journal.
        """
        with self._opening:
            if self._writer is not None:
                return
            settings = self._settings
            key = read_keys(settings).current
            self._store = Store(lambda: Database(settings), settings.spool_folder, self._clock)
            self._recorder = Recorder(key)
            writer = Writer(self._store)
            writer.start()
            self._writer = writer

    def close(self) -> None:
        """Store what is waiting, and end."""
        self.overrides.close()
        with self._opening:
            writer, self._writer, self._gathering, self._gathered_for = self._writer, None, None, None
            if writer is not None:
                writer.stop()

    async def record(self, call: Call) -> tuple[str, ...]:
        """Return when the call is durably recorded, in the database or in the spool: the uuids that its cards leave with.

        The record is made soon, together with others; from then on nothing else of the call is held. Raises JournalUnavailable
        (503) where it can be in neither, and at once where too many wait for that already.
        """
        writer = self._opened()
        self._refuse_more()
        identity, cards = writer.identities.next(), len(call.cards)
        stored = self._told(Filed(identity, self._clock(), call), writer)
        del call
        if not await stored:
            raise _unavailable("the answer could not be recorded, and what is not recorded is not answered")
        return tuple([card_of(identity, place) for place in range(1, cards + 1)])

    async def keep(self, given: Given) -> None:
        """Return when this feedback is durably recorded, in the database or in the spool.

        Raises JournalUnavailable (503) as `record` does.
        """
        writer = self._opened()
        self._refuse_more()
        if not await self._told(FiledFeedback(self._clock(), given), writer):
            raise _unavailable("the feedback could not be recorded")

    def _refuse_more(self) -> None:
        if self._waiting >= MOST_WAITING:
            raise _unavailable("too many calls wait to be recorded")

    async def ready(self) -> str | None:
        """None if the database takes records now; else why it does not."""
        if await self._told(None, self._opened()):
            return None
        return (self._store.away if self._store else None) or "the database was away a moment ago"

    async def _told(self, filed: Filed | FiledFeedback | None, writer: Writer) -> bool:
        loop = asyncio.get_running_loop()
        if self._gathering is None or self._gathered_for != (loop, writer):
            self._gathering = Gathering(loop, partial(self._hand_over, loop, writer))
            self._gathered_for = (loop, writer)
        stored: asyncio.Future[bool] = loop.create_future()
        self._gathering.add((filed, stored))
        del filed
        self._waiting += 1
        try:
            return await stored
        finally:
            self._waiting -= 1

    def _hand_over(self, loop: asyncio.AbstractEventLoop, writer: Writer, waiting: list[Waiting]) -> None:
        """To the writer whose ids they have: once closed it refuses them, and a new one would count them as its own."""
        writer.put([Ticket(filed and self._made(filed), loop, stored) for filed, stored in waiting])

    def _made(self, filed: Filed | FiledFeedback) -> Entry | Unmade:
        assert self._recorder is not None  # noqa: S101 - open
        try:
            if isinstance(filed, FiledFeedback):
                return feedback_record(filed, self._recorder.key)
            return self._recorder.record(filed)
        except Exception as error:  # noqa: BLE001 - the one call is refused, the others are not
            log.error("journal: a call could not be put down", extra={"error": type(error).__name__})
            return Unmade(filed.id if isinstance(filed, Filed) else None)

    def _opened(self) -> Writer:
        if self._writer is None:
            self.open()
        assert self._writer is not None  # noqa: S101 - open
        return self._writer


def _unavailable(why: str) -> JournalUnavailable:
    return JournalUnavailable(Issue("transient", f"{why[0].upper()}{why[1:]}. Send the call again in a few seconds."))
