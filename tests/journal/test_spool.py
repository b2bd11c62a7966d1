"""The file that keeps records while the database is away."""

import os
import shutil
import struct
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from zlib import crc32

import psycopg
import pytest

from app.journal.database import Database, engine_for
from app.journal.identity import number_of
from app.journal.journal import prepare
from app.journal.keys import read_keys
from app.journal.record import Call, Filed, Recorder
from app.journal.spool import abandoned_spools, look, new_spool
from app.journal.store import NotStored, Store
from app.journal.tables import REVISION
from app.journal.verify import verify
from app.settings import Settings
from tests.journal.conftest import DAY, NOW, Rows, subjects
from tests.journal.until import until
from tests.service import service_on


@pytest.fixture
def spooled(away: Settings, body: Any) -> Callable[[int], Path]:
    """Answers calls while the database is away; the file they are in."""

    def answer(calls: int) -> Path:
        with service_on(DAY, away) as wane:
            for _ in range(calls):
                assert wane.post("/cds-services/order-select", body).status == 200
        [path] = away.spool_folder.glob("*.spool")
        return path

    return answer


@pytest.fixture
def back(away: Settings) -> Settings:
    """The same journal, its database SQLite: it is there."""
    return replace(away, database_url=None)


def _start_and_stop(settings: Settings) -> None:
    with service_on(DAY, settings) as wane:
        assert wane.call("GET", "/health/ready").status == 200


def test_what_was_spooled_is_replayed_in_order_by_whoever_starts_next(
    spooled: Callable[[int], Path], back: Settings, rows: Rows
) -> None:
    path = spooled(5)
    _start_and_stop(back)
    assert [number_of(row[0]) for row in rows(back, "SELECT id FROM call ORDER BY time, id")] == [1, 2, 3, 4, 5]
    assert len(subjects(rows(back, "SELECT subjects FROM call"))) == 5
    assert not path.exists()


def test_a_tail_torn_by_a_crash_is_skipped_and_reported(
    spooled: Callable[[int], Path], back: Settings, rows: Rows, caplog: pytest.LogCaptureFixture
) -> None:
    path = spooled(3)
    os.truncate(path, path.stat().st_size - 7)
    _start_and_stop(back)
    assert [number_of(row[0]) for row in rows(back, "SELECT id FROM call ORDER BY id")] == [1, 2]
    assert "not whole" in caplog.text
    assert path.with_suffix(".torn").exists()


def test_a_record_damaged_in_the_middle_costs_only_itself(
    spooled: Callable[[int], Path], back: Settings, rows: Rows
) -> None:
    path = spooled(3)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    _start_and_stop(back)
    assert [number_of(row[0]) for row in rows(back, "SELECT id FROM call ORDER BY id")] == [1, 3]


def test_a_spool_file_replayed_twice_is_stored_once(spooled: Callable[[int], Path], back: Settings, rows: Rows) -> None:
    path = spooled(3)
    content = path.read_bytes()
    _start_and_stop(back)
    path.write_bytes(content)
    _start_and_stop(back)
    assert rows(back, "SELECT count(*) FROM call") == [(3,)]
    assert len(subjects(rows(back, "SELECT subjects FROM call"))) == 3


def test_a_file_belongs_to_its_process_for_as_long_as_it_lives(tmp_path: Path) -> None:
    own = new_spool(tmp_path)
    own.append([b"one"])
    assert list(abandoned_spools(tmp_path)) == []
    own.release()
    [found] = abandoned_spools(tmp_path)
    assert found.unreplayed(10).documents == (b"one",)
    found.finish()
    assert look(tmp_path) == []


def test_a_failed_append_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spool = new_spool(tmp_path)
    spool.append([b"one"])
    with monkeypatch.context() as patched:
        patched.setattr(os, "fdatasync", _no_space)
        with pytest.raises(OSError, match="space"):
            spool.append([b"two"])
    spool.append([b"three"])
    assert spool.unreplayed(10).documents == (b"one", b"three")
    spool.finish()


def test_a_number_whose_call_got_503_is_no_gap(
    on_sqlite: Settings, a_call: Call, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = Recorder(read_keys(on_sqlite).current)
    store = Store(lambda: Database(on_sqlite), on_sqlite.spool_folder, lambda: NOW)
    records = [recorder.record(Filed(store.identities.next(), NOW, a_call)) for _ in range(3)]
    with monkeypatch.context() as patched:
        patched.setattr(os, "fdatasync", _no_space)
        for record in records[:2]:
            with pytest.raises(NotStored):
                store.save([record])
    store.reach()
    store.replay()
    store.save(records[2:])
    store.close()
    assert rows(on_sqlite, "SELECT first, last FROM forgotten ORDER BY first") == [(1, 1), (2, 2)]
    assert [number_of(row[0]) for row in rows(on_sqlite, "SELECT id FROM call")] == [3]


def _no_space(_: int) -> None:
    raise OSError(28, "No space left on device")


def test_a_number_whose_call_got_503_is_no_gap_where_no_call_comes_after_it(
    on_sqlite: Settings, a_call: Call, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = Recorder(read_keys(on_sqlite).current)
    store = Store(lambda: Database(on_sqlite), on_sqlite.spool_folder, lambda: NOW)
    with monkeypatch.context() as patched:
        patched.setattr(os, "fdatasync", _no_space)
        with pytest.raises(NotStored):
            store.save([recorder.record(Filed(store.identities.next(), NOW, a_call))])
    store.reach()
    store.replay()
    store.close()
    assert rows(on_sqlite, "SELECT last FROM writer") == [(1,)]
    assert rows(on_sqlite, "SELECT first, last FROM forgotten") == [(1, 1)]


@pytest.fixture
def store(on_sqlite: Settings) -> Store:
    """One whose database was not reached yet."""
    return Store(lambda: Database(on_sqlite), on_sqlite.spool_folder, lambda: NOW)


@pytest.fixture
def save(store: Store, on_sqlite: Settings, a_call: Call) -> Callable[[], None]:
    """Stores one record more."""
    recorder = Recorder(read_keys(on_sqlite).current)
    return lambda: store.save([recorder.record(Filed(store.identities.next(), NOW, a_call))])


def _replay(store: Store) -> None:
    store.reach()
    while store.away:
        store.replay()


def test_a_spool_that_is_taken_away_is_begun_anew_and_nothing_in_hand_is_lost(
    store: Store, save: Callable[[], None], on_sqlite: Settings, rows: Rows
) -> None:
    save()
    shutil.rmtree(on_sqlite.spool_folder)
    save()
    assert [len(file.documents) for file in look(on_sqlite.spool_folder)] == [1]
    _replay(store)
    save()
    store.close()
    assert [number_of(row[0]) for row in rows(on_sqlite, "SELECT id FROM call ORDER BY id")] == [1, 2, 3]
    assert look(on_sqlite.spool_folder) == []


def test_after_a_spool_file_that_cannot_be_replayed_another_is_begun(
    store: Store, save: Callable[[], None], on_sqlite: Settings, rows: Rows
) -> None:
    save()
    [path] = on_sqlite.spool_folder.iterdir()
    [document] = look(on_sqlite.spool_folder)[0].documents
    nothing = b"[]".ljust(len(document))
    path.write_bytes(b"WNJ1" + struct.pack(">II", len(nothing), crc32(nothing)) + nothing)
    _replay(store)
    on_sqlite.journal.rename(on_sqlite.journal.with_name("aside"))
    save()
    assert [len(file.documents) for file in look(on_sqlite.spool_folder)] == [1, 0]
    _replay(store)
    store.close()
    assert [number_of(row[0]) for row in rows(on_sqlite, "SELECT id FROM call")] == [2]


def test_a_database_that_a_newer_wane_wrote_meanwhile_is_away_until_it_is_one_of_this_again(
    on_postgres: Settings, body: Any, rows: Rows
) -> None:
    drop = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> %s"
    with (
        service_on(DAY, on_postgres) as wane,
        psycopg.connect(on_postgres.database_url or "", autocommit=True) as operator,
    ):
        assert wane.post("/cds-services/order-select", body).status == 200
        operator.execute("UPDATE alembic_version SET version_num = '9999'")
        operator.execute(drop, [operator.info.backend_pid])
        until(lambda: b"a newer one wrote it" in wane.call("GET", "/health/ready").content, "it says why")
        assert wane.post("/cds-services/order-select", body).status == 200
        operator.execute("UPDATE alembic_version SET version_num = %s", [REVISION])
        until(lambda: wane.call("GET", "/health/ready").status == 200, "it is ready again")
    assert len(rows(on_postgres, "SELECT id FROM call")) == 2


def test_numbers_whose_calls_got_503_are_no_gap_for_who_brings_what_was_spooled_after_a_crash(
    store: Store, save: Callable[[], None], on_sqlite: Settings, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    save()
    with monkeypatch.context() as patched:
        patched.setattr(os, "fdatasync", _no_space)
        for _ in range(2):
            with pytest.raises(NotStored):
                save()
    save()
    keys, spooled = read_keys(on_sqlite), look(on_sqlite.spool_folder)
    assert prepare(on_sqlite) is None
    with engine_for(on_sqlite, reads=True).connect() as connection:
        assert verify(connection, keys, spooled).faults == []
    store.close()  # as a crash would: the lock on the spool is gone, and the database heard of nothing
    _start_and_stop(on_sqlite)
    assert [number_of(row[0]) for row in rows(on_sqlite, "SELECT id FROM call ORDER BY id")] == [1, 4]
    with engine_for(on_sqlite, reads=True).connect() as connection:
        assert verify(connection, keys, look(on_sqlite.spool_folder)).faults == []
