"""What is answered survives: the process killed, the disk full, the database away."""

import os
import resource
import shutil
import signal
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.journal.database import Database, DatabaseAway
from app.journal.identity import writer_of
from app.settings import Settings
from tests.journal.conftest import Rows
from tests.journal.postgres import PostgresServer
from tests.journal.running import Clients, RunningWane
from tests.journal.until import until

CYCLES = int(os.environ.get("WANE_FAULT_CYCLES", "3"))

Start = Callable[..., RunningWane]


def _is_recorded_once(answered: list[str], settings: Settings, rows: Rows) -> None:
    recorded = [row[0] for row in rows(settings, "SELECT hook_instance FROM call")]
    assert len(recorded) == len(set(recorded))
    assert set(answered) <= set(recorded)


def _writers(settings: Settings, rows: Rows) -> list[Any]:
    return rows(settings, "SELECT id FROM writer")


@pytest.mark.faults
def test_killing_the_process_under_load_loses_no_answered_call(
    settings: Settings, start: Start, rows: Rows, body: Any
) -> None:
    answered: list[str] = []
    for cycle in range(CYCLES):
        wane = start(settings)
        clients = Clients(wane, body)
        clients.until_answered(30 + 7 * cycle)
        wane.kill()
        clients.stop()
        answered += clients.answered

    wane = start(settings)
    until(wane.is_ready, "Wane is ready")
    _is_recorded_once(answered, settings, rows)


@pytest.mark.faults
def test_workers_share_the_journal_and_one_that_is_killed_loses_no_answered_call(
    settings: Settings, start: Start, rows: Rows, body: Any
) -> None:
    wane = start(settings, workers=2)
    until(lambda: len(_writers(settings, rows)) == 2, "two workers write")
    clients = Clients(wane, body)
    clients.until_answered(40)
    os.kill(wane.workers()[0], signal.SIGKILL)
    clients.stop()
    others = Clients(wane, body)
    others.until_answered(40)
    others.stop()
    wane.stop()
    _is_recorded_once(clients.answered + others.answered, settings, rows)
    assert len({writer_of(row[0]) for row in rows(settings, "SELECT id FROM call")}) >= 2


@pytest.mark.faults
def test_stopping_the_process_under_load_answers_and_records_what_had_begun(
    settings: Settings, start: Start, rows: Rows, body: Any
) -> None:
    wane = start(settings)
    clients = Clients(wane, body)
    clients.until_answered(30)
    wane.stop()
    clients.stop()
    _is_recorded_once(clients.answered, settings, rows)


@pytest.mark.faults
def test_while_the_database_is_away_calls_are_answered_and_recorded_when_it_is_back(
    on_server: Settings, postgres_server: PostgresServer, start: Start, rows: Rows, body: Any
) -> None:
    wane = start(on_server)
    clients = Clients(wane, body)
    clients.until_answered(20)
    postgres_server.stop()
    try:
        clients.until_answered(40)
        assert wane.get("/health/ready") == 503
        assert list(on_server.spool_folder.glob("*.spool"))
    finally:
        postgres_server.start()
    until(wane.is_ready, "Wane is ready again")
    clients.until_answered(20)
    clients.stop()
    assert clients.refused == []
    _is_recorded_once(clients.answered, on_server, rows)
    assert not list(on_server.spool_folder.glob("*.spool"))


@pytest.mark.faults
def test_a_database_that_hangs_is_away(
    on_server: Settings, postgres_server: PostgresServer, start: Start, rows: Rows, body: Any
) -> None:
    wane = start(on_server)
    clients = Clients(wane, body)
    clients.until_answered(20)
    postgres_server.pause()
    try:
        clients.until_answered(40)
    finally:
        postgres_server.resume()
    until(wane.is_ready, "Wane is ready again")
    clients.stop()
    assert clients.refused == []
    _is_recorded_once(clients.answered, on_server, rows)


@pytest.mark.faults
def test_killed_while_the_database_is_away_the_next_process_brings_what_was_spooled(
    on_server: Settings, postgres_server: PostgresServer, start: Start, rows: Rows, body: Any
) -> None:
    wane = start(on_server)
    postgres_server.stop()
    try:
        clients = Clients(wane, body)
        clients.until_answered(40)
        wane.kill()
        clients.stop()
    finally:
        postgres_server.start()
    wane = start(on_server)
    until(wane.is_ready, "Wane is ready")
    _is_recorded_once(clients.answered, on_server, rows)


@pytest.mark.faults
def test_started_while_the_database_is_away_it_answers_and_makes_the_tables_later(
    on_server: Settings, postgres_server: PostgresServer, start: Start, rows: Rows, body: Any
) -> None:
    postgres_server.stop()
    try:
        wane = start(on_server)
        clients = Clients(wane, body)
        clients.until_answered(20)
    finally:
        postgres_server.start()
    until(wane.is_ready, "Wane is ready")
    clients.stop()
    _is_recorded_once(clients.answered, on_server, rows)


@pytest.mark.faults
def test_on_a_full_disk_calls_are_refused_and_recorded_again_when_there_is_room(
    on_sqlite: Settings, start: Start, rows: Rows, body: Any
) -> None:
    wane = start(on_sqlite)
    assert wane.post(body) == 200
    wal = on_sqlite.journal.with_name(on_sqlite.journal.name + "-wal")
    unlimited = resource.prlimit(wane.process.pid, resource.RLIMIT_FSIZE)
    clients = Clients(wane, body)
    # No file of this process may grow past this: first the log of the database is full, then the spool.
    resource.prlimit(wane.process.pid, resource.RLIMIT_FSIZE, (wal.stat().st_size, unlimited[1]))
    until(lambda: 503 in clients.refused, "a call is refused")
    assert wane.get("/health/ready") == 503
    resource.prlimit(wane.process.pid, resource.RLIMIT_FSIZE, unlimited)
    until(wane.is_ready, "Wane is ready again")
    clients.until_answered(10)
    clients.stop()
    assert set(clients.refused) == {503}
    _is_recorded_once(clients.answered, on_sqlite, rows)


@pytest.mark.faults
def test_a_journal_that_is_taken_away_is_made_anew(on_sqlite: Settings, start: Start, rows: Rows, body: Any) -> None:
    wane = start(on_sqlite)
    assert wane.post(body) == 200
    aside = on_sqlite.journal.with_name("aside")
    aside.mkdir()
    for path in on_sqlite.journal.parent.glob("journal.sqlite*"):
        path.rename(aside / path.name)
    clients = Clients(wane, body)
    clients.until_answered(20)
    until(wane.is_ready, "Wane is ready again")
    clients.stop()
    assert clients.refused == []
    _is_recorded_once(clients.answered, on_sqlite, rows)


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed (apt install strace)")
def test_a_sync_precedes_the_answer(on_sqlite: Settings, start: Start, body: Any, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    calls = "trace=fsync,fdatasync,recvfrom,recvmsg,read,sendto,sendmsg,write,writev"
    wane = start(on_sqlite, before=("strace", "-D", "-f", "-y", "-s", "40", "-o", str(trace), "-e", calls))
    assert wane.post(body) == 200
    wane.stop()

    lines = trace.read_text(errors="replace").splitlines()
    asked = next(n for n, line in enumerate(lines) if "POST /cds-services" in line)
    answer = next(n for n, line in enumerate(lines) if n > asked and "HTTP/1.1 200" in line)
    synced = [line for line in lines[asked:answer] if "sync(" in line and "journal.sqlite-wal" in line]
    assert synced, "\n".join(lines[asked : answer + 1])


def test_a_file_that_another_process_holds_is_a_database_that_is_away(
    on_sqlite: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a transaction begins it is the driver itself that says so."""
    monkeypatch.setattr("app.journal.database.BUSY_MS", 10)
    database = Database(on_sqlite)
    database.connect()
    with sqlite3.connect(on_sqlite.journal, isolation_level=None) as held:
        held.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseAway):
            database.see({"id": "a", "seen": 1, "last": 1})
