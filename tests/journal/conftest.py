import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import text

from app.journal.database import engine_for
from app.journal.record import Call, KeptSubject
from app.settings import Settings
from tests.journal.postgres import PostgresServer
from tests.journal.running import RunningWane
from tests.service import Service, service_on

Rows = Callable[[Settings, str], list[Any]]
DAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
CALL = Path(__file__).parents[1] / "conversations" / "a-02-reason-is-alcohol-dependence.json"


def told(settings: Settings) -> dict[str, str]:
    """These settings as the environment of a process."""
    database = {"WANE_DATABASE_URL": settings.database_url} if settings.database_url else {}
    return {"WANE_JOURNAL": str(settings.journal), **database}


def subjects(found: list[Any]) -> list[KeptSubject]:
    """What was judged in these calls, from their column `subjects`: text on SQLite, and read already on PostgreSQL."""
    columns = [json.loads(row[0]) if isinstance(row[0], str) else row[0] for row in found]
    return [KeptSubject(*values) for column in columns for values in column]


@pytest.fixture
def body() -> Any:
    """A call that gets a card, and that conditions of the patient bear on."""
    return json.loads(CALL.read_text(encoding="utf-8"))["request"]["body"]


@pytest.fixture
def a_call(body: Any) -> Call:
    """An answered call on which nothing was judged."""
    hook, patient_id = body["hook"], body["context"]["patientId"]
    return Call(hook, body["hookInstance"], patient_id, None, "open", "nl", "2026.11.1", 200, 1500)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A server that may be stopped and started."""
    server = PostgresServer()
    yield server
    server.remove()


@contextmanager
def _database_on(server: str) -> Iterator[str]:
    name = f"wane_{uuid4().hex}"
    _tell(server, f"CREATE DATABASE {name}")
    yield f"{server}/{name}"
    _tell(server, f"DROP DATABASE {name} WITH (FORCE)")


def _tell(server: str, order: str) -> None:
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(order.encode())


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Settings:
    return Settings(journal=tmp_path / "journal.sqlite")


@pytest.fixture
def on_postgres(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Settings]:
    """On the server of WANE_TEST_DATABASE_URL (without a database in it), or on one of this run's own."""
    server = os.environ.get("WANE_TEST_DATABASE_URL") or request.getfixturevalue("postgres_server").url
    with _database_on(server.rstrip("/")) as url:
        yield Settings(journal=tmp_path / "journal.sqlite", database_url=url)


@pytest.fixture
def on_server(tmp_path: Path, postgres_server: PostgresServer) -> Iterator[Settings]:
    """On the server that may be stopped and started."""
    with _database_on(postgres_server.url) as url:
        yield Settings(journal=tmp_path / "journal.sqlite", database_url=url)


@pytest.fixture(params=["sqlite", "postgres"])
def settings(request: pytest.FixtureRequest) -> Settings:
    """An empty journal, on each kind of database."""
    found = request.getfixturevalue(f"on_{request.param}")
    assert isinstance(found, Settings)
    return found


@pytest.fixture
def away(tmp_path: Path) -> Settings:
    """A database nobody will ever answer for."""
    return replace(Settings(journal=tmp_path / "journal.sqlite"), database_url="postgresql://wane@127.0.0.1:1/wane")


@pytest.fixture
def rows() -> Rows:
    """Asks the database of a journal."""

    def ask(settings: Settings, query: str) -> list[Any]:
        engine = engine_for(settings, reads=True)
        with engine.connect() as connection:
            return list(connection.execute(text(query)))

    return ask


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., RunningWane]]:
    """Starts Wane on a journal; whatever still runs at the end is stopped."""
    started: list[RunningWane] = []

    def run(settings: Settings, *, before: tuple[str, ...] = (), workers: int = 1) -> RunningWane:
        started.append(RunningWane(told(settings), tmp_path / "wane.log", before=before, workers=workers))
        return started[-1]

    yield run
    for wane in started:
        wane.stop()


@pytest.fixture
def wane(settings: Settings) -> Iterator[Service]:
    """Wane in this process."""
    with service_on(DAY, settings) as service:
        yield service
