"""The tables brought up to date, once, however many processes and hosts start at the same time."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from app.journal.files import private_folder
from app.journal.tables import REVISION
from app.settings import Settings, SettingsFault

_LOCK = 0x57414E45  # "WANE": the advisory lock every host takes
FOLDER = Path(__file__).parent / "migrations"


def ensure(settings: Settings, engine: Engine) -> None:
    """Bring the tables up to date if they are not.

    Raises SettingsFault where a newer Wane wrote this journal, and whatever the database raises if it is away.
    """
    if settings.journal.exists() or settings.database_url:
        with engine.connect() as connection:
            if _revision(connection) == REVISION:
                return
    with _one_at_a_time(settings), engine.begin() as connection:
        if settings.database_url:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        if _revision(connection) != REVISION:
            _upgrade(connection)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - a tenth of a second that a service with its tables in place is spared
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise SettingsFault(
            f"The journal is at revision {_revision(connection)}, which this Wane does not know: a newer one wrote it, or "
            "one from before the first release. Start that one, or point WANE_JOURNAL or WANE_DATABASE_URL elsewhere."
        ) from error


@contextmanager
def _one_at_a_time(settings: Settings) -> Iterator[None]:
    """On this host one process at a time; hosts that share a PostgreSQL are kept apart by its advisory lock."""
    path = settings.journal.with_suffix(".lock")
    private_folder(path.parent)
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
